//! Refresh families in Redis.

use core::fmt;
use core::marker::PhantomData;

use hardtack::refresh::{Error, Family, FamilyId, Grant, Rules, State, Store};
use hardtack::time::UnixTime;
use redis::Script;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::link::{Link, Outage, Place, milliseconds, pack, unpack};

/// A [`Store`] of refresh families in Redis, of users `U`. Give each thread its own: it is one
/// connection. It keeps no limit per user.
///
/// ```no_run
/// use hardtack::refresh::Rules;
/// use hardtack_redis::{FamilyStore, Place};
///
/// let place = Place::new("redis://127.0.0.1:6379", "shop:")?;
/// let families = FamilyStore::<u32>::new(place, Rules::AAL1);
/// # Ok::<(), hardtack_redis::Outage>(())
/// ```
pub struct FamilyStore<U> {
    link: Link,
    rules: Rules,
    scripts: Scripts,
    of: PhantomData<fn() -> U>,
}

struct Scripts {
    insert: Script,
    replace: Script,
    remove: Script,
}

/// What keys start with, before the family or the user.
const ROW: &str = "family";
const USER: &str = "family-user";

impl<U> FamilyStore<U> {
    /// Families at this place, by these rules.
    #[must_use]
    pub fn new(place: Place, rules: Rules) -> Self {
        Self {
            link: Link::new(place),
            rules,
            scripts: Scripts {
                insert: Script::new(include_str!("family_insert.lua")),
                replace: Script::new(include_str!("family_replace.lua")),
                remove: Script::new(include_str!("family_remove.lua")),
            },
            of: PhantomData,
        }
    }

    fn key(&self, id: FamilyId) -> Vec<u8> {
        self.link.place.key(ROW, id.as_bytes())
    }

    fn remove_by(&mut self, key: Vec<u8>, family: &[u8]) -> Result<usize, Outage> {
        let mut call = self.scripts.remove.key(key);
        call.arg(family)
            .arg(self.link.place.key(ROW, b""))
            .arg(self.link.place.key(USER, b""));
        self.link.run(|connection| call.invoke(connection))
    }
}

impl<U: Serialize + DeserializeOwned> Store<U> for FamilyStore<U> {
    type Error = Outage;

    fn rules(&self) -> &Rules {
        &self.rules
    }

    fn insert(&mut self, family: Family<U>, now: UnixTime) -> Result<Result<(), Error>, Outage> {
        let user = pack(family.grant().user())?;
        let keep = family.state().end().saturating_since(now);
        let mut call = self.scripts.insert.key(self.key(family.id()));
        call.key(self.link.place.key(USER, &user))
            .arg(family.id().as_bytes())
            .arg(&family.state().to_bytes())
            .arg(pack(family.grant())?)
            .arg(user)
            .arg(milliseconds(keep));
        let inserted: bool = self.link.run(|connection| call.invoke(connection))?;
        Ok(if inserted {
            Ok(())
        } else {
            Err(Error::NoEntropy)
        })
    }

    fn load(&mut self, id: FamilyId) -> Result<Option<Family<U>>, Outage> {
        let key = self.key(id);
        let row: (Option<Vec<u8>>, Option<Vec<u8>>) = self.link.read(|connection| {
            redis::cmd("HMGET")
                .arg(&key)
                .arg("state")
                .arg("grant")
                .query(connection)
        })?;
        let (Some(state), Some(grant)) = row else {
            return Ok(None);
        };
        let state = State::from_bytes(state.try_into().map_err(|_| Outage::Corrupt)?);
        let grant: Grant<U> = unpack(&grant)?;
        Ok(Some(Family::from_parts(id, state, grant)))
    }

    fn replace(&mut self, id: FamilyId, counter: u64, state: State) -> Result<bool, Outage> {
        let mut call = self.scripts.replace.key(self.key(id));
        call.arg(&counter.to_be_bytes()).arg(&state.to_bytes());
        self.link.run(|connection| call.invoke(connection))
    }

    fn remove(&mut self, id: FamilyId) -> Result<bool, Outage> {
        Ok(self.remove_by(self.key(id), id.as_bytes())? == 1)
    }

    fn remove_user(&mut self, user: &U) -> Result<usize, Outage> {
        self.remove_by(self.link.place.key(USER, &pack(user)?), b"")
    }
}

impl<U> fmt::Debug for FamilyStore<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FamilyStore").field(&self.link).finish()
    }
}
