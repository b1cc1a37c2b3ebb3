//! The proof that a policy said yes.

use core::fmt;

use crate::identity::{Authenticated, Identity};
use crate::time::UnixTime;

use super::{Ask, Policy, Record, Refusal, Trace};

/// Proof that `W` may do `A`, by the word of a policy, in this request.
///
/// There is no way to one but [`authorize`]. A function that takes a permit by value cannot be
/// called unguarded, nor twice for one decision; as it borrows the identity, it does not outlive
/// the request. (`&Anonymous` is a constant, and of no request: a permit for it can be kept, and
/// says that it is old by [`decided_at`](Self::decided_at).)
///
/// `W` says what is known of the client: an [`Authenticated<P>`] has a
/// [`principal`](Self::principal), a [`Client<P>`](crate::identity::Client) may be nobody.
///
/// ```
/// use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// use hardtack::policy::{Allow, Owner, Permit, authorize};
/// use hardtack::time::UnixTime;
///
/// struct DeleteOrder(u32);
/// struct User { last_order: u32 }
///
/// fn delete_order(permit: Permit<'_, DeleteOrder, Authenticated<User>>) -> u32 {
///     let DeleteOrder(number) = permit.into_action();
///     number // and away it goes
/// }
///
/// let policy = Allow("owner", Owner(|order: &DeleteOrder, user: &User| order.0 == user.last_order));
/// let now = UnixTime::from_secs(1_700_000_000);
/// let password = Evidence::new(Assurance::Aal1, Factors::PWD);
/// let ada = Authenticated::vouch(User { last_order: 42 }, password, now);
///
/// let permit = authorize(&policy, DeleteOrder(42), &ada, now)?;
/// assert_eq!(delete_order(permit), 42);
/// # Ok::<(), hardtack::policy::Refusal>(())
/// ```
///
/// It is not made by hand, not copied, and not kept:
///
/// ```compile_fail
/// # use hardtack::{identity::Anonymous, policy::Permit, time::UnixTime};
/// let permit = Permit { action: (), who: &Anonymous, at: UnixTime::EPOCH };
/// ```
///
/// ```compile_fail
/// # use hardtack::{identity::Anonymous, policy::Permit};
/// fn twice(permit: Permit<'_, (), Anonymous>) -> [Permit<'_, (), Anonymous>; 2] {
///     [permit.clone(), permit]
/// }
/// ```
///
/// ```compile_fail
/// # use hardtack::{identity::Anonymous, policy::Permit};
/// fn keep(permit: Permit<'_, (), Anonymous>) -> Permit<'static, (), Anonymous> {
///     permit
/// }
/// ```
#[must_use = "a permit is for the function that wants one"]
pub struct Permit<'r, A, W> {
    action: A,
    who: &'r W,
    at: UnixTime,
}

impl<'r, A, W> Permit<'r, A, W> {
    /// What may be done.
    pub const fn action(&self) -> &A {
        &self.action
    }

    /// What may be done, out of the permit, which is used up.
    pub fn into_action(self) -> A {
        self.action
    }

    /// Who may do it.
    pub const fn who(&self) -> &'r W {
        self.who
    }

    /// When that was decided.
    pub const fn decided_at(&self) -> UnixTime {
        self.at
    }
}

impl<'r, A, P> Permit<'r, A, Authenticated<P>> {
    /// The principal that may do it.
    pub const fn principal(&self) -> &'r P {
        self.who.principal()
    }
}

/// Without the action or the principal: a log is not the place for either.
impl<A, W> fmt::Debug for Permit<'_, A, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit(elided)")
    }
}

/// Asks `policy` whether `who` may do `action` at the time `now`.
///
/// Only a plain yes is one: without an applicable rule the answer is no.
///
/// # Errors
///
/// The answer for the client. A policy that denied, or of which no part applied, gives the reason
/// that its rules gave ([`Refusal`] says which of several), [`Refusal::Forbidden`] without one;
/// a look-up that failed where it mattered, [`Refusal::Unavailable`]. To an
/// [`Anonymous`](crate::identity::Anonymous) client every one of them but `Unavailable` and
/// [`Refusal::Hidden`] is [`Refusal::LoginNeeded`], since somebody might be allowed.
#[inline]
pub fn authorize<'r, A, P, W: Identity<P>>(
    policy: &(impl Policy<A, P> + ?Sized),
    action: A,
    who: &'r W,
    now: UnixTime,
) -> Result<Permit<'r, A, W>, Refusal> {
    decide(policy, action, who, &mut Trace::off(), now)
}

/// [`authorize`], and tells `record` which rule said what.
///
/// # Errors
///
/// Like [`authorize`].
pub fn authorize_traced<'r, A, P, W: Identity<P>>(
    policy: &(impl Policy<A, P> + ?Sized),
    action: A,
    who: &'r W,
    record: &mut dyn Record,
    now: UnixTime,
) -> Result<Permit<'r, A, W>, Refusal> {
    decide(policy, action, who, &mut Trace::to(record), now)
}

#[inline]
fn decide<'r, A, P, W: Identity<P>>(
    policy: &(impl Policy<A, P> + ?Sized),
    action: A,
    who: &'r W,
    trace: &mut Trace<'_>,
    now: UnixTime,
) -> Result<Permit<'r, A, W>, Refusal> {
    let ask = Ask::new(&action, who, now);
    let known = ask.who().is_ok();
    let decision = policy
        .decide(&ask, trace)
        .settle()
        .map_err(|refusal| if known { refusal } else { refusal.to_nobody() });
    trace.end(decision);
    decision.map(|()| Permit {
        action,
        who,
        at: now,
    })
}
