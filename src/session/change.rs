use core::time::Duration;

use crate::session::{Handle, Record};

/// Which state of which session: what a change is conditional on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The session's handle before the change.
    pub handle: Handle,
    /// The session's version before the change.
    pub version: u64,
}

/// What a store has to do, as one atomic step.
///
/// `keep` is how long the session lives if it is not used again; a store may forget it after
/// that, and must not before.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "nothing has happened until the store has done it"]
pub enum Change<'r, U, D> {
    /// Add the record. There must be none of its handle; if there is, the random source repeats
    /// itself.
    Insert {
        /// The new record.
        record: &'r Record<U, D>,
        /// For how long.
        keep: Duration,
    },
    /// Put the record in the place of the one that is stored under `was.handle`, if that has
    /// still the version `was.version`. The new record's handle may be another: then nothing is
    /// left under the old one, but for the [`former`](Record::former) handle that the new record
    /// may have.
    Replace {
        /// What it replaces.
        was: Stamp,
        /// The new record.
        record: &'r Record<U, D>,
        /// For how long.
        keep: Duration,
    },
    /// Remove what is stored under `was.handle`, if it has still the version `was.version`.
    Delete {
        /// What is removed.
        was: Stamp,
    },
}
