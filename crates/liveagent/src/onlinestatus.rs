//! Who can be reached now, and how.

use std::fmt;

use serde_json::Value;
use wire::Error;

use crate::call::Call;
use crate::client::Client;
use crate::loose::{Loose, record, serde_of};
use crate::paging::List;

/// How somebody can be reached: letters in any order (`MPRT`), `F` for not at all. Letters that nobody knows are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OnlineStatus(pub String);

impl OnlineStatus {
    /// For messages (`M`).
    pub fn messages(&self) -> bool {
        self.0.contains('M')
    }

    /// By phone (`P`).
    pub fn phone(&self) -> bool {
        self.0.contains('P')
    }

    /// In a chat (`T`).
    pub fn chat(&self) -> bool {
        self.0.contains('T')
    }

    /// Only reading (`R`).
    pub fn reading(&self) -> bool {
        self.0.contains('R')
    }

    /// Not at all (`F`, or no letter).
    pub fn offline(&self) -> bool {
        self.0.contains('F') || self.0.trim().is_empty()
    }
}

impl fmt::Display for OnlineStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Loose for OnlineStatus {
    fn read(value: &Value) -> Result<Self, String> {
        String::read(value).map(|text| Self(text.trim().to_ascii_uppercase()))
    }

    fn write(&self) -> Value {
        self.0.write()
    }
}

serde_of!(OnlineStatus);

record! {
    /// How an agent can be reached.
    pub struct AgentOnlineState {
        /// Which one (userid).
        id: String = "id",
        /// The contact of the same person.
        contact: Option<String> = "contactid",
        /// E-mail address.
        username: Option<String> = "username",
        /// First name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// The picture, as a path below the account's address or a URL.
        avatar: Option<String> = "avatar_url",
        /// What the agent chose.
        preset: Option<OnlineStatus> = "presetStatus",
        /// What is so.
        online: Option<OnlineStatus> = "onlineStatus",
    }
}

record! {
    /// How a department can be reached. The document calls all its counts deprecated.
    pub struct DepartmentOnlineState {
        /// Which one.
        id: String = "id",
        /// What it is called.
        name: Option<String> = "name",
        /// How it can be reached.
        online: Option<OnlineStatus> = "onlineStatus",
        /// Chats.
        chats: Option<i64> = "chat_count",
        /// New conversations.
        new: Option<i64> = "new_count",
        /// Conversations where the customer wrote last.
        customer_replies: Option<i64> = "customer_reply_count",
        /// All of them.
        total: Option<i64> = "total_count",
        /// The most there were.
        max: Option<i64> = "max_count",
    }
}

impl Client {
    /// How every agent can be reached.
    ///
    /// # Errors
    /// As every request.
    pub async fn online_agents(&self) -> Result<List<AgentOnlineState>, Error> {
        self.rows(Call::get(["onlinestatus", "agents"]), "agentsOnlineStates").await
    }

    /// How every department can be reached.
    ///
    /// # Errors
    /// As every request.
    pub async fn online_departments(&self) -> Result<List<DepartmentOnlineState>, Error> {
        self.rows(Call::get(["onlinestatus", "departments"]), "departmentsOnlineStates").await
    }
}
