//! Tickets as this vendor lets agents write them: the form's fields, the department's rules about statuses, comments with
//! files, and what a right that was taken away forbids.

use super::models::{FULL, Model, View, fill, model, priority, stage, state};
use super::request::{name_of, text};
use super::{Context, Failure, Reply};
use crate::Centre;
use crate::world::records::text as field;
use crate::world::{
    Attachment, Body, Channel, NewTicket, Priority, Record, Ticket, TicketState, World, ticket_number,
};
use serde_json::{Map, Value, json};

fn tickets() -> Result<&'static Model, Failure> {
    model("tickets").ok_or(Failure::NotFound)
}

/// POST: all that is wrong is told at once, with the ticket as it would have been and the number it would have got.
pub(super) fn create(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let model = tickets()?;
    let mut world = cx.centre.world();
    let mut row = Record::new();
    let mut errors = fill(cx, &world, user, model, &mut row, true);
    check(cx, &world, user, None, &row, &mut errors);
    let given = cx.call.body.get("name").and_then(text).filter(|n| !n.is_empty());
    let number = given.as_ref().map(|n| n.parse::<i64>());
    match number {
        Some(Ok(n)) if n < 1 || world.tickets.get(n).is_some() => {
            drop(errors.insert("name".into(), json!(cx.language.name_taken())));
        }
        Some(Err(_)) => drop(errors.insert("name".into(), json!(cx.language.bad_value()))),
        Some(Ok(_)) | None => {}
    }
    if !errors.is_empty() {
        let last = world.tickets.iter().next_back().map_or(0, |t| t.number);
        row.insert("id".into(), json!((last + 1).to_string()));
        let view = View::new(&world, cx.switches, &cx.zone, Some(user));
        return Err(Failure::form(errors, view.draw(model, &row, FULL)));
    }
    let owned = |f: &str| row.get(f).and_then(Value::as_str).map(str::to_owned);
    let number = world.open_ticket(NewTicket {
        number: number.and_then(Result::ok),
        title: field(&row, "title").to_owned(),
        channel: Channel::Email,
        category: field(&row, "category").to_owned(),
        owner: owned("owner"),
        contact: owned("contact"),
        address: field(&row, "email").to_owned(),
        priority: priority(field(&row, "priority")),
        by: Some(user.to_owned()),
    });
    apply(&mut world, user, number, row)?;
    comment(cx, &mut world, user, number)?;
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    Ok(Reply::created(view.reference("tickets", &number.to_string())))
}

/// PUT: only what was sent changes.
pub(super) fn update(cx: &Context<'_>, user: &str, name: &str) -> Result<Reply, Failure> {
    let model = tickets()?;
    let mut world = cx.centre.world();
    let before = model.row(&world, name).ok_or(Failure::NotFound)?.record(&world);
    let number = ticket_number(Some(name)).ok_or(Failure::NotFound)?;
    let mut row = before.clone();
    let mut errors = fill(cx, &world, user, model, &mut row, false);
    check(cx, &world, user, Some(&before), &row, &mut errors);
    if !errors.is_empty() {
        let view = View::new(&world, cx.switches, &cx.zone, Some(user));
        return Err(Failure::form(errors, view.draw(model, &row, FULL)));
    }
    // Only what was sent: the rest may have times that no calendar has.
    row.retain(|at, value| before.get(at) != Some(value));
    if !row.is_empty() || !cx.call.body.contains_key("comment") {
        apply(&mut world, user, number, row)?;
    }
    comment(cx, &mut world, user, number)?;
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    Ok(Reply::ok(view.reference("tickets", name)))
}

pub(super) fn delete(cx: &Context<'_>, user: &str, name: &str) -> Result<Reply, Failure> {
    let mut world = cx.centre.world();
    tickets()?.row(&world, name).ok_or(Failure::NotFound)?;
    let number = ticket_number(Some(name)).ok_or(Failure::NotFound)?;
    world
        .edit_ticket(number, Some(user), |t| t.state = TicketState::Deleted)
        .map_err(|_| Failure::NotFound)?;
    Ok(Reply::gone())
}

/// Somebody else is quicker: a colleague changes the ticket just before the command is read.
pub(super) fn interfere(centre: &Centre, number: i64) {
    let mut world = centre.world();
    // A ticket that is not there cannot be changed, and the command will say so.
    let _ = world.edit_ticket(number, Some("tomas"), |t| {
        t.priority = if t.priority == Priority::High { Priority::Low } else { Priority::High };
        t.title.push_str(" (tomas)");
    });
}

/// What a form cannot see field by field: the department's rules about statuses, the family tree, and rights.
fn check(
    cx: &Context<'_>,
    world: &World,
    user: &str,
    before: Option<&Record>,
    row: &Record,
    errors: &mut Map<String, Value>,
) {
    let words = cx.language;
    let mut wrong = |field: &str, told: &str| {
        errors.entry(field).or_insert_with(|| json!(told));
    };
    let category = world.records.find("ticket_categories", field(row, "category"));
    let codes = row.get("codes").and_then(Value::as_array).cloned().unwrap_or_default();
    let sent = |field: &str| cx.call.body.contains_key(field);
    let now = field(row, "state");
    let was = before.map_or("OPEN", |b| field(b, "state"));
    let closes = matches!(now, "CLOSE" | "ARCHIVE") && !matches!(was, "CLOSE" | "ARCHIVE");
    if let Some(category) = category {
        let known = category.get("codes").and_then(Value::as_array).cloned().unwrap_or_default();
        let needed = match field(category, "code_required") {
            "always" => before.is_none() || sent("statuses") || sent("stage"),
            "closing_ticket" => closes,
            _ => false,
        };
        if codes.is_empty() && needed {
            wrong("statuses", words.required());
        } else if sent("statuses") && codes.iter().any(|code| !known.contains(code)) {
            wrong("statuses", words.foreign_key());
        } else if sent("statuses") && codes.len() > 1 && category.get("several_codes") != Some(&json!(true)) {
            wrong("statuses", &words.refusal(&crate::world::Refusal::OnlyOneCode));
        }
    }
    let mut above = row.get("parent").and_then(Value::as_str).map(str::to_owned);
    let own = before.map(|b| field(b, "id").to_owned());
    let mut generations = 0;
    while let Some(parent) = above.filter(|_| sent("parentTicket") && generations < 100) {
        if Some(&parent) == own.as_ref() {
            wrong("parentTicket", words.bad_value());
        }
        generations += 1;
        let parent = world.tickets.find(&parent).and_then(|t| t.parent);
        above = parent.map(|n| n.to_string());
    }
    let denied = |right: &str| world.agents.get(user).is_some_and(|a| a.denied.contains(right));
    let moved = now != was;
    if moved && ((denied("tickets.close") && closes) || (denied("tickets.archive") && now == "ARCHIVE")) {
        wrong("stage", words.no_right());
    }
    if denied("tickets.owner") && sent("user") && before.is_some_and(|b| b.get("owner") != row.get("owner")) {
        wrong("user", words.no_right());
    }
}

/// Puts the written fields into the ticket.
fn apply(world: &mut World, user: &str, number: i64, row: Record) -> Result<(), Failure> {
    let texts = |value: &Value| {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let change = |t: &mut Ticket| {
        for (at, value) in row {
            let word = || value.as_str().unwrap_or_default().to_owned();
            let some = || value.as_str().filter(|w| !w.is_empty()).map(str::to_owned);
            match at.as_str() {
                "title" => t.title = word(),
                "description" => t.description = word(),
                "category" => t.category = word(),
                "owner" => t.owner = some(),
                "contact" => t.contact = some(),
                "parent" => t.parent = ticket_number(value.as_str()),
                "state" if value != stage(t.state) => t.state = state(&word()),
                "priority" => t.priority = priority(&word()),
                "reopen" => t.reopen = value.as_i64(),
                "followers" => t.followers = texts(&value),
                "codes" => t.codes = texts(&value),
                "custom" => t.custom = value.as_object().cloned().unwrap_or_default(),
                "due" => {
                    if let Some(until) = value.as_i64() {
                        t.solve_until = until;
                    }
                }
                _ => {}
            }
        }
    };
    world.edit_ticket(number, Some(user), change).map_err(|_| Failure::NotFound)
}

/// `comment` and `comment_add_files`: what the vendor's own pages write a note with.
fn comment(cx: &Context<'_>, world: &mut World, user: &str, number: i64) -> Result<(), Failure> {
    let sent = &cx.call.body;
    let said = sent.get("comment").and_then(text).filter(|c| !c.is_empty());
    let files = uploads(cx, world, "comment_add_files")?;
    if said.is_none() && files.is_empty() {
        return Ok(());
    }
    let body = Body::html(said.unwrap_or_default());
    world.write_note(user, number, body, files).map_err(|_| Failure::NotFound).map(|_| ())
}

/// Files that were put up before, as `{uid: {_uid, name, title, size, type}}` or a list of such: `name` (or `_uid`) is
/// what the upload answered.
pub(super) fn uploads(cx: &Context<'_>, world: &World, of: &str) -> Result<Vec<Attachment>, Failure> {
    let named: Vec<(Option<String>, &Value)> = match cx.call.body.get(of) {
        Some(Value::Object(map)) => map.iter().map(|(key, file)| (Some(key.clone()), file)).collect(),
        Some(Value::Array(list)) => list.iter().map(|file| (None, file)).collect(),
        _ => Vec::new(),
    };
    let mut files = Vec::new();
    for (key, file) in named {
        let part = |name: &str| file.get(name).and_then(text);
        let keys = [name_of(file), part("_uid"), key];
        let stored = keys.into_iter().flatten().find_map(|key| world.files.by_key(&key));
        let Some(stored) = stored else {
            let errors = Map::from_iter([(of.to_owned(), json!(cx.language.foreign_key()))]);
            return Err(Failure::form(errors, Value::Object(cx.call.body.clone())));
        };
        let mut attachment = stored.attachment();
        attachment.title = part("title").unwrap_or(attachment.title);
        attachment.cid = part("cid").filter(|c| !c.is_empty());
        files.push(attachment);
    }
    Ok(files)
}
