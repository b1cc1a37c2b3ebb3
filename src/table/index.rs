//! Places by hash: buckets of chained places, as many buckets as places.
//!
//! The trick: what points to a place has bits to spare, and some of its hash stands there. So a place
//! of another hash is passed over unseen, and mostly the bucket alone leads to the right one: a
//! look-up in a table larger than the caches waits for the memory twice, for the bucket and for
//! the value.

use core::hash::{Hash, Hasher};

/// Finds places by a hash of 32 bits. Places of equal hash may be many.
#[derive(Debug, PartialEq)]
pub(crate) struct Index<const N: usize> {
    /// For each bucket, the first place in it.
    heads: [Mark<N>; N],
    /// For each place, its hash and the place behind it in its bucket.
    nodes: [Node<N>; N],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Node<const N: usize> {
    hash: u32,
    next: Mark<N>,
}

/// A place of a table of `N` and, in the bits above, the lower ones of its hash, of which the upper
/// ones have chosen the bucket. Nothing is zero.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark<const N: usize>(u32);

impl<const N: usize> Mark<N> {
    const NOTHING: Self = Self(0);
    /// How many bits the number of a place takes, if one is added so that it is not zero.
    const BITS: u32 = usize::BITS.saturating_sub(N.leading_zeros());

    fn to(place: usize, hash: u32) -> Self {
        Self(Link::to(place).0 | hash.unbounded_shl(Self::BITS))
    }

    #[cfg_attr(not(small), inline)]
    fn place(self) -> Option<usize> {
        let number = self.0 & !u32::MAX.unbounded_shl(Self::BITS);
        Link(number).place()
    }

    /// Whether all bits of `hash` that are there are the same.
    #[inline]
    const fn is_of(self, hash: u32) -> bool {
        (self.0 ^ hash.unbounded_shl(Self::BITS)).unbounded_shr(Self::BITS) == 0
    }
}

/// A place or nothing, in four bytes, of which nothing is zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link(u32);

impl Link {
    pub(crate) const NOTHING: Self = Self(0);

    pub(crate) fn to(place: usize) -> Self {
        // No table has 2^32 places.
        Self(u32::try_from(place).map_or(0, |place| place.saturating_add(1)))
    }

    #[cfg_attr(not(small), inline)]
    pub(crate) fn place(self) -> Option<usize> {
        usize::try_from(self.0.checked_sub(1)?).ok()
    }
}

impl<const N: usize> Index<N> {
    pub(crate) const fn new() -> Self {
        let node = Node {
            hash: 0,
            next: Mark::NOTHING,
        };
        Self {
            heads: [Mark::NOTHING; N],
            nodes: [node; N],
        }
    }

    /// The places of this hash, the one added last first; and, seldom, one of another hash: what
    /// is there is the caller's to compare.
    #[inline]
    pub(crate) fn places(&self, hash: u32) -> impl Iterator<Item = usize> {
        let mut before = None;
        core::iter::from_fn(move || {
            loop {
                let mark = match before {
                    None => *self.heads.get(bucket::<N>(hash))?,
                    Some(place) => self.nodes.get::<usize>(place)?.next,
                };
                let place = mark.place()?;
                before = Some(place);
                if mark.is_of(hash) {
                    return Some(place);
                }
            }
        })
    }

    /// The first place of this hash that satisfies `is`.
    #[cfg_attr(not(small), inline)]
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(usize) -> bool) -> Option<usize> {
        self.places(hash).find(|place| is(*place))
    }

    /// Adds a place that is not in the index.
    pub(crate) fn insert(&mut self, hash: u32, place: usize) {
        let head = self.heads.get_mut(bucket::<N>(hash));
        if let (Some(head), Some(node)) = (head, self.nodes.get_mut(place)) {
            *node = Node { hash, next: *head };
            *head = Mark::to(place, hash);
        }
    }

    /// Removes a place, if it is in the index.
    pub(crate) fn remove(&mut self, place: usize) {
        let Some(removed) = self.nodes.get(place).copied() else {
            return;
        };
        let Some(head) = self.heads.get_mut(bucket::<N>(removed.hash)) else {
            return;
        };
        if head.place() == Some(place) {
            *head = removed.next;
            return;
        }
        let mut link = *head;
        while let Some(node) = link.place().and_then(|at| self.nodes.get_mut(at)) {
            if node.next.place() == Some(place) {
                node.next = removed.next;
                return;
            }
            link = node.next;
        }
    }

    /// Removes every place. *O*(`N`).
    pub(crate) fn clear(&mut self) {
        self.heads.fill(Mark::NOTHING);
    }
}

/// The bucket of a hash: its share of 2³², so that any `N` will do and none divides.
#[inline]
fn bucket<const N: usize>(hash: u32) -> usize {
    let buckets = u64::try_from(N).unwrap_or(u64::MAX);
    let bucket = u64::from(hash).saturating_mul(buckets) >> 32;
    usize::try_from(bucket).unwrap_or(usize::MAX)
}

/// A hash of what is not uniform, for an [`Index`]: FNV-1a, and a multiplication that moves its
/// best bits to the front.
///
/// It is not keyed. Whoever can choose what is hashed can make chains long, but not longer than
/// the number of values that are theirs.
#[cfg_attr(small, inline(never))]
pub(crate) fn hash_of<T: Hash + ?Sized>(value: &T) -> u32 {
    let mut state = Fnv(0xCBF2_9CE4_8422_2325);
    value.hash(&mut state);
    let hash = state.finish();
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    u32::try_from(mixed >> 32).unwrap_or(u32::MAX)
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn places_of_one_hash_are_all_found() {
        let mut index = Index::<8>::new();
        for place in 0..6 {
            index.insert(7, place);
        }
        index.insert(u32::MAX, 6);
        assert!(index.places(7).eq([5, 4, 3, 2, 1, 0]));
        for (removed, rest) in [
            (3, [5, 4, 2, 1, 0].as_slice()),
            (5, &[4, 2, 1, 0]),
            (0, &[4, 2, 1]),
        ] {
            index.remove(removed);
            assert!(index.places(7).eq(rest.iter().copied()));
        }
        assert!(index.places(u32::MAX).eq([6]));
    }

    #[test]
    fn removing_what_is_not_there_changes_nothing() {
        let mut index = Index::<4>::new();
        index.insert(0, 1);
        index.remove(0);
        index.remove(2);
        index.remove(9);
        assert!(index.places(0).eq([1]));
    }

    #[test]
    fn every_hash_has_a_bucket() {
        for hash in [0, 1, u32::MAX / 2, u32::MAX] {
            assert!(bucket::<1>(hash) == 0);
            assert!(bucket::<3>(hash) < 3);
            assert!(bucket::<65_536>(hash) < 65_536);
        }
        assert_eq!(bucket::<65_536>(u32::MAX), 65_535);
    }

    #[test]
    fn small_numbers_and_like_names_spread() {
        let mut filled: Vec<usize> = (0..1000u32).map(|n| bucket::<1000>(hash_of(&n))).collect();
        filled.sort_unstable();
        filled.dedup();
        // 632 of 1,000 is what chance gives.
        assert!(filled.len() > 550, "{}", filled.len());
        assert_ne!(hash_of("ada"), hash_of("adb"));
    }
}
