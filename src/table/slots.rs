//! Places for values, with a list of the free ones.

/// `N` places. A value keeps its place until it is removed.
#[derive(Debug)]
pub(crate) struct Slots<T, const N: usize> {
    slots: [Slot<T>; N],
    len: usize,
    /// Places from here on were never used; so that nothing needs to be linked at the start.
    fresh: usize,
    /// The place that was freed last, if it was not used again.
    freed: Option<usize>,
}

/// The representation is named because with it a free place is zero in its first byte whatever
/// `T` is, while the compiler may otherwise take a value that `T` does not use.
#[derive(Debug)]
#[repr(u8)]
enum Slot<T> {
    /// A free place, and the place that was freed before it.
    Free(Option<usize>),
    Taken(T),
}

impl<T, const N: usize> Slots<T, N> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: [const { Slot::Free(None) }; N],
            len: 0,
            fresh: 0,
            freed: None,
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    #[cfg_attr(not(small), inline)]
    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        match self.slots.get(place) {
            Some(Slot::Taken(value)) => Some(value),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn at_mut(&mut self, place: usize) -> Option<&mut T> {
        match self.slots.get_mut(place) {
            Some(Slot::Taken(value)) => Some(value),
            _ => None,
        }
    }

    /// Puts a value at a free place, or hands it back if there is none.
    pub(crate) fn insert(&mut self, value: T) -> Result<usize, T> {
        let place = self.freed.unwrap_or(self.fresh);
        let Some(slot) = self.slots.get_mut(place) else {
            return Err(value);
        };
        match slot {
            Slot::Free(next) if self.freed.is_some() => self.freed = *next,
            _ => self.fresh = self.fresh.saturating_add(1),
        }
        *slot = Slot::Taken(value);
        self.len = self.len.saturating_add(1);
        Ok(place)
    }

    pub(crate) fn remove(&mut self, place: usize) -> Option<T> {
        let slot = self.slots.get_mut(place)?;
        if !matches!(slot, Slot::Taken(_)) {
            return None;
        }
        match core::mem::replace(slot, Slot::Free(self.freed)) {
            Slot::Free(_) => None,
            Slot::Taken(value) => {
                self.freed = Some(place);
                self.len = self.len.saturating_sub(1);
                Some(value)
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(place, slot)| match slot {
                Slot::Taken(value) => Some((place, value)),
                Slot::Free(_) => None,
            })
    }

    #[cfg(test)]
    pub(crate) fn is_untouched(&self) -> bool {
        let free = |slot: &Slot<T>| matches!(slot, Slot::Free(None));
        self.len == 0 && self.fresh == 0 && self.freed.is_none() && self.slots.iter().all(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_free_or_none_has_nothing() {
        let mut slots = Slots::<_, 2>::new();
        let place = slots.insert('a').unwrap();
        let other = slots.insert('b').unwrap();
        assert_eq!(slots.insert('c'), Err('c'));
        assert_eq!(slots.remove(place), Some('a'));
        for nowhere in [place, 2, usize::MAX] {
            assert_eq!(slots.at(nowhere), None);
            assert_eq!(slots.at_mut(nowhere), None);
            assert_eq!(slots.remove(nowhere), None);
        }
        assert_eq!((slots.len(), slots.at(other)), (1, Some(&'b')));
        assert_eq!(slots.insert('d'), Ok(place));
    }
}
