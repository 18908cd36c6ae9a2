//! Communication Log: what passed through a user's telephone, as the world's calls end.
//!
//! Every item is wrapped in one key that names its class (`.CallDTO` …). Items lie in the inbox, in the trash
//! (`markAsDelete`) or are flagged as deleted; a list shows one of the three.

use super::Context;
use super::answer::{Failure, Reply, Told, read_time};
use super::inferred::{limit_log, log_class};
use super::office::{digits, one_of, owner};
use super::people::groups_of;
use crate::world::{LogItem, LogKind, LogOwner, Millis, Shelf};
use hyper::StatusCode;
use serde_json::{Value, json};

const TYPES: [(&str, LogKind); 6] = [
    ("OUTGOING_CALL", LogKind::Outgoing),
    ("MISSED_CALL", LogKind::Missed),
    ("INCOMING_CALL", LogKind::Incoming),
    ("VOICEMAIL", LogKind::Voicemail),
    ("RECORDING", LogKind::Recording),
    ("FAX", LogKind::Fax),
];

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    Some(match cx.call.op {
        "commlog.list" => list(cx, &user),
        "commlog.groupinbox" => Ok(Reply::ok(group_inboxes(cx, &user))),
        "commlog.item.get" => one(cx, &user),
        "commlog.item.mark" => mark_one(cx, &user),
        "commlog.item.delete" => delete_one(cx, &user),
        "commlog.item.deletiontime" => {
            let shelf = if cx.call.flag("delete") == Some(false) { Shelf::Inbox } else { Shelf::Trash };
            put_on(cx, &user, shelf)
        }
        "commlog.item.setdeleted" => put_on(cx, &user, Shelf::Deleted),
        "commlog.mark" => mark(cx, &user),
        "commlog.delete" => delete(cx, &user),
        _ => return None,
    })
}

fn row(cx: &Context<'_>, item: &LogItem) -> Value {
    let kind = TYPES.iter().find(|(_, kind)| *kind == item.kind).map_or("", |(name, _)| name);
    let mut row = json!({"itemId": item.id, "startTime": cx.time(item.start),
        "remoteParty": {"number": item.number, "displayName": item.name}, "itemType": kind, "isSeen": item.seen,
        "duration": item.seconds});
    if matches!(item.kind, LogKind::Voicemail | LogKind::Recording) {
        row["callItemId"] = json!(item.call_item.unwrap_or(0));
        row["isPlayed"] = json!(item.played);
    }
    json!({log_class(item.kind): row})
}

/// The document around rows. A client that reads only what is new keeps the rest.
fn document(cx: &Context<'_>, rows: &[Value], in_all: usize) -> Value {
    let flush = cx.call.query("since").is_none();
    json!({"historyItems": rows, "flushCache": flush, "generatedAt": cx.time(cx.world.now()), "hintCount": in_all})
}

fn shelf(cx: &Context<'_>) -> Shelf {
    match (cx.call.flag("deleted"), cx.call.flag("markAsDelete")) {
        (Some(true), _) => Shelf::Deleted,
        (_, Some(true)) => Shelf::Trash,
        _ => Shelf::Inbox,
    }
}

fn wanted_kinds(cx: &Context<'_>) -> Result<Vec<LogKind>, Failure> {
    let names = TYPES.map(|(name, _)| name);
    let told = cx.call.all("itemType");
    let told = told.iter().flat_map(|t| t.split(',')).filter(|t| !t.is_empty());
    told.map(|name| {
        let name = one_of("itemType", name, &names)?;
        Ok(TYPES.iter().find(|(n, _)| *n == name).map_or(LogKind::Fax, |(_, kind)| *kind))
    })
    .collect()
}

/// A number or a time in the query; none if it is not there.
fn told<T>(cx: &Context<'_>, name: &str, read: fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
    let Some(text) = cx.call.query(name).filter(|t| !t.is_empty()) else { return Ok(None) };
    let bad = || Failure::bad(name, &format!("{name}.invalid"), format!("{text:?} cannot be read"));
    read(text).map(Some).ok_or_else(bad)
}

fn list(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let number = |t: &str| t.parse::<i64>().ok();
    let since = told(cx, "since", number)?;
    let older_than = told(cx, "olderThan", number)?;
    let since_time: Option<Millis> = told(cx, "sinceTime", read_time)?;
    let until_time: Option<Millis> = told(cx, "untilTime", read_time)?;
    let limit = told(cx, "limit", |t| t.parse::<usize>().ok())?;
    let kinds = wanted_kinds(cx)?;
    let shelf = shelf(cx);
    let mut numbers: Option<Vec<String>> = cx.call.query("number").map(|n| vec![digits(n)]);
    if let Some(contact) = cx.call.query("contactId") {
        let own = super::people::numbers_of(cx, user, contact)?;
        numbers.get_or_insert_default().extend(own.iter().map(|n| digits(n)));
    }
    let fits = |item: &&LogItem| {
        item.shelf == shelf
            && since.is_none_or(|id| item.id > id)
            && older_than.is_none_or(|id| item.id < id)
            && since_time.is_none_or(|at| item.start > at)
            && until_time.is_none_or(|at| item.start < at)
            && (kinds.is_empty() || kinds.contains(&item.kind))
            && numbers.as_ref().is_none_or(|n| n.contains(&digits(&item.number)))
    };
    let mut items: Vec<LogItem> = cx.world.log_of(user).values().filter(fits).cloned().collect();
    if cx.call.flag("count") == Some(true) {
        return Ok(Reply::text(items.len().to_string()));
    }
    let in_all = items.len();
    if let Some(limit) = limit {
        limit_log(&mut items, limit, since);
    }
    let rows: Vec<Value> = items.iter().map(|item| row(cx, item)).collect();
    Ok(Reply::ok(document(cx, &rows, in_all)))
}

fn group_inboxes(cx: &Context<'_>, user: &str) -> Value {
    let mut rows = Vec::new();
    for queue in groups_of(&cx.world, user) {
        let name = cx.world.queues.get(&queue).map_or("", |q| q.name.as_str());
        rows.extend(cx.world.inbox_of(queue).filter(|item| item.shelf == Shelf::Inbox).map(|item| {
            json!({".GroupInboxVoiceMailDTO": {"itemId": item.id, "startTime": cx.time(item.start),
                "remoteParty": {"number": item.number, "displayName": item.name}, "itemType": "VOICEMAIL",
                "isSeen": item.seen, "callItemId": item.call_item.unwrap_or(0), "isPlayed": item.played,
                "inboxName": name}})
        }));
    }
    let count = rows.len();
    document(cx, &rows, count)
}

fn no_item(id: &str) -> Failure {
    Failure::missing("itemId", "item.does.not.exist", id)
}

/// The item that the path names, in the user's own log or in one of the inboxes.
fn named(cx: &mut Context<'_>, user: &str) -> Result<(LogOwner, i64), Failure> {
    let told = cx.call.path("itemId");
    let id: i64 = told.parse().map_err(|_| Failure::bad("itemId", "itemId.invalid", told))?;
    // The log is written up when it is looked at.
    cx.world.log_of(user);
    let own = std::iter::once(LogOwner::Agent(user.to_owned()));
    let shared = groups_of(&cx.world, user).into_iter().map(LogOwner::Queue);
    for owner in own.chain(shared) {
        if cx.world.log_item(&owner, id).is_some() {
            return Ok((owner, id));
        }
    }
    Err(no_item(told))
}

fn one(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let (owner, id) = named(cx, user)?;
    let shelf = shelf(cx);
    let asked = cx.call.query("deleted").is_some() || cx.call.query("markAsDelete").is_some();
    let item = cx.world.log_item(&owner, id).filter(|item| !asked || item.shelf == shelf).cloned();
    let item = item.ok_or_else(|| no_item(cx.call.path("itemId")))?;
    let rows = [row(cx, &item)];
    Ok(Reply::ok(document(cx, &rows, 1)))
}

/// What is done to an item.
#[derive(Clone, Copy)]
enum Change {
    Mark { seen: Option<bool>, played: Option<bool> },
    StrikeOut,
}

/// Does it, and the same to the call that a voicemail belongs to, if asked.
fn change(cx: &mut Context<'_>, owner: &LogOwner, id: i64, change: Change) {
    let Some(item) = cx.world.log_item(owner, id) else { return };
    let call = item.call_item;
    let mut ids = vec![id];
    if cx.call.flag("updateCallItem") == Some(true) {
        ids.extend(call);
    }
    for id in ids {
        match change {
            Change::StrikeOut => drop(cx.world.strike_out(owner, id)),
            Change::Mark { seen, played } => {
                if let Some(item) = cx.world.log_item(owner, id) {
                    item.seen = seen.unwrap_or(item.seen);
                    // A call is nothing to be played.
                    if matches!(item.kind, LogKind::Voicemail | LogKind::Recording) {
                        item.played = played.unwrap_or(item.played);
                    }
                }
            }
        }
    }
}

fn marks(cx: &Context<'_>) -> Result<Change, Failure> {
    let (seen, played) = (cx.call.flag("isSeen"), cx.call.flag("isPlayed"));
    if seen.is_none() && played.is_none() {
        return Err(Failure::bad("isSeen", "field.required", "isSeen or isPlayed is required"));
    }
    Ok(Change::Mark { seen, played })
}

fn mark_one(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let (owner, id) = named(cx, user)?;
    let marks = marks(cx)?;
    change(cx, &owner, id, marks);
    Ok(Reply::done())
}

fn delete_one(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let (owner, id) = named(cx, user)?;
    change(cx, &owner, id, Change::StrikeOut);
    Ok(Reply::done())
}

fn put_on(cx: &mut Context<'_>, user: &str, shelf: Shelf) -> Result<Reply, Failure> {
    let (owner, id) = named(cx, user)?;
    if let Some(item) = cx.world.log_item(&owner, id) {
        item.shelf = shelf;
    }
    Ok(Reply::done())
}

/// Own items by `itemId` (repeated) or `untilItemId`, of the wanted types; and ids that are not there.
fn chosen(cx: &mut Context<'_>, user: &str) -> Result<(Vec<i64>, Vec<String>), Failure> {
    let kinds = wanted_kinds(cx)?;
    let until = told(cx, "untilItemId", |t| t.parse::<i64>().ok())?;
    let ids: Vec<String> =
        cx.call.all("itemId").iter().flat_map(|i| i.split(',')).map(str::to_owned).collect();
    if ids.is_empty() && until.is_none() && kinds.is_empty() {
        return Err(Failure::bad("itemId", "field.required", "itemId, untilItemId or itemType is required"));
    }
    let log = cx.world.log_of(user);
    let missing =
        ids.iter().filter(|id| id.parse().ok().is_none_or(|id: i64| !log.contains_key(&id))).cloned();
    let named = |item: &LogItem| ids.is_empty() && until.is_none() || ids.contains(&item.id.to_string());
    let fits = |item: &&LogItem| {
        (named(item) || until.is_some_and(|id| item.id <= id))
            && (kinds.is_empty() || kinds.contains(&item.kind))
    };
    Ok((log.values().filter(fits).map(|item| item.id).collect(), missing.collect()))
}

fn mark(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let marks = marks(cx)?;
    each(cx, user, marks)
}

fn delete(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    each(cx, user, Change::StrikeOut)
}

/// Nothing is answered when all were found, else the ids that were not, as text.
fn each(cx: &mut Context<'_>, user: &str, what: Change) -> Result<Reply, Failure> {
    let (ids, missing) = chosen(cx, user)?;
    let owner = LogOwner::Agent(user.to_owned());
    for id in ids {
        change(cx, &owner, id, what);
    }
    if missing.is_empty() {
        return Ok(Reply { status: StatusCode::OK, ..Reply::done() });
    }
    Ok(Reply::text(missing.join(",")))
}
