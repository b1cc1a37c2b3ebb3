//! `Debug` of every type of sessions and families shows no secret: neither what a client holds nor a
//! key, as text, as numbers or as hexadecimal. Every public type is there; a new one is missed.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used
)]

use core::any::type_name;
use core::fmt::Debug;
use core::time::Duration;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use hardtack::cookie::{Header, SetCookie};
use hardtack::denylist::{self, Denylist};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, InvalidTag, Key, KeyError, Keyring, KeyringError};
use hardtack::refresh::{self, Decision, Families, Family, Grant, Seal};
use hardtack::scope::Scope;
use hardtack::secret;
use hardtack::session::{
    self, Cookie, Fault, Lifetime, PerUser, Record, Rules, Secret, Sessions, Stored,
};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const RULES: Rules = Rules::AAL1;

/// The modules whose types are looked for in the sources.
const MODULES: [&str; 6] = ["session", "refresh", "denylist", "secret", "mac", "memory"];

/// What was shown, and of which types.
#[derive(Default)]
struct Shown {
    text: String,
    types: BTreeSet<String>,
}

impl Shown {
    fn show<T: Debug>(&mut self, value: &T) {
        assert_ne!(format!("{value:?}"), "");
        self.text += &format!("{value:?}\n{value:#?}\n{value:x?}\n");
        let name = type_name::<T>().split('<').next().unwrap();
        let path: Vec<_> = name.split("::").collect();
        if path[0] == "hardtack" {
            let (module, name) = (path[1], path[path.len() - 1]);
            self.types.insert(format!("{module}::{name}"));
        }
    }

    /// Whether six of these bytes in a row are to be seen as numbers, or eight as text.
    fn betrays(&self, bytes: &[u8]) -> bool {
        let shown: String = self.text.split_whitespace().collect();
        let numbers = bytes.windows(6).any(|part| {
            let decimal: Vec<_> = part.iter().map(u8::to_string).collect();
            let hex: Vec<_> = part.iter().map(|byte| format!("{byte:x}")).collect();
            let joined: String = part.iter().map(|byte| format!("{byte:02x}")).collect();
            let forms = [decimal.join(","), hex.join(","), joined];
            forms.iter().any(|form| shown.contains(form))
        });
        let text = |part: &[u8]| str::from_utf8(part).is_ok_and(|text| shown.contains(text));
        numbers || bytes.windows(8).any(text)
    }
}

/// The public types of these modules, by their sources.
fn public_types() -> BTreeSet<String> {
    fn read(path: &Path, module: &str, found: &mut BTreeSet<String>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                read(&entry.unwrap().path(), module, found);
            }
        } else if let Ok(source) = fs::read_to_string(path) {
            for line in source.lines() {
                let rest = ["pub struct ", "pub enum "]
                    .iter()
                    .find_map(|start| line.strip_prefix(start));
                if let Some(rest) = rest {
                    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap();
                    found.insert(format!("{module}::{}", &rest.get(..end).unwrap()));
                }
            }
        }
    }
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for module in MODULES {
        read(&sources.join(format!("{module}.rs")), module, &mut found);
        read(&sources.join(module), module, &mut found);
    }
    found
}

fn who(user: u32) -> Authenticated<u32> {
    Authenticated::vouch(user, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

fn text_of(secret: &Secret) -> String {
    let mut text = [0; Secret::LEN];
    secret.write(&mut text).unwrap().to_owned()
}

#[test]
fn debug_of_every_type_shows_no_secret() {
    let mut shown = Shown::default();
    let given = RefCell::new(Vec::new());
    let fill = |bytes: &mut [u8]| {
        getrandom::fill(bytes)?;
        given.borrow_mut().push(bytes.to_vec());
        Ok::<(), getrandom::Error>(())
    };

    let mut sessions = Sessions::<u32, u32, 8>::new(RULES);
    let visitor = sessions.open(0, fill, NOW).unwrap();
    let old = sessions.login(Some(&visitor), who(1), fill, NOW).unwrap();
    let new = sessions.rotate(&old, fill, NOW).unwrap();
    let token = new.csrf_token(fill).unwrap();
    let mut buffer = [0; 160];
    let set = Cookie::HOST.set(&new, &mut buffer).unwrap().to_owned();
    shown.show(&sessions);
    shown.show(&sessions.check(&new, NOW).unwrap());
    shown.show(&[&visitor, &old, &new]);
    shown.show(&new);
    shown.show(&new.handle());
    shown.show(&token);
    shown.show(&RULES);
    shown.show(&Lifetime {
        idle: Duration::ZERO,
        absolute: Duration::MAX,
    });
    shown.show(&PerUser::Refuse(3));
    shown.show(&session::Error::Gone);
    shown.show(&Fault::Outage(session::Error::Full));
    shown.show(&Cookie::HOST);
    // What carries the secret out and in.
    let value = text_of(&new);
    let set_cookie = SetCookie::new("__Host-session", &value).unwrap();
    shown.show(&set_cookie);
    shown.show(&Cookie::new(set_cookie).unwrap());
    shown.show(&Header::new([set.as_bytes()]));

    let (own, mut record) = Record::<u32, u32>::open(0, fill, NOW).unwrap();
    shown.show(&record.insertion(&RULES, NOW));
    let (next, change) = record.rotate(&own, &RULES, fill, NOW).unwrap();
    shown.show(&change);
    shown.show(&record.removal());
    shown.show(&record.stamp());
    shown.show(&record);
    let mut stored = Stored::new(sessions, RULES);
    shown.show(&stored.check(&new, NOW).unwrap());
    shown.show(&stored);

    let mut key = [0; 32];
    fill(&mut key).unwrap();
    let ring = Keyring::<_, 1>::new("1", Key::<Hs256>::new(&key).unwrap());
    let mut former = [0; 32];
    fill(&mut former).unwrap();
    let ring = ring.with_former("0", Key::new(&former).unwrap()).unwrap();
    let seal = Seal::new(&ring);
    let mut families = Families::<u32, 4>::new(refresh::Rules::AAL1);
    let grant = Grant::new(&who(1), "app", Scope::NONE).unwrap();
    let first = families.open(grant.clone(), getrandom::fill, NOW).unwrap();
    let second = families.rotate(first, "app", Scope::NONE, NOW).unwrap();
    let tokens = [seal.sign(first), seal.sign(second)];
    let family: Family<u32> = families.check(first.family(), NOW).unwrap().clone();
    let decision = family.decide(second, "app", Scope::NONE, families.rules(), NOW);
    assert!(matches!(decision, Decision::Rotate(_)));
    shown.show(&seal);
    shown.show(&tokens[0]);
    shown.show(&second);
    shown.show(&second.family());
    shown.show(&family.state());
    shown.show(&family);
    shown.show(&grant);
    shown.show(&decision);
    shown.show(families.rules());
    shown.show(&families);
    shown.show(&refresh::Error::Gone);

    let mut denied = Denylist::<4>::new(Duration::ZERO, Duration::ZERO);
    denied.deny_token("a", NOW, NOW).unwrap();
    shown.show(&denied);
    shown.show(&denylist::Error::Full);

    let root = ring.current().1;
    let tag = root.tag(b"message");
    shown.show(&ring);
    shown.show(root);
    shown.show(&tag);
    let invalid: Result<(), InvalidTag> = root.verify(b"another message", tag.as_ref());
    shown.show(&invalid.unwrap_err());
    shown.show(&KeyError::TooShort);
    shown.show(&KeyringError::Full);
    shown.show(&secret::Secret::<32>::from_bytes(key));

    let texts = [&visitor, &old, &new, &own, &next].map(text_of);
    // Of a refresh token what follows the family's name and the counter, which are no secrets.
    let macs = [&tokens[0], &tokens[1]].map(|token| token.expose()[32..].to_owned());
    let given = given.into_inner();
    let token = token.to_string();
    let secrets = given
        .iter()
        .map(Vec::as_slice)
        .chain(texts.iter().chain(&macs).map(String::as_bytes))
        .chain([token.as_bytes(), tag.as_ref()]);
    let mut betrayed = Shown::default();
    for secret in secrets {
        assert!(!shown.betrays(secret));
        // It would be noticed.
        betrayed.show(&secret);
        assert!(betrayed.betrays(secret));
    }
    let ours = |name: &&String| {
        MODULES
            .iter()
            .any(|module| name.starts_with(&format!("{module}::")))
    };
    let types: BTreeSet<_> = shown.types.iter().filter(ours).cloned().collect();
    assert_eq!(types, public_types());
}
