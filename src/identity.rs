//! Who is on the other side, how that was established, and when.
//!
//! [`Authenticated`] has no public constructor but [`vouch`](Authenticated::vouch): it comes from a
//! verified token, a checked session, or the one place of a program that checked a password.
//! Whether the somebody *may* do a thing is another question: that of a [`policy`](crate::policy).

use core::fmt;
use core::time::Duration;

use crate::time::UnixTime;

mod client;
mod factors;

pub(crate) use client::Ours;
pub use client::{Client, Identity};
pub use factors::Factors;

/// A client about whom nothing is known. A type of its own, so that "nobody" cannot be the
/// somebody whose name happened to be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anonymous;

impl fmt::Display for Anonymous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody is logged in")
    }
}

impl core::error::Error for Anonymous {}

/// A principal of whom it is established who it is.
///
/// It is neither `Clone` nor `Copy`: an identity belongs to the request in which it was
/// established.
///
/// ```
/// use core::time::Duration;
/// use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// use hardtack::time::UnixTime;
///
/// // The one place that compared the password hash:
/// let now = UnixTime::from_secs(1_700_000_000);
/// let ada = Authenticated::vouch("ada", Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// assert_eq!(*ada.principal(), "ada");
/// assert_eq!(ada.age(now.saturating_add(Duration::from_secs(60))), Duration::from_secs(60));
/// ```
#[derive(Debug)]
pub struct Authenticated<P> {
    principal: P,
    evidence: Evidence,
    at: UnixTime,
    method: Method,
}

impl<P> Authenticated<P> {
    /// States that `principal` has just proved who it is, by `evidence`.
    ///
    /// # Security
    ///
    /// Nothing is checked here: the caller's word is the proof. A program needs this once, behind
    /// the comparison of the password or the second factor. Look for the name in a review.
    #[must_use]
    pub const fn vouch(principal: P, evidence: Evidence, now: UnixTime) -> Self {
        Self::established(principal, evidence, now, Method::Vouched)
    }

    /// What a session or a token has established.
    pub(crate) const fn established(
        principal: P,
        evidence: Evidence,
        at: UnixTime,
        method: Method,
    ) -> Self {
        Self {
            principal,
            evidence,
            at,
            method,
        }
    }

    /// Who it is.
    #[must_use]
    pub const fn principal(&self) -> &P {
        &self.principal
    }

    /// Who it is, out of the identity. What is left is a name, not a proof.
    #[must_use]
    pub fn into_principal(self) -> P {
        self.principal
    }

    /// How strongly it was established at the time of authentication.
    #[must_use]
    pub const fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// When the principal last proved who it is (`auth_time`, OpenID Connect Core §2).
    #[must_use]
    pub const fn authenticated_at(&self) -> UnixTime {
        self.at
    }

    /// By what this request was recognised.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The time since the principal last proved who it is, in whole seconds; zero under a clock
    /// that stepped back.
    #[must_use]
    pub const fn age(&self, now: UnixTime) -> Duration {
        now.saturating_since(self.at)
    }
}

impl<P> Authenticated<P> {
    /// The same identity, borrowed. It is not public: what it is borrowed from is the proof.
    pub(crate) const fn borrowed(&self) -> Authenticated<&P> {
        Authenticated::established(&self.principal, self.evidence, self.at, self.method)
    }
}

impl<P> Authenticated<&P> {
    const fn reborrowed(&self) -> Self {
        Self::established(self.principal, self.evidence, self.at, self.method)
    }
}

impl<P: Clone> Authenticated<&P> {
    /// The same identity with a principal of its own, for use after what it was borrowed from.
    #[must_use]
    pub fn cloned(self) -> Authenticated<P> {
        Authenticated::established(self.principal.clone(), self.evidence, self.at, self.method)
    }
}

/// By what a request was recognised as the principal's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// The caller's word, by [`Authenticated::vouch`].
    Vouched,
    /// A session.
    Session,
    /// An access token.
    Token,
    /// A signed cookie.
    SignedCookie,
}

/// How strongly a principal proved who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    level: Assurance,
    factors: Factors,
}

impl Evidence {
    /// Evidence of a level and factors.
    #[must_use]
    pub const fn new(level: Assurance, factors: Factors) -> Self {
        Self { level, factors }
    }

    /// The assurance level.
    #[must_use]
    pub const fn level(self) -> Assurance {
        self.level
    }

    /// The factors that were used.
    #[must_use]
    pub const fn factors(self) -> Factors {
        self.factors
    }
}

/// Authenticator assurance level, NIST SP 800-63B-4 §2. A higher level is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// Some assurance: a single factor.
    Aal1,
    /// High confidence: two distinct factors.
    Aal2,
    /// Very high confidence: a hardware authenticator that resists phishing.
    Aal3,
}

impl Assurance {
    /// The level as a value of `acr` (RFC 9470 §3, OpenID Connect Core §2): `aal1` to `aal3`.
    #[must_use]
    pub const fn acr(self) -> &'static str {
        match self {
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
            Self::Aal3 => "aal3",
        }
    }

    /// The level that a value of `acr` names, if it is one of ours.
    #[must_use]
    pub fn from_acr(acr: &str) -> Option<Self> {
        [Self::Aal1, Self::Aal2, Self::Aal3]
            .into_iter()
            .find(|level| level.acr() == acr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ordered_and_named() {
        assert!(Assurance::Aal1 < Assurance::Aal2 && Assurance::Aal2 < Assurance::Aal3);
        for level in [Assurance::Aal1, Assurance::Aal2, Assurance::Aal3] {
            assert_eq!(Assurance::from_acr(level.acr()), Some(level));
        }
        assert_eq!(Assurance::from_acr("AAL1"), None);
    }

    #[test]
    fn an_identity_answers_who_how_and_when() {
        let at = UnixTime::from_secs(100);
        let evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));
        let ada = Authenticated::vouch("ada", evidence, at);
        assert_eq!(ada.principal(), &"ada");
        assert_eq!(ada.evidence().level(), Assurance::Aal2);
        assert_eq!(ada.evidence().factors(), evidence.factors());
        assert_eq!(ada.method(), Method::Vouched);
        assert_eq!(ada.authenticated_at(), at);
        assert_eq!(ada.age(UnixTime::from_secs(160)), Duration::from_secs(60));
        assert_eq!(ada.age(UnixTime::from_secs(40)), Duration::ZERO);
        assert_eq!(ada.into_principal(), "ada");
    }
}
