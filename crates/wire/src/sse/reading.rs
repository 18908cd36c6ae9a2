//! One connection's bytes on their way to becoming events, and what outlives the connection.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::heartbeat::Heartbeat;
use super::subscriber::Body;
use super::told::Told;
use super::{Event, Item, Parser, ParserLimits};
use crate::{Error, NetworkKind};

/// `retry:` is honoured within these.
const RETRY: RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(60);
/// Events kept while the whole is fetched, before the stream is left unread; and about how many bytes they may have.
const KEPT: usize = 1000;
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// What the next connection must know.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) heartbeat: Heartbeat,
    pub(super) last_event_id: String,
    /// How long the server wants us to wait, within bounds.
    pub(super) retry: Option<Duration>,
}

/// One connection.
pub(super) struct Reading<'a, B> {
    body: B,
    parser: Parser,
    items: VecDeque<Item>,
    kept: VecDeque<Event>,
    broken: Option<Error>,
    first_heard: Option<Instant>,
    last_heard: Instant,
    memory: &'a mut Memory,
    told: &'a Told,
}

impl<'a, B: Body> Reading<'a, B> {
    pub(super) fn new(body: B, limits: ParserLimits, memory: &'a mut Memory, told: &'a Told) -> Self {
        memory.heartbeat.connected();
        Self {
            body,
            parser: Parser::new(limits, &memory.last_event_id),
            items: VecDeque::new(),
            kept: VecDeque::new(),
            broken: None,
            first_heard: None,
            last_heard: Instant::now(),
            memory,
            told,
        }
    }

    /// From the first byte to the last.
    pub(super) fn good_for(&self) -> Duration {
        self.first_heard.map_or(Duration::ZERO, |first| self.last_heard - first)
    }

    /// The next event, those that were kept first. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Event, Error> {
        match self.kept.pop_front() {
            Some(event) => Ok(event),
            None => self.read().await,
        }
    }

    /// Reads on and keeps what comes, without end. A break is kept too, for [`Reading::next`] to find.
    pub(super) async fn keep(&mut self) -> std::convert::Infallible {
        let mut bytes: usize = self.kept.iter().map(|event| event.data.len()).sum();
        while self.broken.is_none() && self.kept.len() < KEPT && bytes < KEPT_BYTES {
            match self.read().await {
                Ok(event) => {
                    bytes += event.data.len();
                    self.kept.push_back(event);
                }
                Err(error) => self.broken = Some(error),
            }
        }
        std::future::pending().await
    }

    async fn read(&mut self) -> Result<Event, Error> {
        // While nobody read, the stream was not silent but unheard.
        let began = Instant::now();
        loop {
            while let Some(item) = self.items.pop_front() {
                match item {
                    Item::Event(event) => return Ok(event),
                    Item::Comment => {
                        self.memory.heartbeat.beat(self.last_heard);
                        let learned = self.memory.heartbeat.learned();
                        self.told.figures.send_if_modified(|figures| {
                            std::mem::replace(&mut figures.heartbeat, learned) != learned
                        });
                    }
                    Item::Retry(wait) => {
                        self.memory.retry = Some(wait.clamp(*RETRY.start(), *RETRY.end()));
                    }
                    Item::TooLarge => {
                        tracing::warn!("an event was too large and is skipped");
                        self.told.figures.send_modify(|figures| figures.too_large += 1);
                    }
                }
            }
            if let Some(error) = self.broken.take() {
                return Err(error);
            }
            let deadline = self.last_heard.max(began) + self.memory.heartbeat.patience();
            let bytes = tokio::time::timeout_at(deadline, self.body.chunk())
                .await
                .map_err(|_| network(NetworkKind::Timeout, "the stream was silent for too long"))??
                .ok_or_else(|| network(NetworkKind::Closed, "the stream ended"))?;
            self.heard();
            self.parser.feed(&bytes, &mut self.items);
            if self.parser.last_event_id() != self.memory.last_event_id {
                self.parser.last_event_id().clone_into(&mut self.memory.last_event_id);
            }
        }
    }

    fn heard(&mut self) {
        self.last_heard = Instant::now();
        self.first_heard.get_or_insert(self.last_heard);
        let now = SystemTime::now();
        // Whoever follows the link need not be told of every byte.
        self.told.link.send_if_modified(|link| {
            let stale = link
                .last_heard
                .is_none_or(|last| now.duration_since(last).is_ok_and(|age| age.as_secs() > 0));
            if stale {
                link.last_heard = Some(now);
            }
            stale
        });
    }
}

pub(super) fn network(kind: NetworkKind, detail: &str) -> Error {
    Error::Network { kind, host: String::new(), detail: detail.to_owned() }
}
