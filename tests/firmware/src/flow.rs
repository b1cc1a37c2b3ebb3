//! A login from end to end, both sides on one device: the server's sessions, tokens and policy, and a
//! client with a cookie jar. What it holds lies in statics.

use core::cell::UnsafeCell;
use core::time::Duration;

use hardtack::cookie::{NoSuffixList, Request};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::jar::{Jar, Outcome};
use hardtack::mac::{Hs256, Key};
use hardtack::policy::{
    Allow, Always, Deny, DenyOverrides, InScope, Level, LoggedIn, MaxAge, MultiFactor, Not, Policy,
    Refusal, Require, Role, Roles, What, Who, authorize,
};
use hardtack::scope::Scope;
use hardtack::session::{Cookie, Rules, Secret, Sessions};
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Error, Signer, Verifier};

/// What a static holds that is changed. Nothing here runs twice at a time.
pub struct Global<T>(UnsafeCell<T>);

// SAFETY: there is one thread, no interrupt, and no use of a value within a use of it.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: see above.
        f(unsafe { &mut *self.0.get() })
    }
}

/// The machine with 16 KiB has a smaller jar.
pub const COOKIES: usize = if cfg!(small) { 16 } else { 64 };
const BYTES: usize = if cfg!(small) { 1024 } else { 3264 };

pub type DeviceJar = Jar<COOKIES, BYTES>;

// A jar of 64 cookies in 8 KiB.
const _: () = assert!(size_of::<DeviceJar>() <= 8192);

pub static JAR: Global<DeviceJar> = Global::new(Jar::new(NoSuffixList));
pub static SESSIONS: Global<Sessions<u32, u32, 8>> = Global::new(Sessions::new(Rules::AAL1));

pub const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
pub const ISSUER: &str = "https://device.example";
pub const AUDIENCE: &str = "https://api.device.example";

#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    Read,
    Reset,
}

#[derive(Debug)]
pub struct User {
    pub number: u32,
    pub scope: &'static str,
}

impl hardtack::policy::HasRoles for User {
    fn roles(&self) -> Roles {
        Roles::bit::<1>()
    }
}

impl hardtack::policy::HasScope for User {
    fn scope(&self) -> Scope<'_> {
        Scope::parse(self.scope).unwrap_or(Scope::NONE)
    }
}

const READ: Scope<'static> = match Scope::parse("read") {
    Ok(scope) => scope,
    Err(_) => panic!("not a scope"),
};

fn is_reset(action: &Action) -> bool {
    *action == Action::Reset
}

/// Ten rules, in flash.
pub static POLICY: &dyn Policy<Action, User> = &DenyOverrides((
    Deny("user zero", Who(|user: &User| user.number == 0)),
    Deny(
        "reset without two factors",
        hardtack::policy::All((What(is_reset), Not(MultiFactor))),
    ),
    Require("a login of this hour", MaxAge(Duration::from_secs(3600))),
    Deny("nobody", Not(LoggedIn)),
    Deny("weak", Not(Level(Assurance::Aal1))),
    Allow(
        "engineer",
        hardtack::policy::All((Role(Roles::bit::<1>()), InScope(READ))),
    ),
    Deny(
        "too large a number",
        Who(|user: &User| user.number > 1_000_000),
    ),
    Deny("no scope at all", Who(|user: &User| user.scope.is_empty())),
    Deny(
        "a reset after a minute",
        hardtack::policy::All((What(is_reset), Not(MaxAge(Duration::from_secs(60))))),
    ),
    Deny("never", Not(Always)),
));

/// Random bytes for a test: no two calls give the same.
pub fn fill(bytes: &mut [u8]) -> Result<(), core::convert::Infallible> {
    static CALLS: Global<u8> = Global::new(0);
    let call = CALLS.with(|calls| {
        *calls = calls.wrapping_add(1);
        *calls
    });
    for (at, byte) in (0_u8..).zip(bytes) {
        *byte = call.wrapping_mul(37) ^ at.wrapping_mul(11);
    }
    Ok(())
}

pub fn key() -> Option<Key<Hs256>> {
    Key::new(&[0x5A; 32]).ok()
}

pub fn user(number: u32) -> Authenticated<u32> {
    Authenticated::vouch(number, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

/// The server's side of a login, and what the client then keeps.
pub fn log_in(number: u32) -> Option<()> {
    let secret = SESSIONS
        .with(|sessions| sessions.login(None, user(number), fill, NOW))
        .ok()?;
    let mut buffer = [0; 160];
    let header = Cookie::HOST.set(&secret, &mut buffer).ok()?;
    let request = Request::https("device.example", "/login").ok()?;
    let outcome = JAR.with(|jar| jar.store(header.as_bytes(), &request, NOW));
    (outcome == Outcome::Stored).then_some(())
}

/// What the client sends, as the server understands it.
pub fn presented() -> Option<Secret> {
    let mut line = [0; 160];
    let request = Request::https("device.example", "/").ok()?;
    JAR.with(|jar| {
        let line = jar.write_header(&request, &mut line, NOW).ok()?;
        Cookie::HOST.read([line]).ok()?
    })
}

/// The access token of whoever the session belongs to.
pub fn token<'b>(secret: &Secret, buffer: &'b mut [u8]) -> Option<&'b str> {
    let signer = Signer::access_token(ISSUER, AUDIENCE, Duration::from_secs(300));
    SESSIONS.with(|sessions| {
        let session = sessions.touch(secret, NOW).ok()?;
        let who = session.identity().ok()?;
        let claims = Claims::of("7")
            .client_id("web")
            .jti("1")
            .scope(READ)
            .authenticated(&who);
        signer.sign(&key()?, &claims, buffer, NOW).ok()
    })
}

/// Whoever the access token speaks for.
pub fn bearer(token: &str) -> Result<Authenticated<User>, Error> {
    let verifier = Verifier::access_token(ISSUER, AUDIENCE);
    let mut scratch = [0; 512];
    let key = key().ok_or(Error::Malformed)?;
    let token = verifier.verify(&key, token.as_bytes(), &mut scratch, NOW)?;
    token.authenticate(|sub, token| {
        Some(User {
            number: sub.parse().ok()?,
            scope: if token.scope().contains("read") {
                "read"
            } else {
                ""
            },
        })
    })
}

/// All of it.
pub fn whole() -> bool {
    (|| {
        log_in(7)?;
        let secret = presented()?;
        let mut buffer = [0; 512];
        let token = token(&secret, &mut buffer)?;
        let who = bearer(token).ok()?;
        let permit = authorize(POLICY, Action::Read, &who, NOW).ok()?;
        let right = permit.principal().number == 7;
        let refused = authorize(POLICY, Action::Reset, &who, NOW).is_err();
        let late = UnixTime::from_secs(NOW.as_secs() + 7200);
        let stale = matches!(
            authorize(POLICY, Action::Read, &who, late),
            Err(Refusal::StepUp(_))
        );

        let mut forged = [0; 512];
        let forged = forged.get_mut(..token.len())?;
        forged.copy_from_slice(token.as_bytes());
        *forged.last_mut()? ^= 4;
        let tampered = core::str::from_utf8(forged).is_ok_and(|token| bearer(token).is_err());

        let ended = SESSIONS.with(|sessions| sessions.end(&secret, NOW)).is_ok();
        let gone = SESSIONS.with(|sessions| sessions.touch(&secret, NOW).is_err());
        Some(right && refused && stale && tampered && ended && gone)
    })()
    .unwrap_or(false)
}
