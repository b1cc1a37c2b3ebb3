//! By the clock: what is wrong at its first byte against what is wrong at its last, in an order that
//! chance decides, and Welch's t of the two times (Reparaz, Balasch, Verbauwhede: "dude, is my code
//! constant time?", 2017). Slow answers are left out in several ways, since they are the machine's.

use std::hint::black_box;
use std::time::Instant;

use crate::cases::{Presented, Text, Visit, all};

/// Of all times, these parts are looked at.
const PARTS: [f64; 6] = [1.0, 0.99, 0.9, 0.7, 0.5, 0.25];

struct Samples(usize);

impl Visit for Samples {
    fn visit(
        &mut self,
        name: &str,
        present: &dyn Fn(Presented) -> Text,
        check: &mut dyn FnMut(&[u8]) -> bool,
    ) {
        let classes = [Presented::WrongAtFirst, Presented::WrongAtLast].map(present);
        // What differs between two rounds is the machine's doing.
        let t = (0..2)
            .map(|_| self.round(&classes, check))
            .fold(f64::INFINITY, f64::min);
        println!("{name}: {t:.1}");
    }

    fn hide(&self, _: &mut [u8]) {}
}

impl Samples {
    /// The greatest |t| of all parts.
    fn round(&self, classes: &[Text; 2], check: &mut dyn FnMut(&[u8]) -> bool) -> f64 {
        // One place for both, so that nothing but what it says differs.
        let mut text = classes[0].bytes().to_vec();
        let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
        let mut samples: Vec<(u32, bool)> = Vec::with_capacity(self.0);
        for _ in 0..self.0 {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            let class = chance >> 63 == 1;
            text.copy_from_slice(classes[usize::from(class)].bytes());
            let from = Instant::now();
            black_box(check(black_box(&text)));
            let time = from.elapsed().as_nanos();
            samples.push((u32::try_from(time).unwrap_or(u32::MAX), class));
        }
        let mut times: Vec<u32> = samples.iter().map(|sample| sample.0).collect();
        times.sort_unstable();
        let t = PARTS.map(|part| {
            let slowest = times[((times.len() - 1) as f64 * part) as usize];
            welch(samples.iter().filter(|sample| sample.0 <= slowest)).abs()
        });
        t.into_iter().fold(0.0, f64::max)
    }
}

/// Welch's t of the two classes.
fn welch<'s>(samples: impl Iterator<Item = &'s (u32, bool)>) -> f64 {
    let mut classes = [(0.0, 0.0, 0.0); 2];
    for (time, class) in samples {
        // Welford's sums: how many, their mean, their squared distances from it.
        let (count, mean, squares) = &mut classes[usize::from(*class)];
        *count += 1.0;
        let from = f64::from(*time) - *mean;
        *mean += from / *count;
        *squares += from * (f64::from(*time) - *mean);
    }
    let [first, second] = classes;
    let error = |(count, _, squares): (f64, f64, f64)| squares / (count - 1.0) / count;
    let error = error(first) + error(second);
    if error > 0.0 {
        (first.1 - second.1) / error.sqrt()
    } else {
        0.0
    }
}

pub fn run(samples: usize) {
    all(&mut Samples(samples));
}
