//! Cookies as browsers know them (RFC 6265bis): what a server reads and sets, and what a client makes
//! of it.
//!
//! | who | gets | as | writes |
//! | --- | --- | --- | --- |
//! | server | `Cookie` | [`Header`], or [`pairs`] of one line | [`SetCookie`] |
//! | client | `Set-Cookie` | [`Received`], kept in a [`Jar`](crate::jar::Jar) | the jar, or [`CookieString`] |
//!
//! What may be *sent* and what must be *understood* are two things (§4 and §5): [`SetCookie`] is
//! strict, and if there is one it is right; [`Received`] and [`Header`] give every byte a meaning, the
//! one that browsers give it. Values are bytes, and nothing is decoded that nobody asked to decode
//! ([`percent`]).
//!
//! A value of a cookie is in the hands of the client. [`Signer`] makes one that the client cannot
//! change; [`SetCookie::chunks`] makes one of several cookies where it is too long for one.
//!
//! ```
//! use hardtack::cookie::{Header, SetCookie};
//!
//! // A response sets two cookies,
//! let session = SetCookie::new("__Host-session", "31d4d96e407aad42")?;
//! let theme = SetCookie::new("theme", "dark")?.without_http_only()?;
//! assert_eq!(theme.to_string(), "theme=dark; Path=/; Secure; SameSite=Lax");
//!
//! // the browser sends them back, and the server looks for one of them.
//! let header = Header::new([&b"theme=dark; __Host-session=31d4d96e407aad42"[..]]);
//! assert_eq!(header.only(b"__Host-session")?, Some(&b"31d4d96e407aad42"[..]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attribute;
mod chunked;
mod error;
mod grammar;
mod header;
mod pair;
pub mod percent;
mod received;
mod scan;
mod scope;
mod set_cookie;
mod signed;

pub use attribute::{Prefix, Priority, SameSite};
pub use chunked::{Chunk, Chunks};
pub use error::Error;
pub(crate) use grammar::MAX_PAIR;
pub(crate) use header::only;
pub use header::{Ambiguous, Header, Pairs, pairs};
pub use pair::{CookieString, Pair};
pub use received::{AGE_LIMIT, Attributes, Received};
pub use scope::{Host, InvalidHost, NoSuffixList, PublicSuffixes, Request};
pub(crate) use scope::{default_path, domain_matches, path_matches};
pub use set_cookie::SetCookie;
pub use signed::{Signed, Signer};
