use super::cookie::Marks;
use super::entry::Entry;
use super::rules;
use super::{Cookie, Error, Jar, group_of};
use crate::cookie::{Priority, PublicSuffixes, Received, Request, default_path};
use crate::time::UnixTime;

/// What became of a cookie that a response set.
///
/// ```
/// use hardtack::cookie::{NoSuffixList, Request};
/// use hardtack::jar::{Error, Jar, Outcome};
/// use hardtack::time::UnixTime;
///
/// let now = UnixTime::from_secs(1_767_225_600);
/// let request = Request::https("shop.example", "/")?;
/// let mut jar = Jar::<8, 1024>::new(NoSuffixList);
/// for (line, outcome) in [
///     ("sid=1; Max-Age=60", Outcome::Stored),
///     ("sid=2", Outcome::Replaced),
///     ("sid=; Max-Age=0", Outcome::Removed),
///     ("sid=3; Domain=other.example", Outcome::Ignored(Error::Domain)),
///     ("__Host-sid=4; Secure", Outcome::Ignored(Error::Prefix)), // no Path=/
/// ] {
///     assert_eq!(jar.store(line.as_bytes(), &request, now), outcome);
/// }
/// # Ok::<(), hardtack::cookie::InvalidHost>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It is a new one.
    Stored,
    /// It took the place of the one with its name, domain and path.
    Replaced,
    /// It is expired: the one with its name, domain and path is gone, if there was one.
    Removed,
    /// It was ignored, and nothing has changed.
    Ignored(Error),
}

impl<const COOKIES: usize, const BYTES: usize, P: PublicSuffixes> Jar<COOKIES, BYTES, P> {
    /// Stores what one `Set-Cookie` line says, which came with the response to `request`
    /// (RFC 6265bis §5.7). Several lines are stored in their order, each by a call.
    ///
    /// Takes time in the length of the line and the number of cookies of its domain. A cookie that
    /// comes over an insecure connection, and one that has to be made room for, takes *O*(`COOKIES`)
    /// more, the latter for every cookie that goes; and rarely *O*(`BYTES`), to close gaps between
    /// texts.
    pub fn store(&mut self, header: &[u8], request: &Request<'_>, now: UnixTime) -> Outcome {
        match Received::parse(header) {
            Ok(line) => self.store_received(&line, request, now),
            Err(error) => Outcome::Ignored(Error::Line(error)),
        }
    }

    /// [`store`](Self::store) for a line that was read already.
    pub fn store_received(
        &mut self,
        line: &Received<'_>,
        request: &Request<'_>,
        now: UnixTime,
    ) -> Outcome {
        let admitted = admit(line, request, &self.suffixes, now).and_then(|cookie| {
            // §5.7, step 16. Who came over a secure connection is trusted with either kind.
            let may_hide = !request.is_secure() && self.would_hide(&cookie, request, now);
            if may_hide {
                Err(Error::HidesSecure)
            } else {
                Ok(cookie)
            }
        });
        match admitted {
            Ok(cookie) => self.put(cookie, request.is_script(), now),
            Err(error) => Outcome::Ignored(error),
        }
    }

    fn would_hide(&self, cookie: &Cookie<'_>, request: &Request<'_>, now: UnixTime) -> bool {
        let on_address = request.host().is_address();
        self.iter(now)
            .any(|old| rules::hides(cookie, &old, on_address))
    }
}

/// §5.7, steps 5 to 22: what a cookie must be, whatever else is in the jar.
fn admit<'a, P: PublicSuffixes>(
    line: &Received<'a>,
    request: &Request<'a>,
    suffixes: &P,
    now: UnixTime,
) -> Result<Cookie<'a>, Error> {
    let (domain, is_host_only) = rules::domain(line.domain(), request, suffixes)?;
    let expiry = line.expiry(now);
    let cookie = Cookie {
        name: line.name(),
        value: line.value(),
        domain,
        path: line
            .path()
            .unwrap_or(default_path(request.path().as_bytes())),
        site: if line.is_partitioned() {
            request.top_level_site().as_bytes()
        } else {
            b""
        },
        marks: Marks {
            is_persistent: expiry.is_some(),
            is_host_only,
            is_secure: line.is_secure(),
            is_http_only: line.is_http_only(),
            is_partitioned: line.is_partitioned(),
            same_site: line.same_site(),
            priority: line.priority().unwrap_or(Priority::Medium),
        },
        created: now,
        expires: expiry.unwrap_or(UnixTime::MAX),
    };
    if !rules::is_secured(&cookie, request.is_secure()) {
        Err(Error::Insecure)
    } else if request.is_script() && cookie.is_http_only() {
        // [6265bis-5.7-15]
        Err(Error::HttpOnly)
    } else if !rules::may_set(cookie.same_site(), request) {
        Err(Error::CrossSite)
    } else if !rules::keeps_prefix(&cookie, line.path() == Some(b"/")) {
        Err(Error::Prefix)
    } else {
        Ok(cookie)
    }
}

impl<const COOKIES: usize, const BYTES: usize, P> Jar<COOKIES, BYTES, P> {
    /// §5.7, steps 23 and 24: puts a cookie in that may be in, in the place of its predecessor.
    fn put(&mut self, mut cookie: Cookie<'_>, by_script: bool, now: UnixTime) -> Outcome {
        let group = group_of(&cookie);
        let old = self.find_same(&cookie, group);
        let predecessor = old
            .and_then(|place| self.entries.at(place).copied())
            .filter(|entry| !rules::is_expired(entry.expires, now));
        // [6265bis-5.7-23.2]
        if by_script && predecessor.is_some_and(|old| old.marks.is_http_only) {
            return Outcome::Ignored(Error::HttpOnly);
        }
        if cookie.is_expired(now) {
            if let Some(old) = old {
                self.discard(old);
            }
            return Outcome::Removed;
        }
        let count = self.tick();
        let mut order = count;
        if let Some(old) = predecessor {
            // [6265bis-5.7-23.3]
            (cookie.created, order) = (old.created, old.order);
        }
        let Some(entry) = Entry::new(&cookie, 0, order, count).filter(Self::could_hold) else {
            return Outcome::Ignored(Error::NoRoom);
        };
        if !self.settle(&cookie, entry, group, old, now) {
            return Outcome::Ignored(Error::NoRoom);
        }
        match predecessor {
            Some(_) => Outcome::Replaced,
            None => Outcome::Stored,
        }
    }

    /// Puts a cookie back that was in a jar before, with its counts; not if there is a newer one.
    pub(super) fn put_back(
        &mut self,
        cookie: &Cookie<'_>,
        order: u64,
        used: u64,
        now: UnixTime,
    ) -> bool {
        let group = group_of(cookie);
        let old = self.find_same(cookie, group);
        let is_newer = old
            .and_then(|place| self.entries.at(place))
            .is_some_and(|old| !rules::is_expired(old.expires, now));
        let entry = Entry::new(cookie, 0, order, used).filter(Self::could_hold);
        let Some(entry) = entry.filter(|_| !is_newer) else {
            return false;
        };
        self.count = self.count.max(order).max(used);
        self.settle(cookie, entry, group, old, now)
    }

    /// Puts a cookie in that could be held, in the place of `old`, and answers whether its domain
    /// had room for it.
    fn settle(
        &mut self,
        cookie: &Cookie<'_>,
        entry: Entry,
        group: u32,
        old: Option<usize>,
        now: UnixTime,
    ) -> bool {
        match old {
            Some(old) if self.overwrite(old, cookie, entry) => return true,
            Some(old) => self.discard(old),
            None if !self.make_room_in_domain(cookie, group, now) => return false,
            None => {}
        }
        self.make_room(entry.len(), now);
        self.insert(cookie, entry, group);
        true
    }

    /// Writes over a cookie that differs in its value only, if that is as long as the new one, as
    /// that of a session is: no text has to move then.
    fn overwrite(&mut self, place: usize, cookie: &Cookie<'_>, entry: Entry) -> bool {
        let Some(old) = self.entries.at_mut(place) else {
            return false;
        };
        if old.len() != entry.len() {
            return false;
        }
        let start = old.start;
        *old = entry;
        old.start = start;
        let (start, len) = old.value();
        let value = self.arena.at_mut(start, len);
        if value.len() == cookie.value.len() {
            value.copy_from_slice(cookie.value);
        }
        true
    }

    /// Whether it would fit into the empty jar.
    fn could_hold(entry: &Entry) -> bool {
        COOKIES > 0 && super::Arena::<BYTES>::could_hold(entry.len())
    }

    /// Puts a cookie in for which there is room.
    fn insert(&mut self, cookie: &Cookie<'_>, entry: Entry, group: u32) {
        let Ok(place) = self.entries.insert(entry) else {
            return;
        };
        match (
            self.arena.push(place, cookie.parts()),
            self.entries.at_mut(place),
        ) {
            (Some(start), Some(entry)) => {
                entry.start = start;
                let (start, len) = entry.domain();
                self.arena.at_mut(start, len).make_ascii_lowercase();
                self.groups.insert(group, place);
            }
            // Only reached by a fault in the count of room.
            _ => drop(self.entries.remove(place)),
        }
    }
}
