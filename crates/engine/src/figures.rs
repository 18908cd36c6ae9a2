//! What changes thousands of times a second and hangs together with nothing: figures of queues, and presence of contacts.
//!
//! They are kept apart from the rest of the state, so that news of them costs as much as what is new and not as much as
//! there is: a change is noted where it is made, instead of being found by comparing two views.

mod trends;

use std::collections::{BTreeMap, BTreeSet};

use model::{AccountId, Change, ContactId, ContactPresence, QueueId, QueueOf, QueueStatistics, QueueTrend};

use self::trends::Trends;

/// Figures of queues and presence of contacts, as last heard.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    statistics: BTreeMap<AccountId, BTreeMap<QueueId, QueueStatistics>>,
    presences: BTreeMap<ContactId, ContactPresence>,
    watched: BTreeSet<ContactId>,
    trends: Trends,
    /// What was noted since it was last taken.
    changes: Vec<Change>,
}

impl Figures {
    /// The figures of all queues of an account.
    pub(crate) fn counted(&mut self, account: &AccountId, statistics: Vec<QueueStatistics>) {
        let kept = self.statistics.entry(account.clone()).or_default();
        let told: BTreeSet<QueueId> = statistics.iter().map(|one| one.queue.clone()).collect();
        for queue in kept.keys().filter(|queue| !told.contains(*queue)) {
            let queue = QueueOf { account: account.clone(), queue: queue.clone() };
            self.changes.push(Change::StatisticsRemoved { queue });
        }
        kept.retain(|queue, _| told.contains(queue));
        for one in statistics {
            if kept.get(&one.queue) != Some(&one) {
                self.trends.note(&one);
                self.changes.push(Change::Statistics { statistics: Box::new(one.clone()) });
                kept.insert(one.queue.clone(), one);
            }
        }
    }

    /// News of contacts. Whoever is not watched (any more) is passed over.
    pub(crate) fn present(&mut self, presences: Vec<ContactPresence>) {
        for one in presences.into_iter().filter(|one| self.watched.contains(&one.contact)) {
            if self.presences.get(&one.contact) != Some(&one) {
                self.changes.push(Change::Presence { presence: Box::new(one.clone()) });
                self.presences.insert(one.contact.clone(), one);
            }
        }
    }

    /// These contacts are watched, and no others.
    pub(crate) fn watch(&mut self, contacts: impl IntoIterator<Item = ContactId>) {
        self.watched = contacts.into_iter().collect();
        let gone = self.presences.extract_if(.., |contact, _| !self.watched.contains(contact));
        self.changes.extend(gone.map(|(contact, _)| Change::PresenceRemoved { contact }));
    }

    /// Forgets everything of an account: it was removed, or nobody is signed in any more.
    pub(crate) fn forget(&mut self, account: &AccountId) {
        self.counted(account, Vec::new());
        self.statistics.remove(account);
        self.trends.forget(account);
        let is_of = |contact: &ContactId| contact.parts().is_some_and(|(of, _)| of == *account);
        let gone = self.presences.extract_if(.., |contact, _| is_of(contact));
        self.changes.extend(gone.map(|(contact, _)| Change::PresenceRemoved { contact }));
    }

    /// What changed since this was last asked, in order.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// What is known of a contact that is watched.
    pub(crate) fn presence(&self, contact: &ContactId) -> Option<&ContactPresence> {
        self.presences.get(contact)
    }

    /// The figures of every queue.
    pub(crate) fn queues(&self) -> impl Iterator<Item = &QueueStatistics> {
        self.statistics.values().flat_map(BTreeMap::values)
    }

    /// The figures of one queue.
    pub(crate) fn queue(&self, account: &AccountId, queue: &QueueId) -> Option<&QueueStatistics> {
        self.statistics.get(account)?.get(queue)
    }

    /// How they went.
    pub(crate) fn trends(&self) -> Vec<QueueTrend> {
        self.trends.all()
    }

    /// All figures.
    pub(crate) fn statistics(&self) -> Vec<QueueStatistics> {
        self.queues().cloned().collect()
    }

    /// All that is known of the contacts that are watched.
    pub(crate) fn presences(&self) -> Vec<ContactPresence> {
        self.presences.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use model::{Lamp, Timestamp};

    use super::*;

    fn figures(account: &str, queue: &str, waiting: u32) -> QueueStatistics {
        let untold =
            QueueStatistics::untold(account.into(), queue.into(), queue.to_owned(), Timestamp(1), "stream");
        QueueStatistics { waiting: Some(waiting), ..untold }
    }

    fn presence(contact: &str, lamp: Lamp) -> ContactPresence {
        ContactPresence {
            contact: contact.into(),
            activity: None,
            available: None,
            note: None,
            until: None,
            lamp,
            calls: Vec::new(),
            heard_at: Timestamp(1),
            live: true,
        }
    }

    #[test]
    fn the_figures_of_an_account_replace_those_before_and_touch_no_other_account() {
        let mut kept = Figures::default();
        kept.counted(&"a".into(), vec![figures("a", "sales", 1), figures("a", "support", 2)]);
        kept.counted(&"b".into(), vec![figures("b", "sales", 9)]);
        assert_eq!(kept.take_changes().len(), 3);
        kept.counted(&"a".into(), vec![figures("a", "support", 3)]);
        let changes = kept.take_changes();
        assert!(
            matches!(&changes[0], Change::StatisticsRemoved { queue } if queue.queue.as_str() == "sales")
        );
        assert!(matches!(&changes[1], Change::Statistics { statistics } if statistics.waiting == Some(3)));
        assert_eq!(changes.len(), 2);
        kept.counted(&"a".into(), vec![figures("a", "support", 3)]);
        assert!(kept.take_changes().is_empty(), "the same again is no news");
        assert_eq!(kept.statistics().len(), 2);
    }

    #[test]
    fn only_who_is_watched_is_kept_and_told_of() {
        let mut kept = Figures::default();
        kept.watch(["a/anna".into(), "a/bob".into()]);
        kept.present(vec![presence("a/anna", Lamp::Busy), presence("a/eve", Lamp::Idle)]);
        assert_eq!(kept.presences(), [presence("a/anna", Lamp::Busy)]);
        kept.take_changes();
        kept.watch(["a/bob".into()]);
        assert!(
            matches!(&kept.take_changes()[..], [Change::PresenceRemoved { contact }] if contact.as_str() == "a/anna")
        );
        kept.present(vec![presence("a/anna", Lamp::Idle)]);
        assert!(kept.presences().is_empty(), "late news of somebody out of sight");
    }

    #[test]
    fn an_account_that_goes_takes_its_figures_and_contacts_with_it() {
        let mut kept = Figures::default();
        kept.watch(["a/anna".into(), "b/bob".into()]);
        kept.counted(&"a".into(), vec![figures("a", "sales", 1)]);
        kept.present(vec![presence("a/anna", Lamp::Busy), presence("b/bob", Lamp::Idle)]);
        kept.take_changes();
        kept.forget(&"a".into());
        assert_eq!(kept.take_changes().len(), 2);
        assert_eq!((kept.statistics().len(), kept.presences().len()), (0, 1));
    }
}
