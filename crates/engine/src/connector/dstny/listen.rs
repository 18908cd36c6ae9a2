//! Listening: the stream of dialogs and what it sets in motion.
//!
//! ```text
//! dialogs ──► look at the user's calls ──► picture ──► the ear
//!                                            │  ▲
//!                          a stream for each live call
//! ```
//!
//! Beside it, each a task of its own: [looks](looking) at the calls, [what the account is](account), figures of queues,
//! and the contacts that a window shows. None of them makes a ring wait.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use dstny::Subscription;
use dstny::wire::Error;
use dstny::wire::sse::{
    Budget, BudgetLimits, Driver, Ended, Handle, Limits, Link as WireLink, LinkState, Priority,
};
use model::{Link, Problem, ProblemCode};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::Ear;
use super::book::PATIENCE_MS;
use super::looking::Looks;
use super::offers::Part;
use super::subscriptions::{Dialogs, Figures, Follow, OneCall};
use super::{Dstny, account, looking, subscriptions, watching};
use crate::clock;
use crate::sight::Hearing;

/// How many streams may be open beside those of the own calls.
const PLACES: usize = 20;
/// How often the figures of queues are asked for while somebody looks at them.
const FIGURES_EVERY: Duration = Duration::from_secs(10);
/// How often the same hearing is told again.
const TELL_AGAIN: Duration = Duration::from_secs(1);

/// Listens until cancelled, or until only the agent can help.
pub(super) async fn listen(
    dstny: Arc<Dstny>,
    ear: Arc<dyn Ear>,
    cancel: CancellationToken,
) -> Option<Problem> {
    *dstny.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(ear.clone());
    if dstny.client.ticket().is_none() {
        return Some(Problem::new(ProblemCode::SignInNeeded).on(&dstny.account));
    }
    dstny.looks.send_modify(|looks| *looks = Looks { at: looks.at, ..Looks::default() });
    // What runs beside the stream of dialogs ends with it.
    let beside = cancel.child_token();
    let _ends = beside.clone().drop_guard();
    let budget = Budget::new(
        BudgetLimits { places: PLACES, ..BudgetLimits::default() },
        Limits::default(),
        &dstny.wake,
        beside.clone(),
    );
    let rng: rand::rngs::SmallRng = rand::make_rng();
    let (mut driver, link, _) = Driver::new(Limits::default(), &dstny.wake, rng);
    let run = |work: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        let cancel = beside.clone();
        tokio::spawn(async move { cancel.run_until_cancelled(work).await });
    };
    run(Box::pin(show_news(dstny.clone())));
    run(Box::pin(looking::look(dstny.clone(), link.clone())));
    run(Box::pin(settle(dstny.clone())));
    run(Box::pin(follow_calls(dstny.clone(), budget.clone())));
    run(Box::pin(account::read_everything(dstny.clone(), budget.clone())));
    run(Box::pin(account::keep_groups(dstny.clone())));
    run(Box::pin(follow_queues(dstny.clone(), budget.clone())));
    run(Box::pin(watching::follow_contacts(dstny.clone(), budget)));
    let mut subscriber =
        Follow { dstny: dstny.clone(), subscription: Subscription::dialogs(), topic: Dialogs };
    let ended = tokio::select! {
        ended = driver.run(&mut subscriber, &cancel) => ended,
        () = tell_hearing(&dstny, &*ear, link) => Ended::Cancelled,
        () = looking::signed_out(&dstny) => Ended::SignInNeeded,
    };
    match ended {
        Ended::Cancelled | Ended::Over => None,
        Ended::SignInNeeded => Some(Problem::new(ProblemCode::SignInNeeded).on(&dstny.account)),
    }
}

/// Tells how listening goes, whenever that changes, and once a second while it is well.
async fn tell_hearing(dstny: &Dstny, ear: &dyn Ear, mut link: watch::Receiver<WireLink>) {
    let mut looks = dstny.looks.subscribe();
    loop {
        let (now, looked) = (link.borrow_and_update().clone(), looks.borrow_and_update().clone());
        if let Some(hearing) = hearing(dstny, &now, &looked) {
            ear.hearing(hearing);
        }
        let told = Instant::now();
        loop {
            let alive = tokio::select! {
                changed = link.changed() => changed.is_ok(),
                changed = looks.changed() => changed.is_ok(),
            };
            if !alive {
                std::future::pending::<()>().await;
            }
            let is_other = {
                let (link, looks) = (link.borrow_and_update(), looks.borrow_and_update());
                link.state != now.state
                    || (&looks.failed, looks.again_at, looks.is_read)
                        != (&looked.failed, looked.again_at, looked.is_read)
            };
            if is_other || told.elapsed() >= TELL_AGAIN {
                break;
            }
        }
    }
}

fn hearing(dstny: &Dstny, link: &WireLink, looks: &Looks) -> Option<Hearing> {
    let without = |error: &Error| {
        if matches!(error, Error::Network { .. }) { Link::Offline } else { Link::Degraded }
    };
    let mut heard = link.last_heard.max(looks.at);
    let refused = dstny.picture().offers.refused(Part::Calls).cloned();
    let (state, problem, retry_at) = match (&link.state, refused, &looks.failed) {
        (LinkState::Connecting, ..) => (Link::Connecting, None, None),
        // What ends the session is told by whoever ends it.
        (LinkState::SignInNeeded | LinkState::Ended, ..) | (_, _, Some(Error::SignInNeeded)) => return None,
        // Everything else is heard, but calls are not.
        (LinkState::Live, Some(error), _) => (Link::Degraded, Some(error), None),
        // Nothing is known of the calls, whatever the stream says.
        (LinkState::Live, None, Some(error)) => {
            heard = looks.at;
            (without(error), Some(error.clone()), looks.again_at.map(clock::at))
        }
        (LinkState::Live, None, None) if looks.is_read => (Link::Live, None, None),
        (LinkState::Live, None, None) => (Link::CatchingUp, None, None),
        (LinkState::CatchingUp, ..) => (Link::CatchingUp, None, None),
        (LinkState::Waiting { until, error }, ..) => {
            (without(error), Some(error.clone()), Some(clock::at(*until)))
        }
    };
    let problem = problem.map(|error| dstny.problem(&error));
    // Only a password makes another ticket, and that was forgotten.
    let ticket = dstny.client.ticket();
    let session_ends = ticket.and_then(|ticket| ticket.expires).map(super::history::moment);
    Some(Hearing { problem, retry_at, session_ends, ..Hearing::of(state, heard.map(clock::at)) })
}

/// Shows what streams told: as soon as possible, and never more often than it can be shown.
async fn show_news(dstny: Arc<Dstny>) {
    loop {
        dstny.news.shown.notified().await;
        dstny.show();
    }
}

/// Ends calls that waited long enough to hear why they are over.
async fn settle(dstny: Arc<Dstny>) {
    let patience = Duration::from_millis(PATIENCE_MS.unsigned_abs());
    loop {
        dstny.news.ending.notified().await;
        tokio::time::sleep(patience).await;
        dstny.picture().book.settle(clock::now());
        dstny.show();
    }
}

/// Keeps one stream open for each live call.
async fn follow_calls(dstny: Arc<Dstny>, budget: Budget) {
    let mut live = dstny.live.subscribe();
    let mut open: BTreeMap<String, Handle> = BTreeMap::new();
    loop {
        let now = live.borrow_and_update().clone();
        open.retain(|id, _| now.contains(id));
        for id in now {
            open.entry(id.clone()).or_insert_with(|| {
                let subscription = Subscription::call(&id);
                let follow = Follow { dstny: dstny.clone(), subscription, topic: OneCall(id.clone()) };
                budget.open(&format!("call:{id}"), Priority::Own, follow)
            });
        }
        if live.changed().await.is_err() {
            return;
        }
    }
}

/// Follows the figures of the queues while somebody looks at them or works in one. The stream has the queues that the user
/// is logged in to; the others are asked for while somebody looks.
async fn follow_queues(dstny: Arc<Dstny>, budget: Budget) {
    let mut watched = dstny.watched.subscribe();
    let mut member = dstny.member.subscribe();
    let mut open: Option<Handle> = None;
    loop {
        let is_watched = watched.borrow_and_update().queues;
        let wanted = is_watched || *member.borrow_and_update();
        if !wanted {
            open = None;
        } else if open.is_none() {
            let subscription = Subscription::queue_statistics();
            let follow = Follow { dstny: dstny.clone(), subscription, topic: Figures };
            open = Some(budget.open("queues", Priority::Queues, follow));
        }
        let alive = tokio::select! {
            changed = watched.changed() => changed.is_ok(),
            changed = member.changed() => changed.is_ok(),
            () = tokio::time::sleep(FIGURES_EVERY), if is_watched => {
                if let Ok(figures) = subscriptions::read_figures(&dstny).await {
                    subscriptions::all_figures_told(&dstny, figures);
                }
                true
            }
        };
        if !alive {
            return;
        }
    }
}
