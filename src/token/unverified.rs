use super::Error;
use super::compact::{self, Decoded};

/// What a token says, before anything about it is known to be true.
///
/// It is for looking into a token while debugging, and for choosing by the issuer's name which
/// verifier to ask. Everything in it is what whoever sent the token wants it to be.
///
/// # Security
///
/// Never act on it. A decision by an unverified claim is the whole of many a break-in.
///
/// ```
/// use hardtack::json;
/// use hardtack::token::Unverified;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Issuer<'t> {
///     iss: &'t str,
/// }
///
/// // RFC 7515 appendix A.1
/// let token = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkz\
///               ODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU\
///               1p1r_wW1gFWFOEjXk";
/// let mut scratch = [0; 256];
/// let unverified = Unverified::parse(token, &mut scratch)?;
/// assert_eq!(unverified.header(), b"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
/// let alleged: Issuer = json::read(unverified.payload(), &mut [])?;
/// assert_eq!(alleged.iss, "joe");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Unverified<'t>(Decoded<'t>);

impl<'t> Unverified<'t> {
    /// Decodes `token` to `scratch`, and checks nothing but its structure and its base64url.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for what is not three parts of base64url, the last as long as a tag or
    /// empty; [`Error::NoRoom`] for a small `scratch`.
    pub fn parse(token: &[u8], scratch: &'t mut [u8]) -> Result<Self, Error> {
        compact::inspect(token, scratch).map(Self)
    }

    /// The bytes of the header, which may be JSON.
    #[must_use]
    pub const fn header(&self) -> &'t [u8] {
        self.0.header
    }

    /// The bytes of the payload, which may be JSON.
    #[must_use]
    pub const fn payload(&self) -> &'t [u8] {
        self.0.payload
    }
}
