//! User Line: the numbers that a user can call from, and the one that is shown to the other side.

use super::{owner, text};
use crate::dstny::answer::{Failure, Reply, Told, required};
use crate::dstny::{Context, Store};
use crate::world::{Channel, DeviceKind, World};
use serde_json::{Value, json};

const TYPES: [&str; 9] = [
    "ANONYMOUS",
    "ACD",
    "ACD_LIGHT",
    "ATTENDANT",
    "SWITCHBOARD",
    "OFFICE_FIXED",
    "PRIVATE_FIXED",
    "OFFICE_MOBILE",
    "PRIVATE_MOBILE",
];
const SWITCHBOARD: &str = "+442079460000";

/// A number to call from.
#[derive(Debug, Clone)]
struct Line {
    kind: &'static str,
    /// 0 the first line of its kind; for a queue its id.
    group: i64,
    /// Empty: no number is shown.
    number: String,
    name: String,
}

/// The number of the user's mobile, if there is one.
pub(in crate::dstny) fn mobile_of(world: &World, user: &str) -> Option<String> {
    let mobile =
        world.devices.values().find(|d| d.owner.as_deref() == Some(user) && d.kind == DeviceKind::External);
    mobile.map(|d| format!("+420{}", d.id))
}

/// Everything that the user can call from: own telephones, the queues' numbers, the switchboard, or no number at all.
fn lines_of(world: &World, user: &str) -> Vec<Line> {
    let line = |kind, group, number: String, name: &str| Line { kind, group, number, name: name.to_owned() };
    let mut lines = vec![line("OFFICE_FIXED", 0, world.direct_number(user), "Office")];
    lines.extend(mobile_of(world, user).map(|number| line("OFFICE_MOBILE", 0, number, "Mobile")));
    if let Some(agent) = world.agents.get(user) {
        let queues = world.queues.values().filter(|q| q.channel == Channel::Call && !q.deactivated);
        let own = queues.filter(|q| !world.queue_login(&agent.profile, q.id).is_empty());
        lines.extend(own.map(|q| line("ACD", i64::from(q.id), q.address.clone(), &q.name)));
    }
    lines.push(line("SWITCHBOARD", 0, SWITCHBOARD.to_owned(), "Switchboard"));
    lines.push(line("ANONYMOUS", 0, String::new(), "Anonymous"));
    lines
}

/// The line that is shown to the other side at the moment.
fn active_line(world: &World, store: &Store, user: &str) -> Line {
    let mut lines = lines_of(world, user);
    let chosen = store.office.get("line", user, "active").and_then(|chosen| {
        lines
            .iter()
            .position(|l| l.kind == text(chosen, "type") && Some(l.group) == chosen["groupId"].as_i64())
    });
    lines.swap_remove(chosen.unwrap_or(0))
}

fn list(cx: &Context<'_>, user: &str) -> Value {
    let active = active_line(&cx.world, &cx.store, user);
    let rows = lines_of(&cx.world, user).into_iter().map(|l| {
        let is_active = l.kind == active.kind && l.group == active.group;
        json!({"groupId": l.group, "type": l.kind, "number": l.number, "name": l.name, "active": is_active})
    });
    json!({"line": rows.collect::<Vec<_>>()})
}

fn set(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let kind = super::one_of("type", &required(cx, "type")?, &TYPES)?;
    let told = required(cx, "groupId")?;
    let group: i64 = told.parse().map_err(|_| Failure::bad("groupId", "groupId.invalid", told))?;
    if !lines_of(&cx.world, user).iter().any(|l| l.kind == kind && l.group == group) {
        return Err(Failure::bad(
            "type",
            "line.does.not.exist",
            format!("{user} has no line {kind} {group}"),
        ));
    }
    cx.store.office.put("line", user, "active", json!({"type": kind, "groupId": group}));
    cx.tell(user, "USER_LINE");
    Ok(Reply::accepted())
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    Some(match cx.call.op {
        "userline.list" => Ok(Reply::ok(list(cx, &user))),
        "userline.get" => {
            let line = active_line(&cx.world, &cx.store, &user);
            let row =
                json!({"number": line.number, "type": line.kind, "name": line.name, "groupId": line.group});
            Ok(Reply::ok(row))
        }
        "userline.set" => set(cx, &user),
        _ => return None,
    })
}
