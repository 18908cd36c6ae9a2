//! What can still be read of a damaged database: the agent's own things, record by record, as far as they go. Contacts are
//! not worth it; the platforms have them.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

/// The tables and columns that are the agent's own.
const OWN: &[(&str, &[&str])] = &[
    ("batches", &["id", "of", "done", "cancelled", "stopped", "edit", "rest"]),
    ("composing", &["key", "account", "json"]),
    ("staged", &["id", "json"]),
    ("filters", &["id", "json"]),
    ("trusted_senders", &["address"]),
    ("accounts", &["id", "position", "json"]),
    ("settings", &["one", "json"]),
    ("drafts", &["activity", "json"]),
    (
        "outbox",
        &[
            "id",
            "account",
            "lane",
            "work",
            "title",
            "batch",
            "behind",
            "queued_at",
            "state",
            "detail",
            "trace",
            "owner",
        ],
    ),
    ("favourites", &["contact"]),
    ("memories", &["account", "json"]),
    ("elsewhere", &["one", "json"]),
    ("day_bands", &["account", "began", "witness", "until", "json"]),
    ("day_contacts", &["id", "account", "began", "outcome", "json"]),
];

/// As migration 004 moves it.
const OLD_OUTBOX: &[&str] =
    &["id", "account", "lane", "work", "title", "queued_at", "state", "detail", "owner"];
const FROM_OLD_OUTBOX: &str = "SELECT id, substr(activity, 1, instr(activity || '/', '/') - 1), 'activity:' || activity,
    CASE json_valid(draft) WHEN 1 THEN json_object('kind', 'close', 'activity', activity, 'draft', json(draft)) ELSE draft END,
    title, queued_at, state, problem, owner FROM outbox";

/// Carries over what can be read and answers how many records that were. Never fails: what is damaged stays behind.
pub(super) fn carry_over(damaged: &Path, fresh: &Connection) -> usize {
    // Not read-only: what is still in the write-ahead log belongs to it.
    let Ok(damaged) = Connection::open_with_flags(damaged, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
        return 0;
    };
    let tables = OWN.iter().map(|(table, columns)| {
        let query = format!("SELECT {} FROM {table}", columns.join(", "));
        table_over(&damaged, fresh, table, columns, &query)
    });
    // A file that broke before this version ever opened it has the outbox of the one before.
    tables.sum::<usize>() + table_over(&damaged, fresh, "outbox", OLD_OUTBOX, FROM_OLD_OUTBOX)
}

fn table_over(damaged: &Connection, fresh: &Connection, table: &str, columns: &[&str], query: &str) -> usize {
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let Ok(mut insert) = fresh.prepare(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"))
    else {
        return 0;
    };
    let Ok(mut query) = damaged.prepare(query) else { return 0 };
    let Ok(mut rows) = query.query([]) else { return 0 };
    let mut carried = 0;
    // The first error is the edge of the damage: SQLite goes no further either.
    while let Ok(Some(row)) = rows.next() {
        let values: rusqlite::Result<Vec<Value>> = (0..columns.len()).map(|column| row.get(column)).collect();
        carried += values.and_then(|values| insert.execute(params_from_iter(values))).unwrap_or(0);
    }
    carried
}
