//! What goes wrong on the way: lost, silent, repeated and muddled streams, restarts, lost answers. Nothing is lost, and
//! every ringing ends rightly.

use std::time::Duration;

use model::{ActivityId, Command, Control as Deed, Link, Outcome, Phase, ProblemCode, RingOutcome};
use product_tests::{activity, centre, state};
use sandbox::Forget;
use serde_json::{Value, json};

use super::{answered, control, in_phase, is_gone, open_streams, post, ready, ring, rung, shows, streams};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_break_are_opened_again_and_the_call_stays() {
    let sandbox = centre(&[]).await;
    let sandbox_control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox_control, &account).await.id;
    for _ in 0..3 {
        post(&sandbox_control, "streams/drop", json!({}));
    }
    control(&mut desk, &call, Deed::Hold).await;
    streams(&sandbox, "callstate.dialogs.stream", 1).await;
    desk.link(&account, Link::Live).await;
    post(&sandbox_control, &format!("calls/{}/hangup", call.parts().unwrap().1), Value::Null);
    is_gone(&mut desk, &call).await;
    // None at all for a moment, if the last drop came late.
    assert!(open_streams(&sandbox_control, "callstate.dialogs.stream") <= 1, "never two of one kind");
    desk.is_in_step().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_while_the_stream_is_silent_is_found_all_the_same() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    post(&control, "streams/silence", json!({}));
    let id = ActivityId::new(&account, &ring(&control, super::CALLER));
    shows(&mut desk, &id, "it rings", in_phase(Phase::Ringing)).await;
    post(&control, &format!("calls/{}/hangup", id.parts().unwrap().1), Value::Null);
    is_gone(&mut desk, &id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_muddled_event_is_counted_and_the_rest_goes_on() {
    let sandbox = centre(&[]).await;
    let sandbox_control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    post(&sandbox_control, "streams/garbage", json!({"operation": "callstate.dialogs.stream"}));
    desk.until("it is counted", |s| (state(s, &account).health.unreadable > 0).then_some(())).await;
    let call = answered(&mut desk, &sandbox_control, &account).await.id;
    streams(&sandbox, "callstate.stream", 1).await;
    for what in ["garbage", "duplicate", "reorder"] {
        post(&sandbox_control, &format!("streams/{what}"), json!({}));
        control(&mut desk, &call, Deed::Hold).await;
        post(&sandbox_control, &format!("streams/{what}"), json!({}));
        control(&mut desk, &call, Deed::Resume).await;
    }
    super::confirmed(&mut desk, Command::Hangup { activity: call.clone() }).await;
    is_gone(&mut desk, &call).await;
    desk.link(&account, Link::Live).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ring_that_ends_while_the_platform_is_away_ends_here_too_and_the_next_one_rings() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    let call = rung(&mut desk, &control, &account).await;
    control.restart(Duration::from_millis(400), Forget::Hashes);
    post(&control, &format!("calls/{}/hangup", call.id.parts().unwrap().1), Value::Null);
    let outcome = desk.ring_ended(&call.id).await;
    assert!(matches!(outcome, RingOutcome::Abandoned | RingOutcome::Unknown), "{outcome:?}");
    is_gone(&mut desk, &call.id).await;
    desk.link(&account, Link::Live).await;
    desk.go_ready(&account).await;
    rung(&mut desk, &control, &account).await;
    assert_eq!(desk.told().rings.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_is_known_by_the_state() {
    let sandbox = centre(&[]).await;
    let sandbox_control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    let call = rung(&mut desk, &sandbox_control, &account).await;
    sandbox_control.fault(json!({"kind": "truncate", "route": "cti.answer", "count": 1})).unwrap();
    let status = desk.run(Command::Answer { activity: call.id.clone(), device: None }).await;
    assert_eq!(status.outcome, Outcome::Confirmed);
    shows(&mut desk, &call.id, "they talk", in_phase(Phase::Open)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_with_a_fault_is_waited_for() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    control.fault(json!({"kind": "status", "status": 503, "route": "callstate", "count": 4})).unwrap();
    let id = ActivityId::new(&account, &ring(&control, super::CALLER));
    shows(&mut desk, &id, "it rings", in_phase(Phase::Ringing)).await;
    super::confirmed(&mut desk, Command::Answer { activity: id.clone(), device: None }).await;
    assert!(activity(desk.told(), &id).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_calls_cannot_be_looked_at_is_not_live_however_alive_its_stream_is() {
    let sandbox = centre(&[("ring_timeout", "0")]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    desk.link(&account, Link::Live).await;
    for (fault, link) in [
        (json!({"kind": "status", "status": 500, "route": "callstate.user.get"}), Link::Degraded),
        (json!({"kind": "drop", "route": "callstate.user.get"}), Link::Offline),
        (json!({"kind": "latency", "ms": 12_000, "route": "callstate.user.get", "count": 1}), Link::Offline),
    ] {
        control.fault(fault.clone()).unwrap();
        let id = ActivityId::new(&account, &ring(&control, super::CALLER));
        let deaf = desk.link(&account, link).await;
        assert!(deaf.health.problem.is_some(), "{fault}");
        assert!(activity(desk.told(), &id).is_none(), "{fault}");
        control.run("DELETE", "faults", Value::Null).unwrap();
        shows(&mut desk, &id, "it rings once it can be seen", in_phase(Phase::Ringing)).await;
        desk.link(&account, Link::Live).await;
        post(&control, &format!("calls/{}/hangup", id.parts().unwrap().1), Value::Null);
        is_gone(&mut desk, &id).await;
        desk.go_ready(&account).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_ends_is_noticed_by_the_next_look_though_the_stream_goes_on() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    desk.link(&account, Link::Live).await;
    control.fault(json!({"kind": "status", "status": 401, "route": "callstate.user.get"})).unwrap();
    ring(&control, super::CALLER);
    let out = desk.link(&account, Link::SignedOut).await;
    assert_eq!(out.health.problem.unwrap().code, ProblemCode::SignInNeeded);
}
