//! What followers see of the state, and the changes that lead from one view to the next.
//!
//! Events are made by comparing what was last told with what is now, so that a change is told exactly when there is a
//! difference, and a follower who adds all events to a snapshot always has the state. Activities come before the
//! rings that name them, and leave after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    AccountState, Activity, ActivityId, Change, CommandStatus, OutboxItem, Ring, Settings, Snapshot,
    Timestamp, UnifiedAgent,
};

use crate::agent;
use crate::state::State;

/// A view of the state.
#[derive(Clone)]
pub(crate) struct View {
    agent: UnifiedAgent,
    accounts: Vec<AccountState>,
    activities: BTreeMap<ActivityId, Arc<Activity>>,
    rings: Vec<Ring>,
    commands: Vec<CommandStatus>,
    outbox: BTreeMap<u64, OutboxItem>,
    settings: Settings,
}

impl View {
    /// The state as it is.
    pub(crate) fn of(state: &State) -> Self {
        Self {
            agent: agent::join(&state.accounts),
            accounts: state.accounts.clone(),
            activities: state.activities.clone(),
            rings: state.rings.live(),
            commands: state.commands.snapshot(),
            outbox: state.outbox.clone(),
            settings: state.settings.clone(),
        }
    }

    /// The view as a snapshot, without the figures, which are not in here.
    pub(crate) fn snapshot(&self, seq: u64, at: Timestamp) -> Snapshot {
        let mut activities: Vec<Activity> = self.activities.values().map(|one| (**one).clone()).collect();
        activities.sort_by_key(|activity| activity.began_at);
        Snapshot {
            seq,
            at,
            agent: self.agent.clone(),
            accounts: self.accounts.clone(),
            activities,
            rings: self.rings.clone(),
            commands: self.commands.clone(),
            outbox: self.outbox.values().cloned().collect(),
            settings: self.settings.clone(),
            statistics: Vec::new(),
            presences: Vec::new(),
        }
    }

    /// The changes that lead from `before` to this; `ended` are the rings that ended in between.
    pub(crate) fn changes_since(&self, before: &Self, ended: Vec<Ring>) -> Vec<Change> {
        let mut changes = Vec::new();
        for account in &self.accounts {
            if !before.accounts.contains(account) {
                changes.push(Change::Account { account: Box::new(account.clone()) });
            }
        }
        for (id, activity) in &self.activities {
            let same = |old: &Arc<Activity>| Arc::ptr_eq(old, activity) || old == activity;
            if !before.activities.get(id).is_some_and(same) {
                changes.push(Change::Activity { activity: Box::new((**activity).clone()) });
            }
        }
        changes.extend(ended.into_iter().map(|ring| Change::Ring { ring }));
        let begun = self.rings.iter().filter(|ring| !before.rings.contains(ring));
        changes.extend(begun.map(|ring| Change::Ring { ring: ring.clone() }));
        let removed = before.activities.keys().filter(|id| !self.activities.contains_key(*id));
        changes.extend(removed.map(|id| Change::ActivityRemoved { id: id.clone() }));
        for item in self.outbox.values().filter(|item| before.outbox.get(&item.id) != Some(*item)) {
            changes.push(Change::Outbox { item: item.clone() });
        }
        let removed = before.outbox.keys().filter(|id| !self.outbox.contains_key(*id));
        changes.extend(removed.map(|id| Change::OutboxRemoved { id: *id }));
        for status in self.commands.iter().filter(|status| !before.commands.contains(status)) {
            changes.push(Change::Command { status: Box::new(status.clone()) });
        }
        for old in &before.accounts {
            if !self.accounts.iter().any(|account| account.account.id == old.account.id) {
                changes.push(Change::AccountRemoved { id: old.account.id.clone() });
            }
        }
        if self.agent != before.agent {
            changes.push(Change::Agent { agent: self.agent.clone() });
        }
        if self.settings != before.settings {
            changes.push(Change::Settings { settings: self.settings.clone() });
        }
        changes
    }
}
