//! Names, of members and of variants.

use serde::Deserializer;
use serde::de::Visitor;
use serde::de::value::BorrowedStrDeserializer;

use super::super::Error;
use super::super::reader::Reader;
use super::super::string::Raw;

/// A member's name, or a variant's.
pub(in super::super) struct Name<'r, 't> {
    pub(in super::super) reader: &'r mut Reader<'t>,
    pub(in super::super) raw: Raw<'t>,
}

impl<'t> Deserializer<'t> for Name<'_, 't> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.reader.unescaped(self.raw)?)
    }

    /// Compared and forgotten, so that it takes nothing of the scratch buffer for good.
    #[inline]
    fn deserialize_identifier<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.raw.escaped {
            visitor.visit_str(self.reader.unescaped_for_now(self.raw)?)
        } else {
            visitor.visit_borrowed_str(self.raw.text)
        }
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = self.reader.unescaped(self.raw)?;
        visitor.visit_enum(BorrowedStrDeserializer::new(variant))
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct
    }
}
