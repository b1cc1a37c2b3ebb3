//! Policies as data: evaluated by the crate, and by a slow model in the words of the standard.
//! Used by the laws and by the fuzzer.

use hardtack::identity::Anonymous;
use hardtack::policy::{
    All, Allow, Answer, Any, Ask, Deny, DenyOverrides, DenyUnlessPermit, FirstApplicable, Hide,
    NonEmpty, Not, Outcome, PermitOverrides, PermitUnlessDeny, Policy, Require, Rule, Trace,
    Verdict, When,
};
use hardtack::time::UnixTime;

#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Allow(Question),
    Deny(Question),
    Require(Question),
    Several(Algorithm, Vec<Tree>),
    When(Question, Box<Tree>),
    Hide(Box<Tree>),
}

#[derive(Clone, Debug)]
pub(crate) enum Question {
    Said(Answer),
    All(Vec<Question>),
    Any(Vec<Question>),
    Not(Box<Question>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Algorithm {
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

pub(crate) fn model(tree: &Tree) -> Outcome {
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

pub(crate) fn verdict(tree: &Tree) -> Verdict {
    let ask = Ask::new(&(), &Anonymous, UnixTime::EPOCH);
    tree.decide(&ask, &mut Trace::off())
}

/// A source of numbers below a bound, from a seed.
pub(crate) fn coins(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed | 1;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    }
}

// What the laws compare a policy with.

/// The tree with denials put into it here and there.
pub(crate) fn with_denials(tree: &Tree, coin: &mut impl FnMut(usize) -> usize) -> Tree {
    let mut stricter = Tree::Several(Algorithm::FirstApplicable, vec![tree.clone()]);
    let everywhere = coin(2) == 0;
    stricter.each_several(&mut |_, members| {
        if everywhere || coin(3) == 0 {
            let at = coin(members.len() + 1);
            members.insert(at, Tree::Deny(Question::Said(Answer::Yes)));
        }
    });
    stricter
}

/// The tree with all of its look-ups answered somehow.
pub(crate) fn answered(tree: &Tree, coin: &mut impl FnMut(usize) -> usize) -> Tree {
    let mut answered = tree.clone();
    answered.each_answer(&mut |answer| {
        if *answer == Answer::Unknown {
            *answer = (coin(2) == 0).into();
        }
    });
    answered
}

/// The tree with look-ups that fail here and there.
pub(crate) fn failing(tree: &Tree, coin: &mut impl FnMut(usize) -> usize) -> Tree {
    let mut failing = tree.clone();
    failing.each_answer(&mut |answer| {
        if coin(3) == 0 {
            *answer = Answer::Unknown;
        }
    });
    failing
}

/// The tree in another order, where order should mean nothing.
pub(crate) fn shuffled(tree: &Tree, coin: &mut impl FnMut(usize) -> usize) -> Tree {
    let mut shuffled = tree.clone();
    shuffled.each_several(&mut |algorithm, members| {
        if algorithm != Algorithm::FirstApplicable {
            for at in 1..members.len() {
                members.swap(at, coin(at + 1));
            }
        }
    });
    shuffled
}
