//! The centre's LiveAgent face: API v1 as the vendor's document tells it (seed 003), the calls beyond it that other
//! people's clients use, and as much of v3 as telephone calls need. Where the document is silent a switch offers the
//! readings (`docs/sandbox.md`), or [`inferred`] settles it.
//!
//! A conversation is a ticket of the world; departments are its categories. A call or chat that comes in gets its ticket
//! when this face is first asked after it ([`follow`]). A request passes: route → faults → body → key and rate → the
//! operation, which is answered while world and [`Store`] are locked (in this order).

mod agents;
mod answer;
mod auth;
mod conversations;
mod customers;
mod departments;
mod files;
mod follow;
mod inferred;
mod knowledge;
mod labels;
mod messages;
mod overview;
mod plain;
mod reports;
mod request;
mod routes;
mod tally;
mod time;
mod v3;
mod widgets;
mod writing;
mod xml;

pub(crate) use inferred::{conversation_id, conversation_number};

use crate::faults::Kind;
use crate::server::{Answer, Handler, Marks, Outcome, cut_short};
use crate::switches::Switches;
use crate::world::World;
use crate::{Centre, WorldGuard};
use answer::{Dress, Failure, Told};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::{Request, StatusCode};
use jiff::tz::TimeZone;
use request::{Call, Head};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

/// Larger bodies are refused before they are read.
const LARGEST_BODY: usize = 64 << 20;

/// What this platform knows beside the world.
#[derive(Debug)]
pub(crate) struct Store {
    pub keys: auth::Keys,
    tags: labels::Labels,
    groups: labels::Labels,
    customers: customers::Extras,
    knowledge: knowledge::Base,
    widgets: widgets::Widgets,
    downloads: files::Downloads,
    followed: follow::Followed,
}

impl Store {
    pub(crate) fn new(seed: u64, world: &World) -> Self {
        let groups = labels::Labels::of_groups(seed);
        Self {
            keys: auth::Keys::new(seed, &world.roster),
            tags: labels::Labels::of_tags(seed, world),
            customers: customers::Extras::new(world, &groups),
            groups,
            knowledge: knowledge::Base::new(world.now()),
            widgets: widgets::Widgets::new(world),
            downloads: files::Downloads::default(),
            followed: follow::Followed::default(),
        }
    }
}

/// One request with everything that answering it needs. The world and the store stay locked as long as it lives.
struct Context<'a> {
    call: &'a Call,
    switches: &'a Switches,
    zone: TimeZone,
    /// Whose v3 key it is; empty for the account's v1 key.
    owner: String,
    world: WorldGuard<'a>,
    store: MutexGuard<'a, Store>,
}

impl Context<'_> {
    fn time(&self, at: crate::world::Millis) -> String {
        time::written(at, &self.zone)
    }
}

/// What an operation's group says: nothing when the operation is none of its own.
type Perhaps = Option<Told>;

fn dispatch(cx: &mut Context<'_>) -> Told {
    conversations::answer(cx)
        .or_else(|| messages::answer(cx))
        .or_else(|| writing::answer(cx))
        .or_else(|| customers::answer(cx))
        .or_else(|| labels::answer(cx))
        .or_else(|| agents::answer(cx))
        .or_else(|| departments::answer(cx))
        .or_else(|| files::answer(cx))
        .or_else(|| knowledge::answer(cx))
        .or_else(|| reports::answer(cx))
        .or_else(|| widgets::answer(cx))
        .or_else(|| overview::answer(cx))
        .or_else(|| v3::answer(cx))
        .unwrap_or_else(|| Err(Failure::processing(format!("{} is not offered", cx.call.route.id))))
}

/// The account's zone, in which every moment is written.
fn zone_of(switches: &Switches) -> TimeZone {
    TimeZone::get(switches.get("account_zone")).unwrap_or(TimeZone::UTC)
}

pub(crate) struct Face(pub(crate) Arc<Centre>);

impl Handler for Face {
    async fn handle(self: Arc<Self>, request: Request<Incoming>, _marks: Marks) -> Outcome {
        let centre = &self.0;
        let (head, body) = request.into_parts();
        let method = head.method.as_str();
        let switches = centre.switches();
        let place = Head::read(head.uri.path(), head.uri.query(), &head.headers);
        let found = routes::find(method, &place.path);
        let op = found.as_ref().map_or("unknown", |(route, _)| route.id.as_str());
        centre.journal.count(format!("liveagent {op}"));
        let strike = centre.faults().strike("liveagent", method, &[op, place.path.trim_start_matches('/')]);
        if strike.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(strike.latency_ms)).await;
        }
        match &strike.kind {
            Some(Kind::Drop) => return Outcome::Drop,
            Some(Kind::HalfOpen) => return Outcome::Hang,
            Some(Kind::Status { status, retry_after }) => {
                return Outcome::Answer(broken(*status, retry_after.as_deref()));
            }
            _ => {}
        }
        let dress = match (place.is_v3(), place.xml) {
            (true, _) => Dress::V3,
            (false, true) => Dress::Xml,
            (false, false) => Dress::Json,
        };
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Outcome::Answer(crate::server::answer(StatusCode::PAYLOAD_TOO_LARGE, "text/html", ""));
        };
        let told = match found {
            Some((route, variables)) => {
                let call = Call::read(route, variables, place, &head.headers, body.to_bytes()).await;
                if strike.kind == Some(Kind::Conflict) {
                    writing::interfere(centre, call.path("conversationid"));
                }
                respond(centre, &call, method, &switches)
            }
            None if place.path == "/scripts/file.php" => files::download(centre, &place),
            None => Err(Failure::missing(format!("{method} {} is not known", place.path))),
        };
        if strike.kind == Some(Kind::LostAnswer) {
            return Outcome::Drop;
        }
        let (bytes, good) = answer::dress(dress, &switches, told);
        Outcome::Answer(match strike.kind {
            Some(Kind::Truncate) => cut_short(good, &bytes),
            Some(Kind::Malformed) => malformed(&good, &bytes),
            _ => good,
        })
    }
}

fn respond(centre: &Arc<Centre>, call: &Call, method: &str, switches: &Switches) -> Told {
    let mut world = centre.world();
    let mut store = centre.liveagent();
    let now = world.now();
    let owner = store.keys.admit(call, method, switches, now)?.unwrap_or_default();
    call.check()?;
    follow::look(&mut world, &mut store.followed);
    dispatch(&mut Context { call, switches, zone: zone_of(switches), owner, world, store })
}

/// What a proxy in front of the platform would say.
fn broken(status: u16, retry_after: Option<&str>) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let page = if status.is_server_error() { page } else { String::new() };
    let mut reply = crate::server::answer(status, "text/html", page);
    if let Some(value) = retry_after.and_then(|v| HeaderValue::from_str(v).ok()) {
        reply.headers_mut().insert(RETRY_AFTER, value);
    }
    reply
}

fn malformed(good: &Answer, bytes: &Bytes) -> Answer {
    let mut wrong = bytes.slice(..bytes.len() - bytes.len().min(2)).to_vec();
    wrong.extend_from_slice(b",,]");
    crate::server::answer(good.status(), "application/json", wrong)
}
