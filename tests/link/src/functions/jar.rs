//! `jar`.

use core::fmt::{Debug, Display};

use hardtack::cookie::{NoSuffixList, Request};
use hardtack::jar::*;
use hardtack::json;
use hardtack::time::UnixTime;
use serde::de::Visitor;

type Small = Jar<16, 1024>;

crate::linked! {
    "jar::Cookie::Debug::fmt": <Cookie as Debug>::fmt;
    "jar::Cookie::created": Cookie::created;
    "jar::Cookie::domain": Cookie::domain;
    "jar::Cookie::expires": Cookie::expires;
    "jar::Cookie::is_expired": Cookie::is_expired;
    "jar::Cookie::is_host_only": Cookie::is_host_only;
    "jar::Cookie::is_http_only": Cookie::is_http_only;
    "jar::Cookie::is_persistent": Cookie::is_persistent;
    "jar::Cookie::is_secure": Cookie::is_secure;
    "jar::Cookie::name": Cookie::name;
    "jar::Cookie::path": Cookie::path;
    "jar::Cookie::priority": Cookie::priority;
    "jar::Cookie::same_site": Cookie::same_site;
    "jar::Cookie::top_level_site": Cookie::top_level_site;
    "jar::Cookie::value": Cookie::value;
    "jar::Error::Display::fmt": <Error as Display>::fmt;
    "jar::Error::Error::source": <Error as core::error::Error>::source;
    "jar::Jar::Debug::fmt": <Small as Debug>::fmt;
    "jar::Jar::Serialize::serialize": |value: &Small, buffer: &mut [u8]| json::write(value, buffer).is_ok();
    "jar::Jar::clear": Small::clear;
    "jar::Jar::clear_site": Small::clear_site;
    "jar::Jar::end_session": Small::end_session;
    "jar::Jar::is_empty": Small::is_empty;
    "jar::Jar::iter": |it: &Small, now: UnixTime| it.iter(now).count();
    "jar::Jar::len": Small::len;
    "jar::Jar::matching": |it: &mut Small, request: &Request, now: UnixTime| it.matching(request, now).count();
    "jar::Jar::new": Small::new;
    "jar::Jar::remove_expired": Small::remove_expired;
    "jar::Jar::restoring": |it: &mut Small, text: &[u8], room: &mut [u8], scratch: &mut [u8], now: UnixTime| json::read_seed(it.restoring(room, now), text, scratch).is_ok();
    "jar::Jar::retain": |it: &mut Small, keep: fn(Cookie) -> bool| it.retain(keep);
    "jar::Jar::store": Small::store;
    "jar::Jar::store_received": Small::store_received;
    "jar::Jar::with_domain_limit": Small::with_domain_limit;
    "jar::Jar::with_lax_allowing_unsafe": Small::with_lax_allowing_unsafe;
    "jar::Jar::write_header": |it: &mut Small, request: &Request, buffer: &mut [u8], now: UnixTime| it.write_header(request, buffer, now).is_ok();
    "jar::Matching::Clone::clone": |it: &Matching<16, 1024>| it.clone().count();
    "jar::Matching::Debug::fmt": <Matching<16, 1024> as Debug>::fmt;
    "jar::Matching::Iterator::next": |it: &mut Matching<16, 1024>| it.next().is_some();
    "jar::Matching::header_len": Matching::<16, 1024>::header_len;
    "jar::Matching::write": |it: &Matching<16, 1024>, buffer: &mut [u8]| it.write(buffer).is_ok();
    "jar::Restoring::Debug::fmt": <Restoring<16, 1024, NoSuffixList> as Debug>::fmt;
    "jar::Restoring::DeserializeSeed::deserialize": |seed: Restoring<16, 1024, NoSuffixList>, text: &[u8], scratch: &mut [u8]| json::read_seed(seed, text, scratch).is_ok();
    "jar::Restoring::Visitor::expecting": <Restoring<16, 1024, NoSuffixList> as Visitor>::expecting;
    "jar::Restoring::Visitor::visit_seq": |it: &mut Small, text: &[u8], room: &mut [u8], scratch: &mut [u8], now: UnixTime| json::read_seed(it.restoring(room, now), text, scratch).is_ok();
}
