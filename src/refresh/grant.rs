//! What was granted at the login: to whom, for which client, for what; it never changes.

use core::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::Error;
use crate::identity::{Assurance, Authenticated, Evidence, Factors};
use crate::scope::Scope;
use crate::time::UnixTime;

/// What a user granted to a client, and how the user had proved who it is.
///
/// `U` is the caller's name for a user: a number, a short text of fixed room. `S` is the room for
/// the client's identifier and the scope together, in bytes.
///
/// ```
/// use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// use hardtack::refresh::{Error, Grant};
/// use hardtack::scope::Scope;
/// # use hardtack::time::UnixTime;
/// # let now = UnixTime::from_secs(1_700_000_000);
///
/// let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// let scope = Scope::parse("orders:read profile").unwrap_or(Scope::NONE);
/// let grant = Grant::<u32>::new(&ada, "web", scope)?;
/// assert_eq!(grant.user(), &42);
/// assert_eq!(grant.client(), "web");
/// assert!(grant.scope().contains("profile"));
/// assert_eq!(Grant::<u32, 8>::new(&ada, "web", scope), Err(Error::TooLong));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Grant<U, const S: usize = 128> {
    user: U,
    evidence: Evidence,
    authenticated_at: UnixTime,
    client_len: usize,
    scope_len: usize,
    /// The client, the scope, and zeros.
    text: [u8; S],
}

impl<U, const S: usize> Grant<U, S> {
    /// The grant of `scope` to the OAuth client `client` by the user who is `who`.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] if client and scope together are longer than `S` bytes.
    pub fn new(who: &Authenticated<U>, client: &str, scope: Scope<'_>) -> Result<Self, Error>
    where
        U: Clone,
    {
        let user = who.principal().clone();
        Self::of(user, client, scope, who.evidence(), who.authenticated_at())
    }

    fn of(
        user: U,
        client: &str,
        scope: Scope<'_>,
        evidence: Evidence,
        authenticated_at: UnixTime,
    ) -> Result<Self, Error> {
        let mut text = [0; S];
        let (head, tail) = text
            .split_at_mut_checked(client.len())
            .ok_or(Error::TooLong)?;
        head.copy_from_slice(client.as_bytes());
        tail.get_mut(..scope.as_str().len())
            .ok_or(Error::TooLong)?
            .copy_from_slice(scope.as_str().as_bytes());
        Ok(Self {
            user,
            evidence,
            authenticated_at,
            client_len: client.len(),
            scope_len: scope.as_str().len(),
            text,
        })
    }

    /// The user who granted.
    #[must_use]
    pub const fn user(&self) -> &U {
        &self.user
    }

    /// The OAuth client it was granted to (`client_id`).
    #[must_use]
    pub fn client(&self) -> &str {
        self.text(0, self.client_len)
    }

    /// What was granted.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        // It was a scope when it was copied.
        Scope::parse(self.text(self.client_len, self.scope_len)).unwrap_or(Scope::NONE)
    }

    /// How strongly the user had proved who it is.
    #[must_use]
    pub const fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// When the user had proved it.
    #[must_use]
    pub const fn authenticated_at(&self) -> UnixTime {
        self.authenticated_at
    }

    fn text(&self, from: usize, len: usize) -> &str {
        self.text
            .get(from..)
            .and_then(|rest| rest.get(..len))
            .and_then(|text| core::str::from_utf8(text).ok())
            .unwrap_or_default()
    }
}

impl<U: fmt::Debug, const S: usize> fmt::Debug for Grant<U, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("user", &self.user)
            .field("client", &self.client())
            .field("scope", &self.scope().as_str())
            .field("evidence", &self.evidence)
            .field("authenticated_at", &self.authenticated_at)
            .finish()
    }
}

/// The fields as they are stored: the level of assurance by name, the factors as bits.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Grant")]
struct Stored<U, T> {
    user: U,
    client: T,
    scope: T,
    acr: T,
    amr: u32,
    auth_time: UnixTime,
}

impl<U: Serialize, const S: usize> Serialize for Grant<U, S> {
    fn serialize<R: Serializer>(&self, serializer: R) -> Result<R::Ok, R::Error> {
        Stored {
            user: &self.user,
            client: self.client(),
            scope: self.scope().as_str(),
            acr: self.evidence.level().acr(),
            amr: self.evidence.factors().bits(),
            auth_time: self.authenticated_at,
        }
        .serialize(serializer)
    }
}

impl<'de, U: Deserialize<'de>, const S: usize> Deserialize<'de> for Grant<U, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::<U, Text<S>>::deserialize(deserializer)?;
        let wrong = de::Error::custom::<&str>;
        let scope = match stored.scope.as_str() {
            "" => Scope::NONE,
            text => Scope::parse(text).map_err(de::Error::custom)?,
        };
        let level = Assurance::from_acr(stored.acr.as_str());
        let factors = Factors::from_bits(stored.amr);
        let evidence = Evidence::new(
            level.ok_or_else(|| wrong("no level of assurance"))?,
            factors.ok_or_else(|| wrong("no set of factors"))?,
        );
        let client = stored.client.as_str();
        Self::of(stored.user, client, scope, evidence, stored.auth_time).map_err(de::Error::custom)
    }
}

/// A text that is copied out of what is read, since a reader may hand it out for a moment only.
struct Text<const S: usize> {
    bytes: [u8; S],
    len: usize,
}

impl<const S: usize> Text<S> {
    fn as_str(&self) -> &str {
        let text = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl<'de, const S: usize> Deserialize<'de> for Text<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Copied<const S: usize>;

        impl<const S: usize> Visitor<'_> for Copied<S> {
            type Value = Text<S>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a text of at most {S} bytes")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<S>, E> {
                let mut bytes = [0; S];
                let room = bytes.get_mut(..text.len());
                room.ok_or_else(|| E::invalid_length(text.len(), &self))?
                    .copy_from_slice(text.as_bytes());
                Ok(Text {
                    bytes,
                    len: text.len(),
                })
            }
        }

        deserializer.deserialize_str(Copied)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::String;

    use super::*;

    fn grant<const S: usize>(client: &str, scope: &str) -> Result<Grant<u32, S>, Error> {
        let evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::OTP));
        let ada = Authenticated::vouch(7, evidence, UnixTime::from_secs(100));
        let scope = Scope::parse(scope).unwrap_or(Scope::NONE);
        Grant::new(&ada, client, scope)
    }

    #[test]
    fn client_and_scope_share_the_room_to_the_last_byte() {
        let full = grant::<8>("web", "a b c").unwrap();
        assert_eq!((full.client(), full.scope().as_str()), ("web", "a b c"));
        assert_eq!(grant::<7>("web", "a b c"), Err(Error::TooLong));
        assert_eq!(grant::<2>("web", ""), Err(Error::TooLong));
        let none = grant::<0>("", "").unwrap();
        assert_eq!((none.client(), none.scope().is_none()), ("", true));
    }

    #[test]
    fn a_grant_remembers_how_the_user_was_authenticated() {
        let grant = grant::<16>("web", "a").unwrap();
        assert_eq!(grant.user(), &7);
        assert_eq!(grant.evidence().level(), Assurance::Aal2);
        assert!(grant.evidence().factors().contains(Factors::OTP));
        assert_eq!(grant.authenticated_at(), UnixTime::from_secs(100));
    }

    #[test]
    fn serde_reads_what_it_wrote() {
        for scope in ["a b", ""] {
            let grant = grant::<16>("w\u{e9}b\"", scope).unwrap();
            let text = serde_json::to_string(&grant).unwrap();
            let read: Grant<u32, 16> = serde_json::from_str(&text).unwrap();
            assert_eq!(read, grant);
        }
    }

    #[test]
    fn serde_refuses_what_no_grant_wrote() {
        let good = serde_json::to_string(&grant::<16>("web", "a b").unwrap()).unwrap();
        let read = |text: String| serde_json::from_str::<Grant<u32, 16>>(&text).is_ok();
        assert!(read(good.clone()));
        for (from, to) in [
            ("\"a b\"", "\"a  b\""),
            ("\"a b\"", "\"a b c d e f g h i j\""),
            ("\"web\"", "\"0123456789abcdef\""),
            ("\"web\"", "3"),
            ("aal2", "aal4"),
            ("\"amr\":2304", "\"amr\":4294967295"),
        ] {
            assert!(good.contains(from), "{good}");
            assert!(!read(good.replace(from, to)), "{to}");
        }
    }

    #[test]
    fn debug_names_the_texts() {
        let shown = format!("{:?}", grant::<16>("web", "a b").unwrap());
        assert!(shown.starts_with("Grant { user: 7, client: \"web\", scope: \"a b\""));
    }
}
