//! A permit is not made by hand.

use hardtack::identity::Anonymous;
use hardtack::policy::Permit;
use hardtack::time::UnixTime;

fn main() {
    let _ = Permit {
        action: (),
        who: &Anonymous,
        at: UnixTime::EPOCH,
    };
}
