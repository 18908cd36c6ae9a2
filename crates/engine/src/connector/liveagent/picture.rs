//! How the account looks now: the agent, the departments, and what rings or is talked in.

use std::collections::BTreeMap;

use liveagent::Agent;
use liveagent::conversations::{Conversation, Status};
use liveagent::onlinestatus::AgentOnlineState;
use model::{
    Capability, Channel, Direction, Party, Phase, Presence, Queue, QueueId, QueueJoin, QueueRef, Reach,
    Timestamp,
};

use super::book::{Names, given};
use super::inferred;
use crate::numbers;
use crate::sight::{Fate, Seen, SeenAgent, Sight};

/// A conversation that is live at this agent.
#[derive(Clone, Debug)]
pub(super) struct LiveOne {
    pub(super) conversation: Conversation,
    pub(super) phase: Phase,
    pub(super) outgoing: bool,
    pub(super) began_at: Option<Timestamp>,
    /// Its page in the agent's panel.
    pub(super) web: String,
}

/// What is known of the account.
#[derive(Debug)]
pub(super) struct Picture {
    email: String,
    region: String,
    agent: Option<Agent>,
    state: Option<AgentOnlineState>,
    names: Option<std::sync::Arc<Names>>,
    live: BTreeMap<String, LiveOne>,
    left: Vec<(String, Fate)>,
    can_dial: bool,
    unreadable: u32,
}

impl Picture {
    pub(super) fn new(email: String, region: String) -> Self {
        Self {
            email,
            region,
            agent: None,
            state: None,
            names: None,
            live: BTreeMap::new(),
            left: Vec::new(),
            can_dial: false,
            unreadable: 0,
        }
    }

    pub(super) fn region(&self) -> String {
        self.region.clone()
    }

    pub(super) fn set_region(&mut self, region: &str) {
        region.clone_into(&mut self.region);
    }

    /// The agent's userid, once signed in.
    pub(super) fn me(&self) -> Option<String> {
        self.agent.as_ref().map(|agent| agent.id.clone())
    }

    pub(super) fn signed_in(&mut self, agent: Agent) {
        self.agent = Some(agent);
    }

    pub(super) fn dials(&mut self, can: bool) {
        self.can_dial = can;
    }

    pub(super) fn named(&mut self, names: std::sync::Arc<Names>) {
        self.names = Some(names);
    }

    /// How agents can be reached; the own line is among them unless the platform hides it.
    pub(super) fn reached(&mut self, states: Vec<AgentOnlineState>) {
        let me = self.me();
        let is_me = |state: &AgentOnlineState| {
            Some(&state.id) == me.as_ref()
                || state.username.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&self.email))
        };
        self.state = states.into_iter().find(is_me);
    }

    /// What was live at the last look and is not among these.
    pub(super) fn ended(&self, now: &[String]) -> Vec<(String, Phase)> {
        let gone = self.live.iter().filter(|(id, _)| !now.contains(id));
        gone.map(|(id, live)| (id.clone(), live.phase)).collect()
    }

    /// A new look at what is live.
    pub(super) fn looked(&mut self, live: Vec<LiveOne>, left: Vec<(String, Fate)>, unreadable: usize) {
        self.live = live.into_iter().map(|one| (one.conversation.id.clone(), one)).collect();
        self.left.extend(left);
        self.unreadable = self.unreadable.saturating_add(u32::try_from(unreadable).unwrap_or(u32::MAX));
    }

    /// How many ring.
    pub(super) fn ringing(&self) -> usize {
        self.live.values().filter(|live| live.phase == Phase::Ringing).count()
    }

    /// A conversation that was talked in at the last look and has not changed since: what is in it need not be read again.
    pub(super) fn talked_in(&self, now: &Conversation) -> Option<LiveOne> {
        let known = self.live.get(&now.id)?;
        let same = known.conversation.changed == now.changed && known.conversation.status == now.status;
        (same && known.phase == Phase::Open).then(|| known.clone())
    }

    /// The account as it looks now; nothing before it is known who the agent is.
    pub(super) fn sight(&mut self) -> Option<Sight> {
        let agent = self.agent.as_ref()?;
        let online = self.state.as_ref().and_then(|state| state.online.as_ref());
        let name = [given(agent.first_name.clone()), given(agent.last_name.clone())];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(Sight {
            agent: SeenAgent {
                username: self.email.clone(),
                name: if name.is_empty() { self.email.clone() } else { name },
                presence: if self.state.is_some() { inferred::presence(online) } else { Presence::Unknown },
                pause: None,
                since: None,
                reach: if self.live.values().any(|live| live.phase == Phase::Open && is_call(live)) {
                    Reach::Busy
                } else {
                    inferred::reach(online)
                },
                always_ready: false,
                pauses: Vec::new(),
            },
            queues: self.queues(),
            devices: Vec::new(),
            lines: Vec::new(),
            presence: None,
            capabilities: self.capabilities(),
            missed: 0,
            announcements: Vec::new(),
            activities: self.live.values().map(|live| self.seen(live)).collect(),
            left: std::mem::take(&mut self.left),
            unreadable: self.unreadable,
        })
    }

    fn capabilities(&self) -> Vec<Capability> {
        let mut offered = vec![
            Capability::Contacts,
            Capability::Tickets,
            Capability::CreateTickets,
            Capability::Knowledge,
            Capability::QueueStatistics,
            Capability::PastDays,
        ];
        offered.extend(self.can_dial.then_some(Capability::Dial));
        offered
    }

    fn queues(&self) -> Vec<Queue> {
        let departments = self.names.iter().flat_map(|names| &names.departments);
        departments
            .map(|(id, name)| Queue {
                id: QueueId(id.clone()),
                title: name.clone(),
                kind: "department".to_owned(),
                outgoing: false,
                join: QueueJoin::Never,
                logged_in: false,
            })
            .collect()
    }

    /// The other side of a conversation.
    pub(super) fn party(&self, conversation: &Conversation, is_call: bool) -> Party {
        let name = given(conversation.owner_name.clone());
        // A caller who is nobody's customer yet is named by the number.
        let phone = name.as_deref().map(|name| numbers::parse(name, &self.region));
        let phone = phone.filter(|parsed| is_call && parsed.phone.e164.is_some()).map(|parsed| parsed.phone);
        Party {
            name: name.filter(|_| phone.is_none()),
            company: None,
            phone,
            address: given(conversation.owner_email.clone()),
        }
    }

    fn seen(&self, live: &LiveOne) -> Seen {
        let conversation = &live.conversation;
        let channel = if is_call(live) { Channel::Call } else { Channel::Chat };
        let department = given(conversation.department.clone());
        let title = given(conversation.department_name.clone()).or_else(|| {
            let names = self.names.as_ref()?;
            names.department(department.as_deref()?).map(|named| named.title)
        });
        Seen {
            name: conversation.id.clone(),
            channel,
            direction: if live.outgoing { Direction::Out } else { Direction::In },
            phase: live.phase,
            began_at: live.began_at,
            answered_at: None,
            ended_at: None,
            title: given(conversation.subject.clone()),
            party: self.party(conversation, is_call(live)),
            contact: None,
            queue: title.map(|title| QueueRef { id: department.map(QueueId), title }),
            ticket: None,
            device: None,
            on_hold: false,
            actions: Vec::new(),
            web: Some(live.web.clone()),
            facts: Vec::new(),
            call: None,
            wrap_up: model::WrapUpRules::default(),
        }
    }
}

fn is_call(live: &LiveOne) -> bool {
    live.conversation.status == Some(Status::Calling)
}
