//! Random bytes that must not be misused by accident.

use core::fmt;
use core::hint::black_box;

// A volatile write is the only wipe that a compiler may not drop; `core` offers none without
// `unsafe`, and `hmac` re-exports the crate that does.
use hmac::digest::zeroize::Zeroize;

/// `N` secret bytes: no text in `Debug`, no `==`, no `Clone`, wiped on drop.
///
/// Randomness comes from the caller, who knows the machine's generator: any function that fills a
/// slice and may fail, such as `getrandom::fill`.
///
/// # Security
///
/// Comparison is [`matches`](Self::matches), in constant time. The bytes are wiped where the value
/// is dropped; a copy that the compiler left behind when it moved the value is out of reach of any
/// library.
///
/// ```
/// use hardtack::secret::Secret;
///
/// // `fill` stands for the machine's random source.
/// # fn fill(bytes: &mut [u8]) -> Result<(), core::convert::Infallible> { bytes.fill(7); Ok(()) }
/// let secret = Secret::<32>::generate(fill)?;
/// assert_eq!(format!("{secret:?}"), "Secret([32 bytes elided])");
/// # Ok::<(), core::convert::Infallible>(())
/// ```
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes `N` bytes from `fill`, the caller's random source.
    ///
    /// # Errors
    ///
    /// Whatever `fill` reports; no secret exists then.
    pub fn generate<E>(fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Self([0; N]);
        fill(&mut secret.0)?;
        Ok(secret)
    }

    /// Takes bytes that are secret already. They must come from a cryptographic random source.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The bytes themselves. The name is long enough to be seen in a review.
    #[must_use]
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// Whether both are the same, in time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        equal(&self.0, &other.0)
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret([{N} bytes elided])")
    }
}

/// Whether `a` and `b` are the same bytes, in time that depends on their lengths only.
///
/// The lengths are not secret: every caller compares values of a fixed, public length.
#[must_use]
#[inline]
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let difference = a
        .iter()
        .zip(b)
        .fold(0, |difference, (x, y)| difference | (x ^ y));
    // Hides from the optimiser that only zero matters, so that it cannot stop early.
    black_box(difference) == 0
}

/// Overwrites `bytes` with zeros in a way that is not optimised away.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.zeroize();
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;

    use super::*;

    #[test]
    fn debug_shows_no_byte() {
        assert_eq!(
            format!("{:?}", Secret::from_bytes([0xAB; 16])),
            "Secret([16 bytes elided])"
        );
    }

    #[test]
    fn a_failing_random_source_makes_no_secret() {
        assert_eq!(
            Secret::<32>::generate(|_| Err("no entropy")).err(),
            Some("no entropy")
        );
    }

    #[test]
    fn equality_is_that_of_slices_for_every_single_bit() {
        let right = [0x5A; 33];
        assert!(equal(&right, &right));
        assert!(!equal(&right, &right[..32]));
        for at in 0..right.len() {
            for bit in 0..8 {
                let mut wrong = right;
                wrong[at] ^= 1 << bit;
                assert!(!equal(&right, &wrong));
                assert!(!Secret::from_bytes(right).matches(&Secret::from_bytes(wrong)));
            }
        }
        assert!(Secret::from_bytes(right).matches(&Secret::from_bytes(right)));
    }

    /// Differences are gathered, so that none can undo another.
    #[test]
    fn two_differences_do_not_cancel_out() {
        for bit in 0..8 {
            let flip = 1 << bit;
            assert!(!equal(&[0, 0], &[flip, flip]));
            assert!(!equal(&[0, 0xFF], &[flip, 0xFF ^ flip]));
        }
    }

    #[test]
    fn wiping_leaves_zeros() {
        let mut bytes = [9; 40];
        wipe(&mut bytes);
        assert_eq!(bytes, [0; 40]);
    }
}
