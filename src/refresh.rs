//! Refresh families: one login, one chain of refresh tokens, of which one is current (RFC 9700
//! §4.14.2).
//!
//! A client that exchanges its refresh token gets another in its place. A token that comes a
//! second time has been stolen, or was stolen from: nobody can tell who of the two is the thief,
//! so the family ends, and with it every access token that names it.
//!
//! - [`Seal`] makes the tokens and recognises its own before anything is looked up.
//! - [`Families`] keeps up to `N` families in memory, in a `static` if you like.
//! - [`Family`] is one of them for a database: pure functions that answer what to write. Both are
//!   the same logic; [`Families`] is families in a table.
//! - [`Rules`] says how long a family lives, how late a repeated refresh may be, and how many a
//!   user may have.
//! - [`Store`] is what a database has to do, and [`conformance`] tests whether it does.
//!
//! What is stored is of constant size per family, and of no use to a thief: a token cannot be made
//! without the key.
//!
//! ```
//! use core::time::Duration;
//! use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
//! use hardtack::mac::{Hs256, Key, Keyring};
//! use hardtack::refresh::{Error, Families, Grant, Rules, Seal};
//! use hardtack::scope::Scope;
//! use hardtack::time::UnixTime;
//! # let secret = [7; 32];
//! # fn fill(bytes: &mut [u8]) -> Result<(), Error> { bytes.fill(7); Ok(()) }
//!
//! let seal = Seal::new(&Keyring::<Hs256>::new("2026", Key::new(&secret)?));
//! let mut families = Families::<u32, 16>::new(Rules::AAL1);
//! let now = UnixTime::from_secs(1_700_000_000);
//!
//! // A login. `fill` stands for the machine's random source.
//! let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
//! let granted = Scope::parse("orders:read orders:write")?;
//! let ticket = families.open(Grant::new(&ada, "web", granted)?, fill, now)?;
//! let first = seal.sign(ticket);
//!
//! // A refresh, for all that was granted.
//! let ticket = seal.verify(first.expose())?;
//! let second = seal.sign(families.rotate(ticket, "web", Scope::NONE, now)?);
//! assert_ne!(first.expose(), second.expose());
//!
//! // The first token again: the family is dead, and the second token with it.
//! assert_eq!(families.rotate(ticket, "web", Scope::NONE, now), Err(Error::Reused));
//! let ticket = seal.verify(second.expose())?;
//! assert_eq!(families.rotate(ticket, "web", Scope::NONE, now), Err(Error::Gone));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

mod families;
mod family;
mod grant;
mod id;
mod rules;
mod store;
mod token;

pub use crate::memory::{Fault, PerUser};
pub use families::Families;
pub use family::{Decision, Family, State};
pub use grant::Grant;
pub use id::FamilyId;
pub use rules::Rules;
pub use store::{Store, conformance};
pub use token::{Seal, Ticket, Token};

/// Why a family was not opened, or a refresh token not exchanged.
///
/// All but [`Reused`](Self::Reused) and [`Expired`](Self::Expired), which end the family, have
/// changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// It is no refresh token that this server has issued: forged, mangled, foreign, or of a
    /// counter that was never reached.
    Invalid,
    /// There is no such family: revoked, ended, or forgotten after its end.
    Gone,
    /// The token was exchanged before, and its grace has passed: it is in two hands. The family
    /// has ended.
    Reused,
    /// The idle or the absolute end of the family has passed. It has ended.
    Expired,
    /// The token was issued to another client.
    Client,
    /// More scope is asked for than was granted.
    Scope,
    /// The user has as many families as the rules allow.
    UserLimit,
    /// There is no room for another family.
    Full,
    /// Client and scope are together longer than the room for them.
    TooLong,
    /// The random source failed, or gave what cannot be random.
    NoEntropy,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "the refresh token is not valid",
            Self::Gone => "the login has ended",
            Self::Reused => "the refresh token was used before, and the login has ended",
            Self::Expired => "the login has expired",
            Self::Client => "the refresh token was issued to another client",
            Self::Scope => "the scope is wider than what was granted",
            Self::UserLimit => "the user has too many logins",
            Self::Full => "there is no room for another login",
            Self::TooLong => "client and scope are too long to be stored",
            Self::NoEntropy => "the random source failed",
        })
    }
}

impl core::error::Error for Error {}
