//! The centre's CCAI Platform face: the 20 operations of the Manager API as the vendor's document tells them (seed 002), and
//! the five of the Apps API that an agent's desktop needs. Where the documents are silent a switch offers the readings
//! (`docs/sandbox.md`), or [`inferred`] settles it.
//!
//! The API only looks: nobody answers, holds or ends a call with it, that is done on the platform's own page (the
//! "adapter"), here by the control interface. So this face keeps a [`ledger`]: before anything is answered it reads what
//! the world wrote into its journal since, and carries it forward as calls, chats, e-mails, states and activity logs, each
//! with the time at which it happened. A request passes: route → faults → body → credentials → the customer's budget →
//! the operation, which is answered while world and [`Store`] are locked (in this order).

mod adapter;
mod agents;
mod answer;
mod audit;
mod auth;
mod budget;
mod campaigns;
mod desks;
mod filter;
mod history;
mod inferred;
mod ledger;
mod logs;
mod menus;
mod odd;
mod page;
mod plots;
mod queues;
mod request;
mod routes;
mod session;
mod sessions;
mod starting;
mod statuses;
mod written;

pub(crate) use adapter::{Deed, act, activity_of, agent_of};
pub(crate) use auth::SUBDOMAIN;

use crate::faults::Kind;
use crate::server::{Answer, Handler, Marks, Outcome, cut_short};
use crate::switches::Switches;
use crate::world::{Millis, World};
use crate::{Centre, WorldGuard};
use answer::{Failure, Told};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::{Request, StatusCode};
use request::Call;
use routes::{Api, Op};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

/// Larger bodies are refused before they are read.
const LARGEST_BODY: usize = 1 << 20;

/// What this platform knows beside the world.
#[derive(Debug)]
pub(crate) struct Store {
    pub keys: auth::Credentials,
    budget: budget::Budget,
    menus: menus::Menus,
    ledger: ledger::Ledger,
    campaigns: campaigns::Campaigns,
    asked: starting::Asked,
}

impl Store {
    pub(crate) fn new(seed: u64, world: &World) -> Self {
        let menus = menus::Menus::new(world);
        Self {
            keys: auth::Credentials::new(seed),
            budget: budget::Budget::default(),
            ledger: ledger::Ledger::new(seed, world),
            campaigns: campaigns::Campaigns::new(world.now()),
            asked: starting::Asked::default(),
            menus,
        }
    }

    /// Carries forward what happened since.
    fn follow(&mut self, world: &World) {
        self.ledger.follow(world);
    }
}

/// The number by which this platform knows an agent.
pub(crate) fn agent_number_of(world: &World, agent: &str) -> i64 {
    inferred::agent_id(world, agent)
}

/// One request with everything that answering it needs. The world and the store stay locked as long as it lives.
struct Context<'a> {
    call: &'a Call,
    switches: &'a Switches,
    now: Millis,
    world: WorldGuard<'a>,
    store: MutexGuard<'a, Store>,
}

fn dispatch(cx: &mut Context<'_>) -> Told {
    match cx.call.op {
        Op::Agents | Op::CurrentStatus | Op::Teams | Op::TeamTree | Op::Team => agents::answer(cx),
        Op::ActivityLogs => logs::answer(cx),
        Op::Calls => sessions::calls(cx),
        Op::Chats => sessions::chats(cx),
        Op::Emails => sessions::emails(cx),
        Op::Menus | Op::MenuTree | Op::Menu => menus::answer(cx),
        Op::MenuStatus | Op::Sla | Op::SlaByGroup | Op::OperationHours | Op::WaitTimes | Op::QueuesStatus => {
            queues::answer(cx)
        }
        Op::UserStatuses | Op::SetStatus | Op::ForceLogout => statuses::answer(cx),
        Op::Campaigns | Op::Campaign | Op::CampaignContacts => campaigns::answer(cx),
        Op::StartCall => starting::answer(cx),
        Op::Organization => Ok(answer::Reply::Document(inferred::organization())),
    }
}

pub(crate) struct Face {
    pub centre: Arc<Centre>,
    /// `http` or `https`, for links.
    pub scheme: &'static str,
}

impl Handler for Face {
    async fn handle(self: Arc<Self>, request: Request<Incoming>, _marks: Marks) -> Outcome {
        let centre = &self.centre;
        let (head, body) = request.into_parts();
        let method = head.method.as_str();
        let switches = centre.switches();
        let path = head.uri.path();
        if page::has(path) {
            let body = Limited::new(body, LARGEST_BODY)
                .collect()
                .await
                .map(http_body_util::Collected::to_bytes)
                .unwrap_or_default();
            return Outcome::Answer(page::respond(centre, method, path, &head.headers, &body));
        }
        let found = routes::find(method, path, switches.get("paths"));
        let op = found.as_ref().map_or("unknown", |f| f.op.id());
        centre.journal.count(format!("ccaip {op}"));
        let strike = centre.faults().strike("ccaip", method, &[op, routes::below(path)]);
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
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Outcome::Answer(crate::server::answer(StatusCode::PAYLOAD_TOO_LARGE, "text/html", ""));
        };
        let api = if path.starts_with("/apps/") { Api::Apps } else { Api::Manager };
        let call = found.map(|f| Call::read(f, &head.uri, &head.headers, self.scheme, &body.to_bytes()));
        let told = match &call {
            Some(call) => respond(centre, call, &switches),
            None => admitted(centre, &head.headers, &switches)
                .and_then(|()| Err(Failure::missing("resource not found, check your subdomain"))),
        };
        if strike.kind == Some(Kind::LostAnswer) {
            return Outcome::Drop;
        }
        let (bytes, good) = answer::dress(api, call.as_ref(), &switches, told);
        Outcome::Answer(match strike.kind {
            Some(Kind::Truncate) => cut_short(good, &bytes),
            Some(Kind::Malformed) => malformed(&good, &bytes),
            _ => good,
        })
    }
}

/// Lets a request in that bears good credentials, as long as the customer's budget lasts.
fn admitted(centre: &Arc<Centre>, headers: &hyper::HeaderMap, switches: &Switches) -> Result<(), Failure> {
    let now = centre.world().now();
    let mut store = centre.ccaip();
    store.keys.admit(headers, switches)?;
    store.budget.spend(switches, now)
}

fn respond(centre: &Arc<Centre>, call: &Call, switches: &Switches) -> Told {
    admitted(centre, &call.headers, switches)?;
    let world = centre.world();
    let mut store = centre.ccaip();
    store.follow(&world);
    let now = world.now();
    dispatch(&mut Context { call, switches, now, world, store })
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
