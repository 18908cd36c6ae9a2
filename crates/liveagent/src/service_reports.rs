//! Reports on tickets, chats and calls: who could be reached, the load, and how far service levels were kept.

use jiff::SignedDuration;

use crate::loose::record;
use crate::paging::listing;
use crate::time::AccountTime;

/// What a report is about. It decides where the report is, and is no parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// Tickets.
    Tickets,
    /// Chats.
    Chats,
    /// Calls.
    Calls,
}

impl Of {
    fn name(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Chats => "chats",
            Self::Calls => "calls",
        }
    }
}

/// What a report on availability is about: there is none on tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OfLive {
    /// Chats.
    Chats,
    /// Calls.
    Calls,
}

impl OfLive {
    fn name(self) -> &'static str {
        match self {
            Self::Chats => "chats",
            Self::Calls => "calls",
        }
    }
}

record! {
    /// A stretch of time in which an agent could be reached.
    pub struct AgentAvailability {
        /// Which one.
        id: Option<String> = "id",
        /// The agent (userid).
        user: Option<String> = "userid",
        /// First name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// The agent's contact.
        contact: Option<String> = "contactid",
        /// For which department.
        department: Option<String> = "departmentid",
        /// Its name.
        department_name: Option<String> = "department_name",
        /// How long.
        online: Option<SignedDuration> = "hours_online",
        /// From when.
        from: Option<AccountTime> = "from_date",
        /// Until when: a time, or the word `now`.
        to: Option<String> = "to_date",
    }
}

record! {
    /// How much of an interval a department or agent could be reached.
    pub struct Availability {
        /// The beginning of the interval.
        date: Option<AccountTime> = "date",
        /// Minutes.
        minutes: Option<i64> = "mins",
        /// The same in per cent.
        percent: Option<f64> = "pct",
    }
}

record! {
    /// The load in an interval.
    pub struct Load {
        /// The beginning of the interval.
        date: Option<AccountTime> = "date",
        /// How many waited, on average.
        queue_average: Option<f64> = "avgQueue",
        /// How many waited at most.
        queue_max: Option<i64> = "maxQueue",
        /// How many waited at least.
        queue_min: Option<i64> = "minQueue",
        /// How many agents there were, on average.
        slots_average: Option<f64> = "avgSlots",
        /// How many agents there were at most.
        slots_max: Option<i64> = "maxSlots",
        /// How many agents there were at least.
        slots_min: Option<i64> = "minSlots",
        /// How many were in work, on average.
        service_average: Option<f64> = "avgService",
        /// How many were in work at most.
        service_max: Option<i64> = "maxService",
        /// How many were in work at least.
        service_min: Option<i64> = "minService",
    }
}

record! {
    /// How far the agreed service levels were kept in an interval. Times are seconds.
    pub struct SlaCompliance {
        /// The beginning of the interval.
        date: Option<AccountTime> = "date",
        /// How often they were kept.
        fulfilled: Option<i64> = "fulfilled",
        /// With how much time left, on average.
        fulfilled_average: Option<i64> = "avgFulfilledTime",
        /// With how much time left at most.
        fulfilled_max: Option<i64> = "maxFulfilledTime",
        /// With how much time left at least.
        fulfilled_min: Option<i64> = "minFulfilledTime",
        /// How often they were not.
        unfulfilled: Option<i64> = "unfulfilled",
        /// How late, on average.
        unfulfilled_average: Option<i64> = "avgUnfulfilledTime",
        /// How late at most.
        unfulfilled_max: Option<i64> = "maxUnfulfilledTime",
        /// How late at least.
        unfulfilled_min: Option<i64> = "minUnfulfilledTime",
    }
}

record! {
    /// One service level that applied to a conversation.
    pub struct SlaLog {
        /// Which one.
        id: Option<String> = "id",
        /// The conversation.
        conversation: Option<String> = "conversationid",
        /// Its code.
        code: Option<String> = "code",
        /// Its department.
        department: Option<String> = "departmentid",
        /// The name of the department.
        department_name: Option<String> = "department_name",
        /// The level.
        level: Option<String> = "levelid",
        /// The name of the level.
        level_name: Option<String> = "sla_level_name",
        /// How much time was left; negative if it was too late.
        left: Option<SignedDuration> = "sla",
        /// When it began to apply.
        created: Option<AccountTime> = "date_created",
        /// When it was met.
        closed: Option<AccountTime> = "date_closed",
        /// The same in the server's time.
        server_closed: Option<AccountTime> = "server_date_closed",
        /// When it was due.
        due: Option<AccountTime> = "date_due",
        /// The same in the server's time.
        server_due: Option<AccountTime> = "server_date_due",
        /// The level once more.
        sla_level: Option<String> = "sla_level_id",
        /// The agent.
        agent: Option<String> = "agentid",
        /// The agent's first name.
        agent_first_name: Option<String> = "agent_firstname",
        /// The agent's last name.
        agent_last_name: Option<String> = "agent_lastname",
        /// The customer (contact).
        requester_contact: Option<String> = "req_contactid",
        /// The customer's first name.
        requester_first_name: Option<String> = "req_firstname",
        /// The customer's last name.
        requester_last_name: Option<String> = "req_lastname",
    }
}

listing! {
    /// When agents could be reached.
    pub struct AgentsAvailabilityReport -> AgentAvailability ["reports" / of: Of / "agentsavailability", "agentsavailability", REPORTS] {
        /// From then.
        from: Option<AccountTime> = "date_from",
        /// Until then.
        to: Option<AccountTime> = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
        /// Of this department.
        department: Option<String> = "departmentid",
        /// Of this agent.
        agent: Option<String> = "agentid",
    }
}

listing! {
    /// How much of the time there was somebody to reach.
    pub struct AvailabilityReport -> Availability ["reports" / of: OfLive / "availability", "availability", REPORTS] {
        /// From then.
        from: Option<AccountTime> = "date_from",
        /// Until then.
        to: Option<AccountTime> = "date_to",
        /// Of this department.
        department: Option<String> = "departmentid",
        /// Of this agent.
        agent: Option<String> = "agentid",
    }
}

listing! {
    /// The load.
    pub struct LoadReport -> Load ["reports" / of: Of / "load", "loads", REPORTS] {
        /// From then.
        from: Option<AccountTime> = "date_from",
        /// Until then.
        to: Option<AccountTime> = "date_to",
        /// Of this department.
        department: Option<String> = "departmentid",
        /// Of this agent.
        agent: Option<String> = "agentid",
    }
}

listing! {
    /// How far service levels were kept.
    pub struct SlaComplianceReport -> SlaCompliance ["reports" / of: Of / "slacompliance", "slacompliances", REPORTS] {
        /// From then.
        from: Option<AccountTime> = "date_from",
        /// Until then.
        to: Option<AccountTime> = "date_to",
        /// In words: `L30D` the last thirty days, `TM` this month, `LM` the last, `2014-06` that month.
        period: Option<String> = "datetime",
        /// Of this department.
        department: Option<String> = "departmentid",
        /// Assigned to this user.
        user: Option<String> = "userid",
        /// At this level.
        level: Option<String> = "slalevelid",
    }
}

listing! {
    /// Every service level that applied.
    pub struct SlaLogReport -> SlaLog ["reports" / of: Of / "slalog", "slalogs", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
        /// Of this department.
        department: Option<String> = "departmentid",
        /// Of this agent.
        agent: Option<String> = "agentid",
        /// Of this customer (contact).
        requester: Option<String> = "requesterid",
        /// At this level.
        level: Option<String> = "slalevelid",
    }
}
