//! Runs operations on sessions and on the model side by side, and compares all that can be seen.
//! The fuzz target `session_ops` uses it too.

use core::cell::RefCell;
use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::session::{Error, Handle, Lifetime, PerUser, Rules, Secret, Sessions};
use hardtack::time::UnixTime;

use crate::model::{self, Entropy, Id, Model};

const EVIDENCE: Evidence = Evidence::new(Assurance::Aal1, Factors::PWD);

const fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds.unsigned_abs())
}

const fn lifetime((idle, absolute): (i64, i64)) -> Lifetime {
    Lifetime {
        idle: seconds(idle),
        absolute: seconds(absolute),
    }
}

const RULES: Rules = Rules::AAL1
    .with_user(lifetime(model::USER))
    .with_anonymous(lifetime(model::ANONYMOUS))
    .with_touch_after(seconds(model::TOUCH_AFTER))
    .with_rotation(seconds(model::ROTATE_AFTER), seconds(model::OVERLAP));

/// An operation. A secret is one of those given out, by its place, the newest first.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Open(u32, Source),
    Touch(usize),
    Update(usize, u32),
    Rotate(usize, Source),
    Login(Option<usize>, u8, i64, Source),
    Reauthenticate(usize, u8, i64, Source),
    End(usize),
    Revoke(usize),
    RevokeOwn(usize, usize),
    RevokeOthers(usize),
    RevokeUser(u8),
    RevokeBegunBefore(i64),
    RevokeAll,
    Purge,
    Wait(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    Fresh,
    Repeats(usize),
    Fails,
}

fn bytes(id: Id) -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[30..].copy_from_slice(&id.to_be_bytes());
    bytes
}

type Known = BTreeMap<Id, (Rc<Secret>, Handle)>;

thread_local!(static SECRETS: RefCell<Known> = RefCell::default());

fn known(id: Id) -> (Rc<Secret>, Handle) {
    SECRETS.with_borrow_mut(|known| {
        let known = known.entry(id).or_insert_with(|| {
            let secret = parsed(id);
            let handle = secret.handle();
            (Rc::new(secret), handle)
        });
        known.clone()
    })
}

/// The secret of a number, as a client presents it.
fn secret(id: Id) -> Rc<Secret> {
    known(id).0
}

fn handle(id: Id) -> Handle {
    known(id).1
}

fn parsed(id: Id) -> Secret {
    let mut text = String::new();
    let mut buffer = 0_u32;
    let mut bits = 0;
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for byte in bytes(id).into_iter().chain([0]) {
        buffer = buffer << 8 | u32::from(byte);
        bits += 8;
        while bits >= 6 && text.len() < 43 {
            bits -= 6;
            text.push(char::from(ALPHABET[(buffer >> bits) as usize & 63]));
        }
    }
    Secret::parse(text.as_bytes()).unwrap()
}

/// All that can be seen is compared at the end, and after each operation if `often`.
pub(crate) fn run<const N: usize>(per_user: PerUser, operations: Vec<Operation>, often: bool) {
    let mut store = Sessions::<u8, u32, N>::new(RULES.with_per_user(per_user));
    let mut model = Model::new(N, per_user);
    let mut given: Vec<Id> = Vec::new();
    let mut clock = 1_000_i64;
    for operation in operations {
        if let Operation::Wait(seconds) = operation {
            clock += seconds;
            continue;
        }
        let pick = |at: usize| given.len().checked_sub(at + 1).map(|at| given[at]);
        let id = |at: usize| pick(at).unwrap_or(Id::MAX);
        let next = given.iter().max().map_or(1, |last| last + 1);
        let entropy = |source| match source {
            Source::Fresh => Entropy::Gives(next),
            Source::Repeats(at) => Entropy::Gives(pick(at).unwrap_or(next)),
            Source::Fails => Entropy::Fails,
        };
        let fill = |source| {
            let entropy = entropy(source);
            move |room: &mut [u8]| match entropy {
                Entropy::Gives(id) => {
                    room.copy_from_slice(&bytes(id));
                    Ok(())
                }
                Entropy::Fails => Err("no entropy"),
            }
        };
        let who =
            |user, age| Authenticated::vouch(user, EVIDENCE, UnixTime::from_secs(clock - age));
        let now = UnixTime::from_secs(clock);
        let at = model.clock(clock);
        let mut issued = None;
        match operation.clone() {
            Operation::Open(data, source) => {
                let ours = store.open(data, fill(source), now);
                issued = Some((ours, model.open(data, entropy(source), at)));
            }
            Operation::Touch(which) => {
                let ours = store.touch(&secret(id(which)), now).map(|_| ());
                assert_eq!(ours, model.touch(id(which), at));
            }
            Operation::Update(which, data) => {
                let ours = store.update(&secret(id(which)), |it| core::mem::replace(it, data), now);
                let theirs = model.find(id(which), at);
                assert_eq!(
                    ours,
                    theirs.map(|it| core::mem::replace(&mut it.data, data))
                );
            }
            Operation::Rotate(which, source) => {
                let ours = store.rotate(&secret(id(which)), fill(source), now);
                issued = Some((ours, model.rotate(id(which), entropy(source), at)));
            }
            Operation::Login(which, user, age, source) => {
                let presented = which.map(|at| secret(id(at)));
                let ours = store.login(presented.as_deref(), who(user, age), fill(source), now);
                let who = (user, clock - age);
                let theirs = model.login(which.map(id), who, entropy(source), at);
                issued = Some((ours, theirs));
            }
            Operation::Reauthenticate(which, user, age, source) => {
                let presented = secret(id(which));
                let ours = store.reauthenticate(&presented, who(user, age), fill(source), now);
                let who = (user, clock - age);
                let theirs = model.reauthenticate(id(which), who, entropy(source), at);
                issued = Some((ours, theirs));
            }
            Operation::End(which) => {
                let ours = store.end(&secret(id(which)), now);
                assert_eq!(ours, model.end(id(which), at));
            }
            Operation::Revoke(which) => {
                let ours = store.revoke(&handle(id(which)), now);
                assert_eq!(ours, model.revoke(id(which), at));
            }
            Operation::RevokeOwn(this, other) => {
                let ours = store.revoke_own(&secret(id(this)), &handle(id(other)), now);
                assert_eq!(ours, model.revoke_own(id(this), id(other), at));
            }
            Operation::RevokeOthers(which) => {
                let ours = store.revoke_others(&secret(id(which)), now);
                assert_eq!(ours, model.revoke_others(id(which), at));
            }
            Operation::RevokeUser(user) => {
                let theirs = model.revoke_where(|it| it.user == Some(user), at);
                assert_eq!(store.revoke_user(&user, now), theirs);
            }
            Operation::RevokeBegunBefore(age) => {
                let moment = clock - age;
                let ours = store.revoke_begun_before(UnixTime::from_secs(moment), now);
                assert_eq!(ours, model.revoke_where(|it| it.begun < moment, at));
            }
            Operation::RevokeAll => {
                assert_eq!(store.revoke_all(now), model.revoke_where(|_| true, at));
            }
            Operation::Purge => {
                store.purge(now);
                model.purge_now(at);
            }
            Operation::Wait(_) => {}
        }
        if let Some((ours, theirs)) = issued {
            assert_eq!(ours.map(|secret| secret.handle()), theirs.map(handle));
            if let Ok(id) = theirs {
                model.order.insert(id, *handle(id).as_bytes());
                given.retain(|known| *known != id);
                given.push(id);
            }
        }
        if often {
            compare(&mut store, &mut model, &given, clock);
        }
    }
    compare(&mut store, &mut model, &given, clock);
}

/// What can be seen of the store, by the latest secrets and by user, is what the model says.
fn compare<const N: usize>(
    store: &mut Sessions<u8, u32, N>,
    model: &mut Model,
    given: &[Id],
    clock: i64,
) {
    let now = UnixTime::from_secs(clock);
    let at = model.clock(clock);
    for id in given.iter().rev().take(8) {
        let ours = store.check(&secret(*id), now);
        let theirs = model.find(*id, at);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                assert_eq!(ours.handle(), handle(theirs.id));
                let identity = ours.identity().ok();
                let user = identity.as_ref().map(|user| **user.principal());
                assert_eq!(user, theirs.user);
                if let Some(identity) = identity {
                    assert_eq!(identity.authenticated_at().as_secs(), theirs.begun);
                }
                assert_eq!(*ours.data(), theirs.data);
                assert_eq!(ours.begun_at().as_secs(), theirs.begun);
                assert_eq!(ours.used_at().as_secs(), theirs.used);
                assert_eq!(ours.ends_at().as_secs(), theirs.ends_at());
                assert_eq!(ours.is_touch_due(), theirs.touch_due(at));
                assert_eq!(ours.is_rotation_due(), theirs.rotation_due(*id, at));
            }
            (ours, theirs) => {
                assert_eq!(ours.err(), Some(Error::Gone));
                assert_eq!(theirs.err(), Some(Error::Gone));
            }
        }
    }
    for user in 0..3 {
        let mut ours: Vec<_> = store
            .list(&user, now)
            .map(|session| session.handle())
            .collect();
        let own = model
            .sessions
            .iter()
            .filter(|it| it.user == Some(user) && it.lives(at));
        let mut theirs: Vec<_> = own.map(|it| handle(it.id)).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
    }
    assert_eq!(store.len(), model.sessions.len());
}
