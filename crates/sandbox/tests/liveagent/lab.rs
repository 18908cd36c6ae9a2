//! A sandbox, and somebody who asks its LiveAgent face things.

use offhook_sandbox::{Options, Sandbox, start};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::sync::Once;
use std::time::Duration;

/// No answer may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
}

/// Status and body; an empty body is null.
pub(crate) type Told = (u16, Value);

pub(crate) async fn told(response: Response) -> Told {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

impl Lab {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(switches: &[(&str, &str)]) -> Self {
        let mut options = Options::default();
        // No ring ends by itself while a slow machine thinks.
        options.switches.set("ring_timeout", "0").unwrap();
        for (name, value) in switches {
            options.switches.set(name, value).unwrap();
        }
        Self::from(options).await
    }

    pub(crate) async fn from(options: Options) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Self { sandbox: start(options).await.unwrap(), http }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/api/{path}", self.sandbox.liveagent_url())
    }

    /// A request with the account's key in the query.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().unwrap();
        self.http.request(method, self.url(path)).query(&[("apikey", self.sandbox.liveagent_key())])
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        told(self.request("GET", path).send().await.unwrap()).await
    }

    /// What a GET answers inside its envelope; it must succeed.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body["response"].clone()
    }

    /// Rows of a list under the name.
    pub(crate) async fn rows(&self, path: &str, name: &str) -> Vec<Value> {
        self.read(path).await[name].as_array().unwrap().clone()
    }

    /// A write with a form.
    pub(crate) async fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Told {
        told(self.request(method, path).form(form).send().await.unwrap()).await
    }

    /// A write that must succeed.
    pub(crate) async fn done(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Value {
        let (status, body) = self.send(method, path, form).await;
        assert_eq!(status, 200, "{method} {path}: {body}");
        body["response"].clone()
    }

    /// An answer of v3 with ida's key in the header.
    pub(crate) async fn v3(&self, method: &str, path: &str) -> Told {
        let method: Method = method.parse().unwrap();
        let key = &self.sandbox.liveagent_users()[0].v3_key;
        told(
            self.http
                .request(method, self.url(&format!("v3/{path}")))
                .header("apikey", key)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) fn run(&self, path: &str, body: Value) -> Value {
        self.sandbox.control().run("POST", path, body).unwrap()
    }

    /// The id of a conversation with that status.
    pub(crate) async fn some(&self, status: &str) -> String {
        let rows = self.rows(&format!("conversations?limit=1&status={status}"), "conversations").await;
        rows[0]["conversationid"].as_str().unwrap().to_owned()
    }

    /// A new conversation that a customer opens by control.
    pub(crate) fn opened(&self) -> String {
        let made = self.run("/tickets", json!({"title": "A question", "text": "Hello?", "channel": "email"}));
        made["conversation"].as_str().unwrap().to_owned()
    }
}
