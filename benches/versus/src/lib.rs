//! What the rows share.

use std::time::Duration;

use criterion::Criterion;
use serde_json::Value;

/// Short measurements, many of them: what counts are ratios within one run.
#[must_use]
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1000))
        .sample_size(40)
}

/// A file of `shared/vectors`, or of the folder that `HARDTACK_VECTORS` names.
///
/// # Panics
///
/// If it is not there: a bench of nothing is worse than none.
#[must_use]
pub fn vectors(file: &str) -> Value {
    let folder = std::env::var("HARDTACK_VECTORS").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors").to_owned()
    });
    let text = std::fs::read(format!("{folder}/{file}")).expect("the vectors are at hand");
    serde_json::from_slice(&text).expect("the vectors are JSON")
}

/// The key that everybody signs with.
pub const KEY: [u8; 32] = *b"a key of thirty-two bytes, for h";

/// The moment at which every token is looked at.
pub const NOW: i64 = 1_795_000_000;
