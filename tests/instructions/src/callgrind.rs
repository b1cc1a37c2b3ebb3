//! callgrind writes a file for each count, with the name in it.

use std::ffi::CString;

use crate::valgrind::request;

const CALLGRIND: [u8; 2] = *b"CT";
const ZERO: usize = 1;
const DUMP_AT: usize = 3;
const START: usize = 4;
const STOP: usize = 5;

/// Runs what is to be counted. callgrind goes on watching, though what it sees does not count.
pub fn counted(name: &str, run: impl FnOnce()) {
    let name = CString::new(name).expect("no name has a NUL");
    request(CALLGRIND, START, [0; 2]);
    request(CALLGRIND, ZERO, [0; 2]);
    run();
    request(CALLGRIND, DUMP_AT, [name.as_ptr() as usize, 0]);
}

/// Looks away until the next count, so that much work before it is done sooner.
pub fn pause() {
    request(CALLGRIND, STOP, [0; 2]);
}
