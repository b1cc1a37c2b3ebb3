//! Dates of cookies: in, as leniently as browsers read them ([`parse`], RFC 6265bis §5.1.1); out, in
//! the one form that RFC 9110 §5.6.7 wants ([`ImfFixdate`]).
//!
//! Both ways end at [`UnixTime`]. There is no time zone: every date here is in UTC.

use core::fmt;

use crate::time::UnixTime;

mod civil;
mod fixed;
mod imf_fixdate;
mod names;
mod tokens;

pub use imf_fixdate::ImfFixdate;

/// The first year that a user agent takes (RFC 6265bis §5.1.1): the first of a Gregorian cycle of
/// 400 years, and the beginning of Windows' file time.
const FIRST_YEAR: u32 = 1601;
/// The last year of four digits.
const LAST_YEAR: u32 = 9999;

/// Reads a cookie-date: the value of an `Expires` attribute.
///
/// The algorithm of RFC 6265bis §5.1.1, to the letter: the text is split at delimiters (`:` is not
/// one), and each piece is tried as the time, the day of the month, the month and the year, in this
/// order, if that one was not found yet. What is none of them, such as the day of the week or a time
/// zone, is ignored. Two-digit years from 70 on are in the 20th century, others in the 21st.
///
/// Linear in the length of `text`.
///
/// # Errors
///
/// [`Error::Incomplete`] where a part was not found, as in `Thu, 012-Aug-2008 20:49:07 GMT`;
/// [`Error::NoSuchDate`] for 30 February, `24:00:00`, a leap second, and years before 1601. A user
/// agent then ignores the attribute.
///
/// ```
/// use hardtack::date;
///
/// let usual = date::parse(b"Sun, 06 Nov 1994 08:49:37 GMT")?;
/// assert_eq!(usual.as_secs(), 784_111_777);
/// assert_eq!(date::parse(b"08:49:37 nOvember/6 94"), Ok(usual));
/// assert_eq!(date::parse(b"30 Feb 2024 00:00:00"), Err(date::Error::NoSuchDate));
/// assert_eq!(date::parse(b"tomorrow"), Err(date::Error::Incomplete));
/// # Ok::<(), date::Error>(())
/// ```
pub fn parse(text: &[u8]) -> Result<UnixTime, Error> {
    match fixed::fields(text) {
        Some(fields) => fields.time(),
        None => tokens::fields(text)?.time(),
    }
}

/// What was read, before it is known to be a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fields {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Fields {
    /// Steps 3 to 7 of §5.1.1.
    const fn time(self) -> Result<UnixTime, Error> {
        let year = match self.year {
            // [6265bis-5.1.1-3]
            century @ 70..=99 => century.saturating_add(1900),
            // [6265bis-5.1.1-4]
            century @ 0..=69 => century.saturating_add(2000),
            year => year,
        };
        // [6265bis-5.1.1-5]
        if year < FIRST_YEAR || year > LAST_YEAR {
            return Err(Error::NoSuchDate);
        }
        // [6265bis-5.1.1-6]
        let Some(days) = civil::days(year, self.month, self.day) else {
            return Err(Error::NoSuchDate);
        };
        if self.hour > 23 || self.minute > 59 || self.second > 59 {
            return Err(Error::NoSuchDate);
        }
        Ok(civil::time(days, self.hour, self.minute, self.second))
    }
}

/// Why a text is not a date, or a moment has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The time, the day of the month, the month or the year was not found.
    Incomplete,
    /// All parts were found, and there is no such date or time of day.
    NoSuchDate,
    /// The moment lies outside of the years 1601 to 9999.
    YearOutOfRange,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomplete => "the date lacks a time, a day, a month or a year",
            Self::NoSuchDate => "there is no such date or time of day",
            Self::YearOutOfRange => "the year is not one of 1601 to 9999",
        })
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_same(text: &str, usual: &str) {
        let expected = parse(usual.as_bytes());
        assert!(expected.is_ok(), "{usual}");
        assert_eq!(parse(text.as_bytes()), expected, "{text}");
    }

    #[track_caller]
    fn assert_refused(text: &str, error: Error) {
        assert_eq!(parse(text.as_bytes()), Err(error), "{text}");
    }

    /// RFC 9110 §5.6.7: the three forms of one date.
    #[test]
    fn the_three_forms_of_http_are_read() {
        let expected = Ok(UnixTime::from_secs(784_111_777));
        assert_eq!(parse(b"Sun, 06 Nov 1994 08:49:37 GMT"), expected);
        assert_eq!(parse(b"Sunday, 06-Nov-94 08:49:37 GMT"), expected);
        assert_eq!(parse(b"Sun Nov  6 08:49:37 1994"), expected);
    }

    // [6265bis-5.1.1-1]
    #[test]
    fn delimiters_are_those_of_the_draft_and_a_colon_is_none() {
        for delimiter in (0..=255).filter(|&byte| crate::ascii::is_date_delimiter(byte)) {
            let text = ["6", "Nov", "1994", "08:49:37"].map(str::as_bytes);
            assert!(parse(&text.join(&delimiter)).is_ok(), "{delimiter}");
        }
        for glue in [b':', b'0', b'a', 0x00, 0x0A, 0x7F, 0x80, 0xFF] {
            let text = ["6", "Nov", "1994", "08:49:37"].map(str::as_bytes);
            assert!(parse(&text.join(&glue)).is_err(), "{glue}");
        }
    }

    // [6265bis-5.1.1-2]
    #[test]
    fn parts_are_tried_as_time_day_month_year() {
        // The first number that can be a day is the day, even if the year was meant.
        assert_same("17 15 Apr 21:01:22", "17 Apr 2015 21:01:22");
        // Two fields are no time: this is the 18th, and then the year 14.
        assert_same("18:14e9 Apr 14 21:01:22", "18 Apr 2014 21:01:22");
        // A second time is tried as the day.
        assert_same("21:01:22 15:00:00 Apr 2017", "15 Apr 2017 21:01:22");
        // A time that has a field of three digits is none, but a day.
        assert_same("15:00:000 Apr 21:01:22 2017", "15 Apr 2017 21:01:22");
        assert_same("Apr Feb 21:01:22 15 2017", "15 Apr 2017 21:01:22");
    }

    #[test]
    fn a_digit_too_many_is_no_part() {
        assert_refused("012-Aug-2008 20:49:07", Error::Incomplete);
        assert_refused("12-Aug-31841 20:49:07", Error::Incomplete);
        assert_refused("12-Aug-2008 020:49:07", Error::Incomplete);
        assert_refused("12-Aug-2008 20:49:007", Error::Incomplete);
        assert_refused("12-Aug-7 20:49:07", Error::Incomplete);
    }

    #[test]
    fn what_follows_a_part_is_ignored_unless_it_is_a_digit() {
        assert_same("12th Augustus 2008AD 20:49:07z", "12 Aug 2008 20:49:07");
        assert_same(
            "12\u{e9} Aug\0 2008\x7f 20:49:07:99",
            "12 Aug 2008 20:49:07",
        );
        assert_refused("12 au 2008 20:49:07", Error::Incomplete);
        assert_refused("12 xAug 2008 20:49:07", Error::Incomplete);
        assert_refused("x12 Aug 2008 20:49:07", Error::Incomplete);
    }

    // [6265bis-5.1.1-3] [6265bis-5.1.1-4]
    #[test]
    fn two_digits_are_a_year_of_1970_to_2069() {
        assert_same("1 Jan 70 0:0:0", "1 Jan 1970 00:00:00");
        assert_same("1 Jan 99 0:0:0", "1 Jan 1999 00:00:00");
        assert_same("1 Jan 00 0:0:0", "1 Jan 2000 00:00:00");
        assert_same("1 Jan 69 0:0:0", "1 Jan 2069 00:00:00");
        // By value, not by digits.
        assert_same("1 Jan 0069 0:0:0", "1 Jan 2069 00:00:00");
        assert_same("1 Jan 070 0:0:0", "1 Jan 1970 00:00:00");
    }

    // [6265bis-5.1.1-5] [6265bis-5.1.1-6]
    #[test]
    fn dates_that_are_none_are_refused() {
        for text in [
            "0 Jan 2024 00:00:00",
            "32 Jan 2024 00:00:00",
            "31 Apr 2024 00:00:00",
            "30 Feb 2024 00:00:00",
            "29 Feb 2023 00:00:00",
            "29 Feb 1900 00:00:00",
            "1 Jan 2024 24:00:00",
            "1 Jan 2024 00:60:00",
            "1 Jan 2024 00:00:60",
            "31 Dec 1600 23:59:59",
            "1 Jan 100 00:00:00",
        ] {
            assert_refused(text, Error::NoSuchDate);
        }
        assert_same("29 Feb 2000 0:0:0", "29 Feb 2000 00:00:00");
        assert_same("1 Jan 1601 0:0:0", "1 Jan 1601 00:00:00");
        assert_same("31 Dec 9999 23:59:59", "31 Dec 9999 23:59:59");
    }

    // [6265bis-5.1.1-5]
    #[test]
    fn what_is_missing_is_missed() {
        for text in [
            "",
            "IAintNoDateFool",
            "Nov 1994 08:49:37",
            "06 1994 08:49:37",
            "06 Nov 08:49:37",
            "06 Nov 1994",
            "06 Nov 1994 08:49",
            "06 Nov 1994 08::37",
            "06 Nov 1994 :49:37",
        ] {
            assert_refused(text, Error::Incomplete);
        }
    }
}
