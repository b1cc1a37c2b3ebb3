//! What sessions and refresh families have in common: both are remembered between requests, by
//! user, in a table or in a caller's database.

use core::fmt;
use core::time::Duration;

/// How far behind the last use of what is remembered the clock may read: several machines and
/// threads read it, and not in the order in which they are served.
///
/// What was used further in the future than this has ended. The clock has stepped back then, how
/// long it has been idle cannot be known, and what was used while the clock was years ahead would
/// otherwise live for years.
pub(crate) const SKEW: Duration = Duration::from_secs(60);

/// How many sessions, or refresh families, a user may have at a time: logins on as many devices
/// (OWASP ASVS 5.0, 7.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PerUser {
    /// As many as there is room for. One user can then take all of it, and in memory to forget many
    /// of one user at once takes time that grows with their square: seconds for 65,536.
    Unlimited,
    /// So many; a login beyond is refused.
    Refuse(usize),
    /// So many; a login beyond ends the one whose user authenticated the longest ago.
    EndOldest(usize),
}

/// What the conformance suite of a store found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault<E> {
    /// The store does not do what this sentence says.
    Broken(&'static str),
    /// The store failed while it was tested.
    Outage(E),
    /// The random source failed.
    NoEntropy,
}

impl<E> fmt::Display for Fault<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(law) => write!(f, "the store breaks a law: {law}"),
            Self::Outage(_) => f.write_str("the store failed"),
            Self::NoEntropy => f.write_str("the random source failed"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for Fault<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Outage(error) => Some(error),
            _ => None,
        }
    }
}

/// One sentence of a conformance suite.
pub(crate) fn law<E>(holds: bool, law: &'static str) -> Result<(), Fault<E>> {
    if holds {
        Ok(())
    } else {
        Err(Fault::Broken(law))
    }
}

/// One of the two ways to a store that is tested.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    One,
    Other,
}

/// All interleavings of two clients that load and then write.
pub(crate) const ORDERS: [[Side; 4]; 6] = {
    use Side::{One, Other};
    [
        [One, One, Other, Other],
        [One, Other, One, Other],
        [One, Other, Other, One],
        [Other, One, One, Other],
        [Other, One, Other, One],
        [Other, Other, One, One],
    ]
};

#[cfg(test)]
mod tests {
    use core::error::Error as _;

    use super::*;

    #[test]
    fn an_outage_has_its_source_and_nothing_else_has() {
        assert!(Fault::Outage(fmt::Error).source().is_some());
        for other in [Fault::Broken("a law"), Fault::<fmt::Error>::NoEntropy] {
            assert!(other.source().is_none());
        }
    }
}
