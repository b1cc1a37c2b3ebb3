//! Families in memory against an obvious model, under random operations: small capacity, clock jumps
//! both ways, a random source that fails, tokens from the past and from the future.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use core::time::Duration;
use std::collections::BTreeMap;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{Error, Families, FamilyId, Grant, PerUser, Rules, Seal, Ticket};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use proptest::prelude::*;

const ROOM: usize = 3;
const IDLE: i64 = 40;
const ABSOLUTE: i64 = 100;
const GRACE: i64 = 5;
const SKEW: i64 = 60;

/// A login as the model remembers it: everything.
struct Login {
    user: u8,
    end: i64,
    authenticated: i64,
    /// When each of its tokens was handed out first.
    given: Vec<i64>,
}

impl Login {
    fn last(&self) -> i64 {
        *self.given.last().unwrap()
    }

    fn lives(&self, now: i64) -> bool {
        now < self.end && now < self.last() + IDLE && self.last() <= now + SKEW
    }
}

#[derive(Default)]
struct Model {
    logins: BTreeMap<FamilyId, Login>,
}

impl Model {
    fn open(
        &mut self,
        id: FamilyId,
        user: u8,
        authenticated: i64,
        now: i64,
        rule: PerUser,
    ) -> Result<(), Error> {
        let login = Login {
            user,
            end: authenticated.min(now) + ABSOLUTE,
            authenticated,
            given: vec![now],
        };
        if !login.lives(now) {
            return Err(Error::Expired);
        }
        if id == FamilyId::from_bytes([0; 16]) || self.logins.contains_key(&id) {
            return Err(Error::NoEntropy);
        }
        let own = || {
            let living = self.logins.iter();
            living.filter(|(_, login)| login.user == user && login.lives(now))
        };
        match rule {
            PerUser::Refuse(limit) if own().count() >= limit => return Err(Error::UserLimit),
            PerUser::EndOldest(limit) if own().count() >= limit => {
                let oldest = own().min_by_key(|(_, login)| (login.authenticated, login.last()));
                let oldest = *oldest.ok_or(Error::UserLimit)?.0;
                self.logins.remove(&oldest);
            }
            _ => {}
        }
        if self.logins.len() >= ROOM {
            self.logins.retain(|_, login| login.lives(now));
        }
        if self.logins.len() >= ROOM {
            return Err(Error::Full);
        }
        self.logins.insert(id, login);
        Ok(())
    }

    fn rotate(
        &mut self,
        id: FamilyId,
        counter: u64,
        asked: &Asked,
        now: i64,
    ) -> Result<u64, Error> {
        let login = self.logins.get_mut(&id).ok_or(Error::Gone)?;
        let current = login.given.len() as u64 - 1;
        let early = now < login.last() + GRACE;
        let error = if !login.lives(now) {
            Error::Expired
        } else if counter > current {
            return Err(Error::Invalid);
        } else if counter == current || counter + 1 == current && early {
            if asked.client != "web" {
                return Err(Error::Client);
            }
            if asked.scope == "admin" {
                return Err(Error::Scope);
            }
            if counter == current {
                login.given.push(now.max(login.last()));
            }
            return Ok(login.given.len() as u64 - 1);
        } else {
            Error::Reused
        };
        self.logins.remove(&id);
        Err(error)
    }
}

#[derive(Clone, Debug)]
struct Asked {
    client: &'static str,
    scope: &'static str,
}

#[derive(Clone, Debug)]
enum Operation {
    Open {
        user: u8,
        age: i64,
        entropy: Entropy,
    },
    Rotate {
        login: prop::sample::Index,
        back: i8,
        asked: Asked,
    },
    Revoke(prop::sample::Index),
    RevokeUser(u8),
    RevokeAll,
    Purge,
    Clock(i64),
}

#[derive(Clone, Copy, Debug)]
enum Entropy {
    Fresh,
    Repeats,
    WritesNothing,
    Fails,
}

fn operation() -> impl Strategy<Value = Operation> {
    let entropy = prop_oneof![
        8 => Just(Entropy::Fresh),
        1 => Just(Entropy::Repeats),
        1 => Just(Entropy::WritesNothing),
        1 => Just(Entropy::Fails),
    ];
    let back = prop_oneof![6 => Just(0), 4 => Just(1), 1 => Just(2), 1 => Just(3), 1 => Just(-1), 1 => Just(-2)];
    let asked = prop_oneof![
        8 => Just(Asked { client: "web", scope: "" }),
        2 => Just(Asked { client: "web", scope: "read" }),
        1 => Just(Asked { client: "web", scope: "admin" }),
        1 => Just(Asked { client: "other", scope: "" }),
    ];
    let age = prop_oneof![4 => Just(0), 1 => -30..130_i64];
    let step = prop_oneof![6 => 0..8_i64, 2 => -8..50_i64, 1 => -200..200_i64];
    prop_oneof![
        4 => (0..3_u8, age, entropy).prop_map(|(user, age, entropy)| Operation::Open { user, age, entropy }),
        16 => (any::<prop::sample::Index>(), back, asked)
            .prop_map(|(login, back, asked)| Operation::Rotate { login, back, asked }),
        1 => any::<prop::sample::Index>().prop_map(Operation::Revoke),
        1 => (0..3_u8).prop_map(Operation::RevokeUser),
        1 => Just(Operation::RevokeAll),
        1 => Just(Operation::Purge),
        8 => step.prop_map(Operation::Clock),
    ]
}

fn root() -> Key<Hs256> {
    Key::new(&[7; 32]).unwrap()
}

/// A genuine token, made from what the documentation says of its form, so that it can say anything.
fn token(id: FamilyId, counter: u64) -> String {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend(counter.to_be_bytes());
    let tag = root().derive("hardtack refresh token").tag(&bytes);
    bytes.extend(tag.as_ref());
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    bits.as_bytes()
        .chunks(6)
        .map(|chunk| {
            let chunk = std::str::from_utf8(chunk).unwrap();
            char::from(ALPHABET[usize::from_str_radix(&format!("{chunk:0<6}"), 2).unwrap()])
        })
        .collect()
}

fn check(rule: PerUser, operations: Vec<Operation>) -> Result<(), TestCaseError> {
    let rules = Rules::new(
        Duration::from_secs(IDLE as u64),
        Duration::from_secs(ABSOLUTE as u64),
    )
    .with_grace(Duration::from_secs(GRACE as u64))
    .with_per_user(rule);
    let seal = Seal::new(&Keyring::<_, 0>::new("k", root()));
    let mut families = Families::<u8, ROOM>::new(rules);
    let mut model = Model::default();
    // Every login that there ever was: dead ones are presented too.
    let mut known: Vec<(FamilyId, u64)> = Vec::new();
    let mut now = 1_000_000;
    for operation in operations {
        let moment = UnixTime::from_secs(now);
        match operation {
            Operation::Open { user, age, entropy } => {
                let authenticated = now - age;
                let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
                let who = Authenticated::vouch(user, evidence, UnixTime::from_secs(authenticated));
                let grant = Grant::new(&who, "web", Scope::parse("read write").unwrap()).unwrap();
                let name = match entropy {
                    Entropy::Fresh => u8::try_from(known.len() + 1).unwrap(),
                    Entropy::Repeats => u8::try_from(known.len()).unwrap(),
                    Entropy::WritesNothing | Entropy::Fails => 0,
                };
                let id = FamilyId::from_bytes([name; 16]);
                let fill = |bytes: &mut [u8]| match entropy {
                    Entropy::Fails => Err("no entropy"),
                    _ => {
                        bytes.fill(name);
                        Ok(())
                    }
                };
                let opened = families.open(grant, fill, moment);
                let expected = model.open(id, user, authenticated, now, rule);
                prop_assert_eq!(opened.map(|_| ()), expected);
                if opened.is_ok() {
                    known.push((id, 0));
                }
            }
            Operation::Rotate { login, back, asked } if !known.is_empty() => {
                let at = login.index(known.len());
                let (id, reached) = &mut known[at];
                let Some(counter) = reached.checked_add_signed(-i64::from(back)) else {
                    continue;
                };
                let scope = Scope::parse(asked.scope).unwrap_or(Scope::NONE);
                let ticket = seal.verify(token(*id, counter)).unwrap();
                let rotated = families.rotate(ticket, asked.client, scope, moment);
                let expected = model.rotate(*id, counter, &asked, now);
                prop_assert_eq!(rotated.map(Ticket::counter), expected);
                if let Ok(next) = rotated {
                    let text = seal.sign(next);
                    prop_assert_eq!(text.expose(), token(*id, next.counter()));
                    *reached = (*reached).max(next.counter());
                }
            }
            Operation::Rotate { .. } => {}
            Operation::Revoke(login) if !known.is_empty() => {
                let (id, _) = *login.get(&known);
                prop_assert_eq!(families.revoke(id), model.logins.remove(&id).is_some());
            }
            Operation::Revoke(_) => {}
            Operation::RevokeUser(user) => {
                let before = model.logins.len();
                model.logins.retain(|_, login| login.user != user);
                prop_assert_eq!(families.revoke_user(&user), before - model.logins.len());
            }
            Operation::RevokeAll => {
                prop_assert_eq!(families.revoke_all(), model.logins.len());
                model.logins.clear();
            }
            Operation::Purge => {
                let before = model.logins.len();
                model.logins.retain(|_, login| login.lives(now));
                prop_assert_eq!(families.purge(moment), before - model.logins.len());
            }
            Operation::Clock(step) => now += step,
        }
        let moment = UnixTime::from_secs(now);
        prop_assert_eq!(families.len(), model.logins.len());
        for (id, _) in &known {
            let expected = match model.logins.get(id) {
                None => Err(Error::Gone),
                Some(login) if !login.lives(now) => Err(Error::Expired),
                Some(login) => Ok(login.given.len() as u64 - 1),
            };
            let found = families.check(*id, moment);
            prop_assert_eq!(found.map(|family| family.state().counter()), expected);
        }
        for user in 0..3 {
            let mut found: Vec<_> = families
                .of_user(&user, moment)
                .map(|family| family.id())
                .collect();
            found.sort_unstable();
            let own = model
                .logins
                .iter()
                .filter(|(_, login)| login.user == user && login.lives(now));
            prop_assert_eq!(found, own.map(|(id, _)| *id).collect::<Vec<_>>());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn agrees_with_the_model(
        rule in prop_oneof![
            Just(PerUser::Unlimited),
            (0..3_usize).prop_map(PerUser::Refuse),
            (0..3_usize).prop_map(PerUser::EndOldest),
        ],
        operations in prop::collection::vec(operation(), 0..80),
    ) {
        check(rule, operations)?;
    }
}
