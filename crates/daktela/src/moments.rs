//! The server's clock and zone, as its latest answer told them: what dates are written in, and which moment there is ours.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::inferred;

/// What is known of the server's clock.
#[derive(Debug, Clone)]
pub struct Moments {
    zone: TimeZone,
    ahead: SignedDuration,
}

impl Default for Moments {
    fn default() -> Self {
        Self { zone: inferred::default_zone(), ahead: SignedDuration::ZERO }
    }
}

impl Moments {
    /// What an answer told that came at `now` of this computer's clock.
    pub(crate) fn heard(zone: TimeZone, time: Option<Timestamp>, now: Timestamp) -> Self {
        Self { zone, ahead: time.map(|time| time.duration_since(now)).unwrap_or_default() }
    }

    /// The zone of its dates.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The moment on the server's clock that this computer calls `ours`. Right to a second or two: the server tells
    /// whole seconds, and answers take time.
    pub fn theirs(&self, ours: Timestamp) -> Timestamp {
        ours.checked_add(self.ahead).unwrap_or(ours)
    }

    /// A moment as the server writes it (`2026-11-22 15:30:00`).
    pub fn written(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// A date with which a condition `at or after` misses nothing that was written from `since` until now, in the
    /// server's clock: dates carry no zone, so what was written in the hour that the end of daylight saving repeats has
    /// smaller dates than what was written before.
    pub fn written_since(&self, since: Timestamp, now: Timestamp) -> String {
        let mut least: DateTime = self.zone.to_datetime(since);
        for change in self.zone.following(since).take_while(|change| change.timestamp() <= now).take(8) {
            least = least.min(self.zone.to_datetime(change.timestamp()));
        }
        least.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(ahead: i64) -> Moments {
        let now: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
        let time = now + SignedDuration::from_secs(ahead);
        Moments::heard(TimeZone::get("Europe/Prague").unwrap(), Some(time), now)
    }

    #[test]
    fn dates_are_written_in_the_servers_zone_and_by_its_clock() {
        let moments = moments(90);
        let ours: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
        assert_eq!(moments.written(ours), "2026-06-01 12:00:00");
        assert_eq!(moments.written(moments.theirs(ours)), "2026-06-01 12:01:30");
    }

    #[test]
    fn the_repeated_hour_is_looked_through_again() {
        let moments = moments(0);
        for (since, now, date) in [
            ("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", "2026-06-01 12:00:00"),
            // 2:59 before the clocks go back at 1:00 UTC; now it is 2:10 for the second time.
            ("2026-10-25T00:59:00Z", "2026-10-25T01:10:00Z", "2026-10-25 02:00:00"),
            // 1:30, and now it is 2:10 for the second time: the smallest date is the old one.
            ("2026-10-24T23:30:00Z", "2026-10-25T01:10:00Z", "2026-10-25 01:30:00"),
            // Clocks go forward: nothing repeats.
            ("2026-03-29T00:59:00Z", "2026-03-29T01:10:00Z", "2026-03-29 01:59:00"),
        ] {
            let at = |text: &str| text.parse::<Timestamp>().unwrap();
            assert_eq!(moments.written_since(at(since), at(now)), date, "{since}");
        }
    }
}
