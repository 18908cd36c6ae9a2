//! A subscription that follows a script on Tokio's clock, and writes down what was done with it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use offhook_wire::sse::{Body, Event, Stream, Subscriber, Taken};
use offhook_wire::{Answer, Error, NetworkKind};
use tokio::time::Instant;

/// What connecting leads to.
#[allow(dead_code)] // each test program uses what it needs
#[derive(Clone)]
pub(crate) enum Opening {
    /// An event stream; each piece comes so long after the connect.
    Events(Vec<(u64, Piece)>),
    /// Another answer.
    Answer(u16, Option<&'static str>),
    /// No answer at all.
    Hang,
}

/// What comes over a stream.
#[allow(dead_code)] // as above
#[derive(Clone, Copy)]
pub(crate) enum Piece {
    Say(&'static str),
    End,
    Break,
}

/// What was done.
#[derive(Default)]
pub(crate) struct Log {
    /// When it was connected, and with which `Last-Event-ID`.
    pub(crate) opened: Vec<(Instant, Option<String>)>,
    /// How many pieces were read from all connections.
    pub(crate) read: usize,
    /// When the whole was asked for.
    pub(crate) fetched: Vec<Instant>,
    /// What was taken in, in order: `whole 0`, `event data` …
    pub(crate) taken: Vec<String>,
    pub(crate) connected: usize,
    pub(crate) reconnects: usize,
    pub(crate) open_now: usize,
    pub(crate) most_open: usize,
}

type Openings = dyn Fn(usize) -> Opening + Send + Sync;
type Wholes = dyn Fn(usize) -> (Duration, Result<usize, Error>) + Send + Sync;

pub(crate) struct Scripted {
    pub(crate) log: Arc<Mutex<Log>>,
    pub(crate) openings: Arc<Openings>,
    pub(crate) wholes: Arc<Wholes>,
    pub(crate) poll_every: Option<Duration>,
}

#[allow(dead_code)] // as above
impl Scripted {
    /// The n-th connect leads to this; the whole is there at once.
    pub(crate) fn new(openings: impl Fn(usize) -> Opening + Send + Sync + 'static) -> Self {
        Self {
            log: Arc::default(),
            openings: Arc::new(openings),
            wholes: Arc::new(|n| (Duration::ZERO, Ok(n))),
            poll_every: Some(Duration::from_secs(10)),
        }
    }

    pub(crate) fn wholes(
        mut self,
        wholes: impl Fn(usize) -> (Duration, Result<usize, Error>) + Send + Sync + 'static,
    ) -> Self {
        self.wholes = Arc::new(wholes);
        self
    }
}

/// A connection; it counts as open until dropped.
pub(crate) struct Wire {
    log: Arc<Mutex<Log>>,
    status: u16,
    pieces: VecDeque<(Instant, Piece)>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.log.lock().unwrap().open_now -= 1;
    }
}

impl Body for Wire {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Some((due, _)) = self.pieces.front() else { return std::future::pending().await };
        tokio::time::sleep_until(*due).await;
        match self.pieces.pop_front() {
            Some((_, Piece::Say(text))) => {
                self.log.lock().unwrap().read += 1;
                Ok(Some(Bytes::from_static(text.as_bytes())))
            }
            Some((_, Piece::Break)) => Err(Error::Network {
                kind: NetworkKind::Closed,
                host: "pbx.example.com".to_owned(),
                detail: String::new(),
            }),
            _ => Ok(None),
        }
    }

    async fn into_answer(self) -> Result<Answer, Error> {
        Ok(Answer { status: self.status, headers: Default::default(), body: Bytes::new() })
    }
}

impl Subscriber for Scripted {
    type Body = Wire;
    type Whole = usize;

    async fn open(&self, last_event_id: Option<&str>) -> Result<Stream<Wire>, Error> {
        let (now, nth) = {
            let mut log = self.log.lock().unwrap();
            let now = Instant::now();
            log.opened.push((now, last_event_id.map(str::to_owned)));
            (now, log.opened.len() - 1)
        };
        let (status, content_type, pieces) = match (self.openings)(nth) {
            Opening::Events(pieces) => (200, Some("text/event-stream;charset=utf-8"), pieces),
            Opening::Answer(status, content_type) => (status, content_type, Vec::new()),
            Opening::Hang => return std::future::pending().await,
        };
        let mut log = self.log.lock().unwrap();
        log.open_now += 1;
        log.most_open = log.most_open.max(log.open_now);
        let pieces =
            pieces.into_iter().map(|(after, piece)| (now + Duration::from_millis(after), piece)).collect();
        let body = Wire { log: self.log.clone(), status, pieces };
        Ok(Stream { status, content_type: content_type.map(str::to_owned), body })
    }

    fn connected(&mut self) {
        self.log.lock().unwrap().connected += 1;
    }

    async fn snapshot(&self) -> Result<usize, Error> {
        let nth = {
            let mut log = self.log.lock().unwrap();
            log.fetched.push(Instant::now());
            log.fetched.len() - 1
        };
        let (after, whole) = (self.wholes)(nth);
        tokio::time::sleep(after).await;
        whole
    }

    async fn replace(&mut self, whole: usize) -> Result<(), Error> {
        self.log.lock().unwrap().taken.push(format!("whole {whole}"));
        Ok(())
    }

    async fn apply(&mut self, event: Event) -> Taken {
        self.log.lock().unwrap().taken.push(format!("event {}", event.data));
        match event.data.as_str() {
            "garbage" => Taken::Malformed("not a document".to_owned()),
            "gap" => Taken::Refetch,
            "over" => Taken::Over,
            _ => Taken::Applied,
        }
    }

    fn poll_every(&self) -> Option<Duration> {
        self.poll_every
    }

    fn reconnect(&mut self) {
        self.log.lock().unwrap().reconnects += 1;
    }
}
