//! What is being written, and the files that go with it. Every word is on the disk before anything else happens to it; from
//! here to the outbox, and back, it goes in one transaction.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use model::{Composing, Message, OutboxItem, OutboxState, Problem, ProblemCode, StagedFile, Timestamp, Work};
use rusqlite::{Connection, OptionalExtension, params};

use super::outbox::{followers, get, insert, take_out};
use super::{Store, from_json, readable, to_json};

/// What became of taking an item back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TakenBack {
    /// It is a composition now; these items are out.
    Writing(Box<Composing>, Vec<u64>),
    /// Something else is being written under that key.
    Busy,
    /// It is being sent, or may have been: nobody may change it now.
    Sent,
    /// It is not there, or nothing that is written.
    Gone,
}

impl Store {
    /// What is being written.
    pub(crate) async fn composing(&self) -> Result<Vec<Composing>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT json FROM composing ORDER BY key")?;
            query.query_map([], |row| from_json(row, 0))?.filter_map(readable).collect()
        })
        .await
    }

    /// Keeps what is being written.
    pub(crate) async fn put_composing(&self, composing: Composing) -> Result<(), Problem> {
        self.write(move |db| put(db, &composing)).await
    }

    /// Throws away what is being written.
    pub(crate) async fn drop_composing(&self, key: String) -> Result<(), Problem> {
        self.write(move |db| db.execute("DELETE FROM composing WHERE key = ?1", [key]).map(drop)).await
    }

    /// Moves what is being written into the outbox: one item, and one behind it for what is to follow. `None` when nothing
    /// is being written under that key.
    pub(crate) async fn send_composing(
        &self,
        key: String,
        at: Timestamp,
    ) -> Result<Option<Vec<OutboxItem>>, Problem> {
        self.write(move |db| {
            let composing: Option<Composing> = db
                .query_row("SELECT json FROM composing WHERE key = ?1", [&key], |row| from_json(row, 0))
                .optional()?;
            let Some(Composing { mut work, title, .. }) = composing else { return Ok(None) };
            let then = match &mut work {
                Work::Send { ticket, message } => Some((ticket.clone(), std::mem::take(&mut message.then)))
                    .filter(|(_, then)| !then.is_empty()),
                _ => None,
            };
            let mut items = vec![insert(db, &work, &title, None, at)?];
            if let Some((ticket, edit)) = then {
                let item = insert(db, &Work::Edit { ticket, edit }, &title, None, at)?;
                let behind = params![item.id, items[0].id];
                db.execute("UPDATE outbox SET behind = ?2 WHERE id = ?1", behind)?;
                items.push(item);
            }
            db.execute("DELETE FROM composing WHERE key = ?1", [&key])?;
            Ok(Some(items))
        })
        .await
    }

    /// Moves an item out of the outbox again, and what was to follow from it: it is being written then.
    pub(crate) async fn take_back(&self, id: u64, at: Timestamp) -> Result<TakenBack, Problem> {
        self.write(move |db| {
            let Some(item) = get(db, id).optional()? else { return Ok(TakenBack::Gone) };
            if matches!(item.state, OutboxState::Sending | OutboxState::Unknown { .. }) {
                return Ok(TakenBack::Sent);
            }
            let Some(key) = key_of(&item) else { return Ok(TakenBack::Gone) };
            let busy = "SELECT 1 FROM composing WHERE key = ?1";
            if db.query_row(busy, [&key], |_| Ok(())).optional()?.is_some() {
                return Ok(TakenBack::Busy);
            }
            let mut out = vec![item.id];
            let mut work = item.work.clone();
            for follower in followers(db, id)? {
                if let (Work::Send { message, .. }, Work::Edit { edit, .. }) = (&mut work, &follower.work) {
                    message.then.extend(edit.iter().cloned());
                }
                take_out(db, &follower)?;
                out.push(follower.id);
            }
            take_out(db, &item)?;
            if let Some(batch) = item.batch {
                db.execute("UPDATE batches SET cancelled = cancelled + 1 WHERE id = ?1", [batch])?;
            }
            let composing = Composing { key, work, title: item.title, at };
            put(db, &composing)?;
            Ok(TakenBack::Writing(Box::new(composing), out))
        })
        .await
    }

    /// Keeps a file until it is sent.
    pub(crate) async fn stage(&self, file: StagedFile, bytes: Vec<u8>) -> Result<(), Problem> {
        let folder = self.staged();
        let path = folder.join(&file.id);
        let written = tokio::task::spawn_blocking(move || {
            fs::create_dir_all(&folder)?;
            let mut to = fs::File::create_new(path)?;
            to.write_all(&bytes)?;
            to.sync_all()
        });
        match written.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(unwritten(&error)),
            Err(_) => return Err(Problem::new(ProblemCode::Internal)),
        }
        self.write(move |db| {
            let sql = "INSERT INTO staged (id, json) VALUES (?1, ?2)";
            db.execute(sql, params![file.id, to_json(&file)?]).map(drop)
        })
        .await
    }

    /// The bytes of a file that waits to be sent. `None` when they are not there any more.
    pub(crate) async fn staged_bytes(&self, id: String) -> Option<Vec<u8>> {
        // Only names that we gave: an item of the outbox may have been edited by hand.
        let is_ours = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = self.staged().join(id);
        tokio::task::spawn_blocking(move || fs::read(path).ok().filter(|_| is_ours)).await.ok().flatten()
    }

    /// Removes those of these files that nobody needs any more; all that nobody needs when none is named.
    pub(crate) async fn unstage(&self, files: Option<Vec<String>>) -> Result<(), Problem> {
        let unused = self.write(move |db| unused(db, files)).await?;
        let folder = self.staged();
        let removed = tokio::task::spawn_blocking(move || {
            for id in unused {
                // What cannot be removed now is tried again at the next start.
                let _ = fs::remove_file(folder.join(id));
            }
        });
        // Nothing depends on it.
        let _ = removed.await;
        Ok(())
    }

    fn staged(&self) -> PathBuf {
        self.path().with_file_name("staged")
    }
}

fn put(db: &Connection, composing: &Composing) -> rusqlite::Result<()> {
    let account = composing.work.account();
    let sql = "INSERT OR REPLACE INTO composing (key, account, json) VALUES (?1, ?2, ?3)";
    let account = account.as_ref().map_or("", |account| account.as_str());
    db.execute(sql, params![composing.key, account, to_json(composing)?]).map(drop)
}

/// Under which key an item is written on; `None` for what is not written.
fn key_of(item: &OutboxItem) -> Option<String> {
    match &item.work {
        Work::Send { ticket, message } => Some(format!("{ticket}#{}", kind(message))),
        Work::Edit { ticket, .. } => Some(format!("{ticket}#edit")),
        Work::Create { .. } => Some(format!("new#{}", item.id)),
        Work::EditRecord { record, .. } => Some(format!("{record}#record")),
        Work::Close { .. } | Work::Delete { .. } => None,
    }
}

fn kind(message: &Message) -> &'static str {
    match message.kind {
        model::MessageKind::Reply => "reply",
        model::MessageKind::Note => "note",
        model::MessageKind::Forward => "forward",
        model::MessageKind::Sms => "sms",
    }
}

/// Forgets the files that stand in nothing that is written or waits. By text: a record that cannot be read may need them.
fn unused(db: &Connection, among: Option<Vec<String>>) -> rusqlite::Result<Vec<String>> {
    let candidates = match among {
        Some(files) => files,
        None => {
            let mut all = db.prepare_cached("SELECT id FROM staged")?;
            all.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        }
    };
    if candidates.is_empty() {
        return Ok(candidates);
    }
    let mut query = db.prepare_cached("SELECT json FROM composing UNION ALL SELECT work FROM outbox")?;
    let texts: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let unused: Vec<String> =
        candidates.into_iter().filter(|id| !texts.iter().any(|text| text.contains(id.as_str()))).collect();
    for id in &unused {
        db.execute("DELETE FROM staged WHERE id = ?1", [id])?;
    }
    Ok(unused)
}

/// The files of a piece of work.
pub(crate) fn files_of(work: &Work) -> &[StagedFile] {
    match work {
        Work::Send { message, .. } => &message.files,
        Work::Create { new, .. } => &new.message.files,
        _ => &[],
    }
}

fn unwritten(error: &std::io::Error) -> Problem {
    let mut problem = Problem::new(ProblemCode::Internal).with("what", error.to_string());
    problem.message = "The file could not be kept on this computer.".to_owned();
    problem.hint = "Check that the disk is not full and that the data folder may be written to.".to_owned();
    problem
}
