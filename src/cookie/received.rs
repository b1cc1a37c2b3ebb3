use core::fmt;
use core::time::Duration;

use super::attribute::Kind;
use super::grammar::MAX_PAIR;
use super::{Error, Prefix, Priority, SameSite};
use crate::ascii::{is_digit, trim_wsp};
use crate::date;
use crate::time::UnixTime;

mod attributes;

pub use attributes::Attributes;
use attributes::pieces;

/// The longest life of a cookie: 400 days (RFC 6265bis §5.5).
pub const AGE_LIMIT: Duration = Duration::from_secs(34_560_000);

/// A `Set-Cookie` line as a user agent reads it (RFC 6265bis §5.6): leniently, in one pass, in time
/// linear in its length, every part borrowed from it.
///
/// This is what browsers make of any bytes. What a server may emit is stricter: `SetCookie`. A
/// value is octets, not text: quotes are part of it, `%41` is three characters, and the bytes may
/// not be UTF-8.
///
/// ```
/// use core::time::Duration;
/// use hardtack::cookie::{Received, SameSite};
///
/// let cookie = Received::parse(b"sid = 31d4; PATH=/; max-age=60; secure; SameSite=lax; color=red")?;
/// assert_eq!((cookie.name(), cookie.value()), (b"sid".as_slice(), b"31d4".as_slice()));
/// assert_eq!(cookie.path(), Some(b"/".as_slice()));
/// assert_eq!(cookie.max_age(), Some(Duration::from_secs(60)));
/// assert!(cookie.is_secure() && !cookie.is_http_only());
/// assert_eq!(cookie.same_site(), SameSite::Lax);
/// assert!(cookie.unknown().eq([(b"color".as_slice(), b"red".as_slice())]));
/// # Ok::<(), hardtack::cookie::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Received<'h> {
    name: &'h [u8],
    value: &'h [u8],
    attributes: Attributes<'h>,
    domain: Option<&'h [u8]>,
    path: Option<&'h [u8]>,
    /// The last one, before it is known to be a date.
    expires: Option<&'h [u8]>,
    max_age: Option<Duration>,
    same_site: SameSite,
    priority: Option<Priority>,
    is_secure: bool,
    is_http_only: bool,
    is_partitioned: bool,
}

impl<'h> Received<'h> {
    /// Reads the value of a `Set-Cookie` field.
    ///
    /// # Errors
    ///
    /// What makes a user agent ignore the whole line: [`Error::Control`] for an octet %x00-08,
    /// %x0A-1F or %x7F anywhere in it (HTAB is allowed); [`Error::Empty`] where neither name nor
    /// value is left, as in `=; Path=/`; [`Error::TooLong`] for name and value of more than 4096
    /// octets together.
    pub fn parse(header: &'h [u8]) -> Result<Self, Error> {
        let mut pieces = pieces(header);
        let (name, value) = pair(pieces.next().unwrap_or(Ok(b""))?);
        let mut received = Self {
            name,
            value,
            attributes: Attributes::behind(pieces.rest()),
            domain: None,
            path: None,
            expires: None,
            max_age: None,
            same_site: SameSite::Default,
            priority: None,
            is_secure: false,
            is_http_only: false,
            is_partitioned: false,
        };
        for piece in pieces {
            if let Some((name, value)) = attributes::attribute(piece?)
                // [6265bis-5.6-av7]
                && let Some(kind) = Kind::of(name)
            {
                received.take(kind, value);
            }
        }
        // §5.7, step 2.
        // [6265bis-5.7-2]
        if name.is_empty() && value.is_empty() {
            return Err(Error::Empty);
        }
        if is_too_long(name, value) {
            return Err(Error::TooLong);
        }
        Ok(received)
    }

    /// One attribute, which overrides what an earlier one of its kind said (§5.7, "the last
    /// attribute"), unless it is ignored.
    #[cfg_attr(not(small), inline)]
    fn take(&mut self, kind: Kind, value: &'h [u8]) {
        match kind {
            // [6265bis-5.7-7]
            Kind::Domain => self.domain = domain(value),
            // [6265bis-5.7-11]
            Kind::Path => self.path = path(value),
            Kind::Expires => self.expires = Some(value),
            Kind::MaxAge => self.max_age = max_age(value).or(self.max_age),
            // §5.6.5, §5.6.6: whatever the value is, `Secure=no` too.
            // [6265bis-5.6.5-1]
            Kind::Secure => self.is_secure = true,
            // [6265bis-5.6.6-1]
            Kind::HttpOnly => self.is_http_only = true,
            Kind::Partitioned => self.is_partitioned = true,
            // §5.6.7: an unknown word does not leave the earlier one in force.
            Kind::SameSite => self.same_site = SameSite::from_value(value),
            Kind::Priority => self.priority = Priority::from_value(value),
        }
    }

    /// The name; empty for a nameless cookie, which is sent without `=`.
    #[must_use]
    pub const fn name(&self) -> &'h [u8] {
        self.name
    }

    /// The value, quotes and all.
    #[must_use]
    pub const fn value(&self) -> &'h [u8] {
        self.value
    }

    /// The prefix of the name, which says what the attributes must keep.
    #[must_use]
    pub const fn prefix(&self) -> Option<Prefix> {
        Prefix::of(self.name)
    }

    /// The last `Domain` (§5.6.3), without one leading dot, in whatever case; nothing for a cookie
    /// of the one host that set it, which is also what an empty `Domain=` says. What is left of
    /// `Domain=.` is empty: a domain that no host matches, as the web-platform-tests want it.
    #[must_use]
    pub const fn domain(&self) -> Option<&'h [u8]> {
        self.domain
    }

    /// The last `Path` (§5.6.4), if it begins with `/`; otherwise the default-path of the request
    /// counts, also where an earlier `Path` was a good one.
    #[must_use]
    pub const fn path(&self) -> Option<&'h [u8]> {
        self.path
    }

    /// The last `Expires` that is a date (§5.6.1), as it stands there: not capped.
    #[must_use]
    pub fn expires(&self) -> Option<UnixTime> {
        // [6265bis-5.6.1-2]
        if let Ok(time) = date::parse(self.expires?) {
            return Some(time);
        }
        // Rarely is there an earlier one, so the dates before the last are only read here.
        self.attributes
            .filter(|(name, _)| Kind::of(name) == Some(Kind::Expires))
            .filter_map(|(_, value)| date::parse(value).ok())
            .last()
    }

    /// The last `Max-Age` that is a number (§5.6.2), as it stands there: not capped, zero where it
    /// is not positive, the longest [`Duration`] in whole seconds where it is longer.
    #[must_use]
    pub const fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// Whether the cookie outlives the session of the user agent: it has an `Expires` or a `Max-Age`.
    #[must_use]
    pub fn is_persistent(&self) -> bool {
        self.max_age.is_some() || self.expires().is_some()
    }

    /// When the cookie expires if it is received `now`; nothing for a session cookie.
    ///
    /// `Max-Age` beats `Expires` in whichever order they stand, and neither is later than in 400
    /// days ([`AGE_LIMIT`], §5.5). A `Max-Age` that is not positive is [`UnixTime::MIN`].
    #[must_use]
    pub fn expiry(&self, now: UnixTime) -> Option<UnixTime> {
        expiry(self.max_age, || self.expires(), now)
    }

    /// Whether there is a `Secure` (§5.6.5), of whatever value.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whether there is an `HttpOnly` (§5.6.6), of whatever value.
    #[must_use]
    pub const fn is_http_only(&self) -> bool {
        self.is_http_only
    }

    /// What the last `SameSite` says (§5.6.7); an unknown word is [`SameSite::Default`].
    #[must_use]
    pub const fn same_site(&self) -> SameSite {
        self.same_site
    }

    /// Whether there is a `Partitioned`, of whatever value. Not in RFC 6265bis, but browsers read it.
    #[must_use]
    pub const fn is_partitioned(&self) -> bool {
        self.is_partitioned
    }

    /// What the last `Priority` says; nothing for an unknown word. Not in RFC 6265bis, but Chromium
    /// reads it.
    #[must_use]
    pub const fn priority(&self) -> Option<Priority> {
        self.priority
    }

    /// All attributes as they stand in the line, known ones too.
    #[must_use]
    pub const fn attributes(&self) -> Attributes<'h> {
        self.attributes
    }

    /// The attributes that a user agent ignores because it does not know them.
    pub fn unknown(&self) -> impl Iterator<Item = (&'h [u8], &'h [u8])> + use<'h> {
        self.attributes.filter(|(name, _)| Kind::of(name).is_none())
    }
}

impl fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("name", &format_args!("{}", self.name.escape_ascii()))
            .field(
                "value",
                &format_args!("[{} bytes elided]", self.value.len()),
            )
            .field("attributes", &self.attributes)
            .finish()
    }
}

/// §5.7, step 6, with the limits of §5.5: `Max-Age`, or else `Expires`, neither beyond [`AGE_LIMIT`].
#[inline]
pub(super) fn expiry(
    max_age: Option<Duration>,
    expires: impl FnOnce() -> Option<UnixTime>,
    now: UnixTime,
) -> Option<UnixTime> {
    // [6265bis-5.5-1]
    let latest = now.saturating_add(AGE_LIMIT);
    match max_age {
        // [6265bis-5.7-6]
        Some(Duration::ZERO) => Some(UnixTime::MIN),
        Some(age) => Some(now.saturating_add(age).min(latest)),
        None => expires().map(|date| date.min(latest)),
    }
}

/// §5.6, steps 3 and 4 of the pair: split at the first `=`; without one, all of it is the value.
#[cfg_attr(not(small), inline)]
fn pair(piece: &[u8]) -> (&[u8], &[u8]) {
    // [6265bis-5.6-3]
    let (name, value) = attributes::split(piece).unwrap_or((b"", piece));
    // [6265bis-5.6-4]
    (trim_wsp(name), trim_wsp(value))
}

/// §5.6, step 5: the `=` and the white space around both do not count.
const fn is_too_long(name: &[u8], value: &[u8]) -> bool {
    // [6265bis-5.6-5]
    name.len().saturating_add(value.len()) > MAX_PAIR
}

/// §5.6.3: one leading dot goes. An empty value is as if there was none.
const fn domain(value: &[u8]) -> Option<&[u8]> {
    match value {
        [] => None,
        // [6265bis-5.6.3-2]
        [b'.', domain @ ..] => Some(domain),
        domain => Some(domain),
    }
}

/// §5.6.4: what does not begin with a slash is no path.
const fn path(value: &[u8]) -> Option<&[u8]> {
    match value {
        // [6265bis-5.6.4-1]
        [b'/', ..] => Some(value),
        _ => None,
    }
}

/// §5.6.2: digits with at most a `-` before them, however many.
fn max_age(value: &[u8]) -> Option<Duration> {
    let (is_negative, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // [6265bis-5.6.2-1]
    if digits.is_empty() {
        return None;
    }
    let mut seconds = 0_u64;
    for &digit in digits {
        if !is_digit(digit) {
            return None;
        }
        let digit = u64::from(digit.wrapping_sub(b'0'));
        seconds = seconds.saturating_mul(10).saturating_add(digit);
    }
    // [6265bis-5.6.2-4]
    Some(Duration::from_secs(if is_negative { 0 } else { seconds }))
}
