use core::fmt;

use super::{Algorithm, Key};

/// Keys under rotation: the current one signs, former ones only verify. Each has a key ID (`kid`).
///
/// `N` is the room for former keys; a ring of one key is a `Keyring<'_, A>`. To rotate, build a ring
/// with the new key as the current one and the old as the first of the former ones, and drop a
/// former key once nothing that it signed can still be valid.
///
/// ```
/// use hardtack::mac::{Hs256, Key, Keyring};
///
/// # let (new, old) = ([1; 32], [2; 32]);
/// let october = Keyring::<Hs256>::new("2026-10", Key::new(&old)?);
/// let november = Keyring::<Hs256, 1>::new("2026-11", Key::new(&new)?)
///     .with_former("2026-10", Key::new(&old)?)?;
/// assert_eq!(november.current().0, "2026-11");
/// assert!(november.find(october.current().0).is_some());
/// assert!(november.find("2026-09").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Keyring<'k, A: Algorithm, const N: usize = 0> {
    current: (&'k str, Key<A>),
    former: [Option<(&'k str, Key<A>)>; N],
}

impl<'k, A: Algorithm, const N: usize> Keyring<'k, A, N> {
    /// A ring whose only key is `key`, named `kid`.
    #[must_use]
    pub const fn new(kid: &'k str, key: Key<A>) -> Self {
        Self {
            current: (kid, key),
            former: [const { None }; N],
        }
    }

    /// The ring with one more key that verifies and does not sign.
    ///
    /// # Errors
    ///
    /// [`KeyringError::Duplicate`] if the ring has a key named `kid`, [`KeyringError::Full`] if it
    /// holds `N` former keys.
    pub fn with_former(mut self, kid: &'k str, key: Key<A>) -> Result<Self, KeyringError> {
        if self.find(kid).is_some() {
            return Err(KeyringError::Duplicate);
        }
        let free = self.former.iter_mut().find(|slot| slot.is_none());
        *free.ok_or(KeyringError::Full)? = Some((kid, key));
        Ok(self)
    }

    /// The ring of the keys that are derived from this one's for the purpose `label`, under the
    /// same `kid`s. See [`Key::derive`].
    #[must_use]
    pub fn derive(&self, label: &str) -> Self {
        let derived = |(kid, key): &(&'k str, Key<A>)| (*kid, key.derive(label));
        Self {
            current: derived(&self.current),
            former: self
                .former
                .each_ref()
                .map(|slot| slot.as_ref().map(derived)),
        }
    }

    /// The key that signs, and its `kid`.
    #[must_use]
    pub const fn current(&self) -> (&'k str, &Key<A>) {
        (self.current.0, &self.current.1)
    }

    /// The key named `kid`. An unknown name finds nothing: no other key is tried in its place.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&Key<A>> {
        self.keys()
            // [8725-3.10-1]
            .find_map(|(name, key)| (name == kid).then_some(key))
    }

    /// All keys with their `kid`s, the current one first, then the former ones as they were added.
    pub fn keys(&self) -> impl Iterator<Item = (&'k str, &Key<A>)> {
        core::iter::once(&self.current)
            .chain(self.former.iter().flatten())
            .map(|(kid, key)| (*kid, key))
    }
}

impl<A: Algorithm, const N: usize> fmt::Debug for Keyring<'_, A, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.keys()).finish()
    }
}

/// Why a key does not join a [`Keyring`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringError {
    /// The ring has a key of this `kid`.
    Duplicate,
    /// The ring holds as many former keys as it has room for.
    Full,
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Duplicate => "the key ring has a key of this name",
            Self::Full => "the key ring is full",
        })
    }
}

impl core::error::Error for KeyringError {}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::vec::Vec;

    use super::*;
    use crate::mac::Hs256;

    fn key(byte: u8) -> Key<Hs256> {
        Key::new(&[byte; 32]).unwrap()
    }

    #[test]
    fn the_current_key_comes_first() {
        let ring = Keyring::<_, 2>::new("c", key(1))
            .with_former("b", key(2))
            .and_then(|ring| ring.with_former("a", key(3)))
            .unwrap();
        let kids: Vec<_> = ring.keys().map(|(kid, _)| kid).collect();
        assert_eq!(kids, ["c", "b", "a"]);
        assert_eq!(ring.current().0, "c");
    }

    #[test]
    fn a_duplicate_kid_is_refused_even_when_full() {
        let ring = Keyring::<_, 1>::new("c", key(1));
        assert_eq!(
            ring.clone().with_former("c", key(2)).err(),
            Some(KeyringError::Duplicate)
        );
        let ring = ring.with_former("b", key(2)).unwrap();
        assert_eq!(
            ring.clone().with_former("b", key(3)).err(),
            Some(KeyringError::Duplicate)
        );
        assert_eq!(
            ring.with_former("a", key(3)).err(),
            Some(KeyringError::Full)
        );
    }

    #[test]
    fn an_unknown_kid_finds_nothing() {
        assert!(Keyring::<_, 0>::new("c", key(1)).find("C").is_none());
        assert!(Keyring::<_, 0>::new("c", key(1)).find("").is_none());
    }

    #[test]
    fn a_derived_ring_holds_the_derived_keys_under_the_same_names() {
        let ring = Keyring::<_, 2>::new("c", key(1))
            .with_former("b", key(2))
            .unwrap();
        let derived = ring.derive("a purpose");
        assert!(derived.keys().map(|(kid, _)| kid).eq(["c", "b"]));
        for (kid, byte) in [("c", 1), ("b", 2)] {
            let tag = key(byte).derive("a purpose").tag(b"m");
            let key = derived.find(kid).unwrap();
            assert!(key.verify(b"m", tag.as_ref()).is_ok());
        }
    }

    #[test]
    fn debug_names_keys_and_shows_none() {
        assert_eq!(
            format!("{:?}", Keyring::<_, 0>::new("c", key(1))),
            r#"{"c": Key(HS256, [secret elided])}"#
        );
    }
}
