//! Listening: the long poll, and what is read beside it.
//!
//! The pull alone makes things ring; nothing on its way waits for another request, except once at the beginning for
//! `whoim`, without which nobody knows who "me" is. Everything else is read beside it and shown when it is there:
//! devices, rights, the wrap-up codes of a queue that is met for the first time, and what became of an activity that
//! disappeared without a word.

use std::sync::Arc;
use std::time::Duration;

use daktela::models::{Activity, Contact, Queue, Status, Ticket};
use daktela::pull::{Doubt, PULL_DEADLINE, PullAnswer};
use daktela::{LARGEST_PAGE, Query};
use model::{Link, Problem, ProblemCode};
use tokio_util::sync::CancellationToken;
use wire::poll::{Driver, Ended, Limits, LinkState, Listener, Part, Polled};
use wire::{Backoff, Error};

use super::super::Ear;
use super::Daktela;
use super::picture::{Rights, Statics};
use crate::clock;
use crate::sight::Hearing;

/// How long one look at an activity in doubt may take.
const DOUBT_PATIENCE: Duration = Duration::from_secs(3);
/// How long to wait before looking again when it could not be read.
const DOUBT_AGAIN: Duration = Duration::from_secs(2);

/// Listens until cancelled, or until only the agent can help.
pub(super) async fn listen(
    daktela: Arc<Daktela>,
    ear: Arc<dyn Ear>,
    cancel: CancellationToken,
) -> Option<Problem> {
    *daktela.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(ear.clone());
    let limits = Limits {
        deadline: PULL_DEADLINE,
        backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
    };
    let rng: rand::rngs::SmallRng = rand::make_rng();
    let (mut driver, mut link) = Driver::new(limits, &daktela.wake, rng);
    let mut poller = Poller { daktela: daktela.clone(), cancel: cancel.clone(), starting: true };
    let follow = async {
        loop {
            let hearing = hearing(&daktela, &link.borrow_and_update());
            if let Some(hearing) = hearing {
                ear.hearing(hearing);
            }
            if link.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let ended = tokio::select! {
        ended = driver.run(&mut poller, &cancel) => ended,
        () = follow => Ended::Cancelled,
    };
    match ended {
        Ended::Cancelled => None,
        Ended::SignInNeeded => Some(Problem::new(ProblemCode::SignInNeeded).on(&daktela.account)),
    }
}

fn hearing(daktela: &Daktela, link: &wire::poll::Link) -> Option<Hearing> {
    let (state, problem, retry_at) = match &link.state {
        LinkState::Connecting => (Link::Connecting, None, None),
        LinkState::Live => (Link::Live, None, None),
        LinkState::CatchingUp => (Link::CatchingUp, None, None),
        LinkState::Waiting { until, error } => {
            let state = if matches!(error, Error::Network { .. }) { Link::Offline } else { Link::Degraded };
            (state, Some(daktela.problem(error)), Some(clock::at(*until)))
        }
        // What ends the loop is told by whoever ends the session.
        LinkState::SignInNeeded | LinkState::Ended => return None,
    };
    let heard = Hearing::of(state, link.last_heard.map(clock::at));
    Some(Hearing { problem, retry_at, ..heard })
}

struct Poller {
    daktela: Arc<Daktela>,
    cancel: CancellationToken,
    /// `whoim` has not been read yet.
    starting: bool,
}

impl Listener for Poller {
    type Cursor = String;
    type Batch = PullAnswer;

    async fn poll(&mut self, cursor: Option<String>) -> Result<Polled<String, PullAnswer>, Error> {
        let daktela = &self.daktela;
        daktela.renew_in_time().await?;
        if self.starting {
            let whoim = daktela.signed(|| daktela.client.whoim()).await?;
            daktela.picture().signed_in(whoim);
            self.starting = false;
            self.beside(read_statics(daktela.clone()));
            self.beside(super::figures::follow(daktela.clone()));
        }
        let shown = daktela.client.credential();
        let answer = match daktela.client.pull(cursor.as_deref()).await {
            Err(Error::SignInNeeded) => {
                daktela.renew(&shown).await?;
                // A new session does not know the old one's hash.
                daktela.client.pull(None).await?
            }
            other => other?,
        };
        let batch = (answer.has_news() || cursor.is_none()).then(|| answer.clone());
        Ok(Polled { cursor: answer.hash, batch })
    }

    async fn apply(&mut self, answer: PullAnswer, part: Part) -> Result<(), Error> {
        let reload = answer.reload_user;
        // What happens to the agent's activities changes their tickets; the pull tells of no others.
        let stirs = answer.activities.is_some();
        self.daktela.picture().pulled(answer, part);
        self.daktela.show();
        if stirs {
            self.daktela.moved.notify_one();
            self.daktela.stir();
        }
        let (doubts, queues) = self.daktela.picture().take_unread();
        for doubt in doubts {
            self.beside(settle_doubt(self.daktela.clone(), doubt));
        }
        for queue in queues {
            self.beside(read_codes(self.daktela.clone(), queue));
        }
        if reload {
            self.beside(reload_user(self.daktela.clone()));
        }
        Ok(())
    }

    fn reconnect(&mut self) {
        self.daktela.client.reset_connections();
    }
}

impl Poller {
    /// Runs something beside the poll, as long as the session lasts.
    fn beside(&self, work: impl Future<Output = ()> + Send + 'static) {
        let cancel = self.cancel.clone();
        tokio::spawn(async move { cancel.run_until_cancelled(work).await });
    }
}

async fn reload_user(daktela: Arc<Daktela>) {
    match daktela.signed(|| daktela.client.whoim()).await {
        Ok(whoim) => daktela.picture().signed_in(whoim),
        Err(error) => {
            tracing::warn!(account = %daktela.account, %error, "the changed user could not be read");
            return;
        }
    }
    read_statics(daktela).await;
}

/// Reads what `whoim` leaves open: devices, how queues may be joined, and what the user has rights to.
async fn read_statics(daktela: Arc<Daktela>) {
    let profile = daktela.picture().profile_to_ask();
    let client = &daktela.client;
    let one = |sort| Query::new().sort(sort).take(1);
    let (contact, ticket) = (one(&Contact::FIELDS.name), one(&Ticket::FIELDS.name));
    let (devices, queues, contacts, tickets) = tokio::join!(
        daktela.signed(|| client.available_devices()),
        async {
            match profile {
                Some(profile) => daktela.signed(|| client.profile_queues(&profile)).await.ok(),
                None => None,
            }
        },
        daktela.signed(|| client.list::<Contact>(&contact)),
        daktela.signed(|| client.list::<Ticket>(&ticket)),
    );
    if let Err(error) = &devices {
        tracing::info!(account = %daktela.account, %error, "devices could not be read");
    }
    let rights = Rights { contacts: allowed(&contacts), tickets: allowed(&tickets) };
    daktela.picture().learned(Statics { devices: devices.ok(), queues, rights });
    daktela.show();
}

/// Only a clear no is a no: a passing failure must not take a button away.
fn allowed<T>(tried: &Result<T, Error>) -> bool {
    !matches!(tried, Err(Error::Forbidden | Error::NotFound))
}

/// Reads the wrap-up codes of a queue.
async fn read_codes(daktela: Arc<Daktela>, queue: String) {
    // Inferred: queues have the relation `statuses` that ticket categories are known to have.
    let query = Query::new().sort(&Status::FIELDS.title).take(LARGEST_PAGE);
    let codes = daktela.signed(|| daktela.client.related::<Queue, Status>(&queue, "statuses", &query)).await;
    match codes {
        Ok(codes) => daktela.picture().codes_of(queue, Some(codes)),
        Err(error) => {
            tracing::info!(account = %daktela.account, %error, "wrap-up codes could not be read");
            daktela.picture().codes_of(queue, None);
        }
    }
    daktela.show();
}

/// Reads an activity that disappeared without a word, until it is known what became of it.
async fn settle_doubt(daktela: Arc<Daktela>, doubt: Doubt) {
    while daktela.picture().is_in_doubt(&doubt) {
        let read = daktela.signed(|| daktela.client.get::<Activity>(&doubt.name));
        match tokio::time::timeout(DOUBT_PATIENCE, read).await {
            Ok(Ok(found)) => daktela.picture().settled(&doubt, Some(found)),
            Ok(Err(Error::NotFound | Error::Forbidden)) => daktela.picture().settled(&doubt, None),
            Ok(Err(_)) | Err(_) => {
                daktela.picture().unsettled(&doubt);
                daktela.show();
                tokio::time::sleep(DOUBT_AGAIN).await;
                continue;
            }
        }
        daktela.show();
    }
}
