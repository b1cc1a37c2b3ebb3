use std::hint::black_box;
use std::sync::Arc;

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use cedar_policy::{Authorizer, Context, Entities, PolicySet, Request};
use criterion::{BenchmarkId, Criterion};
use gatehouse::{EvaluationSession, PermissionChecker, PolicyBuilder, PolicyDomain};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::policy::{Allow, DenyOverrides, Policy, Who, authorize};
use hardtack::time::UnixTime;

/// Eight rules, of which the last one allows.
const RULES: u64 = 8;

macro_rules! user_is {
    ($($at:literal)*) => {
        &DenyOverrides(($(Allow(stringify!($at), Who(|user: &u64| rule(*user, black_box($at)))),)*))
    };
}

static EIGHT: &dyn Policy<(), u64> = user_is!(0 1 2 3 4 5 6 7);

#[inline(never)]
fn rule(user: u64, wanted: u64) -> bool {
    user == wanted
}

struct Domain;

impl PolicyDomain for Domain {
    type Subject = u64;
    type Action = ();
    type Resource = u64;
    type Context = ();
}

pub fn decide(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let mut group = c.benchmark_group("policy of eight rules");

    group.bench_function("floor", |b| {
        b.iter(|| (0..RULES).fold(false, |any, at| any | rule(black_box(7), black_box(at))));
    });

    let now = UnixTime::EPOCH;
    let who = Authenticated::vouch(7_u64, Evidence::new(Assurance::Aal1, Factors::PWD), now);
    assert!(authorize(EIGHT, (), &who, now).is_ok());
    group.bench_function("hardtack", |b| {
        b.iter(|| authorize(EIGHT, (), black_box(&who), now).is_ok());
    });

    let mut checker = PermissionChecker::<Domain>::new();
    for at in 0..RULES {
        let allow = PolicyBuilder::<Domain>::new(format!("rule {at}"));
        checker.add_policy(allow.when(move |user, (), _, ()| *user == at).build());
    }
    group.bench_function("gatehouse", |b| {
        b.iter(|| {
            let session = EvaluationSession::empty();
            let bound = checker.bind(&session, black_box(&7), &(), &());
            runtime
                .block_on(bound.authorize(black_box(&1)))
                .expect("granted");
        });
    });

    let model = "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n\
                 [policy_effect]\ne = some(where (p.eft == allow))\n\
                 [matchers]\nm = r.sub == p.sub && r.obj == p.obj && r.act == p.act\n";
    let enforcer = runtime.block_on(async {
        let model = DefaultModel::from_str(model).await.expect("a model");
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default())
            .await
            .expect("loads");
        for at in 0..RULES {
            let rule = [format!("user{at}"), "order".into(), "read".into()];
            enforcer.add_policy(rule.to_vec()).await.expect("added");
        }
        enforcer
    });
    let enforcer = Arc::new(enforcer);
    assert!(
        enforcer
            .enforce(("user7", "order", "read"))
            .expect("decides")
    );
    group.bench_function("casbin", |b| {
        b.iter(|| enforcer.enforce(black_box(("user7", "order", "read"))));
    });

    let policies: String = (0..RULES)
        .map(|at| {
            format!("permit(principal == User::\"{at}\", action == Action::\"read\", resource);\n")
        })
        .collect();
    let policies: PolicySet = policies.parse().expect("a policy set");
    let uid = |text: &str| text.parse().expect("an entity");
    let request = Request::new(
        uid("User::\"7\""),
        uid("Action::\"read\""),
        uid("Order::\"1\""),
        Context::empty(),
        None,
    );
    let request = request.expect("a request");
    let entities = Entities::empty();
    let authorizer = Authorizer::new();
    group.bench_function("cedar-policy", |b| {
        b.iter(|| {
            authorizer
                .is_authorized(black_box(&request), &policies, &entities)
                .decision()
        });
    });
    group.finish();
}

/// Policies of 1 to 64 rules, none of which allows.
pub fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("growth: policy, by rules");
    let now = UnixTime::EPOCH;
    let who = Authenticated::vouch(7_u64, Evidence::new(Assurance::Aal1, Factors::PWD), now);
    type Rule = fn(&u64) -> bool;
    const NOBODY: Allow<Who<Rule>> = Allow("nobody", Who(|user| rule(*user, black_box(0))));
    macro_rules! of {
        ($($rules:literal)*) => {$(
            let policy = DenyOverrides([NOBODY; $rules]);
            group.bench_function(BenchmarkId::new("hardtack", $rules), |b| {
                b.iter(|| authorize(&policy, (), black_box(&who), now).is_ok());
            });
        )*};
    }
    of!(1 2 4 8 16 32 64);
    group.finish();
}
