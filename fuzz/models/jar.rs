// A jar as a list that is searched from end to end, written from RFC 6265bis §5.7 and §5.8 and from
// the promises of `hardtack::jar`, and the two of them under the same operations.
//
// A run is a tape of bytes that is read as operations. Names, hosts and paths are few, so that they
// meet; the clock steps both ways; the jar is small, so that it is full most of the time.

use hardtack::cookie::Request;
use hardtack::jar::{Error, Jar, Outcome};
use hardtack::time::UnixTime;
use serde::de::DeserializeSeed;

const COOKIES: usize = 6;
const BYTES: usize = 240;
const LIMIT: u16 = 4;
const MOST_DAYS: i64 = 400 * 86_400;

const HOSTS: [&str; 13] = [
    "a.example",
    "a.example",
    "a.example",
    "www.a.example",
    "www.a.example",
    "www.a.example",
    "x.www.A.example",
    "b.example",
    "shops.example",
    "one.shops.example",
    "one.shops.example.",
    "127.0.0.1",
    "[::1]",
];
const DOMAINS: [&str; 15] = [
    "a.example",
    "A.example",
    ".a.example",
    ".WWW.a.example",
    "b.example",
    "",
    ".",
    "..a.example",
    "example",
    "shops.example",
    "0.0.1",
    "127.0.0.1",
    "[::1]",
    "a.example.",
    "shops.example.",
];
const PATHS: [&str; 8] = ["/", "/p", "/p/", "/p/q", "/pq", "/p/q/r", "", "p"];
const NAMES: [&str; 16] = [
    "a",
    "a",
    "a",
    "a",
    "a",
    "b",
    "b",
    "b",
    "c",
    "A",
    "",
    "",
    "__Host-a",
    "__secure-a",
    "__Http-a",
    "__Host-Http-a",
];
const AGES: [i64; 8] = [-1, 0, 1, 5, 60, MOST_DAYS, MOST_DAYS + 1, i64::MAX];
const SITES: [&str; 3] = ["", "https://a.example", "https://b.example"];

/// The list, which knows no domain with a dot behind it.
fn suffixes(domain: &str) -> bool {
    matches!(domain, "example" | "shops.example" | "1" | "0.0.1")
}

fn is_public(domain: &str) -> bool {
    suffixes(domain.strip_suffix('.').unwrap_or(domain))
}

/// What a line says, before it is a line.
#[derive(Clone, Debug)]
struct Line {
    name: String,
    value: String,
    domain: Option<String>,
    path: Option<String>,
    max_age: Option<i64>,
    secure: bool,
    http_only: bool,
    partitioned: bool,
    same_site: Option<&'static str>,
}

impl Line {
    fn text(&self) -> String {
        let mut text = format!("{}={}", self.name, self.value);
        let mut attribute = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                text.extend(["; ", name, "=", value]);
            }
        };
        attribute("Domain", self.domain.as_deref());
        attribute("Path", self.path.as_deref());
        attribute(
            "Max-Age",
            self.max_age.map(|age| age.to_string()).as_deref(),
        );
        attribute("SameSite", self.same_site);
        for (name, is) in [
            ("Secure", self.secure),
            ("HttpOnly", self.http_only),
            ("Partitioned", self.partitioned),
        ] {
            if is {
                text.extend(["; ", name]);
            }
        }
        text
    }
}

#[derive(Clone, Debug)]
struct Asked {
    host: &'static str,
    path: &'static str,
    secure: bool,
    cross_site: bool,
    top_level: bool,
    safe: bool,
    script: bool,
    site: &'static str,
}

impl Asked {
    fn request(&self) -> Request<'static> {
        let mut request = if self.secure {
            Request::https(self.host, self.path).unwrap()
        } else {
            Request::http(self.host, self.path).unwrap()
        };
        if self.cross_site {
            request = request.cross_site();
        }
        if self.top_level {
            request = request.top_level_navigation();
        }
        if !self.safe {
            request = request.unsafe_method();
        }
        if self.script {
            request = request.from_script();
        }
        request.partitioned(self.site)
    }

    fn is_address(&self) -> bool {
        self.host
            .starts_with(|first: char| !first.is_ascii_alphabetic())
    }

    fn path(&self) -> &'static str {
        if self.path.starts_with('/') {
            self.path
        } else {
            "/"
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Kept {
    name: String,
    value: String,
    domain: String,
    host_only: bool,
    path: String,
    /// The partition, if it is in one.
    site: Option<String>,
    secure: bool,
    http_only: bool,
    same_site: Option<&'static str>,
    created: i64,
    order: u64,
    expires: Option<i64>,
    used: u64,
}

impl Kept {
    fn is_expired(&self, now: i64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    fn len(&self) -> usize {
        let site = self.site.as_ref().map_or(0, String::len);
        4 + self.name.len() + self.value.len() + self.domain.len() + self.path.len() + site
    }

    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.domain == other.domain
            && self.host_only == other.host_only
            && self.path == other.path
            && self.site == other.site
    }
}

fn domain_match(host: &str, domain: &str, is_address: bool) -> bool {
    let before = host.strip_suffix(domain);
    host == domain || !is_address && before.is_some_and(|before| before.ends_with('.'))
}

fn path_match(path: &str, cookie: &str) -> bool {
    path == cookie
        || path.starts_with(cookie)
            && (cookie.ends_with('/') || path[cookie.len()..].starts_with('/'))
}

fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(at) => path[..at].to_owned(),
    }
}

#[derive(Default, Debug)]
struct Model {
    kept: Vec<Kept>,
    count: u64,
}

impl Model {
    fn store(&mut self, line: &Line, asked: &Asked, now: i64) -> Outcome {
        match self.admit(line, asked, now) {
            Err(error) => Outcome::Ignored(error),
            Ok(cookie) => self.put(cookie, asked.script, now),
        }
    }

    fn admit(&self, line: &Line, asked: &Asked, now: i64) -> Result<Kept, Error> {
        let host = asked.host.to_ascii_lowercase();
        let named = line.domain.as_deref().filter(|domain| !domain.is_empty());
        let mut domain = host.clone();
        let mut host_only = true;
        if let Some(named) = named {
            let named = named
                .strip_prefix('.')
                .unwrap_or(named)
                .to_ascii_lowercase();
            if named.is_empty() || !domain_match(&host, &named, asked.is_address()) {
                return Err(Error::Domain);
            }
            if asked.is_address() || !is_public(&named) {
                (domain, host_only) = (named, false);
            } else if named != host {
                return Err(Error::PublicSuffix);
            }
        }
        if line.secure && !asked.secure {
            return Err(Error::Insecure);
        }
        if !line.secure && (line.partitioned || line.same_site == Some("None")) {
            return Err(Error::Insecure);
        }
        if line.http_only && asked.script {
            return Err(Error::HttpOnly);
        }
        let from_elsewhere = asked.cross_site && (asked.script || !asked.top_level);
        if from_elsewhere && line.same_site != Some("None") {
            return Err(Error::CrossSite);
        }
        let begins = |prefix: &str, text: &str| text.to_ascii_lowercase().starts_with(prefix);
        if line.name.is_empty() {
            let prefixes = ["__host-", "__secure-", "__http-"];
            if prefixes.iter().any(|prefix| begins(prefix, &line.value)) {
                return Err(Error::Prefix);
            }
        }
        let is_root = line.path.as_deref() == Some("/");
        let is_host = begins("__host-", &line.name);
        let is_http = begins("__http-", &line.name) || begins("__host-http-", &line.name);
        let broken = begins("__secure-", &line.name) && !line.secure
            || is_host && (!line.secure || !host_only || !is_root)
            || is_http && (!line.secure || !line.http_only);
        if broken {
            return Err(Error::Prefix);
        }
        let path = match line.path.as_deref() {
            Some(path) if path.starts_with('/') => path.to_owned(),
            _ => default_path(asked.path()),
        };
        let cookie = Kept {
            name: line.name.clone(),
            value: line.value.clone(),
            domain,
            host_only,
            path,
            site: line.partitioned.then(|| asked.site.to_owned()),
            secure: line.secure,
            http_only: line.http_only,
            same_site: line.same_site,
            created: now,
            order: 0,
            expires: line.max_age.map(|age| match age {
                ..=0 => i64::MIN,
                age => now + age.min(MOST_DAYS),
            }),
            used: 0,
        };
        let hides = |old: &Kept| {
            let is_address = asked.is_address();
            old.secure
                && !old.is_expired(now)
                && old.name == cookie.name
                && old.site == cookie.site
                && (domain_match(&old.domain, &cookie.domain, is_address)
                    || domain_match(&cookie.domain, &old.domain, is_address))
                && path_match(&cookie.path, &old.path)
        };
        if !asked.secure && self.kept.iter().any(hides) {
            return Err(Error::HidesSecure);
        }
        Ok(cookie)
    }

    fn put(&mut self, mut cookie: Kept, by_script: bool, now: i64) -> Outcome {
        let old = self.kept.iter().position(|old| old.is_same(&cookie));
        let alive = old.filter(|&old| !self.kept[old].is_expired(now));
        if by_script && alive.is_some_and(|old| self.kept[old].http_only) {
            return Outcome::Ignored(Error::HttpOnly);
        }
        if cookie.is_expired(now) {
            if let Some(old) = old {
                self.kept.remove(old);
            }
            return Outcome::Removed;
        }
        if cookie.len() > BYTES {
            return Outcome::Ignored(Error::NoRoom);
        }
        self.count += 1;
        (cookie.order, cookie.used) = (self.count, self.count);
        if let Some(old) = alive {
            (cookie.created, cookie.order) = (self.kept[old].created, self.kept[old].order);
        }
        if let Some(old) = old {
            self.kept.remove(old);
        } else {
            loop {
                let is_member =
                    |kept: &Kept| kept.domain == cookie.domain && kept.site == cookie.site;
                let members = self
                    .kept
                    .iter()
                    .enumerate()
                    .filter(|(_, kept)| is_member(kept));
                if members.clone().count() < usize::from(LIMIT) {
                    break;
                }
                let class =
                    |kept: &Kept| (!kept.is_expired(now), kept.secure, kept.used, kept.order);
                let (at, first) = members.min_by_key(|(_, kept)| class(kept)).unwrap();
                if !first.is_expired(now) && first.secure && !cookie.secure {
                    return Outcome::Ignored(Error::NoRoom);
                }
                self.kept.remove(at);
            }
        }
        let fits = |kept: &[Kept], cookie: &Kept| {
            let bytes = kept.iter().map(Kept::len).sum::<usize>();
            kept.len() < COOKIES && bytes + cookie.len() <= BYTES
        };
        if !fits(&self.kept, &cookie) {
            self.kept.retain(|kept| !kept.is_expired(now));
        }
        while !fits(&self.kept, &cookie) {
            let age = |at: &usize| (self.kept[*at].used, self.kept[*at].order);
            let oldest = (0..self.kept.len()).min_by_key(age).unwrap();
            self.kept.remove(oldest);
        }
        self.kept.push(cookie);
        match alive {
            Some(_) => Outcome::Replaced,
            None => Outcome::Stored,
        }
    }

    /// The header, and the cookies in it marked as used.
    fn header(&mut self, asked: &Asked, lax: bool, now: i64) -> String {
        let host = asked.host.to_ascii_lowercase();
        let goes = |kept: &Kept| {
            let domain = if kept.host_only || asked.is_address() {
                host == kept.domain
            } else {
                domain_match(&host, &kept.domain, false) && !is_public(&kept.domain)
            };
            let may_cross = match kept.same_site {
                _ if !asked.cross_site => true,
                Some("None") => true,
                Some("Strict") => false,
                other => {
                    let young = lax && other != Some("Lax") && now - kept.created <= 120;
                    !asked.script && asked.top_level && (asked.safe || young)
                }
            };
            domain
                && may_cross
                && !kept.is_expired(now)
                && path_match(asked.path(), &kept.path)
                && (asked.secure || !kept.secure)
                && !(asked.script && kept.http_only)
                && kept.site.as_deref().is_none_or(|site| site == asked.site)
        };
        let mut sent: Vec<usize> = (0..self.kept.len())
            .filter(|&at| goes(&self.kept[at]))
            .collect();
        let longest = |at: &usize| {
            let kept = &self.kept[*at];
            (usize::MAX - kept.path.len(), kept.created, kept.order)
        };
        sent.sort_by_key(longest);
        self.count += 1;
        let mut pairs = Vec::new();
        for at in sent {
            let kept = &mut self.kept[at];
            kept.used = self.count;
            pairs.push(match &*kept.name {
                "" => kept.value.clone(),
                name => format!("{name}={}", kept.value),
            });
        }
        pairs.join("; ")
    }

    /// What saving and restoring changes.
    fn restore(&mut self, now: i64) {
        self.kept.retain(|kept| !kept.is_expired(now));
        for kept in &mut self.kept {
            kept.created = kept.created.min(now);
            kept.expires = kept.expires.map(|expires| expires.min(now + MOST_DAYS));
        }
    }
}

/// The tape; zeros behind its end.
struct Tape<'t>(&'t [u8]);

impl Tape<'_> {
    fn byte(&mut self) -> usize {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        usize::from(*first)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.byte() % from.len()]
    }

    fn asked(&mut self) -> Asked {
        let flags = self.byte();
        Asked {
            host: self.pick(&HOSTS),
            path: self.pick(&PATHS),
            secure: flags & 3 != 3,
            cross_site: flags & 12 == 12,
            top_level: flags & 2 != 0,
            safe: flags & 16 == 0,
            script: flags & 0x60 == 0x60,
            site: if flags & 128 == 0 {
                ""
            } else {
                self.pick(&SITES)
            },
        }
    }

    fn line(&mut self) -> Line {
        let (flags, value) = (self.byte(), self.byte());
        let same_site = self.pick(&[None, None, None, Some("None"), Some("Lax"), Some("Strict")]);
        let partitioned = flags & 0xC0 == 0xC0;
        // Most of what wants Secure has it, so that it comes further.
        let wants_secure = partitioned || same_site == Some("None");
        Line {
            name: self.pick(&NAMES).to_owned(),
            // Small values of a few lengths, and now and then one that fills the jar.
            value: match value {
                252.. => "v".repeat(value - 50),
                248..252 => "__Host-v".to_owned(),
                _ => "v".repeat(1 + value % 23),
            },
            domain: (flags & 3 == 3).then(|| self.pick(&DOMAINS).to_owned()),
            path: (flags & 4 != 0).then(|| self.pick(&PATHS).to_owned()),
            max_age: (flags & 0x18 == 0x18).then(|| self.pick(&AGES)),
            secure: flags & 0x21 == 0x21 || wants_secure && value % 8 > 0,
            http_only: flags & 0x42 == 0x42,
            partitioned,
            same_site,
        }
    }
}

type SmallJar = Jar<COOKIES, BYTES, fn(&str) -> bool>;

fn new_jar(lax: bool) -> SmallJar {
    let limit = core::num::NonZeroU16::new(LIMIT).unwrap();
    let jar = SmallJar::new(suffixes).with_domain_limit(limit);
    if lax {
        jar.with_lax_allowing_unsafe()
    } else {
        jar
    }
}

/// Plays a tape to both and panics where they differ.
pub(crate) fn run(tape: &[u8]) {
    let mut tape = Tape(tape);
    let lax = tape.byte() & 1 == 1;
    let mut jar = new_jar(lax);
    let mut model = Model::default();
    let mut now = 1_767_225_600_i64;
    while !tape.0.is_empty() {
        let moment = UnixTime::from_secs(now);
        match tape.byte() % 16 {
            0..8 => {
                let (line, asked) = (tape.line(), tape.asked());
                let expected = model.store(&line, &asked, now);
                let outcome = jar.store(line.text().as_bytes(), &asked.request(), moment);
                assert_eq!(outcome, expected, "{line:?} {asked:?} {model:?}");
            }
            8..12 => {
                let asked = tape.asked();
                let expected = model.header(&asked, lax, now);
                let mut buffer = [0; 2 * BYTES];
                let request = asked.request();
                if tape.byte() == 0 && !expected.is_empty() {
                    let short = &mut buffer[..expected.len() - 1];
                    assert!(jar.write_header(&request, short, moment).is_err());
                    assert!(buffer.iter().all(|byte| *byte == 0));
                }
                let matching = jar.matching(&request, moment);
                assert_eq!(matching.header_len(), expected.len(), "{asked:?} {model:?}");
                let sent = matching.write(&mut buffer).unwrap();
                assert_eq!(sent, expected.as_bytes(), "{asked:?} {model:?}");
            }
            12 => now += tape.pick(&[1, 5, 60, 121, 86_400]),
            13 => now -= tape.pick(&[1, 5, 60, 121, 86_400]),
            14 => match tape.byte() % 5 {
                0 => {
                    jar.remove_expired(moment);
                    model.kept.retain(|kept| !kept.is_expired(now));
                }
                1 => {
                    jar.end_session();
                    model.kept.retain(|kept| kept.expires.is_some());
                }
                2 => {
                    jar.clear_site("a.Example");
                    model
                        .kept
                        .retain(|kept| !domain_match(&kept.domain, "a.example", false));
                }
                3 => {
                    jar.retain(|cookie| cookie.name() != b"b");
                    model.kept.retain(|kept| kept.name != "b");
                }
                _ => {
                    jar.clear();
                    model.kept.clear();
                }
            },
            _ => {
                let saved = serde_json::to_string(&jar).unwrap();
                let before = jar.len();
                jar = new_jar(lax);
                let mut scratch = [0; BYTES];
                let mut reader = serde_json::Deserializer::from_str(&saved);
                let restoring = jar.restoring(&mut scratch, moment);
                let restored = restoring.deserialize(&mut reader).unwrap();
                model.restore(now);
                assert_eq!(restored.kept, model.kept.len(), "{saved} {model:?}");
                assert_eq!(restored.kept + restored.dropped, before);
            }
        }
        assert_eq!(jar.len(), model.kept.len());
    }
    assert_same_cookies(&jar, &model, now);
}

/// Both hold the same, whatever a request would see of it.
fn assert_same_cookies(jar: &SmallJar, model: &Model, now: i64) {
    let key = |name: &[u8], domain: &str, path: &[u8], value: &[u8], created: i64| {
        (
            name.to_vec(),
            domain.to_owned(),
            path.to_vec(),
            value.to_vec(),
            created,
        )
    };
    let mut held: Vec<_> = jar
        .iter(UnixTime::from_secs(now))
        .map(|c| {
            key(
                c.name(),
                c.domain(),
                c.path(),
                c.value(),
                c.created().as_secs(),
            )
        })
        .collect();
    let mut expected: Vec<_> = model
        .kept
        .iter()
        .filter(|kept| !kept.is_expired(now))
        .map(|k| {
            key(
                k.name.as_bytes(),
                &k.domain,
                k.path.as_bytes(),
                k.value.as_bytes(),
                k.created,
            )
        })
        .collect();
    held.sort();
    expected.sort();
    assert_eq!(held, expected);
}
