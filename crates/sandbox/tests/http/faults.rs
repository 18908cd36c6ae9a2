//! What goes wrong on demand, below and above HTTP.

use crate::lab::Lab;
use serde_json::json;
use std::time::Duration;

/// Long enough for a loopback answer, short enough for a test that waits for none.
const MOMENT: Duration = Duration::from_millis(400);

#[tokio::test]
async fn statuses_strike_as_often_as_asked_on_the_route_that_was_meant() {
    let lab = Lab::open().await;
    lab.control().fault(json!({"kind": "status", "status": 502, "route": "tickets", "count": 1})).unwrap();
    lab.control()
        .fault(json!({"kind": "status", "status": 429, "retry_after": "7", "route": "tickets", "count": 1}))
        .unwrap();
    assert_eq!(lab.get("contacts?take=1").await.0, 200);
    let page = lab.request(reqwest::Method::GET, "tickets.json").send().await.unwrap();
    assert_eq!(
        (page.status().as_u16(), page.headers()["content-type"].to_str().unwrap()),
        (502, "text/html")
    );
    assert!(page.text().await.unwrap().starts_with("<html>"));
    let limited = lab.request(reqwest::Method::GET, "tickets").send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    assert_eq!(limited.text().await.unwrap(), "");
    assert_eq!(lab.get("tickets?take=1").await.0, 200);
}

#[tokio::test]
async fn a_dropped_connection_answers_nothing_and_the_next_one_works() {
    let lab = Lab::open().await;
    lab.control().fault(json!({"kind": "drop", "count": 1, "method": "POST"})).unwrap();
    assert_eq!(lab.get("whoim").await.0, 200, "another method is not meant");
    assert!(
        lab.request(reqwest::Method::POST, "usersSession")
            .json(&json!({"setReady": false}))
            .send()
            .await
            .is_err()
    );
    assert_eq!(lab.get("whoim").await.0, 200);
}

#[tokio::test]
async fn a_half_open_connection_stays_silent_until_the_platform_restarts() {
    let lab = Lab::open().await;
    lab.control().fault(json!({"kind": "half_open", "route": "whoim", "count": 1})).unwrap();
    let hanging = lab.request(reqwest::Method::GET, "whoim").send();
    tokio::pin!(hanging);
    assert!(tokio::time::timeout(MOMENT, &mut hanging).await.is_err());
    lab.control().run("POST", "/restart", json!({})).unwrap();
    assert!(hanging.await.is_err(), "cut off");
}

#[tokio::test]
async fn bodies_are_cut_short_or_spoiled() {
    let lab = Lab::open().await;
    lab.control().fault(json!({"kind": "truncate", "route": "statuses", "count": 1})).unwrap();
    let cut = lab.request(reqwest::Method::GET, "statuses").send().await.unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.text().await.is_err(), "the body ends too early");
    lab.control().fault(json!({"kind": "malformed", "route": "statuses", "count": 1})).unwrap();
    let spoiled = lab.request(reqwest::Method::GET, "statuses").send().await.unwrap().text().await.unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&spoiled).is_err());
    assert_eq!(lab.get("statuses").await.0, 200);
}

#[tokio::test]
async fn silence_covers_polls_under_way_and_nothing_else() {
    let lab = Lab::with(&[("poll_hold", "0")]).await;
    lab.ready().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    lab.control().fault(json!({"kind": "silent"})).unwrap();
    assert!(tokio::time::timeout(MOMENT, lab.pull(&hash)).await.is_err());
    assert_eq!(lab.get("statuses").await.0, 200);
    lab.control().clear_faults();
    assert_eq!(lab.pull(&hash).await["hash"], hash);
}

#[tokio::test]
async fn a_latency_delays_and_never_forgets() {
    let lab = Lab::open().await;
    lab.control().fault(json!({"kind": "latency", "ms": 300, "route": "statuses"})).unwrap();
    let slow = lab.get("statuses");
    tokio::pin!(slow);
    assert!(tokio::time::timeout(Duration::from_millis(20), &mut slow).await.is_err());
    assert_eq!(slow.await.0, 200);
}

#[tokio::test]
async fn chance_is_repeatable() {
    async fn strikes() -> Vec<u16> {
        let lab = Lab::open().await;
        lab.control().fault(json!({"kind": "status", "status": 503, "probability": 0.5})).unwrap();
        let mut told = Vec::new();
        for _ in 0..20 {
            let answer = lab.request(reqwest::Method::GET, "whoim").send().await.unwrap();
            told.push(answer.status().as_u16());
        }
        told
    }
    let once = strikes().await;
    assert!(once.contains(&200) && once.contains(&503));
    assert_eq!(once, strikes().await);
}
