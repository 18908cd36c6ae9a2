//! Filters, order and pages of lists. Each operation names what can be filtered; whatever else a request says is ignored, as
//! the vendor's document has it.
//!
//! Arrays (`id[]=1&id[]=2`) name what may be, compared without regard to case and to whether words are joined by spaces or
//! underscores. Ranges (`created_at[from]=…`) include their bounds; moments are ISO 8601, in UTC when they name no zone.

use super::answer::{Page, Reply, Told};
use super::request::Call;
use crate::switches::Switches;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::cmp::Ordering;

/// What a list can be filtered by: the name in the query.
pub(super) struct Filters {
    pub arrays: &'static [&'static str],
    pub ranges: &'static [&'static str],
}

/// What is known of a row by a field's name: as in the answer, with moments as milliseconds.
pub(super) type Fact<'a> = &'a dyn Fn(&str) -> Value;

/// A number, or a moment in milliseconds.
fn measure(text: &str) -> Option<f64> {
    let text = text.trim();
    text.parse::<f64>().ok().filter(|n| n.is_finite()).or_else(|| moment(text).map(|at| at as f64))
}

/// A moment as it may be written.
pub(super) fn moment(text: &str) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let civil: DateTime = text.parse().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp().as_millisecond())
}

fn measured(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| measure(value.as_str()?))
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(' ', "_")
}

fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Null => wanted.eq_ignore_ascii_case("null"),
        Value::Bool(yes) => matches!(
            (yes, plain(wanted).as_str()),
            (true, "true" | "1" | "t" | "yes") | (false, "false" | "0" | "f" | "no")
        ),
        Value::Number(number) => number.to_string() == wanted.trim(),
        Value::String(text) => plain(text) == plain(wanted),
        Value::Array(any) => any.iter().any(|value| is(value, wanted)),
        Value::Object(_) => false,
    }
}

impl Filters {
    pub(super) const NONE: Self = Self { arrays: &[], ranges: &[] };

    /// Whether a row is asked for.
    pub(super) fn keep(&self, call: &Call, fact: Fact<'_>) -> bool {
        let among = self.arrays.iter().all(|name| {
            let wanted = call.array(name);
            wanted.is_empty() || {
                let value = fact(name);
                wanted.iter().any(|w| is(&value, w))
            }
        });
        among
            && self.ranges.iter().all(|name| {
                // A bound that is none bounds nothing.
                let bound = |end| call.bound(name, end).and_then(measure);
                let (from, to) = (bound("from"), bound("to"));
                (from.is_none() && to.is_none())
                    || measured(&fact(name))
                        .is_some_and(|at| from.is_none_or(|f| at >= f) && to.is_none_or(|t| at <= t))
            })
    }
}

fn order(a: &Value, b: &Value) -> Ordering {
    match (measured(a), measured(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (None, None) => a.as_str().unwrap_or("").cmp(b.as_str().unwrap_or("")),
    }
}

/// Sorts what was kept as the request says, and takes the page that it asks for.
pub(super) fn page<T>(
    call: &Call,
    switches: &Switches,
    mut kept: Vec<T>,
    fact: impl Fn(&T, &str) -> Value,
    mut written: impl FnMut(&T) -> Value,
) -> Told {
    if let Some(column) = call.param("sort_column") {
        kept.sort_by(|a, b| order(&fact(a, column), &fact(b, column)));
        if call.param("sort_direction").is_some_and(|d| d.eq_ignore_ascii_case("desc")) {
            kept.reverse();
        }
    }
    let asked = |name| call.param(name).and_then(|v| v.parse::<usize>().ok()).filter(|n| *n > 0);
    let limit = |name, otherwise| {
        switches.number(name).and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0).unwrap_or(otherwise)
    };
    let per = asked("per").unwrap_or(limit("per_default", 100)).min(limit("per_most", 500));
    let page = asked("page").unwrap_or(1);
    let total = kept.len();
    let rows = kept.iter().skip(per.saturating_mul(page - 1)).take(per).map(&mut written).collect();
    Ok(Reply::Page(Page { rows, page, per, total }))
}

/// A list whose rows are written already.
pub(super) fn rows(call: &Call, switches: &Switches, filters: &Filters, rows: Vec<Value>) -> Told {
    let fact = |row: &Value, name: &str| row.get(name).cloned().unwrap_or(Value::Null);
    let kept = rows.into_iter().filter(|row| filters.keep(call, &|name| fact(row, name))).collect();
    page(call, switches, kept, fact, Value::clone)
}

#[cfg(test)]
mod tests {
    use super::{is, measure, moment};
    use serde_json::json;

    #[test]
    fn words_are_the_same_in_either_spelling() {
        assert!(is(&json!("action_only_finished"), "Action Only Finished"));
        assert!(is(&json!("Voice Inbound (IVR)"), "voice inbound (ivr)"));
        assert!(is(&json!(12), "12") && !is(&json!(12), "120"));
        assert!(is(&json!(false), "False") && !is(&json!(true), "0"));
    }

    #[test]
    fn a_bound_is_a_number_or_a_moment() {
        assert_eq!(measure("12.5"), Some(12.5));
        assert_eq!(moment("2019-01-01T00:00:00Z"), Some(1_546_300_800_000));
        assert_eq!(moment("2019-01-01T00:00:00"), Some(1_546_300_800_000));
        assert_eq!(measure("yesterday"), None);
    }
}
