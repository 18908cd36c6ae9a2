//! What an answer says: a document, bare text, nothing at all, or the validation result in which this API explains
//! what was wrong with a request.
//!
//! A validation result (`{"field":[…],"warning":[…],"generated-id":…}`) is also the normal answer to many writes:
//! without entries in `field` it means success (see `inferred::refuses`). An empty body, `{}` and `[]` all stand for "nothing".

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;
use wire::{Answer, Error, HeaderName, Url, UrlForLog, snippet};

use crate::inferred;
use crate::loose::{Loose, object};
use crate::routes::Route;

object! {
    /// One entry of a validation result.
    pub struct Finding {
        /// The field it is about.
        field_name: Option<String> = "fieldName",
        /// A code such as `user.does.not.exist`.
        code: Option<String> = "code",
        /// The same in words.
        description: Option<String> = "description",
        /// The value it is about.
        name: Option<String> = "name",
    }
}

object! {
    /// What a successful write may say beside its success.
    pub struct Written {
        /// What was odd but no obstacle.
        warnings: Vec<Finding> = "warning",
        /// The identifier of what was created.
        generated_id: Option<String> = "generated-id",
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its media type, as the server says.
    pub media_type: Option<String>,
    /// Its bytes.
    pub bytes: Bytes,
}

/// An answer that was understood.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) value: Value,
    url: Url,
    /// The beginning of the body, for error messages only.
    beginning: Bytes,
}

impl Content {
    /// The answer as one value; an empty one is the value's default.
    pub(crate) fn one<T: Loose + Default>(&self) -> Result<T, Error> {
        match &self.value {
            Value::Null => Ok(T::default()),
            Value::Array(list) if list.is_empty() => Ok(T::default()),
            value => T::read(value).ok_or_else(|| self.unexpected(format!("found {}", kind(value)))),
        }
    }

    /// The answer as a list that is in it under a key, or is it.
    pub(crate) fn list<T: Loose>(&self, key: &str) -> Result<Vec<T>, Error> {
        let list = match &self.value {
            Value::Object(map) => map.get(key).unwrap_or(&Value::Null),
            list => list,
        };
        let rows: Vec<T> = Vec::read(list)
            .ok_or_else(|| self.unexpected(format!("expected a list, found {}", kind(list))))?;
        let lost = list.as_array().map_or(0, Vec::len).saturating_sub(rows.len());
        if lost > 0 {
            tracing::debug!(url = %UrlForLog(&self.url), lost, "rows that are none were left out");
        }
        Ok(rows)
    }

    pub(crate) fn unexpected(&self, problem: String) -> Error {
        protocol(&self.url, &self.beginning, problem)
    }
}

/// Opens an answer to an operation that gives a document or bare text.
pub(crate) fn open(answer: &Answer, url: &Url, route: &Route) -> Result<Content, Error> {
    check(answer, url, route)?;
    let value = document(&answer.body).map_err(|problem| protocol(url, &answer.body, problem))?;
    match refusal(&value) {
        Some(refusal) => Err(refused(answer.status, refusal)),
        None => Ok(Content {
            value,
            url: url.clone(),
            beginning: answer.body.slice(..answer.body.len().min(1200)),
        }),
    }
}

/// The same for a picture.
pub(crate) fn image(answer: Answer, url: &Url, route: &Route) -> Result<Image, Error> {
    check(&answer, url, route)?;
    if answer.body.is_empty() {
        return Err(Error::NotFound);
    }
    let media_type = answer.header(CONTENT_TYPE).map(str::to_owned);
    Ok(Image { media_type, bytes: answer.body })
}

/// The same for a document in another format than JSON.
pub(crate) fn foreign<T, E: ToString>(
    answer: &Answer,
    url: &Url,
    route: &Route,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Error> {
    check(answer, url, route)?;
    let text = String::from_utf8_lossy(&answer.body);
    read(&text).map_err(|why| protocol(url, &answer.body, why.to_string()))
}

/// What the status means.
pub(crate) fn check(answer: &Answer, url: &Url, route: &Route) -> Result<(), Error> {
    let status = answer.status;
    match status {
        200..=299 => Ok(()),
        300..=399 => {
            let to = answer.header(LOCATION).and_then(|to| url.join(to).ok());
            let to = to.map_or_else(|| "somewhere".to_owned(), |to| UrlForLog(&to).to_string());
            Err(protocol(url, &[], format!("redirected to {to}")))
        }
        401 => Err(Error::SignInNeeded),
        403 => Err(forbidden(answer, route)),
        404 => Err(Error::NotFound),
        405 | 501 => Err(Error::refused(405, ["this method is not accepted here".to_owned()])),
        408 | 429 | 500.. => Err(Error::Transient { status, retry_after: answer.retry_after() }),
        _ => Err(refused(status, complaint(answer))),
    }
}

type Complaint = (Vec<String>, BTreeMap<String, Vec<String>>);

fn refused(status: u16, (words, fields): Complaint) -> Error {
    Error::Refused { status, words, fields }
}

/// What an answer that is no success says: a validation result, or whatever words there are.
fn complaint(answer: &Answer) -> Complaint {
    let value = document(&answer.body).unwrap_or_default();
    if let Some(refusal) = refusal(&value) {
        return refusal;
    }
    let words = match &value {
        Value::String(text) => Some(text.chars().take(300).collect()),
        Value::Object(map) => ["description", "message", "error", "reason"]
            .iter()
            .find_map(|key| map.get(*key).and_then(String::read)),
        _ => None,
    };
    (words.into_iter().filter(|words: &String| !words.is_empty()).collect(), BTreeMap::new())
}

/// A refusal names the licence if it speaks of one; otherwise what is missing is the operation's scope.
fn forbidden(answer: &Answer, route: &Route) -> Error {
    let (mut words, fields) = complaint(answer);
    let licence = inferred::licence(&words, &fields);
    words.extend(fields.into_values().flatten());
    match licence.map(str::to_owned).or_else(|| route.scope.clone()) {
        Some(right) => Error::MissingRight { right, words },
        None if words.is_empty() => Error::Forbidden,
        None => Error::refused(403, words),
    }
}

/// What a validation result refuses, by field; `None` if it refuses nothing.
fn refusal(value: &Value) -> Option<Complaint> {
    let entries: Vec<Finding> = Vec::read(inferred::refuses(value)?)?;
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut words = Vec::new();
    for entry in entries {
        let Some(said) = entry.description.filter(|text| !text.is_empty()).or(entry.code) else { continue };
        match entry.field_name.filter(|field| !field.is_empty()) {
            Some(field) => fields.entry(field).or_default().push(said),
            None => words.push(said),
        }
    }
    (!words.is_empty() || !fields.is_empty()).then_some((words, fields))
}

/// The body as a value; bare text is a string.
fn document(body: &[u8]) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.is_empty() {
        return Ok(Value::Null);
    }
    match (serde_json::from_slice(body), body[0]) {
        (Ok(value), _) => Ok(value),
        (Err(error), b'{' | b'[' | b'"') if error.is_eof() => Err("the answer is cut off".to_owned()),
        (Err(error), b'{' | b'[') => {
            Err(format!("not JSON: line {} column {}", error.line(), error.column()))
        }
        (Err(_), b'<') => Err("XML or a web page instead of JSON".to_owned()),
        (Err(_), _) => {
            std::str::from_utf8(body).map(Value::from).map_err(|_| "neither JSON nor text".to_owned())
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn protocol(url: &Url, body: &[u8], problem: String) -> Error {
    Error::Protocol { url: UrlForLog(url).to_string(), path: String::new(), problem, snippet: snippet(body) }
}

const CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");
const LOCATION: HeaderName = HeaderName::from_static("location");
