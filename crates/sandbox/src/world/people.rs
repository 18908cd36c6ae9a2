//! Agents, what they sit at, and how they come and go.
//!
//! An agent is signed out, signed in but not ready, ready, or paused. Only a ready agent with a reachable device gets
//! calls. A change that an agent's app should hear about is told by [`World::touch`]: it stamps the topic with a new
//! revision and wakes whoever waits on that agent.

use super::{Due, Millis, Refusal, World, records::text};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::watch;

/// What an agent's app can be told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Activities,
    Presence,
    Queues,
    Missed,
    Announcements,
    Reload,
}

pub(crate) const TOPICS: [Topic; 6] =
    [Topic::Activities, Topic::Presence, Topic::Queues, Topic::Missed, Topic::Announcements, Topic::Reload];

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Presence {
    SignedOut,
    NotReady,
    Ready,
    Paused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceKind {
    Sip,
    External,
}

/// A telephone that an agent can be reached at.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Device {
    pub id: String,
    pub kind: DeviceKind,
    pub title: String,
    /// The only agent that may use it; none: shared.
    pub owner: Option<String>,
    pub reachable: bool,
    /// Made for contact-centre work (others are plain office telephones).
    pub contact_centre: bool,
}

#[derive(Debug)]
pub(crate) struct Agent {
    pub id: String,
    pub name: String,
    pub alias: String,
    pub email: String,
    pub password: String,
    pub timezone: String,
    pub profile: String,
    pub role: String,
    /// Ready as soon as signed in, and never asked.
    pub static_login: bool,
    pub presence: Presence,
    /// Since when in this presence.
    pub since: Millis,
    pub signed_in: Option<Millis>,
    pub last_call: Option<Millis>,
    pub last_queue: Option<u32>,
    pub pause: Option<String>,
    pub wrap_up_until: Option<Millis>,
    pub devices: Vec<String>,
    /// Queue → penalty.
    pub queues: BTreeMap<u32, u32>,
    /// What rings at the agent or is being worked on.
    pub current: BTreeSet<String>,
    /// Calls in which the agent has a line that is up.
    pub lines: BTreeSet<String>,
    /// An app in which calls are filed speaks for this agent.
    pub files: bool,
    /// A vendor's own page is open for this agent, on which the telephone rings: it keeps the agent signed in.
    pub adapter: bool,
    pub missed: u32,
    pub reload: bool,
    /// Rights that were taken away.
    pub denied: BTreeSet<String>,
    /// Nobody's app drives this agent: the scenario does.
    pub simulated: bool,
    pub last_heard: Millis,
    pub polls_in_flight: u32,
    /// Open event streams of the agent's app.
    pub streams: u32,
    pub most_polls_in_flight: u32,
    changed: [u64; TOPICS.len()],
    pub(super) bell: watch::Sender<u64>,
}

impl Agent {
    pub(crate) fn new(id: &str, name: &str, now: Millis) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            alias: id.to_owned(),
            email: format!("{id}@offhook.example"),
            password: format!("practice-{id}"),
            timezone: "_AUTOMATIC_".to_owned(),
            profile: "agents".to_owned(),
            role: "agent".to_owned(),
            static_login: false,
            presence: Presence::SignedOut,
            since: now,
            signed_in: None,
            last_call: None,
            last_queue: None,
            pause: None,
            wrap_up_until: None,
            devices: Vec::new(),
            queues: BTreeMap::new(),
            current: BTreeSet::new(),
            lines: BTreeSet::new(),
            files: false,
            adapter: false,
            missed: 0,
            reload: false,
            denied: BTreeSet::new(),
            simulated: false,
            last_heard: now,
            polls_in_flight: 0,
            streams: 0,
            most_polls_in_flight: 0,
            changed: [0; TOPICS.len()],
            bell: watch::Sender::new(0),
        }
    }

    /// The revision at which a topic last changed.
    pub(crate) fn changed(&self, topic: Topic) -> u64 {
        self.changed[topic as usize]
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    fn enter(&mut self, presence: Presence, now: Millis) {
        self.presence = presence;
        self.since = now;
        self.pause = None;
        self.wrap_up_until = None;
    }
}

impl World {
    /// Something of `topic` changed for this agent: stamp it and wake the agent's app.
    pub(crate) fn touch(&mut self, agent: &str, topic: Topic) {
        self.revision += 1;
        let revision = self.revision;
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.changed[topic as usize] = revision;
            agent.bell.send_replace(revision);
        }
        self.pulse.send_replace(revision);
    }

    /// Wakes whoever waits on this agent, for news that are none of the world's.
    pub(crate) fn wake(&mut self, agent: &str) {
        self.revision += 1;
        let revision = self.revision;
        if let Some(agent) = self.agents.get(agent) {
            agent.bell.send_replace(revision);
        }
        self.pulse.send_replace(revision);
    }

    /// An app of this agent was heard of.
    pub(crate) fn heard(&mut self, id: &str) {
        let now = self.now();
        if let Some(agent) = self.agents.get_mut(id) {
            agent.last_heard = now;
        }
    }

    pub(crate) fn agent(&self, id: &str) -> Result<&Agent, Refusal> {
        self.agents.get(id).ok_or(Refusal::NoSuchAgent)
    }

    fn agent_mut(&mut self, id: &str) -> Result<&mut Agent, Refusal> {
        self.agents.get_mut(id).ok_or(Refusal::NoSuchAgent)
    }

    /// An app in which calls are filed speaks for this agent from now on; signs the agent in if need be.
    pub(crate) fn sign_in_to_file(&mut self, id: &str) {
        if let Some(agent) = self.agents.get_mut(id) {
            agent.files = true;
        }
        self.sign_in(id);
    }

    /// An app speaks for this agent from now on; signs the agent in if need be.
    pub(crate) fn sign_in(&mut self, id: &str) {
        let now = self.now();
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.last_heard = now;
        let was_simulated = std::mem::take(&mut agent.simulated);
        if was_simulated {
            self.clear_desk(id);
            self.leave_all(id);
        } else if agent.presence != Presence::SignedOut {
            return;
        }
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.enter(Presence::NotReady, now);
        agent.signed_in = Some(now);
        let always_ready = agent.static_login;
        self.touch(id, Topic::Presence);
        self.note("agent.signed_in", id, "");
        if always_ready {
            // A static login that lacks a device stays not ready; that is the platform's problem, not the agent's.
            let _ = self.go_ready(id);
        }
    }

    /// Leaves queues and devices, and hands back what was ringing.
    pub(crate) fn sign_out(&mut self, id: &str) {
        let now = self.now();
        self.leave_all(id);
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.enter(Presence::SignedOut, now);
        agent.signed_in = None;
        (agent.files, agent.adapter) = (false, false);
        self.touch(id, Topic::Presence);
        self.note("agent.signed_out", id, "");
    }

    /// Takes part in the work: into the queues that are joined by themselves, and free for calls.
    pub(crate) fn go_ready(&mut self, id: &str) -> Result<(), Refusal> {
        let now = self.now();
        let agent = self.agent(id)?;
        let must_have_device = self
            .records
            .find("profiles", &agent.profile)
            .and_then(|p| p.get("device_required"))
            .is_some_and(|v| v == true);
        if must_have_device && agent.devices.is_empty() {
            return Err(Refusal::NoDevice);
        }
        let automatic: Vec<u32> = self
            .queues
            .values()
            .filter(|q| !q.deactivated && matches!(self.queue_login(&agent.profile, q.id), "auto" | "fix"))
            .filter(|q| !(agent.devices.is_empty() && q.needs_device()))
            .map(|q| q.id)
            .collect();
        let agent = self.agent_mut(id)?;
        let was = agent.presence;
        for queue in automatic {
            agent.queues.entry(queue).or_insert(0);
        }
        if was != Presence::Ready {
            agent.enter(Presence::Ready, now);
        }
        self.touch(id, Topic::Presence);
        self.touch(id, Topic::Queues);
        self.touch(id, Topic::Activities);
        self.note("agent.ready", id, "");
        if was != Presence::Ready {
            self.became_ready(id);
        }
        self.distribute();
        Ok(())
    }

    /// Signed in, but no longer taking part.
    pub(crate) fn go_not_ready(&mut self, id: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.agent(id)?;
        self.leave_all(id);
        self.agent_mut(id)?.enter(Presence::NotReady, now);
        self.touch(id, Topic::Presence);
        self.note("agent.not_ready", id, "");
        Ok(())
    }

    fn leave_all(&mut self, id: &str) {
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.queues.clear();
        agent.devices.clear();
        let current: Vec<String> = agent.current.iter().cloned().collect();
        for activity in current {
            self.give_back(&activity, id);
        }
        self.touch(id, Topic::Queues);
        self.touch(id, Topic::Activities);
    }

    pub(crate) fn start_pause(&mut self, id: &str, pause: &str) -> Result<(), Refusal> {
        if self.records.find("pauses", pause).is_none() {
            return Err(Refusal::NoSuchPause);
        }
        if matches!(self.agent(id)?.presence, Presence::SignedOut | Presence::NotReady) {
            return Err(Refusal::NotReady);
        }
        self.put_on_pause(id, pause, None);
        Ok(())
    }

    pub(crate) fn end_pause(&mut self, id: &str) -> Result<(), Refusal> {
        let now = self.now();
        let agent = self.agent_mut(id)?;
        if agent.presence == Presence::Paused {
            agent.enter(Presence::Ready, now);
            self.touch(id, Topic::Presence);
            self.note("agent.ready", id, "pause ended");
            self.distribute();
        }
        Ok(())
    }

    /// Puts the agent on a pause, whoever wanted it: the agent, or the platform after a call or a missed ring.
    pub(super) fn put_on_pause(&mut self, id: &str, pause: &str, until: Option<Millis>) {
        let now = self.now();
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.enter(Presence::Paused, now);
        agent.pause = Some(pause.to_owned());
        agent.wrap_up_until = until;
        if let Some(until) = until {
            self.agenda.add(until, Due::WrapUpOver { agent: id.to_owned(), until });
        }
        self.touch(id, Topic::Presence);
        self.note("agent.paused", id, pause);
    }

    /// The first pause of that kind (`wrap_up`, `inactive` …), if the centre has one.
    pub(super) fn pause_of_kind(&self, kind: &str) -> Option<String> {
        self.records.list("pauses").find(|p| text(p, "kind") == kind).map(|p| text(p, "id").to_owned())
    }

    /// Devices that this agent could take now: the own ones and free shared ones.
    pub(crate) fn available_devices(&self, id: &str) -> Vec<&Device> {
        let taken: BTreeSet<&str> = self
            .agents
            .values()
            .filter(|a| a.id != id)
            .flat_map(|a| a.devices.iter().map(String::as_str))
            .collect();
        let mine = |d: &&Device| {
            d.owner.as_deref().is_none_or(|owner| owner == id) && !taken.contains(d.id.as_str())
        };
        self.devices.values().filter(mine).collect()
    }

    pub(crate) fn attach_device(&mut self, id: &str, device: &str) -> Result<(), Refusal> {
        if self.agent(id)?.presence == Presence::SignedOut {
            return Err(Refusal::NotReady);
        }
        if !self.available_devices(id).iter().any(|d| d.id == device) {
            return Err(Refusal::NoSuchDevice);
        }
        let agent = self.agent_mut(id)?;
        if !agent.devices.iter().any(|d| d == device) {
            agent.devices.push(device.to_owned());
        }
        self.touch(id, Topic::Presence);
        self.distribute();
        Ok(())
    }

    pub(crate) fn detach_device(&mut self, id: &str, device: &str) -> Result<(), Refusal> {
        let agent = self.agent(id)?;
        if !agent.devices.iter().any(|d| d == device) {
            return Err(Refusal::NoSuchDevice);
        }
        let in_call_queue =
            agent.queues.keys().any(|q| self.queues.get(q).is_some_and(super::Queue::needs_device));
        if agent.devices.len() == 1 && in_call_queue {
            return Err(Refusal::QueuesNeedDevice);
        }
        self.agent_mut(id)?.devices.retain(|d| d != device);
        self.touch(id, Topic::Presence);
        Ok(())
    }

    /// Whether a device answers the exchange's keep-alives.
    pub(crate) fn set_device_reachable(&mut self, device: &str, reachable: bool) -> Result<(), Refusal> {
        self.devices.get_mut(device).ok_or(Refusal::NoSuchDevice)?.reachable = reachable;
        let users: Vec<String> = self
            .agents
            .values()
            .filter(|a| {
                a.devices.iter().any(|d| d == device) || self.devices[device].owner.as_ref() == Some(&a.id)
            })
            .map(|a| a.id.clone())
            .collect();
        for agent in users {
            self.touch(&agent, Topic::Presence);
        }
        self.distribute();
        Ok(())
    }

    /// Takes part in one queue by telephone: signed in, at an own device, free for its calls alone.
    pub(crate) fn join_by_telephone(&mut self, id: &str, queue: u32) -> Result<(), Refusal> {
        let now = self.now();
        let profile = &self.agent(id)?.profile;
        if self.queue_login(profile, queue).is_empty() {
            return Err(Refusal::QueueForbidden);
        }
        self.sign_in(id);
        if self.agent(id)?.devices.is_empty() {
            let own =
                self.available_devices(id).into_iter().find(|d| d.owner.is_some()).map(|d| d.id.clone());
            self.attach_device(id, &own.ok_or(Refusal::NoDevice)?)?;
        }
        let agent = self.agent(id)?;
        // Who has an app for being ready says so there, and only there.
        let becomes_ready = !agent.files && agent.presence == Presence::NotReady;
        if becomes_ready {
            self.agent_mut(id)?.enter(Presence::Ready, now);
            self.note("agent.ready", id, "");
        }
        self.join_queue(id, queue, 0)?;
        if self.agent(id)?.presence == Presence::Ready {
            self.became_ready(id);
        }
        Ok(())
    }

    /// How an agent of this profile gets into a queue: `""` (may not), `auto`, `manual` or `fix`.
    pub(crate) fn queue_login(&self, profile: &str, queue: u32) -> &str {
        let profile = self.records.find("profiles", profile);
        profile.and_then(|p| p.get("queues")?.get(queue.to_string())?.as_str()).unwrap_or("")
    }

    pub(crate) fn join_queue(&mut self, id: &str, queue: u32, penalty: u32) -> Result<(), Refusal> {
        let agent = self.agent(id)?;
        let wanted = self.queues.get(&queue).filter(|q| !q.deactivated).ok_or(Refusal::NoSuchQueue)?;
        if self.queue_login(&agent.profile, queue).is_empty() {
            return Err(Refusal::QueueForbidden);
        }
        if agent.presence == Presence::SignedOut {
            return Err(Refusal::NotReady);
        }
        if wanted.needs_device() && agent.devices.is_empty() {
            return Err(Refusal::NoDevice);
        }
        self.agent_mut(id)?.queues.insert(queue, penalty);
        self.touch(id, Topic::Queues);
        self.touch(id, Topic::Activities);
        self.distribute();
        Ok(())
    }

    pub(crate) fn leave_queue(&mut self, id: &str, queue: u32) -> Result<(), Refusal> {
        let agent = self.agent(id)?;
        if !agent.queues.contains_key(&queue) {
            return Err(Refusal::NoSuchQueue);
        }
        if self.queue_login(&agent.profile, queue) == "fix" {
            return Err(Refusal::QueueForbidden);
        }
        self.agent_mut(id)?.queues.remove(&queue);
        self.touch(id, Topic::Queues);
        self.touch(id, Topic::Activities);
        Ok(())
    }

    /// Whether the exchange can reach the agent anywhere.
    pub(crate) fn reachable(&self, agent: &Agent) -> bool {
        agent.devices.iter().any(|d| self.devices.get(d).is_some_and(|d| d.reachable))
    }

    /// Ends the wrap-up that was to last until `until`.
    pub(super) fn wrap_up_over(&mut self, id: &str, until: Millis) {
        if self.agents.get(id).is_some_and(|a| a.wrap_up_until == Some(until)) {
            // The agent is there: it was just looked up.
            let _ = self.end_pause(id);
        }
    }

    /// Signs out whoever has not been heard of for the allowed time.
    pub(super) fn sign_out_the_silent(&mut self) {
        let now = self.now();
        let limit = self.rules.inactivity_logout;
        if limit > 0 {
            let silent = |a: &&Agent| {
                a.presence != Presence::SignedOut
                    && !a.simulated
                    && !a.adapter
                    && a.polls_in_flight == 0
                    && a.streams == 0
                    && now - a.last_heard > limit
            };
            let gone: Vec<String> = self.agents.values().filter(silent).map(|a| a.id.clone()).collect();
            for id in gone {
                self.note("agent.inactive", &id, "");
                self.sign_out(&id);
            }
        }
        self.agenda.add(now + 30 * super::SECOND, Due::Inactivity);
    }
}
