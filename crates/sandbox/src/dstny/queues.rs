//! Queue statistics, counted from the world's calls, as JSON and as the stream's XML.

use super::answer::{Failure, Reply, Told};
use super::inferred::{STATISTICS_PERIOD, STATISTICS_ROOT};
use super::{Context, DOMAIN, groups, xml};
use crate::world::{Activity, Agent, Channel, DAY, Direction, Phase, Presence, Queue, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = cx.owner();
    Some(match cx.call.op {
        "queue.statistics.org" | "queue.statistics.org.dep" => {
            let incoming = |q: &&Queue| q.channel == Channel::Call && q.direction == Some(Direction::In);
            let all: Vec<&Queue> = cx.world.queues.values().filter(incoming).collect();
            Ok(Reply::ok(document(&cx.world, &all)))
        }
        "queue.statistics.user" | "queue.statistics.user.dep" => {
            Ok(Reply::ok(document(&cx.world, &groups::of(&cx.world, &user))))
        }
        "queue.statistics.queue" => {
            let id = cx.call.path("queueId");
            let found =
                cx.world.queues.values().find(|q| q.channel == Channel::Call && q.id.to_string() == id);
            let row = found.map(|queue| document(&cx.world, &[queue])["queue"][0].take());
            row.map(Reply::ok).ok_or_else(|| Failure::missing("queueId", "group.does.not.exist", id))
        }
        _ => return None,
    })
}

/// Logged in, not on a break, and not on the telephone.
pub(super) fn is_free(world: &World, agent: &Agent) -> bool {
    agent.presence == Presence::Ready
        && agent.lines.is_empty()
        && agent.current.is_empty()
        && world.reachable(agent)
        && world.status(&agent.id).available
}

pub(super) fn waiting(world: &World, queue: u32) -> impl Iterator<Item = &Activity> {
    world.open_activities().filter(move |a| {
        a.queue == Some(queue)
            && a.channel == Channel::Call
            && a.direction == Direction::In
            && matches!(a.phase, Phase::Waiting | Phase::Ringing)
            && !a.parked
    })
}

#[derive(Default)]
struct Count {
    total: [u64; 2],
    answered: [u64; 2],
    dropped: [u64; 2],
    waited: i64,
    last: (i64, i64),
}

fn document(world: &World, of: &[&Queue]) -> Value {
    let now = world.now();
    let mut counts: BTreeMap<u32, Count> = of.iter().map(|q| (q.id, Count::default())).collect();
    let calls =
        world.activities.values().filter(|a| a.channel == Channel::Call && a.direction == Direction::In);
    for call in calls.filter(|a| now - a.created < DAY) {
        let Some(count) = call.queue.and_then(|q| counts.get_mut(&q)) else { continue };
        for (index, within) in [STATISTICS_PERIOD, DAY].into_iter().enumerate() {
            if now - call.created < within {
                count.total[index] += 1;
                count.answered[index] += u64::from(call.talk_since.is_some());
                count.dropped[index] += u64::from(call.missed);
            }
        }
        if let Some(talk) = call.talk_since {
            let waited = (talk - call.created) / 1_000;
            count.waited += waited;
            count.last = count.last.max((talk, waited));
        }
    }
    let row = |queue: &&Queue| {
        let count = &counts[&queue.id];
        let inside: Vec<&Agent> =
            world.agents.values().filter(|a| a.queues.contains_key(&queue.id)).collect();
        let mut presences: BTreeMap<String, u64> = BTreeMap::new();
        for agent in &inside {
            let status = world.status(&agent.id);
            let name = super::office::activity(&status.activity)
                .map_or(status.activity.clone(), |a| a.name.to_owned());
            *presences.entry(name).or_default() += 1;
        }
        let presences: Vec<Value> =
            presences.iter().map(|(name, n)| json!({"name": name, "count": n})).collect();
        let longest = waiting(world, queue.id).map(|a| (now - a.created) / 1_000).max().unwrap_or(0);
        let average = count.waited / i64::try_from(count.answered[1].max(1)).unwrap_or(1);
        json!({"name": queue.name, "domain": DOMAIN, "number": queue.address, "id": queue.id,
            "queueLength": waiting(world, queue.id).count(),
            "availableAgents": inside.iter().filter(|a| is_free(world, a)).count(), "loggedInAgents": inside.len(),
            "longestWaiting": longest, "lastWait": count.last.1, "averageWait": average,
            "droppedCallsForPeriod": count.dropped[0], "totalCallsForPeriod": count.total[0],
            "answeredCallsForPeriod": count.answered[0], "totalCallsLast24h": count.total[1],
            "droppedCallsLast24h": count.dropped[1], "answeredCallsLast24h": count.answered[1],
            "current-agent-presence": presences})
    };
    json!({"queue": of.iter().map(row).collect::<Vec<_>>()})
}

/// The stream's document, for the queues that the user is logged in to.
pub(super) fn stream_document(world: &World, user: &str) -> String {
    let joined = |q: &&Queue| world.agents.get(user).is_some_and(|a| a.queues.contains_key(&q.id));
    let queues: Vec<&Queue> = groups::of(world, user).into_iter().filter(joined).collect();
    xml::document(STATISTICS_ROOT, &document(world, &queues))
}
