//! A policy alone, tokens alone, and four programs that use more and more of hardtack, to see what they
//! take of flash.
//! They are linked and weighed, never run: what goes in and comes out is out of the optimiser's sight.

#![cfg_attr(target_os = "none", no_std)]

use core::hint::black_box;
use core::time::Duration;

use hardtack::cookie::{Header, Received, Request, SetCookie};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::issuer::{Issuer, Mint};
use hardtack::jar::Jar;
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::policy::{
    All, Allow, Daily, Deny, DenyOverrides, InScope, Level, MaxAge, MultiFactor, Owner, Policy,
    Require, Role, Roles, Scheme, What, When, Who, Window, authorize,
};
use hardtack::refresh::Families;
use hardtack::scope::Scope;
use hardtack::session::{Cookie, Rules, Sessions};
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Signer, Verifier};

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

type Fill = fn(&mut [u8]) -> Result<(), u8>;

/// A device's memory.
pub struct Device {
    line: &'static [u8],
    text: &'static str,
    buffer: &'static mut [u8],
    scratch: &'static mut [u8],
    fill: Fill,
    now: UnixTime,
    key: Key<Hs256>,
    sessions: Sessions<u32, u32, 16>,
    issuer: Option<Issuer<'static, Hs256, Families<User, 16, 64>, 16, 1>>,
    jar: Jar<64, 8192>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct User(&'static str);

impl core::fmt::Display for User {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0)
    }
}

impl hardtack::policy::HasRoles for User {
    fn roles(&self) -> Roles {
        Roles::bit::<1>()
    }
}

impl hardtack::policy::HasScope for User {
    fn scope(&self) -> Scope<'_> {
        Scope::NONE
    }
}

const HOUR: Duration = Duration::from_secs(3600);

/// Ten rules.
static POLICY: &dyn Policy<u32, User> = &DenyOverrides((
    Deny("locked out", Who(|user: &User| user.0.is_empty())),
    Deny("no such valve", What(|valve: &u32| *valve > 99)),
    Deny(
        "another's valve",
        Owner(|valve: &u32, user: &User| user.0.len() < *valve as usize),
    ),
    Deny(
        "in service",
        Window {
            from: UnixTime::from_secs(1_800_000_000),
            until: UnixTime::from_secs(1_800_003_600),
        },
    ),
    Require("login of this hour", MaxAge(HOUR)),
    When(
        What(is_main),
        Require("main valve: two factors", MultiFactor),
    ),
    When(
        What(is_main),
        Require("main valve: fresh", MaxAge(Duration::from_secs(60))),
    ),
    Require("a login at all", Level(Assurance::Aal1)),
    Allow("engineer", All((Role(Roles::bit::<1>()), InScope(VALVES)))),
    Allow(
        "by day",
        Daily {
            from: HOUR.saturating_mul(6),
            until: HOUR.saturating_mul(22),
        },
    ),
));

fn is_main(valve: &u32) -> bool {
    *valve == 0
}

const VALVES: Scope<'_> = match Scope::parse("valves") {
    Ok(scope) => scope,
    Err(_) => panic!("not a scope"),
};

/// Decides by a policy of ten rules, and writes the challenge of a refusal.
#[unsafe(no_mangle)]
pub extern "C" fn ten_rules(device: &mut Device) {
    let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
    let user = Authenticated::vouch(User(device.text), evidence, device.now);
    match authorize(POLICY, 7, &user, device.now) {
        Ok(permit) => {
            black_box(permit.action());
        }
        Err(refusal) => {
            let challenge = Scheme::bearer("device")
                .ok()
                .and_then(|scheme| refusal.challenge(scheme));
            black_box(challenge.is_some_and(|challenge| challenge.write(device.buffer).is_ok()));
        }
    }
}

/// Reads `Cookie` and `Set-Cookie`, writes `Set-Cookie`.
#[unsafe(no_mangle)]
pub extern "C" fn cookies(device: &mut Device) {
    black_box(Header::new([device.line]).only(b"sid").is_ok());
    black_box(Received::parse(device.line).is_ok_and(|cookie| cookie.is_secure()));
    let cookie = SetCookie::new("sid", device.text)
        .map(|cookie| cookie.with_max_age(Duration::from_secs(3600)));
    black_box(cookie.is_ok_and(|cookie| cookie.write(device.buffer).is_ok()));
}

/// Verifies access tokens.
#[unsafe(no_mangle)]
pub extern "C" fn verify(device: &mut Device) {
    let verifier = Verifier::access_token("https://a.example", "https://b.example");
    black_box(
        verifier
            .verify(&device.key, device.line, device.scratch, device.now)
            .is_ok(),
    );
}

/// Signs and verifies access tokens.
#[unsafe(no_mangle)]
pub extern "C" fn tokens(device: &mut Device) {
    verify(device);
    let signer = Signer::access_token(
        "https://a.example",
        "https://b.example",
        Duration::from_secs(300),
    );
    let claims = Claims::of(device.text).client_id("web").jti(device.text);
    black_box(
        signer
            .sign(&device.key, &claims, device.buffer, device.now)
            .is_ok(),
    );
}

/// Cookies and tokens.
#[unsafe(no_mangle)]
pub extern "C" fn and_tokens(device: &mut Device) {
    cookies(device);
    tokens(device);
}

/// Keeps sessions besides.
#[unsafe(no_mangle)]
pub extern "C" fn and_sessions(device: &mut Device) {
    and_tokens(device);
    let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
    let user = Authenticated::vouch(7, evidence, device.now);
    let Ok(presented) = Cookie::HOST.read([device.line]) else {
        return;
    };
    let secret = device
        .sessions
        .login(presented.as_ref(), user, device.fill, device.now);
    if let Ok(secret) = secret {
        black_box(Cookie::HOST.set(&secret, device.buffer).is_ok());
        black_box(
            device
                .sessions
                .touch(&secret, device.now)
                .is_ok_and(|session| session.identity().is_ok()),
        );
        black_box(device.sessions.end(&secret, device.now).is_ok());
    }
}

/// Issues, exchanges and revokes pairs of tokens, keeps a jar, and decides besides.
#[unsafe(no_mangle)]
pub extern "C" fn everything(device: &mut Device) {
    and_sessions(device);
    let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
    let user = Authenticated::vouch(User(device.text), evidence, device.now);
    ten_rules(device);
    if let Some(issuer) = &mut device.issuer {
        black_box(
            issuer
                .issue(
                    &user,
                    "web",
                    Scope::NONE,
                    device.fill,
                    device.buffer,
                    device.now,
                )
                .is_ok(),
        );
        black_box(
            issuer
                .exchange(
                    device.line,
                    "web",
                    Scope::NONE,
                    device.fill,
                    device.buffer,
                    device.now,
                )
                .is_ok(),
        );
        black_box(
            issuer
                .verify(device.line, device.scratch, device.now)
                .is_ok(),
        );
        black_box(
            issuer
                .revoke(device.line, "web", device.scratch, device.now)
                .is_ok(),
        );
    } else {
        let ring = Keyring::new("k", device.key.clone());
        let mint = Mint::new(
            &ring,
            "https://a.example",
            "https://b.example",
            Duration::from_secs(300),
        );
        let denied = mint.denylist();
        device.issuer = Some(Issuer::new(
            mint,
            Families::new(hardtack::refresh::Rules::AAL1),
            denied,
        ));
        device.sessions = Sessions::new(Rules::AAL1);
    }
    if let Ok(request) = Request::https(device.text, device.text) {
        black_box(device.jar.store(device.line, &request, device.now));
        black_box(
            device
                .jar
                .write_header(&request, device.buffer, device.now)
                .is_ok(),
        );
    }
}
