//! The control interface over HTTP, and HTTPS for the platform.

use crate::lab::{Lab, client, told};
use offhook_sandbox::{Options, start};
use serde_json::{Value, json};

#[tokio::test]
async fn everything_can_be_driven_over_http() {
    let lab = Lab::open().await;
    lab.ready().await;
    let control = lab.sandbox.control_url();
    let post = |path: &str, body: Value| lab.http.post(format!("{control}{path}")).json(&body).send();
    let (status, rung) =
        told(post("/ring", json!({"agent": "ida", "number": "+442079460123"})).await.unwrap()).await;
    assert_eq!((status, &rung["phase"], &rung["agent"]), (200, &json!("ringing"), &json!("ida")));
    let id = rung["activity"].as_str().unwrap();
    let bare = lab.http.post(format!("{control}/calls/{id}/answered-elsewhere")).send().await.unwrap();
    assert_eq!(bare.status(), 200);
    let state = told(lab.http.get(format!("{control}/state")).send().await.unwrap()).await.1;
    let open = &state["open"][0];
    assert_eq!(
        (&open["id"], &open["agent"], &open["phase"]),
        (&json!(id), &json!("tomas"), &json!("active"))
    );
    assert_eq!(state["requests"]["POST usersSession"], 1);

    assert_eq!(told(post("/calls/nonsense/hangup", json!({})).await.unwrap()).await.0, 404);
    assert_eq!(told(post("/switches", json!({"pull": "sideways"})).await.unwrap()).await.0, 400);
    assert_eq!(told(post("/faults", json!({"kind": "earthquake"})).await.unwrap()).await.0, 400);
    assert_eq!(told(post("/ring", json!({"agent": "nobody"})).await.unwrap()).await.0, 404);
    assert_eq!(told(post("/agents/ida/pause", json!({"pause": "siesta"})).await.unwrap()).await.0, 409);
    let events = lab.http.get(format!("{control}/events")).send().await.unwrap().text().await.unwrap();
    let lines: Vec<Value> = events.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(lines.windows(2).all(|w| w[0]["n"].as_u64() < w[1]["n"].as_u64()));
    assert!(lines.iter().any(|l| l["event"] == "activity.ringing" && l["detail"] == id));
}

#[tokio::test]
async fn events_can_be_followed_as_they_happen() {
    let lab = Lab::open().await;
    lab.ready().await;
    let url = format!("{}/events?follow=1", lab.sandbox.control_url());
    let mut stream = lab.http.get(url).send().await.unwrap();
    let id = lab.ring();
    let mut seen = String::new();
    while !seen.contains(&id) {
        seen.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
}

#[tokio::test]
async fn the_ready_line_is_as_documented() {
    let lab = Lab::open().await;
    let line = lab.sandbox.ready_line();
    assert_eq!((&line["ready"], &line["control"]), (&json!(true), &json!(lab.sandbox.control_url())));
    let daktela = &line["platforms"]["daktela"];
    assert_eq!(daktela["url"], lab.sandbox.daktela_url());
    let ida = &daktela["users"][0];
    assert_eq!(
        (&ida["username"], &ida["password"], &ida["access_token"]),
        (&json!("ida"), &json!("practice-ida"), &json!(lab.token))
    );
}

#[tokio::test]
async fn with_tls_only_its_own_authority_is_needed() {
    let sandbox = start(Options { tls: true, ..Options::default() }).await.unwrap();
    let url = format!("{}/api/v6/whoim", sandbox.daktela_url());
    assert!(url.starts_with("https://"));
    assert!(client().build().unwrap().get(&url).send().await.is_err(), "an unknown authority");
    let authority = reqwest::Certificate::from_pem(sandbox.certificate_pem().unwrap().as_bytes()).unwrap();
    let trusting = client().tls_certs_only([authority]).build().unwrap();
    let (status, body) = told(trusting.get(&url).send().await.unwrap()).await;
    assert_eq!((status, &body["result"]["user"]), (200, &Value::Null));
}

#[tokio::test]
async fn the_port_can_be_chosen_and_is_free_again_after_the_end() {
    let first = start(Options::default()).await.unwrap();
    let port: u16 = first.daktela_url().rsplit(':').next().unwrap().parse().unwrap();
    first.stop().await;
    let second = start(Options { port, ..Options::default() }).await.unwrap();
    assert!(second.daktela_url().ends_with(&port.to_string()));
}

#[tokio::test]
async fn the_door_opens_again_on_the_same_port_after_a_pause() {
    let lab = Lab::open().await;
    lab.control().run("POST", "/restart", json!({"closed_ms": 100})).unwrap();
    let mut refused = 0;
    while lab.http.get(lab.url("whoim")).send().await.is_err() {
        refused += 1;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        assert!(refused < 1_000, "it stays closed");
    }
    assert!(refused > 0, "it was closed for a while");
    assert_eq!(lab.get("whoim").await.0, 200);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_centre() {
    async fn look(seed: u64) -> (String, Value) {
        let lab = Lab::from(Options { seed, ..Options::default() }).await;
        let contacts = lab.rows("contacts?take=100&fields=name,title,customFields").await;
        (lab.token.clone(), json!(contacts))
    }
    let (one, again, other) = tokio::join!(look(7), look(7), look(8));
    assert_eq!(one, again);
    assert_ne!(one, other);
}
