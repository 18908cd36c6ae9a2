//! Nothing an agent finished is lost: not by a refusal, a lost answer, a dead network or the end of the program.

use model::{
    Activity, Command, Draft, OutboxItem, OutboxState, Outcome, Phase, ProblemCode, RingOutcome, Work,
};
use product_tests::{Desk, activity, centre};
use sandbox::{Control, Sandbox};
use serde_json::json;

/// A desk with a call in wrap-up.
async fn wrap_up(sandbox: &Sandbox) -> (Desk, Activity) {
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(sandbox).await;
    let call = desk.rung(&control, &account, "+442079460555").await;
    desk.confirmed(Command::Answer { activity: call.id.clone(), device: None }).await;
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredHere);
    desk.confirmed(Command::Hangup { activity: call.id.clone() }).await;
    let call = desk
        .until("in wrap-up", |s| {
            let shown = activity(s, &call.id)?;
            let ready = shown.phase == Phase::WrapUp && !shown.wrap_up.dispositions.is_empty();
            ready.then(|| shown.clone())
        })
        .await;
    (desk, call)
}

fn close(call: &Activity, disposition: &str) -> Command {
    let draft = Draft { note: "Called back & solved".to_owned(), dispositions: vec![disposition.into()] };
    Command::Close { activity: call.id.clone(), draft }
}

/// The note of a call that is to be closed.
fn note_of(item: &OutboxItem) -> &str {
    match &item.work {
        Work::Close { draft, .. } => &draft.note,
        other => panic!("a call is closed, and not {other:?}"),
    }
}

fn closed(control: &Control) -> usize {
    let state = control.state();
    let all = state["closed"].as_array().cloned().unwrap_or_default();
    all.iter().filter(|activity| activity["note"] == "Called back &amp; solved").count()
}

async fn empty(desk: &mut Desk) {
    desk.until("the outbox is empty", |s| s.outbox.is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_up_and_not_sent_twice() {
    for kind in ["truncate", "malformed"] {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, call) = wrap_up(&sandbox).await;
        control.fault(json!({"kind": kind, "route": "activities/", "method": "PUT", "count": 1})).unwrap();
        desk.run(close(&call, "solved")).await;
        empty(&mut desk).await;
        assert_eq!(closed(&control), 1);
        let puts = control.events(0).iter().filter(|line| line["event"] == "activity.closed").count();
        assert_eq!(puts, 1, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_arrived_is_sent_again() {
    for fault in [
        json!({"kind": "drop"}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "status", "status": 429, "retry_after": "1"}),
    ] {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, call) = wrap_up(&sandbox).await;
        let mut struck = fault.clone();
        (struck["route"], struck["method"], struck["count"]) = (json!("activities/"), json!("PUT"), json!(1));
        control.fault(struck).unwrap();
        desk.run(close(&call, "solved")).await;
        empty(&mut desk).await;
        desk.until("it is closed", |s| activity(s, &call.id).is_none().then_some(())).await;
        assert_eq!(closed(&control), 1, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_keeps_the_note_and_says_why_until_the_agent_changes_it() {
    for dress in ["form", "list", "null"] {
        let sandbox = centre(&[("close_error", dress)]).await;
        let control = sandbox.control();
        let (mut desk, call) = wrap_up(&sandbox).await;
        let problem = desk.refused(close(&call, "no_such_code")).await;
        assert_eq!(problem.code, ProblemCode::Refused);
        let item = desk.until("it stays", |s| s.outbox.first().cloned()).await;
        let item = match item.state {
            OutboxState::Refused { .. } => item,
            _ => {
                desk.until("refused", |s| {
                    s.outbox.iter().find(|i| matches!(i.state, OutboxState::Refused { .. })).cloned()
                })
                .await
            }
        };
        assert_eq!(note_of(&item), "Called back & solved");
        // As it is, it is refused again; changed, it goes.
        assert_eq!(desk.refused(Command::Resend { item: item.id }).await.code, ProblemCode::Refused);
        desk.confirmed(close(&call, "solved")).await;
        empty(&mut desk).await;
        assert_eq!(closed(&control), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_sent_survives_the_end_of_the_program() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, call) = wrap_up(&sandbox).await;
    control.fault(json!({"kind": "drop"})).unwrap();
    desk.engine.execute(close(&call, "solved"));
    desk.until("it is kept", |s| s.outbox.first().map(|_| ())).await;
    let mut desk = desk.restarted().await;
    assert_eq!(desk.told().outbox.len(), 1, "it is there before anything is heard");
    control.clear_faults();
    desk.engine.wake();
    empty(&mut desk).await;
    assert_eq!(closed(&control), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_died_while_sending_does_not_send_twice() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, call) = wrap_up(&sandbox).await;
    // The deed is done, the answer never comes, and the program ends while it waits.
    control
        .fault(json!({"kind": "latency", "ms": 600_000, "route": "activities/", "method": "PUT"}))
        .unwrap();
    desk.engine.execute(close(&call, "solved"));
    desk.until("it is being sent", |s| {
        s.outbox.iter().any(|item| item.state == OutboxState::Sending).then_some(())
    })
    .await;
    let mut desk = desk.restarted().await;
    control.clear_faults();
    desk.engine.wake();
    empty(&mut desk).await;
    assert_eq!(closed(&control), 1);
    assert_eq!(control.events(0).iter().filter(|line| line["event"] == "activity.closed").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_sign_in_while_sending_does_not_send_twice() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, call) = wrap_up(&sandbox).await;
    control
        .fault(json!({"kind": "latency", "ms": 600_000, "route": "activities/", "method": "PUT"}))
        .unwrap();
    desk.engine.execute(close(&call, "solved"));
    desk.until("it is being sent", |s| {
        s.outbox.iter().any(|item| item.state == OutboxState::Sending).then_some(())
    })
    .await;
    control.clear_faults();
    let credential = product_tests::by_password(&sandbox, 0).credential;
    let keep = model::KeepSecret::Keychain;
    let again = model::ipc::SignIn { account: call.account.clone(), credential, keep };
    desk.engine.sign_in(again).await.unwrap();
    empty(&mut desk).await;
    assert_eq!(control.events(0).iter().filter(|line| line["event"] == "activity.closed").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_agent_throws_away_is_gone_here_and_untouched_there() {
    let sandbox = centre(&[]).await;
    let (mut desk, call) = wrap_up(&sandbox).await;
    desk.refused(close(&call, "no_such_code")).await;
    let item = desk.until("it stays", |s| s.outbox.first().map(|item| item.id)).await;
    desk.run(Command::Discard { item }).await;
    empty(&mut desk).await;
    assert_eq!(closed(&sandbox.control()), 0);
    assert!(matches!(desk.run(Command::Discard { item }).await.outcome, Outcome::Refused { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_there_again_after_a_restart() {
    let sandbox = centre(&[]).await;
    let (desk, call) = wrap_up(&sandbox).await;
    let draft = Draft { note: "half a sentence".to_owned(), dispositions: vec!["callback".into()] };
    let save = model::ipc::SaveDraft { activity: call.id.clone(), draft: draft.clone() };
    desk.engine.save_draft(save).await.unwrap();
    let mut desk = desk.restarted().await;
    let found = desk.until("the call is there", |s| activity(s, &call.id).map(|a| a.draft.clone())).await;
    assert_eq!(found, draft);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_whose_activity_ends_on_the_platform_is_put_before_the_agent() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let typed = |note: &str, call: &Activity| model::ipc::SaveDraft {
        activity: call.id.clone(),
        draft: Draft { note: note.to_owned(), dispositions: Vec::new() },
    };
    let call = desk.rung(&control, &account, "+442079460555").await;
    let name = call.id.parts().unwrap().1.to_owned();
    desk.engine.save_draft(typed("Wants the", &call)).await.unwrap();
    control.hangup(&name).unwrap();
    let told = |note: &'static str| {
        move |s: &model::Snapshot| s.outbox.iter().find(|item| note_of(item) == note).cloned()
    };
    let item = desk.until("the note is told", told("Wants the")).await;
    assert!(!item.title.is_empty());
    assert!(matches!(&item.state, OutboxState::Refused { problem } if problem.code == ProblemCode::Gone));
    desk.engine.save_draft(typed("Wants the invoice", &call)).await.unwrap();
    desk.until("the last words are told too", told("Wants the invoice")).await;

    let mut desk = desk.restarted().await;
    assert_eq!(desk.told().outbox.len(), 2, "and once each");
    for item in desk.told().outbox.clone() {
        desk.confirmed(Command::Discard { item: item.id }).await;
    }
    empty(&mut desk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_whose_activity_ended_while_offhook_was_not_running_is_put_before_the_agent() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let call = desk.rung(&control, &account, "+442079460555").await;
    let draft = Draft { note: "Promised a call".to_owned(), dispositions: Vec::new() };
    desk.engine.save_draft(model::ipc::SaveDraft { activity: call.id.clone(), draft }).await.unwrap();
    desk.engine.stop(model::LeaveState::Stay).await;
    control.hangup(call.id.parts().unwrap().1).unwrap();
    let mut desk = desk.restarted().await;
    desk.until("the note is told", |s| {
        s.outbox.iter().any(|item| note_of(item) == "Promised a call").then_some(())
    })
    .await;
}
