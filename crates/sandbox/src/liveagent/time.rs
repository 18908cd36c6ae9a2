//! Moments as this platform writes and reads them: without a zone, in the account's.

use super::answer::Failure;
use super::inferred::ODD_DATES;
use super::request::Call;
use crate::world::{DAY, Millis, SECOND};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

const FORM: &str = "%Y-%m-%d %H:%M:%S";

/// `2012-03-02 11:21:04`, in the account's zone. A moment of 0 is no date, one beyond all calendars an impossible one.
pub(super) fn written(at: Millis, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at) {
        Ok(moment) if at != 0 => moment.to_zoned(zone.clone()).strftime(FORM).to_string(),
        Ok(_) => ODD_DATES[0].to_owned(),
        Err(_) => ODD_DATES[1].to_owned(),
    }
}

/// A moment in the account's zone; a bare date is its midnight. None if it is no date.
pub(super) fn read(text: &str, zone: &TimeZone) -> Option<Millis> {
    let text = text.trim();
    let whole = if text.len() == 10 { format!("{text} 00:00:00") } else { text.to_owned() };
    let civil = DateTime::strptime(FORM, &whole).ok()?;
    moment(civil, zone)
}

/// What the clocks of a zone show, as a moment; what they skip is the time after it.
pub(super) fn moment(civil: DateTime, zone: &TimeZone) -> Option<Millis> {
    zone.to_ambiguous_zoned(civil).compatible().ok().map(|moment| moment.timestamp().as_millisecond())
}

/// A span of time as a clock shows it: `00:08:31`, `-01:56:53`.
pub(super) fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    format!("{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// What a datetime with an operator asks of a moment: `gt:2009-11-12 05:02:01`, `btw:a,b`, `lk:2009-01-%`. Moments count
/// in whole seconds, as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Constraint {
    Equal(i64),
    Unequal(i64),
    /// Both ends belong to it.
    Between(i64, i64),
    Like(String),
}

impl Constraint {
    pub(super) fn read(text: &str, zone: &TimeZone) -> Result<Self, Failure> {
        let words = ["eq", "neq", "gt", "lt", "gte", "lte", "btw", "lk"];
        let (operator, operand) = match text.split_once(':') {
            Some((word, rest)) if words.contains(&word) => (word, rest),
            _ => ("eq", text),
        };
        let bad = || Failure::processing(format!("{text} is no valid datetime"));
        let seconds = |text: &str| read(text, zone).map(|at| at.div_euclid(SECOND)).ok_or_else(bad);
        Ok(match operator {
            "lk" => Self::Like(operand.trim().to_owned()),
            "btw" => {
                let (from, to) = operand.split_once(',').ok_or_else(bad)?;
                Self::Between(seconds(from)?, seconds(to)?)
            }
            "neq" => Self::Unequal(seconds(operand)?),
            "gt" => Self::Between(seconds(operand)? + 1, i64::MAX),
            "gte" => Self::Between(seconds(operand)?, i64::MAX),
            "lt" => Self::Between(i64::MIN, seconds(operand)? - 1),
            "lte" => Self::Between(i64::MIN, seconds(operand)?),
            _ => Self::Equal(seconds(operand)?),
        })
    }

    pub(super) fn holds(&self, at: Millis, zone: &TimeZone) -> bool {
        let seconds = at.div_euclid(SECOND);
        match self {
            Self::Equal(wanted) => seconds == *wanted,
            Self::Unequal(other) => seconds != *other,
            Self::Between(from, to) => (*from..=*to).contains(&seconds),
            Self::Like(pattern) => like(written(at, zone).as_bytes(), pattern.as_bytes()),
        }
    }
}

/// `%` stands for any text, `?` for one character. `reached` holds which beginnings of the pattern the text so far fits.
fn like(text: &[u8], pattern: &[u8]) -> bool {
    let skip = |reached: &mut Vec<bool>| {
        for at in 0..pattern.len() {
            reached[at + 1] |= reached[at] && pattern[at] == b'%';
        }
    };
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip(&mut reached);
    for c in text {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate() {
            match wanted {
                b'%' => next[at] |= reached[at],
                _ => next[at + 1] |= reached[at] && (*wanted == b'?' || wanted == c),
            }
        }
        skip(&mut next);
        reached = next;
    }
    reached[pattern.len()]
}

/// The span that a report is about: `date_from` and `date_to`, or `datetime` (`L30D`, `TM`, `LM`, `2014-06`); the last 30
/// days if nothing is said. A bare `date_to` means the whole of that day.
pub(super) fn span(call: &Call, now: Millis, zone: &TimeZone) -> Result<(Millis, Millis), Failure> {
    let bad = |text: &str| Failure::processing(format!("{text} is no valid datetime"));
    let today = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone.clone()).datetime();
    let midnight = |date: Date| moment(date.to_datetime(Time::midnight()), zone);
    let month = |year: i16, month: i8| {
        let first = Date::new(year, month, 1).ok()?;
        Some((midnight(first)?, midnight(first.checked_add(1.month()).ok()?)? - 1))
    };
    let from = call.param("date_from");
    let to = call.param("date_to");
    if from.is_none() && to.is_none() {
        let asked = call.param("datetime").unwrap_or("L30D");
        return match asked {
            "TM" => month(today.year(), today.month()),
            "LM" => {
                let before = today.date().first_of_month().yesterday().map_err(|_| bad(asked))?;
                month(before.year(), before.month())
            }
            "L30D" => Some((now - 30 * DAY, now)),
            other => other.split_once('-').and_then(|(y, m)| month(y.parse().ok()?, m.parse().ok()?)),
        }
        .ok_or_else(|| bad(asked));
    }
    let from = from.map(|text| read(text, zone).ok_or_else(|| bad(text))).transpose()?;
    let to = to
        .map(|text| match text {
            "now" => Ok(now),
            _ if text.trim().len() == 10 => {
                read(&format!("{} 23:59:59", text.trim()), zone).ok_or_else(|| bad(text))
            }
            _ => read(text, zone).ok_or_else(|| bad(text)),
        })
        .transpose()?;
    Ok((from.unwrap_or(now - 30 * DAY), to.unwrap_or(now)))
}

#[cfg(test)]
mod tests {
    use super::{Constraint, clock, read, written};
    use jiff::tz::TimeZone;

    #[test]
    fn a_moment_is_written_in_the_zone_of_the_account_and_read_back() {
        let zone = TimeZone::get("Europe/Prague").unwrap();
        assert_eq!(written(1_700_000_000_000, &zone), "2023-11-14 23:13:20");
        assert_eq!(written(0, &zone), "0000-00-00 00:00:00");
        assert_eq!(read(&written(i64::MAX, &zone), &zone), None);
        assert_eq!(read("2023-11-14 23:13:20", &zone), Some(1_700_000_000_000));
        assert_eq!(read("2023-11-14", &TimeZone::UTC), Some(1_699_920_000_000));
        assert_eq!(read("yesterday", &zone), None);
        // The hour that summer time skips is read as the hour after it.
        assert_eq!(written(read("2026-03-29 02:30:00", &zone).unwrap(), &zone), "2026-03-29 03:30:00");
    }

    #[test]
    fn operators_compare_whole_seconds_of_the_account() {
        let zone = TimeZone::get("Asia/Kolkata").unwrap();
        let at = read("2009-11-12 05:02:01", &zone).unwrap() + 999;
        let holds = |c: &str| Constraint::read(c, &zone).unwrap().holds(at, &zone);
        for c in [
            "2009-11-12 05:02:01",
            "eq:2009-11-12 05:02:01",
            "neq:2009-11-12",
            "gt:2009-11-12 05:02:00",
            "gte:2009-11-12 05:02:01",
            "lt:2009-11-13",
            "lte:2009-11-12 05:02:01",
            "btw:2009-11-12 05:02:01,2010-10-11 04:01:59",
            "lk:2009-11-%",
            "lk:2009-11-12 ??:02:01",
        ] {
            assert!(holds(c), "{c}");
        }
        for c in ["gt:2009-11-12 05:02:01", "lk:2008%", "btw:2010-01-01,2011-01-01", "lt:2009-11-12"] {
            assert!(!holds(c), "{c}");
        }
        assert!(Constraint::read("gt:soon", &zone).is_err());
        assert!(Constraint::read("btw:2009-11-12", &zone).is_err());
    }

    #[test]
    fn spans_of_time_may_be_negative() {
        assert_eq!(clock(511), "00:08:31");
        assert_eq!(clock(-7_013), "-01:56:53");
    }
}
