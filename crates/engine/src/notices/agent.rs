//! Notices of the agent's own: a pause that lasts too long, a record that stays open, a session that ends.

use model::{AccountState, Activity, Link, Notice, NoticeKind, PauseKind, Phase, Presence, Timestamp};

use super::{Clock, LookedAt};

const MINUTE_MS: i64 = 60_000;

/// A reason with the moment from which it is one.
struct Reason {
    key: String,
    kind: NoticeKind,
    from: Timestamp,
    clock: Clock,
}

/// All notices of the agent's own that stand now, and when the next one begins.
pub(super) fn standing(at: &LookedAt, now: Timestamp) -> (Vec<Notice>, Option<Timestamp>) {
    let (mut standing, mut due) = (Vec::new(), None::<Timestamp>);
    for Reason { key, kind, from, clock } in reasons(at) {
        if clock.time(now) >= from {
            standing.push(Notice { key, kind, since: from, notify: true, dismissed: false });
        } else if clock == Clock::Runs {
            due = due.into_iter().chain([from]).min();
        }
    }
    (standing, due)
}

fn reasons(at: &LookedAt) -> Vec<Reason> {
    let minutes = &at.settings.reminders;
    let mut reasons = Vec::new();
    for state in &at.accounts {
        reasons.extend(session_ends(state, minutes.session_minutes));
        // What Offhook has set for a call elsewhere it takes back itself.
        let clock = at.clock(&state.account.id).filter(|_| !at.borrowed.contains(&state.account.id));
        let wraps_up =
            |activity: &Activity| activity.account == state.account.id && activity.phase == Phase::WrapUp;
        // A wrap-up state with its record open is one reason, and the record says more.
        let clock = clock.filter(|_| {
            let agent = state.agent.as_ref();
            let pause = agent.and_then(|agent| agent.pause.as_ref());
            pause.is_none_or(|pause| pause.kind != PauseKind::WrapUp)
                || !at.activities.values().any(|activity| wraps_up(activity))
        });
        reasons.extend(
            clock.and_then(|clock| pause(state, minutes.pause_minutes, minutes.wrap_up_minutes, clock)),
        );
    }
    let open = at.activities.values().filter(|activity| activity.phase == Phase::WrapUp);
    for activity in open.filter(|_| minutes.wrap_up_minutes > 0) {
        let Some(clock) = at.clock(&activity.account) else { continue };
        let ended_at = activity.ended_at.unwrap_or(activity.phase_since);
        let minutes = minutes.wrap_up_minutes;
        let kind = NoticeKind::LongWrapUp {
            activity: Some(activity.id.clone()),
            account: activity.account.clone(),
            ended_at,
            minutes,
        };
        let key = format!("wrap_up/{}", activity.id);
        reasons.push(Reason { key, kind, from: after(ended_at, minutes), clock });
    }
    reasons
}

/// A pause, or the platform's own wrap-up state. What a pause is allowed counts before what pauses are in general.
fn pause(state: &AccountState, pauses: u32, wrap_ups: u32, clock: Clock) -> Option<Reason> {
    let agent = state.agent.as_ref().filter(|agent| agent.presence == Presence::Paused)?;
    let pause = agent.pause.as_ref()?;
    let (account, since) = (state.account.id.clone(), agent.since);
    let is_wrap_up = pause.kind == PauseKind::WrapUp;
    let general = if is_wrap_up { wrap_ups } else { pauses };
    let minutes = pause.max_minutes.or((general > 0).then_some(general))?;
    let key = format!("pause/{account}/{}", since.0);
    let kind = match is_wrap_up {
        true => NoticeKind::LongWrapUp { activity: None, account, ended_at: since, minutes },
        false => NoticeKind::LongPause { account, title: pause.title.clone(), paused_at: since, minutes },
    };
    Some(Reason { key, kind, from: after(since, minutes), clock })
}

/// The platform ends a session by its own clock, whether it is heard or not.
fn session_ends(state: &AccountState, minutes: u32) -> Option<Reason> {
    let at = state.health.session_ends.filter(|_| minutes > 0 && state.health.link != Link::SignedOut)?;
    let account = state.account.id.clone();
    let key = format!("session/{account}/{}", at.0);
    let from = at.plus_ms(-i64::from(minutes) * MINUTE_MS);
    Some(Reason { key, kind: NoticeKind::SessionEnds { account, at }, from, clock: Clock::Runs })
}

fn after(since: Timestamp, minutes: u32) -> Timestamp {
    since.plus_ms(i64::from(minutes) * MINUTE_MS)
}
