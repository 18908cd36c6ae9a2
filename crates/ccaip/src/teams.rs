//! Teams: groupings that an agent may be assigned to, and that may be assigned to a queue.

use crate::agents::AgentInfo;
use crate::filters::{Range, Sort, question};
use crate::id::Id;
use crate::loose::record;

record! {
    /// A team.
    pub struct Team {
        /// Which one.
        id: Id = "id",
        /// What it is called.
        name: Option<String> = "name",
        /// The team above it.
        parent_id: Option<Id> = "parent_id",
        /// Its place among its neighbours.
        position: Option<i64> = "position",
        /// Whether it was deleted.
        deleted: Option<bool> = "deleted",
        /// How many agents are in it.
        agents_count: Option<i64> = "agents_count",
        /// The agents in it.
        assignees: Vec<AgentInfo> = "assignees",
        /// The teams below it; in the tree only.
        children: Vec<Team> = "children",
    }
}

question! {
    /// Teams.
    pub struct Teams -> Team ["teams"] {
        /// These only.
        id: Vec<Id> = "id[]",
        /// Of these names.
        name: Vec<String> = "name[]",
        /// Directly below these.
        parent_id: Vec<Id> = "parent_id[]",
        /// At these places.
        position: Vec<i64> = "position[]",
        /// With so many agents.
        agents_count: Range<i64> = "agents_count",
        /// Whether deleted ones too.
        with_deleted: Option<bool> = "with_deleted",
        /// The order.
        sort: Option<Sort> = "",
    }
}
