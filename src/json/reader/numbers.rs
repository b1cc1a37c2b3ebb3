//! Reading numbers (RFC 8259 §6). Whether one ends where it seems to is seen by what comes next.

use super::super::Error;
use super::super::number::{Number, SAFE_DIGITS, decimal_len};
use super::Reader;

impl<'t> Reader<'t> {
    /// An integer that is not negative.
    #[inline]
    pub(in super::super) fn unsigned(&mut self) -> Result<u64, Error> {
        match self.plain_integer() {
            Some(value) => Ok(value),
            None => self.number()?.u64(),
        }
    }

    /// An integer.
    #[cfg_attr(not(small), inline)]
    pub(in super::super) fn signed(&mut self) -> Result<i64, Error> {
        match self.plain_integer() {
            Some(value) => i64::try_from(value).map_err(|_| Error::Number),
            None => self.number()?.i64(),
        }
    }

    /// An integer without a sign, white space before it, or more than [`SAFE_DIGITS`] digits.
    #[inline]
    fn plain_integer(&mut self) -> Option<u64> {
        let (value, count) = digits(self.rest)?;
        let (_, rest) = self.rest.split_at_checked(count)?;
        let goes_on = matches!(rest.as_bytes(), [b'.' | b'e' | b'E', ..]);
        if count > SAFE_DIGITS || goes_on {
            return None;
        }
        self.rest = rest;
        Some(value)
    }

    /// Any number.
    #[inline(never)]
    pub(in super::super) fn number(&mut self) -> Result<Number<'t>, Error> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.mismatch());
        }
        let start = self.rest;
        let negative = self.take('-');
        let Some((magnitude, count)) = digits(self.rest) else {
            return Err(self.broken());
        };
        self.pass(count);
        let Some(decimal) = decimal_len(self.rest.as_bytes()) else {
            return Err(self.broken());
        };
        self.pass(decimal);
        let whole = decimal == 0;
        Ok(Number {
            text: self.since(start),
            negative,
            magnitude: (whole && count <= SAFE_DIGITS).then_some(magnitude),
            whole,
        })
    }
}

/// The digits at the front of `text`, the first of them 0 only if it is the only one: their value,
/// which is right for up to [`SAFE_DIGITS`] of them, and their number.
#[cfg_attr(not(small), inline)]
#[cfg_attr(small, inline(never))]
fn digits(text: &str) -> Option<(u64, usize)> {
    let bytes = text.as_bytes();
    let mut value = 0_u64;
    let mut count = 0_usize;
    for &byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(digit.into());
        count = count.wrapping_add(1);
    }
    match bytes {
        _ if count == 0 => None,
        [b'0', ..] if count > 1 => None,
        _ => Some((value, count)),
    }
}
