//! Percent-encoding (RFC 3986 §2.1), for values that a cookie cannot carry as they are.
//!
//! Cookies know nothing of it: `%41` is three characters to a user agent, and a server that decodes
//! every cookie reads what nobody wrote. So nothing here happens by itself; both sides of a value
//! have to agree on it. `+` is a plus.

use core::fmt;

use super::Error;
use crate::ascii::is_unreserved;
use crate::write::{Emit, NoRoom, Sink, Stop};

/// Decodes `value` to the front of `buffer`.
///
/// # Errors
///
/// [`Error::Percent`] for a `%` that two hexadecimal digits do not follow, such as `100%`, `%4`,
/// `%u00e9`; [`Error::NoRoom`] for a buffer that is too small (the length of `value` is always
/// enough). The buffer is then as it was.
///
/// # Security
///
/// What comes out may be any bytes: line breaks, NUL, no UTF-8. Decode before you check, never after
/// it, and only once.
///
/// ```
/// use hardtack::cookie::{Error, percent};
///
/// let mut buffer = [0; 32];
/// assert_eq!(percent::decode(b"caf%C3%A9+1%25", &mut buffer), Ok("café+1%".as_bytes()));
/// assert_eq!(percent::decode(b"100%", &mut buffer), Err(Error::Percent));
/// ```
pub fn decode<'b>(value: &[u8], buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
    let mut needed = 0_usize;
    for byte in bytes(value) {
        byte?;
        needed = needed.saturating_add(1);
    }
    let room = buffer.get_mut(..needed).ok_or(Error::NoRoom)?;
    for (place, byte) in room.iter_mut().zip(bytes(value)) {
        *place = byte?;
    }
    Ok(room)
}

/// The bytes that `value` stands for.
fn bytes(value: &[u8]) -> impl Iterator<Item = Result<u8, Error>> {
    let mut rest = value;
    core::iter::from_fn(move || {
        let (byte, behind) = match rest {
            [] => return None,
            [b'%', high, low, behind @ ..] => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (Ok(high << 4 | low), behind),
                _ => (Err(Error::Percent), behind),
            },
            [b'%', ..] => (Err(Error::Percent), [].as_slice()),
            [byte, behind @ ..] => (Ok(*byte), behind),
        };
        rest = behind;
        Some(byte)
    })
}

/// The value of a `HEXDIG`, in either case.
const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => Some((byte & 0x0F).wrapping_add(9)),
        _ => None,
    }
}

/// Bytes to be written percent-encoded: all but `unreserved` (RFC 3986 §2.3), which are letters,
/// digits, `-`, `.`, `_` and `~`. Every text of this form is a value of a cookie.
///
/// ```
/// use hardtack::cookie::{SetCookie, percent::Encoded};
///
/// let mut buffer = [0; 32];
/// let value = Encoded::new("café; 1".as_bytes()).write(&mut buffer)?;
/// assert_eq!(value, "caf%C3%A9%3B%201");
/// let cookie = SetCookie::new("drink", value)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoded<'a>(&'a [u8]);

impl<'a> Encoded<'a> {
    /// These bytes, to be written encoded.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The exact length of the text.
    #[must_use]
    pub fn len(&self) -> usize {
        self.emitted_len()
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
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

impl Emit for Encoded<'_> {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        let mut rest = self.0;
        while !rest.is_empty() {
            let plain = rest.iter().position(|&byte| !is_unreserved(byte));
            let (plain, behind) = rest
                .split_at_checked(plain.unwrap_or(rest.len()))
                .ok_or(Stop)?;
            sink.put(plain)?;
            rest = behind;
            if let [byte, behind @ ..] = rest {
                sink.put(&[b'%', hexdig(byte >> 4), hexdig(byte & 0x0F)])?;
                rest = behind;
            }
        }
        Ok(())
    }
}

/// The `HEXDIG` of a number below 16, upper case as RFC 3986 §2.1 wants it.
const fn hexdig(number: u8) -> u8 {
    match number {
        0..=9 => b'0'.wrapping_add(number),
        _ => (b'A' - 10).wrapping_add(number),
    }
}

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl fmt::Debug for Encoded<'_> {
    /// Shows no value: it is a secret, as a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded([{} bytes elided])", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::cookie::Pair;

    #[test]
    fn every_byte_is_decoded_as_it_was_encoded() {
        let all: [u8; 256] = core::array::from_fn(|at| at as u8);
        let text = Encoded::new(&all).to_string();
        assert_eq!(text.len(), 66 + 190 * 3);
        assert_eq!(Encoded::new(&all).len(), text.len());
        assert!(text.starts_with("%00%01%02") && text.ends_with("%FD%FE%FF"));
        assert!(text.contains("%2C-.%2F0123456789%3A"));
        assert!(Pair::new("a", &text).is_ok());
        let mut buffer = [0; 256];
        assert_eq!(decode(text.as_bytes(), &mut buffer), Ok(&all[..]));
    }

    #[test]
    fn digits_are_read_in_either_case_and_once() {
        let mut buffer = [0; 8];
        assert_eq!(decode(b"%4a%4A%aF", &mut buffer), Ok(&b"JJ\xAF"[..]));
        assert_eq!(decode(b"%2541", &mut buffer), Ok(&b"%41"[..]));
        assert_eq!(decode(b"a+b;=\xFF\0", &mut buffer), Ok(&b"a+b;=\xFF\0"[..]));
        assert_eq!(decode(b"", &mut []), Ok(&b""[..]));
    }

    #[test]
    fn a_bad_escape_is_refused_and_nothing_is_written() {
        for value in [
            "%", "a%", "%4", "a%4", "%%41", "%4%41", "%u00e9", "%G0", "%0g", "% 1", "%-1", "%+1",
            "%:0", "%@0",
        ] {
            let mut buffer = [7; 8];
            assert_eq!(
                decode(value.as_bytes(), &mut buffer),
                Err(Error::Percent),
                "{value}"
            );
            assert_eq!(buffer, [7; 8]);
        }
    }

    #[test]
    fn a_short_buffer_is_left_as_it_was() {
        let mut buffer = [7; 2];
        assert_eq!(decode(b"%41bc", &mut buffer), Err(Error::NoRoom));
        assert_eq!(decode(b"%41b", &mut buffer), Ok(&b"Ab"[..]));
        let mut buffer = [7; 3];
        assert_eq!(
            Encoded::new(b"a;").write(&mut buffer),
            Err(NoRoom { needed: 4 })
        );
        assert_eq!(buffer, [7; 3]);
        assert_eq!(Encoded::new(b";").write(&mut buffer), Ok("%3B"));
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(Encoded::new(b"").is_empty() && !Encoded::new(b"a").is_empty());
        assert_eq!(Encoded::new(b"").to_string(), "");
        assert_eq!(
            format!("{:?}", Encoded::new(b"ab")),
            "Encoded([2 bytes elided])"
        );
    }
}
