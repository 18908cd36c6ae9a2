//! Keeps the local index of an account's tickets in step with its platform: a task of the session, beside calls and never
//! before them.
//!
//! A page is written together with the mark from which to go on, so a process that dies anywhere goes on where it was and
//! reads at most one page twice; what has not changed is told to nobody. How often to ask depends on whether anybody looks:
//! `seen` while a window shows tickets of the account, `hidden` else, and at once when the platform stirs, the line is
//! back, the computer wakes, or own work was done.

use std::sync::Arc;
use std::time::Duration;

use model::{AccountId, Capability, InboxSync, Problem, TicketId, Timestamp};

use crate::clock;
use crate::connector::{Mark, Tickets};
use crate::core::Core;
use crate::people::offered;
use crate::session::Session;
use crate::store::{TicketPage, TicketStep, TicketSync};

/// The least time between two looks, so that a burst of news is one.
const LEAST: Duration = Duration::from_millis(250);
/// The first wait after a failure; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// How long the list of a platform's views stays good.
const VIEWS_FRESH_MS: i64 = 10 * 60_000;

/// Keeps the index in step until dropped. Ends at once where the platform has no tickets.
pub(crate) async fn keep_in_step(core: Arc<Core>, session: Arc<Session>) {
    let Some(tickets) = session.connector.tickets() else { return };
    offered(&core, &session.account, Capability::Tickets).await;
    let mut failed = FIRST_WAIT;
    let mut views_at = Timestamp(i64::MIN);
    loop {
        if clock::now().0.saturating_sub(views_at.0) > VIEWS_FRESH_MS {
            views_at = clock::now();
            read_views(&core, &session.account, tickets).await;
        }
        let wait = match catch_up(&core, &session.account, tickets).await {
            Ok(()) => {
                failed = FIRST_WAIT;
                let pace = tickets.pace();
                if core.sees_tickets(&session.account) { pace.seen } else { pace.hidden }
            }
            Err(problem) => {
                tracing::info!(account = %session.account, code = ?problem.code, "tickets could not be read");
                tell(&core, &session.account, Some(problem)).await;
                let wait = failed;
                failed = (failed * 2).min(LONGEST_WAIT);
                wait
            }
        };
        tokio::time::sleep(LEAST.min(wait)).await;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = session.stirred.notified() => {}
        }
    }
}

/// Reads everything that changed since the mark.
async fn catch_up(core: &Core, account: &AccountId, tickets: &dyn Tickets) -> Result<(), Problem> {
    let TicketSync { mut mark, complete: was_complete, .. } = core.store.ticket_sync(account.clone()).await?;
    loop {
        let page = tickets.changed(mark.clone().map(Mark)).await?;
        if page.unreadable > 0 {
            tracing::warn!(%account, unreadable = page.unreadable, "tickets could not be understood");
        }
        let next = page.mark.map(|mark| mark.0);
        let stands_still = page.more && next.as_ref().is_none_or(|next| mark.as_ref() == Some(next));
        mark = next.or(mark);
        let step = TicketStep {
            account: account.clone(),
            mark: mark.clone(),
            complete: !page.more,
            of: page.of,
            at: clock::now(),
        };
        let gone = page.gone.iter().map(|name| TicketId::new(account, name)).collect();
        let page_of_store = TicketPage { tickets: page.tickets, gone, step: Some(step) };
        let taken = core.store.put_tickets(page_of_store).await?;
        if !taken.changed.is_empty() || !taken.gone.is_empty() {
            core.inbox.changed();
            core.hub.board(|board| match was_complete {
                true => board.tickets(taken.changed, taken.gone),
                false => board.many_tickets(),
            });
        }
        tell(core, account, None).await;
        if stands_still {
            // Asking the same again would go on for ever.
            tracing::warn!(%account, "the platform has more changes, but no way to them");
            return Ok(());
        }
        if !page.more {
            return Ok(());
        }
    }
}

/// Tells how far the index is.
async fn tell(core: &Core, account: &AccountId, problem: Option<Problem>) {
    match core.store.ticket_sync(account.clone()).await {
        Ok(kept) => {
            let sync = told(account, &kept, problem.map(|problem| problem.on(account)));
            // An account that was removed meanwhile is not told of any more.
            if core.hub.read(|state| state.account(account).is_some()) {
                core.hub.board(|board| board.synced(sync));
            }
        }
        Err(problem) => tracing::warn!(code = ?problem.code, "how far tickets are could not be read"),
    }
}

/// How far an index is, as views are told it.
pub(crate) fn told(account: &AccountId, kept: &TicketSync, problem: Option<Problem>) -> InboxSync {
    InboxSync {
        account: account.clone(),
        known: kept.known,
        of: kept.of.filter(|_| !kept.complete),
        complete: kept.complete,
        at: kept.at,
        problem,
    }
}

async fn read_views(core: &Core, account: &AccountId, tickets: &dyn Tickets) {
    match tickets.views().await {
        Ok(views) => core.inbox.set_views(account, views),
        // The rest of the inbox works without them.
        Err(problem) => tracing::info!(%account, code = ?problem.code, "views could not be read"),
    }
}
