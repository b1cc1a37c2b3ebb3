//! What one operation costs, and how that grows with hostile input. Peers and floors stand beside
//! us in `benches/versus`.

#![allow(missing_docs, clippy::expect_used, clippy::arithmetic_side_effects)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hardtack::cookie::{self, Header, NoSuffixList, Received, Request, SetCookie};
use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::issuer::{Issuer, Mint};
use hardtack::jar::{Jar, Outcome};
use hardtack::mac::{Hs256, Hs384, Hs512, Key, Keyring};
use hardtack::policy::{Allow, Deny, DenyOverrides, Policy, Who, authorize};
use hardtack::refresh::{Families, Rules as RefreshRules};
use hardtack::scope::Scope;
use hardtack::session::{Rules, Secret, Sessions};
use hardtack::time::UnixTime;
use hardtack::token::{Claims, Signer, Type, Verifier};
use hardtack::{date, json};

const NOW: UnixTime = UnixTime::from_secs(1_795_000_000);
const ISSUER: &str = "https://login.example";

fn user(id: u32) -> Authenticated<u32> {
    Authenticated::vouch(id, Evidence::new(Assurance::Aal1, Factors::PWD), NOW)
}

fn tokens(c: &mut Criterion) {
    let mut group = c.benchmark_group("token");
    let signer = Signer::new(Type::JWT, ISSUER, Duration::from_secs(300));
    let verifier = Verifier::new(Type::JWT, ISSUER);
    let claims = Claims::of("user-4711").jti("f3b9c2d8a1e04f6f9b7a");
    let (mut buffer, mut scratch) = ([0; 1024], [0; 1024]);
    macro_rules! with {
        ($($algorithm:ident)*) => {$(
            let key = Key::<$algorithm>::new(&[7; 64]).expect("long enough");
            group.bench_function(concat!("mint ", stringify!($algorithm)), |b| {
                b.iter(|| signer.sign(&key, black_box(&claims), &mut buffer, NOW).map(str::len));
            });
            let token = signer.sign(&key, &claims, &mut buffer, NOW).expect("fits").to_owned();
            group.bench_function(concat!("verify ", stringify!($algorithm)), |b| {
                b.iter(|| {
                    let token = black_box(token.as_bytes());
                    verifier.verify(&key, token, &mut scratch, NOW).is_ok()
                });
            });
        )*};
    }
    with!(Hs256 Hs384 Hs512);
    group.finish();
}

/// Ten kibibytes and more of what made peers quadratic.
fn hostile(c: &mut Criterion) {
    let mut group = c.benchmark_group("hostile");
    for kib in [1, 4, 16, 64] {
        let len = kib * 1024;
        group.throughput(Throughput::Bytes(len.try_into().expect("small")));
        for (name, piece) in [
            ("=", "="),
            (";", ";"),
            ("space", " "),
            ("tab", "\t"),
            ("a=", "a="),
            ("quote", "\""),
        ] {
            let text = piece.repeat(len / piece.len());
            group.bench_function(BenchmarkId::new(format!("Cookie {name}"), kib), |b| {
                b.iter(|| cookie::pairs(black_box(text.as_bytes())).count());
            });
            group.bench_function(
                BenchmarkId::new(format!("Cookie by name {name}"), kib),
                |b| {
                    b.iter(|| {
                        Header::new([black_box(text.as_bytes())])
                            .first(b"sid")
                            .is_some()
                    });
                },
            );
            group.bench_function(BenchmarkId::new(format!("Set-Cookie {name}"), kib), |b| {
                b.iter(|| Received::parse(black_box(text.as_bytes())).is_ok());
            });
        }
        for (name, piece) in [
            ("[", "["),
            ("string", "\"\\u0061\","),
            ("name", "{\"a\":0},"),
        ] {
            let text = format!("[{}0]", piece.repeat(len / piece.len()));
            let mut scratch = vec![0; len + 16];
            group.bench_function(BenchmarkId::new(format!("JSON {name}"), kib), |b| {
                b.iter(|| {
                    let text = black_box(text.as_bytes());
                    json::read::<serde::de::IgnoredAny>(text, &mut scratch).is_ok()
                });
            });
        }
    }
    group.finish();
}

fn cookies(c: &mut Criterion) {
    let mut group = c.benchmark_group("cookie");
    let line = "a=b; Domain=example.com; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; \
                Max-Age=86400; Secure; HttpOnly; SameSite=Lax";
    group.bench_function("Set-Cookie read", |b| {
        b.iter(|| Received::parse(black_box(line.as_bytes())).map(|cookie| cookie.expires()));
    });
    let cookie = SetCookie::new("__Host-session", "31d4d96e407aad42").expect("a cookie");
    let mut buffer = [0; 256];
    group.bench_function("Set-Cookie written", |b| {
        b.iter(|| black_box(&cookie).write(&mut buffer).map(str::len));
    });
    group.bench_function("date read", |b| {
        b.iter(|| date::parse(black_box(b"Wed, 21 Oct 2026 07:28:00 GMT")));
    });
    let mut jar = Jar::<64, 8192>::new(NoSuffixList);
    let request = Request::https("www.example.com", "/").expect("a host");
    assert_eq!(jar.store(line.as_bytes(), &request, NOW), Outcome::Stored);
    group.bench_function("jar header", |b| {
        b.iter(|| {
            jar.write_header(black_box(&request), &mut buffer, NOW)
                .map(<[u8]>::len)
        });
    });
    group.finish();
}

fn memory(c: &mut Criterion) {
    let mut group = c.benchmark_group("memory");
    let mut sessions = Sessions::<u32, (), 256>::new(Rules::AAL1);
    let secret = sessions
        .login(None, user(1), getrandom::fill, NOW)
        .expect("room");
    let mut text = [0; Secret::LEN];
    let text = secret.write(&mut text).expect("fits").to_owned();
    group.bench_function("session checked", |b| {
        b.iter(|| {
            let secret = Secret::parse(black_box(text.as_bytes())).expect("a secret");
            sessions.check(&secret, NOW).is_ok()
        });
    });

    let ring = Keyring::<Hs256>::new("1", Key::new(&[7; 32]).expect("long enough"));
    let mint = Mint::new(
        &ring,
        ISSUER,
        "https://api.example",
        Duration::from_secs(300),
    );
    let denied = mint.denylist::<16>();
    let mut issuer = Issuer::new(mint, Families::<u32, 16>::new(RefreshRules::AAL1), denied);
    let mut buffer = [0; 1024];
    let pair = issuer.issue(
        &user(1),
        "web",
        Scope::NONE,
        getrandom::fill,
        &mut buffer,
        NOW,
    );
    let mut refresh = pair.expect("issued").refresh_token().to_owned();
    group.bench_function("pair exchanged", |b| {
        b.iter(|| {
            let fill = |bytes: &mut [u8]| {
                bytes.fill(7);
                Ok::<(), ()>(())
            };
            let next = issuer.exchange(&refresh, "web", Scope::NONE, fill, &mut buffer, NOW);
            next.expect("current")
                .refresh_token()
                .clone_into(&mut refresh);
        });
    });
    group.finish();
}

static POLICY: &dyn Policy<(), u32> = &DenyOverrides((
    Deny("suspended", Who(|user: &u32| *user == 0)),
    Allow("member", Who(|user: &u32| *user < 100)),
));

fn policies(c: &mut Criterion) {
    let who = user(7);
    c.bench_function("policy decided", |b| {
        b.iter(|| authorize(POLICY, (), black_box(&who), NOW).is_ok());
    });
}

criterion_group! {
    name = cost;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(1));
    targets = tokens, cookies, memory, policies, hostile
}
criterion_main!(cost);
