//! The `Cookie` header: what other readers got wrong, one test each, and the obvious reader as the
//! model of ours.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use hardtack::cookie::{Ambiguous, CookieString, Error, Header, Pair, SetCookie, pairs};
use hardtack::session;
use proptest::prelude::*;

fn trim(bytes: &[u8]) -> &[u8] {
    let is_wsp = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes.iter().position(|byte| !is_wsp(byte));
    let end = bytes.iter().rposition(|byte| !is_wsp(byte));
    match (start, end) {
        (Some(start), Some(end)) => &bytes[start..=end],
        _ => &[],
    }
}

fn model(line: &[u8]) -> Vec<(&[u8], &[u8])> {
    let is_bad = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    line.split(|byte| *byte == b';')
        .filter(|piece| !piece.iter().any(is_bad))
        .map(|piece| match piece.iter().position(|byte| *byte == b'=') {
            Some(at) => (trim(&piece[..at]), trim(&piece[at + 1..])),
            None => (&b""[..], trim(piece)),
        })
        .filter(|pair| *pair != (b"", b""))
        .collect()
}

/// Bytes of a header in which what matters is frequent.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => Just(b';'),
        4 => Just(b'='),
        2 => Just(b' '),
        2 => Just(b'a'),
        2 => Just(b'b'),
        1 => Just(b'\t'),
        1 => Just(b'"'),
        1 => any::<u8>(),
        20 => b'!'..=b'~',
    ];
    prop::collection::vec(byte, 0..120)
}

proptest! {
    #[test]
    fn pairs_are_those_of_the_obvious_split(line in line()) {
        prop_assert!(pairs(&line).eq(model(&line)));
    }

    #[test]
    fn look_ups_find_what_the_pairs_say(lines in prop::collection::vec(line(), 0..4), name in "[ab=; ]{0,2}") {
        let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let header = Header::new(lines.iter().copied());
        let all: Vec<&[u8]> = lines
            .iter()
            .flat_map(|line| model(line))
            .filter(|pair| pair.0 == name.as_bytes())
            .map(|pair| pair.1)
            .collect();
        prop_assert!(header.all(name.as_bytes()).eq(all.iter().copied()));
        prop_assert_eq!(header.first(name.as_bytes()), all.first().copied());
        let only = match all[..] {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(Ambiguous),
        };
        prop_assert_eq!(header.only(name.as_bytes()), only);
    }

    #[test]
    fn what_a_client_writes_is_what_a_server_reads(
        cookies in prop::collection::vec(("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}", "[!#-+--:<-\\[\\]-~]{0,20}", any::<bool>()), 0..9),
    ) {
        let texts: Vec<(String, String)> = cookies
            .into_iter()
            .map(|(name, value, quoted)| (name, if quoted { format!("\"{value}\"") } else { value }))
            .collect();
        let pairs_out: Vec<Pair> = texts
            .iter()
            .map(|(name, value)| Pair::new(name, value).unwrap())
            .collect();
        let string = CookieString::new(&pairs_out);
        let mut buffer = vec![0; string.len()];
        let text = string.write(&mut buffer).unwrap();
        let expected = texts.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        prop_assert!(pairs(text.as_bytes()).eq(expected));
    }
}

/// A quadratic reader would take minutes. The bench draws the line itself.
#[test]
fn hostile_lines_take_linear_time() {
    for piece in [
        "=", ";", " ", "\t", "a", "a=", "; ", ";=", "a;", "a=;", "\x01", "\x01;", "a\t", "=\t",
        "\t;", "\"",
    ] {
        let line = piece.repeat((1 << 17) / piece.len());
        let header = Header::new([line.as_bytes()]);
        assert_eq!(
            header.pairs().count(),
            model(line.as_bytes()).len(),
            "{piece:?}"
        );
        assert_eq!(header.first(b"sid"), None);
        assert_eq!(
            header.all(b"").count(),
            header.pairs().filter(|pair| pair.0.is_empty()).count()
        );
    }
}

/// Readers with a limit of 10 or 100 cookies dropped what came behind, the session as well.
#[test]
fn there_is_no_limit_on_the_count() {
    let mut line: String = (0..100_000).map(|n| format!("c{n}={n}; ")).collect();
    line.push_str("sid=31d4");
    assert_eq!(pairs(line.as_bytes()).count(), 100_001);
    let header = Header::new([line.as_bytes()]);
    assert_eq!(header.only(b"sid"), Ok(Some(&b"31d4"[..])));
    assert_eq!(header.only(b"c99999"), Ok(Some(&b"99999"[..])));
}

/// Readers that fail as a whole let anyone who can plant a cookie lock the user out.
#[test]
fn one_bad_pair_costs_no_good_one() {
    for bad in [
        "=",
        "",
        " ",
        "\x01",
        "a\x7fb=1",
        "x=\x00",
        "\"",
        "x=\"",
        "=;=",
        "na\u{ef}ve=\u{fc}",
    ] {
        let line = format!("theme=dark; {bad}; sid=31d4");
        let header = Header::new([line.as_bytes()]);
        assert_eq!(header.only(b"theme"), Ok(Some(&b"dark"[..])), "{bad:?}");
        assert_eq!(header.only(b"sid"), Ok(Some(&b"31d4"[..])), "{bad:?}");
    }
}

/// HTTP/2 and HTTP/3 split the header at its pairs (RFC 9113 §8.2.3), into slices or a header map.
#[test]
fn split_header_lines_are_one() {
    let map = [String::from("a=1"), String::from("b=2; a=3")];
    let header = Header::new(map.iter().map(String::as_bytes));
    assert!(header.pairs().eq(pairs(b"a=1; b=2; a=3")));
    assert_eq!(header.only(b"b"), Ok(Some(&b"2"[..])));
    assert_eq!(header.only(b"a"), Err(Ambiguous));
}

/// A sibling domain plants a cookie of the same name, in front or behind.
#[test]
fn a_planted_duplicate_is_told() {
    for line in [
        "sid=evil; sid=31d4",
        "sid=31d4; sid=evil",
        "sid=31d4; sid=",
        "sid=31d4; sid =evil",
    ] {
        let header = Header::new([line.as_bytes()]);
        assert_eq!(header.only(b"sid"), Err(Ambiguous), "{line}");
        assert_eq!(header.all(b"sid").count(), 2, "{line}");
    }
}

/// CVE-2020-8184 (rack): decoded names let `__%48ost-sid` pass as `__Host-sid`.
#[test]
fn names_are_not_decoded() {
    let header = Header::new([&b"__%48ost-sid=evil; %73id=evil"[..]]);
    assert_eq!(header.only(b"__Host-sid"), Ok(None));
    assert_eq!(header.only(b"sid"), Ok(None));
}

/// A nameless cookie whose value is `sid=evil` is sent as `sid=evil` by old user agents; one whose
/// line begins with `=` is not taken for it.
#[test]
fn a_nameless_cookie_is_no_named_one() {
    let header = Header::new([&b"=sid=evil; sid"[..]]);
    assert_eq!(header.only(b"sid"), Ok(None));
    assert!(header.all(b"").eq([&b"sid=evil"[..], b"sid"]));
}

#[test]
fn a_client_writes_no_pair_that_breaks_out() {
    for evil in ["x; sid=evil", "x\r\nHost: evil", "x\0", "x y", "\u{e9}"] {
        assert_eq!(Pair::new("a", evil), Err(Error::Value));
        assert_eq!(Pair::new(evil, "a"), Err(Error::Name));
    }
}

/// The header maps of the crate `http` give no iterator that can be cloned.
#[test]
fn lines_come_as_a_header_map_has_them() {
    let mut map = http::HeaderMap::new();
    for line in ["theme=dark; sid=1", "lang=en"] {
        map.append("cookie", line.parse().unwrap());
    }
    let lines = map.get_all("cookie");
    let header = Header::new(&lines);
    assert_eq!(header.only(b"lang"), Ok(Some(&b"en"[..])));
    assert_eq!(header.pairs().count(), 3);
    map.append("cookie", "sid=2".parse().unwrap());
    let lines = map.get_all("cookie");
    assert_eq!(Header::new(&lines).only(b"sid"), Err(Ambiguous));
    let sid = session::Cookie::new(SetCookie::new("sid", "").unwrap()).unwrap();
    let ambiguous = sid.read(map.get_all("cookie")).err();
    assert_eq!(ambiguous, Some(session::Error::Ambiguous));
}
