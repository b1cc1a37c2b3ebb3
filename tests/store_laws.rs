//! Every law of the two conformance suites has a store that breaks it: one that gives one wrong answer.

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
