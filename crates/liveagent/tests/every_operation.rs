//! Every operation once, against a server that answers with the document's own example: the request has the method, the place,
//! the parameters and the form that the document gives it, and the answer is read without losing anything. Then the same against a
//! server that fails and gossips: nowhere is the key written down.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

#[path = "every_operation/calls.rs"]
mod calls;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use offhook_liveagent::wire::{HttpOptions, Secret};
use offhook_liveagent::{BaseUrl, Client, Error, List, Loose};
use serde_json::{Value, json};
use support::{Seen, Server, json as answer};

const KEY: &str = "canary0123456789canary0123456789";

/// What an answer was read as: how it is written again, and how it looks inside.
struct Read {
    written: Value,
    debug: String,
}

fn one<T: Loose + std::fmt::Debug>(result: Result<T, Error>) -> Result<Read, Error> {
    result.map(|value| Read { written: value.write(), debug: format!("{value:?}") })
}

fn rows<T: Loose + std::fmt::Debug>(result: Result<List<T>, Error>) -> Result<Read, Error> {
    result.map(|list| Read { written: list.rows.iter().map(T::write).collect(), debug: format!("{list:?}") })
}

fn nothing(result: Result<(), Error>) -> Result<Read, Error> {
    result.map(|()| Read { written: Value::Null, debug: String::new() })
}

fn client(server: &Server) -> Client {
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), Secret::new(KEY)).unwrap()
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

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(key, value)| (decoded(key), decoded(value))).collect()
}

/// The fields of a form of either kind.
fn form(seen: &Seen) -> Vec<(String, String)> {
    match seen.header("content-type").unwrap().split_once("boundary=") {
        None => pairs(&seen.body),
        Some((_, boundary)) => {
            let end = format!("--{boundary}--\r\n");
            let body = seen.body.strip_suffix(&end).expect("the form is complete");
            let start = format!("--{boundary}\r\n");
            let parts = body.split(&start).skip(1).map(|part| {
                let (head, value) = part.strip_suffix("\r\n").unwrap().split_once("\r\n\r\n").unwrap();
                let name = head.split('"').nth(1).unwrap();
                (name.to_owned(), value.to_owned())
            });
            parts.collect()
        }
    }
}

fn names(parameters: &Value, place: &str) -> BTreeSet<String> {
    let here = parameters.as_array().unwrap().iter().filter(|parameter| parameter["in"] == place);
    here.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
}

/// The request is what the document describes, with every parameter that it knows.
fn assert_request(operation: &Value, seen: &Seen) {
    let id = operation["id"].as_str().unwrap();
    let (method, target) = seen.line.split_once(' ').unwrap();
    assert_eq!(method, operation["method"], "{id}");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let expected: Vec<&str> = operation["path"].as_str().unwrap().split('/').collect();
    let sent: Vec<&str> = path.split('/').collect();
    assert_eq!(sent.len(), expected.len(), "{id}: {path}");
    for (sent, expected) in sent.iter().zip(&expected) {
        assert!(expected.starts_with('{') && !sent.is_empty() || sent == expected, "{id}: {path}");
    }

    let query = pairs(query);
    assert!(query.contains(&("apikey".to_owned(), KEY.to_owned())), "{id}: the key is in every query");
    let is_read = method == "GET";
    let (place, given) = if is_read { ("query", query) } else { ("form", form(seen)) };
    if !is_read {
        let media_type = seen.header("content-type").unwrap().split(';').next().unwrap();
        assert_eq!(media_type, operation["body_type"], "{id}");
        assert!(given.contains(&("apikey".to_owned(), KEY.to_owned())), "{id}: the key is in every form");
    }
    let given: BTreeSet<String> = given.into_iter().map(|(name, _)| name).collect();
    let mandatory = names(&operation["mandatory"], place);
    let known = mandatory.union(&names(&operation["optional"], place)).cloned().collect();
    assert_eq!(
        given.difference(&known).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "{id}: unknown to the document"
    );
    assert!(mandatory.is_subset(&given), "{id}: {mandatory:?} in {given:?}");
    let left_out: Vec<&str> = known.difference(&given).map(String::as_str).collect();
    let either_or: &[&str] = match id {
        "conversations.conversationid.tags.delete" => &["name"],
        "conversations.conversationid.tags.post" => &["id"],
        "files.post" => &["downloadUrl"],
        _ => &[],
    };
    assert_eq!(left_out, either_or, "{id}: never sent");
}

/// A value in one dress: what is missing is left out, numbers are numbers, a list of words is a text with commas.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_string) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            normal(&words.join(", ").into())
        }
        Value::Array(list) => list.iter().map(normal).collect(),
        Value::Object(map) => {
            // Tokens are masked when they are written down.
            let kept = map.iter().filter(|(key, value)| {
                !matches!(value.as_str(), Some(""))
                    && !value.is_null()
                    && **value != json!([])
                    && *key != "authtoken"
            });
            // The count of votes has two names.
            kept.map(|(key, value)| (key.replace("votesCount", "votes"), normal(value))).collect()
        }
        Value::Number(number) => json!(number.as_f64()),
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) => json!(number),
            Err(_) if text.len() == 10 && text.matches('-').count() == 2 => json!(format!("{text} 00:00:00")),
            Err(_) => json!(text),
        },
        other => other.clone(),
    }
}

/// The part of an example that is read.
fn content(example: &Value, read: &Read) -> Value {
    let mut response = example["response"].clone();
    if response["status"] == "OK" {
        let map = response.as_object_mut().unwrap();
        map.remove("status");
        map.remove("statuscode");
    }
    let is_one_list = response.as_object().unwrap().len() == 1;
    let list = response.as_object().unwrap().values().next().filter(|value| is_one_list && value.is_array());
    match (&read.written, list) {
        (Value::Array(_), Some(list)) => list.clone(),
        // The overview of chats and calls is a list of one.
        (Value::Object(_), Some(list)) => list[0].clone(),
        (Value::Null, _) => Value::Null,
        _ => response,
    }
}

#[tokio::test]
async fn every_operation_is_sent_as_documented_and_every_example_is_read_whole() {
    let document: Value = serde_json::from_str(include_str!("data/operations.json")).unwrap();
    let operations = document["operations"].as_array().unwrap();
    let example: Arc<Mutex<Value>> = Arc::default();
    let answered = example.clone();
    let server = Server::start(move |_, _| answer("200 OK", "", &answered.lock().unwrap().to_string())).await;
    let client = client(&server);
    assert_eq!(operations.len(), 72);
    for operation in operations {
        let id = operation["id"].as_str().unwrap();
        let (_, call) = calls::OPERATIONS.iter().find(|(known, _)| *known == id).expect(id);
        *example.lock().unwrap() = operation["response_example"].clone();
        let read = call(&client).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_request(operation, server.seen().last().unwrap());
        let expected = content(&operation["response_example"], &read);
        assert_eq!(normal(&read.written), normal(&expected), "{id}");
        assert!(!read.debug.contains("Unreadable"), "{id}: {}", read.debug);
        let unknown: Vec<&str> =
            read.debug.split("other: ").skip(1).filter(|rest| !rest.starts_with("{}")).collect();
        assert!(unknown.is_empty(), "{id} has fields without a type: {unknown:?}");
    }
    assert_eq!(server.seen().len(), 72, "one request each");
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
async fn no_operation_writes_the_key_down_however_the_server_gossips() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let _logging = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());

    let gossip = format!(
        r#"{{"response":{{"status":"ERROR","statuscode":500,"errormessage":"key {KEY} is bad","debugmessage":"{KEY}"}}}}"#
    );
    let bodies = [
        ("200 OK", "", gossip.clone()),
        ("500 Internal Server Error", "", gossip.clone()),
        ("403 Forbidden", "", gossip.replace("key ", "ApiKey ")),
        ("400 Bad Request", "", format!(r#"{{"message":"{KEY}"}}"#)),
        ("404 Not Found", "", gossip),
        ("200 OK", "", format!("<html>{KEY}</html>")),
        ("200 OK", "", format!(r#"{{"response":{{"x":"{KEY}","#)),
        ("200 OK", "", format!(r#"{{"response":["{KEY}",{{"{KEY}":"{KEY}"}}]}}"#)),
        ("301 Moved Permanently", "Location: /elsewhere?apikey=x\r\n", String::new()),
    ];
    for (status, headers, body) in bodies {
        let shown = (status, body.clone());
        let server = Server::start(move |_, _| answer(status, headers, &body)).await;
        let client = client(&server);
        for (id, call) in calls::OPERATIONS.iter().chain(calls::OTHERS) {
            // A fresh one each: the budget is no subject here.
            let client = if client.pace().used().0 > 150 { &self::client(&server) } else { &client };
            match call(client).await {
                Err(error) => {
                    let written = format!("{error} {error:?}");
                    assert!(!written.contains(KEY), "{id} {shown:?}: {written}");
                }
                // What is read is data, and belongs to whoever asked. A refused key is what the check is after.
                Ok(_) => assert!(status.starts_with("200") || *id == "key", "{id} {shown:?}"),
            }
        }
        assert!(!format!("{client:?}").contains(KEY));
    }
    let unreachable = Client::new(
        BaseUrl::parse("http://127.0.0.1:1").unwrap(),
        HttpOptions { connect_timeout: std::time::Duration::from_secs(1), ..HttpOptions::default() },
        Secret::new(KEY),
    );
    let error = unreachable.unwrap().conversation_delete("a", &Default::default()).await.unwrap_err();
    assert!(matches!(error, Error::Network { .. }) && !format!("{error:?}").contains(KEY), "{error:?}");

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("/api/conversations"), "what is logged is seen");
    assert!(!logged.contains(KEY), "{}", logged.lines().find(|line| line.contains(KEY)).unwrap());
}
