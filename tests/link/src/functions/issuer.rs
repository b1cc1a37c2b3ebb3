//! `issuer`.

use core::fmt::{self, Debug, Display, Formatter};
use core::time::Duration;

use hardtack::denylist::{self, Denylist};
use hardtack::identity::Authenticated;
use hardtack::issuer::*;
use hardtack::json;
use hardtack::mac::{Hs256, Keyring};
use hardtack::refresh::{self, Families, Family, FamilyId, Rules, Ticket};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use hardtack::token;
use hardtack::write::NoRoom;

use super::Fill;
use super::token::Own;

/// A program's own user. The integers of `core` are shown with a check of bounds; a text is not.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct User(&'static str);

impl Display for User {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

type Memory = Families<User, 16>;
type Lent<'v> = Issuer<'v, Hs256, &'static mut Memory, 16, 1>;
type Whole<'v> = Issuer<'v, Hs256, Memory, 16, 1>;

crate::linked! {
    "issuer::Error::Display::fmt": <Error as Display>::fmt;
    "issuer::Error::From::from": <Error as From<refresh::Error>>::from;
    "issuer::Error::From::from, token": <Error as From<token::Error>>::from;
    "issuer::Error::From::from, no room": <Error as From<NoRoom>>::from;
    "issuer::Error::From::from, denylist": <Error as From<denylist::Error>>::from;
    "issuer::Error::code": Error::code;
    "issuer::Error::status": Error::status;
    "issuer::Issuer::denied": |it: &Whole| it.denied().len();
    "issuer::Issuer::denied_mut": |it: &mut Whole| it.denied_mut().len();
    "issuer::Issuer::exchange": |it: &mut Whole, token: &[u8], client: &str, scope: Scope, fill: Fill, buffer: &mut [u8], now: UnixTime| it.exchange::<User, u8, 128>(token, client, scope, fill, buffer, now).is_ok();
    "issuer::Issuer::exchange, of families that are lent": |it: &mut Lent, token: &[u8], client: &str, scope: Scope, fill: Fill, buffer: &mut [u8], now: UnixTime| it.exchange::<User, u8, 128>(token, client, scope, fill, buffer, now).is_ok();
    "issuer::Issuer::exchange_with": |it: &mut Whole, token: &[u8], client: &str, scope: Scope, own: fn(&User) -> Own<'static>, fill: Fill, buffer: &mut [u8], now: UnixTime| it.exchange_with::<User, Own, u8, 128>(token, client, scope, own, fill, buffer, now).is_ok();
    "issuer::Issuer::families": |it: &Whole| it.families().len();
    "issuer::Issuer::families_mut": |it: &mut Whole| it.families_mut().len();
    "issuer::Issuer::issue": |it: &mut Whole, who: &Authenticated<User>, client: &str, scope: Scope, fill: Fill, buffer: &mut [u8], now: UnixTime| it.issue::<User, u8, 128>(who, client, scope, fill, buffer, now).is_ok();
    "issuer::Issuer::issue_with": |it: &mut Whole, who: &Authenticated<User>, client: &str, scope: Scope, own: &Own, fill: Fill, buffer: &mut [u8], now: UnixTime| it.issue_with::<User, Own, u8, 128>(who, client, scope, own, fill, buffer, now).is_ok();
    "issuer::Issuer::mint": |it: &Whole| it.mint().denylist::<4>();
    "issuer::Issuer::new": |mint: Mint<Hs256, 1>, families: Memory, denied: Denylist<16>| Whole::new(mint, families, denied).mint().denylist::<4>();
    "issuer::Issuer::revoke": |it: &mut Whole, token: &[u8], client: &str, scratch: &mut [u8], now: UnixTime| it.revoke::<User, 128>(token, client, scratch, now).is_ok();
    "issuer::Issuer::revoke_login": |it: &mut Whole, family: FamilyId| it.revoke_login::<User, 128>(family).is_ok();
    "issuer::Issuer::revoke_token": Whole::revoke_token::<()>;
    "issuer::Issuer::revoke_user": |it: &mut Whole, user: &User| it.revoke_user::<User, 128>(user).is_ok();
    "issuer::Issuer::verify": |it: &mut Whole, token: &[u8], scratch: &mut [u8], now: UnixTime| it.verify::<User, 128>(token, scratch, now).is_ok();
    "issuer::Issuer::verify_with": |it: &mut Whole, token: &[u8], scratch: &mut [u8], now: UnixTime| it.verify_with::<Own, User, 128>(token, scratch, now).is_ok();
    "issuer::Mint::denylist": Mint::<Hs256, 1>::denylist::<16>;
    "issuer::Mint::keys": |it: &Mint<Hs256, 1>| it.keys().current().0.len();
    "issuer::Mint::new": |ring: &Keyring<'static, Hs256, 1>, issuer: &'static str, audience: &'static str, lifetime: Duration| Mint::new(ring, issuer, audience, lifetime).denylist::<4>();
    "issuer::Mint::pair": |it: &Mint<Hs256, 1>, family: &Family<User>, scope: Scope, rules: &Rules, fill: Fill, buffer: &mut [u8], now: UnixTime| it.pair(family, scope, rules, fill, buffer, now).is_ok();
    "issuer::Mint::pair_with": |it: &Mint<Hs256, 1>, family: &Family<User>, scope: Scope, own: &Own, rules: &Rules, fill: Fill, buffer: &mut [u8], now: UnixTime| it.pair_with(family, scope, own, rules, fill, buffer, now).is_ok();
    "issuer::Mint::seal": |it: &Mint<Hs256, 1>, ticket: Ticket| it.seal().sign(ticket);
    "issuer::Mint::verify": |it: &Mint<Hs256, 1>, token: &[u8], scratch: &mut [u8], now: UnixTime| it.verify(token, scratch, now).is_ok();
    "issuer::Mint::verify_with": |it: &Mint<Hs256, 1>, token: &[u8], scratch: &mut [u8], now: UnixTime| it.verify_with::<Own>(token, scratch, now).is_ok();
    "issuer::Mint::with_leeway": Mint::<Hs256, 1>::with_leeway;
    "issuer::Pair::Debug::fmt": <Pair as Debug>::fmt;
    "issuer::Pair::Serialize::serialize": |value: &Pair, buffer: &mut [u8]| json::write(value, buffer).is_ok();
    "issuer::Pair::access_token": Pair::access_token;
    "issuer::Pair::expires_in": Pair::expires_in;
    "issuer::Pair::family": Pair::family;
    "issuer::Pair::into_refresh_token": Pair::into_refresh_token;
    "issuer::Pair::refresh_token": Pair::refresh_token;
    "issuer::Pair::scope": Pair::scope;
}
