//! `cookie` reads a `Set-Cookie` line and a `Cookie` header as this crate does, but for what is
//! listed here.

#![no_main]

#[path = "../models/cookie_peer.rs"]
mod cookie_peer;
#[path = "../models/difference.rs"]
mod difference;

use std::fmt::Debug;

use cookie_peer::Line;
use difference::{Case, Difference, check, check_list};
use hardtack::cookie::pairs;
use hardtack::date;
use libfuzzer_sys::fuzz_target;

/// What can be read in a text by both.
trait Reading: Debug + PartialEq + Sized {
    fn ours(text: &str) -> Option<Self>;
    fn theirs(text: &str) -> Option<Self>;
    fn name(&self) -> &str;
}

impl Reading for Line {
    fn ours(text: &str) -> Option<Self> {
        cookie_peer::ours(text)
    }

    fn theirs(text: &str) -> Option<Self> {
        cookie_peer::theirs(text)
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// What stands between two semicolons of a `Cookie` header.
#[derive(Debug, PartialEq)]
struct Pair(String, String);

fn our_pairs(text: &str) -> Vec<Pair> {
    let text_of = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    pairs(text.as_bytes())
        .map(|(name, value)| Pair(text_of(name), text_of(value)))
        .collect()
}

fn their_pairs(text: &str) -> Vec<Pair> {
    cookie::Cookie::split_parse(text)
        .filter_map(Result::ok)
        .map(|cookie| Pair(cookie.name().to_owned(), cookie.value().to_owned()))
        .collect()
}

impl Reading for Pair {
    fn ours(text: &str) -> Option<Self> {
        our_pairs(text).pop()
    }

    fn theirs(text: &str) -> Option<Self> {
        their_pairs(text).pop()
    }

    fn name(&self) -> &str {
        &self.0
    }
}

#[derive(Debug)]
struct Text<R> {
    text: String,
    ours: Option<R>,
    theirs: Option<R>,
}

impl<R: Reading> Text<R> {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ours: R::ours(text),
            theirs: R::theirs(text),
        }
    }

    /// Lets ours read another text.
    fn we_read(&mut self, text: String) {
        self.ours = R::ours(&text);
        self.text = text;
    }

    fn both_read(&mut self, text: String) {
        self.theirs = R::theirs(&text);
        self.we_read(text);
    }
}

impl<R: Reading> Case for Text<R> {
    fn of(input: &[u8]) -> Self {
        Self::new(std::str::from_utf8(input).unwrap())
    }

    fn agrees(&self) -> bool {
        self.ours == self.theirs
    }
}

/// The text with something else in the place of each name and each value.
fn each_part(text: &str, other: impl Fn(&str) -> String) -> String {
    let pieces = text.split(';').map(|piece| match piece.split_once('=') {
        Some((name, value)) => format!("{}={}", other(name), other(value)),
        None => other(piece),
    });
    pieces.collect::<Vec<_>>().join(";")
}

/// The text without the attributes that `keep` does not want, of a name in lower case and perhaps a
/// value.
fn attributes_where(text: &str, keep: impl Fn(&str, Option<&str>) -> bool) -> String {
    let Some((pair, attributes)) = text.split_once(';') else {
        return text.to_owned();
    };
    let kept = attributes.split(';').filter(|piece| {
        let (name, value) = match piece.split_once('=') {
            Some((name, value)) => (name, Some(value.trim())),
            None => (*piece, None),
        };
        keep(&name.trim().to_ascii_lowercase(), value)
    });
    let mut text = pair.to_owned();
    kept.for_each(|piece| text.extend([";", piece]));
    text
}

/// The values of the attributes of one name.
fn values(text: &str, wanted: &str) -> Vec<String> {
    let (_, attributes) = text.split_once(';').unwrap_or_default();
    attributes
        .split(';')
        .filter_map(|piece| piece.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

fn read(date: &str) -> Option<i64> {
    date::parse(date.as_bytes()).ok().map(|time| time.as_secs())
}

/// The date with a zero before each number of one digit.
fn two_digits(date: &str) -> String {
    let parts = date
        .split_inclusive([' ', '-'])
        .map(|part| match part.as_bytes() {
            [b'0'..=b'9'] | [b'0'..=b'9', b' ' | b'-'] => format!("0{part}"),
            _ => part.to_owned(),
        });
    parts.collect()
}

fn is_forbidden(letter: char) -> bool {
    letter.is_ascii_control() && letter != '\t'
}

fn trims_unicode<R: Reading>(case: &mut Text<R>) {
    case.we_read(each_part(&case.text, |part| part.trim().to_owned()));
}

fn takes_controls<R: Reading>(case: &mut Text<R>) {
    if case.text.contains(is_forbidden) {
        case.both_read(case.text.replace(is_forbidden, "x"));
    }
}

fn needs_a_name<R: Reading>(case: &mut Text<R>) {
    case.ours.take_if(|ours| ours.name().is_empty());
}

/// A text with this beginning, of this length.
const fn long<const LEN: usize>(start: &[u8]) -> [u8; LEN] {
    let mut text = [b'x'; LEN];
    text.split_at_mut(start.len()).0.copy_from_slice(start);
    text
}

const IN_A_HEADER: &[Difference<Text<Pair>>] = &[
    Difference {
        peer: "trims the white space of Unicode",
        ours: "RFC 6265bis §5.6 trims SP and HTAB; the bytes of U+00A0 are part of a value",
        example: "a=b\u{a0}".as_bytes(),
        apply: trims_unicode,
    },
    Difference {
        peer: "takes control characters",
        ours: "no user agent stores them (§5.6, step 1), so none sends them",
        example: b"a=b\x01c",
        apply: takes_controls,
    },
    Difference {
        peer: "takes no cookie without a name",
        ours: "user agents store them and send them without `=` (§5.6, step 3; §5.8.3)",
        example: b"a",
        apply: needs_a_name,
    },
];

const IN_A_LINE: &[Difference<Text<Line>>] = &[
    Difference {
        peer: "trims the white space of Unicode",
        ours: "RFC 6265bis §5.6 trims SP and HTAB; U+00A0 in front of `Secure` makes another attribute of it",
        example: "a=b;\u{a0}Secure".as_bytes(),
        apply: trims_unicode,
    },
    Difference {
        peer: "takes control characters",
        ours: "the whole line is ignored (§5.6, step 1)",
        example: b"a=b\x01c",
        apply: takes_controls,
    },
    Difference {
        peer: "takes a name and value of any length",
        ours: "more than 4096 octets together are ignored (§5.6, step 5)",
        example: &long::<4098>(b"a="),
        apply: |case| {
            let pair = case.text.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=')
                && name.trim().len() + value.trim().len() > 4096
            {
                let attributes = &case.text[pair.len()..];
                let name = if name.trim().is_empty() { "" } else { "n" };
                case.both_read(format!("{name}=v{attributes}"));
            }
        },
    },
    Difference {
        peer: "takes an attribute of any length",
        ours: "one of more than 1024 octets is ignored (§5.6)",
        example: &long::<1040>(b"a=b; Domain="),
        apply: |case| {
            let is_short =
                |_: &str, value: Option<&str>| value.is_none_or(|value| value.len() <= 1024);
            case.both_read(attributes_where(&case.text, is_short));
        },
    },
    Difference {
        peer: "does not see an empty Domain",
        ours: "the last Domain counts, and an empty one is the host alone (§5.6.3)",
        example: b"a=b; Domain=example.com; Domain=",
        apply: |case| {
            let is_named = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
            case.we_read(attributes_where(&case.text, |name, value| {
                name != "domain" || is_named(value)
            }));
        },
    },
    Difference {
        peer: "takes no cookie without a name",
        ours: "user agents store them (§5.6, step 3)",
        example: b"a; Path=/",
        apply: needs_a_name,
    },
    Difference {
        peer: "takes any Path that has a `=`",
        ours: "the last one counts, and is the default-path if it does not begin with `/` (§5.6.4)",
        example: b"a=b; Path=x",
        apply: |case| {
            if let Some(ours) = &mut case.ours {
                ours.path = values(&case.text, "path").pop();
            }
        },
    },
    Difference {
        peer: "takes an empty Max-Age for the longest, and `-` for zero",
        ours: "one without a digit is ignored (§5.6.2)",
        example: b"a=b; Max-Age=",
        apply: |case| {
            let ages = values(&case.text, "max-age");
            let last = ages.iter().rfind(|age| {
                let digits = age.strip_prefix('-').unwrap_or(age);
                digits.bytes().all(|byte| byte.is_ascii_digit())
            });
            if let (Some(ours), Some(last)) = (&mut case.ours, last) {
                match last.as_str() {
                    "" => ours.max_age = Some(i64::MAX as u64),
                    "-" => ours.max_age = Some(0),
                    _ => {}
                }
            }
        },
    },
    Difference {
        peer: "has i64::MAX seconds as its longest age",
        ours: "a Duration has more",
        example: b"a=b; Max-Age=99999999999999999999",
        apply: |case| {
            if let Some(ours) = &mut case.ours {
                ours.max_age = ours.max_age.map(|age| age.min(i64::MAX as u64));
            }
        },
    },
    Difference {
        peer: "does not see a SameSite of an unknown word",
        ours: "it resets the earlier one (§5.6.7)",
        example: b"a=b; SameSite=Strict; SameSite=x",
        apply: |case| {
            let known = |word: &String| {
                let words = ["Strict", "Lax", "None"];
                words
                    .into_iter()
                    .find(|known| word.eq_ignore_ascii_case(known))
            };
            if let Some(ours) = &mut case.ours {
                let words = values(&case.text, "samesite");
                ours.same_site = words.iter().rev().find_map(known).map(str::to_owned);
            }
        },
    },
    Difference {
        peer: "reads four forms of date",
        ours: "the algorithm of §5.1.1 finds a date in any order of its parts",
        example: b"a=b; Expires=2026 Jan 02 03:04:05",
        apply: |case| {
            let (Some(ours), Some(theirs)) = (&mut case.ours, &case.theirs) else {
                return;
            };
            let dates = values(&case.text, "expires");
            if theirs.expires.is_none() || dates.iter().any(|text| read(text) == theirs.expires) {
                ours.expires = theirs.expires;
            }
        },
    },
    Difference {
        peer: "reads years of one digit",
        ours: "a year has two to four (§5.1.1)",
        example: b"a=b; Expires=01 Jan 5 00:00:00 GMT",
        apply: |case| {
            if let (Some(ours), Some(theirs)) = (&mut case.ours, &case.theirs)
                && values(&case.text, "expires")
                    .iter()
                    .any(|text| read(&two_digits(text)) == theirs.expires)
            {
                ours.expires = theirs.expires;
            }
        },
    },
    Difference {
        peer: "reads years before 1601",
        ours: "there is no such date (§5.1.1, step 5)",
        example: b"a=b; Expires=Thu, 01 Jan 1600 00:00:00 GMT",
        apply: |case| {
            if let (Some(ours), Some(theirs)) = (&mut case.ours, &case.theirs)
                && theirs.expires.is_some_and(|time| time < -11_644_473_600)
            {
                ours.expires = theirs.expires;
            }
        },
    },
];

fuzz_target!(
    init: {
        check_list(IN_A_HEADER);
        check_list(IN_A_LINE);
    },
    |input: &[u8]| {
        let Ok(text) = std::str::from_utf8(input) else {
            return;
        };
        check(Text::<Line>::new(text), IN_A_LINE);

        let pieces = || text.split(';');
        assert_eq!(our_pairs(text), pieces().flat_map(our_pairs).collect::<Vec<_>>());
        assert_eq!(their_pairs(text), pieces().flat_map(their_pairs).collect::<Vec<_>>());
        for piece in pieces() {
            check(Text::<Pair>::new(piece), IN_A_HEADER);
        }
    }
);
