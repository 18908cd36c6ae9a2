//! E-mail support sessions. What was written in them no operation gives: only subjects, counts and times.

use jiff::{SignedDuration, Timestamp};

use crate::agents::AgentInfo;
use crate::contacts::{EndUser, HandleDuration, QueueDuration, Transfer};
use crate::filters::{Range, Sort, question, words_as_params};
use crate::id::Id;
use crate::loose::{record, words};
use crate::menus::{Menu, MenuPath};

words! {
    /// Where an e-mail session stands.
    pub enum EmailStatus {
        /// Nobody has opened it.
        Unopened = "unopened",
        /// Somebody works on it.
        Active = "active",
        /// It is put aside.
        Paused = "paused",
        /// It is answered.
        Resolved = "resolved",
        /// It is closed.
        Closed = "closed",
        /// It was opened again.
        Reopened = "reopened",
    }
}

impl EmailStatus {
    /// Whether nobody has to do anything about it. An unknown one may still need somebody.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }
}

words_as_params!(EmailStatus);

record! {
    /// An e-mail session.
    pub struct Email {
        /// Which one.
        id: Id = "id",
        /// In which language.
        lang: Option<String> = "lang",
        /// Where it stands.
        status: Option<EmailStatus> = "email_status",
        /// When it began.
        created_at: Option<Timestamp> = "created_at",
        /// When an agent was chosen.
        assigned_at: Option<Timestamp> = "assigned_at",
        /// When it ended.
        finished_at: Option<Timestamp> = "finished_at",
        /// When it last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// How long it waited in the queue.
        queue_duration: Option<SignedDuration> = "queue_duration",
        /// How long it was worked on.
        email_duration: Option<SignedDuration> = "email_duration",
        /// The ticket in the CRM.
        out_ticket_id: Option<String> = "out_ticket_id",
        /// Where that ticket is.
        out_ticket_url: Option<String> = "out_ticket_url",
        /// How many threads it has.
        total_thread_numbers: Option<i64> = "total_thread_numbers",
        /// The queue.
        selected_menu: Option<Menu> = "selected_menu",
        /// The way there.
        menu_path: Option<MenuPath> = "menu_path",
        /// The agent.
        agent_info: Option<AgentInfo> = "agent_info",
        /// The customer.
        end_user: Option<EndUser> = "end_user",
        /// Files.
        attachments: Vec<EmailAttachment> = "email_attachments",
        /// Its letters.
        threads: Vec<EmailThread> = "email_threads",
        /// Through whose hands it went.
        transfers: Vec<Transfer> = "transfers",
        /// How long each agent worked on it.
        handle_durations: Vec<HandleDuration> = "handle_durations",
        /// How long it waited in each queue.
        queue_durations: Vec<QueueDuration> = "queue_durations",
        /// How long the customer worked on it.
        consumer_handle_durations: Vec<ConsumerHandleDuration> = "consumer_handle_durations",
    }
}

record! {
    /// A file of an e-mail session.
    pub struct EmailAttachment {
        /// Which one.
        id: Option<Id> = "id",
        /// What it is: `email_content`, …
        file_type: Option<String> = "file_type",
        /// Where it is.
        url: Option<String> = "url",
    }
}

record! {
    /// A letter of an e-mail session.
    pub struct EmailThread {
        /// Which one.
        id: Option<Id> = "id",
        /// What it is about.
        subject: Option<String> = "subject",
        /// How many files it has.
        attachment_count: Option<i64> = "attachment_count",
        /// From whom to whom (no list of values is documented).
        direction: Option<String> = "direction",
        /// Whether it was read.
        is_read: Option<bool> = "is_read",
        /// Whether it was not sent yet.
        is_draft: Option<bool> = "is_draft",
        /// When it was begun.
        created_at: Option<Timestamp> = "created_at",
        /// When it last changed.
        updated_at: Option<Timestamp> = "updated_at",
    }
}

record! {
    /// How long a customer worked on an e-mail.
    pub struct ConsumerHandleDuration {
        /// Which one.
        id: Option<Id> = "id",
        /// How long.
        email_duration: Option<SignedDuration> = "email_duration",
        /// How many files came.
        attachments_count: Option<i64> = "attachments_count",
        /// Since when.
        started_at: Option<Timestamp> = "started_at",
        /// Until when.
        ended_at: Option<Timestamp> = "ended_at",
    }
}

question! {
    /// E-mail sessions.
    pub struct Emails -> Email ["emails"] {
        /// These only.
        id: Vec<Id> = "id[]",
        /// Of these agents.
        agent_id: Vec<Id> = "agent_id[]",
        /// Of these customers.
        end_user_id: Vec<Id> = "end_user_id[]",
        /// In these states.
        email_status: Vec<EmailStatus> = "email_status[]",
        /// By when an agent was chosen.
        assigned_at: Range<Timestamp> = "assigned_at",
        /// By when they ended.
        finished_at: Range<Timestamp> = "finished_at",
        /// By when they last changed.
        updated_at: Range<Timestamp> = "updated_at",
        /// By when they began.
        created_at: Range<Timestamp> = "created_at",
        /// By how many threads they have.
        total_thread_numbers: Range<i64> = "total_thread_numbers",
        /// The order.
        sort: Option<Sort> = "",
    }
}
