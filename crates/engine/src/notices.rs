//! Notices: what the agent should know now although nothing rings. They stand as long as their reason does.
//!
//! Two kinds of reasons. The agent's own (a pause, a record that stays open, a session that ends) are worked out anew
//! whenever accounts, activities or settings changed, or a moment has come ([`agent`]). Figures of queues change many times a
//! second, so of those only the queues are looked at that have changed, or whose moment has come ([`queues`]). Nothing polls:
//! what passes with time alone has a deadline.
//!
//! Where an account is not heard its clock stands still: nothing new is claimed of it, and what stands stays.

mod agent;
mod queues;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    AccountId, AccountState, Activity, ActivityId, Change, Link, Notice, QueueOf, QueueTrend, Settings,
    Threshold, Timestamp,
};

use crate::core::Core;
use crate::engine::Engine;
use crate::figures::Figures;
use queues::OfQueues;

/// All notices, and what they were worked out from.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    of_agent: BTreeMap<String, Notice>,
    of_queues: OfQueues,
    /// When the next notice of the agent's own begins.
    agent_due: Option<Timestamp>,
    looked_at: Option<LookedAt>,
    changes: Vec<Change>,
}

/// What notices are worked out from, beside figures.
#[derive(Clone, Debug)]
pub(crate) struct LookedAt {
    /// Accounts on a pause that Offhook itself has set, for a call elsewhere.
    pub(crate) borrowed: Vec<AccountId>,
    pub(crate) accounts: Vec<Arc<AccountState>>,
    pub(crate) activities: Arc<BTreeMap<ActivityId, Arc<Activity>>>,
    pub(crate) settings: Arc<Settings>,
}

impl LookedAt {
    fn is(&self, other: &Self) -> bool {
        let same = |(one, other): (&Arc<AccountState>, &Arc<AccountState>)| Arc::ptr_eq(one, other);
        self.borrowed == other.borrowed
            && self.accounts.len() == other.accounts.len()
            && self.accounts.iter().zip(&other.accounts).all(same)
            && Arc::ptr_eq(&self.activities, &other.activities)
            && Arc::ptr_eq(&self.settings, &other.settings)
    }

    /// The clock of an account; none where it shows nothing.
    fn clock(&self, account: &AccountId) -> Option<Clock> {
        let health = &self.accounts.iter().find(|state| state.account.id == *account)?.health;
        match health.link {
            Link::Live | Link::Degraded | Link::CatchingUp => Some(Clock::Runs),
            Link::Connecting | Link::Offline => Some(Clock::StandsAt(health.since)),
            Link::SignedOut => None,
        }
    }
}

/// What time it is for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    /// The present: it is heard.
    Runs,
    /// The last moment at which it was.
    StandsAt(Timestamp),
}

impl Clock {
    fn time(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Runs => now,
            Self::StandsAt(at) => at.min(now),
        }
    }
}

impl Notices {
    /// The state is this now, or time has passed.
    pub(crate) fn look(&mut self, at: LookedAt, figures: &Figures, now: Timestamp) {
        let is_new = self.looked_at.as_ref().is_none_or(|before| !before.is(&at));
        if is_new || self.agent_due.is_some_and(|due| due <= now) {
            let (standing, due) = agent::standing(&at, now);
            self.agent_due = due;
            self.replace_of_agent(standing);
        }
        if is_new {
            self.of_queues.look(&at, figures, now, &mut self.changes);
            self.looked_at = Some(at);
        }
        self.of_queues.tick(figures, now, &mut self.changes);
    }

    /// The figures of a queue have changed, or are gone.
    pub(crate) fn figures_changed(&mut self, change: &Change, now: Timestamp) {
        self.of_queues.told(change, now, &mut self.changes);
    }

    /// When [`Notices::look`] has something to do although nothing changes.
    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        self.agent_due.into_iter().chain(self.of_queues.next_deadline()).min()
    }

    /// Puts a notice aside.
    pub(crate) fn dismiss(&mut self, key: &str) {
        let notice = self.of_agent.get_mut(key).or_else(|| self.of_queues.get_mut(key));
        if let Some(notice) = notice.filter(|notice| !notice.dismissed) {
            // A queue's is put aside at its level: one that rises is told again.
            notice.dismissed = true;
            self.changes.push(Change::Notice { notice: notice.clone() });
        }
    }

    /// What changed since this was last asked, in order.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// All that stand, oldest first.
    pub(crate) fn all(&self) -> Vec<Notice> {
        let mut all: Vec<Notice> = self.of_agent.values().chain(self.of_queues.all()).cloned().collect();
        all.sort_by(|a, b| (a.since, &a.key).cmp(&(b.since, &b.key)));
        all
    }

    fn replace_of_agent(&mut self, standing: Vec<Notice>) {
        let mut before = std::mem::take(&mut self.of_agent);
        for mut notice in standing {
            let was = before.remove(&notice.key);
            notice.dismissed = was.as_ref().is_some_and(|was| was.dismissed);
            if was.as_ref() != Some(&notice) {
                self.changes.push(Change::Notice { notice: notice.clone() });
            }
            self.of_agent.insert(notice.key.clone(), notice);
        }
        self.changes.extend(before.into_keys().map(|key| Change::NoticeRemoved { key }));
    }
}

impl Core {
    /// Whether notices depend on figures of an account: then they are followed though nobody looks.
    pub(crate) fn alerts_on(&self, account: &AccountId) -> bool {
        self.hub.read(|state| {
            let on_it = |of: &Option<QueueOf>| of.as_ref().is_none_or(|of| of.account == *account);
            let counts = |one: &Threshold| (one.warning.or(one.alarm)).is_some() && on_it(&one.queue);
            state.settings.thresholds.iter().any(counts)
        })
    }
}

impl Engine {
    /// How the figures of all queues went while Offhook ran.
    pub fn queue_trends(&self) -> Vec<QueueTrend> {
        self.core.hub.read(|state| state.figures.trends())
    }

    /// Puts a notice aside.
    pub fn dismiss_notice(&self, key: &str) {
        self.core.hub.update(|state, _| state.notices.dismiss(key));
    }
}
