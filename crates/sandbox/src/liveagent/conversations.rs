//! Conversations: the list with its filters, and one of them.

use super::answer::{Failure, Reply, rows};
use super::time::{self, Constraint};
use super::{Context, Perhaps, Told, inferred, plain};
use crate::world::records::{Record, text};
use crate::world::{Activity, Author, Direction, Entry, Millis, Ticket, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "conversations.get" => list(cx),
        "conversations.conversationid.get" => {
            let found = ticket(cx);
            found.and_then(|number| {
                learn_tags(cx, &[number]);
                Ok(Reply::Document(detail(cx, cx.world.ticket(number)?)))
            })
        }
        _ => return None,
    })
}

/// The conversation that the path names by its id, code or public code.
pub(super) fn ticket(cx: &Context<'_>) -> Result<i64, Failure> {
    let named = inferred::conversation_number(cx.call.path("conversationid"));
    let known = named.filter(|n| cx.world.tickets.get(*n).is_some());
    known.ok_or_else(|| Failure::no_conversation(cx.switches))
}

/// Name and address of the customer.
pub(super) fn customer(world: &World, ticket: &Ticket) -> (String, String) {
    let contact = ticket.contact.as_deref().and_then(|id| world.records.find("contacts", id));
    let mail = contact.and_then(|c| c.get("custom")?.get("email")?.get(0)?.as_str()).map(str::to_owned);
    let mail = mail
        .unwrap_or_else(|| if ticket.address.contains('@') { ticket.address.clone() } else { String::new() });
    (contact.map(|c| text(c, "title").to_owned()).unwrap_or_default(), mail)
}

/// Who works on it: at whom it rings or who speaks, else the owner.
fn assigned<'a>(ticket: &'a Ticket, lives: &Lives<'a>) -> Option<&'a str> {
    let live = lives.get(&ticket.number).and_then(|a| a.agent.as_deref().or(a.reserved_for.as_deref()));
    live.or(ticket.owner.as_deref())
}

type Lives<'a> = BTreeMap<i64, &'a Activity>;

/// Tags that somebody else put on these conversations get their ids.
fn learn_tags(cx: &mut Context<'_>, tickets: &[i64]) {
    let Context { world, store, .. } = cx;
    let tags = tickets.iter().filter_map(|n| world.tickets.get(*n)).flat_map(|t| &t.tags);
    store.tags.learn(tags.map(String::as_str));
}

fn list(cx: &mut Context<'_>) -> Told {
    let page = page(cx)?;
    learn_tags(cx, &page);
    let lives = inferred::lives(&cx.world);
    let found = page.iter().filter_map(|n| cx.world.tickets.get(*n));
    rows("conversations", found.map(|t| brief(cx, t, &lives)).collect())
}

/// The conversations that are asked for.
fn page(cx: &Context<'_>) -> Result<Vec<i64>, Failure> {
    let call = cx.call;
    let moment = |name: &str| {
        let read = |text| {
            time::read(text, &cx.zone)
                .ok_or_else(|| Failure::processing(format!("{text} is no valid datetime")))
        };
        call.param(name).map(read).transpose()
    };
    let (from, to) = (moment("datefrom")?, moment("dateto")?);
    let changed = call.param("datechanged").map(|text| Constraint::read(text, &cx.zone)).transpose()?;
    let agent =
        call.param("agent").map(|named| super::agents::find(cx, named).map(|a| a.id.clone())).transpose()?;
    let (statuses, channels) = (call.list("status"), call.list("channel_type"));
    let (department, subject, owner) =
        (call.param("department"), call.param("subject"), call.param("owneridentifier"));
    let lives = inferred::lives(&cx.world);
    // The document calls `datefrom` "older than" and `dateto` "younger than": the names and the words disagree.
    let by_words = cx.switches.is("liveagent_dates", "words");
    let dated = |at: Millis| match by_words {
        false => from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to),
        true => from.is_none_or(|from| at < from) && to.is_none_or(|to| at > to),
    };
    let meant = |t: &&Ticket| {
        dated(t.created)
            && changed.as_ref().is_none_or(|c| c.holds(t.changed, &cx.zone))
            && department.is_none_or(|d| d == t.category)
            && subject.is_none_or(|s| s == t.title)
            && agent.as_deref().is_none_or(|a| assigned(t, &lives) == Some(a))
            && channels.as_ref().is_none_or(|c| c.contains(&inferred::channel(t, cx.switches)))
            && statuses.as_ref().is_none_or(|s| s.contains(&status(cx, t, &lives)))
            && owner.is_none_or(|o| t.contact.as_deref() == Some(o) || customer(&cx.world, t).1 == o)
    };
    let limit = call.number("limit").unwrap_or(100).min(1_000);
    // Inferred: newest first, by their creation.
    let found = cx.world.tickets.iter().rev().filter(meant).skip(call.number("offset").unwrap_or(0));
    Ok(found.take(limit).map(|t| t.number).collect())
}

fn status(cx: &Context<'_>, ticket: &Ticket, lives: &Lives<'_>) -> &'static str {
    inferred::status(ticket, lives.get(&ticket.number).copied(), cx.switches)
}

/// A conversation as the list shows it.
fn brief(cx: &Context<'_>, ticket: &Ticket, lives: &Lives<'_>) -> Value {
    let (name, mail) = customer(&cx.world, ticket);
    let department = cx.world.records.find("ticket_categories", &ticket.category);
    let tags: Vec<&str> = ticket.tags.iter().filter_map(|tag| cx.store.tags.id_of(tag)).collect();
    let groups = |direction| {
        let of = |e: &&Entry| e.is_message() && e.direction == direction;
        ticket.entries.iter().filter(of).count().to_string()
    };
    let mut row = json!({"conversationid": inferred::conversation_id(ticket.number),
        "code": inferred::conversation_code(ticket.number), "datecreated": cx.time(ticket.created),
        "datechanged": cx.time(ticket.changed), "datedue": cx.time(ticket.solve_until),
        "departmentname": department.map(|d| text(d, "title")), "departmentid": ticket.category,
        "status": status(cx, ticket, lives), "ownername": name, "owneremail": mail, "subject": ticket.title,
        "preview": preview(ticket), "publicurlcode": inferred::public_code(ticket.number), "tags": tags.join(","),
        "channel_type": inferred::channel(ticket, cx.switches), "messagegroupsin": groups(Direction::In),
        "messagegroupsout": groups(Direction::Out)});
    if ticket.closed.is_some() {
        row["datedue"] = Value::Null;
    }
    row
}

/// The beginning of what was written last, without markup.
fn preview(ticket: &Ticket) -> String {
    let last = ticket.entries.iter().rev().find(|e| e.is_message() && e.author != Author::System);
    let Some(entry) = last else { return String::new() };
    let text: String = entry.body.text.chars().take(2_000).collect();
    let plain = if entry.body.html { plain::words(&text) } else { text };
    plain.chars().take(160).collect()
}

/// A conversation with everything.
fn detail(cx: &Context<'_>, ticket: &Ticket) -> Value {
    let lives = inferred::lives(&cx.world);
    let mut row = brief(cx, ticket, &lives);
    let agent = assigned(ticket, &lives).map(inferred::user_id);
    let note = if ticket.description.is_empty() { Value::Null } else { json!(ticket.description) };
    if let Value::Object(map) = &mut row {
        map.insert("ownernote".into(), note);
        map.insert("assignedto".into(), json!(agent));
        map.insert("customfields".into(), Value::Array(fields(&ticket.custom)));
    }
    row
}

/// Custom fields as rows: a field with several values has several rows.
pub(super) fn fields(custom: &Record) -> Vec<Value> {
    let values = |value: &Value| match value {
        Value::Array(list) => list.clone(),
        other => vec![other.clone()],
    };
    let shown = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    let row = |(code, value): (&String, &Value)| {
        let code = code.clone();
        values(value)
            .into_iter()
            .filter_map(shown)
            .map(move |value| json!({"code": code, "value": value}))
            .collect::<Vec<_>>()
    };
    custom.iter().flat_map(row).collect()
}
