//! Reports: what was done in a stretch of time.
//!
//! Figures come as texts and are read as numbers. Which columns an answer has is up to the account's version and to `columns`, so
//! everything may be missing.

use crate::loose::{letters, record};
use crate::paging::listing;
use crate::time::AccountTime;

record! {
    /// A row of a report on agents, channels, departments, tags or intervals.
    pub struct Figures {
        /// What the row is about: an agent, a channel, a department or a tag.
        id: Option<String> = "id",
        /// The agent's contact. Only of agents.
        contact: Option<String> = "contactid",
        /// The agent's first name. Only of agents.
        first_name: Option<String> = "firstname",
        /// The agent's last name. Only of agents.
        last_name: Option<String> = "lastname",
        /// The name of the channel. Only of channels.
        channel_name: Option<String> = "channelName",
        /// The name of the department. Only of departments.
        department_name: Option<String> = "departmentName",
        /// The name of the tag. Only of tags.
        tag_name: Option<String> = "tagName",
        /// The beginning of the interval. Only of performance.
        from: Option<AccountTime> = "datetime",
        /// The end of the interval. Only of performance.
        to: Option<AccountTime> = "dateto",
        /// Minutes at work. Only of agents.
        work_minutes: Option<i64> = "worktime",
        /// Number of answers.
        answers: Option<i64> = "answers",
        /// Number of answers per hour.
        answers_per_hour: Option<f64> = "answers_ph",
        /// New answer average time (in seconds).
        new_answer_avg_time: Option<i64> = "newAnswerAvgTime",
        /// New answer average time (in seconds) within SLA business hours.
        new_answer_avg_time_sla: Option<i64> = "newAnswerAvgTimeSla",
        /// Open answer average time (in seconds).
        next_answer_avg_time: Option<i64> = "nextAnswerAvgTime",
        /// Open answer average time (in seconds) within SLA business hours.
        next_answer_avg_time_sla: Option<i64> = "nextAnswerAvgTimeSla",
        /// Number of answered calls.
        calls: Option<i64> = "calls",
        /// Number of answered calls per hour.
        calls_per_hour: Option<f64> = "calls_ph",
        /// Number of missed calls.
        missed_calls: Option<i64> = "missed_calls",
        /// Number of missed calls per hour.
        missed_calls_per_hour: Option<f64> = "missed_calls_ph",
        /// Call time total (in seconds).
        call_seconds: Option<i64> = "call_seconds",
        /// Call time total (in seconds) per hour.
        call_seconds_per_hour: Option<f64> = "call_seconds_ph",
        /// Number of responded chats.
        chats: Option<i64> = "chats",
        /// Number of responded chats per hour.
        chats_per_hour: Option<f64> = "chats_ph",
        /// Number of chat messages.
        chat_answers: Option<i64> = "chat_answers",
        /// Number of chat messages per hour.
        chat_answers_per_hour: Option<f64> = "chat_answers_ph",
        /// Number of missed chats.
        missed_chats: Option<i64> = "missed_chats",
        /// Number of missed chats per hour.
        missed_chats_per_hour: Option<f64> = "missed_chats_ph",
        /// Number of picked up chats.
        chat_pickup: Option<i64> = "chat_pickup",
        /// Chat pickup average time (in seconds).
        chat_pickup_avg_time: Option<i64> = "chatPickupAvgTime",
        /// Average time spent in chat (in seconds).
        chat_avg_time: Option<i64> = "chatAvgTime",
        /// Number of not rated.
        not_ranked: Option<i64> = "not_ranked",
        /// Not rated in per cent.
        not_ranked_percent: Option<f64> = "not_ranked_p",
        /// Number of not rated per hour.
        not_ranked_per_hour: Option<f64> = "not_ranked_ph",
        /// Number of positive ratings.
        rewards: Option<i64> = "rewards",
        /// Positive ratings in per cent.
        rewards_percent: Option<f64> = "rewards_p",
        /// Positive ratings per hour.
        rewards_per_hour: Option<f64> = "rewards_ph",
        /// Number of negative ratings.
        punishments: Option<i64> = "punishments",
        /// Negative ratings in per cent.
        punishments_percent: Option<f64> = "punishments_p",
        /// Negative ratings per hour.
        punishments_per_hour: Option<f64> = "punishments_ph",
        /// Number of tickets.
        created_tickets: Option<i64> = "created_tickets",
        /// Number of resolved tickets.
        resolved_tickets: Option<i64> = "resolved_tickets",
        /// Number of unanswered chats.
        unanswered_chats: Option<i64> = "u_chats",
        /// Number of unanswered calls.
        unanswered_calls: Option<i64> = "u_calls",
        /// Number of notes.
        notes: Option<i64> = "notes",
        /// First assign average time (in seconds).
        first_assign_avg_time: Option<i64> = "firstAssignAvgTime",
        /// First assign average time (in seconds) within SLA business hours.
        first_assign_avg_time_sla: Option<i64> = "firstAssignAvgTimeSla",
        /// First resolve average time (in seconds).
        first_resolve_avg_time: Option<i64> = "firstResolveAvgTime",
        /// First resolve average time (in seconds) within SLA business hours.
        first_resolve_avg_time_sla: Option<i64> = "firstResolveAvgTimeSla",
        /// Number of outgoing calls.
        calls_outgoing: Option<i64> = "calls_outgoing",
        /// Outgoing calls time (in seconds).
        call_outgoing_seconds: Option<i64> = "call_outgoing_seconds",
        /// Outgoing calls average time (in seconds).
        call_outgoing_avg_time: Option<i64> = "call_outgoing_avg_time",
        /// Call pickup average time (in seconds).
        call_pickup_avg_time: Option<i64> = "call_pickup_avg_time",
        /// Call average time (in seconds).
        call_avg_time: Option<i64> = "call_avg_time",
        /// Number of internal calls.
        calls_internal: Option<i64> = "calls_internal",
        /// Internal calls average time (in seconds).
        call_internal_avg_time: Option<i64> = "call_internal_avg_time",
        /// Internal calls time (in seconds).
        call_internal_seconds: Option<i64> = "call_internal_seconds",
        /// Number of offline calls.
        offline_calls: Option<i64> = "o_calls",
        /// Number of incoming messages.
        incoming_messages: Option<i64> = "i_messages",
        /// Number of incoming chats (including not responded).
        incoming_chats: Option<i64> = "i_chats",
        /// Number of incoming calls (including not answered).
        incoming_calls: Option<i64> = "i_calls",
        /// Number of finished chats.
        finished_chats: Option<i64> = "f_chats",
        /// Number of finished calls.
        finished_calls: Option<i64> = "f_calls",
    }
}

listing! {
    /// What each agent did.
    pub struct AgentsReport -> Figures ["reports/agents", "agents", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
    }
}

listing! {
    /// What came by each channel.
    pub struct ChannelsReport -> Figures ["reports/channels", "channels", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
    }
}

listing! {
    /// What each department did.
    pub struct DepartmentsReport -> Figures ["reports/departments", "departments", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
    }
}

listing! {
    /// What had each tag.
    pub struct TagsReport -> Figures ["reports/tags", "tags", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
    }
}

listing! {
    /// What was done in each interval.
    pub struct PerformanceReport -> Figures ["reports/performance", "performance", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
        /// How long the intervals are.
        group_by: Option<GroupBy> = "group_by",
    }
}

letters! {
    /// How long the intervals of a report are.
    pub enum GroupBy {
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
        /// A week.
        Week = "week",
        /// A month.
        Month = "month",
    }
}

letters! {
    /// Whether a rating is good.
    pub enum Rating {
        /// Good.
        Positive = "W",
        /// Bad.
        Negative = "P",
    }
}

record! {
    /// A customer's rating of an agent.
    pub struct Rank {
        /// Which one.
        id: Option<String> = "id",
        /// Whether it is good.
        rating: Option<Rating> = "rankingType",
        /// When it was given.
        created: Option<AccountTime> = "datecreated",
        /// In which conversation.
        conversation: Option<String> = "conversationid",
        /// Whom (contact).
        agent_contact: Option<String> = "agentcontactid",
        /// The agent's e-mail address.
        agent_email: Option<String> = "agentEmail",
        /// The agent's name.
        agent: Option<String> = "agent",
        /// Who gave it (contact).
        requester_contact: Option<String> = "contactid",
        /// The customer's e-mail address.
        requester_email: Option<String> = "requesterEmail",
        /// The customer's name.
        requester: Option<String> = "requester",
        /// What the customer said.
        comment: Option<String> = "comment",
    }
}

listing! {
    /// Ratings.
    pub struct Ranking -> Rank ["reports/ranking", "ranks", REPORTS] {
        /// From then.
        from: AccountTime = "date_from",
        /// Until then.
        to: AccountTime = "date_to",
        /// Only these columns, by their names on the wire.
        columns: Vec<String> = "columns",
        /// Of this agent (contact).
        agent: Option<String> = "agentid",
        /// From this customer (contact).
        requester: Option<String> = "contactid",
        /// Of these kinds.
        ratings: Vec<Rating> = "types",
    }
}
