//! Where something else owns the machine. Nothing is measured here.

#[cfg(not(bare))]
pub fn print(text: &str) {
    std::print!("{text}");
}

#[cfg(bare)]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    use core::fmt::Write;
    let _ = writeln!(crate::Console, "{info}");
    exit(false)
}

/// A Linux of the other endianness, without its C library, under QEMU's user mode.
#[cfg(all(bare, target_os = "linux"))]
mod linux {
    use core::arch::{asm, global_asm};

    // The kernel's stack pointer, and room for what a callee saves in its caller's frame.
    #[cfg(target_arch = "s390x")]
    global_asm!(".globl start", "start:", "aghi %r15, -160", "jg {}", sym super::start);
    #[cfg(target_arch = "powerpc")]
    global_asm!(".globl start", "start:", "stwu 1, -32(1)", "b {}", sym super::start);

    const SYS_EXIT: usize = 1;
    const SYS_WRITE: usize = 4;

    fn call(number: usize, arguments: [usize; 3]) {
        let [a, b, c] = arguments;
        // SAFETY: `write` reads the text that it is given, `exit` does not come back.
        unsafe {
            #[cfg(target_arch = "s390x")]
            asm!("svc 0", in("r1") number, inout("r2") a => _, in("r3") b, in("r4") c);
            #[cfg(target_arch = "powerpc")]
            asm!(
                "sc",
                inout("r0") number => _, inout("r3") a => _, inout("r4") b => _, inout("r5") c => _,
                out("r6") _, out("r7") _, out("r8") _, out("r9") _, out("r10") _, out("r11") _,
                out("r12") _, out("cr0") _,
            );
        }
    }

    pub fn print(text: &str) {
        call(SYS_WRITE, [1, text.as_ptr() as usize, text.len()]);
    }

    pub fn exit(passed: bool) -> ! {
        call(SYS_EXIT, [usize::from(!passed), 0, 0]);
        loop {}
    }
}
#[cfg(all(bare, target_os = "linux"))]
pub use linux::{exit, print};

#[cfg(all(bare, target_os = "linux"))]
extern "C" fn start() -> ! {
    exit(crate::run())
}

/// A browser's machine, in Node.
#[cfg(all(bare, target_arch = "wasm32"))]
mod wasm {
    mod host {
        #[link(wasm_import_module = "host")]
        unsafe extern "C" {
            pub fn print(text: *const u8, len: usize);
            pub fn exit(passed: bool) -> !;
        }
    }

    pub fn print(text: &str) {
        // SAFETY: the other side reads that many bytes.
        unsafe { host::print(text.as_ptr(), text.len()) };
    }

    pub fn exit(passed: bool) -> ! {
        // SAFETY: it throws.
        unsafe { host::exit(passed) }
    }

    #[unsafe(no_mangle)]
    extern "C" fn start() {
        exit(crate::run())
    }
}
#[cfg(all(bare, target_arch = "wasm32"))]
pub use wasm::{exit, print};

pub fn peak_stack(_: fn()) -> Option<usize> {
    None
}

pub fn instructions(_: impl FnOnce()) -> Option<usize> {
    None
}

pub fn marked(operation: impl FnOnce()) {
    operation();
}
