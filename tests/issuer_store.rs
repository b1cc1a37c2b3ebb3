//! An issuer over a store that is shared and may fail: two clients in every interleaving, an outage
//! at every step. No token is lost, and none has two successors.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use core::time::Duration;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use hardtack::denylist::Denylist;
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::issuer::{Error, Issuer, Mint};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{self, Families, Family, FamilyId, Rules, State, Store};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const STRICT: Rules = Rules::AAL2;
const LENIENT: Rules = STRICT.with_grace(Duration::from_secs(30));

/// When a step of a store fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outage {
    Never,
    /// The call of this number does nothing and fails.
    Before(u32),
    /// The call of this number does what it should, and its answer is lost.
    After(u32),
}

/// What all ways to one store share.
struct Shared {
    families: RefCell<Families<u32, 4>>,
    rules: Rules,
    calls: Cell<u32>,
    outage: Cell<Outage>,
    /// Claims to have replaced nothing, for ever.
    stuck: Cell<bool>,
}

impl Shared {
    fn new(rules: Rules) -> Self {
        Self {
            families: RefCell::new(Families::new(rules)),
            rules,
            calls: Cell::new(0),
            outage: Cell::new(Outage::Never),
            stuck: Cell::new(false),
        }
    }

    fn step<R>(&self, work: impl FnOnce(&mut Families<u32, 4>) -> R) -> Result<R, ()> {
        let call = self.calls.replace(self.calls.get() + 1);
        if self.outage.get() == Outage::Before(call) {
            return Err(());
        }
        let answer = work(&mut self.families.borrow_mut());
        match self.outage.get() {
            Outage::After(after) if after == call => Err(()),
            _ => Ok(answer),
        }
    }

    fn counter(&self, id: FamilyId) -> Option<u64> {
        let families = self.families.borrow();
        let family = families.check(id, NOW).ok();
        family.map(|family| family.state().counter())
    }
}

/// A way to the store. Between two of its steps, others may do something.
struct Way<'s> {
    shared: &'s Shared,
    between: Option<&'s dyn Fn()>,
}

impl Way<'_> {
    fn others(&mut self) {
        // Once: what the others do is not interrupted itself.
        if let Some(between) = self.between.take() {
            between();
        }
    }
}

impl Store<u32> for Way<'_> {
    type Error = ();

    fn rules(&self) -> &Rules {
        &self.shared.rules
    }

    fn insert(
        &mut self,
        family: Family<u32>,
        now: UnixTime,
    ) -> Result<Result<(), refresh::Error>, ()> {
        self.shared.step(|families| families.insert(family, now))
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32>>, ()> {
        self.shared.step(|families| families.load(id).unwrap())
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, ()> {
        self.others();
        if self.shared.stuck.get() {
            return Ok(false);
        }
        self.shared
            .step(|families| Store::replace(families, id, counter, state).unwrap())
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, ()> {
        self.others();
        self.shared.step(|families| families.revoke(id))
    }

    fn remove_user(&mut self, user: &u32) -> Result<usize, ()> {
        self.shared.step(|families| families.revoke_user(user))
    }
}

fn mint() -> Mint<'static, Hs256> {
    let ring = Keyring::new("k", Key::new(&[7; 32]).unwrap());
    let minutes = Duration::from_secs(300);
    Mint::new(
        &ring,
        "https://login.example",
        "https://api.example",
        minutes,
    )
}

fn issuer<'s>(
    shared: &'s Shared,
    between: Option<&'s dyn Fn()>,
) -> Issuer<'static, Hs256, Way<'s>, 1> {
    let denied: Denylist<1> = mint().denylist();
    Issuer::new(mint(), Way { shared, between }, denied)
}

fn random(bytes: &mut [u8]) -> Result<(), ()> {
    use std::sync::atomic::{AtomicU8, Ordering};
    static NEXT: AtomicU8 = AtomicU8::new(1);
    bytes.fill(NEXT.fetch_add(1, Ordering::Relaxed) | 1);
    Ok(())
}

#[derive(Clone, Debug)]
struct Texts {
    access: String,
    refresh: String,
}

fn issue(issuer: &mut Issuer<'_, Hs256, Way<'_>, 1>) -> Result<Texts, Error> {
    let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
    let who = Authenticated::vouch(42, evidence, NOW);
    let mut buffer = [0; 1024];
    let pair = issuer.issue(&who, "web", Scope::NONE, random, &mut buffer, NOW);
    texts(pair)
}

fn exchange(issuer: &mut Issuer<'_, Hs256, Way<'_>, 1>, token: &str) -> Result<Texts, Error> {
    let mut buffer = [0; 1024];
    let pair = issuer.exchange(token, "web", Scope::NONE, random, &mut buffer, NOW);
    let texts = texts(pair);
    if texts.is_err() {
        assert!(
            !buffer.windows(3).any(|bytes| bytes == b"eyJ"),
            "a token is left"
        );
    }
    texts
}

fn texts(pair: Result<hardtack::issuer::Pair<'_>, Error>) -> Result<Texts, Error> {
    pair.map(|pair| Texts {
        access: pair.access_token().to_owned(),
        refresh: pair.refresh_token().to_owned(),
    })
}

fn family(token: &str) -> FamilyId {
    mint().seal().verify(token).unwrap().family()
}

#[test]
fn two_clients_at_once_get_one_successor_or_the_login_ends() {
    for (rules, ends) in [(LENIENT, false), (STRICT, true)] {
        let shared = Shared::new(rules);
        let first = issue(&mut issuer(&shared, None)).unwrap();
        let other = RefCell::new(None);
        // The other client exchanges the same token between our look-up and our write.
        let between = || {
            let pair = exchange(&mut issuer(&shared, None), &first.refresh);
            other.replace(Some(pair));
        };
        let ours = exchange(&mut issuer(&shared, Some(&between)), &first.refresh);
        let theirs = other.take().unwrap().unwrap();
        if ends {
            assert_eq!(ours.unwrap_err(), Error::Refresh(refresh::Error::Reused));
            assert_eq!(shared.counter(family(&first.refresh)), None);
        } else {
            assert_eq!(ours.unwrap().refresh, theirs.refresh);
            assert_eq!(shared.counter(family(&first.refresh)), Some(1));
        }
    }
}

#[test]
fn two_clients_over_two_refreshes_never_get_two_successors_to_one_token() {
    // The other client does its first, or both, of its refreshes in the middle of our first or of
    // our second, or between them.
    for rules in [STRICT, LENIENT] {
        for (in_first, in_second) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)] {
            let shared = Shared::new(rules);
            let first = issue(&mut issuer(&shared, None)).unwrap();
            let theirs = RefCell::new(first.refresh.clone());
            let successors = RefCell::new(BTreeSet::new());
            let refresh = |issuer: &mut Issuer<'_, Hs256, Way<'_>, 1>, token: &str| {
                let was = mint().seal().verify(token).unwrap().counter();
                let next = exchange(issuer, token).ok()?;
                let is = mint().seal().verify(&next.refresh).unwrap().counter();
                assert_eq!(is, was + 1);
                successors.borrow_mut().insert((was, next.refresh.clone()));
                Some(next.refresh)
            };
            let other = |times: u32| {
                for _ in 0..times {
                    let token = theirs.borrow().clone();
                    if let Some(next) = refresh(&mut issuer(&shared, None), &token) {
                        theirs.replace(next);
                    }
                }
            };
            let (between_first, between_second) = (|| other(in_first), || other(in_second));
            let mut ours = first.refresh.clone();
            for between in [&between_first as &dyn Fn(), &between_second] {
                if let Some(next) = refresh(&mut issuer(&shared, Some(between)), &ours) {
                    ours = next;
                }
            }
            let successors = successors.into_inner();
            let counters: BTreeSet<u64> = successors.iter().map(|(was, _)| *was).collect();
            assert_eq!(counters.len(), successors.len(), "{successors:?}");
        }
    }
}

#[test]
fn a_refresh_that_was_slow_does_not_bring_back_what_was_revoked() {
    let shared = Shared::new(LENIENT);
    let first = issue(&mut issuer(&shared, None)).unwrap();
    let logout = || {
        shared.families.borrow_mut().revoke_user(&42);
    };
    let refused = exchange(&mut issuer(&shared, Some(&logout)), &first.refresh);
    assert_eq!(refused.unwrap_err(), Error::Refresh(refresh::Error::Gone));
    assert!(shared.families.borrow().is_empty());
}

#[test]
fn an_outage_at_any_step_is_an_error_and_not_a_logout() {
    for step in 0..2 {
        for outage in [Outage::Before(step), Outage::After(step)] {
            let shared = Shared::new(LENIENT);
            let first = issue(&mut issuer(&shared, None)).unwrap();
            shared.calls.set(0);
            shared.outage.set(outage);
            let failed = exchange(&mut issuer(&shared, None), &first.refresh);
            assert_eq!(failed.unwrap_err(), Error::Unavailable, "{outage:?}");
            shared.outage.set(Outage::Never);
            // The client tries again, and there is one successor whether or not it was written.
            let next = exchange(&mut issuer(&shared, None), &first.refresh).unwrap();
            assert_eq!(mint().seal().verify(&next.refresh).unwrap().counter(), 1);
            assert_eq!(shared.counter(family(&first.refresh)), Some(1));
        }
    }
}

#[test]
fn an_outage_before_the_write_loses_nothing_even_without_a_grace() {
    for outage in [Outage::Before(0), Outage::After(0), Outage::Before(1)] {
        let shared = Shared::new(STRICT);
        let first = issue(&mut issuer(&shared, None)).unwrap();
        shared.calls.set(0);
        shared.outage.set(outage);
        let failed = exchange(&mut issuer(&shared, None), &first.refresh);
        assert_eq!(failed.unwrap_err(), Error::Unavailable, "{outage:?}");
        shared.outage.set(Outage::Never);
        assert!(exchange(&mut issuer(&shared, None), &first.refresh).is_ok());
    }
}

#[test]
fn an_outage_while_a_stolen_token_is_reported_is_made_up_for_by_the_next() {
    let shared = Shared::new(STRICT);
    let first = issue(&mut issuer(&shared, None)).unwrap();
    let second = exchange(&mut issuer(&shared, None), &first.refresh).unwrap();
    shared.calls.set(0);
    shared.outage.set(Outage::Before(1));
    let failed = exchange(&mut issuer(&shared, None), &first.refresh);
    assert_eq!(failed.unwrap_err(), Error::Unavailable);
    shared.outage.set(Outage::Never);
    let reused = exchange(&mut issuer(&shared, None), &first.refresh);
    assert_eq!(reused.unwrap_err(), Error::Refresh(refresh::Error::Reused));
    let gone = exchange(&mut issuer(&shared, None), &second.refresh);
    assert_eq!(gone.unwrap_err(), Error::Refresh(refresh::Error::Gone));
}

#[test]
fn every_other_function_reports_an_outage() {
    let shared = Shared::new(STRICT);
    let pair = issue(&mut issuer(&shared, None)).unwrap();
    let scratch = &mut [0; 1024];
    let fail = |step: u32| {
        shared.calls.set(0);
        shared.outage.set(Outage::Before(step));
        issuer(&shared, None)
    };
    assert_eq!(issue(&mut fail(0)).unwrap_err(), Error::Unavailable);
    let verified = fail(0).verify(&pair.access, scratch, NOW).map(|_| ());
    assert_eq!(verified, Err(Error::Unavailable));
    for step in 0..2 {
        let revoked = fail(step).revoke(&pair.refresh, "web", scratch, NOW);
        assert_eq!(revoked, Err(Error::Unavailable));
    }
    assert_eq!(fail(0).revoke_user(&42), Err(Error::Unavailable));
    let id = family(&pair.refresh);
    assert_eq!(fail(0).revoke_login(id), Err(Error::Unavailable));
    shared.outage.set(Outage::Never);
    let mut after = issuer(&shared, None);
    assert!(after.verify(&pair.access, scratch, NOW).is_ok());
}

#[test]
fn forged_mangled_and_foreign_tokens_are_refused_before_any_look_up() {
    let shared = Shared::new(STRICT);
    let good = issue(&mut issuer(&shared, None)).unwrap().refresh;
    let foreign_ring = Keyring::<_, 0>::new("k", Key::<Hs256>::new(&[8; 32]).unwrap());
    let ticket = mint().seal().verify(&good).unwrap();
    let foreign = refresh::Seal::new(&foreign_ring).sign(ticket);
    let mut tokens = vec![foreign.expose().to_owned(), String::new()];
    tokens.extend([format!("{good}A"), good[1..].to_owned()]);
    for at in 0..good.len() {
        let other = if good.as_bytes()[at] == b'A' {
            "B"
        } else {
            "A"
        };
        tokens.push(format!("{}{other}{}", &good[..at], &good[at + 1..]));
    }
    shared.calls.set(0);
    for token in &tokens {
        let refused = exchange(&mut issuer(&shared, None), token).unwrap_err();
        assert_eq!(refused, Error::Refresh(refresh::Error::Invalid), "{token}");
        let _ = issuer(&shared, None).revoke(token, "web", &mut [0; 1024], NOW);
    }
    assert_eq!(shared.calls.get(), 0);
    assert!(exchange(&mut issuer(&shared, None), &good).is_ok());
    assert_ne!(shared.calls.get(), 0);
}

#[test]
fn a_store_that_replaces_nothing_is_out_of_order() {
    let shared = Shared::new(STRICT);
    let first = issue(&mut issuer(&shared, None)).unwrap();
    shared.stuck.set(true);
    let failed = exchange(&mut issuer(&shared, None), &first.refresh);
    assert_eq!(failed.unwrap_err(), Error::Unavailable);
    shared.stuck.set(false);
    assert!(exchange(&mut issuer(&shared, None), &first.refresh).is_ok());
}
