//! Rows that are made from the living world: users, queues, devices, sessions, activities and what is behind them.

use crate::world::records::text;
use crate::world::{
    Activity, Agent, Attachment, Author, Cause, Channel, ChatLine, Device, DeviceKind, Direction, EndedBy,
    Leg, LegState, Phase, Presence, Queue, Record, World,
};
use serde_json::{Value, json};

fn row(value: Value) -> Record {
    match value {
        Value::Object(map) => map,
        _ => Record::new(),
    }
}

// Users, profiles, queues, devices

fn user(agent: &Agent, world: &World) -> Record {
    let signed_in = agent.presence != Presence::SignedOut;
    let presence = if !signed_in {
        "offline"
    } else if agent.current.is_empty() {
        "online"
    } else {
        "busy"
    };
    let (first, last) = agent.name.split_once(' ').unwrap_or(("", &agent.name));
    let kind = world.records.find("profiles", &agent.profile).map_or("CC", |p| text(p, "kind"));
    row(
        json!({"id": agent.id, "title": agent.name, "alias": agent.alias, "firstname": first, "lastname": last,
        "type": kind, "email": agent.email, "timezone": agent.timezone, "profile": agent.profile, "role": agent.role,
        "extension": agent.devices.first().map_or("", String::as_str), "static": agent.static_login,
        "extension_state": if world.reachable(agent) { "online" } else { "offline" }, "presence_state": presence}),
    )
}

pub(super) fn users(world: &World) -> Vec<Record> {
    world.roster.iter().filter_map(|id| world.agents.get(id)).map(|a| user(a, world)).collect()
}

pub(super) fn one_user(world: &World, id: &str) -> Option<Record> {
    world.agents.get(id).map(|a| user(a, world))
}

pub(super) fn profile(record: &Record) -> Record {
    let mut row = record.clone();
    let required = record.get("device_required").cloned().unwrap_or(Value::Bool(false));
    row.insert("options".into(), json!({"extensionRequired": required}));
    row
}

pub(super) fn pause(record: &Record) -> Record {
    let mut row = record.clone();
    let kind = match text(record, "kind") {
        "wrap_up" => "wrap",
        "inactive" => "lajdak",
        "do_not_disturb" => "dnd",
        _ => "",
    };
    row.insert("vendor_kind".into(), json!(kind));
    row
}

/// The vendor's word for a queue's type.
fn queue_type(queue: &Queue) -> &'static str {
    match (queue.channel, queue.direction) {
        (Channel::Call, Some(Direction::Out)) => "out",
        (Channel::Call, _) => "in",
        (Channel::Email, _) => "email",
        (Channel::Chat, _) => "chat",
        (Channel::Sms, _) => "sms",
        (Channel::Facebook, _) => "fbm",
        (Channel::Instagram, _) => "igdm",
        (Channel::Whatsapp, _) => "wap",
        (Channel::Viber, _) => "vbr",
        (Channel::Comment, _) => "custom",
    }
}

fn queue(queue: &Queue) -> Record {
    let direction = match queue.direction {
        Some(Direction::In) => json!("in"),
        Some(Direction::Out) => json!("out"),
        Some(Direction::Internal) | None => Value::Null,
    };
    let mut options = json!({"_has_statuses": !queue.wrap_up_codes.is_empty(), "multiple_statuses": queue.several_codes,
        "status_required": queue.code_required, "wrapup": queue.wrap_up_seconds});
    if queue.wrap_up_codes.is_empty() && queue.wrap_up_seconds == 0 {
        options = json!({});
    }
    row(
        json!({"id": queue.id.to_string(), "title": queue.name, "alias": "", "description": queue.description,
        "type": queue_type(queue), "direction": direction, "options": options, "deactivated": queue.deactivated,
        "statuses": queue.wrap_up_codes}),
    )
}

pub(super) fn queues(world: &World) -> Vec<Record> {
    world.queues.values().map(queue).collect()
}

pub(super) fn one_queue(world: &World, id: &str) -> Option<Record> {
    world.queues.get(&id.parse().ok()?).map(queue)
}

fn device(device: &Device) -> Record {
    row(
        json!({"id": device.id, "title": device.title, "cc_device": device.contact_centre, "number": device.id,
        "password": format!("secret-of-{}", device.id), "user": device.owner}),
    )
}

fn devices(world: &World, kind: DeviceKind) -> Vec<Record> {
    world.devices.values().filter(|d| d.kind == kind).map(device).collect()
}

pub(super) fn sip_devices(world: &World) -> Vec<Record> {
    devices(world, DeviceKind::Sip)
}

pub(super) fn one_sip_device(world: &World, id: &str) -> Option<Record> {
    world.devices.get(id).filter(|d| d.kind == DeviceKind::Sip).map(device)
}

pub(super) fn external_numbers(world: &World) -> Vec<Record> {
    devices(world, DeviceKind::External)
}

pub(super) fn one_external_number(world: &World, id: &str) -> Option<Record> {
    world.devices.get(id).filter(|d| d.kind == DeviceKind::External).map(device)
}

// Sessions

/// What the agent does now; also the pull's `extension`.
pub(in crate::daktela) fn session(agent: &Agent, world: &World) -> Record {
    let state = match agent.presence {
        Presence::SignedOut => "",
        Presence::NotReady => "Session",
        Presence::Ready => "Idle",
        Presence::Paused => "Paused",
    };
    let line = agent.current.iter().filter_map(|id| world.activities.get(id)).find(|a| a.line_is_up());
    let status = match (world.reachable(agent), line.is_some()) {
        (false, _) => "Unavailable",
        (true, true) => "Busy",
        (true, false) => "Idle",
    };
    let presence = if agent.presence == Presence::SignedOut { "Unavailable" } else { "Idle" };
    row(json!({"id": agent.id, "id_agent": agent.id, "state": state, "exten": agent.devices.join(","),
        "exten_status": status, "presence_status": presence, "logintime": agent.signed_in,
        "lastcalltime": agent.last_call, "lastqueue": agent.last_queue.map(|q| q.to_string()), "id_pause": agent.pause,
        "onpause": (agent.presence == Presence::Paused).then_some(agent.since), "statetime": agent.since,
        "id_call": line.map(|a| a.item_id.clone()), "unwrap": agent.wrap_up_until}))
}

pub(super) fn sessions(world: &World) -> Vec<Record> {
    let here = world
        .roster
        .iter()
        .filter_map(|id| world.agents.get(id))
        .filter(|a| a.presence != Presence::SignedOut);
    here.map(|a| session(a, world)).collect()
}

pub(super) fn one_session(world: &World, id: &str) -> Option<Record> {
    world.agents.get(id).filter(|a| a.presence != Presence::SignedOut).map(|a| session(a, world))
}

// Activities

/// The vendor's word for the type of an activity, and the model of what is behind it.
pub(super) fn kind(channel: Channel) -> (&'static str, Option<&'static str>) {
    match channel {
        Channel::Call => ("CALL", Some("activitiesCall")),
        Channel::Email => ("EMAIL", Some("activitiesEmail")),
        Channel::Chat => ("CHAT", Some("activitiesWeb")),
        Channel::Sms => ("SMS", Some("activitiesSms")),
        Channel::Facebook => ("FBM", Some("activitiesFbm")),
        Channel::Instagram => ("IGDM", Some("activitiesIgdm")),
        Channel::Whatsapp => ("WAP", Some("activitiesWap")),
        Channel::Viber => ("VBR", Some("activitiesVbr")),
        Channel::Comment => ("", None),
    }
}

fn action(activity: &Activity) -> &'static str {
    match activity.phase {
        Phase::Waiting => "",
        Phase::Ringing => "WAIT",
        Phase::Active => "OPEN",
        Phase::Postponed => "POSTPONE",
        Phase::Closed => "CLOSE",
    }
}

fn seconds(from: Option<i64>, to: Option<i64>) -> i64 {
    from.zip(to).map_or(0, |(from, to)| ((to - from) / 1_000).max(0))
}

pub(in crate::daktela) fn activity(a: &Activity, world: &World) -> Record {
    let (kind, item) = kind(a.channel);
    let item = item.map(|model| json!({"model": model, "name": a.item_id, "number": a.item_number}));
    row(
        json!({"id": a.id, "ticket": a.ticket, "title": a.title, "important": a.important, "action": action(a),
        "type": kind, "item": item, "queue": a.queue.map(|q| q.to_string()), "user": a.agent, "contact": a.contact,
        "survey": null, "record": a.record, "priority": 0, "description": a.note, "time": a.created,
        "time_wait": a.ringing_since, "time_open": a.opened, "time_close": a.closed,
        "baw": seconds(a.ringing_since, a.opened), "aaw": seconds(a.talk_ended, a.closed),
        "duration": a.talk_seconds(world.now()), "ringing_time": seconds(a.ringing_since, a.opened.or(a.closed)),
        "created_by": a.created_by, "statuses": a.wrap_up_codes, "customFields": a.custom,
        "attachments": if a.channel == Channel::Comment { files(a) } else { Vec::new() }}),
    )
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Internal => "internal",
    }
}

fn leg(leg: &Leg, a: &Activity) -> Value {
    let state = match leg.state {
        LegState::Ringing => "Ringing",
        LegState::Speaking => "Speaking",
        LegState::OnHold => "On Hold",
        LegState::Closed => "Closed",
    };
    let exten = leg.device.clone().unwrap_or_else(|| a.address.clone());
    json!({"id": leg.id, "app": if leg.agent.is_some() { "Queue" } else { "Dial" }, "clid": a.address,
        "channel": format!("SIP/{exten}-{}", leg.id.get(9..17).unwrap_or("")), "bridge": leg.speaking_since.map(|_| &a.item_id),
        "state": state, "time_closed": leg.closed_at, "time_ringing": leg.ringing_since,
        "time_speaking": leg.speaking_since, "cause": leg.closed_at.map(|_| 16), "label": exten, "call": a.item_id,
        "user": leg.agent, "endpoint": exten, "activity": a.id})
}

pub(super) fn call(a: &Activity, world: &World) -> Record {
    let ended_by = match a.ended_by {
        None => "",
        Some(EndedBy::Customer) => "caller",
        Some(EndedBy::Agent) => "agent",
        Some(EndedBy::System) => "system",
    };
    let cause = a.cause.map(|cause| match cause {
        Cause::Abandoned => "abandon",
        Cause::Cancelled => "cancel",
        Cause::Busy => "busy",
        Cause::NoAnswer => "noanswer",
        Cause::Failed => "failed",
    });
    let missed = if !a.missed { Value::Null } else { json!(i32::from(a.called_back.is_none())) };
    let channels: Option<Vec<Value>> =
        (!a.legs.is_empty()).then(|| a.legs.iter().map(|l| leg(l, a)).collect());
    row(json!({"id": a.item_id, "call_time": a.created, "direction": direction(a.direction),
        "answered": a.talk_since.is_some(), "id_queue": a.queue.map(|q| q.to_string()), "id_agent": a.agent,
        "clid": a.address, "prefix_clid_name": a.party, "did": a.called, "contact": a.contact,
        "waiting_time": seconds(Some(a.created), a.opened.or(a.closed)),
        "ringing_time": seconds(a.ringing_since, a.opened.or(a.closed)), "hold_time": 0,
        "duration": a.talk_seconds(world.now()), "disposition_cause": ended_by, "disconnection_cause": cause,
        "pressed_key": "", "missed_call": missed, "missed_call_time": a.called_back, "missed_callback": null,
        "attempts": a.attempts, "activities": [a.id], "channels": channels}))
}

pub(super) fn channels(world: &World) -> Vec<Record> {
    let calls = world.activities.values().filter(|a| a.channel == Channel::Call);
    calls.flat_map(|a| a.legs.iter().map(|l| row(leg(l, a)))).collect()
}

pub(super) fn one_channel(world: &World, id: &str) -> Option<Record> {
    channels(world).into_iter().find(|c| text(c, "id") == id)
}

fn files(a: &Activity) -> Vec<Value> {
    let file = |f: &Attachment| {
        let inline = if f.cid.is_some() { "1" } else { "0" };
        json!({"id": f.file.to_string(), "file": f.file, "inline": inline, "cid": f.cid.as_deref().unwrap_or(""),
            "title": f.title, "type": f.mime, "size": f.size, "time": a.created})
    };
    a.attachments.iter().map(file).collect()
}

fn mail_state(a: &Activity) -> &'static str {
    match (a.direction, a.phase) {
        (Direction::Out, Phase::Closed) => "SENT",
        (Direction::Out, _) => "DRAFT",
        _ => "",
    }
}

pub(super) fn email(a: &Activity, world: &World) -> Record {
    let rows = |list: &str| -> Vec<Value> {
        let all = list.split([',', ';']).map(str::trim).filter(|one| !one.is_empty());
        all.map(
            |one| json!({"address": one, "display": if one == a.address { a.party.as_str() } else { "" }}),
        )
        .collect()
    };
    let (from, to) =
        if a.direction == Direction::Out { (&a.called, &a.address) } else { (&a.address, &a.called) };
    let cc = if a.cc.is_empty() { json!("") } else { json!(rows(&a.cc)) };
    let headers = json!({"cc": cc, "to": rows(to), "from": rows(from), "reply-to": [], "ticket": a.ticket,
        "message-id": format!("<{}@offhook.example>", a.item_id), "auto-submitted": false});
    row(
        json!({"id": a.item_id, "queue": a.queue.map(|q| q.to_string()), "user": a.agent, "contact": a.contact,
        "title": a.title, "address": a.address, "direction": direction(a.direction),
        "wait_time": seconds(Some(a.created), a.opened), "duration": a.talk_seconds(world.now()),
        "answered": a.talk_since.is_some(), "text": a.text, "time": a.created,
        "state": mail_state(a), "options": {"headers": headers},
        "activities": [a.id], "attachments": files(a)}),
    )
}

/// Chat, SMS and the social channels: they differ in a few fields only, and a model draws those that it has.
pub(super) fn written(a: &Activity, world: &World) -> Record {
    let direction = match a.direction {
        Direction::In => "IN",
        Direction::Out => "OUT",
        Direction::Internal => "",
    };
    row(
        json!({"id": a.item_id, "title": a.title, "state": if a.phase == Phase::Waiting { "ROUTING" } else { "" },
        "user": a.agent, "queue": a.queue.map(|q| q.to_string()), "contact": a.contact, "connector": null,
        "external_contact": null, "sender": a.address, "answered": a.talk_since.is_some(),
        "duration": a.talk_seconds(world.now()), "time": a.created, "wait_time": seconds(Some(a.created), a.opened),
        "routing_duration": seconds(Some(a.created), a.ringing_since), "direction": direction,
        "disconnection": match a.ended_by { None => "", Some(EndedBy::Customer) => "CLIENT", Some(EndedBy::Agent) => "USER",
            Some(EndedBy::System) => "TIMEOUT" },
        "missed": if a.missed { "YES" } else { "NO" }, "missed_time": a.called_back, "email": "", "phone": a.address,
        "host": "offhook.example", "referer": "https://offhook.example/help", "refererLast": "", "browser": "Firefox",
        "mobileDevice": false, "privateMode": false, "hasFocus": true, "isVisible": true, "gdpr": true, "language": "en",
        "ipaddress": "192.0.2.7", "heartbeat": a.closed, "type": "DM", "text": a.text, "activities": [a.id],
        "messages": messages(a), "attachments": files(a)}),
    )
}

/// What was written, line by line, with the fields that the vendor's OpenAPI gives a chat message.
fn messages(a: &Activity) -> Vec<Value> {
    let author = match (a.direction, &a.agent) {
        (Direction::Out, Some(agent)) => Author::agent(agent),
        _ => Author::Customer,
    };
    let only = ChatLine { author, at: a.created, text: a.text.as_str().into() };
    let lines = if a.lines.is_empty() { std::slice::from_ref(&only) } else { &a.lines };
    let draw = |(index, line): (usize, &ChatLine)| {
        let (direction, user) = match &line.author {
            Author::Agent(id) => ("OUT", Some(&**id)),
            Author::Customer => ("IN", None),
            Author::System => ("BOT", None),
        };
        json!({"id": format!("messages_{}_{index}", a.item_id), "interaction": a.item_id, "user": user,
            "direction": direction, "text": &*line.text, "time_created": line.at, "original_text": null, "kind": "PUBLIC",
            "emoji": [], "from": null, "quick_replies": null})
    };
    lines.iter().enumerate().map(draw).collect()
}
