//! What an answer says, and the ways in which one says no.
//!
//! A list is a bare array; what is known of the rest of it is in headers. The Manager API refuses with
//! `{"error":"…","message":"…","status":404}`, the Apps API with `{"message":"…"}`, and either may say nothing. 404 is
//! also what a wrong subdomain gets.

use serde_json::Value;
use wire::{Answer, Error, HeaderName, Secret, Url, UrlForLog, snippet};

use crate::apps::said;
use crate::base::BaseUrl;
use crate::link::{Link, next_of};
use crate::loose::{Loose, elements, kind};
use crate::paging::{Paged, Unreadable};

/// What must not be in anybody's words: the token, and how it travels.
pub(crate) struct Hidden<'a>(pub(crate) [&'a Secret; 2]);

impl Hidden<'_> {
    fn out_of(&self, text: &str) -> String {
        let mut text: String = text.trim().chars().take(300).collect();
        for secret in self.0.iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret.expose(), "…");
        }
        text
    }

    /// The words of a refusal.
    pub(crate) fn words(&self, body: &[u8]) -> Vec<String> {
        let said = document(body).ok().and_then(|value| said(value.as_object()?));
        said.map(|words| self.out_of(&words)).into_iter().collect()
    }
}

/// An answer that was understood.
#[derive(Debug)]
pub(crate) struct Content {
    value: Value,
    url: Url,
    link: Link,
    total: Option<u64>,
    per_page: Option<u32>,
    /// The beginning of the body, for error messages only.
    beginning: Vec<u8>,
}

impl Content {
    /// The answer as one record.
    pub(crate) fn one<T: Loose>(&self) -> Result<T, Error> {
        T::read(&self.value).map_err(|why| self.unexpected(why))
    }

    /// The answer as a list.
    pub(crate) fn list<T: Loose>(self) -> Result<Paged<T>, Error> {
        let Value::Array(elements) = &self.value else {
            return Err(self.unexpected(format!("expected a list, found {}", kind(&self.value))));
        };
        let (mut rows, mut unreadable) = (Vec::new(), Vec::new());
        for (index, element) in elements.iter().enumerate() {
            match T::read(element) {
                Ok(row) => rows.push(row),
                Err(why) => {
                    tracing::warn!(url = %UrlForLog(&self.url), index, %why, "a record that cannot be read");
                    unreadable.push(Unreadable { index, why });
                }
            }
        }
        Ok(Paged { rows, unreadable, total: self.total, per_page: self.per_page, link: self.link })
    }

    fn unexpected(&self, problem: String) -> Error {
        protocol(&self.url, &self.beginning, problem)
    }
}

/// Opens an answer.
pub(crate) fn open(
    answer: &Answer,
    url: &Url,
    base: &BaseUrl,
    hidden: &Hidden<'_>,
) -> Result<Content, Error> {
    accept(answer, url, hidden)?;
    let value = document(&answer.body).map_err(|problem| protocol(url, &answer.body, problem))?;
    let links = answer.headers.get_all(LINK).iter().filter_map(|link| link.to_str().ok());
    let number = |name| answer.header(name).and_then(|text| text.trim().parse::<u64>().ok());
    let link = next_of(links, url, base);
    if let Link::Refused(why) = &link {
        tracing::warn!(url = %UrlForLog(url), %why, "the next page is elsewhere: not followed");
    }
    Ok(Content {
        value: if answer.status == 204 { Value::Array(Vec::new()) } else { value },
        url: url.clone(),
        link,
        total: number(TOTAL),
        per_page: number(PER_PAGE).and_then(|per| u32::try_from(per).ok()).filter(|per| *per > 0),
        beginning: answer.body.iter().take(1200).copied().collect(),
    })
}

/// What a write that was taken says about it. It is done, whatever is said of it: what cannot be read is left out.
pub(crate) fn told<T: Loose>(body: &[u8]) -> Paged<T> {
    let value = document(body).unwrap_or_default();
    let rows = elements(&value).iter().filter_map(|row| T::read(row).ok()).collect();
    Paged { rows, unreadable: Vec::new(), total: None, per_page: None, link: Link::Absent }
}

/// Whether it was a yes.
pub(crate) fn accept(answer: &Answer, url: &Url, hidden: &Hidden<'_>) -> Result<(), Error> {
    let status = answer.status;
    match status {
        200..=299 => Ok(()),
        300..=399 => {
            let to = answer.header(LOCATION).and_then(|to| url.join(to).ok());
            let to = to.map_or_else(|| "somewhere".to_owned(), |to| UrlForLog(&to).to_string());
            Err(protocol(url, &[], format!("redirected to {to}")))
        }
        401 => Err(Error::SignInNeeded),
        403 => Err(Error::Forbidden),
        404 => Err(Error::NotFound),
        405 | 501 => Err(Error::refused(405, ["this method is not accepted here".to_owned()])),
        408 | 429 | 500.. => Err(Error::Transient { status, retry_after: answer.retry_after() }),
        _ => Err(Error::refused(status, hidden.words(&answer.body))),
    }
}

/// The body as a value.
pub(crate) fn document(body: &[u8]) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let Some(first) = body.first() else { return Ok(Value::Null) };
    serde_json::from_slice(body).map_err(|error| match first {
        b'<' => "XML or a web page instead of JSON".to_owned(),
        _ if error.is_eof() => "the answer is cut off".to_owned(),
        _ => format!("not JSON: line {} column {}", error.line(), error.column()),
    })
}

pub(crate) fn protocol(url: &Url, body: &[u8], problem: String) -> Error {
    let url = UrlForLog(url).to_string();
    Error::Protocol { url, path: String::new(), problem, snippet: snippet(body) }
}

const LINK: HeaderName = HeaderName::from_static("link");
const LOCATION: HeaderName = HeaderName::from_static("location");
const PER_PAGE: HeaderName = HeaderName::from_static("per-page");
const TOTAL: HeaderName = HeaderName::from_static("total");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Call;
    use std::time::Duration;

    fn answered(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Result<Content, Error> {
        let mut answer = Answer { status, headers: Default::default(), body: body.to_vec().into() };
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            answer.headers.insert(name, value.parse().unwrap());
        }
        let base = BaseUrl::parse("acme.ujet.co").unwrap();
        let url = Url::parse("https://acme.ujet.co/manager/api/v1/calls?page=1").unwrap();
        let (token, header) = (Secret::new("canary"), Secret::new("Y2FuYXJ5"));
        open(&answer, &url, &base, &Hidden([&token, &header]))
    }

    #[test]
    fn every_way_to_say_no_is_understood() {
        let transient = |status| Error::Transient { status, retry_after: None };
        let refused = |status, words: &str| Error::refused(status, [words.to_owned()]);
        let manager = r#"{"error":"Bad Request","message":"minutes is missing","status":400}"#;
        for (status, body, expected) in [
            (400, manager, refused(400, "minutes is missing")),
            (400, r#"{"error":"bad canary Y2FuYXJ5"}"#, refused(400, "bad … …")),
            (400, "", Error::refused(400, [])),
            (400, "<html>", Error::refused(400, [])),
            (422, r#"{"message":"no"}"#, refused(422, "no")),
            (401, "", Error::SignInNeeded),
            (403, r#"{"message":"x"}"#, Error::Forbidden),
            (
                404,
                r#"{"error":"x","message":"resource not found, check your subdomain","status":404}"#,
                Error::NotFound,
            ),
            (404, "", Error::NotFound),
            (405, "", refused(405, "this method is not accepted here")),
            (408, "", transient(408)),
            (429, r#"{"message":"slow down"}"#, transient(429)),
            (500, "", transient(500)),
            (503, "<html>", transient(503)),
        ] {
            assert_eq!(answered(status, &[], body.as_bytes()).map(|_| ()), Err(expected), "{status} {body}");
        }
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        for (header, seconds) in [("7", 7), ("Sun, 06 Nov 1994 08:49:37 GMT", 0)] {
            let error = answered(429, &[("retry-after", header)], b"").unwrap_err();
            assert_eq!(
                error,
                Error::Transient { status: 429, retry_after: Some(Duration::from_secs(seconds)) }
            );
        }
    }

    #[test]
    fn what_is_no_list_says_what_it_is_and_keeps_no_values() {
        for (status, body, problem) in [
            (200, "<html>jana@acme.example</html>", "XML or a web page instead of JSON"),
            (200, r#"[{"a":"secret"#, "the answer is cut off"),
            (200, "nonsense", "not JSON: line 1 column 2"),
            (200, "", "expected a list, found nothing"),
            (200, r#"{"message":"secret"}"#, "expected a list, found an object"),
            (302, "", "redirected to somewhere"),
        ] {
            let result = answered(status, &[], body.as_bytes()).and_then(Content::list::<Call>);
            let Err(Error::Protocol { problem: said, snippet, url, .. }) = result else { panic!("{body}") };
            assert_eq!(said, problem);
            assert!(!snippet.contains("secret") && !snippet.contains("jana") && !url.contains('?'));
        }
        assert_eq!(answered(204, &[], b"").unwrap().list::<Call>().unwrap().received(), 0);
    }

    #[test]
    fn one_unreadable_record_costs_one_record() {
        let body = br#"[{"id":1},{"status":"queued"},"x",{"id":1e300},{"id":"b","created_at":"soon"},null]"#;
        let list = answered(200, &[], body).unwrap().list::<Call>().unwrap();
        assert_eq!(list.rows.iter().map(|call| call.id.as_str()).collect::<Vec<_>>(), ["1", "b"]);
        assert_eq!(list.rows[1].extra["created_at"], "soon");
        let lost: Vec<_> = list.unreadable.iter().map(|row| (row.index, row.why.as_str())).collect();
        let object = "expected an object, found";
        let expected = [
            (1, "it has no id".to_owned()),
            (2, format!("{object} text")),
            (3, "its id is too large".to_owned()),
            (5, format!("{object} nothing")),
        ];
        assert_eq!(lost, expected.iter().map(|(index, why)| (*index, why.as_str())).collect::<Vec<_>>());
    }

    #[test]
    fn headers_that_are_no_numbers_are_as_if_they_were_not_there() {
        let list = |total, per| {
            answered(200, &[("total", total), ("per-page", per)], b"[]").unwrap().list::<Call>().unwrap()
        };
        let read = list(" 12 ", "100");
        assert_eq!((read.total, read.per_page, read.link), (Some(12), Some(100), Link::Absent));
        let read = list("-1", "99999999999");
        assert_eq!((read.total, read.per_page), (None, None));
        assert_eq!(list("x", "0").per_page, None);
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(status in 200_u16..600, any: Vec<u8>, near in "[\\[\\]{}:,a-z\"0-9]{0,60}") {
            for body in [any, near.clone().into_bytes(), format!("[{{\"id\":1}},{near}]").into_bytes()] {
                if let Ok(content) = answered(status, &[], &body) {
                    let _ = content.one::<Call>();
                    let _ = content.list::<Call>();
                }
            }
        }

        #[test]
        fn a_good_record_beside_bad_ones_is_never_lost(strange in "[a-z0-9 .:-]{0,12}", number: f64, at in 0_usize..3) {
            let mut rows = vec![
                serde_json::json!({"id": [strange.clone()], "status": strange.clone()}),
                serde_json::json!({"id": {"a": number}}),
            ];
            rows.insert(at, serde_json::json!({
                "id": 7, "status": [number], "agent_info": strange.clone(), "rating": strange.clone(), "transfers": strange,
                "participants": number, "queue_duration": {"a": number}, "selected_menu": [number],
            }));
            let body = serde_json::to_vec(&rows).unwrap();
            let list = answered(200, &[], &body).unwrap().list::<Call>().unwrap();
            proptest::prop_assert_eq!(list.rows.len(), 1);
            proptest::prop_assert_eq!(list.unreadable.len(), 2);
            proptest::prop_assert_eq!(list.rows[0].id.as_str(), "7");
        }
    }
}
