//! A sandbox, and somebody who asks its CCAI Platform face things.

use offhook_sandbox::{Options, Sandbox, start};
use reqwest::{RequestBuilder, Response};
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

    /// With these switches, and without a limit unless one of them says so.
    pub(crate) async fn with(switches: &[(&str, &str)]) -> Self {
        Self::from(Options::default(), switches).await
    }

    pub(crate) async fn from(mut options: Options, switches: &[(&str, &str)]) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        // No ring ends by itself while a slow machine thinks, and nobody counts its requests.
        for (name, value) in [("ring_timeout", "0"), ("rate_per_second", "0")].iter().chain(switches) {
            options.switches.set(name, value).unwrap();
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Self { sandbox: start(options).await.unwrap(), http }
    }

    /// A request with good credentials; `path` follows the host.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.sandbox.ccaip_url());
        let request = self.http.request(method.parse().unwrap(), url);
        request.basic_auth(self.sandbox.ccaip_user(), Some(self.sandbox.ccaip_token()))
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        told(self.request("GET", &format!("/manager/api/v1/{path}")).send().await.unwrap()).await
    }

    /// A list of the Manager API; it must succeed.
    pub(crate) async fn rows(&self, path: &str) -> Vec<Value> {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body.as_array().unwrap().clone()
    }

    /// A request to the Apps API.
    pub(crate) async fn app(&self, path: &str, body: Value) -> Told {
        told(self.request("POST", &format!("/apps/api/v1/{path}")).json(&body).send().await.unwrap()).await
    }

    pub(crate) fn run(&self, path: &str, body: Value) -> Value {
        self.sandbox.control().run("POST", path, body).unwrap()
    }

    /// What an agent does on the platform's own page.
    pub(crate) fn on_page(&self, agent: &str, deed: &str) -> Value {
        self.run(&format!("/ccaip/{agent}/{deed}"), json!({}))
    }

    /// Lets somebody call an agent; the activity.
    pub(crate) fn rings(&self, agent: &str, channel: &str) -> String {
        let ring = json!({"agent": agent, "number": "+442079460123", "channel": channel, "text": "Hello?"});
        self.run("/ring", ring)["activity"].as_str().unwrap().to_owned()
    }

    /// The newest record of a list.
    pub(crate) async fn newest(&self, list: &str) -> Value {
        let path = format!("{list}?sort_column=created_at&sort_direction=DESC&per=1");
        self.rows(&path).await[0].clone()
    }

    /// What current_status says of the agent with that number; none: not logged in.
    pub(crate) async fn shown(&self, id: i64) -> Option<String> {
        let rows = self.rows("agents/current_status").await;
        rows.iter().find(|r| r["id"] == id).map(|r| r["status"].as_str().unwrap().to_owned())
    }

    /// Lets time pass on the scenario clock.
    pub(crate) fn pass(&self, seconds: i64) {
        self.sandbox.control().advance(seconds);
    }
}
