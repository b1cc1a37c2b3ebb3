//! Who is on the other side, how that was established, and when.
//!
//! [`Authenticated`] has no public constructor but [`vouch`](Authenticated::vouch): it comes from a
//! verified token, a checked session, or the one place of a program that checked a password.
//! Whether the somebody *may* do a thing is another question; see the `policy` module.

use core::fmt;
use core::time::Duration;

use crate::time::UnixTime;

/// A client about whom nothing is known. A type of its own, so that "nobody" cannot be the
/// somebody whose name happened to be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anonymous;

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

/// A set of authentication method references (`amr`, RFC 8176 §2).
///
/// ```
/// use hardtack::identity::Factors;
///
/// const BOTH: Factors = Factors::PWD.union(Factors::OTP);
/// assert!(BOTH.contains(Factors::OTP));
/// assert!(BOTH.is_multi_factor());
/// assert!(!Factors::PWD.union(Factors::PIN).is_multi_factor());
/// assert!(BOTH.names().eq(["otp", "pwd"]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Factors(u32);

macro_rules! factors {
    ($($(#[$doc:meta])* $constant:ident = $bit:literal, $name:literal;)*) => {
        impl Factors {
            $($(#[$doc])* pub const $constant: Self = Self(1 << $bit);)*
        }

        const NAMES: &[(&str, Factors)] = &[$(($name, Factors::$constant)),*];
    };
}

factors! {
    /// Facial recognition.
    FACE = 0, "face";
    /// Fingerprint.
    FPT = 1, "fpt";
    /// Geolocation.
    GEO = 2, "geo";
    /// Proof of possession of a hardware-secured key.
    HWK = 3, "hwk";
    /// Iris scan.
    IRIS = 4, "iris";
    /// Knowledge-based authentication.
    KBA = 5, "kba";
    /// Multiple-channel authentication.
    MCA = 6, "mca";
    /// Multiple-factor authentication.
    MFA = 7, "mfa";
    /// One-time password.
    OTP = 8, "otp";
    /// Personal identification number or pattern.
    PIN = 9, "pin";
    /// Proof of possession of a key.
    POP = 10, "pop";
    /// Password.
    PWD = 11, "pwd";
    /// Risk-based authentication.
    RBA = 12, "rba";
    /// Retina scan.
    RETINA = 13, "retina";
    /// Smart card.
    SC = 14, "sc";
    /// Confirmation by a text message.
    SMS = 15, "sms";
    /// Proof of possession of a software-secured key.
    SWK = 16, "swk";
    /// Confirmation by telephone.
    TEL = 17, "tel";
    /// User presence.
    USER = 18, "user";
    /// Voice.
    VBM = 19, "vbm";
    /// Windows integrated authentication.
    WIA = 20, "wia";
}

impl Factors {
    /// No factor at all.
    pub const NONE: Self = Self(0);

    const KNOWN: Self = Self::PWD.union(Self::PIN).union(Self::KBA);
    const HELD: Self = Self::HWK
        .union(Self::SWK)
        .union(Self::POP)
        .union(Self::SC)
        .union(Self::OTP)
        .union(Self::SMS)
        .union(Self::TEL);
    const INHERENT: Self = Self::FACE
        .union(Self::FPT)
        .union(Self::IRIS)
        .union(Self::RETINA)
        .union(Self::VBM);

    /// The factors of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether two of the three kinds are here: something known, something held, something that
    /// one is; or `mfa`, which says so. A password and a PIN are one kind.
    #[must_use]
    pub const fn is_multi_factor(self) -> bool {
        let known = self.intersects(Self::KNOWN);
        let held = self.intersects(Self::HELD);
        let inherent = self.intersects(Self::INHERENT);
        self.contains(Self::MFA) || known && held || known && inherent || held && inherent
    }

    /// The factor that RFC 8176 names `name`, if it is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find_map(|(known, factor)| (*known == name).then_some(*factor))
    }

    /// The names of the factors, in alphabetical order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .filter(move |(_, factor)| self.contains(*factor))
            .map(|(name, _)| *name)
    }

    /// The set as bits, for storing; of no meaning outside of this crate.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// The set of these bits, if all of them have a meaning.
    pub(crate) const fn from_bits(bits: u32) -> Option<Self> {
        if bits >> NAMES.len() == 0 {
            Some(Self(bits))
        } else {
            None
        }
    }
}

impl fmt::Debug for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn names_and_factors_are_one_to_one() {
        let all = Factors::from_bits((1 << NAMES.len()) - 1).unwrap();
        let names: Vec<_> = all.names().collect();
        assert_eq!(names.len(), 21);
        assert!(names.is_sorted());
        for name in names {
            let factor = Factors::from_name(name).unwrap();
            assert!(factor.names().eq([name]));
        }
        assert_eq!(Factors::from_name("PWD"), None);
        assert_eq!(Factors::from_name(""), None);
        assert_eq!(Factors::from_bits(1 << NAMES.len()), None);
        assert_eq!(Factors::NONE.names().count(), 0);
    }

    #[test]
    fn two_factors_of_one_kind_are_one() {
        for one_kind in [
            Factors::NONE,
            Factors::PWD.union(Factors::PIN).union(Factors::KBA),
            Factors::OTP.union(Factors::SMS).union(Factors::HWK),
            Factors::FPT.union(Factors::FACE),
            Factors::PWD.union(Factors::GEO).union(Factors::USER),
        ] {
            assert!(!one_kind.is_multi_factor(), "{one_kind:?}");
        }
        for two_kinds in [
            Factors::MFA,
            Factors::PWD.union(Factors::OTP),
            Factors::PIN.union(Factors::FPT),
            Factors::SC.union(Factors::IRIS),
        ] {
            assert!(two_kinds.is_multi_factor(), "{two_kinds:?}");
        }
    }

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

    #[test]
    fn debug_names_factors() {
        assert_eq!(
            format!("{:?}", Factors::PWD.union(Factors::OTP)),
            r#"{"otp", "pwd"}"#
        );
    }
}
