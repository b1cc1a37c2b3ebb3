//! A permit that was given to somebody unknown is none for a handler that wants to know who it is.

use hardtack::identity::{Authenticated, Client};
use hardtack::policy::Permit;

struct Delete;

fn delete(_: Permit<'_, Delete, Authenticated<u32>>) {}

fn wrong(permit: Permit<'_, Delete, Client<u32>>) {
    delete(permit);
}

fn main() {}
