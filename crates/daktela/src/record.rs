//! How a model is declared: once, as a struct whose fields say how they are read.
//!
//! [`record!`] makes of it the struct, its reader and the names of its fields for queries; [`words!`] does the same for
//! lists of words that may grow with the next release. The readers themselves are in [`crate::loose`].

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::loose::{FieldValue, Reading, kind};

/// Why a record could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Position in the list, from 0.
    pub index: usize,
    /// What is wrong, for the log and for "1 record could not be shown"; holds none of its values.
    pub why: String,
}

/// One of Daktela's models.
pub trait Record: Sized {
    /// The name of the model in URLs.
    const MODEL: &'static str;
    /// The field that identifies a record.
    const KEY: &'static str;

    /// Reads a record.
    ///
    /// # Errors
    /// Says what is missing if the record has no identifier.
    fn read(map: &Map<String, Value>, reading: &Reading) -> Result<Self, String>;
}

/// A record while it is read: its fields and what is known.
pub struct Row<'a> {
    pub(crate) map: &'a Map<String, Value>,
    pub(crate) reading: &'a Reading,
    model: &'static str,
}

impl<'a> Row<'a> {
    pub(crate) fn new(map: &'a Map<String, Value>, reading: &'a Reading, model: &'static str) -> Self {
        Self { map, reading, model }
    }

    /// Reads the field, under the first of its names that is there and not null.
    pub(crate) fn field<T: FieldValue>(&self, keys: &[&'static str]) -> Result<T, String> {
        let found = keys.iter().find_map(|key| self.map.get(*key).filter(|value| !value.is_null()));
        let key = keys.first().copied().unwrap_or_default();
        T::read(found.unwrap_or(&Value::Null), key, self)
    }

    pub(crate) fn odd(&self, key: &str, wanted: &str, value: &Value) {
        let model = if self.model.is_empty() { "record" } else { self.model };
        self.reading.note(format!("{model}.{key}: expected {wanted}, found {}", kind(value)));
    }
}

/// A field of a model, for filters, sorting and choosing fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field(pub(crate) Cow<'static, str>);

impl Field {
    /// The field of this name; for fields that this crate does not know.
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// One of the fields that the instance defines by itself.
    pub fn custom(key: &str) -> Self {
        Self(format!("customFields.{key}").into())
    }

    /// A field of the record that this field refers to.
    pub fn dot(&self, inner: &Self) -> Self {
        Self(format!("{}.{}", self.0, inner.0).into())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Declares a model: its struct, its reader and its field names.
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub struct $name:ident($model:literal) $fields:ident {
            $( $(#[$field_doc:meta])* $field:ident $(as $($key:literal)|+)? : $type:ty, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
        }

        #[doc = concat!("The names of the fields of [`", stringify!($name), "`], see its `FIELDS`.")]
        #[derive(Debug)]
        #[allow(missing_docs)] // they say what the fields of the record say
        pub struct $fields {
            $( pub $field: crate::record::Field, )*
        }

        impl $name {
            /// The names of the fields, for queries.
            pub const FIELDS: $fields = $fields {
                $( $field: crate::record::Field::named(
                    crate::record::first(record!(@keys $field $($($key)+)?))
                ), )*
            };
        }

        impl crate::record::Record for $name {
            const MODEL: &'static str = $model;
            const KEY: &'static str = record!(@key $($field)*);

            fn read(
                map: &serde_json::Map<String, serde_json::Value>,
                reading: &crate::loose::Reading,
            ) -> Result<Self, String> {
                let row = crate::record::Row::new(map, reading, stringify!($name));
                Ok(Self { $( $field: row.field(record!(@keys $field $($($key)+)?))?, )* })
            }
        }

        impl crate::loose::Loose for $name {
            const WHAT: &'static str = "a record";

            fn loose(
                value: &serde_json::Value,
                reading: &crate::loose::Reading,
            ) -> Result<Option<Self>, crate::loose::Odd> {
                match value {
                    serde_json::Value::Null => Ok(None),
                    serde_json::Value::Object(map) => {
                        crate::loose::nested(map, reading).map(Some).ok_or(crate::loose::Odd)
                    }
                    _ => Err(crate::loose::Odd),
                }
            }
        }
    };
    (@keys $field:ident) => { &[stringify!($field)] };
    (@keys $field:ident $($key:literal)+) => { &[$($key),+] };
    (@key id_call $($rest:ident)*) => { "id_call" };
    (@key id_agent $($rest:ident)*) => { "id_agent" };
    (@key $($rest:ident)*) => { "name" };
}
pub(crate) use record;

pub(crate) const fn first(keys: &[&'static str]) -> &'static str {
    keys[0]
}

/// Declares a list of words that may grow with the next release: an unknown word is kept as it is.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$word_doc:meta])* $word:ident = $text:literal, )* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$word_doc])* $word, )*
            /// A word that this crate does not know.
            Other(String),
        }

        impl $name {
            /// The word as Daktela writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$word => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
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
            const WHAT: &'static str = "a word";

            fn loose(
                value: &serde_json::Value,
                reading: &crate::loose::Reading,
            ) -> Result<Option<Self>, crate::loose::Odd> {
                let text = <String as crate::loose::Loose>::loose(value, reading)?;
                Ok(text.map(|text| Self::from(text.as_str())))
            }
        }
    };
}
pub(crate) use words;
