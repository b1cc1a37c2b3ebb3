//! Laws of `json` on random documents: what is written is read back, `serde_json` agrees, and no
//! text takes more stack than a small machine has.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub
)]

use std::collections::BTreeMap;

use hardtack::json::{self, Error, MAX_DEPTH};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[path = "stack/small.rs"]
mod small;

#[derive(Deserialize, Serialize, Debug, Clone, PartialEq)]
enum Level {
    Low,
    High(u128),
    Between(i8, i128),
    At { level: char },
}

#[derive(Deserialize, Serialize, Debug, Clone, PartialEq)]
struct Claims {
    sub: String,
    exp: u64,
    nbf: Option<i64>,
    aud: Vec<String>,
    level: Level,
    score: Option<f64>,
    map: BTreeMap<String, (u8, bool)>,
    inner: Option<Box<Claims>>,
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![
        Just(Level::Low),
        any::<u128>().prop_map(Level::High),
        any::<(i8, i128)>().prop_map(|(a, b)| Level::Between(a, b)),
        any::<char>().prop_map(|level| Level::At { level }),
    ]
}

fn claims() -> impl Strategy<Value = Claims> {
    let flat = (
        any::<String>(),
        any::<u64>(),
        any::<Option<i64>>(),
        vec(any::<String>(), 0..3),
        level(),
        proptest::option::of(any::<f64>().prop_filter("finite", |score| score.is_finite())),
        btree_map(any::<String>(), any::<(u8, bool)>(), 0..4),
    )
        .prop_map(|(sub, exp, nbf, aud, level, score, map)| Claims {
            sub,
            exp,
            nbf,
            aud,
            level,
            score,
            map,
            inner: None,
        });
    flat.prop_recursive(4, 4, 1, |inner| {
        (inner.clone(), inner).prop_map(|(outer, inner)| Claims {
            inner: Some(Box::new(inner)),
            ..outer
        })
    })
}

/// A document without `null`, which is read and never written.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn written<T: Serialize>(value: &T) -> String {
    let mut buffer = vec![0; json::len(value).unwrap()];
    json::write(value, &mut buffer).unwrap().to_owned()
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut scratch = vec![0; text.len()];
    json::read::<T>(text.as_bytes(), &mut scratch)
}

/// Every character of every string as an escape, which changes nothing.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut inside = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                inside = !inside;
                escaped.push('"');
            }
            '\\' => {
                // An escape already: two characters, or six.
                let kind = characters.next().unwrap();
                escaped.extend(['\\', kind]);
                let digits = if kind == 'u' { 4 } else { 0 };
                escaped.extend(characters.by_ref().take(digits));
            }
            _ if inside => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    escaped += &format!("\\u{unit:04X}");
                }
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

proptest! {
    #[test]
    fn a_struct_that_is_written_is_read_back(claims in claims()) {
        let text = written(&claims);
        prop_assert_eq!(read::<Claims>(&text), Ok(claims.clone()));
        prop_assert_eq!(serde_json::from_str::<Value>(&text).is_ok(), true);
    }

    #[test]
    fn a_document_that_is_written_is_read_back(document in document()) {
        let text = written(&document);
        prop_assert_eq!(read::<Value>(&text), Ok(document.clone()));
        prop_assert_eq!(read::<IgnoredAny>(&text).map(drop), Ok(()));
    }

    #[test]
    fn what_the_peer_writes_is_read(document in document()) {
        for text in [document.to_string(), format!("{document:#}")] {
            prop_assert_eq!(read::<Value>(&text), Ok(document.clone()));
            prop_assert_eq!(json::read::<IgnoredAny>(text.as_bytes(), &mut []).map(drop), Ok(()));
        }
    }

    #[test]
    fn escapes_change_nothing(document in document()) {
        let text = written(&document);
        prop_assert_eq!(read::<Value>(&escaped(&text)), Ok(document.clone()));
    }

    #[test]
    fn a_scratch_buffer_of_the_texts_length_is_enough(document in document()) {
        let text = escaped(&written(&document));
        let taken = read::<Value>(&text);
        prop_assert_ne!(taken, Err(Error::ScratchTooSmall));
    }

    #[test]
    fn no_text_is_read_otherwise_than_by_the_peer(text in "[\\[\\]{},: \"a\\\\0-9.eE+u-]{0,12}|[\\[\\]{},:\"a0-]{0,9}") {
        let ours = read::<Value>(&text);
        match serde_json::from_str::<Value>(&text) {
            Ok(theirs) => match ours {
                Ok(ours) => prop_assert_eq!(ours, theirs),
                Err(error) => prop_assert!(matches!(error, Error::DuplicateName | Error::Number)),
            },
            Err(_) => prop_assert!(ours.is_err(), "{}", text),
        }
    }

    #[test]
    fn one_flipped_byte_is_never_read_otherwise_than_by_the_peer(
        document in document(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut text = written(&document).into_bytes();
        let at = at.index(text.len());
        *text.get_mut(at).unwrap() = byte;
        let mut scratch = vec![0; text.len()];
        if let Ok(ours) = json::read::<Value>(&text, &mut scratch) {
            prop_assert_eq!(serde_json::from_slice::<Value>(&text).ok(), Some(ours));
        }
    }
}

#[test]
fn a_hundred_thousand_levels_are_refused_on_a_stack_of_8_kib() {
    #[derive(Deserialize)]
    struct Named {
        #[expect(dead_code)]
        a: u8,
    }

    fn levels(open: &str, close: &str) -> String {
        open.repeat(100_000) + "1" + &close.repeat(100_000)
    }

    let arrays = levels("[", "]");
    let objects = levels(r#"{"x":"#, "}");
    let mixed = levels(r#"[{"x":"#, "}]");
    small::on_stack_of(8, move || {
        for text in [&arrays, &objects, &mixed] {
            let ignored = json::read::<IgnoredAny>(text.as_bytes(), &mut []).map(drop);
            assert_eq!(ignored, Err(Error::TooDeep));
            let number = json::read::<u8>(text.as_bytes(), &mut []).map(drop);
            assert_eq!(number, Err(Error::Type));
            let unknown = json::read::<Named>(text.as_bytes(), &mut []).map(drop);
            assert!(matches!(unknown, Err(Error::TooDeep | Error::Type)));
        }
    });
}

/// What a type takes recurses, as deep as it is and no deeper than the cap.
#[test]
fn a_type_without_end_is_read_to_the_cap() {
    #[derive(Deserialize, Debug)]
    struct Endless(#[expect(dead_code)] Vec<Endless>);

    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read::<Endless>(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(
        read::<Endless>(&nested(MAX_DEPTH + 1)).unwrap_err(),
        Error::TooDeep
    );
    assert_eq!(
        read::<Endless>(&nested(100_000)).unwrap_err(),
        Error::TooDeep
    );
}
