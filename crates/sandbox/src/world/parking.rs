//! Calls that wait for somebody in particular or for anybody: parked, picked up, camping on a line.

use super::ending::close_legs;
use super::{Activity, Due, LegState, LineState, Phase, Refusal, World};

impl World {
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

    /// The agent put the receiver down: whoever camps on this line rings now.
    pub(super) fn line_is_free(&mut self, agent: &str) {
        let free = self.agents.get(agent).is_some_and(|a| a.lines.is_empty());
        let camping =
            |a: &&Activity| a.camped && a.phase == Phase::Waiting && a.reserved_for.as_deref() == Some(agent);
        let first = self.open_activities().find(camping).map(|a| a.id.clone());
        if free && let Some(call) = first {
            let now = self.now();
            self.agenda.add(now, Due::CampOver { id: call });
        }
    }

    /// Somebody who camped is put through, if the line is still free.
    pub(super) fn camp_over(&mut self, id: &str) {
        let Some(call) = self.activities.get(id).filter(|a| a.camped && a.phase == Phase::Waiting) else {
            return;
        };
        let Some(agent) = call.reserved_for.clone() else { return };
        if self.agents.get(&agent).is_some_and(|a| a.lines.is_empty()) {
            self.offer(id, &agent);
        }
    }
}
