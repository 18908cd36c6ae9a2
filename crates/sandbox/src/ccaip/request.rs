//! What a request says: the operation, its query with brackets raw or percent-encoded, and the JSON in its body.

use super::routes::{Found, Op};
use bytes::Bytes;
use hyper::header::HOST;
use hyper::{HeaderMap, Uri};
use serde_json::Value;

/// One request to one operation.
pub(super) struct Call {
    pub op: Op,
    record: Option<String>,
    pub query: Vec<(String, String)>,
    /// The body; null when there is none or it is no JSON.
    pub body: Value,
    pub headers: HeaderMap,
    /// Where the client believes to be: scheme, host, and the path without its query.
    pub scheme: &'static str,
    pub host: String,
    pub path: String,
}

impl Call {
    pub(super) fn read(
        found: Found,
        uri: &Uri,
        headers: &HeaderMap,
        scheme: &'static str,
        body: &Bytes,
    ) -> Self {
        let query = url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()).into_owned().collect();
        let host = headers.get(HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost").to_owned();
        Self {
            op: found.op,
            record: found.record,
            query,
            body: serde_json::from_slice(body).unwrap_or(Value::Null),
            headers: headers.clone(),
            scheme,
            host,
            path: uri.path().to_owned(),
        }
    }

    /// The id in the path, if it is a number.
    pub(super) fn record(&self) -> Option<i64> {
        self.record.as_deref().and_then(|r| r.parse().ok())
    }

    /// A scalar of the query; the last one if it is there several times.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }

    /// All values of an array of the query, `name[]=…` or, as some tools write it, `name=…`.
    pub(super) fn array(&self, name: &str) -> Vec<&str> {
        let named = |n: &str| n.strip_suffix("[]").unwrap_or(n) == name;
        self.query.iter().filter(|(n, v)| named(n) && !v.is_empty()).map(|(_, v)| v.as_str()).collect()
    }

    /// One bound of a range, `name[from]=…` or `name[to]=…`.
    pub(super) fn bound(&self, name: &str, end: &str) -> Option<&str> {
        let wanted = format!("{name}[{end}]");
        self.param(&wanted)
    }

    /// A text member of the body that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str).map(str::trim).filter(|v| !v.is_empty())
    }

    /// Numbers of a list in the body, written as numbers or as text.
    pub(super) fn numbers(&self, name: &str) -> Vec<i64> {
        let number = |v: &Value| v.as_i64().or_else(|| v.as_str()?.trim().parse().ok());
        let list = self.body.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(number).collect()
    }

    /// An address below this platform's own origin.
    pub(super) fn own(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.host)
    }
}
