//! Assertions for the tests of a caller's own policies.

/// Asserts that a policy allows: `assert_allows!(POLICY, action, &who, now)`.
///
/// For tests; a failure shows what each rule said. With [`assert_refuses!`](crate::assert_refuses) the test of a policy
/// reads as a table:
///
/// ```
/// use hardtack::identity::{Anonymous, Assurance, Authenticated, Evidence, Factors};
/// use hardtack::policy::{Allow, Deny, DenyOverrides, Owner, Policy, Refusal, Who};
/// use hardtack::time::UnixTime;
/// use hardtack::{assert_allows, assert_refuses};
///
/// struct Cancel { customer: u32 }
/// struct User { id: u32, suspended: bool }
///
/// static CANCEL: &dyn Policy<Cancel, User> = &DenyOverrides((
///     Deny("suspended", Who(|user: &User| user.suspended)),
///     Allow("own order", Owner(|order: &Cancel, user: &User| order.customer == user.id)),
/// ));
///
/// let now = UnixTime::from_secs(1_700_000_000);
/// let login = |id, suspended| {
///     let password = Evidence::new(Assurance::Aal1, Factors::PWD);
///     Authenticated::vouch(User { id, suspended }, password, now)
/// };
/// let (ada, eve) = (login(1, false), login(2, true));
///
/// assert_allows!(CANCEL, Cancel { customer: 1 }, &ada, now);
/// assert_refuses!(CANCEL, Cancel { customer: 2 }, &ada, now, Refusal::Forbidden);
/// assert_refuses!(CANCEL, Cancel { customer: 2 }, &eve, now, Refusal::Forbidden);
/// assert_refuses!(CANCEL, Cancel { customer: 1 }, &Anonymous, now, Refusal::LoginNeeded);
/// ```
///
/// ```should_panic
/// # use hardtack::{assert_allows, identity::Anonymous, policy::{Allow, LoggedIn, Policy}};
/// # use hardtack::time::UnixTime;
/// static MEMBERS: &dyn Policy<(), ()> = &Allow("member", LoggedIn);
/// // MEMBERS refuses () to &Anonymous: member: not applicable; refused 401: a login is needed
/// assert_allows!(MEMBERS, (), &Anonymous, UnixTime::EPOCH);
/// ```
#[macro_export]
macro_rules! assert_allows {
    ($policy:expr, $action:expr, $who:expr, $now:expr $(,)?) => {{
        let mut steps = $crate::policy::Steps::<32>::new();
        // In a `match` temporaries live on: `$who` may be one.
        match $crate::policy::authorize_traced($policy, $action, $who, &mut steps, $now) {
            decision => assert!(
                decision.is_ok(),
                "{} refuses {} to {}: {steps}",
                stringify!($policy),
                stringify!($action),
                stringify!($who),
            ),
        }
    }};
}

/// Asserts that a policy refuses, and how:
/// `assert_refuses!(POLICY, action, &who, now, Refusal::Forbidden)`.
///
/// The last is a pattern, so that `Refusal::StepUp(_)` will do. See [`assert_allows!`].
#[macro_export]
macro_rules! assert_refuses {
    ($policy:expr, $action:expr, $who:expr, $now:expr, $refusal:pat $(,)?) => {{
        let mut steps = $crate::policy::Steps::<32>::new();
        match $crate::policy::authorize_traced($policy, $action, $who, &mut steps, $now) {
            decision => assert!(
                matches!(decision, Err($refusal)),
                "{} does not refuse {} to {} by {}: {steps}",
                stringify!($policy),
                stringify!($action),
                stringify!($who),
                stringify!($refusal),
            ),
        }
    }};
}
