use core::marker::PhantomData;
use core::time::Duration;

use serde::Serialize;

use super::claims::{Claim, ClaimSet, Claims};
use super::compact::{self, Part};
use super::header::Header;
use super::{Error, Keys, Type};
use crate::json;
use crate::mac::Algorithm;
use crate::scope::Scope;
use crate::time::UnixTime;
use crate::write::{Decimal, Sink};

/// Mints tokens of one kind. Built once, best as a `const`, beside its [`Verifier`](super::Verifier).
///
/// What a verifier asks for is said here and so cannot be forgotten: the type, the issuer, the
/// audience and the lifetime, from which come `iat` (now) and `exp`. What a single token says is
/// in its [`Claims`], and in a struct of the caller's own with
/// [`sign_with`](Self::sign_with).
///
/// A token has one spelling: `{"alg":…,"typ":…,"kid":…}` as its header, `kid` only from a
/// [`Keyring`](crate::mac::Keyring), and the claims in the order of RFC 7519, RFC 9068 and
/// then the caller's. That header is the one that the verifier knows without parsing it.
///
/// ```
/// use core::time::Duration;
/// use hardtack::mac::{Hs512, Key, Keyring};
/// use hardtack::time::UnixTime;
/// use hardtack::token::{Claims, Signer, Type};
///
/// const INVITATION: Signer<'_> =
///     Signer::new(Type::JWT, "https://club.example", Duration::from_secs(86_400));
///
/// # let secret = [7; 64];
/// let keys = Keyring::<Hs512>::new("2026-11", Key::new(&secret)?);
/// let now = UnixTime::from_secs(1_700_000_000);
/// let claims = Claims::of("grace");
/// let mut buffer = [0; 256];
/// let token = INVITATION.sign(&keys, &claims, &mut buffer, now)?;
/// assert_eq!(token.len(), INVITATION.len(&keys, &claims, now)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Signer<'v> {
    typ: Type<'v>,
    issuer: Option<&'v str>,
    audience: Audience<'v>,
    lifetime: Duration,
    required: ClaimSet,
}

/// For whom a token is.
#[derive(Clone, Copy, Debug)]
enum Audience<'v> {
    None,
    One(&'v str),
    All(&'v [&'v str]),
}

impl<'v> Signer<'v> {
    /// For access tokens (RFC 9068) of `issuer` for `audience`: `typ` is `at+jwt`; `sub`,
    /// `client_id` and `jti` are required.
    #[must_use]
    pub const fn access_token(issuer: &'v str, audience: &'v str, lifetime: Duration) -> Self {
        let required = ClaimSet::EMPTY
            .with(Claim::Sub)
            .with(Claim::ClientId)
            .with(Claim::Jti);
        Self {
            required,
            ..Self::new(Type::ACCESS_TOKEN, issuer, lifetime).audience(audience)
        }
    }

    /// For tokens of type `typ` from `issuer` that live for `lifetime`, in whole seconds.
    #[must_use]
    pub const fn new(typ: Type<'v>, issuer: &'v str, lifetime: Duration) -> Self {
        Self {
            issuer: Some(issuer),
            ..Self::without_issuer(typ, lifetime)
        }
    }

    /// For tokens of type `typ` that name no issuer.
    #[must_use]
    pub const fn without_issuer(typ: Type<'v>, lifetime: Duration) -> Self {
        Self {
            typ,
            issuer: None,
            audience: Audience::None,
            lifetime,
            required: ClaimSet::EMPTY,
        }
    }

    /// The tokens are for `audience`.
    #[must_use]
    pub const fn audience(self, audience: &'v str) -> Self {
        Self {
            audience: Audience::One(audience),
            ..self
        }
    }

    /// The tokens are for all of `audiences`, written as an array: at least one, at most
    /// [`MAX_AUDIENCES`](super::MAX_AUDIENCES).
    #[must_use]
    pub const fn audiences(self, audiences: &'v [&'v str]) -> Self {
        Self {
            audience: Audience::All(audiences),
            ..self
        }
    }

    /// The tokens live for `lifetime`, in whole seconds.
    #[must_use]
    pub const fn lifetime(self, lifetime: Duration) -> Self {
        Self { lifetime, ..self }
    }

    /// Writes a token to the front of `buffer`, all or nothing. One that is longer than
    /// [`Verifier::MAX_LEN`](super::Verifier::MAX_LEN) needs a verifier that allows it.
    ///
    /// # Errors
    ///
    /// [`Error::NoRoom`] with the length that would have been enough; [`Error::Claim`] for an
    /// access token without `sub`, `client_id` or `jti`, or where one of them is empty, and for
    /// more audiences than are read, or an empty list of them. The buffer is then as it was.
    pub fn sign<'b>(
        &self,
        keys: &impl Keys,
        claims: &Claims<'_>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<&'b str, Error> {
        self.sign_with(keys, claims, &(), buffer, now)
    }

    /// [`sign`](Self::sign), with claims of the caller's own: a struct or a map.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign), and [`Error::Payload`] where `own` is no struct or map, has
    /// a value that JSON has no form for, or has the name of a registered claim, whether that is
    /// set or not; also where it does not say the same when it is asked twice, and only then the
    /// buffer is not as it was.
    pub fn sign_with<'b, K: Keys, C: Serialize>(
        &self,
        keys: &K,
        claims: &Claims<'_>,
        own: &C,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<&'b str, Error> {
        let payload = self.payload(claims, own, now)?;
        let (kid, key) = keys.signing();
        compact::seal(key, &self.header::<K::Algorithm>(kid), &payload, buffer)
    }

    /// The exact number of bytes that [`sign`](Self::sign) writes.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign) but for [`Error::NoRoom`].
    pub fn len(
        &self,
        keys: &impl Keys,
        claims: &Claims<'_>,
        now: UnixTime,
    ) -> Result<usize, Error> {
        self.len_with(keys, claims, &(), now)
    }

    /// The exact number of bytes that [`sign_with`](Self::sign_with) writes.
    ///
    /// # Errors
    ///
    /// Those of [`sign_with`](Self::sign_with) but for [`Error::NoRoom`].
    pub fn len_with<K: Keys, C: Serialize>(
        &self,
        keys: &K,
        claims: &Claims<'_>,
        own: &C,
        now: UnixTime,
    ) -> Result<usize, Error> {
        let payload = self.payload(claims, own, now)?.len()?;
        let (kid, _) = keys.signing();
        let header = self.header::<K::Algorithm>(kid).len()?;
        Ok(compact::sealed_len::<K::Algorithm>(header, payload))
    }

    const fn header<'h, A: Algorithm>(&self, kid: Option<&'h str>) -> Header<'h, A>
    where
        'v: 'h,
    {
        Header {
            typ: Some(self.typ),
            kid,
            algorithm: PhantomData,
        }
    }

    fn payload<'c, C: Serialize>(
        &'c self,
        claims: &'c Claims<'c>,
        own: &'c C,
        now: UnixTime,
    ) -> Result<Payload<'c, C>, Error> {
        if let Audience::All(all) = self.audience
            && (all.is_empty() || all.len() > super::MAX_AUDIENCES)
        {
            return Err(Error::Claim(Claim::Aud));
        }
        if let Some(missing) = self.required.first_not_in(claims.present()) {
            return Err(Error::Claim(missing));
        }
        Ok(Payload {
            signer: self,
            claims,
            own,
            exp: Decimal::from(now.saturating_add(self.lifetime).as_secs()),
            iat: Decimal::from(now.as_secs()),
        })
    }
}

/// Everything that a token says.
struct Payload<'c, C> {
    signer: &'c Signer<'c>,
    claims: &'c Claims<'c>,
    own: &'c C,
    exp: Decimal,
    iat: Decimal,
}

impl<C: Serialize> Part for Payload<'_, C> {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.write(sink).map_err(|_| Error::Payload)
    }
}

impl<C: Serialize> Payload<'_, C> {
    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), json::Error> {
        let Self { signer, claims, .. } = self;
        let mut object = json::Object::begin(sink)?;
        object.string_if_any(Claim::Iss.name(), signer.issuer)?;
        object.string_if_any(Claim::Sub.name(), claims.sub)?;
        match signer.audience {
            Audience::None => {}
            Audience::One(audience) => object.string(Claim::Aud.name(), audience)?,
            Audience::All(all) => object.strings(Claim::Aud.name(), all.iter().copied())?,
        }
        object.integer(Claim::Exp.name(), &self.exp)?;
        if let Some(nbf) = claims.nbf {
            object.integer(Claim::Nbf.name(), &Decimal::from(nbf.as_secs()))?;
        }
        object.integer(Claim::Iat.name(), &self.iat)?;
        object.string_if_any(Claim::Jti.name(), claims.jti)?;
        object.string_if_any(Claim::ClientId.name(), claims.client_id)?;
        object.string_if_any(Claim::Scope.name(), claims.scope.map(Scope::as_str))?;
        if let Some(auth_time) = claims.auth_time {
            let auth_time = Decimal::from(auth_time.as_secs());
            object.integer(Claim::AuthTime.name(), &auth_time)?;
        }
        object.string_if_any(Claim::Acr.name(), claims.acr)?;
        if let Some(amr) = claims.amr {
            object.strings(Claim::Amr.name(), amr.names())?;
        }
        object.string_if_any(Claim::Sid.name(), claims.sid)?;
        object.members(self.own, |name| Claim::from_name(name).is_some())?;
        object.end()
    }
}
