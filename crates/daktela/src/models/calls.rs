//! Calls and their legs (seed: "ActivitiesCall"; the legs after the 2019 model of Daktela's PHP clients).

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::loose::Fk;
use crate::models::{Activity, Contact, Direction, Named, Queue, User};
use crate::record::{record, words};

words! {
    /// Who ended a call.
    pub enum EndedBy {
        /// The customer.
        Caller = "caller",
        /// The agent.
        Agent = "agent",
        /// It was transferred.
        Transfer = "transfer",
        /// The exchange.
        System = "system",
    }
}

words! {
    /// Why a call was not answered.
    pub enum NotAnswered {
        /// The caller gave up.
        Abandon = "abandon",
        /// It waited too long.
        ExitWithTimeout = "exitwithtimeout",
        /// The caller pressed a key.
        ExitWithKey = "exitwithkey",
        /// Nobody was in the queue.
        ExitEmpty = "exitempty",
        /// Busy.
        Busy = "busy",
        /// Called off.
        Cancel = "cancel",
        /// Nobody answered.
        NoAnswer = "noanswer",
        /// It failed.
        Failed = "failed",
        /// An answering machine answered.
        AmdMachine = "amdmachine",
    }
}

words! {
    /// Where a leg of a call stands. Everything but closed is going on.
    pub enum ChannelState {
        /// It rings.
        Ringing = "Ringing",
        /// Somebody speaks.
        Speaking = "Speaking",
        /// On hold.
        OnHold = "On Hold",
        /// Over.
        Closed = "Closed",
    }
}

record! {
    /// A leg of a call: one party's connection to the exchange.
    pub struct CallChannel("activitiesCallChannels") CallChannelFields {
        /// Identifier; what a hang-up of this leg names.
        name: Option<String>,
        /// Where it stands.
        state: Option<ChannelState>,
        /// Whose leg it is; none for the customer's.
        user: Option<Fk<User>>,
        /// The number at its end.
        clid: Option<String>,
        /// The device at its end.
        endpoint: Option<String>,
        /// What to show.
        label: Option<String>,
        /// The exchange's own name for it.
        channel: Option<String>,
        /// When it rang.
        time_ringing: Option<Timestamp>,
        /// When speaking began.
        time_speaking: Option<Timestamp>,
        /// When it was closed.
        time_closed: Option<Timestamp>,
        /// Q.850 cause of its end.
        cause: Option<i64>,
    }
}

impl CallChannel {
    /// Whether it is going on: whatever is not closed is, as S1 says.
    pub fn is_live(&self) -> bool {
        self.state != Some(ChannelState::Closed) && self.time_closed.is_none()
    }
}

impl ActivityCall {
    /// The live leg of this user.
    pub fn live_channel_of(&self, user: &str) -> Option<&CallChannel> {
        let is_theirs = |channel: &&CallChannel| channel.user.as_ref().is_some_and(|fk| fk.is(user));
        self.channels.iter().filter(|channel| channel.is_live()).find(is_theirs)
    }
}

record! {
    /// What is particular to a call. Its identifier is `id_call`.
    pub struct ActivityCall("activitiesCall") ActivityCallFields {
        /// Identifier.
        id_call: String,
        /// When the call began.
        call_time: Option<Timestamp>,
        /// Which way it went.
        direction: Option<Direction>,
        /// Whether an agent answered.
        answered: Option<bool>,
        /// The queue.
        id_queue: Option<Fk<Queue>>,
        /// The agent.
        id_agent: Option<Fk<User>>,
        /// The caller's number; for outgoing calls the number that is called.
        clid: Option<String>,
        /// Text in front of the caller's name.
        prefix_clid_name: Option<String>,
        /// The number that was called.
        did: Option<String>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// Waiting time, in seconds.
        waiting_time: Option<i64>,
        /// Ringing time, in seconds.
        ringing_time: Option<i64>,
        /// Hold time, in seconds.
        hold_time: Option<i64>,
        /// Answered call duration, in seconds.
        duration: Option<i64>,
        /// Who ended it.
        disposition_cause: Option<EndedBy>,
        /// Why it was not answered.
        disconnection_cause: Option<NotAnswered>,
        /// The key with which the caller left the queue.
        pressed_key: Option<String>,
        /// 1=missed, 0=called back, null=not missed.
        missed_call: Option<i64>,
        /// When called back.
        missed_call_time: Option<Timestamp>,
        /// Call with which it was called back.
        missed_callback: Option<Fk<ActivityCall>>,
        /// Unsuccessful distribution attempts.
        attempts: Option<i64>,
        /// Additional parameters (incl. `missedagentname`).
        options: Map<String, Value>,
        /// The activities in which it was worked on.
        activities: Vec<Fk<Activity>>,
        /// Call detail record.
        cdr: Option<Fk<Named>>,
        /// The legs of the call that are or were there; one that is not closed is going on.
        channels: Vec<CallChannel>,
    }
}
