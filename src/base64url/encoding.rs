//! Encoding without a table and, of what is secret, without a comparison: neither the cache nor the
//! time tells anything about the bytes. `base64ct` is the oracle of the tests.
//!
//! The trick: six bytes are eight numbers of six bits, which three shifts put into the eight bytes of
//! a word. There they become characters all at once, by additions. The words of a block are alike, so
//! that the compiler does as many at a time as the machine has room for. Where that is vectors, what
//! is public is compared instead, byte by byte, which they do in half of the steps.

use super::VECTORS;

/// How many bytes are encoded together.
const BYTES: usize = 48;
/// To so many characters.
const TEXT: usize = 64;
/// A word whose bytes are all 1.
const ONES: u64 = u64::MAX / 0xFF;

/// Encodes `bytes` to the whole of `text`, which must have the length that
/// [`encoded_len`](super::encoded_len) says.
pub(super) fn encode(bytes: &[u8], text: &mut [u8]) {
    let mut rest = bytes;
    for room in text.chunks_mut(TEXT) {
        put(&block_of::<true>(rest), room);
        rest = rest.get(BYTES..).unwrap_or_default();
    }
}

/// Encodes what lies in `room` from `start` to its end over the whole of `room`, which must have
/// the length that [`encoded_len`](super::encoded_len) says.
pub(super) fn encode_in_place(room: &mut [u8], start: usize) {
    let (mut read, mut written) = (start, 0_usize);
    // The text never overtakes the bytes: it has a third more, and so many were free before.
    while written < room.len() {
        let text = block_of::<{ !VECTORS }>(room.get(read..).unwrap_or_default());
        put(&text, room.get_mut(written..).unwrap_or_default());
        read = read.saturating_add(BYTES);
        written = written.saturating_add(TEXT);
    }
}

/// Gives the text of `bytes` to `take`, piece by piece.
pub(super) fn encode_pieces(bytes: &[u8], mut take: impl FnMut(&[u8])) {
    for piece in bytes.chunks(BYTES) {
        let len = super::encoded_len(piece.len());
        take(
            block_of::<{ !VECTORS }>(piece)
                .get(..len)
                .unwrap_or_default(),
        );
    }
}

/// The text of the first block of `bytes`, behind which there are zeros; in `WORDS` what is secret, and
/// all of it where there are no vectors.
#[cfg_attr(not(small), inline)]
fn block_of<const WORDS: bool>(bytes: &[u8]) -> [u8; TEXT] {
    if let Some(bytes) = bytes.first_chunk() {
        return block::<WORDS>(bytes);
    }
    let mut filled = [0; BYTES];
    if let Some(room) = filled.get_mut(..bytes.len()) {
        room.copy_from_slice(bytes);
    }
    block::<WORDS>(&filled)
}

fn block<const WORDS: bool>(bytes: &[u8; BYTES]) -> [u8; TEXT] {
    let mut text = [0; TEXT];
    let (words, _) = text.as_chunks_mut();
    for (word, start) in words.iter_mut().zip((0..).step_by(6)) {
        *word = numbers(six(bytes, start));
    }
    if WORDS {
        for word in words {
            *word = characters(*word);
        }
    } else {
        for byte in &mut text {
            *byte = character(*byte);
        }
    }
    text
}

/// Six bytes from `start`, and two more. There are none behind the last six, which are read with
/// the two before.
#[inline]
fn six(bytes: &[u8; BYTES], start: usize) -> u64 {
    match bytes.get(start..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => bytes
            .last_chunk()
            .map_or(0, |bytes| u64::from_be_bytes(*bytes) << 16),
    }
}

/// The eight numbers of six bits that the upper six bytes of a word are.
#[inline]
const fn numbers(word: u64) -> [u8; 8] {
    const TWENTY_FOUR: u64 = 0x00FF_FFFF_0000_0000;
    const TWELVE: u64 = 0x0000_0FFF_0000_0FFF;
    const SIX: u64 = 0x003F_003F_003F_003F;
    // 48 bits as two times 24, as four times 12, as eight times 6, the first ones lowest.
    let bits = word >> 40 | (word << 16) & TWENTY_FOUR;
    let bits = (bits >> 12) & TWELVE | (bits & TWELVE) << 16;
    let bits = (bits >> 6) & SIX | (bits & SIX) << 8;
    bits.to_le_bytes()
}

/// The character of a number below 64: 0 is `A`; at 26 the alphabet jumps to `a`, at 52 to `0`, at
/// 62 to `-`, at 63 to `_`.
#[inline]
const fn character(number: u8) -> u8 {
    const fn above(limit: u8, number: u8) -> u8 {
        ((number.cast_signed() > limit.cast_signed()) as u8).wrapping_neg()
    }
    number
        .wrapping_add(b'A')
        .wrapping_add(6 & above(25, number))
        .wrapping_sub(75 & above(51, number))
        .wrapping_sub(13 & above(61, number))
        .wrapping_add(49 & above(62, number))
}

/// [`character`] of eight numbers without a comparison. What is carried from byte to byte on the way is
/// taken back by the end, where each byte is a character.
#[inline]
const fn characters(numbers: [u8; 8]) -> [u8; 8] {
    let numbers = u64::from_le_bytes(numbers);
    numbers
        .wrapping_add(each(b'A'))
        .wrapping_add(each(6) & above(25, numbers))
        .wrapping_sub(each(75) & above(51, numbers))
        .wrapping_sub(each(13) & above(61, numbers))
        .wrapping_add(each(49) & above(62, numbers))
        .to_le_bytes()
}

/// A word of which each byte is this one.
#[inline]
const fn each(byte: u8) -> u64 {
    (byte as u64).wrapping_mul(ONES)
}

/// The seven lower bits of each byte of `numbers`, which is below 64, if it is above `limit`, none
/// if not. It is then raised to 128 or more.
#[inline]
const fn above(limit: u8, numbers: u64) -> u64 {
    let raised = numbers.wrapping_add(each(127_u8.wrapping_sub(limit))) & each(128);
    raised.wrapping_sub(raised >> 7)
}

/// Writes `text` to the front of `room`, as far as there is room. The end of it goes in pieces of
/// the length in which it was made: what was stored in other pieces, a processor waits for.
#[inline]
fn put(text: &[u8; TEXT], room: &mut [u8]) {
    if let Some(room) = room.first_chunk_mut() {
        *room = *text;
        return;
    }
    let (pieces, rest) = room.as_chunks_mut::<16>();
    let (text, _) = text.as_chunks();
    let mut text = text.iter();
    for (room, piece) in pieces.iter_mut().zip(&mut text) {
        *room = *piece;
    }
    for (room, character) in rest.iter_mut().zip(text.next().unwrap_or(&[0; 16])) {
        *room = *character;
    }
}
