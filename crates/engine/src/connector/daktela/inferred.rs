//! What no document says outright of figures and of the past, in one place: each rule here may turn out otherwise somewhere.

use daktela::models::{
    Activity, ActivityCall, AgentState, Direction as Way, Queue, QueueKind, Reachability, RealtimeSession,
};
use model::Channel;

/// The longest call. Inferred: what is not told to be over after so long was forgotten by the platform, in seconds.
pub(super) const LONGEST_CALL_S: i64 = 4 * 3600;

/// How a profile stands to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belongs {
    /// Whoever is signed in is in it.
    ByItself,
    /// Agents log in and out by hand.
    ByHand,
    /// Nobody of the profile is in it.
    Never,
}

/// Inferred: an agent who takes contacts or is on a pause is in every queue to which the profile logs in by itself
/// (`auto`, `fix`). Of queues by hand, and where the relation is not told, nobody says who is in them.
pub(super) fn belongs(queue: &Queue) -> Belongs {
    match queue.relation.get("login").and_then(|login| login.as_str()) {
        Some("auto" | "fix") => Belongs::ByItself,
        Some("manual") | None => Belongs::ByHand,
        Some(_) => Belongs::Never,
    }
}

/// Whether an agent could take something now. Inferred: ready, in no call, and for calls with a device that is there.
pub(super) fn is_free(session: &RealtimeSession, channel: Channel) -> bool {
    let busy = session.id_call.as_deref().is_some_and(|call| !call.is_empty());
    let reached = channel != Channel::Call || session.exten_status == Some(Reachability::Idle);
    session.state == Some(AgentState::Idle) && !busy && reached
}

/// Which channel a queue is for. Inferred from its type where the document only names it.
pub(super) fn channel_of(queue: &Queue) -> Option<Channel> {
    Some(match queue.kind.as_ref()? {
        QueueKind::In
        | QueueKind::ClickToCall
        | QueueKind::Out
        | QueueKind::Outbounder
        | QueueKind::Progressive
        | QueueKind::Dialer
        | QueueKind::Interviewer => Channel::Call,
        QueueKind::Email => Channel::Email,
        QueueKind::Sms => Channel::Sms,
        QueueKind::Chat => Channel::Chat,
        QueueKind::Fbm => Channel::Messenger,
        QueueKind::Igdm => Channel::Instagram,
        QueueKind::SocialMedia => Channel::Social,
        QueueKind::Wap => Channel::Whatsapp,
        QueueKind::Vbr => Channel::Viber,
        QueueKind::Custom | QueueKind::Other(_) => return None,
    })
}

/// Whether a call is over. Inferred: whoever ended it, or why nobody answered, is told when it is and not before.
pub(super) fn is_over(call: &ActivityCall) -> bool {
    call.disposition_cause.is_some() || (call.answered != Some(true) && call.disconnection_cause.is_some())
}

/// When the agent's part in a past activity began. Inferred: `time_wait` is when it began to ring at whoever has it now;
/// what the agent began has no such time.
pub(super) fn began(activity: &Activity, way: Option<&Way>) -> Option<jiff::Timestamp> {
    match way {
        Some(Way::Out) => activity.time.or(activity.time_open),
        _ => activity.time_wait.or(activity.time_open).or(activity.time),
    }
}
