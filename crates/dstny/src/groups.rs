//! Groups "ACD/Attendant Group" and "Distribution Group": the queues a user works in, their agents, who is logged in,
//! and the calls that the group as a whole got.

use jiff::Timestamp;
use serde_json::json;

use crate::Error;
use crate::client::{Call, Client};
use crate::loose::{object, words};

words! {
    /// What kind of group it is.
    pub enum GroupType {
        /// A queue.
        Acd = "ACD",
        /// A queue with fewer features.
        AcdLight = "ACD_LIGHT",
        /// A group of attendants.
        Attendant = "ATTENDANT",
    }
}

object! {
    /// Somebody who works in a group.
    pub struct GroupAgent {
        /// The user, with domain.
        id: Option<String> = "id" | "userId",
        /// First name.
        first_name: Option<String> = "firstName",
        /// Last name.
        last_name: Option<String> = "lastName",
        /// Name of the presence activity.
        activity: Option<String> = "activity",
        /// How skilled, the higher the better.
        skill_level: Option<i64> = "skillLevel",
        /// Whether logged in to the group.
        is_logged_in: Option<bool> = "isLoggedIn" | "loggedIn",
        /// Whether available at all.
        is_available: Option<bool> = "isAvailable" | "available",
    }
}

object! {
    /// What the user is in a group.
    pub struct GroupRole {
        /// `AGENT`, `SUPERVISOR` …
        kind: Option<String> = "type",
    }
}

object! {
    /// A group in numbers.
    pub struct GroupStatistic {
        /// Logged in.
        number_of_logged_in_agents: Option<i64> = "numberOfLoggedInAgents",
        /// Logged in and free.
        number_of_free_agents: Option<i64> = "numberOfFreeAgents",
        /// Calls that wait.
        number_of_calls_in_queue: Option<i64> = "numberOfCallsInQueue",
    }
}

object! {
    /// A group, with its agents.
    pub struct Group {
        /// Its number, unique within the domain.
        id: Option<i64> = "id",
        /// The domain it belongs to; groups of other organizations can be shared.
        domain: Option<String> = "domain",
        /// Its name.
        name: Option<String> = "name",
        /// What kind.
        kind: Option<GroupType> = "type",
        /// Whether the user is logged in.
        logged_in: Option<bool> = "loggedIn" | "isLoggedIn",
        /// Whether it is closed for the night.
        night_mode: Option<bool> = "nightMode" | "isNightMode",
        /// Who works in it.
        agents: Vec<GroupAgent> = "agents",
        /// What the user is in it.
        roles: Vec<GroupRole> = "roles",
        /// Its numbers.
        statistic: Option<GroupStatistic> = "statistic",
        /// Whether its number may be shown when calling.
        allow_using_function_number: Option<bool> = "allowUsingFunctionNumber" | "isAllowUsingFunctionNumber",
        /// How calls are given out: `SKILLS`, `PRIORITY` …
        distribution_type: Option<String> = "distributionType",
        /// Its number for calling.
        phone_number: Option<String> = "phoneNumber",
    }
}

object! {
    /// A group as the list of distribution groups shows it.
    pub struct DistributionGroup {
        /// Its number, unique within the domain.
        id: Option<i64> = "id",
        /// The domain it belongs to.
        domain: Option<String> = "domain",
        /// Its name.
        name: Option<String> = "name",
        /// What kind.
        kind: Option<GroupType> = "type",
        /// Whether the user is logged in.
        logged_in: Option<bool> = "loggedIn" | "isLoggedIn",
        /// Whether it is closed for the night.
        night_mode: Option<bool> = "nightMode" | "isNightMode",
        /// Agents logged in.
        logged_in_agents: Option<i64> = "loggedInAgents",
        /// Agents logged in and free.
        free_agents: Option<i64> = "freeAgents",
        /// Calls that wait.
        calls_waiting: Option<i64> = "callsWaiting",
    }
}

words! {
    /// What became of a call to a group.
    pub enum GroupCallType {
        /// Every kind; for asking only.
        All = "ALL",
        /// An agent took it.
        Answered = "ANSWERED",
        /// It was sent on.
        Forwarded = "FORWARDED",
        /// Nobody took it.
        Missed = "MISSED",
    }
}

words! {
    /// Whether somebody has taken care of a call to a group.
    pub enum Handling {
        /// Nobody.
        Unhandled = "UNHANDLED",
        /// Somebody is about to.
        InProgress = "INPROGRESS",
        /// Done.
        Handled = "HANDLED",
    }
}

object! {
    /// Somebody in a group's call log.
    pub struct LogAgent {
        /// Name.
        name: Option<String> = "name",
        /// Number.
        number: Option<String> = "number",
        /// The user name.
        user_id: Option<String> = "userId",
    }
}

object! {
    /// Who takes care of a call, and how far that is.
    pub struct HandledStatus {
        /// How far.
        state: Option<Handling> = "state",
        /// Who.
        agent: Option<LogAgent> = "agent",
        /// Since when.
        time_stamp: Option<Timestamp> = "timeStamp",
        /// What that agent wrote down.
        note: Option<String> = "note",
    }
}

object! {
    /// Calls of one caller to a group that ended alike; usually several in one item.
    pub struct GroupCall {
        /// Its number; larger is newer.
        item_id: Option<i64> = "itemId",
        /// The group.
        group_id: Option<i64> = "groupId",
        /// The organization of the group.
        group_org_id: Option<i64> = "groupOrgId",
        /// How many calls it stands for.
        call_count: Option<i64> = "callCount",
        /// What became of them.
        item_type: Option<GroupCallType> = "itemType",
        /// Why they were sent on: `NO_AGENTS` …
        forward_reason: Option<String> = "forwardReason",
        /// When the last one came.
        start_time: Option<Timestamp> = "startTime",
        /// How long they talked, in seconds.
        call_duration: Option<i64> = "callDuration",
        /// How long it waited, in seconds.
        queue_duration: Option<i64> = "queueDuration",
        /// What other systems attached.
        call_meta_data: Option<String> = "callMetaData",
        /// Where it was sent on to.
        diversion_number: Option<String> = "diversionNumber",
        /// Who called.
        caller_number: Option<String> = "callerNumber",
        /// Which number to call back.
        callback_to_number: Option<String> = "callbackToNumber",
        /// Who took it.
        agent: Option<LogAgent> = "agent",
        /// Whom it was sent on to.
        forwarded_to: Option<LogAgent> = "forwardedTo",
        /// Who takes care of it.
        handled_status: Option<HandledStatus> = "handledStatus",
        /// Whether there is a note.
        note_included: Option<bool> = "noteIncluded",
    }
}

object! {
    /// A piece of a group's call log.
    pub struct GroupCallLog {
        /// When it was made.
        generated_at: Option<Timestamp> = "generatedAt",
        /// Whether what was fetched before is to be forgotten.
        flush_cache: Option<bool> = "flushCache",
        /// How many items there may be in all.
        hint_count: Option<i64> = "hintCount",
        /// How many answered calls there are.
        call_count_answered: Option<i64> = "callCountAnswered",
        /// How many calls that were sent on.
        call_count_forwarded: Option<i64> = "callCountForwarded",
        /// How many missed ones.
        call_count_missed: Option<i64> = "callCountMissed",
        /// The items.
        items: Vec<GroupCall> = "callLogItem",
    }
}

/// Which part of a group's call log to fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupLogQuery {
    /// Only calls from this number.
    pub caller_number: Option<String>,
    /// Only these kinds; all if empty. Together with a number every call is an item of its own.
    pub item_types: Vec<GroupCallType>,
    /// Only items with a larger number.
    pub since: Option<i64>,
    /// Only items with a smaller number.
    pub older_than: Option<i64>,
    /// At most so many.
    pub limit: Option<u32>,
}

impl GroupLogQuery {
    fn on(&self, call: Call) -> Call {
        call.maybe("callerNumber", self.caller_number.as_ref())
            .each("itemType", &self.item_types)
            .maybe("since", self.since)
            .maybe("olderThan", self.older_than)
            .maybe("limit", self.limit)
    }
}

/// How much of a group is wanted; statistics and agents cost the server time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupDetail {
    /// Leave the numbers out.
    pub ignore_statistics: bool,
    /// Leave the agents out.
    pub ignore_agents: bool,
}

impl Client {
    /// One group of the user.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn acd_group(&self, group: i64, group_domain: &str) -> Result<Group, Error> {
        self.one(Call::of("acd.group.get").at("group", group).at("group-domain", group_domain)).await
    }

    /// All ACD and attendant groups of the user, with their agents.
    ///
    /// # Errors
    /// As every request.
    pub async fn acd_groups(&self, detail: GroupDetail) -> Result<Vec<Group>, Error> {
        let call = Call::of("acd.groups.list")
            .maybe("ignoreStatistics", detail.ignore_statistics.then_some(true))
            .maybe("ignoreAgents", detail.ignore_agents.then_some(true));
        self.list(call, "groups").await
    }

    /// Logs an agent (`user@domain`) in to an ACD or attendant group.
    ///
    /// # Errors
    /// As every request.
    pub async fn acd_agent_log_in(&self, group: i64, group_domain: &str, agent: &str) -> Result<(), Error> {
        self.acd_agent(group, group_domain, agent, "login").await
    }

    /// Logs an agent (`user@domain`) out of an ACD or attendant group.
    ///
    /// # Errors
    /// As every request.
    pub async fn acd_agent_log_out(&self, group: i64, group_domain: &str, agent: &str) -> Result<(), Error> {
        self.acd_agent(group, group_domain, agent, "logout").await
    }

    async fn acd_agent(&self, group: i64, domain: &str, agent: &str, action: &str) -> Result<(), Error> {
        let call = Call::of("acd.agent.login").at("domain", domain).at("group", group).at("agent", agent);
        self.done(call.with("action", action)).await
    }

    /// The groups that the user can log in to, and whether the user is.
    ///
    /// # Errors
    /// As every request.
    pub async fn distribution_groups(&self) -> Result<Vec<DistributionGroup>, Error> {
        self.list(Call::of("distgroup.list"), "group").await
    }

    /// Logs the user in to a group; the answer is how the groups are then.
    ///
    /// # Errors
    /// As every request.
    pub async fn distribution_group_log_in(
        &self,
        group: i64,
        group_domain: &str,
    ) -> Result<Vec<DistributionGroup>, Error> {
        let call = Call::of("distgroup.login").at("grpid", group).at("grpid-domain", group_domain);
        self.list(call, "group").await
    }

    /// Logs the user out of a group; the answer is how the groups are then.
    ///
    /// # Errors
    /// As every request.
    pub async fn distribution_group_log_out(
        &self,
        group: i64,
        group_domain: &str,
    ) -> Result<Vec<DistributionGroup>, Error> {
        let call = Call::of("distgroup.logout").at("grpid", group).at("grpid-domain", group_domain);
        self.list(call, "group").await
    }

    /// The calls to one group.
    ///
    /// # Errors
    /// As every request.
    pub async fn group_call_log(
        &self,
        group: i64,
        group_domain: Option<&str>,
        query: &GroupLogQuery,
    ) -> Result<GroupCallLog, Error> {
        let call = Call::of("distgroup.calllog.group").at("grpid", group);
        self.one(query.on(call.maybe("groupDomain", group_domain))).await
    }

    /// The calls to all groups of the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn group_call_logs(&self, query: &GroupLogQuery) -> Result<GroupCallLog, Error> {
        self.one(query.on(Call::of("distgroup.calllog.all"))).await
    }

    /// The calls to all groups that the user has taken on.
    ///
    /// # Errors
    /// As every request.
    pub async fn assigned_group_calls(&self) -> Result<GroupCallLog, Error> {
        self.one(Call::of("distgroup.assigned.all")).await
    }

    /// The calls to one group that the user has taken on.
    ///
    /// # Errors
    /// As every request.
    pub async fn assigned_calls_of_group(
        &self,
        group: i64,
        group_domain: Option<&str>,
    ) -> Result<GroupCallLog, Error> {
        self.one(Call::of("distgroup.assigned.group").at("grpid", group).maybe("groupDomain", group_domain))
            .await
    }

    /// Takes on a call to a group, or says how far it is, with a note for the others.
    ///
    /// # Errors
    /// As every request.
    pub async fn assign_group_call(
        &self,
        item_id: i64,
        state: &Handling,
        note: Option<&str>,
    ) -> Result<GroupCall, Error> {
        let mut body = json!({ "state": state.as_str() });
        if let Some(note) = note {
            body["note"] = note.into();
        }
        self.one(Call::of("distgroup.calllog.assign").at("itemid", item_id).json(&body)).await
    }
}
