use std::hint::black_box;

use cookie_store::CookieStore;
use criterion::{BenchmarkId, Criterion};
use url::Url;

/// Cookies of `sites` sites, three each, of which one site is asked for.
pub fn look_up(c: &mut Criterion) {
    let mut group = c.benchmark_group("jar look-up");
    for cookies in [30, 300, 3000] {
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
