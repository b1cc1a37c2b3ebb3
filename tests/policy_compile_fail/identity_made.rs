//! An identity is not made by hand.

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors, Method};
use hardtack::time::UnixTime;

fn main() {
    let _ = Authenticated {
        principal: "root",
        evidence: Evidence::new(Assurance::Aal3, Factors::HWK),
        at: UnixTime::EPOCH,
        method: Method::Session,
    };
}
