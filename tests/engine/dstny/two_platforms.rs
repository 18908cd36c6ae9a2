//! One agent on both platforms of one centre: one ring for one call, one state, and a call on one keeps the other away.

use model::{
    AccountId, AgentTarget, Command, Phase, Presence, RingOutcome, Settings, StateMap, UnifiedPresence,
};
use product_tests::{Desk, activity, centre, presence, state};
use sandbox::Sandbox;
use serde_json::json;

use super::{by_ticket, is_gone, post, shows, streams};

/// A desk on both, ready on both; the Daktela account first.
async fn on_both(sandbox: &Sandbox) -> (Desk, AccountId, AccountId) {
    let (mut desk, daktela) = Desk::ready(sandbox).await;
    let dstny = desk.add(by_ticket(sandbox, 0)).await;
    super::offers(&mut desk, &dstny, model::Capability::QueueLogin).await;
    desk.go_ready(&dstny).await;
    streams(sandbox, "callstate.dialogs.stream", 1).await;
    desk.until("ready on both", |s| (s.agent.presence == UnifiedPresence::Ready).then_some(())).await;
    (desk, daktela, dstny)
}

/// The two activities of one call.
async fn rung_on_both(desk: &mut Desk, sandbox: &Sandbox) -> Vec<model::ActivityId> {
    post(&sandbox.control(), "ring", json!({"agent": "ida", "number": super::CALLER}));
    desk.until("it rings on both", |s| {
        let ringing: Vec<_> =
            s.activities.iter().filter(|a| a.phase == Phase::Ringing).map(|a| a.id.clone()).collect();
        (ringing.len() == 2).then_some(ringing)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_call_seen_through_two_platforms_rings_once_and_is_answered_once() {
    let sandbox = centre(&[]).await;
    let (mut desk, _, dstny) = on_both(&sandbox).await;
    let copies = rung_on_both(&mut desk, &sandbox).await;
    assert_eq!(desk.told().rings.len(), 1, "one alert");
    let of_dstny = copies.iter().find(|id| id.parts().unwrap().0 == dstny).unwrap().clone();
    super::confirmed(&mut desk, Command::Answer { activity: of_dstny.clone(), device: None }).await;
    shows(&mut desk, &of_dstny, "they talk", super::in_phase(Phase::Open)).await;
    desk.until("nothing rings", |s| s.rings.is_empty().then_some(())).await;
    assert!(desk.ended.iter().all(|(_, how)| *how == RingOutcome::AnsweredHere), "{:?}", desk.ended);
    super::confirmed(&mut desk, Command::Hangup { activity: of_dstny.clone() }).await;
    is_gone(&mut desk, &of_dstny).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declining_means_both_copies() {
    let sandbox = centre(&[]).await;
    let (mut desk, ..) = on_both(&sandbox).await;
    rung_on_both(&mut desk, &sandbox).await;
    let ring = desk.told().rings[0].activity.clone();
    desk.run(Command::Decline { activity: ring }).await;
    desk.until("nothing rings", |s| s.rings.is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_state_goes_to_both_by_the_names_that_both_have() {
    let sandbox = centre(&[]).await;
    let (mut desk, daktela, dstny) = on_both(&sandbox).await;
    let lunch = desk.told().agent.pauses.iter().find(|pause| pause.title == "Lunch").unwrap().clone();
    assert_eq!(lunch.accounts.len(), 2, "{lunch:?}");
    let to = |target| Command::SetState { target, accounts: None };
    super::confirmed(&mut desk, to(AgentTarget::Pause { pause: lunch.key.clone() })).await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Paused);
    for account in [&daktela, &dstny] {
        assert_eq!(presence(desk.told(), account), Some(Presence::Paused));
    }
    super::confirmed(&mut desk, to(AgentTarget::Ready)).await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready);
    super::confirmed(&mut desk, to(AgentTarget::NotReady)).await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::NotReady);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_on_one_platform_pauses_the_other_and_its_end_releases_exactly_that() {
    let (sandbox, other) = (centre(&[]).await, centre(&[]).await);
    let (mut desk, daktela, dstny, pause) = with_pause_for_calls(&sandbox, &other).await;
    let call = desk.rung(&sandbox.control(), &daktela, super::CALLER).await;
    super::confirmed(&mut desk, Command::Answer { activity: call.id.clone(), device: None }).await;
    is_on(&mut desk, &dstny, &pause).await;
    super::confirmed(&mut desk, Command::Hangup { activity: call.id.clone() }).await;
    desk.until("the other is released", |s| (presence(s, &dstny) == Some(Presence::Ready)).then_some(()))
        .await;
    assert!(activity(desk.told(), &call.id).is_some(), "the wrap-up is still open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_for_a_call_elsewhere_outlives_a_restart_and_is_released_when_the_call_is_over() {
    let (sandbox, other) = (centre(&[]).await, centre(&[]).await);
    let (mut desk, daktela, dstny, pause) = with_pause_for_calls(&sandbox, &other).await;
    let call = desk.rung(&sandbox.control(), &daktela, super::CALLER).await;
    super::confirmed(&mut desk, Command::Answer { activity: call.id.clone(), device: None }).await;
    is_on(&mut desk, &dstny, &pause).await;
    let mut desk = desk.restarted().await;
    desk.until("the call is there again", |s| {
        activity(s, &call.id).filter(|a| a.phase == Phase::Open).map(drop)
    })
    .await;
    is_on(&mut desk, &dstny, &pause).await;
    super::confirmed(&mut desk, Command::Hangup { activity: call.id.clone() }).await;
    desk.until("it is released", |s| (presence(s, &dstny) == Some(Presence::Ready)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_agent_chooses_during_a_call_elsewhere_stays() {
    let (sandbox, other) = (centre(&[]).await, centre(&[]).await);
    let (mut desk, daktela, dstny, pause) = with_pause_for_calls(&sandbox, &other).await;
    let call = desk.rung(&sandbox.control(), &daktela, super::CALLER).await;
    super::confirmed(&mut desk, Command::Answer { activity: call.id.clone(), device: None }).await;
    is_on(&mut desk, &dstny, &pause).await;
    // The very same pause, but now the agent's own.
    let key =
        desk.told().agent.pauses.iter().find(|choice| choice.accounts.contains(&dstny)).unwrap().key.clone();
    let chosen = AgentTarget::Pause { pause: key };
    super::confirmed(&mut desk, Command::SetState { target: chosen, accounts: Some(vec![dstny.clone()]) })
        .await;
    super::confirmed(&mut desk, Command::Hangup { activity: call.id.clone() }).await;
    desk.until("the call is over", |s| {
        activity(s, &call.id).is_none_or(|a| a.phase == Phase::WrapUp).then_some(())
    })
    .await;
    desk.is_in_step().await;
    assert_eq!(presence(desk.told(), &dstny), Some(Presence::Paused));
}

/// Ready on two centres; on the second, a pause is set for calls elsewhere.
async fn with_pause_for_calls(
    sandbox: &Sandbox,
    other: &Sandbox,
) -> (Desk, AccountId, AccountId, model::PauseId) {
    let (mut desk, daktela) = Desk::ready(sandbox).await;
    let dstny = desk.add(by_ticket(other, 0)).await;
    super::offers(&mut desk, &dstny, model::Capability::QueueLogin).await;
    desk.go_ready(&dstny).await;
    let pause = state(desk.told(), &dstny).agent.as_ref().expect("the agent is known").pauses[0].id.clone();
    let map = StateMap { during_calls_elsewhere: Some(pause.clone()), ..StateMap::default() };
    let settings = Settings { states: [(dstny.clone(), map)].into(), ..desk.told().settings.clone() };
    desk.engine.save_settings(settings).await.expect("they are kept");
    (desk, daktela, dstny, pause)
}

async fn is_on(desk: &mut Desk, account: &AccountId, pause: &model::PauseId) {
    desk.until("it is paused", |s| {
        let agent = state(s, account).agent.as_ref()?;
        (agent.pause.as_ref().map(|on| &on.id) == Some(pause)).then_some(())
    })
    .await;
}
