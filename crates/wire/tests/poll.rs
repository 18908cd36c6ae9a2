//! The long-poll driver: with a listener that follows a script on paused time, and over HTTP with connections
//! that die without a word.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod support;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use offhook_wire::poll::{Driver, Ended, Limits, Link, LinkState, Listener, Part, Polled};
use offhook_wire::{Backoff, Error, Http, HttpOptions, Method, NetworkKind, Origin, Request, Url, Wake};
use rand::SeedableRng;
use rand::rngs::StdRng;
use support::{Server, Then, json};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What one poll of the script does.
#[derive(Clone)]
enum Step {
    /// Answers after this time with a cursor and perhaps a batch.
    Answer(Duration, Option<&'static str>, Option<u32>),
    /// Fails.
    Fail(Error),
    /// Never answers.
    Hang,
}

/// Follows its script; when that has ended, repeats the last step.
struct Scripted {
    steps: VecDeque<Step>,
    log: Arc<Mutex<Log>>,
    /// Batches whose application fails.
    refuse: Vec<u32>,
}

#[derive(Default)]
struct Log {
    asked: Vec<(Option<&'static str>, Instant)>,
    applied: Vec<(u32, Part)>,
    reconnects: usize,
    in_flight: usize,
    most_in_flight: usize,
}

/// Counts a poll as under way until it ends or is dropped.
struct InFlight(Arc<Mutex<Log>>);

impl InFlight {
    fn begin(log: &Arc<Mutex<Log>>) -> Self {
        let mut now = log.lock().unwrap();
        now.in_flight += 1;
        now.most_in_flight = now.most_in_flight.max(now.in_flight);
        Self(log.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.lock().unwrap().in_flight -= 1;
    }
}

impl Listener for Scripted {
    type Cursor = &'static str;
    type Batch = u32;

    async fn poll(&mut self, cursor: Option<&'static str>) -> Result<Polled<&'static str, u32>, Error> {
        let _in_flight = InFlight::begin(&self.log);
        self.log.lock().unwrap().asked.push((cursor, Instant::now()));
        let step = match self.steps.len() {
            1 => self.steps[0].clone(),
            _ => self.steps.pop_front().unwrap(),
        };
        match step {
            Step::Answer(after, cursor, batch) => {
                tokio::time::sleep(after).await;
                Ok(Polled { cursor, batch })
            }
            Step::Fail(error) => Err(error),
            Step::Hang => std::future::pending().await,
        }
    }

    async fn apply(&mut self, batch: u32, part: Part) -> Result<(), Error> {
        if self.refuse.contains(&batch) {
            self.refuse.retain(|refused| *refused != batch);
            return Err(Error::Forbidden);
        }
        self.log.lock().unwrap().applied.push((batch, part));
        Ok(())
    }

    fn reconnect(&mut self) {
        self.log.lock().unwrap().reconnects += 1;
    }
}

struct Run {
    log: Arc<Mutex<Log>>,
    link: watch::Receiver<Link>,
    wake: Wake,
    cancel: CancellationToken,
    task: tokio::task::JoinHandle<Ended>,
}

fn limits() -> Limits {
    Limits { deadline: Duration::from_secs(30), backoff: Backoff::default() }
}

fn run(steps: impl Into<VecDeque<Step>>, refuse: Vec<u32>) -> Run {
    let log = Arc::new(Mutex::new(Log::default()));
    let mut listener = Scripted { steps: steps.into(), log: log.clone(), refuse };
    let (wake, cancel) = (Wake::new(), CancellationToken::new());
    let (mut driver, link) = Driver::new(limits(), &wake, StdRng::seed_from_u64(1));
    let task = {
        let cancel = cancel.clone();
        tokio::spawn(async move { driver.run(&mut listener, &cancel).await })
    };
    Run { log, link, wake, cancel, task }
}

impl Run {
    async fn until(&mut self, what: impl Fn(&LinkState) -> bool) -> LinkState {
        let waiting = self.link.wait_for(|link| what(&link.state));
        tokio::time::timeout(Duration::from_secs(3600), waiting).await.unwrap().unwrap().state.clone()
    }

    async fn until_asked(&self, times: usize) {
        let waiting = async {
            while self.log.lock().unwrap().asked.len() < times {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(3600), waiting).await.unwrap();
    }

    fn cursors(&self) -> Vec<Option<&'static str>> {
        self.log.lock().unwrap().asked.iter().map(|(cursor, _)| *cursor).collect()
    }
}

const HELD: Duration = Duration::from_secs(15);

fn answer(cursor: &'static str, batch: u32) -> Step {
    Step::Answer(Duration::ZERO, Some(cursor), Some(batch))
}

fn is_waiting(state: &LinkState) -> bool {
    matches!(state, LinkState::Waiting { .. })
}

fn transient(seconds: u64) -> Step {
    Step::Fail(Error::Transient { status: 429, retry_after: Some(Duration::from_secs(seconds)) })
}

#[tokio::test(start_paused = true)]
async fn it_begins_with_everything_and_goes_on_from_the_cursor() {
    let quiet = Step::Answer(HELD, Some("c"), None);
    let without_cursor = Step::Answer(HELD, None, Some(3));
    let mut run = run([answer("a", 1), answer("b", 2), without_cursor, quiet], vec![]);
    assert_eq!(run.until(|state| *state == LinkState::Live).await, LinkState::Live);
    run.until_asked(5).await;
    assert_eq!(run.cursors(), [None, Some("a"), Some("b"), Some("b"), Some("c")]);
    assert_eq!(run.log.lock().unwrap().applied, [(1, Part::Whole), (2, Part::Next), (3, Part::Next)]);
    assert!(run.link.borrow().last_heard.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_could_not_be_applied_does_not_move_the_cursor() {
    let mut run = run([answer("a", 1), answer("b", 2), answer("c", 3), Step::Hang], vec![2]);
    run.until(is_waiting).await;
    run.until_asked(4).await;
    assert_eq!(run.cursors(), [None, Some("a"), None, Some("c")]);
    assert_eq!(run.log.lock().unwrap().applied, [(1, Part::Whole), (3, Part::Whole)]);
}

#[tokio::test(start_paused = true)]
async fn a_silent_poll_is_given_up_at_its_deadline_and_the_connection_not_trusted() {
    let mut run = run([answer("a", 1), Step::Hang, answer("b", 2), Step::Hang], vec![]);
    run.until(|state| *state == LinkState::Live).await;
    let before = Instant::now();
    let LinkState::Waiting { error, .. } = run.until(is_waiting).await else { unreachable!() };
    assert!(matches!(error, Error::Network { kind: NetworkKind::Timeout, .. }));
    assert_eq!(before.elapsed().as_secs(), 30);
    run.until(|state| *state == LinkState::Live).await;
    assert_eq!(run.log.lock().unwrap().reconnects, 1);
    assert_eq!(run.log.lock().unwrap().applied[1], (2, Part::Whole));
}

#[tokio::test(start_paused = true)]
async fn a_wake_drops_the_poll_and_asks_for_everything_at_once() {
    let slow = Step::Answer(Duration::from_secs(1), Some("b"), Some(2));
    let mut run = run([answer("a", 1), Step::Hang, slow, Step::Hang], vec![]);
    run.until_asked(2).await;
    let before = Instant::now();
    run.wake.now();
    run.until(|state| *state == LinkState::CatchingUp).await;
    run.until(|state| *state == LinkState::Live).await;
    assert!(before.elapsed() < Duration::from_millis(1050));
    assert_eq!(run.cursors()[..3], [None, Some("a"), None]);
    let log = run.log.lock().unwrap();
    assert_eq!((log.reconnects, log.applied[1]), (1, (2, Part::Whole)));
}

#[tokio::test(start_paused = true)]
async fn a_wake_ends_a_wait_too() {
    let mut run = run([transient(60), answer("a", 1), Step::Hang], vec![]);
    run.until(is_waiting).await;
    let before = Instant::now();
    run.wake.now();
    run.until(|state| *state == LinkState::Live).await;
    assert!(before.elapsed() < Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_never_shorter_than_the_platform_asked_for() {
    let run = run([transient(40), answer("a", 1), Step::Hang], vec![]);
    run.until_asked(2).await;
    let log = run.log.lock().unwrap();
    assert!(log.asked[1].1 - log.asked[0].1 >= Duration::from_secs(40));
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_is_refused_is_dropped_without_a_wait() {
    let refused = || Step::Fail(Error::refused(400, []));
    let mut run = run([answer("a", 1), refused(), answer("b", 2), Step::Hang], vec![]);
    let before = Instant::now();
    run.until_asked(4).await;
    assert!(before.elapsed() < Duration::from_millis(100));
    assert_eq!(run.cursors(), [None, Some("a"), None, Some("b")]);
    assert_eq!(run.log.lock().unwrap().applied[1], (2, Part::Whole));
    assert_eq!(run.until(|state| *state == LinkState::Live).await, LinkState::Live);
}

#[tokio::test(start_paused = true)]
async fn a_whole_that_is_refused_waits() {
    let mut run = run([Step::Fail(Error::refused(400, [])), answer("a", 1), Step::Hang], vec![]);
    assert!(is_waiting(&run.until(|state| *state != LinkState::Connecting).await));
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_somebody_has_to_sign_in() {
    let mut run = run([answer("a", 1), Step::Fail(Error::SignInNeeded)], vec![]);
    run.until(|state| *state == LinkState::SignInNeeded).await;
    assert_eq!(run.task.await.unwrap(), Ended::SignInNeeded);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_cancelled_wherever_it_is() {
    for steps in [vec![Step::Hang], vec![transient(60)], vec![answer("a", 1)]] {
        let mut run = run(steps, vec![]);
        run.until_asked(1).await;
        run.cancel.cancel();
        run.until(|state| *state == LinkState::Ended).await;
        assert_eq!(run.task.await.unwrap(), Ended::Cancelled);
        assert_eq!(run.log.lock().unwrap().in_flight, 0, "the poll was dropped");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_at_once_over_and_over_cannot_make_us_spin() {
    for (step, most) in [
        (Step::Answer(Duration::ZERO, Some("a"), None), 30),
        (Step::Answer(Duration::ZERO, None, None), 30),
        (answer("a", 1), 50 + 20 * 60 + 5),
    ] {
        let run = run([step], vec![]);
        tokio::time::sleep(Duration::from_secs(60)).await;
        let asked = run.log.lock().unwrap().asked.len();
        assert!(asked < most, "{asked} polls in a minute");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_every_cursor_cannot_make_us_spin() {
    let mut steps = VecDeque::new();
    for _ in 0..200 {
        steps.extend([answer("a", 1), Step::Fail(Error::refused(400, []))]);
    }
    let run = run(steps, vec![]);
    tokio::time::sleep(Duration::from_secs(60)).await;
    let asked = run.log.lock().unwrap().asked.len();
    assert!(asked < 60, "{asked} polls in a minute");
}

#[tokio::test(start_paused = true)]
async fn a_few_quick_answers_are_followed_without_delay() {
    let run = run([answer("a", 1), answer("b", 2), answer("c", 3), answer("d", 4), Step::Hang], vec![]);
    let before = Instant::now();
    run.until_asked(5).await;
    assert!(before.elapsed() < Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn two_polls_are_never_in_flight() {
    let slow = Step::Answer(Duration::from_secs(3), Some("a"), Some(1));
    let run = run([slow], vec![]);
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        run.wake.now();
    }
    let log = run.log.lock().unwrap();
    assert!(log.asked.len() > 40, "{} polls", log.asked.len());
    assert_eq!(log.most_in_flight, 1);
}

/// Polls over HTTP; every path is what comes back.
struct OverHttp {
    http: Http,
    url: Url,
    applied: Arc<AtomicUsize>,
}

impl Listener for OverHttp {
    type Cursor = ();
    type Batch = ();

    async fn poll(&mut self, _: Option<()>) -> Result<Polled<(), ()>, Error> {
        let answer = self.http.send(Request::new(Method::GET, self.url.clone())).await?;
        assert_eq!(answer.status, 200);
        Ok(Polled { cursor: Some(()), batch: Some(()) })
    }

    async fn apply(&mut self, (): (), _: Part) -> Result<(), Error> {
        self.applied.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn reconnect(&mut self) {
        self.http.reset();
    }
}

#[tokio::test]
async fn half_open_broken_and_dead_connections_are_survived_over_http() {
    let server = Server::start(|n, _| match n {
        1 => Then::Stall(Vec::new()),
        3 => Then::Close,
        5 => Then::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()),
        _ => json("200 OK", "", "{}"),
    })
    .await;
    let url = Url::parse(&server.url).unwrap();
    let applied = Arc::new(AtomicUsize::new(0));
    let http = Http::new(Origin::of(&url).unwrap(), HttpOptions::default()).unwrap();
    let mut listener = OverHttp { http, url, applied: applied.clone() };
    let limits = Limits {
        deadline: Duration::from_millis(200),
        backoff: Backoff::new(Duration::from_millis(1), Duration::from_millis(10)),
    };
    let cancel = CancellationToken::new();
    let (mut driver, mut link) = Driver::new(limits, &Wake::new(), StdRng::seed_from_u64(1));
    let watcher = tokio::spawn(async move {
        let mut errors = Vec::new();
        while link.changed().await.is_ok() {
            if let LinkState::Waiting { error: Error::Network { kind, .. }, .. } = &link.borrow().state {
                errors.push(kind.clone());
            }
        }
        errors
    });
    let enough = async {
        while applied.load(Ordering::SeqCst) < 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        ended = driver.run(&mut listener, &cancel) => panic!("{ended:?}"),
        all = tokio::time::timeout(Duration::from_secs(30), enough) => all.unwrap(),
    }
    drop(driver);
    let expected = [NetworkKind::Timeout, NetworkKind::Closed, NetworkKind::Timeout];
    assert_eq!(watcher.await.unwrap(), expected);
}
