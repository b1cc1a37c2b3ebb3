// What `cookie` and this crate read in a `Set-Cookie` line, in one form. `cookie` reads text only, so
// that is all that can be compared.

use hardtack::cookie::{Received, SameSite};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) domain: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) expires: Option<i64>,
    pub(crate) max_age: Option<u64>,
    pub(crate) same_site: Option<String>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) partitioned: bool,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("ASCII alone splits a line")
}

/// A line that is ignored as a whole is nothing.
pub(crate) fn ours(line: &str) -> Option<Line> {
    let received = Received::parse(line.as_bytes()).ok()?;
    Some(Line {
        name: text(received.name()),
        value: text(received.value()),
        domain: received.domain().map(text),
        path: received.path().map(text),
        expires: received.expires().map(|time| time.as_secs()),
        max_age: received.max_age().map(|age| age.as_secs()),
        same_site: match received.same_site() {
            SameSite::Strict => Some("Strict".to_owned()),
            SameSite::Lax => Some("Lax".to_owned()),
            SameSite::None => Some("None".to_owned()),
            _ => None,
        },
        secure: received.is_secure(),
        http_only: received.is_http_only(),
        partitioned: received.is_partitioned(),
    })
}

pub(crate) fn theirs(line: &str) -> Option<Line> {
    let cookie = cookie::Cookie::parse(line).ok()?;
    Some(Line {
        name: cookie.name().to_owned(),
        value: cookie.value().to_owned(),
        domain: cookie.domain().map(str::to_owned),
        path: cookie.path().map(str::to_owned),
        expires: cookie.expires_datetime().map(|time| time.unix_timestamp()),
        max_age: cookie
            .max_age()
            .map(|age| age.whole_seconds().unsigned_abs()),
        same_site: cookie.same_site().map(|same_site| same_site.to_string()),
        secure: cookie.secure() == Some(true),
        http_only: cookie.http_only() == Some(true),
        partitioned: cookie.partitioned() == Some(true),
    })
}
