//! A cookie-date in any form: the tokens of RFC 6265bis §5.1.1, one after the other.

use super::names::{self, Name};
use super::{Error, Fields};
use crate::ascii::{is_date_delimiter, is_digit};

/// The parts found so far.
#[derive(Default)]
struct Parts {
    time: Option<[u32; 3]>,
    day: Option<u32>,
    month: Option<u32>,
    year: Option<u32>,
}

/// Step 2 of §5.1.1: finds the parts of a date.
pub(super) fn fields(text: &[u8]) -> Result<Fields, Error> {
    let mut parts = Parts::default();
    // [6265bis-5.1.1-1]
    for token in text.split(|&byte| is_date_delimiter(byte)) {
        parts.take(token);
    }
    let [hour, minute, second] = parts.time.ok_or(Error::Incomplete)?;
    Ok(Fields {
        year: parts.year.ok_or(Error::Incomplete)?,
        month: parts.month.ok_or(Error::Incomplete)?,
        day: parts.day.ok_or(Error::Incomplete)?,
        hour,
        minute,
        second,
    })
}

impl Parts {
    /// Tries a token as each part that is still missing. It begins with a digit or it does not, so
    /// only the month is left for one without.
    // [6265bis-5.1.1-2]
    fn take(&mut self, token: &[u8]) {
        let (digits, value, rest) = number(token);
        match rest {
            _ if digits == 0 => {
                if self.month.is_none() {
                    self.month = month(token);
                }
                return;
            }
            [b':', rest @ ..] if self.time.is_none() && digits <= 2 => {
                if let Some([minute, second]) = minute_and_second(rest) {
                    self.time = Some([value, minute, second]);
                    return;
                }
            }
            [digit, ..] if is_digit(*digit) => return, // the fifth one
            _ => {}
        }
        if self.day.is_none() && digits <= 2 {
            self.day = Some(value);
        } else if self.year.is_none() && digits >= 2 {
            self.year = Some(value);
        }
    }
}

/// `time-field ":" time-field [ non-digit *OCTET ]`: the rest of a `time`.
fn minute_and_second(text: &[u8]) -> Option<[u32; 2]> {
    let (1..=2, minute, [b':', rest @ ..]) = number(text) else {
        return None;
    };
    let (1..=2, second, _) = number(rest) else {
        return None;
    };
    Some([minute, second])
}

/// `month *OCTET`
fn month(token: &[u8]) -> Option<u32> {
    match names::find(token.first_chunk()?)? {
        Name::Month(month) => Some(month),
        Name::Weekday => None,
    }
}

/// Up to four digits at the start: how many, their value, what follows them.
fn number(text: &[u8]) -> (u32, u32, &[u8]) {
    let (mut digits, mut value, mut rest) = (0_u32, 0_u32, text);
    while let [digit, others @ ..] = rest
        && is_digit(*digit)
        && digits < 4
    {
        digits = digits.wrapping_add(1);
        value = value.wrapping_mul(10).wrapping_add(u32::from(digit & 0xF));
        rest = others;
    }
    (digits, value, rest)
}
