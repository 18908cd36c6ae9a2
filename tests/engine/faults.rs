//! Everything that can go wrong between us and a platform: what was known stays shown with its age, the rest of the
//! work goes on, and when it is over the picture is whole again.

use model::{AgentTarget, Command, Link, Outcome, Presence, ProblemCode, RingOutcome, UnifiedPresence};
use product_tests::{
    Desk, activity, assert_same, becomes, by_password, centre, presence, problem_of, ring, state,
};
use serde_json::json;

const CALLER: &str = "+442079460555";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_the_poll_is_shown_with_its_reason_and_got_over() {
    for (fault, link, code) in [
        (json!({"kind": "drop"}), Link::Offline, ProblemCode::Network),
        (json!({"kind": "status", "status": 500}), Link::Degraded, ProblemCode::ServerFault),
        (json!({"kind": "status", "status": 502}), Link::Degraded, ProblemCode::ServerFault),
        (
            json!({"kind": "status", "status": 503, "retry_after": "1"}),
            Link::Degraded,
            ProblemCode::ServerFault,
        ),
        (
            json!({"kind": "status", "status": 429, "retry_after": "1"}),
            Link::Degraded,
            ProblemCode::RateLimited,
        ),
        (json!({"kind": "status", "status": 403}), Link::Degraded, ProblemCode::Forbidden),
        (json!({"kind": "malformed"}), Link::Degraded, ProblemCode::Unreadable),
        (json!({"kind": "truncate"}), Link::Offline, ProblemCode::Network),
    ] {
        let sandbox = centre(&[("poll_hold", "1")]).await;
        let control = sandbox.control();
        let (mut desk, account) = Desk::ready(&sandbox).await;
        let mut fault = fault;
        fault["route"] = json!("appPullData");
        control.fault(fault.clone()).unwrap();
        let what = format!("{fault}: {link:?}");
        let told =
            desk.until(&what, |s| Some(state(s, &account)).filter(|a| a.health.link == link).cloned()).await;
        let problem = told.health.problem.expect("a reason");
        assert_eq!((problem.code, problem.account), (code, Some(account.clone())), "{fault}");
        assert!(told.health.heard_at.is_some() && told.agent.is_some(), "what was known stays");
        control.clear_faults();
        desk.engine.wake();
        desk.link(&account, Link::Live).await;
        desk.rung(&control, &account, CALLER).await;
        assert_eq!(problem_of(desk.told(), &account), None);
        assert_eq!(control.state()["most_polls_in_flight"], 1, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_connection_is_left_at_once_after_sleep() {
    for kind in ["half_open", "silent"] {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, account) = Desk::ready(&sandbox).await;
        control.fault(json!({"kind": kind, "route": "appPullData"})).unwrap();
        // The next answer opens the poll that will never be answered.
        let missed = ring(&control, CALLER);
        control.clear_faults();
        desk.engine.wake();
        desk.until("it rings all the same", |s| {
            s.rings.iter().any(|ring| ring.activity.as_str().ends_with(&missed)).then_some(())
        })
        .await;
        desk.link(&account, Link::Live).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_restarts_is_caught_up_with_and_its_calls_ring_on() {
    for (unknown_hash, forget_tokens) in [("full", false), ("reject", false), ("reject", true)] {
        let sandbox = centre(&[("unknown_hash", unknown_hash)]).await;
        let control = sandbox.control();
        let (mut desk, account) = Desk::ready(&sandbox).await;
        let call = desk.rung(&control, &account, CALLER).await;
        // Between two polls a short break would pass unnoticed, and rightly.
        becomes("a poll is under way", || control.state()["polls_in_flight"] == 1).await;
        let restart = json!({"closed_ms": 300, "forget_tokens": forget_tokens});
        control.run("POST", "/restart", restart).unwrap();
        desk.until("the connection is lost", |s| {
            (state(s, &account).health.link != Link::Live).then_some(())
        })
        .await;
        assert!(!desk.told().rings.is_empty(), "a short break does not silence a call");
        desk.link(&account, Link::Live).await;
        assert!(desk.ended.is_empty(), "one and the same ring: {:?}", desk.ended);
        desk.confirmed(Command::Answer { activity: call.id.clone(), device: None }).await;
        assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredHere);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_during_a_break_is_known_after_it() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let call = desk.rung(&control, &account, CALLER).await;
    control.fault(json!({"kind": "drop", "route": "appPullData"})).unwrap();
    control
        .answered_elsewhere(call.id.parts().unwrap().1, "noah")
        .or_else(|_| control.answered_elsewhere(call.id.parts().unwrap().1, &sandbox.users()[1].username))
        .unwrap();
    desk.link(&account, Link::Offline).await;
    control.clear_faults();
    desk.engine.wake();
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredElsewhere);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_account_that_fails_does_not_touch_the_other() {
    let (good, bad) = (centre(&[]).await, centre(&[("poll_hold", "1")]).await);
    let (mut desk, well) = Desk::ready(&good).await;
    let ill = desk.add(by_password(&bad, 1)).await;
    desk.go_ready(&ill).await;
    bad.control().fault(json!({"kind": "drop"})).unwrap();
    desk.link(&ill, Link::Offline).await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready, "of the accounts that are heard");
    desk.rung(&good.control(), &well, CALLER).await;

    let status = desk.run(Command::SetState { target: AgentTarget::NotReady, accounts: None }).await;
    assert_eq!(status.outcome, Outcome::Partly);
    let of = |id| status.accounts.iter().find(|part| part.account == id).map(|part| part.outcome.clone());
    assert_eq!(of(well), Some(Outcome::Confirmed));
    assert!(matches!(of(ill), Some(Outcome::Refused { .. } | Outcome::TimedOut { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_a_command_ends_it_with_a_reason_or_not_at_all() {
    for (fault, expected) in [
        (json!({"kind": "latency", "ms": 800}), None),
        // The answer is lost, but the deed was done: the state says so.
        (json!({"kind": "truncate"}), None),
        (json!({"kind": "malformed"}), None),
        (json!({"kind": "status", "status": 403}), Some(ProblemCode::Forbidden)),
        (json!({"kind": "status", "status": 429, "retry_after": "30"}), Some(ProblemCode::RateLimited)),
    ] {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, account) = Desk::ready(&sandbox).await;
        let mut struck = fault.clone();
        struck["route"] = json!("usersSession");
        control.fault(struck).unwrap();
        let status = desk.run(Command::SetState { target: AgentTarget::NotReady, accounts: None }).await;
        match (&status.outcome, expected) {
            (Outcome::Confirmed, None) => {
                assert_eq!(presence(&desk.engine.snapshot(), &account), Some(Presence::NotReady));
            }
            (Outcome::Refused { problem }, Some(code)) => assert_eq!(problem.code, code),
            (outcome, _) => panic!("{fault}: {outcome:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_nobody_answers_times_out_and_claims_nothing() {
    let sandbox = centre(&[]).await;
    let (mut desk, _) = Desk::ready(&sandbox).await;
    sandbox.control().fault(json!({"kind": "half_open", "route": "usersSession"})).unwrap();
    let status = desk.run(Command::SetState { target: AgentTarget::NotReady, accounts: None }).await;
    let Outcome::TimedOut { problem } = status.outcome else { panic!("{:?}", status.outcome) };
    assert_eq!(problem.code, ProblemCode::Unconfirmed);
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_401_in_the_middle_of_a_call_renews_and_repeats_what_was_not_done() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let call = desk.rung(&control, &account, CALLER).await;
    control.fault(json!({"kind": "status", "status": 401, "route": "activities", "count": 1})).unwrap();
    desk.confirmed(Command::Answer { activity: call.id, device: None }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_that_is_taken_away_is_told_as_such() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    control.run("POST", "/permissions", json!({"user": "ida", "deny": ["dial"]})).unwrap();
    let dial = Command::Dial {
        account: account.clone(),
        number: CALLER.to_owned(),
        queue: Some("2100".into()),
        device: None,
        line: None,
        contact: None,
    };
    let problem = desk.refused(dial).await;
    assert_eq!((problem.code, problem.account), (ProblemCode::Forbidden, Some(account)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_goes_away_makes_the_agent_unreachable_and_says_so() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = Desk::ready(&sandbox).await;
    sandbox.control().run("POST", "/agents/ida/device", json!({"reachable": false})).unwrap();
    desk.until("unreachable", |s| (!s.agent.reachable).then_some(())).await;
    desk.until("the device says so", |s| {
        (state(s, &account).agent.as_ref()?.reach == model::Reach::Unreachable).then_some(())
    })
    .await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_view_is_told_of_the_gap_and_a_follower_always_has_the_state() {
    let sandbox = centre(&[("ring_timeout", "0")]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    for _ in 0..5 {
        let call = desk.rung(&control, &account, CALLER).await;
        control.hangup(call.id.parts().unwrap().1).unwrap();
        desk.ring_ended(&call.id).await;
        desk.until("it is gone", |s| activity(s, &call.id).is_none().then_some(())).await;
    }
    let seq = desk.engine.snapshot().seq;
    desk.until("everything is told", |s| (s.seq >= seq).then_some(())).await;
    let real = desk.engine.snapshot();
    if real.seq == desk.told().seq {
        assert_same(desk.told(), &real);
    }
    assert_eq!(desk.ended.len(), 5);
}
