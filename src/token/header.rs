use core::marker::PhantomData;

use serde::Serialize;

use super::compact::{Decoded, Part};
use super::{Error, Type};
use crate::json;
use crate::mac::Algorithm;
use crate::write::Sink;

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
}

impl<A: Algorithm> Header<'_, A> {
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
const OWN: [&str; 5] = ["alg", "typ", "kid", "crit", "b64"];

const ALG: &[u8] = b"{\"alg\":\"";
const TYP: &[u8] = b"\",\"typ\":\"";
const KID: &[u8] = b"\",\"kid\":\"";
const END: &[u8] = b"\"}";

/// The `kid` of a header that asks for nothing that this crate does not do.
///
/// The fast path knows the one spelling that [`Header`] writes and compares it whole; everything
/// else is read strictly. Where the fast path answers, the strict reader gives the same answer.
pub(super) fn check<'s, A: Algorithm>(
    token: &'s mut Decoded<'_>,
    expected: Expected<'_>,
) -> Result<Option<&'s str>, Error> {
    match known::<A>(token.header, expected) {
        Some(kid) => Ok(kid),
        None => read::<A>(token, expected),
    }
}

/// The `kid`, if the header is one that [`Header`] could have written for this type.
#[allow(clippy::option_option)] // a header without a `kid` is another answer than an unknown one
fn known<'s, A: Algorithm>(text: &'s [u8], expected: Expected<'_>) -> Option<Option<&'s str>> {
    let text = text.strip_prefix(ALG)?.strip_prefix(A::NAME.as_bytes())?;
    let text = match expected {
        Expected::Type(typ) | Expected::TypeOrNone(typ) => text
            .strip_prefix(TYP)?
            .strip_prefix(typ.name().as_bytes())?,
        Expected::None => text,
    };
    if text == END {
        return Some(None);
    }
    let kid = text.strip_prefix(KID)?.strip_suffix(END)?;
    // Neither an escape nor the end of the string: the text is the name itself.
    let plain = |byte: &u8| *byte >= 0x20 && !matches!(byte, b'"' | b'\\');
    if !kid.iter().all(plain) {
        return None;
    }
    core::str::from_utf8(kid).ok().map(Some)
}

/// The `kid` of any header, read strictly.
///
/// `jwk`, `jku`, `x5u`, `x5c`, `x5t`, `zip` and every other parameter that is not named here are
/// checked for being JSON and never used.
fn read<'s, A: Algorithm>(
    token: &'s mut Decoded<'_>,
    expected: Expected<'_>,
) -> Result<Option<&'s str>, Error> {
    let (mut alg, mut typ, mut kid, mut extended) = (None, None, None, false);
    json::read_members(token.header, token.rest, |name, value| {
        match name {
            "alg" => alg = Some(value.string()?),
            "typ" => typ = Some(value.string()?),
            "kid" => kid = Some(value.string()?),
            "cty" => drop(value.string()?),
            // Extensions that must be understood, and the one of RFC 7797. None is.
            "crit" | "b64" => extended = true,
            _ => {}
        }
        Ok(())
    })
    .map_err(|error| Decoded::fault(token.enough, error, Error::Header))?;
    let alg = alg.filter(|_| !extended).ok_or(Error::Header)?;
    if alg != A::NAME {
        return Err(Error::Algorithm);
    }
    if !expected.accepts(typ) {
        return Err(Error::Type);
    }
    Ok(kid)
}
