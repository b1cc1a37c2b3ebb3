use crate::cookie::{self, Pair, SetCookie, only};
use crate::secret::wipe;
use crate::session::{Error, Secret};
use crate::write::NoRoom;

/// The cookie that carries a session's secret: one call sets it, one removes it, one reads it.
///
/// [`HOST`](Self::HOST) is what OWASP ASVS 5.0 asks for in 3.3.1 to 3.3.5: `__Host-session`, for
/// this host and no other, over https, hidden from scripts, sent along from other sites only where
/// a person follows a link. It lasts until the browser ends its own session; what ends the session
/// for sure are the [rules](crate::session::Rules), on the server.
///
/// ```
/// use hardtack::session::Cookie;
/// # use hardtack::session::{Error, Record};
/// # use hardtack::time::UnixTime;
/// # let random = |bytes: &mut [u8]| { bytes.fill(7); Ok::<(), Error>(()) };
/// # let (secret, _) = Record::<u32, ()>::open((), random, UnixTime::EPOCH)?;
///
/// let mut buffer = [0; 160];
/// let set_cookie = Cookie::HOST.set(&secret, &mut buffer)?;
/// assert_eq!(
///     set_cookie,
///     "__Host-session=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc; \
///      Path=/; Secure; HttpOnly; SameSite=Lax"
/// );
///
/// // The lines of the next request's Cookie header:
/// let lines = ["theme=dark; __Host-session=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"];
/// let presented = Cookie::HOST.read(lines)?.ok_or(Error::Gone)?;
/// assert_eq!(presented.handle(), secret.handle());
///
/// // After the session was ended, or where it turns out to be gone:
/// assert!(Cookie::HOST.removal().to_string().starts_with("__Host-session=; Path=/; Max-Age=0"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie<'n>(SetCookie<'n>);

/// As long as what a secret is written with.
const VALUE: &str = match core::str::from_utf8(&[b'A'; Secret::LEN]) {
    Ok(text) => text,
    Err(_) => "",
};

impl Cookie<'static> {
    /// `__Host-session`, with every protection that there is.
    pub const HOST: Self = Self(SetCookie::protected(Pair::known("__Host-session", VALUE)));
}

impl<'n> Cookie<'n> {
    /// A cookie of another name, or with other attributes: a `Max-Age`, so that it outlives the
    /// browser, a `Path`, `SameSite=Strict`. Its value does not matter.
    ///
    /// ```
    /// use core::time::Duration;
    /// use hardtack::cookie::SetCookie;
    /// use hardtack::session::Cookie;
    ///
    /// // “Stay logged in”: as long as the session may last by `Rules::AAL1`.
    /// const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);
    /// let lasting = Cookie::new(SetCookie::new("__Host-session", "")?.with_max_age(MONTH))?;
    /// # Ok::<(), hardtack::cookie::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`cookie::Error::TooLong`] for a name that leaves no room for the secret.
    ///
    /// # Security
    ///
    /// What `cookie` lacks in protection, the session lacks. Keep the prefix `__Host-`: without it
    /// a neighbouring host, or anyone on the network, can put a session of their own into the
    /// browser.
    pub const fn new(cookie: SetCookie<'n>) -> Result<Self, cookie::Error> {
        match cookie.with_value(VALUE) {
            Ok(cookie) => Ok(Self(cookie)),
            Err(error) => Err(error),
        }
    }

    /// Writes the value of the `Set-Cookie` header that gives the client its secret: after
    /// `open`, `login`, `reauthenticate` and `rotate`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] if `buffer` is too small. The client has no session then: end it.
    pub fn set<'b>(&self, secret: &Secret, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        let mut text = [0; Secret::LEN];
        let written = match secret.write(&mut text) {
            // With a value of the same length and alphabet it was built before.
            Ok(text) => match self.0.with_value(text) {
                Ok(cookie) => cookie.write(buffer),
                Err(_) => Err(NoRoom { needed: self.len() }),
            },
            Err(no_room) => Err(no_room),
        };
        wipe(&mut text);
        written
    }

    /// The exact number of bytes that [`set`](Self::set) writes.
    #[must_use]
    #[expect(clippy::len_without_is_empty)] // it never is
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What removes the cookie from the client: write it into a `Set-Cookie` header after
    /// `end`, and wherever the presented session is gone.
    #[must_use]
    pub const fn removal(&self) -> SetCookie<'n> {
        self.0.removal()
    }

    /// The secret that a request presents, of the lines of its `Cookie` header; nothing if the
    /// cookie is not among them.
    ///
    /// A line is bytes, text, or what is either underneath: with a header map of the crate `http`,
    /// `Cookie::HOST.read(headers.get_all("cookie"))`.
    ///
    /// A browser that is refused here is refused again next time: answer with the
    /// [removal](Self::removal).
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if the cookie is there twice, even with one value: somebody may have
    /// planted one of them, and which is not to be told. [`Error::Malformed`] if its value does not
    /// have the form of a secret: `abc`, an empty one.
    pub fn read<'h, L, T>(&self, lines: L) -> Result<Option<Secret>, Error>
    where
        L: IntoIterator<Item = &'h T>,
        T: AsRef<[u8]> + ?Sized + 'h,
    {
        let value = only(lines, self.0.name().as_bytes());
        let value = value.map_err(|_| Error::Ambiguous)?;
        value.map(Secret::parse).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_cookie_is_one_that_is_taken() {
        let checked = SetCookie::new("__Host-session", VALUE);
        assert_eq!(checked, Ok(Cookie::HOST.0));
        assert_eq!(checked.and_then(Cookie::new), Ok(Cookie::HOST));
        assert_eq!(VALUE.len(), Secret::LEN);
    }
}
