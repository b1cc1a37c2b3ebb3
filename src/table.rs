//! A hash table of fixed capacity whose keys are uniform already: hashes, or random bytes that
//! the server chose. What is in it stays at one place until it is removed, so a second
//! [`Index`] over the same places costs two small arrays.
//!
//! An empty table is all zero bytes, so that a `static` of it takes no flash and no time to start.

mod index;
mod queue;
mod slots;

pub(crate) use index::{Index, Link, hash_of};
pub(crate) use queue::Queue;
pub(crate) use slots::Slots;

/// What has a key of uniform bytes, at least four of them.
pub(crate) trait Keyed {
    /// The key. It may change only in [`Table::rekey`].
    fn key(&self) -> &[u8];
}

/// At most `N` values, each found by its key in *O*(1).
#[derive(Debug)]
pub(crate) struct Table<T, const N: usize> {
    slots: Slots<T, N>,
    index: Index<N>,
}

impl<T, const N: usize> Table<T, N> {
    /// An empty table. Make a large one in a `static`: on its way through a stack it may not fit.
    pub(crate) const fn new() -> Self {
        Self {
            slots: Slots::new(),
            index: Index::new(),
        }
    }

    /// The number of values.
    pub(crate) const fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no room for one more.
    pub(crate) const fn is_full(&self) -> bool {
        self.slots.len() >= N
    }

    /// The value at a place.
    #[cfg_attr(not(small), inline)]
    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        self.slots.at(place)
    }

    /// The value at a place. Its key is to stay what it is.
    #[inline]
    pub(crate) fn at_mut(&mut self, place: usize) -> Option<&mut T> {
        self.slots.at_mut(place)
    }

    /// Removes the value at a place. *O*(1).
    pub(crate) fn remove(&mut self, place: usize) -> Option<T> {
        let value = self.slots.remove(place)?;
        self.index.remove(place);
        Some(value)
    }

    /// All values with their places, in no order that means anything. *O*(`N`).
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.slots.iter()
    }

    /// Removes every value. *O*(`N`).
    pub(crate) fn clear(&mut self) {
        for place in 0..N {
            self.remove(place);
        }
    }
}

impl<T: Keyed, const N: usize> Table<T, N> {
    /// The place of the value with this key. *O*(1).
    #[cfg_attr(not(small), inline)]
    pub(crate) fn find(&self, key: &[u8]) -> Option<usize> {
        self.index.find(leading(key), |place| {
            self.slots.at(place).is_some_and(|value| value.key() == key)
        })
    }

    /// Adds a value and answers its place, or hands it back if there is no room. *O*(1).
    ///
    /// Whether its key is there already is the caller's to look up.
    pub(crate) fn insert(&mut self, value: T) -> Result<usize, T> {
        let hash = leading(value.key());
        let place = self.slots.insert(value)?;
        self.index.insert(hash, place);
        Ok(place)
    }

    /// Lets `change` give the value at a place another key. *O*(1).
    pub(crate) fn rekey<R>(&mut self, place: usize, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let value = self.slots.at_mut(place)?;
        let answer = change(value);
        let hash = leading(value.key());
        self.index.remove(place);
        self.index.insert(hash, place);
        Some(answer)
    }
}

/// The first four bytes of a key, which are as uniform as the rest of it.
#[cfg_attr(not(small), inline)]
pub(crate) fn leading(key: &[u8]) -> u32 {
    key.first_chunk()
        .map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::collections::BTreeMap;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::mac::sha256;

    #[derive(Debug, Clone, PartialEq)]
    struct Pair([u8; 32], u32);

    impl Keyed for Pair {
        fn key(&self) -> &[u8] {
            &self.0
        }
    }

    fn key(n: u32) -> [u8; 32] {
        sha256(&n.to_be_bytes())
    }

    #[test]
    fn a_full_table_hands_the_value_back() {
        let mut table = Table::<Pair, 1>::new();
        assert_eq!(table.insert(Pair(key(1), 1)), Ok(0));
        assert!(table.is_full());
        assert_eq!(table.insert(Pair(key(2), 2)), Err(Pair(key(2), 2)));
        assert_eq!(table.find(&key(2)), None);
        assert_eq!(table.remove(0), Some(Pair(key(1), 1)));
        assert_eq!(table.remove(0), None);
        assert_eq!(table.insert(Pair(key(2), 2)), Ok(0));
        table.clear();
        assert_eq!((table.len(), table.find(&key(2))), (0, None));
    }

    #[test]
    fn a_table_without_room_is_empty_and_full() {
        let mut table = Table::<Pair, 0>::new();
        assert!(table.is_full());
        assert!(table.insert(Pair(key(1), 1)).is_err());
        assert_eq!(table.find(&key(1)), None);
    }

    #[test]
    fn chains_stay_short_when_the_table_is_full() {
        static TABLE: std::sync::Mutex<Table<Pair, 65_536>> = std::sync::Mutex::new(Table::new());
        let mut table = TABLE.lock().unwrap();
        for n in 0..65_536 {
            assert!(table.insert(Pair(key(n), n)).is_ok());
        }
        assert!(table.is_full());
        for n in 0..65_536 {
            let place = table.find(&key(n)).unwrap();
            assert_eq!(table.at(place).unwrap().1, n);
        }
        let mut probes = 0;
        for n in 65_536..131_072 {
            let found = table.index.find(leading(&key(n)), |_| {
                probes += 1;
                false
            });
            assert_eq!(found, None);
        }
        // Values are compared only where 31 bits of the hash agree: 16 of the bucket, 15 more.
        assert!(probes < 16, "{probes}");
    }

    #[test]
    fn an_empty_table_is_zero_bytes() {
        // What is not zero in `static`s is stored in flash.
        let table = Table::<Pair, 3>::new();
        assert_eq!(table.index, Index::new());
        assert!(table.slots.is_untouched());
    }

    proptest! {
        #[test]
        fn agrees_with_a_map(operations in prop::collection::vec((0u8..4, 0u32..12, 0u32..12), 0..200)) {
            let mut table = Table::<Pair, 7>::new();
            let mut model = BTreeMap::new();
            for (operation, a, b) in operations {
                let place = table.find(&key(a));
                prop_assert_eq!(place.is_some(), model.contains_key(&key(a)));
                match (operation, place) {
                    (0, None) => {
                        let inserted = table.insert(Pair(key(a), b)).is_ok();
                        prop_assert_eq!(inserted, model.len() < 7);
                        if inserted {
                            model.insert(key(a), b);
                        }
                    }
                    (1, Some(place)) => {
                        prop_assert_eq!(table.remove(place).map(|pair| pair.1), model.remove(&key(a)));
                    }
                    (2, Some(place)) if !model.contains_key(&key(b)) => {
                        table.rekey(place, |pair| pair.0 = key(b));
                        let value = model.remove(&key(a)).unwrap();
                        model.insert(key(b), value);
                        prop_assert_eq!(table.find(&key(b)), Some(place));
                    }
                    (3, Some(place)) => {
                        table.at_mut(place).unwrap().1 = b;
                        model.insert(key(a), b);
                    }
                    _ => {}
                }
                let mut held: Vec<_> = table.iter().map(|(_, pair)| (pair.0, pair.1)).collect();
                held.sort_unstable();
                prop_assert_eq!(held, model.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>());
                prop_assert_eq!(table.len(), model.len());
            }
        }
    }
}
