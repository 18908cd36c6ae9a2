//! Reading the index of contacts: by id, by number, and by whatever somebody types.
//!
//! A search asks a few questions, from the best kind of hit to the weakest, and stops when it has enough: favourites; text
//! that looks like a number, anywhere inside the numbers; titles that begin with what was typed; its words elsewhere in
//! the title; its words in company, address or number. Within one kind the order is that of the titles. Each question is
//! cut at [`CANDIDATES`], so that one typed letter costs no more than ten.
//!
//! What is typed never reaches the query language of FTS5: every word is quoted.

use std::collections::HashSet;

use model::{Contact, ContactId, Problem};
use rusqlite::{Connection, Row, ToSql, params};

use super::fold::fold;
use super::{Store, from_json, readable};
use crate::numbers;

/// How many hits of one kind are put in order.
const CANDIDATES: usize = 200;
/// What is typed beyond this is not looked at.
const LONGEST: usize = 200;
/// Nor are more words than this.
const WORDS: usize = 8;

const COLUMNS: &str = "c.json, f.contact IS NOT NULL, c.row";
const FROM: &str = "contacts c LEFT JOIN favourites f ON f.contact = c.id";

impl Store {
    /// Looks for contacts. Empty text lists favourites first, then all by title. At most `limit`.
    pub async fn search(&self, text: String, limit: usize) -> Result<Vec<Contact>, Problem> {
        self.read(move |db| search(db, &text, limit)).await
    }

    /// The contact of this id, if the index has it.
    pub async fn contact(&self, id: ContactId) -> Result<Option<Contact>, Problem> {
        self.read(move |db| by_id(db, &id)).await
    }

    /// The same at once, for the way of a ringing call.
    pub(crate) fn spot_contact(&self, id: &ContactId) -> Result<Option<Contact>, Problem> {
        self.spot(|db| by_id(db, id))
    }

    /// Contacts with exactly this E.164 number, at once. At most `limit`.
    pub(crate) fn spot_e164(&self, e164: &str, limit: usize) -> Result<Vec<Contact>, Problem> {
        self.spot(|db| spotted(db, "n.e164 = ?1", &[&e164], limit))
    }

    /// Contacts with exactly these digits, at once. At most `limit`.
    pub(crate) fn spot_digits(&self, digits: &str, limit: usize) -> Result<Vec<Contact>, Problem> {
        self.spot(|db| spotted(db, "n.digits = ?1", &[&digits], limit))
    }

    /// Contacts with a number that ends like this one: in the last nine digits, or in all of them where one of the two has
    /// only seven or eight. At once; at most `limit`.
    pub(crate) fn spot_tail(&self, digits: &str, limit: usize) -> Result<Vec<Contact>, Problem> {
        let reversed: String = digits.chars().rev().take(9).collect();
        // ':' is the character after '9'.
        let end = format!("{reversed}:");
        let shorter = [8, 7].map(|length| reversed.get(..length).unwrap_or(&reversed));
        self.spot(|db| {
            let end: &dyn ToSql = &end;
            let mut found = spotted(db, "n.reversed >= ?1 AND n.reversed < ?2", &[&reversed, end], limit)?;
            if found.len() < limit {
                let rest = limit - found.len();
                found.extend(spotted(db, "n.reversed IN (?1, ?2)", &[&shorter[0], &shorter[1]], rest)?);
            }
            Ok(found)
        })
    }
}

fn by_id(db: &Connection, id: &ContactId) -> rusqlite::Result<Option<Contact>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM {FROM} WHERE c.id = ?1"))?
        .query_map([id.as_str()], contact)?
        .find_map(readable)
        .transpose()
}

fn spotted(
    db: &Connection,
    which: &str,
    values: &[&dyn ToSql],
    limit: usize,
) -> rusqlite::Result<Vec<Contact>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM numbers n CROSS JOIN contacts c ON c.row = n.contact
         LEFT JOIN favourites f ON f.contact = c.id WHERE {which} LIMIT {limit}"
    );
    db.prepare_cached(&sql)?.query_map(values, contact)?.filter_map(readable).collect()
}

fn search(db: &Connection, text: &str, limit: usize) -> rusqlite::Result<Vec<Contact>> {
    let text: String = text.chars().filter(|letter| *letter != '\0').take(LONGEST).collect();
    let mut hits = Hits { limit, seen: HashSet::new(), found: Vec::new() };
    let folded = fold(&text);
    let words: Vec<_> = folded.split_whitespace().take(WORDS).collect();
    let digits = numbers::typed_digits(&text);
    hits.favourites(db, &words, digits.as_deref())?;
    if words.is_empty() {
        hits.all(db)?;
        return Ok(hits.found);
    }
    if let Some(digits) = digits {
        hits.numbers(db, &digits)?;
    }
    hits.titles(db, &words.join(" "))?;
    hits.words(db, &words)?;
    Ok(hits.found)
}

struct Hits {
    limit: usize,
    seen: HashSet<i64>,
    found: Vec<Contact>,
}

impl Hits {
    fn full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// Asks one question (`FROM …`, favourites first or not, by title) and keeps what is new.
    fn ask(&mut self, db: &Connection, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<()> {
        if self.full() {
            return Ok(());
        }
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query(values)?;
        while let Some(row) = rows.next()? {
            if self.full() {
                break;
            }
            if self.seen.insert(row.get(2)?)
                && let Some(contact) = readable(contact(row)).transpose()?
            {
                self.found.push(contact);
            }
        }
        Ok(())
    }

    /// Favourites are few: they are looked at one by one, which is quicker than asking the word index for each.
    fn favourites(&mut self, db: &Connection, words: &[&str], digits: Option<&str>) -> rusqlite::Result<()> {
        let sql = format!(
            "SELECT {COLUMNS} FROM favourites f CROSS JOIN contacts c ON c.id = f.contact ORDER BY c.sort"
        );
        let mut query = db.prepare_cached(&sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()?
            && !self.full()
        {
            if let Some(contact) = readable(contact(row)).transpose()?
                && fits(&contact, words, digits)
            {
                self.seen.insert(row.get(2)?);
                self.found.push(contact);
            }
        }
        Ok(())
    }

    fn all(&mut self, db: &Connection) -> rusqlite::Result<()> {
        // As many more as may be among the favourites already.
        let limit = self.limit + self.found.len();
        self.ask(db, &format!("SELECT {COLUMNS} FROM {FROM} ORDER BY c.sort LIMIT {limit}"), &[])
    }

    fn titles(&mut self, db: &Connection, beginning: &str) -> rusqlite::Result<()> {
        let limit = self.limit + self.found.len();
        let sql = format!(
            "SELECT {COLUMNS} FROM {FROM} WHERE c.sort >= ?1 AND c.sort < ?1 || char(0x10ffff) ORDER BY c.sort LIMIT {limit}"
        );
        self.ask(db, &sql, params![beginning])
    }

    fn numbers(&mut self, db: &Connection, digits: &str) -> rusqlite::Result<()> {
        // The index knows parts of three digits and more; fewer are taken as the beginning of a short number.
        let rows = if digits.len() >= 3 {
            "SELECT rowid AS row FROM number_parts WHERE number_parts MATCH '\"' || ?1 || '\"'"
        } else {
            "SELECT row FROM numbers WHERE digits >= ?1 AND digits < ?1 || ':'"
        };
        // A number that begins so, with or without a country code of up to three digits, before one that holds it.
        let sql = format!(
            "SELECT {COLUMNS} FROM ({rows} LIMIT {CANDIDATES}) p
             CROSS JOIN numbers n ON n.row = p.row CROSS JOIN contacts c ON c.row = n.contact
             LEFT JOIN favourites f ON f.contact = c.id
             ORDER BY f.contact IS NULL, instr(n.digits, ?1) > 4, length(n.digits), c.sort"
        );
        self.ask(db, &sql, params![digits])
    }

    fn words(&mut self, db: &Connection, words: &[&str]) -> rusqlite::Result<()> {
        let quoted: Vec<_> = words
            .iter()
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
            .collect();
        if quoted.is_empty() {
            return Ok(());
        }
        let anywhere = quoted.join(" AND ");
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT rowid AS row FROM contact_words WHERE contact_words MATCH ?1 LIMIT {CANDIDATES}) w
             CROSS JOIN contacts c ON c.row = w.row LEFT JOIN favourites f ON f.contact = c.id ORDER BY c.sort"
        );
        self.ask(db, &sql, params![format!("title : ({anywhere})")])?;
        self.ask(db, &sql, params![anywhere])
    }
}

/// Whether a contact holds the typed digits, or every typed word at the beginning of one of its own.
fn fits(contact: &Contact, words: &[&str], digits: Option<&str>) -> bool {
    let mut all = fold(&contact.title);
    for more in contact.company.iter().chain(&contact.emails) {
        all.push(' ');
        all.push_str(&fold(more));
    }
    let numbers: Vec<_> = contact
        .numbers
        .iter()
        .map(|number| numbers::digits(number.phone.e164.as_ref().unwrap_or(&number.phone.raw)))
        .collect();
    let in_a_number = |part: &str| numbers.iter().any(|number| number.contains(part));
    let begins_a_word = |word: &str| {
        all.match_indices(word)
            .any(|(at, _)| !all[..at].chars().next_back().is_some_and(char::is_alphanumeric))
    };
    digits.is_some_and(in_a_number)
        || words.iter().all(|word| {
            let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
            begins_a_word(word) || (is_number && in_a_number(word))
        })
}

fn contact(row: &Row<'_>) -> rusqlite::Result<Contact> {
    let mut contact: Contact = from_json(row, 0)?;
    contact.favourite = row.get(1)?;
    Ok(contact)
}
