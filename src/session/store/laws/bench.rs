//! What the laws are written with.

use core::time::Duration;

use crate::identity::{Assurance, Evidence, Factors};
use crate::memory::{Fault, Side, law};
use crate::session::record::{Former, Login};
use crate::session::{Change, Handle, Record, RecordOf, Secret, Stamp, Store};
use crate::time::UnixTime;

const HOUR: Duration = Duration::from_secs(3600);

pub(super) struct Bench<'s, T: Store, F> {
    pub(super) one: &'s mut T,
    pub(super) other: &'s mut T,
    pub(super) ada: T::User,
    pub(super) bob: T::User,
    pub(super) data: T::Data,
    pub(super) new_data: T::Data,
    pub(super) fill: F,
    pub(super) now: UnixTime,
}

type Loaded<T> = Result<Option<RecordOf<T>>, Fault<<T as Store>::Error>>;

impl<T, F, E> Bench<'_, T, F>
where
    T: Store<User: Clone + PartialEq, Data: Clone + PartialEq>,
    F: FnMut(&mut [u8]) -> Result<(), E>,
{
    pub(super) fn handle(&mut self) -> Result<Handle, Fault<T::Error>> {
        let secret = Secret::generate(&mut self.fill).map_err(|_| Fault::NoEntropy)?;
        Ok(secret.handle())
    }

    /// A record that is in no store yet.
    pub(super) fn record(&mut self, user: Option<T::User>) -> Result<RecordOf<T>, Fault<T::Error>> {
        let evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));
        let login = user.map(|user| Login { user, evidence });
        let (handle, data) = (self.handle()?, self.data.clone());
        Ok(Record::new(handle, login, data, self.now, self.now))
    }

    /// A record that is in the store.
    pub(super) fn inserted(
        &mut self,
        user: Option<T::User>,
    ) -> Result<RecordOf<T>, Fault<T::Error>> {
        let record = self.record(user)?;
        law(
            self.insert(Side::One, &record)?,
            "a record under a new handle is inserted",
        )?;
        Ok(record)
    }

    pub(super) fn side(&mut self, side: Side) -> &mut T {
        match side {
            Side::One => self.one,
            Side::Other => self.other,
        }
    }

    pub(super) fn load(&mut self, side: Side, handle: Handle) -> Loaded<T> {
        self.side(side).load(&handle).map_err(Fault::Outage)
    }

    pub(super) fn apply(
        &mut self,
        side: Side,
        change: &Change<'_, T::User, T::Data>,
    ) -> Result<bool, Fault<T::Error>> {
        self.side(side).apply(change).map_err(Fault::Outage)
    }

    pub(super) fn insert(
        &mut self,
        side: Side,
        record: &RecordOf<T>,
    ) -> Result<bool, Fault<T::Error>> {
        self.apply(side, &Change::Insert { record, keep: HOUR })
    }

    pub(super) fn replace(
        &mut self,
        side: Side,
        was: Stamp,
        record: &RecordOf<T>,
    ) -> Result<bool, Fault<T::Error>> {
        let keep = HOUR;
        self.apply(side, &Change::Replace { was, record, keep })
    }

    pub(super) fn delete(&mut self, side: Side, was: Stamp) -> Result<bool, Fault<T::Error>> {
        self.apply(side, &Change::Delete { was })
    }

    /// Whether both ways lead to the record under its handle.
    pub(super) fn is_found(&mut self, record: &RecordOf<T>) -> Result<bool, Fault<T::Error>> {
        Ok(
            self.load(Side::One, record.handle)?.as_ref() == Some(record)
                && self.load(Side::Other, record.handle)?.as_ref() == Some(record),
        )
    }

    /// Whether neither way leads to anything.
    pub(super) fn is_gone(&mut self, handle: Handle) -> Result<bool, Fault<T::Error>> {
        Ok(self.load(Side::One, handle)?.is_none() && self.load(Side::Other, handle)?.is_none())
    }

    /// The records of a user, of which one is looked for: how many, and whether it is there.
    pub(super) fn count(
        &mut self,
        side: Side,
        user: &T::User,
        record: &RecordOf<T>,
    ) -> Result<(usize, bool), Fault<T::Error>> {
        let (mut count, mut found) = (0_usize, false);
        let see = |seen: RecordOf<T>| {
            count = count.saturating_add(1);
            found |= seen == *record;
        };
        self.side(side).each_of(user, see).map_err(Fault::Outage)?;
        Ok((count, found))
    }

    pub(super) fn updated(&self, record: &RecordOf<T>) -> RecordOf<T> {
        Record {
            data: self.new_data.clone(),
            version: record.version.saturating_add(1),
            ..record.clone()
        }
    }

    /// With a new handle, the old one overlapping or not.
    pub(super) fn renewed(
        &mut self,
        record: &RecordOf<T>,
        overlap: bool,
    ) -> Result<RecordOf<T>, Fault<T::Error>> {
        let former = Former {
            handle: record.handle,
            until: self.now.saturating_add(HOUR),
        };
        Ok(Record {
            handle: self.handle()?,
            former: overlap.then_some(former),
            version: record.version.saturating_add(1),
            ..record.clone()
        })
    }
}
