//! `refresh`.

use core::fmt::{Debug, Display};

use hardtack::json;
use hardtack::mac::Hs256;
use hardtack::refresh::*;
use hardtack::time::UnixTime;

use super::Fill;

type Memory = Families<u64, 16>;

crate::linked! {
    "refresh::Error::Display::fmt": <Error as Display>::fmt;
    "refresh::Families::Store::insert": <Families<u64, 16> as Store<u64>>::insert;
    "refresh::Families::Store::load": <Families<u64, 16> as Store<u64>>::load;
    "refresh::Families::Store::remove": <Families<u64, 16> as Store<u64>>::remove;
    "refresh::Families::Store::remove_user": <Families<u64, 16> as Store<u64>>::remove_user;
    "refresh::Families::Store::replace": <Families<u64, 16> as Store<u64>>::replace;
    "refresh::Families::Store::rules": <Families<u64, 16> as Store<u64>>::rules;
    "refresh::Families::check": Families::<u64, 16>::check;
    "refresh::Families::insert": Families::<u64, 16>::insert;
    "refresh::Families::is_empty": Families::<u64, 16>::is_empty;
    "refresh::Families::len": Families::<u64, 16>::len;
    "refresh::Families::new": Families::<u64, 16>::new;
    "refresh::Families::of_user": |it: &Families<u64, 16>, user: &u64, now: UnixTime| it.of_user(user, now).count();
    "refresh::Families::open": |it: &mut Families<u64, 16>, grant: Grant<u64>, fill: Fill, now: UnixTime| it.open(grant, fill, now);
    "refresh::Families::purge": Families::<u64, 16>::purge;
    "refresh::Families::revoke": Families::<u64, 16>::revoke;
    "refresh::Families::revoke_all": Families::<u64, 16>::revoke_all;
    "refresh::Families::revoke_user": Families::<u64, 16>::revoke_user;
    "refresh::Families::rotate": Families::<u64, 16>::rotate;
    "refresh::Families::rules": Families::<u64, 16>::rules;
    "refresh::Family::check": Family::<u64>::check;
    "refresh::Family::decide": Family::<u64>::decide;
    "refresh::Family::from_parts": Family::<u64>::from_parts;
    "refresh::Family::grant": Family::<u64>::grant;
    "refresh::Family::id": Family::<u64>::id;
    "refresh::Family::new": |grant: Grant<u64>, rules: &Rules, fill: Fill, now: UnixTime| Family::<u64>::new(grant, rules, fill, now);
    "refresh::Family::state": Family::<u64>::state;
    "refresh::Family::ticket": Family::<u64>::ticket;
    "refresh::Family::with": Family::<u64>::with;
    "refresh::FamilyId::Debug::fmt": <FamilyId as Debug>::fmt;
    "refresh::FamilyId::Deserialize::deserialize": |text: &[u8], scratch: &mut [u8]| json::read::<FamilyId>(text, scratch).is_ok();
    "refresh::FamilyId::Display::fmt": <FamilyId as Display>::fmt;
    "refresh::FamilyId::Serialize::serialize": |value: &FamilyId, buffer: &mut [u8]| json::write(value, buffer).is_ok();
    "refresh::FamilyId::as_bytes": FamilyId::as_bytes;
    "refresh::FamilyId::from_bytes": FamilyId::from_bytes;
    "refresh::FamilyId::len": FamilyId::len;
    "refresh::FamilyId::parse": FamilyId::parse;
    "refresh::FamilyId::write": FamilyId::write;
    "refresh::Fault::Display::fmt": <Fault<Error> as Display>::fmt;
    "refresh::Fault::Error::source": <Fault<Error> as core::error::Error>::source;
    "refresh::Grant::Debug::fmt": <Grant<u64> as Debug>::fmt;
    "refresh::Grant::Deserialize::deserialize": |text: &[u8], scratch: &mut [u8]| json::read::<Grant<u64>>(text, scratch).is_ok();
    "refresh::Grant::Serialize::serialize": |value: &Grant<u64>, buffer: &mut [u8]| json::write(value, buffer).is_ok();
    "refresh::Grant::authenticated_at": Grant::<u64>::authenticated_at;
    "refresh::Grant::client": Grant::<u64>::client;
    "refresh::Grant::evidence": Grant::<u64>::evidence;
    "refresh::Grant::new": Grant::<u64>::new;
    "refresh::Grant::scope": Grant::<u64>::scope;
    "refresh::Grant::user": Grant::<u64>::user;
    "refresh::Rules::new": Rules::new;
    "refresh::Rules::with_grace": Rules::with_grace;
    "refresh::Rules::with_per_user": Rules::with_per_user;
    "refresh::Seal::new": Seal::<Hs256, 1>::new;
    "refresh::Seal::sign": Seal::<Hs256, 1>::sign;
    "refresh::Seal::verify": |it: &Seal<Hs256, 1>, token: &[u8]| it.verify(token);
    "refresh::State::counter": State::counter;
    "refresh::State::end": State::end;
    "refresh::State::ends": State::ends;
    "refresh::State::from_bytes": State::from_bytes;
    "refresh::State::rotated": State::rotated;
    "refresh::State::to_bytes": State::to_bytes;
    "refresh::Ticket::counter": Ticket::counter;
    "refresh::Ticket::family": Ticket::family;
    "refresh::Token::Debug::fmt": <Token as Debug>::fmt;
    "refresh::Token::Drop::drop": drop::<Token>;
    "refresh::Token::Serialize::serialize": |value: &Token, buffer: &mut [u8]| json::write(value, buffer).is_ok();
    "refresh::Token::expose": Token::expose;
    "refresh::conformance": |one: &mut Memory, other: &mut Memory, users: [u64; 2], fill: Fill, now: UnixTime| conformance(one, other, users, fill, now).is_ok();
}
