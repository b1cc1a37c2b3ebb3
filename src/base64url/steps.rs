//! Character by character, without a comparison of one or a branch on one, and without a table that is
//! looked up by one: neither the cache nor the time tells anything about the bytes. It is also the
//! smallest way. `base64ct` is the oracle, in the tests of the ways by blocks.
//!
//! What is less than zero has ones above its lowest byte, and they are moved down for a mask. The mask of
//! a sign is one that compilers know, and make a branch of.

use super::{Invalid, decoded_len};

/// [`super::decode`].
pub(super) fn decode<'b>(text: &[u8], buffer: &'b mut [u8]) -> Result<&'b mut [u8], Invalid> {
    let decoded = buffer.get_mut(..decoded_len(text.len())).ok_or(Invalid)?;
    let mut room = decoded.iter_mut();
    let (mut flaws, mut bits, mut count) = (0, 0_u32, 0_u32);
    for &character in text {
        let six = six_bits(character);
        flaws |= six;
        bits = bits << 6 | six;
        count = count.wrapping_add(6);
        if let Some(left) = count.checked_sub(8) {
            count = left;
            room.next()
                .into_iter()
                .for_each(|byte| *byte = (bits >> left).to_le_bytes()[0]);
        }
    }
    // Six are no byte, and fewer stand behind the last one, where they are zero.
    let behind = bits & !(u32::MAX << count);
    if count < 6 && (flaws & !0x3F | behind) == 0 {
        Ok(decoded)
    } else {
        Err(Invalid)
    }
}

/// The number of a character of the alphabet; more than six bits for any other.
fn six_bits(character: u8) -> u32 {
    /// The first and the last character of a range, and the number of the first.
    const RANGES: [(u8, u8, u8); 5] = [
        (b'A', b'Z', 0),
        (b'a', b'z', 26),
        (b'0', b'9', 52),
        (b'-', b'-', 62),
        (b'_', b'_', 63),
    ];
    let each = |number: u32, &(first, last, start): &(u8, u8, u8)| {
        let at = u32::from(character).wrapping_sub(first.into());
        let behind = u32::from(character).wrapping_sub(last.into());
        // Both are less than zero in the range.
        let within = (!at & behind.wrapping_sub(1)) >> 8;
        // One more, to take away what stands for other characters.
        number.wrapping_add(within & at.wrapping_add(start.into()).wrapping_add(1))
    };
    RANGES.iter().fold(u32::MAX, each)
}

/// Encodes what lies in `room` from `start` to its end over the whole of `room`, which must have
/// the length that [`encoded_len`](super::encoded_len) says.
pub(super) fn encode_in_place(room: &mut [u8], start: usize) {
    let mut read = start;
    let (mut bits, mut count) = (0_u32, 0_u32);
    // The text never overtakes the bytes: it has a third more, and so many were free before.
    for at in 0..room.len() {
        if count < 6 {
            // Behind the last byte there are zeros.
            bits = bits << 8 | room.get(read).map_or(0, |byte| u32::from(*byte));
            read = read.wrapping_add(1);
            count = count.wrapping_add(8);
        }
        count = count.wrapping_sub(6);
        if let Some(place) = room.get_mut(at) {
            *place = character(bits >> count & 0x3F);
        }
    }
}

/// The character of a number below 64: 0 is `A`; at 26 the alphabet jumps to `a`, at 52 to `0`, at
/// 62 to `-`, at 63 to `_`.
fn character(number: u32) -> u8 {
    let above = |limit: u32| limit.wrapping_sub(number) >> 8;
    number
        .wrapping_add(u32::from(b'A'))
        .wrapping_add(6 & above(25))
        .wrapping_sub(75 & above(51))
        .wrapping_sub(13 & above(61))
        .wrapping_add(49 & above(62))
        .to_le_bytes()[0]
}
