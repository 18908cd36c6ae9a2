//! The activity log: every change of every agent's widget.

use super::answer::Told;
use super::desks::Log;
use super::filter::{Filters, page};
use super::{Context, agents, inferred, odd, statuses, written};
use crate::world::SECOND;
use serde_json::{Value, json};

const FILTERS: Filters = Filters {
    arrays: &["id", "agent_id", "activity", "whodunnit_id", "call_id", "chat_id"],
    ranges: &["started_at", "ended_at", "duration"],
};

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let cx = &*cx;
    let now = cx.now;
    let fact = |log: &&Log, name: &str| match name {
        "id" => json!(log.id),
        "agent_id" | "whodunnit_id" => json!(inferred::agent_id(&cx.world, &log.agent)),
        "activity" => json!(log.activity),
        "started_at" => json!(log.from),
        "ended_at" => json!(log.to),
        "duration" => json!(log.to.map(|to| (to - log.from) / SECOND)),
        "call_id" => json!(log.call),
        "chat_id" => json!(log.chat),
        _ => Value::Null,
    };
    let all = cx.store.ledger.desks.logs.iter().filter(|l| l.from <= now);
    let kept = all.filter(|log| FILTERS.keep(cx.call, &|name| fact(log, name))).collect();
    let told = page(cx.call, cx.switches, kept, fact, |log| row(cx, log))?;
    Ok(odd::stir(cx, told))
}

fn row(cx: &Context<'_>, log: &Log) -> Value {
    let to = log.to.filter(|to| *to <= cx.now);
    json!({"id": log.id, "agent_id": inferred::agent_id(&cx.world, &log.agent),
        "whodunnit": agents::info(cx, &log.agent), "status": statuses::object(&cx.world, log.status),
        "started_at": written::time(log.from), "ended_at": to.map(written::time),
        "duration": (to.unwrap_or(cx.now) - log.from) / SECOND, "activity": log.activity,
        "call_id": log.call, "chat_id": log.chat})
}
