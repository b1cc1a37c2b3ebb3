//! The compact serialization (RFC 7515 §7.1): `BASE64URL(header).BASE64URL(payload).BASE64URL(tag)`.

use super::header::{self, Expected};
use super::{Error, Keys};
use crate::base64url::{self, Invalid};
use crate::json;
use crate::mac::{Algorithm, InvalidTag, Key, Tagging};
use crate::write::{Counter, NoRoom, Sink, Stop, Writer};

/// The longest tag, that of HS512.
const LONGEST_TAG: usize = 64;

/// The parts of a token, still encoded.
struct Parts<'t> {
    header: &'t [u8],
    payload: &'t [u8],
    tag: &'t [u8],
    /// The header, the dot, and the payload.
    signed: &'t [u8],
}

/// The parts of a token, decoded.
#[derive(Debug)]
pub(super) struct Decoded<'s> {
    pub(super) header: &'s [u8],
    pub(super) payload: &'s [u8],
    /// What is left of the caller's scratch buffer.
    pub(super) rest: &'s mut [u8],
    /// A length of the scratch buffer that is enough, whatever is unescaped.
    pub(super) enough: usize,
}

impl Decoded<'_> {
    /// What is wrong with a token whose JSON is not read: `fault`, but for a small buffer.
    pub(super) const fn fault(enough: usize, error: json::Error, fault: Error) -> Error {
        match error {
            json::Error::ScratchTooSmall => Error::NoRoom(NoRoom { needed: enough }),
            _ => fault,
        }
    }
}

impl<'t> Parts<'t> {
    /// Splits at the first dot, and at the last, which a tag of `tag_len` characters tells from
    /// the end. One more would be in a part, where decoding finds it.
    fn split(token: &'t [u8], tag_len: usize) -> Option<Self> {
        let before_tag = token.len().checked_sub(tag_len)?.checked_sub(1)?;
        let last = match token.get(before_tag) {
            Some(b'.') => before_tag,
            _ => token.iter().rposition(|byte| *byte == b'.')?,
        };
        let signed = token.get(..last)?;
        let first = first_dot(signed)?;
        Some(Self {
            header: token.get(..first)?,
            payload: signed.get(first.checked_add(1)?..)?,
            tag: token.get(last.checked_add(1)?..)?,
            signed,
        })
    }

    /// Decodes the header and the payload to `scratch`, and the tag to `tag`.
    fn decode<'s, 'g>(
        &self,
        scratch: &'s mut [u8],
        tag: &'g mut [u8],
    ) -> Result<(Decoded<'s>, &'g [u8]), Error> {
        let header_len = base64url::decoded_len(self.header.len());
        let payload_len = base64url::decoded_len(self.payload.len());
        let needed = header_len.saturating_add(payload_len);
        let no_room = NoRoom { needed };
        if scratch.len() < needed {
            return Err(no_room.into());
        }
        decode_part(self.header, scratch)?;
        let (header, rest) = scratch.split_at_mut_checked(header_len).ok_or(no_room)?;
        decode_part(self.payload, rest)?;
        let (payload, rest) = rest.split_at_mut_checked(payload_len).ok_or(no_room)?;
        let decoded = Decoded {
            header,
            payload,
            rest,
            // What has escapes is unescaped once for this crate and once for the caller's type.
            enough: needed.saturating_mul(3),
        };
        Ok((decoded, decode_part(self.tag, tag)?))
    }
}

/// Decodes to the front of `room`, all of which is written to as it suits.
fn decode_part<'s>(part: &[u8], room: &'s mut [u8]) -> Result<&'s [u8], Error> {
    match base64url::decode_public(part, room) {
        Ok(decoded) => Ok(decoded),
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
        dots.wrapping_sub(ONES) & !dots & (ONES << 7) == 0
    });
    let passed = without_dot.count().saturating_mul(8);
    let rest = bytes.get(passed..)?;
    let found = rest.iter().position(|byte| *byte == b'.')?;
    passed.checked_add(found)
}

/// Steps 1 and 2 of verification alone: what the parts say, whoever wrote them.
pub(super) fn inspect<'s>(token: &[u8], scratch: &'s mut [u8]) -> Result<Decoded<'s>, Error> {
    let parts = Parts::split(token, 0).ok_or(Error::Malformed)?;
    let (decoded, _) = parts.decode(scratch, &mut [0; LONGEST_TAG])?;
    Ok(decoded)
}

/// Steps 1 to 4 of verification: structure, base64url, header, tag. Of the payload no more is
/// known then than its bytes.
///
/// The payload is in the token, or it is `detached` (RFC 7515 appendix F) and the token has an
/// empty one.
pub(super) fn open<'s, K: Keys>(
    keys: &K,
    expected: Expected<'_>,
    token: &[u8],
    detached: Option<&[u8]>,
    scratch: &'s mut [u8],
) -> Result<Decoded<'s>, Error> {
    let tag_len = base64url::encoded_len(K::Algorithm::TAG_LEN);
    let parts = Parts::split(token, tag_len).ok_or(Error::Malformed)?;
    let mut tag = [0; LONGEST_TAG];
    let (mut decoded, tag) = parts.decode(scratch, &mut tag)?;
    if detached.is_some() && !decoded.payload.is_empty() {
        return Err(Error::Malformed);
    }
    let kid = header::check::<K::Algorithm>(&mut decoded, expected)?;
    let key = keys.verifying(kid).ok_or(Error::UnknownKey)?;
    let mut mac = key.start();
    mac.update(parts.signed);
    if let Some(payload) = detached {
        base64url::encode_chunks(payload, |chunk| mac.update(chunk));
    }
    match mac.verify(tag) {
        Ok(()) => Ok(decoded),
        Err(InvalidTag) => Err(Error::Signature),
    }
}

/// A part of a token before it is encoded.
pub(super) trait Part {
    /// Puts the whole part into `sink`, the same bytes every time.
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), Error>;

    /// Its exact length.
    fn len(&self) -> Result<usize, Error> {
        let mut counter = Counter(0);
        self.put(&mut counter)?;
        Ok(counter.0)
    }

    /// Writes it, encoded, over the whole of `room`, which is as long as `len` bytes are then.
    fn encode(&self, len: usize, room: &mut [u8]) -> Result<(), Error> {
        // The bytes themselves go to the end, from where they are encoded over the whole.
        let start = room.len().saturating_sub(len);
        let mut writer = Writer {
            rest: room.get_mut(start..).unwrap_or_default(),
        };
        self.put(&mut writer)?;
        if !writer.rest.is_empty() {
            return Err(Error::Payload);
        }
        base64url::encode_in_place(room, start);
        Ok(())
    }
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
    base64url::encode_chunks(payload, |chunk| mac.update(chunk));
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
    use core::time::Duration;

    use super::*;
    use crate::mac::Keyring;
    use crate::mac::counting::{Counting, Work, work};
    use crate::time::UnixTime;
    use crate::token::{Claims, Jws, Signer, Verifier};

    const SIGNER: Signer<'_> = Signer::access_token("i", "a", Duration::from_secs(300));
    const VERIFIER: Verifier<'_> = Verifier::access_token("i", "a");
    const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

    /// The work of one tag over `bytes`.
    fn once(bytes: usize) -> Work {
        Work {
            keyed: 0,
            bytes,
            tags: 1,
        }
    }

    #[test]
    fn no_block_is_hashed_for_the_key_and_nothing_twice() {
        let keys = Keyring::<_, 1>::new("new", Key::<Counting>::new(&[1; 32]).unwrap())
            .with_former("old", Key::new(&[2; 32]).unwrap())
            .unwrap();
        let claims = Claims::of("ada").client_id("web").jti("x7Qp");
        let (mut buffer, mut scratch) = ([0; 512], [0; 512]);

        let (token, minting) = work(|| SIGNER.sign(&keys, &claims, &mut buffer, NOW));
        let token = token.unwrap().as_bytes();
        let signed = token.len() - 1 - 43;
        assert_eq!(minting, once(signed));

        let (verified, verifying) = work(|| VERIFIER.verify(&keys, token, &mut scratch, NOW));
        assert!(verified.is_ok());
        assert_eq!(verifying, once(signed));
        assert_eq!(verifying.blocks(), (signed + 9).div_ceil(64) + 1);

        // A bad tag costs the same; what is refused before it costs nothing.
        let mut bad = [0; 512];
        let bad = &mut bad[..token.len()];
        bad.copy_from_slice(token);
        bad[signed + 1] ^= 1;
        let (refused, refusing) = work(|| VERIFIER.verify(&keys, bad, &mut scratch, NOW));
        assert_eq!(refused.err(), Some(Error::Signature));
        assert_eq!(refusing, once(signed));
        for (at, error) in [
            (0, Error::Malformed),
            (1, Error::Header),
            (60, Error::Malformed),
        ] {
            bad.copy_from_slice(token);
            bad[at] = if error == Error::Header { b'A' } else { b'*' };
            let (refused, refusing) = work(|| VERIFIER.verify(&keys, bad, &mut scratch, NOW));
            assert_eq!(refused.err(), Some(error));
            assert_eq!(refusing, Work::default());
        }
        let strangers = Keyring::<_, 0>::new("x", Key::<Counting>::new(&[1; 32]).unwrap());
        let (refused, refusing) = work(|| VERIFIER.verify(&strangers, token, &mut scratch, NOW));
        assert_eq!(refused.err(), Some(Error::UnknownKey));
        assert_eq!(refusing, Work::default());
    }

    #[test]
    fn a_detached_payload_is_hashed_once_too() {
        let key = Key::<Counting>::new(&[1; 32]).unwrap();
        let (mut buffer, mut scratch) = ([0; 128], [0; 128]);
        let (token, signing) = work(|| Jws::untyped().sign_detached(&key, &[0; 100], &mut buffer));
        let token = token.unwrap().as_bytes();
        let signed = token.len() - 1 - 43 + base64url::encoded_len(100);
        assert_eq!(signing, once(signed));
        let (verified, verifying) =
            work(|| Jws::untyped().verify_detached(&key, token, &[0; 100], &mut scratch));
        assert!(verified.is_ok());
        assert_eq!(verifying, once(signed));
    }
}
