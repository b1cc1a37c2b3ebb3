use core::hash::Hash;

use crate::session::{Change, Error, Handle, Record, Sessions};

mod laws;

pub use laws::conformance;

/// A place for records: a caller's database, or [`Sessions`] in memory.
///
/// Each function is one atomic step, and what it has done can be seen by everybody from then on. An
/// outage is the `Err` of the store's own type and never looks like a session that is not there: a
/// user is not logged out because a cable is. Whether a store does all that is what
/// [`conformance`] tests.
///
/// A caller that has to await its database has no use for the trait. It takes the same steps in
/// the same order around the functions of [`Record`].
pub trait Store {
    /// The name of a user.
    type User;
    /// The program's data.
    type Data;
    /// What an outage is.
    type Error;

    /// The record under this handle, or whose [former](Record::former) handle it is; ended or not.
    ///
    /// # Errors
    ///
    /// An outage.
    fn load(&mut self, handle: &Handle) -> Result<Option<RecordOf<Self>>, Self::Error>;

    /// Makes a change, and answers whether its condition was met. If not, nothing has changed.
    ///
    /// The condition is in the documentation of each [`Change`]. Besides, no change may put a
    /// record under a handle that another one has.
    ///
    /// # Errors
    ///
    /// An outage. Whether the change was made may then be unknown; to make it once more is safe.
    fn apply(&mut self, change: &Change<'_, Self::User, Self::Data>) -> Result<bool, Self::Error>;

    /// Shows all records of a user to `see`, each once, ended or not, in any order.
    ///
    /// # Errors
    ///
    /// An outage.
    fn each_of(
        &mut self,
        user: &Self::User,
        see: impl FnMut(RecordOf<Self>),
    ) -> Result<(), Self::Error>;
}

/// A record of a store.
pub type RecordOf<S> = Record<<S as Store>::User, <S as Store>::Data>;

/// A store that is lent.
impl<T: Store> Store for &mut T {
    type User = T::User;
    type Data = T::Data;
    type Error = T::Error;

    fn load(&mut self, handle: &Handle) -> Result<Option<RecordOf<T>>, T::Error> {
        T::load(self, handle)
    }

    fn apply(&mut self, change: &Change<'_, T::User, T::Data>) -> Result<bool, T::Error> {
        T::apply(self, change)
    }

    fn each_of(&mut self, user: &T::User, see: impl FnMut(RecordOf<T>)) -> Result<(), T::Error> {
        T::each_of(self, user, see)
    }
}

/// The same as a store of records, for a program that is written against the trait and tested in
/// memory.
///
/// It keeps its own rules: an insertion into a full one takes the place of a session that has ended,
/// or else ends an anonymous one, and fails with [`Error::Full`] if there is neither.
impl<U: Clone + Eq + Hash, D: Clone, const N: usize> Store for Sessions<U, D, N> {
    type User = U;
    type Data = D;
    type Error = Error;

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<U, D>>, Error> {
        Ok(self.record(handle).cloned())
    }

    fn apply(&mut self, change: &Change<'_, U, D>) -> Result<bool, Error> {
        match change {
            Change::Insert { record, .. } => self.add((*record).clone()),
            Change::Replace { was, record, .. } => Ok(self.exchange(*was, (*record).clone())),
            Change::Delete { was } => Ok(self.delete(*was)),
        }
    }

    fn each_of(&mut self, user: &U, see: impl FnMut(Record<U, D>)) -> Result<(), Error> {
        self.records_of(user).cloned().for_each(see);
        Ok(())
    }
}
