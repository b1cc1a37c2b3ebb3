//! Three laws of tokens:
//!
//! - what is minted is verified, and says what was put into it;
//! - no flipped bit and no missing end of a token verifies;
//! - the header that the verifier knows by heart and another spelling of it, which goes through the
//!   JSON reader, give the same answer for the same payload and the same name of a key, whatever
//!   these are.
//!
//! An input is about one algorithm, one flipped bit, one end, and one payload: it chooses them.

#![no_main]

use std::fmt::Debug;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Error, Signer, Type, Verified, Verifier};
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

const ISSUER: &str = "https://login.example";
const SIGNER: Signer<'_> = Signer::new(Type::JWT, ISSUER, Duration::from_secs(300));
const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, ISSUER).leeway(Duration::from_secs(5));

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    key: [u8; 64],
    now: i32,
    sub: &'a str,
    jti: &'a str,
    scope: &'a str,
    at: u16,
    payload: &'a [u8],
}

/// All that a token says, so that two can be compared.
fn said<'v>(result: &'v Result<Verified<'_>, Error>) -> Result<impl PartialEq + Debug + 'v, Error> {
    result.as_ref().map_err(|error| *error).map(|token| {
        let aud: Vec<_> = token.aud().collect();
        let texts = (
            token.iss(),
            token.sub(),
            token.jti(),
            token.client_id(),
            token.sid(),
        );
        let times = (token.exp(), token.nbf(), token.iat(), token.auth_time());
        (texts, times, aud, token.scope(), token.acr(), token.amr())
    })
}

fn minted<A: Algorithm>(input: &Input, key: &Key<A>, now: UnixTime) {
    let scope = Scope::parse(input.scope).unwrap_or(Scope::NONE);
    let claims = Claims::of(input.sub).jti(input.jti).scope(scope);
    let mut buffer = vec![0; SIGNER.len(key, &claims, now).unwrap()];
    let token = SIGNER
        .sign(key, &claims, &mut buffer, now)
        .unwrap()
        .as_bytes();

    let mut scratch = vec![0; 4 * token.len()];
    if token.len() <= Verifier::MAX_LEN {
        let verified = VERIFIER.verify(key, token, &mut scratch, now).unwrap();
        assert_eq!(verified.sub(), Some(input.sub));
        assert_eq!(verified.jti(), Some(input.jti));
        assert_eq!(verified.scope(), scope);
    }

    let at = usize::from(input.at);
    let mut flipped = token.to_vec();
    flipped[at / 8 % token.len()] ^= 1 << (at % 8);
    assert!(VERIFIER.verify(key, &flipped, &mut scratch, now).is_err());
    let cut = &token[..at % token.len()];
    assert!(VERIFIER.verify(key, cut, &mut scratch, now).is_err());
}

/// A token of this header and payload, signed by hand.
fn by_hand<A: Algorithm>(key: &Key<A>, header: &str, payload: &[u8]) -> String {
    let mut token = Base64UrlUnpadded::encode_string(header.as_bytes());
    token.push('.');
    token.push_str(&Base64UrlUnpadded::encode_string(payload));
    let tag = key.tag(token.as_bytes());
    token.push('.');
    token.push_str(&Base64UrlUnpadded::encode_string(tag.as_ref()));
    token
}

fn two_paths<A: Algorithm>(input: &Input, key: &Key<A>, now: UnixTime) {
    let mut payload = input.payload.to_vec();
    if input.key[1] & 1 == 1 {
        // The claims that get a payload past the first checks, and then whatever the fuzzer adds.
        let exp = now.as_secs() + 60;
        let rest = String::from_utf8_lossy(input.payload);
        payload = format!(r#"{{"iss":"{ISSUER}","exp":{exp},{rest}"#).into_bytes();
    }
    let mut kid = String::new();
    if input.key[1] & 2 == 2 {
        // A key's name, as it would stand in a header if it had no need of escapes.
        kid = format!(r#","kid":"{}""#, input.jti);
    }
    let ring = Keyring::<_, 0>::new(input.jti, key.clone());
    let alg = A::NAME;
    let known = format!(r#"{{"alg":"{alg}","typ":"JWT"{kid}}}"#);
    let other = format!(r#"{{ "typ":"application/j\u0077t","alg":"{alg}"{kid}}}"#);
    let known = by_hand(key, &known, &payload);
    let other = by_hand(key, &other, &payload);
    let (mut one, mut two) = (vec![0; 4 * other.len()], vec![0; 4 * other.len()]);
    let known = VERIFIER.verify(&ring, known.as_bytes(), &mut one, now);
    let other = VERIFIER.verify(&ring, other.as_bytes(), &mut two, now);
    assert_eq!(said(&known), said(&other));
}

fn laws<A: Algorithm>(input: &Input) {
    let key = Key::<A>::new(&input.key).unwrap();
    let now = UnixTime::from_secs(input.now.into());
    minted(input, &key, now);
    if input.payload.len() < 2048 {
        two_paths(input, &key, now);
    }
}

fuzz_target!(|input: Input| match input.key[0] % 3 {
    0 => laws::<Hs256>(&input),
    1 => laws::<Hs384>(&input),
    _ => laws::<Hs512>(&input),
});
