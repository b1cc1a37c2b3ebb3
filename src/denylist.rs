//! Access tokens that were revoked, remembered until they would have ended anyway.
//!
//! An access token is checked without a look-up, so it stays good until its `exp`, minutes later,
//! whatever happened to the login meanwhile. Where minutes are too long, a [`Denylist`] beside the
//! verifier remembers the `jti` of a token, or the `sid` of a session or refresh family with all
//! its tokens. It is short, because nothing stays in it for longer than an access token lives.

use core::fmt;
use core::time::Duration;

use crate::mac::sha256;
use crate::table::{Keyed, Table};
use crate::time::UnixTime;
use crate::token::Verified;

/// Up to `N` revocations in memory, each looked up in *O*(1) and kept in 44 bytes with its place in
/// the index.
///
/// Names are kept as half of their SHA-256, so they may be of any length; that two of them agree
/// in 128 bits does not happen to names that the server itself has made.
///
/// # When it is full
///
/// A revocation takes the place of one that is not needed any more. If there is none, it is refused
/// with [`Error::Full`], and those that are in the list stay in it. What is left to do is in the
/// example: to refuse every token that was issued so far. The clients come back with their refresh
/// tokens, and only those get another whose login still lives.
///
/// # Security
///
/// A clock that steps back brings no token back. A revocation that was forgotten because its token
/// had ended is remembered in one respect: no token that ends as early is believed again.
///
/// ```
/// use core::time::Duration;
/// use hardtack::denylist::{Denylist, Error};
/// use hardtack::time::UnixTime;
///
/// // Access tokens live for five minutes, and verifiers have a leeway of ten seconds.
/// let (five_minutes, leeway) = (Duration::from_secs(300), Duration::from_secs(10));
/// let mut denied = Denylist::<1>::new(five_minutes, leeway);
/// let now = UnixTime::from_secs(1_700_000_000);
/// let exp = now.saturating_add(five_minutes);
///
/// denied.deny_token("x7Qp", exp, now)?;
/// assert!(denied.denies_claims(Some("x7Qp"), Some("a-session"), exp));
/// assert!(!denied.denies_claims(Some("Rk0z"), Some("a-session"), exp));
///
/// assert_eq!(denied.deny_session("a-session", now), Err(Error::Full));
/// denied.deny_all(now);
/// assert!(denied.denies_claims(Some("Rk0z"), Some("a-session"), exp));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Denylist<const N: usize> {
    lifetime: Duration,
    leeway: Duration,
    /// A token that ends here or earlier may have been in the list.
    forgotten: UnixTime,
    table: Table<Entry, N>,
}

struct Entry {
    name: Name,
    /// When every token of this name has ended for every verifier.
    until: UnixTime,
}

/// Half of a hash: for a token's name the first, for a session's the second, so that one cannot
/// stand for the other.
type Name = [u8; 16];

fn token_name(jti: &str) -> Name {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = sha256(jti.as_bytes());
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

fn session_name(sid: &str) -> Name {
    let [.., a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = sha256(sid.as_bytes());
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

impl Keyed for Entry {
    fn key(&self) -> &[u8] {
        &self.name
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry(until {})", self.until.as_secs())
    }
}

impl<const N: usize> Denylist<N> {
    /// Nothing is revoked yet. `lifetime` is the longest for which an access token is issued, and
    /// `leeway` the largest that a verifier grants it; parts of a second are dropped. Where tokens
    /// without `exp` are believed, the lifetime is [`Duration::MAX`].
    #[must_use]
    pub const fn new(lifetime: Duration, leeway: Duration) -> Self {
        Self {
            lifetime,
            leeway,
            forgotten: UnixTime::MIN,
            table: Table::new(),
        }
    }

    /// The number of revocations, with those that are not needed any more and were not purged yet.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether nothing is in the list.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.table.len() == 0
    }

    /// Revokes the token named `jti` that ends at `exp`. *O*(1) if there is room.
    ///
    /// # Errors
    ///
    /// [`Error::Full`] if `N` others are needed; then nothing has changed.
    pub fn deny_token(&mut self, jti: &str, exp: UnixTime, now: UnixTime) -> Result<(), Error> {
        let until = exp.saturating_add(self.leeway);
        self.add(token_name(jti), until, now)
    }

    /// Revokes all tokens of the session or refresh family named `sid` that were issued up to `now`.
    /// There must be none after that: end the session or the family first. *O*(1) if there is room.
    ///
    /// `now` is a time of the clock that issues. Where that may be ahead of this one, or this one
    /// was set back, add as much: what was issued later than `now` ends later than is remembered.
    ///
    /// # Errors
    ///
    /// [`Error::Full`] if `N` others are needed; then nothing has changed.
    pub fn deny_session(&mut self, sid: &str, now: UnixTime) -> Result<(), Error> {
        self.add(session_name(sid), self.last_end(now), now)
    }

    /// Revokes all tokens that were issued up to `now`. This always succeeds, and empties the list,
    /// since nothing else needs to be remembered.
    ///
    /// A token that is issued later but ends earlier than those, with less than the whole lifetime,
    /// is refused too. For `now` goes what [`deny_session`](Self::deny_session) says.
    pub fn deny_all(&mut self, now: UnixTime) {
        let held = self.table.iter().map(|(_, entry)| entry.until);
        let last = held.fold(self.last_end(now), Ord::max);
        self.forgotten = self.forgotten.max(last);
        self.table.clear();
    }

    /// Whether a token was revoked, itself or with its session. *O*(1).
    #[must_use]
    pub fn denies<C>(&self, token: &Verified<'_, C>) -> bool {
        let exp = token.exp().unwrap_or(UnixTime::MAX);
        self.denies_claims(token.jti(), token.sid(), exp)
    }

    /// [`denies`](Self::denies), for claims that somebody else has verified. *O*(1).
    #[must_use]
    pub fn denies_claims(&self, jti: Option<&str>, sid: Option<&str>, exp: UnixTime) -> bool {
        exp.saturating_add(self.leeway) <= self.forgotten
            || jti.is_some_and(|jti| self.has(&token_name(jti)))
            || sid.is_some_and(|sid| self.has(&session_name(sid)))
    }

    /// Forgets what is not needed any more, and answers how many revocations that were. *O*(`N`).
    ///
    /// There is no need to call it: a revocation that finds no room does.
    pub fn purge(&mut self, now: UnixTime) -> usize {
        let before = self.len();
        for place in 0..N {
            if let Some(until) = self.table.at(place).map(|entry| entry.until)
                && until <= now
            {
                self.forgotten = self.forgotten.max(until);
                self.table.remove(place);
            }
        }
        before.saturating_sub(self.len())
    }

    /// When the last token that was issued up to `now` has ended for every verifier.
    const fn last_end(&self, now: UnixTime) -> UnixTime {
        now.saturating_add(self.lifetime)
            .saturating_add(self.leeway)
    }

    fn has(&self, name: &Name) -> bool {
        self.table.find(name).is_some()
    }

    fn add(&mut self, name: Name, until: UnixTime, now: UnixTime) -> Result<(), Error> {
        let place = self.table.find(&name);
        if let Some(entry) = place.and_then(|place| self.table.at_mut(place)) {
            entry.until = entry.until.max(until);
            return Ok(());
        }
        if self.table.is_full() {
            self.purge(now);
        }
        let added = self.table.insert(Entry { name, until });
        added.map(|_| ()).map_err(|_| Error::Full)
    }
}

/// Why a revocation was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no room for another revocation, and every one that is there is needed.
    Full,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "there is no room for another revocation",
        })
    }
}

impl core::error::Error for Error {}
