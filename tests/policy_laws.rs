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
    All, Allow, Always, Answer, Any, Ask, Deny, DenyOverrides, DenyUnlessPermit, FirstApplicable,
    Hide, NonEmpty, Not, Outcome, PermitOverrides, PermitUnlessDeny, Policy, Refusal, Require,
    Rule, StepUp, Steps, Trace, Verdict, When, authorize, authorize_traced,
};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use proptest::prelude::*;

// A policy as data: random, changeable, and evaluated twice: by the crate, and by the model.

#[derive(Clone, Debug)]
enum Tree {
    Allow(Question),
    Deny(Question),
    Require(Question),
    Several(Algorithm, Vec<Tree>),
    When(Question, Box<Tree>),
    Hide(Box<Tree>),
}

#[derive(Clone, Debug)]
enum Question {
    Said(Answer),
    All(Vec<Question>),
    Any(Vec<Question>),
    Not(Box<Question>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Algorithm {
    DenyOverrides,
    PermitOverrides,
    FirstApplicable,
    DenyUnlessPermit,
    PermitUnlessDeny,
}

impl Rule<(), ()> for Question {
    fn check(&self, ask: &Ask<'_, (), ()>) -> Answer {
        match self {
            Self::Said(answer) => *answer,
            Self::All(parts) => All(NonEmpty::new(parts).unwrap()).check(ask),
            Self::Any(parts) => Any(NonEmpty::new(parts).unwrap()).check(ask),
            Self::Not(part) => Not(|ask: &Ask<'_, (), ()>| part.check(ask)).check(ask),
        }
    }
}

impl Policy<(), ()> for Tree {
    fn decide(&self, ask: &Ask<'_, (), ()>, trace: &mut Trace<'_>) -> Verdict {
        let rule = |question: &Question| question.check(ask);
        match self {
            Self::Allow(question) => {
                let answer = rule(question);
                Allow("allow", move |_: &Ask<'_, (), ()>| answer).decide(ask, trace)
            }
            Self::Deny(question) => {
                let answer = rule(question);
                Deny("deny", move |_: &Ask<'_, (), ()>| answer).decide(ask, trace)
            }
            Self::Require(question) => {
                let answer = rule(question);
                Require("require", move |_: &Ask<'_, (), ()>| answer).decide(ask, trace)
            }
            Self::When(question, inner) => {
                let answer = rule(question);
                When(move |_: &Ask<'_, (), ()>| answer, &**inner).decide(ask, trace)
            }
            Self::Hide(inner) => Hide(&**inner).decide(ask, trace),
            Self::Several(algorithm, members) => {
                let members = NonEmpty::new(members).unwrap();
                match algorithm {
                    Algorithm::DenyOverrides => DenyOverrides(members).decide(ask, trace),
                    Algorithm::PermitOverrides => PermitOverrides(members).decide(ask, trace),
                    Algorithm::FirstApplicable => FirstApplicable(members).decide(ask, trace),
                    Algorithm::DenyUnlessPermit => DenyUnlessPermit(members).decide(ask, trace),
                    Algorithm::PermitUnlessDeny => PermitUnlessDeny(members).decide(ask, trace),
                }
            }
        }
    }
}

// The model: XACML 3.0, appendix C, as it is written there: flags, a loop, and questions in order.

fn model(tree: &Tree) -> Outcome {
    use Outcome::{Allow, Deny, Indeterminate, MaybeAllow, MaybeDeny, NotApplicable};
    match tree {
        Tree::Allow(question) => match kleene(question) {
            Some(true) => Allow,
            Some(false) => NotApplicable,
            None => MaybeAllow,
        },
        Tree::Deny(question) => match kleene(question) {
            Some(true) => Deny,
            Some(false) => NotApplicable,
            None => MaybeDeny,
        },
        Tree::Require(question) => match kleene(question) {
            Some(true) => NotApplicable,
            Some(false) => Deny,
            None => MaybeDeny,
        },
        Tree::When(question, inner) => match (kleene(question), model(inner)) {
            (Some(true), said) => said,
            (Some(false), _) => NotApplicable,
            (None, Allow) => MaybeAllow,
            (None, Deny) => MaybeDeny,
            (None, said) => said,
        },
        Tree::Hide(inner) => model(inner),
        Tree::Several(algorithm, members) => {
            let said: Vec<Outcome> = members.iter().map(model).collect();
            match algorithm {
                Algorithm::DenyOverrides => overrides(&said, Deny, MaybeDeny, Allow, MaybeAllow),
                Algorithm::PermitOverrides => overrides(&said, Allow, MaybeAllow, Deny, MaybeDeny),
                Algorithm::FirstApplicable => {
                    let first = said.iter().position(|outcome| *outcome != NotApplicable);
                    match first.map(|at| (said[at], &members[at + 1..])) {
                        None => NotApplicable,
                        // Here it is not the standard's, but what this or the next could say.
                        Some((outcome, rest)) if outcome.is_indeterminate() && !rest.is_empty() => {
                            let rest = Tree::Several(Algorithm::FirstApplicable, rest.to_vec());
                            either(outcome, model(&rest))
                        }
                        Some((outcome, _)) => outcome,
                    }
                }
                Algorithm::DenyUnlessPermit if said.contains(&Allow) => Allow,
                Algorithm::DenyUnlessPermit => Deny,
                Algorithm::PermitUnlessDeny if said.contains(&Deny) => Deny,
                // Here it is not the standard's, which allows.
                Algorithm::PermitUnlessDeny
                    if said.contains(&MaybeDeny) || said.contains(&Indeterminate) =>
                {
                    Indeterminate
                }
                Algorithm::PermitUnlessDeny => Allow,
            }
        }
    }
}

/// One of two, and it cannot be told which.
fn either(maybe: Outcome, next: Outcome) -> Outcome {
    use Outcome::{Allow, Deny, Indeterminate, MaybeAllow, MaybeDeny, NotApplicable};
    match (maybe, next) {
        (MaybeAllow, NotApplicable | Allow | MaybeAllow) => MaybeAllow,
        (MaybeDeny, NotApplicable | Deny | MaybeDeny) => MaybeDeny,
        _ => Indeterminate,
    }
}

/// C.2 for `strong` = deny, C.4 for `strong` = permit.
fn overrides(
    said: &[Outcome],
    strong: Outcome,
    maybe_strong: Outcome,
    weak: Outcome,
    maybe_weak: Outcome,
) -> Outcome {
    let mut at_least_one_error_strong = false;
    let mut at_least_one_error_weak = false;
    let mut at_least_one_error_either = false;
    let mut at_least_one_weak = false;
    for outcome in said {
        if *outcome == strong {
            return strong;
        }
        at_least_one_weak |= *outcome == weak;
        at_least_one_error_strong |= *outcome == maybe_strong;
        at_least_one_error_weak |= *outcome == maybe_weak;
        at_least_one_error_either |= *outcome == Outcome::Indeterminate;
    }
    if at_least_one_error_either {
        return Outcome::Indeterminate;
    }
    if at_least_one_error_strong && (at_least_one_error_weak || at_least_one_weak) {
        return Outcome::Indeterminate;
    }
    if at_least_one_error_strong {
        return maybe_strong;
    }
    if at_least_one_weak {
        return weak;
    }
    if at_least_one_error_weak {
        return maybe_weak;
    }
    Outcome::NotApplicable
}

/// Kleene's logic; nothing is what cannot be told.
fn kleene(question: &Question) -> Option<bool> {
    match question {
        Question::Said(Answer::Yes) => Some(true),
        Question::Said(Answer::No(_)) => Some(false),
        Question::Said(Answer::Unknown) => None,
        Question::Not(part) => kleene(part).map(|holds| !holds),
        Question::All(parts) => {
            let parts: Vec<_> = parts.iter().map(kleene).collect();
            if parts.contains(&Some(false)) {
                Some(false)
            } else if parts.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        Question::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(kleene).collect();
            if parts.contains(&Some(true)) {
                Some(true)
            } else if parts.contains(&None) {
                None
            } else {
                Some(false)
            }
        }
    }
}

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

// What is done to them.

impl Tree {
    /// Every list of members, from the outside in.
    fn each_several(&mut self, change: &mut impl FnMut(Algorithm, &mut Vec<Self>)) {
        match self {
            Self::Several(algorithm, members) => {
                change(*algorithm, members);
                members
                    .iter_mut()
                    .for_each(|member| member.each_several(change));
            }
            Self::When(_, inner) | Self::Hide(inner) => inner.each_several(change),
            Self::Allow(_) | Self::Deny(_) | Self::Require(_) => {}
        }
    }

    fn each_answer(&mut self, change: &mut impl FnMut(&mut Answer)) {
        match self {
            Self::Several(_, members) => {
                members
                    .iter_mut()
                    .for_each(|member| member.each_answer(change));
            }
            Self::When(question, inner) => {
                question.each_answer(change);
                inner.each_answer(change);
            }
            Self::Hide(inner) => inner.each_answer(change),
            Self::Allow(question) | Self::Deny(question) | Self::Require(question) => {
                question.each_answer(change);
            }
        }
    }
}

impl Question {
    fn each_answer(&mut self, change: &mut impl FnMut(&mut Answer)) {
        match self {
            Self::Said(answer) => change(answer),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter_mut().for_each(|part| part.each_answer(change));
            }
            Self::Not(part) => part.each_answer(change),
        }
    }
}

fn verdict(tree: &Tree) -> Verdict {
    let ask = Ask::new(&(), &Anonymous, UnixTime::EPOCH);
    tree.decide(&ask, &mut Trace::off())
}

fn ada() -> Authenticated<()> {
    let password = Evidence::new(Assurance::Aal1, Factors::PWD);
    Authenticated::vouch((), password, UnixTime::EPOCH)
}

/// A source of numbers below a bound, from a seed.
fn coins(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed | 1;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_outcome_is_the_standards(tree in trees()) {
        prop_assert_eq!(verdict(&tree).outcome(), model(&tree));
    }

    #[test]
    fn a_denying_rule_never_permits_what_was_refused(tree in trees(), seed: u64) {
        let mut coin = coins(seed);
        let mut stricter = Tree::Several(Algorithm::FirstApplicable, vec![tree.clone()]);
        let everywhere = coin(2) == 0;
        stricter.each_several(&mut |_, members| {
            if everywhere || coin(3) == 0 {
                let at = coin(members.len() + 1);
                members.insert(at, Tree::Deny(Question::Said(Answer::Yes)));
            }
        });
        if verdict(&tree).outcome() != Outcome::Allow {
            prop_assert_ne!(verdict(&stricter).outcome(), Outcome::Allow);
        }
    }

    /// What is permitted while look-ups fail is permitted whatever they would have said.
    #[test]
    fn an_outage_never_permits(tree in trees(), seed: u64) {
        let mut coin = coins(seed);
        let mut answered = tree.clone();
        answered.each_answer(&mut |answer| {
            if *answer == Answer::Unknown {
                *answer = (coin(2) == 0).into();
            }
        });
        if verdict(&tree).outcome() == Outcome::Allow {
            prop_assert_eq!(verdict(&answered).outcome(), Outcome::Allow);
        }
    }

    /// Nor does a further one.
    #[test]
    fn an_outage_never_permits_what_was_refused(tree in trees(), seed: u64) {
        let mut coin = coins(seed);
        let mut failing = tree.clone();
        failing.each_answer(&mut |answer| {
            if coin(3) == 0 {
                *answer = Answer::Unknown;
            }
        });
        if verdict(&tree).outcome() != Outcome::Allow {
            prop_assert_ne!(verdict(&failing).outcome(), Outcome::Allow);
        }
    }

    /// The outcome, and what the client is told as well.
    #[test]
    fn order_means_nothing_but_to_the_first_applicable(tree in trees(), seed: u64) {
        let mut coin = coins(seed);
        let mut shuffled = tree.clone();
        shuffled.each_several(&mut |algorithm, members| {
            if algorithm != Algorithm::FirstApplicable {
                for at in 1..members.len() {
                    members.swap(at, coin(at + 1));
                }
            }
        });
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
