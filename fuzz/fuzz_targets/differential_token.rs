//! `jsonwebtoken` accepts the tokens that this crate accepts, and reads the same `sub`, but for what
//! is listed here. It is told to check all that it can: `exp`, `nbf`, `iss` and `aud`, without leeway.
//!
//! The first line of the input is the header of a token and the second its payload; a `$` and the
//! character behind it are the present time and a few seconds more or less. The tag is right. What
//! follows in a third line changes the token: then it must be refused by both.

#![no_main]

#[path = "../models/difference.rs"]
mod difference;

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;
use std::time::SystemTime;

use base64ct::{Base64UrlUnpadded, Encoding};
use difference::{Case, Difference, check, check_list};
use hardtack::json;
use hardtack::mac::{Hs256, Key};
use hardtack::time::UnixTime;
use hardtack::token::{MAX_AUDIENCES, Type, Verifier};
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, signature};
use libfuzzer_sys::fuzz_target;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, "i").audience("a");
static KEY: LazyLock<Key<Hs256>> = LazyLock::new(|| Key::new(&[7; 32]).unwrap());
static THEIR_KEY: LazyLock<DecodingKey> = LazyLock::new(|| DecodingKey::from_secret(&[]));
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.validate_nbf = true;
    validation.set_issuer(&["i"]);
    validation.set_audience(&["a"]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation
});

/// The one thing that `jsonwebtoken` is not asked for is the MAC: its own is that of the same crate, and
/// brings every other algorithm with it.
struct Hs256Alone;

impl signature::Verifier<Vec<u8>> for Hs256Alone {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> Result<(), signature::Error> {
        KEY.verify(message, tag)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Hs256Alone {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

static MACS: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: |algorithm, _| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256Alone)),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// The names that `jsonwebtoken` looks for, of which it takes no second one.
const PARAMETERS: [&str; 15] = [
    "typ", "alg", "cty", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "crit", "enc",
    "zip", "url", "nonce",
];
const CLAIMS: [&str; 5] = ["exp", "nbf", "sub", "iss", "aud"];

/// The members of an object, of which several may have one name, and their values as they stand there.
#[derive(Clone)]
struct Members(Vec<(String, Box<RawValue>)>);

struct InOrder;

impl<'t> Visitor<'t> for InOrder {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Members, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Members(all))
    }
}

impl<'t> Deserialize<'t> for Members {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

impl Members {
    fn text(&self) -> String {
        let members = self.0.iter().map(|(name, value)| {
            let name = serde_json::to_string(name).unwrap();
            format!("{name}:{value}")
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    fn value(&self, wanted: &str) -> Option<Value> {
        let (_, value) = self.0.iter().find(|(name, _)| name == wanted)?;
        serde_json::from_str(value.get()).ok()
    }

    /// Sets the value of a member that is there.
    fn replace(&mut self, wanted: &str, value: &Value) {
        for member in self.0.iter_mut().filter(|(name, _)| name == wanted) {
            member.1 = to_raw_value(value).unwrap();
        }
    }

    fn remove(&mut self, unwanted: &[&str]) {
        self.0
            .retain(|(name, _)| !unwanted.contains(&name.as_str()));
    }

    /// Leaves of the members of one name the last, but of the names that are `known`; and of those
    /// within their values.
    fn leave_last(&mut self, known: &[&str]) {
        let mut seen = HashSet::new();
        self.0.reverse();
        self.0
            .retain(|(name, _)| known.contains(&name.as_str()) || seen.insert(name.clone()));
        self.0.reverse();
        for (_, value) in &mut self.0 {
            if value.get().starts_with(['{', '['])
                && let Ok(read) = serde_json::from_str::<Value>(value.get())
            {
                *value = to_raw_value(&read).unwrap();
            }
        }
    }

    /// Removes those that are not `known`, if there is more than we read.
    fn limit(&mut self, known: &[&str]) {
        let text = self.text();
        let mut scratch = vec![0; text.len()];
        let error = json::read::<IgnoredAny>(text.as_bytes(), &mut scratch).err();
        if matches!(
            error,
            Some(json::Error::TooDeep | json::Error::TooManyNames)
        ) {
            self.0.retain(|(name, _)| known.contains(&name.as_str()));
        }
    }
}

/// What is read of a token: nothing if it is refused, and its `sub`, if it has one.
type Answer = Option<Option<String>>;

struct Token {
    header: Vec<u8>,
    payload: Vec<u8>,
    now: i64,
    max_len: usize,
    /// Whether we would have to refuse it.
    refused: bool,
    theirs: Answer,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("header", &String::from_utf8_lossy(&self.header))
            .field("payload", &String::from_utf8_lossy(&self.payload))
            .field("now", &self.now)
            .field("ours", &self.ours())
            .field("theirs", &self.theirs)
            .finish()
    }
}

fn clock() -> i64 {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    now.as_secs().try_into().unwrap()
}

/// Puts the time where a `$` stands: `$0` is now, `$1` a second later, `$/` one earlier.
fn timed(text: &[u8], now: i64) -> Vec<u8> {
    let mut timed = Vec::new();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'$' => {
                let shift = bytes
                    .next()
                    .map_or(0, |byte| i64::from(*byte) - i64::from(b'0'));
                timed.extend((now + shift).to_string().bytes());
            }
            byte => timed.push(*byte),
        }
    }
    timed
}

fn sign(header: &[u8], payload: &[u8]) -> String {
    let encode = Base64UrlUnpadded::encode_string;
    let signed = format!("{}.{}", encode(header), encode(payload));
    let tag = KEY.tag(signed.as_bytes());
    format!("{signed}.{}", encode(tag.as_ref()))
}

fn ours(token: &[u8], max_len: usize, now: i64) -> Answer {
    let mut scratch = vec![0; 4 * token.len()];
    let verifier = VERIFIER.max_len(max_len);
    let verified = verifier.verify(&*KEY, token, &mut scratch, UnixTime::from_secs(now));
    Some(verified.ok()?.sub().map(str::to_owned))
}

fn theirs(token: &[u8]) -> Answer {
    let claims = jsonwebtoken::decode::<Value>(token, &THEIR_KEY, &VALIDATION)
        .ok()?
        .claims;
    Some(claims.get("sub").and_then(Value::as_str).map(str::to_owned))
}

impl Token {
    fn ours(&self) -> Answer {
        let token = sign(&self.header, &self.payload);
        ours(token.as_bytes(), self.max_len, self.now).filter(|_| !self.refused)
    }

    fn header(&mut self, change: impl Fn(&mut Members)) {
        rewrite(&mut self.header, change);
    }

    fn payload(&mut self, change: impl Fn(&mut Members)) {
        rewrite(&mut self.payload, change);
    }
}

/// What is not changed stays as it was, to the last space.
fn rewrite(text: &mut Vec<u8>, change: impl Fn(&mut Members)) {
    if let Ok(mut members) = serde_json::from_slice::<Members>(text) {
        let before = members.text();
        change(&mut members);
        let after = members.text();
        if after != before {
            *text = after.into();
        }
    }
}

impl Case for Token {
    fn of(input: &[u8]) -> Self {
        let mut lines = input.splitn(3, |byte| *byte == b'\n').map(<[u8]>::to_vec);
        let (header, payload) = (
            lines.next().unwrap_or_default(),
            lines.next().unwrap_or_default(),
        );
        let edits = lines.next().unwrap_or_default();
        loop {
            let now = clock();
            let (header, payload) = (timed(&header, now), timed(&payload, now));
            let token = sign(&header, &payload);
            let mut edited = token.clone().into_bytes();
            for edit in edits.chunks_exact(2) {
                let at = usize::from(edit[0]) * 251 % (edited.len() + 1);
                match edited.get_mut(at) {
                    Some(byte) => *byte = edit[1],
                    None => edited.push(edit[1]),
                }
            }
            let theirs = theirs(&edited);
            if edited != token.as_bytes() {
                assert_eq!(ours(&edited, Verifier::MAX_LEN, now), None);
                assert_eq!(theirs, None);
            }
            // Its clock cannot be stopped, so this second must not have ended.
            if now == clock() {
                return Self {
                    // Of a token that was changed there is nothing more to say.
                    refused: edited != token.as_bytes(),
                    header,
                    payload,
                    now,
                    max_len: Verifier::MAX_LEN,
                    theirs,
                };
            }
        }
    }

    fn agrees(&self) -> bool {
        self.ours() == self.theirs
    }
}

const DIFFERENCES: &[Difference<Token>] = &[
    Difference {
        peer: "takes tokens of any length",
        ours: "a verifier has a greatest length",
        example: &LONG,
        apply: |token| token.max_len = usize::MAX,
    },
    Difference {
        peer: "reads no number beyond a float",
        ours: "`1e400` is JSON, and what nobody asks for is not converted",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z,"x":1e400}"#,
        apply: |token| {
            token.refused |= [&token.header, &token.payload]
                .into_iter()
                .any(|text| serde_json::from_slice::<Value>(text).is_err());
        },
    },
    Difference {
        peer: "takes JSON of 128 levels and any number of names",
        ours: "32 levels and 128 names bound what a stranger's text can cost",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z,"x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"#,
        apply: |token| {
            token.header(|members| members.limit(&PARAMETERS));
            token.payload(|members| members.limit(&CLAIMS));
        },
    },
    Difference {
        peer: "takes several members of a name that it does not look for",
        ours: "names stand once (RFC 7515 §4, RFC 7519 §4), at every level",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z,"x":1,"x":2}"#,
        apply: |token| {
            token.header(|members| members.leave_last(&PARAMETERS));
            token.payload(|members| members.leave_last(&CLAIMS));
        },
    },
    Difference {
        peer: "wants parameters that it does not use to be of their type",
        ours: "what is never used is JSON and no more (RFC 7515 §4.1)",
        example: br#"{"alg":"HS256","typ":"JWT","jku":1}
{"iss":"i","aud":"a","exp":$Z}"#,
        apply: |token| {
            const UNUSED: [&str; 10] = [
                "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "enc", "zip", "url", "nonce",
            ];
            let is_header = |text: &[u8]| serde_json::from_slice::<jsonwebtoken::Header>(text).is_ok();
            let was_header = is_header(&token.header);
            token.header(|members| members.remove(&UNUSED));
            token.refused |= !was_header && is_header(&token.header);
        },
    },
    Difference {
        peer: "takes null for a parameter that is absent",
        ours: "`kid`, `typ` and `cty` are strings (RFC 7515 §4.1)",
        example: br#"{"alg":"HS256","typ":"JWT","kid":null}
{"iss":"i","aud":"a","exp":$Z}"#,
        apply: |token| {
            token.header(|members| {
                for name in ["kid", "typ", "cty"] {
                    if members.value(name) == Some(Value::Null) {
                        members.remove(&[name]);
                    }
                }
            });
        },
    },
    Difference {
        peer: "does not look at typ",
        ours: "a token of one type is never taken for another's (RFC 8725 §3.11)",
        example: br#"{"alg":"HS256","typ":"at+jwt"}
{"iss":"i","aud":"a","exp":$Z}"#,
        apply: |token| {
            token.header(|members| {
                if members.value("typ").is_none_or(|typ| typ.is_string()) {
                    members.remove(&["typ"]);
                    let typ = to_raw_value("JWT").unwrap();
                    members.0.push(("typ".to_owned(), typ));
                }
            });
        },
    },
    Difference {
        peer: "does not look at crit and b64",
        ours: "an extension that is not understood refuses the token (RFC 7515 §4.1.11, RFC 7797 §6)",
        example: br#"{"alg":"HS256","typ":"JWT","crit":["x"]}
{"iss":"i","aud":"a","exp":$Z}"#,
        apply: |token| token.header(|members| members.remove(&["crit", "b64"])),
    },
    Difference {
        peer: "takes an array of five for the claims",
        ours: "the claims are an object (RFC 7519 §7.2, step 10)",
        example: br#"{"alg":"HS256","typ":"JWT"}
[$Z,1,"s","i","a"]"#,
        apply: |token| {
            if let Ok([exp, nbf, _, iss, aud]) = serde_json::from_slice::<[Value; 5]>(&token.payload) {
                let claims = serde_json::json!({ "exp": exp, "nbf": nbf, "iss": iss, "aud": aud });
                token.payload = claims.to_string().into();
            }
        },
    },
    Difference {
        peer: "does not look at claims but exp, nbf, iss and aud",
        ours: "a registered claim of the wrong type refuses the token, and so does an iat to come",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z,"iat":"yesterday"}"#,
        apply: |token| {
            token.payload(|claims| {
                let ignored = ["iat", "auth_time", "jti", "client_id", "scope", "acr", "amr", "sid"];
                claims.remove(&ignored);
                if claims.value("sub").is_some_and(|sub| !sub.is_string()) {
                    claims.remove(&["sub"]);
                }
            });
        },
    },
    Difference {
        peer: "rounds times",
        ours: "a time is a whole number, and no float decides when a token ends",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z.5}"#,
        apply: |token| {
            token.payload(|claims| {
                for name in ["exp", "nbf"] {
                    if let Some(Value::Number(time)) = claims.value(name)
                        && let Some(time) = time.as_f64().filter(|_| time.is_f64())
                        && (0.0..u64::MAX as f64).contains(&time)
                    {
                        claims.replace(name, &Value::from(time.round() as u64));
                    }
                }
            });
        },
    },
    Difference {
        peer: "takes an exp beyond i64::MAX",
        ours: "a time is an i64",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":18446744073709551615}"#,
        apply: |token| {
            token.payload(|claims| {
                if claims.value("exp").is_some_and(|exp| exp.is_u64() && !exp.is_i64()) {
                    claims.replace("exp", &Value::from(i64::MAX));
                }
            });
        },
    },
    Difference {
        peer: "accepts a token in the very second of its exp",
        ours: "\"on or after\" which it must not be accepted (RFC 7519 §4.1.4)",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$0}"#,
        apply: |token| {
            let now = token.now;
            token.payload(|claims| {
                if claims.value("exp") == Some(Value::from(now)) {
                    claims.replace("exp", &Value::from(now + 1));
                }
            });
        },
    },
    Difference {
        peer: "refuses an nbf before 1970",
        ours: "it is a time that has passed",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z,"nbf":-1}"#,
        apply: |token| {
            if let Ok(claims) = serde_json::from_slice::<Members>(&token.payload) {
                let nbf = claims.value("nbf").and_then(|nbf| nbf.as_i64());
                token.refused |= nbf.is_some_and(|nbf| nbf < 0);
            }
        },
    },
    Difference {
        peer: "takes an array as iss",
        ours: "an issuer is one text (RFC 7519 §4.1.1)",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":["i","j"],"aud":"a","exp":$Z}"#,
        apply: |token| {
            token.payload(|claims| {
                if has_text(claims.value("iss"), "i", 0) {
                    claims.replace("iss", &Value::from("i"));
                }
            });
        },
    },
    Difference {
        peer: "takes any number of audiences",
        ours: "there is room for eight",
        example: br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":["a","b","c","d","e","f","g","h","i"],"exp":$Z}"#,
        apply: |token| {
            token.payload(|claims| {
                if has_text(claims.value("aud"), "a", MAX_AUDIENCES + 1) {
                    claims.replace("aud", &Value::from("a"));
                }
            });
        },
    },
];

/// Whether this is an array of at least so many texts, with that one among them.
fn has_text(value: Option<Value>, wanted: &str, least: usize) -> bool {
    value.is_some_and(|value| {
        value.as_array().is_some_and(|array| {
            array.len() >= least
                && array.iter().all(Value::is_string)
                && array.iter().any(|element| element == wanted)
        })
    })
}

/// White space makes it long.
const LONG: [u8; 6300] = {
    let mut text = [b' '; 6300];
    let token = br#"{"alg":"HS256","typ":"JWT"}
{"iss":"i","aud":"a","exp":$Z}"#;
    text.split_at_mut(token.len()).0.copy_from_slice(token);
    text
};

fuzz_target!(
    init: {
        MACS.install_default().expect("there was none before");
        check_list(DIFFERENCES);
    },
    |input: &[u8]| check(Token::of(input), DIFFERENCES)
);
