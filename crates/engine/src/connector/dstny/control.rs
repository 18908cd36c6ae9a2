//! What is done with a live call, and the `stateToken` that goes with it.
//!
//! A command names the state that it was given for. If the platform has moved on meanwhile, it refuses, in words and with a
//! status that are not documented; so after any refusal the call is looked at anew. If it changed, the command is
//! repeated once, only if it is still offered and still means the same: the same parties, in the same phase. Otherwise
//! nothing is done, and the agent is told that the call changed.

use dstny::Known;
use dstny::call_control::{MakeCall, TransferKind};
use dstny::call_state::{CallState, Party};
use model::{Control, DeviceId, Handing};
use wire::Error;

use super::{Dstny, call, inferred};
use crate::sight::{Done, Effect, Failure};
use crate::{clock, problem};

/// The calls that a command is about, as they were looked at.
struct Calls {
    call: CallState,
    other: Option<CallState>,
}

impl Calls {
    fn tokens(&self) -> (Option<i64>, Option<i64>) {
        (self.call.state_token, self.other.as_ref().and_then(|other| other.state_token))
    }
}

impl Dstny {
    pub(super) async fn control(
        &self,
        id: String,
        control: Control,
        other: Option<String>,
    ) -> Result<Done, Failure> {
        let mut calls = self.calls(&id, other.as_deref()).await?;
        let mut is_first = true;
        loop {
            match self.command(&control, &calls).await {
                Ok(answer) => {
                    let begun = answer.call_id.clone().filter(|begun| *begun != id);
                    let made = begun.filter(|_| matches!(control, Control::Consult { .. }));
                    self.answered(answer, &id);
                    return Ok(Done { made, ..Done::default() });
                }
                Err(error) if is_first && dstny::may_be_outdated(&error) => {
                    is_first = false;
                    let now = self.look_at(&id, other.as_deref()).await?;
                    if !inferred::is_conflict(&error) && calls.tokens() == now.tokens() {
                        // Nothing changed: it is the command that was refused.
                        return Err(self.failure(&error));
                    }
                    if !means_the_same(&control, &calls, &now) {
                        return Err(Failure::changed());
                    }
                    calls = now;
                }
                Err(error) => {
                    // However the call stands now, it is worth knowing at once.
                    self.news.calls.notify_one();
                    let is_changed = inferred::is_conflict(&error) || error == Error::NotFound;
                    return Err(if is_changed { Failure::changed() } else { self.failure(&error) });
                }
            }
        }
    }

    /// The calls as they are known, or as they are if they are not.
    async fn calls(&self, id: &str, other: Option<&str>) -> Result<Calls, Failure> {
        let known = {
            let picture = self.picture();
            let known = |id: &str| picture.book.call(id).cloned();
            match (known(id), other.map(known)) {
                (Some(call), None) => Some(Calls { call, other: None }),
                (Some(call), Some(Some(other))) => Some(Calls { call, other: Some(other) }),
                _ => None,
            }
        };
        match known {
            Some(calls) => Ok(calls),
            None => self.look_at(id, other).await,
        }
    }

    /// The calls as they are.
    async fn look_at(&self, id: &str, other: Option<&str>) -> Result<Calls, Failure> {
        let look = self.picture().book.look();
        let read = async |id: &str| {
            let read = self.client.call_state(id).await;
            match &read {
                Ok(call) => self.picture().book.looked(look, call.clone(), clock::now()),
                Err(Error::NotFound) => self.picture().book.not_there(look, id, clock::now()),
                Err(_) => {}
            }
            read.map_err(|error| match error {
                Error::NotFound => Failure::changed(),
                error => Failure { effect: Effect::Refused, ..self.failure(&error) },
            })
        };
        let call = read(id).await;
        let other = match other {
            Some(other) => read(other).await.map(Some),
            None => Ok(None),
        };
        self.show();
        Ok(Calls { call: call?, other: other? })
    }

    /// Takes in what a command's answer says of its call, or of the call that it began. It is news like an event: a look
    /// that was asked for before it came may have been answered before the command was carried out.
    pub(super) fn answered(&self, mut answer: CallState, id: &str) {
        answer.call_id.get_or_insert_with(|| id.to_owned());
        if answer.status.is_some() {
            // What may be old is looked into below.
            let _ = self.picture().book.event(answer, clock::now());
        }
        self.news.calls.notify_one();
        self.show();
    }

    async fn command(&self, control: &Control, calls: &Calls) -> Result<CallState, Error> {
        let client = &self.client;
        let gone = || Error::invalid("call", "it has no name");
        let call = Known::of(&calls.call).ok_or_else(gone)?;
        let other = || {
            let other = calls.other.as_ref().and_then(Known::of);
            other.ok_or_else(|| Error::invalid("call", "there is no other call"))
        };
        match control {
            Control::Hold => client.hold(call).await,
            Control::Resume => client.resume(call).await,
            Control::Mute => client.mute(call).await,
            Control::Unmute => client.unmute(call).await,
            Control::Dtmf { digits } => client.dtmf(call, &digits.to_ascii_uppercase()).await,
            Control::Transfer { to, handing } => {
                let kind = match handing {
                    Handing::Blind => TransferKind::Basic,
                    Handing::Voicemail => TransferKind::Voicemail,
                    Handing::CampOn => TransferKind::CampOn,
                };
                client.transfer_blind(call, &uri(to), &kind).await
            }
            Control::Consult { to, device } => self.consult(calls, to, device.as_ref()).await,
            Control::Join { when_answered: true, .. } => {
                client.transfer_calls_when_answered(call, other()?).await
            }
            Control::Join { when_answered: false, .. } => client.transfer_calls(call, other()?).await,
            Control::Conference { .. } => client.conference(call, other()?).await,
            Control::RemoveParticipant { participant } => {
                client.remove_participant(call, participant.as_str()).await
            }
            Control::LeaveConference => client.leave_conference(call.call_id).await,
            Control::Swap { .. } => client.alternate(call, other()?).await,
            Control::Move { device } => client.move_call(call, device.as_str()).await,
            Control::Park => client.park(call).await,
            Control::RecordStart => client.recording_start(call).await,
            Control::RecordStop => client.recording_stop(call).await,
            Control::RecordPause => client.recording_pause(call).await,
            Control::RecordResume => client.recording_resume(call).await,
            Control::RecordSave => client.recording_save(call).await,
            Control::RecordDiscard => client.recording_discard(call).await,
        }
    }

    /// Calls somebody while the call waits: with its own leg, or from another device, where it is held first.
    async fn consult(&self, calls: &Calls, to: &str, device: Option<&DeviceId>) -> Result<CallState, Error> {
        let call = Known::of(&calls.call).ok_or_else(|| Error::invalid("call", "it has no name"))?;
        let make = MakeCall { destination: Some(uri(to)), ..MakeCall::default() };
        let elsewhere = device.filter(|device| !calls.call.device_ids.contains(&device.0));
        let Some(device) = elsewhere else { return self.client.consultation_call(call.call_id, &make).await };
        if calls.call.status == Some(dstny::call_state::CallStatus::Active) {
            self.client.hold(call).await?;
        }
        self.client.make_call(device.as_str(), &make).await
    }

    pub(super) fn failure(&self, error: &Error) -> Failure {
        Failure { problem: self.problem(error), ..problem::failure(error, &self.host) }
    }
}

/// A number as the platform dials it.
pub(super) fn uri(number: &str) -> String {
    if number.contains('@') { format!("sip:{number}") } else { format!("tel:{number}") }
}

/// Whether a command that was given for one state of the calls means the same in another.
fn means_the_same(control: &Control, before: &Calls, now: &Calls) -> bool {
    let other: Vec<&CallState> = now.other.iter().collect();
    let (mut offered, _) = call::offered(&now.call);
    offered.extend(inferred::derived(&now.call, &offered, &other));
    let device_fits = match control {
        Control::Move { device } => {
            let move_to = now.call.action(&dstny::call_state::ActionName::Move);
            move_to.is_none_or(|to| to.device_ids.is_empty() || to.device_ids.contains(&device.0))
        }
        _ => true,
    };
    let others = match (&before.other, &now.other) {
        (None, None) => true,
        (Some(before), Some(now)) => is_same_conversation(before, now),
        _ => false,
    };
    offered.contains(&control.action())
        && device_fits
        && others
        && is_same_conversation(&before.call, &now.call)
}

/// Whether the same people are in the same phase of a call.
fn is_same_conversation(before: &CallState, now: &CallState) -> bool {
    let who =
        |party: Option<&Party>| party.map(|party| (party.tel_uri.clone(), party.display_number.clone()));
    let everybody = |call: &CallState| {
        let participants =
            call.participants.iter().map(|one| (one.id.clone(), who(one.remote_party.as_ref())));
        (who(call.remote_party.as_ref()), call.conference == Some(true), participants.collect::<Vec<_>>())
    };
    everybody(before) == everybody(now) && call::phase(before) == call::phase(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(status: &str, number: &str, actions: &[&str]) -> CallState {
        let actions: Vec<_> = actions.iter().map(|action| serde_json::json!({"action": action})).collect();
        let call = serde_json::json!({
            "callId": "c1", "stateToken": 7, "status": status, "inbound": true, "actions": actions,
            "remoteParty": {"telUri": format!("tel:{number}")},
        });
        serde_json::from_value(call).unwrap()
    }

    fn alone(call: CallState) -> Calls {
        Calls { call, other: None }
    }

    const ANNA: &str = "+442079460101";

    #[test]
    fn a_command_is_repeated_only_for_the_same_people_in_the_same_phase_where_it_is_still_offered() {
        let before = alone(state("ACTIVE", ANNA, &["HOLD", "TRANSFER"]));
        for (now, same) in [
            (state("ACTIVE", ANNA, &["HOLD", "TRANSFER", "START_REC"]), true),
            (state("ACTIVE", ANNA, &["TRANSFER"]), false),
            (state("HELD", ANNA, &["RESUME"]), false),
            (state("ACTIVE", "+442079460999", &["HOLD"]), false),
            (state("RINGING", ANNA, &["HOLD"]), false),
        ] {
            assert_eq!(means_the_same(&Control::Hold, &before, &alone(now.clone())), same, "{now:?}");
        }
    }

    #[test]
    fn a_join_needs_the_same_second_call_too() {
        let two = |other: CallState| Calls { call: state("ACTIVE", ANNA, &["TRANSFER"]), other: Some(other) };
        let join = Control::Join { with: "a/c2".into(), when_answered: false };
        let before = two(state("HELD", "+442079460102", &[]));
        assert!(means_the_same(&join, &before, &two(state("ACTIVE", "+442079460102", &[]))));
        assert!(!means_the_same(&join, &before, &two(state("HELD", "+442079460103", &[]))));
        assert!(!means_the_same(&join, &before, &alone(state("ACTIVE", ANNA, &["TRANSFER"]))));
    }

    #[test]
    fn numbers_and_addresses_are_dialled_in_their_own_words() {
        assert_eq!(uri("+442079460101"), "tel:+442079460101");
        assert_eq!(uri("anna@acme.example"), "sip:anna@acme.example");
    }
}
