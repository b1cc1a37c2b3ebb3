//! Every law of the two conformance suites has a store that breaks it: one that gives one wrong answer.
//! And stores that are wrong as real ones are, each in one line, do not pass.

#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::refresh::{self, Families, Family, FamilyId, Grant, State};
use hardtack::scope::Scope;
use hardtack::session::{self, Change, Fault, Handle, Record, Sessions};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// Two ways to a store whose answers are right but for one.
struct Liar<'s, S, R> {
    store: &'s RefCell<S>,
    /// How many right answers come before the wrong one.
    before: &'s Cell<usize>,
    /// What was put in last, which is what is found where nothing is.
    last: &'s RefCell<R>,
}

impl<S, R: Clone> Liar<'_, S, R> {
    fn lies(&self) -> bool {
        let before = self.before.get();
        self.before.set(before.wrapping_sub(1));
        before == 0
    }

    fn found(&self, right: Option<R>) -> Option<R> {
        match right {
            right if !self.lies() => right,
            Some(_) => None,
            None => Some(self.last.borrow().clone()),
        }
    }
}

type Rows = Sessions<u32, u8, 4>;

impl session::Store for Liar<'_, Rows, Record<u32, u8>> {
    type User = u32;
    type Data = u8;
    type Error = session::Error;

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<u32, u8>>, session::Error> {
        let right = self.store.borrow_mut().load(handle)?;
        Ok(self.found(right))
    }

    fn apply(&mut self, change: &Change<'_, u32, u8>) -> Result<bool, session::Error> {
        if let Change::Insert { record, .. } = change {
            self.last.replace((*record).clone());
        }
        Ok(self.store.borrow_mut().apply(change)? != self.lies())
    }

    fn each_of(
        &mut self,
        user: &u32,
        see: impl FnMut(Record<u32, u8>),
    ) -> Result<(), session::Error> {
        let mut all = Vec::new();
        self.store
            .borrow_mut()
            .each_of(user, |record| all.push(record))?;
        if self.lies() {
            all = if all.is_empty() {
                vec![self.last.borrow().clone()]
            } else {
                Vec::new()
            };
        }
        all.into_iter().for_each(see);
        Ok(())
    }
}

const RULES: refresh::Rules = refresh::Rules::AAL3.with_per_user(refresh::PerUser::Unlimited);

impl refresh::Store<u32, 8> for Liar<'_, Families<u32, 4, 8>, Family<u32, 8>> {
    type Error = Infallible;

    fn rules(&self) -> &refresh::Rules {
        &RULES
    }

    fn insert(
        &mut self,
        family: Family<u32, 8>,
        now: UnixTime,
    ) -> Result<Result<(), refresh::Error>, Infallible> {
        self.last.replace(family.clone());
        let right = refresh::Store::insert(&mut *self.store.borrow_mut(), family, now)?;
        Ok(match right {
            right if !self.lies() => right,
            Ok(()) => Err(refresh::Error::Full),
            Err(_) => Ok(()),
        })
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32, 8>>, Infallible> {
        let right = self.store.borrow_mut().load(id)?;
        Ok(self.found(right))
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Infallible> {
        let mut families = self.store.borrow_mut();
        Ok(refresh::Store::replace(&mut *families, id, counter, state)? != self.lies())
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, Infallible> {
        Ok(self.store.borrow_mut().remove(id)? != self.lies())
    }

    fn remove_user(&mut self, user: &u32) -> Result<usize, Infallible> {
        Ok(self.store.borrow_mut().remove_user(user)? + usize::from(self.lies()))
    }
}

fn names() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
    let mut name = 0_u64;
    move |bytes| {
        name += 1;
        for (to, from) in bytes.iter_mut().zip(name.to_be_bytes()) {
            *to = from;
        }
        Ok(())
    }
}

/// What a suite names broken when one answer is wrong, each of them in turn.
fn broken<S, R: Clone, E: Debug>(
    new: impl Fn() -> S,
    decoy: &R,
    suite: impl for<'s> Fn([Liar<'s, S, R>; 2]) -> Result<(), Fault<E>>,
) -> BTreeSet<String> {
    let run = |right| {
        let (store, before, last) = (new().into(), Cell::new(right), RefCell::new(decoy.clone()));
        let ways = [0; 2].map(|_| Liar {
            store: &store,
            before: &before,
            last: &last,
        });
        (suite(ways), before.get())
    };
    let (found, rest) = run(usize::MAX);
    found.unwrap();
    let laws = (0..usize::MAX - rest).filter_map(|right| match run(right).0 {
        Err(Fault::Broken(law)) => Some(law.to_owned()),
        // An answer that no law looks at.
        Ok(()) => None,
        fault => panic!("{fault:?} after {right} answers"),
    });
    laws.collect()
}

/// The laws that the files of a suite name: each is a line of its own.
fn laws(suite: &str) -> BTreeSet<String> {
    let at = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(suite);
    let folder = fs::read_dir(at.join("laws")).unwrap();
    let files = folder.map(|file| file.unwrap().path());
    let texts = files
        .chain([at.join("laws.rs")])
        .map(|file| fs::read_to_string(file).unwrap());
    texts
        .flat_map(|text| {
            let lines = text.lines().map(str::trim);
            let laws = lines.filter_map(|line| line.strip_prefix('"')?.strip_suffix("\","));
            laws.map(String::from).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_law_of_sessions_is_broken_by_a_wrong_answer() {
    let (_, decoy) = Record::open(10, names(), NOW).unwrap();
    let found = broken(
        || Rows::new(session::Rules::AAL1),
        &decoy,
        |[mut one, mut other]| {
            session::conformance(&mut one, &mut other, [1, 2], [10, 20], names(), NOW)
        },
    );
    assert_eq!(found, laws("session/store"));
}

#[test]
fn every_law_of_families_is_broken_by_a_wrong_answer() {
    let who = Authenticated::vouch(1, Evidence::new(Assurance::Aal1, Factors::PWD), NOW);
    let grant = Grant::new(&who, "c", Scope::NONE).unwrap();
    let decoy = Family::new(grant, &RULES, names(), NOW).unwrap();
    let found = broken(
        || Families::new(RULES),
        &decoy,
        |[mut one, mut other]| refresh::conformance(&mut one, &mut other, [1, 2], names(), NOW),
    );
    assert_eq!(found, laws("refresh/store"));
}

/// What is wrong with a store that somebody has written.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    Nothing,
    /// The list of a user's is changed before the condition is looked at.
    ListsBeforeItCompares,
    /// A row that is written is listed once more.
    ListsAgain,
    /// The way from a former handle goes on from row to row.
    FollowsFormerHandles,
    /// A row that is written is listed no longer.
    ForgetsWhatIsReplaced,
}

/// Rows, and beside them whose they are.
struct Shelf<R, K> {
    rows: Vec<R>,
    /// A user's rows.
    listed: Vec<(u32, K)>,
    /// From which to which.
    moved: Vec<(K, K)>,
    wrong: Wrong,
}

impl<R, K: Copy + PartialEq> Shelf<R, K> {
    fn new(wrong: Wrong) -> RefCell<Self> {
        RefCell::new(Self {
            rows: Vec::new(),
            listed: Vec::new(),
            moved: Vec::new(),
            wrong,
        })
    }

    fn unlist(&mut self, key: K) {
        self.listed.retain(|(_, listed)| *listed != key);
    }
}

struct Way<'s, R, K>(&'s RefCell<Shelf<R, K>>);

impl session::Store for Way<'_, Record<u32, u8>, Handle> {
    type User = u32;
    type Data = u8;
    type Error = Infallible;

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<u32, u8>>, Infallible> {
        let shelf = self.0.borrow();
        let mut handle = *handle;
        if shelf.wrong == Wrong::FollowsFormerHandles {
            while let Some((_, to)) = shelf.moved.iter().find(|(from, _)| *from == handle) {
                handle = *to;
            }
        }
        let is_former = |row: &&Record<u32, u8>| row.former().is_some_and(|(own, _)| own == handle);
        let own = shelf.rows.iter().find(|row| row.handle() == handle);
        Ok(own.or_else(|| shelf.rows.iter().find(is_former)).cloned())
    }

    fn apply(&mut self, change: &Change<'_, u32, u8>) -> Result<bool, Infallible> {
        let shelf = &mut *self.0.borrow_mut();
        let wrong = shelf.wrong;
        let (was, record) = match change {
            Change::Insert { record, .. } => (None, Some(*record)),
            Change::Replace { was, record, .. } => (Some(*was), Some(*record)),
            Change::Delete { was } => (Some(*was), None),
        };
        let list = |shelf: &mut Shelf<_, _>| {
            if let Some(was) = was.filter(|_| wrong != Wrong::ListsAgain) {
                shelf.unlist(was.handle);
            }
            let listed = record.filter(|_| was.is_none() || wrong != Wrong::ForgetsWhatIsReplaced);
            if let Some((user, handle)) = listed.and_then(|row| Some((*row.user()?, row.handle())))
            {
                shelf.listed.push((user, handle));
            }
        };
        if wrong == Wrong::ListsBeforeItCompares {
            list(shelf);
        }
        let is_old = |row: &Record<u32, u8>| Some(row.stamp()) == was;
        let other = |row: &Record<u32, u8>| {
            !is_old(row) && record.is_some_and(|record| record.handle() == row.handle())
        };
        if was.is_some() && !shelf.rows.iter().any(is_old) || shelf.rows.iter().any(other) {
            return Ok(false);
        }
        if wrong != Wrong::ListsBeforeItCompares {
            list(shelf);
        }
        shelf.rows.retain(|row| !is_old(row));
        shelf.rows.extend(record.cloned());
        if let (Some(was), Some(record)) = (was, record)
            && record.former().is_some()
            && record.handle() != was.handle
        {
            shelf.moved.push((was.handle, record.handle()));
        }
        Ok(true)
    }

    fn each_of(
        &mut self,
        user: &u32,
        mut see: impl FnMut(Record<u32, u8>),
    ) -> Result<(), Infallible> {
        let shelf = self.0.borrow();
        for (_, handle) in shelf.listed.iter().filter(|(whose, _)| whose == user) {
            let row = shelf.rows.iter().find(|row| row.handle() == *handle);
            row.cloned().into_iter().for_each(&mut see);
        }
        Ok(())
    }
}

impl refresh::Store<u32, 8> for Way<'_, Family<u32, 8>, FamilyId> {
    type Error = Infallible;

    fn rules(&self) -> &refresh::Rules {
        &RULES
    }

    fn insert(
        &mut self,
        family: Family<u32, 8>,
        _: UnixTime,
    ) -> Result<Result<(), refresh::Error>, Infallible> {
        let shelf = &mut *self.0.borrow_mut();
        let listed = (*family.grant().user(), family.id());
        if shelf.wrong == Wrong::ListsBeforeItCompares {
            shelf.listed.push(listed);
        }
        if shelf.rows.iter().any(|row| row.id() == family.id()) {
            return Ok(Err(refresh::Error::NoEntropy));
        }
        if shelf.wrong != Wrong::ListsBeforeItCompares {
            shelf.listed.push(listed);
        }
        shelf.rows.push(family);
        Ok(Ok(()))
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32, 8>>, Infallible> {
        let shelf = self.0.borrow();
        Ok(shelf.rows.iter().find(|row| row.id() == id).cloned())
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Infallible> {
        let shelf = &mut *self.0.borrow_mut();
        let mut rows = shelf.rows.iter_mut();
        let Some(row) = rows.find(|row| row.id() == id && row.state().counter() == counter) else {
            return Ok(false);
        };
        *row = Family::from_parts(id, state, row.grant().clone());
        if shelf.wrong == Wrong::ForgetsWhatIsReplaced {
            shelf.unlist(id);
        }
        Ok(true)
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, Infallible> {
        let shelf = &mut *self.0.borrow_mut();
        let before = shelf.rows.len();
        shelf.rows.retain(|row| row.id() != id);
        shelf.unlist(id);
        Ok(shelf.rows.len() < before)
    }

    fn remove_user(&mut self, user: &u32) -> Result<usize, Infallible> {
        let shelf = &mut *self.0.borrow_mut();
        let before = shelf.rows.len();
        let is_listed = |id| shelf.listed.contains(&(*user, id));
        shelf.rows.retain(|row| !is_listed(row.id()));
        shelf.listed.retain(|(whose, _)| whose != user);
        Ok(before - shelf.rows.len())
    }
}

#[test]
fn a_store_of_sessions_that_is_wrong_does_not_pass() {
    let tested = |wrong| {
        let shelf = Shelf::new(wrong);
        let (mut one, mut other) = (Way(&shelf), Way(&shelf));
        session::conformance(&mut one, &mut other, [1, 2], [10, 20], names(), NOW)
    };
    assert_eq!(tested(Wrong::Nothing), Ok(()));
    for (wrong, law) in [
        (
            Wrong::ListsBeforeItCompares,
            "a user's records are listed, and nobody else's",
        ),
        (
            Wrong::ListsAgain,
            "of a user what is stored is listed, once, whatever was under way",
        ),
        (
            Wrong::FollowsFormerHandles,
            "after two rotations a record is not found under the first handle",
        ),
        (
            Wrong::ForgetsWhatIsReplaced,
            "a record that gets another handle is listed once, as it is now",
        ),
    ] {
        assert_eq!(tested(wrong), Err(Fault::Broken(law)));
    }
}

#[test]
fn a_store_of_families_that_is_wrong_does_not_pass() {
    let tested = |wrong| {
        let shelf = Shelf::new(wrong);
        let (mut one, mut other) = (Way(&shelf), Way(&shelf));
        refresh::conformance(&mut one, &mut other, [1, 2], names(), NOW)
    };
    assert_eq!(tested(Wrong::Nothing), Ok(()));
    for (wrong, law) in [
        (
            Wrong::ListsBeforeItCompares,
            "a user's families are removed, and nobody else's",
        ),
        (
            Wrong::ForgetsWhatIsReplaced,
            "all families of a user are removed, once",
        ),
    ] {
        assert_eq!(tested(wrong), Err(Fault::Broken(law)));
    }
}
