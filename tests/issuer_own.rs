//! Claims of the caller's own in the access tokens of an issuer.

#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use core::time::Duration;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::issuer::{Error, Issuer, Mint, Pair};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{self, Families, Family, Grant, Rules};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token::{self, Verified};
use serde::{Deserialize, Serialize};
use serde_json::json;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const RULES: Rules = Rules::AAL1.with_grace(Duration::from_secs(30));
/// What is read is refused as the client's, what is written as the program's own.
const PAYLOAD: Option<Error> = Some(Error::Token(token::Error::Payload));
const UNWRITTEN: Option<Error> = Some(Error::Claims(token::Error::Payload));

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Tenant<'t> {
    tenant: u32,
    plan: &'t str,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Nothing {}

const GOLD: Tenant<'_> = Tenant {
    tenant: 7,
    plan: "gold",
};

fn mint() -> Mint<'static, Hs256> {
    let ring = Keyring::new("k", Key::new(&[7; 32]).unwrap());
    Mint::new(
        &ring,
        "https://login.example",
        "https://api.example",
        Duration::from_secs(300),
    )
}

type Server = Issuer<'static, Hs256, Families<u32, 4>, 4>;

fn server() -> Server {
    Issuer::new(mint(), Families::new(RULES), mint().denylist())
}

fn ada() -> Authenticated<u32> {
    Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

/// A random source that never gives the same twice.
fn source() -> impl FnMut(&mut [u8]) -> Result<(), ()> {
    let mut n = 0;
    move |bytes| {
        n += 1;
        bytes.fill(n);
        Ok(())
    }
}

/// Ada's first pair for the web, with these claims.
fn issued<'b>(
    server: &mut Server,
    own: &impl Serialize,
    random: impl FnMut(&mut [u8]) -> Result<(), ()>,
    buffer: &'b mut [u8],
) -> Result<Pair<'b>, Error> {
    server.issue_with(&ada(), "web", Scope::NONE, own, random, buffer, NOW)
}

#[test]
fn they_are_read_back_beside_the_registered_ones() {
    let (mut server, mut random) = (server(), source());
    let (mut buffer, mut scratch) = ([0; 1024], [0; 1024]);
    let pair = issued(&mut server, &GOLD, &mut random, &mut buffer).unwrap();
    let token: Verified<'_, Tenant<'_>> = server
        .verify_with(pair.access_token(), &mut scratch, NOW)
        .unwrap();
    assert_eq!((token.own(), token.sub()), (&GOLD, Some("42")));
    assert_eq!(token.sid(), Some(&*pair.family().to_string()));

    // Who does not ask for them does not see them.
    let mut other = [0; 1024];
    let plain = server.verify(pair.access_token(), &mut other, NOW);
    assert_eq!(plain.unwrap().sub(), Some("42"));

    // A token that is revoked on its own is so for either.
    server.revoke_token(&token, NOW).unwrap();
    let revoked = server.verify_with::<Tenant<'_>, _, _>(pair.access_token(), &mut scratch, NOW);
    assert_eq!(revoked.err(), Some(Error::Revoked));
}

#[test]
fn after_an_exchange_they_are_those_of_now() {
    let (mut server, mut random) = (server(), source());
    let mut buffer = [0; 1024];
    let pair = issued(&mut server, &GOLD, &mut random, &mut buffer).unwrap();
    let first = pair.into_refresh_token();

    let mut exchange = |token: &str, plan: &'static str| {
        let (mut buffer, mut scratch) = ([0; 1024], [0; 1024]);
        let own = |user: &u32| Tenant {
            tenant: *user,
            plan,
        };
        let pair = server.exchange_with(
            token,
            "web",
            Scope::NONE,
            own,
            &mut random,
            &mut buffer,
            NOW,
        )?;
        let access = pair.access_token();
        let token: Verified<'_, Tenant<'_>> = server.verify_with(access, &mut scratch, NOW)?;
        assert_eq!(token.own(), &Tenant { tenant: 42, plan });
        Ok::<_, Error>(pair.refresh_token().to_owned())
    };
    let second = exchange(first.expose(), "silver").unwrap();
    // Within the grace the same refresh token comes again, with claims of the moment.
    assert_eq!(exchange(first.expose(), "copper").unwrap(), second);
    exchange(&second, "tin").unwrap();
    let reused = Error::Refresh(refresh::Error::Reused);
    assert_eq!(exchange(first.expose(), "lead"), Err(reused));
}

#[test]
fn the_name_of_a_registered_claim_is_refused_and_costs_nothing() {
    for forged in ["sub", "exp", "sid", "scope", "client_id", "acr"] {
        let (mut server, mut random) = (server(), source());
        let (mut buffer, own) = ([0; 1024], json!({ forged: "x" }));
        let refused = issued(&mut server, &own, &mut random, &mut buffer);
        assert_eq!(refused.err(), UNWRITTEN, "{forged}");
        assert!(server.families().is_empty(), "{forged}");
        assert_eq!(buffer, [0; 1024], "{forged}");

        let pair = server.issue(&ada(), "web", Scope::NONE, &mut random, &mut buffer, NOW);
        let token = pair.unwrap().into_refresh_token();
        let mut buffer = [0; 1024];
        let mut exchange = |own: serde_json::Value| {
            let own = |_: &u32| own.clone();
            let token = token.expose();
            let pair = server.exchange_with(
                token,
                "web",
                Scope::NONE,
                own,
                &mut random,
                &mut buffer,
                NOW,
            );
            pair.err()
        };
        assert_eq!(exchange(own), UNWRITTEN, "{forged}");
        assert_eq!(exchange(json!({})), None, "{forged}");
    }
}

#[test]
fn claims_that_are_no_object_are_refused() {
    let (mut server, mut random) = (server(), source());
    let mut buffer = [0; 1024];
    for own in [
        json!(1),
        json!("x"),
        json!([1]),
        json!({ "x": null, "y": [null] }),
    ] {
        let refused = issued(&mut server, &own, &mut random, &mut buffer);
        assert_eq!(refused.err(), UNWRITTEN, "{own}");
    }
    assert!(server.families().is_empty());
}

#[test]
fn a_token_without_them_is_refused_where_they_are_asked_for() {
    let (mut server, mut random) = (server(), source());
    let (mut buffer, mut scratch) = ([0; 1024], [0; 1024]);
    let pair = server.issue(&ada(), "web", Scope::NONE, &mut random, &mut buffer, NOW);
    let pair = pair.unwrap();
    let refused = server.verify_with::<Tenant<'_>, _, _>(pair.access_token(), &mut scratch, NOW);
    assert_eq!(refused.err(), PAYLOAD);
    let refused = mint().verify_with::<Tenant<'_>>(pair.access_token(), &mut scratch, NOW);
    assert_eq!(refused.err(), PAYLOAD);
    // And with the login its tokens end, whatever is asked of them.
    let any = server.verify_with::<Nothing, _, _>(pair.access_token(), &mut scratch, NOW);
    assert!(any.is_ok());
    assert_eq!(server.revoke_login(pair.family()), Ok(true));
    let refused = server.verify_with::<Nothing, _, _>(pair.access_token(), &mut scratch, NOW);
    assert_eq!(refused.err(), Some(Error::Revoked));
}

#[test]
fn a_mint_writes_and_reads_them_and_counts_their_room() {
    let (mint, mut random) = (mint(), source());
    let grant = Grant::<_, 16>::new(&ada(), "web", Scope::NONE).unwrap();
    let family = Family::new(grant, &RULES, &mut random, NOW).unwrap();
    let mut pair = |len: usize| {
        let (mut buffer, mut scratch) = (vec![0; len], [0; 1024]);
        let fill = &mut random;
        let pair = mint.pair_with(&family, Scope::NONE, &GOLD, &RULES, fill, &mut buffer, NOW)?;
        let token = mint.verify_with::<Tenant<'_>>(pair.access_token(), &mut scratch, NOW)?;
        assert_eq!(token.own(), &GOLD);
        Ok(pair.access_token().len())
    };
    let len = pair(1024).unwrap();
    assert_eq!(pair(len), Ok(len));
    let Err(Error::NoRoom(no_room)) = pair(len - 1) else {
        panic!("a byte is missing");
    };
    assert_eq!(no_room.needed, len);
}
