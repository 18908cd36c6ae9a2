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

/// A view of the state. What has not changed is the state's own, not a copy of it.
#[derive(Clone)]
pub(crate) struct View {
    agent: UnifiedAgent,
    accounts: Vec<Arc<AccountState>>,
    activities: Arc<BTreeMap<ActivityId, Arc<Activity>>>,
    rings: Vec<Ring>,
    commands: Arc<Vec<CommandStatus>>,
    /// As [`crate::commands::Commands::quiet_since`].
    quiet_since: Option<u64>,
    outbox: Arc<BTreeMap<u64, OutboxItem>>,
    settings: Arc<Settings>,
    /// As [`crate::elsewhere::Borrowed::version`].
    borrowed: u64,
}

impl View {
    /// The state as it is.
    pub(crate) fn of(state: &State) -> Self {
        let commands = Arc::new(state.commands.snapshot());
        Self::with(state, agent::join(state), commands)
    }

    /// The state as it is now, when this is how it was.
    pub(crate) fn next(&self, state: &State) -> Self {
        let same_accounts = self.accounts.len() == state.accounts.len()
            && self.accounts.iter().zip(&state.accounts).all(|(old, new)| Arc::ptr_eq(old, new));
        let same_sense =
            Arc::ptr_eq(&self.settings, &state.settings) && self.borrowed == state.borrowed.version();
        let agent = if same_accounts && same_sense { self.agent.clone() } else { agent::join(state) };
        let quiet = self.quiet_since.is_some() && self.quiet_since == state.commands.quiet_since();
        let commands = if quiet { self.commands.clone() } else { Arc::new(state.commands.snapshot()) };
        Self::with(state, agent, commands)
    }

    fn with(state: &State, agent: UnifiedAgent, commands: Arc<Vec<CommandStatus>>) -> Self {
        Self {
            agent,
            accounts: state.accounts.clone(),
            activities: state.activities.clone(),
            rings: state.rings.live(),
            commands,
            quiet_since: state.commands.quiet_since(),
            outbox: state.outbox.clone(),
            settings: state.settings.clone(),
            borrowed: state.borrowed.version(),
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
            accounts: self.accounts.iter().map(|account| (**account).clone()).collect(),
            activities,
            rings: self.rings.clone(),
            commands: (*self.commands).clone(),
            outbox: self.outbox.values().cloned().collect(),
            settings: (*self.settings).clone(),
            composing: Vec::new(),
            bulks: Vec::new(),
            inbox: Vec::new(),
            statistics: Vec::new(),
            presences: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The changes that lead from `before` to this; `ended` are the rings that ended in between.
    pub(crate) fn changes_since(&self, before: &Self, ended: Vec<Ring>) -> Vec<Change> {
        let mut changes = Vec::new();
        for account in &self.accounts {
            let known = before.accounts.iter().find(|old| old.account.id == account.account.id);
            if !known.is_some_and(|old| same(old, account)) {
                changes.push(Change::Account { account: Box::new((**account).clone()) });
            }
        }
        let same_activities = Arc::ptr_eq(&self.activities, &before.activities);
        for (id, activity) in self.activities.iter().filter(|_| !same_activities) {
            if !before.activities.get(id).is_some_and(|old| same(old, activity)) {
                changes.push(Change::Activity { activity: Box::new((**activity).clone()) });
            }
        }
        changes.extend(ended.into_iter().map(|ring| Change::Ring { ring }));
        let begun = self.rings.iter().filter(|ring| !before.rings.contains(ring));
        changes.extend(begun.map(|ring| Change::Ring { ring: ring.clone() }));
        let removed =
            before.activities.keys().filter(|id| !same_activities && !self.activities.contains_key(*id));
        changes.extend(removed.map(|id| Change::ActivityRemoved { id: id.clone() }));
        let same_outbox = Arc::ptr_eq(&self.outbox, &before.outbox);
        for item in
            self.outbox.values().filter(|item| !same_outbox && before.outbox.get(&item.id) != Some(*item))
        {
            changes.push(Change::Outbox { item: Box::new(item.clone()) });
        }
        let removed = before.outbox.keys().filter(|id| !self.outbox.contains_key(*id));
        changes.extend(removed.map(|id| Change::OutboxRemoved { id: *id }));
        let same_commands = Arc::ptr_eq(&self.commands, &before.commands);
        for status in
            self.commands.iter().filter(|status| !same_commands && !before.commands.contains(status))
        {
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
        if !same(&self.settings, &before.settings) {
            changes.push(Change::Settings { settings: (*self.settings).clone() });
        }
        changes
    }
}

fn same<T: PartialEq>(one: &Arc<T>, other: &Arc<T>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}
