//! Group "Contacts Information V1": everything about one contact, named by `user@domain`: presence now and planned,
//! directory fields, vCard, picture, whether on the phone. The streams of this group are in [`crate::Subscription`].

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::Error;
use crate::answer::{Image, Written};
use crate::client::{Call, Client};
use crate::contacts::Contact;
use crate::loose::{Loose, object, words};
use crate::presence::Access;
use crate::sip;
use crate::time::End;

words! {
    /// How busy an event of an outside calendar makes somebody.
    pub enum BusyType {
        /// Not at all.
        Free = "FREE",
        /// Perhaps.
        Tentative = "TENTATIVE",
        /// Busy.
        Busy = "BUSY",
        /// Out of office.
        OutOfOffice = "OOF",
        /// At work, elsewhere.
        WorkingElsewhere = "WORKING_ELSEWHERE",
    }
}

object! {
    /// One occurrence of a planned activity.
    pub struct PresenceInstance {
        /// Its identifier.
        instance_id: Option<String> = "instanceId",
        /// Begin.
        start: Option<Timestamp> = "dt-start",
        /// End.
        end: Option<Timestamp> = "dt-end",
        /// Whether it was taken out.
        deleted: Option<bool> = "deleted",
    }
}

object! {
    /// How a planned activity repeats, in the words of iCalendar.
    pub struct Recurrence {
        /// `DAILY`, `WEEKLY` …
        frequency: Option<String> = "freq",
        /// `MO,TU`
        by_day: Option<String> = "byday",
        /// The last one is before this.
        until: Option<Timestamp> = "until",
        /// Every so many.
        interval: Option<i64> = "interval",
        /// So many in all.
        count: Option<i64> = "count",
    }
}

object! {
    /// An activity at a given time.
    pub struct ScheduledPresence {
        /// Its identifier.
        presence_id: Option<String> = "presenceId",
        /// In which role.
        role: Option<String> = "role",
        /// In the person's own words.
        note: Option<String> = "note",
        /// Which activity.
        activity: Option<String> = "activity",
        /// Which wins when several are at the same time.
        priority: Option<i64> = "priority",
        /// Its title.
        name: Option<String> = "name",
        /// How busy it makes the person.
        busy_type: Option<BusyType> = "busyType",
        /// Where it comes from: `INTERNAL` or an outside calendar.
        source: Option<String> = "source",
        /// Whether it can be changed.
        modifiable: Option<bool> = "modifiable",
        /// Whether it was taken out.
        deleted: Option<bool> = "deleted",
        /// Whether its details are nobody's business.
        private: Option<bool> = "private",
        /// Begin.
        start: Option<Timestamp> = "dt-start",
        /// End, at most 30 days after the begin.
        end: Option<Timestamp> = "dt-end",
        /// The zone in which it repeats.
        time_zone: Option<String> = "tzid",
        /// Its occurrences, where asked for.
        instances: Vec<PresenceInstance> = "instances",
        /// How it repeats.
        recurrence: Option<Recurrence> = "recur",
        /// What may be done with planned activities.
        future_presence_access: Option<Access> = "futurePresenceAccess",
        /// What may be done with the activity.
        activity_access: Option<Access> = "activityAccess",
        /// What may be done with the role.
        role_access: Option<Access> = "roleAccess",
        /// What may be done with the note.
        note_access: Option<Access> = "noteAccess",
    }
}

object! {
    /// The planned activities of a contact.
    pub struct Schedule {
        /// The activities.
        presence: Vec<ScheduledPresence> = "presence",
        /// Whether an outside calendar is part of it: `calendar-sync-not-enabled` …
        calendar_sync_status: Option<String> = "calendar-sync-status",
    }
}

/// Which planned activities to fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScheduleQuery {
    /// From then; from now if not given.
    pub start: Option<Timestamp>,
    /// Until then.
    pub end: Option<Timestamp>,
    /// With every single occurrence.
    pub expand_recurrence: bool,
    /// Only this type of event.
    pub event_type: Option<String>,
    /// Only what is already known of outside calendars, of 24 hours.
    pub cached_calendar: bool,
}

object! {
    /// A field of the directory.
    pub struct DirectoryField {
        /// Its identifier.
        id: Option<String> = "id",
        /// What it is called.
        label: Option<String> = "label",
        /// What is in it.
        value: Option<String> = "value",
        /// The same in the configuration.
        current_value: Option<String> = "currentValue",
        /// What shall be in it.
        requested_value: Option<String> = "requestedValue",
        /// Whether the user may change it.
        editable: Option<bool> = "editable",
        /// When the change was asked for.
        date_requested: Option<Timestamp> = "dateRequested",
    }
}

object! {
    /// A time zone.
    pub struct Zone {
        /// `Europe/Stockholm`.
        time_zone: Option<String> = "tzid",
        /// Continent.
        region: Option<String> = "region",
        /// City.
        city: Option<String> = "city",
        /// Milliseconds east of Greenwich.
        offset: Option<i64> = "offset",
    }
}

object! {
    /// A vCard as the API writes it: its parts are left as they came.
    pub struct VCard {
        /// The name to show.
        formatted_name: Option<String> = "FN",
        /// The parts of the name: `Family`, `Given`.
        name: Option<Map<String, Value>> = "N",
        /// Numbers.
        numbers: Option<Vec<VCardValue>> = "TEL",
        /// Groups of the organization.
        groups: Option<Vec<VCardValue>> = "group",
        /// Fields of the directory.
        fields: Option<Vec<VCardValue>> = "field",
        /// The address: `Pcode`, `Country`, `Locality`, `Street`.
        address: Option<Map<String, Value>> = "ADR",
        /// The organization: `Orgname`, `Orgunit`.
        organization: Option<Map<String, Value>> = "ORG",
        /// E-mail.
        email: Option<Map<String, Value>> = "EMAIL",
    }
}

object! {
    /// One value in a vCard.
    pub struct VCardValue {
        /// The value.
        value: Option<String> = "value",
        /// Which field, for fields.
        id: Option<String> = "id",
        /// What kinds, for numbers.
        kinds: Option<Vec<String>> = "type",
    }
}

object! {
    /// The wrapping of a vCard.
    pub struct VCardDocument {
        /// The card.
        description: Option<VCard> = "Description",
    }
}

impl Client {
    /// Everything about a contact.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn contact(&self, cid: &str) -> Result<Contact, Error> {
        self.one(Call::of("cinfo1.get").at("cid", cid)).await
    }

    /// The same with the fields of the directory, which takes the server longer.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn contact_with_fields(&self, cid: &str) -> Result<Contact, Error> {
        self.one(Call::of("cinfo1.get").at("cid", cid).with("includeFields", true)).await
    }

    /// What a contact is doing, and has planned.
    ///
    /// # Errors
    /// As every request.
    pub async fn contact_schedule(&self, cid: &str, query: &ScheduleQuery) -> Result<Schedule, Error> {
        let call = Call::of("cinfo1.presence.get")
            .at("cid", cid)
            .maybe("startDate", query.start)
            .maybe("endDate", query.end)
            .maybe("expandRecurrence", query.expand_recurrence.then_some(true))
            .maybe("eventType", query.event_type.as_ref())
            .maybe("cachedCalendar", query.cached_calendar.then_some(true));
        self.one(call).await
    }

    /// What a contact is doing, as the stream of presence tells it too.
    ///
    /// # Errors
    /// [`Error::Protocol`] if the answer is no presence document.
    pub async fn contact_presence(&self, cid: &str) -> Result<sip::Presence, Error> {
        self.foreign(Call::of("cinfo1.presence.get").at("cid", cid).accept(PIDF), sip::pidf::parse).await
    }

    /// Sets what a contact (usually the user) is doing, with a presence document.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_contact_presence(&self, cid: &str, presence: &sip::Presence) -> Result<Written, Error> {
        self.one(Call::of("cinfo1.presence.pidf").at("cid", cid).body(PIDF, presence.to_xml())).await
    }

    /// Plans an activity; the answer has its identifier.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn schedule_presence(
        &self,
        cid: &str,
        presence: &ScheduledPresence,
    ) -> Result<ScheduledPresence, Error> {
        self.one(Call::of("cinfo1.scheduled.create").at("cid", cid).json(&presence.write())).await
    }

    /// One planned activity.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn scheduled_presence(&self, cid: &str, presence_id: &str) -> Result<ScheduledPresence, Error> {
        self.one(Call::of("cinfo1.scheduled.get").at("cid", cid).at("presenceId", presence_id)).await
    }

    /// Changes a planned activity.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn update_scheduled_presence(
        &self,
        cid: &str,
        presence_id: &str,
        presence: &ScheduledPresence,
    ) -> Result<Written, Error> {
        let call = Call::of("cinfo1.scheduled.update").at("cid", cid).at("presenceId", presence_id);
        self.one(call.json(&presence.write())).await
    }

    /// Deletes a planned activity, or its occurrences from the one time until the other.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn delete_scheduled_presence(
        &self,
        cid: &str,
        presence_id: &str,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Written, Error> {
        let call = Call::of("cinfo1.scheduled.delete").at("cid", cid).at("presenceId", presence_id);
        self.one(call.maybe("startDate", from).maybe("untilDate", until)).await
    }

    /// The fields of the directory that are visible or that the user may change.
    ///
    /// # Errors
    /// As every request.
    pub async fn contact_fields(&self, cid: &str) -> Result<Vec<DirectoryField>, Error> {
        self.list(Call::of("cinfo1.fields.get").at("cid", cid), "fields").await
    }

    /// Changes fields of the directory: each to its `requested_value`; one without is emptied.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_contact_fields(
        &self,
        cid: &str,
        fields: &Vec<DirectoryField>,
    ) -> Result<Written, Error> {
        self.one(Call::of("cinfo1.fields.update").at("cid", cid).json(&json!({ "fields": fields.write() })))
            .await
    }

    /// A contact's picture, about this large in pixels if the server can.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn contact_image(
        &self,
        cid: &str,
        width: Option<u32>,
        height: Option<u32>,
    ) -> Result<Image, Error> {
        let call = Call::of("cinfo1.image").at("cid", cid);
        self.image(call.maybe("prefWidth", width).maybe("prefHeight", height)).await
    }

    /// Whether a contact is in a call.
    ///
    /// # Errors
    /// [`Error::Protocol`] if the answer is neither yes nor no.
    pub async fn contact_in_call(&self, cid: &str) -> Result<bool, Error> {
        self.one(Call::of("cinfo1.linestate").at("cid", cid)).await
    }

    /// Sets a contact's (usually the user's) note; an empty one takes it away.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_contact_note(&self, cid: &str, note: &str) -> Result<(), Error> {
        self.done(Call::of("cinfo1.note.update").at("cid", cid).with("note", note)).await
    }

    /// A contact's vCard.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn contact_vcard(&self, cid: &str) -> Result<VCard, Error> {
        let document: VCardDocument = self.one(Call::of("cinfo1.vcard.get").at("cid", cid)).await?;
        document.description.ok_or(Error::NotFound)
    }

    /// Changes the vCard of a personal contact.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_contact_vcard(&self, cid: &str, card: &VCard) -> Result<Written, Error> {
        let body = json!({ "Description": card.write() });
        self.one(Call::of("cinfo1.vcard.update").at("cid", cid).json(&body)).await
    }

    /// The zones that the server knows, with their offset at a given time.
    ///
    /// # Errors
    /// As every request.
    pub async fn time_zones(&self, at: Option<Timestamp>, only: Option<&str>) -> Result<Vec<Zone>, Error> {
        self.list(Call::of("cinfo1.timezones").maybe("when", at).maybe("tzid", only), "timezone").await
    }

    /// Sets a contact's (usually the user's) activity; without `available` the activity's own default counts.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_contact_activity(
        &self,
        cid: &str,
        activity: &str,
        available: Option<bool>,
    ) -> Result<(), Error> {
        let call = Call::of("cinfo1.activity.update").at("cid", cid).at("activity", activity);
        self.done(call.maybe("available", available)).await
    }

    /// Sets until when a contact's (usually the user's) activity lasts.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_contact_activity_end(&self, cid: &str, end: End) -> Result<(), Error> {
        self.done(Call::of("cinfo1.expires.update").at("cid", cid).at("expires", end.in_path())).await
    }

    /// Sets a contact's (usually the user's) role.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_contact_role(&self, cid: &str, role: &str) -> Result<(), Error> {
        self.done(Call::of("cinfo1.role.update").at("cid", cid).at("role", role)).await
    }
}

const PIDF: &str = "application/pidf+xml";
