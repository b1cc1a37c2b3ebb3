//! The five things that a machine has to offer: `print`, the entry that calls [`run`](crate::run) and
//! leaves with its result, and, where it can, `peak_stack`, `instructions` and `marked`.

#[cfg(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32")))]
mod metal;
#[cfg(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32")))]
pub use metal::*;

#[cfg(not(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32"))))]
mod hosted;
#[cfg(not(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32"))))]
pub use hosted::*;
