//! Users, their profiles and their live state (seed: "Users", "Groups", "RealtimeSessions").

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::loose::Fk;
use crate::models::{Pause, Queue};
use crate::record::{record, words};

words! {
    /// What a user is licensed for.
    pub enum UserKind {
        /// Contact centre.
        ContactCentre = "CC",
        /// Cloud telephone.
        CloudPhone = "CP",
        /// Back office.
        BackOffice = "BO",
        /// Administrator (S0).
        Admin = "admin",
        /// User (S0).
        User = "user",
        /// Application (S0).
        Api = "api",
    }
}

words! {
    /// What a group holds.
    pub enum GroupKind {
        /// Ticket categories.
        Categories = "categories",
        /// Queues.
        Queues = "queues",
        /// Users.
        Users = "users",
        /// Profiles.
        Profiles = "profiles",
    }
}

words! {
    /// What an agent is doing.
    pub enum AgentState {
        /// Signed in, not ready.
        Session = "Session",
        /// Ready.
        Idle = "Idle",
        /// On a pause.
        Paused = "Paused",
        /// Busy.
        Busy = "Busy",
    }
}

words! {
    /// Whether a device can be reached.
    pub enum Reachability {
        /// It cannot.
        Unavailable = "Unavailable",
        /// It can.
        Idle = "Idle",
        /// It is in use.
        Busy = "Busy",
    }
}

record! {
    /// What a user may do.
    pub struct Role("roles") RoleFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
        /// Rights by module, see [`crate::rights`].
        options: Map<String, Value>,
    }
}

record! {
    /// How a user works: limits and rights.
    pub struct Profile("profiles") ProfileFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
        /// Contact centre or back office.
        kind as "type": Option<UserKind>,
        /// How many activities at once; none is no limit.
        max_activities as "maxActivities": Option<i64>,
        /// Whether calls without a queue are possible.
        no_queue_calls_allowed as "noQueueCallsAllowed": Option<bool>,
        /// Which transfers are allowed, in the server's words.
        can_transfer_call as "canTransferCall": Option<String>,
        /// Further settings; `extensionRequired` says that a device is needed to be ready.
        options: Map<String, Value>,
        /// The views of the profile, by name.
        custom_views as "customViews": Map<String, Value>,
    }
}

record! {
    /// Somebody who works with Daktela. S0 describes the fields `firstname`, `lastname` and other types than a
    /// real server sends; both are read.
    pub struct User("users") UserFields {
        /// Identifier: the login name.
        name: String,
        /// Display name.
        title: Option<String>,
        /// First name.
        firstname: Option<String>,
        /// Last name; required.
        lastname: Option<String>,
        /// The customer's e-mail address.
        email: Option<String>,
        /// Short name.
        alias: Option<String>,
        /// What kind it is.
        kind as "type": Option<UserKind>,
        /// IANA timezone (e.g. `Europe/Prague`).
        timezone: Option<String>,
        /// What the user may do.
        role: Option<Fk<Role>>,
        /// How the user works.
        profile: Option<Fk<Profile>>,
        /// Explanation for people.
        description: Option<String>,
        /// The user's own number.
        extension: Option<String>,
        /// Whether it can be reached.
        extension_state: Option<String>,
        /// Whether the user is there.
        presence_state: Option<String>,
        /// Number shown to those who are called.
        clid: Option<String>,
        /// Static login: ready without going ready.
        is_static as "static": Option<bool>,
        /// Whether the recording of a call may be interrupted.
        allow_recording_interruption as "allowRecordingInterruption": Option<bool>,
        /// Settings of the user.
        options: Map<String, Value>,
        /// Number that calls are forwarded to.
        forwarding_number: Option<String>,
        /// Whether the user is switched off.
        deactivated: Option<bool>,
    }
}

record! {
    /// A group of categories, queues, users or profiles.
    pub struct Group("groups") GroupFields {
        /// Identifier.
        name: String,
        /// What to show.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// What kind it is.
        kind as "type": Option<GroupKind>,
    }
}

record! {
    /// The live state of an agent; the same record as `extension` in the pull data.
    pub struct RealtimeSession("realtimeSessions") RealtimeSessionFields {
        /// The agent.
        id_agent: Option<Fk<User>>,
        /// What the agent is doing.
        state: Option<AgentState>,
        /// The device or devices, see [`crate::devices_of`].
        exten: Option<String>,
        /// Whether the device can be reached.
        exten_status: Option<Reachability>,
        /// Whether the agent is there.
        presence_status: Option<Reachability>,
        /// Since when the agent is logged in.
        logintime: Option<Timestamp>,
        /// When the last call ended.
        lastcalltime: Option<Timestamp>,
        /// The queue of the last call.
        lastqueue: Option<Fk<Queue>>,
        /// Current pause type.
        id_pause: Option<Fk<Pause>>,
        /// When pause started.
        on_pause as "onpause" | "on_pause": Option<Timestamp>,
        /// When entered current state.
        statetime: Option<Timestamp>,
        /// The call it is busy with.
        id_call: Option<String>,
        /// Wrap-up end time.
        unwrap: Option<Timestamp>,
    }
}
