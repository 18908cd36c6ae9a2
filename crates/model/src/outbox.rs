//! What an agent finished and the platform has not confirmed, and what is still being written. Both are on the disk before
//! anything else happens to them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AccountId, ActivityId, Draft, EntryId, FieldConflict, FieldEdit, Problem, RecordId, TicketId, Timestamp,
};

/// What kind of message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// To the customer.
    #[default]
    Reply,
    /// For colleagues only.
    Note,
    /// To somebody outside, with what was written before.
    Forward,
    /// A text to the customer's phone.
    Sms,
}

/// A file that waits on this computer to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StagedFile {
    /// Its name here.
    pub id: String,
    /// Its file name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
}

/// Hands a file over, to be sent later.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct StageFile {
    /// Its file name.
    pub name: String,
    /// Media type, as the browser says.
    pub mime: String,
    /// The bytes in base64, at most 10 MiB of them.
    pub base64: String,
}

/// What an agent writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Message {
    /// What kind.
    pub kind: MessageKind,
    /// The entry it answers or sends on; absent means the last.
    pub about: Option<EntryId>,
    /// Addressees; empty for a reply means the customer.
    pub to: Vec<String>,
    /// Copies.
    pub cc: Vec<String>,
    /// Hidden copies.
    pub bcc: Vec<String>,
    /// Subject; empty keeps the ticket's.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Files, in order.
    pub files: Vec<StagedFile>,
    /// Fields to change once it is sent: "send and close". In the outbox they are an item of their own behind it.
    pub then: Vec<FieldEdit>,
}

/// A ticket that is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewTicket {
    /// Its fields; `was` is empty.
    pub fields: Vec<FieldEdit>,
    /// The first message.
    pub message: Message,
}

/// Something for a platform to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Work {
    /// Close an activity with a note and dispositions.
    Close {
        /// Which.
        activity: ActivityId,
        /// Note and dispositions.
        draft: Draft,
    },
    /// Send a message.
    Send {
        /// In which ticket.
        ticket: TicketId,
        /// What.
        message: Message,
    },
    /// Change fields of a ticket.
    Edit {
        /// Which.
        ticket: TicketId,
        /// Which fields, and how.
        edit: Vec<FieldEdit>,
    },
    /// Delete a ticket.
    Delete {
        /// Which.
        ticket: TicketId,
        /// Why, for colleagues.
        note: String,
    },
    /// Make a ticket.
    Create {
        /// On which account.
        account: AccountId,
        /// What.
        new: NewTicket,
    },
    /// Change fields of a linked record.
    EditRecord {
        /// In which ticket it was seen.
        ticket: TicketId,
        /// Which.
        record: RecordId,
        /// Which fields, and how.
        edit: Vec<FieldEdit>,
    },
}

impl Work {
    /// The account it goes to; absent only when an id names none.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Close { activity, .. } => activity.parts().map(|(account, _)| account),
            Self::Create { account, .. } => Some(account.clone()),
            _ => self.ticket().and_then(|ticket| ticket.parts().map(|(account, _)| account)),
        }
    }

    /// The ticket it concerns, if it concerns one that is there.
    pub fn ticket(&self) -> Option<&TicketId> {
        match self {
            Self::Send { ticket, .. }
            | Self::Edit { ticket, .. }
            | Self::Delete { ticket, .. }
            | Self::EditRecord { ticket, .. } => Some(ticket),
            Self::Close { .. } | Self::Create { .. } => None,
        }
    }

    /// The activity it closes.
    pub fn activity(&self) -> Option<&ActivityId> {
        match self {
            Self::Close { activity, .. } => Some(activity),
            _ => None,
        }
    }

    /// What is sent in order: of two items of one lane the older goes first. `None`: of everything independent.
    pub fn lane(&self) -> Option<String> {
        match self {
            Self::Close { activity, .. } => Some(format!("activity:{activity}")),
            Self::Create { .. } => None,
            _ => self.ticket().map(|ticket| format!("ticket:{ticket}")),
        }
    }
}

/// Where an item of the outbox stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum OutboxState {
    /// Waits for its turn or for the network.
    Waiting,
    /// Being sent.
    Sending,
    /// Refused: the agent must change it.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// Sent, but the answer was lost: it is looked up before anything is repeated.
    Unknown {
        /// What is known.
        problem: Problem,
    },
    /// Looked up, and still nobody can say whether it arrived: the agent looks and decides.
    Ask {
        /// What is known.
        problem: Problem,
    },
    /// Somebody else changed the same fields: the agent chooses.
    Conflict {
        /// Field by field.
        fields: Vec<FieldConflict>,
    },
}

/// Something an agent finished that the platform has not confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxItem {
    /// Its number in the local store.
    #[ts(type = "number")]
    pub id: u64,
    /// What is to be done.
    pub work: Work,
    /// Whom or what it is about, for reading.
    pub title: String,
    /// The bulk change it belongs to.
    #[ts(type = "number | null")]
    pub batch: Option<u64>,
    /// When the agent finished it.
    pub queued_at: Timestamp,
    /// Where it stands.
    pub state: OutboxState,
}

/// What an agent is writing and has not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Composing {
    /// Its name, chosen by the window: `ticket id#kind` for a message, `new#…` for a new ticket, `ticket id#edit` for fields.
    pub key: String,
    /// What it will be: [`Work::Send`], [`Work::Edit`] or [`Work::Create`].
    pub work: Work,
    /// Whom or what it is about, for reading.
    pub title: String,
    /// When a word was last typed.
    pub at: Timestamp,
}

/// The agent's word on one field in conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldChoice {
    /// The key.
    pub key: String,
    /// What it shall hold; absent leaves what is on the platform.
    pub now: Option<Vec<String>>,
}

/// The agent's word on an item in conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Resolve {
    /// Which item.
    #[ts(type = "number")]
    pub item: u64,
    /// Every field in conflict.
    pub fields: Vec<FieldChoice>,
}
