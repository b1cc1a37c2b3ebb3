//! Writing strings, numbers and the objects that the crate itself puts together.

use core::fmt;

use serde::Serialize;

use super::string::{is_all_plain, plain_len};
use super::{Error, MAX_NAMES, ser};
use crate::write::{Decimal, Sink, Stop};

/// Writes a string and its quotes. What RFC 8259 §7 lets stand stands; the rest takes its short
/// escape or `\u00xx`.
#[cfg_attr(not(small), inline)]
pub(super) fn put_string<S: Sink>(sink: &mut S, text: &str) -> Result<(), Stop> {
    sink.put(b"\"")?;
    put_escaped(sink, text)?;
    sink.put(b"\"")
}

/// Writes the name of a member and its colon, behind a comma unless it is the first.
#[inline]
pub(super) fn put_name<S: Sink>(sink: &mut S, name: &str, first: bool) -> Result<(), Stop> {
    sink.put(if first { b"\"" } else { b",\"" })?;
    put_escaped(sink, name)?;
    sink.put(b"\":")
}

/// A string without its quotes.
#[cfg_attr(not(small), inline)]
pub(super) fn put_escaped<S: Sink>(sink: &mut S, text: &str) -> Result<(), Stop> {
    if is_all_plain(text.as_bytes()) {
        sink.put(text.as_bytes())
    } else {
        put_with_escapes(sink, text.as_bytes())
    }
}

#[cold]
fn put_with_escapes<S: Sink>(sink: &mut S, mut bytes: &[u8]) -> Result<(), Stop> {
    while let Some((run, [special, rest @ ..])) = bytes.split_at_checked(plain_len(bytes)) {
        sink.put(run)?;
        let short = match special {
            b'"' | b'\\' => *special,
            0x08 => b'b',
            0x0C => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => 0,
        };
        if short != 0 {
            sink.put(&[b'\\', short])?;
        } else {
            sink.put(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                hex(special >> 4),
                hex(special & 0x0F),
            ])?;
        }
        bytes = rest;
    }
    sink.put(bytes)
}

/// The digit of a nibble.
const fn hex(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0'.wrapping_add(nibble),
        _ => b'a'.wrapping_add(nibble.wrapping_sub(10)),
    }
}

/// Writes an integer.
#[cfg_attr(not(small), inline)]
pub(super) fn put_integer<S: Sink, const N: usize>(
    sink: &mut S,
    value: impl Into<Decimal<N>>,
) -> Result<(), Stop> {
    sink.put(value.into().as_bytes())
}

/// A `Sink` for what core formats.
pub(super) struct Formatted<'s, S>(pub(super) &'s mut S);

impl<S: Sink> fmt::Write for Formatted<'_, S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.put(text.as_bytes()).map_err(|Stop| fmt::Error)
    }
}

/// A `Sink` for the inside of a string.
pub(super) struct Escaped<'s, S>(pub(super) &'s mut S);

impl<S: Sink> fmt::Write for Escaped<'_, S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        put_escaped(self.0, text).map_err(|Stop| fmt::Error)
    }
}

/// An object that is put together from members of the crate and those of a caller's value.
///
/// Names that are given here are trusted: no two are the same, and none needs an escape.
pub(crate) struct Object<'s, S: Sink> {
    sink: &'s mut S,
    /// The number of names so far.
    names: usize,
}

impl<'s, S: Sink> Object<'s, S> {
    /// Writes the bracket.
    pub(crate) fn begin(sink: &'s mut S) -> Result<Self, Error> {
        sink.put(b"{")?;
        Ok(Self { sink, names: 0 })
    }

    /// Inlined, so that a name is written by instructions of its length, and not by a call.
    #[cfg_attr(not(small), inline(always))]
    fn name(&mut self, name: &'static str) -> Result<(), Error> {
        if self.names >= MAX_NAMES {
            return Err(Error::TooManyNames);
        }
        self.sink.put(if self.names > 0 { b",\"" } else { b"\"" })?;
        self.names = self.names.saturating_add(1);
        self.sink.put(name.as_bytes())?;
        Ok(self.sink.put(b"\":")?)
    }

    #[cfg_attr(not(small), inline(always))]
    pub(crate) fn string(&mut self, name: &'static str, value: &str) -> Result<(), Error> {
        self.name(name)?;
        Ok(put_string(self.sink, value)?)
    }

    /// [`string`](Self::string) where there is a value.
    #[cfg_attr(not(small), inline(always))]
    pub(crate) fn string_if_any(
        &mut self,
        name: &'static str,
        value: Option<&str>,
    ) -> Result<(), Error> {
        match value {
            Some(value) => self.string(name, value),
            None => Ok(()),
        }
    }

    /// An array of strings.
    pub(crate) fn strings<'v>(
        &mut self,
        name: &'static str,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<(), Error> {
        self.name(name)?;
        self.sink.put(b"[")?;
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.sink.put(b",")?;
            }
            put_string(self.sink, value)?;
        }
        Ok(self.sink.put(b"]")?)
    }

    #[cfg_attr(not(small), inline(always))]
    pub(crate) fn integer(&mut self, name: &'static str, value: &Decimal) -> Result<(), Error> {
        self.name(name)?;
        Ok(self.sink.put(value.as_bytes())?)
    }

    /// The members of a struct or a map of the caller's (the unit type has none), without its
    /// brackets. A name that is `taken` is refused as [`Error::DuplicateName`]; a `None` is left
    /// out before its name is looked at.
    pub(crate) fn members<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
        taken: impl FnMut(&str) -> bool,
    ) -> Result<(), Error> {
        ser::members(value, self.sink, &mut self.names, taken)
    }

    /// Writes the other bracket.
    pub(crate) fn end(self) -> Result<(), Error> {
        Ok(self.sink.put(b"}")?)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::collections::BTreeMap;
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    impl Sink for Vec<u8> {
        fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
            self.extend_from_slice(bytes);
            Ok(())
        }
    }

    #[derive(Serialize)]
    struct Mine {
        iss: Option<&'static str>,
        role: &'static str,
        more: Option<BTreeMap<&'static str, u8>>,
    }

    fn merged<T: Serialize>(value: &T) -> Result<String, Error> {
        let mut text = Vec::new();
        let mut object = Object::begin(&mut text)?;
        object.string("iss", "a\"b")?;
        object.integer("nbf", &Decimal::from(-7_i64))?;
        object.integer("exp", &Decimal::from(7_u64))?;
        object.strings("aud", ["a", "\n"])?;
        object.string("ok", "")?;
        object.members(value, |name| {
            ["iss", "nbf", "exp", "aud", "ok"].contains(&name)
        })?;
        object.string("jti", "1")?;
        object.end()?;
        Ok(String::from_utf8(text).unwrap())
    }

    const REGISTERED: &str = r#"{"iss":"a\"b","nbf":-7,"exp":7,"aud":["a","\n"],"ok":"""#;

    #[test]
    fn a_struct_and_a_map_join_the_object() {
        let joined = |middle: &str| Ok(std::format!("{REGISTERED}{middle},\"jti\":\"1\"}}"));
        let mine = Mine {
            iss: None,
            role: "r",
            more: Some(BTreeMap::from([("iss", 1)])),
        };
        assert_eq!(merged(&mine), joined(r#","role":"r","more":{"iss":1}"#));
        assert_eq!(
            merged(&BTreeMap::from([("a", 1), ("b", 2)])),
            joined(r#","a":1,"b":2"#)
        );
        assert_eq!(merged(&BTreeMap::<&str, u8>::new()), joined(""));
        assert_eq!(merged(&()), joined(""));
        assert_eq!(merged(&None::<Mine>), joined(""));
        assert_eq!(
            merged(&Some(BTreeMap::from([("a", 1)]))),
            joined(r#","a":1"#)
        );
    }

    #[test]
    fn members_alone_start_without_a_comma() {
        let mut text = Vec::new();
        let mut object = Object::begin(&mut text).unwrap();
        object
            .members(&BTreeMap::from([("a", 1)]), |_| false)
            .unwrap();
        object.integer("b", &Decimal::from(2_u64)).unwrap();
        object.end().unwrap();
        assert_eq!(text, br#"{"a":1,"b":2}"#);
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let mine = Mine {
            iss: Some("x"),
            role: "r",
            more: None,
        };
        assert_eq!(merged(&mine), Err(Error::DuplicateName));
        assert_eq!(
            merged(&BTreeMap::from([("exp", 1)])),
            Err(Error::DuplicateName)
        );
    }

    #[test]
    fn what_has_no_members_is_refused() {
        assert_eq!(merged(&7), Err(Error::Unwritable));
        assert_eq!(merged(&"text"), Err(Error::Unwritable));
        assert_eq!(merged(&[1]), Err(Error::Unwritable));
        assert_eq!(merged(&1.5), Err(Error::Unwritable));
        assert_eq!(merged(&Ok::<u8, u8>(1)), Err(Error::Unwritable));
    }

    #[test]
    fn all_names_of_the_object_count() {
        let names = |count| {
            (0..count)
                .map(|n: usize| (std::format!("{n}"), 0))
                .collect()
        };
        let map: BTreeMap<String, u8> = names(MAX_NAMES - 6);
        assert!(merged(&map).is_ok());
        let map: BTreeMap<String, u8> = names(MAX_NAMES - 5);
        assert_eq!(merged(&map), Err(Error::TooManyNames));
        let map: BTreeMap<String, u8> = names(MAX_NAMES - 4);
        assert_eq!(merged(&map), Err(Error::TooManyNames));
    }
}
