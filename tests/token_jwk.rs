//! Which JWKs make a key, and why the others do not.

#![allow(clippy::string_slice, clippy::unwrap_used)]

use hardtack::json;
use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key, KeyError, Keyring, KeyringError};
use hardtack::token::jwk::{self, Error};

/// 32 bytes, 0 to 31.
const K: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn bytes() -> Vec<u8> {
    (0..32).collect()
}

#[track_caller]
fn refused(members: &str, expected: Error) {
    let text = format!("{{{members}}}");
    let mut scratch = [0; 512];
    let parsed = jwk::parse::<Hs256>(text.as_bytes(), &mut scratch);
    assert_eq!(parsed.err(), Some(expected), "{text}");
}

#[track_caller]
fn accepted(members: &str) -> Option<String> {
    let text = format!("{{{members}}}");
    let mut scratch = [0; 256];
    let (kid, key) = jwk::parse::<Hs256>(text.as_bytes(), &mut scratch).unwrap();
    let right = Key::<Hs256>::new(&bytes()).unwrap();
    assert!(right.verify(b"m", key.tag(b"m").as_ref()).is_ok());
    kid.map(str::to_owned)
}

#[test]
fn what_makes_a_key() {
    let start = format!(r#""kty":"oct","k":"{K}""#);
    assert_eq!(accepted(&start), None);
    assert_eq!(accepted(&format!(r#"{start},"kid":"a""#)), Some("a".into()));
    assert_eq!(
        accepted(&format!(r#"{start},"kid":"\u00e9""#)),
        Some("é".into())
    );
    for more in [
        r#""alg":"HS256""#,
        r#""use":"sig""#,
        r#""key_ops":["sign","verify"]"#,
        r#""key_ops":["verify","sign"],"use":"sig","alg":"HS256""#,
        r#""ext":true,"x":{"a":[null]},"nbf":1"#,
    ] {
        accepted(&format!("{start},{more}"));
        accepted(&format!("{more},{start}"));
    }
    // An escape changes nothing.
    accepted(&format!(r#""\u006bty":"\u006fct","k":"\u0041{}""#, &K[1..]));
}

#[test]
fn another_kind_of_key() {
    refused(&format!(r#""k":"{K}""#), Error::KeyType);
    for kty in ["RSA", "EC", "OKP", "OCT", "Oct", "oct ", ""] {
        refused(&format!(r#""kty":"{kty}","k":"{K}""#), Error::KeyType);
    }
}

#[test]
fn a_key_that_is_short_or_empty() {
    let short = Error::Key(KeyError::TooShort);
    refused(r#""kty":"oct","k":"""#, short);
    refused(&format!(r#""kty":"oct","k":"{}""#, &K[..40]), short);
    // The same bytes are too few for the longer hashes.
    fn parse<A: Algorithm>() -> Option<Error> {
        let text = format!(r#"{{"kty":"oct","k":"{K}"}}"#);
        jwk::parse::<A>(text.as_bytes(), &mut []).err()
    }
    assert_eq!(parse::<Hs256>(), None);
    assert_eq!(parse::<Hs384>(), Some(short));
    assert_eq!(parse::<Hs512>(), Some(short));
}

#[test]
fn a_key_that_is_absent_long_or_no_base64url() {
    refused(r#""kty":"oct""#, Error::Encoding);
    for k in [
        format!("{K}="),
        format!("{K}\\n"),
        format!("{K}AA"),
        K.replace('8', "9"),
        format!("{}+", &K[..42]),
        "A".repeat(343),
    ] {
        refused(&format!(r#""kty":"oct","k":"{k}""#), Error::Encoding);
    }
    let longest = format!(r#"{{"kty":"oct","k":"{}"}}"#, "A".repeat(342));
    assert!(jwk::parse::<Hs512>(longest.as_bytes(), &mut []).is_ok());
}

#[test]
fn a_key_for_something_else() {
    let start = format!(r#""kty":"oct","k":"{K}""#);
    for alg in ["HS384", "HS512", "A256GCM", "A256KW", "none", "hs256", ""] {
        refused(&format!(r#"{start},"alg":"{alg}""#), Error::Algorithm);
    }
    for purpose in ["enc", "SIG", "", "tls"] {
        refused(&format!(r#"{start},"use":"{purpose}""#), Error::Use);
    }
    for operations in [
        "[]",
        r#"["sign"]"#,
        r#"["verify"]"#,
        r#"["sign","sign","verify"]"#,
        r#"["sign","verify","encrypt"]"#,
        r#"["encrypt","decrypt"]"#,
        r#"["Sign","Verify"]"#,
    ] {
        refused(&format!(r#"{start},"key_ops":{operations}"#), Error::Use);
    }
}

#[test]
fn members_of_another_type() {
    for (name, good) in [
        ("kty", "oct"),
        ("k", K),
        ("kid", "a"),
        ("alg", "HS256"),
        ("use", "sig"),
    ] {
        let others: String = [("kty", "oct"), ("k", K)]
            .iter()
            .filter(|(other, _)| *other != name)
            .map(|(other, value)| format!(r#","{other}":"{value}""#))
            .collect();
        accepted(&format!(r#""{name}":"{good}"{others}"#));
        refused(
            &format!(r#""{name}":null{others}"#),
            Error::Json(json::Error::Null),
        );
        for value in ["1", "true", "[]", "{}"] {
            let text = format!(r#"{{"{name}":{value}{others}}}"#);
            let parsed = jwk::parse::<Hs256>(text.as_bytes(), &mut []);
            assert!(matches!(parsed, Err(Error::Json(_))), "{text}");
        }
    }
    for operations in ["null", "\"sign\"", "[1]", "[null]", "{}"] {
        let text = format!(r#"{{"kty":"oct","k":"{K}","key_ops":{operations}}}"#);
        let parsed = jwk::parse::<Hs256>(text.as_bytes(), &mut []);
        assert!(matches!(parsed, Err(Error::Json(_))), "{text}");
    }
}

#[test]
fn what_is_no_strict_object() {
    for text in ["", "null", "[]", "\"oct\"", "{", "{}{}"] {
        assert!(jwk::parse::<Hs256>(text.as_bytes(), &mut []).is_err());
        assert!(jwk::parse_set::<Hs256, 1>(text.as_bytes(), &mut []).is_err());
    }
    refused(
        &format!(r#""kty":"oct","k":"{K}","k":"{K}""#),
        Error::Json(json::Error::DuplicateName),
    );
    refused(
        &format!(r#""kty":"oct","k":"{K}","\u006b":"{K}""#),
        Error::Json(json::Error::DuplicateName),
    );
    let array = format!(r#"["oct","{K}"]"#);
    let parsed = jwk::parse::<Hs256>(array.as_bytes(), &mut []);
    assert!(matches!(parsed, Err(Error::Json(_))));
}

fn entry(kid: &str, more: &str) -> String {
    format!(r#"{{"kty":"oct","k":"{K}","kid":"{kid}"{more}}}"#)
}

fn set<const N: usize>(entries: &[String]) -> Result<Vec<String>, Error> {
    let text = format!(r#"{{"keys":[{}],"other":1}}"#, entries.join(","));
    let mut scratch = [0; 256];
    let ring: Keyring<'_, Hs256, N> = jwk::parse_set(text.as_bytes(), &mut scratch)?;
    Ok(ring.keys().map(|(kid, _)| kid.to_owned()).collect())
}

#[test]
fn the_first_of_a_set_signs() {
    let entries = [entry("b", ""), entry("a", ""), entry("\\u0063", "")];
    assert_eq!(
        set::<2>(&entries),
        Ok(vec!["b".into(), "a".into(), "c".into()])
    );
    assert_eq!(set::<0>(&entries[..1]), Ok(vec!["b".into()]));
}

#[test]
fn sets_that_are_refused() {
    let (a, b) = (entry("a", ""), entry("b", ""));
    assert_eq!(set::<2>(&[]), Err(Error::Empty));
    assert_eq!(
        jwk::parse_set::<Hs256, 1>(b"{}", &mut []).err(),
        Some(Error::Empty)
    );
    let same = Error::Ring(KeyringError::Duplicate);
    assert_eq!(set::<2>(&[a.clone(), a.clone()]), Err(same));
    assert_eq!(set::<2>(&[a.clone(), entry("\\u0061", "")]), Err(same));
    assert_eq!(
        set::<0>(&[a.clone(), b.clone()]),
        Err(Error::Ring(KeyringError::Full))
    );
    let nameless = format!(r#"{{"kty":"oct","k":"{K}"}}"#);
    for (bad, expected) in [
        (nameless, Error::NoKid),
        (entry("c", r#","use":"enc""#), Error::Use),
        (entry("c", r#","alg":"HS512""#), Error::Algorithm),
        (
            r#"{"kty":"RSA","kid":"c","n":"AQ","e":"AQAB"}"#.into(),
            Error::KeyType,
        ),
        (
            r#"{"kty":"oct","kid":"c","k":"AA"}"#.into(),
            Error::Key(KeyError::TooShort),
        ),
    ] {
        // Wherever it stands, and however many are right.
        assert_eq!(
            set::<2>(&[bad.clone(), a.clone(), b.clone()]),
            Err(expected)
        );
        assert_eq!(
            set::<2>(&[a.clone(), bad.clone(), b.clone()]),
            Err(expected)
        );
        assert_eq!(
            set::<2>(&[a.clone(), b.clone(), bad.clone()]),
            Err(expected)
        );
    }
    for keys in ["null", "{}", "\"a\"", "1", "[null]", "[1]", "[[]]"] {
        let text = format!(r#"{{"keys":{keys}}}"#);
        let parsed = jwk::parse_set::<Hs256, 1>(text.as_bytes(), &mut []);
        assert!(matches!(parsed, Err(Error::Json(_))), "{text}");
    }
}
