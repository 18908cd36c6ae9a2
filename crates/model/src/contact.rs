//! Contacts: one address book over all accounts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Channel, ContactMark, Direction, Phone, Problem, TicketRef, Timestamp};

id_type! {
    /// Names one contact over all accounts: `account/platform's name`.
    ContactId
}

impl ContactId {
    /// The id of the contact that `account` calls `name`.
    pub fn new(account: &AccountId, name: &str) -> Self {
        Self(format!("{account}/{name}"))
    }

    /// The account it belongs to and the platform's name of it.
    pub fn parts(&self) -> Option<(AccountId, &str)> {
        self.0.split_once('/').map(|(account, name)| (AccountId::from(account), name))
    }
}

/// One number of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactNumber {
    /// The platform's title of the field it stands in.
    pub label: String,
    /// The number.
    pub phone: Phone,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contact {
    /// Its name.
    pub id: ContactId,
    /// The account it is on.
    pub account: AccountId,
    /// What the agent reads.
    pub title: String,
    /// The company.
    pub company: Option<String>,
    /// Numbers, in the platform's order.
    pub numbers: Vec<ContactNumber>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// The platform's free text, as plain text.
    pub description: Option<String>,
    /// Marked by the agent, on this computer.
    pub favourite: bool,
    /// How it is marked on its platform.
    pub mark: Option<ContactMark>,
    /// Whether it is the agent's own and can be changed there.
    pub editable: bool,
}

/// How sure we are that a caller is a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The same E.164 number, or the platform itself linked the contact.
    Sure,
    /// The last digits agree: maybe.
    Maybe,
}

/// A contact that may be the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactMatch {
    /// The contact.
    pub contact: Contact,
    /// How sure.
    pub confidence: Confidence,
    /// Its open tickets, newest first, at most five.
    pub tickets: Vec<TicketRef>,
}

/// One past activity of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PastActivity {
    /// The channel.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// Subject or title.
    pub title: String,
    /// When.
    pub at: Timestamp,
    /// How long, in seconds, if known.
    pub seconds: Option<u32>,
    /// Who handled it, as the platform names them.
    pub agent: Option<String>,
}

/// A contact with what is around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactDetail {
    /// The contact.
    pub contact: Contact,
    /// Its tickets, newest first.
    pub tickets: Vec<TicketRef>,
    /// Its past activities, newest first.
    pub activities: Vec<PastActivity>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Records that could not be read; the rest is here.
    pub unreadable: u32,
}

/// The answer to a contact search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactPage {
    /// The contacts, best first.
    pub contacts: Vec<Contact>,
    /// Whether the platforms were asked too, or only what is kept on this computer.
    pub online: bool,
    /// Accounts that could not be asked, and why.
    pub problems: Vec<Problem>,
    /// Records that could not be read; the rest is here.
    pub unreadable: u32,
}

/// A number as understood: for the dial pad, the palette and `tel:` links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ParsedNumber {
    /// The number.
    pub phone: Phone,
    /// What will be dialled: E.164 if valid, else the cleaned text. Absent when it cannot be dialled.
    pub dial: Option<String>,
    /// Whether it deserves a second look: a service code, a short or a premium number.
    pub unusual: bool,
}
