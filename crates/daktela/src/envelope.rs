//! The wrapping of every answer: `{"error":[],"result":…,"_timezone":…}`, and the empty bodies around it.
//!
//! Success says `error: []` (or null, `""`, `{}`, or nothing). Failures arrive in four dresses: a list of
//! texts, one text, `{"primary": […]}`, `{"form": {field: …}}`, nested at will, and as `violations` of the
//! newer 422. 401, 403, 404 and 204 have no body; a proxy in front may answer 5xx with a page of HTML.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use wire::{Answer, Error, Secret, Url, UrlForLog, snippet};

use crate::auth::cookies;
use crate::inferred;
use crate::loose::{Reading, elements, kind, text, timestamp};
use crate::record::{Record, Unreadable};

/// What an answer said went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    /// About the request as a whole.
    pub words: Vec<String>,
    /// About one field, by its dotted path.
    pub fields: BTreeMap<String, Vec<String>>,
}

impl Complaint {
    /// Reads the `error` of an envelope.
    pub fn read(error: &Value) -> Self {
        let mut complaint = Self::default();
        complaint.gather(error, "", 0);
        complaint
    }

    /// Whether nothing went wrong.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.fields.is_empty()
    }

    fn gather(&mut self, value: &Value, path: &str, depth: u8) {
        if depth > 16 {
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|value| self.gather(value, path, depth + 1)),
            Value::Object(map) => {
                for (key, value) in map {
                    let is_dress = path.is_empty() && matches!(key.as_str(), "primary" | "form");
                    // A list that lost its first elements in PHP is a map with numbers for keys.
                    let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
                    let inner = match (is_dress || is_index, path.is_empty()) {
                        (true, _) => path.to_owned(),
                        (false, true) => key.clone(),
                        (false, false) => format!("{path}.{key}"),
                    };
                    self.gather(value, &inner, depth + 1);
                }
            }
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) => self.say(path, "true".to_owned()),
            leaf => {
                if let Some(words) = text(leaf) {
                    self.say(path, words);
                }
            }
        }
    }

    fn say(&mut self, path: &str, words: String) {
        if path.is_empty() {
            self.words.push(words);
        } else {
            self.fields.entry(path.to_owned()).or_default().push(words);
        }
    }

    fn violations(&mut self, violations: &Value) {
        for violation in elements(violations).unwrap_or_default() {
            let path = violation.get("propertyPath").and_then(text).unwrap_or_default();
            if let Some(message) = violation.get("message").and_then(text) {
                self.say(&path, message);
            }
        }
    }

    fn refused(self, status: u16) -> Error {
        Error::Refused { status, words: self.words, fields: self.fields }
    }
}

/// An answer that was understood.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// Everything beside `result`.
    pub(crate) whole: Map<String, Value>,
    /// What was asked for.
    pub(crate) result: Value,
    /// What the answer complained about although it is a success.
    pub(crate) complaint: Complaint,
    /// The zone of its dates.
    pub(crate) zone: TimeZone,
    /// The same where the answer told it.
    pub(crate) told_zone: Option<TimeZone>,
    /// When it was written, by the server's clock.
    pub(crate) time: Option<Timestamp>,
    /// The tokens in its cookies: access and refresh.
    pub(crate) cookies: (Option<Secret>, Option<Secret>),
    url: Url,
    /// The beginning of the body, for error messages only.
    beginning: Vec<u8>,
}

impl Envelope {
    /// Opens an answer. `url` is only for messages.
    pub(crate) fn open(answer: &Answer, url: &Url) -> Result<Self, Error> {
        let status = answer.status;
        match status {
            200..=299 => {}
            300..=399 => return Err(redirected(answer, url)),
            401 => return Err(Error::SignInNeeded),
            403 => return Err(Error::Forbidden),
            404 => return Err(Error::NotFound),
            408 | 429 | 500.. => return Err(Error::Transient { status, retry_after: answer.retry_after() }),
            _ => return Err(refusal(answer)),
        }
        let mut whole = if answer.body.iter().all(u8::is_ascii_whitespace) {
            Map::new()
        } else {
            parse(&answer.body).map_err(|problem| protocol(url, &answer.body, "", problem))?
        };
        let result = whole.remove("result").unwrap_or_default();
        let complaint = whole.get("error").map(Complaint::read).unwrap_or_default();
        let told_zone = zone(whole.get("_timezone"));
        let zone = told_zone.clone().unwrap_or_else(inferred::default_zone);
        let time = whole.get("_time").and_then(text).and_then(|time| timestamp(&time, &zone));
        let beginning = answer.body.iter().take(1200).copied().collect();
        let cookies = cookies(answer);
        Ok(Self { whole, result, complaint, zone, told_zone, time, cookies, url: url.clone(), beginning })
    }

    /// The same for something that was to change the platform: a complaint means that it did not.
    pub(crate) fn written(self, status: u16) -> Result<Self, Error> {
        if self.complaint.is_empty() { Ok(self) } else { Err(self.complaint.refused(status)) }
    }

    /// An error that points at a place in this answer.
    pub(crate) fn unexpected(&self, path: &str, problem: impl Into<String>) -> Error {
        protocol(&self.url, &self.beginning, path, problem.into())
    }

    /// The result as one record.
    pub(crate) fn record<T: Record>(&self) -> Result<T, Error> {
        let Value::Object(map) = &self.result else {
            return Err(self.unexpected("result", format!("expected a record, found {}", kind(&self.result))));
        };
        let reading = Reading::new(self.zone.clone());
        let record = T::read(map, &reading).map_err(|why| self.unexpected("result", why));
        log_odd(reading);
        record
    }

    /// The result as a list of records; also `data` as a map, a bare list, and a missing `total`.
    pub(crate) fn list<T: Record>(&self) -> Result<List<T>, Error> {
        let (rows, total) = self.rows()?;
        let reading = Reading::new(self.zone.clone());
        let mut list = read_rows(&rows, &reading);
        list.total = total;
        list.warnings = self.complaint.clone();
        log_odd(reading);
        Ok(list)
    }

    /// The rows of a list before they are read, and how many there are in all.
    pub(crate) fn rows(&self) -> Result<(Vec<&Value>, Option<u64>), Error> {
        let (data, total) = match &self.result {
            // A record may own a field called `data`; a list has no name.
            Value::Object(map) if map.contains_key("data") && !map.contains_key("name") => {
                (map.get("data").unwrap_or(&Value::Null), map.get("total"))
            }
            other => (other, None),
        };
        let total = total.and_then(text).and_then(|total| total.parse().ok());
        let rows = elements(data).ok_or_else(|| {
            self.unexpected("result.data", format!("expected a list, found {}", kind(data)))
        })?;
        Ok((rows, total))
    }
}

/// Some records, beside those that could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T> {
    /// The records that could be read, in the order of the platform.
    pub rows: Vec<T>,
    /// The others.
    pub unreadable: Vec<Unreadable>,
    /// How many there are in all, as the platform says; not every answer does.
    pub total: Option<u64>,
    /// What the platform complained about while it answered.
    pub warnings: Complaint,
}

impl<T> List<T> {
    /// How many records came, readable or not; this is what paging counts.
    pub fn received(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), unreadable: Vec::new(), total: None, warnings: Complaint::default() }
    }
}

pub(crate) fn read_rows<T: Record>(rows: &[&Value], reading: &Reading) -> List<T> {
    let mut list = List::default();
    for (index, row) in rows.iter().enumerate() {
        let read = match row {
            Value::Object(map) => T::read(map, reading),
            other => Err(format!("expected a record, found {}", kind(other))),
        };
        match read {
            Ok(record) => list.rows.push(record),
            Err(why) => list.unreadable.push(Unreadable { index, why }),
        }
    }
    list
}

pub(crate) fn log_odd(reading: Reading) {
    let odd = reading.odd();
    if !odd.is_empty() {
        tracing::debug!(?odd, "fields left out");
    }
}

pub(crate) fn protocol(url: &Url, body: &[u8], path: &str, problem: String) -> Error {
    Error::Protocol {
        url: UrlForLog(url).to_string(),
        path: path.to_owned(),
        problem,
        snippet: snippet(body),
    }
}

fn parse(body: &[u8]) -> Result<Map<String, Value>, String> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match serde_json::from_slice(text) {
        Ok(Value::Object(map)) => Ok(map),
        // Some endpoints answer without an envelope.
        Ok(bare) => Ok(Map::from_iter([("result".to_owned(), bare)])),
        Err(_) if text.trim_ascii_start().starts_with(b"<") => Err("a web page instead of data".to_owned()),
        Err(error) if error.is_eof() => Err("the answer is cut off".to_owned()),
        Err(error) => Err(format!("not JSON: line {} column {}", error.line(), error.column())),
    }
}

fn refusal(answer: &Answer) -> Error {
    let mut complaint = Complaint::default();
    // The record beside the error is what would have been saved; it is never taken for saved data.
    if let Ok(whole) = parse(&answer.body) {
        complaint = whole.get("error").map(Complaint::read).unwrap_or_default();
        complaint.violations(whole.get("violations").unwrap_or(&Value::Null));
        if let (true, Some(detail)) = (complaint.is_empty(), whole.get("detail").and_then(text)) {
            complaint.words.push(detail);
        }
    }
    complaint.refused(answer.status)
}

fn redirected(answer: &Answer, url: &Url) -> Error {
    let to = answer.header(LOCATION).and_then(|to| url.join(to).ok());
    let to = to.map_or_else(|| "somewhere".to_owned(), |to| UrlForLog(&to).to_string());
    protocol(url, &[], "", format!("redirected to {to}"))
}

const LOCATION: wire::HeaderName = wire::HeaderName::from_static("location");

fn zone(name: Option<&Value>) -> Option<TimeZone> {
    name.and_then(Value::as_str).and_then(|name| TimeZone::get(name).ok())
}

#[cfg(test)]
#[path = "tests/envelope.rs"]
#[allow(clippy::needless_pass_by_value)] // a table of literals reads better without borrows
mod tests;
