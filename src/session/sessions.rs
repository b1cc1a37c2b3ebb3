use core::fmt;
use core::hash::Hash;

use crate::identity::Authenticated;
use crate::session::{Error, Record, Rules, Secret, Session};
use crate::table::{Index, Keyed, Queue, Table};
use crate::time::UnixTime;

mod revoke;
mod upkeep;

/// Up to `N` sessions in memory, of users `U`, with data `D`.
///
/// A value of it can be a `static`, behind whatever lock the platform has; a large one should be,
/// since on its way through a stack it may not fit. To find a session takes as long among 65,536
/// as among 16. `U` is a small name, a number mostly; it need not be secret.
///
/// # Size
///
/// A value takes at most (`N` + 1) × (the sizes of `U` and `D` + 200) bytes. A `static` that the
/// compiler fills has the rules in it, so all of it lies in `.data`: on a microcontroller that is as
/// much flash as memory, and a copy at start. To save the flash, fill it at start, in a cell that has
/// no value before that and lies in `.bss` (a `StaticCell`, around
/// [`MaybeUninit`](core::mem::MaybeUninit)); an `Option` will not do. On its way into the cell the value
/// may take up to its size of stack, so make it first.
///
/// # When it is full
///
/// Room is made for whoever comes, in this order: by forgetting sessions that have ended; by
/// ending the anonymous session that was unused the longest, in *O*(1); for a login, and only if
/// the rule is [`EndOldest`](crate::session::PerUser::EndOldest), by ending that user's oldest
/// session. Otherwise [`Error::Full`]. So strangers cannot log anybody out, however many come,
/// nor can another user; and a login of a client that came with a session always has room.
///
/// To look for ended sessions costs *O*(`N`), but at most once a second of the clock.
///
/// # Time
///
/// No deadline moves when the clock steps back, and what has ended stays ended. A caller whose
/// clock reads up to a minute less than another's did before is served as at that time. Beyond
/// that the clock was set back: sessions that were used since the time it now shows are ended,
/// since nobody can say how long they have been idle, and so is every overlap of two secrets. A
/// clock that counts from the start of the machine will do.
///
/// # Security
///
/// A copy of all this memory lets nobody in: it holds no secret, only hashes. The example is that
/// of the [module](crate::session).
pub struct Sessions<U, D, const N: usize> {
    rules: Rules,
    table: Table<Record<U, D>, N>,
    /// By the handle before the last rotation.
    former: Index<N>,
    /// By user.
    users: Index<N>,
    /// The anonymous ones, the longest unused first.
    anonymous: Queue<N>,
    /// The latest that the clock has shown.
    latest: UnixTime,
    /// Before this moment no session ends.
    calm_until: UnixTime,
}

impl<U, D> Keyed for Record<U, D> {
    fn key(&self) -> &[u8] {
        self.handle.as_bytes()
    }
}

impl<U, D, const N: usize> Sessions<U, D, N> {
    /// No sessions yet.
    #[must_use]
    pub const fn new(rules: Rules) -> Self {
        Self {
            rules,
            table: Table::new(),
            former: Index::new(),
            users: Index::new(),
            anonymous: Queue::new(),
            latest: UnixTime::MIN,
            calm_until: UnixTime::MAX,
        }
    }

    /// The rules, for a cookie that lives as long as the session, for instance.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The number of sessions held, ended ones that are not forgotten yet included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no session is held.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.table.len() == 0
    }
}

impl<U: Eq + Hash, D, const N: usize> Sessions<U, D, N> {
    /// Looks at a session. That is no use of it: the idle timeout goes on. *O*(1).
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if there is none of this secret, or it has ended.
    #[cfg_attr(not(small), inline)]
    pub fn check(&mut self, presented: &Secret, now: UnixTime) -> Result<Session<'_, U, D>, Error> {
        let now = self.clock(now);
        let handle = presented.handle();
        let place = self.find(&handle).ok_or(Error::Gone)?;
        let record = self.table.at(place).ok_or(Error::Gone)?;
        record.check_handle(&handle, &self.rules, now)
    }

    /// Looks at a session and counts as a use: the idle timeout starts again. *O*(1).
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    #[inline]
    pub fn touch(&mut self, presented: &Secret, now: UnixTime) -> Result<Session<'_, U, D>, Error> {
        let now = self.clock(now);
        let handle = presented.handle();
        let place = self.find(&handle).ok_or(Error::Gone)?;
        let record = self.table.at_mut(place).ok_or(Error::Gone)?;
        if record.touch_handle(&handle, &self.rules, now)? && record.login.is_none() {
            self.anonymous.push(place);
        }
        let record = self.table.at(place).ok_or(Error::Gone)?;
        record.check_handle(&handle, &self.rules, now)
    }

    /// Changes a session's data. That is no use of it. *O*(1).
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); `change` is not called then.
    pub fn update<R>(
        &mut self,
        presented: &Secret,
        change: impl FnOnce(&mut D) -> R,
        now: UnixTime,
    ) -> Result<R, Error> {
        let now = self.clock(now);
        let handle = presented.handle();
        let place = self.find(&handle).ok_or(Error::Gone)?;
        let record = self.table.at_mut(place).ok_or(Error::Gone)?;
        record.update_handle(&handle, &self.rules, change, now)
    }

    /// Opens a session for an anonymous client.
    ///
    /// # Errors
    ///
    /// [`Error::Full`] if there is no room, nor an anonymous session to end;
    /// [`Error::NoEntropy`] if `fill` fails, or gives what it has given before.
    pub fn open<E>(
        &mut self,
        data: D,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error> {
        let now = self.clock(now);
        let (secret, handle) = self.fresh(fill)?;
        self.make_room(None, now)?;
        self.insert(Record::new(handle, None, data, now, now))?;
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
        let now = self.clock(now);
        let place = self.live(presented, now)?;
        let (secret, fresh) = self.fresh(fill)?;
        let presented = presented.handle();
        self.replace(place, |record, rules| {
            record.rotate_handle(&presented, fresh, rules, now)
        })?;
        Ok(secret)
    }

    /// Ends a session: log-out.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn end(&mut self, presented: &Secret, now: UnixTime) -> Result<(), Error> {
        let now = self.clock(now);
        let place = self.live(presented, now)?;
        self.remove(place);
        Ok(())
    }

    /// Logs a user in, and ends the session that the client came with, if it has one. The new one
    /// has its data, unless that was another user's, or else the default; a new secret; and its
    /// timeouts from when `user` was established: if that is longer ago than the rules allow, it has
    /// ended already.
    ///
    /// Pass what the client presented, live or not. A session that is gone is no obstacle: the
    /// user has just authenticated. Where the rule per user is to end the oldest, another session
    /// of this user may end for it.
    ///
    /// # Errors
    ///
    /// [`Error::UserLimit`] if the user has as many sessions as the rules allow, the presented one
    /// not counted; [`Error::Full`] if there is no room, which cannot be if a live session is
    /// presented; [`Error::NoEntropy`] if `fill` fails, or gives what it has given before.
    pub fn login<E>(
        &mut self,
        presented: Option<&Secret>,
        user: Authenticated<U>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error>
    where
        D: Default,
    {
        let now = self.clock(now);
        let old =
            presented.and_then(|secret| Some((secret.handle(), self.live(secret, now).ok()?)));
        let place = old.map(|(_, place)| place);
        self.oldest_over_limit(user.principal(), place, now)?;
        let (secret, fresh) = self.fresh(fill)?;
        while let Some(oldest) = self.oldest_over_limit(user.principal(), place, now)? {
            self.remove(oldest);
        }
        if let Some((presented, place)) = old {
            self.replace(place, |record, rules| {
                record.login_handle(&presented, fresh, user, rules, now)
            })?;
        } else {
            self.make_room(Some(user.principal()), now)?;
            self.insert(Record::new_for(fresh, user, D::default(), now))?;
        }
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
        user: Authenticated<U>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Secret, Error> {
        let now = self.clock(now);
        let place = self.live(presented, now)?;
        let (secret, fresh) = self.fresh(fill)?;
        let presented = presented.handle();
        self.replace(place, |record, rules| {
            record.reauthenticate_handle(&presented, fresh, user, rules, now)
        })?;
        Ok(secret)
    }
}

impl<U, D, const N: usize> fmt::Debug for Sessions<U, D, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("len", &self.len())
            .field("capacity", &N)
            .field("rules", &self.rules)
            .finish()
    }
}
