//! What a policy is shown of an identity is not a second one, to keep for another request.

use hardtack::identity::Authenticated;
use hardtack::policy::Ask;

fn keep(ask: &Ask<'_, (), u32>) -> Option<Authenticated<u32>> {
    ask.who().ok().map(|who| Authenticated::cloned(*who))
}

fn main() {}
