//! Where a cookie belongs: hosts and domains, paths, public suffixes, and the request at hand
//! (RFC 6265bis §5.1 and §5.2).

mod host;
mod path;
mod request;
mod suffixes;

pub(crate) use host::domain_matches;
pub use host::{Host, InvalidHost};
pub(crate) use path::{default_path, path_matches};
pub use request::Request;
pub use suffixes::{NoSuffixList, PublicSuffixes};
