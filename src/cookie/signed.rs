use core::fmt;

use super::Error;
use super::grammar::{is_name, is_octets};
use crate::base64url;
use crate::mac::{Algorithm, Keyring};
use crate::secret::{equal, wipe};
use crate::time::UnixTime;
use crate::write::{Decimal, Emit, NoRoom, Sink, Stop};

/// The longest tag in base64url: that of HMAC-SHA-512.
const LONGEST_TAG: usize = base64url::encoded_len(64);

/// Signs the values of one cookie, and recognises its own.
///
/// ```text
/// signed-value = value "." kid "." [ expiry ] "." tag     ; all of it cookie-octets
/// ```
///
/// A value is bound to the name of its cookie, to a purpose, to the key that `kid` names and, if it
/// is asked for, to an expiry in seconds of Unix time. The tag is that of the text before it, which
/// can be cut in one way only, as neither `kid` nor expiry has a dot; its key is derived for signed
/// cookies, for the purpose and for the name. So no value passes as that of another cookie, and what
/// the same secret signs elsewhere (an access token, say) is never taken for one. The value stays
/// readable: it is signed, not encrypted.
///
/// New values are signed with the ring's current key; those of its `N` former keys stay valid.
///
/// ```
/// use hardtack::cookie::{Header, SetCookie, Signer};
/// use hardtack::mac::{Hs256, Key, Keyring};
/// use hardtack::time::UnixTime;
///
/// # let secret = [7; 32];
/// # let now = UnixTime::from_secs(1_700_000_000);
/// let ring = Keyring::<Hs256>::new("k1", Key::new(&secret)?);
/// let theme = Signer::new("__Host-theme", "preferences", &ring)?;
///
/// let mut buffer = [0; 128];
/// let signed = theme.sign("dark")?.write(&mut buffer)?;
/// assert!(signed.starts_with("dark.k1.."));
/// let cookie = SetCookie::new(theme.name(), signed)?;
///
/// let header = format!("__Host-theme={signed}");
/// let value = Header::new([header.as_bytes()]).only(b"__Host-theme")?;
/// assert_eq!(theme.verify(value.unwrap_or_default(), now), Ok("dark"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// A signed value proves that this server made it for this cookie, and nothing about who sends it:
/// whoever can read the cookie can send it too, until it expires or its key leaves the ring. What
/// must be taken back sooner belongs in a session.
#[derive(Clone, Debug)]
pub struct Signer<'k, A: Algorithm, const N: usize = 0> {
    name: &'k str,
    keys: Keyring<'k, A, N>,
}

impl<'k, A: Algorithm, const N: usize> Signer<'k, A, N> {
    /// The length of a tag as text.
    const TAG_LEN: usize = base64url::encoded_len(A::TAG_LEN);

    /// The signer of the cookie of this name with the keys of this ring. Two parts of a program
    /// that use one name for two things give two purposes.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] for a name that is not a token; [`Error::Value`] for a `kid` in the ring that
    /// a cookie cannot carry (`"key 1"`, `"a;b"`), or that has a dot in it.
    pub fn new(name: &'k str, purpose: &str, ring: &Keyring<'k, A, N>) -> Result<Self, Error> {
        if !is_name(name.as_bytes()) {
            return Err(Error::Name);
        }
        let fits = |kid: &str| is_octets(kid.as_bytes()) && !kid.contains('.');
        if !ring.keys().all(|(kid, _)| fits(kid)) {
            return Err(Error::Value);
        }
        let keys = ring.derive("hardtack signed cookie").derive(purpose);
        Ok(Self {
            name,
            keys: keys.derive(name),
        })
    }

    /// The name of the cookie.
    #[must_use]
    pub const fn name(&self) -> &'k str {
        self.name
    }

    /// Signs a value that is valid for as long as its key is in the ring.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] for a value that is not made of cookie-octets; no quotes here. How long it
    /// may be is up to where it goes: [`SetCookie`](super::SetCookie), or its
    /// [`chunks`](super::SetCookie::chunks).
    pub fn sign<'a>(&self, value: &'a str) -> Result<Signed<'a, A>, Error>
    where
        'k: 'a,
    {
        self.sign_with(value, Decimal::NOTHING)
    }

    /// Signs a value that is valid before `expiry`, and no longer. The `Max-Age` of a cookie is a
    /// wish to the user agent; this is what the server itself holds to.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    pub fn sign_until<'a>(&self, value: &'a str, expiry: UnixTime) -> Result<Signed<'a, A>, Error>
    where
        'k: 'a,
    {
        self.sign_with(value, Decimal::from(expiry.as_secs()))
    }

    fn sign_with<'a>(&self, value: &'a str, expiry: Decimal) -> Result<Signed<'a, A>, Error>
    where
        'k: 'a,
    {
        if !is_octets(value.as_bytes()) {
            return Err(Error::Value);
        }
        let (kid, key) = self.keys.current();
        let mut tagging = key.start();
        for part in [value, ".", kid, "."] {
            tagging.update(part.as_bytes());
        }
        tagging.update(expiry.as_bytes());
        Ok(Signed {
            value,
            kid,
            expiry,
            tag: tagging.finish(),
        })
    }

    /// The value in `text`, if this signer made it and it has not expired.
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] for anything else: another name, purpose or key, a changed bit, an
    /// expiry that is reached, a text of another form. There is no detail, on purpose.
    pub fn verify<'h>(&self, text: &'h [u8], now: UnixTime) -> Result<&'h str, Error> {
        self.value(text, now).ok_or(Error::Signature)
    }

    fn value<'h>(&self, text: &'h [u8], now: UnixTime) -> Option<&'h str> {
        let text = core::str::from_utf8(text).ok()?;
        let (signed, tag) = text.split_at_checked(text.len().checked_sub(Self::TAG_LEN)?)?;
        let signed = signed.strip_suffix('.')?;
        let (rest, expiry) = split_last(signed)?;
        let (value, kid) = split_last(rest)?;
        let mut tagging = self.keys.find(kid)?.start();
        tagging.update(signed.as_bytes());
        if !is_tag(tagging.finish(), tag.as_bytes()) {
            return None;
        }
        let lives = expiry.is_empty() || now < UnixTime::from_secs(expiry.parse().ok()?);
        lives.then_some(value)
    }
}

/// What is before the last dot and what is behind it. The latter is short, so the search is plain.
#[inline]
fn split_last(text: &str) -> Option<(&str, &str)> {
    let dot = text.bytes().rposition(|byte| byte == b'.')?;
    let (before, behind) = text.split_at_checked(dot)?;
    Some((before, behind.strip_prefix('.')?))
}

/// Whether `given` is the text of the tag, in constant time. A tag has one text, so nothing has to
/// be decoded.
fn is_tag<T: AsRef<[u8]> + AsMut<[u8]>>(mut tag: T, given: &[u8]) -> bool {
    let mut room = [0; LONGEST_TAG];
    let len = base64url::encoded_len(tag.as_ref().len());
    let Some(right) = room.get_mut(..len) else {
        return false;
    };
    let valid = base64url::encode_bytes(tag.as_ref(), right).is_some() && equal(right, given);
    // The right tag of a wrong text would make it right. That of a right one is no secret.
    if !valid {
        wipe(tag.as_mut());
        wipe(right);
    }
    valid
}

/// A value with its signature, made by [`Signer::sign`]; what [`write`](Self::write) gives is the
/// value of the cookie.
#[derive(Clone)]
pub struct Signed<'a, A: Algorithm> {
    value: &'a str,
    kid: &'a str,
    expiry: Decimal,
    tag: A::Tag,
}

impl<A: Algorithm> Signed<'_, A> {
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

impl<A: Algorithm> Emit for Signed<'_, A> {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        let mut room = [0; LONGEST_TAG];
        let tag = base64url::encode_bytes(self.tag.as_ref(), &mut room).ok_or(Stop)?;
        for part in [
            self.value.as_bytes(),
            self.kid.as_bytes(),
            self.expiry.as_bytes(),
        ] {
            sink.put(part)?;
            sink.put(b".")?;
        }
        sink.put(tag)
    }

    fn emitted_len(&self) -> usize {
        [
            self.value.len(),
            self.kid.len(),
            self.expiry.as_bytes().len(),
            base64url::encoded_len(A::TAG_LEN),
        ]
        .iter()
        .fold(b"...".len(), |sum, len| sum.saturating_add(*len))
    }
}

impl<A: Algorithm> fmt::Display for Signed<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl<A: Algorithm> fmt::Debug for Signed<'_, A> {
    /// Shows neither the value nor the tag, by which the value could be sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({}, [{} bytes elided])", A::NAME, self.len())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::{String, ToString};
    use std::vec;

    use super::*;
    use crate::mac::{Hs256, Hs384, Hs512, Key};

    const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
    const LATER: UnixTime = UnixTime::from_secs(1_700_000_001);

    fn key(byte: u8) -> Key<Hs256> {
        Key::new(&[byte; 32]).unwrap()
    }

    fn signer_of(
        name: &'static str,
        purpose: &str,
        kid: &'static str,
        byte: u8,
    ) -> Signer<'static, Hs256> {
        Signer::new(name, purpose, &Keyring::new(kid, key(byte))).unwrap()
    }

    fn signer() -> Signer<'static, Hs256> {
        signer_of("theme", "tests", "k1", 1)
    }

    fn signed(value: &str) -> String {
        signer().sign(value).unwrap().to_string()
    }

    #[track_caller]
    fn assert_refused<const N: usize>(signer: &Signer<'_, Hs256, N>, text: impl AsRef<[u8]>) {
        let refused = signer.verify(text.as_ref(), NOW);
        assert_eq!(refused, Err(Error::Signature));
    }

    #[test]
    fn what_was_signed_verifies() {
        for value in ["", "dark", "a.b..c", "!#$%&'()*+-./:<=>?@[]^_`{|}~"] {
            let text = signed(value);
            assert_eq!(signer().verify(text.as_bytes(), NOW), Ok(value));
            assert_eq!(text.len(), value.len() + ".k1..".len() + 43);
            assert!(text.starts_with(&format!("{value}.k1..")));
        }
        assert_eq!(signer().name(), "theme");
    }

    /// Computed with `hmac` and `hashlib` of Python.
    #[test]
    fn the_text_is_the_same_for_ever() {
        let text = signer().sign_until("dark", LATER).unwrap().to_string();
        assert_eq!(
            text,
            "dark.k1.1700000001.bJGjUMiQwCItMbnqJNJKr5fFf6fZaGmKt0OhSL5lM9A"
        );
    }

    #[test]
    fn every_algorithm_signs() {
        fn check<A: Algorithm>(len: usize) {
            let ring = Keyring::<A, 0>::new("k", Key::new(&[1; 64]).unwrap());
            let signer = Signer::new("a", "tests", &ring).unwrap();
            let text = signer.sign("b").unwrap().to_string();
            assert_eq!(text.len(), "b.k..".len() + len);
            assert_eq!(signer.verify(text.as_bytes(), NOW), Ok("b"));
        }
        check::<Hs256>(43);
        check::<Hs384>(64);
        check::<Hs512>(86);
    }

    #[test]
    fn a_value_belongs_to_one_name_purpose_and_key() {
        let text = signed("dark");
        assert_refused(&signer_of("role", "tests", "k1", 1), &text);
        assert_refused(&signer_of("Theme", "tests", "k1", 1), &text);
        assert_refused(&signer_of("theme", "other", "k1", 1), &text);
        assert_refused(&signer_of("tests", "theme", "k1", 1), &text);
        assert_refused(&signer_of("theme", "tests", "k1", 2), &text);
        // The same key under another kid, which the text names or does not.
        assert_refused(&signer_of("theme", "tests", "k2", 1), &text);
        let renamed = text.replace("k1", "k2");
        assert_refused(&signer_of("theme", "tests", "k2", 1), &renamed);
    }

    #[test]
    fn no_flipped_bit_and_no_other_length_verifies() {
        let text = signer().sign_until("dark", LATER).unwrap().to_string();
        assert!(signer().verify(text.as_bytes(), NOW).is_ok());
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = vec::Vec::from(text.as_bytes());
                bytes[at] ^= 1 << bit;
                assert_refused(&signer(), &bytes);
            }
            assert_refused(&signer(), &text[..at]);
            assert_refused(&signer(), &text[at + 1..]);
        }
        for more in ["A", ".", "=", " "] {
            assert_refused(&signer(), format!("{text}{more}"));
            assert_refused(&signer(), format!("{more}{text}"));
        }
    }

    #[test]
    fn texts_of_another_form_are_refused() {
        for text in [
            "",
            ".",
            "..",
            "...",
            "dark",
            "dark.k1",
            "dark.k1..",
            ".k1..",
            "\u{e9}...",
            "dark..k1.",
        ] {
            assert_refused(&signer(), text);
            let (_, tag) = text.rsplit_once('.').unwrap_or_default();
            assert_refused(&signer(), format!("{text}{}", &"A".repeat(43)[tag.len()..]));
        }
        assert_refused(&signer(), [0xFF, b'.', b'.', b'.']);
    }

    #[test]
    fn the_parts_of_a_text_cannot_be_cut_otherwise() {
        let text = signed("a.k1.");
        assert_eq!(signer().verify(text.as_bytes(), NOW), Ok("a.k1."));
        let (_, tag) = text.rsplit_once('.').unwrap();
        for other in ["", "a", "a.k1", "a.k1.k1", "a.k1..k", "ak1..k1"] {
            assert_refused(&signer(), format!("{other}..{tag}"));
        }
    }

    #[test]
    fn an_expired_value_is_refused() {
        let sign = |expiry| signer().sign_until("a", expiry).unwrap().to_string();
        for expiry in [LATER, UnixTime::MAX] {
            assert_eq!(
                signer().verify(sign(expiry).as_bytes(), NOW).ok(),
                Some("a")
            );
        }
        for expiry in [NOW, UnixTime::EPOCH, UnixTime::MIN] {
            assert_refused(&signer(), sign(expiry));
        }
        assert!(sign(LATER).starts_with("a.k1.1700000001."));
        // An expiry cannot be taken off or put on.
        assert_refused(&signer(), sign(LATER).replace("1700000001", ""));
        assert_refused(&signer(), sign(LATER).replace("1700000001", "01700000001"));
        assert_refused(&signer(), signed("a").replace("..", ".1700000001."));
    }

    #[test]
    fn keys_rotate() {
        let old = signed("a");
        let new_signer =
            |ring: &Keyring<'static, Hs256, 1>| Signer::new("theme", "tests", ring).unwrap();
        let ring = Keyring::<_, 1>::new("k2", key(2));
        let rotated = new_signer(&ring.clone().with_former("k1", key(1)).unwrap());
        assert_eq!(rotated.verify(old.as_bytes(), NOW), Ok("a"));
        let new = rotated.sign("a").unwrap().to_string();
        assert!(new.starts_with("a.k2.."));
        assert_eq!(rotated.verify(new.as_bytes(), NOW), Ok("a"));
        assert_refused(&signer(), &new);
        assert_refused(&new_signer(&ring), &old);
    }

    #[test]
    fn what_a_cookie_cannot_carry_is_not_signed() {
        for value in ["a b", "a;b", "\"a\"", "a,b", "a\\b", "\u{e9}", "\n"] {
            assert_eq!(signer().sign(value).err(), Some(Error::Value), "{value:?}");
        }
        let ring = Keyring::<_, 1>::new("k", key(1));
        for name in ["", "a b", "a=b", "\u{e9}"] {
            let refused = Signer::new(name, "tests", &ring);
            assert_eq!(refused.err(), Some(Error::Name), "{name:?}");
        }
        for kid in ["k 1", "k;1", "k.1", "\"k\"", "\u{e9}"] {
            let current = Keyring::<_, 0>::new(kid, key(1));
            let former = ring.clone().with_former(kid, key(2)).unwrap();
            let current = Signer::new("a", "tests", &current);
            assert_eq!(current.err(), Some(Error::Value), "{kid:?}");
            let former = Signer::new("a", "tests", &former);
            assert_eq!(former.err(), Some(Error::Value), "{kid:?}");
        }
    }

    #[test]
    fn length_buffer_and_display_agree() {
        let signed = signer().sign_until("a", LATER).unwrap();
        let text = signed.to_string();
        assert_eq!(signed.len(), text.len());
        let mut buffer = vec![7; text.len()];
        assert_eq!(signed.write(&mut buffer), Ok(&*text));
        buffer.fill(7);
        let needed = text.len();
        assert_eq!(signed.write(&mut buffer[1..]), Err(NoRoom { needed }));
        assert!(buffer.iter().all(|&byte| byte == 7));
    }

    #[test]
    fn debug_shows_nothing_that_could_be_sent() {
        assert_eq!(
            format!("{:?}", signer().sign("b").unwrap()),
            "Signed(HS256, [49 bytes elided])"
        );
        assert_eq!(
            format!("{:?}", signer()),
            r#"Signer { name: "theme", keys: {"k1": Key(HS256, [secret elided])} }"#
        );
    }
}
