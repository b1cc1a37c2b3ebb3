// Ours beside a peer's: where the two do not agree, the difference is one of a written list.

use std::fmt::Debug;

/// One thing that a peer does otherwise.
pub(crate) struct Difference<C> {
    /// What it does.
    pub(crate) peer: &'static str,
    /// Why this crate does not.
    pub(crate) ours: &'static str,
    /// An input for which this is the whole difference.
    pub(crate) example: &'static [u8],
    /// Does to our answer what the peer does to its own. Leaves a case alone that is not concerned.
    pub(crate) apply: fn(&mut C),
}

/// One input, and what both make of it.
pub(crate) trait Case: Debug {
    fn of(input: &[u8]) -> Self;
    fn agrees(&self) -> bool;
}

/// Panics if the differences of the list do not make ours of the peer's.
pub(crate) fn check<C: Case>(mut case: C, list: &[Difference<C>]) {
    if !case.agrees() {
        list.iter()
            .for_each(|difference| (difference.apply)(&mut case));
        assert!(case.agrees(), "an unlisted difference: {case:#?}");
    }
}

/// Panics if an entry of the list could be left out, or says more than its example shows.
pub(crate) fn check_list<C: Case>(list: &[Difference<C>]) {
    for (at, difference) in list.iter().enumerate() {
        let name = format!("{} ({})", difference.peer, difference.ours);
        let mut alone = C::of(difference.example);
        assert!(!alone.agrees(), "no difference: {name}: {alone:#?}");
        (difference.apply)(&mut alone);
        assert!(
            alone.agrees(),
            "not the whole difference: {name}: {alone:#?}"
        );
        let mut without = C::of(difference.example);
        for (other, difference) in list.iter().enumerate() {
            if other != at {
                (difference.apply)(&mut without);
            }
        }
        assert!(!without.agrees(), "not needed: {name}: {without:#?}");
    }
}
