//! Secrets are gone from memory when their value is dropped. The memory is read as a thief would, out of
//! the file in which Linux shows it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::os::unix::fs::FileExt;

use hardtack::cookie::{NoSuffixList, Request};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::jar::{Jar, Outcome};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{Families, Grant, Rules, Seal};
use hardtack::scope::Scope;
use hardtack::secret::Secret;
use hardtack::session;
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

/// Whether `secret` lies where `value` lies, before it is dropped and after.
fn seen<T>(value: T, secret: &[u8]) -> (bool, bool) {
    let mut values = vec![value];
    let address = values.as_ptr().addr();
    let holds = || {
        let mut bytes = vec![0; size_of::<T>()];
        let memory = File::open("/proc/self/mem").unwrap();
        memory.read_exact_at(&mut bytes, address as u64).unwrap();
        bytes.windows(secret.len()).any(|window| window == secret)
    };
    let before = holds();
    // Drops the value in its place; the memory stays with the vector.
    values.clear();
    (before, holds())
}

#[test]
fn what_is_not_wiped_is_found() {
    assert_eq!(seen([0x5A_u8; 32], &[0x5A; 32]), (true, true));
}

#[test]
fn a_secret_is_wiped_on_drop() {
    assert_eq!(
        seen(Secret::from_bytes([0x5A; 32]), &[0x5A; 8]),
        (true, false)
    );
}

#[test]
fn the_secret_of_a_session_is_wiped_on_drop() {
    // 32 bytes 0x5A.
    let secret = session::Secret::parse(b"WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo").unwrap();
    assert_eq!(seen(secret, &[0x5A; 8]), (true, false));
}

#[test]
fn a_refresh_token_is_wiped_on_drop() {
    let seal: Seal<'_, Hs256> = Seal::new(&Keyring::new("k", Key::new(&[7; 32]).unwrap()));
    let mut families: Box<Families<u32, 1>> = Box::new(Families::new(Rules::AAL1));
    let ada = Authenticated::vouch(1, Evidence::new(Assurance::Aal1, Factors::PWD), NOW);
    let grant = Grant::new(&ada, "app", Scope::NONE).unwrap();
    let ticket = families.open(grant, getrandom::fill, NOW).unwrap();
    let token = seal.sign(ticket);
    let text = token.expose().to_owned();
    assert_eq!(seen(token, text.as_bytes()), (true, false));
}

#[test]
fn a_jar_is_wiped_on_drop() {
    let mut jar: Jar<4, 512> = Jar::new(NoSuffixList);
    let host = Request::https("a.example", "/").unwrap();
    assert_eq!(
        jar.store(b"sid=31d4d96e407aad42", &host, NOW),
        Outcome::Stored
    );
    assert_eq!(seen(jar, b"31d4d96e407aad42"), (true, false));
}
