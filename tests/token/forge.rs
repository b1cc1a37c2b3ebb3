//! Tokens as anybody with the key could write them, with all that this crate would never write.

use base64ct::{Base64UrlUnpadded, Encoding};
use hardtack::mac::{Algorithm, Hs256, Key};
use hardtack::time::UnixTime;

pub const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
pub const ISSUER: &str = "https://login.example";
pub const API: &str = "https://api.example";

pub fn key() -> Key<Hs256> {
    Key::new(&[7; 32]).unwrap()
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    let mut buffer = vec![0; bytes.as_ref().len() * 4 / 3 + 2];
    Base64UrlUnpadded::encode(bytes.as_ref(), &mut buffer)
        .unwrap()
        .into()
}

/// A token of these very bytes, rightly signed.
pub fn forge<A: Algorithm>(
    key: &Key<A>,
    header: impl AsRef<[u8]>,
    payload: impl AsRef<[u8]>,
) -> String {
    sign(key, &format!("{}.{}", encode(header), encode(payload)))
}

/// Signs parts that are encoded already, rightly or wrongly.
pub fn sign<A: Algorithm>(key: &Key<A>, parts: &str) -> String {
    format!("{parts}.{}", encode(key.tag(parts.as_bytes())))
}
