//! Access and refresh tokens as a pair: issued at a login, exchanged for the next pair, checked,
//! revoked (RFC 6749 §5 and §6, RFC 7009, RFC 9068, RFC 9700 §4.14).
//!
//! The access token is a JWT of some minutes that anybody with the key can check. The refresh token
//! is for the issuer alone; it continues the login, and each is good once. See
//! [`refresh`] for what happens to one that is stolen.
//!
//! - [`Issuer`] is the whole: keys, families, and a denylist.
//!   [`issue_with`](Issuer::issue_with) puts claims of your own into the access token.
//! - [`Mint`] is its part that remembers nothing. A resource server needs no more, and a program
//!   that has to await its database puts it around [`Family`].
//!
//! ```
//! use core::time::Duration;
//! use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
//! use hardtack::issuer::{Error, Issuer, Mint};
//! use hardtack::mac::{Hs256, Key, Keyring};
//! use hardtack::refresh::{self, Families, Rules};
//! use hardtack::scope::Scope;
//! use hardtack::time::UnixTime;
//! # let secret = [7; 32];
//! # let mut n = 0;
//! # let mut random = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), ()>(()) };
//!
//! let keys = Keyring::<Hs256>::new("2026-11", Key::new(&secret)?);
//! let mint = Mint::new(&keys, "https://login.example", "https://api.example", Duration::from_secs(300));
//! let denied = mint.denylist::<64>();
//! let mut issuer = Issuer::new(mint, Families::<u32, 1024>::new(Rules::AAL1), denied);
//! let now = UnixTime::from_secs(1_700_000_000);
//! let (mut buffer, mut scratch) = ([0; 1024], [0; 1024]);
//!
//! // User 42 has logged in. `random` stands for the machine's random source.
//! let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
//! let wanted = Scope::parse("orders:read orders:write")?;
//! let pair = issuer.issue(&ada, "web", wanted, &mut random, &mut buffer, now)?;
//!
//! // A request, with the access token in `Authorization: Bearer`.
//! let token = issuer.verify(pair.access_token(), &mut scratch, now)?;
//! assert_eq!(token.sub(), Some("42"));
//! assert!(token.scope().contains("orders:read"));
//!
//! // Five minutes later: the next pair.
//! let (stolen, mut buffer) = (pair.refresh_token(), [0; 1024]);
//! let next = issuer.exchange(stolen, "web", Scope::NONE, &mut random, &mut buffer, now)?;
//!
//! // Somebody comes with the same refresh token again. The login ends, for both of them.
//! let mut buffer = [0; 1024];
//! let theft = issuer.exchange(stolen, "web", Scope::NONE, &mut random, &mut buffer, now);
//! assert_eq!(theft.err(), Some(Error::Refresh(refresh::Error::Reused)));
//! let refused = issuer.verify(next.access_token(), &mut scratch, now);
//! assert_eq!(refused.err(), Some(Error::Revoked));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use crate::denylist::Denylist;
use crate::identity::Authenticated;
use crate::mac::Algorithm;
use crate::refresh::{self, Family, FamilyId, Store};
use crate::scope::Scope;
use crate::time::UnixTime;
use crate::token::{self, Claim, Verified};

mod error;
mod mint;
mod own;
mod pair;

pub use error::Error;
pub use mint::Mint;
pub use pair::Pair;

/// Issues pairs of tokens and remembers their logins: in `F`, which is
/// [`Families`](crate::refresh::Families) in memory or a caller's [`Store`].
///
/// `D` is the room of the denylist, which is for single access tokens: a login that ends needs no
/// entry, since [`verify`](Self::verify) looks at the family. `K` is the room of the key ring for
/// former keys.
///
/// Every function either does all that it says or changes nothing: what has to be written is written
/// last, when the texts are made. An answer that is lost afterwards is what the
/// [grace](crate::refresh::Rules::with_grace) is for. After an error the buffer holds no token.
///
/// The lock is the caller's. A server with many threads keeps a [`Mint`] beside it, checks the
/// signature outside of the lock, and then only asks for the login and the denylist:
///
/// ```
/// # use core::time::Duration;
/// # use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// # use hardtack::mac::{Hs256, Key, Keyring};
/// # use hardtack::refresh::Rules;
/// # use hardtack::scope::Scope;
/// use std::sync::Mutex;
///
/// use hardtack::issuer::{Error, Issuer, Mint};
/// use hardtack::refresh::{Families, FamilyId};
/// use hardtack::time::UnixTime;
/// use hardtack::token::Verified;
///
/// fn verify<'t>(
///     mint: &Mint<'_, Hs256>,
///     issuer: &Mutex<Issuer<'_, Hs256, Families<u32, 16>, 8>>,
///     token: &[u8],
///     scratch: &'t mut [u8],
///     now: UnixTime,
/// ) -> Result<Verified<'t>, Error> {
///     let token = mint.verify(token, scratch, now)?;
///     let login = token.sid().and_then(FamilyId::parse).ok_or(Error::Revoked)?;
///     let issuer = issuer.lock().map_err(|_| Error::Unavailable)?;
///     if issuer.families().check(login, now).is_err() || issuer.denied().denies(&token) {
///         return Err(Error::Revoked);
///     }
///     Ok(token)
/// }
/// # let keys = Keyring::<Hs256>::new("k", Key::new(&[7; 32])?);
/// # let mint = Mint::new(&keys, "https://login.example", "https://api.example", Duration::from_secs(300));
/// # let issuer = Mutex::new(Issuer::new(mint.clone(), Families::new(Rules::AAL1), mint.denylist()));
/// # let now = UnixTime::from_secs(1_700_000_000);
/// # let ada = || Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
/// # let mut n = 0;
/// # let mut fill = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), ()>(()) };
/// # let (mut first, mut second, mut scratch) = ([0; 1024], [0; 1024], [0; 1024]);
/// # let first = issuer.lock().unwrap().issue(&ada(), "web", Scope::NONE, &mut fill, &mut first, now)?;
/// # let second = issuer.lock().unwrap().issue(&ada(), "web", Scope::NONE, &mut fill, &mut second, now)?;
/// # let [first, second] = [first.access_token(), second.access_token()].map(str::as_bytes);
/// # let token = verify(&mint, &issuer, first, &mut scratch, now)?;
/// # issuer.lock().unwrap().revoke_token(&token, now)?;
/// # assert_eq!(verify(&mint, &issuer, first, &mut scratch, now).err(), Some(Error::Revoked));
/// # assert!(verify(&mint, &issuer, second, &mut scratch, now).is_ok());
/// # issuer.lock().unwrap().revoke_user(&42)?;
/// # assert_eq!(verify(&mint, &issuer, second, &mut scratch, now).err(), Some(Error::Revoked));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Issuer<'v, A: Algorithm, F, const D: usize = 0, const K: usize = 0> {
    mint: Mint<'v, A, K>,
    families: F,
    denied: Denylist<D>,
}

impl<'v, A: Algorithm, F, const D: usize, const K: usize> Issuer<'v, A, F, D, K> {
    /// An issuer of these parts.
    #[must_use]
    pub const fn new(mint: Mint<'v, A, K>, families: F, denied: Denylist<D>) -> Self {
        Self {
            mint,
            families,
            denied,
        }
    }

    /// The part that remembers nothing.
    #[must_use]
    pub const fn mint(&self) -> &Mint<'v, A, K> {
        &self.mint
    }

    /// The logins.
    #[must_use]
    pub const fn families(&self) -> &F {
        &self.families
    }

    /// The logins, to list, revoke or purge them.
    #[must_use]
    pub const fn families_mut(&mut self) -> &mut F {
        &mut self.families
    }

    /// The access tokens that were revoked.
    #[must_use]
    pub const fn denied(&self) -> &Denylist<D> {
        &self.denied
    }

    /// The access tokens that were revoked, to deny more of them or to purge them.
    #[must_use]
    pub const fn denied_mut(&mut self) -> &mut Denylist<D> {
        &mut self.denied
    }

    /// Issues the first pair of a login: `who` grants `scope` to the OAuth client `client`.
    ///
    /// For an application that is its own only client, `client` is a name of your choice.
    ///
    /// # Errors
    ///
    /// [`Error::NoRoom`] if `buffer` is too small for the access token and the scope;
    /// [`Error::Refresh`] if there is no room for the login, the user has too many, has
    /// authenticated too long ago, or the random source fails; [`Error::Subject`] if the user's
    /// name has no text or too long a one; [`Error::Claims`] if `client` is empty;
    /// [`Error::Unavailable`].
    pub fn issue<'b, U, E, const S: usize>(
        &mut self,
        who: &Authenticated<U>,
        client: &str,
        scope: Scope<'_>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<Pair<'b>, Error>
    where
        F: Store<U, S>,
        U: Clone + fmt::Display,
    {
        self.issue_with(who, client, scope, &(), fill, buffer, now)
    }

    /// Exchanges a refresh token for the next pair, if it is the current one of its login, of this
    /// client, and within the scope of its grant; [`Scope::NONE`] asks for all of that.
    ///
    /// Authenticate a client that has a secret before (RFC 6749 §6).
    ///
    /// # Errors
    ///
    /// [`Error::Refresh`], which [`Family::decide`] explains; after `Reused` and `Expired` the login
    /// has ended. After [`Error::NoRoom`] and [`Error::Subject`] the refresh token is as good as
    /// before; so it is after [`Error::Unavailable`], unless the store made the exchange before it
    /// failed: the token is then one that was exchanged, which is what the grace is for.
    pub fn exchange<'b, U, E, const S: usize>(
        &mut self,
        token: impl AsRef<[u8]>,
        client: &str,
        scope: Scope<'_>,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<Pair<'b>, Error>
    where
        F: Store<U, S>,
        U: fmt::Display,
    {
        self.exchange_with(token, client, scope, |_| (), fill, buffer, now)
    }

    /// Checks an access token: as [`Mint::verify`] does, and then that neither it nor its login was
    /// revoked.
    ///
    /// # Errors
    ///
    /// [`Error::Token`], [`Error::NoRoom`]; [`Error::Revoked`] if it is denied or its login has
    /// ended; [`Error::Unavailable`].
    pub fn verify<'t, U, const S: usize>(
        &mut self,
        token: impl AsRef<[u8]>,
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Verified<'t>, Error>
    where
        F: Store<U, S>,
    {
        let verified = self.mint.verify(token, scratch, now)?;
        self.believe(verified, now)
    }

    /// Revokes what a client hands in, as RFC 7009 has it: with a refresh token, superseded or not,
    /// the whole login; with an access token that token, also before its time has come. What is no
    /// token of this issuer is no longer one, and so a success.
    ///
    /// `scratch` is as for [`verify`](Self::verify).
    ///
    /// # Errors
    ///
    /// [`Error::Refresh`] with `Client` if the token was issued to another client;
    /// [`Error::Denylist`] if the denylist is full: [`revoke_login`](Self::revoke_login) needs no
    /// room; [`Error::NoRoom`], [`Error::Unavailable`].
    pub fn revoke<U, const S: usize>(
        &mut self,
        token: impl AsRef<[u8]>,
        client: &str,
        scratch: &mut [u8],
        now: UnixTime,
    ) -> Result<(), Error>
    where
        F: Store<U, S>,
    {
        let token = token.as_ref();
        if let Ok(ticket) = self.mint.seal().verify(token) {
            return match self.load(ticket.family())? {
                Some(family) if family.grant().client() != client => {
                    Err(refresh::Error::Client.into())
                }
                Some(_) => self.revoke_login(ticket.family()).map(|_| ()),
                None => Ok(()),
            };
        }
        let verified = match self.mint.verify(token, scratch, now) {
            // By a clock that is behind the issuer's, or was set back. It will be good all the same.
            Err(Error::Token(token::Error::NotYetValid)) => self.mint.recognise(token, scratch),
            verified => verified,
        };
        match verified {
            Ok(verified) if verified.client_id() != Some(client) => {
                Err(refresh::Error::Client.into())
            }
            Ok(verified) => self.revoke_token(&verified, now),
            Err(Error::NoRoom(no_room)) => Err(Error::NoRoom(no_room)),
            Err(_) => Ok(()),
        }
    }

    /// Revokes one access token until it ends.
    ///
    /// # Errors
    ///
    /// [`Error::Denylist`] if the denylist is full; [`Error::Token`] for a token without `jti`, which a
    /// verifier of your own may believe: there is nothing to remember it by.
    pub fn revoke_token<C>(&mut self, token: &Verified<'_, C>, now: UnixTime) -> Result<(), Error> {
        let jti = token.jti().ok_or(token::Error::Claim(Claim::Jti))?;
        let exp = token.exp().unwrap_or(UnixTime::MAX);
        Ok(self.denied.deny_token(jti, exp, now)?)
    }

    /// Ends a login with all its tokens, and answers whether there was one.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub fn revoke_login<U, const S: usize>(&mut self, family: FamilyId) -> Result<bool, Error>
    where
        F: Store<U, S>,
    {
        self.families.remove(family).map_err(|_| Error::Unavailable)
    }

    /// Ends all logins of a user with all their tokens, and answers how many: "log out everywhere".
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub fn revoke_user<U, const S: usize>(&mut self, user: &U) -> Result<usize, Error>
    where
        F: Store<U, S>,
    {
        let ended = self.families.remove_user(user);
        ended.map_err(|_| Error::Unavailable)
    }

    fn load<U, const S: usize>(&mut self, id: FamilyId) -> Result<Option<Family<U, S>>, Error>
    where
        F: Store<U, S>,
    {
        self.families.load(id).map_err(|_| Error::Unavailable)
    }
}
