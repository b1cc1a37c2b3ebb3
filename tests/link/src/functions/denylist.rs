//! `denylist`.

use core::fmt::Display;

use hardtack::denylist::*;

crate::linked! {
    "denylist::Denylist::denies": Denylist::<16>::denies::<u64>;
    "denylist::Denylist::denies_claims": Denylist::<16>::denies_claims;
    "denylist::Denylist::deny_all": Denylist::<16>::deny_all;
    "denylist::Denylist::deny_session": Denylist::<16>::deny_session;
    "denylist::Denylist::deny_token": Denylist::<16>::deny_token;
    "denylist::Denylist::is_empty": Denylist::<16>::is_empty;
    "denylist::Denylist::len": Denylist::<16>::len;
    "denylist::Denylist::new": Denylist::<16>::new;
    "denylist::Denylist::purge": Denylist::<16>::purge;
    "denylist::Error::Display::fmt": <Error as Display>::fmt;
}
