//! Notices: what the agent should know now although nothing rings. A queue is in trouble, a pause was forgotten, wrap-up runs
//! long, a platform is about to sign the agent out. They stand as long as their reason does.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, ActivityId, QueueOf, Timestamp};

/// A figure of a queue that can be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many wait. Too many is bad.
    Waiting,
    /// How long the first one waits, in seconds. Too long is bad.
    LongestWait,
    /// How many agents are free. Too few is bad.
    Free,
    /// The service level in per cent. Too low is bad.
    ServiceLevel,
    /// How many of the platform's period gave up. Too many is bad.
    Abandoned,
}

impl Measure {
    /// Whether a high figure is the bad one.
    pub fn high_is_bad(self) -> bool {
        matches!(self, Self::Waiting | Self::LongestWait | Self::Abandoned)
    }
}

/// How bad a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth a look.
    Warning,
    /// Worth a word.
    Alarm,
}

/// When a figure is bad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Threshold {
    /// Of which queue; absent means every queue that has none of its own for this measure.
    pub queue: Option<QueueOf>,
    /// Which figure.
    pub measure: Measure,
    /// A warning from here on (at or beyond).
    pub warning: Option<u32>,
    /// An alarm from here on.
    pub alarm: Option<u32>,
    /// Whether an alarm is also told outside the window.
    pub notify: bool,
}

/// Why a notice stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum NoticeKind {
    /// A figure of a queue is beyond its threshold.
    Queue {
        /// Which.
        queue: QueueOf,
        /// What the agent reads.
        title: String,
        /// Which figure.
        measure: Measure,
        /// How bad.
        level: Level,
        /// The figure now; for waits when it is read, the seconds at `since`.
        value: u32,
        /// The threshold.
        limit: u32,
    },
    /// A pause has lasted longer than it may, or longer than pauses do.
    LongPause {
        /// The account.
        account: AccountId,
        /// The title of the pause.
        title: String,
        /// Since when it is on.
        paused_at: Timestamp,
        /// How many minutes it may last.
        minutes: u32,
    },
    /// A record stays open long after the conversation.
    LongWrapUp {
        /// Which; absent when the platform's own wrap-up state is meant.
        activity: Option<ActivityId>,
        /// The account.
        account: AccountId,
        /// Since when.
        ended_at: Timestamp,
        /// How many minutes it may last.
        minutes: u32,
    },
    /// The platform ends the session soon.
    SessionEnds {
        /// The account.
        account: AccountId,
        /// When.
        at: Timestamp,
    },
}

/// Something the agent should know now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// Names the reason; the same as long as the reason is the same.
    pub key: String,
    /// Why.
    pub kind: NoticeKind,
    /// Since when.
    pub since: Timestamp,
    /// Whether it is to be told outside the window.
    pub notify: bool,
    /// Whether the agent has put it aside. It stays that until its reason is gone.
    pub dismissed: bool,
}

/// When the agent is reminded. Zero turns a reminder off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReminderSettings {
    /// A pause without an allowance of its own, in minutes.
    pub pause_minutes: u32,
    /// Wrap-up, in minutes.
    pub wrap_up_minutes: u32,
    /// Before a session ends, in minutes.
    pub session_minutes: u32,
}

impl Default for ReminderSettings {
    fn default() -> Self {
        Self { pause_minutes: 60, wrap_up_minutes: 5, session_minutes: 10 }
    }
}
