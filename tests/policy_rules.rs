//! Every ready rule: when it holds, and what is told when it does not.

#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use core::time::Duration;

use hardtack::identity::{Anonymous, Assurance, Authenticated, Client, Evidence, Factors};
use hardtack::policy::{
    All, Allow, Always, Answer, Any, Ask, Daily, Deny, DenyOverrides, DenyUnlessPermit, Factor,
    FirstApplicable, HasPermissions, HasRoles, HasScope, Hide, InScope, Level, LoggedIn, MaxAge,
    MultiFactor, Not, Owner, Permission, Permissions, PermitOverrides, PermitUnlessDeny, Policy,
    Refusal, Related, Relations, Require, Role, Roles, Rule, StepUp, Trace, Verdict, What, When,
    Who, Window, authorize,
};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000); // 22:13:20 UTC
const FORBIDDEN: Answer = Answer::No(Refusal::Forbidden);
const LOGIN: Answer = Answer::No(Refusal::LoginNeeded);

const CLERK: Roles = Roles::bit::<0>();
const AUDITOR: Roles = Roles::bit::<1>();
const MANAGER: Roles = Roles::bit::<63>().with(CLERK);
const READ: Permissions = Permissions::bit::<0>();
const REFUND: Permissions = Permissions::bit::<1>();
const GRANTS: &[(Roles, Permissions)] = &[
    (CLERK, READ),
    (MANAGER, REFUND),
    (CLERK.with(AUDITOR), Permissions::bit::<2>()),
];

struct User {
    id: u32,
    roles: Roles,
    scope: &'static str,
}

impl HasRoles for User {
    fn roles(&self) -> Roles {
        self.roles
    }
}

impl HasPermissions for User {
    fn permissions(&self) -> Permissions {
        self.roles.permissions(GRANTS)
    }
}

impl HasScope for User {
    fn scope(&self) -> Scope<'_> {
        Scope::parse(self.scope).unwrap_or(Scope::NONE)
    }
}

struct Act {
    owner: u32,
}

fn user() -> User {
    User {
        id: 1,
        roles: MANAGER,
        scope: "orders:read orders:refund",
    }
}

/// Somebody who logged in by `factors` some seconds before `NOW`.
fn login(level: Assurance, factors: Factors, secs_ago: i64) -> Authenticated<User> {
    let at = UnixTime::from_secs(NOW.as_secs().saturating_sub(secs_ago));
    Authenticated::vouch(user(), Evidence::new(level, factors), at)
}

fn somebody() -> Authenticated<User> {
    login(Assurance::Aal1, Factors::PWD, 0)
}

fn answer_to(rule: &impl Rule<Act, User>, who: &Authenticated<User>) -> Answer {
    rule.check(&Ask::new(&Act { owner: 1 }, who, NOW))
}

fn answer(rule: &impl Rule<Act, User>) -> Answer {
    answer_to(rule, &somebody())
}

fn answer_at(rule: &impl Rule<Act, User>, secs: i64) -> Answer {
    rule.check(&Ask::new(
        &Act { owner: 1 },
        &Anonymous,
        UnixTime::from_secs(secs),
    ))
}

fn answer_to_nobody(rule: &impl Rule<Act, User>) -> Answer {
    answer_at(rule, NOW.as_secs())
}

fn scope(text: &'static str) -> Scope<'static> {
    Scope::parse(text).unwrap()
}

// Who.

#[test]
fn always_and_logged_in() {
    assert_eq!(answer(&Always), Answer::Yes);
    assert_eq!(answer_to_nobody(&Always), Answer::Yes);
    assert_eq!(answer(&LoggedIn), Answer::Yes);
    assert_eq!(answer_to_nobody(&LoggedIn), LOGIN);
}

#[test]
fn who_asks_about_the_principal() {
    assert_eq!(answer(&Who(|user: &User| user.id == 1)), Answer::Yes);
    assert_eq!(answer(&Who(|user: &User| user.id == 2)), FORBIDDEN);
    assert_eq!(answer_to_nobody(&Who(|_: &User| true)), LOGIN);
    assert_eq!(
        answer(&Who(|_: &User| Err::<bool, _>("down"))),
        Answer::Unknown
    );
    assert_eq!(
        answer(&Who(|_: &User| Answer::No(Refusal::Hidden))),
        Answer::No(Refusal::Hidden)
    );
}

#[test]
fn roles_are_inherited() {
    assert_eq!(answer(&Role(MANAGER)), Answer::Yes);
    assert_eq!(answer(&Role(CLERK)), Answer::Yes);
    assert_eq!(answer(&Role(AUDITOR)), FORBIDDEN);
    assert_eq!(answer(&Role(CLERK.with(AUDITOR))), FORBIDDEN);
    assert_eq!(answer_to_nobody(&Role(CLERK)), LOGIN);
    assert_eq!(answer_to_nobody(&Role(Roles::NONE)), LOGIN);
}

#[test]
fn permissions_come_with_roles() {
    assert_eq!(answer(&Permission(READ)), Answer::Yes);
    assert_eq!(answer(&Permission(READ.with(REFUND))), Answer::Yes);
    assert_eq!(answer(&Permission(Permissions::bit::<2>())), FORBIDDEN);
    assert_eq!(answer_to_nobody(&Permission(READ)), LOGIN);
}

#[test]
fn bits_are_a_set() {
    assert!(Roles::NONE.is_none() && Roles::default().is_none() && !CLERK.is_none());
    assert_eq!(MANAGER.without(CLERK), Roles::bit::<63>());
    assert_eq!(MANAGER.bits(), 1 << 63 | 1);
    assert_eq!(Roles::from_bits(MANAGER.bits()), MANAGER);
    assert_eq!(format!("{CLERK:?}"), "Roles(0b1)");
    assert_eq!(serde_json::to_string(&REFUND).unwrap(), "2");
    assert_eq!(serde_json::from_str::<Roles>("1").unwrap(), CLERK);
    assert!(MANAGER.contains(Roles::NONE) && !CLERK.contains(MANAGER));
}

#[test]
fn a_scope_that_is_missing_is_told() {
    for granted in ["orders:read", "orders:refund orders:read"] {
        assert_eq!(answer(&InScope(scope(granted))), Answer::Yes);
    }
    for wanted in ["orders", "orders:read profile", "ORDERS:READ"] {
        let missing = Answer::No(Refusal::MissingScope(scope(wanted)));
        assert_eq!(answer(&InScope(scope(wanted))), missing);
    }
    assert_eq!(answer_to_nobody(&InScope(scope("orders:read"))), LOGIN);
}

// What.

#[test]
fn what_asks_about_the_action() {
    assert_eq!(answer(&What(|act: &Act| act.owner == 1)), Answer::Yes);
    assert_eq!(
        answer_to_nobody(&What(|act: &Act| act.owner == 1)),
        Answer::Yes
    );
    assert_eq!(answer(&What(|act: &Act| act.owner == 2)), FORBIDDEN);
    assert_eq!(answer(&What(|_: &Act| Err::<bool, _>(()))), Answer::Unknown);
}

#[test]
fn owner_asks_about_both() {
    assert_eq!(
        answer(&Owner(|act: &Act, user: &User| act.owner == user.id)),
        Answer::Yes
    );
    assert_eq!(
        answer(&Owner(|act: &Act, user: &User| act.owner != user.id)),
        FORBIDDEN
    );
    assert_eq!(answer_to_nobody(&Owner(|_: &Act, _: &User| true)), LOGIN);
    assert_eq!(
        answer(&Owner(|_: &Act, _: &User| Ok::<_, ()>(true))),
        Answer::Yes
    );
}

struct Store {
    is_up: bool,
}

impl Relations<Act, User> for Store {
    type Error = &'static str;

    fn related(
        &self,
        user: &User,
        relation: &'static str,
        act: &Act,
    ) -> Result<bool, &'static str> {
        if self.is_up {
            Ok(relation == "editor" && user.id == act.owner)
        } else {
            Err("down")
        }
    }
}

#[test]
fn a_relation_is_looked_up_and_may_fail() {
    let (up, down) = (Store { is_up: true }, Store { is_up: false });
    assert_eq!(answer(&Related("editor", &up)), Answer::Yes);
    assert_eq!(answer(&Related("reader", &up)), FORBIDDEN);
    assert_eq!(answer(&Related("editor", &down)), Answer::Unknown);
    assert_eq!(answer_to_nobody(&Related("editor", &down)), LOGIN);
}

#[test]
fn a_function_over_the_whole_request_is_a_rule() {
    fn at_night_by_the_owner(ask: &Ask<'_, Act, User>) -> bool {
        ask.principal()
            .is_some_and(|user| user.id == ask.action().owner)
            && ask.now() == NOW
    }
    assert_eq!(answer(&at_night_by_the_owner), Answer::Yes);
    assert_eq!(answer_to_nobody(&at_night_by_the_owner), FORBIDDEN);
    let rules: [&dyn Rule<Act, User>; 2] = [&at_night_by_the_owner, &LoggedIn];
    assert_eq!(answer(&All(rules)), Answer::Yes);
}

// How and when.

#[test]
fn the_greatest_age_of_a_login() {
    let age = |secs_ago| {
        let who = login(Assurance::Aal1, Factors::PWD, secs_ago);
        answer_to(&MaxAge(Duration::from_millis(300_999)), &who)
    };
    let too_old = Answer::No(Refusal::StepUp(
        StepUp::new().within(Duration::from_secs(300)),
    ));
    assert_eq!(age(0), Answer::Yes);
    assert_eq!(age(300), Answer::Yes);
    assert_eq!(age(301), too_old);
    assert_eq!(age(i64::MAX), too_old);
    // Clocks differ a little, but a clock that was set back keeps nothing fresh.
    assert_eq!(age(-300), Answer::Yes);
    assert_eq!(age(-301), too_old);
    assert_eq!(age(i64::MIN), too_old);
    assert_eq!(answer_to_nobody(&MaxAge(Duration::MAX)), LOGIN);
}

#[test]
fn factors_and_levels() {
    let both = Factors::PWD.union(Factors::OTP);
    let one = login(Assurance::Aal1, Factors::PWD, 0);
    let two = login(Assurance::Aal2, both, 0);
    let step_up = |login| Answer::No(Refusal::StepUp(login));
    let aal2 = step_up(StepUp::new().level(Assurance::Aal2));

    assert_eq!(answer_to(&Factor(Factors::OTP), &two), Answer::Yes);
    assert_eq!(answer_to(&Factor(both), &one), step_up(StepUp::new()));
    assert_eq!(answer_to_nobody(&Factor(Factors::NONE)), LOGIN);

    assert_eq!(answer_to(&MultiFactor, &two), Answer::Yes);
    assert_eq!(answer_to(&MultiFactor, &one), aal2);
    assert_eq!(answer_to_nobody(&MultiFactor), LOGIN);

    assert_eq!(answer_to(&Level(Assurance::Aal1), &two), Answer::Yes);
    assert_eq!(answer_to(&Level(Assurance::Aal2), &two), Answer::Yes);
    assert_eq!(answer_to(&Level(Assurance::Aal2), &one), aal2);
    assert_eq!(answer_to_nobody(&Level(Assurance::Aal1)), LOGIN);
}

#[test]
fn a_window_is_half_open() {
    let window = Window {
        from: UnixTime::from_secs(10),
        until: UnixTime::from_secs(20),
    };
    for (secs, expected) in [
        (9, FORBIDDEN),
        (10, Answer::Yes),
        (19, Answer::Yes),
        (20, FORBIDDEN),
        (i64::MIN, FORBIDDEN),
    ] {
        assert_eq!(answer_at(&window, secs), expected, "{secs}");
    }
}

#[test]
fn a_time_of_day() {
    const HOUR: i64 = 3600;
    let daily = |from: u64, until: u64| Daily {
        from: Duration::from_secs(from * 3600),
        until: Duration::from_secs(until * 3600),
    };
    for (rule, hour, expected) in [
        (daily(8, 17), 8, Answer::Yes),
        (daily(8, 17), 17, FORBIDDEN),
        (daily(8, 17), 7, FORBIDDEN),
        (daily(8, 17), -24 + 8, Answer::Yes),
        (daily(8, 17), -24 + 7, FORBIDDEN),
        (daily(8, 17), 24 * 20_000 + 12, Answer::Yes),
        (daily(22, 6), 22, Answer::Yes),
        (daily(22, 6), 0, Answer::Yes),
        (daily(22, 6), 5, Answer::Yes),
        (daily(22, 6), 6, FORBIDDEN),
        (daily(22, 6), 21, FORBIDDEN),
        (daily(22, 30), 5, Answer::Yes),
        (daily(0, 24), 0, Answer::Yes),
        (daily(0, 24), 23, Answer::Yes),
        (daily(8, 32), 7, Answer::Yes),
        (daily(8, 32), 8, Answer::Yes),
        (daily(24, 24), 0, FORBIDDEN),
        (daily(24, 0), 0, FORBIDDEN),
        (daily(5, 5), 5, FORBIDDEN),
        (daily(5, 5), 4, FORBIDDEN),
    ] {
        assert_eq!(
            answer_at(&rule, hour * HOUR),
            expected,
            "{rule:?} at {hour}"
        );
        assert_eq!(
            answer_at(&rule, hour * HOUR + 3599),
            expected,
            "{rule:?} at {hour}:59:59"
        );
    }
    for secs in [i64::MIN, i64::MAX] {
        let whole_day = Any((daily(0, 12), daily(12, 0)));
        assert_eq!(answer_at(&whole_day, secs), Answer::Yes);
    }
}

// Put together.

/// A rule that gives this answer.
fn says(answer: Answer) -> impl Rule<Act, User> {
    move |_: &Ask<'_, Act, User>| answer
}

/// A rule that must not be asked.
fn never(_: &Ask<'_, Act, User>) -> bool {
    panic!("asked though it is decided")
}

const SCOPE: fn() -> Answer = || Answer::No(Refusal::MissingScope(Scope::parse("a").unwrap()));
const FRESH: Answer = Answer::No(Refusal::StepUp(StepUp::new()));

#[test]
fn all_is_kleenes_and() {
    use Answer::{Unknown, Yes};
    for (a, b, both) in [
        (Yes, Yes, Yes),
        (Yes, FORBIDDEN, FORBIDDEN),
        (FORBIDDEN, Yes, FORBIDDEN),
        (FORBIDDEN, Unknown, FORBIDDEN),
        (Unknown, FORBIDDEN, FORBIDDEN),
        (Unknown, Yes, Unknown),
        (Yes, Unknown, Unknown),
        (Unknown, Unknown, Unknown),
        (FRESH, FORBIDDEN, FORBIDDEN),
        (FRESH, LOGIN, LOGIN),
        (
            FRESH,
            SCOPE(),
            Answer::No(Refusal::StepUp(StepUp::new().scope(scope("a")))),
        ),
    ] {
        assert_eq!(answer(&All((says(a), says(b)))), both, "{a:?} and {b:?}");
    }
    assert_eq!(answer(&All((says(FORBIDDEN), never))), FORBIDDEN);
}

#[test]
fn any_is_kleenes_or() {
    use Answer::{Unknown, Yes};
    for (a, b, either) in [
        (Yes, FORBIDDEN, Yes),
        (FORBIDDEN, Yes, Yes),
        (Unknown, Yes, Yes),
        (Unknown, FORBIDDEN, Unknown),
        (FORBIDDEN, Unknown, Unknown),
        (FORBIDDEN, FORBIDDEN, FORBIDDEN),
        (FORBIDDEN, FRESH, FRESH),
        (SCOPE(), FRESH, FRESH),
        (
            FRESH,
            Answer::No(Refusal::Hidden),
            Answer::No(Refusal::Hidden),
        ),
    ] {
        assert_eq!(answer(&Any((says(a), says(b)))), either, "{a:?} or {b:?}");
    }
    assert_eq!(answer(&Any((says(Yes), never))), Yes);
}

#[test]
fn not_turns_a_rule_around() {
    assert_eq!(answer(&Not(Always)), FORBIDDEN);
    assert_eq!(answer(&Not(says(FRESH))), Answer::Yes);
    assert_eq!(answer(&Not(says(Answer::Unknown))), Answer::Unknown);
}

// Rules as policies.

#[track_caller]
fn assert_says(policy: &impl Policy<Act, User>, verdict: Verdict) {
    let who = somebody();
    let ask = Ask::new(&Act { owner: 1 }, &who, NOW);
    assert_eq!(policy.decide(&ask, &mut Trace::off()), verdict);
}

#[test]
fn allow_deny_and_require() {
    use Answer::{Unknown, Yes};
    let stale = Refusal::StepUp(StepUp::new());
    assert_says(&Allow("", says(Yes)), Verdict::ALLOW);
    assert_says(&Allow("", says(FRESH)), Verdict::not_allowed(stale));
    assert_says(&Allow("", says(Unknown)), Verdict::MAYBE_ALLOW);
    assert_says(&Deny("", says(Yes)), Verdict::deny(Refusal::Forbidden));
    assert_says(&Deny("", says(FRESH)), Verdict::NOT_APPLICABLE);
    assert_says(&Deny("", says(Unknown)), Verdict::MAYBE_DENY);
    assert_says(&Require("", says(Yes)), Verdict::NOT_APPLICABLE);
    assert_says(&Require("", says(FRESH)), Verdict::deny(stale));
    assert_says(&Require("", says(Unknown)), Verdict::MAYBE_DENY);
}

#[test]
fn a_target_restricts_a_policy() {
    use Answer::{Unknown, Yes};
    let when = |target, answer| When(says(target), Allow("", says(answer)));
    assert_says(&when(Yes, Yes), Verdict::ALLOW);
    assert_says(&when(FORBIDDEN, Yes), Verdict::NOT_APPLICABLE);
    assert_says(&when(Unknown, Yes), Verdict::MAYBE_ALLOW);
    assert_says(&when(Unknown, Unknown), Verdict::MAYBE_ALLOW);
    assert_says(
        &when(Unknown, FORBIDDEN),
        Verdict::not_allowed(Refusal::Forbidden),
    );
    assert_says(&When(says(Unknown), Deny("", Always)), Verdict::MAYBE_DENY);
    assert_says(
        &When(says(Unknown), Deny("", Not(Always))),
        Verdict::NOT_APPLICABLE,
    );
    assert_says(
        &When(Not(Always), Allow("", never)),
        Verdict::NOT_APPLICABLE,
    );
}

/// What a client is told whom several rules refuse: what would satisfy the algorithm, and no more.
#[test]
fn the_reason_of_a_combination_is_what_would_lift_it() {
    use Answer::{Unknown, Yes};
    let fresh = Refusal::StepUp(StepUp::new());
    let scoped = Refusal::MissingScope(scope("a"));
    let both = Refusal::StepUp(StepUp::new().scope(scope("a")));
    let hidden = Answer::No(Refusal::Hidden);
    let not_allowed = Verdict::not_allowed;

    // Every denial must be lifted, and a rule satisfied that allows, if none is.
    let overrides =
        |denial, allowance| DenyOverrides((Require("", says(denial)), Allow("", says(allowance))));
    assert_says(&overrides(FRESH, Yes), Verdict::deny(fresh));
    assert_says(&overrides(FRESH, SCOPE()), Verdict::deny(both));
    assert_says(
        &overrides(FRESH, FORBIDDEN),
        Verdict::deny(Refusal::Forbidden),
    );
    assert_says(
        &overrides(FRESH, Unknown),
        Verdict::deny(Refusal::Unavailable),
    );
    assert_says(
        &overrides(FORBIDDEN, Yes),
        Verdict::deny(Refusal::Forbidden),
    );
    assert_says(&overrides(Yes, SCOPE()), not_allowed(scoped));
    assert_says(&overrides(Yes, FORBIDDEN), not_allowed(Refusal::Forbidden));

    // One rule that allows is enough, whatever denies; but what is hidden stays hidden.
    let overrides = |denial, allowance| {
        PermitOverrides((Require("", says(denial)), Allow("", says(allowance))))
    };
    assert_says(&overrides(FRESH, SCOPE()), Verdict::deny(scoped));
    assert_says(&overrides(FORBIDDEN, SCOPE()), Verdict::deny(scoped));
    assert_says(&overrides(hidden, SCOPE()), Verdict::deny(Refusal::Hidden));
    assert_says(&overrides(Yes, SCOPE()), not_allowed(scoped));
    assert_says(
        &PermitOverrides((Require("", says(FRESH)),)),
        Verdict::deny(fresh),
    );

    let unless = |denial, allowance| {
        DenyUnlessPermit((Require("", says(denial)), Allow("", says(allowance))))
    };
    assert_says(&unless(FRESH, SCOPE()), Verdict::deny(scoped));
    assert_says(&unless(hidden, SCOPE()), Verdict::deny(Refusal::Hidden));
    assert_says(&unless(Yes, Unknown), Verdict::deny(Refusal::Unavailable));

    // Every denial must be lifted, and nothing else.
    let unless = |one, other| {
        PermitUnlessDeny((
            Require("", says(one)),
            Require("", says(other)),
            Allow("", says(LOGIN)),
        ))
    };
    assert_says(&unless(FRESH, Yes), Verdict::deny(fresh));
    assert_says(&unless(FRESH, SCOPE()), Verdict::deny(both));
    assert_says(&unless(FRESH, FORBIDDEN), Verdict::deny(Refusal::Forbidden));

    // The denial must be lifted, or a rule before it satisfied.
    let first = |allowance, denial| {
        FirstApplicable((Allow("", says(allowance)), Require("", says(denial))))
    };
    assert_says(&first(SCOPE(), FRESH), Verdict::deny(fresh));
    assert_says(&first(SCOPE(), LOGIN), Verdict::deny(scoped));
    assert_says(&first(SCOPE(), FORBIDDEN), Verdict::deny(scoped));
    assert_says(&first(SCOPE(), Yes), not_allowed(scoped));
}

#[test]
fn what_is_hidden_looks_absent() {
    let hidden = Answer::No(Refusal::Hidden);
    assert_eq!(answer(&Hide(says(FRESH))), hidden);
    assert_eq!(answer(&Hide(Always)), Answer::Yes);
    assert_eq!(answer(&Hide(says(Answer::Unknown))), Answer::Unknown);
    assert_says(&Hide(Deny("", Always)), Verdict::deny(Refusal::Hidden));
    assert_says(
        &Hide(Allow("", Not(Always))),
        Verdict::not_allowed(Refusal::Hidden),
    );
    assert_says(&Hide(Allow("", Always)), Verdict::ALLOW);
    assert_says(&Hide(Deny("", says(Answer::Unknown))), Verdict::MAYBE_DENY);
}

/// Also where it denies: that something is gone is not said because a look-up failed.
#[test]
fn an_outage_is_not_hidden() {
    let unavailable = Verdict::deny(Refusal::Unavailable);
    let failed = || Allow("", says(Answer::Unknown));
    assert_says(&Hide(DenyUnlessPermit((failed(),))), unavailable);
    let overridden = DenyOverrides((Require("", says(FRESH)), failed()));
    assert_says(&Hide(overridden), unavailable);
    let forbidden = DenyOverrides((Require("", says(FORBIDDEN)), failed()));
    assert_says(&Hide(forbidden), Verdict::deny(Refusal::Hidden));
    let no = Answer::No(Refusal::Unavailable);
    assert_eq!(answer(&Hide(says(no))), no);
}

// Nobody.

#[test]
fn nobody_is_asked_to_log_in() {
    for (answer, refusal) in [
        (FORBIDDEN, Refusal::LoginNeeded),
        (FRESH, Refusal::LoginNeeded),
        (
            Answer::No(Refusal::InvalidCredentials),
            Refusal::LoginNeeded,
        ),
        (Answer::No(Refusal::Hidden), Refusal::Hidden),
        (Answer::Unknown, Refusal::Unavailable),
    ] {
        let policy: &dyn Policy<Act, User> = &Allow("", says(answer));
        let act = || Act { owner: 1 };
        assert_eq!(
            authorize(policy, act(), &Anonymous, NOW).unwrap_err(),
            refusal
        );
        let client = Client::<User>::Anonymous;
        assert_eq!(authorize(policy, act(), &client, NOW).unwrap_err(), refusal);
    }
}

#[test]
fn a_permit_tells_what_who_and_when() {
    let who = somebody();
    let permit = authorize(&Allow("", Always), Act { owner: 9 }, &who, NOW).unwrap();
    assert_eq!(permit.action().owner, 9);
    assert_eq!(permit.principal().id, 1);
    assert_eq!(permit.who().authenticated_at(), NOW);
    assert_eq!(permit.decided_at(), NOW);
    assert_eq!(format!("{permit:?}"), "Permit(elided)");
    assert_eq!(permit.into_action().owner, 9);
}
