//! What a request says, however it says it.
//!
//! Parameters come in the query, as JSON, as a form with PHP's brackets, or as multipart; they are merged into one map
//! (the body wins). `a[b][0]=x` becomes `{"a":{"b":["x"]}}`. Values from query and form are text; readers take numbers
//! and booleans in any dress.

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Brackets deeper than this are not nested further.
const MOST_LEVELS: usize = 24;

pub(super) struct Upload {
    pub file_name: String,
    pub mime: String,
    pub bytes: Bytes,
}

pub(super) struct Call {
    pub method: String,
    /// Decoded parts of the path after `/api/v6/`, without `.json`.
    pub segments: Vec<String>,
    /// Query and body merged.
    pub params: Map<String, Value>,
    /// The query alone: what lists are asked with.
    pub query: Map<String, Value>,
    /// The body alone: what is written.
    pub body: Map<String, Value>,
    pub uploads: Vec<Upload>,
    pub headers: HeaderMap,
}

/// The body says it is JSON and is not.
pub(super) struct NoJson;

impl Call {
    pub(super) async fn read(
        method: &str,
        path: &str,
        query: Option<&str>,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Self, NoJson> {
        let query = pairs_to_map(url::form_urlencoded::parse(query.unwrap_or("").as_bytes()));
        let mut uploads = Vec::new();
        let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_lowercase();
        let body = if body.is_empty() {
            Map::new()
        } else if kind.starts_with("multipart/form-data") {
            multipart(
                headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or(""),
                body,
                &mut uploads,
            )
            .await
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            pairs_to_map(url::form_urlencoded::parse(&body))
        } else {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(map)) => map,
                Ok(Value::Array(list)) if list.is_empty() => Map::new(),
                _ => return Err(NoJson),
            }
        };
        let mut params = query.clone();
        params.extend(body.clone());
        let segments = segments(path);
        Ok(Self { method: method.to_owned(), segments, params, query, body, uploads, headers })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim).filter(|v| !v.is_empty())
    }

    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.find(|(key, value)| *key == name && !value.is_empty())?.1;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    }

    /// The token in any of the forms that are understood: two headers, bearer, parameter, cookie.
    pub(super) fn token(&self) -> Option<String> {
        let bearer = self.header(AUTHORIZATION.as_str()).and_then(|v| {
            let (scheme, token) = v.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let header = self.header("x-auth-token").or_else(|| self.header("x-auth-token-openapi")).or(bearer);
        header
            .map(str::to_owned)
            .or_else(|| self.params.get("accessToken").and_then(text).filter(|t| !t.is_empty()))
            .or_else(|| self.cookie("c_user"))
    }

    pub(super) fn uses_cookies(&self) -> bool {
        self.cookie("c_user").is_some()
    }

    /// `cs_CZ` and the like, from `Accept-Language` or else the cookie `lang`.
    pub(super) fn language(&self) -> Option<String> {
        let asked =
            self.header(ACCEPT_LANGUAGE.as_str()).map(str::to_owned).or_else(|| self.cookie("lang"))?;
        let first = asked.split([',', ';']).next().unwrap_or("").trim().replace('-', "_");
        let plain = !first.is_empty()
            && first.len() <= 12
            && first.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        plain.then_some(first)
    }

    pub(super) fn accept_language(&self) -> bool {
        self.header(ACCEPT_LANGUAGE.as_str()).is_some()
    }

    pub(super) fn timezone(&self) -> Option<&str> {
        self.header("x-timezone-client")
    }

    /// The function that a JSONP answer is wrapped into.
    pub(super) fn callback(&self) -> Option<String> {
        let name = self.query.get("callback").and_then(text)?;
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_$.".contains(c));
        plain.then_some(name)
    }
}

/// Parts of the path, each decoded by itself; `.json` belongs to the last one.
fn segments(path: &str) -> Vec<String> {
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".json").unwrap_or(path);
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

async fn multipart(kind: &str, body: Bytes, uploads: &mut Vec<Upload>) -> Map<String, Value> {
    let Ok(boundary) = multer::parse_boundary(kind) else { return Map::new() };
    let once = http_body_util::Full::new(body);
    let stream = http_body_util::BodyDataStream::new(once);
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut pairs = Vec::new();
    // A broken part ends the reading; what came before it counts.
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or("").to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let mime = part.content_type().map_or("application/octet-stream".to_owned(), ToString::to_string);
        let Ok(bytes) = part.bytes().await else { break };
        match file_name {
            Some(file_name) => uploads.push(Upload { file_name, mime, bytes }),
            None => pairs.push((name.into(), String::from_utf8_lossy(&bytes).into_owned().into())),
        }
    }
    pairs_to_map(pairs.into_iter())
}

type Pair<'a> = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>);

/// PHP's reading of `a[b][]=c` pairs.
pub(super) fn pairs_to_map<'a>(pairs: impl Iterator<Item = Pair<'a>>) -> Map<String, Value> {
    let mut root = Map::new();
    for (key, value) in pairs {
        let (head, rest) = key.split_once('[').unwrap_or((&key, ""));
        let mut path = vec![head.to_owned()];
        path.extend(
            rest.split('[')
                .take(MOST_LEVELS)
                .filter(|p| p.ends_with(']'))
                .map(|p| p[..p.len() - 1].to_owned()),
        );
        insert(&mut root, &path, value.into_owned());
    }
    root.into_iter().map(|(key, value)| (key, lists(value))).collect()
}

fn insert(map: &mut Map<String, Value>, path: &[String], value: String) {
    let Some((first, rest)) = path.split_first() else { return };
    let key = if first.is_empty() { map.len().to_string() } else { first.clone() };
    if rest.is_empty() {
        map.insert(key, Value::String(value));
        return;
    }
    let inner = map.entry(key).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}

/// Maps whose keys are all numbers become lists in the order of the numbers.
fn lists(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let numbered: Option<Vec<usize>> = map.keys().map(|key| key.parse().ok()).collect();
    match numbered {
        Some(numbers) if !numbers.is_empty() => {
            let mut rows: Vec<(usize, Value)> =
                numbers.into_iter().zip(map.into_iter().map(|(_, v)| lists(v))).collect();
            rows.sort_by_key(|(number, _)| *number);
            Value::Array(rows.into_iter().map(|(_, v)| v).collect())
        }
        _ => Value::Object(map.into_iter().map(|(key, value)| (key, lists(value))).collect()),
    }
}

/// Text or a number as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// True in any dress: `true`, `1`, `"1"`, `"true"`.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(s) => matches!(s.as_str(), "1" | "true" | "on" | "yes"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// A reference: a name, or an object that holds one.
pub(super) fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::Object(map) => map.get("name").and_then(text),
        other => text(other).filter(|t| !t.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::pairs_to_map;
    use serde_json::{Value, json};

    fn read(query: &str) -> Value {
        Value::Object(pairs_to_map(url::form_urlencoded::parse(query.as_bytes())))
    }

    #[test]
    fn brackets_nest_plain_or_encoded_and_in_any_order() {
        let expected = json!({"filter": {"logic": "or", "filters": [{"field": "a"}, {"value": ["x", "y"]}]}});
        assert_eq!(
            read(
                "filter[filters][1][value][0]=x&filter[filters][0][field]=a&filter%5Bfilters%5D%5B1%5D%5Bvalue%5D%5B%5D=y&filter[logic]=or"
            ),
            expected
        );
    }

    #[test]
    fn unclosed_and_deep_brackets_do_no_harm() {
        assert_eq!(read("a[b=1"), json!({"a": "1"}));
        let deep = format!("a{}=1", "[x]".repeat(5_000));
        assert!(read(&deep).is_object());
    }
}
