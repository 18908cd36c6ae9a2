//! What an office exchange knows of its people beside calls: what somebody says to be doing, and the log of what passed
//! through their telephone.
//!
//! A [`Status`] (activity, note, role, until when) is one per person and independent of the contact-centre presence. When
//! its time is over it falls back to the first activity by itself. A change rings that person's bell.
//!
//! The log is written up when somebody looks: calls that ended for that person since the last look get the next numbers
//! in the order of their ends, so a larger number is always news. Voicemails and recordings come through
//! [`World::leave_voicemail`] and [`World::keep_recording`].

use super::{Activity, Channel, Direction, Due, HOUR, LegState, MINUTE, Millis, Phase, SECOND, World};
use std::collections::{BTreeMap, BTreeSet};

/// The activity that everybody falls back to.
pub(crate) const FREE: &str = "available";
const FIRST_ROLE: &str = "business";

/// What somebody says to be doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    pub activity: String,
    pub available: bool,
    /// When the activity ends by itself.
    pub until: Option<Millis>,
    pub note: String,
    pub role: String,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            activity: FREE.to_owned(),
            available: true,
            until: None,
            note: String::new(),
            role: FIRST_ROLE.to_owned(),
        }
    }
}

/// Where a person's calls go instead of the telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diversion {
    pub number: String,
    /// Forgotten as soon as the activity changes.
    pub activity_scoped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LogKind {
    Incoming,
    Outgoing,
    Missed,
    Voicemail,
    Recording,
    Fax,
}

/// Where a log item lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shelf {
    Inbox,
    /// Marked for deletion: the trash.
    Trash,
    /// Flagged as deleted, to be expunged.
    Deleted,
}

#[derive(Debug, Clone)]
pub(crate) struct LogItem {
    pub id: i64,
    pub kind: LogKind,
    pub start: Millis,
    pub number: String,
    pub name: String,
    pub seconds: i64,
    pub seen: bool,
    pub played: bool,
    pub shelf: Shelf,
    /// The item of the call that a voicemail or a recording belongs to.
    pub call_item: Option<i64>,
}

/// Whose log it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LogOwner {
    Agent(String),
    /// The shared inbox of a queue.
    Queue(u32),
}

#[derive(Debug)]
pub(crate) struct Office {
    statuses: BTreeMap<String, Status>,
    diversions: BTreeMap<String, Diversion>,
    log: BTreeMap<LogOwner, BTreeMap<i64, LogItem>>,
    /// Agent and call that stand in the log already.
    logged: BTreeSet<(String, String, LogKind)>,
    next_item: i64,
}

impl Default for Office {
    fn default() -> Self {
        Self {
            statuses: BTreeMap::new(),
            diversions: BTreeMap::new(),
            log: BTreeMap::new(),
            logged: BTreeSet::new(),
            next_item: 1_000,
        }
    }
}

impl World {
    pub(crate) fn status(&self, agent: &str) -> Status {
        self.office.statuses.get(agent).cloned().unwrap_or_default()
    }

    /// Somebody says something else of themselves; who listens to that person's bell is told, unless it is the same.
    pub(crate) fn set_status(&mut self, agent: &str, status: Status) {
        let before = self.status(agent);
        if before == status {
            return;
        }
        if before.activity != status.activity
            && self.office.diversions.get(agent).is_some_and(|d| d.activity_scoped)
        {
            self.office.diversions.remove(agent);
        }
        if let Some(until) = status.until {
            self.agenda.add(until, Due::StatusOver { agent: agent.to_owned(), until });
        }
        self.note("agent.status", agent, &status.activity);
        self.office.statuses.insert(agent.to_owned(), status);
        self.wake(agent);
        // Who is available again may be asked.
        self.distribute();
    }

    /// The activity that was to last until `until` is over; note and role stay.
    pub(super) fn status_over(&mut self, agent: &str, until: Millis) {
        let status = self.status(agent);
        if status.until == Some(until) {
            let free = Status::default();
            let over =
                Status { activity: free.activity, available: free.available, until: free.until, ..status };
            self.set_status(agent, over);
        }
    }

    pub(crate) fn diversion(&self, agent: &str) -> Option<&Diversion> {
        self.office.diversions.get(agent)
    }

    pub(crate) fn divert(&mut self, agent: &str, to: Option<Diversion>) {
        match to {
            Some(to) => drop(self.office.diversions.insert(agent.to_owned(), to)),
            None => drop(self.office.diversions.remove(agent)),
        }
    }

    /// The log of one person, oldest first, written up to now.
    pub(crate) fn log_of(&mut self, agent: &str) -> &BTreeMap<i64, LogItem> {
        self.write_up(agent);
        self.office.log.entry(LogOwner::Agent(agent.to_owned())).or_default()
    }

    /// The voicemails in a queue's inbox, oldest first.
    pub(crate) fn inbox_of(&self, queue: u32) -> impl Iterator<Item = &LogItem> {
        self.office.log.get(&LogOwner::Queue(queue)).into_iter().flat_map(BTreeMap::values)
    }

    pub(crate) fn log_item(&mut self, owner: &LogOwner, id: i64) -> Option<&mut LogItem> {
        self.office.log.get_mut(owner)?.get_mut(&id)
    }

    /// Strikes an item out for good; false if there is none.
    pub(crate) fn strike_out(&mut self, owner: &LogOwner, id: i64) -> bool {
        self.office.log.get_mut(owner).is_some_and(|items| items.remove(&id).is_some())
    }

    /// A caller spoke into the voicemail of a person or a queue; answers the item's number.
    pub(crate) fn leave_voicemail(
        &mut self,
        owner: LogOwner,
        number: &str,
        name: &str,
        seconds: i64,
        call: Option<&str>,
    ) -> i64 {
        let call_item = match (&owner, call) {
            (LogOwner::Agent(agent), Some(_)) => self.last_call_with(&agent.clone(), number),
            _ => None,
        };
        let start = self.now();
        self.enter(owner, LogKind::Voicemail, start, number, name, seconds, call_item)
    }

    /// A recorded talk was kept; answers the item's number.
    pub(crate) fn keep_recording(&mut self, agent: &str, number: &str, name: &str, seconds: i64) -> i64 {
        let start = self.now() - seconds * SECOND;
        let call_item = self.last_call_with(agent, number);
        self.enter(
            LogOwner::Agent(agent.to_owned()),
            LogKind::Recording,
            start,
            number,
            name,
            seconds,
            call_item,
        )
    }

    fn last_call_with(&mut self, agent: &str, number: &str) -> Option<i64> {
        let calls = |i: &&LogItem| {
            i.number == number && matches!(i.kind, LogKind::Incoming | LogKind::Outgoing | LogKind::Missed)
        };
        self.log_of(agent).values().rev().find(calls).map(|i| i.id)
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one line of the log")]
    fn enter(
        &mut self,
        owner: LogOwner,
        kind: LogKind,
        start: Millis,
        number: &str,
        name: &str,
        seconds: i64,
        call_item: Option<i64>,
    ) -> i64 {
        self.office.next_item += 1;
        let id = self.office.next_item;
        let item = LogItem {
            id,
            kind,
            // Told in whole seconds: who asks for what is later than an item must not get it again.
            start: start - start % SECOND,
            number: number.to_owned(),
            name: name.to_owned(),
            seconds,
            seen: matches!(kind, LogKind::Incoming | LogKind::Outgoing),
            played: false,
            shelf: Shelf::Inbox,
            call_item,
        };
        self.office.log.entry(owner).or_default().insert(id, item);
        id
    }

    /// Enters the calls that ended for this agent since the last time.
    fn write_up(&mut self, agent: &str) {
        let mut fresh: Vec<(Millis, String, LogKind, i64)> = Vec::new();
        for call in self.activities.values().filter(|a| a.channel == Channel::Call) {
            let Some((end, kind, seconds)) = outcome_for(call, agent) else { continue };
            if !self.office.logged.contains(&(agent.to_owned(), call.id.clone(), kind)) {
                fresh.push((end, call.id.clone(), kind, seconds));
            }
        }
        fresh.sort();
        for (_, call, kind, seconds) in fresh {
            let Some(activity) = self.activities.get(&call) else { continue };
            let start = activity.created;
            let (number, name) = match activity.created_by.as_deref().filter(|by| *by != agent) {
                // A colleague called: their number and name, not the one that they dialled.
                Some(by) if activity.direction == Direction::Internal => {
                    (self.direct_number(by), self.agents.get(by).map_or(String::new(), |a| a.name.clone()))
                }
                _ => (activity.address.clone(), activity.party.clone()),
            };
            self.office.logged.insert((agent.to_owned(), call, kind));
            self.enter(LogOwner::Agent(agent.to_owned()), kind, start, &number, &name, seconds, None);
        }
    }

    /// Old news, so that nobody starts with an empty log. All of it is younger than the history of calls.
    pub(super) fn furnish_office(&mut self) {
        let now = self.now();
        let people: Vec<(String, String)> = self
            .records
            .list("contacts")
            .take(24)
            .filter_map(|c| {
                let number = c.get("custom")?.get("number")?.get(0)?.as_str()?;
                Some((number.to_owned(), super::records::text(c, "title").to_owned()))
            })
            .collect();
        if people.is_empty() {
            return;
        }
        let kinds = [
            (LogKind::Missed, 0, 6 * HOUR),
            (LogKind::Voicemail, 34, 6 * HOUR - MINUTE),
            (LogKind::Recording, 312, 5 * HOUR),
            (LogKind::Fax, 0, 4 * HOUR),
            (LogKind::Missed, 0, 3 * HOUR),
            (LogKind::Voicemail, 12, 90 * MINUTE),
        ];
        for (place, agent) in self.roster.clone().iter().take(8).enumerate() {
            self.write_up(agent);
            let mut missed = None;
            for (index, (kind, seconds, ago)) in kinds.into_iter().enumerate() {
                let (number, name) = &people[(place * 5 + index / 2) % people.len()];
                let call = missed.filter(|_| kind == LogKind::Voicemail);
                let owner = LogOwner::Agent(agent.clone());
                let id = self.enter(owner, kind, now - ago, number, name, seconds, call);
                missed = (kind == LogKind::Missed).then_some(id);
            }
        }
        let queues: Vec<u32> = self
            .queues
            .values()
            .filter(|q| q.channel == Channel::Call && !q.deactivated)
            .map(|q| q.id)
            .collect();
        for (index, queue) in queues.into_iter().take(2).enumerate() {
            let (number, name) = &people[(index + 7) % people.len()];
            self.enter(LogOwner::Queue(queue), LogKind::Voicemail, now - 4 * HOUR, number, name, 21, None);
        }
        let doing = [
            ("amara", "working", true, Some(now + 50 * MINUTE), "Planning the spring campaign"),
            ("kenji", "available", true, None, "Mornings only (JST)"),
            ("lucia", "lunch", false, Some(now + 25 * MINUTE), ""),
            ("priya", "out_of_office", false, None, "Back on Monday ✈"),
        ];
        for (agent, activity, available, until, note) in doing {
            if self.agents.contains_key(agent) {
                let status = Status {
                    activity: activity.to_owned(),
                    available,
                    until,
                    note: note.to_owned(),
                    ..Status::default()
                };
                self.set_status(agent, status);
            }
        }
    }
}

/// How a call ended for one agent: when, as what, and after how many seconds of talk. Nothing while the agent is still
/// in it, or if it never was theirs.
fn outcome_for(call: &Activity, agent: &str) -> Option<(Millis, LogKind, i64)> {
    let mut legs = call.legs.iter().filter(|leg| leg.agent.as_deref() == Some(agent)).peekable();
    let started_it = call.direction != Direction::In
        && call.created_by.as_deref().or(call.agent.as_deref()) == Some(agent);
    let spoken_as = if started_it { LogKind::Outgoing } else { LogKind::Incoming };
    if legs.peek().is_none() {
        // Work of former days is filed without its legs.
        let theirs = call.agent.as_deref() == Some(agent) && call.phase == Phase::Closed;
        let end = call.talk_ended.or(call.closed).filter(|_| theirs)?;
        let kind = if call.missed { LogKind::Missed } else { spoken_as };
        return Some((end, kind, call.talk_seconds(end)));
    }
    let legs: Vec<_> = legs.collect();
    if legs.iter().any(|leg| leg.state != LegState::Closed) {
        return None;
    }
    let end = legs.iter().filter_map(|leg| leg.closed_at).max()?;
    let spoken: i64 =
        legs.iter().filter_map(|leg| Some((leg.closed_at? - leg.speaking_since?) / SECOND)).sum();
    if started_it || legs.iter().any(|leg| leg.speaking_since.is_some()) {
        return Some((end, spoken_as, spoken));
    }
    let given_up = call.missed && call.agent.as_deref() == Some(agent);
    let missed = given_up || call.refused_by.contains(agent) || call.direction == Direction::Internal;
    missed.then_some((end, LogKind::Missed, 0))
}
