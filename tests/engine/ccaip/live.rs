//! What rings and is talked in. The agent answers, holds and hangs up on the platform's own page.

use model::{Channel, Direction, FactKind, PauseKind, Phase, Presence, RingOutcome, Snapshot};
use product_tests::{activity, state};

use super::{adapter, available, centre, in_phase, is, post, rings};
use serde_json::json;

#[tokio::test]
async fn a_call_is_offered_answered_in_the_adapter_held_ended_and_wrapped_up() {
    let sandbox = centre(&[("hold_key", "on_hold")]).await;
    let (mut desk, account) = available(&sandbox).await;
    let _call = rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    assert_eq!((rung.channel, rung.direction), (Channel::Call, Direction::In));
    assert!(rung.actions.is_empty(), "what cannot be done from here is not offered");
    assert_eq!(rung.web.as_deref(), Some(format!("{}/", sandbox.ccaip_url()).as_str()));
    // At once it is known that it rings, a look later who it is.
    let known = |s: &Snapshot| activity(s, &rung.id).filter(|a| a.party.phone.is_some()).cloned();
    let rung = desk.until("it is known who calls", known).await;
    assert_eq!(rung.party.phone.as_ref().and_then(|phone| phone.e164.as_deref()), Some("+442079460555"));
    assert!(rung.queue.as_ref().is_some_and(|queue| queue.id.is_some()), "{:?}", rung.queue);
    let has = |kind| rung.facts.iter().any(|fact| fact.kind == kind);
    assert!(has(FactKind::Verified) && has(FactKind::Waited) && has(FactKind::Language), "{:?}", rung.facts);

    adapter(&sandbox, "accept");
    desk.until("it is open", |s| activity(s, &rung.id).filter(|a| a.phase == Phase::Open).map(drop)).await;
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
    adapter(&sandbox, "hold");
    desk.until("it is on hold", |s| activity(s, &rung.id).filter(|a| a.on_hold).map(drop)).await;
    adapter(&sandbox, "resume");
    desk.until("it is back", |s| activity(s, &rung.id).filter(|a| !a.on_hold).map(drop)).await;

    adapter(&sandbox, "hangup");
    let over = |s: &Snapshot| activity(s, &rung.id).filter(|a| a.phase == Phase::WrapUp).cloned();
    let over = desk.until("it is wrapped up", over).await;
    assert!(over.ended_at.is_some() && over.answered_at.is_some());
    let wrap_up = |s: &Snapshot| {
        let agent = state(s, &account).agent.as_ref()?;
        agent.pause.as_ref().filter(|pause| pause.kind == PauseKind::WrapUp).map(drop)
    };
    desk.until("the state is wrap-up", wrap_up).await;
    adapter(&sandbox, "done");
    desk.until("it is gone", |s| activity(s, &rung.id).is_none().then_some(())).await;
    is(&mut desk, &account, Presence::Ready).await;
    desk.is_in_step().await;
}

#[tokio::test]
async fn a_call_that_counts_as_assigned_while_it_rings_rings_too() {
    let sandbox = centre(&[("offer", "assigned")]).await;
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    desk.until("it is open", |s| activity(s, &rung.id).filter(|a| a.phase == Phase::Open).map(drop)).await;
}

#[tokio::test]
async fn a_chat_is_offered_accepted_and_ends() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "chat");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    assert_eq!(rung.channel, Channel::Chat);
    adapter(&sandbox, "accept");
    desk.until("it is open", |s| activity(s, &rung.id).filter(|a| a.phase == Phase::Open).map(drop)).await;
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
    adapter(&sandbox, "hangup");
    desk.until("it is gone", |s| activity(s, &rung.id).is_none().then_some(())).await;
}

#[tokio::test]
async fn a_call_that_is_missed_goes_on_and_one_that_is_given_up_is_abandoned() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    let missed = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "miss");
    let outcome = desk.ring_ended(&missed.id).await;
    assert!(matches!(outcome, RingOutcome::TimedOut | RingOutcome::Abandoned), "{outcome:?}");

    adapter(&sandbox, "available");
    is(&mut desk, &account, Presence::Ready).await;
    let given_up = rings(&sandbox, "call");
    let other = |s: &Snapshot| {
        s.activities
            .iter()
            .find(|a| a.account == account && a.phase == Phase::Ringing && a.id != missed.id)
            .cloned()
    };
    let other = desk.until("another rings", other).await;
    post(&control, &format!("calls/{given_up}/hangup"), json!({}));
    assert_eq!(desk.ring_ended(&other.id).await, RingOutcome::Abandoned);
}

#[tokio::test]
async fn somebody_else_takes_what_rings() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let call = rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    post(&sandbox.control(), &format!("calls/{call}/answered-elsewhere"), json!({"agent": "tomas"}));
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredElsewhere);
}

#[tokio::test]
async fn what_rang_before_offhook_came_rings() {
    let sandbox = centre(&[]).await;
    adapter(&sandbox, "available");
    rings(&sandbox, "call");
    let mut desk = product_tests::Desk::new().await;
    let account = desk.add(super::ida(&sandbox)).await;
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
}
