//! The agent: one state over several accounts, each with its own.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Timestamp};

id_type! {
    /// The platform's name of a pause.
    PauseId
}
id_type! {
    /// The platform's name of a queue.
    QueueId
}
id_type! {
    /// The platform's name of a device (extension, external number).
    DeviceId
}
id_type! {
    /// Names a pause over all accounts: pauses of the same title are one choice for the agent.
    PauseKey
}

/// Whether the agent takes contacts on one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Signed in, not ready (Daktela: `Session`).
    NotReady,
    /// Reachable.
    Ready,
    /// On a pause.
    Paused,
    /// Not known: the platform has not said, or said a word we do not know.
    Unknown,
}

/// Why a pause is there: the agent's own choice, or the platform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PauseKind {
    /// Chosen by an agent.
    Custom,
    /// After-call work, set by the platform.
    WrapUp,
    /// Set by the platform after an unanswered contact.
    Unanswered,
    /// Do not disturb.
    Dnd,
}

/// A pause an account allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pause {
    /// The platform's name.
    pub id: PauseId,
    /// What the agent reads.
    pub title: String,
    /// Who sets it.
    pub kind: PauseKind,
    /// Whether it is paid, if the platform says.
    pub paid: Option<bool>,
    /// Allowance in minutes; absent means no limit.
    pub max_minutes: Option<u32>,
}

/// Whether the device of the agent can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The device answers.
    Reachable,
    /// The device is in a call.
    Busy,
    /// The device is not reachable: calls cannot ring.
    Unreachable,
    /// The platform has not said.
    Unknown,
}

/// The agent on one account, as the platform says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Agent {
    /// Login name there.
    pub username: String,
    /// Display name there.
    pub name: String,
    /// Whether contacts are taken.
    pub presence: Presence,
    /// The pause that is on, if one is.
    pub pause: Option<Pause>,
    /// Since when the presence is what it is (the platform's word where it has one, else when we first saw it).
    pub since: Timestamp,
    /// When the platform last confirmed it.
    pub confirmed_at: Timestamp,
    /// Whether the device can be reached.
    pub reach: Reach,
    /// Whether the platform holds the user ready by itself (Daktela: static login), so that ready is not offered.
    pub always_ready: bool,
    /// Pauses this account allows, in the platform's order.
    pub pauses: Vec<Pause>,
}

/// How a user may join a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueJoin {
    /// The user logs in and out.
    Manual,
    /// The platform logs the user in when ready; the user may log out.
    Automatic,
    /// The platform decides alone.
    Fixed,
    /// Not allowed.
    Never,
}

/// A queue of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Queue {
    /// The platform's name.
    pub id: QueueId,
    /// What the agent reads.
    pub title: String,
    /// The platform's word for its type (`in`, `out`, `email`).
    pub kind: String,
    /// Whether calls can be dialled out through it.
    pub outgoing: bool,
    /// How the user may join it.
    pub join: QueueJoin,
    /// Whether the user is logged in to it now.
    pub logged_in: bool,
}

/// A device of an account: the voice path lies there, never in Offhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Device {
    /// The platform's name.
    pub id: DeviceId,
    /// What the agent reads.
    pub title: String,
    /// The platform's word for its kind (`sipDevices`, `externalNumbers`).
    pub kind: String,
    /// Whether the agent is on it now.
    pub logged_in: bool,
}

/// The unified state, as it stands over all accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnifiedPresence {
    /// No account is signed in.
    SignedOut,
    /// Nothing is heard from any account: nobody knows whether the agent is reachable.
    Offline,
    /// Signed in, ready nowhere.
    NotReady,
    /// Ready on every account that is heard.
    Ready,
    /// On a pause on every account that is heard.
    Paused,
    /// The accounts differ.
    Mixed,
}

/// One pause over all accounts that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PauseChoice {
    /// What to send back.
    pub key: PauseKey,
    /// What the agent reads.
    pub title: String,
    /// Whether it is paid, where all accounts agree.
    pub paid: Option<bool>,
    /// The smallest allowance of the accounts, in minutes.
    pub max_minutes: Option<u32>,
    /// The accounts that have it.
    pub accounts: Vec<AccountId>,
}

/// One agent state over N accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnifiedAgent {
    /// The joined state.
    pub presence: UnifiedPresence,
    /// The title of the pause, when all paused accounts are on one of the same title.
    pub pause: Option<String>,
    /// Since when, if any account says.
    pub since: Option<Timestamp>,
    /// Allowance of the pause in minutes, if it has one.
    pub max_minutes: Option<u32>,
    /// Whether a call can reach the agent right now: ready somewhere, heard from there, with a device that answers.
    pub reachable: bool,
    /// Whether a call keeps the agent's device on an account that is heard: then no other can ring there, and nothing
    /// is wrong.
    pub busy: bool,
    /// Pauses that can be chosen, over all accounts.
    pub pauses: Vec<PauseChoice>,
}
