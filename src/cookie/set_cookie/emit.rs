//! The text of a `Set-Cookie` line.

use core::fmt;

use super::SetCookie;
use crate::write::{Emit, NoRoom, Sink, Stop};

impl SetCookie<'_> {
    /// The exact length of the text.
    #[expect(clippy::len_without_is_empty)] // never empty
    #[must_use]
    pub fn len(&self) -> usize {
        self.emitted_len()
    }

    /// Writes the text to the front of `buffer`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a buffer below [`len`](Self::len) bytes; it is then as it was.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, NoRoom> {
        self.emit_str(buffer)
    }
}

impl Emit for SetCookie<'_> {
    #[inline]
    fn emit<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        self.pair.emit(sink)?;
        self.emit_attributes(sink)
    }
}

impl SetCookie<'_> {
    /// What comes behind the pair.
    #[inline]
    pub(in crate::cookie) fn emit_attributes<S: Sink>(&self, sink: &mut S) -> Result<(), Stop> {
        if let Some(domain) = self.domain {
            sink.put(b"; Domain=")?;
            sink.put(domain.as_bytes())?;
        }
        if let Some(path) = self.path {
            sink.put(b"; Path=")?;
            sink.put(path.as_bytes())?;
        }
        if let Some(seconds) = self.max_age {
            sink.put(b"; Max-Age=")?;
            sink.put_number(seconds)?;
        }
        if let Some(expires) = self.expires {
            sink.put(b"; Expires=")?;
            expires.emit(sink)?;
        }
        if self.secure {
            sink.put(b"; Secure")?;
        }
        if self.http_only {
            sink.put(b"; HttpOnly")?;
        }
        if let Some(same_site) = self.same_site.as_str() {
            sink.put(b"; SameSite=")?;
            sink.put(same_site.as_bytes())?;
        }
        if self.partitioned {
            sink.put(b"; Partitioned")?;
        }
        if let Some(priority) = self.priority {
            sink.put(b"; Priority=")?;
            sink.put(priority.as_str().as_bytes())?;
        }
        for (name, value) in self.extensions {
            sink.put(b"; ")?;
            sink.put(name.as_bytes())?;
            if !value.is_empty() {
                sink.put(b"=")?;
                sink.put(value.as_bytes())?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.emit_fmt(f)
    }
}

impl fmt::Debug for SetCookie<'_> {
    /// The text with the value left out: it is a secret, as a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elided = Self {
            pair: self.pair.without_value(),
            ..*self
        };
        write!(
            f,
            "SetCookie({elided}, [{} bytes elided])",
            self.value().len()
        )
    }
}
