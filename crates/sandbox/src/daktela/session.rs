//! `usersSession`: ready, devices, pauses and queues, in one payload or in several. The state itself is told by the pull.

use super::auth::dressed;
use super::models::View;
use super::request::{name_of, text, truthy};
use super::{Context, Failure, Reply};
use crate::world::{DeviceKind, Refusal, World};
use serde_json::{Value, json};

/// The endpoint's own shape of a refusal.
fn refused(cx: &Context<'_>, refusal: &Refusal) -> Failure {
    Failure::Bad { error: json!([cx.language.refusal(refusal)]), result: json!(false) }
}

pub(super) fn users_session(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let mut world = cx.centre.world();
    world.sign_in_to_file(user);
    apply(cx, &mut world, user).map_err(|refusal| refused(cx, &refusal))?;
    Ok(Reply::ok(match cx.switches.get("session_body") {
        "null" => Value::Null,
        "object" => json!({"state": "ok"}),
        _ => json!(true),
    }))
}

/// Devices come first: the others may need one.
fn apply(cx: &Context<'_>, world: &mut World, user: &str) -> Result<(), Refusal> {
    let sent = &cx.call.params;
    if let Some(device) = sent.get("extension").filter(|d| !d.is_null()) {
        let name = name_of(device).ok_or(Refusal::NoSuchDevice)?;
        if device.get("logout").is_some_and(truthy) {
            world.detach_device(user, &name)?;
        } else {
            let model = sent.get("model").and_then(text);
            let wanted = match model.as_deref() {
                Some("externalNumbers") => Some(DeviceKind::External),
                Some("sipDevices") => Some(DeviceKind::Sip),
                _ => None,
            };
            let fits = |kind| wanted.is_none_or(|w: DeviceKind| w == kind);
            if !world.devices.get(&name).is_some_and(|d| fits(d.kind)) {
                return Err(Refusal::NoSuchDevice);
            }
            world.attach_device(user, &name)?;
        }
    }
    if let Some(ready) = sent.get("setReady") {
        if truthy(ready) { world.go_ready(user)? } else { world.go_not_ready(user)? }
    }
    if let Some(queues) = sent.get("queues").and_then(Value::as_array) {
        for queue in queues {
            let id = name_of(queue).and_then(|n| n.parse().ok()).ok_or(Refusal::NoSuchQueue)?;
            let penalty = queue.get("penalty").and_then(text).and_then(|p| p.parse().ok()).unwrap_or(0);
            if queue.get("login").is_some_and(truthy) {
                world.join_queue(user, id, penalty)?;
            } else {
                world.leave_queue(user, id)?;
            }
        }
    }
    if let Some(pause) = sent.get("pause") {
        match name_of(pause) {
            Some(pause) => world.start_pause(user, &pause)?,
            None => world.end_pause(user)?,
        }
    }
    Ok(())
}

/// The devices that this user could take now.
pub(super) fn available_extensions(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let world = cx.centre.world();
    let view = View::new(&world, cx.switches, &cx.zone, Some(user));
    let only = cx.call.params.get("onlyCC").is_some_and(truthy);
    let devices = world.available_devices(user).into_iter().filter(|d| !only || d.contact_centre);
    let rows: Vec<Value> = devices
        .map(|d| {
            let model = match d.kind {
                DeviceKind::Sip => "sipDevices",
                DeviceKind::External => "externalNumbers",
            };
            let mut row = view.reference(model, &d.id);
            if let Value::Object(row) = &mut row {
                row.remove("password");
                row.insert("model".into(), json!(model));
            }
            row
        })
        .collect();
    let total = rows.len();
    Ok(Reply::ok(if cx.switches.is("available", "data") {
        json!({"data": dressed(rows, "list"), "total": total})
    } else {
        Value::Array(rows)
    }))
}
