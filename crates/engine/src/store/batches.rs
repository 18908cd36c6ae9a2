//! Bulk changes: the same edit for many tickets. They come into the outbox a few at a time, so that it stays small; what has
//! not come yet is on the disk too, and what was begun goes on after a restart.

use std::collections::BTreeSet;

use model::field::{OWNER, STAGE, TAGS};
use model::{BulkEdit, BulkProgress, FieldEdit, OutboxItem, Problem, Ticket, TicketId, Timestamp, Work};
use rusqlite::{Connection, OptionalExtension, params};

use super::outbox::insert;
use super::tickets::{row_of, shown};
use super::{Store, from_json, to_json};

impl Store {
    /// Keeps a bulk change. The edits name users of the account each ticket is on, see [`Store::refill_batch`].
    pub(crate) async fn add_batch(
        &self,
        edit: Vec<BulkEdit>,
        tickets: Vec<TicketId>,
    ) -> Result<BulkProgress, Problem> {
        self.write(move |db| {
            let of = u32::try_from(tickets.len()).unwrap_or(u32::MAX);
            let sql = "INSERT INTO batches (of, edit, rest) VALUES (?1, ?2, ?3) RETURNING id";
            let id = db.query_row(sql, params![of, to_json(&edit)?, to_json(&tickets)?], |row| row.get(0))?;
            Ok(BulkProgress { id, of, done: 0, failed: 0, cancelled: 0 })
        })
        .await
    }

    /// How far the bulk changes are that are not over.
    pub(crate) async fn batches(&self) -> Result<Vec<BulkProgress>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT id FROM batches ORDER BY id")?;
            let ids: Vec<u64> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            ids.into_iter().filter_map(|id| progress(db, id).transpose()).collect()
        })
        .await
    }

    /// How far a bulk change is; it is forgotten once nothing of it is left. `None` when there is no such.
    pub(crate) async fn batch_progress(&self, id: u64) -> Result<Option<BulkProgress>, Problem> {
        self.write(move |db| {
            let progress = progress(db, id)?;
            if let Some(progress) = &progress
                && progress.done + progress.cancelled >= progress.of
            {
                db.execute("DELETE FROM batches WHERE id = ?1", [id])?;
            }
            Ok(progress)
        })
        .await
    }

    /// Puts more of a bulk change into the outbox, so that about `most` of it wait there. `me` is who `me` means on each
    /// account. What would change nothing is done already; a ticket that is gone is passed over.
    pub(crate) async fn refill_batch(
        &self,
        id: u64,
        most: usize,
        me: Vec<(model::AccountId, String)>,
        at: Timestamp,
    ) -> Result<Vec<OutboxItem>, Problem> {
        self.write(move |db| {
            let kept = db
                .query_row("SELECT edit, rest FROM batches WHERE id = ?1", [id], |row| {
                    Ok((from_json::<Vec<BulkEdit>>(row, 0)?, from_json::<Vec<TicketId>>(row, 1)?))
                })
                .optional()?;
            let Some((edit, mut rest)) = kept else { return Ok(Vec::new()) };
            let waiting = "SELECT count(*) FROM outbox WHERE batch = ?1 AND state IN ('waiting', 'sending')";
            let waiting: usize = db.query_row(waiting, [id], |row| row.get(0))?;
            if rest.is_empty() || waiting > most / 2 {
                return Ok(Vec::new());
            }
            let mut items = Vec::new();
            while items.len() + waiting < most
                && let Some(ticket) = rest.pop()
            {
                let known = match row_of(db, &ticket)? {
                    Some(row) => shown(db, row)?,
                    None => None,
                };
                let counted = match known.map(|known| (edits(&edit, &known, &me), known)) {
                    Some((edit, known)) if !edit.is_empty() => {
                        let work = Work::Edit { ticket, edit };
                        items.push(insert(db, &work, &known.title, Some(id), at)?);
                        continue;
                    }
                    Some(_) => "done",
                    None => "cancelled",
                };
                db.execute(&format!("UPDATE batches SET {counted} = {counted} + 1 WHERE id = ?1"), [id])?;
            }
            db.execute("UPDATE batches SET rest = ?2 WHERE id = ?1", params![id, to_json(&rest)?])?;
            Ok(items)
        })
        .await
    }

    /// Takes out of a bulk change what was not sent yet. Answers the numbers of the items that are out.
    pub(crate) async fn cancel_batch(&self, id: u64) -> Result<Vec<u64>, Problem> {
        self.write(move |db| {
            let sql = "DELETE FROM outbox WHERE batch = ?1 AND state = 'waiting' RETURNING id";
            let out: Vec<u64> =
                db.prepare_cached(sql)?.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            db.execute(
                "UPDATE batches SET cancelled = cancelled + ?2 + json_array_length(rest), rest = '[]', stopped = 1 WHERE id = ?1",
                params![id, out.len()],
            )?;
            Ok(out)
        })
        .await
    }
}

fn progress(db: &Connection, id: u64) -> rusqlite::Result<Option<BulkProgress>> {
    db.query_row(
        "SELECT of, done, cancelled,
         (SELECT count(*) FROM outbox o WHERE o.batch = b.id AND o.state IN ('refused', 'conflict', 'ask'))
         FROM batches b WHERE id = ?1",
        [id],
        |row| {
            Ok(BulkProgress {
                id,
                of: row.get(0)?,
                done: row.get(1)?,
                cancelled: row.get(2)?,
                failed: row.get(3)?,
            })
        },
    )
    .optional()
}

/// What is to be changed in one ticket, as it is known; nothing where it is so already.
fn edits(edit: &[BulkEdit], ticket: &Ticket, me: &[(model::AccountId, String)]) -> Vec<FieldEdit> {
    let wanted = edit.iter().filter_map(|edit| {
        let (was, now) = match edit.key.as_str() {
            STAGE => (vec![ticket.stage.word().to_owned()], edit.now.clone()),
            OWNER => {
                let me = me.iter().find(|(account, _)| *account == ticket.account).map(|(_, name)| name);
                let now: Option<Vec<String>> = edit
                    .now
                    .iter()
                    .map(|name| if name == "me" { me.cloned() } else { Some(name.clone()) })
                    .collect();
                (ticket.owner.iter().map(|owner| owner.id.clone()).collect(), now?)
            }
            TAGS => {
                // By title and sorted, as connectors give them.
                let was: BTreeSet<String> = ticket.tags.iter().map(|tag| tag.title.clone()).collect();
                let now: BTreeSet<String> = was.iter().chain(&edit.now).cloned().collect();
                (was.into_iter().collect(), now.into_iter().collect())
            }
            _ => return None,
        };
        Some(FieldEdit { key: edit.key.clone(), was, now })
    });
    wanted.filter(|edit| edit.was != edit.now).collect()
}
