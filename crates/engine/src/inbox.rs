//! Tickets of all accounts: kept in step, listed, read, written to. The methods of [`Engine`](crate::Engine) that stand here
//! are the commands of the page, by the same names.
//!
//! ```text
//!  platform ── changed ──► sync ──► store (index) ──► list, filters ──► page
//!     ▲   └─── ticket ───► conversation ──► letter ──────────────────────▲
//!     └── send ◄── outbox ◄── writing, bulk ◄────────────────────────────┘
//! ```

mod board;
mod bulk;
mod conversation;
mod files;
mod filters;
mod list;
mod names;
mod pictures;
mod remote;
mod safe;
mod sync;
mod writing;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use model::{AccountId, Problem, Ticket, TicketFilter, TicketId, Timestamp};

pub(crate) use self::board::Board;
pub(crate) use self::sync::{keep_in_step, told};
use crate::connector::{Answer, Tickets, View};
use crate::core::Core;
use crate::plan::impossible;

/// What of the inbox lives in memory.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    lists: list::Lists,
    views: Mutex<BTreeMap<AccountId, Vec<View>>>,
    /// Counts up with every change of the index.
    revision: AtomicU64,
    counts: Mutex<Option<Counts>>,
    pictures: Arc<pictures::Pictures>,
}

/// Counts, and when they were right.
#[derive(Clone, Debug)]
struct Counts {
    revision: u64,
    at: Timestamp,
    filters: Vec<TicketFilter>,
    counts: Vec<(u32, u32)>,
}

impl Inbox {
    /// The index has changed.
    fn changed(&self) {
        self.revision.fetch_add(1, Ordering::Relaxed);
    }

    fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }

    fn counts(&self) -> Option<Counts> {
        lock(&self.counts).clone()
    }

    fn set_counts(&self, counts: Counts) {
        *lock(&self.counts) = Some(counts);
    }

    fn views(&self) -> BTreeMap<AccountId, Vec<View>> {
        lock(&self.views).clone()
    }

    fn set_views(&self, account: &AccountId, views: Vec<View>) {
        lock(&self.views).insert(account.clone(), views);
    }

    /// Forgets an account.
    pub(crate) fn forget(&self, account: &AccountId) {
        lock(&self.views).remove(account);
        self.changed();
    }
}

/// What a start has to put in order: files that nobody needs, bulk changes that were not over.
pub(crate) async fn tidy_up(core: Weak<Core>) {
    let Some(core) = core.upgrade() else { return };
    if let Err(problem) = core.store.unstage(None).await {
        tracing::warn!(code = ?problem.code, "files that nobody needs could not be removed");
    }
    core.all_batches_moved().await;
}

impl Core {
    /// Asks the tickets of an account something.
    async fn ask_tickets<T, F>(&self, account: &AccountId, question: F) -> Result<T, Problem>
    where
        F: for<'a> FnOnce(&'a dyn Tickets) -> Answer<'a, T>,
    {
        let session = self.session(account)?;
        let connector = Arc::clone(&session.connector);
        let tickets = connector.tickets().ok_or_else(|| impossible("not_offered").on(account))?;
        question(tickets).await.map_err(|problem| problem.on(account))
    }

    /// Tells that tickets changed in the index.
    fn tell_tickets(&self, changed: Vec<Ticket>, gone: Vec<TicketId>) {
        if !changed.is_empty() || !gone.is_empty() {
            self.inbox.changed();
            self.hub.board(|board| board.tickets(changed, gone));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod outbox_tests;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;
