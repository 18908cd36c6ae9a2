//! What a request says: where it goes, and its parameters from the query, a form (also one with DELETE), multipart or JSON.
//!
//! The path stands in the address, or in the parameter `handler` of `/api/index.php`; `.xml` after it asks for XML. A
//! parameter in the query wins over one in the body.

use super::answer::Failure;
use super::routes::{Route, Variables};
use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HOST};
use serde_json::Value;

/// A file that came as a part of a form.
pub(super) struct Upload {
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

/// Where a request goes, before its body is read.
pub(super) struct Head {
    /// What follows `/api`, without `.xml`.
    pub path: String,
    pub xml: bool,
    pub query: Vec<(String, String)>,
    /// Whom the client believes to talk to, for links.
    pub host: String,
    key: Option<String>,
}

impl Head {
    pub(super) fn read(path: &str, query: Option<&str>, headers: &HeaderMap) -> Self {
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(query.unwrap_or("").as_bytes()).into_owned().collect();
        let path = path.strip_prefix("/api").filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let handler = || query.iter().find(|(n, _)| n == "handler").map_or("", |(_, v)| v).to_owned();
        let path = match path {
            "/" | "/index.php" => format!("/{}", handler().trim_start_matches('/')),
            other => other.to_owned(),
        };
        let (path, xml) = match path.strip_suffix(".xml") {
            Some(path) => (path.to_owned(), true),
            None => (path, false),
        };
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
        let host = header(HOST.as_str()).unwrap_or("localhost").to_owned();
        Self { path, xml, query, host, key: header("apikey").map(str::to_owned) }
    }

    pub(super) fn is_v3(&self) -> bool {
        self.path.starts_with("/v3/") || self.path == "/v3"
    }
}

/// One request to one operation.
pub(super) struct Call {
    pub route: &'static Route,
    variables: Variables,
    pub head: Head,
    form: Vec<(String, String)>,
    pub uploads: Vec<Upload>,
}

impl Call {
    pub(super) async fn read(
        route: &'static Route,
        variables: Variables,
        head: Head,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Self {
        let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let mut uploads = Vec::new();
        let form = if kind.starts_with("multipart/form-data") {
            multipart(kind, body, &mut uploads).await
        } else if kind.contains("json") {
            members(&body)
        } else {
            url::form_urlencoded::parse(&body).into_owned().collect()
        };
        Self { route, variables, head, form, uploads }
    }

    /// A variable of the path; empty if the path has none of that name.
    pub(super) fn path(&self, name: &str) -> &str {
        self.variables.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    /// A parameter that is there and not empty.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let named = |of: &'_ [(String, String)]| of.iter().position(|(n, v)| n == name && !v.is_empty());
        let (list, at) = match (named(&self.head.query), named(&self.form)) {
            (Some(at), _) => (&self.head.query, at),
            (None, at) => (&self.form, at?),
        };
        list.get(at).map(|(_, v)| v.as_str())
    }

    /// A parameter that was sent, even if empty.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        let mut all = self.head.query.iter().chain(&self.form);
        all.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A parameter that says yes with the letter `Y`.
    pub(super) fn yes(&self, name: &str) -> bool {
        self.param(name).is_some_and(|v| v.eq_ignore_ascii_case("y"))
    }

    /// A whole number from 0; what is none is not there.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.param(name).and_then(|v| v.trim().parse().ok())
    }

    /// A parameter without which the operation cannot be done.
    pub(super) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.param(name).ok_or_else(|| Failure::processing(format!("parameter {name} is missing")))
    }

    /// A list in a parameter, separated by commas.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.param(name).map(|v| v.split(',').map(str::trim).filter(|v| !v.is_empty()).collect())
    }

    /// The key: v3 takes the header first, v1 the query and then the body (so that a request may carry both).
    pub(super) fn key(&self, only_query: bool) -> Option<&str> {
        let header = self.head.key.as_deref().filter(|k| !k.is_empty() && self.head.is_v3());
        let query = || self.head.query.iter().find(|(n, v)| n == "apikey" && !v.is_empty());
        let form = || self.form.iter().find(|(n, v)| n == "apikey" && !v.is_empty() && !only_query);
        header.or_else(|| query().or_else(form).map(|(_, v)| v.as_str()))
    }

    /// Parameters that must be there, and letters that must be of the document.
    pub(super) fn check(&self) -> Result<(), Failure> {
        for name in &self.route.must {
            self.sent(name).ok_or_else(|| Failure::processing(format!("parameter {name} is missing")))?;
        }
        for (name, letters) in &self.route.letters {
            if self.param(name).is_some_and(|v| v.len() != 1 || !letters.contains(v)) {
                let value = self.param(name).unwrap_or_default();
                return Err(Failure::processing(format!("{value} is no value of {name}")));
            }
        }
        Ok(())
    }
}

/// Members of a JSON object as parameters.
fn members(body: &Bytes) -> Vec<(String, String)> {
    let Ok(Value::Object(map)) = serde_json::from_slice(body) else { return Vec::new() };
    map.into_iter().map(|(k, v)| (k, v.as_str().map_or_else(|| v.to_string(), str::to_owned))).collect()
}

async fn multipart(kind: &str, body: Bytes, uploads: &mut Vec<Upload>) -> Vec<(String, String)> {
    let Ok(boundary) = multer::parse_boundary(kind) else { return Vec::new() };
    let stream = http_body_util::BodyDataStream::new(http_body_util::Full::new(body));
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut form = Vec::new();
    // A broken part ends the reading; what came before it counts.
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or("").to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let mime = part.content_type().map_or("application/octet-stream".to_owned(), ToString::to_string);
        let Ok(bytes) = part.bytes().await else { break };
        match file_name {
            Some(name) => uploads.push(Upload { name, mime, bytes }),
            None => form.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::Head;
    use hyper::HeaderMap;

    #[test]
    fn a_path_stands_in_the_address_or_in_the_handler() {
        let read = |path, query| {
            let head = Head::read(path, query, &HeaderMap::new());
            (head.path.clone(), head.xml, head.is_v3())
        };
        assert_eq!(read("/api/tags", None), ("/tags".into(), false, false));
        assert_eq!(read("/api/tags.xml", Some("apikey=1")), ("/tags".into(), true, false));
        assert_eq!(
            read("/api/index.php", Some("handler=conversations/1&apikey=2")),
            ("/conversations/1".into(), false, false)
        );
        assert_eq!(read("/api/index.php", Some("handler=%2Ftags.xml")), ("/tags".into(), true, false));
        assert_eq!(read("/api/v3/ping", None), ("/v3/ping".into(), false, true));
    }
}
