//! What a policy is shown of an identity is not a second one, to keep for another request.

use hardtack::identity::{Authenticated, Identity};

fn keep(who: &Authenticated<u32>) -> Authenticated<u32> {
    match who.identity() {
        Ok(lent) => lent.cloned(),
        Err(_) => panic!(),
    }
}

fn main() {}
