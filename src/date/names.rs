//! The three letters of months and of days of the week.
//!
//! To look a name up, its letters are packed into one number, which is hashed to a slot of a table
//! that the compiler has filled: one comparison, no search. The factor of the hash was found by
//! trial; the build fails if two names share a slot.

/// January to December.
const MONTHS: [u32; 12] = [
    pack(b"Jan"),
    pack(b"Feb"),
    pack(b"Mar"),
    pack(b"Apr"),
    pack(b"May"),
    pack(b"Jun"),
    pack(b"Jul"),
    pack(b"Aug"),
    pack(b"Sep"),
    pack(b"Oct"),
    pack(b"Nov"),
    pack(b"Dec"),
];

/// From Sunday on.
const WEEKDAYS: [u32; 7] = [
    pack(b"Sun"),
    pack(b"Mon"),
    pack(b"Tue"),
    pack(b"Wed"),
    pack(b"Thu"),
    pack(b"Fri"),
    pack(b"Sat"),
];

const SLOTS: usize = 32;
const FACTOR: u32 = 0xF300_9A5D;
const LOWER_CASE: u32 = 0x20_20_20;
const LETTERS: u32 = 0xFF_FF_FF;

/// In a slot: the letters of a name, lower case, and above them the number of the month, or zero.
#[expect(clippy::indexing_slicing)] // only run by the compiler
static NAMES: [u32; SLOTS] = {
    let mut names = [0; SLOTS];
    let mut at = 0;
    while at < WEEKDAYS.len() {
        let key = WEEKDAYS[at] | LOWER_CASE;
        assert!(names[slot(key)] == 0);
        names[slot(key)] = key;
        at += 1;
    }
    let mut at = 0;
    let mut month = 1;
    while at < MONTHS.len() {
        let key = MONTHS[at] | LOWER_CASE;
        assert!(names[slot(key)] == 0);
        names[slot(key)] = key | month << 24;
        at += 1;
        month += 1;
    }
    names
};

/// Three letters in a number, the first one lowest.
const fn pack([a, b, c]: &[u8; 3]) -> u32 {
    u32::from_le_bytes([*a, *b, *c, 0])
}

const fn slot(key: u32) -> usize {
    (key.wrapping_mul(FACTOR) >> 27) as usize
}

/// What three letters name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// 1 to 12.
    Month(u32),
    /// Which day of the week makes no difference to a reader.
    Weekday,
}

/// What `letters` name, in either case.
#[inline]
#[expect(clippy::indexing_slicing)] // the five upper bits of a number are below 32
pub(super) fn find(letters: &[u8; 3]) -> Option<Name> {
    let key = pack(letters) | LOWER_CASE;
    let name = NAMES[slot(key)];
    if name & LETTERS != key {
        return None;
    }
    match name >> 24 {
        0 => Some(Name::Weekday),
        month => Some(Name::Month(month)),
    }
}

/// The letters of a month, 1 to 12, packed.
#[inline]
pub(super) fn of_month(month: u32) -> u32 {
    let at = month.wrapping_sub(1) as usize;
    MONTHS.get(at).copied().unwrap_or_default()
}

/// The letters of a day of the week, Sunday being 0, packed.
#[inline]
pub(super) fn of_weekday(weekday: u32) -> u32 {
    WEEKDAYS.get(weekday as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(name: u32) -> [u8; 3] {
        let [letters @ .., 0] = name.to_le_bytes() else {
            panic!("three letters");
        };
        letters
    }

    #[test]
    fn the_table_is_the_two_lists() {
        for (at, name) in (1..).zip(MONTHS) {
            let name = letters(name);
            assert_eq!(find(&name), Some(Name::Month(at)));
            assert_eq!(
                find(&name.map(|letter| letter.to_ascii_uppercase())),
                Some(Name::Month(at))
            );
            assert_eq!(letters(of_month(at)), name);
        }
        for (at, name) in (0..).zip(WEEKDAYS) {
            assert_eq!(find(&letters(name)), Some(Name::Weekday));
            assert_eq!(of_weekday(at), name);
        }
    }

    #[test]
    fn nothing_else_is_a_name() {
        let known = |word: &[u8; 3]| {
            let mut names = MONTHS.iter().chain(&WEEKDAYS);
            names.any(|name| letters(*name).eq_ignore_ascii_case(word))
        };
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                for c in [0, b'b', b'B', b'n', b'N', b'u', b'c', b'C', b'N' ^ 0x80] {
                    assert_eq!(find(&[a, b, c]).is_some(), known(&[a, b, c]));
                }
            }
        }
    }
}
