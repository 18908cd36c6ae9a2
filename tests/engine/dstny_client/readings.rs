//! The open questions of the document: the same calls under every reading that the sandbox offers, and tickets.

use dstny::call_state::{ActionName, CallStatus, Webhook};
use dstny::groups::GroupDetail;
use dstny::{Error, Known, TicketAnswer, TicketRequest};
use product_tests::centre;
use serde_json::json;
use wire::Secret;

use super::{client, ring, run, without_ticket};

#[tokio::test]
async fn a_call_is_taken_and_ended_under_every_reading() {
    for readings in [
        &[
            ("methods", "put_only"),
            ("arrays", "strings"),
            ("no_content", "object"),
            ("times", "short_offset"),
        ][..],
        &[("methods", "post_only"), ("no_content", "empty"), ("times", "millis"), ("actions", "all")][..],
        &[("state_token", "off"), ("times", "no_zone"), ("empty_document", "nothing")][..],
        &[("user_state", "partial"), ("empty_document", "object"), ("errors_status", "400")][..],
    ] {
        let sandbox = centre(readings).await;
        let ida = client(&sandbox, "ida");
        let call = ring(&sandbox);
        let state = ida.call_state(&call).await.expect("it rings");
        let answer = state.action(&ActionName::Answer).unwrap_or_else(|| panic!("{readings:?}: {state:?}"));
        let device = answer.device_ids.first().expect("with a device");
        let active = ida.answer(&call, device, &Webhook::default()).await.expect("answered");
        assert_eq!(active.status, Some(CallStatus::Active), "{readings:?}");
        assert!(!active.device_ids.is_empty(), "{readings:?}");
        let held = ida.hold(Known::of(&active).expect("a call")).await.expect("held");
        assert_eq!(held.status, Some(CallStatus::Held), "{readings:?}");
        ida.clear(&call).await.expect("over");
        ida.acd_groups(GroupDetail::default()).await.expect("groups");
        ida.log(&dstny::commlog::LogQuery::default()).await.expect("a log");
        let learned = ida.learned();
        let methods: Vec<&str> =
            ["cti.answer", "cti.hold"].iter().map(|op| learned.0[*op].as_str()).collect();
        let expected = if readings.contains(&("methods", "put_only")) { "PUT" } else { "POST" };
        assert_eq!(methods, [expected; 2], "{readings:?}");
    }
}

fn wish() -> TicketRequest {
    TicketRequest {
        apis: vec!["CALLS".into(), "USER".into()],
        name: "Offhook".into(),
        expires: Some(3600),
        device_display_name: None,
    }
}

#[tokio::test]
async fn a_password_gives_a_ticket_with_the_rights_that_were_asked_for() {
    let sandbox = centre(&[]).await;
    let ida = without_ticket(&sandbox, "ida");
    assert_eq!(ida.presence().await.expect_err("nobody"), Error::SignInNeeded);
    let wrong = ida.ticket_create(&Secret::new("guessed"), None, &wish()).await;
    assert_eq!(wrong.expect_err("wrong"), Error::SignInNeeded);
    let issued = ida.ticket_create(&Secret::new("practice-ida"), None, &wish()).await.expect("right");
    let TicketAnswer::Issued(ticket) = issued else { panic!("{issued:?}") };
    assert_eq!((ticket.name.as_deref(), ticket.apis.len()), (Some("Offhook"), 2));
    assert!(ticket.expires.is_some());
    ida.presence().await.expect("allowed");
    let missing = ida.user_state().await.expect_err("not asked for");
    assert!(matches!(&missing, Error::MissingRight { right, .. } if right == "Call control"), "{missing:?}");
    ida.ticket_delete("Offhook").await.expect("revoked");
    ida.set_ticket(Some(ticket));
    assert_eq!(ida.presence().await.expect_err("revoked"), Error::SignInNeeded);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_until_it_is_right() {
    let sandbox = centre(&[("second_factor", "on")]).await;
    let ida = without_ticket(&sandbox, "ida");
    let password = Secret::new("practice-ida");
    for code in [None, Some(Secret::new("000000"))] {
        let answer = ida.ticket_create(&password, code.as_ref(), &wish()).await.expect("a question");
        assert_eq!(answer, TicketAnswer::SecondFactorNeeded);
    }
    let answer = ida.ticket_create(&password, Some(&Secret::new("424242")), &wish()).await.expect("right");
    assert!(matches!(answer, TicketAnswer::Issued(_)));
}

#[tokio::test]
async fn an_expired_ticket_needs_a_sign_in() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    ida.presence().await.expect("signed in");
    run(&sandbox, "/tokens/expire", json!({"user": "ida"}));
    assert_eq!(ida.presence().await.expect_err("expired"), Error::SignInNeeded);
}
