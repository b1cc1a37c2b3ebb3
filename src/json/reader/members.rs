//! Reading arrays and objects, and passing over what nobody asked for.

use super::super::names::Scope;
use super::super::string::Raw;
use super::super::{Error, MAX_DEPTH};
use super::{Reader, split_plain};

/// An array or object that is being read.
pub(in super::super) struct Members {
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
    /// Takes `bracket`, which opens an array or object.
    #[cfg_attr(not(small), inline)]
    pub(in super::super) fn open(&mut self, bracket: char) -> Result<Members, Error> {
        if !self.take(bracket) {
            return Err(self.mismatch());
        }
        if self.depth >= MAX_DEPTH {
            self.broken();
            return Err(Error::TooDeep);
        }
        self.depth = self.depth.wrapping_add(1);
        Ok(Members {
            scope: self.names.open(),
            state: State::Opened,
        })
    }

    /// Whether the array has another element, which is then next; if not, it is closed.
    #[cfg_attr(not(small), inline)]
    pub(in super::super) fn element(&mut self, array: &mut Members) -> Result<bool, Error> {
        self.more(array, ']')
    }

    /// The object's next name, whose value is then next; or nothing, and it is closed.
    #[cfg_attr(not(small), inline(always))]
    pub(in super::super) fn name(
        &mut self,
        object: &mut Members,
    ) -> Result<Option<Raw<'t>>, Error> {
        let from = match object.state {
            State::Opened => self.rest.strip_prefix('"'),
            State::Started => self.rest.strip_prefix(",\""),
            State::Closed => None,
        };
        if let Some(from) = from
            && let Some((text, rest)) = split_plain(from, "\":")
        {
            object.state = State::Started;
            let name = Raw {
                text,
                escaped: false,
            };
            self.names.add(&mut object.scope, self.text, from, name)?;
            self.rest = rest;
            return Ok(Some(name));
        }
        if object.state != State::Closed
            && let Some(rest) = self.rest.strip_prefix('}')
        {
            self.rest = rest;
            self.close(object);
            return Ok(None);
        }
        self.any_name(object)
    }

    /// [`name`](Self::name), where there is white space or an escape.
    #[inline(never)]
    fn any_name(&mut self, object: &mut Members) -> Result<Option<Raw<'t>>, Error> {
        if !self.more(object, '}')? {
            return Ok(None);
        }
        if !self.take('"') {
            return Err(Error::Syntax);
        }
        let from = self.rest;
        let name = self.raw_string_rest()?;
        self.names.add(&mut object.scope, self.text, from, name)?;
        if !self.take(':') {
            return Err(Error::Syntax);
        }
        Ok(Some(name))
    }

    /// Takes the comma before another member, or the bracket that closes.
    #[cfg_attr(not(small), inline)]
    fn more(&mut self, members: &mut Members, bracket: char) -> Result<bool, Error> {
        match members.state {
            State::Started if self.take(',') => return Ok(true),
            State::Closed => return Ok(false),
            _ => {}
        }
        if self.take(bracket) {
            self.close(members);
            return Ok(false);
        }
        if members.state == State::Started {
            return Err(Error::Syntax);
        }
        members.state = State::Started;
        Ok(true)
    }

    #[cfg_attr(not(small), inline)]
    const fn close(&mut self, members: &mut Members) {
        self.names.close(members.scope);
        self.depth = self.depth.saturating_sub(1);
        members.state = State::Closed;
    }

    /// Passes over a value, checked as if it were read.
    #[inline]
    pub(in super::super) fn skip(&mut self) -> Result<(), Error> {
        if self.rest.len() == self.known.0 && self.known.1.len() < self.known.0 {
            self.rest = self.known.1;
            return Ok(());
        }
        match self.peek() {
            Some(b'{' | b'[') => self.skip_nested(),
            _ => self.skip_scalar(),
        }
    }

    #[cfg_attr(not(small), inline)]
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
        let mut inner = self.open(if is_object { '{' } else { '[' })?;
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
                    inner = self.open(bracket.into())?;
                }
                _ => self.skip_scalar()?,
            }
        }
    }
}
