//! The rows of the table of speed. A row whose name begins with `floor` is what no implementation can
//! go below with the same primitives, for the row of the same name.

use core::hint::black_box;
use core::time::Duration;

use hardtack::cookie::{self, Header, NoSuffixList, Received, Request, SameSite, SetCookie};
use hardtack::date::{self, ImfFixdate};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::jar::{Jar, Outcome};
use hardtack::json;
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::policy::{Allow, DenyOverrides, Policy, Who, authorize};
use hardtack::refresh::{self, Families, Grant, Rules as RefreshRules, Seal};
use hardtack::scope::Scope;
use hardtack::session::{PerUser, Rules, Secret, Sessions};
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Signer, Type, Verifier};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Takes a row's name and what it does.
pub type Measure<'m> = &'m mut dyn FnMut(&str, &mut dyn FnMut());

const NOW: UnixTime = UnixTime::from_secs(1_795_000_000);
const KEY: [u8; 32] = *b"a key of thirty-two bytes, for h";
const ISSUER: &str = "https://auth.example.com";
const AUDIENCE: &str = "https://api.example.com";

/// Everything. The first row is what measuring takes itself.
pub fn all(measure: Measure<'_>) {
    measure("nothing", &mut || {});
    tokens(measure);
    refused_tokens(measure);
    claims(measure);
    cookies(measure);
    set_cookies(measure);
    signed(measure);
    dates(measure);
    policies(measure);
    sessions(
        measure,
        "session checked, of 16",
        &mut Sessions::<_, _, 16>::new(SESSIONS),
    );
    families(
        measure,
        "refresh token rotated, of 16",
        &mut Families::<_, 16>::new(FAMILIES),
    );
    jars(
        measure,
        "jar look-up, of 30",
        &mut Jar::<32, 4096>::new(NoSuffixList),
        10,
    );
    #[cfg(not(bare))]
    large(measure);
}

/// What has no room on a small machine.
#[cfg(not(bare))]
fn large(measure: Measure<'_>) {
    use std::sync::Mutex;

    static MANY: Mutex<Sessions<u32, (), 65_536>> = Mutex::new(Sessions::new(SESSIONS));
    static LOGINS: Mutex<Families<u32, 4096>> = Mutex::new(Families::new(FAMILIES));
    static JAR: Mutex<Jar<4096, 262_144>> = Mutex::new(Jar::new(NoSuffixList));
    sessions(
        measure,
        "session checked, of 65,536",
        &mut MANY.lock().expect("one thread"),
    );
    families(
        measure,
        "refresh token rotated, of 4,096",
        &mut LOGINS.lock().expect("one thread"),
    );
    jars(
        measure,
        "jar look-up, of 3,000",
        &mut JAR.lock().expect("one thread"),
        1000,
    );
}

fn key() -> Key<Hs256> {
    Key::new(&KEY).expect("long enough")
}

fn keyed() -> Hmac<Sha256> {
    Hmac::new_from_slice(&KEY).expect("any length will do")
}

fn tag(keyed: &Hmac<Sha256>, message: &[u8]) -> [u8; 32] {
    let mut mac = keyed.clone();
    mac.update(black_box(message));
    mac.finalize().into_bytes().into()
}

const SIGNER: Signer<'_> =
    Signer::new(Type::JWT, ISSUER, Duration::from_secs(300)).audience(AUDIENCE);
const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, ISSUER).audience(AUDIENCE);

/// With those that the signer adds, seven claims.
fn registered() -> Claims<'static> {
    let scope = Scope::parse("orders:read orders:write").expect("a scope");
    Claims::of("user-4711")
        .jti("f3b9c2d8a1e04f6f9b7a")
        .scope(scope)
}

/// The bytes under the tag.
fn input(token: &str) -> &[u8] {
    token
        .rsplit_once('.')
        .expect("a token has dots")
        .0
        .as_bytes()
}

fn tokens(measure: Measure<'_>) {
    let (key, keyed) = (key(), keyed());
    let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    let token = SIGNER
        .sign(&key, &registered(), &mut buffer, NOW)
        .expect("signs");
    measure("floor of a token verified, seven claims", &mut || {
        black_box(tag(&keyed, input(token)));
    });
    measure("a token verified, seven claims", &mut || {
        let token = black_box(token.as_bytes());
        let verified = VERIFIER
            .verify(&key, token, &mut scratch, NOW)
            .expect("verifies");
        black_box((
            verified.sub(),
            verified.scope(),
            verified.exp(),
            verified.jti(),
        ));
    });
    measure("floor of a token minted, seven claims", &mut || {
        black_box(tag(&keyed, input(token)));
    });
    let registered = registered();
    measure("a token minted, seven claims", &mut || {
        let minted = SIGNER.sign(&key, black_box(&registered), &mut scratch, NOW);
        black_box(minted.expect("signs"));
    });
}

fn refused_tokens(measure: Measure<'_>) {
    let (key, keyed) = (key(), keyed());
    let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
    let len = SIGNER
        .sign(&key, &registered(), &mut buffer, NOW)
        .expect("signs")
        .len();
    let token = &mut buffer[..len];
    let tag_at = len - 43;
    token[tag_at] = if token[tag_at] == b'A' { b'B' } else { b'A' };
    measure("floor of a token with a bad MAC refused", &mut || {
        black_box(tag(&keyed, &token[..tag_at - 1]));
    });
    measure("a token with a bad MAC refused", &mut || {
        let refused = VERIFIER.verify(&key, black_box(token), &mut scratch, NOW);
        black_box(refused.expect_err("refused"));
    });
    let dot = token.iter().position(|byte| *byte == b'.').expect("a dot");
    token[dot] = b'!';
    measure("a malformed token refused", &mut || {
        let refused = VERIFIER.verify(&key, black_box(token), &mut scratch, NOW);
        black_box(refused.expect_err("refused"));
    });
}

fn claims(measure: Measure<'_>) {
    #[derive(Deserialize)]
    #[allow(dead_code)] // read for the reading's sake
    struct Seven<'t> {
        iss: &'t str,
        sub: &'t str,
        aud: &'t str,
        exp: i64,
        iat: i64,
        jti: &'t str,
        scope: &'t str,
    }

    const TEXT: &str = r#"{"iss":"https://auth.example.com","sub":"user-4711","aud":"https://api.example.com","exp":4000000000,"iat":1794999940,"jti":"f3b9c2d8a1e04f6f9b7a","scope":"orders:read orders:write"}"#;
    let mut scratch = [0; 256];
    measure("JSON claims read by serde", &mut || {
        let read = json::read::<Seven<'_>>(black_box(TEXT.as_bytes()), &mut scratch);
        black_box(read.expect("claims"));
    });
}

/// Ten cookies in 210 bytes.
const TEN: &str = "theme=dark; lang=en-GB; _ga=GA1.2.1234567890; _gid=GA1.2.987654; consent=yes; \
                   region=eu-west-1; cart=3f9a1c; ab=variant-b; csrf=8c1f0a7be2d94c55; \
                   session=hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf4oIiKlMvXcY";

fn cookies(measure: Measure<'_>) {
    measure("Cookie header, all of ten pairs", &mut || {
        for pair in cookie::pairs(black_box(TEN.as_bytes())) {
            black_box(pair);
        }
    });
    measure("one cookie by name, the last of ten", &mut || {
        let header = Header::new([black_box(TEN.as_bytes())]);
        black_box(header.first(b"session").expect("is there"));
    });
}

/// Seven attributes and the pair.
const SET: &str = "session=hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf; Domain=example.com; Path=/account; \
                   Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=86400; Secure; HttpOnly; \
                   SameSite=Lax";

fn set_cookies(measure: Measure<'_>) {
    measure("Set-Cookie read", &mut || {
        let line = Received::parse(black_box(SET.as_bytes()));
        black_box(line.expect("a cookie").expires());
    });
    let cookie = || -> Result<SetCookie<'_>, cookie::Error> {
        let expires = ImfFixdate::new(UnixTime::from_secs(1_792_567_680)).expect("in range");
        Ok(
            SetCookie::new("session", "hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf")?
                .with_domain("example.com")?
                .with_path("/account")?
                .with_expires(expires)
                .with_max_age(Duration::from_secs(86_400))
                .with_same_site(SameSite::Lax)?,
        )
    };
    let cookie = cookie().expect("a cookie");
    let mut buffer = [0; 512];
    measure("floor of Set-Cookie written", &mut || {
        black_box(&mut buffer)[..SET.len()].copy_from_slice(black_box(SET).as_bytes());
    });
    measure("Set-Cookie written", &mut || {
        black_box(black_box(&cookie).write(&mut buffer).expect("fits"));
    });
}

fn signed(measure: Measure<'_>) {
    const VALUE: &str = "user-4711.2026-11-23.b3d1";
    let keyed = keyed();
    measure("floor of a signed value verified", &mut || {
        black_box(tag(&keyed, VALUE.as_bytes()));
    });
    let ring = Keyring::<Hs256, 0>::new("1", key());
    let signer = cookie::Signer::new("user", "bench", &ring).expect("a name");
    let mut text = [0; 128];
    let signed = signer.sign(VALUE).expect("octets");
    let text = signed.write(&mut text).expect("fits");
    measure("a signed value verified", &mut || {
        let value = signer.verify(black_box(text.as_bytes()), NOW);
        black_box(value.expect("verifies"));
    });
}

fn dates(measure: Measure<'_>) {
    const DATE: &[u8] = b"Wed, 21 Oct 2026 07:28:00 GMT";
    measure("cookie-date read", &mut || {
        black_box(date::parse(black_box(DATE)).expect("a date"));
    });
    let mut text = [0; 29];
    let mut write = || {
        let date = ImfFixdate::new(black_box(NOW)).expect("in range");
        black_box(date.write(&mut text).expect("fits"));
    };
    measure("IMF-fixdate written", &mut write);
    // The check must notice this, or it proves nothing.
    let mut turn = 0_u32;
    measure("control of IMF-fixdate written", &mut || {
        write();
        turn += 1;
        if turn.is_multiple_of(8) {
            write();
        }
    });
}

#[inline(never)]
fn rule(user: u32, wanted: u32) -> bool {
    user == wanted
}

macro_rules! user_is {
    ($($at:literal)*) => {
        &DenyOverrides(($(Allow(stringify!($at), Who(|user: &u32| rule(*user, black_box($at)))),)*))
    };
}

static EIGHT: &dyn Policy<(), u32> = user_is!(0 1 2 3 4 5 6 7);

fn policies(measure: Measure<'_>) {
    measure("floor of a policy of eight rules decided", &mut || {
        black_box((0..8).fold(false, |any, at| any | rule(black_box(7), black_box(at))));
    });
    let who = user(7);
    measure("a policy of eight rules decided", &mut || {
        black_box(authorize(EIGHT, (), black_box(&who), NOW).is_ok());
    });
}

fn user(number: u32) -> Authenticated<u32> {
    Authenticated::vouch(number, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

/// Fills in what looks random, a different one for each number.
fn random(number: u32) -> impl FnOnce(&mut [u8]) -> Result<(), ()> {
    move |bytes| {
        let hash = Sha256::digest(number.to_be_bytes());
        for (to, from) in bytes.iter_mut().zip(hash) {
            *to = from;
        }
        Ok(())
    }
}

const SESSIONS: Rules = Rules::AAL1.with_per_user(PerUser::Unlimited);
const FAMILIES: RefreshRules = RefreshRules::AAL1.with_per_user(refresh::PerUser::Unlimited);

/// A full table of users' sessions, of which one in the middle is asked for by its cookie's text.
fn sessions<const N: usize>(measure: Measure<'_>, name: &str, sessions: &mut Sessions<u32, (), N>) {
    let mut text = [0; Secret::LEN];
    for number in 0..N as u32 {
        let secret = sessions
            .login(None, user(number), random(number), NOW)
            .expect("room");
        if number == N as u32 / 2 {
            secret.write(&mut text).expect("fits");
        }
    }
    if N == 16 {
        measure("floor of session checked, of 16", &mut || {
            black_box(Sha256::digest(black_box(KEY)));
        });
    }
    measure(name, &mut || {
        let secret = Secret::parse(black_box(&text)).expect("a secret");
        black_box(sessions.check(&secret, NOW).expect("is there").ends_at());
    });
}

/// A full table of logins, of which one goes on and on.
fn families<const N: usize>(measure: Measure<'_>, name: &str, families: &mut Families<u32, N>) {
    let ring = Keyring::<Hs256, 0>::new("1", key());
    let seal = Seal::new(&ring);
    let mut ticket = None;
    for number in 0..N as u32 {
        let grant = Grant::new(&user(number), "web", Scope::NONE).expect("fits");
        ticket = families.open(grant, random(number), NOW).ok();
    }
    let mut token = seal.sign(ticket.expect("room"));
    if N == 16 {
        let keyed = keyed();
        measure("floor of refresh token rotated, of 16", &mut || {
            black_box((tag(&keyed, &[1; 24]), tag(&keyed, &[2; 24])));
        });
    }
    measure(name, &mut || {
        let ticket = seal.verify(black_box(token.expose())).expect("genuine");
        let next = families
            .rotate(ticket, "web", Scope::NONE, NOW)
            .expect("current");
        token = seal.sign(next);
    });
}

/// Three cookies of each of so many sites, of which one is asked for.
fn jars<const COOKIES: usize, const BYTES: usize>(
    measure: Measure<'_>,
    name: &str,
    jar: &mut Jar<COOKIES, BYTES>,
    sites: u32,
) {
    for site in 0..sites {
        let mut host = *b"www.site0000.com";
        for (place, unit) in host[8..12].iter_mut().zip([1000, 100, 10, 1]) {
            *place = b'0' + (site / unit % 10) as u8;
        }
        let host = core::str::from_utf8(&host).expect("ASCII");
        let request = Request::https(host, "/").expect("a host");
        for line in [
            "session=value; Secure; Path=/",
            "theme=value; Secure; Path=/",
            "lang=value; Secure; Path=/",
        ] {
            assert_eq!(jar.store(line.as_bytes(), &request, NOW), Outcome::Stored);
        }
    }
    let request = Request::https("www.site0007.com", "/account").expect("a host");
    let mut buffer = [0; 256];
    measure(name, &mut || {
        let line = jar
            .write_header(black_box(&request), &mut buffer, NOW)
            .expect("fits");
        assert_eq!(line.len(), 38);
        black_box(line);
    });
}
