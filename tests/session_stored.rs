//! Sessions in a store: the same calls with the same answers as in memory, whoever is faster, and
//! an outage that is no log-out.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use core::cell::Cell;
use core::convert::Infallible;
use core::time::Duration;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::session::{
    Change, Error, Handle, Lifetime, PerUser, Record, Rules, Secret, Sessions, Store, Stored,
};
use hardtack::time::UnixTime;

const START: UnixTime = UnixTime::from_secs(1_700_000_000);
const LIFETIME: Lifetime = Lifetime {
    idle: Duration::from_secs(600),
    absolute: Duration::from_secs(3600),
};
const RULES: Rules = Rules::AAL1
    .with_user(LIFETIME)
    .with_anonymous(LIFETIME)
    .with_touch_after(Duration::from_secs(60))
    .with_rotation(Duration::from_secs(300), Duration::from_secs(10))
    .with_per_user(PerUser::EndOldest(2));

/// What goes wrong in a store, once or for good.
#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    None,
    /// Somebody else changes the record that a change names, just before it; so many times.
    Rival(u32),
    /// Somebody else ends it.
    Thief,
    /// A session is rotated before its user's are listed.
    Rotates(Handle),
    Outage,
}

/// A store with trouble in front of one without.
struct Troubled {
    inner: Sessions<&'static str, u32, 16>,
    trouble: Trouble,
    writes: u32,
}

impl Store for Troubled {
    type User = &'static str;
    type Data = u32;
    type Error = ();

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<&'static str, u32>>, ()> {
        if self.trouble == Trouble::Outage {
            return Err(());
        }
        Ok(self.inner.load(handle).unwrap())
    }

    fn apply(&mut self, change: &Change<'_, &'static str, u32>) -> Result<bool, ()> {
        if self.trouble == Trouble::Outage {
            return Err(());
        }
        self.writes += 1;
        if let Change::Replace { was, .. } | Change::Delete { was } = change
            && let Some(stored) = self.inner.load(&was.handle).unwrap()
        {
            let stamp = stored.stamp();
            match self.trouble {
                Trouble::Rival(left @ 1..) => {
                    self.trouble = Trouble::Rival(left - 1);
                    let next = with_version(
                        &stored,
                        stamp.version + 1,
                        u32::try_from(stored.version()).unwrap(),
                    );
                    let keep = Duration::from_secs(60);
                    let (was, record) = (stamp, &next);
                    let rival = Change::Replace { was, record, keep };
                    assert_eq!(self.inner.apply(&rival), Ok(true));
                }
                Trouble::Thief => {
                    self.trouble = Trouble::None;
                    assert_eq!(self.inner.apply(&Change::Delete { was: stamp }), Ok(true));
                }
                _ => {}
            }
        }
        Ok(self.inner.apply(change).unwrap())
    }

    fn each_of(
        &mut self,
        user: &&'static str,
        see: impl FnMut(Record<&'static str, u32>),
    ) -> Result<(), ()> {
        if self.trouble == Trouble::Outage {
            return Err(());
        }
        if let Trouble::Rotates(handle) = self.trouble {
            self.trouble = Trouble::None;
            let stored = self.inner.load(&handle).unwrap().unwrap();
            let (was, next) = (stored.stamp(), rotated(&stored));
            let (record, keep) = (&next, Duration::from_secs(60));
            let rotation = Change::Replace { was, record, keep };
            assert_eq!(self.inner.apply(&rotation), Ok(true));
        }
        self.inner.each_of(user, see).unwrap();
        Ok(())
    }
}

/// The record after somebody else's rotation, with an overlap that does not end.
fn rotated(record: &Record<&'static str, u32>) -> Record<&'static str, u32> {
    let mut core = record.core();
    core[1] |= 2;
    core[8..16].copy_from_slice(&(record.version() + 1).to_be_bytes());
    core[40..72].fill(0x77);
    core[72..104].copy_from_slice(record.handle().as_bytes());
    core[104..].copy_from_slice(&i64::MAX.to_be_bytes());
    Record::from_core(&core, record.user().copied(), *record.data()).unwrap()
}

/// The record after somebody else's update: its data counts the updates.
fn with_version(
    record: &Record<&'static str, u32>,
    version: u64,
    data: u32,
) -> Record<&'static str, u32> {
    let mut core = record.core();
    core[8..16].copy_from_slice(&version.to_be_bytes());
    Record::from_core(&core, record.user().copied(), data + 1).unwrap()
}

fn stored(trouble: Trouble) -> Stored<Troubled> {
    let inner = Sessions::new(RULES.with_per_user(PerUser::Unlimited));
    let writes = 0;
    Stored::new(
        Troubled {
            inner,
            trouble,
            writes,
        },
        RULES,
    )
}

thread_local!(static GIVEN: Cell<u64> = const { Cell::new(0) });

fn random(bytes: &mut [u8]) -> Result<(), Infallible> {
    GIVEN.set(GIVEN.get() + 1);
    bytes[..8].copy_from_slice(&GIVEN.get().to_le_bytes());
    Ok(())
}

fn broken(_: &mut [u8]) -> Result<(), &'static str> {
    Err("no entropy")
}

fn at(seconds: u64) -> UnixTime {
    START.saturating_add(Duration::from_secs(seconds))
}

fn who(user: &'static str, now: UnixTime) -> Authenticated<&'static str> {
    Authenticated::vouch(user, Evidence::new(Assurance::Aal1, Factors::PWD), now)
}

fn user(sessions: &mut Stored<Troubled>, secret: &Secret, now: UnixTime) -> Option<&'static str> {
    let found = sessions.check(secret, now).unwrap();
    found.session().identity().ok().map(|it| **it.principal())
}

#[track_caller]
fn assert_gone(sessions: &mut Stored<Troubled>, secret: &Secret, now: UnixTime) {
    let (gone, writes) = (Some(Error::Gone), sessions.store().writes);
    assert_eq!(sessions.check(secret, now).err(), gone);
    assert_eq!(sessions.touch(secret, now).err(), gone);
    assert_eq!(sessions.update(secret, |data| *data = 9, now).err(), gone);
    assert_eq!(sessions.rotate(secret, random, now).err(), gone);
    let again = sessions.reauthenticate(secret, who("ada", now), random, now);
    assert_eq!(again.err(), gone);
    assert_eq!(sessions.end(secret, now).err(), gone);
    assert_eq!(sessions.revoke_others(secret, now).err(), gone);
    let own = sessions.revoke_own(secret, &secret.handle(), now);
    assert_eq!(own.err(), gone);
    assert_eq!(sessions.store().writes, writes);
}

#[test]
fn the_way_of_a_session_through_a_store() {
    let mut sessions = stored(Trouble::None);
    assert_eq!(sessions.rules(), &RULES);
    let visitor = sessions.open(7, random, at(0)).unwrap();
    assert_eq!(user(&mut sessions, &visitor, at(0)), None);
    let first = sessions
        .login(Some(&visitor), who("ada", at(1)), random, at(1))
        .unwrap();
    assert_gone(&mut sessions, &visitor, at(1));
    assert_eq!(user(&mut sessions, &first, at(1)), Some("ada"));
    sessions.update(&first, |data| *data += 1, at(2)).unwrap();

    assert!(
        sessions
            .check(&first, at(301))
            .unwrap()
            .session()
            .is_rotation_due()
    );
    let second = sessions.rotate(&first, random, at(301)).unwrap();
    for secret in [&first, &second] {
        let found = sessions.check(secret, at(310)).unwrap();
        assert_eq!(found.session().data(), &8);
        assert!(!found.session().is_rotation_due());
    }
    let again = sessions.rotate(&first, random, at(310));
    assert_eq!(again.err(), Some(Error::Superseded));
    assert_gone(&mut sessions, &first, at(311));

    let other = sessions.reauthenticate(&second, who("bob", at(320)), random, at(320));
    assert_eq!(other.err(), Some(Error::OtherUser));
    let third = sessions
        .reauthenticate(&second, who("ada", at(320)), random, at(320))
        .unwrap();
    assert_gone(&mut sessions, &second, at(320));
    assert!(sessions.touch(&third, at(919)).is_ok());
    assert!(sessions.check(&third, at(1518)).is_ok());
    assert_gone(&mut sessions, &third, at(1519));

    let ada = sessions
        .login(Some(&third), who("ada", at(1600)), random, at(1600))
        .unwrap();
    assert_eq!(sessions.check(&ada, at(1600)).unwrap().session().data(), &0);
    sessions.end(&ada, at(1601)).unwrap();
    assert_gone(&mut sessions, &ada, at(1601));
}

#[test]
fn a_use_is_written_once_a_minute() {
    let mut sessions = stored(Trouble::None);
    let secret = sessions.open(7, random, at(0)).unwrap();
    for seconds in 0..60 {
        sessions.touch(&secret, at(seconds)).unwrap();
    }
    assert_eq!(sessions.store().writes, 1);
    sessions.touch(&secret, at(60)).unwrap();
    sessions.touch(&secret, at(61)).unwrap();
    assert_eq!(sessions.store().writes, 2);
    assert_eq!(
        sessions.check(&secret, at(61)).unwrap().session().used_at(),
        at(60)
    );
}

#[test]
fn point_7_the_limit_per_user_holds_in_a_store() {
    let mut sessions = stored(Trouble::None);
    let first = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let second = sessions
        .login(None, who("ada", at(1)), random, at(1))
        .unwrap();
    let bob = sessions
        .login(None, who("bob", at(1)), random, at(1))
        .unwrap();
    // The one that the login consumes does not count.
    let third = sessions
        .login(Some(&second), who("ada", at(2)), random, at(2))
        .unwrap();
    assert_eq!(user(&mut sessions, &first, at(2)), Some("ada"));
    let fourth = sessions
        .login(None, who("ada", at(3)), random, at(3))
        .unwrap();
    assert_gone(&mut sessions, &first, at(3));
    for secret in [&third, &fourth] {
        assert_eq!(user(&mut sessions, secret, at(3)), Some("ada"));
    }
    assert_eq!(user(&mut sessions, &bob, at(3)), Some("bob"));
}

#[test]
fn point_7_a_limit_that_refuses_refuses_in_a_store() {
    let store = Sessions::<_, u32, 4>::new(RULES);
    let mut sessions = Stored::new(store, RULES.with_per_user(PerUser::Refuse(1)));
    sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let login = sessions.login(None, who("ada", at(1)), random, at(1));
    assert_eq!(login.err(), Some(Error::UserLimit));
    assert!(
        sessions
            .login(None, who("bob", at(1)), random, at(1))
            .is_ok()
    );
    // The ended do not count.
    assert!(
        sessions
            .login(None, who("ada", at(600)), random, at(600))
            .is_ok()
    );
}

#[test]
fn point_6_a_user_sees_and_ends_their_own() {
    let mut sessions = stored(Trouble::None);
    let here = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let there = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let bob = sessions
        .login(None, who("bob", at(0)), random, at(0))
        .unwrap();
    let visitor = sessions.open(0, random, at(0)).unwrap();
    let mut seen = Vec::new();
    sessions
        .list(&"ada", |session| seen.push(session.handle()), at(1))
        .unwrap();
    seen.sort_unstable();
    let mut own = [here.handle(), there.handle()];
    own.sort_unstable();
    assert_eq!(seen, own);

    for foreign in [bob.handle(), visitor.handle()] {
        assert_eq!(
            sessions.revoke_own(&here, &foreign, at(1)),
            Err(Error::Gone)
        );
    }
    let anonymous = Err(Error::Anonymous);
    assert_eq!(
        sessions.revoke_own(&visitor, &visitor.handle(), at(1)),
        anonymous
    );
    assert_eq!(
        sessions.revoke_others(&visitor, at(1)),
        Err(Error::Anonymous)
    );
    assert_eq!(sessions.revoke_own(&here, &there.handle(), at(1)), Ok(()));
    assert_gone(&mut sessions, &there, at(1));

    let there = sessions
        .login(None, who("ada", at(1)), random, at(1))
        .unwrap();
    assert_eq!(sessions.revoke_others(&here, at(1)), Ok(1));
    assert_gone(&mut sessions, &there, at(1));
    assert_eq!(sessions.revoke(&bob.handle(), at(1)), Ok(()));
    assert_gone(&mut sessions, &bob, at(1));
    // The ended are forgotten, and not counted.
    sessions
        .login(None, who("ada", at(300)), random, at(300))
        .unwrap();
    assert_eq!(sessions.revoke_user(&"ada", at(600)), Ok(1));
    assert_eq!(sessions.revoke_user(&"ada", at(600)), Ok(0));
    let mut seen = 0;
    sessions.list(&"ada", |_| seen += 1, at(600)).unwrap();
    assert_eq!(seen, 0);
}

#[test]
fn whoever_was_slower_starts_over_and_loses_nothing() {
    for rivals in [1, 5, 63] {
        let mut sessions = stored(Trouble::None);
        let secret = sessions
            .login(None, who("ada", at(0)), random, at(0))
            .unwrap();
        let rival = Trouble::Rival(rivals);
        sessions.store().trouble = rival;
        sessions
            .update(&secret, |data| *data += 1000, at(100))
            .unwrap();
        // Each rival wrote its number; ours came last and on top of it.
        let found = sessions.check(&secret, at(100)).unwrap();
        assert_eq!(found.session().data(), &(rivals + 1000));
        sessions.store().trouble = rival;
        let found = sessions.touch(&secret, at(200)).unwrap();
        assert_eq!(found.session().used_at(), at(200));
        sessions.store().trouble = rival;
        let secret = sessions.rotate(&secret, random, at(300)).unwrap();
        sessions.store().trouble = rival;
        let again = sessions.reauthenticate(&secret, who("ada", at(400)), random, at(400));
        let secret = again.unwrap();
        sessions.store().trouble = rival;
        let login = sessions.login(Some(&secret), who("ada", at(500)), random, at(500));
        let secret = login.unwrap();
        let found = sessions.check(&secret, at(500)).unwrap();
        assert_eq!(
            found.session().identity().unwrap().authenticated_at(),
            at(500)
        );
        sessions.store().trouble = rival;
        sessions.end(&secret, at(600)).unwrap();
        assert_gone(&mut sessions, &secret, at(600));
        let secret = sessions
            .login(None, who("ada", at(600)), random, at(600))
            .unwrap();
        sessions.store().trouble = rival;
        sessions.revoke(&secret.handle(), at(600)).unwrap();
        sessions
            .login(None, who("ada", at(600)), random, at(600))
            .unwrap();
        sessions.store().trouble = rival;
        assert_eq!(sessions.revoke_user(&"ada", at(600)), Ok(1));
    }
}

#[test]
fn whoever_is_slower_every_time_gives_up_and_has_changed_nothing() {
    let mut sessions = stored(Trouble::None);
    let secret = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let unavailable = Some(Error::Unavailable);
    let rivals = Trouble::Rival(u32::MAX);
    sessions.store().trouble = rivals;
    assert_eq!(sessions.update(&secret, |_| (), at(1)).err(), unavailable);
    assert_eq!(sessions.rotate(&secret, random, at(1)).err(), unavailable);
    assert_eq!(sessions.end(&secret, at(1)).err(), unavailable);
    assert_eq!(sessions.revoke(&secret.handle(), at(1)).err(), unavailable);
    assert_eq!(sessions.revoke_user(&"ada", at(1)).err(), unavailable);
    // The login's write, and of each of the five calls 64 that came too late.
    assert_eq!(sessions.store().writes, 1 + 5 * 64);
    sessions.store().trouble = Trouble::None;
    assert_eq!(user(&mut sessions, &secret, at(1)), Some("ada"));
}

#[test]
fn point_5_what_somebody_else_ended_meanwhile_stays_ended() {
    let mut sessions = stored(Trouble::None);
    for call in 0..5 {
        let secret = sessions
            .login(None, who("ada", at(0)), random, at(0))
            .unwrap();
        sessions.store().trouble = Trouble::Thief;
        let now = at(100);
        let refused = match call {
            0 => sessions.update(&secret, |data| *data = 9, now).err(),
            1 => sessions.touch(&secret, now).err(),
            2 => sessions.rotate(&secret, random, now).err(),
            3 => sessions.end(&secret, now).err(),
            _ => sessions
                .reauthenticate(&secret, who("ada", now), random, now)
                .err(),
        };
        assert_eq!(refused, Some(Error::Gone));
        assert_gone(&mut sessions, &secret, now);
    }
    // A login has just proved who it is: it opens another session, without the data.
    let secret = sessions.open(7, random, at(0)).unwrap();
    sessions.store().trouble = Trouble::Thief;
    let ada = sessions
        .login(Some(&secret), who("ada", at(1)), random, at(1))
        .unwrap();
    assert_gone(&mut sessions, &secret, at(1));
    assert_eq!(sessions.check(&ada, at(1)).unwrap().session().data(), &0);
}

#[test]
fn point_6_all_but_this_one_leaves_this_one_if_it_is_rotated_meanwhile() {
    let mut sessions = stored(Trouble::None);
    let here = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let there = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    sessions.store().trouble = Trouble::Rotates(here.handle());
    assert_eq!(sessions.revoke_others(&here, at(1)), Ok(1));
    assert_eq!(user(&mut sessions, &here, at(1)), Some("ada"));
    assert_gone(&mut sessions, &there, at(1));
}

#[test]
fn point_7_whoever_is_slower_every_time_does_not_pass_the_limit() {
    let mut sessions = stored(Trouble::None);
    let [first, second] = [0, 1].map(|seconds| {
        let now = at(seconds);
        sessions.login(None, who("ada", now), random, now).unwrap()
    });
    sessions.store().trouble = Trouble::Rival(u32::MAX);
    let login = sessions.login(None, who("ada", at(2)), random, at(2));
    assert_eq!(login.err(), Some(Error::Unavailable));
    assert_eq!(sessions.store().writes, 2 + 64);
    sessions.store().trouble = Trouble::Rival(63);
    let third = sessions
        .login(None, who("ada", at(2)), random, at(2))
        .unwrap();
    assert_gone(&mut sessions, &first, at(2));
    for secret in [&second, &third] {
        assert_eq!(user(&mut sessions, secret, at(2)), Some("ada"));
    }
}

#[test]
fn point_8_the_room_of_ended_sessions_is_found_by_a_store_in_memory_too() {
    let store = Sessions::<_, u32, 2>::new(RULES);
    let mut sessions = Stored::new(store, RULES);
    for user in ["ada", "bob"] {
        sessions
            .login(None, who(user, at(0)), random, at(0))
            .unwrap();
    }
    let cyd = sessions.login(None, who("cyd", at(599)), random, at(599));
    assert_eq!(cyd.err(), Some(Error::Unavailable));
    let cyd = sessions
        .login(None, who("cyd", at(600)), random, at(600))
        .unwrap();
    assert!(sessions.check(&cyd, at(600)).is_ok());
}

#[test]
fn an_outage_is_an_error_and_not_a_log_out() {
    let mut sessions = stored(Trouble::None);
    let secret = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    sessions.store().trouble = Trouble::Outage;
    let unavailable = Some(Error::Unavailable);
    let now = at(1);
    assert_eq!(sessions.check(&secret, now).err(), unavailable);
    assert_eq!(sessions.touch(&secret, now).err(), unavailable);
    assert_eq!(sessions.update(&secret, |_| (), now).err(), unavailable);
    assert_eq!(sessions.open(0, random, now).err(), unavailable);
    assert_eq!(sessions.rotate(&secret, random, now).err(), unavailable);
    for presented in [None, Some(&secret)] {
        let login = sessions.login(presented, who("ada", now), random, now);
        assert_eq!(login.err(), unavailable);
    }
    let again = sessions.reauthenticate(&secret, who("ada", now), random, now);
    assert_eq!(again.err(), unavailable);
    assert_eq!(sessions.end(&secret, now).err(), unavailable);
    assert_eq!(sessions.revoke(&secret.handle(), now).err(), unavailable);
    let own = sessions.revoke_own(&secret, &secret.handle(), now);
    assert_eq!(own.err(), unavailable);
    assert_eq!(sessions.revoke_others(&secret, now).err(), unavailable);
    assert_eq!(sessions.revoke_user(&"ada", now).err(), unavailable);
    assert_eq!(sessions.list(&"ada", |_| (), now).err(), unavailable);
    sessions.store().trouble = Trouble::None;
    assert_eq!(user(&mut sessions, &secret, now), Some("ada"));
}

#[test]
fn point_1_a_failing_source_changes_nothing_in_a_store() {
    let mut sessions = stored(Trouble::None);
    let secret = sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    sessions
        .login(None, who("ada", at(0)), random, at(0))
        .unwrap();
    let writes = sessions.store().writes;
    let failed = Some(Error::NoEntropy);
    let now = at(1);
    assert_eq!(sessions.open(0, broken, now).err(), failed);
    assert_eq!(sessions.rotate(&secret, broken, now).err(), failed);
    for presented in [None, Some(&secret)] {
        let login = sessions.login(presented, who("ada", now), broken, now);
        assert_eq!(login.err(), failed);
    }
    let again = sessions.reauthenticate(&secret, who("ada", now), broken, now);
    assert_eq!(again.err(), failed);
    assert_eq!(sessions.store().writes, writes);
    // What a source has given before is no secret.
    let again = |bytes: &mut [u8]| {
        bytes[..8].copy_from_slice(&GIVEN.get().to_le_bytes());
        Ok::<(), Infallible>(())
    };
    assert_eq!(sessions.open(0, again, now).err(), failed);
    let login = sessions.login(None, who("bob", now), again, now);
    assert_eq!(login.err(), failed);
    assert_eq!(user(&mut sessions, &secret, now), Some("ada"));
}
