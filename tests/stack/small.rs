//! A stack of so many KiB. Systems give a thread more than that, so the rest is taken before.

use std::hint::black_box;
use std::thread::Builder;

/// What the thread itself needs to find out how much it has.
const MORE: usize = 8 * 1024;

/// Runs `task` where `kib` KiB of stack are left.
pub fn on_stack_of(kib: usize, task: impl FnOnce() + Send + 'static) {
    let (room, asked) = (kib * 1024, kib * 1024 + MORE);
    let thread = Builder::new().stack_size(asked);
    let running = thread.spawn(move || descend(lowest_address(asked) + room, task));
    running.unwrap().join().unwrap();
}

/// Takes stack down to `end`.
fn descend(end: usize, task: impl FnOnce()) {
    let taken = [0_u8; 64];
    if address_of(&taken) > end {
        descend(end, task);
    } else {
        task();
    }
    black_box(taken);
}

fn address_of<T>(place: &T) -> usize {
    std::ptr::from_ref(black_box(place)) as usize
}

/// Where the stack of this thread ends; below it lies a page that nobody may touch.
#[cfg(target_os = "linux")]
fn lowest_address(_asked: usize) -> usize {
    let place = black_box(0_u8);
    let here = address_of(&place);
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let ranges = maps.lines().filter_map(|line| {
        let (start, rest) = line.split_once('-')?;
        let (end, _) = rest.split_once(' ')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        Some(address(start)?..address(end)?)
    });
    let mut around = ranges.filter(|range| range.contains(&here));
    around.next().unwrap().start
}

/// Elsewhere it is taken for granted that the thread has what it asked for.
#[cfg(not(target_os = "linux"))]
fn lowest_address(asked: usize) -> usize {
    let place = black_box(0_u8);
    address_of(&place) - asked
}
