//! A row of a model before it is drawn. Tickets and what stands in them are kept in the world's own form, and only the
//! fields that a filter or an order looks at are made of the hundred thousand that a list goes through.

use super::{live, written};
use crate::world::{Activity, Channel, Entry, Record, Ticket, TicketState, World};
use serde_json::{Value, json};

/// Draws what is behind an activity.
type ItemDraw = fn(&Activity, &World) -> Record;

#[derive(Debug, Clone)]
pub(in crate::daktela) enum Row<'a> {
    Kept(&'a Record),
    Made(Record),
    Ticket(&'a Ticket),
    /// An activity of the living world, or what is behind it.
    Activity(&'a Activity, Option<ItemDraw>),
    /// A finished entry of a ticket's conversation: to this vendor an activity like any other.
    Entry(&'a Ticket, &'a Entry, Option<ItemDraw>),
}

impl Row<'_> {
    /// The whole record.
    pub(in crate::daktela) fn record(&self, world: &World) -> Record {
        match self {
            Self::Kept(record) => (*record).clone(),
            Self::Made(record) => record.clone(),
            Self::Ticket(ticket) => written::ticket(ticket, world),
            Self::Activity(activity, None) => live::activity(activity, world),
            Self::Activity(activity, Some(item)) => item(activity, world),
            Self::Entry(ticket, entry, item) => {
                let activity = written::as_activity(ticket, entry, world);
                item.unwrap_or(live::activity)(&activity, world)
            }
        }
    }

    /// One field by the centre's own name.
    pub(in crate::daktela) fn value(&self, at: &str, world: &World) -> Value {
        let quick = match self {
            Self::Kept(record) => return record.get(at).cloned().unwrap_or(Value::Null),
            Self::Made(record) => return record.get(at).cloned().unwrap_or(Value::Null),
            Self::Ticket(ticket) => written::ticket_value(ticket, at, world),
            Self::Activity(..) => None,
            Self::Entry(ticket, entry, None) => written::entry_value(ticket, entry, at),
            Self::Entry(..) => None,
        };
        quick.unwrap_or_else(|| self.record(world).remove(at).unwrap_or(Value::Null))
    }

    /// A field that is text; empty if it is something else.
    pub(in crate::daktela) fn text(&self, at: &str, world: &World) -> String {
        self.value(at, world).as_str().unwrap_or_default().to_owned()
    }

    /// Which ticket it is or belongs to.
    pub(in crate::daktela) fn points_to(&self, at: &str, name: &str, world: &World) -> bool {
        self.value(at, world) == json!(name)
    }
}

pub(super) fn tickets(world: &World) -> Vec<Row<'_>> {
    world.tickets.iter().filter(|t| t.state != TicketState::Deleted).map(Row::Ticket).collect()
}

pub(super) fn ticket<'a>(world: &'a World, name: &str) -> Option<Row<'a>> {
    world.tickets.find(name).filter(|t| t.state != TicketState::Deleted).map(Row::Ticket)
}

/// Activities, or what is behind those of one channel, oldest first.
pub(super) fn activities<'a>(
    world: &'a World,
    channel: Option<Channel>,
    item: Option<ItemDraw>,
    of_ticket: Option<i64>,
) -> Vec<Row<'a>> {
    let meant = |c: Channel| channel.is_none_or(|wanted| wanted == c);
    let number = of_ticket.map(|n| n.to_string());
    let living = world.activities.values().filter(|a| meant(a.channel));
    let living = living.filter(|a| number.is_none() || a.ticket == number);
    let mut rows: Vec<_> = living.map(|a| ((a.created, a.item_number), Row::Activity(a, item))).collect();
    let of = |ticket: &'a Ticket| {
        let written = ticket.entries.iter().filter(move |e| e.event.is_none() && meant(e.channel));
        written.map(move |e| ((e.at, e.number), Row::Entry(ticket, e, item)))
    };
    match of_ticket {
        Some(number) => rows.extend(world.tickets.get(number).into_iter().flat_map(of)),
        None => {
            let there = world.tickets.iter().filter(|t| t.state != TicketState::Deleted);
            rows.extend(there.flat_map(of));
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

pub(super) fn activity<'a>(world: &'a World, name: &str) -> Option<Row<'a>> {
    if let Some(activity) = world.activities.get(name) {
        return Some(Row::Activity(activity, None));
    }
    let (ticket, entry) = written::find(world, name)?;
    Some(Row::Entry(ticket, entry, None))
}

pub(super) fn item<'a>(world: &'a World, channel: Channel, draw: ItemDraw, name: &str) -> Option<Row<'a>> {
    if let Some((ticket, entry)) = written::find(world, name) {
        return (entry.channel == channel).then_some(Row::Entry(ticket, entry, Some(draw)));
    }
    let found = world.activities.values().find(|a| a.channel == channel && a.item_id == name)?;
    Some(Row::Activity(found, Some(draw)))
}
