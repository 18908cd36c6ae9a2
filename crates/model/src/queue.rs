//! Queues from above: their figures and the people in them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Channel, QueueId, Timestamp};

/// The figures of a queue at one moment. What the platform does not tell is absent, never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueStatistics {
    /// The account.
    pub account: AccountId,
    /// The queue; it may be one the agent is no member of.
    pub queue: QueueId,
    /// What the agent reads.
    pub title: String,
    /// Which channel is counted, where the platform counts them one by one.
    pub channel: Option<Channel>,
    /// Whether the agent is in it, as far as told.
    pub mine: Option<bool>,
    /// Whether it is open now, by its hours.
    pub open: Option<bool>,
    /// Its hours today, in the platform's words.
    pub hours: Option<String>,
    /// Callers who wait.
    pub waiting: Option<u32>,
    /// Since when the first of them waits.
    pub longest_since: Option<Timestamp>,
    /// Agents logged in.
    pub logged_in: Option<u32>,
    /// Agents who could take a call now.
    pub free: Option<u32>,
    /// Contacts that are being talked to now.
    pub serving: Option<u32>,
    /// Contacts of the platform's period.
    pub total: Option<u32>,
    /// Of these, answered.
    pub answered: Option<u32>,
    /// Of these, given up by the caller.
    pub dropped: Option<u32>,
    /// Average wait in seconds.
    pub average_wait: Option<u32>,
    /// How long somebody who comes now will wait, in seconds, as the platform guesses.
    pub expected_wait: Option<u32>,
    /// How many of the period were answered in time, in per cent.
    pub service_level: Option<u32>,
    /// How many are to be, in per cent.
    pub service_target: Option<u32>,
    /// What "in time" is, in seconds.
    pub service_seconds: Option<u32>,
    /// How many agents have which presence, by the platform's words.
    pub presences: Vec<PresenceCount>,
    /// When the platform last said so.
    pub heard_at: Timestamp,
    /// Where it comes from, in the platform's words.
    pub source: String,
}

impl QueueStatistics {
    /// A queue of which nothing is told yet.
    pub fn untold(
        account: AccountId,
        queue: QueueId,
        title: String,
        heard_at: Timestamp,
        source: &str,
    ) -> Self {
        Self {
            account,
            queue,
            title,
            channel: None,
            mine: None,
            open: None,
            hours: None,
            waiting: None,
            longest_since: None,
            logged_in: None,
            free: None,
            serving: None,
            total: None,
            answered: None,
            dropped: None,
            average_wait: None,
            expected_wait: None,
            service_level: None,
            service_target: None,
            service_seconds: None,
            presences: Vec::new(),
            heard_at,
            source: source.to_owned(),
        }
    }
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

/// The figures of a queue at one past moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrendPoint {
    /// When.
    pub at: Timestamp,
    /// Who waited.
    pub waiting: Option<u32>,
    /// How long the first one waited, in seconds.
    pub longest: Option<u32>,
    /// Agents who could take a contact.
    pub free: Option<u32>,
    /// Agents logged in.
    pub logged_in: Option<u32>,
    /// Service level in per cent.
    pub service_level: Option<u32>,
}

/// How the figures of a queue went while Offhook ran: a point a minute and the newest, of the last hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueTrend {
    /// Which.
    pub queue: QueueOf,
    /// Oldest first.
    pub points: Vec<TrendPoint>,
}
