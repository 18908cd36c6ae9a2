//! Conferences of the calendar.

use dstny::event::{Event, EventParticipant};
use dstny::wire::Error;
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
        let numbers = event.dial_in_numbers.as_deref().unwrap_or_default().split(',');
        Some(CalendarConference {
            id: ConferenceId(event.id?.to_string()),
            account: self.account.clone(),
            title: title.or_else(|| event.organizer.as_ref().and_then(name_of)).unwrap_or_default(),
            begins: moment(event.start?),
            ends: event.end.map(moment),
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
