//! `Set-Cookie`: every cookie that can be built comes back as it went out; and what others wrote raw
//! is refused, one test for each way.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::time::Duration;

use hardtack::cookie::{
    Error, Header, NoSuffixList, Priority, Received, Request, SameSite, SetCookie, pairs, percent,
};
use hardtack::date::ImfFixdate;
use hardtack::jar::{Jar, Outcome};
use hardtack::time::UnixTime;
use proptest::option;
use proptest::prelude::*;

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

fn name() -> impl Strategy<Value = String> {
    let prefix = prop_oneof![
        4 => Just(""),
        1 => Just("__Host-"),
        1 => Just("__secure-"),
        1 => Just("__HTTP-"),
        1 => Just("__Host-Http-"),
    ];
    let token = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}";
    (prefix, token).prop_map(|(prefix, token)| format!("{prefix}{token}"))
}

fn value() -> impl Strategy<Value = String> {
    let octets = "[!#-+--:<-\\[\\]-~]{0,30}";
    let quoted = octets.prop_map(|value| format!("\"{value}\""));
    let long = (octets, 100..132_usize).prop_map(|(value, times)| value.repeat(times));
    prop_oneof![6 => octets, 2 => quoted, 1 => long]
}

/// What a cookie is built from.
#[derive(Clone, Debug)]
struct Parts {
    name: String,
    value: String,
    domain: Option<String>,
    path: Option<Option<String>>,
    max_age: Option<u64>,
    expires: Option<i64>,
    relax: [bool; 2],
    same_site: Option<SameSite>,
    partitioned: bool,
    priority: Option<Priority>,
    extensions: Vec<(String, String)>,
}

fn parts() -> impl Strategy<Value = Parts> {
    let same_site = prop_oneof![
        Just(SameSite::Strict),
        Just(SameSite::Lax),
        Just(SameSite::None),
        Just(SameSite::Default),
    ];
    let priority = prop_oneof![
        Just(Priority::Low),
        Just(Priority::Medium),
        Just(Priority::High)
    ];
    let path = "/([ !\"$-:<->@-~]{0,10}[!\"$-:<->@-~])?";
    let extension = (
        "X[!#$%&'*+.^_`|~0-9A-Za-z-]{0,5}",
        "([!-:<-~]([ -:<-~]{0,9}[!-:<-~])?)?",
    );
    (
        (name(), value()),
        option::weighted(
            0.3,
            "([A-Za-z0-9]([A-Za-z0-9-]{0,5}[A-Za-z0-9])?\\.){0,2}[a-z]{2,5}",
        ),
        option::weighted(0.5, option::weighted(0.7, path)),
        option::of(any::<u64>()),
        option::of(-11_644_473_600..=253_402_300_799_i64),
        any::<[bool; 2]>(),
        option::of(same_site),
        prop::bool::weighted(0.2),
        option::of(priority),
        prop::collection::vec(extension, 0..3),
    )
        .prop_map(
            |(
                (name, value),
                domain,
                path,
                max_age,
                expires,
                relax,
                same_site,
                partitioned,
                priority,
                extensions,
            )| Parts {
                name,
                value,
                domain,
                path,
                max_age,
                expires,
                relax,
                same_site,
                partitioned,
                priority,
                extensions,
            },
        )
}

/// The cookie of these parts, less those of which it says that they breach a rule between parts.
fn build<'a>(parts: &'a Parts, extensions: &'a [(&'a str, &'a str)]) -> SetCookie<'a> {
    type Step<'a> = Box<dyn Fn(SetCookie<'a>) -> Result<SetCookie<'a>, Error> + 'a>;
    let mut steps: Vec<Step<'a>> = Vec::new();
    if let Some(domain) = &parts.domain {
        steps.push(Box::new(|cookie| cookie.with_domain(domain)));
    }
    match &parts.path {
        Some(Some(path)) => steps.push(Box::new(|cookie| cookie.with_path(path))),
        Some(None) => steps.push(Box::new(SetCookie::without_path)),
        None => {}
    }
    if parts.relax[0] {
        steps.push(Box::new(SetCookie::without_secure));
    }
    if parts.relax[1] {
        steps.push(Box::new(SetCookie::without_http_only));
    }
    if let Some(same_site) = parts.same_site {
        steps.push(Box::new(move |cookie| cookie.with_same_site(same_site)));
    }
    if parts.partitioned {
        steps.push(Box::new(SetCookie::partitioned));
    }
    if let Some(seconds) = parts.max_age {
        let age = Duration::from_secs(seconds);
        steps.push(Box::new(move |cookie| Ok(cookie.with_max_age(age))));
    }
    if let Some(at) = parts.expires {
        let date = ImfFixdate::new(UnixTime::from_secs(at)).unwrap();
        steps.push(Box::new(move |cookie| Ok(cookie.with_expires(date))));
    }
    if let Some(priority) = parts.priority {
        steps.push(Box::new(move |cookie| Ok(cookie.with_priority(priority))));
    }
    steps.push(Box::new(|cookie| cookie.with_extensions(extensions)));

    let cookie = SetCookie::new(&parts.name, &parts.value).unwrap();
    steps
        .iter()
        .fold(cookie, |cookie, step| match step(cookie) {
            Ok(next) => next,
            Err(error) => {
                assert!(matches!(error, Error::Prefix | Error::Insecure), "{error}");
                cookie
            }
        })
}

proptest! {
    #[test]
    fn what_is_written_is_received(parts in parts()) {
        let extensions: Vec<(&str, &str)> = parts
            .extensions
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let cookie = build(&parts, &extensions);
        let text = cookie.to_string();
        prop_assert_eq!(cookie.len(), text.len());
        let mut buffer = vec![0; text.len()];
        prop_assert_eq!(cookie.write(&mut buffer), Ok(&*text));

        let received = Received::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(received.expiry(NOW), cookie.expiry(NOW));
        prop_assert_eq!(received.is_persistent(), cookie.is_persistent());
        let unknown = extensions.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        prop_assert!(received.unknown().eq(unknown));
        let again = SetCookie::try_from(&received).unwrap();
        prop_assert_eq!(again.with_extensions(&extensions), Ok(cookie));
    }

    /// The whole way: set, kept by a user agent, sent back, read, removed.
    #[test]
    fn what_is_set_is_sent_back(parts in parts()) {
        let extensions: Vec<(&str, &str)> = parts
            .extensions
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let cookie = build(&parts, &extensions);
        let host = cookie.domain().unwrap_or("www.example.com").to_string();
        let path = cookie.path().unwrap_or("/").to_string();
        let request = Request::https(&host, &path).unwrap();
        let mut jar = Jar::<4, 8192>::new(NoSuffixList);
        let mut buffer = [0; 4097];

        let is_expired = cookie.expiry(NOW).is_some_and(|expiry| expiry <= NOW);
        let outcome = jar.store(cookie.to_string().as_bytes(), &request, NOW);
        if is_expired {
            prop_assert_eq!(outcome, Outcome::Removed);
            let later = cookie.with_max_age(Duration::from_secs(60));
            let outcome = jar.store(later.to_string().as_bytes(), &request, NOW);
            prop_assert_eq!(outcome, Outcome::Stored);
        } else {
            prop_assert_eq!(outcome, Outcome::Stored, "{} from {}{}", cookie, host, path);
        }
        let sent = jar.write_header(&request, &mut buffer, NOW).unwrap();
        let found = Header::new([sent]).only(cookie.name().as_bytes());
        prop_assert_eq!(found, Ok(Some(cookie.value().as_bytes())));
        prop_assert!(pairs(sent).eq([(cookie.name().as_bytes(), cookie.value().as_bytes())]));

        let outcome = jar.store(cookie.removal().to_string().as_bytes(), &request, NOW);
        prop_assert_eq!(outcome, Outcome::Removed);
        prop_assert!(jar.is_empty());
    }

    #[test]
    fn any_bytes_can_be_carried_in_percent_encoding(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let text = percent::Encoded::new(&bytes).to_string();
        let cookie = SetCookie::new("a", &text).unwrap();
        let mut buffer = [0; 60];
        prop_assert_eq!(percent::decode(cookie.value().as_bytes(), &mut buffer), Ok(&bytes[..]));
    }

    #[test]
    fn any_long_value_can_be_carried_in_chunks(len in 0..20_000_usize, salt in any::<usize>()) {
        let letter = |at: usize| char::from(b"abcdefghijklm"[(at.wrapping_mul(salt) >> 3) % 13]);
        let value: String = (0..len).map(letter).collect();
        let cookie = SetCookie::new("__Host-a", "").unwrap();
        let mut jar = Jar::<8, 32_000>::new(NoSuffixList);
        let request = Request::https("example.com", "/").unwrap();
        for chunk in cookie.chunks(&value).unwrap() {
            prop_assert_eq!(jar.store(chunk.to_string().as_bytes(), &request, NOW), Outcome::Stored);
        }
        let mut header = [0; 24_000];
        let header = Header::new([jar.write_header(&request, &mut header, NOW).unwrap()]);
        let mut buffer = [0; 20_000];
        prop_assert_eq!(header.join(b"__Host-a", &mut buffer), Ok(Some(value.as_bytes())));
    }
}

const BREAKS: [&str; 8] = [
    "x; Domain=evil.example",
    "x;HttpOnly",
    "x\r\nSet-Cookie: sid=evil",
    "x\nLocation: /",
    "x\r",
    "x\0",
    "x\u{7f}",
    "x\u{9f}",
];

fn cookie() -> SetCookie<'static> {
    SetCookie::new("sid", "31d4").unwrap()
}

#[test]
fn a_bare_cookie_has_nothing_else() {
    let bare = SetCookie::bare("a", "1").unwrap();
    assert!(!bare.is_secure() && !bare.is_http_only() && !bare.is_partitioned());
    assert_eq!(bare.to_string(), "a=1");
}

/// CVE-2024-47764: npm `cookie` took any name.
#[test]
fn no_name_breaks_out() {
    for text in BREAKS {
        assert_eq!(SetCookie::new(text, "31d4"), Err(Error::Name), "{text:?}");
    }
    assert_eq!(SetCookie::new("a=b", "31d4"), Err(Error::Name));
    assert_eq!(SetCookie::new("", "31d4"), Err(Error::Name));
}

#[test]
fn no_value_breaks_out() {
    for text in BREAKS {
        assert_eq!(cookie().with_value(text), Err(Error::Value), "{text:?}");
        let quoted = format!("\"{text}\"");
        assert_eq!(cookie().with_value(&quoted), Err(Error::Value), "{text:?}");
    }
}

/// CVE-2024-47764, CVE-2026-43969: attributes were written as they came.
#[test]
fn no_path_breaks_out() {
    for text in BREAKS {
        let path = format!("/{text}");
        assert_eq!(cookie().with_path(&path), Err(Error::Attribute), "{text:?}");
    }
}

/// CVE-2024-47764, CVE-2026-43969.
#[test]
fn no_domain_breaks_out() {
    for text in BREAKS {
        assert_eq!(
            cookie().with_domain(text),
            Err(Error::Attribute),
            "{text:?}"
        );
    }
}

#[test]
fn no_extension_breaks_out() {
    for text in BREAKS {
        let refused = |extension| cookie().with_extensions(&[extension]).err();
        assert_eq!(refused(("X", text)), Some(Error::Attribute), "{text:?}");
        assert_eq!(refused((text, "x")), Some(Error::Attribute), "{text:?}");
    }
}

/// A part that is repaired is another part than the one that was checked elsewhere.
#[test]
fn nothing_is_repaired() {
    assert_eq!(cookie().with_value(" 31d4"), Err(Error::Value));
    assert_eq!(cookie().with_value("31d4 "), Err(Error::Value));
    assert_eq!(cookie().with_domain(".example.com"), Err(Error::Attribute));
    assert_eq!(cookie().with_path("account"), Err(Error::Attribute));
    assert_eq!(cookie().with_path("/account "), Err(Error::Attribute));
    assert_eq!(cookie().with_path(""), Err(Error::Attribute));
}
