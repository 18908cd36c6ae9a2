//! Tickets as filters, orders and words ask for them: only the narrow table is looked through, and what is shown is read
//! when it comes into sight.

use model::{Problem, Stage, TicketFilter, TicketSort, Timestamp, Whose};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::fold::fold;
use super::tickets::{lines, priority, word};
use super::{Store, to_json};

/// How many hits a search has at most.
const HITS: usize = 1_000;
/// As contacts are searched.
const LONGEST: usize = 200;
const WORDS: usize = 10;

impl Store {
    /// The rows of the tickets of a filter, in order.
    pub async fn ticket_list(
        &self,
        filter: TicketFilter,
        sort: TicketSort,
        now: Timestamp,
    ) -> Result<Vec<u32>, Problem> {
        self.read(move |db| {
            if filter == TicketFilter::default() && sort == TicketSort::Newest {
                let sql =
                    "SELECT row FROM tickets WHERE gone = 0 AND is_open = 1 ORDER BY changed DESC, row DESC";
                return rows(db, sql, Vec::new());
            }
            let (condition, values) = condition(&filter, now);
            let sql = format!("SELECT row FROM tickets t WHERE {condition} ORDER BY {}", order(sort));
            rows(db, &sql, values)
        })
        .await
    }

    /// The rows of the tickets in which these words occur, best first unless the order is [`TicketSort::Due`]. Stages of the
    /// filter do not count. At most a thousand.
    pub async fn ticket_search(
        &self,
        text: String,
        filter: TicketFilter,
        sort: TicketSort,
        now: Timestamp,
    ) -> Result<Vec<u32>, Problem> {
        self.read(move |db| {
            let Some(question) = question(&text) else { return Ok(Vec::new()) };
            let (condition, mut values) = condition(&any_stage(filter), now);
            values.insert(0, Value::Text(question));
            let order = if sort == TicketSort::Due { order(sort) } else { "w.score, t.changed DESC" };
            // The weights: number, title, customer, tags, preview, texts.
            let sql = format!(
                "SELECT t.row FROM (SELECT rowid AS row, bm25(ticket_words, 20.0, 8.0, 6.0, 4.0, 2.0, 1.0) AS score
                 FROM ticket_words WHERE ticket_words MATCH ? ORDER BY score LIMIT {HITS}) w
                 CROSS JOIN tickets t ON t.row = w.row WHERE {condition} ORDER BY {order}"
            );
            rows(db, &sql, values)
        })
        .await
    }

    /// Those of these rows that fit a filter, whatever their stage, in the order in which they come.
    pub async fn tickets_fitting(
        &self,
        among: Vec<u32>,
        filter: TicketFilter,
        now: Timestamp,
    ) -> Result<Vec<u32>, Problem> {
        self.read(move |db| {
            let (condition, mut values) = condition(&any_stage(filter), now);
            values.insert(0, Value::Text(to_json(&among)?));
            let sql = format!(
                "SELECT t.row FROM json_each(?) j CROSS JOIN tickets t ON t.row = j.value WHERE {condition} ORDER BY j.key"
            );
            rows(db, &sql, values)
        })
        .await
    }

    /// How many tickets each filter shows, and how many of them are unread, in one pass.
    pub async fn ticket_counts(
        &self,
        filters: Vec<TicketFilter>,
        now: Timestamp,
    ) -> Result<Vec<(u32, u32)>, Problem> {
        if filters.is_empty() {
            return Ok(Vec::new());
        }
        self.read(move |db| {
            let mut sums = Vec::with_capacity(filters.len());
            let mut all = Vec::new();
            for filter in &filters {
                let (condition, values) = condition(filter, now);
                // Both figures in one sum: the unread above the first 32 bits.
                sums.push(format!("total(iif({condition}, 1 + t.unread * 4294967296, 0))"));
                all.extend(values);
            }
            let sql = format!("SELECT {} FROM tickets t", sums.join(", "));
            db.query_row(&sql, params_from_iter(all), |row| {
                (0..filters.len())
                    .map(|column| {
                        let both = row.get::<_, f64>(column)? as u64;
                        let half = |bits: u64| u32::try_from(bits & 0xffff_ffff).unwrap_or(u32::MAX);
                        Ok((half(both), half(both >> 32)))
                    })
                    .collect()
            })
        })
        .await
    }
}

fn rows(db: &Connection, sql: &str, values: Vec<Value>) -> rusqlite::Result<Vec<u32>> {
    let mut query = db.prepare_cached(sql)?;
    query.query_map(params_from_iter(values), |row| row.get(0))?.collect()
}

/// What a filter asks of a row `t`, and the values of its marks. The `+` keeps SQLite from walking an index: what fits is a
/// large part of the table, and one pass over that is several times quicker than a hundred thousand looks into it.
fn condition(filter: &TicketFilter, now: Timestamp) -> (String, Vec<Value>) {
    let mut parts = vec!["+t.gone = 0".to_owned()];
    let mut values = Vec::new();
    match filter.whose {
        Whose::All => {}
        Whose::Mine => parts.push("t.mine = 1".to_owned()),
        Whose::Unassigned => parts.push("t.owned = 0".to_owned()),
    }
    let mut among = |column: &str, of: Vec<Value>| {
        if !of.is_empty() {
            parts.push(format!("+t.{column} IN ({})", vec!["?"; of.len()].join(", ")));
            values.extend(of);
        }
    };
    among("account", filter.accounts.iter().map(|id| Value::Text(id.0.clone())).collect());
    among("stage", filter.stages.iter().map(|stage| Value::Text(stage.word().to_owned())).collect());
    among("channel", filter.channels.iter().filter_map(|one| word(one).ok()).map(Value::Text).collect());
    among("priority", filter.priorities.iter().map(|one| Value::Integer(priority(Some(*one)))).collect());
    if filter.stages.is_empty() {
        parts.push("+t.is_open = 1".to_owned());
    }
    let mut named = |column: &str, titles: &[String]| {
        if !titles.is_empty() {
            let one = format!("instr(t.{column}, ?) > 0");
            parts.push(format!("({})", vec![one; titles.len()].join(" OR ")));
            values.extend(titles.iter().map(|title| Value::Text(lines([title.as_str()]))));
        }
    };
    named("tags", &filter.tags);
    named("category", &filter.categories);
    if filter.awaits_answer {
        parts.push("t.awaits = 1".to_owned());
    }
    if filter.unread {
        parts.push("t.unread = 1".to_owned());
    }
    if let Some(minutes) = filter.due_within_min {
        parts.push("t.due <= ?".to_owned());
        values.push(Value::Integer(now.plus_ms(i64::from(minutes) * 60_000).0));
    }
    (parts.join(" AND "), values)
}

fn any_stage(filter: TicketFilter) -> TicketFilter {
    TicketFilter { stages: Stage::ALL.to_vec(), ..filter }
}

fn order(sort: TicketSort) -> &'static str {
    match sort {
        TicketSort::Newest => "t.changed DESC, t.row DESC",
        TicketSort::Oldest => "t.since, t.row",
        TicketSort::Due => "t.due IS NULL, t.due, t.changed DESC, t.row DESC",
        TicketSort::Priority => "t.priority DESC, t.changed DESC, t.row DESC",
    }
}

/// The question for the word index: every word as a beginning. `None` when nothing was asked for.
fn question(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|letter| *letter != '\0').take(LONGEST).collect();
    let folded = fold(&text);
    let words: Vec<_> = folded
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS)
        .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}
