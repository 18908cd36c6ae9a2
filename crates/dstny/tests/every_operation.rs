//! Every operation once, against a server that answers with the document's own example: the request has the method,
//! the place and the body that the table and the document give it, and the answer is read without losing anything.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

#[path = "every_operation/calls.rs"]
mod calls;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use offhook_dstny::wire::{HttpOptions, Secret};
use offhook_dstny::{
    BaseUrl, Client, Error, Identity, Loose, Route, Routes, StreamItem, Subscription, Ticket,
};
use serde_json::{Value, json};
use support::{Seen, Server, Then, json as answer};

fn examples() -> Value {
    serde_json::from_str(include_str!("data/examples.json")).unwrap()
}

fn client(server: &Server) -> Client {
    let anna = Identity::parse("anna@acme.example").unwrap();
    let ticket = Some(Ticket::pasted(Secret::new("2343.canary")));
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), anna, ticket).unwrap()
}

const IMAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\x89PNG";

/// What an answer was read as: how it is written again, and how it looks inside.
struct Read {
    written: Value,
    debug: String,
}

fn read<T: Loose + std::fmt::Debug>(result: Result<T, Error>) -> Result<Read, Error> {
    result.map(|value| Read { written: value.write(), debug: format!("{value:?}") })
}

fn nothing(result: Result<(), Error>) -> Result<Read, Error> {
    result.map(|()| Read { written: Value::Null, debug: String::new() })
}

/// Whether the request went where the table says, with nothing in the query that the document does not know.
fn assert_place(route: &Route, params: &BTreeSet<String>, line: &str) {
    let id = &route.id;
    let (method, target) = line.split_once(' ').unwrap();
    assert_eq!(method, route.method, "{id}");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let expected: Vec<&str> = route.path.split('/').collect();
    let sent: Vec<&str> = path.strip_prefix("/api").unwrap().split('/').collect();
    assert_eq!(sent.len(), expected.len(), "{id}: {path}");
    for (sent, expected) in sent.iter().zip(&expected) {
        match *expected {
            "{domain}" => assert!(!sent.is_empty(), "{id}"),
            "{user}" | "{userId}" => assert_eq!(*sent, "anna", "{id}"),
            variable if variable.starts_with('{') => {
                assert!(!sent.is_empty() && *sent != "anna", "{id}: {path}");
            }
            literal => assert_eq!(*sent, literal, "{id}"),
        }
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let key = pair.split('=').next().unwrap();
        assert!(params.contains(key), "{id}: the document has no parameter {key}");
    }
}

/// The example as it is read: arrays that are texts are arrays, and the forms of time are one.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(normal).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), normal_field(key, value))).collect()
        }
        other => other.clone(),
    }
}

fn normal_field(key: &str, value: &Value) -> Value {
    match (key, value.as_str()) {
        ("deviceIds", Some("[+1555555]")) => json!(["+1555555"]),
        ("actions", Some(_)) => json!([{"action": "ANSWER", "deviceIds": ["+1555555"]}]),
        ("offset", Some(text)) => json!(text.parse::<i64>().unwrap()),
        ("expiresOn", Some("2020-03-10T11:05:00+01")) => json!("2020-03-10T10:05:00Z"),
        ("expires", Some("2023-11-10T14:38:39.482+00:00")) => json!("2023-11-10T14:38:39.482Z"),
        ("transferStartTime", None) if value == &json!(1_741_673_212_357_i64) => {
            json!("2025-03-11T06:06:52.357Z")
        }
        ("timeStamp", Some("2025-03-10 20:28:32.213")) => json!("2025-03-10T20:28:32.213Z"),
        _ => normal(value),
    }
}

/// What is left of an example after the wrapping that the typed call takes off.
fn unwrapped(id: &str, example: &Value) -> Value {
    let key = match id {
        "acd.groups.list" => "groups",
        "distgroup.list" | "distgroup.login" | "distgroup.logout" => "group",
        "queue.statistics.org" | "queue.statistics.user" => "queue",
        "calls.transfer.start" | "calls.transfer.status" => "transferId",
        "contacts.add" | "contacts.search" | "contacts.addmany" => "contact",
        "contacts.status" => "contactStatus",
        "cinfo1.fields.get" => "fields",
        "cinfo1.vcard.get" => "Description",
        "cinfo1.timezones" => "timezone",
        "pcontacts.user.list" | "pcontacts.group.list" | "pcontacts.org.list" => "personal_contact",
        "pcontacts.phonelabels" => "phoneLabels",
        "actdiv.list" | "actdiv.set" => "diversion-mapping",
        "diversion.number.get" | "diversion.number.set" => "diversion-number",
        "shortcuts.list" | "shortcuts.setall" => "presenceShortcut",
        "config.answerplaces" => "answerplace",
        "config.roles" => "role",
        "config.activities" => "activity",
        "event.list" | "event.stream.get" => "events",
        "userline.list" => "line",
        _ => return example.clone(),
    };
    example[key].clone()
}

/// A server that answers every operation with the example it was given last.
struct Desk {
    server: Server,
    next: Arc<Mutex<Then>>,
    client: Client,
}

impl Desk {
    async fn open() -> Self {
        let next = Arc::new(Mutex::new(Then::Close));
        let given = next.clone();
        let server =
            Server::start(move |_, _| std::mem::replace(&mut *given.lock().unwrap(), Then::Close)).await;
        let client = client(&server);
        Self { server, next, client }
    }

    /// Calls an operation; the request and what became of the answer.
    async fn call(&self, id: &str, request: &Value, then: Then) -> (Seen, Result<Read, Error>) {
        let before = self.server.seen().len();
        *self.next.lock().unwrap() = then;
        let result = calls::call(id, &self.client, request).await;
        let mut seen = self.server.seen().split_off(before);
        assert_eq!(seen.len(), 1, "{id}");
        (seen.remove(0), result)
    }
}

#[tokio::test]
async fn every_operation_is_called_as_documented_and_its_example_is_read_in_full() {
    let (examples, desk) = (examples(), Desk::open().await);
    let mut called = 0;
    for route in Routes::standard().all().filter(|route| !route.deprecated && route.stream.is_none()) {
        let of = &examples[&route.id];
        let more = of["more_response_examples"].as_array().cloned().unwrap_or_default();
        for example in std::iter::once(of["response_example"].clone()).chain(more) {
            one(&desk, route, of, &example).await;
        }
        called += 1;
    }
    assert_eq!(called, 206 + 2 - 25 - 7);
}

async fn one(desk: &Desk, route: &Route, of: &Value, example: &Value) {
    let id = route.id.as_str();
    let then = match example {
        _ if matches!(id, "uinfo.image.get" | "cinfo1.image") => Then::Bytes(IMAGE.to_vec()),
        Value::Null => answer("204 No Content", "", ""),
        Value::String(bare)
            if matches!(id, "uinfo.expires.get" | "uinfo.expires.set" | "uinfo.activity.set") =>
        {
            answer("200 OK", "", bare)
        }
        example => answer("200 OK", "", &example.to_string()),
    };
    let (seen, result) = desk.call(id, &of["request_example"], then).await;

    assert_place(route, &params(route), &seen.line);
    assert_ne!(seen.header("authorization"), None, "{id}");
    assert!(!seen.line.contains("canary"), "{id}");
    if of["request_example"].is_object() {
        let sent: Value = serde_json::from_str(&seen.body).unwrap();
        assert_eq!(without_lost(&sent, of), of["request_example"], "{id}");
        assert_eq!(seen.header("content-type"), Some("application/json"), "{id}");
    }

    if of["response_kind"].is_string() && id != "config.webclient" {
        let Err(Error::Refused { status: 200, fields, .. }) = result else { panic!("{id} was not refused") };
        assert_eq!(fields["user"], ["string"], "{id}");
        return;
    }
    let read = result.unwrap_or_else(|error| panic!("{id}: {error:?}"));
    // Answers of which only the success matters, or that have no example.
    if read.written.is_null() {
        return;
    }
    // A mark of the RDF that the vCards are written in; it says nothing.
    let debug = read.debug.replace(r#"other: {"parseType": String("Resource")}"#, "");
    assert!(!debug.contains("other: {\""), "{id} has keys that are not known: {debug}");
    assert_eq!(read.written, normal(&unwrapped(id, example)), "{id}");
}

/// The parameters of the document that are not in the path.
fn params(route: &Route) -> BTreeSet<String> {
    route.params().iter().cloned().collect()
}

/// The body without what the sample in the document lost (its addresses), which the typed call sends all the same.
fn without_lost(sent: &Value, of: &Value) -> Value {
    let mut sent = sent.clone();
    for lost in of["request_example_lost_fields"].as_array().into_iter().flatten() {
        sent.as_object_mut().unwrap().remove(lost.as_str().unwrap());
    }
    sent
}

#[tokio::test]
async fn a_write_that_was_taken_may_warn_and_name_what_it_made() {
    let body = r#"{"warning":[{"fieldName":"role","code":"role.unknown","description":"Ignored"}],"generated-id":"17"}"#;
    for body in [body, &format!(r#"{{"field":[],{}"#, &body[1..])] {
        let body = body.to_owned();
        let server = Server::start(move |_, _| answer("200 OK", "", &body)).await;
        let written = client(&server).remove_contact("bo@acme.example").await.unwrap();
        assert_eq!(written.generated_id.as_deref(), Some("17"));
        assert_eq!(written.warnings[0].description.as_deref(), Some("Ignored"));
    }
}

#[test]
fn every_stream_has_a_subscription() {
    let all = [
        Subscription::call("c1"),
        Subscription::dialogs(),
        Subscription::queue_statistics(),
        Subscription::contact_line_state("bo@acme.example"),
        Subscription::contact_presence("bo@acme.example"),
        Subscription::configuration(),
        Subscription::devices(),
    ];
    let known: BTreeSet<&str> = all.iter().map(Subscription::operation).collect();
    let routes = Routes::standard();
    let streams: BTreeSet<&str> =
        routes.all().filter(|r| r.stream.is_some()).map(|r| r.id.as_str()).collect();
    assert_eq!(known, streams);
}

#[test]
fn what_is_posted_to_webhooks_is_read_as_an_item() {
    let examples = examples();
    let posted = |id: &str| StreamItem::read(&examples[id]["callback_example"].to_string());
    assert!(
        matches!(posted("callstate.webhook.call"), StreamItem::Call(call) if call.state_token == Some(487_345_453))
    );
    assert!(matches!(posted("callstate.webhook.user"), StreamItem::User(user) if user.calls.len() == 1));
    assert!(
        matches!(posted("device.webhook"), StreamItem::AppConfig(c) if c.changed_field.as_deref() == Some("DEVICE_INFO"))
    );
}
