//! Readers for what PHP sends where documents promise something else.
//!
//! The same field arrives as `7`, `"7"` or `7.0`, an empty map as `[]`, a reference as an object, a partial
//! object without its name, a bare name, a number, `{}` or `null`. Everything that has one sensible meaning is
//! read as that; what has none becomes "not there" and is noted in [`Reading::odd`], so that one strange field
//! never costs a record and one strange record never costs a list. Only a record without its identifier
//! cannot be read at all ([`crate::Unreadable`]).
//!
//! Dates carry no zone; they are read in the zone that the answer's envelope names.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::record::{Record, Row};

/// How deep references are read as full records; below that only their name and title. Keeps an endless
/// chain of parents from filling the stack.
const DEEPEST: u8 = 4;

/// What is known while one answer is read.
#[derive(Debug)]
pub struct Reading {
    zone: TimeZone,
    depth: Cell<u8>,
    odd: RefCell<Vec<String>>,
}

impl Reading {
    /// Begins to read an answer whose dates are in this zone.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, depth: Cell::new(0), odd: RefCell::new(Vec::new()) }
    }

    /// The fields that had no sensible meaning and were left out, as `Ticket.title: expected text`.
    pub fn odd(self) -> Vec<String> {
        self.odd.into_inner()
    }

    pub(crate) fn note(&self, what: String) {
        // A hostile answer must not make this list grow without end.
        let mut odd = self.odd.borrow_mut();
        if odd.len() < 100 {
            odd.push(what);
        }
    }
}

/// What a field of a record can be.
pub trait FieldValue: Sized {
    /// Reads the field; `value` is null if it is absent.
    ///
    /// # Errors
    /// Only if the record makes no sense without it.
    fn read(value: &Value, key: &str, row: &Row<'_>) -> Result<Self, String>;
}

/// One value that may come in several dresses.
pub trait Loose: Sized {
    /// What it is called when something else was found.
    const WHAT: &'static str;

    /// `Ok(None)` if the value stands for "none", `Err` if it makes no sense.
    fn loose(value: &Value, reading: &Reading) -> Result<Option<Self>, Odd>;
}

/// The value made no sense.
#[derive(Debug)]
pub struct Odd;

impl<T: Loose> FieldValue for Option<T> {
    fn read(value: &Value, key: &str, row: &Row<'_>) -> Result<Self, String> {
        Ok(T::loose(value, row.reading).unwrap_or_else(|Odd| {
            row.odd(key, T::WHAT, value);
            None
        }))
    }
}

impl<T: Loose> FieldValue for Vec<T> {
    fn read(value: &Value, key: &str, row: &Row<'_>) -> Result<Self, String> {
        let Some(values) = elements(value) else {
            row.odd(key, "a list", value);
            return Ok(Vec::new());
        };
        let mut all = Vec::new();
        for value in values {
            match T::loose(value, row.reading) {
                Ok(one) => all.extend(one),
                Err(Odd) => row.odd(key, T::WHAT, value),
            }
        }
        Ok(all)
    }
}

/// The identifier of a record: a text or a number, kept as text, never empty.
impl FieldValue for String {
    fn read(value: &Value, key: &str, _: &Row<'_>) -> Result<Self, String> {
        text(value).ok_or_else(|| format!("it has no usable `{key}`"))
    }
}

/// A map whose inside is the caller's business; `[]` and null are empty.
impl FieldValue for Map<String, Value> {
    fn read(value: &Value, key: &str, row: &Row<'_>) -> Result<Self, String> {
        match value {
            Value::Object(map) => return Ok(map.clone()),
            Value::Null => {}
            Value::Array(list) if list.is_empty() => {}
            Value::String(text) if text.is_empty() => {}
            other => row.odd(key, "a map", other),
        }
        Ok(Self::new())
    }
}

impl FieldValue for Value {
    fn read(value: &Value, _: &str, _: &Row<'_>) -> Result<Self, String> {
        Ok(value.clone())
    }
}

impl Loose for String {
    const WHAT: &'static str = "text";

    fn loose(value: &Value, _: &Reading) -> Result<Option<Self>, Odd> {
        match value {
            Value::Null | Value::Bool(false) => Ok(None),
            Value::Array(list) if list.is_empty() => Ok(None),
            Value::Object(map) if map.is_empty() => Ok(None),
            Value::String(text) if text.is_empty() => Ok(None),
            Value::String(_) | Value::Number(_) => Ok(text(value)),
            Value::Bool(true) | Value::Array(_) | Value::Object(_) => Err(Odd),
        }
    }
}

impl Loose for i64 {
    const WHAT: &'static str = "a whole number";

    fn loose(value: &Value, reading: &Reading) -> Result<Option<Self>, Odd> {
        if let Some(whole) = value.as_i64() {
            return Ok(Some(whole));
        }
        let Some(number) = f64::loose(value, reading)? else { return Ok(None) };
        // Beyond 2^53 a float is not the number that was meant.
        if number.abs() < 9_007_199_254_740_992.0 { Ok(Some(number as Self)) } else { Err(Odd) }
    }
}

impl Loose for f64 {
    const WHAT: &'static str = "a number";

    fn loose(value: &Value, _: &Reading) -> Result<Option<Self>, Odd> {
        match value {
            Value::Null => Ok(None),
            Value::Bool(yes) => Ok(Some(f64::from(u8::from(*yes)))),
            Value::Number(number) => Ok(number.as_f64()),
            Value::String(text) if text.trim().is_empty() => Ok(None),
            Value::String(text) => {
                text.trim().parse().ok().filter(|n: &f64| n.is_finite()).map(Some).ok_or(Odd)
            }
            Value::Array(list) if list.is_empty() => Ok(None),
            Value::Array(_) | Value::Object(_) => Err(Odd),
        }
    }
}

impl Loose for bool {
    const WHAT: &'static str = "yes or no";

    fn loose(value: &Value, _: &Reading) -> Result<Option<Self>, Odd> {
        match value {
            Value::Null => Ok(None),
            Value::Bool(yes) => Ok(Some(*yes)),
            Value::Number(number) => Ok(number.as_f64().map(|n| n != 0.0)),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "" => Ok(None),
                "1" | "true" | "yes" | "on" => Ok(Some(true)),
                "0" | "false" | "no" | "off" => Ok(Some(false)),
                _ => Err(Odd),
            },
            Value::Array(list) if list.is_empty() => Ok(None),
            Value::Array(_) | Value::Object(_) => Err(Odd),
        }
    }
}

/// `YYYY-MM-DD HH:MM:SS` (or only the date) in the answer's zone; also ISO 8601 with an offset, and seconds
/// since 1970. MySQL's `0000-00-00 00:00:00` is "none". An hour that daylight saving repeats is the earlier.
impl Loose for Timestamp {
    const WHAT: &'static str = "a date";

    fn loose(value: &Value, reading: &Reading) -> Result<Option<Self>, Odd> {
        match value {
            Value::Null | Value::Bool(false) => Ok(None),
            Value::Array(list) if list.is_empty() => Ok(None),
            Value::String(text) if text.is_empty() || text.starts_with("0000-00-00") => Ok(None),
            Value::String(text) => timestamp(text, &reading.zone).map(Some).ok_or(Odd),
            Value::Number(number) => match number.as_i64() {
                Some(0) => Ok(None),
                Some(seconds) => Self::from_second(seconds).map(Some).map_err(|_| Odd),
                None => Err(Odd),
            },
            Value::Bool(true) | Value::Array(_) | Value::Object(_) => Err(Odd),
        }
    }
}

/// A date as Daktela writes it, in the given zone.
pub(crate) fn timestamp(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    let local: DateTime = text.parse().ok()?;
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

/// A reference to another record.
///
/// Daktela writes references in full, in part (a user seen by somebody without rights has a title and no
/// name), as a bare name or as a number; whatever of it was there is here.
#[derive(Debug, Clone, PartialEq)]
pub struct Fk<T> {
    /// The identifier of the record meant, if it was told.
    pub name: Option<String>,
    /// What to show, if it was told.
    pub title: Option<String>,
    /// The record itself, if enough of it was there (and it is not nested too deep).
    pub full: Option<Box<T>>,
}

impl<T> Fk<T> {
    /// A reference by name only.
    pub fn to(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), title: None, full: None }
    }

    /// Whether it points at the record of that name.
    pub fn is(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name)
    }

    /// The title, else the name, else nothing: what can be shown.
    pub fn label(&self) -> &str {
        self.title.as_deref().or(self.name.as_deref()).unwrap_or_default()
    }
}

impl<T: Record> Loose for Fk<T> {
    const WHAT: &'static str = "a reference";

    fn loose(value: &Value, reading: &Reading) -> Result<Option<Self>, Odd> {
        match value {
            Value::Null | Value::Bool(false) => Ok(None),
            Value::Array(list) if list.is_empty() => Ok(None),
            Value::Object(map) if map.is_empty() => Ok(None),
            Value::String(_) | Value::Number(_) => Ok(text(value).map(Self::to)),
            Value::Object(map) => {
                let name = map.get(T::KEY).and_then(text);
                let title = map.get("title").and_then(text);
                Ok(Some(Self { name, title, full: nested(map, reading).map(Box::new) }))
            }
            Value::Bool(true) | Value::Array(_) => Err(Odd),
        }
    }
}

/// Reads a record inside another, unless it is nested too deep or has no identifier.
pub(crate) fn nested<T: Record>(map: &Map<String, Value>, reading: &Reading) -> Option<T> {
    let depth = reading.depth.get();
    if depth >= DEEPEST {
        return None;
    }
    reading.depth.set(depth + 1);
    let record = T::read(map, reading).ok();
    reading.depth.set(depth);
    record
}

/// The fields that an instance defines by itself; each has any number of values.
///
/// A contact's phone numbers and e-mail addresses live here and nowhere else, under keys that every instance
/// may choose (`number` and `email` unless changed).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomFields(pub BTreeMap<String, Vec<String>>);

impl CustomFields {
    /// The values of a field, without the empty ones.
    pub fn get(&self, key: &str) -> &[String] {
        self.0.get(key).map(Vec::as_slice).unwrap_or_default()
    }
}

impl FieldValue for CustomFields {
    fn read(value: &Value, key: &str, row: &Row<'_>) -> Result<Self, String> {
        let map = <Map<String, Value>>::read(value, key, row)?;
        let values = |value: &Value| match value {
            Value::Array(list) => list.iter().filter_map(text).collect(),
            Value::Object(map) => map.values().filter_map(text).collect(),
            scalar => text(scalar).into_iter().collect(),
        };
        Ok(Self(map.iter().map(|(key, value)| (key.clone(), values(value))).collect()))
    }
}

/// A text or a number as text; nothing for everything else and for the empty text.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The elements of a list, or of a map that stands for one; `None` if it is neither.
pub(crate) fn elements(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Null | Value::Bool(false) => Some(Vec::new()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::Array(list) => Some(list.iter().collect()),
        Value::Object(map) => Some(map.values().collect()),
        _ => None,
    }
}

/// What a value is, in a word.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reading() -> Reading {
        Reading::new(TimeZone::get("Europe/Prague").unwrap())
    }

    fn read<T: Loose>(value: &Value) -> Option<T> {
        T::loose(value, &reading()).unwrap_or_else(|Odd| panic!("{value} makes no sense"))
    }

    #[test]
    fn numbers_come_in_every_dress() {
        for value in [json!(7), json!("7"), json!(7.0), json!(" 7 ")] {
            assert_eq!(read::<i64>(&value), Some(7), "{value}");
        }
        for value in [json!(null), json!(""), json!([])] {
            assert_eq!(read::<i64>(&value), None, "{value}");
        }
        for value in [json!("seven"), json!({"a": 1}), json!(1e300), json!("NaN")] {
            assert!(i64::loose(&value, &reading()).is_err(), "{value}");
        }
    }

    #[test]
    fn yes_and_no_come_in_every_dress() {
        for value in [json!(true), json!(1), json!("1"), json!("YES"), json!("true")] {
            assert_eq!(read::<bool>(&value), Some(true), "{value}");
        }
        for value in [json!(false), json!(0), json!("0"), json!("NO")] {
            assert_eq!(read::<bool>(&value), Some(false), "{value}");
        }
        assert_eq!(read::<bool>(&json!("")), None);
    }

    #[test]
    fn dates_are_read_in_the_zone_of_the_answer_with_its_daylight_saving() {
        for (text, utc) in [
            ("2022-06-07 15:18:24", "2022-06-07T13:18:24Z"),
            ("2022-01-07 15:18:24", "2022-01-07T14:18:24Z"),
            ("2022-01-07", "2022-01-06T23:00:00Z"),
            ("2024-10-27 02:30:00", "2024-10-27T00:30:00Z"), // happens twice: the earlier
            ("2024-03-31 02:30:00", "2024-03-31T01:30:00Z"), // never happens
            ("2022-06-07T15:18:24+05:30", "2022-06-07T09:48:24Z"),
        ] {
            assert_eq!(read::<Timestamp>(&json!(text)), Some(utc.parse().unwrap()), "{text}");
        }
        assert_eq!(read::<Timestamp>(&json!("0000-00-00 00:00:00")), None);
        assert!(Timestamp::loose(&json!("yesterday"), &reading()).is_err());
    }
}
