use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::refresh::{self, Families, Grant, Rules as RefreshRules, Seal};
use hardtack::scope::Scope;
use hardtack::session::{PerUser, Rules, Secret, Sessions};
use hardtack::time::UnixTime;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tower_sessions::session::{Id, Record};
use tower_sessions::{MemoryStore, SessionStore};
use versus::{KEY, NOW};

const SIZES: [usize; 4] = [16, 256, 4096, 65_536];

/// A full table of users' sessions, of which one in the middle is asked for by its cookie's text.
fn ours<const N: usize>(group: &mut BenchmarkGroup<'_, WallTime>) {
    let rules = Rules::AAL1.with_per_user(PerUser::Unlimited);
    // In a thread of its own, whose stack has room for the largest.
    let build = || {
        let mut sessions = Box::new(Sessions::<u64, (), N>::new(rules));
        let now = UnixTime::from_secs(NOW);
        let mut wanted = String::new();
        for at in 0..N as u64 {
            let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
            let user = Authenticated::vouch(at, evidence, now);
            let fill = |bytes: &mut [u8]| {
                bytes.copy_from_slice(&Sha256::digest(at.to_be_bytes()));
                Ok::<(), ()>(())
            };
            let secret = sessions
                .login(None, user, fill, now)
                .expect("there is room");
            if at == N as u64 / 2 {
                let mut text = [0; Secret::LEN];
                secret
                    .write(&mut text)
                    .expect("there is room")
                    .clone_into(&mut wanted);
            }
        }
        (sessions, wanted)
    };
    let (mut sessions, wanted) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(256 << 20)
            .spawn_scoped(scope, build);
        thread.expect("a thread").join().expect("built")
    });
    let now = UnixTime::from_secs(NOW + 1);
    group.bench_function(BenchmarkId::new("hardtack", N), |b| {
        b.iter(|| {
            let secret = Secret::parse(black_box(wanted.as_bytes())).expect("a secret");
            sessions.check(&secret, now).expect("is there").ends_at()
        });
    });
}

pub fn check(c: &mut Criterion) {
    let mut group = c.benchmark_group("session checked");
    group.bench_function("floor", |b| b.iter(|| Sha256::digest(black_box(KEY))));
    ours::<16>(&mut group);
    ours::<256>(&mut group);
    ours::<4096>(&mut group);
    ours::<65_536>(&mut group);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    for size in SIZES {
        let store = MemoryStore::default();
        let mut wanted = Id::default();
        for _ in 0..size {
            let expiry_date = time::OffsetDateTime::now_utc() + time::Duration::days(1);
            let mut record = Record {
                id: Id::default(),
                data: Default::default(),
                expiry_date,
            };
            record.data.insert("user".into(), "user-4711".into());
            runtime.block_on(store.create(&mut record)).expect("stored");
            wanted = record.id;
        }
        let text = wanted.to_string();
        group.bench_function(BenchmarkId::new("tower-sessions", size), |b| {
            b.iter(|| {
                let id: Id = black_box(&text).parse().expect("an ID");
                runtime
                    .block_on(store.load(&id))
                    .expect("loads")
                    .expect("is there")
            });
        });
        let cache = moka::sync::Cache::builder()
            .max_capacity(2 * size as u64)
            .time_to_idle(std::time::Duration::from_secs(1800))
            .build();
        for at in 0..size {
            cache.insert(<[u8; 32]>::from(Sha256::digest(at.to_be_bytes())), at);
        }
        let wanted: [u8; 32] = Sha256::digest((size / 2).to_be_bytes()).into();
        group.bench_function(BenchmarkId::new("moka", size), |b| {
            b.iter(|| cache.get(black_box(&wanted)).expect("is there"));
        });
    }
    group.finish();
}

/// No peer rotates with reuse detection; the floor is the two tags, one checked and one made.
pub fn refresh(c: &mut Criterion) {
    let mut group = c.benchmark_group("refresh token rotated");
    let keyed = Hmac::<Sha256>::new_from_slice(&KEY).expect("any length will do");
    group.bench_function("floor", |b| {
        b.iter(|| {
            let tag = |text: &[u8; 24]| {
                let mut mac = keyed.clone();
                mac.update(text);
                mac.finalize().into_bytes()
            };
            (tag(black_box(&[1; 24])), tag(black_box(&[2; 24])))
        });
    });
    families::<16>(&mut group);
    families::<256>(&mut group);
    families::<4096>(&mut group);
    families::<65_536>(&mut group);
    group.finish();
}

/// A full table of logins, of which one goes on and on: its token is read and checked, the family
/// rotated, and the next token made.
fn families<const N: usize>(group: &mut BenchmarkGroup<'_, WallTime>) {
    let ring = Keyring::<Hs256, 0>::new("1", Key::new(&KEY).expect("long enough"));
    let seal = Seal::new(&ring);
    let now = UnixTime::from_secs(NOW);
    let build = || {
        let rules = RefreshRules::AAL1.with_per_user(refresh::PerUser::Unlimited);
        let mut families = Box::new(Families::<u64, N>::new(rules));
        let mut ticket = None;
        for at in 0..N as u64 {
            let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
            let user = Authenticated::vouch(at, evidence, now);
            let grant = Grant::new(&user, "web", Scope::NONE).expect("fits");
            let fill = |bytes: &mut [u8]| {
                let random: [u8; 32] = Sha256::digest(at.to_be_bytes()).into();
                bytes.copy_from_slice(&random[..bytes.len()]);
                Ok::<(), ()>(())
            };
            ticket = families.open(grant, fill, now).ok();
        }
        (families, ticket.expect("there is room"))
    };
    let (mut families, ticket) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(512 << 20)
            .spawn_scoped(scope, build);
        thread.expect("a thread").join().expect("built")
    });
    let mut token = seal.sign(ticket);
    group.bench_function(BenchmarkId::new("hardtack", N), |b| {
        b.iter(|| {
            let ticket = seal.verify(black_box(token.expose())).expect("genuine");
            let next = families
                .rotate(ticket, "web", Scope::NONE, now)
                .expect("current");
            token = seal.sign(next);
        });
    });
}
