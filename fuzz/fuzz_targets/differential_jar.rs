//! `cookie_store` stores and sends back what a jar does, but for what is listed here, of the lines
//! that `cookie`, by which it reads them, reads as this crate does. In what order it sends them is
//! not compared: it has none.
//!
//! Each line of the input is three bytes that make a request, and the `Set-Cookie` line that comes
//! with its response, if there is one; what the request gets is asked either way.

#![no_main]

#[path = "../models/cookie_peer.rs"]
mod cookie_peer;
#[path = "../models/difference.rs"]
mod difference;

use std::sync::LazyLock;
use std::time::SystemTime;

use cookie_peer::Line;
use cookie_store::{CookieDomain, CookieStore, StoreAction};
use difference::{Case, Difference, check, check_list};
use hardtack::cookie::Request;
use hardtack::jar::{Cookie, Error, Jar, Outcome};
use hardtack::time::UnixTime;
use libfuzzer_sys::fuzz_target;
use publicsuffix::List;
use url::Url;

type OurJar = Jar<64, 65536, fn(&str) -> bool>;

const HOSTS: [&str; 9] = [
    "www.example.com",
    "example.com",
    "a.b.example.com",
    "badexample.com",
    "com",
    "shop.co.uk",
    "co.uk",
    "127.0.0.1",
    "[::1]",
];
const PATHS: [&str; 7] = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/b?x=/a"];
const SUFFIXES: [&str; 2] = ["com", "co.uk"];
static LIST: LazyLock<List> = LazyLock::new(|| {
    let list = format!("// BEGIN ICANN DOMAINS\n{}\n", SUFFIXES.join("\n"));
    list.parse().unwrap()
});

/// What a request is like beside its host and path.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Https,
    Http,
    /// Over https, from a page of another site.
    CrossSite,
    /// By a script that is no user of HTTP.
    Script,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    host: &'static str,
    path: &'static str,
    way: Way,
}

impl Asked {
    fn of(bytes: [u8; 3]) -> Self {
        let [host, path, way] = bytes.map(|byte| usize::from(byte.wrapping_sub(b'0')));
        Self {
            host: HOSTS[host % HOSTS.len()],
            path: PATHS[path % PATHS.len()],
            way: [Way::Https, Way::Http, Way::CrossSite, Way::Script][way % 4],
        }
    }

    fn ours(&self) -> Request<'static> {
        let request = match self.way {
            Way::Https => Request::https(self.host, self.path),
            Way::Http => Request::http(self.host, self.path),
            Way::CrossSite => Request::https(self.host, self.path).map(Request::cross_site),
            Way::Script => Request::http(self.host, self.path).map(Request::from_script),
        };
        // `cookie_store` trusts addresses of the machine itself, so that ours is told to.
        let is_local = matches!(self.host, "127.0.0.1" | "[::1]");
        request
            .map(|request| {
                if is_local {
                    request.trustworthy()
                } else {
                    request
                }
            })
            .unwrap()
    }

    fn theirs(&self) -> Url {
        let scheme = match self.way {
            Way::Https | Way::CrossSite => "https",
            Way::Http => "http",
            Way::Script => "ftp",
        };
        Url::parse(&format!("{scheme}://{}{}", self.host, self.path)).unwrap()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Became {
    Stored,
    Replaced,
    /// It is expired, and so the one that it would replace is gone.
    Removed,
    /// It is expired and would replace none, or it was ignored.
    Nothing,
}

/// Where the two do not agree on what becomes of a cookie.
#[derive(Debug)]
struct Storing {
    line: Line,
    asked: Asked,
    ignored: Option<Error>,
    /// Whether we have one that differs in being for the host alone, or not, and not in what the peer
    /// knows it by.
    has_host_twin: bool,
    /// Whether we have one that differs like this in being partitioned or not.
    has_partition_twin: bool,
    /// Whether one that the peer knows by the same is hidden from scripts.
    is_hidden: bool,
    /// Whether the peer has an expired cookie of this name.
    was_expired: bool,
    ours: Became,
    theirs: Became,
}

impl Storing {
    /// What is said of a cookie that is ignored here, and taken there.
    fn takes(&mut self, because: Error, applies: impl Fn(&Line) -> bool) {
        if self.ignored == Some(because) && applies(&self.line) {
            self.ours = self.theirs;
        }
    }

    /// What would be said if the twin were the same cookie.
    fn have_one_place(&mut self) {
        self.ours = match self.ours {
            _ if self.is_hidden && self.asked.way == Way::Script => Became::Nothing,
            Became::Stored => Became::Replaced,
            Became::Nothing if self.ignored.is_none() => Became::Removed,
            other => other,
        };
    }
}

impl Case for Storing {
    /// What becomes of the last line.
    fn of(input: &[u8]) -> Self {
        let mut jars = Jars::new();
        let mut last = None;
        for line in input.split(|byte| *byte == b'\n') {
            let (asked, line) = request_and_line(line).unwrap();
            last = jars.store(asked, line.unwrap());
        }
        last.unwrap()
    }

    fn agrees(&self) -> bool {
        self.ours == self.theirs
    }
}

const STORING: &[Difference<Storing>] = &[
    Difference {
        peer: "knows no prefixes",
        ours: "`__Host-` and its like bind a cookie to what they promise (RFC 6265bis §5.7, steps 20 to 22)",
        example: b"000__Host-a=b; Secure; Path=/a",
        apply: |case| case.takes(Error::Prefix, |_| true),
    },
    Difference {
        peer: "takes Secure over an insecure connection",
        ours: "a man in the middle could set it (§5.7, step 13)",
        example: b"001a=b; Secure",
        apply: |case| case.takes(Error::Insecure, |line| line.secure),
    },
    Difference {
        peer: "takes SameSite=None without Secure",
        ours: "such a cookie is ignored (§5.7, step 19)",
        example: b"000a=b; SameSite=None",
        apply: |case| case.takes(Error::Insecure, |line| !line.secure && !line.partitioned),
    },
    Difference {
        peer: "takes Partitioned without Secure",
        ours: "browsers ignore such a cookie",
        example: b"000a=b; Partitioned",
        apply: |case| case.takes(Error::Insecure, |line| !line.secure && line.partitioned),
    },
    Difference {
        peer: "lets an insecure connection hide a Secure cookie",
        ours: "secure cookies are left alone (§5.7, step 16)",
        example: b"000a=b; Secure; Path=/\n001a=c; Path=/a",
        apply: |case| case.takes(Error::HidesSecure, |_| true),
    },
    Difference {
        peer: "knows no sites",
        ours: "another site sets no cookie but one with SameSite=None (§5.7, step 18)",
        example: b"002a=b",
        apply: |case| case.takes(Error::CrossSite, |_| true),
    },
    Difference {
        peer: "takes `Domain=.` for none",
        ours: "it is an empty domain, which no host matches, as the web-platform-tests want it",
        example: b"000a=b; Domain=.",
        apply: |case| case.takes(Error::Domain, |line| line.domain.as_deref() == Some("")),
    },
    Difference {
        peer: "takes a Domain in Unicode",
        ours: "one that is not ASCII is refused (§5.7, step 7)",
        example: "000a=b; Domain=\u{ff45}xample.com".as_bytes(),
        apply: |case| {
            case.takes(Error::Domain, |line| {
                line.domain
                    .as_ref()
                    .is_some_and(|domain| !domain.is_ascii())
            });
        },
    },
    Difference {
        peer: "has one place for a cookie of a host and one of the domain of its name",
        ours: "the host-only-flag is part of what a cookie is known by (§5.7, step 23)",
        example: b"100a=b; Path=/\n100a=c; Path=/; Domain=example.com",
        apply: |case| {
            if case.has_host_twin {
                case.have_one_place();
            }
        },
    },
    Difference {
        peer: "has one place for a cookie that is partitioned and one that is not",
        ours: "browsers know a cookie by its partition too",
        example: b"000a=b; Secure; Path=/\n000a=c; Secure; Path=/; Partitioned",
        apply: |case| {
            if case.has_partition_twin {
                case.have_one_place();
            }
        },
    },
    Difference {
        peer: "keeps what is expired, and says of its successor that it took its place",
        ours: "what is expired is gone",
        example: b"000a=b\n000a=b; Max-Age=0\n000a=c",
        apply: |case| {
            if case.ours == Became::Stored && case.was_expired {
                case.ours = Became::Replaced;
            }
        },
    },
];

/// What goes with a request.
#[derive(Debug)]
struct Sending {
    #[expect(dead_code)] // shown by Debug
    asked: Asked,
    ours: Vec<(String, String)>,
    /// What ours would be if the request were from the same site.
    same_site: Vec<(String, String)>,
    theirs: Vec<(String, String)>,
}

impl Case for Sending {
    /// What goes with the last request.
    fn of(input: &[u8]) -> Self {
        let mut jars = Jars::new();
        let mut last = None;
        for line in input.split(|byte| *byte == b'\n') {
            let (asked, line) = request_and_line(line).unwrap();
            if let Some(line) = line {
                jars.store(asked, line).unwrap();
            }
            last = Some(jars.send(asked));
        }
        last.unwrap()
    }

    fn agrees(&self) -> bool {
        self.ours == self.theirs
    }
}

const SENDING: &[Difference<Sending>] = &[Difference {
    peer: "knows no sites",
    ours: "a request that another site caused gets the cookies with SameSite=None alone (§5.8.3)",
    example: b"000a=b\n002",
    apply: |case| case.ours.clone_from(&case.same_site),
}];

struct Jars {
    ours: OurJar,
    theirs: CookieStore,
    now: UnixTime,
}

impl Jars {
    fn new() -> Self {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap();
        Self {
            ours: OurJar::new(|domain| SUFFIXES.contains(&domain)),
            theirs: CookieStore::default().with_suffix_list(LIST.clone()),
            // The clock of `cookie_store` is that of the machine.
            now: UnixTime::from_secs(now.as_secs().try_into().unwrap()),
        }
    }

    fn clear(&mut self) {
        self.ours.clear();
        self.theirs.clear();
    }

    /// Nothing for a line that the two read differently, and for one that might expire meanwhile.
    fn store(&mut self, asked: Asked, text: &str) -> Option<Storing> {
        let line = cookie_peer::ours(text)?;
        if cookie_peer::theirs(text).as_ref() != Some(&line)
            || line.max_age.is_some_and(|age| (1..60).contains(&age))
        {
            return None;
        }
        let was_expired = self
            .theirs
            .iter_any()
            .any(|cookie| cookie.name() == line.name && cookie.is_expired());
        let before = self.ours.iter(self.now).count();
        let outcome = self.ours.store(text.as_bytes(), &asked.ours(), self.now);
        let result = self.theirs.parse(text, &asked.theirs());
        Some(Storing {
            has_host_twin: self.has_twin(text, asked, |ours, theirs| {
                ours.is_host_only() != matches!(theirs.domain, CookieDomain::HostOnly(_))
            }),
            has_partition_twin: self.has_twin(text, asked, |ours, _| {
                ours.top_level_site().is_some() != line.partitioned
            }),
            is_hidden: self.has_twin(text, asked, |ours, _| ours.is_http_only()),
            ignored: match outcome {
                Outcome::Ignored(error) => Some(error),
                _ => None,
            },
            line,
            asked,
            was_expired,
            ours: match outcome {
                Outcome::Stored => Became::Stored,
                Outcome::Replaced => Became::Replaced,
                Outcome::Removed if self.ours.iter(self.now).count() < before => Became::Removed,
                Outcome::Removed | Outcome::Ignored(_) => Became::Nothing,
            },
            theirs: match result {
                Ok(StoreAction::Inserted) => Became::Stored,
                Ok(StoreAction::UpdatedExisting) => Became::Replaced,
                Ok(StoreAction::ExpiredExisting) => Became::Removed,
                Err(_) => Became::Nothing,
            },
        })
    }

    /// Whether we have a cookie of the name, domain and path by which the peer knows this one, and
    /// that is different.
    fn has_twin(
        &self,
        text: &str,
        asked: Asked,
        differs: impl Fn(&Cookie<'_>, &cookie_store::Cookie<'_>) -> bool,
    ) -> bool {
        let Ok(theirs) = cookie_store::Cookie::parse(text, &asked.theirs()) else {
            return false;
        };
        self.ours.iter(self.now).any(|ours| {
            ours.name() == theirs.name().as_bytes()
                && theirs.domain.as_cow().as_deref() == Some(ours.domain())
                && ours.path() == theirs.path.as_bytes()
                && differs(&ours, &theirs)
        })
    }

    fn send(&mut self, asked: Asked) -> Sending {
        let mut theirs: Vec<_> = self
            .theirs
            .get_request_values(&asked.theirs())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        theirs.sort();
        let way = if asked.way == Way::CrossSite {
            Way::Https
        } else {
            asked.way
        };
        Sending {
            asked,
            ours: self.sent(asked),
            same_site: self.sent(Asked { way, ..asked }),
            theirs,
        }
    }

    fn sent(&mut self, asked: Asked) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut sent: Vec<_> = self
            .ours
            .matching(&asked.ours(), self.now)
            .map(|cookie| (text(cookie.name()), text(cookie.value())))
            .collect();
        sent.sort();
        sent
    }
}

/// A line of the input; nothing for one that is too short, is no text, or too long for many of its
/// like to have room in the jar.
fn request_and_line(line: &[u8]) -> Option<(Asked, Option<&str>)> {
    let (asked, line) = line.split_first_chunk()?;
    let line = std::str::from_utf8(line)
        .ok()
        .filter(|line| line.len() < 1024)?;
    Some((
        Asked::of(*asked),
        Some(line).filter(|line| !line.is_empty()),
    ))
}

fuzz_target!(
    init: {
        check_list(STORING);
        check_list(SENDING);
    },
    |input: &[u8]| {
        let mut jars = Jars::new();
        // No domain gets to its limit of 50.
        for line in input.split(|byte| *byte == b'\n').take(50) {
            let Some((asked, line)) = request_and_line(line) else {
                continue;
            };
            if let Some(storing) = line.and_then(|line| jars.store(asked, line)) {
                let differs = !storing.agrees();
                check(storing, STORING);
                if differs {
                    // From here on, the two would differ in all that follows from it.
                    jars.clear();
                }
            }
            check(jars.send(asked), SENDING);
        }
    }
);
