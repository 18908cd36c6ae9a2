//! What an operation answers: JSON or XML, bare text, a picture, a stream, or a validation result that says what is wrong.
//!
//! The vendor's "validation result" is `{"field":[{"fieldName","code","description","name"}],"warning":[],"generated-id"}`;
//! the same document without fields is how many writes say that they succeeded.

use super::Context;
use super::inferred::xml_root;
use super::streams::Stream;
use crate::server::{Answer, answer};
use crate::switches::Switches;
use crate::world::{Millis, Refusal};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};

#[derive(Debug)]
pub(super) enum Body {
    Json(Value),
    /// Goes out as it is, whatever is accepted.
    Text(String),
    Bytes {
        mime: String,
        bytes: Bytes,
    },
    Stream(Stream),
    Nothing,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub status: StatusCode,
    pub body: Body,
}

/// What an answer function says: nothing when the operation is none of its own.
pub(super) type Told = Option<Result<Reply, Failure>>;

impl Reply {
    pub(super) fn ok(value: Value) -> Self {
        Self { status: StatusCode::OK, body: Body::Json(value) }
    }

    /// A bare answer: text, not JSON.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { status: StatusCode::OK, body: Body::Text(text.into()) }
    }

    pub(super) fn bytes(mime: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { status: StatusCode::OK, body: Body::Bytes { mime: mime.into(), bytes: bytes.into() } }
    }

    /// It was done and there is nothing to show (switch `no_content`).
    pub(super) fn done() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Body::Nothing }
    }

    /// It was done: a validation result without fields.
    pub(super) fn accepted() -> Self {
        Self::ok(json!({"field": [], "warning": []}))
    }

    /// As [`accepted`](Self::accepted), with the id of what was made.
    pub(super) fn created(id: &str) -> Self {
        Self::ok(json!({"field": [], "warning": [], "generated-id": id}))
    }

    pub(super) fn stream(stream: Stream) -> Self {
        Self { status: StatusCode::OK, body: Body::Stream(stream) }
    }
}

/// Why an operation is not carried out: a status and one entry of a validation result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub status: StatusCode,
    field: String,
    code: String,
    description: String,
}

impl Failure {
    fn new(status: StatusCode, field: &str, code: &str, description: impl Into<String>) -> Self {
        Self { status, field: field.to_owned(), code: code.to_owned(), description: description.into() }
    }

    /// 400: a value that cannot be used.
    pub(super) fn bad(field: &str, code: &str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, field, code, description)
    }

    /// 404: what is named is not there.
    pub(super) fn missing(field: &str, code: &str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, field, code, description)
    }

    /// 403: this caller may not.
    pub(super) fn forbidden(field: &str, code: &str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, field, code, description)
    }

    /// 409: not in this state.
    pub(super) fn conflict(field: &str, code: &str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, field, code, description)
    }

    /// 401: nobody speaks, or with a token that is no longer good.
    pub(super) fn unauthorized(description: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "token", "ticket.invalid", description)
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(super) fn with_code(mut self, field: &str, code: &str) -> Self {
        (self.field, self.code) = (field.to_owned(), code.to_owned());
        self
    }

    fn document(&self) -> Value {
        json!({"field": [{"fieldName": self.field, "code": self.code, "description": self.description,
            "name": self.field}], "warning": []})
    }
}

/// A refusal of the centre.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let (field, code) = match &refusal {
            Refusal::NoSuchAgent => ("user", "user.does.not.exist"),
            Refusal::NoSuchActivity | Refusal::NotYours => ("callId", "call.does.not.exist"),
            Refusal::NoSuchQueue => ("group", "group.does.not.exist"),
            Refusal::NoSuchDevice => ("deviceId", "device.does.not.exist"),
            Refusal::QueueForbidden => ("group", "group.not.member"),
            Refusal::NumberUnusable => ("destination", "number.invalid"),
            Refusal::NoDevice | Refusal::WhichDevice | Refusal::QueuesNeedDevice => {
                ("deviceId", "device.not.available")
            }
            _ => ("callId", "call.wrong.state"),
        };
        let description = format!("{refusal:?}");
        match refusal {
            Refusal::NoSuchActivity | Refusal::NotYours | Refusal::NoSuchQueue | Refusal::NoSuchDevice => {
                Self::missing(field, code, description)
            }
            Refusal::NoSuchAgent | Refusal::NumberUnusable => Self::bad(field, code, description),
            Refusal::QueueForbidden => Self::forbidden(field, code, description),
            _ => Self::conflict(field, code, description),
        }
    }
}

/// A moment in the form that the switch `times` asks for: `2010-10-11T05:30:00Z`, with an offset of two digits, with
/// milliseconds and an offset, or without a zone.
pub(super) fn time(switches: &Switches, at: Millis) -> String {
    let moment = Timestamp::from_millisecond(at).unwrap_or_default();
    let form = match switches.get("times") {
        "short_offset" => "%Y-%m-%dT%H:%M:%S+00",
        "millis" => "%Y-%m-%dT%H:%M:%S%.3f+00:00",
        "no_zone" => "%Y-%m-%d %H:%M:%S%.3f",
        _ => "%Y-%m-%dT%H:%M:%SZ",
    };
    moment.strftime(form).to_string()
}

/// A time of day with a date, as the query and bodies give it; none if it is no time.
pub(super) fn read_time(text: &str) -> Option<Millis> {
    if let Ok(millis) = text.parse::<i64>() {
        return Some(millis);
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

pub(super) const JSON: &str = "application/json;charset=UTF-8";
const XML: &str = "application/xml;charset=UTF-8";

/// Dresses a reply for the one who asked.
pub(super) fn dress(
    op: &str,
    json_wanted: bool,
    switches: &Switches,
    told: Result<Reply, Failure>,
) -> (Bytes, Answer) {
    let (status, body) = match told {
        Ok(reply) => (reply.status, reply.body),
        Err(failure) => (error_status(switches, failure.status), Body::Json(failure.document())),
    };
    let (status, kind, bytes) = match body {
        Body::Json(value) if json_wanted => (status, JSON.to_owned(), Bytes::from(value.to_string())),
        Body::Json(value) => {
            let root = if status.is_success() { xml_root(op) } else { "validationResult" };
            (status, XML.to_owned(), Bytes::from(super::xml::document(root, &value)))
        }
        Body::Text(text) => (status, "text/plain;charset=UTF-8".to_owned(), Bytes::from(text)),
        Body::Bytes { mime, bytes } => (status, mime, bytes),
        Body::Nothing | Body::Stream(_) => match switches.get("no_content") {
            "empty" => (StatusCode::OK, JSON.to_owned(), Bytes::new()),
            "object" => (StatusCode::OK, JSON.to_owned(), Bytes::from_static(b"{}")),
            _ => (StatusCode::NO_CONTENT, JSON.to_owned(), Bytes::new()),
        },
    };
    let mut reply = answer(status, "application/json", bytes.clone());
    if !bytes.is_empty()
        && let Ok(kind) = HeaderValue::from_str(&kind)
    {
        reply.headers_mut().insert(CONTENT_TYPE, kind);
    }
    (bytes, reply)
}

fn error_status(switches: &Switches, status: StatusCode) -> StatusCode {
    match switches.get("errors_status") {
        // Who may not speak at all is told so under every reading.
        "400" if status != StatusCode::UNAUTHORIZED => StatusCode::BAD_REQUEST,
        "200" if status != StatusCode::UNAUTHORIZED => StatusCode::OK,
        _ => status,
    }
}

/// 405 with the methods that may be used.
pub(super) fn other_methods(allowed: &[&str]) -> Answer {
    let mut reply = answer(StatusCode::METHOD_NOT_ALLOWED, JSON, "");
    if let Ok(value) = HeaderValue::from_str(&allowed.join(", ")) {
        reply.headers_mut().insert(ALLOW, value);
    }
    reply
}

/// The refusal when a required parameter is missing.
pub(super) fn required(cx: &Context<'_>, name: &str) -> Result<String, Failure> {
    let missing = || Failure::bad(name, "field.required", format!("{name} is required"));
    cx.call.field(name).filter(|v| !v.is_empty()).ok_or_else(missing)
}
