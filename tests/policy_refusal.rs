//! Every refusal is the right status and the right `WWW-Authenticate`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use core::time::Duration;

use hardtack::identity::Assurance;
use hardtack::policy::{NotQuotable, Refusal, Scheme, StepUp};
use hardtack::scope::Scope;
use hardtack::write::NoRoom;
use proptest::prelude::*;

const BEARER: Scheme<'_> = scheme(Scheme::bearer("shop"));
const BASIC: Scheme<'_> = scheme(Scheme::basic("shop"));
const COOKIE: Scheme<'_> = scheme(Scheme::cookie("shop", "__Host-sid"));

const fn scheme(scheme: Result<Scheme<'static>, NotQuotable>) -> Scheme<'static> {
    match scheme {
        Ok(scheme) => scheme,
        Err(_) => panic!("not a realm"),
    }
}

const fn scope(text: &'static str) -> Scope<'static> {
    match Scope::parse(text) {
        Ok(scope) => scope,
        Err(_) => panic!("not a scope"),
    }
}

const FRESH: StepUp = StepUp::new().within(Duration::from_secs(300));
const STRONG: StepUp = StepUp::new().level(Assurance::Aal2);
const WIDE: Refusal = Refusal::MissingScope(scope("orders:read orders:refund"));

/// All of them, the nearest to a grant first.
const ALL: [Refusal; 7] = [
    Refusal::StepUp(FRESH),
    WIDE,
    Refusal::LoginNeeded,
    Refusal::InvalidCredentials,
    Refusal::Unavailable,
    Refusal::Forbidden,
    Refusal::Hidden,
];

#[track_caller]
fn assert_answer(refusal: Refusal, status: u16, challenges: [Option<&str>; 3]) {
    assert_eq!(refusal.status(), status);
    for (scheme, expected) in [BEARER, BASIC, COOKIE].into_iter().zip(challenges) {
        let challenge = refusal.challenge(scheme);
        let text = challenge.map(|challenge| challenge.to_string());
        assert_eq!(text.as_deref(), expected, "{refusal:?}");
        if let Some(challenge) = challenge {
            let mut buffer = [7; 300];
            let exact = challenge.len();
            assert_eq!(challenge.write(&mut buffer[..exact]).ok(), expected);
            let mut short = [7; 300];
            let room = &mut short[..exact - 1];
            assert!(matches!(challenge.write(room), Err(NoRoom { needed, .. }) if needed == exact));
            assert_eq!(short, [7; 300]);
        }
    }
}

#[test]
fn a_login_that_is_needed_names_no_error() {
    assert_answer(
        Refusal::LoginNeeded,
        401,
        [
            Some(r#"Bearer realm="shop""#),
            Some(r#"Basic realm="shop", charset="UTF-8""#),
            Some(r#"Cookie realm="shop", cookie-name="__Host-sid""#),
        ],
    );
}

#[test]
fn invalid_credentials() {
    assert_answer(
        Refusal::InvalidCredentials,
        401,
        [
            Some(r#"Bearer realm="shop", error="invalid_token""#),
            Some(r#"Basic realm="shop", charset="UTF-8""#),
            Some(r#"Cookie realm="shop", cookie-name="__Host-sid", error="invalid_token""#),
        ],
    );
}

#[test]
fn a_step_up() {
    let needed = "insufficient_user_authentication";
    for (login, parameters) in [
        (StepUp::new(), ""),
        (FRESH, r#", max_age="300""#),
        (STRONG, r#", acr_values="aal2""#),
        (StepUp::new().within(Duration::ZERO), r#", max_age="0""#),
        (
            StepUp::new().within(Duration::MAX),
            r#", max_age="4294967295""#,
        ),
        (
            StepUp::new().within(Duration::from_secs((1 << 32) + 300)),
            r#", max_age="4294967295""#,
        ),
        (
            FRESH.level(Assurance::Aal3).scope(scope("refund")),
            r#", scope="refund", max_age="300", acr_values="aal3""#,
        ),
    ] {
        assert_answer(
            Refusal::StepUp(login),
            401,
            [
                Some(&format!(
                    r#"Bearer realm="shop", error="{needed}"{parameters}"#
                )),
                Some(r#"Basic realm="shop", charset="UTF-8""#),
                Some(&format!(
                    r#"Cookie realm="shop", cookie-name="__Host-sid", error="{needed}"{parameters}"#
                )),
            ],
        );
    }
}

#[test]
fn a_missing_scope() {
    assert_answer(
        WIDE,
        403,
        [
            Some(
                r#"Bearer realm="shop", error="insufficient_scope", scope="orders:read orders:refund""#,
            ),
            None,
            None,
        ],
    );
    assert_answer(
        Refusal::MissingScope(Scope::NONE),
        403,
        [
            Some(r#"Bearer realm="shop", error="insufficient_scope""#),
            None,
            None,
        ],
    );
}

#[test]
fn what_a_client_cannot_mend_has_no_challenge() {
    assert_answer(Refusal::Forbidden, 403, [None; 3]);
    assert_answer(Refusal::Hidden, 404, [None; 3]);
    assert_answer(Refusal::Unavailable, 503, [None; 3]);
}

#[test]
fn a_description_goes_with_an_error_only() {
    let described = |refusal: Refusal, scheme| {
        let challenge = refusal.challenge(scheme).unwrap();
        challenge
            .describe("log in again, please")
            .unwrap()
            .to_string()
    };
    assert_eq!(
        described(Refusal::InvalidCredentials, BEARER),
        r#"Bearer realm="shop", error="invalid_token", error_description="log in again, please""#
    );
    assert_eq!(
        described(Refusal::LoginNeeded, BEARER),
        r#"Bearer realm="shop""#
    );
    assert_eq!(
        described(Refusal::InvalidCredentials, BASIC),
        r#"Basic realm="shop", charset="UTF-8""#
    );
}

#[test]
fn a_description_that_cannot_be_written_is_refused() {
    let challenge = Refusal::InvalidCredentials.challenge(BEARER).unwrap();
    for words in [
        "say \"no\"",
        "a\\b",
        "a\r\nSet-Cookie: a=b",
        "a\tb",
        "caf\u{e9}",
        "\0",
        "\x7f",
    ] {
        assert_eq!(
            challenge.describe(words).err(),
            Some(NotQuotable),
            "{words:?}"
        );
    }
    assert!(
        challenge
            .describe("")
            .unwrap()
            .to_string()
            .ends_with("\"invalid_token\"")
    );
}

#[test]
fn a_challenge_to_a_writer_that_is_full_is_an_error_and_no_panic() {
    use core::fmt::{Error, Result, Write};
    struct Full(usize);
    impl Write for Full {
        fn write_str(&mut self, text: &str) -> Result {
            self.0 = self.0.checked_sub(text.len()).ok_or(Error)?;
            Ok(())
        }
    }
    for scheme in [BEARER, BASIC, COOKIE] {
        for refusal in ALL {
            let Some(challenge) = refusal.challenge(scheme) else {
                continue;
            };
            for room in 0..challenge.len() {
                assert!(
                    write!(Full(room), "{challenge}").is_err(),
                    "{challenge}: {room}"
                );
            }
            assert!(write!(Full(challenge.len()), "{challenge}").is_ok());
        }
    }
}

#[test]
fn a_realm_is_quoted() {
    for (realm, quoted) in [
        ("", r#""""#),
        ("the shop", r#""the shop""#),
        ("a\tb", "\"a\tb\""),
        (r#"say "hi""#, r#""say \"hi\"""#),
        (r"back\slash\", r#""back\\slash\\""#),
        (r#"""#, r#""\"""#),
        ("a=b, c=d; e", r#""a=b, c=d; e""#),
    ] {
        let challenge = Refusal::LoginNeeded.challenge(Scheme::bearer(realm).unwrap());
        assert_eq!(
            challenge.unwrap().to_string(),
            format!("Bearer realm={quoted}")
        );
        let challenge = Refusal::LoginNeeded.challenge(Scheme::cookie("r", realm).unwrap());
        assert_eq!(
            challenge.unwrap().to_string(),
            format!(r#"Cookie realm="r", cookie-name={quoted}"#)
        );
    }
}

#[test]
fn a_realm_that_cannot_be_quoted_is_refused() {
    for realm in [
        "a\nb",
        "a\r\nSet-Cookie: a=b",
        "\0",
        "\x7f",
        "\x1b[0m",
        "caf\u{e9}",
    ] {
        assert_eq!(Scheme::bearer(realm).err(), Some(NotQuotable), "{realm:?}");
        assert_eq!(Scheme::basic(realm).err(), Some(NotQuotable), "{realm:?}");
        assert_eq!(
            Scheme::cookie(realm, "sid").err(),
            Some(NotQuotable),
            "{realm:?}"
        );
        assert_eq!(
            Scheme::cookie("shop", realm).err(),
            Some(NotQuotable),
            "{realm:?}"
        );
    }
}

// Any realm, cookie name, description and scope: what can be written reads back as it was.

/// `challenge = auth-scheme 1*SP #auth-param`, each parameter a quoted-string (RFC 9110 §11.6.1,
/// §5.6.4), read as it is written there.
fn read(challenge: &str) -> (&str, Vec<(String, String)>) {
    let (scheme, rest) = challenge.split_once(' ').unwrap();
    let mut rest = rest.chars().peekable();
    let mut parameters = Vec::new();
    while rest.peek().is_some() {
        if !parameters.is_empty() {
            assert_eq!((rest.next(), rest.next()), (Some(','), Some(' ')));
        }
        let name: String = rest.by_ref().take_while(|next| *next != '=').collect();
        assert_eq!(rest.next(), Some('"'));
        let mut value = String::new();
        loop {
            match rest.next().expect("a quoted-string ends") {
                '"' => break,
                '\\' => value.push(rest.next().expect("something is quoted")),
                plain => value.push(plain),
            }
        }
        parameters.push((name, value));
    }
    (scheme, parameters)
}

/// Mostly what can be quoted, with much that must be escaped.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~\t]{0,20}",
        2 => r#"["\\ =,;a]{0,12}"#,
        1 => any::<String>(),
    ]
}

/// Scopes leak: those of a program are `static`.
fn scopes() -> impl Strategy<Value = Scope<'static>> {
    let tokens = prop::collection::vec(r"[!#-\[\]-~]{1,8}", 1..4);
    tokens.prop_map(|tokens| Scope::parse(tokens.join(" ").leak()).unwrap())
}

fn refusals() -> impl Strategy<Value = Refusal> {
    let age = prop::option::of(any::<u32>());
    let level = prop::option::of(prop::sample::select(vec![
        Assurance::Aal1,
        Assurance::Aal2,
        Assurance::Aal3,
    ]));
    let step_up = (age, level, prop::option::of(scopes())).prop_map(|(age, level, scope)| {
        let mut login = StepUp::new();
        if let Some(age) = age {
            login = login.within(Duration::from_secs(age.into()));
        }
        if let Some(level) = level {
            login = login.level(level);
        }
        if let Some(scope) = scope {
            login = login.scope(scope);
        }
        Refusal::StepUp(login)
    });
    prop_oneof![
        step_up,
        scopes().prop_map(Refusal::MissingScope),
        prop::sample::select(ALL.to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_challenge_says_reads_back(
        realm in words(), cookie in words(), description in words(), refusal in refusals(),
    ) {
        let is_quotable = |text: &str| text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
        for (name, scheme) in [
            ("Bearer", Scheme::bearer(&realm)),
            ("Basic", Scheme::basic(&realm)),
            ("Cookie", Scheme::cookie(&realm, &cookie)),
        ] {
            let quotable = is_quotable(&realm) && (name != "Cookie" || is_quotable(&cookie));
            prop_assert_eq!(scheme.is_ok(), quotable);
            let Some(challenge) = scheme.ok().and_then(|scheme| refusal.challenge(scheme)) else {
                let is_told = refusal.status() == 401 || (refusal.status() == 403 && name == "Bearer");
                prop_assert!(!quotable || !is_told || refusal == Refusal::Forbidden);
                continue;
            };
            let can_be_described = is_quotable(&description) && !description.contains(['"', '\\', '\t']);
            let described = challenge.describe(&description);
            prop_assert_eq!(described.is_ok(), can_be_described);
            let challenge = described.unwrap_or(challenge);

            let (error, login, scope) = match refusal {
                Refusal::StepUp(login) => {
                    (Some("insufficient_user_authentication"), Some(login), login.needed_scope())
                }
                Refusal::MissingScope(scope) => (Some("insufficient_scope"), None, Some(scope)),
                Refusal::InvalidCredentials => (Some("invalid_token"), None, None),
                _ => (None, None, None),
            };
            let mut expected = vec![("realm", realm.clone())];
            match name {
                "Basic" => expected.push(("charset", "UTF-8".into())),
                "Cookie" => expected.push(("cookie-name", cookie.clone())),
                _ => {}
            }
            if let Some(error) = error.filter(|_| name != "Basic") {
                expected.push(("error", error.into()));
                if can_be_described && !description.is_empty() {
                    expected.push(("error_description", description.clone()));
                }
                expected.extend(scope.map(|scope| ("scope", scope.to_string())));
                let age = login.and_then(|login| login.max_age());
                expected.extend(age.map(|age| ("max_age", age.as_secs().to_string())));
                let level = login.and_then(|login| login.min_level());
                expected.extend(level.map(|level| ("acr_values", level.acr().into())));
            }
            let text = challenge.to_string();
            prop_assert!(text.is_ascii() && !text.contains(['\r', '\n', '\0']));
            let (scheme, parameters) = read(&text);
            prop_assert_eq!(scheme, name);
            let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            prop_assert_eq!(parameters, expected);
            let mut buffer = vec![0; challenge.len()];
            prop_assert_eq!(challenge.write(&mut buffer), Ok(text.as_str()));
        }
    }
}

#[test]
fn past_both_is_past_the_farther() {
    for (rank, refusal) in ALL.into_iter().enumerate() {
        for (other_rank, other) in ALL.into_iter().enumerate() {
            let farther = match (rank, other_rank) {
                // One login mends both.
                (0, 1) | (1, 0) => Refusal::StepUp(FRESH.scope(scope("orders:read orders:refund"))),
                _ => ALL[rank.max(other_rank)],
            };
            assert_eq!(refusal.and(other), farther);
        }
    }
}

#[test]
fn past_either_is_past_the_nearer_but_hidden_stays_hidden() {
    for (rank, refusal) in ALL.into_iter().enumerate() {
        for (other_rank, other) in ALL.into_iter().enumerate() {
            let nearer = if rank == 6 || other_rank == 6 {
                Refusal::Hidden
            } else {
                ALL[rank.min(other_rank)]
            };
            assert_eq!(refusal.or(other), nearer);
        }
    }
}

#[test]
fn past_either_of_two_logins_is_past_the_easier() {
    let older = StepUp::new().within(Duration::from_secs(900));
    // A level takes more than a login anew, and that more than one that may be older.
    let by_effort = [
        StepUp::new(),
        older,
        FRESH,
        STRONG,
        STRONG.within(Duration::ZERO),
    ];
    for (effort, login) in by_effort.into_iter().enumerate() {
        for (other_effort, other) in by_effort.into_iter().enumerate() {
            let easier = by_effort[effort.min(other_effort)];
            let either = Refusal::StepUp(login).or(Refusal::StepUp(other));
            assert_eq!(either, Refusal::StepUp(easier));
        }
    }
}

#[test]
fn one_login_is_asked_for_all_that_it_must_be() {
    let older = StepUp::new()
        .within(Duration::from_secs(900))
        .level(Assurance::Aal3);
    let both = Refusal::StepUp(FRESH.level(Assurance::Aal3));
    for (a, b) in [(FRESH, older), (older, FRESH)] {
        assert_eq!(Refusal::StepUp(a).and(Refusal::StepUp(b)), both);
    }
    assert_eq!(
        Refusal::StepUp(FRESH).and(Refusal::StepUp(STRONG)),
        Refusal::StepUp(FRESH.level(Assurance::Aal2))
    );
    let narrow = Refusal::MissingScope(scope("orders:read"));
    assert_eq!(narrow.and(WIDE), WIDE);
    assert_eq!(WIDE.and(narrow), WIDE);
    let other = Refusal::MissingScope(scope("profile"));
    assert_eq!(other.and(narrow), other);
    assert_eq!(narrow.and(other), narrow);
}
