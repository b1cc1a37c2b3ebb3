//! Hashes of groups: the cookies of one domain that share a partition, or have none.
//!
//! A domain is hashed from its end, so that one pass over a host yields the hash of each of its
//! parents on the way.

use crate::cookie::Host;

/// FNV-1a over a domain from its last byte to its first, letters lowered.
#[derive(Clone, Copy)]
pub(super) struct DomainHash(u32);

impl DomainHash {
    const EMPTY: Self = Self(0x811C_9DC5);

    fn then(self, byte: u8) -> Self {
        Self((self.0 ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
    }

    pub(super) fn of(domain: &[u8]) -> Self {
        domain
            .iter()
            .rev()
            .fold(Self::EMPTY, |hash, &byte| hash.then(byte))
    }

    /// The hash of the group of this domain in the partition of `site`, or in none. The
    /// multiplication moves what FNV mixes best to the front, where the index looks.
    pub(super) fn group(self, site: Option<&[u8]>) -> u32 {
        let site = site.map_or(0, |site| Self::of(site).0.rotate_left(16));
        (self.0 ^ (self.0 >> 15) ^ site).wrapping_mul(0x9E37_79B9)
    }
}

/// The domains that a host may have cookies of: its parents, the shortest first, and itself. An
/// address has no parents.
pub(super) fn domains<'u>(host: Host<'u>) -> impl Iterator<Item = (&'u [u8], DomainHash)> {
    let all = host.as_str().as_bytes();
    let mut before = Some(all);
    let mut hash = DomainHash::EMPTY;
    core::iter::from_fn(move || {
        while let Some([rest @ .., byte]) = before {
            before = Some(rest);
            let parent = hash;
            hash = hash.then(*byte);
            if *byte == b'.' && !host.is_address() {
                let domain = all.get(rest.len()..).and_then(|domain| domain.get(1..));
                if let Some(domain @ [_, ..]) = domain {
                    return Some((domain, parent));
                }
            }
        }
        before.take().map(|_| (all, hash))
    })
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    #[track_caller]
    fn assert_domains(host: &str, expected: &[&str]) {
        let found: Vec<_> = domains(Host::parse(host).unwrap()).collect();
        let names: Vec<_> = found
            .iter()
            .map(|(name, _)| str::from_utf8(name).unwrap())
            .collect();
        assert_eq!(names, expected);
        for (name, hash) in found {
            assert_eq!(hash.0, DomainHash::of(&name.to_ascii_lowercase()).0);
        }
    }

    #[test]
    fn a_host_has_the_domains_above_it() {
        assert_domains(
            "Www.example.COM",
            &["COM", "example.COM", "Www.example.COM"],
        );
        assert_domains("localhost", &["localhost"]);
        assert_domains("a.b.", &["b.", "a.b."]);
        assert_domains("a..b", &["b", ".b", "a..b"]);
        assert_domains("10.0.0.1", &["10.0.0.1"]);
        assert_domains("[::ffff:10.0.0.1]", &["[::ffff:10.0.0.1]"]);
    }

    #[test]
    fn partitions_are_groups_of_their_own() {
        let domain = DomainHash::of(b"example.com");
        let groups = [None, Some(b"".as_slice()), Some(b"a"), Some(b"b")];
        let hashes = groups.map(|site| domain.group(site));
        for (at, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..at].contains(hash));
        }
    }

    #[test]
    fn like_domains_spread() {
        let names: [fn(u32) -> std::string::String; 4] = [
            |n| std::format!("www.site{n}.com"),
            |n| std::format!("site{n}.example"),
            |n| std::format!("{n}.shops.example"),
            |n| std::format!("10.0.{}.{}", n / 256, n % 256),
        ];
        for name in names {
            for site in [None, Some(b"https://top.example".as_slice())] {
                let mut filled: Vec<u64> = (0..1000)
                    .map(|n| DomainHash::of(name(n).as_bytes()).group(site))
                    .map(|hash| (u64::from(hash) * 1000) >> 32)
                    .collect();
                filled.sort_unstable();
                filled.dedup();
                // 632 of 1,000 is what chance gives.
                assert!(filled.len() > 600, "{} {}", name(0), filled.len());
            }
        }
    }
}
