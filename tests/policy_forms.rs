//! The forms in which policies are written, and how a decision is traced.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

use core::fmt;
use core::time::Duration;

use hardtack::identity::{Anonymous, Assurance, Authenticated, Client, Evidence, Factors};
use hardtack::policy::{
    All, Allow, Always, Answer, Any, Ask, AuditLine, Daily, Deny, DenyOverrides, DenyUnlessPermit,
    Factor, FirstApplicable, Level, LoggedIn, MaxAge, MultiFactor, NonEmpty, Not, Outcome, Owner,
    PermitOverrides, Policy, Refusal, Require, Rule, Steps, Trace, Verdict, What, authorize,
    authorize_traced,
};
use hardtack::time::UnixTime;
use hardtack::{assert_allows, assert_refuses};

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const HOUR: Duration = Duration::from_secs(3600);

struct User {
    id: u32,
    suspended: bool,
}

struct Transfer {
    from: u32,
    euros: u32,
}

fn ada() -> Authenticated<User> {
    let both = Factors::PWD.union(Factors::OTP);
    let user = User {
        id: 1,
        suspended: false,
    };
    Authenticated::vouch(user, Evidence::new(Assurance::Aal2, both), NOW)
}

fn is_suspended<A>(ask: &Ask<'_, A, User>) -> bool {
    ask.principal().is_some_and(|user| user.suspended)
}

/// Ten rules, a policy of policies, one `static`.
static TEN: &dyn Policy<Transfer, User> = &DenyOverrides((
    Deny("suspended", is_suspended),
    Deny(
        "too much",
        What(|transfer: &Transfer| transfer.euros > 10_000),
    ),
    Require(
        "own account",
        Owner(|transfer: &Transfer, user: &User| transfer.from == user.id),
    ),
    Require("login of today", MaxAge(HOUR.saturating_mul(24))),
    FirstApplicable((
        Allow(
            "a coffee",
            All((LoggedIn, What(|transfer: &Transfer| transfer.euros < 5))),
        ),
        Require("two factors", All((MultiFactor, Level(Assurance::Aal2)))),
        Require("one-time password", Factor(Factors::OTP)),
        Allow(
            "by day",
            Daily {
                from: HOUR.saturating_mul(6),
                until: HOUR.saturating_mul(22),
            },
        ),
        Allow("fresh", MaxAge(HOUR)),
    )),
    Allow("nobody", Not(Any((Always, LoggedIn)))),
));

/// The type written out, without `dyn`: functions as pointers.
type Test = fn(&Ask<'_, Transfer, User>) -> bool;
static WRITTEN_OUT: DenyOverrides<(Deny<Test>, Allow<Test>)> = DenyOverrides((
    Deny("suspended", is_suspended),
    Allow("small", |ask| ask.action().euros < 5),
));

#[test]
fn a_policy_is_a_static() {
    let who = ada();
    let transfer = |from, euros| Transfer { from, euros };
    assert!(authorize(TEN, transfer(1, 900), &who, NOW).is_ok());
    assert!(authorize(TEN, transfer(2, 900), &who, NOW).is_err());
    assert!(authorize(TEN, transfer(1, 90_000), &who, NOW).is_err());
    assert!(authorize(&WRITTEN_OUT, transfer(1, 4), &who, NOW).is_ok());
    assert!(authorize(&WRITTEN_OUT, transfer(1, 5), &who, NOW).is_err());
    let both: [&dyn Policy<Transfer, User>; 2] = [TEN, &WRITTEN_OUT];
    assert!(authorize(&DenyOverrides(both), transfer(1, 4), &who, NOW).is_ok());
}

/// As a session lends it.
#[test]
fn a_principal_may_be_borrowed() {
    let user = User {
        id: 1,
        suspended: false,
    };
    let lent = Authenticated::vouch(&user, ada().evidence(), NOW);
    let small = || Transfer { from: 1, euros: 4 };
    let permit = authorize(TEN, small(), &lent, NOW).unwrap();
    assert_eq!(permit.principal().id, 1);
    let client: Client<&User> = lent.into();
    assert!(authorize(TEN, small(), &client, NOW).is_ok());
    let nobody: Client<&User> = Anonymous.into();
    assert_eq!(
        authorize(TEN, small(), &nobody, NOW).unwrap_err(),
        Refusal::LoginNeeded
    );
}

/// What is asked is which of the members there are.
struct Only(u32);

impl Policy<u32, ()> for Only {
    fn decide(&self, ask: &Ask<'_, u32, ()>, trace: &mut Trace<'_>) -> Verdict {
        Allow("only", |ask: &Ask<'_, u32, ()>| *ask.action() == self.0).decide(ask, trace)
    }
}

impl Rule<u32, ()> for Only {
    fn check(&self, ask: &Ask<'_, u32, ()>) -> Answer {
        (*ask.action() == self.0).into()
    }
}

fn allows(policy: &impl Policy<u32, ()>, asked: u32) -> bool {
    let ask = Ask::new(&asked, &Anonymous, NOW);
    policy.decide(&ask, &mut Trace::off()).outcome() == Outcome::Allow
}

macro_rules! assert_every_member_is_asked {
    ($($members:expr, $count:literal;)*) => {$(
        for asked in 0..13 {
            let expected = asked < $count;
            assert_eq!(allows(&DenyOverrides($members), asked), expected);
            assert_eq!(allows(&PermitOverrides($members), asked), expected);
            assert_eq!(allows(&DenyUnlessPermit($members), asked), expected);
            assert_eq!(allows(&FirstApplicable($members), asked), expected);
            assert_eq!(allows(&Allow("any", Any($members)), asked), expected);
            assert_eq!(allows(&Deny("all", All($members)), asked), false);
            assert_eq!(allows(&Allow("all", All($members)), asked), expected && $count == 1);
        }
    )*};
}

#[test]
fn one_to_twelve_members() {
    assert_every_member_is_asked! {
        (Only(0),), 1;
        (Only(0), Only(1)), 2;
        (Only(0), Only(1), Only(2)), 3;
        (Only(0), Only(1), Only(2), Only(3)), 4;
        (Only(0), Only(1), Only(2), Only(3), Only(4)), 5;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5)), 6;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5), Only(6)), 7;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5), Only(6), Only(7)), 8;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5), Only(6), Only(7), Only(8)), 9;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5), Only(6), Only(7), Only(8),
            Only(9)), 10;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5), Only(6), Only(7), Only(8),
            Only(9), Only(10)), 11;
        (Only(0), Only(1), Only(2), Only(3), Only(4), Only(5), Only(6), Only(7), Only(8),
            Only(9), Only(10), Only(11)), 12;
        [Only(0)], 1;
        [Only(0), Only(1), Only(2)], 3;
        NonEmpty::new(&[Only(0), Only(1)]).unwrap(), 2;
    }
}

#[test]
fn policies_behind_references() {
    let dynamic: [&dyn Policy<u32, ()>; 2] = [&Only(0), &&Only(1)];
    assert!(allows(&DenyOverrides(dynamic), 1));
    assert!(allows(
        &NonEmpty::new(&dynamic).map(DenyOverrides).unwrap(),
        1
    ));
    assert!(!allows(&DenyOverrides(dynamic), 2));
    let rules: [&dyn Rule<u32, ()>; 2] = [&Only(0), &Only(1)];
    assert!(allows(&Allow("", Any(rules)), 1));
    assert!(NonEmpty::<Only>::new(&[]).is_none());
}

// Traces.

fn decide_ten(record: &mut dyn hardtack::policy::Record, euros: u32) -> Result<(), Refusal> {
    let transfer = Transfer { from: 1, euros };
    authorize_traced(TEN, transfer, &ada(), record, NOW).map(|_| ())
}

const LINE: &str = "suspended: not applicable; too much: not applicable; \
    own account: not applicable; login of today: not applicable; a coffee: not applicable; \
    two factors: not applicable; one-time password: not applicable; by day: not applicable; \
    fresh: allow; nobody: not applicable; granted";

#[test]
fn an_array_keeps_steps() {
    let mut steps = Steps::<10>::new();
    decide_ten(&mut steps, 900).unwrap();
    assert_eq!(steps.to_string(), LINE);
    assert_eq!(
        steps
            .iter()
            .filter(|step| step.outcome == Outcome::Allow)
            .count(),
        1
    );
    assert_eq!((steps.missed(), steps.decision()), (0, Some(Ok(()))));
}

#[test]
fn a_record_of_ones_own_may_leave_the_decision_out() {
    struct Rules(Vec<&'static str>);
    impl hardtack::policy::Record for Rules {
        fn step(&mut self, step: hardtack::policy::Step) {
            self.0.push(step.rule);
        }
    }
    let mut rules = Rules(Vec::new());
    decide_ten(&mut rules, 900).unwrap();
    decide_ten(&mut rules, 90_000).unwrap_err();
    assert_eq!(rules.0.len(), 20);
    assert_eq!(rules.0[..2], ["suspended", "too much"]);
    assert_eq!(rules.0[..10], rules.0[10..]);
}

#[test]
fn a_full_array_counts_what_it_misses() {
    let mut steps = Steps::<2>::default();
    assert_eq!((steps.decision(), steps.to_string().as_str()), (None, ""));
    decide_ten(&mut steps, 90_000).unwrap_err();
    assert_eq!(steps.missed(), 8);
    assert_eq!(
        steps.to_string(),
        "suspended: not applicable; too much: deny; 8 more; refused 403: forbidden"
    );
    let mut none = Steps::<0>::new();
    decide_ten(&mut none, 90_000).unwrap_err();
    assert_eq!(none.to_string(), "10 more; refused 403: forbidden");
}

#[test]
fn a_line_is_written_as_it_is_decided() {
    let mut log = String::new();
    let mut line = AuditLine::new(&mut log);
    decide_ten(&mut line, 900).unwrap();
    line.finish().unwrap();
    assert_eq!(log, LINE);
}

#[test]
fn a_writer_that_fails_is_told_of_and_asked_no_more() {
    struct Short(String);

    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            if self.0.len() + text.len() > 20 {
                return Err(fmt::Error);
            }
            self.0.push_str(text);
            Ok(())
        }
    }

    let mut log = Short(String::new());
    let mut line = AuditLine::new(&mut log);
    decide_ten(&mut line, 900).unwrap();
    assert_eq!(line.finish(), Err(fmt::Error));
    assert_eq!(log.0, "suspended: ");
}

// Assertions.

#[test]
fn a_policys_test_reads_as_a_table() {
    let (who, coffee) = (ada(), || Transfer { from: 1, euros: 4 });
    let stale = NOW.saturating_add(HOUR.saturating_mul(25));
    assert_allows!(TEN, coffee(), &who, NOW);
    assert_allows!(&WRITTEN_OUT, coffee(), &who, NOW,);
    assert_refuses!(TEN, coffee(), &Anonymous, NOW, Refusal::LoginNeeded);
    assert_refuses!(TEN, coffee(), &who, stale, Refusal::StepUp(_));
    let many = Transfer {
        from: 1,
        euros: 10_001,
    };
    assert_refuses!(TEN, many, &who, NOW, Refusal::Forbidden);
}

/// What the assertion says that fails.
fn failure(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let failed = std::panic::catch_unwind(assertion).expect_err("the assertion holds");
    failed.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn an_assertion_that_fails_shows_what_each_rule_said() {
    let transfer = |euros| Transfer { from: 1, euros };
    let said = failure(|| assert_allows!(&WRITTEN_OUT, transfer(5), &ada(), NOW));
    assert_eq!(
        said,
        "&WRITTEN_OUT refuses transfer(5) to &ada(): \
         suspended: not applicable; small: not applicable; refused 403: forbidden"
    );
    let said = failure(|| {
        assert_refuses!(&WRITTEN_OUT, transfer(4), &ada(), NOW, Refusal::Forbidden);
    });
    assert_eq!(
        said,
        "&WRITTEN_OUT does not refuse transfer(4) to &ada() by Refusal::Forbidden: \
         suspended: not applicable; small: allow; granted"
    );
    // Refused, but in another way.
    let said = failure(|| {
        assert_refuses!(&WRITTEN_OUT, transfer(5), &ada(), NOW, Refusal::Hidden);
    });
    assert!(
        said.ends_with("small: not applicable; refused 403: forbidden"),
        "{said}"
    );
}

#[test]
fn outcomes_have_names() {
    for (outcome, name) in [
        (Outcome::NotApplicable, "not applicable"),
        (Outcome::Allow, "allow"),
        (Outcome::Deny, "deny"),
        (Outcome::MaybeAllow, "indeterminate"),
        (Outcome::MaybeDeny, "indeterminate"),
        (Outcome::Indeterminate, "indeterminate"),
    ] {
        assert_eq!(outcome.to_string(), name);
        assert_eq!(outcome.is_indeterminate(), name == "indeterminate");
    }
    assert_eq!(format!("{:?}", Trace::off()), "Trace(off)");
    assert_eq!(
        format!("{:?}", Trace::to(&mut Steps::<1>::new())),
        "Trace(on)"
    );
}
