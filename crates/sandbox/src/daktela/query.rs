//! Lists and single records: filters, sorting, pages and fields in every form that clients send.
//!
//! Filters are conditions or groups to any depth: `filter[0][field]=…`, `filter[field]=…`, or
//! `filter[logic]=or&filter[filters][0][field]=…`. A dotted field walks through references; a reference compares with
//! its name; a list matches if any of its elements does. What the model lacks or what we do not know is 400.

use super::auth::dressed;
use super::models::{FULL, Kind, Model, Row, View, model, parse_time};
use super::request::{text, truthy};
use super::{Context, Failure, Reply};
use crate::world::{Millis, Record, Ticket, World};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// More in one page is refused.
const MOST: i64 = 1_000;
/// Groups deeper than this are refused.
const DEEPEST: u32 = 16;

enum Filter {
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

pub(super) fn one(cx: &Context<'_>, user: &str, of: &str, name: &str) -> Result<Reply, Failure> {
    let model = model(of).ok_or(Failure::NotFound)?;
    let world = cx.centre.world();
    let row = model.row(&world, name).ok_or(Failure::NotFound)?.record(&world);
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    Ok(Reply::ok(chosen_fields(view.draw(model, &row, FULL), &fields(&cx.call.query))))
}

pub(super) fn list(cx: &Context<'_>, user: &str, of: &str) -> Result<Reply, Failure> {
    let model = model(of).ok_or(Failure::NotFound)?;
    if matches!(model.source, super::models::Source::Inner) {
        return Err(Failure::NotFound);
    }
    let world = cx.centre.world();
    let rows = model.rows(&world);
    if model.name == "ticketsViews" {
        let counted = rows.iter().map(|row| Ok(Row::Made(counted(cx, user, &world, row)?)));
        let rows = counted.collect::<Result<_, Failure>>()?;
        return list_of(cx, user, &world, model, rows);
    }
    list_of(cx, user, &world, model, rows)
}

/// A saved view and how many tickets it shows this user, in the dress that the switch says.
fn counted(cx: &Context<'_>, user: &str, world: &World, row: &Row<'_>) -> Result<Record, Failure> {
    let mut record = row.record(world);
    let Some(model) = model("tickets") else { return Ok(record) };
    let sent = json!([{"field": "_ticketView", "operator": "eq", "value": record.get("id")}]);
    let filter = Reader { model, user, world, zone: &cx.zone }.read(&sent, 0)?;
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    let sieve = Sieve::new(Some(&filter), None);
    let count = model.rows(world).iter().filter(|row| sieve.passes(&view, model, row)).count();
    let count = match cx.switches.get("view_count") {
        "float" => json!(count as f64),
        "string" => json!(count.to_string()),
        _ => json!(count),
    };
    record.insert("count".into(), count);
    Ok(record)
}

/// Filters, sorts and cuts rows of one model as the query says.
pub(super) fn list_of(
    cx: &Context<'_>,
    user: &str,
    world: &World,
    model: &Model,
    rows: Vec<Row<'_>>,
) -> Result<Reply, Failure> {
    let query = &cx.call.query;
    let reader = Reader { model, user, world, zone: &cx.zone };
    let filter = query.get("filter").map(|f| reader.read(f, 0)).transpose()?;
    let sort = read_sort(query.get("sort"), model)?;
    let (skip, take) = page(cx)?;
    let needle = query.get("q").and_then(text).map(|q| q.to_lowercase()).filter(|q| !q.is_empty());

    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    let sieve = Sieve::new(filter.as_ref(), needle);
    let kept = rows.into_iter().rev().filter(|row| sieve.passes(&view, model, row));
    let mut kept: Vec<(Vec<Key>, Row<'_>)> =
        kept.map(|row| (sort.iter().map(|(f, _)| Key::of(&view, model, &row, f)).collect(), row)).collect();
    kept.sort_by(|(a, _), (b, _)| {
        let orders = a.iter().zip(b).zip(&sort);
        let orders = orders.map(|((a, b), (_, descending))| {
            let order = a.compare(b);
            if *descending { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    let total = kept.len();
    let fields = fields(query);
    let page = kept.into_iter().skip(skip).take(take);
    let tops: Vec<String> = fields.iter().filter_map(|f| f.split('.').next()).map(str::to_owned).collect();
    let data = page.map(|(_, row)| {
        if tops.is_empty() {
            view.draw(model, &row.record(world), FULL)
        } else if tops.iter().all(|f| model.field(f).is_some_and(|f| f.wire != "isFollowed")) {
            view.draw_some(model, &row, &tops, FULL)
        } else {
            chosen_fields(view.draw(model, &row.record(world), FULL), &fields)
        }
    });
    Ok(Reply::ok(envelope_list(cx, data.collect(), total)))
}

/// Decides which rows stay and by what they are ordered. Only the fields that it looks at are made, and references are
/// opened only as deep as it looks.
struct Sieve<'a> {
    filter: Option<&'a Filter>,
    needle: Option<String>,
    /// Shared texts that were searched already, by where they stand in memory.
    searched: RefCell<HashMap<*const u8, bool>>,
}

impl<'a> Sieve<'a> {
    fn new(filter: Option<&'a Filter>, needle: Option<String>) -> Self {
        Self { filter, needle, searched: RefCell::default() }
    }

    fn passes(&self, view: &View<'_>, model: &Model, row: &Row<'_>) -> bool {
        let fits = self.filter.is_none_or(|f| matches(f, view, model, row));
        fits && self.needle.as_ref().is_none_or(|needle| match row {
            Row::Ticket(ticket) => self.ticket_holds(view.world, ticket, needle),
            row => holds(&view.draw(model, &row.record(view.world), FULL), needle, 0),
        })
    }

    /// Title, number, customer, and everything that was written.
    fn ticket_holds(&self, world: &World, ticket: &Ticket, needle: &str) -> bool {
        let contact = ticket.contact.as_ref().and_then(|c| world.records.find("contacts", c));
        let contact = contact.map_or("", |c| crate::world::records::text(c, "title"));
        let own = [&ticket.title, &ticket.description, &ticket.address, contact];
        own.iter().any(|text| text.to_lowercase().contains(needle))
            || ticket.number.to_string().contains(needle)
            || ticket.entries.iter().filter(|e| e.event.is_none()).any(|entry| {
                let subject = entry.subject.as_ref().map_or("", |s| s);
                subject.to_lowercase().contains(needle) || self.text_holds(&entry.body.text, needle)
            })
    }

    fn text_holds(&self, text: &Arc<str>, needle: &str) -> bool {
        let mut searched = self.searched.borrow_mut();
        *searched.entry(text.as_ptr()).or_insert_with(|| text.to_lowercase().contains(needle))
    }
}

/// What a row is ordered by: numbers by their value, all else as text without regard to case.
struct Key {
    number: Option<f64>,
    text: String,
}

impl Key {
    fn of(view: &View<'_>, model: &Model, row: &Row<'_>, field: &str) -> Self {
        if let Some(time) = model.field(field).filter(|f| f.kind == Kind::Time) {
            let at = row.value(time.at, view.world).as_f64().unwrap_or(f64::MIN);
            return Self { number: Some((at / 1_000.0).floor()), text: String::new() };
        }
        let text = found(view, model, row, field).first().map_or(String::new(), comparable);
        Self { number: text.parse().ok(), text: text.to_lowercase() }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self.number, other.number) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => self.text.cmp(&other.text),
        }
    }
}

/// `{data, total}` in the dress that the switches say.
pub(super) fn envelope_list(cx: &Context<'_>, data: Vec<Value>, total: usize) -> Value {
    let mut result = Map::new();
    result.insert("data".into(), dressed(data, cx.switches.get("data")));
    match cx.switches.get("total") {
        "absent" => {}
        "string" => drop(result.insert("total".into(), json!(total.to_string()))),
        _ => drop(result.insert("total".into(), json!(total))),
    }
    // The vendor's Java tests ask for a list without a total this way.
    if cx.call.query.get("total").and_then(text).as_deref() == Some("false") {
        result.remove("total");
    }
    Value::Object(result)
}

fn page(cx: &Context<'_>) -> Result<(usize, usize), Failure> {
    let number = |name: &str| -> Result<Option<i64>, Failure> {
        match cx.call.query.get(name).and_then(text).filter(|t| !t.is_empty()) {
            None => Ok(None),
            Some(text) => {
                let parsed = text.parse::<i64>().ok().filter(|n| *n >= 0);
                parsed.map(Some).ok_or_else(|| Failure::words(&format!("Invalid value of {name}")))
            }
        }
    };
    let size = number("take")?.or(number("pageSize")?);
    let take = size.or(cx.switches.number("default_take")).unwrap_or(100);
    if take > MOST {
        return Err(Failure::words("Max defined take is 1000"));
    }
    let by_page = number("page")?.map(|page| (page - 1).max(0).saturating_mul(take));
    let skip = number("skip")?.or(by_page).unwrap_or(0);
    Ok((usize::try_from(skip).unwrap_or(usize::MAX), usize::try_from(take).unwrap_or(0)))
}

fn fields(query: &Map<String, Value>) -> Vec<String> {
    match query.get("fields") {
        Some(Value::Array(list)) => list.iter().filter_map(text).collect(),
        Some(Value::String(list)) => {
            list.split(',').map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

fn chosen_fields(record: Value, fields: &[String]) -> Value {
    match record {
        Value::Object(map) if !fields.is_empty() => {
            // A dotted field brings the reference that it goes through.
            let wanted = |key: &String| fields.iter().any(|f| f == key || f.split('.').next() == Some(key));
            Value::Object(map.into_iter().filter(|(key, _)| wanted(key)).collect())
        }
        other => other,
    }
}

fn known(model: &Model, field: &str) -> bool {
    let first = field.split('.').next().unwrap_or("");
    field == "_ticketView" || model.field(first).is_some()
}

/// Reads the filters of one request.
struct Reader<'a> {
    model: &'a Model,
    user: &'a str,
    world: &'a World,
    zone: &'a TimeZone,
}

impl Reader<'_> {
    fn read(&self, sent: &Value, depth: u32) -> Result<Filter, Failure> {
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

fn read_sort(sent: Option<&Value>, model: &Model) -> Result<Vec<(String, bool)>, Failure> {
    let rows = match sent {
        None => Vec::new(),
        Some(Value::Array(rows)) => rows.clone(),
        Some(one) => vec![one.clone()],
    };
    let read = |row: &Value| {
        let field = row.get("field").and_then(text).filter(|f| known(model, f));
        let field = field.ok_or_else(|| Failure::words("Unknown field in sort"))?;
        let descending = row.get("dir").and_then(text).is_some_and(|d| d.eq_ignore_ascii_case("desc"));
        Ok((field, descending))
    };
    rows.iter().map(read).collect()
}

fn dots(field: &str) -> usize {
    field.matches('.').count()
}

/// What a field or a dotted path holds, without the nulls.
fn found(view: &View<'_>, model: &Model, row: &Row<'_>, path: &str) -> Vec<Value> {
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

/// Any text in the record holds the words.
fn holds(record: &Value, needle: &str, depth: u32) -> bool {
    match record {
        Value::String(text) => text.to_lowercase().contains(needle),
        Value::Number(number) => number.to_string().contains(needle),
        Value::Array(list) => list.iter().any(|v| holds(v, needle, depth)),
        // Two levels: a contact's own fields and custom fields, not what its owner is called.
        Value::Object(map) => {
            depth < 2
                && map.iter().any(|(k, v)| {
                    !k.starts_with('_') && k != "user" && k != "database" && holds(v, needle, depth + 1)
                })
        }
        Value::Null | Value::Bool(_) => false,
    }
}

fn comparable(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(b) => i32::from(*b).to_string(),
        other => text(other).unwrap_or_default(),
    }
}

fn matches(filter: &Filter, view: &View<'_>, model: &Model, row: &Row<'_>) -> bool {
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
    let order = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
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
