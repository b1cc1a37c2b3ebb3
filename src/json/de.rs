//! The reader as a serde `Deserializer`.

use core::fmt;

use serde::Deserializer;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error as DeError, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::Error;
use super::reader::{Members, Reader};
use super::string::Raw;

mod name;

pub(super) use name::Name;

impl DeError for Error {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Type
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, _: &dyn Expected) -> Self {
        match found {
            Unexpected::Unit => Self::Null,
            _ => Self::Type,
        }
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, _: &dyn Expected) -> Self {
        match found {
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => Self::Number,
            _ => Self::Type,
        }
    }

    #[cold]
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::Type
    }

    #[cold]
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownName
    }

    #[cold]
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownName
    }

    #[cold]
    fn missing_field(_: &'static str) -> Self {
        Self::MissingField
    }

    #[cold]
    fn duplicate_field(_: &'static str) -> Self {
        Self::DuplicateName
    }
}

macro_rules! numbers {
    ($($method:ident, $visit:ident, $read:expr;)*) => {$(
        #[inline]
        fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit($read(self)?)
        }
    )*};
}

impl<'t> Deserializer<'t> for &mut Reader<'t> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            _ => {
                let number = self.number()?;
                if !number.whole || number.is_minus_zero() {
                    visitor.visit_f64(number.f64()?)
                } else if number.negative {
                    visitor.visit_i64(number.i64()?)
                } else {
                    visitor.visit_u64(number.u64()?)
                }
            }
        }
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.boolean()?)
    }

    numbers! {
        deserialize_i8, visit_i64, Reader::signed;
        deserialize_i16, visit_i64, Reader::signed;
        deserialize_i32, visit_i64, Reader::signed;
        deserialize_i64, visit_i64, Reader::signed;
        deserialize_u8, visit_u64, Reader::unsigned;
        deserialize_u16, visit_u64, Reader::unsigned;
        deserialize_u32, visit_u64, Reader::unsigned;
        deserialize_u64, visit_u64, Reader::unsigned;
        deserialize_i128, visit_i128, |reader: Self| reader.number()?.i128();
        deserialize_u128, visit_u128, |reader: Self| reader.number()?.u128();
        deserialize_f32, visit_f32, |reader: Self| reader.number()?.f32();
        deserialize_f64, visit_f64, |reader: Self| reader.number()?.f64();
    }

    #[inline]
    fn deserialize_char<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.string()?)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    /// The name of a variant; that of a field is read by [`Name`].
    #[inline]
    fn deserialize_identifier<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        let raw = self.raw_string()?;
        Name { reader: self, raw }.deserialize_identifier(visitor)
    }

    fn deserialize_bytes<V: Visitor<'t>>(self, _: V) -> Result<V::Value, Error> {
        Err(self.mismatch())
    }

    fn deserialize_byte_buf<V: Visitor<'t>>(self, _: V) -> Result<V::Value, Error> {
        Err(self.mismatch())
    }

    #[inline]
    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == Some(b'n') {
            self.literal("null")?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.null()?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut array = self.open('[')?;
        let value = visitor.visit_seq(Elements {
            reader: self,
            array: &mut array,
        })?;
        // A tuple does not look for the end of its array.
        if self.element(&mut array)? {
            return Err(Error::Type);
        }
        Ok(value)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut object = self.open('{')?;
        let value = visitor.visit_map(Entries {
            reader: self,
            object: &mut object,
        })?;
        if self.name(&mut object)?.is_some() {
            return Err(Error::Type);
        }
        Ok(value)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.peek() == Some(b'"') {
            return visitor.visit_enum(BorrowedStrDeserializer::new(self.string()?));
        }
        let mut object = self.open('{')?;
        let Some(raw) = self.name(&mut object)? else {
            return Err(Error::Type);
        };
        let value = visitor.visit_enum(Tagged { reader: self, raw })?;
        if self.name(&mut object)?.is_some() {
            return Err(Error::Type);
        }
        Ok(value)
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }
}

struct Elements<'r, 't> {
    reader: &'r mut Reader<'t>,
    array: &'r mut Members,
}

impl<'t> SeqAccess<'t> for Elements<'_, 't> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'t>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.reader.element(self.array)? {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }
}

struct Entries<'r, 't> {
    reader: &'r mut Reader<'t>,
    object: &'r mut Members,
}

impl<'t> MapAccess<'t> for Entries<'_, 't> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'t>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(raw) = self.reader.name(self.object)? else {
            return Ok(None);
        };
        let reader = &mut *self.reader;
        seed.deserialize(Name { reader, raw }).map(Some)
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.reader)
    }
}

/// A variant with content, and the only member of its object.
struct Tagged<'r, 't> {
    reader: &'r mut Reader<'t>,
    raw: Raw<'t>,
}

impl<'r, 't> EnumAccess<'t> for Tagged<'r, 't> {
    type Error = Error;
    type Variant = &'r mut Reader<'t>;

    fn variant_seed<S: DeserializeSeed<'t>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), Error> {
        let Self { reader, raw } = self;
        let variant = seed.deserialize(Name { reader, raw })?;
        Ok((variant, reader))
    }
}

impl<'t> VariantAccess<'t> for &mut Reader<'t> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.null()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }
}
