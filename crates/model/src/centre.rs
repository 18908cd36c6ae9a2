//! What a contact centre runs beside queues: campaigns and teams.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Problem, QueueRef, Timestamp};

/// A campaign: a list of people the centre calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Campaign {
    /// The account.
    pub account: AccountId,
    /// The platform's name.
    pub id: String,
    /// What the agent reads.
    pub title: String,
    /// How it dials, in the platform's word (`preview`).
    pub mode: String,
    /// Where it stands, in the platform's word (`dialing`).
    pub state: String,
    /// Whether it dials now, as far as that word is known.
    pub running: Option<bool>,
    /// The queue its calls come through.
    pub queue: Option<QueueRef>,
    /// How many people it is to reach, if told.
    pub contacts: Option<u32>,
    /// How many of them are done with, if told.
    pub done: Option<u32>,
    /// All its counts, in the platform's order and words.
    pub counts: Vec<Count>,
    /// When it began or begins.
    pub begins: Option<Timestamp>,
    /// When it ended or ends.
    pub ends: Option<Timestamp>,
}

/// A count in the platform's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Count {
    /// Of what.
    pub what: String,
    /// How many. The platform may count in fractions (redials per number), so in words.
    pub value: String,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Team {
    /// The account.
    pub account: AccountId,
    /// The platform's name.
    pub id: String,
    /// What the agent reads.
    pub title: String,
    /// The platform's name of the team it is part of.
    pub parent: Option<String>,
    /// Whether the agent is in it.
    pub mine: bool,
    /// Who is in it, as far as told.
    pub members: Vec<TeamMember>,
}

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TeamMember {
    /// Name.
    pub name: String,
    /// The state, in the platform's words; absent when signed out or not told.
    pub presence: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// What the centres of all accounts run, as far as they tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Centre {
    /// Campaigns, running ones first.
    pub campaigns: Vec<Campaign>,
    /// Teams, as trees: a parent before its children.
    pub teams: Vec<Team>,
    /// Accounts that could not be asked.
    pub problems: Vec<Problem>,
}
