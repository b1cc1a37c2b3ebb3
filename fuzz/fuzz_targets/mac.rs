//! A tag verifies the message and the key that it was made of, and no flipped bit of it does.

#![no_main]

use hardtack::mac::{Algorithm, Hs256, Hs384, Hs512, Key};
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    key: &'a [u8],
    label: &'a str,
    bit: u16,
    message: &'a [u8],
}

fn laws<A: Algorithm>(input: &Input) {
    let Ok(root) = Key::<A>::new(input.key) else {
        assert!(input.key.len() < A::TAG_LEN);
        return;
    };
    let key = root.derive(input.label);
    let tag = key.tag(input.message);
    let tag = tag.as_ref();
    assert_eq!(tag.len(), A::TAG_LEN);
    assert!(key.verify(input.message, tag).is_ok());
    assert!(root.verify(input.message, tag).is_err());

    let mut flipped = tag.to_vec();
    let bit = usize::from(input.bit);
    flipped[bit / 8 % A::TAG_LEN] ^= 1 << (bit % 8);
    assert!(key.verify(input.message, &flipped).is_err());
    assert!(key.verify(input.message, &tag[..bit % A::TAG_LEN]).is_err());

    let mut message = input.message.to_vec();
    message.push(0);
    assert!(key.verify(&message, tag).is_err());
}

fuzz_target!(|input: Input| {
    laws::<Hs256>(&input);
    laws::<Hs384>(&input);
    laws::<Hs512>(&input);
});
