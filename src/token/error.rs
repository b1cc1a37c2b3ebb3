use core::fmt;

use super::Claim;
use crate::json;
use crate::write::NoRoom;

/// Why a token is refused, or cannot be minted.
///
/// # Security
///
/// The cause is for the log of whoever runs the service. Towards the outside there is one answer,
/// "invalid token": a client needs no more, and a forger would profit from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Not three parts of strict base64url between two dots, the last as long as a tag or empty.
    Malformed,
    /// Longer than the verifier allows.
    TooLong,
    /// The header is not one strict JSON object, holds a parameter of the wrong type, or asks for
    /// an extension (`crit`, `b64`).
    Header,
    /// The `alg` of the header is not that of the key.
    Algorithm,
    /// The `typ` of the header is not the expected one.
    Type,
    /// No key has the `kid` of the header.
    UnknownKey,
    /// The tag does not belong to the token under this key.
    Signature,
    /// The payload is not one strict JSON object, a claim in it has the wrong type, or claims of
    /// the caller's own do not fit their type. In minting: they do not form such an object, or
    /// one of them has the name of a registered claim.
    Payload,
    /// This claim is missing, empty, or not what is expected.
    Claim(Claim),
    /// Its time is over: by `exp`, or by the greatest age that the verifier allows.
    Expired,
    /// Its time has not come: `nbf`, `iat` or `auth_time` lies in the future.
    NotYetValid,
    /// The caller's buffer is too small.
    NoRoom(NoRoom),
}

impl Error {
    /// What is wrong with a token whose JSON is not read: `fault`, but where the scratch buffer is
    /// too small, for which `enough` is not.
    pub(super) const fn of_json(error: json::Error, fault: Self, enough: usize) -> Self {
        match error {
            json::Error::ScratchTooSmall => Self::NoRoom(NoRoom { needed: enough }),
            _ => fault,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the token is not three parts of base64url",
            Self::TooLong => "the token is too long",
            Self::Header => "the header of the token is not acceptable",
            Self::Algorithm => "the algorithm of the token is not that of the key",
            Self::Type => "the token is not of the expected type",
            Self::UnknownKey => "no key has the name that the token gives",
            Self::Signature => "the signature of the token is not valid",
            Self::Payload => "the payload is not an object of well-typed claims",
            Self::Claim(claim) => {
                return write!(f, "the claim `{}` is not as expected", claim.name());
            }
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not valid yet",
            Self::NoRoom(no_room) => return no_room.fmt(f),
        })
    }
}

impl core::error::Error for Error {}

impl From<NoRoom> for Error {
    fn from(no_room: NoRoom) -> Self {
        Self::NoRoom(no_room)
    }
}
