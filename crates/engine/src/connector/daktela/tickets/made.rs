//! Records for tests, from JSON as the platform writes it.

use daktela::{Moments, Reading, Record};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Reads a record as the client does; dates are Prague's.
pub(super) fn record<T: Record>(value: Value) -> T {
    let reading = Reading::new(TimeZone::get("Europe/Prague").expect("a zone"));
    let Value::Object(map) = value else { panic!("no record: {value}") };
    T::read(&map, &reading).expect("a record")
}

/// A server in Prague whose clock is ours.
pub(super) fn moments() -> Moments {
    Moments::default()
}

/// A moment in milliseconds.
pub(super) fn at(text: &str) -> model::Timestamp {
    model::Timestamp(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
}
