//! Cookies as browsers know them (RFC 6265bis).

mod attribute;
mod error;

pub use attribute::{Prefix, Priority, SameSite};
pub use error::Error;
