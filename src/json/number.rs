//! Numbers: exact integers, or the text of anything else.

use super::Error;

/// A number of the text.
#[derive(Clone, Copy)]
pub(super) struct Number<'t> {
    /// The whole of it.
    pub(super) text: &'t str,
    /// Whether it starts with a minus sign.
    pub(super) negative: bool,
    /// Its value without the sign, where it is an integer of at most [`SAFE_DIGITS`] digits.
    pub(super) magnitude: Option<u64>,
    /// Whether it has neither a fraction nor an exponent.
    pub(super) whole: bool,
}

/// Numbers of so many digits cannot overflow a `u64`.
pub(super) const SAFE_DIGITS: usize = 19;

impl Number<'_> {
    /// Whether this is `-0`, which no integer is: whoever writes it means a float.
    pub(super) fn is_minus_zero(&self) -> bool {
        self.negative && self.magnitude == Some(0)
    }

    /// The integer, or [`Error::Number`].
    #[inline]
    fn integer<T: core::str::FromStr>(
        self,
        small: impl FnOnce(u64) -> Option<T>,
    ) -> Result<T, Error> {
        let value = match self.magnitude {
            Some(_) if self.is_minus_zero() => None,
            Some(magnitude) => small(magnitude),
            // More digits, or a decimal, which is no integer's text.
            None => self.text.parse().ok(),
        };
        value.ok_or(Error::Number)
    }

    #[inline]
    pub(super) fn u64(self) -> Result<u64, Error> {
        self.integer(|magnitude| (!self.negative).then_some(magnitude))
    }

    #[inline]
    pub(super) fn i64(self) -> Result<i64, Error> {
        // One of more digits has no magnitude here, and is too large.
        let magnitude = self.magnitude.filter(|_| !self.is_minus_zero());
        let value = magnitude.and_then(|magnitude| {
            if self.negative {
                0_i64.checked_sub_unsigned(magnitude)
            } else {
                i64::try_from(magnitude).ok()
            }
        });
        value.ok_or(Error::Number)
    }

    pub(super) fn u128(self) -> Result<u128, Error> {
        self.integer(|magnitude| (!self.negative).then_some(magnitude.into()))
    }

    pub(super) fn i128(self) -> Result<i128, Error> {
        self.integer(|magnitude| {
            let value = i128::from(magnitude);
            if self.negative {
                value.checked_neg()
            } else {
                Some(value)
            }
        })
    }

    /// The nearest float.
    pub(super) fn f64(self) -> Result<f64, Error> {
        let value = self.text.parse().map_err(|_| Error::Syntax)?;
        if f64::is_finite(value) {
            Ok(value)
        } else {
            Err(Error::Number)
        }
    }

    /// The nearest float.
    pub(super) fn f32(self) -> Result<f32, Error> {
        let value = self.text.parse().map_err(|_| Error::Syntax)?;
        if f32::is_finite(value) {
            Ok(value)
        } else {
            Err(Error::Number)
        }
    }
}

/// The length of what stands behind the integer part of a number: a fraction, an exponent, both or
/// neither. Nothing where they are begun and not ended.
pub(super) fn decimal_len(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    if let [b'.', digits @ ..] = rest {
        rest = digits_of(digits)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = match exponent {
            [b'+' | b'-', digits @ ..] => digits_of(digits)?,
            digits => digits_of(digits)?,
        };
    }
    bytes.len().checked_sub(rest.len())
}

/// What follows one or more digits.
fn digits_of(bytes: &[u8]) -> Option<&[u8]> {
    let len = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if len == 0 { None } else { bytes.get(len..) }
}
