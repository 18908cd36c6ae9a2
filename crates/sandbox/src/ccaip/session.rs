//! One call, chat or e-mail as this platform records it. A record knows its whole time line, also steps that are still to
//! come (of what other people's calls do by a plot); what it shows depends on the time at which it is looked at.

use super::inferred;
use crate::world::{Millis, SECOND};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Call,
    Chat,
    Email,
}

/// One agent's work on it.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    pub agent: String,
    pub menu: Option<u32>,
    pub transfer: bool,
    pub from: Millis,
    pub to: Option<Millis>,
    /// How long the customer had waited for this agent.
    pub waited: Millis,
    /// After-call work.
    pub after: Millis,
}

/// One wait in a queue.
#[derive(Debug, Clone)]
pub(super) struct Wait {
    pub agent: Option<String>,
    pub menu: Option<u32>,
    pub transfer: bool,
    pub from: Millis,
    pub to: Option<Millis>,
    pub answered: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Transfer {
    pub id: i64,
    pub created: Millis,
    pub from_agent: String,
    pub from_menu: Option<u32>,
    pub to_agent: Option<String>,
    pub to_menu: Option<u32>,
    pub connected: Option<Millis>,
    /// It came to nothing.
    pub failed: Option<Millis>,
}

/// Somebody in it: the customer when no agent is named.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub id: i64,
    pub agent: Option<String>,
    pub connected: Option<Millis>,
    pub ended: Option<Millis>,
}

/// The customer.
#[derive(Debug, Clone, Default)]
pub(super) struct EndUser {
    pub id: i64,
    pub identifier: String,
    pub contact: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Session {
    pub id: i64,
    /// The call that this one calls back.
    pub parent: Option<i64>,
    /// The world's activity; none: other people's.
    pub activity: Option<String>,
    pub kind: Kind,
    /// `call_type` or `chat_type`.
    pub type_name: &'static str,
    pub lang: &'static str,
    pub menu: Option<u32>,
    /// Which status it has from when on, in order of time.
    pub steps: Vec<(Millis, &'static str)>,
    /// When it changed last beside its steps.
    pub touched: Millis,
    pub queued: Option<Millis>,
    pub assigned: Option<Millis>,
    pub connected: Option<Millis>,
    pub ends: Option<Millis>,
    pub scheduled: Option<Millis>,
    pub agent: Option<String>,
    /// At whom it rings now.
    pub ringing: Option<String>,
    pub user: EndUser,
    pub verified: bool,
    pub rating: Option<i64>,
    pub held: Millis,
    pub held_since: Option<Millis>,
    pub disconnected_by: &'static str,
    pub fail: &'static str,
    pub fail_code: Option<i64>,
    pub deflection: &'static str,
    pub voicemail: &'static str,
    pub support_number: Option<String>,
    pub outbound_number: Option<String>,
    pub ticket: Option<String>,
    pub recorded: bool,
    /// When messages were written: the customer's first.
    pub messages: Vec<Millis>,
    pub subject: String,
    pub handles: Vec<Handle>,
    pub waits: Vec<Wait>,
    pub transfers: Vec<Transfer>,
    /// To whom it was offered.
    pub offers: Vec<(Millis, String)>,
    pub parts: Vec<Part>,
}

/// How long an agent who was chosen is still being connected.
pub(super) const ASSIGNED_FOR: Millis = 800;
pub(super) const CONNECTED_AFTER: Millis = 1_500;

impl Session {
    pub(super) fn new(id: i64, kind: Kind, type_name: &'static str, created: Millis, user: EndUser) -> Self {
        Self {
            id,
            parent: None,
            activity: None,
            kind,
            type_name,
            lang: "en",
            menu: None,
            steps: Vec::new(),
            touched: created,
            queued: None,
            assigned: None,
            connected: None,
            ends: None,
            scheduled: None,
            agent: None,
            ringing: None,
            user,
            verified: false,
            rating: None,
            held: 0,
            held_since: None,
            disconnected_by: "disconnected_by_unknown",
            fail: "nothing",
            fail_code: None,
            deflection: "no_deflection",
            voicemail: "not_voicemail",
            support_number: None,
            outbound_number: None,
            ticket: None,
            recorded: false,
            messages: Vec::new(),
            subject: String::new(),
            handles: Vec::new(),
            waits: Vec::new(),
            transfers: Vec::new(),
            offers: Vec::new(),
            parts: vec![Part { id: id * 10, agent: None, connected: None, ended: None }],
        }
    }

    pub(super) fn created(&self) -> Millis {
        self.steps.first().map_or(self.touched, |(at, _)| *at)
    }

    /// The status at that time.
    pub(super) fn status(&self, now: Millis) -> &'static str {
        let past = self.steps.iter().rev().find(|(at, _)| *at <= now);
        past.or(self.steps.first()).map_or("queued", |(_, status)| *status)
    }

    /// When it changed last before that time.
    pub(super) fn updated(&self, now: Millis) -> Millis {
        let step = self.steps.iter().rev().map(|(at, _)| *at).find(|at| *at <= now);
        step.unwrap_or(self.touched).max(if self.touched <= now { self.touched } else { 0 })
    }

    /// From `at` on it has that status; what was to come after is off.
    pub(super) fn step(&mut self, at: Millis, status: &'static str) {
        self.steps.retain(|(other, _)| *other <= at);
        self.steps.push((at, status));
        self.touched = self.touched.max(at);
    }

    pub(super) fn is_over(&self) -> bool {
        self.ends.is_some()
    }

    /// It waits in a queue from `at` on.
    pub(super) fn queue(&mut self, at: Millis, status: &'static str) {
        self.step(at, status);
        self.queued = Some(at);
        self.waits.push(Wait {
            agent: None,
            menu: self.menu,
            transfer: false,
            from: at,
            to: None,
            answered: false,
        });
    }

    /// An agent takes it at `at`.
    pub(super) fn take(&mut self, at: Millis, agent: &str, answered: &'static str) {
        self.ringing = None;
        let before = self.agent.replace(agent.to_owned());
        let passed = before.as_deref().is_some_and(|b| b != agent);
        if let Some(wait) = self.waits.last_mut().filter(|w| w.to.is_none()) {
            (wait.to, wait.answered, wait.agent) = (Some(at), true, Some(agent.to_owned()));
        }
        if let Some(handle) = self.handles.last_mut().filter(|h| h.to.is_none()) {
            handle.to = Some(at);
        }
        for part in self.parts.iter_mut().filter(|p| p.agent.is_some() && p.ended.is_none()) {
            part.ended = Some(at);
        }
        if let Some(transfer) = self.transfers.last_mut().filter(|t| t.connected.is_none()) {
            (transfer.connected, transfer.to_agent) = (Some(at), Some(agent.to_owned()));
        }
        let connected = if self.kind == Kind::Call { at + CONNECTED_AFTER } else { at };
        self.step(at, answered);
        if self.kind == Kind::Call {
            if !passed {
                self.steps.push((at + ASSIGNED_FOR, "connecting"));
            }
            self.steps.push((connected, "connected"));
        }
        self.assigned = self.assigned.or(Some(at));
        self.connected = self.connected.or(Some(connected));
        let waited = self.waits.last().map_or(0, |w| at - w.from);
        self.handles.push(Handle {
            agent: agent.to_owned(),
            menu: self.menu,
            transfer: passed,
            from: at,
            to: None,
            waited,
            after: 0,
        });
        self.join(Some(agent), connected);
    }

    /// Somebody is in it from `at` on.
    pub(super) fn join(&mut self, agent: Option<&str>, at: Millis) {
        if let Some(customer) = self.parts.iter_mut().find(|p| p.agent.is_none()) {
            customer.connected = customer.connected.or(Some(at));
        }
        if let Some(agent) = agent {
            let id = self.id * 10 + i64::try_from(self.parts.len()).unwrap_or(9);
            self.parts.push(Part { id, agent: Some(agent.to_owned()), connected: Some(at), ended: None });
        }
    }

    /// It is over at `at`.
    pub(super) fn end(&mut self, at: Millis, status: &'static str) {
        self.resume(at);
        self.step(at, status);
        self.ends = Some(at);
        self.ringing = None;
        for part in self.parts.iter_mut().filter(|p| p.ended.is_none()) {
            part.ended = Some(at);
        }
        if let Some(handle) = self.handles.last_mut().filter(|h| h.to.is_none()) {
            handle.to = Some(at);
        }
        if let Some(wait) = self.waits.last_mut().filter(|w| w.to.is_none()) {
            wait.to = Some(at);
        }
        let open = |t: &&mut Transfer| t.connected.is_none() && t.failed.is_none();
        for transfer in self.transfers.iter_mut().filter(open) {
            transfer.failed = Some(at);
        }
    }

    /// It came to nothing: the reason, and the adapter's code for it.
    pub(super) fn fails(&mut self, at: Millis, reason: &'static str) {
        self.fail = reason;
        self.fail_code = inferred::code_of(reason);
        self.disconnected_by = match reason {
            r if r.starts_with("eu_") => "disconnected_by_end_user",
            r if r.starts_with("ag_") => "disconnected_by_agent",
            _ => "disconnected_by_unknown",
        };
        self.end(at, "failed");
    }

    pub(super) fn hold(&mut self, at: Millis) {
        self.held_since = self.held_since.or(Some(at));
        self.touched = at;
    }

    pub(super) fn resume(&mut self, at: Millis) {
        if let Some(since) = self.held_since.take() {
            self.held += at - since;
            self.touched = self.touched.max(at);
        }
    }

    /// Milliseconds from `from` to the end, or until now.
    fn lasted(&self, from: Option<Millis>, now: Millis) -> Millis {
        from.map_or(0, |from| (self.ends.unwrap_or(now).min(now) - from).max(0))
    }

    /// Seconds of talk, writing or work so far.
    pub(super) fn duration(&self, now: Millis) -> i64 {
        self.lasted(self.connected, now) / SECOND
    }

    pub(super) fn hold_duration(&self, now: Millis) -> i64 {
        (self.held + self.held_since.map_or(0, |since| now - since)).max(0) / SECOND
    }

    /// Seconds that the customer waited in queues so far.
    pub(super) fn queue_duration(&self, now: Millis) -> i64 {
        let waits = self.waits.iter().filter(|w| w.from <= now);
        waits.map(|w| (w.to.unwrap_or(now).min(now) - w.from).max(0)).sum::<Millis>() / SECOND
    }
}
