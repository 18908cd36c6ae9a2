//! Times: "in UTC", ISO 8601, with milliseconds (`2018-06-07T19:49:52.896Z`).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads a time. One that names no zone is in UTC, as the document promises for all of them.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let plain = text.strip_suffix("UTC").map_or(text, str::trim_end);
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_digit() || b"-: .T".contains(&byte));
    let civil: DateTime = plain.parse().ok().filter(|_| is_plain)?;
    civil.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_in_utc() {
        let expected: Timestamp = "2018-06-07T19:49:52Z".parse().unwrap();
        for text in [
            "2018-06-07T19:49:52Z",
            "2018-06-07T19:49:52.000Z",
            " 2018-06-07T19:49:52 ",
            "2018-06-07 19:49:52",
            "2018-06-07 19:49:52 UTC",
            "2018-06-07T21:49:52+02:00",
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for none in
            ["", "soon", "0000-00-00 00:00:00", "2018-13-07T19:49:52Z", "7", "2018-06-07T19:49:52 CET"]
        {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(any: String, near in "[-0-9:T .ZUC+]{0,30}") {
            let _ = (parse(&any), parse(&near));
        }
    }
}
