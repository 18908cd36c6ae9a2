//! How the queues are doing: what waits where, for how long, who is there, and whether promises were kept.

use super::answer::{Failure, Reply, Told};
use super::inferred::{self, Waiting};
use super::menus::Menu;
use super::routes::Op;
use super::session::{Kind, Session};
use super::statuses::{AVAILABLE, BREAKTHROUGH};
use super::{Context, written};
use crate::world::{MINUTE, Millis, SECOND};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How far back answered waits tell how long one has to wait.
const LATELY: Millis = 30 * MINUTE;

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let cx = &*cx;
    let rows = match cx.call.op {
        Op::MenuStatus => waiting_menus(cx),
        Op::Sla | Op::SlaByGroup => sla(cx)?,
        Op::OperationHours if cx.switches.is("operation_hours", "empty") => Vec::new(),
        Op::OperationHours => cx.store.menus.leaves().map(inferred::operation_hours).collect(),
        Op::WaitTimes => wait_times(cx)?,
        _ => cx.store.menus.leaves().map(|menu| queue_status(cx, menu)).collect(),
    };
    Ok(Reply::Document(Value::Array(rows)))
}

/// What waits in a menu now.
fn waiting(cx: &Context<'_>, menu: u32) -> Waiting {
    let mut found = Waiting { calls: 0, chats: 0, longest_call: None, longest_chat: None };
    let queued = |s: &&Session| s.menu == Some(menu) && s.status(cx.now) == "queued" && s.created() <= cx.now;
    for session in cx.store.ledger.sessions.iter().rev().take(5_000).filter(queued) {
        let (count, longest) = match session.kind {
            Kind::Call => (&mut found.calls, &mut found.longest_call),
            Kind::Chat => (&mut found.chats, &mut found.longest_chat),
            Kind::Email => continue,
        };
        *count += 1;
        let since = session.queued.unwrap_or(session.created());
        *longest = Some(longest.map_or(since, |l: Millis| l.min(since)));
    }
    found
}

/// Only menus in which something waits.
fn waiting_menus(cx: &Context<'_>) -> Vec<Value> {
    let row = |menu: &Menu| {
        let waiting = waiting(cx, menu.id);
        (waiting.calls + waiting.chats > 0).then(|| inferred::menu_status(menu, &waiting, cx.now))
    };
    cx.store.menus.leaves().filter_map(row).collect()
}

/// Who is there for a menu: logged in, available, and available when there is more than enough to do.
fn staff(cx: &Context<'_>, menu: u32) -> [usize; 3] {
    let shown = |agent: &String| cx.store.ledger.desks.get(agent).and_then(|d| d.shown);
    let here = |agent: &&String| {
        cx.world.agents.get(*agent).is_some_and(|a| !cx.world.queue_login(&a.profile, menu).is_empty())
    };
    let all: Vec<u32> = cx.world.roster.iter().filter(here).filter_map(shown).collect();
    let of = |status| all.iter().filter(|s| **s == status).count();
    [all.len(), of(AVAILABLE), of(BREAKTHROUGH)]
}

/// How long one has to wait, in seconds: what those who were answered lately waited, but no less than who waits now.
fn estimate(cx: &Context<'_>, menu: u32, kind: Kind) -> i64 {
    let lately = cx.store.ledger.sessions.iter().filter(|s| s.kind == kind && s.menu == Some(menu));
    let waits = lately.flat_map(|s| &s.waits);
    let ends = waits.filter_map(|w| {
        Some((w.to.filter(|to| w.answered && *to <= cx.now && cx.now - to < LATELY)?, w.from))
    });
    let lasted: Vec<i64> = ends.map(|(to, from)| (to - from) / SECOND).collect();
    let average = lasted.iter().sum::<i64>() / i64::try_from(lasted.len()).unwrap_or(1).max(1);
    let now = waiting(cx, menu);
    let since = if kind == Kind::Call { now.longest_call } else { now.longest_chat };
    average.max(since.map_or(0, |since| (cx.now - since) / SECOND))
}

fn wait_times(cx: &Context<'_>) -> Result<Vec<Value>, Failure> {
    let call = cx.call;
    call.param("lang").ok_or_else(|| Failure::bad("lang required"))?;
    let number = |name: &str| call.param(name).and_then(|v| v.parse::<u32>().ok());
    let top = number("menu_id");
    let bound = |end| call.bound("wait", end).and_then(|v| v.parse::<i64>().ok());
    let (from, to) = (bound("from"), bound("to"));
    let fits = |menu: &&Menu| {
        matches!(menu.channel, "voice_call" | "chat")
            && top.is_none_or(|top| cx.store.menus.is_below(menu.id, top))
            && call.param("menu_type").is_none_or(|kind| kind == menu.kind)
            && call.param("channel_type").is_none_or(|channel| channel == menu.channel)
    };
    let row = |menu: &Menu| {
        let kind = if menu.channel == "chat" { Kind::Chat } else { Kind::Call };
        let seconds = estimate(cx, menu.id, kind);
        if from.is_some_and(|f| seconds < f) || to.is_some_and(|t| seconds > t) {
            return None;
        }
        let [logged_in, available, breakthrough] = staff(cx, menu.id);
        Some(json!({"menu_id": menu.id, "menu_type": menu.kind, menu.channel: seconds,
            "materialized_path": cx.store.menus.named_path(menu.id), "logged_in_agents": logged_in,
            "available_agents": available, "breakthrough_agents": breakthrough}))
    };
    Ok(cx.store.menus.leaves().filter(fits).filter_map(row).collect())
}

/// Inferred: the document names what is told (estimated wait, calls, agents, call-back slots, hours, holidays), not how.
fn queue_status(cx: &Context<'_>, menu: &Menu) -> Value {
    let waiting = waiting(cx, menu.id);
    let [logged_in, available, breakthrough] = staff(cx, menu.id);
    let kind = if menu.channel == "chat" { Kind::Chat } else { Kind::Call };
    json!({"menu_id": menu.id, "menu_type": menu.kind, "materialized_path": cx.store.menus.named_path(menu.id),
        "estimated_wait_time": estimate(cx, menu.id, kind), "calls_in_queue": waiting.calls,
        "chats_in_queue": waiting.chats, "logged_in_agents": logged_in, "available_agents": available,
        "breakthrough_agents": breakthrough, "callback_slots": 4, "in_operation_hours": true, "holiday": false})
}

fn sla(cx: &Context<'_>) -> Result<Vec<Value>, Failure> {
    let required = |name: &str| cx.call.param(name).ok_or_else(|| Failure::bad(format!("{name} required")));
    let channel = match required("channel")? {
        "call" => Kind::Call,
        "chat" => Kind::Chat,
        _ => return Err(Failure::bad("channel must be call or chat")),
    };
    let minutes = required("minutes")?.parse::<i64>().ok().filter(|m| *m > 0);
    let minutes = minutes.ok_or_else(|| Failure::bad("minutes must be a number"))?;
    let since = cx.now - minutes.min(1_000_000) * MINUTE;
    let counted = |menu: u32| {
        let of_menu = cx.store.ledger.sessions.iter().filter(|s| s.kind == channel && s.menu == Some(menu));
        let ended =
            of_menu.flat_map(|s| &s.waits).filter(|w| w.to.is_some_and(|to| to >= since && to <= cx.now));
        let (mut within, mut all) = (0, 0);
        for wait in ended {
            let event = written::promise_kept(wait);
            all += usize::from(event != "excluded");
            within += usize::from(event == "in_sla");
        }
        (within, all)
    };
    let percent = |within: usize, all: usize| {
        if all == 0 { 100.0 } else { (within as f64 * 1_000.0 / all as f64).round() / 10.0 }
    };
    let wanted = if channel == Kind::Call { "voice_call" } else { "chat" };
    let leaves: Vec<&Menu> = cx.store.menus.leaves().filter(|m| m.channel == wanted).collect();
    if cx.call.op == Op::Sla {
        let row = |menu: &&Menu| {
            let (within, all) = counted(menu.id);
            let path = cx.store.menus.named_path(menu.id);
            inferred::sla(i64::from(menu.id), &path, percent(within, all), within, all)
        };
        return Ok(leaves.iter().map(row).collect());
    }
    let groups: BTreeSet<u32> = leaves.iter().filter_map(|m| m.parent).collect();
    let row = |group: &u32| {
        let of = leaves.iter().filter(|m| m.parent == Some(*group)).map(|m| counted(m.id));
        let (within, all) = of.fold((0, 0), |(w, a), (within, all)| (w + within, a + all));
        let name = cx.store.menus.named_path(*group);
        inferred::sla_of_group(&name, percent(within, all), within, all)
    };
    Ok(groups.iter().map(row).collect())
}
