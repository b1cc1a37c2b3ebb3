//! The floors of the crate: an import points down only, and two modules of one floor do not import
//! each other. Reads `use` lines and paths alike (`crate::…`, `super::…`, inline modules and groups
//! included); comments, strings and whatever is `#[cfg(test)]` do not count.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate, from the ground up.
const FLOORS: [&[&str]; 6] = [
    &["time", "ascii", "write", "secret"],
    &[
        "date",
        "base64url",
        "mac",
        "memory",
        "json",
        "identity",
        "scope",
        "table",
    ],
    &["cookie", "token"],
    &["jar", "session", "refresh", "denylist"],
    &["issuer"],
    &["policy"],
];

/// The only files that may name a dependency. `serde` is a vocabulary and may be named anywhere.
const DEPENDENCIES: [(&str, &[&str]); 4] = [
    ("hmac", &["mac.rs", "secret.rs"]),
    ("sha2", &["mac.rs"]),
    ("base64ct", &["base64url.rs"]),
    (
        "heapless",
        &[
            "table.rs",
            "jar.rs",
            "session.rs",
            "refresh.rs",
            "denylist.rs",
        ],
    ),
];

/// The most lines of a file before its tests.
const LONGEST: usize = 400;

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The identifiers and single punctuation marks of `source`, comments and literals left out, and
/// nothing of items under `#[cfg(test)]`.
fn tokens(source: &str) -> Vec<&str> {
    let bytes = source.as_bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source[at..];
        let byte = bytes[at];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += block_comment(rest);
        } else if byte == b'"' {
            at += quoted(rest);
        } else if byte == b'\'' {
            at += character_or_lifetime(rest);
        } else if word(byte) {
            let len = bytes[at..].iter().take_while(|&&b| word(b)).count();
            let text = &rest[..len];
            at += len;
            // A raw string; other prefixes are followed by an ordinary literal.
            if matches!(text, "r" | "br" | "cr") && matches!(bytes.get(at), Some(b'"' | b'#')) {
                let hashes = bytes[at..].iter().take_while(|&&b| b == b'#').count();
                if bytes.get(at + hashes) == Some(&b'"') {
                    let end = format!("\"{}", "#".repeat(hashes));
                    at += hashes + 1;
                    at += source[at..].find(&end).expect("a raw string ends") + end.len();
                    continue;
                }
            }
            found.push(text);
        } else {
            if !byte.is_ascii_whitespace() {
                found.push(&rest[..1]);
            }
            at += 1;
        }
    }
    without_tests(&found)
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..]
                .chars()
                .next()
                .expect("a comment ends")
                .len_utf8();
        }
    }
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    panic!("a string ends");
}

fn character_or_lifetime(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    let (_, first) = characters.next().expect("something follows an apostrophe");
    let (second_at, second) = characters.next().expect("something follows");
    if first == '\\' {
        // `'\''` and `'\u{7f}'`: the end is behind what was escaped.
        let from = second_at + second.len_utf8();
        return from + text[from..].find('\'').expect("a character ends") + 1;
    }
    if second == '\'' {
        return second_at + 1;
    }
    // A lifetime: the name that follows is harmless.
    1
}

fn without_tests<'s>(all: &[&'s str]) -> Vec<&'s str> {
    const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if all[at..].starts_with(&CFG_TEST) {
            at += CFG_TEST.len();
            let mut depth = 0;
            while at < all.len() {
                match all[at] {
                    "{" | "(" | "[" => depth += 1,
                    "}" | ")" | "]" => depth -= 1,
                    _ => {}
                }
                at += 1;
                // An attribute's bracket does not end the item that it stands before.
                if depth == 0 && matches!(all[at - 1], ";" | "}") {
                    break;
                }
            }
        } else {
            kept.push(all[at]);
            at += 1;
        }
    }
    kept
}

/// What a file names: top-level modules of this crate, and first segments of other paths.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    modules: BTreeSet<String>,
    outside: BTreeSet<String>,
}

/// `depth` is the number of modules around the file's code: 0 for `lib.rs`, 1 for `mac.rs`,
/// 2 for `mac/keyring.rs`.
fn named(source: &str, depth: usize) -> Named {
    let tokens = tokens(source);
    let token = |at: usize| tokens.get(at).copied().unwrap_or_default();
    let separator = |at: usize| token(at) == ":" && token(at + 1) == ":";
    let mut named = Named::default();
    // For every open brace, whether it is that of an inline module.
    let mut braces = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let depth = depth + braces.iter().filter(|&&module| module).count();
        let continues = at >= 3 && separator(at - 2) && {
            let before = token(at - 3);
            let word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            word && before != "use" || before == ">" && token(at.wrapping_sub(4)) != "-"
        };
        match token(at) {
            "{" => braces.push(at >= 2 && token(at - 2) == "mod"),
            "}" => {
                braces.pop();
            }
            "crate" if separator(at + 1) => roots(&tokens, at + 3, &mut named.modules),
            "super" if !continues => {
                let mut ups = 0;
                while token(at) == "super" && separator(at + 1) {
                    ups += 1;
                    at += 3;
                }
                if ups > 0 && ups >= depth {
                    roots(&tokens, at, &mut named.modules);
                }
                // The path goes on here, or it was `pub(super)`.
                if ups > 0 {
                    continue;
                }
            }
            name if !continues && separator(at + 1) => {
                named.outside.insert(name.to_owned());
            }
            name if matches!(token(at.wrapping_sub(1)), "use" | "crate") => {
                named.outside.insert(name.to_owned());
            }
            _ => {}
        }
        at += 1;
    }
    named
}

/// The first segments of what follows `crate::`: one name, or those of a group.
fn roots(tokens: &[&str], at: usize, modules: &mut BTreeSet<String>) {
    match tokens.get(at) {
        Some(&"{") => {
            let mut depth = 0;
            for (at, token) in tokens.iter().enumerate().skip(at) {
                match *token {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    name if depth == 1 && matches!(tokens[at - 1], "{" | ",") => {
                        modules.insert(name.to_owned());
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        }
        Some(name) => {
            modules.insert((*name).to_owned());
        }
        None => {}
    }
}

/// What is wrong with a file of `src`, by its path there.
fn faults(path: &str, source: &str) -> Vec<String> {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let mut faults = Vec::new();
    let root = parts == ["lib"];
    let module = parts[0];
    if parts.last() == Some(&"mod") {
        faults.push(format!("{path}: a module's file stands beside its folder"));
    }
    let here = if root {
        Some(FLOORS.len())
    } else {
        floor(module)
    };
    let Some(here) = here else {
        faults.push(format!("{path}: `{module}` has no floor"));
        return faults;
    };
    let named = named(source, if root { 0 } else { parts.len() });
    for other in named.modules.iter().filter(|&other| other != module) {
        match floor(other) {
            None => faults.push(format!("{path}: `crate::{other}` has no floor")),
            Some(there) if there >= here => faults.push(format!(
                "{path}: floor {here} imports `{other}` of floor {there}"
            )),
            Some(_) => {}
        }
    }
    for (dependency, files) in DEPENDENCIES {
        if named.outside.contains(dependency) && !files.contains(&path) {
            faults.push(format!("{path}: names `{dependency}`"));
        }
    }
    if named.outside.contains("std") || named.outside.contains("alloc") {
        faults.push(format!("{path}: names `std` or `alloc`"));
    }
    let lines = source
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"));
    let lines = lines.count();
    if lines > LONGEST {
        faults.push(format!("{path}: {lines} lines before its tests"));
    }
    faults
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry of src").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&src, &mut found);
    assert!(found.len() > 5, "src was not read");
    let faults: Vec<String> = found
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(&src).expect("a file of src");
            let path = path.to_str().expect("a name in UTF-8").replace('\\', "/");
            faults(&path, &fs::read_to_string(file).expect("a source in UTF-8"))
        })
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

// The checker itself.

#[track_caller]
fn assert_fault(path: &str, source: &str, fault: &str) {
    let found = faults(path, source);
    assert!(
        found.len() == 1 && found[0].contains(fault),
        "{source}: {found:?}"
    );
}

#[track_caller]
fn assert_fine(path: &str, source: &str) {
    assert_eq!(faults(path, source), [""; 0], "{source}");
}

#[test]
fn an_upward_use_is_found() {
    let upward = "floor 1 imports `token` of floor 2";
    for source in [
        "use crate::token::Verified;",
        "pub use crate::token;",
        "use crate::{time::UnixTime, token::Verified};",
        "use crate::{\n    time::{self, UnixTime},\n    token,\n};",
        "fn f() { crate::token::check(); }",
        "type T<'t> = crate::token::Verified<'t>;",
        "use super::token::Verified;",
        "mod inner { use super::super::token; }",
        "mod inner { fn f() { super::super::token::f(); } }",
        "macro_rules! m { () => { $crate::token::f() } }",
        "const QUOTE: char = '\"'; use crate::token; const OTHER: char = '\"';",
        "const QUOTE: char = '\\''; use crate::token; // '",
        "const TEXT: &str = \"\\\"\"; use crate::token; // \"",
        "const TEXT: &str = r#\"\"\"#; use crate::token; // \"",
        "#[cfg(test)] use std::vec; use crate::token;",
        "#[cfg(test)] mod tests { fn f() { { } } } use crate::token;",
    ] {
        assert_fault("mac.rs", source, upward);
    }
    assert_fault("mac/keyring.rs", "use crate::token;", upward);
    assert_fault("mac/keyring.rs", "use super::super::token;", upward);
    assert_fault(
        "cookie/scope.rs",
        "use crate::jar::Jar;",
        "floor 2 imports `jar` of floor 3",
    );
}

#[test]
fn a_neighbour_is_not_imported() {
    assert_fault(
        "mac.rs",
        "use crate::json;",
        "floor 1 imports `json` of floor 1",
    );
    assert_fault("jar.rs", "use crate::session::Id;", "of floor 3");
}

#[test]
fn downward_and_inward_are_fine() {
    assert_fine(
        "token.rs",
        "use crate::{mac::Key, time::UnixTime}; use core::fmt;",
    );
    assert_fine(
        "mac.rs",
        "mod keyring; use self::keyring::Keyring; use crate::mac::keyring;",
    );
    assert_fine(
        "mac/keyring.rs",
        "use super::{Algorithm, Key}; pub(super) fn token() {}",
    );
    assert_fine("mac.rs", "mod inner { pub(super) use super::Key; }");
    assert_fine(
        "lib.rs",
        "pub mod mac; pub mod policy; use crate::policy::Policy;",
    );
}

#[test]
fn comments_texts_and_tests_do_not_count() {
    for source in [
        "// use crate::token;",
        "/// [`Verified`](crate::token::Verified)\nstruct S;",
        "/* use crate::token; /* and */ use crate::token; */",
        "const TEXT: &str = \"use crate::token;\";",
        "const TEXT: &str = r##\"\"# use crate::token;\"##;",
        "#[cfg(test)]\nmod tests {\n    use crate::token;\n    fn f() { if true {} }\n}",
        "#[cfg(test)]\n#[allow(unused)]\nmod tests { extern crate std; use crate::token; }",
        "#[cfg(test)]\nuse crate::token;",
    ] {
        assert_fine("mac.rs", source);
    }
}

#[test]
fn an_unknown_module_is_refused() {
    assert_fault("util.rs", "", "`util` has no floor");
    assert_fault("util/words.rs", "", "`util` has no floor");
    assert_fault(
        "policy.rs",
        "use crate::util;",
        "`crate::util` has no floor",
    );
    assert_fault("mac/mod.rs", "", "beside its folder");
}

#[test]
fn a_dependency_is_named_by_its_file_only() {
    assert_fault("token.rs", "use sha2::Sha256;", "names `sha2`");
    assert_fault("token.rs", "fn f() { hmac::digest::f(); }", "names `hmac`");
    assert_fault("token.rs", "extern crate base64ct;", "names `base64ct`");
    assert_fault("mac/keyring.rs", "use ::sha2::Sha256;", "names `sha2`");
    assert_fault("cookie.rs", "use heapless::Vec;", "names `heapless`");
    assert_fault(
        "cookie.rs",
        "fn f() -> ::heapless::Vec {}",
        "names `heapless`",
    );
    assert_fine("cookie.rs", "fn f() { Vec::<u8>::heapless::f(); }");
    assert_fault("cookie.rs", "use std::vec::Vec;", "names `std`");
    assert_fine("mac.rs", "use hmac::{Hmac, Mac}; use sha2::Sha256;");
    assert_fine("token.rs", "use serde::Serialize; use crate::mac::hmac;");
}

#[test]
fn a_long_file_is_found() {
    let long = "const A: u8 = 0;\n".repeat(LONGEST);
    assert_fine(
        "mac.rs",
        &format!("{long}#[cfg(test)]\nmod tests {{\n{long}}}\n"),
    );
    assert_fault("mac.rs", &format!("{long}\n"), "401 lines");
}
