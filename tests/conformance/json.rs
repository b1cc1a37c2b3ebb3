//! JSONTestSuite, each text read in three ways: by a type that ignores it, by one that takes
//! whatever comes, and as the unknown member of a struct. All three give the same answer.

use base64ct::{Base64, Encoding};
use hardtack::json::{self, Error};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{ran, vectors};

#[derive(Deserialize)]
struct Claims {
    exp: u64,
}

/// What a text whose name starts with `i`, or which is of the other sets that state no answer,
/// gets, and why.
fn stated(name: &str) -> Result<(), Error> {
    match name {
        // Grammatical, and refused by any type but a float's: `numbers_of_the_suite`.
        "i_number_double_huge_neg_exp.json"
        | "i_number_neg_int_huge_exp.json"
        | "i_number_real_pos_overflow.json"
        | "i_number_too_big_neg_int.json"
        | "i_number_very_big_negative_int.json"
        | "number_-9223372036854775808.json"
        | "number_1.0.json"
        | "number_1.000000000000000005.json"
        | "number_1e-999.json"
        | "number_1e6.json"
        // Two names, since nothing is normalized.
        | "object_key_nfc_nfd.json" => Ok(()),
        // Not Unicode text.
        "i_object_key_lone_2nd_surrogate.json"
        | "i_string_1st_valid_surrogate_2nd_invalid.json"
        | "i_string_UTF8_surrogate_U+D800.json"
        | "i_string_invalid_surrogate.json"
        | "i_string_lone_second_surrogate.json"
        | "i_string_not_in_unicode_range.json"
        | "i_string_overlong_sequence_2_bytes.json"
        | "string_1_escaped_invalid_codepoint.json"
        | "string_1_invalid_codepoint.json"
        | "string_3_escaped_invalid_codepoints.json"
        | "string_3_invalid_codepoints.json" => Err(Error::Syntax),
        "i_structure_500_nested_arrays.json" => Err(Error::TooDeep),
        "object_same_key_same_value.json" | "object_same_key_unclear_values.json" => {
            Err(Error::DuplicateName)
        }
        _ => panic!("{name}: no answer is stated"),
    }
}

/// Whether the text is accepted as the unknown member of a struct, wherever it stands.
fn as_unknown_member(text: &[u8]) -> bool {
    let around: [(&[u8], &[u8]); 3] = [
        (b"{\"x\":", b",\"exp\":7}"),
        (b"{\"exp\":7,\"x\":", b"}"),
        (b"{\"x\":[{\"y\":", b",\"z\":[1]}],\"exp\":7}"),
    ];
    let answers = around.map(|(before, after)| {
        let text = [before, text, after].concat();
        json::read::<Claims>(&text, &mut []).is_ok_and(|claims| claims.exp == 7)
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    answers[0]
}

#[test]
fn json_test_suite() {
    let Some(file) = vectors("json/jsontestsuite.json") else {
        return;
    };
    let (mut accepted, mut refused, mut either) = (0, 0, 0);
    for case in file.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let encoded = case["base64"].as_str().unwrap();
        let mut decoded = vec![0; encoded.len()];
        let text = Base64::decode(encoded, &mut decoded).unwrap();
        let ignored = json::read::<IgnoredAny>(text, &mut []).map(drop);
        let mut scratch = vec![0; text.len()];
        let taken = json::read::<Value>(text, &mut scratch).map(drop);
        let unknown = as_unknown_member(text);
        // Whatever the type asks for, what is no JSON is refused.
        if let Err(error) = ignored {
            assert_eq!(taken, Err(error), "{name}");
        }
        assert_eq!(unknown, ignored.is_ok(), "{name}");
        match name.split_once('_').unwrap().0 {
            // The suite's one text of two members with the same name. RFC 8259 §4 lets a reader
            // refuse it, RFC 7519 §4 wants it refused in claims.
            "y" if name == "y_object_duplicated_key.json" => {
                assert_eq!(ignored, Err(Error::DuplicateName));
            }
            "y" => {
                assert_eq!(ignored, Ok(()), "{name}");
                assert_eq!(taken, Ok(()), "{name}");
                accepted += 1;
            }
            "n" => {
                assert!(ignored.is_err(), "{name}");
                refused += 1;
            }
            _ => {
                assert_eq!(ignored, stated(name), "{name}");
                either += 1;
            }
        }
    }
    assert_eq!(accepted, 44);
    ran("JSONTestSuite, accepted", accepted);
    ran("JSONTestSuite, refused", refused);
    ran("JSONTestSuite, of either answer", either);
}
