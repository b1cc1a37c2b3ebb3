//! What must come out right on every machine.

use hardtack::cookie::{Header, Received, Request, SetCookie, pairs};
use hardtack::date;
use hardtack::jar::Outcome;
use hardtack::json;
use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key};
use hardtack::time::UnixTime;
use hardtack::token::{Jws, Type};

use crate::flow;

/// A name, and what is right.
pub type Check = (&'static str, fn() -> bool);

pub const ALL: &[Check] = &[
    ("HMAC, RFC 4231 test case 6", rfc_4231),
    ("derived key, RFC 5869", derivation),
    ("JWS, RFC 7515 A.1", rfc_7515),
    ("cookie-date, RFC 6265bis", cookie_date),
    ("IMF-fixdate, RFC 9110", imf_fixdate),
    ("Cookie and Set-Cookie", cookies),
    ("a static jar, filled", filled_jar),
    ("JSON", json_both_ways),
    ("login, cookie, session, token, policy", flow::whole),
    #[cfg(feature = "red")]
    ("red", red),
];

#[cfg(feature = "red")]
fn red() -> bool {
    let mut message = *b"message";
    Key::<Hs256>::new(&[7; 32]).is_ok_and(|key| {
        let tag = key.tag(&message);
        message[0] ^= 1;
        key.verify(&message, tag.as_ref()).is_ok()
    })
}

fn tagged<A: Algorithm>(key: &[u8], message: &[u8], start: u128) -> bool {
    Key::<A>::new(key).is_ok_and(|key| {
        let tag = key.tag(message);
        tag.as_ref().starts_with(&start.to_be_bytes()) && key.verify(message, tag.as_ref()).is_ok()
    })
}

/// RFC 4231 §4.7: a key that is longer than a block. The first 16 bytes of a tag tell as much.
fn rfc_4231() -> bool {
    let key = [0xAA; 131];
    let message = b"Test Using Larger Than Block-Size Key - Hash Key First";
    tagged::<Hs256>(&key, message, 0x60e4_3159_1ee0_b67f_0d8a_26aa_cbf5_b77f)
        && tagged::<Hs384>(&key, message, 0x4ece_0844_8581_3e90_88d2_c63a_041b_c5b4)
        && tagged::<Hs512>(&key, message, 0x80b2_4263_c7c1_a3eb_b714_93c1_dd7b_e8b4)
}

/// HKDF-Expand, RFC 5869 §2.3: HMAC(HMAC(key, "tokens" 0x01), "message"), as Python's `hmac` has it.
fn derivation() -> bool {
    Key::<Hs256>::new(&[0x0B; 32]).is_ok_and(|root| {
        let tag = root.derive("tokens").tag(b"message");
        tag.as_ref().starts_with(&DERIVED.to_be_bytes())
    })
}

const DERIVED: u128 = 0x332f_f1a6_976b_58dd_b5b8_1c81_3af2_8a3d;

const A1_KEY: [u8; 64] = [
    3, 35, 53, 75, 43, 15, 165, 188, 131, 126, 6, 101, 119, 123, 166, 143, 90, 179, 40, 230, 240,
    84, 201, 40, 169, 15, 132, 178, 210, 80, 46, 191, 211, 251, 90, 146, 210, 6, 71, 239, 150, 138,
    180, 195, 119, 98, 61, 34, 61, 46, 33, 114, 5, 46, 79, 8, 192, 205, 154, 245, 103, 208, 128,
    163,
];
const A1_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
    eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
    dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn rfc_7515() -> bool {
    (|| {
        let key = Key::<Hs256>::new(&A1_KEY).ok()?;
        let jws = Jws::new(Type::new("JWT").ok()?);
        let mut scratch = [0; 128];
        let right = jws
            .verify(&key, A1_TOKEN.as_bytes(), &mut scratch)
            .ok()?
            .payload()
            .starts_with(b"{\"iss\":\"joe\",\r\n");
        let mut forged = [0; 192];
        let forged = forged.get_mut(..A1_TOKEN.len())?;
        forged.copy_from_slice(A1_TOKEN.as_bytes());
        forged[A1_TOKEN.len() / 2] ^= 1;
        Some(right && jws.verify(&key, forged, &mut [0; 128]).is_err())
    })()
    .unwrap_or(false)
}

fn cookie_date() -> bool {
    let right = Ok(UnixTime::from_secs(1_623_233_894));
    date::parse(b"Wed, 09 Jun 2021 10:18:14 GMT") == right
        && date::parse(b"Wednesday, 09-Jun-21 10:18:14 GMT") == right
        && date::parse(b"Wed, 31 Jun 2021 10:18:14 GMT").is_err()
}

fn imf_fixdate() -> bool {
    date::ImfFixdate::new(UnixTime::from_secs(784_111_777))
        .is_ok_and(|date| &date.to_bytes() == b"Sun, 06 Nov 1994 08:49:37 GMT")
}

fn cookies() -> bool {
    let text = "__Host-a=b; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax";
    let written = SetCookie::new("__Host-a", "b").is_ok_and(|cookie| {
        let cookie = cookie.with_max_age(core::time::Duration::from_secs(3600));
        cookie.write(&mut [0; 80]) == Ok(text)
    });
    let read = Received::parse(text.as_bytes())
        .is_ok_and(|cookie| cookie.name() == b"__Host-a" && cookie.is_secure());
    let lines = [&b"theme=dark; __Host-a=b"[..], b"c=d"];
    written && read && Header::new(lines).only(b"__Host-a") == Ok(Some(b"b"))
}

/// The jar holds as many cookies as its type says, of two sites; one more, and one of them goes.
fn filled_jar() -> bool {
    let now = flow::NOW;
    flow::JAR.with(|jar| {
        let hosts = ["a.example", "b.example"].map(|host| Request::https(host, "/"));
        let [Ok(a), Ok(b)] = hosts else { return false };
        let mut line = *b"c00=31d4d96e407aad42; Secure";
        let mut set = |number: usize, request| {
            let digit = |digit: usize| b'0' + (digit % 10) as u8;
            (line[1], line[2]) = (digit(number / 10), digit(number));
            jar.store(&line, request, now) == Outcome::Stored
        };
        let mut stored = (0..flow::COOKIES).all(|number| set(number, [&a, &b][number % 2]));
        let mut header = [0; 1024];
        let mut sent = |request| {
            let line = jar.write_header(request, &mut header, now);
            line.map_or(0, |line| pairs(line).count())
        };
        let half = flow::COOKIES / 2;
        stored &= (sent(&a), sent(&b)) == (half, half);
        stored &= jar.store(b"more=1", &a, now) == Outcome::Stored && jar.len() == flow::COOKIES;
        jar.clear();
        stored && jar.is_empty()
    })
}

fn json_both_ways() -> bool {
    let mut scratch = [0; 16];
    let pair: Result<(&str, u64), _> =
        json::read(br#"["caf\u00e9",18446744073709551615]"#, &mut scratch);
    pair == Ok(("caf\u{e9}", u64::MAX))
        && json::write(&("caf\u{e9}", u64::MAX), &mut [0; 32])
            == Ok("[\"caf\u{e9}\",18446744073709551615]")
        && json::read::<(u8, u8)>(b"[1,256]", &mut []).is_err()
}
