//! Group "End-user Configuration": the words an organization uses: its activities, roles and answer places. The
//! identifiers in here are what presence and call-back take.

use crate::Error;
use crate::client::{Call, Client};
use crate::contact_info::DirectoryField;
use crate::inferred;
use crate::loose::object;

object! {
    /// An activity of the organization.
    pub struct ConfiguredActivity {
        /// Its identifier.
        id: Option<String> = "id",
        /// What it is called, in the language asked for.
        name: Option<String> = "name",
        /// Whether calls are welcome during it, unless said otherwise.
        available: Option<bool> = "available",
        /// Whether it is the one that is set when nothing else is.
        default: Option<bool> = "default",
        /// What it is called in the configuration.
        state_name: Option<String> = "stateName",
    }
}

object! {
    /// A role of the organization.
    pub struct ConfiguredRole {
        /// Its identifier.
        id: Option<String> = "id",
        /// What it is called, in the language asked for.
        name: Option<String> = "name",
        /// What it is called in the configuration.
        state_name: Option<String> = "stateName",
    }
}

object! {
    /// A place where the user can be rung.
    pub struct AnswerPlace {
        /// Its identifier: `mobile` …
        id: Option<String> = "id",
        /// What it is called, in the language asked for.
        name: Option<String> = "name",
    }
}

object! {
    /// The wrapping of activities.
    pub struct Activities {
        /// The activities.
        activity: Vec<ConfiguredActivity> = "activity",
    }
}

object! {
    /// The wrapping of roles.
    pub struct Roles {
        /// The roles.
        role: Vec<ConfiguredRole> = "role",
    }
}

object! {
    /// The wrapping of answer places.
    pub struct AnswerPlaces {
        /// The answer places.
        place: Vec<AnswerPlace> = "answerplace",
    }
}

object! {
    /// The wrapping of directory fields.
    pub struct ConfiguredFields {
        /// The fields.
        field: Vec<DirectoryField> = "field",
    }
}

object! {
    /// Everything about the organization that a user may know.
    pub struct Configuration {
        /// Activities.
        activities: Option<Activities> = "activities",
        /// Roles.
        roles: Option<Roles> = "roles",
        /// Answer places.
        answer_places: Option<AnswerPlaces> = "answerplaces",
        /// Fields of the directory.
        fields: Option<ConfiguredFields> = "fields",
        /// Whether SMS can be sent.
        sms_allowed: Option<bool> = "sms-allowed",
        /// Whether there are topics.
        topics_enabled: Option<bool> = "topics-enabled",
        /// Whether calls can be routed by rules.
        call_routing_enabled: Option<bool> = "callrouting-enabled",
        /// Whether presence falls back to the default when an activity ends.
        fallback_to_default: Option<bool> = "fallbackToDefaultPresenceState",
        /// The default.
        default_presence_state: Option<String> = "defaultPresenceState",
    }
}

impl Client {
    /// The places where the user can be rung, named in a language (`sv`, `en_US`) or else in the user's own.
    ///
    /// # Errors
    /// As every request.
    pub async fn answer_places(&self, language: Option<&str>) -> Result<Vec<AnswerPlace>, Error> {
        self.list(Call::of("config.answerplaces").maybe("language", language), "answerplace").await
    }

    /// The roles of the organization.
    ///
    /// # Errors
    /// As every request.
    pub async fn roles(&self, language: Option<&str>) -> Result<Vec<ConfiguredRole>, Error> {
        self.list(Call::of("config.roles").maybe("language", language), "role").await
    }

    /// The activities of the organization.
    ///
    /// # Errors
    /// As every request.
    pub async fn activities(&self, language: Option<&str>) -> Result<Vec<ConfiguredActivity>, Error> {
        self.list(Call::of("config.activities").maybe("language", language), "activity").await
    }

    /// Everything at once.
    ///
    /// # Errors
    /// As every request.
    pub async fn configuration(&self, language: Option<&str>) -> Result<Configuration, Error> {
        self.one(Call::of("config.all").maybe("language", language)).await
    }

    /// The address of the web client, if it is told.
    ///
    /// # Errors
    /// As every request.
    pub async fn web_client(&self) -> Result<Option<String>, Error> {
        let content = self.open(&Call::of("config.webclient")).await?;
        Ok(inferred::web_address(&content.value))
    }
}
