//! The life of a call: ring, answer, reject, time out, abandon, talk, hang up, file, dial.

use crate::lab::{Lab, names};
use offhook_sandbox::Ring;
use serde_json::{Value, json};

async fn activity(lab: &Lab, id: &str) -> Value {
    lab.result(&format!("activities/{id}")).await
}

fn channel<'a>(activity: &'a Value, of: Option<&str>) -> &'a Value {
    let rows = activity["item"]["channels"].as_array().unwrap();
    rows.iter().rev().find(|c| c["user"]["name"].as_str() == of).unwrap()
}

#[tokio::test]
async fn a_call_is_answered_talked_ended_and_filed() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    let path = format!("activities/{id}");
    let ringing = activity(&lab, &id).await;
    assert_eq!(
        (&ringing["action"], &channel(&ringing, Some("ida"))["state"]),
        (&json!("WAIT"), &json!("Ringing"))
    );
    let (status, open) = lab.put(&path, json!({"action": "OPEN", "_exten": "301"})).await;
    assert_eq!((status, &open["result"]["action"]), (200, &json!("OPEN")));
    assert_eq!(channel(&open["result"], Some("ida"))["state"], "Speaking");
    assert_eq!(lab.whole().await["extension"]["exten_status"], "Busy");
    lab.control().advance(61);
    let (status, _) = lab.put(&path, json!({"action": "CLOSE", "statuses": ["solved"]})).await;
    assert_eq!(status, 400, "the line is up");
    assert_eq!(lab.put(&path, json!({"hangup": {"channel": null}})).await.0, 200);
    let over = activity(&lab, &id).await;
    assert_eq!((&over["action"], &channel(&over, Some("ida"))["state"]), (&json!("OPEN"), &json!("Closed")));
    assert!(over["duration"].as_i64().unwrap() >= 61 && over["item"]["disposition_cause"] == "agent");
    assert_eq!(lab.put(&path, json!({"hangup": {"channel": null}})).await.0, 400, "nothing to hang up");

    let (status, body) = lab.put(&path, json!({"action": "CLOSE"})).await;
    assert_eq!((status, &body["error"]["form"]["statuses"]), (400, &json!("Status is required")));
    assert_eq!(body["result"]["name"], id, "the record comes back as it was not saved");
    let unknown = json!({"action": "CLOSE", "statuses": ["nonsense"]});
    assert_eq!(lab.put(&path, unknown).await.0, 400);
    let filing =
        json!({"action": "CLOSE", "statuses": ["solved", "complaint"], "description": "Sent a new one."});
    let (status, closed) = lab.put(&path, filing).await;
    assert_eq!((status, &closed["result"]["action"]), (200, &json!("CLOSE")));
    let codes: Vec<_> =
        closed["result"]["statuses"].as_array().unwrap().iter().map(|s| s["name"].clone()).collect();
    assert_eq!(
        (codes, &closed["result"]["description"]),
        (vec![json!("solved"), json!("complaint")], &json!("Sent a new one."))
    );

    let line = lab.whole().await["extension"].clone();
    assert_eq!((&line["state"], &line["id_pause"]["type"]), (&json!("Paused"), &json!("wrap")));
    assert!(line["unwrap"].is_string());
    lab.control().advance(15);
    assert_eq!(lab.whole().await["extension"]["state"], "Idle", "after-call work ends by itself");
}

#[tokio::test]
async fn a_refused_call_goes_to_the_next_agent_and_the_refuser_rests() {
    let lab = Lab::open().await;
    lab.ready().await;
    lab.control().run("POST", "/agents/tomas/ready", json!({})).unwrap();
    let id = lab.ring();
    assert_eq!(lab.put(&format!("activities/{id}"), json!({"reject": true})).await.0, 200);
    let now = activity(&lab, &id).await;
    assert_eq!(
        (&now["action"], &now["user"]["name"], &now["item"]["attempts"]),
        (&json!("WAIT"), &json!("tomas"), &json!(2))
    );
    let line = lab.whole().await["extension"].clone();
    assert_eq!(line["id_pause"]["type"], "lajdak");
    assert_eq!(
        lab.put(&format!("activities/{id}"), json!({"reject": true})).await.0,
        400,
        "it rings elsewhere"
    );
}

#[tokio::test]
async fn a_refused_call_without_another_agent_waits_in_the_bell_and_can_be_taken() {
    let lab = Lab::with(&[("inactive_pause", "off")]).await;
    lab.ready().await;
    let id = lab.ring();
    lab.put(&format!("activities/{id}"), json!({"reject": true})).await;
    let whole = lab.whole().await;
    assert_eq!(
        (&whole["activities"][0]["action"], &whole["activities"][0]["user"]),
        (&json!(""), &Value::Null)
    );
    assert_eq!(lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await.0, 200);
    assert_eq!(activity(&lab, &id).await["user"]["name"], "ida");
}

#[tokio::test]
async fn a_ring_times_out_on_the_clock_and_counts_as_missed() {
    let lab = Lab::with(&[("ring_timeout", "20")]).await;
    lab.ready().await;
    let id = lab.ring();
    lab.control().advance(19);
    assert_eq!(activity(&lab, &id).await["action"], "WAIT");
    lab.control().advance(2);
    assert_eq!(activity(&lab, &id).await["action"], "");
    assert_eq!(lab.whole().await["missedChannels"], 1);
}

#[tokio::test]
async fn the_caller_gives_up() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    lab.control().hangup(&id).unwrap();
    let gone = activity(&lab, &id).await;
    let item = &gone["item"];
    assert_eq!(
        (&gone["action"], &item["disconnection_cause"], &item["missed_call"]),
        (&json!("CLOSE"), &json!("abandon"), &json!(1))
    );
    assert_eq!(lab.whole().await["extension"]["state"], "Idle");
    assert_eq!(lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await.0, 400, "too late");
}

#[tokio::test]
async fn somebody_else_is_quicker() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    lab.control().answered_elsewhere(&id, "tomas").unwrap();
    assert_eq!(lab.pull(&hash).await["activities"], json!([]));
    let (status, body) = lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await;
    assert_eq!(
        (status, &body["error"]["primary"][0]),
        (400, &json!("Activity was accepted by another user"))
    );
    lab.control().switch("race", "404").unwrap();
    assert_eq!(lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await, (404, Value::Null));
}

#[tokio::test]
async fn with_two_devices_the_answering_one_must_be_named() {
    let lab = Lab::open().await;
    lab.ready().await;
    lab.post("usersSession", json!({"extension": "721322400", "model": "externalNumbers"})).await;
    let id = lab.ring();
    let path = format!("activities/{id}");
    let (status, body) = lab.put(&path, json!({"action": "OPEN"})).await;
    assert!(status == 400 && body["error"]["form"]["_exten"].is_string(), "{body}");
    assert_eq!(lab.put(&path, json!({"action": "OPEN", "_exten": "305"})).await.0, 400);
    assert_eq!(lab.put(&path, json!({"action": "OPEN", "_exten": "721322400"})).await.0, 200);
    assert_eq!(channel(&activity(&lab, &id).await, Some("ida"))["endpoint"], "721322400");
}

#[tokio::test]
async fn a_known_number_brings_its_contact() {
    let lab = Lab::open().await;
    lab.ready().await;
    let contact = &lab.rows("contacts?take=1&sort[0][field]=name&sort[0][dir]=asc").await[0];
    let number = contact["customFields"]["number"][0].as_str().unwrap().replace('+', "00");
    let ring = Ring { agent: Some("ida".into()), number: Some(number), ..Ring::default() };
    let id = lab.control().ring(ring).unwrap();
    let rung = activity(&lab, &id).await;
    assert_eq!((&rung["contact"]["name"], &rung["title"]), (&contact["name"], &contact["title"]));
}

#[tokio::test]
async fn a_dialled_call_rings_is_answered_and_ends() {
    let lab = Lab::open().await;
    lab.ready().await;
    let (status, body) =
        lab.post("activities", json!({"type": "CALL", "number": "+46 (8) 465 004-12"})).await;
    assert_eq!(status, 201);
    let id = body["result"]["name"].as_str().unwrap().to_owned();
    assert_eq!((&body["result"]["action"], &body["result"]["queue"]["name"]), (&json!("OPEN"), &json!(2100)));
    assert_eq!(
        (&body["result"]["item"]["direction"], &body["result"]["item"]["clid"]),
        (&json!("out"), &json!("+46846500412"))
    );
    assert_eq!(channel(&body["result"], Some("ida"))["state"], "Ringing");
    lab.control().advance(2);
    let dialling = activity(&lab, &id).await;
    assert_eq!(
        (&channel(&dialling, Some("ida"))["state"], &channel(&dialling, None)["state"]),
        (&json!("Speaking"), &json!("Ringing"))
    );
    lab.control().advance(4);
    assert_eq!(channel(&activity(&lab, &id).await, None)["state"], "Speaking");
    let again = json!({"type": "CALL", "number": "+46846500413", "queue": "2100"});
    assert_eq!(lab.post("activities", again).await.0, 400, "one call at a time");
    lab.control().hangup(&id).unwrap();
    let over = activity(&lab, &id).await;
    assert_eq!((&over["item"]["disposition_cause"], &over["action"]), (&json!("caller"), &json!("OPEN")));
    assert_eq!(
        lab.put(&format!("activities/{id}"), json!({"action": "CLOSE"})).await.0,
        200,
        "no status needed here"
    );
}

#[tokio::test]
async fn dialling_is_refused_with_a_reason() {
    let lab = Lab::open().await;
    let dial = |number: &str| lab.post("activities", json!({"type": "CALL", "number": number}));
    let (status, body) = dial("+46846500412").await;
    assert_eq!(
        (status, &body["error"]["primary"][0]),
        (400, &json!("User is not logged in to any outgoing queue"))
    );
    lab.ready().await;
    for nonsense in ["", "user@example.com", "12"] {
        let (status, body) = dial(nonsense).await;
        assert!(status == 400 && body["error"]["form"]["number"].is_string(), "{nonsense}: {body}");
    }
    let foreign = json!({"type": "CALL", "number": "+46846500412", "queue": 2000});
    assert_eq!(lab.post("activities", foreign).await.0, 400, "no outgoing queue");
    lab.control().run("POST", "/agents/ida/device", json!({"reachable": false})).unwrap();
    assert_eq!(dial("+46846500412").await.1["error"]["primary"][0], "User have not available devices");
    lab.control().run("POST", "/permissions", json!({"user": "ida", "deny": ["dial"]})).unwrap();
    assert_eq!(dial("+46846500412").await, (403, Value::Null));
}

#[tokio::test]
async fn busy_silent_and_unknown_numbers_end_by_themselves() {
    let lab = Lab::open().await;
    lab.ready().await;
    for (number, cause) in
        [("+442079460198", "busy"), ("+442079460197", "noanswer"), ("+442079460196", "failed")]
    {
        let (_, body) = lab.post("activities", json!({"type": "CALL", "number": number})).await;
        let id = body["result"]["name"].as_str().unwrap().to_owned();
        lab.control().advance(30);
        let over = activity(&lab, &id).await;
        assert_eq!(
            (&over["item"]["disconnection_cause"], &over["item"]["answered"]),
            (&json!(cause), &json!(false))
        );
        assert_eq!(lab.put(&format!("activities/{id}"), json!({"action": "CLOSE"})).await.0, 200);
    }
}

#[tokio::test]
async fn note_and_codes_can_be_kept_before_closing() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    let path = format!("activities/{id}");
    lab.put(&path, json!({"action": "OPEN"})).await;
    let kept = json!({"description": "Half a note", "statuses": "callback", "contact": "contacts_0002", "ticket": 4});
    let (status, body) = lab.put(&path, kept).await;
    assert_eq!((status, &body["result"]["description"]), (200, &json!("Half a note")));
    assert_eq!(
        (&body["result"]["ticket"]["name"], &body["result"]["contact"]["name"]),
        (&json!(4), &json!("contacts_0002"))
    );
    let (status, body) = lab.put(&path, json!({"contact": "nobody"})).await;
    assert_eq!((status, &body["error"]["form"]["contact"]), (400, &json!("Foreign key error")));
    lab.put(&path, json!({"hangup": {"channel": null}})).await;
    assert_eq!(lab.put(&path, json!({"action": "CLOSE"})).await.0, 200, "the status was given before");
}

#[tokio::test]
async fn the_refusal_to_close_comes_in_each_shape() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    let path = format!("activities/{id}");
    lab.put(&path, json!({"action": "OPEN"})).await;
    lab.put(&path, json!({"hangup": {"channel": null}})).await;
    lab.control().switch("close_error", "list").unwrap();
    assert_eq!(lab.put(&path, json!({"action": "CLOSE"})).await.1["error"], json!(["Status is required"]));
    lab.control().switch("close_error", "null").unwrap();
    assert_eq!(lab.put(&path, json!({"action": "CLOSE"})).await.1["error"], Value::Null);
}

#[tokio::test]
async fn the_longest_idle_agent_is_asked_first_and_one_call_at_a_time() {
    let lab = Lab::open().await;
    lab.ready().await;
    lab.control().advance(5);
    lab.control().run("POST", "/agents/tomas/ready", json!({})).unwrap();
    let ring = || lab.control().ring(Ring { queue: Some(2000), ..Ring::default() }).unwrap();
    let (first, second, third) = (ring(), ring(), ring());
    assert_eq!(activity(&lab, &first).await["user"]["name"], "ida");
    assert_eq!(activity(&lab, &second).await["user"]["name"], "tomas");
    assert_eq!(activity(&lab, &third).await["user"], Value::Null);
    assert_eq!(names(&lab.whole().await["activities"]).len(), 2, "hers and the waiting one, not his");
}

#[tokio::test]
async fn hold_by_telephone_is_seen_in_the_channels() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await;
    lab.control().run("POST", &format!("/calls/{id}/hold"), json!({})).unwrap();
    assert_eq!(channel(&activity(&lab, &id).await, Some("ida"))["state"], "On Hold");
}
