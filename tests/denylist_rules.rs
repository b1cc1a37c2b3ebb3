//! The denylist loses no revocation: not when it is full, not when it forgets, not when the clock
//! jumps.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use core::time::Duration;
use std::collections::BTreeMap;

use hardtack::denylist::{Denylist, Error};
use hardtack::time::UnixTime;
use proptest::prelude::*;

const LIFETIME: i64 = 20;
const LEEWAY: u64 = 3;

fn at(secs: i64) -> UnixTime {
    UnixTime::from_secs(secs)
}

fn list<const N: usize>() -> Denylist<N> {
    Denylist::new(
        Duration::from_secs(LIFETIME.unsigned_abs()),
        Duration::from_secs(LEEWAY),
    )
}

#[test]
fn a_revoked_token_is_denied_until_its_end_and_the_leeway() {
    let mut denied = list::<2>();
    assert!(denied.is_empty());
    denied.deny_token("a", at(20), at(0)).unwrap();
    assert!(!denied.is_empty());
    assert!(denied.denies_claims(Some("a"), None, at(20)));
    assert!(!denied.denies_claims(Some("b"), None, at(20)));
    assert!(!denied.denies_claims(None, None, at(20)));
    assert_eq!(denied.purge(at(22)), 0);
    assert!(denied.denies_claims(Some("a"), None, at(20)));
    assert_eq!(denied.purge(at(23)), 1);
    assert!(denied.is_empty());
}

#[test]
fn a_revoked_session_is_denied_as_long_as_an_access_token_can_live() {
    let mut denied = list::<2>();
    denied.deny_session("s", at(0)).unwrap();
    assert!(denied.denies_claims(Some("a"), Some("s"), at(20)));
    assert!(!denied.denies_claims(Some("a"), Some("t"), at(20)));
    assert_eq!(denied.purge(at(22)), 0);
    assert_eq!(denied.purge(at(23)), 1);
}

#[test]
fn a_token_and_a_session_of_one_name_are_two() {
    let mut denied = list::<4>();
    denied.deny_token("x", at(20), at(0)).unwrap();
    denied.deny_session("y", at(0)).unwrap();
    assert!(!denied.denies_claims(Some("y"), Some("x"), at(20)));
    assert_eq!(denied.len(), 2);
}

#[test]
fn a_second_revocation_of_one_token_takes_no_room_and_shortens_nothing() {
    let mut denied = list::<1>();
    denied.deny_token("a", at(20), at(0)).unwrap();
    denied.deny_token("a", at(10), at(0)).unwrap();
    assert_eq!((denied.len(), denied.purge(at(22))), (1, 0));
    denied.deny_token("a", at(30), at(0)).unwrap();
    assert_eq!((denied.len(), denied.purge(at(32))), (1, 0));
    assert_eq!(denied.purge(at(33)), 1);
}

#[test]
fn full_is_an_error_that_loses_no_revocation() {
    let mut denied = list::<2>();
    denied.deny_token("a", at(20), at(0)).unwrap();
    denied.deny_session("s", at(0)).unwrap();
    assert_eq!(denied.deny_token("b", at(20), at(0)), Err(Error::Full));
    assert_eq!(denied.deny_session("t", at(22)), Err(Error::Full));
    assert!(denied.denies_claims(Some("a"), None, at(20)));
    assert!(denied.denies_claims(None, Some("s"), at(20)));
    // What is not needed any more makes room.
    assert_eq!(denied.deny_session("t", at(23)), Ok(()));
    assert_eq!(denied.len(), 1);
}

#[test]
fn a_list_without_room_refuses_and_can_still_deny_all() {
    let mut denied = list::<0>();
    assert_eq!(denied.deny_token("a", at(20), at(0)), Err(Error::Full));
    denied.deny_all(at(0));
    assert!(denied.denies_claims(Some("a"), None, at(20)));
}

#[test]
fn denying_all_denies_what_was_issued_so_far_and_makes_room() {
    let mut denied = list::<1>();
    denied.deny_token("a", at(100), at(0)).unwrap();
    denied.deny_all(at(50));
    assert!(denied.is_empty());
    // One that was in the list for longer than a token should live is not lost either.
    assert!(denied.denies_claims(Some("a"), None, at(100)));
    let mut denied = list::<1>();
    denied.deny_all(at(50));
    assert!(denied.denies_claims(Some("b"), None, at(50 + 20)));
    assert!(!denied.denies_claims(Some("b"), None, at(51 + 20)));
    // What was denied stays denied.
    denied.deny_all(at(40));
    assert!(denied.denies_claims(Some("b"), None, at(50 + 20)));
}

#[test]
fn what_was_forgotten_stays_denied_when_the_clock_steps_back() {
    let mut denied = list::<1>();
    denied.deny_token("a", at(20), at(0)).unwrap();
    denied.deny_token("b", at(1_000), at(900)).unwrap();
    assert_eq!(denied.len(), 1);
    // The verifier would believe "a" once more. What ends later is not concerned.
    assert!(denied.denies_claims(Some("a"), None, at(20)));
    assert!(!denied.denies_claims(Some("c"), None, at(21)));
}

#[test]
fn extreme_times_neither_overflow_nor_let_pass() {
    let mut denied = Denylist::<2>::new(Duration::MAX, Duration::MAX);
    denied
        .deny_token("a", UnixTime::MAX, UnixTime::MIN)
        .unwrap();
    denied.deny_session("s", UnixTime::MAX).unwrap();
    assert!(denied.denies_claims(Some("a"), None, UnixTime::MAX));
    assert!(denied.denies_claims(None, Some("s"), UnixTime::MIN));
    // Tokens without end.
    assert!(!denied.denies_claims(Some("b"), Some("t"), UnixTime::MAX));
    denied.deny_all(at(0));
    assert!(denied.denies_claims(Some("b"), Some("t"), UnixTime::MAX));
}

#[test]
fn a_revocation_takes_44_bytes() {
    let whole = size_of::<Denylist<1024>>() - size_of::<Denylist<0>>();
    assert_eq!(whole, 44 * 1024);
}

#[test]
fn debug_shows_no_name() {
    let mut denied = list::<1>();
    denied.deny_token("a-token", at(20), at(0)).unwrap();
    let shown = format!("{denied:?}");
    assert!(
        shown.contains("Entry(until 23)") && !shown.contains("a-token"),
        "{shown}"
    );
}

#[derive(Clone, Debug)]
enum Operation {
    DenyToken { jti: u8, exp: i64 },
    DenySession { sid: u8 },
    DenyAll,
    Purge,
    Clock(i64),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        4 => (0..6_u8, -30..60_i64).prop_map(|(jti, exp)| Operation::DenyToken { jti, exp }),
        3 => (0..4_u8).prop_map(|sid| Operation::DenySession { sid }),
        1 => Just(Operation::DenyAll),
        1 => Just(Operation::Purge),
        3 => (-40..80_i64).prop_map(Operation::Clock),
    ];
    prop::collection::vec(operation, 0..60)
}

proptest! {
    /// Whatever was accepted as revoked, and could be believed by a verifier at some time, is denied
    /// for ever; and nothing that was never revoked is, unless it ends before something forgotten.
    #[test]
    fn agrees_with_a_list_that_forgets_nothing(operations in operations()) {
        let mut denied = list::<3>();
        let mut tokens = BTreeMap::<u8, i64>::new();
        let mut sessions = BTreeMap::<u8, i64>::new();
        let mut latest = i64::MIN;
        let mut now = 0;
        for operation in operations {
            match operation {
                Operation::DenyToken { jti, exp } => {
                    let exp = now + exp;
                    let before = denied.len();
                    match denied.deny_token(&jti.to_string(), at(exp), at(now)) {
                        Ok(()) => {
                            let known = tokens.entry(jti).or_insert(exp);
                            *known = exp.max(*known);
                            latest = latest.max(exp);
                        }
                        Err(_) => prop_assert_eq!(before, 3),
                    }
                }
                Operation::DenySession { sid } => {
                    let before = denied.len();
                    match denied.deny_session(&sid.to_string(), at(now)) {
                        Ok(()) => {
                            let last = now + LIFETIME;
                            let known = sessions.entry(sid).or_insert(last);
                            *known = last.max(*known);
                            latest = latest.max(last);
                        }
                        Err(_) => prop_assert_eq!(before, 3),
                    }
                }
                Operation::DenyAll => {
                    denied.deny_all(at(now));
                    latest = latest.max(now + LIFETIME);
                    prop_assert!(denied.denies_claims(None, None, at(now + LIFETIME)));
                }
                Operation::Purge => {
                    denied.purge(at(now));
                }
                Operation::Clock(step) => now += step,
            }
            prop_assert!(denied.len() <= 3);
            for (jti, exp) in &tokens {
                for exp in [*exp, exp - 1] {
                    prop_assert!(denied.denies_claims(Some(&jti.to_string()), Some("none"), at(exp)));
                }
            }
            for (sid, last) in &sessions {
                for exp in [*last, last - 7] {
                    prop_assert!(denied.denies_claims(Some("none"), Some(&sid.to_string()), at(exp)));
                }
            }
            prop_assert!(!denied.denies_claims(Some("none"), Some("none"), at(latest.max(0) + 1)));
        }
    }
}
