//! Filters: conditions or groups to any depth, read once and held against many rows.
//!
//! `filter[0][field]=…`, `filter[field]=…`, or `filter[logic]=or&filter[filters][0][field]=…`. A dotted field walks through
//! references; a reference compares with its name; a list matches if any of its elements does. What the model lacks or
//! what we do not know is 400.

use super::Failure;
use super::models::{FULL, Kind, Model, Row, View, parse_time};
use super::request::{text, truthy};
use crate::world::{Millis, World};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// Groups deeper than this are refused.
const DEEPEST: u32 = 16;

pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    One {
        field: String,
        operator: String,
        values: Vec<Value>,
        ignore_case: bool,
    },
    /// A time before, after or between times: the centre's own name of the field, and the bounds.
    When {
        at: &'static str,
        operator: String,
        bounds: Vec<Millis>,
    },
}

pub(super) fn known(model: &Model, field: &str) -> bool {
    let first = field.split('.').next().unwrap_or("");
    field == "_ticketView" || model.field(first).is_some()
}

/// Reads the filters of one request.
pub(super) struct Reader<'a> {
    pub model: &'a Model,
    pub user: &'a str,
    pub world: &'a World,
    pub zone: &'a TimeZone,
}

impl Reader<'_> {
    pub(super) fn read(&self, sent: &Value, depth: u32) -> Result<Filter, Failure> {
        let bad = |words: String| Err(Failure::words(&words));
        if depth > DEEPEST {
            return bad("Filter is nested too deep".to_owned());
        }
        let all =
            |list: &[Value]| list.iter().map(|f| self.read(f, depth + 1)).collect::<Result<Vec<_>, _>>();
        match sent {
            Value::Array(list) => Ok(Filter::All(all(list)?)),
            Value::Object(map) if map.contains_key("filters") || map.contains_key("logic") => {
                let parts = match map.get("filters") {
                    Some(Value::Array(list)) => list.clone(),
                    Some(Value::Object(of)) => of.values().cloned().collect(),
                    _ => return bad("Filter group has no filters".to_owned()),
                };
                let parts = all(&parts)?;
                match map.get("logic").and_then(text).unwrap_or_default().to_lowercase().as_str() {
                    "or" => Ok(Filter::Any(parts)),
                    "and" | "" => Ok(Filter::All(parts)),
                    other => bad(format!("Unknown logic {other}")),
                }
            }
            Value::Object(map) => self.read_one(map, depth),
            _ => bad("Invalid filter".to_owned()),
        }
    }

    fn read_one(&self, map: &Map<String, Value>, depth: u32) -> Result<Filter, Failure> {
        let Some(field) = map.get("field").and_then(text) else {
            return Err(Failure::words("Filter has no field"));
        };
        if !known(self.model, &field) {
            return Err(Failure::words(&format!("Unknown field {field}")));
        }
        let operator = map.get("operator").and_then(text).unwrap_or_else(|| "eq".to_owned()).to_lowercase();
        let values = match map.get("value") {
            Some(Value::Array(list)) => list.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        if field == "_ticketView" {
            let view = values.first().and_then(text).unwrap_or_default();
            let saved = self.world.records.find("ticket_views", &view).and_then(|v| v.get("filter"));
            let saved = saved.ok_or_else(|| Failure::words(&format!("Unknown view {view}")))?;
            return self.read(saved, depth + 1);
        }
        let own = |v: Value| if v == "_LOGGED" { json!(self.user) } else { v };
        let values: Vec<Value> = values.into_iter().map(own).collect();
        check_operator(&operator, &values).map_err(|words| Failure::words(&words))?;
        let is_time = self.model.field(&field).filter(|f| f.kind == Kind::Time);
        if let Some(time) =
            is_time.filter(|_| matches!(operator.as_str(), "lt" | "lte" | "gt" | "gte" | "between"))
        {
            let bounds = values.iter().map(|v| parse_time(&text(v).unwrap_or_default(), self.zone));
            if let Some(bounds) = bounds.collect::<Option<Vec<_>>>() {
                return Ok(Filter::When { at: time.at, operator, bounds });
            }
        }
        let ignore_case = map.get("ignoreCase").is_some_and(truthy);
        Ok(Filter::One { field, operator, values, ignore_case })
    }
}

fn check_operator(operator: &str, values: &[Value]) -> Result<(), String> {
    let needs = match operator {
        "isnull" | "isnotnull" => 0,
        "eq" | "neq" | "ne" | "lt" | "lte" | "gt" | "gte" | "like" | "notlike" | "contains"
        | "doesnotcontain" | "startswith" | "endswith" | "begins" | "notbegins" | "ends" | "notends"
        | "in" | "notin" => 1,
        "regexp" => {
            let pattern = values.first().and_then(text).unwrap_or_default();
            regex_lite::Regex::new(&pattern).map_err(|_| "Invalid regular expression".to_owned())?;
            1
        }
        "between" => 2,
        _ => return Err(format!("Unknown operator {operator}")),
    };
    if values.len() < needs { Err(format!("Operator {operator} needs {needs} values")) } else { Ok(()) }
}

fn dots(field: &str) -> usize {
    field.matches('.').count()
}

/// What a field or a dotted path holds, without the nulls.
pub(super) fn found(view: &View<'_>, model: &Model, row: &Row<'_>, path: &str) -> Vec<Value> {
    let plain = |kind| {
        matches!(
            kind,
            Kind::Name
                | Kind::Number
                | Kind::Text
                | Kind::Enum(_)
                | Kind::Ref(_)
                | Kind::Int
                | Kind::Bool
                | Kind::Many(_)
        )
    };
    if let Some(field) = model.field(path).filter(|f| plain(f.kind)) {
        let value = match (row.value(field.at, view.world), field.otherwise) {
            (Value::Null, Some(otherwise)) => otherwise(),
            (value, _) => value,
        };
        return match value {
            Value::Array(list) => list,
            Value::Null => Vec::new(),
            one => vec![one],
        };
    }
    let depth = u8::try_from(dots(path) + 1).unwrap_or(FULL);
    let top = path.split('.').next().unwrap_or(path).to_owned();
    let drawn = view.draw_some(model, row, &[top], depth);
    at(&drawn, path).into_iter().filter(|v| !v.is_null()).cloned().collect()
}

/// The values at the end of a dotted path; a reference stands for its name.
fn at<'a>(record: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut here = vec![record];
    for part in path.split('.') {
        here = here
            .into_iter()
            .flat_map(|v| match v {
                Value::Object(map) => map.get(part).into_iter().collect::<Vec<_>>(),
                Value::Array(list) => list.iter().filter_map(|v| v.get(part)).collect(),
                _ => Vec::new(),
            })
            .flat_map(|v| match v {
                Value::Array(list) => list.iter().collect::<Vec<_>>(),
                one => vec![one],
            })
            .collect();
    }
    let name = |v: &'a Value| match v {
        Value::Object(map) => {
            map.get("name").or_else(|| map.get("id_call")).or_else(|| map.get("title")).unwrap_or(v)
        }
        other => other,
    };
    here.into_iter().map(name).collect()
}

pub(super) fn comparable(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(b) => i32::from(*b).to_string(),
        other => text(other).unwrap_or_default(),
    }
}

pub(super) fn matches(filter: &Filter, view: &View<'_>, model: &Model, row: &Row<'_>) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().all(|p| matches(p, view, model, row)),
        Filter::Any(parts) => parts.iter().any(|p| matches(p, view, model, row)),
        Filter::When { at, operator, bounds } => row.value(at, view.world).as_i64().is_some_and(|time| {
            // Times are told in whole seconds.
            let time = time - time.rem_euclid(1_000);
            match (operator.as_str(), bounds.as_slice()) {
                ("lt", [bound, ..]) => time < *bound,
                ("lte", [bound, ..]) => time <= *bound,
                ("gt", [bound, ..]) => time > *bound,
                ("gte", [bound, ..]) => time >= *bound,
                (_, [from, to, ..]) => (*from..=*to).contains(&time),
                _ => false,
            }
        }),
        Filter::One { field, operator, values, ignore_case } => {
            let fold = |t: String| if *ignore_case { t.to_lowercase() } else { t };
            let found = found(view, model, row, field);
            let found: Vec<String> = found.iter().map(|v| fold(comparable(v))).collect();
            let values: Vec<String> = values.iter().map(|v| fold(comparable(v))).collect();
            holds_true(operator, &found, &values, view.zone)
        }
    }
}

fn holds_true(operator: &str, found: &[String], values: &[String], zone: &TimeZone) -> bool {
    let first = values.first().map_or("", String::as_str);
    let any = |test: &dyn Fn(&str) -> bool| found.iter().any(|f| test(f));
    let starts_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let order = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        // Most texts are no time, and trying to read one as a time is what takes longest here.
        _ if !starts_with_digit(a) || !starts_with_digit(b) => a.cmp(b),
        _ => match (parse_time(a, zone), parse_time(b, zone)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        },
    };
    let equal = |a: &str, b: &str| order(a, b) == Ordering::Equal;
    match operator {
        "eq" => any(&|f| equal(f, first)) || (first.is_empty() && found.is_empty()),
        "neq" | "ne" => !any(&|f| equal(f, first)),
        "lt" => any(&|f| order(f, first) == Ordering::Less),
        "lte" => any(&|f| order(f, first) != Ordering::Greater),
        "gt" => any(&|f| order(f, first) == Ordering::Greater),
        "gte" => any(&|f| order(f, first) != Ordering::Less),
        "like" => any(&|f| like(f, first)),
        "notlike" => !any(&|f| like(f, first)),
        "contains" => any(&|f| f.to_lowercase().contains(&first.to_lowercase())),
        "doesnotcontain" => !any(&|f| f.to_lowercase().contains(&first.to_lowercase())),
        "startswith" | "begins" => any(&|f| f.to_lowercase().starts_with(&first.to_lowercase())),
        "notbegins" => !any(&|f| f.to_lowercase().starts_with(&first.to_lowercase())),
        "endswith" | "ends" => any(&|f| f.to_lowercase().ends_with(&first.to_lowercase())),
        "notends" => !any(&|f| f.to_lowercase().ends_with(&first.to_lowercase())),
        "isnull" => found.is_empty(),
        "isnotnull" => !found.is_empty(),
        "in" => any(&|f| values.iter().any(|v| equal(f, v))),
        "notin" => !any(&|f| values.iter().any(|v| equal(f, v))),
        "between" => any(&|f| order(f, first) != Ordering::Less && order(f, &values[1]) != Ordering::Greater),
        // Checked when the filter was read.
        "regexp" => regex_lite::Regex::new(first).is_ok_and(|r| any(&|f| r.is_match(f))),
        _ => false,
    }
}

/// SQL's LIKE without regard to case: `%` any text, `_` any character.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.to_lowercase().chars().collect(), pattern.to_lowercase().chars().collect());
    let (mut t, mut p) = (0, 0);
    let mut back = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '%' {
            back = Some((p + 1, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '_' || pattern[p] == text[t]) {
            t += 1;
            p += 1;
        } else if let Some((after, from)) = back {
            back = Some((after, from + 1));
            (p, t) = (after, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn like_knows_both_wildcards() {
        assert!(like("Reklamace", "%klam%") && like("Reklamace", "reklamac_") && like("", "%"));
        assert!(!like("Reklamace", "klam") && !like("abc", "a_"));
    }
}
