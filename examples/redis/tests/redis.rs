//! Sessions and families in a real Redis: the conformance suites, eight threads, rows that expire,
//! what a thief of all files has, and a server that is killed and comes back.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs
)]

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{self, Decision, Family, FamilyId, Grant, Seal, Store as _};
use hardtack::scope::Scope;
use hardtack::session::{self, Error, Lifetime, Rules, Secret, Stored};
use hardtack::time::UnixTime;
use hardtack_redis::{FamilyStore, Place, SessionStore};

#[path = "common/server.rs"]
mod server;

use server::Server;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const THREADS: u32 = 8;

type Sessions = Stored<SessionStore<u32, u32>>;

fn sessions(place: Place) -> Sessions {
    Stored::new(SessionStore::new(place), Rules::AAL1)
}

fn families(place: Place) -> FamilyStore<u32> {
    FamilyStore::new(place, refresh::Rules::AAL1)
}

fn who(user: u32) -> Authenticated<u32> {
    Authenticated::vouch(user, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

fn family(user: u32) -> Family<u32> {
    let grant = Grant::new(&who(user), "app", Scope::parse("read").unwrap()).unwrap();
    Family::new(grant, &refresh::Rules::AAL1, getrandom::fill, NOW).unwrap()
}

fn later(seconds: u64) -> UnixTime {
    NOW.saturating_add(Duration::from_secs(seconds))
}

#[test]
fn sessions_conform() {
    let server = Server::start();
    let way = || SessionStore::<u32, u32>::new(server.place());
    session::conformance(
        &mut way(),
        &mut way(),
        [1, 2],
        [10, 20],
        getrandom::fill,
        NOW,
    )
    .unwrap();
}

#[test]
fn families_conform() {
    let server = Server::start();
    let way = || families(server.place());
    refresh::conformance(&mut way(), &mut way(), [1, 2], getrandom::fill, NOW).unwrap();
}

#[test]
fn both_conform_in_eight_threads_at_once() {
    let server = Server::start();
    thread::scope(|scope| {
        for number in 0..THREADS {
            let place = server.place();
            scope.spawn(move || {
                let users = [2 * number, 2 * number + 1];
                let way = || SessionStore::<u32, u32>::new(place.clone());
                session::conformance(
                    &mut way(),
                    &mut way(),
                    users,
                    [10, 20],
                    getrandom::fill,
                    NOW,
                )
                .unwrap();
                let way = || families(place.clone());
                refresh::conformance(&mut way(), &mut way(), users, getrandom::fill, NOW).unwrap();
            });
        }
    });
}

#[test]
fn eight_threads_lose_no_update_of_one_session() {
    let server = Server::start();
    let secret = sessions(server.place())
        .open(0, getrandom::fill, NOW)
        .unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut sessions = sessions(server.place());
                for _ in 0..25 {
                    sessions.update(&secret, |data| *data += 1, NOW).unwrap();
                }
            });
        }
    });
    let found = sessions(server.place()).check(&secret, NOW).unwrap();
    assert_eq!(found.session().data(), &(25 * THREADS));
}

#[test]
fn of_eight_threads_one_rotates_a_session() {
    let server = Server::start();
    let old = sessions(server.place())
        .open(0, getrandom::fill, NOW)
        .unwrap();
    let barrier = Barrier::new(THREADS as usize);
    let rotated: Vec<Option<Secret>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut sessions = sessions(server.place());
                    sessions.check(&old, NOW).unwrap();
                    barrier.wait();
                    match sessions.rotate(&old, getrandom::fill, NOW) {
                        Ok(secret) => Some(secret),
                        Err(Error::Superseded) => None,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let secrets: Vec<_> = rotated.iter().flatten().collect();
    assert_eq!(secrets.len(), 1);
    let mut sessions = sessions(server.place());
    assert!(sessions.check(secrets[0], later(10)).is_ok());
    assert_eq!(sessions.check(&old, later(10)).err(), Some(Error::Gone));
}

#[test]
fn ended_by_one_of_eight_threads_is_ended_for_all() {
    let server = Server::start();
    for _ in 0..10 {
        let secret = sessions(server.place())
            .open(0, getrandom::fill, NOW)
            .unwrap();
        let ended = AtomicBool::new(false);
        let secrets: Vec<Vec<Secret>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|number| {
                    let (secret, ended, place) = (&secret, &ended, server.place());
                    scope.spawn(move || {
                        let mut sessions = sessions(place);
                        let mut given = Vec::new();
                        if number == 0 {
                            sessions.end(secret, NOW).unwrap();
                            ended.store(true, Ordering::SeqCst);
                            return given;
                        }
                        loop {
                            let was_ended = ended.load(Ordering::SeqCst);
                            let result = if number % 2 == 0 {
                                sessions.update(secret, |data| *data += 1, NOW)
                            } else {
                                let rotated = sessions.rotate(secret, getrandom::fill, NOW);
                                rotated.map(|secret| given.push(secret))
                            };
                            match result {
                                Ok(()) => assert!(!was_ended, "revived"),
                                Err(Error::Superseded) => {}
                                Err(Error::Gone) => return given,
                                Err(error) => panic!("{error}"),
                            }
                        }
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let mut sessions = sessions(server.place());
        for secret in secrets.iter().flatten().chain([&secret]) {
            assert_eq!(sessions.check(secret, NOW).err(), Some(Error::Gone));
        }
    }
}

/// Refreshes once, as an issuer does, and answers which counter was exchanged for its successor.
fn refresh(store: &mut FamilyStore<u32>, id: FamilyId) -> Result<Option<u64>, ()> {
    let Some(family) = store.load(id).map_err(|_| ())? else {
        return Ok(None);
    };
    let decision = family.decide(
        family.ticket(),
        "app",
        Scope::NONE,
        &refresh::Rules::AAL1,
        NOW,
    );
    let Decision::Rotate(state) = decision else {
        panic!("{decision:?}");
    };
    let counter = family.state().counter();
    let replaced = store.replace(id, counter, state).map_err(|_| ())?;
    Ok(replaced.then_some(counter))
}

/// No counter was exchanged twice.
fn assert_one_successor_each(mut exchanged: Vec<u64>) {
    let count = exchanged.len();
    exchanged.sort_unstable();
    exchanged.dedup();
    assert_eq!(exchanged.len(), count, "a family has two successors");
}

#[test]
fn eight_threads_give_a_family_one_successor_each_time() {
    let server = Server::start();
    let family = family(1);
    let id = family.id();
    families(server.place())
        .insert(family, NOW)
        .unwrap()
        .unwrap();
    let exchanged: Vec<u64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut store = families(server.place());
                    let refreshed = (0..50).filter_map(|_| refresh(&mut store, id).unwrap());
                    refreshed.collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    let counter = families(server.place())
        .load(id)
        .unwrap()
        .unwrap()
        .state()
        .counter();
    assert_eq!(exchanged.len() as u64, counter);
    assert_one_successor_each(exchanged);
}

#[test]
fn rows_expire_by_themselves_and_not_before() {
    const LIFE: Duration = Duration::from_secs(4);
    let server = Server::start();
    let lifetime = Lifetime {
        idle: LIFE,
        absolute: 60 * LIFE,
    };
    let rules = Rules::AAL1
        .with_user(lifetime)
        .with_anonymous(lifetime)
        .with_touch_after(Duration::ZERO);
    let mut sessions = Stored::new(SessionStore::<u32, u32>::new(server.place()), rules);
    let start = Instant::now();
    let visitor = sessions.open(0, getrandom::fill, NOW).unwrap();
    let old = sessions.login(None, who(1), getrandom::fill, NOW).unwrap();
    let ada = sessions.rotate(&old, getrandom::fill, NOW).unwrap();
    let rules = refresh::Rules::new(LIFE, LIFE);
    let mut families = FamilyStore::<u32>::new(server.place(), rules);
    let grant = Grant::new(&who(1), "app", Scope::NONE).unwrap();
    let family = Family::new(grant, &rules, getrandom::fill, NOW).unwrap();
    families.insert(family.clone(), NOW).unwrap().unwrap();

    let mut connection = redis::Client::open(server.url())
        .unwrap()
        .get_connection()
        .unwrap();
    let mut keys = || redis::cmd("DBSIZE").query::<u32>(&mut connection).unwrap();
    // Two sessions, a former handle, an index; a family and its index.
    assert_eq!(keys(), 6);
    thread::sleep(LIFE / 2);
    // A use keeps the row, and the index of its user.
    let touched = Instant::now();
    sessions.touch(&ada, later(1)).unwrap();
    while sessions.check(&visitor, later(1)).is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
    assert!(start.elapsed() >= LIFE);
    let lives = sessions.check(&ada, later(1)).is_ok();
    let mut own = 0;
    sessions.list(&1, |_| own += 1, later(1)).unwrap();
    // On a machine that was busy for seconds, it may be over already.
    assert!(touched.elapsed() >= LIFE || lives && own == 1);
    while keys() > 0 {
        thread::sleep(Duration::from_millis(20));
    }
    assert!(touched.elapsed() >= LIFE);
    assert!(families.load(family.id()).unwrap().is_none());
}

#[test]
fn whoever_has_all_files_of_the_server_gets_in_nowhere() {
    let server = Server::start();
    let mut sessions = sessions(server.place());
    let visitor = sessions.open(0, getrandom::fill, NOW).unwrap();
    let old = sessions.login(None, who(1), getrandom::fill, NOW).unwrap();
    let new = sessions.rotate(&old, getrandom::fill, NOW).unwrap();
    let mut families = families(server.place());
    let family = family(1);
    let (id, first) = (family.id(), family.ticket());
    families.insert(family, NOW).unwrap().unwrap();
    assert_eq!(refresh(&mut families, id), Ok(Some(0)));
    let second = families.load(id).unwrap().unwrap().ticket();
    let files = server.files();
    // What the server knows is there, so it is the right files that were read.
    assert!(holds(&files, new.handle().as_bytes()));
    for secret in [&visitor, &old, &new] {
        let mut text = [0; Secret::LEN];
        let text = secret.write(&mut text).unwrap();
        assert!(!holds(&files, text.as_bytes()));
        assert!(sessions.check(secret, NOW).is_ok());
    }
    // Nor the MAC of a refresh token: what it says besides is no secret.
    let mut key = [0; 32];
    getrandom::fill(&mut key).unwrap();
    let seal = Seal::new(&Keyring::<Hs256>::new("k", Key::new(&key).unwrap()));
    assert!(!holds(&files, &key));
    assert!(holds(&files, id.as_bytes()));
    for ticket in [first, second] {
        let token = seal.sign(ticket);
        let (said, mac) = token.expose().split_at(32);
        assert!(!holds(&files, mac.as_bytes()));
        for window in files.windows(32) {
            // Any 32 bytes of them, as the MAC.
            let forged = session::Handle::from_bytes(window.try_into().unwrap());
            assert!(seal.verify(format!("{said}{forged}")).is_err());
        }
    }
    // Any 32 bytes of them, presented as a secret.
    for window in files.windows(32) {
        let mut text = [0; Secret::LEN];
        let text = session::Handle::from_bytes(window.try_into().unwrap())
            .write(&mut text)
            .unwrap();
        let handle = Secret::parse(text.as_bytes()).unwrap().handle();
        assert!(!holds(&files, handle.as_bytes()));
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn an_outage_is_an_error_and_nothing_is_revived_after_it() {
    let mut server = Server::start();
    let mut sessions = sessions(server.place());
    let mut families = families(server.place());
    let ada = sessions.login(None, who(1), getrandom::fill, NOW).unwrap();
    sessions.update(&ada, |data| *data = 7, NOW).unwrap();
    let ended = sessions.login(None, who(1), getrandom::fill, NOW).unwrap();
    sessions.end(&ended, NOW).unwrap();
    let rotated = sessions.login(None, who(2), getrandom::fill, NOW).unwrap();
    let successor = sessions.rotate(&rotated, getrandom::fill, NOW).unwrap();
    let (alive, dead) = (family(1), family(2));
    let (alive_id, dead_id) = (alive.id(), dead.id());
    for family in [alive.clone(), dead] {
        families.insert(family, NOW).unwrap().unwrap();
    }
    assert_eq!(refresh(&mut families, alive_id), Ok(Some(0)));
    assert!(families.remove(dead_id).unwrap());

    server.kill();
    let unavailable = Some(Error::Unavailable);
    for _ in 0..2 {
        assert_eq!(sessions.check(&ada, NOW).err(), unavailable);
        assert_eq!(sessions.update(&ada, |_| (), NOW).err(), unavailable);
        assert_eq!(sessions.open(0, getrandom::fill, NOW).err(), unavailable);
        assert_eq!(sessions.end(&ada, NOW).err(), unavailable);
        assert_eq!(sessions.list(&1, |_| (), NOW).err(), unavailable);
        assert!(families.load(alive_id).is_err());
        assert!(families.remove(alive_id).is_err());
    }

    server.restart();
    let found = sessions.check(&ada, NOW).unwrap();
    assert_eq!(found.session().data(), &7);
    assert_eq!(sessions.check(&ended, NOW).err(), Some(Error::Gone));
    assert!(sessions.check(&rotated, NOW).is_ok());
    assert_eq!(sessions.check(&rotated, later(10)).err(), Some(Error::Gone));
    assert!(sessions.check(&successor, later(10)).is_ok());
    assert!(families.load(dead_id).unwrap().is_none());
    // A token from before the outage that was used then is a token used twice.
    let stored = families.load(alive_id).unwrap().unwrap();
    let (client, rules) = ("app", refresh::Rules::AAL1);
    let decision = stored.decide(alive.ticket(), client, Scope::NONE, &rules, NOW);
    assert_eq!(decision, Decision::End(refresh::Error::Reused));
    assert_eq!(refresh(&mut families, alive_id), Ok(Some(1)));
}

#[test]
fn a_server_that_is_killed_under_eight_threads_revives_nothing() {
    let mut server = Server::start();
    let shared = family(1);
    let id = shared.id();
    families(server.place())
        .insert(shared, NOW)
        .unwrap()
        .unwrap();
    let counter = sessions(server.place())
        .open(0, getrandom::fill, NOW)
        .unwrap();
    let (stop, updates) = (AtomicBool::new(false), AtomicU32::new(0));
    let (place, stop_ref, updates_ref, counter_ref) = (server.place(), &stop, &updates, &counter);
    let (ended, exchanged) = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let place = place.clone();
                scope.spawn(move || {
                    let (mut sessions, mut families) = (sessions(place.clone()), families(place));
                    let (mut ended, mut exchanged) = (Vec::new(), Vec::new());
                    while !stop_ref.load(Ordering::SeqCst) {
                        // What is acknowledged counts; what is not may have happened or not.
                        exchanged.extend(refresh(&mut families, id).ok().flatten());
                        if sessions.update(counter_ref, |data| *data += 1, NOW).is_ok() {
                            updates_ref.fetch_add(1, Ordering::SeqCst);
                        }
                        let login = sessions.login(None, who(100 + number), getrandom::fill, NOW);
                        let Ok(secret) = login else {
                            assert_eq!(login.err(), Some(Error::Unavailable));
                            continue;
                        };
                        let rotated = sessions.rotate(&secret, getrandom::fill, NOW).ok();
                        if sessions.end(&secret, NOW).is_ok() {
                            ended.push(secret);
                            ended.extend(rotated);
                        }
                    }
                    (ended, exchanged)
                })
            })
            .collect();
        for _ in 0..3 {
            thread::sleep(Duration::from_millis(500));
            server.restart();
        }
        thread::sleep(Duration::from_millis(500));
        stop.store(true, Ordering::SeqCst);
        let mut all = (Vec::new(), Vec::new());
        for thread in threads {
            let (ended, exchanged) = thread.join().unwrap();
            all.0.extend(ended);
            all.1.extend(exchanged);
        }
        all
    });
    server.restart();

    let mut sessions = sessions(server.place());
    assert!(
        ended.len() > 20,
        "the threads have done something: {}",
        ended.len()
    );
    for secret in &ended {
        assert_eq!(sessions.check(secret, NOW).err(), Some(Error::Gone));
    }
    let found = sessions.check(&counter, NOW).unwrap();
    assert!(
        *found.session().data() >= updates.load(Ordering::SeqCst),
        "an update was lost"
    );
    let reached = families(server.place())
        .load(id)
        .unwrap()
        .unwrap()
        .state()
        .counter();
    assert!(
        exchanged.iter().all(|counter| *counter < reached),
        "a rotation was lost"
    );
    assert_one_successor_each(exchanged);
}
