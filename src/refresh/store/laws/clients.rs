use super::bench::Bench;
use crate::memory::{Fault, ORDERS, Side, law};
use crate::refresh::Store;

impl<T, U, F, E, const S: usize> Bench<'_, T, U, F, S>
where
    T: Store<U, S>,
    U: Clone + PartialEq,
    F: FnMut(&mut [u8]) -> Result<(), E>,
{
    pub(super) fn all_interleavings(&mut self) -> Result<(), Fault<T::Error>> {
        for order in ORDERS {
            self.two_refresh(order)?;
            self.one_refreshes_and_one_revokes(order)?;
        }
        Ok(())
    }

    fn two_refresh(&mut self, order: [Side; 4]) -> Result<(), Fault<T::Error>> {
        let family = self.inserted(0)?;
        let (mut one, mut other) = (None, None);
        let mut rotations = 0_u64;
        for side in order {
            let loaded = match side {
                Side::One => &mut one,
                Side::Other => &mut other,
            };
            match loaded.take() {
                None => *loaded = self.load(side, family.id)?,
                Some(was) => {
                    let replaced = self.replace(side, &was, self.next(&was)?)?;
                    rotations = rotations.saturating_add(u64::from(replaced));
                }
            }
        }
        let counter = self
            .load(Side::One, family.id)?
            .map(|family| family.state.counter());
        law(
            counter == Some(rotations),
            "of two that replace one state, one succeeds",
        )?;
        self.remove(Side::One, family.id)?;
        Ok(())
    }

    fn one_refreshes_and_one_revokes(&mut self, order: [Side; 4]) -> Result<(), Fault<T::Error>> {
        let family = self.inserted(0)?;
        let mut loaded = None;
        for side in order {
            match (side, loaded.take()) {
                (Side::One, None) => loaded = self.load(side, family.id)?,
                (Side::One, Some(was)) => {
                    self.replace(side, &was, self.next(&was)?)?;
                }
                (Side::Other, kept) => {
                    self.remove(side, family.id)?;
                    loaded = kept;
                }
            }
        }
        law(
            self.load(Side::Other, family.id)?.is_none(),
            "a refresh that was slow does not bring back what was revoked",
        )
    }
}
