use crate::cookie::{Signer, only};
use crate::identity::{Authenticated, Client, Evidence, Method};
use crate::mac::Algorithm;
use crate::session::{Cookie, Secret};
use crate::time::UnixTime;

use super::{Authenticator, Headers, Refusal};

/// A session's secret in its cookie; the closure looks the session up, in memory or elsewhere.
///
/// ```
/// use hardtack::identity::{Assurance, Authenticated, Client, Evidence, Factors};
/// use hardtack::policy::{Authenticator, SessionCookie};
/// use hardtack::session::{Cookie, Rules, Sessions};
/// use hardtack::time::UnixTime;
///
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let fill = |bytes: &mut [u8]| { bytes.fill(7); Ok::<_, ()>(()) };
/// let mut sessions: Sessions<u32, (), 16> = Sessions::new(Rules::AAL1);
/// # let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// # let secret = sessions.login(None, ada, fill, now)?;
/// # let mut buffer = [0; 64];
/// # let request = [("Cookie", format!("__Host-session={}", secret.write(&mut buffer)?))];
///
/// let client = SessionCookie::new(Cookie::HOST, |secret, now| {
///     Ok(sessions.touch(secret, now)?.client())
/// })
/// .authenticate(&request, now)?;
/// assert_eq!(*client.authenticated()?.principal(), 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Where a name is too large to be cloned, `session.identity().into()` is a client that is borrowed
/// from the sessions.
///
/// A session that is gone is refused: a cookie of it is a credential, and no longer good. So is a
/// cookie that has not the form of a secret, or is there twice: somebody has planted one of them.
/// Where a page is for everybody, take [`Refusal::InvalidCredentials`] for nobody; and remove the
/// cookie ([`Cookie::removal`]).
///
/// # Security
///
/// This says who, not that they want it: a browser sends the cookie along with what other pages
/// make it send. Before anything is changed, check the [CSRF token](crate::session::CsrfToken) too.
#[derive(Clone, Copy, Debug)]
pub struct SessionCookie<'n, F> {
    cookie: Cookie<'n>,
    check: F,
}

impl<'n, P, F> SessionCookie<'n, F>
where
    F: FnOnce(&Secret, UnixTime) -> Result<Client<P>, Refusal>,
{
    /// The session is good if `check` finds it; it may be nobody's yet.
    pub const fn new(cookie: Cookie<'n>, check: F) -> Self {
        Self { cookie, check }
    }
}

impl<R, P, F> Authenticator<R, P> for SessionCookie<'_, F>
where
    R: Headers + ?Sized,
    F: FnOnce(&Secret, UnixTime) -> Result<Client<P>, Refusal>,
{
    fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal> {
        match self.cookie.read(request.lines("cookie"))? {
            None => Ok(Client::Anonymous),
            Some(secret) => (self.check)(&secret, now),
        }
    }
}

/// An identity in a cookie that this server signed; the closure reads the value: who, by what
/// evidence, and when that was.
///
/// ```
/// use hardtack::cookie::Signer;
/// use hardtack::identity::{Assurance, Evidence, Factors};
/// use hardtack::mac::{Hs256, Key, Keyring};
/// use hardtack::policy::{Authenticator, SignedCookie};
/// use hardtack::time::UnixTime;
///
/// # let now = UnixTime::from_secs(1_700_000_000);
/// let ring = Keyring::<Hs256>::new("k1", Key::new(&[7; 32])?);
/// let signer = Signer::new("__Host-kiosk", "kiosks", &ring)?;
/// let signed = signer.sign("7:1700000000")?;
/// let request = [("Cookie", format!("__Host-kiosk={signed}"))];
///
/// let client = SignedCookie::new(&signer, |value| {
///     let (number, at) = value.split_once(':')?;
///     let key = Evidence::new(Assurance::Aal1, Factors::SWK);
///     Some((number.parse::<u32>().ok()?, key, UnixTime::from_secs(at.parse().ok()?)))
/// })
/// .authenticate(&request, now)?;
/// assert_eq!(*client.authenticated()?.principal(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A value that is forged, expired or another cookie's is refused, one that the closure does not
/// understand as well, and a cookie that is there twice: somebody has planted one of them.
///
/// # Security
///
/// Nothing can take such a cookie back before it expires. Sign with an expiry
/// ([`Signer::sign_until`]), or use a session. As with a session, it says who, not that they want
/// it: `SameSite` alone keeps other sites from having it sent.
#[derive(Clone, Copy, Debug)]
pub struct SignedCookie<'s, 'k, A: Algorithm, F, const N: usize = 0> {
    signer: &'s Signer<'k, A, N>,
    identify: F,
}

impl<'s, 'k, P, A, F, const N: usize> SignedCookie<'s, 'k, A, F, N>
where
    A: Algorithm,
    F: FnOnce(&str) -> Option<(P, Evidence, UnixTime)>,
{
    /// The signer's cookie is good if it signed the value and `identify` understands it.
    pub const fn new(signer: &'s Signer<'k, A, N>, identify: F) -> Self {
        Self { signer, identify }
    }
}

impl<R, P, A, F, const N: usize> Authenticator<R, P> for SignedCookie<'_, '_, A, F, N>
where
    R: Headers + ?Sized,
    A: Algorithm,
    F: FnOnce(&str) -> Option<(P, Evidence, UnixTime)>,
{
    fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal> {
        let bad = Refusal::InvalidCredentials;
        let value = only(request.lines("cookie"), self.signer.name().as_bytes());
        let Some(value) = value.map_err(|_| bad)? else {
            return Ok(Client::Anonymous);
        };
        let value = self.signer.verify(value, now).map_err(|_| bad)?;
        let (principal, evidence, at) = (self.identify)(value).ok_or(bad)?;
        Ok(Authenticated::established(principal, evidence, at, Method::SignedCookie).into())
    }
}
