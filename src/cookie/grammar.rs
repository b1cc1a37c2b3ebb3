//! What a server may put into a `Set-Cookie` line (RFC 6265bis §4.1.1), one predicate per rule.

use super::attribute::Kind;
use crate::ascii::{all_tchar, is_av_octet, is_cookie_octet};

/// The most octets of a name and a value together; user agents drop a cookie that has more
/// (§5.6, step 5).
pub(crate) const MAX_PAIR: usize = 4096;
/// The most octets of an attribute's value; user agents ignore an attribute that has more (§5.6).
pub(super) const MAX_ATTRIBUTE: usize = 1024;
/// The most octets of a domain in text (RFC 1035 §2.3.4).
const MAX_DOMAIN: usize = 253;
const MAX_LABEL: usize = 63;

/// `cookie-name = token`
pub(super) const fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && all_tchar(text)
}

/// `cookie-value = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE )`
pub(super) const fn is_value(text: &[u8]) -> bool {
    match text {
        [b'"', inner @ .., b'"'] => is_octets(inner),
        _ => is_octets(text),
    }
}

/// `*cookie-octet`
pub(super) const fn is_octets(mut text: &[u8]) -> bool {
    while let [first, rest @ ..] = text {
        if !is_cookie_octet(*first) {
            return false;
        }
        text = rest;
    }
    true
}

/// `domain-value = <subdomain>` of RFC 1034 §3.5 as RFC 1123 §2.1 widened it: labels of letters,
/// digits and inner hyphens. No dot in front: user agents only strip it.
pub(super) const fn is_domain(text: &[u8]) -> bool {
    let (mut rest, mut label, mut last) = (text, 0_usize, b'.');
    while let [byte, others @ ..] = rest {
        let inside = match byte {
            b'-' => label > 0,
            _ => byte.is_ascii_alphanumeric(),
        };
        if inside {
            label = label.saturating_add(1);
        } else if *byte == b'.' && label > 0 && last != b'-' {
            label = 0;
        } else {
            return false;
        }
        if label > MAX_LABEL {
            return false;
        }
        (rest, last) = (others, *byte);
    }
    label > 0 && last != b'-' && text.len() <= MAX_DOMAIN
}

/// `path-value = *av-octet`, and more strictly one that is sent back: it begins with `/`, since a user
/// agent replaces another one by the path of the request; it does not end with a space, which would be
/// trimmed; and it has no `?` or `#`, where the path of every request ends.
pub(super) const fn is_path(text: &[u8]) -> bool {
    let mut rest = text;
    while let [first, others @ ..] = rest {
        if matches!(*first, b'?' | b'#') {
            return false;
        }
        rest = others;
    }
    matches!(text, [b'/', ..]) && is_attribute_value(text)
}

/// The name of an `extension-av`, more strictly a token, and none that has a meaning of its own: that
/// one cannot come in by another door.
pub(super) const fn is_extension_name(text: &[u8]) -> bool {
    is_name(text) && Kind::of(text).is_none()
}

/// `*av-octet` that is read back as it was written: without a space at either end.
pub(super) const fn is_attribute_value(text: &[u8]) -> bool {
    let mut rest = text;
    while let [first, others @ ..] = rest {
        if !is_av_octet(*first) {
            return false;
        }
        rest = others;
    }
    !matches!(text, [b' ', ..] | [.., b' '])
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::String;

    use super::*;

    /// The bytes with which `text` is accepted when they stand in the place of its `%`.
    fn accepted(text: &str, is: fn(&[u8]) -> bool) -> String {
        let at = text.find('%').unwrap();
        (0..=u8::MAX)
            .filter(|&byte| {
                let mut text = std::vec::Vec::from(text);
                text[at] = byte;
                is(&text)
            })
            .map(char::from)
            .collect()
    }

    fn graphic_without(others: &str) -> String {
        ('!'..='~').filter(|char| !others.contains(*char)).collect()
    }

    const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    #[test]
    fn a_name_is_a_token() {
        assert_eq!(
            accepted("a%b", is_name),
            graphic_without("\"(),/:;<=>?@[\\]{}")
        );
        assert_eq!(accepted("%", is_name), accepted("a%b", is_name));
        assert!(!is_name(b""));
    }

    #[test]
    fn a_value_is_cookie_octets_quoted_or_not() {
        assert_eq!(accepted("a%b", is_value), graphic_without("\",;\\"));
        assert_eq!(accepted("\"a%b\"", is_value), graphic_without("\",;\\"));
        assert!(is_value(b"") && is_value(b"\"\""));
        for value in ["\"", "\"a", "a\"", "\"\"\"", "a\"b\"c", "\"a b\""] {
            assert!(!is_value(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_domain_is_labels_of_letters_digits_and_inner_hyphens() {
        assert_eq!(accepted("a%b", is_domain), std::format!("-.{ALPHANUMERIC}"));
        assert_eq!(accepted("%", is_domain), ALPHANUMERIC);
        assert_eq!(accepted("a.%b", is_domain), ALPHANUMERIC);
        assert_eq!(accepted("b%.a", is_domain), ALPHANUMERIC);
        for domain in [
            "", ".", ".a", "a.", "a..b", "-a", "a-", "a-.b", "a.-b", "a_b.c",
        ] {
            assert!(!is_domain(domain.as_bytes()), "{domain}");
        }
        for domain in [
            "a",
            "localhost",
            "a--b.c",
            "xn--bcher-kva.example",
            "127.0.0.1",
        ] {
            assert!(is_domain(domain.as_bytes()), "{domain}");
        }
        let label = "a".repeat(63);
        assert!(is_domain(label.as_bytes()));
        assert!(!is_domain("a".repeat(64).as_bytes()));
        assert!(!is_domain(std::format!("a.{}", "a".repeat(64)).as_bytes()));
        let long = [&*label, &label, &label, &label[..61]].join(".");
        assert_eq!(long.len(), 253);
        assert!(is_domain(long.as_bytes()));
        assert!(!is_domain(std::format!("{long}a").as_bytes()));
    }

    #[test]
    fn a_path_is_av_octets_behind_a_slash() {
        assert_eq!(
            accepted("/%/", is_path),
            std::format!(" {}", graphic_without("#;?"))
        );
        assert_eq!(accepted("/%", is_path), graphic_without("#;?"));
        assert_eq!(accepted("%a", is_path), "/");
        assert!(!is_path(b"") && is_path(b"/"));
    }

    #[test]
    fn an_extension_has_a_name_of_its_own() {
        assert_eq!(accepted("a%b", is_extension_name), accepted("a%b", is_name));
        assert_eq!(accepted("%", is_attribute_value), graphic_without(";"));
        assert!(is_attribute_value(b""));
        for name in ["Max-Age", "max-age", "SECURE", "Path"] {
            assert!(!is_extension_name(name.as_bytes()), "{name}");
            assert!(is_extension_name(&name.as_bytes()[1..]), "{name}");
        }
    }
}
