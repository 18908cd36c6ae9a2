//! What happens by itself: quiet, a typical day, a storm, or a script.
//!
//! *Quiet*: nothing, everything comes through the control interface. *Typical day*: a call rings at the practising agent
//! three seconds after going ready and again some time after each one was filed; the colleagues are simulated, and
//! somebody always waits in the bell. *Storm*: calls come in at about one a minute and agent. *Script*: a list of lines,
//! each at its time.
//!
//! Agents for whom no app ever spoke are simulated; they answer, talk, file, refuse now and then and take breaks. All
//! chance comes from the seed.

use super::{Arrival, Channel, Due, Millis, Phase, Presence, Refusal, SECOND, World, names, records::text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is on.
#[derive(Debug, Clone, Default)]
pub(crate) enum Play {
    #[default]
    Quiet,
    TypicalDay {
        /// The practising agent's next call stands in the agenda.
        next_is_planned: bool,
    },
    Storm,
    Script {
        lines: Vec<ScriptLine>,
        started_by_ready: bool,
        /// What the script called its activities.
        labels: BTreeMap<String, String>,
    },
}

/// One line of a scripted scenario.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ScriptLine {
    /// Seconds after `from`.
    #[serde(default)]
    pub at: f64,
    #[serde(default)]
    pub from: From,
    #[serde(flatten)]
    pub step: Step,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum From {
    #[default]
    Start,
    /// The first agent's first going ready.
    Ready,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Step {
    Ring {
        #[serde(default)]
        agent: Option<String>,
        #[serde(default)]
        number: Option<String>,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        queue: Option<u32>,
        #[serde(default)]
        channel: Option<Channel>,
        /// A name for later lines.
        #[serde(default, rename = "as")]
        label: Option<String>,
    },
    Hangup {
        #[serde(default)]
        call: Option<String>,
    },
    AnsweredElsewhere {
        #[serde(default)]
        call: Option<String>,
        agent: String,
    },
    Timeout {
        #[serde(default)]
        call: Option<String>,
    },
    Ready {
        agent: String,
    },
    NotReady {
        agent: String,
    },
    Pause {
        agent: String,
        pause: String,
    },
    EndPause {
        agent: String,
    },
    Device {
        device: String,
        reachable: bool,
    },
}

/// What a caller is when nothing else was said.
const LAST: &str = "last";

impl World {
    /// Sets the stage before the first app comes.
    pub(super) fn curtain_up(&mut self) {
        let now = self.now();
        match self.play.clone() {
            Play::Quiet => {}
            Play::TypicalDay { .. } | Play::Storm => {
                let colleagues: Vec<String> = self.roster.iter().skip(1).cloned().collect();
                for (index, id) in colleagues.iter().enumerate() {
                    if let Some(agent) = self.agents.get_mut(id) {
                        agent.simulated = true;
                    }
                    let at = now + 50 * Millis::try_from(index).unwrap_or(0);
                    self.agenda.add(at, Due::SimulatedMood { agent: id.clone() });
                }
                let first = if matches!(self.play, Play::Storm) { SECOND } else { 4 * SECOND };
                self.agenda.add(now + first, Due::Background);
                if matches!(self.play, Play::TypicalDay { .. }) {
                    self.agenda.add(now + 15 * SECOND, Due::TicketDay);
                }
            }
            Play::Script { lines, .. } => self.plan_lines(&lines, From::Start),
        }
    }

    fn plan_lines(&mut self, lines: &[ScriptLine], from: From) {
        let now = self.now();
        for (index, line) in lines.iter().enumerate().filter(|(_, l)| l.from == from) {
            let after = (line.at.clamp(0.0, 1e7) * 1_000.0) as Millis;
            self.agenda.add(now + after, Due::Script { line: index });
        }
    }

    /// Somebody went ready: the practice begins when it is the one who practises.
    pub(super) fn became_ready(&mut self, agent: &str) {
        if self.agents.get(agent).is_none_or(|a| a.simulated) {
            return;
        }
        match &mut self.play {
            Play::TypicalDay { .. } => self.plan_traffic(3 * SECOND),
            Play::Script { lines, started_by_ready, .. } if !*started_by_ready => {
                *started_by_ready = true;
                let lines = lines.clone();
                self.plan_lines(&lines, From::Ready);
            }
            Play::Quiet | Play::Storm | Play::Script { .. } => {}
        }
    }

    fn plan_traffic(&mut self, after: Millis) {
        let now = self.now();
        if let Play::TypicalDay { next_is_planned } = &mut self.play
            && !*next_is_planned
        {
            *next_is_planned = true;
            self.agenda.add(now + after, Due::Traffic);
        }
    }

    /// The practising agent is done with one: the next comes after a human while.
    pub(super) fn next_traffic_after(&mut self, agent: &str) {
        if self.agents.get(agent).is_some_and(|a| !a.simulated) {
            let after = self.dice.between(20, 60) * SECOND;
            self.plan_traffic(after);
        }
    }

    /// A call for each agent who practises and is free.
    pub(super) fn traffic(&mut self) {
        if let Play::TypicalDay { next_is_planned } = &mut self.play {
            *next_is_planned = false;
        }
        let practising: Vec<(String, Vec<u32>)> = self
            .agents
            .values()
            .filter(|a| !a.simulated && a.presence == Presence::Ready && a.current.is_empty())
            .map(|a| (a.id.clone(), a.queues.keys().copied().filter(|q| self.takes_calls(*q)).collect()))
            .filter(|(_, queues): &(String, Vec<u32>)| !queues.is_empty())
            .collect();
        if practising.is_empty()
            && self.agents.values().any(|a| !a.simulated && a.presence != Presence::SignedOut)
        {
            self.plan_traffic(10 * SECOND);
        }
        for (agent, queues) in practising {
            let queue = *self.dice.pick(&queues);
            // The queue was found a moment ago.
            let _ = self.somebody_calls(queue, Some(agent));
        }
    }

    fn takes_calls(&self, queue: u32) -> bool {
        self.queues
            .get(&queue)
            .is_some_and(|q| q.needs_device() && !q.takes_outgoing_calls() && !q.deactivated)
    }

    /// A caller: six in ten are known contacts.
    fn somebody_calls(&mut self, queue: u32, reserved_for: Option<String>) -> Result<String, Refusal> {
        let known = self.dice.chance(0.6);
        let numbers: Vec<String> = self
            .records
            .list("contacts")
            .filter_map(|c| Some(c.get("custom")?.get("number")?.get(0)?.as_str()?.to_owned()))
            .collect();
        let address = if known && !numbers.is_empty() {
            self.dice.pick(&numbers).clone()
        } else {
            names::stranger(&mut self.dice)
        };
        let party = String::new();
        self.arrive(Arrival {
            channel: Channel::Call,
            address,
            party,
            queue,
            reserved_for,
            text: String::new(),
        })
    }

    /// The colleague who is on a break all day: the first simulated one.
    fn absent(&self) -> Option<&str> {
        let typical = matches!(self.play, Play::TypicalDay { .. });
        let simulated = |id: &&String| typical && self.agents.get(*id).is_some_and(|a| a.simulated);
        self.roster.iter().find(simulated).map(String::as_str)
    }

    /// Work for the simulated colleagues, and somebody for the bell.
    pub(super) fn background(&mut self) {
        let now = self.now();
        let storm = matches!(self.play, Play::Storm);
        let queues: Vec<u32> = self.queues.keys().copied().filter(|q| self.takes_calls(*q)).collect();
        if queues.is_empty() {
            return;
        }
        if storm {
            for _ in 0..(self.agents.len() / 60).max(1) {
                let queue = *self.dice.pick(&queues);
                if let Ok(id) = self.somebody_calls(queue, None) {
                    let patience = self.dice.between(30, 90) * SECOND;
                    self.agenda.add(now + patience, Due::Patience { id });
                }
            }
            self.agenda.add(now + SECOND, Due::Background);
            return;
        }
        let absent = self.absent().map(str::to_owned);
        let shared: Vec<u32> = queues.into_iter().filter(|q| *q < 5_000).collect();
        let queue = if shared.is_empty() { return } else { *self.dice.pick(&shared) };
        let bell_is_empty =
            !self.open_activities().any(|a| a.phase == Phase::Waiting && a.reserved_for == absent);
        // Somebody calls the absent colleague's number, which anybody in the queue may take; else one who is there.
        let (queue, agent) = if bell_is_empty {
            (shared[0], absent)
        } else {
            let there = |a: &&super::Agent| {
                a.simulated && a.queues.contains_key(&queue) && Some(&a.id) != absent.as_ref()
            };
            let there: Vec<String> = self.agents.values().filter(there).map(|a| a.id.clone()).collect();
            (queue, (!there.is_empty()).then(|| self.dice.pick(&there).clone()))
        };
        if agent.is_some()
            && let Ok(id) = self.somebody_calls(queue, agent)
        {
            let patience = self.dice.between(120, 240) * SECOND;
            self.agenda.add(now + patience, Due::Patience { id });
        }
        let pause = self.dice.between(15, 40) * SECOND;
        self.agenda.add(now + pause, Due::Background);
    }

    /// On a typical day half of the callers hang up first.
    pub(super) fn talk_began(&mut self, id: &str) {
        if matches!(self.play, Play::TypicalDay { .. }) && self.dice.chance(0.5) {
            let at = self.now() + self.dice.between(90, 300) * SECOND;
            self.agenda.add(at, Due::FarHangsUp { id: id.to_owned() });
        }
    }

    fn soon(&mut self, agent: &str, from: i64, to: i64) {
        if self.agents.get(agent).is_some_and(|a| a.simulated) {
            let at = self.now() + self.dice.between(from * SECOND, to * SECOND);
            self.agenda.add(at, Due::SimulatedWork { agent: agent.to_owned() });
        }
    }

    pub(super) fn simulated_rings(&mut self, agent: &str) {
        self.soon(agent, 2, 6);
    }

    pub(super) fn simulated_files(&mut self, agent: &str) {
        self.soon(agent, 3, 9);
    }

    /// A simulated agent does what is next with the work at hand.
    pub(super) fn simulated_work(&mut self, id: &str) {
        let Some(agent) = self.agents.get(id).filter(|a| a.simulated) else { return };
        let Some(activity) = agent.current.iter().filter_map(|a| self.activities.get(a)).next() else {
            return;
        };
        let (activity_id, device) = (activity.id.clone(), agent.devices.first().cloned());
        match activity.phase {
            Phase::Ringing if self.dice.chance(0.9) => {
                if self.accept(id, &activity_id, device.as_deref()).is_ok() {
                    self.soon(id, 20, 100);
                }
            }
            Phase::Ringing => {
                // It rings here: looked up above.
                let _ = self.reject(id, &activity_id);
            }
            Phase::Active if activity.line_is_up() => {
                let _ = self.hang_up(id, &activity_id);
            }
            Phase::Active | Phase::Postponed | Phase::Waiting => {
                let codes = activity.queue.and_then(|q| self.queues.get(&q)).map(|q| q.wrap_up_codes.clone());
                let codes = codes.filter(|c| !c.is_empty()).map(|c| vec![self.dice.pick(&c).clone()]);
                let _ = self.close(id, &activity_id, codes);
            }
            Phase::Closed => {}
        }
    }

    /// A simulated agent comes to work, takes a break, or comes back from one.
    pub(super) fn simulated_mood(&mut self, id: &str) {
        let Some(agent) = self.agents.get(id).filter(|a| a.simulated) else { return };
        let idle = agent.current.is_empty();
        let away = self.absent() == Some(id);
        match agent.presence {
            Presence::SignedOut => {
                self.simulated_comes(id);
                if away {
                    self.simulated_break(id);
                }
            }
            Presence::Ready if away || (idle && self.dice.chance(0.15)) => self.simulated_break(id),
            Presence::Paused if !away && agent.wrap_up_until.is_none() => {
                // The agent is there: looked up above.
                let _ = self.end_pause(id);
            }
            Presence::Ready | Presence::NotReady | Presence::Paused => {}
        }
        let next = self.now() + self.dice.between(20, 90) * SECOND;
        self.agenda.add(next, Due::SimulatedMood { agent: id.to_owned() });
    }

    fn simulated_break(&mut self, id: &str) {
        let breaks = self.records.list("pauses").filter(|p| text(p, "kind").is_empty());
        let breaks: Vec<String> = breaks.map(|p| text(p, "id").to_owned()).collect();
        if !breaks.is_empty() {
            let pause = self.dice.pick(&breaks).clone();
            self.put_on_pause(id, &pause, None);
        }
    }

    fn simulated_comes(&mut self, id: &str) {
        let now = self.now();
        let device = self.available_devices(id).iter().find(|d| d.owner.is_some()).map(|d| d.id.clone());
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.presence = Presence::NotReady;
        agent.since = now;
        agent.signed_in = Some(now);
        if let Some(device) = device {
            let _ = self.attach_device(id, &device);
        }
        // Whoever may not join the work (back office) just stays signed in.
        let _ = self.go_ready(id);
    }

    /// Plays one line of the script; what cannot be done is written down and left.
    pub(super) fn play_line(&mut self, index: usize) {
        let Play::Script { lines, labels, .. } = &self.play else { return };
        let Some(step) = lines.get(index).map(|l| l.step.clone()) else { return };
        let find = |call: &Option<String>| {
            let label = call.as_deref().unwrap_or(LAST);
            labels.get(label).cloned().unwrap_or_else(|| label.to_owned())
        };
        let done = match step {
            Step::Ring { agent, number, name, queue, channel, label } => {
                let ring = self.ring(agent, number, name, queue, channel, String::new());
                ring.map(|id| {
                    if let Play::Script { labels, .. } = &mut self.play {
                        labels.insert(LAST.to_owned(), id.clone());
                        if let Some(label) = label {
                            labels.insert(label, id);
                        }
                    }
                })
            }
            Step::Hangup { call } => {
                let id = find(&call);
                self.far_hangs_up(&id);
                Ok(())
            }
            Step::AnsweredElsewhere { call, agent } => {
                let id = find(&call);
                self.answered_elsewhere(&id, &agent)
            }
            Step::Timeout { call } => {
                let id = find(&call);
                self.ring_timed_out(&id, None);
                Ok(())
            }
            Step::Ready { agent } => self.go_ready(&agent),
            Step::NotReady { agent } => self.go_not_ready(&agent),
            Step::Pause { agent, pause } => self.start_pause(&agent, &pause),
            Step::EndPause { agent } => self.end_pause(&agent),
            Step::Device { device, reachable } => self.set_device_reachable(&device, reachable),
        };
        if let Err(refusal) = done {
            self.note("script.refused", "", &format!("line {index}: {refusal:?}"));
        }
    }

    /// Lets something come in; what is not said is chosen.
    pub(crate) fn ring(
        &mut self,
        agent: Option<String>,
        number: Option<String>,
        name: Option<String>,
        queue: Option<u32>,
        channel: Option<Channel>,
        text: String,
    ) -> Result<String, Refusal> {
        let channel = channel.unwrap_or(Channel::Call);
        let joined: Vec<u32> = match &agent {
            Some(agent) => self.agent(agent)?.queues.keys().copied().collect(),
            None => Vec::new(),
        };
        let fits = |q: &&super::Queue| {
            q.channel == channel && !q.deactivated && q.direction != Some(super::Direction::Out)
        };
        let queue = match queue {
            Some(queue) => queue,
            None => {
                let mut fitting = self.queues.values().filter(fits).map(|q| q.id);
                let own = fitting.clone().find(|q| joined.contains(q));
                own.or_else(|| fitting.next()).ok_or(Refusal::NoSuchQueue)?
            }
        };
        let address = number.unwrap_or_else(|| names::stranger(&mut self.dice));
        let party = name.unwrap_or_default();
        self.arrive(Arrival { channel, address, party, queue, reserved_for: agent, text })
    }
}
