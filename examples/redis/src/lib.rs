#![doc = include_str!("../README.md")]

mod families;
mod link;
mod sessions;

pub use families::FamilyStore;
pub use link::{Outage, Place};
pub use sessions::SessionStore;
