//! What stands in a conversation, in order: letters, chats, short messages, notes, and what happened to the ticket.
//!
//! An entry is finished the moment it is written. What is still going on (a call that rings, a letter that an agent
//! holds open) is an [`Activity`](super::Activity) with the ticket's id on it; [`World::conversation`] shows both in one
//! order.

use super::tickets::ticket_number;
use super::{Activity, Attachment, Channel, Direction, Millis, Phase, World};
use std::sync::Arc;

/// Who wrote or did it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Author {
    Customer,
    Agent(Arc<str>),
    System,
}

impl Author {
    pub(crate) fn agent(id: &str) -> Self {
        Self::Agent(id.into())
    }
}

/// A text as it was written. Texts of a large world are shared.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Body {
    /// It is meant as HTML, whether it is well-formed or not; else plain text.
    pub html: bool,
    pub text: Arc<str>,
}

impl Body {
    pub(crate) fn html(text: impl Into<Arc<str>>) -> Self {
        Self { html: true, text: text.into() }
    }

    pub(crate) fn plain(text: impl Into<Arc<str>>) -> Self {
        Self { html: false, text: text.into() }
    }

    /// One of the centre's own texts as it is written in this channel: only mails have markup.
    pub(crate) fn in_channel(html: &str, channel: Channel) -> Self {
        if channel == Channel::Email {
            return Self::html(html);
        }
        let lines = html.replace("</p>", "\n").replace("<br>", "\n");
        let mut plain = String::new();
        for part in lines.split('<') {
            plain.push_str(part.split_once('>').map_or(part, |(_, words)| words));
        }
        Self::plain(plain.trim())
    }
}

/// What happened to the ticket itself; the entry's text tells it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    Created,
    /// To another department.
    Transferred,
    Assigned,
    StateChanged,
    Postponed,
    Tagged,
    Untagged,
    Merged,
    Deleted,
}

/// One line of a chat.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct ChatLine {
    pub author: Author,
    pub at: Millis,
    pub text: Arc<str>,
}

/// One entry of a conversation.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Entry {
    /// Drawn from one row for the whole centre: rises with time.
    pub number: i64,
    /// `Comment` is an internal note.
    pub channel: Channel,
    /// Something that happened to the ticket, not something written.
    pub event: Option<Event>,
    /// `Internal` for notes and events.
    pub direction: Direction,
    pub author: Author,
    pub at: Millis,
    /// None: the ticket's title.
    pub subject: Option<Arc<str>>,
    /// Address or number of the customer's end; several are separated by commas.
    pub to: Arc<str>,
    pub cc: Arc<str>,
    pub bcc: Arc<str>,
    pub body: Body,
    pub attachments: Vec<Attachment>,
    /// Of a chat.
    pub lines: Vec<ChatLine>,
    /// Some agent has seen it.
    pub read: bool,
    /// A letter to somebody who is not the customer.
    pub forwarded: bool,
    /// The [`Activity`] that this is drawn from; none: it is kept here.
    pub activity: Option<Arc<str>>,
}

impl Entry {
    /// Written by somebody, by whatever channel.
    pub(crate) fn is_message(&self) -> bool {
        self.event.is_none() && self.channel != Channel::Comment
    }

    pub(crate) fn is_note(&self) -> bool {
        self.event.is_none() && self.channel == Channel::Comment
    }

    pub(crate) fn bare(number: i64, channel: Channel, author: Author, at: Millis, body: Body) -> Self {
        let direction = match (&author, channel) {
            (_, Channel::Comment) | (Author::System, _) => Direction::Internal,
            (Author::Customer, _) => Direction::In,
            (Author::Agent(_), _) => Direction::Out,
        };
        let (none, read) = (Arc::<str>::from(""), author != Author::Customer);
        Self {
            number,
            channel,
            event: None,
            direction,
            author,
            at,
            subject: None,
            to: none.clone(),
            cc: none.clone(),
            bcc: none,
            body,
            attachments: Vec::new(),
            lines: Vec::new(),
            read,
            forwarded: false,
            activity: None,
        }
    }

    fn of_activity(a: &Activity) -> Self {
        let author = match (&a.agent, a.direction) {
            (_, Direction::In) => Author::Customer,
            (Some(agent), _) => Author::agent(agent),
            (None, _) => Author::System,
        };
        let text = if a.text.is_empty() { &a.note } else { &a.text };
        let html = matches!(a.channel, Channel::Email | Channel::Comment);
        let body = Body { html, text: text.as_str().into() };
        let mut entry = Self::bare(a.item_number, a.channel, author, a.created, body);
        entry.direction = if a.channel == Channel::Comment { Direction::Internal } else { a.direction };
        entry.subject = Some(a.title.as_str().into());
        entry.to = a.address.as_str().into();
        entry.cc = a.cc.as_str().into();
        entry.attachments = a.attachments.clone();
        entry.read = a.opened.is_some();
        entry.activity = Some(a.id.as_str().into());
        entry
    }
}

impl World {
    /// Everything that stands in the ticket's conversation, oldest first: finished entries, and the activities that
    /// belong to it except letters that are still being written.
    pub(crate) fn conversation(&self, ticket: i64) -> Vec<Entry> {
        let Some(kept) = self.tickets.get(ticket) else { return Vec::new() };
        let mut all = kept.entries.clone();
        let drafts = |a: &&Activity| {
            a.direction == Direction::Out && a.channel != Channel::Call && a.phase != Phase::Closed
        };
        let of_it = self.activities.values().filter(|a| ticket_number(a.ticket.as_deref()) == Some(ticket));
        all.extend(of_it.filter(|a| !drafts(a)).map(Entry::of_activity));
        all.sort_by_key(|e| (e.at, e.number));
        all
    }
}
