//! Encoding without a table and without a branch: neither the cache nor the time tells anything
//! about the bytes. `base64ct` is the oracle of the tests.
//!
//! The trick: six bytes are eight numbers of six bits, which three shifts put into the eight bytes of
//! a word. What then makes characters of numbers is the same for each byte of a block, so that the
//! compiler does it for as many at a time as the machine has room for.

/// How many bytes are encoded together.
const BYTES: usize = 36;
/// To so many characters.
const TEXT: usize = 48;

/// Encodes `bytes` to the whole of `text`, which must have the length that
/// [`encoded_len`](super::encoded_len) says.
pub(super) fn encode(bytes: &[u8], text: &mut [u8]) {
    let (blocks, rest) = bytes.as_chunks();
    let mut rooms = text.chunks_mut(TEXT);
    for (bytes, room) in blocks.iter().zip(&mut rooms) {
        if let Some(room) = room.first_chunk_mut() {
            *room = block(bytes);
        }
    }
    if let Some(room) = rooms.next() {
        let mut bytes = [0; BYTES];
        for (to, from) in bytes.iter_mut().zip(rest) {
            *to = *from;
        }
        for (to, from) in room.iter_mut().zip(block(&bytes)) {
            *to = from;
        }
    }
}

#[inline]
fn block(bytes: &[u8; BYTES]) -> [u8; TEXT] {
    let mut text = [0; TEXT];
    let (groups, _) = bytes.as_chunks();
    let (rooms, _) = text.as_chunks_mut();
    for (group, room) in groups.iter().zip(rooms) {
        *room = eight(*group);
    }
    for byte in &mut text {
        *byte = character(*byte);
    }
    text
}

/// The eight numbers of six bits that six bytes are.
#[inline]
const fn eight([a, b, c, d, e, f]: [u8; 6]) -> [u8; 8] {
    let (upper, lower) = (u32::from_be_bytes([a, b, c, d]), u16::from_be_bytes([e, f]));
    let bits = (upper as u64) << 16 | lower as u64;
    // 48 bits as two times 24, as four times 12, as eight times 6.
    let bits = (bits & 0xFFFF_FF00_0000) << 8 | bits & 0x0000_0000_00FF_FFFF;
    let bits = (bits & 0x00FF_F000_00FF_F000) << 4 | bits & 0x0000_0FFF_0000_0FFF;
    let bits = (bits & 0x0FC0_0FC0_0FC0_0FC0) << 2 | bits & 0x003F_003F_003F_003F;
    bits.to_be_bytes()
}

/// The character of a number below 64: 0 is `A`; at 26 the alphabet jumps to `a`, at 52 to `0`, at
/// 62 to `-`, at 63 to `_`.
#[inline]
const fn character(number: u8) -> u8 {
    number
        .wrapping_add(b'A')
        .wrapping_add(6 & from(26, number))
        .wrapping_sub(75 & from(52, number))
        .wrapping_sub(13 & from(62, number))
        .wrapping_add(49 & from(63, number))
}

/// All bits if `number` is at least `least`, none if not, and no condition that could be a branch.
#[inline]
const fn from(least: u8, number: u8) -> u8 {
    let below_zero = least.wrapping_sub(1).wrapping_sub(number) >> 7;
    0_u8.wrapping_sub(below_zero)
}
