//! The seven streams, how they are written, and what goes wrong with them.

use crate::lab::{DESK, Lab, eventually};
use serde_json::{Value, json};

const DIALOGS: &str = "/call/state/v1/dialogs/D/ida";
const CALLER: &str = "+442079460123";

fn call_stream(id: &str) -> String {
    format!("/call/state/v1/stream/D/ida/{id}")
}

#[tokio::test]
async fn dialogs_start_full_and_go_on_partial_with_rising_versions() {
    let lab = Lab::open().await;
    let mut stream = lab.stream("ida", DIALOGS).await;
    assert!(stream.response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let first = stream.next().await;
    assert!(first.data.contains("state=\"full\"") && first.data.contains("version=\"0\""), "{first:?}");
    let id = lab.ring("ida", CALLER);
    let ringing = stream.next().await;
    assert!(ringing.data.contains("version=\"1\"") && ringing.data.contains("state=\"partial\""));
    assert!(
        ringing.data.contains("<state>early</state>") && ringing.data.contains("direction=\"recipient\"")
    );
    assert!(ringing.data.contains(&format!("id=\"{id}\"")) && ringing.data.contains(CALLER));
    assert_eq!(ringing.id, first.id.map(|n| n + 1));
    lab.deed("ida", "answer", &format!("{id}/{DESK}"), Value::Null).await;
    assert!(stream.until("confirmed").await.data.contains("pval=\"yes\""));
    lab.deed("ida", "hold", &id, json!({})).await;
    assert!(stream.until("confirmed").await.data.contains("pval=\"no\""));
    lab.run(&format!("/calls/{id}/hangup"), json!({}));
    assert!(stream.next().await.data.contains("event=\"remote-bye\">terminated"));
}

#[tokio::test]
async fn one_calls_states_are_told_until_it_ends() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    let mut stream = lab.stream("ida", &call_stream(&id)).await;
    let first = stream.next().await.json();
    assert_eq!((&first["status"], &first["callId"]), (&json!("ACTIVE"), &json!(id)));
    lab.deed("ida", "mute", &id, json!({})).await;
    let muted = stream.next().await.json();
    assert_eq!(muted["event"], "MUTED");
    assert!(muted["stateToken"].as_i64() > first["stateToken"].as_i64());
    lab.run(&format!("/calls/{id}/hangup"), json!({}));
    assert_eq!(stream.next().await.json()["status"], "TERMINATED");
    assert_eq!(stream.raw().await, None, "nothing more comes of it");
    let (status, _) = lab.ask("ida", "GET", &call_stream("nothing"), Value::Null).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn the_other_five_streams_tell_what_they_are_about() {
    let lab = Lab::open().await;
    let contact = "/contacts/info/v1/D/tomas@offhook.example";
    let mut line = lab.stream("ida", &format!("{contact}/linestate/stream")).await;
    let mut presence = lab.stream("ida", &format!("{contact}/presencestate/stream")).await;
    let mut queues = lab.stream("ida", "/distributiongroup/statistics/D/ida").await;
    let mut devices = lab.stream("ida", "/device/info/v1/stream/D/ida").await;
    let mut config = lab.stream("ida", "/configuration/stream/D/ida").await;
    assert!(line.next().await.data.contains("entity=\"sip:tomas@offhook.example\""));
    assert!(presence.next().await.data.contains("<basic>open</basic>"));
    assert!(queues.next().await.data.contains("<queueStatistics"));
    assert_eq!(devices.next().await.json()["changedField"], "DEVICE_INFO");
    assert_eq!(config.next().await.json()["changedField"], "CONFIGURATION");
    lab.ring("tomas", CALLER);
    line.until("early").await;
    let path = "/user/info/D/tomas/activity/lunch?available=false";
    assert_eq!(lab.ask("tomas", "PUT", path, Value::Null).await.0, 200);
    assert!(presence.next().await.data.contains("<basic>closed</basic>"));
    lab.ask("ida", "PUT", "/distributiongroup/login/D/ida/2001/offhook.example", Value::Null).await;
    queues.until("<loggedInAgents>1</loggedInAgents>").await;
    lab.run("/agents/ida/device", json!({"device": "301", "reachable": false}));
    assert_eq!(devices.next().await.json()["changedField"], "DEVICE_INFO");
}

#[tokio::test]
async fn events_are_written_as_the_switches_say() {
    let switches = [
        ("sse_ids", "off"),
        ("sse_lines", "multi"),
        ("sse_eol", "crlf"),
        ("sse_event", "named"),
        ("sse_payload", "xml"),
    ];
    let lab = Lab::with(&switches).await;
    let id = lab.talk(CALLER).await;
    let mut stream = lab.stream("ida", DIALOGS).await;
    let raw = stream.raw().await.unwrap();
    assert!(raw.starts_with("event: update\r\ndata: <?xml") && raw.matches("data: ").count() > 3, "{raw}");
    assert!(!raw.contains("id: ") && !raw.replace("\r\n", "").contains('\n'));
    let mut call = lab.stream("ida", &call_stream(&id)).await;
    assert!(call.next().await.data.contains(&format!("<callId>{id}</callId>")));
}

#[tokio::test]
async fn ids_go_on_over_reconnects_and_beyond_what_the_client_knows() {
    let lab = Lab::open().await;
    let first = lab.stream("ida", DIALOGS).await.next().await.id.unwrap();
    let again = lab.stream("ida", DIALOGS).await.next().await.id.unwrap();
    assert!(again > first);
    let request = lab.request("ida", "GET", DIALOGS).header("Last-Event-ID", "5000");
    let later = crate::lab::Stream::of(request.send().await.unwrap()).next().await.id.unwrap();
    assert_eq!(later, 5_001);
}

#[tokio::test]
async fn a_quiet_stream_is_kept_alive_by_comments() {
    let lab = Lab::with(&[("keepalive_ms", "20")]).await;
    let mut stream = lab.stream("ida", DIALOGS).await;
    stream.next().await;
    for _ in 0..3 {
        assert_eq!(stream.raw().await.unwrap(), ": keep-alive\n\n");
    }
}

#[tokio::test]
async fn a_subscription_may_be_answered_with_a_document_or_with_nothing() {
    let lab = Lab::with(&[("sse_answer", "json")]).await;
    let id = lab.talk(CALLER).await;
    assert_eq!(lab.read("ida", &call_stream(&id)).await["status"], "ACTIVE");
    let dialogs = lab.request("ida", "GET", DIALOGS).send().await.unwrap();
    assert_eq!(dialogs.headers()["content-type"], "application/dialog-info+xml");
    lab.control().switch("sse_answer", "204").unwrap();
    assert_eq!(lab.ask("ida", "GET", DIALOGS, Value::Null).await, (204, Value::Null));
}

#[tokio::test]
async fn a_stream_may_start_with_the_first_change_or_die_silently() {
    let lab = Lab::with(&[("sse_first", "none")]).await;
    let mut stream = lab.stream("ida", DIALOGS).await;
    eventually("the stream is open", || {
        lab.control().run("GET", "/streams", Value::Null).unwrap()["open"] != json!([])
    })
    .await;
    lab.ring("ida", CALLER);
    assert!(stream.next().await.data.contains("state=\"partial\""));
    let lab = Lab::with(&[("sse_die", "silently"), ("keepalive_ms", "1")]).await;
    let mut dead = lab.stream("ida", DIALOGS).await;
    dead.next().await;
    lab.control().switch("sse_die", "no").unwrap();
    let mut alive = lab.stream("ida", DIALOGS).await;
    lab.ring("ida", CALLER);
    alive.until("early").await;
    while alive.raw().await.unwrap() != ": keep-alive\n\n" {}
    assert_eq!(said(&lab, "callstate.")[0], 1, "neither the ring nor a comment");
}

/// How much was said on each open stream of these operations, in the order in which they were opened.
fn said(lab: &Lab, operations: &str) -> Vec<u64> {
    let streams = lab.control().run("GET", "/streams", Value::Null).unwrap();
    let open = streams["open"].as_array().unwrap().iter();
    let meant = open.filter(|s| s["operation"].as_str().unwrap().starts_with(operations));
    meant.map(|s| s["sent"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn streams_under_way_are_garbled_doubled_reordered_silenced_and_dropped() {
    let lab = Lab::with(&[("keepalive_ms", "0")]).await;
    let id = lab.talk(CALLER).await;
    let mut stream = lab.stream("ida", &call_stream(&id)).await;
    let first = stream.next().await;
    let order = |what: &str| lab.run(&format!("/streams/{what}"), json!({"user": "ida"}))["streams"].clone();
    assert_eq!(order("garbage"), 1);
    assert!(serde_json::from_str::<Value>(&stream.next().await.data).is_err());
    order("duplicate");
    assert_eq!(stream.next().await, first);
    order("reorder");
    lab.deed("ida", "mute", &id, json!({})).await;
    let last_id =
        || lab.control().run("GET", "/streams", Value::Null).unwrap()["open"][0]["last_id"].as_u64();
    eventually("muting is an event of its own", || last_id() == first.id.map(|n| n + 2)).await;
    lab.deed("ida", "unmute", &id, json!({})).await;
    let (one, two) = (stream.next().await, stream.next().await);
    assert!(one.id > two.id, "{one:?} {two:?}");
    order("drop");
    assert_eq!(stream.raw().await, None);
    eventually("it is forgotten", || order("drop") == 0).await;
}

#[tokio::test]
async fn a_silent_fault_and_a_lost_ticket_end_what_is_said() {
    let lab = Lab::with(&[("keepalive_ms", "0")]).await;
    let mut stream = lab.stream("ida", DIALOGS).await;
    let mut other = lab.stream("tomas", "/call/state/v1/dialogs/D/tomas").await;
    stream.next().await;
    other.next().await;
    lab.run("/tokens/revoke", json!({"user": "tomas"}));
    assert_eq!(other.raw().await, None, "who is no longer let in is no longer told");
    let mut line = lab.stream("ida", "/contacts/info/v1/D/ida@offhook.example/linestate/stream").await;
    lab.control().fault(json!({"kind": "silent", "route": "callstate"})).unwrap();
    let id = lab.ring("ida", CALLER);
    line.until("early").await;
    lab.run(&format!("/calls/{id}/hangup"), json!({}));
    line.until("terminated").await;
    assert_eq!(said(&lab, "callstate."), [1], "what the other stream told was not told here");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_change_as_fast_as_they_are_asked_to() {
    let lab = Lab::open().await;
    let mut dialogs = lab.stream("ida", DIALOGS).await;
    dialogs.next().await;
    lab.control().change_calls(500);
    let mut last = dialogs.next().await;
    for _ in 0..200 {
        let next = dialogs.next().await;
        assert_eq!(next.id, last.id.map(|n| n + 1));
        last = next;
    }
    lab.run("/streams/rate", json!({"per_second": 0}));
    assert!(lab.control().run("GET", "/streams", Value::Null).unwrap()["sent"].as_u64().unwrap() >= 200);
}
