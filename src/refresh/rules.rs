use core::time::Duration;

use crate::memory::PerUser;

/// How long families live, how late a repeated refresh may be, and how many a user may have.
///
/// The presets are those of NIST SP 800-63B-4 for its three assurance levels; each is a `const`
/// that the `with_` functions change. In all of them there is no grace, and the seventeenth login
/// of a user ends the oldest.
///
/// | preset | a login lasts | unused | source |
/// | --- | --- | --- | --- |
/// | [`AAL1`](Self::AAL1) | 30 days | 30 days | §2.1.3 |
/// | [`AAL2`](Self::AAL2) | 24 hours | 1 hour | §2.2.3 |
/// | [`AAL3`](Self::AAL3) | 12 hours | 15 minutes | §2.3.3 |
///
/// ```
/// use core::time::Duration;
/// use hardtack::refresh::{PerUser, Rules};
///
/// const DAY: Duration = Duration::from_secs(86_400);
/// const PHONES: Rules = Rules::new(DAY.saturating_mul(14), DAY.saturating_mul(90))
///     .with_grace(Duration::from_secs(30))
///     .with_per_user(PerUser::Refuse(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub(super) idle: Duration,
    pub(super) absolute: Duration,
    pub(super) grace: Duration,
    pub(super) per_user: PerUser,
}

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

impl Rules {
    /// One factor: a login every 30 days.
    pub const AAL1: Self = Self::new(Duration::from_secs(30 * DAY), Duration::from_secs(30 * DAY));

    /// Two factors: a login every 24 hours, and after 1 hour without a refresh.
    pub const AAL2: Self = Self::new(Duration::from_secs(HOUR), Duration::from_secs(DAY));

    /// Two factors, one of them hardware: a login every 12 hours, and after 15 minutes without a
    /// refresh.
    pub const AAL3: Self = Self::new(
        Duration::from_secs(HOUR / 4),
        Duration::from_secs(12 * HOUR),
    );

    /// A family ends `idle` after its last rotation and `absolute` after its login, whichever is
    /// first. A part of a second is dropped; what is [`Duration::MAX`] long never passes.
    #[must_use]
    pub const fn new(idle: Duration, absolute: Duration) -> Self {
        Self {
            idle,
            absolute,
            grace: Duration::ZERO,
            per_user: PerUser::EndOldest(16),
        }
    }

    /// With a grace: for so long after a token was first exchanged, the same token gets the same
    /// successor again, as long as that is not used itself.
    ///
    /// # Security
    ///
    /// An answer that was lost on its way, or two tabs that refresh at once, look like a stolen
    /// token, and without a grace they end the login. Some seconds do for tabs, half a minute for a
    /// lost answer and its retry. Within the grace a thief who is quick goes unnoticed until the
    /// two of them refresh again.
    #[must_use]
    pub const fn with_grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// With another limit per user.
    #[must_use]
    pub const fn with_per_user(self, per_user: PerUser) -> Self {
        Self { per_user, ..self }
    }
}
