//! Agents.

use wire::{Error, Secret};

use crate::call::Call;
use crate::client::Client;
use crate::customers::Gender;
use crate::loose::{letters, record};

letters! {
    /// What an agent may do.
    pub enum AgentRole {
        /// Administers.
        Administrator = "D",
        /// Answers.
        Agent = "A",
        /// Owns the account.
        Owner = "O",
    }
}

record! {
    /// An agent.
    pub struct Agent {
        /// Which one: the userid, by which other operations name agents.
        id: String = "userid",
        /// The contact of the same person.
        contact: Option<String> = "contactid",
        /// E-mail address.
        email: Option<String> = "email",
        /// First name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// A name that the system made up.
        system_name: Option<String> = "systemname",
        /// With this the agent's browser is signed in; whoever has it is the agent.
        auth_token: Option<Secret> = "authtoken",
        /// The name of the cookie that it belongs in.
        browser_cookie: Option<String> = "browsercookiename",
        /// Gender.
        gender: Option<Gender> = "gender",
        /// What the agent may do.
        role: Option<AgentRole> = "role",
    }
}

impl Client {
    /// One agent, by userid or e-mail address.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn agent(&self, agent: &str) -> Result<Agent, Error> {
        self.one(Call::get(["agents", agent])).await
    }
}
