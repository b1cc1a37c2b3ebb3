//! The main job from end to end, for a browser and for `curl`: a login, a session, tokens, a policy.
//!
//! ```sh
//! cargo run --example login                  # http://127.0.0.1:8080
//! cargo run --example login 127.0.0.1:9000   # somewhere else
//! ```
//!
//! Users are `ada` / `lovelace`, an admin, and `bob` / `builder`, a member. What belongs to HTTP is
//! `tiny_http`'s, what belongs to passwords is `argon2`'s, time is the system's and randomness
//! `getrandom`'s; everything that decides who may do what is hardtack. Read [`App::route`] first.
//!
//! What a real server has besides: a limit of the guesses at passwords per user and per address, and
//! TLS, without which no other machine's browser takes its cookie (the `http` of `is_same_origin` is
//! `https` then).

#![allow(
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::io::Read;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use argon2::{Argon2, PasswordHash, PasswordVerifier};
use hardtack::identity::{Assurance, Authenticated, Client, Evidence, Factors};
use hardtack::policy::{Headers, Permit, Refusal, Scheme, authorize};
use hardtack::refresh::FamilyId;
use hardtack::session::{self, Cookie, Handle, Lifetime, Secret, Sessions};
use hardtack::time::UnixTime;
use serde_json::{Value, json};
use tiny_http::{Header, Method, Request, Response, Server};

#[path = "login/policies.rs"]
mod policies;
#[path = "login/tokens.rs"]
mod tokens;
#[path = "login/wire.rs"]
mod wire;

use policies::{Change, EndSession, OpenAdmin, User};

/// The users and the hashes of their passwords. A real server keeps them in a database.
const USERS: [(User, &str); 2] = [
    (
        User {
            name: "ada",
            admin: true,
        },
        "$argon2id$v=19$m=19456,t=2,p=1$YWRhJ3MgZ3JhaW4gb2Ygc2FsdA$ZNWbcl0XM2uw7HVejq3mfX6DOciJ1Uc/NbYkcg7+ZaU",
    ),
    (
        User {
            name: "bob",
            admin: false,
        },
        "$argon2id$v=19$m=19456,t=2,p=1$Ym9iJ3MgZ3JhaW4gb2Ygc2FsdA$zhl9HbRZPw9LpZ9vkSH2KwUL7wjf4tB9Q84KxfyrlaY",
    ),
];

/// Half an hour unused, twelve hours at most: of a session, and of a login that tokens come from.
pub const LIFE: Lifetime = Lifetime {
    idle: Duration::from_secs(30 * 60),
    absolute: Duration::from_secs(12 * 60 * 60),
};

/// That life; a new secret every quarter of an hour, and ten seconds
/// more for the old one.
const RULES: session::Rules = session::Rules::AAL1
    .with_user(LIFE)
    .with_rotation(Duration::from_secs(15 * 60), Duration::from_secs(10));

fn main() {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8080".into());
    let server = Server::http(&address).expect("the address is free");
    println!("http://{}", server.server_addr());
    serve(&server, || {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        UnixTime::EPOCH.saturating_add(since)
    });
}

/// Answers one request after the other, for ever.
pub fn serve(server: &Server, clock: impl Fn() -> UnixTime) {
    let mut app = App::new();
    for mut request in server.incoming_requests() {
        let mut form = String::new();
        let _ = request.as_reader().take(8192).read_to_string(&mut form);
        let now = clock();
        let reply = app.route(&request, &form, now);
        let reply = reply.unwrap_or_else(|refusal| refused(refusal, request.url()));
        app.wire
            .keep(&request, &form, reply.status, &reply.headers, &reply.body);
        let mut response = Response::from_string(reply.body).with_status_code(reply.status);
        for header in reply.headers {
            response.add_header(header);
        }
        // A client that has gone away needs no answer.
        let _ = request.respond(response);
    }
}

struct App {
    /// With each session the logins whose tokens were issued from it: they are revoked when it is
    /// ended. One that times out, or is the oldest of too many, leaves them to their own [`LIFE`].
    sessions: Sessions<User, Vec<FamilyId>, 64>,
    tokens: tokens::Tokens,
    wire: wire::Wire,
}

/// What a request is answered with, if it is not refused.
pub struct Reply {
    status: u16,
    headers: Vec<Header>,
    body: String,
}

/// The proof that somebody may change something. A function that takes one cannot be called
/// without a policy having said yes.
type Changing<'r> = Permit<'r, Change, Client<User>>;

/// Who asks, and the secret by which that is known.
struct Visitor {
    secret: Option<Secret>,
    client: Client<User>,
}

impl App {
    fn new() -> Self {
        Self {
            sessions: Sessions::new(RULES),
            tokens: tokens::Tokens::new(),
            wire: wire::Wire::default(),
        }
    }

    fn route(&mut self, request: &Request, form: &str, now: UnixTime) -> Result<Reply, Refusal> {
        let Ok(visitor) = self.visitor(request, now) else {
            return Ok(confused());
        };
        match (request.method(), request.url()) {
            (Method::Get, "/") => Ok(page()),
            (Method::Get, "/me") => self.me(&visitor, now),
            (Method::Get, "/admin") => self.admin(&visitor, now),
            (Method::Get, "/sessions") => self.list(&visitor, now),
            (Method::Post, "/login") => {
                self.login(visitor.ours(request, now)?, &visitor, form, now)
            }
            (Method::Post, "/logout") => {
                Ok(self.logout(visitor.ours(request, now)?, &visitor, now))
            }
            (Method::Post, "/logout/everywhere") => {
                self.logout_everywhere(&visitor.consent(request, now)?, now)
            }
            (Method::Post, "/sessions/end") => self.end(&visitor.consent(request, now)?, form, now),
            (Method::Post, "/token") => self.token(&visitor.consent(request, now)?, &visitor, now),
            (Method::Post, "/token/refresh") => self.tokens.refresh(form, now),
            (Method::Get, "/api/orders") => self.tokens.read_orders(request, now),
            (Method::Post, "/api/orders") => self.tokens.place_order(request, now),
            (Method::Get, url) => {
                let shown = url.strip_prefix("/wire/").and_then(|id| self.wire.show(id));
                shown.map(ok).ok_or(Refusal::Hidden)
            }
            _ => Err(Refusal::Hidden),
        }
    }

    /// Recognises the client by its session cookie. One that is there twice is nobody's word.
    fn visitor(&mut self, request: &Request, now: UnixTime) -> Result<Visitor, session::Error> {
        let secret = Cookie::HOST.read(Lines(request).lines("Cookie"))?;
        let session = secret
            .as_ref()
            .and_then(|secret| self.sessions.touch(secret, now).ok());
        let client = session.map_or(Client::Anonymous, |session| session.client());
        Ok(Visitor { secret, client })
    }

    fn me(&mut self, visitor: &Visitor, now: UnixTime) -> Result<Reply, Refusal> {
        let user = visitor.client.authenticated()?;
        let presented = visitor.secret.as_ref().ok_or(Refusal::LoginNeeded)?;
        // An old secret is replaced where the page gets its CSRF token, which is the secret's.
        let renewed = if self.sessions.check(presented, now)?.is_rotation_due() {
            Some(self.sessions.rotate(presented, getrandom::fill, now)?)
        } else {
            None
        };
        let secret = renewed.as_ref().unwrap_or(presented);
        let csrf = secret.csrf_token(getrandom::fill).map_err(unavailable)?;
        let mut reply = ok(&json!({
            "user": user.principal().name,
            "authenticated_at": user.authenticated_at(),
            "factors": user.evidence().factors().names().collect::<Vec<_>>(),
            "csrf": csrf.to_string(),
        }));
        if let Some(secret) = &renewed {
            reply.headers.push(cookie(secret)?);
        }
        Ok(reply)
    }

    fn admin(&self, visitor: &Visitor, now: UnixTime) -> Result<Reply, Refusal> {
        let user = visitor.client.authenticated()?;
        let permit = authorize(policies::ADMIN, OpenAdmin, user, now)?;
        Ok(ok(&json!({ "welcome": permit.principal().name })))
    }

    fn login(
        &mut self,
        _: Changing<'_>,
        visitor: &Visitor,
        form: &str,
        now: UnixTime,
    ) -> Result<Reply, Refusal> {
        let user = checked_password(form, now).ok_or(Refusal::InvalidCredentials)?;
        // A session keeps its data when its user comes back; somebody else's ends with its logins.
        let replaced = visitor
            .client
            .authenticated()
            .is_ok_and(|before| before.principal() != user.principal());
        let logins = match &visitor.secret {
            Some(secret) if replaced => self.sessions.check(secret, now)?.data().clone(),
            _ => Vec::new(),
        };
        let secret = self
            .sessions
            .login(visitor.secret.as_ref(), user, getrandom::fill, now)
            .map_err(unavailable)?;
        self.tokens.revoke(&logins);
        Ok(Reply {
            status: 303,
            headers: vec![field("Location", "/"), cookie(&secret)?],
            body: String::new(),
        })
    }

    fn logout(&mut self, _: Changing<'_>, visitor: &Visitor, now: UnixTime) -> Reply {
        if let Some(secret) = &visitor.secret
            && let Ok(session) = self.sessions.check(secret, now)
        {
            self.tokens.revoke(session.data());
            // A session that has ended meanwhile is what was asked for.
            let _ = self.sessions.end(secret, now);
        }
        logged_out()
    }

    fn logout_everywhere(
        &mut self,
        permit: &Changing<'_>,
        now: UnixTime,
    ) -> Result<Reply, Refusal> {
        let user = *permit.who().authenticated()?.principal();
        self.sessions.revoke_user(&user, now);
        self.tokens.revoke_user(&user);
        Ok(logged_out())
    }

    fn list(&mut self, visitor: &Visitor, now: UnixTime) -> Result<Reply, Refusal> {
        let user = visitor.client.authenticated()?;
        let current = visitor
            .secret
            .as_ref()
            .and_then(|secret| self.sessions.check(secret, now).ok())
            .map(|session| session.handle());
        let sessions: Vec<_> = self
            .sessions
            .list(user.principal(), now)
            .map(|session| {
                json!({
                    "id": session.handle().to_string(),
                    "since": session.begun_at(),
                    "current": Some(session.handle()) == current,
                })
            })
            .collect();
        Ok(ok(&json!({ "sessions": sessions })))
    }

    fn end(&mut self, permit: &Changing<'_>, form: &str, now: UnixTime) -> Result<Reply, Refusal> {
        let user = permit.who().authenticated()?;
        let handle =
            parameter(form, "session").and_then(|text| Handle::parse(text.as_bytes()).ok());
        let own = self
            .sessions
            .list(user.principal(), now)
            .find(|session| Some(session.handle()) == handle)
            .map(|session| (session.handle(), session.data().clone()));
        let permit = authorize(policies::END, EndSession { own }, user, now)?;
        if let Some((handle, logins)) = permit.into_action().own {
            self.tokens.revoke(&logins);
            let _ = self.sessions.revoke(&handle, now);
        }
        Ok(ok(&json!({ "ended": true })))
    }

    fn token(
        &mut self,
        permit: &Changing<'_>,
        visitor: &Visitor,
        now: UnixTime,
    ) -> Result<Reply, Refusal> {
        let user = permit.who().authenticated()?;
        let secret = visitor.secret.as_ref().ok_or(Refusal::LoginNeeded)?;
        let (reply, login) = self.tokens.issue(user, now)?;
        let remembered = self
            .sessions
            .update(secret, |logins| logins.push(login), now);
        remembered.map_err(unavailable)?;
        Ok(reply)
    }
}

impl Visitor {
    /// Leave to change something that needs no login: the request comes from a page of ours.
    fn ours(&self, request: &Request, now: UnixTime) -> Result<Changing<'_>, Refusal> {
        let change = Change {
            same_origin: is_same_origin(request),
            csrf: false,
        };
        authorize(policies::FROM_HERE, change, &self.client, now)
    }

    /// Leave to change something for whoever is logged in: the page shows that by the CSRF token.
    fn consent(&self, request: &Request, now: UnixTime) -> Result<Changing<'_>, Refusal> {
        let token = header(request, "X-CSRF-Token").unwrap_or_default();
        let csrf = self
            .secret
            .as_ref()
            .map(|secret| secret.verify_csrf(token.as_bytes()));
        let change = Change {
            same_origin: is_same_origin(request),
            csrf: csrf == Some(Ok(())),
        };
        authorize(policies::CONSENT, change, &self.client, now)
    }
}

/// The one place that looks at a password, and so the one that may vouch.
fn checked_password(form: &str, now: UnixTime) -> Option<Authenticated<User>> {
    let name = parameter(form, "user").unwrap_or_default();
    let password = parameter(form, "password").unwrap_or_default();
    let known = USERS.iter().find(|(user, _)| user.name == name);
    // For an unknown user the same work is done, so that the time does not tell.
    let hash = known.unwrap_or(&USERS[0]).1;
    let hash = PasswordHash::new(hash).expect("written above");
    let right = Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok();
    let (user, _) = known.filter(|_| right)?;
    let evidence = Evidence::new(Assurance::Aal1, Factors::PWD);
    Some(Authenticated::vouch(*user, evidence, now))
}

/// A refusal is the answer: its status and its challenge.
fn refused(refusal: Refusal, url: &str) -> Reply {
    let scheme = if url.starts_with("/api/") {
        Scheme::bearer("hardtack")
    } else {
        Scheme::cookie("hardtack", "__Host-session")
    };
    let mut reply = json_reply(refusal.status(), &json!({ "error": refusal.to_string() }));
    if let Some(challenge) = refusal.challenge(scheme.expect("ASCII can be quoted")) {
        reply
            .headers
            .push(field("WWW-Authenticate", &challenge.to_string()));
    }
    reply
}

/// Whatever this is an error of, it is not the client's doing.
fn unavailable<E>(_: E) -> Refusal {
    Refusal::Unavailable
}

/// Nobody can be told by such a cookie, and the browser would send it for ever.
fn confused() -> Reply {
    let mut reply = refused(Refusal::InvalidCredentials, "");
    reply.headers.push(no_cookie());
    reply
}

fn page() -> Reply {
    let html = include_str!("login/page.html");
    Reply {
        status: 200,
        headers: vec![field("Content-Type", "text/html; charset=utf-8")],
        body: html.into(),
    }
}

fn logged_out() -> Reply {
    let mut reply = ok(&json!({ "logged_out": true }));
    reply.headers.push(no_cookie());
    reply
}

fn cookie(secret: &Secret) -> Result<Header, Refusal> {
    let mut buffer = [0; 160];
    let set_cookie = Cookie::HOST.set(secret, &mut buffer);
    Ok(field("Set-Cookie", set_cookie.map_err(unavailable)?))
}

fn no_cookie() -> Header {
    field("Set-Cookie", &Cookie::HOST.removal().to_string())
}

fn ok(body: &Value) -> Reply {
    json_reply(200, body)
}

fn json_reply(status: u16, body: &Value) -> Reply {
    Reply {
        status,
        headers: vec![
            field("Content-Type", "application/json"),
            field("Cache-Control", "no-store"),
        ],
        body: body.to_string(),
    }
}

fn field(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("ASCII is a header")
}

fn header<'r>(request: &'r Request, name: &'static str) -> Option<&'r str> {
    let mut headers = request.headers().iter();
    let found = headers.find(|header| header.field.equiv(name));
    found.map(|header| header.value.as_str())
}

/// A request, as hardtack asks for its headers.
pub struct Lines<'r>(&'r Request);

impl Headers for Lines<'_> {
    fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        let named = self.0.headers().iter();
        let named = named.filter(move |header| header.field.equiv(name));
        named.map(|header| header.value.as_bytes())
    }
}

/// A browser says from where a request comes that changes something.
fn is_same_origin(request: &Request) -> bool {
    match (header(request, "Origin"), header(request, "Host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.strip_prefix("http://") == Some(host),
        (Some(_), None) => false,
    }
}

/// The value of a field of a form. Nothing that is asked for here needs to be percent-encoded.
fn parameter<'f>(form: &'f str, name: &str) -> Option<&'f str> {
    form.split('&')
        .find_map(|field| field.split_once('=').filter(|(own, _)| *own == name))
        .map(|(_, value)| value)
}
