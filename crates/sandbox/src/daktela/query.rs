//! Lists and single records: filters, full text, sorting, pages and fields in every form that clients send.

use super::auth::dressed;
use super::filter::{Filter, Reader, comparable, found, known, matches};
use super::models::{FULL, Kind, Model, Row, View, model};
use super::request::text;
use super::{Context, Failure, Reply};
use crate::world::{Record, Ticket, World};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// More in one page is refused.
const MOST: i64 = 1_000;

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
