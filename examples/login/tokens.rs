//! The token endpoints and the API behind them.

use std::fmt;
use std::time::Duration;

use hardtack::identity::{Authenticated, Client};
use hardtack::issuer::{Issuer, Mint, Pair};
use hardtack::json;
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::policy::{Authenticator, Bearer, Refusal, authorize};
use hardtack::refresh::{Families, FamilyId, Rules};
use hardtack::scope::Scope;
use hardtack::time::UnixTime;
use serde_json::json;
use tiny_http::Request;

use super::policies::{self, Holder, PlaceOrder, ReadOrders, User};
use super::{LIFE, Lines, Reply, json_reply, ok, parameter, unavailable};

/// The one OAuth client: the page.
const CLIENT: &str = "page";

type Logins = Families<User, 64>;

pub struct Tokens(Issuer<'static, Hs256, Logins, 64>);

/// What becomes `sub`.
impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Tokens {
    pub fn new() -> Self {
        // A real server reads its key from a vault, so that tokens outlive a restart.
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("the system has randomness");
        let key = Key::<Hs256>::new(&secret).expect("long enough");
        let keys = Keyring::new("1", key);
        let five_minutes = Duration::from_secs(300);
        let mint = Mint::new(
            &keys,
            "https://login.example",
            "https://api.example",
            five_minutes,
        );
        let denied = mint.denylist();
        let rules = Rules::new(LIFE.idle, LIFE.absolute);
        Self(Issuer::new(mint, Families::new(rules), denied))
    }

    /// The first pair of a login, and the login's name.
    pub fn issue(
        &mut self,
        user: &Authenticated<User>,
        now: UnixTime,
    ) -> Result<(Reply, FamilyId), Refusal> {
        let scope = if user.principal().admin {
            policies::READ_AND_WRITE
        } else {
            policies::READ
        };
        let mut buffer = [0; 1024];
        let pair = self
            .0
            .issue(user, CLIENT, scope, getrandom::fill, &mut buffer, now);
        let pair = pair.map_err(unavailable)?;
        Ok((pair_reply(&pair)?, pair.family()))
    }

    /// The next pair, or an error of RFC 6749 §5.2.
    pub fn refresh(&mut self, form: &str, now: UnixTime) -> Result<Reply, Refusal> {
        let error = |code: &str| Ok(json_reply(400, &json!({ "error": code })));
        if parameter(form, "grant_type") != Some("refresh_token") {
            return error("unsupported_grant_type");
        }
        let Some(token) = parameter(form, "refresh_token") else {
            return error("invalid_request");
        };
        let mut buffer = [0; 1024];
        match self.0.exchange(
            token,
            CLIENT,
            Scope::NONE,
            getrandom::fill,
            &mut buffer,
            now,
        ) {
            Ok(pair) => pair_reply(&pair),
            Err(refused) => error(refused.code().ok_or(Refusal::Unavailable)?),
        }
    }

    pub fn read_orders(&mut self, request: &Request, now: UnixTime) -> Result<Reply, Refusal> {
        let mut scratch = [0; 1024];
        let client = self.client(request, &mut scratch, now)?;
        let permit = authorize(&policies::READ_ORDERS, ReadOrders, &client, now)?;
        let holder = permit.who().authenticated()?.principal();
        Ok(ok(&json!({
            "orders": [{ "id": 1, "item": "hardtack", "crates": 12 }],
            "for": holder.name,
            "scope": holder.scope.as_str(),
        })))
    }

    pub fn place_order(&mut self, request: &Request, now: UnixTime) -> Result<Reply, Refusal> {
        let mut scratch = [0; 1024];
        let client = self.client(request, &mut scratch, now)?;
        let permit = authorize(&policies::PLACE_ORDER, PlaceOrder, &client, now)?;
        let holder = permit.who().authenticated()?.principal();
        Ok(ok(&json!({ "placed": true, "for": holder.name })))
    }

    /// Ends logins with all their tokens.
    pub fn revoke(&mut self, logins: &[FamilyId]) {
        for login in logins {
            let _ = self.0.revoke_login(*login);
        }
    }

    /// Ends every login of a user.
    pub fn revoke_user(&mut self, user: &User) {
        let _ = self.0.revoke_user(user);
    }

    /// Who sends this access token; nobody, if there is none.
    fn client<'t>(
        &mut self,
        request: &Request,
        scratch: &'t mut [u8],
        now: UnixTime,
    ) -> Result<Client<Holder<'t>>, Refusal> {
        let bearer = Bearer::new(|token, now| {
            let token = self.0.verify(token, scratch, now)?;
            Ok(token.authenticate(|name, token| {
                Some(Holder {
                    name,
                    scope: token.scope(),
                })
            })?)
        });
        bearer.authenticate(&Lines(request), now)
    }
}

fn pair_reply(pair: &Pair<'_>) -> Result<Reply, Refusal> {
    let mut body = [0; 1536];
    let body = json::write(pair, &mut body).map_err(unavailable)?;
    Ok(Reply {
        body: body.to_owned(),
        ..ok(&json!({}))
    })
}
