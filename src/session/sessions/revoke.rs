//! Ending sessions from outside of them, and seeing whose there are.

use core::hash::Hash;

use crate::session::{Error, Handle, Secret, Session, Sessions};
use crate::table::hash_of;
use crate::time::UnixTime;

impl<U: Eq + Hash, D, const N: usize> Sessions<U, D, N> {
    /// Ends one of the sessions of the user who presents this one: what a user does to a line of the
    /// [list](Self::list). It may be the presented one.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Anonymous`] if nobody is logged in to it;
    /// [`Error::Gone`] too if there is no session of this handle, or it is not the user's.
    pub fn revoke_own(
        &mut self,
        presented: &Secret,
        handle: &Handle,
        now: UnixTime,
    ) -> Result<(), Error> {
        let now = self.clock(now);
        let this = self.live(presented, now)?;
        let user = self.user_at(this).ok_or(Error::Anonymous)?;
        let place = self.find(handle).ok_or(Error::Gone)?;
        if self.user_at(place) != Some(user) {
            return Err(Error::Gone);
        }
        self.revoke(handle, now)
    }

    /// Ends the session of a handle, whosever it is: what an administrator does. The handle from
    /// before the last rotation will do, for a list that was drawn up then.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if there is none of this handle, or it has ended.
    pub fn revoke(&mut self, handle: &Handle, now: UnixTime) -> Result<(), Error> {
        let now = self.clock(now);
        let place = self.find(handle).ok_or(Error::Gone)?;
        let ended = self.has_ended(place, now);
        self.remove(place);
        if ended { Err(Error::Gone) } else { Ok(()) }
    }

    /// Ends all sessions of a user but the presented one, and answers how many: what to offer after
    /// a change of password. Costs *O*(sessions of the user).
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Anonymous`] if nobody is logged in to it.
    pub fn revoke_others(&mut self, presented: &Secret, now: UnixTime) -> Result<usize, Error> {
        let now = self.clock(now);
        let this = self.live(presented, now)?;
        let record = self.table.at(this).ok_or(Error::Gone)?;
        let hash = hash_of(record.user().ok_or(Error::Anonymous)?);
        let mut ended = 0_usize;
        // One at a time, since removing changes the chain.
        while let Some(place) = self.users.find(hash, |place| {
            place != this && self.user_at(place) == self.user_at(this)
        }) {
            ended = ended.saturating_add(self.remove_live(place, now));
        }
        Ok(ended)
    }

    /// Ends all sessions of a user, and answers how many. Costs *O*(sessions of the user).
    pub fn revoke_user(&mut self, user: &U, now: UnixTime) -> usize {
        let now = self.clock(now);
        let hash = hash_of(user);
        let mut ended = 0_usize;
        while let Some(place) = self
            .users
            .find(hash, |place| self.user_at(place) == Some(user))
        {
            ended = ended.saturating_add(self.remove_live(place, now));
        }
        ended
    }

    /// Ends every session that was opened, or whose user last authenticated, before `moment`, and
    /// answers how many. Costs *O*(`N`).
    pub fn revoke_begun_before(&mut self, moment: UnixTime, now: UnixTime) -> usize {
        let now = self.clock(now);
        self.remove_where(|record, _| record.begun < moment, now)
    }

    /// Ends everyone's sessions, the anonymous ones too, and answers how many. Costs *O*(`N`).
    pub fn revoke_all(&mut self, now: UnixTime) -> usize {
        let now = self.clock(now);
        self.remove_where(|_, _| true, now)
    }

    /// Forgets the sessions that have ended. Costs *O*(`N`). It need not be called: their room is
    /// found when it is needed.
    pub fn purge(&mut self, now: UnixTime) {
        let now = self.clock(now);
        self.sweep(now);
    }

    /// A user's sessions, for the user to see and to end, in no order that means anything. Costs
    /// *O*(sessions of the user).
    pub fn list(&mut self, user: &U, now: UnixTime) -> impl Iterator<Item = Session<'_, U, D>> {
        let now = self.clock(now);
        self.list_but(None, user, now)
    }
}
