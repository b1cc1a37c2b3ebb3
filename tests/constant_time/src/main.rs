//! Whether what hardtack does with a secret takes a time that tells about it, seen in three ways;
//! `tests/constant_time/run` makes one table of them.
//!
//! - `memcheck CASE`, under valgrind: the secret is marked as undefined, and valgrind reports every
//!   branch and every address that depends on it.
//! - On a Cortex-M0 in QEMU: what is presented is right, or wrong in one of three ways, and the trace
//!   of the machine shows each instruction of the answers.
//! - `statistics`: the time of answers to what is wrong at its first and at its last byte (Welch's t).

#![cfg_attr(bare, no_std, no_main)]

mod cases;
#[cfg(not(bare))]
mod memcheck;
#[path = "../../firmware/src/platform.rs"]
#[allow(dead_code, unused_imports)] // the firmware has more uses for it
mod platform;
#[cfg(not(bare))]
mod statistics;
#[cfg(bare)]
mod trace;
#[cfg(not(bare))]
#[path = "../../instructions/src/valgrind.rs"]
mod valgrind;

#[cfg(bare)]
use trace::{Console, run};

#[cfg(not(bare))]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["cases"] => memcheck::list(),
        ["memcheck", case] => memcheck::run(case),
        ["statistics", samples] => statistics::run(samples.parse().expect("a number")),
        _ => panic!("cases, memcheck CASE, or statistics SAMPLES?"),
    }
}
