use core::cmp::Reverse;

use super::arena::{Arena, index};
use super::cookie::{Cookie, Marks};
use crate::table::Link;
use crate::time::UnixTime;

/// A cookie in the table. Its text is in the arena.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) created: UnixTime,
    /// Breaks the tie of two that were created in one second.
    pub(super) order: u64,
    pub(super) expires: UnixTime,
    /// When it was last sent or set, by the jar's own count.
    pub(super) used: u64,
    /// While a `Cookie` header is made: the one that goes behind it.
    pub(super) picked: Link,
    pub(super) start: u32,
    name: u16,
    value: u16,
    path: u16,
    site: u16,
    domain: u8,
    pub(super) marks: Marks,
}

impl Entry {
    /// The entry of a cookie whose text is at `start`, or nothing if a part of it is too long.
    pub(super) fn new(cookie: &Cookie<'_>, start: u32, order: u64, used: u64) -> Option<Self> {
        Some(Self {
            created: cookie.created,
            order,
            expires: cookie.expires,
            used,
            picked: Link::NOTHING,
            start,
            name: u16::try_from(cookie.name.len()).ok()?,
            value: u16::try_from(cookie.value.len()).ok()?,
            path: u16::try_from(cookie.path.len()).ok()?,
            site: u16::try_from(cookie.site.len()).ok()?,
            domain: u8::try_from(cookie.domain.len()).ok()?,
            marks: cookie.marks,
        })
    }

    /// The length of its text.
    pub(super) fn len(&self) -> usize {
        let short = [self.name, self.value, self.path, self.site].map(usize::from);
        short.iter().fold(usize::from(self.domain), |sum, len| {
            sum.saturating_add(*len)
        })
    }

    /// Where its value is, and how long.
    pub(super) fn value(&self) -> (usize, usize) {
        let start = index(self.start).saturating_add(usize::from(self.name));
        (start, usize::from(self.value))
    }

    /// Where its domain is, and how long.
    pub(super) fn domain(&self) -> (usize, usize) {
        let (start, len) = self.value();
        (start.saturating_add(len), usize::from(self.domain))
    }

    /// The cookie.
    #[cfg_attr(not(small), inline)]
    pub(super) fn view<'j, const BYTES: usize>(&self, arena: &'j Arena<BYTES>) -> Cookie<'j> {
        let mut rest = arena.at(index(self.start), self.len());
        let mut part = |len: usize| match rest.split_at_checked(len) {
            Some((part, others)) => {
                rest = others;
                part
            }
            None => &[],
        };
        Cookie {
            name: part(self.name.into()),
            value: part(self.value.into()),
            domain: part(self.domain.into()),
            path: part(self.path.into()),
            site: part(self.site.into()),
            marks: self.marks,
            created: self.created,
            expires: self.expires,
        }
    }

    /// RFC 6265bis §5.8.3, step 2: longer paths first, then what was created first.
    #[inline]
    pub(super) fn precedes(&self, other: &Self) -> bool {
        let key = |entry: &Self| (Reverse(entry.path), entry.created, entry.order);
        key(self) < key(other)
    }

    /// What is evicted first has the least of these: what was last used first, and of several that
    /// were sent together the one created first.
    pub(super) fn age_of_use(&self) -> (u64, u64) {
        (self.used, self.order)
    }
}
