//! How a call ends: one side hangs up, the caller gives up, nobody takes it.

use super::{Activity, Cause, EndedBy, Leg, LegState, Millis, Phase, Refusal, Topic, World};

impl World {
    /// The customer ends it: gives up waiting, or hangs up after the talk.
    pub(crate) fn far_hangs_up(&mut self, id: &str) {
        let Some(activity) = self.activities.get(id) else { return };
        match activity.phase {
            Phase::Waiting | Phase::Ringing => self.abandon(id),
            Phase::Active if activity.line_is_up() => self.end_talk(id, EndedBy::Customer, None),
            Phase::Active | Phase::Postponed | Phase::Closed => {}
        }
    }

    pub(super) fn patience_ends(&mut self, id: &str) {
        if self.activities.get(id).is_some_and(|a| a.phase == Phase::Waiting) {
            self.abandon(id);
        }
    }

    fn abandon(&mut self, id: &str) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id) else { return };
        activity.phase = Phase::Closed;
        activity.closed = Some(now);
        activity.cause = Some(Cause::Abandoned);
        activity.ended_by = Some(EndedBy::Customer);
        activity.missed = true;
        close_legs(activity, now, |_| true);
        let ringing_at = activity.agent.clone();
        self.open.remove(id);
        self.note("activity.abandoned", ringing_at.as_deref().unwrap_or(""), id);
        match ringing_at {
            Some(agent_id) => {
                if let Some(agent) = self.agents.get_mut(&agent_id) {
                    agent.current.remove(id);
                    agent.missed += 1;
                }
                self.touch(&agent_id, Topic::Missed);
                self.changed(id, &[&agent_id]);
                self.next_traffic_after(&agent_id);
            }
            None => self.changed(id, &[]),
        }
        self.distribute();
    }

    pub(super) fn end_talk(&mut self, id: &str, by: EndedBy, cause: Option<Cause>) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id) else { return };
        close_legs(activity, now, |_| true);
        activity.talk_ended = activity.talk_since.map(|_| now);
        activity.ended_by = Some(by);
        activity.cause = cause;
        if activity.phase != Phase::Active && activity.passed_by.is_some() {
            // It ended while it rang at somebody else: it is still the work of who passed it on.
            activity.phase = Phase::Active;
            let rang = std::mem::replace(&mut activity.agent, activity.passed_by.clone());
            if let Some(rang) = rang.and_then(|a| self.agents.get_mut(&a)) {
                rang.current.remove(id);
            }
        }
        let agent = activity.agent.clone().unwrap_or_default();
        let queued = activity.queue.is_some();
        self.note("activity.hung_up", &agent, id);
        self.keep_what_was_recorded(id, &agent);
        if queued && self.agents.get(&agent).is_some_and(|a| a.files || a.simulated) {
            self.changed(id, &[&agent]);
            self.simulated_files(&agent);
        } else {
            self.files_itself(id, &agent);
        }
    }

    /// Closes a call that nobody files: it belongs to no queue, or its agent has no app for filing.
    fn files_itself(&mut self, id: &str, agent_id: &str) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id) else { return };
        activity.phase = Phase::Closed;
        activity.closed = Some(now);
        self.open.remove(id);
        for agent in self.agents.values_mut() {
            agent.current.remove(id);
        }
        let (queue, channel) = (activity.queue, activity.channel);
        self.note("activity.closed", agent_id, id);
        self.changed(id, &[agent_id]);
        if self.agents.get(agent_id).is_some_and(|a| a.adapter) {
            self.after_call_work(agent_id, queue, channel);
        }
        self.next_traffic_after(agent_id);
        self.distribute();
    }

    /// Ends and files whatever the agent had, without asking: somebody else sits down in the chair.
    pub(super) fn clear_desk(&mut self, agent_id: &str) {
        let now = self.now();
        let current = self.agents.get(agent_id).map(|a| a.current.clone()).unwrap_or_default();
        for id in current {
            self.give_back(&id, agent_id);
            let Some(activity) = self.activities.get_mut(&id).filter(|a| a.phase != Phase::Waiting) else {
                continue;
            };
            close_legs(activity, now, |_| true);
            activity.talk_ended = activity.talk_since.map(|_| now);
            activity.phase = Phase::Closed;
            activity.closed = Some(now);
            self.open.remove(&id);
            if let Some(agent) = self.agents.get_mut(agent_id) {
                agent.current.remove(&id);
            }
            self.changed(&id, &[agent_id]);
        }
    }

    /// The agent ends the call; the activity stays until it is filed.
    pub(crate) fn hang_up(&mut self, agent_id: &str, id: &str) -> Result<(), Refusal> {
        let activity = self.owned(agent_id, id)?;
        if activity.phase != Phase::Active || !activity.line_is_up() {
            return Err(Refusal::NoLine);
        }
        let cause = activity.talk_since.is_none().then_some(Cause::Cancelled);
        self.end_talk(id, EndedBy::Agent, cause);
        Ok(())
    }

    /// Ends what nobody took and no queue waits for.
    pub(super) fn unanswered(&mut self, id: &str, agent: &str) {
        let now = self.now();
        let Some(call) = self.activities.get_mut(id) else { return };
        close_legs(call, now, |_| true);
        call.phase = Phase::Closed;
        call.closed = Some(now);
        call.missed = true;
        call.cause = Some(Cause::NoAnswer);
        call.ended_by = Some(EndedBy::System);
        self.open.remove(id);
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.current.remove(id);
        }
        self.note("activity.unanswered", agent, id);
        self.changed(id, &[agent]);
    }
}

pub(super) fn close_legs(activity: &mut Activity, now: Millis, which: impl Fn(&Leg) -> bool) {
    for leg in activity.legs.iter_mut().filter(|leg| leg.state != LegState::Closed && which(leg)) {
        leg.state = LegState::Closed;
        leg.closed_at = Some(now);
    }
}
