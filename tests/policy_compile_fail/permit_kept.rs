//! A permit does not outlive the request in which it was given.

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::policy::{Allow, Always, Permit, authorize};
use hardtack::time::UnixTime;

fn main() {
    let kept: Option<Permit<'_, (), Authenticated<u32>>>;
    {
        let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
        let who = Authenticated::vouch(1, evidence, UnixTime::EPOCH);
        kept = authorize(&Allow("all", Always), (), &who, UnixTime::EPOCH).ok();
    }
    drop(kept);
}
