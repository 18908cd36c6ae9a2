//! The seven event streams (`text/event-stream`), and what can go wrong with them.
//!
//! A stream starts with everything (switch `sse_first`), then tells what changed whenever the bell of the agent that it is
//! about rings, and says `: keep-alive` while nothing happens. Ids rise by one per user and kind of stream, over
//! reconnects too; a `Last-Event-ID` that is larger than ours is gone on from. No sample of any stream exists: how events
//! are written is told by switches. The control interface can drop, silence and garble streams under way.

use super::dialogs::Table;
use super::{answer, devices, people, queues, view, xml};
use crate::Centre;
use crate::server::{Answer, Outcome};
use crate::switches::Switches;
use crate::world::{LineState, World, wall_micros};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// What is streamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stream {
    /// Statistics of the queues that this user is a member of.
    Queues { user: String },
    /// One call of one user.
    Call { user: String, call: String },
    /// The user's SIP dialogs.
    Dialogs { user: String },
    /// A colleague's dialogs, for who watches the line.
    Line { contact: String },
    /// A colleague's presence.
    Presence { contact: String },
    /// Changes of the user's configuration.
    Config { user: String },
    /// Changes of the user's devices.
    Devices { user: String },
}

impl Stream {
    /// Whom it is about.
    fn about(&self) -> &str {
        match self {
            Self::Queues { user }
            | Self::Call { user, .. }
            | Self::Dialogs { user }
            | Self::Config { user }
            | Self::Devices { user } => user,
            Self::Line { contact } | Self::Presence { contact } => contact,
        }
    }

    /// The media type of one item, documented for all but the call's.
    fn item_type(&self) -> &'static str {
        match self {
            Self::Queues { .. } => "application/telepo-queue-statistics+xml",
            Self::Call { .. } => answer::JSON,
            Self::Dialogs { .. } | Self::Line { .. } => "application/dialog-info+xml",
            Self::Presence { .. } => "application/pidf+xml",
            Self::Config { .. } | Self::Devices { .. } => "application/app-config-data",
        }
    }
}

/// What the control interface does to open streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The connection ends.
    Drop,
    /// An event that nobody can read.
    Garbage,
    /// The last event once more.
    Duplicate,
    /// The next two events change places.
    Reorder,
    /// It stays open and says nothing any more.
    Silence,
}

/// How long a stream with counted figures rests between two documents.
const FIGURES_REST: Duration = Duration::from_millis(250);
/// Events that wait for a slow reader.
const WAITING: usize = 64;

#[derive(Debug)]
struct Open {
    user: String,
    op: &'static str,
    about: String,
    sent: u64,
    last_id: u64,
    orders: mpsc::UnboundedSender<Order>,
}

/// Every open stream, and how far the ids are.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    inner: Mutex<Inner>,
    /// Changes of calls a second that are made by themselves, and whether somebody makes them.
    pub rate: AtomicU64,
    pub hurried: AtomicBool,
}

#[derive(Debug, Default)]
struct Inner {
    open: BTreeMap<u64, Open>,
    next: u64,
    ids: BTreeMap<(String, &'static str, String), u64>,
    opened: u64,
    sent: u64,
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the control interface shows.
    pub(crate) fn list(&self) -> Value {
        let inner = self.lock();
        let row = |(number, s): (&u64, &Open)| json!({"stream": number, "user": s.user, "operation": s.op, "about": s.about, "sent": s.sent, "last_id": s.last_id});
        json!({"open": inner.open.iter().map(row).collect::<Vec<_>>(), "opened": inner.opened, "sent": inner.sent})
    }

    /// Users who follow their own dialogs or calls.
    pub(crate) fn followed(&self) -> BTreeSet<String> {
        let inner = self.lock();
        inner.open.values().filter(|s| s.op.starts_with("callstate.")).map(|s| s.about.clone()).collect()
    }

    /// Gives an order to the streams of that user and operation (none: all); how many there were.
    pub(crate) fn order(&self, order: Order, user: Option<&str>, op: Option<&str>) -> usize {
        let inner = self.lock();
        let meant = |s: &&Open| user.is_none_or(|u| s.user == u) && op.is_none_or(|op| s.op.starts_with(op));
        inner.open.values().filter(meant).filter(|s| s.orders.send(order).is_ok()).count()
    }
}

/// Who opened a stream, and with what.
pub(super) struct Opening {
    pub user: String,
    pub token: String,
    pub last_event_id: String,
}

/// Opens a stream.
pub(super) fn open(centre: &Arc<Centre>, op: &'static str, stream: Stream, opening: Opening) -> Outcome {
    let switches = centre.switches();
    match switches.get("sse_answer") {
        "204" => return Outcome::Answer(crate::server::answer(StatusCode::NO_CONTENT, answer::JSON, "")),
        "json" => return Outcome::Answer(plain(centre, &switches, &stream)),
        _ => {}
    }
    let (orders, inbox) = mpsc::unbounded_channel();
    let (sender, receiver) = mpsc::channel(WAITING);
    let about = stream.about().to_owned();
    // Listening begins before the answer goes out: nothing that happens from here on is missed.
    let listening = {
        let world = centre.world();
        let mut feed = Feed::new(&stream, &world, centre);
        let full = switches.is("sse_first", "full");
        let first = if full { feed.first(&world, centre, &switches) } else { None };
        bell(&stream, &world).map(|bell| Listening { bell, feed, first })
    };
    let Some(listening) = listening else { return Outcome::Drop };
    let number = {
        let mut inner = centre.streams.lock();
        inner.next += 1;
        inner.opened += 1;
        let number = inner.next;
        let key = (opening.user.clone(), op, about.clone());
        let last = inner.ids.entry(key).or_default();
        *last = opening.last_event_id.parse().unwrap_or(0).max(*last);
        inner
            .open
            .insert(number, Open { user: opening.user.clone(), op, about, sent: 0, last_id: 0, orders });
        number
    };
    centre.journal.note("stream.opened", &opening.user, &format!("{op} after {:?}", opening.last_event_id));
    let speaker = Speaker {
        centre: centre.clone(),
        op,
        stream,
        opening,
        number,
        sender,
        last: None,
        held_back: None,
        rung: BTreeSet::new(),
    };
    tokio::spawn(speaker.run(inbox, listening));
    let mut reply = Response::new(Pipe(receiver).boxed());
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream;charset=UTF-8"));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Outcome::Answer(reply)
}

/// The stream's resource as one document, for servers that do not stream.
fn plain(centre: &Centre, switches: &Switches, stream: &Stream) -> Answer {
    let world = centre.world();
    let document = Feed::new(stream, &world, centre).first(&world, centre, switches);
    let document = document.unwrap_or_else(|| Document::Json(json!({})));
    match document {
        Document::Json(value) => crate::server::answer(StatusCode::OK, answer::JSON, value.to_string()),
        Document::Xml(text) => crate::server::answer(StatusCode::OK, stream.item_type(), text),
    }
}

/// The body: whatever the speaker says.
struct Pipe(mpsc::Receiver<Bytes>);

impl Body for Pipe {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(cx).map(|said| said.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[derive(Debug, Clone)]
enum Document {
    Json(Value),
    Xml(String),
}

/// What a stream has told so far, and what is new.
enum Feed {
    Queues { user: String, told: String },
    Call { call: String, told: Option<i64> },
    Dialogs { user: String, table: Table },
    Presence { contact: String, told: String },
    Config { user: String, told: usize },
    Devices { user: String, told: u64 },
}

impl Feed {
    fn new(stream: &Stream, world: &World, centre: &Centre) -> Self {
        match stream.clone() {
            Stream::Queues { user } => Self::Queues { user, told: String::new() },
            Stream::Call { call, .. } => Self::Call { told: world.line(&call).map(|l| l.leg.token), call },
            Stream::Dialogs { user } | Stream::Line { contact: user } => {
                Self::Dialogs { table: Table::new(world, &centre.dstny(), &user), user }
            }
            Stream::Presence { contact } => Self::Presence { told: Self::presence(world, &contact), contact },
            Stream::Config { user } => Self::Config { user, told: centre.dstny().changes.len() },
            Stream::Devices { user } => {
                let told = devices::look(world, &centre.dstny(), &user);
                Self::Devices { user, told }
            }
        }
    }

    /// What a colleague's presence document depends on.
    fn presence(world: &World, contact: &str) -> String {
        let busy =
            world.lines_of(contact).iter().any(|l| matches!(l.state(), LineState::Talking | LineState::Held));
        format!("{:?} {busy}", world.status(contact))
    }

    fn first(&mut self, world: &World, centre: &Centre, switches: &Switches) -> Option<Document> {
        Some(match self {
            Self::Queues { user, told } => {
                *told = queues::stream_document(world, user);
                Document::Xml(told.clone())
            }
            Self::Call { call, .. } => call_document(world, switches, call)?,
            Self::Dialogs { user, table } => Document::Xml(table.full(world, &centre.dstny(), user)),
            Self::Presence { contact, .. } => Document::Xml(people::pidf(world, contact)),
            Self::Config { .. } => Document::Json(devices::change(world.now(), "CONFIGURATION")),
            Self::Devices { .. } => Document::Json(devices::change(world.now(), "DEVICE_INFO")),
        })
    }

    fn news(&mut self, world: &World, centre: &Centre, switches: &Switches) -> Vec<Document> {
        match self {
            Self::Queues { user, told } => {
                let now = queues::stream_document(world, user);
                let same = *told == now;
                told.clone_from(&now);
                if same { vec![] } else { vec![Document::Xml(now)] }
            }
            Self::Call { call, told } => {
                let token = world.line(call).map(|l| l.leg.token);
                let same = std::mem::replace(told, token) == token;
                if same { vec![] } else { call_document(world, switches, call).into_iter().collect() }
            }
            Self::Dialogs { user, table } => {
                table.partial(world, &centre.dstny(), user).map(Document::Xml).into_iter().collect()
            }
            Self::Presence { contact, told } => {
                let now = Self::presence(world, contact);
                let same = std::mem::replace(told, now.clone()) == now;
                if same { vec![] } else { vec![Document::Xml(people::pidf(world, contact))] }
            }
            Self::Config { user, told } => {
                let store = centre.dstny();
                let fresh = store
                    .changes
                    .iter()
                    .skip(*told)
                    .filter(|(u, _, field)| u == user && *field != "DEVICE_INFO");
                let news = fresh.map(|(_, at, field)| Document::Json(devices::change(*at, field))).collect();
                *told = store.changes.len();
                news
            }
            Self::Devices { user, told } => {
                let now = devices::look(world, &centre.dstny(), user);
                let same = std::mem::replace(told, now) == now;
                if same { vec![] } else { vec![Document::Json(devices::change(world.now(), "DEVICE_INFO"))] }
            }
        }
    }

    /// Nothing more can come.
    fn over(&self, world: &World) -> bool {
        matches!(self, Self::Call { call, .. } if world.line(call).is_none_or(|l| l.state() == LineState::Ended))
    }
}

fn call_document(world: &World, switches: &Switches, call: &str) -> Option<Document> {
    let value = view::call(world, switches, world.line(call)?);
    let as_xml = switches.is("sse_payload", "xml");
    Some(if as_xml { Document::Xml(xml::document("call", &value)) } else { Document::Json(value) })
}

/// What is said on one stream, and how.
struct Speaker {
    centre: Arc<Centre>,
    op: &'static str,
    stream: Stream,
    opening: Opening,
    number: u64,
    sender: mpsc::Sender<Bytes>,
    last: Option<Bytes>,
    held_back: Option<HeldBack>,
    /// Rings that were told.
    rung: BTreeSet<String>,
}

enum HeldBack {
    Next,
    Event(Bytes),
}

/// What is listened to from the moment on at which a stream was asked for.
struct Listening {
    bell: watch::Receiver<u64>,
    feed: Feed,
    first: Option<Document>,
}

/// What rings when there may be news.
fn bell(stream: &Stream, world: &World) -> Option<watch::Receiver<u64>> {
    match stream {
        Stream::Queues { .. } => Some(world.pulse()),
        other => world.agents.get(other.about()).map(crate::world::Agent::subscribe),
    }
}

/// Why a stream ends.
struct Over;

impl Speaker {
    async fn run(mut self, inbox: mpsc::UnboundedReceiver<Order>, listening: Listening) {
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
