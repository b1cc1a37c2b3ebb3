//! `time`, `secret`, `write`, `mac`, `date`, `scope`.

use core::fmt::{Debug, Display};

use hardtack::date::{self, ImfFixdate};
use hardtack::json;
use hardtack::mac::*;
use hardtack::scope::{self, Scope};
use hardtack::secret::*;
use hardtack::time::*;
use hardtack::write::*;

use super::Fill;

crate::linked! {
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
    "mac::Key::new, Hs384": Key::<Hs384>::new;
    "mac::Key::new, Hs512": Key::<Hs512>::new;
    "mac::Key::derive": Key::<Hs256>::derive;
    "mac::Key::derive, Hs384": Key::<Hs384>::derive;
    "mac::Key::derive, Hs512": Key::<Hs512>::derive;
    "mac::Key::tag": Key::<Hs256>::tag;
    "mac::Key::tag, Hs384": Key::<Hs384>::tag;
    "mac::Key::tag, Hs512": Key::<Hs512>::tag;
    "mac::Key::verify": Key::<Hs256>::verify;
    "mac::Key::verify, Hs384": Key::<Hs384>::verify;
    "mac::Key::verify, Hs512": Key::<Hs512>::verify;
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
    "mac::Keyring::derive": Keyring::<Hs256, 2>::derive;
    "date::Error::Display::fmt": <date::Error as Display>::fmt;
    "date::ImfFixdate::Display::fmt": <ImfFixdate as Display>::fmt;
    "date::ImfFixdate::len": ImfFixdate::len;
    "date::ImfFixdate::new": ImfFixdate::new;
    "date::ImfFixdate::time": ImfFixdate::time;
    "date::ImfFixdate::to_bytes": ImfFixdate::to_bytes;
    "date::ImfFixdate::write": ImfFixdate::write;
    "date::parse": date::parse;
    "scope::Error::Display::fmt": <scope::Error as Display>::fmt;
    "scope::Scope::Deserialize::deserialize": |text: &[u8], scratch: &mut [u8]| json::read::<Scope>(text, scratch).is_ok();
    "scope::Scope::Display::fmt": <Scope as Display>::fmt;
    "scope::Scope::PartialEq::eq": <Scope as PartialEq>::eq;
    "scope::Scope::Serialize::serialize": |value: &Scope, buffer: &mut [u8]| json::write(value, buffer).is_ok();
    "scope::Scope::as_str": Scope::as_str;
    "scope::Scope::contains": Scope::contains;
    "scope::Scope::is_none": Scope::is_none;
    "scope::Scope::is_subset_of": Scope::is_subset_of;
    "scope::Scope::iter": |it: Scope| it.iter().count();
    "scope::Scope::parse": Scope::parse;
}
