//! What happened, with the real time of it: the control interface's `GET /events`, and counts of requests.

use crate::world::{Millis, wall_micros};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Older lines are forgotten.
const KEPT: usize = 50_000;

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub number: u64,
    pub at_us: u64,
    /// The same moment on the scenario clock; none: it did not happen in the world.
    pub at: Option<Millis>,
    pub what: &'static str,
    pub agent: String,
    pub detail: String,
}

impl Line {
    pub(crate) fn json(&self) -> Value {
        json!({"n": self.number, "t_us": self.at_us, "event": self.what, "agent": self.agent, "detail": self.detail})
    }
}

#[derive(Debug, Default)]
struct Inner {
    lines: VecDeque<Line>,
    next: u64,
    requests: BTreeMap<String, u64>,
}

#[derive(Debug)]
pub(crate) struct Journal {
    inner: Mutex<Inner>,
    grown: watch::Sender<u64>,
}

impl Default for Journal {
    fn default() -> Self {
        Self { inner: Mutex::default(), grown: watch::Sender::new(0) }
    }
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere does not make the lines wrong.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note(&self, what: &'static str, agent: &str, detail: &str) {
        self.write(None, what, agent, detail);
    }

    /// Something that happened in the world, with the time of its own clock.
    pub(crate) fn note_in_world(&self, at: Millis, what: &'static str, agent: &str, detail: &str) {
        self.write(Some(at), what, agent, detail);
    }

    fn write(&self, at: Option<Millis>, what: &'static str, agent: &str, detail: &str) {
        let mut inner = self.lock();
        inner.next += 1;
        let line = Line {
            number: inner.next,
            at_us: wall_micros(),
            at,
            what,
            agent: agent.to_owned(),
            detail: detail.to_owned(),
        };
        inner.lines.push_back(line);
        if inner.lines.len() > KEPT {
            inner.lines.pop_front();
        }
        self.grown.send_replace(inner.next);
    }

    /// Lines after `since`.
    pub(crate) fn since(&self, since: u64) -> Vec<Line> {
        let inner = self.lock();
        // Numbers rise, so whatever is newer is at the end.
        let newer = inner.lines.iter().rev().take_while(|l| l.number > since).count();
        inner.lines.iter().skip(inner.lines.len() - newer).cloned().collect()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.grown.subscribe()
    }

    /// Counts one request of that kind, e.g. `GET appPullData`.
    pub(crate) fn count(&self, route: String) {
        *self.lock().requests.entry(route).or_insert(0) += 1;
    }

    pub(crate) fn requests(&self) -> BTreeMap<String, u64> {
        self.lock().requests.clone()
    }
}
