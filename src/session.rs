//! The server's side of a session: what it remembers of a client between two requests.
//!
//! The client holds a [`Secret`], in a cookie. The server holds its hash, the [`Handle`], and under
//! it the session: whether and how a user has logged in, when, and data of the program's own type.
//!
//! - [`Sessions`] keeps up to `N` of them in memory, in a `static` if you like.
//! - [`Record`] is one of them for a database: pure functions that answer what to write. Both are
//!   the same logic; [`Sessions`] is records in a table.
//! - [`Rules`] says how long a session lives and how many a user may have.
//!
//! A session is opened for an anonymous client ([`open`](Sessions::open)) or by a
//! [`login`](Sessions::login). A login always makes a new secret and ends the session that the
//! client came with, so an attacker who planted a secret in somebody's browser has nothing
//! (session fixation). There is no other way to put a user into a session.
//!
//! ```
//! use core::time::Duration;
//! use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
//! use hardtack::session::{Error, Rules, Secret, Sessions};
//! use hardtack::time::UnixTime;
//! # let mut n = 0;
//! # let mut random = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), Error>(()) };
//!
//! const RULES: Rules = Rules::AAL1.with_touch_after(Duration::from_secs(60));
//! // In a server: `static SESSIONS: Mutex<Sessions<…>>`, whatever the mutex of the platform is.
//! let mut sessions = Sessions::<&str, Vec<&str>, 16>::new(RULES);
//! let now = UnixTime::from_secs(1_700_000_000);
//!
//! // A visitor puts something into the cart. `random` stands for the machine's random source.
//! let visitor = sessions.open(vec!["biscuit"], &mut random, now)?;
//! assert!(sessions.check(&visitor, now)?.identity().is_err());
//!
//! // The visitor turns out to be ada. Her cart moves with her; her old secret is worth nothing.
//! let ada = Authenticated::vouch("ada", Evidence::new(Assurance::Aal1, Factors::PWD), now);
//! let secret = sessions.login(Some(&visitor), ada, &mut random, now)?;
//! assert_eq!(sessions.check(&visitor, now).err(), Some(Error::Gone));
//!
//! // The next request: what the cookie held is checked, and that counts as a use.
//! let mut text = [0; Secret::LEN];
//! let cookie = secret.write(&mut text)?;
//! let presented = Secret::parse(cookie.as_bytes())?;
//! let session = sessions.touch(&presented, now)?;
//! assert_eq!(session.identity().map(|ada| *ada.principal()), Ok(&"ada"));
//! assert_eq!(session.data(), &["biscuit"]);
//!
//! sessions.end(&presented, now)?;
//! assert_eq!(sessions.touch(&presented, now).err(), Some(Error::Gone));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

mod change;
mod cookie;
mod csrf;
mod form;
mod logic;
mod record;
mod rules;
mod secret;
mod sessions;
mod store;
mod stored;
mod view;

pub use crate::memory::{Fault, PerUser};
pub use change::{Change, Stamp};
pub use cookie::Cookie;
pub use csrf::CsrfToken;
pub use form::CORE_LEN;
pub use record::Record;
pub use rules::{Lifetime, Rules};
pub use secret::{Handle, Secret};
pub use sessions::Sessions;
pub use store::{RecordOf, Store, conformance};
pub use stored::{Found, Stored};
pub use view::Session;

/// Why a session operation was refused. Nothing has changed then, but for what
/// [`Unavailable`](Self::Unavailable) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no such session: ended, revoked, expired, evicted, rotated away, or never there.
    /// Which of these is nobody's business.
    Gone,
    /// The secret was replaced a moment ago; another response carries the new one.
    Superseded,
    /// The session is anonymous, and the operation is about its user.
    Anonymous,
    /// The re-authentication is another user's.
    OtherUser,
    /// The user has as many sessions as the rules allow.
    UserLimit,
    /// There is no room for another session.
    Full,
    /// The random source failed, or gave what cannot be random.
    NoEntropy,
    /// The store cannot be reached, or others were faster every time: try again later. It says
    /// nothing about the session, nor whether the store made the change before it failed.
    Unavailable,
    /// The session's cookie is there twice, and one of the two may be planted.
    Ambiguous,
    /// The CSRF token is missing, forged, or of another secret.
    Csrf,
    /// The bytes are not of the form of what they should be.
    Malformed,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "the session is gone",
            Self::Superseded => "the session has just got a new secret",
            Self::Anonymous => "nobody is logged in to the session",
            Self::OtherUser => "the session belongs to another user",
            Self::UserLimit => "the user has too many sessions",
            Self::Full => "there is no room for another session",
            Self::NoEntropy => "the random source failed",
            Self::Unavailable => "the store of sessions is not available",
            Self::Ambiguous => "the session's cookie is there twice",
            Self::Csrf => "the CSRF token is not the session's",
            Self::Malformed => "the bytes are malformed",
        })
    }
}

impl core::error::Error for Error {}
