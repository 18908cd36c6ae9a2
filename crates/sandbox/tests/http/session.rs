//! usersSession in every payload, devices, pauses, queues.

use crate::lab::Lab;
use serde_json::{Value, json};

async fn line(lab: &Lab) -> Value {
    lab.whole().await["extension"].clone()
}

#[tokio::test]
async fn going_ready_needs_a_device_and_joins_queues_by_itself() {
    let lab = Lab::open().await;
    let (status, body) = lab.post("usersSession", json!({"setReady": true})).await;
    assert_eq!((status, &body["result"]), (400, &json!(false)));
    assert_eq!(body["error"], json!(["User have not available devices"]));
    lab.ready().await;
    let whole = lab.whole().await;
    assert_eq!((&whole["extension"]["state"], &whole["extension"]["exten"]), (&json!("Idle"), &json!("301")));
    let queues: Vec<_> =
        whole["queues"].as_array().unwrap().iter().map(|q| q["name"].as_i64().unwrap()).collect();
    assert_eq!(queues, [2000, 2001, 2100], "automatic ones that are not deactivated");
    lab.post("usersSession", json!({"setReady": false})).await;
    let whole = lab.whole().await;
    assert_eq!((&whole["extension"]["state"], &whole["queues"]), (&json!("Session"), &json!([])));
}

#[tokio::test]
async fn an_external_number_is_a_device_too_and_the_model_must_fit() {
    let lab = Lab::open().await;
    let wrong = json!({"setReady": true, "extension": "721322400", "model": "sipDevices"});
    assert_eq!(lab.post("usersSession", wrong).await.0, 400);
    let right = json!({"setReady": true, "extension": "721322400", "model": "externalNumbers"});
    assert_eq!(lab.post("usersSession", right).await.0, 200);
    assert_eq!(line(&lab).await["exten_status"], "Idle");
}

#[tokio::test]
async fn the_last_device_cannot_go_while_call_queues_need_one() {
    let lab = Lab::open().await;
    lab.ready().await;
    let out = json!({"extension": {"name": "301", "logout": true}});
    let (status, body) = lab.post("usersSession", out.clone()).await;
    assert_eq!((status, &body["result"]), (400, &json!(false)));
    assert_eq!(body["error"], json!(["User is logged in to queues which require at least one device"]));
    assert_eq!(lab.post("usersSession", json!({"extension": "291"})).await.0, 200);
    assert_eq!(line(&lab).await["exten"], "301,291");
    assert_eq!(lab.post("usersSession", out).await.0, 200);
    assert_eq!(line(&lab).await["exten"], "291");
}

#[tokio::test]
async fn available_extensions_leave_out_what_others_use() {
    let lab = Lab::open().await;
    lab.control().run("POST", "/agents/tomas/ready", json!({})).unwrap();
    let rows = lab.result("getAvailableExtensions?onlyCC=true").await;
    let rows = rows.as_array().unwrap();
    let names: Vec<_> = rows.iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["291", "301", "721322400"]);
    let models: Vec<_> = rows.iter().map(|r| r["model"].as_str().unwrap()).collect();
    assert_eq!(models, ["sipDevices", "sipDevices", "externalNumbers"]);
    let all = lab.result("getAvailableExtensions").await;
    assert_eq!(all.as_array().unwrap().len(), 4, "reception's telephone is no contact-centre device");
    lab.control().switch("available", "data").unwrap();
    assert_eq!(lab.result("getAvailableExtensions?onlyCC=1").await["total"], 3);
}

#[tokio::test]
async fn a_pause_starts_and_ends_and_tells_since_when() {
    let lab = Lab::open().await;
    assert_eq!(lab.post("usersSession", json!({"pause": "lunch"})).await.0, 400, "not before going ready");
    lab.ready().await;
    assert_eq!(lab.post("usersSession", json!({"pause": "siesta"})).await.0, 400);
    assert_eq!(lab.post("usersSession", json!({"pause": "lunch"})).await.0, 200);
    let paused = line(&lab).await;
    assert_eq!((&paused["state"], &paused["id_pause"]["title"]), (&json!("Paused"), &json!("Lunch")));
    assert!(paused["on_pause"].is_string());
    assert_eq!(lab.post("usersSession", json!({"pause": null})).await.0, 200);
    let back = line(&lab).await;
    assert_eq!(
        (&back["state"], &back["id_pause"], &back["on_pause"]),
        (&json!("Idle"), &Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn queues_are_joined_and_left_with_names_as_text_or_numbers() {
    let lab = Lab::open().await;
    lab.ready().await;
    let join = json!({"queues": [{"name": 2002, "login": true, "penalty": 3}, {"name": "3001", "login": true, "penalty": "0"}]});
    assert_eq!(lab.post("usersSession", join).await.0, 200);
    let queues = lab.whole().await["queues"].clone();
    let partners = queues.as_array().unwrap().iter().find(|q| q["name"] == 2002).unwrap();
    assert_eq!(partners["_rdata"], json!({"login": "manual", "penalty": 3}));
    assert_eq!(lab.post("usersSession", json!({"queues": [{"name": "2002", "login": false}]})).await.0, 200);
    for refused in ["3004", "2999", "77"] {
        let join = json!({"queues": [{"name": refused, "login": true}]});
        assert_eq!(lab.post("usersSession", join).await.0, 400, "{refused}");
    }
}

#[tokio::test]
async fn a_form_says_the_same_as_json() {
    let lab = Lab::open().await;
    let form = [
        ("setReady", "true"),
        ("extension", "301"),
        ("model", "sipDevices"),
        ("queues[0][name]", "2002"),
        ("queues[0][login]", "1"),
    ];
    let answer = lab.request(reqwest::Method::POST, "usersSession.json").form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let whole = lab.whole().await;
    assert_eq!(
        (&whole["extension"]["state"], whole["queues"].as_array().unwrap().len()),
        (&json!("Idle"), 4)
    );
}

#[tokio::test]
async fn profile_queues_say_how_to_join() {
    let lab = Lab::open().await;
    let rows = lab.rows("profiles/agents/queues").await;
    let how = |name: i64| rows.iter().find(|q| q["name"] == name).unwrap()["_rdata"]["login"].clone();
    assert_eq!((how(2000), how(2002), how(3004)), (json!("auto"), json!("manual"), json!("")));
    assert!(rows.iter().any(|q| q["name"] == 2999 && q["deactivated"] == true));
}

#[tokio::test]
async fn a_static_login_is_ready_without_asking() {
    let mut lab = Lab::open().await;
    lab.token = lab.sandbox.users()[5].access_token.clone();
    assert_eq!(line(&lab).await["state"], "Idle");
    assert_eq!(lab.result("whoim").await["user"]["static"], true);
}

#[tokio::test]
async fn a_telephone_that_goes_dead_is_told() {
    let lab = Lab::open().await;
    lab.ready().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    lab.control().run("POST", "/agents/ida/device", json!({"reachable": false})).unwrap();
    let news = lab.pull(&hash).await;
    assert_eq!(news["extension"]["exten_status"], "Unavailable");
    let id = lab.ring();
    assert_eq!(lab.result(&format!("activities/{id}")).await["action"], "", "nobody can be rung");
}

#[tokio::test]
async fn whoever_falls_silent_is_signed_out() {
    let lab = Lab::open().await;
    lab.ready().await;
    lab.control().advance(9 * 60);
    assert_eq!(lab.control().state()["agents"]["ida"]["presence"], "ready");
    lab.control().advance(2 * 60);
    assert_eq!(lab.control().state()["agents"]["ida"]["presence"], "signed_out");
}
