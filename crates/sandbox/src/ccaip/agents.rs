//! Agents and teams: who they are, what they show, where they may work.

use super::answer::{Failure, Reply, Told};
use super::filter::{Filters, rows};
use super::routes::Op;
use super::session::Kind;
use super::{Context, inferred, menus, odd, statuses, written};
use crate::world::{Agent, DAY, Millis, Presence, records::text};
use serde_json::{Value, json};

const AGENTS: Filters = Filters {
    arrays: &["id", "agent_number", "status_id", "online", "wrap_up", "location"],
    ranges: &["last_login_time", "status_updated_at"],
};
const TEAMS: Filters =
    Filters { arrays: &["id", "name", "parent_id", "position"], ranges: &["agents_count"] };

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let cx = &*cx;
    match cx.call.op {
        Op::CurrentStatus => Ok(Reply::Document(Value::Array(current(cx)))),
        Op::Teams => {
            let shown = shown_teams(cx);
            rows(cx.call, cx.switches, &TEAMS, shown.iter().map(|t| team(cx, t)).collect())
        }
        Op::TeamTree => Ok(Reply::Document(Value::Array(branch(cx, &shown_teams(cx), None)))),
        Op::Team => {
            let id = cx.call.record();
            let found = shown_teams(cx).into_iter().find(|t| Some(t.id) == id);
            found.map(|t| Reply::Document(team(cx, &t))).ok_or_else(|| Failure::missing("Team not found"))
        }
        _ => {
            let all = cx.world.roster.iter().filter_map(|id| cx.world.agents.get(id));
            let teams = teams(cx);
            let mut written: Vec<Value> = all.map(|a| agent(cx, a, &teams)).collect();
            for row in &mut written {
                // A filter's name for what stands deeper.
                row["status_id"] = row["status"]["id"].clone();
            }
            let mut told = rows(cx.call, cx.switches, &AGENTS, written)?;
            if let Reply::Page(page) = &mut told {
                for row in &mut page.rows {
                    row.as_object_mut().map(|row| row.remove("status_id"));
                }
            }
            Ok(odd::stir(cx, told))
        }
    }
}

/// An agent as other records name one.
pub(super) fn info(cx: &Context<'_>, id: &str) -> Value {
    let Some(agent) = cx.world.agents.get(id) else { return Value::Null };
    let (first, last) = inferred::names(&agent.name);
    json!({"id": inferred::agent_id(&cx.world, id), "name": agent.name, "last_name": last, "first_name": first,
        "agent_number": inferred::agent_number(&cx.world, id), "avatar_url": avatar(cx, id)})
}

fn avatar(cx: &Context<'_>, id: &str) -> String {
    cx.call.own(&format!("/avatars/{}.png", inferred::agent_id(&cx.world, id)))
}

fn agent(cx: &Context<'_>, agent: &Agent, teams: &[Team]) -> Value {
    let id = inferred::agent_id(&cx.world, &agent.id);
    let (first, last) = inferred::names(&agent.name);
    let desk = cx.store.ledger.desks.get(&agent.id);
    let status = desk.and_then(|d| d.shown);
    let (calls, chats) = inferred::current_counts(agent, desk.map_or(0, |d| d.calls.len()));
    let channels: Vec<Value> = cx
        .store
        .menus
        .of_agent(&cx.world, &agent.id)
        .map(|menu| json!({"channel_type": menu.channel, "menu": menus::short(menu)}))
        .collect();
    let teams: Vec<Value> =
        teams.iter().filter(|t| t.profile.as_ref() == Some(&agent.profile)).map(short_team).collect();
    let engaged = written::time(cx.world.now() - (400 + id % 200) * DAY);
    let yes = |of: &[&str]| Value::Object(of.iter().map(|k| ((*k).to_owned(), json!(true))).collect());
    let rules = json!({
        "voice_call": {"ivr": yes(&["incoming", "campaign", "voicemail", "scheduled", "callback"]),
            "mobile": yes(&["incoming", "voicemail", "scheduled", "callback"]),
            "web": yes(&["incoming", "voicemail", "scheduled", "callback"]), "transfer": true},
        "chat": {"mobile": yes(&["incoming"]), "web": yes(&["incoming"]), "sms": yes(&["incoming"]),
            "whatsapp": yes(&["incoming"]), "transfer": true}});
    json!({"id": id, "email": agent.email, "created_at": engaged,
        "last_login_time": desk.and_then(|d| d.logged_in).map(written::time),
        "first_name": first, "middle_name": "", "last_name": last, "avatar_url": avatar(cx, &agent.id),
        "agent_number": inferred::agent_number(&cx.world, &agent.id),
        "status": statuses::object(&cx.world, status.unwrap_or(0)),
        "status_updated_at": written::time(desk.map_or(agent.since, |d| d.since)),
        "crm_authenticated": agent.presence != Presence::SignedOut, "online": status.is_some(),
        "wrap_up": status == Some(statuses::WRAP_UP), "call_count": calls, "chat_count": chats,
        "location": if agent.timezone == "Asia/Tokyo" { "Tokyo" } else { "London" },
        "roles": if agent.role == "supervisor" { json!(["agent", "manager"]) } else { json!(["agent"]) },
        "availability_preferences": {"id": 1, "created_at": engaged, "updated_at": engaged,
            "user_count": cx.world.roster.len(), "filter_rules": rules},
        "teams": teams, "channels": channels})
}

/// Those who are logged in, and nobody else.
fn current(cx: &Context<'_>) -> Vec<Value> {
    let held: Vec<(&str, Millis)> = cx
        .store
        .ledger
        .open()
        .filter(|s| s.kind == Kind::Call)
        .filter_map(|s| Some((s.agent.as_deref()?, s.held_since?)))
        .collect();
    let row = |id: &String| {
        let desk = cx.store.ledger.desks.get(id)?;
        Some(inferred::current_status(
            inferred::agent_id(&cx.world, id),
            &statuses::name_of(&cx.world, desk.shown?),
            &written::time(desk.since),
            cx.switches.get("hold_key"),
            held.iter().filter(|(agent, _)| agent == id).map(|(_, since)| *since).min(),
            cx.now,
        ))
    };
    cx.world.roster.iter().filter_map(row).collect()
}

pub(super) struct Team {
    pub id: i64,
    name: String,
    parent: Option<i64>,
    position: usize,
    deleted: bool,
    /// Whose members are the agents of that profile.
    pub profile: Option<String>,
    agents: Vec<String>,
}

/// The centre as a whole, a team for each profile, and one that is no more.
pub(super) fn teams(cx: &Context<'_>) -> Vec<Team> {
    let all = |id, name: &str, deleted| Team {
        id,
        name: name.to_owned(),
        parent: None,
        position: 1,
        deleted,
        profile: None,
        agents: Vec::new(),
    };
    let mut teams = vec![all(1, "Practice centre", false)];
    for (index, profile) in cx.world.records.list("profiles").enumerate() {
        let id = text(profile, "id");
        let has = |agent: &&String| cx.world.agents.get(*agent).is_some_and(|a| a.profile == id);
        teams.push(Team {
            id: 2 + i64::try_from(index).unwrap_or(0),
            name: text(profile, "title").to_owned(),
            parent: Some(1),
            position: index + 1,
            deleted: false,
            profile: Some(id.to_owned()),
            agents: cx.world.roster.iter().filter(has).cloned().collect(),
        });
    }
    teams.push(all(900, "Summer crew", true));
    teams
}

fn shown_teams(cx: &Context<'_>) -> Vec<Team> {
    let deleted = cx.call.param("with_deleted").is_some_and(|v| matches!(v, "true" | "True" | "1"));
    teams(cx).into_iter().filter(|t| deleted || !t.deleted).collect()
}

fn short_team(team: &Team) -> Value {
    json!({"id": team.id, "name": team.name, "parent_id": team.parent, "position": team.position,
        "deleted": team.deleted, "agents_count": team.agents.len()})
}

/// A team with its members: a list as clients know it, or one object as the document's sample has it (switch `assignees`).
pub(super) fn team(cx: &Context<'_>, team: &Team) -> Value {
    let mut row = short_team(team);
    let mut members = team.agents.iter().map(|agent| info(cx, agent));
    row["assignees"] = match cx.switches.get("assignees") {
        "object" => members.next().unwrap_or(Value::Null),
        _ => members.collect(),
    };
    row
}

fn branch(cx: &Context<'_>, all: &[Team], below: Option<i64>) -> Vec<Value> {
    let children = all.iter().filter(|t| t.parent == below);
    children
        .map(|child| {
            let mut row = team(cx, child);
            row["children"] = Value::Array(branch(cx, all, Some(child.id)));
            row
        })
        .collect()
}
