//! The rules by which a cookie gets into the jar (RFC 6265bis §5.7) and out of it (§5.8.3), one
//! predicate each. None of them looks at another cookie, but for [`hides`].

use core::time::Duration;

use super::{Cookie, Error};
use crate::cookie::{
    Host, Prefix, PublicSuffixes, Request, SameSite, domain_matches, path_matches,
};
use crate::time::UnixTime;

/// How old a cookie may be to which Lax-allowing-unsafe applies (§5.6.7.2).
const LAX_UNSAFE_AGE: Duration = Duration::from_secs(120);

/// §5.7: "expired if the cookie has an expiry date in the past". The very moment counts.
pub(super) fn is_expired(expires: UnixTime, now: UnixTime) -> bool {
    // [6265bis-5.7-over]
    expires <= now && expires < UnixTime::MAX
}

/// §5.7, steps 13 and 19, and the rule for `Partitioned`: `Secure` needs a secure connection, and
/// the two that send a cookie to other sites need `Secure`.
pub(super) fn is_secured(cookie: &Cookie<'_>, over_secure: bool) -> bool {
    let marks = &cookie.marks;
    // [6265bis-5.7-19]
    let wants_secure = marks.same_site == SameSite::None || marks.is_partitioned;
    // [6265bis-5.7-13]
    if marks.is_secure {
        over_secure
    } else {
        !wants_secure
    }
}

/// §5.7, step 18: whether a cookie with this `SameSite` may be set where another site is involved.
pub(super) fn may_set(same_site: SameSite, request: &Request<'_>) -> bool {
    // [6265bis-5.7-18]
    same_site == SameSite::None
        || !request.is_cross_site()
        || !request.is_script() && request.is_top_level_navigation()
}

/// §5.7, steps 20 to 22, and `__Http-`: what the prefix of the name promises. `is_root` says whether
/// `Path=/` was written out, which is stricter than the draft (its default-path may be `/` too) and
/// what browsers do.
pub(super) fn keeps_prefix(cookie: &Cookie<'_>, is_root: bool) -> bool {
    let marks = &cookie.marks;
    if cookie.name.is_empty() {
        // Sent without a `=`, it would pass for what it is not.
        // [6265bis-5.7-22]
        return Prefix::of(cookie.value).is_none();
    }
    // [6265bis-5.7-20] [6265bis-5.7-21]
    Prefix::of(cookie.name).is_none_or(|prefix| {
        marks.is_secure
            && (!prefix.wants_host_only() || marks.is_host_only && is_root)
            && (!prefix.wants_http_only() || marks.is_http_only)
    })
}

/// §5.7, step 16, "leave secure cookies alone": whether `new`, which comes over an insecure
/// connection, would hide `old`. Not symmetric in the paths: a cookie for `/login` hides one for
/// `/`, not the other way round.
pub(super) fn hides(new: &Cookie<'_>, old: &Cookie<'_>, on_address: bool) -> bool {
    // [6265bis-5.7-16]
    old.marks.is_secure
        && old.name == new.name
        && old.partition() == new.partition()
        && (domain_matches(old.domain, new.domain, on_address)
            || domain_matches(new.domain, old.domain, on_address))
        && path_matches(new.path, old.path)
}

/// §5.8.3, step 1: whether the cookie goes with the request, as far as domains and partitions do not
/// matter.
#[inline]
pub(super) fn goes_with(cookie: &Cookie<'_>, request: &Request<'_>) -> bool {
    let marks = &cookie.marks;
    // [6265bis-5.8.3-1b]
    request.path_matches(cookie.path)
        // [6265bis-5.8.3-1c]
        && (!marks.is_secure || request.is_secure())
        // [6265bis-5.8.3-1d]
        && (!marks.is_http_only || !request.is_script())
}

/// §5.8.3, step 1, last part: whether `SameSite` lets it go along.
#[inline]
pub(super) fn may_cross(
    cookie: &Cookie<'_>,
    request: &Request<'_>,
    lax_allowing_unsafe: bool,
    now: UnixTime,
) -> bool {
    // [6265bis-5.8.3-1e]
    if !request.is_cross_site() || cookie.marks.same_site == SameSite::None {
        return true;
    }
    if request.is_script() || !request.is_top_level_navigation() {
        return false;
    }
    match cookie.marks.same_site {
        SameSite::Strict => false,
        SameSite::Default if lax_allowing_unsafe => {
            request.is_safe() || now.saturating_since(cookie.created) <= LAX_UNSAFE_AGE
        }
        _ => request.is_safe(),
    }
}

/// §5.7, steps 7 to 10: the domain of a cookie whose `Domain` is `named`, and whether it is for the
/// host alone.
pub(super) fn domain<'a, P: PublicSuffixes>(
    named: Option<&'a [u8]>,
    request: &Request<'a>,
    suffixes: &P,
) -> Result<(&'a [u8], bool), Error> {
    let host = request.host().as_str().as_bytes();
    let Some(domain) = named else {
        return Ok((host, true));
    };
    // Whatever is not ASCII, or is empty behind a dot, is not the end of a host either.
    // [6265bis-5.7-8] [6265bis-5.7-10]
    if !request.host().domain_matches(domain) {
        return Err(Error::Domain);
    }
    // [6265bis-5.7-9]
    if request.host().is_address() || !is_public(domain, suffixes) {
        Ok((domain, false))
    } else if domain.len() == host.len() {
        Ok((host, true))
    } else {
        Err(Error::PublicSuffix)
    }
}

/// Asks the list about a domain in any case. What is too long for a domain is none.
pub(super) fn is_public<P: PublicSuffixes>(domain: &[u8], suffixes: &P) -> bool {
    let mut lowered = [0; Host::MAX_LEN];
    let Some(lowered) = lowered.get_mut(..domain.len()) else {
        return false;
    };
    for (to, from) in lowered.iter_mut().zip(domain) {
        *to = from.to_ascii_lowercase();
    }
    core::str::from_utf8(lowered).is_ok_and(|domain| is_listed(domain, suffixes))
}

/// Asks the list about a domain in lower case. A host may be named with a dot behind it, which no
/// list knows: `co.uk.` is as public as `co.uk`.
#[inline]
pub(super) fn is_listed<P: PublicSuffixes>(domain: &str, suffixes: &P) -> bool {
    suffixes.is_public_suffix(domain.strip_suffix('.').unwrap_or(domain))
}
