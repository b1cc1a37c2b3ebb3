//! A record outside of memory: serde, and bytes of fixed size.

use core::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::identity::{Assurance, Evidence, Factors};
use crate::session::record::{Former, Login};
use crate::session::{Error, Handle, Record};
use crate::time::UnixTime;

/// The length of [`Record::core`] in bytes.
pub const CORE_LEN: usize = 112;

/// The form's number: its first byte.
const FORM: u8 = 1;
const HAS_USER: u8 = 1;
const HAS_FORMER: u8 = 2;

impl<U, D> Record<U, D> {
    /// The record but for its user and its data, as bytes; those two are the caller's to store
    /// beside them.
    ///
    /// | bytes | what |
    /// | --- | --- |
    /// | 0 | 1, the number of this form |
    /// | 1 | 1 if there is a user, plus 2 if there is a former handle |
    /// | 2, 3 | the assurance level, 1 to 3, or 0 without a user; 0 |
    /// | 4 to 7 | the factors |
    /// | 8 to 15 | the version |
    /// | 16 to 39 | begun, used, secret made: seconds since the epoch |
    /// | 40 to 71 | the handle |
    /// | 72 to 111 | the former handle, and until when; or zeros |
    ///
    /// Numbers are big-endian.
    #[must_use]
    pub fn core(&self) -> [u8; CORE_LEN] {
        let (mut flags, mut level, mut factors) = (0, 0, 0);
        if let Some(login) = &self.login {
            flags |= HAS_USER;
            level = level_number(login.evidence.level());
            factors = login.evidence.factors().bits();
        }
        let (mut former, mut until) = ([0; 32], 0);
        if let Some(known) = &self.former {
            flags |= HAS_FORMER;
            (former, until) = (*known.handle.as_bytes(), known.until.as_secs());
        }
        let mut core = [0; CORE_LEN];
        let fields: [&[u8]; 9] = [
            &[FORM, flags, level, 0],
            &factors.to_be_bytes(),
            &self.version.to_be_bytes(),
            &self.begun.as_secs().to_be_bytes(),
            &self.used.as_secs().to_be_bytes(),
            &self.renewed.as_secs().to_be_bytes(),
            self.handle.as_bytes(),
            &former,
            &until.to_be_bytes(),
        ];
        for (to, from) in core.iter_mut().zip(fields.into_iter().flatten()) {
            *to = *from;
        }
        core
    }

    /// The record of these bytes, with its user and its data.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for bytes that [`core`](Self::core) does not make, and for a user
    /// where the bytes know none, or none where they know one.
    pub fn from_core(core: &[u8], user: Option<U>, data: D) -> Result<Self, Error> {
        let mut rest = Fields(core);
        let [FORM, flags, level, 0] = rest.next()? else {
            return Err(Error::Malformed);
        };
        let factors = u32::from_be_bytes(rest.next()?);
        let version = u64::from_be_bytes(rest.next()?);
        let begun = rest.moment()?;
        let used = rest.moment()?;
        let renewed = rest.moment()?;
        let handle = Handle::from_bytes(rest.next()?);
        let former = Former {
            handle: Handle::from_bytes(rest.next()?),
            until: rest.moment()?,
        };
        let record = Self {
            handle,
            former: (flags & HAS_FORMER != 0).then_some(former),
            version,
            begun,
            used,
            renewed,
            login: match user {
                Some(user) => Some(Login {
                    user,
                    evidence: evidence(level, factors).ok_or(Error::Malformed)?,
                }),
                None => None,
            },
            data,
        };
        // Whatever else the bytes may say that no record does.
        if record.core() == core {
            Ok(record)
        } else {
            Err(Error::Malformed)
        }
    }
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn next<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (field, rest) = self.0.split_first_chunk().ok_or(Error::Malformed)?;
        self.0 = rest;
        Ok(*field)
    }

    fn moment(&mut self) -> Result<UnixTime, Error> {
        Ok(UnixTime::from_secs(i64::from_be_bytes(self.next()?)))
    }
}

const LEVELS: [(u8, Assurance); 3] = [
    (1, Assurance::Aal1),
    (2, Assurance::Aal2),
    (3, Assurance::Aal3),
];

fn level_number(level: Assurance) -> u8 {
    let found = LEVELS.into_iter().find(|(_, known)| *known == level);
    found.map_or(0, |(number, _)| number)
}

fn evidence(level: u8, factors: u32) -> Option<Evidence> {
    let (_, level) = LEVELS.into_iter().find(|(number, _)| *number == level)?;
    Some(Evidence::new(level, Factors::from_bits(factors)?))
}

/// As text where a format is text, as its bytes elsewhere.
impl Serialize for Handle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.as_bytes().serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Handle {
    fn deserialize<S: Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(HandleText)
        } else {
            Deserialize::deserialize(deserializer).map(Self::from_bytes)
        }
    }
}

struct HandleText;

impl Visitor<'_> for HandleText {
    type Value = Handle;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("43 characters of base64url")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Handle, E> {
        Handle::parse(text.as_bytes()).map_err(E::custom)
    }
}

/// Evidence as its level and its factors, both numbers.
pub(super) mod evidence_form {
    use super::*;

    pub(in crate::session) fn serialize<S: Serializer>(
        evidence: &Evidence,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        (level_number(evidence.level()), evidence.factors().bits()).serialize(serializer)
    }

    pub(in crate::session) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Evidence, D::Error> {
        let (level, factors) = Deserialize::deserialize(deserializer)?;
        evidence(level, factors).ok_or_else(|| de::Error::custom(Error::Malformed))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::*;

    fn handle(byte: u8) -> Handle {
        Handle::from_bytes([byte; 32])
    }

    fn records() -> [Record<u32, String>; 3] {
        let anonymous = Record {
            handle: handle(1),
            former: None,
            version: 0,
            begun: UnixTime::from_secs(-5),
            used: UnixTime::from_secs(7),
            renewed: UnixTime::EPOCH,
            login: None,
            data: String::from("cart"),
        };
        let evidence = Evidence::new(Assurance::Aal2, Factors::PWD.union(Factors::WIA));
        let ada = Record {
            login: Some(Login { user: 42, evidence }),
            version: u64::MAX,
            used: UnixTime::MAX,
            ..anonymous.clone()
        };
        let rotated = Record {
            former: Some(Former {
                handle: handle(2),
                until: UnixTime::from_secs(9),
            }),
            begun: UnixTime::MIN,
            ..ada.clone()
        };
        [anonymous, ada, rotated]
    }

    #[test]
    fn records_come_back_from_their_bytes() {
        for record in records() {
            let core = record.core();
            let back = Record::from_core(&core, record.user().copied(), record.data.clone());
            assert_eq!(back, Ok(record));
        }
    }

    #[test]
    fn the_form_of_the_bytes_does_not_change() {
        let [_, _, rotated] = records();
        let mut expected = Vec::from([1, 3, 2, 0]);
        expected.extend((1_u32 << 11 | 1 << 20).to_be_bytes());
        expected.extend([0xFF; 8]);
        expected.extend(i64::MIN.to_be_bytes());
        expected.extend(i64::MAX.to_be_bytes());
        expected.extend([0; 8]);
        expected.extend([1; 32]);
        expected.extend([2; 32]);
        expected.extend(9_i64.to_be_bytes());
        assert_eq!(rotated.core().as_slice(), expected);
    }

    #[test]
    fn bytes_that_no_record_makes_are_refused() {
        for record in records() {
            let (core, user) = (record.core(), record.user().copied());
            let refused = |core: &[u8], user| {
                Record::from_core(core, user, String::new()) == Err(Error::Malformed)
            };
            assert!(refused(&core[..CORE_LEN - 1], user));
            assert!(refused(&[core.as_slice(), &[0]].concat(), user));
            assert!(refused(&[], user));
            // A user too much, or missing.
            assert!(refused(&core, user.is_none().then_some(1)));
            for (at, wrong) in [(0, 0), (0, 2), (1, 4 | core[1]), (2, 4), (3, 1), (4, 0xFF)] {
                let mut bytes = core;
                bytes[at] = wrong;
                assert!(refused(&bytes, user), "{at}");
            }
        }
        let [anonymous, ada, _] = records();
        // What belongs to a user or a former handle that is not there.
        for at in [2, 7, 72, 111] {
            let mut bytes = anonymous.core();
            bytes[at] ^= 1;
            assert!(Record::from_core(&bytes, None::<u32>, ()).is_err(), "{at}");
        }
        let mut bytes = ada.core();
        bytes[2] = 0;
        assert!(Record::from_core(&bytes, Some(1), ()).is_err());
    }

    #[test]
    fn records_come_back_from_a_format_that_is_no_text() {
        for record in records() {
            let mut bytes = Vec::new();
            ciborium::into_writer(&record, &mut bytes).unwrap();
            let back: Record<u32, String> = ciborium::from_reader(bytes.as_slice()).unwrap();
            assert_eq!(back, record);
        }
        // 32 numbers, and not their text.
        let mut bytes = Vec::new();
        ciborium::into_writer(&handle(1), &mut bytes).unwrap();
        assert_eq!(bytes, [[0x98, 32].as_slice(), &[1; 32]].concat());
    }

    #[test]
    fn records_come_back_from_json() {
        for record in records() {
            let text = serde_json::to_string(&record).unwrap();
            assert_eq!(
                serde_json::from_str::<Record<u32, String>>(&text).unwrap(),
                record
            );
        }
        let [_, ada, rotated] = records();
        assert_eq!(
            serde_json::to_value(&rotated).unwrap(),
            serde_json::json!({
                "handle": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
                "former": {"handle": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI", "until": 9},
                "version": u64::MAX,
                "begun": i64::MIN,
                "used": i64::MAX,
                "renewed": 0,
                "login": {"user": 42, "evidence": [2, 1 << 11 | 1 << 20]},
                "data": "cart",
            })
        );
        let number = serde_json::from_str::<Handle>("1").unwrap_err();
        assert!(number.to_string().contains("43 characters of base64url"));
        let text = serde_json::to_string(&ada).unwrap();
        for (right, wrong) in [
            ("\"evidence\":[2,", "\"evidence\":[4,"),
            ("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "AQE"),
            ("\"version\"", "\"vision\""),
        ] {
            assert!(text.contains(right));
            let wrong = text.replace(right, wrong);
            assert!(serde_json::from_str::<Record<u32, String>>(&wrong).is_err());
        }
    }
}
