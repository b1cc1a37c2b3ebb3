//! What a signer signed verifies until it expires, for its cookie, purpose and key alone; no flipped
//! bit and no other text does. Chunks that nobody cut are refused and break nothing.

#![no_main]

use hardtack::cookie::{Error, Header, Signer};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::time::UnixTime;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    name: &'a str,
    purpose: &'a str,
    kid: &'a str,
    value: &'a str,
    expiry: Option<i64>,
    now: i64,
    bit: usize,
    other: &'a [u8],
}

fuzz_target!(|input: Input| {
    let header = [b"a.0=", input.other].concat();
    let _ = Header::new([&header[..]]).join(b"a", &mut [0; 64]);

    let key = |byte| Key::<Hs256>::new(&[byte; 32]).unwrap();
    let ring = Keyring::<_, 0>::new(input.kid, key(1));
    let Ok(signer) = Signer::new(input.name, input.purpose, &ring) else {
        return;
    };
    let now = UnixTime::from_secs(input.now);
    assert_eq!(signer.verify(input.other, now), Err(Error::Signature));

    let signed = match input.expiry {
        Some(expiry) => signer.sign_until(input.value, UnixTime::from_secs(expiry)),
        None => signer.sign(input.value),
    };
    let Ok(signed) = signed else {
        return;
    };
    let text = signed.to_string();
    assert_eq!(signed.len(), text.len());
    let lives = input.expiry.is_none_or(|expiry| input.now < expiry);
    let expected = if lives {
        Ok(input.value)
    } else {
        Err(Error::Signature)
    };
    assert_eq!(signer.verify(text.as_bytes(), now), expected);

    let other_key = Keyring::<_, 0>::new(input.kid, key(2));
    let strangers = [
        Signer::new(input.name, input.purpose, &other_key),
        Signer::new(input.name, "another purpose", &ring),
        Signer::new("another-name", input.purpose, &ring),
    ];
    for stranger in strangers.into_iter().flatten() {
        if input.purpose != "another purpose" && input.name != "another-name" {
            assert_eq!(stranger.verify(text.as_bytes(), now), Err(Error::Signature));
        }
    }
    let rotated = Keyring::<_, 1>::new("rotated", key(3)).with_former(input.kid, key(1));
    if let Ok(rotated) = rotated {
        let rotated = Signer::new(input.name, input.purpose, &rotated).unwrap();
        assert_eq!(rotated.verify(text.as_bytes(), now), expected);
    }

    let mut bytes = text.into_bytes();
    let bit = input.bit % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    assert_eq!(signer.verify(&bytes, now), Err(Error::Signature));
});
