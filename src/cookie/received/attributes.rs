//! The pieces of a line between its semicolons, and the attributes that they are.

use core::fmt;

use crate::ascii::{eq_ignore_case, is_forbidden_ctl, trim_wsp};
use crate::cookie::Error;

/// The most octets of an attribute's value (RFC 6265bis §5.6, step 6 of the attributes).
const VALUE_MAX_LEN: usize = 1024;

/// The attributes that mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Domain,
    Expires,
    HttpOnly,
    MaxAge,
    Partitioned,
    Path,
    Priority,
    SameSite,
    Secure,
}

impl Kind {
    /// The kind that an attribute's name names, in either case. The length leaves few to compare.
    #[inline]
    pub(super) const fn of(name: &[u8]) -> Option<Self> {
        let (kind, word) = match name {
            [_, _, _, _] => (Self::Path, b"path".as_slice()),
            [b'S' | b's', _, _, _, _, _] => (Self::Secure, b"secure".as_slice()),
            [_, _, _, _, _, _] => (Self::Domain, b"domain".as_slice()),
            [b'E' | b'e', _, _, _, _, _, _] => (Self::Expires, b"expires".as_slice()),
            [_, _, _, _, _, _, _] => (Self::MaxAge, b"max-age".as_slice()),
            [b'H' | b'h', _, _, _, _, _, _, _] => (Self::HttpOnly, b"httponly".as_slice()),
            [b'S' | b's', _, _, _, _, _, _, _] => (Self::SameSite, b"samesite".as_slice()),
            [_, _, _, _, _, _, _, _] => (Self::Priority, b"priority".as_slice()),
            [_, _, _, _, _, _, _, _, _, _, _] => (Self::Partitioned, b"partitioned".as_slice()),
            _ => return None,
        };
        if eq_ignore_case(name, word) {
            Some(kind)
        } else {
            None
        }
    }
}

/// The attributes of a `Set-Cookie` line in their order: name and value, white space at the ends of
/// both gone. One whose value is longer than 1024 octets is left out (RFC 6265bis §5.6), and so is
/// what has neither name nor value.
#[derive(Clone, Copy)]
pub struct Attributes<'h> {
    rest: Option<&'h [u8]>,
}

impl<'h> Attributes<'h> {
    /// The attributes behind the first semicolon, if there is one.
    pub(super) const fn behind(rest: Option<&'h [u8]>) -> Self {
        Self { rest }
    }
}

impl<'h> Iterator for Attributes<'h> {
    type Item = (&'h [u8], &'h [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest?;
            let at = rest.iter().position(|&byte| byte == b';');
            let (piece, rest) = cut(rest, at);
            self.rest = rest;
            match attribute(piece) {
                Some(([], [])) | None => {}
                some => return some,
            }
        }
    }
}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in *self {
            let (name, value) = (name.escape_ascii(), value.escape_ascii());
            map.entry(&format_args!("{name}"), &format_args!("{value}"));
        }
        map.finish()
    }
}

/// An attribute, or nothing for one that is ignored because its value is too long.
#[inline]
pub(super) fn attribute(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = split(piece).unwrap_or((piece, b""));
    let (name, value) = (trim_wsp(name), trim_wsp(value));
    (value.len() <= VALUE_MAX_LEN).then_some((name, value))
}

/// What stands before the first `=` and what behind it.
#[inline]
pub(super) fn split(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = piece.iter().position(|&byte| byte == b'=')?;
    match cut(piece, Some(at)) {
        (name, Some(value)) => Some((name, value)),
        _ => None,
    }
}

/// `bytes` before the place `at`, and behind it.
#[inline]
fn cut(bytes: &[u8], at: Option<usize>) -> (&[u8], Option<&[u8]>) {
    match at.and_then(|at| bytes.split_at_checked(at)) {
        Some((before, [_, behind @ ..])) => (before, Some(behind)),
        _ => (bytes, None),
    }
}

/// What stands between the semicolons of a line, each piece looked at once: for its end and for
/// what must not be in it.
pub(super) const fn pieces(line: &[u8]) -> Pieces<'_> {
    Pieces { rest: Some(line) }
}

pub(super) struct Pieces<'h> {
    rest: Option<&'h [u8]>,
}

impl<'h> Pieces<'h> {
    /// What is left behind the last semicolon that was passed.
    pub(super) const fn rest(&self) -> Option<&'h [u8]> {
        self.rest
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Result<&'h [u8], Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let stop = rest
            .iter()
            .position(|&byte| byte == b';' || is_forbidden_ctl(byte));
        // RFC 6265bis §5.6, step 1, anywhere in the line.
        if stop
            .and_then(|at| rest.get(at))
            .is_some_and(|&byte| byte != b';')
        {
            self.rest = None;
            return Some(Err(Error::Control));
        }
        let (piece, rest) = cut(rest, stop);
        self.rest = rest;
        Some(Ok(piece))
    }
}
