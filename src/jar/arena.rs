//! The text of all cookies in one array: records one behind the other, each behind four bytes that
//! say whose it is. A record that is released becomes a gap, which keeps its length and nothing else;
//! when the end is reached, the records behind gaps slide forward, in one pass and in place.

use crate::secret::wipe;

/// The bytes before a record: the place of its owner, or `GAP` and the length of both.
const HEADER: usize = size_of::<u32>();
const GAP: u32 = 1 << 31;

#[derive(Debug)]
pub(super) struct Arena<const BYTES: usize> {
    bytes: [u8; BYTES],
    /// Where the next record goes.
    end: usize,
    /// How many bytes before the end are gaps.
    gaps: usize,
}

impl<const BYTES: usize> Arena<BYTES> {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; BYTES],
            end: 0,
            gaps: 0,
        }
    }

    /// Whether a record of `len` bytes would fit if there was no other.
    pub(super) const fn could_hold(len: usize) -> bool {
        (BYTES as u64) < (GAP as u64) && len.saturating_add(HEADER) <= BYTES
    }

    /// Whether a record of `len` bytes fits, once the gaps are closed.
    pub(super) const fn has_room(&self, len: usize) -> bool {
        let used = self.end.saturating_sub(self.gaps);
        Self::could_hold(len) && used.saturating_add(HEADER).saturating_add(len) <= BYTES
    }

    /// Whether it fits as things are.
    pub(super) const fn has_room_behind(&self, len: usize) -> bool {
        self.end.saturating_add(HEADER).saturating_add(len) <= BYTES
    }

    /// Puts the record of `owner` behind the others and answers where it is, or does nothing if it
    /// does not fit there.
    pub(super) fn push(&mut self, owner: usize, parts: [&[u8]; 5]) -> Option<u32> {
        let len = parts
            .iter()
            .fold(HEADER, |len, part| len.saturating_add(part.len()));
        let end = self.end.checked_add(len)?;
        let owner = u32::try_from(owner).ok().filter(|owner| *owner < GAP)?;
        let start = u32::try_from(self.end.saturating_add(HEADER)).ok()?;
        let record = self.bytes.get_mut(self.end..end)?;
        let (header, mut rest) = record.split_first_chunk_mut()?;
        *header = owner.to_le_bytes();
        for part in parts {
            let (room, others) = rest.split_at_mut_checked(part.len())?;
            room.copy_from_slice(part);
            rest = others;
        }
        self.end = end;
        Some(start)
    }

    /// Overwrites the record of `len` bytes at `start` and makes it a gap.
    pub(super) fn release(&mut self, start: u32, len: usize) {
        let from = index(start).saturating_sub(HEADER);
        let len = len.saturating_add(HEADER);
        let is_last = from.saturating_add(len) == self.end;
        let record = self.at_mut(from, len);
        record.fill(0);
        if is_last {
            self.end = from;
        } else if let (Some(header), Ok(gap)) = (record.first_chunk_mut(), u32::try_from(len)) {
            *header = (gap | GAP).to_le_bytes();
            self.gaps = self.gaps.saturating_add(len);
        }
    }

    /// Closes the gaps. `moved` hears where the record of each owner is now, and answers how long
    /// it is. *O*(`BYTES`).
    pub(super) fn compact(&mut self, mut moved: impl FnMut(usize, u32) -> usize) {
        let (mut from, mut to) = (0_usize, 0_usize);
        while from < self.end {
            let Some(header) = self.bytes.get(from..).and_then(<[u8]>::first_chunk) else {
                break;
            };
            let header = u32::from_le_bytes(*header);
            if header & GAP != 0 {
                from = from.saturating_add(index(header & !GAP));
                continue;
            }
            let start = u32::try_from(to.saturating_add(HEADER)).unwrap_or(u32::MAX);
            let len = moved(index(header), start).saturating_add(HEADER);
            let gap = from.saturating_sub(to);
            from = from.saturating_add(len);
            if let Some(both) = self.bytes.get_mut(to..from)
                && gap <= both.len()
            {
                both.copy_within(gap.., 0);
            }
            to = to.saturating_add(len);
        }
        if let Some(left_over) = self.bytes.get_mut(to..self.end) {
            left_over.fill(0);
        }
        self.end = to;
        self.gaps = 0;
    }

    /// `len` bytes at `start`.
    #[cfg_attr(not(small), inline)]
    pub(super) fn at(&self, start: usize, len: usize) -> &[u8] {
        let behind = self.bytes.get(start..).unwrap_or_default();
        behind.get(..len).unwrap_or_default()
    }

    #[inline]
    pub(super) fn at_mut(&mut self, start: usize, len: usize) -> &mut [u8] {
        let behind = self.bytes.get_mut(start..).unwrap_or_default();
        behind.get_mut(..len).unwrap_or_default()
    }
}

/// Behind the end there are only zeros.
impl<const BYTES: usize> Drop for Arena<BYTES> {
    fn drop(&mut self) {
        wipe(self.bytes.get_mut(..self.end).unwrap_or_default());
    }
}

/// No arena has 2^31 bytes on a machine whose `usize` is smaller.
pub(super) fn index(start: u32) -> usize {
    usize::try_from(start).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    #[track_caller]
    fn push<const N: usize>(arena: &mut Arena<N>, owner: usize, text: &str) -> Option<u32> {
        arena.push(owner, [text.as_bytes(), b"", b"", b"", b""])
    }

    #[test]
    fn a_record_is_where_push_says() {
        let mut arena = Arena::<32>::new();
        assert_eq!(arena.push(7, [b"a", b"bc", b"", b"d", b""]), Some(4));
        assert_eq!(arena.at(4, 4), b"abcd");
        assert_eq!(push(&mut arena, 0, "xyz"), Some(12));
        assert_eq!(arena.at(12, 3), b"xyz");
        assert_eq!(arena.at(13, 2), b"yz");
        arena.at_mut(4, 2).copy_from_slice(b"AB");
        assert_eq!(arena.at(4, 4), b"ABcd");
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let mut arena = Arena::<12>::new();
        assert!(Arena::<12>::could_hold(8) && !Arena::<12>::could_hold(9));
        assert!(!Arena::<3>::could_hold(0) && !Arena::<0>::could_hold(0));
        assert_eq!(push(&mut arena, 0, "123456789"), None);
        assert!(arena.has_room(8) && arena.has_room_behind(8) && !arena.has_room(9));
        assert_eq!(push(&mut arena, 0, "12345678"), Some(4));
        assert_eq!(push(&mut arena, 0, ""), None);
        assert!(!arena.has_room(0));
    }

    #[test]
    fn the_last_record_leaves_no_gap() {
        let mut arena = Arena::<24>::new();
        push(&mut arena, 0, "1234");
        let last = push(&mut arena, 1, "5678").unwrap();
        arena.release(last, 4);
        assert!(arena.has_room_behind(12) && !arena.has_room(13));
    }

    #[test]
    fn gaps_close_and_every_owner_hears_of_it() {
        let mut arena = Arena::<40>::new();
        let texts = ["first", "2nd", "the third", ""];
        let starts: Vec<u32> = (0..4)
            .map(|owner| push(&mut arena, owner, texts[owner]).unwrap())
            .collect();
        arena.release(starts[0], 5);
        arena.release(starts[2], 9);
        assert!(arena.has_room(21) && !arena.has_room(30) && !arena.has_room_behind(21));
        let mut heard = Vec::new();
        arena.compact(|owner, start| {
            heard.push((owner, start));
            texts[owner].len()
        });
        assert_eq!(heard, [(1, 4), (3, 11)]);
        assert_eq!(arena.at(4, 3), b"2nd");
        assert!(arena.has_room_behind(25) && !arena.has_room(26));
    }

    #[test]
    fn nothing_is_left_of_what_has_gone() {
        let mut arena = Arena::<64>::new();
        let texts = ["aaaa", "bbbb", "cccc", "dddd"];
        let starts: Vec<u32> = (0..4)
            .map(|owner| push(&mut arena, owner, texts[owner]).unwrap())
            .collect();
        let has = |arena: &Arena<64>, byte| arena.bytes.contains(&byte);
        arena.release(starts[3], 4);
        assert!(!has(&arena, b'd'));
        arena.release(starts[0], 4);
        assert!(!has(&arena, b'a') && has(&arena, b'b'));
        arena.compact(|owner, _| texts[owner].len());
        assert!(arena.bytes[arena.end..].iter().all(|byte| *byte == 0));
        assert_eq!(arena.bytes.iter().filter(|byte| **byte == b'c').count(), 4);
    }
}
