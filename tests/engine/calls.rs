//! Calls from the first ring to the wrap-up, over real HTTP.

use model::{
    Action, ActivityId, AgentTarget, Command, Direction, Draft, Outcome, Phase, Presence, ProblemCode,
    RingOutcome, UnifiedPresence,
};
use product_tests::{Desk, activity, centre, presence, ring, state};

const CALLER: &str = "+442079460555";

fn draft(note: &str, dispositions: &[&str]) -> Draft {
    Draft { note: note.to_owned(), dispositions: dispositions.iter().map(|&id| id.into()).collect() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_rings_is_answered_hung_up_and_closed_with_a_disposition() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready);

    let call = desk.rung(&control, &account, CALLER).await;
    assert_eq!((call.phase, call.direction), (Phase::Ringing, Direction::In));
    assert_eq!(call.party.phone.as_ref().unwrap().e164.as_deref(), Some(CALLER));
    assert_eq!(call.party.phone.as_ref().unwrap().country.as_deref(), Some("GB"));
    assert!(call.actions.contains(&Action::Answer) && call.actions.contains(&Action::Decline));

    desk.confirmed(Command::Answer { activity: call.id.clone(), device: None }).await;
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredHere);
    let open = desk
        .until("the call is open", |s| activity(s, &call.id).filter(|a| a.phase == Phase::Open).cloned())
        .await;
    assert!(open.answered_at.is_some());
    assert_eq!(open.actions, [Action::Hangup]);

    desk.confirmed(Command::Hangup { activity: call.id.clone() }).await;
    let wrap = desk
        .until("the wrap-up's codes are there", |s| {
            let done = |a: &&model::Activity| a.phase == Phase::WrapUp && !a.wrap_up.dispositions.is_empty();
            activity(s, &call.id).filter(done).cloned()
        })
        .await;
    assert!(wrap.wrap_up.required && wrap.wrap_up.multiple && wrap.ended_at.is_some());

    let without = desk.refused(Command::Close { activity: call.id.clone(), draft: draft("x", &[]) }).await;
    assert_eq!(without.code, ProblemCode::NotPossible);

    let filing = draft("Reset <the router>\n& called back", &["solved", "callback"]);
    desk.confirmed(Command::Close { activity: call.id.clone(), draft: filing }).await;
    desk.until("it is gone", |s| activity(s, &call.id).is_none().then_some(())).await;
    desk.until("nothing is unsent", |s| s.outbox.is_empty().then_some(())).await;
    let closed = &control.state()["closed"][0];
    assert_eq!(closed["note"], "Reset &lt;the router&gt;<br>&amp; called back");
    assert_eq!(closed["wrap_up_codes"], serde_json::json!(["solved", "callback"]));

    desk.until("the after-call pause shows", |s| {
        (presence(s, &account) == Some(Presence::Paused)).then_some(())
    })
    .await;
    assert_eq!(
        state(desk.told(), &account).agent.as_ref().unwrap().pause.as_ref().unwrap().kind,
        model::PauseKind::WrapUp
    );
    assert_eq!(control.state()["most_polls_in_flight"], 1);
    desk.is_in_step().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_call_ends_as_rejected_and_the_platforms_pause_is_shown() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let call = desk.rung(&sandbox.control(), &account, CALLER).await;
    desk.confirmed(Command::Decline { activity: call.id.clone() }).await;
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::Rejected);
    let kind = desk
        .until("the platform's pause", |s| Some(state(s, &account).agent.as_ref()?.pause.as_ref()?.kind))
        .await;
    assert_eq!(kind, model::PauseKind::Unanswered);
    desk.confirmed(Command::SetState { target: AgentTarget::Ready, accounts: None }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_other_end_of_a_ring_is_told_apart() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;

    let call = desk.rung(&control, &account, CALLER).await;
    control.hangup(call.id.parts().unwrap().1).unwrap();
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::Abandoned);

    let call = desk.rung(&control, &account, CALLER).await;
    control.answered_elsewhere(call.id.parts().unwrap().1, &sandbox.users()[1].username).unwrap();
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredElsewhere);

    let call = desk.rung(&control, &account, CALLER).await;
    control.ring_times_out(call.id.parts().unwrap().1).unwrap();
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::TimedOut);
    assert_eq!(desk.ended.len(), 3, "each ring ended once: {:?}", desk.ended);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_answers_too_late_is_told_that_it_is_gone() {
    for race in ["400", "404"] {
        let sandbox = centre(&[("race", race)]).await;
        let control = sandbox.control();
        let (mut desk, account) = Desk::ready(&sandbox).await;
        let call = desk.rung(&control, &account, CALLER).await;
        // The pull is slow to tell, so the answer is sent in good faith.
        control.fault(serde_json::json!({"kind": "latency", "ms": 700, "route": "appPullData"})).unwrap();
        control.answered_elsewhere(call.id.parts().unwrap().1, &sandbox.users()[1].username).unwrap();
        let problem = desk.refused(Command::Answer { activity: call.id.clone(), device: None }).await;
        assert_eq!(problem.code, ProblemCode::Gone, "{problem:?}");
        assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredElsewhere);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_call_does_not_ring_and_can_be_taken() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    desk.confirmed(Command::SetState { target: pause(&desk), accounts: None }).await;
    let waits =
        sandbox::Ring { number: Some(CALLER.to_owned()), queue: Some(2000), ..sandbox::Ring::default() };
    let name = control.ring(waits).unwrap();
    let id = ActivityId::new(&account, &name);
    let waiting = desk.until("it waits in the bell", |s| activity(s, &id).cloned()).await;
    assert_eq!((waiting.phase, &*waiting.actions), (Phase::Waiting, [Action::Answer].as_slice()));
    assert!(desk.told().rings.is_empty());
    desk.confirmed(Command::Answer { activity: id.clone(), device: None }).await;
    desk.until("it is open", |s| activity(s, &id).filter(|a| a.phase == Phase::Open).map(|_| ())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialled_call_goes_from_dialling_to_open_to_wrap_up() {
    let sandbox = centre(&[("answer_delay", "600")]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let dial = |number: &str, queue: Option<&str>| Command::Dial {
        account: account.clone(),
        number: number.to_owned(),
        queue: queue.map(Into::into),
        device: None,
        line: None,
        contact: None,
    };
    let status = desk.confirmed(dial("0044 20 7946 0123", Some("2100"))).await;
    let id = status.made.expect("the dialled call is named");
    let call = desk.until("it is there", |s| activity(s, &id).cloned()).await;
    assert_eq!((call.direction, call.phase), (Direction::Out, Phase::Dialling));
    assert_eq!(call.party.phone.unwrap().e164.as_deref(), Some("+442079460123"));
    control.far_end_answers(id.parts().unwrap().1).unwrap();
    desk.until("they talk", |s| activity(s, &id).filter(|a| a.phase == Phase::Open).map(|_| ())).await;
    control.hangup(id.parts().unwrap().1).unwrap();
    desk.until("the other side hung up", |s| {
        activity(s, &id).filter(|a| a.phase == Phase::WrapUp).map(|_| ())
    })
    .await;
    assert_eq!(desk.told().settings.dial_account.as_ref(), Some(&account), "the choice is remembered");

    let problem = desk.refused(dial("0800 PIZZA", None)).await;
    assert_eq!(problem.code, ProblemCode::BadNumber);
    assert!(desk.ended.is_empty(), "what we dial never rings here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_dialled_on_another_device_starts_there() {
    let sandbox = centre(&[("answer_delay", "600")]).await;
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let free = |s: &model::Snapshot| {
        let devices = &s.accounts.first()?.devices;
        devices.iter().find(|device| !device.logged_in).map(|device| device.id.clone())
    };
    let device = desk.until("a device the agent is not on", free).await;
    let dial = Command::Dial {
        account: account.clone(),
        number: "+442079460123".to_owned(),
        queue: Some("2100".into()),
        device: Some(device.clone()),
        line: None,
        contact: None,
    };
    let made = desk.confirmed(dial).await.made.expect("the dialled call is named");
    desk.until("it is on the chosen device", |s| {
        activity(s, &made).filter(|call| call.device.as_ref() == Some(&device)).map(|_| ())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_dial_tells_the_platforms_own_words() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.sign_in(&sandbox, 0).await;
    desk.until("signed in", |s| presence(s, &account)).await;
    // Not ready, so in no queue.
    let dial = Command::Dial {
        account: account.clone(),
        number: "+442079460123".to_owned(),
        queue: Some("2100".into()),
        device: None,
        line: None,
        contact: None,
    };
    let problem = desk.refused(dial).await;
    assert_eq!((problem.code, problem.account.as_ref()), (ProblemCode::Refused, Some(&account)));
    assert!(!problem.said.is_empty() || !problem.fields.is_empty(), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pause_ready_and_not_ready_are_confirmed_by_the_platform_only() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let pause = pause(&desk);
    desk.confirmed(Command::SetState { target: pause.clone(), accounts: None }).await;
    desk.until("on the pause", |s| (s.agent.presence == UnifiedPresence::Paused).then_some(())).await;
    assert!(!desk.told().agent.reachable && desk.told().agent.pause.is_some());
    desk.confirmed(Command::SetState { target: AgentTarget::Ready, accounts: None }).await;
    desk.confirmed(Command::SetState { target: AgentTarget::NotReady, accounts: None }).await;
    desk.until("not ready", |s| (presence(s, &account) == Some(Presence::NotReady)).then_some(())).await;
    // From not ready straight to a pause.
    desk.confirmed(Command::SetState { target: pause, accounts: None }).await;
    let unknown = AgentTarget::Pause { pause: "no such pause".into() };
    let problem = desk.refused(Command::SetState { target: unknown, accounts: None }).await;
    assert_eq!(problem.code, ProblemCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_and_queues_are_logged_in_and_out() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let other = desk
        .until("a second device", |s| {
            state(s, &account).devices.iter().find(|d| !d.logged_in).map(|d| d.id.clone())
        })
        .await;
    for logged_in in [true, false] {
        desk.confirmed(Command::SetDevice { account: account.clone(), device: other.clone(), logged_in })
            .await;
    }
    let manual = desk
        .until("a queue to join", |s| {
            let queues = &state(s, &account).queues;
            queues.iter().find(|q| q.join == model::QueueJoin::Manual && !q.logged_in).map(|q| q.id.clone())
        })
        .await;
    for logged_in in [true, false] {
        desk.confirmed(Command::SetQueue { account: account.clone(), queue: manual.clone(), logged_in })
            .await;
    }
    let nowhere = Command::SetDevice { account, device: "nowhere".into(), logged_in: true };
    assert_eq!(desk.refused(nowhere).await.code, ProblemCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_click_is_not_a_second_wish() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let call = desk.rung(&control, &account, CALLER).await;
    control.fault(serde_json::json!({"kind": "latency", "ms": 300, "route": "activities"})).unwrap();
    let answer = Command::Answer { activity: call.id.clone(), device: None };
    let first = desk.engine.execute(answer.clone());
    let second = desk.engine.execute(answer);
    assert!(matches!(desk.engine.finished(second).await.outcome, Outcome::Refused { .. }));
    assert_eq!(desk.engine.finished(first).await.outcome, Outcome::Confirmed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_call_that_rings_on_two_accounts_is_one_alert() {
    let (one, other) = (centre(&[]).await, centre(&[]).await);
    let (mut desk, first) = Desk::ready(&one).await;
    let second = desk.sign_in(&other, 0).await;
    desk.go_ready(&second).await;
    let call = desk.rung(&one.control(), &first, CALLER).await;
    let copy = ActivityId::new(&second, &ring(&other.control(), CALLER));
    desk.until("both ring", |s| activity(s, &copy).filter(|a| a.phase == Phase::Ringing).map(|_| ())).await;
    assert_eq!(desk.told().rings.len(), 1);
    // Declining it means both.
    let status = desk.confirmed(Command::Decline { activity: call.id.clone() }).await;
    assert_eq!(status.accounts.len(), 2);
    desk.until("nothing rings", |s| s.rings.is_empty().then_some(())).await;
    assert_eq!(desk.ended, [(call.id, RingOutcome::Rejected)]);
}

/// The first pause that an agent may choose.
fn pause(desk: &Desk) -> AgentTarget {
    AgentTarget::Pause { pause: desk.told().agent.pauses[0].key.clone() }
}
