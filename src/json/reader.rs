//! One pass over the text: white space, literals, strings; numbers, arrays and objects below.

use super::Error;
use super::names::Names;
use super::string::{Raw, escape_at, plain_len};

mod members;
mod numbers;

pub(super) use members::Members;

/// A text and how far it is read.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// What is not read yet, the end of `text`.
    rest: &'t str,
    /// What no string was unescaped to yet.
    scratch: &'t mut [u8],
    depth: usize,
    names: Names,
    /// A value that was read before: what is left of the text before it and behind it.
    known: (usize, &'t str),
}

impl<'t> Reader<'t> {
    /// `text` has been checked by [`utf8`], which is no part of this: a reader is large, and a result
    /// around it would be a second place for it on the stack.
    pub(super) const fn new(text: &'t str, scratch: &'t mut [u8]) -> Self {
        Self {
            text,
            rest: text,
            scratch,
            depth: 0,
            names: Names::new(),
            known: (0, ""),
        }
    }

    /// Nothing but white space is left, and nothing is open: a type that went on after an error in
    /// an array or object has taken the bracket of another for its own, or the text is no JSON.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None if self.depth == 0 => Ok(()),
            _ => Err(Error::Syntax),
        }
    }

    /// What is not read yet, from the next value on.
    #[cfg_attr(not(small), inline)]
    pub(super) fn rest(&mut self) -> &'t str {
        self.peek();
        self.rest
    }

    /// Goes back to `start`, a value that was read up to here.
    #[inline]
    pub(super) const fn read_again(&mut self, start: &'t str) {
        self.known = (start.len(), self.rest);
        self.rest = start;
    }

    /// The text from `start` up to here.
    pub(super) fn since(&self, start: &'t str) -> &'t str {
        let len = start.len().saturating_sub(self.rest.len());
        start.get(..len).unwrap_or_default()
    }

    /// The next byte that is not white space, which stays.
    #[cfg_attr(not(small), inline)]
    #[cfg_attr(small, inline(never))]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.rest.as_bytes() {
            [byte, ..] if *byte > b' ' => Some(*byte),
            _ => self.peek_behind_space(),
        }
    }

    /// White space is what RFC 8259 §2 says.
    #[inline(never)]
    fn peek_behind_space(&mut self) -> Option<u8> {
        let bytes = self.rest.as_bytes();
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.pass(bytes.iter().take_while(is_space).count());
        self.rest.as_bytes().first().copied()
    }

    /// Takes the next character that is not white space, if it is `character`.
    #[cfg_attr(not(small), inline)]
    pub(super) fn take(&mut self, character: char) -> bool {
        self.peek();
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Passes over `len` bytes of ASCII that are there.
    #[cfg_attr(not(small), inline)]
    #[cfg_attr(small, inline(never))]
    fn pass(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    /// The text is not JSON, and stays so for a type that goes on after the error: as if something
    /// were open that nothing closes.
    #[cold]
    fn broken(&mut self) -> Error {
        self.depth = usize::MAX;
        Error::Syntax
    }

    /// Why the value here is not of the type that is asked for.
    #[cold]
    pub(super) fn mismatch(&mut self) -> Error {
        match self.peek() {
            Some(b'n') if self.rest.starts_with("null") => Error::Null,
            Some(b'"' | b'{' | b'[' | b't' | b'f' | b'-' | b'0'..=b'9') => Error::Type,
            _ => self.broken(),
        }
    }

    /// Takes `null`, `true` or `false`.
    #[cfg_attr(not(small), inline)]
    pub(super) fn literal(&mut self, literal: &str) -> Result<(), Error> {
        self.rest = self.rest.strip_prefix(literal).ok_or(Error::Syntax)?;
        Ok(())
    }

    pub(super) fn null(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'n') => self.literal("null"),
            _ => Err(self.mismatch()),
        }
    }

    #[inline]
    pub(super) fn boolean(&mut self) -> Result<bool, Error> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => Err(self.mismatch()),
        }
    }

    /// A string as it stands in the text.
    #[cfg_attr(not(small), inline)]
    pub(super) fn raw_string(&mut self) -> Result<Raw<'t>, Error> {
        if !self.take('"') {
            return Err(self.mismatch());
        }
        self.raw_string_rest()
    }

    /// A string whose quote is taken.
    #[cfg_attr(not(small), inline)]
    fn raw_string_rest(&mut self) -> Result<Raw<'t>, Error> {
        if let Some((text, rest)) = split_plain(self.rest, "\"") {
            self.rest = rest;
            return Ok(Raw {
                text,
                escaped: false,
            });
        }
        self.raw_string_with_escapes()
    }

    #[cold]
    #[inline(never)]
    fn raw_string_with_escapes(&mut self) -> Result<Raw<'t>, Error> {
        let start = self.rest;
        loop {
            self.pass(plain_len(self.rest.as_bytes()));
            let text = self.since(start);
            if let Some(rest) = self.rest.strip_prefix('"') {
                self.rest = rest;
                return Ok(Raw {
                    text,
                    escaped: true,
                });
            }
            let Some((_, len)) = escape_at(self.rest.as_bytes()) else {
                return Err(self.broken());
            };
            self.pass(len);
        }
    }

    /// A string, unescaped.
    #[cfg_attr(not(small), inline)]
    pub(super) fn string(&mut self) -> Result<&'t str, Error> {
        if let Some(from) = self.rest.strip_prefix('"')
            && let Some((text, rest)) = split_plain(from, "\"")
        {
            self.rest = rest;
            return Ok(text);
        }
        self.any_string()
    }

    /// [`string`](Self::string), where there is white space before it or an escape in it.
    #[inline(never)]
    fn any_string(&mut self) -> Result<&'t str, Error> {
        let raw = self.raw_string()?;
        self.unescaped(raw)
    }

    /// What a string stands for, borrowed from the text or from the scratch buffer.
    #[inline]
    pub(super) fn unescaped(&mut self, raw: Raw<'t>) -> Result<&'t str, Error> {
        if raw.escaped {
            self.unescape(raw)
        } else {
            Ok(raw.text)
        }
    }

    #[cold]
    fn unescape(&mut self, raw: Raw<'t>) -> Result<&'t str, Error> {
        let len = raw.unescape(self.scratch).ok_or(Error::ScratchTooSmall)?;
        let scratch = core::mem::take(&mut self.scratch);
        let (used, rest) = scratch.split_at_mut_checked(len).unwrap_or_default();
        self.scratch = rest;
        core::str::from_utf8(used).map_err(|_| Error::Syntax)
    }

    /// What a string stands for, until the next one is unescaped.
    #[cold]
    pub(super) fn unescaped_for_now(&mut self, raw: Raw<'t>) -> Result<&str, Error> {
        let len = raw.unescape(self.scratch).ok_or(Error::ScratchTooSmall)?;
        let used = self.scratch.get(..len).unwrap_or_default();
        core::str::from_utf8(used).map_err(|_| Error::Syntax)
    }
}

/// A text as a whole, so that no string of it has to be checked again.
pub(super) fn utf8(text: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(text).map_err(|_| Error::Syntax)
}

/// The plain characters at the front of `text` and what stands behind the `end` that follows them;
/// nothing where something else follows them.
#[cfg_attr(not(small), inline)]
fn split_plain<'t>(text: &'t str, end: &str) -> Option<(&'t str, &'t str)> {
    let (plain, rest) = text.split_at_checked(plain_len(text.as_bytes()))?;
    Some((plain, rest.strip_prefix(end)?))
}
