//! Signing in: who of all agents we are, and what is wrong with tokens and addresses; what a restart costs.

use model::{Capability, Link, Presence, ProblemCode, Snapshot};
use product_tests::{Desk, state};

use super::{adapter, asked, available, centre, ida, is, post, with_token};
use serde_json::json;

#[tokio::test]
async fn a_token_and_an_address_open_the_account() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let told = desk.link(&account, Link::Live).await;
    let agent = told.agent.expect("it is known who we are");
    assert_eq!(agent.username, sandbox.ccaip_users()[0].username);
    assert!(agent.name.contains(' '), "a first and a last name: {}", agent.name);
    for offered in [
        Capability::Ready,
        Capability::Dial,
        Capability::QueueStatistics,
        Capability::History,
        Capability::PastDays,
        Capability::Centre,
    ] {
        assert!(told.capabilities.contains(&offered), "{offered:?}");
    }
    assert!(!told.capabilities.contains(&Capability::Contacts), "the platform has no list of customers");
    let pauses = |s: &Snapshot| {
        state(s, &account)
            .agent
            .as_ref()
            .filter(|agent| agent.pauses.iter().any(|p| p.title == "Lunch"))
            .cloned()
    };
    let agent = desk.until("the pauses are known", pauses).await;
    let titles: Vec<_> = agent.pauses.iter().map(|pause| pause.title.as_str()).collect();
    for given in ["In-call", "Wrap-up", "Available", "Unavailable"] {
        assert!(!titles.contains(&given), "what the platform gives cannot be chosen: {titles:?}");
    }
    assert!(
        told.queues.iter().any(|queue| queue.id.as_str() == "2000/call" && queue.logged_in),
        "{:?}",
        told.queues
    );
}

#[tokio::test]
async fn an_agent_number_says_as_well_who_we_are_and_the_platform_which_name_goes_with_the_token() {
    let sandbox = centre(&[("ccaip_user", "name")]).await;
    adapter(&sandbox, "available");
    let mut desk = Desk::new().await;
    let account =
        desk.add(with_token(&sandbox, &sandbox.ccaip_token(), "1001", Some("Offhook desktop"))).await;
    is(&mut desk, &account, Presence::Ready).await;
    assert_eq!(asked(&sandbox, "agents.list"), 2, "once to sign in, once to listen");
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_said() {
    let sandbox = centre(&[]).await;
    let email = sandbox.ccaip_users().swap_remove(0).username;
    let (token, user) = (sandbox.ccaip_token(), Some(sandbox.ccaip_user()));
    let desk = Desk::new().await;
    for (what, account, field) in [
        ("a token that nobody knows", with_token(&sandbox, "nonsense", &email, user), None),
        ("another tenant's name", with_token(&sandbox, &token, &email, Some("elsewhere")), None),
        ("nobody is named", with_token(&sandbox, &token, " ", user), Some("username")),
        ("a stranger", with_token(&sandbox, &token, "nobody@offhook.example", user), Some("username")),
        ("a number of nobody", with_token(&sandbox, &token, "99", user), Some("username")),
    ] {
        let problem = desk.engine.add_account(account).await.expect_err(what);
        assert_eq!(problem.code, ProblemCode::WrongCredentials, "{what}: {problem}");
        assert_eq!(problem.fields.keys().map(String::as_str).next(), field, "{what}: {problem}");
    }
    assert!(desk.engine.snapshot().accounts.is_empty());
}

#[tokio::test]
async fn a_wrong_subdomain_and_another_platform_are_told_from_a_wrong_token() {
    let sandbox = centre(&[]).await;
    sandbox.control().fault(json!({"kind": "status", "status": 404, "platform": "ccaip"})).expect("a fault");
    let desk = Desk::new().await;
    let problem = desk.engine.add_account(ida(&sandbox)).await.expect_err("the tenant does not exist");
    assert_eq!(problem.code, ProblemCode::NotThisPlatform);
    assert!(problem.fields.contains_key("url"), "{problem:?}");
    let elsewhere = model::NewAccount { url: sandbox.liveagent_url(), ..ida(&sandbox) };
    let problem = desk.engine.add_account(elsewhere).await.expect_err("a LiveAgent");
    assert_eq!(problem.code, ProblemCode::NotThisPlatform);
}

#[tokio::test]
async fn the_check_says_line_by_line_what_the_token_opens() {
    let sandbox = centre(&[]).await;
    let fault = json!({"kind": "status", "status": 403, "platform": "ccaip", "route": "campaigns"});
    sandbox.control().fault(fault).expect("a fault");
    let desk = Desk::new().await;
    let report = desk.engine.check_new_account(ida(&sandbox)).await;
    let ok = |what: &str| report.lines.iter().find(|line| line.what == what).and_then(|line| line.ok);
    for works in
        ["address", "sign_in", "pull", "pauses", "queues", "calls.list", "teams.list", "wait_times.list"]
    {
        assert_eq!(ok(works), Some(true), "{works}: {report:?}");
    }
    assert_eq!(ok("campaigns.list"), Some(false), "{report:?}");
    let problem = report.lines.iter().find_map(|line| line.problem.clone()).expect("a problem");
    assert_eq!(problem.code, ProblemCode::Forbidden);
}

#[tokio::test]
async fn a_restart_asks_nobody_who_we_are() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    desk.link(&account, Link::Live).await;
    let before = asked(&sandbox, "agents.list");
    let mut desk = desk.restarted().await;
    is(&mut desk, &account, Presence::Ready).await;
    // The agent's own record says who, and is looked at for the state anyway.
    assert_eq!(asked(&sandbox, "agents.list"), before + 1);
    desk.link(&account, Link::Live).await;
    // Somebody else with that number would be found out.
    post(&sandbox.control(), "ccaip/ida/logout", json!({}));
    is(&mut desk, &account, Presence::NotReady).await;
}

#[tokio::test]
async fn how_old_each_piece_is_is_told() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    let ages = |s: &Snapshot| {
        let health = &state(s, &account).health;
        let pieces: Vec<_> =
            health.ages.iter().filter(|age| age.heard_at.is_some()).map(|age| age.piece).collect();
        use model::DataPiece::{Contacts, Directory, State};
        (pieces == [Contacts, State, Directory]).then_some(())
    };
    desk.until("all pieces have an age", ages).await;
}
