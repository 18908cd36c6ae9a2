//! Tickets of a Daktela.
//!
//! | Daktela | here |
//! |---|---|
//! | ticket, its number | ticket |
//! | stage OPEN / WAIT / CLOSE / ARCHIVE | open / postponed / closed / archived |
//! | category | category |
//! | user | owner |
//! | `sla_deadtime`, `first_answer_deadline` | due |
//! | activity of a ticket | one entry of the time line; a chat one for each line |
//! | comment (activity without type) | note |
//! | `customFields` and their `_sys.cfScheme` | fields `custom.…` |
//! | contact, account, CRM record, campaign record | linked records |
//!
//! There is no push for tickets: the long poll tells that activities of the agent changed, which stirs the look for
//! changes, and the rest is `edited` ([`listing`]).

mod became;
mod custom;
mod desk;
mod detail;
mod fields;
mod files;
mod inferred;
mod listing;
#[cfg(test)]
mod made;
mod mark;
mod records;
mod rows;
mod templates;
mod timeline;
mod writing;

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::{Article, FormField, Insert, Template, Work};

pub(super) use desk::Desk;

use super::super::{
    Answer, Became, Changes, Detail, FileBytes, Listed, Mark, OutFile, Pace, Sent, Tickets, Timeline, Trace,
    View,
};
use super::Daktela;
use crate::sight::Failure;

/// Whether a user may make and change tickets, as far as the role tells.
pub(super) fn may_write(user: &daktela::models::User) -> bool {
    fields::rights(user, inferred::module::TICKETS).write
}

impl Tickets for Daktela {
    fn pace(&self) -> Pace {
        // Nobody has published a limit; news of the agent's own tickets come with the long poll anyway.
        Pace { seen: Duration::from_secs(15), hidden: Duration::from_secs(120) }
    }

    fn changed(&self, mark: Option<Mark>) -> Answer<'_, Changes> {
        self.changed_tickets(mark).boxed()
    }

    fn ticket(&self, name: String) -> Answer<'_, Detail> {
        self.ticket_detail(name).boxed()
    }

    fn earlier(&self, name: String, before: String) -> Answer<'_, Timeline> {
        self.entries_before(name, before).boxed()
    }

    /// Daktela marks a ticket as read when its own page shows it; no request that does so is known.
    fn mark_read(&self, _: String) -> Answer<'_, ()> {
        async { Ok(()) }.boxed()
    }

    fn views(&self) -> Answer<'_, Vec<View>> {
        self.ticket_views().boxed()
    }

    fn in_view(&self, view: String, skip: u32) -> Answer<'_, Listed> {
        self.tickets_in_view(view, skip).boxed()
    }

    fn search(&self, text: String) -> Answer<'_, Listed> {
        self.search_tickets(text).boxed()
    }

    fn form(&self, category: Option<String>) -> Answer<'_, Vec<FormField>> {
        self.new_ticket_form(category).boxed()
    }

    fn file(&self, _: String, _: String, file: String, most: u64) -> Answer<'_, FileBytes> {
        self.read_file(file, most).boxed()
    }

    fn templates(&self, _: String) -> Answer<'_, Vec<Template>> {
        self.answer_templates().boxed()
    }

    fn template(&self, _: String, template: String) -> Answer<'_, Insert> {
        self.answer_template(template).boxed()
    }

    /// The REST reference knows no knowledge base.
    fn knowledge(&self, _: String) -> Answer<'_, Vec<Article>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn send<'a>(
        &'a self,
        work: &'a Work,
        files: &'a [OutFile],
        trace: &'a Trace,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        self.carry_out_work(work, files, trace).boxed()
    }

    fn became<'a>(&'a self, work: &'a Work, trace: &'a Trace) -> Answer<'a, Became> {
        self.what_became(work, trace).boxed()
    }
}

#[cfg(test)]
#[path = "practice_tests.rs"]
mod practice;
