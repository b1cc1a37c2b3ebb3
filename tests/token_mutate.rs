//! Nothing but the very token is accepted: every flipped bit, every truncation, every byte more.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    unreachable_pub,
    dead_code
)]

use std::time::Duration;

use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::token::{Claims, Error, Jws, Signer, Verifier};

#[path = "token/forge.rs"]
mod forge;

use forge::{API, ISSUER, NOW};

const SIGNER: Signer<'_> = Signer::access_token(ISSUER, API, Duration::from_secs(300));
const VERIFIER: Verifier<'_> = Verifier::access_token(ISSUER, API);

/// Every change of a token, without the token itself.
fn changes(token: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let flipped = (0..token.len() * 8).map(move |bit| {
        let mut changed = token.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    });
    let shortened = (0..token.len()).flat_map(move |len| {
        let without = [&token[..len], &token[len + 1..]].concat();
        [token[..len].to_vec(), token[len + 1..].to_vec(), without]
    });
    let lengthened = (0..=token.len()).flat_map(move |at| {
        [b'A', b'.', b'=', b' ', 0].map(|byte| {
            let mut changed = token.to_vec();
            changed.insert(at, byte);
            changed
        })
    });
    let swapped = (1..token.len()).filter_map(move |at| {
        let mut changed = token.to_vec();
        changed.swap(at - 1, at);
        (changed != token).then_some(changed)
    });
    flipped.chain(shortened).chain(lengthened).chain(swapped)
}

#[track_caller]
fn check<A: Algorithm>(key: Key<A>) {
    let ring = Keyring::<_, 1>::new("2026-11", key)
        .with_former("2026-10", Key::new(&[9; 64]).unwrap())
        .unwrap();
    let claims = Claims::of("ada").client_id("web").jti("x7Qp");
    let mut buffer = [0; 512];
    let token = SIGNER.sign(&ring, &claims, &mut buffer, NOW).unwrap();
    let mut scratch = [0; 512];
    assert!(
        VERIFIER
            .verify(&ring, token.as_bytes(), &mut scratch, NOW)
            .is_ok()
    );
    let mut tried = 0;
    for changed in changes(token.as_bytes()) {
        let verified = VERIFIER.verify(&ring, &changed, &mut scratch, NOW);
        // Whatever else is wrong with it, no claim was looked at.
        assert!(
            matches!(
                verified,
                Err(Error::Malformed
                    | Error::Header
                    | Error::Algorithm
                    | Error::Type
                    | Error::UnknownKey
                    | Error::Signature)
            ),
            "{}",
            String::from_utf8_lossy(&changed)
        );
        tried += 1;
    }
    assert!(tried > 17 * token.len());
}

// [7515-5.2-8] [8725-3.3-1]
#[test]
fn every_change_of_an_access_token_is_refused() {
    check(Key::<Hs256>::new(&[7; 64]).unwrap());
    check(Key::<Hs384>::new(&[7; 64]).unwrap());
    check(Key::<Hs512>::new(&[7; 64]).unwrap());
}

#[test]
fn every_change_of_a_jws_is_refused() {
    const JWS: Jws<'_> = Jws::untyped();
    let key = forge::key();
    let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    for len in 0..8 {
        let payload = &[0xFB; 8][..len];
        let token = JWS.sign(&key, payload, &mut buffer).unwrap();
        assert!(JWS.verify(&key, token.as_bytes(), &mut scratch).is_ok());
        for changed in changes(token.as_bytes()) {
            assert!(JWS.verify(&key, &changed, &mut scratch).is_err());
        }
        let token = JWS.sign_detached(&key, payload, &mut buffer).unwrap();
        let verify = |token: &[u8], payload: &[u8], scratch: &mut [u8]| {
            JWS.verify_detached(&key, token, payload, scratch).is_ok()
        };
        assert!(verify(token.as_bytes(), payload, &mut scratch));
        for changed in changes(token.as_bytes()) {
            assert!(!verify(&changed, payload, &mut scratch));
        }
        for changed in changes(payload) {
            assert!(!verify(token.as_bytes(), &changed, &mut scratch));
        }
    }
}
