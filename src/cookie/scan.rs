//! Finding the next byte that matters, a machine word at a time.
//!
//! The trick: a word holds as many bytes as the machine has in a register, and arithmetic on the
//! word is arithmetic on each of its bytes as long as nothing is carried from one to the next. Each
//! test below leaves the highest bit set in the bytes that it looks for; the lowest such bit is the
//! first of them, as words are read with the first byte lowest, on machines of either byte order.
//! `obvious`, in the tests, says the same byte by byte.

const WORD: usize = size_of::<usize>();
const ONES: usize = usize::MAX / 0xFF; // 0x01 in every byte
const HIGHEST: usize = ONES << 7; // 0x80 in every byte
const LOW_SEVEN: usize = !HIGHEST; // 0x7F in every byte

/// The bytes of `word` that are `byte`. What is above the first of them may be marked by mistake.
#[inline]
const fn is(word: usize, byte: u8) -> usize {
    let zero = word ^ ONES.wrapping_mul(byte as usize);
    zero.wrapping_sub(ONES) & !zero & HIGHEST
}

/// The bytes of `word` that are CTLs, HTAB among them.
#[inline]
const fn is_ctl(word: usize) -> usize {
    // %x7F becomes 0, and %x00-1F become %x01-20: below %x21 are now the CTLs and nothing else.
    let turned = (word & LOW_SEVEN).wrapping_add(ONES) & LOW_SEVEN;
    let above = turned.wrapping_add(ONES.wrapping_mul(0x80 - 0x21));
    !(above | word) & HIGHEST
}

/// The index of the first byte that `in_word` marks, which is one that `is` agrees to; or else the
/// length.
#[cfg_attr(not(small), inline)]
fn find(bytes: &[u8], in_word: impl Fn(usize) -> usize, is: impl Fn(u8) -> bool) -> usize {
    let mut rest = bytes;
    while let Some((word, others)) = rest.split_first_chunk::<WORD>() {
        let marks = in_word(usize::from_le_bytes(*word));
        if marks != 0 {
            let within = marks.trailing_zeros() as usize / 8;
            return bytes.len().wrapping_sub(rest.len()).wrapping_add(within);
        }
        rest = others;
    }
    let tail = rest.iter().position(|&byte| is(byte)).unwrap_or(rest.len());
    bytes.len().wrapping_sub(rest.len()).wrapping_add(tail)
}

/// The index of the first `;`, or else the length.
#[cfg_attr(not(small), inline)]
pub(super) fn semicolon(bytes: &[u8]) -> usize {
    find(bytes, |word| is(word, b';'), |byte| byte == b';')
}

/// The index of the first `;` or CTL (HTAB is one), or else the length.
#[cfg_attr(not(small), inline)]
pub(super) fn end_of_value(bytes: &[u8]) -> usize {
    find(
        bytes,
        |word| is(word, b';') | is_ctl(word),
        |byte| (byte == b';') | byte.is_ascii_control(),
    )
}

/// The index of the first `=`, `;` or CTL (HTAB is one), or else the length.
#[inline]
pub(super) fn end_of_name(bytes: &[u8]) -> usize {
    find(
        bytes,
        |word| is(word, b'=') | is(word, b';') | is_ctl(word),
        |byte| (byte == b'=') | (byte == b';') | byte.is_ascii_control(),
    )
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    /// What the three functions find, byte by byte.
    fn obvious(bytes: &[u8], stops: &[u8], ctl: bool) -> usize {
        bytes
            .iter()
            .position(|byte| stops.contains(byte) || ctl && byte.is_ascii_control())
            .unwrap_or(bytes.len())
    }

    #[track_caller]
    fn check(bytes: &[u8]) {
        assert_eq!(semicolon(bytes), obvious(bytes, b";", false), "{bytes:?}");
        assert_eq!(end_of_value(bytes), obvious(bytes, b";", true), "{bytes:?}");
        assert_eq!(end_of_name(bytes), obvious(bytes, b"=;", true), "{bytes:?}");
    }

    /// Neighbours of the bytes looked for, where arithmetic on words goes wrong if it does.
    const EDGES: [u8; 20] = [
        0x00, 0x01, 0x09, 0x1E, 0x1F, 0x20, 0x21, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x7E, 0x7F, 0x80,
        0x81, 0x9F, 0xBB, 0xBD, 0xFF,
    ];

    #[test]
    fn every_byte_is_seen_at_every_place() {
        for byte in 0..=u8::MAX {
            for len in 0..=3 * WORD {
                for at in 0..len {
                    for filler in [b'a', 0x80, 0xFF, b' '] {
                        let mut bytes = [filler; 3 * WORD];
                        bytes[at] = byte;
                        check(&bytes[..len]);
                    }
                }
            }
        }
    }

    #[test]
    fn neighbours_do_not_disturb_each_other() {
        for a in EDGES {
            for b in EDGES {
                for c in EDGES {
                    for at in 0..WORD {
                        let mut bytes: Vec<u8> = [b'x'; 2 * WORD].into();
                        bytes[at] = a;
                        bytes[at + 1] = b;
                        bytes[at + 2] = c;
                        check(&bytes);
                    }
                }
            }
        }
    }
}
