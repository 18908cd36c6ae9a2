//! The rest of the agent's day on a telephone platform: diversions, voicemail, texts, calendar conferences, and the
//! contacts an agent keeps there.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, ContactId, DeviceId, LineId, Timestamp};

id_type! {
    /// The platform's name of a calendar conference.
    ConferenceId
}

/// When calls are diverted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum DiversionCase {
    /// Always.
    Always,
    /// When the line is busy.
    Busy,
    /// When busy in a call.
    BusyInCall,
    /// When busy in a call or out of reach.
    BusyInCallOrUnreachable,
    /// When busy or out of reach.
    BusyOrUnreachable,
    /// When nobody answers.
    NoAnswer,
    /// When nobody answers or out of reach.
    NoAnswerOrUnreachable,
    /// When out of reach.
    Unreachable,
    /// The platform's word, where it is not one we know.
    Other {
        /// The word.
        word: String,
    },
}

/// One rule: in this case, to this number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiversionRule {
    /// In which case.
    pub case: DiversionCase,
    /// To which number; absent when the rule is off.
    pub number: Option<String>,
}

/// The rules of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineDiversions {
    /// The platform's name of the line in its rules (`PRIMARY`).
    pub line: LineId,
    /// The number of the line.
    pub number: String,
    /// The rules, in the platform's order.
    pub rules: Vec<DiversionRule>,
}

/// Where a presence activity diverts calls to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActivityDiversion {
    /// The activity.
    pub activity: crate::PresenceId,
    /// What the agent reads.
    pub title: String,
    /// To which number; absent when nowhere.
    pub number: Option<String>,
}

/// All diversions of the agent on an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Diversions {
    /// The number calls are diverted to right now; absent when they are not.
    pub active: Option<String>,
    /// By line and case.
    pub lines: Vec<LineDiversions>,
    /// By presence activity.
    pub activities: Vec<ActivityDiversion>,
}

/// Changes one diversion.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "divert")]
pub enum DiversionChange {
    /// The number of this moment; absent takes it away.
    Active {
        /// To which number.
        number: Option<String>,
        /// Whether it ends with the next change of presence.
        until_presence_changes: bool,
    },
    /// One rule of one line; absent turns it off.
    Rule {
        /// The line.
        line: LineId,
        /// The case.
        case: DiversionCase,
        /// To which number.
        number: Option<String>,
    },
    /// What a presence activity does; absent takes it away.
    Activity {
        /// The activity.
        activity: crate::PresenceId,
        /// To which number.
        number: Option<String>,
    },
}

/// Changes one diversion of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SetDiversion {
    /// The account.
    pub account: AccountId,
    /// What.
    pub change: DiversionChange,
}

/// The voicemail of the agent. Absent parts are not offered by the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct VoicemailSettings {
    /// Callers may leave messages.
    pub enabled: Option<bool>,
    /// Callers hear the presence activity.
    pub says_activity: Option<bool>,
    /// Callers hear when the agent is back.
    pub says_end: Option<bool>,
    /// Callers may reach a person instead.
    pub offers_person: Option<bool>,
    /// That person's number.
    pub person_number: Option<String>,
    /// A text tells of a message.
    pub by_sms: Option<bool>,
    /// An e-mail tells of a message.
    pub by_email: Option<bool>,
    /// The e-mail has the message with it.
    pub attached: Option<bool>,
    /// The box can call the sender back.
    pub callback: Option<bool>,
}

/// Keeps the voicemail settings of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SaveVoicemail {
    /// The account.
    pub account: AccountId,
    /// All of them.
    pub settings: VoicemailSettings,
}

/// Sends a text message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SendSms {
    /// Through which account.
    pub account: AccountId,
    /// To which numbers.
    pub to: Vec<String>,
    /// What.
    pub text: String,
}

/// A conference of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarConference {
    /// The platform's name.
    pub id: ConferenceId,
    /// The account.
    pub account: AccountId,
    /// What the agent reads.
    pub title: String,
    /// When it begins.
    pub begins: Timestamp,
    /// When it ends.
    pub ends: Option<Timestamp>,
    /// Who called it.
    pub organiser: Option<String>,
    /// Who takes part.
    pub participants: Vec<String>,
    /// Numbers to dial in with.
    pub numbers: Vec<String>,
    /// The code to dial in with.
    pub pin: Option<String>,
    /// What is noted.
    pub note: Option<String>,
}

/// Joins a conference of the calendar or leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct TakePart {
    /// The account.
    pub account: AccountId,
    /// Which.
    pub conference: ConferenceId,
    /// In or out.
    pub join: bool,
    /// On which device; absent lets the platform choose.
    pub device: Option<DeviceId>,
}

/// How a contact is marked on its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactMark {
    /// A favourite there.
    Favourite,
    /// Always put through.
    Vip,
    /// Never put through.
    Blocked,
}

/// Marks a contact on its platform.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct MarkContact {
    /// Which.
    pub contact: ContactId,
    /// How; absent takes the mark away.
    pub mark: Option<ContactMark>,
}

/// What an agent keeps of a personal contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ContactFields {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Company.
    pub company: String,
    /// E-mail address.
    pub email: String,
    /// Numbers with the platform's word for their kind.
    pub numbers: Vec<LabelledNumber>,
}

/// A number with the platform's word for its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabelledNumber {
    /// The kind (`WORK`).
    pub label: String,
    /// The number as typed.
    pub number: String,
}

/// Keeps a personal contact on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SaveContact {
    /// On which account.
    pub account: AccountId,
    /// Which; absent makes a new one.
    pub contact: Option<ContactId>,
    /// What to keep.
    pub fields: ContactFields,
}
