//! Who speaks on one open stream: tells news as they come, keeps it alive, and does what the control interface orders.

use super::feed::{Document, Feed};
use super::{Opening, Order, Stream};
use crate::Centre;
use crate::switches::Switches;
use crate::world::{LineState, wall_micros};
use bytes::Bytes;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How long a stream with counted figures rests between two documents.
const FIGURES_REST: Duration = Duration::from_millis(250);

/// What is said on one stream, and how.
pub(super) struct Speaker {
    pub centre: Arc<Centre>,
    pub op: &'static str,
    pub stream: Stream,
    pub opening: Opening,
    pub number: u64,
    pub sender: mpsc::Sender<Bytes>,
    pub last: Option<Bytes>,
    pub held_back: Option<HeldBack>,
    /// Rings that were told.
    pub rung: BTreeSet<String>,
}

pub(super) enum HeldBack {
    Next,
    Event(Bytes),
}

/// What is listened to from the moment on at which a stream was asked for.
pub(super) struct Listening {
    pub bell: watch::Receiver<u64>,
    pub feed: Feed,
    pub first: Option<Document>,
}

/// Why a stream ends.
struct Over;

impl Speaker {
    pub(super) async fn run(mut self, inbox: mpsc::UnboundedReceiver<Order>, listening: Listening) {
        self.count(|streams| streams + 1);
        // However it ended, it is over.
        let _ = self.speak(inbox, listening).await;
        self.count(|streams| streams.saturating_sub(1));
        self.centre.streams.lock().open.remove(&self.number);
        self.centre.journal.note("stream.closed", &self.opening.user, self.op);
    }

    /// Who has a stream open is there, even if nothing is asked.
    fn count(&self, change: impl FnOnce(u32) -> u32) {
        let mut world = self.centre.world();
        world.heard(&self.opening.user);
        if let Some(agent) = world.agents.get_mut(&self.opening.user) {
            agent.streams = change(agent.streams);
        }
    }

    async fn speak(
        &mut self,
        mut inbox: mpsc::UnboundedReceiver<Order>,
        listening: Listening,
    ) -> Result<(), Over> {
        let switches = self.centre.switches();
        let Listening { mut bell, mut feed, first } = listening;
        if let Some(first) = first {
            self.tell(&switches, first).await?;
        }
        if switches.is("sse_die", "silently") {
            return self.silence().await;
        }
        let mut rested = Instant::now();
        loop {
            let switches = self.centre.switches();
            let keep_alive = u64::try_from(switches.number("keepalive_ms").unwrap_or(15_000)).unwrap_or(0);
            let quiet = async {
                if keep_alive == 0 {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(keep_alive)).await;
            };
            tokio::select! {
                // Orders first: what was ordered before a change is done before it is told.
                biased;
                () = self.sender.closed() => return Err(Over),
                order = inbox.recv() => self.obey(order.ok_or(Over)?, &switches).await?,
                changed = bell.changed() => {
                    changed.map_err(|_| Over)?;
                    if matches!(feed, Feed::Queues { .. }) {
                        tokio::time::sleep_until(rested + FIGURES_REST).await;
                        rested = Instant::now();
                        bell.mark_unchanged();
                    }
                    let (news, over, known) = {
                        let world = self.centre.world();
                        let news = feed.news(&world, &self.centre, &switches);
                        let known = self.centre.dstny().tickets.user_of(&self.opening.token, world.now()).is_some();
                        (news, feed.over(&world), known)
                    };
                    if !known {
                        return Err(Over);
                    }
                    for document in news {
                        self.tell(&switches, document).await?;
                    }
                    if over {
                        return Ok(());
                    }
                }
                () = quiet => self.say(Bytes::from(format!(": keep-alive{0}{0}", eol(&switches)))).await?,
            }
        }
    }

    async fn obey(&mut self, order: Order, switches: &Switches) -> Result<(), Over> {
        match order {
            Order::Drop => Err(Over),
            Order::Silence => self.silence().await,
            Order::Garbage => {
                let eol = eol(switches);
                let broken = if matches!(self.stream, Stream::Call { .. }) {
                    "{\"stateToken\":"
                } else {
                    "<dialog-info versi"
                };
                let id = self.next_id(switches);
                self.say(event(switches, id, &[broken], eol)).await
            }
            Order::Duplicate => match self.last.clone() {
                Some(last) => self.say(last).await,
                None => Ok(()),
            },
            Order::Reorder => {
                self.held_back = Some(HeldBack::Next);
                Ok(())
            }
        }
    }

    /// Stays open and says nothing until the other side goes.
    async fn silence(&mut self) -> Result<(), Over> {
        self.sender.closed().await;
        Err(Over)
    }

    fn next_id(&self, switches: &Switches) -> u64 {
        let mut inner = self.centre.streams.lock();
        let key = (self.opening.user.clone(), self.op, self.stream.about().to_owned());
        let id = inner.ids.entry(key).or_default();
        let now = if switches.is("sse_ids", "time") { wall_micros() } else { 0 };
        *id = now.max(*id + 1);
        let id = *id;
        if let Some(open) = inner.open.get_mut(&self.number) {
            open.last_id = id;
        }
        id
    }

    async fn tell(&mut self, switches: &Switches, document: Document) -> Result<(), Over> {
        let several = switches.is("sse_lines", "multi");
        let text = match document {
            Document::Json(value) if several => serde_json::to_string_pretty(&value).unwrap_or_default(),
            Document::Json(value) => value.to_string(),
            Document::Xml(text) if several => text.trim_end().to_owned(),
            Document::Xml(text) => text.replace('\n', ""),
        };
        let bytes = event(switches, self.next_id(switches), &text.lines().collect::<Vec<_>>(), eol(switches));
        self.last = Some(bytes.clone());
        match self.held_back.take() {
            None => self.say(bytes).await?,
            Some(HeldBack::Next) => self.held_back = Some(HeldBack::Event(bytes)),
            Some(HeldBack::Event(earlier)) => {
                self.say(bytes).await?;
                self.say(earlier).await?;
            }
        }
        self.note_rings();
        Ok(())
    }

    /// Writes down that a ring was told, for those who measure how long it takes.
    fn note_rings(&mut self) {
        if let Stream::Dialogs { user } = &self.stream {
            let world = self.centre.world();
            let rings =
                world.lines_of(user).into_iter().filter(|l| l.state() == LineState::Ringing && !l.leg.origin);
            for line in rings.filter(|l| self.rung.insert(l.id().to_owned())) {
                self.centre.journal.note("call.ringing_sent", user, &line.call.id);
            }
        }
    }

    async fn say(&mut self, bytes: Bytes) -> Result<(), Over> {
        if self.centre.faults().silent("dstny", &[self.op]) {
            return self.silence().await;
        }
        self.sender.send(bytes).await.map_err(|_| Over)?;
        let mut inner = self.centre.streams.lock();
        inner.sent += 1;
        if let Some(open) = inner.open.get_mut(&self.number) {
            open.sent += 1;
        }
        Ok(())
    }
}

fn eol(switches: &Switches) -> &'static str {
    if switches.is("sse_eol", "crlf") { "\r\n" } else { "\n" }
}

fn event(switches: &Switches, id: u64, lines: &[&str], eol: &str) -> Bytes {
    let mut text = String::new();
    if switches.is("sse_event", "named") {
        text.push_str(&format!("event: update{eol}"));
    }
    for line in lines {
        text.push_str(&format!("data: {line}{eol}"));
    }
    if !switches.is("sse_ids", "off") {
        text.push_str(&format!("id: {id}{eol}"));
    }
    text.push_str(eol);
    Bytes::from(text)
}
