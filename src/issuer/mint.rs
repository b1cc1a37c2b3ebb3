use core::fmt::{self, Write};
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Error, Pair};
use crate::base64url;
use crate::denylist::Denylist;
use crate::identity::Authenticated;
use crate::mac::{Algorithm, Keyring};
use crate::refresh::{self, Family, Rules, Seal, Ticket};
use crate::scope::Scope;
use crate::time::UnixTime;
use crate::token::{self, Claims, Signer, Verified, Verifier};
use crate::write::NoRoom;

/// Makes pairs of tokens, and checks access tokens; remembers nothing.
///
/// The keys for access and for refresh tokens are derived from those of the ring, so neither is
/// ever taken for the other. Access tokens are those of RFC 9068: `typ` is `at+jwt`, with `iss`,
/// `sub`, `aud`, `exp`, `iat`, `jti`, `client_id`, `scope`, `auth_time`, `acr`, `amr`, and the name
/// of the login as `sid`.
///
/// A resource server that shares the secret builds the same mint and calls
/// [`verify`](Self::verify), or gives [`keys`](Self::keys) to a
/// [`Verifier`](crate::token::Verifier) of its own. What it does not see is that a login has
/// ended; a [`Denylist`] that is told can.
///
/// A program that has to await its database makes the steps of the [`Issuer`](super::Issuer)
/// itself:
///
/// ```
/// # use core::time::Duration;
/// # use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
/// # use hardtack::issuer::{Error, Mint};
/// # use hardtack::mac::{Hs256, Key, Keyring};
/// # use hardtack::refresh::{self, Decision, Family, FamilyId, Grant, Rules, State};
/// # use hardtack::scope::Scope;
/// # use hardtack::time::UnixTime;
/// # struct Database(Family<u32>);
/// # impl Database {
/// #     fn load(&self, _: FamilyId) -> Option<Family<u32>> { Some(self.0.clone()) }
/// #     fn replace(&self, _: FamilyId, _: u64, _: State) -> bool { true }
/// #     fn remove(&self, _: FamilyId) {}
/// # }
/// # fn exchange(mint: Mint<'_, Hs256>, database: Database, token: &str, now: UnixTime) -> Result<(), Error> {
/// # let fill = |bytes: &mut [u8]| { bytes.fill(7); Ok::<(), ()>(()) };
/// # let mut buffer = [0; 1024];
/// # let (client, scope, rules) = ("web", Scope::NONE, Rules::AAL1);
/// let ticket = mint.seal().verify(token)?;
/// let family = database.load(ticket.family()).ok_or(refresh::Error::Gone)?; // .await
/// let counter = family.state().counter();
/// let pair = match family.decide(ticket, client, scope, &rules, now) {
///     Decision::Rotate(state) => {
///         let family = family.with(state);
///         let pair = mint.pair(&family, scope, &rules, fill, &mut buffer, now)?;
///         if !database.replace(family.id(), counter, state) { // .await
///             // Somebody was faster: drop the pair, and start over with `load`.
/// #           return Ok(());
///         }
///         pair
///     }
///     Decision::Repeat => mint.pair(&family, scope, &rules, fill, &mut buffer, now)?,
///     Decision::Refuse(error) => return Err(error.into()),
///     Decision::End(error) => {
///         database.remove(family.id()); // .await
///         return Err(error.into());
///     }
/// };
/// # let _ = pair; Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Mint<'v, A: Algorithm, const K: usize = 0> {
    signer: Signer<'v>,
    verifier: Verifier<'v>,
    lifetime: Duration,
    leeway: Duration,
    keys: Keyring<'v, A, K>,
    seal: Seal<'v, A, K>,
}

impl<'v, A: Algorithm, const K: usize> Mint<'v, A, K> {
    /// For access tokens of `issuer` for `audience`, both of them usually URLs, that live for
    /// `lifetime`, in whole seconds: minutes, since that is how long a stolen one is good.
    #[must_use]
    pub fn new(
        ring: &Keyring<'v, A, K>,
        issuer: &'v str,
        audience: &'v str,
        lifetime: Duration,
    ) -> Self {
        Self {
            signer: Signer::access_token(issuer, audience, lifetime),
            verifier: Verifier::access_token(issuer, audience),
            lifetime,
            leeway: Duration::ZERO,
            keys: ring.derive("hardtack access token"),
            seal: Seal::new(ring),
        }
    }

    /// Access tokens are believed for `leeway` more on both sides, for clocks that differ: seconds.
    #[must_use]
    pub fn with_leeway(self, leeway: Duration) -> Self {
        Self {
            verifier: self.verifier.leeway(leeway),
            leeway,
            ..self
        }
    }

    /// A denylist for the access tokens of this mint.
    #[must_use]
    pub const fn denylist<const D: usize>(&self) -> Denylist<D> {
        Denylist::new(self.lifetime, self.leeway)
    }

    /// What access tokens are signed with: the keys of the ring, derived for
    /// `hardtack access token`.
    #[must_use]
    pub const fn keys(&self) -> &Keyring<'v, A, K> {
        &self.keys
    }

    /// What makes refresh tokens and recognises them.
    #[must_use]
    pub const fn seal(&self) -> &Seal<'v, A, K> {
        &self.seal
    }

    /// Checks an access token of this mint: signature, type, issuer, audience, times. Nothing is
    /// looked up.
    ///
    /// `scratch` holds the claims while they are in use; the length of the token is enough.
    ///
    /// # Errors
    ///
    /// [`Error::Token`] says what is wrong with it; [`Error::NoRoom`] is about `scratch`: a stranger can
    /// provoke it with a long token, so answer it like any other.
    pub fn verify<'t>(
        &self,
        token: impl AsRef<[u8]>,
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Verified<'t>, Error> {
        let verified = self
            .verifier
            .verify(&self.keys, token.as_ref(), scratch, now)?;
        Ok(verified)
    }

    /// [`verify`](Self::verify), whatever the time.
    pub(super) fn recognise<'t>(
        &self,
        token: &[u8],
        scratch: &'t mut [u8],
    ) -> Result<Verified<'t>, Error> {
        let verifier = self.verifier.leeway(Duration::MAX);
        Ok(verifier.verify(&self.keys, token, scratch, UnixTime::EPOCH)?)
    }

    /// [`verify`](Self::verify), and reads claims of the caller's own, as
    /// [`Verifier::verify_with`] does.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify); [`Error::Token`] with `Payload` also where the payload is no
    /// `C`.
    pub fn verify_with<'t, C: Deserialize<'t>>(
        &self,
        token: impl AsRef<[u8]>,
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Verified<'t, C>, Error> {
        let verified = self
            .verifier
            .verify_with(&self.keys, token.as_ref(), scratch, now)?;
        Ok(verified)
    }

    /// Writes the pair of a family as it is now: an access token for `scope`, which stands for the
    /// whole grant if it is [`Scope::NONE`], and the family's current refresh token.
    ///
    /// To be handed out only when the family is stored as it is here.
    ///
    /// # Errors
    ///
    /// [`Error::Refresh`] if the family has expired, `scope` is not within its grant, or `fill`
    /// fails; [`Error::NoRoom`], [`Error::Subject`], [`Error::Claims`] as
    /// [`Issuer::issue`](super::Issuer::issue).
    pub fn pair<'b, U: fmt::Display, E, const S: usize>(
        &self,
        family: &Family<U, S>,
        scope: Scope<'_>,
        rules: &Rules,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<Pair<'b>, Error> {
        self.pair_with(family, scope, &(), rules, fill, buffer, now)
    }

    /// [`pair`](Self::pair), with claims of the caller's own in the access token.
    ///
    /// # Errors
    ///
    /// Those of [`pair`](Self::pair), and [`Error::Claims`] as
    /// [`Issuer::issue_with`](super::Issuer::issue_with).
    #[expect(clippy::too_many_arguments)] // those of `pair`, and the claims
    pub fn pair_with<'b, U: fmt::Display, C: Serialize, E, const S: usize>(
        &self,
        family: &Family<U, S>,
        scope: Scope<'_>,
        own: &C,
        rules: &Rules,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<Pair<'b>, Error> {
        let nonce = Nonce::generate(fill)?;
        let written = self.write(family, scope, own, rules, &nonce, buffer, now)?;
        Ok(self.finish(written, family.ticket(), buffer))
    }

    /// The first half of [`pair`](Self::pair): fills the buffer with the access token and its scope.
    #[expect(clippy::too_many_arguments)]
    pub(super) fn write<U: fmt::Display, C: Serialize, const S: usize>(
        &self,
        family: &Family<U, S>,
        scope: Scope<'_>,
        own: &C,
        rules: &Rules,
        nonce: &Nonce,
        buffer: &mut [u8],
        now: UnixTime,
    ) -> Result<Written, Error> {
        family.check(rules, now)?;
        let grant = family.grant();
        if !scope.is_subset_of(grant.scope()) {
            return Err(refresh::Error::Scope.into());
        }
        let scope = if scope.is_none() {
            grant.scope()
        } else {
            scope
        };
        let expires_in = family
            .state()
            .ends(rules)
            .saturating_since(now)
            .min(Duration::from_secs(self.lifetime.as_secs()));
        let signer = self.signer.lifetime(expires_in);

        let subject = Subject::of(grant.user())?;
        let (mut sid, mut jti) = ([0; 22], [0; 22]);
        // A clock that has stepped back since the login must not make a login of the future.
        let who = Authenticated::vouch((), grant.evidence(), grant.authenticated_at().min(now));
        let claims = Claims::of(subject.as_str())
            // [7519-4.1.7-1]
            .jti(nonce.write(&mut jti)?)
            .client_id(grant.client())
            .scope(scope)
            .sid(family.id().write(&mut sid)?)
            .authenticated(&who);

        let scope = scope.as_str().as_bytes();
        // The scope's room is set aside first, so that either both fit or nothing is written.
        let room = buffer.len().saturating_sub(scope.len());
        let (room, _) = buffer.split_at_mut_checked(room).unwrap_or_default();
        let access_len = match signer.sign_with(&self.keys, &claims, own, room, now) {
            Ok(access) => access.len(),
            Err(token::Error::NoRoom(NoRoom { needed, .. })) => {
                let needed = needed.saturating_add(scope.len());
                return Err(Error::NoRoom(NoRoom { needed }));
            }
            Err(error) => return Err(Error::Claims(error)),
        };
        if let Some(room) = behind_mut(buffer, access_len, scope.len()) {
            room.copy_from_slice(scope);
        }
        Ok(Written {
            access_len,
            scope_len: scope.len(),
            expires_in,
        })
    }

    /// The second half of [`pair`](Self::pair), for a family whose current token says `ticket`.
    pub(super) fn finish<'b>(
        &self,
        written: Written,
        ticket: Ticket,
        buffer: &'b mut [u8],
    ) -> Pair<'b> {
        let (access, rest) = buffer
            .split_at_checked(written.access_len)
            .unwrap_or_default();
        let scope = rest.get(..written.scope_len).unwrap_or_default();
        Pair {
            access: core::str::from_utf8(access).unwrap_or_default(),
            refresh: self.seal.sign(ticket),
            family: ticket.family(),
            expires_in: written.expires_in,
            scope: core::str::from_utf8(scope)
                .ok()
                .and_then(|scope| Scope::parse(scope).ok())
                .unwrap_or(Scope::NONE),
        }
    }
}

fn behind_mut(buffer: &mut [u8], from: usize, len: usize) -> Option<&mut [u8]> {
    buffer.get_mut(from..)?.get_mut(..len)
}

/// What is in the buffer.
pub(super) struct Written {
    access_len: usize,
    scope_len: usize,
    expires_in: Duration,
}

/// The 128 random bits that make a token unique.
pub(super) struct Nonce([u8; 16]);

impl Nonce {
    pub(super) const LEN: usize = 16;

    pub(super) fn generate<E>(
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, refresh::Error> {
        let mut bytes = [0; Self::LEN];
        fill(&mut bytes).map_err(|_| refresh::Error::NoEntropy)?;
        Self::new(bytes)
    }

    /// Refuses what a source leaves behind that reports success and has written nothing.
    pub(super) fn new(bytes: [u8; Self::LEN]) -> Result<Self, refresh::Error> {
        if bytes == [0; Self::LEN] {
            return Err(refresh::Error::NoEntropy);
        }
        Ok(Self(bytes))
    }

    fn write<'b>(&self, buffer: &'b mut [u8; 22]) -> Result<&'b str, NoRoom> {
        base64url::encode(&self.0, buffer).ok_or(NoRoom { needed: 22 })
    }
}

/// The `sub` of a token: at most 255 bytes (OpenID Connect Core §2).
struct Subject {
    text: [u8; 255],
    len: usize,
}

impl Subject {
    fn of(user: &impl fmt::Display) -> Result<Self, Error> {
        let mut subject = Self {
            text: [0; 255],
            len: 0,
        };
        write!(subject, "{user}").map_err(|_| Error::Subject)?;
        if subject.len == 0 {
            return Err(Error::Subject);
        }
        Ok(subject)
    }

    fn as_str(&self) -> &str {
        let text = self.text.get(..self.len).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl Write for Subject {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = behind_mut(&mut self.text, self.len, text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = self.len.saturating_add(text.len());
        Ok(())
    }
}
