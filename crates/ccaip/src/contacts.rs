//! What calls, chats and e-mails have in common: who took part, through whose hands it went, how long each had it.

use jiff::{SignedDuration, Timestamp};

use crate::agents::AgentInfo;
use crate::codes::{AdapterFailCode, CallFailReason, Deflection};
use crate::id::Id;
use crate::loose::{record, words};
use crate::menus::MenuPath;

record! {
    /// The customer.
    pub struct EndUser {
        /// Which one.
        id: Option<Id> = "id",
        /// What the tenant knows the customer by: a number, an address, an identifier of its own.
        identifier: Option<String> = "identifier",
        /// The customer in the CRM.
        out_contact_id: Option<String> = "out_contact_id",
    }
}

words! {
    /// Who takes part.
    pub enum ParticipantType {
        /// The customer.
        EndUser = "end_user",
        /// An agent.
        Agent = "agent",
    }
}

record! {
    /// Somebody who takes part in a call or a chat.
    pub struct Participant {
        /// Which participation.
        id: Option<Id> = "id",
        /// In what role.
        kind: Option<ParticipantType> = "type",
        /// How it stands: `waiting`, … (no list is documented).
        status: Option<String> = "status",
        /// In which call.
        call_id: Option<Id> = "call_id",
        /// In which chat.
        chat_id: Option<Id> = "chat_id",
        /// Which agent.
        user_id: Option<Id> = "user_id",
        /// Which customer.
        end_user_id: Option<Id> = "end_user_id",
        /// How they came to it.
        entry_type: Option<String> = "entry_type",
        /// How long they spoke.
        call_duration: Option<SignedDuration> = "call_duration",
        /// How long they wrote; other clients know it in chats.
        chat_duration: Option<SignedDuration> = "chat_duration",
        /// How long they were on hold.
        hold_duration: Option<SignedDuration> = "hold_duration",
        /// Since when.
        connected_at: Option<Timestamp> = "connected_at",
        /// Until when.
        ended_at: Option<Timestamp> = "ended_at" | "finished_at",
        /// Why it failed.
        fail_reason: Option<CallFailReason> = "fail_reason",
        /// Why it failed, as the adapter says it.
        adapter_fail_code: Option<AdapterFailCode> = "adapter_fail_code",
        /// The same in words.
        adapter_fail_message: Option<String> = "adapter_fail_message",
    }
}

record! {
    /// A transfer.
    pub struct Transfer {
        /// Which one.
        id: Option<Id> = "id",
        /// How it stands: `transferring`, … (no list is documented).
        status: Option<String> = "status",
        /// Why it failed.
        fail_reason: Option<CallFailReason> = "fail_reason",
        /// When it was asked for.
        created_at: Option<Timestamp> = "created_at",
        /// How long they spoke afterwards.
        call_duration: Option<SignedDuration> = "call_duration",
        /// How long it waited.
        wait_duration: Option<SignedDuration> = "wait_duration",
        /// When somebody got it.
        assigned_at: Option<Timestamp> = "assigned_at",
        /// When they were connected.
        connected_at: Option<Timestamp> = "connected_at",
        /// When it last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// Whether it was sent elsewhere.
        deflection: Option<Deflection> = "deflection",
        /// From which queue. (Other clients know it as `from_menu_path`.)
        from_menu: Option<MenuPath> = "from_menu" | "from_menu_path",
        /// To which queue. (Other clients know it as `to_menu_path`, a text.)
        to_menu: Option<MenuPath> = "to_menu" | "to_menu_path",
        /// The priority it had.
        from_queue_priority_level: Option<String> = "from_queue_priority_level",
        /// The priority it got.
        to_queue_priority_level: Option<String> = "to_queue_priority_level",
        /// From whom.
        from_agent: Option<AgentInfo> = "from_agent",
        /// To whom.
        to_agent: Option<AgentInfo> = "to_agent",
    }
}

record! {
    /// How long an agent worked on a contact.
    pub struct HandleDuration {
        /// Who.
        agent_id: Option<Id> = "agent_id",
        /// After-call work.
        acw_duration: Option<SignedDuration> = "acw_duration",
        /// On the call.
        call_duration: Option<SignedDuration> = "call_duration",
        /// In the chat.
        chat_duration: Option<SignedDuration> = "chat_duration",
        /// On the e-mail.
        email_duration: Option<SignedDuration> = "email_duration",
        /// Waiting.
        wait_duration: Option<SignedDuration> = "wait_duration",
        /// For which queue.
        menu_path_id: Option<Id> = "menu_path_id",
        /// For which queue, in words.
        menu_path: Option<String> = "menu_path",
        /// In which language.
        lang: Option<String> = "lang",
        /// Whether it was transferred.
        transfer: Option<bool> = "transfer",
        /// By which transfer.
        transfer_id: Option<Id> = "transfer_id",
        /// How it came to the agent.
        assignment_type: Option<String> = "assignment_type",
        /// Since when.
        started_at: Option<Timestamp> = "started_at",
        /// Until when.
        ended_at: Option<Timestamp> = "ended_at",
        /// What ended it.
        event: Option<String> = "event",
    }
}

words! {
    /// Whether a contact was answered in time.
    pub enum ServiceLevelEvent {
        /// It was.
        InSla = "in_sla",
        /// It was not.
        NotInSla = "not_in_sla",
        /// It does not count, for example because it was abandoned.
        Excluded = "excluded",
    }
}

record! {
    /// How long a contact waited in a queue.
    pub struct QueueDuration {
        /// Who answered it.
        agent_id: Option<Id> = "agent_id",
        /// How long.
        queue_duration: Option<SignedDuration> = "queue_duration",
        /// In which queue.
        menu_path_id: Option<Id> = "menu_path_id",
        /// In which queue, in words.
        menu_path: Option<String> = "menu_path",
        /// In which language.
        lang: Option<String> = "lang",
        /// Whether it was transferred.
        transfer: Option<bool> = "transfer",
        /// How it came to the agent.
        assignment_type: Option<String> = "assignment_type",
        /// Since when.
        started_at: Option<Timestamp> = "started_at",
        /// Until when.
        ended_at: Option<Timestamp> = "ended_at",
        /// Who gives up sooner than this is not counted.
        service_level_abandon_time_threshold: Option<SignedDuration> = "service_level_abandon_time_threshold",
        /// Whether it was answered in time.
        service_level_event: Option<ServiceLevelEvent> = "service_level_event",
        /// How many of a hundred should be.
        service_level_target_percent: Option<f64> = "service_level_target_percent",
        /// What "in time" is.
        service_level_target_time: Option<SignedDuration> = "service_level_target_time",
        /// What ended the wait: `answered`, …
        event: Option<String> = "event",
    }
}

record! {
    /// An offer to agents.
    pub struct OfferEvent {
        /// When.
        casting_time: Option<Timestamp> = "casting_time",
        /// To whom.
        group: Option<String> = "group",
    }
}

record! {
    /// A picture that the customer sent.
    pub struct Photo {
        /// Which one.
        id: Option<Id> = "id",
        /// What it is.
        photo_type: Option<String> = "photo_type",
        /// Where it is.
        url: Option<String> = "url",
    }
}

record! {
    /// A film that the customer sent.
    pub struct Video {
        /// Which one.
        id: Option<Id> = "id",
        /// Where it is.
        url: Option<String> = "url",
    }
}

record! {
    /// Why and from where a call was sent elsewhere; other clients know it, the document has no sample.
    pub struct DeflectionDetail {
        /// Which one.
        id: Option<Id> = "id",
        /// Of which call.
        call_id: Option<Id> = "call_id",
        /// Of which transfer.
        transfer_id: Option<Id> = "transfer_id",
        /// How.
        deflection: Option<Deflection> = "deflection",
        /// From which queue.
        from_menu_path: Option<MenuPath> = "from_menu_path",
    }
}
