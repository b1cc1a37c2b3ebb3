//! What a database has to do for families, and the test of whether it does.

use core::convert::Infallible;
use core::hash::Hash;

use super::{Error, Families, Family, FamilyId, Rules, State};
use crate::time::UnixTime;

mod laws;

pub use laws::conformance;

/// A place for families: [`Families`] in memory, or a caller's database.
///
/// Each function is one atomic step. An outage is the `Err` of the store's own type, and never
/// looks like a family that is not there: a user is not logged out because a cable is.
///
/// A caller that has to await its database has no use for the trait. It makes the same steps in
/// the same order around [`Family::decide`]: load, decide, then [`replace`](Self::replace) or
/// [`remove`](Self::remove) as decided, and once more from the start if `replace` answers no.
pub trait Store<U, const S: usize = 128> {
    /// What an outage is.
    type Error;

    /// The rules that families live by.
    fn rules(&self) -> &Rules;

    /// Adds a family, if its name is not taken.
    ///
    /// A store that can forget by itself may do so at [`State::end`], and must not before. The
    /// limit per user is the store's to keep, if it keeps one.
    ///
    /// # Errors
    ///
    /// Inside: [`Error::NoEntropy`] for a name that is taken, [`Error::UserLimit`], [`Error::Full`].
    fn insert(
        &mut self,
        family: Family<U, S>,
        now: UnixTime,
    ) -> Result<Result<(), Error>, Self::Error>;

    /// The family of this name, as it was written last; expired or not.
    ///
    /// # Errors
    ///
    /// An outage.
    fn load(&mut self, id: FamilyId) -> Result<Option<Family<U, S>>, Self::Error>;

    /// Replaces the state of a family if its counter is still `counter`, as one step, and answers
    /// whether it did. Where there is no family of this name, none is made.
    ///
    /// # Errors
    ///
    /// An outage.
    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Self::Error>;

    /// Removes a family, whatever its state, and answers whether there was one.
    ///
    /// # Errors
    ///
    /// An outage.
    fn remove(&mut self, id: FamilyId) -> Result<bool, Self::Error>;

    /// Removes all families of a user, and answers how many there were.
    ///
    /// # Errors
    ///
    /// An outage.
    fn remove_user(&mut self, user: &U) -> Result<usize, Self::Error>;
}

/// A store that is lent, such as [`Families`] in a `static`, which are too large to be moved.
impl<U, T: Store<U, S> + ?Sized, const S: usize> Store<U, S> for &mut T {
    type Error = T::Error;

    fn rules(&self) -> &Rules {
        T::rules(self)
    }

    fn insert(
        &mut self,
        family: Family<U, S>,
        now: UnixTime,
    ) -> Result<Result<(), Error>, T::Error> {
        T::insert(self, family, now)
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<U, S>>, T::Error> {
        T::load(self, id)
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, T::Error> {
        T::replace(self, id, counter, state)
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, T::Error> {
        T::remove(self, id)
    }

    fn remove_user(&mut self, user: &U) -> Result<usize, T::Error> {
        T::remove_user(self, user)
    }
}

/// In memory nothing fails; the outer result is always `Ok`.
impl<U: Clone + Eq + Hash, const N: usize, const S: usize> Store<U, S> for Families<U, N, S> {
    type Error = Infallible;

    fn rules(&self) -> &Rules {
        self.rules()
    }

    fn insert(
        &mut self,
        family: Family<U, S>,
        now: UnixTime,
    ) -> Result<Result<(), Error>, Infallible> {
        Ok(self.insert(family, now))
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<U, S>>, Infallible> {
        Ok(self.find(id).cloned())
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Infallible> {
        Ok(self.replace(id, counter, state))
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, Infallible> {
        Ok(self.revoke(id))
    }

    fn remove_user(&mut self, user: &U) -> Result<usize, Infallible> {
        Ok(self.revoke_user(user))
    }
}
