//! What is minted is accepted, has the length that was said, and is written whole or not at all.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    unreachable_pub,
    dead_code
)]

use std::collections::BTreeMap;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors, Method};
use hardtack::mac::{Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token::{Claim, Claims, Error, Signer, Type, Verifier};
use hardtack::write::NoRoom;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[path = "token/forge.rs"]
mod forge;

use forge::{API, ISSUER, NOW, key};

const LIFETIME: Duration = Duration::from_secs(300);
const ACCESS: Signer<'_> = Signer::access_token(ISSUER, API, LIFETIME);
const PLAIN: Signer<'_> = Signer::new(Type::JWT, ISSUER, LIFETIME);
const CHECK: Verifier<'_> = Verifier::new(Type::JWT, ISSUER);

fn decode(part: &str) -> Vec<u8> {
    let mut buffer = vec![0; part.len()];
    Base64UrlUnpadded::decode(part, &mut buffer)
        .unwrap()
        .to_vec()
}

/// The header and the payload as they are written.
fn parts(token: &str) -> (String, String) {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let text = |part: &str| String::from_utf8(decode(part)).unwrap();
    (text(parts[0]), text(parts[1]))
}

#[test]
fn a_whole_access_token() {
    let at = UnixTime::from_secs(1_699_999_000);
    let evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));
    let who = Authenticated::vouch("ada", evidence, at);
    let claims = Claims::of("ada")
        .nbf(NOW)
        .jti("x7Qp")
        .client_id("web")
        .scope(Scope::parse("orders:read profile").unwrap())
        .authenticated(&who)
        .sid("f1");
    let ring = Keyring::<_, 0>::new("2026-11", key());
    let mut buffer = [0; 1024];
    let token = ACCESS.sign(&ring, &claims, &mut buffer, NOW).unwrap();
    let (header, payload) = parts(token);
    assert_eq!(header, r#"{"alg":"HS256","typ":"at+jwt","kid":"2026-11"}"#);
    assert_eq!(
        payload,
        concat!(
            r#"{"iss":"https://login.example","sub":"ada","aud":"https://api.example","#,
            r#""exp":1700000300,"nbf":1700000000,"iat":1700000000,"jti":"x7Qp","client_id":"web","#,
            r#""scope":"orders:read profile","auth_time":1699999000,"acr":"aal2","#,
            r#""amr":["otp","pwd"],"sid":"f1"}"#
        )
    );

    let mut scratch = [0; 1024];
    let verified = Verifier::access_token(ISSUER, API)
        .verify(&ring, token.as_bytes(), &mut scratch, NOW)
        .unwrap();
    assert_eq!(verified.iss(), Some(ISSUER));
    assert_eq!(verified.sub(), Some("ada"));
    assert!(verified.aud().eq([API]));
    assert_eq!(verified.exp(), Some(NOW.saturating_add(LIFETIME)));
    assert_eq!(verified.nbf(), Some(NOW));
    assert_eq!(verified.iat(), Some(NOW));
    assert_eq!(verified.jti(), Some("x7Qp"));
    assert_eq!(verified.client_id(), Some("web"));
    assert_eq!(verified.scope().as_str(), "orders:read profile");
    assert_eq!(verified.auth_time(), Some(at));
    assert_eq!(verified.acr(), Some("aal2"));
    assert_eq!(verified.amr(), Some(evidence.factors()));
    assert_eq!(verified.sid(), Some("f1"));

    let who = verified
        .authenticate(|sub, token| Some((sub, token.sid())))
        .unwrap();
    assert_eq!(*who.principal(), ("ada", Some("f1")));
    assert_eq!(who.evidence(), evidence);
    assert_eq!(who.authenticated_at(), at);
    assert_eq!(who.method(), Method::Token);
}

#[test]
fn a_token_that_does_not_say_how_proves_the_least() {
    let mut buffer = [0; 512];
    let mut scratch = [0; 512];
    let mut identity = |claims: Claims<'_>| {
        let token = PLAIN.sign(&key(), &claims, &mut buffer, NOW).unwrap();
        let verified = CHECK
            .verify(&key(), token.as_bytes(), &mut scratch, NOW)
            .unwrap();
        verified
            .authenticate(|sub, _| Some(sub.len()))
            .map(|who| (who.evidence(), who.authenticated_at()))
    };
    let least = (Evidence::new(Assurance::Aal1, Factors::NONE), UnixTime::MIN);
    assert_eq!(identity(Claims::of("ada")), Ok(least));
    assert_eq!(identity(Claims::of("ada").acr("urn:x:gold")), Ok(least));
    let (evidence, at) = identity(Claims::of("ada").acr("aal3").auth_time(NOW)).unwrap();
    assert_eq!((evidence.level(), at), (Assurance::Aal3, NOW));
    // Nobody is proved by no name.
    let nobody = Err(Error::Claim(Claim::Sub));
    assert_eq!(identity(Claims::NONE), nobody);
    assert_eq!(identity(Claims::of("")), nobody);
}

#[test]
fn a_subject_that_is_nobody_here_proves_nobody() {
    let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    let claims = Claims::of("ada");
    let token = PLAIN.sign(&key(), &claims, &mut buffer, NOW).unwrap();
    let verified = CHECK
        .verify(&key(), token.as_bytes(), &mut scratch, NOW)
        .unwrap();
    let who = verified.authenticate(|sub, _| sub.parse::<u32>().ok());
    assert_eq!(who.unwrap_err(), Error::Claim(Claim::Sub));
}

#[test]
fn a_claim_that_is_not_set_is_left_out() {
    let mut buffer = [0; 512];
    let signer = Signer::without_issuer(Type::JWT, LIFETIME);
    let claims = Claims::NONE.scope(Scope::NONE);
    let token = signer.sign(&key(), &claims, &mut buffer, NOW).unwrap();
    let (header, payload) = parts(token);
    assert_eq!(header, r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(payload, r#"{"exp":1700000300,"iat":1700000000}"#);
    let verifier = Verifier::without_issuer(Type::JWT);
    let mut scratch = [0; 512];
    let verified = verifier
        .verify(&key(), token.as_bytes(), &mut scratch, NOW)
        .unwrap();
    assert_eq!(verified.iss(), None);
    assert_eq!(verified.scope(), Scope::NONE);
    assert_eq!(verified.aud().count(), 0);
    assert_eq!(verified.amr(), None);

    // An identity without known factors leaves `amr` out, which would be empty.
    let evidence = Evidence::new(Assurance::Aal1, Factors::NONE);
    let who = Authenticated::vouch((), evidence, NOW);
    let claims = Claims::NONE.authenticated(&who);
    let token = signer.sign(&key(), &claims, &mut buffer, NOW).unwrap();
    assert!(
        parts(token)
            .1
            .ends_with(r#""auth_time":1700000000,"acr":"aal1"}"#)
    );
}

#[test]
fn audiences_are_one_text_or_an_array() {
    let mut buffer = [0; 512];
    let mut payload = |signer: Signer<'_>| {
        let token = signer.sign(&key(), &Claims::NONE, &mut buffer, NOW)?;
        Ok(serde_json::from_str::<Value>(&parts(token).1).unwrap()["aud"].take())
    };
    assert_eq!(payload(PLAIN), Ok(Value::Null));
    assert_eq!(payload(PLAIN.audience("a")), Ok(json!("a")));
    assert_eq!(payload(PLAIN.audiences(&["a"])), Ok(json!(["a"])));
    assert_eq!(payload(PLAIN.audiences(&["a", "b"])), Ok(json!(["a", "b"])));
    assert!(payload(PLAIN.audiences(&["a"; 8])).is_ok());
    let refused = Err(Error::Claim(Claim::Aud));
    assert_eq!(payload(PLAIN.audiences(&[])), refused);
    assert_eq!(payload(PLAIN.audiences(&["a"; 9])), refused);
}

#[test]
fn what_is_shown_of_a_token_are_the_audiences_that_it_has() {
    let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    let signer = PLAIN.audiences(&["api-1", "api-2"]);
    let token = signer
        .sign(&key(), &Claims::NONE, &mut buffer, NOW)
        .unwrap();
    let check = CHECK.audience("api-2");
    let verified = check
        .verify(&key(), token.as_bytes(), &mut scratch, NOW)
        .unwrap();
    let shown = format!("{verified:?}");
    assert!(shown.contains(r#"["api-1", "api-2"]"#), "{shown}");
}

#[test]
fn an_access_token_needs_what_its_verifier_asks_for() {
    let mut buffer = [0; 512];
    let mut sign = |claims: Claims<'_>| ACCESS.sign(&key(), &claims, &mut buffer, NOW).map(|_| ());
    let refused = |claim| Err(Error::Claim(claim));
    assert_eq!(sign(Claims::of("a").client_id("c").jti("j")), Ok(()));
    assert_eq!(
        sign(Claims::NONE.client_id("c").jti("j")),
        refused(Claim::Sub)
    );
    assert_eq!(
        sign(Claims::of("").client_id("c").jti("j")),
        refused(Claim::Sub)
    );
    assert_eq!(sign(Claims::of("a").jti("j")), refused(Claim::ClientId));
    assert_eq!(sign(Claims::of("a").client_id("c")), refused(Claim::Jti));
}

#[test]
fn a_buffer_is_filled_whole_or_left_as_it_was() {
    let claims = Claims::of("ada").sid("\u{1}\"\\é");
    let needed = PLAIN.len(&key(), &claims, NOW).unwrap();
    for len in 0..needed + 3 {
        let mut buffer = vec![0xAA; len];
        match PLAIN.sign(&key(), &claims, &mut buffer, NOW) {
            Ok(token) => {
                assert_eq!(token.len(), needed);
                assert_eq!(&buffer[needed..], &[0xAA; 3][..len - needed]);
            }
            Err(error) => {
                assert!(matches!(error, Error::NoRoom(NoRoom { needed: n, .. }) if n == needed));
                assert!(len < needed);
                assert_eq!(buffer, vec![0xAA; len]);
            }
        }
    }
}

#[test]
fn a_name_that_is_registered_is_refused_among_ones_own() {
    let mut buffer = [0xAA; 512];
    for name in [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "client_id",
        "scope",
        "auth_time",
        "acr",
        "amr",
        "sid",
    ] {
        let own = BTreeMap::from([("a", 1), (name, 2)]);
        assert_eq!(
            PLAIN.sign_with(&key(), &Claims::NONE, &own, &mut buffer, NOW),
            Err(Error::Payload),
            "{name}"
        );
        assert_eq!(
            PLAIN.len_with(&key(), &Claims::NONE, &own, NOW),
            Err(Error::Payload)
        );
    }
    #[derive(Serialize)]
    struct Renamed {
        #[serde(rename = "exp")]
        forever: Option<i64>,
    }
    let forever = Renamed {
        forever: Some(i64::MAX),
    };
    assert_eq!(
        PLAIN.sign_with(&key(), &Claims::NONE, &forever, &mut buffer, NOW),
        Err(Error::Payload)
    );
    assert_eq!(buffer, [0xAA; 512]);
    // Another case is another name.
    let own = BTreeMap::from([("EXP", 1)]);
    assert!(
        PLAIN
            .sign_with(&key(), &Claims::NONE, &own, &mut buffer, NOW)
            .is_ok()
    );
}

#[test]
fn what_is_no_object_is_refused_among_ones_own() {
    let mut buffer = [0xAA; 512];
    #[track_caller]
    fn refused<C: Serialize>(own: &C, buffer: &mut [u8]) {
        assert_eq!(
            PLAIN.sign_with(&key(), &Claims::NONE, own, buffer, NOW),
            Err(Error::Payload)
        );
    }
    refused(&1, &mut buffer);
    refused(&"a", &mut buffer);
    refused(&[1, 2], &mut buffer);
    refused(&true, &mut buffer);
    refused(&(1, 2), &mut buffer);
    refused(&BTreeMap::from([("a", f64::NAN)]), &mut buffer);
    assert_eq!(buffer, [0xAA; 512]);
}

#[test]
fn what_says_less_the_second_time_is_refused() {
    struct Fickle(std::cell::Cell<u64>);
    impl Serialize for Fickle {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let said = self.0.replace(7);
            BTreeMap::from([("a", said)]).serialize(serializer)
        }
    }
    let mut buffer = [0xAA; 512];
    for first in [70_000, 70] {
        let own = Fickle(first.into());
        let signed = PLAIN.sign_with(&key(), &Claims::NONE, &own, &mut buffer, NOW);
        assert_eq!(signed, Err(Error::Payload));
    }
    let own = Fickle(8.into());
    assert!(
        PLAIN
            .sign_with(&key(), &Claims::NONE, &own, &mut buffer, NOW)
            .is_ok()
    );
}

#[test]
fn kids_with_escapes_come_back() {
    let mut buffer = [0; 512];
    let mut scratch = [0; 2048];
    for kid in [
        "",
        "a",
        "\"",
        "\\",
        "\n",
        "\u{0}",
        "é",
        "/",
        "a\"}",
        "{\"alg\":\"none\"}",
    ] {
        let ring = Keyring::<_, 0>::new(kid, key());
        let token = PLAIN.sign(&ring, &Claims::NONE, &mut buffer, NOW).unwrap();
        let header: Value = serde_json::from_str(&parts(token).0).unwrap();
        assert_eq!(header["kid"], kid);
        let verified = CHECK.verify(&ring, token.as_bytes(), &mut scratch, NOW);
        assert!(verified.is_ok(), "{kid:?}");
        let other = Keyring::<_, 0>::new("other", key());
        let refused = CHECK.verify(&other, token.as_bytes(), &mut scratch, NOW);
        assert_eq!(refused.err(), Some(Error::UnknownKey));
    }
}

#[test]
fn a_rotation() {
    let old = Keyring::<Hs256, 0>::new("10", Key::new(&[1; 32]).unwrap());
    let new = Keyring::<Hs256, 1>::new("11", Key::new(&[2; 32]).unwrap())
        .with_former("10", Key::new(&[1; 32]).unwrap())
        .unwrap();
    let (mut first, mut second) = ([0; 512], [0; 512]);
    let before = PLAIN.sign(&old, &Claims::NONE, &mut first, NOW).unwrap();
    let after = PLAIN.sign(&new, &Claims::NONE, &mut second, NOW).unwrap();
    let mut scratch = [0; 512];
    assert!(
        CHECK
            .verify(&new, before.as_bytes(), &mut scratch, NOW)
            .is_ok()
    );
    assert!(
        CHECK
            .verify(&new, after.as_bytes(), &mut scratch, NOW)
            .is_ok()
    );
    let refused = CHECK.verify(&old, after.as_bytes(), &mut scratch, NOW);
    assert_eq!(refused.err(), Some(Error::UnknownKey));
}

#[test]
fn all_three_sizes() {
    fn check<K: hardtack::token::Keys>(keys: &K, alg: &str) {
        let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
        let token = PLAIN
            .sign(keys, &Claims::of("a"), &mut buffer, NOW)
            .unwrap();
        assert!(parts(token).0.starts_with(&format!(r#"{{"alg":"{alg}""#)));
        let verified = CHECK.verify(keys, token.as_bytes(), &mut scratch, NOW);
        assert_eq!(verified.unwrap().sub(), Some("a"));
    }
    check(&Key::<Hs256>::new(&[1; 64]).unwrap(), "HS256");
    check(&Key::<Hs384>::new(&[1; 64]).unwrap(), "HS384");
    check(&Key::<Hs512>::new(&[1; 64]).unwrap(), "HS512");
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
struct Own {
    name: String,
    level: Option<i64>,
    list: Vec<String>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_minted_is_read_back(
        typ in "[A-Za-z0-9+.-]{1,20}",
        kid in any::<Option<String>>(),
        (iss, sub, jti, sid) in any::<(String, Option<String>, Option<String>, Option<String>)>(),
        audience in prop::collection::vec(any::<String>(), 0..9),
        own in any::<(String, Option<i64>, Vec<String>)>(),
        now in -1_000_000_i64..10_000_000_000,
        lifetime in 1_u64..10_000_000,
    ) {
        let own = Own { name: own.0, level: own.1, list: own.2 };
        let now = UnixTime::from_secs(now);
        let typ = Type::new(&typ).unwrap();
        let audiences: Vec<&str> = audience.iter().map(String::as_str).collect();
        let mut signer = Signer::new(typ, &iss, Duration::from_secs(lifetime));
        let mut verifier = Verifier::new(typ, &iss).max_len(usize::MAX);
        if !audiences.is_empty() {
            signer = signer.audiences(&audiences);
            verifier = verifier.any_audience(&audiences[..1]);
        }
        let mut claims = Claims::NONE;
        if let Some(sub) = &sub {
            claims = Claims::of(sub);
        }
        if let Some(jti) = &jti {
            claims = claims.jti(jti);
        }
        if let Some(sid) = &sid {
            claims = claims.sid(sid);
        }
        fn check<K: hardtack::token::Keys>(
            keys: &K, signer: Signer<'_>, verifier: Verifier<'_>, claims: &Claims<'_>, own: &Own, now: UnixTime,
        ) -> (Option<String>, Option<String>, Option<String>, Vec<String>) {
            let len = signer.len_with(keys, claims, own, now).unwrap();
            let mut buffer = vec![0; len];
            let token = signer.sign_with(keys, claims, own, &mut buffer, now).unwrap();
            assert_eq!(token.len(), len);
            let mut scratch = vec![0; 3 * len];
            let verified = verifier
                .verify_with::<Own>(keys, token.as_bytes(), &mut scratch, now)
                .unwrap();
            assert_eq!(verified.own(), own);
            let text = |text: Option<&str>| text.map(str::to_owned);
            let aud = verified.aud().map(str::to_owned).collect();
            (text(verified.sub()), text(verified.jti()), text(verified.sid()), aud)
        }
        let read = match &kid {
            Some(kid) => check(&Keyring::<_, 0>::new(kid, key()), signer, verifier, &claims, &own, now),
            None => check(&key(), signer, verifier, &claims, &own, now),
        };
        prop_assert_eq!(read, (sub, jti, sid, audience));
    }
}
