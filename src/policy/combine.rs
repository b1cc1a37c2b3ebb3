//! Several policies as one.

use core::ops::ControlFlow::{Break, Continue};

use super::tally::{self, Reasons, Said};
use super::{Answer, Ask, Outcome, Policy, Refusal, Rule, Several, Trace, Verdict};

/// Any denial wins; without one, any allow does (XACML 3.0, appendix C.2). The usual choice.
///
/// Every member is asked, in order, also behind a denial: so neither the outcome nor the refusal
/// depends on the order, and a trace is whole. (Where two scopes are missing of which neither holds
/// the other, the first is told.) This is ordered-deny-overrides (C.3) too.
///
/// ```
/// use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// use hardtack::policy::{Allow, Deny, DenyOverrides, Owner, Policy, Refusal, Who, authorize};
/// use hardtack::time::UnixTime;
///
/// struct User { id: u32, suspended: bool }
/// struct Cancel { customer: u32 }
///
/// static CANCEL: &dyn Policy<Cancel, User> = &DenyOverrides((
///     Deny("suspended", Who(|user: &User| user.suspended)),
///     Allow("own order", Owner(|order: &Cancel, user: &User| order.customer == user.id)),
/// ));
///
/// let now = UnixTime::from_secs(1_700_000_000);
/// let password = Evidence::new(Assurance::Aal1, Factors::PWD);
/// let ada = Authenticated::vouch(User { id: 1, suspended: false }, password, now);
/// let mallory = Authenticated::vouch(User { id: 1, suspended: true }, password, now);
///
/// assert!(authorize(CANCEL, Cancel { customer: 1 }, &ada, now).is_ok());
/// assert_eq!(authorize(CANCEL, Cancel { customer: 2 }, &ada, now).unwrap_err(), Refusal::Forbidden);
/// assert_eq!(authorize(CANCEL, Cancel { customer: 1 }, &mallory, now).unwrap_err(), Refusal::Forbidden);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DenyOverrides<T>(pub T);

/// Any allow wins; without one, any denial does (XACML 3.0, appendix C.4).
///
/// Members are asked in order until one allows, so this is ordered-permit-overrides (C.5) too.
#[derive(Clone, Copy, Debug)]
pub struct PermitOverrides<T>(pub T);

/// The first member that applies decides (XACML 3.0, appendix C.8); the rest is not asked.
///
/// Stricter than the standard in one case. There a member of which a look-up failed is the last to
/// be asked, and a denial behind it is never heard of. Here it is indeterminate what such a member
/// *or the next that applies* says: an outage never hides a deny.
#[derive(Clone, Copy, Debug)]
pub struct FirstApplicable<T>(pub T);

/// Allow if any member allows, else deny (XACML 3.0, appendix C.6): never without an opinion.
#[derive(Clone, Copy, Debug)]
pub struct DenyUnlessPermit<T>(pub T);

/// Deny if any member denies, else allow (XACML 3.0, appendix C.7).
///
/// Stricter than the standard in one case: it allows where a denial could not be looked up. Here
/// that is indeterminate, because an outage is never a grant.
#[derive(Clone, Copy, Debug)]
pub struct PermitUnlessDeny<T>(pub T);

macro_rules! combinators {
    ($($name:ident: $algorithm:ident, until $last:expr;)*) => {$(
        impl<A, P, T: Several<Verdict, A, P>> Policy<A, P> for $name<T> {
            #[inline]
            fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
                const LAST: fn(Outcome) -> bool = $last;
                let mut said = Said::NOTHING;
                let mut reasons = Reasons::NONE;
                let _ = self.0.each(ask, trace, &mut |verdict| {
                    said.add(verdict, &mut reasons);
                    if LAST(verdict.outcome()) { Break(()) } else { Continue(()) }
                });
                tally::$algorithm(said, &reasons)
            }
        }
    )*};
}

combinators! {
    DenyOverrides: deny_overrides, until |_| false;
    PermitOverrides: permit_overrides, until |outcome| outcome == Outcome::Allow;
    FirstApplicable: first_applicable, until |outcome| {
        matches!(outcome, Outcome::Allow | Outcome::Deny)
    };
    DenyUnlessPermit: deny_unless_permit, until |outcome| outcome == Outcome::Allow;
    PermitUnlessDeny: permit_unless_deny, until |_| false;
}

/// A policy that speaks only where a rule holds: the *target* of XACML 3.0 (§7.14).
///
/// Where the rule does not hold, the policy does not apply and is not asked. Where that cannot be
/// told, the policy's yes and no become indeterminate.
///
/// ```
/// use hardtack::identity::Anonymous;
/// use hardtack::policy::{Allow, Always, Policy, Refusal, What, When, authorize};
/// use hardtack::time::UnixTime;
///
/// enum Page { Front, Accounts }
///
/// static SITE: &dyn Policy<Page, ()> =
///     &When(What(|page: &Page| matches!(page, Page::Front)), Allow("public", Always));
///
/// let now = UnixTime::from_secs(1_700_000_000);
/// assert!(authorize(SITE, Page::Front, &Anonymous, now).is_ok());
/// assert_eq!(authorize(SITE, Page::Accounts, &Anonymous, now).unwrap_err(), Refusal::LoginNeeded);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct When<R, T>(pub R, pub T);

impl<A, P, R: Rule<A, P>, T: Policy<A, P>> Policy<A, P> for When<R, T> {
    #[inline]
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        match self.0.check(ask) {
            Answer::Yes => self.1.decide(ask, trace),
            Answer::No(_) => Verdict::NOT_APPLICABLE,
            Answer::Unknown => self.1.decide(ask, trace).in_doubt(),
        }
    }
}

/// Answers 404 where it would refuse ([`Refusal::Hidden`]), so that a stranger does not learn what
/// exists. Around a [`Rule`] or around a whole [`Policy`].
///
/// A policy that did not apply refuses hidden too, if nothing else allows. An outage remains 503.
///
/// # Security
///
/// What is not there must be answered with [`Refusal::Hidden`] as well, by the handler that did
/// not find it. Wrap the whole policy if nobody who is refused may learn; a rule alone hides only
/// what that rule refuses.
#[derive(Clone, Copy, Debug)]
pub struct Hide<T>(pub T);

impl<A, P, T: Policy<A, P>> Policy<A, P> for Hide<T> {
    #[inline]
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        let verdict = self.0.decide(ask, trace);
        match (verdict.outcome(), verdict.reason()) {
            (_, Some(Refusal::Unavailable)) => verdict,
            (Outcome::Deny, _) => Verdict::deny(Refusal::Hidden),
            (Outcome::NotApplicable, _) => Verdict::not_allowed(Refusal::Hidden),
            _ => verdict,
        }
    }
}

impl<A, P, R: Rule<A, P>> Rule<A, P> for Hide<R> {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        match self.0.check(ask) {
            Answer::No(reason) if reason != Refusal::Unavailable => Answer::No(Refusal::Hidden),
            answer => answer,
        }
    }
}
