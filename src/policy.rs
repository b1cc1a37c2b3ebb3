//! What a client may do: policies, permits, refusals.
//!
//! A [`Policy`] answers whether somebody may do something now. It is made of rules, allocates
//! nothing, and is usually a `static`:
//!
//! ```
//! use core::time::Duration;
//! use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
//! use hardtack::policy::{
//!     All, Allow, Deny, DenyOverrides, MaxAge, MultiFactor, Owner, Permit, Policy, Refusal, StepUp,
//!     Who, authorize,
//! };
//! use hardtack::time::UnixTime;
//!
//! struct User { id: u32, staff: bool, suspended: bool }
//! struct Refund { customer: u32 }
//!
//! impl User {
//!     fn is_staff(&self) -> bool { self.staff }
//!     fn is_suspended(&self) -> bool { self.suspended }
//! }
//!
//! static REFUND: &dyn Policy<Refund, User> = &DenyOverrides((
//!     Deny("suspended", Who(User::is_suspended)),
//!     Deny("own order", Owner(|refund: &Refund, user: &User| refund.customer == user.id)),
//!     Allow("staff, fresh login, two factors", All((
//!         Who(User::is_staff),
//!         MaxAge(Duration::from_secs(300)),
//!         MultiFactor,
//!     ))),
//! ));
//!
//! /// Cannot be called by anybody whom the policy has not let through.
//! fn refund(permit: Permit<'_, Refund, Authenticated<User>>) {
//!     println!("{} refunds {}", permit.principal().id, permit.action().customer);
//! }
//!
//! let login = UnixTime::from_secs(1_700_000_000);
//! let password = Evidence::new(Assurance::Aal1, Factors::PWD);
//! let clerk = User { id: 7, staff: true, suspended: false };
//! let clerk = Authenticated::vouch(clerk, password, login);
//!
//! let an_hour_later = login.saturating_add(Duration::from_secs(3600));
//! match authorize(REFUND, Refund { customer: 1 }, &clerk, an_hour_later) {
//!     Ok(permit) => refund(permit),
//!     Err(refusal) => {
//!         // Log in again, with two factors this time:
//!         let stronger = StepUp::new().within(Duration::from_secs(300)).level(Assurance::Aal2);
//!         assert_eq!(refusal, Refusal::StepUp(stronger));
//!         assert_eq!(refusal.status(), 401);
//!     }
//! }
//! ```
//!
//! **A rule answers a question** about a request ([`Ask`]): a function or closure, or a ready one.
//! [`Allow`], [`Deny`] and [`Require`] make a policy of a rule and give it a name.
//!
//! | about | rules |
//! | --- | --- |
//! | who | [`LoggedIn`], [`Who`], [`Role`], [`Permission`], [`InScope`] |
//! | what | [`What`], [`Owner`], [`Related`] |
//! | how and when they logged in | [`MaxAge`], [`Factor`], [`MultiFactor`], [`Level`] |
//! | when | [`Window`], [`Daily`] |
//! | put together | [`All`], [`Any`], [`Not`], [`Always`] |
//!
//! **A combinator makes one policy of several**: [`DenyOverrides`], [`PermitOverrides`],
//! [`FirstApplicable`], [`DenyUnlessPermit`], [`PermitUnlessDeny`], each over a tuple, an array or
//! a [`NonEmpty`] slice; [`When`] restricts one to where a rule holds; [`Hide`] makes its refusals
//! look like absence. They are the combining algorithms of XACML 3.0 (appendix C), but for two cases
//! in which the standard lets an outage allow ([`FirstApplicable`], [`PermitUnlessDeny`]).
//!
//! **An [`Authenticator`] finds out who asks**, from the headers of the request: [`Bearer`],
//! [`Basic`], [`SessionCookie`], [`SignedCookie`], several of them in a [`Chain`].
//!
//! **The default is no.** What no rule allows is refused; what cannot be told, because a look-up
//! failed, is refused; a combinator of nothing does not compile.
//!
//! **A [`Refusal`] is the answer**: the status, and the challenge for `WWW-Authenticate`. The rules
//! that refused decide which: a scope that is missing is told, and so is a login that is too old.
//!
//! **It is small.** Ten rules, their decision and the writing of the challenge take 5,082 bytes of flash
//! on a Cortex-M4 at `opt-level = "s"`: the program `ten_rules` of `tests/firmware/run --quick`.

use crate::identity::{Anonymous, Authenticated, Identity, Ours};
use crate::time::UnixTime;

mod assert;
mod authenticator;
mod challenge;
mod combine;
mod permit;
mod refusal;
mod roles;
mod rule;
mod rules;
mod several;
mod tally;
mod trace;
mod verdict;

pub use authenticator::{
    Authenticator, Basic, Bearer, Chain, Headers, Login, SessionCookie, SignedCookie,
};
pub use challenge::{Challenge, NotQuotable, Scheme};
pub use combine::{
    DenyOverrides, DenyUnlessPermit, FirstApplicable, Hide, PermitOverrides, PermitUnlessDeny, When,
};
pub use permit::{Permit, authorize, authorize_traced};
pub use refusal::{Refusal, StepUp};
pub use roles::{HasPermissions, HasRoles, Permission, Permissions, Role, Roles};
pub use rule::{All, Allow, Answer, Any, Deny, Not, Require, Rule};
pub use rules::{
    Always, Daily, Factor, HasScope, InScope, Level, LoggedIn, MaxAge, MultiFactor, Owner, Related,
    Relations, What, Who, Window,
};
pub use several::{NonEmpty, Several};
pub use trace::{AuditLine, Record, Step, Steps, Trace};
pub use verdict::{Outcome, Verdict};

/// May `P` do `A`?
///
/// An implementation of your own looks at the [`Ask`], notes in the trace what its rules said, and
/// gives a [`Verdict`]. It does not wait, and knows no time but the one that it is told. It is
/// `Sync`, so that `static POLICY: &dyn Policy<Action, User>` can be written. Where the user borrows
/// from a token, that is `&dyn for<'t> Policy<Action, User<'t>>`:
///
/// ```
/// use hardtack::policy::{Allow, HasScope, InScope, Policy};
/// use hardtack::scope::Scope;
///
/// struct User<'t> { name: &'t str, scope: Scope<'t> }
/// impl HasScope for User<'_> {
///     fn scope(&self) -> Scope<'_> { self.scope }
/// }
/// struct ReadOrders;
/// # const READ: Scope<'_> = match Scope::parse("orders:read") { Ok(scope) => scope, Err(_) => panic!() };
/// static ORDERS: &dyn for<'t> Policy<ReadOrders, User<'t>> = &Allow("may read", InScope(READ));
/// ```
///
/// One of your own:
///
/// ```
/// use hardtack::policy::{Ask, Policy, Refusal, Trace, Verdict};
///
/// /// A door that counts its keys, whoever holds them.
/// struct Locked { keys: u32 }
///
/// impl<A, P> Policy<A, P> for Locked {
///     fn decide(&self, _: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
///         let verdict = if self.keys > 0 { Verdict::deny(Refusal::Forbidden) } else { Verdict::NOT_APPLICABLE };
///         trace.note("locked", verdict);
///         verdict
///     }
/// }
/// ```
pub trait Policy<A, P>: Sync {
    /// What this policy says to `ask`.
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict;
}

impl<A, P, T: Policy<A, P> + ?Sized> Policy<A, P> for &T {
    #[inline]
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        (**self).decide(ask, trace)
    }
}

/// What is asked of a policy: may this client do this now?
#[derive(Debug)]
pub struct Ask<'r, A, P> {
    action: &'r A,
    who: Result<Authenticated<&'r P>, Anonymous>,
    now: UnixTime,
}

impl<'r, A, P> Ask<'r, A, P> {
    /// May `who` do `action`, now?
    #[must_use]
    pub fn new(action: &'r A, who: &'r impl Identity<P>, now: UnixTime) -> Self {
        Self {
            action,
            who: who.identity(Ours(())),
            now,
        }
    }

    /// What somebody wants to do.
    #[must_use]
    pub const fn action(&self) -> &'r A {
        self.action
    }

    /// Who wants to.
    ///
    /// # Errors
    ///
    /// [`Anonymous`] if that is not known.
    pub const fn who(&self) -> Result<&Authenticated<&'r P>, Anonymous> {
        match &self.who {
            Ok(who) => Ok(who),
            Err(anonymous) => Err(*anonymous),
        }
    }

    /// The principal who wants to, if that is known.
    #[must_use]
    pub fn principal(&self) -> Option<&'r P> {
        self.who.as_ref().ok().map(|who| *who.principal())
    }

    /// The time of the request.
    #[must_use]
    pub const fn now(&self) -> UnixTime {
        self.now
    }
}
