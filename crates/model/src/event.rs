//! The stream a view follows: one snapshot, then numbered events. A gap in the numbers means: ask for the snapshot again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AccountId, AccountState, Activity, ActivityId, BulkProgress, CommandStatus, Composing, ContactId,
    ContactPresence, DayDate, InboxSync, Notice, OutboxItem, QueueOf, QueueStatistics, Ring, Settings,
    Ticket, TicketId, Timestamp, UnifiedAgent,
};

/// Everything a view needs to start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snapshot {
    /// The number of the last event that is already in here.
    #[ts(type = "number")]
    pub seq: u64,
    /// The engine's clock when it was taken: views measure ages against it, not against their own start.
    pub at: Timestamp,
    /// The unified agent.
    pub agent: UnifiedAgent,
    /// The accounts, in the agent's order.
    pub accounts: Vec<AccountState>,
    /// Everything that rings, waits or is open, oldest first.
    pub activities: Vec<Activity>,
    /// What rings now.
    pub rings: Vec<Ring>,
    /// Commands that are pending, and the last finished ones.
    pub commands: Vec<CommandStatus>,
    /// What is not sent yet.
    pub outbox: Vec<OutboxItem>,
    /// Settings.
    pub settings: Settings,
    /// What is being written.
    pub composing: Vec<Composing>,
    /// Bulk changes that are not over.
    pub bulks: Vec<BulkProgress>,
    /// How far the local index of tickets is, by account.
    pub inbox: Vec<InboxSync>,
    /// Figures of queues, where an account tells them.
    pub statistics: Vec<QueueStatistics>,
    /// Presence of the contacts that are watched.
    pub presences: Vec<ContactPresence>,
    /// What the agent should know.
    pub notices: Vec<Notice>,
}

/// One change of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// The unified agent changed.
    Agent {
        /// As it is now.
        agent: UnifiedAgent,
    },
    /// An account is new or changed.
    Account {
        /// As it is now.
        account: Box<AccountState>,
    },
    /// An account was removed.
    AccountRemoved {
        /// Which.
        id: AccountId,
    },
    /// An activity is new or changed.
    Activity {
        /// As it is now.
        activity: Box<Activity>,
    },
    /// An activity is over or no longer this agent's.
    ActivityRemoved {
        /// Which.
        id: ActivityId,
    },
    /// Something began to ring, or ended. Alerts stand and fall with this.
    Ring {
        /// As it is now.
        ring: Ring,
    },
    /// A command moved on.
    Command {
        /// As it is now.
        status: Box<CommandStatus>,
    },
    /// An item of the outbox is new or changed.
    Outbox {
        /// As it is now.
        item: Box<OutboxItem>,
    },
    /// An item left the outbox: confirmed, or thrown away by the agent.
    OutboxRemoved {
        /// Which.
        #[ts(type = "number")]
        id: u64,
    },
    /// Something is being written, here or in another window.
    Composing {
        /// As it is now.
        composing: Box<Composing>,
    },
    /// A composition is over: sent or thrown away.
    ComposingRemoved {
        /// Its key.
        key: String,
    },
    /// A bulk change moved on. It is over when done, failed and cancelled add up.
    Bulk {
        /// As it is now.
        bulk: BulkProgress,
    },
    /// The local index of an account's tickets moved on.
    Inbox {
        /// As it is now.
        sync: InboxSync,
    },
    /// Tickets are new or changed. At most 200 at once; when `more`, ask for the list anew.
    Tickets {
        /// As they are now.
        tickets: Vec<Ticket>,
        /// No longer there, or no longer this agent's to see.
        gone: Vec<TicketId>,
        /// More changed than is told.
        more: bool,
    },
    /// The figures of a queue changed.
    Statistics {
        /// As they are now.
        statistics: Box<QueueStatistics>,
    },
    /// A queue has no figures any more.
    StatisticsRemoved {
        /// Which.
        queue: QueueOf,
    },
    /// The presence of a contact changed.
    Presence {
        /// As it is now.
        presence: Box<ContactPresence>,
    },
    /// A contact is not watched any more.
    PresenceRemoved {
        /// Which.
        contact: ContactId,
    },
    /// Something the agent should know is new or changed.
    Notice {
        /// As it is now.
        notice: Notice,
    },
    /// The reason of a notice is gone.
    NoticeRemoved {
        /// Its key.
        key: String,
    },
    /// The record of a day has changed: ask for it again if it is shown.
    Day {
        /// Which.
        date: DayDate,
    },
    /// Settings changed.
    Settings {
        /// As they are now.
        settings: Settings,
    },
}

/// A numbered change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Event {
    /// One more than the event before it.
    #[ts(type = "number")]
    pub seq: u64,
    /// When the engine published it.
    pub at: Timestamp,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
}
