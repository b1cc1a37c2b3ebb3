//! Saving and restoring. Texts are octets, and serde's formats know text: each octet is written as
//! the character of its number ("isomorphic encoding"), so ASCII stays readable and nothing is lost.

use core::fmt::{self, Write};

use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

use super::{Cookie, Jar, MAX_COUNT, rules};
use crate::ascii::{is_forbidden_ctl, trim_wsp};
use crate::cookie::{AGE_LIMIT, Host, MAX_PAIR, PublicSuffixes};
use crate::time::UnixTime;

mod read;

pub use read::{Restored, Restoring};

/// A cookie with the jar's counts.
struct Saved<'s> {
    cookie: Cookie<'s>,
    order: u64,
    used: u64,
}

const FIELDS: [&str; 14] = [
    "name",
    "value",
    "domain",
    "host_only",
    "path",
    "top_level_site",
    "created",
    "expires",
    "secure",
    "http_only",
    "same_site",
    "priority",
    "order",
    "used",
];

/// A sequence of the cookies, their values in clear text.
///
/// Session cookies are saved too: [`end_session`](Jar::end_session) first, if their session ends.
impl<const COOKIES: usize, const BYTES: usize, P> Serialize for Jar<COOKIES, BYTES, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cookies = serializer.serialize_seq(Some(self.len()))?;
        for (_, entry) in self.entries.iter() {
            cookies.serialize_element(&Saved {
                cookie: entry.view(&self.arena),
                order: entry.order,
                used: entry.used,
            })?;
        }
        cookies.end()
    }
}

impl Serialize for Saved<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cookie = &self.cookie;
        let mut fields = serializer.serialize_struct("Cookie", FIELDS.len())?;
        fields.serialize_field("name", &Octets(cookie.name))?;
        fields.serialize_field("value", &Octets(cookie.value))?;
        fields.serialize_field("domain", &Octets(cookie.domain))?;
        fields.serialize_field("host_only", &cookie.is_host_only())?;
        fields.serialize_field("path", &Octets(cookie.path))?;
        fields.serialize_field("top_level_site", &cookie.partition().map(Octets))?;
        fields.serialize_field("created", &cookie.created)?;
        fields.serialize_field("expires", &cookie.expires())?;
        fields.serialize_field("secure", &cookie.is_secure())?;
        fields.serialize_field("http_only", &cookie.is_http_only())?;
        fields.serialize_field("same_site", &cookie.same_site())?;
        fields.serialize_field("priority", &cookie.priority())?;
        fields.serialize_field("order", &self.order)?;
        fields.serialize_field("used", &self.used)?;
        fields.end()
    }
}

/// Octets as text.
struct Octets<'a>(&'a [u8]);

impl fmt::Display for Octets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|&byte| f.write_char(byte.into()))
    }
}

impl Serialize for Octets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Saved<'_> {
    /// Whether a server can have set it: what was saved is not trusted.
    fn is_sound<P: PublicSuffixes>(&self, suffixes: &P) -> bool {
        let cookie = &self.cookie;
        let Ok(host) = Host::parse(cookie.domain()) else {
            return false;
        };
        let is_public = || !host.is_address() && rules::is_public(cookie.domain, suffixes);
        self.order.max(self.used) <= MAX_COUNT
            && is_pair(cookie.name, cookie.value)
            && (cookie.is_host_only() || !is_public())
            && cookie.path.starts_with(b"/")
            && core::str::from_utf8(cookie.site).is_ok()
            && rules::is_secured(cookie, true)
            && rules::keeps_prefix(cookie, cookie.path == b"/")
    }

    /// Takes the times back that lie in the future: no cookie was created there, and none lives
    /// longer than it may from now on.
    fn limit(&mut self, now: UnixTime) {
        self.cookie.created = self.cookie.created.min(now);
        if self.cookie.is_persistent() {
            let latest = now.saturating_add(AGE_LIMIT);
            self.cookie.expires = self.cookie.expires.min(latest);
        }
    }
}

/// Whether a line can be read as this name and value.
fn is_pair(name: &[u8], value: &[u8]) -> bool {
    let is_clean = |text: &[u8]| {
        let breaks = |byte: &u8| *byte == b';' || is_forbidden_ctl(*byte);
        trim_wsp(text).len() == text.len() && !text.iter().any(breaks)
    };
    is_clean(name)
        && is_clean(value)
        && !name.contains(&b'=')
        && (1..=MAX_PAIR).contains(&name.len().saturating_add(value.len()))
}
