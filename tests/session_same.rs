//! A law of sessions: kept in memory or as records in a store, they give the same answers. The clock
//! goes forward only: memory knows the latest time that it has seen, a record alone does not.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use core::time::Duration;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::session::{Error, Lifetime, PerUser, Rules, Secret, Session, Sessions, Stored};
use hardtack::time::UnixTime;
use proptest::prelude::*;

/// More than any run opens, so that nobody has to make room.
type Room = Sessions<u8, u32, 64>;

const fn lifetime(idle: u64, absolute: u64) -> Lifetime {
    Lifetime {
        idle: Duration::from_secs(idle),
        absolute: Duration::from_secs(absolute),
    }
}

const RULES: Rules = Rules::AAL1
    .with_user(lifetime(50, 200))
    .with_anonymous(lifetime(20, 60))
    .with_touch_after(Duration::from_secs(5))
    .with_rotation(Duration::from_secs(40), Duration::from_secs(10));

/// A secret is one of those given out, by its place.
#[derive(Clone, Debug)]
enum Operation {
    Open(u32),
    Touch(usize),
    Update(usize, u32),
    Rotate(usize),
    Login(Option<usize>, u8),
    Reauthenticate(usize, u8),
    End(usize),
    Revoke(usize),
    RevokeOwn(usize, usize),
    RevokeOthers(usize),
    RevokeUser(u8),
    Wait(i64),
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let secret = || 0..40_usize;
    let user = || 0..2_u8;
    prop_oneof![
        3 => any::<u32>().prop_map(Open),
        6 => secret().prop_map(Touch),
        3 => (secret(), any::<u32>()).prop_map(|(at, data)| Update(at, data)),
        4 => secret().prop_map(Rotate),
        5 => (prop::option::of(secret()), user()).prop_map(|(at, user)| Login(at, user)),
        3 => (secret(), user()).prop_map(|(at, user)| Reauthenticate(at, user)),
        2 => secret().prop_map(End),
        1 => secret().prop_map(Revoke),
        1 => (secret(), secret()).prop_map(|(this, other)| RevokeOwn(this, other)),
        1 => secret().prop_map(RevokeOthers),
        1 => user().prop_map(RevokeUser),
        6 => prop_oneof![0..12_i64, 0..60_i64].prop_map(Wait),
    ]
}

fn per_user() -> impl Strategy<Value = PerUser> {
    prop_oneof![
        Just(PerUser::Unlimited),
        (0..3_usize).prop_map(PerUser::Refuse),
        (0..3_usize).prop_map(PerUser::EndOldest),
    ]
}

/// All that a session says.
fn said(session: &Session<'_, u8, u32>) -> String {
    let identity = session.identity().ok();
    let user = identity.map(|user| (**user.principal(), user.authenticated_at()));
    let times = (session.begun_at(), session.used_at(), session.ends_at());
    let due = (session.is_touch_due(), session.is_rotation_due());
    format!(
        "{user:?} {:?} {times:?} {due:?} {:?}",
        session.data(),
        session.handle()
    )
}

fn run(rules: Rules, operations: Vec<Operation>) {
    let mut memory = Room::new(rules);
    let mut stored = Stored::new(Room::new(rules), rules);
    let mut given: Vec<Secret> = Vec::new();
    let mut clock = 1_000;
    for (count, operation) in operations.iter().enumerate() {
        let now = UnixTime::from_secs(clock);
        let nobodys = Secret::parse(&[b'A'; 43]).unwrap();
        let at = |place: usize| match given.len() {
            0 => &nobodys,
            len => &given[place % len],
        };
        let fill = |room: &mut [u8]| {
            room.fill(1 + u8::try_from(count).unwrap());
            Ok::<(), Error>(())
        };
        let who = |user: u8| {
            Authenticated::vouch(user, Evidence::new(Assurance::Aal1, Factors::PWD), now)
        };
        let mut issued = None;
        match *operation {
            Operation::Open(data) => {
                issued = Some((memory.open(data, fill, now), stored.open(data, fill, now)));
            }
            Operation::Touch(place) => {
                let ours = memory.touch(at(place), now).map(|session| said(&session));
                let theirs = stored
                    .touch(at(place), now)
                    .map(|found| said(&found.session()));
                assert_eq!(ours, theirs);
            }
            Operation::Update(place, data) => {
                let swap = |old: &mut u32| core::mem::replace(old, data);
                let ours = memory.update(at(place), swap, now);
                assert_eq!(ours, stored.update(at(place), swap, now));
            }
            Operation::Rotate(place) => {
                let ours = memory.rotate(at(place), fill, now);
                issued = Some((ours, stored.rotate(at(place), fill, now)));
            }
            Operation::Login(place, user) => {
                let old = place.map(at);
                let ours = memory.login(old, who(user), fill, now);
                issued = Some((ours, stored.login(old, who(user), fill, now)));
            }
            Operation::Reauthenticate(place, user) => {
                let ours = memory.reauthenticate(at(place), who(user), fill, now);
                let theirs = stored.reauthenticate(at(place), who(user), fill, now);
                issued = Some((ours, theirs));
            }
            Operation::End(place) => {
                assert_eq!(memory.end(at(place), now), stored.end(at(place), now));
            }
            Operation::Revoke(place) => {
                let handle = at(place).handle();
                assert_eq!(memory.revoke(&handle, now), stored.revoke(&handle, now));
            }
            Operation::RevokeOwn(this, other) => {
                let handle = at(other).handle();
                let ours = memory.revoke_own(at(this), &handle, now);
                assert_eq!(ours, stored.revoke_own(at(this), &handle, now));
            }
            Operation::RevokeOthers(place) => {
                let ours = memory.revoke_others(at(place), now);
                assert_eq!(ours, stored.revoke_others(at(place), now));
            }
            Operation::RevokeUser(user) => {
                assert_eq!(
                    Ok(memory.revoke_user(&user, now)),
                    stored.revoke_user(&user, now)
                );
            }
            Operation::Wait(seconds) => clock += seconds,
        }
        if let Some((ours, theirs)) = issued {
            let handle = |secret: &Secret| secret.handle();
            assert_eq!(ours.as_ref().map(handle), theirs.as_ref().map(handle));
            given.extend(ours);
        }
        for secret in &given {
            let now = UnixTime::from_secs(clock);
            let ours = memory.check(secret, now).map(|session| said(&session));
            let theirs = stored
                .check(secret, now)
                .map(|found| said(&found.session()));
            assert_eq!(ours, theirs, "{operation:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_a_store_give_the_same_answers(
        per_user in per_user(),
        operations in prop::collection::vec(operation(), 0..60),
    ) {
        run(RULES.with_per_user(per_user), operations);
    }
}
