//! What `json::read` accepts and what it refuses, each refusal by name.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::collections::BTreeMap;

use hardtack::json::{self, Error, MAX_DEPTH, MAX_NAMES};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// Reads what borrows nothing.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut scratch = vec![0; text.len()];
    json::read::<T>(text.as_bytes(), &mut scratch)
}

/// What every type refuses.
#[track_caller]
fn refused(text: impl AsRef<[u8]>, error: Error) {
    let text = text.as_ref();
    let shown = String::from_utf8_lossy(text);
    let mut scratch = vec![0; text.len()];
    let ignored = json::read::<IgnoredAny>(text, &mut scratch).map(drop);
    assert_eq!(ignored, Err(error), "ignored: {shown}");
    let taken = json::read::<Value>(text, &mut scratch).map(drop);
    assert_eq!(taken, Err(error), "taken: {shown}");
}

#[derive(Deserialize, Debug, PartialEq)]
struct Claims<'t> {
    sub: &'t str,
    exp: u64,
    admin: Option<bool>,
}

fn claims(text: &str) -> Result<(), Error> {
    json::read::<Claims>(text.as_bytes(), &mut [0; 64]).map(drop)
}

#[test]
fn a_struct_borrows_what_has_no_escape() {
    let text = br#" { "sub" : "alice" , "exp" : 1700000000 , "more" : [ { } , null ] } "#;
    let claims: Claims = json::read(text, &mut []).unwrap();
    assert_eq!(
        (claims.sub, claims.exp, claims.admin),
        ("alice", 1_700_000_000, None)
    );
    assert!(text.as_ptr_range().contains(&claims.sub.as_ptr()));
}

#[test]
fn what_has_escapes_is_borrowed_from_the_scratch_buffer() {
    let text = br#"{"s\u0075b":"a\nb","exp":7,"admin":true}"#;
    let mut scratch = [0; 3];
    let claims: Claims = json::read(text, &mut scratch).unwrap();
    assert_eq!(
        (claims.sub, claims.exp, claims.admin),
        ("a\nb", 7, Some(true))
    );
}

#[test]
fn a_short_scratch_buffer_is_refused() {
    let text = br#"{"sub":"a\nb","exp":7}"#;
    for len in 0..3 {
        let mut scratch = vec![0; len];
        assert_eq!(
            json::read::<Claims>(text, &mut scratch),
            Err(Error::ScratchTooSmall)
        );
    }
    // Of names and of what is ignored, nothing is kept.
    let text = br#"{"sub":"a","\u0065xp":7,"\u0061":"\n\n\n\n"}"#;
    assert!(json::read::<Claims>(text, &mut [0; 3]).is_ok());
    assert_eq!(
        json::read::<Claims>(text, &mut [0; 2]),
        Err(Error::ScratchTooSmall)
    );
}

#[test]
fn nothing_stands_behind_the_value() {
    for text in [
        "1 1",
        "1,",
        "{}{}",
        "[]]",
        "{}\0",
        "1\u{a0}",
        "null//",
        "\"\"x",
        "truefalse",
        "1a",
    ] {
        refused(text, Error::Syntax);
    }
    assert!(read::<IgnoredAny>(" \t\r\n1 \t\r\n").is_ok());
}

#[test]
fn white_space_is_four_bytes() {
    for space in [
        "\x0B", "\x0C", "\u{a0}", "\u{2028}", "\u{feff}", "\0", "\x08", "\x1F", "\u{85}",
    ] {
        refused(format!("{space}1"), Error::Syntax);
        refused(format!("[1{space}]"), Error::Syntax);
        refused(format!("{{{space}\"a\":1}}"), Error::Syntax);
        refused(format!("1{space}"), Error::Syntax);
    }
}

#[test]
fn a_byte_order_mark_is_refused() {
    refused("\u{feff}{}", Error::Syntax);
}

#[test]
fn nothing_is_no_value() {
    refused("", Error::Syntax);
    refused(" ", Error::Syntax);
}

#[test]
fn half_a_null_is_not_null() {
    for text in ["n", "nul", "nulL", "none"] {
        assert_eq!(read::<u8>(text), Err(Error::Syntax), "{text}");
    }
    assert_eq!(read::<u8>("null"), Err(Error::Null));
}

#[test]
fn every_truncation_is_refused() {
    let text = r#"{"a":[1,-2.5e+3,"x\u0041\n",true,false,null,{"b":{}}],"c":""}"#;
    assert!(read::<IgnoredAny>(text).is_ok());
    for len in 0..text.len() {
        refused(&text[..len], Error::Syntax);
    }
}

#[test]
fn invalid_utf_8_is_refused_wherever_it_stands() {
    for bytes in [
        &b"\x80"[..],
        b"\xFF",
        b"\xC0\xAF",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\xC3",
    ] {
        refused([b"\"", bytes, b"\""].concat(), Error::Syntax);
        refused([b"{\"", bytes, b"\":1}"].concat(), Error::Syntax);
        refused([b"[", bytes, b"]"].concat(), Error::Syntax);
    }
}

#[test]
fn lone_surrogates_are_refused() {
    for text in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800x""#,
        r#""\ud800\n""#,
        r#""\ud800\ud800""#,
        r#""\udc00\ud800""#,
        r#""\uD800\u0041""#,
    ] {
        refused(text, Error::Syntax);
        refused(format!("{{{text}:1}}"), Error::Syntax);
    }
    assert_eq!(read::<String>(r#""\uD83D\ude00""#).unwrap(), "\u{1f600}");
}

#[test]
fn control_characters_in_strings_are_refused() {
    for control in '\0'..' ' {
        refused(format!("\"{control}\""), Error::Syntax);
        refused(format!("\"12345678{control}12345678\""), Error::Syntax);
        refused(format!("{{\"{control}\":1}}"), Error::Syntax);
    }
    assert_eq!(read::<String>("\"\x7f\u{80}\"").unwrap(), "\x7f\u{80}");
}

#[test]
fn unknown_escapes_are_refused() {
    for escape in [
        "a", "'", "0", "x41", "U0041", "v", "u004", "u+041", "u{41}", "\n", "\u{e9}",
    ] {
        refused(format!("\"\\{escape}\""), Error::Syntax);
    }
}

#[test]
fn what_is_nearly_a_number_is_refused() {
    for text in [
        "01",
        "-01",
        "00",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "1E-",
        "-.5",
        "0x10",
        "1_000",
        "1e5.5",
        "--1",
        "-a",
        "Infinity",
        "NaN",
        "-Infinity",
        "1.5.5",
        "0e",
        "2.",
        "\u{661}",
        "1\u{661}",
    ] {
        refused(text, Error::Syntax);
        refused(format!("[{text}]"), Error::Syntax);
        assert!(read::<u64>(text).is_err(), "{text}");
        assert!(read::<f64>(text).is_err(), "{text}");
    }
}

#[test]
fn literals_are_exact() {
    for text in [
        "True",
        "nul",
        "nulll",
        "tru",
        "TRUE",
        "false1",
        "none",
        "undefined",
    ] {
        refused(text, Error::Syntax);
    }
}

#[test]
fn commas_and_colons_stand_where_they_must() {
    for text in [
        "[1,]",
        "[,1]",
        "[,]",
        "[1,,2]",
        "[1 2]",
        "[1:2]",
        "[",
        "]",
        "[}",
        "{]",
        "{,}",
        "{1:1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\",1}",
        "{\"a\"::1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}",
        "{:1}",
        "[\"a\":1]",
        "{\"a\":1]",
        "[1}",
        "{null:1}",
    ] {
        refused(text, Error::Syntax);
        refused(format!("[[{text}]]"), Error::Syntax);
    }
}

#[test]
fn an_exponent_or_a_fraction_is_no_integer() {
    for text in [
        "1.5",
        "1.0",
        "1e3",
        "1E0",
        "-1.5",
        "0.0",
        "1e400",
        "0e0",
        "1700000000.0",
    ] {
        assert_eq!(read::<u64>(text), Err(Error::Number), "{text}");
        assert_eq!(read::<i64>(text), Err(Error::Number), "{text}");
        assert_eq!(read::<u8>(text), Err(Error::Number), "{text}");
        assert_eq!(read::<i128>(text), Err(Error::Number), "{text}");
        assert_eq!(read::<u128>(text), Err(Error::Number), "{text}");
        assert_eq!(
            claims(&format!(r#"{{"sub":"a","exp":{text}}}"#)),
            Err(Error::Number)
        );
    }
}

#[test]
fn minus_zero_is_no_integer() {
    assert_eq!(read::<u64>("-0"), Err(Error::Number));
    assert_eq!(read::<i64>("-0"), Err(Error::Number));
    assert_eq!(read::<u128>("-0"), Err(Error::Number));
    assert_eq!(read::<i128>("-0"), Err(Error::Number));
    assert!(read::<f64>("-0").unwrap().is_sign_negative());
    assert!(read::<Value>("-0").unwrap().is_f64());
}

#[test]
fn a_negative_number_is_not_unsigned() {
    assert_eq!(read::<u64>("-1"), Err(Error::Number));
    assert_eq!(read::<u8>("-1"), Err(Error::Number));
    assert_eq!(read::<u128>("-1"), Err(Error::Number));
    assert_eq!(read::<u64>("-18446744073709551617"), Err(Error::Number));
}

#[test]
fn integers_are_exact_to_their_limits() {
    macro_rules! limits {
        ($($integer:ty, $below:expr, $above:expr;)*) => {$(
            // One of them is -1, where that is an integer of this type.
            let minus_one = <$integer>::MIN / <$integer>::MAX;
            for value in [<$integer>::MIN, <$integer>::MAX, minus_one, 0, 1, 9, 10] {
                assert_eq!(read::<$integer>(&value.to_string()), Ok(value));
                assert_eq!(read::<$integer>(&format!(" {value} ")), Ok(value));
            }
            assert_eq!(read::<$integer>($below), Err(Error::Number));
            assert_eq!(read::<$integer>($above), Err(Error::Number));
            assert_eq!(read::<$integer>(&"9".repeat(100)), Err(Error::Number));
            assert_eq!(read::<$integer>(&format!("1{}", "0".repeat(400))), Err(Error::Number));
        )*};
    }
    limits! {
        u8, "-1", "256";
        i8, "-129", "128";
        u16, "-1", "65536";
        i16, "-32769", "32768";
        u32, "-1", "4294967296";
        i32, "-2147483649", "2147483648";
        u64, "-1", "18446744073709551616";
        i64, "-9223372036854775809", "9223372036854775808";
        u128, "-1", "340282366920938463463374607431768211456";
        i128, "-170141183460469231731687303715884105729", "170141183460469231731687303715884105728";
    }
    // The first integer that a float does not hold.
    assert_eq!(read::<u64>("9007199254740993"), Ok(9_007_199_254_740_993));
    // 19 digits and 20.
    assert_eq!(
        read::<u64>("9999999999999999999"),
        Ok(9_999_999_999_999_999_999)
    );
    assert_eq!(read::<u64>("18446744073709551615"), Ok(u64::MAX));
    assert_eq!(read::<u64>("99999999999999999999"), Err(Error::Number));
}

#[test]
fn whatever_type_takes_integers_exactly_or_not_at_all() {
    assert_eq!(read::<Value>("18446744073709551615"), Ok(u64::MAX.into()));
    assert_eq!(read::<Value>("-9223372036854775808"), Ok(i64::MIN.into()));
    assert_eq!(read::<Value>("18446744073709551616"), Err(Error::Number));
    assert_eq!(read::<Value>("-9223372036854775809"), Err(Error::Number));
}

#[test]
fn a_float_is_the_nearest_one_and_finite() {
    for text in [
        "0.1",
        "1e-400",
        "1.7976931348623157e308",
        "123",
        "-2.5E+3",
        "5e-324",
        "0.30000000000000004",
    ] {
        assert_eq!(read::<f64>(text), Ok(text.parse().unwrap()), "{text}");
        assert_eq!(read::<f32>("0.1"), Ok(0.1));
    }
    assert_eq!(read::<f64>("1e400"), Err(Error::Number));
    assert_eq!(read::<f64>("-1e400"), Err(Error::Number));
    assert_eq!(read::<f32>("1e39"), Err(Error::Number));
    assert_eq!(read::<Value>("1e400"), Err(Error::Number));
    assert_eq!(read::<f64>("\"1\""), Err(Error::Type));
    // Ignored, it is a number like others.
    assert!(read::<IgnoredAny>("1e400").is_ok());
}

#[test]
fn null_is_none_and_nothing_else() {
    assert_eq!(read::<Option<u64>>("null"), Ok(None));
    assert_eq!(read::<Option<u64>>("7"), Ok(Some(7)));
    assert_eq!(read::<()>("null"), Ok(()));
    assert_eq!(read::<u64>("null"), Err(Error::Null));
    assert_eq!(read::<f64>("null"), Err(Error::Null));
    assert_eq!(read::<bool>("null"), Err(Error::Null));
    assert_eq!(read::<String>("null"), Err(Error::Null));
    assert_eq!(read::<char>("null"), Err(Error::Null));
    assert_eq!(read::<Vec<u8>>("null"), Err(Error::Null));
    assert_eq!(read::<(u8,)>("null"), Err(Error::Null));
    assert_eq!(read::<BTreeMap<String, u8>>("null"), Err(Error::Null));
    assert_eq!(read::<Shape>("null"), Err(Error::Null));
    assert_eq!(claims("null"), Err(Error::Null));
    assert_eq!(claims(r#"{"sub":null,"exp":7}"#), Err(Error::Null));
    assert_eq!(claims(r#"{"sub":"a","exp":null}"#), Err(Error::Null));
    assert_eq!(claims(r#"{"sub":"a","exp":7,"admin":null}"#), Ok(()));
    assert_eq!(read::<Option<u64>>("nul"), Err(Error::Syntax));
}

#[test]
fn another_type_is_refused() {
    assert_eq!(read::<u64>("\"1\""), Err(Error::Type));
    assert_eq!(read::<u64>("true"), Err(Error::Type));
    assert_eq!(read::<u64>("[1]"), Err(Error::Type));
    assert_eq!(read::<bool>("1"), Err(Error::Type));
    assert_eq!(read::<bool>("\"true\""), Err(Error::Type));
    assert_eq!(read::<String>("1"), Err(Error::Type));
    assert_eq!(read::<String>("[\"a\"]"), Err(Error::Type));
    assert_eq!(read::<char>("\"ab\""), Err(Error::Type));
    assert_eq!(read::<char>("\"\""), Err(Error::Type));
    assert_eq!(read::<Vec<u8>>("{}"), Err(Error::Type));
    assert_eq!(read::<()>("{}"), Err(Error::Type));
    assert_eq!(read::<BTreeMap<String, u8>>("[]"), Err(Error::Type));
    assert_eq!(read::<Option<u64>>("\"1\""), Err(Error::Type));
    assert_eq!(claims(r#"{"sub":["a"],"exp":7}"#), Err(Error::Type));
    assert_eq!(claims(r#"{"sub":"a","exp":"7"}"#), Err(Error::Type));
}

#[test]
fn a_struct_is_no_array() {
    assert_eq!(claims(r#"["a",7,true]"#), Err(Error::Type));
}

#[test]
fn bytes_are_refused() {
    assert_eq!(json::read::<&[u8]>(b"\"abc\"", &mut []), Err(Error::Type));
    assert_eq!(json::read::<&[u8]>(b"[1]", &mut []), Err(Error::Type));

    #[derive(Debug, PartialEq)]
    struct Owned(Vec<u8>);
    impl<'t> Deserialize<'t> for Owned {
        fn deserialize<D: serde::Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
            struct Bytes;
            impl<'t> serde::de::Visitor<'t> for Bytes {
                type Value = Owned;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("bytes")
                }
                fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Owned, E> {
                    Ok(Owned(bytes.to_vec()))
                }
            }
            deserializer.deserialize_byte_buf(Bytes)
        }
    }
    assert_eq!(read::<Owned>("\"abc\""), Err(Error::Type));
    assert_eq!(read::<Owned>("[1]"), Err(Error::Type));
}

#[test]
fn a_missing_member_is_refused() {
    assert_eq!(claims(r#"{"exp":7}"#), Err(Error::MissingField));
    assert_eq!(claims("{}"), Err(Error::MissingField));
}

#[test]
fn an_unknown_name_is_refused_where_the_type_says_so() {
    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Closed {
        a: u8,
    }
    assert_eq!(read::<Closed>(r#"{"a":1}"#), Ok(Closed { a: 1 }));
    assert_eq!(read::<Closed>(r#"{"a":1,"b":1}"#), Err(Error::UnknownName));
    assert_eq!(read::<Shape>("\"None\""), Err(Error::UnknownName));
    assert_eq!(read::<Shape>(r#"{"None":1}"#), Err(Error::UnknownName));
}

#[test]
fn a_second_member_of_one_name_is_refused() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":2,"a":3}"#,
        r#"{"exp":1,"\u0065xp":2}"#,
        r#"{"\u0065xp":1,"exp":2}"#,
        r#"{"\u0065xp":1,"e\u0078p":2}"#,
        r#"{"\u0065xp":1,"\u0065xp":2}"#,
        r#"{"":1,"":2}"#,
        r#"{"\"":1,"\u0022":2}"#,
        r#"{"\\":1,"\u005c":2}"#,
        r#"{"\/":1,"/":2}"#,
        r#"{"é":1,"\u00E9":2}"#,
        r#"{"😀":1,"\ud83d\ude00":2}"#,
        r#"{"a":{"b":1,"c":2,"b":3}}"#,
        r#"[[{"x":[{"a":1}],"a":2,"y":[{"a":1}],"a":3}]]"#,
        r#"{"a":{"a":1},"a":2}"#,
        r#"{"abcdefgh":1,"abcdefgh":2}"#,
        r#"{"abcdefghi":1,"abcdefghj":2,"abcdefghi":3}"#,
        r#"{"a":1,"a":[]} "#,
        r#"{"a":1,"a":}"#,
    ] {
        refused(text, Error::DuplicateName);
    }
    for unknown in [
        r#""b":1,"b":2"#,
        r#""b":1,"\u0062":2"#,
        r#""c":{"b":1,"b":2}"#,
        r#""exp":8"#,
        r#""\u0065xp":8"#,
    ] {
        let text = format!(r#"{{"sub":"a","exp":7,{unknown}}}"#);
        assert_eq!(claims(&text), Err(Error::DuplicateName), "{text}");
        let text = format!(r#"{{{unknown},"sub":"a","exp":7}}"#);
        assert_eq!(claims(&text), Err(Error::DuplicateName), "{text}");
    }
}

#[test]
fn names_that_only_look_alike_are_two() {
    for text in [
        r#"{"a":1,"A":2}"#,
        r#"{"a":1,"a ":2}"#,
        r#"{"a":1,"ab":2,"abc":3,"":4}"#,
        r#"{"\u0061b":1,"\u0061":2,"b":3}"#,
        r#"{"\\u0061":1,"a":2}"#,
        r#"{"\u00e9":1,"e\u0301":2}"#,
        r#"{"\"":1,"\\\"":2}"#,
        r#"{"a":{"a":{"a":1},"b":1},"b":{"a":1}}"#,
        r#"[{"a":1},{"a":1}]"#,
        r#"{"a\u0000":1,"a":2}"#,
        r#"{"abcdefgh":1,"abcdefgi":2,"abcdefghi":3}"#,
    ] {
        assert!(read::<IgnoredAny>(text).is_ok(), "{text}");
        assert!(read::<Value>(text).is_ok(), "{text}");
    }
}

/// An object of `count` names.
fn many(count: usize, name: impl Fn(usize) -> String) -> String {
    let members: Vec<String> = (0..count).map(|n| format!("\"{}\":0", name(n))).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn a_duplicate_is_found_among_many_names() {
    let names: [fn(usize) -> String; 3] = [
        |n| n.to_string(),
        // The same filter bit for all.
        |n| format!("a-long-name-{n:03}"),
        |n| format!("\\u{:04x}", 0x4E00 + n),
    ];
    for name in names {
        assert!(read::<IgnoredAny>(&many(MAX_NAMES, name)).is_ok());
        for twice in 0..MAX_NAMES - 1 {
            let text = many(MAX_NAMES, |n| {
                name(if n == MAX_NAMES - 1 { twice } else { n })
            });
            refused(text, Error::DuplicateName);
        }
    }
}

#[test]
fn too_many_names_are_refused() {
    refused(many(MAX_NAMES + 1, |n| n.to_string()), Error::TooManyNames);
    // The names around an object count, those of its closed siblings do not.
    let inner = many(100, |n| n.to_string());
    assert!(read::<IgnoredAny>(&format!("[{inner},{inner}]")).is_ok());
    let around = |names: usize| {
        let outer = many(names, |n| format!("o{n}"));
        outer.replacen("}", &format!(",\"x\":{inner}}}"), 1)
    };
    assert!(read::<Value>(&around(27)).is_ok());
    refused(around(28), Error::TooManyNames);
}

#[test]
fn nesting_is_bounded() {
    let arrays = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let objects = |depth: usize| r#"{"a":"#.repeat(depth) + "1" + &"}".repeat(depth);
    for nested in [arrays, objects] {
        assert!(read::<IgnoredAny>(&nested(MAX_DEPTH)).is_ok());
        assert!(read::<Value>(&nested(MAX_DEPTH)).is_ok());
        refused(nested(MAX_DEPTH + 1), Error::TooDeep);
        refused(nested(100_000), Error::TooDeep);
    }
    // Depth is given back.
    let text = format!("[{0},{0},{{\"a\":{0}}}]", arrays(MAX_DEPTH - 2));
    assert!(read::<IgnoredAny>(&text).is_ok());
    assert!(read::<Value>(&text).is_ok());
}

#[derive(Deserialize, Debug, PartialEq)]
enum Shape {
    Point,
    Circle(u32),
    Line(u32, u32),
    Box { w: u32, h: u32 },
}

#[test]
fn enums_are_strings_or_objects_of_one_member() {
    assert_eq!(read::<Shape>("\"Point\""), Ok(Shape::Point));
    assert_eq!(read::<Shape>("\"P\\u006fint\""), Ok(Shape::Point));
    assert_eq!(read::<Shape>(r#"{"Point":null}"#), Ok(Shape::Point));
    assert_eq!(read::<Shape>(r#"{"Circle":1}"#), Ok(Shape::Circle(1)));
    assert_eq!(read::<Shape>(r#"{"\u0043ircle":1}"#), Ok(Shape::Circle(1)));
    assert_eq!(
        read::<Shape>(r#" { "Line" : [ 1 , 2 ] } "#),
        Ok(Shape::Line(1, 2))
    );
    assert_eq!(
        read::<Shape>(r#"{"Box":{"h":1,"w":2}}"#),
        Ok(Shape::Box { w: 2, h: 1 })
    );
    for text in [
        "\"Circle\"",
        "\"Line\"",
        "{}",
        "1",
        "[]",
        r#"{"Circle":1,"Circle2":1}"#,
        r#"{"Point":1}"#,
        r#"{"Line":[1]}"#,
        r#"{"Line":[1,2,3]}"#,
        r#"{"Line":{"0":1}}"#,
        r#"{"Box":[1,2]}"#,
    ] {
        assert_eq!(read::<Shape>(text), Err(Error::Type), "{text}");
    }
    assert_eq!(
        read::<Shape>(r#"{"Circle":1,"Circle":1}"#),
        Err(Error::DuplicateName)
    );
    assert_eq!(read::<Shape>(r#"{"Circle":1,}"#), Err(Error::Syntax));
    assert_eq!(read::<Shape>(r#"{"Circle"}"#), Err(Error::Syntax));
}

#[test]
fn a_tuple_is_an_array_of_its_length() {
    assert_eq!(read::<(u8, bool)>("[1,true]"), Ok((1, true)));
    assert_eq!(read::<(u8, bool)>("[1,true,2]"), Err(Error::Type));
    assert_eq!(read::<(u8, bool)>("[1]"), Err(Error::Type));
    assert_eq!(read::<[u8; 0]>("[]"), Ok([]));
    assert_eq!(read::<(u8, bool)>("[1,true,]"), Err(Error::Type));

    #[derive(Deserialize, Debug, PartialEq)]
    struct Pair(u8, bool);
    assert_eq!(read::<Pair>("[1,true]"), Ok(Pair(1, true)));
    assert_eq!(read::<Pair>("[1,true,2]"), Err(Error::Type));
    assert_eq!(read::<Pair>("[1]"), Err(Error::Type));
    assert_eq!(read::<Pair>(r#"{"0":1,"1":true}"#), Err(Error::Type));
}

#[test]
fn a_struct_without_members_is_null() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Nothing;
    assert_eq!(read::<Nothing>("null"), Ok(Nothing));
    for text in ["{}", "[]", "0", "\"Nothing\""] {
        assert_eq!(read::<Nothing>(text), Err(Error::Type), "{text}");
    }
}

#[test]
fn two_names_of_one_member_are_a_duplicate() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Renamed {
        #[serde(alias = "user")]
        sub: u8,
    }
    assert_eq!(read(r#"{"user":1}"#), Ok(Renamed { sub: 1 }));
    assert_eq!(
        read::<Renamed>(r#"{"sub":1,"user":1}"#),
        Err(Error::DuplicateName)
    );
}

#[test]
fn a_null_is_called_one_in_a_struct_of_structs_too() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Inner {
        exp: u64,
    }
    #[derive(Deserialize, Debug, PartialEq)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
    }
    let inner = Inner { exp: 1 };
    assert_eq!(read(r#"{"exp":1}"#), Ok(Outer { inner }));
    assert_eq!(read::<Outer>(r#"{"exp":null}"#), Err(Error::Null));
    assert_eq!(read::<Outer>(r#"{"exp":"1"}"#), Err(Error::Type));
}

/// A text that is cut short is no JSON for a type either that makes `None` of what it cannot read.
#[test]
fn a_type_that_goes_on_after_an_error_reads_no_text_that_is_open() {
    fn lenient<'t, D, T>(value: D) -> Result<Option<T>, D::Error>
    where
        D: serde::Deserializer<'t>,
        T: Deserialize<'t>,
    {
        Ok(T::deserialize(value).ok())
    }
    #[derive(Deserialize, Debug, PartialEq)]
    struct Inner {
        a: u8,
    }
    #[derive(Deserialize, Debug, PartialEq)]
    struct Outer {
        #[serde(deserialize_with = "lenient")]
        x: Option<Inner>,
        #[serde(default)]
        admin: bool,
    }
    let outer = |x| Outer { x, admin: true };
    let read_outer = read::<Outer>;
    assert_eq!(
        read_outer(r#"{"x":{"a":1},"admin":true}"#),
        Ok(outer(Some(Inner { a: 1 })))
    );
    assert_eq!(read_outer(r#"{"x":{},"admin":true}"#), Ok(outer(None)));
    for text in [
        r#"{"x":{"a":300}"#,
        r#"{"x":{"a":300,"admin":true}"#,
        r#"{"x":{"a":300,"admin":true}}"#,
        r#"{"x":,"admin":true}"#,
        r#"{"x":-,"admin":true}"#,
        "{\"x\":\"a\n,\"admin\":true}",
        r#"{"x":[,"admin":true}"#,
    ] {
        assert_eq!(read_outer(text), Err(Error::Syntax), "{text}");
    }

    /// Takes anything for nothing.
    #[derive(Deserialize, Debug)]
    struct Nothings {
        #[serde(deserialize_with = "lenient")]
        a: Option<i8>,
        #[serde(deserialize_with = "lenient")]
        b: Option<String>,
        #[serde(deserialize_with = "lenient")]
        c: Option<bool>,
    }
    for text in [
        r#"{"a":-,"b":"","c":true}"#,
        r#"{"a":1,"b":"\u00","c":true}"#,
        "{\"a\":1,\"b\":\"\n,\"c\":true}",
        r#"{"a":,"b":"","c":true}"#,
        r#"{"a":1,"b":,"c":true}"#,
        r#"{"a":1,"b":"","c":}"#,
    ] {
        let taken = read::<Nothings>(text).map(|all| (all.a, all.b, all.c));
        assert_eq!(taken, Err(Error::Syntax), "{text}");
    }
    let taken = read::<Nothings>(r#"{"a":300,"b":"","c":true}"#);
    let taken = taken.map(|all| (all.a, all.b, all.c));
    assert_eq!(taken, Ok((None, Some(String::new()), Some(true))));
}

/// `serde_json` has `alloc` on, so enums of every representation are read here.
#[test]
fn enums_of_every_representation_are_read_where_serde_can() {
    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(tag = "t")]
    enum Internally {
        A,
        B { x: u8 },
    }
    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(tag = "t", content = "c")]
    enum Adjacently {
        A,
        B(u8),
    }
    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(untagged)]
    enum Untagged {
        A(u8),
        B { x: u8 },
    }
    assert_eq!(read(r#"{"t":"A"}"#), Ok(Internally::A));
    assert_eq!(read(r#"{"x":1,"t":"B"}"#), Ok(Internally::B { x: 1 }));
    assert_eq!(read(r#"{"t":"A"}"#), Ok(Adjacently::A));
    assert_eq!(read(r#"{"c":1,"t":"B"}"#), Ok(Adjacently::B(1)));
    assert_eq!(read("1"), Ok(Untagged::A(1)));
    assert_eq!(read(r#"{"x":1}"#), Ok(Untagged::B { x: 1 }));
    let twice = r#"{"t":"B","x":1,"x":2}"#;
    assert_eq!(read::<Internally>(twice), Err(Error::DuplicateName));
}

/// The name of a variant or of a field, as a value.
#[test]
fn an_identifier_is_a_string() {
    #[derive(Debug, PartialEq)]
    struct Identifier(String);
    impl<'t> Deserialize<'t> for Identifier {
        fn deserialize<D: serde::Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
            struct Name;
            impl<'t> serde::de::Visitor<'t> for Name {
                type Value = Identifier;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("a name")
                }
                fn visit_str<E>(self, name: &str) -> Result<Identifier, E> {
                    Ok(Identifier(name.to_owned()))
                }
            }
            deserializer.deserialize_identifier(Name)
        }
    }
    assert_eq!(read(r#""a\u0062""#), Ok(Identifier("ab".into())));
    assert_eq!(read::<Identifier>("1"), Err(Error::Type));
    assert_eq!(read::<Identifier>("\"a"), Err(Error::Syntax));
}

#[test]
fn maps_have_names_of_strings() {
    let text = r#"{"a":1,"\u0062":2}"#;
    let mut scratch = [0; 1];
    let map: BTreeMap<&str, u8> = json::read(text.as_bytes(), &mut scratch).unwrap();
    assert_eq!(map, BTreeMap::from([("a", 1), ("b", 2)]));
    assert_eq!(read::<BTreeMap<u8, u8>>(r#"{"1":1}"#), Err(Error::Type));
    assert_eq!(
        read::<BTreeMap<bool, u8>>(r#"{"true":1}"#),
        Err(Error::Type)
    );

    #[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Key<'t>(&'t str);
    #[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Letter {
        A,
    }
    let map: BTreeMap<Option<Key>, u8> = json::read(br#"{"a":1}"#, &mut []).unwrap();
    assert_eq!(map[&Some(Key("a"))], 1);
    assert_eq!(
        read::<BTreeMap<Letter, u8>>(r#"{"A":1}"#).unwrap()[&Letter::A],
        1
    );
    assert_eq!(
        read::<BTreeMap<Letter, u8>>(r#"{"B":1}"#),
        Err(Error::UnknownName)
    );
}

#[test]
fn a_value_that_its_type_refuses_is_refused() {
    use std::net::Ipv4Addr;
    use std::num::NonZeroU32;
    assert_eq!(read::<Ipv4Addr>("\"127.0.0.1\""), Ok(Ipv4Addr::LOCALHOST));
    assert_eq!(read::<Ipv4Addr>("\"localhost\""), Err(Error::Type));
    assert_eq!(read::<NonZeroU32>("0"), Err(Error::Number));
}

#[test]
fn a_reader_that_leaves_members_unread_is_refused() {
    struct First;
    impl<'t> serde::de::Visitor<'t> for First {
        type Value = u8;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("something")
        }
        fn visit_seq<A: serde::de::SeqAccess<'t>>(self, mut seq: A) -> Result<u8, A::Error> {
            Ok(seq.next_element()?.unwrap_or_default())
        }
        fn visit_map<A: serde::de::MapAccess<'t>>(self, mut map: A) -> Result<u8, A::Error> {
            let entry: Option<(&str, u8)> = map.next_entry()?;
            Ok(entry.unwrap_or_default().1)
        }
    }
    #[derive(Debug, PartialEq)]
    struct One(u8);
    impl<'t> Deserialize<'t> for One {
        fn deserialize<D: serde::Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(First).map(One)
        }
    }
    assert_eq!(read::<One>("[1]"), Ok(One(1)));
    assert_eq!(read::<One>("[1,2]"), Err(Error::Type));
    assert_eq!(read::<One>(r#"{"a":1}"#), Ok(One(1)));
    assert_eq!(read::<One>(r#"{"a":1,"b":2}"#), Err(Error::Type));
}
