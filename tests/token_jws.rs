//! Raw JWS: any payload, header parameters of one's own, detached payloads.

#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    unreachable_pub,
    dead_code
)]

use std::collections::BTreeMap;

use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::token::{Error, Jws, Type, Unverified};
use serde::{Deserialize, Serialize};

#[path = "token/forge.rs"]
mod forge;

use forge::{encode, forge, key, sign};

const JWS: Jws<'_> = Jws::untyped();
const NOTE: Jws<'_> = Jws::new(match Type::new("note") {
    Ok(typ) => typ,
    Err(_) => panic!("not a type"),
});

fn bytes(len: usize) -> Vec<u8> {
    (0..=u8::MAX)
        .map(|at| at.wrapping_mul(89))
        .cycle()
        .take(len)
        .collect()
}

fn verify(jws: Jws<'_>, token: &str) -> Result<Vec<u8>, Error> {
    let mut scratch = vec![0; token.len() + 64];
    jws.verify(&key(), token.as_bytes(), &mut scratch)
        .map(|signed| signed.payload().to_vec())
}

#[test]
fn any_bytes_come_back() {
    let mut buffer = vec![0; 4096];
    for len in 0..600 {
        let payload = bytes(len);
        let token = NOTE.sign(&key(), &payload, &mut buffer).unwrap();
        assert_eq!(token.len(), NOTE.len(&key(), len).unwrap());
        assert_eq!(
            token,
            forge(&key(), r#"{"alg":"HS256","typ":"note"}"#, &payload)
        );
        assert_eq!(verify(NOTE, token), Ok(payload));
    }
}

#[test]
fn the_type_is_the_one_expected() {
    let mut buffer = [0; 128];
    let note = NOTE.sign(&key(), b"a", &mut buffer).unwrap().to_owned();
    let plain = JWS.sign(&key(), b"a", &mut buffer).unwrap().to_owned();
    assert_eq!(verify(NOTE, &note), Ok(b"a".to_vec()));
    assert_eq!(verify(JWS, &plain), Ok(b"a".to_vec()));
    assert_eq!(verify(NOTE, &plain), Err(Error::Type));
    assert_eq!(verify(JWS, &note), Err(Error::Type));
    assert_eq!(verify(Jws::new(Type::JWT), &note), Err(Error::Type));
    assert_ne!(Type::new("note"), Ok(Type::JWT));
}

#[test]
fn extensions_are_refused_here_too() {
    for header in [
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
    ] {
        let token = forge(&key(), header, "a");
        assert_eq!(verify(JWS, &token), Err(Error::Header), "{header}");
        let mut scratch = [0; 256];
        // RFC 7797: the payload is detached and signed as it is.
        let unencoded = sign(&key(), &format!("{}.a", encode(header)));
        let (start, tag) = unencoded.rsplit_once('.').unwrap();
        let start = start.trim_end_matches('a');
        let token = format!("{start}.{tag}");
        assert_eq!(
            JWS.verify_detached(&key(), token.as_bytes(), b"a", &mut scratch)
                .err(),
            Some(Error::Header)
        );
    }
}

#[test]
fn header_parameters_of_ones_own() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Acme<'t> {
        nonce: &'t str,
        url: &'t str,
        cty: Option<&'t str>,
    }
    let acme = Acme {
        nonce: "n\"",
        url: "https://ca.example/acme",
        cty: Some("x"),
    };
    let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    let ring = Keyring::<_, 0>::new("k", key());
    let jws = NOTE.header(&acme);
    let token = jws.sign(&ring, b"a", &mut buffer).unwrap();
    assert_eq!(token.len(), jws.len(&ring, 1).unwrap());
    let expected = concat!(
        r#"{"alg":"HS256","typ":"note","kid":"k","#,
        r#""nonce":"n\"","url":"https://ca.example/acme","cty":"x"}"#
    );
    assert_eq!(token, forge(&key(), expected, "a"));
    let signed = NOTE.verify(&ring, token.as_bytes(), &mut scratch).unwrap();
    assert_eq!(signed.payload(), b"a");
    assert_eq!(signed.header(), Ok(acme));

    // What is no such header.
    let plain = NOTE.sign(&ring, b"a", &mut buffer).unwrap();
    let signed = NOTE.verify(&ring, plain.as_bytes(), &mut scratch).unwrap();
    assert_eq!(signed.header::<Acme<'_>>(), Err(Error::Header));
    let signed = NOTE.verify(&ring, plain.as_bytes(), &mut scratch).unwrap();
    let all: BTreeMap<String, String> = signed.header().unwrap();
    assert_eq!(all["alg"], "HS256");
    assert_eq!(all["kid"], "k");
}

// [7515-4.1.11-2]
#[test]
fn header_parameters_that_are_not_ones_own() {
    let mut buffer = [0xAA; 512];
    for name in ["alg", "typ", "kid", "crit", "b64"] {
        let extra = BTreeMap::from([(name, "x")]);
        let jws = JWS.header(&extra);
        assert_eq!(jws.sign(&key(), b"a", &mut buffer), Err(Error::Header));
        assert_eq!(
            jws.sign_detached(&key(), b"a", &mut buffer),
            Err(Error::Header)
        );
        assert_eq!(jws.len(&key(), 1), Err(Error::Header));
    }
    assert_eq!(
        JWS.header(&1).sign(&key(), b"a", &mut buffer),
        Err(Error::Header)
    );
    assert_eq!(buffer, [0xAA; 512]);
}

#[test]
fn a_detached_payload_is_signed_and_not_sent() {
    let (mut buffer, mut other, mut scratch) = ([0; 4096], [0; 128], [0; 128]);
    // Around the pieces in which it is encoded.
    for len in (0..10).chain(40..60).chain(90..100).chain([1000]) {
        let payload = bytes(len);
        let whole = NOTE.sign(&key(), &payload, &mut buffer).unwrap();
        let token = NOTE.sign_detached(&key(), &payload, &mut other).unwrap();
        assert_eq!(token.len(), NOTE.len(&key(), 0).unwrap());
        let parts: Vec<&str> = whole.split('.').collect();
        assert_eq!(token, format!("{}..{}", parts[0], parts[2]));
        let signed = NOTE.verify_detached(&key(), token.as_bytes(), &payload, &mut scratch);
        assert_eq!(signed.unwrap().payload(), b"");
        if len > 0 {
            let refused = NOTE.verify_detached(&key(), token.as_bytes(), b"", &mut scratch);
            assert_eq!(refused.err(), Some(Error::Signature));
            // With its payload in it, it is no detached one, whatever is said beside.
            let mut scratch = [0; 2048];
            let refused = NOTE.verify_detached(&key(), whole.as_bytes(), &payload, &mut scratch);
            assert_eq!(refused.err(), Some(Error::Malformed));
            // And as an attached one it is a token of nothing.
            let refused = NOTE.verify(&key(), token.as_bytes(), &mut scratch);
            assert_eq!(refused.err(), Some(Error::Signature));
        }
    }
}

#[test]
fn all_or_nothing() {
    let (needed, detached) = (JWS.len(&key(), 5).unwrap(), JWS.len(&key(), 0).unwrap());
    for len in 0..needed + 2 {
        let mut buffer = vec![0xAA; len];
        let signed = JWS.sign(&key(), b"hello", &mut buffer).map(str::len);
        if len < needed {
            assert!(matches!(signed, Err(Error::NoRoom(room)) if room.needed == needed));
            assert_eq!(buffer, vec![0xAA; len]);
        } else {
            assert_eq!(signed, Ok(needed));
        }
        let mut buffer = vec![0xAA; len];
        let signed = JWS
            .sign_detached(&key(), b"hello", &mut buffer)
            .map(str::len);
        if len < detached {
            assert!(matches!(signed, Err(Error::NoRoom(room)) if room.needed == detached));
            assert_eq!(buffer, vec![0xAA; len]);
        } else {
            assert_eq!(signed, Ok(detached));
        }
    }
}

#[test]
fn longer_than_the_cap() {
    let mut buffer = [0; 512];
    let token = JWS.sign(&key(), b"hello", &mut buffer).unwrap();
    assert!(verify(JWS.max_len(token.len()), token).is_ok());
    let short = JWS.max_len(token.len() - 1);
    assert_eq!(verify(short, token), Err(Error::TooLong));
    // A payload beside it is as long as it is.
    let token = JWS.sign_detached(&key(), &[0; 9000], &mut buffer).unwrap();
    let mut scratch = [0; 128];
    let signed = JWS.verify_detached(&key(), token.as_bytes(), &[0; 9000], &mut scratch);
    assert!(signed.is_ok());
}

#[test]
fn debug_shows_nothing_else_of_the_scratch_buffer() {
    let token = forge(&key(), r#"{"alg":"HS256"}"#, [1, 2, 3]);
    let mut scratch = [222; 128];
    let signed = JWS.verify(&key(), token.as_bytes(), &mut scratch).unwrap();
    let shown = format!("{signed:?}");
    assert!(
        shown.contains("[1, 2, 3]") && !shown.contains("222"),
        "{shown}"
    );
}

#[test]
fn an_unverified_token_is_only_looked_at() {
    let other = Key::<Hs256>::new(&[9; 32]).unwrap();
    let token = forge(&other, "no header", [0xFF, 0]);
    let mut scratch = [0; 64];
    let seen = Unverified::parse(token.as_bytes(), &mut scratch).unwrap();
    assert_eq!(seen.header(), b"no header");
    assert_eq!(seen.payload(), [0xFF, 0]);
    for bad in [
        "",
        ".",
        "a.b",
        "a.b.c",
        "YQ.YQ.YQ.",
        "YQ.YQ.YQ=",
        "YQ.YQ.Y Q",
    ] {
        let mut scratch = [0; 64];
        assert_eq!(
            Unverified::parse(bad.as_bytes(), &mut scratch).err(),
            Some(Error::Malformed),
            "{bad}"
        );
    }
    assert!(matches!(
        Unverified::parse(token.as_bytes(), &mut [0; 10]).err(),
        Some(Error::NoRoom(room)) if room.needed == 11
    ));
}
