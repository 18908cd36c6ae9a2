//! Conferences: several parties in one call, who go on when one leaves.

use super::{EndedBy, LegState, LineEvent, LineState, Refusal, World, line_id};

impl World {
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
}
