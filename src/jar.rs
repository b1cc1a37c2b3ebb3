//! The client's side: a bounded jar of cookies (RFC 6265bis §5.7 and §5.8).
//!
//! A [`Jar`] stores what the responses of servers set, and writes the `Cookie` header of the requests
//! that follow. It does what browsers do, down to `SameSite`, name prefixes, partitions and eviction;
//! a client that is no browser gets by with a
//! [`Request`](crate::cookie::Request) as it is made.
//!
//! ```
//! use hardtack::cookie::{NoSuffixList, Request};
//! use hardtack::jar::{Jar, Outcome};
//! use hardtack::time::UnixTime;
//!
//! // In a program: `static JAR: Mutex<Jar<64, 8192>>`, whatever the mutex of the platform is.
//! let mut jar = Jar::<64, 8192>::new(NoSuffixList);
//! let now = UnixTime::from_secs(1_767_225_600);
//!
//! let login = Request::https("shop.example", "/login")?;
//! let outcome = jar.store(b"__Host-sid=31d4; Path=/; Secure; HttpOnly", &login, now);
//! assert_eq!(outcome, Outcome::Stored);
//!
//! let cart = Request::https("shop.example", "/cart?item=7")?;
//! let mut buffer = [0; 256];
//! assert_eq!(jar.write_header(&cart, &mut buffer, now)?, b"__Host-sid=31d4");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;
use core::num::NonZeroU16;

use crate::cookie::{NoSuffixList, domain_matches};
use crate::table::{Index, Slots};
use crate::time::UnixTime;

mod arena;
mod cookie;
mod entry;
mod error;
mod evict;
mod group;
mod matching;
mod rules;
mod saved;
mod store;

use arena::Arena;
pub use cookie::Cookie;
use entry::Entry;
pub use error::Error;
use group::DomainHash;
pub use matching::Matching;
pub use saved::{Restored, Restoring};
pub use store::Outcome;

/// The cookies that one domain may have in one partition, unless the jar is told otherwise: the least
/// that RFC 6265bis §5.7 suggests.
const DOMAIN_LIMIT: usize = 50;

/// The greatest count: what every format can carry, and more than a jar gets to by itself.
const MAX_COUNT: u64 = 1 << 53;

/// At most `COOKIES` cookies, their texts in `BYTES` bytes, all of it inside the value.
///
/// An empty jar is all zero bytes, so a `static` of it takes no flash; a cookie takes 76 bytes and 4
/// more than its name, value, domain, path and partition have. Finding the cookies of a request
/// takes time in the number of cookies of its host and the domains above it; those of other sites do
/// not count. To put those that are sent in order takes up to the square of their number, which the
/// limit of a domain bounds. What takes longer says so.
///
/// When the jar is full, cookies go in this order (§5.7): expired ones; those of the domain that has
/// more than its limit ([`with_domain_limit`](Self::with_domain_limit)), first the ones that are not
/// `Secure`; any. Of several, the least recently used goes first. A cookie that would not fit into
/// the empty jar is refused and costs no other one.
///
/// ```
/// use hardtack::cookie::{NoSuffixList, Request};
/// use hardtack::jar::{Error, Jar, Outcome};
/// use hardtack::time::UnixTime;
///
/// let now = UnixTime::from_secs(1_767_225_600);
/// let request = Request::https("shop.example", "/")?;
/// let mut jar = Jar::<2, 64>::new(NoSuffixList);
/// for line in ["a=1", "b=2", "c=3"] {
///     assert_eq!(jar.store(line.as_bytes(), &request, now), Outcome::Stored);
/// }
/// // There is room for two, and the oldest one went.
/// assert_eq!(jar.write_header(&request, &mut [0; 64], now)?, b"b=2; c=3");
///
/// let larger_than_the_jar = [b'x'; 64];
/// let outcome = jar.store(&larger_than_the_jar, &request, now);
/// assert_eq!(outcome, Outcome::Ignored(Error::NoRoom));
/// assert_eq!(jar.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// `P` says which domains are public suffixes. With [`NoSuffixList`], any host under `co.uk` can set
/// cookies for all of them. The texts of a cookie that goes are overwritten, and those that are left
/// when the jar is dropped.
///
/// The jar finds domains by a hash without a secret. Who has many domains can choose them so that
/// others' cookies are found behind theirs, in time in the number of all cookies.
pub struct Jar<const COOKIES: usize, const BYTES: usize, P = NoSuffixList> {
    suffixes: P,
    entries: Slots<Entry, COOKIES>,
    /// Entries by the hash of their group.
    groups: Index<COOKIES>,
    arena: Arena<BYTES>,
    /// How often something was stored or sent.
    count: u64,
    domain_limit: Option<NonZeroU16>,
    lax_allowing_unsafe: bool,
}

impl<const COOKIES: usize, const BYTES: usize, P> Jar<COOKIES, BYTES, P> {
    /// An empty jar. Make a large one in a `static`: on its way through a stack it may not fit.
    #[must_use]
    pub const fn new(suffixes: P) -> Self {
        Self {
            suffixes,
            entries: Slots::new(),
            groups: Index::new(),
            arena: Arena::new(),
            count: 0,
            domain_limit: None,
            lax_allowing_unsafe: false,
        }
    }

    /// Lets one domain have up to `cookies` cookies in each partition, in the place of 50. Browsers
    /// have 150 to 180.
    #[must_use]
    pub const fn with_domain_limit(mut self, cookies: NonZeroU16) -> Self {
        self.domain_limit = Some(cookies);
        self
    }

    /// Sends a cookie without `SameSite` on a cross-site top-level navigation with an unsafe method
    /// too, for two minutes after it was created: "Lax-allowing-unsafe" (RFC 6265bis §5.6.7.2), off
    /// unless asked for. It keeps logins alive that come back by a cross-site POST.
    ///
    /// # Security
    ///
    /// For these two minutes, such a cookie is open to cross-site request forgery.
    #[must_use]
    pub const fn with_lax_allowing_unsafe(mut self) -> Self {
        self.lax_allowing_unsafe = true;
        self
    }

    /// The number of cookies in the jar, with those that are expired and not yet gone.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All cookies that are not expired, in no order that means anything. *O*(`COOKIES`).
    pub fn iter(&self, now: UnixTime) -> impl Iterator<Item = Cookie<'_>> {
        self.entries
            .iter()
            .map(|(_, entry)| entry.view(&self.arena))
            .filter(move |cookie| !cookie.is_expired(now))
    }

    /// Keeps the cookies of which `keep` says so and removes the others. *O*(`COOKIES`).
    pub fn retain(&mut self, mut keep: impl FnMut(Cookie<'_>) -> bool) {
        for place in 0..COOKIES {
            let cookie = self.entries.at(place).map(|entry| entry.view(&self.arena));
            if cookie.is_some_and(|cookie| !keep(cookie)) {
                self.discard(place);
            }
        }
    }

    /// Removes every cookie.
    pub fn clear(&mut self) {
        self.retain(|_| false);
    }

    /// Removes the cookies of `domain` and of every host below it, in every partition. For a whole
    /// site, as `Clear-Site-Data: "cookies"` asks for, that is its registrable domain, without a dot in
    /// front, as no host has one. *O*(`COOKIES`).
    ///
    /// ```
    /// use hardtack::cookie::{NoSuffixList, Request};
    /// use hardtack::jar::Jar;
    /// use hardtack::time::UnixTime;
    ///
    /// let now = UnixTime::from_secs(1_767_225_600);
    /// let mut jar = Jar::<8, 1024>::new(NoSuffixList);
    /// for host in ["www.shop.example", "shop.example", "workshop.example"] {
    ///     let _ = jar.store(b"theme=dark", &Request::https(host, "/")?, now);
    /// }
    /// jar.clear_site("shop.example");
    /// let left: Vec<&str> = jar.iter(now).map(|cookie| cookie.domain()).collect();
    /// assert_eq!(left, ["workshop.example"]);
    /// # Ok::<(), hardtack::cookie::InvalidHost>(())
    /// ```
    pub fn clear_site(&mut self, domain: &str) {
        let domain = domain.as_bytes();
        self.retain(|cookie| !domain_matches(cookie.domain, domain, false));
    }

    /// Removes the session cookies: "when the current session is over" (RFC 6265bis §5.7), which is
    /// for the user agent to say.
    pub fn end_session(&mut self) {
        // [6265bis-5.7-end]
        self.retain(|cookie| cookie.is_persistent());
    }

    /// Removes the cookies whose time is up. They are never sent anyway, and go by themselves when
    /// there is need for room.
    pub fn remove_expired(&mut self, now: UnixTime) {
        self.retain(|cookie| !cookie.is_expired(now));
    }

    fn domain_limit(&self) -> usize {
        self.domain_limit
            .map_or(DOMAIN_LIMIT, |limit| limit.get().into())
    }

    /// The next moment of the jar's own count, which no clock turns back. At the greatest one it stays.
    fn tick(&mut self) -> u64 {
        self.count = self.count.saturating_add(1).min(MAX_COUNT);
        self.count
    }

    /// Removes the cookie at a place.
    fn discard(&mut self, place: usize) {
        if let Some(entry) = self.entries.remove(place) {
            self.groups.remove(place);
            self.arena.release(entry.start, entry.len());
        }
    }

    /// The place of the cookie that `cookie` would replace.
    fn find_same(&self, cookie: &Cookie<'_>, group: u32) -> Option<usize> {
        self.groups.find(group, |place| {
            let entry = self.entries.at(place);
            entry.is_some_and(|entry| entry.view(&self.arena).is_same(cookie))
        })
    }
}

fn group_of(cookie: &Cookie<'_>) -> u32 {
    DomainHash::of(cookie.domain).group(cookie.partition())
}

impl<const COOKIES: usize, const BYTES: usize, P> fmt::Debug for Jar<COOKIES, BYTES, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jar")
            .field("cookies", &self.len())
            .finish_non_exhaustive()
    }
}
