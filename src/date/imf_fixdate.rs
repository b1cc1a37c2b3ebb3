use core::fmt;

use super::civil::{self, RANGE};
use super::{Error, names};
use crate::time::UnixTime;
use crate::write::{Emit, NoRoom, Sink, Stop, digits};

/// A moment as `IMF-fixdate` (RFC 9110 §5.6.7): always 29 bytes, like
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// Only a moment of the years 1601 to 9999 has this form: later ones do not fit, and what is
/// earlier is written well but no user agent reads it (RFC 6265bis §5.1.1).
///
/// ```
/// use hardtack::date::{self, ImfFixdate};
/// use hardtack::time::UnixTime;
///
/// let date = ImfFixdate::new(UnixTime::from_secs(784_111_777))?;
/// assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(date::parse(&date.to_bytes()), Ok(date.time()));
/// # Ok::<(), date::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImfFixdate(UnixTime);

impl ImfFixdate {
    /// The length of every such date.
    pub const LEN: usize = 29;
    /// `Thu, 01 Jan 1970 00:00:00 GMT`: what has passed everywhere.
    pub const EPOCH: Self = Self(UnixTime::EPOCH);

    /// The date of `at`.
    ///
    /// # Errors
    ///
    /// [`Error::YearOutOfRange`] before 1601-01-01T00:00:00Z and after 9999-12-31T23:59:59Z.
    pub const fn new(at: UnixTime) -> Result<Self, Error> {
        let (first, last) = RANGE;
        if at.as_secs() < first.as_secs() || at.as_secs() > last.as_secs() {
            return Err(Error::YearOutOfRange);
        }
        Ok(Self(at))
    }

    /// The moment.
    #[must_use]
    pub const fn time(self) -> UnixTime {
        self.0
    }

    /// The text.
    #[must_use]
    #[inline]
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let mut text = [0; 32];
        for (room, word) in text.as_chunks_mut().0.iter_mut().zip(self.words()) {
            *room = word;
        }
        let [text @ .., _, _, _] = text;
        text
    }

    /// The text and three bytes more. It is put together in words of eight bytes, two numbers at a
    /// time, and in such words it is copied: to load them otherwise than they were stored is slow.
    fn words(self) -> [[u8; 8]; 4] {
        let date = civil::civil(self.0);
        let year = u64::from(digits(date.year / 100, date.year % 100));
        let day_second = u64::from(digits(date.day, date.second));
        let minute_hour = u64::from(digits(date.minute, date.hour));
        let day = word(b"\0\0\0, \0\0 ")
            | u64::from(names::of_weekday(date.weekday))
            | (day_second & 0xFFFF) << 40;
        let year = word(b"\0\0\0 \0\0\0\0") | u64::from(names::of_month(date.month)) | year << 32;
        let time = word(b" \0\0:\0\0:\0")
            | minute_hour >> 16 << 8
            | (minute_hour & 0xFFFF) << 32
            | day_second >> 16 << 56;
        let rest = word(b"\0 GMT\0\0\0") | day_second >> 24;
        [day, year, time, rest].map(u64::to_le_bytes)
    }

    /// The exact length of the text: 29.
    #[expect(clippy::len_without_is_empty)] // never empty
    #[must_use]
    pub const fn len(&self) -> usize {
        Self::LEN
    }

    /// Writes the text to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer below 29 bytes; it is then as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        let room = buffer.first_chunk_mut();
        let room = room.ok_or(NoRoom { needed: Self::LEN })?;
        *room = self.to_bytes();
        Ok(core::str::from_utf8(room).unwrap_or_default())
    }
}

impl Emit for ImfFixdate {
    #[inline]
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        let [day, year, time, [rest @ .., _, _, _]] = self.words();
        sink.put(&day)?;
        sink.put(&year)?;
        sink.put(&time)?;
        sink.put(&rest)
    }
}

const fn word(text: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*text)
}

impl fmt::Display for ImfFixdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;
    use crate::date::parse;

    #[test]
    fn the_first_and_the_last() {
        for (secs, text) in [
            (-11_644_473_600, "Mon, 01 Jan 1601 00:00:00 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            let date = ImfFixdate::new(UnixTime::from_secs(secs)).unwrap();
            assert_eq!(date.to_string(), text);
            assert_eq!(date.to_bytes(), text.as_bytes());
            assert_eq!(date.time().as_secs(), secs);
            assert_eq!(parse(text.as_bytes()), Ok(date.time()));
        }
    }

    #[test]
    fn other_years_are_refused() {
        for secs in [i64::MIN, -11_644_473_601, 253_402_300_800, i64::MAX] {
            assert_eq!(
                ImfFixdate::new(UnixTime::from_secs(secs)),
                Err(Error::YearOutOfRange)
            );
        }
    }

    #[test]
    fn length_buffer_and_display_agree() {
        const DATE: ImfFixdate = match ImfFixdate::new(UnixTime::EPOCH) {
            Ok(date) => date,
            Err(_) => panic!(),
        };
        let mut buffer = [0; 30];
        assert_eq!(DATE.len(), DATE.to_string().len());
        assert_eq!(DATE.write(&mut buffer), Ok("Thu, 01 Jan 1970 00:00:00 GMT"));
        assert_eq!(
            DATE.write(&mut [0; 29]),
            Ok("Thu, 01 Jan 1970 00:00:00 GMT")
        );
        assert_eq!(DATE.write(&mut [0; 28]), Err(NoRoom { needed: 29 }));
    }
}
