//! The writer as a serde `Serializer`.

use core::fmt;

use serde::Serialize;
use serde::ser;

use super::out::put_name;
use super::{Error, MAX_DEPTH, MAX_NAMES};
use crate::write::{Counter, NoRoom, Sink, Writer};

mod key;
mod slot;

use slot::Slot;

impl ser::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Unwritable
    }
}

pub(super) fn len<T: Serialize + ?Sized>(value: &T) -> Result<usize, Error> {
    let mut counter = Counter::default();
    put(value, &mut counter)?;
    Ok(counter.beyond)
}

pub(super) fn write<'b, T: Serialize + ?Sized>(
    value: &T,
    buffer: &'b mut [u8],
) -> Result<&'b str, Error> {
    let needed = len(value)?;
    let no_room = Error::NoRoom(NoRoom { needed });
    let mut writer = Writer::new(buffer.get_mut(..needed).ok_or(no_room)?);
    put(value, &mut writer)?;
    if !writer.is_full() {
        // It said something else than when it was counted.
        return Err(Error::Unwritable);
    }
    let written = buffer.get(..needed).unwrap_or_default();
    Ok(core::str::from_utf8(written).unwrap_or_default())
}

fn put<T: Serialize + ?Sized, S: Sink>(value: &T, sink: &mut S) -> Result<(), Error> {
    let mut out = Out {
        sink,
        depth: 0,
        names: 0,
        hashes: None,
        taken: None,
    };
    value.serialize(out.slot(Bare))
}

/// The members of `value`, in an object that has `names` of them already.
pub(super) fn members<T: Serialize + ?Sized, S: Sink>(
    value: &T,
    sink: &mut S,
    names: &mut usize,
    mut taken: impl FnMut(&str) -> bool,
) -> Result<(), Error> {
    let mut out = Out {
        sink,
        depth: 1,
        names: *names,
        hashes: None,
        taken: Some(&mut taken),
    };
    value.serialize(out.slot(Inline))?;
    *names = out.names;
    Ok(())
}

/// What is written to, and what is open.
struct Out<'s, S> {
    sink: &'s mut S,
    depth: usize,
    /// The names of the open objects.
    names: usize,
    /// Hashes of the names of open maps, at the index that `names` had then. Those of a struct are
    /// its program's to keep apart.
    hashes: Option<[u64; MAX_NAMES]>,
    /// Names that the outermost object, which is not written here, has already.
    taken: Option<&'s mut dyn FnMut(&str) -> bool>,
}

impl<'s, S: Sink> Out<'s, S> {
    #[inline]
    fn slot<L: Lead>(&mut self, lead: L) -> Slot<'_, 's, S, L> {
        Slot { out: self, lead }
    }

    #[cfg_attr(not(small), inline)]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.sink.put(bytes)?)
    }

    /// Writes the name of a member and its colon, behind a comma unless it is the first.
    #[cfg_attr(not(small), inline)]
    fn name(&mut self, name: &str, first: bool) -> Result<(), Error> {
        if self.names >= MAX_NAMES {
            return Err(Error::TooManyNames);
        }
        self.names = self.names.saturating_add(1);
        if self.depth == 1
            && let Some(taken) = &mut self.taken
            && taken(name)
        {
            return Err(Error::DuplicateName);
        }
        Ok(put_name(self.sink, name, first)?)
    }

    fn enter(&mut self) -> Result<(), Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }
}

/// What comes before a value, once it is known that there is one.
trait Lead: Sized {
    /// Whether the members of a struct or a map join an object that is open.
    const INLINE: bool = false;

    /// Writes it. An error where a value cannot stand.
    fn put<S: Sink>(self, out: &mut Out<'_, S>) -> Result<(), Error>;

    /// The value is `None`.
    fn none(self) -> Result<(), Error> {
        Ok(())
    }

    /// The value is `()`.
    fn unit(self) -> Result<(), Error> {
        Err(Error::Unwritable)
    }
}

/// Nothing: the outermost value, an element, the value behind a name.
struct Bare;

impl Lead for Bare {
    #[cfg_attr(not(small), inline)]
    fn put<S: Sink>(self, _: &mut Out<'_, S>) -> Result<(), Error> {
        Ok(())
    }

    fn none(self) -> Result<(), Error> {
        Err(Error::Unwritable)
    }
}

/// The name of a struct's field.
struct Field<'m> {
    name: &'static str,
    first: &'m mut bool,
}

impl Lead for Field<'_> {
    #[cfg_attr(not(small), inline)]
    fn put<S: Sink>(self, out: &mut Out<'_, S>) -> Result<(), Error> {
        out.name(self.name, core::mem::take(self.first))
    }
}

/// The name of a map's entry.
struct Entry<'m, K: ?Sized> {
    key: &'m K,
    first: &'m mut bool,
    /// The number of names before those of the map.
    outer: usize,
}

impl<K: Serialize + ?Sized> Lead for Entry<'_, K> {
    fn put<S: Sink>(self, out: &mut Out<'_, S>) -> Result<(), Error> {
        self.key.serialize(key::Key {
            out,
            first: core::mem::take(self.first),
            outer: self.outer,
        })
    }
}

/// A struct or a map whose members join an object that is open.
struct Inline;

impl Lead for Inline {
    const INLINE: bool = true;

    fn put<S: Sink>(self, _: &mut Out<'_, S>) -> Result<(), Error> {
        Err(Error::Unwritable)
    }

    fn unit(self) -> Result<(), Error> {
        Ok(())
    }
}
