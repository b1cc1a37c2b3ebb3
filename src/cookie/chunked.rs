//! Values that one cookie cannot hold, in several.
//!
//! ```text
//! name.0 = total "." digest "." data      ; the length and a digest of the whole value
//! name.N = data                           ; as long as the first one's, the last one shorter
//! ```

use core::fmt;

use super::grammar::{MAX_PAIR, is_octets};
use super::{Error, Header, SetCookie};
use crate::ascii::is_digit;
use crate::base64url;
use crate::mac::sha256;
use crate::write::{Emit, NoRoom, Sink, Stop};

/// Most user agents keep at least 50 cookies of a site; a bit for each fits a word.
const MOST_CHUNKS: usize = 64;
/// The bytes of the digest: 96 bits. It is for accidents; against attackers the value is signed.
const DIGEST: usize = 12;
const DIGEST_TEXT: usize = base64url::encoded_len(DIGEST);
/// The most digits of a total: 64 chunks have no more than 262 144 bytes.
const TOTAL_TEXT: usize = 6;
/// What a chunk has besides its data and the name: `.63` and `total.digest.`.
const OVERHEAD: usize = 3 + TOTAL_TEXT + 1 + DIGEST_TEXT + 1;

type Digest = [u8; DIGEST_TEXT];

fn digest(value: &[u8]) -> Digest {
    let mut text = [0; DIGEST_TEXT];
    let hash = sha256(value);
    // The lengths agree, so this always encodes.
    let _ = base64url::encode(
        hash.first_chunk::<DIGEST>().unwrap_or(&[0; DIGEST]),
        &mut text,
    );
    text
}

impl<'a> SetCookie<'a> {
    /// A value of any length, in as many cookies as it takes: `name.0`, `name.1`, …, each with the
    /// attributes of this one. The value of this one is not used.
    ///
    /// It is read back by [`Header::join`], whole or not at all. Send what
    /// [`leftovers`](Self::leftovers) gives along, or a longer value of before stays in the way.
    ///
    /// Servers and proxies limit the whole header, often to 8 KiB or 16 KiB: two or three chunks are
    /// the practical limit. A value that is longer belongs on the server, in a session.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] for a value that is not made of cookie-octets; no quotes here.
    /// [`Error::TooLong`] where 64 chunks are not enough, or the name leaves no room for a value.
    ///
    /// # Security
    ///
    /// The digest finds a chunk that is missing or left over, not an attacker's work: whoever can
    /// set one of the cookies can set all. Sign the value before it is cut, by a
    /// [`Signer`](super::Signer).
    ///
    /// ```
    /// use hardtack::cookie::{Header, SetCookie};
    ///
    /// let value = "v".repeat(10_000);
    /// let cookie = SetCookie::new("__Host-basket", "")?;
    /// let lines: Vec<String> = cookie.chunks(&value)?.map(|chunk| chunk.to_string()).collect();
    /// assert_eq!(lines.len(), 3);
    /// assert!(lines[2].starts_with("__Host-basket.2=vvv"));
    /// assert!(lines[2].ends_with("vvv; Path=/; Secure; HttpOnly; SameSite=Lax"));
    ///
    /// // The client sends the pairs back, in any order.
    /// let pairs: Vec<&str> = lines.iter().rev().map(|line| line.split(';').next().unwrap()).collect();
    /// let header = pairs.join("; ");
    /// let header = Header::new([header.as_bytes()]);
    /// let mut buffer = [0; 12_000];
    /// assert_eq!(header.join(b"__Host-basket", &mut buffer)?, Some(value.as_bytes()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn chunks(self, value: &'a str) -> Result<Chunks<'a>, Error> {
        if !is_octets(value.as_bytes()) {
            return Err(Error::Value);
        }
        let taken = self.name().len().saturating_add(OVERHEAD);
        let size = MAX_PAIR.saturating_sub(taken);
        if size == 0 || value.len() > MOST_CHUNKS.saturating_mul(size) {
            return Err(Error::TooLong);
        }
        Ok(Chunks {
            cookie: self,
            head: Some((value.len(), digest(value.as_bytes()))),
            rest: value,
            size,
            next: 0,
        })
    }

    /// What removes the chunks of this cookie that the client has from number `kept` on: those of a
    /// longer value of before, or with zero, all.
    ///
    /// ```
    /// use hardtack::cookie::{Header, SetCookie};
    ///
    /// let header = Header::new([&b"theme=dark; sid.0=x; sid.1=x"[..]]);
    /// let cookie = SetCookie::bare("sid", "")?;
    /// let mut leftovers = cookie.leftovers(&header, 1);
    /// let text = "sid.1=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    /// assert_eq!(leftovers.next().map(|chunk| chunk.to_string()).as_deref(), Some(text));
    /// assert!(leftovers.next().is_none());
    /// # Ok::<(), hardtack::cookie::Error>(())
    /// ```
    pub fn leftovers<'h, L, T>(
        self,
        header: &Header<L>,
        kept: usize,
    ) -> impl Iterator<Item = Chunk<'a>> + use<'a, 'h, L, T>
    where
        L: IntoIterator<Item = &'h T> + Clone,
        T: AsRef<[u8]> + ?Sized + 'h,
    {
        let cookie = self.removal();
        header
            .pairs()
            .filter_map(move |(name, _)| number(name, cookie.name().as_bytes()))
            .filter(move |number| *number >= kept)
            .map(move |number| Chunk {
                cookie,
                number,
                head: None,
                data: "",
            })
    }
}

/// The chunks of a value, made by [`SetCookie::chunks`].
#[derive(Clone)]
pub struct Chunks<'a> {
    cookie: SetCookie<'a>,
    head: Option<(usize, Digest)>,
    rest: &'a str,
    size: usize,
    next: usize,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let head = self.head.take();
        if self.rest.is_empty() && head.is_none() {
            return None;
        }
        let (data, rest) = self
            .rest
            .split_at_checked(self.size)
            .unwrap_or((self.rest, ""));
        let number = self.next;
        self.rest = rest;
        self.next = number.saturating_add(1);
        Some(Chunk {
            cookie: self.cookie,
            number,
            head,
            data,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self
            .rest
            .len()
            .div_ceil(self.size.max(1))
            .max(usize::from(self.head.is_some()));
        (left, Some(left))
    }
}

impl ExactSizeIterator for Chunks<'_> {}

impl core::iter::FusedIterator for Chunks<'_> {}

impl fmt::Debug for Chunks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chunks({}, {} left)", self.cookie.name(), self.len())
    }
}

/// One chunk of a value, as a `Set-Cookie` line.
#[derive(Clone, Copy)]
pub struct Chunk<'a> {
    cookie: SetCookie<'a>,
    number: usize,
    /// In the first one, of the whole.
    head: Option<(usize, Digest)>,
    data: &'a str,
}

impl Chunk<'_> {
    /// The exact length of the text.
    #[expect(clippy::len_without_is_empty)] // never empty
    #[must_use]
    pub fn len(&self) -> usize {
        self.emitted_len()
    }

    /// Writes the text to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer below [`len`](Self::len) bytes; it is then as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for Chunk<'_> {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        sink.put(self.cookie.name().as_bytes())?;
        sink.put(b".")?;
        sink.put_number(self.number as u64)?;
        sink.put(b"=")?;
        if let Some((total, digest)) = &self.head {
            sink.put_number(*total as u64)?;
            sink.put(b".")?;
            sink.put(digest)?;
            sink.put(b".")?;
        }
        sink.put(self.data.as_bytes())?;
        self.cookie.emit_attributes(sink)
    }
}

impl fmt::Display for Chunk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl fmt::Debug for Chunk<'_> {
    /// Shows no value: it is a secret, as a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Chunk({}.{}=[{} bytes elided])",
            self.cookie.name(),
            self.number,
            self.data.len()
        )
    }
}

impl<'h, L, T> Header<L>
where
    L: IntoIterator<Item = &'h T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'h,
{
    /// The value that [`SetCookie::chunks`] cut, put together in `buffer`; nothing if the client
    /// has no chunk of it.
    ///
    /// # Errors
    ///
    /// [`Error::Chunks`] where a chunk is missing, stands there twice, is one too many, or belongs
    /// to another value; [`Error::NoRoom`] for a buffer that is shorter than the value. What the
    /// buffer then holds is not defined.
    pub fn join<'b>(&self, name: &[u8], buffer: &'b mut [u8]) -> Result<Option<&'b [u8]>, Error> {
        let chunks = || {
            self.pairs()
                .filter_map(|(chunk, value)| Some((number(chunk, name)?, value)))
        };
        let Some((_, first)) = chunks().find(|(number, _)| *number == 0) else {
            let any = chunks().next();
            return any.map_or(Ok(None), |_| Err(Error::Chunks));
        };
        let whole = Whole::of(first).ok_or(Error::Chunks)?;
        let room = buffer.get_mut(..whole.total).ok_or(Error::NoRoom)?;
        let mut missing = whole.numbers();
        for (number, value) in chunks() {
            if missing & bit(number) == 0 {
                return Err(Error::Chunks); // the second of its number, or one too many
            }
            missing &= !bit(number);
            let data = if number == 0 { whole.first } else { value };
            let place = room.get_mut(whole.place_of(number));
            let place = place.filter(|place| place.len() == data.len());
            place.ok_or(Error::Chunks)?.copy_from_slice(data);
        }
        if missing != 0 || digest(room) != whole.digest {
            return Err(Error::Chunks);
        }
        Ok(Some(room))
    }
}

/// What the first chunk says of the whole value.
struct Whole<'h> {
    total: usize,
    digest: &'h [u8],
    first: &'h [u8],
}

impl<'h> Whole<'h> {
    fn of(chunk: &'h [u8]) -> Option<Self> {
        let mut parts = chunk.splitn(3, |byte| *byte == b'.');
        let whole = Self {
            total: decimal(parts.next()?)?,
            digest: parts.next()?,
            first: parts.next()?,
        };
        let fits = whole.first.len() <= whole.total && whole.count() <= MOST_CHUNKS;
        fits.then_some(whole)
    }

    fn count(&self) -> usize {
        match self.first.len() {
            0 if self.total > 0 => usize::MAX,
            size => self.total.div_ceil(size.max(1)).max(1),
        }
    }

    /// A bit for each chunk that there must be.
    fn numbers(&self) -> u64 {
        (0..self.count()).fold(0, |numbers, number| numbers | bit(number))
    }

    fn place_of(&self, number: usize) -> core::ops::Range<usize> {
        let start = number.saturating_mul(self.first.len());
        start..start.saturating_add(self.first.len()).min(self.total)
    }
}

const fn bit(number: usize) -> u64 {
    if number < MOST_CHUNKS { 1 << number } else { 0 }
}

/// The number of the chunk with this name, if it is one of `cookie`.
fn number(name: &[u8], cookie: &[u8]) -> Option<usize> {
    decimal(name.strip_prefix(cookie)?.strip_prefix(b".")?)
}

/// A number in its one form: `0`, or up to six digits of which the first is not `0`.
fn decimal(digits: &[u8]) -> Option<usize> {
    match digits {
        [b'0'] => Some(0),
        [b'1'..=b'9', ..] if digits.len() <= TOTAL_TEXT => {
            digits.iter().try_fold(0_usize, |number, byte| {
                let digit = is_digit(*byte).then_some(usize::from(byte & 0x0F))?;
                Some(number.saturating_mul(10).saturating_add(digit))
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::{String, ToString};
    use std::vec;
    use std::vec::Vec;

    use super::*;
    use crate::cookie::SameSite;

    fn cookie() -> SetCookie<'static> {
        SetCookie::bare("sid", "").unwrap()
    }

    /// The pairs that a client sends back.
    fn sent(value: &str) -> Vec<String> {
        let chunks = cookie().chunks(value).unwrap();
        chunks.map(|chunk| chunk.to_string()).collect()
    }

    fn join(pairs: &[String]) -> Result<Option<Vec<u8>>, Error> {
        let line = pairs.join("; ");
        let mut buffer = vec![0; 300_000];
        let joined = Header::new([line.as_bytes()]).join(b"sid", &mut buffer);
        joined.map(|value| value.map(<[u8]>::to_vec))
    }

    /// Of three chunks, no two bytes near each other the same.
    fn long(salt: u8) -> String {
        (0..10_000_u32)
            .map(|at| char::from(b'a' + ((at * 7 + at / 26) as u8).wrapping_add(salt) % 26))
            .collect()
    }

    #[test]
    fn a_value_of_any_length_is_read_back() {
        let size = MAX_PAIR - "sid".len() - OVERHEAD;
        for len in [
            0,
            1,
            size - 1,
            size,
            size + 1,
            2 * size,
            2 * size + 1,
            64 * size,
        ] {
            let value = long(0).repeat(27)[..len].to_string();
            let mut pairs = sent(&value);
            assert_eq!(pairs.len(), len.div_ceil(size).max(1));
            assert_eq!(cookie().chunks(&value).unwrap().len(), pairs.len());
            assert!(pairs.iter().all(|pair| pair.len() <= MAX_PAIR + 1));
            assert_eq!(join(&pairs), Ok(Some(value.clone().into())));
            pairs.reverse();
            pairs.insert(pairs.len() / 2, "other=1".into());
            assert_eq!(join(&pairs), Ok(Some(value.into())));
        }
        assert_eq!(size, 4066);
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let value = "v".repeat(64 * 4066 + 1);
        assert_eq!(cookie().chunks(&value).err(), Some(Error::TooLong));
        let name = "n".repeat(MAX_PAIR - OVERHEAD);
        let cookie = SetCookie::bare(&name, "").unwrap();
        assert_eq!(cookie.chunks("").err(), Some(Error::TooLong));
        let cookie = SetCookie::bare(&name[1..], "").unwrap();
        assert_eq!(cookie.chunks("vv").unwrap().len(), 2);
    }

    #[test]
    fn what_a_cookie_cannot_carry_is_refused() {
        for value in ["a b", "a;b", "\"a\"", "\u{e9}", "a\r\nb"] {
            assert_eq!(cookie().chunks(value).err(), Some(Error::Value));
        }
    }

    #[test]
    fn without_a_chunk_there_is_nothing() {
        let pairs = [
            "sid", "sid=1", "sid.=1", "sid.x=1", "sid.00=1", "sid.01=1", "Sid.0=1", "xsid.0=1",
        ];
        assert_eq!(join(&pairs.map(String::from)), Ok(None));
        assert_eq!(join(&[]), Ok(None));
    }

    #[track_caller]
    fn assert_refused(pairs: &[String]) {
        assert_eq!(join(pairs), Err(Error::Chunks));
    }

    #[test]
    fn a_missing_chunk_is_refused() {
        let pairs = sent(&long(0));
        assert_eq!(pairs.len(), 3);
        for gone in 0..3 {
            let mut pairs = pairs.clone();
            pairs.remove(gone);
            assert_refused(&pairs);
        }
    }

    #[test]
    fn a_chunk_too_many_is_refused() {
        let pairs = sent(&long(0));
        for extra in ["sid.3=", "sid.3=x", "sid.63=x", "sid.64=x", "sid.999999=x"] {
            assert_refused(&[&pairs[..], &[extra.into()]].concat());
            assert_refused(&[&[extra.into()], &pairs[..]].concat());
        }
    }

    #[test]
    fn a_chunk_that_stands_there_twice_is_refused() {
        let pairs = sent(&long(0));
        for twice in 0..3 {
            assert_refused(&[&pairs[..], &[pairs[twice].clone()]].concat());
        }
    }

    #[test]
    fn a_chunk_of_another_value_is_refused() {
        let (pairs, others) = (sent(&long(0)), sent(&long(1)));
        for stale in 0..3 {
            let mut pairs = pairs.clone();
            pairs[stale] = others[stale].clone();
            assert_refused(&pairs);
        }
        let mut pairs = pairs.clone();
        pairs[1].pop();
        assert_refused(&pairs);
        pairs[1].push_str("xx");
        assert_refused(&pairs);
    }

    #[test]
    fn a_first_chunk_of_another_form_is_refused() {
        let digest = "47DEQpj8HBSa-_TI"; // of nothing
        assert_eq!(join(&[format!("sid.0=0.{digest}.")]), Ok(Some(vec![])));
        for first in [
            "",
            ".",
            "..",
            "0",
            "0.",
            "0..",
            "0.47DEQpj8HBSa-_TI",
            "00.47DEQpj8HBSa-_TI.",
            "0.47DEQpj8HBSa-_TJ.",
            "0.47DEQpj8HBSa-_TI=.",
            "1.47DEQpj8HBSa-_TI.",
            "0.47DEQpj8HBSa-_TI.x",
            "-0.47DEQpj8HBSa-_TI.",
            "+0.47DEQpj8HBSa-_TI.",
            "1000000.47DEQpj8HBSa-_TI.x",
            "65.47DEQpj8HBSa-_TI.x",
            "18446744073709551616.47DEQpj8HBSa-_TI.",
        ] {
            assert_refused(&[format!("sid.0={first}")]);
        }
    }

    #[test]
    fn what_the_buffer_held_is_not_a_value() {
        // The digest of what lies in the buffer, and chunks of nothing.
        let digest = digest(&[0; 3]);
        let digest = str::from_utf8(&digest).unwrap();
        assert_refused(&[format!("sid.0=3.{digest}.; sid.1=; sid.2=")]);
    }

    #[test]
    fn a_short_buffer_is_told() {
        let line = sent(&long(0)).join("; ");
        let header = Header::new([line.as_bytes()]);
        assert_eq!(header.join(b"sid", &mut vec![0; 9_999]), Err(Error::NoRoom));
        assert!(header.join(b"sid", &mut vec![0; 10_000]).is_ok());
    }

    #[test]
    fn every_chunk_has_the_attributes_of_the_cookie() {
        let value = long(0);
        let cookie = SetCookie::new("__Host-sid", "unused")
            .and_then(|cookie| cookie.with_same_site(SameSite::Strict))
            .unwrap();
        let chunks = cookie.chunks(&value).unwrap();
        assert_eq!(format!("{chunks:?}"), "Chunks(__Host-sid, 3 left)");
        for (at, chunk) in chunks.enumerate() {
            let text = chunk.to_string();
            assert!(text.starts_with(&format!("__Host-sid.{at}=")));
            assert!(text.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
            assert_eq!(chunk.len(), text.len());
            let mut buffer = vec![7; text.len()];
            assert_eq!(chunk.write(&mut buffer), Ok(&*text));
            assert!(chunk.write(&mut buffer[1..]).is_err());
            assert!(format!("{chunk:?}").starts_with(&format!("Chunk(__Host-sid.{at}=[")));
        }
    }

    #[test]
    fn what_is_left_over_is_removed() {
        let line = b"sid.2=x; sid=1; sid.0=x; other.1=x; sid.12=x; sid.x=1; sid.1000000=x";
        let header = Header::new([&line[..]]);
        let removed = |kept| -> Vec<String> {
            let removals = cookie().leftovers(&header, kept);
            removals.map(|chunk| chunk.to_string()).collect()
        };
        let text =
            |number| format!("sid.{number}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(removed(0), [text(2), text(0), text(12)]);
        assert_eq!(removed(2), [text(2), text(12)]);
        assert!(removed(13).is_empty());
    }
}
