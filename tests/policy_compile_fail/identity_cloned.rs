//! An identity belongs to its request.

use hardtack::identity::Authenticated;

fn twice(who: &Authenticated<u32>) -> Authenticated<u32> {
    Authenticated::clone(who)
}

fn main() {}
