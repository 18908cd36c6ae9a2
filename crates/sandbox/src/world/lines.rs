//! The telephone line of one agent in one call, and what can be done with it.
//!
//! A call is an [`Activity`] with legs: one for each party, an agent or somebody outside. An agent's own leg is what the
//! agent's telephone shows, a [`Line`]; an agent may have several, of which one is spoken on. Every change that a line shows
//! gets it a new, larger token and rings the bell of that agent's apps ([`World::follow_lines`] is called after each change
//! of a call), so that a command can say which state it means. Joining, splitting and passing on calls is in `joining`.

use super::{Activity, Cause, Direction, EndedBy, Leg, LegState, Phase, Refusal, World};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use tokio::sync::watch;

/// What is written down when a talk is put on hold, and when it goes on.
pub(super) const HELD: &str = "line.held";
pub(super) const RESUMED: &str = "line.resumed";

/// What a telephone shows of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LineState {
    /// The agent's own device starts the call.
    Initiated,
    Ringing,
    Talking,
    Held,
    Ended,
}

/// What happened to a line last, where its state alone does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineEvent {
    Muted,
    Unmuted,
    Joined,
    Left,
    LeftConference,
    Failed,
}

/// What can be done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deed {
    Answer,
    Hold,
    Resume,
    Move,
    Mute,
    Unmute,
    Park,
    Transfer,
    Conference,
    StartRecording,
    StopRecording,
    PauseRecording,
    ResumeRecording,
    SaveRecording,
    DiscardRecording,
    SendDigits,
    Clear,
}

/// An agent's line: a leg and the call that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub call: &'a Activity,
    pub leg: &'a Leg,
}

impl<'a> Line<'a> {
    /// The id of the line, as faces show it: the leg's without its class.
    pub(crate) fn id(&self) -> &'a str {
        line_id(self.leg)
    }

    /// The others in the call, in the order in which they came.
    pub(crate) fn others(&self) -> impl Iterator<Item = &'a Leg> + use<'a> {
        let own = &self.leg.id;
        self.call.legs.iter().filter(move |l| l.id != *own && l.state != LegState::Closed)
    }

    pub(crate) fn state(&self) -> LineState {
        state(self.call, self.leg)
    }
}

pub(crate) fn line_id(leg: &Leg) -> &str {
    leg.id.strip_prefix("channels_").unwrap_or(&leg.id)
}

fn state(call: &Activity, leg: &Leg) -> LineState {
    let answered = || {
        let mut others = call.legs.iter().filter(|l| l.id != leg.id && l.state != LegState::Closed);
        others.any(|l| l.state != LegState::Ringing)
    };
    match leg.state {
        LegState::Closed => LineState::Ended,
        LegState::OnHold => LineState::Held,
        LegState::Ringing if leg.origin => LineState::Initiated,
        LegState::Ringing => LineState::Ringing,
        LegState::Speaking if leg.origin && !answered() => LineState::Ringing,
        LegState::Speaking => LineState::Talking,
    }
}

/// Everything of a line that its agent's telephone shows.
fn look(call: &Activity, leg: &Leg) -> u64 {
    let mut hasher = DefaultHasher::new();
    (state(call, leg), leg.muted, leg.event, &leg.device, call.conference, call.recording, call.parked)
        .hash(&mut hasher);
    (&call.passed_by, call.camped, call.queue).hash(&mut hasher);
    if leg.state != LegState::Closed {
        for other in call.legs.iter().filter(|l| l.id != leg.id && l.state != LegState::Closed) {
            (&other.id, other.state == LegState::Ringing).hash(&mut hasher);
        }
    }
    hasher.finish()
}

impl World {
    /// A line by its id or its leg's, ended ones too.
    pub(crate) fn line(&self, id: &str) -> Option<Line<'_>> {
        let leg_id = if id.starts_with("channels_") { id.to_owned() } else { format!("channels_{id}") };
        let call = self.activities.get(self.lines.get(&leg_id)?)?;
        let leg = call.legs.iter().find(|l| l.id == leg_id)?;
        Some(Line { call, leg })
    }

    /// The agent's line of that id.
    pub(crate) fn line_of(&self, agent: &str, id: &str) -> Result<Line<'_>, Refusal> {
        let line = self.line(id).ok_or(Refusal::NoSuchActivity)?;
        if line.leg.agent.as_deref() == Some(agent) { Ok(line) } else { Err(Refusal::NotYours) }
    }

    /// The agent's lines that are up, oldest first.
    pub(crate) fn lines_of(&self, agent: &str) -> Vec<Line<'_>> {
        let calls = self
            .agents
            .get(agent)
            .into_iter()
            .flat_map(|a| &a.lines)
            .filter_map(|id| self.activities.get(id));
        let up = |l: &&Leg| l.agent.as_deref() == Some(agent) && l.state != LegState::Closed;
        let mut lines: Vec<_> =
            calls.flat_map(|call| call.legs.iter().filter(up).map(move |leg| Line { call, leg })).collect();
        lines.sort_by(|a, b| (a.leg.ringing_since, &a.leg.id).cmp(&(b.leg.ringing_since, &b.leg.id)));
        lines
    }

    /// The activity that an id means, which may be a line's.
    pub(crate) fn activity_of(&self, id: &str) -> String {
        self.line(id).map_or_else(|| id.to_owned(), |line| line.call.id.clone())
    }

    /// Devices that the agent could use for a call now.
    pub(crate) fn usable_devices(&self, agent: &str) -> Vec<String> {
        let attached = self.agents.get(agent).map(|a| a.devices.as_slice()).unwrap_or_default();
        let mine = |d: &&super::Device| {
            d.reachable && (d.owner.as_deref() == Some(agent) || attached.contains(&d.id))
        };
        self.devices.values().filter(mine).map(|d| d.id.clone()).collect()
    }

    /// What can really be done with a line now.
    pub(crate) fn deeds(&self, line: Line<'_>) -> BTreeSet<Deed> {
        let mut deeds = BTreeSet::new();
        let agent = line.leg.agent.as_deref().unwrap_or("");
        let devices = self.usable_devices(agent);
        let state = line.state();
        match state {
            LineState::Initiated => {}
            LineState::Ringing if !line.leg.origin && !devices.is_empty() => drop(deeds.insert(Deed::Answer)),
            LineState::Ringing => {}
            LineState::Talking => {
                deeds.extend([
                    Deed::Hold,
                    Deed::SendDigits,
                    if line.leg.muted { Deed::Unmute } else { Deed::Mute },
                ]);
            }
            LineState::Held => drop(deeds.insert(Deed::Resume)),
            LineState::Ended => return deeds,
        }
        deeds.insert(Deed::Clear);
        if matches!(state, LineState::Talking | LineState::Held) {
            if devices.iter().any(|d| Some(d) != line.leg.device.as_ref()) {
                deeds.insert(Deed::Move);
            }
            if !line.call.conference {
                deeds.extend([Deed::Transfer, Deed::Park]);
            }
            if self.agents.get(agent).is_some_and(|a| a.lines.len() > 1) {
                deeds.insert(Deed::Conference);
            }
            deeds.extend(self.recording_deeds(line.call));
        }
        deeds
    }

    /// The agent's line, if this can be done with it now.
    pub(super) fn able(&self, agent: &str, id: &str, deed: Deed) -> Result<Line<'_>, Refusal> {
        let line = self.line_of(agent, id)?;
        if self.deeds(line).contains(&deed) { Ok(line) } else { Err(Refusal::NoLine) }
    }

    /// Changes the agent's own leg and tells.
    fn with_leg(&mut self, agent: &str, id: &str, change: impl FnOnce(&mut Leg)) {
        let Ok(line) = self.line_of(agent, id) else { return };
        let (call, leg_id) = (line.call.id.clone(), line.leg.id.clone());
        let mut turned = None;
        if let Some(leg) =
            self.activities.get_mut(&call).and_then(|a| a.legs.iter_mut().find(|l| l.id == leg_id))
        {
            let before = leg.state;
            leg.event = None;
            change(leg);
            turned = match (before, leg.state) {
                (LegState::Speaking, LegState::OnHold) => Some(HELD),
                (LegState::OnHold, LegState::Speaking) => Some(RESUMED),
                _ => None,
            };
        }
        if let Some(turned) = turned {
            self.note(turned, agent, &call);
        }
        self.changed(&call, &[agent]);
    }

    /// Puts whatever the agent speaks on, except that line, on hold.
    pub(super) fn hold_others(&mut self, agent: &str, except: &str) {
        let talking: Vec<String> = self
            .lines_of(agent)
            .iter()
            .filter(|l| {
                l.id() != except && l.leg.state == LegState::Speaking && l.state() == LineState::Talking
            })
            .map(|l| l.id().to_owned())
            .collect();
        for id in talking {
            self.with_leg(agent, &id, |leg| leg.state = LegState::OnHold);
        }
    }

    /// Answers on that device; other talks go on hold.
    pub(crate) fn answer_line(&mut self, agent: &str, id: &str, device: &str) -> Result<(), Refusal> {
        let line = self.able(agent, id, Deed::Answer)?;
        if !self.usable_devices(agent).iter().any(|d| d == device) {
            return Err(Refusal::NoSuchDevice);
        }
        let (call, line_id) = (line.call.id.clone(), line.id().to_owned());
        let offered = line.call.phase == Phase::Ringing && line.call.agent.as_deref() == Some(agent);
        self.hold_others(agent, &line_id);
        if offered {
            self.connect(&call, agent, Some(device.to_owned()));
        } else {
            self.with_leg(agent, &line_id, |leg| leg.device = Some(device.to_owned()));
            self.far_answers(&call);
        }
        Ok(())
    }

    pub(crate) fn hold_line(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        self.able(agent, id, Deed::Hold)?;
        self.with_leg(agent, id, |leg| leg.state = LegState::OnHold);
        Ok(())
    }

    pub(crate) fn resume_line(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        let own = self.able(agent, id, Deed::Resume)?.id().to_owned();
        self.hold_others(agent, &own);
        self.with_leg(agent, id, |leg| leg.state = LegState::Speaking);
        Ok(())
    }

    pub(crate) fn mute_line(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        self.able(agent, id, Deed::Mute)?;
        self.with_leg(agent, id, |leg| (leg.muted, leg.event) = (true, Some(LineEvent::Muted)));
        Ok(())
    }

    pub(crate) fn unmute_line(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        self.able(agent, id, Deed::Unmute)?;
        self.with_leg(agent, id, |leg| (leg.muted, leg.event) = (false, Some(LineEvent::Unmuted)));
        Ok(())
    }

    pub(crate) fn move_line(&mut self, agent: &str, id: &str, device: &str) -> Result<(), Refusal> {
        self.able(agent, id, Deed::Move)?;
        if !self.usable_devices(agent).iter().any(|d| d == device) {
            return Err(Refusal::NoSuchDevice);
        }
        self.with_leg(agent, id, |leg| leg.device = Some(device.to_owned()));
        Ok(())
    }

    /// Sends tones; the other side hears them (`heard` of the leg).
    pub(crate) fn send_digits(&mut self, agent: &str, id: &str, digits: &str) -> Result<(), Refusal> {
        let line = self.able(agent, id, Deed::SendDigits)?;
        let detail = format!("{} {digits}", line.call.id);
        self.note("line.digits", agent, &detail);
        self.with_leg(agent, id, |leg| leg.heard.push_str(digits));
        Ok(())
    }

    /// Hangs up, cancels, or refuses what rings. In a conference everybody is sent home.
    pub(crate) fn clear_line(&mut self, agent: &str, id: &str) -> Result<(), Refusal> {
        let line = self.able(agent, id, Deed::Clear)?;
        let (call, state) = (line.call.id.clone(), line.state());
        let offered = line.call.phase == Phase::Ringing && line.call.agent.as_deref() == Some(agent);
        if offered && state == LineState::Ringing {
            return self.reject(agent, &call);
        }
        let callee =
            line.call.direction == Direction::Internal && line.call.created_by.as_deref() != Some(agent);
        if state == LineState::Ringing && callee {
            self.far_fails(&call, Cause::Busy);
            return Ok(());
        }
        let never_talked = line.call.talk_since.is_none();
        let by = if line.call.agent.as_deref() == Some(agent) { EndedBy::Agent } else { EndedBy::Customer };
        self.end_talk(&call, by, never_talked.then_some(Cause::Cancelled));
        Ok(())
    }

    /// Changes something about the agent's call: holds it, or takes it up again. Without a call, one comes.
    pub(crate) fn fidget(&mut self, agent: &str) -> Result<(), Refusal> {
        let line = self.lines_of(agent).first().map(|l| (l.id().to_owned(), l.state()));
        let device = self.usable_devices(agent).into_iter().next().ok_or(Refusal::NoDevice)?;
        match line {
            Some((id, LineState::Talking)) => self.hold_line(agent, &id),
            Some((id, LineState::Held)) => self.resume_line(agent, &id),
            Some((id, LineState::Ringing)) => self.answer_line(agent, &id, &device),
            Some(_) => Ok(()),
            None => self.ring_directly(agent, "+442079460777", "").map(|_| ()),
        }
    }

    /// Somebody else's doing: the lines of a call get new tokens though nothing is to be seen of it.
    pub(crate) fn stir(&mut self, id: &str) {
        let call = self.activity_of(id);
        if let Some(activity) = self.activities.get_mut(&call) {
            for leg in activity.legs.iter_mut().filter(|l| l.state != LegState::Closed) {
                leg.look = 0;
            }
            self.changed(&call, &[]);
        }
    }

    /// Rings whenever anything at all changes.
    pub(crate) fn pulse(&self) -> watch::Receiver<u64> {
        self.pulse.subscribe()
    }

    /// Compares what the lines of a call show with what they showed: a difference gets a new token and rings.
    pub(super) fn follow_lines(&mut self, id: &str) {
        let revision = self.revision;
        let Some(call) = self.activities.get_mut(id) else { return };
        let looks: Vec<u64> = call.legs.iter().map(|leg| look(call, leg)).collect();
        let mut moved = BTreeSet::new();
        for (leg, look) in call.legs.iter_mut().zip(looks) {
            if !self.lines.contains_key(&leg.id) || self.lines[&leg.id] != id {
                self.lines.insert(leg.id.clone(), id.to_owned());
            }
            if leg.look != look {
                leg.look = look;
                leg.token = i64::try_from(revision).unwrap_or(i64::MAX) + FIRST_TOKEN;
                moved.extend(leg.agent.clone());
            }
        }
        let up = |l: &&Leg| l.state != LegState::Closed;
        let here: BTreeSet<String> = call.legs.iter().filter(up).filter_map(|l| l.agent.clone()).collect();
        let was = std::mem::replace(&mut call.on_line, here.clone());
        for agent in was.difference(&here) {
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.lines.remove(id);
            }
            self.line_is_free(agent);
        }
        for agent in here.difference(&was) {
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.lines.insert(id.to_owned());
            }
        }
        for agent in moved {
            self.wake(&agent);
        }
    }
}

/// Tokens begin above this, as the documents' samples do.
const FIRST_TOKEN: i64 = 487_000_000;
