//! `examples/login`, driven by a real HTTP client through every row of the table that it promises,
//! and by the `curl` commands of the README.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use hardtack::time::UnixTime;
use serde_json::Value;
use tiny_http::Server;

#[allow(dead_code)] // its `main` is not run here
#[path = "../examples/login.rs"]
mod login;

/// A server on a port of its own, whose clock can be set forward, and a client with one cookie.
struct Client {
    agent: ureq::Agent,
    base: String,
    cookie: Option<String>,
    clock: &'static AtomicI64,
}

struct Answer {
    status: u16,
    challenge: Option<String>,
    set_cookie: Option<String>,
    body: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }

    #[track_caller]
    fn text(&self, name: &str) -> String {
        let json = self.json();
        json[name].as_str().expect(&self.body).to_owned()
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs().try_into().unwrap()
}

impl Client {
    fn start() -> Self {
        let server = Server::http("127.0.0.1:0").unwrap();
        let base = format!("http://{}", server.server_addr());
        let clock: &'static AtomicI64 = Box::leak(Box::new(AtomicI64::new(now())));
        std::thread::spawn(move || {
            login::serve(&server, || {
                UnixTime::from_secs(clock.load(Ordering::Relaxed))
            });
        });
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0);
        Self {
            agent: config.build().into(),
            base,
            cookie: None,
            clock,
        }
    }

    /// Another client of the same server.
    fn another(&self) -> Self {
        Self {
            agent: self.agent.clone(),
            base: self.base.clone(),
            cookie: None,
            clock: self.clock,
        }
    }

    /// The same client, if its browser sends this.
    fn with_cookie(&self, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..self.another()
        }
    }

    fn wait(&self, secs: i64) {
        self.clock.fetch_add(secs, Ordering::Relaxed);
    }

    /// A request; `form` makes it a POST.
    fn send(&mut self, path: &str, headers: &[(&str, &str)], form: Option<&str>) -> Answer {
        let url = format!("{}{path}", self.base);
        let cookie = self.cookie.as_deref().map(|cookie| ("Cookie", cookie));
        let headers = headers.iter().copied().chain(cookie);
        let answer = match form {
            None => headers
                .fold(self.agent.get(&url), |request, (name, value)| {
                    request.header(name, value)
                })
                .call(),
            Some(form) => headers
                .fold(self.agent.post(&url), |request, (name, value)| {
                    request.header(name, value)
                })
                .header("Content-Type", "application/x-www-form-urlencoded")
                .send(form),
        };
        let mut answer = answer.unwrap();
        let header = |name: &str| {
            let value = answer.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let (challenge, set_cookie) = (header("www-authenticate"), header("set-cookie"));
        if let Some(set) = &set_cookie {
            let removed = set.contains("Max-Age=0");
            let pair = set.split(';').next().unwrap().to_owned();
            self.cookie = Some(pair).filter(|_| !removed);
        }
        Answer {
            status: answer.status().as_u16(),
            challenge,
            set_cookie,
            body: answer.body_mut().read_to_string().unwrap(),
        }
    }

    fn get(&mut self, path: &str) -> Answer {
        self.send(path, &[], None)
    }

    fn post(&mut self, path: &str, form: &str) -> Answer {
        self.send(path, &[], Some(form))
    }

    fn with_csrf(&mut self, path: &str, form: &str) -> Answer {
        let csrf = self.get("/me").text("csrf");
        self.send(path, &[("X-CSRF-Token", &csrf)], Some(form))
    }

    fn log_in(&mut self, user: &str, password: &str) -> Answer {
        self.post("/login", &format!("user={user}&password={password}"))
    }

    #[track_caller]
    fn pair(&mut self) -> (String, String) {
        let answer = self.with_csrf("/token", "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        (answer.text("access_token"), answer.text("refresh_token"))
    }

    fn orders(&mut self, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send("/api/orders", &[("Authorization", &bearer)], None)
    }

    fn refresh(&mut self, token: &str) -> Answer {
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        self.post("/token/refresh", &form)
    }
}

#[track_caller]
fn assert_invalid_token(answer: &Answer) {
    assert_eq!(answer.status, 401);
    let challenge = answer.challenge.as_deref().unwrap();
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert!(
        challenge.contains(r#"error="invalid_token""#),
        "{challenge}"
    );
}

#[test]
fn the_page_is_served() {
    let page = Client::start().get("/");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("how a server recognises you"));
}

#[test]
fn a_wrong_password_sets_nothing() {
    let mut client = Client::start();
    for (user, password) in [("ada", "builder"), ("nobody", "lovelace"), ("", "")] {
        let answer = client.log_in(user, password);
        assert_eq!(answer.status, 401);
        assert_eq!(answer.set_cookie, None);
    }
    assert_eq!(client.post("/login", "user=ada").status, 401);
}

#[test]
fn a_login_sets_a_host_cookie_and_ends_the_session_before_it() {
    let mut client = Client::start();
    let answer = client.log_in("ada", "lovelace");
    assert_eq!(answer.status, 303);
    let set = answer.set_cookie.unwrap();
    assert!(set.starts_with("__Host-session="), "{set}");
    for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");

    let old = client.cookie.clone();
    assert_eq!(client.log_in("ada", "lovelace").status, 303);
    assert_ne!(client.cookie, old);
    assert_eq!(client.get("/me").status, 200);
    client.cookie = old;
    assert_eq!(client.get("/me").status, 401);
}

#[test]
fn me_says_who_or_how_to_log_in() {
    let mut client = Client::start();
    let nobody = client.get("/me");
    assert_eq!(nobody.status, 401);
    assert!(nobody.challenge.is_some());
    client.log_in("bob", "builder");
    let me = client.get("/me");
    assert_eq!((me.status, me.text("user").as_str()), (200, "bob"));
}

#[test]
fn a_session_ends_when_it_idles() {
    let mut client = Client::start();
    client.log_in("bob", "builder");
    client.wait(29 * 60);
    assert_eq!(client.get("/me").status, 200);
    client.wait(29 * 60);
    assert_eq!(client.get("/me").status, 200);
    client.wait(31 * 60);
    assert_eq!(client.get("/me").status, 401);
}

#[test]
fn an_old_secret_is_replaced_where_the_csrf_token_is() {
    let mut client = Client::start();
    client.log_in("bob", "builder");
    let old = client.cookie.clone().unwrap();
    client.wait(15 * 60 - 1);
    assert_eq!(client.get("/me").set_cookie, None);
    client.wait(1);
    assert_eq!(client.get("/sessions").set_cookie, None);
    let me = client.get("/me");
    assert_eq!(me.status, 200);
    assert!(me.set_cookie.is_some());
    assert_ne!(client.cookie.as_deref(), Some(&*old));
    // A request that was under way is answered, and gets no third secret.
    client.wait(9);
    let mut late = client.with_cookie(&old);
    let answer = late.get("/me");
    assert_eq!((answer.status, answer.set_cookie), (200, None));
    let listed = late.get("/sessions").json();
    assert_eq!(listed["sessions"][0]["current"], true);
    client.wait(1);
    assert_eq!(late.get("/me").status, 401);
    // The token that came with the new secret is its own.
    let token = [("X-CSRF-Token", &*me.text("csrf"))];
    assert_eq!(client.send("/token", &token, Some("")).status, 200);
}

#[test]
fn admin_is_for_admins() {
    let mut client = Client::start();
    assert_eq!(client.get("/admin").status, 401);
    client.log_in("bob", "builder");
    assert_eq!(client.get("/admin").status, 403);
    client.log_in("ada", "lovelace");
    assert_eq!(client.get("/admin").status, 200);
}

#[test]
fn admin_wants_a_login_within_five_minutes() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    client.wait(300);
    assert_eq!(client.get("/admin").status, 200);
    client.wait(1);
    let answer = client.get("/admin");
    assert_eq!(answer.status, 401);
    let challenge = answer.challenge.unwrap();
    assert!(
        challenge.contains("insufficient_user_authentication"),
        "{challenge}"
    );
    assert!(challenge.contains("max_age"), "{challenge}");
    assert_eq!(client.get("/me").status, 200);
    client.log_in("ada", "lovelace");
    assert_eq!(client.get("/admin").status, 200);
}

#[test]
fn a_pair_wants_a_session_and_its_csrf_token() {
    let mut client = Client::start();
    assert_eq!(client.post("/token", "").status, 401);
    client.log_in("bob", "builder");
    assert_eq!(client.post("/token", "").status, 403);
    let wrong = client.send("/token", &[("X-CSRF-Token", "AAAA")], Some(""));
    assert_eq!(wrong.status, 403);

    let mut other = client.another();
    other.log_in("bob", "builder");
    let csrf = other.get("/me").text("csrf");
    let foreign = client.send("/token", &[("X-CSRF-Token", &csrf)], Some(""));
    assert_eq!(foreign.status, 403);

    let answer = client.with_csrf("/token", "");
    assert_eq!(answer.status, 200);
    let json = answer.json();
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["expires_in"], 300);
    assert!(json["scope"].as_str().unwrap().contains("orders:read"));
    assert!(json["access_token"].is_string() && json["refresh_token"].is_string());
}

#[test]
fn the_api_takes_a_good_token_and_says_what_is_wrong_with_others() {
    let mut client = Client::start();
    client.log_in("bob", "builder");
    let (access, refresh) = client.pair();
    client.cookie = None;
    assert_eq!(client.orders(&access).status, 200);

    let none = client.get("/api/orders");
    assert_eq!(none.status, 401);
    assert_eq!(
        none.challenge.as_deref().map(|c| c.contains("error")),
        Some(false)
    );

    let mut tampered = access.clone().into_bytes();
    let at = access.rfind('.').unwrap() + 3;
    tampered[at] = if tampered[at] == b'A' { b'B' } else { b'A' };
    assert_invalid_token(&client.orders(std::str::from_utf8(&tampered).unwrap()));
    assert_invalid_token(&client.orders(&refresh));
    assert_invalid_token(&client.orders("a.b.c"));

    let bearer = format!("Bearer {access}");
    let denied = client.send("/api/orders", &[("Authorization", &bearer)], Some(""));
    assert_eq!(denied.status, 403);
    let challenge = denied.challenge.unwrap();
    assert!(
        challenge.contains(r#"error="insufficient_scope""#),
        "{challenge}"
    );
    assert!(challenge.contains(r#"scope="orders:write""#), "{challenge}");

    client.wait(300);
    assert_invalid_token(&client.orders(&access));
}

#[test]
fn an_admin_may_place_orders() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let (access, _) = client.pair();
    let bearer = format!("Bearer {access}");
    let placed = client.send("/api/orders", &[("Authorization", &bearer)], Some(""));
    assert_eq!(placed.status, 200, "{}", placed.body);
}

#[test]
fn an_old_refresh_token_kills_its_family() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let (_, first) = client.pair();
    let answer = client.refresh(&first);
    assert_eq!(answer.status, 200);
    let (access, second) = (answer.text("access_token"), answer.text("refresh_token"));
    assert_eq!(client.orders(&access).status, 200);

    let replayed = client.refresh(&first);
    assert_eq!(replayed.status, 400);
    assert_eq!(replayed.json()["error"], "invalid_grant");
    assert_eq!(client.refresh(&second).status, 400);
    assert_invalid_token(&client.orders(&access));
}

#[test]
fn what_is_no_refresh_request_is_refused() {
    let mut client = Client::start();
    for (form, error) in [
        (
            "grant_type=refresh_token&refresh_token=nonsense",
            "invalid_grant",
        ),
        ("grant_type=refresh_token", "invalid_request"),
        (
            "grant_type=password&refresh_token=x",
            "unsupported_grant_type",
        ),
    ] {
        let answer = client.post("/token/refresh", form);
        assert_eq!((answer.status, answer.text("error").as_str()), (400, error));
    }
}

#[test]
fn a_logout_ends_the_session_and_its_tokens() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let old = client.cookie.clone();
    let (access, refresh) = client.pair();
    let answer = client.post("/logout", "");
    assert_eq!(answer.status, 200);
    let set = answer.set_cookie.unwrap();
    assert!(
        set.starts_with("__Host-session=;") && set.contains("; Max-Age=0"),
        "{set}"
    );
    client.cookie = old;
    assert_eq!(client.get("/me").status, 401);
    assert_eq!(client.refresh(&refresh).status, 400);
    assert_invalid_token(&client.orders(&access));
}

#[test]
fn a_login_of_another_user_ends_the_tokens_of_the_session_before_it() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let (access, refresh) = client.pair();
    assert_eq!(client.log_in("ada", "wrong").status, 401);
    assert_eq!(client.log_in("ada", "lovelace").status, 303);
    assert_eq!(client.orders(&access).status, 200);
    assert_eq!(client.log_in("bob", "builder").status, 303);
    assert_invalid_token(&client.orders(&access));
    assert_eq!(client.refresh(&refresh).status, 400);
    assert_eq!(client.get("/me").text("user"), "bob");
}

#[test]
fn tokens_are_refreshed_no_longer_than_a_session_lives() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let (_, refresh) = client.pair();
    client.wait(30 * 60);
    assert_eq!(client.get("/me").status, 401);
    assert_eq!(client.refresh(&refresh).status, 400);
}

#[test]
fn sessions_are_listed_and_ended_one_by_one_or_all() {
    let mut here = Client::start();
    let mut there = here.another();
    here.log_in("bob", "builder");
    there.log_in("bob", "builder");
    let listed = here.get("/sessions").json();
    let listed = listed["sessions"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    let other = listed.iter().find(|one| one["current"] == false).unwrap();
    let form = format!("session={}", other["id"].as_str().unwrap());
    assert_eq!(here.post("/sessions/end", &form).status, 403);

    let mut ada = here.another();
    ada.log_in("ada", "lovelace");
    assert_eq!(ada.with_csrf("/sessions/end", &form).status, 404);

    assert_eq!(here.with_csrf("/sessions/end", &form).status, 200);
    assert_eq!(there.get("/me").status, 401);

    there.log_in("bob", "builder");
    let (access, _) = there.pair();
    assert_eq!(here.with_csrf("/logout/everywhere", "").status, 200);
    assert_eq!(here.get("/me").status, 401);
    assert_eq!(there.get("/me").status, 401);
    assert_invalid_token(&there.orders(&access));
    assert_eq!(ada.get("/me").status, 200);
}

#[test]
fn a_request_from_another_site_is_refused() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let origin = [("Origin", "https://evil.example")];
    assert_eq!(client.send("/logout", &origin, Some("")).status, 403);
    assert_eq!(
        client
            .send("/login", &origin, Some("user=bob&password=builder"))
            .status,
        403
    );
    assert_eq!(client.get("/me").status, 200);
}

#[test]
fn a_session_cookie_that_is_there_twice_logs_nobody_in_and_is_removed() {
    let mut client = Client::start();
    client.log_in("ada", "lovelace");
    let good = client.cookie.clone().unwrap();
    let planted = format!("__Host-session={}", "B".repeat(43));
    for pair in [[&good, &good], [&good, &planted], [&planted, &good]] {
        let cookie = format!("{}; {}", pair[0], pair[1]);
        for path in ["/me", "/"] {
            let answer = client.with_cookie(&cookie).get(path);
            assert_eq!(answer.status, 401);
            let set = answer.set_cookie.unwrap();
            assert!(set.starts_with("__Host-session=;"), "{set}");
        }
    }
    client.cookie = Some("__Host-session=mangled".into());
    assert_eq!(client.get("/me").status, 401);
    assert_eq!(client.cookie, None);
    assert_eq!(client.get("/").status, 200);
    // The session itself is as it was.
    client.cookie = Some(good);
    assert_eq!(client.get("/me").status, 200);
}

#[test]
fn what_is_not_there_is_not_found() {
    assert_eq!(Client::start().get("/nothing").status, 404);
}

/// Every 401, 403 and 404 is a `Refusal`'s: no other status of a refusal stands in the sources.
#[test]
fn no_refusal_is_made_by_hand() {
    for source in [
        include_str!("../examples/login.rs"),
        include_str!("../examples/login/policies.rs"),
        include_str!("../examples/login/tokens.rs"),
        include_str!("../examples/login/wire.rs"),
    ] {
        let code = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for status in ["401", "403", "404", "503"] {
                assert!(!line.contains(status), "{line}");
            }
        }
        assert!(!source.contains("WWW-Authenticate") || source.contains("refusal.challenge("));
    }
}

/// Each line of the README's shell block that ends in `# STATUS …` is run and answers that status.
#[test]
fn the_curl_commands_of_the_readme() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("there is no curl on this machine: its commands were not run");
        return;
    }
    let readme = include_str!("../README.md");
    let block = readme.split("```sh\nU=").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let mut script = String::from("set -eu\ncd \"$(mktemp -d)\"\n");
    script.push_str(
        "expect() { case \"$2\" in \"HTTP/1.1 $1 \"*) ;; *) echo \"expected $1: $2\"; exit 1;; esac; }\n",
    );
    let mut commands = 0;
    for line in format!("U={block}").lines() {
        let expected = line.rsplit_once("  # ").and_then(|(command, says)| {
            let status = says.split(' ').next()?;
            (status.len() == 3).then_some((command.trim_end(), status))
        });
        if let Some((command, status)) = expected {
            script.push_str(&format!("expect {status} \"$({command})\"\n"));
            commands += 1;
        } else {
            script.push_str(line);
            script.push('\n');
        }
    }
    assert!(commands >= 15, "the README shows {commands} commands");
    let client = Client::start();
    let script = script.replace("http://127.0.0.1:8080", &client.base);
    let ran = Command::new("bash").args(["-c", &script]).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let complained = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}{complained}");
}
