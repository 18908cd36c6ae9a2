//! The words between a connector and the state: how an account looks on its platform at one moment, and what is asked
//! of it.
//!
//! A [`Sight`] is always complete. The state compares it with the one before and works out what began, what changed
//! and what is over, so that a lost, repeated or late message can never leave anything behind.

use model::{
    Action, Announcement, Capability, Channel, Contact, Device, DeviceId, Direction, Draft, Link, Party,
    Pause, PauseId, Phase, Presence, Problem, Queue, QueueId, QueueRef, Reach, TicketRef, Timestamp,
    WrapUpRules,
};

/// An account as its platform shows it.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    pub(crate) agent: SeenAgent,
    pub(crate) queues: Vec<Queue>,
    pub(crate) devices: Vec<Device>,
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) missed: u32,
    pub(crate) announcements: Vec<Announcement>,
    /// Every activity that rings at the agent, waits for anybody, or is the agent's own.
    pub(crate) activities: Vec<Seen>,
    /// What is known of activities that were there and are no longer. What is in neither list is [`Fate::Gone`].
    pub(crate) left: Vec<(String, Fate)>,
    /// Records that could not be read, since sign-in.
    pub(crate) unreadable: u32,
}

/// The agent as the platform shows them.
#[derive(Clone, Debug)]
pub(crate) struct SeenAgent {
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) presence: Presence,
    pub(crate) pause: Option<Pause>,
    /// Since when, if the platform says.
    pub(crate) since: Option<Timestamp>,
    pub(crate) reach: Reach,
    pub(crate) always_ready: bool,
    pub(crate) pauses: Vec<Pause>,
}

/// One activity as the platform shows it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The platform's name.
    pub(crate) name: String,
    pub(crate) channel: Channel,
    pub(crate) direction: Direction,
    pub(crate) phase: Phase,
    pub(crate) began_at: Option<Timestamp>,
    pub(crate) answered_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) title: Option<String>,
    pub(crate) party: Party,
    /// The contact that the platform has linked itself, as far as it tells of it.
    pub(crate) contact: Option<Contact>,
    pub(crate) queue: Option<QueueRef>,
    pub(crate) ticket: Option<TicketRef>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) on_hold: bool,
    pub(crate) actions: Vec<Action>,
    pub(crate) wrap_up: WrapUpRules,
}

/// What became of an activity that is no longer this agent's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The agent had it and it is closed.
    Handled,
    /// Somebody else has it, or had it.
    Elsewhere,
    /// It was closed without anybody answering.
    Abandoned,
    /// It went on to somebody else and is not answered yet.
    Passed,
    /// It is not there and the platform does not say why.
    Gone,
}

/// The health of a connector's listener.
#[derive(Clone, Debug)]
pub(crate) struct Hearing {
    pub(crate) link: Link,
    pub(crate) heard_at: Option<Timestamp>,
    pub(crate) problem: Option<Problem>,
    pub(crate) retry_at: Option<Timestamp>,
}

/// What is asked of a platform, for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Take contacts; on this device if the platform needs one and the agent is on none.
    Ready { device: Option<DeviceId> },
    /// Take none.
    NotReady,
    /// Go on a pause.
    Pause(PauseId),
    /// Log in to a device, or out.
    Device { device: DeviceId, logged_in: bool },
    /// Log in to a queue, or out.
    Queue { queue: QueueId, logged_in: bool },
    /// Take what rings or waits.
    Answer { activity: String, device: Option<DeviceId> },
    /// Refuse what rings.
    Decline { activity: String },
    /// End the conversation.
    Hangup { activity: String },
    /// Dial.
    Dial { number: String, queue: Option<QueueId>, device: Option<DeviceId> },
    /// Close the record.
    Close { activity: String, draft: Draft },
}

/// What the platform's answer to an order brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// The platform's name of the activity it made.
    pub(crate) made: Option<String>,
}

/// Why an order failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    pub(crate) effect: Effect,
}

/// Whether a failed order may have been carried out all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The platform said no.
    Refused,
    /// It certainly was not carried out; it may be sent again after so many milliseconds.
    NotSent { after_ms: u64 },
    /// Nobody knows: the answer was lost.
    Unknown,
}
