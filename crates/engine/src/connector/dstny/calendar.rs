//! Conferences of the calendar.

use dstny::event::{Event, EventParticipant, Recurring};
use dstny::wire::Error;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use model::{CalendarConference, ConferenceId, Problem, TakePart};

use super::Dstny;
use super::history::moment;
use super::offers::Part;

impl Dstny {
    pub(super) async fn calendar(&self) -> Result<Vec<CalendarConference>, Problem> {
        let events = self.client.events().await;
        self.note(Part::Events, &events);
        let events = events.map_err(|error| self.problem(&error))?;
        let mut conferences: Vec<_> = events.iter().filter_map(|event| self.conference(event)).collect();
        conferences.sort_by_key(|conference| conference.begins);
        Ok(conferences)
    }

    pub(super) async fn join_or_leave(&self, part: TakePart) -> Result<(), Error> {
        let event = part.conference.as_str().parse().map_err(|_| Error::NotFound)?;
        let device = part.device.as_ref().map(model::DeviceId::as_str);
        if part.join {
            self.client.join_event_conference(event, device).await?;
        } else {
            self.client.leave_event_conference(event, device).await?;
        }
        self.learn();
        self.news.calls.notify_one();
        Ok(())
    }

    fn conference(&self, event: &Event) -> Option<CalendarConference> {
        let title = event.name.clone().filter(|name| !name.trim().is_empty());
        let (begins, ends) = next_of(event, jiff::Timestamp::now())?;
        let numbers = event.dial_in_numbers.as_deref().unwrap_or_default().split(',');
        Some(CalendarConference {
            id: ConferenceId(event.id?.to_string()),
            account: self.account.clone(),
            title: title.or_else(|| event.organizer.as_ref().and_then(name_of)).unwrap_or_default(),
            begins: moment(begins),
            ends: ends.map(moment),
            organiser: event.organizer.as_ref().and_then(name_of),
            participants: event.participants.iter().filter_map(name_of).collect(),
            numbers: numbers.map(str::trim).filter(|number| !number.is_empty()).map(str::to_owned).collect(),
            pin: event.pin_code.clone().filter(|pin| !pin.is_empty()),
            note: event.note.clone().filter(|note| !note.trim().is_empty()),
        })
    }
}

fn name_of(participant: &EventParticipant) -> Option<String> {
    let names = [participant.first_name.as_deref(), participant.last_name.as_deref()];
    let name = names.into_iter().flatten().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    Some(name).filter(|name| !name.is_empty()).or(participant.email.clone()).or(participant.user_id.clone())
}

/// How many occurrences of a series are looked through.
const OCCURRENCES: i64 = 4_000;

/// When an event takes place, or that of a series which is next or goes on: the platform tells of the first.
fn next_of(event: &Event, now: Timestamp) -> Option<(Timestamp, Option<Timestamp>)> {
    let first = event.start?;
    let every = event.interval.unwrap_or(1).clamp(1, 1_000);
    let step: Option<fn(i64) -> Span> = match event.recurring {
        Some(Recurring::Daily) => Some(i64::days),
        Some(Recurring::Weekly) => Some(i64::weeks),
        Some(Recurring::Biweekly) => Some(|n| (2 * n).weeks()),
        Some(Recurring::Monthly | Recurring::MonthlyAbsolute) => Some(i64::months),
        Some(Recurring::Yearly | Recurring::YearlyAbsolute) => Some(i64::years),
        // "The second Tuesday" is not worked out: the first occurrence is shown.
        _ => None,
    };
    let Some(step) = step else { return Some((first, event.end)) };
    let zone = event.time_zone.as_deref().and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC);
    // Local time: a daily meeting at nine stays at nine when the clocks change.
    let (starts, length) = (first.to_zoned(zone), event.end.map(|end| end.duration_since(first)));
    let last = event.series_end.unwrap_or(Timestamp::MAX);
    let occurrences =
        (0..OCCURRENCES).map_while(|n| starts.checked_add(step(n * every)).ok()).map(|at| at.timestamp());
    let ends = |begins: Timestamp| length.and_then(|length| begins.checked_add(length).ok());
    let next = occurrences
        .take_while(|begins| *begins <= last)
        .find(|begins| ends(*begins).unwrap_or(*begins) > now);
    let begins = next.unwrap_or(first);
    Some((begins, ends(begins)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_series_the_next_occurrence_is_told() {
        let event = |recurring: &str| -> Event {
            serde_json::from_value(serde_json::json!({
                "id": 1, "dateTimeStart": "2026-03-02T08:00:00Z", "dateTimeEnd": "2026-03-02T08:30:00Z",
                "timeZone": "Europe/Stockholm", "recurringType": recurring, "interval": 1,
            }))
            .unwrap()
        };
        let now: Timestamp = "2026-04-08T12:00:00Z".parse().unwrap();
        for (recurring, begins) in [
            ("NONE", "2026-03-02T08:00:00Z"),
            // Nine in Stockholm, before and after the clocks changed.
            ("DAILY", "2026-04-09T07:00:00Z"),
            ("WEEKLY", "2026-04-13T07:00:00Z"),
            ("MONTHLY", "2026-05-02T07:00:00Z"),
            ("MONTHLY_RELATIVE", "2026-03-02T08:00:00Z"),
        ] {
            let (next, ends) = next_of(&event(recurring), now).unwrap();
            assert_eq!(next.to_string(), begins, "{recurring}");
            assert_eq!(ends.unwrap().duration_since(next).as_mins(), 30);
        }
    }
}
