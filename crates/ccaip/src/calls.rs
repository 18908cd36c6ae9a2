//! Calls: one record for every call into or out of the platform.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::agents::AgentInfo;
use crate::codes::{AdapterFailCode, CallFailReason, Deflection};
use crate::contacts::{
    DeflectionDetail, EndUser, HandleDuration, OfferEvent, Participant, Photo, QueueDuration, Transfer, Video,
};
use crate::filters::{Param, Range, Sort, question, words_as_params};
use crate::id::Id;
use crate::inferred;
use crate::loose::{record, words};
use crate::menus::{Menu, MenuPath};

words! {
    /// Where a call stands. The document's table has the words (`Action Only Finished`), JSON has `action_only_finished`; either is read.
    pub enum CallStatus {
        /// The customer is choosing in the menus.
        Selecting = "selecting",
        /// It waits for an agent.
        Queued = "queued",
        /// An agent was chosen.
        Assigned = "assigned",
        /// The two are being connected.
        Connecting = "connecting",
        /// They speak.
        Connected = "connected",
        /// It ended well.
        Finished = "finished",
        /// It ended because of an error.
        Failed = "failed",
        /// Another carrier is tried.
        Switching = "switching",
        /// A failed call was called back.
        Recovered = "recovered",
        /// It will be made later.
        Scheduled = "scheduled",
        /// The tenant's own telephony has it.
        ActionOnly = "action_only",
        /// The tenant's own telephony had it.
        ActionOnlyFinished = "action_only_finished",
        /// It was sent elsewhere.
        Deflected = "deflected",
        /// The customer is leaving a message.
        Voicemail = "voicemail",
        /// A message waits to be heard.
        VoicemailReceived = "voicemail_received",
        /// A message was opened.
        VoicemailRead = "voicemail_read",
    }
}

impl CallStatus {
    /// The document's words for it.
    pub fn description(&self) -> Option<&'static str> {
        Some(match self {
            Self::Selecting => {
                "State that occurs when an end user has called into the contact center, but is still navigating the menu options prior to call request from a leaf node."
            }
            Self::Queued => {
                "State that occurs after the end user has selected a leaf menu node and initiated a call request to be deltcasted or multicasted to an agent."
            }
            Self::Assigned => {
                "State that occurs when an agent is selected to received the end user call. This occurs when an agent picks up a call."
            }
            Self::Connecting => {
                "State that occurs after an agent is assigned, and is waiting to be establish a connection between the end user and agent."
            }
            Self::Connected => {
                "State that occurs when the call has established a connection and the agent and end user are both placed into a call."
            }
            Self::Finished => {
                "State that occurs when an agent and end user’s conversation ends a call without any errors."
            }
            Self::Failed => {
                "State that occurs when a call ends because of an error. When this status is rendered, a failed reason will also be provided for more context"
            }
            Self::Switching => {
                "State that occurs when a call fails while trying to connect and our platform attempts to connect the call with a different VOIP provider."
            }
            Self::Recovered => {
                "State that occurs when a failed call is called back. This new call is a child to the original call. Recovered notes that the call back is finished without error."
            }
            Self::Scheduled => {
                "State that occurs when an end user has chosen to be called in the future as part of a deflection option or has selected to be called in the future via In-Web or In-App."
            }
            Self::ActionOnly => {
                "State that occurs when a call that is handled by our client’s own telephony provider is connected to our iOS or Android SDK."
            }
            Self::ActionOnlyFinished => {
                "State that occurs when a call that is handled by our client’s own telephony provider is connected to our iOS or Android SDK and finishes"
            }
            Self::Deflected => {
                "State that occurs based on the configuration for overcapacity queues or after hour calls. Deflection options include voicemail, schedule call among others. Deflection will vary based on channel (In-app, IVR, In-web)"
            }
            Self::Voicemail => {
                "State that occurs when an end user is deflected to a voicemail option, and opts to leave a voicemail message to listened to later. This state is present when the end user is leaving the voicemail"
            }
            Self::VoicemailReceived => {
                "State that occurs after an end user has left a voicemail and an agent has not listened to the voicemail"
            }
            Self::VoicemailRead => "State that occurs when an agent has opened the voicemail to listen to.",
            Self::Other(_) => return None,
        })
    }

    /// Whether, by that description, nothing more happens to the call. An unknown one may still go on.
    pub fn is_over(&self) -> bool {
        use CallStatus::{
            ActionOnlyFinished, Deflected, Failed, Finished, Recovered, VoicemailRead, VoicemailReceived,
        };
        matches!(
            self,
            Finished
                | Failed
                | Recovered
                | ActionOnlyFinished
                | Deflected
                | VoicemailReceived
                | VoicemailRead
        )
    }
}

words! {
    /// How a call came about: the long words of JSON. The filter has another vocabulary (`IvrCall`), which is read and sent too.
    pub enum CallType or inferred::call_type_of_class {
        /// The customer called from a telephone.
        VoiceInboundIvr = "Voice Inbound (IVR)",
        /// The customer called from a mobile application.
        VoiceInboundApp = "Voice Inbound (App)",
        /// The customer asked for a call on a web page.
        VoiceCallbackWeb = "Voice Callback (Web)",
        /// The customer scheduled a call in a mobile application.
        VoiceScheduledApp = "Voice Scheduled (App)",
        /// The customer scheduled a call on a web page.
        VoiceScheduledWeb = "Voice Scheduled (Web)",
        /// An agent called.
        VoiceOutbound = "Voice Outbound",
        /// An application started a call to an agent; see [`crate::NewCall`].
        VoiceInboundApi = "Voice Inbound (API)",
        /// An application scheduled a call.
        VoiceScheduledApi = "Voice Scheduled (API)",
        /// An application started a call for an agent.
        VoiceOutboundApi = "Voice Outbound (API)",
        /// An agent scheduled a call. Known from the filter only.
        AgentScheduledCall = "AgentScheduledCall",
        /// The tenant's own telephony has it. Known from the filter only.
        ActionOnlyCall = "ActionOnlyCall",
    }
}

impl CallType {
    /// Whether an agent, or an application for one, calls the customer.
    pub fn is_outbound(&self) -> bool {
        matches!(self, Self::VoiceOutbound | Self::VoiceOutboundApi)
    }
}

/// In the vocabulary of the filter.
impl Param for CallType {
    fn param(&self) -> String {
        inferred::class_of_call_type(self).unwrap_or_else(|| self.as_str()).to_owned()
    }
}

words_as_params!(CallStatus);

record! {
    /// A call.
    pub struct Call {
        /// Which one.
        id: Id = "id",
        /// The call that this one calls back.
        parent_id: Option<Id> = "parent_id",
        /// In which language.
        lang: Option<String> = "lang",
        /// How it came about.
        call_type: Option<CallType> = "call_type",
        /// Where it stands.
        status: Option<CallStatus> = "status",
        /// More about that, in words.
        sub_status: Option<String> = "sub_status",
        /// When it began.
        created_at: Option<Timestamp> = "created_at",
        /// Since when it waits for an agent.
        queued_at: Option<Timestamp> = "queued_at",
        /// When an agent was chosen.
        assigned_at: Option<Timestamp> = "assigned_at",
        /// When the two were connected.
        connected_at: Option<Timestamp> = "connected_at",
        /// When it ended.
        ends_at: Option<Timestamp> = "ends_at",
        /// When it is to be made.
        scheduled_at: Option<Timestamp> = "scheduled_at",
        /// When it last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// How long it waited; deprecated, see `queue_duration`.
        wait_duration: Option<SignedDuration> = "wait_duration",
        /// How long it waited in the queue.
        queue_duration: Option<SignedDuration> = "queue_duration",
        /// How long they spoke.
        call_duration: Option<SignedDuration> = "call_duration",
        /// How long the customer was on hold.
        hold_duration: Option<SignedDuration> = "hold_duration",
        /// What the customer thought of it, 1 to 5.
        rating: Option<f64> = "rating",
        /// Whether the customer said more.
        has_feedback: Option<bool> = "has_feedback",
        /// Who carries it.
        voip_provider: Option<String> = "voip_provider",
        /// The ticket in the CRM.
        out_ticket_id: Option<String> = "out_ticket_id",
        /// Where that ticket is.
        out_ticket_url: Option<String> = "out_ticket_url",
        /// Whether the customer proved who they are.
        verified: Option<bool> = "verified",
        /// The recording.
        recording_url: Option<String> = "recording_url",
        /// Whether the customer agreed to it: `not_asked`, …
        recording_permission: Option<String> = "recording_permission",
        /// Why it went to a voicemail: `not_voicemail`, …
        voicemail_reason: Option<String> = "voicemail_reason",
        /// Whether it was sent elsewhere.
        deflection: Option<Deflection> = "deflection",
        /// How and from where it was sent elsewhere.
        deflection_details: Vec<DeflectionDetail> = "deflection_details",
        /// Who hung up: `disconnected_by_unknown`, …
        disconnected_by: Option<String> = "disconnected_by",
        /// Why it ended: `no_reason`, …
        finish_reason: Option<String> = "finish_reason",
        /// More about a failure.
        fail_details: Option<String> = "fail_details",
        /// Why it failed.
        fail_reason: Option<CallFailReason> = "fail_reason",
        /// Why it failed, as the agent's adapter says it.
        adapter_fail_code: Option<AdapterFailCode> = "adapter_fail_code",
        /// The same in words.
        adapter_fail_message: Option<String> = "adapter_fail_message",
        /// The number that the customer called.
        support_number: Option<String> = "support_number",
        /// The queue.
        selected_menu: Option<Menu> = "selected_menu",
        /// The way there.
        menu_path: Option<MenuPath> = "menu_path",
        /// The agent.
        agent_info: Option<AgentInfo> = "agent_info",
        /// The customer.
        end_user: Option<EndUser> = "end_user",
        /// Pictures that the customer sent.
        photos: Vec<Photo> = "photos",
        /// Films that the customer sent.
        videos: Vec<Video> = "videos",
        /// Through whose hands it went.
        transfers: Vec<Transfer> = "transfers",
        /// How long each agent worked on it.
        handle_durations: Vec<HandleDuration> = "handle_durations",
        /// How long it waited in each queue.
        queue_durations: Vec<QueueDuration> = "queue_durations",
        /// Who took part.
        participants: Vec<Participant> = "participants",
        /// How it was offered to agents.
        offer_type: Option<String> = "offer_type",
        /// When it was offered to whom.
        offer_events: Vec<OfferEvent> = "offer_events",
        /// How it was answered: `manual`, …
        answer_type: Option<String> = "answer_type",
        /// The number that the customer saw.
        outbound_number: Option<String> = "outbound_number",
        /// Text messages while waiting; no sample is documented.
        wait_time_sms: Vec<Value> = "wait_time_sms",
        /// Text messages during the call; no sample is documented.
        in_call_sms: Vec<Value> = "in_call_sms",
    }
}

question! {
    /// Calls. Pages and order are in no table of the document; other clients ask for them.
    pub struct Calls -> Call ["calls"] {
        /// Of these agents.
        agent_id: Vec<Id> = "agent_id[]",
        /// Of these customers.
        end_user_id: Vec<Id> = "end_user_id[]",
        /// In these states.
        call_status: Vec<CallStatus> = "call_status[]",
        /// Failed for these reasons.
        call_fail_reason: Vec<CallFailReason> = "call_fail_reason[]",
        /// Whether the customer proved who they are.
        verified: Option<bool> = "verified[]",
        /// Of these kinds.
        call_type: Vec<CallType> = "call_type[]",
        /// To these numbers.
        support_number: Vec<String> = "support_number[]",
        /// By when the two were connected.
        connected_at: Range<Timestamp> = "connected_at",
        /// By when they last changed.
        updated_at: Range<Timestamp> = "updated_at",
        /// By when they began to wait.
        queued_at: Range<Timestamp> = "queued_at",
        /// By what the customer thought, 1 to 5.
        rating: Range<i64> = "rating",
        /// By how long they were.
        call_duration: Range<SignedDuration> = "call_duration",
        /// By how long the customer was on hold.
        hold_duration: Range<SignedDuration> = "hold_duration",
        /// These only. In no table of the document for calls.
        id: Vec<Id> = inferred::CALLS_ID,
        /// By when they began. In no table of the document for calls.
        created_at: Range<Timestamp> = inferred::CALLS_CREATED_AT,
        /// By when an agent was chosen. In no table of the document for calls.
        assigned_at: Range<Timestamp> = inferred::CALLS_ASSIGNED_AT,
        /// By when they ended. In no table of the document for calls.
        ends_at: Range<Timestamp> = inferred::CALLS_ENDS_AT,
        /// By when they are to be made. In no table of the document.
        scheduled_at: Range<Timestamp> = inferred::CALLS_SCHEDULED_AT,
        /// Of these languages. In no table of the document.
        lang: Vec<String> = inferred::CALLS_LANG,
        /// The order.
        sort: Option<Sort> = "",
    }
}
