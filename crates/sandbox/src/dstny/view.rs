//! A call as one user sees it: the vendor's call state object, and the user state around it.

use super::inferred::{OUTSIDE, device_id, devices_of, event, status};
use crate::switches::Switches;
use crate::world::{Deed, Leg, Line, LineState, World, line_id};
use serde_json::{Map, Value, json};

/// What may be done, in the vendor's words. Those of the second list are not in any sample (switch `actions`).
const ACTIONS: [(Deed, &str); 14] = [
    (Deed::Answer, "ANSWER"),
    (Deed::Move, "MOVE"),
    (Deed::Transfer, "TRANSFER"),
    (Deed::Hold, "HOLD"),
    (Deed::Resume, "RESUME"),
    (Deed::Park, "PARK"),
    (Deed::Mute, "MUTE"),
    (Deed::Unmute, "UNMUTE"),
    (Deed::StartRecording, "START_REC"),
    (Deed::StopRecording, "STOP_REC"),
    (Deed::PauseRecording, "PAUSE_REC"),
    (Deed::ResumeRecording, "RESUME_REC"),
    (Deed::SaveRecording, "SAVE_REC"),
    (Deed::DiscardRecording, "DISCARD_REC"),
];
const UNSEEN_ACTIONS: [(Deed, &str); 3] =
    [(Deed::Clear, "CLEAR"), (Deed::SendDigits, "DTMF"), (Deed::Conference, "CONFERENCE")];

/// The number as it is displayed: what the exchange itself gave out is short.
fn display(number: &str) -> String {
    number.strip_prefix("+44207946").unwrap_or(number).to_owned()
}

fn party(kind: &str, number: &str, name: &str) -> Value {
    let name = if name.is_empty() { number } else { name };
    json!({"type": kind, "telUri": format!("tel:{number}"), "displayName": name, "displayNumber": display(number)})
}

fn user_party(world: &World, agent: &str) -> Value {
    let name = world.agents.get(agent).map_or(agent, |a| a.name.as_str());
    party("USER_ID", &world.direct_number(agent), name)
}

/// Who is at the other end of a leg.
fn remote(world: &World, line: Line<'_>, leg: &Leg) -> Value {
    match (&leg.agent, &leg.outside) {
        (Some(agent), _) => user_party(world, agent),
        (None, Some(number)) => party(OUTSIDE, number, leg.outside_name.as_deref().unwrap_or("")),
        (None, None) => party(OUTSIDE, &line.call.address, &line.call.party),
    }
}

fn history(world: &World, line: Line<'_>) -> Option<Value> {
    let call = line.call;
    let queue = call.queue.and_then(|q| world.queues.get(&q));
    let passed = call.passed_by.as_deref().filter(|by| line.leg.agent.as_deref() != Some(by));
    if queue.is_none() && passed.is_none() {
        return None;
    }
    let mut history =
        json!({"campOn": call.camped, "initialParty": party(OUTSIDE, &call.address, &call.party)});
    if let Some(queue) = queue {
        history["subject"] = json!(queue.name);
        history["acdSupport"] = json!(queue.address);
        history["previousParty"] = party("FUNCTION_NUMBER_ID", &queue.address, &queue.name);
        history["previousRetargetReason"] = json!("DISTRIBUTED");
    }
    if let Some(by) = passed {
        history["previousParty"] = user_party(world, by);
        history["previousRetargetReason"] = json!("TRANSFERRED");
    }
    Some(history)
}

/// Devices of a line: where it is spoken, or where it rings.
fn devices(world: &World, line: Line<'_>) -> Vec<String> {
    let agent = line.leg.agent.as_deref().unwrap_or("");
    let ids = match (&line.leg.device, line.state()) {
        (_, LineState::Ringing) if !line.leg.origin => world.usable_devices(agent),
        (Some(device), _) => vec![device.clone()],
        (None, _) => world.usable_devices(agent).into_iter().take(1).collect(),
    };
    ids.iter().filter_map(|id| world.devices.get(id)).map(device_id).collect()
}

fn actions(world: &World, switches: &Switches, line: Line<'_>) -> Vec<Value> {
    let able = world.deeds(line);
    let mut words = ACTIONS.to_vec();
    if switches.is("actions", "all") {
        words.extend(UNSEEN_ACTIONS);
    }
    let dressed = |deed: Deed, word: &str| match devices_of(world, line, deed) {
        Some(ids) => json!({"action": word, "deviceIds": ids}),
        None => json!({"action": word}),
    };
    words
        .into_iter()
        .filter(|(deed, _)| able.contains(deed))
        .map(|(deed, word)| dressed(deed, word))
        .collect()
}

/// Lists as some samples print them: `[+1555555]`, `[{action: HOLD}]`.
fn as_text(list: &[Value]) -> String {
    let item = |value: &Value| match value {
        Value::Object(members) => {
            let pair = |(key, value): (&String, &Value)| match value {
                Value::Array(list) => format!("{key}: {}", as_text(list)),
                other => format!("{key}: {}", other.as_str().unwrap_or("")),
            };
            format!("{{{}}}", members.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        other => other.as_str().unwrap_or("").to_owned(),
    };
    format!("[{}]", list.iter().map(item).collect::<Vec<_>>().join(", "))
}

fn recording(world: &World, switches: &Switches, line: Line<'_>, call: &mut Map<String, Value>) {
    let state = line.call.recording;
    let able = world.deeds(line).iter().any(|d| matches!(d, Deed::StartRecording | Deed::StopRecording));
    if able || state.on {
        call.insert("recordable".into(), json!(able || state.on));
    }
    let seconds = state.seconds(world.now());
    if state.on && switches.is("recording", "on_demand") {
        call.insert("externalRecording".into(), json!(true));
        call.insert("externalRecordingDuration".into(), json!(seconds));
        call.insert("externalRecordingPaused".into(), json!(state.paused));
    } else if state.on {
        call.insert("recording".into(), json!(true));
        call.insert("recordingDuration".into(), json!(seconds));
        if !switches.is("recording", "start_stop") {
            call.insert("externalRecordingPaused".into(), json!(state.paused));
        }
    } else if able {
        call.insert("recording".into(), json!(false));
    }
}

/// The call state object.
pub(super) fn call(world: &World, switches: &Switches, line: Line<'_>) -> Value {
    let now = world.now();
    let state = line.state();
    let mut call = Map::new();
    call.insert("stateToken".into(), json!(line.leg.token));
    call.insert("callId".into(), json!(line.id()));
    let others: Vec<&Leg> = line.others().collect();
    if line.call.conference && state != LineState::Ended {
        call.insert("remoteParty".into(), party("SERVICE_ID", "+442079460399", "Conference"));
        let participant = |leg: &&Leg| json!({"id": line_id(leg), "remoteParty": remote(world, line, leg)});
        call.insert("participants".into(), others.iter().map(participant).collect());
        call.insert("conferenceId".into(), json!(line.call.item_number.to_string()));
    } else if let Some(other) = others.first() {
        call.insert("remoteParty".into(), remote(world, line, other));
    } else if state != LineState::Ended || !line.call.conference {
        // The other side is not called yet, or no longer there.
        let callee = line.call.callee.as_deref().filter(|c| line.leg.agent.as_deref() != Some(c));
        let caller =
            line.call.callee.as_ref().and(line.call.created_by.as_deref()).filter(|_| callee.is_none());
        let remote = match callee.or(caller) {
            Some(agent) => user_party(world, agent),
            None => party(OUTSIDE, &line.call.address, &line.call.party),
        };
        call.insert("remoteParty".into(), remote);
    }
    call.insert("conference".into(), json!(line.call.conference));
    if let Some(history) = history(world, line) {
        call.insert("historyInfo".into(), history);
    }
    call.insert("inbound".into(), json!(!line.leg.origin));
    call.insert("intruded".into(), json!(false));
    call.insert("status".into(), json!(status(state)));
    if let Some(last) = line.leg.event {
        call.insert("event".into(), json!(event(last)));
        if event(last) == "FAILED" {
            call.insert("eventDescription".into(), json!("Call setup failed with status code 486"));
        }
    }
    call.insert("muted".into(), json!(line.leg.muted));
    let since = line.leg.speaking_since.filter(|_| matches!(state, LineState::Talking | LineState::Held));
    call.insert("duration".into(), json!(since.map_or(0, |since| (now - since) / 1_000)));
    recording(world, switches, line, &mut call);
    if state != LineState::Ended {
        let devices: Vec<Value> = devices(world, line).into_iter().map(Value::from).collect();
        let actions = actions(world, switches, line);
        if switches.is("arrays", "strings") {
            call.insert("deviceIds".into(), json!(as_text(&devices)));
            call.insert("actions".into(), json!(as_text(&actions)));
        } else {
            call.insert("deviceIds".into(), json!(devices));
            call.insert("actions".into(), json!(actions));
        }
    }
    call.insert("correlationId".into(), json!(line.call.item_id));
    Value::Object(call)
}

/// The user state: all calls.
pub(super) fn user(world: &World, switches: &Switches, user: &str) -> Value {
    let calls: Vec<Value> =
        world.lines_of(user).into_iter().map(|line| call(world, switches, line)).collect();
    json!({"fullState": true, "calls": calls})
}
