//! One call: the platform's state of it in our words.

use std::collections::BTreeMap;

use dstny::call_state::{ActionName, CallState, CallStatus, HistoryInfo, Party as WireParty};
use model::{
    Action, CallControl, Channel, Conference, DeviceId, Direction, Participant, Party, Phase, QueueRef,
    Recording, Timestamp, WrapUpRules,
};

use super::inferred;
use crate::numbers;
use crate::sight::Seen;

/// Reads calls of one agent.
pub(super) struct Reader<'a> {
    pub(super) region: &'a str,
    /// The queue that a name or number belongs to.
    pub(super) queue: &'a dyn Fn(&str) -> Option<QueueRef>,
}

/// What is remembered of a call beyond its last state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Past {
    /// Where it stood when the platform last used a status that we know.
    pub(super) phase: Option<Phase>,
    pub(super) answered_at: Option<Timestamp>,
    pub(super) recording_since: Option<Timestamp>,
}

impl Past {
    /// Takes a state in; ages are counted once, so that they do not tremble with every state.
    pub(super) fn take(&mut self, call: &CallState, now: Timestamp) {
        let ago = |seconds: Option<i64>| now.plus_ms(seconds.unwrap_or_default().saturating_mul(-1_000));
        if let Some(phase) = phase(call) {
            self.phase = Some(phase);
        }
        if inferred::is_established(call) {
            self.answered_at.get_or_insert_with(|| ago(call.duration));
        }
        match recorded(call) {
            None => self.recording_since = None,
            Some(seconds) => drop(self.recording_since.get_or_insert_with(|| ago(seconds))),
        }
    }
}

/// Where a call stands; `None` where the status is not one we know.
pub(super) fn phase(call: &CallState) -> Option<Phase> {
    match (call.status.as_ref()?, call.inbound == Some(true)) {
        (CallStatus::Ringing, true) => Some(Phase::Ringing),
        (CallStatus::Ringing, false) | (CallStatus::Initiated, _) => Some(Phase::Dialling),
        (CallStatus::Active | CallStatus::Held, _) => Some(Phase::Open),
        (CallStatus::Terminated | CallStatus::Other(_), _) => None,
    }
}

/// Whether it is recorded, and for how many seconds by now.
fn recorded(call: &CallState) -> Option<Option<i64>> {
    if call.recording == Some(true) {
        Some(call.recording_duration)
    } else if call.external_recording == Some(true) {
        Some(call.external_recording_duration)
    } else {
        None
    }
}

/// What the platform offers, in our words; and its words that we do not know.
pub(super) fn offered(call: &CallState) -> (Vec<Action>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for word in call.actions.iter().filter_map(|action| action.action.as_ref()) {
        match action_of(word) {
            Some(action) if known.contains(&action) => {}
            Some(action) => known.push(action),
            None => unknown.push(word.as_str().to_owned()),
        }
    }
    (known, unknown)
}

fn action_of(word: &ActionName) -> Option<Action> {
    Some(match word {
        ActionName::Answer => Action::Answer,
        ActionName::Hold => Action::Hold,
        ActionName::Resume => Action::Resume,
        ActionName::Move => Action::Move,
        ActionName::Mute => Action::Mute,
        ActionName::Unmute => Action::Unmute,
        ActionName::Park => Action::Park,
        ActionName::Transfer => Action::Transfer,
        ActionName::StartRecording => Action::RecordStart,
        ActionName::StopRecording => Action::RecordStop,
        ActionName::SaveRecording => Action::RecordSave,
        ActionName::DiscardRecording => Action::RecordDiscard,
        ActionName::PauseRecording => Action::RecordPause,
        ActionName::ResumeRecording => Action::RecordResume,
        ActionName::Other(word) => return inferred::action_of(word),
    })
}

impl Reader<'_> {
    /// A call as it stands; `others` are the agent's other calls.
    pub(super) fn seen(&self, name: &str, call: &CallState, past: &Past, others: &[&CallState]) -> Seen {
        let (mut actions, other_actions) = offered(call);
        for action in inferred::derived(call, &actions, others) {
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
        let other_status = match &call.status {
            Some(CallStatus::Other(word)) => Some(word.clone()),
            _ => None,
        };
        let rings = actions.contains(&Action::Answer);
        let unsaid = if rings { Phase::Ringing } else { Phase::Open };
        let phase = phase(call).or(past.phase).unwrap_or(unsaid);
        let remote = call.remote_party.as_ref();
        let history = call.history_info.as_ref();
        Seen {
            name: name.to_owned(),
            channel: Channel::Call,
            direction: match call.inbound {
                _ if inferred::is_colleague(remote.and_then(|party| party.kind.as_ref())) => {
                    Direction::Internal
                }
                Some(false) => Direction::Out,
                Some(true) | None => Direction::In,
            },
            phase,
            began_at: None,
            answered_at: past.answered_at,
            ended_at: None,
            title: history
                .and_then(|history| history.subject.clone())
                .filter(|subject| !subject.trim().is_empty()),
            party: remote.map(|party| self.party(party)).unwrap_or_default(),
            contact: None,
            queue: history.and_then(|history| self.queue_of(history)),
            ticket: None,
            device: Some(phase)
                .filter(|phase| *phase != Phase::Ringing)
                .and_then(|_| devices(&call.device_ids).pop()),
            on_hold: call.status == Some(CallStatus::Held),
            wrap_up: WrapUpRules::default(),
            call: Some(CallControl {
                muted: call.muted == Some(true),
                recording: recording(call, past, &actions),
                conference: (call.conference == Some(true)).then(|| self.conference(call)),
                devices: devices(&call.device_ids),
                choices: choices(call),
                consults_for: None,
                transferred_by: history.and_then(|history| self.transferred_by(history)),
                remark: call.event_description.clone().filter(|words| !words.trim().is_empty()),
                other_status,
                other_actions,
            }),
            actions,
            web: None,
            facts: Vec::new(),
        }
    }

    pub(super) fn party(&self, party: &WireParty) -> Party {
        let number = party.tel_uri.as_deref().and_then(number_in).or(party.display_number.as_deref());
        let phone = number.filter(|number| !number.trim().is_empty());
        let name = party.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        Party {
            // A name that only repeats the number says nothing.
            name: name.filter(|name| phone.is_none_or(|phone| !same_digits(name, phone))).map(str::to_owned),
            company: None,
            phone: phone.map(|number| numbers::phone(number, self.region)),
            address: None,
        }
    }

    fn queue_of(&self, history: &HistoryInfo) -> Option<QueueRef> {
        let distributed = history.previous_retarget_reason.as_deref() == Some("DISTRIBUTED");
        let previous = history.previous_party.as_ref().filter(|_| distributed);
        let names = [
            previous.and_then(|party| party.display_name.as_deref()),
            history.subject.as_deref(),
            previous.and_then(|party| party.tel_uri.as_deref()).and_then(number_in),
            history.acd_support.as_deref(),
        ];
        let mut said = names.into_iter().flatten().filter(|name| !name.trim().is_empty());
        let known = said.clone().find_map(|name| (self.queue)(name));
        let is_of_a_queue = distributed || history.acd_support.is_some();
        let named =
            said.next().filter(|_| is_of_a_queue).map(|title| QueueRef { id: None, title: title.to_owned() });
        known.or(named)
    }

    fn transferred_by(&self, history: &HistoryInfo) -> Option<Party> {
        let transferred = history.previous_retarget_reason.as_deref() == Some("TRANSFERRED");
        history.previous_party.as_ref().filter(|_| transferred).map(|party| self.party(party))
    }

    fn conference(&self, call: &CallState) -> Conference {
        let of = |participant: &dstny::call_state::Participant| {
            Some(Participant {
                id: participant.id.clone()?.into(),
                party: participant.remote_party.as_ref().map(|party| self.party(party)).unwrap_or_default(),
            })
        };
        Conference { participants: call.participants.iter().filter_map(of).collect() }
    }
}

fn devices(ids: &[String]) -> Vec<DeviceId> {
    ids.iter().map(|id| DeviceId(id.clone())).collect()
}

fn choices(call: &CallState) -> BTreeMap<Action, Vec<DeviceId>> {
    let limited = call.actions.iter().filter(|action| !action.device_ids.is_empty());
    let known =
        limited.filter_map(|action| Some((action_of(action.action.as_ref()?)?, devices(&action.device_ids))));
    known.collect()
}

fn recording(call: &CallState, past: &Past, actions: &[Action]) -> Recording {
    match recorded(call) {
        Some(_) if inferred::is_recording_paused(call, actions) => Recording::Paused,
        Some(_) => Recording::On { since: past.recording_since },
        None => Recording::Off,
    }
}

/// The number in a `tel:` or `sip:` URI, or the text itself where it is none.
pub(super) fn number_in(uri: &str) -> Option<&str> {
    let uri = uri.trim().trim_start_matches('<').trim_end_matches('>');
    let rest = match uri.split_once(':') {
        Some((scheme, rest))
            if ["tel", "sip", "sips"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) =>
        {
            rest
        }
        _ => uri,
    };
    let user = rest.split([';', '@', '?']).next().unwrap_or_default();
    let is_number = user.chars().any(|c| c.is_ascii_digit())
        && user.chars().all(|c| c.is_ascii_digit() || "+*#-. ()".contains(c));
    is_number.then_some(user)
}

fn same_digits(one: &str, other: &str) -> bool {
    let has_letters = one.chars().any(char::is_alphabetic);
    !has_letters && numbers::digits(one) == numbers::digits(other)
}

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
