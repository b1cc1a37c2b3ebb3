//! On bare metal: each answer between two marks that the machine's trace shows.

use core::fmt::{self, Write};

use crate::cases::{ALL, Presented, Text, Visit, all};
use crate::platform;

/// What the platform prints to.
pub struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        platform::print(text);
        Ok(())
    }
}

struct Tracing;

impl Visit for Tracing {
    fn visit(
        &mut self,
        name: &str,
        present: &dyn Fn(Presented) -> Text,
        check: &mut dyn FnMut(&[u8]) -> bool,
    ) {
        // One place for all, since alignment might make a difference.
        let mut text = present(Presented::Right);
        for presented in ALL {
            text = present(presented);
            let mut answer = false;
            platform::marked(|| answer = check(text.bytes()));
            let _ = writeln!(Console, "{name}: {presented:?}: {answer}");
        }
        drop(text);
    }

    fn hide(&self, _: &mut [u8]) {}
}

pub fn run() -> bool {
    all(&mut Tracing);
    true
}
