//! `serde_json` gives the same value, or one of these says why there is none here: two members of
//! one name, too much depth, too many names, an integer that only a float could hold. Whatever is
//! read is written, and read again as the same; and what is passed over is checked as if it were
//! read.

#![no_main]

use std::collections::HashSet;
use std::fmt;

use hardtack::json::{self, Error, MAX_DEPTH, MAX_NAMES};
use libfuzzer_sys::fuzz_target;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Deserializer, Serialize};

/// A document with all its members, in their order.
#[derive(Debug)]
enum Tree {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
            (Self::Signed(a), Self::Signed(b)) => a == b,
            // The sign of a zero counts.
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

struct Whatever;

impl<'t> Visitor<'t> for Whatever {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut elements: A) -> Result<Tree, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element()? {
            array.push(element);
        }
        Ok(Tree::Array(array))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Tree::Object(object))
    }
}

impl<'t> Deserialize<'t> for Tree {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Whatever)
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Array(elements) => serializer.collect_seq(elements),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// What a document holds that this crate refuses and `serde_json` does not, and what it does not
/// write.
#[derive(Default, Debug)]
struct Findings {
    duplicate: bool,
    depth: usize,
    names: usize,
    only_a_float: bool,
    null: bool,
}

impl Findings {
    fn of(tree: &Tree) -> Self {
        let mut findings = Self::default();
        findings.look(tree, 0, 0);
        findings
    }

    fn look(&mut self, tree: &Tree, depth: usize, names: usize) {
        match tree {
            Tree::Null => self.null = true,
            Tree::Float(value) if value.abs() >= 9.2e18 => self.only_a_float = true,
            Tree::Array(elements) => {
                self.depth = self.depth.max(depth + 1);
                for element in elements {
                    self.look(element, depth + 1, names);
                }
            }
            Tree::Object(members) => {
                self.depth = self.depth.max(depth + 1);
                let mut seen = HashSet::new();
                for (index, (name, value)) in members.iter().enumerate() {
                    self.duplicate |= !seen.insert(name);
                    self.names = self.names.max(names + index + 1);
                    self.look(value, depth + 1, names + index + 1);
                }
            }
            _ => {}
        }
    }

    /// Whether `error` is one that the document has.
    fn explain(&self, error: Error) -> bool {
        match error {
            Error::DuplicateName => self.duplicate,
            Error::TooDeep => self.depth > MAX_DEPTH,
            Error::TooManyNames => self.names > MAX_NAMES,
            Error::Number => self.only_a_float,
            _ => false,
        }
    }

    fn must_be_refused(&self) -> bool {
        self.duplicate || self.depth > MAX_DEPTH || self.names > MAX_NAMES
    }
}

fn written_is_read_again(tree: &Tree, findings: &Findings) {
    let len = json::len(tree);
    if findings.null {
        assert_eq!(len, Err(Error::Unwritable));
        return;
    }
    let mut buffer = vec![0; len.expect("what was read is written")];
    let text = json::write(tree, &mut buffer).expect("its length is known");
    assert_eq!(serde_json::from_str::<Tree>(text).as_ref().ok(), Some(tree));
    let mut scratch = vec![0; text.len()];
    let again = json::read::<Tree>(text.as_bytes(), &mut scratch);
    assert_eq!(again.as_ref(), Ok(tree));
}

fuzz_target!(|text: &[u8]| {
    let mut scratch = vec![0; text.len()];
    let ours = json::read::<Tree>(text, &mut scratch);
    let ignored = json::read::<IgnoredAny>(text, &mut []).map(drop);
    let theirs = serde_json::from_slice::<Tree>(text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(ours, theirs);
            let findings = Findings::of(ours);
            assert!(!findings.must_be_refused(), "{findings:?}");
            written_is_read_again(ours, &findings);
        }
        (Err(error), Ok(theirs)) => {
            let findings = Findings::of(theirs);
            assert!(findings.explain(*error), "{error:?} {findings:?}");
        }
        (Err(_), Err(_)) => {}
        (Ok(ours), Err(error)) => panic!("{ours:?} {error}"),
    }
    match (ours, ignored) {
        (Ok(_), ignored) => assert_eq!(ignored, Ok(())),
        // What no type holds is a number all the same, and what follows it is looked at.
        (Err(Error::Number), _) => {}
        (Err(error), ignored) => assert_eq!(ignored, Err(error)),
    }
});
