//! `token`.

use core::fmt::Display;

use hardtack::json;
use hardtack::mac::{Hs256, Hs512, Key, Keyring};
use hardtack::time::UnixTime;
use hardtack::token::*;
use hardtack::write::NoRoom;
use serde::{Deserialize, Serialize};

/// Claims, or header parameters, of a program's own.
#[derive(Deserialize, Serialize)]
pub struct Own<'t> {
    role: Option<&'t str>,
    tenant: u32,
}

type Hs256Key = Key<Hs256>;

crate::linked! {
    "token::Claim::from_name": Claim::from_name;
    "token::Claim::name": Claim::name;
    "token::Claims::acr": Claims::acr;
    "token::Claims::auth_time": Claims::auth_time;
    "token::Claims::authenticated": Claims::authenticated::<u64>;
    "token::Claims::client_id": Claims::client_id;
    "token::Claims::jti": Claims::jti;
    "token::Claims::nbf": Claims::nbf;
    "token::Claims::of": Claims::of;
    "token::Claims::scope": Claims::scope;
    "token::Claims::sid": Claims::sid;
    "token::Error::Display::fmt": <Error as Display>::fmt;
    "token::Error::From::from": <Error as From<NoRoom>>::from;
    "token::InvalidType::Display::fmt": <InvalidType as Display>::fmt;
    "token::Jws::header": Jws::header::<Own>;
    "token::Jws::len": |jws: &Jws<Own>, keys: &Hs256Key, len: usize| jws.len(keys, len);
    "token::Jws::max_len": Jws::<()>::max_len;
    "token::Jws::new": Jws::new;
    "token::Jws::sign": |jws: &Jws<Own>, keys: &Hs256Key, payload: &[u8], buffer: &mut [u8]| jws.sign(keys, payload, buffer).is_ok();
    "token::Jws::sign_detached": |jws: &Jws<Own>, keys: &Hs256Key, payload: &[u8], buffer: &mut [u8]| jws.sign_detached(keys, payload, buffer).is_ok();
    "token::Jws::untyped": Jws::untyped;
    "token::Jws::verify": |jws: &Jws<Own>, keys: &Hs256Key, token: &[u8], scratch: &mut [u8]| jws.verify(keys, token, scratch).is_ok();
    "token::Jws::verify_detached": |jws: &Jws<Own>, keys: &Hs256Key, token: &[u8], payload: &[u8], scratch: &mut [u8]| jws.verify_detached(keys, token, payload, scratch).is_ok();
    "token::Signed::header": |signed: Signed| signed.header::<Own>().is_ok();
    "token::Signed::payload": Signed::payload;
    "token::Signer::access_token": Signer::access_token;
    "token::Signer::audience": Signer::audience;
    "token::Signer::audiences": Signer::audiences;
    "token::Signer::len": |signer: &Signer, keys: &Hs256Key, claims: &Claims, now: UnixTime| signer.len(keys, claims, now);
    "token::Signer::len_with": |signer: &Signer, keys: &Hs256Key, claims: &Claims, own: &Own, now: UnixTime| signer.len_with(keys, claims, own, now);
    "token::Signer::lifetime": Signer::lifetime;
    "token::Signer::new": Signer::new;
    "token::Signer::sign": |signer: &Signer, keys: &Hs256Key, claims: &Claims, buffer: &mut [u8], now: UnixTime| signer.sign(keys, claims, buffer, now).is_ok();
    "token::Signer::sign, a ring of HS512": |signer: &Signer, keys: &Keyring<Hs512, 2>, claims: &Claims, buffer: &mut [u8], now: UnixTime| signer.sign(keys, claims, buffer, now).is_ok();
    "token::Signer::sign_with": |signer: &Signer, keys: &Hs256Key, claims: &Claims, own: &Own, buffer: &mut [u8], now: UnixTime| signer.sign_with(keys, claims, own, buffer, now).is_ok();
    "token::Signer::without_issuer": Signer::without_issuer;
    "token::Type::PartialEq::eq": <Type as PartialEq>::eq;
    "token::Type::matches": Type::matches;
    "token::Type::name": Type::name;
    "token::Type::new": Type::new;
    "token::Unverified::header": Unverified::header;
    "token::Unverified::parse": |token: &[u8], scratch: &mut [u8]| Unverified::parse(token, scratch).is_ok();
    "token::Unverified::payload": Unverified::payload;
    "token::Verified::acr": Verified::<u64>::acr;
    "token::Verified::amr": Verified::<u64>::amr;
    "token::Verified::aud": |it: &Verified<u64>| it.aud().count();
    "token::Verified::auth_time": Verified::<u64>::auth_time;
    "token::Verified::authenticate": |it: Verified<u64>, principal: fn(&str, &Verified<u64>) -> Option<u64>| it.authenticate(principal).is_ok();
    "token::Verified::client_id": Verified::<u64>::client_id;
    "token::Verified::exp": Verified::<u64>::exp;
    "token::Verified::iat": Verified::<u64>::iat;
    "token::Verified::into_own": Verified::<u64>::into_own;
    "token::Verified::iss": Verified::<u64>::iss;
    "token::Verified::jti": Verified::<u64>::jti;
    "token::Verified::nbf": Verified::<u64>::nbf;
    "token::Verified::own": Verified::<u64>::own;
    "token::Verified::scope": Verified::<u64>::scope;
    "token::Verified::sid": Verified::<u64>::sid;
    "token::Verified::sub": Verified::<u64>::sub;
    "token::Verifier::access_token": Verifier::access_token;
    "token::Verifier::allow_no_exp": Verifier::allow_no_exp;
    "token::Verifier::allow_no_typ": Verifier::allow_no_typ;
    "token::Verifier::any_audience": Verifier::any_audience;
    "token::Verifier::audience": Verifier::audience;
    "token::Verifier::leeway": Verifier::leeway;
    "token::Verifier::max_age": Verifier::max_age;
    "token::Verifier::max_len": Verifier::max_len;
    "token::Verifier::new": Verifier::new;
    "token::Verifier::require": Verifier::require;
    "token::Verifier::verify": |verifier: &Verifier, keys: &Hs256Key, token: &[u8], scratch: &mut [u8], now: UnixTime| verifier.verify(keys, token, scratch, now).is_ok();
    "token::Verifier::verify, a ring of HS512": |verifier: &Verifier, keys: &Keyring<Hs512, 2>, token: &[u8], scratch: &mut [u8], now: UnixTime| verifier.verify(keys, token, scratch, now).is_ok();
    "token::Verifier::verify_with": |verifier: &Verifier, keys: &Hs256Key, token: &[u8], scratch: &mut [u8], now: UnixTime| verifier.verify_with::<Own>(keys, token, scratch, now).is_ok();
    "token::Verifier::without_issuer": Verifier::without_issuer;
    "token::jwk::parse": |text: &[u8], scratch: &mut [u8]| jwk::parse::<Hs256>(text, scratch).is_ok();
    "token::jwk::parse_set": |text: &[u8], scratch: &mut [u8]| jwk::parse_set::<Hs256, 2>(text, scratch).is_ok();
    "token::jwk::Error::Display::fmt": <jwk::Error as Display>::fmt;
    "token::jwk::Error::From::from": <jwk::Error as From<json::Error>>::from;
}
