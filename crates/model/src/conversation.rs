//! A ticket with everything around it: one time line of all channels, and what may be done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Channel, Direction, FormField, Named, Phone, Problem, Ticket, TicketId, Timestamp};

id_type! {
    /// Names one entry of a time line within its ticket: the platform's name.
    EntryId
}
id_type! {
    /// Names a record that is linked with a ticket: `account/kind/platform's name`.
    RecordId
}

/// Who wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The customer.
    Customer,
    /// An agent, this one or a colleague.
    Agent,
    /// The platform: rules, automatic answers.
    System,
}

/// Who wrote something, and what the agent reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Author {
    /// What kind.
    pub kind: AuthorKind,
    /// The name, else the address; empty when the platform does not say.
    pub name: String,
    /// The address, where it is one.
    pub address: Option<String>,
    /// It is this agent.
    pub me: bool,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Something said to or by the customer, in writing.
    Message,
    /// An internal note, which the customer never sees.
    Note,
    /// A call.
    Call,
    /// Something that happened: a transfer, a status, a tag.
    Event,
}

/// What became of an outgoing message, where the platform tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On its way.
    Waiting,
    /// Sent.
    Sent,
    /// Could not be sent.
    Failed,
    /// A draft that lies on the platform.
    Draft,
}

/// What was written, made safe in the core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Body {
    /// A whole document for a frame that runs no script; absent for a single line of chat, where the text is enough.
    pub document: Option<String>,
    /// The same as plain text.
    pub text: String,
    /// How many pictures and fonts from elsewhere are not shown.
    pub blocked: u32,
    /// Whether those of this sender are shown because the agent said "always".
    pub trusted: bool,
    /// It was too long and its end is missing.
    pub cut: bool,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// The platform's name of it within the entry.
    pub id: String,
    /// Its file name, without any folder.
    pub name: String,
    /// Media type as the platform says; empty when it does not.
    pub mime: String,
    /// Bytes, where known.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}

/// A fact beside an entry: label and value as the agent reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// A key the page translates (`to`, `cc`, `queue`, `from`, `waited`, `missed`, `status`, `until`), else the platform's words.
    pub label: String,
    /// The value.
    pub value: String,
}

/// One entry of the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Entry {
    /// Its name.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// Through which channel.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// Who wrote it or spoke.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// Subject or title; empty when there is none.
    pub title: String,
    /// What was written.
    pub body: Body,
    /// Files.
    pub files: Vec<Attachment>,
    /// How long, in seconds, for calls and chats.
    pub seconds: Option<u32>,
    /// The number of a call or text.
    pub phone: Option<Phone>,
    /// What became of it.
    pub delivery: Option<Delivery>,
    /// Addressees, queue, statuses …
    pub facts: Vec<Fact>,
}

/// What a linked record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// The customer.
    Customer,
    /// The customer's company.
    Company,
    /// A record of the platform's CRM.
    Crm,
    /// A record of a campaign.
    Campaign,
}

/// A record that is linked with a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkedRecord {
    /// Its name.
    pub id: RecordId,
    /// What it is.
    pub kind: RecordKind,
    /// What the agent reads.
    pub title: String,
    /// The database, campaign or group it is in; empty when there is none.
    pub group: String,
    /// Its fields, empty ones too where they may be filled in.
    pub fields: Vec<FormField>,
}

/// What the platform offers for a ticket now. Only these are drawn. What may be edited the fields say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketAction {
    /// Answer the customer.
    Reply,
    /// Answer the customer and everybody addressed.
    ReplyAll,
    /// Send it on to somebody outside.
    Forward,
    /// Write an internal note.
    Note,
    /// Send files with it.
    Attach,
    /// Delete it.
    Delete,
    /// Text the customer.
    Sms,
}

/// A ticket with everything around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketDetail {
    /// As it is listed.
    pub ticket: Ticket,
    /// The time line, oldest first.
    pub entries: Vec<Entry>,
    /// There is more before the first entry.
    pub earlier: bool,
    /// Its fields, in the order in which they are shown.
    pub fields: Vec<FormField>,
    /// Customer, company, CRM and campaign records.
    pub records: Vec<LinkedRecord>,
    /// Its parent and its children.
    pub related: Vec<Named>,
    /// What may be done.
    pub actions: Vec<TicketAction>,
    /// Addresses a reply goes to, the customer's first.
    pub reply_to: Vec<String>,
    /// Addresses that were copied and stay so when all are answered.
    pub reply_cc: Vec<String>,
    /// Where it opens in the platform's own page.
    pub web: Option<String>,
    /// When this was read from the platform.
    pub read_at: Timestamp,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Records that could not be read; the rest is here.
    pub unreadable: u32,
}

/// Asks for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketQuery {
    /// Which.
    pub ticket: TicketId,
    /// Ask the platform: `false` answers at once what is kept on this computer, if anything.
    pub fresh: bool,
}

/// Shows the pictures from elsewhere in one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowRemote {
    /// In which ticket.
    pub ticket: TicketId,
    /// In which entry.
    pub entry: EntryId,
    /// Always for this sender.
    pub always: bool,
}

/// Asks for what comes before the first entry that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EntriesBefore {
    /// In which ticket.
    pub ticket: TicketId,
    /// The first entry that is shown.
    pub before: EntryId,
}

/// Names a file of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileOf {
    /// In which ticket.
    pub ticket: TicketId,
    /// In which entry.
    pub entry: EntryId,
    /// Which.
    pub file: String,
}

/// Asks for the fields of a new ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormOf {
    /// On which account.
    pub account: AccountId,
    /// In which category or department, once it is chosen.
    pub category: Option<String>,
}

/// A text that the platform keeps for answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Template {
    /// The platform's name.
    pub id: String,
    /// What the agent reads.
    pub title: String,
    /// The group it is in; empty when there is none.
    pub group: String,
}

/// Asks for the words of a template, filled in for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateOf {
    /// For which ticket.
    pub ticket: TicketId,
    /// Which.
    pub template: String,
}

/// Words to put into a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Insert {
    /// The subject, where it has one.
    pub subject: Option<String>,
    /// Plain text.
    pub text: String,
}

/// Searches the platform's knowledge base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnowledgeQuery {
    /// On which account.
    pub account: AccountId,
    /// For what.
    pub text: String,
}

/// An article of the knowledge base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Article {
    /// The platform's name.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it says, as plain text.
    pub text: String,
    /// Where customers find it.
    pub web: Option<String>,
}
