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

/// Which of them are asked for, one after the other, all over again.
#[derive(Clone, Copy)]
enum Asked {
    /// Always one in the middle.
    One,
    /// All, in no order that memory could foresee.
    All,
}

impl Asked {
    /// The numbers below `size` that are asked for.
    fn numbers(self, size: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..size).collect();
        match self {
            Self::One => numbers = vec![size / 2],
            Self::All => numbers.sort_by_key(|at| Sha256::digest(at.to_le_bytes())),
        }
        numbers
    }
}

/// Runs in a thread of its own, whose stack has room for the largest on its way to the heap.
fn with_room<T: Send>(build: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(512 << 20)
            .spawn_scoped(scope, build);
        thread.expect("a thread").join().expect("built")
    })
}

fn who(at: u64, now: UnixTime) -> Authenticated<u64> {
    Authenticated::vouch(at, Evidence::new(Assurance::Aal1, Factors::PWD), now)
}

/// A random source that gives to each `at` what is its own.
fn fill(at: u64) -> impl FnOnce(&mut [u8]) -> Result<(), ()> {
    move |bytes| {
        let random: [u8; 32] = Sha256::digest(at.to_be_bytes()).into();
        bytes.copy_from_slice(&random[..bytes.len()]);
        Ok(())
    }
}

/// A full table of users' sessions, asked for by the texts of their cookies.
fn ours<const N: usize>(group: &mut BenchmarkGroup<'_, WallTime>, asked: Asked) {
    let rules = Rules::AAL1.with_per_user(PerUser::Unlimited);
    let now = UnixTime::from_secs(NOW);
    let (mut sessions, texts) = with_room(|| {
        let mut sessions = Box::new(Sessions::<u64, (), N>::new(rules));
        let login = |at| {
            let secret = sessions.login(None, who(at, now), fill(at), now);
            let mut text = [0; Secret::LEN];
            secret.expect("room").write(&mut text).expect("room");
            text
        };
        let texts: Vec<[u8; Secret::LEN]> = (0..N as u64).map(login).collect();
        (sessions, texts)
    });
    let asked: Vec<_> = asked.numbers(N).iter().map(|at| texts[*at]).collect();
    let mut asked = asked.iter().cycle();
    let now = UnixTime::from_secs(NOW + 1);
    group.bench_function(BenchmarkId::new("hardtack", N), |b| {
        b.iter(|| {
            let text = asked.next().expect("a cycle");
            let secret = Secret::parse(black_box(text)).expect("a secret");
            sessions.check(&secret, now).expect("is there").ends_at()
        });
    });
}

fn tower(group: &mut BenchmarkGroup<'_, WallTime>, asked: Asked, size: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let store = MemoryStore::default();
    let mut texts = Vec::new();
    for _ in 0..size {
        let expiry_date = time::OffsetDateTime::now_utc() + time::Duration::days(1);
        let mut record = Record {
            id: Id::default(),
            data: Default::default(),
            expiry_date,
        };
        record.data.insert("user".into(), "user-4711".into());
        runtime.block_on(store.create(&mut record)).expect("stored");
        texts.push(record.id.to_string());
    }
    let asked: Vec<_> = asked.numbers(size).iter().map(|at| &texts[*at]).collect();
    let mut asked = asked.into_iter().cycle();
    group.bench_function(BenchmarkId::new("tower-sessions", size), |b| {
        b.iter(|| {
            let text = asked.next().expect("a cycle");
            let id: Id = black_box(text).parse().expect("an ID");
            let found = runtime.block_on(store.load(&id)).expect("loads");
            found.expect("is there")
        });
    });
}

/// It neither reads a text nor hashes a secret: only the look-up is compared.
fn moka(group: &mut BenchmarkGroup<'_, WallTime>, asked: Asked, size: usize) {
    let cache = moka::sync::Cache::builder()
        .max_capacity(2 * size as u64)
        .time_to_idle(std::time::Duration::from_secs(1800))
        .build();
    let key = |at: usize| <[u8; 32]>::from(Sha256::digest(at.to_be_bytes()));
    for at in 0..size {
        cache.insert(key(at), at);
    }
    let asked: Vec<_> = asked.numbers(size).into_iter().map(key).collect();
    let mut asked = asked.iter().cycle();
    group.bench_function(BenchmarkId::new("moka", size), |b| {
        b.iter(|| {
            let wanted = asked.next().expect("a cycle");
            cache.get(black_box(wanted)).expect("is there")
        });
    });
}

pub fn check(c: &mut Criterion) {
    for (name, asked) in [
        ("session checked", Asked::One),
        ("another session each time", Asked::All),
    ] {
        let mut group = c.benchmark_group(name);
        group.bench_function("floor", |b| b.iter(|| Sha256::digest(black_box(KEY))));
        ours::<16>(&mut group, asked);
        ours::<256>(&mut group, asked);
        ours::<4096>(&mut group, asked);
        ours::<65_536>(&mut group, asked);
        for size in SIZES {
            tower(&mut group, asked, size);
            moka(&mut group, asked, size);
        }
        group.finish();
    }
}

/// No peer rotates with reuse detection; the floor is the two tags, one checked and one made.
pub fn refresh(c: &mut Criterion) {
    for (name, asked) in [
        ("refresh token rotated", Asked::One),
        ("another refresh token each time", Asked::All),
    ] {
        let mut group = c.benchmark_group(name);
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
        families::<16>(&mut group, asked);
        families::<256>(&mut group, asked);
        families::<4096>(&mut group, asked);
        families::<65_536>(&mut group, asked);
        group.finish();
    }
}

/// A full table of logins that go on and on: a token is read and checked, its family rotated, and
/// the next token made.
fn families<const N: usize>(group: &mut BenchmarkGroup<'_, WallTime>, asked: Asked) {
    let ring = Keyring::<Hs256, 0>::new("1", Key::new(&KEY).expect("long enough"));
    let seal = Seal::new(&ring);
    let now = UnixTime::from_secs(NOW);
    let (mut families, tickets) = with_room(|| {
        let rules = RefreshRules::AAL1.with_per_user(refresh::PerUser::Unlimited);
        let mut families = Box::new(Families::<u64, N>::new(rules));
        let open = |at| {
            let grant = Grant::new(&who(at, now), "web", Scope::NONE).expect("fits");
            families.open(grant, fill(at), now).expect("room")
        };
        let tickets: Vec<_> = (0..N as u64).map(open).collect();
        (families, tickets)
    });
    let numbers = asked.numbers(N);
    let asked = numbers.iter().map(|at| seal.sign(tickets[*at]));
    let mut tokens: Vec<_> = asked.collect();
    let mut at = 0;
    group.bench_function(BenchmarkId::new("hardtack", N), |b| {
        b.iter(|| {
            let token = &mut tokens[at];
            at = if at + 1 < numbers.len() { at + 1 } else { 0 };
            let ticket = seal.verify(black_box(token.expose())).expect("genuine");
            let next = families
                .rotate(ticket, "web", Scope::NONE, now)
                .expect("current");
            *token = seal.sign(next);
        });
    });
}
