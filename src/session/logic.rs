//! What happens to a session, by handles: the one logic behind [`Record`] and `Sessions`.
//!
//! Every function that refuses has changed nothing.

use crate::identity::Authenticated;
use crate::memory::SKEW;
use crate::session::record::{Former, Login};
use crate::session::{Error, Handle, Record, Rules, Session};
use crate::time::UnixTime;

impl<U, D> Record<U, D> {
    pub(super) fn new_for(handle: Handle, user: Authenticated<U>, data: D, now: UnixTime) -> Self {
        // An identity that a token or another session established counts from when its user was
        // there, not from now: a session that is made of a session lives no longer.
        let begun = user.authenticated_at().min(now);
        let evidence = user.evidence();
        let user = user.into_principal();
        Self::new(handle, Some(Login { user, evidence }), data, begun, now)
    }

    pub(super) const fn new(
        handle: Handle,
        login: Option<Login<U>>,
        data: D,
        begun: UnixTime,
        now: UnixTime,
    ) -> Self {
        Self {
            handle,
            former: None,
            version: 0,
            begun,
            used: now,
            renewed: now,
            login,
            data,
        }
    }

    #[inline]
    pub(super) fn check_handle(
        &self,
        presented: &Handle,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<Session<'_, U, D>, Error> {
        let now = self.admit(presented, rules, now)?;
        let current = self.handle == *presented;
        Ok(Session::new(self, rules, current, now))
    }

    #[inline]
    pub(super) fn touch_handle(
        &mut self,
        presented: &Handle,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<bool, Error> {
        let now = self.admit(presented, rules, now)?;
        let due = rules.touch_due(self.login.is_some(), self.used, now);
        if due {
            self.used = now;
            self.next_version();
        }
        Ok(due)
    }

    pub(super) fn update_handle<R>(
        &mut self,
        presented: &Handle,
        rules: &Rules,
        change: impl FnOnce(&mut D) -> R,
        now: UnixTime,
    ) -> Result<R, Error> {
        self.admit(presented, rules, now)?;
        self.next_version();
        Ok(change(&mut self.data))
    }

    pub(super) fn rotate_handle(
        &mut self,
        presented: &Handle,
        fresh: Handle,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<(), Error> {
        let now = self.admit(presented, rules, now)?;
        if self.handle != *presented {
            return Err(Error::Superseded);
        }
        self.former = Some(Former {
            handle: self.handle,
            until: rules.overlap_end(now),
        });
        self.handle = fresh;
        self.renewed = now;
        self.next_version();
        Ok(())
    }

    pub(super) fn login_handle(
        &mut self,
        presented: &Handle,
        fresh: Handle,
        user: Authenticated<U>,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<(), Error>
    where
        U: PartialEq,
        D: Default,
    {
        let now = self.admit(presented, rules, now)?;
        let data = match &self.login {
            Some(login) if login.user != *user.principal() => D::default(),
            _ => core::mem::take(&mut self.data),
        };
        let version = self.version;
        *self = Self::new_for(fresh, user, data, now);
        self.version = version;
        self.next_version();
        Ok(())
    }

    pub(super) fn reauthenticate_handle(
        &mut self,
        presented: &Handle,
        fresh: Handle,
        user: Authenticated<U>,
        rules: &Rules,
        now: UnixTime,
    ) -> Result<(), Error>
    where
        U: PartialEq,
    {
        let now = self.admit(presented, rules, now)?;
        let login = self.login.as_mut().ok_or(Error::Anonymous)?;
        if login.user != *user.principal() {
            return Err(Error::OtherUser);
        }
        login.evidence = user.evidence();
        self.begun = user.authenticated_at().min(now);
        self.used = now;
        self.renewed = now;
        self.handle = fresh;
        self.former = None;
        self.next_version();
        Ok(())
    }

    /// The time as this session knows it, if it has not ended.
    #[cfg_attr(not(small), inline)]
    pub(super) fn alive(&self, rules: &Rules, now: UnixTime) -> Result<UnixTime, Error> {
        if self.used.saturating_since(now) > SKEW {
            return Err(Error::Gone);
        }
        let now = now.max(self.used);
        if now < self.ends_at(rules) {
            Ok(now)
        } else {
            Err(Error::Gone)
        }
    }

    /// The time as this session knows it, if it has not ended and `presented` opens it.
    #[cfg_attr(not(small), inline)]
    fn admit(&self, presented: &Handle, rules: &Rules, now: UnixTime) -> Result<UnixTime, Error> {
        let now = self.alive(rules, now)?;
        // Of a rotation that lies further in the future nobody can say how long ago it was.
        let known = || self.renewed.saturating_since(now) <= SKEW;
        let former = || self.former.filter(|former| now < former.until && known());
        if self.handle == *presented || former().is_some_and(|former| former.handle == *presented) {
            Ok(now)
        } else {
            Err(Error::Gone)
        }
    }

    fn next_version(&mut self) {
        // Not even a write every nanosecond reaches the end.
        self.version = self.version.saturating_add(1);
    }
}
