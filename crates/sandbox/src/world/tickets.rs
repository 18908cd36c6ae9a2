//! Tickets: what customers want, over whatever channel, until somebody has solved it.
//!
//! Both faces of the written side show these and change them through the functions here, in plain words. Every change
//! gives the ticket a new `changed` time that is later than that of any change before it, so that "changed since" is
//! exact. Changes of state, owner, department and tags leave an entry in the conversation.

use super::entries::{Author, Body, Entry, Event};
use super::records::{Record, text};
use super::{Channel, Due, HOUR, MINUTE, Millis, Refusal, World};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TicketState {
    Open,
    /// For the customer, or until `reopen`.
    Waiting,
    Closed,
    Archived,
    /// Only the face that knows a bin still shows it.
    Deleted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Priority {
    Low,
    Normal,
    High,
}

/// One conversation with one customer about one thing.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Ticket {
    pub number: i64,
    pub title: String,
    /// How it came.
    pub channel: Channel,
    /// Record of `ticket_categories`: the department.
    pub category: String,
    pub owner: Option<String>,
    pub contact: Option<String>,
    /// The customer's address or number.
    pub address: String,
    pub parent: Option<i64>,
    pub merged_into: Option<i64>,
    pub state: TicketState,
    pub priority: Priority,
    pub description: String,
    /// First answer and solution by the service level.
    pub answer_until: Millis,
    pub solve_until: Millis,
    /// Somebody set `solve_until` by hand.
    pub deadline_by_hand: bool,
    /// When other deadlines were promised.
    pub level_changed: Option<Millis>,
    pub reopen: Option<Millis>,
    pub created: Millis,
    pub created_by: Option<String>,
    /// Later with every change of anything.
    pub changed: Millis,
    pub changed_by: Option<String>,
    pub last_activity: Millis,
    pub last_by_agent: Option<Millis>,
    pub last_by_customer: Option<Millis>,
    /// First answer.
    pub answered: Option<Millis>,
    pub closed: Option<Millis>,
    /// A customer's message that nobody has seen.
    pub unread: Option<Millis>,
    pub followers: Vec<String>,
    /// Records of `wrap_up_codes`.
    pub codes: Vec<String>,
    pub tags: Vec<String>,
    pub custom: Record,
    /// What is kept here of the conversation; [`World::conversation`] has all of it.
    #[serde(skip)]
    pub entries: Vec<Entry>,
}

impl Ticket {
    /// Bytes hang on some message.
    pub(crate) fn has_attachment(&self) -> bool {
        self.entries.iter().any(|e| e.attachments.iter().any(|a| a.cid.is_none()))
    }

    /// An agent wrote last, to the customer.
    pub(crate) fn is_answered(&self) -> bool {
        self.last_by_agent.is_some() && self.last_by_agent >= self.last_by_customer
    }
}

/// Tickets by number.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    rows: BTreeMap<i64, Ticket>,
    /// Numbers that some ticket has as its parent.
    parents: BTreeMap<i64, usize>,
    next: i64,
    last_change: Millis,
}

impl Tickets {
    pub(crate) fn get(&self, number: i64) -> Option<&Ticket> {
        self.rows.get(&number)
    }

    /// To write into it what [`World::edit_ticket`] then stamps.
    pub(super) fn get_mut(&mut self, number: i64) -> Option<&mut Ticket> {
        self.rows.get_mut(&number)
    }

    /// By its number as text, as references name it.
    pub(crate) fn find(&self, id: &str) -> Option<&Ticket> {
        self.get(id.parse().ok()?)
    }

    /// All of them, deleted ones too, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Ticket> {
        self.rows.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_parent(&self, number: i64) -> bool {
        self.parents.contains_key(&number)
    }

    fn adopt(&mut self, before: Option<i64>, now: Option<i64>) {
        if let Some(count) = before.and_then(|b| self.parents.get_mut(&b)) {
            *count -= 1;
        }
        if let Some(now) = now {
            *self.parents.entry(now).or_default() += 1;
        }
        self.parents.retain(|_, count| *count > 0);
    }

    /// Moves a fresh ticket in as it is: for furnishing.
    pub(super) fn put(&mut self, ticket: Ticket) {
        self.next = self.next.max(ticket.number);
        self.last_change = self.last_change.max(ticket.changed);
        if ticket.parent.is_some() {
            self.adopt(None, ticket.parent);
        }
        self.rows.insert(ticket.number, ticket);
    }

    /// Makes a fresh ticket so much older: for furnishing.
    pub(super) fn age(&mut self, number: i64, by: Millis) {
        let Some(ticket) = self.rows.get_mut(&number) else { return };
        for at in [
            &mut ticket.created,
            &mut ticket.changed,
            &mut ticket.last_activity,
            &mut ticket.answer_until,
            &mut ticket.solve_until,
        ] {
            *at -= by;
        }
        for at in [&mut ticket.last_by_customer, &mut ticket.unread].into_iter().flatten() {
            *at -= by;
        }
        for entry in &mut ticket.entries {
            entry.at -= by;
        }
    }

    pub(super) fn draw_number(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// Now, or just after the last change.
    fn moment(&mut self, now: Millis) -> Millis {
        self.last_change = now.max(self.last_change + 1);
        self.last_change
    }
}

/// What a new ticket is to be.
#[derive(Debug, Clone)]
pub(crate) struct NewTicket {
    /// None: the next one.
    pub number: Option<i64>,
    pub title: String,
    pub channel: Channel,
    pub category: String,
    pub owner: Option<String>,
    pub contact: Option<String>,
    pub address: String,
    pub priority: Priority,
    /// The agent who makes it; none: the customer opens it by writing.
    pub by: Option<String>,
}

/// The number in a reference.
pub(crate) fn ticket_number(reference: Option<&str>) -> Option<i64> {
    reference?.parse().ok()
}

impl World {
    pub(crate) fn ticket(&self, number: i64) -> Result<&Ticket, Refusal> {
        self.tickets.get(number).ok_or(Refusal::NoSuchTicket)
    }

    /// Time for a first answer and for a solution that the department's service level gives.
    pub(crate) fn service_level(&self, category: &str, priority: Priority) -> (Millis, Millis) {
        let category = self.records.find("ticket_categories", category);
        let level = category.map(|c| text(c, "service_level")).unwrap_or("standard");
        let level = self.records.find("service_levels", level);
        let unit = if level.is_some_and(|l| text(l, "unit") == "MINUTES") { MINUTE } else { HOUR };
        let of = |what: &str| {
            let word = match priority {
                Priority::Low => "low",
                Priority::Normal => "normal",
                Priority::High => "high",
            };
            let number = level.and_then(|l| l.get(&format!("{what}_{word}"))?.as_i64());
            number.unwrap_or(24) * unit
        };
        (of("response"), of("solution"))
    }

    /// A ticket without any entry but that it was made. Who opens it by writing calls [`World::customer_writes`] next.
    pub(crate) fn open_ticket(&mut self, new: NewTicket) -> i64 {
        let now = self.now();
        let number = new.number.unwrap_or_else(|| self.tickets.draw_number());
        let (answer, solve) = self.service_level(&new.category, new.priority);
        let changed = self.tickets.moment(now);
        let author = new.by.as_deref().map_or(Author::Customer, Author::agent);
        let mut entry =
            Entry::bare(self.draw_item_number(), Channel::Comment, author, now, Body::plain("Opened"));
        entry.event = Some(Event::Created);
        self.tickets.put(Ticket {
            number,
            title: new.title,
            channel: new.channel,
            category: new.category,
            owner: new.owner,
            contact: new.contact,
            address: new.address,
            parent: None,
            merged_into: None,
            state: TicketState::Open,
            priority: new.priority,
            description: String::new(),
            answer_until: now + answer,
            solve_until: now + solve,
            deadline_by_hand: false,
            level_changed: None,
            reopen: None,
            created: now,
            created_by: new.by.clone(),
            changed,
            changed_by: new.by.clone(),
            last_activity: now,
            last_by_agent: None,
            last_by_customer: None,
            answered: None,
            closed: None,
            unread: None,
            followers: Vec::new(),
            codes: Vec::new(),
            tags: Vec::new(),
            custom: Record::new(),
            entries: vec![entry],
        });
        self.note("ticket.opened", new.by.as_deref().unwrap_or(""), &number.to_string());
        number
    }

    /// Changes anything of a ticket. What an agent would see in the conversation (state, owner, department, tags) gets
    /// its entry there; `by` none is the centre itself or the customer.
    pub(crate) fn edit_ticket(
        &mut self,
        number: i64,
        by: Option<&str>,
        change: impl FnOnce(&mut Ticket),
    ) -> Result<(), Refusal> {
        let now = self.now();
        let before = self.ticket(number)?;
        let (was, parent) = (Shown::of(before), before.parent);
        let (level, deadline) = ((before.category.clone(), before.priority), before.solve_until);
        let moment = self.tickets.moment(now);
        let Some(ticket) = self.tickets.rows.get_mut(&number) else { return Err(Refusal::NoSuchTicket) };
        change(ticket);
        ticket.changed = moment;
        ticket.changed_by = by.map(str::to_owned);
        let done = matches!(ticket.state, TicketState::Closed | TicketState::Archived);
        ticket.closed = if done { ticket.closed.or(Some(now)) } else { None };
        ticket.deadline_by_hand |= ticket.solve_until != deadline;
        let promised = (ticket.category.clone(), ticket.priority);
        let wake = ticket.reopen.filter(|until| was.reopen != Some(*until) && *until > now);
        let (told, adopted) = (was.differences(ticket), ticket.parent);
        if promised != level {
            self.promise(number, now);
        }
        if parent != adopted {
            self.tickets.adopt(parent, adopted);
        }
        for (event, words) in told {
            let author = by.map_or(Author::System, Author::agent);
            let mut entry =
                Entry::bare(self.draw_item_number(), Channel::Comment, author, now, Body::plain(words));
            entry.event = Some(event);
            if let Some(ticket) = self.tickets.rows.get_mut(&number) {
                ticket.entries.push(entry);
            }
        }
        if let Some(until) = wake {
            self.agenda.add(until, Due::Reopen { ticket: number, until });
        }
        self.note("ticket.changed", by.unwrap_or(""), &number.to_string());
        Ok(())
    }

    /// Another department or priority promises other deadlines, counted from the beginning; one set by hand stays.
    fn promise(&mut self, number: i64, now: Millis) {
        let Some(ticket) = self.tickets.get(number) else { return };
        let (answer, solve) = self.service_level(&ticket.category, ticket.priority);
        if let Some(ticket) = self.tickets.rows.get_mut(&number) {
            ticket.answer_until = ticket.created + answer;
            ticket.level_changed = Some(now);
            if !ticket.deadline_by_hand {
                ticket.solve_until = ticket.created + solve;
            }
        }
    }

    /// The agent who wanted it back has waited long enough.
    pub(super) fn ticket_reopens(&mut self, number: i64, until: Millis) {
        if self.tickets.get(number).is_some_and(|t| t.reopen == Some(until)) {
            // It is there: looked up a moment ago.
            let _ = self.edit_ticket(number, None, |t| {
                t.reopen = None;
                t.state = TicketState::Open;
            });
        }
    }

    /// Gives it to another department, and there to an agent or to nobody.
    pub(crate) fn transfer_ticket(
        &mut self,
        number: i64,
        by: Option<&str>,
        category: &str,
        owner: Option<&str>,
    ) -> Result<(), Refusal> {
        self.records.find("ticket_categories", category).ok_or(Refusal::NoSuchCategory)?;
        if let Some(owner) = owner {
            self.agent(owner)?;
        }
        self.edit_ticket(number, by, |t| {
            t.category = category.to_owned();
            t.owner = owner.map(str::to_owned);
        })
    }
}

/// What of a ticket is told in its conversation when it changes.
struct Shown {
    state: TicketState,
    owner: Option<String>,
    category: String,
    tags: Vec<String>,
    reopen: Option<Millis>,
}

impl Shown {
    fn of(ticket: &Ticket) -> Self {
        Self {
            state: ticket.state,
            owner: ticket.owner.clone(),
            category: ticket.category.clone(),
            tags: ticket.tags.clone(),
            reopen: ticket.reopen,
        }
    }

    fn differences(&self, now: &Ticket) -> Vec<(Event, String)> {
        let mut told = Vec::new();
        if self.category != now.category {
            told.push((Event::Transferred, now.category.clone()));
        }
        if self.owner != now.owner {
            told.push((Event::Assigned, now.owner.clone().unwrap_or_default()));
        }
        if self.reopen != now.reopen && now.reopen.is_some() {
            told.push((Event::Postponed, now.reopen.unwrap_or_default().to_string()));
        } else if self.state != now.state {
            let event = if now.state == TicketState::Deleted { Event::Deleted } else { Event::StateChanged };
            told.push((event, word(now.state)));
        }
        let new = now.tags.iter().filter(|t| !self.tags.contains(t));
        told.extend(new.map(|t| (Event::Tagged, t.clone())));
        let gone = self.tags.iter().filter(|t| !now.tags.contains(t));
        told.extend(gone.map(|t| (Event::Untagged, t.clone())));
        told
    }
}

fn word(state: TicketState) -> String {
    serde_json::to_value(state).ok().and_then(|v: Value| v.as_str().map(str::to_owned)).unwrap_or_default()
}
