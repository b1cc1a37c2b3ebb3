//! HS256 that counts what it does, for tests that promise that nothing is hashed twice.

#[cfg(test)]
extern crate std;

use core::cell::Cell;
#[cfg(test)]
use std::thread_local;

use super::sealed::Sealed;
use super::{Algorithm, Hs256};

/// HS256 under the name of HS256.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting;

/// What was done on this thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// Keys that were prepared: two blocks each, three if they are longer than a block.
    pub(crate) keyed: usize,
    /// Bytes of messages.
    pub(crate) bytes: usize,
    /// Tags.
    pub(crate) tags: usize,
}

thread_local!(static WORK: Cell<Work> = const { Cell::new(Work { keyed: 0, bytes: 0, tags: 0 }) });

/// What `operation` does.
pub(crate) fn work<R>(operation: impl FnOnce() -> R) -> (R, Work) {
    WORK.set(Work::default());
    let result = operation();
    (result, WORK.take())
}

fn count(change: impl FnOnce(&mut Work)) {
    let mut work = WORK.get();
    change(&mut work);
    WORK.set(work);
}

impl Work {
    /// The blocks that SHA-256 compresses for one tag, keys apart: the message with at least nine
    /// bytes of padding behind the block of the key, which is cached, and then one block with the
    /// inner hash behind the other block of the key, which is cached too.
    pub(crate) const fn blocks(self) -> usize {
        (self.bytes + 9).div_ceil(64) + self.tags
    }
}

impl Algorithm for Counting {
    const NAME: &'static str = Hs256::NAME;
    const TAG_LEN: usize = Hs256::TAG_LEN;
}

impl Sealed for Counting {
    type State = <Hs256 as Sealed>::State;
    type Tag = <Hs256 as Sealed>::Tag;

    fn keyed(key: &[u8]) -> Self::State {
        count(|work| work.keyed += 1);
        Hs256::keyed(key)
    }

    fn update(state: &mut Self::State, bytes: &[u8]) {
        count(|work| work.bytes += bytes.len());
        Hs256::update(state, bytes);
    }

    fn finish(state: Self::State) -> Self::Tag {
        count(|work| work.tags += 1);
        Hs256::finish(state)
    }
}
