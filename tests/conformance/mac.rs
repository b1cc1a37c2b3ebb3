//! HMAC: RFC 4231 and Wycheproof, through the public door, which refuses short keys and truncated
//! tags. The unit tests of `mac` run the same cases below that door, short keys and all.

use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key, KeyError};
use serde_json::Value;

use crate::{ran, unhex, vectors};

#[track_caller]
fn check<A: Algorithm>(case: &Value, valid: bool) {
    let bytes = |field: &str| unhex(case[field].as_str().unwrap());
    let (key, message, tag) = (bytes("key"), bytes("msg"), bytes("tag"));
    match Key::<A>::new(&key) {
        Err(KeyError::TooShort) => assert!(key.len() < A::TAG_LEN),
        Err(other) => panic!("{other}"),
        Ok(key) => {
            let whole = tag.len() == A::TAG_LEN;
            assert_eq!(key.verify(&message, &tag).is_ok(), valid && whole, "{case}");
            assert_eq!(key.tag(&message).as_ref().starts_with(&tag), valid);
        }
    }
}

#[test]
fn rfc_4231() {
    let Some(file) = vectors("token/rfc4231.json") else {
        return;
    };
    let mut cases = 0;
    for case in file["tests"].as_array().unwrap() {
        match case["alg"].as_str().unwrap() {
            "sha256" => check::<Hs256>(case, true),
            "sha384" => check::<Hs384>(case, true),
            "sha512" => check::<Hs512>(case, true),
            // No algorithm of JWS.
            other => {
                assert_eq!(other, "sha224");
                continue;
            }
        }
        cases += 1;
    }
    ran("RFC 4231", cases);
}

fn wycheproof<A: Algorithm>(name: &str) {
    let Some(file) = vectors(&format!("token/{name}.json")) else {
        return;
    };
    let mut cases = 0;
    for group in file["testGroups"].as_array().unwrap() {
        for case in group["tests"].as_array().unwrap() {
            check::<A>(case, case["result"] == "valid");
            cases += 1;
        }
    }
    ran(name, cases);
}

#[test]
fn wycheproof_hmac() {
    wycheproof::<Hs256>("wycheproof-hmac-sha256");
    wycheproof::<Hs384>("wycheproof-hmac-sha384");
    wycheproof::<Hs512>("wycheproof-hmac-sha512");
}
