//! Whatever of this face stands in no document: numbers that are made up, shapes of answers that no sample shows, and words
//! that were only seen elsewhere. Everything here may be otherwise on a real installation.

use super::menus::Menu;
use crate::world::{Agent, Millis, SECOND, World};
use serde_json::{Value, json};

/// Inferred: agents are numbered in the order in which they were engaged.
pub(super) fn agent_id(world: &World, agent: &str) -> i64 {
    let index = world.roster.iter().position(|id| id == agent);
    index.and_then(|i| i64::try_from(i).ok()).map_or(0, |i| 101 + i)
}

/// Inferred: what administrators give to agents as their number.
pub(super) fn agent_number(world: &World, agent: &str) -> String {
    (agent_id(world, agent) + 900).to_string()
}

/// Inferred: a customer's number, from the contact's or from the telephone number or address.
pub(super) fn end_user_id(contact: Option<&str>, address: &str) -> i64 {
    let known = contact.and_then(|c| c.rsplit('_').next()?.parse::<i64>().ok());
    known.map_or_else(
        || {
            let hash = address.bytes().fold(7_i64, |sum, b| (sum * 31 + i64::from(b)) % 9_000_000);
            1_000_000 + hash
        },
        |n| 20_000 + n,
    )
}

/// First and last name; what has one word is a last name.
pub(super) fn names(name: &str) -> (&str, &str) {
    name.split_once(' ').unwrap_or(("", name))
}

/// Inferred: which reason goes with which code of the adapter; the document has two lists without a line between them.
pub(super) const REASONS: [(&str, &[i64]); 21] = [
    ("nothing", &[]),
    ("unknown", &[10001]),
    ("expired", &[11001, 30002]),
    ("eu_canceled", &[20001]),
    ("eu_rejected", &[20002]),
    ("eu_abandoned", &[20003]),
    ("eu_in_menu_abandoned", &[20004]),
    ("eu_busy", &[21001]),
    ("eu_wrong_number", &[21002, 32001, 32002]),
    ("eu_no_answer", &[21003]),
    ("eu_noti_failed", &[22001]),
    ("ag_canceled", &[30001]),
    ("ag_ignored", &[30002]),
    ("ag_mic_no_device", &[31001, 90002]),
    ("ag_mic_denied", &[31002]),
    ("voip_twilio_error", &[41001]),
    ("voip_tokbox_error", &[42001]),
    ("voip_invalid_token", &[43001]),
    ("voip_conn_general", &[44001, 90001]),
    ("voip_conn_timeout", &[44002]),
    ("voip_conn_signal", &[44003]),
];

/// The code that usually goes with a reason.
pub(super) fn code_of(reason: &str) -> Option<i64> {
    REASONS.iter().find(|(name, _)| *name == reason).and_then(|(_, codes)| codes.first().copied())
}

/// Inferred: words of a transfer; `transferring` alone stands in samples.
pub(super) const TRANSFERRED: &str = "finished";
pub(super) const TRANSFER_FAILED: &str = "failed";

/// Inferred: what clients ask first; only that it is answered with 200 is known.
pub(super) fn organization() -> Value {
    json!({"id": 1, "name": "Offhook practice centre", "subdomain": super::SUBDOMAIN})
}

/// A row of current_status. Only `id`, `status` and `status_updated_at` were ever seen; the document promises something
/// about holding, of which no key is known (switch `hold_key`).
pub(super) fn current_status(
    id: i64,
    status: &str,
    since: &str,
    hold_key: &str,
    held_since: Option<Millis>,
    now: Millis,
) -> Value {
    let mut row = json!({"id": id, "status": status, "status_updated_at": since});
    match hold_key {
        "on_hold" => row["on_hold"] = json!(held_since.is_some()),
        "hold_duration" => row["hold_duration"] = json!(held_since.map(|at| (now - at) / SECOND)),
        _ => {}
    }
    row
}

/// What waits in one menu.
pub(super) struct Waiting {
    pub calls: usize,
    pub chats: usize,
    /// Since when the first of them waits.
    pub longest_call: Option<Millis>,
    pub longest_chat: Option<Millis>,
}

/// Inferred: a row of menus/current_status, whose shape no sample shows.
pub(super) fn menu_status(menu: &Menu, waiting: &Waiting, now: Millis) -> Value {
    let age = |since: Option<Millis>| since.map_or(0, |at| (now - at).max(0) / SECOND);
    json!({"id": menu.id, "name": menu.name, "parent_id": menu.parent, "menu_type": menu.kind,
        "queued_calls": waiting.calls, "queued_chats": waiting.chats,
        "longest_queued_call_duration": age(waiting.longest_call),
        "longest_queued_chat_duration": age(waiting.longest_chat)})
}

/// Inferred: a row of menus/sla.
pub(super) fn sla(menu: i64, path: &str, percent: f64, within: usize, counted: usize) -> Value {
    json!({"menu_path_id": menu, "materialized_path": path, "sla": percent, "in_sla": within, "total": counted})
}

/// Inferred: a row of menus/sla_by_queue_group.
pub(super) fn sla_of_group(group: &str, percent: f64, within: usize, counted: usize) -> Value {
    json!({"queue_group": group, "sla": percent, "in_sla": within, "total": counted})
}

/// Inferred: hours of a menu; no sample exists.
pub(super) fn operation_hours(menu: &Menu) -> Value {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let hours: Vec<Value> =
        days.iter().map(|day| json!({"day": day, "from": "08:00", "to": "18:00"})).collect();
    json!({"id": menu.id, "name": menu.name, "menu_type": menu.kind, "timezone": "Europe/London",
        "operation_hours": hours, "holidays": []})
}

/// Inferred: call_count and chat_count of an agent are what the agent has at the moment.
pub(super) fn current_counts(agent: &Agent, calls: usize) -> (usize, usize) {
    (calls, agent.current.len().saturating_sub(calls))
}
