//! Ending sessions from outside of them, and seeing whose there are.

use super::{ATTEMPTS, Stored};
use crate::session::{Error, Handle, RecordOf, Secret, Session, Store};
use crate::time::UnixTime;

impl<S: Store> Stored<S> {
    /// Ends the session of a handle, whosever it is: what an administrator does. The handle from
    /// before the last rotation will do, for a list that was drawn up then.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if there is none of this handle, or it has ended; [`Error::Unavailable`].
    pub fn revoke(&mut self, handle: &Handle, now: UnixTime) -> Result<(), Error> {
        for _ in 0..ATTEMPTS {
            let record = self.load(handle)?;
            record.view(&self.rules, now)?;
            if self.apply(&record.removal())? {
                return Ok(());
            }
        }
        Err(Error::Unavailable)
    }

    /// Ends one of the sessions of the user who presents this one.
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
    ) -> Result<(), Error>
    where
        S::User: PartialEq,
    {
        let this = self.check(presented, now)?.record;
        let user = this.user().ok_or(Error::Anonymous)?;
        if self.load(handle)?.user() != Some(user) {
            return Err(Error::Gone);
        }
        self.revoke(handle, now)
    }

    /// Ends all sessions of a user but the presented one, and answers how many.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); [`Error::Anonymous`] if nobody is logged in to it.
    pub fn revoke_others(&mut self, presented: &Secret, now: UnixTime) -> Result<usize, Error> {
        let this = self.check(presented, now)?.record;
        let user = this.user().ok_or(Error::Anonymous)?;
        self.revoke_all_but(Some(this.handle), user, now)
    }

    /// Ends all sessions of a user, and answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub fn revoke_user(&mut self, user: &S::User, now: UnixTime) -> Result<usize, Error> {
        self.revoke_all_but(None, user, now)
    }

    /// Shows a user's sessions to `see`, in any order.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub fn list(
        &mut self,
        user: &S::User,
        mut see: impl FnMut(Session<'_, S::User, S::Data>),
        now: UnixTime,
    ) -> Result<(), Error> {
        let rules = self.rules;
        let show = |record: RecordOf<S>| {
            if let Ok(session) = record.view(&rules, now) {
                see(session);
            }
        };
        self.each_of(user, show)
    }
}
