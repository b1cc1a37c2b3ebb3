//! What every call is made of: to load, to apply, and to start over.

use super::{ATTEMPTS, Found, Stored};
use crate::session::rules::Tally;
use crate::session::{Change, Error, Handle, RecordOf, Rules, Stamp, Store};
use crate::time::UnixTime;

impl<S: Store> Stored<S> {
    pub(super) fn load(&mut self, handle: &Handle) -> Result<RecordOf<S>, Error> {
        let loaded = self.store.load(handle).map_err(|_| Error::Unavailable)?;
        loaded.ok_or(Error::Gone)
    }

    pub(super) fn live(
        &mut self,
        handle: &Handle,
        now: UnixTime,
    ) -> Result<Option<RecordOf<S>>, Error> {
        match self.load(handle) {
            Ok(record) => {
                let lives = record.check_handle(handle, &self.rules, now).is_ok();
                Ok(lives.then_some(record))
            }
            Err(Error::Gone) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn apply(&mut self, change: &Change<'_, S::User, S::Data>) -> Result<bool, Error> {
        self.store.apply(change).map_err(|_| Error::Unavailable)
    }

    pub(super) fn each_of(
        &mut self,
        user: &S::User,
        see: impl FnMut(RecordOf<S>),
    ) -> Result<(), Error> {
        let seen = self.store.each_of(user, see);
        seen.map_err(|_| Error::Unavailable)
    }

    pub(super) fn insert(&mut self, record: &RecordOf<S>, now: UnixTime) -> Result<(), Error> {
        if self.apply(&record.insertion(&self.rules, now))? {
            Ok(())
        } else {
            Err(Error::NoEntropy)
        }
    }

    /// Lets `step` act on what is stored, until what it makes of it could be written, or it
    /// refuses. What it leaves at the same version needs no writing.
    pub(super) fn replace<T>(
        &mut self,
        presented: &Handle,
        mut step: impl FnMut(&mut RecordOf<S>, &Rules) -> Result<T, Error>,
        now: UnixTime,
    ) -> Result<(T, RecordOf<S>), Error> {
        let rules = self.rules;
        for _ in 0..ATTEMPTS {
            let mut record = self.load(presented)?;
            let was = record.stamp();
            let answer = step(&mut record, &rules)?;
            if record.stamp() == was || self.apply(&record.replacing(was, &rules, now))? {
                return Ok((answer, record));
            }
        }
        Err(Error::Unavailable)
    }

    pub(super) fn found(
        &self,
        record: RecordOf<S>,
        presented: Handle,
        now: UnixTime,
    ) -> Found<S::User, S::Data> {
        Found {
            record,
            presented,
            rules: self.rules,
            now,
        }
    }

    /// Ends those of the user's sessions that have to end before another one begins.
    pub(super) fn end_the_oldest(
        &mut self,
        user: &S::User,
        but: Option<Handle>,
        now: UnixTime,
    ) -> Result<(), Error> {
        let mut attempts = 0;
        while attempts < ATTEMPTS {
            let Some(was) = self.oldest_over_limit(user, but, now)? else {
                return Ok(());
            };
            if !self.apply(&Change::Delete { was })? {
                attempts = attempts.saturating_add(1);
            }
        }
        Err(Error::Unavailable)
    }

    /// The state of the user's session that has to end before another one begins, if any.
    fn oldest_over_limit(
        &mut self,
        user: &S::User,
        but: Option<Handle>,
        now: UnixTime,
    ) -> Result<Option<Stamp>, Error> {
        let rules = self.rules;
        rules.one_too_many(|| {
            let mut tally = Tally::default();
            let count = |record: RecordOf<S>| match record.view(&rules, now) {
                Ok(session) if Some(session.handle()) != but => tally.add(&session),
                _ => {}
            };
            self.each_of(user, count)?;
            Ok(tally)
        })
    }

    pub(super) fn revoke_all_but(
        &mut self,
        but: Option<Handle>,
        user: &S::User,
        now: UnixTime,
    ) -> Result<usize, Error> {
        let rules = self.rules;
        let mut ended = 0_usize;
        let mut attempts = 0;
        // One at a time: there is nowhere to keep a list of them.
        while attempts < ATTEMPTS {
            let mut next = None;
            self.each_of(user, |record| {
                // Nor the one that was left out and rotated meanwhile.
                let former = record.former.map(|former| former.handle);
                if but.is_none() || Some(record.handle) != but && former != but {
                    next = Some((record.stamp(), record.view(&rules, now).is_ok()));
                }
            })?;
            let Some((was, lives)) = next else {
                return Ok(ended);
            };
            if self.apply(&Change::Delete { was })? {
                ended = ended.saturating_add(usize::from(lives));
                attempts = 0;
            } else {
                attempts = attempts.saturating_add(1);
            }
        }
        Err(Error::Unavailable)
    }
}
