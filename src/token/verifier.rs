use core::time::Duration;

use serde::Deserialize;

use super::claims::{Claim, ClaimSet};
use super::compact::{self, Payload};
use super::header::Expected;
use super::registered::Registered;
use super::{Error, Keys, Type, Verified};
use crate::json;
use crate::time::UnixTime;

/// What a token must be to be believed. Built once, best as a `const`.
///
/// What is expected is exact, and what is not named is refused where it would matter:
///
/// | | if named | if not |
/// | --- | --- | --- |
/// | `typ` | the same type, in any case, with or without `application/` | cannot be left out |
/// | `iss` | the same text | [`without_issuer`](Self::without_issuer): a token with `iss` is refused |
/// | `aud` | one of the expected is among the token's | a token with `aud` is refused |
/// | `exp` | not passed: `now < exp + leeway` | cannot be left out, but for [`allow_no_exp`](Self::allow_no_exp) |
/// | `nbf`, `iat`, `auth_time` | where the token has it, not in the future: `now + leeway ≥ nbf` | |
///
/// Methods that begin with `allow` accept more, and so do [`leeway`](Self::leeway) and a greater
/// [`max_len`](Self::max_len); [`require`](Self::require) and [`max_age`](Self::max_age) accept
/// less; of two audiences that are named, the last one counts.
///
/// RFC 7519 §7.2 makes all but the signature optional; RFC 8725 §3.8 to §3.11 and RFC 9068 §4 are
/// followed here. Two more things are narrower than RFC 7519 has them: a time is an integer (§2
/// allows `1700000000.5`), and `aud` has one to [`MAX_AUDIENCES`](super::MAX_AUDIENCES) texts.
///
/// # Security
///
/// A token is checked in this order, and the first failure ends it: length and structure;
/// base64url; header; the key by its `kid`; the MAC, whole and in constant time; only then is the
/// payload parsed; then the claims. What nobody signed costs no more than one MAC.
///
/// ```
/// use core::time::Duration;
/// use hardtack::mac::{Hs256, Key};
/// use hardtack::time::UnixTime;
/// use hardtack::token::{Claims, Error, Signer, Verifier};
///
/// const ISSUER: &str = "https://login.example";
/// const API: &str = "https://api.example";
/// const SIGNER: Signer<'_> = Signer::access_token(ISSUER, API, Duration::from_secs(300));
/// const VERIFIER: Verifier<'_> = Verifier::access_token(ISSUER, API);
///
/// # let secret = [7; 32];
/// let key = Key::<Hs256>::new(&secret)?;
/// let now = UnixTime::from_secs(1_700_000_000);
///
/// let claims = Claims::of("ada").client_id("web").jti("x7Qp");
/// let mut buffer = [0; 512];
/// let token = SIGNER.sign(&key, &claims, &mut buffer, now)?;
///
/// let mut scratch = [0; 512];
/// let verified = VERIFIER.verify(&key, token.as_bytes(), &mut scratch, now)?;
/// assert_eq!(verified.sub(), Some("ada"));
///
/// let late = now.saturating_add(Duration::from_secs(300));
/// let expired = VERIFIER.verify(&key, token.as_bytes(), &mut scratch, late);
/// assert_eq!(expired.err(), Some(Error::Expired));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'v> {
    typ: Expected<'v>,
    issuer: Option<&'v str>,
    audience: Audience<'v>,
    required: ClaimSet,
    leeway: Duration,
    max_age: Option<Duration>,
    max_len: usize,
}

/// For whom a token must be.
#[derive(Clone, Copy, Debug)]
enum Audience<'v> {
    /// For nobody in particular.
    None,
    /// For this one.
    One(&'v str),
    /// For one of these.
    Any(&'v [&'v str]),
}

impl<'v> Verifier<'v> {
    /// The length of the longest token that is looked at, if [`max_len`](Self::max_len) does not
    /// say otherwise: what servers take for a whole header line.
    pub const MAX_LEN: usize = 8192;

    /// For access tokens (RFC 9068) of `issuer` for `audience`: `typ` is `at+jwt`; `exp`, `sub`,
    /// `client_id`, `iat` and `jti` are required.
    #[must_use]
    pub const fn access_token(issuer: &'v str, audience: &'v str) -> Self {
        Self::new(Type::ACCESS_TOKEN, issuer)
            .audience(audience)
            .require(Claim::Sub)
            .require(Claim::ClientId)
            .require(Claim::Iat)
            .require(Claim::Jti)
    }

    /// For tokens of type `typ` from `issuer`, with `exp`, and without `aud` until
    /// [`audience`](Self::audience) names one.
    #[must_use]
    pub const fn new(typ: Type<'v>, issuer: &'v str) -> Self {
        Self {
            issuer: Some(issuer),
            ..Self::without_issuer(typ)
        }
    }

    /// For tokens of type `typ` that name no issuer. One that does is refused.
    #[must_use]
    pub const fn without_issuer(typ: Type<'v>) -> Self {
        Self {
            typ: Expected::Type(typ),
            issuer: None,
            audience: Audience::None,
            required: ClaimSet::EMPTY.with(Claim::Exp),
            leeway: Duration::ZERO,
            max_age: None,
            max_len: Self::MAX_LEN,
        }
    }

    /// The token must be for `audience`, though it may be for others too.
    #[must_use]
    pub const fn audience(self, audience: &'v str) -> Self {
        Self {
            audience: Audience::One(audience),
            ..self
        }
    }

    /// The token must be for one of `audiences`. Of none, nothing is accepted.
    ///
    /// ```
    /// use hardtack::token::{Type, Verifier};
    ///
    /// const API: &[&str] = &["https://api.example", "https://api.example/v2"];
    /// const VERIFIER: Verifier<'_> =
    ///     Verifier::new(Type::JWT, "https://login.example").any_audience(API);
    /// # let _ = VERIFIER;
    /// ```
    #[must_use]
    pub const fn any_audience(self, audiences: &'v [&'v str]) -> Self {
        Self {
            audience: Audience::Any(audiences),
            ..self
        }
    }

    /// The token must have `claim`, and not as an empty text.
    #[must_use]
    pub const fn require(self, claim: Claim) -> Self {
        Self {
            required: self.required.with(claim),
            ..self
        }
    }

    /// The token must have been issued within `age`: `iat` is required, and `exp` still counts.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use hardtack::mac::{Hs256, Key};
    /// # use hardtack::time::UnixTime;
    /// # use hardtack::token::{Claims, Error, Signer, Type, Verifier};
    /// # let key = Key::<Hs256>::new(&[7; 32])?;
    /// # let now = UnixTime::from_secs(1_700_000_000);
    /// # let (mut buffer, mut scratch) = ([0; 256], [0; 256]);
    /// // Whoever signs says an hour; a transfer asks for a minute, and forgives clocks a second.
    /// let signer = Signer::new(Type::JWT, "https://login.example", Duration::from_secs(3600));
    /// let token = signer.sign(&key, &Claims::of("ada"), &mut buffer, now)?.as_bytes();
    /// let transfer = Verifier::new(Type::JWT, "https://login.example")
    ///     .max_age(Duration::from_secs(60))
    ///     .leeway(Duration::from_secs(1));
    ///
    /// let later = |secs| now.saturating_add(Duration::from_secs(secs));
    /// assert!(transfer.verify(&key, token, &mut scratch, later(60)).is_ok());
    /// let old = transfer.verify(&key, token, &mut scratch, later(61));
    /// assert_eq!(old.err(), Some(Error::Expired));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn max_age(self, age: Duration) -> Self {
        Self {
            max_age: Some(age),
            ..self.require(Claim::Iat)
        }
    }

    /// Clocks may differ by `leeway`, in both directions. It is zero if this is not called; RFC
    /// 7519 §4.1.4 thinks of "no more than a few minutes", seconds are enough.
    #[must_use]
    pub const fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// A token longer than `max_len` bytes is refused unread.
    #[must_use]
    pub const fn max_len(self, max_len: usize) -> Self {
        Self { max_len, ..self }
    }

    /// A token without `typ` is accepted too. Many issuers of [`Type::JWT`] leave it out.
    ///
    /// # Security
    ///
    /// Then nothing but its claims tells the token from another kind of that issuer (RFC 8725
    /// §3.11, §3.12).
    #[must_use]
    pub const fn allow_no_typ(self) -> Self {
        let typ = match self.typ {
            Expected::Type(typ) => Expected::TypeOrNone(typ),
            other => other,
        };
        Self { typ, ..self }
    }

    /// A token without `exp` is accepted too, and only [`max_age`](Self::max_age) ends it.
    ///
    /// # Security
    ///
    /// Without a maximal age it lives as long as its key.
    #[must_use]
    pub const fn allow_no_exp(self) -> Self {
        Self {
            required: self.required.without(Claim::Exp),
            ..self
        }
    }

    /// Checks `token` and gives its registered claims. Other claims are checked for being JSON and
    /// ignored.
    ///
    /// `scratch` holds the decoded token while its claims are in use. A buffer of the token's
    /// length is enough, but for strings with escapes, which take more. What it holds after a
    /// failure is of no meaning.
    ///
    /// # Errors
    ///
    /// Each [`Error`] says what is wrong. [`Error::NoRoom`] is about `scratch` and gives a length
    /// that is enough; a stranger can provoke it with a long token, so answer it like any other.
    pub fn verify<'t>(
        &self,
        keys: &impl Keys,
        token: &[u8],
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Verified<'t>, Error> {
        let payload = self.open(keys, token, scratch)?;
        self.read(payload, now)
    }

    /// [`verify`](Self::verify), and reads claims of the caller's own: a struct or a map that
    /// implements [`Deserialize`]. It sees the whole payload, registered claims included, and may
    /// borrow.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use hardtack::mac::{Hs256, Key};
    /// # use hardtack::time::UnixTime;
    /// # use hardtack::token::{Claims, Error, Signer, Type, Verifier};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Seat<'t> {
    ///     row: u8,
    ///     class: &'t str,
    /// }
    ///
    /// # let key = Key::<Hs256>::new(&[7; 32])?;
    /// # let now = UnixTime::from_secs(1_700_000_000);
    /// # let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    /// let ticket = Type::new("ticket+jwt")?;
    /// let signer = Signer::new(ticket, "https://rail.example", Duration::from_secs(3600));
    /// let seat = Seat { row: 7, class: "second" };
    /// let token = signer.sign_with(&key, &Claims::of("ada"), &seat, &mut buffer, now)?;
    ///
    /// let verifier = Verifier::new(ticket, "https://rail.example");
    /// let ticket = verifier.verify_with::<Seat>(&key, token.as_bytes(), &mut scratch, now)?;
    /// assert_eq!(ticket.own().class, "second");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify); [`Error::Payload`] also where the payload is no `C`.
    pub fn verify_with<'t, C: Deserialize<'t>>(
        &self,
        keys: &impl Keys,
        token: &[u8],
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Verified<'t, C>, Error> {
        let payload = self.open(keys, token, scratch)?;
        let mut registered = Registered::NONE;
        let own = json::read_object(payload.bytes, payload.rest, |name, value| {
            registered.take(name, value)
        })
        .map_err(|error| Error::of_json(error, Error::Payload, payload.enough))?;
        self.check(&registered, now)?;
        Ok(Verified::new(registered, own))
    }

    /// Steps 1 to 4.
    #[cfg_attr(small, inline(never))]
    fn open<'t>(
        &self,
        keys: &impl Keys,
        token: &[u8],
        scratch: &'t mut [u8],
    ) -> Result<Payload<'t>, Error> {
        if token.len() > self.max_len {
            return Err(Error::TooLong);
        }
        compact::open(keys, self.typ, token, scratch)
    }

    /// Steps 5 and 6, without claims of the caller's own.
    #[cfg_attr(small, inline(never))]
    fn read<'t>(&self, payload: Payload<'t>, now: UnixTime) -> Result<Verified<'t>, Error> {
        let mut registered = Registered::NONE;
        // [7519-4-1] [7519-7.2-10] [8725-3.7-1]
        json::read_members(payload.bytes, payload.rest, &mut |name, value| {
            registered.take(name, value)
        })
        .map_err(|error| Error::of_json(error, Error::Payload, payload.enough))?;
        self.check(&registered, now)?;
        Ok(Verified::new(registered, ()))
    }

    /// Step 6.
    fn check(&self, token: &Registered<'_>, now: UnixTime) -> Result<(), Error> {
        // [8725-3.8-1]
        if token.iss != self.issuer {
            return Err(Error::Claim(Claim::Iss));
        }
        let for_us = match self.audience {
            // [8725-3.9-1]
            Audience::None => token.aud.iter().next().is_none(),
            // [7519-4.1.3-1] [8725-3.9-2]
            Audience::One(expected) => token.aud.iter().any(|aud| aud == expected),
            Audience::Any(expected) => token.aud.iter().any(|aud| expected.contains(&aud)),
        };
        if !for_us {
            return Err(Error::Claim(Claim::Aud));
        }
        if let Some(missing) = self.required.first_not_in(token.present) {
            return Err(Error::Claim(missing));
        }
        // [7519-4.1.4-1]
        let over = |end: UnixTime| now >= end.saturating_add(self.leeway);
        if token.exp.is_some_and(over) {
            return Err(Error::Expired);
        }
        // [7519-4.1.5-1]
        let early = |start: UnixTime| now.saturating_add(self.leeway) < start;
        let starts = [token.claims.nbf, token.iat, token.claims.auth_time];
        if starts.into_iter().flatten().any(early) {
            return Err(Error::NotYetValid);
        }
        match (self.max_age, token.iat) {
            (Some(age), Some(iat)) if over(iat.saturating_add(age)) => Err(Error::Expired),
            _ => Ok(()),
        }
    }
}
