use core::fmt;

use crate::base64url;
use crate::identity::{Authenticated, Client};
use crate::secret::wipe;
use crate::time::UnixTime;

use super::{Authenticator, Headers, Refusal, credentials};

/// A user's name and password in the `Authorization` header (RFC 7617); the closure compares the
/// password and [vouches](Authenticated::vouch).
///
/// ```text
/// credentials = "Basic" 1*SP token68         ; the scheme in either case, RFC 9110 §11.1
/// token68     = base64 of user-id ":" password
/// ```
///
/// They are decoded into the buffer and wiped from it afterwards. The password goes on to the end:
/// it may have colons in it, the name may not.
///
/// Stricter than the RFC: base64 has its padding and no bits behind the last byte, and both are
/// UTF-8, as the challenge says. Control characters are refused (§2), and two `Authorization`
/// lines, and what does not fit into the buffer.
///
/// # Security
///
/// The browser sends the password with every request: serve it over TLS only, and compare it with
/// a slow hash in constant time. There is no logging out.
///
/// It sends it with what other sites make it send, too, and no `SameSite` holds it back. Before
/// anything is changed, see by `Origin` or `Sec-Fetch-Site` that the request is from a page of
/// yours.
pub struct Basic<'b, F> {
    buffer: &'b mut [u8],
    verify: F,
}

impl<'b, P, F> Basic<'b, F>
where
    F: FnOnce(Login<'_>, UnixTime) -> Result<Authenticated<P>, Refusal>,
{
    /// The login is good if `verify` vouches for somebody. `buffer` is as long as the longest name
    /// and password together, and one byte more.
    pub const fn new(buffer: &'b mut [u8], verify: F) -> Self {
        Self { buffer, verify }
    }
}

impl<F> fmt::Debug for Basic<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}

/// A name and a password as they were sent: a claim that is yet to be checked.
#[derive(Clone, Copy)]
pub struct Login<'b> {
    user: &'b str,
    password: &'b str,
}

impl<'b> Login<'b> {
    /// The user's name, which may be empty.
    #[must_use]
    pub const fn user(&self) -> &'b str {
        self.user
    }

    /// The password, which may be empty.
    #[must_use]
    pub const fn password(&self) -> &'b str {
        self.password
    }
}

impl fmt::Debug for Login<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(elided)")
    }
}

impl<R, P, F> Authenticator<R, P> for Basic<'_, F>
where
    R: Headers + ?Sized,
    F: FnOnce(Login<'_>, UnixTime) -> Result<Authenticated<P>, Refusal>,
{
    fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal> {
        let Self { buffer, verify } = self;
        let Some(encoded) = credentials(request, b"Basic")? else {
            return Ok(Client::Anonymous);
        };
        let decoded = base64url::decode_standard(encoded, buffer).ok();
        let who = decoded.and_then(parse).map(|login| verify(login, now));
        wipe(buffer);
        who.unwrap_or(Err(Refusal::InvalidCredentials))
            .map(Client::Authenticated)
    }
}

fn parse(decoded: &[u8]) -> Option<Login<'_>> {
    let text = core::str::from_utf8(decoded).ok()?;
    // Not `split_once`, which has a panic in it.
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let (user, password) = text.split_at_checked(colon)?;
    let (_, password) = password.split_at_checked(1)?;
    let is_clean = !decoded.iter().any(u8::is_ascii_control);
    is_clean.then_some(Login { user, password })
}
