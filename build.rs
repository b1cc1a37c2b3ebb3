//! Says to the crate whether it is to be small (`cfg(small)`): where `opt-level` is `s` or `z`. It leaves out
//! then what only speed wants: `tests/firmware/README.md` says what.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(small)");
    if matches!(env::var("OPT_LEVEL").as_deref(), Ok("s" | "z")) {
        println!("cargo:rustc-cfg=small");
    }
}
