use core::fmt;

use super::entry::Entry;
use super::group::domains;
use super::{Arena, Cookie, Jar, rules};
use crate::cookie::{PublicSuffixes, Request};
use crate::table::{Link, Slots};
use crate::time::UnixTime;
use crate::write::{Emit, NoRoom, Sink, Stop};

/// The cookies that go with a request, in the order in which they are sent.
///
/// It is an iterator, and it is the value of the `Cookie` header: of the cookies that are left in it.
///
/// ```
/// use hardtack::cookie::{NoSuffixList, Request};
/// use hardtack::jar::Jar;
/// use hardtack::time::UnixTime;
///
/// let now = UnixTime::from_secs(1_767_225_600);
/// let cart = Request::https("shop.example", "/cart/7")?;
/// let mut jar = Jar::<8, 1024>::new(NoSuffixList);
/// let _ = jar.store(b"theme=dark; Path=/", &cart, now);
/// let _ = jar.store(b"step=2", &cart, now); // for /cart, the directory of the request
///
/// let matching = jar.matching(&cart, now);
/// assert_eq!(matching.header_len(), 18);
/// assert_eq!(matching.write(&mut [0; 32])?, b"step=2; theme=dark");
/// assert!(matching.map(|cookie| cookie.path()).eq([&b"/cart"[..], b"/"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Matching<'j, const COOKIES: usize, const BYTES: usize> {
    entries: &'j Slots<Entry, COOKIES>,
    arena: &'j Arena<BYTES>,
    next: Link,
}

impl<const COOKIES: usize, const BYTES: usize, P: PublicSuffixes> Jar<COOKIES, BYTES, P> {
    /// The cookies that go with `request`, longer paths first, then older ones (RFC 6265bis §5.8.3).
    /// All of them count as used.
    pub fn matching(
        &mut self,
        request: &Request<'_>,
        now: UnixTime,
    ) -> Matching<'_, COOKIES, BYTES> {
        let first = self.pick(request, now);
        self.touch(first);
        self.picked(first)
    }

    /// Writes the value of the `Cookie` header of `request` to the front of `buffer`. If it is empty,
    /// the request goes without one.
    ///
    /// The answer is bytes, since a server may have set any.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a `buffer` below the length that it names; the buffer and the jar are then as
    /// they were.
    pub fn write_header<'b>(
        &mut self,
        request: &Request<'_>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<&'b [u8], NoRoom> {
        let first = self.pick(request, now);
        // [6265bis-5.8.1-1]
        let written = self.picked(first).emit_into(buffer)?;
        self.touch(first);
        Ok(written)
    }

    fn picked(&self, first: Link) -> Matching<'_, COOKIES, BYTES> {
        Matching {
            entries: &self.entries,
            arena: &self.arena,
            next: first,
        }
    }

    /// Links the entries that go with `request` in the order of sending, and answers the first.
    ///
    /// Each domain above the host has its groups: what is in no partition, and what is in that of the
    /// request.
    fn pick(&mut self, request: &Request<'_>, now: UnixTime) -> Link {
        let site = request.top_level_site().as_bytes();
        let mut first = Link::NOTHING;
        for (domain, hash) in domains(request.host()) {
            let is_host = domain.len() == request.host().as_str().len();
            // §5.8.3: a domain that has become a public suffix gets nothing. Asked once, if at all.
            let mut is_public = None;
            for partition in [None, Some(site)] {
                for place in self.groups.places(hash.group(partition)) {
                    let Some(entry) = self.entries.at(place).copied() else {
                        continue;
                    };
                    let cookie = entry.view(&self.arena);
                    // Both groups may have one hash, and no entry is linked twice.
                    let goes = cookie.partition() == partition
                        && !cookie.is_expired(now)
                        && cookie.domain.eq_ignore_ascii_case(domain)
                        && rules::goes_with(&cookie, request)
                        && rules::may_cross(&cookie, request, self.lax_allowing_unsafe, now)
                        // [6265bis-5.8.3-1a]
                        && if cookie.is_host_only() || request.host().is_address() {
                            is_host
                        } else {
                            let ask = || rules::is_listed(cookie.domain(), &self.suffixes);
                            !*is_public.get_or_insert_with(ask)
                        };
                    if goes {
                        first = link(&mut self.entries, first, place, &entry);
                    }
                }
            }
        }
        first
    }

    /// §5.8.3, step 3: all of them were used now.
    fn touch(&mut self, first: Link) {
        let count = self.tick();
        let mut next = first;
        while let Some(entry) = next.place().and_then(|place| self.entries.at_mut(place)) {
            // [6265bis-5.8.3-3]
            entry.used = count;
            next = entry.picked;
        }
    }
}

/// Puts the entry at `place` where it belongs in the list that begins with `first`, and answers with
/// which it begins now.
fn link<const COOKIES: usize>(
    entries: &mut Slots<Entry, COOKIES>,
    first: Link,
    place: usize,
    entry: &Entry,
) -> Link {
    let (mut before, mut behind) = (None, first);
    while let Some(at) = behind.place()
        && let Some(other) = entries.at(at)
        && other.precedes(entry)
    {
        (before, behind) = (Some(at), other.picked);
    }
    if let Some(entry) = entries.at_mut(place) {
        entry.picked = behind;
    }
    match before.and_then(|before| entries.at_mut(before)) {
        Some(before) => {
            before.picked = Link::to(place);
            first
        }
        None => Link::to(place),
    }
}

impl<const COOKIES: usize, const BYTES: usize> Matching<'_, COOKIES, BYTES> {
    /// The exact length of the header's value.
    #[must_use]
    pub fn header_len(&self) -> usize {
        self.emitted_len()
    }

    /// Writes the header's value to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a `buffer` below [`header_len`](Self::header_len) bytes; it is then as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], NoRoom> {
        self.emit_into(buffer).map(|written| &*written)
    }
}

impl<'j, const COOKIES: usize, const BYTES: usize> Iterator for Matching<'j, COOKIES, BYTES> {
    type Item = Cookie<'j>;

    fn next(&mut self) -> Option<Cookie<'j>> {
        let entry = self.entries.at(self.next.place()?)?;
        self.next = entry.picked;
        Some(entry.view(self.arena))
    }
}

impl<const COOKIES: usize, const BYTES: usize> Clone for Matching<'_, COOKIES, BYTES> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

/// §5.8.3, step 4.
impl<const COOKIES: usize, const BYTES: usize> Emit for Matching<'_, COOKIES, BYTES> {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        for (at, cookie) in self.clone().enumerate() {
            if at > 0 {
                sink.put(b"; ")?;
            }
            cookie.emit(sink)?;
        }
        Ok(())
    }
}

impl<const COOKIES: usize, const BYTES: usize> fmt::Debug for Matching<'_, COOKIES, BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;

    use super::*;
    use crate::cookie::NoSuffixList;
    use crate::jar::Outcome;

    /// What a look-up takes time for are the places that it visits; that these are found at once is
    /// shown of the index.
    #[test]
    fn a_look_up_visits_no_cookie_of_another_site() {
        static JAR: std::sync::Mutex<Jar<1024, 65_536>> =
            std::sync::Mutex::new(Jar::new(NoSuffixList));
        let mut jar = JAR.lock().unwrap();
        let now = UnixTime::from_secs(1_767_225_600);
        let mut store = |host: &str, line: &str| {
            let request = Request::https(host, "/").unwrap();
            assert_eq!(jar.store(line.as_bytes(), &request, now), Outcome::Stored);
        };
        for line in ["a=1", "b=2; Path=/elsewhere", "c=3; Domain=site7.com"] {
            store("www.site7.com", line);
        }
        for site in 8..1000 {
            store(&format!("www.site{site}.com"), "a=1");
        }
        let request = Request::https("www.site7.com", "/").unwrap();
        let visited = domains(request.host())
            .flat_map(|(_, hash)| [hash.group(None), hash.group(Some(b""))])
            .flat_map(|group| jar.groups.places(group))
            .count();
        assert_eq!((visited, jar.len()), (3, 995));
        assert_eq!(jar.matching(&request, now).count(), 2);
    }
}
