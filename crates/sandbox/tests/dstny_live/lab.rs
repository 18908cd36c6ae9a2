//! A sandbox whose Dstny face is asked, and its streams read, with a plain HTTP client.

use offhook_sandbox::{Control, Options, Sandbox, start};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::sync::Once;
use std::time::{Duration, Instant};

/// Nothing may take longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const DESK: &str = "2.5f0d0a00-0000-4000-8000-000000000301";
pub(crate) const MOBILE: &str = "0.721322400";

pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
}

/// Status and body; an empty body is null, and what is no JSON is text.
pub(crate) type Told = (u16, Value);

pub(crate) async fn told(response: Response) -> Told {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    (status, body)
}

impl Lab {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(switches: &[(&str, &str)]) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let mut options = Options::default();
        // Nothing happens by itself while a slow machine thinks: tests push the clock.
        for (name, value) in [("ring_timeout", "0"), ("answer_delay", "3600"), ("device_delay", "3600000")] {
            options.switches.set(name, value).unwrap();
        }
        for (name, value) in switches {
            options.switches.set(name, value).unwrap();
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Self { sandbox: start(options).await.unwrap(), http }
    }

    pub(crate) fn control(&self) -> Control {
        self.sandbox.control()
    }

    /// What the control interface does over HTTP.
    pub(crate) fn run(&self, path: &str, body: Value) -> Value {
        self.control().run("POST", path, body).unwrap()
    }

    pub(crate) fn token(&self, user: &str) -> String {
        self.sandbox.dstny_users().into_iter().find(|u| u.username == user).unwrap().token
    }

    /// `D` in the path is the domain.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/api{}", self.sandbox.dstny_url(), path.replace("/D/", "/offhook.example/"))
    }

    pub(crate) fn request(&self, user: &str, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().unwrap();
        let request = self.http.request(method, self.url(path));
        request.bearer_auth(self.token(user)).header("Accept", "application/json")
    }

    pub(crate) async fn ask(&self, user: &str, method: &str, path: &str, body: Value) -> Told {
        let request = self.request(user, method, path);
        let request = if body.is_null() { request } else { request.json(&body) };
        told(request.send().await.unwrap()).await
    }

    /// What a user reads, which must be there.
    pub(crate) async fn read(&self, user: &str, path: &str) -> Value {
        let (status, body) = self.ask(user, "GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// A command of call control that must succeed: `hold`, `transfer` … of one call.
    pub(crate) async fn deed(&self, user: &str, what: &str, call: &str, body: Value) -> Value {
        let (status, answer) = self.try_deed(user, what, call, body).await;
        assert_eq!(status, 200, "{what}: {answer}");
        answer
    }

    pub(crate) async fn try_deed(&self, user: &str, what: &str, call: &str, body: Value) -> Told {
        self.ask(user, "POST", &format!("/call/control/v1/{what}/D/{user}/{call}"), body).await
    }

    /// The user's calls.
    pub(crate) async fn calls(&self, user: &str) -> Vec<Value> {
        self.read(user, &format!("/call/state/v1/user/D/{user}")).await["calls"].as_array().unwrap().clone()
    }

    /// The user's only call.
    pub(crate) async fn call(&self, user: &str) -> Value {
        let calls = self.calls(user).await;
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.into_iter().next().unwrap()
    }

    /// Somebody rings a user directly; the line's id.
    pub(crate) fn ring(&self, user: &str, number: &str) -> String {
        let rung = self.run("/ring", json!({"agent": user, "direct": true, "number": number}));
        rung["call"].as_str().unwrap().to_owned()
    }

    /// ida talks to somebody who called; the line's id.
    pub(crate) async fn talk(&self, number: &str) -> String {
        let call = self.ring("ida", number);
        self.deed("ida", "answer", &format!("{call}/{DESK}"), Value::Null).await;
        call
    }

    /// ida calls that destination from her desk phone and is through; the line's id.
    pub(crate) async fn reach(&self, destination: &str) -> String {
        let call = self.dial(destination).await;
        self.run(&format!("/calls/{call}/answer"), json!({}));
        call
    }

    pub(crate) async fn dial(&self, destination: &str) -> String {
        let made = self.deed("ida", "call", DESK, json!({"destination": destination})).await;
        made["callId"].as_str().unwrap().to_owned()
    }

    /// Opens a stream.
    pub(crate) async fn stream(&self, user: &str, path: &str) -> Stream {
        let request = self.request(user, "GET", path).header("Accept", "text/event-stream");
        Stream::of(request.send().await.unwrap())
    }
}

/// The parts of an event as they came.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: Option<u64>,
    pub(crate) data: String,
    pub(crate) comment: String,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

pub(crate) struct Stream {
    pub(crate) response: Response,
    text: String,
}

impl Stream {
    pub(crate) fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        Self { response, text: String::new() }
    }

    /// The next event or comment as it was written; none when the stream ended.
    pub(crate) async fn raw(&mut self) -> Option<String> {
        loop {
            for end in ["\r\n\r\n", "\n\n"] {
                if let Some((first, rest)) = self.text.split_once(end) {
                    let event = format!("{first}{end}");
                    self.text = rest.to_owned();
                    return Some(event);
                }
            }
            match tokio::time::timeout(PATIENCE, self.response.chunk()).await.unwrap() {
                Ok(Some(bytes)) => self.text.push_str(std::str::from_utf8(&bytes).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// The next event, without comments.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            let event = parsed(&self.raw().await.expect("the stream ended"));
            if event.comment.is_empty() {
                return event;
            }
        }
    }

    /// The first event from here on whose data contains that.
    pub(crate) async fn until(&mut self, wanted: &str) -> Event {
        loop {
            let event = self.next().await;
            if event.data.contains(wanted) {
                return event;
            }
        }
    }
}

fn parsed(raw: &str) -> Event {
    let mut event = Event::default();
    for line in raw.lines() {
        match line.split_once(": ").unwrap_or((line, "")) {
            ("", comment) => event.comment = comment.to_owned(),
            ("data", data) if event.data.is_empty() => event.data = data.to_owned(),
            ("data", data) => event.data = format!("{}\n{data}", event.data),
            ("id", id) => event.id = Some(id.parse().unwrap()),
            ("event", name) => event.name = name.to_owned(),
            other => panic!("{other:?}"),
        }
    }
    event
}

/// Waits until something is so.
pub(crate) async fn eventually(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The words of a call's actions.
pub(crate) fn actions(call: &Value) -> Vec<&str> {
    call["actions"].as_array().unwrap().iter().map(|a| a["action"].as_str().unwrap()).collect()
}
