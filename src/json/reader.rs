//! One pass over the text: white space, strings, numbers, brackets, names.

use super::names::{Names, Scope};
use super::number::{Number, SAFE_DIGITS, decimal_len};
use super::string::{Raw, escape_at, plain_len};
use super::{Error, MAX_DEPTH};
use crate::ascii::is_digit;

/// A text and how far it is read.
pub(super) struct Reader<'t> {
    /// Checked to be UTF-8 as a whole, once, so that no string has to be checked again.
    text: &'t str,
    at: usize,
    /// What no string was unescaped to yet.
    scratch: &'t mut [u8],
    depth: usize,
    names: Names,
    /// A value that was read before: where it starts, and where it ends. Skipping it again is free.
    known: (usize, usize),
}

/// An array or object that is being read.
pub(super) struct Members {
    scope: Scope,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing but its bracket was read.
    Opened,
    /// A member was read, so a comma comes before the next.
    Started,
    /// Its other bracket was read.
    Closed,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8], scratch: &'t mut [u8]) -> Result<Self, Error> {
        Ok(Self {
            text: core::str::from_utf8(text).map_err(|_| Error::Syntax)?,
            at: 0,
            scratch,
            depth: 0,
            names: Names::new(),
            known: (0, 0),
        })
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Error::Syntax),
        }
    }

    /// How far the text is read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Goes back to `start`, the start of a value that was read up to here.
    pub(super) const fn read_again(&mut self, start: usize) {
        self.known = (start, self.at);
        self.at = start;
    }

    /// The text from `start` up to here.
    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[inline]
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Passes over `len` bytes that are there.
    #[inline]
    const fn pass(&mut self, len: usize) {
        self.at = self.at.wrapping_add(len);
    }

    /// The next byte that is not white space (RFC 8259 §2), which stays.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if byte > b' ' || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.pass(1);
        }
    }

    /// Takes the next byte that is not white space, if it is `byte`.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.pass(1);
        }
        found
    }

    /// Why the value here is not of the type that is asked for.
    #[cold]
    pub(super) fn mismatch(&mut self) -> Error {
        match self.peek() {
            Some(b'n') if self.rest().starts_with(b"null") => Error::Null,
            Some(b'"' | b'{' | b'[' | b't' | b'f' | b'-' | b'0'..=b'9') => Error::Type,
            _ => Error::Syntax,
        }
    }

    /// Takes `null`, `true` or `false`.
    #[inline]
    pub(super) fn literal(&mut self, literal: &str) -> Result<(), Error> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return Err(Error::Syntax);
        }
        self.pass(literal.len());
        Ok(())
    }

    pub(super) fn null(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'n') => self.literal("null"),
            _ => Err(self.mismatch()),
        }
    }

    pub(super) fn boolean(&mut self) -> Result<bool, Error> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => Err(self.mismatch()),
        }
    }

    /// A number (RFC 8259 §6). Whether it ends here is seen by what comes next.
    #[inline]
    pub(super) fn number(&mut self) -> Result<Number<'t>, Error> {
        let negative = match self.peek() {
            Some(b'-') => true,
            Some(byte) if is_digit(byte) => false,
            _ => return Err(self.mismatch()),
        };
        let start = self.at;
        self.pass(usize::from(negative));
        let digits = self.rest();
        let mut magnitude = 0_u64;
        let mut count = 0_usize;
        for &byte in digits {
            if !is_digit(byte) {
                break;
            }
            let digit = u64::from(byte & 0x0F);
            magnitude = magnitude.wrapping_mul(10).wrapping_add(digit);
            count = count.wrapping_add(1);
        }
        if count == 0 || (count > 1 && digits.first() == Some(&b'0')) {
            return Err(Error::Syntax);
        }
        self.pass(count);
        let whole = !matches!(digits.get(count), Some(b'.' | b'e' | b'E'));
        if !whole {
            let len = decimal_len(self.rest()).ok_or(Error::Syntax)?;
            self.pass(len);
        }
        Ok(Number {
            text: self.since(start),
            negative,
            magnitude: (whole && count <= SAFE_DIGITS).then_some(magnitude),
            whole,
        })
    }

    /// A string as it stands in the text.
    #[inline]
    pub(super) fn raw_string(&mut self) -> Result<Raw<'t>, Error> {
        if !self.take(b'"') {
            return Err(self.mismatch());
        }
        self.raw_string_rest()
    }

    /// A string whose quote is taken.
    #[inline]
    fn raw_string_rest(&mut self) -> Result<Raw<'t>, Error> {
        let start = self.at;
        let mut escaped = false;
        loop {
            let rest = self.rest();
            let plain = plain_len(rest);
            self.pass(plain);
            match rest.get(plain) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    let (_, len) = escape_at(self.rest()).ok_or(Error::Syntax)?;
                    self.pass(len);
                }
                _ => return Err(Error::Syntax),
            }
        }
        let text = self.since(start);
        self.pass(1);
        Ok(Raw { text, escaped })
    }

    /// A string, unescaped.
    #[inline]
    pub(super) fn string(&mut self) -> Result<&'t str, Error> {
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

    /// Takes `bracket`, which opens an array or object.
    #[inline]
    pub(super) fn open(&mut self, bracket: u8) -> Result<Members, Error> {
        if !self.take(bracket) {
            return Err(self.mismatch());
        }
        if self.depth >= MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        self.depth = self.depth.wrapping_add(1);
        Ok(Members {
            scope: self.names.open(),
            state: State::Opened,
        })
    }

    /// Whether the array has another element, which is then next; if not, it is closed.
    #[inline]
    pub(super) fn element(&mut self, array: &mut Members) -> Result<bool, Error> {
        self.more(array, b']')
    }

    /// The object's next name, whose value is then next; or nothing, and it is closed.
    #[inline]
    pub(super) fn name(&mut self, object: &mut Members) -> Result<Option<Raw<'t>>, Error> {
        if self.more(object, b'}')? {
            self.name_of(&mut object.scope).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Takes the comma before another member, or the bracket that closes.
    #[inline]
    fn more(&mut self, members: &mut Members, bracket: u8) -> Result<bool, Error> {
        if members.state == State::Closed {
            return Ok(false);
        }
        let byte = self.peek().ok_or(Error::Syntax)?;
        if byte == bracket {
            self.pass(1);
            self.names.close(members.scope);
            self.depth = self.depth.saturating_sub(1);
            members.state = State::Closed;
            return Ok(false);
        }
        if members.state == State::Opened {
            members.state = State::Started;
        } else if byte == b',' {
            self.pass(1);
        } else {
            return Err(Error::Syntax);
        }
        Ok(true)
    }

    /// A name and its colon.
    #[inline]
    fn name_of(&mut self, scope: &mut Scope) -> Result<Raw<'t>, Error> {
        if !self.take(b'"') {
            return Err(Error::Syntax);
        }
        let start = self.at;
        let name = self.raw_string_rest()?;
        self.names.add(scope, self.text, start, name)?;
        if self.take(b':') {
            Ok(name)
        } else {
            Err(Error::Syntax)
        }
    }

    /// Passes over a value, checked as if it were read.
    #[inline]
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        if self.at == self.known.0 && self.at < self.known.1 {
            self.at = self.known.1;
            return Ok(());
        }
        match self.peek() {
            Some(b'{' | b'[') => self.skip_nested(),
            _ => self.skip_scalar(),
        }
    }

    #[inline]
    fn skip_scalar(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => self.raw_string().map(drop),
            Some(b'n') => self.literal("null"),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            _ => self.number().map(drop),
        }
    }

    /// Passes over an array or object, with a table of what is open in place of recursion.
    #[inline(never)]
    fn skip_nested(&mut self) -> Result<(), Error> {
        // What is open around the innermost one: whether it is an object, and its place among the
        // names.
        let mut outer = [(false, 0_u8); MAX_DEPTH];
        let mut outer_len = 0_usize;
        let mut is_object = self.peek() == Some(b'{');
        let mut inner = self.open(if is_object { b'{' } else { b'[' })?;
        loop {
            let more = if is_object {
                self.name(&mut inner)?.is_some()
            } else {
                self.element(&mut inner)?
            };
            if !more {
                outer_len = match outer_len.checked_sub(1) {
                    Some(len) => len,
                    None => return Ok(()),
                };
                let first;
                (is_object, first) = outer.get(outer_len).copied().unwrap_or_default();
                inner = Members {
                    scope: Scope::from_first(first),
                    state: State::Started,
                };
                continue;
            }
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    let slot = outer.get_mut(outer_len).ok_or(Error::TooDeep)?;
                    *slot = (is_object, inner.scope.first());
                    outer_len = outer_len.wrapping_add(1);
                    is_object = bracket == b'{';
                    inner = self.open(bracket)?;
                }
                _ => self.skip_scalar()?,
            }
        }
    }
}
