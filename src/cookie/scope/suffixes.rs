/// Which domains are public suffixes: those under which anybody may register a name, such as `com`,
/// `co.uk` and `github.io`. A cookie for all of one would reach strangers.
///
/// The list at <https://publicsuffix.org> is data that changes every week, so it is the caller's: a
/// crate that carries it, or the few suffixes that a device will ever meet. A closure will do.
///
/// ```
/// use hardtack::cookie::PublicSuffixes;
///
/// let ours = |domain: &str| matches!(domain, "example" | "shops.example");
/// assert!(ours.is_public_suffix("shops.example"));
/// ```
pub trait PublicSuffixes {
    /// Whether `domain` is a public suffix. It is in lower case, without the dot that a host may end
    /// in, and never an IP address. A host with an empty label (`a..example`) has domains of odd forms,
    /// such as `.example` and the empty one, which no list has.
    fn is_public_suffix(&self, domain: &str) -> bool;
}

impl<F: Fn(&str) -> bool> PublicSuffixes for F {
    fn is_public_suffix(&self, domain: &str) -> bool {
        self(domain)
    }
}

/// No list: top-level domains are public suffixes, and nothing else is. This is the list's own rule
/// for what it does not name.
///
/// ```
/// use hardtack::cookie::{NoSuffixList, PublicSuffixes};
///
/// assert!(NoSuffixList.is_public_suffix("uk"));
/// assert!(!NoSuffixList.is_public_suffix("co.uk")); // see below
/// ```
///
/// # Security
///
/// `shop.co.uk` can then set a cookie that goes to every host under `co.uk`, and plant its own
/// value where `bank.co.uk` looks for one. That is no risk to a client that only talks to hosts of
/// one owner; for any other one, bring the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoSuffixList;

impl PublicSuffixes for NoSuffixList {
    fn is_public_suffix(&self, domain: &str) -> bool {
        !domain.contains('.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_list_top_level_domains_are_public() {
        assert!(NoSuffixList.is_public_suffix("com"));
        assert!(NoSuffixList.is_public_suffix("localhost"));
        assert!(!NoSuffixList.is_public_suffix("co.uk"));
    }
}
