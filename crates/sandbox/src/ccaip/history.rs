//! What was before the first request: the centre's past calls, chats and e-mails, and the log of the last working days.

use super::ledger::{Ledger, begun, reason};
use super::session::{Kind, Session};
use super::statuses::{AVAILABLE, UNAVAILABLE, of_pause};
use crate::world::{Activity, Channel, DAY, Direction, HOUR, MINUTE, Millis, Phase, World};

/// How many working days back the log reaches, and for how many agents.
const DAYS: i64 = 7;
const LOGGED: usize = 40;

pub(super) fn fill(ledger: &mut Ledger, world: &World) {
    let mut past: Vec<&Activity> = world.activities.values().filter(|a| a.phase == Phase::Closed).collect();
    past.sort_by_key(|a| a.item_number);
    for activity in past {
        if let Some(session) = was(activity) {
            ledger.put(session);
        }
    }
    for agent in world.roster.iter().take(LOGGED) {
        for day in (1..=DAYS).rev() {
            worked(ledger, world, agent, world.now() - day * DAY);
        }
    }
    ledger.desks.logs.sort_by_key(|log| log.from);
    for (id, log) in (500_000..).zip(&mut ledger.desks.logs) {
        log.id = id;
    }
}

/// A past activity as this platform recorded it.
fn was(activity: &Activity) -> Option<Session> {
    let kind = match activity.channel {
        Channel::Call => Kind::Call,
        Channel::Email => Kind::Email,
        Channel::Comment => return None,
        _ => Kind::Chat,
    };
    let mut session = begun(activity, kind);
    let ended = activity.talk_ended.or(activity.closed)?;
    let inbound = activity.direction == Direction::In;
    match kind {
        Kind::Email => session.queue(activity.created, "unopened"),
        _ if inbound => session.queue(activity.created, "queued"),
        _ => session.step(activity.created, "assigned"),
    }
    match (&activity.agent, activity.talk_since) {
        (Some(agent), Some(talk)) => {
            session.offers.extend(inbound.then(|| (activity.ringing_since.unwrap_or(talk), agent.clone())));
            session.take(talk, agent, if kind == Kind::Email { "active" } else { "assigned" });
            if let Some(handle) = session.handles.last_mut() {
                handle.after = activity.closed.map_or(0, |closed| (closed - ended).max(0));
            }
            session
                .messages
                .extend([talk + 6_000, ended - 5_000].into_iter().filter(|at| *at > activity.created));
            session.messages.sort_unstable();
            session.rating = (session.id % 4 == 0).then_some(1 + session.id % 5);
            session.recorded = kind == Kind::Call;
            session.disconnected_by = match activity.ended_by {
                Some(crate::world::EndedBy::Customer) => "disconnected_by_end_user",
                _ => "disconnected_by_agent",
            };
            session.end(ended, if kind == Kind::Email { "resolved" } else { "finished" });
        }
        _ if kind == Kind::Call => session.fails(ended, reason(activity)),
        _ => session.end(ended, if kind == Kind::Email { "closed" } else { "canceled" }),
    }
    Some(session)
}

/// One working day of one agent, from eight to five in UTC.
fn worked(ledger: &mut Ledger, world: &World, agent: &str, day: Millis) {
    let midnight = day - day.rem_euclid(DAY);
    // The first of January 1970 was a Thursday.
    if matches!((midnight / DAY + 4).rem_euclid(7), 0 | 6) {
        return;
    }
    let eight = midnight + 8 * HOUR;
    let pause = |id| of_pause(world, id).unwrap_or(UNAVAILABLE);
    let shift = [
        (0, AVAILABLE),
        (2 * HOUR, pause("coffee")),
        (2 * HOUR + 10 * MINUTE, AVAILABLE),
        (4 * HOUR, pause("lunch")),
        (4 * HOUR + 40 * MINUTE, AVAILABLE),
        (9 * HOUR, 0),
    ];
    let desks = &mut ledger.desks;
    desks.write(agent, "login", AVAILABLE, eight, Some(eight), None, None);
    for pair in shift.windows(2) {
        let ((from, status), (to, _)) = (pair[0], pair[1]);
        desks.write(agent, "user_status_changed", status, eight + from, Some(eight + to), None, None);
    }
    let five = eight + 9 * HOUR;
    desks.write(agent, "logout", AVAILABLE, five, Some(five), None, None);
}
