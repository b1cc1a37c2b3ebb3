use bench::Bench;

use super::Store;
use crate::memory::{Fault, Side, law};
use crate::session::{Record, Stamp};
use crate::time::UnixTime;

mod bench;
mod clients;

/// Tests a store: whether it keeps what it is given, changes only what is unchanged, finds what it
/// must and nothing else, and never brings back what has ended, whatever the interleaving of two
/// clients.
///
/// `one` and `other` are two ways to the same store, such as two connections; `users` are two
/// different users without sessions in it; `data` are two different data. It needs room for four
/// sessions. Afterwards no session of these users is left, if no law is broken. It is for a
/// caller's tests; threads, restarts, outages and rows that expire are for the caller to add.
///
/// # Errors
///
/// [`Fault::Broken`] with the law that is broken, [`Fault::Outage`] if the store fails,
/// [`Fault::NoEntropy`] if `fill` does.
///
/// ```
/// use std::cell::RefCell;
///
/// use hardtack::session::{
///     Change, Error, Fault, Handle, Record, Rules, Sessions, Store, conformance,
/// };
/// use hardtack::time::UnixTime;
///
/// /// A way to a store in memory; in a caller's tests, a connection.
/// struct Way<'a>(&'a RefCell<Sessions<u32, u8, 8>>);
///
/// impl Store for Way<'_> {
///     type User = u32;
///     type Data = u8;
///     type Error = Error;
///
///     fn load(&mut self, handle: &Handle) -> Result<Option<Record<u32, u8>>, Error> {
///         self.0.borrow_mut().load(handle)
///     }
///     fn apply(&mut self, change: &Change<'_, u32, u8>) -> Result<bool, Error> {
///         self.0.borrow_mut().apply(change)
///     }
///     fn each_of(&mut self, user: &u32, see: impl FnMut(Record<u32, u8>)) -> Result<(), Error> {
///         self.0.borrow_mut().each_of(user, see)
///     }
/// }
///
/// # let mut n = 0_u8;
/// # let fill = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), ()>(()) };
/// # let now = UnixTime::from_secs(1_700_000_000);
/// let sessions = RefCell::new(Sessions::new(Rules::AAL1));
/// let (mut one, mut other) = (Way(&sessions), Way(&sessions));
/// conformance(&mut one, &mut other, [1, 2], [10, 20], fill, now)?;
/// # Ok::<(), Fault<Error>>(())
/// ```
pub fn conformance<T, E>(
    one: &mut T,
    other: &mut T,
    users: [T::User; 2],
    data: [T::Data; 2],
    fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    now: UnixTime,
) -> Result<(), Fault<T::Error>>
where
    T: Store<User: Clone + PartialEq, Data: Clone + PartialEq>,
{
    let [ada, bob] = users;
    let [data, new_data] = data;
    let mut bench = Bench {
        one,
        other,
        ada,
        bob,
        data,
        new_data,
        fill,
        now,
    };
    bench.what_is_not_there()?;
    bench.what_is_inserted()?;
    bench.what_is_replaced()?;
    bench.what_is_deleted()?;
    bench.what_gets_another_handle()?;
    bench.what_overlaps()?;
    bench.numbers_of_all_sizes()?;
    bench.whose_is_what()?;
    bench.all_interleavings()
}

impl<T, F, E> Bench<'_, T, F>
where
    T: Store<User: Clone + PartialEq, Data: Clone + PartialEq>,
    F: FnMut(&mut [u8]) -> Result<(), E>,
{
    fn what_is_not_there(&mut self) -> Result<(), Fault<T::Error>> {
        let absent = self.record(Some(self.ada.clone()))?;
        law(
            self.is_gone(absent.handle)?,
            "nothing is found under a handle that was not inserted",
        )?;
        let next = self.updated(&absent);
        law(
            !self.replace(Side::One, absent.stamp(), &next)?,
            "nothing replaces a record that is not there",
        )?;
        law(
            self.is_gone(absent.handle)?,
            "a replacement does not insert",
        )?;
        law(
            !self.delete(Side::One, absent.stamp())?,
            "nothing is deleted under a handle that was not inserted",
        )
    }

    fn what_is_inserted(&mut self) -> Result<(), Fault<T::Error>> {
        for user in [None, Some(self.ada.clone())] {
            let record = self.inserted(user)?;
            law(
                self.is_found(&record)?,
                "what is inserted one way is found both ways, as it was",
            )?;
            let bob = self.bob.clone();
            let double = Record {
                handle: record.handle,
                data: self.new_data.clone(),
                ..self.record(Some(bob.clone()))?
            };
            law(
                !self.insert(Side::Other, &double)?,
                "a second record is not inserted under the handle of a first",
            )?;
            law(
                self.is_found(&record)?,
                "an insertion that is refused changes nothing",
            )?;
            // Not even in a list of the user's whose record it was to be.
            law(
                self.count(Side::One, &bob, &record)? == (0, false),
                "a user's records are listed, and nobody else's",
            )?;
            self.delete(Side::One, record.stamp())?;
        }
        Ok(())
    }

    fn what_is_replaced(&mut self) -> Result<(), Fault<T::Error>> {
        let (first, bystander) = (self.inserted(None)?, self.inserted(None)?);
        let second = self.updated(&first);
        let third = self.updated(&second);
        law(
            self.replace(Side::One, first.stamp(), &second)?,
            "a record whose version is unchanged is replaced",
        )?;
        law(
            self.is_found(&second)?,
            "what is replaced one way is found both ways, as it was",
        )?;
        law(
            !self.replace(Side::Other, first.stamp(), &third)?
                && !self.replace(Side::Other, third.stamp(), &third)?,
            "a record whose version has changed is not replaced",
        )?;
        law(
            self.is_found(&second)?,
            "a replacement that is refused changes nothing",
        )?;
        law(
            self.is_found(&bystander)?,
            "a replacement changes one record only",
        )?;
        self.delete(Side::One, second.stamp())?;
        self.delete(Side::One, bystander.stamp())?;
        Ok(())
    }

    fn what_gets_another_handle(&mut self) -> Result<(), Fault<T::Error>> {
        let (first, bystander) = (self.inserted(None)?, self.inserted(None)?);
        let second = self.renewed(&first, false)?;
        law(
            self.replace(Side::One, first.stamp(), &second)?,
            "a replacement may have another handle",
        )?;
        law(
            self.is_found(&second)?,
            "what has another handle is found under it, both ways",
        )?;
        law(
            self.is_gone(first.handle)?,
            "what has another handle is not found under the old one",
        )?;
        let late = self.updated(&first);
        law(
            !self.replace(Side::Other, first.stamp(), &late)? && self.is_gone(first.handle)?,
            "a slow update does not bring an old handle back",
        )?;
        law(
            !self.delete(Side::Other, first.stamp())? && self.is_found(&second)?,
            "a slow deletion of an old handle does nothing",
        )?;
        let clash = Record {
            handle: bystander.handle,
            ..self.updated(&second)
        };
        law(
            !self.replace(Side::One, second.stamp(), &clash)?
                && self.is_found(&second)?
                && self.is_found(&bystander)?,
            "no record is put under the handle of another",
        )?;
        self.delete(Side::One, second.stamp())?;
        self.delete(Side::One, bystander.stamp())?;
        Ok(())
    }

    fn what_overlaps(&mut self) -> Result<(), Fault<T::Error>> {
        let first = self.inserted(Some(self.ada.clone()))?;
        let second = self.renewed(&first, true)?;
        self.replace(Side::One, first.stamp(), &second)?;
        law(
            self.is_found(&second)?
                && self.load(Side::Other, first.handle)?.as_ref() == Some(&second),
            "a record is found under its former handle too",
        )?;
        let update = self.updated(&second);
        self.replace(Side::Other, second.stamp(), &update)?;
        law(
            self.load(Side::One, first.handle)?.as_ref() == Some(&update),
            "a record that changes stays found under its former handle",
        )?;
        let third = self.renewed(&update, true)?;
        self.replace(Side::One, update.stamp(), &third)?;
        law(
            self.load(Side::Other, second.handle)?.as_ref() == Some(&third),
            "after two rotations a record is found under the handle between",
        )?;
        law(
            self.is_gone(first.handle)?,
            "after two rotations a record is not found under the first handle",
        )?;
        let fourth = self.renewed(&third, false)?;
        self.replace(Side::One, third.stamp(), &fourth)?;
        law(
            self.is_gone(third.handle)? && self.is_gone(second.handle)?,
            "a handle that is former no longer finds nothing",
        )?;
        let fifth = self.renewed(&fourth, true)?;
        self.replace(Side::One, fourth.stamp(), &fifth)?;
        self.delete(Side::One, fifth.stamp())?;
        law(
            self.is_gone(fifth.handle)? && self.is_gone(fourth.handle)?,
            "what is deleted is not found under its former handle",
        )
    }

    /// A store that keeps numbers as floating point cannot tell 2⁵³ from 2⁵³ + 1.
    fn numbers_of_all_sizes(&mut self) -> Result<(), Fault<T::Error>> {
        let mut was = self.inserted(None)?;
        for (version, moment) in [((1 << 53) + 1, UnixTime::MIN), (u64::MAX, UnixTime::MAX)] {
            let next = Record {
                version,
                begun: moment,
                used: moment,
                renewed: moment,
                ..was.clone()
            };
            law(
                self.replace(Side::One, was.stamp(), &next)?,
                "a version of any size is compared as it is",
            )?;
            law(
                self.is_found(&next)?,
                "versions and times of any size are kept as they are",
            )?;
            let near = Stamp {
                handle: next.handle,
                version: version.saturating_sub(1),
            };
            law(
                !self.replace(Side::One, near, &was)? && !self.delete(Side::One, near)?,
                "versions that differ by one are different",
            )?;
            was = next;
        }
        self.delete(Side::One, was.stamp())?;
        Ok(())
    }

    fn what_is_deleted(&mut self) -> Result<(), Fault<T::Error>> {
        let (record, bystander) = (self.inserted(None)?, self.inserted(None)?);
        let next = self.updated(&record);
        law(
            !self.delete(Side::One, next.stamp())? && self.is_found(&record)?,
            "a record of another version is not deleted",
        )?;
        law(
            self.delete(Side::One, record.stamp())?,
            "a record that is unchanged is deleted",
        )?;
        law(
            self.is_gone(record.handle)? && !self.delete(Side::Other, record.stamp())?,
            "what is deleted one way is gone both ways",
        )?;
        law(
            !self.replace(Side::Other, record.stamp(), &next)? && self.is_gone(record.handle)?,
            "what is deleted is not revived by an update",
        )?;
        let renewed = self.renewed(&record, true)?;
        law(
            !self.replace(Side::Other, record.stamp(), &renewed)?
                && self.is_gone(renewed.handle)?
                && self.is_gone(record.handle)?,
            "what is deleted is not revived by a rotation",
        )?;
        law(
            self.is_found(&bystander)? && self.delete(Side::One, bystander.stamp())?,
            "a deletion deletes one record only",
        )
    }

    fn whose_is_what(&mut self) -> Result<(), Fault<T::Error>> {
        let (ada, bob) = (self.ada.clone(), self.bob.clone());
        let visitor = self.inserted(None)?;
        let own = self.inserted(Some(ada.clone()))?;
        law(
            self.count(Side::Other, &ada, &own)? == (1, true)
                && self.count(Side::Other, &bob, &own)? == (0, false),
            "a user's records are listed, and nobody else's",
        )?;
        let renewed = self.renewed(&own, true)?;
        self.replace(Side::One, own.stamp(), &renewed)?;
        law(
            self.count(Side::Other, &ada, &renewed)? == (1, true),
            "a record that gets another handle is listed once, as it is now",
        )?;
        // A login: the visitor turns out to be ada.
        let login = Record {
            login: renewed.login.clone(),
            ..self.renewed(&visitor, false)?
        };
        self.replace(Side::One, visitor.stamp(), &login)?;
        law(
            self.count(Side::Other, &ada, &login)? == (2, true),
            "a record that gets a user is listed as the user's",
        )?;
        // Another login, of somebody else at the same browser.
        let mut other_login = self.renewed(&login, false)?;
        if let Some(login) = &mut other_login.login {
            login.user = bob.clone();
        }
        self.replace(Side::One, login.stamp(), &other_login)?;
        law(
            self.count(Side::Other, &ada, &renewed)? == (1, true)
                && self.count(Side::Other, &bob, &other_login)? == (1, true),
            "a record that gets another user is listed as that user's alone",
        )?;
        self.delete(Side::One, renewed.stamp())?;
        self.delete(Side::One, other_login.stamp())?;
        law(
            self.count(Side::Other, &ada, &renewed)? == (0, false)
                && self.count(Side::Other, &bob, &other_login)? == (0, false),
            "what is deleted is not listed",
        )
    }
}
