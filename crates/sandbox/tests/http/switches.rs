//! The switches: documented, complete, and each at least heard.

use crate::lab::Lab;
use serde_json::json;
use std::path::Path;

#[test]
fn the_document_lists_every_switch_with_its_values() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox.md");
    let document = std::fs::read_to_string(path).unwrap();
    let all = offhook_sandbox::Switches::default().describe();
    for (name, switch) in all.as_object().unwrap() {
        let row = document.lines().find(|l| l.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("{name} is not in docs/sandbox.md"));
        for value in switch["allowed"].as_array().into_iter().flatten() {
            assert!(row.contains(&format!("`{}`", value.as_str().unwrap())), "{name}: {value} is missing");
        }
        assert!(row.contains(switch["meaning"].as_str().unwrap()), "{name}: the meaning differs");
    }
}

#[tokio::test]
async fn whoim_and_login_come_in_each_dress() {
    let switches =
        [("whoim_lists", "map"), ("version", "string"), ("login_answer", "user"), ("only_token", "object")];
    let lab = Lab::with(&switches).await;
    let who = lab.result("whoim").await;
    assert!(who["version"].is_string());
    assert_eq!(
        (&who["queues"]["2000"]["title"], &who["pauses"]["lunch"]["title"]),
        (&json!("Support"), &json!("Lunch"))
    );
    let (_, body) =
        lab.post("login", json!({"username": "ida", "password": "practice-ida", "only_token": true})).await;
    assert!(body["result"]["_sys"]["accessToken"].is_string(), "{body}");
    lab.control().switch("whoim_bad_token", "401").unwrap();
    let bad = lab.http.get(lab.url("whoim")).header("X-AUTH-TOKEN", "bad").send().await.unwrap();
    assert_eq!(bad.status(), 401);
    assert_eq!(
        lab.http.get(lab.url("whoim")).send().await.unwrap().status(),
        200,
        "without any token it stays 200"
    );
}

#[tokio::test]
async fn session_and_logout_answers_differ_as_asked() {
    let lab =
        Lab::with(&[("session_body", "null"), ("logout_static", "kill"), ("error_on_success", "absent")])
            .await;
    let (status, body) = lab.post("usersSession", json!({"setReady": false})).await;
    assert!(status == 200 && body["result"].is_null() && body.get("error").is_none());
    lab.get("logout").await;
    assert_eq!(lab.get("statuses").await.0, 401);
}

#[tokio::test]
async fn refusals_of_the_gate_may_have_a_body() {
    let lab = Lab::with(&[("limit_body", "envelope")]).await;
    assert_eq!(
        lab.delete("activities/x").await,
        (405, json!({"error": ["Method not allowed"], "result": null}))
    );
    lab.control().fault(json!({"kind": "status", "status": 429, "count": 1})).unwrap();
    assert_eq!(lab.get("statuses").await, (429, json!({"error": ["Too many requests"], "result": null})));
}

#[tokio::test]
async fn closing_may_end_the_call_and_after_call_work_may_be_set() {
    let lab = Lab::with(&[("close_live", "hangup"), ("wrap_up", "0")]).await;
    lab.ready().await;
    let id = lab.ring();
    lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await;
    assert_eq!(
        lab.put(&format!("activities/{id}"), json!({"action": "CLOSE", "statuses": "solved"})).await.0,
        200
    );
    assert_eq!(lab.whole().await["extension"]["state"], "Idle");
}
