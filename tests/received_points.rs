//! What browsers make of a `Set-Cookie` line: the points of RFC 6265bis §5.6 where others go wrong,
//! numbered as in the project's design. Those that need a store are in `jar_points`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::time::Duration;

use hardtack::cookie::{AGE_LIMIT, Error, Prefix, Priority, Received, SameSite};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600); // 2026-01-01

#[track_caller]
fn received(line: &[u8]) -> Received<'_> {
    Received::parse(line).unwrap()
}

#[track_caller]
fn assert_pair(line: &str, name: &str, value: &str) {
    let cookie = received(line.as_bytes());
    assert_eq!(cookie.name(), name.as_bytes(), "{line:?}");
    assert_eq!(cookie.value(), value.as_bytes(), "{line:?}");
}

#[track_caller]
fn assert_refused(line: &[u8], error: Error) {
    assert_eq!(Received::parse(line).err(), Some(error), "{line:?}");
}

/// The moment, as an offset from `NOW`, or nothing for a session cookie.
#[track_caller]
fn expiry(attributes: &str) -> Option<i64> {
    let line = format!("a=b; {attributes}");
    let expiry = received(line.as_bytes()).expiry(NOW);
    expiry.map(|time| time.as_secs().saturating_sub(NOW.as_secs()))
}

// [6265bis-5.6-1]
#[test]
fn point_01_a_control_character_rejects_the_whole_line() {
    for byte in (0x00..=0x08).chain(0x0A..=0x1F).chain([0x7F]) {
        for line in [
            [b"a".as_slice(), &[byte], b"=b"].concat(),
            [b"a=b".as_slice(), &[byte]].concat(),
            [b"a=b; c=d; e=".as_slice(), &[byte], b"; f=g"].concat(),
            [b"a=b; Secure".as_slice(), &[byte]].concat(),
            [b"=; ".as_slice(), &[byte]].concat(),
            [b"a=b; c=".as_slice(), &[b'x'; 2000], &[byte]].concat(),
            [[b'x'; 5000].as_slice(), b"; ", &[byte]].concat(),
        ] {
            assert_refused(&line, Error::Control);
        }
    }
    assert_pair("a\tb=c\td", "a\tb", "c\td");
    for byte in 0x80..=0xFF {
        let line = [b'a', b'=', byte];
        assert_eq!(received(&line).value(), [byte]);
    }
}

// [6265bis-5.6-4]
#[test]
fn point_02_white_space_is_space_and_tab() {
    assert_pair(" \t a \t = \t b \t ; c", "a", "b");
    assert_pair(
        "\u{a0}a\u{2003}=\u{3000}b\u{85}",
        "\u{a0}a\u{2003}",
        "\u{3000}b\u{85}",
    );
    let line = "a=b;\t path \t=\t /x \t; \u{a0}secure";
    let cookie = received(line.as_bytes());
    assert_eq!(cookie.path(), Some(b"/x".as_slice()));
    assert!(!cookie.is_secure());
}

// [6265bis-5.7-2]
#[test]
fn point_03_a_line_without_a_name() {
    assert_pair("a", "", "a");
    assert_pair(" a ", "", "a");
    assert_pair("=a", "", "a");
    assert_pair(" = a", "", "a");
    assert_pair("a=", "a", "");
    for line in ["", "=", " \t", " = ", ";", "; a=b", "=; Path=/"] {
        assert_refused(line.as_bytes(), Error::Empty);
    }
}

// [6265bis-5.6-3]
#[test]
fn point_04_the_first_equals_sign_splits_and_quotes_do_not_protect() {
    assert_pair("a=b=c", "a", "b=c");
    assert_pair("===a=b", "", "==a=b");
    assert_pair("\"a=b\"=c", "\"a", "b\"=c");
    assert_pair("a=\"b\"", "a", "\"b\"");
    assert_pair("a=\" b \"", "a", "\" b \"");
    assert_pair("a=\"b;c\"", "a", "\"b");
    assert_pair("a=b, c=d", "a", "b, c=d");
    assert_pair("a;b=c", "", "a");
}

// [6265bis-5.6-5]
#[test]
fn point_05_name_and_value_are_at_most_4096_octets_together() {
    let n = |count: usize| "n".repeat(count);
    assert!(Received::parse(format!("{}={}", n(1), n(4095)).as_bytes()).is_ok());
    assert!(Received::parse(format!("{}={}", n(4095), n(1)).as_bytes()).is_ok());
    assert!(Received::parse(n(4096).as_bytes()).is_ok());
    assert!(Received::parse(format!("={}", n(4096)).as_bytes()).is_ok());
    assert!(Received::parse(format!("  {}  =  {}  ; x", n(1), n(4095)).as_bytes()).is_ok());
    assert_refused(n(4097).as_bytes(), Error::TooLong);
    assert_refused(format!("{}={}", n(1), n(4096)).as_bytes(), Error::TooLong);
    assert_refused(format!("{}=", n(4097)).as_bytes(), Error::TooLong);
    // Attributes are not counted, nor are they limited together.
    let many = format!("{}; {}", n(4096), "c=d; ".repeat(10_000));
    assert_eq!(received(many.as_bytes()).unknown().count(), 10_000);
}

// [6265bis-5.6-av6]
#[test]
fn point_06_an_attribute_over_1024_octets_is_ignored_alone() {
    let long = |count: usize| format!("/{}", "p".repeat(count - 1));
    let line = format!("a=b; Path={}", long(1024));
    assert_eq!(received(line.as_bytes()).path().unwrap().len(), 1024);
    let line = format!("a=b; Path=/x; Path={}; Domain=d.example", long(1025));
    let cookie = received(line.as_bytes());
    assert_eq!(cookie.path(), Some(b"/x".as_slice()));
    assert_eq!(cookie.domain(), Some(b"d.example".as_slice()));
    for name in [
        "Secure", "HttpOnly", "SameSite", "Max-Age", "Domain", "unknown",
    ] {
        let line = format!("a=b; {name}={}", "1".repeat(1025));
        let cookie = received(line.as_bytes());
        assert!(!cookie.is_secure() && !cookie.is_http_only(), "{name}");
        assert_eq!((cookie.domain(), cookie.max_age()), (None, None));
        assert_eq!(cookie.attributes().count(), 0);
    }
    // White space around the value and the length of the name do not count.
    let line = format!(
        "a=b; {}={}; Path=   {}   ",
        "n".repeat(2000),
        "v".repeat(1024),
        long(1024)
    );
    let cookie = received(line.as_bytes());
    assert_eq!(cookie.unknown().count(), 1);
    assert_eq!(cookie.path().unwrap().len(), 1024);
}

#[test]
fn point_07_octets_without_percent_decoding() {
    assert_pair("%61=%62%3B", "%61", "%62%3B");
    assert_eq!(received(b"a=\xFF\xFE").value(), b"\xFF\xFE");
    assert_eq!(
        received(b"a=b; Path=/%2e%2E").path(),
        Some(b"/%2e%2E".as_slice())
    );
    assert!(!received(b"a=b; %53ecure").is_secure());
}

#[test]
fn point_08_a_colon_does_not_delimit_a_date() {
    let day = 86_400;
    assert_eq!(expiry("Expires=Fri, 02/Jan-2026 00:00:00 GMT"), Some(day));
    assert_eq!(expiry("Expires=02:Jan:2026 00:00:00"), None);
}

#[test]
fn point_09_parts_of_a_date_match_in_their_order() {
    assert_eq!(expiry("Expires=012-Jan-2026 00:00:00"), None);
    assert_eq!(expiry("Expires=12-Jan-20260 00:00:00"), None);
    let time = 18 * 3600 + 14 * 60 + 9;
    assert_eq!(expiry("Expires=01-Jan-2026 18:14:09e9"), Some(time));
    assert_eq!(expiry("Expires=01-Jan-2026 18:14e9"), None);
    // A number of two digits is the day first, then the year.
    assert_eq!(
        expiry("Expires=26 Jan 01 00:00:00"),
        received(b"a=b; Expires=26 Jan 2001 00:00:00")
            .expiry(NOW)
            .map(|t| t.as_secs() - NOW.as_secs())
    );
}

#[test]
fn point_10_years_of_two_digits_and_dates_that_are_none() {
    let year_of = |text: &str| {
        let line = format!("a=b; Expires=01 Jan {text} 00:00:00");
        received(line.as_bytes()).expires()
    };
    assert_eq!(year_of("70"), year_of("1970"));
    assert_eq!(year_of("99"), year_of("1999"));
    assert_eq!(year_of("69"), year_of("2069"));
    assert_eq!(year_of("00"), year_of("2000"));
    assert!(year_of("1601").is_some());
    assert_eq!(year_of("1600"), None);
    assert_eq!(expiry("Expires=30 Feb 2026 00:00:00"), None);
    assert_eq!(expiry("Expires=01 Jan 2026 00:00:60"), None);
    assert_eq!(expiry("Expires=01 Jan 2026 00:00:59"), Some(59));
}

// [6265bis-5.6.2-1] [6265bis-5.6.2-4]
#[test]
fn point_11_a_max_age_is_digits_with_at_most_a_minus() {
    let max_age = |value: &str| {
        let line = format!("a=b; Max-Age={value}");
        received(line.as_bytes()).max_age()
    };
    for ignored in [
        "", "+5", "5.0", "1e3", "-", "--1", "5 0", "0x10", "-+1", "\u{665}",
    ] {
        assert_eq!(max_age(ignored), None, "{ignored}");
    }
    for at_once in ["0", "-0", "-1", "000", "-99999999999999999999999999"] {
        assert_eq!(max_age(at_once), Some(Duration::ZERO), "{at_once}");
    }
    assert_eq!(max_age("  60\t"), Some(Duration::from_secs(60)));
    assert_eq!(max_age("00060"), Some(Duration::from_secs(60)));
    assert_eq!(
        max_age(&"9".repeat(1024)),
        Some(Duration::from_secs(u64::MAX))
    );
    assert_eq!(received(b"a=b; Max-Age=0").expiry(NOW), Some(UnixTime::MIN));
    assert_eq!(received(b"a=b; Max-Age").max_age(), None);
}

// [6265bis-5.6.1-2] [6265bis-5.7-6]
#[test]
fn point_12_max_age_beats_expires_and_the_last_valid_one_wins() {
    let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    assert_eq!(expiry(&format!("Max-Age=60; {past}")), Some(60));
    assert_eq!(expiry(&format!("{past}; Max-Age=60")), Some(60));
    assert_eq!(expiry(&format!("{past}; Max-Age=x")), Some(-NOW.as_secs()));
    assert_eq!(expiry("Max-Age=60; Max-Age=30"), Some(30));
    assert_eq!(expiry("Max-Age=60; Max-Age=x"), Some(60));
    assert_eq!(expiry("Max-Age=60; Max-Age="), Some(60));
    let next = "Expires=02 Jan 2026 00:00:00";
    assert_eq!(expiry(&format!("{past}; {next}")), Some(86_400));
    assert_eq!(expiry(&format!("{next}; Expires=tomorrow")), Some(86_400));
    assert_eq!(
        expiry(&format!("{past}; {next}; Expires=a; Expires")),
        Some(86_400)
    );
    assert_eq!(expiry("Expires=tomorrow"), None);
    assert!(!received(b"a=b; Expires=tomorrow; Max-Age=soon").is_persistent());
    assert!(received(b"a=b; Expires=02 Jan 2026 00:00:00").is_persistent());
    assert!(received(b"a=b; Max-Age=-1").is_persistent());
}

// [6265bis-5.5-1]
#[test]
fn point_13_no_cookie_lives_longer_than_400_days() {
    let limit = i64::try_from(AGE_LIMIT.as_secs()).unwrap();
    assert_eq!(limit, 400 * 86_400);
    assert_eq!(expiry("Max-Age=34560000"), Some(limit));
    assert_eq!(expiry("Max-Age=34560001"), Some(limit));
    assert_eq!(expiry("Max-Age=99999999999999999999"), Some(limit));
    assert_eq!(expiry("Expires=31 Dec 9999 23:59:59"), Some(limit));
    let line = b"a=b; Expires=31 Dec 9999 23:59:59; Max-Age=1";
    assert_eq!(
        received(line).expires(),
        Some(UnixTime::from_secs(253_402_300_799))
    );
}

// [6265bis-5.6.3-2] [6265bis-5.7-7]
#[test]
fn point_14_domain_loses_one_dot_and_an_empty_last_one_means_none() {
    let domain = |attributes: &str| {
        let line = format!("a=b; {attributes}");
        received(line.as_bytes()).domain().map(<[u8]>::to_vec)
    };
    assert_eq!(
        domain("Domain=Example.COM").as_deref(),
        Some(b"Example.COM".as_slice())
    );
    assert_eq!(
        domain("Domain=.example.com").as_deref(),
        Some(b"example.com".as_slice())
    );
    assert_eq!(
        domain("Domain=..example.com").as_deref(),
        Some(b".example.com".as_slice())
    );
    assert_eq!(
        domain("Domain=a.example; Domain=b.example").as_deref(),
        Some(b"b.example".as_slice())
    );
    assert_eq!(domain("Domain=a.example; Domain="), None);
    assert_eq!(
        domain("Domain=; Domain=a.example").as_deref(),
        Some(b"a.example".as_slice())
    );
    assert_eq!(domain("Domain"), None);
}

#[test]
fn point_15_a_lone_dot_is_a_domain_of_nobody() {
    assert_eq!(received(b"a=b; Domain=.").domain(), Some(b"".as_slice()));
    assert_eq!(received(b"a=b; Domain=.; Domain=").domain(), None);
}

// [6265bis-5.6.4-1] [6265bis-5.7-11]
#[test]
fn point_19_a_bad_path_overrides_a_good_one() {
    for bad in ["", "x", "x/", "\"/\"", "\\", "%2F"] {
        let line = format!("a=b; Path=/good; Path={bad}");
        assert_eq!(received(line.as_bytes()).path(), None, "{bad}");
    }
    assert_eq!(
        received(b"a=b; Path=x; Path=/y").path(),
        Some(b"/y".as_slice())
    );
    assert_eq!(received(b"a=b").path(), None);
}

// [6265bis-5.6.5-1] [6265bis-5.6.6-1]
#[test]
fn point_21_secure_and_http_only_whatever_their_value() {
    for value in ["", "=", "=no", "=0", " = false", "=;"] {
        let line = format!("a=b; SECURE{value}; httpONLY{value}; PARTITIONED{value}");
        let cookie = received(line.as_bytes());
        assert!(cookie.is_secure() && cookie.is_http_only() && cookie.is_partitioned());
    }
    let cookie = received(b"a=b; Secure x; XHttpOnly; Partitione");
    assert!(!cookie.is_secure() && !cookie.is_http_only() && !cookie.is_partitioned());
}

// [6265bis-5.6.7-1]
#[test]
fn point_23_an_unknown_same_site_resets_to_default() {
    let same_site = |attributes: &str| {
        let line = format!("a=b; {attributes}");
        received(line.as_bytes()).same_site()
    };
    assert_eq!(same_site("SameSite=sTRICT"), SameSite::Strict);
    assert_eq!(same_site("SameSite=Strict; samesite=None"), SameSite::None);
    assert_eq!(
        same_site("SameSite=Strict; SameSite=Laxer"),
        SameSite::Default
    );
    assert_eq!(same_site("SameSite=Strict; SameSite"), SameSite::Default);
    assert_eq!(same_site("x"), SameSite::Default);
}

#[test]
fn point_24_the_prefix_is_known_in_either_case() {
    assert_eq!(received(b"__HOST-a=b").prefix(), Some(Prefix::Host));
    assert_eq!(
        received(b"__host-http-a=b").prefix(),
        Some(Prefix::HostHttp)
    );
    assert_eq!(received(b"__%53ecure-a=b").prefix(), None);
}

#[test]
fn priority_is_the_last_one() {
    let priority = |line: &str| received(line.as_bytes()).priority();
    assert_eq!(priority("a=b; Priority=hIGH"), Some(Priority::High));
    assert_eq!(
        priority("a=b; Priority=High; Priority=Low"),
        Some(Priority::Low)
    );
    assert_eq!(priority("a=b; Priority=High; Priority=Urgent"), None);
}

// [6265bis-5.6-av7]
#[test]
fn attributes_are_all_there_in_their_order() {
    let cookie = received(b"a=b; ; =; x; = y; Path=/; Z=1=2;Secure;");
    let found: Vec<_> = cookie.attributes().collect();
    let pairs: [(&[u8], &[u8]); 5] = [
        (b"x", b""),
        (b"", b"y"),
        (b"Path", b"/"),
        (b"Z", b"1=2"),
        (b"Secure", b""),
    ];
    assert_eq!(found, pairs);
    assert!(cookie.unknown().eq([pairs[0], pairs[1], pairs[3]]));
    // As long as a known name, and not it.
    for name in [
        "patj",
        "domaim",
        "secura",
        "expirez",
        "max_age",
        "httponlx",
        "samesits",
        "prioritx",
        "partitionex",
    ] {
        let line = format!("a=b; {name}=/1");
        assert_eq!(received(line.as_bytes()).unknown().count(), 1, "{name}");
    }
}

#[test]
fn debug_shows_no_value() {
    let attributes = format!("{:?}", received(b"a=b; Path=/; X").attributes());
    assert_eq!(attributes, "{Path: /, X: }");
    let text = format!("{:?}", received(b"sid=s3cret; Path=/"));
    assert!(text.contains("sid") && text.contains("[6 bytes elided]") && !text.contains("s3cret"));
}
