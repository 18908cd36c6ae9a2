//! Notices about queues: a figure is beyond its threshold.
//!
//! A level rises at once and falls only when the figure was better for [`CALM_MS`] without a break, so that one that flutters
//! around its threshold is one notice and not ten. A threshold that the agent changes counts at once in both directions. Of
//! several thresholds for one figure the queue's own counts, then the first of the list.
//!
//! How long the first one waits grows without news, so it has deadlines; everything else changes by being told.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AccountId, Change, Level, Measure, Notice, NoticeKind, QueueId, QueueOf, QueueStatistics, Threshold,
    Timestamp,
};

use super::{Clock, LookedAt};
use crate::figures::Figures;

/// How long a figure must have been better before its level falls.
pub(super) const CALM_MS: i64 = 30_000;

/// How long figures are trusted after they were told: nobody's wait is said to grow on older ones. The slowest round of
/// questions about many queues is shorter.
pub(super) const TRUST_MS: i64 = 300_000;

const MEASURES: [Measure; 5] =
    [Measure::Waiting, Measure::LongestWait, Measure::Free, Measure::ServiceLevel, Measure::Abandoned];

type Key = (AccountId, QueueId);

/// Notices of all queues.
#[derive(Debug, Default)]
pub(super) struct OfQueues {
    queues: BTreeMap<Key, Watched>,
    due: BTreeSet<(Timestamp, Key)>,
    thresholds: Vec<Threshold>,
    clocks: BTreeMap<AccountId, Clock>,
}

/// What is kept of a queue: only of those with a notice or a deadline.
#[derive(Debug, Default)]
struct Watched {
    standing: BTreeMap<Measure, Standing>,
    due: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Standing {
    warning: Option<Bad>,
    alarm: Option<Bad>,
    /// The level at which it was put aside: one that rises is told again.
    aside: Option<Level>,
    notice: Notice,
}

/// Until when a figure counts as bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bad {
    Now,
    Until(Timestamp),
}

impl OfQueues {
    /// The settings or the accounts may have changed.
    pub(super) fn look(
        &mut self,
        at: &LookedAt,
        figures: &Figures,
        now: Timestamp,
        changes: &mut Vec<Change>,
    ) {
        let clock = |account: &AccountId| Some((account.clone(), at.clock(account)?));
        let clocks = at.accounts.iter().filter_map(|state| clock(&state.account.id)).collect();
        let is_new = self.thresholds != at.settings.thresholds;
        if is_new {
            self.thresholds.clone_from(&at.settings.thresholds);
            for watched in self.queues.values_mut() {
                watched.standing.values_mut().for_each(Standing::forget_levels);
            }
        }
        if is_new || self.clocks != clocks {
            self.clocks = clocks;
            for queue in figures.queues() {
                self.look_at(queue, now, changes);
            }
        }
    }

    /// The figures of a queue have changed, or are gone.
    pub(super) fn told(&mut self, change: &Change, now: Timestamp, changes: &mut Vec<Change>) {
        match change {
            Change::Statistics { statistics } if !self.thresholds.is_empty() => {
                self.look_at(statistics, now, changes);
            }
            Change::StatisticsRemoved { queue } => {
                self.forget(&(queue.account.clone(), queue.queue.clone()), changes);
            }
            _ => {}
        }
    }

    /// Looks at the queues whose moment has come.
    pub(super) fn tick(&mut self, figures: &Figures, now: Timestamp, changes: &mut Vec<Change>) {
        while let Some((_, key)) = self.due.first().filter(|(due, _)| *due <= now).cloned() {
            match figures.queue(&key.0, &key.1) {
                Some(queue) => self.look_at(queue, now, changes),
                None => self.forget(&key, changes),
            }
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.due.first().map(|(due, _)| *due)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Notice> {
        let mut standing = self.queues.values_mut().flat_map(|watched| watched.standing.values_mut());
        standing.find(|standing| standing.notice.key == key).map(|standing| &mut standing.notice)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Notice> {
        self.queues.values().flat_map(|watched| watched.standing.values()).map(|standing| &standing.notice)
    }

    fn forget(&mut self, key: &Key, changes: &mut Vec<Change>) {
        let Some(watched) = self.queues.remove(key) else { return };
        if let Some(due) = watched.due {
            self.due.remove(&(due, key.clone()));
        }
        for standing in watched.standing.into_values() {
            changes.push(Change::NoticeRemoved { key: standing.notice.key });
        }
    }

    fn look_at(&mut self, queue: &QueueStatistics, now: Timestamp, changes: &mut Vec<Change>) {
        let key = (queue.account.clone(), queue.queue.clone());
        let clock = self.clocks.get(&key.0).copied();
        let mut watched = self.queues.remove(&key).unwrap_or_default();
        if let Some(due) = watched.due.take() {
            self.due.remove(&(due, key.clone()));
        }
        for measure in MEASURES {
            let before = watched.standing.remove(&measure);
            let threshold = clock.and_then(|_| threshold(&self.thresholds, queue, measure));
            let after = threshold.and_then(|threshold| {
                let (after, due) = weigh(queue, threshold, before.as_ref(), clock?, now);
                watched.due = watched.due.into_iter().chain(due).min();
                after
            });
            match (before, &after) {
                (Some(before), None) => changes.push(Change::NoticeRemoved { key: before.notice.key }),
                (before, Some(after)) if before.as_ref().is_none_or(|b| b.notice != after.notice) => {
                    changes.push(Change::Notice { notice: after.notice.clone() });
                }
                _ => {}
            }
            if let Some(after) = after {
                watched.standing.insert(measure, after);
            }
        }
        if let Some(due) = watched.due {
            self.due.insert((due, key.clone()));
        }
        if watched.due.is_some() || !watched.standing.is_empty() {
            self.queues.insert(key, watched);
        }
    }
}

impl Standing {
    /// What it was bad by counts no more; that it stands, since when, and that it was put aside is remembered.
    fn forget_levels(&mut self) {
        (self.warning, self.alarm) = (None, None);
    }
}

/// What counts for a figure of a queue.
fn threshold<'a>(
    thresholds: &'a [Threshold],
    queue: &QueueStatistics,
    measure: Measure,
) -> Option<&'a Threshold> {
    let is_it = |of: &QueueOf| of.account == queue.account && of.queue == queue.queue;
    let mut fitting = thresholds.iter().filter(|one| one.measure == measure);
    fitting
        .clone()
        .find(|one| one.queue.as_ref().is_some_and(is_it))
        .or_else(|| fitting.find(|one| one.queue.is_none()))
}

/// What stands of a figure now, and when that changes by itself.
fn weigh(
    queue: &QueueStatistics,
    threshold: &Threshold,
    before: Option<&Standing>,
    clock: Clock,
    now: Timestamp,
) -> (Option<Standing>, Option<Timestamp>) {
    let mut due = Vec::new();
    let end_of_trust = queue.heard_at.plus_ms(TRUST_MS);
    let time = clock.time(now).min(end_of_trust);
    let mut bad = |limit: Option<u32>, before: Option<Bad>| {
        let is_bad = limit.is_some_and(|limit| is_beyond(queue, threshold.measure, limit, time));
        let grows = !is_bad && threshold.measure == Measure::LongestWait && clock == Clock::Runs;
        let limit = limit.filter(|_| grows);
        let crosses = limit.and_then(|limit| crossing(queue, limit));
        due.extend(crosses.filter(|at| *at <= end_of_trust));
        let bad = match before {
            _ if is_bad => Some(Bad::Now),
            Some(Bad::Now) => Some(Bad::Until(now.plus_ms(CALM_MS))),
            Some(Bad::Until(end)) if end > now => Some(Bad::Until(end)),
            Some(Bad::Until(_)) | None => None,
        };
        if let Some(Bad::Until(end)) = bad {
            due.push(end);
        }
        bad
    };
    let alarm = bad(threshold.alarm, before.and_then(|before| before.alarm));
    let warning = bad(threshold.warning, before.and_then(|before| before.warning));
    let (level, limit, is_bad) = match (alarm, threshold.alarm, warning, threshold.warning) {
        (Some(bad), Some(limit), ..) => (Level::Alarm, limit, bad == Bad::Now),
        (_, _, Some(bad), Some(limit)) => (Level::Warning, limit, bad == Bad::Now),
        _ => return (None, due.into_iter().min()),
    };
    let (value, since) = reading(queue, threshold.measure, limit, is_bad, before.map(|b| &b.notice), now);
    let was = before.filter(|before| before.notice.dismissed).and_then(|before| level_of(&before.notice));
    let aside = was.max(before.and_then(|before| before.aside));
    let kind = NoticeKind::Queue {
        queue: QueueOf { account: queue.account.clone(), queue: queue.queue.clone() },
        title: queue.title.clone(),
        measure: threshold.measure,
        level,
        value,
        limit,
    };
    let notice = Notice {
        key: format!("queue/{}/{}/{:?}", queue.account, queue.queue, threshold.measure),
        kind,
        since,
        notify: level == Level::Alarm && threshold.notify,
        dismissed: aside >= Some(level),
    };
    (Some(Standing { warning, alarm, aside, notice }), due.into_iter().min())
}

fn level_of(notice: &Notice) -> Option<Level> {
    match notice.kind {
        NoticeKind::Queue { level, .. } => Some(level),
        _ => None,
    }
}

fn is_beyond(queue: &QueueStatistics, measure: Measure, limit: u32, time: Timestamp) -> bool {
    // A queue that is closed by its hours has nobody in it, and that is right.
    let is_open = queue.open != Some(false);
    match measure {
        Measure::Waiting => queue.waiting.is_some_and(|waiting| waiting >= limit),
        Measure::Abandoned => queue.dropped.is_some_and(|dropped| dropped >= limit),
        Measure::Free => is_open && queue.free.is_some_and(|free| free <= limit),
        Measure::ServiceLevel => is_open && queue.service_level.is_some_and(|level| level <= limit),
        Measure::LongestWait => crossing(queue, limit).is_some_and(|at| at <= time),
    }
}

/// When the first one will have waited so long.
fn crossing(queue: &QueueStatistics, seconds: u32) -> Option<Timestamp> {
    queue.longest_since.map(|since| since.plus_ms(i64::from(seconds) * 1_000))
}

/// The figure as it is told, and since when. Of a wait it is told how long it was at that moment, so that it can be shown
/// growing.
fn reading(
    queue: &QueueStatistics,
    measure: Measure,
    limit: u32,
    is_bad: bool,
    before: Option<&Notice>,
    now: Timestamp,
) -> (u32, Timestamp) {
    let (old_value, old_since) = match before.map(|notice| (&notice.kind, notice.since)) {
        Some((NoticeKind::Queue { value, .. }, since)) => (*value, since),
        _ => (limit, now),
    };
    let figure = match measure {
        Measure::Waiting => queue.waiting,
        Measure::Abandoned => queue.dropped,
        Measure::Free => queue.free,
        Measure::ServiceLevel => queue.service_level,
        Measure::LongestWait => {
            return match (queue.longest_since, is_bad) {
                (Some(_), true) => (limit, crossing(queue, limit).unwrap_or(now)),
                (Some(since), false) => (0, since),
                (None, _) => (old_value, old_since),
            };
        }
    };
    (figure.unwrap_or(old_value), old_since)
}
