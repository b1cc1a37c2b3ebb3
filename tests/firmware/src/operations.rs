//! What is measured: one operation each, its inputs out of the optimiser's sight.

use core::hint::black_box;

use hardtack::mac::{Hs256, Key};

/// A name, and what is done.
pub type Operation = (&'static str, fn());

pub const ALL: &[Operation] = &[
    ("nothing", || {}),
    ("HS256 key", || {
        let _ = black_box(Key::<Hs256>::new(black_box(&[7; 32])));
    }),
    ("HS256 verify, 100 bytes", || {
        if let Ok(key) = Key::<Hs256>::new(black_box(&[7; 32])) {
            let _ = black_box(key.verify(black_box(&[9; 100]), black_box(&[1; 32])));
        }
    }),
];
