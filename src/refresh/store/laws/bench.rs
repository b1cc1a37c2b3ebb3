use crate::identity::{Assurance, Authenticated, Evidence, Factors};
use crate::memory::{Fault, Side, law};
use crate::refresh::{Decision, Error, Family, FamilyId, Grant, State, Store};
use crate::scope::Scope;
use crate::time::UnixTime;

/// What the rules of a store must give it.
const LIVES: &str = "a family that is not used lives a minute";

/// Two ways to a store, and what is put into it.
pub(super) struct Bench<'s, T, U, F, const S: usize> {
    pub(super) one: &'s mut T,
    pub(super) other: &'s mut T,
    pub(super) users: [U; 2],
    pub(super) fill: F,
    pub(super) now: UnixTime,
}

impl<T, U, F, E, const S: usize> Bench<'_, T, U, F, S>
where
    T: Store<U, S>,
    U: Clone + PartialEq,
    F: FnMut(&mut [u8]) -> Result<(), E>,
{
    /// A family that is in no store yet.
    pub(super) fn family(&mut self, user: usize) -> Result<Family<U, S>, Fault<T::Error>> {
        let user = self.users.get(user).ok_or(Fault::NoEntropy)?.clone();
        let evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));
        let who = Authenticated::vouch(user, evidence, self.now);
        let scope = Scope::parse("a b").unwrap_or(Scope::NONE);
        let grant = Grant::new(&who, "c", scope)
            .or_else(|_| Grant::new(&who, "", Scope::NONE))
            .map_err(|_| Fault::Broken("a grant of no length has room"))?;
        let family = Family::new(grant, self.one.rules(), &mut self.fill, self.now);
        family.map_err(|error| match error {
            Error::NoEntropy => Fault::NoEntropy,
            _ => Fault::Broken(LIVES),
        })
    }

    /// A family that is in the store.
    pub(super) fn inserted(&mut self, user: usize) -> Result<Family<U, S>, Fault<T::Error>> {
        let family = self.family(user)?;
        let inserted = self.one.insert(family.clone(), self.now);
        law(
            inserted.map_err(Fault::Outage)?.is_ok(),
            "a family under a new name is inserted",
        )?;
        Ok(family)
    }

    pub(super) fn load(
        &mut self,
        side: Side,
        id: FamilyId,
    ) -> Result<Option<Family<U, S>>, Fault<T::Error>> {
        self.side(side).load(id).map_err(Fault::Outage)
    }

    pub(super) fn replace(
        &mut self,
        side: Side,
        was: &Family<U, S>,
        state: State,
    ) -> Result<bool, Fault<T::Error>> {
        self.side(side)
            .replace(was.id, was.state.counter(), state)
            .map_err(Fault::Outage)
    }

    pub(super) fn remove(&mut self, side: Side, id: FamilyId) -> Result<bool, Fault<T::Error>> {
        self.side(side).remove(id).map_err(Fault::Outage)
    }

    pub(super) fn side(&mut self, side: Side) -> &mut T {
        match side {
            Side::One => self.one,
            Side::Other => self.other,
        }
    }

    /// The state after a rotation of this family.
    pub(super) fn next(&self, family: &Family<U, S>) -> Result<State, Fault<T::Error>> {
        let (client, rules) = (family.grant.client(), self.one.rules());
        match family.decide(family.ticket(), client, Scope::NONE, rules, self.now) {
            Decision::Rotate(state) => Ok(state),
            _ => Err(Fault::Broken(LIVES)),
        }
    }
}
