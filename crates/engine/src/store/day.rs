//! The record of the agent's days.
//!
//! A band that goes on carries the name of the process that sees it; its `until` is moved by a heartbeat. A process that
//! dies leaves bands that end where it was last alive, without anybody having to tidy up after it.

use model::{
    AccountId, ActivityId, BandState, ContactBlock, ContactOutcome, DayDate, Problem, StateBand, Timestamp,
    Witness,
};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::{Store, from_json, readable, to_json};
use crate::day::{Entry, KeptBand, KeptContact};

/// What is kept of a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeptDay {
    /// Every band that has a part in it.
    pub(crate) bands: Vec<KeptBand>,
    /// Every contact that began in it, by time.
    pub(crate) contacts: Vec<KeptContact>,
}

impl Store {
    /// Keeps what happened, and that what goes on here goes on until `alive`.
    pub(crate) async fn keep_day(&self, entries: Vec<Entry>, alive: Timestamp) -> Result<(), Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            for entry in &entries {
                match entry {
                    Entry::Band(band) => put_band(db, band, &owner)?,
                    Entry::Contact(kept) => put_seen(db, kept)?,
                    Entry::Forget(account) => forget(db, account.as_str())?,
                }
            }
            let sql = "UPDATE day_bands SET until = ?2 WHERE owner = ?1 AND until < ?2";
            db.execute(sql, params![owner, alive.0]).map(drop)
        })
        .await
    }

    /// What is kept between two moments.
    pub(crate) async fn day(&self, from: Timestamp, to: Timestamp) -> Result<KeptDay, Problem> {
        let owner = self.0.owner.clone();
        self.read(move |db| {
            // A band that goes on here goes on now, whenever the heart last beat.
            let mut query = db.prepare_cached(
                "SELECT account, began, until, witness, owner IS NOT NULL AND owner = ?3, json FROM day_bands
                 WHERE began < ?2 AND (until > ?1 OR owner = ?3) ORDER BY account, began",
            )?;
            let bands = query.query_map(params![from.0, to.0, owner], band)?.filter_map(readable);
            let bands = bands.collect::<rusqlite::Result<_>>()?;
            let mut query = db.prepare_cached(
                "SELECT json FROM day_contacts WHERE began >= ?1 AND began < ?2 ORDER BY began, id",
            )?;
            let contacts = query.query_map([from.0, to.0], |row| from_json(row, 0))?.filter_map(readable);
            Ok(KeptDay { bands, contacts: contacts.collect::<rusqlite::Result<_>>()? })
        })
        .await
    }

    /// The contacts that are not over, each with the last moment at which its account is known to have been heard.
    pub(crate) async fn open_contacts(&self) -> Result<Vec<KeptContact>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT json FROM day_contacts WHERE outcome = 'open'")?;
            let open: Vec<KeptContact> = query
                .query_map([], |row| from_json(row, 0))?
                .filter_map(readable)
                .collect::<rusqlite::Result<_>>()?;
            let mut bands = db.prepare_cached(
                "SELECT account, began, until, witness, 0, json FROM day_bands
                 WHERE account = ?1 AND witness = 'seen' ORDER BY until DESC LIMIT 8",
            )?;
            let mut lifted = Vec::with_capacity(open.len());
            // What was only told never shows itself among the activities.
            for mut kept in open.into_iter().filter(|kept| kept.block.witness == Witness::Seen) {
                let last = bands.query_map([kept.block.account.as_str()], band)?.filter_map(readable);
                let heard =
                    last.filter(|band| band.as_ref().is_ok_and(|band| band.was.state != BandState::Unheard));
                let heard = heard.collect::<rusqlite::Result<Vec<_>>>()?;
                kept.seen_to = heard.first().map_or(kept.seen_to, |band| band.to.max(kept.seen_to));
                lifted.push(kept);
            }
            Ok(lifted)
        })
        .await
    }

    /// Contacts of these accounts that are over and began before a moment, newest first.
    pub(crate) async fn contacts_before(
        &self,
        accounts: Vec<AccountId>,
        outcomes: Vec<ContactOutcome>,
        before: Option<Timestamp>,
        most: usize,
    ) -> Result<Vec<KeptContact>, Problem> {
        self.read(move |db| {
            let marks = |count: usize| vec!["?"; count].join(", ");
            let sql = format!(
                "SELECT json FROM day_contacts WHERE account IN ({}) AND outcome IN ({}) AND began < ?
                 ORDER BY began DESC, id DESC LIMIT ?",
                marks(accounts.len()),
                marks(outcomes.len())
            );
            let words = outcomes.iter().map(|outcome| Ok(word(*outcome)?.into()));
            let mut values: Vec<rusqlite::types::Value> =
                accounts.iter().map(|account| account.as_str().to_owned().into()).collect();
            values.extend(words.collect::<rusqlite::Result<Vec<rusqlite::types::Value>>>()?);
            values.push(before.map_or(i64::MAX, |before| before.0).into());
            values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
            let mut query = db.prepare_cached(&sql)?;
            query.query_map(params_from_iter(values), |row| from_json(row, 0))?.filter_map(readable).collect()
        })
        .await
    }

    /// When the record begins.
    pub(crate) async fn first_of_days(&self) -> Result<Option<Timestamp>, Problem> {
        self.read(|db| {
            let sql = "SELECT min(began) FROM (SELECT min(began) AS began FROM day_bands
                       UNION ALL SELECT min(began) FROM day_contacts)";
            db.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).map(|began| began.map(Timestamp))
        })
        .await
    }

    /// Takes in what a platform told of a stretch of time. Answers whether that changed anything.
    pub(crate) async fn keep_told(
        &self,
        account: AccountId,
        (from, to): (Timestamp, Timestamp),
        bands: Vec<StateBand>,
        contacts: Vec<ContactBlock>,
    ) -> Result<bool, Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            let before = db.total_changes();
            let old = told_bands(db, &account, from, to)?;
            let new: Vec<KeptBand> = (bands.into_iter())
                .filter(|band| band.account == account && band.from < to && band.to > from)
                .map(|band| KeptBand { witness: Witness::Told, ..band.into() })
                .map(|band| KeptBand { from: band.from.max(from), to: band.to.min(to), ..band })
                .collect();
            let inside = |band: &KeptBand| KeptBand { from: band.from.max(from), to: band.to.min(to), ..band.clone() };
            // A platform that tells of no states has nothing against what was told of them in passing.
            if !new.is_empty() && old.iter().map(inside).ne(new.iter().cloned()) {
                let sql = "DELETE FROM day_bands WHERE account = ?1 AND witness = 'told' AND began < ?3 AND until > ?2";
                db.execute(sql, params![account.as_str(), from.0, to.0])?;
                // What was told of the days around stays.
                let before = old.iter().filter(|band| band.from < from).map(|band| KeptBand { to: from, ..band.clone() });
                let after = old.iter().filter(|band| band.to > to).map(|band| KeptBand { from: to, ..band.clone() });
                let all: Vec<KeptBand> = before.chain(after).chain(new).collect();
                all.iter().try_for_each(|band| put_band(db, band, &owner))?;
            }
            let mut strangers = near(db, &account, from, to)?;
            for block in contacts.into_iter().filter(|block| block.account == account) {
                put_told(db, &KeptContact::told(block), &mut strangers)?;
            }
            Ok(db.total_changes() != before)
        })
        .await
    }

    /// When the platform of an account was last asked about a day.
    pub(crate) async fn day_asked(
        &self,
        account: AccountId,
        date: DayDate,
    ) -> Result<Option<Timestamp>, Problem> {
        self.read(move |db| {
            let sql = "SELECT at FROM day_asked WHERE account = ?1 AND date = ?2";
            let at = db.query_row(sql, [account.as_str(), &date], |row| row.get(0)).optional()?;
            Ok(at.map(Timestamp))
        })
        .await
    }

    /// Notes that the platform of an account has told of a day.
    pub(crate) async fn put_day_asked(
        &self,
        account: AccountId,
        date: DayDate,
        at: Timestamp,
    ) -> Result<(), Problem> {
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO day_asked (account, date, at) VALUES (?1, ?2, ?3)";
            db.execute(sql, params![account.as_str(), date, at.0]).map(drop)
        })
        .await
    }

    /// Throws away what is older.
    pub(crate) async fn tidy_days(&self, before: Timestamp) -> Result<(), Problem> {
        let owner = self.0.owner.clone();
        self.write(move |db| {
            let sql = "DELETE FROM day_bands WHERE until < ?1 AND (owner IS NULL OR owner <> ?2)";
            db.execute(sql, params![before.0, owner])?;
            db.execute("DELETE FROM day_contacts WHERE began < ?1", [before.0])?;
            db.execute("DELETE FROM day_asked WHERE at < ?1", [before.0]).map(drop)
        })
        .await
    }
}

/// Everything of an account goes.
pub(super) fn forget(db: &Connection, account: &str) -> rusqlite::Result<()> {
    for table in ["day_bands", "day_contacts", "day_asked"] {
        db.execute(&format!("DELETE FROM {table} WHERE account = ?1"), [account])?;
    }
    Ok(())
}

fn put_band(db: &Connection, band: &KeptBand, owner: &str) -> rusqlite::Result<()> {
    let witness = if band.witness == Witness::Seen { "seen" } else { "told" };
    let open_by = band.is_open.then_some(owner);
    let json = to_json(&band.was)?;
    // Whoever ends a band that another running Offhook sees too does not end it for that one.
    let sql = "INSERT INTO day_bands (account, began, witness, until, owner, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (account, began, witness) DO UPDATE SET until = excluded.until, json = excluded.json,
               owner = CASE WHEN excluded.owner IS NULL AND owner <> ?7 THEN owner ELSE excluded.owner END";
    let values = params![band.account.as_str(), band.from.0, witness, band.to.0, open_by, json, owner];
    db.execute(sql, values).map(drop)
}

fn band(row: &Row<'_>) -> rusqlite::Result<KeptBand> {
    let witness: String = row.get(3)?;
    Ok(KeptBand {
        account: AccountId(row.get(0)?),
        from: Timestamp(row.get(1)?),
        to: Timestamp(row.get(2)?),
        witness: if witness == "seen" { Witness::Seen } else { Witness::Told },
        is_open: row.get(4)?,
        was: from_json(row, 5)?,
    })
}

fn told_bands(
    db: &Connection,
    account: &AccountId,
    from: Timestamp,
    to: Timestamp,
) -> rusqlite::Result<Vec<KeptBand>> {
    let mut query = db.prepare_cached(
        "SELECT account, began, until, witness, 0, json FROM day_bands
         WHERE account = ?1 AND witness = 'told' AND began < ?3 AND until > ?2 ORDER BY began",
    )?;
    query.query_map(params![account.as_str(), from.0, to.0], band)?.filter_map(readable).collect()
}

fn put(db: &Connection, kept: &KeptContact) -> rusqlite::Result<()> {
    let block = &kept.block;
    let json = to_json(kept)?;
    let sql = "INSERT INTO day_contacts (id, account, began, outcome, json) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET began = excluded.began, outcome = excluded.outcome, json = excluded.json
               WHERE json <> excluded.json";
    let outcome = word(block.outcome)?;
    db.execute(sql, params![block.id.as_str(), block.account.as_str(), block.began.0, outcome, json])
        .map(drop)
}

fn by_id(db: &Connection, id: &ActivityId) -> rusqlite::Result<Option<KeptContact>> {
    let mut query = db.prepare_cached("SELECT json FROM day_contacts WHERE id = ?1")?;
    query.query_map([id.as_str()], |row| from_json(row, 0))?.find_map(readable).transpose()
}

fn put_seen(db: &Connection, kept: &KeptContact) -> rusqlite::Result<()> {
    let mut kept = kept.clone();
    let Some(known) = by_id(db, &kept.block.id)? else { return put(db, &kept) };
    if known.block.witness == Witness::Told {
        return put(db, &kept.filled_with(&known));
    }
    if known.is_before(&kept) {
        // It came back: what it was before stays, under a name of its own.
        return put_aside(db, known).and_then(|()| put(db, &kept));
    }
    kept.goes_on_from(&known);
    put(db, &kept)
}

fn put_aside(db: &Connection, mut known: KeptContact) -> rusqlite::Result<()> {
    let name = known.block.id.clone();
    for number in 1_u32.. {
        known.block.id = ActivityId(format!("{name}#{number}"));
        if by_id(db, &known.block.id)?.is_none() {
            break;
        }
    }
    put(db, &known)?;
    db.execute("DELETE FROM day_contacts WHERE id = ?1", [name.as_str()]).map(drop)
}

/// Contacts of an account that began in or around a stretch of time, which the platform may name otherwise in its past.
fn near(
    db: &Connection,
    account: &AccountId,
    from: Timestamp,
    to: Timestamp,
) -> rusqlite::Result<Vec<KeptContact>> {
    let mut query =
        db.prepare_cached("SELECT json FROM day_contacts WHERE account = ?1 AND began >= ?2 AND began < ?3")?;
    let hour = 3_600_000;
    let around = params![account.as_str(), from.plus_ms(-hour).0, to.plus_ms(hour).0];
    query.query_map(around, |row| from_json(row, 0))?.filter_map(readable).collect()
}

fn put_told(db: &Connection, told: &KeptContact, strangers: &mut Vec<KeptContact>) -> rusqlite::Result<()> {
    if let Some(known) = by_id(db, &told.block.id)? {
        strangers.retain(|one| one.block.id != known.block.id);
        return match known.block.witness {
            Witness::Seen => put(db, &known.filled_with(told)),
            Witness::Told => put(db, told),
        };
    }
    let twin = strangers.iter().position(|one| one.block.witness == Witness::Seen && one.is_twin(told));
    match twin.map(|at| strangers.swap_remove(at)) {
        Some(seen) => put(db, &seen.filled_with(told)),
        None => put(db, told),
    }
}

/// The word for an outcome, as the column has it.
fn word(outcome: ContactOutcome) -> rusqlite::Result<String> {
    to_json(&outcome).map(|json| json.trim_matches('"').to_owned())
}
