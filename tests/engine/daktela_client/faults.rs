//! Every way in which the network or the server can fail has its own error, and the next request works.

use daktela::models::Ticket;
use daktela::{BaseUrl, Client, Credential, Error, Query, SessionChange};
use product_tests::centre;
use sandbox::{Forget, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;
use wire::{HttpOptions, NetworkKind, Secret};

use super::with_token;

/// A client that does not wait long.
fn hasty(sandbox: &Sandbox) -> Client {
    let base = BaseUrl::parse(&sandbox.daktela_url()).expect("an address");
    let options = HttpOptions { timeout: Duration::from_millis(400), ..HttpOptions::default() };
    let token = Secret::new(sandbox.users()[0].access_token.clone());
    Client::new(base, options, Credential::Token(token)).expect("a client")
}

fn is_network(error: &Error, expected: &NetworkKind) -> bool {
    matches!(error, Error::Network { kind, .. } if kind == expected)
}

#[tokio::test]
async fn every_fault_has_its_error_and_passes() {
    type Expected = fn(&Error) -> bool;
    let table: [(Value, Expected); 11] = [
        (json!({"kind": "drop"}), |e| is_network(e, &NetworkKind::Closed)),
        (json!({"kind": "half_open"}), |e| is_network(e, &NetworkKind::Timeout)),
        (json!({"kind": "latency", "ms": 5000}), |e| is_network(e, &NetworkKind::Timeout)),
        (json!({"kind": "truncate"}), |e| {
            is_network(e, &NetworkKind::Closed) || matches!(e, Error::Protocol { .. })
        }),
        (json!({"kind": "malformed"}), |e| matches!(e, Error::Protocol { .. })),
        (json!({"kind": "status", "status": 401}), |e| *e == Error::SignInNeeded),
        (json!({"kind": "status", "status": 403}), |e| *e == Error::Forbidden),
        (json!({"kind": "status", "status": 404}), |e| *e == Error::NotFound),
        (json!({"kind": "status", "status": 429, "retry_after": "7"}), |e| {
            *e == Error::Transient { status: 429, retry_after: Some(Duration::from_secs(7)) }
        }),
        (json!({"kind": "status", "status": 500}), |e| matches!(e, Error::Transient { status: 500, .. })),
        (json!({"kind": "status", "status": 502}), |e| matches!(e, Error::Transient { status: 502, .. })),
    ];
    let sandbox = centre(&[]).await;
    // Only where nothing comes is it right to give up early: a loaded computer must not make a late answer of a bad one.
    let (hasty, patient) = (hasty(&sandbox), with_token(&sandbox));
    for (mut fault, expected) in table {
        let what = fault.to_string();
        let comes_late = matches!(fault["kind"].as_str(), Some("half_open" | "latency"));
        let client = if comes_late { &hasty } else { &patient };
        fault["route"] = json!("usersSession");
        sandbox.control().fault(fault).expect("a fault");
        let error = client.change_session(&SessionChange::new().end_pause()).await.expect_err(&what);
        assert!(expected(&error), "{what}: {error:?}");
        sandbox.control().clear_faults();
        patient.whoim().await.unwrap_or_else(|error| panic!("after {what}: {error}"));
    }
}

#[tokio::test]
async fn a_read_gets_over_what_passes_by_itself() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    for fault in [
        json!({"kind": "drop", "count": 1}),
        json!({"kind": "status", "status": 503, "count": 1}),
        json!({"kind": "status", "status": 429, "retry_after": "0", "count": 1}),
    ] {
        sandbox.control().fault(fault.clone()).expect("a fault");
        let query = Query::new().sort(&Ticket::FIELDS.name);
        client.list::<Ticket>(&query).await.unwrap_or_else(|error| panic!("{fault}: {error}"));
    }
}

#[tokio::test]
async fn after_a_restart_the_old_hash_is_refused_or_answered_with_everything() {
    for (reading, refused) in [("reject", true), ("full", false)] {
        let sandbox = centre(&[("unknown_hash", reading)]).await;
        let client = with_token(&sandbox);
        let hash = client.pull(None).await.expect("everything").hash;
        sandbox.control().restart(Duration::ZERO, Forget::Hashes);
        client.reset_connections();
        client.whoim().await.expect("it is back");
        match client.pull(hash.as_deref()).await {
            Err(Error::Refused { .. }) => assert!(refused),
            Ok(answer) => assert!(!refused && answer.activities.is_some()),
            Err(error) => panic!("{error}"),
        }
        assert!(client.pull(None).await.expect("everything").activities.is_some());
    }
}
