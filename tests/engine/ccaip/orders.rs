//! The own state, and starting a call, with every answer that the documents name.

use model::{
    AgentTarget, Capability, Command, NextStepKind, Outcome, Phase, Presence, Problem, ProblemCode, Snapshot,
};
use product_tests::{Desk, presence, state};
use sandbox::Sandbox;
use serde_json::json;

use super::{adapter, asked, available, centre, in_phase, is, rings, with_token};

fn dial(account: &model::AccountId, number: &str) -> Command {
    Command::Dial {
        account: account.clone(),
        number: number.to_owned(),
        queue: None,
        device: None,
        line: None,
        contact: None,
    }
}

fn set(account: &model::AccountId, target: AgentTarget) -> Command {
    Command::SetState { target, accounts: Some(vec![account.clone()]) }
}

/// The key of a pause of this title.
async fn pause(desk: &mut Desk, title: &str) -> AgentTarget {
    let key = |s: &Snapshot| s.agent.pauses.iter().find(|p| p.title == title).map(|p| p.key.clone());
    AgentTarget::Pause { pause: desk.until("the pause is known", key).await }
}

#[tokio::test]
async fn the_state_is_set_and_the_answer_shows_it_without_another_request() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let lunch = pause(&mut desk, "Lunch").await;
    desk.confirmed(set(&account, lunch)).await;
    let agent = state(desk.told(), &account).agent.clone().expect("an agent");
    assert_eq!(
        (agent.presence, agent.pause.map(|pause| pause.title).as_deref()),
        (Presence::Paused, Some("Lunch"))
    );
    desk.confirmed(set(&account, AgentTarget::NotReady)).await;
    desk.confirmed(set(&account, AgentTarget::Ready)).await;
    assert_eq!(asked(&sandbox, "apps.agent_statuses.set"), 3);
    // And a look says the same.
    let looks = asked(&sandbox, "agents.list");
    product_tests::becomes("the state is looked at", || asked(&sandbox, "agents.list") > looks).await;
    is(&mut desk, &account, Presence::Ready).await;
}

#[tokio::test]
async fn a_state_that_is_refused_says_why_in_the_platforms_words() {
    let sandbox = centre(&[("set_status_offline", "refuse")]).await;
    let mut desk = Desk::new().await;
    let account = desk.add(super::ida(&sandbox)).await;
    is(&mut desk, &account, Presence::NotReady).await;
    let problem = desk.refused(set(&account, AgentTarget::Ready)).await;
    assert_eq!(problem.code, ProblemCode::Refused);
    assert_eq!(problem.said, ["Agent is not logged in"]);
    assert_eq!(presence(desk.told(), &account), Some(Presence::NotReady));
}

#[tokio::test]
async fn a_pause_that_is_set_during_a_call_follows_it() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    in_phase(&mut desk, &account, Phase::Open).await;
    let lunch = pause(&mut desk, "Lunch").await;
    let status = desk.run(set(&account, lunch)).await;
    assert_eq!(status.outcome, Outcome::Confirmed);
}

#[tokio::test]
async fn a_call_is_started_rings_at_the_agent_and_is_talked_in() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let status = desk.confirmed(dial(&account, "+442079460777")).await;
    let made = status.made.expect("the answer names the call");
    let open = |s: &Snapshot| {
        let call = product_tests::activity(s, &made)?;
        (call.party.phone.as_ref()?.e164.as_deref() == Some("+442079460777")).then_some(call.direction)
    };
    assert_eq!(desk.until("it is there", open).await, model::Direction::Out);
}

#[tokio::test]
async fn what_has_to_be_done_on_the_platforms_page_is_said_with_the_page() {
    for (how, expected) in [("number", NextStepKind::ChooseNumber), ("adapter", NextStepKind::GoOnThere)] {
        let sandbox = centre(&[("call_start", how)]).await;
        let (mut desk, account) = available(&sandbox).await;
        let status = desk.confirmed(dial(&account, "+442079460777")).await;
        let next = status.next.expect("something is left to do");
        assert_eq!((next.what, next.web), (expected, Some(format!("{}/", sandbox.ccaip_url()))));
        adapter(&sandbox, "start");
        desk.until("it is dialled then", |s| (!s.activities.is_empty()).then_some(())).await;
    }
}

async fn dial_refused(sandbox: &Sandbox, desk: &mut Desk, number: &str) -> Problem {
    let account = desk.told().accounts[0].account.id.clone();
    let dials = |s: &Snapshot| state(s, &account).capabilities.contains(&Capability::Dial).then_some(());
    desk.until("calls can be started", dials).await;
    let problem = desk.refused(dial(&account, number)).await;
    assert!(asked(sandbox, "apps.calls.create.outbound") > 0);
    problem
}

#[tokio::test]
async fn why_a_call_was_not_started_is_said_in_the_platforms_words() {
    let sandbox = centre(&[]).await;
    // Nobody is available who is not even signed in there.
    let mut desk = Desk::new().await;
    desk.add(super::ida(&sandbox)).await;
    let problem = dial_refused(&sandbox, &mut desk, "+442079460777").await;
    assert_eq!(problem.code, ProblemCode::NotPossible);
    assert_eq!(problem.facts.get("why").map(String::as_str), Some("not_ready"));
    assert_eq!(problem.said, ["Agent is not available to take this call"]);

    adapter(&sandbox, "available");
    let problem = dial_refused(&sandbox, &mut desk, "*77*100").await;
    assert_eq!(problem.code, ProblemCode::BadNumber);
    assert_eq!(problem.said, ["end_user_number is not well-formed"]);
}

#[tokio::test]
async fn who_may_not_call_is_told_so() {
    let sandbox = centre(&[]).await;
    post_denied(&sandbox);
    let (mut desk, _) = available(&sandbox).await;
    let problem = dial_refused(&sandbox, &mut desk, "+442079460777").await;
    assert_eq!(problem.code, ProblemCode::Forbidden);
    assert_eq!(problem.said, ["Agent does not have access to make calls"]);
}

fn post_denied(sandbox: &Sandbox) {
    super::post(&sandbox.control(), "permissions", json!({"user": "ida", "deny": ["dial"]}));
}

#[tokio::test]
async fn a_token_that_is_taken_back_ends_the_session() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let fault = json!({"kind": "status", "status": 401, "platform": "ccaip"});
    sandbox.control().fault(fault).expect("a fault");
    desk.link(&account, model::Link::SignedOut).await;
    let wrong = with_token(&sandbox, "other", "ida@offhook.example", Some(sandbox.ccaip_user()));
    assert!(desk.engine.add_account(wrong).await.is_err());
}
