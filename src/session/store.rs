use core::fmt;
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

/// The same as a store of records, for a program that is written against the trait and tested in
/// memory.
///
/// It keeps its own rules: an insertion into a full one may end an anonymous session, and fails with
/// [`Error::Full`] if there is none.
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

/// What [`conformance`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault<E> {
    /// The store does not do what this sentence says.
    Broken(&'static str),
    /// The store failed while it was tested.
    Outage(E),
    /// The random source failed.
    NoEntropy,
}

impl<E> fmt::Display for Fault<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(law) => write!(f, "the store breaks a law: {law}"),
            Self::Outage(_) => f.write_str("the store failed"),
            Self::NoEntropy => f.write_str("the random source failed"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for Fault<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Outage(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::convert::Infallible;
    use core::error::Error as _;
    use std::string::ToString;

    use super::*;

    #[test]
    fn fault_texts() {
        let broken = Fault::<Infallible>::Broken("what is inserted is found");
        let text = "the store breaks a law: what is inserted is found";
        assert_eq!(broken.to_string(), text);
        assert!(broken.source().is_none());
        let outage = Fault::Outage(Error::Full);
        assert_eq!(outage.to_string(), "the store failed");
        assert_eq!(
            outage.source().unwrap().to_string(),
            Error::Full.to_string()
        );
        let text = "the random source failed";
        assert_eq!(Fault::<Infallible>::NoEntropy.to_string(), text);
    }
}
