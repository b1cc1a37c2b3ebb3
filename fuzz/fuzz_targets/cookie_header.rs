//! A `Cookie` header is read as the obvious split would read it; a look-up by name finds what the
//! list of all pairs has; several lines are one; and what is written from pairs is read as these.
//!
//! An input asks for two names, which its bytes choose: of what stands in it, and of what does not.

#![no_main]

use hardtack::cookie::{Ambiguous, CookieString, Header, Pair, pairs};
use libfuzzer_sys::fuzz_target;

fn trim(bytes: &[u8]) -> &[u8] {
    let is_wsp = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes
        .iter()
        .position(|byte| !is_wsp(byte))
        .unwrap_or(bytes.len());
    let end = bytes
        .iter()
        .rposition(|byte| !is_wsp(byte))
        .map_or(start, |at| at + 1);
    &bytes[start..end]
}

fn model(line: &[u8]) -> Vec<(&[u8], &[u8])> {
    line.split(|byte| *byte == b';')
        .filter(|piece| {
            !piece
                .iter()
                .any(|byte| byte.is_ascii_control() && *byte != b'\t')
        })
        .map(|piece| match piece.iter().position(|byte| *byte == b'=') {
            Some(at) => (trim(&piece[..at]), trim(&piece[at + 1..])),
            None => (&b""[..], trim(piece)),
        })
        .filter(|(name, value)| !name.is_empty() || !value.is_empty())
        .collect()
}

fuzz_target!(|input: &[u8]| {
    // A line feed cannot be part of a line: it separates several.
    let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let one = lines.join(&b"; "[..]);
    let expected = model(&one);
    assert!(pairs(&one).eq(expected.iter().copied()));

    let header = Header::new(lines.iter().copied());
    assert!(header.pairs().eq(expected.iter().copied()));

    let chosen = input.iter().fold(0, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add((*byte).into())
    });
    let pair = expected.get(chosen / 2 % expected.len().max(1));
    let part = pair.map(|pair| if chosen % 2 == 0 { pair.0 } else { pair.1 });
    let others = [&b"a"[..], b"=", b";", b"a=", b" "];
    for name in part.into_iter().chain([others[chosen % others.len()]]) {
        let all: Vec<&[u8]> = expected
            .iter()
            .filter(|pair| pair.0 == name)
            .map(|pair| pair.1)
            .collect();
        assert!(header.all(name).eq(all.iter().copied()));
        assert_eq!(header.first(name), all.first().copied());
        let only = match all[..] {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(Ambiguous),
        };
        assert_eq!(header.only(name), only);
    }

    let text = |bytes| std::str::from_utf8(bytes).ok();
    let strict: Vec<Pair> = expected
        .iter()
        .filter_map(|(name, value)| Pair::new(text(name)?, text(value)?).ok())
        .collect();
    let string = CookieString::new(&strict);
    let written = string.to_string();
    assert_eq!(string.len(), written.len());
    assert!(
        pairs(written.as_bytes()).eq(strict
            .iter()
            .map(|pair| (pair.name().as_bytes(), pair.value().as_bytes())))
    );
});
