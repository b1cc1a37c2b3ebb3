//! Session records in Redis.

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use hardtack::session::{Change, Handle, Record, RecordOf, Stamp, Store};
use redis::Script;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::link::{Link, Outage, Place, milliseconds, pack, unpack};

/// A [`Store`] of sessions in Redis, of users `U`, with data `D`. Give each thread its own: it is
/// one connection.
///
/// ```no_run
/// use hardtack::session::{Rules, Stored};
/// use hardtack_redis::{Place, SessionStore};
///
/// let place = Place::new("redis://127.0.0.1:6379", "shop:")?;
/// let mut sessions = Stored::new(SessionStore::<u32, String>::new(place), Rules::AAL1);
/// # Ok::<(), hardtack_redis::Outage>(())
/// ```
pub struct SessionStore<U, D> {
    link: Link,
    scripts: Scripts,
    of: PhantomData<fn() -> (U, D)>,
}

struct Scripts {
    load: Script,
    apply: Script,
    list: Script,
}

/// `core`, `user` (nothing for nobody) and `data` of a row.
type Row = (Vec<u8>, Vec<u8>, Vec<u8>);

/// What keys start with, before the handle or the user.
const ROW: &str = "session";
const FORMER: &str = "session-former";
const USER: &str = "session-user";

impl<U, D> SessionStore<U, D> {
    /// Sessions at this place.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self {
            link: Link::new(place),
            scripts: Scripts {
                load: Script::new(include_str!("session_load.lua")),
                apply: Script::new(include_str!("session_apply.lua")),
                list: Script::new(include_str!("session_list.lua")),
            },
            of: PhantomData,
        }
    }

    fn key(&self, kind: &str, handle: &Handle) -> Vec<u8> {
        self.link.place.key(kind, handle.as_bytes())
    }
}

impl<U, D> SessionStore<U, D>
where
    U: Serialize + DeserializeOwned,
    D: Serialize + DeserializeOwned,
{
    fn record(&self, (core, user, data): &Row) -> Result<Record<U, D>, Outage> {
        let user = if user.is_empty() {
            None
        } else {
            Some(unpack(user)?)
        };
        Record::from_core(core, user, unpack(data)?).map_err(|_| Outage::Corrupt)
    }

    /// Writes a record where `was` stands, or where nothing stands.
    fn write(
        &mut self,
        operation: &str,
        was: Option<Stamp>,
        record: &Record<U, D>,
        keep: Duration,
    ) -> Result<bool, Outage> {
        let handle = record.handle();
        let was = was.unwrap_or(Stamp { handle, version: 0 });
        let former = record.former().map(|(former, _)| former);
        let user = record.user().map(pack).transpose()?.unwrap_or_default();
        let mut call = self.scripts.apply.key(self.key(ROW, &was.handle));
        call.key(self.key(ROW, &handle))
            .key(self.key(FORMER, &former.unwrap_or(handle)))
            .arg(operation)
            .arg(&was.version.to_be_bytes())
            .arg(&record.core())
            .arg(user)
            .arg(pack(record.data())?)
            .arg(milliseconds(keep))
            .arg(handle.as_bytes())
            .arg(u8::from(former.is_some()))
            .arg(self.link.place.key(USER, b""))
            .arg(was.handle.as_bytes());
        self.link.run(|connection| call.invoke(connection))
    }
}

impl<U, D> Store for SessionStore<U, D>
where
    U: Serialize + DeserializeOwned,
    D: Serialize + DeserializeOwned,
{
    type User = U;
    type Data = D;
    type Error = Outage;

    fn load(&mut self, handle: &Handle) -> Result<Option<RecordOf<Self>>, Outage> {
        let mut call = self.scripts.load.key(self.key(ROW, handle));
        call.key(self.key(FORMER, handle))
            .arg(handle.as_bytes())
            .arg(self.link.place.key(ROW, b""));
        let row: Option<Row> = self.link.read(|connection| call.invoke(connection))?;
        row.map(|row| self.record(&row)).transpose()
    }

    fn apply(&mut self, change: &Change<'_, U, D>) -> Result<bool, Outage> {
        match *change {
            Change::Insert { record, keep } => self.write("insert", None, record, keep),
            Change::Replace { was, record, keep } => self.write("replace", Some(was), record, keep),
            Change::Delete { was } => {
                let row = self.key(ROW, &was.handle);
                let mut call = self.scripts.apply.key(&row);
                call.key(&row)
                    .key(&row)
                    .arg("delete")
                    .arg(&was.version.to_be_bytes());
                // What would be written, if anything were.
                for _ in 3..=8 {
                    call.arg("");
                }
                call.arg(self.link.place.key(USER, b""))
                    .arg(was.handle.as_bytes());
                self.link.run(|connection| call.invoke(connection))
            }
        }
    }

    fn each_of(&mut self, user: &U, see: impl FnMut(RecordOf<Self>)) -> Result<(), Outage> {
        let mut call = self
            .scripts
            .list
            .key(self.link.place.key(USER, &pack(user)?));
        call.arg(self.link.place.key(ROW, b""));
        let rows: Vec<Row> = self.link.read(|connection| call.invoke(connection))?;
        let records = rows
            .iter()
            .map(|row| self.record(row))
            .collect::<Result<Vec<_>, _>>()?;
        records.into_iter().for_each(see);
        Ok(())
    }
}

impl<U, D> fmt::Debug for SessionStore<U, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionStore").field(&self.link).finish()
    }
}
