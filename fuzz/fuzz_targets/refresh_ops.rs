//! Families agree with a model that remembers everything, whatever is done to them; and a text is a
//! genuine refresh token only if it is the very one that the seal makes of what it says.

#![no_main]

use std::collections::BTreeMap;
use std::time::Duration;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{Error, Families, FamilyId, Grant, PerUser, Rules, Seal, State, Ticket};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

const ROOM: usize = 4;
const SKEW: i64 = 60;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    idle: u8,
    absolute: u8,
    grace: u8,
    per_user: Option<(bool, u8)>,
    operations: Vec<Operation>,
    text: &'a [u8],
}

#[derive(Arbitrary, Debug)]
enum Operation {
    Open {
        user: u8,
        name: u8,
        age: u8,
    },
    Rotate {
        name: u8,
        counter: u8,
        wrong_client: bool,
        wider: bool,
    },
    Revoke(u8),
    RevokeUser(u8),
    Purge,
    Clock(i16),
}

struct Login {
    user: u8,
    authenticated: i64,
    end: i64,
    given: Vec<i64>,
}

struct Model {
    idle: i64,
    grace: i64,
    now: i64,
    logins: BTreeMap<u8, Login>,
}

impl Model {
    fn lives(&self, login: &Login) -> bool {
        let last = *login.given.last().unwrap();
        self.now < login.end && self.now < last + self.idle && last <= self.now + SKEW
    }

    fn of_user(&self, user: u8) -> Vec<u8> {
        let own = self.logins.iter();
        own.filter(|(_, login)| login.user == user && self.lives(login))
            .map(|(name, _)| *name)
            .collect()
    }

    fn purge(&mut self) -> usize {
        let dead: Vec<u8> = self.logins.keys().copied().collect();
        let dead: Vec<u8> = dead
            .into_iter()
            .filter(|name| !self.lives(&self.logins[name]))
            .collect();
        dead.iter().for_each(|name| {
            self.logins.remove(name);
        });
        dead.len()
    }

    fn open(&mut self, name: u8, login: Login, per_user: PerUser) -> Result<(), Error> {
        if !self.lives(&login) {
            return Err(Error::Expired);
        }
        if name == 0 || self.logins.contains_key(&name) {
            return Err(Error::NoEntropy);
        }
        let own = self.of_user(login.user);
        match per_user {
            PerUser::Refuse(limit) if own.len() >= limit => return Err(Error::UserLimit),
            PerUser::EndOldest(limit) if own.len() >= limit => {
                let age = |name: &u8| {
                    let login = &self.logins[name];
                    (login.authenticated, *login.given.last().unwrap())
                };
                let oldest = own.iter().map(age).min().ok_or(Error::UserLimit)?;
                // Which of two of one age is not said.
                let mut oldest = own.into_iter().filter(|name| age(name) == oldest);
                let ended = oldest.next().unwrap();
                if oldest.next().is_some() {
                    return Err(Error::Invalid);
                }
                self.logins.remove(&ended);
            }
            _ => {
                if self.logins.len() >= ROOM {
                    self.purge();
                }
            }
        }
        if self.logins.len() >= ROOM {
            return Err(Error::Full);
        }
        self.logins.insert(name, login);
        Ok(())
    }

    fn rotate(
        &mut self,
        name: u8,
        counter: u64,
        wrong_client: bool,
        wider: bool,
    ) -> Result<u64, Error> {
        let login = self.logins.get(&name).ok_or(Error::Gone)?;
        let lives = self.lives(login);
        let (now, grace) = (self.now, self.grace);
        let login = self.logins.get_mut(&name).unwrap();
        let (current, last) = (login.given.len() as u64 - 1, *login.given.last().unwrap());
        // A clock that has stepped back makes no grace where there is none.
        let in_grace = (now - last).max(0) < grace;
        let error = if !lives {
            Error::Expired
        } else if counter > current {
            return Err(Error::Invalid);
        } else if counter == current || counter + 1 == current && in_grace {
            if wrong_client {
                return Err(Error::Client);
            }
            if wider {
                return Err(Error::Scope);
            }
            if counter == current {
                login.given.push(now.max(last));
            }
            return Ok(login.given.len() as u64 - 1);
        } else {
            Error::Reused
        };
        self.logins.remove(&name);
        Err(error)
    }
}

/// Tickets that say anything: a family is made to stand where it should, and asked.
fn ticket(seal: &Seal<'_, Hs256>, name: u8, counter: u64) -> Ticket {
    let who = Authenticated::vouch(
        0_u8,
        Evidence::new(Assurance::Aal1, Factors::NONE),
        UnixTime::EPOCH,
    );
    let grant = Grant::<u8>::new(&who, "", Scope::NONE).unwrap();
    let mut state = [0; State::LEN];
    state[..8].copy_from_slice(&counter.to_be_bytes());
    let id = FamilyId::from_bytes([name; 16]);
    let family = hardtack::refresh::Family::from_parts(id, State::from_bytes(state), grant);
    let token = seal.sign(family.ticket());
    seal.verify(token.expose()).unwrap()
}

fuzz_target!(|input: Input| {
    let ring = Keyring::<_, 0>::new("k", Key::<Hs256>::new(&[7; 32]).unwrap());
    let seal = Seal::new(&ring);
    if let Ok(ticket) = seal.verify(input.text) {
        assert_eq!(seal.sign(ticket).expose().as_bytes(), input.text);
    }

    let per_user = match input.per_user {
        None => PerUser::Unlimited,
        Some((true, limit)) => PerUser::Refuse(usize::from(limit % 6)),
        Some((false, limit)) => PerUser::EndOldest(usize::from(limit % 6)),
    };
    let secs = |secs: u8| Duration::from_secs(secs.into());
    let rules = Rules::new(secs(input.idle), secs(input.absolute))
        .with_grace(secs(input.grace))
        .with_per_user(per_user);
    let mut families = Families::<u8, ROOM>::new(rules);
    let mut model = Model {
        idle: input.idle.into(),
        grace: input.grace.into(),
        now: 0,
        logins: BTreeMap::new(),
    };
    for operation in input.operations {
        let now = UnixTime::from_secs(model.now);
        match operation {
            Operation::Open { user, name, age } => {
                let (user, name) = (user % 4, name % 16);
                // Half of the range lies in the future.
                let authenticated = model.now - i64::from(age.cast_signed());
                let login = Login {
                    user,
                    authenticated,
                    end: authenticated.min(model.now) + i64::from(input.absolute),
                    given: vec![model.now],
                };
                let expected = model.open(name, login, per_user);
                if expected == Err(Error::Invalid) {
                    return;
                }
                let evidence = Evidence::new(Assurance::Aal1, Factors::NONE);
                let who = Authenticated::vouch(user, evidence, UnixTime::from_secs(authenticated));
                let grant = Grant::new(&who, "web", Scope::parse("a b").unwrap()).unwrap();
                let fill = |bytes: &mut [u8]| {
                    bytes.fill(name);
                    Ok::<(), ()>(())
                };
                let opened = families.open(grant, fill, now);
                assert_eq!(opened.map(|_| ()), expected);
            }
            Operation::Rotate {
                name,
                counter,
                wrong_client,
                wider,
            } => {
                let (name, counter) = (name % 16, u64::from(counter));
                // Around the current counter, where it is interesting.
                let current = model
                    .logins
                    .get(&name)
                    .map_or(0, |login| login.given.len() as u64);
                let counter = (current + counter % 4).saturating_sub(3);
                let client = if wrong_client { "other" } else { "web" };
                let scope = Scope::parse(if wider { "a c" } else { "b" }).unwrap();
                let rotated = families.rotate(ticket(&seal, name, counter), client, scope, now);
                let expected = model.rotate(name, counter, wrong_client, wider);
                assert_eq!(rotated.map(Ticket::counter), expected);
            }
            Operation::Revoke(name) => {
                let id = FamilyId::from_bytes([name % 16; 16]);
                assert_eq!(
                    families.revoke(id),
                    model.logins.remove(&(name % 16)).is_some()
                );
            }
            Operation::RevokeUser(user) => {
                let before = model.logins.len();
                model.logins.retain(|_, login| login.user != user % 4);
                assert_eq!(
                    families.revoke_user(&(user % 4)),
                    before - model.logins.len()
                );
            }
            Operation::Purge => assert_eq!(families.purge(now), model.purge()),
            Operation::Clock(step) => model.now += i64::from(step % 512),
        }
        let now = UnixTime::from_secs(model.now);
        assert_eq!(families.len(), model.logins.len());
        for name in 0..16 {
            let expected = match model.logins.get(&name) {
                None => Err(Error::Gone),
                Some(login) if !model.lives(login) => Err(Error::Expired),
                Some(login) => Ok(login.given.len() as u64 - 1),
            };
            let found = families.check(FamilyId::from_bytes([name; 16]), now);
            assert_eq!(found.map(|family| family.state().counter()), expected);
        }
        for user in 0..4 {
            let found = families.of_user(&user, now);
            let mut found: Vec<u8> = found.map(|family| family.id().as_bytes()[0]).collect();
            found.sort_unstable();
            assert_eq!(found, model.of_user(user));
        }
    }
});
