//! Creating, changing and deleting records, with the vendor's validation: required fields, references that must exist,
//! allowed values. What cannot be written is ignored, what is wrong is told per field, and nothing is saved then.

use super::scheme::read_custom;
use super::{Access, FULL, Field, Kind, Model, View, model, parse_time};
use crate::daktela::request::{name_of, text, truthy};
use crate::daktela::{Context, Failure, Reply};
use crate::world::{Record, World};
use serde_json::{Map, Value, json};

/// Reads what was sent for one field; the error is the vendor's sentence.
fn read(cx: &Context<'_>, world: &World, user: &str, field: &Field, sent: &Value) -> Result<Value, Value> {
    let words = cx.language;
    let wrong = || json!(words.bad_value());
    let empty = sent.is_null() || sent.as_str() == Some("");
    match field.kind {
        Kind::Name | Kind::Number => text(sent).map(|t| json!(t)).ok_or_else(wrong),
        Kind::Text => match sent {
            Value::Null => Ok(Value::Null),
            other => text(other).map(|t| json!(t)).ok_or_else(wrong),
        },
        Kind::Email => match text(sent) {
            Some(address) if !address.is_empty() && !address.contains('@') => Err(json!(words.bad_email())),
            Some(address) => Ok(json!(address)),
            None => Ok(Value::Null),
        },
        _ if empty && !matches!(field.kind, Kind::Many(_) | Kind::Custom) => Ok(Value::Null),
        Kind::Int | Kind::Float => text(sent).and_then(|t| t.parse::<f64>().ok()).map_or_else(
            || Err(wrong()),
            |n| Ok(if field.kind == Kind::Int { json!(n as i64) } else { json!(n) }),
        ),
        Kind::Bool => Ok(json!(truthy(sent))),
        Kind::Time => text(sent).and_then(|t| parse_time(&t, &cx.zone)).map(|at| json!(at)).ok_or_else(wrong),
        Kind::Enum(allowed) => {
            text(sent).filter(|t| allowed.contains(&t.as_str())).map(|t| json!(t)).ok_or_else(wrong)
        }
        Kind::Ref(of) => {
            let name =
                name_of(sent).map(|n| if of == "users" && n == "_LOGGED" { user.to_owned() } else { n });
            let known = name.filter(|n| model(of).is_some_and(|m| m.row(world, n).is_some()));
            known.map(|n| json!(n)).ok_or_else(|| json!(words.foreign_key()))
        }
        Kind::Many(of) => {
            let sent: Vec<&Value> = match sent {
                Value::Array(list) => list.iter().collect(),
                Value::Object(map) if !map.contains_key("name") => map.values().collect(),
                _ if empty => Vec::new(),
                one => vec![one],
            };
            let names: Option<Vec<String>> = sent
                .into_iter()
                .map(|one| name_of(one).filter(|n| model(of).is_some_and(|m| m.row(world, n).is_some())))
                .collect();
            names.map(|n| json!(n)).ok_or_else(|| json!(words.foreign_key()))
        }
        Kind::Map => match sent {
            Value::Object(_) => Ok(sent.clone()),
            Value::Array(list) if list.is_empty() => Ok(json!({})),
            _ => Err(wrong()),
        },
        Kind::Plain => Ok(sent.clone()),
        Kind::Item | Kind::Nested(_) | Kind::Custom => Err(wrong()),
    }
}

/// Puts what was sent into the record; answers what was wrong, per field.
pub(in crate::daktela) fn fill(
    cx: &Context<'_>,
    world: &World,
    user: &str,
    model: &Model,
    row: &mut Record,
    creating: bool,
) -> Map<String, Value> {
    let mut errors = Map::new();
    for (key, sent) in &cx.call.body {
        let Some(field) = model.field(key) else { continue };
        let open = match field.access {
            Access::Any => true,
            Access::OnCreate => creating,
            Access::Never => false,
        };
        if !open {
            continue;
        }
        let value = match field.kind {
            Kind::Custom => {
                let before = row.get(field.at).and_then(Value::as_object).cloned().unwrap_or_default();
                read_custom(cx, model.name, &before, sent).map(Value::Object)
            }
            _ => read(cx, world, user, field, sent),
        };
        match value {
            Ok(value) => drop(row.insert(field.at.to_owned(), value)),
            Err(wrong) => drop(errors.insert(key.clone(), wrong)),
        }
    }
    for field in model.fields {
        if row.get(field.at).is_none_or(Value::is_null)
            && creating
            && let Some(otherwise) = field.otherwise
        {
            row.insert(field.at.to_owned(), otherwise());
        }
        let absent = row.get(field.at).is_none_or(|v| v.is_null() || v.as_str() == Some(""));
        if field.required && absent && !errors.contains_key(field.wire) {
            errors.insert(field.wire.to_owned(), json!(cx.language.required()));
        }
    }
    errors
}

fn offered(name: &str, write: char) -> Result<&'static Model, Failure> {
    let model = model(name).ok_or(Failure::NotFound)?;
    if model.writes.contains(write) {
        Ok(model)
    } else if name.starts_with("activities") || name == "realtimeSessions" {
        Err(Failure::MethodNotAllowed)
    } else {
        // Queues, users and rights are the administrator's business.
        Err(Failure::Forbidden)
    }
}

pub(in crate::daktela) fn create(cx: &Context<'_>, user: &str, name: &str) -> Result<Reply, Failure> {
    let model = offered(name, 'C')?;
    let table = model.table().ok_or(Failure::MethodNotAllowed)?;
    let mut world = cx.centre.world();
    let now = world.now();
    let mut row = Record::new();
    row.insert("created".into(), json!(now));
    row.insert("edited".into(), json!(now));
    row.insert("created_by".into(), json!(user));
    row.insert("edited_by".into(), json!(user));
    let mut errors = fill(cx, &world, user, model, &mut row, true);
    complete(table, &mut row, None);
    let given = row.get("id").and_then(text).filter(|id| !id.is_empty());
    if let Some(given) = &given
        && world.records.find(table, given).is_some()
    {
        errors.insert("name".into(), json!(cx.language.name_taken()));
    }
    let id = given.unwrap_or_else(|| match model.key().kind {
        Kind::Number => world.records.table(table).draw_number().to_string(),
        _ => format!("{table}_{}", world.dice.hex(20)),
    });
    row.insert("id".into(), json!(id));
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    if !errors.is_empty() {
        let echo = view.draw(model, &row, FULL);
        return Err(Failure::form(errors, echo));
    }
    world.records.table(table).put(&id, row);
    world.note("record.created", user, &format!("{name}/{id}"));
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    Ok(Reply::created(view.reference(model.name, &id)))
}

pub(in crate::daktela) fn update(
    cx: &Context<'_>,
    user: &str,
    name: &str,
    id: &str,
) -> Result<Reply, Failure> {
    let model = offered(name, 'U')?;
    let mut world = cx.centre.world();
    let Some(table) = model.table() else { return update_item(cx, &mut world, user, model, id) };
    let before = world.records.find(table, id).cloned().ok_or(Failure::NotFound)?;
    let now = world.now();
    let mut row = before.clone();
    let errors = fill(cx, &world, user, model, &mut row, false);
    complete(table, &mut row, Some(&before));
    row.insert("edited".into(), json!(now));
    row.insert("edited_by".into(), json!(user));
    if !errors.is_empty() {
        let view = View::new(&world, cx.switches, &cx.zone, Some(user));
        return Err(Failure::form(errors, view.draw(model, &row, FULL)));
    }
    if let Some(kept) = world.records.table(table).get_mut(id) {
        *kept = row;
    }
    world.note("record.changed", user, &format!("{name}/{id}"));
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    Ok(Reply::ok(view.reference(model.name, id)))
}

/// Of what is behind an activity only the contact and the "missed" mark can be changed.
fn update_item(
    cx: &Context<'_>,
    world: &mut World,
    user: &str,
    model: &Model,
    id: &str,
) -> Result<Reply, Failure> {
    model.row(world, id).ok_or(Failure::NotFound)?;
    // What stands in a ticket's conversation is done with.
    let living = world.activities.values().find(|a| a.item_id == id).map(|a| a.id.clone());
    let mut errors = Map::new();
    let mut contact = None;
    if let (Some(sent), Some(field)) = (cx.call.body.get("contact"), model.field("contact")) {
        match read(cx, world, user, field, sent) {
            Ok(value) => contact = Some(value.as_str().map(str::to_owned)),
            Err(wrong) => drop(errors.insert("contact".into(), wrong)),
        }
    }
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    if !errors.is_empty() {
        return Err(Failure::form(errors, view.reference(model.name, id)));
    }
    let missed = cx.call.body.get("missed").and_then(text);
    let now = world.now();
    world.edit(&living.unwrap_or_default(), |a| {
        if let Some(contact) = contact {
            a.contact = contact;
        }
        if missed.as_deref() == Some("NO") {
            a.called_back = a.missed.then_some(now);
            a.missed = false;
        }
    });
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    Ok(Reply::ok(view.reference(model.name, id)))
}

pub(in crate::daktela) fn delete(cx: &Context<'_>, name: &str, id: &str) -> Result<Reply, Failure> {
    let model = offered(name, 'D')?;
    let table = model.table().ok_or(Failure::MethodNotAllowed)?;
    if cx.centre.world().records.table(table).remove(id) { Ok(Reply::gone()) } else { Err(Failure::NotFound) }
}

/// What the platform derives: a contact's title.
fn complete(table: &str, row: &mut Record, before: Option<&Record>) {
    if table != "contacts" {
        return;
    }
    let get =
        |row: &Record, field: &str| row.get(field).and_then(Value::as_str).unwrap_or("").trim().to_owned();
    let title = format!("{} {}", get(row, "first_name"), get(row, "last_name"));
    let renamed = before.is_none_or(|b| {
        get(b, "first_name") != get(row, "first_name") || get(b, "last_name") != get(row, "last_name")
    });
    if renamed || get(row, "title").is_empty() {
        row.insert("title".into(), json!(title.trim()));
    }
}

/// One activity as the viewer sees it alone.
pub(in crate::daktela) fn activity_view(cx: &Context<'_>, world: &World, user: &str, id: &str) -> Value {
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    let model = model("activities");
    match (model.and_then(|m| m.row(world, id)), model) {
        (Some(row), Some(model)) => view.draw(model, &row.record(world), FULL),
        _ => Value::Null,
    }
}
