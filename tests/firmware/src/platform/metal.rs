//! Cortex-M and RV32 in QEMU, with semihosting.

use core::arch::asm;
use core::panic::PanicInfo;
use core::ptr::{addr_of, addr_of_mut};

// Symbols of link/sections.ld; only their addresses mean something.
unsafe extern "C" {
    static mut __data: u32;
    static mut __data_end: u32;
    static __data_load: u32;
    static mut __bss: u32;
    static mut __bss_end: u32;
    static mut __stack_bottom: u32;
    static __stack_top: u32;
}

#[cfg(target_arch = "arm")]
#[unsafe(link_section = ".vectors")]
#[used]
static VECTORS: Vectors = Vectors {
    stack: addr_of!(__stack_top),
    reset: start,
    others: [fault; 14],
};

#[cfg(target_arch = "arm")]
#[repr(C)]
struct Vectors {
    stack: *const u32,
    reset: extern "C" fn() -> !,
    others: [extern "C" fn() -> !; 14],
}

#[cfg(target_arch = "arm")]
// SAFETY: it is never written to.
unsafe impl Sync for Vectors {}

#[cfg(target_arch = "arm")]
extern "C" fn fault() -> ! {
    print("fault\n");
    exit(false)
}

#[cfg(target_arch = "riscv32")]
core::arch::global_asm!(
    ".section .text.start",
    ".globl start",
    "start:",
    "la sp, __stack_top",
    "la t0, {fault}",
    "csrw mtvec, t0",
    "j {reset}",
    fault = sym fault,
    reset = sym reset,
);

#[cfg(target_arch = "riscv32")]
#[unsafe(link_section = ".text.start")]
extern "C" fn fault() -> ! {
    print("fault\n");
    exit(false)
}

#[cfg(target_arch = "arm")]
#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    reset()
}

extern "C" fn reset() -> ! {
    // SAFETY: the linker script bounds both sections, at addresses of whole words; nothing of Rust
    // has looked at them yet.
    unsafe {
        let (mut to, mut from) = (addr_of_mut!(__data), addr_of!(__data_load));
        while to < addr_of_mut!(__data_end) {
            to.write_volatile(from.read_volatile());
            to = to.add(1);
            from = from.add(1);
        }
        let mut to = addr_of_mut!(__bss);
        while to < addr_of_mut!(__bss_end) {
            to.write_volatile(0);
            to = to.add(1);
        }
    }
    exit(crate::run())
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    use core::fmt::Write;
    let _ = writeln!(crate::Console, "{info}");
    exit(false)
}

/// A semihosting call.
fn call(operation: usize, argument: usize) {
    // SAFETY: the debugger reads what the argument points to, and changes the result only.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") argument);
        #[cfg(target_arch = "riscv32")]
        asm!(
            ".balign 16", ".option push", ".option norvc",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _, in("a1") argument,
        );
    }
}

pub fn print(text: &str) {
    const SYS_WRITEC: usize = 3;
    for byte in text.as_bytes() {
        call(SYS_WRITEC, addr_of!(*byte) as usize);
    }
}

fn exit(passed: bool) -> ! {
    const SYS_EXIT_EXTENDED: usize = 0x20;
    const APPLICATION_EXIT: usize = 0x20026;
    let arguments = [APPLICATION_EXIT, usize::from(!passed)];
    call(SYS_EXIT_EXTENDED, arguments.as_ptr() as usize);
    loop {}
}

const PAINT: u32 = 0xA5C3_5A3C;

/// The deepest that `operation` reached, in bytes below its caller, seen by what it left of a
/// painted stack.
#[inline(never)]
pub fn peak_stack(operation: fn()) -> Option<usize> {
    let here: usize;
    // SAFETY: copies the stack pointer.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("mov {}, sp", out(reg) here);
        #[cfg(target_arch = "riscv32")]
        asm!("mv {}, sp", out(reg) here);
    }
    let top = (here - 16) as *mut u32;
    // SAFETY: between the statics and the stack pointer there is nothing but unused stack.
    unsafe {
        let mut at = addr_of_mut!(__stack_bottom);
        while at < top {
            at.write_volatile(PAINT);
            at = at.add(1);
        }
        operation();
        let mut at = addr_of_mut!(__stack_bottom);
        while at < top && at.read_volatile() == PAINT {
            at = at.add(1);
        }
        Some(here - at as usize)
    }
}

/// The instructions of `operation`, its call included, where the machine counts them. QEMU does
/// with `-icount shift=0`: exactly on RV32, by fives on Cortex-M4, not on Cortex-M0.
#[inline(never)]
pub fn instructions(operation: impl FnOnce()) -> Option<usize> {
    #[cfg(target_arch = "riscv32")]
    {
        let read = || {
            let count: usize;
            // SAFETY: reads a counter.
            unsafe { asm!("csrr {}, minstret", out(reg) count) };
            count
        };
        let before = read();
        operation();
        Some(read().wrapping_sub(before))
    }
    #[cfg(all(target_arch = "arm", not(small)))]
    {
        // An instruction takes a nanosecond with `-icount shift=0`. The LM3S6965's clock, undivided,
        // ticks every five, and SysTick counts 24 bits of that down.
        const RCC: *mut u32 = 0x400F_E060 as *mut u32;
        const UNDIVIDED: u32 = 1 << 22;
        const CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
        const RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
        const CURRENT: *mut u32 = 0xE000_E018 as *mut u32;
        const LAST: u32 = 0x00FF_FFFF;
        // SAFETY: registers of that machine, which nothing else uses.
        let ticks = unsafe {
            RCC.write_volatile(UNDIVIDED);
            RELOAD.write_volatile(LAST);
            CURRENT.write_volatile(0);
            CONTROL.write_volatile(0b101);
            let before = CURRENT.read_volatile();
            operation();
            before.wrapping_sub(CURRENT.read_volatile()) & LAST
        };
        Some(ticks as usize * 5)
    }
    #[cfg(all(target_arch = "arm", small))]
    {
        operation();
        None
    }
}

/// Runs `operation` between two addresses that a trace of the machine shows.
#[inline(never)]
pub fn marked(operation: impl FnOnce()) {
    mark_begin();
    operation();
    mark_end();
}

#[inline(never)]
#[unsafe(no_mangle)]
extern "C" fn mark_begin() {
    // SAFETY: does nothing.
    unsafe { asm!("nop") };
}

#[inline(never)]
#[unsafe(no_mangle)]
extern "C" fn mark_end() {
    // SAFETY: does nothing, otherwise than the other mark, so that the two are not merged.
    unsafe { asm!("nop", "nop") };
}
