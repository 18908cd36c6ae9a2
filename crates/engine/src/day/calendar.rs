//! Days of a time zone. Some have 23 hours, some 25, and some do not begin at midnight.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ToSpan};
use model::{DayDate, Problem, ProblemCode, Timestamp};

/// Reads a day as it is written: `2026-03-29`.
///
/// # Errors
/// `NotPossible` for anything else.
pub(super) fn read(date: &str) -> Result<Date, Problem> {
    let wrong = || Problem::new(ProblemCode::NotPossible).with("why", "no_date").with("date", date);
    // Written back: nothing longer (with a time, with a zone) is a day.
    date.parse::<Date>().ok().filter(|day| day.to_string() == date).ok_or_else(wrong)
}

/// When a day begins and when the next one does.
///
/// # Errors
/// `NotPossible` at the ends of time.
pub(super) fn bounds(date: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Problem> {
    let begins = |date: Date| date.to_zoned(zone.clone())?.start_of_day();
    let both = date.tomorrow().and_then(|next| Ok((begins(date)?, begins(next)?)));
    let (first, end) = both.map_err(|_| Problem::new(ProblemCode::NotPossible).with("why", "no_date"))?;
    Ok((Timestamp(first.timestamp().as_millisecond()), Timestamp(end.timestamp().as_millisecond())))
}

/// The day of a moment.
pub(super) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    instant(at).to_zoned(zone.clone()).date()
}

/// The day of a moment, as it is written.
pub(super) fn date_of(at: Timestamp, zone: &TimeZone) -> DayDate {
    day_of(at, zone).to_string()
}

/// A moment as people there read it, with the offset from UTC: `2026-03-29T03:00:00+02:00`.
pub(super) fn local(at: Timestamp, zone: &TimeZone) -> String {
    instant(at).to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The days before one, newest first.
pub(super) fn before(date: Date, days: i32) -> impl Iterator<Item = Date> {
    (1..=days).map_while(move |back| date.checked_sub(back.days()).ok())
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_millisecond(at.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(date: &str, zone: &str) -> i64 {
        let zone = TimeZone::get(zone).unwrap();
        let (begins, ends) = bounds(read(date).unwrap(), &zone).unwrap();
        assert_eq!(date_of(begins, &zone), date, "the first moment is in it");
        assert_eq!(date_of(ends.plus_ms(-1), &zone), date, "and the last");
        assert_ne!(date_of(ends, &zone), date);
        ends.ms_since(begins) / 3_600_000
    }

    #[test]
    fn days_have_23_24_or_25_hours_and_need_not_begin_at_midnight() {
        assert_eq!(hours("2026-03-29", "Europe/Prague"), 23);
        assert_eq!(hours("2026-10-25", "Europe/Prague"), 25);
        assert_eq!(hours("2026-06-01", "Europe/Prague"), 24);
        // Clocks went forward at midnight: the day began at one.
        assert_eq!(hours("2018-11-04", "America/Sao_Paulo"), 23);
        assert_eq!(hours("2018-02-17", "America/Sao_Paulo"), 25);
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert!(read("2026-03-29").is_ok());
        for wrong in ["", "today", "2026-3-29", "2026-02-30", "2026-03-29T10:00", "20260329"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn moments_are_read_with_their_offset() {
        let zone = TimeZone::get("Europe/Prague").unwrap();
        let (begins, ends) = bounds(read("2026-03-29").unwrap(), &zone).unwrap();
        assert_eq!(local(begins, &zone), "2026-03-29T00:00:00+01:00");
        assert_eq!(local(ends, &zone), "2026-03-30T00:00:00+02:00");
    }
}
