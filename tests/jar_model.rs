//! The jar against a list that is searched from end to end, under random operations. The model is
//! that of the fuzz target `jar_ops`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used
)]

#[path = "../fuzz/models/jar.rs"]
mod model;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn agrees_with_a_plain_list(tape in prop::collection::vec(any::<u8>(), 0..1500)) {
        model::run(&tape);
    }
}
