//! Policies: the crate agrees with the slow model of the standard, and keeps its laws; a challenge
//! reads back as what was written; credentials are found as an obvious reader finds them.

#![no_main]

use hardtack::identity::{Anonymous, Assurance, Authenticated, Client, Evidence, Factors};
use hardtack::policy::{
    Answer, Authenticator, Basic, Bearer, Outcome, Refusal, Scheme, StepUp, Steps, authorize_traced,
};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

#[path = "../../tests/policy_laws/model.rs"]
mod model;

use model::{
    Algorithm, Question, Tree, answered, coins, failing, model, shuffled, verdict, with_denials,
};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    seed: u64,
    policy: &'a [u8],
    realm: &'a str,
    description: &'a str,
    authorization: &'a [u8],
}

// A policy in bytes, of limited depth; what is missing is zero.

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        match self.0 {
            [first, rest @ ..] => {
                self.0 = rest;
                *first
            }
            [] => 0,
        }
    }

    fn tree(&mut self, depth: u8) -> Tree {
        match self.next() % if depth == 0 { 3 } else { 10 } {
            0 => Tree::Allow(self.question(2)),
            1 => Tree::Deny(self.question(2)),
            2 => Tree::Require(self.question(2)),
            3 => Tree::When(self.question(2), Box::new(self.tree(depth - 1))),
            4 => Tree::Hide(Box::new(self.tree(depth - 1))),
            algorithm => {
                let algorithm = match algorithm {
                    5 => Algorithm::DenyOverrides,
                    6 => Algorithm::PermitOverrides,
                    7 => Algorithm::FirstApplicable,
                    8 => Algorithm::DenyUnlessPermit,
                    _ => Algorithm::PermitUnlessDeny,
                };
                let members = 1 + self.next() % 4;
                Tree::Several(
                    algorithm,
                    (0..members).map(|_| self.tree(depth - 1)).collect(),
                )
            }
        }
    }

    fn question(&mut self, depth: u8) -> Question {
        match self.next() % if depth == 0 { 13 } else { 16 } {
            0..4 => Question::Said(Answer::Yes),
            4 | 5 => Question::Said(Answer::Unknown),
            no @ 6..13 => Question::Said(Answer::No(refusal(no - 6))),
            13 => Question::Not(Box::new(self.question(depth - 1))),
            several => {
                let parts = 1 + self.next() % 3;
                let parts = (0..parts).map(|_| self.question(depth - 1)).collect();
                if several == 14 {
                    Question::All(parts)
                } else {
                    Question::Any(parts)
                }
            }
        }
    }
}

fn refusal(number: u8) -> Refusal {
    match number {
        0 => Refusal::StepUp(StepUp::new().level(Assurance::Aal2)),
        1 => Refusal::StepUp(StepUp::new().within(core::time::Duration::from_secs(300))),
        2 => Refusal::MissingScope(Scope::parse("orders:read orders:write").unwrap()),
        3 => Refusal::LoginNeeded,
        4 => Refusal::InvalidCredentials,
        5 => Refusal::Hidden,
        _ => Refusal::Forbidden,
    }
}

fn laws_of_policies(tree: &Tree, seed: u64) {
    let said = verdict(tree);
    assert_eq!(said.outcome(), model(tree));
    assert_eq!(verdict(&shuffled(tree, &mut coins(seed))), said);
    if said.outcome() == Outcome::Allow {
        let answered = answered(tree, &mut coins(seed));
        assert_eq!(verdict(&answered).outcome(), Outcome::Allow);
    } else {
        let stricter = with_denials(tree, &mut coins(seed));
        assert_ne!(verdict(&stricter).outcome(), Outcome::Allow);
        let failing = failing(tree, &mut coins(seed));
        assert_ne!(verdict(&failing).outcome(), Outcome::Allow);
    }
    let mut steps = Steps::<8>::new();
    let decision = authorize_traced::<_, (), _>(tree, (), &Anonymous, &mut steps, UnixTime::EPOCH);
    assert_eq!(decision.is_ok(), said.outcome() == Outcome::Allow);
    assert_eq!(steps.decision(), Some(decision.map(|_| ())));
}

// Challenges.

fn laws_of_challenges(realm: &str, description: &str, refusal: Refusal) {
    let quotable = |byte: u8| matches!(byte, b'\t' | b' '..=b'~');
    let Ok(scheme) = Scheme::bearer(realm) else {
        assert!(!realm.bytes().all(quotable));
        return;
    };
    assert!(realm.bytes().all(quotable));
    let Some(challenge) = refusal.challenge(scheme) else {
        assert!(!matches!(refusal.status(), 401));
        return;
    };
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    let described = challenge.describe(description);
    assert_eq!(described.is_ok(), description.bytes().all(plain));
    let challenge = described.unwrap_or(challenge);

    let text = challenge.to_string();
    let mut buffer = vec![0; challenge.len()];
    assert_eq!(challenge.write(&mut buffer).unwrap(), text);
    assert!(challenge.write(&mut buffer[1..]).is_err());

    let parameters = parameters(text.strip_prefix("Bearer ").unwrap());
    let find = |name: &str| {
        let mut found = parameters.iter().filter(|(own, _)| own == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none());
        value
    };
    assert_eq!(find("realm"), Some(realm));
    assert_eq!(find("error").is_none(), refusal == Refusal::LoginNeeded);
    let told = described.is_ok() && !description.is_empty() && find("error").is_some();
    assert_eq!(find("error_description"), told.then_some(description));
}

/// `#auth-param`, each a quoted-string, read slowly.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while rest.peek().is_some() {
        let name: String = rest.by_ref().take_while(|next| *next != '=').collect();
        assert_eq!(rest.next(), Some('"'));
        let mut value = String::new();
        loop {
            match rest.next().expect("quoted-strings end") {
                '"' => break,
                '\\' => value.push(rest.next().expect("something is quoted")),
                plain => value.push(plain),
            }
        }
        found.push((name, value));
        if let Some(comma) = rest.next() {
            assert_eq!((comma, rest.next()), (',', Some(' ')));
        }
    }
    found
}

// Credentials.

fn laws_of_credentials(line: &[u8]) {
    let request = [("authorization", line)];
    let vouch = |name: String| {
        let password = Evidence::new(Assurance::Aal1, Factors::PWD);
        Ok(Authenticated::vouch(name, password, UnixTime::EPOCH))
    };
    let found = |client: Result<Client<String>, Refusal>| {
        client.map(|client| {
            client
                .authenticated()
                .ok()
                .map(|who| who.principal().clone())
        })
    };
    let bearer = Bearer::new(|token, _| vouch(String::from_utf8_lossy(token).into()));
    let bearer = found(bearer.authenticate(&request, UnixTime::EPOCH));
    let mut scratch = [1; 64];
    let basic = Basic::new(&mut scratch, |login, _| {
        assert!(!login.user().contains(':'));
        vouch(format!("{}:{}", login.user(), login.password()))
    });
    let basic = found(basic.authenticate(&request, UnixTime::EPOCH));
    // One header is of one scheme.
    assert!(bearer == Ok(None) || basic == Ok(None));

    let text = String::from_utf8_lossy(line);
    let text = text.trim_matches([' ', '\t']);
    if let Ok(Some(token)) = bearer {
        let (scheme, rest) = text.split_once(' ').unwrap();
        assert!(scheme.eq_ignore_ascii_case("bearer"));
        assert_eq!(rest.trim_matches(' '), token);
    }
    if let Ok(Some(login)) = basic {
        let (scheme, rest) = text.split_once(' ').unwrap();
        assert!(scheme.eq_ignore_ascii_case("basic"));
        assert_eq!(rest.trim_matches(' '), base64(login.as_bytes()));
        assert_eq!(scratch, [0; 64]);
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | u32::from(*chunk.get(at).unwrap_or(&0))
        });
        for at in 0..4 {
            let six = (bits >> (18 - 6 * at)) as usize % 64;
            text.push(if at <= chunk.len() {
                ALPHABET[six].into()
            } else {
                '='
            });
        }
    }
    text
}

fuzz_target!(|input: Input| {
    laws_of_policies(&Bytes(input.policy).tree(3), input.seed);
    let refusal = refusal((input.seed % 7) as u8);
    laws_of_challenges(input.realm, input.description, refusal);
    laws_of_credentials(input.authorization);
});
