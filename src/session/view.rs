use core::fmt;

use crate::identity::{Anonymous, Authenticated, Client, Method};
use crate::session::{Handle, Record, Rules, Stamp};
use crate::time::UnixTime;

/// A session that was found alive: what a request may know of it.
pub struct Session<'s, U, D> {
    record: &'s Record<U, D>,
    ends_at: UnixTime,
    touch_due: bool,
    rotation_due: bool,
}

impl<'s, U, D> Session<'s, U, D> {
    #[inline]
    pub(super) fn new(
        record: &'s Record<U, D>,
        rules: &Rules,
        current: bool,
        now: UnixTime,
    ) -> Self {
        Self {
            record,
            ends_at: record.ends_at(rules),
            touch_due: rules.touch_due(record.login.is_some(), record.used, now),
            rotation_due: current && rules.rotation_due(record.renewed, now),
        }
    }

    /// Who it is: the user who logged in, with how and when, or nobody.
    ///
    /// # Errors
    ///
    /// [`Anonymous`] if nobody has logged in.
    pub fn identity(&self) -> Result<Authenticated<&'s U>, Anonymous> {
        let login = self.record.login.as_ref().ok_or(Anonymous)?;
        Ok(Authenticated::established(
            &login.user,
            login.evidence,
            self.record.begun,
            Method::Session,
        ))
    }

    /// Whoever it is, with a name of its own, for a handler that needs the sessions too.
    #[must_use]
    pub fn client(&self) -> Client<U>
    where
        U: Clone,
    {
        self.identity().map(Authenticated::cloned).into()
    }

    /// The program's data.
    #[must_use]
    pub const fn data(&self) -> &'s D {
        &self.record.data
    }

    /// Under what the server knows the session.
    #[must_use]
    pub const fn handle(&self) -> Handle {
        self.record.handle
    }

    /// Which state of the session this is, for a store.
    #[must_use]
    pub const fn stamp(&self) -> Stamp {
        self.record.stamp()
    }

    /// When it was opened, or its user last authenticated.
    #[must_use]
    pub const fn begun_at(&self) -> UnixTime {
        self.record.begun
    }

    /// The last use that was recorded.
    #[must_use]
    pub const fn used_at(&self) -> UnixTime {
        self.record.used
    }

    /// When it ends if it is not used again.
    #[must_use]
    pub const fn ends_at(&self) -> UnixTime {
        self.ends_at
    }

    /// Whether the last use that was recorded is long enough ago for a
    /// [`touch`](Record::touch) to write.
    #[must_use]
    pub const fn is_touch_due(&self) -> bool {
        self.touch_due
    }

    /// Whether the secret has served long enough for a [`rotate`](Record::rotate); not while its
    /// successor is already under way.
    #[must_use]
    pub const fn is_rotation_due(&self) -> bool {
        self.rotation_due
    }
}

impl<U, D> Clone for Session<'_, U, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U, D> Copy for Session<'_, U, D> {}

impl<U: fmt::Debug, D: fmt::Debug> fmt::Debug for Session<'_, U, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("record", self.record)
            .field("ends_at", &self.ends_at)
            .finish()
    }
}
