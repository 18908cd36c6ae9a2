//! What goes on now: chats and calls in numbers; and the application itself.

use super::answer::{Reply, Told, rows};
use super::follow::department_of;
use super::{Context, Perhaps, inferred};
use crate::world::{Activity, Channel, Millis, Phase};
use serde_json::json;

/// New Year 2025 and a day in October of that year.
const INSTALLED: Millis = 1_735_725_600_000;
const UPDATED: Millis = 1_760_000_000_000;

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "chats.overview.get" => chats(cx),
        "calls.overview.get" => calls(cx),
        "application.status.get" => application(cx),
        _ => return None,
    })
}

/// How many of a channel run, ring and wait, in the department that is asked for.
fn counted(cx: &Context<'_>, channel: Channel) -> Result<(usize, usize, usize), super::Failure> {
    let department = cx.call.param("department").map(|id| super::departments::find(cx, id)).transpose()?;
    let of = |a: &Activity| match a.ticket.as_deref().and_then(|t| cx.world.tickets.find(t)) {
        Some(ticket) => ticket.category.clone(),
        None => department_of(&cx.world, a),
    };
    let meant =
        |a: &&Activity| a.channel == channel && inferred::is_live(a) && department.is_none_or(|d| of(a) == d);
    let mut counts = (0, 0, 0);
    for activity in cx.world.open_activities().filter(meant) {
        match activity.phase {
            Phase::Waiting | Phase::Postponed => counts.2 += 1,
            Phase::Ringing => counts.1 += 1,
            Phase::Active | Phase::Closed => counts.0 += 1,
        }
    }
    Ok(counts)
}

fn chats(cx: &Context<'_>) -> Told {
    let (chats, ringing, queue) = counted(cx, Channel::Chat)?;
    let agents =
        cx.world.agents.values().filter(|a| inferred::online(&cx.world, a, false).contains('T')).count();
    // Inferred: whoever chats is a visitor, and three times as many only look.
    let visitors = 4 * (chats + ringing + queue);
    let row =
        json!({"visitors": visitors, "chats": chats, "ringing": ringing, "queue": queue, "agents": agents});
    rows("chatsOverview", vec![row])
}

fn calls(cx: &Context<'_>) -> Told {
    let (running, ringing, inqueue) = counted(cx, Channel::Call)?;
    rows("callsOverview", vec![json!({"running": running, "ringing": ringing, "inqueue": inqueue})])
}

fn application(cx: &Context<'_>) -> Told {
    let now = cx.world.now();
    Ok(Reply::Document(json!({"liveagentversion": "5.58.4.1", "gpfversion": "2.0.36.1",
        "dateinstalled": cx.time(INSTALLED), "datelatestupdate": cx.time(UPDATED),
        "current_server_time": cx.time(now)})))
}
