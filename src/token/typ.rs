use crate::ascii;

/// The type of a token, its `typ` header parameter (RFC 7515 §4.1.9, RFC 8725 §3.11).
///
/// A media type without its `application/`. It is compared without regard to case, and with or
/// without that prefix, as the RFC has it. Tokens of one type are never taken for another's: an
/// access token is not an invitation, though both come from one issuer under one key.
///
/// ```
/// use hardtack::token::Type;
///
/// const INVITATION: Type<'_> = match Type::new("invitation+jwt") {
///     Ok(typ) => typ,
///     Err(_) => panic!("not a type"),
/// };
/// assert_eq!(INVITATION.name(), "invitation+jwt");
/// assert!(INVITATION.matches("application/Invitation+JWT"));
/// assert!(Type::new("text/plain").is_err());
/// assert!(INVITATION != Type::JWT);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Type<'v>(&'v str);

impl<'v> Type<'v> {
    /// `JWT`, a token of no special type (RFC 7519 §5.1).
    pub const JWT: Self = Self("JWT");
    /// `at+jwt`, an access token (RFC 9068 §2.1).
    pub const ACCESS_TOKEN: Self = Self("at+jwt");

    /// The type named `name`: one `token` (RFC 9110 §5.6.2), without `application/`.
    ///
    /// # Errors
    ///
    /// [`InvalidType`] for an empty name and for one with a `/`, a space, a quote or another
    /// character that no subtype has: `application/jwt`, `a b`.
    pub const fn new(name: &'v str) -> Result<Self, InvalidType> {
        if name.is_empty() || !ascii::all_tchar(name.as_bytes()) {
            return Err(InvalidType);
        }
        Ok(Self(name))
    }

    /// The name, as it is written into a header.
    #[must_use]
    pub const fn name(self) -> &'v str {
        self.0
    }

    /// Whether the `typ` of a header is this type.
    #[must_use]
    pub fn matches(self, typ: &str) -> bool {
        const PREFIX: &[u8] = b"application/";
        let typ = typ.as_bytes();
        // [7515-4.1.9-1]
        let name = if ascii::starts_with_ignore_case(typ, PREFIX) {
            typ.get(PREFIX.len()..).unwrap_or_default()
        } else {
            typ
        };
        name.eq_ignore_ascii_case(self.0.as_bytes())
    }
}

impl PartialEq for Type<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other.0)
    }
}

impl Eq for Type<'_> {}

/// A text is not the name of a [`Type`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidType;

impl core::fmt::Display for InvalidType {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the type of a token is one word without `application/`")
    }
}

impl core::error::Error for InvalidType {}

#[cfg(test)]
mod tests {
    use super::*;

    // [7515-4.1.9-1]
    #[test]
    fn case_and_prefix_make_no_difference() {
        for typ in [
            "at+jwt",
            "AT+JWT",
            "application/at+jwt",
            "Application/At+Jwt",
        ] {
            assert!(Type::ACCESS_TOKEN.matches(typ), "{typ}");
        }
        for typ in [
            "",
            "jwt",
            "at+jwt ",
            "at-jwt",
            "application/",
            "application/application/at+jwt",
            "text/at+jwt",
            "at+jwt\0",
        ] {
            assert!(!Type::ACCESS_TOKEN.matches(typ), "{typ}");
        }
        assert_eq!(Type::new("jwt"), Ok(Type::JWT));
    }

    #[test]
    fn a_name_is_one_word() {
        for name in ["", "application/jwt", "a b", "a\"b", "é"] {
            assert_eq!(Type::new(name), Err(InvalidType), "{name}");
        }
    }
}
