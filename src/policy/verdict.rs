//! What a policy says, and how the sayings of several become one.

use core::fmt;

use super::Refusal;

// XACML 3.0 §7.10 and appendix C: a decision is permit or deny, or could have been, had a look-up
// not failed. What several policies say is then the OR of their bits, and an algorithm is a
// function of that set.
const P: u8 = 0b0001;
const D: u8 = 0b0010;
const MAYBE_P: u8 = 0b0100;
const MAYBE_D: u8 = 0b1000;

/// Whether a policy allows: yes, no, no opinion, or that cannot be told.
///
/// These are the six values of XACML 3.0 (§7.10). Three of them are *indeterminate*: a look-up
/// failed, and they keep in mind what it could have led to, so that an outage is never a grant and
/// never hides a deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// Nothing here applies. At the end this refuses: the default is deny.
    NotApplicable = 0,
    /// Yes.
    Allow = P,
    /// No.
    Deny = D,
    /// Yes or no opinion (`Indeterminate{P}`).
    MaybeAllow = MAYBE_P,
    /// No or no opinion (`Indeterminate{D}`).
    MaybeDeny = MAYBE_D,
    /// Anything (`Indeterminate{DP}`).
    Indeterminate = MAYBE_P | MAYBE_D,
}

impl Outcome {
    /// Whether a failed look-up decided: one of the three.
    #[must_use]
    pub const fn is_indeterminate(self) -> bool {
        self.bits() & (MAYBE_P | MAYBE_D) != 0
    }

    /// The same without certainty: what a policy is worth when it cannot be told whether it
    /// applies (XACML 3.0 §7.14, table 7).
    const fn in_doubt(self) -> Self {
        match self {
            Self::Allow => Self::MaybeAllow,
            Self::Deny => Self::MaybeDeny,
            other => other,
        }
    }

    const fn bits(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotApplicable => "not applicable",
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::MaybeAllow | Self::MaybeDeny | Self::Indeterminate => "indeterminate",
        })
    }
}

/// What a [`Policy`](super::Policy) says: an [`Outcome`], and what the client would need for a
/// better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    outcome: Outcome,
    refusal: Option<Refusal>,
}

impl Verdict {
    /// Yes.
    pub const ALLOW: Self = Self::new(Outcome::Allow, None);
    /// No opinion, and there is nothing that the client could do about it.
    pub const NOT_APPLICABLE: Self = Self::new(Outcome::NotApplicable, None);
    /// A look-up failed; the answer would have been yes or no opinion.
    pub const MAYBE_ALLOW: Self = Self::new(Outcome::MaybeAllow, Some(Refusal::Unavailable));
    /// A look-up failed; the answer would have been no or no opinion.
    pub const MAYBE_DENY: Self = Self::new(Outcome::MaybeDeny, None);
    /// A look-up failed; the answer could have been anything.
    pub const INDETERMINATE: Self = Self::new(Outcome::Indeterminate, Some(Refusal::Unavailable));

    /// No, for this reason.
    #[must_use]
    pub const fn deny(reason: Refusal) -> Self {
        Self::new(Outcome::Deny, Some(reason))
    }

    /// Not a yes, for this reason; another policy may still say yes.
    #[must_use]
    pub const fn not_allowed(reason: Refusal) -> Self {
        Self::new(Outcome::NotApplicable, Some(reason))
    }

    pub(super) const fn new(outcome: Outcome, refusal: Option<Refusal>) -> Self {
        Self { outcome, refusal }
    }

    /// Yes, no, no opinion, or that cannot be told.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Why it is not a yes, if that is known.
    #[must_use]
    pub const fn reason(&self) -> Option<Refusal> {
        self.refusal
    }

    /// The same, when it cannot be told whether the policy applies.
    #[inline]
    pub(super) const fn in_doubt(self) -> Self {
        because(self.outcome.in_doubt(), self.refusal)
    }

    /// The end of a decision: only a plain yes is a yes.
    pub(super) const fn settle(self) -> Result<(), Refusal> {
        match (self.outcome, self.refusal) {
            (Outcome::Allow, _) => Ok(()),
            (Outcome::NotApplicable | Outcome::Deny, Some(reason)) => Err(reason),
            (Outcome::NotApplicable | Outcome::Deny, None) => Err(Refusal::Forbidden),
            (Outcome::MaybeAllow | Outcome::MaybeDeny | Outcome::Indeterminate, _) => {
                Err(Refusal::Unavailable)
            }
        }
    }
}

/// What several policies have said so far.
#[derive(Clone, Copy)]
pub(super) struct Tally {
    seen: u8,
    /// What all of the denials together want.
    denied: Option<Refusal>,
    /// What the nearest of those wants that could have allowed.
    lacking: Option<Refusal>,
}

impl Tally {
    pub(super) const EMPTY: Self = Self {
        seen: 0,
        denied: None,
        lacking: None,
    };

    #[inline]
    pub(super) fn add(&mut self, verdict: Verdict) {
        self.seen |= verdict.outcome.bits();
        if let Some(reason) = verdict.refusal {
            if matches!(verdict.outcome, Outcome::Deny) {
                self.denied = Some(self.denied.map_or(reason, |known| known.and(reason)));
            } else {
                self.lacking = Some(self.lacking.map_or(reason, |known| known.or(reason)));
            }
        }
    }

    /// Deny-overrides, appendix C.2. A denied client needs every denial lifted, and one of the
    /// allowing rules satisfied.
    #[inline]
    pub(super) fn deny_overrides(self) -> Verdict {
        let outcome = deny_overrides(self.seen);
        let reason = match (self.denied, self.lacking) {
            (Some(denied), Some(lacking)) if self.seen & P == 0 => Some(denied.and(lacking)),
            (None, lacking) => lacking,
            (denied, _) => denied,
        };
        because(outcome, reason)
    }

    /// Permit-overrides, appendix C.4.
    #[inline]
    pub(super) fn permit_overrides(self) -> Verdict {
        because(permit_overrides(self.seen), self.to_be_allowed())
    }

    /// Deny-unless-permit, appendix C.6.
    #[inline]
    pub(super) fn deny_unless_permit(self) -> Verdict {
        because(deny_unless_permit(self.seen), self.to_be_allowed())
    }

    /// Where one allowing rule is enough, whatever denies.
    #[inline]
    fn to_be_allowed(self) -> Option<Refusal> {
        match (self.lacking, self.denied) {
            (_, Some(Refusal::Hidden)) => Some(Refusal::Hidden),
            (lacking, denied) => lacking.or(denied),
        }
    }

    /// Permit-unless-deny, appendix C.7.
    #[inline]
    pub(super) fn permit_unless_deny(self) -> Verdict {
        because(permit_unless_deny(self.seen), self.denied)
    }

    /// First-applicable, appendix C.8: for a tally that took no more after the first that
    /// applies, what it said is all there is.
    #[inline]
    pub(super) fn first_applicable(self) -> Verdict {
        let reason = match (self.lacking, self.denied) {
            (Some(lacking), Some(denied)) => Some(lacking.or(denied)),
            (lacking, denied) => lacking.or(denied),
        };
        because(first_applicable(self.seen), reason)
    }
}

#[inline]
const fn because(outcome: Outcome, reason: Option<Refusal>) -> Verdict {
    match outcome {
        Outcome::Allow => Verdict::ALLOW,
        Outcome::MaybeAllow => Verdict::MAYBE_ALLOW,
        Outcome::MaybeDeny => Verdict::MAYBE_DENY,
        Outcome::Indeterminate => Verdict::INDETERMINATE,
        Outcome::NotApplicable | Outcome::Deny => Verdict::new(outcome, reason),
    }
}

const fn deny_overrides(seen: u8) -> Outcome {
    if seen & D != 0 {
        Outcome::Deny
    } else if seen & MAYBE_D != 0 {
        if seen & (P | MAYBE_P) != 0 {
            Outcome::Indeterminate
        } else {
            Outcome::MaybeDeny
        }
    } else if seen & P != 0 {
        Outcome::Allow
    } else if seen & MAYBE_P != 0 {
        Outcome::MaybeAllow
    } else {
        Outcome::NotApplicable
    }
}

const fn permit_overrides(seen: u8) -> Outcome {
    if seen & P != 0 {
        Outcome::Allow
    } else if seen & MAYBE_P != 0 {
        if seen & (D | MAYBE_D) != 0 {
            Outcome::Indeterminate
        } else {
            Outcome::MaybeAllow
        }
    } else if seen & D != 0 {
        Outcome::Deny
    } else if seen & MAYBE_D != 0 {
        Outcome::MaybeDeny
    } else {
        Outcome::NotApplicable
    }
}

const fn deny_unless_permit(seen: u8) -> Outcome {
    if seen & P != 0 {
        Outcome::Allow
    } else {
        Outcome::Deny
    }
}

/// Stricter than the standard, where a denial that could not be looked up allows.
const fn permit_unless_deny(seen: u8) -> Outcome {
    if seen & D != 0 {
        Outcome::Deny
    } else if seen & MAYBE_D != 0 {
        Outcome::Indeterminate
    } else {
        Outcome::Allow
    }
}

/// The set holds at most one saying, so this only gives the bits their name back.
const fn first_applicable(seen: u8) -> Outcome {
    match seen {
        0 => Outcome::NotApplicable,
        P => Outcome::Allow,
        D => Outcome::Deny,
        MAYBE_P => Outcome::MaybeAllow,
        MAYBE_D => Outcome::MaybeDeny,
        _ => Outcome::Indeterminate,
    }
}
