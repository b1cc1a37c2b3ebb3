//! Cookies: http-state and the web-platform-tests, each case through a jar of its own.

use hardtack::cookie::Request;
use hardtack::jar::Jar;
use hardtack::time::UnixTime;
use serde_json::Value;

use crate::{ran, vectors};

/// Between the dates that the cases call past and those that they call future.
const NOW: UnixTime = UnixTime::from_secs(1_767_225_600); // 2026-01-01

type BrowserJar = Jar<32, 65_536, fn(&str) -> bool>;

/// As the vectors say; `not-web-platform.test` and its like stand directly below.
fn jar() -> BrowserJar {
    Jar::new(|domain| matches!(domain, "com" | "org" | "test"))
}

/// A request for an absolute URI, whose host and port the crate leaves to its callers.
fn request(uri: &str) -> Request<'_> {
    let (scheme, rest) = uri.split_once("://").unwrap();
    let (authority, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.split(':').next().unwrap();
    match scheme {
        "https" => Request::https(host, target).unwrap(),
        "http" => Request::http(host, target).unwrap(),
        other => panic!("{other}"),
    }
}

fn texts(value: &Value) -> Vec<&str> {
    let lines = value.as_array().unwrap().iter();
    lines.map(|line| line.as_str().unwrap()).collect()
}

fn header(jar: &mut BrowserJar, request: &Request<'_>) -> Vec<u8> {
    let mut buffer = vec![0; 65_536];
    jar.write_header(request, &mut buffer, NOW)
        .unwrap()
        .to_vec()
}

/// Cases that no rule can pass together with the others, by name.
const CONTRADICTED: [(&str, &str); 2] = [
    (
        "optional-domain0042",
        "wants `Domain=foo.example.org; Domain=` to be refused, as RFC 6265 allowed. Test 42 of \
         the newer domain.sub.html, and RFC 6265bis, want an empty last Domain to mean the host",
    ),
    (
        "Cookie with %x9 after Secure attribute is handled correctly.",
        "wants a script to set a cookie with `Secure\\t` on a page over http, and to read it there. \
         Test 7 of secure-non-secure-child.html wants such a cookie to be refused, and Chromium \
         refuses this one",
    ),
];

/// Whether a case passed, or is one of those that cannot.
#[track_caller]
fn check(name: &str, passed: bool, case: &Value) -> bool {
    let listed = CONTRADICTED.iter().find(|(listed, _)| *listed == name);
    if let Some((_, reason)) = listed {
        println!("left out: {name}: it {reason}");
    }
    assert_eq!(passed, listed.is_none(), "{name}: {case}");
    passed
}

#[test]
fn http_state() {
    const FROM: &str = "http://home.example.org:8888/cookie-parser?";
    let Some(cases) = vectors("cookie/http-state.json") else {
        return;
    };
    let mut passed = 0;
    for case in cases.as_array().unwrap() {
        let name = case["test"].as_str().unwrap();
        let latin_1 = |text: &str| -> Vec<u8> {
            text.chars()
                .map(|char| u8::try_from(char).unwrap())
                .collect()
        };
        let from = format!("{FROM}{name}");
        let mut jar = jar();
        for line in texts(&case["set_cookie"]) {
            let _ = jar.store(&latin_1(line), &request(&from), NOW);
        }
        let to = match case["location"].as_str() {
            Some(path) if path.starts_with('/') => format!("http://home.example.org:8888{path}"),
            Some(uri) => uri.to_owned(),
            None => format!("http://home.example.org:8888/cookie-parser-result?{name}"),
        };
        let sent = header(&mut jar, &request(&to));
        let expected = latin_1(case["expected"].as_str().unwrap());
        passed += usize::from(check(name, sent == expected, case));
    }
    assert_eq!(passed, 128, "of 129");
    ran("http-state", passed);
}

/// Sets the cookies of a case, which come with a response or from a script.
fn set(jar: &mut BrowserJar, case: &Value) {
    let kind = case["kind"].as_str().unwrap();
    let by_script = matches!(kind, "dom" | "prefix-dom");
    let from = request(case["set_uri"].as_str().unwrap());
    let from = if by_script { from.from_script() } else { from };
    for line in texts(&case["set_cookie"]) {
        // RFC 9112 §2.2: a line of a response ends at LF, so what stands behind one never was
        // part of a field.
        let line = match line.split_once('\n') {
            Some((line, _)) if !by_script => line,
            _ => line,
        };
        let _ = jar.store(line.as_bytes(), &from, NOW);
    }
}

#[test]
fn web_platform_tests() {
    let Some(cases) = vectors("cookie/wpt.json") else {
        return;
    };
    let mut passed = 0;
    for case in cases.as_array().unwrap() {
        let mut jar = jar();
        set(&mut jar, case);
        let to = request(case["get_uri"].as_str().unwrap());
        let right = match case["kind"].as_str().unwrap() {
            "http" | "http-redirect" | "dom" => {
                let to = match case["get_via"].as_str() {
                    Some("document.cookie") => to.from_script(),
                    _ => to,
                };
                let sent = header(&mut jar, &to);
                let expected = case["expected"].as_str().unwrap_or_default();
                let refused = case["allowFetchFailure"] == true && sent.is_empty();
                refused || sent == expected.as_bytes()
            }
            "prefix-http" | "prefix-dom" => {
                let mut exists = |via: &str, to: Request<'_>| {
                    let exists = !header(&mut jar, &to).is_empty();
                    case[via]
                        .as_bool()
                        .is_none_or(|expected| exists == expected)
                };
                exists("existsViaHTTP", to) && exists("existsInDOM", to.from_script())
            }
            "path-match" => case["match"].as_bool() == Some(!header(&mut jar, &to).is_empty()),
            other => panic!("{other}"),
        };
        passed += usize::from(check(case["name"].as_str().unwrap(), right, case));
    }
    assert_eq!(passed, 495, "of 496");
    ran("web-platform-tests, cookies", passed);
}
