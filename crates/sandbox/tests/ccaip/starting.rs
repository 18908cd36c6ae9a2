//! Starting a call by the Apps API: every documented answer, and the call that follows.

use crate::lab::{Lab, told};
use serde_json::{Value, json};

fn order() -> Value {
    json!({"call_type": "Voice Outbound (API)", "agent_email": "ida@offhook.example",
        "end_user_number": "+44 20 7946 0123", "lang": "en"})
}

fn with(changes: &[(&str, Value)]) -> Value {
    let mut order = order();
    for (name, value) in changes {
        order[*name] = value.clone();
    }
    order
}

#[tokio::test]
async fn the_call_starts_at_the_agents_own_device_and_is_seen_in_the_list() {
    let lab = Lab::with(&[("answer_delay", "4")]).await;
    lab.on_page("ida", "available");
    let (status, call) = lab.app("calls", order()).await;
    assert_eq!((status, &call["status"], &call["agent_info"]["id"]), (201, &json!("assigned"), &json!(101)));
    assert_eq!(call["call_type"], "Voice Outbound (API)");
    for part in call["participants"].as_array().unwrap() {
        assert_eq!((&part["status"], &part["connected_at"]), (&json!("waiting"), &Value::Null));
    }
    let id = call["id"].clone();
    let seen = |lab: &Lab| {
        let request = lab.request("GET", "/manager/api/v1/calls?agent_id[]=101&per=500");
        let id = id.clone();
        async move {
            let (_, rows) = told(request.send().await.unwrap()).await;
            rows.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap().clone()
        }
    };
    lab.pass(2);
    assert_eq!(seen(&lab).await["status"], "connecting");
    lab.pass(5);
    let call = seen(&lab).await;
    assert_eq!((&call["status"], &call["call_type"]), (&json!("connected"), &json!("Voice Outbound (API)")));
    let (status, body) = lab.app("calls", order()).await;
    assert_eq!((status, &body["message"]), (400, &json!("Agent is not available to take this call")));
    lab.on_page("ida", "hangup");
    assert_eq!(seen(&lab).await["status"], "finished");
}

#[tokio::test]
async fn a_number_that_is_busy_silent_or_unknown_fails_with_its_code() {
    let lab = Lab::open().await;
    for (number, reason, code) in [
        ("+442079460198", "eu_busy", 21001),
        ("+442079460197", "eu_no_answer", 21003),
        ("+442079460196", "eu_wrong_number", 21002),
    ] {
        lab.on_page("ida", "available");
        let (status, call) = lab.app("calls", with(&[("end_user_number", json!(number))])).await;
        assert_eq!(status, 201, "{call}");
        lab.pass(30);
        let rows = lab.rows("calls?agent_id[]=101&per=500").await;
        let call = rows.into_iter().find(|c| c["id"] == call["id"]).unwrap();
        assert_eq!((&call["status"], &call["fail_reason"]), (&json!("failed"), &json!(reason)));
        assert_eq!(call["adapter_fail_code"], code);
    }
}

#[tokio::test]
async fn every_documented_refusal_can_be_met() {
    let lab = Lab::open().await;
    let without = |name: &str| {
        let mut order = order();
        order.as_object_mut().unwrap().remove(name);
        order
    };
    for (order, message) in [
        (order(), "Agent is not available to take this call"),
        (without("end_user_number"), "ticket_id or end_user_number required"),
        (without("agent_email"), "Agent email required"),
        (with(&[("agent_email", json!("nobody@offhook.example"))]), "Not a valid agent email"),
        (
            with(&[("agent_email", json!("oisin@offhook.example"))]),
            "Agent does not have access to make calls",
        ),
        (with(&[("end_user_number", json!("the usual one"))]), "end_user_number is not well-formed"),
        (with(&[("ticket_id", json!("999999"))]), "Contact not found"),
        (with(&[("call_type", json!("Voice Sideways"))]), "Invalid call type"),
        (without("call_type"), "Invalid call type"),
        (Value::Null, "Invalid call type"),
    ] {
        let (status, body) = lab.app("calls", order.clone()).await;
        assert_eq!((status, body), (400, json!({"message": message})), "{order}");
    }
}

#[tokio::test]
async fn who_has_several_numbers_chooses_on_the_page_and_so_may_be_asked_to_confirm() {
    let lab = Lab::open().await;
    lab.on_page("noah", "available");
    let asked = with(&[("agent_email", json!("noah@offhook.example"))]);
    assert_eq!(lab.app("calls", asked.clone()).await, (200, asked.clone()), "the request comes back");
    lab.on_page("noah", "start");
    let call = lab.newest("calls").await;
    assert_eq!(
        (&call["agent_info"]["id"], &call["call_type"]),
        (&json!(106), &json!("Voice Outbound (API)"))
    );
    lab.on_page("ida", "available");
    lab.sandbox.control().switch("call_start", "adapter").unwrap();
    assert_eq!(lab.app("calls", order()).await, (202, Value::Null));
    lab.sandbox.control().switch("call_start", "number").unwrap();
    assert_eq!(lab.app("calls", order()).await.0, 200);
    let named = with(&[("outbound_number", json!("+442079460110"))]);
    let (status, call) = lab.app("calls", named).await;
    assert_eq!((status, &call["outbound_number"]), (201, &json!("+442079460110")));
}

#[tokio::test]
async fn a_ticket_wins_over_a_number_and_a_call_may_be_for_later() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    let (status, call) = lab.app("calls", with(&[("ticket_id", json!("1"))])).await;
    assert_eq!(status, 201, "{call}");
    assert_ne!(call["end_user"]["identifier"], "+442079460123");
    let later = with(&[
        ("call_type", json!("Voice Scheduled (API)")),
        ("scheduled_at", json!("2030-01-01T10:00:00Z")),
    ]);
    let (status, call) = lab.app("calls", later).await;
    assert_eq!((status, &call["status"]), (201, &json!("scheduled")));
    assert_eq!(call["scheduled_at"], "2030-01-01T10:00:00.000Z");
    let scheduled = lab.rows("calls?call_status[]=scheduled").await;
    assert!(scheduled.iter().any(|c| c["id"] == call["id"]));
}
