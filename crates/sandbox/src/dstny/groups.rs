//! ACD, attendant and distribution groups: the world's queues for calls, who is logged in to them, and what became of their
//! calls (the group call log). Logging in is joining the queue.

use super::answer::{Failure, Reply, Told, required};
use super::streams::Stream;
use super::{Context, DOMAIN, queues};
use crate::world::{Activity, Agent, Channel, Direction, Millis, Phase, Queue, Refusal, World};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What somebody did about an item of the group call log.
#[derive(Debug, Clone)]
pub(crate) struct Handled {
    state: String,
    note: String,
    agent: String,
    at: Millis,
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = cx.owner();
    let with_statistics = cx.call.flag("ignoreStatistics") != Some(true);
    Some(match cx.call.op {
        "acd.groups.list" | "acd.groups.list.dep" => {
            let agents = cx.call.flag("ignoreAgents") != Some(true);
            let rows =
                of(&cx.world, &user).into_iter().map(|q| document(cx, q, &user, agents, with_statistics));
            let groups: Vec<Value> = rows.collect();
            Ok(Reply::ok(json!({"groups": groups})))
        }
        "acd.group.get" | "acd.group.get.dep2" => named(cx, &user, "group")
            .map(|id| Reply::ok(document(cx, &cx.world.queues[&id], &user, true, with_statistics))),
        "acd.group.get.dep1" => named(cx, &user, "group").map(|id| Reply::ok(old_document(cx, id, &user))),
        "acd.agent.login.dep1" => {
            log_in_agent(cx, &user).map(|(id, _)| Reply::ok(old_document(cx, id, &user)))
        }
        "acd.agent.login" | "acd.agent.login.dep2" => {
            log_in_agent(cx, &user).map(|(_, done)| Reply::ok(json!(done)))
        }
        "distgroup.list" => Ok(Reply::ok(list(cx, &user))),
        "distgroup.login" => {
            log_in(cx, &user, &user, "grpid", true).map(|_| shown(cx, &user, with_statistics))
        }
        "distgroup.logout" => {
            log_in(cx, &user, &user, "grpid", false).map(|_| shown(cx, &user, with_statistics))
        }
        "distgroup.statistics.stream" => Ok(Reply::stream(Stream::Queues { user })),
        "distgroup.calllog.all" => Ok(Reply::ok(log(cx, &of_ids(cx, &user), |_| true))),
        "distgroup.calllog.group" => named(cx, &user, "grpid").map(|id| Reply::ok(log(cx, &[id], |_| true))),
        "distgroup.assigned.all" => Ok(Reply::ok(assigned(cx, &user, &of_ids(cx, &user)))),
        "distgroup.assigned.group" => {
            named(cx, &user, "grpid").map(|id| Reply::ok(assigned(cx, &user, &[id])))
        }
        "distgroup.calllog.assign" => assign(cx, &user),
        _ => return None,
    })
}

/// The groups that a user belongs to.
pub(super) fn of<'a>(world: &'a World, user: &str) -> Vec<&'a Queue> {
    let profile = world.agents.get(user).map_or("", |a| a.profile.as_str());
    let incoming = |q: &&Queue| q.channel == Channel::Call && q.direction == Some(Direction::In);
    world.queues.values().filter(incoming).filter(|q| !world.queue_login(profile, q.id).is_empty()).collect()
}

fn of_ids(cx: &Context<'_>, user: &str) -> Vec<u32> {
    of(&cx.world, user).iter().map(|q| q.id).collect()
}

/// The group that the path names, if the user belongs to it.
fn named(cx: &Context<'_>, user: &str, variable: &str) -> Result<u32, Failure> {
    let id = cx.call.path(variable);
    let found = of_ids(cx, user).into_iter().find(|own| own.to_string() == id);
    found.ok_or_else(|| Failure::missing("group", "group.does.not.exist", id))
}

pub(super) fn kind(queue: &Queue) -> &'static str {
    match queue.id {
        2001 => "ACD_LIGHT",
        2002 => "ATTENDANT",
        _ => "ACD",
    }
}

/// Everybody who may be an agent of the group.
fn agents(world: &World, queue: u32) -> impl Iterator<Item = &Agent> {
    world.agents.values().filter(move |a| !world.queue_login(&a.profile, queue).is_empty())
}

fn agent_row(cx: &Context<'_>, queue: u32, agent: &Agent) -> Value {
    let (first, last) = agent.name.split_once(' ').unwrap_or((&agent.name, ""));
    let status = cx.world.status(&agent.id);
    let activity = super::office::activity(&status.activity).map_or(status.activity.as_str(), |a| a.name);
    json!({"id": format!("{}@{DOMAIN}", agent.id), "firstName": first, "lastName": last, "activity": activity,
        "skillLevel": 3, "isLoggedIn": agent.queues.contains_key(&queue), "isAvailable": queues::is_free(&cx.world, agent)})
}

fn statistic(world: &World, queue: u32) -> Value {
    let inside = || agents(world, queue).filter(|a| a.queues.contains_key(&queue));
    json!({"numberOfLoggedInAgents": inside().count(),
        "numberOfFreeAgents": inside().filter(|a| queues::is_free(world, a)).count(),
        "numberOfCallsInQueue": queues::waiting(world, queue).count()})
}

fn document(cx: &Context<'_>, queue: &Queue, user: &str, with_agents: bool, with_statistics: bool) -> Value {
    let logged_in = cx.world.agents.get(user).is_some_and(|a| a.queues.contains_key(&queue.id));
    let mut group = json!({"id": queue.id, "domain": DOMAIN, "name": queue.name, "type": kind(queue), "loggedIn": logged_in,
        "nightMode": queue.deactivated, "roles": [{"type": "AGENT"}], "allowUsingFunctionNumber": true});
    if with_agents {
        group["agents"] = agents(&cx.world, queue.id).map(|a| agent_row(cx, queue.id, a)).collect();
    }
    if with_statistics {
        group["statistic"] = statistic(&cx.world, queue.id);
    }
    if !cx.call.op.ends_with(".dep") && !cx.call.op.contains(".dep2") {
        group["distributionType"] = json!(if kind(queue) == "ACD" { "SKILLS" } else { "PRIORITY" });
    }
    group
}

/// The first version's document: agents by name and number, `is…` before the truth values.
fn old_document(cx: &Context<'_>, id: u32, user: &str) -> Value {
    let queue = &cx.world.queues[&id];
    let logged_in = cx.world.agents.get(user).is_some_and(|a| a.queues.contains_key(&id));
    let agent = |a: &Agent| person(&cx.world, &a.id);
    json!({"id": id, "domain": DOMAIN, "name": queue.name, "type": kind(queue), "isLoggedIn": logged_in,
        "isNightMode": queue.deactivated, "agents": agents(&cx.world, id).map(agent).collect::<Vec<_>>(),
        "roles": [{"type": "AGENT"}], "statistic": statistic(&cx.world, id), "isAllowUsingFunctionNumber": true,
        "distributionType": "SKILLS", "phoneNumber": queue.address})
}

fn person(world: &World, agent: &str) -> Value {
    let name = world.agents.get(agent).map_or(agent, |a| a.name.as_str());
    json!({"name": name, "number": world.direct_number(agent), "userId": agent})
}

/// Logs an agent in or out of the group that `variable` names.
fn log_in(
    cx: &mut Context<'_>,
    user: &str,
    agent: &str,
    variable: &str,
    inside: bool,
) -> Result<u32, Failure> {
    let id = cx.call.path(variable).parse::<u32>().ok().filter(|id| cx.world.queues.contains_key(id));
    let id = id.ok_or_else(|| Failure::missing("group", "group.does.not.exist", cx.call.path(variable)))?;
    let supervises = cx.world.agents.get(user).is_some_and(|a| a.role == "supervisor");
    if agent != user && !supervises {
        return Err(Failure::forbidden(
            "agent",
            "user.not.allowed",
            "Only supervisors log others in and out",
        ));
    }
    match inside {
        true => cx.world.join_by_telephone(agent, id)?,
        false => match cx.world.leave_queue(agent, id) {
            // Who is not in the group is out of it.
            Ok(()) | Err(Refusal::NoSuchQueue) => {}
            Err(refusal) => return Err(refusal.into()),
        },
    }
    Ok(id)
}

/// By the path's agent and the query's action.
fn log_in_agent(cx: &mut Context<'_>, user: &str) -> Result<(u32, &'static str), Failure> {
    let agent = cx.call.path("agent").split('@').next().unwrap_or("").to_owned();
    if !cx.world.agents.contains_key(&agent) {
        return Err(Failure::bad("agent", "user.does.not.exist", agent));
    }
    let action = match (cx.call.query("action"), cx.call.query("logout")) {
        (Some(action), _) => action.to_owned(),
        (None, Some(_)) => "logout".to_owned(),
        (None, None) => required(cx, "action")?,
    };
    let asks = if cx.call.has_path("user") { user.to_owned() } else { cx.user.to_owned() };
    match action.as_str() {
        "login" => Ok((log_in(cx, &asks, &agent, "group", true)?, "login")),
        "logout" => Ok((log_in(cx, &asks, &agent, "group", false)?, "logout")),
        other => Err(Failure::bad("action", "action.invalid", other)),
    }
}

fn list(cx: &Context<'_>, user: &str) -> Value {
    let row = |queue: &Queue| {
        let statistic = statistic(&cx.world, queue.id);
        let logged_in = cx.world.agents.get(user).is_some_and(|a| a.queues.contains_key(&queue.id));
        json!({"id": queue.id, "domain": DOMAIN, "name": queue.name, "type": kind(queue), "loggedIn": logged_in,
            "nightMode": queue.deactivated, "loggedInAgents": statistic["numberOfLoggedInAgents"],
            "freeAgents": statistic["numberOfFreeAgents"], "callsWaiting": statistic["numberOfCallsInQueue"]})
    };
    json!({"group": of(&cx.world, user).into_iter().map(row).collect::<Vec<_>>()})
}

/// After logging in or out: the list, or an empty answer for those who want no statistics.
fn shown(cx: &Context<'_>, user: &str, with_statistics: bool) -> Reply {
    if with_statistics { Reply::ok(list(cx, user)) } else { Reply::ok(json!({})) }
}

fn item_type(call: &Activity) -> &'static str {
    match (call.talk_since, &call.passed_by) {
        (Some(_), Some(_)) => "FORWARDED",
        (Some(_), None) => "ANSWERED",
        (None, _) => "MISSED",
    }
}

/// One item: calls of one group, caller and type. The newest gives it its id.
fn item(cx: &Context<'_>, calls: &[&Activity]) -> Option<(i64, Value)> {
    let last = calls.iter().max_by_key(|c| c.item_number)?;
    let queue = cx.world.queues.get(&last.queue?)?;
    let kind = item_type(last);
    let waited = last.opened.or(last.closed).map_or(0, |at| (at - last.created) / 1_000);
    let mut row = json!({"itemId": last.item_number, "groupId": queue.id, "groupOrgId": 0, "callCount": calls.len(),
        "itemType": kind, "startTime": cx.time(last.created), "callDuration": last.talk_seconds(cx.world.now()),
        "queueDuration": waited, "callMetaData": "", "diversionNumber": queue.address, "callerNumber": last.address,
        "callbackToNumber": last.address});
    if let Some(agent) = last.agent.as_deref().filter(|_| last.talk_since.is_some()) {
        row["agent"] = person(&cx.world, agent);
    }
    if kind == "FORWARDED" {
        row["forwardReason"] = json!("NO_AGENTS");
    }
    let handled = cx.store.handled.get(&last.item_number);
    row["handledStatus"] = match handled {
        Some(handled) => json!({"state": handled.state, "agent": person(&cx.world, &handled.agent),
            "timeStamp": cx.time(handled.at), "note": handled.note}),
        None => json!({"state": if kind == "MISSED" { "UNHANDLED" } else { "HANDLED" }}),
    };
    row["noteIncluded"] = json!(handled.is_some_and(|h| !h.note.is_empty()));
    Some((last.item_number, row))
}

/// All items of these groups, by id.
fn items(cx: &Context<'_>, groups: &[u32]) -> BTreeMap<i64, Value> {
    let mut gathered: BTreeMap<(u32, &str, &str), Vec<&Activity>> = BTreeMap::new();
    let ended = |c: &&Activity| {
        c.channel == Channel::Call && c.direction == Direction::In && c.phase == Phase::Closed
    };
    for call in cx.world.activities.values().filter(ended) {
        if let Some(queue) = call.queue.filter(|q| groups.contains(q)) {
            gathered.entry((queue, &call.address, item_type(call))).or_default().push(call);
        }
    }
    gathered.values().filter_map(|calls| item(cx, calls)).collect()
}

/// The log's document: newest last, cut by `since`, `olderThan` and `limit`.
fn log(cx: &Context<'_>, groups: &[u32], which: impl Fn(&Value) -> bool) -> Value {
    let kinds = cx.call.all("itemType");
    let caller = cx.call.query("callerNumber").map(digits);
    let (since, older) = (cx.call.number("since"), cx.call.number("olderThan"));
    let wanted = |id: &i64, row: &Value| {
        let kind = row["itemType"].as_str().unwrap_or("");
        (kinds.is_empty() || kinds.contains(&kind) || kinds.contains(&"ALL"))
            && caller.as_ref().is_none_or(|c| digits(row["callerNumber"].as_str().unwrap_or("")) == *c)
            && since.is_none_or(|s| *id > s)
            && older.is_none_or(|o| *id < o)
            && which(row)
    };
    let mut rows: Vec<(i64, Value)> =
        items(cx, groups).into_iter().filter(|(id, row)| wanted(id, row)).collect();
    let all = rows.len();
    if let Some(limit) = cx.call.number("limit").and_then(|l| usize::try_from(l).ok()) {
        // The newest, unless what came after an id is read page by page.
        if since.is_none() {
            rows.drain(..rows.len().saturating_sub(limit));
        } else {
            rows.truncate(limit);
        }
    }
    let count = |kind: &str| rows.iter().filter(|(_, row)| row["itemType"] == kind).count();
    let mut document = Map::new();
    document.insert("generatedAt".into(), json!(cx.time(cx.world.now())));
    document.insert("flushCache".into(), json!(since.is_none()));
    document.insert("hintCount".into(), json!(all));
    for (name, kind) in [
        ("callCountAnswered", "ANSWERED"),
        ("callCountForwarded", "FORWARDED"),
        ("callCountMissed", "MISSED"),
    ] {
        document.insert(name.into(), json!(count(kind)));
    }
    document.insert("callLogItem".into(), rows.into_iter().map(|(_, row)| row).collect());
    Value::Object(document)
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

fn assigned(cx: &Context<'_>, user: &str, groups: &[u32]) -> Value {
    log(cx, groups, |row| row["handledStatus"]["agent"]["userId"] == user)
}

fn assign(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let id = cx.call.path("itemid").parse::<i64>().unwrap_or(-1);
    let groups = of_ids(cx, user);
    if !items(cx, &groups).contains_key(&id) {
        return Err(Failure::missing("itemid", "item.does.not.exist", cx.call.path("itemid")));
    }
    let state = cx.call.field("state").unwrap_or_else(|| "INPROGRESS".to_owned());
    if !matches!(state.as_str(), "UNHANDLED" | "INPROGRESS" | "HANDLED") {
        return Err(Failure::bad("state", "state.invalid", state));
    }
    let before = cx.store.handled.get(&id).map(|h| h.note.clone()).unwrap_or_default();
    let note = cx.call.field("note").unwrap_or(before);
    let handled = Handled { state, note, agent: user.to_owned(), at: cx.world.now() };
    cx.store.handled.insert(id, handled);
    let row = items(cx, &groups).remove(&id);
    row.map(Reply::ok).ok_or_else(|| Failure::missing("itemid", "item.does.not.exist", ""))
}
