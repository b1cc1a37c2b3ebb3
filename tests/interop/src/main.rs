//! `interop mint` prints a token for each algorithm, ours and jsonwebtoken's; `interop verify` reads
//! such lines (`minter algorithm token`) and checks each with hardtack and with jsonwebtoken.
//! `tests/interop/run` puts PyJWT and jose at the other end.

use std::io::BufRead;
use std::time::Duration;

use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Signer, Type, Verifier};
use jsonwebtoken as jwt;
use serde::{Deserialize, Serialize};

type Failure = Box<dyn std::error::Error>;

/// The key of every party: 0, 1, 2, … 63. It is long enough for all three.
const KEY: [u8; 64] = {
    let mut key = [0; 64];
    let mut at = 0;
    while at < key.len() {
        key[at] = at as u8;
        at += 1;
    }
    key
};
const ISSUER: &str = "https://login.example";
const AUDIENCE: &str = "https://api.example";

const SIGNER: Signer<'_> =
    Signer::new(Type::JWT, ISSUER, Duration::from_secs(300)).audience(AUDIENCE);
// jose leaves `typ` out unless it is told otherwise.
const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, ISSUER)
    .audience(AUDIENCE)
    .allow_no_typ();

/// What the others call the claims; one is of our own making.
#[derive(Serialize, Deserialize)]
struct Theirs {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    scope: String,
    cabin: Cabin,
}

/// Claims of a caller's own, with text that JSON escapes in more than one way.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Own {
    cabin: Cabin,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Cabin {
    deck: u8,
    name: String,
}

fn cabin() -> Cabin {
    Cabin {
        deck: 3,
        name: "Zoë's \"berth\"\n\u{1F6A2}/\\".into(),
    }
}

fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixTime::EPOCH.saturating_add(since.unwrap_or_default())
}

/// Our tokens name their key, the others' do not.
fn keys<A: Algorithm>() -> Result<Keyring<'static, A, 0>, Failure> {
    Ok(Keyring::new("2026-11", Key::new(&KEY)?))
}

fn mint<A: Algorithm>(algorithm: jwt::Algorithm) -> Result<(), Failure> {
    let keys = keys::<A>()?;
    let now = now();
    let claims = Claims::of("ada").scope(Scope::parse("read write")?);
    let mut buffer = [0; 1024];
    let token = SIGNER.sign_with(&keys, &claims, &Own { cabin: cabin() }, &mut buffer, now)?;
    println!("hardtack {} {token}", A::NAME);

    let theirs = Theirs {
        iss: ISSUER.into(),
        sub: "ada".into(),
        aud: AUDIENCE.into(),
        exp: now.as_secs() + 300,
        iat: now.as_secs(),
        scope: "read write".into(),
        cabin: cabin(),
    };
    let header = jwt::Header::new(algorithm);
    let token = jwt::encode(&header, &theirs, &jwt::EncodingKey::from_secret(&KEY))?;
    println!("jsonwebtoken {} {token}", A::NAME);
    Ok(())
}

fn verify<A: Algorithm>(algorithm: jwt::Algorithm, token: &str) -> Result<(), Failure> {
    let keys = keys::<A>()?;
    let mut scratch = [0; 2048];
    let verified = VERIFIER.verify_with::<Own>(&keys, token.as_bytes(), &mut scratch, now())?;
    assert_eq!(verified.sub(), Some("ada"));
    assert_eq!(verified.scope(), Scope::parse("read write")?);
    assert_eq!(verified.own().cabin, cabin());

    let mut validation = jwt::Validation::new(algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    let key = jwt::DecodingKey::from_secret(&KEY);
    let theirs = jwt::decode::<Theirs>(token, &key, &validation)?.claims;
    assert_eq!((theirs.sub.as_str(), theirs.cabin), ("ada", cabin()));

    // The control: with one character of its payload changed, nobody takes it.
    let at = token.find('.').ok_or("a token has dots")? + 10;
    let other = if token.as_bytes()[at] == b'A' {
        "B"
    } else {
        "A"
    };
    let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
    let refused = VERIFIER.verify(&keys, changed.as_bytes(), &mut scratch, now());
    assert!(refused.is_err());
    Ok(())
}

fn main() -> Result<(), Failure> {
    match std::env::args().nth(1).as_deref() {
        Some("mint") => {
            mint::<Hs256>(jwt::Algorithm::HS256)?;
            mint::<Hs384>(jwt::Algorithm::HS384)?;
            mint::<Hs512>(jwt::Algorithm::HS512)
        }
        Some("verify") => {
            for line in std::io::stdin().lock().lines() {
                let line = line?;
                let [minter, algorithm, token] = line.split(' ').collect::<Vec<_>>()[..] else {
                    return Err(format!("not a line of a token: {line}").into());
                };
                match algorithm {
                    "HS256" => verify::<Hs256>(jwt::Algorithm::HS256, token)?,
                    "HS384" => verify::<Hs384>(jwt::Algorithm::HS384, token)?,
                    "HS512" => verify::<Hs512>(jwt::Algorithm::HS512, token)?,
                    other => return Err(format!("no such algorithm: {other}").into()),
                }
                println!("interop: {minter:12} {algorithm}  verified by hardtack and jsonwebtoken");
            }
            Ok(())
        }
        _ => Err("interop mint | interop verify".into()),
    }
}
