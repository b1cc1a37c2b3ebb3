//! Paths, compared octet by octet: no percent-decoding, no case folding.

/// Whether a request for `path` gets a cookie of `cookie_path` (RFC 6265bis §5.1.4): both are the
/// same, or the cookie's is a beginning that ends where a segment does.
#[must_use]
#[inline]
pub(crate) fn path_matches(path: &[u8], cookie_path: &[u8]) -> bool {
    // [6265bis-5.1.4-2]
    match path.strip_prefix(cookie_path) {
        Some([] | [b'/', ..]) => true,
        Some(_) => cookie_path.ends_with(b"/"),
        None => false,
    }
}

/// The path of a cookie that does not name one (RFC 6265bis §5.1.4): `path` up to its last slash,
/// that slash not included unless it is the only one.
#[must_use]
pub(crate) fn default_path(path: &[u8]) -> &[u8] {
    // [6265bis-5.1.4-1]
    let last_slash = path.iter().rposition(|&byte| byte == b'/');
    match last_slash.and_then(|at| path.get(..at)) {
        Some(directory @ [b'/', ..]) => directory,
        _ => b"/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // [6265bis-5.1.4-2]
    #[test]
    fn a_path_matches_at_segment_boundaries_only() {
        for (path, cookie_path, matches) in [
            ("/", "/", true),
            ("/a", "/", true),
            ("/a", "/a", true),
            ("/a/", "/a", true),
            ("/a/b", "/a", true),
            ("/a/b", "/a/", true),
            ("/a", "/a/", false),
            ("/ab", "/a", false),
            ("/A", "/a", false),
            ("/%61", "/a", false),
            ("/", "/a", false),
        ] {
            let found = path_matches(path.as_bytes(), cookie_path.as_bytes());
            assert_eq!(found, matches, "{path} {cookie_path}");
        }
    }

    // [6265bis-5.1.4-1]
    #[test]
    fn the_default_path_is_the_directory() {
        for (path, expected) in [
            ("", "/"),
            ("a", "/"),
            ("a/b", "/"),
            ("/", "/"),
            ("/a", "/"),
            ("/a/", "/a"),
            ("/a/b", "/a"),
            ("/a/b/", "/a/b"),
            ("//", "/"),
        ] {
            assert_eq!(default_path(path.as_bytes()), expected.as_bytes(), "{path}");
        }
    }
}
