//! `identity`.

use core::fmt::{Debug, Display};

use hardtack::identity::*;

crate::linked! {
    "identity::Authenticated::vouch": Authenticated::<u64>::vouch;
    "identity::Authenticated::principal": |who: &Authenticated<u64>| *who.principal();
    "identity::Authenticated::into_principal": Authenticated::<u64>::into_principal;
    "identity::Authenticated::evidence": Authenticated::<u64>::evidence;
    "identity::Authenticated::authenticated_at": Authenticated::<u64>::authenticated_at;
    "identity::Authenticated::method": Authenticated::<u64>::method;
    "identity::Authenticated::age": Authenticated::<u64>::age;
    "identity::Evidence::new": Evidence::new;
    "identity::Evidence::level": Evidence::level;
    "identity::Evidence::factors": Evidence::factors;
    "identity::Assurance::acr": Assurance::acr;
    "identity::Assurance::from_acr": Assurance::from_acr;
    "identity::Factors::union": Factors::union;
    "identity::Factors::contains": Factors::contains;
    "identity::Factors::is_multi_factor": Factors::is_multi_factor;
    "identity::Factors::from_name": Factors::from_name;
    "identity::Factors::names": |factors: Factors| factors.names().count();
    "identity::Factors::Debug::fmt": <Factors as Debug>::fmt;
    "identity::Anonymous::Display::fmt": <Anonymous as Display>::fmt;
    "identity::Client::From::from": <Client<u64> as From<Authenticated<u64>>>::from;
    "identity::Client::From::from, nobody": <Client<u64> as From<Anonymous>>::from;
    "identity::Client::authenticated": Client::<u64>::authenticated;
    "identity::Authenticated::cloned": Authenticated::<&u64>::cloned;
}
