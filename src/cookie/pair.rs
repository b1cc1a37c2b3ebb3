use core::fmt;

use super::Error;
use super::grammar::{MAX_PAIR, is_name, is_value};
use crate::write::{Emit, NoRoom, Sink, Stop};

/// `cookie-pair` (RFC 6265bis §4.1.1): a name and a value that a server may set and that every
/// party reads alike.
///
/// ```text
/// cookie-pair  = cookie-name "=" cookie-value
/// cookie-name  = token
/// cookie-value = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE )
/// ```
///
/// Stricter than what user agents store, for what they store is not always read back: a cookie
/// without a name may turn into one with a name, and white space is lost.
///
/// ```
/// use hardtack::cookie::{Error, Pair};
///
/// const THEME: Result<Pair, Error> = Pair::new("theme", "dark");
/// assert_eq!(THEME?.value(), "dark");
/// assert_eq!(Pair::new("theme", "dark; Domain=example.com"), Err(Error::Value));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> Pair<'a> {
    /// Checks both.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] for `""`, `"a b"`, `"a=b"`, `"né"`; [`Error::Value`] for `"a b"`, `"a;b"`,
    /// `"a,b"`, `"a\"b"`, `"é"` and control characters; [`Error::TooLong`] for more than 4096 octets
    /// in both together. Nothing is repaired: encode such a value before.
    pub const fn new(name: &'a str, value: &'a str) -> Result<Self, Error> {
        if name.len().saturating_add(value.len()) > MAX_PAIR {
            return Err(Error::TooLong);
        }
        if !is_name(name.as_bytes()) {
            return Err(Error::Name);
        }
        if !is_value(value.as_bytes()) {
            return Err(Error::Value);
        }
        Ok(Self { name, value })
    }

    /// A pair of constants that [`new`](Self::new) takes, as a test of theirs has to show: a constant that
    /// is checked where it stands has no way out but a panic.
    pub(crate) const fn known(name: &'static str, value: &'static str) -> Pair<'static> {
        Pair { name, value }
    }

    /// The same name with nothing.
    pub(super) const fn without_value(self) -> Self {
        Self { value: "", ..self }
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The value, with its quotes if it has some.
    #[must_use]
    pub const fn value(&self) -> &'a str {
        self.value
    }
}

impl fmt::Debug for Pair<'_> {
    /// Shows the name. A value is a secret, as a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({}=[{} bytes elided])", self.name, self.value.len())
    }
}

impl Emit for Pair<'_> {
    #[inline]
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        sink.put(self.name.as_bytes())?;
        sink.put(b"=")?;
        sink.put(self.value.as_bytes())
    }
}

/// `cookie-string` (RFC 6265bis §4.2.1): the value of the `Cookie` header that a client writes which
/// keeps no jar, such as one microcontroller that talks to one server.
///
/// An empty one is an empty text, and then no header should be sent.
///
/// ```
/// use hardtack::cookie::{CookieString, Pair, pairs};
///
/// let cookies = [Pair::new("sid", "31d4")?, Pair::new("theme", "dark")?];
/// let mut buffer = [0; 64];
/// assert_eq!(CookieString::new(&cookies).write(&mut buffer)?, "sid=31d4; theme=dark");
/// assert_eq!(pairs(&buffer[..20]).count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieString<'a>(&'a [Pair<'a>]);

impl<'a> CookieString<'a> {
    /// The pairs in the order in which they are to be sent: longer paths first (§5.8.3).
    #[must_use]
    pub const fn new(pairs: &'a [Pair<'a>]) -> Self {
        Self(pairs)
    }

    /// The exact length of the text.
    #[must_use]
    pub fn len(&self) -> usize {
        self.emitted_len()
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes the text to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer below [`len`](Self::len) bytes; it is then as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for CookieString<'_> {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        for (at, pair) in self.0.iter().enumerate() {
            if at > 0 {
                sink.put(b"; ")?;
            }
            pair.emit(sink)?;
        }
        Ok(())
    }
}

impl fmt::Display for CookieString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::cookie::pairs;

    #[test]
    fn a_bad_name_and_a_bad_value_are_refused() {
        for name in [
            "", " ", "a b", "a=b", "a;b", "a\r\nb", "n\u{e9}", "\"a\"", "a\tb",
        ] {
            assert_eq!(Pair::new(name, "1"), Err(Error::Name), "{name:?}");
        }
        for value in [
            "a b", "a;b", "a,b", "a\"b", "\"a", "a\\b", "\u{e9}", "a\nb", "\0", "a\t",
        ] {
            assert_eq!(Pair::new("a", value), Err(Error::Value), "{value:?}");
        }
        for value in ["", "\"\"", "\"a\"", "a=b", "%20", "{}[]()<>@:/?'"] {
            assert!(Pair::new("a", value).is_ok(), "{value:?}");
        }
    }

    #[test]
    fn a_known_pair_is_what_new_makes_of_it() {
        assert_eq!(Pair::new("sid", "31d4"), Ok(Pair::known("sid", "31d4")));
    }

    #[test]
    fn a_pair_has_at_most_4096_octets() {
        let (name, value) = ("n".repeat(96), "v".repeat(4000));
        assert!(Pair::new(&name, &value).is_ok());
        assert_eq!(Pair::new(&name, &format!("{value}v")), Err(Error::TooLong));
        assert_eq!(Pair::new(&format!("{name}n"), &value), Err(Error::TooLong));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let cookies = [("a", "1"), ("b", "\"2\""), ("a", "")]
            .map(|(name, value)| Pair::new(name, value).unwrap());
        let string = CookieString::new(&cookies);
        let text = string.to_string();
        assert_eq!(text, "a=1; b=\"2\"; a=");
        assert_eq!(string.len(), text.len());
        assert_eq!(string.write(&mut [0; 14]), Ok(&*text));
        assert_eq!(string.write(&mut [0; 13]), Err(NoRoom { needed: 14 }));
        let expected = cookies.map(|pair| (pair.name().as_bytes(), pair.value().as_bytes()));
        assert!(pairs(text.as_bytes()).eq(expected));
    }

    #[test]
    fn no_pairs_are_no_text() {
        let nothing = CookieString::new(&[]);
        assert!(nothing.is_empty());
        assert_eq!(nothing.len(), 0);
        assert_eq!(nothing.write(&mut []), Ok(""));
        assert!(!CookieString::new(&[Pair::new("a", "").unwrap()]).is_empty());
    }

    #[test]
    fn debug_shows_no_value() {
        let cookies = [Pair::new("sid", "31d4").unwrap()];
        assert_eq!(
            format!("{:?}", CookieString::new(&cookies)),
            "CookieString([Pair(sid=[4 bytes elided])])"
        );
    }
}
