//! Pairs of tokens from login to logout: what they say, what ends them, and that no failure on the
//! way loses a token or makes a second one.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use core::fmt::Display;
use core::hash::Hash;
use core::time::Duration;

use hardtack::date::ImfFixdate;
use hardtack::denylist;
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::issuer::{Error, Issuer, Mint, Pair};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{self, Families, Family, Grant, PerUser, Rules, Store};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token::{self, Claim, Jws, Type, Unverified, Verifier};
use serde_json::{Value, json};

const ISS: &str = "https://login.example";
const AUD: &str = "https://api.example";
const START: UnixTime = UnixTime::from_secs(1_700_000_000);
const LIFETIME: u64 = 300;
const IDLE: u64 = 1_000;
const ABSOLUTE: u64 = 2_500;
const STRICT: Rules = Rules::new(Duration::from_secs(IDLE), Duration::from_secs(ABSOLUTE));
const LENIENT: Rules = STRICT.with_grace(Duration::from_secs(30));

type Server<U = u32, const N: usize = 4, const D: usize = 2> =
    Issuer<'static, Hs256, Families<U, N>, D>;

fn at(secs: u64) -> UnixTime {
    START.saturating_add(Duration::from_secs(secs))
}

fn scope(text: &str) -> Scope<'_> {
    Scope::parse(text).unwrap()
}

fn ring(byte: u8) -> Keyring<'static, Hs256, 0> {
    Keyring::new("2026-11", Key::new(&[byte; 32]).unwrap())
}

fn mint(byte: u8) -> Mint<'static, Hs256> {
    Mint::new(&ring(byte), ISS, AUD, Duration::from_secs(LIFETIME))
}

fn server<U, const N: usize, const D: usize>(rules: Rules) -> Server<U, N, D> {
    Issuer::new(mint(7), Families::new(rules), mint(7).denylist())
}

fn who<U>(user: U, now: UnixTime) -> Authenticated<U> {
    let factors = Factors::PWD.union(Factors::OTP);
    Authenticated::vouch(user, Evidence::new(Assurance::Aal2, factors), now)
}

/// A random source that never gives the same twice.
fn random(bytes: &mut [u8]) -> Result<(), ()> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in bytes.chunks_mut(8) {
        let number = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        chunk.copy_from_slice(&number[..chunk.len()]);
    }
    Ok(())
}

/// A pair out of its buffer.
#[derive(Clone, Debug, PartialEq)]
struct Texts {
    access: String,
    refresh: String,
    expires_in: u64,
    scope: String,
}

fn issue<F: Store<u32>, const D: usize>(
    server: &mut Issuer<'static, Hs256, F, D>,
    user: u32,
    now: UnixTime,
) -> Result<Texts, Error> {
    let mut buffer = [0; 1024];
    let pair = login(server, user, "web", scope("read write"), &mut buffer, now)?;
    Ok(texts(&pair))
}

/// The first pair of a user who has just authenticated.
fn login<'b, U: Clone + Eq + Hash + Display, F: Store<U>, const D: usize>(
    server: &mut Issuer<'static, Hs256, F, D>,
    user: U,
    client: &str,
    scope: Scope<'_>,
    buffer: &'b mut [u8],
    now: UnixTime,
) -> Result<Pair<'b>, Error> {
    server.issue(&who(user, now), client, scope, random, buffer, now)
}

fn texts(pair: &Pair<'_>) -> Texts {
    Texts {
        access: pair.access_token().to_owned(),
        refresh: pair.refresh_token().to_owned(),
        expires_in: pair.expires_in().as_secs(),
        scope: pair.scope().to_string(),
    }
}

fn exchange<F: Store<u32>, const D: usize>(
    server: &mut Issuer<'static, Hs256, F, D>,
    token: &str,
    now: UnixTime,
) -> Result<Texts, Error> {
    exchange_for(server, token, "web", Scope::NONE, now)
}

fn exchange_for<F: Store<u32>, const D: usize>(
    server: &mut Issuer<'static, Hs256, F, D>,
    token: &str,
    client: &str,
    scope: Scope<'_>,
    now: UnixTime,
) -> Result<Texts, Error> {
    let mut buffer = [0; 1024];
    let pair = server.exchange(token, client, scope, random, &mut buffer, now);
    let texts = pair.as_ref().map(texts).map_err(|error| *error);
    drop(pair);
    assert!(texts.is_ok() || no_token_in(&buffer));
    texts
}

fn no_token_in(buffer: &[u8]) -> bool {
    !String::from_utf8_lossy(buffer).contains("eyJ")
}

fn verify<F: Store<u32>, const D: usize>(
    server: &mut Issuer<'static, Hs256, F, D>,
    access: &str,
    now: UnixTime,
) -> Result<(), Error> {
    server.verify(access, &mut [0; 1024], now).map(|_| ())
}

fn revoke<F: Store<u32>, const D: usize>(
    server: &mut Issuer<'static, Hs256, F, D>,
    token: &str,
    now: UnixTime,
) -> Result<(), Error> {
    server.revoke(token, "web", &mut [0; 1024], now)
}

fn payload(access: &str) -> (Value, Value) {
    let mut scratch = [0; 1024];
    let unverified = Unverified::parse(access.as_bytes(), &mut scratch).unwrap();
    let header = serde_json::from_slice(unverified.header()).unwrap();
    (
        header,
        serde_json::from_slice(unverified.payload()).unwrap(),
    )
}

#[test]
fn an_access_token_says_what_rfc_9068_asks_for() {
    let mut server: Server = server(STRICT);
    let mut buffer = [0; 1024];
    let ada = who(42, at(0));
    let pair = server
        .issue(&ada, "web", scope("read write"), random, &mut buffer, at(5))
        .unwrap();
    let (header, payload) = payload(pair.access_token());
    assert_eq!(
        header,
        json!({"alg": "HS256", "typ": "at+jwt", "kid": "2026-11"})
    );
    let jti = payload["jti"].as_str().unwrap();
    assert_eq!(jti.len(), 22);
    assert_eq!(
        payload,
        json!({
            "iss": ISS, "sub": "42", "aud": AUD,
            "iat": at(5).as_secs(), "exp": at(305).as_secs(),
            "jti": jti, "client_id": "web", "scope": "read write",
            "auth_time": at(0).as_secs(), "acr": "aal2", "amr": ["otp", "pwd"],
            "sid": pair.family().to_string(),
        })
    );
    assert_eq!(pair.expires_in(), Duration::from_secs(LIFETIME));
    assert_eq!(pair.scope(), scope("write read"));
    assert_eq!(pair.refresh_token().len(), refresh::Token::LEN);
    // Both texts outlive the pair.
    let text = pair.refresh_token().to_owned();
    let (access, refresh) = (pair.access_token(), pair.into_refresh_token());
    assert_eq!(refresh.expose(), text);
    assert!(server.verify(access, &mut [0; 1024], at(5)).is_ok());
}

#[test]
fn an_exchange_gives_the_next_pair_of_the_same_login() {
    let mut server: Server = server(STRICT);
    let first = issue(&mut server, 42, START).unwrap();
    let second = exchange(&mut server, &first.refresh, at(200)).unwrap();
    assert_ne!(first.refresh, second.refresh);
    let ((_, old), (_, new)) = (payload(&first.access), payload(&second.access));
    for claim in [
        "iss",
        "sub",
        "aud",
        "client_id",
        "scope",
        "auth_time",
        "acr",
        "amr",
        "sid",
    ] {
        assert_eq!(old[claim], new[claim], "{claim}");
    }
    assert_ne!(old["jti"], new["jti"]);
    assert_eq!(new["exp"], at(500).as_secs());
    // The first access token lives until its end.
    assert_eq!(verify(&mut server, &first.access, at(299)), Ok(()));
    let expired = Err(Error::Token(token::Error::Expired));
    assert_eq!(verify(&mut server, &first.access, at(300)), expired);
    assert_eq!(verify(&mut server, &second.access, at(300)), Ok(()));
}

#[test]
fn reuse_ends_the_login_with_all_its_access_tokens() {
    let mut server: Server = server(STRICT);
    let first = issue(&mut server, 42, START).unwrap();
    let second = exchange(&mut server, &first.refresh, at(1)).unwrap();
    let other = issue(&mut server, 42, START).unwrap();
    let reused = Err(Error::Refresh(refresh::Error::Reused));
    assert_eq!(exchange(&mut server, &first.refresh, at(2)), reused);
    for access in [&first.access, &second.access] {
        assert_eq!(verify(&mut server, access, at(2)), Err(Error::Revoked));
    }
    let gone = Err(Error::Refresh(refresh::Error::Gone));
    assert_eq!(exchange(&mut server, &second.refresh, at(2)), gone);
    // Another login of the same user is none of it.
    assert_eq!(verify(&mut server, &other.access, at(2)), Ok(()));
}

// [7519-4.1.7-1]
#[test]
fn within_the_grace_the_refresh_token_is_the_same_and_the_access_token_another() {
    let mut server: Server = server(LENIENT);
    let first = issue(&mut server, 42, START).unwrap();
    let second = exchange(&mut server, &first.refresh, at(10)).unwrap();
    let again = exchange(&mut server, &first.refresh, at(39)).unwrap();
    assert_eq!(second.refresh, again.refresh);
    assert_ne!(
        payload(&second.access).1["jti"],
        payload(&again.access).1["jti"]
    );
    for access in [&second.access, &again.access] {
        assert_eq!(verify(&mut server, access, at(39)), Ok(()));
    }
    let reused = Err(Error::Refresh(refresh::Error::Reused));
    assert_eq!(exchange(&mut server, &first.refresh, at(40)), reused);
}

#[test]
fn a_narrower_scope_is_that_of_one_access_token_and_a_wider_one_is_refused() {
    let mut server: Server = server(STRICT);
    let first = issue(&mut server, 42, START).unwrap();
    let wider = Err(Error::Refresh(refresh::Error::Scope));
    let wanted = scope("read admin");
    assert_eq!(
        exchange_for(&mut server, &first.refresh, "web", wanted, START),
        wider
    );
    let narrow = exchange_for(&mut server, &first.refresh, "web", scope("read"), START).unwrap();
    assert_eq!(
        (
            narrow.scope.as_str(),
            payload(&narrow.access).1["scope"].as_str()
        ),
        ("read", Some("read"))
    );
    let whole = exchange(&mut server, &narrow.refresh, START).unwrap();
    assert_eq!(whole.scope, "read write");
}

#[test]
fn a_mint_writes_the_pair_of_a_family_as_it_is() {
    let (mint, mut buffer) = (mint(7), [0; 1024]);
    let grant = Grant::<_, 16>::new(&who(42, START), "web", scope("read write")).unwrap();
    let family = Family::new(grant, &STRICT, random, START).unwrap();
    let mut pair = |scope, fill: fn(&mut [u8]) -> Result<(), ()>, now| {
        let pair = mint.pair(&family, scope, &STRICT, fill, &mut buffer, now);
        pair.map(|pair| texts(&pair))
    };

    let whole = pair(Scope::NONE, random, START).unwrap();
    assert_eq!(mint.seal().verify(&whole.refresh), Ok(family.ticket()));
    assert_eq!((&*whole.scope, whole.expires_in), ("read write", LIFETIME));
    let claims = payload(&whole.access).1;
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&json!("42"), &json!("web"))
    );
    mint.verify(&whole.access, &mut [0; 1024], START).unwrap();

    let narrow = pair(scope("read"), random, at(900)).unwrap();
    assert_eq!((&*narrow.scope, narrow.expires_in), ("read", IDLE - 900));
    assert_eq!(narrow.refresh, whole.refresh);
    assert_ne!(payload(&narrow.access).1["jti"], claims["jti"]);

    let refused = |error| Err(Error::Refresh(error));
    let wider = pair(scope("read admin"), random, START);
    assert_eq!(wider, refused(refresh::Error::Scope));
    let late = pair(Scope::NONE, random, at(IDLE));
    assert_eq!(late, refused(refresh::Error::Expired));
    let broken = pair(Scope::NONE, |_| Err(()), START);
    assert_eq!(broken, refused(refresh::Error::NoEntropy));
    let short = &mut buffer[..64];
    let short = mint.pair(&family, Scope::NONE, &STRICT, random, short, START);
    assert!(matches!(short, Err(Error::NoRoom(_))));
}

#[test]
fn a_login_without_scope_has_none_and_says_none() {
    let mut server: Server = server(STRICT);
    let mut buffer = [0; 1024];
    let pair = login(&mut server, 42, "web", Scope::NONE, &mut buffer, START).unwrap();
    assert!(pair.scope().is_none());
    assert_eq!(payload(pair.access_token()).1.get("scope"), None);
    let answer = serde_json::to_value(&pair).unwrap();
    assert_eq!(answer.get("scope"), None);
    assert_eq!(answer["token_type"], "Bearer");
    let wider = exchange_for(
        &mut server,
        pair.refresh_token(),
        "web",
        scope("read"),
        START,
    );
    assert_eq!(wider, Err(Error::Refresh(refresh::Error::Scope)));
}

#[test]
fn another_client_gets_nothing_and_changes_nothing() {
    let mut server: Server = server(STRICT);
    let first = issue(&mut server, 42, START).unwrap();
    let refused = exchange_for(&mut server, &first.refresh, "other", Scope::NONE, START);
    assert_eq!(refused, Err(Error::Refresh(refresh::Error::Client)));
    assert!(exchange(&mut server, &first.refresh, START).is_ok());
}

#[test]
fn an_access_token_does_not_outlive_its_login() {
    let mut server: Server = server(STRICT);
    let mut pair = issue(&mut server, 42, START).unwrap();
    for secs in [900, 1_800, 2_400] {
        pair = exchange(&mut server, &pair.refresh, at(secs)).unwrap();
    }
    // 100 seconds before the absolute end.
    assert_eq!(pair.expires_in, 100);
    assert_eq!(payload(&pair.access).1["exp"], at(ABSOLUTE).as_secs());
    let expired = Err(Error::Refresh(refresh::Error::Expired));
    assert_eq!(exchange(&mut server, &pair.refresh, at(ABSOLUTE)), expired);
    // Nor its idle end.
    let brief = Rules::new(Duration::from_secs(60), Duration::MAX);
    let mut server: Server = self::server(brief);
    assert_eq!(issue(&mut server, 42, START).unwrap().expires_in, 60);
}

// [8725-3.12-1]
#[test]
fn refresh_and_access_tokens_are_not_taken_for_each_other() {
    let mut server: Server = server(STRICT);
    let pair = issue(&mut server, 42, START).unwrap();
    let invalid = Err(Error::Refresh(refresh::Error::Invalid));
    assert_eq!(exchange(&mut server, &pair.access, START), invalid);
    let malformed = Err(Error::Token(token::Error::Malformed));
    assert_eq!(verify(&mut server, &pair.refresh, START), malformed);
}

#[test]
fn tokens_of_another_issuer_are_refused() {
    let mut server: Server = server(STRICT);
    let mut foreign = Issuer::new(
        mint(8),
        Families::<u32, 4>::new(STRICT),
        mint(8).denylist::<2>(),
    );
    let pair = issue(&mut foreign, 42, START).unwrap();
    let invalid = Err(Error::Refresh(refresh::Error::Invalid));
    assert_eq!(exchange(&mut server, &pair.refresh, START), invalid);
    let signature = Err(Error::Token(token::Error::Signature));
    assert_eq!(verify(&mut server, &pair.access, START), signature);
    // Of the same key, but another name.
    let same_key = Mint::new(
        &ring(7),
        "https://other.example",
        AUD,
        Duration::from_secs(60),
    );
    let denied = same_key.denylist::<2>();
    let mut namesake = Issuer::new(same_key, Families::<u32, 4>::new(STRICT), denied);
    let pair = issue(&mut namesake, 42, START).unwrap();
    let claim = Err(Error::Token(token::Error::Claim(Claim::Iss)));
    assert_eq!(verify(&mut server, &pair.access, START), claim);
}

#[test]
fn a_genuine_access_token_without_a_known_login_is_refused() {
    let mut server: Server = server(STRICT);
    let claims = token::Claims::of("42").client_id("web").jti("x");
    let signer = token::Signer::access_token(ISS, AUD, Duration::from_secs(60));
    for claims in [
        claims,
        claims.sid("short"),
        claims.sid("AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let mut buffer = [0; 1024];
        let keys = server.mint().keys().clone();
        let access = signer.sign(&keys, &claims, &mut buffer, START).unwrap();
        assert_eq!(verify(&mut server, access, START), Err(Error::Revoked));
    }
}

#[test]
fn logins_are_revoked_by_name_by_user_and_by_their_tokens() {
    let mut server: Server<u32, 8> = server(STRICT);
    let pairs: Vec<_> = [1, 1, 2, 3, 4]
        .into_iter()
        .map(|user| issue(&mut server, user, START).unwrap())
        .collect();
    assert_eq!(server.revoke_user(&1), Ok(2));
    assert_eq!(server.revoke_user(&1), Ok(0));
    let third = server
        .mint()
        .seal()
        .verify(&pairs[2].refresh)
        .unwrap()
        .family();
    assert_eq!(server.revoke_login(third), Ok(true));
    assert_eq!(server.revoke_login(third), Ok(false));
    // RFC 7009: by the refresh token, even a superseded one.
    let next = exchange(&mut server, &pairs[3].refresh, START).unwrap();
    assert_eq!(revoke(&mut server, &pairs[3].refresh, START), Ok(()));
    assert_eq!(revoke(&mut server, &pairs[3].refresh, START), Ok(()));
    for access in [
        &pairs[0].access,
        &pairs[1].access,
        &pairs[2].access,
        &next.access,
    ] {
        assert_eq!(verify(&mut server, access, START), Err(Error::Revoked));
    }
    // By the access token: that token alone.
    assert_eq!(revoke(&mut server, &pairs[4].access, START), Ok(()));
    assert_eq!(
        verify(&mut server, &pairs[4].access, START),
        Err(Error::Revoked)
    );
    let next = exchange(&mut server, &pairs[4].refresh, START).unwrap();
    assert_eq!(verify(&mut server, &next.access, START), Ok(()));
}

#[test]
fn a_client_revokes_no_token_of_another() {
    let mut server: Server = server(STRICT);
    let pair = issue(&mut server, 42, START).unwrap();
    let scratch = &mut [0; 1024];
    for token in [&pair.access, &pair.refresh] {
        let refused = server.revoke(token, "other", scratch, START);
        assert_eq!(refused, Err(Error::Refresh(refresh::Error::Client)));
    }
    assert_eq!(verify(&mut server, &pair.access, START), Ok(()));
    assert!(exchange(&mut server, &pair.refresh, START).is_ok());
}

/// A clock that is behind the issuer's makes no success of what is not done.
#[test]
fn an_access_token_is_revoked_before_its_time_has_come() {
    let mut server: Server = server(STRICT);
    let pair = issue(&mut server, 1, at(100)).unwrap();
    for now in [at(99), START, UnixTime::MIN] {
        let early = verify(&mut server, &pair.access, now);
        assert_eq!(early, Err(Error::Token(token::Error::NotYetValid)));
        let foreign = server.revoke(&pair.access, "phone", &mut [0; 1024], now);
        assert_eq!(foreign, Err(Error::Refresh(refresh::Error::Client)));
    }
    assert_eq!(verify(&mut server, &pair.access, at(100)), Ok(()));
    assert_eq!(revoke(&mut server, &pair.access, at(99)), Ok(()));
    let revoked = verify(&mut server, &pair.access, at(100));
    assert_eq!(revoked, Err(Error::Revoked));
    // Of one that has ended nothing is left to remember.
    let pair = issue(&mut server, 2, at(100)).unwrap();
    assert_eq!(
        revoke(&mut server, &pair.access, at(100 + LIFETIME)),
        Ok(())
    );
    assert_eq!(server.denied_mut().len(), 1);
}

#[test]
fn what_is_no_token_is_revoked_without_a_word() {
    let mut server: Server = server(STRICT);
    let pair = issue(&mut server, 42, START).unwrap();
    for token in ["", "x", "a.b.c", &pair.access[1..], &pair.refresh[1..]] {
        assert_eq!(revoke(&mut server, token, START), Ok(()), "{token}");
    }
    assert_eq!(revoke(&mut server, &pair.access, at(LIFETIME)), Ok(()));
    let short = server.revoke(&pair.access, "web", &mut [0; 8], START);
    assert!(matches!(short, Err(Error::NoRoom(_))));
    assert_eq!(verify(&mut server, &pair.access, START), Ok(()));
}

/// A verifier of the caller's own asks for less than the mint's.
#[test]
fn a_token_without_a_name_cannot_be_revoked_and_one_without_an_end_is_denied_for_good() {
    let mut server: Server = server(STRICT);
    let verifier = Verifier::new(Type::JWT, ISS).allow_no_exp();
    let key = Key::<Hs256>::new(&[7; 32]).unwrap();
    let mut revoke = |payload: Value| {
        let (mut buffer, mut scratch) = ([0; 512], [0; 512]);
        let payload = payload.to_string();
        let token = Jws::new(Type::JWT)
            .sign(&key, payload.as_bytes(), &mut buffer)
            .unwrap();
        let verified = verifier
            .verify(&key, token.as_bytes(), &mut scratch, START)
            .unwrap();
        let revoked = server.revoke_token(&verified, START);
        (revoked, server.denied_mut().denies(&verified))
    };
    let nameless = Error::Token(token::Error::Claim(Claim::Jti));
    let ends = START.as_secs() + 60;
    assert_eq!(
        revoke(json!({ "iss": ISS, "exp": ends })),
        (Err(nameless), false)
    );
    assert_eq!(revoke(json!({ "iss": ISS, "jti": "a" })), (Ok(()), true));
    server.denied_mut().purge(at(1_000_000_000));
    assert_eq!(server.denied_mut().len(), 1);
}

#[test]
fn a_full_denylist_is_an_error_and_a_login_can_still_be_revoked() {
    let mut server: Server<u32, 4, 1> = server(STRICT);
    let pairs = [1, 2].map(|user| issue(&mut server, user, START).unwrap());
    assert_eq!(revoke(&mut server, &pairs[0].access, START), Ok(()));
    let full = Err(Error::Denylist(denylist::Error::Full));
    assert_eq!(revoke(&mut server, &pairs[1].access, START), full);
    assert_eq!(revoke(&mut server, &pairs[1].refresh, START), Ok(()));
    assert_eq!(
        verify(&mut server, &pairs[1].access, START),
        Err(Error::Revoked)
    );
    // And everybody's access tokens can be refused until they have been exchanged.
    let third = issue(&mut server, 3, START).unwrap();
    server.denied_mut().deny_all(START);
    assert_eq!(
        verify(&mut server, &third.access, START),
        Err(Error::Revoked)
    );
    let next = exchange(&mut server, &third.refresh, at(1)).unwrap();
    assert_eq!(verify(&mut server, &next.access, at(1)), Ok(()));
}

#[test]
fn a_denied_login_is_refused_by_whoever_only_has_the_denylist() {
    let mut server: Server = server(STRICT);
    let pairs = [1, 2].map(|user| issue(&mut server, user, START).unwrap());
    let login = server.mint().seal().verify(&pairs[0].refresh).unwrap();
    let sid = login.family().to_string();
    server.denied_mut().deny_session(&sid, START).unwrap();
    assert_eq!(
        verify(&mut server, &pairs[0].access, START),
        Err(Error::Revoked)
    );
    assert_eq!(verify(&mut server, &pairs[1].access, START), Ok(()));
    // A resource server: the same mint, a denylist that was told, no families.
    let mut told = mint(7).denylist::<4>();
    told.deny_session(&sid, START).unwrap();
    let denies = |access: &str| {
        let mut scratch = [0; 1024];
        told.denies(&mint(7).verify(access, &mut scratch, START).unwrap())
    };
    assert!(denies(&pairs[0].access) && !denies(&pairs[1].access));
}

#[test]
fn a_buffer_that_is_too_small_costs_nothing_but_another_try() {
    let mut server: Server = server(STRICT);
    let ada = who(42, START);
    let mut buffer = vec![0xAA; 1024];
    let needed = {
        let pair = server
            .issue(&ada, "web", scope("read write"), random, &mut buffer, START)
            .unwrap();
        pair.access_token().len() + "read write".len()
    };
    for len in [0, 5, needed - 1] {
        let mut buffer = vec![0xAA; len];
        let refused = server.issue(&ada, "web", scope("read write"), random, &mut buffer, START);
        let Some(Error::NoRoom(no_room)) = refused.err() else {
            panic!("{len} bytes are too few");
        };
        assert_eq!(no_room.needed, needed);
        assert_eq!(buffer, vec![0xAA; len]);
    }
    assert_eq!(server.families().len(), 1);
    let mut exact = vec![0; needed];
    let pair = server
        .issue(&ada, "web", scope("read write"), random, &mut exact, START)
        .unwrap();
    let token = pair.refresh_token().to_owned();

    for len in [0, 5, needed - 1] {
        let mut short = vec![0xAA; len];
        let refused = server.exchange(&token, "web", Scope::NONE, random, &mut short, START);
        assert!(matches!(refused, Err(Error::NoRoom(no_room)) if no_room.needed == needed));
    }
    // With no grace, a rotation that had happened would now be theft.
    let mut exact = vec![0; needed];
    let pair = server.exchange(&token, "web", Scope::NONE, random, &mut exact, START);
    assert!(pair.is_ok());
}

#[test]
fn a_random_source_that_fails_costs_nothing_but_another_try() {
    let mut server: Server = server(STRICT);
    let no_entropy = Some(Error::Refresh(refresh::Error::NoEntropy));
    let fails = |_: &mut [u8]| Err("no entropy");
    let writes_nothing = |_: &mut [u8]| Ok::<(), ()>(());
    // The name of the login, but not that of the token.
    let stops_early = |bytes: &mut [u8]| {
        bytes[..16].fill(1);
        Ok::<(), ()>(())
    };
    let (ada, mut buffer) = (who(42, START), [0; 1024]);
    let issued = server.issue(&ada, "web", Scope::NONE, fails, &mut buffer, START);
    assert_eq!(issued.err(), no_entropy);
    let issued = server.issue(&ada, "web", Scope::NONE, writes_nothing, &mut buffer, START);
    assert_eq!(issued.err(), no_entropy);
    let issued = server.issue(&ada, "web", Scope::NONE, stops_early, &mut buffer, START);
    assert_eq!(issued.err(), no_entropy);
    assert!(server.families().is_empty());

    let pair = issue(&mut server, 42, START).unwrap();
    let token = &pair.refresh;
    let exchanged = server.exchange(token, "web", Scope::NONE, fails, &mut buffer, START);
    assert_eq!(exchanged.err(), no_entropy);
    let exchanged = server.exchange(
        token,
        "web",
        Scope::NONE,
        writes_nothing,
        &mut buffer,
        START,
    );
    assert_eq!(exchanged.err(), no_entropy);
    assert!(exchange(&mut server, token, START).is_ok());
    // Theft is noticed without it.
    let reused = server.exchange(token, "web", Scope::NONE, fails, &mut buffer, START);
    assert_eq!(reused.err(), Some(Error::Refresh(refresh::Error::Reused)));
}

#[test]
fn a_login_that_is_refused_leaves_no_token_behind() {
    let mut full: Server<u32, 1> = server(STRICT);
    issue(&mut full, 1, START).unwrap();
    let mut limited: Server<u32, 4> = server(STRICT.with_per_user(PerUser::Refuse(0)));
    let mut buffer = [0; 1024];
    let refused = login(&mut full, 42, "web", Scope::NONE, &mut buffer, START);
    assert_eq!(refused.err(), Some(Error::Refresh(refresh::Error::Full)));
    assert!(no_token_in(&buffer));
    let refused = login(&mut limited, 42, "web", Scope::NONE, &mut buffer, START);
    let limit = Error::Refresh(refresh::Error::UserLimit);
    assert_eq!(refused.err(), Some(limit));
    assert!(no_token_in(&buffer));
    assert_eq!((full.families().len(), limited.families().len()), (1, 0));
}

#[test]
fn a_user_without_a_name_or_with_too_long_a_one_is_refused() {
    let mut server: Server<String> = server(STRICT);
    let mut buffer = [0; 2048];
    for (name, subject) in [
        ("", false),
        (&*"a".repeat(256), false),
        (&*"a".repeat(255), true),
    ] {
        let name = name.to_owned();
        let pair = login(&mut server, name, "web", Scope::NONE, &mut buffer, START);
        let expected = if subject { None } else { Some(Error::Subject) };
        assert_eq!(pair.err(), expected);
    }
    assert_eq!(server.families().len(), 1);
}

#[test]
fn a_name_is_written_as_json_whatever_it_is() {
    let mut server: Server<String> = server(STRICT);
    let mut buffer = [0; 1024];
    let name = "a\"\\\u{e9}\n\u{1F980}";
    let pair = login(
        &mut server,
        name.to_owned(),
        "web",
        Scope::NONE,
        &mut buffer,
        START,
    )
    .unwrap();
    let mut scratch = [0; 1024];
    let access = pair.access_token().to_owned();
    let verified = server.verify(&access, &mut scratch, START).unwrap();
    assert_eq!(verified.sub(), Some(name));
}

#[test]
fn a_client_without_a_name_is_refused() {
    let mut server: Server = server(STRICT);
    let mut buffer = [0; 1024];
    let pair = login(&mut server, 1, "", Scope::NONE, &mut buffer, START);
    let missing = token::Error::Claim(Claim::ClientId);
    assert_eq!(pair.err(), Some(Error::Claims(missing)));
    assert!(server.families().is_empty());
    let long = "w".repeat(129);
    let pair = login(&mut server, 1, &long, Scope::NONE, &mut buffer, START);
    assert_eq!(pair.err(), Some(Error::Refresh(refresh::Error::TooLong)));
}

#[test]
fn an_authentication_of_the_future_is_one_of_now() {
    let mut server: Server = server(STRICT);
    let mut buffer = [0; 1024];
    let pair = server
        .issue(
            &who(1, at(50)),
            "web",
            Scope::NONE,
            random,
            &mut buffer,
            START,
        )
        .unwrap();
    let access = pair.access_token().to_owned();
    assert_eq!(verify(&mut server, &access, START), Ok(()));
    assert_eq!(payload(&access).1["auth_time"], START.as_secs());
}

#[test]
fn keys_are_replaced_without_a_logout() {
    let old: Server = server(STRICT);
    let mut server = old;
    let pair = issue(&mut server, 42, START).unwrap();
    let families = std::mem::replace(server.families_mut(), Families::new(STRICT));
    let new = Keyring::<_, 1>::new("2026-12", Key::<Hs256>::new(&[9; 32]).unwrap())
        .with_former("2026-11", Key::new(&[7; 32]).unwrap())
        .unwrap();
    let mint = Mint::new(&new, ISS, AUD, Duration::from_secs(LIFETIME));
    let denied = mint.denylist::<2>();
    let mut server = Issuer::new(mint, families, denied);
    assert!(server.verify(&pair.access, &mut [0; 1024], START).is_ok());
    let mut buffer = [0; 1024];
    let next = server
        .exchange(
            &pair.refresh,
            "web",
            Scope::NONE,
            random,
            &mut buffer,
            START,
        )
        .unwrap();
    assert_eq!(payload(next.access_token()).0["kid"], "2026-12");
}

#[test]
fn an_issuer_of_families_that_are_lent_is_one_like_any_other() {
    let mut families = Families::<u32, 4>::new(STRICT);
    let mint = mint(7);
    let denied = mint.denylist::<2>();
    let mut server = Issuer::new(mint, &mut families, denied);
    let pair = issue(&mut server, 42, START).unwrap();
    assert_eq!(verify(&mut server, &pair.access, START), Ok(()));
    let next = exchange(&mut server, &pair.refresh, START).unwrap();
    let mut scratch = [0; 1024];
    let verified = server.verify(&next.access, &mut scratch, START).unwrap();
    server.revoke_token(&verified, START).unwrap();
    assert_eq!((server.families().len(), server.denied().len()), (1, 1));

    assert_eq!(families.revoke_user(&42), 1);
    assert!(families.is_empty());
}

#[test]
fn a_leeway_is_granted_by_the_mint_and_remembered_by_its_denylist() {
    let mint = mint(7).with_leeway(Duration::from_secs(10));
    let denied = mint.denylist::<1>();
    let mut server: Server<u32, 4, 1> = Issuer::new(mint, Families::new(STRICT), denied);
    let pairs = [1, 2].map(|user| issue(&mut server, user, START).unwrap());
    assert_eq!(
        verify(&mut server, &pairs[0].access, at(LIFETIME + 9)),
        Ok(())
    );
    revoke(&mut server, &pairs[0].access, START).unwrap();
    // Still needed in the leeway: the revocation is not given up for another.
    let full = Err(Error::Denylist(denylist::Error::Full));
    let late = at(LIFETIME + 9);
    assert_eq!(revoke(&mut server, &pairs[1].access, late), full);
    assert_eq!(
        verify(&mut server, &pairs[0].access, late),
        Err(Error::Revoked)
    );
}

#[test]
fn debug_shows_no_token_and_no_key() {
    let mut server: Server = server(STRICT);
    let mut buffer = [0; 1024];
    let pair = login(&mut server, 42, "web", scope("read"), &mut buffer, START).unwrap();
    let shown = format!("{pair:?}");
    assert!(shown.contains(r#"scope: Scope("read")"#));
    assert!(!shown.contains("eyJ") && !shown.contains(&pair.refresh_token()[24..]));
    let refresh = pair.refresh_token().to_owned();
    let shown = format!("{server:?}");
    assert!(!shown.contains(&refresh[24..]) && !shown.contains("[7, 7"));
}

#[test]
fn errors_have_the_codes_of_their_rfcs() {
    use refresh::Error as Refresh;
    for error in [
        Refresh::Invalid,
        Refresh::Gone,
        Refresh::Reused,
        Refresh::Expired,
        Refresh::Client,
        Refresh::UserLimit,
    ] {
        let error = Error::Refresh(error);
        assert_eq!((error.code(), error.status()), (Some("invalid_grant"), 400));
    }
    let scope = Error::Refresh(Refresh::Scope);
    assert_eq!((scope.code(), scope.status()), (Some("invalid_scope"), 400));
    for error in [
        Error::Token(token::Error::Signature),
        Error::Token(token::Error::Expired),
        Error::Revoked,
    ] {
        assert_eq!((error.code(), error.status()), (Some("invalid_token"), 401));
    }
    for error in [
        Error::Refresh(Refresh::Full),
        Error::Refresh(Refresh::NoEntropy),
        Error::Denylist(denylist::Error::Full),
        Error::Unavailable,
    ] {
        assert_eq!((error.code(), error.status()), (None, 503));
    }
    // However it came by it: a lack of room is the program's own.
    let lack = ImfFixdate::new(START).unwrap().write(&mut []).unwrap_err();
    assert_eq!(Error::from(lack), Error::NoRoom(lack));
    assert_eq!(Error::from(token::Error::NoRoom(lack)), Error::NoRoom(lack));
    for error in [
        Error::NoRoom(lack),
        Error::Token(token::Error::NoRoom(lack)),
    ] {
        assert_eq!((error.code(), error.status()), (None, 500));
    }
    let mut server: Server = server(STRICT);
    let no_room = server
        .issue(&who(1, START), "web", Scope::NONE, random, &mut [], START)
        .unwrap_err();
    // What this side was to write and could not is no fault of what a client presented.
    let claims = Error::Claims(token::Error::Payload);
    for error in [
        Error::Refresh(Refresh::TooLong),
        Error::Subject,
        claims,
        no_room,
    ] {
        assert_eq!((error.code(), error.status()), (None, 500));
    }
}
