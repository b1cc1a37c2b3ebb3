use core::time::Duration;

use crate::memory::PerUser;
use crate::session::{Error, Handle, Session, Stamp};
use crate::time::UnixTime;

/// How long sessions live and how many a user may have.
///
/// The presets are those of NIST SP 800-63B-4 for its three assurance levels; each is a `const`
/// that the `with_` functions change. A change of rules acts on the sessions that exist: a record
/// holds when things happened, not when it will end.
///
/// | preset | a login lasts | unused | source |
/// | --- | --- | --- | --- |
/// | [`AAL1`](Self::AAL1) | 30 days | 30 days | §2.1.3 |
/// | [`AAL2`](Self::AAL2) | 24 hours | 1 hour | §2.2.3 |
/// | [`AAL3`](Self::AAL3) | 12 hours | 15 minutes | §2.3.3 |
///
/// In all of them an anonymous session lasts 24 hours and 1 hour unused (or less, where a login
/// does), a use is recorded once a minute, a secret serves for a day and its predecessor for 10
/// seconds more, and the seventeenth login of a user ends the oldest.
///
/// ```
/// use core::time::Duration;
/// use hardtack::session::{Lifetime, PerUser, Rules};
///
/// const HOUR: Duration = Duration::from_secs(3600);
/// const RULES: Rules = Rules::AAL2
///     .with_anonymous(Lifetime { idle: HOUR, absolute: HOUR })
///     .with_per_user(PerUser::Refuse(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    user: Lifetime,
    anonymous: Lifetime,
    touch_after: Duration,
    rotate_after: Duration,
    overlap: Duration,
    per_user: PerUser,
}

/// The two timeouts of a session. Whichever passes first ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The longest time without a use (OWASP ASVS 5.0, 7.3.1).
    pub idle: Duration,
    /// The longest time since the session was opened or its user authenticated, however much it is
    /// used (OWASP ASVS 5.0, 7.3.2).
    pub absolute: Duration,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Rules {
    /// One factor: re-authentication after 30 days. NIST SP 800-63B-4 asks for no idle timeout.
    pub const AAL1: Self = Self {
        user: Lifetime {
            idle: MONTH,
            absolute: MONTH,
        },
        anonymous: Lifetime {
            idle: HOUR,
            absolute: DAY,
        },
        touch_after: MINUTE,
        rotate_after: DAY,
        overlap: Duration::from_secs(10),
        per_user: PerUser::EndOldest(16),
    };

    /// Two factors: re-authentication after 24 hours, or 1 hour without a use.
    pub const AAL2: Self = Self::AAL1.with_user(Lifetime {
        idle: HOUR,
        absolute: DAY,
    });

    /// Two factors, one of them hardware: re-authentication after 12 hours, or 15 minutes without
    /// a use.
    pub const AAL3: Self = {
        const LIFETIME: Lifetime = Lifetime {
            idle: Duration::from_secs(15 * 60),
            absolute: Duration::from_secs(12 * 60 * 60),
        };
        Self::AAL1.with_user(LIFETIME).with_anonymous(LIFETIME)
    };

    /// With other timeouts for sessions with a user.
    #[must_use]
    pub const fn with_user(self, user: Lifetime) -> Self {
        Self { user, ..self }
    }

    /// With other timeouts for anonymous sessions.
    #[must_use]
    pub const fn with_anonymous(self, anonymous: Lifetime) -> Self {
        Self { anonymous, ..self }
    }

    /// With uses recorded no more often than this, so that a session that is read a hundred times
    /// a second is written once a minute. A session may end as much too early; to keep that small,
    /// half of the idle timeout is taken where it is shorter.
    #[must_use]
    pub const fn with_touch_after(self, touch_after: Duration) -> Self {
        Self {
            touch_after,
            ..self
        }
    }

    /// With a new secret due `after` so long, and the old one accepted for `overlap` more, for
    /// requests that are under way. An overlap is a matter of seconds; a login has none.
    #[must_use]
    pub const fn with_rotation(self, after: Duration, overlap: Duration) -> Self {
        Self {
            rotate_after: after,
            overlap,
            ..self
        }
    }

    /// With another limit per user.
    #[must_use]
    pub const fn with_per_user(self, per_user: PerUser) -> Self {
        Self { per_user, ..self }
    }

    /// Which of a user's own sessions must end before the user logs in once more, if any; given
    /// the others, without the one that the login consumes. Ask again after ending it.
    ///
    /// [`Sessions`](crate::session::Sessions) and [`Stored`](crate::session::Stored) do so
    /// themselves; this is for a caller of [`Record`](crate::session::Record).
    ///
    /// # Errors
    ///
    /// [`Error::UserLimit`] if the rule is to refuse.
    pub fn make_room<'s, U: 's, D: 's>(
        &self,
        own: impl IntoIterator<Item = Session<'s, U, D>>,
    ) -> Result<Option<Stamp>, Error> {
        self.one_too_many(|| {
            let mut tally = Tally::default();
            own.into_iter().for_each(|session| tally.add(&session));
            Ok(tally)
        })
    }

    /// As [`make_room`](Self::make_room), of sessions that `count` counts, if there is a limit.
    pub(super) fn one_too_many(
        &self,
        count: impl FnOnce() -> Result<Tally, Error>,
    ) -> Result<Option<Stamp>, Error> {
        let limit = match self.per_user {
            PerUser::Unlimited => return Ok(None),
            PerUser::Refuse(limit) | PerUser::EndOldest(limit) => limit,
        };
        let own = count()?;
        match own.oldest() {
            _ if own.count < limit => Ok(None),
            Some(oldest) if self.ends_oldest() => Ok(Some(oldest)),
            _ => Err(Error::UserLimit),
        }
    }

    /// Whether a user's oldest session may end for the user's next.
    pub(super) const fn ends_oldest(&self) -> bool {
        matches!(self.per_user, PerUser::EndOldest(_))
    }

    const fn lifetime(&self, logged_in: bool) -> Lifetime {
        if logged_in { self.user } else { self.anonymous }
    }

    /// The moment at which a session ends that is not used again.
    pub(super) fn end(&self, logged_in: bool, begun: UnixTime, used: UnixTime) -> UnixTime {
        let lifetime = self.lifetime(logged_in);
        let absolute = begun.saturating_add(lifetime.absolute);
        absolute.min(used.saturating_add(lifetime.idle))
    }

    /// Whether a use at `now` is to be recorded.
    pub(super) fn touch_due(&self, logged_in: bool, used: UnixTime, now: UnixTime) -> bool {
        let half = Duration::from_secs(self.lifetime(logged_in).idle.as_secs() / 2);
        now > used && now.saturating_since(used) >= self.touch_after.min(half)
    }

    /// Whether a secret of `renewed` is to be replaced.
    pub(super) fn rotation_due(&self, renewed: UnixTime, now: UnixTime) -> bool {
        now.saturating_since(renewed) >= self.rotate_after
    }

    /// Until when the former secret is accepted after a rotation at `now`.
    pub(super) const fn overlap_end(&self, now: UnixTime) -> UnixTime {
        now.saturating_add(self.overlap)
    }
}

/// How many sessions a user has, and which is the oldest.
#[derive(Default)]
pub(super) struct Tally {
    count: usize,
    oldest: Option<((UnixTime, UnixTime, Handle), Stamp)>,
}

impl Tally {
    pub(super) fn add<U, D>(&mut self, session: &Session<'_, U, D>) {
        self.count = self.count.saturating_add(1);
        // The handle, so that of two from the same second it is not chance that chooses.
        let age = (session.begun_at(), session.used_at(), session.handle());
        if self.oldest.is_none_or(|(oldest, _)| age < oldest) {
            self.oldest = Some((age, session.stamp()));
        }
    }

    /// The session whose user authenticated the longest ago.
    pub(super) fn oldest(&self) -> Option<Stamp> {
        self.oldest.map(|(_, stamp)| stamp)
    }
}
