//! The pair whose access token has claims of the caller's own.

use core::convert::Infallible;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::mint::Nonce;
use super::{Error, Issuer, Pair};
use crate::identity::Authenticated;
use crate::mac::Algorithm;
use crate::refresh::{self, Decision, Family, FamilyId, Grant, Store};
use crate::scope::Scope;
use crate::secret::wipe;
use crate::time::UnixTime;
use crate::token::Verified;

impl<A: Algorithm, F, const D: usize, const K: usize> Issuer<'_, A, F, D, K> {
    /// [`issue`](Self::issue), with claims of the caller's own in the access token: a struct or a
    /// map, as for [`Signer::sign_with`](crate::token::Signer::sign_with).
    ///
    /// ```
    /// use hardtack::token::Verified;
    /// use serde::{Deserialize, Serialize};
    /// # use core::time::Duration;
    /// # use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
    /// # use hardtack::issuer::{Issuer, Mint};
    /// # use hardtack::mac::{Hs256, Key, Keyring};
    /// # use hardtack::refresh::{Families, Rules};
    /// # use hardtack::scope::Scope;
    /// # use hardtack::time::UnixTime;
    /// # let mut n = 0;
    /// # let mut random = |bytes: &mut [u8]| { n += 1; bytes.fill(n); Ok::<(), ()>(()) };
    /// # let keys = Keyring::<Hs256>::new("k", Key::new(&[7; 32])?);
    /// # let mint = Mint::new(&keys, "https://login.example", "https://api.example", Duration::from_secs(300));
    /// # let denied = mint.denylist::<1>();
    /// # let mut issuer = Issuer::new(mint, Families::<u32, 16>::new(Rules::AAL1), denied);
    /// # let now = UnixTime::from_secs(1_700_000_000);
    /// # let (mut buffer, mut scratch) = ([0; 1024], [0; 1024]);
    /// # let (client, scope) = ("web", Scope::NONE);
    /// # let ada = Authenticated::vouch(42, Evidence::new(Assurance::Aal1, Factors::PWD), now);
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Tenant { tenant: u32 }
    /// let tenant_of = |user: &u32| Tenant { tenant: user / 10 }; // asks a database, in truth
    ///
    /// let own = tenant_of(ada.principal());
    /// let pair = issuer.issue_with(&ada, client, scope, &own, &mut random, &mut buffer, now)?;
    /// let token: Verified<'_, Tenant> = issuer.verify_with(pair.access_token(), &mut scratch, now)?;
    /// assert_eq!(token.own().tenant, 4);
    ///
    /// let (refresh, mut buffer) = (pair.into_refresh_token(), [0; 1024]);
    /// let (token, own) = (refresh.expose(), tenant_of);
    /// let next = issuer.exchange_with(token, client, scope, own, &mut random, &mut buffer, now)?;
    /// let token: Verified<'_, Tenant> = issuer.verify_with(next.access_token(), &mut scratch, now)?;
    /// assert_eq!(token.own().tenant, 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`issue`](Self::issue); [`Error::Claims`] with `Payload` for claims that are no struct
    /// or map, have no form in JSON, or have the name of a registered claim, such as `sub`.
    #[expect(clippy::too_many_arguments)] // those of `issue`, and the claims
    pub fn issue_with<'b, U, C, E, const S: usize>(
        &mut self,
        who: &Authenticated<U>,
        client: &str,
        scope: Scope<'_>,
        own: &C,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<Pair<'b>, Error>
    where
        F: Store<U, S>,
        U: Clone + fmt::Display,
        C: Serialize,
    {
        let rules = *self.families.rules();
        let grant = Grant::new(who, client, scope)?;
        // The random source is asked once, for the names of the login and of its first token.
        let mut random = [[0; Nonce::LEN]; 2];
        fill(random.as_flattened_mut()).map_err(|_| refresh::Error::NoEntropy)?;
        let [name, nonce] = random;
        let nonce = Nonce::new(nonce)?;
        let family = Family::new(grant, &rules, copying(&name), now)?;
        let ticket = family.ticket();
        let written = self
            .mint
            .write(&family, scope, own, &rules, &nonce, buffer, now)?;
        let inserted = match self.families.insert(family, now) {
            Ok(inserted) => inserted.map_err(Error::Refresh),
            Err(_) => Err(Error::Unavailable),
        };
        if let Err(error) = inserted {
            wipe(buffer);
            return Err(error);
        }
        Ok(self.mint.finish(written, ticket, buffer))
    }

    /// [`exchange`](Self::exchange), with claims of the caller's own in the access token: what `own`
    /// says of the user now, not at the login. It is asked before anything is written, and once more
    /// where somebody else was faster. The example is at [`issue_with`](Self::issue_with).
    ///
    /// # Errors
    ///
    /// Those of [`exchange`](Self::exchange), and [`Error::Claims`] as for
    /// [`issue_with`](Self::issue_with); the refresh token is then as good as before.
    #[expect(clippy::too_many_arguments)] // those of `exchange`, and the claims
    pub fn exchange_with<'b, U, C, E, const S: usize>(
        &mut self,
        token: impl AsRef<[u8]>,
        client: &str,
        scope: Scope<'_>,
        mut own: impl FnMut(&U) -> C,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
        buffer: &'b mut [u8],
        now: UnixTime,
    ) -> Result<Pair<'b>, Error>
    where
        F: Store<U, S>,
        U: fmt::Display,
        C: Serialize,
    {
        let ticket = self.mint.seal().verify(token)?;
        let rules = *self.families.rules();
        let mut fill = Some(fill);
        let mut nonce = None;
        // Whoever loses a race finds the family rotated and has nothing to replace any more, so
        // that twice is enough; a store that says otherwise is out of order.
        for _ in 0..2 {
            let family = self.load(ticket.family())?.ok_or(refresh::Error::Gone)?;
            let was = family.state().counter();
            let (family, rotated) = match family.decide(ticket, client, scope, &rules, now) {
                Decision::Rotate(state) => (family.with(state), true),
                Decision::Repeat => (family, false),
                Decision::Refuse(error) => return Err(error.into()),
                Decision::End(error) => {
                    let ended = self.families.remove(family.id());
                    ended.map_err(|_| Error::Unavailable)?;
                    return Err(error.into());
                }
            };
            if let Some(fill) = fill.take() {
                nonce = Some(Nonce::generate(fill)?);
            }
            let nonce = nonce.as_ref().ok_or(refresh::Error::NoEntropy)?;
            let own = own(family.grant().user());
            let written = self
                .mint
                .write(&family, scope, &own, &rules, nonce, buffer, now)?;
            let replaced = match rotated {
                true => self.families.replace(family.id(), was, family.state()),
                false => Ok(true),
            };
            if let Ok(true) = replaced {
                return Ok(self.mint.finish(written, family.ticket(), buffer));
            }
            wipe(buffer);
            // After an outage nobody knows what is stored. Not a second look, but only the client
            // that comes again may find out.
            replaced.map_err(|_| Error::Unavailable)?;
        }
        Err(Error::Unavailable)
    }

    /// [`verify`](Self::verify), and reads claims of the caller's own, as
    /// [`Verifier::verify_with`](crate::token::Verifier::verify_with) does. The example is at
    /// [`issue_with`](Self::issue_with).
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify); [`Error::Token`] with `Payload` also where the payload is no
    /// `C`.
    pub fn verify_with<'t, C, U, const S: usize>(
        &mut self,
        token: impl AsRef<[u8]>,
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Verified<'t, C>, Error>
    where
        F: Store<U, S>,
        C: Deserialize<'t>,
    {
        let verified = self.mint.verify_with(token, scratch, now)?;
        self.believe(verified, now)
    }

    /// The second half of `verify`: neither the token nor its login was revoked.
    pub(super) fn believe<'t, C, U, const S: usize>(
        &mut self,
        verified: Verified<'t, C>,
        now: UnixTime,
    ) -> Result<Verified<'t, C>, Error>
    where
        F: Store<U, S>,
    {
        if self.denied.denies(&verified) {
            return Err(Error::Revoked);
        }
        let login = verified.sid().and_then(FamilyId::parse);
        let family = self.load(login.ok_or(Error::Revoked)?)?;
        match family.map(|family| family.check(self.families.rules(), now)) {
            Some(Ok(())) => Ok(verified),
            _ => Err(Error::Revoked),
        }
    }
}

/// A source that gives these bytes.
fn copying(bytes: &[u8]) -> impl FnOnce(&mut [u8]) -> Result<(), Infallible> {
    move |room| {
        for (to, from) in room.iter_mut().zip(bytes) {
            *to = *from;
        }
        Ok(())
    }
}
