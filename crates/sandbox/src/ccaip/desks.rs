//! What each agent's widget shows: the status and since when, and the log of everything that changed it.
//!
//! A widget shows the system's own states (in a call, wrap-up, in a chat) before what the agent chose. What happened at one
//! moment is taken together, so that a state that lasted no time is not logged.

use super::statuses::{self, AVAILABLE, BREAKTHROUGH, IN_CALL, IN_CHAT, UNAVAILABLE, UNRESPONSIVE, WRAP_UP};
use crate::world::{Agent, Millis, Presence, World};
use std::collections::{BTreeMap, BTreeSet};

/// Things this close together happened at one moment.
const ONE_MOMENT: Millis = 20;

/// What an agent is by choice, or by what the centre did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// Not logged in.
    Offline,
    Chosen(u32),
    /// After-call work.
    After,
}

#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub base: Base,
    /// What was set by the API and is nothing of the world's; holds until the world changes.
    pub over: Option<u32>,
    /// Calls with a line that is up, calls that are to be filed, and chats.
    pub calls: BTreeSet<i64>,
    pub unfiled: BTreeSet<i64>,
    pub chats: BTreeSet<i64>,
    pub shown: Option<u32>,
    pub since: Millis,
    pub logged_in: Option<Millis>,
    /// The last call that the agent had, and since when its after-call work lasts.
    pub last_call: Option<i64>,
    pub after_since: Option<Millis>,
    /// A status was chosen during a call and shows when it is over.
    pub pending: bool,
    status_log: Option<usize>,
}

impl Desk {
    fn new(since: Millis) -> Self {
        Self {
            base: Base::Offline,
            over: None,
            calls: BTreeSet::new(),
            unfiled: BTreeSet::new(),
            chats: BTreeSet::new(),
            shown: None,
            since,
            logged_in: None,
            last_call: None,
            after_since: None,
            pending: false,
            status_log: None,
        }
    }

    /// What the widget shows; none: nobody is logged in.
    fn status(&self) -> Option<u32> {
        let chosen = match self.base {
            Base::Offline => return None,
            _ if !self.calls.is_empty() => return Some(IN_CALL),
            Base::After => return Some(self.over.unwrap_or(WRAP_UP)),
            _ if !self.unfiled.is_empty() => return Some(WRAP_UP),
            Base::Chosen(status) => self.over.unwrap_or(status),
        };
        let works = chosen == AVAILABLE || chosen == BREAKTHROUGH;
        Some(if works && !self.chats.is_empty() { IN_CHAT } else { chosen })
    }
}

/// One line of the activity log.
#[derive(Debug, Clone)]
pub(super) struct Log {
    pub id: i64,
    pub agent: String,
    pub activity: &'static str,
    pub status: u32,
    pub from: Millis,
    /// None: it lasts.
    pub to: Option<Millis>,
    pub call: Option<i64>,
    pub chat: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Desks {
    all: BTreeMap<String, Desk>,
    pub logs: Vec<Log>,
    /// Whose state is to be looked at, as of when.
    stirred: BTreeMap<String, Millis>,
}

impl Desks {
    pub(super) fn get(&self, agent: &str) -> Option<&Desk> {
        self.all.get(agent)
    }

    pub(super) fn desk(&mut self, agent: &str, at: Millis) -> &mut Desk {
        self.all.entry(agent.to_owned()).or_insert_with(|| Desk::new(at))
    }

    /// Changes what stands on a desk; what it shows is looked at when the moment is over.
    pub(super) fn change(&mut self, agent: &str, at: Millis, change: impl FnOnce(&mut Desk)) {
        if agent.is_empty() {
            return;
        }
        change(self.desk(agent, at));
        self.stirred.entry(agent.to_owned()).or_insert(at);
    }

    /// Writes a line of something that took no time.
    pub(super) fn log(
        &mut self,
        agent: &str,
        at: Millis,
        activity: &'static str,
        call: Option<i64>,
        chat: Option<i64>,
    ) {
        let status = self.all.get(agent).and_then(|d| d.shown).unwrap_or(UNAVAILABLE);
        self.write(agent, activity, status, at, Some(at), call, chat);
    }

    #[allow(clippy::too_many_arguments)] // the columns of one line
    pub(super) fn write(
        &mut self,
        agent: &str,
        activity: &'static str,
        status: u32,
        from: Millis,
        to: Option<Millis>,
        call: Option<i64>,
        chat: Option<i64>,
    ) -> usize {
        let id = 500_000 + i64::try_from(self.logs.len()).unwrap_or(0);
        self.logs.push(Log { id, agent: agent.to_owned(), activity, status, from, to, call, chat });
        self.logs.len() - 1
    }

    /// Ends moments that are over by `at`.
    pub(super) fn settle(&mut self, at: Millis) {
        let over: Vec<String> = self
            .stirred
            .iter()
            .filter(|(_, since)| at - **since > ONE_MOMENT)
            .map(|(a, _)| a.clone())
            .collect();
        for agent in over {
            if let Some(since) = self.stirred.remove(&agent) {
                self.show(&agent, since);
            }
        }
    }

    /// Ends every moment: nothing more is known for now.
    pub(super) fn settle_all(&mut self) {
        for (agent, since) in std::mem::take(&mut self.stirred) {
            self.show(&agent, since);
        }
    }

    fn show(&mut self, agent: &str, at: Millis) {
        let Some(desk) = self.all.get_mut(agent) else { return };
        let (before, now) = (desk.shown, desk.status());
        if before == now {
            return;
        }
        (desk.shown, desk.since) = (now, at);
        let ended = desk.status_log.take();
        let pending = desk.calls.is_empty() && desk.unfiled.is_empty() && std::mem::take(&mut desk.pending);
        match (before, now) {
            (None, Some(_)) => desk.logged_in = Some(at),
            (Some(_), None) => desk.logged_in = None,
            _ => {}
        }
        if let Some(line) = ended.and_then(|line| self.logs.get_mut(line)) {
            line.to = Some(at);
        }
        match (before, now) {
            (Some(last), None) => drop(self.write(agent, "logout", last, at, Some(at), None, None)),
            (before, Some(status)) => {
                if before.is_none() {
                    self.write(agent, "login", status, at, Some(at), None, None);
                }
                if pending {
                    self.write(agent, "status_after_inquiries_applied", status, at, Some(at), None, None);
                }
                let line = self.write(agent, "user_status_changed", status, at, None, None, None);
                self.desk(agent, at).status_log = Some(line);
            }
            (None, None) => {}
        }
    }
}

/// What an agent's presence means here.
pub(super) fn base_of(world: &World, agent: &Agent) -> Base {
    match agent.presence {
        Presence::SignedOut => Base::Offline,
        Presence::NotReady => Base::Chosen(UNAVAILABLE),
        Presence::Ready => Base::Chosen(AVAILABLE),
        Presence::Paused => paused(world, agent.pause.as_deref().unwrap_or("")),
    }
}

/// What a pause of the centre means here.
pub(super) fn paused(world: &World, pause: &str) -> Base {
    let kind = world.records.find("pauses", pause).map_or("", |p| crate::world::records::text(p, "kind"));
    match kind {
        "wrap_up" => Base::After,
        "inactive" => Base::Chosen(UNRESPONSIVE),
        _ => Base::Chosen(statuses::of_pause(world, pause).unwrap_or(UNAVAILABLE)),
    }
}
