//! Who is asked next: offering what waits, and taking it back when it is refused or rings too long.

use super::ending::close_legs;
use super::{
    Activity, Agent, Channel, Direction, Due, LegState, LineEvent, Millis, Phase, Presence, Refusal, Topic,
    World,
};

/// How many conversations in writing one agent holds at a time.
const WRITTEN_AT_ONCE: usize = 3;

impl World {
    /// Whether the agent could be asked to take one more.
    fn is_free(&self, agent: &Agent, channel: Channel) -> bool {
        let current = || agent.current.iter().filter_map(|id| self.activities.get(id));
        agent.presence == Presence::Ready
            && current().all(|a| a.phase != Phase::Ringing)
            && match channel {
                Channel::Call => {
                    self.reachable(agent)
                        && agent.lines.is_empty()
                        && self.status(&agent.id).available
                        && current().all(|a| a.channel != Channel::Call)
                }
                _ => current().filter(|a| a.channel != Channel::Call).count() < WRITTEN_AT_ONCE,
            }
    }

    /// Offers what waits to who is free: the oldest first, to the smallest penalty and the longest idle.
    pub(crate) fn distribute(&mut self) {
        let mut waiting: Vec<(Millis, String)> = self
            .open_activities()
            .filter(|a| a.phase == Phase::Waiting && a.direction == Direction::In && !a.parked && !a.camped)
            .map(|a| (a.created, a.id.clone()))
            .collect();
        waiting.sort();
        for (_, id) in waiting {
            let Some(activity) = self.activities.get(&id) else { continue };
            let Some(queue) = activity.queue else { continue };
            let best = self
                .agents
                .values()
                .filter(|a| a.queues.contains_key(&queue) && !activity.refused_by.contains(&a.id))
                .filter(|a| activity.reserved_for.as_ref().is_none_or(|only| *only == a.id))
                .filter(|a| self.is_free(a, activity.channel))
                .min_by_key(|a| (a.queues.get(&queue).copied().unwrap_or(0), a.last_call.unwrap_or(a.since)))
                .map(|a| a.id.clone());
            if let Some(agent) = best {
                self.offer(&id, &agent);
            }
        }
    }

    /// Lets it ring at one agent.
    pub(super) fn offer(&mut self, id: &str, agent_id: &str) {
        let now = self.now();
        let Some(agent) = self.agents.get(agent_id) else { return };
        let device =
            agent.devices.iter().find(|d| self.devices.get(*d).is_some_and(|d| d.reachable)).cloned();
        let leg = self.new_leg(Some(agent_id), device, LegState::Ringing);
        let Some(activity) = self.activities.get_mut(id) else { return };
        activity.phase = Phase::Ringing;
        activity.agent = Some(agent_id.to_owned());
        activity.ringing_since = Some(now);
        activity.attempts += 1;
        let attempt = activity.attempts;
        if activity.channel == Channel::Call {
            activity.legs.push(leg);
        }
        if let Some(agent) = self.agents.get_mut(agent_id) {
            agent.current.insert(id.to_owned());
        }
        if self.rules.ring_timeout > 0 {
            self.agenda.add(now + self.rules.ring_timeout, Due::RingTimeout { id: id.to_owned(), attempt });
        }
        self.note("activity.ringing", agent_id, id);
        self.changed(id, &[agent_id]);
        self.simulated_rings(agent_id);
    }

    /// The agent does not want it: the next one is asked.
    pub(crate) fn reject(&mut self, agent_id: &str, id: &str) -> Result<(), Refusal> {
        let activity = self.activities.get(id).ok_or(Refusal::NoSuchActivity)?;
        if activity.phase != Phase::Ringing || activity.agent.as_deref() != Some(agent_id) {
            return Err(Refusal::NotRinging);
        }
        self.note("activity.rejected", agent_id, id);
        self.not_taken(id, agent_id);
        Ok(())
    }

    /// It rang too long at one agent; `attempt` guards against an earlier ringing's time-out.
    pub(crate) fn ring_timed_out(&mut self, id: &str, attempt: Option<u32>) {
        let Some(activity) = self.activities.get(id) else { return };
        if activity.phase != Phase::Ringing || attempt.is_some_and(|n| n != activity.attempts) {
            return;
        }
        let Some(agent_id) = activity.agent.clone() else { return };
        self.note("activity.timed_out", &agent_id, id);
        if let Some(agent) = self.agents.get_mut(&agent_id) {
            agent.missed += 1;
        }
        self.touch(&agent_id, Topic::Missed);
        self.not_taken(id, &agent_id);
    }

    fn not_taken(&mut self, id: &str, agent_id: &str) {
        if let Some(activity) = self.activities.get_mut(id) {
            activity.refused_by.insert(agent_id.to_owned());
            // Whom it was meant for does not take it: now it is anybody's.
            activity.reserved_for = None;
        }
        let Some(activity) = self.activities.get(id) else { return };
        let of_queue = activity.queue.is_some();
        if !of_queue && stands_by(activity, agent_id).is_none() {
            self.unanswered(id, agent_id);
            self.next_traffic_after(agent_id);
            return;
        }
        // Who has no app that could end the pause is not put on it.
        let can_come_back = self.agents.get(agent_id).is_some_and(|a| a.files || a.simulated || a.adapter);
        if of_queue
            && can_come_back
            && self.rules.pause_after_missed
            && let Some(pause) = self.pause_of_kind("inactive")
        {
            self.put_on_pause(agent_id, &pause, None);
        }
        self.give_back(id, agent_id);
        self.next_traffic_after(agent_id);
        self.distribute();
    }

    /// What rang at the agent waits again.
    pub(super) fn give_back(&mut self, id: &str, agent_id: &str) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id) else { return };
        if activity.phase != Phase::Ringing || (activity.queue.is_none() && activity.passed_by.is_none()) {
            return;
        }
        close_legs(activity, now, |leg| leg.agent.as_deref() == Some(agent_id));
        activity.camped = false;
        match stands_by(activity, agent_id) {
            // Passed on in vain: who did it still holds the line.
            Some(back) => {
                activity.phase = Phase::Active;
                activity.agent = Some(back.clone());
                if let Some(leg) = activity.leg_of(Some(&back)) {
                    leg.event = Some(LineEvent::Failed);
                }
            }
            None => {
                activity.phase = Phase::Waiting;
                activity.agent = None;
            }
        }
        if let Some(agent) = self.agents.get_mut(agent_id) {
            agent.current.remove(id);
        }
        self.changed(id, &[agent_id]);
    }
}

/// Who holds a line in it beside the agent at whom it rings.
fn stands_by(activity: &Activity, ringing_at: &str) -> Option<String> {
    let up = activity.legs.iter().filter(|l| l.state != LegState::Closed);
    up.filter_map(|l| l.agent.clone()).find(|agent| agent != ringing_at)
}
