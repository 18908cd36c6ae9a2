//! What became of work whose answer was lost: the conversation is read back and compared.

use jiff::SignedDuration;
use liveagent::Page;
use liveagent::conversations::{Conversations, Status};
use liveagent::messages::MessagesBetween;
use model::{
    AuthorKind, Direction, EntryKind, FieldEdit, FieldKind, FormField, Message, MessageKind, NewTicket,
    Timestamp, Work, field,
};
use wire::Error;

use super::super::super::{Became, RawBody, RawEntry, Trace, edits};
use super::super::{LiveAgent, book, inferred};
use super::reader::reader;
use super::writing::{name_of, recipient, subject};
use super::{fields, records};

impl LiveAgent {
    pub(super) async fn look_up(&self, work: &Work, trace: &Trace) -> Result<Became, Error> {
        let found = match work {
            Work::Send { ticket, message } => self.look_for_message(name_of(ticket), message, trace).await,
            Work::Edit { ticket, edit } => self.look_at_fields(name_of(ticket), edit).await,
            Work::Delete { ticket, .. } => match self.client.conversation(name_of(ticket)).await {
                Ok(conversation) if conversation.status == Some(Status::Deleted) => {
                    Ok(Became::Done { made: None })
                }
                Ok(_) => Ok(Became::NotDone),
                Err(error) if liveagent::is_gone(&error) => return Ok(Became::Done { made: None }),
                Err(error) => Err(error),
            },
            Work::Create { new, .. } => self.look_for_new(new, trace).await,
            Work::EditRecord { record, edit, .. } => match records::customer_in(record) {
                Some(customer) => self.look_at_customer(customer, edit).await,
                None => Ok(Became::NotDone),
            },
            Work::Close { .. } => Ok(Became::Gone),
        };
        match found {
            Err(error) if liveagent::is_gone(&error) => Ok(Became::Gone),
            other => other,
        }
    }

    async fn look_for_message(&self, name: &str, message: &Message, trace: &Trace) -> Result<Became, Error> {
        let names = self.book.names(&self.client).await?;
        let groups = self.client.conversation_messages(name, &MessagesBetween::default()).await?;
        let timeline = self.timeline(&reader(self, names), groups).await;
        let since = trace.first_sent.plus_ms(-inferred::CLOCKS_APART_MS);
        let kind = if message.kind == MessageKind::Note { EntryKind::Note } else { EntryKind::Message };
        let is_it = |entry: &&RawEntry| {
            entry.kind == kind
                && entry.at >= since
                && entry.direction != Direction::In
                && (entry.author.me || entry.author.kind == AuthorKind::System)
                && trace.last_entry.as_ref() != Some(&entry.id)
                && says(entry, message)
        };
        let found: Vec<Timestamp> = timeline.entries.iter().filter(is_it).map(|entry| entry.at).collect();
        Ok(match found.iter().max() {
            // It may be among what cannot be read.
            None if timeline.unreadable > 0 => Became::Unclear,
            None => Became::NotDone,
            Some(at) if *at >= trace.first_sent.plus_ms(-1_000) => Became::Done { made: None },
            // The same words from just before it was sent: ours by a clock that is behind, or an earlier message.
            Some(_) => Became::Unclear,
        })
    }

    async fn look_at_fields(&self, name: &str, edit: &[FieldEdit]) -> Result<Became, Error> {
        let conversation = self.client.conversation(name).await?;
        let names = self.book.names_with(&self.client, &book::ids(&conversation)).await?;
        Ok(judged(edit, fields::of(&conversation, &names)))
    }

    async fn look_at_customer(&self, name: &str, edit: &[FieldEdit]) -> Result<Became, Error> {
        let customer = self.client.customer(name).await?;
        let (groups, _) = self.groups_of(&customer).await?;
        let mut theirs = fields::custom(&customer.custom_fields);
        theirs.push(FormField { kind: FieldKind::Choices, ..fields::text(field::GROUPS, groups) });
        Ok(judged(edit, theirs))
    }

    /// A conversation with this customer, about this, that began since.
    async fn look_for_new(&self, new: &NewTicket, trace: &Trace) -> Result<Became, Error> {
        let (Some(email), Some(title)) = (recipient(new), subject(new)) else { return Ok(Became::NotDone) };
        let zone = self.memory().zone.clone();
        let since = trace.first_sent.plus_ms(-inferred::CLOCKS_APART_MS);
        let moment =
            jiff::Timestamp::from_millisecond(since.0).unwrap_or_default() - SignedDuration::from_secs(1);
        let question = Conversations {
            owner: Some(email),
            ..Conversations::changed_after(zone.since(moment, jiff::Timestamp::now()))
        };
        let list = self.client.list(&question, Page { offset: 0, limit: 100 }).await?;
        let began = |created: Option<liveagent::AccountTime>| -> Option<Timestamp> {
            created.map(|time| super::super::moment(&zone, time))
        };
        let made = list.rows.into_iter().find(|row| {
            row.subject.as_deref().map(str::trim) == Some(title.as_str())
                && began(row.created).is_some_and(|at| at >= since)
        });
        Ok(match made {
            Some(made) => Became::Done { made: Some(made.id) },
            None => Became::NotDone,
        })
    }
}

/// A part that was written is not written again, so half done is not done.
fn judged(edit: &[FieldEdit], theirs: Vec<FormField>) -> Became {
    if edits::stand(edit, &fields::with_empty(theirs, edit)) {
        Became::Done { made: None }
    } else {
        Became::NotDone
    }
}

/// Whether an entry holds what was written, line by line, and its files. The platform may put a template around it.
fn says(entry: &RawEntry, message: &Message) -> bool {
    let said = match &entry.body {
        RawBody::Html(html) => letter::text(letter::Source::Html(html)),
        RawBody::Text(text) => text.clone(),
    };
    let (said, wanted) = (lines(&said), lines(&message.text));
    let words = !wanted.is_empty() && said.windows(wanted.len()).any(|part| part == wanted);
    let has = |name: &str| entry.files.iter().any(|file| file.name == name);
    let files = message.files.iter().all(|file| has(&file.name));
    files && (words || wanted.is_empty() && !message.files.is_empty())
}

/// The lines of a text that hold something, with single blanks.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}
