//! Calls: how they ring and end, and what can be done with one, confirmed by the platform's own state.

use model::{
    Action, Command, Control as Deed, Direction, Outcome, Phase, ProblemCode, Recording, RingOutcome,
    UnifiedPresence,
};
use product_tests::{activity, centre, state};
use serde_json::{Value, json};

use super::{CALLER, answered, control, in_phase, is_gone, offering, post, ready, rung, shows};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_rings_is_answered_and_hung_up() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready);
    let call = rung(&mut desk, &control, &account).await;
    assert_eq!((call.phase, call.direction), (Phase::Ringing, Direction::In));
    assert_eq!(call.party.phone.as_ref().unwrap().e164.as_deref(), Some(CALLER));
    assert!(call.queue.as_ref().is_some_and(|queue| queue.id.is_some()), "{:?}", call.queue);
    super::confirmed(&mut desk, Command::Answer { activity: call.id.clone(), device: None }).await;
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredHere);
    let open = shows(&mut desk, &call.id, "they talk", in_phase(Phase::Open)).await;
    assert!(open.answered_at.is_some() && open.device.is_some());
    super::confirmed(&mut desk, Command::Hangup { activity: call.id.clone() }).await;
    is_gone(&mut desk, &call.id).await;
    desk.is_in_step().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_answered_on_the_device_that_was_chosen() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = rung(&mut desk, &sandbox.control(), &account).await;
    let choices = call.call.as_ref().unwrap().choices[&Action::Answer].clone();
    assert!(choices.len() > 1, "{choices:?}");
    let device = choices.last().cloned();
    super::confirmed(&mut desk, Command::Answer { activity: call.id.clone(), device: device.clone() }).await;
    let open = shows(&mut desk, &call.id, "they talk", in_phase(Phase::Open)).await;
    assert_eq!(open.device, device);
    let nowhere = Command::Answer { activity: call.id.clone(), device: Some("nowhere".into()) };
    assert!(!matches!(desk.run(nowhere).await.outcome, Outcome::Confirmed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_ringing_ends_as_it_really_ended() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    for (what, body, expected) in [
        ("hangup", Value::Null, RingOutcome::Abandoned),
        ("answered-elsewhere", Value::Null, RingOutcome::AnsweredElsewhere),
        ("timeout", Value::Null, RingOutcome::TimedOut),
    ] {
        desk.go_ready(&account).await;
        let call = rung(&mut desk, &control, &account).await;
        post(&control, &format!("calls/{}/{what}", call.id.parts().unwrap().1), body);
        assert_eq!(desk.ring_ended(&call.id).await, expected, "{what}");
        is_gone(&mut desk, &call.id).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_declined() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = rung(&mut desk, &sandbox.control(), &account).await;
    super::confirmed(&mut desk, Command::Decline { activity: call.id.clone() }).await;
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::Rejected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialled_call_goes_from_dialling_to_open_to_its_end() {
    let sandbox = centre(&[("answer_delay", "600"), ("device_delay", "1")]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    let dial = |number: &str, line: Option<&str>| Command::Dial {
        account: account.clone(),
        number: number.to_owned(),
        queue: None,
        device: None,
        line: line.map(Into::into),
        contact: None,
    };
    let id = super::confirmed(&mut desk, dial("0044 20 7946 0123", Some("SWITCHBOARD/0")))
        .await
        .made
        .expect("it is named");
    let call = desk.until("it is there", |s| activity(s, &id).cloned()).await;
    assert_eq!((call.phase, call.direction), (Phase::Dialling, Direction::Out));
    assert_eq!(call.party.phone.unwrap().e164.as_deref(), Some("+442079460123"));
    let line = id.parts().unwrap().1;
    product_tests::becomes("the other side rings", || {
        control.run("POST", &format!("calls/{line}/answer"), Value::Null).is_ok()
    })
    .await;
    shows(&mut desk, &id, "they talk", in_phase(Phase::Open)).await;
    post(&control, &format!("calls/{line}/hangup"), Value::Null);
    is_gone(&mut desk, &id).await;
    assert!(desk.ended.is_empty(), "what we dial never rings here");
    assert_eq!(desk.refused(dial("0800 PIZZA", None)).await.code, ProblemCode::BadNumber);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_held_muted_toned_and_recorded_and_each_is_seen() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await.id;
    control(&mut desk, &call, Deed::Hold).await;
    assert!(activity(desk.told(), &call).unwrap().on_hold);
    control(&mut desk, &call, Deed::Resume).await;
    assert!(!activity(desk.told(), &call).unwrap().on_hold);
    let is_muted =
        |desk: &product_tests::Desk| activity(desk.told(), &call).unwrap().call.as_ref().unwrap().muted;
    control(&mut desk, &call, Deed::Mute).await;
    assert!(is_muted(&desk));
    control(&mut desk, &call, Deed::Unmute).await;
    assert!(!is_muted(&desk));
    control(&mut desk, &call, Deed::Dtmf { digits: "15#a".to_owned() }).await;
    let heard = sandbox.control().state()["open"].to_string();
    assert!(heard.contains("15#A"), "{heard}");
    let recording =
        |desk: &product_tests::Desk| activity(desk.told(), &call).unwrap().call.as_ref().unwrap().recording;
    control(&mut desk, &call, Deed::RecordStart).await;
    assert!(matches!(recording(&desk), Recording::On { since: Some(_) }));
    control(&mut desk, &call, Deed::RecordPause).await;
    assert_eq!(recording(&desk), Recording::Paused);
    control(&mut desk, &call, Deed::RecordResume).await;
    control(&mut desk, &call, Deed::RecordDiscard).await;
    control(&mut desk, &call, Deed::RecordSave).await;
    control(&mut desk, &call, Deed::RecordStop).await;
    assert_eq!(recording(&desk), Recording::Off);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_goes_on_on_another_device() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await;
    let to =
        offering(&mut desk, &call.id, Action::Move).await.call.unwrap().choices[&Action::Move][0].clone();
    assert_ne!(Some(&to), call.device.as_ref());
    control(&mut desk, &call.id, Deed::Move { device: to.clone() }).await;
    shows(&mut desk, &call.id, "it is there", |call| call.device.as_ref() == Some(&to)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_else_changed_the_call_a_command_that_still_means_the_same_is_repeated_once() {
    for said in
        [("state_token", "409"), ("state_token", "412"), ("state_token", "400"), ("errors_status", "200")]
    {
        let sandbox = centre(&[said]).await;
        let sandbox_control = sandbox.control();
        let (mut desk, account) = ready(&sandbox).await;
        let call = answered(&mut desk, &sandbox_control, &account).await.id;
        let conflict = |count: u32| json!({"kind": "conflict", "route": "cti.", "count": count});
        sandbox_control.fault(conflict(1)).unwrap();
        control(&mut desk, &call, Deed::Hold).await;
        // Somebody who changes it all the time cannot be kept up with.
        offering(&mut desk, &call, Action::Resume).await;
        sandbox_control.fault(conflict(2)).unwrap();
        let resume = Command::Control { activity: call.clone(), control: Deed::Resume };
        let problem = desk.refused(resume).await;
        assert_eq!(problem.code, ProblemCode::NotPossible, "{said:?}: {problem:?}");
        assert_eq!(problem.facts.get("why").map(String::as_str), Some("changed"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_ended_meanwhile_is_said_to_have_changed_and_goes() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &control, &account).await.id;
    // Nobody tells us that the caller has gone, and we do not find it out ourselves.
    control.fault(json!({"kind": "status", "status": 500, "route": "callstate.user.get"})).unwrap();
    post(&control, "streams/silence", json!({}));
    post(&control, &format!("calls/{}/hangup", call.parts().unwrap().1), Value::Null);
    let problem = desk.refused(Command::Control { activity: call.clone(), control: Deed::Hold }).await;
    // Unless it was told all the same, in the moment before the silence.
    let is_changed = problem.facts.get("why").map(String::as_str) == Some("changed");
    assert!(is_changed || problem.code == ProblemCode::Gone, "{problem:?}");
    control.run("DELETE", "faults", Value::Null).unwrap();
    is_gone(&mut desk, &call).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_is_refused_is_not_called_back_from_another_telephone() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    for status in [403, 404] {
        control.fault(json!({"kind": "status", "status": status, "route": "cti.makecall"})).unwrap();
        let dial = Command::Dial {
            account: account.clone(),
            number: "+442079460123".to_owned(),
            queue: None,
            device: None,
            line: None,
            contact: None,
        };
        desk.refused(dial).await;
        control.run("DELETE", "faults", Value::Null).unwrap();
        let open = control.state()["open"].to_string();
        assert!(!open.contains("+442079460123"), "{status}: {open}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_platform_does_not_do_is_not_offered() {
    let sandbox = centre(&[("recording", "off")]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await;
    for action in [Action::RecordStart, Action::Join, Action::Swap, Action::LeaveConference, Action::Close] {
        assert!(!call.actions.contains(&action), "{action:?}");
    }
    let record = Command::Control { activity: call.id.clone(), control: Deed::RecordStart };
    assert_eq!(desk.refused(record).await.code, ProblemCode::NotPossible);
    assert!(state(desk.told(), &account).health.problem.is_none());
}
