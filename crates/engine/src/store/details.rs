//! Tickets as they were last read in full, for reading them again without the network and for finding their words. Bodies
//! stay as the platform sent them: they are made safe anew whenever they are shown.

use model::{Problem, Ticket, TicketId, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::tickets::{bury, put, put_words, row_of};
use super::{Store, TicketsTaken};
use crate::store::fold::fold;

/// How many are kept; the oldest go first.
const KEPT: usize = 5_000;
/// How much of a ticket's words is found, in bytes.
const LONGEST_TEXT: usize = 256 * 1024;

/// A ticket that was read in full.
#[derive(Clone, Debug)]
pub(crate) struct KeptDetail {
    pub(crate) read_at: Timestamp,
    pub(crate) json: String,
}

impl Store {
    /// Keeps a ticket that was read in full: as it is listed, everything around it, and the words of its messages.
    pub(crate) async fn put_detail(
        &self,
        ticket: Ticket,
        json: String,
        texts: String,
        at: Timestamp,
    ) -> Result<TicketsTaken, Problem> {
        self.write(move |db| {
            let (row, changed) = put(db, &ticket)?;
            let texts = fold(cut(&texts));
            let same: Option<bool> = db
                .prepare_cached("SELECT texts = ?2 FROM details WHERE row = ?1")?
                .query_row(params![row, texts], |row| row.get(0))
                .optional()?;
            let sql = "INSERT OR REPLACE INTO details (row, read_at, json, texts) VALUES (?1, ?2, ?3, ?4)";
            db.prepare_cached(sql)?.execute(params![row, at.0, json, texts])?;
            if same != Some(true) {
                put_words(db, row, &ticket)?;
            }
            db.execute(
                "DELETE FROM details WHERE row IN (SELECT row FROM details ORDER BY read_at DESC LIMIT -1 OFFSET ?1)",
                [KEPT],
            )?;
            Ok(TicketsTaken { changed: changed.into_iter().collect(), gone: Vec::new(), rows: vec![row] })
        })
        .await
    }

    /// A ticket as it was last read in full.
    pub(crate) async fn detail(&self, id: TicketId) -> Result<Option<KeptDetail>, Problem> {
        self.read(move |db| {
            let sql =
                "SELECT d.read_at, d.json FROM tickets t JOIN details d ON d.row = t.row WHERE t.id = ?1";
            db.prepare_cached(sql)?
                .query_row([id.as_str()], |row| {
                    Ok(KeptDetail { read_at: Timestamp(row.get(0)?), json: row.get(1)? })
                })
                .optional()
        })
        .await
    }

    /// A ticket is no longer there. Answers whether it was known.
    pub(crate) async fn bury_ticket(&self, id: TicketId) -> Result<bool, Problem> {
        self.write(move |db| match row_of(db, &id)? {
            Some(_) => bury(db, &id),
            None => Ok(false),
        })
        .await
    }

    /// Whether remote pictures of this sender are always shown.
    pub(crate) async fn trusted_senders(&self) -> Result<Vec<String>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT address FROM trusted_senders")?;
            query.query_map([], |row| row.get(0))?.collect()
        })
        .await
    }

    /// Remote pictures of this sender are always shown from now on.
    pub(crate) async fn trust_sender(&self, address: String) -> Result<(), Problem> {
        self.write(move |db| {
            db.execute("INSERT OR IGNORE INTO trusted_senders (address) VALUES (?1)", [address]).map(drop)
        })
        .await
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_TEXT)]
}
