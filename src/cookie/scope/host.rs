use core::fmt;

use crate::ascii::{is_digit, is_hexdig, is_unreserved};

/// The host of a request: a name or an IP address (RFC 6265bis §5.1.2).
///
/// Letters count in either case, so nothing needs to be lowered first. A name in another script
/// comes in its ASCII form (`xn--…`), which is the work of whoever reads the URL. A name whose last
/// label is a number is an address, in whatever notation (`127.0.0.1`, `0x7f.1`): no top-level
/// domain is a number. An IPv6 address stands in brackets, as in a URL; `[::1]` and `[0::1]` are
/// compared as texts, so it comes in one form (RFC 5952).
///
/// ```
/// use hardtack::cookie::Host;
///
/// let host = Host::parse("WWW.Example.com")?;
/// assert!(host.matches("example.com"));
/// assert!(!host.matches("ample.com"));
/// assert!(!Host::parse("127.0.0.1")?.matches("0.0.1"));
/// assert!(Host::parse("example.com:8080").is_err());
/// # Ok::<(), hardtack::cookie::InvalidHost>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Host<'u> {
    text: &'u str,
    is_address: bool,
}

impl<'u> Host<'u> {
    /// The most octets of a host: those of a DNS name.
    pub const MAX_LEN: usize = 255;

    /// Takes the host part of a URL.
    ///
    /// Stricter than RFC 3986 §3.2.2: no percent-encoding and no sub-delims, which no DNS name has.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] for the empty text, a port (`a.example:80`), anything but ASCII letters,
    /// digits, `-`, `.`, `_`, `~`, and for more than 255 octets.
    pub const fn parse(text: &'u str) -> Result<Self, InvalidHost> {
        if text.is_empty() || text.len() > Self::MAX_LEN {
            return Err(InvalidHost);
        }
        let is_ipv6 = is_ipv6(text.as_bytes());
        if !is_ipv6 && !is_name(text.as_bytes()) {
            return Err(InvalidHost);
        }
        Ok(Self {
            text,
            is_address: is_ipv6 || ends_in_number(text.as_bytes()),
        })
    }

    /// The host as it was given.
    #[must_use]
    pub const fn as_str(&self) -> &'u str {
        self.text
    }

    /// Whether this is an IP address, which has no parent domain.
    #[must_use]
    pub const fn is_address(&self) -> bool {
        self.is_address
    }

    /// Whether the host domain-matches `domain` (RFC 6265bis §5.1.3): both are the same, or the host
    /// is a name that ends in a dot and `domain`. Letters in either case.
    #[must_use]
    pub fn matches(&self, domain: &str) -> bool {
        self.domain_matches(domain.as_bytes())
    }

    #[inline]
    pub(crate) fn domain_matches(&self, domain: &[u8]) -> bool {
        domain_matches(self.text.as_bytes(), domain, self.is_address)
    }
}

/// Whether `host` domain-matches `domain` (RFC 6265bis §5.1.3). An address ends in no domain.
#[inline]
pub(crate) fn domain_matches(host: &[u8], domain: &[u8], is_address: bool) -> bool {
    let more = host.len().checked_sub(domain.len());
    let Some((before, end)) = more.and_then(|more| host.split_at_checked(more)) else {
        return false;
    };
    // [6265bis-5.1.3-1]
    let boundary = match before {
        [] => true,
        // [6265bis-5.1.3-2]
        [.., b'.'] => !is_address && !domain.is_empty(),
        _ => false,
    };
    boundary && end.eq_ignore_ascii_case(domain)
}

/// Whether two texts name the same host.
impl PartialEq for Host<'_> {
    fn eq(&self, other: &Self) -> bool {
        // [6265bis-5.1.2-1]
        self.text.eq_ignore_ascii_case(other.text)
    }
}

impl Eq for Host<'_> {}

/// A text is not the host part of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidHost;

impl fmt::Display for InvalidHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host is neither a name in ASCII nor an IP address")
    }
}

impl core::error::Error for InvalidHost {}

/// `IP-literal` of RFC 3986 §3.2.2, by its characters. Whether it is an address is the caller's: it
/// is only compared.
const fn is_ipv6(text: &[u8]) -> bool {
    let [b'[', inner @ .., b']'] = text else {
        return false;
    };
    let mut rest = inner;
    while let [first, others @ ..] = rest {
        if !is_hexdig(*first) && !matches!(*first, b':' | b'.') {
            return false;
        }
        rest = others;
    }
    !inner.is_empty()
}

const fn is_name(mut text: &[u8]) -> bool {
    while let [first, rest @ ..] = text {
        if !is_unreserved(*first) {
            return false;
        }
        text = rest;
    }
    true
}

/// Whether the last label is a number, in decimal or hexadecimal notation; the empty label behind a
/// last dot does not count.
const fn ends_in_number(mut text: &[u8]) -> bool {
    if let [name @ .., b'.'] = text {
        text = name;
    }
    let (mut decimal, mut hexadecimal, mut digits) = (true, true, 0_u32);
    while let [rest @ .., last] = text {
        match *last {
            b'.' => break,
            b'x' | b'X' => return hexadecimal && matches!(rest, [b'0'] | [.., b'.', b'0']),
            byte => {
                decimal = decimal && is_digit(byte);
                hexadecimal = hexadecimal && is_hexdig(byte);
                digits = digits.saturating_add(1);
            }
        }
        text = rest;
    }
    decimal && digits > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn host(text: &str) -> Host<'_> {
        Host::parse(text).unwrap()
    }

    // [6265bis-5.1.3-1]
    #[test]
    fn a_host_matches_itself_and_its_parents() {
        for (name, domain, matches) in [
            ("www.example.com", "www.example.com", true),
            ("www.example.com", "example.com", true),
            ("www.example.com", "com", true),
            ("WWW.eXample.COM", "Example.com", true),
            ("example.com", "www.example.com", false),
            ("badexample.com", "example.com", false),
            ("example.com", ".example.com", false),
            ("www.example.com", ".example.com", false),
            ("www.example.com", "", false),
            ("example.com.", "example.com", false),
            ("example.com.", "example.com.", true),
            ("example.com.", "", false),
            ("example.com", "example.com.", false),
        ] {
            assert_eq!(host(name).matches(domain), matches, "{name} {domain}");
        }
    }

    // [6265bis-5.1.3-2]
    #[test]
    fn an_address_matches_itself_alone() {
        for (address, domain, matches) in [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("127.0.0.1", "1", false),
            ("[::1]", "[::1]", true),
            ("[::1]", "::1", false),
            ("[2001:DB8::1]", "[2001:db8::1]", true),
            ("[::ffff:10.0.0.1]", "0.0.1]", false),
            ("0x7f.1", "1", false),
            ("10.0X1", "0x1", false),
        ] {
            assert_eq!(host(address).matches(domain), matches, "{address} {domain}");
        }
    }

    #[test]
    fn addresses_are_told_from_names() {
        for address in [
            "127.0.0.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "1.0x",
            "example.123",
            "[::]",
            "[fe80::1:2]",
        ] {
            assert!(host(address).is_address(), "{address}");
        }
        for name in [
            "example.com",
            "example.com.",
            "1.2.3.4a",
            "a0x1",
            "1.a0x1",
            "0xg1",
            "0x1.com",
            "face.cafe",
            "localhost",
            "_dmarc.example",
            ".",
        ] {
            assert!(!host(name).is_address(), "{name}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "a b",
            "example.com:80",
            "cafe:80",
            "b\u{fc}cher.example",
            "%61.example",
            "a/b",
            "user@example.com",
            "[example.com]",
            "[]",
            "[::1",
            "::1",
            "a\0b",
            "a;b",
        ] {
            assert_eq!(Host::parse(text).err(), Some(InvalidHost), "{text:?}");
        }
        let longest = "a".repeat(Host::MAX_LEN);
        assert!(Host::parse(&longest).is_ok());
        assert!(Host::parse(&(longest + "a")).is_err());
    }

    // [6265bis-5.1.2-1]
    #[test]
    fn hosts_are_compared_without_case() {
        assert_eq!(host("A.example"), host("a.EXAMPLE"));
        assert_eq!(host("[::A]"), host("[::a]"));
        assert_ne!(host("a.example"), host("a.example."));
        assert_eq!(host("A.example").as_str(), "A.example");
    }
}
