use core::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::Error;
use crate::base64url;
use crate::write::{Emit, NoRoom, Sink, Stop};

const TEXT: usize = base64url::encoded_len(FamilyId::LEN);

/// The name of a family: 128 random bits, never used again.
///
/// As text (base64url, 22 characters) it is the `sid` of every access token of the family. It is
/// a name, not a credential: without the MAC of a token it opens nothing. With serde it is its
/// text.
///
/// ```
/// use hardtack::refresh::FamilyId;
///
/// let id = FamilyId::from_bytes([0xFB; 16]);
/// assert_eq!(id.to_string(), "-_v7-_v7-_v7-_v7-_v7-w");
/// assert_eq!(FamilyId::parse("-_v7-_v7-_v7-_v7-_v7-w"), Some(id));
/// assert_eq!(FamilyId::parse("-_v7-_v7-_v7-_v7-_v7-x"), None); // bits behind the last byte
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyId([u8; Self::LEN]);

impl FamilyId {
    /// The length in bytes.
    pub const LEN: usize = 16;

    pub(super) fn generate<E>(
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, Error> {
        let mut bytes = [0; Self::LEN];
        fill(&mut bytes).map_err(|_| Error::NoEntropy)?;
        // A source that reports success and has written nothing: all families would be one.
        if bytes == [0; Self::LEN] {
            return Err(Error::NoEntropy);
        }
        Ok(Self(bytes))
    }

    /// The name of these bytes, as a database keeps them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes of the name.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The name that `text` is, such as the `sid` of an access token; nothing for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; Self::LEN];
        let len = base64url::decode(text.as_bytes(), &mut bytes).ok()?.len();
        (len == Self::LEN).then_some(Self(bytes))
    }

    /// The length of the text: 22.
    #[expect(clippy::len_without_is_empty)] // no name is empty
    #[must_use]
    pub const fn len(&self) -> usize {
        TEXT
    }

    /// Writes the text to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for fewer than 22 bytes; the buffer is as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for FamilyId {
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        let mut text = [0; TEXT];
        let text = base64url::encode(&self.0, &mut text).ok_or(Stop)?;
        sink.put(text.as_bytes())
    }
}

impl fmt::Display for FamilyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl fmt::Debug for FamilyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FamilyId({self})")
    }
}

impl Serialize for FamilyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FamilyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = FamilyId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the 22 characters of a family's name")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FamilyId, E> {
                FamilyId::parse(text)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Other("text"), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_name_is_written_and_read_back() {
        let id = FamilyId::from_bytes([0xA5; 16]);
        let text = id.to_string();
        let mut buffer = [0; 22];
        assert_eq!(id.write(&mut buffer), Ok(&*text));
        assert_eq!((id.len(), text.len()), (22, 22));
        assert_eq!(id.write(&mut [0; 21]), Err(NoRoom { needed: 22 }));
        assert_eq!(FamilyId::parse(&text), Some(id));
        assert_eq!(format!("{id:?}"), format!("FamilyId({text})"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let text = FamilyId::from_bytes([0xA5; 16]).to_string();
        for len in 0..22 {
            assert_eq!(FamilyId::parse(&text[..len]), None, "{len}");
        }
        for wrong in [
            format!("{text}A"),
            format!("{text}=="),
            format!(" {}", &text[1..]),
        ] {
            assert_eq!(FamilyId::parse(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn serde_reads_what_it_wrote_and_refuses_the_rest() {
        let id = FamilyId::from_bytes([0xA5; 16]);
        let text = serde_json::to_string(&id).unwrap();
        assert_eq!(text, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<FamilyId>(&text).unwrap(), id);
        for wrong in ["\"\"", "7", "\"AAAAAAAAAAAAAAAAAAAAAB\""] {
            let error = serde_json::from_str::<FamilyId>(wrong).unwrap_err();
            assert!(error.to_string().contains("22 characters"), "{error}");
        }
    }

    #[test]
    fn a_random_source_that_fails_makes_no_name() {
        assert_eq!(FamilyId::generate(|_| Err(())), Err(Error::NoEntropy));
        let silent = |_: &mut [u8]| Ok::<(), ()>(());
        assert_eq!(FamilyId::generate(silent), Err(Error::NoEntropy));
    }
}
