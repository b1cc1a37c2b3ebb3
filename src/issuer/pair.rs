use core::fmt;
use core::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::refresh::{FamilyId, Token};
use crate::scope::Scope;

/// An access token and the refresh token that continues it, for the client.
///
/// With serde it is the answer of a token endpoint (RFC 6749 §5.1), to be sent with
/// `Cache-Control: no-store`.
///
/// # Security
///
/// Both tokens are secret, so `Debug` shows neither. The access token lies in the caller's buffer;
/// the refresh token is wiped on drop.
///
/// ```
/// # use core::time::Duration;
/// # use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// # use hardtack::issuer::{Issuer, Mint};
/// # use hardtack::mac::{Hs256, Key, Keyring};
/// # use hardtack::refresh::{Families, Rules};
/// # use hardtack::scope::Scope;
/// # use hardtack::time::UnixTime;
/// # let keys = Keyring::<Hs256>::new("k", Key::new(&[7; 32])?);
/// # let mint = Mint::new(&keys, "https://login.example", "https://api.example", Duration::from_secs(300));
/// # let denied = mint.denylist::<0>();
/// # let mut issuer = Issuer::new(mint, Families::<u32, 4>::new(Rules::AAL1), denied);
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// # let fill = |bytes: &mut [u8]| { bytes.fill(7); Ok::<(), ()>(()) };
/// # let mut buffer = [0; 1024];
/// let pair = issuer.issue(&ada, "web", Scope::parse("read")?, fill, &mut buffer, now)?;
///
/// let mut body = [0; 1024];
/// let body = hardtack::json::write(&pair, &mut body)?;
/// assert!(body.starts_with(r#"{"access_token":"ey"#));
/// assert!(body.contains(r#","token_type":"Bearer","expires_in":300,"refresh_token":""#));
/// assert!(body.ends_with(r#","scope":"read"}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pair<'b> {
    pub(super) access: &'b str,
    pub(super) refresh: Token,
    pub(super) family: FamilyId,
    pub(super) expires_in: Duration,
    pub(super) scope: Scope<'b>,
}

impl<'b> Pair<'b> {
    /// `token_type` (RFC 6749 §7.1, RFC 6750).
    pub const TOKEN_TYPE: &'static str = "Bearer";

    /// The access token: a JWT, for `Authorization: Bearer`.
    #[must_use]
    pub const fn access_token(&self) -> &'b str {
        self.access
    }

    /// The refresh token, for the token endpoint of this issuer and nobody else.
    ///
    /// It lies in the pair and not in the buffer, so that it is wiped with the pair;
    /// [`into_refresh_token`](Self::into_refresh_token) lets it live longer.
    #[must_use]
    pub fn refresh_token(&self) -> &str {
        self.refresh.expose()
    }

    /// The refresh token itself, out of the pair. The access token stays in the buffer.
    ///
    /// ```
    /// use hardtack::issuer::Pair;
    /// use hardtack::refresh::Token;
    ///
    /// fn both(pair: Pair<'_>) -> (&str, Token) {
    ///     (pair.access_token(), pair.into_refresh_token())
    /// }
    /// # let _ = both;
    /// ```
    #[must_use]
    pub fn into_refresh_token(self) -> Token {
        self.refresh
    }

    /// How long the access token lives, in whole seconds: the lifetime of the mint, or what is left
    /// of the login.
    #[must_use]
    pub const fn expires_in(&self) -> Duration {
        self.expires_in
    }

    /// What the access token may be used for.
    #[must_use]
    pub const fn scope(&self) -> Scope<'b> {
        self.scope
    }

    /// The login: the `sid` of the access token.
    #[must_use]
    pub const fn family(&self) -> FamilyId {
        self.family
    }
}

impl fmt::Debug for Pair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair")
            .field("family", &self.family)
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl Serialize for Pair<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scoped = !self.scope.is_none();
        let mut answer = serializer.serialize_struct("Pair", if scoped { 5 } else { 4 })?;
        answer.serialize_field("access_token", self.access)?;
        answer.serialize_field("token_type", Self::TOKEN_TYPE)?;
        answer.serialize_field("expires_in", &self.expires_in.as_secs())?;
        answer.serialize_field("refresh_token", &self.refresh)?;
        if scoped {
            answer.serialize_field("scope", &self.scope)?;
        }
        answer.end()
    }
}
