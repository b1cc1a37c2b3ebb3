//! Keys from JSON Web Keys (RFC 7517): symmetric ones (`"kty":"oct"`, RFC 7518 §6.4) alone.
//!
//! What the JWK says about its purpose must fit what a [`Key`] does, which is to sign and to
//! verify under one algorithm:
//!
//! | member | accepted |
//! | --- | --- |
//! | `kty` | `oct` |
//! | `k` | strict base64url of at least the algorithm's length and at most [`MAX_KEY_LEN`] bytes |
//! | `alg` | absent, or the algorithm's name |
//! | `use` | absent, or `sig` |
//! | `key_ops` | absent, or `sign` and `verify`, once each, and no other |
//! | `kid` | a string; in a set every key has one, and no two have the same |
//!
//! Other members are ignored. In a set, RFC 7517 §5 would have keys that are not understood
//! ignored; here one such key refuses the set, so that a mistake is seen by whoever made it.
//!
//! # Security
//!
//! The text is as secret as the key. Where `k` has escapes, which nobody writes, a copy of it is
//! left in the scratch buffer too; the decoded key is wiped.

use core::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use crate::base64url;
use crate::json;
use crate::mac::{Algorithm, Key, KeyError, Keyring, KeyringError};
use crate::secret::wipe;

/// The most bytes of a key that is read. HMAC shortens what is longer than a block of its hash (64
/// or 128 bytes), so that more adds nothing.
pub const MAX_KEY_LEN: usize = 256;

/// Reads one JWK: its `kid`, if it has one, and the key.
///
/// Strings of the text that have escapes are unescaped into `scratch`.
///
/// # Errors
///
/// See [`Error`].
///
/// ```
/// use hardtack::mac::{Hs256, KeyError};
/// use hardtack::token::jwk;
///
/// let text = br#"{"kty":"oct","kid":"a","alg":"HS256","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
/// let (kid, key) = jwk::parse::<Hs256>(text, &mut [])?;
/// assert_eq!(kid, Some("a"));
///
/// let short = br#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}"#;
/// let refused = jwk::parse::<Hs256>(short, &mut []);
/// assert_eq!(refused.err(), Some(jwk::Error::Key(KeyError::TooShort)));
/// # Ok::<(), jwk::Error>(())
/// ```
pub fn parse<'t, A: Algorithm>(
    text: &'t [u8],
    scratch: &'t mut [u8],
) -> Result<(Option<&'t str>, Key<A>), Error> {
    let jwk: Members<'_> = json::read(text, scratch)?;
    Ok((jwk.kid, jwk.key()?))
}

/// Reads a JWK Set (RFC 7517 §5) as a key ring: its first key signs, the others verify.
///
/// Strings of the text that have escapes are unescaped into `scratch`.
///
/// # Errors
///
/// See [`Error`]. One key that is refused refuses the set.
///
/// ```
/// use hardtack::mac::{Hs256, Keyring};
/// use hardtack::token::jwk;
///
/// let text = br#"{"keys":[
///     {"kty":"oct","kid":"new","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
///     {"kty":"oct","kid":"old","k":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}
/// ]}"#;
/// let keys: Keyring<'_, Hs256, 3> = jwk::parse_set(text, &mut [])?;
/// assert_eq!(keys.current().0, "new");
/// assert!(keys.find("old").is_some());
/// # Ok::<(), jwk::Error>(())
/// ```
pub fn parse_set<'t, A: Algorithm, const N: usize>(
    text: &'t [u8],
    scratch: &'t mut [u8],
) -> Result<Keyring<'t, A, N>, Error> {
    let mut keys = Err(Error::Empty);
    json::read_members(text, scratch, &mut |name, value| {
        if name == "keys" {
            let Set(read) = value.read()?;
            keys = read;
        }
        Ok(())
    })?;
    keys
}

/// Why a JWK or a set of them gives no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Not strict JSON, or a member of the wrong type; `null` is none.
    Json(json::Error),
    /// Its `kty` is not `oct`, or is absent: `RSA`, `OCT`.
    KeyType,
    /// Its `use` or its `key_ops` is not that of a key that signs and verifies: `enc`,
    /// `["verify"]`, `["sign","sign","verify"]`.
    Use,
    /// Its `alg` is another algorithm: `HS384` for an HS256 key, `A256GCM`.
    Algorithm,
    /// Its `k` is absent, not strict base64url, or longer than [`MAX_KEY_LEN`].
    Encoding,
    /// Its `k` does not make a key: it is too short.
    Key(KeyError),
    /// A key of a set has no `kid`.
    NoKid,
    /// A key of a set does not join the ring: its `kid` is there already, or the ring is full.
    Ring(KeyringError),
    /// The set has no `keys`, or none in it.
    Empty,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json(error) => return error.fmt(f),
            Self::KeyType => "the key is not a symmetric one",
            Self::Use => "the key is not for signing and verifying",
            Self::Algorithm => "the key is for another algorithm",
            Self::Encoding => "the key is not base64url of at most 256 bytes",
            Self::Key(error) => return error.fmt(f),
            Self::NoKid => "a key of the set has no name",
            Self::Ring(error) => return error.fmt(f),
            Self::Empty => "the set has no keys",
        })
    }
}

impl core::error::Error for Error {}

impl From<json::Error> for Error {
    fn from(error: json::Error) -> Self {
        Self::Json(error)
    }
}

/// The members of a JWK that mean something here.
#[derive(serde::Deserialize)]
struct Members<'t> {
    #[serde(default, borrow, deserialize_with = "present")]
    kty: Option<&'t str>,
    #[serde(default, borrow, deserialize_with = "present")]
    k: Option<&'t str>,
    #[serde(default, borrow, deserialize_with = "present")]
    kid: Option<&'t str>,
    #[serde(default, borrow, deserialize_with = "present")]
    alg: Option<&'t str>,
    #[serde(default, borrow, rename = "use", deserialize_with = "present")]
    purpose: Option<&'t str>,
    #[serde(default, deserialize_with = "present")]
    key_ops: Option<Operations>,
}

/// A member that is there has its type: `null` is not "absent".
fn present<'t, T: Deserialize<'t>, D: Deserializer<'t>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

impl Members<'_> {
    fn key<A: Algorithm>(&self) -> Result<Key<A>, Error> {
        if self.kty != Some("oct") {
            return Err(Error::KeyType);
        }
        if self.alg.is_some_and(|alg| alg != A::NAME) {
            return Err(Error::Algorithm);
        }
        let for_tags = self.purpose.is_none_or(|purpose| purpose == "sig");
        if !for_tags || self.key_ops == Some(Operations::Other) {
            return Err(Error::Use);
        }
        let mut bytes = [0; MAX_KEY_LEN];
        let encoded = self.k.ok_or(Error::Encoding)?.as_bytes();
        let key = match base64url::decode(encoded, &mut bytes) {
            Ok(bytes) => Key::new(bytes).map_err(Error::Key),
            Err(base64url::Invalid) => Err(Error::Encoding),
        };
        wipe(&mut bytes);
        key
    }
}

/// The value of `key_ops`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operations {
    SignAndVerify,
    Other,
}

impl<'t> Deserialize<'t> for Operations {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Strings;

        impl<'t> Visitor<'t> for Strings {
            type Value = Operations;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of strings")
            }

            fn visit_seq<S: SeqAccess<'t>>(self, mut all: S) -> Result<Operations, S::Error> {
                let (mut sign, mut verify, mut other) = (0_u8, 0_u8, 0_u8);
                while let Some(operation) = all.next_element::<&str>()? {
                    let count = match operation {
                        "sign" => &mut sign,
                        "verify" => &mut verify,
                        _ => &mut other,
                    };
                    *count = count.saturating_add(1);
                }
                Ok(match (sign, verify, other) {
                    (1, 1, 0) => Operations::SignAndVerify,
                    _ => Operations::Other,
                })
            }
        }

        deserializer.deserialize_seq(Strings)
    }
}

/// The value of `keys`: the ring, or what is wrong with the first key that is refused.
struct Set<'t, A: Algorithm, const N: usize>(Result<Keyring<'t, A, N>, Error>);

impl<'t, A: Algorithm, const N: usize> Deserialize<'t> for Set<'t, A, N> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys<A, const N: usize>(core::marker::PhantomData<A>);

        impl<'t, A: Algorithm, const N: usize> Visitor<'t> for Keys<A, N> {
            type Value = Set<'t, A, N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of keys")
            }

            fn visit_seq<S: SeqAccess<'t>>(self, mut all: S) -> Result<Set<'t, A, N>, S::Error> {
                let mut keys = Err(Error::Empty);
                while let Some(jwk) = all.next_element::<Members<'_>>()? {
                    keys = join(keys, &jwk);
                }
                Ok(Set(keys))
            }
        }

        deserializer.deserialize_seq(Keys(core::marker::PhantomData))
    }
}

/// Adds one more key to those so far. The first error stays.
fn join<'t, A: Algorithm, const N: usize>(
    keys: Result<Keyring<'t, A, N>, Error>,
    jwk: &Members<'t>,
) -> Result<Keyring<'t, A, N>, Error> {
    let ring = match keys {
        Ok(ring) => Some(ring),
        Err(Error::Empty) => None,
        Err(error) => return Err(error),
    };
    let kid = jwk.kid.ok_or(Error::NoKid)?;
    let key = jwk.key()?;
    match ring {
        Some(ring) => ring.with_former(kid, key).map_err(Error::Ring),
        None => Ok(Keyring::new(kid, key)),
    }
}
