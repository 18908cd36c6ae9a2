//! Agents, and what each is doing now.

use jiff::Timestamp;

use crate::filters::{Range, Sort, question};
use crate::id::Id;
use crate::loose::record;
use crate::menus::{ChannelType, Menu};
use crate::teams::Team;
use crate::user_statuses::UserStatus;

record! {
    /// An agent.
    pub struct Agent {
        /// Which one.
        id: Id = "id",
        /// E-mail address.
        email: Option<String> = "email",
        /// When the account was made.
        created_at: Option<Timestamp> = "created_at",
        /// When the agent last signed in.
        last_login_time: Option<Timestamp> = "last_login_time",
        /// First name.
        first_name: Option<String> = "first_name",
        /// Middle name.
        middle_name: Option<String> = "middle_name",
        /// Last name.
        last_name: Option<String> = "last_name",
        /// A picture.
        avatar_url: Option<String> = "avatar_url",
        /// The number that the administrator gave to the agent.
        agent_number: Option<String> = "agent_number",
        /// What the agent is doing.
        status: Option<UserStatus> = "status",
        /// Since when.
        status_updated_at: Option<Timestamp> = "status_updated_at",
        /// Whether the agent is signed in to the CRM.
        crm_authenticated: Option<bool> = "crm_authenticated",
        /// Whether the agent is signed in.
        online: Option<bool> = "online",
        /// Whether the agent is finishing the last contact.
        wrap_up: Option<bool> = "wrap_up",
        /// How many calls the agent has now.
        call_count: Option<i64> = "call_count",
        /// How many chats the agent has now.
        chat_count: Option<i64> = "chat_count",
        /// Where the agent works.
        location: Option<String> = "location",
        /// The agent's roles.
        roles: Vec<String> = "roles",
        /// What the agent may be offered.
        availability_preferences: Option<AvailabilityPreferences> = "availability_preferences",
        /// The agent's teams.
        teams: Vec<Team> = "teams",
        /// The agent's queues.
        channels: Vec<AgentChannel> = "channels",
    }
}

record! {
    /// An agent, as other records mention one.
    pub struct AgentInfo {
        /// Which one.
        id: Option<Id> = "id",
        /// The whole name.
        name: Option<String> = "name",
        /// Last name.
        last_name: Option<String> = "last_name",
        /// First name.
        first_name: Option<String> = "first_name",
        /// The number that the administrator gave to the agent.
        agent_number: Option<String> = "agent_number",
        /// A picture.
        avatar_url: Option<String> = "avatar_url",
    }
}

record! {
    /// A queue of an agent.
    pub struct AgentChannel {
        /// What arrives there.
        channel_type: Option<ChannelType> = "channel_type",
        /// The queue.
        menu: Option<Menu> = "menu",
    }
}

record! {
    /// What an agent may be offered.
    pub struct AvailabilityPreferences {
        /// Which ones.
        id: Option<Id> = "id",
        /// When they were made.
        created_at: Option<Timestamp> = "created_at",
        /// When they were last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// How many agents have them.
        user_count: Option<i64> = "user_count",
        /// What they are.
        filter_rules: Option<FilterRules> = "filter_rules",
    }
}

record! {
    /// What may be offered, by channel.
    pub struct FilterRules {
        /// Calls.
        voice_call: Option<VoiceRules> = "voice_call",
        /// Chats.
        chat: Option<ChatRules> = "chat",
    }
}

record! {
    /// Which calls may be offered.
    pub struct VoiceRules {
        /// From the telephone.
        ivr: Option<OfferRules> = "ivr",
        /// From a mobile application.
        mobile: Option<OfferRules> = "mobile",
        /// From a web page.
        web: Option<OfferRules> = "web",
        /// Transferred ones.
        transfer: Option<bool> = "transfer",
    }
}

record! {
    /// Which chats may be offered.
    pub struct ChatRules {
        /// From a mobile application.
        mobile: Option<OfferRules> = "mobile",
        /// From a web page.
        web: Option<OfferRules> = "web",
        /// Text messages.
        sms: Option<OfferRules> = "sms",
        /// From WhatsApp.
        whatsapp: Option<OfferRules> = "whatsapp",
        /// Transferred ones.
        transfer: Option<bool> = "transfer",
    }
}

record! {
    /// What may be offered of one source.
    pub struct OfferRules {
        /// What comes in.
        incoming: Option<bool> = "incoming",
        /// What a campaign dials.
        campaign: Option<bool> = "campaign",
        /// Voicemails.
        voicemail: Option<bool> = "voicemail",
        /// What was scheduled.
        scheduled: Option<bool> = "scheduled",
        /// What is called back.
        callback: Option<bool> = "callback",
    }
}

record! {
    /// What a signed-in agent is doing; who is not in the list is not signed in. See also [`AgentCurrentStatus::hold`].
    pub struct AgentCurrentStatus {
        /// Which agent.
        id: Id = "id",
        /// What the agent is doing; only its name.
        status: Option<UserStatus> = "status",
        /// Since when.
        status_updated_at: Option<Timestamp> = "status_updated_at",
    }
}

question! {
    /// Agents. The order is in no table of the document; other clients ask for one.
    pub struct Agents -> Agent ["agents"] {
        /// These only.
        id: Vec<Id> = "id[]",
        /// Of these numbers.
        agent_number: Vec<String> = "agent_number[]",
        /// In these states.
        status_id: Vec<Id> = "status_id[]",
        /// Whether signed in.
        online: Option<bool> = "online[]",
        /// Whether finishing a contact.
        wrap_up: Option<bool> = "wrap_up[]",
        /// Of these places.
        location: Vec<String> = "location[]",
        /// By when they last signed in.
        last_login_time: Range<Timestamp> = "last_login_time",
        /// By when their state last changed.
        status_updated_at: Range<Timestamp> = "status_updated_at",
        /// The order.
        sort: Option<Sort> = "",
    }
}
