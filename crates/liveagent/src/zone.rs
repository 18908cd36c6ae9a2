//! The account's zone: what turns its times into moments and back.
//!
//! LiveAgent writes times without their zone ("the time zone defined in /accounts/settings.php or GMT by default"), and tells
//! nobody which it is. `GET application/status` says what time it is there now: against the time of the same answer that is
//! the *offset*, good until the clocks change. So a [`Zone`] keeps every offset that was observed with the time from which it
//! holds; who observes once an hour is wrong for an hour, twice a year. Whoever knows the name of the zone gives that instead.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wire::Error;

use crate::application::ApplicationStatus;
use crate::inferred;
use crate::time::AccountTime;

/// An offset that was observed, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// From when it holds.
    pub since: Timestamp,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// The zone of an account. Can be stored (as JSON and the like).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Its name is known (`Europe/Prague`).
    Named(String),
    /// Offsets that were observed, the oldest first. None: UTC, the document's default.
    Offsets(Vec<Observed>),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Offsets(Vec::new())
    }
}

impl Zone {
    /// The zone of this name in the IANA database.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if there is none.
    pub fn named(name: &str) -> Result<Self, Error> {
        TimeZone::get(name).map_err(|_| Error::invalid("time zone", format!("{name} is not a zone")))?;
        Ok(Self::Named(name.to_owned()))
    }

    /// Takes over an offset that was observed, and says whether it is a new one. A zone that has a name needs none.
    pub fn observe(&mut self, observed: Observed) -> bool {
        let Self::Offsets(known) = self else { return false };
        let is_new =
            known.last().is_none_or(|last| last.offset != observed.offset && last.since < observed.since);
        if is_new {
            known.push(observed);
        }
        is_new
    }

    /// The moment of an account's time. Of two (the clocks went back) the earlier; a time that never was (they went
    /// forward) is as late as it would have been.
    pub fn timestamp(&self, time: AccountTime) -> Timestamp {
        match self {
            Self::Named(name) => {
                let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
                zone.to_timestamp(time.0).unwrap_or_else(|_| at_offset(time.0, 0))
            }
            Self::Offsets(known) => {
                let offset =
                    known.iter().rev().find(|observed| at_offset(time.0, observed.offset) >= observed.since);
                // From before the first look: the offset of the first is the best guess.
                at_offset(time.0, offset.or(known.first()).map_or(0, |observed| observed.offset))
            }
        }
    }

    /// What the clocks of the account showed at a moment.
    pub fn account_time(&self, moment: Timestamp) -> AccountTime {
        AccountTime(shown(moment, self.offset(moment)))
    }

    /// From which time to ask for everything since a moment: where the clocks went back in between, an hour of the account's times
    /// came twice, and the earlier of both is the one to ask from.
    pub fn since(&self, moment: Timestamp, now: Timestamp) -> AccountTime {
        let earliest = match self {
            Self::Named(name) => {
                let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
                let later = zone.following(moment).take_while(|change| change.timestamp() <= now);
                later.map(|change| change.offset().seconds()).min()
            }
            Self::Offsets(known) => {
                known.iter().filter(|observed| observed.since > moment).map(|observed| observed.offset).min()
            }
        };
        let own = self.offset(moment);
        AccountTime(shown(moment, earliest.map_or(own, |earliest| earliest.min(own))))
    }

    fn offset(&self, moment: Timestamp) -> i32 {
        match self {
            Self::Named(name) => TimeZone::get(name).map_or(0, |zone| zone.to_offset(moment).seconds()),
            Self::Offsets(known) => {
                let holds = known.iter().rev().find(|observed| observed.since <= moment);
                holds.or(known.first()).map_or(0, |observed| observed.offset)
            }
        }
    }
}

/// The offset that an account's clock shows, in quarters of an hour. `now` is the server's own time where it told it.
pub(crate) fn observed(status: &ApplicationStatus, now: Timestamp) -> Option<Observed> {
    let shown = at_offset(status.current_server_time?.0, 0);
    let step = inferred::OFFSET_STEP.as_secs() as i64;
    let seconds = shown.duration_since(now).as_secs();
    let offset = (seconds + step / 2).div_euclid(step) * step;
    // No zone is further away; a clock that is days off is a broken one.
    let offset = i32::try_from(offset).ok().filter(|offset| offset.abs() <= 15 * 3600)?;
    Some(Observed { since: now, offset })
}

/// Saturates at the ends of time, where no account has records.
fn at_offset(time: DateTime, offset: i32) -> Timestamp {
    let utc = Offset::UTC.to_timestamp(time).unwrap_or(Timestamp::MAX);
    utc.checked_sub(SignedDuration::from_secs(offset.into())).unwrap_or(utc)
}

fn shown(moment: Timestamp, offset: i32) -> DateTime {
    let moved = moment.checked_add(SignedDuration::from_secs(offset.into())).unwrap_or(moment);
    Offset::UTC.to_datetime(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> AccountTime {
        AccountTime::parse(text).unwrap()
    }

    fn utc(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_zone_with_a_name_knows_its_daylight_saving() {
        let zone = Zone::named("Europe/Prague").unwrap();
        for (time, moment) in [
            ("2022-06-07 15:18:24", "2022-06-07T13:18:24Z"),
            ("2022-01-07 15:18:24", "2022-01-07T14:18:24Z"),
            ("2024-10-27 02:30:00", "2024-10-27T00:30:00Z"),
            ("2024-03-31 02:30:00", "2024-03-31T01:30:00Z"),
        ] {
            assert_eq!(zone.timestamp(at(time)), utc(moment), "{time}");
        }
        assert_eq!(zone.account_time(utc("2022-06-07T13:18:24Z")), at("2022-06-07 15:18:24"));
        assert!(Zone::named("Mars/Olympus").is_err());
    }

    #[test]
    fn an_observed_offset_holds_from_when_it_was_seen() {
        let mut zone = Zone::default();
        assert_eq!(
            zone.timestamp(at("2024-10-26 12:00:00")),
            utc("2024-10-26T12:00:00Z"),
            "the document's default"
        );
        assert!(zone.observe(Observed { since: utc("2024-10-20T10:00:00Z"), offset: 7200 }));
        assert!(!zone.observe(Observed { since: utc("2024-10-26T10:00:00Z"), offset: 7200 }));
        assert!(zone.observe(Observed { since: utc("2024-10-27T01:00:00Z"), offset: 3600 }));
        assert!(!zone.observe(Observed { since: utc("2024-10-25T01:00:00Z"), offset: 7200 }), "old news");
        for (time, moment) in [
            ("2020-01-01 12:00:00", "2020-01-01T10:00:00Z"),
            ("2024-10-26 12:00:00", "2024-10-26T10:00:00Z"),
            ("2024-10-27 12:00:00", "2024-10-27T11:00:00Z"),
        ] {
            assert_eq!(zone.timestamp(at(time)), utc(moment), "{time}");
        }
        let stored = serde_json::to_string(&zone).unwrap();
        assert_eq!(serde_json::from_str::<Zone>(&stored).unwrap(), zone);
    }

    #[test]
    fn when_the_clocks_go_back_the_double_hour_is_asked_for() {
        let mut observed = Zone::default();
        observed.observe(Observed { since: utc("2024-10-20T10:00:00Z"), offset: 7200 });
        observed.observe(Observed { since: utc("2024-10-27T01:00:00Z"), offset: 3600 });
        for zone in [observed, Zone::named("Europe/Prague").unwrap()] {
            let now = utc("2024-10-27T01:10:00Z");
            assert_eq!(zone.since(utc("2024-10-27T00:55:00Z"), now), at("2024-10-27 01:55:00"));
            assert_eq!(zone.since(utc("2024-10-27T01:05:00Z"), now), at("2024-10-27 02:05:00"));
        }
    }

    #[test]
    fn an_offset_is_found_however_long_the_answer_took() {
        for (shown, now, offset) in [
            ("2014-08-09 10:14:00", "2014-08-09T08:13:58Z", Some(7200)),
            ("2014-08-09 10:14:00", "2014-08-09T10:15:40Z", Some(0)),
            ("2014-08-09 10:14:00", "2014-08-09T04:43:00Z", Some(5 * 3600 + 1800)),
            ("2014-08-09 10:14:00", "2014-08-09T15:14:20Z", Some(-5 * 3600)),
            ("2014-08-12 10:14:00", "2014-08-09T10:14:00Z", None),
        ] {
            let status = ApplicationStatus { current_server_time: Some(at(shown)), ..Default::default() };
            assert_eq!(observed(&status, utc(now)).map(|seen| seen.offset), offset, "{shown} {now}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_moment_that_is_shown_once_comes_back(seconds in 0_i64..4_000_000_000, offset in -56_i32..57) {
            let mut zone = Zone::default();
            zone.observe(Observed { since: Timestamp::UNIX_EPOCH, offset: offset * 900 });
            let moment = Timestamp::from_second(seconds).unwrap();
            proptest::prop_assert_eq!(zone.timestamp(zone.account_time(moment)), moment);
        }

        #[test]
        fn no_time_is_too_far(year in -9999_i16..=9999, offset: i32) {
            let mut zone = Zone::default();
            zone.observe(Observed { since: Timestamp::UNIX_EPOCH, offset });
            let time = AccountTime(jiff::civil::date(year, 1, 1).at(0, 0, 0, 0));
            zone.account_time(zone.timestamp(time));
        }
    }
}
