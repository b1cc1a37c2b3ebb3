//! hardtack, its peers and the floor, side by side in one run. `benches/versus/run` makes a table
//! and a picture of it.
//!
//! A criterion group is a row; in it `hardtack` is ours, `floor` is what no implementation can go
//! below with the same primitives, and every other name is a peer doing the same job through its
//! public interface. Growth rows carry their size behind a slash.

#![allow(missing_docs)]

use criterion::{criterion_group, criterion_main};

#[path = "rows/cookies.rs"]
mod cookies;
#[path = "rows/dates.rs"]
mod dates;
#[path = "rows/jars.rs"]
mod jars;
#[path = "rows/json.rs"]
mod json;
#[path = "rows/policies.rs"]
mod policies;
#[path = "rows/sessions.rs"]
mod sessions;
#[path = "rows/tokens.rs"]
mod tokens;

criterion_group! {
    name = rows;
    config = versus::criterion();
    targets =
        tokens::verify, tokens::mint, tokens::refuse, json::read, cookies::read_all,
        cookies::find_one, cookies::set_cookie_read, cookies::set_cookie_write, cookies::signed,
        dates::read, dates::write, jars::look_up, sessions::check, sessions::refresh,
        policies::decide, cookies::growth, jars::growth, policies::growth
}
criterion_main!(rows);
