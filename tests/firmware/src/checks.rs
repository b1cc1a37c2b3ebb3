//! What must come out right on every machine.

use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key};

/// A name, and what is right.
pub type Check = (&'static str, fn() -> bool);

pub const ALL: &[Check] = &[
    ("hmac, RFC 4231 test case 6", rfc_4231),
    ("derived key, RFC 5869", derivation),
    #[cfg(feature = "red")]
    ("red", red),
];

#[cfg(feature = "red")]
fn red() -> bool {
    let mut message = *b"message";
    let key = Key::<Hs256>::new(&[7; 32]);
    key.is_ok_and(|key| {
        let tag = key.tag(&message);
        message[0] ^= 1;
        key.verify(&message, tag.as_ref()).is_ok()
    })
}

fn tagged<A: Algorithm>(key: &[u8], message: &[u8], start: [u8; 16]) -> bool {
    Key::<A>::new(key).is_ok_and(|key| {
        let tag = key.tag(message);
        tag.as_ref().starts_with(&start) && key.verify(message, tag.as_ref()).is_ok()
    })
}

/// RFC 4231 §4.7: a key that is longer than a block. The first half of a tag of HS256 tells as much.
fn rfc_4231() -> bool {
    let (key, message) = (
        [0xAA; 131],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
    );
    tagged::<Hs256>(
        &key,
        message,
        0x60e4_3159_1ee0_b67f_0d8a_26aa_cbf5_b77f_u128.to_be_bytes(),
    ) && tagged::<Hs384>(
        &key,
        message,
        0x4ece_0844_8581_3e90_88d2_c63a_041b_c5b4_u128.to_be_bytes(),
    ) && tagged::<Hs512>(
        &key,
        message,
        0x80b2_4263_c7c1_a3eb_b714_93c1_dd7b_e8b4_u128.to_be_bytes(),
    )
}

/// A derived key is that of HKDF-Expand, RFC 5869 §2.3: HMAC(HMAC(key, "tokens" 0x01), "message"), here
/// as Python's `hmac` computes it.
fn derivation() -> bool {
    Key::<Hs256>::new(&[0x0B; 32]).is_ok_and(|root| {
        let tag = root.derive("tokens").tag(b"message");
        tag.as_ref()
            .starts_with(&0x332f_f1a6_976b_58dd_b5b8_1c81_3af2_8a3d_u128.to_be_bytes())
    })
}
