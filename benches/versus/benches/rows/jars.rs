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

/// The same cookies in a jar of ours.
fn ours(group: &mut BenchmarkGroup<'_, WallTime>, cookies: usize) {
    static JAR: Mutex<Jar<4096, 262_144>> = Mutex::new(Jar::new(NoSuffixList));
    let mut jar = JAR.lock().expect("not poisoned");
    jar.clear();
    let now = UnixTime::from_secs(NOW);
    for site in 0..cookies / 3 {
        let host = format!("www.site{site}.com");
        let request = Request::https(&host, "/").expect("a host");
        for name in ["session", "theme", "lang"] {
            let line = format!("{name}=value{site}; Secure; Path=/");
            assert_eq!(jar.store(line.as_bytes(), &request, now), Outcome::Stored);
        }
    }
    let request = Request::https("www.site7.com", "/account").expect("a host");
    let mut buffer = [0; 256];
    let header = "session=value7; theme=value7; lang=value7".as_bytes();
    assert_eq!(jar.write_header(&request, &mut buffer, now), Ok(header));
    group.bench_function(BenchmarkId::new("hardtack", cookies), |b| {
        b.iter(|| {
            jar.write_header(black_box(&request), &mut buffer, now)
                .map(<[u8]>::len)
        });
    });
}

/// Cookies of `sites` sites, three each, of which one site is asked for.
pub fn look_up(c: &mut Criterion) {
    let mut group = c.benchmark_group("jar look-up");
    for cookies in [30, 300, 3000] {
        ours(&mut group, cookies);
        let mut store = CookieStore::default();
        for site in 0..cookies / 3 {
            let url = Url::parse(&format!("https://www.site{site}.com/")).expect("a URL");
            for name in ["session", "theme", "lang"] {
                store
                    .parse(&format!("{name}=value{site}; Secure; Path=/"), &url)
                    .expect("stored");
            }
        }
        let url = Url::parse("https://www.site7.com/account").expect("a URL");
        assert_eq!(store.get_request_values(&url).count(), 3);
        group.bench_function(BenchmarkId::new("cookie_store", cookies), |b| {
            b.iter(|| {
                store
                    .get_request_values(black_box(&url))
                    .map(|(_, value)| value.len())
                    .sum::<usize>()
            });
        });
    }
    group.finish();
}
