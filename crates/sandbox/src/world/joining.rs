//! A call goes to somebody else: passed on at once or watched, to voicemail, to a queue, or joined with another.

use super::ending::close_legs;
use super::lines::LineState;
use super::office::LogOwner;
use super::{Cause, EndedBy, LegState, Phase, Refusal, Target, World};

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
    pub(super) fn let_go(&mut self, call: &str, agent: &str) {
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
    pub(super) fn take_legs(&mut self, call: &str, agent: &str) -> Vec<super::Leg> {
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
}
