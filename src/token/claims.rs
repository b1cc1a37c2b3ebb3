use crate::identity::{Authenticated, Factors};
use crate::scope::Scope;
use crate::time::UnixTime;

macro_rules! registered {
    ($($(#[$doc:meta])* $claim:ident = $name:literal;)*) => {
        /// The claims that this crate knows: the registered ones of RFC 7519 §4.1, those of an
        /// access token (RFC 9068 §2.2, RFC 8693 §4.2 and §4.3), and OpenID Connect's `sid`.
        ///
        /// ```
        /// use hardtack::token::Claim;
        ///
        /// assert_eq!(Claim::AuthTime.name(), "auth_time");
        /// assert_eq!(Claim::from_name("exp"), Some(Claim::Exp));
        /// assert_eq!(Claim::from_name("EXP"), None);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Claim {
            $($(#[$doc])* $claim,)*
        }

        impl Claim {
            const ALL: &[Self] = &[$(Self::$claim),*];

            /// The name of the claim in a payload.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$claim => $name,)*
                }
            }

            /// The claim named `name`, if it is one of these.
            #[must_use]
            #[inline]
            pub fn from_name(name: &str) -> Option<Self> {
                // As numbers most of them are told apart faster than as texts.
                if let Some(number) = three_letters(name) {
                    $(if Some(number) == const { three_letters($name) } {
                        return Some(Self::$claim);
                    })*
                    return None;
                }
                match name {
                    $($name => Some(Self::$claim),)*
                    _ => None,
                }
            }
        }
    };
}

registered! {
    /// The issuer, RFC 7519 §4.1.1.
    Iss = "iss";
    /// The subject, RFC 7519 §4.1.2.
    Sub = "sub";
    /// The audience, RFC 7519 §4.1.3.
    Aud = "aud";
    /// The expiration time, RFC 7519 §4.1.4.
    Exp = "exp";
    /// Not before, RFC 7519 §4.1.5.
    Nbf = "nbf";
    /// The time of issue, RFC 7519 §4.1.6.
    Iat = "iat";
    /// The unique name of the token, RFC 7519 §4.1.7.
    Jti = "jti";
    /// The OAuth client, RFC 8693 §4.3.
    ClientId = "client_id";
    /// What was granted, RFC 8693 §4.2.
    Scope = "scope";
    /// When the subject last proved who it is, OpenID Connect Core §2.
    AuthTime = "auth_time";
    /// The level of that proof, OpenID Connect Core §2.
    Acr = "acr";
    /// The methods of that proof, RFC 8176.
    Amr = "amr";
    /// The session, OpenID Connect Front-Channel Logout §3.
    Sid = "sid";
}

/// A name of three letters as a number.
#[inline]
const fn three_letters(name: &str) -> Option<u32> {
    match *name.as_bytes() {
        [first, second, third] => Some(u32::from_le_bytes([first, second, third, 0])),
        _ => None,
    }
}

/// A set of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClaimSet(u16);

impl ClaimSet {
    pub(super) const EMPTY: Self = Self(0);

    pub(super) const fn with(self, claim: Claim) -> Self {
        Self(self.0 | 1 << claim as u16)
    }

    pub(super) const fn contains(self, claim: Claim) -> bool {
        self.0 & 1 << claim as u16 != 0
    }

    pub(super) const fn without(self, claim: Claim) -> Self {
        Self(self.0 & !(1 << claim as u16))
    }

    /// The first claim of this set that `other` does not have.
    pub(super) fn first_not_in(self, other: Self) -> Option<Claim> {
        let missing = Self(self.0 & !other.0);
        if missing == Self::EMPTY {
            return None;
        }
        Claim::ALL
            .iter()
            .copied()
            .find(|claim| missing.contains(*claim))
    }
}

/// What a token says about one subject, to be minted by a [`Signer`](super::Signer).
///
/// Who issues, for whom, when, and until when is not said here: the signer says it (`iss`, `aud`,
/// `iat`, `exp`), so that no token can be minted without it. A claim that is not set is left out.
///
/// ```
/// use hardtack::scope::Scope;
/// use hardtack::token::Claims;
///
/// let claims = Claims::of("ada").client_id("web").jti("x7Qp").scope(Scope::parse("orders:read")?);
/// # let _ = claims;
/// # Ok::<(), hardtack::scope::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    pub(super) sub: Option<&'a str>,
    pub(super) nbf: Option<UnixTime>,
    pub(super) jti: Option<&'a str>,
    pub(super) client_id: Option<&'a str>,
    pub(super) scope: Option<Scope<'a>>,
    pub(super) auth_time: Option<UnixTime>,
    pub(super) acr: Option<&'a str>,
    pub(super) amr: Option<Factors>,
    pub(super) sid: Option<&'a str>,
}

impl<'a> Claims<'a> {
    /// No claim at all.
    pub const NONE: Self = Self {
        sub: None,
        nbf: None,
        jti: None,
        client_id: None,
        scope: None,
        auth_time: None,
        acr: None,
        amr: None,
        sid: None,
    };

    /// Claims about the subject `sub`, RFC 7519 §4.1.2.
    ///
    /// An [access token](super::Signer::access_token) also needs [`client_id`](Self::client_id) and
    /// [`jti`](Self::jti); without them it is not minted.
    #[must_use]
    pub const fn of(sub: &'a str) -> Self {
        Self {
            sub: Some(sub),
            ..Self::NONE
        }
    }

    /// The token is not valid before `nbf`, RFC 7519 §4.1.5.
    #[must_use]
    pub const fn nbf(self, nbf: UnixTime) -> Self {
        Self {
            nbf: Some(nbf),
            ..self
        }
    }

    /// The unique name of the token, RFC 7519 §4.1.7: by it, it can be revoked.
    #[must_use]
    pub const fn jti(self, jti: &'a str) -> Self {
        Self {
            jti: Some(jti),
            ..self
        }
    }

    /// The OAuth client that the token is issued to, RFC 8693 §4.3.
    #[must_use]
    pub const fn client_id(self, client_id: &'a str) -> Self {
        Self {
            client_id: Some(client_id),
            ..self
        }
    }

    /// What the token may be used for, RFC 8693 §4.2. [`Scope::NONE`] leaves the claim out.
    #[must_use]
    pub const fn scope(self, scope: Scope<'a>) -> Self {
        Self {
            scope: if scope.is_none() { None } else { Some(scope) },
            ..self
        }
    }

    /// The session or the refresh family that the token belongs to.
    #[must_use]
    pub const fn sid(self, sid: &'a str) -> Self {
        Self {
            sid: Some(sid),
            ..self
        }
    }

    /// When, how strongly and by what `who` was authenticated: `auth_time`, `acr` (`aal1` to
    /// `aal3`) and `amr`, which is left out where no factor is known.
    #[must_use]
    pub const fn authenticated<P>(self, who: &Authenticated<P>) -> Self {
        let evidence = who.evidence();
        let factors = evidence.factors();
        Self {
            auth_time: Some(who.authenticated_at()),
            acr: Some(evidence.level().acr()),
            amr: if factors.contains(Factors::NONE) && Factors::NONE.contains(factors) {
                None
            } else {
                Some(factors)
            },
            ..self
        }
    }

    /// When the subject last proved who it is, OpenID Connect Core §2.
    #[must_use]
    pub const fn auth_time(self, auth_time: UnixTime) -> Self {
        Self {
            auth_time: Some(auth_time),
            ..self
        }
    }

    /// The authentication context class, OpenID Connect Core §2.
    #[must_use]
    pub const fn acr(self, acr: &'a str) -> Self {
        Self {
            acr: Some(acr),
            ..self
        }
    }

    /// The claims that are set, and to no empty text.
    pub(super) fn present(&self) -> ClaimSet {
        let texts = [
            (Claim::Sub, self.sub),
            (Claim::Jti, self.jti),
            (Claim::ClientId, self.client_id),
            (Claim::Scope, self.scope.map(Scope::as_str)),
            (Claim::Acr, self.acr),
            (Claim::Sid, self.sid),
        ];
        let others = [
            (Claim::Nbf, self.nbf.is_some()),
            (Claim::AuthTime, self.auth_time.is_some()),
            (Claim::Amr, self.amr.is_some()),
        ];
        texts
            .into_iter()
            .map(|(claim, text)| (claim, text.is_some_and(|text| !text.is_empty())))
            .chain(others)
            .filter(|(_, present)| *present)
            .fold(ClaimSet::EMPTY, |set, (claim, _)| set.with(claim))
    }
}
