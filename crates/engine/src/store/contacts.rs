//! Writing the index of contacts.
//!
//! A full synchronisation is mark and sweep: it begins a new generation, everything it puts carries that generation, and
//! when it is complete whatever is older is gone from the platform and swept. One that breaks off sweeps nothing. Single
//! contacts (found online, opened) are put with the same function at any time.

use std::collections::BTreeSet;

use model::{AccountId, Contact, ContactId, Problem, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::fold::fold;
use super::{Store, to_json};
use crate::numbers;

/// One full synchronisation of an account's contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generation(i64);

impl Store {
    /// Begins a full synchronisation.
    pub async fn begin_sync(&self, account: AccountId) -> Result<Generation, Problem> {
        self.write(move |db| {
            db.query_row(
                "INSERT INTO syncs (account, generation) VALUES (?1, 1)
                 ON CONFLICT (account) DO UPDATE SET generation = generation + 1 RETURNING generation",
                [account.as_str()],
                |row| row.get(0).map(Generation),
            )
        })
        .await
    }

    /// Puts contacts into the index, new or changed. [`Contact::favourite`] is not looked at.
    ///
    /// A few hundred at a time keep the writer free for what is more urgent.
    pub async fn put_contacts(&self, contacts: Vec<Contact>) -> Result<(), Problem> {
        self.write(move |db| contacts.into_iter().try_for_each(|contact| put(db, contact))).await
    }

    /// Ends a full synchronisation and sweeps what it did not see. Answers how many contacts are gone.
    pub async fn finish_sync(
        &self,
        account: AccountId,
        generation: Generation,
        at: Timestamp,
    ) -> Result<usize, Problem> {
        self.write(move |db| {
            let sql = "UPDATE syncs SET finished_at = ?2 WHERE account = ?1";
            db.execute(sql, params![account.as_str(), at.0])?;
            let sql = "DELETE FROM contacts WHERE account = ?1 AND generation < ?2";
            db.execute(sql, params![account.as_str(), generation.0])
        })
        .await
    }

    /// When the last full synchronisation of an account ended.
    pub async fn synced_at(&self, account: AccountId) -> Result<Option<Timestamp>, Problem> {
        self.read(move |db| {
            let sql = "SELECT finished_at FROM syncs WHERE account = ?1";
            let at: Option<Option<i64>> =
                db.query_row(sql, [account.as_str()], |row| row.get(0)).optional()?;
            Ok(at.flatten().map(Timestamp))
        })
        .await
    }

    /// Takes a contact that is gone from its platform out of the index.
    pub async fn remove_contact(&self, contact: ContactId) -> Result<(), Problem> {
        self.write(move |db| db.execute("DELETE FROM contacts WHERE id = ?1", [contact.as_str()]).map(drop))
            .await
    }

    /// Marks a contact as a favourite or takes the mark away. The mark outlives every synchronisation.
    pub async fn set_favourite(&self, contact: ContactId, on: bool) -> Result<(), Problem> {
        let sql = if on {
            "INSERT OR IGNORE INTO favourites (contact) VALUES (?1)"
        } else {
            "DELETE FROM favourites WHERE contact = ?1"
        };
        self.write(move |db| db.execute(sql, [contact.as_str()]).map(drop)).await
    }
}

/// Contacts of accounts that are not kept (the practice centre, of an Offhook that was killed). Call when nobody else has the
/// store open: somebody may be practising.
pub(super) fn strangers_go(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "BEGIN IMMEDIATE;
         DELETE FROM contacts WHERE account IN (SELECT account FROM syncs WHERE account NOT IN (SELECT id FROM accounts));
         DELETE FROM syncs WHERE account NOT IN (SELECT id FROM accounts);
         DELETE FROM tickets WHERE account IN (SELECT account FROM ticket_syncs WHERE account NOT IN (SELECT id FROM accounts));
         DELETE FROM ticket_syncs WHERE account NOT IN (SELECT id FROM accounts);
         COMMIT",
    )
}

fn put(db: &Transaction<'_>, mut contact: Contact) -> rusqlite::Result<()> {
    contact.favourite = false;
    let json = to_json(&contact)?;
    let (id, account) = (contact.id.as_str(), contact.account.as_str());
    let generation: Option<i64> = db
        .prepare_cached("SELECT generation FROM syncs WHERE account = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()?;
    let generation = generation.unwrap_or(0);
    let known: Option<(i64, bool)> = db
        .prepare_cached("SELECT row, json = ?2 FROM contacts WHERE id = ?1")?
        .query_row([id, &json], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let row = match known {
        // Most of a synchronisation finds nothing new: then the search index is left alone.
        Some((row, true)) => {
            db.prepare_cached("UPDATE contacts SET generation = ?2 WHERE row = ?1")?
                .execute([row, generation])?;
            return Ok(());
        }
        Some((row, false)) => {
            let sql =
                "UPDATE contacts SET account = ?2, generation = ?3, sort = ?4, json = ?5 WHERE row = ?1";
            db.prepare_cached(sql)?.execute(params![row, account, generation, fold(&contact.title), json])?;
            db.prepare_cached("DELETE FROM contact_words WHERE rowid = ?1")?.execute([row])?;
            db.prepare_cached("DELETE FROM numbers WHERE contact = ?1")?.execute([row])?;
            row
        }
        None => {
            let sql =
                "INSERT INTO contacts (id, account, generation, sort, json) VALUES (?1, ?2, ?3, ?4, ?5)";
            db.prepare_cached(sql)?.insert(params![id, account, generation, fold(&contact.title), json])?
        }
    };
    // The same number twice (mobile and WhatsApp) is one number here.
    let mut numbers = BTreeSet::new();
    for number in &contact.numbers {
        let digits = numbers::digits(number.phone.e164.as_ref().unwrap_or(&number.phone.raw));
        if !digits.is_empty() && numbers.insert(digits.clone()) {
            let reversed: String = digits.chars().rev().collect();
            let sql = "INSERT INTO numbers (contact, e164, digits, reversed) VALUES (?1, ?2, ?3, ?4)";
            let number = db.prepare_cached(sql)?.insert(params![row, number.phone.e164, digits, reversed])?;
            // Not by a trigger: inside one, FTS5 writes its pages after every row, which takes three times as long.
            let sql = "INSERT INTO number_parts (rowid, digits) VALUES (?1, ?2)";
            db.prepare_cached(sql)?.execute(params![number, digits])?;
        }
    }
    let sql = "INSERT INTO contact_words (rowid, title, company, emails, digits) VALUES (?1, ?2, ?3, ?4, ?5)";
    db.prepare_cached(sql)?.execute(params![
        row,
        fold(&contact.title),
        fold(contact.company.as_deref().unwrap_or_default()),
        fold(&contact.emails.join(" ")),
        numbers.iter().map(|digits| beginnings(digits)).collect::<Vec<_>>().join(" "),
    ])?;
    Ok(())
}

/// The number with and without a country code of one to three digits, so that "novak 602" finds it by the beginning of the
/// national number too.
fn beginnings(digits: &str) -> String {
    let parts: Vec<_> =
        (0..=3).filter_map(|skip| digits.get(skip..)).filter(|part| part.len() >= 3).collect();
    parts.join(" ")
}
