//! A sandbox and somebody who asks it things.

use offhook_sandbox::{Control, Options, Sandbox, start};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::sync::Once;
use std::time::Duration;

/// No answer may take longer; a poll's own hold is shorter in tests.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn client() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder().timeout(PATIENCE).no_proxy()
}

pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// Status and body; an empty body is null.
pub(crate) type Told = (u16, Value);

pub(crate) async fn told(response: Response) -> Told {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

impl Lab {
    /// A quiet centre, asked by ida with her static token.
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
        let sandbox = start(options).await.unwrap();
        let token = sandbox.users()[0].access_token.clone();
        Self { sandbox, http: client().build().unwrap(), token }
    }

    pub(crate) fn control(&self) -> Control {
        self.sandbox.control()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/api/v6/{path}", self.sandbox.daktela_url())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path)).header("X-AUTH-TOKEN", &self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        told(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Told {
        told(self.request(Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Told {
        told(self.request(Method::PUT, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Told {
        told(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// The result of a GET that must succeed.
    pub(crate) async fn result(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body["result"].clone()
    }

    /// Rows of a list that must succeed.
    pub(crate) async fn rows(&self, path: &str) -> Vec<Value> {
        self.result(path).await["data"].as_array().unwrap().clone()
    }

    /// ida takes her desk phone and goes ready.
    pub(crate) async fn ready(&self) {
        let ready = json!({"setReady": true, "extension": "301", "model": "sipDevices"});
        assert_eq!(self.post("usersSession", ready).await.0, 200);
    }

    /// One poll.
    pub(crate) async fn pull(&self, hash: &str) -> Value {
        let path = url::form_urlencoded::Serializer::new(String::new()).append_pair("hash", hash).finish();
        self.result(&format!("appPullData?{path}")).await
    }

    /// Everything, as a first poll tells it.
    pub(crate) async fn whole(&self) -> Value {
        self.pull("").await
    }

    /// A call that rings at ida.
    pub(crate) fn ring(&self) -> String {
        let ring =
            offhook_sandbox::Ring { agent: Some("ida".into()), queue: Some(2000), ..Default::default() };
        self.control().ring(ring).unwrap()
    }
}

/// The names of the rows in an activities list.
pub(crate) fn names(rows: &Value) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}
