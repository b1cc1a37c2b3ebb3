//! The pieces of a line between its semicolons, and the attributes that they are.

use core::fmt;

use crate::ascii::trim_wsp;
use crate::cookie::grammar::MAX_ATTRIBUTE;
use crate::cookie::{Error, scan};

/// The attributes of a `Set-Cookie` line in their order: name and value, white space at the ends of
/// both gone. One whose value is longer than 1024 octets is left out (RFC 6265bis §5.6), and so is
/// what has neither name nor value.
///
/// ```
/// use hardtack::cookie::Received;
///
/// let cookie = Received::parse(b"a=b; path = /x; ; Color=red; Path=/y")?;
/// let names: Vec<&[u8]> = cookie.attributes().map(|(name, _)| name).collect();
/// assert_eq!(names, [&b"path"[..], b"Color", b"Path"]);
/// # Ok::<(), hardtack::cookie::Error>(())
/// ```
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
            let (piece, rest) = cut(rest, scan::semicolon(rest));
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
#[cfg_attr(not(small), inline)]
pub(super) fn attribute(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = split(piece).unwrap_or((piece, b""));
    let (name, value) = (trim_wsp(name), trim_wsp(value));
    // [6265bis-5.6-av6]
    (value.len() <= MAX_ATTRIBUTE).then_some((name, value))
}

/// What stands before the first `=` and what behind it.
#[inline]
pub(super) fn split(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = piece.iter().position(|&byte| byte == b'=')?;
    let (name, value) = cut(piece, at);
    Some((name, value?))
}

/// `bytes` before the place `at`, and behind it if it is not the end.
#[inline]
fn cut(bytes: &[u8], at: usize) -> (&[u8], Option<&[u8]>) {
    match bytes.split_at_checked(at) {
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

    #[cfg_attr(not(small), inline)]
    fn next(&mut self) -> Option<Self::Item> {
        let line = self.rest.take()?;
        match end(line) {
            Ok(at) => {
                let (piece, rest) = cut(line, at);
                self.rest = rest;
                Some(Ok(piece))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// Where the first piece of a line ends: at a semicolon, or with the line. Any CTL but HTAB before
/// it is an error (RFC 6265bis §5.6, step 1).
#[cfg_attr(not(small), inline)]
fn end(line: &[u8]) -> Result<usize, Error> {
    let mut at = 0_usize;
    loop {
        at = at.saturating_add(scan::end_of_value(line.get(at..).unwrap_or_default()));
        match line.get(at) {
            None | Some(b';') => return Ok(at),
            Some(b'\t') => at = at.saturating_add(1),
            // [6265bis-5.6-1]
            Some(_) => return Err(Error::Control),
        }
    }
}
