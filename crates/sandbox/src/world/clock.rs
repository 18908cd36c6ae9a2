//! The scenario clock and what is due on it.
//!
//! Scenario time starts at the wall clock and runs with it, but can be pushed forward (`POST /clock/advance`), so that a
//! test meets a ring time-out or an expired token at once. Times are whole milliseconds since 1970 in UTC. Nothing in the
//! world sleeps: what shall happen later is an entry in [`Agenda`], and whoever drives the world asks for the next one.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 in UTC, on the scenario clock.
pub(crate) type Millis = i64;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// The real time in microseconds since 1970: what the journal is stamped with.
pub(crate) fn wall_micros() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| u64::try_from(d.as_micros()).unwrap_or(u64::MAX))
}

/// Scenario time: the wall clock at the start, the time that ran since, and what was pushed on top.
#[derive(Debug)]
pub(crate) struct Clock {
    base: Millis,
    started: Instant,
    pushed: Millis,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let base = Millis::try_from(wall_micros() / 1_000).unwrap_or(0);
        Self { base, started: Instant::now(), pushed: 0 }
    }

    pub(crate) fn now(&self) -> Millis {
        let ran = Millis::try_from(self.started.elapsed().as_millis()).unwrap_or(Millis::MAX / 4);
        self.base + ran + self.pushed
    }

    pub(crate) fn advance(&mut self, by: Millis) {
        self.pushed += by.max(0);
    }

    /// How long to wait in real time until `due`; nothing if it is past.
    pub(crate) fn until(&self, due: Millis) -> Duration {
        Duration::from_millis(u64::try_from(due - self.now()).unwrap_or(0))
    }
}

/// One thing that happens later. An entry that no longer fits the world when it comes up (the call was answered
/// meanwhile) does nothing, so entries are never removed by hand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Due {
    /// Nobody took it in time; `attempt` says which ringing was meant.
    RingTimeout { id: String, attempt: u32 },
    /// The customer gives up waiting.
    Patience { id: String },
    /// The agent's own device was picked up, the customer is being called.
    DialOut { id: String },
    /// The called party picks up.
    FarAnswers { id: String },
    /// The called party does not: busy, no answer, or no such number.
    FarFails { id: String, cause: super::Cause },
    /// A conversation's other side is done talking.
    FarHangsUp { id: String },
    /// After-call work ends; `until` says which.
    WrapUpOver { agent: String, until: Millis },
    /// Somebody who camped on a line is put through.
    CampOver { id: String },
    /// What somebody said to be doing ends; `until` says which.
    StatusOver { agent: String, until: Millis },
    /// Look for agents whose app went silent.
    Inactivity,
    /// A simulated agent does the next thing with the work at hand.
    SimulatedWork { agent: String },
    /// A simulated agent comes, goes on a break or comes back.
    SimulatedMood { agent: String },
    /// The practising agent's next call.
    Traffic,
    /// The colleagues' next call.
    Background,
    /// A line of a scripted scenario.
    Script { line: usize },
    /// A ticket was put aside until now; `until` says which time was meant.
    Reopen { ticket: i64, until: Millis },
    /// Something happens to some ticket, as on a typical day.
    TicketDay,
    /// Tickets change as fast as a benchmark wants; what was done since then.
    TicketRate { since: Millis, done: u64 },
}

/// What is due, in order of time.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(Millis, u64), Due>,
    sequence: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Millis, due: Due) {
        self.sequence += 1;
        self.entries.insert((at, self.sequence), due);
    }

    pub(crate) fn next(&self) -> Option<Millis> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// Takes the first entry that is due at `now`.
    pub(crate) fn pop(&mut self, now: Millis) -> Option<Due> {
        let entry = self.entries.first_entry().filter(|e| e.key().0 <= now)?;
        Some(entry.remove())
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
