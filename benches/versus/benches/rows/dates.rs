use std::hint::black_box;
use std::time::{Duration, UNIX_EPOCH};

use criterion::Criterion;
use hardtack::date::{self, ImfFixdate};
use hardtack::time::UnixTime;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const DATE: &str = "Wed, 21 Oct 2026 07:28:00 GMT";
const SECS: u64 = 1_792_567_680;

pub fn read(c: &mut Criterion) {
    let mut group = c.benchmark_group("cookie-date read");
    group.bench_function("hardtack", |b| {
        b.iter(|| date::parse(black_box(DATE.as_bytes())))
    });
    group.bench_function("httpdate", |b| {
        b.iter(|| httpdate::parse_http_date(black_box(DATE)))
    });
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    group.bench_function("time", |b| {
        b.iter(|| PrimitiveDateTime::parse(black_box(DATE), form));
    });
    group.finish();
}

pub fn write(c: &mut Criterion) {
    let mut group = c.benchmark_group("IMF-fixdate written");
    // As bytes, which is what `time` writes too.
    let at = UnixTime::from_secs(SECS.try_into().unwrap());
    group.bench_function("hardtack", |b| {
        b.iter(|| {
            let date = ImfFixdate::new(black_box(at)).expect("in range");
            date.to_bytes()
        });
    });
    let at = UNIX_EPOCH + Duration::from_secs(SECS);
    group.bench_function("httpdate", |b| {
        b.iter(|| httpdate::fmt_http_date(black_box(at)))
    });
    let at: i64 = SECS.try_into().unwrap();
    let mut buffer = [0_u8; 64];
    group.bench_function("time", |b| {
        b.iter(|| {
            let at = OffsetDateTime::from_unix_timestamp(black_box(at)).expect("in range");
            let written = at.format_into(&mut buffer.as_mut_slice(), &Rfc2822);
            written.expect("there is room");
            black_box(&buffer);
        });
    });
    group.finish();
}
