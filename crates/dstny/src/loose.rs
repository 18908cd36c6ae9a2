//! Readers for what arrives where the document promises something else.
//!
//! The document's own samples disagree with themselves: an array is written as the text `"[+1555555]"`, a number
//! as a text, the same flag is `loggedIn` in one version and `isLoggedIn` in the next. What has one sensible
//! meaning is read as that. What has none stays, as it came, in the `other` of its object, beside the keys that
//! nobody knows: no strange field costs an object, and nothing is lost that somebody may want to see or send back.
//!
//! [`object!`] declares an object once, as a struct with the names that its fields have on the wire; [`words!`]
//! declares a list of words that may grow with the next release.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::time;

/// A value that may come in several dresses.
pub trait Loose: Sized {
    /// Reads it; `None` if it makes no sense.
    fn read(value: &Value) -> Option<Self>;
    /// Writes it as the document shows it.
    fn write(&self) -> Value;
}

/// A field of an object.
pub(crate) trait Field: Sized {
    /// Takes the field out of the object, under the first of its names that can be read. What cannot be read stays.
    fn take(map: &mut Map<String, Value>, keys: &[&str]) -> Self;
    /// Puts the field into an object; what is not there is not written.
    fn put(&self, map: &mut Map<String, Value>, key: &str);
}

impl<T: Loose> Field for Option<T> {
    fn take(map: &mut Map<String, Value>, keys: &[&str]) -> Self {
        for key in keys {
            match map.get(*key) {
                None => {}
                // Null and nothing are the same to this API.
                Some(Value::Null) => drop(map.remove(*key)),
                Some(value) => {
                    if let Some(read) = T::read(value) {
                        map.remove(*key);
                        return Some(read);
                    }
                }
            }
        }
        None
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str) {
        if let Some(value) = self {
            map.insert(key.to_owned(), value.write());
        }
    }
}

impl<T: Loose> Field for Vec<T> {
    fn take(map: &mut Map<String, Value>, keys: &[&str]) -> Self {
        let Some(key) = keys.iter().find(|key| map.contains_key(**key)) else { return Self::new() };
        let elements = map.get(*key).and_then(elements).unwrap_or_default();
        let read: Self = elements.iter().filter_map(T::read).collect();
        if read.len() == elements.len() {
            map.remove(*key);
        }
        read
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str) {
        if !self.is_empty() {
            map.insert(key.to_owned(), self.write());
        }
    }
}

/// A list; unreadable elements are left out.
impl<T: Loose> Loose for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        Some(elements(value)?.iter().filter_map(T::read).collect())
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }
}

/// The elements of a list in any dress: an array, an array written as a text, one element without its array,
/// or nothing. An empty object and an empty text are empty lists ("an empty document is returned").
fn elements(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Array(list) => Some(list.clone()),
        Value::Object(map) if map.is_empty() => Some(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Some(Vec::new()),
        Value::String(text) if text.trim_start().starts_with('[') => match written_out(text) {
            Some(Value::Array(list)) => Some(list),
            _ => None,
        },
        one => Some(vec![one.clone()]),
    }
}

/// How deep a structure written as a text is followed.
const DEEPEST: u8 = 8;

/// Reads a structure that was written as a text without quotes, such as `[{action: ANSWER, deviceIds: [+1555]}]`.
fn written_out(text: &str) -> Option<Value> {
    if let Ok(json) = serde_json::from_str(text) {
        return Some(json);
    }
    let (value, rest) = written_value(text, DEEPEST)?;
    rest.trim().is_empty().then_some(value)
}

fn written_value(text: &str, depth: u8) -> Option<(Value, &str)> {
    let text = text.trim_start();
    let depth = depth.checked_sub(1)?;
    if let Some(mut rest) = text.strip_prefix('[') {
        let mut list = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix(']') {
                return Some((Value::Array(list), after));
            }
            let (value, after) = written_value(rest, depth)?;
            list.push(value);
            rest = after.trim_start();
            rest = match rest.strip_prefix(',') {
                Some(after) => after,
                None if rest.starts_with(']') => rest,
                None => return None,
            };
        }
    }
    if let Some(mut rest) = text.strip_prefix('{') {
        let mut map = Map::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return Some((Value::Object(map), after));
            }
            let (key, after) = rest.split_once([':', '='])?;
            let (value, after) = written_value(after, depth)?;
            map.insert(key.trim().trim_matches('"').to_owned(), value);
            rest = after.trim_start();
            rest = match rest.strip_prefix(',') {
                Some(after) => after,
                None if rest.starts_with('}') => rest,
                None => return None,
            };
        }
    }
    let end = text.find([',', ']', '}']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let word = word.trim().trim_matches('"');
    (!word.is_empty()).then(|| (Value::String(word.to_owned()), rest))
}

impl Loose for String {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Loose for i64 {
    fn read(value: &Value) -> Option<Self> {
        match value {
            // Beyond 2^53 a float is not the number that was meant.
            Value::Number(number) => number.as_i64().or_else(|| {
                let float = number.as_f64()?;
                (float.abs() < 9_007_199_254_740_992.0 && float.fract() == 0.0).then_some(float as Self)
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Loose for bool {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(yes) => Some(*yes),
            Value::Number(number) => number.as_f64().map(|number| number != 0.0),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Loose for Timestamp {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => time::read(text),
            Value::Number(number) => time::from_epoch(number.as_i64()?),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// An object whose inside is the caller's business.
impl Loose for Map<String, Value> {
    fn read(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }

    fn write(&self) -> Value {
        Value::Object(self.clone())
    }
}

/// Declares an object: its struct, its reader and its writer. Every field may be missing, and what the struct does
/// not know is in `other`.
macro_rules! object {
    (
        $(#[$doc:meta])*
        $visible:vis struct $name:ident {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal $(| $also:literal)*, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        $visible struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
            /// Keys that this crate does not know, and values it could not read, as they came.
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl crate::loose::Loose for $name {
            fn read(value: &serde_json::Value) -> Option<Self> {
                let mut map = value.as_object()?.clone();
                Some(Self {
                    $( $field: crate::loose::Field::take(&mut map, &[$key $(, $also)*]), )*
                    other: map,
                })
            }

            fn write(&self) -> serde_json::Value {
                let mut map = self.other.clone();
                $( crate::loose::Field::put(&self.$field, &mut map, $key); )*
                serde_json::Value::Object(map)
            }
        }

        crate::loose::serde_of!($name);
    };
}
pub(crate) use object;

/// Serde by way of [`Loose`].
macro_rules! serde_of {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::loose::Loose::write(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                <Self as crate::loose::Loose>::read(&value)
                    .ok_or_else(|| serde::de::Error::custom(concat!("no ", stringify!($name))))
            }
        }
    };
}
pub(crate) use serde_of;

/// Declares a list of words that may grow with the next release: an unknown word is kept as it is.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$word_doc:meta])* $word:ident = $text:literal, )* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$word_doc])* $word, )*
            /// A word that this crate does not know.
            Other(String),
        }

        impl $name {
            /// The word as the platform writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$word => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                let text = text.trim();
                $( if text.eq_ignore_ascii_case($text) { return Self::$word; } )*
                Self::Other(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::loose::Loose for $name {
            fn read(value: &serde_json::Value) -> Option<Self> {
                value.as_str().filter(|text| !text.trim().is_empty()).map(Self::from)
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }
        }

        crate::loose::serde_of!($name);
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    object! {
        /// A thing.
        struct Thing {
            /// Its number.
            number: Option<i64> = "number",
            /// Whether it is on.
            on: Option<bool> = "isOn" | "on",
            /// Where it is.
            places: Vec<String> = "places",
            /// What is in it.
            inside: Vec<Thing> = "inside",
        }
    }

    fn thing(value: &Value) -> Thing {
        Thing::read(value).unwrap()
    }

    #[test]
    fn numbers_and_flags_are_read_in_every_dress_and_under_every_name() {
        let read = thing(&json!({"number": "7", "on": "true"}));
        assert_eq!((read.number, read.on), (Some(7), Some(true)));
        let read = thing(&json!({"number": 7.0, "isOn": 0, "on": null}));
        assert_eq!((read.number, read.on, read.other.len()), (Some(7), Some(false), 1));
    }

    #[test]
    fn an_array_may_be_a_text_or_a_single_element_or_an_empty_document() {
        for value in [json!(["+1", "+2"]), json!("[+1, +2]"), json!(r#"["+1","+2"]"#)] {
            assert_eq!(thing(&json!({ "places": value })).places, ["+1", "+2"]);
        }
        assert_eq!(thing(&json!({"places": "+1"})).places, ["+1"]);
        for value in [json!({}), json!(""), json!([]), json!(null), json!("[]")] {
            let read = thing(&json!({ "places": value }));
            assert!(read.places.is_empty() && read.other.is_empty(), "{value}");
        }
        let inside = thing(&json!({"inside": "[{number: 4, places: [+15, a b]}, {number: 5}]"})).inside;
        assert_eq!((inside[0].number, inside[1].number), (Some(4), Some(5)));
        assert_eq!(inside[0].places, ["+15", "a b"]);
    }

    #[test]
    fn what_is_unknown_or_unreadable_survives_reading_and_writing() {
        let came = json!({"number": "seven", "colour": {"r": 1}, "places": ["a", ["b"]], "on": true});
        let read = thing(&came);
        assert_eq!((read.number, read.on, read.places.as_slice()), (None, Some(true), &["a".to_owned()][..]));
        assert_eq!(read.other["number"], "seven");
        assert_eq!(read.other["places"], json!(["a", ["b"]]));
        let written = read.write();
        assert_eq!((&written["number"], &written["colour"]), (&came["number"], &came["colour"]));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[\\[\\]{}:,a-z+ \"]{0,60}", any: String) {
            let _ = (written_out(&text), written_out(&any), elements(&Value::String(any.clone())));
            Thing::read(&json!({"inside": text, "places": any}));
        }
    }
}
