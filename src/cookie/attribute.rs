//! The names of attributes and their values, and the name prefixes: words that both sides of a cookie
//! share.

use serde::{Deserialize, Serialize};

use crate::ascii::{eq_ignore_case, starts_with_ignore_case};

/// The attributes that mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Domain,
    Expires,
    HttpOnly,
    MaxAge,
    Partitioned,
    Path,
    Priority,
    SameSite,
    Secure,
}

impl Kind {
    /// The kind that an attribute's name names, in either case: its length leaves few words, and
    /// each is compared as a whole.
    #[inline]
    pub(super) const fn of(name: &[u8]) -> Option<Self> {
        let kind = match name.len() {
            4 => match &folded(name) {
                b"path" => Self::Path,
                _ => return None,
            },
            6 => match &folded(name) {
                b"domain" => Self::Domain,
                b"secure" => Self::Secure,
                _ => return None,
            },
            7 => match &folded(name) {
                b"expires" => Self::Expires,
                b"max-age" => Self::MaxAge,
                _ => return None,
            },
            8 => match &folded(name) {
                b"httponly" => Self::HttpOnly,
                b"samesite" => Self::SameSite,
                b"priority" => Self::Priority,
                _ => return None,
            },
            11 => match &folded(name) {
                b"partitioned" => Self::Partitioned,
                _ => return None,
            },
            _ => return None,
        };
        Some(kind)
    }
}

/// The first `N` bytes with a bit set that lowers letters and leaves `-` alone. Nothing else becomes
/// a letter by it, and only a CR, which no name of an attribute has, becomes a `-`.
#[cfg_attr(not(small), inline)]
const fn folded<const N: usize>(name: &[u8]) -> [u8; N] {
    let Some(word) = name.first_chunk() else {
        return [0; N];
    };
    let mut word = *word;
    let mut rest: &mut [u8] = &mut word;
    while let [first, others @ ..] = rest {
        *first |= 0x20;
        rest = others;
    }
    word
}

/// When a cookie goes along on a request that another site caused (RFC 6265bis §4.1.2.7).
///
/// ```
/// use hardtack::cookie::SameSite;
///
/// assert_eq!(SameSite::from_value(b"STRICT"), SameSite::Strict);
/// assert_eq!(SameSite::from_value(b"strictly"), SameSite::Default);
/// assert_eq!(SameSite::Default.as_str(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SameSite {
    /// Never.
    Strict,
    /// When the user navigates to this site by a safe method, as by a link.
    Lax,
    /// Always. Wants `Secure`.
    None,
    /// Nothing was said, or nothing that is known: the user agent's choice, which is `Lax` today.
    Default,
}

impl SameSite {
    /// The value of a received attribute (§5.6.7): letters in either case; what is unknown, the
    /// empty value and the word `Default` itself are [`Default`](Self::Default).
    #[must_use]
    pub const fn from_value(value: &[u8]) -> Self {
        // [6265bis-5.6.7-1]
        if eq_ignore_case(value, b"Strict") {
            Self::Strict
        } else if eq_ignore_case(value, b"Lax") {
            Self::Lax
        } else if eq_ignore_case(value, b"None") {
            Self::None
        } else {
            Self::Default
        }
    }

    /// The value of the attribute to write, or nothing where the attribute is left out.
    #[must_use]
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Strict => Some("Strict"),
            Self::Lax => Some("Lax"),
            Self::None => Some("None"),
            Self::Default => None,
        }
    }
}

/// Which cookies of a full jar go last: not in RFC 6265bis, but Chromium reads and keeps it.
///
/// ```
/// use hardtack::cookie::Priority;
///
/// assert_eq!(Priority::from_value(b"HIGH"), Some(Priority::High));
/// assert_eq!(Priority::from_value(b"urgent"), None);
/// assert!(Priority::High > Priority::Medium);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Evicted first.
    Low,
    /// What a cookie without the attribute has.
    Medium,
    /// Evicted last.
    High,
}

impl Priority {
    /// The value of a received attribute, letters in either case; nothing for an unknown one, which
    /// then counts as [`Medium`](Self::Medium).
    #[must_use]
    pub const fn from_value(value: &[u8]) -> Option<Self> {
        if eq_ignore_case(value, b"Low") {
            Some(Self::Low)
        } else if eq_ignore_case(value, b"Medium") {
            Some(Self::Medium)
        } else if eq_ignore_case(value, b"High") {
            Some(Self::High)
        } else {
            None
        }
    }

    /// The value of the attribute to write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }
}

/// A beginning of a cookie's name by which a user agent promises how the cookie came about
/// (RFC 6265bis §4.1.3). Every prefix promises `Secure`.
///
/// The promise is what a server can rely on: the `Cookie` header carries no attributes, but a
/// browser stores a cookie named `__Host-…` only if this very host set it over a secure connection.
///
/// ```
/// use hardtack::cookie::Prefix;
///
/// assert_eq!(Prefix::of(b"__Host-session"), Some(Prefix::Host));
/// assert_eq!(Prefix::of(b"__HOST-http-session"), Some(Prefix::HostHttp));
/// assert_eq!(Prefix::of(b"session"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prefix {
    /// `__Host-Http-`: what [`Host`](Self::Host) and [`Http`](Self::Http) promise together.
    HostHttp,
    /// `__Host-`: set by this host for this host alone (no `Domain`) and all of it (`Path=/`).
    Host,
    /// `__Http-`: set by a response, not by a script (`HttpOnly`).
    Http,
    /// `__Secure-`: set over a secure connection.
    Secure,
}

impl Prefix {
    /// The prefix of a cookie's name, letters in either case (§5.4): a server that ignores case
    /// would otherwise take `__host-` for what the user agent did not check. The longest one wins,
    /// so `__Host-Http-` is not mistaken for `__Host-`.
    #[must_use]
    pub const fn of(name: &[u8]) -> Option<Self> {
        let longest_first = [Self::HostHttp, Self::Secure, Self::Host, Self::Http];
        let mut rest = longest_first.as_slice();
        while let [prefix, others @ ..] = rest {
            if starts_with_ignore_case(name, prefix.as_str().as_bytes()) {
                return Some(*prefix);
            }
            rest = others;
        }
        None
    }

    /// The prefix in its usual spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HostHttp => "__Host-Http-",
            Self::Host => "__Host-",
            Self::Http => "__Http-",
            Self::Secure => "__Secure-",
        }
    }

    /// Whether the cookie must have no `Domain` and an explicit `Path=/`.
    #[must_use]
    pub const fn wants_host_only(self) -> bool {
        matches!(self, Self::Host | Self::HostHttp)
    }

    /// Whether the cookie must have `HttpOnly`.
    #[must_use]
    pub const fn wants_http_only(self) -> bool {
        matches!(self, Self::Http | Self::HostHttp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [(&[u8], Kind); 9] = [
        (b"Domain", Kind::Domain),
        (b"Expires", Kind::Expires),
        (b"HttpOnly", Kind::HttpOnly),
        (b"Max-Age", Kind::MaxAge),
        (b"Partitioned", Kind::Partitioned),
        (b"Path", Kind::Path),
        (b"Priority", Kind::Priority),
        (b"SameSite", Kind::SameSite),
        (b"Secure", Kind::Secure),
    ];

    /// A name of every word with one byte changed to every other, but for CTLs.
    #[test]
    fn a_word_is_known_in_either_case_and_nothing_else_is() {
        for (word, kind) in WORDS {
            for at in 0..word.len() {
                for byte in (b' '..=u8::MAX).filter(|byte| *byte != 0x7F) {
                    let mut name = [0; 16];
                    let name = &mut name[..word.len()];
                    name.copy_from_slice(word);
                    name[at] = byte;
                    let same = name.eq_ignore_ascii_case(word);
                    assert_eq!(Kind::of(name), same.then_some(kind), "{name:?}");
                }
            }
            assert_eq!(Kind::of(&word[1..]), None);
        }
    }

    #[test]
    fn a_prefix_is_known_in_either_case_and_longest_first() {
        for (name, prefix) in [
            ("__Host-Http-sid", Some(Prefix::HostHttp)),
            ("__hOST-hTTP-", Some(Prefix::HostHttp)),
            ("__Host-Htt", Some(Prefix::Host)),
            ("__Host-", Some(Prefix::Host)),
            ("__HOST-sid", Some(Prefix::Host)),
            ("__Http-sid", Some(Prefix::Http)),
            ("__http-Host-sid", Some(Prefix::Http)),
            ("__Secure-sid", Some(Prefix::Secure)),
            ("__SeCuRe-", Some(Prefix::Secure)),
            ("__Secure", None),
            ("__Host", None),
            ("_Host-sid", None),
            ("x__Host-sid", None),
            ("", None),
        ] {
            assert_eq!(Prefix::of(name.as_bytes()), prefix, "{name}");
        }
    }

    #[test]
    fn what_a_prefix_wants() {
        let wants = |prefix: Prefix| (prefix.wants_host_only(), prefix.wants_http_only());
        assert_eq!(wants(Prefix::Secure), (false, false));
        assert_eq!(wants(Prefix::Host), (true, false));
        assert_eq!(wants(Prefix::Http), (false, true));
        assert_eq!(wants(Prefix::HostHttp), (true, true));
    }

    #[test]
    fn a_prefix_is_its_own() {
        for prefix in [Prefix::HostHttp, Prefix::Host, Prefix::Http, Prefix::Secure] {
            assert_eq!(Prefix::of(prefix.as_str().as_bytes()), Some(prefix));
        }
    }

    #[test]
    fn values_are_read_as_they_are_written() {
        for value in [SameSite::Strict, SameSite::Lax, SameSite::None] {
            let text = value.as_str().unwrap();
            assert_eq!(SameSite::from_value(text.as_bytes()), value);
        }
        for value in [Priority::Low, Priority::Medium, Priority::High] {
            let text = value.as_str();
            assert_eq!(Priority::from_value(text.as_bytes()), Some(value));
        }
    }

    #[test]
    fn unknown_values() {
        for value in ["", "Default", "Laxer", " Lax", "strict\0"] {
            assert_eq!(SameSite::from_value(value.as_bytes()), SameSite::Default);
        }
        for value in ["", "Middle", "higher"] {
            assert_eq!(Priority::from_value(value.as_bytes()), None);
        }
        assert_eq!(SameSite::from_value(b"nOnE"), SameSite::None);
        assert_eq!(Priority::from_value(b"hIGH"), Some(Priority::High));
    }

    #[test]
    fn priorities_are_ordered() {
        assert!(Priority::Low < Priority::Medium && Priority::Medium < Priority::High);
    }
}
