//! The long-poll driver: one loop that keeps one account's picture of its platform fresh.
//!
//! ```text
//!            ┌──────────── whole ────────────┐
//! Connecting ┤                               ├─► Live ──► Live ──► …      (ask, apply, save the cursor, ask)
//!            └► failure ─► Waiting{until} ───┘    │
//!                              ▲                  ├─ wake() ─► CatchingUp ─► Live   (asked again for everything)
//!                              └──── failure ─────┘
//! ```
//!
//! - The cursor is saved only after the batch was applied. After *any* failure, and after a wake, it is thrown
//!   away and the next poll asks for everything: the server may have restarted, and a whole picture answers at
//!   once where a continued one would be held back for seconds.
//! - Two polls are never in flight: [`Listener::poll`] borrows the listener exclusively.
//! - A poll that is silent for longer than [`Limits::deadline`] is dead, whatever the socket says.
//! - Answers that come back at once over and over are slowed down, so that no server can make us spin.
//! - A cursor that the platform refuses is dropped and the whole is asked for at once, one time.
//! - The loop ends when cancelled, and when somebody has to sign in; it is dropped safely at any point.

use std::future::Future;
use std::time::{Duration, SystemTime};

use rand::Rng;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::link::woken;
pub use crate::link::{Link, LinkState};
use crate::{Backoff, Error, NetworkKind, Wake};

/// What a platform has to offer to be polled.
pub trait Listener: Send {
    /// Where the last poll ended, in the platform's words.
    type Cursor: Clone + Send;
    /// What one poll brings.
    type Batch: Send;

    /// Asks once: for everything without a cursor, else for what is new since then. The platform may hold the
    /// answer back; the driver gives it up after [`Limits::deadline`].
    fn poll(
        &mut self,
        cursor: Option<Self::Cursor>,
    ) -> impl Future<Output = Result<Polled<Self::Cursor, Self::Batch>, Error>> + Send;

    /// Takes a batch in. Only when this returns `Ok` the cursor moves on.
    fn apply(&mut self, batch: Self::Batch, part: Part) -> impl Future<Output = Result<(), Error>> + Send;

    /// The connections made so far must not be trusted (the computer slept, or an answer never came); the
    /// place to call [`crate::Http::reset`].
    fn reconnect(&mut self) {}
}

/// The answer to one poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polled<C, B> {
    /// Where to go on; `None` keeps the last one.
    pub cursor: Option<C>,
    /// What is new; `None` if nothing is.
    pub batch: Option<B>,
}

/// What a batch stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The whole picture: what is not in it is no more.
    Whole,
    /// What changed since the batch before.
    Next,
}

/// The driver's figures.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long one poll may take.
    pub deadline: Duration,
    /// The waits after failures.
    pub backoff: Backoff,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was cancelled.
    Cancelled,
    /// The platform does not accept the credentials any more: sign in and run again.
    SignInNeeded,
}

/// The loop and its state.
#[derive(Debug)]
pub struct Driver<R> {
    limits: Limits,
    rng: R,
    wake: watch::Receiver<u64>,
    link: watch::Sender<Link>,
}

/// How one round went wrong.
enum Trouble {
    Woken,
    Failed(Error),
}

impl<R: Rng + Send> Driver<R> {
    /// Prepares a driver; the receiver follows its health and always has the latest.
    pub fn new(limits: Limits, wake: &Wake, rng: R) -> (Self, watch::Receiver<Link>) {
        let (link, follow) = watch::channel(Link::new());
        (Self { limits, rng, wake: wake.listen(), link }, follow)
    }

    /// Polls until cancelled or until somebody has to sign in. May be run again.
    pub async fn run<L: Listener>(&mut self, listener: &mut L, cancel: &CancellationToken) -> Ended {
        let ended = cancel.run_until_cancelled(self.rounds(listener)).await;
        self.report(match ended {
            None => LinkState::Ended,
            Some(()) => LinkState::SignInNeeded,
        });
        if ended.is_none() { Ended::Cancelled } else { Ended::SignInNeeded }
    }

    /// Returns when somebody has to sign in.
    async fn rounds<L: Listener>(&mut self, listener: &mut L) {
        loop {
            let mut good_for = Duration::ZERO;
            let beginning = self.link.borrow().beginning();
            self.report(beginning);
            match self.follow(listener, &mut good_for).await {
                Trouble::Woken => listener.reconnect(),
                Trouble::Failed(Error::SignInNeeded) => return,
                Trouble::Failed(error) => {
                    if matches!(error, Error::Network { kind: NetworkKind::Timeout, .. }) {
                        listener.reconnect();
                    }
                    self.wait(error, good_for).await;
                }
            }
        }
    }

    /// From an empty cursor on until something goes wrong. `good_for` is the time from the first answer to
    /// the last: waiting for a dead connection is no health.
    async fn follow<L: Listener>(&mut self, listener: &mut L, good_for: &mut Duration) -> Trouble {
        let mut cursor: Option<L::Cursor> = None;
        let mut pace = Pace::default();
        let mut first_heard = None;
        self.wake.mark_unchanged();
        loop {
            let asked = Instant::now();
            let polled = tokio::select! {
                biased;
                () = woken(&mut self.wake) => return Trouble::Woken,
                polled = tokio::time::timeout(self.limits.deadline, listener.poll(cursor.clone())) => polled,
            };
            let took = asked.elapsed();
            let pause = match polled {
                Ok(Ok(polled)) => {
                    let news = polled.batch.is_some();
                    if let Some(batch) = polled.batch {
                        let part = if cursor.is_none() { Part::Whole } else { Part::Next };
                        if let Err(error) = listener.apply(batch, part).await {
                            return Trouble::Failed(error);
                        }
                    }
                    cursor = polled.cursor.or(cursor);
                    self.heard();
                    *good_for = first_heard.get_or_insert_with(Instant::now).elapsed();
                    pace.after(took, news)
                }
                Ok(Err(Error::Refused { .. })) if cursor.is_some() => {
                    // It does not know our cursor any more; whoever refuses the whole as well fails below.
                    tracing::debug!("cursor refused: asking for everything");
                    cursor = None;
                    pace.after(took, false)
                }
                Ok(Err(error)) => return Trouble::Failed(error),
                Err(_) => return Trouble::Failed(silence()),
            };
            tokio::select! {
                biased;
                () = woken(&mut self.wake) => return Trouble::Woken,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn wait(&mut self, error: Error, good_for: Duration) {
        let asked = match &error {
            Error::Transient { retry_after, .. } => retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        let wait = asked + self.limits.backoff.failed_after(good_for, &mut self.rng);
        tracing::info!(%error, ?wait, "listener failed; trying again later");
        self.report(LinkState::Waiting { until: SystemTime::now() + wait, error });
        tokio::select! {
            () = woken(&mut self.wake) => {}
            () = tokio::time::sleep(wait) => {}
        }
    }

    fn report(&self, state: LinkState) {
        self.link.send_modify(|link| link.state = state);
    }

    fn heard(&self) {
        self.link.send_modify(|link| {
            *link = Link { state: LinkState::Live, last_heard: Some(SystemTime::now()) };
        });
    }
}

fn silence() -> Error {
    let detail = "the poll was silent beyond its deadline".to_owned();
    Error::Network { kind: NetworkKind::Timeout, host: String::new(), detail }
}

/// Slows down a server that answers at once over and over. News is followed without delay up to a long burst, and
/// then [`Pace::STEADY`] times a second: a ring in a busy minute must not wait. Quick answers without news make no sense
/// and are slowed down more and more.
#[derive(Debug)]
struct Pace {
    /// Answers with news that may still be followed at once.
    burst: f64,
    /// Quick answers without news since one that was held back.
    idle: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { burst: Self::BURST, idle: 0 }
    }
}

impl Pace {
    const QUICK: Duration = Duration::from_millis(500);
    const FREE: u32 = 5;
    const BURST: f64 = 50.0;
    const STEADY: f64 = 20.0;

    fn after(&mut self, took: Duration, news: bool) -> Duration {
        if took >= Self::QUICK {
            self.idle = 0;
        }
        if news {
            self.burst = (self.burst + took.as_secs_f64() * Self::STEADY).min(Self::BURST) - 1.0;
            if self.burst >= 0.0 {
                return Duration::ZERO;
            }
            let pause = Duration::from_secs_f64(-self.burst / Self::STEADY);
            self.burst = 0.0;
            return pause;
        }
        if took < Self::QUICK {
            self.idle = self.idle.saturating_add(1);
        }
        match self.idle.saturating_sub(Self::FREE) {
            0 => Duration::ZERO,
            over => Duration::from_millis(200)
                .saturating_mul(2_u32.saturating_pow(over))
                .min(Duration::from_secs(5)),
        }
    }
}
