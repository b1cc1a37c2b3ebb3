//! A permit is used up: one decision is not for two actions.

use hardtack::identity::Anonymous;
use hardtack::policy::Permit;

struct Delete;

fn delete(_: Permit<'_, Delete, Anonymous>) {}

fn twice(permit: Permit<'_, Delete, Anonymous>) {
    delete(permit);
    delete(permit);
}

fn main() {}
