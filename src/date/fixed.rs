//! A cookie-date that begins in the usual form, `Sun, 06 Nov 1994 08:49:37`, with any of the
//! delimiters from SP to `/` between its parts.
//!
//! The trick: every digit and every delimiter has its place, and the text is three words of eight
//! bytes. Exclusive or with a pattern turns a digit into its value, a colon into zero and a delimiter
//! into less than 16; then one addition per word tells of every byte whether it is too large for its
//! place, and one multiplication adds up the pairs of digits.
//!
//! What is found here is what [`tokens`](super::tokens) would find, only sooner; all else is left to
//! it.

use super::Fields;
use super::names::{self, Name};
use crate::ascii::is_digit;

/// The fields of a text that begins in the usual form.
#[inline]
pub(super) fn fields(text: &[u8]) -> Option<Fields> {
    let (with_day, rest) = text.split_first_chunk()?;
    let (with_year, rest) = rest.split_first_chunk()?;
    let (delimiter, rest) = rest.split_first()?;
    let (time, rest) = rest.split_first_chunk()?;

    let (day, day_misfits) = Form::DAY.fit(with_day);
    let (year, year_misfits) = Form::YEAR.fit(with_year);
    let (time, time_misfits) = Form::TIME.fit(time);
    let misfits = day_misfits | year_misfits | time_misfits;
    let third_digit = rest.first().is_some_and(|&byte| is_digit(byte));
    if misfits != 0 || !matches!(delimiter, b' '..=b'/') || third_digit {
        return None;
    }
    // Were the day of the week the name of a month, that would be the month.
    let Name::Weekday = letters(with_day)? else {
        return None;
    };
    let Name::Month(month) = letters(with_year)? else {
        return None;
    };
    let [.., day, _, _] = pairs(day);
    let [.., century, _, of_century, _] = pairs(year);
    let [hour, _, _, minute, _, _, second, _] = pairs(time);
    Some(Fields {
        year: u32::from(century)
            .wrapping_mul(100)
            .wrapping_add(u32::from(of_century)),
        month,
        day: day.into(),
        hour: hour.into(),
        minute: minute.into(),
        second: second.into(),
    })
}

/// What eight bytes in a row have to be.
struct Form {
    /// Makes zeros of the least byte that is allowed.
    pattern: u64,
    /// Sets the highest bit of what is above the largest that is allowed.
    room: u64,
    /// The highest bits of the bytes that are looked at.
    bits: u64,
}

impl Form {
    const DAY: Self = Self::new(b"***--00-");
    const YEAR: Self = Self::new(b"***-0000");
    const TIME: Self = Self::new(b"00:00:00");

    /// `*` for anything, `-` for a delimiter, `0` for a digit, and a byte that is itself.
    #[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // only run by the compiler
    const fn new(form: &[u8; 8]) -> Self {
        let (mut pattern, mut room, mut bits) = ([0; 8], [0; 8], [0; 8]);
        let mut at = 0;
        while at < 8 {
            (pattern[at], room[at], bits[at]) = match form[at] {
                b'*' => (0, 0, 0),
                b'-' => (b' ', 0x80 - 16, 0x80),
                b'0' => (b'0', 0x80 - 10, 0x80),
                byte => (byte, 0x80 - 1, 0x80),
            };
            at += 1;
        }
        Self {
            pattern: u64::from_le_bytes(pattern),
            room: u64::from_le_bytes(room),
            bits: u64::from_le_bytes(bits),
        }
    }

    /// The values of the bytes, and a bit for each that does not fit.
    #[inline]
    const fn fit(&self, bytes: &[u8; 8]) -> (u64, u64) {
        let values = u64::from_le_bytes(*bytes) ^ self.pattern;
        // A carry can only come from a byte that does not fit itself.
        let above = values.wrapping_add(self.room) | values;
        (values, above & self.bits)
    }
}

#[inline]
fn letters([a, b, c, ..]: &[u8; 8]) -> Option<Name> {
    names::find(&[*a, *b, *c])
}

/// At every byte, ten times its value and the next one. What letters carry over goes no further
/// than the delimiter behind them.
#[inline]
const fn pairs(values: u64) -> [u8; 8] {
    values
        .wrapping_mul(10)
        .wrapping_add(values >> 8)
        .to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::tokens;

    const USUAL: &[u8; 29] = b"Sun, 06 Nov 1994 08:49:37 GMT";

    /// Whatever is found here is what the tokens say.
    #[track_caller]
    fn check(text: &[u8]) -> bool {
        let found = fields(text);
        if let Some(found) = found {
            assert_eq!(tokens::fields(text), Ok(found), "{}", text.escape_ascii());
        }
        found.is_some()
    }

    #[test]
    fn the_usual_forms_are_found() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sat. 99/dec/0000/99:99:99",
            "sAT, 31-JAN-9999 23:59:59Z",
        ] {
            assert!(check(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn any_byte_at_any_place_changes_nothing_that_tokens_would_not() {
        for at in 0..USUAL.len() {
            for byte in 0..=u8::MAX {
                let mut text = *USUAL;
                text[at] = byte;
                check(&text);
                // A second byte, so that a carry has a place to go to.
                for next in [0x00, b'0', b'9', 0x7F, 0x80, 0xFF] {
                    if let Some(second) = text.get_mut(at + 1) {
                        *second = next;
                        check(&text);
                    }
                }
            }
        }
    }

    #[test]
    fn a_form_fits_what_it_names_and_nothing_else() {
        for (name, is) in [
            (b'*', (|_| true) as fn(u8) -> bool),
            (b'-', |byte| matches!(byte, b' '..=b'/')),
            (b'0', |byte| byte.is_ascii_digit()),
            (b':', |byte| byte == b':'),
        ] {
            let form = Form::new(&[b'*', b'*', name, b'*', b'*', b'*', b'*', b'*']);
            for byte in 0..=u8::MAX {
                let (_, misfits) = form.fit(&[0, 0, byte, 0, 0, 0, 0, 0]);
                assert_eq!(misfits == 0, is(byte), "{:?}: {byte:#x}", char::from(name));
            }
        }
    }

    #[test]
    fn what_fits_nowhere_does_not_fit_because_of_another() {
        for (one, other) in [(0, 8), (0, 16), (8, 16)] {
            for at in 3..8 {
                let mut text = *USUAL;
                text[one + at] = 0xFF;
                // The time stands behind a delimiter more.
                text[other + other / 16 + at] = 0xFF;
                assert!(!check(&text), "{}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn every_length_is_looked_at() {
        for len in 0..=USUAL.len() {
            assert_eq!(check(&USUAL[..len]), len >= 25);
        }
    }

    #[test]
    fn a_day_of_the_week_that_is_a_month_is_the_month() {
        assert!(!check(b"Mar, 06 Nov 1994 08:49:37"));
        assert!(!check(b"Sun, 06 Sun 1994 08:49:37"));
    }
}
