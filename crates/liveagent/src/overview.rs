//! What goes on right now, in numbers.

use wire::Error;

use crate::call::Call;
use crate::client::Client;
use crate::loose::record;

record! {
    /// Chats right now.
    pub struct ChatsOverview {
        /// Visitors on the pages.
        visitors: Option<i64> = "visitors",
        /// Chats that go on.
        chats: Option<i64> = "chats",
        /// Chats that ring.
        ringing: Option<i64> = "ringing",
        /// Visitors that wait.
        queue: Option<i64> = "queue",
        /// Agents for chats.
        agents: Option<i64> = "agents",
    }
}

record! {
    /// Calls right now.
    pub struct CallsOverview {
        /// Calls that go on.
        running: Option<i64> = "running",
        /// Calls that ring.
        ringing: Option<i64> = "ringing",
        /// Callers that wait.
        queue: Option<i64> = "inqueue",
    }
}

impl Client {
    /// Chats right now, of all departments or one.
    ///
    /// # Errors
    /// As every request.
    pub async fn chats_overview(&self, department: Option<&str>) -> Result<ChatsOverview, Error> {
        let list =
            self.rows(Call::get(["chats", "overview"]).with("department", department), "chatsOverview");
        Ok(list.await?.rows.into_iter().next().unwrap_or_default())
    }

    /// Calls right now, of all departments or one.
    ///
    /// # Errors
    /// As every request.
    pub async fn calls_overview(&self, department: Option<&str>) -> Result<CallsOverview, Error> {
        let list =
            self.rows(Call::get(["calls", "overview"]).with("department", department), "callsOverview");
        Ok(list.await?.rows.into_iter().next().unwrap_or_default())
    }
}
