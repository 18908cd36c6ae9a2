//! Outgoing calls: the agent's own device first, then the other side, whose number decides what becomes of it.

use super::{
    Activity, Cause, Channel, DAY, Direction, Due, EndedBy, Leg, LegState, LineEvent, Millis, Phase, Queue,
    Refusal, SECOND, World,
};

impl World {
    /// Calls somebody: first the agent's own device rings and is picked up, then the other side is called.
    ///
    /// The last two digits decide what becomes of it: 98 is busy, 97 does not answer, 96 does not exist, all others
    /// pick up.
    pub(crate) fn dial(
        &mut self,
        agent_id: &str,
        number: &str,
        queue: Option<u32>,
    ) -> Result<String, Refusal> {
        let agent = self.agent(agent_id)?;
        let outgoing = |q: &u32| self.queues.get(q).is_some_and(Queue::takes_outgoing_calls);
        let queue = match queue {
            Some(named) => agent.queues.keys().find(|q| **q == named && outgoing(q)),
            None => agent.queues.keys().find(|q| outgoing(q)),
        };
        let queue = *queue.ok_or(Refusal::NoOutgoingQueue)?;
        let dialled = dialable(number).ok_or(Refusal::NumberUnusable)?;
        if !self.reachable(agent) {
            return Err(Refusal::NoDevice);
        }
        if agent.current.iter().filter_map(|c| self.activities.get(c)).any(Activity::line_is_up) {
            return Err(Refusal::CallInProgress);
        }
        let device =
            agent.devices.iter().find(|d| self.devices.get(*d).is_some_and(|d| d.reachable)).cloned();
        let now = self.now();
        let id = self.draw_activity_id();
        let item = self.draw_item_number();
        let mut activity = Activity::new(id.clone(), item, Channel::Call, Direction::Out, now);
        activity.item_id = self.draw_item_id(Channel::Call);
        activity.queue = Some(queue);
        activity.agent = Some(agent_id.to_owned());
        activity.created_by = Some(agent_id.to_owned());
        activity.phase = Phase::Active;
        activity.opened = Some(now);
        self.know_the_party(&mut activity, &dialled, "");
        activity.title = if activity.party.is_empty() { dialled } else { activity.party.clone() };
        activity.called = self.queues.get(&queue).map_or(String::new(), |q| q.address.clone());
        let mut own = self.new_leg(Some(agent_id), device, LegState::Ringing);
        own.origin = true;
        activity.legs.push(own);
        self.open.insert(id.clone());
        self.activities.insert(id.clone(), activity);
        if let Some(agent) = self.agents.get_mut(agent_id) {
            agent.current.insert(id.clone());
            agent.last_call = Some(now);
            agent.last_queue = Some(queue);
        }
        self.agenda.add(now + SECOND, Due::DialOut { id: id.clone() });
        self.note("activity.dialled", agent_id, &id);
        self.changed(&id, &[agent_id]);
        Ok(id)
    }

    pub(crate) fn dial_out(&mut self, id: &str) {
        let now = self.now();
        let Some(activity) = self.activities.get(id).filter(|a| a.line_is_up() && a.legs.len() < 2) else {
            return;
        };
        let (number, callee) = (activity.address.clone(), activity.callee.clone());
        let leg = self.new_leg(callee.as_deref(), None, LegState::Ringing);
        let Some(activity) = self.activities.get_mut(id) else { return };
        let agent = activity.agent.clone().unwrap_or_default();
        if let Some(own) = activity.leg_of(Some(&agent)) {
            own.state = LegState::Speaking;
            own.speaking_since = Some(now);
        }
        activity.legs.push(leg);
        activity.ringing_since = Some(now);
        let colleague = callee.map(|c| self.agents.get(&c).is_some_and(|a| a.simulated));
        let (at, due) = match colleague {
            None => self.outcome(id, &number),
            Some(true) => (now + self.rules.answer_delay, Due::FarAnswers { id: id.to_owned() }),
            // Somebody sits there and decides.
            Some(false) => {
                let patience = if self.rules.ring_timeout > 0 { self.rules.ring_timeout } else { DAY };
                (now + patience, Due::FarFails { id: id.to_owned(), cause: Cause::NoAnswer })
            }
        };
        self.agenda.add(at, due);
        self.changed(id, &[&agent]);
    }

    /// What becomes of a call to that number, and when.
    pub(super) fn outcome(&self, id: &str, number: &str) -> (Millis, Due) {
        let fails = |cause| Due::FarFails { id: id.to_owned(), cause };
        let (after, due) = match number.get(number.len().saturating_sub(2)..) {
            Some("98") => (2 * SECOND, fails(Cause::Busy)),
            Some("97") => (20 * SECOND, fails(Cause::NoAnswer)),
            Some("96") => (SECOND, fails(Cause::Failed)),
            _ => (self.rules.answer_delay, Due::FarAnswers { id: id.to_owned() }),
        };
        (self.now() + after, due)
    }

    /// The called party picks up.
    pub(crate) fn far_answers(&mut self, id: &str) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id).filter(|a| a.phase == Phase::Active) else { return };
        let Some(leg) = rung(activity) else { return };
        leg.state = LegState::Speaking;
        leg.speaking_since = Some(now);
        let agent = activity.agent.clone().unwrap_or_default();
        if activity.talk_since.is_some() {
            // It was passed on to somebody who is there now: the agent is no longer needed.
            self.end_talk(id, EndedBy::Agent, None);
            return;
        }
        activity.talk_since = Some(now);
        let joins = activity.joins.take();
        self.note("activity.far_end_answered", &agent, id);
        self.recording_begins(id);
        self.changed(id, &[&agent]);
        if let Some(call) = joins {
            self.put_together(&agent, &call, id);
        }
    }

    /// The called party is busy, does not answer or does not exist.
    pub(crate) fn far_fails(&mut self, id: &str, cause: Cause) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id).filter(|a| a.phase == Phase::Active) else { return };
        if activity.talk_since.is_none() {
            if activity.line_is_up() {
                self.end_talk(id, EndedBy::System, Some(cause));
            }
            return;
        }
        // It was passed on in vain: the agent still has it.
        let Some(leg) = rung(activity) else { return };
        (leg.state, leg.closed_at) = (LegState::Closed, Some(now));
        let agent = activity.agent.clone().unwrap_or_default();
        if let Some(own) = activity.leg_of(Some(&agent)) {
            own.event = Some(LineEvent::Failed);
        }
        self.changed(id, &[&agent]);
    }
}

/// The leg that rings at who is called.
fn rung(activity: &mut Activity) -> Option<&mut Leg> {
    activity.legs.iter_mut().rev().find(|l| l.state == LegState::Ringing && !l.origin)
}

/// A number as the exchange dials it: an optional `+`, then 3 to 20 digits, `*` or `#`; separators are dropped.
pub(super) fn dialable(number: &str) -> Option<String> {
    let kept: String = number.chars().filter(|c| !c.is_whitespace() && !"-()/.".contains(*c)).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    let usable =
        (3..=20).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit() || "*#".contains(c));
    usable.then_some(kept)
}
