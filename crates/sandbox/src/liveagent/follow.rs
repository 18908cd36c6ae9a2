//! Calls and chats as conversations: each that comes in or goes out gets a ticket, and the ticket changes with it.
//!
//! The world knows calls that belong to no ticket; this platform does not. So before anything is answered, calls and chats
//! that are going on are looked at: new ones get their ticket, and where something happened (it rings at somebody else,
//! somebody answered, it ended) the ticket's time of change moves on, so that "changed since" finds it.

use super::inferred::is_live;
use crate::world::records::text;
use crate::world::{Activity, Channel, NewTicket, Priority, TicketState, World};
use std::collections::BTreeMap;

/// What was last seen of calls and chats that were going on.
#[derive(Debug, Default)]
pub(crate) struct Followed(BTreeMap<String, Seen>);

#[derive(Debug)]
struct Seen {
    ticket: i64,
    revision: u64,
    /// The ticket was made for it, and ends as it ends.
    made: bool,
}

/// Looks at what goes on.
pub(super) fn look(world: &mut World, followed: &mut Followed) {
    let live: Vec<String> = world.open_activities().filter(|a| is_live(a)).map(|a| a.id.clone()).collect();
    for id in &live {
        let Some(activity) = world.activities.get(id) else { continue };
        let revision = activity.revision;
        let known = activity.ticket.as_deref().and_then(|t| t.parse().ok());
        if let Some(seen) = followed.0.get_mut(id).filter(|seen| Some(seen.ticket) == known) {
            if std::mem::replace(&mut seen.revision, revision) != revision {
                touch(world, seen.ticket, |_| {});
            }
            continue;
        }
        let made = known.is_none();
        let ticket = match known {
            Some(ticket) => {
                touch(world, ticket, |_| {});
                ticket
            }
            None => make(world, id),
        };
        followed.0.insert(id.clone(), Seen { ticket, revision, made });
    }
    let over: Vec<String> = followed.0.keys().filter(|id| !live.contains(id)).cloned().collect();
    for id in over {
        let Some(seen) = followed.0.remove(&id) else { continue };
        let talked = world.activities.get(&id).is_some_and(|a| a.talk_since.is_some() || a.opened.is_some());
        touch(world, seen.ticket, |ticket| {
            // Inferred: who was spoken with has the answer; who was missed still waits.
            if seen.made && talked && ticket.state == TicketState::Open {
                ticket.state = TicketState::Waiting;
            }
        });
    }
}

fn touch(world: &mut World, ticket: i64, change: impl FnOnce(&mut crate::world::Ticket)) {
    // A ticket that was removed meanwhile has nothing to tell.
    let _ = world.edit_ticket(ticket, None, change);
}

fn make(world: &mut World, id: &str) -> i64 {
    let Some(activity) = world.activities.get(id) else { return 0 };
    let kind = if activity.channel == Channel::Call { "Call" } else { "Chat" };
    let who = if activity.party.is_empty() { &activity.address } else { &activity.party };
    let new = NewTicket {
        number: None,
        title: format!("{kind} with {who}"),
        channel: activity.channel,
        category: department_of(world, activity),
        owner: None,
        contact: activity.contact.clone(),
        address: activity.address.clone(),
        priority: Priority::Normal,
        by: activity.created_by.clone(),
    };
    let number = world.open_ticket(new);
    if let Some(activity) = world.activities.get_mut(id) {
        activity.ticket = Some(number.to_string());
    }
    number
}

/// The department whose queue it came by; else the first.
pub(super) fn department_of(world: &World, activity: &Activity) -> String {
    let queue = activity.queue.map(|q| q.to_string()).unwrap_or_default();
    let fields = ["call_queue", "email_queue", "sms_queue"];
    let mut all = world.records.list("ticket_categories");
    let fitting = all.by_ref().find(|c| fields.iter().any(|f| text(c, f) == queue));
    let first = || world.records.list("ticket_categories").next();
    fitting.or_else(first).map(|c| text(c, "id").to_owned()).unwrap_or_default()
}
