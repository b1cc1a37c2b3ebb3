//! A stolen store lets nobody in: a thief who has every byte of the memory in which sessions and
//! families lie, or of their records, presents each piece of it, as it is and as text, and nothing
//! opens. That the search would find what opens is shown with programs that keep it where they
//! should not.

// The memory of this process is read out of a file, so that no byte is left out: neither padding
// nor what a removed session has left behind.
#![cfg(target_os = "linux")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::cell::RefCell;
use std::fs::File;
use std::os::unix::fs::FileExt;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{self, Families, Grant, Seal, Ticket};
use hardtack::scope::Scope;
use hardtack::session::{Handle, Record, Rules, Secret, Sessions};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// A random source that remembers what it gave.
#[derive(Default)]
struct Source(RefCell<Vec<Vec<u8>>>);

impl Source {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), getrandom::Error> {
        getrandom::fill(bytes)?;
        self.0.borrow_mut().push(bytes.to_vec());
        Ok(())
    }
}

/// Every byte of a value.
fn bytes_of<T>(value: &T) -> Vec<u8> {
    let mut bytes = vec![0; size_of::<T>()];
    let address = core::ptr::from_ref(value).addr();
    let memory = File::open("/proc/self/mem").unwrap();
    memory.read_exact_at(&mut bytes, address as u64).unwrap();
    bytes
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn who(user: u32) -> Authenticated<u32> {
    Authenticated::vouch(user, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

/// 32 bytes in base64url: the text of a handle is written as that of a secret and of a MAC.
fn text_of(bytes: &[u8]) -> String {
    Handle::from_bytes(bytes.try_into().unwrap()).to_string()
}

fn secret_text(secret: &Secret) -> String {
    let mut text = [0; Secret::LEN];
    secret.write(&mut text).unwrap().to_owned()
}

/// What a thief can present as a secret: each 32 bytes, and each 43 that are such a text already.
fn secrets_in(stolen: &[u8]) -> impl Iterator<Item = Secret> {
    let raw = stolen
        .windows(32)
        .map(|window| text_of(window).into_bytes());
    let texts = stolen.windows(43).map(<[u8]>::to_vec);
    raw.chain(texts)
        .filter_map(|text| Secret::parse(&text).ok())
}

/// How many pieces of what was stolen are a CSRF token of this secret, or make one.
fn csrf_tokens_in(stolen: &[u8], secret: &Secret) -> usize {
    let made = secrets_in(stolen).map(|made| made.csrf_token(getrandom::fill).unwrap().to_string());
    let raw = stolen.windows(32).map(text_of);
    let texts = stolen
        .windows(43)
        .map(|window| String::from_utf8_lossy(window).into());
    let all = raw.chain(texts).chain(made);
    all.filter(|token| secret.verify_csrf(token.as_bytes()).is_ok())
        .count()
}

/// Sessions of every kind, and what opens those that live.
fn sessions<D: Default>(source: &Source) -> (Box<Sessions<u32, D, 8>>, Vec<Secret>) {
    let fill = |bytes: &mut [u8]| source.fill(bytes);
    let mut sessions = Box::new(Sessions::new(Rules::AAL1));
    let visitor = sessions.open(D::default(), fill, NOW).unwrap();
    let guest = sessions.open(D::default(), fill, NOW).unwrap();
    let ada = sessions.login(Some(&guest), who(1), fill, NOW).unwrap();
    let old = sessions.login(None, who(2), fill, NOW).unwrap();
    let new = sessions.rotate(&old, fill, NOW).unwrap();
    let weak = sessions.login(None, who(3), fill, NOW).unwrap();
    let strong = sessions.reauthenticate(&weak, who(3), fill, NOW).unwrap();
    let ended = sessions.login(None, who(4), fill, NOW).unwrap();
    sessions.end(&ended, NOW).unwrap();
    (sessions, vec![visitor, ada, old, new, strong])
}

#[test]
fn all_bytes_of_sessions_in_memory_let_nobody_in() {
    let source = Source::default();
    let (mut sessions, living) = sessions::<u32>(&source);
    let stolen = bytes_of(&*sessions);
    // It is the right memory: what the server knows is there.
    for secret in &living {
        assert!(sessions.check(secret, NOW).is_ok());
        assert!(holds(&stolen, secret.handle().as_bytes()));
    }
    // Nothing that the source ever gave is, nor the text that went into a cookie.
    assert_eq!(source.0.borrow().len(), 8);
    for given in source.0.borrow().iter() {
        assert!(!holds(&stolen, given));
        assert!(!holds(&stolen, text_of(given).as_bytes()));
    }
    // And nothing that is there opens anything.
    for secret in secrets_in(&stolen) {
        assert!(sessions.check(&secret, NOW).is_err());
    }
    for secret in &living {
        assert_eq!(csrf_tokens_in(&stolen, secret), 0);
    }
}

#[test]
fn a_secret_in_the_memory_of_sessions_would_be_found() {
    let (mut sessions, living) = sessions::<Option<[u8; 43]>>(&Source::default());
    let secret = &living[1];
    let text = secret_text(secret);
    let keep = |data: &mut Option<_>| *data = text.as_bytes().try_into().ok();
    sessions.update(secret, keep, NOW).unwrap();
    let stolen = bytes_of(&*sessions);
    let opening = secrets_in(&stolen).filter(|secret| sessions.check(secret, NOW).is_ok());
    assert_eq!(opening.count(), 1);
    assert_eq!(csrf_tokens_in(&stolen, secret), 1);
    let token = secret.csrf_token(getrandom::fill).unwrap().to_string();
    assert_eq!(csrf_tokens_in(token.as_bytes(), secret), 1);
}

#[test]
fn all_bytes_of_a_record_let_nobody_in() {
    let source = Source::default();
    let fill = |bytes: &mut [u8]| source.fill(bytes);
    let (visitor, mut record) = Record::<u32, u32>::open(0, fill, NOW).unwrap();
    let (old, _) = record
        .login(&visitor, who(1), &Rules::AAL1, fill, NOW)
        .unwrap();
    let (new, _) = record.rotate(&old, &Rules::AAL1, fill, NOW).unwrap();
    for stolen in [
        record.core().to_vec(),
        serde_json::to_vec(&record).unwrap(),
        bytes_of(&record),
    ] {
        for given in source.0.borrow().iter() {
            assert!(!holds(&stolen, given));
            assert!(!holds(&stolen, text_of(given).as_bytes()));
        }
        for secret in secrets_in(&stolen) {
            assert!(record.check(&secret, &Rules::AAL1, NOW).is_err());
        }
        for secret in [&old, &new] {
            assert!(record.check(secret, &Rules::AAL1, NOW).is_ok());
            assert_eq!(csrf_tokens_in(&stolen, secret), 0);
        }
    }
}

fn seal(key: &[u8]) -> Seal<'static, Hs256> {
    Seal::new(&Keyring::new("k", Key::new(key).unwrap()))
}

/// How many pieces of what was stolen are a token of this seal, or make one of a ticket, as its MAC
/// or as the key.
fn tokens_in(stolen: &[u8], seal_of_server: &Seal<'_, Hs256>, tickets: &[Ticket]) -> usize {
    let whole = stolen.windows(refresh::Token::LEN).map(<[u8]>::to_vec);
    let mac_of = |said: &str, mac: &[u8]| [said.as_bytes(), mac].concat();
    let made = tickets.iter().flat_map(|ticket| {
        // What the token says is no secret to the thief; what proves it is.
        let token = seal_of_server.sign(*ticket);
        let said = token.expose()[..32].to_owned();
        let texts = stolen.windows(43).map(<[u8]>::to_vec);
        let raw = stolen.windows(32).map(|raw| text_of(raw).into_bytes());
        let by_mac = texts.chain(raw).map(move |mac| mac_of(&said, &mac));
        let keys = stolen.windows(32).map(seal);
        by_mac.chain(keys.map(|seal| seal.sign(*ticket).expose().as_bytes().to_vec()))
    });
    whole
        .chain(made)
        .filter(|token| seal_of_server.verify(token).is_ok())
        .count()
}

/// Families of every kind and what their current tokens say, those that are replaced besides.
fn families(source: &Source) -> (Box<Families<u32, 4>>, Vec<Ticket>) {
    let fill = |bytes: &mut [u8]| source.fill(bytes);
    let rules = refresh::Rules::AAL1.with_grace(core::time::Duration::from_secs(10));
    let mut families = Box::new(Families::new(rules));
    let grant = |user| Grant::new(&who(user), "app", Scope::parse("a b").unwrap()).unwrap();
    let first = families.open(grant(1), fill, NOW).unwrap();
    let second = families.rotate(first, "app", Scope::NONE, NOW).unwrap();
    assert_eq!(families.rotate(first, "app", Scope::NONE, NOW), Ok(second));
    let other = families.open(grant(2), fill, NOW).unwrap();
    let ended = families.open(grant(3), fill, NOW).unwrap();
    families.revoke(ended.family());
    (families, vec![first, second, other, ended])
}

#[test]
fn all_bytes_of_families_in_memory_let_nobody_in() {
    let mut key = [0; 32];
    getrandom::fill(&mut key).unwrap();
    let seal = seal(&key);
    let (families, tickets) = families(&Source::default());
    let stolen = bytes_of(&*families);
    // It is the right memory: the families' names are there.
    assert!(holds(&stolen, tickets[1].family().as_bytes()));
    assert!(holds(&stolen, tickets[2].family().as_bytes()));
    assert!(!holds(&stolen, &key));
    assert_eq!(tokens_in(&stolen, &seal, &tickets), 0);
    for family in families.of_user(&1, NOW).chain(families.of_user(&2, NOW)) {
        let row = serde_json::to_vec(family).unwrap();
        assert_eq!(tokens_in(&row, &seal, &tickets), 0);
    }
}

#[test]
fn a_token_or_the_key_in_the_memory_of_families_would_be_found() {
    let key = b"0123456789abcdef0123456789ABCDEF";
    let seal = seal(key);
    let (mut families, tickets) = families(&Source::default());
    let token = seal.sign(tickets[1]);
    for (kept, pieces) in [
        // All of it, and its MAC.
        (token.expose(), 2),
        (&token.expose()[32..], 1),
        // Whoever has the key makes any token.
        (str::from_utf8(key).unwrap(), 1),
    ] {
        let grant = Grant::new(&who(9), kept, Scope::NONE).unwrap();
        let ticket = families.open(grant, getrandom::fill, NOW).unwrap();
        let stolen = bytes_of(&*families);
        assert_eq!(tokens_in(&stolen, &seal, &tickets[1..2]), pieces, "{kept}");
        families.revoke(ticket.family());
    }
}
