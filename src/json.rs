//! JSON (RFC 8259), strict and bounded, by serde, without a heap.
//!
//! The claims of a token are JSON that a stranger wrote, and lenient readers are how tokens that
//! should be refused get accepted. So there is one answer to every text here, and it is no where
//! the text leaves room for two readings.
//!
//! ```
//! use hardtack::json;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize, Serialize, PartialEq, Debug)]
//! struct Claims<'t> {
//!     sub: &'t str,
//!     exp: u64,
//!     admin: Option<bool>,
//! }
//!
//! let mut scratch = [0; 32]; // for strings with escapes only
//! let claims: Claims = json::read(br#"{"sub":"caf\u00e9","exp":1700000000}"#, &mut scratch)?;
//! assert_eq!(claims, Claims { sub: "café", exp: 1_700_000_000, admin: None });
//!
//! let mut buffer = [0; 64];
//! let text = json::write(&claims, &mut buffer)?;
//! assert_eq!(text, r#"{"sub":"café","exp":1700000000}"#);
//! # Ok::<(), json::Error>(())
//! ```
//!
//! # What is read
//!
//! - One value and nothing behind it but white space, which is the four bytes of RFC 8259 §2. The
//!   text is UTF-8; a byte order mark, a lone surrogate (`"\ud800"`), a control character in a
//!   string, a leading zero are refused. What the caller's type ignores is checked as strictly as
//!   what it takes.
//! - A name stands once in an object, at every level, known to the type or not. Names are compared
//!   after unescaping: `{"exp":1,"\u0065xp":2}` is refused. RFC 8259 §4 leaves this open; RFC 7519
//!   §4 asks it of claims.
//! - An integer is read exactly or refused, never by way of a float. `1.5`, `1e3`, `1.0` and `-0`
//!   are no integers, `-1` is no `u64`, `256` no `u8`. `i128` and `u128` are as exact as `u64`.
//!   A caller's own `f64` is the nearest one, and `1e400` is refused.
//! - `null` is the `None` of an `Option` and the unit type. Anything else it is refused for.
//! - A struct is an object, never an array. A tuple is an array of that length. An enum is a
//!   string, or an object of one member (serde's externally tagged form). Names are strings, also
//!   where the caller's map has other keys. There are no bytes in JSON, so `&[u8]` is refused.
//! - A string without an escape is borrowed from the text; one with escapes is unescaped into the
//!   scratch buffer and borrowed from there. A scratch buffer of the length of the text is always
//!   enough, an empty one is enough where no escape is expected.
//!
//! At most [`MAX_DEPTH`] arrays and objects are nested, and at most [`MAX_NAMES`] names are
//! remembered for the objects that are open at once; so the stack and the time per byte are
//! bounded, whoever wrote the text. Values that the type ignores take no recursion.
//!
//! # What is written
//!
//! The same, without white space. Characters above ASCII stay as they are. What could not be read
//! back is refused and never repaired: a float that is not finite, bytes, a key that is not a string, a map
//! that names a member twice, and more depth or names than are read. A `None` is left out of its struct or map
//! entry; `null` is never written, so a `None` or `()` elsewhere is refused. That holds within a `Some` and within a
//! newtype too: `Some(None)` is read back as `None`, and a newtype of `None` as a field only with `#[serde(default)]`.
//!
//! # What cannot be had
//!
//! To read `#[serde(flatten)]`, `#[serde(untagged)]` and enums that are tagged internally or adjacently:
//! serde buffers what they read in a `Vec`, and has their code only with its feature `alloc`. In a
//! program that turns this feature on, they work here too, but for 128-bit integers within them.
//!
//! To go on after an error: a type that catches one (`T::deserialize(value).ok()`) may find the rest
//! of the text out of step, which is then refused. It never gets a value from a text that is not JSON.

use core::fmt;
use core::marker::PhantomData;

use serde::de::DeserializeSeed;
use serde::{Deserialize, Serialize};

use crate::write::{NoRoom, Stop};

mod de;
mod names;
mod number;
mod object;
mod out;
mod reader;
mod ser;
mod string;

pub(crate) use object::{Kind, Value, read_members, read_object};
pub(crate) use out::Object;

/// The most arrays and objects that are nested in each other.
pub const MAX_DEPTH: usize = 32;

/// The most names that an object and the objects around it have together, up to any point of the
/// text.
pub const MAX_NAMES: usize = 128;

/// Why a text is not read, or a value is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON: `{"a":1,}`, `01`, `"\ud800"`, a byte order mark, invalid UTF-8,
    /// something behind the value.
    Syntax,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// More names than [`MAX_NAMES`] in open objects, or a name behind the first 4 GiB.
    TooManyNames,
    /// An object, or a map that is written, has two members of one name: `{"a":1,"\u0061":2}`.
    DuplicateName,
    /// `null` where the type has no place for it.
    Null,
    /// A number that the type cannot hold exactly: `1.5`, `1e3`, `-0`, `-1` or `256` for a `u8`;
    /// for a float, one that is not finite.
    Number,
    /// Another type of value than asked for (`"1"` for a `u8`), another length than that of the
    /// tuple, or a value that the type itself refuses.
    Type,
    /// A struct's field has no member.
    MissingField,
    /// A variant that the enum does not have, or a field that a `deny_unknown_fields` struct does
    /// not have.
    UnknownName,
    /// Unescaped strings do not fit in the scratch buffer.
    ScratchTooSmall,
    /// The value does not fit in the buffer, to which nothing was written.
    NoRoom(NoRoom),
    /// A value that is not written: bytes, a float that is not finite, a key that is not a string,
    /// `None` or `()` as an element of an array; or its `Serialize` refused, or did not say the same
    /// when it was asked twice.
    Unwritable,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "the text is not json",
            Self::TooDeep => "arrays and objects are nested too deep",
            Self::TooManyNames => "the open objects have too many names",
            Self::DuplicateName => "an object has two members of one name",
            Self::Null => "null is not what the type asks for",
            Self::Number => "a number is not one that the type holds exactly",
            Self::Type => "a value is not one of the type",
            Self::MissingField => "a member is missing",
            Self::UnknownName => "a name is not one that the type has",
            Self::ScratchTooSmall => "the scratch buffer is too small for the strings with escapes",
            Self::NoRoom(no_room) => return no_room.fmt(f),
            Self::Unwritable => "the value has no form in json",
        })
    }
}

impl core::error::Error for Error {}

impl From<Stop> for Error {
    /// What JSON is put into takes everything, so what stopped is a `Display` of the value's.
    fn from(Stop: Stop) -> Self {
        Self::Unwritable
    }
}

/// Reads one JSON text as a `T`.
///
/// Strings are borrowed from `text`, those with escapes from `scratch`; see the
/// [module](self) for what is refused.
///
/// # Errors
///
/// Each with an example at [`Error`]: [`Syntax`](Error::Syntax), [`TooDeep`](Error::TooDeep),
/// [`TooManyNames`](Error::TooManyNames), [`DuplicateName`](Error::DuplicateName),
/// [`Null`](Error::Null), [`Number`](Error::Number), [`Type`](Error::Type),
/// [`MissingField`](Error::MissingField), [`UnknownName`](Error::UnknownName),
/// [`ScratchTooSmall`](Error::ScratchTooSmall). Where a text has several faults, the first one is
/// named, but for invalid UTF-8, which is looked for in the whole text before anything else.
///
/// ```
/// use hardtack::json::{self, Error};
///
/// assert_eq!(json::read::<u64>(b" 7 ", &mut []), Ok(7));
/// assert_eq!(json::read::<u64>(b"7.0", &mut []), Err(Error::Number));
/// assert_eq!(json::read::<u64>(b"null", &mut []), Err(Error::Null));
/// assert_eq!(json::read::<u64>(b"07", &mut []), Err(Error::Syntax));
/// ```
pub fn read<'t, T: Deserialize<'t>>(text: &'t [u8], scratch: &'t mut [u8]) -> Result<T, Error> {
    read_seed(PhantomData, text, scratch)
}

/// [`read`] for a value that is made with the help of `seed`, or that goes into something there is,
/// as the cookies of [`Jar::restoring`](crate::jar::Jar::restoring) do.
///
/// # Errors
///
/// Those of [`read`]. What `seed` has done by then stays done.
pub fn read_seed<'t, S: DeserializeSeed<'t>>(
    seed: S,
    text: &'t [u8],
    scratch: &'t mut [u8],
) -> Result<S::Value, Error> {
    let mut reader = reader::Reader::new(reader::utf8(text)?, scratch);
    let value = seed.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Writes `value` to the front of `buffer`, all or nothing.
///
/// The value is serialized twice, first to learn its length.
///
/// # Errors
///
/// [`NoRoom`](Error::NoRoom) with the length that would have been enough;
/// [`Unwritable`](Error::Unwritable), [`DuplicateName`](Error::DuplicateName),
/// [`TooDeep`](Error::TooDeep), [`TooManyNames`](Error::TooManyNames) for what could not be read
/// back, see the [module](self). The buffer is then as it was, but for a `Serialize` that says
/// something else the second time.
///
/// ```
/// use hardtack::json::{self, Error};
///
/// let mut buffer = [0; 9];
/// assert_eq!(json::write(&("a\n", 1), &mut buffer)?, r#"["a\n",1]"#);
/// assert!(matches!(json::write(&"too long", &mut buffer), Err(Error::NoRoom(no)) if no.needed == 10));
/// assert_eq!(json::write(&f64::NAN, &mut buffer), Err(Error::Unwritable));
/// # Ok::<(), Error>(())
/// ```
pub fn write<'b, T: Serialize + ?Sized>(value: &T, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    ser::write(value, buffer)
}

/// The exact number of bytes that [`write()`] writes.
///
/// # Errors
///
/// [`Unwritable`](Error::Unwritable), [`DuplicateName`](Error::DuplicateName),
/// [`TooDeep`](Error::TooDeep), [`TooManyNames`](Error::TooManyNames), as for [`write()`].
///
/// ```
/// assert_eq!(hardtack::json::len(&[1, 20, 300]), Ok(10));
/// ```
pub fn len<T: Serialize + ?Sized>(value: &T) -> Result<usize, Error> {
    ser::len(value)
}
