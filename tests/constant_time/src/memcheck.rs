//! Under valgrind's memcheck: secrets are undefined, and answers are defined again before they are
//! looked at.

use std::convert::Infallible;
use std::hint::black_box;

use hardtack::identity::{Assurance, Authenticated, Evidence, Factors};
use hardtack::session::{Change, Error, Handle, Record, Rules, Secret, Sessions, Store, Stored};

use crate::cases::{ALL, NOW, Presented, Text, Visit, all};
use crate::valgrind::request;

const MEMCHECK: [u8; 2] = *b"MC";
const MAKE_UNDEFINED: usize = 1;
const MAKE_DEFINED: usize = 2;

const LOOK_UP: &str = "session secret, looked up";

/// Marks bytes as secret.
fn hide(bytes: &mut [u8]) {
    request(
        MEMCHECK,
        MAKE_UNDEFINED,
        [bytes.as_mut_ptr() as usize, bytes.len()],
    );
}

/// Marks a value as public from here on.
fn reveal<T>(value: &T) {
    request(
        MEMCHECK,
        MAKE_DEFINED,
        [std::ptr::from_ref(value) as usize, size_of::<T>()],
    );
}

struct Case<'c>(&'c str);

impl Visit for Case<'_> {
    fn visit(
        &mut self,
        name: &str,
        present: &dyn Fn(Presented) -> Text,
        check: &mut dyn FnMut(&[u8]) -> bool,
    ) {
        if name != self.0 {
            return;
        }
        for presented in ALL {
            let mut text = present(presented);
            if name.starts_with("session secret") {
                hide(text.bytes_mut());
            }
            let answer = black_box(check(text.bytes()));
            // Whether it is accepted is no secret.
            reveal(&answer);
            println!("{presented:?}: {answer}");
        }
    }

    fn hide(&self, bytes: &mut [u8]) {
        hide(bytes);
    }
}

pub fn run(case: &str) {
    all(&mut Case(case));
    if case == LOOK_UP {
        look_up();
    }
}

/// A store of sessions. The handle that it is asked for is public: it is the hash of a secret of 256
/// random bits, and no secret can be made from it.
struct Revealing(Sessions<u32, (), 4>);

impl Store for Revealing {
    type User = u32;
    type Data = ();
    type Error = Error;

    fn load(&mut self, handle: &Handle) -> Result<Option<Record<u32, ()>>, Error> {
        reveal(handle);
        self.0.load(black_box(handle))
    }

    fn apply(&mut self, change: &Change<'_, u32, ()>) -> Result<bool, Error> {
        self.0.apply(change)
    }

    fn each_of(&mut self, user: &u32, see: impl FnMut(Record<u32, ()>)) -> Result<(), Error> {
        self.0.each_of(user, see)
    }
}

fn look_up() {
    let mut sessions = Sessions::new(Rules::AAL1);
    let user = Authenticated::vouch(7, Evidence::new(Assurance::Aal1, Factors::PWD), NOW);
    let fill = |bytes: &mut [u8]| {
        bytes.fill(0x5A);
        Ok::<(), Infallible>(())
    };
    let secret = sessions.login(None, user, fill, NOW).expect("room");
    let mut stored = Stored::new(Revealing(sessions), Rules::AAL1);
    let mut text = [0; Secret::LEN];
    secret.write(&mut text).expect("fits");
    for place in [None, Some(0), Some(41)] {
        let mut text = text;
        if let Some(place) = place {
            text[place] = b'A';
        }
        hide(&mut text);
        let presented = Secret::parse(&text).expect("a secret");
        println!("{place:?}: {}", stored.check(&presented, NOW).is_ok());
    }
}

struct List;

impl Visit for List {
    fn visit(
        &mut self,
        name: &str,
        _: &dyn Fn(Presented) -> Text,
        _: &mut dyn FnMut(&[u8]) -> bool,
    ) {
        println!("{name}");
    }

    fn hide(&self, _: &mut [u8]) {}
}

pub fn list() {
    all(&mut List);
    println!("{LOOK_UP}");
}
