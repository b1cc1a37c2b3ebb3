//! By what somebody proved who it is: authentication method references (RFC 8176).

use core::fmt;

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
    fn a_union_has_what_either_set_has() {
        let both = Factors::PWD.union(Factors::OTP);
        assert_eq!(both.union(Factors::OTP), both);
        assert!(both.union(both).is_multi_factor());
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
    fn debug_names_factors() {
        assert_eq!(
            format!("{:?}", Factors::PWD.union(Factors::OTP)),
            r#"{"otp", "pwd"}"#
        );
    }
}
