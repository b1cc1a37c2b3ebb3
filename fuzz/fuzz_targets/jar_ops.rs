//! A jar under random operations agrees with a list that is searched from end to end: what becomes
//! of each cookie, what each request gets and in which order, who is evicted, and what a saved jar
//! gives back.

#![no_main]

#[path = "../models/jar.rs"]
mod model;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|tape: &[u8]| model::run(tape));
