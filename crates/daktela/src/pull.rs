//! The pull data: the live picture of one agent, by long polling (`appPullData`).
//!
//! The first request has no hash and brings everything; every further one carries the hash of the answer
//! before, is held back for up to 15 seconds, and brings the top-level keys that changed. Polling is also the
//! sign of life: an agent who does not poll is logged out after some minutes.
//!
//! Whether a changed `activities` holds *all* activities or only the changed ones is not documented.
//! [`PullState`] is right under both readings:
//!
//! 1. a key that is absent keeps its old value, a key that is present replaces it;
//! 2. an activity that is closed in a row is gone;
//! 3. an activity that disappears without having been closed is *in doubt*: it stays until the caller has read
//!    it by itself ([`PullState::resolve`]). If it is still open it stays, which also means that this server
//!    sends only changes ([`PullState::sends_changes_only`]);
//! 4. a row that cannot be read puts the activity it stood for in doubt, no more.
//!
//! The state is pure: it sends nothing and knows no clock.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use wire::Error;
use wire::poll::Part;
use wire::retry::Policy;

use crate::client::{Call, Client};
use crate::envelope::{Envelope, log_odd, read_rows};
use crate::inferred;
use crate::loose::{Reading, elements, text};
use crate::models::{Activity, ActivityAction, Queue, RealtimeSession};
use crate::record::{Record, Unreadable};

/// How long an answer may take: 15 seconds of holding back, and as much again (Daktela's own figure).
pub const PULL_DEADLINE: Duration = Duration::from_secs(30);

/// One answer of the pull. A key that was absent is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PullAnswer {
    /// What to send next time.
    pub hash: Option<String>,
    /// Open and waiting activities.
    pub activities: Option<Vec<Activity>>,
    /// Rows of activities and queues that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// The agent's own state.
    pub session: Option<RealtimeSession>,
    /// The queues the agent is logged in to.
    pub queues: Option<Vec<Queue>>,
    /// How many activities were missed.
    pub missed: Option<u64>,
    /// Notifications, as they came.
    pub announcements: Option<Vec<Value>>,
    /// `whoim` has changed and should be read again.
    pub reload_user: bool,
}

impl PullAnswer {
    /// Whether there is anything in it but a hash.
    pub fn has_news(&self) -> bool {
        self.activities.is_some()
            || self.session.is_some()
            || self.queues.is_some()
            || self.missed.is_some()
            || self.announcements.is_some()
            || self.reload_user
    }

    fn read(map: &Map<String, Value>, reading: &Reading) -> Self {
        let mut unreadable = Vec::new();
        let session = map.get("extension").and_then(|value| match value {
            Value::Object(map) => RealtimeSession::read(map, reading).ok(),
            _ => Some(RealtimeSession::default()),
        });
        Self {
            hash: map.get("hash").and_then(text),
            activities: rows(map.get("activities"), reading, &mut unreadable),
            session,
            queues: rows(map.get("queues"), reading, &mut unreadable),
            missed: map.get("missedChannels").map(inferred::missed),
            announcements: map
                .get("announcements")
                .map(|value| elements(value).unwrap_or_default().into_iter().cloned().collect()),
            reload_user: map.get("reloadUser").is_some_and(inferred::switched_on),
            unreadable,
        }
    }
}

/// `None` if the key is absent or is no list at all: then the old value is better than none.
fn rows<T: Record>(
    value: Option<&Value>,
    reading: &Reading,
    unreadable: &mut Vec<Unreadable>,
) -> Option<Vec<T>> {
    let list = read_rows(&elements(value?)?, reading);
    unreadable.extend(list.unreadable);
    Some(list.rows)
}

impl Client {
    /// Asks for the pull data: everything with `None`, else what is new since that hash. Is held back by the
    /// server for up to 15 seconds and never sent twice by itself. Only one may be under way per user.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] when the session has ended; [`Error::Refused`] if the server does not know the
    /// hash (ask for everything); [`Error::Protocol`] if these are no pull data.
    pub async fn pull(&self, hash: Option<&str>) -> Result<PullAnswer, Error> {
        let query = vec![(inferred::PULL_HASH.to_owned(), hash.unwrap_or_default().to_owned())];
        let call = Call::get(["api", "v6", inferred::PULL_ENDPOINT]).query(query);
        let envelope = self.call(call.timeout(PULL_DEADLINE).policy(Policy::NEVER)).await?;
        read_pull(&envelope)
    }
}

fn read_pull(envelope: &Envelope) -> Result<PullAnswer, Error> {
    let body = inferred::pull_body(&envelope.whole, &envelope.result)
        .ok_or_else(|| envelope.unexpected("result", "these are no pull data"))?;
    let reading = envelope.reading();
    let answer = PullAnswer::read(body, &reading);
    log_odd(reading);
    Ok(answer)
}

/// The live picture of one agent.
#[derive(Debug, Clone)]
pub struct PullState {
    me: String,
    entries: BTreeMap<String, Entry>,
    session: RealtimeSession,
    queues: Vec<Queue>,
    missed: u64,
    announcements: Vec<Value>,
    revision: u64,
    sends_changes_only: bool,
}

#[derive(Debug, Clone)]
struct Entry {
    activity: Activity,
    /// Grows with every answer that has shown it.
    revision: u64,
    in_doubt: bool,
}

/// An activity that has disappeared without a word: read it (`Client::get::<Activity>`) and tell
/// [`PullState::resolve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Which one.
    pub name: String,
    revision: u64,
}

/// What became of one activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityChange {
    /// It is new.
    Appeared(String),
    /// Something about it changed.
    Changed(String),
    /// It is no longer in the picture.
    Gone(String, Why),
}

/// Why an activity left the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was closed.
    Closed,
    /// Another agent has it.
    TakenByOther,
    /// The server does not know it (any more), or does not show it.
    Unknown,
}

/// What one answer changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// What became of activities, in the order of the answer.
    pub activities: Vec<ActivityChange>,
    /// Activities that have just come into doubt.
    pub in_doubt: Vec<Doubt>,
    /// The agent's own state is different.
    pub session: bool,
    /// The queues are different.
    pub queues: bool,
    /// The number of missed activities is different.
    pub missed: bool,
    /// The announcements are different.
    pub announcements: bool,
    /// `whoim` has to be read again.
    pub reload_user: bool,
    /// Rows that could not be read.
    pub unreadable: Vec<Unreadable>,
}

impl PullState {
    /// An empty picture for the user of this login name.
    pub fn new(me: impl Into<String>) -> Self {
        Self {
            me: me.into(),
            entries: BTreeMap::new(),
            session: RealtimeSession::default(),
            queues: Vec::new(),
            missed: 0,
            announcements: Vec::new(),
            revision: 0,
            sends_changes_only: false,
        }
    }

    /// The activities, by name; those in doubt included.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.entries.values().map(|entry| &entry.activity)
    }

    /// An activity by name.
    pub fn activity(&self, name: &str) -> Option<&Activity> {
        self.entries.get(name).map(|entry| &entry.activity)
    }

    /// The agent's own state.
    pub fn session(&self) -> &RealtimeSession {
        &self.session
    }

    /// The queues the agent is logged in to.
    pub fn queues(&self) -> &[Queue] {
        &self.queues
    }

    /// How many activities were missed.
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// Notifications, as they came.
    pub fn announcements(&self) -> &[Value] {
        &self.announcements
    }

    /// Whether this server was seen to send only changed activities.
    pub fn sends_changes_only(&self) -> bool {
        self.sends_changes_only
    }

    /// All activities in doubt; for asking again about those that could not be read.
    pub fn doubts(&self) -> Vec<Doubt> {
        let doubtful = self.entries.iter().filter(|(_, entry)| entry.in_doubt);
        doubtful.map(|(name, entry)| Doubt { name: name.clone(), revision: entry.revision }).collect()
    }

    /// Takes an answer in. `part` is [`Part::Whole`] for the answer to a request without hash.
    pub fn apply(&mut self, answer: PullAnswer, part: Part) -> Changes {
        self.revision += 1;
        let mut changes =
            Changes { reload_user: answer.reload_user, unreadable: answer.unreadable, ..Changes::default() };
        let whole = (part == Part::Whole).then(Vec::new);
        if let Some(activities) = answer.activities.or(whole) {
            self.apply_activities(activities, &mut changes);
        }
        changes.session = replace(&mut self.session, answer.session);
        changes.queues = replace(&mut self.queues, answer.queues);
        changes.missed = replace(&mut self.missed, answer.missed);
        changes.announcements = replace(&mut self.announcements, answer.announcements);
        changes
    }

    fn apply_activities(&mut self, activities: Vec<Activity>, changes: &mut Changes) {
        for activity in activities {
            if activity.action == Some(ActivityAction::Close) {
                self.remove(&activity.name, Why::Closed, &mut changes.activities);
            } else {
                changes.activities.extend(self.put(activity));
            }
        }
        let revision = self.revision;
        for (name, entry) in &mut self.entries {
            if entry.revision != revision && !entry.in_doubt {
                entry.in_doubt = true;
                changes.in_doubt.push(Doubt { name: name.clone(), revision: entry.revision });
            }
        }
    }

    fn put(&mut self, activity: Activity) -> Option<ActivityChange> {
        let name = activity.name.clone();
        let entry = Entry { activity, revision: self.revision, in_doubt: false };
        let same = |before: &Entry| before.activity == entry.activity;
        let change = match self.entries.get(&name) {
            None => Some(ActivityChange::Appeared(name.clone())),
            Some(before) if same(before) => None,
            Some(_) => Some(ActivityChange::Changed(name.clone())),
        };
        self.entries.insert(name, entry);
        change
    }

    fn remove(&mut self, name: &str, why: Why, changes: &mut Vec<ActivityChange>) {
        if self.entries.remove(name).is_some() {
            changes.push(ActivityChange::Gone(name.to_owned(), why));
        }
    }

    /// Takes in what reading a doubtful activity gave: the activity, or `None` if the server says that there
    /// is none of that name (404) or that it may not be seen (403). Does nothing if the pull has shown the
    /// activity since: then the pull knows better.
    pub fn resolve(&mut self, doubt: &Doubt, found: Option<Activity>) -> Option<ActivityChange> {
        let entry = self.entries.get(&doubt.name)?;
        if entry.revision != doubt.revision || !entry.in_doubt {
            return None;
        }
        let why = match &found {
            None => Some(Why::Unknown),
            Some(activity) if activity.action == Some(ActivityAction::Close) => Some(Why::Closed),
            Some(activity) if activity.user.as_ref().is_some_and(|user| !user.is(&self.me)) => {
                Some(Why::TakenByOther)
            }
            Some(_) => None,
        };
        match (why, found) {
            (None, Some(activity)) => {
                self.sends_changes_only = true;
                self.put(activity)
            }
            (why, _) => {
                let mut changes = Vec::new();
                self.remove(&doubt.name, why.unwrap_or(Why::Unknown), &mut changes);
                changes.pop()
            }
        }
    }
}

fn replace<T: PartialEq>(old: &mut T, new: Option<T>) -> bool {
    match new {
        Some(new) if new != *old => {
            *old = new;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
#[path = "tests/pull.rs"]
#[allow(clippy::needless_pass_by_value)] // a table of literals reads better without borrows
mod tests;
