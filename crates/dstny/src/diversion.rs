//! Groups "Diversion", "Activity Diversion Mapping" and "User Voicemail Settings": where calls go when the user cannot
//! or does not want to take them.

use serde_json::json;

use crate::Error;
use crate::answer::Written;
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};

words! {
    /// Which of the user's lines.
    pub enum LineOrder {
        /// The first.
        Primary = "PRIMARY",
        /// The second.
        Secondary = "SECONDARY",
    }
}

words! {
    /// When a call is diverted.
    pub enum DiversionType {
        /// Never.
        None = "NONE",
        /// Always.
        All = "CFWD_ALL",
        /// When busy.
        OnBusy = "CFWD_ON_BUSY",
        /// When in a call.
        OnBusyInCall = "CFWD_ON_BUSY_IN_CALL",
        /// When busy or not reachable.
        OnBusyOrUnreachable = "CFWD_ON_BUSY_OR_UNREACHABLE",
        /// When in a call or not reachable.
        OnBusyInCallOrUnreachable = "CFWD_ON_BUSY_IN_CALL_OR_UNREACHABLE",
        /// When nobody answers.
        NoAnswer = "CFWD_NO_ANSWER",
        /// When nobody answers or can be reached.
        NoAnswerOrUnreachable = "CFWD_NO_ANSWER_OR_UNREACHABLE",
        /// When not reachable.
        Unreachable = "CFWD_UNREACHABLE",
    }
}

object! {
    /// One rule; without a number it is off.
    pub struct DiversionRule {
        /// For which line, where one rule is meant by itself.
        line_order: Option<LineOrder> = "lineOrderType",
        /// Where to.
        phone_number: Option<String> = "phoneNumber",
        /// When.
        kind: Option<DiversionType> = "diversionRoutingRulesType",
    }
}

object! {
    /// The rules of one line.
    pub struct LineRules {
        /// The line's number.
        line_number: Option<String> = "lineNumber",
        /// Which line.
        line_order: Option<LineOrder> = "lineOrderType",
        /// What kind of line, as [`crate::user_line::LineType`] has it.
        line_type: Option<String> = "lineType",
        /// The rules.
        rules: Vec<DiversionRule> = "userDiversionRules",
    }
}

object! {
    /// Whose rules they are.
    pub struct RulesOwner {
        /// The domain.
        domain: Option<String> = "domain",
        /// The user name.
        user_id: Option<String> = "userid",
    }
}

object! {
    /// A user's rules.
    pub struct DiversionRules {
        /// Whose.
        user: Option<RulesOwner> = "user",
        /// By line.
        lines: Vec<LineRules> = "userDiversionLineRules",
    }
}

object! {
    /// Where calls go during an activity.
    pub struct ActivityDiversion {
        /// Which activity.
        activity_id: Option<String> = "activityId",
        /// Where to.
        phone_number: Option<String> = "phoneNumber",
    }
}

object! {
    /// Where calls go now.
    pub struct DiversionNumber {
        /// The number; none if they are not diverted.
        number: Option<String> = "diversion-number",
    }
}

object! {
    /// How the user's voicemail behaves.
    pub struct VoicemailSettings {
        /// The greeting says what the user is doing.
        play_activity: Option<bool> = "playActivity",
        /// It says when the last of several activities in a row ends.
        play_merged_unavailable_end_time: Option<bool> = "playMergedUnavailableEndTime",
        /// It offers a human.
        play_human_assistance: Option<bool> = "playHumanAssistance",
        /// The human's number.
        human_assistance_number: Option<String> = "humanAssistanceNumber",
        /// New messages are told by SMS.
        sms_notification: Option<bool> = "smsNotification",
        /// New messages are told by e-mail.
        email_notification: Option<bool> = "emailNotification",
        /// With the message attached.
        file_attached: Option<bool> = "fileAttached",
        /// A nearly full inbox is told by SMS.
        inbox_full_sms_notification: Option<bool> = "voicemailInboxFullSmsNotification",
        /// A nearly full inbox is told by e-mail.
        inbox_full_email_notification: Option<bool> = "voicemailInboxFullEmailNotification",
        /// Messages can be fetched to the mobile.
        allow_download: Option<bool> = "allowDownload",
        /// Callers can leave messages.
        allow_voicemail: Option<bool> = "allowVoicemail",
        /// Callers can get past it.
        bypass_voicemail: Option<bool> = "bypassVoicemail",
        /// The user can call back from it.
        callback_enabled: Option<bool> = "voicemailCallbackEnabled",
    }
}

impl Client {
    /// All rules of the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn diversion_rules(&self) -> Result<DiversionRules, Error> {
        self.one(Call::of("diversion.rules.get")).await
    }

    /// Sets all rules of the user.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_diversion_rules(&self, rules: &DiversionRules) -> Result<Written, Error> {
        self.one(Call::of("diversion.rules.set").json(&rules.write())).await
    }

    /// Deletes all rules of the user.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn delete_diversion_rules(&self) -> Result<Written, Error> {
        self.one(Call::of("diversion.rules.delete")).await
    }

    /// The rules of one line.
    ///
    /// # Errors
    /// As every request.
    pub async fn line_diversions(&self, line: &LineOrder) -> Result<DiversionRules, Error> {
        self.one(Call::of("diversion.line.get").at("lineOrderType", line)).await
    }

    /// Sets the rules of one line.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_line_diversions(
        &self,
        line: &LineOrder,
        rules: &DiversionRules,
    ) -> Result<Written, Error> {
        self.one(Call::of("diversion.line.set").at("lineOrderType", line).json(&rules.write())).await
    }

    /// Deletes the rules of one line.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn delete_line_diversions(&self, line: &LineOrder) -> Result<Written, Error> {
        self.one(Call::of("diversion.line.delete").at("lineOrderType", line)).await
    }

    /// One rule.
    ///
    /// # Errors
    /// As every request.
    pub async fn diversion_rule(
        &self,
        line: &LineOrder,
        kind: &DiversionType,
    ) -> Result<DiversionRule, Error> {
        self.one(rule("diversion.rule.get", line, kind)).await
    }

    /// Sets one rule.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_diversion_rule(
        &self,
        line: &LineOrder,
        kind: &DiversionType,
        number: &str,
    ) -> Result<Written, Error> {
        let body = json!({ "phoneNumber": number, "diversionRoutingRulesType": kind.as_str() });
        self.one(rule("diversion.rule.set", line, kind).json(&body)).await
    }

    /// Deletes one rule.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn delete_diversion_rule(
        &self,
        line: &LineOrder,
        kind: &DiversionType,
    ) -> Result<Written, Error> {
        self.one(rule("diversion.rule.delete", line, kind)).await
    }

    /// Where calls go now, if they are diverted.
    ///
    /// # Errors
    /// As every request.
    pub async fn diversion_number(&self) -> Result<Option<String>, Error> {
        self.one::<DiversionNumber>(Call::of("diversion.number.get")).await.map(|diversion| diversion.number)
    }

    /// Diverts calls to a number, until further notice.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_diversion_number(&self, number: &str) -> Result<Option<String>, Error> {
        let call = Call::of("diversion.number.set").with("phoneNumber", number);
        self.one::<DiversionNumber>(call).await.map(|diversion| diversion.number)
    }

    /// Diverts calls to a number until the user's activity changes.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_diversion_number_for_activity(&self, number: &str) -> Result<Option<String>, Error> {
        let call = Call::of("diversion.number.set").with("phoneNumber", number).with("activityScoped", true);
        self.one::<DiversionNumber>(call).await.map(|diversion| diversion.number)
    }

    /// Where calls go during which activity.
    ///
    /// # Errors
    /// As every request.
    pub async fn activity_diversions(&self) -> Result<Vec<ActivityDiversion>, Error> {
        self.list(Call::of("actdiv.list"), "diversion-mapping").await
    }

    /// Replaces where calls go during which activity.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_activity_diversions(
        &self,
        diversions: &Vec<ActivityDiversion>,
    ) -> Result<Vec<ActivityDiversion>, Error> {
        let body = json!({ "diversion-mapping": diversions.write() });
        self.list(Call::of("actdiv.set").json(&body), "diversion-mapping").await
    }

    /// Where calls go during one activity.
    ///
    /// # Errors
    /// As every request.
    pub async fn activity_diversion(&self, activity: &str) -> Result<ActivityDiversion, Error> {
        self.one(Call::of("actdiv.get").at("activityId", activity)).await
    }

    /// Sets where calls go during one activity.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_activity_diversion(
        &self,
        activity: &str,
        number: &str,
    ) -> Result<ActivityDiversion, Error> {
        let call = Call::of("actdiv.setone").at("activityId", activity);
        self.one(call.json(&json!({ "phoneNumber": number }))).await
    }

    /// Ends the diversion during one activity.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete_activity_diversion(&self, activity: &str) -> Result<(), Error> {
        self.done(Call::of("actdiv.delete").at("activityId", activity)).await
    }

    /// How the user's voicemail behaves.
    ///
    /// # Errors
    /// As every request.
    pub async fn voicemail_settings(&self) -> Result<VoicemailSettings, Error> {
        self.one(Call::of("voicemail.get")).await
    }

    /// Changes how the user's voicemail behaves; the answer is how it does then.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_voicemail_settings(
        &self,
        settings: &VoicemailSettings,
    ) -> Result<VoicemailSettings, Error> {
        self.one(Call::of("voicemail.set").json(&settings.write())).await
    }
}

fn rule(operation: &'static str, line: &LineOrder, kind: &DiversionType) -> Call {
    Call::of(operation).at("lineOrderType", line).at("diversionRuleType", kind)
}
