//! There is no other kind of identity than the crate's.

use hardtack::identity::{Anonymous, Authenticated, Identity};

struct Root;

impl Identity<u32> for Root {
    fn identity(&self) -> Result<Authenticated<&u32>, Anonymous> {
        Err(Anonymous)
    }
}

fn main() {}
