//! Chooses the platform and, on bare metal, the memory map of the machine that QEMU plays; for this
//! package and for those beside it that run on the same machines.

use std::env;

fn main() {
    println!("cargo:rustc-check-cfg=cfg(bare, small)");
    let target = env::var("TARGET").unwrap_or_default();
    if Ok(&target) != env::var("HOST").as_ref() {
        // There is no standard library, but for `core`.
        println!("cargo:rustc-cfg=bare");
    }
    if target == "thumbv6m-none-eabi" {
        println!("cargo:rustc-cfg=small");
    }
    let machine = match target.as_str() {
        "thumbv6m-none-eabi" => "microbit",
        "thumbv7em-none-eabihf" => "lm3s6965evb",
        riscv if riscv.starts_with("riscv32") => "virt",
        linux if linux.contains("-linux-") && Ok(linux) != env::var("HOST").as_deref() => {
            println!("cargo:rustc-link-arg-bins=-static");
            println!("cargo:rustc-link-arg-bins=--entry=start");
            return;
        }
        _ => return,
    };
    let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo:rustc-link-arg-bins=-L{folder}/../firmware/link");
    println!("cargo:rustc-link-arg-bins=-T{machine}.ld");
    println!("cargo:rerun-if-changed=../firmware/link");
}
