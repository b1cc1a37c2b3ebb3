//! HS256 over a SHA-256 that counts its compressions, for tests that promise that nothing is hashed
//! twice. All but the hash is the code of the other algorithms.

#[cfg(test)]
extern crate std;

use core::cell::Cell;
#[cfg(test)]
use std::thread_local;

// As in every test, what is used here is no dependency of the crate.
#[cfg(test)]
use hmac::digest::block_api::{
    Block, BlockSizeUser, Buffer, BufferKindUser, Eager, FixedOutputCore, OutputSizeUser,
    UpdateCore,
};
#[cfg(test)]
use hmac::digest::typenum::{U32, U64};
#[cfg(test)]
use hmac::digest::{Digest, HashMarker, Output, buffer_fixed};
#[cfg(test)]
use hmac::{KeyInit, block_api::HmacCore};
#[cfg(test)]
use sha2::block_api::compress256;

use super::{Algorithm, sealed, wipe};

algorithm!(
    /// HS256, counted.
    pub(crate) Counting, Sha256, "HS256", 32
);

thread_local!(static COMPRESSIONS: Cell<usize> = const { Cell::new(0) });

/// What `operation` gives, and how often it runs the compression function of SHA-256, which is what
/// all hashing comes down to.
pub(crate) fn compressions<R>(operation: impl FnOnce() -> R) -> (R, usize) {
    COMPRESSIONS.set(0);
    let result = operation();
    (result, COMPRESSIONS.take())
}

/// The compressions that one tag of a message of `len` bytes takes under a key that is kept as
/// RFC 2104 §4 has it: the message with its padding, which is nine bytes at least, and the inner
/// hash with its own.
pub(crate) const fn of_one_tag(len: usize) -> usize {
    (len + 9).div_ceil(64) + 1
}

buffer_fixed!(
    pub(crate) struct Sha256(Core);
    impl: BaseFixedTraits Default Clone HashMarker;
);

#[derive(Clone)]
pub(crate) struct Core {
    state: [u32; 8],
    blocks: u64,
}

impl Core {
    fn compress(state: &mut [u32; 8], block: &Block<Self>) {
        COMPRESSIONS.set(COMPRESSIONS.get() + 1);
        compress256(state, &[block.0]);
    }
}

impl Default for Core {
    /// FIPS 180-4 §5.3.3.
    fn default() -> Self {
        Self {
            state: [
                0x6A09_E667,
                0xBB67_AE85,
                0x3C6E_F372,
                0xA54F_F53A,
                0x510E_527F,
                0x9B05_688C,
                0x1F83_D9AB,
                0x5BE0_CD19,
            ],
            blocks: 0,
        }
    }
}

impl HashMarker for Core {}

impl BlockSizeUser for Core {
    type BlockSize = U64;
}

impl BufferKindUser for Core {
    type BufferKind = Eager;
}

impl OutputSizeUser for Core {
    type OutputSize = U32;
}

impl UpdateCore for Core {
    fn update_blocks(&mut self, blocks: &[Block<Self>]) {
        for block in blocks {
            self.blocks += 1;
            Self::compress(&mut self.state, block);
        }
    }
}

impl FixedOutputCore for Core {
    fn finalize_fixed_core(&mut self, buffer: &mut Buffer<Self>, out: &mut Output<Self>) {
        let bits = 8 * (self.blocks * 64 + buffer.get_pos() as u64);
        buffer.len64_padding_be(bits, |block| Self::compress(&mut self.state, block));
        for (bytes, word) in out.chunks_mut(4).zip(self.state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
    }
}
