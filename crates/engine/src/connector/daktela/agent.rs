//! The agent, the queues and the announcements in our words.

use daktela::Whoim;
use daktela::models::{AgentState, PauseKind as Kind, Queue as WireQueue, Reachability, RealtimeSession};
use model::{Announcement, Pause, PauseId, PauseKind, Presence, Queue, QueueId, QueueJoin, Reach, Timestamp};

use crate::sight::SeenAgent;

pub(super) fn queue(queue: &WireQueue, logged_in: bool) -> Queue {
    let relation = queue.relation.get("login").map(|login| login.as_str().unwrap_or_default());
    let join = match relation {
        Some("manual") | None => QueueJoin::Manual,
        Some("auto") => QueueJoin::Automatic,
        Some("fix") => QueueJoin::Fixed,
        Some(_) => QueueJoin::Never,
    };
    Queue {
        id: QueueId(queue.name.clone()),
        title: queue.title.clone().unwrap_or_else(|| queue.name.clone()),
        kind: queue.kind.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        outgoing: queue.is_outgoing(),
        join,
        logged_in,
    }
}

pub(super) fn presence(session: &RealtimeSession) -> Presence {
    match session.state {
        Some(AgentState::Session) => Presence::NotReady,
        Some(AgentState::Idle | AgentState::Busy) => Presence::Ready,
        Some(AgentState::Paused) => Presence::Paused,
        Some(AgentState::Other(_)) | None => Presence::Unknown,
    }
}

pub(super) fn agent(whoim: &Whoim, session: &RealtimeSession) -> SeenAgent {
    let presence = presence(session);
    let is_paused = presence == Presence::Paused;
    let on_pause = session.id_pause.as_ref().filter(|_| is_paused);
    let pause = on_pause.map(|fk| {
        let name = fk.name.clone().unwrap_or_default();
        let known = whoim.pauses.iter().find(|pause| pause.name == name);
        known.or(fk.full.as_deref()).map(pause_of).unwrap_or_else(|| Pause {
            title: fk.label().to_owned(),
            id: PauseId(name),
            kind: PauseKind::Custom,
            paid: None,
            max_minutes: None,
        })
    });
    let since = session.on_pause.filter(|_| is_paused).or(session.statetime);
    SeenAgent {
        username: whoim.user.name.clone(),
        name: whoim.user.title.clone().unwrap_or_else(|| whoim.user.name.clone()),
        presence,
        pause,
        since: since.map(moment),
        reach: match session.exten_status {
            Some(Reachability::Idle) => Reach::Reachable,
            Some(Reachability::Busy) => Reach::Busy,
            Some(Reachability::Unavailable) => Reach::Unreachable,
            Some(Reachability::Other(_)) | None => Reach::Unknown,
        },
        always_ready: whoim.user.is_static == Some(true),
        pauses: whoim.pauses.iter().map(pause_of).collect(),
    }
}

fn pause_of(pause: &daktela::models::Pause) -> Pause {
    Pause {
        id: PauseId(pause.name.clone()),
        title: pause.title.clone().unwrap_or_else(|| pause.name.clone()),
        kind: match pause.kind {
            None | Some(Kind::Other(_)) => PauseKind::Custom,
            Some(Kind::Wrap) => PauseKind::WrapUp,
            Some(Kind::Lajdak) => PauseKind::Unanswered,
            Some(Kind::Dnd) => PauseKind::Dnd,
        },
        paid: pause.paid,
        // 0 is no limit.
        max_minutes: pause.max_duration.and_then(|minutes| u32::try_from(minutes).ok()).filter(|m| *m > 0),
    }
}

/// Inferred: an announcement has a text under one of these keys, or is one.
pub(super) fn announcement(value: &serde_json::Value) -> Option<Announcement> {
    let text_of = |key: &str| value.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
    let text = ["text", "message", "content", "title"].into_iter().find_map(text_of);
    let text = super::people::plain(&text.or_else(|| value.as_str().map(str::to_owned))?);
    let id = ["name", "id"].into_iter().find_map(text_of).unwrap_or_else(|| text.clone());
    Some(Announcement { id, text })
}

/// A moment of the client's in ours.
pub(super) fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp(at.as_millisecond())
}
