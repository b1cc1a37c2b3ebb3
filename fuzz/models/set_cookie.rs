// A `Set-Cookie` line read step by step, each step over the whole of what it is about, as RFC
// 6265bis §5.6 is written. Dates are left to `hardtack::date`, which has a model of its own.

use std::time::Duration;

use hardtack::cookie::{Error, Priority, SameSite};
use hardtack::date;
use hardtack::time::UnixTime;

#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) domain: Option<Vec<u8>>,
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) expires: Option<UnixTime>,
    pub(crate) max_age: Option<Duration>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: SameSite,
    pub(crate) partitioned: bool,
    pub(crate) priority: Option<Priority>,
    pub(crate) unknown: Vec<(Vec<u8>, Vec<u8>)>,
}

fn trim(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while matches!(bytes.first(), Some(b' ' | b'\t')) {
        bytes.remove(0);
    }
    while matches!(bytes.last(), Some(b' ' | b'\t')) {
        bytes.pop();
    }
    bytes
}

/// Around the first `=`, if there is one.
fn split(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let at = bytes.iter().position(|byte| *byte == b'=')?;
    Some((trim(&bytes[..at]), trim(&bytes[at + 1..])))
}

fn max_age(value: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(value).ok()?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    if text.starts_with('-') {
        return Some(Duration::ZERO);
    }
    // What does not fit is longer than anything that does.
    Some(Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}

pub(crate) fn read(line: &[u8]) -> Result<Line, Error> {
    let is_forbidden = |byte: &u8| matches!(byte, 0x00..=0x08 | 0x0A..=0x1F | 0x7F);
    if line.iter().any(is_forbidden) {
        return Err(Error::Control);
    }
    let mut pieces = line.split(|byte| *byte == b';');
    let first = pieces.next().unwrap();
    let (name, value) = split(first).unwrap_or((Vec::new(), trim(first)));
    if name.is_empty() && value.is_empty() {
        return Err(Error::Empty);
    }
    if name.len() + value.len() > 4096 {
        return Err(Error::TooLong);
    }
    let attributes: Vec<(Vec<u8>, Vec<u8>)> = pieces
        .map(|piece| split(piece).unwrap_or((trim(piece), Vec::new())))
        .filter(|(_, value)| value.len() <= 1024)
        .filter(|(name, value)| !name.is_empty() || !value.is_empty())
        .collect();
    let all = |wanted: &'static str| {
        attributes
            .iter()
            .filter(move |(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()))
            .map(|(_, value)| value.as_slice())
    };
    let last = |wanted: &'static str| all(wanted).last();
    const KNOWN: [&str; 9] = [
        "Domain",
        "Expires",
        "HttpOnly",
        "Max-Age",
        "Partitioned",
        "Path",
        "Priority",
        "SameSite",
        "Secure",
    ];
    let word = |wanted| last(wanted).map(|value| value.to_ascii_lowercase());
    Ok(Line {
        domain: last("Domain")
            .filter(|domain| !domain.is_empty())
            .map(|domain| domain.strip_prefix(b".").unwrap_or(domain).to_vec()),
        path: last("Path")
            .filter(|path| path.starts_with(b"/"))
            .map(<[u8]>::to_vec),
        expires: all("Expires")
            .filter_map(|value| date::parse(value).ok())
            .last(),
        max_age: all("Max-Age").filter_map(max_age).last(),
        secure: last("Secure").is_some(),
        http_only: last("HttpOnly").is_some(),
        same_site: match word("SameSite").as_deref() {
            Some(b"strict") => SameSite::Strict,
            Some(b"lax") => SameSite::Lax,
            Some(b"none") => SameSite::None,
            _ => SameSite::Default,
        },
        partitioned: last("Partitioned").is_some(),
        priority: match word("Priority").as_deref() {
            Some(b"low") => Some(Priority::Low),
            Some(b"medium") => Some(Priority::Medium),
            Some(b"high") => Some(Priority::High),
            _ => None,
        },
        unknown: attributes
            .iter()
            .filter(|(name, _)| {
                let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
                !KNOWN.iter().any(|known| is(known))
            })
            .cloned()
            .collect(),
        name,
        value,
    })
}
