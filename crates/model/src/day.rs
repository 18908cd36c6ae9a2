//! The agent's day: every state and every contact of theirs over all accounts, as a record that is kept on this computer
//! and filled up with what the platforms tell of the past.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AccountId, ActivityId, Channel, Direction, Party, PauseKind, Presence, Problem, QueueRef, Timestamp,
};

/// A calendar day of this computer's time zone, as `2026-03-29`.
pub type DayDate = String;

/// Who says what is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Witness {
    /// Offhook saw it as it happened.
    Seen,
    /// The platform told it afterwards.
    Told,
}

/// What a stretch of a day was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "was")]
pub enum BandState {
    /// The agent's state on the account was this.
    Present {
        /// Whether contacts were taken.
        presence: Presence,
        /// The title of the pause, if one was on.
        pause: Option<String>,
        /// Who set the pause.
        kind: Option<PauseKind>,
        /// Whether it was paid, if the platform says.
        paid: Option<bool>,
        /// Its allowance in minutes, if it has one.
        max_minutes: Option<u32>,
    },
    /// Signed out, as the platform says.
    SignedOut,
    /// The account was not heard: nobody knows.
    Unheard,
}

/// A stretch of a day in which the agent's state on an account did not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StateBand {
    /// The account.
    pub account: AccountId,
    /// What it was.
    pub state: BandState,
    /// From when; never before the day begins.
    pub from: Timestamp,
    /// To when; the present moment for what goes on still, never after the day ends.
    pub to: Timestamp,
    /// Whether it goes on still.
    pub open: bool,
    /// Who says so.
    pub witness: Witness,
}

/// How a contact of the agent's ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactOutcome {
    /// It goes on still.
    Open,
    /// The agent had it.
    Handled,
    /// It rang at the agent and nobody here took it: the caller gave up or it went on.
    Missed,
    /// The agent refused it.
    Declined,
    /// Somebody else took it while it rang here.
    Elsewhere,
    /// The agent called and nobody answered.
    NoAnswer,
}

/// One contact of the agent's with somebody: a call, a chat, an e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactBlock {
    /// Its name: `account/platform's name`.
    pub id: ActivityId,
    /// The account.
    pub account: AccountId,
    /// The channel.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// How it ended.
    pub outcome: ContactOutcome,
    /// The other side.
    pub party: Party,
    /// The queue it came through.
    pub queue: Option<QueueRef>,
    /// When it began for the agent: rang here, was dialled, was taken up.
    pub began: Timestamp,
    /// When the conversation began.
    pub answered: Option<Timestamp>,
    /// When the conversation ended.
    pub ended: Option<Timestamp>,
    /// When its record was closed: up to here is wrap-up.
    pub closed: Option<Timestamp>,
    /// How much of the conversation was on hold, in seconds, as far as known.
    pub hold_seconds: u32,
    /// Whether a missed one was called back, or somebody spoke to the other side since.
    pub returned: bool,
    /// Who says so.
    pub witness: Witness,
}

/// The sums of a day or of a stretch of it. Times in seconds. A contact counts on the day it began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DaySums {
    /// Contacts the agent had.
    pub handled: u32,
    /// Of these, calls.
    pub calls: u32,
    /// Contacts that rang here and were missed.
    pub missed: u32,
    /// Contacts the agent refused.
    pub declined: u32,
    /// Conversation, hold included.
    pub talk: u32,
    /// Of this, on hold.
    pub hold: u32,
    /// After the conversation, until the record was closed or the platform's wrap-up ended.
    pub wrap_up: u32,
    /// Ready on at least one account.
    pub ready: u32,
    /// On a pause of the agent's own on at least one account and ready on none.
    pub paused: u32,
    /// Signed in on at least one account.
    pub signed_in: u32,
    /// Average handle time of calls: conversation and wrap-up; absent without calls.
    pub average_handle: Option<u32>,
}

/// What an agent used of a pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PauseUse {
    /// The title.
    pub title: String,
    /// How often.
    pub times: u32,
    /// How long in all, in seconds.
    pub seconds: u32,
    /// What one may last, in minutes, if it has an allowance.
    pub max_minutes: Option<u32>,
    /// By how much single ones went over it, in seconds in all.
    pub over: u32,
    /// Whether it is paid, if told.
    pub paid: Option<bool>,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Day {
    /// Which.
    pub date: DayDate,
    /// When it begins in this computer's time zone.
    pub begins: Timestamp,
    /// When it ends: 23, 24 or 25 hours later.
    pub ends: Timestamp,
    /// The moment it is told of: for today the present, for another day its end.
    pub until: Timestamp,
    /// States, by account and time, without gaps or overlaps within an account from the first to the last.
    pub bands: Vec<StateBand>,
    /// Contacts, by time.
    pub contacts: Vec<ContactBlock>,
    /// The sums.
    pub sums: DaySums,
    /// The agent's own average of the working days of the four weeks before; absent when there is none.
    pub usual: Option<DaySums>,
    /// How many days that average has.
    pub usual_days: u32,
    /// Pauses, longest first.
    pub pauses: Vec<PauseUse>,
    /// Accounts whose platform could not be asked about this day.
    pub problems: Vec<Problem>,
}

/// Asks for a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
pub struct DayQuery {
    /// Which; absent means today.
    pub date: Option<DayDate>,
    /// Whether the platforms are to be asked about it now; without it what is kept here is answered at once.
    pub ask: bool,
}

/// A day in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayLine {
    /// Which.
    pub date: DayDate,
    /// Its sums.
    pub sums: DaySums,
}

/// Saves days as CSV.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct ExportDays {
    /// From this day on.
    pub from: DayDate,
    /// Up to and with this day.
    pub to: DayDate,
}
