//! Keys and tags: HMAC with SHA-2 (RFC 2104, RFC 7518 §3.2).
//!
//! One [`Key`] is enough for a start; a [`Keyring`] gives keys names, so that they can be replaced.

use core::fmt;

use hmac::KeyInit;
use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::secret::{equal, wipe};

mod keyring;

pub use keyring::{Keyring, KeyringError};

mod sealed {
    /// What an algorithm is made of; closed, so that no caller can add a weaker one.
    pub trait Sealed {
        /// Both hashes, each after its block of the key.
        type State: Clone + Send + Sync;
        /// What of the message does not fill a block yet. A key has none, so it is kept apart.
        type Rest: Default;
        type Tag: AsRef<[u8]> + AsMut<[u8]> + Copy + Send + Sync;

        fn keyed(key: &[u8]) -> Self::State;
        fn update(state: &mut Self::State, rest: &mut Self::Rest, bytes: &[u8]);
        fn finish(state: &mut Self::State, rest: &mut Self::Rest) -> Self::Tag;
    }
}

/// One of the three HMAC algorithms of RFC 7518 §3.2. There is none that means `none`.
///
/// The algorithm is a type, so the header of a token never chooses code: it can only agree with
/// the key or be refused. The trait is sealed.
pub trait Algorithm: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The value of the `alg` header parameter.
    const NAME: &'static str;
    /// The length of a tag in bytes, and the least length of a key.
    const TAG_LEN: usize;
}

macro_rules! algorithm {
    ($(#[$doc:meta])* $visible:vis $marker:ident, $hash:ident, $name:literal, $tag_len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visible struct $marker;

        impl Algorithm for $marker {
            const NAME: &'static str = $name;
            const TAG_LEN: usize = $tag_len;
        }

        impl sealed::Sealed for $marker {
            type State = HmacCore<$hash>;
            type Rest = Buffer<Self::State>;
            type Tag = [u8; $tag_len];

            #[inline]
            fn keyed(key: &[u8]) -> Self::State {
                // RFC 2104 §2: a key longer than a block is hashed, a shorter one is filled with
                // zeros. Done here, since only a key of one block has a constructor without error.
                let mut block = hmac::digest::Key::<Self::State>::default();
                if let Some(start) = block.get_mut(..key.len()) {
                    start.copy_from_slice(key);
                } else {
                    let hashed = $hash::digest(key);
                    for (to, from) in block.iter_mut().zip(hashed) {
                        *to = from;
                    }
                }
                let state = HmacCore::new(&block);
                wipe(&mut block);
                state
            }

            #[cfg_attr(not(small), inline)]
            fn update(state: &mut Self::State, rest: &mut Self::Rest, bytes: &[u8]) {
                rest.digest_blocks(bytes, |blocks| state.update_blocks(blocks));
            }

            #[inline]
            fn finish(state: &mut Self::State, rest: &mut Self::Rest) -> Self::Tag {
                let mut tag = hmac::digest::Output::<Self::State>::default();
                state.finalize_fixed_core(rest, &mut tag);
                tag.into()
            }
        }
    };
}

algorithm!(
    /// HMAC with SHA-256: 32-byte tags, keys of at least 32 bytes.
    pub Hs256, Sha256, "HS256", 32
);
algorithm!(
    /// HMAC with SHA-384: 48-byte tags, keys of at least 48 bytes.
    pub Hs384, Sha384, "HS384", 48
);
algorithm!(
    /// HMAC with SHA-512: 64-byte tags, keys of at least 64 bytes.
    pub Hs512, Sha512, "HS512", 64
);

#[cfg(test)]
pub(crate) mod counting;

/// Why bytes cannot be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// Shorter than the algorithm's tag, which RFC 7518 §3.2 forbids.
    TooShort,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "the key is shorter than the hash output",
        })
    }
}

impl core::error::Error for KeyError {}

/// A tag does not belong to the message under this key. There is no detail, on purpose: what an
/// attacker could learn from a detail is the only use it would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidTag;

impl fmt::Display for InvalidTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tag is not valid")
    }
}

impl core::error::Error for InvalidTag {}

/// A secret key for one algorithm and, by [`derive`](Self::derive), one purpose.
///
/// What is kept is the keyed state of HMAC (both of its blocks are hashed once, here), not the key
/// bytes; it is wiped on drop. A value takes 80 to 160 bytes.
///
/// # Security
///
/// The length is checked, the randomness cannot be: a password is not a key. Take the bytes from
/// a cryptographic random source and keep them outside of the source code.
///
/// ```
/// use hardtack::mac::{Hs256, Key, KeyError};
///
/// # let secret = [7; 32]; // from the machine's random source, once, and then from a vault
/// let root = Key::<Hs256>::new(&secret)?;
/// let cookies = root.derive("signed cookies");
/// let tag = cookies.tag(b"message");
/// assert!(cookies.verify(b"message", tag.as_ref()).is_ok());
/// assert!(root.derive("tokens").verify(b"message", tag.as_ref()).is_err());
/// assert_eq!(Key::<Hs256>::new(b"hunter2").err(), Some(KeyError::TooShort));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone)]
pub struct Key<A: Algorithm> {
    // [8725-3.1-2]
    state: A::State,
}

impl<A: Algorithm> Key<A> {
    /// Takes at least [`A::TAG_LEN`](Algorithm::TAG_LEN) random bytes (RFC 7518 §3.2).
    ///
    /// # Errors
    ///
    /// [`KeyError::TooShort`] for fewer.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        // [8725-3.5-1]
        if bytes.len() < A::TAG_LEN {
            return Err(KeyError::TooShort);
        }
        Ok(Self::keyed(bytes))
    }

    /// HMAC as such takes keys of any length.
    fn keyed(bytes: &[u8]) -> Self {
        Self {
            state: A::keyed(bytes),
        }
    }

    /// The key for one purpose, named by `label`: HKDF-Expand (RFC 5869 §2.3) of this key as the
    /// pseudorandom key, with `label` as the info, to one block.
    ///
    /// Keys of different labels cannot verify each other's tags, so one secret serves access
    /// tokens, refresh tokens, signed cookies and whatever else, each by a label of its own.
    #[must_use]
    pub fn derive(&self, label: &str) -> Self {
        self.expand(label.as_bytes())
    }

    fn expand(&self, info: &[u8]) -> Self {
        let mut block = self.start();
        block.update(info);
        block.update(&[1]);
        let mut block = block.finish();
        let derived = Self::keyed(block.as_ref());
        wipe(block.as_mut());
        derived
    }

    /// The tag of `message`.
    #[must_use]
    pub fn tag(&self, message: &[u8]) -> Tag<A> {
        let mut mac = self.start();
        mac.update(message);
        Tag(mac.finish())
    }

    /// Checks that `tag` is the tag of `message`, whole, in constant time.
    ///
    /// # Errors
    ///
    /// [`InvalidTag`] for any other tag, a truncated one included.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> Result<(), InvalidTag> {
        let mut mac = self.start();
        mac.update(message);
        mac.verify(tag)
    }

    /// Starts a tag over a message in pieces.
    #[cfg_attr(not(small), inline)]
    #[cfg_attr(small, inline(never))]
    pub(crate) fn start(&self) -> Tagging<A> {
        Tagging {
            state: self.state.clone(),
            rest: A::Rest::default(),
        }
    }
}

impl<A: Algorithm> fmt::Debug for Key<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, [secret elided])", A::NAME)
    }
}

/// A tag under way.
pub(crate) struct Tagging<A: Algorithm> {
    state: A::State,
    rest: A::Rest,
}

impl<A: Algorithm> Tagging<A> {
    /// Adds bytes of the message.
    #[cfg_attr(not(small), inline)]
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        A::update(&mut self.state, &mut self.rest, bytes);
    }

    /// The tag.
    #[inline]
    pub(crate) fn finish(mut self) -> A::Tag {
        A::finish(&mut self.state, &mut self.rest)
    }

    /// Compares the tag with `tag` in constant time.
    #[inline]
    pub(crate) fn verify(self, tag: &[u8]) -> Result<(), InvalidTag> {
        let mut right = self.finish();
        let valid = equal(right.as_ref(), tag);
        wipe(right.as_mut());
        if valid { Ok(()) } else { Err(InvalidTag) }
    }
}

/// A tag, as [`Key::tag`] makes it. It has no `==`: compare with [`Key::verify`].
#[derive(Clone, Copy)]
pub struct Tag<A: Algorithm>(A::Tag);

impl<A: Algorithm> AsRef<[u8]> for Tag<A> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl<A: Algorithm> fmt::Debug for Tag<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({}, [{} bytes elided])", A::NAME, A::TAG_LEN)
    }
}

/// SHA-256 (FIPS 180-4) of `bytes`.
#[must_use]
#[cfg_attr(not(small), inline)]
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::path::PathBuf;
    use std::vec::Vec;

    use serde_json::Value;

    use super::counting::{Counting, compressions, of_one_tag};
    use super::*;

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
            .collect()
    }

    /// A file of the vectors, or nothing where they are not at hand; `conformance` reports that.
    fn vectors(file: &str) -> Option<Value> {
        let folder = std::env::var_os("HARDTACK_VECTORS").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors")),
            PathBuf::from,
        );
        let text = std::fs::read(folder.join("token").join(file)).ok()?;
        Some(serde_json::from_slice(&text).unwrap())
    }

    /// HMAC as such has no least length of a key, and the vectors use short ones.
    #[track_caller]
    fn check<A: Algorithm>(key: &[u8], message: &[u8], tag: &[u8], valid: bool) {
        let right = Key::<A>::keyed(key).tag(message);
        assert_eq!(right.as_ref().starts_with(tag), valid);
        let verified = Key::<A>::keyed(key).verify(message, tag);
        assert_eq!(verified.is_ok(), valid && tag.len() == A::TAG_LEN);
        let too_short = key.len() < A::TAG_LEN;
        assert_eq!(Key::<A>::new(key).is_err(), too_short);
    }

    #[track_caller]
    fn wycheproof<A: Algorithm>(file: &str) {
        let Some(file) = vectors(file) else { return };
        let mut cases = 0;
        for group in file["testGroups"].as_array().unwrap() {
            for case in group["tests"].as_array().unwrap() {
                let bytes = |field: &str| unhex(case[field].as_str().unwrap());
                let valid = case["result"] == "valid";
                check::<A>(&bytes("key"), &bytes("msg"), &bytes("tag"), valid);
                cases += 1;
            }
        }
        assert_eq!(cases, 174);
    }

    #[test]
    fn wycheproof_hmac() {
        wycheproof::<Hs256>("wycheproof-hmac-sha256.json");
        wycheproof::<Hs384>("wycheproof-hmac-sha384.json");
        wycheproof::<Hs512>("wycheproof-hmac-sha512.json");
    }

    #[test]
    fn rfc_4231() {
        let Some(file) = vectors("rfc4231.json") else {
            return;
        };
        for case in file["tests"].as_array().unwrap() {
            let bytes = |field: &str| unhex(case[field].as_str().unwrap());
            let (key, message, tag) = (bytes("key"), bytes("msg"), bytes("tag"));
            match case["alg"].as_str().unwrap() {
                "sha256" => check::<Hs256>(&key, &message, &tag, true),
                "sha384" => check::<Hs384>(&key, &message, &tag, true),
                "sha512" => check::<Hs512>(&key, &message, &tag, true),
                // No algorithm of JWS.
                other => assert_eq!(other, "sha224"),
            }
        }
    }

    /// RFC 5869 appendix A.1: the first block of its output.
    #[test]
    fn derivation_is_hkdf_expand() {
        let prk = unhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        let okm = unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
        let info = unhex("f0f1f2f3f4f5f6f7f8f9");
        let derived = Key::<Hs256>::new(&prk).unwrap().expand(&info);
        let expected = Key::<Hs256>::new(&okm).unwrap();
        assert!(derived.verify(b"m", expected.tag(b"m").as_ref()).is_ok());
    }

    #[test]
    fn a_key_is_hashed_once_and_a_message_once() {
        let of_key = |len: usize| compressions(|| Key::<Counting>::new(&[1; 100][..len]).unwrap());
        // Two blocks of key, and two before them for a key that is hashed first.
        assert_eq!(of_key(32).1, 2);
        assert_eq!(of_key(64).1, 2);
        let (key, for_key) = of_key(100);
        assert_eq!(for_key, 4);
        let (derived, for_derived) = compressions(|| key.derive("label"));
        assert_eq!(for_derived, of_one_tag(6) + 2);

        let twin = Key::<Hs256>::new(&[1; 100]).unwrap().derive("label");
        for len in 0..200 {
            let message = &[7; 200][..len];
            let (tag, for_tag) = compressions(|| derived.tag(message));
            assert_eq!(for_tag, of_one_tag(len));
            assert!(twin.verify(message, tag.as_ref()).is_ok());
            let (verified, for_verifying) = compressions(|| derived.verify(message, tag.as_ref()));
            assert_eq!((verified, for_verifying), (Ok(()), for_tag));
        }
    }

    #[test]
    fn keys_of_different_labels_refuse_each_other() {
        let root = Key::<Hs512>::new(&[1; 64]).unwrap();
        let tag = root.derive("a").tag(b"m");
        assert!(root.derive("a").verify(b"m", tag.as_ref()).is_ok());
        assert_eq!(root.derive("b").verify(b"m", tag.as_ref()), Err(InvalidTag));
        assert_eq!(root.verify(b"m", tag.as_ref()), Err(InvalidTag));
    }

    // [8725-3.5-1]
    #[test]
    fn a_key_has_at_least_the_length_of_its_tag() {
        assert_eq!(Key::<Hs256>::new(&[1; 31]).err(), Some(KeyError::TooShort));
        assert_eq!(Key::<Hs384>::new(&[1; 47]).err(), Some(KeyError::TooShort));
        assert_eq!(Key::<Hs512>::new(&[1; 63]).err(), Some(KeyError::TooShort));
        assert!(Key::<Hs256>::new(&[1; 32]).is_ok());
        assert!(Key::<Hs384>::new(&[1; 48]).is_ok());
        assert!(Key::<Hs512>::new(&[1; 64]).is_ok());
    }

    /// A key has no `Drop` of its own: its hashes wipe themselves, if they are built with `zeroize`.
    #[test]
    fn a_key_is_made_of_what_wipes_itself() {
        fn wiped<H: hmac::digest::zeroize::ZeroizeOnDrop>() {}
        wiped::<Sha256>();
        wiped::<Sha384>();
        wiped::<Sha512>();
        assert!(core::mem::needs_drop::<Key<Hs256>>());
        assert!(core::mem::needs_drop::<Key<Hs384>>());
        assert!(core::mem::needs_drop::<Key<Hs512>>());
    }

    #[test]
    fn a_key_takes_as_much_as_is_said() {
        assert_eq!(size_of::<Key<Hs256>>(), 80);
        assert_eq!(size_of::<Key<Hs384>>(), 160);
        assert_eq!(size_of::<Key<Hs512>>(), 160);
    }

    #[test]
    fn a_truncated_or_lengthened_tag_is_refused() {
        let key = Key::<Hs256>::new(&[1; 32]).unwrap();
        let tag = key.tag(b"m");
        for len in 0..32 {
            assert_eq!(key.verify(b"m", &tag.as_ref()[..len]), Err(InvalidTag));
        }
        let longer = [tag.as_ref(), &[0]].concat();
        assert_eq!(key.verify(b"m", &longer), Err(InvalidTag));
    }

    #[test]
    fn debug_shows_no_byte() {
        let key = Key::<Hs256>::new(&[1; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "Key(HS256, [secret elided])");
        assert_eq!(
            format!("{:?}", key.tag(b"m")),
            "Tag(HS256, [32 bytes elided])"
        );
    }
}
