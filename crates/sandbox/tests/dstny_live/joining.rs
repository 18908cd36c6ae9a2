//! Calls that go to somebody else: passed on, consulted, joined, parked, picked up, and conferences.

use crate::lab::{DESK, Lab};
use serde_json::{Value, json};

const CALLER: &str = "+442079460123";
const TOMAS_DESK: &str = "2.5f0d0a00-0000-4000-8000-000000000302";
const AMARA_DESK: &str = "2.5f0d0a00-0000-4000-8000-000000000303";

async fn answer_as(lab: &Lab, user: &str, device: &str) -> Value {
    let id = lab.call(user).await["callId"].as_str().unwrap().to_owned();
    lab.deed(user, "answer", &format!("{id}/{device}"), Value::Null).await
}

#[tokio::test]
async fn a_blind_transfer_rings_at_the_colleague_and_leaves_the_agent() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    let body = json!({"blind": true, "type": "BASIC", "destination": "tel:+442079460301"});
    assert_eq!(lab.deed("ida", "transfer", &id, body).await["status"], "TERMINATED");
    assert_eq!(lab.calls("ida").await.len(), 0);
    let ringing = lab.call("tomas").await;
    assert_eq!(ringing["remoteParty"]["telUri"], format!("tel:{CALLER}"));
    assert_eq!(ringing["historyInfo"]["previousParty"]["displayName"], "Ida Lindqvist");
    assert_eq!(ringing["historyInfo"]["previousRetargetReason"], "TRANSFERRED");
    assert_eq!(answer_as(&lab, "tomas", TOMAS_DESK).await["status"], "ACTIVE");
}

#[tokio::test]
async fn a_watched_transfer_comes_back_when_it_is_refused_and_ends_when_it_is_answered() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    let body = || json!({"blind": false, "destination": "sip:tomas@offhook.example"});
    assert_eq!(lab.deed("ida", "transfer", &id, body()).await["status"], "HELD");
    let theirs = lab.call("tomas").await["callId"].as_str().unwrap().to_owned();
    lab.ask("tomas", "DELETE", &format!("/call/control/v1/call/D/tomas/{theirs}"), Value::Null).await;
    let back = lab.call("ida").await;
    assert_eq!((&back["status"], &back["event"]), (&json!("HELD"), &json!("FAILED")));
    lab.deed("ida", "transfer", &id, body()).await;
    answer_as(&lab, "tomas", TOMAS_DESK).await;
    assert_eq!(lab.calls("ida").await.len(), 0);
    assert_eq!(lab.call("tomas").await["status"], "ACTIVE");
}

#[tokio::test]
async fn a_consulted_colleague_gets_the_customer() {
    let lab = Lab::open().await;
    let customer = lab.talk(CALLER).await;
    let (status, made) =
        lab.try_deed("ida", "consultation", &customer, json!({"destination": "tel:+442079460301"})).await;
    assert_eq!((status, &made["status"]), (200, &json!("INITIATED")));
    let consultation = made["callId"].as_str().unwrap();
    lab.control().advance(3_600);
    assert_eq!(answer_as(&lab, "tomas", TOMAS_DESK).await["remoteParty"]["displayName"], "Ida Lindqvist");
    let calls = lab.calls("ida").await;
    let status_of = |id: &str| calls.iter().find(|c| c["callId"] == id).unwrap()["status"].clone();
    assert_eq!((status_of(&customer), status_of(consultation)), (json!("HELD"), json!("ACTIVE")));
    let before = lab.call("tomas").await;
    let joined = lab.deed("ida", "transfercalls", &customer, json!({"targetCallId": consultation})).await;
    assert_eq!(joined["status"], "TERMINATED");
    assert_eq!(lab.calls("ida").await.len(), 0);
    let after = lab.call("tomas").await;
    assert_eq!(after["callId"], before["callId"], "tomas's line stays the same");
    assert_eq!(after["remoteParty"]["telUri"], format!("tel:{CALLER}"));
    assert!(after["stateToken"].as_i64() > before["stateToken"].as_i64());
}

#[tokio::test]
async fn a_join_can_wait_for_the_answer_or_call_anew() {
    let lab = Lab::open().await;
    let customer = lab.talk(CALLER).await;
    let consultation = lab.dial("tomas@offhook.example").await;
    lab.control().advance(3_600);
    let body = json!({"targetCallId": consultation, "waitForAnswer": true});
    lab.deed("ida", "transfercalls", &customer, body).await;
    assert_eq!(lab.calls("ida").await.len(), 2, "both stay until tomas answers");
    answer_as(&lab, "tomas", TOMAS_DESK).await;
    assert_eq!(lab.calls("ida").await.len(), 0);
    assert_eq!(lab.call("tomas").await["remoteParty"]["telUri"], format!("tel:{CALLER}"));

    let customer = lab.talk("+442079460124").await;
    let consultation = lab.dial("amara@offhook.example").await;
    lab.control().advance(3_600);
    let rang = lab.call("amara").await["callId"].clone();
    lab.deed("ida", "transfercalls", &customer, json!({"targetCallId": consultation})).await;
    assert_eq!(lab.calls("ida").await.len(), 0);
    let rings = lab.call("amara").await;
    assert!(rings["callId"] != rang, "a new call, from the customer");
    assert_eq!(rings["remoteParty"]["telUri"], "tel:+442079460124");
}

#[tokio::test]
async fn a_join_checks_the_tokens_of_both_calls() {
    let lab = Lab::open().await;
    let customer = lab.talk(CALLER).await;
    let other = lab.reach("+442079460199").await;
    let body = json!({"targetCallId": other, "targetStateToken": 1});
    let (status, told) = lab.try_deed("ida", "transfercalls", &customer, body).await;
    assert_eq!((status, &told["field"][0]["fieldName"]), (409, &json!("targetStateToken")));
}

#[tokio::test]
async fn a_call_goes_to_voicemail_or_waits_until_the_line_is_free() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    lab.deed("ida", "transfer", &id, json!({"type": "VOICEMAIL", "destination": "tel:+442079460301"})).await;
    let log = lab.read("tomas", "/communicationlog/D/tomas?itemType=VOICEMAIL").await;
    assert!(log.to_string().contains(CALLER), "{log}");

    let theirs = lab.ring("tomas", "+442079460125");
    lab.deed("tomas", "answer", &format!("{theirs}/{TOMAS_DESK}"), Value::Null).await;
    let id = lab.talk("+442079460124").await;
    lab.deed("ida", "transfer", &id, json!({"type": "CAMP_ON", "destination": "tel:+442079460301"})).await;
    assert_eq!(lab.calls("ida").await.len(), 0);
    assert_eq!(lab.call("tomas").await["callId"], theirs, "still on the telephone");
    lab.ask("tomas", "DELETE", &format!("/call/control/v1/call/D/tomas/{theirs}"), Value::Null).await;
    lab.control().advance(1);
    let through = lab.call("tomas").await;
    assert_eq!(
        (&through["status"], &through["remoteParty"]["telUri"]),
        (&json!("RINGING"), &json!("tel:+442079460124"))
    );
}

#[tokio::test]
async fn a_call_goes_to_a_queue() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    lab.deed("ida", "transfer", &id, json!({"destination": "tel:+442079460101"})).await;
    let state = lab.control().state();
    assert_eq!((&state["open"][0]["phase"], &state["open"][0]["queue"]), (&json!("waiting"), &json!(2001)));
}

#[tokio::test]
async fn three_confer_one_leaves_one_is_sent_home() {
    let lab = Lab::open().await;
    let first = lab.talk(CALLER).await;
    let second = lab.dial("tomas@offhook.example").await;
    lab.control().advance(3_600);
    answer_as(&lab, "tomas", TOMAS_DESK).await;
    let conference = lab.deed("ida", "conference", &first, json!({"targetCallId": second})).await;
    assert_eq!(
        (&conference["conference"], &conference["event"]),
        (&json!(true), &json!("PARTICIPANT_ADDED"))
    );
    assert_eq!(conference["remoteParty"]["displayName"], "Conference");
    let names = |call: &Value| -> Vec<String> {
        let people = call["participants"].as_array().unwrap().iter();
        people.map(|p| p["remoteParty"]["displayName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&conference).len(), 2);
    assert_eq!(lab.calls("ida").await.len(), 1);
    let third = lab.dial("amara@offhook.example").await;
    lab.control().advance(3_600);
    answer_as(&lab, "amara", AMARA_DESK).await;
    let larger = lab.deed("ida", "conference", &first, json!({"targetCallId": third})).await;
    let amara = larger["participants"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["remoteParty"]["displayName"] == "Amara Obi-Nwosu");
    let amara = amara.unwrap()["id"].as_str().unwrap();
    let path = format!("/call/control/v1/conference/D/ida/{first}/{amara}");
    let (status, smaller) = lab.ask("ida", "DELETE", &path, json!({})).await;
    assert_eq!((status, &smaller["event"], names(&smaller).len()), (200, &json!("PARTICIPANT_LEFT"), 2));
    assert_eq!(lab.calls("amara").await.len(), 0);
    let left = lab.deed("ida", "leave", &first, Value::Null).await;
    assert_eq!((&left["status"], &left["event"]), (&json!("TERMINATED"), &json!("LEFT_CONFERENCE")));
    let stays = lab.call("tomas").await;
    assert_eq!((&stays["status"], names(&stays).len()), (&json!("ACTIVE"), 1));
}

#[tokio::test]
async fn a_parked_call_is_picked_up_by_somebody_else() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    lab.deed("ida", "park", &id, json!({})).await;
    assert_eq!(lab.calls("ida").await.len(), 0);
    let picked = lab.deed("tomas", "pickup", &format!("{TOMAS_DESK}/{id}"), json!({})).await;
    assert_eq!(
        (&picked["status"], &picked["remoteParty"]["telUri"]),
        (&json!("ACTIVE"), &json!(format!("tel:{CALLER}")))
    );
}

#[tokio::test]
async fn a_ring_at_a_colleague_is_picked_up_by_the_tags_of_its_dialog() {
    let lab = Lab::open().await;
    lab.ring("tomas", CALLER);
    let mut line = lab.stream("ida", "/contacts/info/v1/D/tomas@offhook.example/linestate/stream").await;
    let dialog = line.until("early").await.data;
    let tag = |name: &str| {
        let (_, rest) = dialog.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let body = json!({"callId": tag("call-id"), "toTag": tag("local-tag"), "fromTag": tag("remote-tag"), "earlyOnly": true});
    let picked = lab.deed("ida", "pickup", DESK, body).await;
    assert_eq!(picked["status"], "ACTIVE");
    assert_eq!(lab.calls("tomas").await.len(), 0);
    line.until("terminated").await;
}

#[tokio::test]
async fn the_simple_transfer_has_a_status_and_can_be_taken_back() {
    let lab = Lab::open().await;
    let none = lab
        .ask(
            "ida",
            "POST",
            "/calls/transfer/D/ida?transferType=BLIND_TRANSFER&destination=tomas",
            Value::Null,
        )
        .await;
    assert_eq!(none.0, 409, "there is no call to transfer");
    lab.talk(CALLER).await;
    let path = "/calls/transfer/D/ida?transferType=ATTENDED_TRANSFER&destination=%2B442079460301";
    let (status, started) = lab.ask("ida", "POST", path, Value::Null).await;
    assert_eq!(status, 200, "{started}");
    let shown = lab.read("ida", "/calls/transfer/D/ida").await;
    assert_eq!(shown["transferId"]["type"], "ATTENDED_TRANSFER");
    assert_eq!(shown["transferId"]["id"], started["transferId"]["id"]);
    let id = started["transferId"]["id"].as_str().unwrap();
    assert_eq!(lab.ask("ida", "DELETE", &format!("/calls/transfer/D/ida/{id}"), Value::Null).await.0, 204);
    assert_eq!(lab.calls("tomas").await.len(), 0);
    assert_eq!(lab.call("ida").await["status"], "HELD");
}
