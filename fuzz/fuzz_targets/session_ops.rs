//! Sessions agree with the obvious model under any operations: any rule per user, clock jumps both
//! ways, a random source that fails or repeats itself. An input that ends sooner is compared sooner.

#![no_main]

use hardtack::session::PerUser;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/session_model/model.rs"]
mod model;
#[path = "../../tests/session_model/run.rs"]
mod run;

use run::{Operation, Source, run};

fn source(u: &mut Unstructured<'_>) -> Result<Source> {
    Ok(match u.int_in_range(0..=15)? {
        0..=12 => Source::Fresh,
        13 | 14 => Source::Repeats(u.int_in_range(0..=5)?),
        _ => Source::Fails,
    })
}

fn operation(u: &mut Unstructured<'_>) -> Result<Operation> {
    use Operation::*;
    let kind = u.int_in_range(0..=19)?;
    let which = u.int_in_range(0..=5)?;
    let user = u.int_in_range(0..=2)?;
    Ok(match kind {
        0 | 1 => Open(u.arbitrary()?, source(u)?),
        2..=4 => Touch(which),
        5 => Update(which, u.arbitrary()?),
        6 | 7 => Rotate(which, source(u)?),
        8 => Login(None, user, u.int_in_range(-10..=400)?, source(u)?),
        9 | 10 => Login(Some(which), user, 0, source(u)?),
        11 => Reauthenticate(which, user, u.int_in_range(-10..=400)?, source(u)?),
        12 => End(which),
        13 => Revoke(which),
        14 => RevokeOwn(which, u.int_in_range(0..=5)?),
        15 => RevokeOthers(which),
        16 => RevokeUser(user),
        17 => match which {
            0 => RevokeAll,
            1 | 2 => Purge,
            _ => RevokeBegunBefore(u.int_in_range(0..=200)?),
        },
        _ => Wait(i64::from(u.arbitrary::<i16>()? >> 5) >> which),
    })
}

fn operations(u: &mut Unstructured<'_>) -> Result<Vec<Operation>> {
    let mut operations = Vec::new();
    while !u.is_empty() && operations.len() < 100 {
        operations.push(operation(u)?);
    }
    Ok(operations)
}

fuzz_target!(|bytes: &[u8]| {
    let mut u = Unstructured::new(bytes);
    let (Ok(shape), Ok(limit)) = (u.int_in_range(0..=8_u8), u.int_in_range(0..=2_usize)) else {
        return;
    };
    let Ok(operations) = operations(&mut u) else {
        return;
    };
    let per_user = match shape % 3 {
        0 => PerUser::Unlimited,
        1 => PerUser::Refuse(limit),
        _ => PerUser::EndOldest(limit),
    };
    match shape / 3 {
        0 => run::<1>(per_user, operations, false),
        1 => run::<3>(per_user, operations, false),
        _ => run::<6>(per_user, operations, false),
    }
});
