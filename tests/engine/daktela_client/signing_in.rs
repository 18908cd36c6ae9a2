//! Signing in and out, and what ends a session.

use daktela::models::Ticket;
use daktela::{Credential, Error, Probe, Query};
use product_tests::centre;
use serde_json::json;
use wire::Secret;

use super::{client, signed_in, with_token};

#[tokio::test]
async fn a_probe_tells_how_one_can_sign_in() {
    let sandbox = centre(&[]).await;
    let probe = client(&sandbox, Credential::None).probe().await.expect("an answer");
    let Probe::Daktela { version, password, .. } = probe else { panic!("{probe:?}") };
    assert!(version.is_some() && password);
    let control = client_of_the_control(&sandbox).probe().await.expect("an answer");
    assert!(matches!(control, Probe::SomethingElse { .. }), "{control:?}");
}

fn client_of_the_control(sandbox: &sandbox::Sandbox) -> daktela::Client {
    let base = daktela::BaseUrl::parse(&sandbox.control_url()).expect("an address");
    daktela::Client::new(base, wire::HttpOptions::default(), Credential::None).expect("a client")
}

#[tokio::test]
async fn a_tenant_with_single_sign_on_only_says_so_before_and_at_the_login() {
    let sandbox = centre(&[("sso_only", "on")]).await;
    let client = client(&sandbox, Credential::None);
    let probe = client.probe().await.expect("an answer");
    let Probe::Daktela { password, single_sign_on, .. } = probe else { panic!("{probe:?}") };
    assert!(!password);
    assert_eq!(single_sign_on, ["google"]);
    let error = client.login("ida", &Secret::new("practice-ida")).await.expect_err("no passwords here");
    assert!(matches!(error, Error::Refused { ref words, .. } if !words.is_empty()), "{error:?}");
}

#[tokio::test]
async fn wrong_passwords_and_bad_tokens_need_a_sign_in() {
    for reading in ["version", "401"] {
        let sandbox = centre(&[("whoim_bad_token", reading)]).await;
        let nobody = client(&sandbox, Credential::None);
        let wrong = nobody.login("ida", &Secret::new("guessed")).await;
        assert_eq!(wrong.expect_err("wrong"), Error::SignInNeeded);
        let bad = client(&sandbox, Credential::Token(Secret::new("0".repeat(40))));
        assert_eq!(bad.whoim().await.expect_err("bad"), Error::SignInNeeded);
        assert_eq!(bad.pull(None).await.expect_err("bad"), Error::SignInNeeded);
    }
}

#[tokio::test]
async fn a_token_alone_is_a_session_that_cannot_be_renewed() {
    for reading in ["string", "object"] {
        let sandbox = centre(&[("only_token", reading)]).await;
        let client = client(&sandbox, Credential::None);
        client.login_for_token("ida", &Secret::new("practice-ida")).await.expect("the password is right");
        assert_eq!(client.whoim().await.expect("signed in").user.name, "ida");
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_a_revoked_one_is_not() {
    let sandbox = centre(&[]).await;
    let client = signed_in(&sandbox).await;
    let Credential::Session(before) = client.credential() else { panic!("a session") };
    assert!(before.expires.is_some_and(|expires| expires > jiff::Timestamp::now()));
    let run = |what: &str| sandbox.control().run("POST", what, json!({"user": "ida"})).expect("done");
    run("/tokens/expire");
    assert_eq!(client.whoim().await.expect_err("expired"), Error::SignInNeeded);
    let after = client.refresh().await.expect("renewed");
    assert_ne!(before.access, after.access);
    client.whoim().await.expect("signed in again");
    run("/tokens/revoke");
    assert_eq!(client.whoim().await.expect_err("revoked"), Error::SignInNeeded);
    assert_eq!(client.refresh().await.expect_err("revoked"), Error::SignInNeeded);
}

#[tokio::test]
async fn a_right_that_was_taken_away_is_forbidden() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let query = Query::new().sort(&Ticket::FIELDS.name);
    client.list::<Ticket>(&query).await.expect("allowed");
    let deny = json!({"user": "ida", "deny": ["tickets"]});
    sandbox.control().run("POST", "/permissions", deny).expect("done");
    assert_eq!(client.list::<Ticket>(&query).await.expect_err("denied"), Error::Forbidden);
    client.whoim().await.expect("the session is good");
}

#[tokio::test]
async fn errors_come_in_the_language_of_the_agent() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let mut said = Vec::new();
    for language in ["en", "cs-CZ"] {
        client.set_language(language);
        let error = client.dial("+15550100", None).await.expect_err("nobody is ready");
        let Error::Refused { words, fields, .. } = error else { panic!("{error:?}") };
        assert!(!words.is_empty() || !fields.is_empty());
        said.push(words);
    }
    assert_ne!(said[0], said[1]);
}
