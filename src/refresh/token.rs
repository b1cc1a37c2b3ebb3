//! The refresh token as text: `family id (128 bits) | counter (64 bits) | MAC (256 bits)`, in
//! base64url.
//!
//! What is said takes 24 bytes, which are 32 characters without a rest. So the MAC has a text of its
//! own, and a presented one is compared as it is, with the only text that the right one has: it is
//! never decoded, and there are no bits behind its last byte to look at.

use core::fmt;

use serde::{Serialize, Serializer};

use super::Error;
use super::id::FamilyId;
use crate::base64url;
use crate::mac::{Algorithm, Key, Keyring};
use crate::secret::{equal, wipe};

const SAID: usize = FamilyId::LEN + 8;
const SAID_TEXT: usize = base64url::encoded_len(SAID);
/// Of a longer tag its first 256 bits (RFC 2104 §5), so that a token has one length.
const MAC: usize = 32;
const MAC_TEXT: usize = base64url::encoded_len(MAC);
const TEXT: usize = SAID_TEXT + MAC_TEXT;

/// What a genuine refresh token says: one place in one family.
///
/// It comes from [`Seal::verify`] or from the family itself, so whoever holds one knows that this
/// server issued it; whether it is still good is for [`Family::decide`](super::Family::decide).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    family: FamilyId,
    counter: u64,
}

impl Ticket {
    pub(crate) const fn new(family: FamilyId, counter: u64) -> Self {
        Self { family, counter }
    }

    /// The family to look up.
    #[must_use]
    pub const fn family(self) -> FamilyId {
        self.family
    }

    /// Which token of the family it is, counted from zero.
    #[must_use]
    pub const fn counter(self) -> u64 {
        self.counter
    }

    fn to_bytes(self) -> [u8; SAID] {
        let mut bytes = [0; SAID];
        if let Some((family, rest)) = bytes.split_first_chunk_mut() {
            *family = *self.family.as_bytes();
            if let Some(counter) = rest.first_chunk_mut() {
                *counter = self.counter.to_be_bytes();
            }
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (family, counter) = bytes.split_first_chunk()?;
        let counter = u64::from_be_bytes(*counter.first_chunk()?);
        Some(Self::new(FamilyId::from_bytes(*family), counter))
    }
}

/// Makes refresh tokens and recognises its own.
///
/// Its keys are derived from those of the ring for this one use, so nothing else that the same
/// secret signs (an access token, a cookie) is ever taken for a refresh token. A token of the
/// current key or of one of the `N` former ones is genuine; new ones are of the current key.
///
/// ```
/// use hardtack::mac::{Hs256, Key, Keyring};
/// use hardtack::refresh::{Error, Seal};
///
/// # let secret = [7; 32];
/// let seal = Seal::new(&Keyring::<Hs256>::new("2026", Key::new(&secret)?));
/// assert_eq!(seal.verify("AAAAAAAAAAAAAAAAAAAAAA"), Err(Error::Invalid));
/// # Ok::<(), hardtack::mac::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Seal<'k, A: Algorithm, const N: usize = 0> {
    keys: Keyring<'k, A, N>,
}

impl<'k, A: Algorithm, const N: usize> Seal<'k, A, N> {
    /// The seal of this ring's keys.
    #[must_use]
    pub fn new(ring: &Keyring<'k, A, N>) -> Self {
        Self {
            keys: ring.derive("hardtack refresh token"),
        }
    }

    /// The token that says `ticket`: always the same one under the same key.
    #[must_use]
    pub fn sign(&self, ticket: Ticket) -> Token {
        let (_, key) = self.keys.current();
        let said = ticket.to_bytes();
        let mut token = Token([0; TEXT]);
        if let Some((said_text, rest)) = token.0.split_first_chunk_mut::<SAID_TEXT>() {
            // The lengths agree, so this always encodes.
            let _ = base64url::encode(&said, said_text);
            if let Some(mac_text) = rest.first_chunk_mut() {
                *mac_text = mac_text_of(key, &said);
            }
        }
        token
    }

    /// What `token` says, if this seal made it. Nothing is looked up.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for whatever is not a token of one of these keys: another length, another
    /// alphabet, a changed bit, another server's token. There is no detail, on purpose.
    pub fn verify(&self, token: impl AsRef<[u8]>) -> Result<Ticket, Error> {
        let token = token.as_ref();
        // Before anything else, so that a long text costs nothing.
        if token.len() != TEXT {
            return Err(Error::Invalid);
        }
        let (said_text, presented) = token
            .split_first_chunk::<SAID_TEXT>()
            .ok_or(Error::Invalid)?;
        let mut said = [0; SAID];
        base64url::decode(said_text, &mut said).map_err(|_| Error::Invalid)?;
        let mut keys = self.keys.keys();
        if keys.any(|(_, key)| equal(&mac_text_of(key, &said), presented)) {
            Ticket::from_bytes(&said).ok_or(Error::Invalid)
        } else {
            Err(Error::Invalid)
        }
    }
}

/// The MAC of what a token says, as it stands in the token.
fn mac_text_of<A: Algorithm>(key: &Key<A>, said: &[u8]) -> [u8; MAC_TEXT] {
    let mut tagging = key.start();
    tagging.update(said);
    let tag = tagging.finish();
    let mut text = [0; MAC_TEXT];
    // No algorithm has shorter tags.
    let mac = tag.as_ref().get(..MAC).unwrap_or_default();
    let _ = base64url::encode_bytes(mac, &mut text);
    text
}

/// A refresh token to hand to the client: 75 characters of base64url.
///
/// # Security
///
/// Whoever holds it can continue the login, so it has no text in `Debug`, no `Display`, and it is
/// wiped on drop. It belongs into the body of an answer or into an `HttpOnly` cookie, never into a
/// URL or a log. With serde it is its text.
pub struct Token([u8; TEXT]);

impl Token {
    /// The number of characters of every refresh token.
    pub const LEN: usize = TEXT;

    /// The text itself. The name is long enough to be seen in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        // base64url is ASCII.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refresh::Token([secret elided])")
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::mac::{Hs256, Hs384, Hs512};

    fn ring(byte: u8) -> Keyring<'static, Hs256, 0> {
        Keyring::new("k", Key::new(&[byte; 32]).unwrap())
    }

    fn seal() -> Seal<'static, Hs256> {
        Seal::new(&ring(1))
    }

    fn ticket() -> Ticket {
        Ticket::new(FamilyId::from_bytes([0x5A; 16]), 3)
    }

    #[test]
    fn what_is_signed_verifies() {
        for counter in [0, 1, 255, 256, u64::MAX] {
            let ticket = Ticket::new(FamilyId::from_bytes([9; 16]), counter);
            let token = seal().sign(ticket);
            assert_eq!(token.expose().len(), Token::LEN);
            assert_eq!(seal().verify(token.expose()), Ok(ticket));
            assert_eq!(seal().sign(ticket).expose(), token.expose());
        }
    }

    #[test]
    fn every_algorithm_makes_tokens_of_one_length() {
        fn check<A: Algorithm>() {
            let ring = Keyring::<A>::new("k", Key::new(&[1; 64]).unwrap());
            let token = Seal::new(&ring).sign(ticket());
            assert_eq!(token.expose().len(), 75);
            assert_eq!(Seal::new(&ring).verify(token.expose()), Ok(ticket()));
        }
        check::<Hs256>();
        check::<Hs384>();
        check::<Hs512>();
    }

    #[test]
    fn every_changed_character_is_refused() {
        let token = seal().sign(ticket()).expose().to_string();
        for at in 0..token.len() {
            for byte in 0..=u8::MAX {
                let mut mangled = token.clone().into_bytes();
                if mangled[at] == byte {
                    continue;
                }
                mangled[at] = byte;
                assert_eq!(seal().verify(&mangled), Err(Error::Invalid));
            }
        }
    }

    #[test]
    fn another_length_is_refused() {
        let token = seal().sign(ticket()).expose().to_string();
        for len in 0..token.len() {
            assert_eq!(seal().verify(&token[..len]), Err(Error::Invalid));
        }
        for longer in [
            format!("{token}A"),
            format!("{token}="),
            format!(" {token}"),
        ] {
            assert_eq!(seal().verify(longer), Err(Error::Invalid));
        }
    }

    #[test]
    fn a_token_of_another_server_is_refused() {
        let foreign = Seal::new(&ring(2)).sign(ticket());
        assert_eq!(seal().verify(foreign.expose()), Err(Error::Invalid));
    }

    #[test]
    fn what_the_same_secret_signs_for_another_use_is_refused() {
        let other_use = Seal {
            keys: ring(1).derive("something else"),
        };
        let foreign = other_use.sign(ticket());
        assert_eq!(seal().verify(foreign.expose()), Err(Error::Invalid));
        let underived = Seal { keys: ring(1) };
        let foreign = underived.sign(ticket());
        assert_eq!(seal().verify(foreign.expose()), Err(Error::Invalid));
    }

    #[test]
    fn a_former_key_verifies_and_does_not_sign() {
        let new = Keyring::<_, 1>::new("b", Key::<Hs256>::new(&[2; 32]).unwrap())
            .with_former("a", Key::new(&[1; 32]).unwrap())
            .unwrap();
        let new = Seal::new(&new);
        let old = seal().sign(ticket());
        assert_eq!(new.verify(old.expose()), Ok(ticket()));
        assert_eq!(
            seal().verify(new.sign(ticket()).expose()),
            Err(Error::Invalid)
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let token = seal().sign(ticket());
        assert_eq!(format!("{token:?}"), "refresh::Token([secret elided])");
        assert!(!format!("{:?}", seal()).contains("[1, 1"));
    }

    #[test]
    fn serde_writes_the_text() {
        let token = seal().sign(ticket());
        assert_eq!(
            serde_json::to_string(&token).unwrap(),
            format!("\"{}\"", token.expose())
        );
    }
}
