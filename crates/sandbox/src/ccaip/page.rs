//! The platform's own page, as far as practice needs it: an agent takes, holds and ends there what no API can. It stands at
//! the root of the address, where the app sends whoever has to do something "on the platform's page". What links of records
//! lead to (recordings, photos, the ticket system) is told in a sentence.

use super::adapter::{Deed, act, agent_of};
use super::statuses::{WRAP_UP, name_of};
use super::{Store, inferred};
use crate::Centre;
use crate::server::{Answer, answer};
use crate::world::{Activity, Channel, LegState, Phase, World};
use hyper::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use hyper::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

const PAGE: &str = include_str!("page.html");
const POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";
/// Without this header nothing is done, so that no other page can make a browser do it.
const OWN: &str = "x-practice";
/// Where links of records lead.
const ELSEWHERE: [&str; 4] = ["/recordings/", "/media/", "/crm/tickets/", "/avatars/"];

/// Whether a path is the page's and not the API's.
pub(super) fn has(path: &str) -> bool {
    matches!(path, "/" | "/practice")
        || path.starts_with("/practice/")
        || ELSEWHERE.iter().any(|p| path.starts_with(p))
}

pub(super) fn respond(
    centre: &Arc<Centre>,
    method: &str,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    match (method, parts.as_slice()) {
        ("GET", []) => html(PAGE.to_owned()),
        ("GET", ["practice"]) => {
            let world = centre.world();
            let mut store = centre.ccaip();
            store.follow(&world);
            told(StatusCode::OK, &agents(&world, &store))
        }
        ("POST", ["practice", agent, deed]) if headers.contains_key(OWN) => {
            let call = serde_json::from_slice::<Value>(body).ok().and_then(|b| b.get("call")?.as_i64());
            match done(centre, agent, deed, call) {
                Ok(()) => told(StatusCode::OK, &json!({})),
                Err(message) => told(StatusCode::CONFLICT, &json!({"message": message})),
            }
        }
        ("GET", [first, ..]) if *first != "practice" => html(format!(
            "<!doctype html><title>Practice</title><p>In a real centre you would find {first} here."
        )),
        _ => told(StatusCode::NOT_FOUND, &json!({"message": "not offered"})),
    }
}

fn done(centre: &Arc<Centre>, agent: &str, deed: &str, call: Option<i64>) -> Result<(), String> {
    let deed = Deed::named(deed).ok_or("not offered")?;
    let mut world = centre.world();
    let agent = agent_of(&world, agent).ok_or("no such agent")?;
    let mut store = centre.ccaip();
    act(&mut world, &mut store, &agent, deed, call).map(drop).map_err(|refusal| format!("{refusal:?}"))
}

fn html(page: String) -> Answer {
    let mut reply = answer(StatusCode::OK, "text/html; charset=utf-8", page);
    reply.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    reply
}

fn told(status: StatusCode, body: &Value) -> Answer {
    answer(status, "application/json", body.to_string())
}

/// Everybody, and what each has at hand.
fn agents(world: &World, store: &Store) -> Value {
    let row = |id: &String| {
        let agent = world.agents.get(id)?;
        let shown = store.ledger.desks.get(id).and_then(|d| d.shown);
        let contacts = agent.current.iter().filter_map(|a| world.activities.get(a)).map(|a| contact(a, id));
        Some(json!({"id": inferred::agent_id(world, id), "name": agent.name, "online": shown.is_some(),
            "status": name_of(world, shown.unwrap_or(0)), "wrap_up": shown == Some(WRAP_UP),
            "asked": store.asked.get(id), "contacts": contacts.collect::<Vec<_>>()}))
    };
    world.roster.iter().filter_map(row).collect()
}

fn contact(activity: &Activity, agent: &str) -> Value {
    let own = activity.legs.iter().rev().find(|l| l.agent.as_deref() == Some(agent));
    let held = own.is_some_and(|l| l.state == LegState::OnHold);
    let call = activity.channel == Channel::Call;
    let (state, deeds): (&str, &[&str]) = match activity.phase {
        Phase::Ringing => ("rings", &["accept", "reject"]),
        Phase::Active if call && !activity.line_is_up() => ("over", &["done"]),
        Phase::Active if held => ("on hold", &["resume", "hangup"]),
        Phase::Active if call => ("in progress", &["hold", "hangup"]),
        _ => ("in progress", &["hangup"]),
    };
    let who = if activity.party.is_empty() { &activity.address } else { &activity.party };
    let kind = match activity.channel {
        Channel::Call => "Call",
        Channel::Email => "E-mail",
        _ => "Chat",
    };
    json!({"id": activity.item_number, "kind": kind, "who": who, "state": state, "deeds": deeds})
}
