//! Which of the mutants runs, in the tree that `run` makes: it becomes the module `crate::switches` there.

use std::fs::File;
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// The number of the mutant that runs, or 0, at the place named `group`.
///
/// What the compiler evaluates has no mutant.
pub(crate) const fn at(group: u32) -> u32 {
    core::intrinsics::const_eval_select((group,), never, running)
}

const fn never(_: u32) -> u32 {
    0
}

/// With `MUTANTS_REACHED`, each place that is come to is written into that file, once.
fn running(group: u32) -> u32 {
    static REACHED: [AtomicBool; 1 << 13] = [const { AtomicBool::new(false) }; 1 << 13];
    static FILE: LazyLock<Option<File>> =
        LazyLock::new(|| Some(File::create(std::env::var_os("MUTANTS_REACHED")?).expect("a file")));
    static MUTANT: LazyLock<u32> =
        LazyLock::new(|| std::env::var("MUTANTS_RUNNING").map_or(0, |it| it.parse().expect("a number")));
    let reached = &REACHED[group as usize];
    if !reached.load(Relaxed) && !reached.swap(true, Relaxed) {
        if let Some(mut file) = FILE.as_ref() {
            file.write_all(format!("{group}\n").as_bytes()).expect("it is written");
        }
    }
    *MUTANT
}
