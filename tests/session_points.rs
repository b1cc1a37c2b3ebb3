//! The thirteen points that a session store must satisfy, each a test that names it, and the
//! refusals around them. Points 10 (CSRF) and 11 (cookies) are in `session_web.rs`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing
)]

use core::cell::Cell;
use core::convert::Infallible;
use core::time::Duration;

use hardtack::identity::{Anonymous, Assurance, Authenticated, Evidence, Factors, Method};
use hardtack::session::{
    Change, Error, Lifetime, PerUser, Record, Rules, Secret, Session, Sessions,
};
use hardtack::time::UnixTime;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

const START: UnixTime = UnixTime::from_secs(1_700_000_000);
const PASSWORD: Evidence = Evidence::new(Assurance::Aal1, Factors::PWD);

/// Ten minutes idle, an hour in all, for everybody; every use is recorded; two a user.
const LIFETIME: Lifetime = Lifetime {
    idle: Duration::from_secs(600),
    absolute: HOUR,
};
const RULES: Rules = Rules::AAL1
    .with_user(LIFETIME)
    .with_anonymous(LIFETIME)
    .with_touch_after(Duration::ZERO)
    .with_rotation(HOUR, Duration::from_secs(10))
    .with_per_user(PerUser::EndOldest(2));

type Store<const N: usize> = Sessions<&'static str, Vec<u8>, N>;

thread_local!(static SEED: Cell<u64> = const { Cell::new(0) });

/// Stands for a random source: never the same bytes twice.
fn random(bytes: &mut [u8]) -> Result<(), Infallible> {
    let seed = SEED.get() + 1;
    SEED.set(seed);
    for (at, byte) in bytes.iter_mut().enumerate() {
        let mixed = (seed ^ (at as u64) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        *byte = (mixed ^ mixed >> 29)
            .wrapping_mul(0xBF58_476D_1CE4_E5B9)
            .to_be_bytes()[0];
    }
    Ok(())
}

fn broken(_: &mut [u8]) -> Result<(), &'static str> {
    Err("no entropy")
}

fn at(seconds: u64) -> UnixTime {
    START.saturating_add(Duration::from_secs(seconds))
}

fn who(user: &'static str, now: UnixTime) -> Authenticated<&'static str> {
    Authenticated::vouch(user, PASSWORD, now)
}

fn logged_in<const N: usize>(store: &mut Store<N>, user: &'static str, now: UnixTime) -> Secret {
    store.login(None, who(user, now), random, now).unwrap()
}

#[track_caller]
fn assert_gone<const N: usize>(store: &mut Store<N>, secret: &Secret, now: UnixTime) {
    assert_eq!(store.check(secret, now).err(), Some(Error::Gone));
}

#[track_caller]
fn assert_user<const N: usize>(
    store: &mut Store<N>,
    secret: &Secret,
    user: Option<&str>,
    now: UnixTime,
) {
    let session = store.check(secret, now).unwrap();
    assert_eq!(session.identity().ok().map(|it| **it.principal()), user);
}

/// Every call that presents a secret, on one that is gone, and that nothing has changed.
#[track_caller]
fn assert_gone_for_everything<const N: usize>(
    store: &mut Store<N>,
    secret: &Secret,
    now: UnixTime,
) {
    let before = store.len();
    let gone = Some(Error::Gone);
    assert_eq!(store.check(secret, now).err(), gone);
    assert_eq!(store.touch(secret, now).err(), gone);
    let called = Cell::new(false);
    assert_eq!(store.update(secret, |_| called.set(true), now).err(), gone);
    assert!(!called.get());
    assert_eq!(store.rotate(secret, random, now).err(), gone);
    let again = store.reauthenticate(secret, who("ada", now), random, now);
    assert_eq!(again.err(), gone);
    assert_eq!(store.end(secret, now).err(), gone);
    assert_eq!(store.revoke_others(secret, now).err(), gone);
    let own = store.revoke_own(secret, &secret.handle(), now);
    assert_eq!(own.err(), gone);
    assert_eq!(store.check(secret, now).err(), gone);
    assert_eq!(store.len(), before);
}

#[test]
fn point_1_a_secret_has_256_bits_and_a_failing_source_changes_nothing() {
    let mut store = Store::<3>::new(RULES);
    let asked = Cell::new(0);
    let visitor = store
        .open(
            vec![1],
            |bytes| {
                asked.set(bytes.len() * 8);
                random(bytes)
            },
            at(0),
        )
        .unwrap();
    assert_eq!(asked.get(), 256);
    let ada = logged_in(&mut store, "ada", at(0));
    let also_ada = logged_in(&mut store, "ada", at(1));

    let failed = Some(Error::NoEntropy);
    let now = at(2);
    assert_eq!(store.open(vec![], broken, now).err(), failed);
    for presented in [None, Some(&visitor), Some(&ada)] {
        let login = store.login(presented, who("ada", now), broken, now);
        assert_eq!(login.err(), failed);
    }
    assert_eq!(store.rotate(&ada, broken, now).err(), failed);
    let again = store.reauthenticate(&ada, who("ada", now), broken, now);
    assert_eq!(again.err(), failed);
    // Full, and the limit of two reached: whatever would have ended for the new one lives.
    assert_eq!(store.len(), 3);
    assert_user(&mut store, &visitor, None, now);
    assert_user(&mut store, &ada, Some("ada"), now);
    assert_user(&mut store, &also_ada, Some("ada"), now);
    assert_eq!(store.check(&visitor, now).unwrap().data(), &[1]);
}

#[test]
fn point_1_a_source_that_repeats_itself_or_writes_nothing_is_refused() {
    let mut store = Store::<3>::new(RULES);
    let constant = |bytes: &mut [u8]| {
        bytes.fill(9);
        Ok::<(), Infallible>(())
    };
    let secret = store.open(vec![1], constant, at(0)).unwrap();
    let failed = Some(Error::NoEntropy);
    assert_eq!(store.open(vec![2], constant, at(1)).err(), failed);
    assert_eq!(store.rotate(&secret, constant, at(1)).err(), failed);
    let login = store.login(None, who("ada", at(1)), constant, at(1));
    assert_eq!(login.err(), failed);
    let login = store.login(Some(&secret), who("ada", at(1)), constant, at(1));
    assert_eq!(login.err(), failed);
    let nothing = |_: &mut [u8]| Ok::<(), Infallible>(());
    assert_eq!(store.open(vec![2], nothing, at(1)).err(), failed);
    assert_eq!(store.check(&secret, at(1)).unwrap().data(), &[1]);
    // Nor may it give again what a rotation has just replaced.
    store.rotate(&secret, random, at(1)).unwrap();
    assert_eq!(store.open(vec![2], constant, at(2)).err(), failed);
}

#[test]
fn point_2_the_idle_timeout_ends_a_session_that_is_not_used() {
    let mut store = Store::<2>::new(RULES);
    let secret = logged_in(&mut store, "ada", at(0));
    assert!(store.check(&secret, at(599)).is_ok());
    assert!(store.touch(&secret, at(599)).is_ok());
    // A look is no use.
    assert!(store.check(&secret, at(1198)).is_ok());
    assert_gone(&mut store, &secret, at(1199));
    assert_gone_for_everything(&mut store, &secret, at(1199));
}

#[test]
fn point_2_the_absolute_timeout_ends_a_session_however_much_it_is_used() {
    let mut store = Store::<2>::new(RULES);
    let mut secret = store.open(vec![], random, at(0)).unwrap();
    for minute in 1..60 {
        let now = at(minute * 60);
        store.touch(&secret, now).unwrap();
        // Rotation alone restarts neither.
        secret = store.rotate(&secret, random, now).unwrap();
    }
    assert!(store.check(&secret, at(3599)).is_ok());
    assert_gone(&mut store, &secret, at(3600));
}

#[test]
fn point_2_rotation_does_not_restart_the_idle_timeout() {
    let mut store = Store::<2>::new(RULES);
    let old = logged_in(&mut store, "ada", at(0));
    let secret = store.rotate(&old, random, at(500)).unwrap();
    assert_gone(&mut store, &secret, at(600));
}

#[test]
fn point_2_re_authentication_restarts_both() {
    let mut store = Store::<2>::new(RULES);
    let old = logged_in(&mut store, "ada", at(0));
    let mut secret = store
        .reauthenticate(&old, who("ada", at(500)), random, at(500))
        .unwrap();
    for seconds in (600..=4000).step_by(100) {
        store.touch(&secret, at(seconds)).unwrap();
    }
    // Logging in again does the same.
    secret = store
        .login(Some(&secret), who("ada", at(4000)), random, at(4000))
        .unwrap();
    assert_eq!(store.check(&secret, at(4599)).unwrap().begun_at(), at(4000));
    assert_gone(&mut store, &secret, at(4600));
}

#[test]
fn point_2_the_presets_are_those_of_nist() {
    for (rules, idle, absolute) in [
        (Rules::AAL1, 30 * DAY, 30 * DAY),
        (Rules::AAL2, HOUR, DAY),
        (Rules::AAL3, 15 * MINUTE, 12 * HOUR),
    ] {
        let mut store = Store::<1>::new(rules);
        let secret = logged_in(&mut store, "ada", START);
        let end = START.saturating_add(idle);
        assert_eq!(store.check(&secret, START).unwrap().ends_at(), end);
        assert!(store.check(&secret, end.saturating_sub(SECOND)).is_ok());
        assert_gone(&mut store, &secret, end);

        let secret = logged_in(&mut store, "ada", START);
        let (mut now, end) = (START, START.saturating_add(absolute));
        while now < end {
            store.touch(&secret, now).unwrap();
            now = now.saturating_add(idle / 2);
        }
        assert_gone(&mut store, &secret, end);
    }
}

#[test]
fn point_2_sessions_with_and_without_a_user_have_their_own_timeouts() {
    let brief = Lifetime {
        idle: MINUTE,
        absolute: HOUR,
    };
    for (rules, of_user, of_visitor) in [
        (RULES.with_anonymous(brief), LIFETIME.idle, MINUTE),
        (RULES.with_user(brief), MINUTE, LIFETIME.idle),
    ] {
        let mut store = Store::<2>::new(rules);
        assert_eq!(store.rules(), &rules);
        let visitor = store.open(vec![], random, START).unwrap();
        let ada = logged_in(&mut store, "ada", START);
        let mut ends = [(of_visitor, visitor), (of_user, ada)];
        ends.sort_by_key(|(idle, _)| *idle);
        for (idle, secret) in ends {
            let end = START.saturating_add(idle);
            assert!(store.check(&secret, end.saturating_sub(SECOND)).is_ok());
            assert_gone(&mut store, &secret, end);
        }
    }
}

#[test]
fn point_3_a_use_is_recorded_only_when_the_last_one_is_long_enough_ago() {
    let rules = RULES.with_touch_after(MINUTE);
    let (secret, mut record) = Record::<&str, u8>::open(0, random, at(0)).unwrap();
    for seconds in 0..60 {
        assert_eq!(record.touch(&secret, &rules, at(seconds)), Ok(None));
        assert!(
            !record
                .check(&secret, &rules, at(seconds))
                .unwrap()
                .is_touch_due()
        );
    }
    assert!(
        record
            .check(&secret, &rules, at(60))
            .unwrap()
            .is_touch_due()
    );
    // It is to be kept for as long as it can live.
    match record.touch(&secret, &rules, at(60)) {
        Ok(Some(Change::Replace { keep, .. })) => assert_eq!(keep, LIFETIME.idle),
        other => panic!("{other:?}"),
    }
    assert_eq!(record.touch(&secret, &rules, at(60)), Ok(None));
    assert_eq!(record.view(&rules, at(60)).unwrap().used_at(), at(60));

    // Where every use counts, those of one second are one.
    let every = rules.with_touch_after(Duration::ZERO);
    assert_eq!(record.touch(&secret, &every, at(60)), Ok(None));

    // A threshold as long as the idle timeout would end a session in use: half of it is taken.
    let rules = rules.with_touch_after(DAY);
    assert_eq!(record.touch(&secret, &rules, at(359)), Ok(None));
    assert!(record.touch(&secret, &rules, at(360)).unwrap().is_some());
}

#[test]
fn point_4_login_consumes_the_anonymous_session() {
    let mut store = Store::<4>::new(RULES);
    let planted = store.open(vec![1, 2], random, at(0)).unwrap();
    let secret = store
        .login(Some(&planted), who("ada", at(5)), random, at(5))
        .unwrap();
    assert_gone_for_everything(&mut store, &planted, at(5));
    assert_user(&mut store, &secret, Some("ada"), at(5));
    assert_eq!(store.check(&secret, at(5)).unwrap().data(), &[1, 2]);
    assert_eq!(store.len(), 1);
}

#[test]
fn point_4_re_authentication_gives_a_new_secret_and_keeps_the_data() {
    let mut store = Store::<4>::new(RULES);
    let first = logged_in(&mut store, "ada", at(0));
    store.update(&first, |data| data.push(7), at(0)).unwrap();
    let second = store
        .reauthenticate(&first, who("ada", at(5)), random, at(5))
        .unwrap();
    assert_gone_for_everything(&mut store, &first, at(5));
    assert_eq!(store.check(&second, at(5)).unwrap().data(), &[7]);
    let third = store
        .login(Some(&second), who("ada", at(6)), random, at(6))
        .unwrap();
    assert_gone_for_everything(&mut store, &second, at(6));
    assert_eq!(store.check(&third, at(6)).unwrap().data(), &[7]);
    assert_eq!(store.len(), 1);
}

#[test]
fn point_4_re_authentication_is_by_the_same_user() {
    let mut store = Store::<4>::new(RULES);
    let ada = logged_in(&mut store, "ada", at(0));
    let again = store.reauthenticate(&ada, who("bob", at(5)), random, at(5));
    assert_eq!(again.err(), Some(Error::OtherUser));
    let visitor = store.open(vec![], random, at(5)).unwrap();
    let again = store.reauthenticate(&visitor, who("bob", at(5)), random, at(5));
    assert_eq!(again.err(), Some(Error::Anonymous));
    assert_user(&mut store, &ada, Some("ada"), at(5));
    assert_user(&mut store, &visitor, None, at(5));
}

#[test]
fn point_4_another_user_who_logs_in_gets_none_of_the_data() {
    let mut store = Store::<4>::new(RULES);
    let ada = logged_in(&mut store, "ada", at(0));
    store.update(&ada, |data| data.push(7), at(0)).unwrap();
    let bob = store
        .login(Some(&ada), who("bob", at(5)), random, at(5))
        .unwrap();
    assert_gone(&mut store, &ada, at(5));
    assert_user(&mut store, &bob, Some("bob"), at(5));
    assert!(store.check(&bob, at(5)).unwrap().data().is_empty());
    assert_eq!(store.list(&"ada", at(5)).count(), 0);
    assert_eq!(store.list(&"bob", at(5)).count(), 1);
}

#[test]
fn point_4_a_session_that_is_gone_is_no_obstacle_to_a_login() {
    let mut store = Store::<4>::new(RULES);
    let stale = store.open(vec![1], random, at(0)).unwrap();
    let now = at(700);
    let ada = store
        .login(Some(&stale), who("ada", now), random, now)
        .unwrap();
    assert!(store.check(&ada, now).unwrap().data().is_empty());
    assert_gone(&mut store, &stale, now);
}

#[test]
fn point_4_age_rotation_overlaps_for_seconds_and_keeps_everything() {
    let mut store = Store::<2>::new(RULES);
    let old = logged_in(&mut store, "ada", at(0));
    store.update(&old, |data| data.push(7), at(0)).unwrap();
    let new = store.rotate(&old, random, at(100)).unwrap();
    for secret in [&old, &new] {
        assert_user(&mut store, secret, Some("ada"), at(109));
        assert_eq!(store.check(secret, at(109)).unwrap().data(), &[7]);
        assert_eq!(store.check(secret, at(109)).unwrap().handle(), new.handle());
    }
    // One session: what the late request writes is not lost.
    store.update(&old, |data| data.push(8), at(109)).unwrap();
    assert_eq!(store.check(&new, at(109)).unwrap().data(), &[7, 8]);
    // It is not rotated twice.
    assert_eq!(
        store.rotate(&old, random, at(109)).err(),
        Some(Error::Superseded)
    );
    assert_gone_for_everything(&mut store, &old, at(110));
    assert_user(&mut store, &new, Some("ada"), at(110));
    assert_eq!(store.len(), 1);
}

#[test]
fn point_4_a_login_rotation_has_no_overlap_and_ends_one() {
    let mut store = Store::<2>::new(RULES);
    let first = logged_in(&mut store, "ada", at(0));
    let second = store.rotate(&first, random, at(1)).unwrap();
    let third = store
        .reauthenticate(&first, who("ada", at(2)), random, at(2))
        .unwrap();
    for gone in [&first, &second] {
        assert_gone_for_everything(&mut store, gone, at(2));
    }
    let fourth = store.rotate(&third, random, at(3)).unwrap();
    let fifth = store
        .login(Some(&third), who("ada", at(4)), random, at(4))
        .unwrap();
    for gone in [&third, &fourth] {
        assert_gone_for_everything(&mut store, gone, at(4));
    }
    assert_user(&mut store, &fifth, Some("ada"), at(4));
}

#[test]
fn point_4_rotation_is_due_by_age_and_once() {
    let rules = RULES.with_rotation(5 * MINUTE, 10 * SECOND);
    let mut store = Store::<2>::new(rules);
    let old = logged_in(&mut store, "ada", at(0));
    assert!(!store.touch(&old, at(299)).unwrap().is_rotation_due());
    assert!(store.touch(&old, at(300)).unwrap().is_rotation_due());
    let new = store.rotate(&old, random, at(300)).unwrap();
    assert!(!store.touch(&old, at(301)).unwrap().is_rotation_due());
    assert!(!store.touch(&new, at(599)).unwrap().is_rotation_due());
    assert!(store.touch(&new, at(600)).unwrap().is_rotation_due());
    // The former secret is good for as long as the rules say.
    let rules = rules.with_rotation(5 * MINUTE, 30 * SECOND);
    let mut store = Store::<2>::new(rules);
    let old = logged_in(&mut store, "ada", at(0));
    store.rotate(&old, random, at(300)).unwrap();
    assert!(store.check(&old, at(329)).is_ok());
    assert_gone(&mut store, &old, at(330));
    // Nor is it due for a late request whose successor is on its way.
    let rules = rules.with_rotation(Duration::ZERO, 10 * SECOND);
    let (old, mut record) = Record::<&str, u8>::open(0, random, at(0)).unwrap();
    let (new, _) = record.rotate(&old, &rules, random, at(1)).unwrap();
    assert!(!record.check(&old, &rules, at(2)).unwrap().is_rotation_due());
    assert!(record.check(&new, &rules, at(2)).unwrap().is_rotation_due());
}

#[test]
fn point_5_ended_is_ended() {
    let mut store = Store::<4>::new(RULES);
    let ada = logged_in(&mut store, "ada", at(0));
    store.end(&ada, at(1)).unwrap();
    assert_gone_for_everything(&mut store, &ada, at(1));
    let visitor = store.open(vec![], random, at(1)).unwrap();
    store.revoke(&visitor.handle(), at(2)).unwrap();
    assert_gone_for_everything(&mut store, &visitor, at(2));
    assert_eq!(store.revoke(&visitor.handle(), at(2)), Err(Error::Gone));
}

#[test]
fn point_5_a_record_that_is_gone_says_so_and_is_as_it_was() {
    let (secret, mut record) = Record::<&str, Vec<u8>>::open(vec![7], random, at(0)).unwrap();
    let guess = Secret::parse(&[b'A'; 43]).unwrap();
    // Ended by a timeout, or another's secret; whether the source works or not.
    for (presented, now) in [(&secret, at(600)), (&guess, at(0))] {
        let before = record.clone();
        let (gone, called) = (Some(Error::Gone), Cell::new(false));
        assert_eq!(record.check(presented, &RULES, now).err(), gone);
        assert_eq!(record.touch(presented, &RULES, now).err(), gone);
        let change = |_: &mut Vec<u8>| called.set(true);
        assert_eq!(record.update(presented, &RULES, change, now).err(), gone);
        assert!(!called.get());
        assert_eq!(record.end(presented, &RULES, now).err(), gone);
        let ada = || who("ada", now);
        for fill in [|bytes: &mut [u8]| random(bytes).map_err(|_| ""), broken] {
            assert_eq!(record.rotate(presented, &RULES, fill, now).err(), gone);
            let login = record.login(presented, ada(), &RULES, fill, now);
            assert_eq!(login.err(), gone);
            let again = record.reauthenticate(presented, ada(), &RULES, fill, now);
            assert_eq!(again.err(), gone);
        }
        assert_eq!(record, before);
    }
    // A source that fails leaves a living one as it was, too.
    let (before, failed) = (record.clone(), Some(Error::NoEntropy));
    assert_eq!(record.rotate(&secret, &RULES, broken, at(1)).err(), failed);
    let login = record.login(&secret, who("ada", at(1)), &RULES, broken, at(1));
    assert_eq!(login.err(), failed);
    assert_eq!(record, before);
}

#[test]
fn point_4_a_record_is_opened_for_a_user_and_authenticated_anew() {
    let ada = || who("ada", at(0));
    let failed = Record::<&str, Vec<u8>>::open_for(ada(), vec![7], broken, at(0));
    assert_eq!(failed.err(), Some(Error::NoEntropy));
    let (first, mut record) = Record::open_for(ada(), vec![7], random, at(0)).unwrap();
    let session = record.check(&first, &RULES, at(1)).unwrap();
    let copy = Clone::clone(&session);
    assert_eq!(**copy.identity().unwrap().principal(), "ada");
    assert_eq!((copy.data(), copy.ends_at()), (&vec![7], at(600)));

    let failed = record.reauthenticate(&first, ada(), &RULES, broken, at(1));
    assert_eq!(failed.err(), Some(Error::NoEntropy));
    let other = record.reauthenticate(&first, who("bob", at(1)), &RULES, random, at(1));
    assert_eq!(other.err(), Some(Error::OtherUser));
    assert!(record.check(&first, &RULES, at(1)).is_ok());

    let was = record.stamp();
    let (second, change) = record
        .reauthenticate(&first, who("ada", at(500)), &RULES, random, at(500))
        .unwrap();
    assert!(matches!(change, Change::Replace { was: stamp, .. } if stamp == was));
    assert_eq!(
        record.check(&first, &RULES, at(500)).err(),
        Some(Error::Gone)
    );
    let session = record.check(&second, &RULES, at(500)).unwrap();
    assert_eq!((session.begun_at(), session.ends_at()), (at(500), at(1100)));
    assert_eq!(session.data(), &vec![7]);

    let (visitor, mut record) = Record::<&str, _>::open(vec![7], random, at(0)).unwrap();
    let nobody = record.reauthenticate(&visitor, ada(), &RULES, random, at(1));
    assert_eq!(nobody.err(), Some(Error::Anonymous));
}

#[test]
fn point_5_an_end_by_the_old_secret_of_an_overlap_ends_the_session() {
    let mut store = Store::<4>::new(RULES);
    let old = logged_in(&mut store, "ada", at(0));
    let new = store.rotate(&old, random, at(1)).unwrap();
    store.end(&old, at(2)).unwrap();
    for secret in [&old, &new] {
        assert_gone_for_everything(&mut store, secret, at(2));
    }
    let old = logged_in(&mut store, "ada", at(3));
    let new = store.rotate(&old, random, at(3)).unwrap();
    store.end(&new, at(4)).unwrap();
    for secret in [&old, &new] {
        assert_gone_for_everything(&mut store, secret, at(4));
    }
}

#[test]
fn point_5_a_secret_that_was_never_given_out_opens_nothing() {
    let mut store = Store::<4>::new(RULES);
    let ada = logged_in(&mut store, "ada", at(0));
    let guess = Secret::parse(&[b'A'; 43]).unwrap();
    assert_gone_for_everything(&mut store, &guess, at(0));
    // The handle is no credential.
    let mut text = [0; 43];
    let handle = ada.handle().write(&mut text).unwrap();
    let presented = Secret::parse(handle.as_bytes()).unwrap();
    assert_gone_for_everything(&mut store, &presented, at(0));
}

#[test]
fn point_6_revocation_of_one_all_others_everyone_and_the_old() {
    let rules = RULES.with_per_user(PerUser::Unlimited);
    let mut store = Store::<16>::new(rules);
    let ada: Vec<_> = (0..4)
        .map(|n| logged_in(&mut store, "ada", at(n)))
        .collect();
    let bob = logged_in(&mut store, "bob", at(4));
    let visitor = store.open(vec![], random, at(5)).unwrap();
    let now = at(6);

    store.revoke(&ada[0].handle(), now).unwrap();
    assert_gone_for_everything(&mut store, &ada[0], now);
    assert_eq!(store.revoke_others(&ada[2], now), Ok(2));
    assert_gone_for_everything(&mut store, &ada[1], now);
    assert_gone_for_everything(&mut store, &ada[3], now);
    assert_eq!(store.revoke_others(&visitor, now), Err(Error::Anonymous));
    assert_user(&mut store, &ada[2], Some("ada"), now);
    assert_user(&mut store, &bob, Some("bob"), now);

    assert_eq!(store.revoke_user(&"ada", now), 1);
    assert_eq!(store.revoke_user(&"ada", now), 0);
    assert_gone_for_everything(&mut store, &ada[2], now);

    assert_eq!(store.revoke_begun_before(at(5), now), 1);
    assert_gone_for_everything(&mut store, &bob, now);
    assert_user(&mut store, &visitor, None, now);
    assert!(!store.is_empty());
    assert_eq!(store.revoke_all(now), 1);
    assert_gone_for_everything(&mut store, &visitor, now);
    assert!(store.is_empty());
}

#[test]
fn point_6_a_user_ends_their_own_and_nobody_elses() {
    let mut store = Store::<8>::new(RULES);
    let here = logged_in(&mut store, "ada", at(0));
    let there = logged_in(&mut store, "ada", at(0));
    let bob = logged_in(&mut store, "bob", at(0));
    let visitor = store.open(vec![], random, at(0)).unwrap();
    let now = at(1);
    for foreign in [bob.handle(), visitor.handle()] {
        assert_eq!(store.revoke_own(&here, &foreign, now), Err(Error::Gone));
    }
    let own = store.revoke_own(&visitor, &visitor.handle(), now);
    assert_eq!(own, Err(Error::Anonymous));
    store.revoke_own(&here, &there.handle(), now).unwrap();
    assert_gone_for_everything(&mut store, &there, now);
    let again = store.revoke_own(&here, &there.handle(), now);
    assert_eq!(again, Err(Error::Gone));
    // A list from before a rotation will do, even when the old secret is worth nothing.
    let there = logged_in(&mut store, "ada", now);
    let rotated = store.rotate(&there, random, now).unwrap();
    assert_gone(&mut store, &there, at(20));
    store.revoke_own(&here, &there.handle(), at(20)).unwrap();
    assert_gone_for_everything(&mut store, &rotated, at(20));
    let now = at(20);
    store.revoke_own(&here, &here.handle(), now).unwrap();
    let gone = store.revoke_own(&here, &bob.handle(), now);
    assert_eq!(gone, Err(Error::Gone));
    assert_user(&mut store, &bob, Some("bob"), now);
    assert_user(&mut store, &visitor, None, now);
}

#[test]
fn point_6_revocation_counts_the_living_only() {
    let mut store = Store::<4>::new(RULES);
    logged_in(&mut store, "ada", at(0));
    let handle = logged_in(&mut store, "bob", at(0)).handle();
    assert_eq!(store.revoke_user(&"ada", at(600)), 0);
    assert_eq!(store.revoke(&handle, at(600)), Err(Error::Gone));
    logged_in(&mut store, "ada", at(600));
    assert_eq!(store.revoke_all(at(1200)), 0);
    assert_eq!(store.len(), 0);
}

#[test]
fn point_6_a_user_sees_their_own_sessions() {
    let mut store = Store::<8>::new(RULES);
    let first = logged_in(&mut store, "ada", at(0));
    let second = logged_in(&mut store, "ada", at(5));
    logged_in(&mut store, "bob", at(6));
    store.open(vec![], random, at(6)).unwrap();
    store.touch(&first, at(7)).unwrap();
    let mut seen: Vec<_> = store
        .list(&"ada", at(8))
        .map(|session| (session.begun_at(), session.used_at(), session.handle()))
        .collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            (at(0), at(7), first.handle()),
            (at(5), at(5), second.handle())
        ]
    );
    assert_eq!(store.list(&"ada", at(605)).count(), 1);
    assert_eq!(store.list(&"eve", at(8)).count(), 0);
}

#[test]
fn point_7_a_limit_per_user_that_ends_the_oldest() {
    let mut store = Store::<8>::new(RULES);
    let first = logged_in(&mut store, "ada", at(0));
    let second = logged_in(&mut store, "ada", at(1));
    let bob = logged_in(&mut store, "bob", at(1));
    store.touch(&first, at(2)).unwrap();
    let third = logged_in(&mut store, "ada", at(3));
    assert_gone(&mut store, &first, at(3));
    assert_user(&mut store, &second, Some("ada"), at(3));
    // The session that a login consumes does not count.
    let fourth = store
        .login(Some(&third), who("ada", at(4)), random, at(4))
        .unwrap();
    assert_user(&mut store, &second, Some("ada"), at(4));
    assert_user(&mut store, &fourth, Some("ada"), at(4));
    assert_user(&mut store, &bob, Some("bob"), at(4));
}

#[test]
fn point_7_a_limit_per_user_that_refuses() {
    let mut store = Store::<8>::new(RULES.with_per_user(PerUser::Refuse(2)));
    let first = logged_in(&mut store, "ada", at(0));
    logged_in(&mut store, "ada", at(1));
    let visitor = store.open(vec![], random, at(2)).unwrap();
    for presented in [None, Some(&visitor)] {
        let login = store.login(presented, who("ada", at(2)), random, at(2));
        assert_eq!(login.err(), Some(Error::UserLimit));
    }
    assert_user(&mut store, &visitor, None, at(2));
    let first = store
        .login(Some(&first), who("ada", at(2)), random, at(2))
        .unwrap();
    store.end(&first, at(3)).unwrap();
    logged_in(&mut store, "ada", at(3));
    // Ended sessions do not count.
    logged_in(&mut store, "ada", at(601));
}

/// Or a user of many sessions would make each login dear, and in a database read them all.
#[test]
fn point_7_without_a_limit_nobody_is_counted() {
    let counted = std::iter::once_with(|| -> Session<'_, u8, u8> { panic!("it is counted") });
    let rules = RULES.with_per_user(PerUser::Unlimited);
    assert_eq!(rules.make_room(counted), Ok(None));
}

#[test]
fn point_7_a_limit_of_none_lets_nobody_in() {
    for per_user in [PerUser::Refuse(0), PerUser::EndOldest(0)] {
        let mut store = Store::<2>::new(RULES.with_per_user(per_user));
        let login = store.login(None, who("ada", at(0)), random, at(0));
        assert_eq!(login.err(), Some(Error::UserLimit));
    }
}

#[test]
fn point_8_a_flood_of_100_000_strangers_logs_nobody_out() {
    let mut store = Store::<64>::new(RULES);
    let users = ["ada", "bob", "cyd", "dee", "eve", "fay", "gus", "hal"];
    let secrets: Vec<_> = users
        .iter()
        .map(|user| logged_in(&mut store, user, at(0)))
        .collect();
    for n in 0..100_000 {
        store.open(vec![], random, at(n / 1000)).unwrap();
    }
    let now = at(100);
    assert_eq!(store.len(), 64);
    for (secret, user) in secrets.iter().zip(users) {
        assert_user(&mut store, secret, Some(user), now);
        store.touch(secret, now).unwrap();
        store.update(secret, |data| data.push(1), now).unwrap();
        let secret = store.rotate(secret, random, now).unwrap();
        store.end(&secret, now).unwrap();
    }
}

#[test]
fn point_8_the_anonymous_session_that_was_unused_the_longest_ends_first() {
    let mut store = Store::<3>::new(RULES);
    let first = store.open(vec![], random, at(0)).unwrap();
    let ada = logged_in(&mut store, "ada", at(0));
    let second = store.open(vec![], random, at(1)).unwrap();
    store.touch(&first, at(2)).unwrap();
    let third = store.open(vec![], random, at(3)).unwrap();
    assert_gone(&mut store, &second, at(3));
    assert_user(&mut store, &first, None, at(3));
    let bob = logged_in(&mut store, "bob", at(4));
    assert_gone(&mut store, &first, at(4));
    let cyd = logged_in(&mut store, "cyd", at(4));
    assert_gone(&mut store, &third, at(4));
    for (secret, user) in [(&ada, "ada"), (&bob, "bob"), (&cyd, "cyd")] {
        assert_user(&mut store, secret, Some(user), at(4));
    }
    // Only users are left: strangers and further users are refused.
    assert_eq!(store.open(vec![], random, at(5)).err(), Some(Error::Full));
    let dee = store.login(None, who("dee", at(5)), random, at(5));
    assert_eq!(dee.err(), Some(Error::Full));
    // Someone who has a session has room; so has someone whose own oldest may end.
    let ada = store
        .login(Some(&ada), who("ada", at(5)), random, at(5))
        .unwrap();
    let also_ada = store.login(None, who("ada", at(6)), random, at(6)).unwrap();
    assert_gone(&mut store, &ada, at(6));
    for (secret, user) in [(&also_ada, "ada"), (&bob, "bob"), (&cyd, "cyd")] {
        assert_user(&mut store, secret, Some(user), at(6));
    }
}

#[test]
fn point_8_under_a_rule_that_refuses_a_full_store_ends_no_ones_session() {
    let mut store = Store::<1>::new(RULES.with_per_user(PerUser::Refuse(2)));
    let ada = logged_in(&mut store, "ada", at(0));
    let login = store.login(None, who("ada", at(1)), random, at(1));
    assert_eq!(login.err(), Some(Error::Full));
    assert_user(&mut store, &ada, Some("ada"), at(1));
}

#[test]
fn point_8_a_session_that_ended_before_its_end_gives_its_room_before_a_living_one() {
    let mut store = Store::<2>::new(RULES);
    let secret = logged_in(&mut store, "ada", at(100));
    // The clock reads a little less, and this login is so old that the session has ended.
    let now = at(50);
    let old = who("ada", UnixTime::from_secs(1_700_000_100 - 3600));
    let ada = store.reauthenticate(&secret, old, random, now).unwrap();
    assert_gone(&mut store, &ada, now);
    let first = store.open(vec![], random, now).unwrap();
    store.open(vec![], random, now).unwrap();
    assert_user(&mut store, &first, None, now);
}

#[test]
fn point_8_the_room_of_ended_sessions_is_found_when_it_is_needed() {
    let mut store = Store::<2>::new(RULES);
    let ada = logged_in(&mut store, "ada", at(0));
    logged_in(&mut store, "bob", at(0));
    store.touch(&ada, at(300)).unwrap();
    assert_eq!(store.open(vec![], random, at(599)).err(), Some(Error::Full));
    store.open(vec![], random, at(600)).unwrap();
    assert_user(&mut store, &ada, Some("ada"), at(600));
    logged_in(&mut store, "cyd", at(900));
    assert_gone(&mut store, &ada, at(900));
    store.purge(at(2000));
    assert!(store.is_empty());
}

#[test]
fn sessions_take_no_more_room_than_is_said() {
    fn check<U, D, const N: usize>() {
        let most = (N + 1) * (size_of::<U>() + size_of::<D>() + 200);
        assert!(size_of::<Sessions<U, D, N>>() <= most);
        assert!(size_of::<Sessions<U, D, N>>() >= most / 2);
    }
    check::<u32, (), 16>();
    check::<u64, u64, 1024>();
    check::<[u8; 16], [u8; 100], 65_536>();
}

#[test]
fn point_9_the_identity_says_when_how_and_how_strongly() {
    let mut store = Store::<2>::new(RULES);
    let visitor = store.open(vec![], random, at(0)).unwrap();
    assert_eq!(
        store.check(&visitor, at(0)).unwrap().identity().err(),
        Some(Anonymous)
    );
    let secret = store
        .login(Some(&visitor), who("ada", at(10)), random, at(10))
        .unwrap();
    let identity = store.check(&secret, at(400)).unwrap().identity().unwrap();
    assert_eq!(identity.authenticated_at(), at(10));
    assert_eq!(identity.age(at(400)), Duration::from_secs(390));
    assert_eq!(identity.evidence(), PASSWORD);
    assert_eq!(identity.method(), Method::Session);

    let strong = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));
    let again = Authenticated::vouch("ada", strong, at(400));
    let secret = store
        .reauthenticate(&secret, again, random, at(400))
        .unwrap();
    let identity = store.check(&secret, at(401)).unwrap().identity().unwrap();
    assert_eq!(identity.authenticated_at(), at(400));
    assert_eq!(identity.evidence(), strong);
}

#[test]
fn point_9_a_session_made_of_an_old_identity_lives_no_longer() {
    let mut store = Store::<4>::new(RULES);
    let secret = logged_in(&mut store, "ada", at(0));
    store.touch(&secret, at(500)).unwrap();
    // A program may log in by what another session or a token has established …
    let identity = Authenticated::vouch("ada", PASSWORD, at(0));
    let copy = store.login(None, identity, random, at(500)).unwrap();
    let session = store.check(&copy, at(500)).unwrap();
    assert_eq!(session.identity().unwrap().authenticated_at(), at(0));
    // … and the absolute timeout still counts from when the user was there.
    for seconds in (1000..3600).step_by(500) {
        store.touch(&copy, at(seconds)).unwrap();
    }
    assert_gone(&mut store, &copy, at(3600));
    // An identity from the future is one from now.
    let future = Authenticated::vouch("ada", PASSWORD, at(900_000));
    let secret = store.login(None, future, random, at(3600)).unwrap();
    assert_eq!(store.check(&secret, at(3600)).unwrap().begun_at(), at(3600));
}

#[test]
fn point_12_a_clock_that_steps_back_moves_no_deadline() {
    let mut store = Store::<4>::new(RULES);
    let secret = logged_in(&mut store, "ada", at(1000));
    store.touch(&secret, at(1100)).unwrap();
    // Within the skew of machines: served as at the latest time that was seen.
    store.touch(&secret, at(1045)).unwrap();
    assert_eq!(store.check(&secret, at(1045)).unwrap().ends_at(), at(1700));
    // A minute is the most that they differ by.
    let bob = logged_in(&mut store, "bob", at(1040));
    assert_eq!(store.check(&bob, at(1040)).unwrap().ends_at(), at(1700));
    store.end(&bob, at(1040)).unwrap();
    assert_gone(&mut store, &secret, at(1700));
    // What has ended stays ended, by a little step or a large one.
    assert_gone(&mut store, &secret, at(1650));
    assert_gone(&mut store, &secret, at(1200));
}

#[test]
fn point_12_what_ended_unseen_stays_ended_when_the_clock_is_set_back() {
    let mut store = Store::<4>::new(RULES);
    let ada = logged_in(&mut store, "ada", at(1000));
    // Time passes, seen by another session only.
    let bob = logged_in(&mut store, "bob", at(1600));
    assert_gone(&mut store, &ada, at(1100));
    // And bob's, used further in the future than clocks differ, is ended too.
    assert_gone(&mut store, &bob, at(1100));
}

/// A rotation is no use, so a session may outlive a step of the clock that its rotation does not.
#[test]
fn point_12_a_clock_that_steps_back_gives_no_second_life_to_a_former_secret() {
    let overlap = Duration::from_secs(10);
    let rules = RULES.with_rotation(Duration::from_secs(100), overlap);
    let mut store = Store::<4>::new(rules);
    let old = logged_in(&mut store, "ada", at(1000));
    let new = store.rotate(&old, random, at(1100)).unwrap();
    assert_user(&mut store, &old, Some("ada"), at(1109));
    assert_gone(&mut store, &old, at(1110));
    assert_gone(&mut store, &old, at(1045));
    assert_user(&mut store, &new, Some("ada"), at(1045));
    // Nor is an overlap longer than it was to be.
    let newer = store.rotate(&new, random, at(1200)).unwrap();
    assert_gone(&mut store, &new, at(1139));
    assert_user(&mut store, &newer, Some("ada"), at(1139));
    // Whoever has a list from before can still end the session.
    assert_eq!(store.revoke(&new.handle(), at(1139)), Ok(()));
    assert_gone(&mut store, &newer, at(1139));

    let (old, mut record) = Record::<&str, u8>::open(0, random, at(1000)).unwrap();
    let rotated = record.rotate(&old, &rules, random, at(1100)).map(|_| ());
    assert_eq!(rotated, Ok(()));
    assert!(record.check(&old, &rules, at(1040)).is_ok());
    assert_eq!(
        record.check(&old, &rules, at(1039)).err(),
        Some(Error::Gone)
    );
}

#[test]
fn point_12_a_session_of_a_clock_that_was_years_ahead_does_not_live_for_years() {
    let mut store = Store::<4>::new(RULES);
    let years = 10 * 365 * 24 * 3600;
    let ahead = logged_in(&mut store, "ada", at(years));
    assert_gone(&mut store, &ahead, at(0));
    let now = logged_in(&mut store, "ada", at(0));
    assert_gone(&mut store, &now, at(600));
    let (secret, record) = Record::<&str, u8>::open(0, random, at(years)).unwrap();
    assert!(record.check(&secret, &RULES, at(years - 60)).is_ok());
    assert_eq!(
        record.check(&secret, &RULES, at(years - 61)).err(),
        Some(Error::Gone)
    );
}

#[test]
fn point_12_a_clock_of_seconds_since_the_start_is_enough() {
    let mut store = Store::<4>::new(RULES);
    let boot = UnixTime::EPOCH;
    let secret = logged_in(&mut store, "ada", boot);
    assert!(store.touch(&secret, boot).is_ok());
    assert_gone(&mut store, &secret, UnixTime::from_secs(600));
}

#[test]
fn point_12_the_ends_of_time_are_no_trap() {
    for now in [UnixTime::MIN, UnixTime::MAX.saturating_sub(SECOND)] {
        let mut store = Store::<4>::new(RULES);
        let secret = logged_in(&mut store, "ada", now);
        assert!(store.touch(&secret, now).is_ok());
        assert_gone(&mut store, &secret, UnixTime::MAX);
    }
    let forever = Lifetime {
        idle: Duration::MAX,
        absolute: Duration::MAX,
    };
    let mut store = Store::<4>::new(RULES.with_user(forever));
    let secret = logged_in(&mut store, "ada", START);
    assert!(
        store
            .check(&secret, UnixTime::MAX.saturating_sub(SECOND))
            .is_ok()
    );
}

#[test]
fn point_13_debug_of_everything_shows_no_secret() {
    let mut store = Store::<4>::new(RULES);
    let old = logged_in(&mut store, "ada", at(0));
    let new = store.rotate(&old, random, at(1)).unwrap();
    let (own, mut record) = Record::<&str, u8>::open(0, random, at(0)).unwrap();
    let insertion = format!("{:?}", record.insertion(&RULES, at(0)));
    let (next, change) = record.rotate(&own, &RULES, random, at(1)).unwrap();
    let change = format!("{change:?}");
    let session = format!("{:?}", store.check(&new, at(1)));
    let shown = [
        format!("{store:?} {RULES:?} {old:?} {session}"),
        format!("{record:?} {:?} {:?}", record.stamp(), record.handle()),
        format!("{insertion} {change} {:?}", record.removal()),
    ]
    .concat();
    for secret in [old, new, own, next] {
        let mut text = [0; 43];
        assert!(!shown.contains(secret.write(&mut text).unwrap()));
    }
}

#[test]
fn point_13_a_stolen_record_lets_nobody_in() {
    // Whatever 32 bytes of a record a thief presents, or any text in its Debug output.
    let (secret, mut record) = Record::<&str, u8>::open(0, random, at(0)).unwrap();
    let (new, _) = record.rotate(&secret, &RULES, random, at(1)).unwrap();
    let former = record.former().unwrap().0;
    assert_eq!((former, record.handle()), (secret.handle(), new.handle()));
    for handle in [former, record.handle()] {
        let mut text = [0; 43];
        let stolen = Secret::parse(handle.write(&mut text).unwrap().as_bytes()).unwrap();
        assert_eq!(
            record.check(&stolen, &RULES, at(1)).err(),
            Some(Error::Gone)
        );
    }
}
