//! A sandbox, and people who ask its Dstny face things.

use offhook_sandbox::{Control, Options, Sandbox, start};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use std::sync::Once;
use std::time::{Duration, Instant};

/// No answer may take longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
    http: reqwest::Client,
}

/// Status and body: JSON if it is some, else text; an empty body is null.
pub(crate) type Told = (u16, Value);

pub(crate) async fn told(response: Response) -> Told {
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map_or("", |k| k.to_str().unwrap()).to_owned();
    let bytes = response.bytes().await.unwrap();
    if bytes.is_empty() {
        return (status, Value::Null);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (status, if kind.contains("json") { serde_json::from_str(&text).unwrap() } else { Value::String(text) })
}

impl Lab {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(switches: &[(&str, &str)]) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let mut options = Options::default();
        // No ring ends by itself while a slow machine thinks.
        options.switches.set("ring_timeout", "0").unwrap();
        for (name, value) in switches {
            options.switches.set(name, value).unwrap();
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Self { sandbox: start(options).await.unwrap(), http }
    }

    pub(crate) fn control(&self) -> Control {
        self.sandbox.control()
    }

    pub(crate) fn request(&self, user: &str, method: &str, path: &str) -> RequestBuilder {
        self.accepting("application/json", user, method, path)
    }

    pub(crate) fn accepting(&self, accept: &str, user: &str, method: &str, path: &str) -> RequestBuilder {
        let users = self.sandbox.dstny_users();
        let token = &users.iter().find(|u| u.username == user).unwrap().token;
        let url = format!("{}/api{path}", self.sandbox.dstny_url());
        let method: Method = method.parse().unwrap();
        self.http.request(method, url).bearer_auth(token).header("Accept", accept)
    }

    /// ida asks without a body. `D` in the path is `offhook.example/ida`.
    pub(crate) async fn ask(&self, method: &str, path: &str) -> Told {
        told(self.request("ida", method, &path.replace("/D", "/offhook.example/ida")).send().await.unwrap())
            .await
    }

    /// ida sends a document.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Told {
        let request = self.request("ida", method, &path.replace("/D", "/offhook.example/ida"));
        told(request.json(&body).send().await.unwrap()).await
    }

    /// What ida reads, which must be there.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// What ida does, which must succeed.
    pub(crate) async fn done(&self, method: &str, path: &str) -> Value {
        let (status, body) = self.ask(method, path).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {body}");
        body
    }

    /// The code of the refusal with that status.
    pub(crate) fn refusal(told: &Told, status: u16) -> &str {
        assert_eq!(told.0, status, "{}", told.1);
        told.1["field"][0]["code"].as_str().unwrap()
    }

    /// Asks again until what is read is so.
    pub(crate) async fn until(&self, path: &str, so: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let read = self.read(path).await;
            if so(&read) {
                return read;
            }
            assert!(Instant::now() < deadline, "{path} stays {read}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
