//! A jar saved and restored: nothing is lost, and nothing that was saved is trusted.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use core::time::Duration;

use hardtack::cookie::{NoSuffixList, Request, SameSite};
use hardtack::jar::{Jar, Outcome, Restored};
use hardtack::json;
use hardtack::time::UnixTime;
use serde::de::DeserializeSeed;
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

type SmallJar = Jar<16, 2048>;

fn after(secs: u64) -> UnixTime {
    NOW.saturating_add(Duration::from_secs(secs))
}

fn restore(jar: &mut SmallJar, saved: &Value, now: UnixTime) -> Result<Restored, String> {
    let text = saved.to_string();
    let mut scratch = [0; 512];
    let restoring = jar.restoring(&mut scratch, now);
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let restored = restoring.deserialize(&mut deserializer);
    restored.map_err(|error| error.to_string())
}

fn counts(restored: Result<Restored, String>) -> (usize, usize) {
    let restored = restored.unwrap();
    (restored.kept, restored.dropped)
}

fn header(jar: &mut SmallJar, request: &Request<'_>, now: UnixTime) -> Vec<u8> {
    let mut buffer = [0; 2048];
    jar.write_header(request, &mut buffer, now)
        .unwrap()
        .to_vec()
}

fn full() -> SmallJar {
    let mut jar = SmallJar::new(NoSuffixList);
    let host = Request::https("www.a.example", "/x/y").unwrap();
    let lines: [&[u8]; 7] = [
        b"z=\"q\\uoted\"; Path=/",
        b"\xFF=\xE9\x80\t\x85",
        b"nameless",
        b"__Host-Http-s=1; Path=/; Secure; HttpOnly; SameSite=Strict; Priority=High",
        b"d=1; Domain=a.example; Max-Age=60; SameSite=None; Secure",
        b"e=; Path=/x/y; Expires=Fri, 02 Jan 2026 00:00:00 GMT",
        b"p=1; Secure; Partitioned",
    ];
    for line in lines {
        assert_eq!(
            jar.store(line, &host.partitioned("https://top"), NOW),
            Outcome::Stored
        );
    }
    jar
}

#[test]
fn what_is_saved_is_restored_as_it_was() {
    let mut jar = full();
    let restoring = format!("{:?}", jar.restoring(&mut [0x53; 64], NOW));
    assert!(
        restoring.starts_with("Restoring { jar: Jar { cookies: 7") && !restoring.contains("83")
    );
    let saved = serde_json::to_value(&jar).unwrap();
    let mut again = SmallJar::new(NoSuffixList);
    assert_eq!(counts(restore(&mut again, &saved, NOW)), (7, 0));
    assert_eq!(serde_json::to_value(&again).unwrap(), saved);
    let host = Request::https("www.a.example", "/x/y/z")
        .unwrap()
        .partitioned("https://top");
    for request in [
        host,
        host.cross_site(),
        host.from_script(),
        host.partitioned(""),
    ] {
        assert_eq!(
            header(&mut jar, &request, NOW),
            header(&mut again, &request, NOW)
        );
    }
    // Ties of one second are still broken as before, and younger cookies go behind.
    assert_eq!(again.store(b"new=1; Path=/x", &host, NOW), Outcome::Stored);
    let sent = header(&mut again, &host, NOW);
    assert!(sent.ends_with(b"p=1; new=1; z=\"q\\uoted\"; __Host-Http-s=1"));
}

#[test]
fn the_order_of_use_is_restored() {
    let mut jar = Jar::<2, 256>::new(NoSuffixList);
    let [a, b, c] =
        ["a.example", "b.example", "c.example"].map(|host| Request::https(host, "/").unwrap());
    assert_eq!(jar.store(b"a=1", &a, NOW), Outcome::Stored);
    assert_eq!(jar.store(b"b=1", &b, NOW), Outcome::Stored);
    assert_eq!(jar.matching(&a, NOW).count(), 1);
    let text = serde_json::to_string(&jar).unwrap();
    let mut again = Jar::<2, 256>::new(NoSuffixList);
    let mut scratch = [0; 64];
    let restored = json::read_seed(again.restoring(&mut scratch, NOW), text.as_bytes(), &mut []);
    assert_eq!(restored.unwrap().kept, 2);
    assert_eq!(again.store(b"c=1", &c, NOW), Outcome::Stored);
    assert_eq!(again.matching(&b, NOW).count(), 0);
    assert_eq!(again.matching(&a, NOW).count(), 1);
}

#[test]
fn the_crate_s_own_json_will_do() {
    let jar = full();
    let mut text = [0; 4096];
    let saved = json::write(&jar, &mut text).unwrap().to_owned();
    let mut again = SmallJar::new(NoSuffixList);
    let mut scratch = [0; 512];
    let mut unescaped = [0; 512];
    let restoring = again.restoring(&mut scratch, NOW);
    let restored = json::read_seed(restoring, saved.as_bytes(), &mut unescaped).unwrap();
    assert_eq!((restored.kept, restored.dropped), (7, 0));
    assert_eq!(
        serde_json::to_value(&again).unwrap(),
        serde_json::to_value(&jar).unwrap()
    );
}

#[test]
fn a_format_without_names_will_do() {
    // A sequence of sequences, as compact formats have them, said in JSON.
    let jar = full();
    let names = [
        "name",
        "value",
        "domain",
        "host_only",
        "path",
        "top_level_site",
        "created",
        "expires",
        "secure",
        "http_only",
        "same_site",
        "priority",
        "order",
        "used",
    ];
    let saved = serde_json::to_value(&jar).unwrap();
    let rows = saved
        .as_array()
        .unwrap()
        .iter()
        .map(|cookie| names.map(|name| cookie[name].clone()));
    let mut again = SmallJar::new(NoSuffixList);
    assert_eq!(
        counts(restore(
            &mut again,
            &rows.map(Value::from_iter).collect(),
            NOW
        )),
        (7, 0)
    );
    assert_eq!(serde_json::to_value(&again).unwrap(), saved);
    let mut short = json!([[]]);
    assert!(restore(&mut again, &short, NOW).is_err());
    short[0] = json!(["a", "b"]);
    assert!(restore(&mut again, &short, NOW).is_err());
}

#[test]
fn what_is_of_another_type_is_named() {
    let mut jar = SmallJar::new(NoSuffixList);
    let mut says = |saved: &Value, text: &str| {
        let error = restore(&mut jar, saved, NOW).unwrap_err();
        assert!(error.contains(text), "{error}");
        assert!(jar.is_empty());
    };
    says(&json!({}), "expected a sequence of cookies");
    for (field, wrong, expected) in [
        (
            "name",
            json!(1),
            "expected a text of characters up to U+00FF",
        ),
        (
            "top_level_site",
            json!(1),
            "expected a text of characters up to U+00FF",
        ),
        ("secure", json!("yes"), "expected a boolean"),
        ("used", json!(-1), "expected u64"),
    ] {
        let mut saved = sound();
        saved[field] = wrong;
        says(&json!([saved]), expected);
    }
}

/// Formats there are in which the name of a field is a number, and others without an option.
#[test]
fn what_is_of_another_type_is_named_in_other_formats_too() {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
    fn restored<'de>(name: impl IntoDeserializer<'de, Error>) -> String {
        let mut jar = SmallJar::new(NoSuffixList);
        let mut scratch = [0; 64];
        let cookie = MapDeserializer::new([(name, 1_u8)].into_iter());
        let cookies = SeqDeserializer::new([cookie].into_iter());
        let restored = jar.restoring(&mut scratch, NOW).deserialize(cookies);
        restored.unwrap_err().to_string()
    }
    for (said, expected) in [
        (restored(7_u8), "integer `7`, expected the name of a field"),
        (
            restored("top_level_site"),
            "integer `1`, expected a text or nothing",
        ),
    ] {
        assert_eq!(said, format!("invalid type: {expected}"));
    }
}

/// A saved cookie that could have been received.
fn sound() -> Value {
    json!({
        "name": "a", "value": "b", "domain": "www.a.example", "host_only": true, "path": "/",
        "top_level_site": null, "created": NOW.as_secs(), "expires": null, "secure": false,
        "http_only": false, "same_site": "Default", "priority": "Medium", "order": 1, "used": 1,
    })
}

#[track_caller]
fn assert_dropped(changes: &[(&str, Value)]) {
    let mut saved = sound();
    for (field, value) in changes {
        saved[field] = value.clone();
    }
    let mut jar = SmallJar::new(NoSuffixList);
    assert_eq!(
        counts(restore(&mut jar, &json!([saved]), NOW)),
        (0, 1),
        "{changes:?}"
    );
    assert!(jar.is_empty());
}

#[test]
fn a_cookie_that_no_server_could_have_set_is_dropped() {
    let mut jar = SmallJar::new(NoSuffixList);
    assert_eq!(counts(restore(&mut jar, &json!([sound()]), NOW)), (1, 0));
    for text in ["a;b", "a\u{0}", "a\r\nb", "\u{7f}", " a", "a\t"] {
        assert_dropped(&[("name", text.into())]);
        assert_dropped(&[("value", text.into())]);
    }
    assert_dropped(&[("name", "a=b".into())]);
    assert_dropped(&[("name", "".into()), ("value", "".into())]);
    for domain in ["", "a b", "a.example:80", "\u{e9}.example", "a/b"] {
        assert_dropped(&[("domain", domain.into())]);
    }
    assert_dropped(&[("domain", "example".into()), ("host_only", false.into())]);
    assert_dropped(&[("path", "".into())]);
    assert_dropped(&[("path", "x".into())]);
    assert_dropped(&[("same_site", "None".into())]);
    assert_dropped(&[("top_level_site", "https://top".into())]);
    assert_dropped(&[("top_level_site", "\u{ff}".into()), ("secure", true.into())]);
    assert_dropped(&[("name", "__Secure-a".into())]);
    assert_dropped(&[("name", "__Http-a".into()), ("secure", true.into())]);
    assert_dropped(&[
        ("name", "__Host-a".into()),
        ("secure", true.into()),
        ("path", "/x".into()),
    ]);
    assert_dropped(&[
        ("name", "__Host-a".into()),
        ("secure", true.into()),
        ("host_only", false.into()),
    ]);
    assert_dropped(&[("name", "".into()), ("value", "__Host-a".into())]);
    assert_dropped(&[("expires", NOW.as_secs().into())]);
    assert_dropped(&[("expires", (-5).into())]);
    assert_dropped(&[("order", u64::MAX.into())]);
    assert_dropped(&[("used", ((1_u64 << 53) + 1).into())]);
}

/// Or one cookie with the greatest count would cost the jar what is stored after it.
#[test]
fn what_is_stored_after_the_greatest_count_is_restored_too() {
    let mut saved = sound();
    saved["order"] = (1_u64 << 53).into();
    saved["used"] = (1_u64 << 53).into();
    let mut jar = SmallJar::new(NoSuffixList);
    assert_eq!(counts(restore(&mut jar, &json!([saved]), NOW)), (1, 0));
    let host = Request::https("www.a.example", "/").unwrap();
    for line in ["b=1", "c=1"] {
        assert_eq!(jar.store(line.as_bytes(), &host, NOW), Outcome::Stored);
        assert_eq!(jar.matching(&host, NOW).count(), jar.len());
    }
    let saved = serde_json::to_value(&jar).unwrap();
    let mut again = SmallJar::new(NoSuffixList);
    assert_eq!(counts(restore(&mut again, &saved, NOW)), (3, 0));
}

#[test]
fn name_and_value_that_are_too_long_are_dropped() {
    let mut saved = sound();
    saved["value"] = "v".repeat(4096).into();
    let mut jar = Jar::<4, 8192>::new(NoSuffixList);
    let mut scratch = [0; 6144];
    let text = json!([saved]).to_string();
    let restored = json::read_seed(jar.restoring(&mut scratch, NOW), text.as_bytes(), &mut []);
    assert_eq!(restored.unwrap().dropped, 1);
    saved["value"] = "v".repeat(4095).into();
    let text = json!([saved]).to_string();
    let restored = json::read_seed(jar.restoring(&mut scratch, NOW), text.as_bytes(), &mut []);
    assert_eq!(restored.unwrap().kept, 1);
}

#[test]
fn a_cookie_of_1_kib_of_path_and_site_fits_into_6400_bytes() {
    let label = "a".repeat(63);
    let mut saved = sound();
    for (field, value) in [
        ("value", "v".repeat(4095)),
        ("domain", [&*label; 4].join(".")),
        ("path", "/".repeat(1024)),
        ("top_level_site", "s".repeat(1024)),
    ] {
        saved[field] = value.into();
    }
    saved["secure"] = true.into();
    let text = json!([saved]).to_string();
    let mut jar = Jar::<4, 8192>::new(NoSuffixList);
    let mut read =
        |scratch: &mut [u8]| json::read_seed(jar.restoring(scratch, NOW), text.as_bytes(), &mut []);
    assert_eq!(read(&mut [0; 6398]), Err(json::Error::Type));
    assert_eq!(read(&mut [0; 6400]).map(|restored| restored.kept), Ok(1));
}

#[test]
fn a_cookie_larger_than_the_jar_is_dropped() {
    let mut jar = Jar::<4, 16>::new(NoSuffixList);
    let mut scratch = [0; 64];
    let text = json!([sound()]).to_string();
    let restored = json::read_seed(jar.restoring(&mut scratch, NOW), text.as_bytes(), &mut []);
    assert_eq!(restored.unwrap().dropped, 1);
}

#[test]
fn a_smaller_jar_keeps_what_it_has_room_for() {
    let mut saved = [sound(), sound(), sound()];
    for (cookie, name) in saved.iter_mut().zip(["x", "y", "z"]) {
        cookie["name"] = name.into();
    }
    let mut jar = Jar::<2, 256>::new(NoSuffixList);
    let text = json!(saved).to_string();
    let mut scratch = [0; 256];
    let restored = json::read_seed(jar.restoring(&mut scratch, NOW), text.as_bytes(), &mut []);
    assert_eq!(restored.unwrap().kept, 3);
    assert_eq!(jar.len(), 2);
    assert!(jar.iter(NOW).any(|cookie| cookie.name() == b"z"));
}

#[test]
fn times_in_the_future_are_taken_back() {
    let mut saved = sound();
    saved["created"] = after(1000).as_secs().into();
    saved["expires"] = i64::MAX.into();
    let mut jar = SmallJar::new(NoSuffixList);
    assert_eq!(counts(restore(&mut jar, &json!([saved]), NOW)), (1, 0));
    let cookie = jar.iter(NOW).next().unwrap();
    assert_eq!(cookie.created(), NOW);
    assert_eq!(cookie.expires(), Some(after(400 * 86_400)));
    assert_eq!(cookie.same_site(), SameSite::Default);
}

#[test]
fn a_cookie_that_the_jar_has_is_the_younger_one() {
    let mut jar = SmallJar::new(NoSuffixList);
    let host = Request::https("www.a.example", "/").unwrap();
    assert_eq!(jar.store(b"a=new; Max-Age=5", &host, NOW), Outcome::Stored);
    assert_eq!(counts(restore(&mut jar, &json!([sound()]), NOW)), (0, 1));
    assert_eq!(header(&mut jar, &host, NOW), b"a=new");
    assert_eq!(
        counts(restore(&mut jar, &json!([sound()]), after(5))),
        (1, 0)
    );
    assert_eq!(header(&mut jar, &host, after(5)), b"a=b");
}

#[test]
fn a_sequence_that_is_not_one_of_cookies_is_an_error() {
    let mut jar = SmallJar::new(NoSuffixList);
    let mut without = sound();
    without.as_object_mut().unwrap().remove("host_only");
    let mut more = sound();
    more["unknown"] = 1.into();
    let mut wide = sound();
    wide["value"] = "\u{100}".into();
    let mut long = sound();
    long["value"] = "v".repeat(600).into();
    let mut odd = sound();
    odd["same_site"] = "Sometimes".into();
    for (broken, error) in [
        (without, "a field is missing"),
        (more, "unknown field `unknown`"),
        (wide, "a text has a character above U+00FF"),
        (long, "the scratch buffer is too small"),
        (odd, "unknown variant `Sometimes`"),
        (json!(7), "invalid type: integer `7`, expected a cookie"),
    ] {
        jar.clear();
        let text = restore(&mut jar, &json!([sound(), broken]), NOW).unwrap_err();
        assert!(text.contains(error), "{text}");
        assert_eq!(jar.len(), 1, "the one before stays");
    }
    let text = sound().to_string();
    let twice = format!("[{},\"used\":1}}]", &text[..text.len() - 1]);
    let mut scratch = [0; 64];
    let restoring = jar.restoring(&mut scratch, NOW);
    let error = restoring.deserialize(&mut serde_json::Deserializer::from_str(&twice));
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("a field is there twice")
    );
    let mut scratch = [7; 8];
    assert!(!format!("{:?}", jar.restoring(&mut scratch, NOW)).contains('7'));
}
