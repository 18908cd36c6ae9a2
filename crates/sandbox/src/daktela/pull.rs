//! The long poll. The answer waits until something changed for this agent, or until the hold is over.
//!
//! A hash is an epoch (one life of the server) and the revision up to which the app knows everything. Each of the
//! agent's topics has the revision of its last change, so an answer holds the keys whose topic is newer than the hash.

use super::auth::dressed;
use super::models::{FULL, View, activity as activity_row, model, session as session_row};
use super::request::text;
use super::{Context, Failure, Reply};
use crate::Centre;
use crate::world::records::text as field;
use crate::world::{Activity, Phase, TOPICS, Topic, World};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Counts a poll while it is in flight, however it ends.
struct InFlight<'a> {
    centre: &'a Arc<Centre>,
    user: &'a str,
}

impl<'a> InFlight<'a> {
    fn begin(centre: &'a Arc<Centre>, user: &'a str) -> Self {
        let mut world = centre.world();
        world.sign_in_to_file(user);
        let now = world.now();
        if let Some(agent) = world.agents.get_mut(user) {
            agent.last_heard = now;
            agent.polls_in_flight += 1;
            agent.most_polls_in_flight = agent.most_polls_in_flight.max(agent.polls_in_flight);
        }
        Self { centre, user }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let mut world = self.centre.world();
        let now = world.now();
        if let Some(agent) = world.agents.get_mut(self.user) {
            agent.polls_in_flight = agent.polls_in_flight.saturating_sub(1);
            agent.last_heard = now;
        }
    }
}

/// What the app already knows.
enum Known {
    Nothing,
    Upto(u64),
}

pub(super) async fn pull(cx: &Context<'_>, user: &str, token: &str) -> Result<Reply, Failure> {
    let _in_flight = InFlight::begin(cx.centre, user);
    let sent = cx.call.params.get("hash").and_then(text).unwrap_or_default();
    let known = read_hash(cx, &sent)?;
    let hold =
        Duration::from_secs(u64::try_from(cx.switches.number("poll_hold").unwrap_or(15)).unwrap_or(15));
    let over = tokio::time::sleep(hold);
    tokio::pin!(over);
    let Some(mut bell) = cx.centre.world().agents.get(user).map(crate::world::Agent::subscribe) else {
        return Err(Failure::Unauthorized);
    };
    loop {
        bell.mark_unchanged();
        let now = cx.centre.world().now();
        if cx.centre.tokens().user_of(token, now).is_none() {
            return Err(Failure::Unauthorized);
        }
        let news = news(cx, user, &known);
        if let Some(news) = news {
            return if cx.centre.faults().silent("daktela", &["appPullData"]) {
                Err(Failure::Silence)
            } else {
                Ok(Reply::ok(news))
            };
        }
        tokio::select! {
            () = &mut over => {
                return if cx.centre.faults().silent("daktela", &["appPullData"]) {
                    Err(Failure::Silence)
                } else {
                    Ok(Reply::ok(json!({"hash": sent})))
                };
            }
            _ = bell.changed() => {}
        }
    }
}

fn hash(cx: &Context<'_>, revision: u64) -> String {
    let epoch = cx.centre.epoch.load(Ordering::Relaxed);
    if cx.switches.is("hash", "awkward") {
        format!("{epoch:x}+/{revision:x}==")
    } else {
        format!("{epoch:08x}{revision:016x}")
    }
}

fn read_hash(cx: &Context<'_>, sent: &str) -> Result<Known, Failure> {
    if sent.is_empty() {
        return Ok(Known::Nothing);
    }
    let parsed = match sent.strip_suffix("==").and_then(|s| s.split_once("+/")) {
        Some((epoch, revision)) => {
            u64::from_str_radix(epoch, 16).ok().zip(u64::from_str_radix(revision, 16).ok())
        }
        None if sent.len() == 24 && sent.is_ascii() => {
            u64::from_str_radix(&sent[..8], 16).ok().zip(u64::from_str_radix(&sent[8..], 16).ok())
        }
        None => None,
    };
    let epoch = cx.centre.epoch.load(Ordering::Relaxed);
    match parsed {
        Some((e, revision)) if e == epoch && revision <= cx.centre.world().revision => {
            Ok(Known::Upto(revision))
        }
        _ if cx.switches.is("unknown_hash", "reject") => Err(Failure::words("Unknown hash")),
        _ => Ok(Known::Nothing),
    }
}

/// The keys that changed, with the new hash; none if nothing did.
fn news(cx: &Context<'_>, user: &str, known: &Known) -> Option<Value> {
    let mut world = cx.centre.world();
    let agent = world.agents.get(user)?;
    let newer = |topic: Topic| match known {
        Known::Nothing => true,
        Known::Upto(revision) => agent.changed(topic) > *revision,
    };
    let topics: Vec<Topic> = TOPICS.into_iter().filter(|t| newer(*t)).collect();
    if topics.is_empty() {
        return None;
    }
    let mut result = Map::new();
    for topic in topics {
        let (key, value) = match topic {
            Topic::Activities => ("activities", activities(cx, &mut world, user, known)),
            Topic::Presence => ("extension", extension(cx, &world, user)),
            Topic::Queues => ("queues", queues(cx, &world, user)),
            Topic::Missed => ("missedChannels", missed(cx, &world, user)),
            Topic::Announcements => ("announcements", announcements(cx, &world, user)),
            Topic::Reload => ("reloadUser", reload(cx, &mut world, user)),
        };
        result.insert(key.into(), value);
    }
    result.insert("hash".into(), json!(hash(cx, world.revision)));
    Some(Value::Object(result))
}

fn activities(cx: &Context<'_>, world: &mut World, user: &str, known: &Known) -> Value {
    let delta = cx.switches.is("pull", "delta");
    let since = match known {
        Known::Upto(revision) if delta => *revision,
        _ => 0,
    };
    let Some(agent) = world.agents.get(user) else { return json!([]) };
    let sees = |a: &&Activity| World::sees(agent, a);
    let mut rows: Vec<&Activity> = if since > 0 {
        // What changed, even if the change was that it is no longer this agent's.
        let told = |a: &&Activity| a.revision > since && (sees(a) || a.seen_by.contains(user));
        world.activities.values().filter(told).collect()
    } else {
        world.open_activities().filter(sees).collect()
    };
    rows.sort_by_key(|a| (a.created, a.item_number));
    let ids: Vec<String> = rows.iter().map(|a| a.id.clone()).collect();
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    let Some(model) = model("activities") else { return json!([]) };
    let drawn = rows.iter().map(|a| view.draw(model, &activity_row(a, world), FULL)).collect();
    let ringing = rows.iter().filter(|a| a.phase == Phase::Ringing && a.agent.as_deref() == Some(user));
    for activity in ringing.filter(|a| since_changed(a, known)) {
        cx.marks.add("call.ringing_written", user, &activity.id);
    }
    for id in ids {
        if let Some(activity) = world.activities.get_mut(&id)
            && !activity.seen_by.contains(user)
        {
            activity.seen_by.insert(user.to_owned());
        }
    }
    dressed(drawn, cx.switches.get("activities"))
}

fn since_changed(activity: &Activity, known: &Known) -> bool {
    match known {
        Known::Nothing => true,
        Known::Upto(revision) => activity.revision > *revision,
    }
}

fn extension(cx: &Context<'_>, world: &World, user: &str) -> Value {
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    let (Some(agent), Some(model)) = (world.agents.get(user), model("realtimeSessions")) else {
        return Value::Null;
    };
    let mut drawn = view.draw(model, &session_row(agent, world), FULL);
    if let Value::Object(drawn) = &mut drawn {
        drawn.remove("name");
        let since = drawn.get("onpause").cloned().unwrap_or(Value::Null);
        match cx.switches.get("pause_since") {
            "onpause" => {}
            "both" => drop(drawn.insert("on_pause".into(), since)),
            _ => {
                drawn.remove("onpause");
                drawn.insert("on_pause".into(), since);
            }
        }
        match cx.switches.get("device_name") {
            "first" => drop(drawn.insert("exten".into(), json!(agent.devices.first()))),
            "object" => {
                let rows = agent.devices.iter().filter_map(|d| world.devices.get(d));
                let rows: Vec<Value> = rows.map(|d| json!({"name": d.id, "title": d.title})).collect();
                drawn.insert("exten".into(), json!(rows));
            }
            _ => {}
        }
    }
    drawn
}

fn queues(cx: &Context<'_>, world: &World, user: &str) -> Value {
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    let Some(agent) = world.agents.get(user) else { return json!([]) };
    let rows =
        agent.queues.iter().map(|(queue, penalty)| view.queue_for(*queue, &agent.profile, Some(*penalty)));
    Value::Array(rows.collect())
}

fn missed(cx: &Context<'_>, world: &World, user: &str) -> Value {
    let missed = world.agents.get(user).map_or(0, |a| a.missed);
    match cx.switches.get("missed") {
        "string" => json!(missed.to_string()),
        "map" => json!({"CALL": missed, "EMAIL": 0, "CHAT": 0}),
        _ => json!(missed),
    }
}

fn announcements(cx: &Context<'_>, world: &World, user: &str) -> Value {
    let view = View::new(world, cx.switches, &cx.zone, Some(user));
    world.records.list("announcements").map(|row| view.reference("announcements", field(row, "id"))).collect()
}

/// Told once: the app is to read whoim again.
fn reload(cx: &Context<'_>, world: &mut World, user: &str) -> Value {
    let reload = world.agents.get_mut(user).is_some_and(|a| std::mem::take(&mut a.reload));
    match cx.switches.get("reload_user") {
        "int" => json!(i32::from(reload)),
        "string" => json!(if reload { "1" } else { "" }),
        _ => json!(reload),
    }
}
