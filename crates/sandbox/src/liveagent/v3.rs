//! As much of API v3 as telephone calls need: who the agents are, what they can be called on, calls as they go on, and
//! "click to call", which rings the agent's telephone and then the customer's. Parameters travel in the query.

use super::answer::{Failure, Reply, Told};
use super::{Context, Perhaps, inferred};
use crate::world::{
    Activity, Agent, Cause, Channel, Device, DeviceKind, Direction, LegState, Phase, Presence,
};
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "v3.ping" => Ok(Reply::Document(json!({"status": "OK"}))),
        "v3.agents" => agents(cx),
        "v3.agents.agentid" => {
            super::agents::find(cx, cx.call.path("agentid")).map(|a| Reply::Document(agent(a)))
        }
        "v3.devices" => devices(cx),
        "v3.calls" => calls(cx),
        "v3.calls.callid.status" => status(cx),
        "v3.call._start" => start(cx),
        _ => return None,
    })
}

/// Rows of one page: `_page` from 1, `_perPage` of them.
fn page(cx: &Context<'_>, all: impl Iterator<Item = Value>) -> Told {
    let (page, size) = (cx.call.number("_page").unwrap_or(1).max(1), per_page(cx));
    Ok(Reply::Document(Value::Array(all.skip((page - 1) * size).take(size).collect())))
}

fn per_page(cx: &Context<'_>) -> usize {
    cx.call.number("_perPage").unwrap_or(10).clamp(1, 1_000)
}

/// Whether a row passes `_filters`, a list of column, operator (`E` equal, `L` like, `IN`) and value.
fn passes(cx: &Context<'_>, row: &Value) -> bool {
    let filters: Vec<(String, String, Value)> =
        cx.call.param("_filters").and_then(|f| serde_json::from_str(f).ok()).unwrap_or_default();
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_lowercase);
    filters.iter().all(|(column, operator, value)| {
        let (own, wanted) = (text(row.get(column).unwrap_or(&Value::Null)), text(value));
        match operator.as_str() {
            "L" => own.contains(wanted.trim_matches('%')),
            "NE" => own != wanted,
            _ => own == wanted,
        }
    })
}

fn agent(agent: &Agent) -> Value {
    let status = match agent.presence {
        Presence::SignedOut => "F",
        Presence::Ready => "N",
        Presence::NotReady | Presence::Paused => "P",
    };
    let role = if agent.role == "supervisor" { "admin" } else { "agent" };
    json!({"id": inferred::user_id(&agent.id), "contactId": inferred::contact_id(&agent.id), "email": agent.email,
        "name": agent.name, "role": role, "status": "A", "online_status": status})
}

fn agents(cx: &Context<'_>) -> Told {
    let all = cx.world.roster.iter().filter_map(|id| cx.world.agents.get(id)).map(agent);
    page(cx, all.filter(|row| passes(cx, row)))
}

fn devices(cx: &Context<'_>) -> Told {
    let row = |device: &Device| {
        let owner = device.owner.as_deref().map(inferred::user_id);
        let online = if device.reachable { "N" } else { "F" };
        let kind = if device.kind == DeviceKind::Sip { "E" } else { "A" };
        json!({"id": device.id, "agentId": owner, "name": device.title, "number": device.id, "service_type": "P",
            "type": kind, "online_status": online, "preset_status": online})
    };
    page(cx, cx.world.devices.values().map(row).filter(|row| passes(cx, row)))
}

/// Finished and running calls, newest first, page by page with a cursor.
fn calls(cx: &Context<'_>) -> Told {
    let row = |a: &Activity| {
        let ticket = a.ticket.as_deref().and_then(|t| t.parse().ok()).map(inferred::conversation_id);
        let time = |at: Option<i64>| at.map(|at| cx.time(at));
        let (own, other) = (&a.called, &a.address);
        let (kind, from, to) = match a.direction {
            Direction::In => ("I", other, own),
            Direction::Out => ("O", own, other),
            Direction::Internal => ("T", own, other),
        };
        json!({"id": a.id, "ticketId": ticket, "type": kind, "fromNumber": from, "toNumber": to, "viaNumber": own,
            "dateCreated": cx.time(a.created), "dateAnswered": time(a.talk_since),
            "dateFinished": time(a.talk_ended.or(a.closed)), "callDuration": a.talk_seconds(cx.world.now())})
    };
    let mut all: Vec<&Activity> =
        cx.world.activities.values().filter(|a| a.channel == Channel::Call).collect();
    all.sort_by_key(|a| std::cmp::Reverse((a.created, a.item_number)));
    let rows: Vec<Value> = all.into_iter().map(row).filter(|row| passes(cx, row)).collect();
    let (from, size) = (cx.call.number("_cursor").unwrap_or(0), per_page(cx));
    let next = (from + size < rows.len()).then(|| (from + size).to_string());
    Ok(Reply::Page(rows.into_iter().skip(from).take(size).collect(), next))
}

fn status(cx: &Context<'_>) -> Told {
    let id = cx.call.path("callid");
    let found = cx.world.activities.get(id).filter(|a| a.channel == Channel::Call);
    let call = found.ok_or_else(|| Failure::missing("Call not found"))?;
    let own = call.legs.iter().find(|l| l.agent.is_some() && l.agent == call.agent);
    let letter = match call.phase {
        _ if call.cause == Some(Cause::Failed) => "O",
        _ if !call.line_is_up() => "F",
        Phase::Waiting | Phase::Postponed => "Q",
        _ if own.is_some_and(|l| l.state == LegState::Ringing) => "R",
        _ => "C",
    };
    let agent = call.agent.as_deref().and_then(|id| cx.world.agents.get(id)).map(agent);
    let by_hand = call.direction == Direction::In && call.talk_since.is_some();
    Ok(Reply::Document(json!({"status": letter, "manually_picked_up": by_hand, "agent": agent})))
}

/// Rings the telephone of the key's owner, then calls the number. Inferred: the answer names the call by `id`.
fn start(cx: &mut Context<'_>) -> Told {
    let number = cx.call.required("to_number")?.to_owned();
    let ticket = match cx.call.param("ticketId") {
        Some(id) => {
            let number = inferred::conversation_number(id).filter(|n| cx.world.tickets.get(*n).is_some());
            Some(number.ok_or_else(|| Failure::missing("Ticket not found"))?)
        }
        None => None,
    };
    let owner = cx.owner.clone();
    cx.world.sign_in(&owner);
    let devices = cx.world.usable_devices(&owner);
    let device = devices.first().ok_or_else(|| Failure::processing("Agent has no device to be called on"))?;
    let id = cx.world.call_back(&owner, device, &number)?;
    if let (Some(ticket), Some(call)) = (ticket, cx.world.activities.get_mut(&id)) {
        call.ticket = Some(ticket.to_string());
    }
    Ok(Reply::Document(json!({"status": "OK", "id": id})))
}
