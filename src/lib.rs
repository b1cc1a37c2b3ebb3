//! How a server recognises a client: cookies, sessions, tokens, and policies; without `std`, without
//! allocation, without `unsafe`.
//!
//! ```text
//! header bytes ──► cookie ──► token | session ──► identity ──► policy ──► Permit | Refusal
//! header bytes ◄── cookie ◄── token | session          (a Refusal becomes status + WWW-Authenticate)
//! ```
//!
//! Bytes come in at the left, meaning is added step by step, a decision comes out at the right. What
//! a function needs of the world it is given: the time (`now`, always last), randomness (a function
//! that fills bytes, such as `getrandom::fill`), memory (your buffer, or a capacity in the type).
//!
//! # From end to end
//!
//! A browser logs in, comes back with its cookie, and wants something that not everybody may have:
//!
//! ```
//! use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
//! use hardtack::policy::{Allow, Permit, Policy, Refusal, Scheme, Who, authorize};
//! use hardtack::session::{Cookie, Error, Rules, Sessions};
//! use hardtack::time::UnixTime;
//! # fn random(bytes: &mut [u8]) -> Result<(), core::convert::Infallible> { bytes.fill(7); Ok(()) }
//!
//! #[derive(Clone, Copy, PartialEq, Eq, Hash)]
//! struct User { id: u32, admin: bool }
//! struct OpenCellar;
//!
//! static CELLAR: &dyn Policy<OpenCellar, User> = &Allow("admins", Who(|user: &User| user.admin));
//!
//! fn open(permit: Permit<'_, OpenCellar, Authenticated<User>>) -> u32 {
//!     permit.principal().id // cannot be called without a permit, and only a policy gives one
//! }
//!
//! let mut sessions = Sessions::<User, (), 64>::new(Rules::AAL1);
//! let now = UnixTime::from_secs(1_795_000_000);
//!
//! // POST /login: the password was right. The response sets the cookie.
//! let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
//! let ada = Authenticated::vouch(User { id: 1, admin: true }, evidence, now);
//! let secret = sessions.login(None, ada, random, now)?;
//! let mut buffer = [0; 160];
//! let set_cookie = Cookie::HOST.set(&secret, &mut buffer)?;
//! assert!(set_cookie.starts_with("__Host-session="));
//!
//! // GET /cellar, with what the browser makes of that. Who is this, and may they?
//! let cookie = set_cookie.split(';').next().unwrap_or_default();
//! let presented = Cookie::HOST.read([cookie.as_bytes()])?.ok_or(Error::Gone)?;
//! let user = sessions.touch(&presented, now)?.identity().map_err(Refusal::from)?.cloned();
//! assert_eq!(open(authorize(CELLAR, OpenCellar, &user, now)?), 1);
//!
//! // Nobody is told how to become somebody.
//! let nobody = hardtack::identity::Anonymous;
//! let refusal = authorize(CELLAR, OpenCellar, &nobody, now).unwrap_err();
//! assert_eq!(refusal.status(), 401);
//! let scheme = Scheme::cookie("cellar", "__Host-session")?;
//! assert!(refusal.challenge(scheme).is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A session, a token, or both
//!
//! - A browser and one server, or several that share a store: a [`session`]. A log-out counts at once.
//! - Several servers that are to know who asks without a look-up: an access [`token`]. It is good
//!   until it ends, minutes later.
//! - Logins that last for weeks, by tokens that last for minutes: the pair of an [`issuer`].
//! - A value that the client keeps and nobody takes back, such as a theme: a
//!   [signed cookie](cookie::Signer).
//!
//! # The modules, from the ground up
//!
//! An import points down only. If you only need cookies, read [`cookie`] and nothing else.
//!
//! | floor | modules | read it for |
//! | --- | --- | --- |
//! | 5, decisions | [`policy`] | may they do that |
//! | 4, put together | [`issuer`] | the pair of access and refresh token |
//! | 3, memory between requests | [`session`], [`refresh`], [`denylist`], [`jar`] | what a server remembers; what a client keeps |
//! | 2, on the wire | [`cookie`], [`token`] | the headers and tokens themselves |
//! | 1, notations and notions | [`identity`], [`scope`], [`mac`], [`json`], [`date`] | who it is and how that is known; keys; what the wire is written in |
//! | 0, words | [`time`], [`secret`], [`mod@write`] | what every signature uses |
//!
//! # What holds everywhere
//!
//! - **If a type exists, its value is valid.** It was checked when it was made, by the compiler where
//!   it is a `const`.
//! - **Wrong is refused, not repaired,** and a refusal leaves everything as it was. Where no room is
//!   left, that is an ordinary answer which says what would have been enough.
//! - **Secrets** do not print, are compared in constant time, and are wiped on drop.
//! - **Nothing panics**, and nothing looks at a clock, a random source, a file or the environment.
//!
//! # What is not here
//!
//! A web framework, password hashing, public-key signatures, encryption, an OAuth server, a list of
//! public suffixes. The README says more about each.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::string_slice
    )
)]

mod ascii;
mod base64url;
pub mod cookie;
pub mod date;
pub mod denylist;
pub mod identity;
pub mod issuer;
pub mod jar;
pub mod json;
pub mod mac;
mod memory;
pub mod policy;
pub mod refresh;
pub mod scope;
pub mod secret;
pub mod session;
mod table;
pub mod time;
pub mod token;
pub mod write;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
