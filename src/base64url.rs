//! base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: no padding, no white space, no
//! bits behind the last byte. The only file that names `base64ct`.
//!
//! Both ways go by blocks, which is several times faster. What is secret is decoded so only where a
//! block is a vector: elsewhere compilers make branches of the comparisons, and it goes by steps. So does
//! everything where code is to be small.

use base64ct::{Base64, Encoding};

mod decoding;
mod encoding;
mod steps;

/// Whether all machines of this architecture have vectors of bytes.
const VECTORS: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

/// The text is not the base64url form of anything, or `buffer` is shorter than what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// The length of the text of `len` bytes.
#[must_use]
#[inline]
pub(crate) const fn encoded_len(len: usize) -> usize {
    // Four characters for three bytes, and for a rest one more than it has bytes.
    let rest = len % 3;
    len.saturating_add(len / 3).saturating_add(rest.div_ceil(2))
}

/// The number of bytes that a text of `len` characters stands for.
#[must_use]
#[inline]
pub(crate) const fn decoded_len(len: usize) -> usize {
    // Three bytes for four characters, and for a rest one less than it has characters.
    (len / 4)
        .saturating_mul(3)
        .saturating_add((len % 4).saturating_sub(1))
}

/// Decodes `text` to the front of `buffer`, in time that tells its length and whether it is right, but
/// no byte. What the buffer holds behind the decoded bytes, or after an error, is not defined.
pub(crate) fn decode<'b>(text: &[u8], buffer: &'b mut [u8]) -> Result<&'b mut [u8], Invalid> {
    if VECTORS {
        decoding::decode(text, buffer)
    } else {
        steps::decode(text, buffer)
    }
}

/// [`decode`] for what is public, as the parts of a token are that lies before whoever sent it.
#[inline]
pub(crate) fn decode_public<'b>(
    text: &[u8],
    buffer: &'b mut [u8],
) -> Result<&'b mut [u8], Invalid> {
    if cfg!(small) {
        decode(text, buffer)
    } else {
        decoding::decode(text, buffer)
    }
}

/// Decodes padded base64 of the standard alphabet (RFC 4648 §4), which HTTP Basic wants, and is as
/// strict about it. What the buffer holds after an error is not defined.
pub(crate) fn decode_standard<'b>(text: &[u8], buffer: &'b mut [u8]) -> Result<&'b [u8], Invalid> {
    Base64::decode(text, buffer).map_err(|_| Invalid)
}

/// Encodes `bytes` to the front of `buffer`, or nothing where it is shorter than
/// [`encoded_len`] says.
pub(crate) fn encode<'b>(bytes: &[u8], buffer: &'b mut [u8]) -> Option<&'b str> {
    core::str::from_utf8(encode_bytes(bytes, buffer)?).ok()
}

/// [`encode`] for who needs the text as bytes, and for a secret: no branch looks at it, not even to
/// see that it is ASCII.
pub(crate) fn encode_bytes<'b>(bytes: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let room = buffer.get_mut(..encoded_len(bytes.len()))?;
    if cfg!(small) {
        let start = room.len().saturating_sub(bytes.len());
        let end = room.get_mut(start..)?;
        // Always so, but a linker is to see it too.
        if end.len() == bytes.len() {
            end.copy_from_slice(bytes);
        }
        steps::encode_in_place(room, start);
    } else {
        encoding::encode(bytes, room);
    }
    Some(room)
}

/// Encodes what lies in `room` from `start` to its end, which is public, over the whole of `room`,
/// which must have the length that [`encoded_len`] says.
pub(crate) fn encode_in_place(room: &mut [u8], start: usize) {
    if cfg!(small) {
        steps::encode_in_place(room, start);
    } else {
        encoding::encode_in_place(room, start);
    }
}

/// Gives the text of `bytes`, which are public, to `take`, piece by piece.
pub(crate) fn encode_pieces(bytes: &[u8], take: impl FnMut(&[u8])) {
    encoding::encode_pieces(bytes, take);
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec;
    use std::vec::Vec;

    use base64ct::Base64UrlUnpadded;

    use super::*;

    fn decoded(text: &str) -> Result<Vec<u8>, Invalid> {
        let mut buffer = vec![0; decoded_len(text.len())];
        decode(text.as_bytes(), &mut buffer).map(|bytes| bytes.to_vec())
    }

    /// RFC 4648 §10, without the padding.
    #[test]
    fn rfc_4648_vectors() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            let mut buffer = [0; 8];
            assert_eq!(encode(bytes.as_bytes(), &mut buffer), Some(text));
            assert_eq!(encoded_len(bytes.len()), text.len());
            assert_eq!(decoded_len(text.len()), bytes.len());
            assert_eq!(decoded(text).as_deref(), Ok(bytes.as_bytes()));
        }
    }

    /// Each value of each six bits, and each length of a rest, in every way that there is to encode.
    #[test]
    fn encoding_is_that_of_base64ct() {
        let check = |bytes: &[u8]| {
            let (mut ours, mut theirs) = ([7; 200], [7; 200]);
            let theirs = Base64UrlUnpadded::encode(bytes, &mut theirs).unwrap();
            assert_eq!(encode(bytes, &mut ours), Some(theirs));
            assert!(ours[theirs.len()..].iter().all(|&byte| byte == 7));
            let start = theirs.len() - bytes.len();
            for way in [encode_in_place, steps::encode_in_place] {
                let mut room = [&vec![7; start], bytes].concat();
                way(&mut room, start);
                assert_eq!(room, theirs.as_bytes());
            }
            let mut pieces = Vec::new();
            encode_pieces(bytes, |piece| pieces.extend_from_slice(piece));
            assert_eq!(pieces, theirs.as_bytes());
        };
        for at in 0..8 {
            for others in [0, 63, 21, 42] {
                for value in 0..64 {
                    let bits = (0..8).fold(0_u64, |bits, place| {
                        bits << 6 | if place == at { value } else { others }
                    });
                    check(&bits.to_be_bytes()[2..]);
                }
            }
        }
        for len in 0..=150 {
            for byte in [0x00, 0xFF, 0x5A, 0xA5] {
                check(&[byte; 150][..len]);
            }
            let counting: Vec<u8> = (0..len).map(|at| (at * 37) as u8).collect();
            check(&counting);
        }
    }

    #[test]
    fn every_second_character_of_a_rest_has_one_right_form() {
        // Of the 64 characters that could end a text of two, the 4 without trailing bits.
        let alphabet: Vec<u8> = (0..=255)
            .filter(|&b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            .collect();
        let ending = |prefix: &[u8]| {
            alphabet
                .iter()
                .filter(|&&last| {
                    let text = [prefix, &[last]].concat();
                    decode(&text, &mut [0; 3]).is_ok()
                })
                .count()
        };
        assert_eq!(ending(b"Z"), 4);
        assert_eq!(ending(b"Zm"), 16);
        assert_eq!(ending(b"Zm9"), 64);
        assert_eq!(ending(b""), 0);
    }

    #[test]
    fn what_is_not_base64url_is_refused() {
        for text in [
            "Zg==",
            "Zm8=",
            "Zm9v\n",
            " Zm9v",
            "Zm+v",
            "Zm/v",
            "Zm9vY",
            "Zm\u{e9}v",
        ] {
            assert_eq!(decoded(text), Err(Invalid), "{text:?}");
        }
    }

    #[test]
    fn a_short_buffer_is_refused() {
        assert_eq!(decode(b"Zm9v", &mut [0; 2]), Err(Invalid));
        assert_eq!(steps::decode(b"Zm9v", &mut [0; 2]), Err(Invalid));
        assert_eq!(encode(b"foo", &mut [0; 3]), None);
    }
}
