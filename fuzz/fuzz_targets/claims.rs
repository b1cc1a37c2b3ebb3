//! A caller's own claims: what is read is what `serde_json` reads, and where only `serde_json`
//! reads something, the reason is one of those that are stated.

#![no_main]

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use hardtack::json::{self, Error};
use libfuzzer_sys::fuzz_target;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Deserialize, Serialize, Debug, PartialEq)]
enum Level {
    Low,
    High(u8),
    Between(i8, i8),
    At { level: u16 },
}

#[derive(Deserialize, Serialize, Debug, PartialEq)]
struct Inner<T> {
    a: Option<T>,
    #[serde(default)]
    b: bool,
}

/// `T` is how a text is held.
#[derive(Deserialize, Serialize, Debug, PartialEq)]
struct Claims<T: Ord> {
    sub: T,
    exp: u64,
    nbf: Option<i64>,
    #[serde(default)]
    small: i8,
    aud: Option<Vec<T>>,
    inner: Option<Box<Inner<T>>>,
    level: Option<Level>,
    pair: Option<(u32, char)>,
    score: Option<f64>,
    map: Option<BTreeMap<T, u8>>,
    unit: Option<()>,
}

/// What makes the answers differ, looked for in the whole text.
#[derive(Default, Debug)]
struct Findings {
    duplicate: bool,
    array: bool,
    object: bool,
}

#[derive(Default)]
struct Look(Findings);

impl<'t> Deserialize<'t> for Look {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self::default())
    }
}

impl Look {
    fn join(&mut self, other: Self) {
        self.0.duplicate |= other.0.duplicate;
        self.0.array |= other.0.array;
        self.0.object |= other.0.object;
    }
}

impl<'t> Visitor<'t> for Look {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut elements: A) -> Result<Self, A::Error> {
        self.0.array = true;
        while let Some(element) = elements.next_element()? {
            self.join(element);
        }
        Ok(self)
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut members: A) -> Result<Self, A::Error> {
        self.0.object = true;
        let mut seen = HashSet::new();
        while let Some((name, value)) = members.next_entry::<String, Self>()? {
            self.0.duplicate |= !seen.insert(name);
            self.join(value);
        }
        Ok(self)
    }
}

fn explained(text: &[u8], error: Error) -> bool {
    // An ignored text is not looked at by `serde_json`: lone surrogates, invalid UTF-8, and floats
    // that are too large go by.
    let Ok(Look(findings)) = serde_json::from_slice::<Look>(text) else {
        return true;
    };
    match error {
        Error::DuplicateName => findings.duplicate,
        Error::TooDeep | Error::TooManyNames => findings.array || findings.object,
        // A struct from an array.
        Error::Type => findings.array,
        _ => false,
    }
}

fn agree<'t, T>(text: &'t [u8], scratch: &'t mut [u8])
where
    T: Deserialize<'t> + Serialize + Ord + fmt::Debug + AsRef<str>,
{
    let ours = json::read::<Claims<T>>(text, scratch);
    let theirs = serde_json::from_slice::<Claims<String>>(text);
    let shown = |claims: &dyn fmt::Debug| format!("{claims:?}");
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(shown(ours), shown(theirs));
            let mut buffer = vec![0; 2 * text.len() + 64];
            match json::write(ours, &mut buffer) {
                Ok(written) => {
                    let again = serde_json::from_str::<Claims<String>>(written).unwrap();
                    assert_eq!(shown(ours), shown(&again));
                }
                // `()` has no form that is written; a float's may be longer than it was.
                Err(Error::Unwritable) => assert!(ours.unit.is_some()),
                Err(Error::NoRoom(_)) => assert!(ours.score.is_some()),
                Err(error) => panic!("{error}"),
            }
        }
        (Err(error), Ok(_)) => assert!(explained(text, *error), "{error:?}"),
        (Err(_), Err(_)) => {}
        (Ok(ours), Err(error)) => panic!("{ours:?} {error}"),
    }
}

fuzz_target!(|text: &[u8]| {
    let mut scratch = vec![0; text.len()];
    agree::<String>(text, &mut scratch);
    agree::<&str>(text, &mut scratch);
    // Without a scratch buffer, at most what has escapes is lost.
    let without = json::read::<Claims<&str>>(text, &mut []).map(drop);
    if without != Err(Error::ScratchTooSmall) {
        let mut scratch = vec![0; text.len()];
        assert_eq!(
            json::read::<Claims<&str>>(text, &mut scratch).map(drop),
            without
        );
    } else {
        assert!(text.contains(&b'\\'));
    }
});
