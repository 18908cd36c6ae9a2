//! What somebody says to be doing now: one state per person, however it is read or written.
//!
//! Everybody writes their own; supervisors write anybody's. Back-office people are not shown to others. The answers of
//! the small operations are bare text.

use super::entry::{Entry, find};
use super::{in_call, pidf, supervises};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, read_time, time};
use crate::dstny::office::{activity, owner, role, role_id, text};
use crate::switches::Switches;
use crate::world::{MINUTE, Millis, Status, World};
use serde_json::{Value, json};

const LONGEST_NOTE: usize = 250;
/// So long after an app was last heard of somebody counts as away from it.
const IDLE_AFTER: Millis = 15 * MINUTE;
const PIDF: &str = "application/pidf+xml";

pub(super) fn may_write(world: &World, viewer: &str, subject: &str) -> bool {
    viewer == subject || supervises(world, viewer)
}

fn may_read(world: &World, viewer: &str, subject: &str) -> bool {
    let hidden = world.agents.get(subject).is_some_and(|a| a.profile == "back_office");
    !hidden || may_write(world, viewer, subject)
}

/// The presence of `subject` as `viewer` sees it.
pub(in crate::dstny) fn document(world: &World, switches: &Switches, viewer: &str, subject: &str) -> Value {
    let access = if may_write(world, viewer, subject) { "WRITE" } else { "NONE" };
    let mut document = json!({"futurePresenceAccess": access, "activityAccess": access, "roleAccess": access,
        "noteAccess": access, "capabilities": ["MESSAGE", "FULL_COLLABORATION", "SMS"]});
    if !may_read(world, viewer, subject) {
        return document;
    }
    let status = world.status(subject);
    document["role"] = json!(role(&status.role));
    if !status.note.is_empty() {
        document["note"] = json!(status.note);
    }
    document["activity"] = json!({"id": status.activity, "available": status.available,
        "expiration": status.until.map_or("NEVER".to_owned(), |until| time(switches, until))});
    document["available"] = json!(status.available);
    let silent = |since: Millis| world.now() - since > IDLE_AFTER;
    document["idle"] = json!(world.agents.get(subject).is_some_and(|a| silent(a.last_heard)));
    document
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let op = cx.call.op;
    Some(match op {
        "cinfo.presence.get" => subject(cx).map(|who| Reply::ok(with_forbidden(cx, &who))),
        "uinfo.presence.get" => Ok(Reply::ok(document(&cx.world, cx.switches, cx.user, &owner(cx)))),
        "uinfo.available.get" | "cinfo.available" => {
            readable(cx).map(|who| Reply::text(cx.world.status(&who).available.to_string()))
        }
        "uinfo.activity.get" => readable(cx).map(|who| Reply::text(cx.world.status(&who).activity)),
        "uinfo.expires.get" | "cinfo.expires.get" => readable(cx).map(|who| Reply::text(expires(cx, &who))),
        "cinfo.callstate" | "cinfo1.linestate" => {
            subject(cx).map(|who| Reply::text(in_call(&cx.world, &who).to_string()))
        }
        "uinfo.activity.set" | "cinfo.activity.update" | "cinfo1.activity.update" => write(cx, |cx| {
            let available = cx.call.flag("available");
            Ok(Change { activity: Some(cx.call.path("activity").to_owned()), available, ..Change::default() })
        }),
        "uinfo.expires.set" | "cinfo.expires.update" | "cinfo1.expires.update" => {
            write(cx, |cx| Ok(Change { until: Some(moment(cx.call.path("expires"))?), ..Change::default() }))
        }
        "uinfo.note.set" | "cinfo.note.update" => {
            write(cx, |cx| Ok(Change { note: Some(cx.call.path("note").to_owned()), ..Change::default() }))
        }
        "cinfo1.note.update" => write(cx, |cx| {
            Ok(Change { note: Some(cx.call.field("note").unwrap_or_default()), ..Change::default() })
        }),
        "cinfo.role.update" | "cinfo1.role.update" => {
            write(cx, |cx| Ok(Change { role: Some(cx.call.path("role").to_owned()), ..Change::default() }))
        }
        "uinfo.presence.set" | "cinfo.presence.update" | "cinfo.presence.update2" => set_whole(cx),
        "cinfo1.presence.pidf" => write(cx, |cx| pidf::read(&cx.call.raw)).map(|_| Reply::accepted()),
        "cinfo1.presence.get" if cx.call.header("accept").contains(PIDF) => {
            readable(cx).map(|who| Reply::bytes(PIDF, pidf::write(&cx.world, &who)))
        }
        _ => return None,
    })
}

/// The colleague whom the path names, by user name or contact id.
pub(super) fn subject(cx: &Context<'_>) -> Result<String, Failure> {
    if !cx.call.has_path("cid") {
        return Ok(owner(cx));
    }
    match find(cx, cx.user, cx.call.path("cid"))? {
        Entry::Colleague(user) => Ok(user),
        other => Err(Failure::bad("cid", "contact.not.in.directory", other.cid())),
    }
}

fn readable(cx: &Context<'_>) -> Result<String, Failure> {
    let who = subject(cx)?;
    match may_read(&cx.world, cx.user, &who) {
        true => Ok(who),
        false => Err(Failure::forbidden("cid", "presence.not.visible", who)),
    }
}

/// The colleague whom the path names, if the caller may write for them.
pub(super) fn writable(cx: &Context<'_>) -> Result<String, Failure> {
    let who = subject(cx)?;
    match may_write(&cx.world, cx.user, &who) {
        true => Ok(who),
        false => Err(Failure::forbidden("cid", "presence.not.writable", who)),
    }
}

/// A bare answer writes `never` small, a document `NEVER`.
fn expires(cx: &Context<'_>, who: &str) -> String {
    cx.world.status(who).until.map_or("never".to_owned(), |until| cx.time(until))
}

/// None: it does not end.
fn moment(told: &str) -> Result<Option<Millis>, Failure> {
    if told.eq_ignore_ascii_case("never") {
        return Ok(None);
    }
    let at = read_time(told)
        .ok_or_else(|| Failure::bad("expires", "expires.invalid", format!("{told:?} is no time")))?;
    Ok(Some(at))
}

/// What is to become different.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub activity: Option<String>,
    pub available: Option<bool>,
    pub until: Option<Option<Millis>>,
    pub note: Option<String>,
    pub role: Option<String>,
}

/// A new activity is as available as it usually is and does not end, unless that is told too.
fn apply(world: &mut World, who: &str, change: Change) -> Result<(), Failure> {
    let mut status: Status = world.status(who);
    if let Some(id) = change.activity {
        let known = activity(&id).ok_or_else(|| Failure::bad("activity", "activity.does.not.exist", &id))?;
        status = Status { activity: id, available: known.available, until: None, ..status };
    }
    if let Some(available) = change.available {
        status.available = available;
    }
    if let Some(until) = change.until {
        status.until = until;
    }
    if let Some(note) = change.note {
        if note.chars().count() > LONGEST_NOTE {
            return Err(Failure::bad("note", "note.too.long", format!("At most {LONGEST_NOTE} characters")));
        }
        status.note = note;
    }
    if let Some(told) = change.role {
        let id = role_id(&told).ok_or_else(|| Failure::bad("role", "role.does.not.exist", &told))?;
        status.role = id.to_owned();
    }
    world.set_status(who, status);
    Ok(())
}

fn write(
    cx: &mut Context<'_>,
    what: impl FnOnce(&Context<'_>) -> Result<Change, Failure>,
) -> Result<Reply, Failure> {
    let who = writable(cx)?;
    let change = what(cx)?;
    apply(&mut cx.world, &who, change)?;
    Ok(match cx.call.op {
        "uinfo.activity.set" => Reply::text(cx.world.status(&who).activity),
        "uinfo.expires.set" => Reply::text(expires(cx, &who)),
        _ => Reply::done(),
    })
}

fn with_forbidden(cx: &Context<'_>, who: &str) -> Value {
    let forbidden: &[&str] =
        if may_write(&cx.world, cx.user, who) { &[] } else { &["role", "activity", "note"] };
    json!({"presence": document(&cx.world, cx.switches, cx.user, who), "forbidden": forbidden})
}

fn change_in(told: &Value) -> Result<Change, Failure> {
    let member = |name| told.get(name).and_then(Value::as_str).map(str::to_owned);
    let doing = &told["activity"];
    Ok(Change {
        activity: Some(text(doing, "id").to_owned()).filter(|id| !id.is_empty()),
        available: doing.get("available").or_else(|| told.get("available")).and_then(Value::as_bool),
        until: doing.get("expiration").and_then(Value::as_str).map(moment).transpose()?,
        note: member("note"),
        role: member("role"),
    })
}

/// The whole presence in one body. Who may not write changes nothing and is told what there is, as the document says.
fn set_whole(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let who = subject(cx)?;
    let as_pidf = cx.call.header("content-type").starts_with(PIDF);
    let told = cx.call.body.get("presence").filter(|p| p.is_object()).unwrap_or(&cx.call.body);
    if may_write(&cx.world, cx.user, &who) {
        let change = if as_pidf { pidf::read(&cx.call.raw)? } else { change_in(told)? };
        apply(&mut cx.world, &who, change)?;
        if cx.call.flag("forcePremappedDiversion") == Some(true) {
            cx.world.divert(&who, None);
        }
    }
    Ok(match cx.call.op {
        _ if as_pidf => Reply::done(),
        "cinfo.presence.update2" => Reply::ok(with_forbidden(cx, &who)),
        _ => Reply::ok(document(&cx.world, cx.switches, cx.user, &who)),
    })
}
