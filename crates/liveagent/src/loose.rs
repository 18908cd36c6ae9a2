//! Readers for what PHP sends where the document promises something else.
//!
//! Numbers are texts in lists and numbers elsewhere, what is missing is `null`, `""` or `[]`, flags are `Y` and `N`, a list of
//! one may be its only element, a list that lost elements is an object with numbers for keys. What has one sensible
//! meaning is read as that. What has none stays, as it came, in the `other` of its record, beside the keys that nobody
//! knows: a strange field never costs a record. Only a record without its identifier is none, and costs just itself
//! (see [`crate::List::unreadable`]).
//!
//! [`record!`] declares a record once, as a struct with the names that its fields have on the wire; [`letters!`] declares
//! a set of letters that may grow with the next release.

use jiff::SignedDuration;
use serde_json::{Map, Value};
use wire::Secret;

/// A value that may come in several dresses.
pub trait Loose: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Says what is wrong with it, without any of its values.
    fn read(value: &Value) -> Result<Self, String>;
    /// Writes it as the document shows it.
    fn write(&self) -> Value;
}

/// A field of a record.
pub(crate) trait Field: Sized {
    /// Takes the field out of the record, under the first of its names that can be read. What cannot be read stays.
    fn take(map: &mut Map<String, Value>, keys: &[&'static str]) -> Result<Self, String>;
    /// Puts the field into a record; what is not there is not written.
    fn put(&self, map: &mut Map<String, Value>, key: &str);
}

impl<T: Loose> Field for Option<T> {
    fn take(map: &mut Map<String, Value>, keys: &[&'static str]) -> Result<Self, String> {
        for key in keys {
            match map.get(*key) {
                None => {}
                Some(value) if is_nothing(value) => drop(map.remove(*key)),
                Some(value) => {
                    if let Ok(read) = T::read(value) {
                        map.remove(*key);
                        return Ok(Some(read));
                    }
                }
            }
        }
        Ok(None)
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str) {
        if let Some(value) = self {
            map.insert(key.to_owned(), value.write());
        }
    }
}

impl<T: Loose> Field for Vec<T> {
    fn take(map: &mut Map<String, Value>, keys: &[&'static str]) -> Result<Self, String> {
        let Some(key) = keys.iter().find(|key| map.contains_key(**key)) else { return Ok(Self::new()) };
        let elements = map.get(*key).and_then(elements).unwrap_or_default();
        let read: Self = elements.iter().filter_map(|element| T::read(element).ok()).collect();
        if read.len() == elements.len() && map.get(*key).and_then(self::elements).is_some() {
            map.remove(*key);
        }
        Ok(read)
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str) {
        if !self.is_empty() {
            map.insert(key.to_owned(), Value::Array(self.iter().map(T::write).collect()));
        }
    }
}

/// An identifier: without it a record is none.
impl Field for String {
    fn take(map: &mut Map<String, Value>, keys: &[&'static str]) -> Result<Self, String> {
        let found: Option<Self> = Field::take(map, keys)?;
        found.ok_or_else(|| format!("it has no {}", keys.first().copied().unwrap_or_default()))
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str) {
        map.insert(key.to_owned(), self.write());
    }
}

/// Whether a value is one of the ways to say that there is none.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// The elements of a list in any dress: an array, its only element, an object with numbers for keys, a text with commas,
/// or nothing. `None` if it can be no list.
pub(crate) fn elements(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Null | Value::Bool(false) => Some(Vec::new()),
        Value::Array(list) => Some(list.clone()),
        Value::Object(map) if map.keys().all(|key| key.bytes().all(|byte| byte.is_ascii_digit())) => {
            let mut rows: Vec<(u64, &Value)> =
                map.iter().map(|(key, value)| (key.parse().unwrap_or(u64::MAX), value)).collect();
            rows.sort_by_key(|(index, _)| *index);
            Some(rows.into_iter().map(|(_, value)| value.clone()).collect())
        }
        Value::String(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(parts.map(Value::from).collect())
        }
        Value::Object(_) | Value::Number(_) => Some(vec![value.clone()]),
        Value::Bool(true) => None,
    }
}

pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn odd<T>(wanted: &str, value: &Value) -> Result<T, String> {
    Err(format!("expected {wanted}, found {}", kind(value)))
}

impl Loose for String {
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => odd("text", value),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

/// Written down it is masked.
impl Loose for Secret {
    fn read(value: &Value) -> Result<Self, String> {
        String::read(value).map(Self::from)
    }

    fn write(&self) -> Value {
        self.to_string().into()
    }
}

impl Loose for i64 {
    fn read(value: &Value) -> Result<Self, String> {
        let read = match value {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| whole(text.parse().ok()?))
            }
            _ => None,
        };
        read.map_or_else(|| odd("a whole number", value), Ok)
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// Beyond 2^53 a float is not the number that was meant.
fn whole(float: f64) -> Option<i64> {
    (float.abs() < 9_007_199_254_740_992.0 && float.fract() == 0.0).then_some(float as i64)
}

impl Loose for f64 {
    fn read(value: &Value) -> Result<Self, String> {
        let read = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().trim_end_matches('%').parse().ok(),
            _ => None,
        };
        read.filter(|number: &Self| number.is_finite()).map_or_else(|| odd("a number", value), Ok)
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Loose for bool {
    fn read(value: &Value) -> Result<Self, String> {
        let read = match value {
            Value::Bool(yes) => Some(*yes),
            Value::Number(number) => number.as_f64().map(|number| number != 0.0),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" | "true" | "1" => Some(true),
                "n" | "no" | "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        };
        read.map_or_else(|| odd("Y or N", value), Ok)
    }

    fn write(&self) -> Value {
        if *self { "Y" } else { "N" }.into()
    }
}

/// A span such as `00:08:31` or `-01:56:53`; a bare number is seconds.
impl Loose for SignedDuration {
    fn read(value: &Value) -> Result<Self, String> {
        let read = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => span(text.trim()),
            _ => None,
        };
        read.map_or_else(|| odd("a span of time", value), |seconds| Ok(Self::from_secs(seconds)))
    }

    fn write(&self) -> Value {
        let (seconds, sign) = (self.as_secs().unsigned_abs(), if self.is_negative() { "-" } else { "" });
        format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60).into()
    }
}

fn span(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut seconds: i64 = 0;
    for part in text.split(':') {
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    Some(sign * seconds)
}

/// Declares a record: its struct, its reader and its writer. A field of type `String` is the identifier, every other may be
/// missing, and what the struct does not know is in `other`.
macro_rules! record {
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
            fn read(value: &serde_json::Value) -> Result<Self, String> {
                let Some(map) = value.as_object() else {
                    return Err(format!("expected an object, found {}", crate::loose::kind(value)));
                };
                let mut map = map.clone();
                Ok(Self {
                    $( $field: crate::loose::Field::take(&mut map, &[$key $(, $also)*])?, )*
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
pub(crate) use record;

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
                <Self as crate::loose::Loose>::read(&value).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_of;

/// Declares a set of letters that may grow with the next release: an unknown one is kept as it is.
macro_rules! letters {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$letter_doc:meta])* $letter:ident = $text:literal, )* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$letter_doc])* $letter, )*
            /// A letter that this crate does not know.
            Other(String),
        }

        impl $name {
            /// The letter as LiveAgent writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$letter => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text.trim() {
                    $( $text => Self::$letter, )*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::loose::Loose for $name {
            fn read(value: &serde_json::Value) -> Result<Self, String> {
                <String as crate::loose::Loose>::read(value).map(|text| Self::from(text.as_str()))
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }
        }

        impl crate::call::Param for $name {
            fn param(&self) -> Option<String> {
                Some(self.as_str().to_owned())
            }
        }

        crate::loose::serde_of!($name);
    };
}
pub(crate) use letters;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    record! {
        /// A thing.
        struct Thing {
            /// Which one.
            id: String = "id",
            /// How many.
            count: Option<i64> = "count",
            /// How much of it.
            share: Option<f64> = "share" | "pct",
            /// Whether it is gone.
            gone: Option<bool> = "gone",
            /// How long.
            span: Option<SignedDuration> = "span",
            /// Its names.
            names: Vec<String> = "names",
            /// What is in it.
            inside: Vec<Thing> = "inside",
        }
    }

    fn thing(value: &Value) -> Thing {
        Thing::read(value).unwrap()
    }

    #[test]
    fn a_value_is_read_in_every_dress() {
        let came = json!({"id": 7, "count": "12", "pct": "98.3333", "gone": "N", "span": "-01:56:53"});
        let read = thing(&came);
        assert_eq!((read.id.as_str(), read.count, read.gone), ("7", Some(12), Some(false)));
        assert_eq!((read.share, read.span), (Some(98.3333), Some(SignedDuration::from_secs(-7013))));
        assert_eq!(read.write()["span"], "-01:56:53");
        let read = thing(&json!({"id": "a", "count": 12.0, "share": 5, "gone": true}));
        assert_eq!((read.count, read.share, read.gone), (Some(12), Some(5.0), Some(true)));
    }

    #[test]
    fn null_and_an_empty_text_and_an_empty_list_are_missing() {
        for nothing in [json!(null), json!(""), json!(" "), json!([])] {
            let read = thing(&json!({"id": "a", "count": nothing, "names": nothing, "inside": nothing}));
            assert_eq!(read, Thing { id: "a".into(), ..Thing::default() }, "{nothing}");
        }
    }

    #[test]
    fn a_list_may_be_its_only_element_a_map_with_numbers_or_a_text_with_commas() {
        for names in [json!(["a", "b"]), json!("a, b"), json!({"0": "a", "3": "b"})] {
            assert_eq!(thing(&json!({"id": "a", "names": names})).names, ["a", "b"]);
        }
        let one = thing(&json!({"id": "a", "inside": {"id": "b"}}));
        assert_eq!(one.inside[0].id, "b");
    }

    #[test]
    fn a_record_needs_its_identifier_and_nothing_else() {
        assert_eq!(Thing::read(&json!({"count": 1})), Err("it has no id".to_owned()));
        assert_eq!(Thing::read(&json!({"id": ""})), Err("it has no id".to_owned()));
        assert_eq!(Thing::read(&json!("x")), Err("expected an object, found text".to_owned()));
        let read = thing(&json!({"id": "a", "count": "many", "colour": 1, "inside": [{"id": "b"}, {}]}));
        assert_eq!((read.count, read.inside.len()), (None, 1));
        assert_eq!(read.other["count"], "many");
        assert_eq!(read.other["inside"], json!([{"id": "b"}, {}]));
    }

    proptest! {
        #[test]
        fn no_value_makes_a_reader_panic(text: String, number: f64, near in "[-0-9:,.%YN ]{0,24}") {
            for value in [json!(text), json!(near), json!(number)] {
                let fields = ["id", "count", "share", "gone", "span", "names", "inside"];
                for field in fields {
                    let _ = Thing::read(&json!({"id": "a", field: value}));
                    let _ = Thing::read(&json!({"id": "a", field: [value], "x": {field: {"1": value}}}));
                }
                let (_, _) = (i64::read(&value), SignedDuration::read(&value));
            }
        }

        #[test]
        fn what_is_written_reads_the_same(id in "[a-z0-9]{1,8}", count: Option<i64>, gone: Option<bool>, seconds in -400_000_i64..400_000) {
            let span = Some(SignedDuration::from_secs(seconds));
            let thing = Thing { id, count, gone, span, names: vec!["x".into()], ..Thing::default() };
            prop_assert_eq!(Thing::read(&thing.write()), Ok(thing));
        }
    }
}
