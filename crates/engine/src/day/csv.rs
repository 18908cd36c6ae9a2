//! Days as a table for a spreadsheet: RFC 4180, one row for each band and each contact, with a mark of its encoding at the
//! beginning, without which Excel takes it for the system's old one.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe: names and numbers come from strangers.

use std::fmt::Write;

use jiff::tz::TimeZone;
use model::{AccountId, BandState, ContactBlock, Day, StateBand, Timestamp};
use serde::Serialize;

use super::calendar::local;

const HEADER: [&str; 20] = [
    "date",
    "what",
    "account",
    "from",
    "to",
    "seconds",
    "state",
    "pause",
    "paid",
    "channel",
    "direction",
    "outcome",
    "name",
    "number",
    "queue",
    "answered",
    "ended",
    "hold_seconds",
    "returned",
    "witness",
];

/// Days as CSV. `name` says what an account is called; moments are local ones of `zone`, with their offset.
pub fn csv(days: &[Day], name: impl Fn(&AccountId) -> String, zone: &TimeZone) -> String {
    let mut text = String::from('\u{feff}');
    row(&mut text, HEADER.map(str::to_owned));
    for day in days {
        let mut rows: Vec<(Timestamp, [String; 20])> =
            day.bands.iter().map(|band| (band.from, of_band(day, band, &name, zone))).collect();
        rows.extend(day.contacts.iter().map(|one| (one.began, of_contact(day, one, &name, zone))));
        rows.sort_by_key(|(at, _)| *at);
        rows.into_iter().for_each(|(_, cells)| row(&mut text, cells));
    }
    text
}

fn of_band(
    day: &Day,
    band: &StateBand,
    name: impl Fn(&AccountId) -> String,
    zone: &TimeZone,
) -> [String; 20] {
    let mut cells: [String; 20] = Default::default();
    cells[0].clone_from(&day.date);
    cells[1] = "state".to_owned();
    cells[2] = name(&band.account);
    cells[3] = local(band.from, zone);
    cells[4] = local(band.to, zone);
    cells[5] = super::spans::seconds(band.to.ms_since(band.from)).to_string();
    match &band.state {
        BandState::Present { presence, pause, paid, .. } => {
            cells[6] = word(presence);
            cells[7] = pause.clone().unwrap_or_default();
            cells[8] = paid.map(yes).unwrap_or_default();
        }
        BandState::SignedOut => cells[6] = "signed_out".to_owned(),
        BandState::Unheard => cells[6] = "unheard".to_owned(),
    }
    cells[19] = word(&band.witness);
    cells
}

fn of_contact(
    day: &Day,
    one: &ContactBlock,
    name: impl Fn(&AccountId) -> String,
    zone: &TimeZone,
) -> [String; 20] {
    let moment = |at: Option<Timestamp>| at.map(|at| local(at, zone)).unwrap_or_default();
    let talk = one.answered.map(|from| one.ended.unwrap_or(day.until).ms_since(from));
    let number =
        one.party.phone.as_ref().map(|phone| phone.e164.clone().unwrap_or_else(|| phone.raw.clone()));
    [
        day.date.clone(),
        "contact".to_owned(),
        name(&one.account),
        local(one.began, zone),
        moment(one.closed.or(one.ended)),
        talk.map(|ms| super::spans::seconds(ms).to_string()).unwrap_or_default(),
        String::new(),
        String::new(),
        String::new(),
        word(&one.channel),
        word(&one.direction),
        word(&one.outcome),
        one.party.name.clone().unwrap_or_default(),
        number.or_else(|| one.party.address.clone()).unwrap_or_default(),
        one.queue.as_ref().map(|queue| queue.title.clone()).unwrap_or_default(),
        moment(one.answered),
        moment(one.ended),
        one.hold_seconds.to_string(),
        yes(one.returned),
        word(&one.witness),
    ]
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// The word that an enumeration has everywhere in Offhook.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn row(text: &mut String, cells: [String; 20]) {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
    // Writing into a text never fails.
    let _ = write!(text, "{}\r\n", cells.join(","));
}

/// What begins a formula in some spreadsheet.
const BEGINS_A_FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

fn quoted(cell: &str) -> String {
    let mut safe = String::new();
    // A spreadsheet of another language cuts cells at its own separator, wherever that stands: so every place at which a
    // cell may begin is made safe, and no line ends within one.
    let mut may_begin = true;
    for c in cell.trim().chars().map(|c| if c.is_control() { ' ' } else { c }) {
        if may_begin && BEGINS_A_FORMULA.contains(&c) {
            safe.push('\'');
        }
        safe.push(c);
        may_begin = matches!(c, ';' | ',' | '"') || (may_begin && c.is_whitespace());
    }
    if safe.contains(['"', ',', ';']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_a_formula_is_text_and_what_would_break_a_row_is_quoted() {
        assert_eq!(
            quoted("=HYPERLINK(\"http://evil.example\")"),
            "\"'=HYPERLINK(\"\"http://evil.example\"\")\""
        );
        assert_eq!(quoted("+442079460123"), "'+442079460123");
        assert_eq!((&*quoted("@a"), &*quoted("-1"), &*quoted("\t=1")), ("'@a", "'-1", "'=1"));
        assert_eq!(quoted("Eva;=1+1"), "\"Eva;'=1+1\"", "where the list separator is another");
        assert_eq!(quoted("Eva; \u{ff1d}1"), "\"Eva; '\u{ff1d}1\"");
        assert_eq!(quoted("Novák, Jan\r\n\"JN\""), "\"Novák, Jan  \"\"JN\"\"\"", "one row is one line");
        assert_eq!(quoted("Åsa"), "Åsa");
    }
}
