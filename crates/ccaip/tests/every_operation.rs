//! Every operation once, against a server that answers with the document's own example: the request has the method, the place
//! and the parameters that the document gives it, and the answer is read without losing anything. Then the same against a
//! server that fails and gossips: nowhere is the token written down.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

#[path = "every_operation/calls.rs"]
mod calls;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use offhook_ccaip::wire::{HttpOptions, Secret};
use offhook_ccaip::{BaseUrl, CallStarted, Client, Credentials, Error, Loose, Paged, Spelling, Spellings};
use serde_json::{Value, json};
use support::{Seen, Server, json as answer};

const TOKEN: &str = "canary0123456789canary0123456789";
/// `customer:` and the token, in base64.
const ENCODED: &str = "Y3VzdG9tZXI6Y2FuYXJ5MDEyMzQ1Njc4OWNhbmFyeTAxMjM0NTY3ODk=";

/// What an answer was read as: how it is written again, and how it looks inside.
struct Read {
    written: Value,
    debug: String,
}

fn one<T: Loose + Debug>(result: Result<T, Error>) -> Result<Read, Error> {
    result.map(|value| Read { written: value.write(), debug: format!("{value:?}") })
}

fn rows<T: Loose + Debug>(result: Result<Paged<T>, Error>) -> Result<Read, Error> {
    result.map(|list| Read { written: list.rows.iter().map(T::write).collect(), debug: format!("{list:?}") })
}

fn nothing(result: Result<(), Error>) -> Result<Read, Error> {
    result.map(|()| Read { written: Value::Null, debug: String::new() })
}

fn outcome(result: Result<CallStarted, Error>) -> Result<Read, Error> {
    result.map(|outcome| {
        let written = match &outcome {
            CallStarted::Assigned(Some(call)) => call.write(),
            CallStarted::Refused(why) => json!({ "message": why.message }),
            CallStarted::Assigned(None) | CallStarted::ChooseNumber | CallStarted::ActInAdapter => {
                Value::Null
            }
        };
        Read { written, debug: format!("{outcome:?}") }
    })
}

fn credentials() -> Credentials {
    Credentials { user: Some("customer".into()), token: Secret::new(TOKEN) }
}

fn client(server: &Server) -> Client {
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), credentials()).unwrap()
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn manager() -> Value {
    document(include_str!("data/operations.json"))
}

fn apps() -> Value {
    document(include_str!("data/apps-operations.json"))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

fn query(seen: &Seen) -> Vec<(String, String)> {
    let query = seen.line.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(key, value)| (decoded(key), decoded(value))).collect()
}

/// What the calls send beyond their operation's own table, each for a reason told at the field.
fn beyond_the_table(id: &str) -> &'static [&'static str] {
    match id {
        "agents.list" => &["sort_column", "sort_direction"],
        "agent_activity_logs.list" => {
            &["call_count[from]", "call_count[to]", "chat_count[from]", "chat_count[to]", "changed_columns"]
        }
        "calls.list" => &[
            "page",
            "per",
            "sort_column",
            "sort_direction",
            "id[]",
            "lang[]",
            "created_at[from]",
            "created_at[to]",
            "assigned_at[from]",
            "assigned_at[to]",
            "ends_at[from]",
            "ends_at[to]",
            "scheduled_at[from]",
            "scheduled_at[to]",
        ],
        "campaigns.list" | "campaigns.one.contacts" => &["page", "per"],
        _ => &[],
    }
}

/// The request is what the document describes, with every parameter that it knows.
fn assert_request(operation: &Value, seen: &Seen) {
    let id = operation["id"].as_str().unwrap();
    let (method, target) = seen.line.split_once(' ').unwrap();
    assert_eq!(method, operation["method"], "{id}");
    let path = target.split('?').next().unwrap();
    let expected: Vec<&str> = operation["path"].as_str().unwrap().split('/').collect();
    let sent: Vec<&str> = path.split('/').collect();
    assert_eq!(sent.len(), expected.len(), "{id}: {path}");
    for (sent, expected) in sent.iter().zip(&expected) {
        assert!(expected.starts_with('{') && !sent.is_empty() || sent == expected, "{id}: {path}");
    }
    assert_eq!(seen.header("authorization"), Some(format!("Basic {ENCODED}").as_str()), "{id}");
    assert_eq!(seen.header("accept"), Some("application/json"), "{id}");
    assert_eq!(seen.header("content-type"), Some("application/json"), "{id}");

    let given: BTreeSet<String> = query(seen).into_iter().map(|(name, _)| name).collect();
    let parameters = operation["params"].as_array().unwrap().iter();
    let known = parameters.filter(|parameter| parameter["in"] == "query").map(|parameter| &parameter["name"]);
    let known: BTreeSet<String> = known.map(|name| name.as_str().unwrap().to_owned()).collect();
    let beyond = beyond_the_table(id).iter().map(|name| (*name).to_owned());
    assert_eq!(given, known.into_iter().chain(beyond).collect(), "{id}");
    if method == "POST" {
        assert_eq!(document(&seen.body), operation["request_example"], "{id}");
    }
}

/// A value in one dress: what is missing is left out, numbers are numbers, a list of one object is that object, and what is only a
/// name is that name.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(list) if list.len() == 1 && list[0].is_object() => normal(&list[0]),
        Value::Array(list) => list.iter().map(normal).collect(),
        Value::Object(map) => {
            let is_something = |value: &Value| !value.is_null() && *value != json!("") && *value != json!([]);
            if let (Some(name), 1) = (map.get("name"), map.len()) {
                return normal(name);
            }
            let kept = map.iter().filter(|(_, value)| is_something(value));
            kept.map(|(key, value)| (key.clone(), normal(value))).collect()
        }
        Value::Number(number) => json!(number.as_f64()),
        Value::String(text) => text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        other => other.clone(),
    }
}

/// The answer was read, each field with its type; the samples have a text where a flag belongs, which stays as it came.
fn assert_read(id: &str, example: &Value, read: &Read) {
    assert_eq!(normal(&read.written), normal(example), "{id}");
    assert!(!read.debug.contains("Unreadable"), "{id}: {}", read.debug);
    let strange = read
        .debug
        .split("extra: ")
        .skip(1)
        .find(|rest| !rest.starts_with("{}") && !rest.starts_with(r#"{"hidden": String("string")}"#));
    assert_eq!(strange, None, "{id} has fields without a type");
}

#[tokio::test]
async fn every_operation_is_sent_as_documented_and_every_example_is_read_whole() {
    let example: Arc<Mutex<(u16, String)>> = Arc::default();
    let answered = example.clone();
    let server = Server::start(move |_, _| {
        let (status, body) = answered.lock().unwrap().clone();
        answer(&format!("{status} Whatever"), "", &body)
    })
    .await;
    let client = client(&server);
    let document = manager();
    let operations = document["operations"].as_array().unwrap();
    assert_eq!(operations.len(), 20);
    let mut requests = 0;
    for operation in operations {
        let id = operation["id"].as_str().unwrap();
        let (_, call) = calls::MANAGER.iter().find(|(known, _)| *known == id).expect(id);
        for name in ["response_example", "emulator_example"] {
            let Some(body) = operation.get(name) else { continue };
            *example.lock().unwrap() = (200, body.to_string());
            let read = call(&client).await.unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_request(operation, server.seen().last().unwrap());
            assert_read(id, body, &read);
            requests += 1;
        }
    }
    let document = apps();
    let operations = document["operations"].as_array().unwrap();
    assert_eq!(operations.len(), 5);
    for operation in operations {
        let id = operation["id"].as_str().unwrap();
        let (_, call) = calls::APPS.iter().find(|(known, _)| *known == id).expect(id);
        let mut responses = operation["responses"].as_array().unwrap().clone();
        if responses.is_empty() {
            responses.push(json!({"status": 200, "example": [{"menu_id": 10, "name": "Orders"}]}));
        }
        for response in responses {
            let (status, body) = (&response["status"], &response["example"]);
            let text = if body.is_null() { String::new() } else { body.to_string() };
            *example.lock().unwrap() = (u16::try_from(status.as_u64().unwrap()).unwrap(), text);
            let read = call(&client).await;
            assert_request(operation, server.seen().last().unwrap());
            requests += 1;
            match status.as_u64().unwrap() {
                404 => assert_eq!(read.map(|read| read.debug), Err(Error::NotFound), "a wrong subdomain"),
                // The echo of the request tells nothing new.
                200 if id.starts_with("apps.calls") => assert_eq!(read.unwrap().debug, "ChooseNumber"),
                202 => assert_eq!(read.unwrap().debug, "ActInAdapter"),
                400 => {
                    let read = read.unwrap();
                    assert_read(id, body, &read);
                    assert!(
                        read.debug.contains("reason:") && !read.debug.contains("Other("),
                        "{}",
                        read.debug
                    );
                }
                _ => assert_read(id, body, &read.unwrap()),
            }
        }
    }
    assert_eq!(server.seen().len(), requests, "one request each");
}

#[tokio::test]
async fn every_variable_of_the_document_can_be_asked_for() {
    let server = Server::start(|_, _| answer("200 OK", "", "[]")).await;
    let client = client(&server);
    for (_, call) in calls::MANAGER {
        let _ = call(&client).await;
    }
    let sent: BTreeSet<String> = server.seen().iter().flat_map(query).map(|(name, _)| name).collect();
    let document = manager();
    let variables = document["environment_variables_of_postman_page"].as_array().unwrap().iter();
    let variables = variables.map(|name| name.as_str().unwrap());
    let missing: Vec<&str> = variables.filter(|name| !sent.contains(*name)).collect();
    assert_eq!(missing, ["subdomain", "username", "password", "record_id"]);
}

#[tokio::test]
async fn the_values_of_filters_are_those_of_the_document() {
    let server = Server::start(|_, _| answer("200 OK", "", "[]")).await;
    let client = client(&server);
    let document = manager();
    for operation in document["operations"].as_array().unwrap() {
        let id = operation["id"].as_str().unwrap();
        let (_, call) = calls::MANAGER.iter().find(|(known, _)| *known == id).unwrap();
        let _ = call(&client).await;
        let sent = query(server.seen().last().unwrap());
        for parameter in operation["params"].as_array().unwrap() {
            let (name, Some(values)) = (&parameter["name"], parameter["enum"].as_array()) else { continue };
            if name.as_str().unwrap().ends_with("[]") {
                for value in values {
                    assert!(
                        sent.iter().any(|(key, sent)| key == name && sent == value),
                        "{id} {name} {value}"
                    );
                }
            } else {
                assert!(
                    sent.iter().any(|(key, sent)| key == name && values.contains(&json!(sent))),
                    "{id} {name}"
                );
            }
        }
    }
}

#[test]
fn every_word_of_the_documents_tables_is_known() {
    use offhook_ccaip::{
        Activity, AdapterFailCode, CallStatus, CallType, CampaignMode, CampaignStatus, CampaignType,
        ServiceLevelEvent,
    };
    let document = manager();
    for operation in document["operations"].as_array().unwrap() {
        for (name, values) in operation["enums"].as_object().into_iter().flatten() {
            for entry in values.as_array().unwrap() {
                let word = entry["value"].as_str().unwrap_or_default();
                let written = match name.as_str() {
                    "activity" => Activity::from(word).to_string(),
                    "status" if operation["id"] == "calls.list" => {
                        let status = CallStatus::from(word);
                        assert_eq!(status.description(), entry["description"].as_str(), "{word}");
                        status.to_string().replace('_', " ")
                    }
                    "call_type" => CallType::from(word).to_string(),
                    "service_level_event" => ServiceLevelEvent::from(word).to_string(),
                    "adapter_fail_code" => {
                        let code = AdapterFailCode::read(&entry["code"]).unwrap();
                        assert_eq!(code.message(), entry["message"].as_str(), "{code:?}");
                        continue;
                    }
                    "status" => {
                        let status = CampaignStatus::from(word);
                        assert_eq!(status.description(), entry["description"].as_str(), "{word}");
                        status.to_string()
                    }
                    "mode" => CampaignMode::from(word).to_string(),
                    "campaign_type" => CampaignType::from(word).to_string(),
                    other => panic!("a table of {other}"),
                };
                assert_eq!(written.to_lowercase(), word.to_lowercase());
            }
        }
    }
    assert!(!format!("{:?}", CallStatus::from("Voicemail Read")).contains("Other"));
}

/// Everything that is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_operation_writes_the_token_down_however_the_server_gossips() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let _logging = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());

    let gossip =
        format!(r#"{{"error":"{TOKEN}","message":"token {TOKEN} ({ENCODED}) is bad","status":400}}"#);
    let bodies = [
        ("400 Bad Request", "", gossip.clone()),
        ("422 Unprocessable Content", "", format!(r#"{{"error":"{ENCODED}"}}"#)),
        ("200 OK", "", gossip.clone()),
        ("500 Internal Server Error", "", gossip.clone()),
        ("401 Unauthorized", "", gossip.clone()),
        ("404 Not Found", "", gossip),
        ("200 OK", "", format!("<html>{TOKEN}</html>")),
        ("200 OK", "", format!(r#"[{{"x":"{TOKEN}","#)),
        ("200 OK", "", format!(r#"["{TOKEN}",{{"{TOKEN}":"{ENCODED}"}}]"#)),
        ("301 Moved Permanently", "Location: /elsewhere?x=canary\r\n", String::new()),
    ];
    for (status, headers, body) in bodies {
        let shown = (status, body.clone());
        let server = Server::start(move |_, _| answer(status, headers, &body)).await;
        let client = client(&server);
        for (id, call) in calls::MANAGER.iter().chain(calls::APPS) {
            match call(&client).await {
                Err(error) => {
                    let written = format!("{error} {error:?}");
                    assert!(
                        !written.contains("canary") && !written.contains(ENCODED),
                        "{id} {shown:?}: {written}"
                    );
                }
                // What is read is data, and belongs to whoever asked; a refusal's words are shown.
                Ok(read) if status.starts_with("400") => {
                    assert!(
                        !read.debug.contains("canary") && !read.debug.contains(ENCODED),
                        "{}",
                        read.debug
                    );
                }
                Ok(_) => assert!(status.starts_with("200"), "{id} {shown:?}"),
            }
        }
        let inside = format!("{client:?} {:?}", credentials());
        assert!(!inside.contains("canary") && !inside.contains(ENCODED));
    }
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("/manager/api/v1/calls"), "what is logged is seen");
    let leak = logged.lines().find(|line| line.contains("canary") || line.contains(ENCODED));
    assert_eq!(leak, None);
}

#[tokio::test]
async fn what_is_only_in_the_singular_costs_one_more_request_once() {
    let is_singular = |seen: &Seen| seen.line.contains("/v1/menu/") || seen.line.contains("/v1/team");
    let server = Server::start(move |_, seen| match is_singular(seen) {
        true => answer("200 OK", "", r#"[{"id":1}]"#),
        false => answer("404 Not Found", "", r#"{"error":"x","message":"not found","status":404}"#),
    })
    .await;
    let first = client(&server);
    assert_eq!(first.menus_current_status().await.unwrap().received(), 1);
    assert_eq!(server.seen().len(), 2);
    assert_eq!(first.menus_current_status().await.unwrap().received(), 1);
    assert_eq!(server.seen().len(), 3);
    let known = first.spellings();
    let carried: Spellings = serde_json::from_str(&serde_json::to_string(&known).unwrap()).unwrap();
    let second = client(&server);
    second.set_spellings(carried);
    second.menus_current_status().await.unwrap();
    assert_eq!(server.seen().len(), 4, "nothing is paid for again after a restart");
    assert!(server.seen()[3].line.starts_with("GET /manager/api/v1/menu/current_status"));
    let written = serde_json::to_value(&known).unwrap();
    assert_eq!(written["menus/current_status"], json!(Spelling::Singular));

    assert_eq!(second.menus_tree(&Default::default()).await.unwrap().received(), 1);
    assert_eq!(server.seen().len(), 5, "its family is spelled so");
    assert_eq!(second.agents_current_status().await.unwrap_err(), Error::NotFound);
    assert_eq!(server.seen().len(), 6, "agents are never in the singular");
}
