//! Diversions and the voicemail.

use dstny::diversion::{DiversionType, LineOrder, LineRules, VoicemailSettings as WireVoicemail};
use dstny::wire::Error;
use model::{
    ActivityDiversion, DiversionCase, DiversionChange, DiversionRule, Diversions, LineDiversions, LineId,
    PresenceId, Problem, VoicemailSettings,
};

use super::Dstny;
use super::inferred::NO_NUMBER;
use super::offers::Part;

impl Dstny {
    pub(super) async fn all_diversions(&self) -> Result<Diversions, Problem> {
        let client = &self.client;
        let (active, rules, activities) =
            tokio::join!(client.diversion_number(), client.diversion_rules(), client.activity_diversions());
        self.note(Part::Diversions, &rules);
        // Each is worth showing without the others, unless none is to be had.
        let failed = match (&active, &rules, &activities) {
            (Err(error), Err(_), Err(_)) => Some(self.problem(error)),
            _ => None,
        };
        if let Some(problem) = failed {
            return Err(problem);
        }
        let given = |number: Option<String>| number.filter(|number| !number.trim().is_empty());
        let picture = self.picture();
        let diversion = |one: dstny::diversion::ActivityDiversion| {
            let id = PresenceId(one.activity_id?);
            let title = picture.activity_title(id.as_str()).unwrap_or_else(|| id.0.clone());
            Some(ActivityDiversion { title, number: given(one.phone_number), activity: id })
        };
        Ok(Diversions {
            active: given(active.ok().flatten()),
            lines: rules.map(|rules| rules.lines.into_iter().map(line).collect()).unwrap_or_default(),
            activities: activities.unwrap_or_default().into_iter().filter_map(diversion).collect(),
        })
    }

    pub(super) async fn change_diversion(&self, change: DiversionChange) -> Result<(), Error> {
        let client = &self.client;
        match change {
            DiversionChange::Active { number: Some(number), until_presence_changes: true } => {
                client.set_diversion_number_for_activity(&number).await.map(drop)
            }
            DiversionChange::Active { number, .. } => {
                let number = number.unwrap_or_else(|| NO_NUMBER.to_owned());
                client.set_diversion_number(&number).await.map(drop)
            }
            DiversionChange::Rule { line, case, number } => {
                let (line, kind) = (LineOrder::from(line.as_str()), kind_of(&case));
                match number {
                    Some(number) => client.set_diversion_rule(&line, &kind, &number).await.map(drop),
                    None => client.delete_diversion_rule(&line, &kind).await.map(drop),
                }
            }
            DiversionChange::Activity { activity, number: Some(number) } => {
                client.set_activity_diversion(activity.as_str(), &number).await.map(drop)
            }
            DiversionChange::Activity { activity, number: None } => {
                client.delete_activity_diversion(activity.as_str()).await
            }
        }
    }

    pub(super) async fn voicemail_settings(&self) -> Result<VoicemailSettings, Problem> {
        let settings = self.client.voicemail_settings().await;
        self.note(Part::Voicemail, &settings);
        settings.map(ours).map_err(|error| self.problem(&error))
    }

    /// What we do not know of the settings goes back as it came.
    pub(super) async fn keep_voicemail(&self, new: VoicemailSettings) -> Result<VoicemailSettings, Problem> {
        let problem = |error: Error| self.problem(&error);
        let before = self.client.voicemail_settings().await.map_err(problem)?;
        let settings = WireVoicemail {
            allow_voicemail: new.enabled.or(before.allow_voicemail),
            play_activity: new.says_activity.or(before.play_activity),
            play_merged_unavailable_end_time: new.says_end.or(before.play_merged_unavailable_end_time),
            play_human_assistance: new.offers_person.or(before.play_human_assistance),
            human_assistance_number: new.person_number.or(before.human_assistance_number),
            sms_notification: new.by_sms.or(before.sms_notification),
            email_notification: new.by_email.or(before.email_notification),
            file_attached: new.attached.or(before.file_attached),
            callback_enabled: new.callback.or(before.callback_enabled),
            ..before
        };
        let kept = self.client.set_voicemail_settings(&settings).await.map_err(problem)?;
        self.learn();
        Ok(ours(kept))
    }
}

fn line(rules: LineRules) -> LineDiversions {
    let word = rules.line_order.as_ref().map(|order| order.as_str().to_owned()).unwrap_or_default();
    let rule = |rule: dstny::diversion::DiversionRule| {
        Some(DiversionRule {
            case: case_of(&rule.kind?)?,
            number: rule.phone_number.filter(|number| !number.trim().is_empty()),
        })
    };
    LineDiversions {
        line: LineId(word),
        number: rules.line_number.unwrap_or_default(),
        rules: rules.rules.into_iter().filter_map(rule).collect(),
    }
}

fn case_of(kind: &DiversionType) -> Option<DiversionCase> {
    Some(match kind {
        DiversionType::None => return None,
        DiversionType::All => DiversionCase::Always,
        DiversionType::OnBusy => DiversionCase::Busy,
        DiversionType::OnBusyInCall => DiversionCase::BusyInCall,
        DiversionType::OnBusyOrUnreachable => DiversionCase::BusyOrUnreachable,
        DiversionType::OnBusyInCallOrUnreachable => DiversionCase::BusyInCallOrUnreachable,
        DiversionType::NoAnswer => DiversionCase::NoAnswer,
        DiversionType::NoAnswerOrUnreachable => DiversionCase::NoAnswerOrUnreachable,
        DiversionType::Unreachable => DiversionCase::Unreachable,
        DiversionType::Other(word) => DiversionCase::Other { word: word.clone() },
    })
}

fn kind_of(case: &DiversionCase) -> DiversionType {
    match case {
        DiversionCase::Always => DiversionType::All,
        DiversionCase::Busy => DiversionType::OnBusy,
        DiversionCase::BusyInCall => DiversionType::OnBusyInCall,
        DiversionCase::BusyOrUnreachable => DiversionType::OnBusyOrUnreachable,
        DiversionCase::BusyInCallOrUnreachable => DiversionType::OnBusyInCallOrUnreachable,
        DiversionCase::NoAnswer => DiversionType::NoAnswer,
        DiversionCase::NoAnswerOrUnreachable => DiversionType::NoAnswerOrUnreachable,
        DiversionCase::Unreachable => DiversionType::Unreachable,
        DiversionCase::Other { word } => DiversionType::Other(word.clone()),
    }
}

fn ours(settings: WireVoicemail) -> VoicemailSettings {
    VoicemailSettings {
        enabled: settings.allow_voicemail,
        says_activity: settings.play_activity,
        says_end: settings.play_merged_unavailable_end_time,
        offers_person: settings.play_human_assistance,
        person_number: settings.human_assistance_number,
        by_sms: settings.sms_notification,
        by_email: settings.email_notification,
        attached: settings.file_attached,
        callback: settings.callback_enabled,
    }
}
