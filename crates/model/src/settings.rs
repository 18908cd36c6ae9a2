//! What an agent can set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, DeviceId, LineId, PauseId, PauseKey, QueueId, QueueOf, ReminderSettings, Threshold};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What happens to the agent's state when Offhook quits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeaveState {
    /// Ask each time.
    #[default]
    Ask,
    /// Leave it as it is.
    Stay,
    /// Go not ready everywhere.
    NotReady,
}

/// The queue and device last used to dial through an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DialChoice {
    /// The queue.
    pub queue: Option<QueueId>,
    /// The device.
    pub device: Option<DeviceId>,
    /// The line.
    #[serde(default)]
    pub line: Option<LineId>,
}

/// What the one state means on an account. Empty parts take the account's own sense of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StateMap {
    /// Pauses of the one state that are another pause here.
    pub pauses: BTreeMap<PauseKey, PauseId>,
    /// The pause that stands for not ready here; absent means the account's own not ready.
    pub not_ready: Option<PauseId>,
    /// The pause to go on here while a call is open on another account; absent means none.
    pub during_calls_elsewhere: Option<PauseId>,
    /// Stay logged in to the queues when not ready or paused.
    pub keep_queues: bool,
}

/// Alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AlertSettings {
    /// Show the pop-up window.
    pub popup: bool,
    /// Show the desktop notification.
    pub notification: bool,
    /// Play the ring sound.
    pub sound: bool,
    /// Loudness, 0–100.
    pub volume: u8,
    /// Output device of the ring; absent means the system's default.
    pub sound_device: Option<String>,
    /// Bring the main window to the front when something rings. Off by default: it takes the focus.
    pub raise: bool,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self { popup: true, notification: true, sound: true, volume: 80, sound_device: None, raise: false }
    }
}

/// All settings. Unknown and missing keys fall back to their defaults, so that an older file always loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// Language tag (`en`, `cs`, `sv`, `de`); absent means the system's.
    pub language: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// Alerts.
    pub alerts: AlertSettings,
    /// What quitting does to the state.
    pub leave: LeaveState,
    /// Closing the window keeps Offhook in the tray.
    pub close_to_tray: bool,
    /// System-wide shortcuts by action name (`answer`, `hangup`, `toggle_ready`); empty by default.
    pub hotkeys: BTreeMap<String, String>,
    /// Country whose national numbers are understood (ISO code).
    pub region: String,
    /// The last choice for dialling, by account.
    pub dial: BTreeMap<AccountId, DialChoice>,
    /// What the one state means, by account.
    pub states: BTreeMap<AccountId, StateMap>,
    /// The account last dialled through.
    pub dial_account: Option<AccountId>,
    /// When figures of queues are bad.
    pub thresholds: Vec<Threshold>,
    /// When the agent is reminded.
    pub reminders: ReminderSettings,
    /// Queues on the wallboard, in this order; empty means all.
    pub wallboard: Vec<QueueOf>,
    /// Which part of the customer's request limit this computer may use, in per cent, by account; where a platform shares one
    /// limit over all its users.
    pub request_share: BTreeMap<AccountId, u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            alerts: AlertSettings::default(),
            leave: LeaveState::Ask,
            close_to_tray: true,
            hotkeys: BTreeMap::new(),
            region: "CZ".to_owned(),
            dial: BTreeMap::new(),
            states: BTreeMap::new(),
            dial_account: None,
            thresholds: Vec::new(),
            reminders: ReminderSettings::default(),
            wallboard: Vec::new(),
            request_share: BTreeMap::new(),
        }
    }
}
