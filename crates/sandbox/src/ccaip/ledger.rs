//! The book of everything that went through this platform: what the world's journal tells, carried forward line by line
//! with the times at which it happened ([`super::audit`] then brings it in line with the world as it is).

use super::desks::{Base, Desks, paused};
use super::history;
use super::inferred;
use super::plots::Plots;
use super::session::{EndUser, Kind, Session, Transfer};
use super::statuses::{AVAILABLE, UNAVAILABLE};
use crate::journal::Line;
use crate::world::{Activity, Cause, Channel, Direction, EndedBy, Millis, World};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug)]
pub(super) struct Ledger {
    pub sessions: Vec<Session>,
    /// Activity → place in `sessions`.
    pub(super) places: BTreeMap<String, usize>,
    /// What is not over.
    pub(super) open: BTreeSet<usize>,
    pub desks: Desks,
    plots: Plots,
    /// The last line that was read.
    read: u64,
}

/// Words of a call's offer by how its queue casts.
struct Cast {
    offered: &'static str,
    attempted: &'static str,
    taken: &'static str,
    refused: &'static str,
    missed: &'static str,
}

const DELTACAST: Cast = Cast {
    offered: "deltacast_call_notification_offered",
    attempted: "deltacast_call_pick_up_attempt",
    taken: "deltacast_call_picked_up",
    refused: "deltacast_call_projected",
    missed: "deltacast_call_missed",
};
const MULTICAST: Cast = Cast {
    offered: "multicast_call_notification_offered",
    attempted: "multicast_call_pick_up_attempt",
    taken: "multicast_call_picked_up",
    refused: "deltacast_call_bounced",
    missed: "deltacast_call_missed",
};

/// Inferred: which queues ring at one agent after the other, and which at all at once.
fn cast(menu: Option<u32>) -> &'static Cast {
    if menu.is_some_and(|m| m % 2 == 1) { &MULTICAST } else { &DELTACAST }
}

/// Which kind of record an activity is; none: it does not come through this platform.
fn kind_of(channel: Channel) -> Option<Kind> {
    match channel {
        Channel::Call => Some(Kind::Call),
        Channel::Email => Some(Kind::Email),
        Channel::Comment => None,
        _ => Some(Kind::Chat),
    }
}

fn type_of(activity: &Activity) -> &'static str {
    match (activity.channel, activity.direction) {
        (Channel::Call, Direction::In) => "Voice Inbound (IVR)",
        (Channel::Call, _) => "Voice Outbound",
        (Channel::Chat, _) => "Messaging Inbound (Web Chat)",
        (Channel::Sms, _) => "Messaging (SMS)",
        (Channel::Email, _) => "Email",
        _ => "Messaging Inbound (App Chat)",
    }
}

/// The record that an activity begins as, at its creation.
pub(super) fn begun(activity: &Activity, kind: Kind) -> Session {
    let user = EndUser {
        id: inferred::end_user_id(activity.contact.as_deref(), &activity.address),
        identifier: activity.address.clone(),
        contact: activity.contact.clone(),
    };
    let mut session = Session::new(activity.item_number, kind, type_of(activity), activity.created, user);
    session.activity = Some(activity.id.clone());
    session.menu = activity.queue;
    session.verified = activity.contact.is_some() && activity.item_number % 3 != 0;
    session.ticket.clone_from(&activity.ticket);
    session.subject.clone_from(&activity.title);
    if kind == Kind::Call {
        match activity.direction {
            Direction::In => session.support_number = Some(activity.called.clone()),
            _ => session.outbound_number = Some(activity.called.clone()),
        }
    } else if activity.direction == Direction::In {
        session.messages.push(activity.created);
    }
    session
}

/// Why a call that was never answered came to nothing.
pub(super) fn reason(activity: &Activity) -> &'static str {
    match activity.cause {
        Some(Cause::Abandoned) => "eu_abandoned",
        Some(Cause::Busy) => "eu_busy",
        Some(Cause::NoAnswer) if activity.direction == Direction::In => "ag_ignored",
        Some(Cause::NoAnswer) => "eu_no_answer",
        Some(Cause::Failed) => "eu_wrong_number",
        Some(Cause::Cancelled) => "ag_canceled",
        None => "unknown",
    }
}

impl Ledger {
    pub(super) fn new(seed: u64, world: &World) -> Self {
        let mut ledger = Self {
            sessions: Vec::new(),
            places: BTreeMap::new(),
            open: BTreeSet::new(),
            desks: Desks::default(),
            plots: Plots::new(seed, world),
            read: 0,
        };
        history::fill(&mut ledger, world);
        ledger.plots.rehearse(&mut ledger.sessions, &mut ledger.desks, world);
        ledger.follow(world);
        ledger
    }

    pub(super) fn put(&mut self, session: Session) -> usize {
        let at = self.sessions.len();
        if let Some(activity) = &session.activity {
            self.places.insert(activity.clone(), at);
            if !session.is_over() {
                self.open.insert(at);
            }
        }
        self.sessions.push(session);
        at
    }

    /// The record of an activity.
    pub(super) fn of(&mut self, activity: &str) -> Option<&mut Session> {
        self.places.get(activity).copied().and_then(|at| self.sessions.get_mut(at))
    }

    /// Records that may have changed lately or are not over, of the world.
    pub(super) fn open(&self) -> impl Iterator<Item = &Session> {
        self.open.iter().filter_map(|at| self.sessions.get(*at))
    }

    /// Reads what happened since.
    pub(super) fn follow(&mut self, world: &World) {
        let now = world.now();
        let lines = world.journal.since(self.read);
        for line in &lines {
            self.read = line.number;
            if let Some(at) = line.at {
                self.desks.settle(at);
                self.line(world, at, line);
            }
        }
        self.desks.settle_all();
        self.reconcile(world, now);
        self.plots.go_on(&mut self.sessions, &mut self.desks, now);
    }

    /// The record of an activity; begins it if this is the first that is heard of it.
    pub(super) fn known(&mut self, world: &World, id: &str, at: Millis) -> Option<usize> {
        if let Some(at) = self.places.get(id) {
            return Some(*at);
        }
        let activity = world.activities.get(id)?;
        let kind = kind_of(activity.channel)?;
        let mut session = begun(activity, kind);
        match (kind, activity.direction) {
            (Kind::Call, Direction::In) if activity.queue.is_some() => session.queue(at, "queued"),
            (Kind::Chat, Direction::In) => session.queue(at, "queued"),
            (Kind::Email, Direction::In) => session.queue(at, "unopened"),
            (Kind::Email, _) => session.step(at, "active"),
            _ => session.step(at, "assigned"),
        }
        Some(self.put(session))
    }

    fn line(&mut self, world: &World, at: Millis, line: &Line) {
        let (agent, id) = (line.agent.as_str(), line.detail.split(' ').next().unwrap_or(""));
        match line.what {
            "agent.signed_in" => self.based(agent, at, Base::Chosen(UNAVAILABLE)),
            "agent.not_ready" => self.based(agent, at, Base::Chosen(UNAVAILABLE)),
            "agent.ready" => self.based(agent, at, Base::Chosen(AVAILABLE)),
            "agent.paused" => self.based(agent, at, paused(world, id)),
            "agent.signed_out" => self.based(agent, at, Base::Offline),
            what if what.starts_with("activity.") || what.starts_with("line.") => {
                if let Some(place) = self.known(world, id, at) {
                    self.contact(world, at, line, agent, place);
                }
            }
            _ => {}
        }
    }

    fn based(&mut self, agent: &str, at: Millis, base: Base) {
        let mut worked = None;
        self.desks.change(agent, at, |desk| {
            (desk.base, desk.over) = (base, None);
            // The work after the last call ends with whatever comes next.
            worked = desk.after_since.take().and_then(|since| Some((desk.last_call?, at - since)));
            if base == Base::After {
                desk.after_since = Some(at);
            }
        });
        if let Some((call, after)) = worked {
            self.worked_after(call, agent, after, at);
        }
    }

    fn worked_after(&mut self, call: i64, agent: &str, after: Millis, at: Millis) {
        let session = self.sessions.iter_mut().rev().find(|s| s.id == call);
        let Some(session) = session else { return };
        if let Some(handle) = session.handles.iter_mut().rev().find(|h| h.agent == agent) {
            handle.after += after;
            session.touched = session.touched.max(at);
        }
    }

    fn contact(&mut self, world: &World, at: Millis, line: &Line, agent: &str, place: usize) {
        let Some(session) = self.sessions.get_mut(place) else { return };
        let (id, kind) = (session.id, session.kind);
        let cast = cast(session.menu);
        let (call, chat) = match kind {
            Kind::Call => (Some(id), None),
            Kind::Chat => (None, Some(id)),
            Kind::Email => (None, None),
        };
        let mut note = |activity| self.desks.log(agent, at, activity, call, chat);
        match line.what {
            "activity.ringing" => {
                session.ringing = Some(agent.to_owned());
                session.offers.push((at, agent.to_owned()));
                session.touched = at;
                match kind {
                    Kind::Call => {
                        note("call_notification_offered");
                        note(cast.offered);
                    }
                    Kind::Chat => note("chat_notification_offered"),
                    Kind::Email => {}
                }
                if session.menu.is_none() {
                    session.step(at, "assigned");
                    session.assigned = Some(at);
                }
            }
            "activity.answered" => {
                match kind {
                    Kind::Call => {
                        for activity in ["call_pick_up_attempt", cast.attempted, "call_picked_up", cast.taken]
                        {
                            note(activity);
                        }
                    }
                    Kind::Chat => {
                        note("chat_pick_up_attempt");
                        note("chat_picked_up");
                    }
                    Kind::Email => {}
                }
                let before = session.agent.clone();
                session.take(at, agent, if kind == Kind::Email { "active" } else { "assigned" });
                if kind == Kind::Chat {
                    session.messages.push(at + 6_000);
                }
                if let Some(before) = before.filter(|b| b != agent) {
                    self.leaves(&before, at, id);
                }
                self.works(agent, at, id, kind);
            }
            "activity.rejected" | "activity.timed_out" => {
                session.ringing = None;
                session.touched = at;
                if kind == Kind::Call {
                    note(if line.what == "activity.rejected" { cast.refused } else { cast.missed });
                }
                let open = |t: &&mut Transfer| t.connected.is_none() && t.failed.is_none();
                if let Some(transfer) = session.transfers.last_mut().filter(open) {
                    transfer.failed = Some(at);
                }
            }
            "activity.abandoned" => {
                match kind {
                    Kind::Call => session.fails(at, "eu_abandoned"),
                    Kind::Chat => session.end(at, "canceled"),
                    Kind::Email => session.end(at, "closed"),
                }
                self.open.remove(&place);
            }
            "activity.unanswered" => {
                session.fails(at, "ag_ignored");
                self.open.remove(&place);
            }
            "activity.dialled" => {
                session.agent = Some(agent.to_owned());
                session.assigned = Some(at);
                session.step(at, "assigned");
                session.steps.push((at + world.rules.device_delay, "connecting"));
                session.join(Some(agent), at);
                for part in &mut session.parts {
                    part.connected = None;
                }
                note("call_outbound_dialing");
                self.works(agent, at, id, kind);
            }
            "activity.far_end_answered" => {
                session.step(at, "connected");
                session.connected = Some(at);
                for part in session.parts.iter_mut().filter(|p| p.ended.is_none()) {
                    part.connected = part.connected.or(Some(at));
                }
                session.handles.push(super::session::Handle {
                    agent: agent.to_owned(),
                    menu: session.menu,
                    transfer: false,
                    from: at,
                    to: None,
                    waited: 0,
                    after: 0,
                });
            }
            "activity.passed_on" => {
                let quoted = line.detail.split('"').nth(1).map(str::to_owned);
                let queue =
                    line.detail.split("Queue(").nth(1).and_then(|q| q.split(')').next()?.parse().ok());
                let to_agent = quoted.filter(|q| world.agents.contains_key(q));
                let transfer = Transfer {
                    id: id * 10 + i64::try_from(session.transfers.len()).unwrap_or(0),
                    created: at,
                    from_agent: agent.to_owned(),
                    from_menu: session.menu,
                    to_agent,
                    to_menu: queue,
                    connected: None,
                    failed: None,
                };
                session.transfers.push(transfer);
                session.touched = at;
            }
            "line.held" => session.hold(at),
            "line.resumed" => session.resume(at),
            "activity.hung_up" => {
                let activity = line.detail.split(' ').next().and_then(|a| world.activities.get(a));
                Self::ended(session, activity, at);
                for agent in session.parts.iter().filter_map(|p| p.agent.clone()).collect::<Vec<_>>() {
                    self.leaves(&agent, at, id);
                }
                self.desks.change(agent, at, |desk| {
                    desk.unfiled.insert(id);
                    desk.last_call = Some(id);
                });
            }
            "activity.closed" => {
                if !session.is_over() {
                    let activity = world.activities.get(&line.detail);
                    Self::ended(session, activity, at);
                } else if let Some(handle) = session.handles.iter_mut().rev().find(|h| h.agent == agent) {
                    handle.after = at - handle.to.unwrap_or(at);
                    session.touched = session.touched.max(at);
                }
                self.leaves(agent, at, id);
                self.desks.change(agent, at, |desk| {
                    desk.unfiled.remove(&id);
                });
                self.open.remove(&place);
            }
            _ => {}
        }
    }

    /// The contact is over: it was had, or came to nothing.
    pub(super) fn ended(session: &mut Session, activity: Option<&Activity>, at: Millis) {
        let talked = session.connected.is_some_and(|connected| connected <= at);
        match session.kind {
            Kind::Call if talked || session.handles.iter().any(|h| h.from <= at) => {
                session.disconnected_by = match activity.and_then(|a| a.ended_by) {
                    Some(EndedBy::Customer) => "disconnected_by_end_user",
                    Some(EndedBy::Agent) => "disconnected_by_agent",
                    Some(EndedBy::System) | None => "disconnected_by_unknown",
                };
                session.recorded = true;
                session.connected = session.connected.map(|c| c.min(at));
                session.rating = (session.id % 4 == 0).then_some(1 + session.id % 5);
                session.end(at, "finished");
            }
            Kind::Call => session.fails(at, activity.map_or("unknown", reason)),
            Kind::Chat => {
                session.disconnected_by = "disconnected_by_agent";
                let first = session.messages.last().copied().unwrap_or(at);
                session.messages.push(first.max(at - 5_000));
                session.rating = (session.id % 3 == 0).then_some(1 + session.id % 5);
                session.end(at, "finished");
            }
            Kind::Email => session.end(at, "resolved"),
        }
    }

    fn works(&mut self, agent: &str, at: Millis, id: i64, kind: Kind) {
        self.desks.change(agent, at, |desk| {
            match kind {
                Kind::Call => desk.calls.insert(id),
                Kind::Chat => desk.chats.insert(id),
                Kind::Email => false,
            };
        });
    }

    fn leaves(&mut self, agent: &str, at: Millis, id: i64) {
        self.desks.change(agent, at, |desk| {
            desk.calls.remove(&id);
            desk.chats.remove(&id);
        });
    }
}
