//! What `json::write` writes and what it refuses, each refusal by name.

#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use hardtack::json::{self, Error, MAX_DEPTH, MAX_NAMES};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

#[track_caller]
fn written<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let len = json::len(value)?;
    let mut buffer = vec![0; len + 3];
    let text = json::write(value, &mut buffer)?.to_owned();
    assert_eq!(text.len(), len);
    assert_eq!(json::write(value, &mut vec![0; len]).as_deref(), Ok(&*text));
    let mut short = vec![7; len - 1];
    let Err(Error::NoRoom(no_room)) = json::write(value, &mut short) else {
        panic!("{text} has no room in {} bytes", len - 1);
    };
    assert_eq!(no_room.needed, len);
    assert!(short.iter().all(|&byte| byte == 7));
    Ok(text)
}

/// Refused, and the buffer is as it was.
#[track_caller]
fn refused<T: Serialize + ?Sized>(value: &T, error: Error) {
    let mut buffer = [7; 4096];
    assert_eq!(json::write(value, &mut buffer), Err(error));
    assert_eq!(json::len(value), Err(error));
    assert!(buffer.iter().all(|&byte| byte == 7));
}

#[track_caller]
fn writes<T: Serialize + ?Sized>(value: &T, text: &str) {
    assert_eq!(written(value).as_deref(), Ok(text));
    // The peer agrees.
    let value: serde_json::Value = serde_json::to_value(value).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(text).unwrap(),
        value
    );
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Claims<'t> {
    sub: &'t str,
    exp: i64,
    admin: Option<bool>,
    roles: Vec<&'t str>,
}

#[test]
fn scalars() {
    writes(&true, "true");
    writes(&false, "false");
    writes("text", r#""text""#);
    writes(&'é', r#""é""#);
    writes(&'"', r#""\"""#);
    writes(&Some(7), "7");
    writes(&Ipv4Addr::LOCALHOST, r#""127.0.0.1""#);
}

#[test]
fn integers_to_their_limits() {
    macro_rules! limits {
        ($($integer:ty)*) => {$(
            for value in [<$integer>::MIN, <$integer>::MAX, 0, 1, 9, 10, 11, 99, 100] {
                assert_eq!(written(&value), Ok(value.to_string()));
            }
        )*};
    }
    limits!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize);
}

#[test]
fn floats_are_read_back_as_they_were() {
    for value in [
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        1e15,
        1e16,
        1e-5,
        1e-7,
        1e300,
        5e-324,
        f64::MAX,
        f64::MIN,
        f64::EPSILON,
        9007199254740993.0,
    ] {
        let text = written(&value).unwrap();
        let back: f64 = json::read(text.as_bytes(), &mut []).unwrap();
        assert_eq!(back.to_bits(), value.to_bits(), "{text}");
        assert_eq!(
            serde_json::from_str::<f64>(&text).unwrap().to_bits(),
            value.to_bits()
        );
    }
    assert_eq!(written(&0.1_f32).as_deref(), Ok("0.1"));
    assert_eq!(written(&1.0).as_deref(), Ok("1.0"));
    assert_eq!(written(&1e300).as_deref(), Ok("1e300"));
}

#[test]
fn floats_that_are_not_finite_are_refused() {
    refused(&f64::NAN, Error::Unwritable);
    refused(&f64::INFINITY, Error::Unwritable);
    refused(&f64::NEG_INFINITY, Error::Unwritable);
    refused(&f32::NAN, Error::Unwritable);
    refused(&[1.0, f32::INFINITY], Error::Unwritable);
}

#[test]
fn strings_are_escaped_where_they_must_be() {
    writes(
        "\"\\/\x08\x0C\n\r\t\0\x1F\x7F\u{80}\u{2028}é😀",
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7F\u{80}\u{2028}é😀\"",
    );
    for character in '\0'..='\u{7F}' {
        let text = character.to_string().repeat(9);
        let written = written(&text).unwrap();
        assert_eq!(written, serde_json::to_string(&text).unwrap());
        let mut scratch = [0; 9];
        assert_eq!(
            json::read::<&str>(written.as_bytes(), &mut scratch),
            Ok(&*text)
        );
    }
    struct Shown(&'static str);
    impl Serialize for Shown {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&format_args!("{}\n{:?}", self.0, self.0))
        }
    }
    writes(&Shown("a\"b"), r#""a\"b\n\"a\\\"b\"""#);
}

#[test]
fn names_are_escaped() {
    writes(&BTreeMap::from([("a\n\"", 1)]), r#"{"a\n\"":1}"#);
    #[derive(Serialize)]
    struct Odd {
        #[serde(rename = "a\\b")]
        a: u8,
    }
    writes(&Odd { a: 1 }, r#"{"a\\b":1}"#);
}

#[test]
fn none_is_left_out_of_a_struct_and_of_a_map() {
    let mut claims = Claims {
        sub: "alice",
        exp: -7,
        admin: None,
        roles: vec!["a", "b"],
    };
    assert_eq!(
        written(&claims).as_deref(),
        Ok(r#"{"sub":"alice","exp":-7,"roles":["a","b"]}"#)
    );
    claims.admin = Some(true);
    assert_eq!(
        written(&claims).as_deref(),
        Ok(r#"{"sub":"alice","exp":-7,"admin":true,"roles":["a","b"]}"#)
    );

    #[derive(Serialize)]
    struct First {
        a: Option<u8>,
        b: Option<Option<u8>>,
        c: u8,
    }
    assert_eq!(
        written(&First {
            a: None,
            b: Some(None),
            c: 1
        })
        .as_deref(),
        Ok(r#"{"c":1}"#)
    );
    assert_eq!(
        written(&BTreeMap::from([("a", None), ("b", Some(1)), ("c", None)])).as_deref(),
        Ok(r#"{"b":1}"#)
    );
    assert_eq!(
        written(&BTreeMap::from([("a", None::<u8>)])).as_deref(),
        Ok("{}")
    );
}

#[test]
fn none_and_unit_elsewhere_are_refused() {
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct WithUnit {
        unit: (),
    }
    #[derive(Serialize)]
    enum Maybe {
        One(Option<u8>),
    }
    refused(&None::<u8>, Error::Unwritable);
    refused(&[Some(1), None], Error::Unwritable);
    refused(&(1, None::<u8>), Error::Unwritable);
    refused(&Maybe::One(None), Error::Unwritable);
    refused(&(), Error::Unwritable);
    refused(&Unit, Error::Unwritable);
    refused(&WithUnit { unit: () }, Error::Unwritable);
    assert_eq!(written(&Maybe::One(Some(1))).as_deref(), Ok(r#"{"One":1}"#));
}

/// A map that gives its names and values one by one.
struct Loose<'v>(&'v [(&'v str, Option<u8>)]);

impl Serialize for Loose<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0 {
            map.serialize_key(name)?;
            map.serialize_value(value)?;
        }
        map.end()
    }
}

#[test]
fn a_value_without_its_name_comes_too_late_to_be_left_out() {
    writes(
        &Loose(&[("a", Some(1)), ("b", Some(2))]),
        r#"{"a":1,"b":2}"#,
    );
    refused(&Loose(&[("a", None)]), Error::Unwritable);
}

#[test]
fn bytes_are_refused() {
    struct Bytes;
    impl Serialize for Bytes {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"abc")
        }
    }
    refused(&Bytes, Error::Unwritable);
}

#[test]
fn a_key_that_is_no_string_is_refused() {
    refused(&BTreeMap::from([(1, 1)]), Error::Unwritable);
    refused(&BTreeMap::from([(true, 1)]), Error::Unwritable);
    refused(&BTreeMap::from([(None::<&str>, 1)]), Error::Unwritable);
    refused(&BTreeMap::from([((1, 2), 1)]), Error::Unwritable);
    refused(&BTreeMap::from([([1], 1)]), Error::Unwritable);
    refused(&BTreeMap::from([((), 1)]), Error::Unwritable);
    refused(
        &BTreeMap::from([(BTreeMap::from([(1, 1)]), 1)]),
        Error::Unwritable,
    );

    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    enum Letter {
        A,
        B(u8),
    }
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Key(&'static str);
    writes(&BTreeMap::from([('c', 1)]), r#"{"c":1}"#);
    writes(&BTreeMap::from([(Letter::A, 1)]), r#"{"A":1}"#);
    writes(&BTreeMap::from([(Key("k"), 1)]), r#"{"k":1}"#);
    let some = BTreeMap::from([(Some("some"), 1)]);
    assert_eq!(written(&some).as_deref(), Ok(r#"{"some":1}"#));
    refused(&BTreeMap::from([(Letter::B(1), 1)]), Error::Unwritable);

    // Nowhere is its text kept, as it would have to be to be compared with others.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Shown;
    impl Serialize for Shown {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str("shown")
        }
    }
    writes(&Shown, r#""shown""#);
    refused(&BTreeMap::from([(Shown, 1)]), Error::Unwritable);
}

#[test]
fn a_map_that_names_a_member_twice_is_refused() {
    refused(
        &Loose(&[("a", Some(1)), ("a", Some(2))]),
        Error::DuplicateName,
    );
    refused(
        &Loose(&[("a", Some(1)), ("", Some(1)), ("a", Some(1))]),
        Error::DuplicateName,
    );
    refused(
        &[Loose(&[("é", Some(1)), ("é", Some(1))])],
        Error::DuplicateName,
    );
    // One name in two objects is fine.
    let inner = BTreeMap::from([("a", 1), ("b", 2)]);
    writes(
        &BTreeMap::from([("a", &inner), ("b", &inner)]),
        r#"{"a":{"a":1,"b":2},"b":{"a":1,"b":2}}"#,
    );
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Shape {
    Point,
    Circle(u32),
    Line(u32, u32),
    Nothing {},
    Box { w: u32, h: Option<u32> },
}

#[test]
fn enums() {
    writes(&Shape::Point, r#""Point""#);
    writes(&Shape::Circle(1), r#"{"Circle":1}"#);
    writes(&Shape::Line(1, 2), r#"{"Line":[1,2]}"#);
    writes(&Shape::Nothing {}, r#"{"Nothing":{}}"#);
    writes(&Shape::Box { w: 1, h: Some(2) }, r#"{"Box":{"w":1,"h":2}}"#);
    assert_eq!(
        written(&Shape::Box { w: 1, h: None }).as_deref(),
        Ok(r#"{"Box":{"w":1}}"#)
    );
}

#[test]
fn arrays_and_objects() {
    #[derive(Serialize)]
    struct Pair(u8, &'static str);
    #[derive(Serialize)]
    struct New(u8);
    writes(&[0_u8; 0], "[]");
    writes(&[1, 2], "[1,2]");
    writes(&(1, "a", [true]), r#"[1,"a",[true]]"#);
    writes(&Pair(1, "a"), r#"[1,"a"]"#);
    writes(&New(7), "7");
    writes(&BTreeMap::<&str, u8>::new(), "{}");
    writes(&[BTreeMap::from([("a", [1])])], r#"[{"a":[1]}]"#);
}

/// As many arrays, or objects, in each other.
struct Nested {
    depth: usize,
    objects: bool,
}

impl Serialize for Nested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = Nested {
            depth: self.depth - 1,
            ..*self
        };
        match (inner.depth, self.objects) {
            (0, false) => serializer.collect_seq([0_u8; 0]),
            (0, true) => serializer.collect_map([("a", 0)]),
            (_, false) => serializer.collect_seq([inner]),
            (_, true) => serializer.collect_map([("a", inner)]),
        }
    }
}

#[test]
fn what_is_too_deep_to_be_read_is_not_written() {
    for objects in [false, true] {
        let text = written(&Nested {
            depth: MAX_DEPTH,
            objects,
        })
        .unwrap();
        assert!(json::read::<serde::de::IgnoredAny>(text.as_bytes(), &mut []).is_ok());
        refused(
            &Nested {
                depth: MAX_DEPTH + 1,
                objects,
            },
            Error::TooDeep,
        );
    }
    // Depth is given back, also that of variants.
    let line = || Shape::Line(1, 2);
    let many: Vec<Shape> = std::iter::repeat_with(line).take(MAX_DEPTH + 1).collect();
    assert!(written(&many).is_ok());
}

#[test]
fn more_names_than_are_read_are_not_written() {
    let names =
        |count: usize| -> BTreeMap<String, u8> { (0..count).map(|n| (n.to_string(), 0)).collect() };
    let text = written(&names(MAX_NAMES)).unwrap();
    assert!(json::read::<serde::de::IgnoredAny>(text.as_bytes(), &mut []).is_ok());
    refused(&names(MAX_NAMES + 1), Error::TooManyNames);
    // The names around an object count, those of its closed siblings do not.
    assert!(written(&[names(100), names(100)]).is_ok());
    assert!(written(&BTreeMap::from([("a", names(MAX_NAMES - 1))])).is_ok());
    refused(
        &BTreeMap::from([("a", names(MAX_NAMES))]),
        Error::TooManyNames,
    );
    let line = || Shape::Box { w: 1, h: Some(1) };
    let many: Vec<Shape> = std::iter::repeat_with(line).take(MAX_NAMES).collect();
    assert!(written(&many).is_ok());
}

#[test]
fn what_its_own_serialize_refuses_is_refused() {
    struct Refuses;
    impl Serialize for Refuses {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no"))
        }
    }
    refused(&Refuses, Error::Unwritable);

    struct Hidden;
    impl std::fmt::Display for Hidden {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }
    impl Serialize for Hidden {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }
    refused(&Hidden, Error::Unwritable);
}

#[test]
fn what_says_something_else_the_second_time_is_refused() {
    use std::cell::Cell;
    struct Fickle(Cell<u64>, u64);
    impl Serialize for Fickle {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.set(self.0.get() * self.1 / 10);
            serializer.serialize_u64(self.0.get())
        }
    }
    let shrinks = Fickle(Cell::new(10_000), 1);
    assert_eq!(json::write(&shrinks, &mut [0; 64]), Err(Error::Unwritable));
    let grows = Fickle(Cell::new(1), 100);
    assert_eq!(json::write(&grows, &mut [0; 64]), Err(Error::Unwritable));
}

#[test]
fn what_is_written_is_read_back() {
    let claims = Claims {
        sub: "a\n\"é",
        exp: i64::MIN,
        admin: None,
        roles: vec![],
    };
    let text = written(&claims).unwrap();
    let mut scratch = vec![0; text.len()];
    assert_eq!(
        json::read::<Claims>(text.as_bytes(), &mut scratch),
        Ok(claims)
    );
}
