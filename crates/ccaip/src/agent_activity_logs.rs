//! Agent activity logs: what an agent's widget was doing when. Each activity is a record of its own.

use jiff::{SignedDuration, Timestamp};

use crate::agents::AgentInfo;
use crate::filters::{Range, Sort, question, words_as_params};
use crate::id::Id;
use crate::inferred;
use crate::loose::{record, words};
use crate::user_statuses::UserStatus;

words! {
    /// What happened. The document's table and its filter each have some that the other lacks; all are here.
    pub enum Activity {
        /// A chat was picked up.
        ChatPickedUp = "chat_picked_up",
        /// The agent tried to pick up a chat.
        ChatPickUpAttempt = "chat_pick_up_attempt",
        /// A chat was offered to the agents of its queue.
        ChatNotificationOffered = "chat_notification_offered",
        /// A call was offered to the agent.
        CallNotificationOffered = "call_notification_offered",
        /// The agent tried to pick up a call.
        CallPickUpAttempt = "call_pick_up_attempt",
        /// The agent answered a call.
        CallPickedUp = "call_picked_up",
        /// A call was offered to this agent alone.
        DeltacastCallNotificationOffered = "deltacast_call_notification_offered",
        /// The agent tried to answer such a call.
        DeltacastCallPickUpAttempt = "deltacast_call_pick_up_attempt",
        /// The agent answered such a call.
        DeltacastCallPickedUp = "deltacast_call_picked_up",
        /// The agent did not answer such a call.
        DeltacastCallMissed = "deltacast_call_missed",
        /// In the filter's list only, unexplained.
        DeltacastCallProjected = "deltacast_call_projected",
        /// In the filter's list only, unexplained.
        DeltacastCallBounced = "deltacast_call_bounced",
        /// A call was offered to all agents of its queue.
        MulticastCallNotificationOffered = "multicast_call_notification_offered",
        /// The agent tried to answer such a call.
        MulticastCallPickUpAttempt = "multicast_call_pick_up_attempt",
        /// The agent answered such a call.
        MulticastCallPickedUp = "multicast_call_picked_up",
        /// The agent used the dial pad.
        CallOutboundDialing = "call_outbound_dialing",
        /// The agent's state changed.
        UserStatusChanged = "user_status_changed",
        /// The agent signed in. (The document has the descriptions of `login` and `logout` swapped.)
        Login = "login",
        /// The agent signed out.
        Logout = "logout",
        /// The state that was to follow the contacts under way began.
        StatusAfterInquiriesApplied = "status_after_inquiries_applied",
    }
}

words_as_params!(Activity);

record! {
    /// Something that an agent's widget did, or a state it was in.
    pub struct AgentActivityLog {
        /// Which one.
        id: Id = "id",
        /// Whose.
        agent_id: Option<Id> = "agent_id",
        /// Who caused it.
        whodunnit: Option<AgentInfo> = "whodunnit",
        /// In which state the agent was.
        status: Option<UserStatus> = "status",
        /// When it began.
        started_at: Option<Timestamp> = "started_at",
        /// When it ended.
        ended_at: Option<Timestamp> = "ended_at",
        /// How long it was.
        duration: Option<SignedDuration> = "duration",
        /// What it was.
        activity: Option<Activity> = "activity",
        /// About which call.
        call_id: Option<Id> = "call_id",
        /// About which chat.
        chat_id: Option<Id> = "chat_id",
    }
}

question! {
    /// What agents' widgets did.
    pub struct AgentActivityLogs -> AgentActivityLog ["agent_activity_logs"] {
        /// These only.
        id: Vec<Id> = "id[]",
        /// Of these agents.
        agent_id: Vec<Id> = "agent_id[]",
        /// Of these kinds.
        activity: Vec<Activity> = "activity[]",
        /// Caused by these agents.
        whodunnit_id: Vec<Id> = "whodunnit_id[]",
        /// About these calls.
        call_id: Vec<Id> = "call_id[]",
        /// About these chats.
        chat_id: Vec<Id> = "chat_id[]",
        /// By when they began.
        started_at: Range<Timestamp> = "started_at",
        /// By when they ended.
        ended_at: Range<Timestamp> = "ended_at",
        /// By how long they were.
        duration: Range<SignedDuration> = "duration",
        /// By how many calls the agent had. In no table of the document.
        call_count: Range<i64> = inferred::CALL_COUNT,
        /// By how many chats the agent had. In no table of the document.
        chat_count: Range<i64> = inferred::CHAT_COUNT,
        /// By what changed. In no table of the document.
        changed_columns: Option<String> = inferred::CHANGED_COLUMNS,
        /// The order.
        sort: Option<Sort> = "",
    }
}
