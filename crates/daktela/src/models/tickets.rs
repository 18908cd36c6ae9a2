//! Tickets and their categories (seed: "Tickets", "TicketsCategories"; views and agreements beyond it).

use jiff::Timestamp;

use crate::loose::{CustomFields, Fk};
use crate::models::{Contact, Named, Queue, Status, User};
use crate::query::Filter;
use crate::record::{Field, record, words};
use crate::scheme::Scheme;

words! {
    /// Where a ticket or a CRM record stands.
    pub enum Stage {
        /// Being worked on.
        Open = "OPEN",
        /// Waiting for somebody.
        Wait = "WAIT",
        /// Done.
        Close = "CLOSE",
        /// Put away.
        Archive = "ARCHIVE",
    }
}

words! {
    /// How urgent a ticket is.
    pub enum TicketPriority {
        /// Not urgent.
        Low = "LOW",
        /// As usual.
        Medium = "MEDIUM",
        /// Urgent.
        High = "HIGH",
    }
}

words! {
    /// When a ticket needs a status.
    pub enum StatusRequired {
        /// Never.
        Never = "never",
        /// When it is closed.
        ClosingTicket = "closing_ticket",
        /// Always.
        Always = "always",
    }
}

record! {
    /// A ticket.
    pub struct Ticket("tickets") TicketFields {
        /// Identifier: the number of the ticket.
        name: String,
        /// Subject (required).
        title: Option<String>,
        /// Its category.
        category: Option<Fk<TicketCategory>>,
        /// Assigned agent.
        user: Option<Fk<User>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// The customer's e-mail address.
        email: Option<String>,
        /// The ticket it is part of.
        parent_ticket as "parentTicket": Option<Fk<Ticket>>,
        /// Where it stands.
        stage: Option<Stage>,
        /// How urgent it is; more is more.
        priority: Option<TicketPriority>,
        /// Explanation for people.
        description: Option<String>,
        /// Deadline.
        sla_deadtime: Option<Timestamp>,
        /// Until when it is to be closed.
        sla_close_deadline: Option<Timestamp>,
        /// By how much the deadline was missed, in seconds.
        sla_overdue: Option<i64>,
        /// Seconds to SLA deadline.
        sla_duration: Option<i64>,
        /// When it opens again by itself.
        reopen: Option<Timestamp>,
        /// When it was created.
        created: Option<Timestamp>,
        /// When it was last changed.
        edited: Option<Timestamp>,
        /// When anything last happened.
        last_activity: Option<Timestamp>,
        /// When an agent last did something.
        last_activity_operator: Option<Timestamp>,
        /// When the customer last did something.
        last_activity_client: Option<Timestamp>,
        /// When it was first answered.
        first_answer: Option<Timestamp>,
        /// Until when it was to be answered first.
        first_answer_deadline: Option<Timestamp>,
        /// Seconds to first answer.
        first_answer_duration: Option<i64>,
        /// First answer overdue time, in seconds.
        first_answer_overdue: Option<i64>,
        /// When it was closed.
        closed: Option<Timestamp>,
        /// Merged-into ticket.
        id_merge: Option<Fk<Ticket>>,
        /// Has child tickets.
        is_parent as "isParent": Option<bool>,
        /// SLA change time.
        sla_change: Option<Timestamp>,
        /// SLA customized.
        sla_custom: Option<bool>,
        /// Total activity count.
        interaction_activity_count: Option<i64>,
        /// Who created it.
        created_by: Option<Fk<User>>,
        /// Last edited by.
        edited_by: Option<Fk<User>>,
        /// Has unread messages.
        unread: Option<bool>,
        /// Last unread message date.
        last_unread_date: Option<Timestamp>,
        /// Has attachments.
        has_attachment: Option<bool>,
        /// Who follows it.
        followers: Vec<Fk<User>>,
        /// The statuses given to it.
        statuses: Vec<Fk<Status>>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
        /// What those fields are.
        scheme as "_sys": Scheme,
    }
}

record! {
    /// A view of tickets that the instance keeps for its agents: a filter with an order, see [`in_view`].
    pub struct TicketView("ticketsViews") TicketViewFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
        /// How many tickets it shows.
        count: Option<i64>,
    }
}

/// The tickets that a view shows, in the order of the view as long as the query names none.
pub fn in_view(view: &str) -> Filter {
    Field::named("_ticketView").eq(view)
}

words! {
    /// What the times of an agreement are counted in.
    pub enum SlaUnit {
        /// Hours.
        Hours = "HOURS",
        /// Minutes.
        Minutes = "MINUTES",
    }
}

record! {
    /// An agreement: how soon tickets are to be answered and solved, by their priority.
    pub struct TicketSla("ticketsSla") TicketSlaFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
        /// What the times are counted in.
        unit: Option<SlaUnit>,
        /// First answer, priority low.
        response_low: Option<i64>,
        /// First answer, priority medium.
        response_normal: Option<i64>,
        /// First answer, priority high.
        response_high: Option<i64>,
        /// Solution, priority low.
        solution_low: Option<i64>,
        /// Solution, priority medium.
        solution_normal: Option<i64>,
        /// Solution, priority high.
        solution_high: Option<i64>,
    }
}

record! {
    /// A category of tickets; decides about statuses, deadlines and queues.
    pub struct TicketCategory("ticketsCategories") TicketCategoryFields {
        /// Identifier.
        name: String,
        /// Display name (required).
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// The agreement that sets its deadlines.
        sla: Option<Fk<Named>>,
        /// Working time.
        timecondition: Option<Fk<Named>>,
        /// The queue for its e-mails.
        email_queue: Option<Fk<Queue>>,
        /// The queue for its calls.
        call_queue: Option<Fk<Queue>>,
        /// The queue for its text messages.
        sms_queue: Option<Fk<Queue>>,
        /// When a status is needed.
        status_required: Option<StatusRequired>,
        /// Whether comments from outside are possible.
        allow_external_comments: Option<bool>,
        /// Whether several statuses are possible.
        multiple_statuses: Option<bool>,
        /// Days before auto-archive.
        auto_archive_tickets: Option<i64>,
    }
}
