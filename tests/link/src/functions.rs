//! Every public function, method and trait method of hardtack, by its path.

use core::fmt::{Debug, Display};

use hardtack::identity::*;
use hardtack::mac::*;
use hardtack::secret::*;
use hardtack::time::*;
use hardtack::write::*;

use crate::linked;

/// A caller's random source, of which nothing is known.
type Fill = fn(&mut [u8]) -> Result<(), u8>;

linked! {
    "time::UnixTime::from_secs": UnixTime::from_secs;
    "time::UnixTime::as_secs": UnixTime::as_secs;
    "time::UnixTime::saturating_add": UnixTime::saturating_add;
    "time::UnixTime::saturating_sub": UnixTime::saturating_sub;
    "time::UnixTime::saturating_since": UnixTime::saturating_since;

    "secret::Secret::generate": |fill: Fill| Secret::<32>::generate(fill);
    "secret::Secret::from_bytes": Secret::<32>::from_bytes;
    "secret::Secret::expose": |secret: &Secret<32>| *secret.expose();
    "secret::Secret::matches": Secret::<32>::matches;
    "secret::Secret::Debug::fmt": <Secret<32> as Debug>::fmt;
    "secret::Secret::Drop::drop": drop::<Secret<32>>;

    "write::NoRoom::Display::fmt": <NoRoom as Display>::fmt;

    "mac::Key::new": Key::<Hs256>::new;
    "mac::Key::new Hs384": Key::<Hs384>::new;
    "mac::Key::new Hs512": Key::<Hs512>::new;
    "mac::Key::derive": Key::<Hs256>::derive;
    "mac::Key::derive Hs384": Key::<Hs384>::derive;
    "mac::Key::derive Hs512": Key::<Hs512>::derive;
    "mac::Key::tag": Key::<Hs256>::tag;
    "mac::Key::tag Hs384": Key::<Hs384>::tag;
    "mac::Key::tag Hs512": Key::<Hs512>::tag;
    "mac::Key::verify": Key::<Hs256>::verify;
    "mac::Key::verify Hs384": Key::<Hs384>::verify;
    "mac::Key::verify Hs512": Key::<Hs512>::verify;
    "mac::Key::Debug::fmt": <Key<Hs256> as Debug>::fmt;
    "mac::KeyError::Display::fmt": <KeyError as Display>::fmt;
    "mac::Tag::AsRef::as_ref": |tag: &Tag<Hs256>| tag.as_ref().len();
    "mac::Tag::Debug::fmt": <Tag<Hs256> as Debug>::fmt;
    "mac::InvalidTag::Display::fmt": <InvalidTag as Display>::fmt;
    "mac::Keyring::new": Keyring::<Hs256, 2>::new;
    "mac::Keyring::with_former": Keyring::<Hs256, 2>::with_former;
    "mac::Keyring::current": |ring: &Keyring<Hs256, 2>| ring.current().0.len();
    "mac::Keyring::find": |ring: &Keyring<Hs256, 2>, kid: &str| ring.find(kid).is_some();
    "mac::Keyring::keys": |ring: &Keyring<Hs256, 2>| ring.keys().count();

    "mac::Keyring::Debug::fmt": <Keyring<Hs256, 2> as Debug>::fmt;
    "mac::KeyringError::Display::fmt": <KeyringError as Display>::fmt;

    "identity::Authenticated::vouch": Authenticated::<u64>::vouch;
    "identity::Authenticated::principal": |who: &Authenticated<u64>| *who.principal();
    "identity::Authenticated::into_principal": Authenticated::<u64>::into_principal;
    "identity::Authenticated::evidence": Authenticated::<u64>::evidence;
    "identity::Authenticated::authenticated_at": Authenticated::<u64>::authenticated_at;
    "identity::Authenticated::method": Authenticated::<u64>::method;
    "identity::Authenticated::age": Authenticated::<u64>::age;
    "identity::Evidence::new": Evidence::new;
    "identity::Evidence::level": Evidence::level;
    "identity::Evidence::factors": Evidence::factors;
    "identity::Assurance::acr": Assurance::acr;
    "identity::Assurance::from_acr": Assurance::from_acr;
    "identity::Factors::union": Factors::union;
    "identity::Factors::contains": Factors::contains;
    "identity::Factors::is_multi_factor": Factors::is_multi_factor;
    "identity::Factors::from_name": Factors::from_name;
    "identity::Factors::names": |factors: Factors| factors.names().count();
    "identity::Factors::Debug::fmt": <Factors as Debug>::fmt;
}
