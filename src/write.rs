//! Writing into the caller's buffer, all or nothing.
//!
//! What can be written has, as a rule, a `len`, which is exact, a `write`, which gives the text or
//! [`NoRoom`], and, unless it is a secret, a `Display` with the same text. All three come from one
//! description.

use core::fmt;

/// The caller's buffer is too small. Nothing was written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoRoom {
    /// The number of bytes that would have been enough.
    pub needed: usize,
}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the buffer is too small: {} bytes are needed",
            self.needed
        )
    }
}

impl core::error::Error for NoRoom {}

/// Where bytes go.
pub(crate) trait Sink {
    /// Takes `bytes`, or reports by [`Stop`] that it takes no more.
    fn put(&mut self, bytes: &[u8]) -> Result<(), Stop>;

    /// Takes `number` in decimal digits.
    #[inline]
    fn put_number(&mut self, number: u64) -> Result<(), Stop> {
        self.put(Decimal::from(number).as_bytes())
    }
}

/// A [`Sink`] takes no more.
#[derive(Debug)]
pub(crate) struct Stop;

/// What can be written.
pub(crate) trait Emit {
    /// Puts the whole text into `sink`, the same bytes every time.
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop>;

    /// The exact number of bytes that [`emit`](Self::emit) puts.
    fn emitted_len(&self) -> usize {
        let mut counter = Counter::default();
        // A counter takes everything.
        let _ = self.emit(&mut counter);
        counter.beyond
    }

    /// Writes to the front of `buffer` and gives back what was written.
    fn emit_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b mut [u8], NoRoom> {
        let needed = self.emitted_len();
        let Some(room) = buffer.get_mut(..needed) else {
            return Err(NoRoom { needed });
        };
        match self.emit(&mut Writer::new(room)) {
            Ok(()) => Ok(buffer.get_mut(..needed).unwrap_or_default()),
            Err(Stop) => Err(NoRoom { needed }),
        }
    }

    /// [`emit_into`](Self::emit_into) for what is known to be ASCII.
    fn emit_str<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        let written = self.emit_into(buffer)?;
        // Only reached by a fault in `emit`; an empty text is then better than a panic.
        Ok(core::str::from_utf8(written).unwrap_or_default())
    }

    /// Writes to a formatter; for `Display` of what is known to be UTF-8.
    fn emit_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit(&mut Text(f)).map_err(|Stop| fmt::Error)
    }
}

/// Counts and keeps nothing. Where code is to be small, that is a writer without a buffer, so that a text
/// is counted and written by the same code.
#[cfg(small)]
pub(crate) type Counter = Writer<'static>;

#[cfg(not(small))]
#[derive(Default)]
pub(crate) struct Counter {
    pub(crate) beyond: usize,
}

#[cfg(not(small))]
impl Sink for Counter {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.beyond = self.beyond.saturating_add(bytes.len());
        Ok(())
    }

    /// Nothing but the number of its digits is needed, and a machine word of 32 bits is enough for most.
    #[inline]
    fn put_number(&mut self, number: u64) -> Result<(), Stop> {
        let digits = match u32::try_from(number) {
            Ok(number) => number.checked_ilog10(),
            Err(_) => number.checked_ilog10(),
        };
        let digits = digits.unwrap_or_default() as usize;
        self.beyond = self.beyond.saturating_add(digits).saturating_add(1);
        Ok(())
    }
}

/// Fills a buffer from its front, and counts what it has no room for.
#[derive(Default)]
pub(crate) struct Writer<'b> {
    /// What is not filled yet.
    rest: &'b mut [u8],
    /// The number of bytes for which there was no room.
    pub(crate) beyond: usize,
}

impl<'b> Writer<'b> {
    pub(crate) const fn new(buffer: &'b mut [u8]) -> Self {
        Self {
            rest: buffer,
            beyond: 0,
        }
    }

    /// The buffer is full, and nothing is beyond it.
    pub(crate) const fn is_full(&self) -> bool {
        self.rest.is_empty() && self.beyond == 0
    }
}

impl Sink for Writer<'_> {
    #[cfg_attr(not(small), inline)]
    #[cfg_attr(small, inline(never))]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match core::mem::take(&mut self.rest).split_at_mut_checked(bytes.len()) {
            Some((room, rest)) => {
                room.copy_from_slice(bytes);
                self.rest = rest;
            }
            None => self.beyond = self.beyond.saturating_add(bytes.len()),
        }
        Ok(())
    }
}

/// Writes to a formatter.
struct Text<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Sink for Text<'_, '_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let text = core::str::from_utf8(bytes).map_err(|_| Stop)?;
        self.0.write_str(text).map_err(|fmt::Error| Stop)
    }
}

/// An integer in decimal digits, in room for `N` of them and a sign.
///
/// Written out, since what `core` has for this may panic as far as a linker can tell; and since a
/// division of a machine word by a constant is a product, where one of more may be a loop.
#[derive(Clone, Copy)]
pub(crate) struct Decimal<const N: usize = 20> {
    /// Filled from its end.
    room: [u8; N],
    start: usize,
}

impl<const N: usize> Decimal<N> {
    /// No digits, where there is no number.
    pub(crate) const NOTHING: Self = Self {
        room: [0; N],
        start: N,
    };

    #[must_use]
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.room.get(self.start..).unwrap_or_default()
    }

    /// Puts the digits of `number` before those that are there.
    fn begin(&mut self, mut number: u32) {
        while number >= 10_000 {
            self.four(number % 10_000);
            number /= 10_000;
        }
        self.four(number);
        let zeros = [1000, 100, 10].map(|least| usize::from(number < least));
        self.start = zeros.into_iter().fold(self.start, usize::saturating_add);
    }

    /// Puts four digits before those that are there.
    #[cfg_attr(not(small), inline)]
    #[cfg_attr(small, inline(never))]
    fn four(&mut self, number: u32) {
        self.start = self.start.saturating_sub(4);
        let room = self.room.get_mut(self.start..).unwrap_or_default();
        let digits = digits(number / 100, number % 100).to_le_bytes();
        room.first_chunk_mut()
            .into_iter()
            .for_each(|four| *four = digits);
    }
}

/// The two decimal digits of each of two numbers below 100, in the order of the text from the lowest
/// byte on. Both numbers are lanes of one word, in which neither product reaches the other lane.
#[inline]
pub(crate) const fn digits(first: u32, second: u32) -> u32 {
    let numbers = first | second << 16;
    let tens = numbers.wrapping_mul(103) >> 10 & 0x000F_000F;
    // tens + 256 * ones, where ones = number - 10 * tens
    let digits = (numbers << 8).wrapping_sub(tens.wrapping_mul(10 * 256 - 1));
    digits | 0x3030_3030
}

/// Divides a number of more than a machine word, whose bytes are given from the highest on, by 10,000, and
/// gives what is left.
fn divide(number: &mut [u8]) -> u32 {
    let mut rest = 0;
    let (pairs, _) = number.as_chunks_mut();
    for pair in pairs {
        let part = rest << 16 | u32::from(u16::from_be_bytes(*pair));
        let [_, _, high, low] = (part / 10_000).to_be_bytes();
        *pair = [high, low];
        rest = part % 10_000;
    }
    rest
}

macro_rules! decimal {
    ($natural:ty, $integer:ty, $digits:literal) => {
        impl From<$natural> for Decimal<$digits> {
            #[cfg_attr(not(small), inline)]
            fn from(mut number: $natural) -> Self {
                let mut digits = Self::NOTHING;
                loop {
                    if let Ok(number) = u32::try_from(number) {
                        digits.begin(number);
                        return digits;
                    }
                    let four;
                    (number, four) = if size_of::<$natural>() <= size_of::<usize>() {
                        (number / 10_000, number % 10_000)
                    } else {
                        let mut bytes = number.to_be_bytes();
                        let rest = divide(&mut bytes);
                        (<$natural>::from_be_bytes(bytes), rest.into())
                    };
                    digits.four(u32::try_from(four).unwrap_or_default());
                }
            }
        }

        impl From<$integer> for Decimal<$digits> {
            #[cfg_attr(not(small), inline)]
            fn from(number: $integer) -> Self {
                let mut digits = Self::from(number.unsigned_abs());
                if number < 0 {
                    digits.start = digits.start.saturating_sub(1);
                    if let Some(sign) = digits.room.get_mut(digits.start) {
                        *sign = b'-';
                    }
                }
                digits
            }
        }
    };
}

decimal!(u64, i64, 20);
decimal!(u128, i128, 40);

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    struct Pair(&'static str, &'static str);

    impl Emit for Pair {
        fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
            sink.put(self.0.as_bytes())?;
            sink.put(b"=")?;
            sink.put(self.1.as_bytes())
        }
    }

    impl fmt::Display for Pair {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.emit_fmt(f)
        }
    }

    #[test]
    fn length_buffer_and_display_agree() {
        let pair = Pair("name", "value");
        let mut buffer = [0; 16];
        assert_eq!(pair.emitted_len(), 10);
        assert_eq!(pair.emit_str(&mut buffer), Ok("name=value"));
        assert_eq!(pair.to_string(), "name=value");
    }

    #[test]
    fn a_buffer_of_the_exact_length_is_enough() {
        assert_eq!(Pair("a", "b").emit_str(&mut [0; 3]), Ok("a=b"));
    }

    #[test]
    fn a_short_buffer_is_left_as_it_was() {
        let mut buffer = [7; 9];
        assert_eq!(
            Pair("name", "value").emit_str(&mut buffer),
            Err(NoRoom { needed: 10 })
        );
        assert_eq!(buffer, [7; 9]);
    }

    #[test]
    fn what_has_no_room_is_counted_and_nothing_follows_it() {
        let mut buffer = [7; 3];
        let mut writer = Writer::new(&mut buffer);
        let put = |writer: &mut Writer<'_>, text: &[u8]| writer.put(text).unwrap();
        put(&mut writer, b"ab");
        assert!(!writer.is_full());
        put(&mut writer, b"cde");
        put(&mut writer, b"f");
        assert_eq!(writer.beyond, 4);
        assert!(!writer.is_full());
        assert_eq!(buffer, [b'a', b'b', 7]);

        let mut writer = Writer::new(&mut buffer);
        put(&mut writer, b"abc");
        assert!(writer.is_full());
        put(&mut writer, b"d");
        assert!(!writer.is_full());
    }

    #[test]
    fn a_number_is_counted_as_it_is_written() {
        let powers = (0..20).map(|exponent| 10_u64.pow(exponent));
        for number in powers
            .flat_map(|power| [power - 1, power, power + 9])
            .chain([u64::MAX])
        {
            let (mut counter, mut writer) = (Counter::default(), Writer::default());
            counter.put_number(number).unwrap();
            writer.put_number(number).unwrap();
            assert_eq!(counter.beyond, writer.beyond, "{number}");
        }
    }

    #[test]
    fn digits_of_two_numbers_are_those_of_core() {
        for first in 0..100 {
            for second in 0..100 {
                let text = std::format!("{first:02}{second:02}");
                assert_eq!(digits(first, second).to_le_bytes(), text.as_bytes());
            }
        }
    }

    #[test]
    fn digits_are_those_of_core() {
        let powers = (0..39).map(|exponent| 10_u128.pow(exponent));
        for number in powers.flat_map(|power| [power - 1, power, power + 9]) {
            let text = number.to_string();
            assert_eq!(Decimal::from(number).as_bytes(), text.as_bytes());
            if let Ok(small) = u64::try_from(number) {
                assert_eq!(Decimal::from(small).as_bytes(), text.as_bytes());
            }
        }
        for number in [0, 1, -1, 10, -10, 1_700_000_000, i64::MAX, i64::MIN] {
            let text = number.to_string();
            assert_eq!(Decimal::from(number).as_bytes(), text.as_bytes());
            assert_eq!(
                Decimal::from(i128::from(number)).as_bytes(),
                text.as_bytes()
            );
        }
        let (first, last) = (i128::MIN, u128::MAX);
        assert_eq!(
            Decimal::from(first).as_bytes(),
            first.to_string().as_bytes()
        );
        assert_eq!(Decimal::from(last).as_bytes(), last.to_string().as_bytes());
        assert_eq!(Decimal::from(u64::MAX).as_bytes(), b"18446744073709551615");
        assert_eq!(<Decimal>::NOTHING.as_bytes(), b"");
    }
}
