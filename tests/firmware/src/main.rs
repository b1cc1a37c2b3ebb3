//! hardtack where there is no operating system: its vectors and its whole flow, with the peak stack
//! of each operation, and its instructions where the machine counts them.
//!
//! On the host the same checks run as an ordinary program: `cargo run`.

#![cfg_attr(bare, no_std, no_main)]

mod checks;
mod flow;
mod operations;
mod platform;

use core::fmt::{self, Write};

/// What the platform prints to.
struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        platform::print(text);
        Ok(())
    }
}

macro_rules! say {
    ($($argument:tt)*) => {{
        let _ = writeln!(crate::Console, $($argument)*);
    }};
}

/// Everything; whether all of it passed.
fn run() -> bool {
    let mut passed = true;
    for (name, check) in checks::ALL {
        let right = check();
        say!("check {name}: {}", if right { "passed" } else { "FAILED" });
        passed &= right;
    }
    for (name, operation) in operations::ALL {
        operation();
        if let Some(bytes) = platform::peak_stack(*operation) {
            say!("stack {name}: {bytes}");
        }
        if let Some(count) = platform::instructions(*operation) {
            say!("instructions {name}: {count}");
        }
        platform::marked(*operation);
    }
    passed
}

#[cfg(not(bare))]
fn main() {
    assert!(run(), "a check failed");
}
