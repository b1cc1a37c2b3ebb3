//! One exported function for every public function of hardtack. Nothing of it ever runs: `run`
//! links each alone and looks at what the linker had to take in. The panic handler calls a function
//! that nobody defines, so what may panic does not link; nor does what allocates.

#![cfg_attr(target_os = "none", no_std)]

use core::hint::black_box;

mod functions;
#[cfg(feature = "red")]
mod red;

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe extern "C" {
        fn this_may_panic() -> !;
    }
    // SAFETY: never called, and never linked unless something may panic.
    unsafe { this_may_panic() }
}

/// A value of which the compiler knows nothing but its type.
fn given<T>() -> T {
    // SAFETY: never run. To the compiler, the pointer may be that of a valid `T`.
    unsafe { black_box(core::ptr::dangling::<T>()).read() }
}

/// A function with given arguments, whose result is looked at.
trait Exercise<Arguments> {
    fn exercise(self);
}

macro_rules! arities {
    ($(($($argument:ident),*))*) => {$(
        impl<F: FnOnce($($argument),*) -> R, R, $($argument),*> Exercise<fn($($argument),*)> for F {
            #[inline(always)]
            fn exercise(self) {
                black_box(self($(given::<$argument>()),*));
            }
        }
    )*};
}

arities! {
    ()
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, G)
    (A, B, C, D, E, G, H)
    (A, B, C, D, E, G, H, I)
}

/// `"path of the function": the function;`, one line each. What follows a comma in the path tells
/// instances of one function apart.
macro_rules! linked {
    ($($path:literal: $function:expr;)*) => {$(
        const _: () = {
            #[unsafe(export_name = $path)]
            extern "C" fn exercise() {
                crate::Exercise::exercise($function);
            }
        };
    )*};
}
use linked;
