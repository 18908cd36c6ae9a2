//! Tickets and the finished entries of their conversations as this vendor has them: an entry is an activity with
//! something behind it, known by a name that says which ticket and which entry.

use super::live;
use crate::world::records::record;
use crate::world::{
    Activity, Author, Channel, Direction, Entry, Millis, Phase, Priority, Record, SECOND, Ticket,
    TicketState, World,
};
use serde_json::{Value, json};

/// The vendor's word for a state.
pub(in crate::daktela) fn stage(state: TicketState) -> &'static str {
    match state {
        TicketState::Open => "OPEN",
        TicketState::Waiting => "WAIT",
        TicketState::Closed => "CLOSE",
        TicketState::Archived | TicketState::Deleted => "ARCHIVE",
    }
}

pub(in crate::daktela) fn state(stage: &str) -> TicketState {
    match stage {
        "WAIT" => TicketState::Waiting,
        "CLOSE" => TicketState::Closed,
        "ARCHIVE" => TicketState::Archived,
        _ => TicketState::Open,
    }
}

fn urgency(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "LOW",
        Priority::Normal => "MEDIUM",
        Priority::High => "HIGH",
    }
}

pub(in crate::daktela) fn priority(word: &str) -> Priority {
    match word {
        "MEDIUM" => Priority::Normal,
        "HIGH" => Priority::High,
        _ => Priority::Low,
    }
}

fn late(deadline: Millis, done: Option<Millis>, now: Millis) -> i64 {
    ((done.unwrap_or(now) - deadline) / SECOND).max(0)
}

/// What lists look at most, without making the rest.
pub(super) fn ticket_value(t: &Ticket, at: &str, world: &World) -> Option<Value> {
    Some(match at {
        "id" => json!(t.number.to_string()),
        "title" => json!(t.title),
        "category" => json!(t.category),
        "owner" => json!(t.owner),
        "contact" => json!(t.contact),
        "state" => json!(stage(t.state)),
        "priority" => json!(urgency(t.priority)),
        "created" => json!(t.created),
        "edited" => json!(t.changed),
        "last_activity" => json!(t.last_activity),
        "due" | "solve_until" => json!(t.solve_until),
        "overdue_seconds" => json!(late(t.solve_until, t.closed, world.now())),
        "unread" => json!(t.unread.is_some()),
        "parent" => json!(t.parent.map(|n| n.to_string())),
        "codes" => json!(t.codes),
        "followers" => json!(t.followers),
        "reopen" => json!(t.reopen),
        _ => return None,
    })
}

pub(super) fn ticket(t: &Ticket, world: &World) -> Record {
    let now = world.now();
    let number = |n: Option<i64>| n.map(|n| n.to_string());
    let by_mail = t.address.contains('@');
    record(json!({"id": t.number.to_string(), "title": t.title, "category": t.category, "owner": t.owner,
        "contact": t.contact, "email": if by_mail { t.address.as_str() } else { "" }, "parent": number(t.parent),
        "state": stage(t.state), "priority": urgency(t.priority), "description": t.description,
        "due": t.solve_until, "solve_until": t.solve_until, "overdue_seconds": late(t.solve_until, t.closed, now),
        "due_in_seconds": (t.solve_until - now) / SECOND, "reopen": t.reopen, "created": t.created, "edited": t.changed,
        "last_activity": t.last_activity, "last_by_agent": t.last_by_agent, "last_by_customer": t.last_by_customer,
        "answered": t.answered, "answer_until": t.answer_until,
        "answer_seconds": t.answered.map(|at| at.saturating_sub(t.created) / SECOND),
        "answer_overdue_seconds": late(t.answer_until, t.answered.or(t.closed), now), "closed": t.closed,
        "merged_into": number(t.merged_into), "is_parent": world.tickets.is_parent(t.number),
        "sla_changed": t.level_changed, "sla_custom": t.deadline_by_hand,
        "interactions": t.entries.iter().filter(|e| e.is_message()).count(), "created_by": t.created_by,
        "edited_by": t.changed_by, "unread": t.unread.is_some(), "last_unread": t.unread,
        "has_attachment": t.has_attachment(), "followers": t.followers, "codes": t.codes, "custom": t.custom}))
}

fn code(ticket: &Ticket, entry: &Entry) -> String {
    format!("{:010x}{:010x}", ticket.number, entry.number)
}

/// The activity's name that an entry has.
pub(in crate::daktela) fn name(ticket: &Ticket, entry: &Entry) -> String {
    format!("activities_{}", code(ticket, entry))
}

/// The entry that such a name, or the name of what is behind it, means.
pub(in crate::daktela) fn find<'a>(world: &'a World, name: &str) -> Option<(&'a Ticket, &'a Entry)> {
    let (_, code) = name.split_once('_')?;
    let (ticket, entry) = (code.len() == 20).then(|| code.split_at_checked(10)).flatten()?;
    let ticket = world.tickets.get(i64::from_str_radix(ticket, 16).ok()?)?;
    let number = i64::from_str_radix(entry, 16).ok()?;
    let there = ticket.state != TicketState::Deleted;
    let entry = ticket.entries.iter().find(|e| e.number == number && e.event.is_none())?;
    there.then_some((ticket, entry))
}

/// What lists of activities look at most.
pub(super) fn entry_value(ticket: &Ticket, entry: &Entry, at: &str) -> Option<Value> {
    Some(match at {
        "id" => json!(name(ticket, entry)),
        "ticket" => json!(ticket.number.to_string()),
        "time" | "time_close" => json!(entry.at),
        "action" => json!("CLOSE"),
        "type" => json!(live::kind(entry.channel).0),
        "user" => match &entry.author {
            Author::Agent(id) => json!(&**id),
            Author::Customer | Author::System => Value::Null,
        },
        "contact" => json!(ticket.contact),
        _ => return None,
    })
}

/// A finished entry as the activity that this vendor would have made of it.
pub(in crate::daktela) fn as_activity(ticket: &Ticket, entry: &Entry, world: &World) -> Activity {
    let prefix = if entry.channel == Channel::Email { "emails" } else { "items" };
    let mut a = Activity::new(name(ticket, entry), entry.number, entry.channel, entry.direction, entry.at);
    a.item_id = format!("{prefix}_{}", code(ticket, entry));
    a.phase = Phase::Closed;
    a.agent = match &entry.author {
        Author::Agent(id) => Some(id.to_string()),
        Author::Customer | Author::System => ticket.owner.clone(),
    };
    a.created_by = matches!(entry.author, Author::Agent(_)).then(|| a.agent.clone()).flatten();
    a.queue = world.queues.values().find(|q| q.channel == entry.channel).map(|q| q.id);
    a.address = entry.to.to_string();
    a.called = a.queue.and_then(|q| world.queues.get(&q)).map_or(String::new(), |q| q.address.clone());
    let contact = ticket.contact.as_ref().and_then(|c| world.records.find("contacts", c));
    a.party = contact.map_or("", |c| crate::world::records::text(c, "title")).to_owned();
    a.title = entry.subject.as_deref().unwrap_or(&ticket.title).to_owned();
    a.ticket = Some(ticket.number.to_string());
    a.contact = ticket.contact.clone();
    a.cc = entry.cc.to_string();
    a.opened = Some(entry.at);
    a.talk_since = (entry.direction == Direction::In).then_some(entry.at);
    a.talk_ended = a.talk_since;
    a.closed = Some(entry.at);
    a.attachments = entry.attachments.clone();
    a.lines = entry.lines.clone();
    if entry.channel == Channel::Comment {
        a.title = String::new();
        a.note = entry.body.text.to_string();
    } else {
        a.text = entry.body.text.to_string();
    }
    a
}
