//! States of agents: the system's own and those that the customer configured (the centre's pauses), and how the Apps API
//! sets them or logs somebody out. The system's own states of work cannot be set.

use super::Context;
use super::agents;
use super::answer::{Failure, Reply, Told};
use super::inferred;
use super::routes::Op;
use crate::world::{Presence, Refusal, World, records::text};
use serde_json::{Value, json};

pub(super) const AVAILABLE: u32 = 1;
pub(super) const UNAVAILABLE: u32 = 2;
pub(super) const IN_CALL: u32 = 3;
pub(super) const WRAP_UP: u32 = 4;
pub(super) const IN_CHAT: u32 = 5;
pub(super) const BREAKTHROUGH: u32 = 6;
pub(super) const UNRESPONSIVE: u32 = 7;
/// Configured states follow: one for each pause that an agent may choose.
const CONFIGURED: u32 = 101;

const SYSTEM: [(u32, &str, &str); 7] = [
    (AVAILABLE, "Available", "#2e7d32"),
    (UNAVAILABLE, "Unavailable", "#c62828"),
    (IN_CALL, "In-call", "#1565c0"),
    (WRAP_UP, "Wrap-up", "#f9a825"),
    (IN_CHAT, "In-chat", "#00838f"),
    (BREAKTHROUGH, "Breakthrough", "#6a1b9a"),
    (UNRESPONSIVE, "Unresponsive", "#6d4c41"),
];

/// What the system alone gives.
fn is_given(status: u32) -> bool {
    matches!(status, IN_CALL | WRAP_UP | IN_CHAT | UNRESPONSIVE)
}

/// The pauses that an agent may choose, with this platform's name and colour for them.
fn configured(world: &World) -> impl Iterator<Item = (u32, &str, &str, &'static str)> {
    let chosen = world.records.list("pauses").filter(|p| matches!(text(p, "kind"), "" | "do_not_disturb"));
    (CONFIGURED..).zip(chosen).map(|(id, pause)| {
        let name = match text(pause, "id") {
            "coffee" => "Break",
            _ => text(pause, "title"),
        };
        let colour = ["#ef6c00", "#8d6e63", "#5e35b1", "#3949ab", "#ad1457"];
        let index = usize::try_from(id - CONFIGURED).unwrap_or(0);
        (id, text(pause, "id"), name, colour[index % colour.len()])
    })
}

/// The state that a pause of the centre is.
pub(super) fn of_pause(world: &World, pause: &str) -> Option<u32> {
    configured(world).find(|(_, id, _, _)| *id == pause).map(|(id, ..)| id)
}

fn pause_of(world: &World, status: u32) -> Option<String> {
    configured(world).find(|(id, ..)| *id == status).map(|(_, pause, ..)| pause.to_owned())
}

pub(super) fn name_of(world: &World, status: u32) -> String {
    let system = SYSTEM.iter().find(|(id, ..)| *id == status).map(|(_, name, _)| *name);
    let own = || configured(world).find(|(id, ..)| *id == status).map(|(_, _, name, _)| name);
    system.or_else(own).unwrap_or("Offline").to_owned()
}

/// A state as an object.
pub(super) fn object(world: &World, status: u32) -> Value {
    let row = |id: u32, name: &str, colour: &str| {
        json!({"id": id, "wfm_id": id + 7_000, "name": name, "color": colour,
            "setting": {"restricted": is_given(id), "all_roles_restricted": false,
                "breakthrough_enabled": id == BREAKTHROUGH},
            "custom_roles": if is_given(id) { json!([]) } else { json!([1, 2]) }})
    };
    let system =
        SYSTEM.iter().find(|(id, ..)| *id == status).map(|(id, name, colour)| row(*id, name, colour));
    let own = || {
        configured(world).find(|(id, ..)| *id == status).map(|(id, _, name, colour)| row(id, name, colour))
    };
    system.or_else(own).unwrap_or_else(|| row(0, "Offline", "#9e9e9e"))
}

fn all(world: &World) -> Vec<u32> {
    SYSTEM.iter().map(|(id, ..)| *id).chain(configured(world).map(|(id, ..)| id)).collect()
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    match cx.call.op {
        Op::SetStatus => set(cx),
        Op::ForceLogout => force_logout(cx),
        _ => {
            let rows = all(&cx.world).into_iter().map(|status| object(&cx.world, status)).collect();
            Ok(Reply::Document(Value::Array(rows)))
        }
    }
}

/// The agents that a request means, by their own numbers and by their teams'.
fn meant(cx: &Context<'_>) -> Vec<String> {
    let (ids, teams) = (cx.call.numbers("agent_ids"), cx.call.numbers("team_ids"));
    let of_team = |agent: &str| {
        let own = cx.world.agents.get(agent).map(|a| a.profile.clone());
        agents::teams(cx).iter().any(|t| teams.contains(&t.id) && t.profile == own)
    };
    let roster = cx.world.roster.iter();
    roster.filter(|a| ids.contains(&inferred::agent_id(&cx.world, a)) || of_team(a)).cloned().collect()
}

fn set(cx: &mut Context<'_>) -> Told {
    let wanted = cx.call.text("status").ok_or_else(|| Failure::bad("status required"))?;
    let found = all(&cx.world).into_iter().find(|s| name_of(&cx.world, *s).eq_ignore_ascii_case(wanted));
    let status = found.ok_or_else(|| Failure::bad("Status not found"))?;
    let agents = meant(cx);
    if agents.is_empty() {
        return Err(Failure::bad("agent_ids or team_ids required"));
    }
    let mut rows = Vec::new();
    for agent in agents {
        let before = shown(cx, &agent);
        let done = enter(cx, &agent, status);
        cx.store.follow(&cx.world);
        let mut row = json!({"agent_id": inferred::agent_id(&cx.world, &agent),
            "name": cx.world.agent(&agent)?.name, "email": cx.world.agent(&agent)?.email,
            "agent_number": inferred::agent_number(&cx.world, &agent),
            "previous_status": before, "current_status": shown(cx, &agent)});
        if let Err(message) = done {
            row["message"] = json!(message);
        }
        rows.push(row);
    }
    Ok(Reply::Document(Value::Array(rows)))
}

/// What an agent's widget shows, in words.
fn shown(cx: &Context<'_>, agent: &str) -> String {
    name_of(&cx.world, cx.store.ledger.desks.get(agent).and_then(|d| d.shown).unwrap_or(0))
}

/// Puts one agent into a state; a sentence says why not.
fn enter(cx: &mut Context<'_>, agent: &str, status: u32) -> Result<(), String> {
    let name = name_of(&cx.world, status);
    if is_given(status) {
        return Err(format!("{name} is a system status and cannot be set"));
    }
    let presence = cx.world.agent(agent).map_err(|refusal| told(&refusal))?.presence;
    if presence == Presence::SignedOut {
        if cx.switches.is("set_status_offline", "refuse") {
            return Err("Agent is not logged in".to_owned());
        }
        super::adapter::log_in(&mut cx.world, agent);
    }
    cx.store.follow(&cx.world);
    let now = cx.now;
    let busy = cx.store.ledger.desks.get(agent).is_some_and(|d| !d.calls.is_empty());
    let over = match (status, presence) {
        (AVAILABLE | BREAKTHROUGH, _) => {
            super::adapter::become_ready(&mut cx.world, agent).map_err(|refusal| told(&refusal))?;
            (status == BREAKTHROUGH).then_some(status)
        }
        (UNAVAILABLE, Presence::Ready) => {
            cx.world.go_not_ready(agent).map_err(|refusal| told(&refusal))?;
            None
        }
        (UNAVAILABLE, _) => Some(status),
        _ => {
            let pause = pause_of(&cx.world, status).ok_or("Status not found")?;
            match cx.world.start_pause(agent, &pause) {
                // Who never was available is away under another name.
                Err(Refusal::NotReady) => Some(status),
                done => {
                    done.map_err(|refusal| told(&refusal))?;
                    None
                }
            }
        }
    };
    cx.store.follow(&cx.world);
    cx.store.ledger.desks.change(agent, now, |desk| (desk.over, desk.pending) = (over, busy));
    cx.store.ledger.desks.settle_all();
    Ok(())
}

fn told(refusal: &Refusal) -> String {
    format!("{refusal:?}")
}

fn force_logout(cx: &mut Context<'_>) -> Told {
    let agents = meant(cx);
    if agents.is_empty() {
        return Err(Failure::bad("agent_ids required"));
    }
    let mut rows = Vec::new();
    for agent in agents {
        let before = shown(cx, &agent);
        if cx.world.agent(&agent)?.presence != Presence::SignedOut {
            cx.world.sign_out(&agent);
        }
        cx.store.follow(&cx.world);
        rows.push(json!({"agent_id": inferred::agent_id(&cx.world, &agent),
            "name": cx.world.agent(&agent)?.name, "email": cx.world.agent(&agent)?.email,
            "agent_number": inferred::agent_number(&cx.world, &agent),
            "previous_status": before, "current_status": shown(cx, &agent)}));
    }
    Ok(Reply::Document(Value::Array(rows)))
}
