use serde::{Deserialize, Serialize};

use super::id::FamilyId;
use super::{Error, Grant, Rules, Ticket};
use crate::memory::SKEW;
use crate::scope::Scope;
use crate::time::UnixTime;

/// One login: its name, where it stands, and what was granted.
///
/// This is the record that a database keeps, and all the rules are in its pure functions: they
/// answer what to write and write nothing. Whoever stores it keeps two promises: a new family is
/// inserted only under a name that is not taken, and a state replaces another only if the stored
/// counter is still the one that was read, in one step. Then no family ever has two successors to
/// one token, and what was removed is never revived, whatever the interleaving. A
/// [`Store`](super::Store) is a place that does so, and
/// [`conformance`](super::conformance) tests one.
///
/// ```
/// use hardtack::refresh::{Decision, Error, Family, Rules};
/// use hardtack::scope::Scope;
/// # use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// # use hardtack::refresh::Grant;
/// # use hardtack::time::UnixTime;
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// # fn fill(bytes: &mut [u8]) -> Result<(), core::convert::Infallible> { bytes.fill(7); Ok(()) }
/// # let grant = Grant::<u32>::new(&ada, "web", Scope::NONE)?;
///
/// let mut family = Family::new(grant, &Rules::AAL1, fill, now)?; // insert it
/// let first = family.ticket();
/// match family.decide(first, "web", Scope::NONE, &Rules::AAL1, now) {
///     Decision::Rotate(next) => family = family.with(next), // replace if the counter is still 0
///     other => unreachable!("{other:?}"),
/// }
/// // The first token again is theft: remove the family.
/// let again = family.decide(first, "web", Scope::NONE, &Rules::AAL1, now);
/// assert_eq!(again, Decision::End(Error::Reused));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family<U, const S: usize = 128> {
    pub(super) id: FamilyId,
    pub(super) state: State,
    pub(super) grant: Grant<U, S>,
}

impl<U, const S: usize> Family<U, S> {
    /// A family that begins `now`, under a name from `fill`, the caller's random source.
    ///
    /// Its absolute end is counted from when the user had authenticated: a login that is made of
    /// another session or token lives no longer than that.
    ///
    /// # Errors
    ///
    /// [`Error::NoEntropy`] if `fill` fails, or fills in nothing but zeros; [`Error::Expired`] if
    /// the user had authenticated too long ago.
    pub fn new<E>(
        grant: Grant<U, S>,
        rules: &Rules,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let begun = grant.authenticated_at().min(now);
        let state = State {
            counter: 0,
            rotated: now,
            end: begun.saturating_add(rules.absolute),
        };
        state.alive(rules, now)?;
        Ok(Self {
            id: FamilyId::generate(fill)?,
            state,
            grant,
        })
    }

    /// The family of parts that a database keeps apart.
    #[must_use]
    pub const fn from_parts(id: FamilyId, state: State, grant: Grant<U, S>) -> Self {
        Self { id, state, grant }
    }

    /// The name: the key of the record, and the `sid` of the access tokens.
    #[must_use]
    pub const fn id(&self) -> FamilyId {
        self.id
    }

    /// What changes: 24 bytes, to be replaced as one.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// What never changes.
    #[must_use]
    pub const fn grant(&self) -> &Grant<U, S> {
        &self.grant
    }

    /// What the current token says.
    #[must_use]
    pub const fn ticket(&self) -> Ticket {
        Ticket::new(self.id, self.state.counter)
    }

    /// The family as it is after `state` was written.
    #[must_use]
    pub fn with(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// Decides what a presented token is worth, for a client that says it is `client` and wants
    /// `scope`; [`Scope::NONE`] stands for the whole grant.
    ///
    /// | presented | decision |
    /// | --- | --- |
    /// | the current token | [`Rotate`](Decision::Rotate) |
    /// | its immediate predecessor, within the grace | [`Repeat`](Decision::Repeat) |
    /// | the predecessor after the grace, or anything older | [`End`](Decision::End), `Reused` |
    /// | a counter from the future | [`Refuse`](Decision::Refuse), `Invalid` |
    /// | anything after the idle or the absolute end | [`End`](Decision::End), `Expired` |
    ///
    /// The grace is counted from the moment at which the successor was first handed out; to hand it
    /// out again does not prolong it, and to use it ends it.
    ///
    /// A token that is good for another client, or for less than is asked, is refused and stays
    /// good (RFC 6749 §6). A narrower scope is that of one access token; the grant stays.
    #[must_use = "what is decided is not written yet"]
    pub fn decide(
        &self,
        ticket: Ticket,
        client: &str,
        scope: Scope<'_>,
        rules: &Rules,
        now: UnixTime,
    ) -> Decision {
        if ticket.family() != self.id {
            return Decision::Refuse(Error::Gone);
        }
        let decision = self.state.decide(ticket.counter(), rules, now);
        if let Decision::Rotate(_) | Decision::Repeat = decision {
            // Behind the counter: a stolen token tells of itself whoever presents it.
            if client != self.grant.client() {
                return Decision::Refuse(Error::Client);
            }
            if !scope.is_subset_of(self.grant.scope()) {
                return Decision::Refuse(Error::Scope);
            }
        }
        decision
    }

    /// Checks that the family lives.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`] from its idle or its absolute end on, and if it was rotated more than a
    /// minute in the future: the clock has stepped back then, and how long the family has been idle
    /// cannot be known.
    pub fn check(&self, rules: &Rules, now: UnixTime) -> Result<(), Error> {
        self.state.alive(rules, now).map(|_| ())
    }
}

/// What to write before the answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "what is decided is not written yet"]
pub enum Decision {
    /// Replace the state by this one if the counter is still what it was, then hand out the next
    /// token. If the counter has changed meanwhile, read again and decide again.
    Rotate(State),
    /// Write nothing, and hand out the current token once more.
    Repeat,
    /// Write nothing, and hand out nothing.
    Refuse(Error),
    /// Remove the family, with all its access tokens, and hand out nothing.
    End(Error),
}

/// Where a family stands: what changes from refresh to refresh.
///
/// The counter only grows, so it is the version too: "replace if unchanged" compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(super) counter: u64,
    pub(super) rotated: UnixTime,
    pub(super) end: UnixTime,
}

impl State {
    /// The length of [`to_bytes`](Self::to_bytes).
    pub const LEN: usize = 24;

    /// The number of rotations: which token is the current one.
    #[must_use]
    pub const fn counter(self) -> u64 {
        self.counter
    }

    /// When the current token was first handed out.
    #[must_use]
    pub const fn rotated(self) -> UnixTime {
        self.rotated
    }

    /// The absolute end.
    #[must_use]
    pub const fn end(self) -> UnixTime {
        self.end
    }

    /// When the family ends if it is not used again: at its idle or its absolute end.
    #[must_use]
    pub fn ends(self, rules: &Rules) -> UnixTime {
        self.rotated.saturating_add(rules.idle).min(self.end)
    }

    /// The state as bytes of fixed size: counter, rotation, end, big-endian.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let counter = self.counter.to_be_bytes();
        let rotated = self.rotated.as_secs().to_be_bytes();
        let end = self.end.as_secs().to_be_bytes();
        let mut bytes = [0; Self::LEN];
        let parts = counter.into_iter().chain(rotated).chain(end);
        for (to, from) in bytes.iter_mut().zip(parts) {
            *to = from;
        }
        bytes
    }

    /// The state of bytes that [`to_bytes`](Self::to_bytes) made.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        let [c0, c1, c2, c3, c4, c5, c6, c7, rest @ ..] = bytes;
        let [r0, r1, r2, r3, r4, r5, r6, r7, end @ ..] = rest;
        Self {
            counter: u64::from_be_bytes([c0, c1, c2, c3, c4, c5, c6, c7]),
            rotated: UnixTime::from_secs(i64::from_be_bytes([r0, r1, r2, r3, r4, r5, r6, r7])),
            end: UnixTime::from_secs(i64::from_be_bytes(end)),
        }
    }

    /// The moment to reckon with, if the family lives: never before its last rotation.
    fn alive(self, rules: &Rules, now: UnixTime) -> Result<UnixTime, Error> {
        if now < self.ends(rules) && self.rotated <= now.saturating_add(SKEW) {
            Ok(now.max(self.rotated))
        } else {
            Err(Error::Expired)
        }
    }

    fn decide(self, counter: u64, rules: &Rules, now: UnixTime) -> Decision {
        let now = match self.alive(rules, now) {
            Ok(now) => now,
            Err(error) => return Decision::End(error),
        };
        if counter > self.counter {
            // It cannot have been issued: the key signed what this family never reached.
            return Decision::Refuse(Error::Invalid);
        }
        if counter == self.counter {
            return match counter.checked_add(1) {
                Some(next) => Decision::Rotate(Self {
                    counter: next,
                    rotated: now,
                    end: self.end,
                }),
                None => Decision::End(Error::Expired),
            };
        }
        let is_predecessor = counter.checked_add(1) == Some(self.counter);
        let in_grace = now.saturating_since(self.rotated).as_secs() < rules.grace.as_secs();
        if is_predecessor && in_grace {
            Decision::Repeat
        } else {
            Decision::End(Error::Reused)
        }
    }
}
