use std::hint::black_box;
use std::time::Duration;

use biscotti::{Processor, ProcessorConfig, RequestCookies};
use cookie::{Cookie, CookieJar, Key};
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, measurement::WallTime};
use hardtack::cookie::{self as ours, SameSite, SetCookie};
use hardtack::date::ImfFixdate;
use hardtack::mac::{Hs256, Key as OurKey, Keyring};
use hardtack::time::UnixTime;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use versus::{KEY, vectors};

/// The Cookie headers of popular sites: 4,754 bytes.
fn top_sites() -> Vec<String> {
    let file = vectors("cookie/top-sites-cookie.json");
    let sites = file.as_object().expect("one header a site").values();
    sites
        .map(|site| site.as_str().expect("a header is text").to_owned())
        .collect()
}

/// Ten cookies in 210 bytes.
const TEN: &str = "theme=dark; lang=en-GB; _ga=GA1.2.1234567890; _gid=GA1.2.987654; consent=yes; \
                   region=eu-west-1; cart=3f9a1c; ab=variant-b; csrf=8c1f0a7be2d94c55; \
                   session=hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf4oIiKlMvXcY";

/// Seven attributes and the pair.
const SET: &str = "session=hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf; Domain=example.com; Path=/account; \
                   Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=86400; Secure; HttpOnly; \
                   SameSite=Lax";

fn peers_read(group: &mut BenchmarkGroup<'_, WallTime>, headers: &[String]) {
    group.bench_function("cookie", |b| {
        b.iter(|| {
            for header in headers {
                for pair in Cookie::split_parse(black_box(header.as_str())).flatten() {
                    black_box(pair.name_value());
                }
            }
        });
    });
    let processor: Processor = ProcessorConfig::default().into();
    group.bench_function("biscotti", |b| {
        b.iter(|| {
            for header in headers {
                black_box(RequestCookies::parse_header(black_box(header), &processor).is_ok());
            }
        });
    });
}

/// All pairs of the headers of popular sites.
pub fn read_all(c: &mut Criterion) {
    let headers = top_sites();
    let mut group = c.benchmark_group("Cookie header, all pairs");
    let bytes: usize = headers.iter().map(String::len).sum();
    group.throughput(Throughput::Bytes(bytes.try_into().unwrap()));
    group.bench_function("floor", |b| {
        b.iter(|| {
            for header in &headers {
                for at in memchr::memchr_iter(b';', black_box(header.as_bytes())) {
                    black_box(at);
                }
            }
        });
    });
    group.bench_function("hardtack", |b| {
        b.iter(|| {
            for header in &headers {
                for pair in ours::pairs(black_box(header.as_bytes())) {
                    black_box(pair);
                }
            }
        });
    });
    peers_read(&mut group, &headers);
    group.finish();
}

/// One cookie by name, the last of ten.
pub fn find_one(c: &mut Criterion) {
    let mut group = c.benchmark_group("one cookie by name");
    group.bench_function("hardtack", |b| {
        b.iter(|| {
            let header = ours::Header::new([black_box(TEN).as_bytes()]);
            header.first(b"session").map(<[u8]>::len)
        });
    });
    group.bench_function("cookie", |b| {
        b.iter(|| {
            let mut pairs = Cookie::split_parse(black_box(TEN)).flatten();
            pairs
                .find(|pair| pair.name() == "session")
                .map(|pair| pair.value().len())
        });
    });
    let processor: Processor = ProcessorConfig::default().into();
    group.bench_function("biscotti", |b| {
        b.iter(|| {
            let cookies = RequestCookies::parse_header(black_box(TEN), &processor);
            cookies
                .ok()?
                .get("session")
                .map(|cookie| cookie.value().len())
        });
    });
    group.finish();
}

pub fn set_cookie_read(c: &mut Criterion) {
    let mut group = c.benchmark_group("Set-Cookie read");
    group.bench_function("hardtack", |b| {
        b.iter(|| ours::Received::parse(black_box(SET.as_bytes())).map(|set| set.expires()));
    });
    group.bench_function("cookie", |b| b.iter(|| Cookie::parse(black_box(SET))));
    let url = url::Url::parse("https://www.example.com/account/").expect("a URL");
    group.bench_function("cookie_store", |b| {
        b.iter(|| cookie_store::Cookie::parse(black_box(SET), &url));
    });
    group.finish();
}

pub fn set_cookie_write(c: &mut Criterion) {
    let mut group = c.benchmark_group("Set-Cookie written");
    let mut buffer = [0; 512];
    group.bench_function("floor", |b| {
        b.iter(|| black_box(&mut buffer)[..SET.len()].copy_from_slice(black_box(SET).as_bytes()));
    });
    let ours = || -> Result<SetCookie<'_>, ours::Error> {
        let expires = ImfFixdate::new(UnixTime::from_secs(1_792_567_680)).expect("in range");
        SetCookie::new("session", "hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf")?
            .with_domain("example.com")?
            .with_path("/account")?
            .with_expires(expires)
            .with_max_age(Duration::from_secs(86_400))
            .with_same_site(SameSite::Lax)
    };
    let ours = ours().expect("a cookie");
    group.bench_function("hardtack", |b| {
        b.iter(|| black_box(&ours).write(&mut buffer).map(str::len));
    });
    let cookie = Cookie::parse(SET).expect("parses");
    group.bench_function("cookie", |b| b.iter(|| black_box(&cookie).to_string()));
    let mut cookies = biscotti::ResponseCookies::new();
    cookies.insert(
        biscotti::ResponseCookie::new("session", "hL3v0mC2Yk9QxW1uRz7dTg5sPqEaBnJf")
            .set_domain("example.com")
            .set_path("/account")
            .set_max_age(biscotti::time::SignedDuration::from_secs(86400))
            .set_secure(true)
            .set_http_only(true)
            .set_same_site(biscotti::SameSite::Lax),
    );
    let processor: Processor = ProcessorConfig::default().into();
    group.bench_function("biscotti", |b| {
        b.iter(|| {
            black_box(&cookies)
                .clone()
                .header_values(&processor)
                .map(|line| line.len())
                .sum::<usize>()
        });
    });
    group.finish();
}

pub fn signed(c: &mut Criterion) {
    let mut group = c.benchmark_group("signed value verified");
    let value = "user-4711.2026-11-23.b3d1";
    let keyed = Hmac::<Sha256>::new_from_slice(&KEY).expect("any length will do");
    group.bench_function("floor", |b| {
        b.iter(|| {
            let mut mac = keyed.clone();
            mac.update(black_box(value.as_bytes()));
            mac.finalize().into_bytes()
        });
    });
    let ring = Keyring::<Hs256, 0>::new("1", OurKey::new(&KEY).expect("long enough"));
    let signer = ours::Signer::new("user", "bench", &ring).expect("a name");
    let mut text = [0; 256];
    let text = signer
        .sign(value)
        .expect("fits")
        .write(&mut text)
        .expect("fits")
        .to_owned();
    let now = UnixTime::EPOCH;
    group.bench_function("hardtack", |b| {
        b.iter(|| signer.verify(black_box(text.as_bytes()), now).map(str::len));
    });
    let key = Key::from(&[KEY, KEY].concat());
    let mut jar = CookieJar::new();
    jar.signed_mut(&key).add(Cookie::new("user", value));
    group.bench_function("cookie", |b| {
        b.iter(|| black_box(&jar).signed(&key).get("user"))
    });
    group.finish();
}

/// Headers of 1 to 10,000 cookies: all pairs read.
pub fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("growth: all pairs of a header, by its bytes");
    for cookies in [1, 10, 100, 1000, 10_000] {
        let header: String = (0..cookies)
            .map(|at| format!("name{at}=value{at}; "))
            .collect();
        let bytes = header.len();
        group.bench_function(BenchmarkId::new("hardtack", bytes), |b| {
            b.iter(|| ours::pairs(black_box(header.as_bytes())).count());
        });
        group.bench_function(BenchmarkId::new("cookie", bytes), |b| {
            b.iter(|| {
                Cookie::split_parse(black_box(header.as_str()))
                    .flatten()
                    .count()
            });
        });
    }
    group.finish();
}
