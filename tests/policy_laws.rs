//! What holds for every policy, tried on random ones, and the combining algorithms beside the
//! words of the standard.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use core::time::Duration;

use hardtack::identity::{Anonymous, Assurance, Authenticated, Evidence, Factors};
use hardtack::policy::{
    Allow, Always, Answer, Not, Outcome, Refusal, StepUp, Steps, When, authorize, authorize_traced,
};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use proptest::prelude::*;

#[path = "policy_laws/model.rs"]
mod model;

use model::{
    Algorithm, Question, Tree, answered, coins, failing, model, shuffled, verdict, with_denials,
};

// Random ones.

fn refusals() -> impl Strategy<Value = Refusal> {
    let scope = Scope::parse("orders").unwrap();
    let fresh = StepUp::new().within(Duration::from_secs(300));
    let strong = StepUp::new().level(Assurance::Aal2);
    prop_oneof![
        4 => Just(Refusal::Forbidden),
        1 => Just(Refusal::StepUp(fresh)),
        1 => Just(Refusal::StepUp(strong)),
        1 => Just(Refusal::MissingScope(scope)),
        1 => Just(Refusal::LoginNeeded),
        1 => Just(Refusal::InvalidCredentials),
        1 => Just(Refusal::Hidden),
    ]
}

fn questions() -> impl Strategy<Value = Question> {
    let said = prop_oneof![
        3 => Just(Answer::Yes),
        3 => refusals().prop_map(Answer::No),
        1 => Just(Answer::Unknown),
    ];
    let leaf = said.prop_map(Question::Said);
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Question::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Question::Any),
            inner.prop_map(|part| Question::Not(Box::new(part))),
        ]
    })
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        3 => questions().prop_map(Tree::Allow),
        1 => questions().prop_map(Tree::Deny),
        1 => questions().prop_map(Tree::Require),
    ];
    let algorithm = prop_oneof![
        Just(Algorithm::DenyOverrides),
        Just(Algorithm::PermitOverrides),
        Just(Algorithm::FirstApplicable),
        Just(Algorithm::DenyUnlessPermit),
        Just(Algorithm::PermitUnlessDeny),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            6 => (algorithm.clone(), prop::collection::vec(inner.clone(), 1..5))
                .prop_map(|(algorithm, members)| Tree::Several(algorithm, members)),
            1 => (questions(), inner.clone())
                .prop_map(|(question, tree)| Tree::When(question, Box::new(tree))),
            1 => inner.prop_map(|tree| Tree::Hide(Box::new(tree))),
        ]
    })
}

fn ada() -> Authenticated<()> {
    let password = Evidence::new(Assurance::Aal1, Factors::PWD);
    Authenticated::vouch((), password, UnixTime::EPOCH)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_outcome_is_the_standards(tree in trees()) {
        prop_assert_eq!(verdict(&tree).outcome(), model(&tree));
    }

    #[test]
    fn a_denying_rule_never_permits_what_was_refused(tree in trees(), seed: u64) {
        let stricter = with_denials(&tree, &mut coins(seed));
        if verdict(&tree).outcome() != Outcome::Allow {
            prop_assert_ne!(verdict(&stricter).outcome(), Outcome::Allow);
        }
    }

    /// What is permitted while look-ups fail is permitted whatever they would have said.
    #[test]
    fn an_outage_never_permits(tree in trees(), seed: u64) {
        let answered = answered(&tree, &mut coins(seed));
        if verdict(&tree).outcome() == Outcome::Allow {
            prop_assert_eq!(verdict(&answered).outcome(), Outcome::Allow);
        }
    }

    /// Nor does a further one.
    #[test]
    fn an_outage_never_permits_what_was_refused(tree in trees(), seed: u64) {
        let failing = failing(&tree, &mut coins(seed));
        if verdict(&tree).outcome() != Outcome::Allow {
            prop_assert_ne!(verdict(&failing).outcome(), Outcome::Allow);
        }
    }

    /// The outcome, and what the client is told as well; there is but one scope here.
    #[test]
    fn order_means_nothing_but_to_the_first_applicable(tree in trees(), seed: u64) {
        let shuffled = shuffled(&tree, &mut coins(seed));
        prop_assert_eq!(verdict(&shuffled), verdict(&tree));
    }

    #[test]
    fn only_a_plain_yes_is_a_permit(tree in trees()) {
        let who = ada();
        let outcome = verdict(&tree).outcome();
        let decision = authorize(&tree, (), &who, UnixTime::EPOCH).map(|_| ());
        prop_assert_eq!(decision.is_ok(), outcome == Outcome::Allow);
        if outcome.is_indeterminate() {
            prop_assert_eq!(decision, Err(Refusal::Unavailable));
        }
        let of_nobody = authorize::<_, (), _>(&tree, (), &Anonymous, UnixTime::EPOCH).map(|_| ());
        prop_assert_eq!(of_nobody, decision.map_err(|refusal| match refusal {
            Refusal::Hidden | Refusal::Unavailable => refusal,
            _ => Refusal::LoginNeeded,
        }));
    }

    #[test]
    fn what_is_hidden_is_absent_or_unavailable(tree in trees()) {
        let who = ada();
        let open = authorize(&tree, (), &who, UnixTime::EPOCH).map(|_| ());
        let hidden = Tree::Hide(Box::new(tree));
        let hidden = authorize(&hidden, (), &who, UnixTime::EPOCH).map(|_| ());
        prop_assert_eq!(hidden, open.map_err(|refusal| match refusal {
            Refusal::Unavailable => refusal,
            _ => Refusal::Hidden,
        }));
    }

    #[test]
    fn a_trace_changes_nothing(tree in trees()) {
        let who = ada();
        let mut steps = Steps::<4>::new();
        let traced = authorize_traced(&tree, (), &who, &mut steps, UnixTime::EPOCH).map(|_| ());
        prop_assert_eq!(traced, authorize(&tree, (), &who, UnixTime::EPOCH).map(|_| ()));
        prop_assert_eq!(steps.decision(), Some(traced));
        prop_assert!(steps.iter().count() <= 4);
        prop_assert!(steps.missed() == 0 || steps.iter().count() == 4);
    }

    #[test]
    fn refusals_are_a_lattice(a in refusals(), b in refusals(), c in refusals()) {
        prop_assert_eq!(a.and(a), a);
        prop_assert_eq!(a.or(a), a);
        prop_assert_eq!(a.and(b), b.and(a));
        prop_assert_eq!(a.or(b), b.or(a));
        prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
        prop_assert_eq!(a.or(b).or(c), a.or(b.or(c)));
    }
}

#[test]
fn what_nothing_speaks_of_is_refused() {
    let silent = Tree::Deny(Question::Said(Answer::No(Refusal::StepUp(StepUp::new()))));
    let who = ada();
    let refusal = authorize(&silent, (), &who, UnixTime::EPOCH).unwrap_err();
    assert_eq!(refusal, Refusal::Forbidden);
    let silent = When(Not(Always), Allow("never asked", Always));
    let refusal = authorize(&silent, (), &who, UnixTime::EPOCH).unwrap_err();
    assert_eq!(refusal, Refusal::Forbidden);
}

/// By the standard both of these permit, though the look-up might have denied.
#[test]
fn where_the_standard_lets_an_outage_permit() {
    let allow = || Tree::Allow(Question::Said(Answer::Yes));
    let deny = |answer| Tree::Deny(Question::Said(answer));
    let failed = || Tree::Allow(Question::Said(Answer::Unknown));

    let unless_denied = Tree::Several(
        Algorithm::PermitUnlessDeny,
        vec![deny(Answer::Unknown), allow()],
    );
    assert_eq!(verdict(&unless_denied).outcome(), Outcome::Indeterminate);

    let first = Tree::Several(
        Algorithm::FirstApplicable,
        vec![failed(), deny(Answer::Yes)],
    );
    assert_eq!(verdict(&first).outcome(), Outcome::Indeterminate);
    let overridden = Tree::Several(Algorithm::DenyOverrides, vec![first, allow()]);
    assert_eq!(verdict(&overridden).outcome(), Outcome::Indeterminate);
}
