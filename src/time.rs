//! Time as the caller tells it: seconds since the Unix epoch. There is no clock in this crate.

use core::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment: seconds since 1970-01-01T00:00:00Z, leap seconds not counted, negative before it.
///
/// This is the `NumericDate` of RFC 7519 §2 without a fraction, and the time to which a cookie's
/// `Expires` comes down. All arithmetic saturates, so a hostile number cannot wrap around into a
/// long life. A device without wall time may count seconds from its start instead, as long as it
/// compares only moments of one boot.
///
/// ```
/// use core::time::Duration;
/// use hardtack::time::UnixTime;
///
/// let noon = UnixTime::from_secs(1_700_000_000);
/// let later = noon.saturating_add(Duration::from_secs(90));
/// assert_eq!(later.as_secs(), 1_700_000_090);
/// assert_eq!(later.saturating_since(noon), Duration::from_secs(90));
/// assert_eq!(noon.saturating_since(later), Duration::ZERO);
///
/// // Where there is `std`, now is:
/// use std::time::{SystemTime, UNIX_EPOCH};
/// let now = UnixTime::EPOCH.saturating_add(SystemTime::now().duration_since(UNIX_EPOCH)?);
/// # assert!(now > noon);
/// # Ok::<(), std::time::SystemTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(i64);

impl UnixTime {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The earliest moment there is.
    pub const MIN: Self = Self(i64::MIN);
    /// The last moment there is: what never passes.
    pub const MAX: Self = Self(i64::MAX);

    /// The moment `secs` seconds after the epoch.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// The moment `span` later, at most [`MAX`](Self::MAX). A part of a second is dropped.
    #[must_use]
    #[cfg_attr(small, inline(never))]
    pub const fn saturating_add(self, span: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(span.as_secs()))
    }

    /// The moment `span` earlier, at least [`MIN`](Self::MIN). A part of a second is dropped.
    #[must_use]
    #[cfg_attr(small, inline(never))]
    pub const fn saturating_sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(span.as_secs()))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        if self.0 <= earlier.0 {
            Duration::ZERO
        } else {
            Duration::from_secs(self.0.abs_diff(earlier.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates_at_both_ends() {
        let second = Duration::from_secs(1);
        assert_eq!(UnixTime::MAX.saturating_add(second), UnixTime::MAX);
        assert_eq!(UnixTime::MIN.saturating_sub(second), UnixTime::MIN);
        assert_eq!(UnixTime::EPOCH.saturating_add(Duration::MAX), UnixTime::MAX);
        assert_eq!(UnixTime::EPOCH.saturating_sub(Duration::MAX), UnixTime::MIN);
        assert_eq!(
            UnixTime::MAX.saturating_since(UnixTime::MIN),
            Duration::from_secs(u64::MAX)
        );
    }

    #[test]
    fn a_part_of_a_second_is_dropped() {
        let almost_two = Duration::from_millis(1999);
        assert_eq!(UnixTime::EPOCH.saturating_add(almost_two).as_secs(), 1);
        assert_eq!(UnixTime::EPOCH.saturating_sub(almost_two).as_secs(), -1);
    }

    #[test]
    fn a_clock_that_steps_back_has_waited_for_nothing() {
        let now = UnixTime::from_secs(10);
        assert_eq!(UnixTime::EPOCH.saturating_since(now), Duration::ZERO);
        assert_eq!(now.saturating_since(now), Duration::ZERO);
    }
}
