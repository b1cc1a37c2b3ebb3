//! A cookie-date is read as the draft's algorithm reads it, written down here as plainly as it
//! stands there; and what `ImfFixdate` writes is read back as the same moment.

#![no_main]

use hardtack::date::{self, ImfFixdate};
use hardtack::time::UnixTime;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

/// `least*mostDIGIT [ non-digit *OCTET ]`: the value of the digits, and what follows them.
fn digits(text: &[u8], least: usize, most: usize) -> Option<(i64, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count < least || count > most {
        return None;
    }
    let (digits, rest) = text.split_at(count);
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some((value, rest))
}

fn time(token: &[u8]) -> Option<(i64, i64, i64)> {
    let (hour, rest) = digits(token, 1, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 1, 2)?;
    let (second, _) = digits(rest.strip_prefix(b":")?, 1, 2)?;
    Some((hour, minute, second))
}

const MONTHS: [&[u8; 3]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

fn month(token: &[u8]) -> Option<i64> {
    let start = token.get(..3)?;
    let at = MONTHS
        .iter()
        .position(|name| start.eq_ignore_ascii_case(*name))?;
    Some(at as i64 + 1)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// From the first day of the year 1.
fn days_before(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

/// RFC 6265bis §5.1.1.
fn model(text: &[u8]) -> Option<i64> {
    let (mut found_time, mut day, mut found_month, mut year) = (None, None, None, None);
    let is_delimiter =
        |byte: &u8| matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if found_time.is_none()
            && let Some(time) = time(token)
        {
            found_time = Some(time);
        } else if day.is_none()
            && let Some((value, _)) = digits(token, 1, 2)
        {
            day = Some(value);
        } else if found_month.is_none()
            && let Some(month) = month(token)
        {
            found_month = Some(month);
        } else if year.is_none()
            && let Some((value, _)) = digits(token, 2, 4)
        {
            year = Some(value);
        }
    }
    let ((hour, minute, second), day, month, mut year) = (found_time?, day?, found_month?, year?);
    if (70..=99).contains(&year) {
        year += 1900;
    } else if (0..=69).contains(&year) {
        year += 2000;
    }
    if !(1..=31).contains(&day) || year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if day > days_of_month(year, month) {
        return None;
    }
    let days = days_before(year) - days_before(1970);
    let days = days
        + (1..month)
            .map(|month| days_of_month(year, month))
            .sum::<i64>()
        + day
        - 1;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    moment: i64,
    text: &'a [u8],
}

fn check(text: &[u8]) {
    let read = date::parse(text).ok().map(UnixTime::as_secs);
    assert_eq!(read, model(text));
}

fuzz_target!(|input: Input| {
    check(input.text);

    let (first, last) = (-11_644_473_600_i64, 253_402_300_799_i64);
    let moment = first + input.moment.rem_euclid(last - first + 1);
    let date = ImfFixdate::new(UnixTime::from_secs(moment)).unwrap();
    let written = date.to_string();
    assert_eq!(date::parse(written.as_bytes()), Ok(date.time()));
    assert_eq!(model(written.as_bytes()), Some(moment));
    assert_eq!(
        ImfFixdate::new(UnixTime::from_secs(input.moment)).is_ok(),
        (first..=last).contains(&input.moment)
    );

    // The usual form with a few bytes of the input in it, where the fast path ends.
    let mut text = written.into_bytes();
    for place in input.text.chunks_exact(2).take(4) {
        let at = usize::from(place[0]) % text.len();
        text[at] = place[1];
    }
    check(&text);
});
