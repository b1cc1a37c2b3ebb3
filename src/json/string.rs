//! Strings: where one ends, what its escapes stand for, whether two are the same.
//!
//! Plain characters are passed over a machine word at a time: a byte that needs a look (a quote, a
//! backslash, a control character) is found in a word with a few operations, without a loop over its bytes.

/// The bytes of a machine word.
pub(super) const WORD: usize = size_of::<usize>();
/// A word whose bytes are all 1.
const ONES: usize = usize::MAX / 0xFF;
/// A word whose bytes are all 0x80.
const HIGHS: usize = ONES << 7;

/// A word with the high bit set in the first byte that is not plain, and possibly in some behind
/// it; 0 where all are plain.
#[cfg_attr(not(small), inline)]
const fn special(word: usize) -> usize {
    // In b - n, a byte b below 0x80 gets its high bit set if b < n, and only then, as long as no
    // byte before it had to borrow; so the first one that is marked is marked rightly. To flip one
    // bit of 0x22, the quote, makes it 0x20, next to the control characters; they stay below.
    let control_or_quote = (word ^ ONES.wrapping_mul(0x02)).wrapping_sub(ONES.wrapping_mul(0x21));
    let backslash = (word ^ ONES.wrapping_mul(0x5C)).wrapping_sub(ONES);
    (control_or_quote | backslash) & !word & HIGHS
}

/// Whether a byte stands in a string as it is.
const fn is_plain(byte: u8) -> bool {
    !matches!(byte, 0..0x20 | b'"' | b'\\')
}

/// The number of bytes at the front of `bytes` that stand in a string as they are.
#[cfg_attr(not(small), inline)]
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<WORD>();
    let mut at = 0_usize;
    for word in words {
        let special = special(usize::from_le_bytes(*word));
        if special != 0 {
            return at.wrapping_add(special.trailing_zeros() as usize / 8);
        }
        at = at.wrapping_add(WORD);
    }
    let plain = rest.iter().position(|&byte| !is_plain(byte));
    at.wrapping_add(plain.unwrap_or(rest.len()))
}

/// Whether all of `bytes` stand in a string as they are.
#[cfg_attr(not(small), inline)]
pub(super) fn is_all_plain(bytes: &[u8]) -> bool {
    let found = match bytes.last_chunk() {
        Some(last) => {
            // The last word may overlap the one before it, which does no harm here.
            let (words, _) = bytes.as_chunks();
            words.iter().chain([last]).fold(0, |found, word| {
                found | special(usize::from_le_bytes(*word))
            })
        }
        // Shorter than a word, which is filled up with spaces.
        None => special(bytes.iter().fold(ONES.wrapping_mul(0x20), |word, byte| {
            word << 8 | usize::from(*byte)
        })),
    };
    found == 0
}

/// A string as it stands between its quotes, its escapes known to be right.
#[derive(Clone, Copy)]
pub(super) struct Raw<'t> {
    pub(super) text: &'t str,
    pub(super) escaped: bool,
}

impl Raw<'_> {
    /// What the string stands for.
    pub(super) fn chars(&self) -> Chars<'_> {
        Chars { rest: self.text }
    }

    /// Unescapes to the front of `buffer` and gives the length, or nothing where it is too short.
    #[cold]
    pub(super) fn unescape(&self, buffer: &mut [u8]) -> Option<usize> {
        let room = buffer.len();
        let mut free = buffer;
        let mut text = self.text;
        loop {
            let (run, escape) = text.split_at_checked(plain_len(text.as_bytes()))?;
            free = put(free, run)?;
            let Some((character, len)) = escape_at(escape.as_bytes()) else {
                return Some(room.saturating_sub(free.len()));
            };
            free = put(free, character.encode_utf8(&mut [0; 4]))?;
            text = escape.get(len..)?;
        }
    }
}

/// Copies `text` to the front of `room` and gives what is left of it.
fn put<'b>(room: &'b mut [u8], text: &str) -> Option<&'b mut [u8]> {
    let (front, rest) = room.split_at_mut_checked(text.len())?;
    front.copy_from_slice(text.as_bytes());
    Some(rest)
}

/// The characters that a string stands for.
pub(super) struct Chars<'t> {
    rest: &'t str,
}

impl Iterator for Chars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let (character, len) = match escape_at(self.rest.as_bytes()) {
            Some(escape) => escape,
            None => {
                let character = self.rest.chars().next()?;
                (character, character.len_utf8())
            }
        };
        self.rest = self.rest.get(len..)?;
        Some(character)
    }
}

/// The character that an escape at the front of `bytes` stands for, and the escape's length. A
/// surrogate stands in a pair, the high one first.
#[cold]
pub(super) fn escape_at(bytes: &[u8]) -> Option<(char, usize)> {
    let [b'\\', kind, rest @ ..] = bytes else {
        return None;
    };
    let character = match kind {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\x08',
        b'f' => '\x0C',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = hex4(rest)?;
            if let Some(character) = char::from_u32(unit) {
                return Some((character, 6));
            }
            let [_, _, _, _, b'\\', b'u', low @ ..] = rest else {
                return None;
            };
            let low = hex4(low)?;
            if !matches!((unit, low), (0xD800..0xDC00, 0xDC00..0xE000)) {
                return None;
            }
            let plane = ((unit & 0x3FF) << 10) | (low & 0x3FF);
            return Some((char::from_u32(plane.wrapping_add(0x1_0000))?, 12));
        }
        _ => return None,
    };
    Some((character, 2))
}

/// Four hexadecimal digits in either case.
fn hex4(bytes: &[u8]) -> Option<u32> {
    let mut value = 0;
    for &digit in bytes.first_chunk::<4>()? {
        value = value << 4 | char::from(digit).to_digit(16)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    use super::*;

    fn raw(text: &str) -> Raw<'_> {
        Raw {
            text,
            escaped: true,
        }
    }

    #[test]
    fn a_special_byte_is_found_wherever_it_stands() {
        for special in (0..=255).filter(|&byte| !is_plain(byte)) {
            for len in 1..40 {
                for at in 0..len {
                    // 0x80 and 0xFF borrow from nobody, 0x20 and 0x23 are the nearest neighbours.
                    for plain in [
                        b'a', 0x20, 0x23, 0x21, 0x5B, 0x5D, 0x7F, 0x80, 0xA2, 0xDC, 0xFF,
                    ] {
                        let mut bytes = vec![plain; len];
                        assert_eq!(plain_len(&bytes), len);
                        bytes[at] = special;
                        assert_eq!(plain_len(&bytes), at);
                        // What stands behind it changes nothing.
                        bytes[at..].fill(special);
                        assert_eq!(plain_len(&bytes), at);
                    }
                }
            }
        }
    }

    #[test]
    fn plain_is_what_is_neither_quote_nor_backslash_nor_control() {
        let special: Vec<u8> = (0..=255).filter(|&byte| !is_plain(byte)).collect();
        assert_eq!(special[..32], (0..32).collect::<Vec<u8>>());
        assert_eq!(special[32..], *b"\"\\");
    }

    #[test]
    fn every_escape_stands_for_its_character() {
        let text = r#"\"\\\/\b\f\n\r\t\u0041\u00e9\u00E9\u20ac\ud83d\uDE00\u0000x"#;
        let characters = "\"\\/\x08\x0C\n\r\tA\u{e9}\u{e9}\u{20ac}\u{1f600}\0x";
        assert_eq!(raw(text).chars().collect::<String>(), characters);
        let mut buffer = [0; 64];
        let len = raw(text).unescape(&mut buffer).unwrap();
        assert_eq!(&buffer[..len], characters.as_bytes());
    }

    #[test]
    fn every_code_point_has_its_escape() {
        for character in '\0'..=char::MAX {
            let mut escape = String::new();
            for unit in character.encode_utf16(&mut [0; 2]) {
                escape += &std::format!("\\u{unit:04x}");
            }
            assert_eq!(
                escape_at(escape.as_bytes()),
                Some((character, escape.len()))
            );
        }
    }

    #[test]
    fn what_is_no_escape_is_none() {
        for text in [
            "",
            "a",
            "\\",
            "\\a",
            "\\'",
            "\\0",
            "\\x41",
            "\\U0041",
            "\\u",
            "\\u004",
            "\\u00g1",
            "\\u+041",
            "\\u 041",
            "\\ud800",
            "\\ud800a",
            "\\ud800\\n",
            "\\ud800\\u0041",
            "\\ud800\\ud800",
            "\\udc00",
            "\\udc00\\ud800",
            "\\udfff\\udfff",
            "\\ud800\\udc0",
            "\\udbff\\ue000",
            "\\u\u{661}041",
        ] {
            assert_eq!(escape_at(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_buffer_shorter_than_the_characters_is_refused() {
        for text in ["abc\\n", "\\u00e9", "ab\\\\cdef"] {
            let len = raw(text).unescape(&mut [0; 16]).unwrap();
            for short in 0..len {
                assert_eq!(raw(text).unescape(&mut vec![0; short]), None);
            }
            assert_eq!(raw(text).unescape(&mut vec![0; len]), Some(len));
        }
    }
}
