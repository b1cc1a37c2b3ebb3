//! Byte classes, each defined once and named as in its RFC.
//!
//! One table of 256 entries holds a bit per class; an `is_*` function per ABNF production reads it.

/// `DIGIT`, RFC 5234 appendix B.1.
const DIGIT: u16 = 1;
/// `tchar`, RFC 9110 §5.6.2.
const TCHAR: u16 = 1 << 1;
/// `cookie-octet`, RFC 6265bis §4.1.1: no CTL, white space, DQUOTE, comma, semicolon, backslash.
const COOKIE_OCTET: u16 = 1 << 2;
/// `av-octet`, RFC 6265bis §4.1.1: any CHAR but CTLs and `;`.
const AV_OCTET: u16 = 1 << 3;
/// `delimiter` of a cookie-date, RFC 6265bis §5.1.1.
const DATE_DELIMITER: u16 = 1 << 4;
/// What makes a user agent drop a whole `Set-Cookie` line, RFC 6265bis §5.6: CTLs but HTAB.
const FORBIDDEN_CTL: u16 = 1 << 5;
/// `NQCHAR`, RFC 6749 appendix A: a character of a scope-token.
const NQCHAR: u16 = 1 << 6;
/// `qdtext` without obs-text, RFC 9110 §5.6.4.
const QDTEXT: u16 = 1 << 7;
/// `unreserved`, RFC 3986 §2.3.
const UNRESERVED: u16 = 1 << 8;
/// `HEXDIG` in either case, RFC 5234 appendix B.1.
const HEXDIG: u16 = 1 << 9;
/// `token68` without its trailing `=`, RFC 9110 §11.2.
const TOKEN68: u16 = 1 << 10;

const fn classes_of(byte: u8) -> u16 {
    let mut classes = 0;
    let alphanumeric = byte.is_ascii_alphanumeric();
    if byte.is_ascii_digit() {
        classes |= DIGIT;
    }
    if alphanumeric || in_set(byte, b"!#$%&'*+-.^_`|~") {
        classes |= TCHAR;
    }
    if byte.is_ascii_graphic() && !in_set(byte, b"\",;\\") {
        classes |= COOKIE_OCTET;
    }
    if (byte.is_ascii_graphic() || byte == b' ') && byte != b';' {
        classes |= AV_OCTET;
    }
    if matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E) {
        classes |= DATE_DELIMITER;
    }
    if byte.is_ascii_control() && byte != b'\t' {
        classes |= FORBIDDEN_CTL;
    }
    if byte.is_ascii_graphic() && !in_set(byte, b"\"\\") {
        classes |= NQCHAR;
    }
    if (byte.is_ascii_graphic() || in_set(byte, b"\t ")) && !in_set(byte, b"\"\\") {
        classes |= QDTEXT;
    }
    if alphanumeric || in_set(byte, b"-._~") {
        classes |= UNRESERVED;
    }
    if byte.is_ascii_hexdigit() {
        classes |= HEXDIG;
    }
    if alphanumeric || in_set(byte, b"-._~+/") {
        classes |= TOKEN68;
    }
    classes
}

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // only run by the compiler
const fn in_set(byte: u8, set: &[u8]) -> bool {
    let mut at = 0;
    while at < set.len() {
        if set[at] == byte {
            return true;
        }
        at += 1;
    }
    false
}

#[expect(clippy::indexing_slicing)] // only run by the compiler
static CLASSES: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    loop {
        table[byte as usize] = classes_of(byte);
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    table
};

#[expect(clippy::indexing_slicing)] // a byte is never outside of 256 entries
const fn is(byte: u8, class: u16) -> bool {
    CLASSES[byte as usize] & class != 0
}

macro_rules! predicates {
    ($($(#[$doc:meta])* $name:ident = $class:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub(crate) const fn $name(byte: u8) -> bool {
            is(byte, $class)
        }
    )*};
}

predicates! {
    /// `DIGIT`, RFC 5234 appendix B.1.
    is_digit = DIGIT;
    /// `tchar`, RFC 9110 §5.6.2.
    is_tchar = TCHAR;
    /// `cookie-octet`, RFC 6265bis §4.1.1.
    is_cookie_octet = COOKIE_OCTET;
    /// `av-octet`, RFC 6265bis §4.1.1.
    is_av_octet = AV_OCTET;
    /// `delimiter` of a cookie-date, RFC 6265bis §5.1.1.
    is_date_delimiter = DATE_DELIMITER;
    /// %x00-08, %x0A-1F, %x7F: RFC 6265bis §5.6, step 1.
    is_forbidden_ctl = FORBIDDEN_CTL;
    /// `NQCHAR`, RFC 6749 appendix A.
    is_nqchar = NQCHAR;
    /// `qdtext` without obs-text, RFC 9110 §5.6.4.
    is_qdtext = QDTEXT;
    /// `unreserved`, RFC 3986 §2.3.
    is_unreserved = UNRESERVED;
    /// `HEXDIG` in either case, RFC 5234 appendix B.1.
    is_hexdig = HEXDIG;
    /// A character of `token68` other than its trailing `=`, RFC 9110 §11.2.
    is_token68 = TOKEN68;
}

/// `WSP`, RFC 5234 appendix B.1: SP and HTAB, never Unicode's white space.
#[inline]
pub(crate) const fn is_wsp(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `bytes` without the `WSP` at both ends.
#[must_use]
#[cfg_attr(not(small), inline)]
pub(crate) const fn trim_wsp(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes {
        if !is_wsp(*first) {
            break;
        }
        bytes = rest;
    }
    while let [rest @ .., last] = bytes {
        if !is_wsp(*last) {
            break;
        }
        bytes = rest;
    }
    bytes
}

/// Whether `bytes` starts with `prefix`, ASCII letters in either case; usable in a `const`.
#[must_use]
pub(crate) const fn starts_with_ignore_case(bytes: &[u8], prefix: &[u8]) -> bool {
    match bytes.split_at_checked(prefix.len()) {
        Some((start, _)) => eq_ignore_case(start, prefix),
        None => false,
    }
}

/// Whether both are the same but for the case of ASCII letters; usable in a `const`, which the
/// method of `core` is from Rust 1.89 on.
#[must_use]
#[cfg_attr(small, inline(never))]
pub(crate) const fn eq_ignore_case(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b) {
        if !x.eq_ignore_ascii_case(y) {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    a.is_empty() && b.is_empty()
}

/// Whether every byte of `bytes` satisfies `class`; usable in a `const`.
#[must_use]
pub(crate) const fn all_tchar(mut bytes: &[u8]) -> bool {
    while let [first, rest @ ..] = bytes {
        if !is_tchar(*first) {
            return false;
        }
        bytes = rest;
    }
    true
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    #[track_caller]
    fn assert_class(is: fn(u8) -> bool, members: &[u8]) {
        let found: Vec<u8> = (0..=u8::MAX).filter(|&byte| is(byte)).collect();
        let mut expected = members.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    fn ranges(ranges: &[(u8, u8)]) -> Vec<u8> {
        ranges.iter().flat_map(|&(from, to)| from..=to).collect()
    }

    #[test]
    fn classes_are_those_of_their_rfcs() {
        let letters_digits = ranges(&[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')]);
        let with = |more: &[u8]| [&letters_digits, more].concat();
        assert_class(is_digit, b"0123456789");
        assert_class(is_hexdig, b"0123456789ABCDEFabcdef");
        assert_class(is_wsp, b" \t");
        assert_class(is_tchar, &with(b"!#$%&'*+-.^_`|~"));
        assert_class(is_unreserved, &with(b"-._~"));
        assert_class(is_token68, &with(b"-._~+/"));
        assert_class(
            is_cookie_octet,
            &ranges(&[
                (0x21, 0x21),
                (0x23, 0x2B),
                (0x2D, 0x3A),
                (0x3C, 0x5B),
                (0x5D, 0x7E),
            ]),
        );
        assert_class(is_av_octet, &ranges(&[(0x20, 0x3A), (0x3C, 0x7E)]));
        assert_class(
            is_nqchar,
            &ranges(&[(0x21, 0x21), (0x23, 0x5B), (0x5D, 0x7E)]),
        );
        assert_class(
            is_qdtext,
            &ranges(&[(0x09, 0x09), (0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E)]),
        );
        assert_class(
            is_date_delimiter,
            &ranges(&[
                (0x09, 0x09),
                (0x20, 0x2F),
                (0x3B, 0x40),
                (0x5B, 0x60),
                (0x7B, 0x7E),
            ]),
        );
        assert_class(
            is_forbidden_ctl,
            &ranges(&[(0x00, 0x08), (0x0A, 0x1F), (0x7F, 0x7F)]),
        );
    }

    #[test]
    fn the_table_is_what_the_rules_say_of_every_byte() {
        for byte in 0..=u8::MAX {
            assert_eq!(CLASSES[usize::from(byte)], classes_of(byte), "{byte:#x}");
        }
    }

    #[test]
    fn trimming_takes_space_and_tab_only() {
        assert_eq!(trim_wsp(b" \t a b\t "), b"a b");
        assert_eq!(trim_wsp(b" \t "), b"");
        assert_eq!(trim_wsp(b"\x0B\x0Ca\xC2\xA0"), b"\x0B\x0Ca\xC2\xA0");
    }

    #[test]
    fn a_prefix_is_found_in_either_case() {
        assert!(starts_with_ignore_case(b"__HoSt-sid", b"__Host-"));
        assert!(!starts_with_ignore_case(b"__Hos", b"__Host-"));
        assert!(!starts_with_ignore_case(b"_-Host-sid", b"__Host-"));
    }

    #[test]
    fn only_letters_have_a_case() {
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                let expected = a.eq_ignore_ascii_case(&b);
                assert_eq!(eq_ignore_case(&[b'x', a], &[b'X', b]), expected);
            }
        }
        assert!(!eq_ignore_case(b"Lax", b"Laxe") && !eq_ignore_case(b"Laxe", b"Lax"));
        assert!(eq_ignore_case(b"", b""));
    }
}
