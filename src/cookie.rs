//! Cookies as browsers know them (RFC 6265bis).

mod attribute;
mod chunked;
mod decimal;
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
pub use header::{Ambiguous, Header, Pairs, pairs};
pub use pair::{CookieString, Pair};
pub use received::{AGE_LIMIT, Attributes, Received};
pub use scope::{Host, InvalidHost, NoSuffixList, PublicSuffixes, Request};
pub(crate) use scope::{default_path, domain_matches, path_matches};
pub use set_cookie::SetCookie;
pub use signed::{Signed, Signer};
