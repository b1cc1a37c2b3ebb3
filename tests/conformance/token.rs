//! JWS and JWK: RFC 7515, RFC 7520 and Wycheproof. Payloads of JWS are any bytes, so that they go
//! by [`Jws`]; where they are claims, by [`Verifier`] too.

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::time::UnixTime;
use hardtack::token::{Error, Jws, Type, Verifier, jwk};
use serde_json::Value;

use crate::{ran, vectors};

const JWS: Jws<'_> = Jws::untyped();

fn decode(text: &str) -> Vec<u8> {
    let mut buffer = vec![0; text.len()];
    Base64UrlUnpadded::decode(text, &mut buffer)
        .unwrap()
        .to_vec()
}

/// The keys of a group: one JWK, or a set of them.
enum Keys<A: Algorithm> {
    One(Key<A>),
    Ring(Keyring<'static, A, 4>),
}

fn keys<A: Algorithm>(group: &Value) -> Result<Keys<A>, jwk::Error> {
    let text: &'static str = group["private"].to_string().leak();
    if group["private"]["keys"].is_array() {
        return jwk::parse_set(text.as_bytes(), &mut []).map(Keys::Ring);
    }
    let (kid, key) = jwk::parse(text.as_bytes(), &mut [])?;
    Ok(match kid {
        Some(kid) => Keys::Ring(Keyring::new(kid, key)),
        None => Keys::One(key),
    })
}

fn verify<A: Algorithm>(keys: &Keys<A>, token: &str) -> Result<Vec<u8>, Error> {
    let mut scratch = vec![0; token.len()];
    let signed = match keys {
        Keys::One(key) => JWS.verify(key, token.as_bytes(), &mut scratch),
        Keys::Ring(ring) => JWS.verify(ring, token.as_bytes(), &mut scratch),
    }?;
    Ok(signed.payload().to_vec())
}

#[track_caller]
fn check_group<A: Algorithm>(group: &Value) -> usize {
    let keys = keys::<A>(group);
    let tests = group["tests"].as_array().unwrap();
    for test in tests {
        let verified = match &keys {
            Ok(keys) => verify(keys, test["jws"].as_str().unwrap()).is_ok(),
            Err(_) => false,
        };
        assert_eq!(verified, test["result"] == "valid", "{test}");
    }
    tests.len()
}

/// All groups of a file; the algorithm is the one that the key or the first key names, as a
/// program would know it.
fn check_file(name: &str, expected: usize) {
    let Some(file) = vectors(&format!("token/{name}.json")) else {
        return;
    };
    let cases = file["testGroups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let first = group["private"].pointer("/keys/0");
            match first.unwrap_or(&group["private"])["alg"].as_str() {
                Some("HS384") => check_group::<Hs384>(group),
                Some("HS512") => check_group::<Hs512>(group),
                _ => check_group::<Hs256>(group),
            }
        })
        .sum();
    assert_eq!(cases, expected);
    ran(name, cases);
}

#[test]
fn wycheproof_jws() {
    check_file("wycheproof-jws-hmac", 36);
}

#[test]
fn wycheproof_jwk() {
    check_file("wycheproof-jwk-oct", 14);
}

#[test]
fn rfc_7515_a_1() {
    let Some(file) = vectors("token/rfc7515_a1.json") else {
        return;
    };
    let key = Key::<Hs256>::new(&decode(file["k"].as_str().unwrap())).unwrap();
    let token = file["jws"].as_str().unwrap();
    let mut scratch = [0; 512];
    let verify = |verifier: Verifier<'_>, scratch: &mut [u8], now| {
        verifier
            .verify(&key, token.as_bytes(), scratch, UnixTime::from_secs(now))
            .map(|verified| verified.exp())
    };
    let verifier = Verifier::new(Type::JWT, "joe");
    let exp = 1_300_819_380;
    assert_eq!(
        verify(verifier, &mut scratch, exp - 1),
        Ok(Some(UnixTime::from_secs(exp)))
    );
    assert_eq!(verify(verifier, &mut scratch, exp), Err(Error::Expired));
    let lax = verifier.leeway(Duration::from_secs(1));
    assert!(verify(lax, &mut scratch, exp).is_ok());
    let signed = Jws::new(Type::JWT)
        .verify(&key, token.as_bytes(), &mut scratch)
        .unwrap();
    assert_eq!(
        signed.payload(),
        file["payload"].as_str().unwrap().as_bytes()
    );
    ran("RFC 7515 A.1", 1);
}

#[test]
fn rfc_7520_4_4() {
    let (Some(file), Some(jwk)) = (
        vectors("token/rfc7520-4_4.json"),
        vectors("token/rfc7520-3_5.json"),
    ) else {
        return;
    };
    let jwk = jwk.to_string();
    let (kid, key) = jwk::parse::<Hs256>(jwk.as_bytes(), &mut []).unwrap();
    let ring = Keyring::<_, 0>::new(kid.unwrap(), key);
    let payload = file["input"]["payload"].as_str().unwrap().as_bytes();
    let token = file["output"]["compact"].as_str().unwrap();

    // Its header is the one that is written here, so that the whole token is.
    let mut buffer = [0; 512];
    assert_eq!(JWS.sign(&ring, payload, &mut buffer), Ok(token));
    let mut scratch = [0; 512];
    let signed = JWS.verify(&ring, token.as_bytes(), &mut scratch).unwrap();
    assert_eq!(signed.payload(), payload);

    // RFC 7520 §4.5 is the same with its payload detached.
    let (header, rest) = token.split_once('.').unwrap();
    let (_, tag) = rest.split_once('.').unwrap();
    let detached = format!("{header}..{tag}");
    assert_eq!(
        JWS.sign_detached(&ring, payload, &mut buffer),
        Ok(detached.as_str())
    );
    assert!(
        JWS.verify_detached(&ring, detached.as_bytes(), payload, &mut scratch)
            .is_ok()
    );
    ran("RFC 7520 4.4", 1);
}
