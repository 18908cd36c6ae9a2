//! Webhooks are registered, told and removed.

use crate::lab::{DESK, Lab, PATIENCE};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

/// A listener that takes posts and hands their bodies out.
fn listener() -> (String, mpsc::Receiver<Value>) {
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?x=1", door.local_addr().unwrap());
    let (sender, bodies) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in door.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut text = Vec::new();
            let mut piece = [0; 4096];
            let body = loop {
                let read = stream.read(&mut piece).unwrap_or(0);
                text.extend_from_slice(&piece[..read]);
                let whole = String::from_utf8_lossy(&text).into_owned();
                let complete =
                    whole.split_once("\r\n\r\n").map(|(_, body)| serde_json::from_str::<Value>(body));
                match complete {
                    Some(Ok(body)) => break Some(body),
                    _ if read == 0 => break None,
                    _ => {}
                }
            };
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            if body.is_some_and(|body| sender.send(body).is_err()) {
                return;
            }
        }
    });
    (url, bodies)
}

#[tokio::test(flavor = "multi_thread")]
async fn new_and_ended_calls_changes_of_a_call_and_devices_are_posted() {
    let lab = Lab::open().await;
    let (url, bodies) = listener();
    let hook = |id: &str| json!({"targetUrl": url, "targetId": id, "publicTarget": true});
    let (status, lives) = lab.ask("ida", "POST", "/call/state/v1/webhook/D/ida", hook("user")).await;
    assert_eq!((status, lives), (200, json!({"expiresOn": 3600})));
    let next = || bodies.recv_timeout(PATIENCE).unwrap();
    let call = lab.ring("ida", "+442079460123");
    assert_eq!(next()["calls"][0]["callId"], call);
    let body = json!({"targetUrl": url, "targetId": "call", "publicTarget": true});
    lab.deed("ida", "answer", &format!("{call}/{DESK}"), body).await;
    lab.deed("ida", "hold", &call, json!({})).await;
    assert_eq!(next()["status"], "HELD");
    lab.run(&format!("/calls/{call}/hangup"), json!({}));
    let (first, second) = (next(), next());
    let told = [&first, &second];
    assert!(told.iter().any(|t| t["status"] == "TERMINATED"), "{told:?}");
    assert!(told.iter().any(|t| t["calls"] == json!([])), "{told:?}");
    assert_eq!(lab.ask("ida", "DELETE", "/call/state/v1/webhook/D/ida/user", Value::Null).await.0, 204);
    assert_eq!(lab.ask("ida", "DELETE", "/call/state/v1/webhook/D/ida/user", Value::Null).await.0, 404);
    lab.ask("ida", "POST", "/device/info/v1/webhook/D/ida", hook("devices")).await;
    lab.run("/agents/ida/device", json!({"device": "301", "reachable": false}));
    assert_eq!(next()["changedField"], "DEVICE_INFO");
    let (status, _) = lab
        .ask("ida", "POST", "/call/state/v1/webhook/D/ida", json!({"targetUrl": "nowhere", "targetId": "x"}))
        .await;
    assert_eq!(status, 400);
}
