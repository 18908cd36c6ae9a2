//! Queues from above: their figures and the people in them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, QueueId, Timestamp};

/// The figures of a queue at one moment. What the platform does not tell is absent, never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueStatistics {
    /// The account.
    pub account: AccountId,
    /// The queue; it may be one the agent is no member of.
    pub queue: QueueId,
    /// What the agent reads.
    pub title: String,
    /// Callers who wait.
    pub waiting: Option<u32>,
    /// Since when the first of them waits.
    pub longest_since: Option<Timestamp>,
    /// Agents logged in.
    pub logged_in: Option<u32>,
    /// Agents who could take a call now.
    pub free: Option<u32>,
    /// Calls of the platform's period.
    pub total: Option<u32>,
    /// Of these, answered.
    pub answered: Option<u32>,
    /// Of these, given up by the caller.
    pub dropped: Option<u32>,
    /// Average wait in seconds.
    pub average_wait: Option<u32>,
    /// How many agents have which presence, by the platform's words.
    pub presences: Vec<PresenceCount>,
    /// When the platform last said so.
    pub heard_at: Timestamp,
    /// Where it comes from, in the platform's words.
    pub source: String,
}

/// How many agents of a queue have a presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresenceCount {
    /// The presence, in the platform's words.
    pub presence: String,
    /// How many.
    pub agents: u32,
}

/// Names a queue over all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueOf {
    /// The account.
    pub account: AccountId,
    /// The queue.
    pub queue: QueueId,
}

/// Somebody who answers a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueAgent {
    /// Name.
    pub name: String,
    /// Whether logged in to the queue.
    pub logged_in: Option<bool>,
    /// Whether free to take a call.
    pub available: Option<bool>,
    /// The presence, in the platform's words.
    pub presence: Option<String>,
}
