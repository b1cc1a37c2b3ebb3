//! What operations take, in instructions.
//!
//! `instructions rows` runs each row of the table of speed, on the host under callgrind, which counts,
//! or on a Cortex-M4 in QEMU, which counts itself. `instructions linear` gives each parser its worst
//! inputs at four lengths, under callgrind. `tests/instructions/run` makes tables of both.

#![cfg_attr(bare, no_std, no_main)]

#[cfg(not(bare))]
mod callgrind;
#[cfg(not(bare))]
mod linear;
#[path = "../../firmware/src/platform.rs"]
#[allow(dead_code, unused_imports)] // the firmware has more uses for it
mod platform;
mod rows;
#[cfg(not(bare))]
mod valgrind;

/// What the platform prints to.
#[cfg(bare)]
struct Console;

#[cfg(bare)]
impl core::fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        platform::print(text);
        Ok(())
    }
}

/// An operation is run so often, and the average taken.
const TIMES: usize = 16;

fn often(operation: &mut dyn FnMut()) {
    let operation = core::hint::black_box(operation);
    for _ in 0..TIMES {
        operation();
    }
}

#[cfg(bare)]
fn run() -> bool {
    use core::fmt::Write;
    rows::all(&mut |name, operation| {
        operation();
        let count = platform::instructions(|| often(operation));
        let _ = writeln!(Console, "{name}: {}", count.unwrap_or_default());
    });
    true
}

#[cfg(not(bare))]
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("rows") => rows::all(&mut |name, operation| {
            operation();
            callgrind::counted(name, || often(operation));
            callgrind::pause();
        }),
        Some("linear") => linear::all(),
        _ => panic!("rows or linear?"),
    }
}
