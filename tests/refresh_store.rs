//! The store conformance suite: it passes what keeps the laws, and names the law that is broken.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::cell::RefCell;
use std::convert::Infallible;
use std::time::Duration;

use hardtack::refresh::{
    Error, Families, Family, FamilyId, Fault, PerUser, Rules, State, Store, conformance,
};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// Where a plain list of rows goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    Outage,
    LosesInserts,
    FindsAnything,
    LosesGrants,
    InsertsTwice,
    OverwritesOnInsert,
    NeverReplaces,
    NeverCompares,
    ComparesLater,
    ReplacesAllOfAUser,
    InsertsOnReplace,
    CountsInDoubles,
    ClampsTimes,
    NeverRemoves,
    ForgetsTheCountOfRemoved,
    RemovesAllOfAUser,
    RemovesOneOfAUser,
    RemovesEverybody,
    KeepsConnectionsApart,
}

#[derive(Clone)]
struct Rows<'a> {
    rows: &'a RefCell<Vec<Family<u32, 16>>>,
    graves: &'a RefCell<Vec<Family<u32, 16>>>,
    flaw: Flaw,
}

impl Rows<'_> {
    fn position(&self, id: FamilyId) -> Option<usize> {
        self.rows.borrow().iter().position(|row| row.id() == id)
    }
}

impl Store<u32, 16> for Rows<'_> {
    type Error = &'static str;

    fn rules(&self) -> &Rules {
        const RULES: Rules = Rules::AAL3.with_per_user(PerUser::Unlimited);
        &RULES
    }

    fn insert(
        &mut self,
        family: Family<u32, 16>,
        _: UnixTime,
    ) -> Result<Result<(), Error>, &'static str> {
        let taken = self.position(family.id());
        match (self.flaw, taken) {
            (Flaw::Outage, _) => return Err("unplugged"),
            (Flaw::LosesInserts, _) => return Ok(Ok(())),
            (Flaw::InsertsTwice, Some(_)) => return Ok(Ok(())),
            (Flaw::OverwritesOnInsert, Some(at)) => {
                self.rows.borrow_mut()[at] = family;
                return Ok(Err(Error::NoEntropy));
            }
            (_, Some(_)) => return Ok(Err(Error::NoEntropy)),
            _ => self.rows.borrow_mut().push(family),
        }
        Ok(Ok(()))
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32, 16>>, &'static str> {
        let at = self.position(id);
        let row = at.map(|at| self.rows.borrow()[at].clone());
        Ok(match (self.flaw, row) {
            (Flaw::FindsAnything, None) => self.rows.borrow().first().cloned(),
            (Flaw::LosesGrants, Some(row)) if row.state().counter() > 0 => {
                let other = self
                    .rows
                    .borrow()
                    .iter()
                    .find(|other| other.id() != id)
                    .cloned();
                let grant = other.map_or(row.grant().clone(), |other| other.grant().clone());
                Some(Family::from_parts(id, row.state(), grant)).filter(|_| row.id() != id)
            }
            (_, row) => row,
        })
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, &'static str> {
        let mut rows = self.rows.borrow_mut();
        let Some(at) = rows.iter().position(|row| row.id() == id) else {
            if self.flaw == Flaw::InsertsOnReplace {
                let grave = self
                    .graves
                    .borrow()
                    .iter()
                    .find(|row| row.id() == id)
                    .cloned();
                rows.extend(grave.map(|row| row.with(state)));
            }
            return Ok(false);
        };
        let stored = rows[at].state().counter();
        #[expect(clippy::cast_precision_loss)]
        let unchanged = match self.flaw {
            Flaw::NeverReplaces => false,
            Flaw::NeverCompares => true,
            Flaw::ComparesLater => counter >= stored,
            Flaw::CountsInDoubles => counter as f64 == stored as f64,
            _ => counter == stored,
        };
        if !unchanged {
            return Ok(false);
        }
        let state = match self.flaw {
            Flaw::ClampsTimes if state.rotated() < UnixTime::EPOCH => {
                let mut bytes = state.to_bytes();
                bytes[8..16].fill(0);
                State::from_bytes(bytes)
            }
            _ => state,
        };
        let user = *rows[at].grant().user();
        for row in rows.iter_mut() {
            let same_user = self.flaw == Flaw::ReplacesAllOfAUser && *row.grant().user() == user;
            if row.id() == id || same_user {
                *row = row.clone().with(state);
            }
        }
        Ok(true)
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, &'static str> {
        let Some(at) = self.position(id) else {
            return Ok(self.flaw == Flaw::ForgetsTheCountOfRemoved);
        };
        let mut rows = self.rows.borrow_mut();
        let user = *rows[at].grant().user();
        match self.flaw {
            Flaw::NeverRemoves => {}
            Flaw::RemovesAllOfAUser => rows.retain(|row| *row.grant().user() != user),
            _ => self.graves.borrow_mut().push(rows.remove(at)),
        }
        Ok(true)
    }

    fn remove_user(&mut self, user: &u32) -> Result<usize, &'static str> {
        let mut rows = self.rows.borrow_mut();
        let own =
            |rows: &[Family<u32, 16>]| rows.iter().filter(|row| row.grant().user() == user).count();
        let before = own(&rows);
        match self.flaw {
            Flaw::RemovesEverybody => rows.clear(),
            Flaw::RemovesOneOfAUser => {
                let at = rows.iter().position(|row| row.grant().user() == user);
                at.map(|at| rows.remove(at));
            }
            _ => rows.retain(|row| row.grant().user() != user),
        }
        Ok(before - own(&rows))
    }
}

fn names() -> impl FnMut(&mut [u8]) -> Result<(), ()> {
    let mut name = 0_u64;
    move |bytes| {
        name += 1;
        bytes[..8].copy_from_slice(&name.to_be_bytes());
        Ok(())
    }
}

fn run(flaw: Flaw) -> Result<(), Fault<&'static str>> {
    let (rows, apart, graves) = Default::default();
    let mut one = Rows {
        rows: &rows,
        graves: &graves,
        flaw,
    };
    let mut other = one.clone();
    if flaw == Flaw::KeepsConnectionsApart {
        other.rows = &apart;
    }
    // Lent, so that what lends a store is tested with it.
    let (mut one, mut other) = (&mut one, &mut other);
    let result = conformance(&mut one, &mut other, [1, 2], names(), NOW);
    if result.is_ok() {
        assert_eq!(*rows.borrow(), [], "the suite leaves nothing behind");
    }
    result
}

#[test]
fn a_store_that_keeps_the_laws_passes() {
    assert_eq!(run(Flaw::None), Ok(()));
}

#[test]
fn every_flaw_breaks_a_law_that_is_named() {
    for (flaw, law) in [
        (Flaw::LosesInserts, "what is inserted is found as it was"),
        (
            Flaw::KeepsConnectionsApart,
            "what is inserted one way is found the other way",
        ),
        (
            Flaw::InsertsTwice,
            "a second family is not inserted under the name of a first",
        ),
        (
            Flaw::OverwritesOnInsert,
            "an insertion that is refused changes nothing",
        ),
        (
            Flaw::NeverReplaces,
            "a state whose counter is unchanged is replaced",
        ),
        (
            Flaw::LosesGrants,
            "what is replaced one way is found the other way, its grant as it was",
        ),
        (
            Flaw::NeverCompares,
            "a state whose counter has changed is not replaced",
        ),
        (
            Flaw::ComparesLater,
            "a state whose counter has changed is not replaced",
        ),
        (
            Flaw::ReplacesAllOfAUser,
            "a replacement changes one family only",
        ),
        (
            Flaw::ClampsTimes,
            "counters and times of any size are kept as they are",
        ),
        (
            Flaw::CountsInDoubles,
            "counters that differ by one are different",
        ),
        (
            Flaw::ForgetsTheCountOfRemoved,
            "nothing is removed under a name that was not inserted",
        ),
        (
            Flaw::NeverRemoves,
            "what is removed one way is gone the other way",
        ),
        (Flaw::InsertsOnReplace, "what is removed is not revived"),
        (Flaw::RemovesAllOfAUser, "a removal removes one family only"),
        (
            Flaw::RemovesOneOfAUser,
            "all families of a user are removed, once",
        ),
        (
            Flaw::RemovesEverybody,
            "a user's families are removed, and nobody else's",
        ),
        (
            Flaw::FindsAnything,
            "what is removed one way is gone the other way",
        ),
    ] {
        assert_eq!(run(flaw), Err(Fault::Broken(law)), "{flaw:?}");
    }
}

#[test]
fn rules_by_which_nothing_lives_cannot_be_tested() {
    struct Brief(Families<u32, 4, 8>);
    const BRIEF: Rules = Rules::new(Duration::ZERO, Duration::ZERO);
    impl Store<u32, 8> for Brief {
        type Error = Infallible;
        fn rules(&self) -> &Rules {
            &BRIEF
        }
        fn insert(
            &mut self,
            family: Family<u32, 8>,
            now: UnixTime,
        ) -> Result<Result<(), Error>, Infallible> {
            Store::insert(&mut self.0, family, now)
        }
        fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32, 8>>, Infallible> {
            self.0.load(id)
        }
        fn replace(&mut self, id: FamilyId, was: u64, state: State) -> Result<bool, Infallible> {
            Store::replace(&mut self.0, id, was, state)
        }
        fn remove(&mut self, id: FamilyId) -> Result<bool, Infallible> {
            self.0.remove(id)
        }
        fn remove_user(&mut self, user: &u32) -> Result<usize, Infallible> {
            self.0.remove_user(user)
        }
    }
    let (mut one, mut other) = (Brief(Families::new(BRIEF)), Brief(Families::new(BRIEF)));
    let result = conformance(&mut one, &mut other, [1, 2], names(), NOW);
    let lives = "a family that is not used lives a minute";
    assert_eq!(result, Err(Fault::Broken(lives)));
}

#[test]
fn an_outage_is_reported_as_one() {
    assert_eq!(run(Flaw::Outage), Err(Fault::Outage("unplugged")));
}

#[test]
fn a_random_source_that_fails_is_reported() {
    let (rows, graves) = Default::default();
    let mut one = Rows {
        rows: &rows,
        graves: &graves,
        flaw: Flaw::None,
    };
    let mut other = one.clone();
    let result = conformance(&mut one, &mut other, [1, 2], |_| Err(()), NOW);
    assert_eq!(result, Err(Fault::NoEntropy));
}

/// Two ways to families in memory.
struct Shared<'a>(&'a RefCell<Families<u32, 4, 8>>);

const RULES: Rules = Rules::AAL3.with_per_user(PerUser::Refuse(2));

impl Store<u32, 8> for Shared<'_> {
    type Error = Infallible;

    fn rules(&self) -> &Rules {
        &RULES
    }

    fn insert(
        &mut self,
        family: Family<u32, 8>,
        now: UnixTime,
    ) -> Result<Result<(), Error>, Infallible> {
        Store::insert(&mut *self.0.borrow_mut(), family, now)
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32, 8>>, Infallible> {
        self.0.borrow_mut().load(id)
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Infallible> {
        Store::replace(&mut *self.0.borrow_mut(), id, counter, state)
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, Infallible> {
        self.0.borrow_mut().remove(id)
    }

    fn remove_user(&mut self, user: &u32) -> Result<usize, Infallible> {
        self.0.borrow_mut().remove_user(user)
    }
}

#[test]
fn families_in_memory_pass() {
    let families = RefCell::new(Families::new(RULES));
    let (mut one, mut other) = (Shared(&families), Shared(&families));
    let result = conformance(&mut one, &mut other, [1, 2], names(), NOW);
    assert_eq!(result, Ok(()));
    assert!(families.borrow().is_empty());
}
