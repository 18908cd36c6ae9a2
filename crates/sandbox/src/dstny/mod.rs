//! The centre's Dstny face: the end-user API as the vendor's document tells it (seed 004), over the same world as
//! Daktela's. Where the documents are silent a switch offers the readings (`docs/sandbox.md`).
//!
//! A request passes: route → faults → body → ticket, scope and licence → whose data it is → the operation. An operation is
//! answered while world and [`Store`] are locked (in this order), so that nothing changes under it; streams are opened
//! after the locks are gone. Each group of operations has a file with an `answer` that says nothing when an operation is
//! none of its own.

mod answer;
mod auth;
mod call_state;
mod cti;
mod devices;
mod dialogs;
mod groups;
mod inferred;
mod log;
mod office;
mod people;
mod queues;
mod request;
mod routes;
mod streams;
mod tickets;
mod view;
mod webhooks;
mod xml;

pub(crate) use auth::LICENCES;
pub(crate) use inferred::SCOPES;
pub(crate) use streams::{Order, Streams};
pub(crate) use xml::escape;

use crate::faults::Kind;
use crate::server::{Answer, Handler, Marks, Outcome, cut_short};
use crate::switches::Switches;
use crate::world::{Millis, World};
use crate::{Centre, WorldGuard};
use answer::{Body, Failure, Reply, Told};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::{Request, StatusCode};
use request::Call;
use routes::{Found, Methods};
use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

/// The organisation that everybody belongs to.
pub(crate) const DOMAIN: &str = "offhook.example";
/// Larger bodies are refused.
const LARGEST_BODY: usize = 4 << 20;

/// What this platform knows beside the world: tickets, and what its own groups of operations keep.
#[derive(Debug)]
pub(crate) struct Store {
    pub tickets: auth::Tickets,
    pub office: office::Office,
    pub webhooks: webhooks::Webhooks,
    /// What changed in a user's configuration, in order: user, when, field.
    changes: Vec<(String, Millis, &'static str)>,
    /// Tokens that a user's last look at the user state showed.
    seen: BTreeMap<String, Vec<i64>>,
    /// A user's last transfer: its id, when, whether it is attended, and where to.
    transfers: BTreeMap<String, (i64, Millis, bool, String)>,
    /// Device → name and icon, where the user chose them.
    devices: BTreeMap<String, (Option<String>, Option<String>)>,
    /// Line states that others reported: user and external id → until when.
    line_states: BTreeMap<(String, String), Millis>,
    /// What became of items of the group call log.
    handled: BTreeMap<i64, groups::Handled>,
}

impl Store {
    pub(crate) fn new(seed: u64, world: &World) -> Self {
        Self {
            tickets: auth::Tickets::new(seed, &world.roster, world.now()),
            office: office::Office::new(world),
            webhooks: webhooks::Webhooks::default(),
            changes: Vec::new(),
            seen: BTreeMap::new(),
            transfers: BTreeMap::new(),
            devices: BTreeMap::new(),
            line_states: BTreeMap::new(),
            handled: BTreeMap::new(),
        }
    }
}

/// One request with everything that answering it needs. The world and the store stay locked as long as it lives.
struct Context<'a> {
    centre: &'a Arc<Centre>,
    call: &'a Call,
    /// Whose ticket it is.
    user: &'a str,
    switches: &'a Switches,
    world: WorldGuard<'a>,
    store: MutexGuard<'a, Store>,
}

impl Context<'_> {
    fn time(&self, at: Millis) -> String {
        answer::time(self.switches, at)
    }

    /// Whose data the path names, else the one who asks.
    fn owner(&self) -> String {
        let named = ["user", "userId"].into_iter().map(|v| self.call.path(v)).find(|v| !v.is_empty());
        named.unwrap_or(self.user).to_owned()
    }

    /// Tells the user's streams that something changed; `field` in the vendor's words (`DEVICE_INFO`, `PRESENCE` …).
    fn tell(&mut self, user: &str, field: &'static str) {
        let now = self.world.now();
        self.store.changes.push((user.to_owned(), now, field));
        self.world.wake(user);
    }
}

fn dispatch(cx: &mut Context<'_>) -> Told {
    cti::answer(cx)
        .or_else(|| call_state::answer(cx))
        .or_else(|| groups::answer(cx))
        .or_else(|| queues::answer(cx))
        .or_else(|| devices::answer(cx))
        .or_else(|| dialogs::answer(cx))
        .or_else(|| rest(cx))
}

fn rest(cx: &mut Context<'_>) -> Told {
    log::answer(cx).or_else(|| office::answer(cx)).or_else(|| people::answer(cx))
}

pub(crate) struct Face(pub(crate) Arc<Centre>);

impl Handler for Face {
    async fn handle(self: Arc<Self>, request: Request<Incoming>, _marks: Marks) -> Outcome {
        let centre = &self.0;
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let path = path.strip_prefix("/api").filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let overriding = head.headers.get("x-http-method-override").and_then(|v| v.to_str().ok());
        let method = match overriding.filter(|_| head.method == "POST") {
            Some(meant) => meant.to_uppercase(),
            None => head.method.as_str().to_owned(),
        };
        let switches = centre.switches();
        let methods = match switches.get("methods") {
            "post_only" => Methods::PostOnly,
            "put_only" => Methods::PutOnly,
            _ => Methods::Documented,
        };
        let found = routes::find(&method, path, methods);
        let op = if let Found::Operation(route, _) = &found { route.id.as_str() } else { "unknown" };
        centre.journal.count(format!("dstny {op}"));
        let strike = centre.faults().strike("dstny", &method, &[op, path.trim_start_matches('/')]);
        if strike.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(strike.latency_ms)).await;
        }
        match &strike.kind {
            Some(Kind::Drop) => return Outcome::Drop,
            Some(Kind::HalfOpen) => return Outcome::Hang,
            Some(Kind::Status { status, retry_after }) => {
                return Outcome::Answer(broken(*status, retry_after.as_deref()));
            }
            Some(
                Kind::Latency { .. }
                | Kind::Truncate
                | Kind::Malformed
                | Kind::Silent
                | Kind::Conflict
                | Kind::LostAnswer,
            )
            | None => {}
        }
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Outcome::Answer(crate::server::answer(StatusCode::PAYLOAD_TOO_LARGE, answer::JSON, ""));
        };
        let (route, variables) = match found {
            Found::Operation(route, variables) => (route, variables),
            Found::OtherMethods(allowed) => return Outcome::Answer(answer::other_methods(&allowed)),
            Found::Nothing => {
                return Outcome::Answer(crate::server::answer(StatusCode::NOT_FOUND, answer::JSON, ""));
            }
        };
        let op = route.id.as_str();
        // Without a JSON `Accept` the answer is XML.
        let mut accepts = head.headers.get_all("accept").iter().filter_map(|v| v.to_str().ok());
        let json = accepts.any(|v| v.to_lowercase().contains("json"));
        let read = Call::read(op, variables, head.uri.query(), head.headers, body.to_bytes());
        let told = match &read {
            Ok(call) => {
                if strike.kind == Some(Kind::Conflict) {
                    centre.world().stir(call.path("callId"));
                }
                respond(centre, call, &switches)
            }
            Err(unreadable) => Err(Failure::bad("body", "body.unreadable", unreadable.0.clone())),
        };
        if let (Ok(Reply { body: Body::Stream(stream), .. }), Ok(call)) = (&told, &read) {
            let token = auth::token(call).unwrap_or_default();
            let user = centre.dstny().tickets.owner_of(&token).unwrap_or_default();
            let opening =
                streams::Opening { user, token, last_event_id: call.header("last-event-id").to_owned() };
            return streams::open(centre, op, stream.clone(), opening);
        }
        let (bytes, good) = answer::dress(op, json, &switches, told);
        if strike.kind == Some(Kind::LostAnswer) {
            return Outcome::Drop;
        }
        Outcome::Answer(match strike.kind {
            Some(Kind::Truncate) => cut_short(good, &bytes),
            Some(Kind::Malformed) => malformed(&good, &bytes),
            _ => good,
        })
    }
}

/// What a proxy in front of the platform would say.
fn broken(status: u16, retry_after: Option<&str>) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let mut reply = match status.is_server_error() {
        true => crate::server::answer(status, "text/html", page),
        false => crate::server::answer(status, answer::JSON, ""),
    };
    if let Some(value) = retry_after.and_then(|v| HeaderValue::from_str(v).ok()) {
        reply.headers_mut().insert(RETRY_AFTER, value);
    }
    reply
}

fn malformed(good: &Answer, bytes: &Bytes) -> Answer {
    let mut wrong = bytes.slice(..bytes.len() - bytes.len().min(2)).to_vec();
    wrong.extend_from_slice(b",,]");
    crate::server::answer(good.status(), answer::JSON, wrong)
}

fn respond(centre: &Arc<Centre>, call: &Call, switches: &Switches) -> Result<Reply, Failure> {
    let mut world = centre.world();
    let mut store = centre.dstny();
    if let Some(told) = tickets::answer(call, &world, &mut store, switches) {
        return told;
    }
    let now = world.now();
    let user = auth::user(call, &store.tickets, now)?;
    whose(call, &world, &user)?;
    if world.agents.get(&user).is_some_and(|a| a.simulated) {
        // Somebody sits down in the chair.
        world.sign_in(&user);
    }
    world.heard(&user);
    let mut cx = Context { centre, call, user: &user, switches, world, store };
    dispatch(&mut cx).unwrap_or_else(|| {
        let words = format!("{} is not offered", call.op);
        Err(Failure::missing("operation", "operation.not.offered", words)
            .with_status(StatusCode::NOT_IMPLEMENTED))
    })
}

/// The path names the caller's organisation and, where it names a user, the caller; supervisors may name anybody.
fn whose(call: &Call, world: &World, user: &str) -> Result<(), Failure> {
    if call.has_path("domain") && !call.path("domain").eq_ignore_ascii_case(DOMAIN) {
        return Err(Failure::bad("domain", "domain.does.not.exist", call.path("domain")));
    }
    let Some(variable) = ["user", "userId"].into_iter().find(|v| call.has_path(v)) else { return Ok(()) };
    let named = call.path(variable);
    let Some(agent) = world.agents.get(named) else {
        return Err(Failure::bad("user", "user.does.not.exist", named));
    };
    let supervises = || world.agents.get(user).is_some_and(|a| a.role == "supervisor");
    if agent.id == user || supervises() {
        return Ok(());
    }
    Err(Failure::forbidden("user", "user.not.allowed", "The ticket belongs to somebody else"))
}
