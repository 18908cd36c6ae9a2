//! The door: who may do what, tickets, methods, the dress of answers, faults.

use crate::lab::{Lab, told};
use base64::Engine as _;
use md5::{Digest, Md5};
use serde_json::{Value, json};

const LIST: &str = "/distributiongroup/list/D/ida";

#[tokio::test]
async fn without_a_good_ticket_nobody_is_let_in() {
    let lab = Lab::open().await;
    assert_eq!(told(lab.http.get(lab.url(LIST)).send().await.unwrap()).await.0, 401);
    let with = |token: String| {
        lab.http.get(format!("{}?t={token}", lab.url(LIST))).header("Accept", "application/json")
    };
    assert_eq!(told(with(lab.token("ida")).send().await.unwrap()).await.0, 200, "the query carries it too");
    assert_eq!(told(with("2343.nonsense".into()).send().await.unwrap()).await.0, 401);
    lab.run("/tokens/expire", json!({"user": "ida"}));
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 401);
}

#[tokio::test]
async fn a_ticket_grows_old() {
    let lab = Lab::with(&[("token_expiry", "60"), ("inactivity_logout", "0")]).await;
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 200);
    lab.control().advance(61);
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 401);
}

#[tokio::test]
async fn a_missing_scope_and_a_missing_licence_are_named() {
    let lab = Lab::open().await;
    lab.run("/scopes", json!({"user": "ida", "scopes": ["ACD", "CALL_CONTROL"]}));
    let refused = async |path: &str| {
        let (status, body) = lab.ask("ida", "GET", path, Value::Null).await;
        assert_eq!(status, 403, "{path}");
        body["field"][0].clone()
    };
    let scope = refused("/queue/statistics/D/ida").await;
    assert_eq!(scope["code"], "ticket.scope.missing");
    assert!(scope["description"].as_str().unwrap().contains("QUEUE_STATISTICS"));
    lab.run("/licences", json!({"user": "ida", "licences": []}));
    let licence = refused("/call/state/v1/user/D/ida").await;
    assert_eq!(licence["code"], "license.missing");
    assert!(licence["description"].as_str().unwrap().contains("CALL_CONTROL"));
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 200, "groups need neither");
    assert!(lab.control().run("POST", "/scopes", json!({"user": "ida", "scopes": ["FISHING"]})).is_err());
}

#[tokio::test]
async fn a_path_names_the_caller_unless_a_supervisor_asks() {
    let lab = Lab::open().await;
    let tomas = "/distributiongroup/list/D/tomas";
    assert_eq!(lab.ask("ida", "GET", tomas, Value::Null).await.0, 403);
    assert_eq!(lab.ask("noah", "GET", tomas, Value::Null).await.0, 200);
    let (status, body) = lab.ask("noah", "GET", "/distributiongroup/list/D/nobody", Value::Null).await;
    assert_eq!((status, &body["field"][0]["code"]), (400, &json!("user.does.not.exist")));
    assert_eq!(lab.ask("ida", "GET", "/distributiongroup/list/else.example/ida", Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_password_makes_a_ticket_that_is_named_opens_what_it_says_and_can_be_ended() {
    let lab = Lab::open().await;
    let path = "/user/ticket/D/ida?api=CALL_CONTROL&api=USER&platform=other&name=Desk&expires=3600";
    let create = |password: &str| {
        lab.http
            .post(lab.url(path))
            .basic_auth("ida@offhook.example", Some(password))
            .header("Accept", "application/json")
    };
    assert_eq!(told(create("wrong").send().await.unwrap()).await.0, 401);
    let (status, ticket) = told(create("practice-ida").send().await.unwrap()).await;
    assert_eq!(
        (status, &ticket["name"], &ticket["allowedApis"]),
        (200, &json!("Desk"), &json!(["CALL_CONTROL", "USER"]))
    );
    let token = ticket["token"].as_str().unwrap();
    let get = async |path: &str| {
        let request = lab.http.get(lab.url(path)).bearer_auth(token).header("Accept", "application/json");
        told(request.send().await.unwrap()).await.0
    };
    assert_eq!((get("/call/state/v1/user/D/ida").await, get(LIST).await), (200, 403));
    let bad = lab.http.post(lab.url("/user/ticket/D/ida?api=FISHING&platform=other"));
    let bad = bad.basic_auth("ida", Some("practice-ida")).header("Accept", "application/json");
    assert_eq!(told(bad.send().await.unwrap()).await.1["field"][0]["code"], "api.does.not.exist");
    let (status, said) = lab.ask("ida", "DELETE", "/user/ticket/D/ida/Desk", Value::Null).await;
    assert_eq!((status, said), (200, json!("API ticket deleted successfully")));
    assert_eq!(get("/call/state/v1/user/D/ida").await, 401);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_when_it_is_switched_on() {
    let lab = Lab::with(&[("second_factor", "on")]).await;
    let create = async |code: Option<&str>| {
        let url = lab.url("/user/ticket/D/ida?api=USER&platform=other&name=Desk");
        let request =
            lab.http.post(url).basic_auth("ida", Some("practice-ida")).header("Accept", "application/json");
        let request = if let Some(code) = code { request.json(&json!({"code": code})) } else { request };
        let (status, body) = told(request.send().await.unwrap()).await;
        (status, body["field"][0]["code"].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(create(None).await, (401, "second.factor.required".to_owned()));
    assert_eq!(create(Some("000000")).await, (401, "second.factor.wrong".to_owned()));
    assert_eq!(create(Some("424242")).await.0, 200);
}

#[tokio::test]
async fn the_old_password_ticket_counts_only_where_it_is_switched_on() {
    let b64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let hex = |text: String| Md5::digest(text).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let secret = hex("ida:offhook.example:practice-ida".into());
    let named = "ida:USER:CONTACT";
    let digest = hex(format!("{named}:{secret}"));
    let ticket = format!("D{}.{}", b64("offhook.example"), b64(&format!("P:{digest}:{named}")));
    for (switch, status) in [("off", 401), ("on", 200)] {
        let lab = Lab::with(&[("md5_tickets", switch)]).await;
        let request =
            lab.http.post(lab.url("/user/ticket/D/ida?api=USER&platform=other")).bearer_auth(&ticket);
        assert_eq!(told(request.send().await.unwrap()).await.0, status);
    }
}

#[tokio::test]
async fn methods_may_be_overridden_narrowed_and_are_told_when_wrong() {
    let lab = Lab::open().await;
    let call = lab.talk("+442079460123").await;
    let path = format!("/call/control/v1/call/D/ida/{call}");
    let request = lab.request("ida", "POST", &path).header("X-HTTP-Method-Override", "DELETE");
    assert_eq!(told(request.send().await.unwrap()).await.0, 204);
    let wrong = lab.request("ida", "PATCH", "/sms").send().await.unwrap();
    assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].to_str().unwrap()), (405, "POST"));
    assert_eq!(lab.ask("ida", "GET", "/no/such/thing", Value::Null).await.0, 404);
    for (switch, works, fails) in [("post_only", "POST", "PUT"), ("put_only", "PUT", "POST")] {
        let lab = Lab::with(&[("methods", switch)]).await;
        let path = "/acd/agent/v2/D/2001/ida@offhook.example?action=login";
        assert_eq!(lab.ask("ida", fails, path, Value::Null).await.0, 405);
        assert_eq!(lab.ask("ida", works, path, Value::Null).await.0, 200);
    }
}

#[tokio::test]
async fn without_a_json_accept_the_answer_is_xml() {
    let lab = Lab::open().await;
    lab.talk("+442079460123").await;
    let answer = lab
        .http
        .get(lab.url("/call/state/v1/user/D/ida"))
        .bearer_auth(lab.token("ida"))
        .send()
        .await
        .unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/xml"));
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("<fullState>true</fullState>") && text.contains("<status>ACTIVE</status>"),
        "{text}"
    );
}

#[tokio::test]
async fn refusals_and_empty_answers_come_as_they_are_switched() {
    let lab = Lab::open().await;
    let missing = "/call/state/v1/call/D/ida/nothing";
    for (switch, status) in [("plain", 404), ("400", 400), ("200", 200)] {
        lab.control().switch("errors_status", switch).unwrap();
        let (told, body) = lab.ask("ida", "GET", missing, Value::Null).await;
        assert_eq!((told, &body["field"][0]["code"]), (status, &json!("call.does.not.exist")));
    }
    for (switch, expected) in
        [("204", (204, Value::Null)), ("empty", (200, Value::Null)), ("object", (200, json!({})))]
    {
        lab.control().switch("no_content", switch).unwrap();
        let name = "/device/info/v1/name/D/ida/0.721322400?name=Car";
        assert_eq!(lab.ask("ida", "PUT", name, Value::Null).await, expected);
    }
}

#[tokio::test]
async fn faults_strike_by_operation_or_path_and_on_one_face_only() {
    let lab = Lab::open().await;
    let fault = |fault: Value| lab.control().fault(fault).unwrap();
    fault(
        json!({"kind": "status", "status": 503, "route": "distgroup.list", "platform": "dstny", "count": 1}),
    );
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 503);
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 200);
    fault(json!({"kind": "malformed", "route": "distributiongroup", "count": 1}));
    assert!(lab.ask("ida", "GET", LIST, Value::Null).await.1.is_string(), "no JSON");
    fault(json!({"kind": "drop", "route": "distributiongroup", "count": 1}));
    assert!(lab.request("ida", "GET", LIST).send().await.is_err());
    fault(json!({"kind": "status", "status": 500, "platform": "daktela"}));
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 200);
}

#[tokio::test]
async fn a_restart_cuts_streams_and_keeps_the_port() {
    let lab = Lab::open().await;
    let mut stream = lab.stream("ida", "/call/state/v1/dialogs/D/ida").await;
    stream.next().await;
    lab.run("/restart", json!({}));
    assert_eq!(stream.raw().await, None);
    let url = lab.sandbox.dstny_url();
    crate::lab::eventually("the door is open again", || {
        let opened = |e: &Value| e["event"] == "door.open" && url.ends_with(e["detail"].as_str().unwrap());
        lab.control().events(0).iter().any(opened)
    })
    .await;
    assert_eq!(lab.ask("ida", "GET", LIST, Value::Null).await.0, 200);
}
