use core::fmt;

use crate::write::NoRoom;
use crate::{denylist, refresh, token};

/// Why a pair was not issued, exchanged, believed or revoked.
///
/// The cause is for the log of whoever runs the service; [`code`](Self::code) and
/// [`status`](Self::status) are for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// About the login or its refresh token.
    Refresh(refresh::Error),
    /// About the access token that was presented.
    Token(token::Error),
    /// About the access token that was to be written: `client` is empty, or the claims of the
    /// caller's own are not as they should be.
    Claims(token::Error),
    /// The access token was genuine and has not expired, but it or its login was revoked.
    Revoked,
    /// The revocation was not recorded.
    Denylist(denylist::Error),
    /// The name of the user has no text, or one of more than 255 bytes.
    Subject,
    /// The caller's buffer is too small.
    NoRoom(NoRoom),
    /// The store failed. What it says about that, the store itself is to be asked.
    Unavailable,
}

impl Error {
    /// The `error` of an answer to a client: `invalid_grant` and `invalid_scope` of a token
    /// endpoint (RFC 6749 §5.2), `invalid_token` of a resource (RFC 6750 §3.1).
    ///
    /// Nothing where the fault is not the client's.
    ///
    /// ```
    /// use hardtack::issuer::Error;
    /// use hardtack::refresh;
    ///
    /// let stolen = Error::Refresh(refresh::Error::Reused);
    /// assert_eq!((stolen.status(), stolen.code()), (400, Some("invalid_grant")));
    /// assert_eq!((Error::Unavailable.status(), Error::Unavailable.code()), (503, None));
    /// ```
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        use refresh::Error as Refresh;
        match self {
            Self::Refresh(
                Refresh::Invalid
                | Refresh::Gone
                | Refresh::Reused
                | Refresh::Expired
                | Refresh::Client
                | Refresh::UserLimit,
            ) => Some("invalid_grant"),
            Self::Refresh(Refresh::Scope) => Some("invalid_scope"),
            Self::Token(token::Error::NoRoom(_)) => None,
            Self::Token(_) | Self::Revoked => Some("invalid_token"),
            Self::Refresh(Refresh::Full | Refresh::TooLong | Refresh::NoEntropy)
            | Self::Denylist(_)
            | Self::Claims(_)
            | Self::Subject
            | Self::NoRoom(_)
            | Self::Unavailable => None,
        }
    }

    /// The HTTP status of that answer: 400 for a grant or a scope, 401 for an access token, 503
    /// where the client may try again later, and 500 where only the program can help.
    #[must_use]
    pub const fn status(self) -> u16 {
        use refresh::Error as Refresh;
        match self {
            Self::Refresh(Refresh::Full | Refresh::NoEntropy)
            | Self::Denylist(_)
            | Self::Unavailable => 503,
            Self::Refresh(Refresh::TooLong)
            | Self::Token(token::Error::NoRoom(_))
            | Self::Claims(_)
            | Self::Subject
            | Self::NoRoom(_) => 500,
            Self::Refresh(_) => 400,
            Self::Token(_) | Self::Revoked => 401,
        }
    }
}

impl From<refresh::Error> for Error {
    fn from(error: refresh::Error) -> Self {
        Self::Refresh(error)
    }
}

impl From<token::Error> for Error {
    fn from(error: token::Error) -> Self {
        match error {
            token::Error::NoRoom(no_room) => Self::NoRoom(no_room),
            error => Self::Token(error),
        }
    }
}

impl From<NoRoom> for Error {
    fn from(no_room: NoRoom) -> Self {
        Self::NoRoom(no_room)
    }
}

impl From<denylist::Error> for Error {
    fn from(error: denylist::Error) -> Self {
        Self::Denylist(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refresh(error) => error.fmt(f),
            Self::Token(error) | Self::Claims(error) => error.fmt(f),
            Self::Revoked => f.write_str("the access token was revoked"),
            Self::Denylist(error) => error.fmt(f),
            Self::Subject => f.write_str("the name of the user has no text, or too long a one"),
            Self::NoRoom(no_room) => no_room.fmt(f),
            Self::Unavailable => f.write_str("the store of the logins is not available"),
        }
    }
}

impl core::error::Error for Error {}
