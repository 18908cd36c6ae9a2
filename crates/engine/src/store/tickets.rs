//! The index of tickets: written page by page together with the mark of its platform.
//!
//! A ticket that is gone keeps its row until the next start, so that a list that shows it keeps its order; no new list has it.

use model::{AccountId, ContactId, Priority, Stage, Ticket, TicketId, TicketRef, Timestamp};
use model::{FilterId, Problem};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::fold::fold;
use super::{Store, from_json, readable, to_json};

/// How many open tickets of a caller are told.
const OF_CALLER: usize = 5;

/// What a platform told at once.
#[derive(Clone, Debug, Default)]
pub struct TicketPage {
    /// Tickets, new or changed.
    pub tickets: Vec<Ticket>,
    /// Tickets that are no longer there.
    pub gone: Vec<TicketId>,
    /// Where reading goes on, if this page moved it.
    pub step: Option<TicketStep>,
}

/// Where reading of changes stands after a page. Written in the same transaction as the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketStep {
    /// On which account.
    pub account: AccountId,
    /// The connector's own words; `None` keeps the ones before.
    pub mark: Option<String>,
    /// Everything there is has been read now.
    pub complete: bool,
    /// How many tickets there are, where the platform says.
    pub of: Option<u32>,
    /// When.
    pub at: Timestamp,
}

/// What a page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketsTaken {
    /// New or different now.
    pub changed: Vec<Ticket>,
    /// Gone now.
    pub gone: Vec<TicketId>,
    /// The rows of all tickets of the page, in its order.
    pub rows: Vec<u32>,
}

/// How far the index of an account is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketSync {
    /// The connector's own words.
    pub mark: Option<String>,
    /// Everything was read at least once.
    pub complete: bool,
    /// How many tickets there are, as the platform said.
    pub of: Option<u32>,
    /// When it was last in step.
    pub at: Option<Timestamp>,
    /// How many are known.
    pub known: u32,
}

impl Store {
    /// Keeps a page of tickets and the mark that goes with it, in one step.
    pub async fn put_tickets(&self, page: TicketPage) -> Result<TicketsTaken, Problem> {
        self.write(move |db| {
            let mut taken = TicketsTaken::default();
            for ticket in page.tickets {
                let (row, changed) = put(db, &ticket)?;
                taken.rows.push(row);
                taken.changed.extend(changed);
            }
            for id in page.gone {
                if bury(db, &id)? {
                    taken.gone.push(id);
                }
            }
            if let Some(step) = page.step {
                put_step(db, &step)?;
            }
            Ok(taken)
        })
        .await
    }

    /// How far the index of an account is.
    pub async fn ticket_sync(&self, account: AccountId) -> Result<TicketSync, Problem> {
        self.read(move |db| {
            let sql = "SELECT mark, complete, total, at FROM ticket_syncs WHERE account = ?1";
            let kept = db
                .query_row(sql, [account.as_str()], |row| {
                    Ok(TicketSync {
                        mark: row.get(0)?,
                        complete: row.get(1)?,
                        of: row.get(2)?,
                        at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
                        known: 0,
                    })
                })
                .optional()?;
            let sql = "SELECT count(*) FROM tickets WHERE account = ?1 AND gone = 0";
            let known = db.query_row(sql, [account.as_str()], |row| row.get(0))?;
            Ok(TicketSync { known, ..kept.unwrap_or_default() })
        })
        .await
    }

    /// The tickets of these rows as they are now, in this order.
    pub async fn ticket_rows(&self, rows: Vec<u32>) -> Result<Vec<Ticket>, Problem> {
        self.read(move |db| {
            let mut tickets = Vec::with_capacity(rows.len());
            for row in rows {
                tickets.extend(at_row(db, row)?);
            }
            Ok(tickets)
        })
        .await
    }

    /// A ticket as it was last listed.
    pub async fn known_ticket(&self, id: TicketId) -> Result<Option<Ticket>, Problem> {
        self.read(move |db| match row_of(db, &id)? {
            Some(row) => at_row(db, row),
            None => Ok(None),
        })
        .await
    }

    /// The names of all tickets of these rows that are still there.
    pub async fn ticket_ids(&self, rows: Vec<u32>) -> Result<Vec<TicketId>, Problem> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT id FROM tickets WHERE row = ?1 AND gone = 0")?;
            let mut ids = Vec::with_capacity(rows.len());
            for row in rows {
                ids.extend(query.query_row([row], |row| row.get(0).map(TicketId)).optional()?);
            }
            Ok(ids)
        })
        .await
    }

    /// Marks a ticket as read up to what is known of it, or gives it back as it came. Answers it if that changed it.
    pub async fn read_ticket(&self, id: TicketId) -> Result<Option<Ticket>, Problem> {
        self.write(move |db| {
            let sql =
                "UPDATE tickets SET read_to = max(changed, since), unread = 0 WHERE id = ?1 AND unread = 1";
            if db.execute(sql, [id.as_str()])? == 0 {
                return Ok(None);
            }
            match row_of(db, &id)? {
                Some(row) => at_row(db, row),
                None => Ok(None),
            }
        })
        .await
    }

    /// Open tickets of a contact, newest first, at most five; at once.
    pub(crate) fn spot_tickets(&self, contact: &ContactId) -> Result<Vec<TicketRef>, Problem> {
        self.spot(|db| of_contact(db, contact, "AND t.is_open = 1", OF_CALLER))
    }

    /// Tickets of a contact, newest first.
    pub(crate) async fn tickets_of(
        &self,
        contact: ContactId,
        limit: usize,
    ) -> Result<Vec<TicketRef>, Problem> {
        self.read(move |db| of_contact(db, &contact, "", limit)).await
    }

    /// The agent's own filters, oldest first: number and JSON.
    pub(crate) async fn own_filters(&self) -> Result<Vec<(u32, model::SaveFilter)>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT id, json FROM filters ORDER BY id")?;
            query.query_map([], |row| Ok((row.get(0)?, from_json(row, 1)?)))?.filter_map(readable).collect()
        })
        .await
    }

    /// Keeps a filter of the agent's own: in the place of this one, or as a new one. `None` when there is no such filter.
    pub(crate) async fn put_filter(
        &self,
        place: Option<u32>,
        filter: model::SaveFilter,
    ) -> Result<Option<u32>, Problem> {
        self.write(move |db| {
            let json = to_json(&filter)?;
            match place {
                Some(id) => {
                    let found =
                        db.execute("UPDATE filters SET json = ?2 WHERE id = ?1", params![id, json])?;
                    Ok((found == 1).then_some(id))
                }
                None => db
                    .query_row("INSERT INTO filters (json) VALUES (?1) RETURNING id", [json], |row| {
                        row.get(0)
                    })
                    .map(Some),
            }
        })
        .await
    }

    /// Throws a filter of the agent's own away. Answers whether it was there.
    pub(crate) async fn drop_filter(&self, id: u32) -> Result<bool, Problem> {
        self.write(move |db| Ok(db.execute("DELETE FROM filters WHERE id = ?1", [id])? == 1)).await
    }
}

/// The name of one of the agent's own filters.
pub(crate) fn own_filter_id(number: u32) -> FilterId {
    FilterId(format!("own/{number}"))
}

/// What was gone before this start is shown by no list any more.
pub(super) fn tombs_go(db: &Connection) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM tickets WHERE gone = 1", [])
}

fn put_step(db: &Transaction<'_>, step: &TicketStep) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO ticket_syncs (account, mark, complete, total, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account) DO UPDATE SET mark = coalesce(excluded.mark, mark),
         complete = max(complete, excluded.complete), total = coalesce(excluded.total, total), at = excluded.at",
        params![step.account.as_str(), step.mark, step.complete, step.of, step.at.0],
    )
    .map(drop)
}

/// Keeps a ticket; answers its row, and the ticket if it is new or different.
pub(super) fn put(db: &Connection, ticket: &Ticket) -> rusqlite::Result<(u32, Option<Ticket>)> {
    let ticket = &with_known(db, ticket)?;
    let json = to_json(ticket)?;
    let known: Option<(u32, bool)> = db
        .prepare_cached(
            "SELECT t.row, r.json = ?2 AND t.gone = 0 FROM tickets t JOIN ticket_rows r ON r.row = t.row WHERE t.id = ?1",
        )?
        .query_row(params![ticket.id.as_str(), json], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((row, true)) = known {
        return Ok((row, None));
    }
    let row = match known {
        Some((row, _)) => row,
        None => db
            .prepare_cached(
                "INSERT INTO tickets (id, account, stage, is_open, channel, priority, mine, owned, awaits, unread, changed,
                 since, category, tags) VALUES (?1, ?2, '', 0, '', 0, 0, 0, 0, 0, 0, 0, '', '') RETURNING row",
            )?
            .query_row([ticket.id.as_str(), ticket.account.as_str()], |row| row.get(0))?,
    };
    let since = ticket.last_message_at.unwrap_or(ticket.changed_at);
    let tags: Vec<_> = ticket.tags.iter().map(|tag| tag.title.as_str()).collect();
    // What came in since the agent read it is unread again.
    db.prepare_cached(
        "UPDATE tickets SET stage = ?2, is_open = ?3, channel = ?4, priority = ?5, mine = ?6, owned = ?7, awaits = ?8,
         unread = ?9 AND (read_to IS NULL OR ?12 > read_to), due = ?10, changed = ?11, since = ?12, category = ?13,
         tags = ?14, contact = ?15, gone = 0 WHERE row = ?1",
    )?
    .execute(params![
        row,
        ticket.stage.word(),
        ticket.stage.is_open(),
        word(&ticket.channel)?,
        priority(ticket.priority),
        ticket.mine,
        ticket.owner.is_some(),
        ticket.awaits_answer,
        ticket.unread,
        ticket.due.map(|due| due.at.0),
        ticket.changed_at.0,
        since.0,
        lines(ticket.category.iter().map(|category| category.title.as_str())),
        lines(tags.iter().copied()),
        ticket.customer.contact.as_ref().map(ContactId::as_str),
    ])?;
    db.prepare_cached("INSERT OR REPLACE INTO ticket_rows (row, json) VALUES (?1, ?2)")?
        .execute(params![row, json])?;
    put_words(db, row, ticket)?;
    Ok((row, at_row(db, row)?))
}

/// A ticket with what is known of its messages from before, where it was listed without them (in a large page): how it came
/// in, and as long as nothing in it has changed, how its last message begins.
fn with_known(db: &Connection, ticket: &Ticket) -> rusqlite::Result<Ticket> {
    let mut ticket = ticket.clone();
    if !ticket.preview.is_empty() {
        return Ok(ticket);
    }
    if let Some(row) = row_of(db, &ticket.id)?
        && let Some(known) = at_row(db, row)?.filter(|known| !known.preview.is_empty())
    {
        ticket.channel = known.channel;
        if known.changed_at == ticket.changed_at {
            ticket.preview = known.preview;
        }
    }
    Ok(ticket)
}

/// Writes what a search finds a ticket by.
pub(super) fn put_words(db: &Connection, row: u32, ticket: &Ticket) -> rusqlite::Result<()> {
    let texts: Option<String> = db
        .prepare_cached("SELECT texts FROM details WHERE row = ?1")?
        .query_row([row], |row| row.get(0))
        .optional()?;
    let mut customer = ticket.customer.name.clone();
    if let Some(address) = ticket.customer.address.as_ref().filter(|address| **address != customer) {
        customer.push(' ');
        customer.push_str(address);
    }
    let tags: Vec<_> = ticket
        .tags
        .iter()
        .chain(&ticket.statuses)
        .chain(&ticket.category)
        .map(|tag| tag.title.as_str())
        .collect();
    db.prepare_cached("DELETE FROM ticket_words WHERE rowid = ?1")?.execute([row])?;
    db.prepare_cached(
        "INSERT INTO ticket_words (rowid, number, title, customer, tags, preview, texts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        row,
        fold(&ticket.number),
        fold(&ticket.title),
        fold(&customer),
        fold(&tags.join(" ")),
        fold(&ticket.preview),
        texts.unwrap_or_default(),
    ])?;
    Ok(())
}

/// Marks a ticket as gone. Answers whether it was there.
pub(super) fn bury(db: &Connection, id: &TicketId) -> rusqlite::Result<bool> {
    let Some(row) = row_of(db, id)? else { return Ok(false) };
    let Some(mut ticket) = at_row(db, row)? else { return Ok(false) };
    ticket.stage = Stage::Deleted;
    let sql =
        "UPDATE tickets SET gone = 1, is_open = 0, unread = 0, stage = 'deleted' WHERE row = ?1 AND gone = 0";
    if db.execute(sql, [row])? == 0 {
        return Ok(false);
    }
    db.execute("UPDATE ticket_rows SET json = ?2 WHERE row = ?1", params![row, to_json(&ticket)?])?;
    db.execute("DELETE FROM ticket_words WHERE rowid = ?1", [row])?;
    db.execute("DELETE FROM details WHERE row = ?1", [row])?;
    Ok(true)
}

pub(super) fn row_of(db: &Connection, id: &TicketId) -> rusqlite::Result<Option<u32>> {
    db.prepare_cached("SELECT row FROM tickets WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()
}

/// The ticket of a row, unless it is gone.
pub(super) fn shown(db: &Connection, row: u32) -> rusqlite::Result<Option<Ticket>> {
    Ok(at_row(db, row)?.filter(|ticket| ticket.stage != Stage::Deleted))
}

fn at_row(db: &Connection, row: u32) -> rusqlite::Result<Option<Ticket>> {
    db.prepare_cached(
        "SELECT r.json, t.unread FROM tickets t JOIN ticket_rows r ON r.row = t.row WHERE t.row = ?1",
    )?
    .query_map([row], |row| Ok(Ticket { unread: row.get(1)?, ..from_json(row, 0)? }))?
    .find_map(readable)
    .transpose()
}

fn of_contact(
    db: &Connection,
    contact: &ContactId,
    and: &str,
    limit: usize,
) -> rusqlite::Result<Vec<TicketRef>> {
    let sql = format!(
        "SELECT r.json FROM tickets t CROSS JOIN ticket_rows r ON r.row = t.row
         WHERE t.contact = ?1 AND t.gone = 0 {and} ORDER BY t.changed DESC LIMIT {limit}"
    );
    let mut query = db.prepare_cached(&sql)?;
    let tickets = query.query_map([contact.as_str()], |row| from_json::<Ticket>(row, 0))?;
    let told = |ticket: Ticket| TicketRef {
        account: ticket.account,
        id: ticket.id,
        number: ticket.number,
        title: ticket.title,
        stage: Some(if ticket.stage_said.is_empty() {
            ticket.stage.word().to_owned()
        } else {
            ticket.stage_said
        }),
    };
    tickets.filter_map(readable).map(|ticket| ticket.map(told)).collect()
}

/// Folded, each between two line ends, so that a whole title can be looked for.
pub(super) fn lines<'a>(titles: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = String::from("\n");
    for title in titles {
        all.push_str(&fold(title));
        all.push('\n');
    }
    all
}

pub(super) fn priority(priority: Option<Priority>) -> i64 {
    match priority {
        None => 0,
        Some(Priority::Low) => 1,
        Some(Priority::Medium) => 2,
        Some(Priority::High) => 3,
    }
}

/// The word of a value that JSON writes as one.
pub(super) fn word<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    Ok(to_json(value)?.trim_matches('"').to_owned())
}
