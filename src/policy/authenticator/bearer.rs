use crate::ascii::is_token68;
use crate::identity::{Authenticated, Client};
use crate::time::UnixTime;

use super::{Authenticator, Headers, Refusal, credentials};

/// An access token in the `Authorization` header (RFC 6750 §2.1); the closure checks it.
///
/// ```text
/// credentials = "Bearer" 1*SP b64token       ; the scheme in either case, RFC 9110 §11.1
/// b64token    = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
/// ```
///
/// A token in the query or in a form (§2.2, §2.3) is never looked for. Two `Authorization` lines
/// are refused.
///
/// ```
/// use core::time::Duration;
/// use hardtack::mac::{Hs256, Key};
/// use hardtack::policy::{Authenticator, Bearer, HasScope};
/// use hardtack::scope::Scope;
/// use hardtack::time::UnixTime;
/// use hardtack::token::{Claims, Signer, Verifier};
///
/// const VERIFIER: Verifier<'_> = Verifier::access_token("https://login.example", "https://api.example");
///
/// struct User<'t> { name: &'t str, scope: Scope<'t> }
///
/// impl HasScope for User<'_> {
///     fn scope(&self) -> Scope<'_> { self.scope }
/// }
///
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let key = Key::<Hs256>::new(&[7; 32])?;
/// # let signer = Signer::access_token("https://login.example", "https://api.example", Duration::from_secs(300));
/// # let mut buffer = [0; 1024];
/// # let claims = Claims::of("ada").scope(Scope::parse("orders:read")?).jti("1").client_id("page");
/// # let token = signer.sign(&key, &claims, &mut buffer, now)?;
/// # let request = [("authorization", format!("Bearer {token}"))];
/// let mut scratch = [0; 1024];
/// let client = Bearer::new(|token, now| {
///     let token = VERIFIER.verify(&key, token, &mut scratch, now)?;
///     Ok(token.authenticate(|sub, token| Some(User { name: sub, scope: token.scope() }))?)
/// })
/// .authenticate(&request, now)?;
/// assert_eq!(client.authenticated()?.principal().name, "ada");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bearer<F>(F);

impl<P, F> Bearer<F>
where
    F: FnOnce(&[u8], UnixTime) -> Result<Authenticated<P>, Refusal>,
{
    /// The token is good if `verify` says whose it is.
    pub const fn new(verify: F) -> Self {
        Self(verify)
    }
}

impl<R, P, F> Authenticator<R, P> for Bearer<F>
where
    R: Headers + ?Sized,
    F: FnOnce(&[u8], UnixTime) -> Result<Authenticated<P>, Refusal>,
{
    fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal> {
        match credentials(request, b"Bearer")? {
            None => Ok(Client::Anonymous),
            Some(token) if is_b64token(token) => self.0(token, now).map(Client::Authenticated),
            Some(_) => Err(Refusal::InvalidCredentials),
        }
    }
}

fn is_b64token(mut text: &[u8]) -> bool {
    while let [rest @ .., b'='] = text {
        text = rest;
    }
    !text.is_empty() && text.iter().all(|byte| is_token68(*byte))
}
