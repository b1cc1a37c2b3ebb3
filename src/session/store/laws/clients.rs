//! Laws of two clients at once.

use super::bench::Bench;
use crate::memory::{Fault, ORDERS, Side, law};
use crate::session::{Record, Store};

/// What the two clients do. The orders have them both ways round.
const PAIRS: [[Kind; 2]; 6] = {
    use Kind::{End, Rotate, Update};
    [
        [Update, Update],
        [Update, Rotate],
        [Update, End],
        [Rotate, Rotate],
        [Rotate, End],
        [End, End],
    ]
};

#[derive(Clone, Copy)]
enum Kind {
    Update,
    Rotate,
    End,
}

/// How far a client is.
enum Turn<R> {
    First,
    Second(Option<R>),
    Over,
}

impl<T, F, E> Bench<'_, T, F>
where
    T: Store<User: Clone + PartialEq, Data: Clone + PartialEq>,
    F: FnMut(&mut [u8]) -> Result<(), E>,
{
    pub(super) fn all_interleavings(&mut self) -> Result<(), Fault<T::Error>> {
        for order in ORDERS {
            for kinds in PAIRS {
                self.two_clients(order, kinds)?;
            }
        }
        Ok(())
    }

    /// Two clients load what a handle leads to and then change it, in a given order. Afterwards the
    /// store holds what the changes that it accepted make of the record, one after the other.
    fn two_clients(&mut self, order: [Side; 4], kinds: [Kind; 2]) -> Result<(), Fault<T::Error>> {
        let first = self.inserted(Some(self.ada.clone()))?;
        let [kind_of_one, kind_of_other] = kinds;
        let (mut loaded_by_one, mut loaded_by_other) = (Turn::First, Turn::First);
        let mut expected = Some(first.clone());
        for side in order {
            let (turn, kind) = match side {
                Side::One => (&mut loaded_by_one, kind_of_one),
                Side::Other => (&mut loaded_by_other, kind_of_other),
            };
            match core::mem::replace(turn, Turn::Over) {
                Turn::First => *turn = Turn::Second(self.load(side, first.handle)?),
                Turn::Second(Some(loaded)) => {
                    let unchanged = expected.as_ref().map(Record::stamp) == Some(loaded.stamp());
                    let next = match kind {
                        Kind::Update => Some(self.updated(&loaded)),
                        Kind::Rotate => Some(self.renewed(&loaded, true)?),
                        Kind::End => None,
                    };
                    let applied = match &next {
                        Some(next) => self.replace(side, loaded.stamp(), next)?,
                        None => self.delete(side, loaded.stamp())?,
                    };
                    law(
                        applied == unchanged,
                        "of two that change one version, the first succeeds and no other",
                    )?;
                    if applied {
                        expected = next;
                    }
                }
                Turn::Second(None) | Turn::Over => {}
            }
        }
        let ada = self.ada.clone();
        let stored = expected.as_ref();
        let listed = self.count(Side::Other, &ada, stored.unwrap_or(&first))?;
        law(
            listed == (usize::from(stored.is_some()), stored.is_some()),
            "of a user what is stored is listed, once, whatever was under way",
        )?;
        match expected {
            None => law(
                self.is_gone(first.handle)?,
                "what has ended stays ended, whatever was under way",
            ),
            Some(last) => {
                law(
                    self.is_found(&last)?,
                    "the last change that was accepted is what is stored",
                )?;
                law(
                    self.delete(Side::One, last.stamp())? && self.is_gone(first.handle)?,
                    "an end after all ends all",
                )
            }
        }
    }
}
