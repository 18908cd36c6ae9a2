//! The life of an activity: arrival, distribution, answer, talk, end, filing. The states are told in the parent module.

use super::lines::{HELD, RESUMED};
use super::{
    Activity, Agent, Channel, Direction, EndedBy, Leg, LegState, Phase, Presence, Refusal, SECOND, Topic,
    World, records::text,
};

/// Something comes in from a customer.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub channel: Channel,
    pub address: String,
    /// The caller's name as the network tells it; empty: looked up among the contacts.
    pub party: String,
    pub queue: u32,
    pub reserved_for: Option<String>,
    pub text: String,
}

impl World {
    /// Takes something in and offers it to somebody if anybody is free.
    pub(crate) fn arrive(&mut self, arrival: Arrival) -> Result<String, Refusal> {
        let queue = self.queues.get(&arrival.queue).ok_or(Refusal::NoSuchQueue)?;
        let (called, queue_name) = (queue.address.clone(), queue.name.clone());
        let now = self.now();
        let id = self.draw_activity_id();
        let number = self.draw_item_number();
        let mut activity = Activity::new(id.clone(), number, arrival.channel, Direction::In, now);
        activity.item_id = self.draw_item_id(arrival.channel);
        activity.queue = Some(arrival.queue);
        activity.called = called;
        activity.reserved_for = arrival.reserved_for;
        activity.text = arrival.text;
        self.know_the_party(&mut activity, &arrival.address, &arrival.party);
        activity.title =
            if activity.party.is_empty() { arrival.address.clone() } else { activity.party.clone() };
        if arrival.channel == Channel::Call {
            let mut caller = self.new_leg(None, None, LegState::Ringing);
            caller.origin = true;
            activity.legs.push(caller);
        }
        self.note("activity.arrived", "", &format!("{id} {} in {queue_name}", arrival.address));
        self.open.insert(id.clone());
        self.activities.insert(id.clone(), activity);
        self.distribute();
        if self.activities.get(&id).is_some_and(|a| a.phase == Phase::Waiting) {
            self.changed(&id, &[]);
        }
        Ok(id)
    }

    pub(super) fn know_the_party(&self, activity: &mut Activity, address: &str, party: &str) {
        activity.address = address.to_owned();
        let contact = self.contact_by_address(address);
        activity.contact = contact.map(|c| text(c, "id").to_owned());
        activity.party = if party.is_empty() {
            contact.map_or(String::new(), |c| text(c, "title").to_owned())
        } else {
            party.to_owned()
        };
    }

    /// The contact who has this number or address, compared by its digits or without regard to case.
    pub(crate) fn contact_by_address(&self, address: &str) -> Option<&super::Record> {
        let wanted = comparable(address);
        if wanted.is_empty() {
            return None;
        }
        self.records.list("contacts").find(|contact| {
            let custom = contact.get("custom").and_then(|c| c.as_object());
            let values = custom.into_iter().flat_map(|c| c.values()).filter_map(|v| v.as_array()).flatten();
            values.filter_map(|v| v.as_str()).any(|v| comparable(v) == wanted)
        })
    }

    pub(crate) fn draw_item_id(&mut self, channel: Channel) -> String {
        match channel {
            Channel::Call => format!("{}.{}", self.now() / 1_000, self.dice.between(1_000, 999_999)),
            Channel::Email => format!("emails_{}", self.dice.hex(20)),
            Channel::Chat
            | Channel::Sms
            | Channel::Facebook
            | Channel::Instagram
            | Channel::Whatsapp
            | Channel::Viber
            | Channel::Comment => format!("items_{}", self.dice.hex(20)),
        }
    }

    pub(super) fn new_leg(&mut self, agent: Option<&str>, device: Option<String>, state: LegState) -> Leg {
        let now = self.now();
        Leg {
            id: format!("channels_{}", self.dice.hex(16)),
            agent: agent.map(str::to_owned),
            device,
            state,
            ringing_since: Some(now),
            speaking_since: (state == LegState::Speaking).then_some(now),
            closed_at: None,
            origin: false,
            outside: None,
            outside_name: None,
            muted: false,
            heard: String::new(),
            event: None,
            token: 0,
            look: 0,
        }
    }

    /// Tells everybody who sees or saw the activity that it changed, and `agents` that their line did.
    pub(super) fn changed(&mut self, id: &str, agents: &[&str]) {
        self.revision += 1;
        let revision = self.revision;
        let Some(activity) = self.activities.get_mut(id) else { return };
        activity.revision = revision;
        let activity = &self.activities[id];
        let viewers: Vec<String> = self
            .agents
            .values()
            .filter(|a| {
                activity.seen_by.contains(&a.id) || agents.contains(&a.id.as_str()) || Self::sees(a, activity)
            })
            .map(|a| a.id.clone())
            .collect();
        for viewer in &viewers {
            self.touch(viewer, Topic::Activities);
        }
        for agent in agents {
            self.touch(agent, Topic::Presence);
        }
        self.follow_lines(id);
    }

    /// Whether the agent's list of open and waiting activities shows it.
    pub(crate) fn sees(agent: &Agent, activity: &Activity) -> bool {
        if activity.phase == Phase::Closed || agent.presence == Presence::SignedOut {
            return false;
        }
        match &activity.agent {
            Some(owner) => *owner == agent.id,
            None => {
                activity.phase == Phase::Waiting
                    && activity.queue.is_some_and(|q| agent.queues.contains_key(&q))
            }
        }
    }

    /// Takes it: what rings here, or what waits in one of the agent's queues.
    pub(crate) fn accept(&mut self, agent_id: &str, id: &str, device: Option<&str>) -> Result<(), Refusal> {
        let agent = self.agent(agent_id)?;
        let activity = self.activities.get(id).ok_or(Refusal::NoSuchActivity)?;
        match activity.phase {
            Phase::Ringing | Phase::Active if activity.agent.as_deref() != Some(agent_id) => {
                return Err(Refusal::AlreadyTaken);
            }
            Phase::Active | Phase::Closed => return Err(Refusal::NotRinging),
            Phase::Waiting if !Self::sees(agent, activity) => return Err(Refusal::QueueForbidden),
            Phase::Ringing | Phase::Waiting | Phase::Postponed => {}
        }
        let is_call = activity.channel == Channel::Call;
        let device = if is_call { Some(self.answering_device(agent, device)?) } else { None };
        let other_call = |a: &Activity| a.id != id && a.channel == Channel::Call && a.line_is_up();
        if is_call && agent.current.iter().filter_map(|c| self.activities.get(c)).any(other_call) {
            return Err(Refusal::CallInProgress);
        }
        self.connect(id, agent_id, device);
        Ok(())
    }

    fn answering_device(&self, agent: &Agent, named: Option<&str>) -> Result<String, Refusal> {
        match (named, agent.devices.as_slice()) {
            (_, []) => Err(Refusal::NoDevice),
            (Some(named), attached) => {
                attached.iter().find(|d| *d == named).cloned().ok_or(Refusal::NoSuchDevice)
            }
            (None, [only]) => Ok(only.clone()),
            (None, _) => Err(Refusal::WhichDevice),
        }
    }

    /// Puts agent and customer together.
    pub(super) fn connect(&mut self, id: &str, agent_id: &str, device: Option<String>) {
        let now = self.now();
        let fresh = self.new_leg(Some(agent_id), device.clone(), LegState::Speaking);
        let Some(activity) = self.activities.get_mut(id) else { return };
        let before = activity.agent.replace(agent_id.to_owned());
        activity.phase = Phase::Active;
        activity.opened = Some(now);
        activity.talk_since = Some(now);
        (activity.camped, activity.parked) = (false, false);
        let mut left = Vec::new();
        if activity.channel == Channel::Call {
            for leg in &mut activity.legs {
                let theirs = leg.agent.is_none() || leg.agent.as_deref() == Some(agent_id);
                if leg.state == LegState::Ringing && theirs {
                    leg.state = LegState::Speaking;
                    leg.speaking_since = Some(now);
                } else if !theirs && leg.state != LegState::Closed {
                    leg.state = LegState::Closed;
                    leg.closed_at = Some(now);
                    left.extend(leg.agent.clone());
                }
            }
            match activity.leg_of(Some(agent_id)) {
                Some(leg) => leg.device = device.or(leg.device.take()),
                None => activity.legs.push(fresh),
            }
        }
        let queue = activity.queue;
        let before = before.filter(|b| b != agent_id);
        left.extend(before.clone());
        for gone in &left {
            if let Some(agent) = self.agents.get_mut(gone) {
                agent.current.remove(id);
            }
        }
        if let Some(agent) = self.agents.get_mut(agent_id) {
            agent.current.insert(id.to_owned());
            agent.last_call = Some(now);
            agent.last_queue = queue;
        }
        self.note("activity.answered", agent_id, id);
        self.talk_began(id);
        self.recording_begins(id);
        match &before {
            Some(before) => {
                self.changed(id, &[agent_id, before]);
                self.next_traffic_after(before);
            }
            None => self.changed(id, &[agent_id]),
        }
    }

    /// Somebody else was quicker.
    pub(crate) fn answered_elsewhere(&mut self, id: &str, agent_id: &str) -> Result<(), Refusal> {
        self.agent(agent_id)?;
        let activity = self.activities.get(id).ok_or(Refusal::NoSuchActivity)?;
        if !matches!(activity.phase, Phase::Ringing | Phase::Waiting) {
            return Err(Refusal::NotRinging);
        }
        self.connect(id, agent_id, None);
        self.distribute();
        Ok(())
    }

    /// The agent puts the customer on hold, or takes the talk up again.
    pub(crate) fn hold(&mut self, id: &str, hold: LegState) -> Result<(), Refusal> {
        let activity = self.activities.get_mut(id).ok_or(Refusal::NoSuchActivity)?;
        let (from, to) = match hold {
            LegState::OnHold => (LegState::Speaking, LegState::OnHold),
            _ => (LegState::OnHold, LegState::Speaking),
        };
        let agent = activity.agent.clone().ok_or(Refusal::NoLine)?;
        let leg = activity.leg_of(Some(&agent)).filter(|leg| leg.state == from).ok_or(Refusal::NoLine)?;
        leg.state = to;
        self.note(if to == LegState::OnHold { HELD } else { RESUMED }, &agent, id);
        self.changed(id, &[&agent]);
        Ok(())
    }

    pub(super) fn owned(&self, agent_id: &str, id: &str) -> Result<&Activity, Refusal> {
        let activity = self.activities.get(id).ok_or(Refusal::NoSuchActivity)?;
        if activity.agent.as_deref() == Some(agent_id) { Ok(activity) } else { Err(Refusal::NotYours) }
    }

    /// Whether these codes may be given to an activity of that queue.
    pub(crate) fn check_codes(&self, queue: Option<u32>, codes: &[String]) -> Result<(), Refusal> {
        let queue = queue.and_then(|q| self.queues.get(&q));
        let allowed = |code: &String| {
            self.records.find("wrap_up_codes", code).is_some()
                && queue.is_none_or(|q| q.wrap_up_codes.is_empty() || q.wrap_up_codes.contains(code))
        };
        if let Some(unknown) = codes.iter().find(|c| !allowed(c)) {
            return Err(Refusal::NoSuchCode(unknown.clone()));
        }
        match queue {
            Some(q) if q.code_required && codes.is_empty() => Err(Refusal::CodeRequired),
            Some(q) if !q.several_codes && codes.len() > 1 => Err(Refusal::OnlyOneCode),
            _ => Ok(()),
        }
    }

    /// Files the activity with its codes (none: those that it has); after-call work begins.
    pub(crate) fn close(
        &mut self,
        agent_id: &str,
        id: &str,
        codes: Option<Vec<String>>,
    ) -> Result<(), Refusal> {
        let activity = self.owned(agent_id, id)?;
        match activity.phase {
            Phase::Closed => return Err(Refusal::AlreadyClosed),
            Phase::Active if activity.line_is_up() && !self.rules.close_hangs_up => {
                return Err(Refusal::CallInProgress);
            }
            Phase::Waiting | Phase::Ringing | Phase::Active | Phase::Postponed => {}
        }
        let codes = codes.unwrap_or_else(|| activity.wrap_up_codes.clone());
        self.check_codes(activity.queue, &codes)?;
        if activity.line_is_up() {
            self.end_talk(id, EndedBy::Agent, None);
        }
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id) else { return Err(Refusal::NoSuchActivity) };
        activity.phase = Phase::Closed;
        activity.closed = Some(now);
        activity.wrap_up_codes = codes;
        let (queue, channel) = (activity.queue, activity.channel);
        self.open.remove(id);
        self.note("activity.closed", agent_id, id);
        if let Some(agent) = self.agents.get_mut(agent_id) {
            agent.current.remove(id);
        }
        self.changed(id, &[agent_id]);
        self.after_call_work(agent_id, queue, channel);
        self.next_traffic_after(agent_id);
        self.distribute();
        Ok(())
    }

    /// After-call work of that queue begins, if it has any.
    pub(super) fn after_call_work(&mut self, agent_id: &str, queue: Option<u32>, channel: Channel) {
        let of_queue = queue.and_then(|q| self.queues.get(&q)).map_or(0, |q| q.wrap_up_seconds);
        let seconds = self.rules.wrap_up_seconds.unwrap_or(of_queue);
        let ready = self.agents.get(agent_id).is_some_and(|a| a.presence == Presence::Ready);
        if channel == Channel::Call
            && seconds > 0
            && ready
            && let Some(pause) = self.pause_of_kind("wrap_up")
        {
            let until = self.now() + seconds * SECOND;
            self.put_on_pause(agent_id, &pause, Some(until));
        }
    }

    /// Changes what is written on an activity, and tells who sees it.
    pub(crate) fn edit(&mut self, id: &str, change: impl FnOnce(&mut Activity)) {
        if let Some(activity) = self.activities.get_mut(id) {
            change(activity);
            self.changed(id, &[]);
        }
    }

    /// Files a new activity that is not distributed: a comment, a sent message.
    pub(crate) fn add_activity(&mut self, activity: Activity) {
        let id = activity.id.clone();
        if activity.phase != Phase::Closed {
            self.open.insert(id.clone());
            if let Some(agent) = activity.agent.as_ref().and_then(|a| self.agents.get_mut(a)) {
                agent.current.insert(id.clone());
            }
        }
        self.activities.insert(id.clone(), activity);
        self.changed(&id, &[]);
    }
}

/// Digits of a number (international prefix `00` = `+`), or an address in lower case.
fn comparable(address: &str) -> String {
    if address.contains('@') {
        return address.trim().to_lowercase();
    }
    let digits: String = address.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix("00").unwrap_or(&digits).to_owned()
}
