use core::marker::PhantomData;
use core::ops::Range;

use serde::Serialize;

use super::compact::{Part, counted, decode, put_and_encode};
use super::{Error, Type};
use crate::base64url::decoded_len;
use crate::json;
use crate::mac::Algorithm;
use crate::write::{Sink, Stop, Writer};

/// What the header of a token must say about its type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected<'v> {
    /// This type.
    Type(Type<'v>),
    /// This type, or none at all.
    TypeOrNone(Type<'v>),
    /// No type.
    None,
}

impl Expected<'_> {
    fn accepts(self, typ: Option<&str>) -> bool {
        match (self, typ) {
            (Self::Type(expected) | Self::TypeOrNone(expected), Some(typ)) => expected.matches(typ),
            (Self::TypeOrNone(_) | Self::None, None) => true,
            (Self::Type(_), None) | (Self::None, Some(_)) => false,
        }
    }
}

/// A header as this crate writes it: `{"alg":"HS256","typ":"at+jwt","kid":"…"}`, `typ` and `kid`
/// only where there is one.
pub(super) struct Header<'v, A> {
    pub(super) typ: Option<Type<'v>>,
    pub(super) kid: Option<&'v str>,
    pub(super) algorithm: PhantomData<A>,
}

impl<A: Algorithm> Part for Header<'_, A> {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.put_with(&(), sink)
    }

    fn len(&self) -> Result<usize, Error> {
        match self.encoded() {
            Some(pieces) => {
                let add = |len: usize, piece: &[u8]| len.saturating_add(<[u8]>::len(piece));
                Ok(decoded_len(pieces.into_iter().fold(0, add)))
            }
            None => counted(self),
        }
    }

    fn encode(&self, len: usize, room: &mut [u8]) -> Result<(), Error> {
        let Some(pieces) = self.encoded() else {
            return put_and_encode(self, len, room);
        };
        let mut writer = Writer::new(room);
        let mut pieces = pieces.into_iter();
        let put = pieces.try_for_each(|piece| writer.put(piece));
        put.map_err(|Stop| Error::Header)
    }
}

impl<A: Algorithm> Header<'_, A> {
    /// The whole header in its encoded form, if it is a usual one.
    fn encoded(&self) -> Option<[&'static [u8]; 3]> {
        let usual = Usual::of::<A>(self.typ?)?;
        let whole = [usual.alg, usual.typ, usual.end];
        self.kid.is_none().then_some(whole)
    }

    /// Puts the header with more members, those of `extra`.
    pub(super) fn put_with<S: Sink>(
        &self,
        extra: &impl Serialize,
        sink: &mut S,
    ) -> Result<(), Error> {
        let mut put = || -> Result<(), json::Error> {
            let mut object = json::Object::begin(sink)?;
            object.string("alg", A::NAME)?;
            if let Some(typ) = self.typ {
                object.string("typ", typ.name())?;
            }
            if let Some(kid) = self.kid {
                object.string("kid", kid)?;
            }
            object.members(extra, |name| OWN.contains(&name))?;
            object.end()
        };
        put().map_err(|_| Error::Header)
    }
}

/// What no caller may put into a header: it is written here, or it is not understood here.
// [7515-4.1.11-2]
const OWN: [&str; 5] = ["alg", "typ", "kid", "crit", "b64"];

/// The `kid` of a header that asks for nothing that this crate does not do.
///
/// The fast path knows the spelling of [`Header`] for the usual types in its encoded form, and
/// compares it whole; what is decoded then is a `kid`, where there is one. Everything else is
/// read strictly. Where the fast path answers, the strict reader gives the same answer.
///
/// `scratch` has room for the decoded header; if it is too short for what is unescaped besides,
/// `enough` is the length to ask for.
pub(super) fn kid<'s, A: Algorithm>(
    encoded: &[u8],
    expected: Expected<'_>,
    scratch: &'s mut [u8],
    enough: usize,
) -> Result<Option<&'s str>, Error> {
    match known::<A>(encoded, expected) {
        Some(Known::Whole) => return Ok(None),
        Some(Known::Before(rest)) => {
            let len = decode(rest, scratch)?;
            if let Some(kid) = plain_kid(scratch.get(..len).unwrap_or_default()) {
                return Ok(scratch
                    .get(kid)
                    .and_then(|kid| core::str::from_utf8(kid).ok()));
            }
        }
        None => {}
    }
    let len = decode(encoded, scratch)?;
    let (header, scratch) = scratch.split_at_mut_checked(len).ok_or(Error::Header)?;
    read::<A>(header, expected, scratch, enough)
}

/// A header that starts as [`Header`] is written, in its encoded form.
enum Known<'t> {
    /// It ends there too.
    Whole,
    /// What follows is another member, the `kid` if it is ours.
    Before(&'t [u8]),
}

/// Knows the headers of the usual types.
fn known<'t, A: Algorithm>(header: &'t [u8], expected: Expected<'_>) -> Option<Known<'t>> {
    let (Expected::Type(typ) | Expected::TypeOrNone(typ)) = expected else {
        return None;
    };
    let usual = Usual::of::<A>(typ)?;
    let rest = header.strip_prefix(usual.alg)?.strip_prefix(usual.typ)?;
    if rest == usual.end {
        return Some(Known::Whole);
    }
    rest.strip_prefix(usual.comma).map(Known::Before)
}

/// The header of a usual type in its encoded form. The lengths of its members are such that each
/// starts with a new group of four characters.
struct Usual {
    /// `{"alg":"…",`
    alg: &'static [u8],
    /// `"typ":"…"` but for its last two bytes.
    typ: &'static [u8],
    /// Those two, and the bracket, if nothing follows.
    end: &'static [u8],
    /// Those two, and the comma, if something follows.
    comma: &'static [u8],
}

impl Usual {
    /// Where code is to be small, no header is: it is put together and read like any other.
    fn of<A: Algorithm>(typ: Type<'_>) -> Option<Self> {
        if cfg!(small) {
            return None;
        }
        let alg: &[u8] = match A::NAME.as_bytes() {
            b"HS256" => b"eyJhbGciOiJIUzI1NiIs",
            b"HS384" => b"eyJhbGciOiJIUzM4NCIs",
            b"HS512" => b"eyJhbGciOiJIUzUxMiIs",
            _ => return None,
        };
        let (typ, end, comma): (&[u8], &[u8], &[u8]) = match typ.name() {
            "JWT" => (b"InR5cCI6IkpX", b"VCJ9", b"VCIs"),
            "at+jwt" => (b"InR5cCI6ImF0K2p3", b"dCJ9", b"dCIs"),
            _ => return None,
        };
        Some(Self {
            alg,
            typ,
            end,
            comma,
        })
    }
}

/// Where the name stands in `"kid":"…"}`, if it is all ASCII without an escape and nothing
/// follows it.
fn plain_kid(text: &[u8]) -> Option<Range<usize>> {
    const START: &[u8] = b"\"kid\":\"";
    let kid = text.strip_prefix(START)?.strip_suffix(b"\"}")?;
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    let end = START.len().checked_add(kid.len())?;
    kid.iter().all(plain).then_some(START.len()..end)
}

/// The `kid` of any header, read strictly.
///
/// `jwk`, `jku`, `x5u`, `x5c`, `x5t`, `zip` and every other parameter that is not named here are
/// checked for being JSON and never used.
pub(super) fn read<'s, A: Algorithm>(
    header: &'s [u8],
    expected: Expected<'_>,
    scratch: &'s mut [u8],
    enough: usize,
) -> Result<Option<&'s str>, Error> {
    let (mut alg, mut typ, mut kid, mut extended) = (None, None, None, false);
    // [7515-4-1] [7515-5.2-3] [7515-5.3-1]
    json::read_members(header, scratch, &mut |name, value| {
        match name {
            "alg" => alg = Some(value.string()?),
            "typ" => typ = Some(value.string()?),
            // [7515-4.1.4-1]
            "kid" => kid = Some(value.string()?),
            // [7515-4.1.10-1]
            "cty" => drop(value.string()?),
            // Extensions that must be understood, and the one of RFC 7797. None is.
            // [7515-4.1.11-1]
            "crit" | "b64" => extended = true,
            _ => {}
        }
        Ok(())
    })
    .map_err(|error| Error::of_json(error, Error::Header, enough))?;
    let alg = alg.filter(|_| !extended).ok_or(Error::Header)?;
    // [7515-4.1.1-1] [8725-3.1-1] [8725-3.2-1]
    if alg != A::NAME {
        return Err(Error::Algorithm);
    }
    // [8725-3.11-1] [8725-3.12-1]
    if !expected.accepts(typ) {
        return Err(Error::Type);
    }
    Ok(kid)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::borrow::ToOwned;
    use std::format;
    use std::vec::Vec;

    use super::*;
    use crate::base64url;
    use crate::mac::{Hs256, Hs384, Hs512};

    /// Reads a header in both ways, which must agree, and gives whether it was known.
    #[track_caller]
    fn agree<A: Algorithm>(header: &[u8], expected: Expected<'_>) -> bool {
        let mut text = [0; 256];
        let encoded = base64url::encode_bytes(header, &mut text).unwrap();
        let (mut one, mut two) = ([0; 512], [0; 512]);
        let fast = kid::<A>(encoded, expected, &mut one, 0).map(|kid| kid.map(str::to_owned));
        let strict = read::<A>(header, expected, &mut two, 0).map(|kid| kid.map(str::to_owned));
        assert_eq!(fast, strict, "{}", header.escape_ascii());
        known::<A>(encoded, expected).is_some()
    }

    fn changes_of<A: Algorithm>() {
        for typ in [Type::JWT, Type::ACCESS_TOKEN, Type::new("x").unwrap()] {
            let start = format!(r#"{{"alg":"{}","typ":"{}""#, A::NAME, typ.name());
            for end in ["}", r#","kid":"a"}"#, r#","kid":"","x":1}"#] {
                let header = (start.clone() + end).into_bytes();
                let usual = cfg!(not(small)) && typ.name() != "x";
                assert_eq!(agree::<A>(&header, Expected::Type(typ)), usual);
                assert_eq!(agree::<A>(&header, Expected::TypeOrNone(typ)), usual);
                assert!(!agree::<A>(&header, Expected::None));
                let other = Type::new("other").unwrap();
                assert!(!agree::<A>(&header, Expected::Type(other)));
                if !usual {
                    continue;
                }
                for at in 0..header.len() {
                    let (front, back) = header.split_at(at);
                    agree::<A>(front, Expected::Type(typ));
                    agree::<A>(&[front, &back[1..]].concat(), Expected::Type(typ));
                    for byte in 0..=u8::MAX {
                        let mut changed: Vec<u8> = header.clone();
                        changed[at] = byte;
                        agree::<A>(&changed, Expected::Type(typ));
                    }
                    for byte in *b"\"\\,:} \0\x80" {
                        agree::<A>(&[front, &[byte], back].concat(), Expected::Type(typ));
                    }
                }
            }
        }
    }

    #[test]
    fn whatever_is_changed_the_fast_path_says_what_the_strict_reader_says() {
        changes_of::<Hs256>();
        changes_of::<Hs384>();
        changes_of::<Hs512>();
    }

    #[track_caller]
    fn is_what_is_put<A: Algorithm>(typ: Type<'_>, kid: Option<&str>) {
        let header = Header::<A> {
            typ: Some(typ),
            kid,
            algorithm: PhantomData,
        };
        let (mut room, mut decoded, mut put) = ([0; 99], [0; 99], [0; 99]);
        let len = header.len().unwrap();
        let room = &mut room[..base64url::encoded_len(len)];
        header.encode(len, room).unwrap();
        let decoded = base64url::decode_public(room, &mut decoded).unwrap();
        let mut writer = Writer::new(&mut put[..len]);
        header.put(&mut writer).unwrap();
        assert!(writer.is_full());
        assert_eq!(decoded, &put[..len]);
    }

    #[test]
    fn the_encoded_form_is_that_of_what_is_put() {
        for typ in [
            Type::JWT,
            Type::ACCESS_TOKEN,
            Type::new("ticket+jwt").unwrap(),
        ] {
            for kid in [None, Some("2026")] {
                is_what_is_put::<Hs256>(typ, kid);
                is_what_is_put::<Hs384>(typ, kid);
                is_what_is_put::<Hs512>(typ, kid);
            }
        }
    }
}
