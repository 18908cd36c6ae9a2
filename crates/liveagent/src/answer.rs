//! What an answer says: `{"response":{…}}`, and the ways in which one says no.
//!
//! A refusal has a status of its own or comes with HTTP 200: `{"response":{"status":"ERROR","statuscode":500,…}}`. The document
//! uses 400 and 401 for keys; in the field it is 403 ("ApiKey not found", also for a key of the other version). 500 is
//! "the most common error type" and means a missing parameter as well as a conversation that is not there, so it is no
//! sign of a broken server as long as it brings words. API v3 says `{"message":"…"}`.

use jiff::Timestamp;
use serde_json::{Map, Value};
use wire::retry::Effect;
use wire::{Answer, Error, HeaderName, Secret, Url, UrlForLog, snippet};

use crate::inferred;
use crate::loose::{Loose, elements, kind};
use crate::paging::{List, Unreadable};

/// An answer that was understood.
#[derive(Debug)]
pub(crate) struct Content {
    value: Value,
    /// When the server says it is.
    pub(crate) date: Option<Timestamp>,
    url: Url,
    /// The beginning of the body, for error messages only.
    beginning: Vec<u8>,
}

impl Content {
    /// The answer itself, for what has no type.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// The answer as one record.
    pub(crate) fn one<T: Loose>(&self) -> Result<T, Error> {
        T::read(&self.value).map_err(|why| self.unexpected("response", why))
    }

    /// The answer as a list that is in it under a key, or is it.
    pub(crate) fn list<T: Loose>(&self, key: &str) -> Result<List<T>, Error> {
        let found = match &self.value {
            Value::Object(map) => map.get(key).unwrap_or(&Value::Null),
            other => other,
        };
        let elements = elements(found)
            .ok_or_else(|| self.unexpected(key, format!("expected a list, found {}", kind(found))))?;
        let mut list = List { rows: Vec::new(), unreadable: Vec::new() };
        for (index, element) in elements.iter().enumerate() {
            match T::read(element) {
                Ok(row) => list.rows.push(row),
                Err(why) => {
                    tracing::warn!(url = %UrlForLog(&self.url), index, %why, "a record that cannot be read");
                    list.unreadable.push(Unreadable { index, why });
                }
            }
        }
        Ok(list)
    }

    fn unexpected(&self, path: &str, problem: String) -> Error {
        protocol(&self.url, &self.beginning, path, problem)
    }
}

/// Opens an answer. The key is there to be kept out of the words.
pub(crate) fn open(answer: &Answer, url: &Url, effect: Effect, key: &Secret) -> Result<Content, Error> {
    let document = document(&answer.body);
    let status = answer.status;
    if !(200..=299).contains(&status) {
        let said = document.map(|value| words(response(&value), key)).unwrap_or_default();
        return Err(refusal(status, answer, url, effect, said));
    }
    let mut value = document.map_err(|problem| protocol(url, &answer.body, "", problem))?;
    if let Some(inner) = value.get_mut("response") {
        value = inner.take();
    }
    if let Some(map) = value.as_object_mut() {
        match map.get("status").and_then(Value::as_str) {
            Some("ERROR") => {
                let code = map.get("statuscode").and_then(|code| i64::read(code).ok());
                let meant =
                    code.and_then(|code| u16::try_from(code).ok()).filter(|code| (400..600).contains(code));
                let said = words(Some(map), key);
                return Err(match refusal(meant.unwrap_or(500), answer, url, effect, said) {
                    // What the platform really sent.
                    Error::Refused { words, fields, .. } => Error::Refused { status, words, fields },
                    error => error,
                });
            }
            // The success is told; what is left is the record.
            Some("OK") if map.contains_key("statuscode") => {
                map.remove("status");
                map.remove("statuscode");
            }
            _ => {}
        }
    }
    let date = answer.header(DATE).and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    Ok(Content {
        value,
        date: date.map(|date| date.timestamp()),
        url: url.clone(),
        beginning: answer.body.iter().take(1200).copied().collect(),
    })
}

/// What a refusal with this status means.
pub(crate) fn refusal(status: u16, answer: &Answer, url: &Url, effect: Effect, words: Vec<String>) -> Error {
    let is_page = answer.body.trim_ascii_start().starts_with(b"<");
    match status {
        300..=399 => {
            let to = answer.header(LOCATION).and_then(|to| url.join(to).ok());
            let to = to.map_or_else(|| "somewhere".to_owned(), |to| UrlForLog(&to).to_string());
            protocol(url, &[], "", format!("redirected to {to}"))
        }
        // A page in front of the platform refuses people, not keys.
        403 if is_page => Error::Forbidden,
        401 => Error::SignInNeeded,
        400 | 403 if inferred::is_about_key(&words) => Error::SignInNeeded,
        // Gone is gone for a read; what is missing for a write may be something else, which the words say.
        404 if effect == Effect::Read || words.is_empty() => Error::NotFound,
        405 | 501 => Error::refused(405, ["this method is not accepted here".to_owned()]),
        500 if effect == Effect::Read && inferred::is_vanished(&words) => Error::NotFound,
        500 if !words.is_empty() => Error::refused(500, words),
        408 | 429 | 500.. => Error::Transient { status, retry_after: answer.retry_after() },
        _ => Error::refused(status, words),
    }
}

/// The words of a refusal, of either version.
fn words(map: Option<&Map<String, Value>>, key: &Secret) -> Vec<String> {
    let said = |name: &&str| map?.get(*name).and_then(|words| String::read(words).ok());
    let text = ["errormessage", "message"].iter().find_map(said).unwrap_or_default();
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let text: String = text.chars().take(300).collect();
    let hidden = if key.is_empty() { text } else { text.replace(key.expose(), "…") };
    vec![hidden]
}

fn response(value: &Value) -> Option<&Map<String, Value>> {
    value.get("response").unwrap_or(value).as_object()
}

/// The body as a value.
fn document(body: &[u8]) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| match body[0] {
        b'<' => "XML or a web page instead of JSON".to_owned(),
        _ if error.is_eof() => "the answer is cut off".to_owned(),
        _ => format!("not JSON: line {} column {}", error.line(), error.column()),
    })
}

pub(crate) fn protocol(url: &Url, body: &[u8], path: &str, problem: String) -> Error {
    Error::Protocol {
        url: UrlForLog(url).to_string(),
        path: path.to_owned(),
        problem,
        snippet: snippet(body),
    }
}

const DATE: HeaderName = HeaderName::from_static("date");
pub(crate) const LOCATION: HeaderName = HeaderName::from_static("location");

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str, effect: Effect) -> Result<Content, Error> {
        let answer = Answer { status, headers: Default::default(), body: body.to_owned().into() };
        let url = Url::parse("https://acme.ladesk.com/api/conversations?apikey=canary").unwrap();
        open(&answer, &url, effect, &Secret::new("canary"))
    }

    fn refused(status: u16, words: &str) -> Error {
        Error::refused(status, [words.to_owned()])
    }

    #[test]
    fn every_way_to_say_no_is_understood() {
        use Effect::{Read, Write};
        let v1 = |code: &str, words: &str| {
            format!(
                r#"{{"response":{{"status":"ERROR","statuscode":{code},"errormessage":"{words}","debugmessage":"x"}}}}"#
            )
        };
        let transient = |status| Error::Transient { status, retry_after: None };
        for (status, body, effect, expected) in [
            (200, v1("500", "Example error message"), Write, refused(200, "Example error message")),
            (
                200,
                v1("\"500\"", "parameter message is missing"),
                Write,
                refused(200, "parameter message is missing"),
            ),
            (200, v1("0", "odd"), Write, refused(200, "odd")),
            (200, v1("401", "Wrong key"), Read, Error::SignInNeeded),
            (200, v1("503", "updating"), Read, transient(503)),
            (200, v1("429", "slow down"), Read, transient(429)),
            (500, v1("500", "unable to load conversation"), Read, Error::NotFound),
            (
                500,
                v1("500", "unable to load conversation"),
                Write,
                refused(500, "unable to load conversation"),
            ),
            (500, String::new(), Write, transient(500)),
            (400, String::new(), Read, Error::SignInNeeded),
            (400, r#"{"message":"Invalid apikey"}"#.into(), Read, Error::SignInNeeded),
            (400, r#"{"message":"status is not valid"}"#.into(), Write, refused(400, "status is not valid")),
            (401, String::new(), Read, Error::SignInNeeded),
            (403, v1("403", "ApiKey not found"), Read, Error::SignInNeeded),
            (403, r#"{"message":"ApiKey not found"}"#.into(), Read, Error::SignInNeeded),
            (
                403,
                r#"{"message":"No access to department"}"#.into(),
                Write,
                refused(403, "No access to department"),
            ),
            (403, "<html>Blocked</html>".into(), Read, Error::Forbidden),
            (404, v1("404", "gone"), Read, Error::NotFound),
            (
                404,
                v1("404", "agent with email x not found"),
                Write,
                refused(404, "agent with email x not found"),
            ),
            (404, String::new(), Write, Error::NotFound),
            (405, String::new(), Write, refused(405, "this method is not accepted here")),
            (422, r#"{"message":"key canary is bad"}"#.into(), Write, refused(422, "key … is bad")),
            (429, String::new(), Read, transient(429)),
            (503, "<html>".into(), Read, transient(503)),
        ] {
            assert_eq!(answered(status, &body, effect).map(|_| ()), Err(expected), "{status} {body}");
        }
    }

    #[test]
    fn what_is_no_document_says_what_it_is_and_keeps_no_values() {
        for (status, body, problem) in [
            (200, "<html>jana@acme.example</html>", "XML or a web page instead of JSON"),
            (200, r#"{"response":{"a":"secret"#, "the answer is cut off"),
            (200, "nonsense", "not JSON: line 1 column 2"),
        ] {
            let Err(Error::Protocol { problem: said, snippet, url, .. }) =
                answered(status, body, Effect::Read)
            else {
                panic!("{body}");
            };
            assert_eq!(said, problem);
            assert!(!snippet.contains("secret") && !snippet.contains("jana") && !url.contains("canary"));
        }
    }

    #[test]
    fn one_unreadable_record_costs_one_record() {
        use crate::tags::Tag;
        let body = r#"{"response":{"tags":[{"id":"a"},{"name":"no id"},"x",{"id":"b"}]}}"#;
        let list = answered(200, body, Effect::Read).unwrap().list::<Tag>("tags").unwrap();
        assert_eq!(list.rows.iter().map(|tag| tag.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let lost: Vec<_> = list.unreadable.iter().map(|row| (row.index, row.why.as_str())).collect();
        assert_eq!(lost, [(1, "it has no id"), (2, "expected an object, found text")]);
        let none = answered(200, r#"{"response":{"tags":""}}"#, Effect::Read).unwrap();
        assert_eq!(none.list::<Tag>("tags").unwrap().received(), 0);
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(status in 200_u16..600, any: Vec<u8>, near in "[\\[\\]{}:,a-z\"0-9]{0,60}") {
            for body in [any, near.clone().into_bytes(), format!(r#"{{"response":{near}}}"#).into_bytes()] {
                let answer = Answer { status, headers: Default::default(), body: body.into() };
                let url = Url::parse("https://acme.ladesk.com/api/x").unwrap();
                if let Ok(content) = open(&answer, &url, Effect::Read, &Secret::new("k")) {
                    let _ = (content.list::<crate::tags::Tag>("tags"), content.one::<crate::tags::Tag>());
                }
            }
        }
    }
}
