//! Call state: snapshots, webhooks and the two streams; and the simple calls of those who have no call control.

use super::answer::{Failure, Reply, Told, required};
use super::streams::Stream;
use super::{Context, view, webhooks};
use crate::world::{Deed, LineState, Passing, Target};
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = cx.owner();
    let id = cx.call.path("callId").to_owned();
    Some(match cx.call.op {
        "callstate.call.get" => one(cx, &user, &id),
        "callstate.user.get" => Ok(Reply::ok(all(cx, &user))),
        "callstate.stream" => one(cx, &user, &id).map(|_| Reply::stream(Stream::Call { user, call: id })),
        "callstate.dialogs.stream" => Ok(Reply::stream(Stream::Dialogs { user })),
        "callstate.webhook.user" => webhooks::register(cx, &user, webhooks::Topic::User),
        "callstate.webhook.call" => {
            one(cx, &user, &id).and_then(|_| webhooks::register(cx, &user, webhooks::Topic::Call(id)))
        }
        "callstate.webhook.user.delete" | "callstate.webhook.call.delete" => webhooks::remove(cx, &user),
        "calls.callback" => call_back(cx, &user),
        "calls.transfer.start" => start_transfer(cx, &user),
        "calls.transfer.status" => Ok(Reply::ok(transfer_status(cx, &user))),
        "calls.transfer.cancel" => cancel_transfer(cx, &user),
        _ => return None,
    })
}

fn one(cx: &Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    let line = cx.world.line_of(user, id)?;
    if line.state() == LineState::Ended {
        return Err(Failure::missing("callId", "call.does.not.exist", "The call has ended"));
    }
    Ok(Reply::ok(view::call(&cx.world, cx.switches, line)))
}

/// The user's calls. In the partial reading a second look shows only what changed since the first.
fn all(cx: &mut Context<'_>, user: &str) -> Value {
    let mut state = view::user(&cx.world, cx.switches, user);
    let tokens = |state: &Value| -> Vec<i64> {
        state["calls"].as_array().into_iter().flatten().filter_map(|c| c["stateToken"].as_i64()).collect()
    };
    let seen = cx.store.seen.insert(user.to_owned(), tokens(&state));
    if cx.switches.is("user_state", "partial")
        && let (Some(seen), Some(calls)) = (seen, state["calls"].as_array_mut())
    {
        calls.retain(|call| call["stateToken"].as_i64().is_none_or(|t| !seen.contains(&t)));
        state["fullState"] = json!(false);
    }
    state
}

/// The server rings the user's answer place, then the contact or number.
fn call_back(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let place = cx.call.path("aptype");
    let kind = match place {
        "mobile" => crate::world::DeviceKind::External,
        _ => crate::world::DeviceKind::Sip,
    };
    let devices = cx.world.usable_devices(user);
    let of_kind = |d: &&String| cx.world.devices.get(*d).is_some_and(|d| d.kind == kind);
    let device = devices.iter().find(of_kind).or(devices.first()).cloned();
    let device = device.ok_or_else(|| Failure::conflict("aptype", "answerplace.not.available", place))?;
    let target = cx.call.path("cid").to_owned();
    cx.world.call_back(user, &device, &target)?;
    Ok(Reply::accepted())
}

/// The user's transfer that is under way, if any.
fn pending(cx: &Context<'_>, user: &str) -> Option<(i64, i64, bool, String)> {
    let passed_on = |l: &crate::world::Line<'_>| l.call.passed_by.as_deref() == Some(user);
    let under_way = cx.world.lines_of(user).iter().any(passed_on);
    cx.store.transfers.get(user).filter(|(_, _, attended, _)| !attended || under_way).cloned()
}

fn start_transfer(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let destination = required(cx, "destination")?;
    let attended = match required(cx, "transferType")?.as_str() {
        "BLIND_TRANSFER" => false,
        "ATTENDED_TRANSFER" => true,
        other => return Err(Failure::bad("transferType", "transferType.invalid", other)),
    };
    let target = cx.world.target(&destination)?;
    let able = |l: &crate::world::Line<'_>| cx.world.deeds(*l).contains(&Deed::Transfer);
    let line = cx.world.lines_of(user).into_iter().find(able).map(|l| l.id().to_owned());
    let line = line.ok_or_else(|| Failure::conflict("user", "call.does.not.exist", "No call to transfer"))?;
    let how = match (&target, attended) {
        (Target::Queue(_), _) | (_, false) => Passing::Ring,
        _ => Passing::Watched,
    };
    cx.world.pass_on(user, &line, &target, how)?;
    let (now, id) = (cx.world.now(), cx.world.draw_item_number());
    cx.store.transfers.insert(user.to_owned(), (id, now, attended, destination));
    Ok(Reply::ok(json!({"transferId": {"transferStartTime": now, "id": id.to_string()}})))
}

fn transfer_status(cx: &Context<'_>, user: &str) -> Value {
    match pending(cx, user) {
        Some((id, started, attended, destination)) => {
            let kind = if attended { "ATTENDED_TRANSFER" } else { "BLIND_TRANSFER" };
            json!({"transferId": {"transferStartTime": started, "type": kind, "id": id.to_string(), "destination": destination}})
        }
        None => json!({}),
    }
}

/// Takes an attended transfer back: the target's ringing ends, the user still has the call.
fn cancel_transfer(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let id = cx.call.path("transferId").to_owned();
    let Some((_, _, true, _)) = pending(cx, user).filter(|(n, ..)| n.to_string() == id) else {
        return Err(Failure::missing("transferId", "transfer.does.not.exist", id));
    };
    cx.world.take_back(user);
    cx.store.transfers.remove(user);
    Ok(Reply::done())
}
