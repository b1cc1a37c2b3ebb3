//! Who sent a request: each kind of credential, good, bad and missing, and chains of them.

#![allow(clippy::panic, clippy::unwrap_used)]

use core::time::Duration;

use hardtack::cookie::{self, SetCookie};
use hardtack::identity::{Anonymous, Assurance, Authenticated, Client, Evidence, Factors, Method};
use hardtack::issuer;
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::policy::{
    Authenticator, Basic, Bearer, Chain, Headers, Login, Refusal, SessionCookie, SignedCookie,
};
use hardtack::refresh;
use hardtack::session::{self, Cookie, Rules, Sessions};
use hardtack::time::UnixTime;
use hardtack::token::{self, Claims, Signer, Verifier};

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const EVIDENCE: Evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
const BAD: Result<Option<String>, Refusal> = Err(Refusal::InvalidCredentials);
const NOBODY: Result<Option<String>, Refusal> = Ok(None);

fn somebody(name: &str) -> Result<Option<String>, Refusal> {
    Ok(Some(name.into()))
}

fn vouch(name: impl ToString) -> Authenticated<String> {
    Authenticated::vouch(name.to_string(), EVIDENCE, NOW)
}

fn name(client: Result<Client<String>, Refusal>) -> Result<Option<String>, Refusal> {
    let who = client?
        .authenticated()
        .ok()
        .map(|who| who.principal().clone());
    Ok(who)
}

// Bearer.

/// Says what token it was given.
fn bearer(lines: &[(&str, &str)]) -> Result<Option<String>, Refusal> {
    let verify = |token: &[u8], now| {
        assert_eq!(now, NOW);
        Ok(vouch(str::from_utf8(token).unwrap()))
    };
    name(Bearer::new(verify).authenticate(lines, NOW))
}

#[test]
fn a_token_is_taken_out_of_its_header() {
    for (line, token) in [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("BEARER   abc", "abc"),
        (" Bearer abc \t", "abc"),
        ("Bearer aZ09-._~+/==", "aZ09-._~+/=="),
    ] {
        assert_eq!(
            bearer(&[("Authorization", line)]),
            somebody(token),
            "{line}"
        );
        assert_eq!(
            bearer(&[("host", "x"), ("AUTHORIZATION", line)]),
            somebody(token)
        );
    }
}

#[test]
fn without_a_bearer_token_there_is_nobody() {
    assert_eq!(bearer(&[]), NOBODY);
    assert_eq!(bearer(&[("x-authorization", "Bearer abc")]), NOBODY);
    for line in [
        "Basic YTpi",
        "",
        "Bearers abc",
        "Bearer,abc",
        "\"Bearer\" abc",
    ] {
        assert_eq!(bearer(&[("authorization", line)]), NOBODY, "{line}");
    }
}

#[test]
fn what_is_no_bearer_token_is_refused() {
    for line in [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer a,b",
        "Bearer =",
        "Bearer a=b",
        "Bearer \"a\"",
        "Bearer a\tb",
        "Bearer \tab",
        "Bearer \t",
        "Bearer\tab",
        "Bearer\tab cd",
        "Bearer realm=\"x\"",
        "Bearer caf\u{e9}",
    ] {
        assert_eq!(bearer(&[("authorization", line)]), BAD, "{line}");
    }
}

#[test]
fn two_lines_of_authorization_are_refused() {
    for other in ["Bearer abc", "Basic YTpi", ""] {
        let lines = [("Authorization", "Bearer abc"), ("authorization", other)];
        assert_eq!(bearer(&lines), BAD);
        assert_eq!(basic(&lines), BAD);
    }
}

#[test]
fn a_token_that_does_not_verify_is_refused() {
    const VERIFIER: Verifier<'_> = Verifier::access_token("https://issuer", "https://api");
    let key = Key::<Hs256>::new(&[7; 32]).unwrap();
    let signer = Signer::access_token("https://issuer", "https://api", Duration::from_secs(60));
    let claims = Claims::of("ada").jti("1").client_id("page");
    let mut buffer = [0; 512];
    let token = signer.sign(&key, &claims, &mut buffer, NOW).unwrap();
    let check = |token: &str, now| {
        let mut scratch = [0; 512];
        let bearer = Bearer::new(|token, now| {
            let verified = VERIFIER.verify(&key, token, &mut scratch, now)?;
            Ok(verified.authenticate(|sub, _| Some(sub.to_owned()))?)
        });
        let line = format!("Bearer {token}");
        let client = bearer.authenticate(&[("authorization", &line)], now)?;
        let who = client.authenticated()?;
        assert_eq!(who.method(), Method::Token);
        Ok(who.principal().clone())
    };
    assert_eq!(check(token, NOW), Ok("ada".to_owned()));
    let too_late = NOW.saturating_add(Duration::from_secs(60));
    assert_eq!(check(token, too_late), Err(Refusal::InvalidCredentials));
    let changed = token.replacen('.', "A.", 1);
    assert_eq!(check(&changed, NOW), Err(Refusal::InvalidCredentials));
}

/// Whoever sends it has shown nothing, and an outage is not theirs to announce.
#[test]
fn a_token_too_long_for_the_buffer_is_refused_like_any_other() {
    let keys = Keyring::<Hs256>::new("k", Key::new(&[7; 32]).unwrap());
    let mint = issuer::Mint::new(
        &keys,
        "https://issuer",
        "https://api",
        Duration::from_secs(60),
    );
    let long = format!("e30.{}.{}", "A".repeat(1024), "A".repeat(43));
    let refused = mint.verify(&long, &mut [0; 512], NOW).unwrap_err();
    assert!(matches!(refused, issuer::Error::NoRoom(_)));
    let bearer = Bearer::new(|token, now| {
        let mut scratch = [0; 512];
        let verified = mint.verify(token, &mut scratch, now)?;
        Ok(verified.authenticate(|sub, _| Some(sub.to_owned()))?)
    });
    let line = format!("Bearer {long}");
    let client = bearer.authenticate(&[("authorization", &line)], NOW);
    assert_eq!(name(client), BAD);
}

// Basic.

/// Says what name and password it was given.
fn basic_with(lines: &[(&str, &str)], buffer: &mut [u8]) -> Result<Option<String>, Refusal> {
    let verify = |login: Login<'_>, now| {
        assert_eq!(now, NOW);
        assert_eq!(format!("{login:?}"), "Login(elided)");
        Ok(vouch(format!("{}|{}", login.user(), login.password())))
    };
    name(Basic::new(buffer, verify).authenticate(lines, NOW))
}

fn basic(lines: &[(&str, &str)]) -> Result<Option<String>, Refusal> {
    basic_with(lines, &mut [0; 64])
}

#[test]
fn a_name_and_a_password() {
    for (line, login) in [
        // RFC 7617 §2 and §2.1.
        ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin|open sesame"),
        ("Basic dGVzdDoxMjPCow==", "test|123\u{a3}"),
        ("basic YTpi", "a|b"),
        ("BASIC  YTpi", "a|b"),
        ("Basic YTpiOmM=", "a|b:c"),
        ("Basic Og==", "|"),
        ("Basic OmI=", "|b"),
        ("Basic YTo=", "a|"),
    ] {
        assert_eq!(basic(&[("Authorization", line)]), somebody(login), "{line}");
    }
}

#[test]
fn without_basic_there_is_nobody() {
    assert_eq!(basic(&[]), NOBODY);
    for line in ["Bearer YTpi", "Basics YTpi", ""] {
        assert_eq!(basic(&[("authorization", line)]), NOBODY, "{line}");
    }
}

#[test]
fn what_is_no_name_and_password_is_refused() {
    for (line, why) in [
        ("Basic", "nothing"),
        ("Basic ", "nothing"),
        ("Basic YWI=", "no colon"),
        ("Basic YTpiOmM", "no padding"),
        ("Basic YTpiOmN=", "bits behind the last byte"),
        ("Basic YTpi=", "too much padding"),
        ("Basic YTpiOmM=YTpi", "more behind the padding"),
        ("Basic YTp i", "a space"),
        ("Basic YTp_", "another alphabet"),
        ("Basic YTr/", "not UTF-8"),
        ("Basic YQA6Yg==", "a NUL in the name"),
        ("Basic YTpiCg==", "a newline in the password"),
        ("Basic YTpifw==", "a DEL in the password"),
        ("Basic YTpi,YTpi", "two of them"),
        ("Basic \tYTpiOmM=", "a tab behind the space"),
        ("Basic\tYTpiOmM=", "a tab instead of the space"),
    ] {
        assert_eq!(basic(&[("authorization", line)]), BAD, "{why}");
    }
}

#[test]
fn the_buffer_is_as_long_as_the_login_and_wiped() {
    let lines = [("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
    let mut buffer = [1; 19];
    assert_eq!(
        basic_with(&lines, &mut buffer),
        somebody("Aladdin|open sesame")
    );
    assert_eq!(buffer, [0; 19]);
    assert_eq!(basic_with(&lines, &mut buffer[..18]), BAD);
    let mut buffer = [1; 8];
    assert_eq!(
        basic_with(&[("authorization", "Basic YWJjZA==")], &mut buffer),
        BAD
    );
    assert_eq!(buffer, [0; 8]);
}

#[test]
fn a_wrong_password_is_refused() {
    let verify = |_: Login<'_>, _| Err::<Authenticated<String>, _>(Refusal::InvalidCredentials);
    let mut buffer = [0; 8];
    let basic = Basic::new(&mut buffer, verify);
    assert_eq!(format!("{basic:?}"), "Basic { .. }");
    let client = basic.authenticate(&[("authorization", "Basic YTpi")], NOW);
    assert_eq!(name(client), BAD);
}

// Sessions.

fn fill(bytes: &mut [u8]) -> Result<(), ()> {
    bytes.fill(9);
    Ok(())
}

#[test]
fn a_session_in_its_cookie() {
    let mut sessions: Sessions<String, (), 4> = Sessions::new(Rules::AAL1);
    let secret = sessions.login(None, vouch("ada"), fill, NOW).unwrap();
    let mut buffer = [0; 64];
    let cookie = format!(
        "theme=dark; __Host-session={}",
        secret.write(&mut buffer).unwrap()
    );
    let mut check = |line: &str| {
        let cookie = SessionCookie::new(Cookie::HOST, |secret, now| {
            Ok(sessions.touch(secret, now)?.identity().into())
        });
        let client = cookie.authenticate(&[("cookie", line)], NOW)?;
        Ok(client
            .authenticated()
            .ok()
            .map(|who| who.principal().to_string()))
    };
    assert_eq!(check(&cookie), somebody("ada"));
    assert_eq!(check("theme=dark"), NOBODY);
    assert_eq!(check("__Host-session=short"), BAD);
    assert_eq!(check("__Host-session="), BAD);
    assert_eq!(check(&format!("{cookie}; {cookie}")), BAD);
    let gone = format!("__Host-session={}", "A".repeat(43));
    assert_eq!(check(&gone), BAD);
    sessions.end(&secret, NOW).unwrap();
}

#[test]
fn a_session_without_a_login_is_nobodys() {
    let mut sessions: Sessions<String, (), 4> = Sessions::new(Rules::AAL1);
    let secret = sessions.open((), fill, NOW).unwrap();
    let mut buffer = [0; 64];
    let line = format!("__Host-session={}", secret.write(&mut buffer).unwrap());
    let cookie = SessionCookie::new(Cookie::HOST, |secret, now| {
        Ok(sessions.touch(secret, now)?.identity().into())
    });
    let client = cookie.authenticate(&[("Cookie", line)], NOW).unwrap();
    assert!(matches!(client.authenticated(), Err(Anonymous)));
}

// Signed cookies.

#[test]
fn a_signed_cookie() {
    let of = |name, byte| {
        let ring = Keyring::<Hs256, 0>::new("k1", Key::new(&[byte; 32]).unwrap());
        cookie::Signer::new(name, "tests", &ring).unwrap()
    };
    let signer = of("who", 7);
    let check = |line: &str| {
        let cookie = SignedCookie::new(&signer, |value| {
            let name = value.strip_prefix("user-")?;
            Some((name.to_owned(), EVIDENCE, UnixTime::EPOCH))
        });
        let client = cookie.authenticate(&[("cookie", line)], NOW)?;
        if let Ok(who) = client.authenticated() {
            assert_eq!(who.method(), Method::SignedCookie);
            assert_eq!(who.authenticated_at(), UnixTime::EPOCH);
            assert_eq!(who.evidence(), EVIDENCE);
        }
        name(Ok(client))
    };
    let good = format!("who={}", signer.sign("user-ada").unwrap());
    assert_eq!(check(&good), somebody("ada"));
    assert_eq!(check(&format!("a=b; {good}")), somebody("ada"));
    assert_eq!(check("a=b"), NOBODY);
    assert_eq!(check("who="), BAD);
    assert_eq!(check("who=user-ada"), BAD);
    assert_eq!(check(&good.replace("ada", "eve")), BAD);
    assert_eq!(
        check(&format!("who={}", of("whom", 7).sign("user-ada").unwrap())),
        BAD
    );
    assert_eq!(
        check(&format!("who={}", of("who", 8).sign("user-ada").unwrap())),
        BAD
    );
    assert_eq!(check(&format!("who={}", signer.sign("ada").unwrap())), BAD);
    assert_eq!(check(&format!("{good}; {good}")), BAD);
    let expired = signer.sign_until("user-ada", NOW).unwrap();
    assert_eq!(check(&format!("who={expired}")), BAD);
}

// Together.

fn says(
    answer: Result<Option<&'static str>, Refusal>,
) -> impl FnOnce(&(), UnixTime) -> Result<Client<String>, Refusal> {
    move |(), _| answer.map(|who| who.map_or(Client::Anonymous, |name| vouch(name).into()))
}

fn never(_: &(), _: UnixTime) -> Result<Client<String>, Refusal> {
    panic!("asked though it is decided")
}

#[test]
fn a_chain_ends_with_the_first_that_finds_somebody() {
    let nobody = || says(Ok(None));
    let ada = || says(Ok(Some("ada")));
    let run = |client: Result<Client<String>, Refusal>| name(client);
    assert_eq!(run(Chain((nobody(),)).authenticate(&(), NOW)), NOBODY);
    assert_eq!(
        run(Chain((ada(), never)).authenticate(&(), NOW)),
        somebody("ada")
    );
    assert_eq!(
        run(Chain((nobody(), ada(), never)).authenticate(&(), NOW)),
        somebody("ada")
    );
    let six = Chain((nobody(), nobody(), nobody(), nobody(), nobody(), ada()));
    assert_eq!(run(six.authenticate(&(), NOW)), somebody("ada"));
    let nested = Chain((nobody(), Chain((nobody(), ada())), never));
    assert_eq!(run(nested.authenticate(&(), NOW)), somebody("ada"));
}

#[test]
fn a_chain_hides_no_error() {
    for refusal in [Refusal::InvalidCredentials, Refusal::Unavailable] {
        let bad = || says(Err(refusal));
        let nobody = || says(Ok(None));
        assert_eq!(
            name(Chain((bad(), never)).authenticate(&(), NOW)),
            Err(refusal)
        );
        assert_eq!(
            name(Chain((nobody(), bad(), never)).authenticate(&(), NOW)),
            Err(refusal)
        );
    }
}

#[test]
fn a_forged_token_is_not_overlooked_for_a_good_cookie() {
    let lines = [("authorization", "Bearer forged"), ("cookie", "sid=1")];
    let chain = Chain((
        Bearer::new(|_, _| Err::<Authenticated<String>, _>(token::Error::Signature.into())),
        |_: &_, _: UnixTime| Ok(vouch("ada").into()),
    ));
    assert_eq!(name(chain.authenticate(&lines, NOW)), BAD);
}

#[test]
fn lines_are_found_in_either_case() {
    let pairs = [("Cookie", "a=1"), ("HOST", "x"), ("cookie", "b=2")];
    assert!(pairs.lines("cookie").eq([b"a=1", b"b=2"]));
    assert!(pairs[1..].lines("Cookie").eq([b"b=2"]));
    assert!(pairs.lines("host").eq([b"x"]));
    assert_eq!(pairs.lines("cook").count(), 0);
}

#[test]
fn errors_become_refusals() {
    use session::Error;
    for (error, refusal) in [
        (Error::Gone, Refusal::InvalidCredentials),
        (Error::Malformed, Refusal::InvalidCredentials),
        (Error::Ambiguous, Refusal::InvalidCredentials),
        (Error::Anonymous, Refusal::LoginNeeded),
        (Error::OtherUser, Refusal::Forbidden),
        (Error::Csrf, Refusal::Forbidden),
        (Error::Superseded, Refusal::Unavailable),
        (Error::UserLimit, Refusal::Forbidden),
        (Error::Full, Refusal::Unavailable),
        (Error::NoEntropy, Refusal::Unavailable),
        (Error::Unavailable, Refusal::Unavailable),
    ] {
        assert_eq!(Refusal::from(error), refusal, "{error:?}");
    }
    for error in [token::Error::Expired, token::Error::Signature] {
        assert_eq!(Refusal::from(error), Refusal::InvalidCredentials);
    }
    let no_room = SetCookie::new("a", "b").unwrap().write(&mut []);
    let no_room = token::Error::from(no_room.unwrap_err());
    for (error, refusal) in [
        (issuer::Error::Revoked, Refusal::InvalidCredentials),
        (token::Error::Expired.into(), Refusal::InvalidCredentials),
        // Nobody can make a server look as if it were down by a long token.
        (no_room.into(), Refusal::InvalidCredentials),
        (refresh::Error::Reused.into(), Refusal::InvalidCredentials),
        (refresh::Error::Full.into(), Refusal::Unavailable),
        (issuer::Error::Unavailable, Refusal::Unavailable),
    ] {
        assert_eq!(Refusal::from(error), refusal, "{error:?}");
    }
    assert_eq!(Refusal::from(Anonymous), Refusal::LoginNeeded);
    assert_eq!(Anonymous.to_string(), "nobody is logged in");
}
