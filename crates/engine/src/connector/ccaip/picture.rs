//! How the account looks now: the agent and the agent's state, the queues, and what rings or is open.

use ccaip::{Agent, AgentActivityLog, Id, StatusSetting, UserStatus};
use jiff::Timestamp as Moment;
use model::{
    Capability, Channel, Pause, PauseId, PauseKind, Phase, Presence, Queue, QueueJoin, Reach, WrapUpRules,
};

use super::inferred::{self, Standing};
use super::live::{Live, WrappingUp};
use super::story::{Key, Kind, Story, given, queue_id};
use super::{board, moment};
use crate::sight::{Fate, Seen, SeenAgent, Sight};

/// The agent's state as it was last told.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) name: String,
    since: Option<Moment>,
    wraps_up: bool,
    /// What the platform says about being on hold, as it came.
    on_hold: bool,
}

/// What is known of the account.
#[derive(Debug)]
pub(super) struct Picture {
    username: String,
    pub(super) region: String,
    pub(super) agent: Option<Agent>,
    /// Absent until told; signed out is a state.
    state: Option<State>,
    /// The wrap-up was not told of since the last contact ended.
    wrap_up_untold: bool,
    statuses: Vec<UserStatus>,
    pub(super) live: Live,
    pub(super) board: board::Board,
    left: Vec<(String, Fate)>,
    portal: String,
    pub(super) unreadable: u32,
    /// The last line of the log that was read.
    pub(super) log_read: Option<Moment>,
    /// How often the state was set from here: an older look says nothing about it.
    pub(super) orders: u64,
}

impl Picture {
    pub(super) fn new(username: String, region: String, portal: String) -> Self {
        Self {
            username,
            region,
            agent: None,
            state: None,
            wrap_up_untold: false,
            statuses: Vec::new(),
            live: Live::default(),
            board: board::Board::default(),
            left: Vec::new(),
            portal,
            unreadable: 0,
            log_read: None,
            orders: 0,
        }
    }

    /// The agent's number, once known.
    pub(super) fn me(&self) -> Option<Id> {
        self.agent.as_ref().map(|agent| agent.id.clone())
    }

    /// The record of the agent, with the state in it.
    pub(super) fn is_agent(&mut self, agent: Agent) {
        let name = agent.status.as_ref().and_then(|status| given(status.name.as_deref()));
        // Somebody who is not signed in has no state, or keeps the last one.
        let name = if agent.online == Some(false) { Some("Offline".to_owned()) } else { name };
        let on_hold = self.state.as_ref().is_some_and(|state| state.on_hold) && self.live.talks();
        self.state = name.map(|name| {
            let wraps_up = agent.wrap_up == Some(true) || is_wrap_up(&name);
            State { name, since: agent.status_updated_at, wraps_up, on_hold }
        });
        self.wrap_up_untold = false;
        self.agent = Some(agent);
    }

    /// The own line of those who are signed in; without one the agent is not.
    pub(super) fn is_listed(&mut self, line: Option<&ccaip::AgentCurrentStatus>) {
        let name = line.and_then(|line| given(line.status.as_ref()?.name.as_deref()));
        let since = line.and_then(|line| line.status_updated_at);
        let on_hold = line.is_some_and(|line| line.hold().any(|(_, value)| says_held(value)));
        self.state = match (line, name) {
            (None, _) => Some(State { name: "Offline".to_owned(), since: None, wraps_up: false, on_hold }),
            (Some(_), Some(name)) => {
                // This list lacks the flag, so what it said of this same state still holds.
                let flagged = self
                    .state
                    .as_ref()
                    .is_some_and(|known| known.wraps_up && known.name == name && known.since == since);
                Some(State { wraps_up: flagged || is_wrap_up(&name), name, since, on_hold })
            }
            (Some(_), None) => None,
        };
        self.wrap_up_untold = false;
    }

    /// The agent's state is this, as an order's answer or the log says.
    pub(super) fn became(&mut self, name: &str, since: Moment) {
        let on_hold = self.state.as_ref().is_some_and(|state| state.on_hold) && self.live.talks();
        let name = name.trim().to_owned();
        self.state = Some(State { wraps_up: is_wrap_up(&name), name, since: Some(since), on_hold });
        self.wrap_up_untold = false;
    }

    /// Lines of the agent's log: what was offered and taken, and how the state changed.
    pub(super) fn logged(&mut self, lines: &[AgentActivityLog], now: Moment) {
        self.live.logged(lines, now);
        self.log_read = lines.iter().filter_map(|line| line.started_at).max().max(self.log_read);
        let told = lines.iter().filter_map(|line| {
            use ccaip::Activity as A;
            let name = match line.activity.as_ref()? {
                A::UserStatusChanged | A::StatusAfterInquiriesApplied => {
                    line.status.as_ref().and_then(|status| given(status.name.as_deref()))?
                }
                A::Logout => "Offline".to_owned(),
                _ => return None,
            };
            Some((line.started_at?, name))
        });
        let known = self.state.as_ref().and_then(|state| state.since);
        if let Some((since, name)) = told.max()
            && known.is_none_or(|known| since > known)
        {
            self.became(&name, since);
        }
    }

    pub(super) fn has_statuses(&self) -> bool {
        !self.statuses.is_empty()
    }

    pub(super) fn knows_statuses(&mut self, statuses: Vec<UserStatus>) {
        self.statuses = statuses;
    }

    /// The platform's word for a pause of ours.
    pub(super) fn status_of(&self, pause: &PauseId) -> Option<String> {
        self.statuses.iter().find(|status| pause_id(status).as_ref() == Some(pause))?.name.clone()
    }

    pub(super) fn standing(&self) -> Option<Standing> {
        self.state.as_ref().map(|state| inferred::standing(&state.name))
    }

    fn wrapping_up(&self) -> WrappingUp {
        match &self.state {
            _ if self.wrap_up_untold => WrappingUp::Untold,
            Some(state) if state.wraps_up => WrappingUp::Yes,
            _ => WrappingUp::No,
        }
    }

    /// Works out how everything live stands after a look; says whether the state should be asked for, because a contact
    /// ended.
    pub(super) fn looked(&mut self, now: Moment) -> bool {
        let Some(me) = self.me() else { return false };
        let wrapped = self.live.wraps_up();
        let told_already = self.state.as_ref().is_some_and(|state| state.wraps_up);
        let doubt = if wrapped { self.wrapping_up() } else { WrappingUp::Untold };
        let left = self.live.stand(&me, doubt, now);
        self.left.extend(left);
        let is_new = self.live.wraps_up() && !wrapped && !told_already;
        if is_new {
            self.wrap_up_untold = true;
        }
        is_new
    }

    /// The account as it looks now; nothing before it is known who the agent is and in which state.
    pub(super) fn sight(&mut self, now: Moment) -> Option<Sight> {
        let me = self.me()?;
        let doubt = self.wrapping_up();
        let left = self.live.stand(&me, doubt, now);
        self.left.extend(left);
        let shown = self.live.shown();
        let activities: Vec<Seen> =
            shown.map(|(key, phase, story)| self.seen(key, phase, story, &me)).collect();
        Some(Sight {
            agent: self.seen_agent()?,
            queues: self.queues(),
            devices: Vec::new(),
            lines: Vec::new(),
            presence: None,
            capabilities: self.capabilities(),
            missed: 0,
            announcements: Vec::new(),
            activities,
            left: std::mem::take(&mut self.left),
            unreadable: self.unreadable,
        })
    }

    fn seen_agent(&self) -> Option<SeenAgent> {
        let agent = self.agent.as_ref()?;
        let name = [given(agent.first_name.as_deref()), given(agent.last_name.as_deref())];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let standing = self.standing();
        let pause = self.state.as_ref().and_then(|state| match standing? {
            Standing::Given(kind) => Some(given_pause(&state.name, kind)),
            Standing::Pause => {
                let known =
                    self.pauses().into_iter().find(|pause| pause.title.eq_ignore_ascii_case(&state.name));
                Some(known.unwrap_or_else(|| given_pause(&state.name, PauseKind::Custom)))
            }
            _ => None,
        });
        let wraps_up = self.state.as_ref().is_some_and(|state| state.wraps_up);
        let (presence, pause) = match pause {
            // The flag may be told without the state of that name.
            None if wraps_up => (Presence::Paused, Some(given_pause("Wrap-up", PauseKind::WrapUp))),
            pause => (standing.map_or(Presence::Unknown, Standing::presence), pause),
        };
        Some(SeenAgent {
            username: self.username.clone(),
            name: if name.is_empty() { self.username.clone() } else { name },
            presence,
            pause,
            since: self.state.as_ref().and_then(|state| state.since).map(moment),
            reach: match standing {
                _ if self.live.talks() => Reach::Busy,
                Some(Standing::Busy(reach)) => reach,
                Some(Standing::SignedOut) => Reach::Unreachable,
                Some(_) => Reach::Reachable,
                None => Reach::Unknown,
            },
            always_ready: false,
            pauses: self.pauses(),
        })
    }

    /// The states of the tenant's own that an agent may choose.
    fn pauses(&self) -> Vec<Pause> {
        let nobodys = |setting: &StatusSetting| setting.all_roles_restricted == Some(true);
        let chosen = self.statuses.iter().filter(|status| {
            let name = status.name.as_deref().unwrap_or_default();
            inferred::standing(name) == Standing::Pause && !status.setting.as_ref().is_some_and(nobodys)
        });
        let pause = |status: &UserStatus| {
            Some(Pause {
                id: pause_id(status)?,
                title: given(status.name.as_deref())?,
                kind: PauseKind::Custom,
                paid: None,
                max_minutes: None,
            })
        };
        chosen.filter_map(pause).collect()
    }

    fn capabilities(&self) -> Vec<Capability> {
        let mut offered = vec![
            Capability::Ready,
            Capability::Dial,
            Capability::QueueStatistics,
            Capability::History,
            Capability::PastDays,
            Capability::Centre,
        ];
        offered.extend((!self.statuses.is_empty()).then_some(Capability::Pauses));
        offered
    }

    /// The menus that the agent answers.
    fn queues(&self) -> Vec<Queue> {
        let channels = self.agent.iter().flat_map(|agent| &agent.channels);
        let queue = |of: &ccaip::AgentChannel| {
            let menu = of.menu.as_ref()?;
            let channel = channel_of(of);
            Some(Queue {
                id: queue_id(&menu.id, channel),
                title: self.board.title(&menu.id).or_else(|| given(menu.name.as_deref()))?,
                kind: of.channel_type.as_ref().map_or("", |kind| kind.as_str()).to_owned(),
                outgoing: false,
                join: QueueJoin::Fixed,
                logged_in: !matches!(self.standing(), None | Some(Standing::SignedOut)),
            })
        };
        channels.filter_map(queue).collect()
    }

    fn seen(&self, key: &Key, phase: Phase, story: Option<&Story>, me: &Id) -> Seen {
        let party = story.map(|story| story.party.clone()).unwrap_or_default();
        let part = story.map(|story| story.part(me)).unwrap_or_default();
        let is_open = matches!(phase, Phase::Open | Phase::WrapUp);
        let queue = story.and_then(|story| story.queue.clone()).map(|mut queue| {
            let menu = queue.id.as_ref().and_then(|id| id.as_str().split('/').next().map(Id::from));
            if let Some(title) = menu.and_then(|menu| self.board.title(&menu)) {
                queue.title = title;
            }
            queue
        });
        Seen {
            name: key.name(),
            channel: story
                .map_or(if key.kind == Kind::Call { Channel::Call } else { Channel::Chat }, |s| s.channel),
            direction: story.map_or(model::Direction::In, |story| story.direction),
            phase,
            began_at: story.and_then(|story| story.created).map(moment),
            answered_at: part.answered.filter(|_| is_open).map(moment),
            ended_at: story.and_then(|story| story.ended).filter(|_| phase == Phase::WrapUp).map(moment),
            title: story.and_then(|story| story.title.clone()),
            party,
            contact: None,
            queue,
            ticket: None,
            device: None,
            on_hold: phase == Phase::Open
                && key.kind == Kind::Call
                && self.state.as_ref().is_some_and(|state| state.on_hold),
            actions: Vec::new(),
            web: Some(self.portal.clone()),
            facts: story.map(|story| story.facts.clone()).unwrap_or_default(),
            call: None,
            wrap_up: WrapUpRules::default(),
        }
    }
}

/// What arrives through a queue of the agent's.
pub(super) fn channel_of(of: &ccaip::AgentChannel) -> Channel {
    match &of.channel_type {
        Some(ccaip::ChannelType::VoiceCall) => Channel::Call,
        Some(ccaip::ChannelType::Other(word)) if word.to_ascii_lowercase().contains("mail") => Channel::Email,
        _ => Channel::Chat,
    }
}

fn is_wrap_up(name: &str) -> bool {
    inferred::standing(name) == Standing::Given(PauseKind::WrapUp)
}

/// Whether a value that speaks of being on hold says that the agent is: yes, or for so long.
fn says_held(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::Bool(yes) => *yes,
        Value::Number(seconds) => seconds.as_f64().is_some_and(|seconds| seconds > 0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "false" | "no"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

fn pause_id(status: &UserStatus) -> Option<PauseId> {
    let id = status.id.as_ref().map(Id::to_string).or_else(|| given(status.name.as_deref()));
    id.map(PauseId)
}

fn given_pause(name: &str, kind: PauseKind) -> Pause {
    Pause { id: PauseId(name.to_owned()), title: name.to_owned(), kind, paid: None, max_minutes: None }
}

/// A stretch of a day in this state, in our words.
pub(super) fn band_state(name: &str) -> model::BandState {
    let standing = inferred::standing(name);
    let (pause, kind) = match standing {
        Standing::SignedOut => return model::BandState::SignedOut,
        Standing::Given(kind) => (Some(name.to_owned()), Some(kind)),
        Standing::Pause => (Some(name.to_owned()), Some(PauseKind::Custom)),
        _ => (None, None),
    };
    model::BandState::Present { presence: standing.presence(), pause, kind, paid: None, max_minutes: None }
}
