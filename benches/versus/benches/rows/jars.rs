use std::hint::black_box;
use std::sync::Mutex;

use cookie_store::CookieStore;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use hardtack::cookie::{NoSuffixList, Request};
use hardtack::jar::{Jar, Outcome};
use hardtack::time::UnixTime;
use url::Url;
use versus::NOW;

const BYTES: usize = 262_144;

/// A site and the name of a cookie of its.
type Named = (usize, usize);

fn line((site, name): Named) -> String {
    format!("name{name}=value{site}; Secure; Path=/")
}

/// Looks up the cookies of site 7 in a jar of ours.
fn ours(group: &mut BenchmarkGroup<'_, WallTime>, size: usize, cookies: &[Named], wanted: usize) {
    static JAR: Mutex<Jar<4096, BYTES>> = Mutex::new(Jar::new(NoSuffixList));
    let mut jar = JAR.lock().expect("not poisoned");
    jar.clear();
    let now = UnixTime::from_secs(NOW);
    for cookie in cookies {
        let host = format!("www.site{}.com", cookie.0);
        let request = Request::https(&host, "/").expect("a host");
        let outcome = jar.store(line(*cookie).as_bytes(), &request, now);
        assert_eq!(outcome, Outcome::Stored);
    }
    let request = Request::https("www.site7.com", "/account").expect("a host");
    let mut buffer = [0; 4096];
    let header = jar.write_header(&request, &mut buffer, now).expect("fits");
    assert_eq!(header.split(|byte| *byte == b';').count(), wanted);
    group.bench_function(BenchmarkId::new("hardtack", size), |b| {
        b.iter(|| {
            jar.write_header(black_box(&request), &mut buffer, now)
                .map(<[u8]>::len)
        });
    });
}

/// The same by cookie_store.
fn theirs(group: &mut BenchmarkGroup<'_, WallTime>, size: usize, cookies: &[Named], wanted: usize) {
    let mut store = CookieStore::default();
    for cookie in cookies {
        let url = format!("https://www.site{}.com/", cookie.0);
        let url = Url::parse(&url).expect("a URL");
        store.parse(&line(*cookie), &url).expect("stored");
    }
    let url = Url::parse("https://www.site7.com/account").expect("a URL");
    assert_eq!(store.get_request_values(&url).count(), wanted);
    group.bench_function(BenchmarkId::new("cookie_store", size), |b| {
        b.iter(|| {
            store
                .get_request_values(black_box(&url))
                .map(|(_, value)| value.len())
                .sum::<usize>()
        });
    });
}

/// Three cookies of each site, of which one site is asked for.
pub fn look_up(c: &mut Criterion) {
    let mut group = c.benchmark_group("jar look-up");
    for size in [30, 300, 3000] {
        let cookies: Vec<Named> = (0..size).map(|at| (at / 3, at % 3)).collect();
        ours(&mut group, size, &cookies, 3);
        theirs(&mut group, size, &cookies, 3);
    }
    group.finish();
}

/// More and more cookies of the site that is asked for, among 300 of others.
pub fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("growth: jar look-up, by cookies of its site");
    for size in [1, 3, 10, 30] {
        let others = (0..300).map(|at| (100 + at / 3, at % 3));
        let cookies: Vec<Named> = others.chain((0..size).map(|at| (7, at))).collect();
        ours(&mut group, size, &cookies, size);
        theirs(&mut group, size, &cookies, size);
    }
    group.finish();
}
