//! Where a value goes, and the arrays and objects that are begun there.

use core::fmt;

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::super::out::{Escaped, Formatted, put_integer, put_string};
use super::{Bare, Entry, Error, Field, Lead, Out};
use crate::write::{Sink, Stop};

/// Where a value goes.
pub(super) struct Slot<'o, 's, S, L> {
    pub(super) out: &'o mut Out<'s, S>,
    pub(super) lead: L,
}

impl<'o, 's, S: Sink, L: Lead> Slot<'o, 's, S, L> {
    /// Writes a value that is neither array nor object.
    #[inline]
    fn scalar(self, put: impl FnOnce(&mut S) -> Result<(), Stop>) -> Result<(), Error> {
        self.lead.put(self.out)?;
        Ok(put(self.out.sink)?)
    }

    fn formatted(self, text: fmt::Arguments<'_>) -> Result<(), Error> {
        self.scalar(|sink| fmt::write(&mut Formatted(sink), text).map_err(|fmt::Error| Stop))
    }

    #[inline]
    fn begin(
        self,
        bracket: &'static [u8],
        closing: &'static [u8],
    ) -> Result<Compound<'o, 's, S>, Error> {
        self.lead.put(self.out)?;
        let mut begun = Compound {
            outer: self.out.names,
            out: self.out,
            closing,
            first: true,
        };
        begun.nest(bracket)?;
        Ok(begun)
    }

    #[inline]
    fn object(self) -> Result<Compound<'o, 's, S>, Error> {
        if L::INLINE {
            return Ok(Compound {
                outer: 0,
                first: self.out.names == 0,
                out: self.out,
                closing: b"",
            });
        }
        self.begin(b"{", b"}")
    }

    /// An object of one member, whose value is next.
    fn tagged(
        self,
        variant: &'static str,
        closing: &'static [u8],
    ) -> Result<Compound<'o, 's, S>, Error> {
        let tagged = self.begin(b"{", closing)?;
        tagged.out.name(variant, true)?;
        Ok(tagged)
    }
}

macro_rules! numbers {
    ($($method:ident, $number:ty, $wide:ty;)*) => {$(
        #[inline]
        fn $method(self, value: $number) -> Result<(), Error> {
            self.scalar(|sink| put_integer(sink, <$wide>::from(value)))
        }
    )*};
}

macro_rules! floats {
    ($($method:ident, $number:ty;)*) => {$(
        fn $method(self, value: $number) -> Result<(), Error> {
            if !value.is_finite() {
                return Err(Error::Unwritable);
            }
            // The shortest text that is read as the same float; `Debug` has an exponent where
            // `Display` would have hundreds of zeros.
            self.formatted(format_args!("{value:?}"))
        }
    )*};
}

impl<'o, 's, S: Sink, L: Lead> Serializer for Slot<'o, 's, S, L> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'o, 's, S>;
    type SerializeTuple = Compound<'o, 's, S>;
    type SerializeTupleStruct = Compound<'o, 's, S>;
    type SerializeTupleVariant = Compound<'o, 's, S>;
    type SerializeMap = Compound<'o, 's, S>;
    type SerializeStruct = Compound<'o, 's, S>;
    type SerializeStructVariant = Compound<'o, 's, S>;

    numbers! {
        serialize_i8, i8, i64;
        serialize_i16, i16, i64;
        serialize_i32, i32, i64;
        serialize_i64, i64, i64;
        serialize_u8, u8, u64;
        serialize_u16, u16, u64;
        serialize_u32, u32, u64;
        serialize_u64, u64, u64;
        serialize_i128, i128, i128;
        serialize_u128, u128, u128;
    }

    floats! {
        serialize_f32, f32;
        serialize_f64, f64;
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.scalar(|sink| sink.put(if value { b"true" } else { b"false" }))
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.scalar(|sink| put_string(sink, value))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.scalar(|sink| {
            sink.put(b"\"")?;
            fmt::write(&mut Escaped(sink), format_args!("{value}")).map_err(|fmt::Error| Stop)?;
            sink.put(b"\"")
        })
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        Err(Error::Unwritable)
    }

    #[inline]
    fn serialize_none(self) -> Result<(), Error> {
        self.lead.none()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.lead.unit()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.lead.unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let tagged = self.tagged(variant, b"}")?;
        value.serialize(tagged.out.slot(Bare))?;
        tagged.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        self.begin(b"[", b"]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        self.begin(b"[", b"]")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        self.begin(b"[", b"]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        let mut tagged = self.tagged(variant, b"]}")?;
        tagged.nest(b"[")?;
        Ok(tagged)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        self.object()
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        self.object()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        let mut tagged = self.tagged(variant, b"}}")?;
        tagged.nest(b"{")?;
        Ok(tagged)
    }
}

/// An array or an object that is begun.
pub(super) struct Compound<'o, 's, S> {
    out: &'o mut Out<'s, S>,
    /// The number of names before its own.
    outer: usize,
    /// As many brackets as were opened for it.
    closing: &'static [u8],
    first: bool,
}

impl<S: Sink> Compound<'_, '_, S> {
    fn nest(&mut self, bracket: &'static [u8]) -> Result<(), Error> {
        self.out.enter()?;
        self.out.put(bracket)
    }

    #[cfg_attr(not(small), inline)]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if !core::mem::take(&mut self.first) {
            self.out.put(b",")?;
        }
        value.serialize(self.out.slot(Bare))
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let first = &mut self.first;
        value.serialize(self.out.slot(Field { name, first }))
    }

    #[cfg_attr(not(small), inline)]
    fn close(self) -> Result<(), Error> {
        if self.closing.is_empty() {
            // The object is another's, and goes on.
            return Ok(());
        }
        self.out.names = self.outer;
        self.out.depth = self.out.depth.saturating_sub(self.closing.len());
        self.out.put(self.closing)
    }
}

macro_rules! elements {
    ($($kind:ident, $method:ident;)*) => {$(
        impl<S: Sink> $kind for Compound<'_, '_, S> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            #[cfg_attr(not(small), inline)]
            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

elements! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

macro_rules! fields {
    ($($kind:ident;)*) => {$(
        impl<S: Sink> $kind for Compound<'_, '_, S> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field(name, value)
            }

            #[cfg_attr(not(small), inline)]
            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

fields! {
    SerializeStruct;
    SerializeStructVariant;
}

impl<S: Sink> SerializeMap for Compound<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let first = &mut self.first;
        let outer = self.outer;
        Entry { key, first, outer }.put(self.out)
    }

    /// A `None` comes too late to be left out.
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.out.slot(Bare))
    }

    fn serialize_entry<K: Serialize + ?Sized, T: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &T,
    ) -> Result<(), Error> {
        let first = &mut self.first;
        let outer = self.outer;
        value.serialize(self.out.slot(Entry { key, first, outer }))
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}
