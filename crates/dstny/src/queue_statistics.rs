//! Group "Queue Statistics": how the queues are doing. Needs the right "Queue statistics" and a Supervisor licence of
//! the organization. The same comes live, see [`crate::Subscription::queue_statistics`].

use crate::Error;
use crate::client::{Call, Client};
use crate::loose::object;

object! {
    /// How many agents of a queue are in one presence activity.
    pub struct AgentPresence {
        /// The activity.
        name: Option<String> = "name",
        /// How many.
        count: Option<i64> = "count",
    }
}

object! {
    /// One queue in numbers. Times are seconds.
    pub struct QueueStatistics {
        /// Name of the queue.
        name: Option<String> = "name",
        /// The domain it belongs to.
        domain: Option<String> = "domain",
        /// Its number for calling.
        number: Option<String> = "number",
        /// Its number as a group.
        id: Option<i64> = "id",
        /// Calls that wait.
        queue_length: Option<i64> = "queueLength",
        /// Agents logged in and free.
        available_agents: Option<i64> = "availableAgents",
        /// Agents logged in.
        logged_in_agents: Option<i64> = "loggedInAgents",
        /// How long the first one in line has been waiting.
        longest_waiting: Option<i64> = "longestWaiting",
        /// How long the last one that was taken had waited.
        last_wait: Option<i64> = "lastWait",
        /// How long callers wait on average.
        average_wait: Option<i64> = "averageWait",
        /// Callers that gave up, in the period of the statistics.
        dropped_calls_for_period: Option<i64> = "droppedCallsForPeriod",
        /// Calls in the period.
        total_calls_for_period: Option<i64> = "totalCallsForPeriod",
        /// Calls taken in the period.
        answered_calls_for_period: Option<i64> = "answeredCallsForPeriod",
        /// Calls in the last 24 hours.
        total_calls_last24h: Option<i64> = "totalCallsLast24h",
        /// Callers that gave up in the last 24 hours.
        dropped_calls_last24h: Option<i64> = "droppedCallsLast24h",
        /// Calls taken in the last 24 hours.
        answered_calls_last24h: Option<i64> = "answeredCallsLast24h",
        /// What the agents are doing.
        current_agent_presence: Vec<AgentPresence> = "current-agent-presence",
    }
}

impl Client {
    /// All queues of the organization.
    ///
    /// # Errors
    /// As every request.
    pub async fn queue_statistics_of_organization(&self) -> Result<Vec<QueueStatistics>, Error> {
        self.list(Call::of("queue.statistics.org"), "queue").await
    }

    /// One queue.
    ///
    /// # Errors
    /// As every request.
    pub async fn queue_statistics_of_queue(
        &self,
        domain: &str,
        queue: i64,
    ) -> Result<QueueStatistics, Error> {
        self.one(Call::of("queue.statistics.queue").at("domain", domain).at("queueId", queue)).await
    }

    /// The queues that the user supervises.
    ///
    /// # Errors
    /// As every request.
    pub async fn queue_statistics(&self) -> Result<Vec<QueueStatistics>, Error> {
        self.list(Call::of("queue.statistics.user"), "queue").await
    }

    /// The same with those of organizations that work together with the user's.
    ///
    /// # Errors
    /// As every request.
    pub async fn queue_statistics_with_federation(&self) -> Result<Vec<QueueStatistics>, Error> {
        self.list(Call::of("queue.statistics.user").with("includeFederation", true), "queue").await
    }
}
