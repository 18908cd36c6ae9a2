//! The inbox: tickets of all accounts as one list, seen through filters.
//!
//! A window asks for a list once (`inbox`) and then for parts of it as they come into sight (`inbox_rows`). The order of
//! a list never changes under the agent: when something new comes, the window is told and asks for a new list when it
//! suits the agent.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AccountId, Channel, Priority, Problem, Stage, Ticket, TicketId, Timestamp};

id_type! {
    /// Names one filter: a built-in one, the agent's own (`own/…`), or a view of a platform (`view/account/…`).
    FilterId
}

/// Whose tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// This agent's.
    Mine,
    /// Nobody's.
    Unassigned,
}

/// Which tickets. Empty lists mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TicketFilter {
    /// Whose.
    pub whose: Whose,
    /// Only these accounts.
    pub accounts: Vec<AccountId>,
    /// Only these stages; empty means all that are open.
    pub stages: Vec<Stage>,
    /// Only these channels.
    pub channels: Vec<Channel>,
    /// Only these priorities.
    pub priorities: Vec<Priority>,
    /// Only with one of these tags, by title.
    pub tags: Vec<String>,
    /// Only of these categories or departments, by title.
    pub categories: Vec<String>,
    /// Only where the last word is the customer's.
    pub awaits_answer: bool,
    /// Only unread ones.
    pub unread: bool,
    /// Only with a deadline within so many minutes, or past it.
    pub due_within_min: Option<u32>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketSort {
    /// What changed last comes first.
    #[default]
    Newest,
    /// What waits longest comes first.
    Oldest,
    /// What is due first comes first; what has no deadline comes last.
    Due,
    /// Urgent ones first.
    Priority,
}

/// One entry of the filter pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFilter {
    /// Its name. Built-in: `mine`, `unassigned`, `waiting`, `due`, `all`, and `account/…` for each account.
    pub id: FilterId,
    /// What the agent reads; empty for built-in ones, which the page translates.
    pub title: String,
    /// The account whose view it is; absent for built-in and own ones that span all.
    pub account: Option<AccountId>,
    /// What it shows; absent for a platform's view, which only the platform knows.
    pub filter: Option<TicketFilter>,
    /// How it is sorted.
    pub sort: TicketSort,
    /// How many tickets it shows; absent where only the platform could say and did not.
    pub total: Option<u32>,
    /// How many of them are unread.
    pub unread: u32,
}

/// Keeps a filter of the agent's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SaveFilter {
    /// Which to replace; absent makes a new one.
    pub id: Option<FilterId>,
    /// What to call it.
    pub title: String,
    /// What it shows.
    pub filter: TicketFilter,
    /// How it is sorted.
    pub sort: TicketSort,
}

/// What a list shall show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxQuery {
    /// The tickets of this view of a platform, instead of `filter`.
    pub view: Option<FilterId>,
    /// Which tickets.
    pub filter: TicketFilter,
    /// Words to find: in subjects, messages, customers, numbers and tags. Stages of the filter do not count then.
    pub text: String,
    /// In which order; with `text`, the best come first unless the order is [`TicketSort::Due`].
    pub sort: TicketSort,
    /// Ask the platforms too: `false` answers from this computer at once.
    pub online: bool,
}

/// A list, as long as the window uses it. The core keeps the last few of a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxList {
    /// Its number.
    pub list: u32,
    /// How many tickets it has.
    pub total: u32,
    /// The first rows, so that a view paints at once.
    pub first: Vec<Ticket>,
    /// Accounts that could not be asked, and why.
    pub problems: Vec<Problem>,
    /// Records that could not be read; the rest is here.
    pub unreadable: u32,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxPart {
    /// Which list.
    pub list: u32,
    /// From which row, counted from 0.
    pub from: u32,
    /// How many, at most 200.
    pub count: u32,
}

/// How far the local index of an account's tickets is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxSync {
    /// The account.
    pub account: AccountId,
    /// How many tickets are known.
    pub known: u32,
    /// How many there are, while they are read for the first time and the platform tells.
    pub of: Option<u32>,
    /// Everything was read at least once.
    pub complete: bool,
    /// When it was last in step.
    pub at: Option<Timestamp>,
    /// Why it is not, if something is wrong.
    pub problem: Option<Problem>,
}

/// The same change for many tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bulk {
    /// Which tickets; empty means the whole list.
    pub tickets: Vec<TicketId>,
    /// The list they are in.
    pub list: u32,
    /// Key and new values. What each ticket held before is looked up. Tags are added.
    pub edit: Vec<BulkEdit>,
}

/// One field for many tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkEdit {
    /// The key: [`crate::field::STAGE`], [`crate::field::OWNER`] or [`crate::field::TAGS`].
    pub key: String,
    /// What it shall hold. For the owner, nothing means nobody, and `me` this agent on each account.
    pub now: Vec<String>,
}

/// How far a bulk change is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkProgress {
    /// Its number.
    #[ts(type = "number")]
    pub id: u64,
    /// How many tickets it began with.
    pub of: u32,
    /// How many are done.
    pub done: u32,
    /// How many were refused or are in conflict: they stay in the outbox.
    pub failed: u32,
    /// How many were taken out before they were sent.
    pub cancelled: u32,
}
