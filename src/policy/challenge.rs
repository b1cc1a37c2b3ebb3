//! The value of a `WWW-Authenticate` header (RFC 9110 §11.6.1).

use core::fmt;

use crate::ascii::{is_nqchar, is_qdtext};
use crate::write::{Emit, NoRoom, Sink, Stop};

use super::Refusal;

/// How the clients of a place prove who they are, as a challenge names it (*auth-scheme*, RFC 9110
/// §11.1), and the realm of the place.
///
/// Offer several by several header lines, one for each.
#[derive(Clone, Copy, Debug)]
pub struct Scheme<'s> {
    kind: Kind,
    realm: &'s str,
    cookie: &'s str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bearer,
    Basic,
    Cookie,
}

impl<'s> Scheme<'s> {
    /// `Bearer`: access tokens (RFC 6750 §3).
    ///
    /// ```
    /// use hardtack::policy::{Refusal, Scheme};
    ///
    /// const API: Scheme<'_> = match Scheme::bearer("shop") {
    ///     Ok(scheme) => scheme,
    ///     Err(_) => panic!("not a realm"),
    /// };
    /// let mut buffer = [0; 100];
    /// let challenge = Refusal::InvalidCredentials.challenge(API).expect("a 401 has one");
    /// assert_eq!(challenge.write(&mut buffer)?, r#"Bearer realm="shop", error="invalid_token""#);
    /// # Ok::<(), hardtack::write::NoRoom>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotQuotable`] for a realm with a control character (`"a\nb"`) or one that is not ASCII
    /// (`"café"`): what other bytes mean in a field is not agreed upon (RFC 9110 §5.5). Quotes and
    /// backslashes are escaped, a tab may stand.
    pub const fn bearer(realm: &'s str) -> Result<Self, NotQuotable> {
        Self::new(Kind::Bearer, realm, "")
    }

    /// `Basic`: a user name and a password (RFC 7617), in UTF-8 (§2.1).
    ///
    /// # Errors
    ///
    /// Like [`bearer`](Self::bearer).
    pub const fn basic(realm: &'s str) -> Result<Self, NotQuotable> {
        Self::new(Kind::Basic, realm, "")
    }

    /// `Cookie`: a login form and the cookie that it sets, here `name`.
    ///
    /// RFC 9110 §15.5.2 wants a challenge with every 401, and there is no registered scheme for
    /// cookies; this is the one of the expired draft-broyer-http-cookie-auth-00. A browser does not
    /// know it, and shows the page that comes with the 401: let that be the login form.
    ///
    /// # Errors
    ///
    /// Like [`bearer`](Self::bearer), for the name as well.
    pub const fn cookie(realm: &'s str, name: &'s str) -> Result<Self, NotQuotable> {
        Self::new(Kind::Cookie, realm, name)
    }

    const fn new(kind: Kind, realm: &'s str, cookie: &'s str) -> Result<Self, NotQuotable> {
        if is_quotable(realm.as_bytes()) && is_quotable(cookie.as_bytes()) {
            Ok(Self {
                kind,
                realm,
                cookie,
            })
        } else {
            Err(NotQuotable)
        }
    }
}

const fn is_quotable(mut text: &[u8]) -> bool {
    while let [byte, rest @ ..] = text {
        if !(is_qdtext(*byte) || matches!(*byte, b'"' | b'\\')) {
            return false;
        }
        text = rest;
    }
    true
}

/// A text cannot stand in a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotQuotable;

impl fmt::Display for NotQuotable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a character cannot stand in a challenge")
    }
}

impl core::error::Error for NotQuotable {}

impl Refusal {
    /// The value of the `WWW-Authenticate` header of the response, where it has one: every 401,
    /// and for `Bearer` a missing scope as well.
    ///
    /// Where no credentials were sent ([`Refusal::LoginNeeded`]) it holds no `error` (RFC 6750
    /// §3.1). `Basic` has no parameter that could say more than its realm.
    #[must_use]
    pub const fn challenge(self, scheme: Scheme<'_>) -> Option<Challenge<'_>> {
        match (self, scheme.kind) {
            (Self::LoginNeeded | Self::InvalidCredentials | Self::StepUp(_), _)
            | (Self::MissingScope(_), Kind::Bearer) => Some(Challenge {
                scheme,
                refusal: self,
                description: "",
            }),
            _ => None,
        }
    }
}

/// The value of a `WWW-Authenticate` header.
///
/// ```text
/// challenge     = auth-scheme 1*SP #auth-param      ; RFC 9110 §11.6.1
/// auth-param    = token "=" quoted-string
/// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
/// ```
///
/// ```
/// use core::time::Duration;
/// use hardtack::policy::{NotQuotable, Refusal, Scheme, StepUp};
///
/// let refusal = Refusal::StepUp(StepUp::new().within(Duration::from_secs(300)));
/// let challenge = refusal.challenge(Scheme::bearer("shop")?).expect("a 401 has one");
/// let challenge = challenge.describe("refunds want a fresh login")?;
/// assert_eq!(
///     challenge.to_string(),
///     "Bearer realm=\"shop\", error=\"insufficient_user_authentication\", \
///      error_description=\"refunds want a fresh login\", max_age=\"300\"",
/// );
/// # Ok::<(), NotQuotable>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'s> {
    scheme: Scheme<'s>,
    refusal: Refusal,
    description: &'s str,
}

impl<'s> Challenge<'s> {
    /// With words for the developer of the client (`error_description`, RFC 6750 §3). Left out
    /// where there is no `error`.
    ///
    /// # Errors
    ///
    /// [`NotQuotable`] for what §3 does not allow there: quotes, backslashes, control characters,
    /// anything that is not ASCII. They cannot be escaped.
    pub const fn describe(mut self, words: &'s str) -> Result<Self, NotQuotable> {
        let mut rest = words.as_bytes();
        while let [byte, after @ ..] = rest {
            if !(is_nqchar(*byte) || *byte == b' ') {
                return Err(NotQuotable);
            }
            rest = after;
        }
        self.description = words;
        Ok(self)
    }

    /// The exact number of bytes of the value.
    #[must_use]
    #[expect(clippy::len_without_is_empty)] // it always names its scheme
    pub fn len(&self) -> usize {
        self.emitted_len()
    }

    /// Writes the value to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] if the buffer is shorter than [`len`](Self::len); it is then as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }

    /// The error code of RFC 6750 §3.1 or RFC 9470 §3.
    const fn error(&self) -> Option<&'static str> {
        match self.refusal {
            Refusal::InvalidCredentials => Some("invalid_token"),
            Refusal::MissingScope(_) => Some("insufficient_scope"),
            Refusal::StepUp(_) => Some("insufficient_user_authentication"),
            _ => None,
        }
    }
}

impl Emit for Challenge<'_> {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        sink.put(match self.scheme.kind {
            Kind::Bearer => b"Bearer realm=",
            Kind::Basic => b"Basic realm=",
            Kind::Cookie => b"Cookie realm=",
        })?;
        quote(self.scheme.realm, sink)?;
        match self.scheme.kind {
            Kind::Bearer => {}
            Kind::Basic => return sink.put(b", charset=\"UTF-8\""),
            Kind::Cookie => parameter(b"cookie-name", self.scheme.cookie, sink)?,
        }
        let Some(error) = self.error() else {
            return Ok(());
        };
        parameter(b"error", error, sink)?;
        if !self.description.is_empty() {
            parameter(b"error_description", self.description, sink)?;
        }
        let (login, scope) = match self.refusal {
            Refusal::StepUp(login) => (Some(login), login.needed_scope()),
            Refusal::MissingScope(scope) => (None, Some(scope)),
            _ => (None, None),
        };
        if let Some(scope) = scope.filter(|scope| !scope.is_none()) {
            parameter(b"scope", scope.as_str(), sink)?;
        }
        if let Some(age) = login.and_then(|login| login.max_age_secs()) {
            sink.put(b", max_age=\"")?;
            sink.put_number(age.into())?;
            sink.put(b"\"")?;
        }
        if let Some(level) = login.and_then(|login| login.min_level()) {
            parameter(b"acr_values", level.acr(), sink)?;
        }
        Ok(())
    }
}

impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

fn parameter<S: Sink>(name: &[u8], value: &str, sink: &mut S) -> Result<(), Stop> {
    sink.put(b", ")?;
    sink.put(name)?;
    sink.put(b"=")?;
    quote(value, sink)
}

/// `quoted-string`, RFC 9110 §5.6.4, of what was found quotable.
fn quote<S: Sink>(text: &str, sink: &mut S) -> Result<(), Stop> {
    sink.put(b"\"")?;
    let mut rest = text.as_bytes();
    let special = |byte: &u8| matches!(byte, b'"' | b'\\');
    while let Some((plain, [special, after @ ..])) = rest
        .iter()
        .position(special)
        .and_then(|at| rest.split_at_checked(at))
    {
        sink.put(plain)?;
        sink.put(&[b'\\', *special])?;
        rest = after;
    }
    sink.put(rest)?;
    sink.put(b"\"")
}
