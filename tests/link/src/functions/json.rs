//! `json`.

use core::fmt::Display;

use hardtack::json::{self, Error};
use serde::{Deserialize, Serialize, de, ser};

/// Claims of a program's own: every kind of value that serde has for JSON.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Claims<'t> {
    text: &'t str,
    small: u8,
    large: u64,
    signed: i64,
    huge: u128,
    flag: bool,
    letter: char,
    maybe: Option<i32>,
    array: [u16; 3],
    tuple: (u8, i8),
    kind: Kind,
    inner: Inner<'t>,
    unit: (),
}

#[derive(Deserialize, Serialize)]
struct Inner<'t> {
    text: &'t str,
}

#[derive(Deserialize, Serialize)]
enum Kind {
    Unit,
    Newtype(u32),
    Tuple(u8, u8),
    Struct { at: u64 },
}

type Expected<'e> = &'e dyn de::Expected;

crate::linked! {
    "json::read": |text: &[u8], scratch: &mut [u8]| json::read::<Claims>(text, scratch).is_ok();
    "json::write": |claims: &Claims, buffer: &mut [u8]| json::write(claims, buffer).is_ok();
    "json::len": json::len::<Claims>;
    "json::read, f64": |text: &[u8], scratch: &mut [u8]| json::read::<f64>(text, scratch);
    "json::write, f64": |float: &f64, buffer: &mut [u8]| json::write(float, buffer).is_ok();
    "json::len, f64": json::len::<f64>;
    "json::Error::Display::fmt": <Error as Display>::fmt;
    "json::Error::Error::custom": <Error as de::Error>::custom::<u8>;
    "json::Error::Error::custom, written": <Error as ser::Error>::custom::<u8>;
    "json::Error::Error::duplicate_field": <Error as de::Error>::duplicate_field;
    "json::Error::Error::invalid_length": |len: usize, e: Expected| <Error as de::Error>::invalid_length(len, e);
    "json::Error::Error::invalid_type": |u: de::Unexpected, e: Expected| <Error as de::Error>::invalid_type(u, e);
    "json::Error::Error::invalid_value": |u: de::Unexpected, e: Expected| <Error as de::Error>::invalid_value(u, e);
    "json::Error::Error::missing_field": <Error as de::Error>::missing_field;
    "json::Error::Error::unknown_field": <Error as de::Error>::unknown_field;
    "json::Error::Error::unknown_variant": <Error as de::Error>::unknown_variant;
    "json::read_seed": |text: &[u8], scratch: &mut [u8]| json::read_seed(core::marker::PhantomData::<Claims>, text, scratch).is_ok();
}
