//! Says to the crate whether it is to be small (`cfg(small)`): where `opt-level` is `s` or `z`. A
//! function that speed wants at the place of each call is a function of its own then.
//! What counts a text before it is written is then no copy of what writes it.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(small)");
    if matches!(env::var("OPT_LEVEL").as_deref(), Ok("s" | "z")) {
        println!("cargo:rustc-cfg=small");
    }
}
