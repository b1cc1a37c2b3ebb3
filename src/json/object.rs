//! Reading an object member by member: the claims that a token registers, and the caller's own
//! type from the same pass.

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Error;
use super::de::Name;
use super::reader::{Members, Reader, utf8};
use super::string::Raw;

/// A name with escapes that is longer than this is no name that a member is looked up by.
const LONGEST_NAME: usize = 64;

/// What a value is, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// The value of a member, not read yet. It is read as a whole by one of the methods, or, where it
/// is dropped, passed over and checked.
pub(crate) struct Value<'r, 't>(&'r mut Reader<'t>);

impl<'t> Value<'_, 't> {
    /// What the value is, or would be if it were right.
    pub(crate) fn kind(&mut self) -> Result<Kind, Error> {
        Ok(match self.0.peek() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => return Err(Error::Syntax),
        })
    }

    /// A string, borrowed from the text, or from the scratch buffer where it has escapes.
    #[cfg_attr(not(small), inline)]
    pub(crate) fn string(self) -> Result<&'t str, Error> {
        self.0.string()
    }

    /// An array of strings, each given to `each` in turn.
    #[inline]
    pub(crate) fn strings(
        self,
        mut each: impl FnMut(&'t str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut array = self.0.open('[')?;
        while self.0.element(&mut array)? {
            each(self.0.string()?)?;
        }
        Ok(())
    }

    /// An integer.
    #[cfg_attr(not(small), inline)]
    pub(crate) fn signed(self) -> Result<i64, Error> {
        self.0.signed()
    }

    /// By serde.
    pub(crate) fn read<T: Deserialize<'t>>(self) -> Result<T, Error> {
        T::deserialize(self.0)
    }
}

/// What is done with a member: it reads the value or leaves it.
type Member<'f, 't> = dyn FnMut(&str, Value<'_, 't>) -> Result<(), Error> + 'f;

/// Reads a text that is one object, and gives each member to `member`, which reads its value or
/// leaves it. All of the text is checked, duplicate names included.
#[cfg_attr(not(small), inline)]
#[cfg_attr(small, inline(never))]
pub(crate) fn read_members<'t>(
    text: &'t [u8],
    scratch: &'t mut [u8],
    member: &mut Member<'_, 't>,
) -> Result<(), Error> {
    let mut reader = Reader::new(utf8(text)?, scratch);
    let mut object = reader.open('{')?;
    while let Some(name) = reader.name(&mut object)? {
        let start = reader.rest();
        offer(&mut reader, name, member)?;
        if reader.rest().len() == start.len() {
            reader.skip()?;
        }
    }
    reader.end()
}

/// [`read_members`], and the same object as a `T` in the same pass: `T` is given every member,
/// those too that `member` reads. `T` is a struct or a map, or the unit type, which takes nothing.
///
/// What both read and has escapes takes its place in the scratch buffer twice.
pub(crate) fn read_object<'t, T: Deserialize<'t>>(
    text: &'t [u8],
    scratch: &'t mut [u8],
    member: impl FnMut(&str, Value<'_, 't>) -> Result<(), Error>,
) -> Result<T, Error> {
    let mut reader = Reader::new(utf8(text)?, scratch);
    let value = T::deserialize(Shared {
        reader: &mut reader,
        member,
    })?;
    reader.end()?;
    Ok(value)
}

/// Calls `member` with the name as it is compared.
#[cfg_attr(not(small), inline)]
fn offer<'t>(
    reader: &mut Reader<'t>,
    name: Raw<'t>,
    member: &mut Member<'_, 't>,
) -> Result<(), Error> {
    if name.escaped {
        offer_unescaped(reader, name, member)
    } else {
        member(name.text, Value(reader))
    }
}

#[cold]
#[inline(never)]
fn offer_unescaped<'t>(
    reader: &mut Reader<'t>,
    name: Raw<'t>,
    member: &mut Member<'_, 't>,
) -> Result<(), Error> {
    let mut buffer = [0; LONGEST_NAME];
    let unescaped = name.unescape(&mut buffer).and_then(|len| buffer.get(..len));
    match unescaped.map(core::str::from_utf8) {
        Some(Ok(name)) => member(name, Value(reader)),
        // Longer than any name that is looked for.
        _ => Ok(()),
    }
}

/// An object that is read twice at once.
struct Shared<'r, 't, F> {
    reader: &'r mut Reader<'t>,
    member: F,
}

impl<'t, F: FnMut(&str, Value<'_, 't>) -> Result<(), Error>> Shared<'_, 't, F> {
    fn members<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut object = self.reader.open('{')?;
        let value = visitor.visit_map(SharedMembers {
            reader: self.reader,
            object: &mut object,
            member: self.member,
        })?;
        if self.reader.name(&mut object)?.is_some() {
            return Err(Error::Type);
        }
        Ok(value)
    }
}

impl<'t, F: FnMut(&str, Value<'_, 't>) -> Result<(), Error>> Deserializer<'t>
    for Shared<'_, 't, F>
{
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.members(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Only what `member` takes is wanted.
    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.members(IgnoredAny)?;
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_ignored_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_ignored_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf seq tuple tuple_struct map struct enum identifier
    }
}

struct SharedMembers<'r, 't, F> {
    reader: &'r mut Reader<'t>,
    object: &'r mut Members,
    member: F,
}

impl<'t, F: FnMut(&str, Value<'_, 't>) -> Result<(), Error>> MapAccess<'t>
    for SharedMembers<'_, 't, F>
{
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'t>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let reader = &mut *self.reader;
        let Some(raw) = reader.name(self.object)? else {
            return Ok(None);
        };
        let start = reader.rest();
        offer(reader, raw, &mut self.member)?;
        reader.read_again(start);
        seed.deserialize(Name { reader, raw }).map(Some)
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.reader)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::{String, ToString};
    use std::vec;
    use std::vec::Vec;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Mine<'t> {
        sub: Option<&'t str>,
        role: &'t str,
    }

    #[derive(Default, Debug, PartialEq)]
    struct Registered<'t> {
        sub: Option<&'t str>,
        exp: Option<u64>,
        nbf: Option<i64>,
        admin: Option<bool>,
        aud: Vec<&'t str>,
        unread: Vec<String>,
    }

    impl<'t> Registered<'t> {
        fn take(&mut self, name: &str, mut value: Value<'_, 't>) -> Result<(), Error> {
            match name {
                "sub" => self.sub = Some(value.string()?),
                "exp" => self.exp = Some(value.read()?),
                "nbf" => self.nbf = Some(value.signed()?),
                "admin" => self.admin = Some(value.read()?),
                "aud" if value.kind()? == Kind::String => self.aud = vec![value.read()?],
                "aud" => value.strings(|one| {
                    self.aud.push(one);
                    Ok::<(), Error>(())
                })?,
                _ => self.unread.push(name.to_string()),
            }
            Ok(())
        }
    }

    fn members(text: &str) -> Result<(), Error> {
        let mut registered = Registered::default();
        read_members(text.as_bytes(), &mut [0; 64], &mut |name, value| {
            registered.take(name, value)
        })
    }

    fn object(text: &str) -> Result<(), Error> {
        let mut registered = Registered::default();
        read_object::<Mine>(text.as_bytes(), &mut [0; 64], |name, value| {
            registered.take(name, value)
        })
        .map(drop)
    }

    const TEXT: &str = r#" { "sub":"a\nb" , "exp" : 7 ,"nbf":-7,"admin":true,"role":"r",
        "\u0061ud":["x","\u0079"],"raw" : {"a": [1]} ,"x":[[]]} "#;

    #[test]
    fn members_are_read_or_left() {
        let mut scratch = [0; 8];
        let mut registered = Registered::default();
        read_members(TEXT.as_bytes(), &mut scratch, &mut |name, value| {
            registered.take(name, value)
        })
        .unwrap();
        assert_eq!(
            registered,
            Registered {
                sub: Some("a\nb"),
                exp: Some(7),
                nbf: Some(-7),
                admin: Some(true),
                aud: vec!["x", "y"],
                unread: vec!["role".to_string(), "raw".to_string(), "x".to_string()],
            }
        );
    }

    #[test]
    fn an_object_is_read_twice_in_one_pass() {
        let mut scratch = [0; 10];
        let mut registered = Registered::default();
        let mine: Mine = read_object(TEXT.as_bytes(), &mut scratch, |name, value| {
            registered.take(name, value)
        })
        .unwrap();
        assert_eq!(
            mine,
            Mine {
                sub: Some("a\nb"),
                role: "r"
            }
        );
        assert_eq!((registered.sub, registered.exp), (Some("a\nb"), Some(7)));
        assert_eq!(registered.aud, ["x", "y"]);
        // `a\nb` twice, `y` once, and `aud` while it is compared.
        let mut scratch = [0; 9];
        let short = read_object::<Mine>(TEXT.as_bytes(), &mut scratch, |name, value| {
            Registered::default().take(name, value)
        });
        assert_eq!(short, Err(Error::ScratchTooSmall));
    }

    #[test]
    fn nothing_of_ones_own_is_wanted() {
        let mut scratch = [0; 8];
        let mut registered = Registered::default();
        read_object::<()>(TEXT.as_bytes(), &mut scratch, |name, value| {
            registered.take(name, value)
        })
        .unwrap();
        assert_eq!(registered.exp, Some(7));
        assert_eq!(registered.unread, ["role", "raw", "x"]);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (text, error) in [
            ("[]", Error::Type),
            ("null", Error::Null),
            ("\"{}\"", Error::Type),
            ("1", Error::Type),
            ("", Error::Syntax),
            ("{", Error::Syntax),
            ("{}{}", Error::Syntax),
            ("{\"exp\":7,}", Error::Syntax),
            ("{\"x\":[1,]}", Error::Syntax),
            ("{\"x\":}", Error::Syntax),
            ("{\"x\"}", Error::Syntax),
            ("{\"exp\":7}}", Error::Syntax),
        ] {
            assert_eq!(members(text), Err(error), "{text}");
            let one = read_object::<()>(text.as_bytes(), &mut [], |_, _| Ok(()));
            assert_eq!(one, Err(error), "{text}");
        }
        assert_eq!(
            read_object::<u8>(b"{}", &mut [], |_, _| Ok(())),
            Err(Error::Type)
        );
        assert_eq!(object("{}"), Err(Error::MissingField));
    }

    #[test]
    fn duplicates_are_refused_for_both() {
        for more in [
            r#""exp":7,"exp":8"#,
            r#""exp":7,"\u0065xp":8"#,
            r#""x":1,"x":2"#,
            r#""x":{"a":1,"a":1}"#,
        ] {
            assert_eq!(
                members(&std::format!("{{{more}}}")),
                Err(Error::DuplicateName)
            );
            assert_eq!(
                object(&std::format!("{{\"role\":\"r\",{more}}}")),
                Err(Error::DuplicateName)
            );
        }
    }

    #[test]
    fn a_wrong_value_is_refused() {
        for (value, error) in [
            (r#""exp":null"#, Error::Null),
            (r#""exp":"7""#, Error::Type),
            (r#""exp":7.0"#, Error::Number),
            (r#""exp":-7"#, Error::Number),
            (r#""sub":7"#, Error::Type),
            (r#""admin":0"#, Error::Type),
            (r#""aud":["a",1]"#, Error::Type),
            (r#""aud":[null]"#, Error::Null),
            (r#""aud":{}"#, Error::Type),
            (r#""aud":["a",]"#, Error::Syntax),
            (r#""raw":[1}"#, Error::Syntax),
        ] {
            assert_eq!(members(&std::format!("{{{value}}}")), Err(error), "{value}");
            assert_eq!(
                object(&std::format!("{{{value},\"role\":\"r\"}}")),
                Err(error),
                "{value}"
            );
        }
    }

    #[test]
    fn a_long_name_with_escapes_is_passed_over() {
        for (len, seen) in [(LONGEST_NAME, 1), (LONGEST_NAME + 1, 0)] {
            let text = std::format!("{{\"\\u0061{}\":1}}", "b".repeat(len - 1));
            let mut names = 0;
            read_members(text.as_bytes(), &mut [], &mut |_, _| {
                names += 1;
                Ok(())
            })
            .unwrap();
            assert_eq!(names, seen);
        }
    }

    #[test]
    fn the_kind_of_a_value_is_that_of_its_first_byte() {
        let text = br#"{"a": null,"b":true,"c":false,"d":-1,"e":"","f":[],"g":{}}"#;
        let mut kinds = Vec::new();
        read_members(text, &mut [], &mut |_, mut value| {
            kinds.push(value.kind()?);
            Ok(())
        })
        .unwrap();
        use Kind::*;
        assert_eq!(
            kinds,
            [Null, Boolean, Boolean, Number, String, Array, Object]
        );
    }
}
