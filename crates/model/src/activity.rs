//! Activities: whatever an agent works on (a call, a chat, an e-mail), from the first ring to the wrap-up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, CallControl, ContactMatch, DeviceId, QueueId, TicketId, Timestamp};

id_type! {
    /// Names one activity over all accounts: `account/platform's name`.
    ActivityId
}
id_type! {
    /// The platform's name of a disposition (Daktela: status).
    DispositionId
}

impl ActivityId {
    /// The id of the activity that `account` calls `name`.
    pub fn new(account: &AccountId, name: &str) -> Self {
        Self(format!("{account}/{name}"))
    }

    /// The account it belongs to and the platform's name of it.
    pub fn parts(&self) -> Option<(AccountId, &str)> {
        self.0.split_once('/').map(|(account, name)| (AccountId::from(account), name))
    }
}

/// The channel of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A phone call.
    Call,
    /// An e-mail.
    Email,
    /// A chat on a web page.
    Chat,
    /// A text message.
    Sms,
    /// Facebook Messenger.
    Messenger,
    /// Instagram.
    Instagram,
    /// WhatsApp.
    Whatsapp,
    /// Viber.
    Viber,
    /// A form on a web page.
    Form,
    /// A post or comment in public: on a page, in a forum.
    Social,
    /// A comment or an internal note.
    Comment,
    /// Anything else.
    Other,
}

/// Who began it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The customer.
    In,
    /// The agent.
    Out,
    /// A colleague.
    Internal,
}

/// Where an activity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Waits unassigned: nobody's phone rings, anybody may take it (Daktela: the bell).
    Waiting,
    /// Rings at this agent.
    Ringing,
    /// Dialled by the agent, the other side has not answered yet.
    Dialling,
    /// Being worked on: in a call, in a chat.
    Open,
    /// The conversation is over, the record is still open.
    WrapUp,
    /// Put aside by the agent.
    Postponed,
}

/// How a ringing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RingOutcome {
    /// This agent answered, here or on the device.
    AnsweredHere,
    /// Somebody else answered.
    AnsweredElsewhere,
    /// The caller gave up.
    Abandoned,
    /// This agent declined.
    Rejected,
    /// It rang too long and went on to somebody else.
    TimedOut,
    /// It no longer rings and the platform does not say why.
    Unknown,
}

/// What the platform offers for an activity now. Only these are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Take it: a ringing call, or one that waits.
    Answer,
    /// Refuse it while it rings.
    Decline,
    /// End the conversation.
    Hangup,
    /// Close the record, with dispositions where they are asked for.
    Close,
    /// Put the call on hold.
    Hold,
    /// Take the call back from hold.
    Resume,
    /// Microphone off.
    Mute,
    /// Microphone on.
    Unmute,
    /// Send tones.
    Dtmf,
    /// Hand the call on without talking first.
    Transfer,
    /// Hand the call on to a voicemail.
    ToVoicemail,
    /// Hand the call on to somebody busy, to wait there.
    CampOn,
    /// Call somebody while this call waits.
    Consult,
    /// Join this call with another and leave both.
    Join,
    /// Talk to both at once.
    Conference,
    /// Put somebody out of the conference.
    RemoveParticipant,
    /// Leave the conference to the others.
    LeaveConference,
    /// Hold this call and take back another.
    Swap,
    /// Go on with the call on another device.
    Move,
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

/// One disposition that may be set when closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Disposition {
    /// The platform's name.
    pub id: DispositionId,
    /// What the agent reads.
    pub title: String,
    /// The platform's explanation.
    pub description: Option<String>,
}

/// What wrap-up asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WrapUpRules {
    /// The dispositions of the queue; empty when it has none.
    pub dispositions: Vec<Disposition>,
    /// Whether at least one must be set.
    pub required: bool,
    /// Whether several may be set.
    pub multiple: bool,
}

/// What the agent has typed so far. Kept locally until the platform confirmed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Plain text.
    pub note: String,
    /// Chosen dispositions.
    pub dispositions: Vec<DispositionId>,
}

/// A phone number as heard and as understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Phone {
    /// As the platform sent it.
    pub raw: String,
    /// E.164, when the number is valid.
    pub e164: Option<String>,
    /// For reading: international or national form, or the raw text.
    pub display: String,
    /// ISO country code, when known.
    pub country: Option<String>,
}

/// The other side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Party {
    /// The name the platform gives.
    pub name: Option<String>,
    /// The company the platform gives.
    pub company: Option<String>,
    /// The number, for calls and texts.
    pub phone: Option<Phone>,
    /// Any other address (e-mail).
    pub address: Option<String>,
}

/// A queue in passing: enough to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueRef {
    /// The platform's name, when the agent may see it.
    pub id: Option<QueueId>,
    /// What the agent reads.
    pub title: String,
}

/// A ticket in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketRef {
    /// The account it is on.
    pub account: AccountId,
    /// Its name.
    pub id: TicketId,
    /// The number or code that agents and customers say.
    pub number: String,
    /// Subject.
    pub title: String,
    /// The platform's word for its stage.
    pub stage: Option<String>,
}

/// One activity as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Activity {
    /// Its name.
    pub id: ActivityId,
    /// The account it is on.
    pub account: AccountId,
    /// The channel.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// Where it stands.
    pub phase: Phase,
    /// Since when it stands there.
    pub phase_since: Timestamp,
    /// When it began (first seen, where the platform does not say).
    pub began_at: Timestamp,
    /// When the conversation began, if it has.
    pub answered_at: Option<Timestamp>,
    /// When the conversation ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// Subject or title as the platform gives it.
    pub title: Option<String>,
    /// The other side.
    pub party: Party,
    /// Who that may be, over all accounts, best match first.
    pub matches: Vec<ContactMatch>,
    /// The queue it came through.
    pub queue: Option<QueueRef>,
    /// The ticket it belongs to.
    pub ticket: Option<TicketRef>,
    /// The device that carries the call, if known.
    pub device: Option<DeviceId>,
    /// Whether the call is on hold, as the platform says.
    pub on_hold: bool,
    /// What the platform offers now.
    pub actions: Vec<Action>,
    /// Where it opens on the platform's own page, for what can only be done there.
    pub web: Option<String>,
    /// What else the platform tells of it.
    pub facts: Vec<ActivityFact>,
    /// Live control of the call, where the platform has it.
    pub call: Option<CallControl>,
    /// What closing asks for.
    pub wrap_up: WrapUpRules,
    /// What the agent has typed.
    pub draft: Draft,
}

/// One ringing: what alerts stand for. Activities that are the same physical call share one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ring {
    /// The activity that answers it.
    pub activity: ActivityId,
    /// Since when it rings.
    pub since: Timestamp,
    /// How it ended; absent while it rings.
    pub ended: Option<RingOutcome>,
}

/// What a fact of a contact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Whether the platform has made sure who the other side is: `yes` or `no`.
    Verified,
    /// How long the other side waited, in seconds.
    Waited,
    /// The language of the conversation (ISO 639-1).
    Language,
    /// The number the other side called, or sees.
    Line,
    /// Somebody else in the conversation: name and how they stand to it.
    Participant,
    /// It went on, from or to a queue or somebody.
    Transfer,
    /// The recording; `link` opens it on the platform.
    Recording,
    /// The ticket of the platform's CRM; `link` opens it.
    Ticket,
    /// Something the other side sent; `link` opens it on the platform.
    Media,
    /// Why it failed, in the platform's words.
    Failure,
    /// What became of it, in the platform's words, beyond what Offhook knows.
    Outcome,
    /// What the other side gave, of five.
    Rating,
    /// How long it was on hold, in seconds.
    Held,
    /// Anything else, as `platform's name: value`.
    Other,
}

/// Something a platform tells of a contact beyond what Offhook has a place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActivityFact {
    /// What it is about.
    pub kind: FactKind,
    /// The fact: plain text; a number where the kind says so.
    pub value: String,
    /// Where more of it is: http or https, opened in the browser.
    pub link: Option<String>,
}
