//! What an agent's application needs of the Apps API: start a call, set a status, sign somebody out, ask how long the wait is.
//!
//! It has the same credentials and a base of its own, `/apps/api/v1`. No operation answers, holds, mutes, transfers or
//! ends a call: that stays in the platform's own agent adapter.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::calls::{Call, CallType};
use crate::filters::{Range, question};
use crate::id::Id;
use crate::inferred::EstimatedWait;
use crate::loose::{Loose, record, words};
use crate::menus::{ChannelType, MenuType};

/// A call to be started for an agent: the platform's adapter rings at the agent, then dials.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCall {
    /// Which agent, by e-mail address.
    pub agent_email: String,
    /// Who is called.
    pub to: CallTo,
    /// The number that the customer sees, one of the tenant's; the default number without it.
    pub outbound_number: Option<String>,
    /// In which language (ISO 639-1); English without it.
    pub lang: Option<String>,
    /// What kind of a call: [`CallType::VoiceOutboundApi`], [`CallType::VoiceInboundApi`] or [`CallType::VoiceScheduledApi`].
    pub call_type: CallType,
    /// When, for a scheduled call.
    pub scheduled_at: Option<Timestamp>,
}

/// Who is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallTo {
    /// A number.
    Number(String),
    /// Whoever a ticket of the CRM is about.
    Ticket(String),
}

impl NewCall {
    /// A call from this agent to this number, now.
    pub fn outbound(agent_email: &str, number: &str) -> Self {
        Self {
            agent_email: agent_email.to_owned(),
            to: CallTo::Number(number.to_owned()),
            outbound_number: None,
            lang: None,
            call_type: CallType::VoiceOutboundApi,
            scheduled_at: None,
        }
    }

    pub(crate) fn body(&self) -> Value {
        let (key, to) = match &self.to {
            CallTo::Number(number) => ("end_user_number", number),
            CallTo::Ticket(ticket) => ("ticket_id", ticket),
        };
        let mut body =
            json!({ "call_type": self.call_type.as_str(), "agent_email": self.agent_email, key: to });
        for (key, value) in [("outbound_number", &self.outbound_number), ("lang", &self.lang)] {
            if let Some(value) = value {
                body[key] = value.as_str().into();
            }
        }
        if let Some(at) = &self.scheduled_at {
            body["scheduled_at"] = at.write();
        }
        body
    }
}

/// What became of a call that was to be started.
#[derive(Debug, Clone, PartialEq)]
pub enum CallStarted {
    /// 201: it was made, and waits for the agent. `None` where the platform's record of it could not be read: the call is
    /// there all the same.
    Assigned(Option<Box<Call>>),
    /// 200: the agent has to choose an outbound number in the adapter.
    ChooseNumber,
    /// 202: the agent has to do something in the adapter.
    ActInAdapter,
    /// 400: it was not made.
    Refused(CallRefusal),
}

/// Why a call was not started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRefusal {
    /// Why.
    pub reason: CallRefusalReason,
    /// What the platform said; may be empty.
    pub message: String,
}

words! {
    /// Why a call was not started: the documented sentences.
    pub enum CallRefusalReason {
        /// The agent is in a call, or not available.
        AgentNotAvailable = "Agent is not available to take this call",
        /// It was not said who is to be called.
        NobodyToCall = "ticket_id or end_user_number required",
        /// It was not said for which agent.
        AgentEmailRequired = "Agent email required",
        /// There is no such agent.
        NotAnAgentEmail = "Not a valid agent email",
        /// The agent may not call.
        AgentMayNotCall = "Agent does not have access to make calls",
        /// The number cannot be dialled.
        NumberNotWellFormed = "end_user_number is not well-formed",
        /// The ticket is about nobody who could be called.
        ContactNotFound = "Contact not found",
        /// There is no such kind of a call.
        InvalidCallType = "Invalid call type",
    }
}

/// A status that agents are to have. States of the system (such as In-call) cannot be set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewStatus {
    /// The name of the status.
    pub status: String,
    /// Which agents.
    pub agent_ids: Vec<Id>,
    /// All agents of which teams.
    pub team_ids: Vec<Id>,
}

impl NewStatus {
    /// This status for this agent.
    pub fn of(agent: &Id, status: &str) -> Self {
        Self { status: status.to_owned(), agent_ids: vec![agent.clone()], team_ids: Vec::new() }
    }

    pub(crate) fn body(&self) -> Value {
        json!({ "status": self.status, "agent_ids": ids(&self.agent_ids), "team_ids": ids(&self.team_ids) })
    }
}

pub(crate) fn ids(ids: &[Id]) -> Vec<Value> {
    ids.iter().map(Id::write).collect()
}

record! {
    /// What became of an agent's status.
    pub struct AgentStatus {
        /// Which agent.
        agent_id: Option<Id> = "agent_id",
        /// Whole name.
        name: Option<String> = "name",
        /// E-mail address.
        email: Option<String> = "email",
        /// The number that the administrator gave to the agent.
        agent_number: Option<String> = "agent_number",
        /// The status before.
        previous_status: Option<String> = "previous_status",
        /// The status now; where it is not the wished one, it was not taken.
        current_status: Option<String> = "current_status",
        /// Why not.
        message: Option<String> = "message",
    }
}

record! {
    /// How long somebody who comes to a queue now will wait.
    pub struct WaitTime {
        /// Which queue.
        menu_id: Option<Id> = "menu_id",
        /// What kind it is.
        menu_type: Option<MenuType> = "menu_type",
        /// The way there.
        materialized_path: Option<String> = "materialized_path",
        /// The wait of a call.
        voice_call: Option<EstimatedWait> = "voice_call",
        /// The wait of a chat.
        chat: Option<EstimatedWait> = "chat",
        /// How many of its agents are signed in.
        logged_in_agents: Option<i64> = "logged_in_agents",
        /// How many of them are available.
        available_agents: Option<i64> = "available_agents",
        /// How many more can be reached by calls that may break through.
        breakthrough_agents: Option<i64> = "breakthrough_agents",
    }
}

question! {
    /// For which queues waits are asked. The language has to be said.
    pub struct WaitTimes {
        /// Of which language.
        lang: Option<String> = "lang",
        /// Of this menu and those below it.
        menu_id: Option<Id> = "menu_id",
        /// Of this kind.
        menu_type: Option<MenuType> = "menu_type",
        /// For what.
        channel_type: Option<ChannelType> = "channel_type",
        /// By the wait.
        wait: Range<i64> = "wait",
    }
}

impl WaitTimes {
    /// All queues of a language.
    pub fn of(lang: &str) -> Self {
        Self { lang: Some(lang.to_owned()), ..Self::default() }
    }
}

/// The sentence in a refusal's body.
pub(crate) fn said(body: &Map<String, Value>) -> Option<String> {
    let sentence = |key: &&str| body.get(*key).and_then(|said| String::read(said).ok());
    ["message", "error"].iter().filter_map(sentence).find(|said| !said.trim().is_empty())
}
