//! The driver of one event stream: one loop that keeps one subscription fresh, with the stream and without it.
//!
//! ```text
//!              ┌──────── opened, whole fetched ────────┐
//! Connecting ──┤                                       ├─► Live ──► event, event, …
//!              ├─ no stream, no place: poll ───────────┘    │
//!              └► failure ─► Waiting{until} ─► opened … ◄───┤ the end, a failure, silence
//!                                                           └─ gap seen: CatchingUp, whole fetched ─► Live
//! ```
//!
//! - Whatever happened between two connections is repaired by asking for the whole after each connect; the server's memory
//!   behind `Last-Event-ID` is a courtesy, not a promise. Events that come meanwhile are kept and applied after it; when
//!   many have been kept the stream is left unread, so that the server waits and nothing is lost.
//! - A stream that is silent for longer than its own [heartbeat](super::heartbeat) explains is dead, whatever the
//!   socket says.
//! - After a failure it waits: what the server asked for (`retry:`, `Retry-After`), and a back-off with full jitter that only
//!   a minute of health resets. A refusal that nobody but a person can lift is asked about rarely and kept as the reason.
//! - An answer that is no event stream means that there is none to be had here: the whole is polled, and the stream
//!   tried again [later](Limits::try_again), or never if the server said so (204).
//! - One subscription never has two connections: the old one is dropped before a new one is asked for.
//! - The loop ends when cancelled, when somebody has to sign in, and when the subscription's subject is over; it is dropped
//!   safely at any point.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::{Duration, SystemTime};

use rand::{Rng, RngExt};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ParserLimits;
use super::budget::{Held, Place};
use super::heartbeat::{Heartbeat, Silence};
use super::reading::{Memory, Reading, network};
use super::subscriber::{Body, Stream, Subscriber, Taken, Verdict};
use super::told::{Figures, Told, Way};
use crate::link::{Link, LinkState, woken};
use crate::{Backoff, Error, NetworkKind, Wake};

/// The driver's figures.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long connecting, and fetching the whole, may take.
    pub patience: Duration,
    /// The watchdog over silence.
    pub silence: Silence,
    /// The waits after failures.
    pub backoff: Backoff,
    /// When a stream is tried again where there was none.
    pub try_again: Duration,
    /// What the parser may hold.
    pub parser: ParserLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
            silence: Silence::default(),
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
            try_again: Duration::from_secs(600),
            parser: ParserLimits::default(),
        }
    }
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was cancelled.
    Cancelled,
    /// The platform does not accept the credentials any more: sign in and run again.
    SignInNeeded,
    /// What the subscription is about is over.
    Over,
}

/// The loop and its state.
#[derive(Debug)]
pub struct Driver<R> {
    limits: Limits,
    rng: R,
    wake: watch::Receiver<u64>,
    told: Told,
    memory: Memory,
    /// There is no stream; when to try again, if ever.
    no_stream: Option<Option<Instant>>,
}

/// Why one connection, or one spell of polling, came to its end.
enum Trouble {
    Woken,
    Failed(Error),
    /// There is no stream; when to try again, if ever.
    NoStream(Option<Instant>),
    /// It is time to go about it in the other way, perhaps with a place.
    Moved(Option<Held>),
    Over,
}

/// The least time between two fetches of the whole on one connection: a server whose events never fit together must not
/// make us spin.
const BETWEEN_FETCHES: Duration = Duration::from_millis(500);
/// How long a refusal is left alone that only a person can lift.
const RARELY: Duration = Duration::from_secs(120);

impl<R: Rng + Send> Driver<R> {
    /// Prepares a driver; the receivers follow its health and its figures and always have the latest.
    pub fn new(
        limits: Limits,
        wake: &Wake,
        rng: R,
    ) -> (Self, watch::Receiver<Link>, watch::Receiver<Figures>) {
        let (link, follow) = watch::channel(Link::new());
        let (figures, count) = watch::channel(Figures::default());
        let memory =
            Memory { heartbeat: Heartbeat::new(limits.silence), last_event_id: String::new(), retry: None };
        (
            Self { limits, rng, wake: wake.listen(), told: Told { link, figures }, memory, no_stream: None },
            follow,
            count,
        )
    }

    /// Follows the subscription until cancelled, until somebody has to sign in, or until it is over. May be run again.
    pub async fn run<S: Subscriber>(&mut self, subscriber: &mut S, cancel: &CancellationToken) -> Ended {
        self.run_in(&Place::unlimited(), subscriber, cancel).await
    }

    /// The same, connecting only while the budget has a place.
    pub(super) async fn run_in<S: Subscriber>(
        &mut self,
        place: &Place,
        subscriber: &mut S,
        cancel: &CancellationToken,
    ) -> Ended {
        let ended =
            cancel.run_until_cancelled(self.rounds(place, subscriber)).await.unwrap_or(Ended::Cancelled);
        self.told.go(Way::None);
        self.told.report(match ended {
            Ended::SignInNeeded => LinkState::SignInNeeded,
            Ended::Cancelled | Ended::Over => LinkState::Ended,
        });
        ended
    }

    async fn rounds<S: Subscriber>(&mut self, place: &Place, subscriber: &mut S) -> Ended {
        let mut held = None;
        loop {
            let beginning = self.told.link.borrow().beginning();
            self.told.report(beginning);
            let mut good_for = Duration::ZERO;
            match self.round(place, held.take(), subscriber, &mut good_for).await {
                Trouble::Woken => self.start_over(subscriber),
                Trouble::Moved(now_held) => held = now_held,
                Trouble::NoStream(again) => self.no_stream = Some(again),
                Trouble::Over => return Ended::Over,
                Trouble::Failed(Error::SignInNeeded) => return Ended::SignInNeeded,
                Trouble::Failed(Error::Refused { .. }) if !self.memory.last_event_id.is_empty() => {
                    // It does not know our id any more; whoever refuses without one as well fails below.
                    self.memory.last_event_id.clear();
                }
                Trouble::Failed(error) => {
                    if matches!(error, Error::Network { kind: NetworkKind::Timeout, .. }) {
                        subscriber.reconnect();
                    }
                    self.wait(subscriber, error, good_for).await;
                }
            }
        }
    }

    fn start_over(&mut self, subscriber: &mut impl Subscriber) {
        self.no_stream = None;
        subscriber.reconnect();
    }

    /// Streams, or polls while that is not possible; in either case until something else must be done.
    async fn round<S: Subscriber>(
        &mut self,
        place: &Place,
        held: Option<Held>,
        subscriber: &mut S,
        good_for: &mut Duration,
    ) -> Trouble {
        self.wake.mark_unchanged();
        let mut wake = self.wake.clone();
        if let Some(again) = self.no_stream.take() {
            self.no_stream = Some(again).filter(|again| again.is_none_or(|then| Instant::now() < then));
        }
        if let Some(again) = self.no_stream {
            let stop = pin!(async {
                tokio::select! {
                    () = woken(&mut wake) => Trouble::Woken,
                    () = until(again) => Trouble::Moved(None),
                }
            });
            return self.poll(subscriber, Way::NoStream, stop).await;
        }
        match held.or_else(|| place.take()) {
            Some(held) => {
                let stop = pin!(async {
                    tokio::select! {
                        () = woken(&mut wake) => Trouble::Woken,
                        () = held.wanted_back() => Trouble::Moved(None),
                    }
                });
                self.stream(subscriber, good_for, stop).await
            }
            None => {
                let stop = pin!(async {
                    tokio::select! {
                        () = woken(&mut wake) => Trouble::Woken,
                        held = place.wait() => Trouble::Moved(Some(held)),
                    }
                });
                self.poll(subscriber, Way::NoPlace, stop).await
            }
        }
    }

    async fn poll<S: Subscriber>(
        &mut self,
        subscriber: &mut S,
        way: Way,
        mut stop: Pin<&mut impl Future<Output = Trouble>>,
    ) -> Trouble {
        self.told.go(way);
        let Some(every) = subscriber.poll_every() else {
            if way == Way::NoStream {
                let until = SystemTime::now() + self.limits.try_again;
                self.told.report(LinkState::Waiting { until, error: no_stream() });
            }
            return stop.await;
        };
        loop {
            let whole = tokio::select! {
                biased;
                trouble = &mut stop => return trouble,
                whole = in_time(self.limits.patience, subscriber.snapshot()) => whole,
            };
            if let Err(error) = self.told.replace(subscriber, whole).await {
                return Trouble::Failed(error);
            }
            tokio::select! {
                biased;
                trouble = &mut stop => return trouble,
                () = tokio::time::sleep(every) => {}
            }
        }
    }

    /// From connecting on until something goes wrong. `good_for` is the time from the first byte to the last: waiting for
    /// a dead connection is no health.
    async fn stream<S: Subscriber>(
        &mut self,
        subscriber: &mut S,
        good_for: &mut Duration,
        mut stop: Pin<&mut impl Future<Output = Trouble>>,
    ) -> Trouble {
        let patience = self.limits.patience;
        let id = Some(self.memory.last_event_id.as_str()).filter(|id| !id.is_empty());
        let opened = tokio::select! {
            biased;
            trouble = &mut stop => return trouble,
            opened = in_time(patience, subscriber.open(id)) => opened,
        };
        let body = match opened {
            Ok(stream) if stream.is_events() => stream.body,
            Ok(other) => return self.judge(subscriber, other).await,
            Err(error) => return Trouble::Failed(error),
        };
        subscriber.connected();
        self.told.figures.send_modify(|figures| {
            figures.way = Way::Stream;
            figures.opened += 1;
        });
        let mut reading = Reading::new(body, self.limits.parser, &mut self.memory, &self.told);
        let mut not_before = Instant::now();
        loop {
            let whole = {
                let fetching = async {
                    tokio::time::sleep_until(not_before).await;
                    in_time(patience, subscriber.snapshot()).await
                };
                tokio::select! {
                    biased;
                    trouble = &mut stop => return trouble,
                    whole = fetching => whole,
                    never = reading.keep() => match never {},
                }
            };
            if let Err(error) = self.told.replace(subscriber, whole).await {
                return Trouble::Failed(error);
            }
            not_before = Instant::now() + BETWEEN_FETCHES;
            loop {
                let event = tokio::select! {
                    biased;
                    trouble = &mut stop => return trouble,
                    event = reading.next() => event,
                };
                *good_for = reading.good_for();
                match event {
                    Ok(event) => match self.told.apply(subscriber, event).await {
                        Taken::Applied | Taken::Malformed(_) => {}
                        Taken::Refetch => break,
                        Taken::Over => return Trouble::Over,
                    },
                    Err(error) => return Trouble::Failed(error),
                }
            }
            self.told.report(LinkState::CatchingUp);
        }
    }

    /// An answer that is no event stream.
    async fn judge<S: Subscriber>(&self, subscriber: &S, answer: Stream<S::Body>) -> Trouble {
        let later = Instant::now() + self.limits.try_again;
        match answer.status {
            204 => return Trouble::NoStream(None),
            // Its body is of no interest, and may be without end.
            200..300 => return Trouble::NoStream(Some(later)),
            _ => {}
        }
        match in_time(self.limits.patience, answer.body.into_answer()).await {
            Ok(answer) => match subscriber.judge(&answer) {
                Verdict::Poll => Trouble::NoStream(Some(later)),
                Verdict::Fail(error) => Trouble::Failed(error),
                Verdict::Over => Trouble::Over,
            },
            Err(error) => Trouble::Failed(error),
        }
    }

    async fn wait(&mut self, subscriber: &mut impl Subscriber, error: Error, good_for: Duration) {
        let retry_after = match &error {
            Error::Transient { retry_after, .. } => *retry_after,
            _ => None,
        };
        let asked = retry_after.max(self.memory.retry).unwrap_or_default();
        let backoff = self.limits.backoff.failed_after(good_for, &mut self.rng);
        let wait = if error.is_passing() {
            asked + backoff
        } else {
            asked + RARELY.mul_f64(self.rng.random_range(0.5..=1.0))
        };
        tracing::info!(%error, ?wait, "stream failed; trying again later");
        self.told.go(Way::None);
        self.told.report(LinkState::Waiting { until: SystemTime::now() + wait, error });
        tokio::select! {
            () = woken(&mut self.wake) => self.start_over(subscriber),
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn in_time<T>(patience: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = |_| network(NetworkKind::Timeout, "no answer in time");
    tokio::time::timeout(patience, work).await.map_err(late)?
}

async fn until(then: Option<Instant>) {
    match then {
        Some(then) => tokio::time::sleep_until(then).await,
        None => std::future::pending().await,
    }
}

fn no_stream() -> Error {
    let problem = "the platform offers no event stream here".to_owned();
    Error::Protocol { url: String::new(), path: String::new(), problem, snippet: String::new() }
}
