use crate::identity::{Authenticated, Method};
use crate::session::{Error, Handle, Record, RecordOf, Rules, Secret, Session, Store};
use crate::time::UnixTime;

mod revoke;
mod steps;

/// Sessions in a [`Store`]: the calls of [`Sessions`](crate::session::Sessions), where one machine
/// is not enough.
///
/// Each call loads a record, lets it say what is to be written, and starts over if somebody was
/// faster: all that a caller of [`Record`] has to do, for a store that answers while one waits. There
/// is nothing else in here; a caller that awaits its database writes the same few lines with `await`.
///
/// A store that cannot be reached is [`Error::Unavailable`]: an outage, not a log-out. Answer 503,
/// and leave the client its cookie.
///
/// To end everyone's sessions, or all that were begun before a moment, and to forget the ended ones
/// is one statement in most databases, so it is not here: no handle is needed for it. A record that
/// is deleted by whatever means is gone.
///
/// ```
/// use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// use hardtack::session::{Error, Rules, Sessions, Stored};
/// use hardtack::time::UnixTime;
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let mut n = 0;
/// # let mut random = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), Error>(()) };
/// # let connection = Sessions::<u32, u8, 4>::new(Rules::AAL1);
///
/// // `connection` is a store: a database's, or `Sessions` in a test.
/// let mut sessions = Stored::new(connection, Rules::AAL1);
/// let visitor = sessions.open(7, &mut random, now)?;
/// let ada = Authenticated::vouch(1, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// let secret = sessions.login(Some(&visitor), ada, &mut random, now)?;
///
/// let found = sessions.touch(&secret, now)?;
/// let session = found.session();
/// assert_eq!(session.identity().map(|ada| *ada.principal()), Ok(&1));
/// assert_eq!(session.data(), &7);
/// assert_eq!(sessions.touch(&visitor, now).err(), Some(Error::Gone));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Stored<S> {
    store: S,
    rules: Rules,
}

/// A session that was found alive in a store.
#[derive(Clone, Debug)]
pub struct Found<U, D> {
    record: Record<U, D>,
    presented: Handle,
    rules: Rules,
    now: UnixTime,
}

impl<U, D> Found<U, D> {
    /// What a request may know of it.
    #[must_use]
    pub fn session(&self) -> Session<'_, U, D> {
        let current = self.record.handle == self.presented;
        Session::new(&self.record, &self.rules, current, self.now)
    }
}

/// How often a call starts over before it gives up. Each time it does, another call has succeeded.
const ATTEMPTS: usize = 64;

impl<S: Store> Stored<S> {
    /// Sessions in `store`, by these rules.
    #[must_use]
    pub const fn new(store: S, rules: Rules) -> Self {
        Self { store, rules }
    }

    /// The rules.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The store.
    #[must_use]
    pub const fn store(&mut self) -> &mut S {
        &mut self.store
    }

    /// Looks at a session. That is no use of it: the idle timeout goes on.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if there is none of this secret, or it has ended; [`Error::Unavailable`].
    pub fn check(
        &mut self,
        presented: &Secret,
        now: UnixTime,
    ) -> Result<Found<S::User, S::Data>, Error> {
        let presented = presented.handle();
        let record = self.load(&presented)?;
        record.check_handle(&presented, &self.rules, now)?;
        Ok(self.found(record, presented, now))
    }

    /// Looks at a session and counts as a use: the idle timeout starts again. It writes only if the
    /// last use that was recorded is [long enough](Rules::with_touch_after) ago.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn touch(
        &mut self,
        presented: &Secret,
        now: UnixTime,
    ) -> Result<Found<S::User, S::Data>, Error> {
        let presented = presented.handle();
        let touch = |record: &mut RecordOf<S>, rules: &Rules| {
            record.touch_handle(&presented, rules, now).map(|_| ())
        };
        let ((), record) = self.replace(&presented, touch, now)?;
        Ok(self.found(record, presented, now))
    }

    /// Changes a session's data. That is no use of it. `change` is called again, on what is then
    /// stored, where somebody else was faster.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn update<R>(
        &mut self,
        presented: &Secret,
        mut change: impl FnMut(&mut S::Data) -> R,
        now: UnixTime,
    ) -> Result<R, Error> {
        let presented = presented.handle();
        let update = |record: &mut RecordOf<S>, rules: &Rules| {
            record.update_handle(&presented, rules, &mut change, now)
        };
        Ok(self.replace(&presented, update, now)?.0)
    }

    /// Opens a session for an anonymous client.
    ///
    /// # Errors
    ///
    /// [`Error::NoEntropy`] if `fill` fails, or gives what it has given before;
    /// [`Error::Unavailable`].
    pub fn open<E>(
        &mut self,
        data: S::Data,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error> {
        let (secret, record) = Record::open(data, fill, now)?;
        self.insert(&record, now)?;
        Ok(secret)
    }

    /// Gives a session a new secret, of which the old one is accepted for the overlap of the
    /// [rules](Rules::with_rotation). Its data and its timeouts stay.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Superseded`] if `presented` was replaced a moment ago:
    /// answer the request, set no cookie; [`Error::NoEntropy`] if `fill` fails.
    pub fn rotate<E>(
        &mut self,
        presented: &Secret,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error> {
        let presented = presented.handle();
        let secret = Secret::generate(fill)?;
        let fresh = secret.handle();
        let rotate = |record: &mut RecordOf<S>, rules: &Rules| {
            record.rotate_handle(&presented, fresh, rules, now)
        };
        self.replace(&presented, rotate, now)?;
        Ok(secret)
    }

    /// Logs a user in, and ends the session that the client came with, if it has one; as
    /// [`Sessions::login`](crate::session::Sessions::login) does.
    ///
    /// The limit per user is counted, and kept by ending the oldest, before the new session is
    /// written. So of two logins at the same moment, on two machines, both may find room for one; the
    /// next login finds one too many and ends as many as it takes. Under
    /// [`Refuse`](crate::session::PerUser::Refuse) the one too many stays until it ends. And a store
    /// that fails on the way may have ended the oldest and not written the new one.
    ///
    /// # Errors
    ///
    /// [`Error::UserLimit`] if the user has as many sessions as the rules allow;
    /// [`Error::NoEntropy`] if `fill` fails, or gives what it has given before;
    /// [`Error::Unavailable`].
    pub fn login<E>(
        &mut self,
        presented: Option<&Secret>,
        user: Authenticated<S::User>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error>
    where
        S::User: Clone + PartialEq,
        S::Data: Default,
    {
        let secret = Secret::generate(fill)?;
        let fresh = secret.handle();
        let presented = presented.map(Secret::handle);
        let old = match &presented {
            Some(presented) => self.live(presented, now)?.map(|record| record.handle),
            None => None,
        };
        self.end_the_oldest(user.principal(), old, now)?;
        if let Some(presented) = presented {
            let login = |record: &mut RecordOf<S>, rules: &Rules| {
                record.login_handle(&presented, fresh, again(&user), rules, now)
            };
            match self.replace(&presented, login, now) {
                Err(Error::Gone) => {}
                done => return done.map(|_| secret),
            }
        }
        let record = Record::new_for(fresh, user, S::Data::default(), now);
        self.insert(&record, now)?;
        Ok(secret)
    }

    /// Records that the session's user has authenticated again, more strongly perhaps (step-up):
    /// a new secret, both timeouts anew, the data as it was. The old secret ends at once.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Anonymous`] if nobody is logged in;
    /// [`Error::OtherUser`] if somebody else is; [`Error::NoEntropy`] if `fill` fails.
    pub fn reauthenticate<E>(
        &mut self,
        presented: &Secret,
        user: Authenticated<S::User>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error>
    where
        S::User: Clone + PartialEq,
    {
        let presented = presented.handle();
        let secret = Secret::generate(fill)?;
        let fresh = secret.handle();
        let reauthenticate = |record: &mut RecordOf<S>, rules: &Rules| {
            record.reauthenticate_handle(&presented, fresh, again(&user), rules, now)
        };
        self.replace(&presented, reauthenticate, now)?;
        Ok(secret)
    }

    /// Ends a session: log-out.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn end(&mut self, presented: &Secret, now: UnixTime) -> Result<(), Error> {
        let presented = presented.handle();
        for _ in 0..ATTEMPTS {
            let record = self.load(&presented)?;
            record.check_handle(&presented, &self.rules, now)?;
            if self.apply(&record.removal())? {
                return Ok(());
            }
        }
        Err(Error::Unavailable)
    }
}

/// The same identity once more, for a call that has to start over.
fn again<U: Clone>(user: &Authenticated<U>) -> Authenticated<U> {
    Authenticated::established(
        user.principal().clone(),
        user.evidence(),
        user.authenticated_at(),
        Method::Session,
    )
}
