use super::{Host, InvalidHost, path_matches};

/// A request, as far as cookies ask: it takes cookies along, and its response may set some.
///
/// A new one is a request that the site itself caused, by a safe method, not for a page of its own:
/// what a client without documents sends. What differs is said by a method each.
///
/// ```
/// use hardtack::cookie::Request;
///
/// let request = Request::https("shop.example", "/cart/item?id=7")?;
/// assert_eq!(request.path(), "/cart/item");
///
/// // The user follows a link from elsewhere:
/// let link = Request::https("shop.example", "/")?.cross_site().top_level_navigation();
/// # Ok::<(), hardtack::cookie::InvalidHost>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'u> {
    host: Host<'u>,
    path: &'u str,
    is_secure: bool,
    is_cross_site: bool,
    is_top_level_navigation: bool,
    is_safe: bool,
    is_script: bool,
    top_level_site: &'u str,
}

impl<'u> Request<'u> {
    /// A request over TLS to `host` for `target`: a path, its query or fragment not looked at. A
    /// target that does not begin with `/`, as the empty one, is the path `/`.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] for what [`Host::parse`] refuses, such as `example.com:8443`.
    pub const fn https(host: &'u str, target: &'u str) -> Result<Self, InvalidHost> {
        let host = match Host::parse(host) {
            Ok(host) => host,
            Err(error) => return Err(error),
        };
        Ok(Self {
            host,
            path: path_of(target),
            is_secure: true,
            is_cross_site: false,
            is_top_level_navigation: false,
            is_safe: true,
            is_script: false,
            top_level_site: "",
        })
    }

    /// The same in clear text: it gets no `Secure` cookie and cannot set one.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`], as for [`https`](Self::https).
    pub const fn http(host: &'u str, target: &'u str) -> Result<Self, InvalidHost> {
        match Self::https(host, target) {
            Ok(request) => Ok(Self {
                is_secure: false,
                ..request
            }),
            Err(error) => Err(error),
        }
    }

    /// Counts the connection as secure although it is not TLS. What is secure is the user agent's
    /// to say (RFC 6265bis §5.8.3); browsers say it of `http://localhost`.
    #[must_use]
    pub const fn trustworthy(self) -> Self {
        Self {
            is_secure: true,
            ..self
        }
    }

    /// Another site caused the request (RFC 6265bis §5.2); for a script, it runs in a document that
    /// another site embeds.
    #[must_use]
    pub const fn cross_site(self) -> Self {
        Self {
            is_cross_site: true,
            ..self
        }
    }

    /// The user agent goes to a new page in the address bar with it, as by a link.
    #[must_use]
    pub const fn top_level_navigation(self) -> Self {
        Self {
            is_top_level_navigation: true,
            ..self
        }
    }

    /// Its method may change something: any but GET, HEAD, OPTIONS, TRACE (RFC 9110 §9.2.1).
    #[must_use]
    pub const fn unsafe_method(self) -> Self {
        Self {
            is_safe: false,
            ..self
        }
    }

    /// It is not a request but a script of its document that asks or sets: a "non-HTTP" API.
    #[must_use]
    pub const fn from_script(self) -> Self {
        Self {
            is_script: true,
            ..self
        }
    }

    /// It happens below a page of `top_level_site`, the partition key of `Partitioned` cookies. The
    /// text is the caller's to define (`https://shop.example`, say); without it, the request is its
    /// own top level.
    #[must_use]
    pub const fn partitioned(self, top_level_site: &'u str) -> Self {
        Self {
            top_level_site,
            ..self
        }
    }

    /// Where the request goes.
    #[must_use]
    pub const fn host(&self) -> Host<'u> {
        self.host
    }

    /// What it asks for there, without the query.
    #[must_use]
    pub const fn path(&self) -> &'u str {
        self.path
    }

    pub(crate) const fn is_secure(&self) -> bool {
        self.is_secure
    }

    pub(crate) const fn is_cross_site(&self) -> bool {
        self.is_cross_site
    }

    pub(crate) const fn is_top_level_navigation(&self) -> bool {
        self.is_top_level_navigation
    }

    pub(crate) const fn is_safe(&self) -> bool {
        self.is_safe
    }

    pub(crate) const fn is_script(&self) -> bool {
        self.is_script
    }

    pub(crate) const fn top_level_site(&self) -> &'u str {
        self.top_level_site
    }

    #[inline]
    pub(crate) fn path_matches(&self, cookie_path: &[u8]) -> bool {
        path_matches(self.path.as_bytes(), cookie_path)
    }
}

/// The path of a request target: up to `?` or `#`, and `/` where there is none.
const fn path_of(target: &str) -> &str {
    let mut rest = target.as_bytes();
    let mut len = 0_usize;
    while let [first, others @ ..] = rest
        && !matches!(*first, b'?' | b'#')
    {
        len = len.saturating_add(1);
        rest = others;
    }
    match (target.as_bytes(), target.split_at_checked(len)) {
        ([b'/', ..], Some((path, _))) => path,
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_not_part_of_the_path() {
        for (target, path) in [
            ("/a/b?c=/d", "/a/b"),
            ("/a#b", "/a"),
            ("/a#?b", "/a"),
            ("/?", "/"),
            ("/a\u{e9}?\u{e9}", "/a\u{e9}"),
            ("", "/"),
            ("?a", "/"),
            ("*", "/"),
            ("a/b", "/"),
        ] {
            let request = Request::https("a.example", target).unwrap();
            assert_eq!(request.path(), path, "{target}");
        }
    }

    #[test]
    fn a_request_is_made_by_the_compiler() {
        const REQUEST: Request<'static> = match Request::http("a.example", "/a?b") {
            Ok(request) => request.cross_site().unsafe_method(),
            Err(_) => panic!(),
        };
        assert_eq!(REQUEST.path(), "/a");
        assert!(!REQUEST.is_secure() && REQUEST.is_cross_site() && !REQUEST.is_safe());
        assert!(REQUEST.trustworthy().is_secure());
    }

    #[test]
    fn a_port_is_not_part_of_the_host() {
        assert_eq!(Request::http("a.example:80", "/"), Err(InvalidHost));
        assert_eq!(Request::https("a.example:443", "/"), Err(InvalidHost));
    }
}
