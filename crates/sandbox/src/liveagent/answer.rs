//! What an operation answers: a document in the envelope `{"response":…}`, as JSON or XML, or a file.
//!
//! An error of v1 is a document of the same envelope; the switch `liveagent_errors` says with which status it comes. v3
//! answers without an envelope, and an error is `{"message":"…"}`.

use super::xml;
use crate::server::{Answer, answer};
use crate::switches::Switches;
use crate::world::Refusal;
use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};

#[derive(Debug)]
pub(super) enum Reply {
    Document(Value),
    /// Rows of v3, and the cursor of the next page.
    Page(Vec<Value>, Option<String>),
    File {
        mime: String,
        name: String,
        bytes: Bytes,
    },
}

pub(super) type Told = Result<Reply, Failure>;

/// What a document of rows under one name is.
pub(super) fn rows(name: &str, rows: Vec<Value>) -> Told {
    Ok(Reply::Document(Value::Object([(name.to_owned(), Value::Array(rows))].into_iter().collect())))
}

/// It was done.
pub(super) fn done() -> Told {
    Ok(Reply::Document(json!({"status": "OK", "statuscode": 0})))
}

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

    /// 500: the vendor's "common processing error".
    pub(super) fn processing(message: impl Into<String>) -> Self {
        Self::new(500, message)
    }

    /// 404: what is named is not there.
    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    /// A conversation that is not there: 500 as the document says, or 404 (switch `liveagent_missing`).
    pub(super) fn no_conversation(switches: &Switches) -> Self {
        let status = switches.number("liveagent_missing").and_then(|n| u16::try_from(n).ok()).unwrap_or(500);
        Self::new(status, "unable to load conversation")
    }

    /// 403: not for this agent.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, message)
    }

    /// 400: no key at all.
    pub(super) fn no_key() -> Self {
        Self::new(400, "Api key is not found in request")
    }

    /// 401: a key that nobody gave out.
    pub(super) fn wrong_key() -> Self {
        Self::new(401, "Wrong API key")
    }

    /// 403: a key of the other version.
    pub(super) fn key_of_other_version() -> Self {
        Self::new(403, "ApiKey not found")
    }

    /// 413: larger than the account takes.
    pub(super) fn too_large(message: impl Into<String>) -> Self {
        Self::new(413, message)
    }

    /// 429: too many requests with this key.
    pub(super) fn too_many(wait_seconds: i64) -> Self {
        Self { retry_after: Some(wait_seconds), ..Self::new(429, "API request limit reached") }
    }
}

/// A refusal of the centre.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuchAgent => Self::missing("agent not found"),
            Refusal::NoSuchTicket => Self::processing("unable to load conversation"),
            other => Self::processing(format!("{other:?}")),
        }
    }
}

const JSON: &str = "application/json; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";

/// How an answer is dressed for the one who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dress {
    Json,
    Xml,
    V3,
}

/// The answer as it goes out, and its body.
pub(super) fn dress(dress: Dress, switches: &Switches, told: Told) -> (Bytes, Answer) {
    let mut cursor = None;
    let (status, retry_after, document) = match told {
        Ok(Reply::File { mime, name, bytes }) => return (bytes.clone(), file(&mime, &name, bytes)),
        Ok(Reply::Document(document)) => (200, None, document),
        Ok(Reply::Page(rows, next)) => {
            cursor = next.and_then(|next| HeaderValue::from_str(&next).ok());
            (200, None, Value::Array(rows))
        }
        Err(failure) => {
            let document = match dress {
                Dress::V3 => json!({"message": failure.message}),
                Dress::Json | Dress::Xml => json!({"status": "ERROR", "statuscode": failure.status,
                    "errormessage": failure.message, "debugmessage": ""}),
            };
            (error_status(dress, switches, failure.status), failure.retry_after, document)
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (kind, body) = match dress {
        Dress::Json => (JSON, json!({"response": document}).to_string()),
        Dress::Xml => (XML, xml::document(&document)),
        Dress::V3 => (JSON, document.to_string()),
    };
    let body = Bytes::from(body);
    let mut reply = answer(status, kind, body.clone());
    let wait = retry_after.filter(|_| switches.is("liveagent_retry_after", "seconds"));
    if let Some(wait) = wait {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
    }
    if let Some(cursor) = cursor {
        reply.headers_mut().insert("next_page_cursor", cursor);
    }
    (body, reply)
}

fn error_status(dress: Dress, switches: &Switches, status: u16) -> u16 {
    match switches.get("liveagent_errors") {
        // A refusal for too many requests comes from before the application, whatever the application does.
        "200" if dress != Dress::V3 && status != 429 => 200,
        "403" if matches!(status, 400 | 401) => 403,
        _ => status,
    }
}

fn file(mime: &str, name: &str, bytes: Bytes) -> Answer {
    let mut reply = answer(StatusCode::OK, "application/octet-stream", bytes);
    if let Ok(mime) = HeaderValue::from_str(mime) {
        reply.headers_mut().insert(CONTENT_TYPE, mime);
    }
    let plain: String =
        name.chars().map(|c| if c.is_ascii() && c != '"' && !c.is_control() { c } else { '_' }).collect();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        reply.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    reply
}
