//! Calls, and everything that can be done with them.

use dstny::call_control::{MakeCall, TransferKind};
use dstny::call_state::{ActionName, CallState, CallStatus, Webhook};
use dstny::calls::CallBack;
use dstny::device::DeviceType;
use dstny::{Client, Error, Known, may_be_outdated};
use product_tests::centre;
use sandbox::Sandbox;
use serde_json::json;

use super::{client, ring, run};

fn known(call: &CallState) -> Known<'_> {
    Known::of(call).expect("a call with an identifier")
}

fn status(call: &CallState) -> &CallStatus {
    call.status.as_ref().expect("a status")
}

async fn desk_phone(ida: &Client) -> String {
    let devices = ida.active_devices().await.expect("devices");
    let desk = devices.into_iter().find(|d| d.device_type != Some(DeviceType::Mobile)).expect("a desk phone");
    desk.device_id.expect("an identifier")
}

/// A call that was rung through and answered.
async fn talking(sandbox: &Sandbox, ida: &Client) -> CallState {
    let call = ring(sandbox);
    let state = ida.call_state(&call).await.expect("it rings");
    assert_eq!((status(&state), state.inbound), (&CallStatus::Ringing, Some(true)));
    let answer = state.action(&ActionName::Answer).expect("it can be answered");
    let device = answer.device_ids.first().cloned().expect("with a device");
    let state = ida.answer(&call, &device, &Webhook::default()).await.expect("answered");
    assert_eq!(status(&state), &CallStatus::Active);
    state
}

async fn dial(ida: &Client, number: &str) -> CallState {
    let call = MakeCall { destination: Some(format!("tel:{number}")), ..MakeCall::default() };
    ida.make_call(&desk_phone(ida).await, &call).await.expect("the device starts")
}

#[tokio::test]
async fn a_call_is_answered_held_muted_and_ended() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let call = talking(&sandbox, &ida).await;
    let held = ida.hold(known(&call)).await.expect("held");
    assert_eq!(status(&held), &CallStatus::Held);
    assert!(held.action(&ActionName::Resume).is_some() && held.action(&ActionName::Hold).is_none());
    let back = ida.resume(known(&held)).await.expect("taken up");
    let muted = ida.mute(known(&back)).await.expect("muted");
    assert_eq!(muted.muted, Some(true));
    let unmuted = ida.unmute(known(&muted)).await.expect("unmuted");
    ida.dtmf(known(&unmuted), "12#").await.expect("tones");
    ida.clear(known(&unmuted).call_id).await.expect("over");
    assert_eq!(ida.user_state().await.expect("a state").calls, []);
    assert_eq!(ida.call_state(known(&call).call_id).await.expect_err("over"), Error::NotFound);
}

#[tokio::test]
async fn a_command_on_an_old_state_is_refused_and_works_after_a_look() {
    for reading in ["409", "412", "400"] {
        let sandbox = centre(&[("state_token", reading)]).await;
        let ida = client(&sandbox, "ida");
        let call = talking(&sandbox, &ida).await;
        run(&sandbox, &format!("/calls/{}/stir", known(&call).call_id), json!({}));
        let error = ida.hold(known(&call)).await.expect_err("somebody was faster");
        assert!(may_be_outdated(&error), "{error:?}");
        let now = ida.call_state(known(&call).call_id).await.expect("still there");
        assert_ne!(now.state_token, call.state_token);
        ida.hold(known(&now)).await.expect("held");
    }
}

#[tokio::test]
async fn two_calls_are_swapped_joined_and_made_a_conference() {
    let sandbox = centre(&[("answer_delay", "0")]).await;
    let ida = client(&sandbox, "ida");
    let first = talking(&sandbox, &ida).await;
    let consult = MakeCall { destination: Some("tel:+442079460155".into()), ..MakeCall::default() };
    let second = ida.consultation_call(known(&first).call_id, &consult).await.expect("a second call");
    run(&sandbox, &format!("/calls/{}/answer", known(&second).call_id), json!({}));
    let look = async |call: &CallState| ida.call_state(known(call).call_id).await.expect("a call");
    let (held, talking) = (look(&first).await, look(&second).await);
    assert_eq!((status(&held), status(&talking)), (&CallStatus::Held, &CallStatus::Active));
    ida.alternate(known(&talking), known(&held)).await.expect("swapped");
    let (active, waiting) = (look(&first).await, look(&second).await);
    assert_eq!((status(&active), status(&waiting)), (&CallStatus::Active, &CallStatus::Held));
    let conference = ida.conference(known(&active), known(&waiting)).await.expect("a conference");
    assert_eq!((conference.conference, conference.participants.len()), (Some(true), 2));
    let one = conference.participants[0].id.clone().expect("an identifier");
    let smaller = ida.remove_participant(known(&conference), &one).await.expect("one less");
    assert!(smaller.participants.len() < 2, "{smaller:?}");
    ida.clear(known(&smaller).call_id).await.expect("over");
}

#[tokio::test]
async fn a_consulted_colleague_gets_the_caller() {
    let sandbox = centre(&[("answer_delay", "0")]).await;
    let ida = client(&sandbox, "ida");
    let first = talking(&sandbox, &ida).await;
    let consult = MakeCall { destination: Some("tel:+442079460155".into()), ..MakeCall::default() };
    let second = ida.consultation_call(known(&first).call_id, &consult).await.expect("a second call");
    run(&sandbox, &format!("/calls/{}/answer", known(&second).call_id), json!({}));
    let now = ida.user_state().await.expect("a state").calls;
    let by_id = |id: &CallState| now.iter().find(|call| call.call_id == id.call_id).expect("a call");
    ida.transfer_calls(known(by_id(&first)), known(by_id(&second))).await.expect("joined");
    assert_eq!(ida.user_state().await.expect("a state").calls, []);
}

#[tokio::test]
async fn calls_are_transferred_blind_to_voicemail_and_parked() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    for kind in [TransferKind::Basic, TransferKind::Voicemail, TransferKind::CampOn] {
        let call = talking(&sandbox, &ida).await;
        let tomas = "tel:+442079460301";
        ida.transfer_blind(known(&call), tomas, &kind)
            .await
            .unwrap_or_else(|error| panic!("{kind}: {error:?}"));
        assert_eq!(ida.user_state().await.expect("a state").calls, [], "{kind}");
    }
    let call = talking(&sandbox, &ida).await;
    ida.park(known(&call)).await.expect("parked");
    assert_eq!(ida.user_state().await.expect("a state").calls, []);
}

#[tokio::test]
async fn a_call_is_moved_to_another_device() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let call = talking(&sandbox, &ida).await;
    let to = call.action(&ActionName::Move).expect("it can be moved").device_ids.first().cloned();
    let devices =
        ida.active_devices().await.expect("devices").into_iter().filter_map(|device| device.device_id);
    let to =
        to.or_else(|| devices.into_iter().find(|id| !call.device_ids.contains(id))).expect("another device");
    let moved = ida.move_call(known(&call), &to).await.expect("moved");
    assert_eq!(moved.device_ids, [to]);
}

#[tokio::test]
async fn a_recording_is_saved_discarded_paused_and_taken_up_as_the_actions_say() {
    let sandbox = centre(&[("recording", "everything")]).await;
    let ida = client(&sandbox, "ida");
    let mut call = talking(&sandbox, &ida).await;
    let mut done = Vec::new();
    for _ in 0..12 {
        let open = call.actions.iter().filter_map(|action| action.action.clone());
        let mut open: Vec<_> =
            open.filter(|name| name.as_str().ends_with("_REC") && !done.contains(name)).collect();
        open.sort_by_key(|name| *name == ActionName::StopRecording);
        let next = open.into_iter().next();
        let Some(name) = next else { break };
        call = match &name {
            ActionName::StartRecording => ida.recording_start(known(&call)).await,
            ActionName::StopRecording => ida.recording_stop(known(&call)).await,
            ActionName::SaveRecording => ida.recording_save(known(&call)).await,
            ActionName::DiscardRecording => ida.recording_discard(known(&call)).await,
            ActionName::PauseRecording => ida.recording_pause(known(&call)).await,
            ActionName::ResumeRecording => ida.recording_resume(known(&call)).await,
            other => panic!("{other}"),
        }
        .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        done.push(name);
    }
    assert!(done.len() >= 4, "{done:?}");
}

#[tokio::test]
async fn a_call_is_made_from_a_device_and_called_back_without_one() {
    let sandbox = centre(&[("answer_delay", "0")]).await;
    let ida = client(&sandbox, "ida");
    let call = dial(&ida, "+442079460155").await;
    assert_eq!((status(&call), call.inbound), (&CallStatus::Initiated, Some(false)));
    ida.clear(known(&call).call_id).await.expect("given up");
    let place = ida.answer_places(None).await.expect("places").into_iter().find_map(|place| place.id);
    ida.call_back(&place.expect("a place"), "+442079460155", &CallBack::default())
        .await
        .expect("called back");
    assert_eq!(ida.user_state().await.expect("a state").calls.len(), 1);
}
