//! Readers for what real tenants send where the document promises something else.
//!
//! The document's samples and what other clients declare differ: a number is `0` here and a text there, a flag is `"string"` or
//! `true`, assignees are an object or a list. What has one sensible meaning is read as that. What has none stays, as it
//! came, in the `extra` of its record, beside the keys that nobody knows ("we reserve the right to introduce new JSON
//! keys at any time"): a strange field never costs a record. Only a record without its identifier is none, and costs just
//! itself (see [`crate::Paged::unreadable`]).
//!
//! [`record!`] declares a record once, as a struct with the names that its fields have on the wire; [`words!`] declares a set of
//! words that may grow, in all their spellings.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Number, Value};

use crate::time;

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
    /// Puts the field into a record; what is not there is not written, and what stayed is written as it came.
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
        let elements = map.get(*key).map(elements).unwrap_or_default();
        let read: Self = elements.iter().filter_map(|element| T::read(element).ok()).collect();
        if read.len() == elements.len() {
            map.remove(*key);
        }
        Ok(read)
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str) {
        if !self.is_empty() && !map.contains_key(key) {
            map.insert(key.to_owned(), Value::Array(self.iter().map(T::write).collect()));
        }
    }
}

/// Whether a value is one of the ways to say that there is none.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The elements of a list, which may be its only element.
pub(crate) fn elements(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::Array(list) => list.clone(),
        other => vec![other.clone()],
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

pub(crate) fn odd<T>(wanted: &str, value: &Value) -> Result<T, String> {
    Err(format!("expected {wanted}, found {}", kind(value)))
}

/// What has no type of its own.
impl Loose for Value {
    fn read(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }

    fn write(&self) -> Value {
        self.clone()
    }
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
pub(crate) fn whole(float: f64) -> Option<i64> {
    (float.abs() < 9_007_199_254_740_992.0 && float.fract() == 0.0).then_some(float as i64)
}

impl Loose for f64 {
    fn read(value: &Value) -> Result<Self, String> {
        let read = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().trim_end_matches('%').trim_end().parse().ok(),
            _ => None,
        };
        read.filter(|number: &Self| number.is_finite()).map_or_else(|| odd("a number", value), Ok)
    }

    /// A whole number without a point, as the platform writes them.
    fn write(&self) -> Value {
        whole(*self).map_or_else(|| Number::from_f64(*self).map_or(Value::Null, Value::Number), Value::from)
    }
}

impl Loose for bool {
    fn read(value: &Value) -> Result<Self, String> {
        let read = match value {
            Value::Bool(yes) => Some(*yes),
            Value::Number(number) => number.as_f64().map(|number| number != 0.0),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "t" | "1" => Some(true),
                "false" | "no" | "f" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        };
        read.map_or_else(|| odd("yes or no", value), Ok)
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

/// A duration is a number of seconds.
impl Loose for SignedDuration {
    fn read(value: &Value) -> Result<Self, String> {
        let seconds = f64::read(value).or_else(|_| odd("a number of seconds", value))?;
        match whole(seconds) {
            Some(seconds) => Ok(Self::from_secs(seconds)),
            None => Self::try_from_secs_f64(seconds).or_else(|_| odd("a number of seconds", value)),
        }
    }

    fn write(&self) -> Value {
        match self.subsec_nanos() {
            0 => Value::from(self.as_secs()),
            _ => self.as_secs_f64().write(),
        }
    }
}

/// A moment; one without a zone is in UTC.
impl Loose for Timestamp {
    fn read(value: &Value) -> Result<Self, String> {
        value.as_str().and_then(time::parse).map_or_else(|| odd("a time", value), Ok)
    }

    /// With milliseconds, as the platform writes them.
    fn write(&self) -> Value {
        format!("{self:.3}").into()
    }
}

/// Declares a record: its struct, its reader and its writer. A field of type [`crate::Id`] has to be there, every other may be
/// missing, and what the struct does not know is in `extra`. `[text is field]` after the name: a text in place of the
/// record is that field of it.
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $([text is $short:ident])? {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal $(| $also:literal)*, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
            /// Keys that this crate does not know, and values it could not read, as they came.
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl crate::loose::Loose for $name {
            fn read(value: &serde_json::Value) -> Result<Self, String> {
                $(
                    if let Some(text) = value.as_str() {
                        return Ok(Self { $short: Some(text.to_owned()), ..Self::default() });
                    }
                )?
                let Some(map) = value.as_object() else { return crate::loose::odd("an object", value) };
                let mut map = map.clone();
                Ok(Self {
                    $( $field: crate::loose::Field::take(&mut map, &[$key $(, $also)*])?, )*
                    extra: map,
                })
            }

            fn write(&self) -> serde_json::Value {
                let mut map = self.extra.clone();
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

/// A word without case, spaces and punctuation: `Action Only Finished`, `action_only_finished` and `ActionOnlyFinished` are one.
pub(crate) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Declares a set of words that may grow with the next release, each as it stands in JSON and, where the document has them, in its
/// own words: an unknown one is kept as it is. After `or`: where words of another vocabulary are looked up.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub enum $name:ident $(or $other:path)? {
            $( $(#[$word_doc:meta])* $word:ident = $text:literal, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$word_doc])* $word, )*
            /// One that this crate does not know, as it came.
            Other(String),
        }

        impl $name {
            /// All that are documented, in the document's order.
            pub const ALL: &[Self] = &[$( Self::$word ),*];

            /// As it stands in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$word => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        /// In any spelling.
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                let folded = crate::loose::folded(text);
                $(
                    if folded == crate::loose::folded($text) {
                        return Self::$word;
                    }
                )*
                $(
                    if let Some(known) = $other(&folded) {
                        return known;
                    }
                )?
                Self::Other(text.trim().to_owned())
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

        crate::loose::serde_of!($name);
    };
}
pub(crate) use words;

#[cfg(test)]
#[allow(unreachable_pub)] // what the macros declare is public elsewhere
mod tests {
    use super::*;
    use crate::Id;
    use proptest::prelude::*;
    use serde_json::json;

    record! {
        /// A thing.
        pub struct Thing [text is name] {
            /// Which one.
            id: Id = "id",
            /// What it is called.
            name: Option<String> = "name" | "title",
            /// How many.
            count: Option<i64> = "count",
            /// How much of it.
            share: Option<f64> = "share",
            /// Whether it is gone.
            gone: Option<bool> = "gone",
            /// How long.
            span: Option<SignedDuration> = "span",
            /// Since when.
            since: Option<Timestamp> = "since",
            /// What it is.
            kind: Option<Kind> = "kind",
            /// What is in it.
            inside: Vec<Thing> = "inside",
        }
    }

    words! {
        /// A kind.
        pub enum Kind {
            /// One.
            ActionOnlyFinished = "action_only_finished",
        }
    }

    fn thing(value: &Value) -> Thing {
        Thing::read(value).unwrap()
    }

    #[test]
    fn a_value_is_read_in_every_dress() {
        for (count, share, gone, span) in [
            (json!(12), json!(98.5), json!(true), json!(90)),
            (json!("12"), json!("98.5%"), json!("true"), json!("90")),
            (json!(12.0), json!("98.5 %"), json!(1), json!(90.0)),
        ] {
            let read = thing(&json!({"id": 1, "count": count, "share": share, "gone": gone, "span": span}));
            assert_eq!((read.count, read.share, read.gone), (Some(12), Some(98.5), Some(true)));
            assert_eq!(read.span, Some(SignedDuration::from_secs(90)));
            assert!(read.extra.is_empty());
        }
        assert_eq!(thing(&json!({"id": 1, "span": 1.5})).span, Some(SignedDuration::from_millis(1500)));
    }

    #[test]
    fn a_word_is_the_same_in_every_spelling_and_an_unknown_one_stays() {
        for word in
            ["action_only_finished", "Action Only Finished", "ActionOnlyFinished", " ACTION ONLY FINISHED"]
        {
            assert_eq!(Kind::from(word), Kind::ActionOnlyFinished, "{word}");
        }
        assert_eq!(Kind::ALL, [Kind::ActionOnlyFinished]);
        let read = thing(&json!({"id": 1, "kind": "Brand new"}));
        assert_eq!(read.kind, Some(Kind::Other("Brand new".into())));
        assert_eq!(read.write()["kind"], "Brand new");
    }

    #[test]
    fn what_is_nothing_is_missing() {
        for nothing in [json!(null), json!(""), json!(" ")] {
            let came =
                json!({"id": 1, "count": nothing, "name": nothing, "since": nothing, "inside": nothing});
            assert_eq!(thing(&came), Thing { id: 1.into(), ..Thing::default() }, "{nothing}");
        }
    }

    #[test]
    fn a_strange_field_stays_as_it_came_and_costs_nothing_else() {
        let came = json!({"id": 1, "count": "many", "gone": "string", "colour": 7, "since": "soon", "inside": [{"id": 2}, {}]});
        let read = thing(&came);
        assert_eq!((read.count, read.gone, read.since, read.inside.len()), (None, None, None, 1));
        assert_eq!(read.write(), came);
    }

    #[test]
    fn a_list_may_be_its_only_element_and_a_record_may_be_its_name() {
        assert_eq!(thing(&json!({"id": 1, "inside": {"id": 2}})).inside[0].id, Id::from(2));
        assert_eq!(thing(&json!("a")).name.as_deref(), Some("a"));
        assert_eq!(thing(&json!({"id": 1, "title": "a"})).name.as_deref(), Some("a"));
        assert_eq!(Thing::read(&json!(1)), Err("expected an object, found a number".to_owned()));
        assert_eq!(Thing::read(&json!({"name": "a"})), Err("it has no id".to_owned()));
    }

    proptest! {
        #[test]
        fn no_value_makes_a_reader_panic(text: String, number: f64, whole: i64, near in "[-0-9:,.%TZ ]{0,24}") {
            for value in [json!(text), json!(near), json!(number), json!(whole), json!([number]), json!({"id": whole})] {
                for field in ["id", "name", "count", "share", "gone", "span", "since", "kind", "inside"] {
                    let _ = Thing::read(&json!({"id": 1, field: value}));
                    let _ = Thing::read(&json!({"id": 1, field: [value], "x": {field: value}}));
                }
            }
        }

        #[test]
        fn no_strange_field_costs_the_record_or_its_neighbours(text in "[^\"]{1,12}", number: f64) {
            for value in [json!(text), json!(number), json!([text]), json!({"a": number})] {
                for field in ["count", "share", "gone", "span", "since", "inside"] {
                    let read = thing(&json!({"id": 1, "name": "a", field: value}));
                    prop_assert_eq!(read.name.as_deref(), Some("a"));
                }
            }
        }

        #[test]
        fn what_is_written_reads_the_same(id: u64, count: Option<i64>, gone: Option<bool>, seconds in -400_000_i64..400_000, at in 0_i64..4_000_000_000_000) {
            let since = Some(Timestamp::from_millisecond(at).unwrap());
            let span = Some(SignedDuration::from_secs(seconds));
            let inside = vec![Thing { id: 2.into(), ..Thing::default() }];
            let thing = Thing { id: id.into(), count, gone, span, since, inside, ..Thing::default() };
            prop_assert_eq!(Thing::read(&thing.write()), Ok(thing));
        }
    }
}
