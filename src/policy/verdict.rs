//! What a policy says.

use core::fmt;

use super::Refusal;

// A decision is permit or deny, or could have been, had a look-up not failed.
pub(super) const P: u8 = 0b0001;
pub(super) const D: u8 = 0b0010;
pub(super) const MAYBE_P: u8 = 0b0100;
pub(super) const MAYBE_D: u8 = 0b1000;
/// `P` or `MAYBE_P`.
pub(super) const COULD_ALLOW: u8 = 0b0101;
/// `D` or `MAYBE_D`.
pub(super) const COULD_DENY: u8 = 0b1010;
/// `MAYBE_P` or `MAYBE_D`.
pub(super) const MAYBE: u8 = 0b1100;

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
    Indeterminate = MAYBE,
}

impl Outcome {
    /// Whether a failed look-up decided: one of the three.
    #[must_use]
    pub const fn is_indeterminate(self) -> bool {
        self.bits() & MAYBE != 0
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

    pub(super) const fn bits(self) -> u8 {
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
    pub const MAYBE_ALLOW: Self = Self::new(Outcome::MaybeAllow, None);
    /// A look-up failed; the answer would have been no or no opinion.
    pub const MAYBE_DENY: Self = Self::new(Outcome::MaybeDeny, None);
    /// A look-up failed; the answer could have been anything.
    pub const INDETERMINATE: Self = Self::new(Outcome::Indeterminate, None);

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

    const fn new(outcome: Outcome, refusal: Option<Refusal>) -> Self {
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
        match self.outcome {
            Outcome::NotApplicable => self,
            outcome => Self::new(outcome.in_doubt(), None),
        }
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
