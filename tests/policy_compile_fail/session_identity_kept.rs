//! What a session lends does not outlive the look at the session.

use hardtack::identity::Authenticated;
use hardtack::session::{Secret, Sessions};
use hardtack::time::UnixTime;

fn keep<'a>(
    sessions: &'a mut Sessions<u32, (), 4>,
    secret: &Secret,
    now: UnixTime,
) -> Option<Authenticated<&'a u32>> {
    let kept = sessions.touch(secret, now).ok()?.identity().ok();
    sessions.purge(now);
    kept
}

fn main() {}
