//! From the lenient form to the strict one.

use super::SetCookie;
use crate::cookie::{Error, Pair, Received};
use crate::date::ImfFixdate;

/// What a user agent makes of a line, as a cookie to set, where the strict form allows it: for a
/// proxy that changes cookies on their way, or a client that becomes a server.
///
/// Attributes that user agents do not know mean nothing and are not taken over; those of
/// [`Received::unknown`] can be added by [`SetCookie::with_extensions`]. The way back is
/// [`Received::parse`] of the text.
///
/// ```
/// use hardtack::cookie::{Error, Received, SetCookie};
///
/// let received = Received::parse(b"__Secure-a = 1 ;secure; path=/x;PATH=/y; max-age=-5")?;
/// let cookie = SetCookie::try_from(&received)?;
/// assert_eq!(cookie.to_string(), "__Secure-a=1; Path=/y; Max-Age=0; Secure");
///
/// let received = Received::parse(b"a=b c")?;
/// assert_eq!(SetCookie::try_from(&received), Err(Error::Value));
/// # Ok::<(), Error>(())
/// ```
impl<'h> TryFrom<&Received<'h>> for SetCookie<'h> {
    type Error = Error;

    /// # Errors
    ///
    /// Those of [`Pair::new`] and of the methods of [`SetCookie`]: [`Error::Name`] for a nameless
    /// cookie, [`Error::Attribute`] for `Domain=exa_mple`, [`Error::Prefix`] for `__Host-a=1; Secure`,
    /// [`Error::Insecure`] for `a=1; SameSite=None`.
    fn try_from(received: &Received<'h>) -> Result<Self, Error> {
        let text = |bytes, error| core::str::from_utf8(bytes).map_err(|_| error);
        let pair = Pair::new(
            text(received.name(), Error::Name)?,
            text(received.value(), Error::Value)?,
        )?;
        let expires = received.expires().map(ImfFixdate::new).transpose();
        let mut cookie = Self {
            max_age: received.max_age().map(|age| age.as_secs()),
            expires: expires.map_err(|_| Error::Attribute)?,
            secure: received.is_secure(),
            http_only: received.is_http_only(),
            same_site: received.same_site(),
            partitioned: received.is_partitioned(),
            priority: received.priority(),
            ..Self::plain(pair)
        };
        if let Some(path) = received.path() {
            cookie = cookie.with_path(text(path, Error::Attribute)?)?;
        }
        if let Some(domain) = received.domain() {
            cookie = cookie.with_domain(text(domain, Error::Attribute)?)?;
        }
        cookie.checked()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    fn convert(line: &str) -> Result<SetCookie<'_>, Error> {
        SetCookie::try_from(&Received::parse(line.as_bytes())?)
    }

    #[test]
    fn what_a_line_means_is_written_in_one_way() {
        for (line, text) in [
            ("a=b", "a=b"),
            (" a\t=\tb ;\tsecure ;; HTTPONLY=x", "a=b; Secure; HttpOnly"),
            ("a=\"b\"; Path=b; Path=/c", "a=\"b\"; Path=/c"),
            ("a=; Path=/c; Path=b", "a="),
            ("a=b; Domain=.Example.com; Domain=", "a=b"),
            ("a=b; Domain=.Example.com", "a=b; Domain=Example.com"),
            ("a=b; Max-Age=5; Max-Age=x; Expires=never", "a=b; Max-Age=5"),
            (
                "a=b; Expires=6 nov 94 8:49:37; Expires=x",
                "a=b; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
            ),
            ("a=b; SameSite=None; Secure", "a=b; Secure; SameSite=None"),
            ("a=b; samesite=lax; SameSite=x", "a=b"),
            ("a=b; priority=HIGH; Priority=x; Color=red", "a=b"),
            (
                "a=b; Partitioned; secure; priority=low",
                "a=b; Secure; Partitioned; Priority=Low",
            ),
            ("__HOST-a=b; path=/; secure", "__HOST-a=b; Path=/; Secure"),
        ] {
            assert_eq!(convert(line).unwrap().to_string(), text, "{line}");
        }
    }

    #[test]
    fn what_the_strict_form_does_not_allow_is_refused() {
        for (line, error) in [
            ("b", Error::Name),
            ("=b", Error::Name),
            ("a[]=b", Error::Name),
            ("\u{e9}=b", Error::Name),
            ("a=b c", Error::Value),
            ("a=\u{e9}", Error::Value),
            ("a=\"b", Error::Value),
            ("a=b; Domain=b_c", Error::Attribute),
            ("a=b; Domain=.", Error::Attribute),
            ("a=b; Domain=\u{e9}", Error::Attribute),
            ("a=b; Path=/\u{e9}", Error::Attribute),
            ("a=b; Path=/c\td", Error::Attribute),
            ("__Secure-a=b", Error::Prefix),
            ("__Host-a=b; Secure; Path=/; Domain=c", Error::Prefix),
            ("__Host-a=b; Secure", Error::Prefix),
            ("__Http-a=b; Secure", Error::Prefix),
            ("a=b; SameSite=None", Error::Insecure),
            ("a=b; Partitioned", Error::Insecure),
        ] {
            assert_eq!(convert(line), Err(error), "{line}");
        }
        let invalid = Received::parse(b"a=\xFF").unwrap();
        assert_eq!(SetCookie::try_from(&invalid), Err(Error::Value));
    }
}
