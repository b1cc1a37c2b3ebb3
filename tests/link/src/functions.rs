//! Every public function, method and trait method of hardtack, by its path.

mod cookie;
mod denylist;
mod ground;
mod identity;
mod issuer;
mod jar;
mod json;
mod policy;
mod refresh;
mod session;
mod token;

/// A caller's random source, of which nothing is known.
type Fill = fn(&mut [u8]) -> Result<(), u8>;
