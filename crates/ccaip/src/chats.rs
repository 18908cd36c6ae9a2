//! Chats: messages from applications, web pages and by SMS.

use jiff::{SignedDuration, Timestamp};

use crate::agents::AgentInfo;
use crate::codes::ChatFailReason;
use crate::contacts::{
    EndUser, HandleDuration, OfferEvent, Participant, Photo, QueueDuration, Transfer, Video,
};
use crate::filters::{Range, Sort, question, words_as_params};
use crate::id::Id;
use crate::loose::{record, words};
use crate::menus::{Menu, MenuPath};

words! {
    /// Where a chat stands.
    pub enum ChatStatus {
        /// It waits for an agent.
        Queued = "queued",
        /// An agent has it.
        Assigned = "assigned",
        /// It is over.
        Finished = "finished",
        /// The customer gave up.
        Canceled = "canceled",
        /// It ended because of an error.
        Failed = "failed",
        /// The customer wrote nothing more.
        NoResponse = "no_response",
    }
}

impl ChatStatus {
    /// Whether nothing more happens to the chat. An unknown one may still go on.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Finished | Self::Canceled | Self::Failed | Self::NoResponse)
    }
}

words! {
    /// How a chat came about.
    pub enum ChatType {
        /// From a mobile application.
        App = "Messaging Inbound (App Chat)",
        /// From a web page.
        Web = "Messaging Inbound (Web Chat)",
        /// By SMS.
        Sms = "Messaging (SMS)",
    }
}

words_as_params!(ChatStatus, ChatType);

record! {
    /// A chat.
    pub struct Chat {
        /// Which one.
        id: Id = "id",
        /// In which language.
        lang: Option<String> = "lang",
        /// How it came about.
        chat_type: Option<ChatType> = "chat_type",
        /// Where it stands.
        status: Option<ChatStatus> = "status",
        /// More about that, in words.
        sub_status: Option<String> = "sub_status",
        /// When it began.
        created_at: Option<Timestamp> = "created_at",
        /// When an agent was chosen.
        assigned_at: Option<Timestamp> = "assigned_at",
        /// When it ended.
        ends_at: Option<Timestamp> = "ends_at",
        /// When it last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// When the first message was sent.
        first_msg_sent_at: Option<Timestamp> = "first_msg_sent_at",
        /// When the last message was sent.
        last_msg_sent_at: Option<Timestamp> = "last_msg_sent_at",
        /// How long it waited; deprecated, see `queue_duration`.
        wait_duration: Option<SignedDuration> = "wait_duration",
        /// How long it waited in the queue.
        queue_duration: Option<SignedDuration> = "queue_duration",
        /// How long it was.
        chat_duration: Option<SignedDuration> = "chat_duration",
        /// Whether the customer proved who they are.
        verified: Option<bool> = "verified",
        /// What the customer thought of it, 1 to 5.
        rating: Option<f64> = "rating",
        /// Whether the customer said more.
        has_feedback: Option<bool> = "has_feedback",
        /// The ticket in the CRM.
        out_ticket_id: Option<String> = "out_ticket_id",
        /// Where that ticket is.
        out_ticket_url: Option<String> = "out_ticket_url",
        /// Why it ended: `finish_reason_none`, …
        finish_reason: Option<String> = "finish_reason",
        /// Why it failed.
        fail_reason: Option<ChatFailReason> = "fail_reason",
        /// How many messages it has.
        message_count: Option<i64> = "message_count",
        /// How long the customer waited for an answer on average.
        average_response_time: Option<SignedDuration> = "average_response_time",
        /// How long the customer waited for an answer at most.
        longest_response_time: Option<SignedDuration> = "longest_response_time",
        /// Whether what was written is kept; other clients know it, the document has no sample.
        transcript: Option<bool> = "transcript",
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
    }
}

question! {
    /// Chats.
    pub struct Chats -> Chat ["chats"] {
        /// These only.
        id: Vec<Id> = "id[]",
        /// Of these agents.
        agent_id: Vec<Id> = "agent_id[]",
        /// Of these customers.
        end_user_id: Vec<Id> = "end_user_id[]",
        /// Of these kinds.
        chat_type: Vec<ChatType> = "chat_type[]",
        /// In these states.
        chat_status: Vec<ChatStatus> = "chat_status[]",
        /// Failed for these reasons.
        chat_fail_reason: Vec<ChatFailReason> = "chat_fail_reason[]",
        /// Whether the customer proved who they are.
        verified: Option<bool> = "verified[]",
        /// By when an agent was chosen.
        assigned_at: Range<Timestamp> = "assigned_at",
        /// By when they ended.
        ends_at: Range<Timestamp> = "ends_at",
        /// By when they last changed.
        updated_at: Range<Timestamp> = "updated_at",
        /// By when they began.
        created_at: Range<Timestamp> = "created_at",
        /// By what the customer thought, 1 to 5.
        rating: Range<i64> = "rating",
        /// By when the first message was sent.
        first_msg_sent_at: Range<Timestamp> = "first_msg_sent_at",
        /// By when the last message was sent.
        last_msg_sent_at: Range<Timestamp> = "last_msg_sent_at",
        /// By how long they were.
        chat_duration: Range<SignedDuration> = "chat_duration",
        /// By how many messages they have.
        message_count: Range<i64> = "message_count",
        /// By how long the customer waited for an answer on average.
        average_response_time: Range<SignedDuration> = "average_response_time",
        /// By how long the customer waited for an answer at most.
        longest_response_time: Range<SignedDuration> = "longest_response_time",
        /// By how long they waited.
        wait_duration: Range<SignedDuration> = "wait_duration",
        /// The order.
        sort: Option<Sort> = "",
    }
}
