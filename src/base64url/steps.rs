//! Decoding character by character, without a comparison of one or a branch on one, and without a table that
//! is looked up by one: neither the cache nor the time tells anything about the bytes. It is also the
//! smallest way. `base64ct` is the oracle, in the tests of the way by blocks.

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
        // Both are less than zero in the range, and so have ones above the lowest byte. That they are all
        // ones would be a mask that compilers know, and make a branch of.
        let within = (!at & behind.wrapping_sub(1)) >> 8;
        // One more, to take away what stands for other characters.
        number.wrapping_add(within & at.wrapping_add(start.into()).wrapping_add(1))
    };
    RANGES.iter().fold(u32::MAX, each)
}
