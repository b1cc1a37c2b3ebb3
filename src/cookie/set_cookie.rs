use core::time::Duration;

use super::grammar::{MAX_ATTRIBUTE, is_attribute_value, is_domain, is_extension_name, is_path};
use super::{Error, Pair, Prefix, Priority, SameSite};
use crate::date::ImfFixdate;

mod emit;
mod from_received;
mod read;

/// The value of a `Set-Cookie` header that a server writes (RFC 6265bis §4.1).
///
/// [`new`](Self::new) protects the cookie by all that a browser has to offer. Every further method
/// either takes one protection away, and its name says which, or has nothing to do with them; so
/// they can be called in any order. The value that exists is valid: what the prefix of a name
/// promises is kept, `SameSite=None` and `Partitioned` come with `Secure`, and no part can break out
/// of its place.
///
/// ```
/// use core::time::Duration;
/// use hardtack::cookie::SetCookie;
///
/// let cookie = SetCookie::new("__Host-session", "31d4d96e407aad42")?
///     .with_max_age(Duration::from_secs(3600));
/// let text = "__Host-session=31d4d96e407aad42; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax";
/// assert_eq!(cookie.write(&mut [0; 128])?, text);
/// assert_eq!(cookie.len(), text.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Everything is `const fn`, so a cookie that a firmware always sets the same way is checked by the
/// compiler and lives in flash; [`with_value`](Self::with_value) fills it in.
///
/// ```
/// use hardtack::cookie::SetCookie;
///
/// const SESSION: SetCookie = match SetCookie::new("__Host-session", "") {
///     Ok(cookie) => cookie,
///     Err(_) => panic!("not a cookie"),
/// };
/// let log_in = SESSION.with_value("31d4d96e407aad42")?;
/// let log_out = SESSION.removal();
/// # Ok::<(), hardtack::cookie::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetCookie<'a> {
    pair: Pair<'a>,
    domain: Option<&'a str>,
    path: Option<&'a str>,
    max_age: Option<u64>,
    expires: Option<ImfFixdate>,
    secure: bool,
    http_only: bool,
    same_site: SameSite,
    partitioned: bool,
    priority: Option<Priority>,
    extensions: &'a [(&'a str, &'a str)],
}

impl<'a> SetCookie<'a> {
    /// A cookie that is as safe as cookies get: `Path=/; Secure; HttpOnly; SameSite=Lax`, for this
    /// host alone and until the browser ends its session.
    ///
    /// # Errors
    ///
    /// Those of [`Pair::new`].
    pub const fn new(name: &'a str, value: &'a str) -> Result<Self, Error> {
        match Pair::new(name, value) {
            Ok(pair) => Self::protected(pair).checked(),
            Err(error) => Err(error),
        }
    }

    /// [`new`](Self::new) of a pair whose name and attributes are not checked against each other.
    pub(crate) const fn protected(pair: Pair<'a>) -> Self {
        Self {
            path: Some("/"),
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
            ..Self::plain(pair)
        }
    }

    /// The pair alone, without any attribute: the cookie of 1994.
    ///
    /// # Errors
    ///
    /// Those of [`Pair::new`], and [`Error::Prefix`] for a name like `__Secure-a`.
    ///
    /// # Security
    ///
    /// Such a cookie goes over the wire in clear text, is open to scripts, and can be overwritten
    /// by anyone on the network. It is for what could as well be public.
    pub const fn bare(name: &'a str, value: &'a str) -> Result<Self, Error> {
        match Pair::new(name, value) {
            Ok(pair) => Self::plain(pair).checked(),
            Err(error) => Err(error),
        }
    }

    const fn plain(pair: Pair<'a>) -> Self {
        Self {
            pair,
            domain: None,
            path: None,
            max_age: None,
            expires: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Default,
            partitioned: false,
            priority: None,
            extensions: &[],
        }
    }

    /// The rules between attributes (§4.1.3, §4.1.2.7, and CHIPS for `Partitioned`).
    const fn checked(self) -> Result<Self, Error> {
        if let Some(prefix) = Prefix::of(self.pair.name().as_bytes()) {
            let root = matches!(self.path, Some(path) if matches!(path.as_bytes(), b"/"));
            let host_only = self.domain.is_none() && root;
            if !self.secure
                || prefix.wants_http_only() && !self.http_only
                || prefix.wants_host_only() && !host_only
            {
                return Err(Error::Prefix);
            }
        }
        if !self.secure && (self.partitioned || matches!(self.same_site, SameSite::None)) {
            return Err(Error::Insecure);
        }
        Ok(self)
    }

    /// The same cookie with another value.
    ///
    /// # Errors
    ///
    /// Those of [`Pair::new`].
    pub const fn with_value(self, value: &'a str) -> Result<Self, Error> {
        match Pair::new(self.pair.name(), value) {
            Ok(pair) => Ok(Self { pair, ..self }),
            Err(error) => Err(error),
        }
    }

    /// Shares the cookie with all hosts below `domain`, of which this host must be one.
    ///
    /// Give no dot in front: it changed nothing for twenty years.
    ///
    /// # Errors
    ///
    /// [`Error::Attribute`] for what is not a host name: `".example.com"`, `"exa mple.com"`,
    /// `"bücher.example"` (write `"xn--bcher-kva.example"`), `"example.com; Path=/"`;
    /// [`Error::Prefix`] for a name like `__Host-a`.
    ///
    /// # Security
    ///
    /// Every such host can read the cookie, and overwrite it.
    pub const fn with_domain(self, domain: &'a str) -> Result<Self, Error> {
        if !is_domain(domain.as_bytes()) {
            return Err(Error::Attribute);
        }
        Self {
            domain: Some(domain),
            ..self
        }
        .checked()
    }

    /// Sends the cookie for `path` and what is below it only.
    ///
    /// # Errors
    ///
    /// [`Error::Attribute`] for what does not begin with `/`, ends with a space, or has a `;`, a
    /// control character or anything above ASCII (`"/é"`; write `"/%C3%A9"`), and for a `?` or a
    /// `#`, which no request has in its path: the cookie would never be sent. [`Error::TooLong`] for more than 1024 octets; [`Error::Prefix`] for a
    /// name like `__Host-a` and another path than `/`.
    ///
    /// # Security
    ///
    /// A path keeps the header short. It protects nothing: pages of one host reach each other.
    pub const fn with_path(self, path: &'a str) -> Result<Self, Error> {
        if path.len() > MAX_ATTRIBUTE {
            return Err(Error::TooLong);
        }
        if !is_path(path.as_bytes()) {
            return Err(Error::Attribute);
        }
        Self {
            path: Some(path),
            ..self
        }
        .checked()
    }

    /// Leaves `Path` out: the user agent takes the directory of the request that set the cookie.
    ///
    /// # Errors
    ///
    /// [`Error::Prefix`] for a name like `__Host-a`.
    pub const fn without_path(self) -> Result<Self, Error> {
        Self { path: None, ..self }.checked()
    }

    /// Sends the cookie over connections without TLS too, where everyone can read and change it.
    ///
    /// # Errors
    ///
    /// [`Error::Prefix`] for a name like `__Secure-a`; [`Error::Insecure`] with `SameSite=None` or
    /// `Partitioned`.
    pub const fn without_secure(self) -> Result<Self, Error> {
        Self {
            secure: false,
            ..self
        }
        .checked()
    }

    /// Opens the cookie to scripts, those of an attacker who found a hole in a page included.
    ///
    /// # Errors
    ///
    /// [`Error::Prefix`] for a name like `__Http-a`.
    pub const fn without_http_only(self) -> Result<Self, Error> {
        Self {
            http_only: false,
            ..self
        }
        .checked()
    }

    /// Says on which requests of other sites the cookie goes along. [`SameSite::Default`] leaves it
    /// to the user agent.
    ///
    /// # Errors
    ///
    /// [`Error::Insecure`] for [`SameSite::None`] without `Secure`.
    pub const fn with_same_site(self, same_site: SameSite) -> Result<Self, Error> {
        Self { same_site, ..self }.checked()
    }

    /// Gives the cookie a jar of its own under every top-level site (CHIPS).
    ///
    /// # Errors
    ///
    /// [`Error::Insecure`] without `Secure`.
    pub const fn partitioned(self) -> Result<Self, Error> {
        Self {
            partitioned: true,
            ..self
        }
        .checked()
    }

    /// Keeps the cookie for so long, in whole seconds, over the end of the browser's session. A part
    /// of a second is dropped; zero makes the cookie expire at once.
    ///
    /// User agents keep no cookie longer than 400 days (§5.5). Where both are given they go by this
    /// and not by [`with_expires`](Self::with_expires); it needs no right clock on their side.
    #[must_use]
    pub const fn with_max_age(self, max_age: Duration) -> Self {
        Self {
            max_age: Some(max_age.as_secs()),
            ..self
        }
    }

    /// Keeps the cookie until then, over the end of the browser's session.
    #[must_use]
    pub const fn with_expires(self, expires: ImfFixdate) -> Self {
        Self {
            expires: Some(expires),
            ..self
        }
    }

    /// Says how late the cookie goes when the jar is full: Chromium only.
    #[must_use]
    pub const fn with_priority(self, priority: Priority) -> Self {
        Self {
            priority: Some(priority),
            ..self
        }
    }

    /// Adds attributes that this crate does not know, as names and values; with an empty value the
    /// name stands alone.
    ///
    /// # Errors
    ///
    /// [`Error::Attribute`] for a name that is not a token or that has a method of its own here, in
    /// any case of its letters, and for a value with a `;`, a control character, anything above
    /// ASCII, or a space at an end; [`Error::TooLong`] for a value of more than 1024 octets.
    pub const fn with_extensions(
        self,
        extensions: &'a [(&'a str, &'a str)],
    ) -> Result<Self, Error> {
        let mut rest = extensions;
        while let [(name, value), others @ ..] = rest {
            if value.len() > MAX_ATTRIBUTE {
                return Err(Error::TooLong);
            }
            if !is_extension_name(name.as_bytes()) || !is_attribute_value(value.as_bytes()) {
                return Err(Error::Attribute);
            }
            rest = others;
        }
        Ok(Self { extensions, ..self })
    }

    /// What removes this cookie from the user agent: the same name, domain, path and protections,
    /// so that it cannot miss, an empty value, `Max-Age=0` and a day in 1970.
    ///
    /// What the user agent filled in has to be the same too: without a domain, only this very host can
    /// remove the cookie; [without a path](Self::without_path), only the answer to a request in the same
    /// directory can.
    #[must_use]
    pub const fn removal(self) -> Self {
        Self {
            pair: self.pair.without_value(),
            max_age: Some(0),
            expires: Some(ImfFixdate::EPOCH),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::time::UnixTime;
    use crate::write::NoRoom;

    const HOUR: Duration = Duration::from_secs(3600);

    fn sid() -> SetCookie<'static> {
        SetCookie::new("sid", "31d4").unwrap()
    }

    #[track_caller]
    fn assert_written(cookie: Result<SetCookie<'_>, Error>, text: &str) {
        let cookie = cookie.unwrap();
        let mut buffer = std::vec![7; text.len()];
        assert_eq!(cookie.to_string(), text);
        assert_eq!(cookie.len(), text.len());
        assert_eq!(cookie.write(&mut buffer), Ok(text));
        let needed = text.len();
        buffer.fill(7);
        assert_eq!(cookie.write(&mut buffer[1..]), Err(NoRoom { needed }));
        assert!(buffer.iter().all(|&byte| byte == 7));
    }

    #[test]
    fn a_cookie_is_as_safe_as_cookies_get() {
        assert_written(
            Ok(sid()),
            "sid=31d4; Path=/; Secure; HttpOnly; SameSite=Lax",
        );
        assert!(sid().is_secure() && sid().is_http_only());
        assert!(!sid().is_persistent() && !sid().is_partitioned());
        assert_eq!(sid().domain(), None);
        assert_eq!(sid().path(), Some("/"));
        assert_eq!(sid().same_site(), SameSite::Lax);
        assert_eq!(sid().priority(), None);
        assert_eq!(sid().extensions(), []);
        assert_eq!((sid().name(), sid().value()), ("sid", "31d4"));
        assert_eq!(sid().pair(), Pair::new("sid", "31d4").unwrap());
    }

    #[test]
    fn a_bare_cookie_is_its_pair() {
        assert_written(SetCookie::bare("a", "\"b\""), "a=\"b\"");
        assert_written(SetCookie::bare("a", ""), "a=");
    }

    #[test]
    fn every_attribute_is_written_once() {
        let cookie = sid()
            .with_domain("example.com")
            .and_then(|cookie| cookie.with_path("/a b"))
            .and_then(|cookie| cookie.with_same_site(SameSite::None))
            .and_then(SetCookie::partitioned)
            .and_then(|cookie| cookie.with_extensions(&[("SameParty", ""), ("X", "a=b")]))
            .map(|cookie| {
                cookie
                    .with_max_age(HOUR)
                    .with_expires(ImfFixdate::EPOCH)
                    .with_priority(Priority::High)
            });
        assert_written(
            cookie,
            "sid=31d4; Domain=example.com; Path=/a b; Max-Age=3600; \
             Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=None; Partitioned; \
             Priority=High; SameParty; X=a=b",
        );
        let cookie = cookie.unwrap();
        assert_eq!(cookie.domain(), Some("example.com"));
        assert_eq!(cookie.path(), Some("/a b"));
        assert_eq!(cookie.max_age(), Some(HOUR));
        assert_eq!(cookie.expires(), Some(ImfFixdate::EPOCH));
        assert_eq!(cookie.same_site(), SameSite::None);
        assert_eq!(cookie.priority(), Some(Priority::High));
        assert_eq!(cookie.extensions().len(), 2);
        assert!(cookie.is_partitioned());
    }

    #[test]
    fn each_protection_can_be_taken_away_by_its_name() {
        assert_written(
            sid().without_path(),
            "sid=31d4; Secure; HttpOnly; SameSite=Lax",
        );
        assert_written(
            sid().without_secure(),
            "sid=31d4; Path=/; HttpOnly; SameSite=Lax",
        );
        assert_written(
            sid().without_http_only(),
            "sid=31d4; Path=/; Secure; SameSite=Lax",
        );
        assert_written(
            sid().with_same_site(SameSite::Default),
            "sid=31d4; Path=/; Secure; HttpOnly",
        );
        assert_written(
            sid().with_same_site(SameSite::Strict),
            "sid=31d4; Path=/; Secure; HttpOnly; SameSite=Strict",
        );
    }

    #[test]
    fn seconds_are_whole_and_of_any_size() {
        for (max_age, text) in [
            (Duration::ZERO, "0"),
            (Duration::from_millis(9999), "9"),
            (Duration::from_secs(10), "10"),
            (Duration::MAX, "18446744073709551615"),
        ] {
            assert_written(
                SetCookie::bare("a", "b").map(|cookie| cookie.with_max_age(max_age)),
                &format!("a=b; Max-Age={text}"),
            );
        }
    }

    /// CVE-2024-47764 (npm cookie) and CVE-2026-43969: attributes that were written raw.
    #[test]
    fn no_part_breaks_out_of_its_place() {
        for evil in [
            "x; Domain=evil.example",
            "x;Secure",
            "x\r\nSet-Cookie: a=b",
            "x\nb",
            "x\rb",
            "x\0",
            "x\u{7f}",
            "x\u{80}",
            "x\tb",
        ] {
            assert_eq!(SetCookie::new(evil, "b").err(), Some(Error::Name));
            assert_eq!(SetCookie::bare(evil, "b").err(), Some(Error::Name));
            assert_eq!(SetCookie::new("a", evil).err(), Some(Error::Value));
            assert_eq!(SetCookie::bare("a", evil).err(), Some(Error::Value));
            assert_eq!(sid().with_value(evil).err(), Some(Error::Value));
            assert_eq!(sid().with_domain(evil).err(), Some(Error::Attribute));
            let path = format!("/{evil}");
            assert_eq!(sid().with_path(&path).err(), Some(Error::Attribute));
            for extension in [("X", evil), (evil, "x")] {
                let extensions = [("Y", ""), extension];
                let refused = sid().with_extensions(&extensions);
                assert_eq!(refused.err(), Some(Error::Attribute));
            }
        }
    }

    #[test]
    fn an_extension_is_no_other_door_to_a_known_attribute() {
        for name in [
            "Domain",
            "domain",
            "EXPIRES",
            "HttpOnly",
            "Max-age",
            "partitioned",
            "PATH",
            "Priority",
            "samesite",
            "Secure",
        ] {
            let extensions = [(name, "")];
            let refused = sid().with_extensions(&extensions);
            assert_eq!(refused.err(), Some(Error::Attribute), "{name}");
        }
    }

    #[test]
    fn what_user_agents_ignore_for_its_length_is_refused() {
        let path = format!("/{}", "a".repeat(1023));
        assert!(sid().with_path(&path).is_ok());
        let path = format!("{path}a");
        assert_eq!(sid().with_path(&path).err(), Some(Error::TooLong));
        assert!(sid().with_extensions(&[("X", &path[1..])]).is_ok());
        let extensions = [("X", &*path)];
        let refused = sid().with_extensions(&extensions);
        assert_eq!(refused.err(), Some(Error::TooLong));
        let value = "v".repeat(4094);
        assert_eq!(sid().with_value(&value).err(), Some(Error::TooLong));
        assert!(sid().with_value(&value[1..]).is_ok());
    }

    type Step = fn(SetCookie<'static>) -> Result<SetCookie<'static>, Error>;

    const DOMAIN: Step = |cookie| cookie.with_domain("example.com");
    const OTHER_PATH: Step = |cookie| cookie.with_path("/a");
    const CROSS_SITE: Step = |cookie| cookie.with_same_site(SameSite::None);

    #[track_caller]
    fn assert_breach(name: &'static str, step: Step, error: Option<Error>) {
        let cookie = SetCookie::new(name, "1").unwrap();
        assert_eq!(step(cookie).err(), error, "{name}");
    }

    #[test]
    fn what_a_prefix_promises_is_kept() {
        let prefix = Some(Error::Prefix);
        for (name, host, http) in [
            ("__Secure-a", None, None),
            ("__secure-a", None, None),
            ("__Http-a", None, prefix),
            ("__Host-a", prefix, None),
            ("__HOST-a", prefix, None),
            ("__Host-Http-a", prefix, prefix),
            ("__host-http-a", prefix, prefix),
        ] {
            assert_eq!(SetCookie::bare(name, "1").err(), prefix, "{name}");
            assert_breach(name, SetCookie::without_secure, prefix);
            assert_breach(name, SetCookie::without_http_only, http);
            assert_breach(name, DOMAIN, host);
            assert_breach(name, OTHER_PATH, host);
            assert_breach(name, SetCookie::without_path, host);
            assert_breach(name, |cookie| cookie.with_path("/"), None);
            assert_breach(name, CROSS_SITE, None);
            assert_breach(name, |cookie| cookie.with_value("2"), None);
        }
    }

    #[test]
    fn same_site_none_and_partitioned_want_secure_in_either_order() {
        for step in [CROSS_SITE, SetCookie::partitioned] {
            assert_breach("a", step, None);
            let step_then_relax = step(sid()).and_then(SetCookie::without_secure);
            let relax_then_step = sid().without_secure().and_then(step);
            assert_eq!(step_then_relax.err(), Some(Error::Insecure));
            assert_eq!(relax_then_step.err(), Some(Error::Insecure));
            let bare = SetCookie::bare("a", "b").and_then(step);
            assert_eq!(bare.err(), Some(Error::Insecure));
        }
    }

    #[test]
    fn any_order_of_methods_gives_the_same_cookie_or_the_same_refusal() {
        const STEPS: [Step; 5] = [
            DOMAIN,
            OTHER_PATH,
            CROSS_SITE,
            SetCookie::without_http_only,
            SetCookie::without_secure,
        ];
        let orders = |steps: &[Step]| {
            let there = steps.iter().try_fold(sid(), |cookie, step| step(cookie));
            let back = steps
                .iter()
                .rev()
                .try_fold(sid(), |cookie, step| step(cookie));
            assert_eq!(there, back);
        };
        for chosen in 0..1 << STEPS.len() {
            let mut steps = std::vec::Vec::new();
            for (at, step) in STEPS.iter().enumerate() {
                if chosen >> at & 1 == 1 {
                    steps.push(*step);
                }
            }
            orders(&steps);
        }
    }

    #[test]
    fn a_removal_has_what_makes_it_hit() {
        let cookie = SetCookie::new("__Secure-sid", "31d4")
            .and_then(DOMAIN)
            .and_then(OTHER_PATH)
            .and_then(CROSS_SITE)
            .and_then(SetCookie::partitioned)
            .map(|cookie| cookie.with_max_age(HOUR))
            .map(SetCookie::removal);
        assert_written(
            cookie,
            "__Secure-sid=; Domain=example.com; Path=/a; Max-Age=0; \
             Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=None; Partitioned",
        );
        let now = UnixTime::from_secs(1_700_000_000);
        assert!(cookie.unwrap().expiry(now) <= Some(now));
    }

    #[test]
    fn expiry_is_that_of_a_user_agent() {
        let now = UnixTime::from_secs(1_700_000_000);
        let date = |secs| ImfFixdate::new(UnixTime::from_secs(secs)).unwrap();
        let longest = 400 * 24 * HOUR;
        let cap = now.saturating_add(longest);
        assert_eq!(sid().expiry(now), None);
        for (cookie, expiry) in [
            (sid().with_max_age(HOUR), now.saturating_add(HOUR)),
            (sid().with_max_age(Duration::ZERO), UnixTime::MIN),
            (sid().with_max_age(longest), cap),
            (sid().with_max_age(Duration::MAX), cap),
            (sid().with_expires(date(5)), UnixTime::from_secs(5)),
            (sid().with_expires(date(253_402_300_799)), cap),
            (
                sid().with_expires(date(5)).with_max_age(HOUR),
                now.saturating_add(HOUR),
            ),
        ] {
            assert!(cookie.is_persistent());
            assert_eq!(cookie.expiry(now), Some(expiry), "{cookie}");
        }
    }

    #[test]
    fn a_cookie_can_be_a_constant() {
        const SESSION: SetCookie<'_> = match SetCookie::new("__Host-session", "") {
            Ok(cookie) => cookie.with_max_age(HOUR),
            Err(_) => panic!(),
        };
        assert_written(
            SESSION.with_value("31d4"),
            "__Host-session=31d4; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax",
        );
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", sid()),
            "SetCookie(sid=; Path=/; Secure; HttpOnly; SameSite=Lax, [4 bytes elided])"
        );
    }
}
