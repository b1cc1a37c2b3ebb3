//! What a browser's store does and others get wrong: RFC 6265bis §5.7 and §5.8, by the points of the
//! project's design. What is about reading a line alone is in `received_points`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use core::num::NonZeroU16;
use core::time::Duration;

use hardtack::cookie::{self, NoSuffixList, Priority, Request, SameSite};
use hardtack::jar::{Error, Jar, Outcome};
use hardtack::time::UnixTime;

use Outcome::{Ignored, Removed, Replaced, Stored};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

fn after(secs: u64) -> UnixTime {
    NOW.saturating_add(Duration::from_secs(secs))
}

/// A request for a URL without a port.
fn request(url: &str) -> Request<'_> {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match scheme {
        "https" => Request::https(host, target).unwrap(),
        _ => Request::http(host, target).unwrap(),
    }
}

fn suffixes(domain: &str) -> bool {
    matches!(
        domain,
        "com" | "uk" | "co.uk" | "example" | "github.io" | "io"
    )
}

/// A jar that tells its story in texts.
struct Browser(Jar<64, 16_384, fn(&str) -> bool>);

impl Browser {
    fn new() -> Self {
        Self(Jar::new(suffixes))
    }

    fn set(&mut self, url: &str, line: &str) -> Outcome {
        self.0.store(line.as_bytes(), &request(url), NOW)
    }

    #[track_caller]
    fn stores(&mut self, url: &str, line: &str) {
        assert_eq!(self.set(url, line), Stored, "{line}");
    }

    #[track_caller]
    fn ignores(&mut self, url: &str, line: &str, error: Error) {
        let before = self.0.len();
        assert_eq!(self.set(url, line), Ignored(error), "{line}");
        assert_eq!(self.0.len(), before);
    }

    fn sent_on(&mut self, request: &Request<'_>, now: UnixTime) -> String {
        let mut buffer = [0; 16_384];
        let header = self.0.write_header(request, &mut buffer, now).unwrap();
        header.escape_ascii().to_string()
    }

    #[track_caller]
    fn sends(&mut self, url: &str, header: &str) {
        assert_eq!(self.sent_on(&request(url), NOW), header, "{url}");
    }
}

#[test]
fn point_01_a_control_character_stores_nothing() {
    let mut browser = Browser::new();
    for line in ["a=b\0", "a=b\rc", "a=b; Path=/\x7F", "\na=b"] {
        let error = Error::Line(cookie::Error::Control);
        browser.ignores("https://a.example/", line, error);
    }
    browser.stores("https://a.example/", "a=b\tc");
    browser.sends("https://a.example/", "a=b\\tc");
}

#[test]
fn point_02_white_space_around_names_and_values_goes() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/x/y", " \ta \t= b \t;\tPath = /x \t");
    browser.sends("https://a.example/x", "a=b");
    browser.stores("https://a.example/", "\u{a0}c=d\u{2003}");
    let mut raw = [0; 64];
    let header = browser
        .0
        .write_header(&request("https://a.example/"), &mut raw, NOW);
    assert_eq!(header.unwrap(), "\u{a0}c=d\u{2003}".as_bytes());
}

// [6265bis-5.8.3-4]
#[test]
fn point_03_a_nameless_cookie_is_sent_without_the_equals_sign() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "x");
    browser.sends("https://a.example/", "x");
    assert_eq!(browser.set("https://a.example/", "=y"), Replaced);
    browser.stores("https://a.example/", "z=");
    browser.sends("https://a.example/", "y; z=");
    browser.ignores(
        "https://a.example/",
        "=; Secure",
        Error::Line(cookie::Error::Empty),
    );
    browser.ignores("https://a.example/", "", Error::Line(cookie::Error::Empty));
}

#[test]
fn point_04_quotes_are_kept_and_protect_nothing() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "a=\"b;c\"");
    browser.stores("https://a.example/", "d=e=f");
    browser.sends("https://a.example/", "a=\\\"b; d=e=f");
}

#[test]
fn point_05_4096_octets_of_name_and_value_go_in() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", &format!("n={}", "v".repeat(4095)));
    let error = Error::Line(cookie::Error::TooLong);
    browser.ignores(
        "https://a.example/",
        &format!("n={}", "v".repeat(4096)),
        error,
    );
    assert_eq!(
        browser.sent_on(&request("https://a.example/"), NOW).len(),
        4097
    );
}

#[test]
fn point_06_an_attribute_that_is_too_long_counts_for_nothing() {
    let mut browser = Browser::new();
    let line = format!("a=b; Path=/x; Path=/{}", "y".repeat(1024));
    browser.stores("https://a.example/", &line);
    browser.sends("https://a.example/x", "a=b");
    let line = format!("__Secure-a=b; Secure={}", "y".repeat(1025));
    browser.ignores("https://a.example/", &line, Error::Prefix);
}

#[test]
fn point_07_octets_go_in_and_out_as_they_are() {
    let mut browser = Browser::new();
    let every: Vec<u8> = (0x21..=0xFF)
        .filter(|byte| !matches!(byte, b';' | 0x7F))
        .collect();
    let line = [b"%41=".as_slice(), &every].concat();
    assert_eq!(
        browser.0.store(&line, &request("https://a.example/"), NOW),
        Stored
    );
    let mut buffer = [0; 512];
    let sent = browser
        .0
        .write_header(&request("https://a.example/"), &mut buffer, NOW);
    assert_eq!(sent.unwrap(), line);
}

#[test]
fn points_08_to_10_a_date_that_is_none_makes_a_session_cookie() {
    for date in [
        "02:Jan:2026 00:00:00",
        "012-Jan-2026 00:00:00",
        "30 Feb 2026 00:00:00",
        "01 Jan 1600 00:00:00",
    ] {
        let mut browser = Browser::new();
        browser.stores("https://a.example/", &format!("a=b; Expires={date}"));
        assert!(
            !browser.0.iter(NOW).next().unwrap().is_persistent(),
            "{date}"
        );
        browser.0.end_session();
        assert!(browser.0.is_empty());
    }
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "a=b; Expires=02-Jan-26 00:00:00");
    browser.0.end_session();
    assert_eq!(
        browser.0.iter(NOW).next().unwrap().expires(),
        Some(after(86_400))
    );
}

#[test]
fn point_11_max_age_of_zero_or_less_removes() {
    let mut browser = Browser::new();
    for age in ["0", "-1", "-99999999999999999999"] {
        browser.stores("https://a.example/", "a=b; Max-Age=60");
        let line = format!("a=; Max-Age={age}");
        assert_eq!(browser.set("https://a.example/", &line), Removed);
        browser.sends("https://a.example/", "");
        assert_eq!(browser.set("https://a.example/", &line), Removed);
        assert!(browser.0.is_empty());
    }
    browser.stores("https://a.example/", "a=b; Max-Age=+5");
    assert!(!browser.0.iter(NOW).next().unwrap().is_persistent());
}

#[test]
fn point_12_max_age_beats_expires() {
    let mut browser = Browser::new();
    let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    browser.stores("https://a.example/", &format!("a=b; Max-Age=10; {past}"));
    assert_eq!(
        browser.sent_on(&request("https://a.example/"), after(9)),
        "a=b"
    );
    assert_eq!(
        browser.sent_on(&request("https://a.example/"), after(10)),
        ""
    );
    assert_eq!(
        browser.set("https://a.example/", &format!("a=c; {past}")),
        Removed
    );
}

#[test]
fn point_13_no_cookie_outlives_400_days() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "a=1; Max-Age=999999999999");
    browser.stores(
        "https://a.example/",
        "b=2; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
    );
    browser.stores("https://a.example/", "c=3");
    let days = |days: u64| after(days * 86_400);
    let a = request("https://a.example/");
    assert_eq!(
        browser.sent_on(&a, after(400 * 86_400 - 1)),
        "a=1; b=2; c=3"
    );
    assert_eq!(browser.sent_on(&a, days(400)), "c=3");
    browser.0.remove_expired(days(400));
    assert_eq!(browser.0.len(), 1);
}

// [6265bis-5.7-8] [6265bis-5.7-10] [6265bis-5.8.3-1a]
#[test]
fn point_14_a_domain_reaches_the_hosts_below_it() {
    let mut browser = Browser::new();
    browser.stores("https://www.a.example/", "a=1; Domain=.A.Example");
    browser.stores("https://www.a.example/", "b=2");
    browser.stores(
        "https://www.a.example/",
        "c=3; Domain=other.example; Domain=",
    );
    browser.sends("https://www.a.example/", "a=1; b=2; c=3");
    browser.sends("https://A.EXAMPLE/", "a=1");
    browser.sends("https://x.y.a.example/", "a=1");
    browser.sends("https://ba.example/", "");
    let error = Error::Domain;
    for domain in [
        "x.www.a.example",
        "b.example",
        "..a.example",
        "a.example.",
        "ww.a.example",
        "a\u{301}.example",
        "\u{ff41}.example",
    ] {
        browser.ignores(
            "https://www.a.example/",
            &format!("d=4; Domain={domain}"),
            error,
        );
    }
    let cookie = browser
        .0
        .iter(NOW)
        .find(|cookie| cookie.name() == b"a")
        .unwrap();
    assert_eq!(
        (cookie.domain(), cookie.is_host_only()),
        ("a.example", false)
    );
}

#[test]
fn point_15_a_lone_dot_is_refused() {
    let mut browser = Browser::new();
    browser.ignores("https://a.example/", "a=b; Domain=.", Error::Domain);
    browser.ignores("https://a.example/", "a=b; Domain=..", Error::Domain);
    browser.ignores("https://a.example./", "a=b; Domain=..", Error::Domain);
}

// [6265bis-5.7-9]
#[test]
fn point_16_a_public_suffix_is_for_itself_alone() {
    let mut browser = Browser::new();
    for domain in ["co.uk", ".CO.UK", "uk"] {
        let line = format!("a=b; Domain={domain}");
        browser.ignores("https://shop.co.uk/", &line, Error::PublicSuffix);
    }
    // A dot behind it, as in a fully qualified name, makes it no less public.
    for domain in ["co.uk.", ".CO.UK.", "uk."] {
        let line = format!("a=b; Domain={domain}");
        browser.ignores("https://shop.co.uk./", &line, Error::PublicSuffix);
    }
    browser.stores("https://GitHub.io/", "a=b; Domain=github.IO");
    browser.sends("https://github.io/", "a=b");
    browser.sends("https://somebody.github.io/", "");
    assert!(browser.0.iter(NOW).next().unwrap().is_host_only());
}

#[test]
fn point_16_a_domain_that_became_a_public_suffix_gets_nothing() {
    static IS_PUBLIC: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    let list = |domain: &str| {
        domain == "new.example" && IS_PUBLIC.load(std::sync::atomic::Ordering::Relaxed)
    };
    let mut jar = Jar::<8, 1024, _>::new(list);
    let host = request("https://www.new.example/");
    assert_eq!(jar.store(b"a=b; Domain=new.example", &host, NOW), Stored);
    assert_eq!(jar.store(b"c=d", &host, NOW), Stored);
    assert_eq!(jar.matching(&host, NOW).count(), 2);
    IS_PUBLIC.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(jar.write_header(&host, &mut [0; 32], NOW).unwrap(), b"c=d");
    IS_PUBLIC.store(false, std::sync::atomic::Ordering::Relaxed);
    let host = request("https://www.new.example./");
    assert_eq!(jar.store(b"a=b; Domain=new.example.", &host, NOW), Stored);
    assert_eq!(jar.matching(&host, NOW).count(), 1);
    IS_PUBLIC.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(jar.matching(&host, NOW).count(), 0);
}

#[test]
fn point_16_without_a_list_top_level_domains_are_refused() {
    let mut jar = Jar::<8, 1024>::new(NoSuffixList);
    let host = request("https://shop.co.uk/");
    assert_eq!(
        jar.store(b"a=b; Domain=uk", &host, NOW),
        Ignored(Error::PublicSuffix)
    );
    assert_eq!(jar.store(b"a=b; Domain=co.uk", &host, NOW), Stored);
    assert_eq!(
        jar.store(b"a=b; Domain=uk.", &request("https://shop.co.uk./"), NOW),
        Ignored(Error::PublicSuffix)
    );
}

#[test]
fn point_17_an_address_has_no_parents() {
    let mut browser = Browser::new();
    browser.ignores("http://127.0.0.1/", "a=b; Domain=0.0.1", Error::Domain);
    browser.ignores("http://127.0.0.1/", "a=b; Domain=1", Error::Domain);
    browser.stores("http://127.0.0.1/", "a=b; Domain=127.0.0.1");
    browser.sends("http://127.0.0.1/", "a=b");
    browser.sends("http://x.127.0.0.1/", "");
    browser.stores("http://[::1]/", "c=d; Domain=[::1]");
    browser.sends("http://[::1]/", "c=d");
    // An address is no public suffix, whatever the list says of a last label.
    let mut jar = Jar::<8, 1024, _>::new(|domain: &str| !domain.contains("example"));
    assert_eq!(
        jar.store(b"a=b; Domain=10.0.0.1", &request("http://10.0.0.1/"), NOW),
        Stored
    );
}

// [6265bis-5.7-23]
#[test]
fn point_18_name_domain_host_only_flag_path_and_partition_are_the_identity() {
    let mut browser = Browser::new();
    let host = "https://www.a.example/";
    for line in [
        "a=1",
        "A=2",
        "a=3; Domain=www.a.example",
        "a=4; Domain=a.example",
        "a=5; Path=/x",
        "a=6; Secure; Partitioned",
    ] {
        browser.stores(host, line);
    }
    let below = request(host).partitioned("https://top.example");
    assert_eq!(
        browser.0.store(b"a=7; Secure; Partitioned", &below, NOW),
        Stored
    );
    assert_eq!(browser.0.len(), 7);
    assert_eq!(
        browser.set(host, "a=8; Path=/; Domain=; Max-Age=9; Secure; HttpOnly"),
        Replaced
    );
    assert_eq!(browser.set(host, "a=9; domain=.WWW.a.example"), Replaced);
    assert_eq!(
        browser.0.store(b"a=0; Secure; Partitioned", &below, NOW),
        Replaced
    );
    assert_eq!(browser.0.len(), 7);
    browser.sends("https://www.a.example/x", "a=5; a=8; A=2; a=9; a=4; a=6");
}

#[test]
fn point_19_a_bad_path_is_the_default_path() {
    let mut browser = Browser::new();
    browser.stores(
        "https://a.example/dir/page?/q",
        "a=1; Path=/other; Path=relative",
    );
    browser.stores("https://a.example/dir/page", "b=2");
    browser.stores("https://a.example/page", "c=3");
    browser.stores("https://a.example/dir/", "d=4; Path=");
    browser.sends("https://a.example/dir", "a=1; b=2; d=4; c=3");
    browser.sends("https://a.example/dir/x", "a=1; b=2; d=4; c=3");
    browser.sends("https://a.example/directory", "c=3");
    // RFC 6265bis has no limit for a path that the URL gives.
    let long = format!("https://a.example/{}/", "p".repeat(5000));
    browser.stores(&long, "e=5");
    browser.sends(&long, "e=5; c=3");
}

// [6265bis-5.8.3-1b]
#[test]
fn point_20_a_path_matches_to_a_slash_and_octet_by_octet() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "a=1; Path=/a%62c");
    browser.stores("https://a.example/", "b=2; Path=/abc");
    browser.stores("https://a.example/", "c=3; Path=/abc/");
    browser.sends("https://a.example/abc", "b=2");
    browser.sends("https://a.example/abc/", "c=3; b=2");
    browser.sends("https://a.example/abcd", "");
    browser.sends("https://a.example/ABC", "");
    browser.sends("https://a.example/a%62c/d", "a=1");
    browser.sends("https://a.example/?/abc", "");
    browser.sends("https://a.example/abc?d", "b=2");
}

// [6265bis-5.7-13] [6265bis-5.8.3-1c]
#[test]
fn point_21_secure_needs_a_secure_connection_both_ways() {
    let mut browser = Browser::new();
    browser.ignores("http://a.example/", "a=b; Secure=no", Error::Insecure);
    browser.stores("https://a.example/", "a=b; Secure=no");
    browser.stores("https://a.example/", "c=d");
    browser.sends("https://a.example/", "a=b; c=d");
    browser.sends("http://a.example/", "c=d");
    let local = request("http://localhost/").trustworthy();
    assert_eq!(browser.0.store(b"e=f; Secure", &local, NOW), Stored);
    assert_eq!(browser.sent_on(&local, NOW), "e=f");
    browser.sends("http://localhost/", "");
}

// [6265bis-5.7-16]
#[test]
fn point_22_secure_cookies_are_left_alone() {
    let mut browser = Browser::new();
    browser.stores("https://www.a.example/", "a=1; Secure; Path=/login");
    let error = Error::HidesSecure;
    // The new path path-matches the existing one.
    browser.ignores("http://www.a.example/", "a=2; Path=/login", error);
    browser.ignores("http://www.a.example/", "a=2; Path=/login/en", error);
    browser.stores("http://www.a.example/", "a=2; Path=/");
    browser.stores("http://www.a.example/", "a=2; Path=/logins");
    // Either domain domain-matches the other.
    browser.ignores(
        "http://www.a.example/",
        "a=2; Path=/login; Domain=a.example",
        error,
    );
    browser.ignores("http://a.example/", "a=2; Path=/login", error);
    browser.ignores("http://x.www.a.example/", "a=2; Path=/login", error);
    browser.stores("http://sibling.a.example/", "a=2; Path=/login");
    browser.ignores(
        "http://sibling.a.example/",
        "a=2; Path=/login; Domain=a.example",
        error,
    );
    // Another name, and a secure connection.
    browser.stores("http://www.a.example/", "b=2; Path=/login");
    assert_eq!(
        browser.set("https://www.a.example/", "a=2; Path=/login"),
        Replaced
    );
    // Removing is overwriting.
    browser.stores("https://c.example/", "a=1; Secure");
    browser.ignores("http://c.example/", "a=; Max-Age=0", error);
    // One that is expired is not there.
    browser.stores("https://d.example/", "a=1; Secure; Max-Age=5");
    let later = browser
        .0
        .store(b"a=2", &request("http://d.example/"), after(5));
    assert_eq!(later, Stored);
}

// [6265bis-5.7-18] [6265bis-5.7-19]
#[test]
fn point_23_same_site_at_storing() {
    let cross = request("https://a.example/").cross_site();
    let lines = [
        ("s=1; SameSite=Strict", false),
        ("l=1; SameSite=Lax", false),
        ("d=1", false),
        ("u=1; SameSite=None; SameSite=Unknown; Secure", false),
        ("n=1; SameSite=None; Secure", true),
    ];
    for (line, allowed) in lines {
        let mut browser = Browser::new();
        let expected = if allowed {
            Stored
        } else {
            Ignored(Error::CrossSite)
        };
        let line = line.as_bytes();
        assert_eq!(browser.0.store(line, &cross, NOW), expected);
        assert_eq!(
            browser
                .0
                .store(line, &cross.from_script().top_level_navigation(), NOW),
            if allowed { Replaced } else { expected }
        );
        let mut browser = Browser::new();
        assert_eq!(
            browser.0.store(line, &cross.top_level_navigation(), NOW),
            Stored
        );
        assert_eq!(
            browser
                .0
                .store(line, &cross.top_level_navigation().unsafe_method(), NOW),
            Replaced
        );
    }
    let mut browser = Browser::new();
    browser.ignores("https://a.example/", "a=b; SameSite=None", Error::Insecure);
    browser.ignores("http://a.example/", "a=b; SameSite=None", Error::Insecure);
}

// [6265bis-5.8.3-1e]
#[test]
fn point_23_same_site_at_retrieval() {
    let same = request("https://a.example/");
    let cross = same.cross_site();
    let sent = |request: Request<'_>| {
        let mut again = Browser::new();
        for line in [
            "s=1; SameSite=Strict",
            "l=1; SameSite=Lax",
            "d=1",
            "n=1; SameSite=None; Secure",
        ] {
            again.stores("https://a.example/", line);
        }
        again.sent_on(&request, NOW)
    };
    assert_eq!(sent(same), "s=1; l=1; d=1; n=1");
    assert_eq!(sent(same.unsafe_method()), "s=1; l=1; d=1; n=1");
    assert_eq!(sent(same.from_script()), "s=1; l=1; d=1; n=1");
    assert_eq!(sent(cross), "n=1");
    assert_eq!(sent(cross.unsafe_method()), "n=1");
    assert_eq!(sent(cross.top_level_navigation()), "l=1; d=1; n=1");
    assert_eq!(sent(cross.top_level_navigation().unsafe_method()), "n=1");
    assert_eq!(sent(cross.from_script()), "n=1");
    assert_eq!(sent(cross.from_script().top_level_navigation()), "n=1");
}

#[test]
fn point_23_lax_allowing_unsafe_is_off_and_lasts_two_minutes() {
    let post = request("https://a.example/").cross_site().unsafe_method();
    let navigation = post.top_level_navigation();
    let mut jar = Jar::<8, 1024>::new(NoSuffixList);
    let mut lax = Jar::<8, 1024>::new(NoSuffixList).with_lax_allowing_unsafe();
    for jar in [&mut jar, &mut lax] {
        for line in ["l=1; SameSite=Lax", "d=1", "s=1; SameSite=Strict"] {
            assert_eq!(
                jar.store(line.as_bytes(), &request("https://a.example/"), NOW),
                Stored
            );
        }
    }
    assert_eq!(jar.matching(&navigation, NOW).count(), 0);
    let mut names = |request: &Request<'_>, now| {
        lax.matching(request, now)
            .map(|c| c.name()[0])
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&navigation, NOW), b"d");
    assert_eq!(names(&navigation, after(120)), b"d");
    assert_eq!(names(&navigation, after(121)), b"");
    assert_eq!(names(&post, NOW), b"");
    assert_eq!(names(&navigation.from_script(), NOW), b"");
}

// [6265bis-5.7-20] [6265bis-5.7-21] [6265bis-5.7-22]
#[test]
fn point_24_prefixes_are_kept() {
    let mut browser = Browser::new();
    let host = "https://a.example/";
    let refused = [
        "__Secure-a=b",
        "__sEcUrE-a=b; HttpOnly",
        "__Host-a=b; Secure",
        "__Host-a=b; Secure; Path=x",
        "__Host-a=b; Secure; Path=/; Path=",
        "__Host-a=b; Secure; Path=/x",
        "__Host-a=b; Secure; Path=/; Domain=a.example",
        "__HOST-a=b; Path=/",
        "__Http-a=b; Secure",
        "__Http-a=b; HttpOnly",
        "__Host-Http-a=b; Secure; Path=/",
        "__Host-Http-a=b; HttpOnly; Path=/",
        "__Host-Http-a=b; Secure; HttpOnly; Path=/x",
        "__Host-Http-a=b; Secure; HttpOnly",
        "=__Host-a=b",
        "__SECURE-a",
        "__Http-",
    ];
    for line in refused {
        browser.ignores(host, line, Error::Prefix);
    }
    for line in [
        "__Secure-a=b; Secure; Domain=a.example; Path=/x",
        "__Host-a=b; Secure; Path=/",
        "__hOST-c=b; Secure; Path=/; Domain=",
        "__Http-a=b; Secure; HttpOnly; Domain=a.example",
        "__Host-Http-a=b; Secure; HttpOnly; Path=/",
        "__Host=b",
        "x__Host-=b",
        "a=__Host-b",
    ] {
        browser.stores(host, line);
    }
    // A host that is a public suffix names itself and is host-only.
    browser.stores(
        "https://github.io/",
        "__Host-a=b; Secure; Path=/; Domain=github.io",
    );
    browser.ignores("http://a.example/", "__Secure-a=b; Secure", Error::Insecure);
}

// [6265bis-5.7-15]
#[test]
fn point_24_a_script_makes_no_http_cookie() {
    let mut browser = Browser::new();
    let script = request("https://a.example/").from_script();
    let set = |browser: &mut Browser, line: &str| browser.0.store(line.as_bytes(), &script, NOW);
    assert_eq!(
        set(&mut browser, "__Http-a=b; Secure"),
        Ignored(Error::Prefix)
    );
    assert_eq!(
        set(&mut browser, "__Http-a=b; Secure; HttpOnly"),
        Ignored(Error::HttpOnly)
    );
    assert_eq!(set(&mut browser, "__Host-a=b; Secure; Path=/"), Stored);
}

// [6265bis-5.7-23.3]
#[test]
fn point_25_overwriting_keeps_the_creation_and_nothing_else() {
    let mut browser = Browser::new();
    let host = request("https://a.example/");
    browser.stores(
        "https://a.example/",
        "a=1; Max-Age=100; Secure; HttpOnly; SameSite=Strict; Priority=High",
    );
    browser.stores("https://a.example/", "b=2");
    for (line, value) in [("a=longer", "longer"), ("a=LONGER; Priority=Low", "LONGER")] {
        assert_eq!(browser.0.store(line.as_bytes(), &host, after(50)), Replaced);
        let found = browser.0.iter(NOW).find(|cookie| cookie.name() == b"a");
        let cookie = found.unwrap();
        assert_eq!(cookie.value(), value.as_bytes());
        assert_eq!(cookie.created(), NOW);
        assert!(!cookie.is_secure() && !cookie.is_http_only() && !cookie.is_persistent());
        assert_eq!(
            (cookie.same_site(), cookie.expires()),
            (SameSite::Default, None)
        );
    }
    assert_eq!(
        browser
            .0
            .iter(NOW)
            .find(|c| c.name() == b"a")
            .unwrap()
            .priority(),
        Priority::Low
    );
    browser.sends("https://a.example/", "a=LONGER; b=2");
    // One that is expired was not there any more.
    browser.stores("https://c.example/", "a=1; Max-Age=5");
    let c = request("https://c.example/");
    assert_eq!(browser.0.store(b"a=2", &c, after(5)), Stored);
    let cookie = browser.0.matching(&c, after(5)).next().unwrap();
    assert_eq!(cookie.created(), after(5));
}

// [6265bis-5.7-23.2] [6265bis-5.8.3-1d]
#[test]
fn point_25_a_script_does_not_touch_http_only_cookies() {
    let mut browser = Browser::new();
    let host = request("https://a.example/");
    let script = host.from_script();
    browser.stores("https://a.example/", "a=1; HttpOnly; Max-Age=5");
    browser.stores("https://a.example/", "b=2");
    assert_eq!(browser.sent_on(&script, NOW), "b=2");
    let http_only = Ignored(Error::HttpOnly);
    assert_eq!(browser.0.store(b"a=3", &script, NOW), http_only);
    assert_eq!(browser.0.store(b"a=; Max-Age=0", &script, NOW), http_only);
    assert_eq!(browser.0.store(b"c=3; HttpOnly", &script, NOW), http_only);
    assert_eq!(browser.0.store(b"b=3", &script, NOW), Replaced);
    assert_eq!(browser.sent_on(&host, NOW), "a=1; b=3");
    assert_eq!(browser.0.store(b"a=3", &script, after(5)), Stored);
}

#[test]
fn point_26_longer_paths_go_first_then_older_cookies() {
    let mut browser = Browser::new();
    let host = request("https://a.example/");
    let mut set = |line: &str, now| {
        assert_eq!(browser.0.store(line.as_bytes(), &host, now), Stored);
    };
    set("late=1", after(9));
    set("tie1=1", NOW);
    set("tie2=1", NOW);
    set("long=1; Path=/x/y", after(9));
    set("mid=1; Path=/x", after(8));
    set("domain=1; Domain=a.example; Path=/x", after(7));
    // Octets, not characters: five against four.
    set("multi=1; Path=/\u{e9}\u{e9}", after(1));
    set("single=1; Path=/\u{e9}", NOW);
    let sent = browser.sent_on(&request("https://a.example/x/y/z"), after(9));
    assert_eq!(sent, "long=1; domain=1; mid=1; tie1=1; tie2=1; late=1");
    assert_eq!(browser.0.store(b"tie1=2", &host, after(9)), Replaced);
    let sent = browser.sent_on(&request("https://a.example/"), after(9));
    assert_eq!(sent, "tie1=2; tie2=1; late=1");
}

/// Names of the cookies in a jar, in the order of their creation.
fn names<const C: usize, const B: usize>(jar: &Jar<C, B>, now: UnixTime) -> String {
    let mut names: Vec<_> = jar
        .iter(now)
        .map(|c| String::from_utf8(c.name().to_vec()).unwrap())
        .collect();
    names.sort();
    names.concat()
}

// [6265bis-5.7-used] [6265bis-5.8.3-3]
#[test]
fn point_27_the_least_recently_used_cookie_goes_when_the_jar_is_full() {
    let mut jar = Jar::<4, 1024>::new(NoSuffixList);
    let hosts = [
        "https://a.example/",
        "https://b.example/",
        "https://c.example/",
        "https://d.example/",
    ];
    for (url, name) in hosts.iter().zip(["a", "b", "c", "d"]) {
        let line = format!("{name}=1");
        assert_eq!(jar.store(line.as_bytes(), &request(url), NOW), Stored);
    }
    assert_eq!(jar.matching(&request(hosts[0]), NOW).count(), 1);
    assert_eq!(
        jar.store(b"e=1", &request("https://e.example/"), NOW),
        Stored
    );
    assert_eq!(names(&jar, NOW), "acde");
    assert_eq!(jar.store(b"c=2", &request(hosts[2]), NOW), Replaced);
    assert_eq!(
        jar.store(b"f=1", &request("https://f.example/"), NOW),
        Stored
    );
    assert_eq!(names(&jar, NOW), "acef");
    // A header that did not fit was not sent, so its cookie was not used.
    assert!(
        jar.write_header(&request("https://a.example/"), &mut [0; 2], NOW)
            .is_err()
    );
    assert_eq!(
        jar.store(b"g=1", &request("https://g.example/"), NOW),
        Stored
    );
    assert_eq!(names(&jar, NOW), "cefg");
}

// [6265bis-5.7-over]
#[test]
fn point_27_expired_cookies_go_first() {
    let mut jar = Jar::<3, 1024>::new(NoSuffixList);
    let host = request("https://a.example/");
    assert_eq!(jar.store(b"a=1", &host, NOW), Stored);
    assert_eq!(jar.store(b"b=1; Max-Age=5", &host, NOW), Stored);
    assert_eq!(jar.store(b"c=1; Max-Age=5", &host, NOW), Stored);
    assert_eq!(jar.store(b"d=1", &host, after(5)), Stored);
    assert_eq!(names(&jar, NOW), "ad");
}

// [6265bis-5.7-evict]
#[test]
fn point_27_a_domain_has_its_limit() {
    let limit = NonZeroU16::new(3).unwrap();
    let mut jar = Jar::<16, 1024>::new(NoSuffixList).with_domain_limit(limit);
    let host = request("https://www.a.example/");
    let set = |jar: &mut Jar<16, 1024>, line: &str, now| jar.store(line.as_bytes(), &host, now);
    // Of other domains and partitions, and not counted.
    assert_eq!(set(&mut jar, "0=1; Domain=a.example", NOW), Stored);
    assert_eq!(set(&mut jar, "1=1; Secure; Partitioned", NOW), Stored);
    assert_eq!(
        jar.store(b"2=1", &request("https://b.example/"), NOW),
        Stored
    );
    // The host-only ones and the others share the domain.
    assert_eq!(set(&mut jar, "a=1; Secure", NOW), Stored);
    assert_eq!(set(&mut jar, "b=1", NOW), Stored);
    assert_eq!(
        set(&mut jar, "c=1; Domain=www.a.example; Max-Age=5", NOW),
        Stored
    );
    assert_eq!(set(&mut jar, "b=2", NOW), Replaced);
    assert_eq!(names(&jar, NOW), "012abc");
    // Not Secure goes before Secure, though the latter is the older one.
    assert_eq!(set(&mut jar, "d=1; Secure", NOW), Stored);
    assert_eq!(names(&jar, NOW), "012abd");
    assert_eq!(set(&mut jar, "e=1; Secure; Max-Age=5", NOW), Stored);
    assert_eq!(names(&jar, NOW), "012ade");
    // All are Secure: one that is not is itself the one to go.
    assert_eq!(set(&mut jar, "f=1", NOW), Ignored(Error::NoRoom));
    assert_eq!(names(&jar, NOW), "012ade");
    assert_eq!(set(&mut jar, "f=1; Secure", NOW), Stored);
    assert_eq!(names(&jar, NOW), "012def");
    // But an expired one goes before it.
    assert_eq!(set(&mut jar, "g=1", after(5)), Stored);
    assert_eq!(names(&jar, after(5)), "012dfg");
}

#[test]
fn point_27_what_a_lowered_limit_refuses_costs_no_cookie() {
    let limit = NonZeroU16::new(2).unwrap();
    let host = request("https://a.example/");
    let filled = |lines: &[&str]| {
        let mut jar = Jar::<16, 1024>::new(NoSuffixList);
        for line in lines {
            assert_eq!(jar.store(line.as_bytes(), &host, NOW), Stored);
        }
        jar.with_domain_limit(limit)
    };
    // Above the limit, and those that would stay are at it.
    let mut jar = filled(&["a=1; Secure", "b=1", "c=1; Secure", "d=1; Max-Age=5"]);
    assert_eq!(jar.store(b"e=1", &host, after(5)), Ignored(Error::NoRoom));
    assert_eq!(jar.len(), 4);
    assert_eq!(jar.store(b"e=1; Secure", &host, after(5)), Stored);
    assert_eq!(names(&jar, after(5)), "ce");
    // One of them below it: there is room once the others have gone.
    let mut jar = filled(&["a=1", "b=1", "c=1; Secure", "d=1"]);
    assert_eq!(jar.store(b"e=1", &host, NOW), Stored);
    assert_eq!(names(&jar, NOW), "ce");
}

#[test]
fn point_27_the_domain_limit_is_50() {
    let mut jar = Jar::<64, 4096>::new(NoSuffixList);
    let host = request("https://a.example/");
    for n in 0..60 {
        assert_eq!(jar.store(format!("{n}=").as_bytes(), &host, NOW), Stored);
    }
    assert_eq!(jar.len(), 50);
    assert_eq!(jar.matching(&host, NOW).next().unwrap().name(), b"10");
}

#[test]
fn point_27_the_domain_limit_is_of_one_domain_even_where_hashes_are_the_same() {
    let mut jar = Jar::<128, 8192>::new(NoSuffixList);
    for host in ["zconil.example", "dbqeqr.example"] {
        let url = format!("https://{host}/");
        for n in 0..30 {
            let line = format!("{n}=");
            assert_eq!(jar.store(line.as_bytes(), &request(&url), NOW), Stored);
        }
    }
    assert_eq!(jar.len(), 60);
}

#[test]
fn at_the_end_of_time_a_cookie_without_an_end_is_still_there() {
    let mut jar = Jar::<4, 100>::new(NoSuffixList);
    let host = request("https://a.example/");
    assert_eq!(jar.store(b"a=1", &host, UnixTime::MAX), Stored);
    assert_eq!(names(&jar, UnixTime::MAX), "a");
}

#[test]
fn point_27_texts_that_do_not_fit_push_others_out_and_too_large_ones_none() {
    // Each takes 4 + 1 + n + 9 + 1.
    let mut jar = Jar::<8, 100>::new(NoSuffixList);
    let host = request("https://a.example/");
    for name in ["a", "b", "c", "d"] {
        let line = format!("{name}=0123456789");
        assert_eq!(jar.store(line.as_bytes(), &host, NOW), Stored);
    }
    assert_eq!(names(&jar, NOW), "abcd");
    let long = |len: usize| format!("e={}", "v".repeat(len));
    assert_eq!(
        jar.store(long(86).as_bytes(), &host, NOW),
        Ignored(Error::NoRoom)
    );
    assert_eq!(
        jar.store(long(4000).replace('e', "a").as_bytes(), &host, NOW),
        Ignored(Error::NoRoom)
    );
    assert_eq!(names(&jar, NOW), "abcd");
    assert_eq!(jar.store(long(30).as_bytes(), &host, NOW), Stored);
    assert_eq!(names(&jar, NOW), "cde");
    assert_eq!(jar.store(long(85).as_bytes(), &host, NOW), Replaced);
    assert_eq!(names(&jar, NOW), "e");
    assert_eq!(jar.matching(&host, NOW).next().unwrap().value().len(), 85);
    // Nor one with a longer path than a cookie can have here, whatever the jar.
    let mut large = Jar::<8, 140_000>::new(NoSuffixList);
    for (len, outcome) in [(65_535, Stored), (65_536, Ignored(Error::NoRoom))] {
        let target = format!("/{}/", "p".repeat(len - 1));
        let deep = Request::https("a.example", &target).unwrap();
        assert_eq!(large.store(b"a=b", &deep, NOW), outcome);
    }
    assert_eq!(large.len(), 1);
    // A jar without room is a jar.
    assert_eq!(
        Jar::<0, 100>::new(NoSuffixList).store(b"a=b", &host, NOW),
        Ignored(Error::NoRoom)
    );
    assert_eq!(
        Jar::<8, 0>::new(NoSuffixList).store(b"a=b", &host, NOW),
        Ignored(Error::NoRoom)
    );
}

#[test]
fn point_28_a_partitioned_cookie_stays_below_its_top_level_site() {
    let mut browser = Browser::new();
    let widget = request("https://widget.example/").cross_site();
    let below = |site: &'static str| widget.partitioned(site);
    let line = b"p=1; Secure; SameSite=None; Partitioned";
    assert_eq!(
        browser.0.store(line, &below("https://a.example"), NOW),
        Stored
    );
    assert_eq!(
        browser.0.store(b"u=1; Secure; SameSite=None", &widget, NOW),
        Stored
    );
    assert_eq!(
        browser.sent_on(&below("https://a.example"), NOW),
        "p=1; u=1"
    );
    assert_eq!(browser.sent_on(&below("https://b.example"), NOW), "u=1");
    assert_eq!(browser.sent_on(&widget, NOW), "u=1");
    let partitions: Vec<_> = browser
        .0
        .iter(NOW)
        .map(|c| c.top_level_site().map(str::to_owned))
        .collect();
    assert!(partitions.contains(&None) && partitions.contains(&Some("https://a.example".into())));
    browser.ignores(
        "https://widget.example/",
        "q=1; Partitioned",
        Error::Insecure,
    );
    browser.ignores(
        "http://widget.example/",
        "q=1; Partitioned; Secure",
        Error::Insecure,
    );
}

/// The hash of this site is zero, so that its group has the hash of that of no site.
#[test]
fn point_28_no_site_makes_a_cookie_go_twice() {
    let mut browser = Browser::new();
    let widget = request("https://widget.example/").partitioned("https://dc5913q.example");
    for line in ["u=1; Secure", "p=2; Secure; Partitioned"] {
        assert_eq!(browser.0.store(line.as_bytes(), &widget, NOW), Stored);
    }
    assert_eq!(browser.sent_on(&widget, NOW), "u=1; p=2");
}

// [6265bis-5.8.1-1]
#[test]
fn a_header_that_does_not_fit_writes_nothing() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "a=1");
    browser.stores("https://a.example/", "b=2");
    let host = request("https://a.example/");
    let mut buffer = [b'x'; 7];
    let no_room = browser.0.write_header(&host, &mut buffer, NOW).unwrap_err();
    assert_eq!((no_room.needed, buffer), (8, [b'x'; 7]));
    let mut matching = browser.0.matching(&host, NOW);
    assert_eq!(matching.header_len(), 8);
    assert_eq!(matching.write(&mut [0; 8]).unwrap(), b"a=1; b=2");
    assert_eq!(
        matching.next().map(|cookie| cookie.name()),
        Some(b"a".as_slice())
    );
    assert_eq!(matching.write(&mut [0; 3]).unwrap(), b"b=2");
    assert_eq!(
        browser
            .0
            .write_header(&request("https://b.example/"), &mut [], NOW)
            .unwrap(),
        b""
    );
}

// [6265bis-5.7-end]
#[test]
fn cookies_go_by_site_by_session_and_all_together() {
    let mut browser = Browser::new();
    browser.stores("https://www.a.example/", "a=1; Max-Age=9");
    browser.stores("https://www.a.example/", "b=1; Domain=a.example");
    browser.stores("https://ba.example/", "c=1");
    browser.stores("https://b.example/", "d=1; Max-Age=9");
    browser.0.clear_site("www.A.example");
    assert_eq!(browser.0.len(), 3);
    browser.0.clear_site("a.example");
    assert_eq!(browser.0.len(), 2);
    browser.0.end_session();
    browser.sends("https://ba.example/", "");
    browser.sends("https://b.example/", "d=1");
    assert!(!browser.0.is_empty());
    browser.0.clear();
    assert!(browser.0.is_empty());
    browser.stores("https://b.example/", "d=1");
    browser.0.retain(|cookie| cookie.name() != b"d");
    assert!(browser.0.is_empty());
}

#[test]
fn texts_stay_whole_when_gaps_are_closed() {
    let mut jar = Jar::<16, 512>::new(NoSuffixList);
    let host = request("https://a.example/");
    for round in 0..200_usize {
        let name = char::from(b'a' + u8::try_from(round * 7 % 11).unwrap());
        let line = format!("{name}={}", name.to_string().repeat(round * 13 % 40));
        let _ = jar.store(line.as_bytes(), &host, NOW);
        for cookie in jar.iter(NOW) {
            let name = cookie.name()[0];
            assert!(cookie.value().iter().all(|&byte| byte == name));
            assert_eq!(
                (cookie.domain(), cookie.path()),
                ("a.example", b"/".as_slice())
            );
        }
        assert_eq!(jar.matching(&host, NOW).count(), jar.len());
    }
}

#[test]
fn a_jar_of_64_cookies_is_a_static() {
    static JAR: std::sync::Mutex<Jar<64, 3264>> = std::sync::Mutex::new(Jar::new(NoSuffixList));
    assert!(size_of::<Jar<64, 3264>>() <= 8192);
    let mut jar = JAR.lock().unwrap();
    let hosts = ["https://a.example/", "https://b.example/"].map(request);
    for n in 0..64 {
        let line = format!("{n:02}=0123456789abcdef");
        assert_eq!(jar.store(line.as_bytes(), &hosts[n % 2], NOW), Stored);
    }
    assert_eq!(jar.len(), 64);
    for host in &hosts {
        assert_eq!(jar.matching(host, NOW).count(), 32);
    }
}

#[test]
fn debug_shows_no_value() {
    let mut browser = Browser::new();
    browser.stores("https://a.example/", "sid=s3cret; Path=/x");
    let host = request("https://a.example/x");
    let text = format!(
        "{:?} {:?}",
        browser.0,
        browser.0.iter(NOW).collect::<Vec<_>>()
    );
    let matching = format!("{:?}", browser.0.matching(&host, NOW));
    assert!(text.starts_with("Jar { cookies: 1") && matching.contains("sid"));
    let text = text + &matching;
    assert!(text.contains("sid") && text.contains("a.example") && !text.contains("s3cret"));
}
