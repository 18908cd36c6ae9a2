//! Group "Event": conferences in the user's calendar, and joining them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::Error;
use crate::answer::Written;
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};

words! {
    /// How often an event repeats.
    pub enum Recurring {
        /// Not.
        None = "NONE",
        /// Every day.
        Daily = "DAILY",
        /// Every week.
        Weekly = "WEEKLY",
        /// Every second week.
        Biweekly = "BIWEEKLY",
        /// Every month.
        Monthly = "MONTHLY",
        /// Every year.
        Yearly = "YEARLY",
        /// Every month on a date.
        MonthlyAbsolute = "MONTHLY_ABSOLUTE",
        /// Every month on a weekday.
        MonthlyRelative = "MONTHLY_RELATIVE",
        /// Every year on a date.
        YearlyAbsolute = "YEARLY_ABSOLUTE",
        /// Every year on a weekday.
        YearlyRelative = "YEARLY_RELATIVE",
    }
}

object! {
    /// Somebody who takes part.
    pub struct EventParticipant {
        /// Who, `user@domain`.
        user_id: Option<String> = "userId" | "id",
        /// First name.
        first_name: Option<String> = "firstName",
        /// Last name.
        last_name: Option<String> = "lastName",
        /// E-mail.
        email: Option<String> = "email",
        /// Number at work.
        business_phone: Option<String> = "businessPhone",
        /// Mobile number.
        mobile_phone: Option<String> = "mobilePhone",
    }
}

object! {
    /// One occurrence of an event, as it is or as it was changed.
    pub struct EventOccurrence {
        /// Its identifier, if it differs from the event.
        id: Option<i64> = "id",
        /// The event.
        event_id: Option<i64> = "eventId",
        /// Begin.
        start: Option<Timestamp> = "dateTimeStart",
        /// End.
        end: Option<Timestamp> = "dateTimeEnd",
        /// When it would have begun.
        old_start: Option<Timestamp> = "dateTimeOld",
        /// What it is about.
        name: Option<String> = "name",
        /// More about that.
        note: Option<String> = "note",
        /// Whether it was changed.
        is_updated: Option<bool> = "isUpdated",
        /// Whether it was cancelled.
        is_cancelled: Option<bool> = "isCancelled",
        /// Whose it is.
        organizer: Option<EventParticipant> = "organizer",
        /// Who takes part.
        participants: Vec<EventParticipant> = "participants",
    }
}

object! {
    /// A conference in the calendar.
    pub struct Event {
        /// Its identifier.
        id: Option<i64> = "id",
        /// Begin.
        start: Option<Timestamp> = "dateTimeStart",
        /// End.
        end: Option<Timestamp> = "dateTimeEnd",
        /// End of the series; its time is that of the begin.
        series_end: Option<Timestamp> = "endDate",
        /// What it is about.
        name: Option<String> = "name",
        /// More about that.
        note: Option<String> = "note",
        /// Whose it is. Required.
        organizer: Option<EventParticipant> = "organizer",
        /// Who takes part.
        participants: Vec<EventParticipant> = "participants",
        /// Minutes before the begin at which the participants are reminded.
        minutes_before_reminder: Option<i64> = "minutesBeforeMeetingReminder",
        /// The same by SMS.
        minutes_before_sms: Option<i64> = "minutesBeforeMeetingSMS",
        /// The code that participants dial.
        pin_code: Option<String> = "pincode",
        /// The numbers that they call, with commas between.
        dial_in_numbers: Option<String> = "dialInNumbers",
        /// The zone in which it repeats.
        time_zone: Option<String> = "timeZone",
        /// How often it repeats.
        recurring: Option<Recurring> = "recurringType",
        /// Every so many.
        interval: Option<i64> = "interval",
        /// How the series ends: `NONE`, `END_DATE`, `NUMBERED`.
        range: Option<String> = "recurrenceRangeType",
        /// On which days of the week.
        days_of_week: Vec<String> = "daysOfWeek",
        /// On which day of the month.
        day_of_month: Option<i64> = "dayOfMonth",
        /// In which month.
        month_of_year: Option<i64> = "monthOfYear",
        /// In which week: `FIRST` … `LAST`, `NONE`.
        week_position: Option<String> = "weekPosition",
        /// How many there are.
        number_of_occurrences: Option<i64> = "numberOfOccurrences",
        /// Occurrences that differ.
        exceptions: Vec<EventOccurrence> = "exceptions",
        /// The rule of repetition, in the words of iCalendar.
        rule: Option<String> = "rRule",
        /// The binder of the web meeting.
        moxtra_binder_id: Option<String> = "moxtraBinderId",
        /// The web meeting.
        moxtra_meet_id: Option<String> = "moxtraMeetId",
        /// Whether there may be a web meeting.
        web_meeting_allowed: Option<bool> = "webmeetAllowed",
        /// Whether it comes from an outside calendar.
        synchronized_meeting: Option<bool> = "synchronizedMeeting",
        /// Whether the whole series does.
        synchronized_series: Option<bool> = "synchronizedSeries",
    }
}

object! {
    /// A web meeting, as its service describes it.
    pub struct WebMeeting {
        /// What the service says about it; `id` at least.
        data: Option<Map<String, Value>> = "data",
        /// `RESPONSE_SUCCESS`, or what went wrong.
        code: Option<String> = "code",
    }
}

impl Client {
    /// The events that the user organizes or takes part in.
    ///
    /// # Errors
    /// As every request.
    pub async fn events(&self) -> Result<Vec<Event>, Error> {
        self.list(Call::of("event.list"), "events").await
    }

    /// One event.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn event(&self, event_id: i64) -> Result<Event, Error> {
        self.one(Call::of("event.get").at("eventId", event_id)).await
    }

    /// Makes a new event; the answer has its identifier and how to dial in.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn create_event(&self, event: &Event) -> Result<Event, Error> {
        self.one(Call::of("event.create").json(&event.write())).await
    }

    /// Changes an event.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn update_event(&self, event_id: i64, event: &Event) -> Result<Event, Error> {
        self.one(Call::of("event.update").at("eventId", event_id).json(&event.write())).await
    }

    /// Deletes an event.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn delete_event(&self, event_id: i64) -> Result<Written, Error> {
        self.one(Call::of("event.delete").at("eventId", event_id)).await
    }

    /// One occurrence of an event that repeats.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn event_occurrence(&self, event_id: i64, date: Date) -> Result<EventOccurrence, Error> {
        self.one(occurrence("event.occurrence.get", event_id, date)).await
    }

    /// Changes one occurrence.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn update_event_occurrence(
        &self,
        event_id: i64,
        date: Date,
        changed: &EventOccurrence,
    ) -> Result<EventOccurrence, Error> {
        self.one(occurrence("event.occurrence.update", event_id, date).json(&changed.write())).await
    }

    /// Cancels one occurrence.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete_event_occurrence(&self, event_id: i64, date: Date) -> Result<EventOccurrence, Error> {
        self.one(occurrence("event.occurrence.delete", event_id, date)).await
    }

    /// The events of a binder of web meetings. Not an event stream, in spite of the vendor's name for it.
    ///
    /// # Errors
    /// As every request.
    pub async fn events_of_binder(&self, binder_id: &str, unique_id: &str) -> Result<Vec<Event>, Error> {
        let call = Call::of("event.stream.get").at("binder_id", binder_id).at("unique_id", unique_id);
        self.list(call, "events").await
    }

    /// The web meeting of an event.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn web_meeting(&self, event_id: i64) -> Result<WebMeeting, Error> {
        self.one(Call::of("event.webmeet.get").at("eventId", event_id)).await
    }

    /// Joins the conference of an event: the user is rung, on a certain device if wanted.
    ///
    /// # Errors
    /// As every request.
    pub async fn join_event_conference(&self, event_id: i64, device_id: Option<&str>) -> Result<(), Error> {
        let call = Call::of("event.conference.join").at("eventId", event_id);
        self.done(call.maybe("selectedDeviceID", device_id)).await
    }

    /// Leaves it.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn leave_event_conference(
        &self,
        event_id: i64,
        device_id: Option<&str>,
    ) -> Result<Written, Error> {
        let call = Call::of("event.conference.leave").at("eventId", event_id);
        self.one(call.maybe("selectedDeviceID", device_id)).await
    }
}

fn occurrence(operation: &'static str, event_id: i64, date: Date) -> Call {
    Call::of(operation).at("confId", event_id).at("eventDate", date)
}
