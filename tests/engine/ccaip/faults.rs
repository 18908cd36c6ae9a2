//! Too many requests, links that lead elsewhere, other spellings, records that make no sense: nothing of it loses a ring.

use model::{Link, Phase, Presence, RingOutcome, Snapshot};
use product_tests::state;
use serde_json::json;

use super::{adapter, asked, available, centre, in_phase, is, rings};

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
        let log = asked(&sandbox, "agent_activity_logs.list");
        product_tests::becomes("it was refused", || asked(&sandbox, "agent_activity_logs.list") > log).await;
        let storm = asked(&sandbox, "agent_activity_logs.list");
        control.switch("others_per_second", "0").expect("a switch");
        control.switch("rate_per_second", "0").expect("a switch");
        let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
        assert!(storm - log < 10, "who is refused does not hammer: {}", storm - log);
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
async fn singular_paths_are_found_once_and_remembered() {
    let sandbox = centre(&[("paths", "singular")]).await;
    // What is known in the plural only is not found at all, and the rest of the picture stands.
    let fault =
        json!({"kind": "status", "status": 404, "platform": "ccaip", "route": "menus.tree", "count": 1});
    sandbox.control().fault(fault).expect("a fault");
    let problem = product_tests::Desk::new().await.engine.add_account(super::ida(&sandbox)).await;
    let problem = problem.expect_err("agents have one spelling");
    assert_eq!(problem.code, model::ProblemCode::NotThisPlatform);
}

#[tokio::test]
async fn records_that_make_no_sense_cost_themselves() {
    let sandbox = centre(&[("ccaip_records", "odd")]).await;
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
    let told = |s: &Snapshot| (state(s, &account).health.unreadable > 0).then_some(());
    desk.until("what could not be read is counted", told).await;
}

#[tokio::test]
async fn a_log_that_may_not_be_read_is_done_without() {
    let sandbox = centre(&[("offer", "assigned")]).await;
    let fault = json!({"kind": "status", "status": 403, "platform": "ccaip", "route": "agent_activity_logs"});
    sandbox.control().fault(fault).expect("a fault");
    let (mut desk, account) = available(&sandbox).await;
    desk.link(&account, Link::Live).await;
    rings(&sandbox, "call");
    let rung = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
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
