//! A conversation as the inbox lists it.

use std::sync::Arc;

use liveagent::conversations::{Conversation, Status};
use liveagent::{AccountTime, Zone};
use model::{
    AccountId, Channel, ContactId, Customer, Due, DueFor, Named, Stage, Ticket, TicketId, Timestamp,
};

use super::super::book::{Names, given};
use super::super::{LiveAgent, inferred, moment};

/// How much of the last message is shown.
const PREVIEW: usize = 200;

/// What is needed to read conversations.
pub(in super::super) struct Reader {
    pub(super) account: AccountId,
    pub(super) names: Arc<Names>,
    pub(super) zone: Zone,
    pub(super) me: String,
    pub(super) my_email: String,
    /// Name and address of the customer whose conversation is read.
    pub(super) customer: (String, Option<String>),
}

/// A reader for this account as it is now.
pub(in super::super) fn reader(liveagent: &LiveAgent, names: Arc<Names>) -> Reader {
    let me = liveagent.picture().me().unwrap_or_default();
    let zone = liveagent.memory().zone.clone();
    let my_email = liveagent.keys.email.clone();
    Reader { account: liveagent.account.clone(), names, zone, me, my_email, customer: (String::new(), None) }
}

impl Reader {
    pub(super) fn at(&self, time: AccountTime) -> Timestamp {
        moment(&self.zone, time)
    }

    /// The same for the conversation of this customer.
    pub(super) fn of(self, conversation: &Conversation) -> Self {
        let email = given(conversation.owner_email.clone());
        let name = given(conversation.owner_name.clone()).or_else(|| email.clone()).unwrap_or_default();
        Self { customer: (name, email), ..self }
    }

    /// Whether a user is this agent.
    pub(super) fn is_me(&self, user: &str) -> bool {
        user == self.me
            || self
                .names
                .agents
                .get(user)
                .is_some_and(|person| person.email.eq_ignore_ascii_case(&self.my_email))
    }

    pub(in super::super) fn ticket(&self, conversation: &Conversation) -> Ticket {
        let status = conversation.status.as_ref();
        let (stage, said) = stage(status);
        let owner = given(conversation.assigned_to.clone());
        let created = conversation.created.or(conversation.changed).map(|time| self.at(time));
        let changed = conversation.changed.or(conversation.created).map(|time| self.at(time));
        let email = given(conversation.owner_email.clone());
        let department = given(conversation.department.clone());
        let category = department.map(|id| {
            let known = self.names.departments.get(&id).cloned();
            let title =
                known.or_else(|| given(conversation.department_name.clone())).unwrap_or_else(|| id.clone());
            Named { id, title }
        });
        Ticket {
            id: TicketId::new(&self.account, &conversation.id),
            account: self.account.clone(),
            number: given(conversation.code.clone()).unwrap_or_else(|| conversation.id.clone()),
            title: given(conversation.subject.clone()).unwrap_or_default(),
            preview: preview(conversation.preview.as_deref().unwrap_or_default()),
            channel: channel(conversation),
            stage,
            stage_said: said,
            priority: None,
            customer: Customer {
                contact: email.as_deref().map(|email| ContactId::new(&self.account, email)),
                name: given(conversation.owner_name.clone()).or_else(|| email.clone()).unwrap_or_default(),
                address: email,
            },
            mine: owner.as_deref().is_some_and(|owner| self.is_me(owner)),
            owner: owner.and_then(|owner| self.names.agent(&owner)),
            category,
            statuses: Vec::new(),
            tags: conversation.tags.iter().filter_map(|tag| self.names.tag(tag)).collect(),
            unread: matches!(status, Some(Status::New | Status::Open)),
            awaits_answer: matches!(
                status,
                Some(Status::New | Status::Open | Status::Chatting | Status::Calling)
            ),
            has_files: false,
            due: conversation.due.map(|due| Due { at: self.at(due), what: DueFor::Solution }),
            created_at: created.unwrap_or_default(),
            changed_at: changed.unwrap_or_default(),
            last_message_at: changed,
        }
    }
}

fn channel(conversation: &Conversation) -> Channel {
    inferred::channel(conversation.channel.as_ref())
}

/// The stage of a status, and the platform's letter where it says more than the stage does.
pub(super) fn stage(status: Option<&Status>) -> (Stage, String) {
    let stage = match status {
        Some(Status::Init | Status::New) => Stage::New,
        Some(Status::Chatting | Status::Calling) => Stage::Live,
        Some(Status::Open) => Stage::Open,
        Some(Status::Answered) => Stage::Answered,
        Some(Status::Postponed) => Stage::Postponed,
        Some(Status::Resolved | Status::Closed) => Stage::Closed,
        Some(Status::Spam) => Stage::Spam,
        Some(Status::Deleted) => Stage::Deleted,
        // An unknown letter must not hide a ticket.
        Some(Status::Other(letter)) => return (Stage::Open, letter.clone()),
        None => return (Stage::Open, String::new()),
    };
    (stage, String::new())
}

fn preview(text: &str) -> String {
    let plain =
        if inferred::is_html(text) { letter::text(letter::Source::Html(text)) } else { text.to_owned() };
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(PREVIEW).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_a_status_has_a_stage() {
        for (letter, is, said) in [
            ("I", Stage::New, ""),
            ("N", Stage::New, ""),
            ("T", Stage::Live, ""),
            ("P", Stage::Live, ""),
            ("C", Stage::Open, ""),
            ("A", Stage::Answered, ""),
            ("W", Stage::Postponed, ""),
            ("R", Stage::Closed, ""),
            ("L", Stage::Closed, ""),
            ("X", Stage::Deleted, ""),
            ("B", Stage::Spam, ""),
            ("Ω", Stage::Open, "Ω"),
        ] {
            assert_eq!(stage(Some(&Status::from(letter))), (is, said.to_owned()), "{letter}");
        }
    }

    #[test]
    fn a_preview_is_one_line_without_tags() {
        assert_eq!(preview("<p>Dear  team,</p><p>it <b>broke</b></p>"), "Dear team, it broke");
        assert_eq!(preview("2 < 3\n and 4"), "2 < 3 and 4");
    }
}
