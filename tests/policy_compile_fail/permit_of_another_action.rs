//! A permit for one action is none for another.

use hardtack::identity::Anonymous;
use hardtack::policy::Permit;

struct See;
struct Delete;

fn delete(_: Permit<'_, Delete, Anonymous>) {}

fn wrong(permit: Permit<'_, See, Anonymous>) {
    delete(permit);
}

fn main() {}
