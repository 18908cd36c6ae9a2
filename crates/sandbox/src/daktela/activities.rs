//! Creating and changing activities: dial, accept, reject, hang up, close. What is written is in [`letters`].

use super::models::{activity_view, model, read_custom};
use super::request::{name_of, text, truthy};
use super::{Context, Failure, Reply, letters};
use crate::world::{Activity, Channel, Phase, Refusal, World, ticket_number};
use serde_json::{Map, Value, json};

/// POST: a call is dialled; a comment, an e-mail or an SMS is written and sent.
pub(super) fn create(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let sent = &cx.call.body;
    let mut world = cx.centre.world();
    let kind = sent.get("type").and_then(text).unwrap_or_default();
    if kind == "CALL" {
        if world.agents.get(user).is_some_and(|a| a.denied.contains("dial")) {
            return Err(Failure::Forbidden);
        }
        let number = sent.get("number").and_then(text).unwrap_or_default();
        let queue = match sent.get("queue").and_then(name_of) {
            None => None,
            Some(name) => Some(name.parse().map_err(|_| refuse(cx, &Refusal::NoSuchQueue, sent))?),
        };
        let id = world.dial(user, &number, queue).map_err(|refusal| refuse(cx, &refusal, sent))?;
        return Ok(Reply::created(activity_view(cx, &world, user, &id)));
    }
    let channel = match kind.as_str() {
        "" | "COMMENT" => Channel::Comment,
        "EMAIL" => Channel::Email,
        "SMS" => Channel::Sms,
        _ => return Err(wrong("type", cx.language.bad_value(), sent)),
    };
    let id = letters::write(cx, &mut world, user, channel, sent)?;
    Ok(Reply::created(activity_view(cx, &world, user, &id)))
}

fn refuse(cx: &Context<'_>, refusal: &Refusal, sent: &Map<String, Value>) -> Failure {
    Failure::refused(refusal, cx, Value::Object(sent.clone()))
}

pub(super) fn wrong(field: &str, words: &str, sent: &Map<String, Value>) -> Failure {
    Failure::form(Map::from_iter([(field.to_owned(), json!(words))]), Value::Object(sent.clone()))
}

/// PUT: what is written on it is changed first, then the action is done. A refusal changes nothing.
pub(super) fn update(cx: &Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    let sent = &cx.call.body;
    let mut world = cx.centre.world();
    if letters::is_finished(&world, id) {
        letters::correct(cx, &mut world, user, id)?;
        return Ok(Reply::ok(activity_view(cx, &world, user, id)));
    }
    if !world.activities.contains_key(id) {
        return Err(Failure::NotFound);
    }
    if sent.get("reject").is_some_and(truthy) {
        let done = world.reject(user, id);
        return answered(cx, &world, user, id, done);
    }
    if let Some(hangup) = sent.get("hangup").filter(|h| h.is_object() || truthy(h)) {
        // Only the own channel can be named: the exchange ends the agent's talk either way.
        let named = hangup.get("channel").and_then(text);
        let known = |a: &Activity| named.as_ref().is_none_or(|n| a.legs.iter().any(|l| l.id == *n));
        let done = if world.activities.get(id).is_some_and(known) {
            world.hang_up(user, id)
        } else {
            Err(Refusal::NoLine)
        };
        return answered(cx, &world, user, id, done);
    }
    let action = sent.get("action").and_then(text).unwrap_or_default();
    let codes = read_codes(sent.get("statuses"));
    let edits = read_edits(cx, &world, id)?;
    letters::rewrite(cx, &mut world, user, id, action == "CLOSE")?;
    let mine = |a: &Activity| {
        a.agent.as_deref() == Some(user) && matches!(a.phase, Phase::Active | Phase::Postponed)
    };
    let already_open = world.activities.get(id).is_some_and(mine);
    let done = match action.as_str() {
        "OPEN" if !already_open => {
            let device = sent.get("_exten").and_then(text).filter(|d| !d.is_empty());
            world.accept(user, id, device.as_deref())
        }
        "CLOSE" => world.close(user, id, codes).map(|()| {
            if letters::goes_out(sent) {
                letters::sent(&mut world, user, id);
            }
        }),
        "" | "OPEN" | "WAIT" | "POSTPONE" => note_codes(&mut world, user, id, codes),
        _ => return Err(wrong("action", cx.language.bad_value(), sent)),
    };
    if done.is_ok() {
        world.edit(id, |activity| {
            edits.apply(activity);
            if action == "POSTPONE" && !activity.line_is_up() {
                activity.phase = Phase::Postponed;
            } else if action == "OPEN" && activity.phase == Phase::Postponed {
                activity.phase = Phase::Active;
            }
        });
        // What joins a ticket's conversation, or is done with there, changes the ticket.
        let ticket = world.activities.get(id).and_then(|a| ticket_number(a.ticket.as_deref()));
        if let Some(number) = ticket.filter(|_| action == "CLOSE" || sent.contains_key("ticket")) {
            let now = world.now();
            // A ticket that was deleted meanwhile stays as it is.
            let _ = world.edit_ticket(number, Some(user), |t| t.last_activity = now);
        }
    }
    answered(cx, &world, user, id, done)
}

fn answered(
    cx: &Context<'_>,
    world: &World,
    user: &str,
    id: &str,
    done: Result<(), Refusal>,
) -> Result<Reply, Failure> {
    let view = activity_view(cx, world, user, id);
    match done {
        Ok(()) => Ok(Reply::ok(view)),
        Err(refusal) => Err(Failure::refused(&refusal, cx, view)),
    }
}

/// Names of statuses; absent means they stay as they are.
fn read_codes(sent: Option<&Value>) -> Option<Vec<String>> {
    match sent? {
        Value::Array(list) => Some(list.iter().filter_map(name_of).collect()),
        Value::Null => Some(Vec::new()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        one => Some(name_of(one).into_iter().collect()),
    }
}

/// Statuses may be set before closing; how many are needed is asked when closing.
fn note_codes(world: &mut World, user: &str, id: &str, codes: Option<Vec<String>>) -> Result<(), Refusal> {
    let Some(codes) = codes else { return Ok(()) };
    let activity = world.activities.get(id).ok_or(Refusal::NoSuchActivity)?;
    if activity.agent.as_deref().is_some_and(|a| a != user) {
        return Err(Refusal::NotYours);
    }
    match world.check_codes(activity.queue, &codes) {
        Ok(()) | Err(Refusal::CodeRequired) => {}
        Err(refusal) => return Err(refusal),
    }
    world.edit(id, |a| a.wrap_up_codes = codes);
    Ok(())
}

/// What a request writes on an activity, checked.
#[derive(Default)]
struct Edits {
    title: Option<String>,
    note: Option<String>,
    important: Option<bool>,
    ticket: Option<Option<String>>,
    contact: Option<Option<String>>,
    record: Option<Option<String>>,
    custom: Option<crate::world::Record>,
}

fn read_edits(cx: &Context<'_>, world: &World, id: &str) -> Result<Edits, Failure> {
    let sent = &cx.call.body;
    let mut errors = Map::new();
    let mut reference = |field: &str, of: &str| {
        let value = sent.get(field)?;
        let name = name_of(value);
        let exists = |n: &String| model(of).is_some_and(|m| m.row(world, n).is_some());
        if name.as_ref().is_some_and(|n| !exists(n)) {
            errors.insert(field.to_owned(), json!(cx.language.foreign_key()));
        }
        Some(name)
    };
    let mut edits = Edits {
        ticket: reference("ticket", "tickets"),
        contact: reference("contact", "contacts"),
        record: reference("record", "campaignsRecords"),
        title: sent.get("title").and_then(text),
        note: sent.get("description").and_then(text),
        important: sent.get("important").map(truthy),
        custom: None,
    };
    if let (Some(sent), Some(activity)) = (sent.get("customFields"), world.activities.get(id)) {
        match read_custom(cx, "activities", &activity.custom, sent) {
            Ok(custom) => edits.custom = Some(custom),
            Err(wrong) => drop(errors.insert("customFields".into(), wrong)),
        }
    }
    if errors.is_empty() { Ok(edits) } else { Err(Failure::form(errors, Value::Object(sent.clone()))) }
}

impl Edits {
    fn apply(self, activity: &mut Activity) {
        if let Some(title) = self.title {
            activity.title = title;
        }
        if let Some(note) = self.note {
            activity.note = note;
        }
        if let Some(important) = self.important {
            activity.important = important;
        }
        if let Some(ticket) = self.ticket {
            activity.ticket = ticket;
        }
        if let Some(contact) = self.contact {
            activity.contact = contact;
        }
        if let Some(record) = self.record {
            activity.record = record;
        }
        if let Some(custom) = self.custom {
            activity.custom = custom;
        }
    }
}
