//! What may be written down about a request and its answer.
//!
//! A log line or an error has to help the person who reads it, and must not hold a token, a customer's number
//! or a piece of a conversation. URLs lose everything behind the path; bodies keep their shape and lose their
//! values.

use std::fmt;

use url::Url;

/// A URL as it may be logged: scheme, host, port and path. Queries (tokens travel there), fragments and
/// user info are dropped.
#[derive(Clone, Copy)]
pub struct UrlForLog<'a>(pub &'a Url);

impl fmt::Display for UrlForLog<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0;
        write!(f, "{}://{}", url.scheme(), url.host_str().unwrap_or_default())?;
        if let Some(port) = url.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(url.path())
    }
}

impl fmt::Debug for UrlForLog<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Longest piece of a body that is kept, in characters.
const SNIPPET: usize = 300;

/// The beginning of a body, fit for a log line.
///
/// JSON keeps its punctuation and its keys, while string values become `"…"` and numbers `0`. Anything else
/// (a proxy's HTML page) keeps its words, but long runs that could be a token, digits that could be a number
/// and words with an `@` are masked. Works on any bytes, cut or broken.
pub fn snippet(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(SNIPPET * 4)]);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let masked = if text.starts_with(['{', '[', '"']) { mask_json(text) } else { mask_words(text) };
    let mut cut: String = masked.chars().take(SNIPPET).collect();
    if masked.chars().nth(SNIPPET).is_some() {
        cut.push('…');
    }
    cut
}

fn mask_json(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                let mut inner = String::new();
                let mut closed = false;
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' => {
                            closed = true;
                            break;
                        }
                        c => inner.push(c),
                    }
                }
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
                // Maps may be keyed by a customer's data; a name of a field is short and plain.
                let is_key = closed && chars.peek() == Some(&':');
                let is_plain =
                    inner.len() <= 40 && inner.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
                out.push('"');
                out.push_str(if is_key && is_plain { &inner } else { "…" });
                out.push('"');
            }
            '0'..='9' | '-' => {
                while chars.next_if(|c| matches!(c, '0'..='9' | '.' | 'e' | 'E' | '+' | '-')).is_some() {}
                out.push('0');
            }
            c if c.is_whitespace() => {}
            '{' | '}' | '[' | ']' | ':' | ',' => out.push(c),
            c if c.is_ascii_alphabetic() => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(char::is_ascii_alphanumeric) {
                    word.push(c);
                }
                out.push_str(if matches!(word.as_str(), "true" | "false" | "null") { &word } else { "…" });
            }
            _ => out.push('…'),
        }
    }
    out
}

fn mask_words(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for part in word.split_inclusive(['<', '>', '=', '"', '\'', '/', ';', ':', ',']) {
            let digits = part.chars().filter(char::is_ascii_digit).count();
            let masked = part.contains('@') || digits > 4 || part.chars().count() > 24;
            out.push_str(if masked { "…" } else { part });
        }
    }
    out.retain(|c| !c.is_control());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_for_the_log_has_no_query_and_no_user() {
        let url = Url::parse("https://jana:pw@acme.example:8443/api/v6/whoim?accessToken=canary#x").unwrap();
        assert_eq!(UrlForLog(&url).to_string(), "https://acme.example:8443/api/v6/whoim");
    }

    #[test]
    fn json_keeps_its_shape_and_loses_its_values() {
        let body = br#"{"error":[],"result":{"accessToken":"canary","total":12,"ok":true,"+15550100":1,"a":"#;
        assert_eq!(
            snippet(body),
            r#"{"error":[],"result":{"accessToken":"…","total":0,"ok":true,"…":0,"a":"#
        );
    }

    #[test]
    fn a_cut_string_is_masked_too() {
        assert_eq!(snippet(br#"{"text":"call me at 555-0100 and \"#), r#"{"text":"…""#);
    }

    #[test]
    fn html_keeps_its_words_and_loses_numbers_addresses_and_tokens() {
        let body =
            b"<html><title>502 Bad Gateway</title>jana@acme.example 5550100123 eyJhbGciOiJIUzI1NiJ9AAAAAAAA";
        assert_eq!(snippet(body), "<html><title>502 Bad Gateway</title>… … …");
    }

    #[test]
    fn a_long_body_is_cut() {
        assert!(snippet("word ".repeat(10_000).as_bytes()).chars().count() <= SNIPPET + 1);
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic_and_no_json_value_gets_through(bytes: Vec<u8>, value in "[a-z]{8,20}canary") {
            snippet(&bytes);
            let body = serde_json::json!({ "k": [value.clone(), { "n": value }] }).to_string();
            proptest::prop_assert!(!snippet(body.as_bytes()).contains("canary"));
        }
    }
}
