//! Every parser on its worst inputs at four lengths: runs of what means something to it, behind what
//! leads it there. What it takes for a byte must not grow with the length.

use std::hint::black_box;

use hardtack::cookie::{self, Header, NoSuffixList, Received, Request, SetCookie, percent};
use hardtack::date;
use hardtack::identity::Authenticated;
use hardtack::jar::{Jar, Outcome};
use hardtack::json;
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::policy::{Authenticator, Basic, Bearer, Refusal};
use hardtack::scope::Scope;
use hardtack::session::Secret;
use hardtack::time::UnixTime;
use hardtack::token::{Jws, Signer, Type, Unverified, Verifier, jwk};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::callgrind::counted;

const LENGTHS: [usize; 4] = [1024, 4096, 16_384, 65_536];
const NOW: UnixTime = UnixTime::from_secs(1_795_000_000);
const LONGEST: usize = LENGTHS[3];

/// What stands at the front, what is repeated, and what ends it.
type Shape = (&'static str, &'static str, &'static str);

/// Runs of one thing, for every parser of text.
const RUNS: [&str; 15] = [
    "=", ";", " ", "\t", "\"", "\\", "[", "{", ",", ".", "%", "0", "a", "\u{e9}", "\u{1}",
];

fn text((front, run, end): Shape, length: usize) -> Vec<u8> {
    let times = length.saturating_sub(front.len() + end.len()) / run.len();
    [front, &run.repeat(times), end].concat().into_bytes()
}

/// Counts a parser on all its inputs, once each.
fn parser(name: &str, shapes: &[Shape], mut parse: impl FnMut(&[u8])) {
    let runs = RUNS.iter().map(|run| ("", *run, ""));
    for shape in runs.chain(shapes.iter().copied()) {
        for length in LENGTHS {
            let text = text(shape, length);
            let (front, run, end) = shape;
            let input = format!("{front}{run}…{end}").escape_debug().to_string();
            parse(&text[..text.len().min(1024)]);
            counted(&format!("{length} {name}: {input}"), || {
                parse(black_box(&text))
            });
        }
    }
}

pub fn all() {
    control();
    cookie_header();
    set_cookie();
    dates();
    jar();
    values();
    json_text();
    tokens();
    keys();
    authorization();
    scopes();
}

/// What the check must notice: for every 256th byte that is a `=`, the whole text is looked through.
fn control() {
    parser("control", &[], |text| {
        for byte in text.iter().step_by(256).filter(|byte| **byte == b'=') {
            black_box(
                text.iter()
                    .filter(|other| black_box(*other) == byte)
                    .count(),
            );
        }
    });
}

fn cookie_header() {
    let pairs = [
        ("", "; ", ""),
        ("", "a=", ""),
        ("", "a=b; ", ""),
        ("", "=;", ""),
        ("", " \t", ""),
        ("sid=", " ", "x"),
        ("", "\t;", ""),
        ("", "a\t=\tb;", ""),
    ];
    parser("Cookie header, all pairs", &pairs, |text| {
        black_box(cookie::pairs(text).count());
    });
    let names = [
        ("", "sid", ""),
        ("", "sid;", ""),
        ("", "sid ;", ""),
        ("", "sid\t;", ""),
        ("", "sidx=1; ", ""),
        ("", "sid\u{1}=1; ", ""),
        ("", "si; ", ""),
        ("", " ", "sid=1"),
    ];
    parser("Cookie header, by name", &names, |text| {
        black_box(Header::new([text]).first(b"sid").is_some());
    });
    parser("Cookie header, the only one of a name", &names, |text| {
        black_box(Header::new([text]).only(b"sid").is_ok());
    });
    let chunks = [
        ("", "sid.0=9.AAAAAAAAAAAAAAAA.x; ", ""),
        ("sid.0=60000.AAAAAAAAAAAAAAAA.", "x", ""),
        ("sid.0=60000.AAAAAAAAAAAAAAAA.x; ", "sid.1=a; ", ""),
        ("", "sid.1=a; ", "sid.0=60000.AAAAAAAAAAAAAAAA.x"),
        ("", "sid.000000000001=a; ", ""),
        ("", "sid.", ""),
    ];
    let mut buffer = vec![0; LONGEST];
    parser("chunks joined", &chunks, |text| {
        black_box(Header::new([text]).join(b"sid", &mut buffer).is_ok());
    });
    parser("chunks left over", &chunks, |text| {
        let cookie = SetCookie::bare("sid", "").expect("a cookie");
        black_box(cookie.leftovers(&Header::new([text]), 1).count());
    });
}

const LINES: [Shape; 14] = [
    ("a=b; ", "Path=/; ", ""),
    ("a=b; ", "Domain=a.example; ", ""),
    ("a=b; ", "Expires=Wed, 09 Jun 2027 10:18:14 GMT; ", ""),
    ("a=b; ", "Max-Age=1; ", ""),
    ("a=b; ", "SameSite=; ", ""),
    ("a=b; ", "x=y; ", ""),
    ("a=b; Expires=", "1:", ""),
    ("a=b; Expires=", "0", ""),
    ("a=b; Expires=", " ", ""),
    ("a=b; Domain=", ".", ""),
    ("a=b; Domain=", "a.", "example"),
    ("a=b; Max-Age=", "9", ""),
    ("a=b; Path=/", "/", ""),
    ("a=b", " ", "; Path=/"),
];

fn set_cookie() {
    parser("Set-Cookie read", &LINES, |text| {
        if let Ok(line) = Received::parse(text) {
            black_box((line.expires(), line.unknown().count()));
        }
    });
    parser("cookie to be sent, strictly", &LINES, |text| {
        if let Ok(text) = str::from_utf8(text) {
            black_box(SetCookie::new("a", text).is_ok());
            black_box(SetCookie::new(text, "a").is_ok());
            let cookie = SetCookie::new("a", "b").expect("a cookie");
            black_box(cookie.with_domain(text).is_ok());
            black_box(cookie.with_path(text).is_ok());
            black_box(cookie::Pair::new(text, text).is_ok());
        }
    });
}

fn dates() {
    let shapes = [
        ("", "1:", ""),
        ("", "10:18:14 ", ""),
        ("", "10:18:", ""),
        ("", "1 ", ""),
        ("", "Jun ", ""),
        ("", "2027 ", ""),
        ("Wed, 09 Jun 2027 10:18:14 GMT", " ", ""),
        ("", " ", "Wed, 09 Jun 2027 10:18:14 GMT"),
        ("Wed, 09 Jun 2027 10:18:14", "4", ""),
        ("Wed, 09 Jun 2027 10:18:14 ", "x", ""),
    ];
    parser("cookie-date", &shapes, |text| {
        black_box(date::parse(text).is_ok());
    });
}

fn jar() {
    let mut jar = Jar::<16, 4096>::new(NoSuffixList);
    let request = Request::https("a.example", "/").expect("a host");
    parser("jar, Set-Cookie stored", &LINES, |text| {
        let _ = black_box(jar.store(text, &request, NOW));
    });
    let mut jar = Jar::<16, 8192>::new(NoSuffixList);
    for path in ["/", "/a", "/a/b"] {
        let line = format!("a=b; Path={path}");
        assert_eq!(jar.store(line.as_bytes(), &request, NOW), Outcome::Stored);
    }
    let long = format!("a=b; Path={}", "/a".repeat(500));
    assert_eq!(jar.store(long.as_bytes(), &request, NOW), Outcome::Stored);
    let mut buffer = [0; 64];
    let targets = [
        ("/", "/", ""),
        ("/", "a/", ""),
        ("/a", "/a", ""),
        ("/a?", "/", ""),
        ("", "a.", "example"),
    ];
    parser(
        "jar look-up, the request's target and host",
        &targets,
        |text| {
            if let Ok(text) = str::from_utf8(text) {
                if let Ok(request) = Request::https("a.example", text) {
                    black_box(jar.write_header(&request, &mut buffer, NOW).is_ok());
                }
                if let Ok(request) = Request::https(text, "/") {
                    black_box(jar.write_header(&request, &mut buffer, NOW).is_ok());
                }
            }
        },
    );
}

fn values() {
    let mut buffer = vec![0; LONGEST];
    let shapes = [
        ("", "%41", ""),
        ("", "%zz", ""),
        ("", "%41", "%"),
        ("", "a%4", ""),
    ];
    parser("percent-decoding", &shapes, |text| {
        black_box(percent::decode(text, &mut buffer).is_ok());
    });
    let mut long = vec![0; 3 * LONGEST];
    parser("percent-encoding", &[], |text| {
        black_box(percent::Encoded::new(text).write(&mut long).is_ok());
    });
    let ring = Keyring::<Hs256, 0>::new("k", key());
    let signer = cookie::Signer::new("a", "work", &ring).expect("a name");
    let shapes = [
        ("", ".", "k..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("", "a", ".k..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("a.", "k", "..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("a.k.", "1", ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ];
    parser("signed value, forged", &shapes, |text| {
        black_box(signer.verify(text, NOW).is_ok());
    });
    for length in LENGTHS {
        let value = "a".repeat(length);
        let text = signer.sign(&value).expect("octets");
        let text = text.write(&mut long).expect("fits").as_bytes();
        counted(&format!("{length} signed value, genuine: a…"), || {
            assert!(signer.verify(black_box(text), NOW).is_ok());
        });
    }
    parser("session secret", &[], |text| {
        black_box(Secret::parse(text).is_ok());
    });
}

/// Values, in an array so that the reader goes through all of them.
const VALUES: [Shape; 17] = [
    ("[", "[],", "0]"),
    ("[", "[[[[[[[[[[]]]]]]]]]],", "0]"),
    ("[", "{\"a\":0},", "0]"),
    ("[", "{\"a\":{\"b\":{\"c\":0}}},", "0]"),
    ("[", "\"\",", "0]"),
    ("[", "\"\\u0061\",", "0]"),
    ("[", "\"\\ud83d\\ude00\",", "0]"),
    ("[", "1,", "0]"),
    ("[", "-1.5e9,", "0]"),
    ("[", "null,", "0]"),
    ("[", " ", "0]"),
    ("[\"", "\\n", "\"]"),
    ("[\"", "\\u00e9", "\"]"),
    ("[\"", "a", "\"]"),
    ("[\"", "\u{e9}", "\"]"),
    ("[", "9", "]"),
    ("[0.", "9", "]"),
];

fn json_text() {
    let mut scratch = vec![0; LONGEST];
    parser("JSON, ignored", &VALUES, |text| {
        black_box(json::read::<IgnoredAny>(text, &mut scratch).is_ok());
    });
    let strings = [
        ("\"", "\\n", "\""),
        ("\"", "\\u00e9", "\""),
        ("\"", "\\ud83d\\ude00", "\""),
        ("\"", "a", "\""),
    ];
    parser("JSON, a string", &strings, |text| {
        black_box(json::read::<&str>(text, &mut scratch).is_ok());
    });
    parser(
        "JSON, a number",
        &[("0.", "0", "1"), ("1e", "0", "1"), ("-", "9", "")],
        |text| {
            black_box(json::read::<f64>(text, &mut scratch).is_ok());
            black_box(json::read::<i64>(text, &mut scratch).is_ok());
            black_box(json::read::<u128>(text, &mut scratch).is_ok());
        },
    );
    #[derive(Deserialize)]
    struct Named {
        #[allow(dead_code)] // read for the reading's sake
        a: Option<u8>,
    }
    let members = [
        ("{", "\"b\":0,", "\"a\":0}"),
        ("{\"b\":[", "{\"b\":0},", "0]}"),
        ("{\"", "b", "\":0}"),
        ("{\"", "\\u0061", "\":0}"),
        ("{", " ", "\"a\":0}"),
    ];
    parser("JSON, a struct", &members, |text| {
        black_box(json::read::<Named>(text, &mut scratch).is_ok());
    });
    for length in LENGTHS {
        // No name twice, up to the most that there may be and beyond.
        let mut text: String = (0..length / 13)
            .map(|at| format!("\"n{at:07}\":0,"))
            .collect();
        text = format!("{{{}}}", text.trim_end_matches(','));
        counted(&format!("{length} JSON, a struct: other names"), || {
            black_box(json::read::<Named>(text.as_bytes(), &mut scratch).is_ok());
        });
    }
}

fn key() -> Key<Hs256> {
    Key::new(&[7; 32]).expect("long enough")
}

const ISSUER: &str = "https://login.example";

fn tokens() {
    const TAG: &str = ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let mut scratch = vec![0; 4 * LONGEST];
    let verifier = Verifier::new(Type::JWT, ISSUER).max_len(usize::MAX);
    let key = key();
    // {"alg":"HS256","typ":"JWT"}
    const FRONT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";
    let shapes = [
        (FRONT, "A", TAG),
        (FRONT, "W1tb", TAG),
        (FRONT, ".", TAG),
        (FRONT, "=", TAG),
        (
            "",
            "W1tb",
            ".e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        (
            "eyJhbGciOiJIUzI1NiIsImEiOiIg",
            "ICAg",
            "In0.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        ("A.A.", "A", ""),
        ("", "A", "."),
        ("", "A.", ""),
    ];
    parser("token, malformed or forged", &shapes, |text| {
        black_box(verifier.verify(&key, text, &mut scratch, NOW).is_ok());
    });
    parser("token, not verified", &shapes, |text| {
        black_box(Unverified::parse(text, &mut scratch).is_ok());
    });

    let signer = Signer::new(Type::JWT, ISSUER, std::time::Duration::from_secs(300));
    let mut buffer = vec![0; 4 * LONGEST];
    for length in LENGTHS {
        for (input, jti) in [
            ("a", "a"),
            ("\"", "\""),
            ("\u{1}", "\u{1}"),
            ("\u{e9}", "\u{e9}"),
        ] {
            let jti = jti.repeat(length * 5 / 8 / json::len(&jti).map_or(1, |len| len - 2));
            let claims = hardtack::token::Claims::of("ada").jti(&jti);
            let token = signer
                .sign(&key, &claims, &mut buffer, NOW)
                .expect("fits")
                .to_owned();
            let shown = input.escape_debug();
            counted(&format!("{length} token, genuine: jti {shown}…"), || {
                let verified =
                    verifier.verify(&key, black_box(token.as_bytes()), &mut scratch, NOW);
                assert!(verified.is_ok());
            });
            counted(&format!("{length} token, minted: jti {shown}…"), || {
                assert!(
                    signer
                        .sign(&key, black_box(&claims), &mut buffer, NOW)
                        .is_ok()
                );
            });
        }
    }
    // Payloads that are signed and no claims.
    let jws = Jws::new(Type::JWT).max_len(usize::MAX);
    for length in LENGTHS {
        for shape in VALUES {
            let payload = text(shape, length * 3 / 4);
            let (front, run, end) = shape;
            let token = jws
                .sign(&key, &payload, &mut buffer)
                .expect("fits")
                .to_owned();
            let input = format!("{front}{run}…{end}").escape_debug().to_string();
            counted(&format!("{length} token, signed nonsense: {input}"), || {
                black_box(
                    verifier
                        .verify(&key, token.as_bytes(), &mut scratch, NOW)
                        .is_ok(),
                );
            });
        }
    }
}

fn keys() {
    let mut scratch = vec![0; LONGEST];
    let shapes = [
        ("{\"kty\":\"oct\",\"k\":\"", "A", "\"}"),
        ("{\"kty\":\"oct\",\"kid\":\"", "\\n", "\"}"),
        (
            "{\"kty\":\"oct\",\"key_ops\":[",
            "\"verify\",",
            "\"sign\"]}",
        ),
    ];
    parser("JWK", &shapes, |text| {
        black_box(jwk::parse::<Hs256>(text, &mut scratch).is_ok());
    });
    let shapes = [
        ("{\"keys\":[", "{\"kty\":\"oct\"},", "{}]}"),
        (
            "{\"keys\":[",
            "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"},",
            "{}]}",
        ),
    ];
    parser("JWK set", &shapes, |text| {
        black_box(jwk::parse_set::<Hs256, 3>(text, &mut scratch).is_ok());
    });
}

fn authorization() {
    let mut buffer = vec![0; LONGEST];
    let basic = [
        ("Basic ", "A", ""),
        ("Basic ", "=", ""),
        ("Basic ", " ", "Og=="),
        ("Basic Og==", " ", ""),
        ("Basic ", "YTpi", ""),
        ("Basic ", "Ojo6", ""),
        ("Basic ", "\t", ""),
    ];
    type Answer = Result<Authenticated<u32>, Refusal>;
    parser("Authorization, Basic", &basic, |text| {
        let request = [("authorization", text)];
        let basic = Basic::new(&mut buffer, |_, _| Answer::Err(Refusal::InvalidCredentials));
        black_box(basic.authenticate(&request, NOW).is_ok());
    });
    let bearer = [
        ("Bearer ", "A", ""),
        ("Bearer ", "=", ""),
        ("Bearer ", " ", "A"),
        ("Bearer A", " ", ""),
        ("Bearer A", "=", ""),
    ];
    parser("Authorization, Bearer", &bearer, |text| {
        let request = [("authorization", text)];
        let bearer = Bearer::new(|_, _| Answer::Err(Refusal::InvalidCredentials));
        black_box(bearer.authenticate(&request, NOW).is_ok());
    });
}

fn scopes() {
    let granted = "orders:read orders:write accounts:read accounts:write invoices:read";
    let granted = Scope::parse(granted).expect("a scope");
    let shapes = [
        ("", "a ", "a"),
        ("", "orders:write ", "a"),
        ("", "invoices:read ", "invoices:read"),
    ];
    parser("scope, and whether it is in another one", &shapes, |text| {
        let Ok(text) = str::from_utf8(text) else {
            return;
        };
        if let Ok(scope) = Scope::parse(text) {
            black_box((scope.is_subset_of(granted), granted.is_subset_of(scope)));
        }
    });
}
