use core::fmt;

use crate::base64url;
use crate::mac::{Hs256, Key, Tag};
use crate::secret::{equal, wipe};
use crate::session::{Error, Secret};
use crate::write::{Emit, NoRoom, Sink, Stop};

/// What a page hands out so that a later request can show that it comes from that page: 43
/// characters of base64url.
///
/// A browser sends the session's cookie along with requests that other sites make it send, but
/// those sites cannot read this (cross-site request forgery; OWASP ASVS 5.0, 3.5.1). It follows from
/// the session's secret, so nothing is stored, and it dies when the secret does: at a login, a
/// rotation, the end. Put it into a form's hidden field or a response's header, and
/// [verify](Secret::verify_csrf) it on every request that changes something.
///
/// # Security
///
/// It is not the same in any two responses, though all of one secret's are good: a fresh mask lies
/// over it, so that an attacker who sees the lengths of compressed responses cannot guess it
/// character by character (BREACH).
pub struct CsrfToken([u8; LEN]);

/// 128 bits, which nobody guesses.
const HALF: usize = 16;
const LEN: usize = 2 * HALF;

/// What the key of the session's secret signs.
const LABEL: &[u8] = b"hardtack csrf token";

impl Secret {
    /// A CSRF token for one response.
    ///
    /// # Errors
    ///
    /// [`Error::NoEntropy`] if `fill` fails, or fills in nothing but zeros.
    ///
    /// ```
    /// # use hardtack::session::{Error, Record, Secret};
    /// # use hardtack::time::UnixTime;
    /// # let mut n = 0;
    /// # let mut random = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), Error>(()) };
    /// # let (secret, _) = Record::<u32, ()>::open((), &mut random, UnixTime::EPOCH)?;
    /// // In the response to a GET:
    /// let token = secret.csrf_token(&mut random)?;
    /// let mut text = [0; 43];
    /// let field = token.write(&mut text)?;
    ///
    /// // In the POST that follows, once the session was checked:
    /// assert_eq!(secret.verify_csrf(field.as_bytes()), Ok(()));
    /// assert_eq!(secret.verify_csrf(b"forged"), Err(Error::Csrf));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn csrf_token<E>(
        &self,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<CsrfToken, Error> {
        let mut mask = [0; HALF];
        fill(&mut mask).map_err(|_| Error::NoEntropy)?;
        if mask == [0; HALF] {
            return Err(Error::NoEntropy);
        }
        let mut token = [0; LEN];
        let tag = self.csrf_tag()?;
        let masked = tag.as_ref().iter().zip(mask).map(|(tag, mask)| tag ^ mask);
        for (to, from) in token.iter_mut().zip(mask.into_iter().chain(masked)) {
            *to = from;
        }
        Ok(CsrfToken(token))
    }

    /// Checks a token that came with a request: whether it was made of this secret, the one that
    /// the same request presents. In constant time.
    ///
    /// It says nothing about whether the session lives: [check](crate::session::Sessions::check)
    /// that too.
    ///
    /// # Errors
    ///
    /// [`Error::Csrf`] for anything else: an empty field, another session's token, one from before
    /// a rotation.
    pub fn verify_csrf(&self, token: &[u8]) -> Result<(), Error> {
        let mut bytes = [0; LEN];
        let decoded = base64url::decode(token, &mut bytes).map_err(|_| Error::Csrf)?;
        let (mask, masked) = decoded.split_first_chunk_mut().ok_or(Error::Csrf)?;
        let mask: &[u8; HALF] = mask;
        for (masked, mask) in masked.iter_mut().zip(mask) {
            *masked ^= mask;
        }
        let tag = self.csrf_tag()?;
        let right = tag.as_ref().first_chunk::<HALF>().ok_or(Error::Csrf)?;
        let valid = equal(masked, right);
        wipe(&mut bytes);
        if valid { Ok(()) } else { Err(Error::Csrf) }
    }

    fn csrf_tag(&self) -> Result<Tag<Hs256>, Error> {
        // The secret is as long as the shortest key, so this is never refused.
        let key = Key::<Hs256>::new(self.expose()).map_err(|_| Error::Csrf)?;
        Ok(key.tag(LABEL))
    }
}

impl CsrfToken {
    /// The length of the text in characters.
    pub const LEN: usize = base64url::encoded_len(LEN);

    /// The length of the text: [`LEN`](Self::LEN).
    #[must_use]
    #[expect(clippy::len_without_is_empty)] // it never is
    pub const fn len(&self) -> usize {
        Self::LEN
    }

    /// Writes the token: letters, digits, `-` and `_`, so that HTML needs no escapes.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer of less than 43 bytes.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for CsrfToken {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        let mut buffer = [0; Self::LEN];
        sink.put(base64url::encode_bytes(&self.0, &mut buffer).ok_or(Stop)?)
    }
}

impl fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken([elided])")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;

    fn fill(byte: u8) -> impl FnOnce(&mut [u8]) -> Result<(), ()> {
        move |bytes| {
            bytes.fill(byte);
            Ok(())
        }
    }

    fn secret(byte: u8) -> Secret {
        Secret::generate(fill(byte)).unwrap()
    }

    #[test]
    fn what_is_written_is_the_same_three_ways() {
        let token = secret(1).csrf_token(fill(2)).unwrap();
        let mut buffer = [0; 43];
        assert_eq!(token.write(&mut buffer), Ok(token.to_string().as_str()));
        assert_eq!(token.len(), token.to_string().len());
        assert_eq!(token.write(&mut buffer[1..]), Err(NoRoom { needed: 43 }));
        assert_eq!(format!("{token:?}"), "CsrfToken([elided])");
    }

    #[test]
    fn it_is_a_mask_and_the_masked_tag() {
        let token = secret(1).csrf_token(fill(0xFF)).unwrap();
        let tag = Key::<Hs256>::new(&[1; 32]).unwrap().tag(LABEL);
        let (mask, masked) = token.0.split_at(HALF);
        assert_eq!(mask, [0xFF; HALF]);
        assert!(masked.iter().zip(tag.as_ref()).all(|(a, b)| *a == !*b));
    }

    #[test]
    fn tokens_of_one_secret_differ_and_are_all_good() {
        let secret = secret(1);
        let tokens = [2, 3, 4].map(|mask| secret.csrf_token(fill(mask)).unwrap().to_string());
        for (at, token) in tokens.iter().enumerate() {
            assert_eq!(secret.verify_csrf(token.as_bytes()), Ok(()));
            assert!(!tokens[..at].contains(token));
        }
    }

    #[test]
    fn no_flipped_bit_and_no_other_secret_verifies() {
        let token = secret(1).csrf_token(fill(2)).unwrap();
        for at in 0..LEN {
            for bit in 0..8 {
                let mut wrong = CsrfToken(token.0);
                wrong.0[at] ^= 1 << bit;
                let wrong = wrong.to_string();
                assert_eq!(secret(1).verify_csrf(wrong.as_bytes()), Err(Error::Csrf));
            }
        }
        let token = token.to_string();
        assert_eq!(secret(2).verify_csrf(token.as_bytes()), Err(Error::Csrf));
    }

    #[test]
    fn what_is_not_a_token_is_refused() {
        let token = secret(1).csrf_token(fill(2)).unwrap().to_string();
        for wrong in [
            "",
            "abc",
            &token[..42],
            &format!("{token}A"),
            &"A".repeat(43),
            &"A".repeat(22),
        ] {
            assert_eq!(
                secret(1).verify_csrf(wrong.as_bytes()),
                Err(Error::Csrf),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_source_that_fails_or_writes_nothing_makes_no_token() {
        let failed = Some(Error::NoEntropy);
        assert_eq!(secret(1).csrf_token(|_| Err(())).err(), failed);
        assert_eq!(secret(1).csrf_token(fill(0)).err(), failed);
    }
}
