//! Groups "User Information" and "Presence Shortcuts": what the user is doing, until when, and the prepared ways to
//! say so. The presence of others is in [`crate::contacts`] and [`crate::contact_info`].

use bytes::Bytes;
use serde_json::json;

use crate::Error;
use crate::answer::Image;
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};
use crate::time::End;

words! {
    /// What the caller of the API may do with a part of somebody's presence.
    pub enum Access {
        /// Not even see it.
        None = "NONE",
        /// See it.
        Read = "READ",
        /// Change it.
        Write = "WRITE",
    }
}

object! {
    /// What somebody is doing.
    pub struct Activity {
        /// Which activity, of those in the configuration.
        id: Option<String> = "id",
        /// Until when.
        expiration: Option<End> = "expiration",
        /// Whether calls are welcome meanwhile.
        available: Option<bool> = "available",
    }
}

object! {
    /// What somebody is doing, and what others may know of it.
    pub struct Presence {
        /// In which role.
        role: Option<String> = "role",
        /// In the person's own words.
        note: Option<String> = "note",
        /// What.
        activity: Option<Activity> = "activity",
        /// Whether the person's computer is idle.
        idle: Option<bool> = "idle",
        /// Whether calls are welcome.
        available: Option<bool> = "available",
        /// What can be used to reach the person: `SMS`, `MESSAGE` …
        capabilities: Vec<String> = "capabilities",
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

words! {
    /// How long a shortcut's activity lasts.
    pub enum DurationType {
        /// Until the user ends it.
        NoEndTime = "NO_END_TIME",
        /// Until the next working day.
        UntilNextWorkingDay = "UNTIL_NEXT_WORKING_DAY",
        /// So many minutes.
        Minutes = "MINUTES",
    }
}

object! {
    /// A prepared activity.
    pub struct Shortcut {
        /// Its identifier, unique for the user.
        id: Option<String> = "id",
        /// Its name.
        name: Option<String> = "name",
        /// Which activity it sets.
        activity_id: Option<String> = "activityId",
        /// Whether calls are welcome meanwhile.
        available: Option<bool> = "available",
        /// How long it lasts.
        duration_type: Option<DurationType> = "durationType",
        /// For [`DurationType::Minutes`].
        duration_minutes: Option<i64> = "durationMinutes",
        /// Its place among the others.
        order: Option<i64> = "order",
        /// Its picture, one of the vendor's.
        image_id: Option<String> = "imageId",
        /// Where calls go meanwhile.
        diversion_phone_number: Option<String> = "diversionPhoneNumber",
        /// Whether that number is used.
        apply_diversion_number: Option<bool> = "applyDiversionNumber",
    }
}

object! {
    /// A change of presence; what is not given stays as it is.
    pub struct PresenceChange {
        /// In which role.
        role: Option<String> = "role",
        /// In the user's own words.
        note: Option<String> = "note",
        /// What.
        activity: Option<Activity> = "activity",
    }
}

impl Client {
    /// The user's presence.
    ///
    /// # Errors
    /// As every request.
    pub async fn presence(&self) -> Result<Presence, Error> {
        self.one(Call::of("uinfo.presence.get")).await
    }

    /// Changes the user's presence; the answer is how it is then.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_presence(&self, change: &PresenceChange) -> Result<Presence, Error> {
        self.one(Call::of("uinfo.presence.set").json(&change.write())).await
    }

    /// The identifier of the user's activity.
    ///
    /// # Errors
    /// As every request.
    pub async fn activity(&self) -> Result<String, Error> {
        self.one(Call::of("uinfo.activity.get")).await
    }

    /// Sets the user's activity; without `available` the activity's own default counts. Any end time is gone.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_activity(&self, activity: &str, available: Option<bool>) -> Result<String, Error> {
        self.one(Call::of("uinfo.activity.set").at("activity", activity).maybe("available", available)).await
    }

    /// Until when the user's activity lasts.
    ///
    /// # Errors
    /// [`Error::Protocol`] if the answer is no time.
    pub async fn activity_end(&self) -> Result<Option<End>, Error> {
        self.one::<MaybeEnd>(Call::of("uinfo.expires.get")).await.map(|end| end.0)
    }

    /// Sets until when the user's activity lasts.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_activity_end(&self, end: End) -> Result<Option<End>, Error> {
        let call = Call::of("uinfo.expires.set").at("expires", end.in_path());
        self.one::<MaybeEnd>(call).await.map(|end| end.0)
    }

    /// Whether calls are welcome to the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn is_available(&self) -> Result<bool, Error> {
        self.one(Call::of("uinfo.available.get")).await
    }

    /// Sets the user's note.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for an empty note, which a path cannot hold; [`Client::set_presence`] can.
    pub async fn set_note(&self, note: &str) -> Result<(), Error> {
        self.done(Call::of("uinfo.note.set").at("note", note)).await
    }

    /// The user's picture, about this large in pixels if the server can.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn user_image(&self, width: Option<u32>, height: Option<u32>) -> Result<Image, Error> {
        let call = Call::of("uinfo.image.get").maybe("prefWidth", width).maybe("prefHeight", height);
        self.image(call).await
    }

    /// Sets the user's picture.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_user_image(&self, kind: ImageKind, image: impl Into<Bytes>) -> Result<(), Error> {
        self.done(Call::of("uinfo.image.set").body(kind.media_type(), image)).await
    }

    /// All shortcuts of the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn shortcuts(&self) -> Result<Vec<Shortcut>, Error> {
        self.list(Call::of("shortcuts.list"), "presenceShortcut").await
    }

    /// Replaces all shortcuts of the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_shortcuts(&self, shortcuts: &Vec<Shortcut>) -> Result<Vec<Shortcut>, Error> {
        let body = json!({ "presenceShortcut": shortcuts.write() });
        self.list(Call::of("shortcuts.setall").json(&body), "presenceShortcut").await
    }

    /// One shortcut.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn shortcut(&self, id: &str) -> Result<Shortcut, Error> {
        self.one(Call::of("shortcuts.get").at("id", id)).await
    }

    /// Changes a shortcut, or makes a new one of this identifier.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_shortcut(&self, id: &str, shortcut: &Shortcut) -> Result<Shortcut, Error> {
        self.one(Call::of("shortcuts.set").at("id", id).json(&shortcut.write())).await
    }

    /// Deletes a shortcut.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete_shortcut(&self, id: &str) -> Result<(), Error> {
        self.done(Call::of("shortcuts.delete").at("id", id)).await
    }
}

/// What kind of picture is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl ImageKind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// An end that may be missing from the answer.
#[derive(Default)]
struct MaybeEnd(Option<End>);

impl Loose for MaybeEnd {
    fn read(value: &serde_json::Value) -> Option<Self> {
        match value.as_str() {
            Some(text) if text.trim().is_empty() => Some(Self(None)),
            _ => End::read(value).map(|end| Self(Some(end))),
        }
    }

    fn write(&self) -> serde_json::Value {
        self.0.map(|end| end.write()).unwrap_or_default()
    }
}
