//! Who may do what. Nothing else in this example says no.

use std::time::Duration;

use hardtack::policy::{
    Allow, Always, Deny, DenyOverrides, HasScope, Hide, InScope, LoggedIn, MaxAge, Policy, Require,
    What, Who,
};
use hardtack::refresh::FamilyId;
use hardtack::scope::Scope;
use hardtack::session::Handle;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct User {
    pub name: &'static str,
    pub admin: bool,
}

pub struct OpenAdmin;

pub static ADMIN: &dyn Policy<OpenAdmin, User> = &DenyOverrides((
    Allow("admin", Who(|user: &User| user.admin)),
    Require(
        "login within five minutes",
        MaxAge(Duration::from_secs(300)),
    ),
));

/// Any request that changes something.
pub struct Change {
    pub same_origin: bool,
    pub csrf: bool,
}

pub static FROM_HERE: &dyn Policy<Change, User> = &DenyOverrides((
    Deny(
        "from another site",
        What(|change: &Change| !change.same_origin),
    ),
    Allow("anybody", Always),
));

pub static CONSENT: &dyn Policy<Change, User> = &DenyOverrides((
    Deny(
        "from another site",
        What(|change: &Change| !change.same_origin),
    ),
    Deny("no CSRF token", What(|change: &Change| !change.csrf)),
    Allow("logged in", LoggedIn),
));

/// To end one of one's own sessions, with the logins of its tokens.
pub struct EndSession {
    pub own: Option<(Handle, Vec<FamilyId>)>,
}

/// Somebody else's session is not even there.
pub static END: &dyn Policy<EndSession, User> = &Hide(Allow(
    "own session",
    What(|end: &EndSession| end.own.is_some()),
));

/// What an access token says of whoever holds it.
pub struct Holder<'t> {
    pub name: &'t str,
    pub scope: Scope<'t>,
}

impl HasScope for Holder<'_> {
    fn scope(&self) -> Scope<'_> {
        self.scope
    }
}

pub struct ReadOrders;
pub struct PlaceOrder;

const fn scope(text: &'static str) -> Scope<'static> {
    match Scope::parse(text) {
        Ok(scope) => scope,
        Err(_) => panic!("not a scope"),
    }
}

pub const READ: Scope<'_> = scope("orders:read");
pub const READ_AND_WRITE: Scope<'_> = scope("orders:read orders:write");

pub static READ_ORDERS: Allow<InScope> = Allow("may read", InScope(READ));
pub static PLACE_ORDER: Allow<InScope> = Allow("may write", InScope(scope("orders:write")));
