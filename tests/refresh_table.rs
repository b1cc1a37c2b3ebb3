//! Refresh families, row by row: what a presented token is answered with (RFC 9700 §4.14.2).

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use core::time::Duration;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{
    Decision, Error, Families, Family, Grant, PerUser, Rules, Seal, State, Ticket,
};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;

const START: UnixTime = UnixTime::from_secs(1_700_000_000);
const IDLE: u64 = 100;
const ABSOLUTE: u64 = 250;
const GRACE: u64 = 10;
const STRICT: Rules = Rules::new(Duration::from_secs(IDLE), Duration::from_secs(ABSOLUTE));
const LENIENT: Rules = STRICT.with_grace(Duration::from_secs(GRACE));

fn at(secs: u64) -> UnixTime {
    START.saturating_add(Duration::from_secs(secs))
}

fn before(secs: u64) -> UnixTime {
    START.saturating_sub(Duration::from_secs(secs))
}

fn scope(text: &str) -> Scope<'_> {
    Scope::parse(text).unwrap()
}

fn grant_at(user: u32, now: UnixTime) -> Grant<u32> {
    let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
    let who = Authenticated::vouch(user, evidence, now);
    Grant::new(&who, "web", scope("read write")).unwrap()
}

/// A random source of which every byte is `byte`.
fn fill(byte: u8) -> impl Fn(&mut [u8]) -> Result<(), ()> {
    move |bytes| {
        bytes.fill(byte);
        Ok(())
    }
}

/// Families, and a source of names that counts.
struct Server<const N: usize> {
    families: Families<u32, N>,
    names: u8,
}

impl<const N: usize> Server<N> {
    fn new(rules: Rules) -> Self {
        Self {
            families: Families::new(rules),
            names: 0,
        }
    }

    fn open(&mut self, user: u32, now: UnixTime) -> Result<Ticket, Error> {
        self.names += 1;
        let name = fill(self.names);
        self.families.open(grant_at(user, now), name, now)
    }

    fn rotate(&mut self, ticket: Ticket, now: UnixTime) -> Result<Ticket, Error> {
        self.families.rotate(ticket, "web", Scope::NONE, now)
    }

    fn lives(&self, ticket: Ticket, now: UnixTime) -> bool {
        self.families.check(ticket.family(), now).is_ok()
    }
}

/// A server with one family, and its first token.
fn opened(rules: Rules) -> (Server<4>, Ticket) {
    let mut server = Server::new(rules);
    let first = server.open(1, START).unwrap();
    (server, first)
}

#[test]
fn row_the_current_counter_gets_the_next_one_and_the_clock_restarts() {
    let (mut server, first) = opened(STRICT);
    assert_eq!(server.families.rules(), &STRICT);
    assert!(!server.families.is_empty());
    let second = server.rotate(first, at(IDLE - 1)).unwrap();
    assert_eq!((first.counter(), second.counter()), (0, 1));
    assert_eq!(second.family(), first.family());
    let third = server.rotate(second, at(2 * IDLE - 2)).unwrap();
    assert_eq!(third.counter(), 2);
    assert!(server.lives(third, at(2 * IDLE)));
}

#[test]
fn row_the_predecessor_within_the_grace_gets_the_same_successor_again() {
    let (mut server, first) = opened(LENIENT);
    let second = server.rotate(first, START).unwrap();
    for secs in [0, 1, GRACE - 1] {
        assert_eq!(server.rotate(first, at(secs)), Ok(second));
    }
    assert!(server.rotate(second, at(GRACE)).is_ok());
}

#[test]
fn the_same_successor_is_the_same_text() {
    let seal = Seal::new(&Keyring::<_, 0>::new(
        "k",
        Key::<Hs256>::new(&[1; 32]).unwrap(),
    ));
    let (mut server, first) = opened(LENIENT);
    let second = seal.sign(server.rotate(first, START).unwrap());
    let again = seal.sign(server.rotate(first, at(1)).unwrap());
    assert_eq!(second.expose(), again.expose());
}

#[test]
fn the_grace_is_counted_from_the_first_exchange_and_not_prolonged_by_others() {
    let (mut server, first) = opened(LENIENT);
    let second = server.rotate(first, START).unwrap();
    assert_eq!(server.rotate(first, at(GRACE - 1)), Ok(second));
    assert_eq!(server.rotate(first, at(GRACE)), Err(Error::Reused));
    assert!(!server.lives(second, at(GRACE)));
}

#[test]
fn the_grace_ends_when_the_successor_is_used() {
    let (mut server, first) = opened(LENIENT);
    let second = server.rotate(first, START).unwrap();
    let third = server.rotate(second, at(1)).unwrap();
    assert_eq!(server.rotate(first, at(1)), Err(Error::Reused));
    assert_eq!(server.rotate(third, at(1)), Err(Error::Gone));
}

#[test]
fn row_the_predecessor_after_the_grace_is_reuse_and_ends_the_family() {
    let (mut server, first) = opened(LENIENT);
    let second = server.rotate(first, START).unwrap();
    assert_eq!(server.rotate(first, at(GRACE)), Err(Error::Reused));
    assert_eq!(server.rotate(second, at(GRACE)), Err(Error::Gone));
    assert_eq!(server.rotate(first, at(GRACE)), Err(Error::Gone));
}

#[test]
fn without_a_grace_the_predecessor_is_reuse_at_once() {
    let (mut server, first) = opened(STRICT);
    server.rotate(first, START).unwrap();
    assert_eq!(server.rotate(first, START), Err(Error::Reused));
    assert!(server.families.is_empty());

    // Nor does a clock that has stepped back make one.
    let (mut server, first) = opened(STRICT);
    server.rotate(first, START).unwrap();
    assert_eq!(server.rotate(first, before(10)), Err(Error::Reused));
}

#[test]
fn row_anything_older_than_the_predecessor_is_reuse_even_within_the_grace() {
    let (mut server, first) = opened(LENIENT);
    let mut current = first;
    for _ in 0..3 {
        current = server.rotate(current, START).unwrap();
    }
    assert_eq!(server.rotate(first, START), Err(Error::Reused));
    assert_eq!(server.rotate(current, START), Err(Error::Gone));
}

#[test]
fn row_a_counter_from_the_future_is_refused_and_the_family_lives() {
    let (mut server, first) = opened(LENIENT);
    // A server that was restored from yesterday's copy has issued tokens that it does not remember.
    let mut ahead = Server::<4>::new(LENIENT);
    let same = ahead.open(1, START).unwrap();
    let future = ahead.rotate(same, START).unwrap();
    let further = ahead.rotate(future, START).unwrap();
    for ticket in [future, further] {
        assert_eq!(server.rotate(ticket, START), Err(Error::Invalid));
    }
    assert!(server.lives(first, START));
    assert!(server.rotate(first, START).is_ok());
}

#[test]
fn row_past_its_idle_end_a_family_has_expired() {
    let (mut server, first) = opened(LENIENT);
    assert!(server.lives(first, at(IDLE - 1)));
    assert!(!server.lives(first, at(IDLE)));
    assert_eq!(server.rotate(first, at(IDLE)), Err(Error::Expired));
    assert_eq!(server.rotate(first, at(IDLE - 1)), Err(Error::Gone));
}

#[test]
fn row_past_its_absolute_end_a_family_has_expired_however_much_it_is_used() {
    let (mut server, mut current) = opened(LENIENT);
    for secs in [50, 100, 150, 200, ABSOLUTE - 1] {
        current = server.rotate(current, at(secs)).unwrap();
    }
    assert_eq!(server.rotate(current, at(ABSOLUTE)), Err(Error::Expired));
    assert!(server.families.is_empty());
}

#[test]
fn an_expired_family_enjoys_no_grace() {
    let rules = STRICT.with_grace(Duration::MAX);
    let (mut server, first) = opened(rules);
    server.rotate(first, START).unwrap();
    assert_eq!(server.rotate(first, at(IDLE)), Err(Error::Expired));
}

#[test]
fn a_revoked_family_enjoys_no_grace() {
    let (mut server, first) = opened(LENIENT);
    let second = server.rotate(first, START).unwrap();
    assert!(server.families.revoke(first.family()));
    assert!(!server.families.revoke(first.family()));
    for ticket in [first, second] {
        assert_eq!(server.rotate(ticket, START), Err(Error::Gone));
    }
}

#[test]
fn two_clients_get_one_successor_per_counter_whatever_the_interleaving() {
    // Each client presents what it holds twice; every order of the four presentations.
    for order in [0b0011, 0b0101, 0b0110, 0b1001, 0b1010, 0b1100_u8] {
        for rules in [STRICT, LENIENT] {
            let (mut server, first) = opened(rules);
            let mut held = [first; 2];
            let mut successors = std::collections::BTreeMap::new();
            for step in 0..4 {
                let client = usize::from(order >> step & 1);
                let presented = held[client];
                if let Ok(next) = server.rotate(presented, START) {
                    let known = successors.entry(presented.counter()).or_insert(next);
                    assert_eq!(*known, next);
                    assert_eq!(next.counter(), presented.counter() + 1);
                    held[client] = next;
                }
            }
            // With a grace the two go on together unless one is two steps ahead of the other.
            let parted = [0b0011, 0b1100].contains(&order);
            let lives = !server.families.is_empty();
            assert_eq!(lives, rules == LENIENT && !parted, "{order:04b}");
        }
    }
}

#[test]
fn two_requests_that_decide_on_one_state_do_not_both_write() {
    let stored = Family::new(grant_at(1, START), &STRICT, fill(9), START).unwrap();
    let decide = |family: &Family<u32>, rules: &Rules| {
        family.decide(stored.ticket(), "web", Scope::NONE, rules, START)
    };
    let (Decision::Rotate(one), Decision::Rotate(other)) =
        (decide(&stored, &STRICT), decide(&stored, &STRICT))
    else {
        panic!("the current token rotates");
    };
    // Both would write the same state; the second to come finds another counter and decides anew.
    assert_eq!(one, other);
    let written = stored.clone().with(one);
    assert_eq!(decide(&written, &LENIENT), Decision::Repeat);
    assert_eq!(decide(&written, &STRICT), Decision::End(Error::Reused));
}

#[test]
fn widening_the_scope_is_refused_and_the_token_stays_good() {
    let (mut server, first) = opened(STRICT);
    for wider in ["admin", "read admin", "READ"] {
        let refused = server.families.rotate(first, "web", scope(wider), at(1));
        assert_eq!(refused, Err(Error::Scope), "{wider}");
    }
    assert!(server.rotate(first, at(1)).is_ok());
}

#[test]
fn narrowing_the_scope_is_allowed_and_the_grant_stays() {
    let (mut server, first) = opened(STRICT);
    let narrow = server.families.rotate(first, "web", scope("write"), START);
    let whole = scope("write read");
    assert!(
        server
            .families
            .rotate(narrow.unwrap(), "web", whole, START)
            .is_ok()
    );
}

#[test]
fn another_client_is_refused_and_the_token_stays_good() {
    let (mut server, first) = opened(STRICT);
    for client in ["", "we", "web2", "WEB"] {
        let refused = server.families.rotate(first, client, Scope::NONE, START);
        assert_eq!(refused, Err(Error::Client), "{client}");
    }
    assert!(server.rotate(first, START).is_ok());
}

#[test]
fn a_used_token_ends_the_family_whoever_presents_it_and_whatever_is_asked() {
    for (client, wanted) in [("thief", Scope::NONE), ("web", scope("admin"))] {
        let (mut server, first) = opened(STRICT);
        server.rotate(first, START).unwrap();
        let refused = server.families.rotate(first, client, wanted, START);
        assert_eq!(refused, Err(Error::Reused));
        assert!(server.families.is_empty());
    }
}

#[test]
fn within_the_grace_client_and_scope_are_checked_too() {
    let (mut server, first) = opened(LENIENT);
    server.rotate(first, START).unwrap();
    let families = &mut server.families;
    let other = families.rotate(first, "other", Scope::NONE, START);
    assert_eq!(other, Err(Error::Client));
    let wider = families.rotate(first, "web", scope("admin"), START);
    assert_eq!(wider, Err(Error::Scope));
    assert!(server.rotate(first, START).is_ok());
}

#[test]
fn a_clock_that_steps_back_never_lengthens_a_life() {
    // A minute may be a matter of two machines; the family is then as old as it was.
    let (mut server, first) = opened(LENIENT);
    let second = server.rotate(first, before(60)).unwrap();
    let state = server
        .families
        .check(second.family(), START)
        .unwrap()
        .state();
    assert_eq!((state.rotated(), state.end()), (START, at(ABSOLUTE)));
    // More means that the idle time cannot be known.
    assert!(server.lives(second, before(60)));
    assert!(!server.lives(second, before(61)));
    assert_eq!(server.rotate(second, before(61)), Err(Error::Expired));
    assert_eq!(server.rotate(second, START), Err(Error::Gone));
}

#[test]
fn a_family_that_was_used_while_the_clock_was_ahead_does_not_outlive_it() {
    let rules = Rules::new(Duration::from_secs(IDLE), Duration::MAX);
    let (mut server, mut current) = opened(rules);
    for secs in (0..100).map(|step| step * (IDLE - 1)) {
        current = server.rotate(current, at(secs)).unwrap();
    }
    assert!(!server.lives(current, at(1)));
}

#[test]
fn a_login_that_is_made_of_an_older_one_lives_no_longer() {
    let mut server = Server::<4>::new(STRICT);
    let ticket = server
        .families
        .open(grant_at(1, before(200)), fill(9), START)
        .unwrap();
    assert!(server.lives(ticket, at(ABSOLUTE - 200 - 1)));
    assert!(!server.lives(ticket, at(ABSOLUTE - 200)));
    let too_old = grant_at(1, before(ABSOLUTE));
    let refused = server.families.open(too_old, fill(9), START);
    assert_eq!(refused, Err(Error::Expired));
    // Nor does one from the future live longer.
    let future = Family::new(grant_at(1, at(1_000)), &STRICT, fill(9), START).unwrap();
    assert_eq!(future.state().end(), at(ABSOLUTE));
}

#[test]
fn a_random_source_that_fails_opens_nothing() {
    let mut server = Server::<4>::new(STRICT);
    server.open(1, START).unwrap();
    let first_name = server.names;
    let families = &mut server.families;
    let fails = families.open(grant_at(1, START), |_| Err("no entropy"), START);
    assert_eq!(fails, Err(Error::NoEntropy));
    let writes_nothing = families.open(grant_at(1, START), |_| Ok::<(), ()>(()), START);
    assert_eq!(writes_nothing, Err(Error::NoEntropy));
    let repeated = families.open(grant_at(1, START), fill(first_name), START);
    assert_eq!(repeated, Err(Error::NoEntropy));
    assert_eq!(families.len(), 1);
}

#[test]
fn when_full_a_login_takes_the_place_of_what_has_expired_and_of_nothing_else() {
    let mut server = Server::<2>::new(STRICT);
    let old = server.open(1, START).unwrap();
    let young = server.open(2, at(50)).unwrap();
    assert_eq!(server.open(3, at(IDLE - 1)), Err(Error::Full));
    assert!(server.lives(old, at(IDLE - 1)) && server.lives(young, at(IDLE - 1)));
    assert!(server.open(3, at(IDLE)).is_ok());
    assert_eq!(server.rotate(old, at(IDLE)), Err(Error::Gone));
    assert!(server.lives(young, at(IDLE)));
    assert_eq!(server.open(4, at(IDLE)), Err(Error::Full));
}

#[test]
fn a_limit_per_user_refuses() {
    let mut server = Server::<4>::new(STRICT.with_per_user(PerUser::Refuse(2)));
    let first = server.open(1, START).unwrap();
    server.open(1, at(1)).unwrap();
    assert_eq!(server.open(1, at(2)), Err(Error::UserLimit));
    assert!(server.open(2, at(2)).is_ok());
    // What has expired does not count.
    assert!(server.open(1, at(IDLE)).is_ok());
    assert!(!server.lives(first, at(IDLE)));
}

#[test]
fn a_limit_per_user_ends_the_oldest() {
    let mut server = Server::<3>::new(STRICT.with_per_user(PerUser::EndOldest(2)));
    let other = server.open(2, START).unwrap();
    let first = server.open(1, at(1)).unwrap();
    let second = server.open(1, at(2)).unwrap();
    // The oldest login is not the one whose refresh is the oldest.
    let first = server.rotate(first, at(3)).unwrap();
    // The table is full; the place is the user's own.
    let third = server.open(1, at(4)).unwrap();
    assert_eq!(server.rotate(first, at(4)), Err(Error::Gone));
    assert!(
        [other, second, third]
            .iter()
            .all(|&ticket| server.lives(ticket, at(4)))
    );
}

#[test]
fn a_limit_of_none_refuses_under_both_rules() {
    for rule in [PerUser::Refuse(0), PerUser::EndOldest(0)] {
        let mut server = Server::<3>::new(STRICT.with_per_user(rule));
        assert_eq!(server.open(1, START), Err(Error::UserLimit));
    }
    let mut server = Server::<3>::new(STRICT.with_per_user(PerUser::Unlimited));
    for _ in 0..3 {
        assert!(server.open(1, START).is_ok());
    }
    assert_eq!(server.open(1, START), Err(Error::Full));
}

#[test]
fn families_are_revoked_by_name_by_user_and_all() {
    let mut server = Server::<8>::new(STRICT);
    let mut tickets: Vec<_> = [1, 1, 1, 2, 2, 3]
        .into_iter()
        .map(|user| server.open(user, START).unwrap())
        .collect();
    assert_eq!(server.families.of_user(&1, START).count(), 3);
    assert!(server.families.revoke(tickets.remove(0).family()));
    assert_eq!(server.families.revoke_user(&1), 2);
    assert_eq!(server.families.revoke_user(&1), 0);
    assert_eq!(server.families.len(), 3);
    assert_eq!(server.families.revoke_all(), 3);
    for ticket in tickets {
        assert_eq!(server.rotate(ticket, START), Err(Error::Gone));
    }
    assert_eq!(server.families.of_user(&2, START).count(), 0);
    assert!(server.open(1, START).is_ok());
}

#[test]
fn purging_removes_what_has_expired() {
    let mut server = Server::<8>::new(STRICT);
    server.open(1, START).unwrap();
    let young = server.open(2, at(1)).unwrap();
    assert_eq!(server.families.purge(at(IDLE - 1)), 0);
    assert_eq!(server.families.of_user(&1, at(IDLE)).count(), 0);
    assert_eq!(server.families.purge(at(IDLE)), 1);
    assert_eq!(server.families.len(), 1);
    assert!(server.lives(young, at(IDLE)));
}

#[test]
fn families_take_no_more_room_than_is_said() {
    fn check<U, const N: usize, const S: usize>() {
        let said = N * (S + size_of::<U>() + 130);
        assert!(size_of::<Families<U, N, S>>() <= said);
        assert!(size_of::<Families<U, N, S>>() >= said / 2);
    }
    check::<u32, 16, 128>();
    check::<u64, 1024, 32>();
    check::<[u8; 16], 65_536, 128>();
}

#[test]
fn a_ticket_of_another_family_is_refused() {
    let (server, _) = opened(STRICT);
    let other = Family::new(grant_at(1, START), &STRICT, fill(9), START).unwrap();
    let own = server.families.of_user(&1, START).next().unwrap();
    assert_eq!(
        own.decide(other.ticket(), "web", Scope::NONE, &STRICT, START),
        Decision::Refuse(Error::Gone)
    );
}

#[test]
fn a_counter_at_its_end_expires_instead_of_starting_over() {
    let family = Family::new(grant_at(1, START), &LENIENT, fill(9), START).unwrap();
    let mut bytes = family.state().to_bytes();
    bytes[..8].fill(0xFF);
    let worn = family.with(State::from_bytes(bytes));
    assert_eq!(worn.ticket().counter(), u64::MAX);
    assert_eq!(
        worn.decide(worn.ticket(), "web", Scope::NONE, &LENIENT, START),
        Decision::End(Error::Expired)
    );
}

#[test]
fn a_state_is_24_bytes_and_back() {
    let (mut server, first) = opened(STRICT);
    let second = server.rotate(first, at(7)).unwrap();
    let family = server.families.check(second.family(), at(7)).unwrap();
    let bytes = family.state().to_bytes();
    assert_eq!(bytes[..8], 1_u64.to_be_bytes());
    assert_eq!(bytes[8..16], at(7).as_secs().to_be_bytes());
    assert_eq!(bytes[16..], at(ABSOLUTE).as_secs().to_be_bytes());
    assert_eq!(State::from_bytes(bytes), family.state());
    let (id, state) = (family.id(), family.state());
    let rebuilt = Family::from_parts(id, state, family.grant().clone());
    assert_eq!(&rebuilt, family);
}

#[test]
fn a_family_is_stored_by_serde_and_back() {
    let (server, first) = opened(STRICT);
    let family = server.families.check(first.family(), START).unwrap();
    let text = serde_json::to_string(family).unwrap();
    assert_eq!(&serde_json::from_str::<Family<u32>>(&text).unwrap(), family);
    assert!(text.contains(&family.id().to_string()));
    for (from, to) in [("\"id\":\"A", "\"id\":\"="), ("\"id\":", "\"id\":7,\"x\":")] {
        let broken = text.replace(from, to);
        assert_ne!(broken, text);
        assert!(serde_json::from_str::<Family<u32>>(&broken).is_err());
    }
    let long = text.replace("\"web\"", &format!("\"{}\"", "w".repeat(999)));
    let refused = serde_json::from_str::<Family<u32>>(&long).unwrap_err();
    assert!(refused.to_string().contains("expected a text of at most"));
}

#[test]
fn a_stolen_store_holds_no_token_and_debug_shows_none() {
    let seal = Seal::new(&Keyring::<_, 0>::new(
        "k",
        Key::<Hs256>::new(&[1; 32]).unwrap(),
    ));
    let (server, first) = opened(STRICT);
    let token = seal.sign(first);
    let shown = format!("{:?} {seal:?} {token:?} {first:?}", server.families);
    let stored = serde_json::to_string(server.families.of_user(&1, START).next().unwrap());
    // What follows the family's name, which is no secret, is found nowhere.
    let secret = &token.expose()[24..];
    for text in [shown, stored.unwrap()] {
        assert!(!text.contains(secret) && !text.contains(&secret[32..]));
    }
    // With all that is stored, but not the key, nothing is made that this server takes.
    let thief = Seal::new(&Keyring::<_, 0>::new(
        "k",
        Key::<Hs256>::new(&[2; 32]).unwrap(),
    ));
    assert_eq!(seal.verify(thief.sign(first).expose()), Err(Error::Invalid));
}

#[test]
fn the_presets_are_those_of_nist_sp_800_63b_4() {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    for (rules, idle, absolute) in [
        (Rules::AAL1, 30 * DAY, 30 * DAY),
        (Rules::AAL2, HOUR, 24 * HOUR),
        (Rules::AAL3, 15 * MINUTE, 12 * HOUR),
    ] {
        let same = Rules::new(Duration::from_secs(idle), Duration::from_secs(absolute));
        assert_eq!(rules, same);
        assert_eq!(rules, rules.with_grace(Duration::ZERO));
        assert_eq!(rules, rules.with_per_user(PerUser::EndOldest(16)));
    }
    let fractions = Rules::new(
        Duration::from_millis(100_999),
        Duration::from_millis(250_999),
    )
    .with_grace(Duration::from_millis(10_999));
    let (mut server, first) = opened(fractions);
    assert!(server.lives(first, at(IDLE - 1)) && !server.lives(first, at(IDLE)));
    server.rotate(first, START).unwrap();
    assert!(server.rotate(first, at(GRACE - 1)).is_ok());
    assert_eq!(server.rotate(first, at(GRACE)), Err(Error::Reused));
}
