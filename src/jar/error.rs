use core::fmt;

use crate::cookie;

/// Why a cookie was ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The line says nothing that could be kept.
    Line(cookie::Error),
    /// The host that sets it does not belong to its `Domain`, or that is not in ASCII.
    Domain,
    /// Its `Domain` is a public suffix, and not the host itself.
    PublicSuffix,
    /// It wants a secure connection and did not come over one; or `SameSite=None` or `Partitioned`
    /// comes without `Secure`.
    Insecure,
    /// It came over an insecure connection and would hide a `Secure` one of its name.
    HidesSecure,
    /// A script tries to set or replace an `HttpOnly` one.
    HttpOnly,
    /// Its `SameSite` forbids to set it from another site.
    CrossSite,
    /// It does not keep what the prefix of its name promises.
    Prefix,
    /// It is larger than the jar, or its path or partition longer than 65,535 bytes; or its domain is
    /// full of `Secure` ones and it is not one.
    NoRoom,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Line(error) => return error.fmt(f),
            Self::Domain => "the host does not belong to the domain of the cookie",
            Self::PublicSuffix => "the domain of the cookie is a public suffix",
            Self::Insecure => "the cookie wants a secure connection",
            Self::HidesSecure => "the cookie would hide a secure one",
            Self::HttpOnly => "a script cannot set or replace this cookie",
            Self::CrossSite => "another site cannot set this cookie",
            Self::Prefix => "the cookie does not keep what the prefix of its name promises",
            Self::NoRoom => "there is no room for the cookie",
        })
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Line(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use core::error::Error as _;

    use super::*;

    #[test]
    fn a_bad_line_has_its_source_and_nothing_else_has() {
        let line = Error::Line(cookie::Error::Control);
        let source = line.source().and_then(|source| source.downcast_ref());
        assert_eq!(source, Some(&cookie::Error::Control));
        for other in [Error::Domain, Error::NoRoom] {
            assert!(other.source().is_none());
        }
    }
}
