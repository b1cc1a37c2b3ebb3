//! Every public type is `Send`, `Sync` and `Unpin` as far as its parameters are, and none is left out.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use hardtack::mac::{Hs256, Hs384, Hs512};
use hardtack::{
    cookie, date, denylist, identity, issuer, jar, json, mac, policy, refresh, scope, secret,
    session, time, token, write,
};

macro_rules! assert_auto_traits {
    ($($type:ty;)*) => {
        const TYPES: &[&str] = &[$(stringify!($type)),*];
        const _: () = {
            const fn is<T: Send + Sync + Unpin>() {}
            $(is::<$type>();)*
        };
    };
}

type Lines = [&'static [u8]; 1];
type Families = refresh::Families<u32, 4>;

assert_auto_traits! {
    Hs256; Hs384; Hs512;
    cookie::Ambiguous; cookie::Attributes<'_>; cookie::Chunk<'_>; cookie::Chunks<'_>;
    cookie::CookieString<'_>; cookie::Error; cookie::Header<Lines>; cookie::Host<'_>;
    cookie::InvalidHost; cookie::NoSuffixList; cookie::Pair<'_>; cookie::Pairs<'_>; cookie::Prefix;
    cookie::Priority; cookie::Received<'_>; cookie::Request<'_>; cookie::SameSite;
    cookie::SetCookie<'_>; cookie::Signed<'_, Hs256>; cookie::Signer<'_, Hs256>;
    cookie::percent::Encoded<'_>;
    date::Error; date::ImfFixdate;
    denylist::Denylist<4>; denylist::Error;
    identity::Anonymous; identity::Assurance; identity::Authenticated<u32>; identity::Client<u32>;
    identity::Evidence; identity::Factors; identity::Method;
    issuer::Error; issuer::Issuer<'_, Hs256, Families>; issuer::Mint<'_, Hs256>; issuer::Pair<'_>;
    jar::Cookie<'_>; jar::Error; jar::Jar<4, 64>; jar::Matching<'_, 4, 64>; jar::Outcome;
    jar::Restored; jar::Restoring<'_, 4, 64, cookie::NoSuffixList>;
    json::Error;
    mac::InvalidTag; mac::Key<Hs256>; mac::KeyError; mac::Keyring<'_, Hs256, 1>; mac::KeyringError;
    mac::Tag<Hs512>;
    policy::All<(policy::Always,)>; policy::Allow<policy::Always>; policy::Always; policy::Answer;
    policy::Any<(policy::Always,)>; policy::Ask<'_, u8, u32>; policy::AuditLine<'_, String>;
    policy::Basic<'_, ()>; policy::Bearer<()>; policy::Chain<()>; policy::Challenge<'_>;
    policy::Daily; policy::Deny<policy::Always>; policy::DenyOverrides<()>;
    policy::DenyUnlessPermit<()>; policy::Factor; policy::FirstApplicable<()>; policy::Hide<()>;
    policy::InScope; policy::Level; policy::LoggedIn; policy::Login<'_>; policy::MaxAge;
    policy::MultiFactor; policy::NonEmpty<'_, policy::Always>; policy::Not<policy::Always>;
    policy::NotQuotable; policy::Outcome; policy::Owner<()>; policy::Permission;
    policy::Permissions; policy::Permit<'_, u8, identity::Anonymous>; policy::PermitOverrides<()>;
    policy::PermitUnlessDeny<()>; policy::Refusal; policy::Related<()>;
    policy::Require<policy::Always>; policy::Role; policy::Roles; policy::Scheme<'_>;
    policy::SessionCookie<'_, ()>; policy::SignedCookie<'_, '_, Hs256, ()>; policy::Step;
    policy::StepUp; policy::Steps<4>; policy::Verdict; policy::What<()>;
    policy::When<policy::Always, ()>; policy::Who<()>; policy::Window;
    refresh::Decision; refresh::Families<u32, 4>; refresh::Family<u32>; refresh::FamilyId;
    refresh::Fault<u8>; refresh::Error; refresh::Grant<u32>; refresh::PerUser; refresh::Rules;
    refresh::Seal<'_, Hs256>; refresh::State; refresh::Ticket; refresh::Token;
    scope::Error; scope::Scope<'_>;
    secret::Secret<32>;
    session::Change<'_, u32, u8>; session::Cookie<'_>; session::CsrfToken; session::Error;
    session::Fault<u8>; session::Found<u32, u8>; session::Handle; session::Lifetime;
    session::PerUser; session::Record<u32, u8>; session::Rules; session::Secret;
    session::Session<'_, u32, u8>; session::Sessions<u32, u8, 4>; session::Stamp;
    session::Stored<u8>;
    time::UnixTime;
    token::Claim; token::Claims<'_>; token::Error; token::InvalidType; token::Jws<'_>;
    token::Signed<'_>; token::Signer<'_>; token::Type<'_>; token::Unverified<'_>;
    token::Verified<'_>; token::Verifier<'_>; token::jwk::Error;
    write::NoRoom;
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

/// Whether a type of this module, or of the submodule `stem` of it, is among the above. What stands in
/// a private module is public under another name.
fn is_listed(module: &str, stem: &str, name: &str) -> bool {
    let lib = include_str!("../src/lib.rs");
    let is_public = lib.contains(&format!("\npub mod {module};"));
    TYPES.iter().any(|listed| {
        let path = listed.split('<').next().unwrap();
        let path: String = path.split_whitespace().collect();
        let (_, last) = path.rsplit_once("::").unwrap_or(("", &path));
        path == format!("{module}::{name}")
            || path == format!("{module}::{stem}::{name}")
            || (!is_public && last == name)
    })
}

#[test]
fn no_public_type_is_left_out() {
    // A trace lends a `dyn Record`, which may be of one thread; `Ours` is no caller's to name; the
    // others are written by macros, and above.
    let elsewhere = ["Trace", "Ours", "$marker", "$name"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    files(&root, &mut sources);
    let mut count = 0;
    for file in sources {
        let inside = file.strip_prefix(&root).unwrap().with_extension("");
        let module = inside.iter().next().unwrap().to_str().unwrap();
        let stem = inside.file_stem().unwrap().to_str().unwrap();
        for line in fs::read_to_string(&file).unwrap().lines() {
            let declared = ["pub struct ", "pub enum "]
                .iter()
                .find_map(|start| line.trim_start().strip_prefix(start));
            let Some(declared) = declared else { continue };
            let name = declared.split([' ', '<', '(', ';']).next().unwrap();
            if elsewhere.contains(&name) {
                continue;
            }
            assert!(
                is_listed(module, stem, name),
                "{module}::{name} is not listed"
            );
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}
