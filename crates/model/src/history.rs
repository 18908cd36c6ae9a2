//! What was: calls and messages of the past, as the platforms keep them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, ActivityFact, Channel, Direction, Party, Problem, QueueId, QueueRef, Timestamp};

id_type! {
    /// Names one item of the past over all accounts: `account/platform's name`.
    HistoryId
}

/// How a past call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PastOutcome {
    /// There was a conversation.
    Answered,
    /// Nobody answered.
    Missed,
    /// It went on to somewhere else.
    Forwarded,
    /// The caller left a message.
    Voicemail,
    /// A recording of a call.
    Recording,
    /// The platform's word is not one we know.
    Other,
}

/// Whether somebody takes care of a past call of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HandledState {
    /// Nobody yet.
    Unhandled,
    /// Somebody is at it.
    InProgress,
    /// Done.
    Handled,
}

/// Who takes care of a past call of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Handled {
    /// How far.
    pub state: HandledState,
    /// Who.
    pub agent: Option<String>,
    /// Since when.
    pub at: Option<Timestamp>,
    /// What was noted.
    pub note: String,
}

/// One item of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryItem {
    /// Its name.
    pub id: HistoryId,
    /// The account.
    pub account: AccountId,
    /// The channel.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// How it ended.
    pub outcome: PastOutcome,
    /// The platform's word for an outcome that we do not know.
    pub other_outcome: Option<String>,
    /// The other side.
    pub party: Party,
    /// The queue or group it came through.
    pub queue: Option<QueueRef>,
    /// When it began.
    pub at: Timestamp,
    /// Length of the conversation in seconds, where told.
    pub seconds: Option<u32>,
    /// How many calls stand behind it, where the platform gathers them.
    pub count: u32,
    /// Whether the agent has seen it; absent where the platform keeps no such mark.
    pub seen: Option<bool>,
    /// Whether the message or recording was played; absent where there is none.
    pub played: Option<bool>,
    /// Who takes care of it; absent when it is the agent's own and not a group's.
    pub handled: Option<Handled>,
    /// Who spoke with the other side, where that was somebody else.
    pub agent: Option<String>,
    /// What else the platform tells of it.
    pub facts: Vec<ActivityFact>,
    /// Where it opens on the platform's own page.
    pub web: Option<String>,
}

/// Which part of the past.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
pub struct HistoryQuery {
    /// Of one account; absent means all that have a past.
    pub account: Option<AccountId>,
    /// Calls of this group instead of the agent's own; needs the account.
    pub group: Option<QueueId>,
    /// Only these outcomes; empty means all.
    pub outcomes: Vec<PastOutcome>,
    /// Only what is older than this, for the next page.
    pub before: Option<Timestamp>,
}

/// A page of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryPage {
    /// Newest first.
    pub items: Vec<HistoryItem>,
    /// Whether there is more beyond the last.
    pub more: bool,
    /// Accounts that could not be asked, and why.
    pub problems: Vec<Problem>,
    /// Records that could not be read; the rest is here.
    pub unreadable: u32,
}

/// What to do with items of the past.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "mark")]
pub enum HistoryMark {
    /// Seen.
    Seen,
    /// Not seen.
    Unseen,
    /// Played.
    Played,
    /// Take out of the list.
    Deleted,
    /// How far somebody takes care of it; for calls of a group.
    Handled {
        /// How far.
        state: HandledState,
        /// A note for colleagues.
        note: String,
    },
}

/// Marks an item of the past.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct MarkHistory {
    /// Which.
    pub item: HistoryId,
    /// How.
    pub mark: HistoryMark,
}
