//! All interleavings of two clients of one session: two tabs of a browser, or a user and a thief.
//!
//! Against a database each operation is two steps, to load and to apply, and anything may happen
//! between them; in memory it is one. Every order of the steps of every pair of programs is run.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use core::cell::Cell;
use core::convert::Infallible;
use core::time::Duration;
use std::collections::HashMap;
use std::rc::Rc;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::session::{Change, Error, Handle, Record, Rules, Secret, Sessions};
use hardtack::time::UnixTime;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const LATER: UnixTime = UnixTime::from_secs(1_700_000_100);

const OVERLAPPING: Rules = Rules::AAL1
    .with_touch_after(Duration::ZERO)
    .with_rotation(Duration::ZERO, Duration::from_secs(10));
const ABRUPT: Rules = OVERLAPPING.with_rotation(Duration::ZERO, Duration::ZERO);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Update,
    Rotate,
    Login,
    End,
}

const OPERATIONS: [Operation; 4] = [
    Operation::Update,
    Operation::Rotate,
    Operation::Login,
    Operation::End,
];

type Program = [Operation; 2];

fn programs() -> impl Iterator<Item = Program> + Clone {
    let pairs = OPERATIONS
        .into_iter()
        .map(|first| OPERATIONS.map(|second| [first, second]));
    pairs.flatten()
}

thread_local!(static GIVEN: Cell<u64> = const { Cell::new(0) });

/// Stands for a random source: never the same bytes twice.
fn random(bytes: &mut [u8]) -> Result<(), Infallible> {
    GIVEN.set(GIVEN.get() + 1);
    bytes.fill(0xA5);
    bytes[..8].copy_from_slice(&GIVEN.get().to_le_bytes());
    Ok(())
}

fn ada() -> Authenticated<u32> {
    Authenticated::vouch(1, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

/// A client: what it still has to do, the secret that it presents, all that it ever had.
struct Client {
    program: Vec<Operation>,
    secret: Rc<Secret>,
    known: Vec<Rc<Secret>>,
    loaded: Option<Record<u32, u32>>,
    done: Vec<(Operation, Result<(), Error>)>,
}

impl Client {
    fn new(program: Program, secret: &Rc<Secret>) -> Self {
        Self {
            program: program.into_iter().rev().collect(),
            secret: Rc::clone(secret),
            known: vec![Rc::clone(secret)],
            loaded: None,
            done: Vec::new(),
        }
    }

    fn finish(&mut self, result: Result<Option<Secret>, Error>) {
        let operation = self.program.pop().unwrap();
        let result = result.map(|new| {
            if let Some(secret) = new.map(Rc::new) {
                self.known.push(Rc::clone(&secret));
                self.secret = secret;
            }
        });
        self.done.push((operation, result));
    }
}

/// The obvious database: a map, and a count of the changes that it accepted.
#[derive(Default)]
struct Rows {
    rows: HashMap<Handle, Record<u32, u32>>,
    ended: bool,
}

impl Rows {
    fn load(&self, handle: Handle) -> Option<Record<u32, u32>> {
        let former = |record: &&Record<u32, u32>| {
            record.former().is_some_and(|(former, _)| former == handle)
        };
        let row = self.rows.get(&handle);
        row.or_else(|| self.rows.values().find(former)).cloned()
    }

    fn apply(&mut self, change: &Change<'_, u32, u32>) -> bool {
        let unchanged = |was: &hardtack::session::Stamp| {
            self.rows.get(&was.handle).map(Record::stamp) == Some(*was)
        };
        match change {
            Change::Insert { record, .. } => self
                .rows
                .insert(record.handle(), (*record).clone())
                .is_none(),
            Change::Replace { was, record, .. } if unchanged(was) => {
                assert!(!self.ended, "nothing is written after the end");
                self.rows.remove(&was.handle);
                self.rows
                    .insert(record.handle(), (*record).clone())
                    .is_none()
            }
            Change::Delete { was } if unchanged(was) => {
                self.ended = true;
                self.rows.remove(&was.handle).is_some()
            }
            _ => false,
        }
    }

    /// Takes a client one step further: it loads, or computes and applies what it had loaded.
    fn step(&mut self, client: &mut Client, rules: &Rules) {
        let Some(mut record) = client.loaded.take() else {
            client.loaded = self.load(client.secret.handle());
            if client.loaded.is_none() {
                client.finish(Err(Error::Gone));
            }
            return;
        };
        let secret = Rc::clone(&client.secret);
        let changed = match client.program.last().unwrap() {
            Operation::Update => record
                .update(&secret, rules, |data| *data += 1, NOW)
                .map(|change| (None, change)),
            Operation::Rotate => record
                .rotate(&secret, rules, random, NOW)
                .map(|(new, change)| (Some(new), change)),
            Operation::Login => record
                .login(&secret, ada(), rules, random, NOW)
                .map(|(new, change)| (Some(new), change)),
            Operation::End => record.end(&secret, rules, NOW).map(|change| (None, change)),
        };
        match changed {
            Err(error) => client.finish(Err(error)),
            Ok((new, change)) => {
                if self.apply(&change) {
                    client.finish(Ok(new));
                }
                // If not, somebody was faster: it loads again.
            }
        }
    }
}

/// All orders in which two clients can take so many turns.
fn orders(turns: usize) -> Vec<Vec<bool>> {
    (0..1_u32 << (2 * turns))
        .filter(|order| order.count_ones() as usize == turns)
        .map(|order| (0..2 * turns).map(|at| order >> at & 1 == 1).collect())
        .collect()
}

/// Whether the operation had any effect.
fn succeeded(clients: &[Client; 2], wanted: Operation) -> usize {
    let done = clients.iter().flat_map(|client| &client.done);
    done.filter(|(operation, result)| *operation == wanted && result.is_ok())
        .count()
}

/// What must hold when both are done, whatever happened between.
fn judge(clients: &[Client; 2], mut data: impl FnMut(&Secret, UnixTime) -> Option<u32>) {
    let updates = u32::try_from(succeeded(clients, Operation::Update)).unwrap();
    let ends = succeeded(clients, Operation::End);
    assert!(ends <= 1, "a session ends once");
    let known = clients.iter().flat_map(|client| &client.known);
    let mut opening = Vec::new();
    for secret in known {
        if let Some(data) = data(secret, NOW) {
            assert_eq!(data, updates, "no update is lost");
        }
        if data(secret, LATER).is_some() {
            opening.push(secret.handle());
        }
    }
    opening.sort_unstable();
    opening.dedup();
    // Two successors of one session would be two secrets that open something after the overlap.
    assert_eq!(
        opening.len(),
        1 - ends,
        "one secret is left, or none after the end"
    );
    for client in clients {
        let end = client
            .done
            .iter()
            .position(|(operation, result)| *operation == Operation::End && result.is_ok());
        for (_, result) in client.done.iter().skip(end.map_or(usize::MAX, |at| at + 1)) {
            assert_eq!(*result, Err(Error::Gone), "ended is ended");
        }
        for (operation, result) in &client.done {
            let superseded = *operation == Operation::Rotate && *result == Err(Error::Superseded);
            assert!(superseded || matches!(result, Ok(()) | Err(Error::Gone)));
        }
    }
}

#[test]
fn two_clients_of_a_record_in_a_database() {
    let orders = orders(4);
    let mut runs = 0;
    for rules in [OVERLAPPING, ABRUPT] {
        for first in programs() {
            // The other way round it is the same, with the orders mirrored.
            for second in programs().filter(|second| format!("{second:?}") >= format!("{first:?}"))
            {
                for order in &orders {
                    let mut rows = Rows::default();
                    let (secret, record) = Record::open(0, random, NOW).unwrap();
                    let secret = Rc::new(secret);
                    assert!(rows.apply(&record.insertion(&rules, NOW)));
                    let mut clients = [first, second].map(|program| Client::new(program, &secret));
                    // Whoever was slower has turns left, since a lost race is run again.
                    for which in order
                        .iter()
                        .copied()
                        .chain([true, false].into_iter().cycle())
                    {
                        let client = &mut clients[usize::from(which)];
                        if !client.program.is_empty() {
                            rows.step(client, &rules);
                        } else if clients.iter().all(|client| client.program.is_empty()) {
                            break;
                        }
                    }
                    judge(&clients, |secret, now| {
                        let record = rows.load(secret.handle())?;
                        let session = record.check(secret, &rules, now).ok()?;
                        Some(*session.data())
                    });
                    runs += 1;
                }
            }
        }
    }
    assert_eq!(runs, 2 * 136 * 70);
}

#[test]
fn two_clients_of_sessions_in_memory() {
    let orders = orders(2);
    for rules in [OVERLAPPING, ABRUPT] {
        for first in programs() {
            for second in programs() {
                for order in &orders {
                    let mut sessions = Sessions::<u32, u32, 3>::new(rules);
                    let secret = Rc::new(sessions.open(0, random, NOW).unwrap());
                    let mut clients = [first, second].map(|program| Client::new(program, &secret));
                    for which in order {
                        let client = &mut clients[usize::from(*which)];
                        let secret = Rc::clone(&client.secret);
                        let result = match client.program.last().unwrap() {
                            Operation::Update => sessions
                                .update(&secret, |data| *data += 1, NOW)
                                .map(|()| None),
                            Operation::Rotate => sessions.rotate(&secret, random, NOW).map(Some),
                            // A login of a client whose session is gone would open another one.
                            Operation::Login => match sessions.check(&secret, NOW) {
                                Ok(_) => {
                                    sessions.login(Some(&secret), ada(), random, NOW).map(Some)
                                }
                                Err(error) => Err(error),
                            },
                            Operation::End => sessions.end(&secret, NOW).map(|()| None),
                        };
                        client.finish(result);
                    }
                    judge(&clients, |secret, now| {
                        let session = sessions.check(secret, now).ok()?;
                        Some(*session.data())
                    });
                }
            }
        }
    }
}
