use super::claims::{Claim, ClaimSet, Claims};
use crate::identity::Factors;
use crate::json::{self, Kind, Value};
use crate::scope::Scope;
use crate::time::UnixTime;

/// The most audiences of a token that is read.
pub const MAX_AUDIENCES: usize = 8;

/// The registered claims of a payload, as they were read.
#[derive(Debug)]
pub(super) struct Registered<'t> {
    pub(super) iss: Option<&'t str>,
    pub(super) aud: Audiences<'t>,
    pub(super) exp: Option<UnixTime>,
    pub(super) iat: Option<UnixTime>,
    pub(super) claims: Claims<'t>,
    /// Those that are there, and no empty text.
    pub(super) present: ClaimSet,
}

impl<'t> Registered<'t> {
    pub(super) const NONE: Self = Self {
        iss: None,
        aud: Audiences::NONE,
        exp: None,
        iat: None,
        claims: Claims::NONE,
        present: ClaimSet::EMPTY,
    };

    /// Takes the value of a claim that is registered, and leaves any other. A claim that is there
    /// has its type: `null` or a number in quotes is an error, never an absent claim.
    #[cfg_attr(not(small), inline)]
    pub(super) fn take(&mut self, name: &str, value: Value<'_, 't>) -> Result<(), json::Error> {
        match Claim::from_name(name) {
            Some(claim) => self.take_claim(claim, value),
            // [7519-4-2]
            None => Ok(()),
        }
    }

    #[cfg_attr(not(small), inline(always))]
    fn take_claim(&mut self, claim: Claim, value: Value<'_, 't>) -> Result<(), json::Error> {
        let claims = &mut self.claims;
        let place = match claim {
            Claim::Iss => &mut self.iss,
            Claim::Sub => &mut claims.sub,
            Claim::Jti => &mut claims.jti,
            Claim::ClientId => &mut claims.client_id,
            Claim::Acr => &mut claims.acr,
            Claim::Sid => &mut claims.sid,
            _ => return self.take_other_than_text(claim, value),
        };
        // [7519-4.1.1-1] [7519-4.1.7-2]
        let text = value.string()?;
        *place = Some(text);
        if !text.is_empty() {
            self.present = self.present.with(claim);
        }
        Ok(())
    }

    #[cfg_attr(not(small), inline(always))]
    fn take_other_than_text(
        &mut self,
        claim: Claim,
        value: Value<'_, 't>,
    ) -> Result<(), json::Error> {
        self.present = self.present.with(claim);
        let claims = &mut self.claims;
        let place = match claim {
            Claim::Exp => &mut self.exp,
            Claim::Nbf => &mut claims.nbf,
            Claim::Iat => &mut self.iat,
            Claim::AuthTime => &mut claims.auth_time,
            Claim::Scope => {
                let scope = Scope::parse(value.string()?).map_err(|_| json::Error::Type)?;
                claims.scope = Some(scope);
                return Ok(());
            }
            Claim::Amr => {
                claims.amr = Some(factors(value)?);
                return Ok(());
            }
            _ => return self.aud.read(value),
        };
        // [7519-4.1.4-2] [7519-4.1.5-2] [7519-4.1.6-1]
        *place = Some(UnixTime::from_secs(value.signed()?));
        Ok(())
    }
}

/// An array of names, of which those count that RFC 8176 has.
fn factors(value: Value<'_, '_>) -> Result<Factors, json::Error> {
    let mut factors = Factors::NONE;
    value.strings(|name| {
        factors = factors.union(Factors::from_name(name).unwrap_or_default());
        Ok(())
    })?;
    Ok(factors)
}

/// The value of `aud`: one text, or an array of them.
#[derive(Clone, Copy)]
pub(super) struct Audiences<'t> {
    names: [&'t str; MAX_AUDIENCES],
    len: usize,
}

impl<'t> Audiences<'t> {
    const NONE: Self = Self {
        names: [""; MAX_AUDIENCES],
        len: 0,
    };

    fn read(&mut self, mut value: Value<'_, 't>) -> Result<(), json::Error> {
        // [7519-4.1.3-2]
        if value.kind()? != Kind::Array {
            return self.push(value.string()?);
        }
        value.strings(|name| self.push(name))?;
        // RFC 7519 §4.1.3 has no use for an array of none: it would be a token for nobody.
        if self.len == 0 {
            return Err(json::Error::Type);
        }
        Ok(())
    }

    fn push(&mut self, name: &'t str) -> Result<(), json::Error> {
        *self.names.get_mut(self.len).ok_or(json::Error::Type)? = name;
        self.len = self.len.saturating_add(1);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'t str> {
        self.names.iter().copied().take(self.len)
    }
}

impl core::fmt::Debug for Audiences<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
