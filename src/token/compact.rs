//! The compact serialization (RFC 7515 §7.1): `BASE64URL(header).BASE64URL(payload).BASE64URL(tag)`.

use core::fmt;

use super::header::{self, Expected};
use super::{Error, Keys};
use crate::base64url::{self, Invalid};
use crate::mac::{Algorithm, InvalidTag, Key, Tagging};
use crate::write::{Counter, NoRoom, Sink, Stop, Writer};

/// The longest tag, that of HS512.
const LONGEST_TAG: usize = 64;

/// The lengths of encoded tags: of HS256, HS384, HS512, and of `none`, which is refused later, by
/// its name.
const TAG_LENS: [usize; 4] = [
    base64url::encoded_len(32),
    base64url::encoded_len(48),
    base64url::encoded_len(LONGEST_TAG),
    0,
];

/// The parts of a token, still encoded.
struct Parts<'t> {
    header: &'t [u8],
    payload: &'t [u8],
    tag: &'t [u8],
    /// The header, the dot, and the payload.
    signed: &'t [u8],
}

impl<'t> Parts<'t> {
    /// Splits at the dot before the tag, which has the length of one, and at the first dot before
    /// that. A third dot would be in a part, where decoding finds it.
    fn split(token: &'t [u8]) -> Option<Self> {
        let dot = |tag_len: &usize| {
            let place = token.len().checked_sub(*tag_len)?.checked_sub(1)?;
            (token.get(place) == Some(&b'.')).then_some(place)
        };
        // [7515-5.2-1]
        let last = TAG_LENS.iter().find_map(dot)?;
        let signed = token.get(..last)?;
        let first = first_dot(signed)?;
        Some(Self {
            header: signed.get(..first)?,
            payload: signed.get(first.checked_add(1)?..)?,
            tag: token.get(last.checked_add(1)?..)?,
            signed,
        })
    }

    fn decode_tag<'b>(&self, room: &'b mut [u8; LONGEST_TAG]) -> Result<&'b [u8], Error> {
        let len = decode(self.tag, room)?;
        room.get(..len).ok_or(Error::Malformed)
    }

    /// Decodes the payload to the front of `scratch`, behind which there is room for the header
    /// then.
    fn decode_payload<'s>(&self, scratch: &'s mut [u8]) -> Result<Payload<'s>, Error> {
        let payload_len = base64url::decoded_len(self.payload.len());
        let needed = payload_len.saturating_add(base64url::decoded_len(self.header.len()));
        if scratch.len() < needed {
            return Err(Error::NoRoom(NoRoom { needed }));
        }
        decode(self.payload, scratch)?;
        let (payload, rest) = scratch
            .split_at_mut_checked(payload_len)
            .ok_or(NoRoom { needed })?;
        Ok(Payload {
            bytes: payload,
            rest,
            // What has escapes is unescaped once for this crate and once for the caller's type.
            enough: needed.saturating_mul(3),
        })
    }

    /// [`decode_payload`](Self::decode_payload), and the header behind it.
    fn decode_both<'s>(&self, scratch: &'s mut [u8]) -> Result<Decoded<'s>, Error> {
        let payload = self.decode_payload(scratch)?;
        let header_len = decode(self.header, payload.rest)?;
        let (header, rest) = payload
            .rest
            .split_at_mut_checked(header_len)
            .ok_or(Error::Malformed)?;
        Ok(Decoded {
            header,
            payload: payload.bytes,
            rest,
            enough: payload.enough,
        })
    }

    /// Compares the tag of the parts, and of a payload that is `detached`, with `tag`, in
    /// constant time.
    fn verify<A: Algorithm>(
        &self,
        key: &Key<A>,
        detached: Option<&[u8]>,
        tag: &[u8],
    ) -> Result<(), Error> {
        let mut mac = key.start();
        // [7515-5.2-8]
        mac.update(self.signed);
        if let Some(payload) = detached {
            base64url::encode_pieces(payload, |piece| mac.update(piece));
        }
        match mac.verify(tag) {
            Ok(()) => Ok(()),
            Err(InvalidTag) => Err(Error::Signature),
        }
    }
}

/// Decodes to the front of `room`, all of which is written to as it suits, and gives the length.
pub(super) fn decode(part: &[u8], room: &mut [u8]) -> Result<usize, Error> {
    // [7515-2-1]
    match base64url::decode_public(part, room) {
        Ok(decoded) => Ok(decoded.len()),
        Err(Invalid) => Err(Error::Malformed),
    }
}

/// The index of the first dot. A word with a dot in it is found by arithmetic on the whole word:
/// a byte that is a dot becomes zero, and of zero alone a one can be taken so that bit 7 is set.
fn first_dot(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xFF;
    const DOTS: u64 = u64::from_le_bytes([b'.'; 8]);
    let (words, _) = bytes.as_chunks();
    let without_dot = words.iter().take_while(|word| {
        let dots = u64::from_le_bytes(**word) ^ DOTS;
        let borrowed = dots.wrapping_sub(ONES) & !dots;
        borrowed & (ONES << 7) == 0
    });
    let passed = without_dot.count().saturating_mul(8);
    let rest = bytes.get(passed..)?;
    let found = rest.iter().position(|byte| *byte == b'.')?;
    passed.checked_add(found)
}

/// The payload of a token, decoded.
pub(super) struct Payload<'s> {
    pub(super) bytes: &'s [u8],
    /// What is left of the caller's scratch buffer.
    pub(super) rest: &'s mut [u8],
    /// A length of the scratch buffer that is enough, whatever is unescaped.
    pub(super) enough: usize,
}

/// The payload and the header of a token, decoded.
pub(super) struct Decoded<'s> {
    pub(super) header: &'s [u8],
    pub(super) payload: &'s [u8],
    /// As in [`Payload`].
    pub(super) rest: &'s mut [u8],
    /// As in [`Payload`].
    pub(super) enough: usize,
}

impl fmt::Debug for Decoded<'_> {
    /// Without the rest of the scratch buffer, in which something else may lie.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded")
            .field("header", &self.header)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}

/// Steps 1 and 2 of verification alone: what the parts say, whoever wrote them.
pub(super) fn inspect<'s>(token: &[u8], scratch: &'s mut [u8]) -> Result<Decoded<'s>, Error> {
    let parts = Parts::split(token).ok_or(Error::Malformed)?;
    parts.decode_tag(&mut [0; LONGEST_TAG])?;
    parts.decode_both(scratch)
}

/// Steps 1 to 4 of verification: structure, base64url, header, tag. Of the payload no more is
/// known then than its bytes.
pub(super) fn open<'s, K: Keys>(
    keys: &K,
    expected: Expected<'_>,
    token: &[u8],
    scratch: &'s mut [u8],
) -> Result<Payload<'s>, Error> {
    let parts = Parts::split(token).ok_or(Error::Malformed)?;
    let mut tag = [0; LONGEST_TAG];
    let tag = parts.decode_tag(&mut tag)?;
    let payload = parts.decode_payload(scratch)?;
    let kid = header::kid::<K::Algorithm>(parts.header, expected, payload.rest, payload.enough)?;
    let key = keys.verifying(kid).ok_or(Error::UnknownKey)?;
    // [8725-3.3-1]
    parts.verify(key, None, tag)?;
    Ok(payload)
}

/// [`open`] that keeps the header, and for which the payload may be `detached` (RFC 7515 appendix
/// F): the token has an empty one then.
pub(super) fn open_both<'s, K: Keys>(
    keys: &K,
    expected: Expected<'_>,
    token: &[u8],
    detached: Option<&[u8]>,
    scratch: &'s mut [u8],
) -> Result<Decoded<'s>, Error> {
    let parts = Parts::split(token).ok_or(Error::Malformed)?;
    if detached.is_some() && !parts.payload.is_empty() {
        return Err(Error::Malformed);
    }
    let mut tag = [0; LONGEST_TAG];
    let tag = parts.decode_tag(&mut tag)?;
    let decoded = parts.decode_both(scratch)?;
    let kid = header::read::<K::Algorithm>(decoded.header, expected, decoded.rest, decoded.enough)?;
    let key = keys.verifying(kid).ok_or(Error::UnknownKey)?;
    parts.verify(key, detached, tag)?;
    Ok(decoded)
}

/// A part of a token before it is encoded.
pub(super) trait Part {
    /// Puts the whole part into `sink`, the same bytes every time.
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), Error>;

    /// Its exact length.
    fn len(&self) -> Result<usize, Error> {
        counted(self)
    }

    /// Writes it, encoded, over the whole of `room`, which is as long as `len` bytes are then.
    fn encode(&self, len: usize, room: &mut [u8]) -> Result<(), Error> {
        put_and_encode(self, len, room)
    }
}

/// The length of what a part puts.
pub(super) fn counted<P: Part + ?Sized>(part: &P) -> Result<usize, Error> {
    let mut counter = Counter::default();
    part.put(&mut counter)?;
    Ok(counter.beyond)
}

/// Puts the bytes of a part to the end of `room`, from where they are encoded over the whole.
pub(super) fn put_and_encode<P: Part + ?Sized>(
    part: &P,
    len: usize,
    room: &mut [u8],
) -> Result<(), Error> {
    let start = room.len().saturating_sub(len);
    let mut writer = Writer::new(room.get_mut(start..).unwrap_or_default());
    part.put(&mut writer)?;
    if !writer.is_full() {
        return Err(Error::Payload);
    }
    base64url::encode_in_place(room, start);
    Ok(())
}

/// Bytes as they are.
impl Part for &[u8] {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        sink.put(self).map_err(|Stop| Error::Payload)
    }
}

/// The exact length of a token whose parts have these lengths.
pub(super) const fn sealed_len<A: Algorithm>(header: usize, payload: usize) -> usize {
    base64url::encoded_len(header)
        .saturating_add(base64url::encoded_len(payload))
        .saturating_add(base64url::encoded_len(A::TAG_LEN))
        .saturating_add(2)
}

/// Writes a token to the front of `buffer`, all or nothing.
pub(super) fn seal<'b, A: Algorithm>(
    key: &Key<A>,
    header: &impl Part,
    payload: &impl Part,
    buffer: &'b mut [u8],
) -> Result<&'b str, Error> {
    let (header_len, payload_len) = (header.len()?, payload.len()?);
    let needed = sealed_len::<A>(header_len, payload_len);
    let mut token = Filling::new(buffer, needed)?;
    header.encode(header_len, token.next(base64url::encoded_len(header_len)))?;
    token.dot();
    payload.encode(payload_len, token.next(base64url::encoded_len(payload_len)))?;
    let mut mac = key.start();
    mac.update(token.filled());
    token.close(mac)
}

/// [`seal`] with the payload left out of the token (RFC 7515 appendix F), not out of the MAC.
pub(super) fn seal_detached<'b, A: Algorithm>(
    key: &Key<A>,
    header: &impl Part,
    payload: &[u8],
    buffer: &'b mut [u8],
) -> Result<&'b str, Error> {
    let header_len = header.len()?;
    let mut token = Filling::new(buffer, sealed_len::<A>(header_len, 0))?;
    header.encode(header_len, token.next(base64url::encoded_len(header_len)))?;
    token.dot();
    let mut mac = key.start();
    mac.update(token.filled());
    base64url::encode_pieces(payload, |piece| mac.update(piece));
    token.close(mac)
}

/// A token that is being written to a buffer of its length.
struct Filling<'b> {
    buffer: &'b mut [u8],
    filled: usize,
}

impl<'b> Filling<'b> {
    fn new(buffer: &'b mut [u8], needed: usize) -> Result<Self, Error> {
        let buffer = buffer.get_mut(..needed).ok_or(NoRoom { needed })?;
        Ok(Self { buffer, filled: 0 })
    }

    /// The next `len` bytes, which count as written.
    #[cfg_attr(small, inline(never))]
    fn next(&mut self, len: usize) -> &mut [u8] {
        let start = self.filled;
        self.filled = start.saturating_add(len);
        self.buffer.get_mut(start..self.filled).unwrap_or_default()
    }

    fn dot(&mut self) {
        self.next(1).fill(b'.');
    }

    fn filled(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Writes the last dot and the tag.
    fn close<A: Algorithm>(mut self, mac: Tagging<A>) -> Result<&'b str, Error> {
        self.dot();
        let tag = mac.finish();
        let room = self.next(base64url::encoded_len(A::TAG_LEN));
        base64url::encode_bytes(tag.as_ref(), room).ok_or(Error::Payload)?;
        core::str::from_utf8(self.buffer).map_err(|_| Error::Payload)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use core::time::Duration;

    use super::*;
    use crate::mac::Keyring;
    use crate::mac::counting::{Counting, compressions, of_one_tag};
    use crate::time::UnixTime;
    use crate::token::{Claims, Jws, Signer, Verifier};

    const SIGNER: Signer<'_> = Signer::access_token("i", "a", Duration::from_secs(300));
    const VERIFIER: Verifier<'_> = Verifier::access_token("i", "a");
    const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

    #[test]
    fn the_first_dot_is_found_wherever_it_stands() {
        for filler in (0..=u8::MAX).filter(|byte| *byte != b'.') {
            assert_eq!(first_dot(&[filler; 20]), None);
            for at in 0..20 {
                let mut text = [filler; 20];
                text[at] = b'.';
                assert_eq!(first_dot(&text), Some(at), "{filler:#x}");
                text[19] = b'.';
                assert_eq!(first_dot(&text), Some(at), "{filler:#x}");
            }
        }
    }

    #[test]
    fn no_block_is_hashed_for_the_key_and_nothing_twice() {
        let keys = Keyring::<_, 1>::new("new", Key::<Counting>::new(&[1; 32]).unwrap())
            .with_former("old", Key::new(&[2; 32]).unwrap())
            .unwrap();
        let claims = Claims::of("ada").client_id("web").jti("x7Qp");
        let (mut buffer, mut scratch) = ([0; 512], [0; 512]);

        let (token, minting) = compressions(|| SIGNER.sign(&keys, &claims, &mut buffer, NOW));
        let token = token.unwrap().as_bytes();
        let signed = token.len() - 1 - 43;
        assert_eq!(minting, of_one_tag(signed));

        let mut verify = |keys: &_, token: &[u8]| {
            compressions(|| VERIFIER.verify(keys, token, &mut scratch, NOW).map(|_| ()))
        };
        assert_eq!(verify(&keys, token), (Ok(()), of_one_tag(signed)));

        // A bad tag costs the same; what is refused before it costs nothing.
        for (at, byte, refused) in [
            (
                signed + 1,
                b'A',
                (Err(Error::Signature), of_one_tag(signed)),
            ),
            (0, b'*', (Err(Error::Malformed), 0)),
            (1, b'A', (Err(Error::Header), 0)),
            (60, b'*', (Err(Error::Malformed), 0)),
        ] {
            let mut bad = token.to_vec();
            assert_ne!(bad[at], byte);
            bad[at] = byte;
            assert_eq!(verify(&keys, &bad), refused);
        }
        let stranger = Keyring::<_, 1>::new("x", Key::<Counting>::new(&[1; 32]).unwrap());
        assert_eq!(verify(&stranger, token), (Err(Error::UnknownKey), 0));
    }

    #[test]
    fn a_detached_payload_is_hashed_once_too() {
        let key = Key::<Counting>::new(&[1; 32]).unwrap();
        let (mut buffer, mut scratch) = ([0; 128], [0; 128]);
        let jws = Jws::untyped();
        let (token, signing) = compressions(|| jws.sign_detached(&key, &[0; 100], &mut buffer));
        let token = token.unwrap().as_bytes();
        let signed = token.len() - 1 - 43 + base64url::encoded_len(100);
        assert_eq!(signing, of_one_tag(signed));
        let (verified, verifying) =
            compressions(|| jws.verify_detached(&key, token, &[0; 100], &mut scratch));
        assert!(verified.is_ok());
        assert_eq!(verifying, of_one_tag(signed));
    }
}
