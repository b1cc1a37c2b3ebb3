//! The scope of a grant (RFC 6749 §3.3): what a token may be used for, a string compared as a set.

use core::fmt;

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};

use crate::ascii::is_nqchar;

/// A set of scope tokens, borrowed from the text that lists them.
///
/// ```text
/// scope       = scope-token *( SP scope-token )
/// scope-token = 1*NQCHAR            ; RFC 6749 §3.3: visible ASCII without DQUOTE and backslash
/// ```
///
/// Order and repetition mean nothing, so `==` compares sets; letters count in their case. No scope
/// at all has no text in the grammar: it is [`NONE`](Self::NONE), written by leaving the parameter
/// or the claim out.
///
/// Comparing two scopes looks for each token of the one in the other: cheap for the few tokens of
/// a scope, quadratic for long texts. Bound the length of what strangers send.
///
/// ```
/// use hardtack::scope::{Error, Scope};
///
/// const GRANTED: Scope<'_> = match Scope::parse("orders:read orders:write profile") {
///     Ok(scope) => scope,
///     Err(_) => panic!("not a scope"),
/// };
/// assert!(GRANTED.contains("profile"));
/// assert!(!GRANTED.contains("orders"));
/// assert!(Scope::parse("profile orders:read")?.is_subset_of(GRANTED));
/// assert!(!Scope::parse("profile admin")?.is_subset_of(GRANTED));
/// assert_eq!(Scope::parse("a b")?, Scope::parse("b a b")?);
/// assert_eq!(Scope::parse("a  b"), Err(Error::Space));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a>(&'a str);

impl<'a> Scope<'a> {
    /// No scope: the empty set.
    pub const NONE: Self = Self("");

    /// The set that `text` lists.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for an empty text, [`Error::Space`] for a space in front (`" a"`), behind
    /// or twice, [`Error::Character`] for anything else that no token has: `a"b`, a tab, `é`.
    pub const fn parse(text: &'a str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::Empty);
        }
        let mut rest = text.as_bytes();
        let mut in_token = false;
        while let [byte, after @ ..] = rest {
            if *byte != b' ' {
                if !is_nqchar(*byte) {
                    return Err(Error::Character);
                }
                in_token = true;
            } else if in_token {
                in_token = false;
            } else {
                return Err(Error::Space);
            }
            rest = after;
        }
        if in_token {
            Ok(Self(text))
        } else {
            Err(Error::Space)
        }
    }

    /// The text as it was given; empty for [`NONE`](Self::NONE) alone.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether this is [`NONE`](Self::NONE).
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0.is_empty()
    }

    /// The tokens in the order of the text, repeated ones repeatedly.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        // SP is the only white space that a scope has.
        self.0.split_ascii_whitespace()
    }

    /// Whether `token` is one of the tokens.
    #[must_use]
    pub fn contains(self, token: &str) -> bool {
        self.iter().any(|own| own == token)
    }

    /// Whether every token of this scope is one of `of`; true for [`NONE`](Self::NONE).
    #[must_use]
    pub fn is_subset_of(self, of: Scope<'_>) -> bool {
        self.iter().all(|token| of.contains(token))
    }
}

impl PartialEq<Scope<'_>> for Scope<'_> {
    fn eq(&self, other: &Scope<'_>) -> bool {
        self.is_subset_of(*other) && other.is_subset_of(*self)
    }
}

impl Eq for Scope<'_> {}

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// As its text. [`NONE`](Scope::NONE) becomes an empty one, which is not read back: leave it out.
impl Serialize for Scope<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// From a text that can be borrowed.
impl<'de: 'a, 'a> Deserialize<'de> for Scope<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        Self::parse(text).map_err(de::Error::custom)
    }
}

/// Why a text is not a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no token in it.
    Empty,
    /// A space is not between two tokens.
    Space,
    /// A character is not one of a scope token's.
    Character,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the scope is empty",
            Self::Space => "a space in the scope is not between two tokens",
            Self::Character => "the scope has a character that no scope token has",
        })
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;

    #[track_caller]
    fn scope(text: &str) -> Scope<'_> {
        Scope::parse(text).unwrap()
    }

    #[test]
    fn a_scope_is_tokens_between_single_spaces() {
        for (text, tokens) in [
            ("a", &["a"] as &[_]),
            ("a b", &["a", "b"]),
            ("b a b", &["b", "a", "b"]),
            (
                "https://x.example/y#[]!",
                &["https://x.example/y#[]!"] as &[_],
            ),
        ] {
            assert_eq!(scope(text).iter().collect::<Vec<_>>(), tokens);
            assert_eq!(scope(text).to_string(), text);
            assert_eq!(scope(text).as_str(), text);
            assert!(!scope(text).is_none());
        }
    }

    #[test]
    fn an_empty_text_is_refused() {
        assert_eq!(Scope::parse(""), Err(Error::Empty));
    }

    #[test]
    fn a_space_that_separates_nothing_is_refused() {
        for text in [" ", " a", "a ", "a  b", "a b "] {
            assert_eq!(Scope::parse(text), Err(Error::Space), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_nqchar_is_refused() {
        for text in ["a\"b", "a\\b", "a\tb", "a\u{7f}", "\u{e9}", "a\r\nb", "a\0"] {
            assert_eq!(Scope::parse(text), Err(Error::Character), "{text:?}");
        }
    }

    #[test]
    fn scopes_are_compared_as_sets() {
        assert_eq!(scope("a b"), scope("b a"));
        assert_eq!(scope("a b a"), scope("a b"));
        assert_ne!(scope("a b"), scope("a"));
        assert_ne!(scope("a"), scope("A"));
        assert_ne!(scope("a"), Scope::NONE);
        assert!(scope("a c").is_subset_of(scope("c b a")));
        assert!(!scope("a d").is_subset_of(scope("c b a")));
    }

    #[test]
    fn a_part_of_a_token_is_not_the_token() {
        assert!(!scope("orders:read").contains("orders"));
        assert!(!scope("orders:read").contains("read"));
        assert!(!scope("a b").contains("a b"));
        assert!(!scope("a b").contains(""));
    }

    #[test]
    fn no_scope_is_within_every_scope_and_holds_none() {
        assert!(Scope::NONE.is_none());
        assert!(Scope::NONE.is_subset_of(Scope::NONE));
        assert!(Scope::NONE.is_subset_of(scope("a")));
        assert!(!scope("a").is_subset_of(Scope::NONE));
        assert!(!Scope::NONE.contains(""));
        assert_eq!(Scope::NONE.iter().count(), 0);
    }

    #[test]
    fn serde_reads_what_it_wrote_and_refuses_the_rest() {
        let text = serde_json::to_string(&scope("b a")).unwrap();
        assert_eq!(text, r#""b a""#);
        let read: Scope<'_> = serde_json::from_str(&text).unwrap();
        assert_eq!(read.as_str(), "b a");
        assert!(serde_json::from_str::<Scope<'_>>(r#""a  b""#).is_err());
        assert!(serde_json::from_str::<Scope<'_>>(r#""""#).is_err());
    }
}
