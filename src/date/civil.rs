//! The Gregorian calendar as arithmetic, for the years 1601 to 9999.
//!
//! A year is counted from March, so that the leap day is its last one; the months from March on
//! are then a line with a slope of 30.6 days.

use crate::time::UnixTime;

/// Days from 0000-03-01, where the count starts, to 1970-01-01.
const EPOCH: u32 = 719_468;
const SECONDS_A_DAY: i64 = 86_400;

/// The days since 0000-03-01 at a date, or nothing if there is no such date.
#[expect(clippy::arithmetic_side_effects)] // no year has more than four digits
pub(super) const fn days(year: u32, month: u32, day: u32) -> Option<u32> {
    if month < 1 || month > 12 || day < 1 || day > 28 && day > days_in(year, month) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let century = year / 100;
    Some(365 * year + year / 4 - century + century / 4 + (153 * month + 2) / 5 + day - 1)
}

const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day and a time of it.
#[expect(clippy::arithmetic_side_effects)] // days of four-digit years: below 2⁴⁰ seconds
pub(super) const fn time(days: u32, hour: u32, minute: u32, second: u32) -> UnixTime {
    let seconds = (hour * 60 + minute) * 60 + second;
    UnixTime::from_secs((days as i64 - EPOCH as i64) * SECONDS_A_DAY + seconds as i64)
}

/// A date of the years 1601 to 9999, and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: u32,
    pub(super) month: u32,
    pub(super) day: u32,
    /// From Sunday, 0, to Saturday, 6.
    pub(super) weekday: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
}

const CYCLE: u32 = 146_097; // days of 400 years

/// The first moment of 1601 and the last of 9999.
pub(super) const RANGE: (UnixTime, UnixTime) = (
    UnixTime::from_secs(-11_644_473_600),
    UnixTime::from_secs(253_402_300_799),
);

/// The date of a moment in [`RANGE`].
#[expect(
    clippy::arithmetic_side_effects, // a moment in range is at most 2³² − 1 days from the start
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
pub(super) const fn civil(at: UnixTime) -> Civil {
    let seconds = (at.as_secs() + EPOCH as i64 * SECONDS_A_DAY) as u64;
    // A day is 675 times 2⁷ seconds, and a quotient of 32 bits is one product.
    let days = (seconds >> 7) as u32 / 675;
    let second = (seconds as u32).wrapping_sub(days.wrapping_mul(SECONDS_A_DAY as u32));

    // Cassio Neri and Lorenz Schneider, "Euclidean affine functions": a quotient and its remainder
    // out of one product.
    let quarters = 4 * days + 3;
    let century = quarters / CYCLE;
    let of_century = (quarters % CYCLE) | 3;
    let product = 2_939_745 * of_century as u64;
    let year = 100 * century + (product >> 32) as u32;
    let of_year = product as u32 / 2_939_745 / 4;
    let months = 2141 * of_year + 197_913;
    let (month, day) = (months >> 16, (months & 0xFFFF) / 2141 + 1);

    let (year, month) = if of_year < 306 {
        (year, month)
    } else {
        (year + 1, month - 12)
    };
    Civil {
        year,
        month,
        day,
        weekday: (days + 3) % 7, // 0000-03-01 was a Wednesday
        hour: second / 3600,
        minute: second / 60 % 60,
        second: second % 60,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_follows_its_yesterday() {
        let mut expected = days(1601, 1, 1).unwrap();
        let mut weekday = 1; // a Monday
        for year in 1601..=9999 {
            for month in 1..=12 {
                for day in 1..=31 {
                    let Some(found) = days(year, month, day) else {
                        assert!(day > 28);
                        continue;
                    };
                    assert_eq!(found, expected);
                    let date = civil(time(found, 23, 59, 58));
                    assert_eq!((date.year, date.month, date.day), (year, month, day));
                    assert_eq!((date.hour, date.minute, date.second), (23, 59, 58));
                    assert_eq!(date.weekday, weekday);
                    assert_eq!(civil(time(found, 0, 0, 0)).day, day);
                    expected += 1;
                    weekday = (weekday + 1) % 7;
                }
            }
        }
        assert_eq!(time(days(1601, 1, 1).unwrap(), 0, 0, 0), RANGE.0);
        assert_eq!(time(expected - 1, 23, 59, 59), RANGE.1);
        assert_eq!(time(days(1970, 1, 1).unwrap(), 0, 0, 0), UnixTime::EPOCH);
    }

    #[test]
    fn months_have_their_days() {
        let year = |year| (1..=12).map(move |month| days_in(year, month));
        let usual = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        assert!(year(2023).eq(usual));
        assert!(year(2100).eq(usual));
        assert_eq!(year(2024).nth(1), Some(29));
        assert_eq!(year(2000).nth(1), Some(29));
        assert_eq!(days(2024, 0, 1), None);
        assert_eq!(days(2024, 13, 1), None);
        assert_eq!(days(2024, 1, 0), None);
    }
}
