//! Signed tokens: JWT (RFC 7519) and JWS (RFC 7515) under HMAC, minted and checked.
//!
//! A [`Signer`] mints, a [`Verifier`] checks; both are built once, best as a `const`, and say the
//! same things: the type of the token, its issuer, its audience. What comes out of the verifier is
//! [`Verified`], and there is no other way to it. The example is at [`Verifier`].
//!
//! [`Jws`] signs and checks any bytes, [`jwk`] reads keys, and [`Unverified`] shows what a token says
//! that nobody has checked.

mod claims;
mod compact;
mod error;
mod header;
pub mod jwk;
mod jws;
mod keys;
mod registered;
mod signer;
mod typ;
mod unverified;
mod verified;
mod verifier;

pub use claims::{Claim, Claims};
pub use error::Error;
pub use jws::{Jws, Signed};
pub use keys::Keys;
pub use registered::MAX_AUDIENCES;
pub use signer::Signer;
pub use typ::{InvalidType, Type};
pub use unverified::Unverified;
pub use verified::Verified;
pub use verifier::Verifier;
