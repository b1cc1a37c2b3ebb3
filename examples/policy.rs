//! The policy of a shop, printed as a table of decisions.
//!
//! Customers see and cancel their own orders; of other people's they do not learn that they exist.
//! Staff sees all orders, and refunds: small amounts within an hour of logging in, greater ones
//! after a fresh login with two factors, nobody their own order. A suspended account does nothing.
//!
//! `cargo run --example policy` prints it, and how a refusal looks in the log and on the wire:
//!
//! ```text
//!                                     see 1's  see 7's  cancel 1's  pay 1 20 €   pay 1 900 €  pay 7 20 €
//! nobody                              404      404      401 log in  401 log in   401 log in   401 log in
//! customer 1                          yes      404      yes         403          403          403
//! customer 1, suspended               404      404      403         403          403          403
//! clerk 7, password, 50 min ago       yes      yes      403         yes          401 step up  403
//! clerk 7, two factors, 2 min ago     yes      yes      403         yes          yes          403
//! manager 8, two factors, 20 min ago  yes      yes      403         yes          401 step up  yes
//! manager 8, two factors, 90 min ago  yes      yes      403         401 step up  401 step up  401 step up
//! ```
//!
//! Account 7 is a clerk who is a customer, too: refunds to the own account are refused.

#![allow(clippy::print_stdout)]

use std::time::Duration;

use hardtack::identity::{Assurance, Authenticated, Client, Evidence, Factors};
use hardtack::policy::{
    All, Allow, AuditLine, Deny, DenyOverrides, HasRoles, Hide, MaxAge, MultiFactor, Owner, Permit,
    Policy, Refusal, Require, Role, Roles, Scheme, What, When, Who, authorize, authorize_traced,
};
use hardtack::time::UnixTime;

// Who there is.

const CUSTOMER: Roles = Roles::bit::<0>();
const CLERK: Roles = Roles::bit::<1>();
const MANAGER: Roles = Roles::bit::<2>().with(CLERK); // a manager is a clerk, too

struct Account {
    number: u32,
    roles: Roles,
    suspended: bool,
}

impl Account {
    fn is_suspended(&self) -> bool {
        self.suspended
    }
}

impl HasRoles for Account {
    fn roles(&self) -> Roles {
        self.roles
    }
}

// What they may want to do. Each is a type of its own, so that the permit for one is none for
// another.

#[derive(Clone, Copy)]
struct Order {
    customer: u32,
}

impl Order {
    fn belongs_to(&self, account: &Account) -> bool {
        self.customer == account.number
    }
}

struct SeeOrder(Order);
struct CancelOrder(Order);
struct Refund {
    order: Order,
    euros: u32,
}

impl Refund {
    fn is_large(&self) -> bool {
        self.euros > 100
    }
}

// What is allowed. A policy is data: on a device that has it, these live in flash.

static SEE_ORDER: &dyn Policy<SeeOrder, Account> = &Hide(DenyOverrides((
    Deny("suspended", Who(Account::is_suspended)),
    Allow("clerk", Role(CLERK)),
    Allow(
        "own order",
        Owner(|see: &SeeOrder, who: &Account| see.0.belongs_to(who)),
    ),
)));

static CANCEL_ORDER: &dyn Policy<CancelOrder, Account> = &DenyOverrides((
    Deny("suspended", Who(Account::is_suspended)),
    Allow(
        "own order",
        Owner(|cancel: &CancelOrder, who: &Account| cancel.0.belongs_to(who)),
    ),
));

static REFUND: &dyn Policy<Refund, Account> = &DenyOverrides((
    Deny("suspended", Who(Account::is_suspended)),
    Deny(
        "own order",
        Owner(|refund: &Refund, who: &Account| refund.order.belongs_to(who)),
    ),
    Require("login of the last hour", MaxAge(Duration::from_secs(3600))),
    When(
        What(Refund::is_large),
        Require(
            "fresh, two factors",
            All((MaxAge(Duration::from_secs(300)), MultiFactor)),
        ),
    ),
    Allow("clerk", Role(CLERK)),
));

// What is done. No handler can be called without a permit for just this, from just this request.

fn see_order(_: Permit<'_, SeeOrder, Client<Account>>) {}
fn cancel_order(_: Permit<'_, CancelOrder, Client<Account>>) {}
fn refund(_: Permit<'_, Refund, Client<Account>>) {}

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const PASSWORD: Evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
const TWO_FACTORS: Evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));

/// A client that logged in some minutes ago.
fn client(
    number: u32,
    roles: Roles,
    suspended: bool,
    evidence: Evidence,
    minutes: u32,
) -> Client<Account> {
    let account = Account {
        number,
        roles,
        suspended,
    };
    // The one place of a program that has just checked a password says this:
    let login = NOW.saturating_sub(Duration::from_secs(60).saturating_mul(minutes));
    Authenticated::vouch(account, evidence, login).into()
}

/// Who may do what, a line for each client.
pub(crate) fn table() -> String {
    let clients = [
        ("nobody", Client::Anonymous),
        ("customer 1", client(1, CUSTOMER, false, PASSWORD, 50)),
        (
            "customer 1, suspended",
            client(1, CUSTOMER, true, PASSWORD, 50),
        ),
        (
            "clerk 7, password, 50 min ago",
            client(7, CLERK, false, PASSWORD, 50),
        ),
        (
            "clerk 7, two factors, 2 min ago",
            client(7, CLERK, false, TWO_FACTORS, 2),
        ),
        (
            "manager 8, two factors, 20 min ago",
            client(8, MANAGER, false, TWO_FACTORS, 20),
        ),
        (
            "manager 8, two factors, 90 min ago",
            client(8, MANAGER, false, TWO_FACTORS, 90),
        ),
    ];

    let (of_1, of_7) = (Order { customer: 1 }, Order { customer: 7 });
    let mut table = row(
        "",
        [
            "see 1's",
            "see 7's",
            "cancel 1's",
            "pay 1 20 €",
            "pay 1 900 €",
            "pay 7 20 €",
        ],
    );
    for (name, client) in &clients {
        // Each is a request: ask, then act or answer.
        let see = |order| authorize(SEE_ORDER, SeeOrder(order), client, NOW).map(see_order);
        let cancel =
            |order| authorize(CANCEL_ORDER, CancelOrder(order), client, NOW).map(cancel_order);
        let pay =
            |order, euros| authorize(REFUND, Refund { order, euros }, client, NOW).map(refund);
        let decisions = [
            see(of_1),
            see(of_7),
            cancel(of_1),
            pay(of_1, 20),
            pay(of_1, 900),
            pay(of_7, 20),
        ];
        let cells = decisions.map(|decision| match decision {
            Ok(()) => "yes",
            Err(Refusal::LoginNeeded) => "401 log in",
            Err(Refusal::StepUp(_)) => "401 step up",
            Err(Refusal::Forbidden) => "403",
            Err(Refusal::Hidden) => "404",
            Err(_) => "other",
        });
        table.push_str(&row(name, cells));
    }
    table
}

fn row(name: &str, cells: [&str; 6]) -> String {
    let [see_1, see_7, cancel, small, large, own] = cells;
    format!("{name:<36}{see_1:<9}{see_7:<9}{cancel:<12}{small:<13}{large:<13}{own}\n")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", table());

    let clerk = client(7, CLERK, false, PASSWORD, 50);
    let large = Refund {
        order: Order { customer: 1 },
        euros: 900,
    };
    let mut log = String::from("clerk 7, refund of 900 to 1: ");
    let mut line = AuditLine::new(&mut log);
    let decision = authorize_traced(REFUND, large, &clerk, &mut line, NOW);
    line.finish()?;
    println!("The log says:\n  {log}");
    if let Err(refusal) = decision {
        println!("and the clerk's client is told, if it came with a cookie, or with a token:");
        let mut buffer = [0; 160];
        for scheme in [
            Scheme::cookie("shop", "__Host-sid")?,
            Scheme::bearer("shop")?,
        ] {
            if let Some(challenge) = refusal.challenge(scheme) {
                let challenge = challenge.write(&mut buffer)?;
                println!("  {} WWW-Authenticate: {challenge}", refusal.status());
            }
        }
    }
    Ok(())
}
