//! Presence: the agent's own where a platform keeps more than ready and paused, and that of the people around.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ipc::Window;
use crate::{AccountId, ContactId, Phone, TicketId, Timestamp};

id_type! {
    /// The platform's name of a presence activity (`available`, `lunch`).
    PresenceId
}
id_type! {
    /// The platform's name of a role one calls and is called in.
    RoleId
}
id_type! {
    /// The platform's name of a presence shortcut.
    ShortcutId
}
id_type! {
    /// The platform's name of a line: which number the other side sees.
    LineId
}

/// A presence activity the organisation has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresenceActivity {
    /// The platform's name.
    pub id: PresenceId,
    /// What the agent reads.
    pub title: String,
    /// Whether it means available.
    pub available: bool,
}

/// A role the agent can take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Role {
    /// The platform's name.
    pub id: RoleId,
    /// What the agent reads.
    pub title: String,
}

/// A presence with everything around it, set in one go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Shortcut {
    /// The platform's name.
    pub id: ShortcutId,
    /// What the agent reads.
    pub title: String,
    /// The presence it sets.
    pub activity: PresenceId,
    /// How many minutes it lasts; absent when it lasts otherwise.
    pub minutes: Option<u32>,
}

/// The agent's own presence on an account that keeps one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnPresence {
    /// What can be chosen.
    pub activities: Vec<PresenceActivity>,
    /// What is on; absent when the platform does not say or says one we do not know.
    pub activity: Option<PresenceId>,
    /// Whether the platform takes the agent for available.
    pub available: Option<bool>,
    /// The agent's note for colleagues.
    pub note: String,
    /// When it ends by itself; absent when it lasts.
    pub until: Option<Timestamp>,
    /// Roles that can be chosen.
    pub roles: Vec<Role>,
    /// The role that is on.
    pub role: Option<RoleId>,
    /// The agent's shortcuts, in their order.
    pub shortcuts: Vec<Shortcut>,
}

/// What to change of the own presence. Absent parts stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PresenceChange {
    /// The activity.
    pub activity: Option<PresenceId>,
    /// The note; empty takes it away.
    pub note: Option<String>,
    /// When it ends.
    pub until: Option<Until>,
    /// The role.
    pub role: Option<RoleId>,
    /// Available or not, against what the activity usually means.
    pub available: Option<bool>,
}

/// When a presence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "ends")]
pub enum Until {
    /// It lasts.
    Never,
    /// At this moment.
    At {
        /// When.
        at: Timestamp,
    },
}

/// A line of the agent: which number the other side sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Line {
    /// The platform's name.
    pub id: LineId,
    /// What the agent reads.
    pub title: String,
    /// The number, if it shows one.
    pub phone: Option<Phone>,
    /// Whether calls go out with it now.
    pub active: bool,
}

/// Whether a contact's phone is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// Free.
    Idle,
    /// Rings.
    Ringing,
    /// In a call, or about to be.
    Busy,
    /// The only call is on hold.
    Hold,
    /// Not told.
    Unknown,
}

/// A call on a contact's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineCall {
    /// What to send back to pick it up.
    pub handle: String,
    /// Whom the contact talks to or who calls, as far as the platform shows it.
    pub other: Option<String>,
    /// Whether it rings and may be picked up.
    pub can_pick_up: bool,
}

/// What is known of a contact right now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactPresence {
    /// Whom.
    pub contact: ContactId,
    /// The title of the presence activity.
    pub activity: Option<String>,
    /// Whether the contact is available.
    pub available: Option<bool>,
    /// The contact's note.
    pub note: Option<String>,
    /// When the presence ends by itself.
    pub until: Option<Timestamp>,
    /// Whether the phone is in use.
    pub lamp: Lamp,
    /// Calls on the line, where the platform shows them.
    pub calls: Vec<LineCall>,
    /// When the platform last said so.
    pub heard_at: Timestamp,
    /// Whether it is followed live; otherwise it is as old as `heard_at` says.
    pub live: bool,
}

/// What a window shows now, so that only that is followed live. Each call replaces the one before of the same window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
pub struct Watch {
    /// The window.
    pub window: Window,
    /// Contacts whose presence is visible.
    pub contacts: Vec<ContactId>,
    /// Accounts whose queue statistics are visible.
    pub queues: Vec<AccountId>,
    /// Whether tickets are listed.
    #[serde(default)]
    pub inbox: bool,
    /// The ticket that is open.
    #[serde(default)]
    pub ticket: Option<TicketId>,
}
