//! The driver of an event stream: on paused time with a subscription that follows a script, and over HTTP.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "support/scripted.rs"]
mod scripted;
mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use offhook_wire::sse::{
    Driver, Ended, Event, Figures, Limits, Link, LinkState, Stream, Subscriber, Taken, Way,
};
use offhook_wire::{
    Backoff, Error, HeaderName, Http, HttpOptions, Method, NetworkKind, Opened, Origin, Request, Secret, Url,
    Wake,
};
use rand::SeedableRng;
use rand::rngs::StdRng;
use scripted::{Log, Opening, Piece, Scripted};
use support::{Server, Then, json};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

struct Run {
    log: Arc<Mutex<Log>>,
    link: watch::Receiver<Link>,
    figures: watch::Receiver<Figures>,
    wake: Wake,
    cancel: CancellationToken,
    begun: Instant,
    task: tokio::task::JoinHandle<Ended>,
}

fn run(scripted: Scripted) -> Run {
    let (log, begun) = (scripted.log.clone(), Instant::now());
    let (link, figures, wake, cancel, task) = drive(scripted, Limits::default());
    Run { log, link, figures, wake, cancel, begun, task }
}

#[allow(clippy::type_complexity)] // taken apart at once
fn drive<S: Subscriber + 'static>(
    mut subscriber: S,
    limits: Limits,
) -> (watch::Receiver<Link>, watch::Receiver<Figures>, Wake, CancellationToken, tokio::task::JoinHandle<Ended>)
{
    let (wake, cancel) = (Wake::new(), CancellationToken::new());
    let (mut driver, link, figures) = Driver::new(limits, &wake, StdRng::seed_from_u64(1));
    let token = cancel.clone();
    let task = tokio::spawn(async move { driver.run(&mut subscriber, &token).await });
    (link, figures, wake, cancel, task)
}

impl Run {
    /// Lets so many seconds pass.
    async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    async fn state(&mut self, wanted: impl Fn(&LinkState) -> bool) -> LinkState {
        self.link.wait_for(|link| wanted(&link.state)).await.unwrap().state.clone()
    }

    fn taken(&self) -> Vec<String> {
        self.log.lock().unwrap().taken.clone()
    }

    /// When it connected, in seconds from the beginning.
    fn opened(&self) -> Vec<f64> {
        self.log.lock().unwrap().opened.iter().map(|(at, _)| (*at - self.begun).as_secs_f64()).collect()
    }

    fn ids(&self) -> Vec<Option<String>> {
        self.log.lock().unwrap().opened.iter().map(|(_, id)| id.clone()).collect()
    }
}

use Opening::{Answer, Events, Hang};
use Piece::{Break, End, Say};

fn events(pieces: impl Into<Vec<(u64, Piece)>>) -> Opening {
    Events(pieces.into())
}

#[tokio::test(start_paused = true)]
async fn events_that_come_while_the_whole_is_fetched_are_applied_after_it() {
    let script = Scripted::new(|_| {
        events([(0, Say("data: a\n\n")), (100, Say("data: b\n\n")), (3000, Say("data: c\n\n"))])
    })
    .wholes(|n| (Duration::from_secs(1), Ok(n)));
    let mut run = run(script);
    assert_eq!(run.state(|state| *state != LinkState::Connecting).await, LinkState::Live);
    run.pass(5).await;
    assert_eq!(run.taken(), ["whole 0", "event a", "event b", "event c"]);
    let figures = run.figures.borrow().clone();
    assert_eq!((figures.way, figures.opened, figures.events, figures.snapshots), (Way::Stream, 1, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn while_the_whole_is_long_in_coming_the_server_has_to_wait_and_nothing_is_lost() {
    // More events than are kept; then the last one.
    let script = Scripted::new(|_| {
        let mut pieces: Vec<_> = (0..1500).map(|_| (0, Say("data: x\n\n"))).collect();
        pieces.push((0, Say("data: last\n\n")));
        events(pieces)
    })
    .wholes(|n| (Duration::from_secs(20), Ok(n)));
    let run = run(script);
    run.pass(30).await;
    let taken = run.taken();
    assert_eq!((taken.len(), taken[0].as_str(), taken[1501].as_str()), (1502, "whole 0", "event last"));
    assert_eq!(run.opened().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn large_events_are_not_kept_by_the_thousand() {
    let line = "x".repeat(512 * 1024);
    let large: &str = format!("data: {line}\ndata: {line}\n\n").leak();
    let script =
        Scripted::new(move |_| events([(0, Say(large)); 8])).wholes(|n| (Duration::from_secs(20), Ok(n)));
    let run = run(script);
    run.pass(10).await;
    assert_eq!(run.log.lock().unwrap().read, 4, "four megabytes wait for the whole, the rest is left unread");
    run.pass(20).await;
    assert_eq!((run.taken().len(), run.opened().len()), (9, 1), "and nothing is lost");
}

#[tokio::test(start_paused = true)]
async fn after_a_break_it_goes_on_from_the_last_id_and_fetches_the_whole_again() {
    let script = Scripted::new(|n| match n {
        0 => events([(0, Say("id: 7\ndata: a\n\n")), (100, Say("id: 8\ndata: half")), (200, Break)]),
        1 => events([(0, Say("id: 9é\ndata: b\n\n")), (100, End)]),
        _ => events([]),
    });
    let run = run(script);
    run.pass(30).await;
    assert_eq!(run.ids(), [None, Some("7".to_owned()), Some("9é".to_owned())]);
    assert_eq!(run.taken(), ["whole 0", "event a", "whole 1", "event b", "whole 2"]);
    let log = run.log.lock().unwrap();
    assert_eq!((log.connected, log.most_open), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_breaks_while_the_whole_is_fetched_has_still_brought_it() {
    let script = Scripted::new(|n| match n {
        0 => events([(0, Say("data: a\n\n")), (10, End)]),
        _ => Hang,
    })
    .wholes(|n| (Duration::from_secs(1), Ok(n)));
    let run = run(script);
    run.pass(5).await;
    assert_eq!(run.taken(), ["whole 0", "event a"]);
}

#[tokio::test(start_paused = true)]
async fn told_to_stop_it_polls_and_asks_for_the_stream_only_after_a_wake() {
    let run = run(Scripted::new(|n| if n == 0 { Answer(204, None) } else { events([]) }));
    run.pass(3600 * 5 + 5).await;
    assert_eq!(run.opened().len(), 1);
    assert_eq!(run.log.lock().unwrap().fetched.len(), 1801, "every ten seconds");
    assert_eq!(run.figures.borrow().way, Way::NoStream);
    assert_eq!(run.link.borrow().state, LinkState::Live);
    run.wake.now();
    run.pass(1).await;
    assert_eq!((run.opened().len(), run.figures.borrow().way), (2, Way::Stream));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_event_stream_is_polled_and_tried_again_later() {
    for (status, content_type) in
        [(200, Some("text/html")), (200, None), (406, Some("text/event-stream")), (501, None)]
    {
        let run = run(Scripted::new(move |n| if n == 0 { Answer(status, content_type) } else { events([]) }));
        run.pass(599).await;
        assert_eq!(
            (run.opened().len(), run.figures.borrow().way),
            (1, Way::NoStream),
            "{status} {content_type:?}"
        );
        run.pass(2).await;
        assert_eq!(
            (run.opened().len(), run.figures.borrow().way),
            (2, Way::Stream),
            "{status} {content_type:?}"
        );
        assert_eq!(run.log.lock().unwrap().most_open, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_poll_is_told_that_there_is_no_stream() {
    let mut script = Scripted::new(|_| Answer(200, Some("application/json")));
    script.poll_every = None;
    let mut run = run(script);
    let waiting = run.state(|state| matches!(state, LinkState::Waiting { .. })).await;
    assert!(matches!(waiting, LinkState::Waiting { error: Error::Protocol { .. }, .. }), "{waiting:?}");
    run.pass(1500).await;
    assert_eq!(run.opened(), [0.0, 600.0, 1200.0]);
    assert_eq!(run.taken(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_servers_retry_is_honoured_within_its_bounds() {
    for (said, least, most) in [
        ("retry: 1\n\n", 0.5, 1.5),
        ("retry: 5000\n\n", 5.0, 6.0),
        ("retry: 99999999999999999999999\n\n", 60.0, 61.0),
    ] {
        let run = run(Scripted::new(
            move |n| if n == 0 { events([(0, Say(said)), (10, End)]) } else { events([]) },
        ));
        run.pass(100).await;
        let again = run.opened()[1];
        assert!((least..=most + 0.1).contains(&again), "{said:?}: {again}");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_are_spaced_more_and_more_and_a_minute_of_health_forgets_them() {
    // Ten short lives, then one that says something for 61 seconds, then nothing.
    let mut script = Scripted::new(|n| match n {
        10 => events([(0, Say(":\n")), (61_000, Say(":\n")), (61_001, End)]),
        11.. => Hang,
        _ => events([(0, End)]),
    });
    script.poll_every = None;
    let run = run(script);
    run.pass(600).await;
    let opened = run.opened();
    let (first, tenth, last) = (opened[1], opened[10], opened[11] - opened[10] - 61.001);
    assert!(first <= 1.0 && tenth > 20.0 && last <= 1.0, "{opened:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_is_dead_after_the_default_and_sooner_once_the_heartbeat_is_known() {
    let run = run(Scripted::new(|n| match n {
        0 => events([]),
        1 => events([(0, Say(": hi\n")), (15_000, Say(": hi\n")), (30_000, Say(": hi\n"))]),
        _ => events([]),
    }));
    run.pass(120 + 1 + 30 + 38 + 3 + 38).await;
    let opened = run.opened();
    let lives: Vec<f64> = opened.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // Each life is followed by a wait with jitter: up to 1, 2, 4 seconds.
    assert!((120.0..=121.1).contains(&lives[0]), "{lives:?}");
    assert!((67.5..=69.6).contains(&lives[1]), "{lives:?}");
    assert_eq!(run.figures.borrow().heartbeat, Some(Duration::from_secs(15)));
    run.pass(40).await;
    let third = run.opened()[3] - run.opened()[2];
    assert!((37.5..=41.6).contains(&third), "{third}");
    let reconnects = run.log.lock().unwrap().reconnects;
    assert_eq!(reconnects, run.opened().len() - 1, "its connections are not trusted");
}

#[tokio::test(start_paused = true)]
async fn a_wake_drops_the_connection_and_starts_over_at_once() {
    let mut run = run(Scripted::new(|n| if n < 2 { events([]) } else { events([(0, Break)]) }));
    run.state(|state| *state == LinkState::Live).await;
    run.wake.now();
    run.pass(1).await;
    assert_eq!(run.opened(), [0.0, 0.0]);
    {
        let log = run.log.lock().unwrap();
        assert_eq!((log.most_open, log.reconnects), (1, 1));
    }
    // It ends a wait, too.
    run.wake.now();
    run.state(|state| matches!(state, LinkState::Waiting { .. })).await;
    let before = run.opened().len();
    run.wake.now();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(run.opened().len(), before + 1);
}

#[tokio::test(start_paused = true)]
async fn unauthorised_ends_the_loop_for_somebody_to_sign_in() {
    let run = run(Scripted::new(|_| Answer(401, None)));
    assert_eq!(run.task.await.unwrap(), Ended::SignInNeeded);
    assert_eq!(run.link.borrow().state, LinkState::SignInNeeded);
}

#[tokio::test(start_paused = true)]
async fn forbidden_is_kept_as_the_reason_and_asked_about_rarely() {
    let mut run = run(Scripted::new(|_| Answer(403, Some("text/plain"))));
    let waiting = run.state(|state| matches!(state, LinkState::Waiting { .. })).await;
    assert!(matches!(waiting, LinkState::Waiting { error: Error::Forbidden, .. }));
    run.pass(600).await;
    assert!((6..=11).contains(&run.opened().len()), "{:?}", run.opened());
}

#[tokio::test(start_paused = true)]
async fn an_id_that_is_refused_is_dropped() {
    let run = run(Scripted::new(|n| match n {
        0 => events([(0, Say("id: 7\ndata: a\n\n")), (10, End)]),
        1 => Answer(412, None),
        _ => events([]),
    }));
    run.pass(10).await;
    assert_eq!(run.ids(), [None, Some("7".to_owned()), None]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_counted_and_skipped() {
    let run = run(Scripted::new(|_| events([(0, Say("data: garbage\n\ndata: good\n\n"))])));
    run.pass(5).await;
    assert_eq!(run.taken(), ["whole 0", "event garbage", "event good"]);
    let figures = run.figures.borrow().clone();
    assert_eq!((figures.malformed, figures.events, figures.opened), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_gap_fetches_the_whole_again_on_the_same_connection_but_not_without_pause() {
    let run = run(Scripted::new(|_| {
        events([(0, Say("data: gap\n\ndata: gap\n\ndata: a\n\n")), (60_000, Say("data: gap\n\ndata: b\n\n"))])
    }));
    run.pass(10).await;
    assert_eq!(run.taken(), ["whole 0", "event gap", "whole 1", "event gap", "whole 2", "event a"]);
    run.pass(55).await;
    let fetched: Vec<f64> =
        run.log.lock().unwrap().fetched.iter().map(|at| (*at - run.begun).as_secs_f64()).collect();
    assert_eq!(fetched.len(), 4);
    assert!(fetched.windows(2).all(|pair| pair[1] - pair[0] >= 0.5), "{fetched:?}");
    assert_eq!(fetched[3], 60.0, "a gap after a quiet time is closed at once");
    assert_eq!(run.opened().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_whole_that_cannot_be_fetched_is_a_failure() {
    let refuse = || Error::Transient { status: 503, retry_after: Some(Duration::from_secs(30)) };
    let script = Scripted::new(|_| events([]))
        .wholes(move |n| (Duration::ZERO, if n == 0 { Err(refuse()) } else { Ok(n) }));
    let mut run = run(script);
    run.state(|state| *state == LinkState::Live).await;
    let opened = run.opened();
    assert!(opened.len() == 2 && (30.0..=31.1).contains(&opened[1]), "{opened:?}");
    assert_eq!(run.log.lock().unwrap().open_now, 1);
}

#[tokio::test(start_paused = true)]
async fn a_connect_that_hangs_is_given_up() {
    let run = run(Scripted::new(|n| if n == 0 { Hang } else { events([]) }));
    run.pass(32).await;
    let opened = run.opened();
    assert!(opened.len() == 2 && (30.0..=31.1).contains(&opened[1]), "{opened:?}");
}

#[tokio::test(start_paused = true)]
async fn the_last_event_ends_it() {
    let run = run(Scripted::new(|_| events([(0, Say("data: over\n\n"))])));
    assert_eq!(run.task.await.unwrap(), Ended::Over);
    assert_eq!((run.link.borrow().state.clone(), run.log.lock().unwrap().open_now), (LinkState::Ended, 0));
}

#[tokio::test(start_paused = true)]
async fn cancelled_at_any_moment_it_leaves_no_connection_behind() {
    for after in [0, 1, 50, 99, 100, 101, 500, 700, 1200, 5000] {
        let script = Scripted::new(|n| match n % 3 {
            0 => events([(100, Say("data: a\n\ndata: gap\n\n")), (700, End)]),
            1 => Answer(503, None),
            _ => Answer(200, None),
        })
        .wholes(|n| (Duration::from_millis(400), Ok(n)));
        let run = run(script);
        tokio::time::sleep(Duration::from_millis(after)).await;
        run.cancel.cancel();
        assert_eq!(run.task.await.unwrap(), Ended::Cancelled);
        let log = run.log.lock().unwrap();
        assert_eq!((log.open_now, log.most_open <= 1), (0, true), "after {after} ms");
        assert_eq!(run.link.borrow().state, LinkState::Ended);
    }
}

/// A subscription over HTTP.
struct Real {
    http: Http,
    url: Url,
    taken: tokio::sync::mpsc::UnboundedSender<String>,
}

impl Subscriber for Real {
    type Body = Opened;
    type Whole = String;

    async fn open(&self, last_event_id: Option<&str>) -> Result<Stream<Opened>, Error> {
        let request = Request::new(Method::GET, self.url.clone())
            .credential(HeaderName::from_static("x-token"), Secret::new("s3cret".to_owned()))
            .event_stream(last_event_id);
        self.http.open(request).await.map(Stream::from)
    }

    async fn snapshot(&self) -> Result<String, Error> {
        let mut url = self.url.clone();
        url.set_path("/whole");
        let answer = self.http.send(Request::new(Method::GET, url)).await?;
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    async fn replace(&mut self, whole: String) -> Result<(), Error> {
        let _ = self.taken.send(format!("whole {whole}"));
        Ok(())
    }

    async fn apply(&mut self, event: Event) -> Taken {
        let _ = self.taken.send(format!("{} {}", event.name, event.data));
        Taken::Applied
    }

    fn poll_every(&self) -> Option<Duration> {
        None
    }
}

fn head(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

#[tokio::test]
async fn over_http_it_goes_on_after_a_lost_connection_and_asks_for_no_compression() {
    let streams = Mutex::new(0);
    let server = Server::start(move |_, seen| {
        if seen.line == "GET /whole" {
            return json("200 OK", "", "1");
        }
        let mut streams = streams.lock().unwrap();
        *streams += 1;
        match *streams {
            1 => Then::Bytes(head("id: 5\nevent: call\ndata: one\n\n")),
            _ => Then::Stall(head("data: two\n\n")),
        }
    })
    .await;
    let origin = Origin::of(&Url::parse(&server.url).unwrap()).unwrap();
    let http = Http::new(origin, HttpOptions::default()).unwrap();
    let (taken, mut told) = tokio::sync::mpsc::unbounded_channel();
    let real = Real { http, url: Url::parse(&format!("{}/stream", server.url)).unwrap(), taken };
    let quick = Backoff::new(Duration::from_millis(1), Duration::from_millis(10));
    let (_link, _figures, _wake, cancel, task) = drive(real, Limits { backoff: quick, ..Limits::default() });
    let mut all = Vec::new();
    while all.last().is_none_or(|last| last != "message two") {
        all.push(tokio::time::timeout(Duration::from_secs(60), told.recv()).await.unwrap().unwrap());
    }
    assert_eq!(all, ["whole 1", "call one", "whole 1", "message two"]);
    cancel.cancel();
    assert_eq!(task.await.unwrap(), Ended::Cancelled);
    let seen: Vec<_> = server.seen().into_iter().filter(|seen| seen.line == "GET /stream").collect();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].header("last-event-id"), seen[1].header("last-event-id")), (None, Some("5")));
    assert_eq!(seen[0].header("accept-encoding"), Some("identity"));
    assert_eq!(seen[0].header("accept"), Some("text/event-stream"));
    assert_eq!(seen[0].header("x-token"), Some("s3cret"));
}

#[tokio::test]
async fn over_http_a_server_that_is_not_there_is_a_network_failure() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let http = Http::new(Origin::of(&Url::parse(&url).unwrap()).unwrap(), HttpOptions::default()).unwrap();
    let failed = http.open(Request::new(Method::GET, Url::parse(&url).unwrap())).await.unwrap_err();
    assert!(matches!(failed, Error::Network { kind: NetworkKind::Connect, .. }), "{failed:?}");
}
