//! A ticket as the inbox lists it.

use daktela::Fk;
use daktela::models::{Activity, Contact, Stage as Wire, Ticket, TicketPriority, User};
use model::{AccountId, Channel, ContactId, Customer, Due, DueFor, Named, Priority, TicketId, Timestamp};

use super::super::activity::is_me;
use super::super::agent::moment;
use super::inferred;

/// Reads tickets for one agent.
pub(super) struct Rows<'a> {
    pub(super) account: &'a AccountId,
    pub(super) me: &'a User,
}

/// What a ticket's row does not tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// How it came in.
    pub(super) channel: Option<Channel>,
    /// The beginning of its last message.
    pub(super) preview: String,
}

impl Rows<'_> {
    pub(super) fn ticket(&self, ticket: &Ticket, beside: Beside) -> model::Ticket {
        let wire = ticket.stage.clone().unwrap_or(Wire::Open);
        let stage = inferred::stage(&wire);
        let stage_said = match &wire {
            Wire::Other(word) => word.clone(),
            Wire::Open | Wire::Wait | Wire::Close | Wire::Archive => String::new(),
        };
        let created = ticket.created.or(ticket.edited).map(moment).unwrap_or_default();
        let spoken = ticket.last_activity_client.max(ticket.last_activity_operator);
        let by_mail = || ticket.email.as_ref().map(|_| Channel::Email);
        model::Ticket {
            id: TicketId::new(self.account, &ticket.name),
            account: self.account.clone(),
            number: ticket.name.clone(),
            title: ticket.title.clone().unwrap_or_default(),
            preview: beside.preview,
            channel: beside.channel.or_else(by_mail).unwrap_or(Channel::Other),
            stage,
            stage_said,
            priority: ticket.priority.as_ref().and_then(priority),
            customer: self.customer(ticket),
            owner: ticket.user.as_ref().and_then(named),
            mine: ticket.user.as_ref().is_some_and(|user| is_me(user, self.me)),
            category: ticket.category.as_ref().and_then(named),
            statuses: ticket.statuses.iter().filter_map(named).collect(),
            tags: Vec::new(),
            unread: ticket.unread == Some(true),
            awaits_answer: ticket.last_activity_client.is_some()
                && ticket.last_activity_client > ticket.last_activity_operator,
            has_files: ticket.has_attachment == Some(true),
            due: stage.is_open().then(|| due(ticket)).flatten(),
            created_at: created,
            changed_at: ticket.edited.map(moment).unwrap_or(created),
            last_message_at: spoken.or(ticket.last_activity).map(moment),
        }
    }

    fn customer(&self, ticket: &Ticket) -> Customer {
        let contact = ticket.contact.as_ref();
        let full = contact.and_then(|contact| contact.full.as_deref());
        let address = ticket.email.clone().or_else(|| full.and_then(first_address));
        let name = contact.map(|contact| contact.label().to_owned()).filter(|name| !name.is_empty());
        Customer {
            contact: contact.and_then(|fk| fk.name.as_deref()).map(|name| ContactId::new(self.account, name)),
            name: name.or_else(|| address.clone()).unwrap_or_default(),
            address,
        }
    }
}

/// The customer's own address: an e-mail if there is one, else a number. Which field holds them every instance decides.
fn first_address(contact: &Contact) -> Option<String> {
    let values = || contact.custom_fields.0.values().flatten().filter(|value| !value.trim().is_empty());
    let number =
        || ["number", "phone", "mobile"].iter().flat_map(|key| contact.custom_fields.get(key)).next();
    values().find(|value| value.contains('@')).or_else(number).cloned()
}

/// The next promise that counts: the first answer as long as there was none, and the solution.
fn due(ticket: &Ticket) -> Option<Due> {
    let first = ticket.first_answer_deadline.filter(|_| ticket.first_answer.is_none());
    let first = first.map(|at| Due { at: moment(at), what: DueFor::FirstAnswer });
    let solution = ticket.sla_deadtime.or(ticket.sla_close_deadline);
    let solution = solution.map(|at| Due { at: moment(at), what: DueFor::Solution });
    [first, solution].into_iter().flatten().min_by_key(|due| due.at)
}

pub(super) fn priority(wire: &TicketPriority) -> Option<Priority> {
    match wire {
        TicketPriority::Low => Some(Priority::Low),
        TicketPriority::Medium => Some(Priority::Medium),
        TicketPriority::High => Some(Priority::High),
        TicketPriority::Other(_) => None,
    }
}

/// What is referred to, if its name is told: what rights hide cannot be written back.
pub(super) fn named<T>(fk: &Fk<T>) -> Option<Named> {
    let title = fk.label().to_owned();
    Some(Named { id: fk.name.clone().or_else(|| fk.title.clone())?, title })
}

/// The moment at which an activity stands in the time line.
pub(super) fn at(activity: &Activity) -> Timestamp {
    activity.time.map(moment).unwrap_or_default()
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
