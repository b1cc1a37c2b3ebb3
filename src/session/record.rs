use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::identity::{Authenticated, Evidence};
use crate::session::form::evidence_form;
use crate::session::{Change, Error, Handle, Rules, Secret, Session, Stamp};
use crate::time::UnixTime;

/// One session as data: what a table in memory holds, and what a row of a database holds.
///
/// Its functions are pure. They check what was presented, change this copy of the record, and
/// answer the [`Change`] that a store has to make; they never make it. Whether the caller waits
/// for the store or awaits it is the caller's affair. Either way:
///
/// 1. Load the record by the presented secret's [`handle`](Secret::handle). Nothing there: the
///    session is gone.
/// 2. Call the function. An error leaves the record as it was, and nothing is to be written.
/// 3. Make the change, as one atomic step, only if what is stored has still the handle and version
///    of the [`Stamp`]. If it has not, somebody was faster: start over at 1.
/// 4. A store that cannot be reached is an outage, not the end of a session: answer 503, and do
///    not remove the cookie.
///
/// Because a change names what it replaces, two requests cannot both take one session to two
/// successors, and a request that was slow cannot bring back a session that has ended.
///
/// ```
/// use hardtack::session::{Change, Error, Record, Rules, Secret};
/// use hardtack::time::UnixTime;
/// # let mut n = 0;
/// # let random = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), Error>(()) };
///
/// let now = UnixTime::from_secs(1_700_000_000);
/// let rules = Rules::AAL1;
/// let (secret, record) = Record::<u32, u8>::open(0, random, now)?;
/// let Change::Insert { record, keep } = record.insertion(&rules, now) else { panic!() };
/// // INSERT INTO sessions … and, where rows expire by themselves, after `keep`.
///
/// // A minute later, a request: SELECT … WHERE handle = …
/// let later = UnixTime::from_secs(1_700_000_060);
/// let mut loaded = record.clone();
/// if let Some(Change::Replace { was, record, keep }) = loaded.touch(&secret, &rules, later)? {
///     // UPDATE … WHERE handle = was.handle AND version = was.version
///     assert_eq!(was.version + 1, record.version());
/// }
/// assert_eq!(loaded.check(&secret, &rules, later)?.data(), &0);
/// # Ok::<(), Error>(())
/// ```
///
/// It is stored by way of serde, or as [bytes](Self::core) of fixed size beside its user and data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record<U, D> {
    pub(super) handle: Handle,
    pub(super) former: Option<Former>,
    pub(super) version: u64,
    /// When it was opened, or its user authenticated: from here the absolute timeout counts.
    pub(super) begun: UnixTime,
    /// The last use that was recorded, from which the idle timeout counts.
    pub(super) used: UnixTime,
    /// When the secret was made.
    pub(super) renewed: UnixTime,
    pub(super) login: Option<Login<U>>,
    pub(super) data: D,
}

/// The secret before the last rotation, still accepted for requests that are under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Former {
    pub(super) handle: Handle,
    pub(super) until: UnixTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login<U> {
    pub(super) user: U,
    #[serde(with = "evidence_form")]
    pub(super) evidence: Evidence,
}

impl<U, D> Record<U, D> {
    /// A session for an anonymous client.
    ///
    /// # Errors
    ///
    /// [`Error::NoEntropy`] if `fill` fails, or fills in nothing but zeros.
    pub fn open<E>(
        data: D,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<(Secret, Self), Error> {
        let secret = Secret::generate(fill)?;
        let record = Self::new(secret.handle(), None, data, now, now);
        Ok((secret, record))
    }

    /// A session for a user who logs in and has come without one.
    ///
    /// A client that has one is logged in by [`login`](Self::login), which ends it. A user who was
    /// established longer ago than the rules allow gets a session that has ended already.
    ///
    /// # Errors
    ///
    /// [`Error::NoEntropy`] if `fill` fails, or fills in nothing but zeros.
    pub fn open_for<E>(
        user: Authenticated<U>,
        data: D,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<(Secret, Self), Error> {
        let secret = Secret::generate(fill)?;
        let record = Self::new_for(secret.handle(), user, data, now);
        Ok((secret, record))
    }

    /// The change that adds this record to a store.
    pub fn insertion(&self, rules: &Rules, now: UnixTime) -> Change<'_, U, D> {
        Change::Insert {
            record: self,
            keep: self.keep(rules, now),
        }
    }

    /// Looks at the session. That is no use of it: the idle timeout goes on.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if one of the timeouts has passed, or `presented` is not its secret.
    pub fn check(
        &self,
        presented: &Secret,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<Session<'_, U, D>, Error> {
        self.check_handle(&presented.handle(), rules, now)
    }

    /// What there is to see without a secret: for the list of a user's sessions.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if one of the timeouts has passed.
    pub fn view(&self, rules: &Rules, now: UnixTime) -> Result<Session<'_, U, D>, Error> {
        let now = self.alive(rules, now)?;
        Ok(Session::new(self, rules, true, now))
    }

    /// Counts as a use: the idle timeout starts again, the absolute one does not. There is a
    /// change to make only if the last use that was recorded is
    /// [long enough](Rules::with_touch_after) ago.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn touch(
        &mut self,
        presented: &Secret,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<Option<Change<'_, U, D>>, Error> {
        let was = self.stamp();
        if self.touch_handle(&presented.handle(), rules, now)? {
            Ok(Some(self.replacing(was, rules, now)))
        } else {
            Ok(None)
        }
    }

    /// Changes the data. That is no use of the session: see [`touch`](Self::touch).
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); `change` is not called then.
    pub fn update(
        &mut self,
        presented: &Secret,
        rules: &Rules,
        change: impl FnOnce(&mut D),
        now: UnixTime,
    ) -> Result<Change<'_, U, D>, Error> {
        let was = self.stamp();
        self.update_handle(&presented.handle(), rules, change, now)?;
        Ok(self.replacing(was, rules, now))
    }

    /// Gives the session a new secret. Everything else stays, the timeouts too; the old secret is
    /// accepted for the [overlap](Rules::with_rotation) of the rules.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Superseded`] if `presented` is the old secret of an
    /// overlap, whose successor another response carries: answer the request, set no cookie;
    /// [`Error::NoEntropy`] if `fill` fails.
    pub fn rotate<E>(
        &mut self,
        presented: &Secret,
        rules: &Rules,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<(Secret, Change<'_, U, D>), Error> {
        let was = self.stamp();
        self.check(presented, rules, now)?;
        let secret = Secret::generate(fill)?;
        self.rotate_handle(&presented.handle(), secret.handle(), rules, now)?;
        Ok((secret, self.replacing(was, rules, now)))
    }

    /// Logs a user in. The session that the client came with ends, at once; what takes its place
    /// has a new secret, both timeouts anew, and its data, unless that was another user's.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check): log in [without it](Self::open_for) then;
    /// [`Error::NoEntropy`] if `fill` fails.
    pub fn login<E>(
        &mut self,
        presented: &Secret,
        user: Authenticated<U>,
        rules: &Rules,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<(Secret, Change<'_, U, D>), Error>
    where
        U: PartialEq,
        D: Default,
    {
        let was = self.stamp();
        self.check(presented, rules, now)?;
        let secret = Secret::generate(fill)?;
        self.login_handle(&presented.handle(), secret.handle(), user, rules, now)?;
        Ok((secret, self.replacing(was, rules, now)))
    }

    /// Records that the session's user has authenticated again, more strongly perhaps: a new
    /// secret, both timeouts anew, the data as it was. The old secret ends at once.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Anonymous`] if nobody is logged in;
    /// [`Error::OtherUser`] if somebody else is; [`Error::NoEntropy`] if `fill` fails.
    pub fn reauthenticate<E>(
        &mut self,
        presented: &Secret,
        user: Authenticated<U>,
        rules: &Rules,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<(Secret, Change<'_, U, D>), Error>
    where
        U: PartialEq,
    {
        let was = self.stamp();
        self.check(presented, rules, now)?;
        let secret = Secret::generate(fill)?;
        self.reauthenticate_handle(&presented.handle(), secret.handle(), user, rules, now)?;
        Ok((secret, self.replacing(was, rules, now)))
    }

    /// Ends the session: log-out.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn end(
        &self,
        presented: &Secret,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<Change<'_, U, D>, Error> {
        self.check(presented, rules, now)?;
        Ok(self.removal())
    }

    /// The change that removes this record, live or not: revocation.
    pub const fn removal(&self) -> Change<'_, U, D> {
        Change::Delete { was: self.stamp() }
    }

    /// Under what the session is stored.
    #[must_use]
    pub const fn handle(&self) -> Handle {
        self.handle
    }

    /// The handle before the last rotation. A store must find the record under it too, at least
    /// until the moment that stands here; from then on the record refuses it anyway.
    #[must_use]
    pub fn former(&self) -> Option<(Handle, UnixTime)> {
        self.former.map(|former| (former.handle, former.until))
    }

    /// A number that every change raises by one.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// What the next change is conditional on.
    #[must_use]
    pub const fn stamp(&self) -> Stamp {
        Stamp {
            handle: self.handle,
            version: self.version,
        }
    }

    /// Whose session it is, by the name alone: for an index by user. It proves nothing; see
    /// [`Session::identity`].
    #[must_use]
    pub fn user(&self) -> Option<&U> {
        self.login.as_ref().map(|login| &login.user)
    }

    /// The program's data: for a store. A request has it from [`check`](Self::check).
    #[must_use]
    pub const fn data(&self) -> &D {
        &self.data
    }

    /// The moment at which the session ends if it is not used again.
    #[must_use]
    pub fn ends_at(&self, rules: &Rules) -> UnixTime {
        rules.end(self.login.is_some(), self.begun, self.used)
    }

    pub(super) fn replacing(&self, was: Stamp, rules: &Rules, now: UnixTime) -> Change<'_, U, D> {
        Change::Replace {
            was,
            record: self,
            keep: self.keep(rules, now),
        }
    }

    fn keep(&self, rules: &Rules, now: UnixTime) -> Duration {
        self.ends_at(rules).saturating_since(now)
    }
}
