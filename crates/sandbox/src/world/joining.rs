//! Two calls become one, one becomes a conference, and a call goes to somebody else: passed on, camped, parked, picked up.

use super::calls::close_legs;
use super::lines::{LineEvent, LineState, line_id};
use super::office::LogOwner;
use super::{Activity, Cause, Channel, Direction, Due, EndedBy, LegState, Phase, Refusal, World, dialling};

/// Where a call is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Agent(String),
    Queue(u32),
    Outside(String),
}

/// How a call is passed on without asking first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    Ring,
    /// The one who passes it on keeps the line until the target answered.
    Watched,
    Voicemail,
    /// The caller waits until the target has put the receiver down.
    CampOn,
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

    /// Passes a call on.
    pub(crate) fn pass_on(
        &mut self,
        agent: &str,
        id: &str,
        target: &Target,
        how: Passing,
    ) -> Result<(), Refusal> {
        let line = self.line_of(agent, id)?;
        if line.call.conference || !matches!(line.state(), LineState::Talking | LineState::Held) {
            return Err(Refusal::NoLine);
        }
        let call = line.call.id.clone();
        self.note("activity.passed_on", agent, &format!("{call} {target:?} {how:?}"));
        if let Some(activity) = self.activities.get_mut(&call) {
            activity.passed_by = Some(agent.to_owned());
            activity.refused_by.clear();
        }
        match (target, how) {
            (Target::Agent(to), Passing::Voicemail) => {
                let to = to.clone();
                let (number, name) = self
                    .activities
                    .get(&call)
                    .map_or_else(Default::default, |a| (a.address.clone(), a.party.clone()));
                self.leave_voicemail(LogOwner::Agent(to), &number, &name, 20, Some(&call));
                self.end_talk(&call, EndedBy::Agent, None);
            }
            (Target::Agent(to), Passing::CampOn) => {
                let free = self.agents.get(to).is_some_and(|a| a.lines.is_empty());
                self.let_go(&call, agent);
                if let Some(activity) = self.activities.get_mut(&call) {
                    activity.camped = true;
                    activity.reserved_for = Some(to.clone());
                    activity.phase = Phase::Waiting;
                    activity.agent = None;
                }
                self.changed(&call, &[agent]);
                if free {
                    self.camp_over(&call);
                }
            }
            (Target::Agent(to), _) => {
                if how == Passing::Watched {
                    self.stand_by(&call, agent);
                } else {
                    self.let_go(&call, agent);
                }
                self.offer(&call, to);
            }
            (Target::Queue(queue), _) => {
                self.let_go(&call, agent);
                if let Some(activity) = self.activities.get_mut(&call) {
                    activity.queue = Some(*queue);
                    activity.phase = Phase::Waiting;
                    activity.agent = None;
                }
                self.changed(&call, &[agent]);
                self.distribute();
            }
            (Target::Outside(_), Passing::Voicemail | Passing::CampOn) => {
                return Err(Refusal::NumberUnusable);
            }
            (Target::Outside(number), Passing::Watched) => {
                self.stand_by(&call, agent);
                self.ring_outside(&call, number);
            }
            // Both ends are outside now: the exchange carries it on without us.
            (Target::Outside(_), Passing::Ring) => self.end_talk(&call, EndedBy::Agent, None),
        }
        Ok(())
    }

    /// The agent's leg is held until the target answers.
    fn stand_by(&mut self, call: &str, agent: &str) {
        if let Some(leg) = self.activities.get_mut(call).and_then(|a| a.leg_of(Some(agent))) {
            leg.state = LegState::OnHold;
            leg.event = None;
        }
        self.changed(call, &[agent]);
    }

    /// The agent leaves the call, which goes on.
    fn let_go(&mut self, call: &str, agent: &str) {
        let now = self.now();
        if let Some(activity) = self.activities.get_mut(call) {
            close_legs(activity, now, |leg| leg.agent.as_deref() == Some(agent));
        }
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.current.remove(call);
        }
        self.changed(call, &[agent]);
        self.next_traffic_after(agent);
    }

    /// Takes back what was passed on and is not answered yet.
    pub(crate) fn take_back(&mut self, agent: &str) {
        let lines = self.lines_of(agent);
        let found = lines.iter().find(|l| l.call.passed_by.as_deref() == Some(agent));
        let Some((call, phase, at)) = found.map(|l| (l.call.id.clone(), l.call.phase, l.call.agent.clone()))
        else {
            return;
        };
        match at.filter(|_| phase == Phase::Ringing) {
            Some(at) => self.give_back(&call, &at),
            None => self.far_fails(&call, Cause::Cancelled),
        }
    }

    fn ring_outside(&mut self, call: &str, number: &str) {
        let mut leg = self.new_leg(None, None, LegState::Ringing);
        leg.outside = Some(number.to_owned());
        if let Some(activity) = self.activities.get_mut(call) {
            activity.legs.push(leg);
        }
        let due = self.outcome(call, number);
        self.agenda.add(due.0, due.1);
        self.changed(call, &[]);
    }

    /// Connects the two that the agent talks to, of two calls. `wait`: a target that still rings is put through when it
    /// answers; else it is called anew.
    pub(crate) fn join_calls(
        &mut self,
        agent: &str,
        id: &str,
        target: &str,
        wait: bool,
    ) -> Result<(), Refusal> {
        let (line, other) = (self.line_of(agent, id)?, self.line_of(agent, target)?);
        let talks = |s: LineState| matches!(s, LineState::Talking | LineState::Held);
        if line.call.id == other.call.id
            || !talks(line.state())
            || line.call.conference
            || other.call.conference
        {
            return Err(Refusal::NoLine);
        }
        let (call, other_call) = (line.call.id.clone(), other.call.id.clone());
        match other.state() {
            LineState::Talking | LineState::Held => {
                self.put_together(agent, &call, &other_call);
                Ok(())
            }
            LineState::Ringing | LineState::Initiated if other.leg.origin && wait => {
                if let Some(activity) = self.activities.get_mut(&other_call) {
                    activity.joins = Some(call);
                }
                Ok(())
            }
            LineState::Ringing | LineState::Initiated if other.leg.origin => {
                let destination = other.call.callee.clone().unwrap_or_else(|| other.call.address.clone());
                let id = line.id().to_owned();
                self.end_talk(&other_call, EndedBy::Agent, Some(Cause::Cancelled));
                let target = self.target(&destination)?;
                self.pass_on(agent, &id, &target, Passing::Ring)
            }
            LineState::Ringing | LineState::Initiated | LineState::Ended => Err(Refusal::NoLine),
        }
    }

    /// Whoever the agent talks to in `other` takes the agent's place in `call`.
    pub(super) fn put_together(&mut self, agent: &str, call: &str, other: &str) {
        let now = self.now();
        // The one with the customer stays; the consultation goes.
        let consultation = |w: &World, id: &str| w.activities.get(id).is_some_and(|a| a.queue.is_none());
        let (call, other) = if consultation(self, call) && !consultation(self, other) {
            (other, call)
        } else {
            (call, other)
        };
        let mut moving = self.take_legs(other, agent);
        for leg in &mut moving {
            leg.state = LegState::Speaking;
        }
        let heir = moving.iter().find_map(|l| l.agent.clone());
        let Some(activity) = self.activities.get_mut(call) else { return };
        activity.passed_by = Some(agent.to_owned());
        activity.legs.append(&mut moving);
        close_legs(activity, now, |leg| leg.agent.as_deref() == Some(agent));
        let agents_left = activity.legs.iter().any(|l| l.agent.is_some() && l.state != LegState::Closed);
        if let Some(heir) = &heir {
            activity.agent = Some(heir.clone());
            if let Some(heir) = self.agents.get_mut(heir) {
                heir.current.insert(call.to_owned());
            }
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.current.remove(call);
            }
        }
        self.note("activity.joined", agent, &format!("{call} {other}"));
        self.end_talk(other, EndedBy::System, None);
        if agents_left {
            self.changed(call, &[agent]);
            self.next_traffic_after(agent);
        } else {
            // Two outside parties go on without us; the agent files the call.
            self.end_talk(call, EndedBy::Agent, None);
        }
    }

    /// Takes everybody but the agent out of a call.
    fn take_legs(&mut self, call: &str, agent: &str) -> Vec<super::Leg> {
        let Some(activity) = self.activities.get_mut(call) else { return Vec::new() };
        let (number, name) = (activity.address.clone(), activity.party.clone());
        let stays = |l: &super::Leg| l.agent.as_deref() == Some(agent) || l.state == LegState::Closed;
        let (stay, mut go): (Vec<_>, Vec<_>) = activity.legs.drain(..).partition(stays);
        activity.legs = stay;
        for leg in go.iter_mut().filter(|l| l.agent.is_none() && l.outside.is_none()) {
            leg.outside = Some(number.clone());
            leg.outside_name = Some(name.clone()).filter(|n| !n.is_empty());
        }
        go
    }

    /// Makes a call a conference and brings another call's people into it.
    pub(crate) fn confer(&mut self, agent: &str, id: &str, target: &str) -> Result<(), Refusal> {
        let (line, other) = (self.line_of(agent, id)?, self.line_of(agent, target)?);
        let talks = |s: LineState| matches!(s, LineState::Talking | LineState::Held);
        let joinable = talks(other.state()) || (other.state() == LineState::Ringing && !other.leg.origin);
        if line.call.id == other.call.id || !talks(line.state()) || !joinable {
            return Err(Refusal::NoLine);
        }
        let (call, other_call, other_id) =
            (line.call.id.clone(), other.call.id.clone(), other.id().to_owned());
        if other.state() == LineState::Ringing {
            let device = self.usable_devices(agent).into_iter().next().ok_or(Refusal::NoDevice)?;
            self.answer_line(agent, &other_id, &device)?;
        }
        let mut joining = self.take_legs(&other_call, agent);
        let Some(activity) = self.activities.get_mut(&call) else { return Ok(()) };
        activity.conference = true;
        activity.legs.append(&mut joining);
        for leg in activity.legs.iter_mut().filter(|l| l.state != LegState::Closed) {
            leg.state = LegState::Speaking;
            leg.event = (leg.agent.as_deref() == Some(agent)).then_some(LineEvent::Joined);
        }
        self.note("activity.conference", agent, &format!("{call} {other_call}"));
        self.end_talk(&other_call, EndedBy::System, None);
        self.changed(&call, &[agent]);
        Ok(())
    }

    /// Leaves a conference; the others go on as long as one of them is an agent.
    pub(crate) fn leave_conference(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        let line = self.line_of(agent, id)?;
        if !line.call.conference || line.state() == LineState::Ended {
            return Err(Refusal::NoLine);
        }
        let (call, leg) = (line.call.id.clone(), line.leg.id.clone());
        self.drop_out(&call, &leg, LineEvent::LeftConference);
        Ok(())
    }

    /// Sends one participant home.
    pub(crate) fn remove_participant(
        &mut self,
        agent: &str,
        id: &str,
        participant: &str,
    ) -> Result<(), Refusal> {
        let line = self.line_of(agent, id)?;
        let named = line.others().find(|l| line_id(l) == participant).ok_or(Refusal::NoSuchAgent)?;
        if !line.call.conference {
            return Err(Refusal::NoLine);
        }
        let (call, leg) = (line.call.id.clone(), named.id.clone());
        self.drop_out(&call, &leg, LineEvent::LeftConference);
        Ok(())
    }

    fn drop_out(&mut self, call: &str, leg_id: &str, event: LineEvent) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(call) else { return };
        let mut gone = None;
        for leg in &mut activity.legs {
            if leg.id == leg_id {
                (leg.state, leg.closed_at, leg.event) = (LegState::Closed, Some(now), Some(event));
                gone.clone_from(&leg.agent);
            } else if leg.state != LegState::Closed {
                leg.event = Some(LineEvent::Left);
            }
        }
        let up: Vec<_> = activity.legs.iter().filter(|l| l.state != LegState::Closed).collect();
        let heir = up.iter().find_map(|l| l.agent.clone());
        if up.len() < 2 || heir.is_none() {
            self.end_talk(call, EndedBy::Agent, None);
            return;
        }
        if gone.is_some()
            && gone == activity.agent
            && let Some(heir) = heir
        {
            activity.agent = Some(heir.clone());
            if let Some(heir) = self.agents.get_mut(&heir) {
                heir.current.insert(call.to_owned());
            }
        }
        if let Some(gone) = &gone
            && let Some(agent) = self.agents.get_mut(gone)
        {
            agent.current.remove(call);
        }
        self.changed(call, &[]);
    }

    /// Holds one line and takes up (or answers) the other.
    pub(crate) fn alternate(&mut self, agent: &str, id: &str, target: &str) -> Result<(), Refusal> {
        let (line, other) = (self.line_of(agent, id)?, self.line_of(agent, target)?);
        if line.state() != LineState::Talking {
            return Err(Refusal::NoLine);
        }
        let (other_id, state, device) = (other.id().to_owned(), other.state(), line.leg.device.clone());
        match state {
            LineState::Held => self.resume_line(agent, &other_id),
            LineState::Ringing if !other.leg.origin => {
                let device = device
                    .or_else(|| self.usable_devices(agent).into_iter().next())
                    .ok_or(Refusal::NoDevice)?;
                self.answer_line(agent, &other_id, &device)
            }
            _ => Err(Refusal::NoLine),
        }
    }

    /// Puts a call where anybody can pick it up.
    pub(crate) fn park(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        let line = self.line_of(agent, id)?;
        if line.call.conference || !matches!(line.state(), LineState::Talking | LineState::Held) {
            return Err(Refusal::NoLine);
        }
        let call = line.call.id.clone();
        if let Some(activity) = self.activities.get_mut(&call) {
            activity.parked = true;
            activity.passed_by = Some(agent.to_owned());
            activity.phase = Phase::Waiting;
            activity.agent = None;
        }
        self.note("activity.parked", agent, &call);
        self.let_go(&call, agent);
        Ok(())
    }

    /// Takes what is parked, waits, or rings at somebody else, onto one of the agent's devices.
    pub(crate) fn pick_up(&mut self, agent: &str, call: &str, device: &str) -> Result<String, Refusal> {
        if !self.usable_devices(agent).iter().any(|d| d == device) {
            return Err(Refusal::NoSuchDevice);
        }
        let activity = self.activities.get(call).ok_or(Refusal::NoSuchActivity)?;
        let mut legs = activity.legs.iter();
        let rung = legs
            .find(|l| l.state == LegState::Ringing && l.agent.is_some() && !l.origin)
            .map(|l| l.id.clone());
        let internal = activity.phase == Phase::Active && rung.is_some();
        if !matches!(activity.phase, Phase::Waiting | Phase::Ringing) && !internal {
            return Err(Refusal::NotRinging);
        }
        self.hold_others(agent, "");
        if internal {
            let leg = self.new_leg(Some(agent), Some(device.to_owned()), LegState::Ringing);
            let now = self.now();
            if let Some(activity) = self.activities.get_mut(call) {
                close_legs(activity, now, |l| Some(&l.id) == rung.as_ref());
                activity.legs.push(leg);
            }
            self.far_answers(call);
        } else {
            if let Some(activity) = self.activities.get_mut(call) {
                activity.parked = false;
                activity.camped = false;
            }
            self.connect(call, agent, Some(device.to_owned()));
            self.distribute();
        }
        let line = self.lines_of(agent).into_iter().find(|l| l.call.id == call).map(|l| l.id().to_owned());
        line.ok_or(Refusal::NoLine)
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
}
