use crate::mac::{Algorithm, Key, Keyring};

/// What signs and verifies tokens: a [`Key`], or a [`Keyring`] whose keys have names.
///
/// The trait is sealed. Which key a token is verified with is decided by the `kid` of its header
/// (RFC 7515 §4.1.4), and one MAC is computed, never more:
///
/// | | token with `kid` | token without |
/// | --- | --- | --- |
/// | [`Keyring`] | the key of exactly this name; an unknown name is refused, no other key is tried | the current key alone |
/// | [`Key`] | the key: it has no name, so the token's name for it says nothing | the key |
///
/// A [`Keyring`] signs with its current key and writes its `kid`; a [`Key`] writes none.
///
/// ```
/// use core::time::Duration;
/// use hardtack::mac::{Hs256, Key, Keyring};
/// use hardtack::time::UnixTime;
/// use hardtack::token::{Claims, Error, Signer, Type, Verifier};
///
/// const SIGNER: Signer<'_> = Signer::new(Type::JWT, "https://login.example", Duration::from_secs(300));
/// const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, "https://login.example");
///
/// # let (old, new) = ([1; 32], [2; 32]);
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let (mut buffer, mut scratch) = ([0; 256], [0; 256]);
/// let october = Keyring::<Hs256>::new("2026-10", Key::new(&old)?);
/// let token = SIGNER.sign(&october, &Claims::of("ada"), &mut buffer, now)?.as_bytes();
///
/// // November still knows October's key, December does not.
/// let november = Keyring::<Hs256, 1>::new("2026-11", Key::new(&new)?)
///     .with_former("2026-10", Key::new(&old)?)?;
/// assert!(VERIFIER.verify(&november, token, &mut scratch, now).is_ok());
/// let december = Keyring::<Hs256>::new("2026-12", Key::new(&new)?);
/// let refused = VERIFIER.verify(&december, token, &mut scratch, now);
/// assert_eq!(refused.err(), Some(Error::UnknownKey));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Keys: sealed::Sealed {}

pub(super) mod sealed {
    use super::{Algorithm, Key};

    pub trait Sealed {
        /// The algorithm of every key here.
        type Algorithm: Algorithm;

        /// The key that signs, and its name.
        fn signing(&self) -> (Option<&str>, &Key<Self::Algorithm>);
        /// The key that verifies a token of this `kid`.
        fn verifying(&self, kid: Option<&str>) -> Option<&Key<Self::Algorithm>>;
    }
}

impl<A: Algorithm> Keys for Key<A> {}

impl<A: Algorithm> sealed::Sealed for Key<A> {
    type Algorithm = A;

    fn signing(&self) -> (Option<&str>, &Self) {
        (None, self)
    }

    fn verifying(&self, _kid: Option<&str>) -> Option<&Self> {
        Some(self)
    }
}

impl<A: Algorithm, const N: usize> Keys for Keyring<'_, A, N> {}

impl<A: Algorithm, const N: usize> sealed::Sealed for Keyring<'_, A, N> {
    type Algorithm = A;

    fn signing(&self) -> (Option<&str>, &Key<A>) {
        let (kid, key) = self.current();
        (Some(kid), key)
    }

    fn verifying(&self, kid: Option<&str>) -> Option<&Key<A>> {
        match kid {
            Some(kid) => self.find(kid),
            None => Some(self.current().1),
        }
    }
}
