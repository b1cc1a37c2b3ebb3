use core::fmt;
use core::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{FIELDS, Saved};
use crate::cookie::PublicSuffixes;
use crate::jar::cookie::Marks;
use crate::jar::{Cookie, Jar};
use crate::time::UnixTime;

/// What became of the saved cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restored {
    /// Those that went in. Where the jar has less room than the one that was saved, later ones push
    /// earlier ones out again.
    pub kept: usize,
    /// Those that did not: expired, not sound, too large, or one that the jar has already.
    pub dropped: usize,
}

/// A jar into which saved cookies go: a seed of serde.
pub struct Restoring<'j, const COOKIES: usize, const BYTES: usize, P> {
    jar: &'j mut Jar<COOKIES, BYTES, P>,
    scratch: &'j mut [u8],
    now: UnixTime,
}

impl<const COOKIES: usize, const BYTES: usize, P> fmt::Debug for Restoring<'_, COOKIES, BYTES, P> {
    /// Shows nothing of the scratch space, where values are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Restoring")
            .field("jar", &self.jar)
            .finish_non_exhaustive()
    }
}

impl<const COOKIES: usize, const BYTES: usize, P: PublicSuffixes> Jar<COOKIES, BYTES, P> {
    /// Adds the cookies of a jar that was saved, when it reads them, with the order in which they
    /// were created and used.
    ///
    /// Nothing that was saved is trusted: each cookie is checked as if it came from a server, by the
    /// public suffixes of today too, and dropped if it could not have come from one. One that the
    /// jar has already is the younger one and stays. A cookie that says that it was created after `now`
    /// or lives for more than 400 days from it is cut down to that: restore once the clock is right.
    ///
    /// `scratch` holds the texts of one saved cookie at a time: as many bytes as the saved jar had for
    /// texts are always enough, and 6,400 unless a path or a top-level site is longer than 1 KiB, as
    /// those of a URL may be. It is not the scratch buffer of
    /// [`json::read_seed`](crate::json::read_seed), which the texts with escapes share: a value in
    /// quotes is one.
    ///
    /// Reading fails where the format does: for a sequence that breaks off, for fields that are
    /// unknown, missing or there twice, and for texts that do not fit into `scratch`. The cookies
    /// before that are then in the jar.
    ///
    /// ```
    /// use hardtack::cookie::{NoSuffixList, Request};
    /// use hardtack::jar::Jar;
    /// use hardtack::json;
    /// use hardtack::time::UnixTime;
    ///
    /// let now = UnixTime::from_secs(1_767_225_600);
    /// let request = Request::https("shop.example", "/")?;
    /// let mut jar = Jar::<8, 1024>::new(NoSuffixList);
    /// let _ = jar.store(b"theme=\"dark\"; Max-Age=3600", &request, now);
    /// jar.end_session();
    /// let mut text = [0; 1024];
    /// let saved = json::write(&jar, &mut text)?;
    ///
    /// let mut jar = Jar::<8, 1024>::new(NoSuffixList);
    /// let (mut scratch, mut unescaped) = ([0; 512], [0; 512]);
    /// let restoring = jar.restoring(&mut scratch, now);
    /// assert_eq!(json::read_seed(restoring, saved.as_bytes(), &mut unescaped)?.kept, 1);
    /// assert_eq!(jar.write_header(&request, &mut [0; 64], now)?, b"theme=\"dark\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn restoring<'j>(
        &'j mut self,
        scratch: &'j mut [u8],
        now: UnixTime,
    ) -> Restoring<'j, COOKIES, BYTES, P> {
        Restoring {
            jar: self,
            scratch,
            now,
        }
    }

    fn restore(&mut self, mut saved: Saved<'_>, now: UnixTime) -> bool {
        saved.limit(now);
        saved.is_sound(&self.suffixes)
            && !saved.cookie.is_expired(now)
            && self.put_back(&saved.cookie, saved.order, saved.used, now)
    }
}

impl<'de, const COOKIES: usize, const BYTES: usize, P: PublicSuffixes> DeserializeSeed<'de>
    for Restoring<'_, COOKIES, BYTES, P>
{
    type Value = Restored;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Restored, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, const COOKIES: usize, const BYTES: usize, P: PublicSuffixes> Visitor<'de>
    for Restoring<'_, COOKIES, BYTES, P>
{
    type Value = Restored;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of cookies")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cookies: A) -> Result<Restored, A::Error> {
        let mut restored = Restored::default();
        while let Some(saved) = cookies.next_element_seed(Draft::new(self.scratch))? {
            let count = if self.jar.restore(saved, self.now) {
                &mut restored.kept
            } else {
                &mut restored.dropped
            };
            *count = count.saturating_add(1);
        }
        Ok(restored)
    }
}

/// What was read of one cookie.
struct Draft<'s> {
    /// What is left of the scratch space.
    scratch: &'s mut [u8],
    name: Option<&'s [u8]>,
    value: Option<&'s [u8]>,
    domain: Option<&'s [u8]>,
    host_only: Option<bool>,
    path: Option<&'s [u8]>,
    top_level_site: Option<Option<&'s [u8]>>,
    created: Option<UnixTime>,
    expires: Option<Option<UnixTime>>,
    secure: Option<bool>,
    http_only: Option<bool>,
    same_site: Option<crate::cookie::SameSite>,
    priority: Option<crate::cookie::Priority>,
    order: Option<u64>,
    used: Option<u64>,
}

/// One of [`FIELDS`], by its place there.
struct Field(usize);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Field, E> {
                let found = FIELDS.iter().position(|field| *field == name);
                found
                    .map(Field)
                    .ok_or_else(|| E::unknown_field(name, &FIELDS))
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

/// Where the values of fields come from: a map or, in formats without names, a sequence.
trait Source<'de> {
    type Error: serde::de::Error;

    fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Self::Error>;
}

struct Values<A>(A);

impl<'de, A: MapAccess<'de>> Source<'de> for Values<A> {
    type Error = A::Error;

    fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}

struct Elements<A>(A);

impl<'de, A: SeqAccess<'de>> Source<'de> for Elements<A> {
    type Error = A::Error;

    fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = self.0.next_element_seed(seed)?;
        value.ok_or_else(|| A::Error::custom("a field is missing"))
    }
}

impl<'s> Draft<'s> {
    const fn new(scratch: &'s mut [u8]) -> Self {
        Self {
            scratch,
            name: None,
            value: None,
            domain: None,
            host_only: None,
            path: None,
            top_level_site: None,
            created: None,
            expires: None,
            secure: None,
            http_only: None,
            same_site: None,
            priority: None,
            order: None,
            used: None,
        }
    }

    fn take<'de, F: Source<'de>>(&mut self, field: usize, from: &mut F) -> Result<(), F::Error> {
        let scratch = &mut self.scratch;
        match field {
            0 => once(&mut self.name, from.value(Text(scratch))?),
            1 => once(&mut self.value, from.value(Text(scratch))?),
            2 => once(&mut self.domain, from.value(Text(scratch))?),
            3 => once(&mut self.host_only, from.value(PhantomData)?),
            4 => once(&mut self.path, from.value(Text(scratch))?),
            5 => once(&mut self.top_level_site, from.value(MaybeText(scratch))?),
            6 => once(&mut self.created, from.value(PhantomData)?),
            7 => once(&mut self.expires, from.value(PhantomData)?),
            8 => once(&mut self.secure, from.value(PhantomData)?),
            9 => once(&mut self.http_only, from.value(PhantomData)?),
            10 => once(&mut self.same_site, from.value(PhantomData)?),
            11 => once(&mut self.priority, from.value(PhantomData)?),
            12 => once(&mut self.order, from.value(PhantomData)?),
            _ => once(&mut self.used, from.value(PhantomData)?),
        }
    }

    fn finish(self) -> Option<Saved<'s>> {
        // Formats differ in how they write nothing: by a null, or by leaving the field out.
        let expires = self.expires.flatten();
        let site = self.top_level_site.flatten();
        let marks = Marks {
            is_persistent: expires.is_some(),
            is_host_only: self.host_only?,
            is_secure: self.secure?,
            is_http_only: self.http_only?,
            is_partitioned: site.is_some(),
            same_site: self.same_site?,
            priority: self.priority?,
        };
        Some(Saved {
            cookie: Cookie {
                name: self.name?,
                value: self.value?,
                domain: self.domain?,
                path: self.path?,
                site: site.unwrap_or_default(),
                marks,
                created: self.created?,
                expires: expires.unwrap_or(UnixTime::MAX),
            },
            order: self.order?,
            used: self.used?,
        })
    }
}

fn once<T, E: serde::de::Error>(field: &mut Option<T>, value: T) -> Result<(), E> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom("a field is there twice")),
    }
}

impl<'de, 's> DeserializeSeed<'de> for Draft<'s> {
    type Value = Saved<'s>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Saved<'s>, D::Error> {
        deserializer.deserialize_struct("Cookie", &FIELDS, self)
    }
}

impl<'de, 's> Visitor<'de> for Draft<'s> {
    type Value = Saved<'s>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cookie")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Saved<'s>, A::Error> {
        while let Some(Field(field)) = map.next_key()? {
            self.take(field, &mut Values(&mut map))?;
        }
        let complete = self.finish();
        complete.ok_or_else(|| A::Error::custom("a field is missing"))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Saved<'s>, A::Error> {
        for field in 0..FIELDS.len() {
            self.take(field, &mut Elements(&mut elements))?;
        }
        let complete = self.finish();
        complete.ok_or_else(|| A::Error::custom("a field is missing"))
    }
}

/// Reads a text into the front of the scratch space, a character to an octet.
struct Text<'a, 's>(&'a mut &'s mut [u8]);

impl<'de, 's> DeserializeSeed<'de> for Text<'_, 's> {
    type Value = &'s [u8];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'s [u8], D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'s> Visitor<'_> for Text<'_, 's> {
    type Value = &'s [u8];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text of characters up to U+00FF")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<&'s [u8], E> {
        let scratch = core::mem::take(self.0);
        let split = scratch.split_at_mut_checked(text.chars().count());
        let Some((room, rest)) = split else {
            return Err(E::custom("the scratch buffer is too small"));
        };
        for (byte, char) in room.iter_mut().zip(text.chars()) {
            *byte =
                u8::try_from(char).map_err(|_| E::custom("a text has a character above U+00FF"))?;
        }
        *self.0 = rest;
        Ok(room)
    }
}

/// A [`Text`] or nothing.
struct MaybeText<'a, 's>(&'a mut &'s mut [u8]);

impl<'de, 's> DeserializeSeed<'de> for MaybeText<'_, 's> {
    type Value = Option<&'s [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, 's> Visitor<'de> for MaybeText<'_, 's> {
    type Value = Option<&'s [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or nothing")
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Text(self.0).deserialize(deserializer).map(Some)
    }
}
