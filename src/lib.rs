//! How a server recognises a client: cookies, sessions, tokens, and policies.

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
pub mod json;
pub mod mac;
pub mod policy;
pub mod refresh;
pub mod scope;
pub mod secret;
pub mod session;
mod table;
pub mod time;
pub mod token;
pub mod write;
