//! All the forms in which this API writes a time.
//!
//! Mostly `2010-10-11T05:30:00Z`; the line state has an offset of two digits (`2020-03-10T11:05:00+01`), tickets
//! milliseconds and a full offset, device news no zone at all (`2025-03-10 20:28:32.213`), a transfer milliseconds
//! since 1970. No end is written `NEVER` or `never`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::inferred;
use crate::loose::{Loose, serde_of};

/// When something ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Not by itself: `NEVER`.
    Never,
    /// Then.
    At(Timestamp),
}

impl End {
    /// The moment, if there is one.
    pub fn moment(self) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(moment) => Some(moment),
        }
    }

    /// As it is written in a path: `never` or a moment in UTC.
    pub(crate) fn in_path(self) -> String {
        match self {
            Self::Never => "never".to_owned(),
            Self::At(moment) => moment.to_string(),
        }
    }
}

impl Loose for End {
    fn read(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some(text) if text.trim().eq_ignore_ascii_case("never") => Some(Self::Never),
            _ => Timestamp::read(value).map(Self::At),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Never => "NEVER".into(),
            Self::At(moment) => moment.write(),
        }
    }
}

serde_of!(End);

/// Reads a time. One without zone is read as `inferred::zoneless` says; so is a date, at its beginning.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    if let Ok(number) = text.parse::<i64>() {
        return from_epoch(number);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return inferred::zoneless(local);
    }
    text.parse::<Date>().ok().and_then(|date| inferred::zoneless(date.into()))
}

/// Milliseconds since 1970; a number too small for that is seconds. Zero stands for no time.
pub(crate) fn from_epoch(number: i64) -> Option<Timestamp> {
    match number {
        0 => None,
        // In seconds this is the year 5138, in milliseconds 1973.
        ..100_000_000_000 => Timestamp::from_second(number).ok(),
        _ => Timestamp::from_millisecond(number).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_of_the_document_is_read() {
        for (form, utc) in [
            (json!("2010-10-11T05:30:00Z"), "2010-10-11T05:30:00Z"),
            (json!("2020-03-10T11:05:00+01"), "2020-03-10T10:05:00Z"),
            (json!("2020-03-10T11:05:00-0530"), "2020-03-10T16:35:00Z"),
            (json!("2023-11-10T14:38:39.482+00:00"), "2023-11-10T14:38:39.482Z"),
            (json!("2025-03-10 20:28:32.213"), "2025-03-10T20:28:32.213Z"),
            (json!(1_741_673_212_357_i64), "2025-03-11T06:06:52.357Z"),
            (json!("1741673212357"), "2025-03-11T06:06:52.357Z"),
            (json!(1_741_673_212), "2025-03-11T06:06:52Z"),
            (json!("2023-11-25"), "2023-11-25T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::read(&form), Some(utc.parse().unwrap()), "{form}");
        }
        for nonsense in [json!("soon"), json!(""), json!(0), json!("2020-13-01T00:00:00Z"), json!(true)] {
            assert_eq!(Timestamp::read(&nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn an_end_may_be_never() {
        for never in ["NEVER", "never", " Never "] {
            assert_eq!(End::read(&json!(never)), Some(End::Never));
        }
        let end = End::read(&json!("2020-01-31T20:00:00Z")).unwrap();
        assert_eq!(
            (end.write(), end.in_path()),
            (json!("2020-01-31T20:00:00Z"), "2020-01-31T20:00:00Z".into())
        );
        assert_eq!((End::Never.write(), End::Never.in_path()), (json!("NEVER"), "never".into()));
        assert_eq!(End::read(&json!("later")), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_number_makes_it_panic(text: String, number: i64) {
            let _ = (read(&text), from_epoch(number));
        }
    }
}
