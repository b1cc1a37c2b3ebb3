//! Each bad token, and why it is refused. All of them are rightly signed where not said otherwise:
//! what is wrong with them is what the test says.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    unreachable_pub
)]

use std::time::Duration;

use hardtack::mac::{Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::time::UnixTime;
use hardtack::token::{Claim, Error, Type, Verifier};

#[path = "token/forge.rs"]
mod forge;
#[path = "stack/small.rs"]
mod small;

use forge::{API, ISSUER, NOW, encode, forge, key, sign};

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"iss":"https://login.example","exp":1700000300}"#;
const PLAIN: Verifier<'_> = Verifier::new(Type::JWT, ISSUER);

fn check(verifier: Verifier<'_>, token: impl AsRef<[u8]>) -> Result<(), Error> {
    let mut scratch = [0; 16384];
    verifier
        .verify(&key(), token.as_ref(), &mut scratch, NOW)
        .map(|_| ())
}

#[track_caller]
fn refused(token: impl AsRef<[u8]>, expected: Error) {
    assert_eq!(check(PLAIN, token), Err(expected));
}

#[track_caller]
fn header(header: impl AsRef<[u8]>, expected: Result<(), Error>) {
    let text = String::from_utf8_lossy(header.as_ref()).into_owned();
    let token = forge(&key(), header, PAYLOAD);
    assert_eq!(check(PLAIN, token), expected, "{text:.200}");
}

#[track_caller]
fn payload(payload: impl AsRef<[u8]>, expected: Result<(), Error>) {
    let text = String::from_utf8_lossy(payload.as_ref()).into_owned();
    let token = forge(&key(), HEADER, payload);
    assert_eq!(check(PLAIN, token), expected, "{text:.200}");
}

/// A payload with one member more, at its end.
#[track_caller]
fn with(member: &str, expected: Result<(), Error>) {
    let text = format!("{},{member}}}", &PAYLOAD[..PAYLOAD.len() - 1]);
    payload(text, expected);
}

/// A payload with `member` in place of `exp`.
#[track_caller]
fn exp(member: &str, expected: Result<(), Error>) {
    payload(format!(r#"{{"iss":"{ISSUER}",{member}}}"#), expected);
}

const HEADER_REFUSED: Result<(), Error> = Err(Error::Header);
const PAYLOAD_REFUSED: Result<(), Error> = Err(Error::Payload);

#[test]
fn the_token_that_the_others_are_made_from_is_good() {
    header(HEADER, Ok(()));
    payload(PAYLOAD, Ok(()));
    with(r#""anything":[{"else":null}]"#, Ok(()));
}

// 1. Structure.

// [7515-5.2-1]
#[test]
fn other_than_two_dots() {
    let token = forge(&key(), HEADER, PAYLOAD);
    let (signed, tag) = token.rsplit_once('.').unwrap();
    for token in [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        signed.into(),
        signed.replace('.', ""),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{tag}"),
        format!("{signed}..{tag}"),
        format!("{}.{tag}", encode(HEADER)),
    ] {
        // An empty header is base64url of nothing, which is no JSON.
        let expected = match token.as_str() {
            ".." => Error::Header,
            _ => Error::Malformed,
        };
        refused(token, expected);
    }
}

#[test]
fn json_serialization_is_no_compact_one() {
    let token = forge(&key(), HEADER, PAYLOAD);
    let parts: Vec<&str> = token.split('.').collect();
    let flat = format!(
        r#"{{"protected":"{}","payload":"{}","signature":"{}"}}"#,
        parts[0], parts[1], parts[2]
    );
    refused(flat, Error::Malformed);
}

#[test]
fn longer_than_the_cap() {
    let token = forge(&key(), HEADER, PAYLOAD);
    assert_eq!(check(PLAIN.max_len(token.len()), &token), Ok(()));
    let short = PLAIN.max_len(token.len() - 1);
    assert_eq!(check(short, &token), Err(Error::TooLong));
    let padded = format!(
        "{},\"a\":\"{}\"}}",
        &PAYLOAD[..PAYLOAD.len() - 1],
        "a".repeat(7000)
    );
    let long = forge(&key(), HEADER, &padded);
    assert_eq!(check(PLAIN, &long), Err(Error::TooLong));
    assert_eq!(check(PLAIN.max_len(long.len()), &long), Ok(()));
}

#[test]
fn more_than_fits_in_the_scratch_buffer() {
    let token = forge(&key(), HEADER, PAYLOAD);
    let needed = HEADER.len() + PAYLOAD.len();
    let verify = |len: usize| {
        let mut scratch = vec![0; len];
        PLAIN
            .verify(&key(), token.as_bytes(), &mut scratch, NOW)
            .map(|_| ())
    };
    for len in 0..needed {
        assert!(
            matches!(verify(len), Err(Error::NoRoom(room)) if room.needed == needed),
            "{len}"
        );
    }
    assert_eq!(verify(needed), Ok(()));
}

#[test]
fn a_name_of_the_length_that_no_room_gives_is_enough() {
    let escaped = format!(
        r#"{{"iss":"{ISSUER}","exp":1700000300,"sub":"\u0061{}"}}"#,
        "b".repeat(300)
    );
    let token = forge(&key(), r#"{"alg":"HS256","typ":"\u004aWT"}"#, &escaped);
    let mut len = 0;
    let mut steps = 0;
    loop {
        let mut scratch = vec![0; len];
        match PLAIN.verify(&key(), token.as_bytes(), &mut scratch, NOW) {
            Ok(verified) => {
                assert_eq!(verified.sub().unwrap().len(), 301);
                break;
            }
            Err(Error::NoRoom(room)) => len = room.needed,
            Err(other) => panic!("{other}"),
        }
        steps += 1;
        assert!(steps < 4);
    }
}

// 2. base64url.

#[test]
fn bytes_outside_of_the_alphabet() {
    let good = forge(&key(), HEADER, PAYLOAD);
    let dots: Vec<usize> = good.match_indices('.').map(|(at, _)| at).collect();
    for byte in 0..=u8::MAX {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            continue;
        }
        // In the middle and at the end of each part, in the place of a character and beside it.
        for at in [
            5,
            dots[0] - 1,
            dots[0] + 5,
            dots[1] - 1,
            dots[1] + 5,
            good.len() - 1,
        ] {
            let mut changed = good.clone().into_bytes();
            changed[at] = byte;
            refused(resigned(&changed), Error::Malformed);
            changed.clone_from(&good.clone().into_bytes());
            changed.insert(at, byte);
            refused(resigned(&changed), Error::Malformed);
        }
    }
}

/// Signs again what a change has left of the first two parts, where it was in these.
fn resigned(token: &[u8]) -> Vec<u8> {
    let last = token.iter().rposition(|byte| *byte == b'.').unwrap();
    let original = forge(&key(), HEADER, PAYLOAD);
    if original.as_bytes().starts_with(&token[..=last]) {
        return token.to_vec();
    }
    let tag = encode(key().tag(&token[..last]));
    [&token[..=last], tag.as_bytes()].concat()
}

// [7515-2-1]
#[test]
fn padding() {
    let (h, p) = (encode(HEADER), encode(PAYLOAD));
    refused(sign(&key(), &format!("{h}=.{p}")), Error::Malformed);
    refused(sign(&key(), &format!("{h}.{p}=")), Error::Malformed);
    refused(sign(&key(), &format!("{h}.{p}==")), Error::Malformed);
    refused(sign(&key(), &format!("{h}.{p}")) + "=", Error::Malformed);
}

// [7515-2-1]
#[test]
fn white_space() {
    let token = forge(&key(), HEADER, PAYLOAD);
    for space in [" ", "\t", "\n", "\r\n", "\u{a0}"] {
        refused(format!("{token}{space}"), Error::Malformed);
        refused(format!("{space}{token}"), Error::Malformed);
        refused(token.replace('.', &format!("{space}.")), Error::Malformed);
        refused(token.replace('.', &format!(".{space}")), Error::Malformed);
    }
}

#[test]
fn the_other_alphabet() {
    let text = format!(r#"{{"iss":"{ISSUER}","exp":1700000300,"a":"\u00bf\u00be~~??>>"}}"#)
        .replace("\\u00bf\\u00be", "\u{bf}\u{be}");
    let (h, p) = (encode(HEADER), encode(&text));
    assert!(p.contains('-') || p.contains('_'), "{p}");
    assert_eq!(check(PLAIN, sign(&key(), &format!("{h}.{p}"))), Ok(()));
    let standard = p.replace('-', "+").replace('_', "/");
    refused(sign(&key(), &format!("{h}.{standard}")), Error::Malformed);
}

// [7515-2-1]
#[test]
fn trailing_bits() {
    // One, two and four spaces bring the payload to every length modulo three.
    for spaces in 0..3 {
        let text = format!("{PAYLOAD}{}", " ".repeat(spaces));
        let (h, p) = (encode(HEADER), encode(&text));
        let ambiguous = match p.len() % 4 {
            0 => continue,
            2 => 16,
            _ => 4,
        };
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let last = *p.as_bytes().last().unwrap();
        let index = alphabet.iter().position(|byte| *byte == last).unwrap();
        for other in 1..ambiguous {
            let changed = char::from(alphabet[index | other]);
            let p = format!("{}{changed}", &p[..p.len() - 1]);
            refused(sign(&key(), &format!("{h}.{p}")), Error::Malformed);
        }
    }
    // 32 bytes of tag leave two bits in the last of 43 characters.
    let token = forge(&key(), HEADER, PAYLOAD);
    let accepted = (0..=u8::MAX)
        .filter(|last| {
            let changed = [&token.as_bytes()[..token.len() - 1], &[*last]].concat();
            check(PLAIN, changed).is_ok()
        })
        .count();
    assert_eq!(accepted, 1);
}

#[test]
fn a_length_that_no_bytes_have() {
    let (h, p) = (encode(HEADER), encode("{}"));
    refused(sign(&key(), &format!("{h}AAA.{p}")), Error::Header);
    refused(sign(&key(), &format!("{h}A.{p}")), Error::Malformed);
    refused(sign(&key(), &format!("{h}.{p}AA")), Error::Malformed);
}

// 3. Header.

// [7515-5.2-3]
#[test]
fn a_header_that_is_no_object() {
    for text in [
        "",
        " ",
        "null",
        "true",
        "0",
        "\"HS256\"",
        "[]",
        "[\"HS256\"]",
        "[\"HS256\",\"JWT\"]",
        "[{\"alg\":\"HS256\",\"typ\":\"JWT\"}]",
        "{}",
        "{",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}\0",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}{}",
        "{'alg':'HS256','typ':'JWT'}",
        "{alg:\"HS256\",typ:\"JWT\"}",
        "// \n{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
        "\u{feff}{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"\n\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"\\ud800\"}",
    ] {
        header(text, HEADER_REFUSED);
    }
}

// [7515-5.2-3] [8725-3.7-1]
#[test]
fn a_header_that_is_not_utf_8() {
    for bad in [
        &b"\xff"[..],
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
    ] {
        let text = [
            &b"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\""[..],
            bad,
            b"\"}",
        ]
        .concat();
        header(text, HEADER_REFUSED);
    }
    // UTF-16, with and without its mark.
    let utf_16: Vec<u8> = HEADER.bytes().flat_map(|byte| [byte, 0]).collect();
    header(&utf_16, HEADER_REFUSED);
    header([&[0xff, 0xfe][..], &utf_16].concat(), HEADER_REFUSED);
}

// [7515-4.1.1-1] [8725-3.1-1]
#[test]
fn alg_in_another_spelling_or_type() {
    for alg in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "",
        "hs256",
        "Hs256",
        "HS256 ",
        " HS256",
        "HS256\\u0000",
        "HS384",
        "HS512",
        "RS256",
        "ES256",
        "PS256",
        "EdDSA",
        "HS256,none",
        "HMAC",
    ] {
        header(
            format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#),
            Err(Error::Algorithm),
        );
    }
    for alg in [
        "null",
        "true",
        "256",
        "[\"HS256\"]",
        "{\"HS256\":1}",
        "[]",
        "{}",
        "-1",
    ] {
        header(format!(r#"{{"alg":{alg},"typ":"JWT"}}"#), HEADER_REFUSED);
    }
    header(r#"{"typ":"JWT"}"#, HEADER_REFUSED);
    header(r#"{"ALG":"HS256","typ":"JWT"}"#, HEADER_REFUSED);
    // The same name, in escapes.
    header(r#"{"\u0061lg":"HS\u003256","typ":"JWT"}"#, Ok(()));
}

// [8725-3.2-1]
#[test]
fn none_with_and_without_a_signature() {
    for alg in ["none", "None", "NONE"] {
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
        let parts = format!("{}.{}", encode(header), encode(PAYLOAD));
        refused(format!("{parts}."), Error::Algorithm);
        refused(sign(&key(), &parts), Error::Algorithm);
    }
}

// [8725-3.1-2]
#[test]
fn a_token_of_another_size_of_hash() {
    let payload = PAYLOAD;
    let longer = Key::<Hs512>::new(&[7; 64]).unwrap();
    let token = forge(&longer, r#"{"alg":"HS512","typ":"JWT"}"#, payload);
    refused(token, Error::Algorithm);
    let token = forge(&longer, HEADER, payload);
    refused(token, Error::Signature);
    let token = forge(&Key::<Hs384>::new(&[7; 48]).unwrap(), HEADER, payload);
    refused(token, Error::Signature);
}

// [7515-4-1] [7515-5.3-1]
#[test]
fn duplicate_names_in_the_header() {
    for text in [
        r#"{"alg":"HS256","alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"none","alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT","\u0061lg":"none"}"#,
        r#"{"alg":"HS256","typ":"JWT","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"a","kid":"b"}"#,
        r#"{"alg":"HS256","typ":"JWT","x":1,"x":1}"#,
        r#"{"alg":"HS256","typ":"JWT","x":{"y":1,"y":1}}"#,
    ] {
        header(text, HEADER_REFUSED);
    }
}

// [7515-4.1.11-1]
#[test]
fn crit_of_every_kind() {
    for crit in [
        "[]",
        "[\"b64\"]",
        "[\"exp\"]",
        "[\"x\"]",
        "[\"alg\"]",
        "[\"\"]",
        "[1]",
        "[null]",
        "[\"x\",\"x\"]",
        "\"x\"",
        "null",
        "true",
        "false",
        "{}",
        "1",
    ] {
        header(
            format!(r#"{{"alg":"HS256","typ":"JWT","crit":{crit}}}"#),
            HEADER_REFUSED,
        );
        header(
            format!(r#"{{"alg":"HS256","typ":"JWT","x":1,"\u0063rit":{crit}}}"#),
            HEADER_REFUSED,
        );
    }
}

#[test]
fn b64_with_and_without_crit() {
    for b64 in ["false", "true", "null", "0", "\"false\""] {
        for crit in ["", r#","crit":["b64"]"#] {
            header(
                format!(r#"{{"alg":"HS256","typ":"JWT","b64":{b64}{crit}}}"#),
                HEADER_REFUSED,
            );
        }
    }
    // The payload as it is, as RFC 7797 would have it.
    let parts = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]}"#),
        "abcd"
    );
    refused(sign(&key(), &parts), Error::Header);
}

// [8725-3.11-1]
#[test]
fn typ_that_is_another_or_of_another_type() {
    for typ in [
        "at+jwt",
        "",
        "JWS",
        "JWT ",
        "application/",
        "text/jwt",
        "jwt\\u0000",
        "application/at+jwt",
    ] {
        header(
            format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#),
            Err(Error::Type),
        );
    }
    header(r#"{"alg":"HS256"}"#, Err(Error::Type));
    for typ in ["null", "1", "true", "[\"JWT\"]", "{}"] {
        header(format!(r#"{{"alg":"HS256","typ":{typ}}}"#), HEADER_REFUSED);
    }
    for typ in [
        "jwt",
        "JWT",
        "Jwt",
        "application/jwt",
        "APPLICATION/JWT",
        "\\u004aWT",
    ] {
        header(format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#), Ok(()));
    }
}

// [8725-3.12-1]
#[test]
fn an_access_token_is_nothing_else_and_nothing_else_is_one() {
    let access = Verifier::access_token(ISSUER, API);
    let claims = format!(
        r#"{{"iss":"{ISSUER}","aud":"{API}","sub":"a","client_id":"c","jti":"j","iat":1700000000,"exp":1700000300}}"#
    );
    for (typ, expected) in [
        ("at+jwt", Ok(())),
        ("application/at+jwt", Ok(())),
        ("AT+JWT", Ok(())),
        ("JWT", Err(Error::Type)),
        ("id+jwt", Err(Error::Type)),
    ] {
        let token = forge(
            &key(),
            format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#),
            &claims,
        );
        assert_eq!(check(access, &token), expected, "{typ}");
        let plain = PLAIN.audience(API);
        assert_eq!(check(plain, &token).is_ok(), typ == "JWT", "{typ}");
    }
    let untyped = forge(&key(), r#"{"alg":"HS256"}"#, &claims);
    assert_eq!(check(access, &untyped), Err(Error::Type));
    assert_eq!(check(PLAIN.audience(API).allow_no_typ(), &untyped), Ok(()));
    let twice = PLAIN.audience(API).allow_no_typ().allow_no_typ();
    assert_eq!(check(twice, &untyped), Ok(()));
    let typed = forge(&key(), r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims);
    let lax = PLAIN.audience(API).allow_no_typ();
    assert_eq!(check(lax, &typed), Err(Error::Type));
}

// [7515-4.1.4-1] [7515-4.1.10-1]
#[test]
fn kid_and_cty_of_another_type() {
    for value in ["null", "1", "true", "[\"a\"]", "{}"] {
        for name in ["kid", "cty"] {
            header(
                format!(r#"{{"alg":"HS256","typ":"JWT","{name}":{value}}}"#),
                HEADER_REFUSED,
            );
        }
    }
    header(r#"{"alg":"HS256","typ":"JWT","cty":"JWT"}"#, Ok(()));
}

// [8725-3.10-1]
#[test]
fn keys_and_places_of_keys_in_the_header_are_never_used() {
    // A token that brings its own key is checked with ours, and fails there.
    let own = Key::<Hs256>::new(&[9; 32]).unwrap();
    for parameter in [
        r#""jwk":{"kty":"oct","k":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk"}"#,
        r#""jku":"https://evil.example/keys""#,
        r#""x5u":"https://evil.example/cert""#,
        r#""x5c":["MII="]"#,
        r#""x5t":"a""#,
        r#""x5t#S256":"a""#,
        r#""zip":"DEF""#,
        r#""enc":"A256GCM""#,
        r#""kid":"../../dev/null""#,
        r#""kid":"' OR 1=1""#,
    ] {
        let text = format!(r#"{{"alg":"HS256","typ":"JWT",{parameter}}}"#);
        header(&text, Ok(()));
        refused(forge(&own, &text, PAYLOAD), Error::Signature);
    }
}

// [7515-4.1.4-1] [8725-3.10-1]
#[test]
fn unknown_kid() {
    let ring = Keyring::<_, 2>::new("new", key())
        .with_former("old", Key::new(&[8; 32]).unwrap())
        .unwrap();
    let verify = |token: &str| {
        let mut scratch = [0; 1024];
        PLAIN
            .verify(&ring, token.as_bytes(), &mut scratch, NOW)
            .map(|_| ())
    };
    let token = |kid: &str, byte: u8| {
        let key = Key::<Hs256>::new(&[byte; 32]).unwrap();
        forge(
            &key,
            format!(r#"{{"alg":"HS256","typ":"JWT"{kid}}}"#),
            PAYLOAD,
        )
    };
    assert_eq!(verify(&token(r#","kid":"new""#, 7)), Ok(()));
    assert_eq!(verify(&token(r#","kid":"old""#, 8)), Ok(()));
    assert_eq!(verify(&token(r#","kid":"\u006fld""#, 8)), Ok(()));
    // The right key under another name is not tried.
    for kid in ["older", "NEW", "", "new ", "new\\u0000"] {
        let token = token(&format!(r#","kid":"{kid}""#), 7);
        assert_eq!(verify(&token), Err(Error::UnknownKey), "{kid}");
    }
    // Nor another key than the named one.
    assert_eq!(verify(&token(r#","kid":"old""#, 7)), Err(Error::Signature));
    assert_eq!(verify(&token(r#","kid":"new""#, 8)), Err(Error::Signature));
    // Without a name, the current key alone.
    assert_eq!(verify(&token("", 7)), Ok(()));
    assert_eq!(verify(&token("", 8)), Err(Error::Signature));
}

// 4. MAC.

#[test]
fn every_truncated_tag() {
    let token = forge(&key(), HEADER, PAYLOAD);
    let (signed, _) = token.rsplit_once('.').unwrap();
    let tag = key().tag(signed.as_bytes());
    for len in 0..=100 {
        let tag: Vec<u8> = tag.as_ref().iter().cycle().take(len).copied().collect();
        let token = format!("{signed}.{}", encode(tag));
        match len {
            32 => assert_eq!(check(PLAIN, token), Ok(())),
            // As long as the tag of another algorithm, or of none.
            0 | 48 | 64 => refused(token, Error::Signature),
            _ => refused(token, Error::Malformed),
        }
    }
}

#[test]
fn the_tag_is_checked_before_the_payload_is_looked_at() {
    let other = Key::<Hs256>::new(&[8; 32]).unwrap();
    for payload in ["", "null", "{\"exp\":null}", "[", "\u{feff}{}"] {
        refused(forge(&other, HEADER, payload), Error::Signature);
    }
}

// 5. Payload.

// [7519-7.2-10]
#[test]
fn a_payload_that_is_no_object() {
    for text in [
        "",
        " ",
        "null",
        "true",
        "1",
        "\"{}\"",
        "[]",
        "[{\"iss\":\"https://login.example\",\"exp\":1700000300}]",
        "{",
        "{\"iss\":\"https://login.example\",\"exp\":1700000300",
        "{\"iss\":\"https://login.example\",\"exp\":1700000300,}",
        "{\"iss\":\"https://login.example\",\"exp\":1700000300}x",
        "{\"iss\":\"https://login.example\",\"exp\":1700000300}{}",
        "{\"iss\":\"https://login.example\" \"exp\":1700000300}",
        "{\"iss\":\"https://login.example\",\"exp\":01700000300}",
        "{\"iss\":\"https://login.example\",\"exp\":+1700000300}",
        "{\"iss\":\"https://login.example\",\"exp\":0x65540c6c}",
        "{\"iss\":\"https://login.example\",\"exp\":1700000300,\"a\":NaN}",
        "\u{feff}{\"iss\":\"https://login.example\",\"exp\":1700000300}",
    ] {
        payload(text, PAYLOAD_REFUSED);
    }
    payload(format!("\n\t {PAYLOAD} \r\n"), Ok(()));
}

// [7519-7.2-10] [8725-3.7-1]
#[test]
fn a_payload_that_is_not_utf_8() {
    for bad in [
        &b"\xff"[..],
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
    ] {
        let start = &PAYLOAD.as_bytes()[..PAYLOAD.len() - 1];
        for (open, close) in [
            (&b",\"a\":\""[..], &b"\"}"[..]),
            (b",\"", b"\":1}"),
            (b"", b"}"),
        ] {
            payload([start, open, bad, close].concat(), PAYLOAD_REFUSED);
        }
    }
}

// [7515-5.3-1] [7519-4-1]
#[test]
fn duplicate_and_escaped_names_in_the_payload() {
    with(r#""exp":1700000300"#, PAYLOAD_REFUSED);
    with(r#""\u0065xp":9999999999"#, PAYLOAD_REFUSED);
    with(r#""\u0065\u0078\u0070":9999999999"#, PAYLOAD_REFUSED);
    with(r#""iss":"https://login.example""#, PAYLOAD_REFUSED);
    with(r#""role":"user","role":"admin""#, PAYLOAD_REFUSED);
    with(r#""role":"user","\u0072ole":"admin""#, PAYLOAD_REFUSED);
    with(r#""a":{"b":1,"b":2}"#, PAYLOAD_REFUSED);
    // An escaped name is the name: the claim counts.
    exp(r#""\u0065xp":1700000300"#, Ok(()));
    exp(r#""\u0065xp":1699999999"#, Err(Error::Expired));
    exp(r#""\u0065xp":null"#, PAYLOAD_REFUSED);
}

// [7519-4.1.4-1] [7519-4.1.4-2]
#[test]
fn exp_of_every_shape() {
    exp(r#""exp":1700000001"#, Ok(()));
    // Equal to now is passed.
    exp(r#""exp":1700000000"#, Err(Error::Expired));
    exp(r#""exp":1699999999"#, Err(Error::Expired));
    exp(r#""exp":0"#, Err(Error::Expired));
    exp(r#""exp":-1"#, Err(Error::Expired));
    exp(r#""exp":-9223372036854775808"#, Err(Error::Expired));
    exp(r#""exp":9223372036854775807"#, Ok(()));
    for value in [
        "null",
        "\"1700000300\"",
        "\"\"",
        "true",
        "[1700000300]",
        "{}",
        "1700000300.0",
        "1700000300.5",
        "1.7000003e9",
        "17000003e2",
        "1e400",
        "-1e400",
        "1E10",
        "-0",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999999",
        "Infinity",
        "1700000300L",
        "1_700_000_300",
    ] {
        exp(&format!(r#""exp":{value}"#), PAYLOAD_REFUSED);
    }
    // Another name is no `exp`.
    let missing = Err(Error::Claim(Claim::Exp));
    exp(r#""EXP":1700000300"#, missing);
    exp(r#""exp ":1700000300"#, missing);
    exp(r#""exp\u0000":1700000300"#, missing);
    payload(format!(r#"{{"iss":"{ISSUER}"}}"#), missing);
}

// [7519-4-2]
#[test]
fn claims_that_are_not_known_are_ignored() {
    for member in [
        r#""role":"admin""#,
        r#""Sub":1"#,
        r#""":null"#,
        r#""vc":{"exp":"never","x":[1e400,-0,[]]}"#,
    ] {
        with(member, Ok(()));
    }
}

// [7519-4.1.1-1] [7519-4.1.5-2] [7519-4.1.6-1] [7519-4.1.7-2]
#[test]
fn wrong_typed_and_null_claims() {
    let wrong = ["null", "1", "true", "[\"a\"]", "{}", "[]"];
    for name in ["sub", "jti", "client_id", "scope", "acr", "sid"] {
        for value in wrong {
            with(&format!(r#""{name}":{value}"#), PAYLOAD_REFUSED);
        }
        with(&format!(r#""{name}":"a""#), Ok(()));
    }
    for value in wrong {
        let text = format!(r#"{{"iss":{value},"exp":1700000300}}"#);
        payload(text, PAYLOAD_REFUSED);
    }
    for name in ["nbf", "iat", "auth_time"] {
        for value in [
            "null", "\"1\"", "true", "[1]", "{}", "1.5", "1e3", "1.0", "-0", "1e400",
        ] {
            with(&format!(r#""{name}":{value}"#), PAYLOAD_REFUSED);
        }
        with(&format!(r#""{name}":1700000000"#), Ok(()));
        with(&format!(r#""{name}":-1"#), Ok(()));
        with(&format!(r#""{name}":1700000001"#), Err(Error::NotYetValid));
        with(
            &format!(r#""{name}":9223372036854775807"#),
            Err(Error::NotYetValid),
        );
    }
    for value in ["null", "\"pwd\"", "1", "[1]", "[\"pwd\",1]", "[null]", "{}"] {
        with(&format!(r#""amr":{value}"#), PAYLOAD_REFUSED);
    }
    with(r#""amr":[]"#, Ok(()));
    with(r#""amr":["pwd","something else"]"#, Ok(()));
    for value in [
        "\"\"",
        "\" a\"",
        "\"a \"",
        "\"a  b\"",
        "\"a\\tb\"",
        "\"\u{e9}\"",
    ] {
        with(&format!(r#""scope":{value}"#), PAYLOAD_REFUSED);
    }
}

// [7519-4.1.3-1] [7519-4.1.3-2] [8725-3.9-1] [8725-3.9-2]
#[test]
fn aud_of_every_shape() {
    let refused = Err(Error::Claim(Claim::Aud));
    let one = PLAIN.audience(API);
    let any = PLAIN.any_audience(&["https://other.example", API]);
    let none = PLAIN.any_audience(&[]);
    for (aud, expected) in [
        (r#","aud":"https://api.example""#, Ok(())),
        (r#","aud":"https:\/\/api.example""#, Ok(())),
        (r#","aud":["https://api.example"]"#, Ok(())),
        (r#","aud":["a","https://api.example","b"]"#, Ok(())),
        (
            r#","aud":["1","2","3","4","5","6","7","https://api.example"]"#,
            Ok(()),
        ),
        (
            r#","aud":["1","2","3","4","5","6","7","8","https://api.example"]"#,
            PAYLOAD_REFUSED,
        ),
        ("", refused),
        (r#","aud":"""#, refused),
        (r#","aud":"https://api.example/""#, refused),
        (r#","aud":"https://API.example""#, refused),
        (r#","aud":"https://api.exampl""#, refused),
        (
            r#","aud":"https://api.example https://other.example""#,
            refused,
        ),
        (r#","aud":["https://a.example","b"]"#, refused),
        (r#","aud":[""]"#, refused),
        (r#","aud":[]"#, PAYLOAD_REFUSED),
        (r#","aud":null"#, PAYLOAD_REFUSED),
        (r#","aud":1"#, PAYLOAD_REFUSED),
        (r#","aud":true"#, PAYLOAD_REFUSED),
        (r#","aud":{"https://api.example":1}"#, PAYLOAD_REFUSED),
        (r#","aud":["https://api.example",1]"#, PAYLOAD_REFUSED),
        (r#","aud":["https://api.example",null]"#, PAYLOAD_REFUSED),
        (r#","aud":["https://api.example",["b"]]"#, PAYLOAD_REFUSED),
        (r#","aud":[["https://api.example"]]"#, PAYLOAD_REFUSED),
    ] {
        let text = format!(r#"{{"iss":"{ISSUER}","exp":1700000300{aud}}}"#);
        let token = forge(&key(), HEADER, text);
        assert_eq!(check(one, &token), expected, "{aud}");
        assert_eq!(check(any, &token), expected, "{aud}");
        // Not expected: a token that is for somebody is not for us.
        let unasked = match expected {
            Ok(()) => refused,
            Err(_) if aud.is_empty() => Ok(()),
            other => other,
        };
        assert_eq!(check(PLAIN, &token), unasked, "{aud}");
        assert!(check(none, &token).is_err(), "{aud}");
    }
}

// [8725-3.8-1]
#[test]
fn iss_is_exact_and_expected_or_absent() {
    let refused = Err(Error::Claim(Claim::Iss));
    let nobody = Verifier::without_issuer(Type::JWT);
    for (iss, ours, nobodys) in [
        (r#""iss":"https://login.example","#, Ok(()), refused),
        (r#""iss":"https:\/\/login.example","#, Ok(()), refused),
        (r#""iss":"https://login.example/","#, refused, refused),
        (r#""iss":"https://LOGIN.example","#, refused, refused),
        (r#""iss":"","#, refused, refused),
        ("", refused, Ok(())),
    ] {
        let token = forge(&key(), HEADER, format!(r#"{{{iss}"exp":1700000300}}"#));
        assert_eq!(check(PLAIN, &token), ours, "{iss}");
        assert_eq!(check(nobody, &token), nobodys, "{iss}");
    }
    with(r#""nonce":1"#, Ok(()));
    for iss in ["[\"https://login.example\"]", "null"] {
        payload(
            format!(r#"{{"iss":{iss},"exp":1700000300}}"#),
            PAYLOAD_REFUSED,
        );
    }
}

#[test]
fn nesting_to_a_depth_of_100_000_on_a_small_stack() {
    // Unoptimised code takes several times the stack of the code that is meant to run.
    const KIB: usize = if cfg!(debug_assertions) { 16 } else { 8 };
    let depth = 100_000;
    let texts = [
        format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
        format!("{}{}", "[{\"a\":".repeat(depth / 2), "}]".repeat(depth / 2)),
        "[".repeat(depth),
        "{\"a\":".repeat(depth),
    ];
    for nested in texts {
        let header = format!(r#"{{"alg":"HS256","typ":"JWT","x":{nested}}}"#);
        let in_header = forge(&key(), header, PAYLOAD);
        let payload = format!(r#"{{"iss":"{ISSUER}","exp":1700000300,"x":{nested}}}"#);
        let in_payload = forge(&key(), HEADER, payload);
        let whole = forge(&key(), HEADER, &nested);
        let mut scratch = vec![0; 2_000_000];
        let key = key();
        small::on_stack_of(KIB, move || {
            let verifier = PLAIN.max_len(usize::MAX);
            for (token, expected) in [
                (in_header, Error::Header),
                (in_payload, Error::Payload),
                (whole, Error::Payload),
            ] {
                let verified = verifier.verify(&key, token.as_bytes(), &mut scratch, NOW);
                assert_eq!(verified.err(), Some(expected));
            }
        });
    }
}

// 6. Claims: time and what is required.

// [7519-4.1.5-1]
#[test]
fn leeway_is_zero_unless_asked_and_counts_both_ways() {
    let second = Duration::from_secs(1);
    for (member, lax) in [
        (r#""exp":1700000300,"nbf":1700000001"#, Ok(())),
        (
            r#""exp":1700000300,"nbf":1700000002"#,
            Err(Error::NotYetValid),
        ),
        (r#""exp":1700000300,"iat":1700000001"#, Ok(())),
        (
            r#""exp":1700000300,"iat":1700000002"#,
            Err(Error::NotYetValid),
        ),
        (r#""exp":1700000300,"auth_time":1700000001"#, Ok(())),
        (
            r#""exp":1700000300,"auth_time":1700000002"#,
            Err(Error::NotYetValid),
        ),
        (r#""exp":1700000000"#, Ok(())),
        (r#""exp":1699999999"#, Err(Error::Expired)),
    ] {
        let token = forge(&key(), HEADER, format!(r#"{{"iss":"{ISSUER}",{member}}}"#));
        assert!(check(PLAIN, &token).is_err(), "{member}");
        assert_eq!(check(PLAIN.leeway(second), &token), lax, "{member}");
        // A part of a second is dropped.
        let almost_two = Duration::from_millis(1999);
        assert_eq!(check(PLAIN.leeway(almost_two), &token), lax, "{member}");
    }
}

#[test]
fn arithmetic_at_the_ends_of_time_accepts_nothing_more() {
    let token = |member: &str| forge(&key(), HEADER, format!(r#"{{"iss":"{ISSUER}",{member}}}"#));
    let verify = |verifier: Verifier<'_>, token: &str, now: UnixTime| {
        let mut scratch = [0; 1024];
        verifier
            .verify(&key(), token.as_bytes(), &mut scratch, now)
            .map(|_| ())
    };
    let lax = PLAIN.leeway(Duration::MAX);
    let last = token(r#""exp":9223372036854775807"#);
    assert_eq!(verify(PLAIN, &last, UnixTime::MAX), Err(Error::Expired));
    assert_eq!(verify(lax, &last, UnixTime::MAX), Err(Error::Expired));
    assert_eq!(verify(lax, &last, UnixTime::MIN), Ok(()));
    let first = token(r#""exp":-9223372036854775808"#);
    assert_eq!(verify(PLAIN, &first, UnixTime::MIN), Err(Error::Expired));
    let future = token(r#""exp":9223372036854775807,"nbf":9223372036854775807"#);
    assert_eq!(verify(PLAIN, &future, NOW), Err(Error::NotYetValid));
    let age = PLAIN.max_age(Duration::MAX);
    let old = token(r#""exp":9223372036854775807,"iat":-9223372036854775808"#);
    assert_eq!(verify(age, &old, NOW), Ok(()));
    assert_eq!(verify(age, &old, UnixTime::MAX), Err(Error::Expired));
}

#[test]
fn a_maximal_age_asks_for_iat_and_counts_from_it() {
    let aged = PLAIN.max_age(Duration::from_secs(60));
    let verify = |member: &str| {
        let text = format!(r#"{{"iss":"{ISSUER}","exp":1700000300{member}}}"#);
        check(aged, forge(&key(), HEADER, text))
    };
    assert_eq!(verify(""), Err(Error::Claim(Claim::Iat)));
    assert_eq!(verify(r#","iat":1699999941"#), Ok(()));
    assert_eq!(verify(r#","iat":1699999940"#), Err(Error::Expired));
    assert_eq!(verify(r#","iat":1700000001"#), Err(Error::NotYetValid));
    let token = forge(
        &key(),
        HEADER,
        format!(r#"{{"iss":"{ISSUER}","iat":1699999930,"exp":1700000300}}"#),
    );
    assert_eq!(
        check(aged.leeway(Duration::from_secs(10)), &token),
        Err(Error::Expired)
    );
    assert_eq!(check(aged.leeway(Duration::from_secs(11)), &token), Ok(()));
}

#[test]
fn required_claims_are_required_and_not_empty() {
    for (claim, good, empty) in [
        (Claim::Sub, r#""sub":"a""#, Some(r#""sub":"""#)),
        (Claim::Jti, r#""jti":"a""#, Some(r#""jti":"""#)),
        (
            Claim::ClientId,
            r#""client_id":"a""#,
            Some(r#""client_id":"""#),
        ),
        (Claim::Acr, r#""acr":"a""#, Some(r#""acr":"""#)),
        (Claim::Sid, r#""sid":"a""#, Some(r#""sid":"""#)),
        (Claim::Scope, r#""scope":"a""#, None),
        (Claim::Nbf, r#""nbf":0"#, None),
        (Claim::Iat, r#""iat":0"#, None),
        (Claim::AuthTime, r#""auth_time":0"#, None),
        (Claim::Amr, r#""amr":["pwd"]"#, None),
    ] {
        let verifier = PLAIN.require(claim);
        let token = |member: &str| {
            let text = format!(r#"{{"iss":"{ISSUER}","exp":1700000300{member}}}"#);
            forge(&key(), HEADER, text)
        };
        let verify = |member: &str| check(verifier, token(member));
        assert_eq!(verify(&format!(",{good}")), Ok(()));
        assert_eq!(verify(""), Err(Error::Claim(claim)));
        // To require it once more does not undo it.
        let twice = check(verifier.require(claim), token(""));
        assert_eq!(twice, Err(Error::Claim(claim)));
        if let Some(empty) = empty {
            assert_eq!(verify(&format!(",{empty}")), Err(Error::Claim(claim)));
            with(empty, Ok(()));
        }
    }
}

#[test]
fn an_access_token_has_seven_claims() {
    let members = [
        (Claim::Iss, format!(r#""iss":"{ISSUER}""#)),
        (Claim::Aud, format!(r#""aud":"{API}""#)),
        (Claim::Sub, r#""sub":"ada""#.into()),
        (Claim::ClientId, r#""client_id":"web""#.into()),
        (Claim::Iat, r#""iat":1700000000"#.into()),
        (Claim::Jti, r#""jti":"x""#.into()),
        (Claim::Exp, r#""exp":1700000300"#.into()),
    ];
    let verify = |without: Option<Claim>| {
        let kept: Vec<&str> = members
            .iter()
            .filter(|(claim, _)| Some(*claim) != without)
            .map(|(_, text)| text.as_str())
            .collect();
        let header = r#"{"alg":"HS256","typ":"at+jwt"}"#;
        let token = forge(&key(), header, format!("{{{}}}", kept.join(",")));
        check(Verifier::access_token(ISSUER, API), token)
    };
    assert_eq!(verify(None), Ok(()));
    for (claim, _) in &members {
        assert_eq!(verify(Some(*claim)), Err(Error::Claim(*claim)));
    }
}

#[test]
fn a_token_without_exp_is_accepted_only_where_that_is_said() {
    let token = forge(&key(), HEADER, format!(r#"{{"iss":"{ISSUER}"}}"#));
    assert_eq!(check(PLAIN, &token), Err(Error::Claim(Claim::Exp)));
    assert_eq!(check(PLAIN.allow_no_exp(), &token), Ok(()));
    // One that has it still ends.
    let ended = forge(&key(), HEADER, format!(r#"{{"iss":"{ISSUER}","exp":1}}"#));
    assert_eq!(check(PLAIN.allow_no_exp(), ended), Err(Error::Expired));
    // And null is not "without".
    let null = forge(
        &key(),
        HEADER,
        format!(r#"{{"iss":"{ISSUER}","exp":null}}"#),
    );
    assert_eq!(check(PLAIN.allow_no_exp(), null), Err(Error::Payload));
}

#[test]
fn claims_of_the_callers_own_have_any_type_that_an_object_has() {
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Own {
        role: String,
    }
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Wrapped(Own);
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Nothing;
    fn own<C: serde::de::DeserializeOwned>(member: &str) -> Result<C, Error> {
        let text = format!(r#"{{"iss":"{ISSUER}","exp":1700000300{member}}}"#);
        let (token, mut scratch) = (forge(&key(), HEADER, text), [0; 1024]);
        let verified = PLAIN.verify_with::<C>(&key(), token.as_bytes(), &mut scratch, NOW)?;
        Ok(verified.into_own())
    }
    let admin = || Own {
        role: "admin".into(),
    };
    let role = r#","role":"admin""#;
    assert_eq!(own(role), Ok(admin()));
    assert_eq!(own(role), Ok(Some(admin())));
    assert_eq!(own(role), Ok(Wrapped(admin())));
    assert_eq!(own(role), Ok(Nothing));
    assert_eq!(own(role), Ok(()));
    // What is registered is checked whatever the caller wants.
    for wrong in [
        r#","sub":1"#,
        r#","role":"#,
        r#","jti":x"#,
        r#","aud":x"#,
        r#","aud":"#,
    ] {
        assert_eq!(own::<Nothing>(wrong), Err(Error::Payload), "{wrong}");
        assert_eq!(own::<Option<Own>>(wrong), Err(Error::Payload), "{wrong}");
    }
    for wrong in ["", r#","role":1"#] {
        assert_eq!(own::<Option<Own>>(wrong), Err(Error::Payload), "{wrong}");
    }
    assert_eq!(own::<Vec<u8>>(role), Err(Error::Payload));
    assert_eq!(own::<u8>(role), Err(Error::Payload));
}

/// A type that takes the first member and no more would not have seen the others.
#[test]
fn claims_of_the_callers_own_are_read_to_the_last() {
    #[derive(Debug)]
    struct First;
    impl<'t> serde::Deserialize<'t> for First {
        fn deserialize<D: serde::Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
            struct Takes;
            impl<'t> serde::de::Visitor<'t> for Takes {
                type Value = First;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("a member")
                }
                fn visit_map<A: serde::de::MapAccess<'t>>(
                    self,
                    mut map: A,
                ) -> Result<First, A::Error> {
                    let _: Option<(&str, serde::de::IgnoredAny)> = map.next_entry()?;
                    Ok(First)
                }
            }
            deserializer.deserialize_map(Takes)
        }
    }
    for (text, expected) in [
        ("{}", Err(Error::Claim(Claim::Iss))),
        (r#"{"role":"admin"}"#, Err(Error::Claim(Claim::Iss))),
        (r#"{"role":"admin","exp":1}"#, Err(Error::Payload)),
    ] {
        let (token, mut scratch) = (forge(&key(), HEADER, text), [0; 1024]);
        let read = PLAIN.verify_with::<First>(&key(), token.as_bytes(), &mut scratch, NOW);
        assert_eq!(read.map(drop), expected, "{text}");
    }
}

#[test]
fn every_claim_has_a_name_of_its_own() {
    for (name, claim) in [
        ("iss", Claim::Iss),
        ("sub", Claim::Sub),
        ("aud", Claim::Aud),
        ("exp", Claim::Exp),
        ("nbf", Claim::Nbf),
        ("iat", Claim::Iat),
        ("jti", Claim::Jti),
        ("client_id", Claim::ClientId),
        ("scope", Claim::Scope),
        ("auth_time", Claim::AuthTime),
        ("acr", Claim::Acr),
        ("amr", Claim::Amr),
        ("sid", Claim::Sid),
    ] {
        assert_eq!(claim.name(), name);
        assert_eq!(Claim::from_name(name), Some(claim));
        assert_eq!(Claim::from_name(&name.to_uppercase()), None);
        assert_eq!(Claim::from_name(&format!("{name} ")), None);
    }
}

#[test]
fn claims_of_the_callers_own_are_read_as_strictly() {
    #[derive(serde::Deserialize, Debug)]
    struct Own<'t> {
        role: &'t str,
        level: Option<u8>,
    }
    let verify = |member: &str| {
        let mut scratch = [0; 1024];
        let text = format!(r#"{{"iss":"{ISSUER}","exp":1700000300{member}}}"#);
        let token = forge(&key(), HEADER, text);
        PLAIN
            .verify_with::<Own<'_>>(&key(), token.as_bytes(), &mut scratch, NOW)
            .map(|verified| {
                assert!(verified.exp().is_some());
                (verified.own().role.to_string(), verified.own().level)
            })
    };
    assert_eq!(verify(r#","role":"admin""#), Ok(("admin".into(), None)));
    assert_eq!(
        verify(r#","role":"\u0061dmin","level":3"#),
        Ok(("admin".into(), Some(3)))
    );
    for member in [
        "",
        r#","role":null"#,
        r#","role":1"#,
        r#","role":"a","level":256"#,
        r#","role":"a","level":"3""#,
        r#","role":"a","role":"b""#,
        r#","role":"a","\u0072ole":"b""#,
        r#","role":"a","exp":1700000301"#,
        r#","role":"a","sub":null"#,
        r#","role":"a","x":[1,]"#,
    ] {
        assert_eq!(verify(member), Err(Error::Payload), "{member}");
    }
}
