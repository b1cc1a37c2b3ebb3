use core::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::compact::{self, Decoded, Part};
use super::header::{Expected, Header};
use super::{Error, Keys, Type, Verifier};
use crate::json;
use crate::mac::Algorithm;
use crate::write::Sink;

/// Any bytes, signed: a JWS in its compact form (RFC 7515 §7.1), for what is no set of claims.
///
/// A JWS says what it is by its `typ`, and by nothing else: give each kind of payload a type of
/// its own. There is no time in it and no audience; for these, use a [`Signer`](super::Signer).
///
/// ```
/// use hardtack::mac::{Hs256, Key};
/// use hardtack::token::{Error, Jws, Type};
///
/// const FIRMWARE: Jws<'_> = Jws::new(match Type::new("firmware") {
///     Ok(typ) => typ,
///     Err(_) => panic!("not a type"),
/// });
///
/// # let secret = [7; 32];
/// let key = Key::<Hs256>::new(&secret)?;
/// let mut buffer = [0; 128];
/// let token = FIRMWARE.sign(&key, b"\x7FELF", &mut buffer)?;
///
/// let mut scratch = [0; 128];
/// let signed = FIRMWARE.verify(&key, token.as_bytes(), &mut scratch)?;
/// assert_eq!(signed.payload(), b"\x7FELF");
///
/// // The image itself can stay where it is (RFC 7515 appendix F).
/// let image = [0xA5; 4096];
/// let token = FIRMWARE.sign_detached(&key, &image, &mut buffer)?;
/// FIRMWARE.verify_detached(&key, token.as_bytes(), &image, &mut scratch)?;
/// let other = FIRMWARE.verify_detached(&key, token.as_bytes(), &image[1..], &mut scratch);
/// assert_eq!(other.err(), Some(Error::Signature));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Jws<'v, H = ()> {
    typ: Option<Type<'v>>,
    extra: &'v H,
    max_len: usize,
}

impl<'v> Jws<'v> {
    /// For payloads of type `typ`.
    #[must_use]
    pub const fn new(typ: Type<'v>) -> Self {
        Self {
            typ: Some(typ),
            ..Self::untyped()
        }
    }

    /// For payloads without a type. A token that has one is refused.
    ///
    /// # Security
    ///
    /// Use a key for nothing else then: what it signed says nothing about what it is.
    #[must_use]
    pub const fn untyped() -> Self {
        Self {
            typ: None,
            extra: &(),
            max_len: Verifier::MAX_LEN,
        }
    }

    /// Header parameters of the caller's own, to be signed with the payload: a struct or a map,
    /// read back by [`Signed::header`].
    ///
    /// `alg`, `typ`, `kid`, `crit` and `b64` are refused in it. If it has a `cty`, that must be a
    /// string (RFC 7515 §4.1.10): no verifier takes another.
    ///
    /// ```
    /// # use hardtack::mac::{Hs256, Key};
    /// # use hardtack::token::{Error, Jws};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize, PartialEq, Debug)]
    /// struct Nonce<'t> {
    ///     nonce: &'t str,
    /// }
    ///
    /// # let key = Key::<Hs256>::new(&[7; 32])?;
    /// # let (mut buffer, mut scratch) = ([0; 256], [0; 256]);
    /// let nonce = Nonce { nonce: "oFvnlFP1wIhRlYS2jTaXbA" };
    /// let token = Jws::untyped().header(&nonce).sign(&key, b"hello", &mut buffer)?;
    /// let signed = Jws::untyped().verify(&key, token.as_bytes(), &mut scratch)?;
    /// assert_eq!(signed.header::<Nonce>()?, nonce);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn header<H>(self, extra: &'v H) -> Jws<'v, H> {
        Jws {
            typ: self.typ,
            extra,
            max_len: self.max_len,
        }
    }
}

impl<'v, H> Jws<'v, H> {
    /// A token longer than `max_len` bytes is refused unread; [`Verifier::MAX_LEN`] if this is not
    /// called. A detached payload does not count.
    #[must_use]
    pub const fn max_len(self, max_len: usize) -> Self {
        Self { max_len, ..self }
    }

    /// Checks `token`. No byte of the payload has a meaning before its tag is right.
    ///
    /// `scratch` holds the decoded token. A buffer of the token's length is enough, but for a
    /// header whose strings have escapes, which take more.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`], [`Error::Malformed`], [`Error::Header`], [`Error::Algorithm`],
    /// [`Error::Type`], [`Error::UnknownKey`], [`Error::Signature`], [`Error::NoRoom`] for a small
    /// `scratch`.
    pub fn verify<'t>(
        &self,
        keys: &impl Keys,
        token: &[u8],
        scratch: &'t mut [u8],
    ) -> Result<Signed<'t>, Error> {
        self.open(keys, token, None, scratch)
    }

    /// [`verify`](Self::verify) for a token whose payload was left out of it.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify), and [`Error::Malformed`] for a token that has a payload.
    pub fn verify_detached<'t>(
        &self,
        keys: &impl Keys,
        token: &[u8],
        payload: &[u8],
        scratch: &'t mut [u8],
    ) -> Result<Signed<'t>, Error> {
        self.open(keys, token, Some(payload), scratch)
    }

    fn open<'t>(
        &self,
        keys: &impl Keys,
        token: &[u8],
        detached: Option<&[u8]>,
        scratch: &'t mut [u8],
    ) -> Result<Signed<'t>, Error> {
        if token.len() > self.max_len {
            return Err(Error::TooLong);
        }
        let expected = self.typ.map_or(Expected::None, Expected::Type);
        compact::open_both(keys, expected, token, detached, scratch).map(Signed)
    }
}

impl<'v, H: Serialize> Jws<'v, H> {
    /// Writes a token of `payload` to the front of `buffer`, all or nothing.
    ///
    /// # Errors
    ///
    /// [`Error::NoRoom`] with the length that would have been enough; [`Error::Header`] where the
    /// parameters of [`header`](Jws::header) are no struct or map, have no form in JSON, or have a
    /// name that is refused. The buffer is then as it was.
    pub fn sign<'b, K: Keys>(
        &self,
        keys: &K,
        payload: &[u8],
        buffer: &'b mut [u8],
    ) -> Result<&'b str, Error> {
        let (kid, key) = keys.signing();
        compact::seal(key, &self.protected::<K::Algorithm>(kid), &payload, buffer)
    }

    /// Writes a token of `payload` without the payload, `header..tag` (RFC 7515 appendix F).
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    pub fn sign_detached<'b, K: Keys>(
        &self,
        keys: &K,
        payload: &[u8],
        buffer: &'b mut [u8],
    ) -> Result<&'b str, Error> {
        let (kid, key) = keys.signing();
        compact::seal_detached(key, &self.protected::<K::Algorithm>(kid), payload, buffer)
    }

    /// The exact number of bytes that [`sign`](Self::sign) writes for a payload of `payload_len`
    /// bytes, and [`sign_detached`](Self::sign_detached) for one of zero.
    ///
    /// # Errors
    ///
    /// [`Error::Header`], as for [`sign`](Self::sign).
    pub fn len<K: Keys>(&self, keys: &K, payload_len: usize) -> Result<usize, Error> {
        let (kid, _) = keys.signing();
        let header = self.protected::<K::Algorithm>(kid).len()?;
        Ok(compact::sealed_len::<K::Algorithm>(header, payload_len))
    }

    const fn protected<'h, A>(&self, kid: Option<&'h str>) -> Protected<'h, H, A>
    where
        'v: 'h,
    {
        let own = Header {
            typ: self.typ,
            kid,
            algorithm: PhantomData,
        };
        Protected {
            own,
            extra: self.extra,
        }
    }
}

/// The whole header.
struct Protected<'h, H, A> {
    own: Header<'h, A>,
    extra: &'h H,
}

impl<H: Serialize, A: Algorithm> Part for Protected<'_, H, A> {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.own.put_with(self.extra, sink)
    }
}

/// A JWS whose tag is right. There is no other way to a value than [`Jws::verify`].
#[derive(Debug)]
pub struct Signed<'t>(Decoded<'t>);

impl<'t> Signed<'t> {
    /// The payload; empty where it is detached.
    #[must_use]
    pub const fn payload(&self) -> &'t [u8] {
        self.0.payload
    }

    /// The header, read as an `H`: a struct or a map, which may borrow. It sees `alg`, `typ` and
    /// `kid` too.
    ///
    /// # Errors
    ///
    /// [`Error::Header`] where the header is no `H`; [`Error::NoRoom`] where its strings with
    /// escapes do not fit in what the token left of the scratch buffer.
    pub fn header<H: Deserialize<'t>>(self) -> Result<H, Error> {
        let enough = self.0.enough;
        json::read(self.0.header, self.0.rest)
            .map_err(|error| Error::of_json(error, Error::Header, enough))
    }
}
