use std::hint::black_box;

use criterion::Criterion;
use serde::Deserialize;

/// Seven claims, borrowed where the reader can.
#[derive(Deserialize)]
#[allow(dead_code)] // read for the reading's sake
struct Claims<'t> {
    iss: &'t str,
    sub: &'t str,
    aud: &'t str,
    exp: i64,
    iat: i64,
    jti: &'t str,
    scope: &'t str,
}

const TEXT: &str = r#"{"iss":"https://auth.example.com","sub":"user-4711","aud":"https://api.example.com","exp":4000000000,"iat":1794999940,"jti":"f3b9c2d8a1e04f6f9b7a","scope":"orders:read orders:write"}"#;

pub fn read(c: &mut Criterion) {
    let mut group = c.benchmark_group("JSON claims read");
    let mut scratch = [0; 256];
    group.bench_function("hardtack", |b| {
        b.iter(|| {
            let text = black_box(TEXT.as_bytes());
            hardtack::json::read::<Claims<'_>>(text, &mut scratch).is_ok()
        });
    });
    group.bench_function("serde_json", |b| {
        b.iter(|| serde_json::from_slice::<Claims<'_>>(black_box(TEXT.as_bytes())).is_ok());
    });
    group.bench_function("serde-json-core", |b| {
        b.iter(|| serde_json_core::from_slice::<Claims<'_>>(black_box(TEXT.as_bytes())).is_ok());
    });
    group.finish();
}
