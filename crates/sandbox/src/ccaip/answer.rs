//! What an operation answers: a bare array with its paging headers, a document, or a refusal in the words of its API.

use super::request::Call;
use super::routes::Api;
use crate::server::{Answer, answer};
use crate::switches::Switches;
use crate::world::Refusal;
use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

/// Somebody else's host, to which a `link` header must not lead anybody (switch `link=elsewhere`).
const ELSEWHERE: &str = "https://paging.example.net";

#[derive(Debug)]
pub(super) enum Reply {
    Page(Page),
    Document(Value),
    /// Another success than 200, with or without a body.
    Status(u16, Option<Value>),
}

/// One page of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub rows: Vec<Value>,
    /// Counted from 1.
    pub page: usize,
    pub per: usize,
    /// Of all pages.
    pub total: usize,
}

pub(super) type Told = Result<Reply, Failure>;

/// Why an operation is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub status: u16,
    pub message: String,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<i64>,
}

impl Failure {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after: None }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    pub(super) fn credentials() -> Self {
        Self::new(401, "Bad credentials")
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    /// The customer asked too often.
    pub(super) fn too_many(wait_seconds: i64) -> Self {
        Self { retry_after: Some(wait_seconds), ..Self::new(429, "Too many requests") }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::bad(format!("{refusal:?}"))
    }
}

const JSON: &str = "application/json; charset=utf-8";

/// The answer as it goes out, and its body.
pub(super) fn dress(api: Api, call: Option<&Call>, switches: &Switches, told: Told) -> (Bytes, Answer) {
    let (status, body) = match &told {
        Ok(Reply::Page(page)) => (200, Some(Value::Array(page.rows.clone()))),
        Ok(Reply::Document(document)) => (200, Some(document.clone())),
        Ok(Reply::Status(status, body)) => (*status, body.clone()),
        Err(failure) => (failure.status, Some(refusal(api, failure))),
    };
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = Bytes::from(body.map_or(String::new(), |b| b.to_string()));
    let mut reply = answer(code, JSON, body.clone());
    match told {
        Ok(Reply::Page(page)) => {
            let headers = reply.headers_mut();
            let mut put = |name: &'static str, value: String| {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    headers.insert(name, value);
                }
            };
            if switches.is("ccaip_total", "present") {
                put("total", page.total.to_string());
            }
            if switches.is("ccaip_per_page", "present") {
                put("per-page", page.per.to_string());
            }
            if let Some(links) = call.and_then(|call| links(call, &page, switches.get("link"))) {
                put("link", links);
            }
        }
        Err(Failure { retry_after: Some(wait), .. }) if switches.is("retry_after", "present") => {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
        }
        _ => {}
    }
    (body, reply)
}

fn refusal(api: Api, failure: &Failure) -> Value {
    match api {
        Api::Apps => json!({"message": failure.message}),
        Api::Manager => {
            let error = StatusCode::from_u16(failure.status).ok().and_then(|s| s.canonical_reason());
            json!({"error": error.unwrap_or("Error"), "message": failure.message, "status": failure.status})
        }
    }
}

/// `<…>; rel="next", <…>; rel="last"` with all filters of the request; `next` is not there on the last page.
fn links(call: &Call, page: &Page, how: &str) -> Option<String> {
    let base = match how {
        "present" => call.own(&call.path),
        "relative" => call.path.clone(),
        "elsewhere" => format!("{ELSEWHERE}{}", call.path),
        _ => return None,
    };
    let last = page.total.div_ceil(page.per).max(1);
    let to = |number: usize, rel: &str| {
        let mut query = Serializer::new(String::new());
        let others = call.query.iter().filter(|(name, _)| name != "page");
        let query = query.extend_pairs(others).append_pair("page", &number.to_string()).finish();
        format!("<{base}?{query}>; rel=\"{rel}\"")
    };
    let next = (page.page < last).then(|| to(page.page + 1, "next"));
    let all: Vec<String> = next.into_iter().chain([to(last, "last")]).collect();
    Some(all.join(", "))
}
