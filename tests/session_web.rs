//! Points 10 and 11 of the session design: the CSRF token and the cookie.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use core::convert::Infallible;
use core::time::Duration;

use hardtack::cookie::{self, SameSite, SetCookie};
use hardtack::identity::{Assurance, Authenticated, Client, Evidence, Factors, Method};
use hardtack::session::{Cookie, Error, Rules, Secret, Sessions};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// Stands for a random source: never the same bytes twice.
fn source() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
    let mut n = 0;
    move |bytes| {
        n += 1;
        bytes.fill(n);
        Ok(())
    }
}

fn ada() -> Authenticated<u32> {
    Authenticated::vouch(1, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

#[test]
fn point_10_a_csrf_token_belongs_to_one_secret() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 4>::new(Rules::AAL1);
    let one = store.open((), &mut random, NOW).unwrap();
    let other = store.open((), &mut random, NOW).unwrap();
    let token = one.csrf_token(&mut random).unwrap().to_string();
    assert_eq!(one.verify_csrf(token.as_bytes()), Ok(()));
    assert_eq!(other.verify_csrf(token.as_bytes()), Err(Error::Csrf));
}

#[test]
fn point_10_a_csrf_token_is_another_text_in_every_response() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 4>::new(Rules::AAL1);
    let secret = store.open((), &mut random, NOW).unwrap();
    let tokens = [(); 8].map(|()| secret.csrf_token(&mut random).unwrap().to_string());
    for token in &tokens {
        assert_eq!(secret.verify_csrf(token.as_bytes()), Ok(()));
        assert_eq!(tokens.iter().filter(|other| *other == token).count(), 1);
    }
}

#[test]
fn point_10_a_csrf_token_dies_with_every_change_of_the_secret() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 4>::new(Rules::AAL1);
    let mut secret = store.open((), &mut random, NOW).unwrap();
    for change in 0..3 {
        let token = secret.csrf_token(&mut random).unwrap().to_string();
        secret = match change {
            0 => store.rotate(&secret, &mut random, NOW).unwrap(),
            1 => store.login(Some(&secret), ada(), &mut random, NOW).unwrap(),
            _ => store
                .reauthenticate(&secret, ada(), &mut random, NOW)
                .unwrap(),
        };
        assert_eq!(secret.verify_csrf(token.as_bytes()), Err(Error::Csrf));
    }
}

#[test]
fn point_10_a_page_from_before_an_age_rotation_works_while_the_old_secret_does() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 4>::new(Rules::AAL1);
    let old = store.open((), &mut random, NOW).unwrap();
    let token = old.csrf_token(&mut random).unwrap().to_string();
    store.rotate(&old, &mut random, NOW).unwrap();
    // A request under way: it presents the old secret, with that one's token.
    assert!(store.check(&old, NOW).is_ok());
    assert_eq!(old.verify_csrf(token.as_bytes()), Ok(()));
}

#[test]
fn point_11_the_cookie_has_every_protection_from_one_call() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 4>::new(Rules::AAL1);
    let secret = store.open((), &mut random, NOW).unwrap();
    let mut buffer = [0; 160];
    assert_eq!(
        Cookie::HOST.set(&secret, &mut buffer),
        Ok(
            "__Host-session=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE; \
            Path=/; Secure; HttpOnly; SameSite=Lax"
        )
    );
    let needed = Cookie::HOST.len();
    assert!(Cookie::HOST.set(&secret, &mut buffer[..needed]).is_ok());
    let short = Cookie::HOST.set(&secret, &mut buffer[..needed - 1]);
    assert_eq!(short.unwrap_err().needed, needed);
}

#[test]
fn point_11_the_removal_misses_nothing_and_carries_nothing() {
    assert_eq!(
        Cookie::HOST.removal().to_string(),
        "__Host-session=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; \
         Secure; HttpOnly; SameSite=Lax"
    );
}

#[test]
fn point_11_what_was_set_is_read() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 4>::new(Rules::AAL1);
    let secret = store.open((), &mut random, NOW).unwrap();
    let mut buffer = [0; 160];
    let set = Cookie::HOST.set(&secret, &mut buffer).unwrap();
    let (pair, _) = set.split_once(';').unwrap();
    let line = format!("a=b; {pair}; c=d");
    let read = |lines: &[&str]| {
        let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
        Cookie::HOST.read(lines.iter().copied())
    };
    let presented = read(&[line.as_str()]).unwrap().unwrap();
    assert!(store.check(&presented, NOW).is_ok());
    assert!(read(&["x=y", line.as_str()]).unwrap().is_some());
    assert!(read(&[]).unwrap().is_none());
    let other = "__Host-session2=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    assert!(read(&[other]).unwrap().is_none());
    let case = line.replace("__Host-session", "__host-session");
    assert!(read(&[case.as_str()]).unwrap().is_none());
}

#[test]
fn point_11_a_cookie_that_is_no_secret_or_there_twice_is_refused_and_not_overlooked() {
    const SECRET: &str = "__Host-session=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    let refused = |lines: &[&str]| {
        let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
        Cookie::HOST.read(lines.iter().copied()).err()
    };
    assert_eq!(refused(&[SECRET]), None);
    for value in ["", "AQEB", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF"] {
        let line = format!("a=b; __Host-session={value}");
        assert_eq!(refused(&[&line]), Some(Error::Malformed), "{value}");
    }
    // The same twice, one of them planted, one of them mangled: in one line or in two, in any order.
    for other in [
        SECRET.to_owned(),
        format!("__Host-session={}", "B".repeat(43)),
        String::from("__Host-session="),
    ] {
        for pair in [[SECRET, &other], [&other, SECRET]] {
            assert_eq!(refused(&pair), Some(Error::Ambiguous), "{pair:?}");
            let line = pair.join("; a=b; ");
            assert_eq!(refused(&[&line]), Some(Error::Ambiguous), "{line}");
        }
    }
}

#[test]
fn point_11_another_cookie_is_a_choice() {
    const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);
    let mut random = source();
    let secret = Sessions::<u32, (), 1>::new(Rules::AAL1)
        .open((), &mut random, NOW)
        .unwrap();
    let template = SetCookie::new("__Host-sid", "whatever")
        .and_then(|cookie| cookie.with_same_site(SameSite::Strict))
        .unwrap()
        .with_max_age(MONTH);
    let cookie = Cookie::new(template).unwrap();
    assert_eq!(
        cookie.set(&secret, &mut [0; 160]),
        Ok("__Host-sid=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE; \
            Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict")
    );
    let long = "n".repeat(4096 - 42);
    let cookie = SetCookie::new(&long, "").unwrap();
    assert_eq!(Cookie::new(cookie), Err(cookie::Error::TooLong));
}

#[test]
fn point_13_debug_of_what_goes_to_the_client_shows_no_secret() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 1>::new(Rules::AAL1);
    let secret = store.open((), &mut random, NOW).unwrap();
    let token = secret.csrf_token(&mut random).unwrap();
    let shown = format!("{:?} {token:?} {secret:?}", Cookie::HOST);
    let mut text = [0; Secret::LEN];
    assert!(!shown.contains(secret.write(&mut text).unwrap()));
    assert!(!shown.contains(&token.to_string()));
}

#[test]
fn a_session_says_which_client_it_is() {
    let mut random = source();
    let mut store = Sessions::<u32, (), 2>::new(Rules::AAL1);
    let visitor = store.open((), &mut random, NOW).unwrap();
    let client = store.touch(&visitor, NOW).unwrap().client();
    assert!(matches!(client, Client::Anonymous));

    let secret = store
        .login(Some(&visitor), ada(), &mut random, NOW)
        .unwrap();
    let client = store.touch(&secret, NOW).unwrap().client();
    store.end(&secret, NOW).unwrap(); // the client is its own
    let ada = client.authenticated().unwrap();
    assert_eq!((*ada.principal(), ada.method()), (1, Method::Session));
    assert_eq!(ada.authenticated_at(), NOW);
}
