use core::fmt;

use super::scan;
use crate::ascii::{is_forbidden_ctl, is_wsp, trim_wsp};

/// The pairs of one `Cookie` header line, in their order, as names and values.
///
/// Reads what user agents send (RFC 6265bis §5.8.3) by the rules by which they store (§5.6), so
/// that both sides see the same cookie, but for one that the line cannot tell: without a name and
/// with the value `a=b` it is sent like one named `a`. The line is split at `;`, each piece at its
/// first `=`, and SP and HTAB around names and values are dropped. Every line has an answer:
///
/// | piece | pair |
/// | --- | --- |
/// | `a=b`, `a = b` | name `a`, value `b` |
/// | `a=` | name `a`, empty value |
/// | `a`, `=a` | empty name, value `a`: a cookie without a name, which user agents do store |
/// | `a=b=c` | name `a`, value `b=c` |
/// | `a="b"` | name `a`, value `"b"`: quotes are part of the value, and do not protect a `;` |
/// | bytes %x80-FF | kept as they are; no text encoding is assumed |
/// | nothing, `=` | skipped: neither a name nor a value |
/// | a CTL other than HTAB in it | skipped: no user agent has such a cookie |
///
/// Nothing is decoded. A piece that is skipped costs no other one. There is no limit on the count;
/// the time is linear in the length of the line, whatever it holds.
///
/// ```
/// use hardtack::cookie::pairs;
///
/// let mut pairs = pairs(b"theme=dark; ; sid=\"31d4\"");
/// assert_eq!(pairs.next(), Some((&b"theme"[..], &b"dark"[..])));
/// assert_eq!(pairs.next(), Some((&b"sid"[..], &b"\"31d4\""[..])));
/// assert_eq!(pairs.next(), None);
/// ```
#[must_use]
#[inline]
pub const fn pairs(line: &[u8]) -> Pairs<'_> {
    Pairs { rest: line }
}

/// The iterator of [`pairs`].
#[derive(Clone)]
pub struct Pairs<'h> {
    rest: &'h [u8],
}

/// A name and a value. At least one of them is not empty.
type Pair<'h> = (&'h [u8], &'h [u8]);

impl<'h> Iterator for Pairs<'h> {
    type Item = Pair<'h>;

    #[cfg_attr(not(small), inline)]
    fn next(&mut self) -> Option<Pair<'h>> {
        while !self.rest.is_empty() {
            if let Some(pair) = self.piece() {
                return Some(pair);
            }
        }
        None
    }
}

impl core::iter::FusedIterator for Pairs<'_> {}

impl<'h> Pairs<'h> {
    /// Takes the bytes up to the next `;`.
    #[inline]
    fn piece(&mut self) -> Option<Pair<'h>> {
        let (name, rest) = self.rest.split_at_checked(scan::end_of_name(self.rest))?;
        let [stop, rest @ ..] = rest else {
            self.rest = rest;
            return pair(b"", name);
        };
        match stop {
            b'=' => {
                let (value, rest) = rest.split_at_checked(scan::end_of_value(rest))?;
                match rest {
                    [] => self.rest = rest,
                    [b';', rest @ ..] => self.rest = rest,
                    _ => return self.piece_with_ctl(),
                }
                pair(name, value)
            }
            b';' => {
                self.rest = rest;
                pair(b"", name)
            }
            _ => self.piece_with_ctl(),
        }
    }

    /// What [`piece`](Self::piece) leaves to the obvious way: a CTL, which may be a harmless HTAB.
    #[cold]
    fn piece_with_ctl(&mut self) -> Option<Pair<'h>> {
        let (piece, rest) = self.rest.split_at_checked(scan::semicolon(self.rest))?;
        self.rest = rest.get(1..).unwrap_or_default();
        if piece.iter().any(|&byte| is_forbidden_ctl(byte)) {
            return None;
        }
        match piece.iter().position(|&byte| byte == b'=') {
            Some(at) => pair(piece.get(..at)?, piece.get(at.wrapping_add(1)..)?),
            None => pair(b"", piece),
        }
    }
}

/// Trims both; a pair of nothing is none.
#[cfg_attr(not(small), inline)]
fn pair<'h>(name: &'h [u8], value: &'h [u8]) -> Option<Pair<'h>> {
    let (name, value) = (trim_wsp(name), trim_wsp(value));
    (!name.is_empty() || !value.is_empty()).then_some((name, value))
}

impl fmt::Debug for Pairs<'_> {
    /// Shows no cookie: values are secrets, as a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pairs([{} bytes elided])", self.rest.len())
    }
}

/// The `Cookie` header of a request: one line, or the several into which HTTP/2 may split it
/// (RFC 9113 §8.2.3), read as one.
///
/// `L` is anything that gives the lines again and again, each as bytes, as text or as something that
/// is either underneath: an array, a slice, or what a header map has of one name.
///
/// ```
/// use http::header::{COOKIE, HeaderMap, HeaderValue};
/// use hardtack::cookie::Header;
///
/// let mut headers = HeaderMap::new(); // of the crate `http`, as axum, hyper and tonic have it
/// headers.append(COOKIE, HeaderValue::from_static("theme=dark; lang=en"));
/// let lines = headers.get_all(COOKIE);
/// assert_eq!(Header::new(&lines).only(b"lang"), Ok(Some(&b"en"[..])));
/// ```
///
/// # Security
///
/// Names are not unique. The same name may have been set for several paths, and a page on *any*
/// sibling or sub-domain can set one for the parent domain: evil.example.com plants a `session` that
/// the browser sends to www.example.com too, often in front of the real one. The header does not say
/// where a pair comes from. Two defences: name the cookie `__Host-session`, since no browser takes
/// that from another host (see [`Prefix`](super::Prefix)); and look it up by [`only`](Self::only),
/// which tells if there are several.
///
/// Names are compared with their case, by which `__host-session` is another cookie. User agents
/// guard prefixes in every case, so neither spelling can be planted.
///
/// ```
/// use hardtack::cookie::{Ambiguous, Header};
///
/// let header = Header::new(["theme=dark; __Host-sid=31d4", "theme=light"]);
/// assert_eq!(header.only(b"__Host-sid"), Ok(Some(&b"31d4"[..])));
/// assert_eq!(header.only(b"theme"), Err(Ambiguous));
/// assert_eq!(header.first(b"theme"), Some(&b"dark"[..]));
/// assert!(header.all(b"theme").eq([b"dark".as_slice(), b"light"]));
/// assert_eq!(header.only(b"lang"), Ok(None));
/// ```
#[derive(Clone)]
pub struct Header<L> {
    lines: L,
}

impl<'h, L, T> Header<L>
where
    L: IntoIterator<Item = &'h T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'h,
{
    /// The header of these lines.
    #[must_use]
    pub const fn new(lines: L) -> Self {
        Self { lines }
    }

    /// All pairs; see [`pairs`].
    pub fn pairs(&self) -> impl Iterator<Item = (&'h [u8], &'h [u8])> + use<'h, L, T> {
        let lines = self.lines.clone().into_iter();
        lines.flat_map(|line| pairs(line.as_ref()))
    }

    /// The value of the first cookie with this name. An empty name finds one without a name.
    ///
    /// A pair of another name is skipped at its first different byte, and its value not looked at
    /// but for the `;` behind it.
    #[must_use]
    pub fn first(&self, name: &[u8]) -> Option<&'h [u8]> {
        self.all(name).next()
    }

    /// The values of all cookies with this name, in the order of the header: longer paths come
    /// first, then older cookies (§5.8.3), but no server should rely on that.
    pub fn all<'n>(&self, name: &'n [u8]) -> impl Iterator<Item = &'h [u8]> + use<'h, 'n, L, T> {
        values(self.lines.clone(), name)
    }

    /// The value of the cookie with this name, if there is one and no second.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`] for `sid=1; sid=2`, and for `sid=1; sid=1` as well.
    pub fn only(&self, name: &[u8]) -> Result<Option<&'h [u8]>, Ambiguous> {
        only(self.lines.clone(), name)
    }
}

/// [`Header::all`] of lines that are there once.
fn values<'h, 'n, L, T>(
    lines: L,
    name: &'n [u8],
) -> impl Iterator<Item = &'h [u8]> + use<'h, 'n, L, T>
where
    L: IntoIterator<Item = &'h T>,
    T: AsRef<[u8]> + ?Sized + 'h,
{
    lines.into_iter().flat_map(move |line| Values {
        rest: line.as_ref(),
        name,
    })
}

/// [`Header::only`] of lines that are there once.
pub(crate) fn only<'h, L, T>(lines: L, name: &[u8]) -> Result<Option<&'h [u8]>, Ambiguous>
where
    L: IntoIterator<Item = &'h T>,
    T: AsRef<[u8]> + ?Sized + 'h,
{
    let mut values = values(lines, name);
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Ambiguous),
        (value, None) => Ok(value),
    }
}

impl<L> fmt::Debug for Header<L> {
    /// Shows no cookie: values are secrets, as a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").finish_non_exhaustive()
    }
}

/// The values of one name in one line.
struct Values<'h, 'n> {
    rest: &'h [u8],
    name: &'n [u8],
}

impl<'h> Iterator for Values<'h, '_> {
    type Item = &'h [u8];

    #[cfg_attr(not(small), inline)]
    fn next(&mut self) -> Option<&'h [u8]> {
        while !self.rest.is_empty() {
            if self.may_be_next() {
                let mut pairs = pairs(self.rest);
                let piece = pairs.piece();
                self.rest = pairs.rest;
                if let Some((name, value)) = piece
                    && name == self.name
                {
                    return Some(value);
                }
            } else {
                let next = scan::semicolon(self.rest).wrapping_add(1);
                self.rest = self.rest.get(next..).unwrap_or_default();
            }
        }
        None
    }
}

impl Values<'_, '_> {
    /// Whether the next piece is worth a closer look: it starts with the name, or there is none to
    /// tell it by.
    #[inline]
    fn may_be_next(&self) -> bool {
        let mut piece = self.rest;
        while let [first, rest @ ..] = piece
            && is_wsp(*first)
        {
            piece = rest;
        }
        piece.starts_with(self.name)
    }
}

/// More than one cookie has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguous;

impl fmt::Display for Ambiguous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more than one cookie has this name")
    }
}

impl core::error::Error for Ambiguous {}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;

    fn read(line: &str) -> Vec<(&str, &str)> {
        let text = |bytes| core::str::from_utf8(bytes).unwrap();
        pairs(line.as_bytes())
            .map(|(name, value)| (text(name), text(value)))
            .collect()
    }

    #[test]
    fn every_piece_has_a_defined_answer() {
        for (line, expected) in [
            ("a=b", &[("a", "b")][..]),
            ("a", &[("", "a")]),
            ("=a", &[("", "a")]),
            ("a=", &[("a", "")]),
            ("=", &[]),
            ("", &[]),
            (";", &[]),
            ("; ;\t; = ;==", &[("", "=")]),
            ("a=b=c==", &[("a", "b=c==")]),
            ("==a", &[("", "=a")]),
            (" a\t= \tb c\t ", &[("a", "b c")]),
            ("a b=c", &[("a b", "c")]),
            ("a\tb=c\td", &[("a\tb", "c\td")]),
            ("\ta=b", &[("a", "b")]),
            ("a=\t", &[("a", "")]),
            ("a=\"b\"", &[("a", "\"b\"")]),
            ("a=\"b;c\"", &[("a", "\"b"), ("", "c\"")]),
            ("a=b,c=d", &[("a", "b,c=d")]),
            ("a=\u{e9}\u{a0}", &[("a", "\u{e9}\u{a0}")]),
            ("\u{e9}=1", &[("\u{e9}", "1")]),
            ("a=%41", &[("a", "%41")]),
            (
                "$Version=1; a=b; $Path=/",
                &[("$Version", "1"), ("a", "b"), ("$Path", "/")],
            ),
            ("a=1;a=2; A=3", &[("a", "1"), ("a", "2"), ("A", "3")]),
        ] {
            assert_eq!(read(line), expected, "{line:?}");
        }
    }

    #[test]
    fn a_bad_pair_costs_no_other() {
        for ctl in (0..=u8::MAX).filter(|&byte| is_forbidden_ctl(byte)) {
            for bad in ["%", "x%=y", "%x=y", "x=%", "x=y%y", "\t%", "=%", "x=\t%"] {
                let bad = bad.replace('%', &char::from(ctl).to_string());
                assert_eq!(read(&bad), [], "{bad:?}");
                let line = format!("a=1;{bad}; b=2");
                assert_eq!(read(&line), [("a", "1"), ("b", "2")], "{bad:?}");
            }
        }
    }

    #[test]
    fn bytes_above_ascii_are_kept() {
        let high: Vec<u8> = (0x80..=0xFF).collect();
        let line = [&high[..], b"=", &high].concat();
        assert!(pairs(&line).eq([(&high[..], &high[..])]));
    }

    fn first<'h>(line: &'h str, name: &str) -> Option<&'h [u8]> {
        Header::new([line.as_bytes()]).first(name.as_bytes())
    }

    #[test]
    fn a_look_up_finds_what_the_pairs_say() {
        for line in [
            "a=1; ab=2; b=3; a=4",
            "ab=1; a =2",
            "a",
            "=a",
            "a; =b; a=1",
            "a=b=c; a b=d; a\tb=e;\ta=f",
            "\u{1}=1; a=\u{1}; a=2; a\u{1}=3",
            "; ;a;= ; a= ;",
            "\t",
        ] {
            for name in [
                "", "a", "b", "ab", "a b", "a\tb", "a ", " a", "a=b", "a;", ";", "a; b", "=",
                "\u{1}", "a=", "\t", "a=1",
            ] {
                let expected = read(line).into_iter().filter(|pair| pair.0 == name);
                let header = Header::new([line.as_bytes()]);
                let found = header.all(name.as_bytes());
                assert!(
                    found.eq(expected.map(|pair| pair.1.as_bytes())),
                    "{name:?} in {line:?}"
                );
            }
        }
    }

    #[test]
    fn a_name_is_found_whole_and_with_its_case() {
        let line = "__host-sid=0; __Host-sidx=1; x__Host-sid=2; v=__Host-sid=3; __Host-sid=4";
        assert_eq!(first(line, "__Host-sid"), Some(&b"4"[..]));
        assert_eq!(first(line, "__Host-si"), None);
        assert_eq!(first(line, "sid"), None);
    }

    #[test]
    fn a_name_in_a_value_is_not_found() {
        assert_eq!(first("a=b; c=\"a=d; e\"", "e\""), None);
        assert_eq!(first("c=\"; sid=evil\"", "sid"), Some(&b"evil\""[..]));
        assert_eq!(first("x=sid=evil", "sid"), None);
    }

    #[test]
    fn split_lines_read_as_one() {
        let lines = [&b"a=1; b=2"[..], b"", b"a=3", b"c"];
        let header = Header::new(lines.iter().copied());
        let one = lines.join(&b"; "[..]);
        assert!(header.pairs().eq(pairs(&one)));
        assert!(header.all(b"a").eq([b"1", b"3"]));
        assert_eq!(header.first(b"a"), Some(&b"1"[..]));
        assert_eq!(header.first(b""), Some(&b"c"[..]));
    }

    #[test]
    fn one_of_several_is_told_from_the_only_one() {
        let only =
            |lines: &[&'static [u8]], name: &[u8]| Header::new(lines.iter().copied()).only(name);
        assert_eq!(only(&[b"sid=1"], b"sid"), Ok(Some(&b"1"[..])));
        assert_eq!(only(&[b"sid=1"], b"SID"), Ok(None));
        assert_eq!(only(&[], b"sid"), Ok(None));
        assert_eq!(only(&[b"sid=1; sid=2"], b"sid"), Err(Ambiguous));
        assert_eq!(only(&[b"sid=1", b"sid=1"], b"sid"), Err(Ambiguous));
        assert_eq!(only(&[b"sid=1; sid=\0"], b"sid"), Ok(Some(&b"1"[..])));
        assert_eq!(Ambiguous.to_string(), "more than one cookie has this name");
    }

    #[test]
    fn debug_shows_no_cookie() {
        let line = &b"sid=31d4"[..];
        assert_eq!(format!("{:?}", pairs(line)), "Pairs([8 bytes elided])");
        assert_eq!(format!("{:?}", Header::new([line])), "Header { .. }");
    }
}
