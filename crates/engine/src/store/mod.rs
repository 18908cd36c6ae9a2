//! The local store: one SQLite file, `offhook.db`, in the data folder.
//!
//! It holds what the agent has here and nowhere else (accounts without their secrets, settings, drafts, the outbox,
//! favourites) and an index of contacts that can be read again at any time. Several processes may have it open at once:
//! the app and the command line.
//!
//! Three connections, so that nobody waits for the wrong thing:
//! - the *writer* lives on a thread of its own and takes one job after the other, in the order in which they were handed
//!   over. A job is committed and on the disk (WAL, `synchronous = FULL`) before its future answers;
//! - the *reader* serves lists and searches on tokio's blocking threads;
//! - the *spotter* serves nothing but caller identification, synchronously, in microseconds. In WAL mode a reader never
//!   waits for a writer.
//!
//! A future that is dropped after its first poll does not take its job back. When the last [`Store`] is dropped, every
//! job handed over is finished first.

mod batches;
mod composing;
mod contacts;
mod day;
mod details;
mod fold;
mod open;
mod outbox;
mod owner;
mod rescue;
mod search;
mod small;
mod ticket_lists;
mod tickets;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use model::{Problem, ProblemCode};
use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

pub(crate) use composing::{TakenBack, files_of};
pub use contacts::Generation;
pub(crate) use day::KeptDay;
pub use open::Opened;
pub(crate) use tickets::own_filter_id;
pub use tickets::{TicketPage, TicketStep, TicketSync, TicketsTaken};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The local store. Cheap to clone; all clones are the same open file.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    /// The name of this process in the outbox: what it is sending carries it.
    owner: String,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    reader: Mutex<Connection>,
    spotter: Mutex<Connection>,
}

impl Store {
    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Runs `job` on the writer's thread inside one transaction.
    async fn write<T, F>(&self, job: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = (|| {
                // IMMEDIATE: a transaction that first reads and then writes would fail, not wait, if another process
                // wrote in between.
                let transaction =
                    connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                let value = job(&transaction)?;
                transaction.commit()?;
                Ok(value)
            })();
            // Nobody may be waiting any more; the work is done all the same.
            let _ = answer.send(done);
        });
        let sent = self.0.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        match result.await {
            Ok(done) if sent => done.map_err(|error| self.failed(&error)),
            _ => Err(stopped()),
        }
    }

    /// Runs `job` on the reader, off the async threads.
    async fn read<T, F>(&self, job: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let inner = self.0.clone();
        let done = tokio::task::spawn_blocking(move || job(&lock(&inner.reader))).await;
        done.map_err(|_| stopped())?.map_err(|error| self.failed(&error))
    }

    /// Runs `job` on the spotter, here and now.
    fn spot<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Problem> {
        job(&lock(&self.0.spotter)).map_err(|error| self.failed(&error))
    }

    /// A damaged file is found out in use: the next start shall look through it.
    fn failed(&self, error: &rusqlite::Error) -> Problem {
        if let Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) = error.sqlite_error_code()
            && let Some(dir) = self.0.path.parent()
        {
            owner::ask_for_a_check(dir);
        }
        fault(error)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take() {
            // A panicked job has been reported by the panic itself, and dropping must not panic again.
            let _ = writer.join();
        }
    }
}

/// A panic while reading cannot have left a connection half changed: go on with it.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the agent is told when the database fails. SQLite's text names tables and causes, never values.
fn fault(error: &rusqlite::Error) -> Problem {
    tracing::error!(%error, "the local store failed");
    let mut problem = Problem::new(ProblemCode::Internal).with("what", error.to_string());
    problem.message = "Offhook's database on this computer could not be used.".to_owned();
    problem.hint = "Check that the disk is not full and that the data folder may be written to.".to_owned();
    problem
}

fn stopped() -> Problem {
    Problem::new(ProblemCode::Internal).with("what", "the local store has stopped")
}

/// A column that holds one of our own types as JSON. The error says where, never what: it may be somebody's words.
fn from_json<T: serde::de::DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        let place = format!("unreadable JSON at byte {}", error.column());
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, place.into())
    })
}

fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// The row, or nothing where what it holds cannot be read: written by another version, or edited by hand. One such row
/// must not hide the others.
fn readable<T>(row: rusqlite::Result<T>) -> Option<rusqlite::Result<T>> {
    match row {
        Err(error @ rusqlite::Error::FromSqlConversionFailure(..)) => {
            tracing::warn!(%error, "a record of the local store cannot be read: it is left out");
            None
        }
        other => Some(other),
    }
}
