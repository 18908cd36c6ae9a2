//! The same change for many tickets: each is an ordinary item of the outbox with a common number. They come into the outbox a
//! few at a time, in the background; what was begun goes on after a restart.

use model::field::{OWNER, STAGE, TAGS};
use model::{AccountId, Bulk, BulkProgress, Problem};

use crate::clock;
use crate::core::Core;
use crate::engine::Engine;
use crate::outbox;
use crate::plan::impossible;

/// How many items of one bulk change wait in the outbox at most.
const WAITING: usize = 60;

impl Engine {
    /// Makes the same change to many tickets; it is under way when this answers, and followed by its number.
    ///
    /// # Errors
    /// `NotPossible` for a field that cannot be changed so, and when there is nothing to change; `Gone` when the list is not
    /// kept any more; `Internal` when the store fails.
    pub async fn bulk(&self, request: Bulk) -> Result<BulkProgress, Problem> {
        let core = &self.core;
        let known = |key: &str| [STAGE, OWNER, TAGS].contains(&key);
        if let Some(edit) = request.edit.iter().find(|edit| !known(&edit.key)) {
            return Err(impossible("not_offered").with("field", edit.key.as_str()));
        }
        let mut tickets = match request.tickets.is_empty() {
            true => core.tickets_of_list(request.list).await?,
            false => request.tickets,
        };
        if tickets.is_empty() || request.edit.is_empty() {
            return Err(impossible("empty"));
        }
        // They are taken from the end.
        tickets.reverse();
        let progress = core.store.add_batch(request.edit, tickets).await?;
        core.hub.board(|board| board.bulk(progress.clone()));
        let core = self.core.clone();
        let id = progress.id;
        tokio::spawn(async move { core.batch_moved(id).await });
        Ok(progress)
    }

    /// Takes out of a bulk change what was not sent yet.
    ///
    /// # Errors
    /// `Internal` when the store fails.
    pub async fn cancel_bulk(&self, id: u64) -> Result<(), Problem> {
        let core = &self.core;
        let out = core.store.cancel_batch(id).await?;
        let accounts = |out: &[u64]| {
            core.hub.read(|state| {
                let items = out.iter().filter_map(|id| state.outbox.get(id));
                items.filter_map(|item| Some((item.id, item.work.account()?))).collect::<Vec<_>>()
            })
        };
        let removed = accounts(&out);
        core.hub.update(|state, _| {
            removed.iter().for_each(|(item, account)| state.outbox_removed(*item, account));
        });
        core.batch_moved(id).await;
        Ok(())
    }
}

impl Core {
    /// Something of a bulk change is done, failed or out: more of it goes into the outbox, and views are told.
    pub(crate) async fn batch_moved(&self, id: u64) {
        let me = self.hub.read(|state| {
            let users = state
                .accounts
                .iter()
                .filter_map(|state| Some((state.account.id.clone(), state.agent.as_ref()?.username.clone())));
            users.collect::<Vec<(AccountId, String)>>()
        });
        let moved = async {
            // Those that need no change count at once and bring no item: there may be more behind them.
            let items = self.store.refill_batch(id, WAITING, me, clock::now()).await?;
            Ok::<_, Problem>((items, self.store.batch_progress(id).await?))
        };
        match moved.await {
            Ok((items, progress)) => {
                let accounts: std::collections::BTreeSet<_> =
                    items.iter().filter_map(|item| item.work.account()).collect();
                if !items.is_empty() {
                    self.hub.update(|state, _| items.into_iter().for_each(|item| state.outbox_changed(item)));
                }
                if let Some(progress) = progress {
                    self.hub.board(|board| board.bulk(progress));
                }
                accounts.iter().for_each(|account| outbox::nudge(self, Some(account)));
            }
            // The rest is on the disk and goes on with the next item, or after the next start.
            Err(problem) => tracing::warn!(code = ?problem.code, "a bulk change could not go on"),
        }
    }

    /// As [`Core::batch_moved`] for all that are not over.
    pub(crate) async fn all_batches_moved(&self) {
        for bulk in self.store.batches().await.unwrap_or_default() {
            self.batch_moved(bulk.id).await;
        }
    }
}
