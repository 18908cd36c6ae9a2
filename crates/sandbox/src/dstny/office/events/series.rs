//! On which dates a recurring event is held, and the same as a rule after RFC 5545.

use super::{items, text};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde_json::Value;

/// A series is looked through for so many days at most.
const LONGEST: i32 = 4_000;

const DAYS: [(&str, Weekday); 7] = [
    ("MONDAY", Weekday::Monday),
    ("TUESDAY", Weekday::Tuesday),
    ("WEDNESDAY", Weekday::Wednesday),
    ("THURSDAY", Weekday::Thursday),
    ("FRIDAY", Weekday::Friday),
    ("SATURDAY", Weekday::Saturday),
    ("SUNDAY", Weekday::Sunday),
];

/// The parts of an event that say when it is held.
pub(super) struct Series {
    kind: String,
    start: Date,
    interval: i32,
    days: Vec<Weekday>,
    day_of_month: Option<i8>,
    month: Option<i8>,
    position: String,
    last: Option<Date>,
    occurrences: Option<i64>,
}

fn date_of(event: &Value, member: &str) -> Option<Date> {
    text(event, member).get(..10)?.parse().ok()
}

fn small(event: &Value, member: &str) -> Option<i8> {
    event.get(member)?.as_i64()?.try_into().ok()
}

impl Series {
    /// None if the event has no start.
    pub(super) fn read(event: &Value) -> Option<Self> {
        let range = text(event, "recurrenceRangeType");
        let named = items(event, "daysOfWeek");
        let day = |name: &Value| {
            let name = name.as_str()?.to_uppercase();
            DAYS.iter().find(|(full, _)| name.len() >= 2 && full.starts_with(&name)).map(|(_, day)| *day)
        };
        Some(Self {
            kind: text(event, "recurringType").to_owned(),
            start: date_of(event, "dateTimeStart")?,
            interval: event.get("interval").and_then(Value::as_i64).map_or(1, |n| n.clamp(1, 1_000) as i32),
            days: named.into_iter().filter_map(day).collect(),
            day_of_month: small(event, "dayOfMonth"),
            month: small(event, "monthOfYear"),
            position: text(event, "weekPosition").to_owned(),
            last: date_of(event, "endDate").filter(|_| range == "END_DATE"),
            occurrences: event
                .get("numberOfOccurrences")
                .and_then(Value::as_i64)
                .filter(|_| range == "NUMBERED"),
        })
    }

    pub(super) fn is_held(&self, date: Date) -> bool {
        if !self.falls_on(date) || self.last.is_some_and(|last| date > last) {
            return false;
        }
        let Some(most) = self.occurrences else { return true };
        let days = self.start.series(1.day()).take_while(|d| *d <= date).take(LONGEST as usize);
        i64::try_from(days.filter(|d| self.falls_on(*d)).count()).is_ok_and(|n| n <= most)
    }

    fn falls_on(&self, date: Date) -> bool {
        let days = date.since(self.start).map_or(-1, |span| span.get_days());
        if !(0..LONGEST).contains(&days) {
            return false;
        }
        let months = (i32::from(date.year()) - i32::from(self.start.year())) * 12 + i32::from(date.month())
            - i32::from(self.start.month());
        let day = self.day_of_month.unwrap_or(self.start.day());
        let month = self.month.unwrap_or(self.start.month());
        // Weeks begin on Monday.
        let start_of_week = i32::from(self.start.weekday().to_monday_zero_offset());
        let weeks = (days + start_of_week) / 7;
        match self.kind.as_str() {
            "DAILY" => days % self.interval == 0,
            "WEEKLY" => weeks % self.interval == 0 && self.on_its_weekday(date),
            "BIWEEKLY" => weeks % 2 == 0 && self.on_its_weekday(date),
            "MONTHLY" | "MONTHLY_ABSOLUTE" => months % self.interval == 0 && date.day() == day,
            "MONTHLY_RELATIVE" => months % self.interval == 0 && self.in_its_week(date),
            "YEARLY" | "YEARLY_ABSOLUTE" => {
                months % (12 * self.interval) == 0 && date.month() == month && date.day() == day
            }
            "YEARLY_RELATIVE" => date.month() == month && self.in_its_week(date),
            _ => days == 0,
        }
    }

    fn on_its_weekday(&self, date: Date) -> bool {
        let own = [self.start.weekday()];
        let days = if self.days.is_empty() { &own[..] } else { &self.days };
        days.contains(&date.weekday())
    }

    fn in_its_week(&self, date: Date) -> bool {
        let nth = (date.day() - 1) / 7;
        let is_last = date.day() + 7 > date.days_in_month();
        let right_week = match self.position.as_str() {
            "FIRST" => nth == 0,
            "SECOND" => nth == 1,
            "THIRD" => nth == 2,
            "FOURTH" => nth == 3,
            "LAST" => is_last,
            _ => nth == (self.start.day() - 1) / 7,
        };
        right_week && self.on_its_weekday(date)
    }
}

/// `FREQ=DAILY;INTERVAL=1` and the like; none if the event is held once.
pub(super) fn rule(event: &Value) -> Option<String> {
    let series = Series::read(event)?;
    let (kind, interval) = match series.kind.as_str() {
        "" | "NONE" => return None,
        "BIWEEKLY" => ("WEEKLY", 2),
        other => (other.split('_').next().unwrap_or(other), series.interval),
    };
    let mut rule = format!("FREQ={kind};INTERVAL={interval}");
    let days: Vec<&str> =
        DAYS.iter().filter(|(_, day)| series.days.contains(day)).map(|(name, _)| &name[..2]).collect();
    if !days.is_empty() {
        rule.push_str(&format!(";BYDAY={}", days.join(",")));
    }
    if let Some(last) = series.last {
        rule.push_str(&format!(";UNTIL={}", last.strftime("%Y%m%dT235959Z")));
    }
    if let Some(most) = series.occurrences {
        rule.push_str(&format!(";COUNT={most}"));
    }
    Some(rule)
}

#[cfg(test)]
mod tests {
    use super::{Series, rule};
    use serde_json::{Value, json};

    fn held(event: &Value, date: &str) -> bool {
        Series::read(event).unwrap().is_held(date.parse().unwrap())
    }

    #[test]
    fn a_series_is_held_on_its_dates() {
        let mut event = json!({"dateTimeStart": "2026-01-05T09:00:00Z", "recurringType": "WEEKLY", "interval": 2,
            "daysOfWeek": ["MONDAY", "THURSDAY"]});
        assert!(held(&event, "2026-01-08") && held(&event, "2026-01-19") && !held(&event, "2026-01-12"));
        assert!(!held(&event, "2026-01-01"), "not before it starts");
        assert_eq!(rule(&event).unwrap(), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH");
        event["recurrenceRangeType"] = json!("NUMBERED");
        event["numberOfOccurrences"] = json!(3);
        assert!(held(&event, "2026-01-19") && !held(&event, "2026-01-22"));
        let last_friday = json!({"dateTimeStart": "2026-01-30T09:00:00Z", "recurringType": "MONTHLY_RELATIVE",
            "weekPosition": "LAST", "daysOfWeek": ["FRIDAY"], "recurrenceRangeType": "END_DATE",
            "endDate": "2026-03-27T09:00:00Z"});
        assert!(held(&last_friday, "2026-02-27") && held(&last_friday, "2026-03-27"));
        assert!(!held(&last_friday, "2026-02-20") && !held(&last_friday, "2026-04-24"));
        let once = json!({"dateTimeStart": "2026-01-30T09:00:00Z", "recurringType": "NONE"});
        assert!(held(&once, "2026-01-30") && !held(&once, "2026-01-31"));
        assert_eq!(rule(&once), None);
    }
}
