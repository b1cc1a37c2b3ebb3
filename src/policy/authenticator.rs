//! From what a request carries to who sent it.

use crate::identity::Client;
use crate::issuer;
use crate::session;
use crate::time::UnixTime;
use crate::token;

use super::Refusal;

mod basic;
mod bearer;
mod cookies;

pub use basic::{Basic, Login};
pub use bearer::Bearer;
pub use cookies::{SessionCookie, SignedCookie};

/// The lines of a request's header, however a program holds them.
///
/// Implement it for the request of your HTTP library, around it where that is another crate's. A
/// slice of pairs is one already.
///
/// ```
/// use hardtack::policy::Headers;
/// # use hardtack::session::Cookie;
/// use http::header::{HeaderMap, HeaderValue};
///
/// /// The header of the crate `http`, as axum, hyper and tonic have it.
/// struct Lines<'r>(&'r HeaderMap);
///
/// impl Headers for Lines<'_> {
///     fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
///         self.0.get_all(name).iter().map(HeaderValue::as_bytes)
///     }
/// }
///
/// # let request = http::Request::new(());
/// let request = Lines(request.headers()); // for `authenticate`, of whatever kind
/// # let anonymous = Cookie::HOST.read(request.lines("cookie"));
/// # assert_eq!(anonymous.map(|secret| secret.is_none()), Ok(true));
/// ```
pub trait Headers {
    /// The values of all lines of this name, in order. Letters count in either case.
    fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]>;
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        self.iter()
            .filter(move |(own, _)| own.as_ref().eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_ref())
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const L: usize> Headers for [(N, V); L] {
    fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        self.as_slice().lines(name)
    }
}

/// What finds out who sent a request: [`Bearer`], [`Basic`], [`SessionCookie`], [`SignedCookie`],
/// a [`Chain`] of several, or a closure.
///
/// It is made for one request and used up by it, so it may hold what is lent to it: a store, a
/// scratch buffer. Three answers:
///
/// - Somebody: the request carries a credential of this kind, and it is good.
/// - [`Client::Anonymous`]: it carries none of this kind.
/// - A [`Refusal`]: it carries one, and it is not good. A request that tries to be somebody and
///   fails is never taken for nobody's.
///
/// ```
/// use hardtack::identity::{Assurance, Authenticated, Client, Evidence, Factors};
/// use hardtack::policy::{Authenticator, Basic, Bearer, Chain, Refusal};
/// use hardtack::time::UnixTime;
///
/// let now = UnixTime::from_secs(1_700_000_000);
/// let mut scratch = [0; 64];
/// let request = [("Host", "api.example"), ("Authorization", "Basic YWRhOmxvdmVsYWNl")];
///
/// let client = Chain((
///     Bearer::new(|_token, _now| Err(Refusal::InvalidCredentials)), // see Bearer
///     Basic::new(&mut scratch, |login, now| match (login.user(), login.password()) {
///         ("ada", "lovelace") => {
///             let password = Evidence::new(Assurance::Aal1, Factors::PWD);
///             Ok(Authenticated::vouch("ada", password, now))
///         }
///         _ => Err(Refusal::InvalidCredentials),
///     }),
/// ))
/// .authenticate(&request, now)?;
/// assert_eq!(*client.authenticated()?.principal(), "ada");
/// # Ok::<(), Refusal>(())
/// ```
pub trait Authenticator<R: ?Sized, P> {
    /// Finds out who sent `request`.
    ///
    /// # Errors
    ///
    /// [`Refusal::InvalidCredentials`] for a credential that is not good; another refusal where
    /// the caller's own code gives one, such as [`Refusal::Unavailable`].
    fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal>;
}

impl<R, P, F> Authenticator<R, P> for F
where
    R: ?Sized,
    F: FnOnce(&R, UnixTime) -> Result<Client<P>, Refusal>,
{
    fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal> {
        self(request, now)
    }
}

/// One authenticator after another: a tuple of one to six, all of one principal.
///
/// The first that finds somebody, or a credential that is not good, ends it; what the request has
/// for the others is not looked at. Put [`Bearer`] before a cookie: then a forged token is refused,
/// and not overlooked because a good cookie comes with it.
#[derive(Clone, Copy, Debug)]
pub struct Chain<T>(pub T);

macro_rules! chains {
    ($first:ident $($rest:ident)*) => {
        impl<R: ?Sized, P, $first, $($rest),*> Authenticator<R, P> for Chain<($first, $($rest,)*)>
        where
            $first: Authenticator<R, P>,
            $($rest: Authenticator<R, P>,)*
        {
            fn authenticate(self, request: &R, now: UnixTime) -> Result<Client<P>, Refusal> {
                #[allow(non_snake_case)]
                let Self(($first, $($rest,)*)) = self;
                let client = $first.authenticate(request, now)?;
                $(let client = match client {
                    Client::Anonymous => $rest.authenticate(request, now)?,
                    somebody @ Client::Authenticated(_) => somebody,
                };)*
                Ok(client)
            }
        }
        chains!($($rest)*);
    };
    () => {};
}

chains!(T6 T5 T4 T3 T2 T1);

/// What a presented token earns: whatever is wrong with it, one answer.
impl From<token::Error> for Refusal {
    fn from(_: token::Error) -> Self {
        Self::InvalidCredentials
    }
}

/// What an access token earns that an issuer does not believe, and a failed look-up as well. A
/// token that is too long for the scratch buffer, as a stranger's may be, is one that is not
/// believed.
impl From<issuer::Error> for Refusal {
    fn from(error: issuer::Error) -> Self {
        match error {
            issuer::Error::NoRoom(_) => Self::InvalidCredentials,
            _ if error.code().is_some() => Self::InvalidCredentials,
            _ => Self::Unavailable,
        }
    }
}

/// What a client is told whose session an operation refused.
impl From<session::Error> for Refusal {
    fn from(error: session::Error) -> Self {
        use session::Error::{
            Ambiguous, Anonymous, Csrf, Full, Gone, Malformed, NoEntropy, OtherUser, Superseded,
            UserLimit,
        };
        match error {
            Gone | Malformed | Ambiguous => Self::InvalidCredentials,
            Anonymous => Self::LoginNeeded,
            // To come again later changes nothing as long as the others live.
            OtherUser | Csrf | UserLimit => Self::Forbidden,
            Superseded | Full | NoEntropy | session::Error::Unavailable => Self::Unavailable,
        }
    }
}

/// What follows the scheme in the `Authorization` header, if there is one and it is of `scheme`
/// (RFC 9110 §11.4).
fn credentials<'h, R: Headers + ?Sized>(
    request: &'h R,
    scheme: &[u8],
) -> Result<Option<&'h [u8]>, Refusal> {
    let mut lines = request.lines("authorization");
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    if lines.next().is_some() {
        // Another place that looks at the other one would see another client.
        return Err(Refusal::InvalidCredentials);
    }
    let line = crate::ascii::trim_wsp(line);
    let end = line.iter().position(|byte| crate::ascii::is_wsp(*byte));
    let (name, rest) = line
        .split_at_checked(end.unwrap_or(line.len()))
        .unwrap_or((line, b""));
    if name.eq_ignore_ascii_case(scheme) {
        // Spaces alone: a tab is part of what follows the scheme, which then is not good.
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        Ok(Some(rest.get(spaces..).unwrap_or_default()))
    } else {
        Ok(None)
    }
}
