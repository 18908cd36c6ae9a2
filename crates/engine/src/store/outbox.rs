//! The outbox: what an agent finished and the platform has not confirmed.
//!
//! An item is `Waiting` from the moment it is on the disk. Whoever sends it *claims* it first, and only one process can,
//! and only the oldest item of a lane. What comes of it is *settled* (`Waiting` again, `Refused`, `Unknown`, `Ask`,
//! `Conflict`) or *finished*. An item whose sender died while sending becomes `Unknown` when the store is next opened: the
//! platform may or may not have it.

use std::collections::BTreeSet;

use model::{AccountId, ActivityId, Draft, OutboxItem, OutboxState, Problem, ProblemCode, Timestamp, Work};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, from_json, readable, to_json};

const COLUMNS: &str = "id, work, title, batch, queued_at, state, detail";

impl Store {
    /// All items, oldest first.
    pub async fn outbox(&self) -> Result<Vec<OutboxItem>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY id"))?;
            query.query_map([], item)?.filter_map(readable).collect()
        })
        .await
    }

    /// Puts finished work into the outbox; it is on the disk when this answers.
    ///
    /// Closing an activity replaces an item of the same activity that was not sent (`Waiting`) or was `Refused`, under its
    /// old number: the agent has finished it anew.
    pub async fn enqueue(&self, work: Work, title: String, at: Timestamp) -> Result<OutboxItem, Problem> {
        self.write(move |db| {
            let replaced = match work.activity() {
                Some(_) => replace(db, &work, &title, at)?,
                None => None,
            };
            match replaced {
                Some(id) => get(db, id),
                None => insert(db, &work, &title, None, at),
            }
        })
        .await
    }

    /// Turns what was typed for an activity that is gone into a `Refused` item, so that the agent sees it. The draft
    /// goes with it.
    pub async fn strand(
        &self,
        activity: ActivityId,
        title: String,
        draft: Draft,
        problem: Problem,
        at: Timestamp,
    ) -> Result<OutboxItem, Problem> {
        self.write(move |db| {
            db.execute("DELETE FROM drafts WHERE activity = ?1", [activity.as_str()])?;
            let item = insert(db, &Work::Close { activity, draft }, &title, None, at)?;
            put_state(db, item.id, &OutboxState::Refused { problem })?;
            get(db, item.id)
        })
        .await
    }

    /// Takes a `Waiting` item for sending: it is `Sending` now, by this process. `trace` stays with it, unless it has one
    /// from before: what was known when it was first sent.
    ///
    /// `None` when it is no longer waiting, gone, or not the oldest item of its lane.
    pub async fn claim(&self, id: u64, trace: String) -> Result<Option<OutboxItem>, Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            let claimed = db.execute(
                "UPDATE outbox SET state = 'sending', owner = ?2, trace = coalesce(trace, ?3)
                 WHERE id = ?1 AND state = 'waiting'
                 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lane = outbox.lane AND o.id < outbox.id)",
                params![id, owner, trace],
            )?;
            if claimed == 1 { get(db, id).map(Some) } else { Ok(None) }
        })
        .await
    }

    /// What was known of an item when it was first sent.
    pub async fn trace(&self, id: u64) -> Result<Option<String>, Problem> {
        self.read(move |db| {
            let trace = db.query_row("SELECT trace FROM outbox WHERE id = ?1", [id], |row| row.get(0));
            Ok(trace.optional()?.flatten())
        })
        .await
    }

    /// Puts other work in the place of an item's that waits for the agent's word (`Refused`, `Ask`, `Conflict`), and lets it
    /// wait for its turn again. `None` when it is in no such state: the word was given before, or it is being sent.
    pub async fn rewrite(&self, id: u64, work: Work) -> Result<Option<OutboxItem>, Problem> {
        self.write(move |db| {
            let sql = "UPDATE outbox SET work = ?2 WHERE id = ?1 AND state IN ('refused', 'ask', 'conflict')";
            let found = db.execute(sql, params![id, to_json(&work)?])? == 1;
            if found && put_state(db, id, &OutboxState::Waiting)? { get(db, id).map(Some) } else { Ok(None) }
        })
        .await
    }

    /// Says where an item stands now. `None` when it is gone, or goes because it belongs to a bulk change that was cancelled
    /// while it was being sent.
    ///
    /// To send an item again, settle it as `Waiting` and claim it. `Sending` cannot be settled, only claimed: it is taken
    /// as `Waiting`.
    pub async fn settle(&self, id: u64, state: OutboxState) -> Result<Option<OutboxItem>, Problem> {
        self.write(move |db| {
            if !put_state(db, id, &state)? {
                return Ok(None);
            }
            let item = get(db, id)?;
            let stops = "UPDATE batches SET cancelled = cancelled + 1 WHERE id = ?1 AND stopped = 1";
            if item.state == OutboxState::Waiting && db.execute(stops, [item.batch])? == 1 {
                take_out(db, &item)?;
                return Ok(None);
            }
            Ok(Some(item))
        })
        .await
    }

    /// Gives up whatever this process was sending for an account: its fate is `Unknown`. For the end of a session, when
    /// nobody sends any more.
    pub async fn interrupt(&self, account: AccountId) -> Result<(), Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            let problem = to_json(&Problem::new(ProblemCode::Unconfirmed))?;
            let sql = "UPDATE outbox SET state = 'unknown', detail = ?1, owner = NULL
                       WHERE state = 'sending' AND owner = ?2 AND account = ?3";
            db.execute(sql, params![problem, owner, account.as_str()]).map(drop)
        })
        .await
    }

    /// Takes an item out that the platform has confirmed. Answers whether it was there.
    ///
    /// The draft of the activity goes with it, unless the agent has typed something else since.
    pub async fn finish(&self, id: u64) -> Result<bool, Problem> {
        self.write(move |db| {
            let Some(item) = get(db, id).optional()? else { return Ok(false) };
            take_out(db, &item)?;
            if let Some(batch) = item.batch {
                db.execute("UPDATE batches SET done = done + 1 WHERE id = ?1", [batch])?;
            }
            Ok(true)
        })
        .await
    }

    /// Throws an item away on the agent's word, and what was to follow from it. Answers what is out now.
    ///
    /// What is being sent stays: `None` then. The draft goes as with [`Store::finish`].
    pub async fn discard(&self, id: u64) -> Result<Option<Vec<OutboxItem>>, Problem> {
        self.write(move |db| {
            let Some(item) = get(db, id).optional()? else { return Ok(Some(Vec::new())) };
            if item.state == OutboxState::Sending {
                return Ok(None);
            }
            let mut out = followers(db, id)?;
            out.insert(0, item);
            for item in &out {
                take_out(db, item)?;
                if let Some(batch) = item.batch {
                    db.execute("UPDATE batches SET cancelled = cancelled + 1 WHERE id = ?1", [batch])?;
                }
            }
            Ok(Some(out))
        })
        .await
    }
}

/// What is to follow from an item.
pub(super) fn followers(db: &Connection, id: u64) -> rusqlite::Result<Vec<OutboxItem>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE behind = ?1 ORDER BY id");
    db.prepare_cached(&sql)?.query_map([id], item)?.filter_map(readable).collect()
}

pub(super) fn take_out(db: &Connection, item: &OutboxItem) -> rusqlite::Result<()> {
    if let Work::Close { activity, draft } = &item.work {
        let sql = "DELETE FROM drafts WHERE activity = ?1 AND json = ?2";
        db.execute(sql, params![activity.as_str(), to_json(draft)?])?;
    }
    db.execute("DELETE FROM outbox WHERE id = ?1", [item.id]).map(drop)
}

/// Items that nobody alive is sending: whether the platform has them is not known.
pub(super) fn orphans_become_unknown(db: &Connection, living: &BTreeSet<String>) -> rusqlite::Result<usize> {
    let living = to_json(living)?;
    let problem = to_json(&Problem::new(ProblemCode::Unconfirmed))?;
    db.execute(
        "UPDATE outbox SET state = 'unknown', detail = ?1, owner = NULL
         WHERE state = 'sending' AND owner NOT IN (SELECT value FROM json_each(?2))",
        params![problem, living],
    )
}

fn replace(db: &Connection, work: &Work, title: &str, at: Timestamp) -> rusqlite::Result<Option<u64>> {
    db.query_row(
        "UPDATE outbox SET title = ?2, work = ?3, queued_at = ?4, state = 'waiting', detail = NULL
         WHERE id = (SELECT max(id) FROM outbox WHERE lane = ?1) AND state IN ('waiting', 'refused')
         RETURNING id",
        params![work.lane(), title, to_json(work)?, at.0],
        |row| row.get(0),
    )
    .optional()
}

pub(super) fn insert(
    db: &Connection,
    work: &Work,
    title: &str,
    batch: Option<u64>,
    at: Timestamp,
) -> rusqlite::Result<OutboxItem> {
    let account = work.account().unwrap_or_else(|| AccountId::from(""));
    let work = &rebased(db, work)?;
    let id = db.query_row(
        "INSERT INTO outbox (account, lane, work, title, batch, queued_at, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting') RETURNING id",
        params![account.as_str(), work.lane(), to_json(work)?, title, batch, at.0],
        |row| row.get(0),
    )?;
    get(db, id)
}

/// Work that changes fields which an earlier item of the same lane changes too: by its turn they hold what that one wrote.
fn rebased(db: &Connection, work: &Work) -> rusqlite::Result<Work> {
    let mut work = work.clone();
    let (lane, of) = (work.lane(), record(&work).cloned());
    let (Work::Edit { edit, .. } | Work::EditRecord { edit, .. }) = &mut work else { return Ok(work) };
    let mut query = db.prepare_cached("SELECT work FROM outbox WHERE lane = ?1 ORDER BY id")?;
    let earlier = query.query_map([lane], |row| from_json::<Work>(row, 0))?.filter_map(readable);
    for earlier in earlier {
        let earlier = earlier?;
        if record(&earlier) != of.as_ref() {
            continue;
        }
        let (Work::Edit { edit: before, .. } | Work::EditRecord { edit: before, .. }) = &earlier else {
            continue;
        };
        for field in edit.iter_mut() {
            if let Some(before) = before.iter().find(|before| before.key == field.key) {
                field.was.clone_from(&before.now);
            }
        }
    }
    Ok(work)
}

/// The linked record that work changes.
fn record(work: &Work) -> Option<&model::RecordId> {
    match work {
        Work::EditRecord { record, .. } => Some(record),
        _ => None,
    }
}

fn put_state(db: &Connection, id: u64, state: &OutboxState) -> rusqlite::Result<bool> {
    let (word, detail) = match state {
        OutboxState::Waiting | OutboxState::Sending => ("waiting", None),
        OutboxState::Refused { problem } => ("refused", Some(to_json(problem)?)),
        OutboxState::Unknown { problem } => ("unknown", Some(to_json(problem)?)),
        OutboxState::Ask { problem } => ("ask", Some(to_json(problem)?)),
        OutboxState::Conflict { fields } => ("conflict", Some(to_json(fields)?)),
    };
    let sql = "UPDATE outbox SET state = ?2, detail = ?3, owner = NULL WHERE id = ?1";
    Ok(db.execute(sql, params![id, word, detail])? == 1)
}

pub(super) fn get(db: &Connection, id: u64) -> rusqlite::Result<OutboxItem> {
    db.query_row(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"), [id], item)
}

fn item(row: &Row<'_>) -> rusqlite::Result<OutboxItem> {
    let state = match row.get_ref(5)?.as_str()? {
        "sending" => OutboxState::Sending,
        "refused" => OutboxState::Refused { problem: from_json(row, 6)? },
        "unknown" => OutboxState::Unknown { problem: from_json(row, 6)? },
        "ask" => OutboxState::Ask { problem: from_json(row, 6)? },
        "conflict" => OutboxState::Conflict { fields: from_json(row, 6)? },
        _ => OutboxState::Waiting,
    };
    Ok(OutboxItem {
        id: row.get(0)?,
        work: from_json(row, 1)?,
        title: row.get(2)?,
        batch: row.get(3)?,
        queued_at: Timestamp(row.get(4)?),
        state,
    })
}
