use core::hash::Hash;

use super::{Decision, Error, Family, FamilyId, Grant, PerUser, Rules, State, Ticket};
use crate::scope::Scope;
use crate::table::{Index, Keyed, Table, hash_of};
use crate::time::UnixTime;

/// Up to `N` families in memory, found by name and by user in *O*(1).
///
/// A value takes about `N` × (`S` + the size of `U` + 130) bytes, wherever the caller puts it; a
/// large one belongs into a `static`. The lock is the caller's. A `static` that is made of it by the
/// compiler lies in `.data`, as with [`Sessions`](crate::session::Sessions#size).
///
/// An [`Issuer`](crate::issuer::Issuer) holds its families by value; for those of a `static` give it
/// a `&mut Families`, which is a [`Store`](super::Store) too.
///
/// # When it is full
///
/// A login first takes the place of what has expired; there is no other rule that takes a living
/// family from its user but [`PerUser::EndOldest`], which takes one of the same user's. If no
/// place is left, the login is refused with [`Error::Full`], and those who are logged in stay so.
///
/// # Time
///
/// No end moves when the clock steps back. A family that has expired is removed when its token is
/// presented or room is needed; if the clock is set back before that, it lives until its end is
/// reached again, unless it was used since the time that the clock then shows.
///
/// ```
/// # use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// use hardtack::refresh::{Error, Families, Grant, Rules};
/// # use hardtack::scope::Scope;
/// # use hardtack::time::UnixTime;
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let who = |user: u32| Authenticated::vouch(user, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// # let mut n = 0;
/// # let mut fill = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), Error>(()) };
///
/// let mut families = Families::<u32, 1>::new(Rules::AAL2);
/// families.open(Grant::new(&who(1), "web", Scope::NONE)?, &mut fill, now)?;
/// let ben = Grant::new(&who(2), "web", Scope::NONE)?;
/// assert_eq!(families.open(ben.clone(), &mut fill, now), Err(Error::Full));
///
/// // Ada's login ends by itself some time, or because she says so.
/// assert_eq!(families.revoke_user(&1), 1);
/// assert!(families.open(ben, &mut fill, now).is_ok());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Families<U, const N: usize, const S: usize = 128> {
    rules: Rules,
    table: Table<Family<U, S>, N>,
    users: Index<N>,
}

impl<U, const S: usize> Keyed for Family<U, S> {
    fn key(&self) -> &[u8] {
        self.id.as_bytes()
    }
}

impl<U, const N: usize, const S: usize> Families<U, N, S> {
    /// No family yet.
    #[must_use]
    pub const fn new(rules: Rules) -> Self {
        Self {
            rules,
            table: Table::new(),
            users: Index::new(),
        }
    }

    /// The rules that families live by.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The number of families, with expired ones that were not purged yet.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.table.len() == 0
    }

    /// The family of this name, if it lives. *O*(1).
    ///
    /// # Errors
    ///
    /// [`Error::Gone`] if there is none, [`Error::Expired`] if it has passed an end of its.
    pub fn check(&self, id: FamilyId, now: UnixTime) -> Result<&Family<U, S>, Error> {
        let family = self.find(id).ok_or(Error::Gone)?;
        family.check(&self.rules, now)?;
        Ok(family)
    }

    /// Ends one family: a logout. Answers whether there was one. *O*(1).
    pub fn revoke(&mut self, id: FamilyId) -> bool {
        let place = self.table.find(id.as_bytes());
        place.is_some_and(|place| self.remove(place))
    }

    /// Ends every family there is. *O*(`N`).
    pub fn revoke_all(&mut self) -> usize {
        let ended = self.len();
        self.table.clear();
        self.users.clear();
        ended
    }

    /// Removes what has expired, and answers how many. *O*(`N`).
    ///
    /// There is no need to call it: an expired family is refused, and gives its place to a login
    /// that finds no other.
    pub fn purge(&mut self, now: UnixTime) -> usize {
        let rules = self.rules;
        self.remove_where(|family| family.check(&rules, now).is_err())
    }

    pub(super) fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> bool {
        let place = self.table.find(id.as_bytes());
        match place.and_then(|place| self.table.at_mut(place)) {
            Some(family) if family.state.counter() == counter => {
                family.state = state;
                true
            }
            _ => false,
        }
    }

    pub(super) fn find(&self, id: FamilyId) -> Option<&Family<U, S>> {
        self.table
            .find(id.as_bytes())
            .and_then(|place| self.table.at(place))
    }

    fn remove(&mut self, place: usize) -> bool {
        self.users.remove(place);
        self.table.remove(place).is_some()
    }

    fn remove_where(&mut self, is: impl Fn(&Family<U, S>) -> bool) -> usize {
        let before = self.len();
        for place in 0..N {
            if self.table.at(place).is_some_and(&is) {
                self.remove(place);
            }
        }
        before.saturating_sub(self.len())
    }
}

impl<U: Eq + Hash, const N: usize, const S: usize> Families<U, N, S> {
    /// Opens a family for a login `now`, under a name from `fill`, the caller's random source.
    /// *O*(1) if there is room.
    ///
    /// # Errors
    ///
    /// [`Error::NoEntropy`] if `fill` fails, [`Error::UserLimit`] if the user has too many families
    /// and the rule is to refuse, [`Error::Full`] if `N` others live.
    pub fn open<E>(
        &mut self,
        grant: Grant<U, S>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Ticket, Error> {
        let family = Family::new(grant, &self.rules, fill, now)?;
        let ticket = family.ticket();
        self.insert(family, now)?;
        Ok(ticket)
    }

    /// Adds a family that [`Family::new`] has made, by the same rules as [`open`](Self::open).
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); [`Error::NoEntropy`] if there is a family of that name, since a
    /// source that repeats 128 bits is not random.
    pub fn insert(&mut self, family: Family<U, S>, now: UnixTime) -> Result<(), Error> {
        if self.find(family.id).is_some() {
            return Err(Error::NoEntropy);
        }
        let oldest = self.one_too_many(family.grant.user(), now)?;
        if let Some(place) = oldest {
            self.remove(place);
        } else if self.table.is_full() {
            self.purge(now);
        }
        let user = hash_of(family.grant.user());
        let place = self.table.insert(family).map_err(|_| Error::Full)?;
        self.users.insert(user, place);
        Ok(())
    }

    /// Exchanges what a refresh token says for its successor, which becomes the current one. *O*(1).
    ///
    /// The rules are those of [`Family::decide`], which is done at once.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`], [`Error::Reused`], [`Error::Expired`], [`Error::Invalid`],
    /// [`Error::Client`], [`Error::Scope`]; see there.
    pub fn rotate(
        &mut self,
        ticket: Ticket,
        client: &str,
        scope: Scope<'_>,
        now: UnixTime,
    ) -> Result<Ticket, Error> {
        let family = self.find(ticket.family()).ok_or(Error::Gone)?;
        let decision = family.decide(ticket, client, scope, &self.rules, now);
        self.apply(ticket.family(), decision)
    }

    fn apply(&mut self, id: FamilyId, decision: Decision) -> Result<Ticket, Error> {
        let place = self.table.find(id.as_bytes()).ok_or(Error::Gone)?;
        match decision {
            Decision::Rotate(state) => {
                let family = self.table.at_mut(place).ok_or(Error::Gone)?;
                family.state = state;
                Ok(family.ticket())
            }
            Decision::Repeat => self.table.at(place).map(Family::ticket).ok_or(Error::Gone),
            Decision::Refuse(error) => Err(error),
            Decision::End(error) => {
                self.remove(place);
                Err(error)
            }
        }
    }

    /// The living families of a user, in no order that means anything. *O*(the user's).
    pub fn of_user(&self, user: &U, now: UnixTime) -> impl Iterator<Item = &Family<U, S>> {
        self.places_of(user)
            .filter_map(|place| self.table.at(place))
            .filter(move |family| family.check(&self.rules, now).is_ok())
    }

    /// Ends all families of a user, and answers how many: "log out everywhere". *O*(the user's).
    pub fn revoke_user(&mut self, user: &U) -> usize {
        let mut ended = 0_usize;
        while let Some(place) = self.first_of(user) {
            self.remove(place);
            ended = ended.saturating_add(1);
        }
        ended
    }

    fn places_of(&self, user: &U) -> impl Iterator<Item = usize> {
        self.users.places(hash_of(user)).filter(move |place| {
            let family = self.table.at(*place);
            family.is_some_and(|family| family.grant.user() == user)
        })
    }

    fn first_of(&self, user: &U) -> Option<usize> {
        self.places_of(user).next()
    }

    /// The place of the family that has to end so that `user` may have one more, if any.
    fn one_too_many(&self, user: &U, now: UnixTime) -> Result<Option<usize>, Error> {
        let (limit, refuse) = match self.rules.per_user {
            PerUser::Unlimited => return Ok(None),
            PerUser::Refuse(limit) => (limit, true),
            PerUser::EndOldest(limit) => (limit, false),
        };
        let living = || {
            self.places_of(user).filter(|place| {
                let family = self.table.at(*place);
                family.is_some_and(|family| family.check(&self.rules, now).is_ok())
            })
        };
        if living().count() < limit {
            return Ok(None);
        }
        let oldest = living().min_by_key(|place| {
            self.table.at(*place).map(|family| {
                let grant = family.grant();
                (
                    grant.authenticated_at(),
                    family.state().rotated(),
                    family.id(),
                )
            })
        });
        match oldest {
            Some(_) if !refuse => Ok(oldest),
            _ => Err(Error::UserLimit),
        }
    }
}
