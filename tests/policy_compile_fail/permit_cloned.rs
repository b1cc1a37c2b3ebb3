//! A permit is not copied: neither into another request nor for a second time in this one.

use hardtack::identity::Anonymous;
use hardtack::policy::Permit;

fn twice(permit: Permit<'_, (), Anonymous>) -> [Permit<'_, (), Anonymous>; 2] {
    [permit.clone(), permit]
}

fn main() {}
