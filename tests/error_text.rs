//! The text of every error, and that none is left out: each is a lower-case clause without a stop,
//! which may be shown and says nothing of the input.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use hardtack::mac::{Hs256, Key, KeyError};
use hardtack::policy::StepUp;
use hardtack::scope::Scope;
use hardtack::session::Fault;
use hardtack::time::UnixTime;
use hardtack::token::jwk;
use hardtack::{
    cookie, date, denylist, identity, issuer, jar, json, mac, policy, refresh, scope, session,
    token,
};

macro_rules! assert_texts {
    ($($error:expr => $text:literal;)*) => {$(
        let error: &dyn Error = &$error;
        assert_eq!(error.to_string(), $text);
        let (first, last) = ($text.chars().next().unwrap(), $text.chars().last().unwrap());
        assert!(first.is_ascii_lowercase() && last != '.', "{}", $text);
    )*};
}

#[test]
fn every_error_has_its_text() {
    // These are not made, only met.
    let date = date::ImfFixdate::new(UnixTime::EPOCH).unwrap();
    let room = date.write(&mut []).unwrap_err();
    let key = Key::<Hs256>::new(&[7; 32]).unwrap();
    let tag = key.verify(b"", b"").unwrap_err();
    let host = cookie::Host::parse("").unwrap_err();
    let typ = token::Type::new("").unwrap_err();
    assert_texts! {
        cookie::Error::Name => "the name of the cookie is not a token";
        cookie::Error::Value => "the value of the cookie has a character that it cannot carry";
        cookie::Error::Attribute => "an attribute of the cookie is not as its grammar wants it";
        cookie::Error::TooLong => "the cookie is longer than user agents take";
        cookie::Error::Prefix => "the attributes do not keep what the prefix of the name promises";
        cookie::Error::Insecure => "a cookie with SameSite=None or Partitioned must be Secure";
        cookie::Error::Control => "the line has a control character";
        cookie::Error::Empty => "the line has neither a name nor a value";
        cookie::Error::Signature => "the signed value is not valid";
        cookie::Error::Chunks => "the chunks of the value do not belong together";
        cookie::Error::Percent => "a percent sign is not followed by two hexadecimal digits";
        cookie::Error::NoRoom => "the buffer is too small";
        cookie::Ambiguous => "more than one cookie has this name";
        // cookie::InvalidHost
        host => "the host is neither a name in ASCII nor an IP address";
        date::Error::Incomplete => "the date lacks a time, a day, a month or a year";
        date::Error::NoSuchDate => "there is no such date or time of day";
        date::Error::YearOutOfRange => "the year is not one of 1601 to 9999";
        denylist::Error::Full => "there is no room for another revocation";
        identity::Anonymous => "nobody is logged in";
        issuer::Error::Refresh(refresh::Error::Expired) => "the login has expired";
        issuer::Error::Token(token::Error::Expired) => "the token has expired";
        issuer::Error::Claims(token::Error::Payload) => "the payload is not an object of well-typed claims";
        issuer::Error::Revoked => "the access token was revoked";
        issuer::Error::Denylist(denylist::Error::Full) => "there is no room for another revocation";
        issuer::Error::Subject => "the name of the user has no text, or too long a one";
        issuer::Error::NoRoom(room) => "the buffer is too small: 29 bytes are needed";
        issuer::Error::Unavailable => "the store of the logins is not available";
        jar::Error::Line(cookie::Error::Control) => "the line has a control character";
        jar::Error::Domain => "the host does not belong to the domain of the cookie";
        jar::Error::PublicSuffix => "the domain of the cookie is a public suffix";
        jar::Error::Insecure => "the cookie wants a secure connection";
        jar::Error::HidesSecure => "the cookie would hide a secure one";
        jar::Error::HttpOnly => "a script cannot set or replace this cookie";
        jar::Error::CrossSite => "another site cannot set this cookie";
        jar::Error::Prefix => "the cookie does not keep what the prefix of its name promises";
        jar::Error::NoRoom => "there is no room for the cookie";
        json::Error::Syntax => "the text is not json";
        json::Error::TooDeep => "arrays and objects are nested too deep";
        json::Error::TooManyNames => "the open objects have too many names";
        json::Error::DuplicateName => "an object has two members of one name";
        json::Error::Null => "null is not what the type asks for";
        json::Error::Number => "a number is not one that the type holds exactly";
        json::Error::Type => "a value is not one of the type";
        json::Error::MissingField => "a member is missing";
        json::Error::UnknownName => "a name is not one that the type has";
        json::Error::ScratchTooSmall => "the scratch buffer is too small for the strings with escapes";
        json::Error::NoRoom(room) => "the buffer is too small: 29 bytes are needed";
        json::Error::Unwritable => "the value has no form in json";
        KeyError::TooShort => "the key is shorter than the hash output";
        // mac::InvalidTag
        tag => "the tag is not valid";
        mac::KeyringError::Duplicate => "the key ring has a key of this name";
        mac::KeyringError::Full => "the key ring is full";
        policy::NotQuotable => "a character cannot stand in a challenge";
        policy::Refusal::StepUp(StepUp::new()) => "a fresher or stronger login is needed";
        policy::Refusal::MissingScope(Scope::NONE) => "the scope is insufficient";
        policy::Refusal::LoginNeeded => "a login is needed";
        policy::Refusal::InvalidCredentials => "the credentials are not valid";
        policy::Refusal::Unavailable => "temporarily unavailable";
        policy::Refusal::Forbidden => "forbidden";
        policy::Refusal::Hidden => "not found";
        refresh::Error::Invalid => "the refresh token is not valid";
        refresh::Error::Gone => "the login has ended";
        refresh::Error::Reused => "the refresh token was used before, and the login has ended";
        refresh::Error::Expired => "the login has expired";
        refresh::Error::Client => "the refresh token was issued to another client";
        refresh::Error::Scope => "the scope is wider than what was granted";
        refresh::Error::UserLimit => "the user has too many logins";
        refresh::Error::Full => "there is no room for another login";
        refresh::Error::TooLong => "client and scope are too long to be stored";
        refresh::Error::NoEntropy => "the random source failed";
        scope::Error::Empty => "the scope is empty";
        scope::Error::Space => "a space in the scope is not between two tokens";
        scope::Error::Character => "the scope has a character that no scope token has";
        session::Error::Gone => "the session is gone";
        session::Error::Superseded => "the session has just got a new secret";
        session::Error::Anonymous => "nobody is logged in to the session";
        session::Error::OtherUser => "the session belongs to another user";
        session::Error::UserLimit => "the user has too many sessions";
        session::Error::Full => "there is no room for another session";
        session::Error::NoEntropy => "the random source failed";
        session::Error::Unavailable => "the store of sessions is not available";
        session::Error::Ambiguous => "the session's cookie is there twice";
        session::Error::Csrf => "the CSRF token is not the session's";
        session::Error::Malformed => "the bytes are malformed";
        token::Error::Malformed => "the token is not three parts of base64url";
        token::Error::TooLong => "the token is too long";
        token::Error::Header => "the header of the token is not acceptable";
        token::Error::Algorithm => "the algorithm of the token is not that of the key";
        token::Error::Type => "the token is not of the expected type";
        token::Error::UnknownKey => "no key has the name that the token gives";
        token::Error::Signature => "the signature of the token is not valid";
        token::Error::Payload => "the payload is not an object of well-typed claims";
        token::Error::Claim(token::Claim::Iss) => "the claim `iss` is not as expected";
        token::Error::Expired => "the token has expired";
        token::Error::NotYetValid => "the token is not valid yet";
        token::Error::NoRoom(room) => "the buffer is too small: 29 bytes are needed";
        jwk::Error::Json(json::Error::Syntax) => "the text is not json";
        jwk::Error::KeyType => "the key is not a symmetric one";
        jwk::Error::Use => "the key is not for signing and verifying";
        jwk::Error::Algorithm => "the key is for another algorithm";
        jwk::Error::Encoding => "the key is not base64url of at most 256 bytes";
        jwk::Error::Key(KeyError::TooShort) => "the key is shorter than the hash output";
        jwk::Error::NoKid => "a key of the set has no name";
        jwk::Error::Ring(mac::KeyringError::Full) => "the key ring is full";
        jwk::Error::Empty => "the set has no keys";
        // token::InvalidType
        typ => "the type of a token is one word without `application/`";
        // write::NoRoom
        room => "the buffer is too small: 29 bytes are needed";
        Fault::Broken::<KeyError>("keys are unique") => "the store breaks a law: keys are unique";
        Fault::Outage(KeyError::TooShort) => "the store failed";
        Fault::NoEntropy::<KeyError> => "the random source failed";
    }
}

/// What the sources say there is: each type that is an error, or its variants.
fn errors_of(file: &Path) -> Vec<String> {
    let source = fs::read_to_string(file).unwrap();
    let mut found = Vec::new();
    for line in source.lines() {
        let Some((_, name)) = line.split_once("core::error::Error for ") else {
            continue;
        };
        let name = name.split([' ', '<']).next().unwrap();
        let Some((_, variants)) = source
            .split_once(&format!("pub enum {name} {{"))
            .or_else(|| source.split_once(&format!("pub enum {name}<E> {{")))
        else {
            found.push(name.into());
            continue;
        };
        let variants = variants.split("\n}").next().unwrap();
        for variant in variants.lines().map(str::trim) {
            let word: String = variant
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if !word.is_empty() {
                found.push(format!("{name}::{word}"));
            }
        }
    }
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_error_is_left_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    files(&root, &mut sources);
    let mut count = 0;
    for file in sources {
        let inside = file.strip_prefix(&root).unwrap().with_extension("");
        let module = inside.iter().next().unwrap().to_str().unwrap();
        let stem = inside.file_stem().unwrap().to_str().unwrap();
        for error in errors_of(&file) {
            let named = [format!("{module}::{error}"), format!("{stem}::{error}")];
            let is_pinned = include_str!("error_text.rs").lines().any(|line| {
                let pinned = line.trim_start().trim_start_matches("// ");
                let pinned = pinned.split(['(', ' ']).next().unwrap();
                let pinned = pinned.trim_end_matches("::<KeyError>");
                pinned == error || named.iter().any(|name| name == pinned)
            });
            assert!(is_pinned, "the text of {module}::{error} is not pinned");
            count += 1;
        }
    }
    assert!(count > 90, "{count}");
}
