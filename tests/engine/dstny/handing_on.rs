//! Handing calls on: at once, after a consultation, to a voicemail, to somebody busy; conferences, parking, picking up.

use model::{Action, ActivityId, Capability, Command, ContactId, Control as Deed, Handing, Phase, Watch};
use product_tests::{Desk, activity, centre};
use sandbox::Sandbox;
use serde_json::{Value, json};

use super::{answered, control, is_gone, offering, offers, post, ready, shows};

const OTHER: &str = "+442079460177";

/// A first call on hold and a second, consulted, that has been answered.
async fn consulting(sandbox: &Sandbox) -> (Desk, ActivityId, ActivityId) {
    let (mut desk, account) = ready(sandbox).await;
    let first = answered(&mut desk, &sandbox.control(), &account).await.id;
    offering(&mut desk, &first, Action::Consult).await;
    let consult = Deed::Consult { to: OTHER.to_owned(), device: None };
    let status =
        super::confirmed(&mut desk, Command::Control { activity: first.clone(), control: consult }).await;
    let second = match status.made {
        Some(made) => made,
        None => {
            desk.until("the second call", |s| {
                s.activities.iter().map(|a| a.id.clone()).find(|id| *id != first)
            })
            .await
        }
    };
    let line = second.parts().expect("a name").1.to_owned();
    let sandbox_control = sandbox.control();
    product_tests::becomes("the second party answers", || {
        sandbox_control.run("POST", &format!("calls/{line}/answer"), Value::Null).is_ok()
    })
    .await;
    // Nobody can transfer the wrong party.
    let is_paired = |call: &model::Activity| {
        let consults_for = call.call.as_ref().and_then(|call| call.consults_for.as_ref());
        call.phase == Phase::Open && consults_for == Some(&first)
    };
    shows(&mut desk, &second, "they talk about the first", is_paired).await;
    shows(&mut desk, &first, "the first waits", |call| call.on_hold).await;
    (desk, first, second)
}

/// What the sandbox knows of its open calls.
fn open_calls(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.control().state()["open"].as_array().cloned().unwrap_or_default()
}

/// Whether the centre did something.
fn happened(sandbox: &Sandbox, event: &str) -> bool {
    sandbox.control().events(0).iter().any(|line| line["event"] == event)
}

const SLOW: [(&str, &str); 2] = [("answer_delay", "600"), ("device_delay", "1")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consultation_ends_in_a_transfer_of_exactly_the_two() {
    let sandbox = centre(&SLOW).await;
    let (mut desk, first, second) = consulting(&sandbox).await;
    control(&mut desk, &first, Deed::Join { with: second.clone(), when_answered: false }).await;
    is_gone(&mut desk, &first).await;
    is_gone(&mut desk, &second).await;
    assert!(happened(&sandbox, "activity.joined"), "the two talk to each other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_swapped_joined_in_a_conference_and_left_to_the_others() {
    let sandbox = centre(&SLOW).await;
    let (mut desk, first, second) = consulting(&sandbox).await;
    control(&mut desk, &second, Deed::Swap { with: first.clone() }).await;
    shows(&mut desk, &second, "the second waits", |call| call.on_hold).await;
    shows(&mut desk, &first, "the first goes on", |call| !call.on_hold).await;
    control(&mut desk, &first, Deed::Conference { with: second.clone() }).await;
    let is_conference =
        |call: &model::Activity| call.call.as_ref().is_some_and(|call| call.conference.is_some());
    let conference = shows(&mut desk, &first, "all talk", is_conference).await;
    let participants = conference.call.unwrap().conference.unwrap().participants;
    assert_eq!(participants.len(), 2, "{participants:?}");
    control(&mut desk, &first, Deed::RemoveParticipant { participant: participants[1].id.clone() }).await;
    // Alone with the other it may be an ordinary call again; what is left of it ends as one.
    super::confirmed(&mut desk, Command::Hangup { activity: first.clone() }).await;
    is_gone(&mut desk, &first).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conference_goes_on_without_the_agent() {
    let sandbox = centre(&SLOW).await;
    let (mut desk, first, second) = consulting(&sandbox).await;
    control(&mut desk, &first, Deed::Conference { with: second.clone() }).await;
    control(&mut desk, &first, Deed::LeaveConference).await;
    is_gone(&mut desk, &first).await;
    assert!(happened(&sandbox, "activity.conference"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_handed_on_at_once_to_a_voicemail_or_to_wait() {
    for handing in [Handing::Blind, Handing::Voicemail, Handing::CampOn] {
        let sandbox = centre(&SLOW).await;
        let (mut desk, account) = ready(&sandbox).await;
        let call = answered(&mut desk, &sandbox.control(), &account).await.id;
        // A colleague's own number: the third user's.
        control(&mut desk, &call, Deed::Transfer { to: "+442079460302".to_owned(), handing }).await;
        is_gone(&mut desk, &call).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_cannot_be_dialled_is_refused_before_anything_is_sent() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await.id;
    offering(&mut desk, &call, Action::Transfer).await;
    let nowhere = Deed::Transfer { to: "PIZZA".to_owned(), handing: Handing::Blind };
    let problem = desk.refused(Command::Control { activity: call.clone(), control: nowhere }).await;
    assert_eq!(problem.code, model::ProblemCode::BadNumber);
    assert!(activity(desk.told(), &call).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parked_call_is_no_longer_ours() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await.id;
    control(&mut desk, &call, Deed::Park).await;
    is_gone(&mut desk, &call).await;
    assert_eq!(open_calls(&sandbox).len(), 1, "somebody can pick it up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_rings_at_a_colleague_is_picked_up() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::PickUp).await;
    let colleague = ContactId::new(&account, &format!("tomas@{}", sandbox.dstny_users()[1].domain));
    desk.engine.watch(Watch { contacts: vec![colleague.clone()], ..Watch::default() });
    post(&sandbox.control(), "ring", json!({"agent": "tomas", "direct": true, "number": super::CALLER}));
    let handle = desk
        .until("it rings at the colleague", |s| {
            let presence = s.presences.iter().find(|presence| presence.contact == colleague)?;
            presence.calls.iter().find(|call| call.can_pick_up).map(|call| call.handle.clone())
        })
        .await;
    super::confirmed(&mut desk, Command::PickUp { contact: colleague, handle, device: None }).await;
    desk.until("it is ours", |s| s.activities.iter().any(|a| a.phase == Phase::Open).then_some(())).await;
}
