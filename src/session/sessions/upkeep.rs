//! What [`Sessions`] does to its table: finding, entering, forgetting, making room.

use core::hash::Hash;

use crate::memory::SKEW;
use crate::session::rules::Tally;
use crate::session::{Error, Handle, Record, Rules, Secret, Session, Sessions, Stamp};
use crate::table::{hash_of, leading};
use crate::time::UnixTime;

impl<U: Eq + Hash, D, const N: usize> Sessions<U, D, N> {
    /// The time at which this call is served.
    #[cfg_attr(not(small), inline)]
    pub(super) fn clock(&mut self, now: UnixTime) -> UnixTime {
        if now >= self.latest {
            self.latest = now;
        } else if self.latest.saturating_since(now) > SKEW {
            self.step_back(now);
        }
        self.latest
    }

    pub(super) fn user_at(&self, place: usize) -> Option<&U> {
        self.table.at(place)?.user()
    }

    /// What had ended before the clock was set back has ended, and so has every overlap, whether
    /// or not it had.
    #[cold]
    pub(super) fn step_back(&mut self, now: UnixTime) {
        self.sweep(self.latest);
        self.latest = now;
        self.sweep(now);
        for place in 0..N {
            let record = self.table.at_mut(place);
            if let Some(former) = record.and_then(|record| record.former.as_mut()) {
                former.until = UnixTime::MIN;
            }
        }
    }

    #[cfg_attr(not(small), inline)]
    pub(super) fn find(&self, handle: &Handle) -> Option<usize> {
        self.table.find(handle.as_bytes()).or_else(|| {
            self.former.find(leading(handle.as_bytes()), |place| {
                let former = self.table.at(place).and_then(|record| record.former);
                former.is_some_and(|former| former.handle == *handle)
            })
        })
    }

    pub(super) fn live(&self, presented: &Secret, now: UnixTime) -> Result<usize, Error> {
        let handle = presented.handle();
        let place = self.find(&handle).ok_or(Error::Gone)?;
        let record = self.table.at(place).ok_or(Error::Gone)?;
        record.check_handle(&handle, &self.rules, now)?;
        Ok(place)
    }

    pub(super) fn has_ended(&self, place: usize, now: UnixTime) -> bool {
        let record = self.table.at(place);
        record.is_none_or(|record| record.alive(&self.rules, now).is_err())
    }

    /// A secret that no session has or had a moment ago.
    pub(super) fn fresh<E>(
        &self,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<(Secret, Handle), Error> {
        let secret = Secret::generate(fill)?;
        let handle = secret.handle();
        match self.find(&handle) {
            None => Ok((secret, handle)),
            Some(_) => Err(Error::NoEntropy),
        }
    }

    pub(super) fn insert(&mut self, record: Record<U, D>) -> Result<usize, Error> {
        let place = self.table.insert(record).map_err(|_| Error::Full)?;
        self.enrol(place);
        Ok(place)
    }

    /// Lets `change` act on a record, and follows the handle that it gives it. What it refuses
    /// changes nothing.
    pub(super) fn replace(
        &mut self,
        place: usize,
        change: impl FnOnce(&mut Record<U, D>, &Rules) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let rules = self.rules;
        let changed = self.table.rekey(place, |record| change(record, &rules));
        changed.ok_or(Error::Gone)??;
        self.enrol(place);
        Ok(())
    }

    /// Enters a record that is new or has changed where it is found besides by its handle.
    fn enrol(&mut self, place: usize) {
        self.former.remove(place);
        self.users.remove(place);
        let Some(record) = self.table.at(place) else {
            return;
        };
        if let Some(former) = &record.former {
            self.former.insert(leading(former.handle.as_bytes()), place);
        }
        if let Some(user) = record.user() {
            self.users.insert(hash_of(user), place);
            self.anonymous.remove(place);
        } else {
            self.anonymous.push(place);
        }
        // A login may be too old to begin with; that session has ended before its end has come.
        let ends = record.ends_at(&self.rules);
        let ended = record.used >= ends;
        self.calm_until = if ended {
            UnixTime::MIN
        } else {
            self.calm_until.min(ends)
        };
    }

    pub(super) fn remove(&mut self, place: usize) {
        self.table.remove(place);
        self.former.remove(place);
        self.users.remove(place);
        self.anonymous.remove(place);
    }

    /// Removes a session, and answers how many have ended by that: one, or none.
    pub(super) fn remove_live(&mut self, place: usize, now: UnixTime) -> usize {
        let ended = self.has_ended(place, now);
        self.remove(place);
        usize::from(!ended)
    }

    pub(super) fn remove_where(
        &mut self,
        condemned: impl Fn(&Record<U, D>, &Rules) -> bool,
        now: UnixTime,
    ) -> usize {
        let mut ended = 0_usize;
        for place in 0..N {
            let record = self.table.at(place);
            if record.is_some_and(|record| condemned(record, &self.rules)) {
                ended = ended.saturating_add(self.remove_live(place, now));
            }
        }
        ended
    }

    pub(super) fn sweep(&mut self, now: UnixTime) {
        self.remove_where(|record, rules| record.alive(rules, now).is_err(), now);
        let ends = self
            .table
            .iter()
            .map(|(_, record)| record.ends_at(&self.rules));
        self.calm_until = ends.min().unwrap_or(UnixTime::MAX);
    }

    /// Sees to it that there is room for one more session, `user`'s or an anonymous one.
    pub(super) fn make_room(&mut self, user: Option<&U>, now: UnixTime) -> Result<(), Error> {
        if self.table.is_full() && now >= self.calm_until {
            self.sweep(now);
        }
        if !self.table.is_full() {
            return Ok(());
        }
        let place = match (self.anonymous.first(), user) {
            (Some(place), _) => place,
            (None, Some(user)) if self.rules.ends_oldest() => {
                let mut own = Tally::default();
                self.list_but(None, user, now)
                    .for_each(|session| own.add(&session));
                let oldest = own.oldest().ok_or(Error::Full)?;
                self.find(&oldest.handle).ok_or(Error::Full)?
            }
            _ => return Err(Error::Full),
        };
        self.remove(place);
        Ok(())
    }

    /// The user's session that has to end before another one begins, if any. The one at `but` ends
    /// anyway.
    pub(super) fn oldest_over_limit(
        &self,
        user: &U,
        but: Option<usize>,
        now: UnixTime,
    ) -> Result<Option<usize>, Error> {
        let oldest = self.rules.make_room(self.list_but(but, user, now))?;
        Ok(oldest.and_then(|oldest| self.find(&oldest.handle)))
    }

    pub(super) fn list_but(
        &self,
        but: Option<usize>,
        user: &U,
        now: UnixTime,
    ) -> impl Iterator<Item = Session<'_, U, D>> {
        let but = but
            .and_then(|place| self.table.at(place))
            .map(|record| record.handle);
        self.records_of(user)
            .filter(move |record| Some(record.handle) != but)
            .filter_map(move |record| record.view(&self.rules, now).ok())
    }

    /// The record under a handle or a former one, ended or not.
    pub(in crate::session) fn record(&self, handle: &Handle) -> Option<&Record<U, D>> {
        self.table.at(self.find(handle)?)
    }

    pub(in crate::session) fn records_of(&self, user: &U) -> impl Iterator<Item = &Record<U, D>> {
        self.users
            .places(hash_of(user))
            .filter_map(|place| self.table.at(place))
            .filter(move |record| record.user() == Some(user))
    }

    /// Adds a record of a store, and answers whether its handle was free. What makes room for it is
    /// what has ended by the time at which it was used last, which is now.
    pub(in crate::session) fn add(&mut self, record: Record<U, D>) -> Result<bool, Error> {
        if self.find(&record.handle).is_some() {
            return Ok(false);
        }
        self.make_room(record.user(), self.latest.max(record.used))?;
        self.insert(record)?;
        Ok(true)
    }

    /// Puts a record in the place of another that is unchanged, and answers whether it was.
    pub(in crate::session) fn exchange(&mut self, was: Stamp, record: Record<U, D>) -> bool {
        let Some(place) = self.unchanged(was) else {
            return false;
        };
        if self
            .find(&record.handle)
            .is_some_and(|taken| taken != place)
        {
            return false;
        }
        self.table.rekey(place, |old| *old = record);
        self.enrol(place);
        true
    }

    /// Removes a record that is unchanged, and answers whether it was.
    pub(in crate::session) fn delete(&mut self, was: Stamp) -> bool {
        let place = self.unchanged(was);
        place.map(|place| self.remove(place)).is_some()
    }

    fn unchanged(&self, was: Stamp) -> Option<usize> {
        let place = self.table.find(was.handle.as_bytes())?;
        (self.table.at(place)?.stamp() == was).then_some(place)
    }
}
