use bench::Bench;

use super::Store;
use crate::memory::{Fault, Side, law};
use crate::refresh::{Error, Family, State};
use crate::time::UnixTime;

mod bench;
mod clients;

/// Tests a store: whether it keeps what it is given, replaces only what is unchanged, and never
/// brings back what was removed, whatever the interleaving of two clients.
///
/// `one` and `other` are two ways to the same store, such as two connections; `users` are two
/// different users without families in it. Its rules must let a user have two families and have an
/// idle time of at least a minute. Afterwards no family of theirs is left, if no law is broken. It
/// is for a caller's tests; threads, restarts and outages are for the caller to add.
///
/// # Errors
///
/// [`Fault::Broken`] with the law that is broken, [`Fault::Outage`] if the store fails,
/// [`Fault::NoEntropy`] if `fill` does.
///
/// ```
/// use std::cell::RefCell;
/// use std::convert::Infallible;
///
/// use hardtack::refresh::{
///     self, Error, Families, Family, FamilyId, Rules, State, Store, conformance,
/// };
/// use hardtack::time::UnixTime;
///
/// /// Two ways to one store in memory; in a caller's tests, two connections.
/// struct Shared<'a>(&'a RefCell<Families<u32, 8>>, Rules);
///
/// impl Store<u32> for Shared<'_> {
///     type Error = Infallible;
///
///     fn rules(&self) -> &Rules {
///         &self.1
///     }
///     fn insert(&mut self, family: Family<u32>, now: UnixTime) -> Result<Result<(), Error>, Infallible> {
///         Store::insert(&mut *self.0.borrow_mut(), family, now)
///     }
///     fn load(&mut self, id: FamilyId) -> Result<Option<Family<u32>>, Infallible> {
///         self.0.borrow_mut().load(id)
///     }
///     fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Infallible> {
///         Store::replace(&mut *self.0.borrow_mut(), id, counter, state)
///     }
///     fn remove(&mut self, id: FamilyId) -> Result<bool, Infallible> {
///         self.0.borrow_mut().remove(id)
///     }
///     fn remove_user(&mut self, user: &u32) -> Result<usize, Infallible> {
///         self.0.borrow_mut().remove_user(user)
///     }
/// }
///
/// # let mut n = 0_u8;
/// # let fill = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), ()>(()) };
/// # let now = UnixTime::from_secs(1_700_000_000);
/// let families = RefCell::new(Families::new(Rules::AAL1));
/// let (mut one, mut other) = (Shared(&families, Rules::AAL1), Shared(&families, Rules::AAL1));
/// conformance(&mut one, &mut other, [1, 2], fill, now)?;
/// # Ok::<(), refresh::Fault<Infallible>>(())
/// ```
pub fn conformance<T, U, E, const S: usize>(
    one: &mut T,
    other: &mut T,
    users: [U; 2],
    fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    now: UnixTime,
) -> Result<(), Fault<T::Error>>
where
    T: Store<U, S>,
    U: Clone + PartialEq,
{
    let mut bench = Bench::<_, _, _, S> {
        one,
        other,
        users,
        fill,
        now,
    };
    bench.what_is_not_there()?;
    bench.what_is_inserted()?;
    bench.what_is_replaced()?;
    bench.numbers_of_all_sizes()?;
    bench.what_is_removed()?;
    bench.whose_is_what()?;
    bench.all_interleavings()
}

impl<T, U, F, E, const S: usize> Bench<'_, T, U, F, S>
where
    T: Store<U, S>,
    U: Clone + PartialEq,
    F: FnMut(&mut [u8]) -> Result<(), E>,
{
    fn what_is_not_there(&mut self) -> Result<(), Fault<T::Error>> {
        let absent = self.family(0)?;
        let next = self.next(&absent)?;
        law(
            self.load(Side::One, absent.id)?.is_none(),
            "nothing is found under a name that was not inserted",
        )?;
        law(
            !self.replace(Side::One, &absent, next)?,
            "nothing replaces a family that is not there",
        )?;
        law(
            self.load(Side::One, absent.id)?.is_none(),
            "a replacement does not insert",
        )?;
        law(
            !self.remove(Side::One, absent.id)?,
            "nothing is removed under a name that was not inserted",
        )
    }

    fn what_is_inserted(&mut self) -> Result<(), Fault<T::Error>> {
        let family = self.inserted(0)?;
        law(
            self.load(Side::One, family.id)?.as_ref() == Some(&family),
            "what is inserted is found as it was",
        )?;
        law(
            self.load(Side::Other, family.id)?.as_ref() == Some(&family),
            "what is inserted one way is found the other way",
        )?;
        let double = Family {
            id: family.id,
            ..self.family(1)?
        };
        let (other, now) = (&mut *self.other, self.now);
        law(
            other.insert(double, now).map_err(Fault::Outage)? == Err(Error::NoEntropy),
            "a second family is not inserted under the name of a first",
        )?;
        law(
            self.load(Side::One, family.id)?.as_ref() == Some(&family),
            "an insertion that is refused changes nothing",
        )?;
        // Not even in a list of the user's whose family it was to be.
        let [_, user] = &self.users;
        let removed = self.other.remove_user(user).map_err(Fault::Outage)?;
        law(
            removed == 0,
            "a user's families are removed, and nobody else's",
        )?;
        self.remove(Side::One, family.id)?;
        Ok(())
    }

    fn what_is_replaced(&mut self) -> Result<(), Fault<T::Error>> {
        let (first, bystander) = (self.inserted(0)?, self.inserted(0)?);
        let second = first.clone().with(self.next(&first)?);
        let third = second.clone().with(self.next(&second)?);
        law(
            self.replace(Side::One, &first, second.state)?,
            "a state whose counter is unchanged is replaced",
        )?;
        law(
            self.load(Side::Other, first.id)?.as_ref() == Some(&second),
            "what is replaced one way is found the other way, its grant as it was",
        )?;
        law(
            !self.replace(Side::Other, &first, second.state)?
                && !self.replace(Side::Other, &third, second.state)?,
            "a state whose counter has changed is not replaced",
        )?;
        law(
            self.load(Side::One, first.id)?.as_ref() == Some(&second),
            "a replacement that is refused changes nothing",
        )?;
        law(
            self.load(Side::One, bystander.id)?.as_ref() == Some(&bystander),
            "a replacement changes one family only",
        )?;
        self.remove(Side::One, first.id)?;
        self.remove(Side::One, bystander.id)?;
        Ok(())
    }

    /// A store that keeps numbers as floating point cannot tell 2⁵³ from 2⁵³ + 1.
    fn numbers_of_all_sizes(&mut self) -> Result<(), Fault<T::Error>> {
        let family = self.inserted(0)?;
        let at = |counter, rotated| State {
            counter,
            rotated,
            ..family.state
        };
        let mut was = family.clone();
        for state in [
            at((1 << 53) + 1, UnixTime::MIN),
            at(u64::MAX, UnixTime::MAX),
        ] {
            let near = was
                .clone()
                .with(at(state.counter.saturating_sub(1), was.state.rotated));
            law(
                self.replace(Side::One, &was, state)?,
                "a counter of any size is compared as it is",
            )?;
            was = was.with(state);
            law(
                self.load(Side::One, family.id)?.as_ref() == Some(&was),
                "counters and times of any size are kept as they are",
            )?;
            law(
                !self.replace(Side::One, &near, state)?,
                "counters that differ by one are different",
            )?;
        }
        self.remove(Side::One, family.id)?;
        Ok(())
    }

    fn what_is_removed(&mut self) -> Result<(), Fault<T::Error>> {
        let (family, bystander) = (self.inserted(0)?, self.inserted(0)?);
        let next = self.next(&family)?;
        law(
            self.remove(Side::One, family.id)?,
            "a family that is there is removed",
        )?;
        law(
            self.load(Side::Other, family.id)?.is_none() && !self.remove(Side::Other, family.id)?,
            "what is removed one way is gone the other way",
        )?;
        law(
            !self.replace(Side::Other, &family, next)?
                && self.load(Side::One, family.id)?.is_none(),
            "what is removed is not revived",
        )?;
        law(
            self.remove(Side::One, bystander.id)?,
            "a removal removes one family only",
        )
    }

    fn whose_is_what(&mut self) -> Result<(), Fault<T::Error>> {
        let own = [self.inserted(0)?, self.inserted(0)?];
        let bystander = self.inserted(1)?;
        let [rotated, _] = &own;
        law(
            self.replace(Side::Other, rotated, self.next(rotated)?)?,
            "a user's family can be rotated",
        )?;
        let [user, _] = &self.users;
        let mut remove_all = || self.one.remove_user(user).map_err(Fault::Outage);
        law(
            remove_all()? == 2 && remove_all()? == 0,
            "all families of a user are removed, once",
        )?;
        for family in own {
            law(
                self.load(Side::Other, family.id)?.is_none(),
                "no family of a user is left",
            )?;
        }
        law(
            self.load(Side::Other, bystander.id)?.as_ref() == Some(&bystander),
            "a user's families are removed, and nobody else's",
        )?;
        self.remove(Side::One, bystander.id)?;
        Ok(())
    }
}
