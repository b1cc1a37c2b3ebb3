use std::hint::black_box;
use std::time::Duration;

use criterion::Criterion;
use hardtack::mac::{Hs256, Key};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token::{Claims as Registered, Signer, Type, Verifier};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken as jwt;
use jwt_compact::AlgorithmExt;
use jwt_simple::algorithms::MACLike;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use versus::{KEY, NOW};

const ISSUER: &str = "https://auth.example.com";
const AUDIENCE: &str = "https://api.example.com";

/// Seven claims, all typed: what every peer but jwt-simple and jwt-compact reads.
#[derive(Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    jti: String,
    scope: String,
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.into(),
        sub: "user-4711".into(),
        aud: AUDIENCE.into(),
        // Peers read the system's clock, so the token must be good by it as well.
        exp: 4_000_000_000,
        iat: NOW - 60,
        jti: "f3b9c2d8a1e04f6f9b7a".into(),
        scope: "orders:read orders:write".into(),
    }
}

/// HMAC with its state keyed beforehand, over the bytes under the tag: the floor of both rows.
fn floor(keyed: &Hmac<Sha256>, token: &str) -> [u8; 32] {
    let (input, _) = token.rsplit_once('.').expect("a token has dots");
    let mut mac = keyed.clone();
    mac.update(black_box(input.as_bytes()));
    mac.finalize().into_bytes().into()
}

const SIGNER: Signer<'_> =
    Signer::new(Type::JWT, ISSUER, Duration::from_secs(300)).audience(AUDIENCE);
const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, ISSUER).audience(AUDIENCE);

fn key() -> Key<Hs256> {
    Key::new(&KEY).expect("long enough")
}

/// The same seven claims; `iss`, `aud`, `exp` and `iat` are the signer's.
fn registered() -> Registered<'static> {
    let scope = Scope::parse("orders:read orders:write").expect("a scope");
    Registered::of("user-4711")
        .jti("f3b9c2d8a1e04f6f9b7a")
        .scope(scope)
}

fn keyed() -> Hmac<Sha256> {
    Hmac::new_from_slice(&KEY).expect("any length will do")
}

/// The claims that jwt-simple leaves to the caller.
#[derive(Serialize, Deserialize)]
struct Granted {
    scope: String,
}

fn simple_claims() -> jwt_simple::claims::JWTClaims<Granted> {
    let Claims {
        sub, jti, scope, ..
    } = claims();
    let life = jwt_simple::prelude::Duration::from_days(20_000);
    jwt_simple::claims::Claims::with_custom_claims(Granted { scope }, life)
        .with_issuer(ISSUER)
        .with_subject(sub)
        .with_audience(AUDIENCE)
        .with_jwt_id(jti)
}

/// The claims that jwt-compact leaves to the caller.
#[derive(Clone, Serialize, Deserialize)]
struct Rest {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    scope: String,
}

fn compact_claims() -> jwt_compact::Claims<Rest> {
    let Claims {
        iss,
        sub,
        aud,
        jti,
        scope,
        iat,
        exp,
    } = claims();
    let at = |secs| jwt_compact_time(secs);
    let mut claims = jwt_compact::Claims::new(Rest {
        iss,
        sub,
        aud,
        jti,
        scope,
    });
    claims.issued_at = Some(at(iat));
    claims.expiration = Some(at(exp));
    claims
}

fn jwt_compact_time(secs: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(secs, 0).expect("in range")
}

pub fn verify(c: &mut Criterion) {
    let encoding = jwt::EncodingKey::from_secret(&KEY);
    let token = jwt::encode(&jwt::Header::default(), &claims(), &encoding).expect("signs");
    let mut group = c.benchmark_group("verify");

    let state = keyed();
    group.bench_function("floor", |b| b.iter(|| floor(&state, black_box(&token))));

    let key = key();
    let mut scratch = [0; 1024];
    let now = UnixTime::from_secs(NOW);
    let mut buffer = [0; 1024];
    let minted = SIGNER
        .sign(&key, &registered(), &mut buffer, now)
        .expect("signs");
    group.bench_function("hardtack", |b| {
        b.iter(|| {
            let token = black_box(minted).as_bytes();
            let verified = VERIFIER
                .verify(&key, token, &mut scratch, now)
                .expect("verifies");
            black_box((
                verified.sub(),
                verified.scope(),
                verified.exp(),
                verified.jti(),
            ));
        });
    });

    let key = jwt::DecodingKey::from_secret(&KEY);
    let mut validation = jwt::Validation::new(jwt::Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    group.bench_function("jsonwebtoken", |b| {
        b.iter(|| jwt::decode::<Claims>(black_box(&token), &key, &validation).expect("verifies"));
    });

    let key = jwt_simple::prelude::HS256Key::from_bytes(&KEY);
    let options = jwt_simple::common::VerificationOptions {
        allowed_issuers: Some([ISSUER.to_owned()].into()),
        allowed_audiences: Some([AUDIENCE.to_owned()].into()),
        ..Default::default()
    };
    group.bench_function("jwt-simple", |b| {
        b.iter(|| {
            key.verify_token::<Granted>(black_box(&token), Some(options.clone()))
                .expect("verifies")
        });
    });

    let key = jwt_compact::alg::Hs256Key::new(KEY);
    let time = jwt_compact::TimeOptions::default();
    group.bench_function("jwt-compact", |b| {
        b.iter(|| {
            let token = jwt_compact::UntrustedToken::new(black_box(&token)).expect("parses");
            let token = jwt_compact::alg::Hs256
                .validator::<Rest>(&key)
                .validate(&token);
            let token = token.expect("verifies");
            token.claims().validate_expiration(&time).expect("lives");
            let rest = &token.claims().custom;
            assert!(rest.iss == ISSUER && rest.aud == AUDIENCE);
            token
        });
    });
    group.finish();
}

pub fn mint(c: &mut Criterion) {
    let mut group = c.benchmark_group("mint");
    let encoding = jwt::EncodingKey::from_secret(&KEY);
    let claims = claims();
    let token = jwt::encode(&jwt::Header::default(), &claims, &encoding).expect("signs");

    let state = keyed();
    group.bench_function("floor", |b| b.iter(|| floor(&state, black_box(&token))));

    let key = key();
    let now = UnixTime::from_secs(NOW);
    let mut buffer = [0; 1024];
    let registered = registered();
    group.bench_function("hardtack", |b| {
        b.iter(|| {
            SIGNER
                .sign(&key, black_box(&registered), &mut buffer, now)
                .expect("signs")
                .len()
        });
    });

    let header = jwt::Header::default();
    group.bench_function("jsonwebtoken", |b| {
        b.iter(|| jwt::encode(&header, black_box(&claims), &encoding).expect("signs"));
    });

    let key = jwt_simple::prelude::HS256Key::from_bytes(&KEY);
    group.bench_function("jwt-simple", |b| {
        b.iter(|| key.authenticate(simple_claims()).expect("signs"));
    });

    let key = jwt_compact::alg::Hs256Key::new(KEY);
    let header = jwt_compact::Header::empty();
    let claims = compact_claims();
    group.bench_function("jwt-compact", |b| {
        b.iter(|| {
            jwt_compact::alg::Hs256
                .token(&header, black_box(&claims), &key)
                .expect("signs")
        });
    });
    group.finish();
}

/// A token whose tag is wrong, text that is no token, and a token whose payload ends with a character
/// that is not of base64url.
pub fn refuse(c: &mut Criterion) {
    let mut buffer = [0; 1024];
    let signed = SIGNER.sign(&key(), &registered(), &mut buffer, UnixTime::from_secs(NOW));
    let token = signed.expect("signs").to_owned();
    let (input, tag) = token.rsplit_once('.').expect("a token has dots");
    let first = if tag.starts_with('A') { 'B' } else { 'A' };
    let bad = format!("{input}.{first}{}", &tag[1..]);
    let malformed = token.replacen('.', "!", 1);
    let character = format!("{}!.{tag}", &input[..input.len() - 1]);

    let our_key = key();
    let mut scratch = [0; 1024];
    let now = UnixTime::from_secs(NOW);
    let key = jwt::DecodingKey::from_secret(&KEY);
    let validation = jwt::Validation::new(jwt::Algorithm::HS256);
    for (row, token) in [
        ("refuse a bad MAC", &bad),
        ("refuse a malformed one", &malformed),
        ("refuse a bad character", &character),
    ] {
        let mut group = c.benchmark_group(row);
        if token == &bad {
            let state = keyed();
            group.bench_function("floor", |b| b.iter(|| floor(&state, black_box(token))));
        }
        group.bench_function("hardtack", |b| {
            b.iter(|| {
                let token = black_box(token.as_str()).as_bytes();
                VERIFIER.verify(&our_key, token, &mut scratch, now).is_err()
            });
        });
        group.bench_function("jsonwebtoken", |b| {
            b.iter(|| jwt::decode::<Claims>(black_box(token), &key, &validation).is_err());
        });
        group.finish();
    }
}
