//! The name of a map's entry: a string, and no other has it.

use core::fmt;

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use super::super::MAX_NAMES;
use super::{Error, Out};
use crate::write::Sink;

/// Where a name goes.
pub(super) struct Key<'o, 's, S> {
    pub(super) out: &'o mut Out<'s, S>,
    pub(super) first: bool,
    /// The number of names before those of the map.
    pub(super) outer: usize,
}

impl<S: Sink> Key<'_, '_, S> {
    /// Writes the name, unless its map has it already.
    ///
    /// There is no place to keep the names themselves, so their hashes are compared: among
    /// [`MAX_NAMES`] names two hashes of 64 bits are the same once in 10¹⁵ maps, and a map whose
    /// author looked for such names is refused, which harms nobody else.
    fn put(self, name: &str) -> Result<(), Error> {
        let hash = hash(name);
        let index = self.out.names;
        let hashes = self.out.hashes.get_or_insert([0; MAX_NAMES]);
        if hashes
            .get(self.outer..index)
            .unwrap_or_default()
            .contains(&hash)
        {
            return Err(Error::DuplicateName);
        }
        if let Some(slot) = hashes.get_mut(index) {
            *slot = hash;
        }
        self.out.name(name, self.first)
    }
}

/// FNV-1a.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$ok, Error> {
            Err(Error::Unwritable)
        }
    )*};
}

impl<S: Sink> Serializer for Key<'_, '_, S> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_str(self, name: &str) -> Result<(), Error> {
        self.put(name)
    }

    fn serialize_char(self, name: char) -> Result<(), Error> {
        self.put(name.encode_utf8(&mut [0; 4]))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.put(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        name: &T,
    ) -> Result<(), Error> {
        name.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, name: &T) -> Result<(), Error> {
        name.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(Error::Unwritable)
    }

    /// There is no place to keep the text for the comparison.
    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), Error> {
        Err(Error::Unwritable)
    }

    refused! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_i128(i128) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_u128(u128) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}
