//! What a cookie says.

use core::time::Duration;

use super::SetCookie;
use crate::cookie::received::expiry;
use crate::cookie::{Pair, Priority, SameSite};
use crate::date::ImfFixdate;
use crate::time::UnixTime;

impl<'a> SetCookie<'a> {
    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.pair.name()
    }

    /// The value, with its quotes if it has some.
    #[must_use]
    pub const fn value(&self) -> &'a str {
        self.pair.value()
    }

    /// Name and value, as a client sends them back.
    #[must_use]
    pub const fn pair(&self) -> Pair<'a> {
        self.pair
    }

    /// The domain with which the cookie is shared; without one it is for this host alone.
    #[must_use]
    pub const fn domain(&self) -> Option<&'a str> {
        self.domain
    }

    /// The path, unless it is left to the user agent.
    #[must_use]
    pub const fn path(&self) -> Option<&'a str> {
        self.path
    }

    /// Whether it goes over TLS only.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether it is closed to scripts.
    #[must_use]
    pub const fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// On which requests of other sites it goes along.
    #[must_use]
    pub const fn same_site(&self) -> SameSite {
        self.same_site
    }

    /// Whether it has a jar of its own under every top-level site.
    #[must_use]
    pub const fn is_partitioned(&self) -> bool {
        self.partitioned
    }

    /// How long it is to be kept, as written.
    #[must_use]
    pub const fn max_age(&self) -> Option<Duration> {
        match self.max_age {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => None,
        }
    }

    /// Until when it is to be kept, as written.
    #[must_use]
    pub const fn expires(&self) -> Option<ImfFixdate> {
        self.expires
    }

    /// How late it goes when the jar is full.
    #[must_use]
    pub const fn priority(&self) -> Option<Priority> {
        self.priority
    }

    /// The attributes that this crate does not know.
    #[must_use]
    pub const fn extensions(&self) -> &'a [(&'a str, &'a str)] {
        self.extensions
    }

    /// Whether the cookie outlives the session of the browser (§5.5, `persistent-flag`): it has
    /// `Max-Age` or `Expires`. This has nothing to do with a session of the server's.
    #[must_use]
    pub const fn is_persistent(&self) -> bool {
        self.max_age.is_some() || self.expires.is_some()
    }

    /// When a user agent that gets the cookie now drops it, or nothing if that is when the browser's
    /// session ends: `Max-Age` before `Expires`, and at most in 400 days
    /// ([`AGE_LIMIT`](crate::cookie::AGE_LIMIT), §5.5). A `Max-Age` of zero is [`UnixTime::MIN`].
    #[must_use]
    pub fn expiry(&self, now: UnixTime) -> Option<UnixTime> {
        expiry(self.max_age(), || self.expires.map(ImfFixdate::time), now)
    }
}
