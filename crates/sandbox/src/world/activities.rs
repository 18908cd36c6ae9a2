//! What agents work on: one contact of one customer over one channel, from its arrival until it is filed.

use super::{Attachment, ChatLine, LineEvent, Millis, Recording, records::Record};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    Call,
    Email,
    Chat,
    Sms,
    Facebook,
    Instagram,
    Whatsapp,
    Viber,
    Comment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    In,
    Out,
    Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// In the queue: nobody is asked at the moment, anybody may take it.
    Waiting,
    /// Offered to one agent.
    Ringing,
    /// Being worked on. A call stays here after the talk until the agent files it.
    Active,
    Postponed,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LegState {
    Ringing,
    Speaking,
    OnHold,
    Closed,
}

/// Who ended a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EndedBy {
    Customer,
    Agent,
    System,
}

/// Why a call did not come to a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    Abandoned,
    Cancelled,
    Busy,
    NoAnswer,
    Failed,
}

/// One party of a call, as the exchange sees it.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Leg {
    pub id: String,
    /// The agent at this end; none: the customer.
    pub agent: Option<String>,
    pub device: Option<String>,
    pub state: LegState,
    pub ringing_since: Option<Millis>,
    pub speaking_since: Option<Millis>,
    pub closed_at: Option<Millis>,
    /// This end placed the call.
    pub origin: bool,
    /// Number and name of somebody outside who is not the activity's own customer.
    pub outside: Option<String>,
    pub outside_name: Option<String>,
    pub muted: bool,
    /// Digits that were sent from this end.
    pub heard: String,
    pub event: Option<LineEvent>,
    /// Rises with each change that this end shows.
    pub token: i64,
    #[serde(skip)]
    pub look: u64,
}

#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Activity {
    pub id: String,
    /// The running number and the exchange's id of what is behind it (the call, the e-mail …).
    pub item_number: i64,
    pub item_id: String,
    pub channel: Channel,
    pub direction: Direction,
    pub phase: Phase,
    pub queue: Option<u32>,
    pub agent: Option<String>,
    /// Telephone number, e-mail address or handle of the other side.
    pub address: String,
    pub party: String,
    /// The centre's own number that was called.
    pub called: String,
    pub title: String,
    pub text: String,
    /// Further addresses of a letter.
    pub cc: String,
    /// A letter to somebody who is not the customer.
    pub forwarded: bool,
    /// Of a chat that is over, line by line.
    pub lines: Vec<ChatLine>,
    pub contact: Option<String>,
    pub ticket: Option<String>,
    pub record: Option<String>,
    pub legs: Vec<Leg>,
    pub created: Millis,
    pub ringing_since: Option<Millis>,
    pub opened: Option<Millis>,
    pub talk_since: Option<Millis>,
    pub talk_ended: Option<Millis>,
    pub closed: Option<Millis>,
    pub attempts: u32,
    /// Who let it ring or refused it: not asked again.
    pub refused_by: BTreeSet<String>,
    /// Only this agent is asked; the others see it waiting.
    pub reserved_for: Option<String>,
    pub ended_by: Option<EndedBy>,
    pub cause: Option<Cause>,
    pub missed: bool,
    pub called_back: Option<Millis>,
    pub wrap_up_codes: Vec<String>,
    pub note: String,
    pub important: bool,
    pub created_by: Option<String>,
    pub custom: Record,
    pub attachments: Vec<Attachment>,
    /// Several parties speak together, and go on when one leaves.
    pub conference: bool,
    pub recording: Recording,
    /// Anybody may pick it up.
    pub parked: bool,
    /// Waits until the agent it is reserved for puts the receiver down.
    pub camped: bool,
    /// Who passed it on last.
    pub passed_by: Option<String>,
    /// The colleague who is called.
    pub callee: Option<String>,
    /// The call that this one is to be joined with as soon as it is answered.
    pub joins: Option<String>,
    /// Agents who have a line in it.
    pub on_line: BTreeSet<String>,
    /// Whose apps were ever told of it.
    #[serde(skip)]
    pub seen_by: BTreeSet<String>,
    #[serde(skip)]
    pub revision: u64,
}

impl Activity {
    pub(crate) fn new(id: String, number: i64, channel: Channel, direction: Direction, now: Millis) -> Self {
        Self {
            id,
            item_number: number,
            item_id: String::new(),
            channel,
            direction,
            phase: Phase::Waiting,
            queue: None,
            agent: None,
            address: String::new(),
            party: String::new(),
            called: String::new(),
            title: String::new(),
            text: String::new(),
            cc: String::new(),
            forwarded: false,
            lines: Vec::new(),
            contact: None,
            ticket: None,
            record: None,
            legs: Vec::new(),
            created: now,
            ringing_since: None,
            opened: None,
            talk_since: None,
            talk_ended: None,
            closed: None,
            attempts: 0,
            refused_by: BTreeSet::new(),
            reserved_for: None,
            ended_by: None,
            cause: None,
            missed: false,
            called_back: None,
            wrap_up_codes: Vec::new(),
            note: String::new(),
            important: false,
            created_by: None,
            custom: Record::new(),
            attachments: Vec::new(),
            conference: false,
            recording: Recording::default(),
            parked: false,
            camped: false,
            passed_by: None,
            callee: None,
            joins: None,
            on_line: BTreeSet::new(),
            seen_by: BTreeSet::new(),
            revision: 0,
        }
    }

    /// A line is still up: somebody rings, speaks or holds.
    pub(crate) fn line_is_up(&self) -> bool {
        self.legs.iter().any(|leg| leg.state != LegState::Closed)
    }

    /// Seconds of talk so far, or in all when it is over.
    pub(crate) fn talk_seconds(&self, now: Millis) -> i64 {
        self.talk_since.map_or(0, |since| (self.talk_ended.unwrap_or(now) - since) / 1_000)
    }

    pub(super) fn leg_of(&mut self, agent: Option<&str>) -> Option<&mut Leg> {
        self.legs.iter_mut().rev().find(|leg| leg.agent.as_deref() == agent && leg.state != LegState::Closed)
    }
}
