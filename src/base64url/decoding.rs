//! Decoding in blocks of sixteen characters and twelve bytes, as strict as the other way.
//!
//! The trick: all characters of a block are taken to their six bits by the same comparisons and
//! additions, without a table and, where there are vectors, without a branch; the compiler does them
//! for as many at a time as the machine has room for. Then eight of them at a time are moved together
//! within a 64-bit word.
//! `base64ct` is the oracle: the tests compare both over every byte at every place.

use super::{Invalid, decoded_len};

/// The characters of a block.
const TEXT: usize = 16;
/// The bytes of a block.
const BYTES: usize = 12;

/// [`super::decode`]. What the buffer holds behind the decoded bytes is of no meaning afterwards.
#[inline]
pub(crate) fn decode<'b>(text: &[u8], buffer: &'b mut [u8]) -> Result<&'b mut [u8], Invalid> {
    let len = decoded_len(text.len());
    if buffer.len() < len {
        return Err(Invalid);
    }
    let mut flaws = [0; TEXT];
    let (blocks, tail) = text.as_chunks();
    for (block, room) in blocks.iter().zip(buffer.as_chunks_mut().0) {
        *room = decode_block(block, &mut flaws);
    }
    let mut behind = 0;
    if !tail.is_empty() {
        let last = decode_block(&last_block(text), &mut flaws);
        behind = left_over(last, text.len());
        let all = text.len().div_ceil(4).saturating_mul(3);
        let rest = buffer.get_mut(all.saturating_sub(BYTES)..);
        let rest = rest.unwrap_or_default();
        match rest.first_chunk_mut() {
            Some(room) if all >= BYTES => *room = last,
            _ => copy(
                last.get(BYTES.saturating_sub(all)..).unwrap_or_default(),
                rest,
            ),
        }
    }
    // One verdict over all, so that not even the place of a flaw is told.
    if flaws.iter().fold(behind, |all, flaw| all | flaw) == 0 {
        buffer.get_mut(..len).ok_or(Invalid)
    } else {
        Err(Invalid)
    }
}

/// The end of a text as a block: what is not there of its last four characters is filled with the
/// character of zero. The block before is there again, as far as there is room, or zeros.
#[inline]
fn last_block(text: &[u8]) -> [u8; TEXT] {
    const FILLER: u128 = u128::from_le_bytes([b'A'; TEXT]);
    let mut short = [b'A'; TEXT];
    let last = text.last_chunk().unwrap_or_else(|| {
        let start = TEXT.saturating_sub(text.len());
        copy(text, short.get_mut(start..).unwrap_or_default());
        &short
    });
    let last = u128::from_le_bytes(*last);
    let block = match text.len() % 4 {
        0 => last,
        3 => last >> 8 | FILLER << 120,
        _ => last >> 16 | FILLER << 112,
    };
    block.to_le_bytes()
}

/// The bits that a last block has behind the last byte of a text of `len` characters, or some if
/// no bytes have so many. It is a flaw if they are not zero.
#[inline]
const fn left_over(block: [u8; BYTES], len: usize) -> u8 {
    // Two fillers are the whole of the last byte and some of the one before, one is some of the last.
    let [.., second_last, last] = block;
    match len % 4 {
        0 => 0,
        1 => u8::MAX,
        2 => second_last,
        _ => last,
    }
}

/// Decodes a block, and marks in `flaws` each character that is not of the alphabet.
#[cfg_attr(not(small), inline)]
fn decode_block(text: &[u8; TEXT], flaws: &mut [u8; TEXT]) -> [u8; BYTES] {
    let mut sextets = [0; TEXT];
    for ((sextet, flaw), &byte) in sextets.iter_mut().zip(flaws).zip(text) {
        let offset = offset(byte);
        *flaw |= mask(offset == 0);
        *sextet = byte.wrapping_add(offset).wrapping_sub(lower(byte) & 6);
    }
    let mut words = [0; 2];
    for (word, sextets) in words.iter_mut().zip(sextets.as_chunks().0) {
        *word = together(*sextets);
    }
    let [first, second] = words;
    // The first 64 of the 96 bits, and the last 32.
    let start = first << 40 | first >> 32 << 16 | (second & 0xFFFF_FFFF) >> 8;
    let [_, _, _, _, end @ ..] = (second << 24 | second >> 32).to_be_bytes();
    let mut bytes = [0; BYTES];
    bytes
        .first_chunk_mut()
        .into_iter()
        .for_each(|to| *to = start.to_be_bytes());
    bytes.last_chunk_mut().into_iter().for_each(|to| *to = end);
    bytes
}

/// Eight times six bits as two times 24, the first of them lower.
#[cfg_attr(not(small), inline)]
const fn together(sextets: [u8; 8]) -> u64 {
    const ONE: u64 = 0x003F_003F_003F_003F;
    const TWO: u64 = 0x0000_0FFF_0000_0FFF;
    let ones = u64::from_le_bytes(sextets);
    let twos = (ones & ONE) << 6 | (ones >> 8) & ONE;
    (twos & TWO) << 12 | (twos >> 16) & TWO
}

/// What is added to a character of the alphabet to get its six bits, which in lower case are six
/// too many then; zero for every other byte.
#[cfg_attr(not(small), inline)]
const fn offset(byte: u8) -> u8 {
    within(byte | 0x20, b'a', b'z') & 0_u8.wrapping_sub(b'A')
        | within(byte, b'0', b'9') & 52_u8.wrapping_sub(b'0')
        | mask(byte == b'-') & 62_u8.wrapping_sub(b'-')
        | mask(byte == b'_') & 63_u8.wrapping_sub(b'_')
}

/// All bits for a letter in lower case, and none for one in upper case.
#[inline]
const fn lower(byte: u8) -> u8 {
    above(byte, b'_')
}

/// All bits if `condition`, else none.
#[inline]
const fn mask(condition: bool) -> u8 {
    (condition as u8).wrapping_neg()
}

/// All bits if `byte` is ASCII and greater than `limit`, which is ASCII. The comparison is signed,
/// since that is the one that vectors have.
#[inline]
const fn above(byte: u8, limit: u8) -> u8 {
    mask(byte.cast_signed() > limit.cast_signed())
}

/// All bits if `byte` is in a range of ASCII: raised so far that the range ends where signed
/// numbers do, one comparison is enough.
#[inline]
const fn within(byte: u8, first: u8, last: u8) -> u8 {
    const TOP: u8 = i8::MAX.cast_unsigned();
    let raised = byte.wrapping_add(TOP.wrapping_sub(last));
    let before = TOP.wrapping_sub(last.wrapping_sub(first)).wrapping_sub(1);
    mask(raised.cast_signed() > before.cast_signed())
}

/// Copies what both have room for. Not inlined, as it is for the ends of texts.
#[inline(never)]
fn copy(from: &[u8], to: &mut [u8]) {
    let len = from.len().min(to.len());
    if let (Some(from), Some(to)) = (from.get(..len), to.get_mut(..len)) {
        to.copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec;
    use std::vec::Vec;

    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::super::steps;
    use super::*;

    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// Decodes by both, which must agree.
    #[track_caller]
    fn agree_on_text(text: &[u8]) {
        let len = decoded_len(text.len());
        let mut right = vec![0; len];
        let right = Base64UrlUnpadded::decode(text, &mut right);
        let right = right.map(<[u8]>::to_vec).map_err(|_| Invalid);
        // With no room at all behind the bytes, and with more than a block writes.
        for room in [0, 1, 2, BYTES] {
            let mut buffer = vec![0; len + room];
            for way in [decode, steps::decode] {
                let decoded = way(text, &mut buffer).map(|bytes| bytes.to_vec());
                assert_eq!(decoded, right, "{}", text.escape_ascii());
            }
        }
    }

    /// Less than a block, a block and every tail of it, two blocks and less than a third.
    const LENGTHS: [usize; 24] = [
        0, 1, 2, 3, 4, 5, 8, 11, 14, 15, 16, 17, 18, 19, 20, 23, 24, 31, 32, 33, 34, 35, 36, 51,
    ];

    #[test]
    fn every_byte_at_every_place_is_decoded_as_by_base64ct() {
        for len in LENGTHS {
            let text: Vec<u8> = ALPHABET.iter().rev().cycle().take(len).copied().collect();
            agree_on_text(&text);
            for at in 0..len {
                for byte in 0..=u8::MAX {
                    let mut text = text.clone();
                    // With no bits behind the last byte, but by the change.
                    text[len - 1] = b'A';
                    text[at] = byte;
                    agree_on_text(&text);
                }
            }
        }
    }

    #[test]
    fn every_ending_is_decoded_as_by_base64ct() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                agree_on_text(&[first, second]);
            }
        }
        for first in ALPHABET {
            for second in ALPHABET {
                agree_on_text(&[b'Z', *first, *second]);
                agree_on_text(&[b'Z', b'm', *first, *second]);
            }
        }
    }

    #[test]
    fn characters_and_six_bits_are_one_to_one() {
        for (sextet, byte) in (0_u8..).zip(ALPHABET) {
            let decoded = byte
                .wrapping_add(offset(*byte))
                .wrapping_sub(lower(*byte) & 6);
            assert_eq!(decoded, sextet);
        }
        let known = (0..=u8::MAX).filter(|byte| offset(*byte) != 0);
        assert_eq!(known.count(), 64);
    }

    #[test]
    fn a_short_buffer_is_refused() {
        assert_eq!(decode(b"Zm9v", &mut [0; 2]), Err(Invalid));
    }
}
