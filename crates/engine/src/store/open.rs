//! Opening: the folder, the lock, the migrations, and what to do with a file that cannot be used.
//!
//! - A database of a newer Offhook is left untouched and the agent is told to update.
//! - A damaged one is moved aside with the time in its name and a fresh one is made, because agents must be able to
//!   work. What can still be read of the agent's own things is carried over; [`Opened::moved_aside`] lets the caller say
//!   that other unsent work may be in there. The whole file is looked through only when an Offhook died or met damage.
//! - Anything else (no rights, disk full) is a [`Problem`]; nothing was changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use model::{Problem, ProblemCode};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{Inner, Job, Store, contacts, fault, outbox, owner, rescue, tickets};

/// The migrations, in order. A database has been through as many as its `user_version` says.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_work.sql"),
    include_str!("migrations/002_contacts.sql"),
    include_str!("migrations/003_two_platforms.sql"),
    include_str!("migrations/004_tickets.sql"),
    include_str!("migrations/005_day.sql"),
];

/// How long a connection waits for another process: a migration or a batch of contacts may take a while.
const PATIENCE: Duration = Duration::from_secs(5);
/// The spotter is on the way of a ringing call: better an unnamed caller than a late ring.
const SPOTTER_PATIENCE: Duration = Duration::from_millis(20);

/// What opening found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The damaged database was moved here and a fresh one made. Unsent work may be in it.
    pub moved_aside: Option<PathBuf>,
    /// How many records of the agent's own (accounts, drafts, unsent items …) were carried over from it.
    pub rescued: usize,
}

enum Failed {
    /// The file is damaged or no database.
    Damaged(rusqlite::Error),
    /// Anything else.
    Other(Problem),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Other(fault(&error)),
        }
    }
}

impl Store {
    /// Opens the store in the folder `dir`, which is made if need be. Blocks for some milliseconds.
    ///
    /// # Errors
    /// [`ProblemCode::NotPossible`] when the database was made by a newer Offhook, [`ProblemCode::Internal`] when the
    /// folder or the file cannot be used.
    pub fn open(dir: &Path) -> Result<(Self, Opened), Problem> {
        fs::create_dir_all(dir).map_err(|error| unusable(dir, &error))?;
        let _guard = owner::one_at_a_time(dir).map_err(|error| unusable(dir, &error))?;
        let others = owner::others(dir).map_err(|error| unusable(dir, &error))?;
        let path = dir.join("offhook.db");
        let mut opened = Opened::default();
        let writer = match connect(&path, &others) {
            Ok(writer) => writer,
            Err(Failed::Other(problem)) => return Err(problem),
            // Moving the file away under somebody who writes to it would lose what is written from now on.
            Err(Failed::Damaged(error)) if !others.living.is_empty() => return Err(fault(&error)),
            Err(Failed::Damaged(error)) => {
                tracing::error!(%error, "the database is damaged: it is moved aside");
                let aside = move_aside(&path).map_err(|error| unusable(dir, &error))?;
                let fresh = connect(&path, &others).map_err(|failed| match failed {
                    Failed::Damaged(error) => fault(&error),
                    Failed::Other(problem) => problem,
                })?;
                opened.rescued = rescue::carry_over(&aside, &fresh);
                outbox::orphans_become_unknown(&fresh, &others.living).map_err(|error| fault(&error))?;
                opened.moved_aside = Some(aside);
                fresh
            }
        };
        let lists = reader(&path, PATIENCE).map_err(|error| fault(&error))?;
        let spotter = reader(&path, SPOTTER_PATIENCE).map_err(|error| fault(&error))?;
        let me = owner::Owner::enter(dir).map_err(|error| unusable(dir, &error))?;
        let owner = me.name.clone();
        let (jobs, queue) = mpsc::channel::<Job>();
        let writer = std::thread::Builder::new()
            .name("offhook-store".to_owned())
            .spawn(move || {
                // The lock lives here, so that it is let go of after the last job.
                let (mut writer, _me) = (writer, me);
                for job in queue {
                    job(&mut writer);
                }
                // Lets the planner know the data; cheap, and a failure changes nothing.
                let _ = writer.execute_batch("PRAGMA optimize");
            })
            .map_err(|error| unusable(dir, &error))?;
        let inner = Inner {
            path,
            owner,
            jobs: Some(jobs),
            writer: Some(writer),
            reader: Mutex::new(lists),
            spotter: Mutex::new(spotter),
        };
        Ok((Self(Arc::new(inner)), opened))
    }
}

fn connect(path: &Path, others: &owner::Others) -> Result<Connection, Failed> {
    only_mine(path).map_err(|error| Failed::Other(unusable(path, &error)))?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    let version: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > MIGRATIONS.len() {
        return Err(Failed::Other(newer(path)));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // 16 MB, only filled by a large synchronisation: with the usual 2 MB it reads the same pages again and again.
    connection.pragma_update(None, "cache_size", -16_000)?;
    if others.died {
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            return Err(Failed::Damaged(rusqlite::Error::SqliteFailure(code, Some(verdict))));
        }
    }
    for (done, migration) in MIGRATIONS.iter().enumerate().skip(version) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", done + 1)?;
        transaction.commit()?;
    }
    outbox::orphans_become_unknown(&connection, &others.living)?;
    if others.living.is_empty() {
        contacts::strangers_go(&connection)?;
        tickets::tombs_go(&connection)?;
    }
    Ok(connection)
}

/// Makes the file, readable by nobody but this user: there are customers in it. SQLite gives its companions the same rights.
fn only_mine(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn reader(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    Ok(connection)
}

/// Moves the database and what belongs to it out of the way; answers where the database is now.
fn move_aside(path: &Path) -> std::io::Result<PathBuf> {
    let now = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S%.3f").to_string();
    let aside = path.with_file_name(format!("offhook-damaged-{now}.db"));
    fs::rename(path, &aside)?;
    for ending in ["-wal", "-shm"] {
        let beside = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        match fs::rename(beside(path), beside(&aside)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

fn newer(path: &Path) -> Problem {
    let mut problem = Problem::new(ProblemCode::NotPossible).with("path", path.display().to_string());
    problem.message = "The data on this computer were written by a newer Offhook.".to_owned();
    problem.hint = "Update Offhook, or start it with another data folder.".to_owned();
    problem
}

fn unusable(dir: &Path, error: &std::io::Error) -> Problem {
    tracing::error!(%error, "the data folder cannot be used");
    let mut problem = Problem::new(ProblemCode::Internal)
        .with("path", dir.display().to_string())
        .with("what", error.to_string());
    problem.message = "Offhook's data folder cannot be used.".to_owned();
    problem.hint = "Check that the disk is not full and that the folder may be written to.".to_owned();
    problem
}
