//! Calls to and from an agent's own number: whom a destination means, and how a call starts at one of the agent's devices.

use super::{Activity, Channel, Direction, Due, LegState, Phase, Refusal, World, dialling, line_id};

/// Where a call is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Agent(String),
    Queue(u32),
    Outside(String),
}

impl World {
    /// Whom a number, a user name or an address means.
    pub(crate) fn target(&self, destination: &str) -> Result<Target, Refusal> {
        let bare =
            destination.split_once(':').filter(|(scheme, _)| matches!(*scheme, "tel" | "sip" | "sips"));
        let bare = bare.map_or(destination, |(_, rest)| rest).split(';').next().unwrap_or("").trim();
        let name = bare.split('@').next().unwrap_or("");
        if self.agents.contains_key(name) {
            return Ok(Target::Agent(name.to_owned()));
        }
        let number = dialling::dialable(name).ok_or(Refusal::NumberUnusable)?;
        if let Some(owner) = self.devices.get(&number).and_then(|d| d.owner.clone()) {
            return Ok(Target::Agent(owner));
        }
        if let Some(index) = self.roster.iter().position(|agent| self.direct_number(agent) == number) {
            return Ok(Target::Agent(self.roster[index].clone()));
        }
        let by_number = |q: &&super::Queue| {
            q.channel == Channel::Call && (q.address == number || q.id.to_string() == number)
        };
        match self.queues.values().find(by_number) {
            Some(queue) => Ok(Target::Queue(queue.id)),
            None => Ok(Target::Outside(number)),
        }
    }

    /// The number at which an agent is called directly.
    pub(crate) fn direct_number(&self, agent: &str) -> String {
        let index = self.roster.iter().position(|id| id == agent).unwrap_or(0);
        format!("+44207946{:04}", 300 + index)
    }

    /// A caller rings one agent's own number, whatever the queues do.
    pub(crate) fn ring_directly(&mut self, agent: &str, number: &str, name: &str) -> Result<String, Refusal> {
        self.agent(agent)?;
        let now = self.now();
        let id = self.draw_activity_id();
        let item = self.draw_item_number();
        let mut call = Activity::new(id.clone(), item, Channel::Call, Direction::In, now);
        call.item_id = self.draw_item_id(Channel::Call);
        call.called = self.direct_number(agent);
        self.know_the_party(&mut call, number, name);
        call.title = if call.party.is_empty() { call.address.clone() } else { call.party.clone() };
        let mut caller = self.new_leg(None, None, LegState::Ringing);
        caller.origin = true;
        call.legs.push(caller);
        self.note("activity.arrived", agent, &format!("{id} {number} directly"));
        self.open.insert(id.clone());
        self.activities.insert(id.clone(), call);
        self.offer(&id, agent);
        Ok(id)
    }

    /// The server calls the agent's own device, and when that is picked up the target: a call-back.
    pub(crate) fn call_back(
        &mut self,
        agent: &str,
        device: &str,
        destination: &str,
    ) -> Result<String, Refusal> {
        let target = self.target(destination)?;
        let id = self.start_call(agent, device, &target)?;
        if let Some(activity) = self.activities.get_mut(&id) {
            activity.called_back = Some(activity.created);
        }
        Ok(id)
    }

    /// A call of the agent's own, not for a queue; the device starts at once.
    pub(super) fn start_call(
        &mut self,
        agent: &str,
        device: &str,
        target: &Target,
    ) -> Result<String, Refusal> {
        self.agent(agent)?;
        let now = self.now();
        let id = self.draw_activity_id();
        let item = self.draw_item_number();
        let direction = if matches!(target, Target::Agent(_)) { Direction::Internal } else { Direction::Out };
        let mut call = Activity::new(id.clone(), item, Channel::Call, direction, now);
        call.item_id = self.draw_item_id(Channel::Call);
        call.agent = Some(agent.to_owned());
        call.created_by = Some(agent.to_owned());
        call.phase = Phase::Active;
        call.opened = Some(now);
        call.called = self.direct_number(agent);
        match target {
            Target::Agent(callee) => {
                call.callee = Some(callee.clone());
                call.address = self.direct_number(callee);
                call.party = self.agent(callee)?.name.clone();
            }
            Target::Queue(queue) => {
                let queue = self.queues.get(queue).ok_or(Refusal::NoSuchQueue)?;
                (call.address, call.party) = (queue.address.clone(), queue.name.clone());
            }
            Target::Outside(number) => self.know_the_party(&mut call, number, ""),
        }
        call.title = if call.party.is_empty() { call.address.clone() } else { call.party.clone() };
        let mut own = self.new_leg(Some(agent), Some(device.to_owned()), LegState::Ringing);
        own.origin = true;
        call.legs.push(own);
        self.open.insert(id.clone());
        self.activities.insert(id.clone(), call);
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.current.insert(id.clone());
            agent.last_call = Some(now);
        }
        self.agenda.add(now + self.rules.device_delay, Due::DialOut { id: id.clone() });
        self.note("activity.dialled", agent, &id);
        self.changed(&id, &[agent]);
        Ok(id)
    }

    /// A call from one of the agent's devices: it starts there, then the other side is called. Talks go on hold.
    pub(crate) fn call_from(
        &mut self,
        agent: &str,
        device: &str,
        destination: &str,
    ) -> Result<String, Refusal> {
        if !self.usable_devices(agent).iter().any(|d| d == device) {
            return Err(Refusal::NoSuchDevice);
        }
        let target = self.target(destination)?;
        self.hold_others(agent, "");
        let id = self.start_call(agent, device, &target)?;
        Ok(self.activities[&id].legs.first().map_or(id.clone(), |leg| line_id(leg).to_owned()))
    }
}
