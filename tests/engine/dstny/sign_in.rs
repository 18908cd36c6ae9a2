//! Signing in: by ticket and by password, what is kept, and what the agent is told when it does not work.

use model::{Capability, Credential, Link, Platform, ProblemCode};
use product_tests::{Desk, centre, new_account, secret, state};
use serde_json::json;

use super::{by_password, by_ticket, offers, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pasted_ticket_lets_in_and_is_not_revoked_when_the_account_goes() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.add(by_ticket(&sandbox, 0)).await;
    let live = desk.link(&account, Link::Live).await;
    assert_eq!(live.account.platform, Platform::Dstny);
    let user = sandbox.dstny_users().swap_remove(0);
    assert_eq!(live.account.username.unwrap(), format!("{}@{}", user.username, user.domain));
    offers(&mut desk, &account, Capability::Dial).await;
    assert_eq!(state(desk.told(), &account).agent.as_ref().unwrap().name, user.title);
    desk.engine.remove_account(account).await.unwrap();
    desk.add(by_ticket(&sandbox, 0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_makes_a_ticket_of_our_own_is_forgotten_and_the_ticket_revoked_with_the_account() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.add(by_password(&sandbox, 0, None)).await;
    desk.link(&account, Link::Live).await;
    let kept = secret(&desk, &account).unwrap();
    let user = sandbox.dstny_users().swap_remove(0);
    assert!(!kept.contains(&user.password), "the password is not kept");
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert!(kept["name"].as_str().unwrap().starts_with("Offhook "));
    let token = kept["token"].as_str().unwrap().to_owned();
    // It is enough for the next start.
    let mut desk = desk.restarted().await;
    desk.link(&account, Link::Live).await;
    desk.engine.remove_account(account).await.unwrap();
    let again = Credential::Token {
        token,
        username: Some(format!("{}@{}", user.username, user.domain)),
        second: None,
        user: None,
    };
    let again = model::NewAccount { platform: Platform::Dstny, ..new_account(&sandbox.dstny_url(), again) };
    let problem = desk.engine.add_account(again).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::WrongCredentials, "the ticket was revoked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_and_taken() {
    let sandbox = centre(&[("second_factor", "on")]).await;
    let desk = Desk::new().await;
    let without = desk.engine.add_account(by_password(&sandbox, 0, None)).await.unwrap_err();
    assert_eq!(without.code, ProblemCode::WrongCredentials);
    assert_eq!(without.facts.get("why").map(String::as_str), Some("second_factor"));
    let wrong = desk.engine.add_account(by_password(&sandbox, 0, Some("111111"))).await.unwrap_err();
    assert_eq!(wrong.code, ProblemCode::WrongCredentials);
    desk.engine.add_account(by_password(&sandbox, 0, Some("424242"))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_let_in_says_why() {
    let sandbox = centre(&[]).await;
    let desk = Desk::new().await;
    let user = sandbox.dstny_users().swap_remove(0);
    let cid = format!("{}@{}", user.username, user.domain);
    let password = |username: &str, password: &str| Credential::Password {
        username: username.to_owned(),
        password: password.to_owned(),
        code: None,
    };
    let token = |token: &str| Credential::Token {
        token: token.to_owned(),
        username: Some(cid.clone()),
        second: None,
        user: None,
    };
    for (url, credential, code) in [
        (sandbox.dstny_url(), password(&cid, "guess"), ProblemCode::WrongCredentials),
        (sandbox.dstny_url(), password("ida", &user.password), ProblemCode::WrongCredentials),
        (sandbox.dstny_url(), token("2343.nonsense"), ProblemCode::WrongCredentials),
        (sandbox.daktela_url(), token(&user.token), ProblemCode::NotThisPlatform),
        ("http://pbx.example".to_owned(), token(&user.token), ProblemCode::BadAddress),
    ] {
        let new = model::NewAccount { platform: Platform::Dstny, ..new_account(&url, credential) };
        let problem = desk.engine.add_account(new).await.unwrap_err();
        assert_eq!(problem.code, code, "{url}: {problem:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_without_the_scope_names_the_scope_and_takes_only_what_depends_on_it() {
    let sandbox = centre(&[]).await;
    post(&sandbox.control(), "scopes", json!({"user": "ida", "scopes": ["USER", "ACD", "CONTACT"]}));
    let mut desk = Desk::new().await;
    let account = desk.add(by_ticket(&sandbox, 0)).await;
    let degraded = desk.link(&account, Link::Degraded).await;
    let problem = degraded.health.problem.unwrap();
    assert_eq!(problem.code, ProblemCode::Forbidden);
    assert_eq!(problem.facts.get("scope").map(String::as_str), Some("Call control"), "{problem:?}");
    // The rest of the day goes on.
    for capability in [Capability::QueueLogin, Capability::Contacts, Capability::Presence] {
        offers(&mut desk, &account, capability).await;
    }
    let nothing = centre(&[]).await;
    post(&nothing.control(), "scopes", json!({"user": "ida", "scopes": []}));
    let problem = desk.engine.add_account(by_ticket(&nothing, 0)).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::Forbidden);
    assert!(problem.facts.contains_key("scope"), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_licence_that_is_missing_is_said_and_calls_are_begun_by_call_back() {
    let sandbox = centre(&[]).await;
    post(&sandbox.control(), "licences", json!({"user": "ida", "licences": ["VOICEMAIL"]}));
    let mut desk = Desk::new().await;
    let account = desk.add(by_ticket(&sandbox, 0)).await;
    let degraded = desk.link(&account, Link::Degraded).await;
    assert_eq!(degraded.health.problem.unwrap().code, ProblemCode::NotLicensed);
    offers(&mut desk, &account, Capability::Dial).await;
    super::confirmed(
        &mut desk,
        model::Command::Dial {
            account: account.clone(),
            number: "+442079460199".to_owned(),
            queue: None,
            device: None,
            line: None,
            contact: None,
        },
    )
    .await;
    let dialled = sandbox.control().state()["open"].to_string();
    assert!(dialled.contains("+442079460199"), "{dialled}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_ends_asks_for_a_new_sign_in() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.add(by_ticket(&sandbox, 0)).await;
    desk.link(&account, Link::Live).await;
    post(&sandbox.control(), "tokens/revoke", json!({"user": "ida"}));
    post(&sandbox.control(), "streams/drop", json!({}));
    let out = desk.link(&account, Link::SignedOut).await;
    assert_eq!(out.health.problem.unwrap().code, ProblemCode::SignInNeeded);
}
