//! Menus: the queues that agents are assigned to, and the choices that an end user has on the way there.

use crate::agents::AgentInfo;
use crate::filters::{Param, Sort, question, words_as_params};
use crate::id::Id;
use crate::loose::{record, words};
use crate::teams::Team;

words! {
    /// What kind of a menu it is.
    pub enum MenuType {
        /// Of a telephone line.
        Ivr = "ivr_menu",
        /// Of a mobile application.
        Mobile = "mobile_menu",
        /// Of a web page.
        Web = "web_menu",
        /// Of e-mails. Seen in the sample of an e-mail, in no list of values.
        Email = "email_menu",
    }
}

words! {
    /// What arrives in a queue, in assignments and waiting times.
    pub enum ChannelType {
        /// Calls.
        VoiceCall = "voice_call",
        /// Chats.
        Chat = "chat",
    }
}

words_as_params!(MenuType, ChannelType);

record! {
    /// A menu. Where it is part of another record it comes without assignments.
    pub struct Menu {
        /// Which one.
        id: Id = "id",
        /// What it is called.
        name: Option<String> = "name",
        /// The menu above it.
        parent_id: Option<Id> = "parent_id",
        /// Its place among its neighbours.
        position: Option<i64> = "position",
        /// Whether it was deleted.
        deleted: Option<bool> = "deleted",
        /// Whether end users do not see it.
        hidden: Option<bool> = "hidden",
        /// What kind it is.
        menu_type: Option<MenuType> = "menu_type",
        /// What is said to the end user.
        output_msg: Option<String> = "output_msg",
        /// The agents who answer it.
        agent_assignments: Vec<AgentAssignment> = "agent_assignments",
        /// The teams that answer it.
        team_assignments: Vec<TeamAssignment> = "team_assignments",
        /// The menus below it; in the tree only.
        children: Vec<Menu> = "children",
    }
}

record! {
    /// An agent who answers a menu.
    pub struct AgentAssignment {
        /// In which language.
        lang: Option<String> = "lang",
        /// How soon: `primary` first.
        queue_level: Option<String> = "queue_level",
        /// What.
        channel_type: Option<ChannelType> = "channel_type",
        /// What kind of a group; seen by other clients, in no sample.
        group_type: Option<String> = "group_type",
        /// Who.
        assignee: Option<AgentInfo> = "assignee",
    }
}

record! {
    /// A team that answers a menu.
    pub struct TeamAssignment {
        /// In which language.
        lang: Option<String> = "lang",
        /// How soon: `primary` first.
        queue_level: Option<String> = "queue_level",
        /// What.
        channel_type: Option<ChannelType> = "channel_type",
        /// What kind of a group; seen by other clients, in no sample.
        group_type: Option<String> = "group_type",
        /// Who.
        team: Option<Team> = "team",
    }
}

record! {
    /// The way through the menus to a queue.
    pub struct MenuPath [text is materialized_path] {
        /// How many steps it has.
        items_count: Option<i64> = "items_count",
        /// What its end is called.
        name: Option<String> = "name",
        /// The way in one text: the names or the numbers of its steps.
        materialized_path: Option<String> = "materialized_path",
    }
}

question! {
    /// Menus.
    pub struct Menus -> Menu ["menus"] {
        /// These only.
        id: Vec<Id> = "id[]",
        /// Of these names.
        name: Vec<String> = "name[]",
        /// Directly below these.
        parent_id: Vec<Id> = "parent_id[]",
        /// At these places.
        position: Vec<i64> = "position[]",
        /// Of these kinds.
        menu_type: Vec<MenuType> = "menu_type[]",
        /// Whether hidden ones or others.
        hidden: Option<bool> = "hidden[]",
        /// Whether deleted ones too.
        with_deleted: Option<bool> = "with_deleted",
        /// The order.
        sort: Option<Sort> = "",
    }
}

question! {
    /// Which part of the tree of menus.
    pub struct MenusTree {
        /// Of this kind.
        menu_type: Option<MenuType> = "menu_type",
        /// Of this language: `en`, `es`, `fr`, `de`.
        lang: Option<String> = "lang",
    }
}

/// For what a service level is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Calls.
    Call,
    /// Chats.
    Chat,
}

impl Param for Channel {
    fn param(&self) -> String {
        match self {
            Self::Call => "call",
            Self::Chat => "chat",
        }
        .to_owned()
    }
}
