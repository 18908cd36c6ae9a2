//! The outbox: what an agent finished and the platform has not confirmed.
//!
//! An item is `Waiting` from the moment it is on the disk. Whoever sends it *claims* it first, and only one process can,
//! and only the oldest item of an activity. What comes of it is *settled* (`Waiting` again, `Refused`, `Unknown`) or
//! *finished*. An item whose sender died while sending becomes `Unknown` when the store is next opened: the platform may or
//! may not have it.

use std::collections::BTreeSet;

use model::{AccountId, ActivityId, Draft, OutboxItem, OutboxState, Problem, ProblemCode, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, from_json, readable, to_json};

const COLUMNS: &str = "id, activity, title, draft, queued_at, state, problem";

impl Store {
    /// All items, oldest first.
    pub async fn outbox(&self) -> Result<Vec<OutboxItem>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY id"))?;
            query.query_map([], item)?.filter_map(readable).collect()
        })
        .await
    }

    /// Puts a finished activity into the outbox; it is on the disk when this answers.
    ///
    /// An item of the same activity that was not sent (`Waiting`) or was `Refused` is replaced, under its old number: the
    /// agent has finished it anew.
    pub async fn enqueue(
        &self,
        activity: ActivityId,
        title: String,
        draft: Draft,
        at: Timestamp,
    ) -> Result<OutboxItem, Problem> {
        self.write(move |db| {
            let draft = to_json(&draft)?;
            let replaced = db
                .query_row(
                    "UPDATE outbox SET title = ?2, draft = ?3, queued_at = ?4, state = 'waiting', problem = NULL
                     WHERE id = (SELECT max(id) FROM outbox WHERE activity = ?1) AND state IN ('waiting', 'refused')
                     RETURNING id",
                    params![activity.as_str(), title, draft, at.0],
                    |row| row.get::<_, u64>(0),
                )
                .optional()?;
            let id = match replaced {
                Some(id) => id,
                None => db.query_row(
                    "INSERT INTO outbox (activity, title, draft, queued_at, state) VALUES (?1, ?2, ?3, ?4, 'waiting')
                     RETURNING id",
                    params![activity.as_str(), title, draft, at.0],
                    |row| row.get(0),
                )?,
            };
            get(db, id)
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
            let id = db.query_row(
                "INSERT INTO outbox (activity, title, draft, queued_at, state, problem)
                 VALUES (?1, ?2, ?3, ?4, 'refused', ?5) RETURNING id",
                params![activity.as_str(), title, to_json(&draft)?, at.0, to_json(&problem)?],
                |row| row.get(0),
            )?;
            get(db, id)
        })
        .await
    }

    /// Takes a `Waiting` item for sending: it is `Sending` now, by this process.
    ///
    /// `None` when it is no longer waiting, gone, or not the oldest item of its activity.
    pub async fn claim(&self, id: u64) -> Result<Option<OutboxItem>, Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            let claimed = db.execute(
                "UPDATE outbox SET state = 'sending', owner = ?2 WHERE id = ?1 AND state = 'waiting'
                 AND id = (SELECT min(o.id) FROM outbox o WHERE o.activity = outbox.activity)",
                params![id, owner],
            )?;
            if claimed == 1 { get(db, id).map(Some) } else { Ok(None) }
        })
        .await
    }

    /// Says where an item stands now. `None` when it is gone.
    ///
    /// To send a `Refused` or `Unknown` item again, settle it as `Waiting` and claim it. `Sending` cannot be settled, only
    /// claimed: it is taken as `Waiting`.
    pub async fn settle(&self, id: u64, state: OutboxState) -> Result<Option<OutboxItem>, Problem> {
        self.write(move |db| {
            let (word, problem) = match &state {
                OutboxState::Waiting | OutboxState::Sending => ("waiting", None),
                OutboxState::Refused { problem } => ("refused", Some(to_json(problem)?)),
                OutboxState::Unknown { problem } => ("unknown", Some(to_json(problem)?)),
            };
            let sql = "UPDATE outbox SET state = ?2, problem = ?3, owner = NULL WHERE id = ?1";
            let found = db.execute(sql, params![id, word, problem])?;
            if found == 1 { get(db, id).map(Some) } else { Ok(None) }
        })
        .await
    }

    /// Gives up whatever this process was sending for an account: its fate is `Unknown`. For the end of a session, when
    /// nobody sends any more.
    pub async fn interrupt(&self, account: AccountId) -> Result<(), Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            let problem = to_json(&Problem::new(ProblemCode::Unconfirmed))?;
            let sql = "UPDATE outbox SET state = 'unknown', problem = ?1, owner = NULL
                       WHERE state = 'sending' AND owner = ?2 AND activity >= ?3 AND activity < ?4";
            // '0' is the character after '/'.
            db.execute(sql, params![problem, owner, format!("{account}/"), format!("{account}0")]).map(drop)
        })
        .await
    }

    /// Takes an item out: confirmed by the platform, or thrown away by the agent. Answers whether it was there.
    ///
    /// The draft of the activity goes with it, unless the agent has typed something else since.
    pub async fn finish(&self, id: u64) -> Result<bool, Problem> {
        self.write(move |db| {
            db.execute(
                "DELETE FROM drafts WHERE EXISTS
                 (SELECT 1 FROM outbox o WHERE o.id = ?1 AND o.activity = drafts.activity AND o.draft = drafts.json)",
                [id],
            )?;
            Ok(db.execute("DELETE FROM outbox WHERE id = ?1", [id])? == 1)
        })
        .await
    }
}

/// Items that nobody alive is sending: whether the platform has them is not known.
pub(super) fn orphans_become_unknown(db: &Connection, living: &BTreeSet<String>) -> rusqlite::Result<usize> {
    let living = to_json(living)?;
    let problem = to_json(&Problem::new(ProblemCode::Unconfirmed))?;
    db.execute(
        "UPDATE outbox SET state = 'unknown', problem = ?1, owner = NULL
         WHERE state = 'sending' AND owner NOT IN (SELECT value FROM json_each(?2))",
        params![problem, living],
    )
}

fn get(db: &Connection, id: u64) -> rusqlite::Result<OutboxItem> {
    db.query_row(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"), [id], item)
}

fn item(row: &Row<'_>) -> rusqlite::Result<OutboxItem> {
    let state = match row.get_ref(5)?.as_str()? {
        "sending" => OutboxState::Sending,
        "refused" => OutboxState::Refused { problem: from_json(row, 6)? },
        "unknown" => OutboxState::Unknown { problem: from_json(row, 6)? },
        _ => OutboxState::Waiting,
    };
    Ok(OutboxItem {
        id: row.get(0)?,
        activity: ActivityId(row.get(1)?),
        title: row.get(2)?,
        draft: from_json(row, 3)?,
        queued_at: Timestamp(row.get(4)?),
        state,
    })
}
