use core::fmt;

use crate::base64url;
use crate::mac::sha256;
use crate::secret;
use crate::session::Error;
use crate::write::{Emit, NoRoom, Sink, Stop};

/// What a client proves its session with: 256 random bits, 43 characters of base64url in a cookie.
///
/// It exists on the server for the length of one request. What is stored is its
/// [`handle`](Self::handle). Only this module makes one: out of the random source, when a session
/// is opened, logged in to or rotated, or out of what a client sent, by [`parse`](Self::parse).
///
/// # Security
///
/// It goes into a cookie and nowhere else: not into a URL, a log or a database (OWASP ASVS 5.0,
/// 14.2.1, 16.2.5). So it has no `Display`, no `==`, and no text in `Debug`; it is wiped on drop.
pub struct Secret(secret::Secret<BYTES>);

const BYTES: usize = 32;

impl Secret {
    /// The length of the text in characters.
    pub const LEN: usize = base64url::encoded_len(BYTES);

    /// Takes what a client sent. That it has the form of a secret says nothing about whether there
    /// is a session for it.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for anything but the 43 characters that [`write`](Self::write) writes:
    /// `abc`, a text with `=`, a last character with bits that stand for nothing.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut bytes = [0; BYTES];
        let decoded = base64url::decode(text, &mut bytes).map(|decoded| decoded.len());
        let parsed = Self(secret::Secret::from_bytes(bytes));
        secret::wipe(&mut bytes);
        if text.len() == Self::LEN && decoded == Ok(BYTES) {
            Ok(parsed)
        } else {
            Err(Error::Malformed)
        }
    }

    /// A fresh one.
    pub(super) fn generate<E>(
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, Error> {
        let fresh = secret::Secret::generate(fill).map_err(|_| Error::NoEntropy)?;
        // A source that reports success and has written nothing: every session would be one.
        if *fresh.expose() == [0; BYTES] {
            return Err(Error::NoEntropy);
        }
        Ok(Self(fresh))
    }

    /// The bytes, for what is derived from them.
    pub(super) const fn expose(&self) -> &[u8; BYTES] {
        self.0.expose()
    }

    /// Under what the server knows the session: the SHA-256 of the 32 bytes.
    #[must_use]
    #[inline]
    pub fn handle(&self) -> Handle {
        Handle(sha256(self.0.expose()))
    }

    /// The length of the text: [`LEN`](Self::LEN).
    #[must_use]
    #[expect(clippy::len_without_is_empty)] // it never is
    pub const fn len(&self) -> usize {
        Self::LEN
    }

    /// Writes the 43 characters that go into the cookie.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer of less than 43 bytes.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for Secret {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        let mut text = [0; Self::LEN];
        let emitted = emit_bytes(self.0.expose(), &mut text, sink);
        secret::wipe(&mut text);
        emitted
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([elided])")
    }
}

/// Under what the server knows a session: the SHA-256 of its [`Secret`].
///
/// It is not a credential. No secret can be made from it, and nothing that a client presents is
/// taken for one, so it may be a key in a database, stand in a log, and name a session on the page
/// on which a user ends it. The secret is uniformly random, so the hash needs no salt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle([u8; BYTES]);

impl Handle {
    /// The length of the text in characters.
    pub const LEN: usize = base64url::encoded_len(BYTES);

    /// The handle of these bytes, out of a database.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a database.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// Reads the text that [`write`](Self::write) writes.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for anything but 43 characters of base64url.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut bytes = [0; BYTES];
        match base64url::decode(text, &mut bytes) {
            Ok(decoded) if decoded.len() == BYTES => Ok(Self(bytes)),
            _ => Err(Error::Malformed),
        }
    }

    /// The length of the text: [`LEN`](Self::LEN).
    #[must_use]
    #[expect(clippy::len_without_is_empty)] // it never is
    pub const fn len(&self) -> usize {
        Self::LEN
    }

    /// Writes the handle as 43 characters of base64url.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer of less than 43 bytes.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for Handle {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        emit_bytes(&self.0, &mut [0; Self::LEN], sink)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({self})")
    }
}

fn emit_bytes<S: Sink>(bytes: &[u8], buffer: &mut [u8], sink: &mut S) -> Result<(), Stop> {
    sink.put(base64url::encode_bytes(bytes, buffer).ok_or(Stop)?)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;

    fn secret(byte: u8) -> Secret {
        Secret::generate(|bytes| {
            bytes.fill(byte);
            Ok::<(), ()>(())
        })
        .unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut text = [0; 43];
        let secret = secret(0xA5);
        let text = secret.write(&mut text).unwrap();
        assert_eq!(text, "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU");
        let read = Secret::parse(text.as_bytes()).unwrap();
        assert_eq!(read.handle(), secret.handle());
        let handle = secret.handle().to_string();
        assert_eq!(Handle::parse(handle.as_bytes()), Ok(secret.handle()));
        assert_eq!((secret.len(), secret.handle().len()), (43, 43));
        assert_eq!(secret.write(&mut [0; 42]), Err(NoRoom { needed: 43 }));
        assert_eq!(secret.handle().write(&mut [0; 43]), Ok(handle.as_str()));
    }

    #[test]
    fn the_handle_is_the_sha_256_of_the_bytes() {
        assert_eq!(secret(7).handle(), Handle::from_bytes(sha256(&[7; 32])));
        assert_eq!(secret(7).handle().as_bytes(), &sha256(&[7; 32]));
    }

    #[test]
    fn one_text_stands_for_a_secret_and_no_other() {
        let right = "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU";
        assert!(Secret::parse(right.as_bytes()).is_ok());
        for wrong in [
            "",
            "abc",
            &right[..42],
            &format!("{right}="),
            &format!("{right}A"),
            &format!(" {}", &right[..42]),
            &format!("{}V", &right[..42]),
            &format!("{}+", &right[..42]),
        ] {
            assert_eq!(
                Secret::parse(wrong.as_bytes()).err(),
                Some(Error::Malformed),
                "{wrong:?}"
            );
            assert_eq!(
                Handle::parse(wrong.as_bytes()),
                Err(Error::Malformed),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_source_that_fails_or_writes_nothing_makes_no_secret() {
        assert_eq!(Secret::generate(|_| Err(())).err(), Some(Error::NoEntropy));
        assert_eq!(
            Secret::generate(|_| Ok::<(), ()>(())).err(),
            Some(Error::NoEntropy)
        );
    }

    #[test]
    fn debug_shows_the_handle_and_not_the_secret() {
        assert_eq!(format!("{:?}", secret(1)), "Secret([elided])");
        assert_eq!(
            format!("{:?}", Handle::from_bytes([0; 32])),
            format!("Handle({})", "A".repeat(43))
        );
    }
}
