//! Random operations on sessions, on a clock that jumps both ways, with a random source that fails
//! or repeats itself: whatever happens, the store agrees with an obvious model.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use hardtack::session::PerUser;
use proptest::prelude::*;

#[path = "session_model/model.rs"]
mod model;
#[path = "session_model/run.rs"]
mod run;

use run::{Operation, Source, run};

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        8 => Just(Source::Fresh),
        1 => (0..6_usize).prop_map(Source::Repeats),
        1 => Just(Source::Fails),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let secret = || 0..6_usize;
    let user = || 0..3_u8;
    let age = || prop_oneof![4 => Just(0_i64), 1 => -10..400_i64];
    let wait = prop_oneof![
        (0..12_i64),
        (0..110_i64),
        (-12..0_i64),
        (-90..0_i64),
        (-400..400_i64),
    ];
    prop_oneof![
        4 => (any::<u32>(), source()).prop_map(|(data, source)| Open(data, source)),
        6 => secret().prop_map(Touch),
        3 => (secret(), any::<u32>()).prop_map(|(at, data)| Update(at, data)),
        4 => (secret(), source()).prop_map(|(at, source)| Rotate(at, source)),
        6 => (prop::option::of(secret()), user(), age(), source())
            .prop_map(|(at, user, age, source)| Login(at, user, age, source)),
        3 => (secret(), user(), age(), source())
            .prop_map(|(at, user, age, source)| Reauthenticate(at, user, age, source)),
        2 => secret().prop_map(End),
        1 => secret().prop_map(Revoke),
        1 => (secret(), secret()).prop_map(|(this, other)| RevokeOwn(this, other)),
        1 => secret().prop_map(RevokeOthers),
        1 => user().prop_map(RevokeUser),
        1 => (0..200_i64).prop_map(RevokeBegunBefore),
        1 => Just(RevokeAll),
        1 => Just(Purge),
        8 => wait.prop_map(Wait),
    ]
}

fn per_user() -> impl Strategy<Value = PerUser> {
    prop_oneof![
        Just(PerUser::Unlimited),
        (0..3_usize).prop_map(PerUser::Refuse),
        (0..3_usize).prop_map(PerUser::EndOldest),
    ]
}

proptest! {
    // Few of them at a time; `PROPTEST_CASES` asks for more.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: std::env::var("PROPTEST_CASES").map_or(64, |cases| cases.parse().unwrap()),
        ..ProptestConfig::default()
    })]

    #[test]
    fn one_session(per_user in per_user(), operations in prop::collection::vec(operation(), 0..60)) {
        run::<1>(per_user, operations, true);
    }

    #[test]
    fn few_sessions(per_user in per_user(), operations in prop::collection::vec(operation(), 0..100)) {
        run::<3>(per_user, operations, true);
    }

    // Looking is no part of it.
    #[test]
    fn few_sessions_unseen(per_user in per_user(), operations in prop::collection::vec(operation(), 0..100)) {
        run::<3>(per_user, operations, false);
    }

    #[test]
    fn more_sessions_than_secrets(operations in prop::collection::vec(operation(), 0..100)) {
        run::<64>(PerUser::EndOldest(2), operations, true);
    }
}
