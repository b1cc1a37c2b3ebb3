//! Requests to valgrind, which sees them in what is nothing to a processor: a register rotated by
//! 128 bits in all, and an exchange of another one with itself.

use std::arch::asm;

/// One request; the answer is zero where no valgrind looks on.
pub fn request(tool: [u8; 2], number: usize, arguments: [usize; 2]) -> usize {
    let tool = usize::from(tool[0]) << 24 | usize::from(tool[1]) << 16;
    let block = [tool + number, arguments[0], arguments[1], 0, 0, 0];
    let mut answer = 0;
    // SAFETY: registers are left as they were; valgrind reads the block and writes the answer.
    unsafe {
        asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") block.as_ptr(), inout("rdx") answer,
        );
    }
    answer
}
