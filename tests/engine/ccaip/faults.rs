//! Too many requests, links that lead elsewhere, other spellings, records that make no sense: nothing of it loses a ring.

use model::{Link, Phase, Presence, RingOutcome};
use serde_json::json;

use super::{adapter, asked, available, centre, in_phase, is, rings};

/// How many requests there were of any kind.
fn requests(sandbox: &sandbox::Sandbox) -> u64 {
    let state = sandbox.control().state();
    let all = state["requests"].as_object().into_iter().flatten();
    all.filter(|(what, _)| what.starts_with("ccaip ")).filter_map(|(_, count)| count.as_u64()).sum()
}

#[tokio::test]
async fn a_storm_of_refusals_is_waited_out_and_no_ring_is_lost_afterwards() {
    for retry_after in ["present", "absent"] {
        let sandbox = centre(&[("retry_after", retry_after)]).await;
        let control = sandbox.control();
        let (mut desk, account) = available(&sandbox).await;
        desk.link(&account, Link::Live).await;
        // Other integrations of the customer take all there is.
        control.switch("rate_per_second", "1").expect("a switch");
        control.switch("others_per_second", "50").expect("a switch");
        rings(&sandbox, "call");
        let (before, total) = (requests(&sandbox), || requests(&sandbox));
        product_tests::becomes("it was refused", || total() > before + 1).await;
        let storm = total() - before;
        control.switch("others_per_second", "0").expect("a switch");
        control.switch("rate_per_second", "0").expect("a switch");
        let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
        assert!(storm < 10, "who is refused does not hammer: {storm}");
        adapter(&sandbox, "accept");
        assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
        desk.link(&account, Link::Live).await;
    }
}

#[tokio::test]
async fn an_order_waits_for_its_turn_and_not_for_ever() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let fault = json!({"kind": "status", "status": 429, "retry_after": "1", "platform": "ccaip", "count": 1,
        "route": "apps.agent_statuses.set"});
    sandbox.control().fault(fault).expect("a fault");
    let target = model::AgentTarget::NotReady;
    desk.confirmed(model::Command::SetState { target, accounts: Some(vec![account.clone()]) }).await;
    is(&mut desk, &account, Presence::NotReady).await;
}

#[tokio::test]
async fn a_link_to_another_host_is_never_followed() {
    let sandbox = centre(&[("link", "elsewhere"), ("per_default", "2"), ("per_most", "2")]).await;
    // The first page has two agents and a link that leads elsewhere; who we are is found by counting on.
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    in_phase(&mut desk, &account, Phase::Ringing).await;
}

#[tokio::test]
async fn menus_and_teams_in_the_singular_are_found() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = available(&sandbox).await;
    desk.link(&account, Link::Live).await;
    control.switch("paths", "singular").expect("a switch");
    let centre = desk.engine.centre().await;
    assert!(centre.teams.len() > 1 && !centre.campaigns.is_empty(), "{:?}", centre.problems);
}

#[tokio::test]
async fn records_that_make_no_sense_cost_themselves() {
    let sandbox = centre(&[("ccaip_records", "odd")]).await;
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
}

#[tokio::test]
async fn a_log_that_may_not_be_read_is_done_without() {
    let sandbox = centre(&[("offer", "assigned")]).await;
    let fault = json!({"kind": "status", "status": 403, "platform": "ccaip", "route": "agent_activity_logs"});
    sandbox.control().fault(fault).expect("a fault");
    let (mut desk, account) = available(&sandbox).await;
    let health = desk.link(&account, Link::Degraded).await.health;
    let problem = health.problem.expect("what is missing is said");
    assert_eq!(problem.facts.get("what").map(String::as_str), Some("agent_activity_logs"));
    rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
}

#[tokio::test]
async fn figures_that_always_fail_take_nothing_from_what_rings() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    for route in ["menus", "user_statuses", "apps.wait_times"] {
        control
            .fault(json!({"kind": "status", "status": 500, "platform": "ccaip", "route": route}))
            .expect("a fault");
    }
    let (mut desk, account) = available(&sandbox).await;
    desk.engine.watch(model::Watch { queues: vec![account.clone()], ..model::Watch::default() });
    product_tests::becomes("figures were asked for", || asked(&sandbox, "menus.current_status") > 0).await;
    for _ in 0..2 {
        rings(&sandbox, "call");
        let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
        adapter(&sandbox, "accept");
        assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
        adapter(&sandbox, "hangup");
        adapter(&sandbox, "done");
        desk.until("it is gone", |s| s.activities.is_empty().then_some(())).await;
    }
    assert_eq!(asked(&sandbox, "menus.current_status"), 1, "what fails rests");
}

#[tokio::test]
async fn the_platform_goes_away_and_comes_back() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = available(&sandbox).await;
    desk.link(&account, Link::Live).await;
    control.fault(json!({"kind": "drop", "platform": "ccaip"})).expect("a fault");
    desk.link(&account, Link::Offline).await;
    rings(&sandbox, "call");
    control.clear_faults();
    in_phase(&mut desk, &account, Phase::Ringing).await;
    desk.link(&account, Link::Live).await;
}
