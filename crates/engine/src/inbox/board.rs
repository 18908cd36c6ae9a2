//! What views are told of tickets beside the rest of the state: what is being written, bulk changes, how far each index is.
//! As the figures of queues, it is told by itself: a keystroke must not have the whole state compared.

use std::collections::BTreeMap;

use model::{AccountId, BulkProgress, Change, Composing, InboxSync, Ticket, TicketId};

/// How many tickets are told one by one.
pub(super) const TOLD: usize = 200;

/// What is told, and what has not been told yet.
#[derive(Debug, Default)]
pub(crate) struct Board {
    composing: BTreeMap<String, Composing>,
    bulks: BTreeMap<u64, BulkProgress>,
    syncs: BTreeMap<AccountId, InboxSync>,
    changes: Vec<Change>,
}

impl Board {
    /// What the store kept.
    pub(crate) fn begin(
        &mut self,
        composing: Vec<Composing>,
        bulks: Vec<BulkProgress>,
        syncs: Vec<InboxSync>,
    ) {
        self.composing = composing.into_iter().map(|one| (one.key.clone(), one)).collect();
        self.bulks = bulks.into_iter().filter(|bulk| !is_over(bulk)).map(|bulk| (bulk.id, bulk)).collect();
        self.syncs = syncs.into_iter().map(|sync| (sync.account.clone(), sync)).collect();
    }

    /// Something is being written.
    pub(crate) fn writes(&mut self, composing: Composing) {
        self.changes.push(Change::Composing { composing: Box::new(composing.clone()) });
        self.composing.insert(composing.key.clone(), composing);
    }

    /// Something is not being written any more. Answers what that was.
    pub(crate) fn written(&mut self, key: &str) -> Option<Composing> {
        let composing = self.composing.remove(key)?;
        self.changes.push(Change::ComposingRemoved { key: key.to_owned() });
        Some(composing)
    }

    /// A bulk change moved on.
    pub(crate) fn bulk(&mut self, bulk: BulkProgress) {
        if self.bulks.get(&bulk.id) == Some(&bulk) {
            return;
        }
        self.changes.push(Change::Bulk { bulk: bulk.clone() });
        if is_over(&bulk) {
            self.bulks.remove(&bulk.id);
        } else {
            self.bulks.insert(bulk.id, bulk);
        }
    }

    /// The index of an account moved on.
    pub(crate) fn synced(&mut self, sync: InboxSync) {
        if self.syncs.get(&sync.account) != Some(&sync) {
            self.changes.push(Change::Inbox { sync: sync.clone() });
            self.syncs.insert(sync.account.clone(), sync);
        }
    }

    /// Tickets changed.
    pub(crate) fn tickets(&mut self, mut tickets: Vec<Ticket>, mut gone: Vec<TicketId>) {
        if tickets.is_empty() && gone.is_empty() {
            return;
        }
        let more = tickets.len() > TOLD || gone.len() > TOLD;
        tickets.truncate(TOLD);
        gone.truncate(TOLD);
        self.changes.push(Change::Tickets { tickets, gone, more });
    }

    /// More tickets changed than is worth telling one by one.
    pub(crate) fn many_tickets(&mut self) {
        self.changes.push(Change::Tickets { tickets: Vec::new(), gone: Vec::new(), more: true });
    }

    /// Forgets an account.
    pub(crate) fn forget(&mut self, account: &AccountId) {
        self.syncs.remove(account);
        let of_it = |composing: &Composing| composing.work.account().as_ref() == Some(account);
        let keys: Vec<_> =
            self.composing.values().filter(|one| of_it(one)).map(|one| one.key.clone()).collect();
        for key in keys {
            self.written(&key);
        }
        self.many_tickets();
    }

    /// Hands over what is to be told.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    pub(crate) fn composing(&self) -> Vec<Composing> {
        self.composing.values().cloned().collect()
    }

    pub(crate) fn one_composing(&self, key: &str) -> Option<&Composing> {
        self.composing.get(key)
    }

    pub(crate) fn bulks(&self) -> Vec<BulkProgress> {
        self.bulks.values().cloned().collect()
    }

    pub(crate) fn syncs(&self) -> Vec<InboxSync> {
        self.syncs.values().cloned().collect()
    }

    /// The accounts that have tickets.
    pub(crate) fn accounts(&self) -> Vec<AccountId> {
        self.syncs.keys().cloned().collect()
    }
}

/// Whether nothing of a bulk change is on its way any more.
pub(super) fn is_over(bulk: &BulkProgress) -> bool {
    bulk.done + bulk.failed + bulk.cancelled >= bulk.of
}
