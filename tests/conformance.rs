//! Other people's test vectors, read from `../shared/vectors` or from the folder that
//! `HARDTACK_VECTORS` names; they are not copied into this repository.
//!
//! Each set says how many cases it ran. Run with `-- --nocapture` to see that.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::path::PathBuf;

use serde_json::Value;

#[path = "conformance/cookie.rs"]
mod cookie;
#[path = "conformance/cookie_date.rs"]
mod cookie_date;
#[path = "conformance/json.rs"]
mod json;
#[path = "conformance/mac.rs"]
mod mac;
#[path = "conformance/policy.rs"]
mod policy;
#[path = "conformance/token.rs"]
mod token;

/// A file of the vectors (`"token/rfc4231.json"`), or nothing where they are not at hand, which is
/// said plainly and is no failure: the files are not part of this repository.
fn vectors(file: &str) -> Option<Value> {
    let folder = std::env::var_os("HARDTACK_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors")),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read(folder.join(file)) else {
        println!(
            "conformance: {file}: NOT FOUND, nothing was checked; HARDTACK_VECTORS names the folder"
        );
        return None;
    };
    Some(serde_json::from_slice(&text).expect("vectors are JSON"))
}

/// Says how many cases of a set were checked. A set that checks none has lost its cases.
#[track_caller]
fn ran(set: &str, cases: usize) {
    assert!(cases > 0, "{set}: no case was run");
    println!("conformance: {set}: {cases} cases");
}

/// The bytes that a text of hexadecimal digits stands for.
fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
