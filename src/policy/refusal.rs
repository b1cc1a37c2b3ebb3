//! What a refused client is told.

use core::fmt;
use core::time::Duration;

use crate::identity::{Anonymous, Assurance};
use crate::scope::Scope;

/// The answer to a request that is not granted: a status, and for most a
/// [challenge](Self::challenge).
///
/// Where several things stand in the way, two questions have two answers. To get *past all of
/// them* ([`and`](Self::and)) the client needs the one furthest down this list, to get past *any
/// one of them* ([`or`](Self::or)) the one furthest up; but what is hidden stays hidden.
///
/// | | status | what the client can do |
/// | --- | --- | --- |
/// | [`StepUp`](Self::StepUp) | 401 | log in again, fresher or stronger |
/// | [`MissingScope`](Self::MissingScope) | 403 | get a token of a wider scope |
/// | [`LoginNeeded`](Self::LoginNeeded) | 401 | log in |
/// | [`InvalidCredentials`](Self::InvalidCredentials) | 401 | drop what it sent, log in |
/// | [`Unavailable`](Self::Unavailable) | 503 | try again later |
/// | [`Forbidden`](Self::Forbidden) | 403 | nothing |
/// | [`Hidden`](Self::Hidden) | 404 | nothing, not even learn that there is something |
///
/// As an error its text is short, says nothing about the rule that refused, and may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The login is too old or too weak for this (`insufficient_user_authentication`, RFC 9470 §3).
    StepUp(StepUp),
    /// The token's scope is too narrow; it would have to hold this (`insufficient_scope`,
    /// RFC 6750 §3.1).
    MissingScope(Scope<'static>),
    /// Nobody is logged in, and somebody might be allowed.
    LoginNeeded,
    /// What the client sent proves nothing: expired, revoked, mangled, forged, a wrong password
    /// (`invalid_token`, RFC 6750 §3.1). Which of them is not for the client to know.
    InvalidCredentials,
    /// Something that the decision needs cannot be asked now.
    Unavailable,
    /// Known who it is, and no (RFC 9110 §15.5.4).
    Forbidden,
    /// No, as if there were nothing to ask about (RFC 9110 §15.5.5).
    Hidden,
}

impl Refusal {
    /// The status code of the response.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::StepUp(_) | Self::LoginNeeded | Self::InvalidCredentials => 401,
            Self::MissingScope(_) | Self::Forbidden => 403,
            Self::Hidden => 404,
            Self::Unavailable => 503,
        }
    }

    /// What stands in the way of a client for whom both must be overcome.
    ///
    /// Needs that one login can satisfy become one: the younger age, the higher level, and the
    /// scope too (RFC 9470 §3). Of two scopes neither of which holds the other, the first is told.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::StepUp(a), Self::StepUp(b)) => Self::StepUp(a.and(b)),
            (Self::StepUp(login), Self::MissingScope(scope))
            | (Self::MissingScope(scope), Self::StepUp(login)) => {
                Self::StepUp(login.and(StepUp::new().scope(scope)))
            }
            (Self::MissingScope(a), Self::MissingScope(b)) => Self::MissingScope(wider(a, b)),
            _ if self.rank() >= other.rank() => self,
            _ => other,
        }
    }

    /// What stands in the way of a client for whom overcoming either is enough.
    ///
    /// Of two logins the one of the lower level, of the greater age, without a scope; of two
    /// scopes the first.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Hidden, _) | (_, Self::Hidden) => Self::Hidden,
            (Self::StepUp(a), Self::StepUp(b)) => Self::StepUp(a.or(b)),
            _ if self.rank() <= other.rank() => self,
            _ => other,
        }
    }

    /// What somebody of whom nothing is known is told instead.
    pub(super) const fn to_nobody(self) -> Self {
        match self {
            Self::Hidden | Self::Unavailable => self,
            _ => Self::LoginNeeded,
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::StepUp(_) => 0,
            Self::MissingScope(_) => 1,
            Self::LoginNeeded => 2,
            Self::InvalidCredentials => 3,
            Self::Unavailable => 4,
            Self::Forbidden => 5,
            Self::Hidden => 6,
        }
    }
}

/// So that `client.authenticated()?` refuses nobody as it should.
impl From<Anonymous> for Refusal {
    fn from(Anonymous: Anonymous) -> Self {
        Self::LoginNeeded
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StepUp(_) => "a fresher or stronger login is needed",
            Self::MissingScope(_) => "the scope is insufficient",
            Self::LoginNeeded => "a login is needed",
            Self::InvalidCredentials => "the credentials are not valid",
            Self::Unavailable => "temporarily unavailable",
            Self::Forbidden => "forbidden",
            Self::Hidden => "not found",
        })
    }
}

impl core::error::Error for Refusal {}

/// What a login must be to be enough: how fresh, how strong, and with which scope its token comes.
///
/// ```
/// use core::time::Duration;
/// use hardtack::identity::Assurance;
/// use hardtack::policy::StepUp;
///
/// let login = StepUp::new().within(Duration::from_secs(300)).level(Assurance::Aal2);
/// assert_eq!(login.max_age(), Some(Duration::from_secs(300)));
/// assert_eq!(login.min_level(), Some(Assurance::Aal2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    max_age: Option<u32>,
    level: Option<Assurance>,
    scope: Option<Scope<'static>>,
}

impl StepUp {
    /// A new login, of whatever kind.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_age: None,
            level: None,
            scope: None,
        }
    }

    /// No older than this; whole seconds, at most 136 years.
    #[must_use]
    #[expect(clippy::cast_possible_truncation)] // compared just before
    pub const fn within(mut self, age: Duration) -> Self {
        let secs = age.as_secs();
        self.max_age = Some(if secs > u32::MAX as u64 {
            u32::MAX
        } else {
            secs as u32
        });
        self
    }

    /// At least this strong.
    #[must_use]
    pub const fn level(mut self, level: Assurance) -> Self {
        self.level = Some(level);
        self
    }

    /// With a token of this scope.
    #[must_use]
    pub const fn scope(mut self, scope: Scope<'static>) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The greatest age of the login, if there is one (`max_age`).
    #[must_use]
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age.map(|secs| Duration::from_secs(secs.into()))
    }

    pub(super) const fn max_age_secs(&self) -> Option<u32> {
        self.max_age
    }

    /// The least level of the login, if there is one (`acr_values`).
    #[must_use]
    pub const fn min_level(&self) -> Option<Assurance> {
        self.level
    }

    /// The scope that the token must have, if that is known (`scope`).
    #[must_use]
    pub const fn needed_scope(&self) -> Option<Scope<'static>> {
        self.scope
    }

    fn and(self, other: Self) -> Self {
        Self {
            max_age: both(self.max_age, other.max_age, u32::min),
            level: both(self.level, other.level, Assurance::max),
            scope: both(self.scope, other.scope, wider),
        }
    }

    fn or(self, other: Self) -> Self {
        let effort = |login: &Self| {
            let youth = login.max_age.map_or(0, |age| u32::MAX.saturating_sub(age));
            (
                login.level,
                login.max_age.is_some(),
                youth,
                login.scope.is_some(),
            )
        };
        if effort(&self) <= effort(&other) {
            self
        } else {
            other
        }
    }
}

fn both<T>(a: Option<T>, b: Option<T>, merge: impl FnOnce(T, T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(merge(a, b)),
        (one, None) | (None, one) => one,
    }
}

fn wider(a: Scope<'static>, b: Scope<'static>) -> Scope<'static> {
    if a.is_subset_of(b) { b } else { a }
}
