//! The store conformance suite: it passes what is right, and names what is wrong.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use hardtack::session::{
    Change, Error, Fault, Handle, Record, Rules, Sessions, Stamp, Store, conformance,
};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// What a store may get wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    InsertOverwrites,
    InsertIsLost,
    DataIsLost,
    ReplaceInserts,
    ReplaceIgnoresVersion,
    ReplaceWhenNewer,
    ReplaceIsNotShared,
    ReplaceIgnoresTaken,
    RefusesAndWrites,
    OldHandleStays,
    OldHandleAnswersForever,
    FormerIsNotFound,
    FormerIsLostByUpdate,
    VersionsAreFloats,
    BeginningsAreUnsigned,
    UsesAreUnsigned,
    RenewalsAreUnsigned,
    DeleteIgnoresVersion,
    DeleteDoesNothing,
    DeleteReportsNothing,
    DeleteLeavesFormer,
    DeleteTakesAll,
    ReplaceRevives,
    RotationRevives,
    OldHandleRevives,
    DeleteReportsTwice,
    ListsEverybody,
    ListsNobody,
    ListsTwice,
    ListsFirstUser,
    Fails,
}

#[derive(Default)]
struct Rows {
    rows: HashMap<Handle, Record<u32, u8>>,
    /// By a bug, handles that lead somewhere still.
    stray: HashMap<Handle, Handle>,
    first_user: HashMap<Handle, u32>,
    ended: HashMap<Handle, Record<u32, u8>>,
    rotated: HashSet<Handle>,
}

/// The obvious store: a map. Two ways lead to it.
#[derive(Clone)]
struct Map {
    rows: Rc<RefCell<Rows>>,
    /// What this way alone has replaced, by a bug.
    cache: HashMap<Handle, Record<u32, u8>>,
    bug: Bug,
}

impl Map {
    fn new(bug: Bug) -> Self {
        Self {
            rows: Rc::default(),
            cache: HashMap::new(),
            bug,
        }
    }

    fn same_version(&self, a: u64, b: u64) -> bool {
        match self.bug {
            Bug::ReplaceIgnoresVersion => true,
            Bug::ReplaceWhenNewer => a <= b,
            #[expect(clippy::cast_precision_loss, clippy::float_cmp)]
            Bug::VersionsAreFloats => a as f64 == b as f64,
            _ => a == b,
        }
    }

    fn stored(&self, mut record: Record<u32, u8>) -> Record<u32, u8> {
        let mut core = record.core();
        let unsigned = match self.bug {
            Bug::BeginningsAreUnsigned => 16,
            Bug::UsesAreUnsigned => 24,
            Bug::RenewalsAreUnsigned => 32,
            _ => core.len(),
        };
        if core.get(unsigned).is_some_and(|byte| byte & 0x80 != 0) {
            core[unsigned..unsigned + 8].fill(0);
            record = Record::from_core(&core, record.user().copied(), 10).unwrap();
        }
        if self.bug == Bug::DataIsLost {
            record = Record::from_core(&core, record.user().copied(), 10).unwrap();
        }
        record
    }
}

impl Store for Map {
    type User = u32;
    type Data = u8;
    type Error = ();

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<u32, u8>>, ()> {
        if self.bug == Bug::Fails {
            return Err(());
        }
        let rows = self.rows.borrow();
        if let Some(cached) = self.cache.get(handle) {
            return Ok(Some(cached.clone()));
        }
        let former = |record: &&Record<u32, u8>| {
            self.bug != Bug::FormerIsNotFound
                && record.former().is_some_and(|(former, _)| former == *handle)
                && (self.bug != Bug::FormerIsLostByUpdate || record.version() < 2)
        };
        let stray = rows.stray.get(handle).and_then(|at| rows.rows.get(at));
        let found = rows
            .rows
            .get(handle)
            .or_else(|| rows.rows.values().find(former));
        Ok(found.or(stray).cloned())
    }

    fn apply(&mut self, change: &Change<'_, u32, u8>) -> Result<bool, ()> {
        let mut rows = self.rows.borrow_mut();
        match change {
            Change::Insert { record, .. } => {
                let taken = rows.rows.contains_key(&record.handle());
                if taken && self.bug != Bug::InsertOverwrites {
                    return Ok(false);
                }
                if self.bug != Bug::InsertIsLost {
                    rows.rows
                        .insert(record.handle(), self.stored((*record).clone()));
                    if let Some(user) = record.user() {
                        rows.first_user.insert(record.handle(), *user);
                    }
                }
                Ok(!taken)
            }
            Change::Replace { was, record, .. } => {
                let Some(old) = rows.rows.get(&was.handle).cloned() else {
                    let had_ended = rows.ended.contains_key(&was.handle);
                    let revived = match self.bug {
                        Bug::ReplaceRevives => had_ended,
                        Bug::RotationRevives => had_ended && record.handle() != was.handle,
                        Bug::OldHandleRevives => rows.rotated.contains(&was.handle),
                        _ => false,
                    };
                    if self.bug == Bug::ReplaceInserts || revived {
                        rows.rows.insert(record.handle(), (*record).clone());
                    }
                    return Ok(false);
                };
                let taken = record.handle() != was.handle
                    && rows.rows.contains_key(&record.handle())
                    && self.bug != Bug::ReplaceIgnoresTaken;
                if !self.same_version(old.version(), was.version) || taken {
                    if self.bug == Bug::RefusesAndWrites {
                        rows.rows.insert(record.handle(), (*record).clone());
                    }
                    return Ok(false);
                }
                if self.bug == Bug::ReplaceIsNotShared {
                    self.cache.insert(record.handle(), (*record).clone());
                    return Ok(true);
                }
                if self.bug != Bug::OldHandleStays {
                    rows.rows.remove(&was.handle);
                }
                if self.bug == Bug::OldHandleAnswersForever && was.handle != record.handle() {
                    rows.stray.insert(was.handle, record.handle());
                }
                if was.handle != record.handle() {
                    rows.rotated.insert(was.handle);
                }
                if let Some(user) = record.user() {
                    let first = rows.first_user.get(&was.handle).copied();
                    rows.first_user
                        .insert(record.handle(), first.unwrap_or(*user));
                }
                rows.rows
                    .insert(record.handle(), self.stored((*record).clone()));
                Ok(true)
            }
            Change::Delete { was } => {
                let Some(old) = rows.rows.get(&was.handle).cloned() else {
                    let had_ended = rows.ended.contains_key(&was.handle);
                    return Ok(self.bug == Bug::DeleteReportsTwice && had_ended);
                };
                if old.stamp() != *was && self.bug != Bug::DeleteIgnoresVersion {
                    return Ok(false);
                }
                rows.ended.insert(was.handle, old.clone());
                match self.bug {
                    Bug::DeleteDoesNothing => {}
                    Bug::DeleteTakesAll => rows.rows.clear(),
                    Bug::DeleteLeavesFormer if old.former().is_some() => {
                        let (former, _) = old.former().unwrap();
                        rows.rows.remove(&was.handle);
                        rows.rows.insert(former, old);
                    }
                    _ => {
                        rows.rows.remove(&was.handle);
                    }
                }
                Ok(self.bug != Bug::DeleteReportsNothing)
            }
        }
    }

    fn each_of(&mut self, user: &u32, mut see: impl FnMut(Record<u32, u8>)) -> Result<(), ()> {
        let rows = self.rows.borrow();
        for record in rows.rows.values() {
            let theirs = match self.bug {
                Bug::ListsEverybody => record.user().is_some(),
                Bug::ListsNobody => false,
                Bug::ListsFirstUser => rows.first_user.get(&record.handle()) == Some(user),
                _ => record.user() == Some(user),
            };
            if theirs {
                see(record.clone());
                if self.bug == Bug::ListsTwice {
                    see(record.clone());
                }
            }
        }
        Ok(())
    }
}

fn test(store: &Map) -> Result<(), Fault<()>> {
    let (mut one, mut other) = (store.clone(), store.clone());
    // Lent, so that what lends a store is tested with it.
    let (mut one, mut other) = (&mut one, &mut other);
    let mut n = 0_u64;
    let fill = |bytes: &mut [u8]| {
        n += 1;
        bytes[..8].copy_from_slice(&n.to_le_bytes());
        Ok::<(), ()>(())
    };
    conformance(&mut one, &mut other, [1, 2], [10, 20], fill, NOW)
}

#[test]
fn the_obvious_store_conforms_and_is_left_empty() {
    let store = Map::new(Bug::None);
    assert_eq!(test(&store), Ok(()));
    assert!(store.rows.borrow().rows.is_empty());
}

#[test]
fn every_bug_is_named() {
    for (bug, law) in [
        (
            Bug::InsertOverwrites,
            "an insertion that is refused changes nothing",
        ),
        (
            Bug::InsertIsLost,
            "what is inserted one way is found both ways, as it was",
        ),
        (
            Bug::DataIsLost,
            "what is replaced one way is found both ways, as it was",
        ),
        (Bug::ReplaceInserts, "a replacement does not insert"),
        (
            Bug::ReplaceIgnoresVersion,
            "a record whose version has changed is not replaced",
        ),
        (
            Bug::ReplaceWhenNewer,
            "a record whose version has changed is not replaced",
        ),
        (
            Bug::ReplaceIsNotShared,
            "what is replaced one way is found both ways, as it was",
        ),
        (
            Bug::ReplaceIgnoresTaken,
            "no record is put under the handle of another",
        ),
        (
            Bug::RefusesAndWrites,
            "a record whose version has changed is not replaced",
        ),
        (
            Bug::OldHandleStays,
            "what has another handle is not found under the old one",
        ),
        (
            Bug::OldHandleAnswersForever,
            "what has another handle is not found under the old one",
        ),
        (
            Bug::FormerIsNotFound,
            "a record is found under its former handle too",
        ),
        (
            Bug::FormerIsLostByUpdate,
            "a record that changes stays found under its former handle",
        ),
        (
            Bug::VersionsAreFloats,
            "versions that differ by one are different",
        ),
        (
            Bug::BeginningsAreUnsigned,
            "versions and times of any size are kept as they are",
        ),
        (
            Bug::UsesAreUnsigned,
            "versions and times of any size are kept as they are",
        ),
        (
            Bug::RenewalsAreUnsigned,
            "versions and times of any size are kept as they are",
        ),
        (
            Bug::DeleteIgnoresVersion,
            "a record of another version is not deleted",
        ),
        (
            Bug::DeleteDoesNothing,
            "what is deleted one way is gone both ways",
        ),
        (
            Bug::DeleteReportsNothing,
            "a record that is unchanged is deleted",
        ),
        (
            Bug::DeleteLeavesFormer,
            "what is deleted is not found under its former handle",
        ),
        (Bug::DeleteTakesAll, "a deletion deletes one record only"),
        (
            Bug::ReplaceRevives,
            "what is deleted is not revived by an update",
        ),
        (
            Bug::RotationRevives,
            "what is deleted is not revived by a rotation",
        ),
        (
            Bug::OldHandleRevives,
            "a slow update does not bring an old handle back",
        ),
        (
            Bug::DeleteReportsTwice,
            "what is deleted one way is gone both ways",
        ),
        (
            Bug::ListsEverybody,
            "a user's records are listed, and nobody else's",
        ),
        (
            Bug::ListsNobody,
            "a user's records are listed, and nobody else's",
        ),
        (
            Bug::ListsTwice,
            "a user's records are listed, and nobody else's",
        ),
        (
            Bug::ListsFirstUser,
            "a record that gets another user is listed as that user's alone",
        ),
    ] {
        let found = test(&Map::new(bug));
        assert_eq!(found, Err(Fault::Broken(law)), "{bug:?}");
    }
    assert_eq!(test(&Map::new(Bug::Fails)), Err(Fault::Outage(())));
}

#[test]
fn a_random_source_that_fails_is_no_fault_of_the_store() {
    let (mut one, mut other) = (Map::new(Bug::None), Map::new(Bug::None));
    let fill = |_: &mut [u8]| Err("no entropy");
    let found = conformance(&mut one, &mut other, [1, 2], [10, 20], fill, NOW);
    assert_eq!(found, Err(Fault::NoEntropy));
}

struct Way<'a>(&'a RefCell<Sessions<u32, u8, 4>>);

impl Store for Way<'_> {
    type User = u32;
    type Data = u8;
    type Error = Error;

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<u32, u8>>, Error> {
        self.0.borrow_mut().load(handle)
    }

    fn apply(&mut self, change: &Change<'_, u32, u8>) -> Result<bool, Error> {
        self.0.borrow_mut().apply(change)
    }

    fn each_of(&mut self, user: &u32, see: impl FnMut(Record<u32, u8>)) -> Result<(), Error> {
        self.0.borrow_mut().each_of(user, see)
    }
}

#[test]
fn sessions_in_memory_conform_and_are_left_empty() {
    let sessions = RefCell::new(Sessions::new(Rules::AAL2));
    let mut n = 0_u64;
    let fill = |bytes: &mut [u8]| {
        n += 1;
        bytes[24..].copy_from_slice(&n.to_le_bytes());
        Ok::<(), ()>(())
    };
    let (mut one, mut other) = (Way(&sessions), Way(&sessions));
    let found = conformance(&mut one, &mut other, [1, 2], [10, 20], fill, NOW);
    assert_eq!(found, Ok(()));
    assert!(sessions.borrow().is_empty());
}

#[test]
fn records_and_sessions_in_memory_are_one_store() {
    let random = |byte: u8| {
        move |bytes: &mut [u8]| {
            bytes.fill(byte);
            Ok::<(), ()>(())
        }
    };
    let rules = Rules::AAL1;
    let mut sessions = Sessions::<u32, u8, 1>::new(rules);
    // Put in as a record, used as a session …
    let (first, record) = Record::open(7, random(1), NOW).unwrap();
    assert_eq!(sessions.apply(&record.insertion(&rules, NOW)), Ok(true));
    assert_eq!(sessions.check(&first, NOW).unwrap().data(), &7);
    sessions.update(&first, |data| *data += 1, NOW).unwrap();
    // … changed as a record again.
    let mut loaded = sessions.load(&first.handle()).unwrap().unwrap();
    assert_eq!(loaded.version(), 1);
    let (second, change) = loaded.rotate(&first, &rules, random(2), NOW).unwrap();
    assert_eq!(sessions.apply(&change), Ok(true));
    for secret in [&first, &second] {
        assert_eq!(sessions.check(secret, NOW).unwrap().data(), &8);
    }
    let was = Stamp {
        handle: second.handle(),
        version: 1,
    };
    assert_eq!(sessions.apply(&Change::Delete { was }), Ok(false));
    // Full: a further anonymous record ends this one, as a further visitor would.
    let (third, record) = Record::open(9, random(3), NOW).unwrap();
    assert_eq!(sessions.apply(&record.insertion(&rules, NOW)), Ok(true));
    assert_eq!(sessions.check(&second, NOW).err(), Some(Error::Gone));
    assert_eq!(sessions.check(&third, NOW).unwrap().data(), &9);
}
