//! Every cookie that can be built survives: written, received by a user agent, kept in a jar, sent
//! back, read, and removed; cut into chunks and joined; percent-encoded and decoded.

#![no_main]

use std::time::Duration;

use hardtack::cookie::percent::{self, Encoded};
use hardtack::cookie::{
    Error, Header, NoSuffixList, Priority, Received, Request, SameSite, SetCookie, pairs,
};
use hardtack::date::ImfFixdate;
use hardtack::jar::{Jar, Outcome};
use hardtack::time::UnixTime;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Domain(&'a str),
    Path(&'a str),
    WithoutPath,
    WithoutSecure,
    WithoutHttpOnly,
    SameSite(u8),
    Partitioned,
    MaxAge(u64),
    Expires(i64),
    Priority(u8),
    Value(&'a str),
    Removal,
}

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    bare: bool,
    name: &'a str,
    value: &'a str,
    extensions: Vec<(&'a str, &'a str)>,
    now: i64,
    steps: Vec<Step<'a>>,
    bytes: &'a [u8],
}

fn step<'a>(cookie: SetCookie<'a>, step: &Step<'a>) -> Result<SetCookie<'a>, Error> {
    match *step {
        Step::Domain(domain) => cookie.with_domain(domain),
        Step::Path(path) => cookie.with_path(path),
        Step::WithoutPath => cookie.without_path(),
        Step::WithoutSecure => cookie.without_secure(),
        Step::WithoutHttpOnly => cookie.without_http_only(),
        Step::SameSite(0) => cookie.with_same_site(SameSite::Strict),
        Step::SameSite(1) => cookie.with_same_site(SameSite::Lax),
        Step::SameSite(2) => cookie.with_same_site(SameSite::None),
        Step::SameSite(_) => cookie.with_same_site(SameSite::Default),
        Step::Partitioned => cookie.partitioned(),
        Step::MaxAge(seconds) => Ok(cookie.with_max_age(Duration::from_secs(seconds))),
        Step::Expires(at) => match ImfFixdate::new(UnixTime::from_secs(at)) {
            Ok(date) => Ok(cookie.with_expires(date)),
            Err(_) => Ok(cookie),
        },
        Step::Priority(0) => Ok(cookie.with_priority(Priority::Low)),
        Step::Priority(1) => Ok(cookie.with_priority(Priority::Medium)),
        Step::Priority(_) => Ok(cookie.with_priority(Priority::High)),
        Step::Value(value) => cookie.with_value(value),
        Step::Removal => Ok(cookie.removal()),
    }
}

fn check(cookie: SetCookie, now: UnixTime) {
    let mut buffer = vec![0; cookie.len()];
    let text = cookie.write(&mut buffer).unwrap();
    assert_eq!(text, cookie.to_string());
    assert!(text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()));

    let received = Received::parse(text.as_bytes()).unwrap();
    assert_eq!(received.name(), cookie.name().as_bytes());
    assert_eq!(received.value(), cookie.value().as_bytes());
    assert_eq!(received.expiry(now), cookie.expiry(now));
    assert_eq!(received.is_persistent(), cookie.is_persistent());
    let unknown = received.unknown();
    assert!(
        unknown.eq(cookie
            .extensions()
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_bytes())))
    );
    let again = SetCookie::try_from(&received).unwrap();
    assert_eq!(again.with_extensions(cookie.extensions()), Ok(cookie));

    let removal = cookie.removal();
    assert!(removal.expiry(now) == Some(UnixTime::MIN) && removal.value().is_empty());
    assert_eq!(
        (removal.name(), removal.domain(), removal.path()),
        (cookie.name(), cookie.domain(), cookie.path())
    );

    let host = cookie.domain().unwrap_or("www.example.com");
    let request = Request::https(host, cookie.path().unwrap_or("/")).unwrap();
    let mut jar = Jar::<2, 8192>::new(NoSuffixList);
    let is_expired = |expiry| expiry <= now && expiry < UnixTime::MAX;
    if cookie.expiry(now).is_some_and(is_expired) {
        let outcome = jar.store(text.as_bytes(), &request, now);
        assert_eq!(outcome, Outcome::Removed);
        return;
    }
    assert_eq!(jar.store(text.as_bytes(), &request, now), Outcome::Stored);
    let mut sent = [0; 4097];
    let sent = jar.write_header(&request, &mut sent, now).unwrap();
    let pair = (cookie.name().as_bytes(), cookie.value().as_bytes());
    assert!(pairs(sent).eq([pair]));
    assert_eq!(Header::new([sent]).only(pair.0), Ok(Some(pair.1)));
    let outcome = jar.store(removal.to_string().as_bytes(), &request, now);
    assert_eq!(outcome, Outcome::Removed);
    assert!(jar.is_empty());
}

fuzz_target!(|input: Input| {
    let mut buffer = vec![0; 3 * input.bytes.len()];
    let encoded = Encoded::new(input.bytes).write(&mut buffer).unwrap();
    let mut decoded = vec![0; input.bytes.len()];
    assert_eq!(
        percent::decode(encoded.as_bytes(), &mut decoded),
        Ok(input.bytes)
    );
    if let Ok(decoded) = percent::decode(input.bytes, &mut vec![0; input.bytes.len()]) {
        assert!(decoded.len() <= input.bytes.len());
    }

    let build = if input.bare {
        SetCookie::bare
    } else {
        SetCookie::new
    };
    let Ok(mut cookie) = build(input.name, input.value) else {
        return;
    };
    let now = UnixTime::from_secs(input.now);
    // What comes before the last step is another input.
    for one in &input.steps {
        if let Ok(next) = step(cookie, one) {
            cookie = next;
        }
    }
    let extended = cookie.with_extensions(&input.extensions);
    check(extended.unwrap_or(cookie), now);

    // Now and then a value long enough for several chunks, and not the same throughout.
    let value = encoded.repeat(match input.now as u8 {
        often @ 0xE0.. => often.into(),
        _ => 1,
    });
    if let Ok(chunks) = cookie.chunks(&value) {
        let lines: Vec<String> = chunks.map(|chunk| chunk.to_string()).collect();
        let sent: Vec<&[u8]> = lines
            .iter()
            .map(|line| line.split(';').next().unwrap().as_bytes())
            .collect();
        let mut buffer = vec![0; value.len()];
        let header = Header::new(sent.iter().copied());
        assert_eq!(
            header.join(cookie.name().as_bytes(), &mut buffer),
            Ok(Some(value.as_bytes()))
        );
        let header = Header::new(sent.iter().copied().skip(1));
        let expected = if sent.len() > 1 {
            Err(Error::Chunks)
        } else {
            Ok(None)
        };
        assert_eq!(header.join(cookie.name().as_bytes(), &mut buffer), expected);
        assert_eq!(cookie.leftovers(&header, 0).count(), sent.len() - 1);
    }
});
