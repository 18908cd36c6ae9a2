//! Call control and call recording: what a user does with calls. Each command may name the `stateToken` that it means; one
//! that is no longer true is refused (switch `state_token`).

use super::answer::{Failure, Reply, Told, required};
use super::dialogs::line_with_tags;
use super::inferred::device_id;
use super::{Context, view, webhooks};
use crate::world::{Deed, Passing, Refusal};
use hyper::StatusCode;
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = cx.owner();
    let id = cx.call.path("callId").to_owned();
    Some(match cx.call.op {
        "cti.answer" => answer_call(cx, &user, &id),
        "cti.clear" => clear(cx, &user, &id),
        "cti.makecall" => make_call(cx, &user, None),
        "cti.consultation" => make_call(cx, &user, Some(&id)),
        "cti.hold" => simple(cx, &user, &id, |cx, user, id| cx.world.hold_line(user, id)),
        "cti.resume" => simple(cx, &user, &id, |cx, user, id| cx.world.resume_line(user, id)),
        "cti.mute" => simple(cx, &user, &id, |cx, user, id| cx.world.mute_line(user, id)),
        "cti.unmute" => simple(cx, &user, &id, |cx, user, id| cx.world.unmute_line(user, id)),
        "cti.park" => simple(cx, &user, &id, |cx, user, id| cx.world.park(user, id)),
        "cti.leaveconference" => simple(cx, &user, &id, |cx, user, id| cx.world.leave_conference(user, id)),
        "cti.move" => device(cx, &user)
            .and_then(|device| simple(cx, &user, &id, |cx, user, id| cx.world.move_line(user, id, &device))),
        "cti.dtmf" => dtmf(cx, &user, &id),
        "cti.transfer" => transfer(cx, &user, &id),
        "cti.transfercalls" => {
            let wait = cx.call.field("waitForAnswer").is_some_and(|w| w == "true");
            with_target(cx, &user, &id, |cx, user, id, target| cx.world.join_calls(user, id, target, wait))
        }
        "cti.conference" => {
            with_target(cx, &user, &id, |cx, user, id, target| cx.world.confer(user, id, target))
        }
        "cti.alternate" => {
            with_target(cx, &user, &id, |cx, user, id, target| cx.world.alternate(user, id, target))
        }
        "cti.removeparticipant" => {
            let participant = cx.call.path("participantId").to_owned();
            simple(cx, &user, &id, |cx, user, id| cx.world.remove_participant(user, id, &participant))
        }
        "cti.pickup" => pickup(cx, &user, &id),
        "cti.pickupsip" => pickup_sip(cx, &user),
        "rec.start" => recording(cx, &user, &id, Deed::StartRecording),
        "rec.stop" => recording(cx, &user, &id, Deed::StopRecording),
        "rec.pause" => recording(cx, &user, &id, Deed::PauseRecording),
        "rec.resume" => recording(cx, &user, &id, Deed::ResumeRecording),
        "rec.save" => recording(cx, &user, &id, Deed::SaveRecording),
        "rec.discard" => recording(cx, &user, &id, Deed::DiscardRecording),
        "reccontrol.list" => Ok(Reply::ok(recorded(cx, &user))),
        "reccontrol.action" => recording_action(cx, &user),
        _ => return None,
    })
}

/// The call as it is now; its own document when it has ended.
fn shown(cx: &Context<'_>, id: &str) -> Result<Reply, Failure> {
    let line = cx.world.line(id).ok_or(Refusal::NoSuchActivity)?;
    Ok(Reply::ok(view::call(&cx.world, cx.switches, line)))
}

/// Refuses a command that means another state than the present one.
fn check_token(cx: &Context<'_>, user: &str, id: &str, field: &str) -> Result<(), Failure> {
    let line = cx.world.line_of(user, id)?;
    if cx.world.lines_of(user).iter().all(|l| l.id() != line.id()) {
        return Err(Failure::missing("callId", "call.does.not.exist", "The call has ended"));
    }
    let Some(meant) = cx.call.field(field).and_then(|t| t.parse::<i64>().ok()) else { return Ok(()) };
    let status = match cx.switches.get("state_token") {
        "off" => return Ok(()),
        "412" => StatusCode::PRECONDITION_FAILED,
        "400" => StatusCode::BAD_REQUEST,
        _ => StatusCode::CONFLICT,
    };
    if meant == line.leg.token {
        return Ok(());
    }
    let words = format!("Expected {meant}, the state is {}", line.leg.token);
    Err(Failure::conflict(field, "state.token.mismatch", words).with_status(status))
}

fn simple(
    cx: &mut Context<'_>,
    user: &str,
    id: &str,
    deed: impl FnOnce(&mut Context<'_>, &str, &str) -> Result<(), Refusal>,
) -> Result<Reply, Failure> {
    check_token(cx, user, id, "stateToken")?;
    deed(cx, user, id)?;
    shown(cx, id)
}

fn recording(cx: &mut Context<'_>, user: &str, id: &str, deed: Deed) -> Result<Reply, Failure> {
    simple(cx, user, id, |cx, user, id| cx.world.record(user, id, deed))
}

/// The device that the path names.
fn device(cx: &Context<'_>, user: &str) -> Result<String, Failure> {
    let named = cx.call.path("deviceId");
    let mut own = cx.world.usable_devices(user).into_iter();
    let found = own.find(|id| cx.world.devices.get(id).is_some_and(|d| device_id(d) == named));
    found.ok_or_else(|| Failure::missing("deviceId", "device.does.not.exist", named))
}

fn answer_call(cx: &mut Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    check_token(cx, user, id, "stateToken")?;
    let device = device(cx, user)?;
    cx.world.answer_line(user, id, &device)?;
    webhooks::from_body(cx, user, Some(id));
    shown(cx, id)
}

fn clear(cx: &mut Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    check_token(cx, user, id, "stateToken")?;
    cx.world.clear_line(user, id)?;
    Ok(Reply::done())
}

fn make_call(cx: &mut Context<'_>, user: &str, beside: Option<&str>) -> Result<Reply, Failure> {
    let destination = required(cx, "destination")?;
    let device = match beside {
        None => device(cx, user)?,
        Some(first) => {
            check_token(cx, user, first, "stateToken")?;
            let line = cx.world.line_of(user, first)?;
            let own = line.leg.device.clone().or_else(|| cx.world.usable_devices(user).into_iter().next());
            own.ok_or(Refusal::NoDevice)?
        }
    };
    let number = bare(&destination);
    if cx.call.field("type").as_deref() == Some("VOICEMAIL") {
        cx.world.note("line.voicemail_called", user, &number);
    }
    let id = cx.world.call_from(user, &device, &number)?;
    webhooks::from_body(cx, user, Some(&id));
    shown(cx, &id)
}

/// `tel:+1;phone-context=x` and `sip:user@domain` without scheme and parameters.
fn bare(uri: &str) -> String {
    let scheme =
        uri.split_once(':').filter(|(s, _)| matches!(s.to_lowercase().as_str(), "tel" | "sip" | "sips"));
    scheme.map_or(uri, |(_, rest)| rest).split(';').next().unwrap_or("").trim().to_owned()
}

fn dtmf(cx: &mut Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    let digits = required(cx, "digits")?;
    if !digits.chars().all(|c| c.is_ascii_digit() || "ABCD#*".contains(c)) {
        return Err(Failure::bad("digits", "digits.invalid", "0-9, A-D, # and * are allowed"));
    }
    simple(cx, user, id, |cx, user, id| cx.world.send_digits(user, id, &digits))
}

fn transfer(cx: &mut Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    check_token(cx, user, id, "stateToken")?;
    let destination = bare(&required(cx, "destination")?);
    let target = cx.world.target(&destination)?;
    let blind = cx.call.field("blind").is_none_or(|b| b == "true");
    let how = match cx.call.field("type").as_deref() {
        None | Some("" | "BASIC" | "DIVERSION_BYPASS") if blind => Passing::Ring,
        None | Some("" | "BASIC" | "DIVERSION_BYPASS") => Passing::Watched,
        Some("VOICEMAIL") => Passing::Voicemail,
        Some("CAMP_ON") => Passing::CampOn,
        Some(other) => return Err(Failure::bad("type", "type.invalid", other)),
    };
    cx.world.pass_on(user, id, &target, how)?;
    shown(cx, id)
}

fn with_target(
    cx: &mut Context<'_>,
    user: &str,
    id: &str,
    deed: impl FnOnce(&mut Context<'_>, &str, &str, &str) -> Result<(), Refusal>,
) -> Result<Reply, Failure> {
    let target = required(cx, "targetCallId")?;
    check_token(cx, user, id, "stateToken")?;
    check_token(cx, user, &target, "targetStateToken")?;
    deed(cx, user, id, &target)?;
    shown(cx, id)
}

/// Takes what is parked or rings at somebody else.
fn pickup(cx: &mut Context<'_>, user: &str, id: &str) -> Result<Reply, Failure> {
    let device = device(cx, user)?;
    let call = cx.world.activity_of(id);
    let line = cx.world.pick_up(user, &call, &device)?;
    webhooks::from_body(cx, user, Some(&line));
    shown(cx, &line)
}

fn pickup_sip(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let device = device(cx, user)?;
    let (to, from) = (required(cx, "toTag")?, required(cx, "fromTag")?);
    // The watcher's side of the dialog or the other's: the tags are the same two.
    let found = line_with_tags(&cx.world, &to, &from).or_else(|| line_with_tags(&cx.world, &from, &to));
    let call = found.ok_or_else(|| Failure::missing("callId", "dialog.does.not.exist", "No such dialog"))?;
    let line = cx.world.pick_up(user, &call, &device)?;
    webhooks::from_body(cx, user, Some(&line));
    shown(cx, &line)
}

/// Calls of the user that are recorded, as the deprecated group shows them.
fn recorded(cx: &Context<'_>, user: &str) -> Value {
    let row = |line: crate::world::Line<'_>| {
        let state = line.call.recording;
        let allowed: Vec<&str> = [
            (Deed::PauseRecording, "PAUSE"),
            (Deed::ResumeRecording, "RESUME"),
            (Deed::SaveRecording, "SAVE"),
            (Deed::DiscardRecording, "DISCARD"),
        ]
        .into_iter()
        .filter(|(deed, _)| cx.world.deeds(line).contains(deed))
        .map(|(_, word)| word)
        .collect();
        let now = cx.world.now();
        json!({"id": line.call.item_number.to_string(), "deviceType": "MOBILE_VOIP", "mobileNumber": cx.world.direct_number(user),
            "isLocalDevice": true, "displayName": line.call.title, "number": line.call.address,
            "calledNumber": line.call.called, "isSaved": state.saved, "isPaused": state.paused, "allowedActions": allowed,
            "duration": line.call.talk_seconds(now), "recordDuration": state.seconds(now), "callId": line.id()})
    };
    cx.world.lines_of(user).into_iter().filter(|l| l.call.recording.on).map(row).collect()
}

fn recording_action(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let id = cx.call.path("id");
    let line = cx.world.lines_of(user).into_iter().find(|l| l.call.item_number.to_string() == id);
    let line = line
        .map(|l| l.id().to_owned())
        .ok_or_else(|| Failure::missing("id", "recording.does.not.exist", id))?;
    let deed = match required(cx, "action")?.as_str() {
        "SAVE" => Deed::SaveRecording,
        "DISCARD" => Deed::DiscardRecording,
        "PAUSE" => Deed::PauseRecording,
        "RESUME" => Deed::ResumeRecording,
        other => return Err(Failure::bad("action", "action.invalid", other)),
    };
    cx.world.record(user, &line, deed)?;
    Ok(Reply::accepted())
}
