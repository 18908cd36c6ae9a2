//! Webhooks: who is told by POST when calls or devices change. Targets on plain HTTP are really called; a target that does
//! not answer is tried once for each piece of news. A registration lives as long as `expiresOn` says.

use super::answer::{Failure, Reply, required};
use super::inferred::WEBHOOK_SECONDS;
use super::{Context, Store, view};
use crate::Centre;
use crate::switches::Switches;
use crate::world::{LineState, Millis, SECOND, World};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use url::Url;

/// What a webhook tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Topic {
    /// The user's calls.
    User,
    /// One call.
    Call(String),
    Devices,
}

#[derive(Debug, Clone)]
struct Hook {
    user: String,
    target_id: String,
    url: Url,
    topic: Topic,
    expires: Millis,
}

#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    hooks: Vec<Hook>,
}

impl Webhooks {
    pub(crate) fn count(&self) -> usize {
        self.hooks.len()
    }
}

/// Registers what the body asks for and answers how long it lives.
pub(super) fn register(cx: &mut Context<'_>, user: &str, topic: Topic) -> Result<Reply, Failure> {
    let (url, target_id) = (required(cx, "targetUrl")?, required(cx, "targetId")?);
    let url = Url::parse(&url).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    let url = url
        .ok_or_else(|| Failure::bad("targetUrl", "targetUrl.invalid", "An absolute http(s) URL is needed"))?;
    let expires = cx.world.now() + WEBHOOK_SECONDS * SECOND;
    let hook = Hook { user: user.to_owned(), target_id, url, topic, expires };
    let hooks = &mut cx.store.webhooks.hooks;
    hooks.retain(|h| !(h.user == hook.user && h.target_id == hook.target_id && h.topic == hook.topic));
    let topic = hook.topic.clone();
    let first = !hooks.iter().any(|h| h.user == hook.user && h.topic == topic);
    hooks.push(hook);
    if first && let Some(agent) = cx.world.agents.get(user) {
        let known = known(&cx.world, &cx.store, user);
        tokio::spawn(follow(Arc::downgrade(cx.centre), user.to_owned(), topic, agent.subscribe(), known));
    }
    Ok(Reply::ok(json!({"expiresOn": WEBHOOK_SECONDS})))
}

/// A command may register a webhook for its call on the way; without `targetUrl` it does not.
pub(super) fn from_body(cx: &mut Context<'_>, user: &str, call: Option<&str>) {
    if let Some(call) = call.filter(|_| cx.call.body.get("targetUrl").is_some()) {
        // The command itself was carried out: a target that cannot be used is no reason to refuse it.
        let _ = register(cx, user, Topic::Call(call.to_owned()));
    }
}

pub(super) fn remove(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let (target, call) = (cx.call.path("targetId"), cx.call.path("callId"));
    let devices = cx.call.op.starts_with("device.");
    let meant = |h: &Hook| {
        h.user == user
            && h.target_id == target
            && match &h.topic {
                Topic::User => call.is_empty() && !devices,
                Topic::Call(of) => of == call,
                Topic::Devices => devices,
            }
    };
    let hooks = &mut cx.store.webhooks.hooks;
    let before = hooks.len();
    hooks.retain(|h| !meant(h));
    if hooks.len() == before {
        return Err(Failure::missing("targetId", "webhook.does.not.exist", target));
    }
    Ok(Reply::done())
}

/// What the targets of one topic know already.
#[derive(Debug)]
struct Known {
    tokens: BTreeMap<String, i64>,
    devices: u64,
}

/// Watches the user for as long as anybody is to be told.
async fn follow(
    centre: Weak<Centre>,
    user: String,
    topic: Topic,
    mut bell: watch::Receiver<u64>,
    mut known: Known,
) {
    while bell.changed().await.is_ok() {
        let Some(centre) = centre.upgrade() else { return };
        let (news, targets, over) = {
            let world = centre.world();
            let mut store = centre.dstny();
            let now = world.now();
            store.webhooks.hooks.retain(|h| h.expires > now);
            let mine = store.webhooks.hooks.iter().filter(|h| h.user == user && h.topic == topic);
            let targets: Vec<Url> = mine.map(|h| h.url.clone()).collect();
            let over = matches!(&topic, Topic::Call(id) if world.line(id).is_none_or(|l| l.state() == LineState::Ended));
            (news(&world, &store, &centre.switches(), &user, &topic, &mut known), targets, over)
        };
        if targets.is_empty() {
            return;
        }
        if let Some(body) = &news {
            for url in &targets {
                let sent = tokio::time::timeout(Duration::from_secs(5), post(url, body)).await;
                let outcome = if matches!(sent, Ok(Ok(()))) { "told" } else { "not reached" };
                centre.journal.note("webhook.posted", &user, &format!("{outcome} {url}"));
            }
        }
        if over {
            // Nothing more comes of a call that has ended.
            centre.dstny().webhooks.hooks.retain(|h| h.topic != topic);
            return;
        }
    }
}

fn known(world: &World, store: &Store, user: &str) -> Known {
    Known { tokens: tokens(world, user), devices: super::devices::look(world, store, user) }
}

fn tokens(world: &World, user: &str) -> BTreeMap<String, i64> {
    world.lines_of(user).iter().map(|l| (l.id().to_owned(), l.leg.token)).collect()
}

/// What there is to tell, if anything.
fn news(
    world: &World,
    store: &Store,
    switches: &Switches,
    user: &str,
    topic: &Topic,
    known: &mut Known,
) -> Option<Value> {
    match topic {
        Topic::Devices => {
            let look = super::devices::look(world, store, user);
            (std::mem::replace(&mut known.devices, look) != look)
                .then(|| super::inferred::change(world.now(), "DEVICE_INFO"))
        }
        Topic::User => {
            let now = tokens(world, user);
            // New and ended calls are told; what changes within one is told by the call's own webhook.
            let same = now.keys().eq(known.tokens.keys());
            known.tokens = now;
            (!same).then(|| view::user(world, switches, user))
        }
        Topic::Call(id) => {
            let line = world.line(id)?;
            let before = known.tokens.insert(id.clone(), line.leg.token);
            (before != Some(line.leg.token)).then(|| view::call(world, switches, line))
        }
    }
}

async fn post(url: &Url, body: &Value) -> std::io::Result<()> {
    if url.scheme() != "http" {
        return Err(std::io::Error::other("only plain HTTP is spoken here"));
    }
    let host = url.host_str().unwrap_or("");
    let stream = TcpStream::connect((host, url.port_or_known_default().unwrap_or(80))).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
    tokio::spawn(connection);
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let request = Request::post(path)
        .header(HOST, url.authority())
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(std::io::Error::other)?;
    let answer = sender.send_request(request).await.map_err(std::io::Error::other)?;
    let good = answer.status().is_success();
    // The body is read so that the other side sees its answer taken.
    let _ = answer.into_body().collect().await;
    if good { Ok(()) } else { Err(std::io::Error::other("refused")) }
}
