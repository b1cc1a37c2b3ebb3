use core::fmt;

/// Why a cookie cannot be built, read or trusted. No cause carries input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A name that is not a token: empty, or with a space, `=`, `;`, …
    Name,
    /// A value that is not made of cookie-octets: with a space, `"` inside, `,`, `;`, `\`, …
    Value,
    /// A domain, path or further attribute that its grammar does not allow.
    Attribute,
    /// Name and value over 4096 octets together, or an attribute value over 1024.
    TooLong,
    /// The attributes do not keep what the prefix of the name promises.
    Prefix,
    /// `SameSite=None` or `Partitioned` without `Secure`.
    Insecure,
    /// A received line with a control character: all of it is ignored.
    Control,
    /// A received line with neither a name nor a value: all of it is ignored.
    Empty,
    /// A signed value that is not valid. There is no detail, on purpose.
    Signature,
    /// A value in chunks of which one is missing, foreign or one too many.
    Chunks,
    /// Percent-encoding with a `%` that two hexadecimal digits do not follow.
    Percent,
    /// The buffer is too small. Nothing was written to it.
    NoRoom,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the name of the cookie is not a token",
            Self::Value => "the value of the cookie has a character that it cannot carry",
            Self::Attribute => "an attribute of the cookie is not as its grammar wants it",
            Self::TooLong => "the cookie is longer than user agents take",
            Self::Prefix => "the attributes do not keep what the prefix of the name promises",
            Self::Insecure => "a cookie with SameSite=None or Partitioned must be Secure",
            Self::Control => "the line has a control character",
            Self::Empty => "the line has neither a name nor a value",
            Self::Signature => "the signed value is not valid",
            Self::Chunks => "the chunks of the value do not belong together",
            Self::Percent => "a percent sign is not followed by two hexadecimal digits",
            Self::NoRoom => "the buffer is too small",
        })
    }
}

impl core::error::Error for Error {}
