//! How the sayings of several policies become one (XACML 3.0, appendix C).
//!
//! What was said is the OR of the outcomes' bits, and an algorithm is a function of that set. The
//! reasons of refusals go beside it. All but the plainest of them are kept out of line, so that
//! what is said mostly (yes, no opinion, a no without a remedy) costs one OR.

use super::verdict::{COULD_ALLOW, COULD_DENY, D, MAYBE, MAYBE_D, MAYBE_P, P};
use super::{Outcome, Refusal, Verdict};

/// What could have allowed did not, and nothing mends that.
const NOT_ALLOWED: u8 = 0b01_0000;
/// What denied did so for a reason that nothing mends.
const FORBIDDEN: u8 = 0b10_0000;
/// There are other reasons than plain ones.
const REASONS: u8 = 0b100_0000;

/// What was said, as a set of bits.
#[derive(Clone, Copy)]
pub(super) struct Said(u8);

impl Said {
    pub(super) const NOTHING: Self = Self(0);

    /// Adds what `verdict` says; its reason goes to `reasons` if it is not a plain one.
    #[inline]
    pub(super) fn add(&mut self, verdict: Verdict, reasons: &mut Reasons) {
        self.0 |= verdict.outcome().bits();
        let denies = matches!(verdict.outcome(), Outcome::Deny);
        match verdict.reason() {
            None => {}
            Some(Refusal::Forbidden) => self.0 |= if denies { FORBIDDEN } else { NOT_ALLOWED },
            Some(reason) => {
                self.0 |= REASONS;
                reasons.add(denies, reason);
            }
        }
    }

    const fn holds(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// Deny-overrides, C.2.
    const fn deny_overrides(self) -> Outcome {
        if self.holds(D) {
            Outcome::Deny
        } else if self.holds(MAYBE_D) {
            if self.holds(COULD_ALLOW) {
                Outcome::Indeterminate
            } else {
                Outcome::MaybeDeny
            }
        } else if self.holds(P) {
            Outcome::Allow
        } else if self.holds(MAYBE_P) {
            Outcome::MaybeAllow
        } else {
            Outcome::NotApplicable
        }
    }

    /// Permit-overrides, C.4.
    const fn permit_overrides(self) -> Outcome {
        if self.holds(P) {
            Outcome::Allow
        } else if self.holds(MAYBE_P) {
            if self.holds(COULD_DENY) {
                Outcome::Indeterminate
            } else {
                Outcome::MaybeAllow
            }
        } else if self.holds(D) {
            Outcome::Deny
        } else if self.holds(MAYBE_D) {
            Outcome::MaybeDeny
        } else {
            Outcome::NotApplicable
        }
    }

    /// Deny-unless-permit, C.6.
    const fn deny_unless_permit(self) -> Outcome {
        if self.holds(P) {
            Outcome::Allow
        } else {
            Outcome::Deny
        }
    }

    /// Permit-unless-deny, C.7; stricter than the standard, where a denial that could not be
    /// looked up allows.
    const fn permit_unless_deny(self) -> Outcome {
        if self.holds(D) {
            Outcome::Deny
        } else if self.holds(MAYBE_D) {
            Outcome::Indeterminate
        } else {
            Outcome::Allow
        }
    }

    /// First-applicable, C.8; stricter than the standard, where one of which a look-up failed hides
    /// what a later one denies.
    const fn first_applicable(self) -> Outcome {
        let could_allow = self.holds(COULD_ALLOW);
        let could_deny = self.holds(COULD_DENY);
        match (self.holds(MAYBE), could_allow, could_deny) {
            (_, false, false) => Outcome::NotApplicable,
            (false, true, _) => Outcome::Allow,
            (false, false, true) => Outcome::Deny,
            (true, true, false) => Outcome::MaybeAllow,
            (true, false, true) => Outcome::MaybeDeny,
            (true, true, true) => Outcome::Indeterminate,
        }
    }
}

/// The reasons of refusals that are not plain ones.
pub(super) struct Reasons {
    /// What all of the denials together want.
    denied: Option<Refusal>,
    /// What the nearest of those wants that could have allowed.
    lacking: Option<Refusal>,
}

impl Reasons {
    pub(super) const NONE: Self = Self {
        denied: None,
        lacking: None,
    };

    #[cold]
    fn add(&mut self, denies: bool, reason: Refusal) {
        if denies {
            self.denied = Some(self.denied.map_or(reason, |known| known.and(reason)));
        } else {
            self.lacking = Some(self.lacking.map_or(reason, |known| known.or(reason)));
        }
    }

    /// What lifts all of the denials; nothing if there is none.
    fn denied(&self, said: Said) -> Option<Refusal> {
        let plain = said.holds(FORBIDDEN).then_some(Refusal::Forbidden);
        join(self.denied, plain, Refusal::and)
    }

    /// What makes the nearest rule allow; nothing if there is none.
    fn lacking(&self, said: Said) -> Option<Refusal> {
        let plain = said.holds(NOT_ALLOWED).then_some(Refusal::Forbidden);
        let failed = said.holds(MAYBE_P).then_some(Refusal::Unavailable);
        join(join(self.lacking, failed, Refusal::or), plain, Refusal::or)
    }

    /// Every denial must be lifted, and one of the allowing rules satisfied.
    #[cold]
    fn deny_overrides(&self, said: Said) -> Option<Refusal> {
        let denied = self.denied(said);
        if denied.is_some() && said.holds(P) {
            denied
        } else {
            join(denied, self.lacking(said), Refusal::and)
        }
    }

    /// One allowing rule is enough, whatever denies. But what is hidden stays hidden.
    #[cold]
    fn permit_overrides(&self, said: Said) -> Option<Refusal> {
        match self.denied(said) {
            Some(Refusal::Hidden) => Some(Refusal::Hidden),
            denied => self.lacking(said).or(denied),
        }
    }

    #[cold]
    fn permit_unless_deny(&self, said: Said) -> Option<Refusal> {
        self.denied(said)
    }

    /// The denial must be lifted, or a rule before it satisfied.
    #[cold]
    fn first_applicable(&self, said: Said) -> Option<Refusal> {
        join(self.lacking(said), self.denied(said), Refusal::or)
    }
}

fn join(
    a: Option<Refusal>,
    b: Option<Refusal>,
    both: impl FnOnce(Refusal, Refusal) -> Refusal,
) -> Option<Refusal> {
    match (a, b) {
        (Some(a), Some(b)) => Some(both(a, b)),
        (one, None) | (None, one) => one,
    }
}

macro_rules! algorithms {
    ($($algorithm:ident, $reason:ident;)*) => {$(
        #[inline]
        pub(super) fn $algorithm(said: Said, reasons: &Reasons) -> Verdict {
            let reason = || {
                if said.holds(REASONS | MAYBE_P) {
                    reasons.$reason(said)
                } else {
                    said.holds(FORBIDDEN | NOT_ALLOWED).then_some(Refusal::Forbidden)
                }
            };
            match said.$algorithm() {
                Outcome::Allow => Verdict::ALLOW,
                Outcome::Deny => Verdict::deny(reason().unwrap_or(Refusal::Forbidden)),
                Outcome::NotApplicable => match reason() {
                    Some(reason) => Verdict::not_allowed(reason),
                    None => Verdict::NOT_APPLICABLE,
                },
                Outcome::MaybeAllow => Verdict::MAYBE_ALLOW,
                Outcome::MaybeDeny => Verdict::MAYBE_DENY,
                Outcome::Indeterminate => Verdict::INDETERMINATE,
            }
        }
    )*};
}

algorithms! {
    deny_overrides, deny_overrides;
    permit_overrides, permit_overrides;
    deny_unless_permit, permit_overrides;
    permit_unless_deny, permit_unless_deny;
    first_applicable, first_applicable;
}
