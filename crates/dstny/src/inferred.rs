//! The open questions, each with the reading this crate builds on, in one place.
//!
//! Nothing in this module is documented by the vendor: everything is inferred from how the documented parts fit
//! together. When a real server proves one of them wrong, this is where to change it. What is inferred about paths
//! and methods is in `routes.json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use wire::{Error, Secret};

use crate::base::Identity;
use crate::sip::xml::Element;

/// Inferred: a 403 that is about a licence says so in its words, codes or fields.
pub(crate) fn licence(words: &[String], fields: &BTreeMap<String, Vec<String>>) -> Option<&'static str> {
    let all = fields.iter().flat_map(|(field, words)| std::iter::once(field).chain(words)).chain(words);
    let lower = |text: &String| text.to_ascii_lowercase();
    let about_licence = |text: &String| text.contains("licence") || text.contains("license");
    all.map(lower).any(|text| about_licence(&text)).then_some(LICENCE)
}

/// What is named as missing when a licence is.
pub(crate) const LICENCE: &str = "licence";

/// Whether a refusal may mean that the `stateToken` was not the current one.
///
/// Inferred: which status that gives is not documented, nor whether it is an error status at all (writes answer 200
/// with a validation result). So any refusal of a call control command may be one, and the state has to be fetched
/// anew before anybody decides.
pub fn may_be_outdated(error: &Error) -> bool {
    matches!(error, Error::Refused { .. })
}

/// Inferred: user name (with domain) and password travel as HTTP Basic when a ticket is created.
pub(crate) fn basic(identity: &Identity, password: &Secret) -> Secret {
    Secret::new(format!("Basic {}", base64(format!("{}:{}", identity.cid(), password.expose()).as_bytes())))
}

/// Inferred: the key under which the second factor's code is in the body when a ticket is created. In the query, where
/// the other parameters are, it would end up in logs.
pub(crate) const SECOND_FACTOR: &str = "code";

/// Inferred: operations that answer "not found" although they are there: a user may have no picture, no vCard and no
/// diversion. Those of the organization are for its administrators.
pub(crate) const MAY_BE_MISSING: [&str; 6] = [
    "uinfo.image.get",
    "cinfo1.image",
    "cinfo1.vcard.get",
    "diversion.number.get",
    "buddy.verify",
    "pcontacts.org.list",
];

/// Inferred: a refusal that asks for the second factor's code says so in its words.
pub(crate) fn wants_second_factor(status: u16, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(4096)]).to_ascii_lowercase();
    let words = [
        "second factor",
        "second-factor",
        "second.factor",
        "secondfactor",
        "two-factor",
        "two factor",
        "2fa",
        "otp",
    ];
    matches!(status, 400 | 401 | 403) && words.iter().any(|word| text.contains(word))
}

/// Inferred: the address of the web client is the one text in its document that is a web address; the document's
/// sample lost it.
pub(crate) fn web_address(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.starts_with("https://") || text.starts_with("http://") => {
            Some(text.clone())
        }
        Value::Object(map) => map.values().find_map(web_address),
        _ => None,
    }
}

/// The entries of a validation result that refuse. Inferred: without any it means success.
pub(crate) fn refuses(answer: &Value) -> Option<&Value> {
    answer.as_object()?.get("field")
}

/// Inferred: a time without zone is UTC: every zoned sample of the document is, and the servers of one operator serve
/// several countries.
pub(crate) fn zoneless(local: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(local).ok()
}

/// Inferred: the XML of this API has the keys of its JSON as elements or attributes, and repeats an element for a
/// list.
pub(crate) fn xml_as_json(element: &Element) -> Value {
    let mut map = Map::new();
    for (name, value) in element.attributes() {
        map.insert(name.to_owned(), value.into());
    }
    for child in &element.children {
        let value = xml_as_json(child);
        match map.get_mut(&child.name) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => drop(map.insert(child.name.clone(), value)),
        }
    }
    if map.is_empty() { element.text().into() } else { Value::Object(map) }
}

/// Inferred: who works in no queue gets the list of queues, whatever it is called, with nothing in it.
pub(crate) fn is_no_queue(root: &Element) -> bool {
    let nothing = root.children.is_empty() && root.text().is_empty();
    nothing && root.name.to_ascii_lowercase().contains("queue")
}

const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let (a, b, c) = (chunk[0], chunk.get(1).copied(), chunk.get(2).copied());
        let bits = u32::from(a) << 16 | u32::from(b.unwrap_or(0)) << 8 | u32::from(c.unwrap_or(0));
        let sign = |shift: u32| char::from(SIGNS[(bits >> shift & 63) as usize]);
        out.extend([sign(18), sign(12)]);
        out.push(if b.is_some() { sign(6) } else { '=' });
        out.push(if c.is_some() { sign(0) } else { '=' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_missing_licence_is_told_from_a_missing_scope() {
        let fields = |field: &str, word: &str| BTreeMap::from([(field.to_owned(), vec![word.to_owned()])]);
        assert_eq!(licence(&["No Cloud CTI API License".to_owned()], &BTreeMap::new()), Some(LICENCE));
        assert_eq!(licence(&[], &fields("license", "missing")), Some(LICENCE));
        assert_eq!(licence(&[], &fields("api", "the ticket does not allow CALLS")), None);
    }

    #[test]
    fn basic_credentials_are_encoded_as_the_rfc_shows() {
        let identity = Identity { user: "Aladdin".into(), domain: "a.b".into() };
        assert_eq!(
            basic(&identity, &"open sesame".into()).expose(),
            "Basic QWxhZGRpbkBhLmI6b3BlbiBzZXNhbWU="
        );
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn the_web_clients_address_is_found_under_any_name() {
        assert_eq!(
            web_address(&json!({"a": 1, "link": {"url": "https://web.example/x"}})),
            Some("https://web.example/x".to_owned())
        );
        assert_eq!(web_address(&json!({})), None);
    }
}
