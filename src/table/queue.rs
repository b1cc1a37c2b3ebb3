//! Places in an order: the longest unused first.

use super::index::Link;

/// Places in the order in which they were added, each at most once. All is *O*(1).
#[derive(Debug)]
pub(crate) struct Queue<const N: usize> {
    first: Link,
    last: Link,
    neighbours: [Neighbours; N],
}

#[derive(Debug, Clone, Copy)]
struct Neighbours {
    queued: bool,
    before: Link,
    after: Link,
}

const ALONE: Neighbours = Neighbours {
    queued: false,
    before: Link::NOTHING,
    after: Link::NOTHING,
};

impl<const N: usize> Queue<N> {
    pub(crate) const fn new() -> Self {
        Self {
            first: Link::NOTHING,
            last: Link::NOTHING,
            neighbours: [ALONE; N],
        }
    }

    /// The place that was added before all others.
    pub(crate) fn first(&self) -> Option<usize> {
        self.first.place()
    }

    /// Adds a place behind all others, wherever it was.
    pub(crate) fn push(&mut self, place: usize) {
        self.remove(place);
        let before = self.last;
        let Some(neighbours) = self.neighbours.get_mut(place) else {
            return;
        };
        *neighbours = Neighbours {
            queued: true,
            before,
            after: Link::NOTHING,
        };
        self.last = Link::to(place);
        *self.after(before) = Link::to(place);
    }

    /// Removes a place, if it is in the queue.
    pub(crate) fn remove(&mut self, place: usize) {
        let Some(neighbours) = self.neighbours.get_mut(place) else {
            return;
        };
        let Neighbours {
            queued,
            before,
            after,
        } = core::mem::replace(neighbours, ALONE);
        if queued {
            *self.after(before) = after;
            *self.before(after) = before;
        }
    }

    /// What says which place comes after `link`, or which one is the first.
    fn after(&mut self, link: Link) -> &mut Link {
        match link.place().and_then(|at| self.neighbours.get_mut(at)) {
            Some(neighbours) => &mut neighbours.after,
            None => &mut self.first,
        }
    }

    /// What says which place comes before `link`, or which one is the last.
    fn before(&mut self, link: Link) -> &mut Link {
        match link.place().and_then(|at| self.neighbours.get_mut(at)) {
            Some(neighbours) => &mut neighbours.before,
            None => &mut self.last,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::collections::VecDeque;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_a_list(operations in prop::collection::vec((any::<bool>(), 0usize..6), 0..60)) {
            let mut queue = Queue::<5>::new();
            let mut model = VecDeque::new();
            for (push, place) in operations {
                model.retain(|&held| held != place);
                if push {
                    queue.push(place);
                    if place < 5 {
                        model.push_back(place);
                    }
                } else {
                    queue.remove(place);
                }
                prop_assert_eq!(queue.first(), model.front().copied());
            }
            let mut rest = Vec::new();
            while let Some(place) = queue.first() {
                rest.push(place);
                queue.remove(place);
            }
            prop_assert_eq!(rest, Vec::from(model));
        }
    }
}
