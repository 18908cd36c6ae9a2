//! The seven event streams (`text/event-stream`), and what can go wrong with them.
//!
//! A stream starts with everything (switch `sse_first`), then tells what changed whenever the bell of the agent that it is
//! about rings, and says `: keep-alive` while nothing happens. Ids rise by one per user and kind of stream, over
//! reconnects too; a `Last-Event-ID` that is larger than ours is gone on from. No sample of any stream exists: how events
//! are written is told by switches. The control interface can drop, silence and garble streams under way.

mod feed;
mod speaker;

use super::answer;
use crate::Centre;
use crate::server::{Answer, Outcome};
use crate::switches::Switches;
use bytes::Bytes;
use feed::{Document, Feed, bell};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use speaker::{Listening, Speaker};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::mpsc;

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
