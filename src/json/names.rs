//! The names of the objects that are open, so that a second member of one name is found.
//!
//! What is remembered is where each name stands in the text. An object also has a filter, one bit
//! per hash of its names so far: a name whose bit is not set is new, without being compared with
//! any. So an object of a few names costs next to nothing, and one that was built to collide at
//! most [`MAX_NAMES`] comparisons per name.

use super::string::{Raw, WORD, plain_len};
use super::{Error, MAX_NAMES};

/// Where the names of the open objects stand, outermost object first.
pub(super) struct Names {
    /// For each name, how much of the text is left where it starts.
    left: [u32; MAX_NAMES],
    /// At most [`MAX_NAMES`].
    len: u8,
    /// Whether any name so far was written with an escape.
    escaped: bool,
}

/// The names of one object, among the [`Names`].
#[derive(Clone, Copy)]
pub(super) struct Scope {
    first: u8,
    filter: usize,
}

impl Scope {
    /// The number of names before those of this object.
    pub(super) const fn first(self) -> u8 {
        self.first
    }

    /// The object with so many names before its own, whose filter is lost.
    pub(super) const fn from_first(first: u8) -> Self {
        Self {
            first,
            filter: usize::MAX,
        }
    }
}

impl Names {
    pub(super) const fn new() -> Self {
        Self {
            left: [0; MAX_NAMES],
            len: 0,
            escaped: false,
        }
    }

    /// An object without names yet.
    pub(super) const fn open(&self) -> Scope {
        Scope {
            first: self.len,
            filter: 0,
        }
    }

    /// Forgets the names of an object and of those within it.
    pub(super) const fn close(&mut self, scope: Scope) {
        self.len = scope.first;
    }

    /// Remembers the name that starts at `from`, which is what `text` ends with, unless its object has it already.
    #[cfg_attr(not(small), inline)]
    pub(super) fn add(
        &mut self,
        scope: &mut Scope,
        text: &str,
        from: &str,
        name: Raw<'_>,
    ) -> Result<(), Error> {
        if name.escaped {
            self.escaped = true;
            // The bit of what it stands for is not known.
            scope.filter = usize::MAX;
        }
        let bit = filter_bit(from, name.text.len());
        if scope.filter & bit != 0 && self.has(*scope, text, name) {
            return Err(Error::DuplicateName);
        }
        scope.filter |= bit;
        let slot = self.left.get_mut(usize::from(self.len));
        *slot.ok_or(Error::TooManyNames)? =
            u32::try_from(from.len()).map_err(|_| Error::TooManyNames)?;
        self.len = self.len.wrapping_add(1);
        Ok(())
    }

    #[inline(never)]
    fn has(&self, scope: Scope, text: &str, name: Raw<'_>) -> bool {
        let own = usize::from(scope.first)..usize::from(self.len);
        let mut own = self.left.get(own).unwrap_or_default().iter();
        own.any(|&left| {
            let start = text.len().wrapping_sub(left as usize);
            let earlier = text.get(start..).unwrap_or_default();
            let same = earlier.strip_prefix(name.text);
            if same.is_some_and(|behind| behind.starts_with('"')) {
                return true;
            }
            self.escaped && {
                let text = until_quote(earlier);
                Raw { text, ..name }.chars().eq(name.chars())
            }
        })
    }
}

/// The text of a string that is known to be right, up to its closing quote.
fn until_quote(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at = at.wrapping_add(plain_len(rest));
        if bytes.get(at) != Some(&b'\\') {
            return text.get(..at).unwrap_or_default();
        }
        // The backslash and what it escapes; the digits behind a `u` are plain.
        at = at.wrapping_add(2);
    }
}

/// A bit of the filter, by the length of a name and the first bytes of it, up to a word; all bits
/// for a name so close to the end of the text that there is no word to read.
#[cfg_attr(not(small), inline)]
fn filter_bit(from: &str, len: usize) -> usize {
    /// The golden ratio, of which a smaller word takes the lower part.
    #[allow(clippy::cast_possible_truncation)]
    const FACTOR: usize = 0x9E37_79B9_7F4A_7C15_u64 as usize;
    /// So that what is left of a word is the number of one of its bits.
    const DROPPED_BITS: u32 = usize::BITS - usize::BITS.trailing_zeros();

    let Some(word) = from.as_bytes().first_chunk::<WORD>() else {
        return usize::MAX;
    };
    let behind = u32::try_from(WORD.saturating_sub(len)).unwrap_or_default();
    let word = usize::from_le_bytes(*word).unbounded_shl(behind.wrapping_mul(8));
    let hash = (word ^ len).wrapping_mul(FACTOR);
    1_usize.wrapping_shl(u32::try_from(hash >> DROPPED_BITS).unwrap_or_default())
}
