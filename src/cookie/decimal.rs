//! Integers as text.

/// The decimal digits of a number of 64 bits, or nothing.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    /// Filled from its end.
    room: [u8; 20],
    start: u8,
}

impl Decimal {
    pub(super) const NOTHING: Self = Self {
        room: [0; 20],
        start: 20,
    };

    #[must_use]
    pub(super) fn unsigned(mut number: u64) -> Self {
        let mut digits = Self::NOTHING;
        loop {
            digits.put_before(b'0' | (number % 10) as u8);
            number /= 10;
            if number == 0 {
                return digits;
            }
        }
    }

    #[must_use]
    pub(super) fn signed(number: i64) -> Self {
        let mut digits = Self::unsigned(number.unsigned_abs());
        if number < 0 {
            digits.put_before(b'-');
        }
        digits
    }

    #[inline]
    fn put_before(&mut self, byte: u8) {
        // No number of 64 bits has more than 20 characters.
        self.start = self.start.saturating_sub(1);
        if let Some(place) = self.room.get_mut(usize::from(self.start)) {
            *place = byte;
        }
    }

    #[must_use]
    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.room.get(usize::from(self.start)..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    #[test]
    fn digits_are_those_of_core() {
        for number in [
            0,
            1,
            9,
            10,
            99,
            100,
            3600,
            34_560_000,
            u64::MAX / 10,
            u64::MAX,
        ] {
            let text = number.to_string();
            assert_eq!(Decimal::unsigned(number).as_bytes(), text.as_bytes());
        }
        for number in [0, 1, -1, 10, -10, 1_700_000_000, i64::MAX, i64::MIN] {
            let text = number.to_string();
            assert_eq!(Decimal::signed(number).as_bytes(), text.as_bytes());
        }
        assert_eq!(Decimal::NOTHING.as_bytes(), b"");
    }
}
