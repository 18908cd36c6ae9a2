//! What is written on tickets: by customers, by agents to customers and to others, and among agents. Each lands in the
//! ticket's conversation and changes who spoke last, what is unread, and the state.

use super::entries::{Author, Body, Entry};
use super::tickets::TicketState;
use super::{Attachment, Channel, Refusal, World};
use std::sync::Arc;

/// Something written: by a customer, to a customer, or to somebody else.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letter {
    /// None: as the ticket came.
    pub channel: Option<Channel>,
    /// None: the ticket's title.
    pub subject: Option<String>,
    /// Empty: the customer.
    pub to: String,
    pub cc: String,
    pub bcc: String,
    pub body: Body,
    pub files: Vec<Attachment>,
}

impl World {
    /// The customer writes: the ticket is open and unread again.
    pub(crate) fn customer_writes(&mut self, number: i64, letter: Letter) -> Result<i64, Refusal> {
        let entry = self.write(number, Author::Customer, letter)?;
        let now = self.now();
        self.edit_ticket(number, None, |t| {
            t.state = TicketState::Open;
            t.reopen = None;
            t.last_by_customer = Some(now);
            t.unread = t.unread.or(Some(now));
        })?;
        Ok(entry)
    }

    /// An agent writes to the customer. The state stays as it is: whoever answers decides it.
    pub(crate) fn agent_replies(&mut self, agent: &str, number: i64, letter: Letter) -> Result<i64, Refusal> {
        let entry = self.write(number, Author::agent(agent), letter)?;
        let now = self.now();
        self.edit_ticket(number, Some(agent), |t| {
            t.last_by_agent = Some(now);
            t.answered = t.answered.or(Some(now));
            t.unread = None;
        })?;
        Ok(entry)
    }

    /// A letter that an agent had been writing as an activity of this ticket has gone out.
    pub(crate) fn letter_sent(&mut self, agent: &str, number: i64, forwarded: bool) -> Result<(), Refusal> {
        let now = self.now();
        self.edit_ticket(number, Some(agent), |t| {
            t.last_activity = now;
            if !forwarded {
                t.last_by_agent = Some(now);
                t.answered = t.answered.or(Some(now));
                t.unread = None;
            }
        })
    }

    /// Rewrites what was written before; only the words.
    pub(crate) fn correct_entry(
        &mut self,
        agent: &str,
        number: i64,
        entry: i64,
        text: &str,
    ) -> Result<(), Refusal> {
        self.edit_ticket(number, Some(agent), |t| {
            if let Some(entry) = t.entries.iter_mut().find(|e| e.number == entry) {
                entry.body.text = text.into();
            }
        })
    }

    /// An agent sends it on to somebody else (`letter.to`): no answer to the customer.
    pub(crate) fn forward(&mut self, agent: &str, number: i64, letter: Letter) -> Result<i64, Refusal> {
        let written = self.write(number, Author::agent(agent), letter)?;
        if let Some(ticket) = self.tickets.get_mut(number)
            && let Some(entry) = ticket.entries.last_mut()
        {
            entry.forwarded = true;
        }
        self.edit_ticket(number, Some(agent), |_| {})?;
        Ok(written)
    }

    /// An internal note.
    pub(crate) fn write_note(
        &mut self,
        agent: &str,
        number: i64,
        body: Body,
        files: Vec<Attachment>,
    ) -> Result<i64, Refusal> {
        let letter = Letter { channel: Some(Channel::Comment), body, files, ..Letter::default() };
        let entry = self.write(number, Author::agent(agent), letter)?;
        self.edit_ticket(number, Some(agent), |_| {})?;
        Ok(entry)
    }

    fn write(&mut self, number: i64, author: Author, letter: Letter) -> Result<i64, Refusal> {
        let now = self.now();
        let entry_number = self.draw_item_number();
        let agent = if let Author::Agent(id) = &author { id.to_string() } else { String::new() };
        let ticket = self.tickets.get_mut(number).ok_or(Refusal::NoSuchTicket)?;
        let channel = letter.channel.unwrap_or(ticket.channel);
        let mut entry = Entry::bare(entry_number, channel, author, now, letter.body);
        let to = if letter.to.is_empty() && channel != Channel::Comment {
            ticket.address.as_str()
        } else {
            &letter.to
        };
        entry.to = to.into();
        entry.subject = letter.subject.map(Arc::from);
        entry.cc = letter.cc.as_str().into();
        entry.bcc = letter.bcc.as_str().into();
        entry.attachments = letter.files;
        ticket.last_activity = now;
        ticket.entries.push(entry);
        self.note("ticket.written", &agent, &format!("{number} {entry_number}"));
        Ok(entry_number)
    }
}
