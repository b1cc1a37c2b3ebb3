//! What touches a secret, and a control that does it wrong.

use core::convert::Infallible;
use core::hint::black_box;
use core::time::Duration;

use hardtack::cookie;
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{Families, Grant, Rules, Seal};
use hardtack::scope::Scope;
use hardtack::secret;
use hardtack::session::Secret;
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Signer, Type, Verifier};

pub const NOW: UnixTime = UnixTime::from_secs(1_795_000_000);

/// What somebody presents: the right thing, or another one of the same length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presented {
    Right,
    WrongAtFirst,
    WrongAtLast,
    WrongThroughout,
    OfAnotherKey,
}

pub const ALL: [Presented; 5] = [
    Presented::Right,
    Presented::WrongAtFirst,
    Presented::WrongAtLast,
    Presented::WrongThroughout,
    Presented::OfAnotherKey,
];

/// A place for what is presented.
pub struct Text {
    bytes: [u8; 256],
    len: usize,
}

impl Text {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.len]
    }

    fn of(bytes: &[u8]) -> Self {
        let mut text = Self {
            bytes: [0; 256],
            len: bytes.len(),
        };
        text.bytes_mut().copy_from_slice(bytes);
        text
    }
}

/// What is checked of a case: `present` makes what is presented, `check` is what must not tell.
pub trait Visit {
    fn visit(
        &mut self,
        name: &str,
        present: &dyn Fn(Presented) -> Text,
        check: &mut dyn FnMut(&[u8]) -> bool,
    );

    /// Makes bytes secret, if this way of looking wants to know.
    fn hide(&self, bytes: &mut [u8]);
}

const KEY: [u8; 32] = *b"the key that nobody is to learn!";
const OTHER: [u8; 32] = *b"the key of somebody else, longer";

fn key(bytes: [u8; 32]) -> Key<Hs256> {
    Key::new(&bytes).expect("long enough")
}

fn hidden(visit: &dyn Visit) -> Key<Hs256> {
    let mut bytes = KEY;
    visit.hide(&mut bytes);
    key(bytes)
}

/// `make` says what is right under a key; of it the tag, which begins at `tag_at`, is made wrong.
fn present(
    presented: Presented,
    tag_at: impl Fn(usize) -> usize,
    another: impl Fn(u8) -> u8,
    make: impl Fn([u8; 32]) -> Text,
) -> Text {
    if presented == Presented::OfAnotherKey {
        return make(OTHER);
    }
    let mut text = make(KEY);
    let (first, len) = (tag_at(text.len), text.len);
    let wrong = match presented {
        Presented::WrongAtFirst => first..first + 1,
        Presented::WrongAtLast => len - 1..len,
        Presented::WrongThroughout => first..len,
        _ => 0..0,
    };
    for byte in &mut text.bytes[wrong] {
        *byte = another(*byte);
    }
    text
}

fn another_byte(byte: u8) -> u8 {
    byte ^ 0x5A
}

/// Another character of base64url, of the same kind, as the text itself is no secret of whoever sends
/// it, and its decoding may take its time. It says the same two last bits, which end a text. `-` and
/// `_` are kinds of their own.
fn another_character(byte: u8) -> u8 {
    match byte {
        b'A'..=b'V' | b'a'..=b'v' | b'0'..=b'5' => byte + 4,
        b'-' | b'_' => byte,
        _ => byte - 4,
    }
}

pub fn all(visit: &mut dyn Visit) {
    control(visit);
    tags(visit);
    secrets(visit);
    tokens(visit);
    signed_cookies(visit);
    refresh_tokens(visit);
    csrf_tokens(visit);
    session_secrets(visit);
}

const MESSAGE: &[u8] = b"a message of somebody";

fn tag_of(bytes: [u8; 32]) -> Text {
    Text::of(key(bytes).tag(MESSAGE).as_ref())
}

/// A comparison that ends at the first difference.
fn control(visit: &mut dyn Visit) {
    let key = hidden(visit);
    visit.visit(
        "control: a comparison that ends early",
        &|presented| present(presented, |len| len - 32, another_byte, tag_of),
        &mut |tag| {
            let right = key.tag(MESSAGE);
            for (one, other) in right.as_ref().iter().zip(tag) {
                if black_box(*one) != *other {
                    return false;
                }
            }
            true
        },
    );
}

fn tags(visit: &mut dyn Visit) {
    let key = hidden(visit);
    visit.visit(
        "tag",
        &|presented| present(presented, |len| len - 32, another_byte, tag_of),
        &mut |tag| key.verify(MESSAGE, tag).is_ok(),
    );
}

fn secrets(visit: &mut dyn Visit) {
    let mut bytes = KEY;
    visit.hide(&mut bytes);
    let right = secret::Secret::from_bytes(bytes);
    visit.visit(
        "secret",
        &|presented| present(presented, |_| 0, another_byte, |key| Text::of(&key)),
        &mut |bytes| {
            let other = secret::Secret::from_bytes(*bytes.first_chunk::<32>().expect("as long"));
            right.matches(&other)
        },
    );
}

fn tokens(visit: &mut dyn Visit) {
    const ISSUER: &str = "https://a.example";
    const SIGNER: Signer<'_> = Signer::new(Type::JWT, ISSUER, Duration::from_secs(300));
    const VERIFIER: Verifier<'_> = Verifier::new(Type::JWT, ISSUER);
    let make = |bytes| {
        let mut buffer = [0; 256];
        let token = SIGNER.sign(&key(bytes), &Claims::of("7"), &mut buffer, NOW);
        Text::of(token.expect("fits").as_bytes())
    };
    let key = hidden(visit);
    let mut scratch = [0; 256];
    visit.visit(
        "token",
        &|presented| present(presented, |len| len - 43, another_character, make),
        &mut |token| VERIFIER.verify(&key, token, &mut scratch, NOW).is_ok(),
    );
}

fn signed_cookies(visit: &mut dyn Visit) {
    let make = |bytes| {
        let ring = Keyring::<_, 0>::new("k", key(bytes));
        let signer = cookie::Signer::new("theme", "", &ring).expect("a name");
        let mut buffer = [0; 256];
        let signed = signer.sign("dark").expect("octets");
        Text::of(signed.write(&mut buffer).expect("fits").as_bytes())
    };
    let ring = Keyring::<_, 0>::new("k", hidden(visit));
    let signer = cookie::Signer::new("theme", "", &ring).expect("a name");
    visit.visit(
        "signed cookie",
        &|presented| present(presented, |len| len - 43, another_character, make),
        &mut |text| signer.verify(text, NOW).is_ok(),
    );
}

fn refresh_tokens(visit: &mut dyn Visit) {
    let make = |bytes| {
        let mut families = Families::<u32, 1, 8>::new(Rules::AAL1);
        let user = Authenticated::vouch(7, Evidence::new(Assurance::Aal1, Factors::PWD), NOW);
        let grant = Grant::new(&user, "web", Scope::NONE).expect("fits");
        let ticket = families.open(grant, fill, NOW).expect("room");
        let seal = Seal::new(&Keyring::<_, 0>::new("k", key(bytes)));
        Text::of(seal.sign(ticket).expose().as_bytes())
    };
    let seal = Seal::new(&Keyring::<_, 0>::new("k", hidden(visit)));
    visit.visit(
        "refresh token",
        &|presented| present(presented, |len| len - 43, another_character, make),
        &mut |token| seal.verify(token).is_ok(),
    );
}

fn fill(bytes: &mut [u8]) -> Result<(), Infallible> {
    bytes.fill(7);
    Ok(())
}

/// The 43 characters of these bytes.
fn secret_text(bytes: [u8; 32]) -> Text {
    let handle = hardtack::session::Handle::from_bytes(bytes);
    let mut buffer = [0; Secret::LEN];
    Text::of(handle.write(&mut buffer).expect("fits").as_bytes())
}

fn csrf_tokens(visit: &mut dyn Visit) {
    let secret = |bytes| Secret::parse(secret_text(bytes).bytes()).expect("a secret");
    let make = |bytes| {
        let token = secret(bytes).csrf_token(fill).expect("random enough");
        let mut buffer = [0; Secret::LEN];
        Text::of(token.write(&mut buffer).expect("fits").as_bytes())
    };
    let mut right = secret(KEY);
    // SAFETY: a secret is its bytes, and any will do.
    visit.hide(unsafe {
        core::slice::from_raw_parts_mut((&raw mut right).cast(), size_of::<Secret>())
    });
    // Half of the token is the mask, so the tag begins in the middle of the 22nd character.
    visit.visit(
        "CSRF token",
        &|presented| present(presented, |_| 22, another_character, make),
        &mut |token| right.verify_csrf(token).is_ok(),
    );
}

/// There is no wrong one: each has a name under which it may be looked up, or not.
fn session_secrets(visit: &mut dyn Visit) {
    visit.visit(
        "session secret, to its handle",
        &|presented| present(presented, |_| 0, another_character, secret_text),
        &mut |text| {
            let secret = Secret::parse(text).expect("a secret");
            black_box(secret.handle());
            true
        },
    );
}
