//! The user's telephones: lists, names, icons, and news of them.

use super::answer::{Failure, Reply, Told, required};
use super::inferred::{device_id, device_type};
use super::streams::Stream;
use super::{Context, Store, webhooks};
use crate::world::{Device, World};
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

const ICONS: [&str; 3] = ["DEFAULT", "TYPE_1", "TYPE_2"];
const LONGEST_NAME: usize = 32;

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = cx.owner();
    Some(match cx.call.op {
        "device.shortlist" => Ok(listed(cx, &rows(cx, &user, |d| d.reachable, short))),
        "device.list" => {
            let kinds = cx.call.all("type");
            Ok(listed(cx, &rows(cx, &user, |d| kinds.is_empty() || kinds.contains(&device_type(d)), long)))
        }
        "device.details" => one(cx, &user).map(|d| {
            let agent = format!("Offhook practice telephone {}", d.id);
            Reply::ok(json!([{"name": "USER_AGENT", "value": agent}]))
        }),
        "device.name.get" => one(cx, &user).map(|d| {
            let own = cx.store.devices.get(&d.id).and_then(|(name, _)| name.clone());
            let fallback =
                if cx.call.flag("fallback") == Some(false) { String::new() } else { d.title.clone() };
            Reply::ok(json!(own.unwrap_or(fallback)))
        }),
        "device.icon.get" => {
            one(cx, &user).map(|d| Reply::ok(json!(format!("{}_{}", device_type(&d), icon(cx, &d)))))
        }
        "device.name.set" => set_name(cx, &user),
        "device.icon.set" => set_icon(cx, &user),
        "device.webhook" => webhooks::register(cx, &user, webhooks::Topic::Devices),
        "device.webhook.delete" => webhooks::remove(cx, &user),
        "device.stream" => Ok(Reply::stream(Stream::Devices { user })),
        "config.stream" => Ok(Reply::stream(Stream::Config { user })),
        _ => return None,
    })
}

/// The user's own devices and those in use.
fn own<'a>(world: &'a World, user: &str) -> impl Iterator<Item = &'a Device> {
    let attached = world.agents.get(user).map(|a| a.devices.clone()).unwrap_or_default();
    let user = user.to_owned();
    world.devices.values().filter(move |d| d.owner.as_ref() == Some(&user) || attached.contains(&d.id))
}

fn one(cx: &Context<'_>, user: &str) -> Result<Device, Failure> {
    let id = cx.call.path("deviceId");
    let found = own(&cx.world, user).find(|d| device_id(d) == id).cloned();
    found.ok_or_else(|| Failure::missing("deviceId", "device.does.not.exist", id))
}

fn icon<'a>(cx: &'a Context<'_>, device: &Device) -> &'a str {
    cx.store.devices.get(&device.id).and_then(|(_, icon)| icon.as_deref()).unwrap_or("DEFAULT")
}

fn short(cx: &Context<'_>, device: &Device) -> Value {
    let name =
        cx.store.devices.get(&device.id).and_then(|(name, _)| name.as_deref()).unwrap_or(&device.title);
    json!({"deviceId": device_id(device), "deviceType": device_type(device), "deviceName": name,
        "deviceIcon": icon(cx, device)})
}

fn long(cx: &Context<'_>, device: &Device) -> Value {
    let mut row = short(cx, device);
    let kind = if device_type(device) == "MOBILE" { "Mobile subscription" } else { "Desk phone" };
    row["deviceTypeName"] = json!(kind);
    row["deviceStatus"] = json!(if device.reachable { "ACTIVE" } else { "INACTIVE" });
    row["revocable"] = json!(device_type(device) != "MOBILE");
    row["hasAttributes"] = json!(true);
    row
}

fn rows(
    cx: &Context<'_>,
    user: &str,
    which: impl Fn(&Device) -> bool,
    row: impl Fn(&Context<'_>, &Device) -> Value,
) -> Vec<Value> {
    own(&cx.world, user).filter(|d| which(d)).map(|d| row(cx, d)).collect()
}

/// A list; without devices "an empty document", which nobody says how it looks (switch `empty_document`).
fn listed(cx: &Context<'_>, rows: &[Value]) -> Reply {
    match (rows.is_empty(), cx.switches.get("empty_document")) {
        (true, "object") => Reply::ok(json!({})),
        (true, "nothing") => Reply::text(""),
        _ => Reply::ok(json!(rows)),
    }
}

fn set_name(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let device = one(cx, user)?;
    let name = required(cx, "name")?;
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::bad("name", "name.too.long", "At most 32 characters"));
    }
    cx.store.devices.entry(device.id).or_default().0 = Some(name);
    cx.tell(user, "DEVICE_INFO");
    Ok(Reply::done())
}

fn set_icon(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let device = one(cx, user)?;
    let name = required(cx, "name")?;
    if !ICONS.contains(&name.as_str()) {
        return Err(Failure::bad(
            "name",
            "icon.invalid",
            format!("{name:?} is none of {}", ICONS.join(", ")),
        ));
    }
    cx.store.devices.entry(device.id).or_default().1 = Some(name);
    cx.tell(user, "DEVICE_INFO");
    Ok(Reply::done())
}

/// Everything of the user's device set that somebody may be told about.
pub(super) fn look(world: &World, store: &Store, user: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for device in own(world, user) {
        (&device.id, device.reachable, &device.title, store.devices.get(&device.id)).hash(&mut hasher);
    }
    hasher.finish()
}
