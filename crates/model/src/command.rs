//! Commands: what an agent asks for. Pending until the platform's own word confirms or refuses them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AccountId, ActivityId, ContactId, Control, DeviceId, Draft, LineId, PauseKey, PresenceChange, Problem,
    QueueId, ShortcutId, Timestamp,
};

/// The number of a command, unique while Offhook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "f64")]
pub struct CommandId(pub u64);

/// The state an agent asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum AgentTarget {
    /// Take contacts.
    Ready,
    /// Take none, stay signed in.
    NotReady,
    /// Go on a pause.
    Pause {
        /// Which, of [`crate::UnifiedAgent::pauses`].
        pause: PauseKey,
    },
}

/// What an agent can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Command {
    /// Change the agent's state, on all accounts or on some.
    SetState {
        /// To what.
        target: AgentTarget,
        /// On which accounts; absent means on all that offer it.
        accounts: Option<Vec<AccountId>>,
    },
    /// Log in to a device or out of it.
    SetDevice {
        /// On which account.
        account: AccountId,
        /// The device.
        device: DeviceId,
        /// In or out.
        logged_in: bool,
    },
    /// Log in to a queue or out of it.
    SetQueue {
        /// On which account.
        account: AccountId,
        /// The queue.
        queue: QueueId,
        /// In or out.
        logged_in: bool,
    },
    /// Take what rings or waits.
    Answer {
        /// The activity.
        activity: ActivityId,
        /// On which device; absent means the one the agent is on.
        device: Option<DeviceId>,
    },
    /// Refuse what rings.
    Decline {
        /// The activity.
        activity: ActivityId,
    },
    /// End the conversation.
    Hangup {
        /// The activity.
        activity: ActivityId,
    },
    /// Close the record. Kept in the outbox until the platform confirmed it.
    Close {
        /// The activity.
        activity: ActivityId,
        /// Note and dispositions.
        draft: Draft,
    },
    /// Dial a number.
    Dial {
        /// Through which account.
        account: AccountId,
        /// The number as typed or as it stands in a contact.
        number: String,
        /// Through which queue; absent lets the platform choose.
        queue: Option<QueueId>,
        /// On which device; absent means the one the agent is on.
        device: Option<DeviceId>,
        /// With which line; absent means the one that is active.
        #[serde(default)]
        line: Option<LineId>,
        /// The contact it belongs to, if it came from one.
        contact: Option<ContactId>,
    },
    /// Do something with a live call.
    Control {
        /// The call.
        activity: ActivityId,
        /// What.
        control: Control,
    },
    /// Take a call that rings at a colleague.
    PickUp {
        /// At whom it rings.
        contact: ContactId,
        /// Which, of [`crate::ContactPresence::calls`].
        handle: String,
        /// On which device; absent means the one the agent is on.
        device: Option<DeviceId>,
    },
    /// Change the own presence on an account that keeps one.
    SetPresence {
        /// On which account.
        account: AccountId,
        /// What.
        change: PresenceChange,
    },
    /// Set a presence with everything around it.
    ApplyShortcut {
        /// On which account.
        account: AccountId,
        /// Which.
        shortcut: ShortcutId,
    },
    /// Choose the number the other side sees.
    SetLine {
        /// On which account.
        account: AccountId,
        /// Which.
        line: LineId,
    },
    /// Send an item of the outbox again.
    Resend {
        /// The item.
        item: u64,
    },
    /// Throw an item of the outbox away, on the agent's word.
    Discard {
        /// The item.
        item: u64,
    },
}

/// Where a command stands, on one account or as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Outcome {
    /// On its way, or taken by the platform and not yet seen in its state.
    Pending,
    /// The platform's state shows it.
    Confirmed,
    /// Refused, with the reason.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// Nothing was heard in time: it may or may not have happened.
    TimedOut {
        /// What is known.
        problem: Problem,
    },
    /// On some accounts it was confirmed, on others not.
    Partly,
}

/// The result of a command on one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountOutcome {
    /// The account.
    pub account: AccountId,
    /// Where it stands there.
    pub outcome: Outcome,
}

/// A command and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommandStatus {
    /// Its number.
    pub id: CommandId,
    /// What was asked.
    pub command: Command,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands as a whole.
    pub outcome: Outcome,
    /// Where it stands on each account it goes to.
    pub accounts: Vec<AccountOutcome>,
    /// The activity it made (a dial), once known.
    pub made: Option<ActivityId>,
    /// What the agent still has to do on the platform's own page.
    pub next: Option<NextStep>,
}

/// What an agent still has to do on the platform's own page, where the platform took a command but cannot finish it alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextStep {
    /// What.
    pub what: NextStepKind,
    /// The page.
    pub web: Option<String>,
}

/// What is left to do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NextStepKind {
    /// Choose the number to call with.
    ChooseNumber,
    /// Go on there.
    GoOnThere,
}
