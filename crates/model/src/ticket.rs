//! Tickets: what the inbox lists. One word for what Daktela calls ticket and LiveAgent conversation.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Channel, ContactId, Timestamp};

id_type! {
    /// Names one ticket over all accounts: `account/platform's name`.
    TicketId
}

impl TicketId {
    /// The id of the ticket that `account` calls `name`.
    pub fn new(account: &AccountId, name: &str) -> Self {
        Self(format!("{account}/{name}"))
    }

    /// The account it belongs to and the platform's name of it.
    pub fn parts(&self) -> Option<(AccountId, &str)> {
        self.0.split_once('/').map(|(account, name)| (AccountId::from(account), name))
    }
}

/// Where a ticket stands. Each platform has some of these; which may be set its form says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has done anything with it.
    New,
    /// Being worked on.
    Open,
    /// A conversation is going on in it: a call or a chat.
    Live,
    /// Waits for the customer.
    Answered,
    /// Put aside until a time or an event.
    Postponed,
    /// Done.
    Closed,
    /// Put away.
    Archived,
    /// Unwanted mail.
    Spam,
    /// Deleted.
    Deleted,
}

impl Stage {
    /// Every stage, in the order of a ticket's life.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Open,
        Self::Live,
        Self::Answered,
        Self::Postponed,
        Self::Closed,
        Self::Archived,
        Self::Spam,
        Self::Deleted,
    ];

    /// Its word in field values and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Live => "live",
            Self::Answered => "answered",
            Self::Postponed => "postponed",
            Self::Closed => "closed",
            Self::Archived => "archived",
            Self::Spam => "spam",
            Self::Deleted => "deleted",
        }
    }

    /// Whether somebody still has something to do.
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Open | Self::Live | Self::Answered | Self::Postponed)
    }
}

/// How urgent a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Not urgent.
    Low,
    /// As usual.
    Medium,
    /// Urgent.
    High,
}

impl Priority {
    /// Its word in field values.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Somebody or something the platform names, with what the agent reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Named {
    /// The platform's name.
    pub id: String,
    /// What the agent reads.
    pub title: String,
}

/// The customer of a ticket in passing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Customer {
    /// The contact, where the platform has one.
    pub contact: Option<ContactId>,
    /// What the agent reads: a name, else an address.
    pub name: String,
    /// An e-mail address or a number to answer to, as the platform gives it.
    pub address: Option<String>,
}

/// What a deadline is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DueFor {
    /// The first answer.
    FirstAnswer,
    /// The next answer or the solution.
    Solution,
}

/// Until when something is promised to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Due {
    /// Until when; past once it is missed.
    pub at: Timestamp,
    /// What for.
    pub what: DueFor,
}

/// One ticket as the inbox lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ticket {
    /// Its name.
    pub id: TicketId,
    /// The account it is on.
    pub account: AccountId,
    /// The number or code that agents and customers say.
    pub number: String,
    /// Subject.
    pub title: String,
    /// The beginning of its last message, plain text, at most 200 characters.
    pub preview: String,
    /// How it came in.
    pub channel: Channel,
    /// Where it stands.
    pub stage: Stage,
    /// The platform's own word where it says more than the stage does; empty else.
    pub stage_said: String,
    /// How urgent it is, where the platform has that.
    pub priority: Option<Priority>,
    /// The customer.
    pub customer: Customer,
    /// Whose it is; absent when nobody's.
    pub owner: Option<Named>,
    /// Whether it is this agent's.
    pub mine: bool,
    /// Category or department.
    pub category: Option<Named>,
    /// Statuses (dispositions) that are set.
    pub statuses: Vec<Named>,
    /// Tags.
    pub tags: Vec<Named>,
    /// Something in it was not read yet.
    pub unread: bool,
    /// The last word is the customer's.
    pub awaits_answer: bool,
    /// Has files.
    pub has_files: bool,
    /// The next deadline that counts.
    pub due: Option<Due>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything in it last changed, as the platform counts it.
    pub changed_at: Timestamp,
    /// When the last message was written.
    pub last_message_at: Option<Timestamp>,
}
