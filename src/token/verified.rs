use super::registered::Registered;
use super::{Claim, Error};
use crate::identity::{Assurance, Authenticated, Evidence, Factors, Method};
use crate::scope::Scope;
use crate::time::UnixTime;

/// The claims of a token whose signature, type, issuer, audience and times have been checked.
///
/// There is no other way to a value than [`Verifier::verify`](super::Verifier::verify), so a
/// function that takes one cannot be called with claims that nobody checked. `C` is the caller's
/// own claims, read by [`verify_with`](super::Verifier::verify_with).
///
/// It is not `Clone`: like an identity, it belongs to the request that it came with. What it
/// borrows lies in the scratch buffer of the verification.
#[derive(Debug)]
pub struct Verified<'t, C = ()> {
    registered: Registered<'t>,
    own: C,
}

impl<'t, C> Verified<'t, C> {
    pub(super) const fn new(registered: Registered<'t>, own: C) -> Self {
        Self { registered, own }
    }

    /// The caller's own claims.
    #[must_use]
    pub const fn own(&self) -> &C {
        &self.own
    }

    /// The caller's own claims, out of the proof that they were checked.
    #[must_use]
    pub fn into_own(self) -> C {
        self.own
    }

    /// `iss`, RFC 7519 §4.1.1: the issuer that the verifier expects.
    #[must_use]
    pub const fn iss(&self) -> Option<&'t str> {
        self.registered.iss
    }

    /// `sub`, RFC 7519 §4.1.2: whom the token is about. Unique with the issuer only.
    #[must_use]
    pub const fn sub(&self) -> Option<&'t str> {
        self.registered.claims.sub
    }

    /// `aud`, RFC 7519 §4.1.3: all that the token is meant for.
    pub fn aud(&self) -> impl Iterator<Item = &'t str> {
        self.registered.aud.iter()
    }

    /// `exp`, RFC 7519 §4.1.4: when the token ends, the verifier's leeway not counted.
    #[must_use]
    pub const fn exp(&self) -> Option<UnixTime> {
        self.registered.exp
    }

    /// `nbf`, RFC 7519 §4.1.5.
    #[must_use]
    pub const fn nbf(&self) -> Option<UnixTime> {
        self.registered.claims.nbf
    }

    /// `iat`, RFC 7519 §4.1.6: when the token was issued.
    #[must_use]
    pub const fn iat(&self) -> Option<UnixTime> {
        self.registered.iat
    }

    /// `jti`, RFC 7519 §4.1.7: the name by which the token can be revoked.
    #[must_use]
    pub const fn jti(&self) -> Option<&'t str> {
        self.registered.claims.jti
    }

    /// `client_id`, RFC 8693 §4.3.
    #[must_use]
    pub const fn client_id(&self) -> Option<&'t str> {
        self.registered.claims.client_id
    }

    /// `scope`, RFC 8693 §4.2; [`Scope::NONE`] where the claim is absent.
    #[must_use]
    pub const fn scope(&self) -> Scope<'t> {
        match self.registered.claims.scope {
            Some(scope) => scope,
            None => Scope::NONE,
        }
    }

    /// `auth_time`, OpenID Connect Core §2.
    #[must_use]
    pub const fn auth_time(&self) -> Option<UnixTime> {
        self.registered.claims.auth_time
    }

    /// `acr`, OpenID Connect Core §2.
    #[must_use]
    pub const fn acr(&self) -> Option<&'t str> {
        self.registered.claims.acr
    }

    /// `amr`, RFC 8176, without the names that RFC 8176 does not have.
    #[must_use]
    pub const fn amr(&self) -> Option<Factors> {
        self.registered.claims.amr
    }

    /// `sid`: the session or the refresh family that the token belongs to.
    #[must_use]
    pub const fn sid(&self) -> Option<&'t str> {
        self.registered.claims.sid
    }

    /// The identity that the token proves: the principal is what `principal` makes of `sub` and
    /// the other claims, or `None` if it is nobody's name here.
    ///
    /// When and how strongly it was established comes from `auth_time`, `acr` and `amr`, never
    /// from the time of issue: a token that is refreshed for weeks proves no fresh login. A token
    /// that does not say when is from [`UnixTime::MIN`], so that it is too old for every question
    /// of age; one without a known `acr` is of [`Assurance::Aal1`].
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use hardtack::mac::{Hs256, Key};
    /// # use hardtack::time::UnixTime;
    /// # use hardtack::token::{Claims, Error, Signer, Type, Verifier};
    /// # let key = Key::<Hs256>::new(&[7; 32])?;
    /// # let now = UnixTime::from_secs(1_700_000_000);
    /// # let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    /// # let signer = Signer::new(Type::JWT, "https://issuer.example", Duration::from_secs(60));
    /// # let token = signer.sign(&key, &Claims::of("ada"), &mut buffer, now)?;
    /// # let verifier = Verifier::new(Type::JWT, "https://issuer.example");
    /// let verified = verifier.verify(&key, token.as_bytes(), &mut scratch, now)?;
    /// let ada = verified.authenticate(|sub, _token| Some(sub))?;
    /// assert_eq!(*ada.principal(), "ada");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Claim`] for a token without `sub`, with an empty one, or with one of which `principal`
    /// makes nothing: it proves nobody.
    pub fn authenticate<P>(
        self,
        principal: impl FnOnce(&'t str, &Self) -> Option<P>,
    ) -> Result<Authenticated<P>, Error> {
        let sub = match self.sub() {
            Some(sub) if !sub.is_empty() => sub,
            _ => return Err(Error::Claim(Claim::Sub)),
        };
        let level = self
            .acr()
            .and_then(Assurance::from_acr)
            .unwrap_or(Assurance::Aal1);
        let evidence = Evidence::new(level, self.amr().unwrap_or_default());
        let at = self.auth_time().unwrap_or(UnixTime::MIN);
        let principal = principal(sub, &self).ok_or(Error::Claim(Claim::Sub))?;
        Ok(Authenticated::established(
            principal,
            evidence,
            at,
            Method::Token,
        ))
    }
}
