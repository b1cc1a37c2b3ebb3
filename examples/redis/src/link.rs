//! The connection to the server, and what becomes of it in an outage.

use core::fmt;
use core::time::Duration;

use redis::{Client, Connection, RedisError, RedisResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where the rows are: a server, and what all keys start with.
#[derive(Clone)]
pub struct Place {
    client: Client,
    prefix: String,
}

impl Place {
    /// A place on the server of `url`, such as `redis://127.0.0.1:6379`. It connects when it is
    /// first used.
    ///
    /// # Errors
    ///
    /// [`Outage`] if `url` is not one of Redis.
    pub fn new(url: &str, prefix: &str) -> Result<Self, Outage> {
        let (client, prefix) = (Client::open(url)?, prefix.to_owned());
        Ok(Self { client, prefix })
    }

    /// The key of a row.
    pub(crate) fn key(&self, kind: &str, name: &[u8]) -> Vec<u8> {
        [self.prefix.as_bytes(), kind.as_bytes(), b":", name].concat()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may have a password in it.
        f.debug_struct("Place")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// The server could not be reached, or has answered what makes no sense. Nobody is logged out by
/// that: answer 503.
#[derive(Debug)]
pub enum Outage {
    /// What the client library says.
    Server(RedisError),
    /// A row that this program cannot have written.
    Corrupt,
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(_) => f.write_str("the server does not answer as it should"),
            Self::Corrupt => f.write_str("a row is not in the form in which rows are written"),
        }
    }
}

impl std::error::Error for Outage {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Server(error) => Some(error),
            Self::Corrupt => None,
        }
    }
}

impl From<RedisError> for Outage {
    fn from(error: RedisError) -> Self {
        Self::Server(error)
    }
}

/// How long a server may take. A store that hangs is an outage, too.
const PATIENCE: Duration = Duration::from_secs(2);

/// One connection, made anew after it was lost.
pub(crate) struct Link {
    pub(crate) place: Place,
    connection: Option<Connection>,
}

impl Link {
    pub(crate) const fn new(place: Place) -> Self {
        Self {
            place,
            connection: None,
        }
    }

    /// Runs `command`, once. Whether it was carried out is unknown if the connection breaks on the
    /// way, so whoever calls must be able to bear both: each change here is conditional on what it
    /// replaces.
    pub(crate) fn run<T>(
        &mut self,
        mut command: impl FnMut(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, Outage> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = command(&mut connection)?;
        // Not kept after an error: what is left of an answer must not be taken for the next one.
        self.connection = Some(connection);
        Ok(answer)
    }

    /// Runs `command`, which only reads, and does so again on a new connection if the old one was
    /// lost, as it is when the server was restarted.
    pub(crate) fn read<T>(
        &mut self,
        mut command: impl FnMut(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, Outage> {
        let connected = self.connection.is_some();
        match self.run(&mut command) {
            Err(Outage::Server(error)) if connected && error.is_io_error() => self.run(command),
            answer => answer,
        }
    }

    fn connect(&self) -> RedisResult<Connection> {
        let connection = self.place.client.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        Ok(connection)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connected = self.connection.is_some();
        f.debug_struct("Link")
            .field("place", &self.place)
            .field("connected", &connected)
            .finish()
    }
}

/// A user, or a program's data, as JSON.
pub(crate) fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, Outage> {
    serde_json::to_vec(value).map_err(|_| Outage::Corrupt)
}

pub(crate) fn unpack<T: DeserializeOwned>(json: &[u8]) -> Result<T, Outage> {
    serde_json::from_slice(json).map_err(|_| Outage::Corrupt)
}

/// A span as Redis wants it: whole milliseconds, at least one, at most a hundred years.
pub(crate) fn milliseconds(span: Duration) -> u64 {
    const CENTURY: u64 = 100 * 365 * 24 * 60 * 60 * 1000;
    u64::try_from(span.as_millis())
        .unwrap_or(CENTURY)
        .clamp(1, CENTURY)
}
