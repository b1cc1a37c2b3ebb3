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
    pub(super) fn take(&mut self, name: &str, value: Value<'_, 't>) -> Result<(), json::Error> {
        let Some(claim) = Claim::from_name(name) else {
            return Ok(());
        };
        let mut present = true;
        let mut text = |value: Value<'_, 't>| -> Result<Option<&'t str>, json::Error> {
            let text = value.string()?;
            present = !text.is_empty();
            Ok(Some(text))
        };
        let time = |value: Value<'_, 't>| -> Result<Option<UnixTime>, json::Error> {
            Ok(Some(UnixTime::from_secs(value.signed()?)))
        };
        let claims = &mut self.claims;
        match claim {
            Claim::Iss => self.iss = text(value)?,
            Claim::Sub => claims.sub = text(value)?,
            Claim::Aud => self.aud.read(value)?,
            Claim::Exp => self.exp = time(value)?,
            Claim::Nbf => claims.nbf = time(value)?,
            Claim::Iat => self.iat = time(value)?,
            Claim::Jti => claims.jti = text(value)?,
            Claim::ClientId => claims.client_id = text(value)?,
            Claim::Scope => {
                let scope = Scope::parse(value.string()?).map_err(|_| json::Error::Type)?;
                claims.scope = Some(scope);
            }
            Claim::AuthTime => claims.auth_time = time(value)?,
            Claim::Acr => claims.acr = text(value)?,
            Claim::Amr => claims.amr = Some(factors(value)?),
            Claim::Sid => claims.sid = text(value)?,
        }
        if present {
            self.present = self.present.with(claim);
        }
        Ok(())
    }
}

/// An array of names, of which those count that RFC 8176 has.
fn factors(value: Value<'_, '_>) -> Result<Factors, json::Error> {
    let mut factors = Factors::NONE;
    value.strings(|name| -> Result<(), json::Error> {
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
