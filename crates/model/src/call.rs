//! Live call control: what can be done with a call, and what the platform tells of it beyond its phase.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Action, ActivityId, DeviceId, Party, Timestamp};

id_type! {
    /// The platform's name of one participant of a conference.
    ParticipantId
}

/// What is known of a live call on a platform that controls calls. Absent where the platform tells of none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CallControl {
    /// Whether the agent's microphone is off, as the platform says.
    pub muted: bool,
    /// Whether the call is recorded.
    pub recording: Recording,
    /// The others in the conference; absent when the call is none.
    pub conference: Option<Conference>,
    /// The devices that carry or ring for the call.
    pub devices: Vec<DeviceId>,
    /// The devices an action may name, where the platform limits them. An action that is not in here takes any.
    pub choices: BTreeMap<Action, Vec<DeviceId>>,
    /// The call the agent was in when this one was begun to consult somebody: whom a transfer would join.
    pub consults_for: Option<ActivityId>,
    /// Who brought the call here: the colleague who transferred it.
    pub transferred_by: Option<Party>,
    /// The platform's last remark on the call (why a set-up failed), in its own words.
    pub remark: Option<String>,
    /// The platform's word for a status that Offhook does not know; shown as it is.
    pub other_status: Option<String>,
    /// The platform's words for actions that Offhook does not know; shown as text, never as buttons.
    pub other_actions: Vec<String>,
}

/// Whether a call is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Recording {
    /// Not recorded, or not told.
    #[default]
    Off,
    /// Recorded.
    On {
        /// Since when, where the platform says how long.
        since: Option<Timestamp>,
    },
    /// Interrupted: nothing is recorded now, what was so far is kept.
    Paused,
}

/// A call with several others in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Conference {
    /// The others, the agent not counted.
    pub participants: Vec<Participant>,
}

/// One of the others in a conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Participant {
    /// The platform's name.
    pub id: ParticipantId,
    /// Who it is.
    pub party: Party,
}

/// How a call is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Handing {
    /// At once, without talking first.
    Blind,
    /// To the voicemail of the other.
    Voicemail,
    /// Waits until the other, who is busy, is free.
    CampOn,
}

/// What can be asked of a live call. Offered only while [`crate::Activity::actions`] names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "act")]
pub enum Control {
    /// Put on hold.
    Hold,
    /// Take back from hold.
    Resume,
    /// Microphone off.
    Mute,
    /// Microphone on.
    Unmute,
    /// Send tones.
    Dtmf {
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digits: String,
    },
    /// Hand the call on to a number.
    Transfer {
        /// The number as typed or as it stands in a contact.
        to: String,
        /// How.
        handing: Handing,
    },
    /// Call somebody while this one waits.
    Consult {
        /// The number as typed or as it stands in a contact.
        to: String,
        /// On which device; absent means the one that carries this call.
        device: Option<DeviceId>,
    },
    /// Join this call with another of the agent's and leave both: the attended transfer.
    Join {
        /// The other.
        with: ActivityId,
        /// Only when the other has answered.
        when_answered: bool,
    },
    /// Talk to both at once.
    Conference {
        /// The other call.
        with: ActivityId,
    },
    /// Put one of the others out of the conference.
    RemoveParticipant {
        /// Whom.
        participant: ParticipantId,
    },
    /// Leave the conference to the others.
    LeaveConference,
    /// Hold this call and take back the other.
    Swap {
        /// The other.
        with: ActivityId,
    },
    /// Go on with the call on another device.
    Move {
        /// To which.
        device: DeviceId,
    },
    /// Leave the call where any colleague can pick it up.
    Park,
    /// Begin to record.
    RecordStart,
    /// End the recording.
    RecordStop,
    /// Interrupt the recording.
    RecordPause,
    /// Go on recording.
    RecordResume,
    /// Keep the recording.
    RecordSave,
    /// Throw the recording away.
    RecordDiscard,
}

impl Control {
    /// The action that must be offered for it.
    pub fn action(&self) -> Action {
        match self {
            Self::Hold => Action::Hold,
            Self::Resume => Action::Resume,
            Self::Mute => Action::Mute,
            Self::Unmute => Action::Unmute,
            Self::Dtmf { .. } => Action::Dtmf,
            Self::Transfer { handing: Handing::Blind, .. } => Action::Transfer,
            Self::Transfer { handing: Handing::Voicemail, .. } => Action::ToVoicemail,
            Self::Transfer { handing: Handing::CampOn, .. } => Action::CampOn,
            Self::Consult { .. } => Action::Consult,
            Self::Join { .. } => Action::Join,
            Self::Conference { .. } => Action::Conference,
            Self::RemoveParticipant { .. } => Action::RemoveParticipant,
            Self::LeaveConference => Action::LeaveConference,
            Self::Swap { .. } => Action::Swap,
            Self::Move { .. } => Action::Move,
            Self::Park => Action::Park,
            Self::RecordStart => Action::RecordStart,
            Self::RecordStop => Action::RecordStop,
            Self::RecordPause => Action::RecordPause,
            Self::RecordResume => Action::RecordResume,
            Self::RecordSave => Action::RecordSave,
            Self::RecordDiscard => Action::RecordDiscard,
        }
    }
}
