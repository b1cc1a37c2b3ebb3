use core::fmt;

use super::rules::is_expired;
use crate::cookie::{Priority, SameSite};
use crate::time::UnixTime;
use crate::write::{Emit, Sink, Stop};

/// A cookie in a jar, as [`iter`](super::Jar::iter) and [`matching`](super::Jar::matching) show it.
///
/// ```
/// use hardtack::cookie::{NoSuffixList, Request, SameSite};
/// use hardtack::jar::Jar;
/// use hardtack::time::UnixTime;
///
/// let now = UnixTime::from_secs(1_767_225_600);
/// let mut jar = Jar::<8, 1024>::new(NoSuffixList);
/// let request = Request::https("www.shop.example", "/cart/7")?;
/// let _ = jar.store(b"step=2; Domain=.Shop.example; SameSite=Lax", &request, now);
///
/// let cookie = jar.iter(now).next().expect("one");
/// assert_eq!((cookie.name(), cookie.value()), (&b"step"[..], &b"2"[..]));
/// assert_eq!((cookie.domain(), cookie.path()), ("shop.example", &b"/cart"[..]));
/// assert!(!cookie.is_host_only() && !cookie.is_persistent());
/// assert_eq!(cookie.same_site(), SameSite::Lax);
/// # Ok::<(), hardtack::cookie::InvalidHost>(())
/// ```
// Also one that wants to get in.
#[derive(Clone, Copy)]
pub struct Cookie<'j> {
    pub(super) name: &'j [u8],
    pub(super) value: &'j [u8],
    /// A valid host; in lower case once it is in the jar.
    pub(super) domain: &'j [u8],
    pub(super) path: &'j [u8],
    /// The partition, if it is in one.
    pub(super) site: &'j [u8],
    pub(super) marks: Marks,
    pub(super) created: UnixTime,
    /// [`UnixTime::MAX`] for a session cookie.
    pub(super) expires: UnixTime,
}

/// The flags of a cookie (RFC 6265bis §5.7), and what else takes a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) is_persistent: bool,
    pub(super) is_host_only: bool,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
    pub(super) is_partitioned: bool,
    pub(super) same_site: SameSite,
    pub(super) priority: Priority,
}

impl<'j> Cookie<'j> {
    /// The name; empty for a nameless cookie.
    #[must_use]
    pub const fn name(&self) -> &'j [u8] {
        self.name
    }

    /// The value, quotes and all.
    #[must_use]
    pub const fn value(&self) -> &'j [u8] {
        self.value
    }

    /// The domain in lower case: that of its `Domain`, or the one host that it goes to.
    #[must_use]
    pub fn domain(&self) -> &'j str {
        // A domain is ASCII.
        core::str::from_utf8(self.domain).unwrap_or_default()
    }

    /// Whether it goes to the very host that set it, and to none below it.
    #[must_use]
    pub const fn is_host_only(&self) -> bool {
        self.marks.is_host_only
    }

    /// The path below which it goes along.
    #[must_use]
    pub const fn path(&self) -> &'j [u8] {
        self.path
    }

    /// The partition of a `Partitioned` cookie: the top-level site below which it was set, empty for
    /// a request that named none.
    #[must_use]
    pub fn top_level_site(&self) -> Option<&'j str> {
        // The site came in as text.
        let site = core::str::from_utf8(self.site).unwrap_or_default();
        self.marks.is_partitioned.then_some(site)
    }

    /// When it was first set.
    #[must_use]
    pub const fn created(&self) -> UnixTime {
        self.created
    }

    /// When it expires; nothing for a session cookie.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixTime> {
        if self.marks.is_persistent {
            Some(self.expires)
        } else {
            None
        }
    }

    /// Whether it outlives the session of the user agent.
    #[must_use]
    pub const fn is_persistent(&self) -> bool {
        self.marks.is_persistent
    }

    /// Whether it only goes over secure connections.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.marks.is_secure
    }

    /// Whether it is hidden from scripts.
    #[must_use]
    pub const fn is_http_only(&self) -> bool {
        self.marks.is_http_only
    }

    /// Whether it goes along on requests that other sites cause.
    #[must_use]
    pub const fn same_site(&self) -> SameSite {
        self.marks.same_site
    }

    /// What its `Priority` said, which the jar keeps and does not act on.
    #[must_use]
    pub const fn priority(&self) -> Priority {
        self.marks.priority
    }

    /// Whether its time is up.
    #[must_use]
    pub fn is_expired(&self, now: UnixTime) -> bool {
        is_expired(self.expires, now)
    }

    /// The parts of which a record in the arena is made.
    pub(super) const fn parts(&self) -> [&'j [u8]; 5] {
        [self.name, self.value, self.domain, self.path, self.site]
    }

    /// Whether both are the same cookie, one of which replaces the other (§5.7, step 23): name,
    /// domain, host-only flag, path, and partition.
    pub(super) fn is_same(&self, other: &Cookie<'_>) -> bool {
        // [6265bis-5.7-23]
        self.name == other.name
            && self.path == other.path
            && self.domain.eq_ignore_ascii_case(other.domain)
            && self.marks.is_host_only == other.marks.is_host_only
            && self.partition() == other.partition()
    }

    /// The partition that it is in, if it is in one.
    pub(super) fn partition(&self) -> Option<&'j [u8]> {
        self.marks.is_partitioned.then_some(self.site)
    }
}

/// §5.8.3, step 4: a nameless cookie goes without the `=`.
impl Emit for Cookie<'_> {
    #[inline]
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        // [6265bis-5.8.3-4]
        if !self.name.is_empty() {
            sink.put(self.name)?;
            sink.put(b"=")?;
        }
        sink.put(self.value)
    }
}

impl fmt::Debug for Cookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("name", &format_args!("{}", self.name.escape_ascii()))
            .field(
                "value",
                &format_args!("[{} bytes elided]", self.value.len()),
            )
            .field("domain", &self.domain())
            .field("path", &format_args!("{}", self.path.escape_ascii()))
            .field("marks", &self.marks)
            .finish_non_exhaustive()
    }
}
