//! The open questions, each with the reading this crate builds on, in one place.
//!
//! Nothing in this module is documented by Daktela: everything is inferred from how the documented parts fit
//! together or from what other clients send. When a real server proves one of them wrong, this is where to
//! change it.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::loose::{elements, text};

/// Inferred: record URLs end in `.json`. The suffix is optional; most of Daktela's own libraries send it, and
/// with it a name that contains a dot cannot be mistaken for one with a format.
pub(crate) const SUFFIX: &str = ".json";

/// Inferred: the zone of a server that does not say (`_timezone` appeared in 2023).
pub(crate) fn default_zone() -> TimeZone {
    TimeZone::get("Europe/Prague").unwrap_or(TimeZone::UTC)
}

/// Inferred: the keys of a scheme that say a field cannot be changed in a record's own form. `readonly_in_activity` is
/// about other forms.
pub(crate) const READ_ONLY: [&str; 2] = ["readonly", "readonly_in_update"];

/// Inferred: the key of a scheme that says a field must be filled in; none was seen.
pub(crate) const REQUIRED: [&str; 2] = ["required", "mandatory"];

/// The field of the upload form, as Daktela's own page sends it.
pub(crate) const UPLOAD_FIELD: &str = "files";

/// Inferred: should the bare text that answers an upload ever come in an object, its name is the key.
pub(crate) fn upload_key(result: &Value) -> Option<String> {
    text(result).or_else(|| result.get("name").and_then(text))
}

/// Inferred: the files of an e-mail are named like those of a comment (`comment_add_files`), under this key.
pub(crate) const EMAIL_FILES: &str = "add_files";

/// Inferred: several addresses are separated by commas; so are those of `cc` and `bcc`, whose keys are inferred too.
pub(crate) fn addresses(addresses: &[String]) -> String {
    addresses.join(",")
}

/// A ticket is named by its number, as in the requests that were seen; a name that is no number is sent as text.
pub(crate) fn ticket_number(name: &str) -> Value {
    name.parse::<u64>().map_or_else(|_| name.into(), Value::from)
}

/// Inferred: the relation of a conversation's model that holds its lines, where its item does not.
pub(crate) const LINES: &str = "messages";

/// Inferred: what a mask of rights says (only `31` for somebody who may do everything was seen): nothing at all is no
/// right, one bit is reading, all five are everything, and whatever lies between reads and writes.
pub fn rights(mask: Option<&Value>) -> Rights {
    match mask.and_then(text).and_then(|mask| mask.parse::<u64>().ok()) {
        None => Rights { write: true, delete: false },
        Some(mask) => Rights { write: mask > 1, delete: mask & 0b1_1111 == 0b1_1111 },
    }
}

/// See [`rights`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Make and change.
    pub write: bool,
    /// Delete.
    pub delete: bool,
}

/// Inferred: the pull data are asked for with GET and the hash travels in the query.
pub(crate) const PULL_ENDPOINT: &str = "appPullData";
/// See [`PULL_ENDPOINT`].
pub(crate) const PULL_HASH: &str = "hash";

/// The keys that tell the pull data from an envelope around them.
const PULL_KEYS: [&str; 7] =
    ["hash", "activities", "extension", "queues", "missedChannels", "announcements", "reloadUser"];

/// Inferred: the pull data are the `result` of the usual envelope. Should a server put them at the top, they
/// are found there.
pub(crate) fn pull_body<'a>(
    envelope: &'a Map<String, Value>,
    result: &'a Value,
) -> Option<&'a Map<String, Value>> {
    let has_keys = |map: &&Map<String, Value>| PULL_KEYS.iter().any(|key| map.contains_key(*key));
    result.as_object().filter(has_keys).or_else(|| Some(envelope).filter(has_keys))
}

/// Inferred: `missedChannels` is a number; a list or a map of counts is counted.
pub(crate) fn missed(value: &Value) -> u64 {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64().map(|n| n.max(0.0) as u64),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match value {
        Value::Array(list) => list.len() as u64,
        Value::Object(map) => {
            map.values().fold(0, |sum, value| number(value).unwrap_or(1).saturating_add(sum))
        }
        other => number(other).unwrap_or_default(),
    }
}

/// Inferred: `reloadUser` is a switch in any dress: true, 1, "1", a date, a non-empty list.
pub(crate) fn switched_on(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => {
            !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no")
        }
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// Inferred: `exten` of somebody with several devices lists them; which sign stands between them is not known.
pub fn devices_of(exten: &str) -> Vec<&str> {
    exten.split([',', ';', '&', '|', ' ']).map(str::trim).filter(|device| !device.is_empty()).collect()
}

/// Inferred: `authentications` of the public settings lists the ways to sign in, and a way with an empty list
/// is switched off. Passwords are possible unless another way is on and Daktela's own is not.
pub(crate) fn ways_to_sign_in(authentications: &Value) -> Ways {
    let on = |value: &Value| elements(value).is_none_or(|list| !list.is_empty());
    let mut single_sign_on = Vec::new();
    let mut password = false;
    for (way, value) in authentications.as_object().into_iter().flatten() {
        match way.strip_suffix("_auth").unwrap_or(way) {
            "daktela" => password = on(value),
            other if on(value) => single_sign_on.push(other.to_owned()),
            _ => {}
        }
    }
    Ways { password: password || single_sign_on.is_empty(), single_sign_on }
}

/// See [`ways_to_sign_in`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ways {
    pub(crate) password: bool,
    pub(crate) single_sign_on: Vec<String>,
}

/// Inferred: a queue is dialled from by its number, as in Daktela's JavaScript page; S1 writes queue names as
/// texts elsewhere. A name that is no number is sent as text.
pub(crate) fn queue_to_dial_from(name: &str) -> Value {
    name.parse::<u64>().map_or_else(|_| name.into(), Value::from)
}

/// Inferred: `getAvailableExtensions` gives a list of devices in `result` or `result.data`; the kind of each
/// is in `model` or `_sys.model`.
pub(crate) fn device_model(map: &Map<String, Value>) -> Option<String> {
    let sys = map.get("_sys").and_then(|sys| sys.get("model"));
    map.get("model").and_then(text).or_else(|| sys.and_then(text))
}

/// Inferred: the relation of a queue to the user's profile says whether the user may log in to it by himself.
/// Where it is missing nothing is known and the queue is offered; the server decides.
pub(crate) fn login_relation(rdata: &Map<String, Value>) -> Option<String> {
    rdata.get("login").map(|login| text(login).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn missed_is_counted_in_every_dress() {
        for (value, count) in [
            (json!(3), 3),
            (json!("3"), 3),
            (json!(null), 0),
            (json!(""), 0),
            (json!([]), 0),
            (json!([{}, {}]), 2),
            (json!({"CALL": 2, "CHAT": "1"}), 3),
            (json!({"activities_1": {}}), 1),
            (json!(-2), 0),
        ] {
            assert_eq!(missed(&value), count, "{value}");
        }
    }

    #[test]
    fn a_switch_is_on_in_every_dress() {
        for on in [json!(true), json!(1), json!("1"), json!("2026-01-01 10:00:00"), json!([1])] {
            assert!(switched_on(&on), "{on}");
        }
        for off in [json!(false), json!(null), json!(0), json!("0"), json!(""), json!([]), json!({})] {
            assert!(!switched_on(&off), "{off}");
        }
    }

    #[test]
    fn a_tenant_with_only_google_is_told_from_one_with_passwords() {
        let ways = |value| ways_to_sign_in(&value);
        let google = || vec!["google".to_owned()];
        assert_eq!(
            ways(json!({"google_auth": [{"title": "G"}], "azure_auth": [], "daktela_auth": []})),
            Ways { password: false, single_sign_on: google() }
        );
        assert_eq!(
            ways(json!({"google_auth": [{}], "daktela_auth": [{}]})),
            Ways { password: true, single_sign_on: google() }
        );
        assert_eq!(ways(json!([])), Ways { password: true, single_sign_on: vec![] });
        assert_eq!(ways(json!({"google_auth": []})), Ways { password: true, single_sign_on: vec![] });
    }

    #[test]
    fn several_devices_are_told_apart() {
        assert_eq!(devices_of("305, 310"), ["305", "310"]);
        assert_eq!(devices_of("305"), ["305"]);
        assert!(devices_of("").is_empty());
    }
}
