//! The words between a connector and the state: how an account looks on its platform at one moment, and what is asked
//! of it.
//!
//! A [`Sight`] is always complete. The state compares it with the one before and works out what began, what changed
//! and what is over, so that a lost, repeated or late message can never leave anything behind.

use model::{
    Action, ActivityFact, Announcement, CallControl, Capability, Channel, Contact, Control, DataAge, Device,
    DeviceId, Direction, Draft, Line, LineId, Link, NextStep, OwnPresence, Party, Pause, PauseId, Phase,
    Presence, PresenceChange, Problem, ProblemCode, Queue, QueueId, QueueRef, Reach, ShortcutId, TicketRef,
    Timestamp, WrapUpRules,
};

/// An account as its platform shows it.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    pub(crate) agent: SeenAgent,
    pub(crate) queues: Vec<Queue>,
    pub(crate) devices: Vec<Device>,
    /// Lines the agent may call with; empty where there is no choice.
    pub(crate) lines: Vec<Line>,
    /// The agent's own presence, where the platform keeps one.
    pub(crate) presence: Option<OwnPresence>,
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
    /// Where it opens on the platform's own page, for what can only be done there.
    pub(crate) web: Option<String>,
    /// What else the platform tells of it.
    pub(crate) facts: Vec<ActivityFact>,
    /// Live control, where the platform has it. What the platform does not say of `consults_for` the state adds.
    pub(crate) call: Option<CallControl>,
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
    /// How old each piece of the picture is, where pieces are asked for one by one.
    pub(crate) ages: Vec<DataAge>,
    /// When the platform ends the session by itself, where it tells.
    pub(crate) session_ends: Option<Timestamp>,
    /// How long silence is normal, in milliseconds, where the platform lets nobody ask more often than that.
    pub(crate) quiet_ms: i64,
}

impl Hearing {
    /// A listener that was heard just then, or never, with nothing else to say.
    pub(crate) fn of(link: Link, heard_at: Option<Timestamp>) -> Self {
        Self {
            link,
            heard_at,
            problem: None,
            retry_at: None,
            ages: Vec::new(),
            session_ends: None,
            quiet_ms: 0,
        }
    }
}

/// What is asked of a platform, for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Take contacts; on this device if the platform needs one and the agent is on none.
    Ready { device: Option<DeviceId> },
    /// Take none.
    NotReady {
        /// Do not log out of queues for it, where that is how the platform goes not ready.
        keep_queues: bool,
    },
    /// Go on a pause.
    Pause {
        pause: PauseId,
        /// As for [`Order::NotReady`].
        keep_queues: bool,
    },
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
    Dial { number: String, queue: Option<QueueId>, device: Option<DeviceId>, line: Option<LineId> },
    /// Do something with a live call. Numbers in it can be dialled as they stand; `other` is the platform's name of the
    /// second call, for what takes two.
    Control { activity: String, control: Control, other: Option<String> },
    /// Take a call that rings at a colleague.
    PickUp { contact: String, handle: String, device: Option<DeviceId> },
    /// Change the own presence.
    SetPresence(PresenceChange),
    /// Set a presence with everything around it.
    ApplyShortcut(ShortcutId),
    /// Choose the number the other side sees.
    SetLine(LineId),
    /// Close the record.
    Close { activity: String, draft: Draft },
}

impl Order {
    /// Whether it changes what the agent is on the account. Such orders are sent one after the other.
    pub(crate) fn sets_presence(&self) -> bool {
        matches!(
            self,
            Self::Ready { .. }
                | Self::NotReady { .. }
                | Self::Pause { .. }
                | Self::SetPresence(_)
                | Self::ApplyShortcut(_)
        )
    }
}

/// What the platform's answer to an order brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// The platform's name of the activity it made.
    pub(crate) made: Option<String>,
    /// What it did will never be seen from here (a call-back, where calls are not told), so the answer has to do.
    pub(crate) unseen: bool,
    /// What the agent still has to do on the platform's own page.
    pub(crate) next: Option<NextStep>,
}

/// Why an order failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    pub(crate) effect: Effect,
}

impl Failure {
    /// The call is no longer what the agent saw when the order was given, so nothing was done.
    pub(crate) fn changed() -> Self {
        let mut problem = Problem::new(ProblemCode::NotPossible).with("why", "changed");
        problem.message = "The call changed meanwhile.".to_owned();
        problem.hint = "See how it stands now, then try again.".to_owned();
        Self { problem, effect: Effect::Refused }
    }
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
