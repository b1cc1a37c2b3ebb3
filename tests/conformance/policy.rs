//! XACML 3.0's combining algorithms (appendix C), by the cases of OASIS.

use hardtack::identity::Anonymous;
use hardtack::policy::{
    Ask, DenyOverrides, DenyUnlessPermit, FirstApplicable, NonEmpty, Outcome, PermitOverrides,
    PermitUnlessDeny, Policy, Refusal, Trace, Verdict, What, When,
};
use hardtack::time::UnixTime;
use serde_json::Value;

struct Says(Verdict);

impl Policy<(), ()> for Says {
    fn decide(&self, _: &Ask<'_, (), ()>, _: &mut Trace<'_>) -> Verdict {
        self.0
    }
}

type Tree = Box<dyn Policy<(), ()>>;

fn rule(name: &str) -> Says {
    Says(match name {
        "P" => Verdict::ALLOW,
        "D" => Verdict::deny(Refusal::Forbidden),
        "NA" => Verdict::NOT_APPLICABLE,
        "IP" => Verdict::MAYBE_ALLOW,
        "ID" => Verdict::MAYBE_DENY,
        "IDP" => Verdict::INDETERMINATE,
        other => panic!("unknown outcome {other}"),
    })
}

fn tree(node: &Value) -> Tree {
    if let Some(name) = node["rule"].as_str() {
        return Box::new(rule(name));
    }
    let children: Vec<Tree> = node["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(tree)
        .collect();
    let children: &'static [Tree] = children.leak();
    let children: Vec<&'static dyn Policy<(), ()>> =
        children.iter().map(|child| &**child).collect();
    let children = NonEmpty::new(children.leak()).expect("a node has children");
    let target = node["target"].as_bool().unwrap();
    let target = What(move |(): &()| target);
    match node["alg"].as_str().unwrap() {
        "deny-overrides" | "ordered-deny-overrides" => {
            Box::new(When(target, DenyOverrides(children)))
        }
        "permit-overrides" | "ordered-permit-overrides" => {
            Box::new(When(target, PermitOverrides(children)))
        }
        "first-applicable" => Box::new(When(target, FirstApplicable(children))),
        "deny-unless-permit" => Box::new(When(target, DenyUnlessPermit(children))),
        "permit-unless-deny" => Box::new(When(target, PermitUnlessDeny(children))),
        other => panic!("unknown algorithm {other}"),
    }
}

fn six(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Allow => ("P", "Permit"),
        Outcome::Deny => ("D", "Deny"),
        Outcome::NotApplicable => ("NA", "NotApplicable"),
        Outcome::MaybeAllow => ("IP", "Indeterminate"),
        Outcome::MaybeDeny => ("ID", "Indeterminate"),
        Outcome::Indeterminate => ("IDP", "Indeterminate"),
    }
}

#[test]
fn xacml_combining() {
    let Some(cases) = super::vectors("policy/xacml-combining.json") else {
        return;
    };
    let cases = cases.as_array().unwrap();
    for case in cases {
        let ask = Ask::new(&(), &Anonymous, UnixTime::EPOCH);
        let verdict = tree(&case["tree"]).decide(&ask, &mut Trace::off());
        let (six, four) = six(verdict.outcome());
        assert_eq!(six, case["got6"], "{}", case["id"]);
        assert_eq!(four, case["expected"], "{}", case["id"]);
    }
    super::ran("XACML 3.0 combining algorithms", cases.len());
}
