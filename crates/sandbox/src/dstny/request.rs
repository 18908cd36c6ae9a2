//! What a request says: variables of the path, the query with its repeats, and a body as JSON, XML or form.

use super::routes::Variables;
use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;
use serde_json::{Map, Value};

#[derive(Debug)]
pub(super) struct Call {
    pub op: &'static str,
    variables: Variables,
    query: Vec<(String, String)>,
    /// The body as JSON, whatever its dress; null when there is none or it is no document.
    pub body: Value,
    /// The body as it came.
    pub raw: Bytes,
    pub headers: HeaderMap,
}

/// The body says that it is JSON or XML and is not.
#[derive(Debug)]
pub(super) struct Unreadable(pub String);

impl Call {
    pub(super) fn read(
        op: &'static str,
        variables: Variables,
        query: Option<&str>,
        headers: HeaderMap,
        raw: Bytes,
    ) -> Result<Self, Unreadable> {
        let query = url::form_urlencoded::parse(query.unwrap_or("").as_bytes()).into_owned().collect();
        let kind = text_of(&headers, CONTENT_TYPE.as_str()).to_lowercase();
        let body = read_body(&kind, &raw)?;
        Ok(Self { op, variables, query, body, raw, headers })
    }

    /// A variable of the path; empty if the path has none of that name.
    pub(super) fn path(&self, name: &str) -> &str {
        self.variables.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    pub(super) fn has_path(&self, name: &str) -> bool {
        self.variables.iter().any(|(n, _)| *n == name)
    }

    /// The first query parameter of that name.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All query parameters of that name.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// A query parameter that is `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.query(name).map(|v| v.eq_ignore_ascii_case("true") || v == "1")
    }

    /// A whole number in the query.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.query(name).and_then(|v| v.parse().ok())
    }

    /// A member of the body, or else of the query: text, or a number or truth value as text.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.body.get(name).and_then(text).or_else(|| self.query(name).map(str::to_owned))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        text_of(&self.headers, name)
    }
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).map_or("", str::trim)
}

/// Text, a number or a truth value as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn read_body(kind: &str, raw: &Bytes) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(raw).map_or("", str::trim_start);
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        let pairs = url::form_urlencoded::parse(raw).into_owned();
        return Ok(Value::Object(pairs.map(|(k, v)| (k, Value::String(v))).collect()));
    }
    if kind.contains("json") || text.starts_with(['{', '[']) {
        return serde_json::from_slice(raw).map_err(|e| Unreadable(e.to_string()));
    }
    if kind.contains("xml") || text.starts_with('<') {
        let document = roxmltree::Document::parse(text).map_err(|e| Unreadable(e.to_string()))?;
        return Ok(from_xml(document.root_element()));
    }
    Ok(Value::Null)
}

/// Attributes and children by name, repeated ones as a list; an element without any is its text.
fn from_xml(element: roxmltree::Node<'_, '_>) -> Value {
    let mut members = Map::new();
    for attribute in element.attributes() {
        members.insert(attribute.name().to_owned(), attribute.value().into());
    }
    for child in element.children().filter(roxmltree::Node::is_element) {
        let value = from_xml(child);
        match members.get_mut(child.tag_name().name()) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => drop(members.insert(child.tag_name().name().to_owned(), value)),
        }
    }
    if members.is_empty() { element.text().unwrap_or("").trim().into() } else { Value::Object(members) }
}

#[cfg(test)]
mod tests {
    use super::read_body;
    use bytes::Bytes;
    use serde_json::json;

    #[test]
    fn a_body_is_read_in_any_dress() {
        let read = |kind: &str, raw: &'static str| read_body(kind, &Bytes::from_static(raw.as_bytes()));
        assert_eq!(read("application/json", r#"{"a":1}"#).unwrap(), json!({"a": 1}));
        assert_eq!(read("", " [1]").unwrap(), json!([1]));
        assert_eq!(
            read("application/x-www-form-urlencoded", "a=1&b=%2B").unwrap(),
            json!({"a": "1", "b": "+"})
        );
        assert_eq!(
            read("application/xml", "<u x='1'><n>a</n><n>b</n><m/></u>").unwrap(),
            json!({"x": "1", "n": ["a", "b"], "m": ""})
        );
        assert!(read("application/json", "{").is_err());
        assert!(read("text/xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
    }
}
