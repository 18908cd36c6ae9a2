//! Agents: who they are, and what they can be reached by.

use super::answer::{Failure, Reply, Told, rows};
use super::{Context, Perhaps, inferred};
use crate::world::Agent;
use serde_json::json;

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "agents.agentidentifier.get" => one(cx),
        "onlinestatus.agents.get" => online(cx),
        _ => return None,
    })
}

/// An agent by user id, contact id or e-mail address.
pub(super) fn find<'a>(cx: &'a Context<'_>, named: &str) -> Result<&'a Agent, Failure> {
    let is = |a: &&Agent| {
        a.email.eq_ignore_ascii_case(named)
            || inferred::user_id(&a.id) == named
            || inferred::contact_id(&a.id) == named
    };
    cx.world.agents.values().find(is).ok_or_else(|| Failure::missing(format!("agent {named} not found")))
}

fn one(cx: &Context<'_>) -> Told {
    let agent = find(cx, cx.call.path("agentidentifier"))?;
    let (first, last) = inferred::names(&agent.name);
    let role = if agent.role == "supervisor" { "D" } else { "A" };
    let gender = if agent.name.len() % 2 == 0 { "F" } else { "M" };
    Ok(Reply::Document(
        json!({"contactid": inferred::contact_id(&agent.id), "userid": inferred::user_id(&agent.id),
        "email": agent.email, "firstname": first, "lastname": last, "systemname": agent.alias,
        "authtoken": format!("{}{}", inferred::token(&agent.password), inferred::token(&agent.id)),
        "browsercookiename": "A_auth", "gender": gender, "role": role}),
    ))
}

fn online(cx: &Context<'_>) -> Told {
    let row = |agent: &Agent| {
        let (first, last) = inferred::names(&agent.name);
        json!({"id": inferred::user_id(&agent.id), "contactid": inferred::contact_id(&agent.id),
            "username": agent.email, "firstname": first, "lastname": last,
            "avatar_url": "themes/agent/_common_templates/img/user05.png",
            "presetStatus": inferred::online(&cx.world, agent, true),
            "onlineStatus": inferred::online(&cx.world, agent, false)})
    };
    let agents = cx.world.roster.iter().filter_map(|id| cx.world.agents.get(id));
    rows("agentsOnlineStates", agents.map(row).collect())
}
