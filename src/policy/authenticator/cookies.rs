use crate::identity::Client;
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
///     Ok(sessions.touch(secret, now)?.identity().into())
/// })
/// .authenticate(&request, now)?;
/// assert_eq!(**client.authenticated()?.principal(), 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A session that is gone is refused: a cookie of it is a credential, and no longer good. Where a
/// page is for everybody, take [`Refusal::InvalidCredentials`] for nobody; and remove the cookie
/// ([`Cookie::removal`]). A cookie that has not the form of a secret, or is there twice, is none
/// ([`Cookie::read`]).
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
        match self.cookie.read(request.lines("cookie")) {
            None => Ok(Client::Anonymous),
            Some(secret) => (self.check)(&secret, now),
        }
    }
}
