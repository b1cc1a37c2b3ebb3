//! A `Set-Cookie` line is read as the steps of RFC 6265bis §5.6 say, one after the other; and where
//! the strict form allows what it says, that is written and read back as the same.

#![no_main]

#[path = "../models/set_cookie.rs"]
mod model;

use std::time::Duration;

use hardtack::cookie::{AGE_LIMIT, Received, SetCookie};
use hardtack::time::UnixTime;
use libfuzzer_sys::fuzz_target;
use model::Line;

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

fn line(received: &Received<'_>) -> Line {
    Line {
        name: received.name().to_vec(),
        value: received.value().to_vec(),
        domain: received.domain().map(<[u8]>::to_vec),
        path: received.path().map(<[u8]>::to_vec),
        expires: received.expires(),
        max_age: received.max_age(),
        secure: received.is_secure(),
        http_only: received.is_http_only(),
        same_site: received.same_site(),
        partitioned: received.is_partitioned(),
        priority: received.priority(),
        unknown: received
            .unknown()
            .map(|(name, value)| (name.to_vec(), value.to_vec()))
            .collect(),
    }
}

fn expiry(line: &Line) -> Option<UnixTime> {
    let limit = NOW.saturating_add(AGE_LIMIT);
    match (line.max_age, line.expires) {
        (Some(Duration::ZERO), _) => Some(UnixTime::MIN),
        (Some(age), _) => Some(NOW.saturating_add(age).min(limit)),
        (None, expires) => expires.map(|time| time.min(limit)),
    }
}

fuzz_target!(|input: &[u8]| {
    let expected = model::read(input);
    let received = Received::parse(input);
    assert_eq!(
        received.as_ref().map(line).map_err(|error| *error),
        expected
    );
    let (Ok(received), Ok(expected)) = (received, expected) else {
        return;
    };
    assert_eq!(received.expiry(NOW), expiry(&expected));
    assert_eq!(received.is_persistent(), expiry(&expected).is_some());
    let unknown = received.unknown().count();
    assert!(received.attributes().count() >= unknown);

    let Ok(strict) = SetCookie::try_from(&received) else {
        return;
    };
    let text = strict.to_string();
    let again = Received::parse(text.as_bytes()).expect("what is written can be read");
    let unknown = Vec::new();
    assert_eq!(
        line(&again),
        Line {
            unknown,
            ..expected
        }
    );
    assert_eq!(again.unknown().count(), 0);
    assert_eq!(SetCookie::try_from(&again), Ok(strict));
});
