//! The five things that a machine has to offer: `print`, the entry that calls [`run`](crate::run) and
//! leaves with its result, and, where it can, `peak_stack`, `instructions` and `marked`. Other packages
//! take this file too, hence the paths.

#[cfg(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32")))]
#[path = "platform/metal.rs"]
mod metal;
#[cfg(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32")))]
pub use metal::*;

#[cfg(not(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32"))))]
#[path = "platform/hosted.rs"]
mod hosted;
#[cfg(not(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32"))))]
pub use hosted::*;
