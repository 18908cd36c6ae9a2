//! What no document says outright, in one place: each rule here may turn out otherwise at some tenant.

use dstny::End;
use dstny::call_state::{CallState, CallStatus, PartyType};
use dstny::config::ConfiguredRole;
use dstny::presence::{DurationType, Shortcut};
use dstny::sip::{Dialog, DialogState, Direction};
use jiff::civil::Weekday;
use jiff::{ToSpan, Zoned};
use model::{Action, Timestamp};
use wire::Error;

use crate::sight::Fate;

/// Inferred: the codes of the scopes that our operations need. The document spells only [`CERTAIN_SCOPES`].
pub(super) const SCOPES: [&str; 14] = [
    "CALLS",
    "USER",
    "CONTACT",
    "CALL_CONTROL",
    "CALL_RECORDING",
    "QUEUE_STATISTICS",
    "EVENT_CHANNEL",
    "SMS",
    "ACD",
    "REPORTS",
    "COMMUNICATION_LOG",
    "PERSONAL_CONTACTS",
    "LINE_STATE",
    "VOICEMAIL_SETTINGS",
];

/// The codes that the document shows.
pub(super) const CERTAIN_SCOPES: [&str; 4] = ["CALLS", "USER", "CONTACT", "CALL_CONTROL"];

/// Inferred: a tenant that does not know a scope refuses the whole ticket with words about `api`.
pub(super) fn is_about_scopes(error: &Error) -> bool {
    let Error::Refused { fields, words, .. } = error else { return false };
    fields.contains_key("api") || words.iter().any(|words| words.contains("api"))
}

/// Inferred: an action's word for what the document has an operation but shows no word for.
pub(super) fn action_of(word: &str) -> Option<Action> {
    Some(match word {
        "CLEAR" | "HANGUP" => Action::Hangup,
        "DECLINE" | "REJECT" => Action::Decline,
        "DTMF" | "SEND_DTMF" => Action::Dtmf,
        "CONSULT" | "CONSULTATION" => Action::Consult,
        "TRANSFER_CALLS" => Action::Join,
        "CONFERENCE" => Action::Conference,
        "REMOVE_PARTICIPANT" => Action::RemoveParticipant,
        "LEAVE" | "LEAVE_CONFERENCE" => Action::LeaveConference,
        "ALTERNATE" => Action::Swap,
        _ => return None,
    })
}

/// Inferred: what the operations' own descriptions allow where no sample names an action for it. `offered` is what the
/// platform sent for this call; `others` are the agent's other calls.
pub(super) fn derived(call: &CallState, offered: &[Action], others: &[&CallState]) -> Vec<Action> {
    let can_transfer = offered.contains(&Action::Transfer);
    let is_open = is_established(call);
    let is_active = call.status == Some(CallStatus::Active);
    let is_conference = call.conference == Some(true);
    let other = |test: fn(&CallState) -> bool| others.iter().any(|other| test(other));
    let mut derived = Vec::new();
    let mut add = |action, allowed: bool| derived.extend(allowed.then_some(action));
    // cti.clear: "hanging up an established call, reject a call in the ringing state, cancel an outbound ringing call".
    add(Action::Decline, rings_here(call));
    add(Action::Hangup, !rings_here(call) && call.status != Some(CallStatus::Terminated));
    // cti.dtmf: "sent within the call".
    add(Action::Dtmf, is_active);
    // cti.transfer has types for both.
    add(Action::ToVoicemail, can_transfer);
    add(Action::CampOn, can_transfer);
    // cti.consultation: "re-using an existing call leg putting that call on hold"; one background call per device.
    add(Action::Consult, is_open && !is_conference && can_transfer && !other(goes_on));
    // cti.transfercalls: "a user having two separate calls"; the target may still ring.
    add(Action::Join, is_open && can_transfer && other(goes_on));
    // cti.conference: any established call can become one, and takes another.
    add(Action::Conference, is_open && other(is_established));
    // cti.alternate: "place an existing call on hold and retrieve a held call".
    add(Action::Swap, is_active && other(|other| other.status == Some(CallStatus::Held)));
    add(Action::RemoveParticipant, is_open && is_conference && !call.participants.is_empty());
    add(Action::LeaveConference, is_open && is_conference);
    derived
}

/// Whether somebody talks, or holds.
pub(super) fn is_established(call: &CallState) -> bool {
    matches!(call.status, Some(CallStatus::Active | CallStatus::Held))
}

/// Whether it rings at the agent.
pub(super) fn rings_here(call: &CallState) -> bool {
    call.status == Some(CallStatus::Ringing) && call.inbound == Some(true)
}

fn goes_on(call: &CallState) -> bool {
    is_established(call) || (call.status == Some(CallStatus::Ringing) && call.inbound != Some(true))
}

/// Inferred: the other side is a colleague when the platform knows it as a user.
pub(super) fn is_colleague(kind: Option<&PartyType>) -> bool {
    kind == Some(&PartyType::User)
}

/// Inferred: a recording of the platform's own is paused when it can be resumed; only an external one says so.
pub(super) fn is_recording_paused(call: &CallState, actions: &[Action]) -> bool {
    call.external_recording_paused == Some(true) || actions.contains(&Action::RecordResume)
}

/// Inferred: a presence names its role by id or by name; both are one role.
pub(super) fn is_role(role: &ConfiguredRole, said: &str) -> bool {
    let is_said = |text: &Option<String>| text.as_ref().is_some_and(|text| text.eq_ignore_ascii_case(said));
    [&role.id, &role.state_name, &role.name].into_iter().any(is_said)
}

/// Inferred: a dialog is the call whose id it carries, in one field or the other.
pub(super) fn is_dialog_of(dialog: &Dialog, call: &str) -> bool {
    dialog.id == call || dialog.call_id.as_deref() == Some(call)
}

/// Inferred: what the end of a dialog that rang means for the agent (RFC 4235 names the events, not what a telephone
/// system says with them). Code 200 stands for "call completed elsewhere" (RFC 3326).
pub(super) fn fate_of(dialog: &Dialog) -> Fate {
    match (dialog.event.as_deref(), dialog.code) {
        (Some("replaced"), _) | (Some("cancelled" | "rejected"), Some(200)) => Fate::Elsewhere,
        (Some("cancelled" | "remote-bye"), _) => Fate::Abandoned,
        // Refused on the device, too: it goes on to somebody else.
        (Some("timeout" | "rejected" | "local-bye"), _) => Fate::Passed,
        _ => Fate::Gone,
    }
}

/// Whether a dialog still rings at the agent.
pub(super) fn dialog_rings(dialog: &Dialog) -> bool {
    matches!(dialog.state, DialogState::Trying | DialogState::Proceeding | DialogState::Early)
        && dialog.direction != Some(Direction::Initiator)
}

/// Inferred: a device whose status says so cannot ring; without a status (mobiles) it can.
pub(super) fn is_out_of_reach(status: Option<&str>) -> bool {
    status.is_some_and(|status| status.eq_ignore_ascii_case("INACTIVE"))
}

/// Inferred: a command failed because its `stateToken` is not the platform's any more. Which status says so is not
/// documented; a refusal that names the token, or one of the statuses made for it.
pub(super) fn is_conflict(error: &Error) -> bool {
    let Error::Refused { status, words, fields } = error else { return false };
    let names_token = |text: &String| text.to_ascii_lowercase().contains("statetoken");
    let named = fields.keys().any(names_token)
        || fields.values().flatten().any(names_token)
        || words.iter().any(names_token);
    matches!(status, 409 | 412) || named
}

/// Inferred: there is no operation that takes the active diversion away; an empty number does.
pub(super) const NO_NUMBER: &str = "";

/// Inferred: when a shortcut's presence ends. The next working day begins at midnight, and Saturday and Sunday are none.
pub(super) fn end_of(shortcut: &Shortcut, now: &Zoned) -> End {
    let end = match shortcut.duration_type {
        Some(DurationType::Minutes) => {
            shortcut.duration_minutes.and_then(|minutes| now.checked_add(minutes.minutes()).ok())
        }
        Some(DurationType::UntilNextWorkingDay) => {
            let days = match now.weekday() {
                Weekday::Friday => 3,
                Weekday::Saturday => 2,
                _ => 1,
            };
            now.checked_add(i64::from(days).days()).and_then(|day| day.start_of_day()).ok()
        }
        Some(DurationType::NoEndTime | DurationType::Other(_)) | None => None,
    };
    end.map_or(End::Never, |end| End::At(end.timestamp()))
}

/// When the conversation of an entry of the log began and ended. Inferred: an entry begins with its conversation; one that does
/// not say how long it was has no end.
pub(super) fn conversation(began: Timestamp, seconds: Option<i64>) -> (Option<Timestamp>, Option<Timestamp>) {
    (Some(began), seconds.map(|seconds| began.plus_ms(seconds.saturating_mul(1_000))))
}
