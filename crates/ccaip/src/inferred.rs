//! The open questions, each with the reading this crate builds on, in one place.
//!
//! Nothing in this module is in the vendor's document: everything is inferred from how its parts fit together, from what other
//! clients send, or from names alone. When a real tenant proves one of them wrong, this is where to change it.

use jiff::SignedDuration;
use serde_json::{Map, Value};

use crate::agents::AgentCurrentStatus;
use crate::calls::CallType;
use crate::codes::{AdapterFailCode, CallFailReason, ChatFailReason};
use crate::id::Id;
use crate::loose::{Loose, folded, record};
use crate::menus::{MenuPath, MenuType};

/// Inferred: whoever writes a subdomain alone means a tenant of this domain, which is the document's own example. (There are
/// more of them, one for each region.)
pub(crate) const VENDOR: &str = "uc1.ccaiplatform.com";

/// Inferred: the paths that may exist in the singular instead. The vendor's newer pages print `/menu` and `/team`, every client
/// asks for the plural, and the paths of e-mails and campaigns were never printed at all.
pub(crate) const SINGULAR: [(&str, &str); 4] =
    [("menus", "menu"), ("teams", "team"), ("emails", "email"), ("campaigns", "campaign")];

/// Inferred: how many records a page has at most where nobody says so; other clients ask for as many. A page of exactly this
/// size is therefore not taken for the last one.
pub(crate) const USUAL_PAGE: u32 = 100;

/// Inferred: a tenant that still has pages after so many is in a circle.
pub(crate) const MOST_PAGES: u32 = 1000;

// Inferred: the document ends with a list of variables. Those that no table has belong, by their place in that list, to the
// activity logs and to the calls; a tenant that does not know one ignores it.
pub(crate) const CALL_COUNT: &str = "call_count";
pub(crate) const CHAT_COUNT: &str = "chat_count";
pub(crate) const CHANGED_COLUMNS: &str = "changed_columns";
pub(crate) const CALLS_ID: &str = "id[]";
pub(crate) const CALLS_CREATED_AT: &str = "created_at";
pub(crate) const CALLS_ASSIGNED_AT: &str = "assigned_at";
pub(crate) const CALLS_ENDS_AT: &str = "ends_at";
pub(crate) const CALLS_SCHEDULED_AT: &str = "scheduled_at";
pub(crate) const CALLS_LANG: &str = "lang[]";

/// Inferred: which class of the filter `call_type[]` is which type of a call. (`OutboundCall` is also what "Voice Outbound (API)"
/// used to be called.)
const CALL_CLASSES: [(&str, CallType); 6] = [
    ("IvrCall", CallType::VoiceInboundIvr),
    ("IncomingCallApp", CallType::VoiceInboundApp),
    ("IncomingCallWeb", CallType::VoiceCallbackWeb),
    ("ScheduledCallApp", CallType::VoiceScheduledApp),
    ("ScheduledCallWeb", CallType::VoiceScheduledWeb),
    ("OutboundCall", CallType::VoiceOutbound),
];

pub(crate) fn call_type_of_class(class: &str) -> Option<CallType> {
    CALL_CLASSES.into_iter().find(|(name, _)| folded(name) == class).map(|(_, call_type)| call_type)
}

pub(crate) fn class_of_call_type(call_type: &CallType) -> Option<&'static str> {
    CALL_CLASSES.into_iter().find(|(_, known)| known == call_type).map(|(name, _)| name)
}

/// Inferred: the table of the adapter's codes and the list of reasons name the same failures in the same order (200xx the
/// customer, 300xx the agent, 400xx the carrier).
pub(crate) fn adapter_code(reason: &CallFailReason) -> Option<AdapterFailCode> {
    use CallFailReason as R;
    let code = match reason {
        R::Nothing | R::Other(_) => return None,
        R::Unknown => 10001,
        R::Expired => 11001,
        R::EuCanceled => 20001,
        R::EuRejected => 20002,
        R::EuAbandoned => 20003,
        R::EuInMenuAbandoned => 20004,
        R::EuBusy => 21001,
        R::EuWrongNumber => 21002,
        R::EuNoAnswer => 21003,
        R::EuNotiFailed => 22001,
        R::AgCanceled => 30001,
        R::AgIgnored => 30002,
        R::AgMicNoDevice => 31001,
        R::AgMicDenied => 31002,
        R::VoipTwilioError => 41001,
        R::VoipTokboxError => 42001,
        R::VoipInvalidToken => 43001,
        R::VoipConnGeneral => 44001,
        R::VoipConnTimeout => 44002,
        R::VoipConnSignal => 44003,
    };
    Some(AdapterFailCode(code))
}

/// Inferred: the document has no words for a chat's failures; these are its words for the same failures of a call.
pub(crate) fn chat_failure(reason: &ChatFailReason) -> Option<&'static str> {
    match reason {
        ChatFailReason::Nothing | ChatFailReason::Other(_) => None,
        ChatFailReason::Unknown => Some("This chat encountered an unexpected error."),
        ChatFailReason::NoResponse => Some("This chat was not answered by the customer."),
        ChatFailReason::Expired => Some("This chat expired while waiting in queue."),
    }
}

impl AgentCurrentStatus {
    /// What the platform says about being on hold: the document promises it and names no field, so these are all whose name
    /// has `hold` in it, as they came. Inferred.
    pub fn hold(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.extra
            .iter()
            .filter(|(key, _)| key.to_ascii_lowercase().contains("hold"))
            .map(|(key, value)| (key.as_str(), value))
    }
}

/// How long somebody will wait. Inferred: in seconds, as the vendor's text has it; the table beside it has minutes.
pub type EstimatedWait = SignedDuration;

record! {
    /// A menu in which something waits. Inferred: no sample of it was found; all but the identifier may be called otherwise.
    /// What came is in `extra`.
    pub struct MenuCurrentStatus {
        /// Which menu.
        id: Option<Id> = "id" | "menu_id",
        /// What it is called.
        name: Option<String> = "name",
        /// The menu above it.
        parent_id: Option<Id> = "parent_id",
        /// What kind it is.
        menu_type: Option<MenuType> = "menu_type",
        /// The way there.
        menu_path: Option<MenuPath> = "menu_path" | "materialized_path",
        /// How many calls wait.
        queued_calls: Option<i64> = "queued_calls" | "calls_in_queue",
        /// How many chats wait.
        queued_chats: Option<i64> = "queued_chats" | "chats_in_queue",
    }
}

impl MenuCurrentStatus {
    /// The durations that the platform tells ("additional data on durations of those queued items"): every number whose
    /// name speaks of a wait or a duration, read as seconds. Inferred.
    pub fn durations(&self) -> Vec<(&str, SignedDuration)> {
        durations(&self.extra)
    }

    /// The longest of these. Inferred.
    pub fn longest_wait(&self) -> Option<SignedDuration> {
        self.durations().into_iter().map(|(_, duration)| duration).max()
    }
}

fn durations(map: &Map<String, Value>) -> Vec<(&str, SignedDuration)> {
    let speaks = |key: &str| {
        let key = key.to_ascii_lowercase();
        ["wait", "duration", "longest"].iter().any(|word| key.contains(word))
    };
    let told = map.iter().filter(|(key, _)| speaks(key));
    told.filter_map(|(key, value)| Some((key.as_str(), SignedDuration::read(value).ok()?))).collect()
}

record! {
    /// How many of a queue's contacts were answered in time. Inferred: no sample of it was found.
    pub struct MenuSla {
        /// Which way through the menus.
        menu_path_id: Option<Id> = "menu_path_id" | "menu_id" | "id",
        /// The way in one text.
        materialized_path: Option<String> = "materialized_path" | "menu_path" | "name",
        /// The service level.
        sla: Option<f64> = "sla",
    }
}

record! {
    /// How many of a queue group's contacts were answered in time. Inferred: no sample of it was found.
    pub struct QueueGroupSla {
        /// Which group.
        queue_group: Option<String> = "queue_group" | "name",
        /// The service level.
        sla: Option<f64> = "sla",
    }
}

record! {
    /// When a menu is open. Inferred: no sample of it was found.
    pub struct OperationHours {
        /// Which definition.
        id: Option<Id> = "id",
        /// What it is called.
        name: Option<String> = "name",
    }
}

record! {
    /// A contact of a campaign. Inferred: no sample of it was found, nor was its path printed.
    pub struct CampaignContact {
        /// Which one.
        id: Option<Id> = "id",
        /// How it stands.
        status: Option<String> = "status",
    }
}

record! {
    /// What a queue looks like now. Inferred: the newer page of the vendor promises expected wait, calls in the queue, agents,
    /// hours and holidays, and shows no field. What came is in `extra`.
    pub struct QueueStatus {
        /// Which menu.
        menu_id: Option<Id> = "menu_id" | "id",
        /// What it is called.
        name: Option<String> = "name",
        /// What kind it is.
        menu_type: Option<MenuType> = "menu_type",
        /// The way there.
        materialized_path: Option<String> = "materialized_path",
    }
}

/// Inferred: a share of answers is a fraction up to 1 or a number of a hundred above it.
fn percent(sla: f64) -> f64 {
    if (0.0..=1.0).contains(&sla) { sla * 100.0 } else { sla }
}

impl MenuSla {
    /// The service level as a number of a hundred.
    pub fn percent(&self) -> Option<f64> {
        self.sla.map(percent)
    }
}

impl QueueGroupSla {
    /// The service level as a number of a hundred.
    pub fn percent(&self) -> Option<f64> {
        self.sla.map(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_names_are_found_by_what_they_speak_of() {
        let status = AgentCurrentStatus::read(
            &json!({"id": 1, "status": "In-call", "on_hold": true, "holdDuration": 12}),
        )
        .unwrap();
        assert_eq!(status.hold().map(|(key, _)| key).collect::<Vec<_>>(), ["holdDuration", "on_hold"]);
        assert_eq!(status.status.unwrap().name.as_deref(), Some("In-call"));
        let menu = MenuCurrentStatus::read(
            &json!({"menu_id": 4, "longest_wait": "90", "call_durations": 30, "wait": "x"}),
        )
        .unwrap();
        assert_eq!(menu.longest_wait(), Some(SignedDuration::from_secs(90)));
        assert_eq!(MenuCurrentStatus::default().longest_wait(), None);
    }

    #[test]
    fn a_service_level_is_of_a_hundred() {
        for (sla, expected) in [(0.5, 50.0), (1.0, 100.0), (87.5, 87.5), (0.0, 0.0)] {
            assert_eq!(MenuSla { sla: Some(sla), ..MenuSla::default() }.percent(), Some(expected));
        }
    }

    #[test]
    fn both_vocabularies_of_call_types_are_read() {
        for (class, call_type) in CALL_CLASSES {
            assert_eq!(CallType::from(class), call_type);
            assert_eq!(CallType::from(call_type.as_str()), call_type);
            assert_eq!(class_of_call_type(&call_type), Some(class));
        }
        assert_eq!(CallType::from("voice inbound (ivr)"), CallType::VoiceInboundIvr);
    }
}
