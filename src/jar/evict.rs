//! Who goes when there is no room (RFC 6265bis §5.7, "remove excess cookies").

use super::entry::Entry;
use super::rules::is_expired;
use super::{Arena, Cookie, Jar};
use crate::time::UnixTime;

impl<const COOKIES: usize, const BYTES: usize, P> Jar<COOKIES, BYTES, P> {
    /// Makes room for a text of `len` bytes, which is known to fit into an empty jar: expired cookies
    /// go first, then the least recently used ones.
    pub(super) fn make_room(&mut self, len: usize, now: UnixTime) {
        if !self.has_room(len) {
            self.remove_expired(now);
        }
        while !self.has_room(len)
            && let Some(place) = self.least_recently_used()
        {
            self.discard(place);
        }
        if !self.arena.has_room_behind(len) {
            self.close_gaps();
        }
    }

    fn has_room(&self, len: usize) -> bool {
        self.len() < COOKIES && self.arena.has_room(len)
    }

    /// Makes room for one more cookie in its group, and answers whether it may come in. It may not if
    /// it is itself the one to go: the only one that is not `Secure` in a domain that is full. Then no
    /// other one goes either.
    pub(super) fn make_room_in_domain(
        &mut self,
        cookie: &Cookie<'_>,
        group: u32,
        now: UnixTime,
    ) -> bool {
        loop {
            // [6265bis-5.7-evict]
            let (mut first, mut all, mut staying) = (None, 0_usize, 0_usize);
            for (place, entry) in self.members(cookie, group) {
                let (lives, secure) = (!is_expired(entry.expires, now), entry.marks.is_secure);
                all = all.saturating_add(1);
                staying = staying.saturating_add((lives && secure).into());
                let class = (lives, secure, entry.age_of_use(), place);
                first = Some(first.map_or(class, |first| class.min(first)));
            }
            let Some((.., place)) = first.filter(|_| all >= self.domain_limit()) else {
                return true;
            };
            if !cookie.is_secure() && staying >= self.domain_limit() {
                return false;
            }
            self.discard(place);
        }
    }

    /// The cookies of the domain and partition of `cookie`.
    fn members<'j>(
        &'j self,
        cookie: &'j Cookie<'_>,
        group: u32,
    ) -> impl Iterator<Item = (usize, &'j Entry)> {
        self.groups
            .places(group)
            .filter_map(|place| Some((place, self.entries.at(place)?)))
            .filter(|(_, entry)| {
                let member = entry.view(&self.arena);
                member.domain.eq_ignore_ascii_case(cookie.domain)
                    && member.partition() == cookie.partition()
            })
    }

    fn least_recently_used(&self) -> Option<usize> {
        self.entries
            .iter()
            // [6265bis-5.7-used]
            .min_by_key(|(_, entry)| entry.age_of_use())
            .map(|(place, _)| place)
    }

    fn close_gaps(&mut self) {
        let entries = &mut self.entries;
        Arena::compact(&mut self.arena, |place, start| {
            entries.at_mut(place).map_or(0, |entry| {
                entry.start = start;
                entry.len()
            })
        });
    }
}
